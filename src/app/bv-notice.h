/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A bar across a page that says something about it, with at most one button. */
#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

#define BV_TYPE_NOTICE (bv_notice_get_type ())
G_DECLARE_FINAL_TYPE (BvNotice, bv_notice, BV, NOTICE, GtkWidget)

/* Signal "clicked" (): its button. */
GtkWidget *bv_notice_new        (void);
void       bv_notice_show       (BvNotice *self, const char *text);
void       bv_notice_show_error (BvNotice *self, const GError *error); /* with the colours of an error */
void       bv_notice_hide       (BvNotice *self);
/* NULL: no button. */
void       bv_notice_set_button (BvNotice *self, const char *label);

G_END_DECLS
