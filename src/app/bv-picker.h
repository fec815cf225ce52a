/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A popover with a search field over a list, to pick one of many. */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define BV_TYPE_PICKER (bv_picker_get_type ())
G_DECLARE_FINAL_TYPE (BvPicker, bv_picker, BV, PICKER, GtkPopover)

/* Signal "picked" (char *id): an entry was chosen; the popover closes. */
GtkWidget *bv_picker_new   (const char *placeholder);
void       bv_picker_clear (BvPicker *self);
/* @icon_name, @subtitle: (nullable) */
void       bv_picker_add   (BvPicker *self, const char *id, const char *label, const char *subtitle, const char *icon_name);

G_END_DECLS
