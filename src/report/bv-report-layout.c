/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Page breaking.
 *
 * The canvas is cut into bands: stretches of grid rows that no tile reaches beyond. A band goes onto the page as a whole when it fits
 * there, else onto the next one. A band taller than a page is broken before the first tile that does not fit; the tiles from that
 * tile's grid row on keep their places to each other on the new page. So a tile is never cut, and a tile taller than a page is
 * made to fit it.
 *
 * A table that has more rows than its box shows grows downwards as far as nothing stands below it in its band and the page
 * reaches; what is left over follows on pages of its own, as wide as the page, before the next band.
 */
#include "config.h"

#include "bv-report-layout.h"

#include <math.h>

typedef struct
{
  const BvLayoutItem *items;
  const BvLayoutPage *page;
  GArray *parts;
  guint number;      /* of the page being filled */
  double cursor;     /* where its next band begins */
} Layout;

static double
page_top (Layout *layout)
{
  return layout->number == 0 ? layout->page->first_top : layout->page->top;
}

static void
next_page (Layout *layout)
{
  layout->number++;
  layout->cursor = layout->page->top;
}

static int
compare_items (gconstpointer a, gconstpointer b, gpointer user_data)
{
  const BvLayoutItem *items = user_data;
  const BvLayoutItem *x = &items[*(const guint *) a], *y = &items[*(const guint *) b];

  if (x->y != y->y)
    return x->y - y->y;
  return x->x != y->x ? x->x - y->x : (int) *(const guint *) a - (int) *(const guint *) b;
}

/* Whether another tile of the band stands below @item in one of its columns. */
static gboolean
is_blocked (Layout *layout, const guint *band, guint n, guint item)
{
  const BvLayoutItem *self = &layout->items[item];

  for (guint i = 0; i < n; i++)
    {
      const BvLayoutItem *other = &layout->items[band[i]];

      if (band[i] != item && other->y >= self->y + self->h && other->x < self->x + self->w && self->x < other->x + other->w)
        return TRUE;
    }
  return FALSE;
}

static BvLayoutPart
make_part (Layout *layout, guint item, double y)
{
  const BvLayoutItem *self = &layout->items[item];
  const BvLayoutPage *page = layout->page;
  double column = (page->width + page->gap) / BV_GRID_COLUMNS;

  return (BvLayoutPart){
    .item = item, .page = layout->number, .x = page->left + self->x * column, .y = y,
    .w = self->w * column - page->gap, .h = self->h * page->row_height - page->gap, .last = TRUE,
  };
}

/* Places a band's tiles; returns the lower edge they reach on the last page used. */
static double
place_band (Layout *layout, const guint *band, guint n)
{
  const BvLayoutPage *page = layout->page;
  int first_row = layout->items[band[0]].y;
  double origin = layout->cursor, end = layout->cursor;
  g_autoptr(GArray) left_over = g_array_new (FALSE, FALSE, sizeof (BvLayoutPart));

  for (guint i = 0; i < n; i++)
    {
      const BvLayoutItem *item = &layout->items[band[i]];
      double y = origin + (item->y - first_row) * page->row_height;
      double height = item->h * page->row_height - page->gap;
      BvLayoutPart part;

      if (y + MIN (height, page->bottom - page->top) > page->bottom + 0.01 && y > page_top (layout) + 0.01)
        {
          next_page (layout);
          origin = layout->cursor;
          first_row = item->y;
          y = end = origin;
        }
      part = make_part (layout, band[i], y);
      part.h = MIN (part.h, page->bottom - y);
      if (item->fit != NULL)
        {
          double used = part.h;

          part.n = item->fit (item->data, FALSE, 0, part.h, &used);
          if (part.n < item->n_rows && !isinf (page->bottom) && !is_blocked (layout, band, n, band[i]))
            {
              part.n = item->fit (item->data, FALSE, 0, page->bottom - y, &used);
              part.h = CLAMP (used, part.h, page->bottom - y);
            }
          part.last = part.n >= item->n_rows || isinf (page->bottom);
          if (!part.last)
            g_array_append_val (left_over, part);
        }
      end = MAX (end, part.y + part.h);
      g_array_append_val (layout->parts, part);
    }

  for (guint i = 0; i < left_over->len; i++)
    {
      BvLayoutPart part = g_array_index (left_over, BvLayoutPart, i);
      const BvLayoutItem *item = &layout->items[part.item];

      while (part.first + part.n < item->n_rows)
        {
          double used = 0;

          next_page (layout);
          part.first += part.n;
          part.page = layout->number;
          part.x = page->left;
          part.y = layout->cursor;
          part.w = page->width;
          part.n = MAX (1, item->fit (item->data, TRUE, part.first, page->bottom - part.y, &used));
          part.h = MIN (used, page->bottom - part.y);
          part.continued = TRUE;
          part.last = part.first + part.n >= item->n_rows;
          end = part.y + part.h;
          g_array_append_val (layout->parts, part);
        }
    }
  return end;
}

GArray *
bv_report_layout (const BvLayoutItem *items, guint n_items, const BvLayoutPage *page, guint *n_pages, double *end)
{
  g_autofree guint *order = g_new (guint, MAX (n_items, 1));
  Layout layout = { items, page, g_array_new (FALSE, FALSE, sizeof (BvLayoutPart)), 0, page->first_top };
  double reached = page->first_top;

  for (guint i = 0; i < n_items; i++)
    order[i] = i;
  g_qsort_with_data (order, (int) n_items, sizeof *order, compare_items, (gpointer) items);

  for (guint start = 0, stop; start < n_items; start = stop)
    {
      int top = items[order[start]].y, bottom = top;
      double height;

      for (stop = start; stop < n_items && (stop == start || items[order[stop]].y < bottom); stop++)
        bottom = MAX (bottom, items[order[stop]].y + MAX (items[order[stop]].h, 1));
      height = (bottom - top) * page->row_height - page->gap;
      /* A band that is broken anyway begins where the one before ended. */
      if (layout.cursor + height > page->bottom + 0.01 && height <= page->bottom - page->top + 0.01
          && layout.cursor > page_top (&layout) + 0.01)
        next_page (&layout);
      reached = place_band (&layout, order + start, stop - start);
      layout.cursor = reached + page->gap;
    }
  if (n_pages != NULL)
    *n_pages = layout.number + 1;
  if (end != NULL)
    *end = reached;
  return layout.parts;
}
