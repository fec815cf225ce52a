/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The grid's arithmetic.
 *
 * A layout is a sequence of cells that fall upwards one after the other: each comes to rest at the lowest edge that the earlier ones
 * have reached in its columns. So a layout without gaps is wholly told by the order and the columns of its cells, and moving a cell
 * means giving it another place in the order. Nothing ever overlaps, and one pass over the cells is enough.
 */
#include "bv-grid.h"

#include <string.h>

gboolean
bv_cell_equal (const BvCell *a,
               const BvCell *b)
{
  return a->x == b->x && a->y == b->y && a->w == b->w && a->h == b->h;
}

gboolean
bv_cell_overlaps (const BvCell *a,
                  const BvCell *b)
{
  return a->x < b->x + b->w && b->x < a->x + a->w && a->y < b->y + b->h && b->y < a->y + a->h;
}

BvCell
bv_cell_clamp (BvCell cell,
               int    columns)
{
  cell.w = CLAMP (cell.w, 1, columns);
  cell.h = MAX (cell.h, 1);
  cell.x = CLAMP (cell.x, 0, columns - cell.w);
  cell.y = MAX (cell.y, 0);
  return cell;
}

static int
compare_places (gconstpointer a,
                gconstpointer b,
                gpointer      user_data)
{
  guint i = *(const guint *) a, k = *(const guint *) b;
  const BvCell *cells = user_data;

  if (cells[i].y != cells[k].y)
    return cells[i].y - cells[k].y;
  if (cells[i].x != cells[k].x)
    return cells[i].x - cells[k].x;
  return i < k ? -1 : i > k;
}

void
bv_grid_order (const BvCell *cells,
               guint         n,
               guint        *order)
{
  for (guint i = 0; i < n; i++)
    order[i] = i;
  g_qsort_with_data (order, (int) n, sizeof *order, compare_places, (gpointer) cells);
}

int
bv_grid_height (const BvCell *cells,
                guint         n)
{
  int height = 0;

  for (guint i = 0; i < n; i++)
    height = MAX (height, cells[i].y + cells[i].h);
  return height;
}

/* Lets the cells fall up in this order. */
static void
settle (BvCell      *cells,
        const guint *order,
        guint        n,
        int          columns)
{
  g_autofree int *edge = g_new0 (int, columns);

  for (guint i = 0; i < n; i++)
    {
      BvCell *cell = &cells[order[i]];
      int y = 0;

      *cell = bv_cell_clamp (*cell, columns);
      for (int x = cell->x; x < cell->x + cell->w; x++)
        y = MAX (y, edge[x]);
      cell->y = y;
      for (int x = cell->x; x < cell->x + cell->w; x++)
        edge[x] = y + cell->h;
    }
}

void
bv_grid_compact (BvCell *cells,
                 guint   n,
                 int     columns)
{
  g_autofree guint *order = g_new (guint, MAX (n, 1));

  bv_grid_order (cells, n, order);
  settle (cells, order, n, columns);
}

void
bv_grid_place (BvCell *cells,
               guint   n,
               guint   index,
               BvCell  wanted,
               int     columns)
{
  g_autofree guint *order = g_new (guint, MAX (n, 1));
  guint others = 0, at;
  BvCell before;

  g_return_if_fail (index < n);

  bv_grid_compact (cells, n, columns);
  before = cells[index];
  wanted = bv_cell_clamp (wanted, columns);
  bv_grid_order (cells, n, order);
  for (guint i = 0; i < n; i++)
    if (order[i] != index)
      order[others++] = order[i];

  for (at = 0; at < others; at++)
    {
      const BvCell *other = &cells[order[at]];
      int middle = 2 * other->y + other->h;
      gboolean passed;

      if (wanted.x >= other->x + other->w || other->x >= wanted.x + wanted.w)
        continue;
      passed = wanted.y > before.y ? 2 * (wanted.y + wanted.h) > middle : 2 * wanted.y > middle;
      if (!passed)
        break;
    }
  memmove (order + at + 1, order + at, (others - at) * sizeof *order);
  order[at] = index;
  cells[index] = wanted;
  settle (cells, order, n, columns);
}

gboolean
bv_grid_step (BvCell *cells,
              guint   n,
              guint   index,
              int     dx,
              int     dy,
              int     columns)
{
  gsize size = n * sizeof *cells;
  g_autofree BvCell *compact = g_memdup2 (cells, size);
  int reach = dy == 0 ? 1 : bv_grid_height (cells, n) + 1;

  g_return_val_if_fail (index < n, FALSE);

  bv_grid_compact (compact, n, columns);
  for (int i = 1; i <= reach; i++)
    {
      g_autofree BvCell *moved = g_memdup2 (compact, size);
      BvCell wanted = compact[index];

      wanted.x += dx;
      wanted.y += dy * i;
      bv_grid_place (moved, n, index, wanted, columns);
      if (memcmp (moved, compact, size) != 0)
        {
          memcpy (cells, moved, size);
          return TRUE;
        }
    }
  return FALSE;
}

BvCell
bv_grid_find_free (const BvCell *cells,
                   guint         n,
                   int           w,
                   int           h,
                   int           columns)
{
  BvCell cell = bv_cell_clamp ((BvCell){ 0, 0, w, h }, columns);
  int height = bv_grid_height (cells, n);

  for (cell.y = 0; cell.y <= height; cell.y++)
    for (cell.x = 0; cell.x + cell.w <= columns; cell.x++)
      {
        gboolean free_here = TRUE;

        for (guint i = 0; i < n && free_here; i++)
          free_here = !bv_cell_overlaps (&cell, &cells[i]);
        if (free_here)
          return cell;
      }
  return (BvCell){ 0, height, cell.w, cell.h };
}
