/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Groups of a data grid that fold and unfold: which row a widget is of, arrows, keys, what is announced. */
#pragma once

#include "bv-grid-cell.h"
#include "bv-grid-rows.h"

G_BEGIN_DECLS

/* Ties a cell to the row that it shows a @column of (G_MAXUINT: none of the frame's); at its making. */
void     bv_grid_folds_tie     (BvGridCell *cell, GtkListItem *item, guint column);
/* The column of the frame that a widget is in, or -1. @view: where to stop. */
int      bv_grid_folds_column  (GtkWidget *at, GtkWidget *view);
/* Shows the state of a cell's group, and tells assistive technology with the row's first cell, which gives the row its @name (nullable: as it is). */
void     bv_grid_folds_show    (BvGridRows *rows, BvGridCell *cell, const char *name);
/* Whether @at is the arrow of a group, which is then folded or unfolded. */
gboolean bv_grid_folds_press   (BvGridRows *rows, GtkWidget *view, GtkWidget *at);
/* The keys of trees: Right and + unfold the group that has the focus, Left and - fold it; from a row Left goes to its group. Whether one was pressed. */
gboolean bv_grid_folds_key     (BvGridRows *rows, GtkWidget *view, guint key, GdkModifierType state);

G_END_DECLS
