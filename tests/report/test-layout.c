/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Page breaking: nothing is cut, nothing overlaps, and a table's rows stand on the pages each exactly once. */

#include "bv-report-layout.h"

#include <math.h>

static const BvLayoutPage paper = { .left = 36, .width = 768, .first_top = 90, .top = 60, .bottom = 540, .gap = 9, .row_height = 39 };

/* A table whose rows are 10 high under a head of 30. */
static guint
fit_cb (gpointer data, gboolean wide, guint first, double height, double *used)
{
  guint left = *(guint *) data - first;
  guint n = height > 30 ? MIN (left, (guint) ((height - 30) / 10)) : 0;

  n = left > 0 ? MAX (n, 1) : 0;
  *used = 30 + 10.0 * n;
  return n;
}

static gboolean
overlap (const BvLayoutPart *a, const BvLayoutPart *b)
{
  return a->page == b->page && a->x < b->x + b->w - 0.01 && b->x < a->x + a->w - 0.01 && a->y < b->y + b->h - 0.01
         && b->y < a->y + a->h - 0.01;
}

/* What holds for every layout. */
static void
check (const BvLayoutItem *items, guint n_items, const GArray *parts, guint n_pages)
{
  g_autofree guint *rows = g_new0 (guint, n_items + 1);
  g_autofree guint *seen = g_new0 (guint, n_items + 1);
  g_autofree gboolean *ended = g_new0 (gboolean, n_items + 1);

  for (guint i = 0; i < parts->len; i++)
    {
      const BvLayoutPart *part = &g_array_index (parts, BvLayoutPart, i);

      g_assert_cmpuint (part->page, <, n_pages);
      g_assert_cmpfloat (part->x, >=, paper.left - 0.01);
      g_assert_cmpfloat (part->x + part->w, <=, paper.left + paper.width + 0.01);
      g_assert_cmpfloat (part->y, >=, (part->page == 0 ? paper.first_top : paper.top) - 0.01);
      g_assert_cmpfloat (part->y + part->h, <=, paper.bottom + 0.01);
      g_assert_cmpfloat (part->h, >, 0);
      for (guint k = 0; k < i; k++)
        g_assert_false (overlap (part, &g_array_index (parts, BvLayoutPart, k)));
      /* Parts of a table follow each other without a gap. */
      g_assert_cmpuint (part->first, ==, rows[part->item]);
      rows[part->item] += part->n;
      seen[part->item]++;
      g_assert_false (ended[part->item]);
      ended[part->item] = part->last;
    }
  for (guint i = 0; i < n_items; i++)
    {
      g_assert_cmpuint (seen[i], >=, 1);
      g_assert_true (ended[i]);
      if (items[i].fit != NULL)
        g_assert_cmpuint (rows[i], ==, items[i].n_rows);
      else
        g_assert_cmpuint (seen[i], ==, 1);
    }
}

static guint
lay_out (const BvLayoutItem *items, guint n_items)
{
  guint n_pages;
  g_autoptr(GArray) parts = bv_report_layout (items, n_items, &paper, &n_pages, NULL);

  check (items, n_items, parts, n_pages);
  return n_pages;
}

