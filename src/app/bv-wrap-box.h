/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A row of widgets that continues on the next line where the width ends, as words do. */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define BV_TYPE_WRAP_BOX (bv_wrap_box_get_type ())
G_DECLARE_FINAL_TYPE (BvWrapBox, bv_wrap_box, BV, WRAP_BOX, GtkWidget)

GtkWidget *bv_wrap_box_new    (int spacing);
void       bv_wrap_box_append (BvWrapBox *self, GtkWidget *child);
/* All but the caption. */
void       bv_wrap_box_clear  (BvWrapBox *self);
/* A label before the first line; @captions are those of the boxes above and below, itself among them: their lines begin at the same place, and where the
 * width is too small for that, below the captions. */
void       bv_wrap_box_set_caption (BvWrapBox *self, GtkWidget *caption, GPtrArray *captions);

G_END_DECLS
