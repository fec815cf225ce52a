/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "bv-grid.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define BV_TYPE_CANVAS (bv_canvas_get_type ())
G_DECLARE_FINAL_TYPE (BvCanvas, bv_canvas, BV, CANVAS, GtkWidget)

#define BV_CANVAS_COLUMNS 12
/* Narrower than this the children stand in one column. */
#define BV_CANVAS_NARROW 700

/**
 * BvCanvas:
 *
 * Lays its children out on a grid of twelve columns. While editing, a child can be dragged to another place (the others make room
 * while it moves) and resized at its lower end corner.
 *
 * Signal "rearranged" (GtkWidget *child, gboolean resized): a drag has ended and changed something; the cells of all children are the
 * new ones.
 */
GtkWidget *bv_canvas_new         (void);
/* @fit: in the one-column layout the child is as high as it needs to be, not as its cell is. */
void       bv_canvas_add         (BvCanvas *self, GtkWidget *child, const BvCell *cell, gboolean fit);
void       bv_canvas_remove      (BvCanvas *self, GtkWidget *child);
void       bv_canvas_set_cell    (BvCanvas *self, GtkWidget *child, const BvCell *cell);
BvCell     bv_canvas_get_cell    (BvCanvas *self, GtkWidget *child);
void       bv_canvas_set_editing (BvCanvas *self, gboolean editing);
gboolean   bv_canvas_get_editing (BvCanvas *self);
/* Whether the children stand in one column now. */
gboolean   bv_canvas_is_narrow   (BvCanvas *self);

G_END_DECLS
