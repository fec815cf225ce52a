/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Places of tiles on a grid of columns: moving, resizing, making room. No widgets here. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct
{
  int x, y, w, h; /* in cells */
} BvCell;

gboolean bv_cell_equal    (const BvCell *a, const BvCell *b);
gboolean bv_cell_overlaps (const BvCell *a, const BvCell *b);
/* Within the columns, not above the top, at least one cell large. */
BvCell   bv_cell_clamp    (BvCell cell, int columns);

/* Moves every cell up until it meets another one; keeps their order. Overlapping cells are set apart. */
void     bv_grid_compact  (BvCell *cells, guint n, int columns);

/**
 * bv_grid_place:
 * @index: the cell that is moved or resized
 * @wanted: where it should go
 *
 * Puts one cell where it is wanted, pushes the cells in its way down and closes the gaps that are left. A cell moved down takes the
 * place of those whose middle its lower edge has passed, so that tiles can be swapped.
 */
void     bv_grid_place    (BvCell *cells, guint n, guint index, BvCell wanted, int columns);

/* As bv_grid_place() for an arrow key: moves @index by one column, or past its next neighbour up or down. FALSE when nothing changes. */
gboolean bv_grid_step     (BvCell *cells, guint n, guint index, int dx, int dy, int columns);

/* The first free place for a cell of this size, from the top in reading order. */
BvCell   bv_grid_find_free (const BvCell *cells, guint n, int w, int h, int columns);

/* Indexes in reading order, top to bottom and then along the row. @order: n entries. */
void     bv_grid_order    (const BvCell *cells, guint n, guint *order);
int      bv_grid_height   (const BvCell *cells, guint n);

G_END_DECLS
