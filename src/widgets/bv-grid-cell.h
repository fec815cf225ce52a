/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A cell of the data grid: one line of text over a colour and a bar. */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define BV_TYPE_GRID_CELL (bv_grid_cell_get_type ())
G_DECLARE_FINAL_TYPE (BvGridCell, bv_grid_cell, BV, GRID_CELL, GtkWidget)

GtkWidget *bv_grid_cell_new        (gboolean right);
void       bv_grid_cell_set_text   (BvGridCell *self, const char *text, gboolean dim, gboolean bold);
/* Each may be NULL for none; the bar reaches from @from to @to, parts of the width. @text: on @fill. */
void       bv_grid_cell_set_ground (BvGridCell *self, const GdkRGBA *fill, const GdkRGBA *text, const GdkRGBA *bar, double from, double to);

/* The arrow before the text of a group. */
typedef enum { BV_GRID_FOLD_NONE, BV_GRID_FOLD_OPEN, BV_GRID_FOLD_CLOSED } BvGridFold;
void       bv_grid_cell_set_fold   (BvGridCell *self, BvGridFold fold);
gboolean   bv_grid_cell_is_arrow   (BvGridCell *self, GtkWidget *widget);

G_END_DECLS
