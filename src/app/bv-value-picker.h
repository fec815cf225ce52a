/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A menu button that shows values and a popover to choose them from those in the data, or to type others. */
#pragma once

#include "bv-workspace.h"

#include <adwaita.h>

G_BEGIN_DECLS

#define BV_TYPE_VALUE_PICKER (bv_value_picker_get_type ())
G_DECLARE_FINAL_TYPE (BvValuePicker, bv_value_picker, BV, VALUE_PICKER, AdwBin)

/* Signal "changed" (): the user chose or dropped a value. */

/* @exploration: name; @field: a dimension, or "role.column"; @type: the field's */
GtkWidget *bv_value_picker_new        (BvWorkspace *workspace, const char *exploration, const char *field, BvType type);
void       bv_value_picker_set_values (BvValuePicker *self, const BvValue *values, guint n);
GArray    *bv_value_picker_get_values (BvValuePicker *self); /* BvValue; (transfer none); never NULL */

G_END_DECLS