static void
test_cases (void)
{
  guint many = 200, few = 3;
  const BvLayoutItem one_page[] = { { 0, 0, 12, 2 }, { 0, 2, 4, 3 }, { 0, 5, 4, 3 }, { 4, 2, 8, 6 } };
  const BvLayoutItem two_pages[] = { { 0, 0, 12, 8 }, { 0, 8, 6, 7 }, { 6, 8, 6, 7 } };
  const BvLayoutItem giant[] = { { 0, 0, 12, 100 } };
  const BvLayoutItem tall_band[] = { { 0, 0, 6, 20 }, { 6, 0, 6, 8 }, { 6, 8, 6, 8 }, { 6, 16, 6, 4 } };
  const BvLayoutItem table[] = { { 0, 0, 12, 4, many, fit_cb, &many }, { 0, 4, 12, 4 } };
  const BvLayoutItem small_table[] = { { 0, 0, 12, 4, few, fit_cb, &few } };
  const BvLayoutItem blocked[] = { { 0, 0, 6, 4, many, fit_cb, &many }, { 6, 0, 6, 8 }, { 0, 4, 6, 4 } };
  const BvLayoutItem holes[] = { { 0, 30, 6, 4 }, { 0, 60, 6, 4 } };

  g_assert_cmpuint (lay_out (NULL, 0), ==, 1);
  g_assert_cmpuint (lay_out (one_page, G_N_ELEMENTS (one_page)), ==, 1);
  g_assert_cmpuint (lay_out (two_pages, G_N_ELEMENTS (two_pages)), ==, 2);
  g_assert_cmpuint (lay_out (giant, G_N_ELEMENTS (giant)), ==, 1);
  g_assert_cmpuint (lay_out (tall_band, G_N_ELEMENTS (tall_band)), >=, 2);
  g_assert_cmpuint (lay_out (table, G_N_ELEMENTS (table)), ==, 5);
  g_assert_cmpuint (lay_out (small_table, G_N_ELEMENTS (small_table)), ==, 1);
  g_assert_cmpuint (lay_out (blocked, G_N_ELEMENTS (blocked)), ==, 6);
  /* Empty rows of the canvas take no paper. */
  g_assert_cmpuint (lay_out (holes, G_N_ELEMENTS (holes)), ==, 1);
}

/* Canvases made at random, without overlaps, as the canvas makes them. */
static void
test_random (void)
{
  for (guint run = 0; run < 400; run++)
    {
      g_autoptr(GArray) items = g_array_new (FALSE, TRUE, sizeof (BvLayoutItem));
      guint8 taken[80][BV_GRID_COLUMNS] = { { 0 } };
      guint rows[12];

      for (guint i = 0; i < 12; i++)
        {
          BvLayoutItem item = { 0 };
          gboolean free_place = TRUE;

          item.w = g_test_rand_int_range (1, 13);
          item.h = g_test_rand_int_range (1, 16);
          item.x = g_test_rand_int_range (0, 13 - item.w);
          item.y = g_test_rand_int_range (0, 60);
          for (int y = item.y; y < item.y + item.h; y++)
            for (int x = item.x; x < item.x + item.w; x++)
              free_place = free_place && !taken[y][x];
          if (!free_place)
            continue;
          for (int y = item.y; y < item.y + item.h; y++)
            for (int x = item.x; x < item.x + item.w; x++)
              taken[y][x] = 1;
          if (g_test_rand_int_range (0, 3) == 0)
            {
              rows[i] = (guint) g_test_rand_int_range (1, 300);
              item.n_rows = rows[i];
              item.fit = fit_cb;
              item.data = &rows[i];
            }
          g_array_append_val (items, item);
        }
      lay_out ((const BvLayoutItem *) items->data, items->len);
    }
}

/* One endless page: nothing flows, all tiles keep their places. */
static void
test_endless (void)
{
  guint many = 200, n_pages;
  const BvLayoutItem items[] = { { 0, 0, 12, 40 }, { 0, 40, 12, 4, many, fit_cb, &many } };
  BvLayoutPage page = paper;
  g_autoptr(GArray) parts = NULL;
  double end;

  page.bottom = HUGE_VAL;
  parts = bv_report_layout (items, 2, &page, &n_pages, &end);
  g_assert_cmpuint (n_pages, ==, 1);
  g_assert_cmpuint (parts->len, ==, 2);
  g_assert_cmpfloat_with_epsilon (end, page.first_top + 44 * page.row_height - page.gap, 0.01);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/layout/cases", test_cases);
  g_test_add_func ("/layout/random", test_random);
  g_test_add_func ("/layout/endless", test_endless);
  return g_test_run ();
}
