/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Rows of tables with sub-totals: every row of the frame once below its groups, in order, folded or not; on pages. */
#include "chart-fixture.h"
#include "bv-table-layout.h"
#include "bv-table-rows.h"

#include <string.h>

static BvLocale *locale;

/* A frame of @n_keys keys, perhaps pivoted, with frames of sub-totals whose values do not follow from it. */
static BvFrame *
grouped_frame (guint n_keys, guint n_rows, guint n_values, gboolean pivoted)
{
  BvFrame *chain = NULL;
  g_autofree guint *keys = g_new0 (guint, n_rows * n_keys + 1);
  g_autoptr(GHashTable) all = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);

  for (guint i = 0; i < n_rows * n_keys; i++)
    keys[i] = (guint) g_test_rand_int_range (0, (gint32) n_values);
  for (guint depth = 1; depth <= n_keys; depth++)
    {
      BvFrame *frame = bv_frame_new ();
      g_autoptr(GHashTable) seen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);

      for (guint k = 0; k < depth; k++)
        {
          g_autofree char *name = g_strdup_printf ("Key %u", k);

          bv_frame_add_column (frame, name, k % 2 == 0 ? BV_TYPE_TEXT : BV_TYPE_INT, BV_ROLE_DIMENSION);
        }
      if (pivoted)
        bv_frame_add_column (frame, "Pivot", BV_TYPE_TEXT, BV_ROLE_SERIES);
      bv_frame_add_column (frame, "N", BV_TYPE_DOUBLE, BV_ROLE_METRIC)->total = bv_value_double (5);
      for (guint row = 0; row < n_rows; row++)
        {
          g_autoptr(GString) key = g_string_new (NULL);
          guint c = 0;

          for (guint k = 0; k < depth; k++)
            g_string_append_printf (key, "%u ", keys[row * n_keys + k]);
          for (guint p = 0; p < (pivoted ? 3 : 1); p++)
            {
              g_autofree char *whole = g_strdup_printf ("%s%u", key->str, p);

              if ((pivoted && (keys[row * n_keys] + row + p) % 5 == 0) || !g_hash_table_add (seen, g_steal_pointer (&whole)))
                continue;
              c = 0;
              for (guint k = 0; k < depth; k++, c++)
                {
                  guint value = keys[row * n_keys + k];
                  g_autofree char *text = g_strdup_printf ("k%u", value);

                  if (value == 0)
                    bv_frame_append_null (frame, c);
                  else if (k % 2 == 0)
                    bv_frame_append_text (frame, c, text, -1);
                  else
                    bv_frame_append_int (frame, c, -(gint64) value);
                }
              if (pivoted)
                bv_frame_append_text (frame, c++, p == 0 ? "p" : p == 1 ? "q" : "r", -1);
              if (g_test_rand_int_range (0, 10) == 0)
                bv_frame_append_null (frame, c);
              else
                bv_frame_append_double (frame, c, g_test_rand_int_range (-5, 6) * (depth < n_keys ? 1000 : 1));
            }
        }
      if (chain != NULL)
        {
          bv_frame_set_subtotals (frame, chain);
          bv_frame_unref (chain);
        }
      chain = frame;
    }
  return chain;
}

/* @before and @after stand so by a column: empty ones last, equal ones as they like. */
static void
assert_order (BvFrame *frame, guint column, guint before, guint after, gboolean descending)
{
  BvValue a = bv_frame_peek (frame, column, before), b = bv_frame_peek (frame, column, after);

  if (a.type == BV_TYPE_NULL)
    g_assert_cmpint (b.type, ==, BV_TYPE_NULL);
  else if (b.type != BV_TYPE_NULL)
    g_assert_cmpint ((descending ? -1 : 1) * bv_value_compare (&a, &b), <=, 0);
}

/* Walks the visible rows: each below the group that has its keys; groups once; folded ones without anything below; @column: what they are sorted by. */
static void
check (BvTableRows *rows, BvPivot *pivot, int column, gboolean descending, gboolean all)
{
  BvFrame *shown = bv_pivot_get_frame (pivot);
  guint n_levels = bv_table_rows_n_levels (rows);
  g_autofree guint *open = g_new0 (guint, n_levels + 1);       /* first rows of the groups that we are in */
  g_autofree BvTableRow *last = g_new0 (BvTableRow, n_levels + 1);
  g_autofree gboolean *any = g_new0 (gboolean, n_levels + 1);
  g_autofree guint8 *seen = g_new0 (guint8, bv_frame_get_n_rows (shown) + 1);
  guint n_data = 0, closed = G_MAXUINT;

  for (guint i = 0; i < bv_table_rows_get_n (rows); i++)
    {
      BvTableRow row;
      BvFrame *frame, *other;
      guint r, c, q, d;

      bv_table_rows_get (rows, i, &row);
      g_assert_true (bv_table_rows_is_group (rows, i) == (row.level < n_levels));
      if (closed != G_MAXUINT)
        g_assert_cmpuint (row.level, <=, closed); /* nothing below a folded group */
      closed = G_MAXUINT;
      if (row.level > 0)
        {
          const BvRowKey group = { shown, row.level, open[row.level - 1] }, mine = { shown, row.level, row.row };

          g_assert_true (any[row.level - 1]);
          g_assert_true (bv_row_key_equal (&group, &mine));
        }
      for (guint k = 0; k < bv_pivot_get_n_keys (pivot); k++)
        g_assert_true (bv_table_rows_is_repeated (rows, &row, k) == (k < row.level));
      if (any[row.level] && column >= 0 && bv_table_rows_cell (rows, &last[row.level], (guint) column, &frame, &r, &c) &&
          bv_table_rows_cell (rows, &row, (guint) column, &other, &q, &d))
        assert_order (frame, c, r, q, descending);
      else if (any[row.level] && column < 0)
        g_assert_cmpuint (last[row.level].row, <, row.row);
      last[row.level] = row;
      any[row.level] = TRUE;
      for (guint l = row.level + 1; l <= n_levels; l++)
        any[l] = FALSE;
      if (row.level < n_levels)
        {
          const BvRowKey mine = { shown, row.level + 1, row.row };

          open[row.level] = row.row;
          g_assert_cmpuint (bv_table_rows_name_column (rows, row.level), ==, row.level);
          /* Its cell is that of the sub-totals with its keys. */
          for (guint k = bv_pivot_get_n_keys (pivot); k < bv_frame_get_n_columns (shown); k++)
            if (bv_table_rows_cell (rows, &row, k, &frame, &r, &c))
              {
                const BvRowKey theirs = { frame, row.level + 1, r };

                g_assert_true (frame != shown);
                g_assert_true (bv_row_key_equal (&mine, &theirs));
                g_assert_cmpstr (bv_frame_get_column (frame, c)->name, ==, bv_frame_get_column (shown, k)->name);
              }
          if (bv_table_rows_is_folded (rows, row.level, row.group))
            closed = row.level;
          continue;
        }
      g_assert_cmpuint (row.group, ==, G_MAXUINT);
      g_assert_false (seen[row.row]++);
      if (all)
        g_assert_cmpuint (row.ordinal, ==, n_data);
      n_data++;
    }
  if (all)
    g_assert_cmpuint (n_data, ==, bv_frame_get_n_rows (shown));
}

static void
test_random (void)
{
  for (int round = 0; round < 60; round++)
    {
      guint n_keys = (guint) g_test_rand_int_range (1, 5);
      g_autoptr(BvFrame) frame = grouped_frame (n_keys, (guint) g_test_rand_int_range (0, 120), (guint) g_test_rand_int_range (1, 6), round % 3 == 0);
      g_autoptr(BvPivot) pivot = bv_pivot_new (frame, locale);
      g_autoptr(BvTableRows) rows = bv_table_rows_new (pivot, locale);
      g_autoptr(BvTableRows) again = NULL;
      guint n;

      g_assert_cmpuint (bv_table_rows_n_levels (rows), ==, n_keys - 1);
      check (rows, pivot, -1, FALSE, TRUE);
      for (int column = -1; column < (int) bv_frame_get_n_columns (bv_pivot_get_frame (pivot)); column++)
        for (gboolean descending = FALSE; descending <= TRUE; descending++)
          {
            bv_table_rows_sort (rows, column, descending);
            check (rows, pivot, column, descending, TRUE);
          }
      bv_table_rows_sort (rows, -1, FALSE);
      n = bv_table_rows_get_n (rows);
      for (guint i = 0; i < 8 && bv_table_rows_get_n (rows) > 0; i++)
        {
          guint before = bv_table_rows_get_n (rows);
          guint at = (guint) g_test_rand_int_range (0, (gint32) before);

          bv_table_rows_fold (rows, at, TRUE);
          g_assert_cmpuint (bv_table_rows_get_n (rows), <=, before);
          check (rows, pivot, -1, FALSE, FALSE);
        }
      /* Other rows of the same frame, folded by the values of the groups, show the same. */
      again = bv_table_rows_new (pivot, locale);
      bv_table_rows_fold_like (again, rows);
      g_assert_cmpuint (bv_table_rows_get_n (again), ==, bv_table_rows_get_n (rows));
      bv_table_rows_fold_all (rows, FALSE);
      g_assert_cmpuint (bv_table_rows_get_n (rows), ==, n);
      check (rows, pivot, -1, FALSE, TRUE);
      bv_table_rows_fold_all (rows, TRUE);
      for (guint i = 0; n_keys > 1 && i < bv_table_rows_get_n (rows); i++)
        {
          BvTableRow row;

          bv_table_rows_get (rows, i, &row);
          g_assert_cmpuint (row.level, ==, 0);
          g_assert_cmpuint (bv_table_rows_get_parent (rows, i), ==, G_MAXUINT);
        }
    }
}

/* On pages of any height each row comes once, and no page ends with the row of a group whose rows are on the next. */
static void
test_pages (void)
{
  for (int round = 0; round < 30; round++)
    {
      g_autoptr(BvFrame) frame = grouped_frame (3, (guint) g_test_rand_int_range (1, 150), 5, FALSE);
      g_autoptr(BvPivot) pivot = bv_pivot_new (frame, locale);
      g_autoptr(BvTableRows) rows = bv_table_rows_new (pivot, locale);
      g_autoptr(BvChartSpec) spec = bv_chart_spec_new ("table");
      g_autoptr(BvTableLayout) layout = bv_table_layout_new (spec, frame, NULL, locale, 500);
      double height = g_test_rand_double_range (60, 500);
      guint n = bv_table_layout_get_n_rows (layout), first = 0;

      g_assert_cmpuint (n, ==, bv_table_rows_get_n (rows) + 1);
      while (first < n)
        {
          guint fit = bv_table_layout_paint (layout, NULL, first, height, NULL);

          g_assert_cmpuint (fit, >=, 1);
          first += fit;
          if (first < n && fit > 1)
            g_assert_false (bv_table_rows_is_group (rows, first - 1));
        }
      g_assert_cmpuint (first, ==, n);
    }
}

static guint
count_texts (BvScene *scene, const char *text, gboolean bold)
{
  guint n = 0;

  for (guint i = 0; i < scene->texts->len; i++)
    n += strcmp (bv_scene_text (scene, i)->text, text) == 0 && bv_scene_text (scene, i)->bold == bold;
  return n;
}

/* Groups are bold, what they say is left out below them and said again where a page begins; the total is last. */
static void
test_cells (void)
{
  g_autoptr(BvFrame) frame = bv_frame_new ();
  g_autoptr(BvFrame) part = bv_frame_new ();
  g_autoptr(BvChartSpec) spec = bv_chart_spec_new ("table");
  g_autoptr(BvTableLayout) layout = NULL;
  g_autoptr(BvScene) whole = NULL;
  g_autoptr(BvScene) page = bv_scene_new (NULL, NULL, 400, 400);

  bv_frame_add_column (frame, "Region", BV_TYPE_TEXT, BV_ROLE_DIMENSION);
  bv_frame_add_column (frame, "City", BV_TYPE_TEXT, BV_ROLE_DIMENSION);
  bv_frame_add_column (frame, "People", BV_TYPE_INT, BV_ROLE_METRIC)->total = bv_value_int (11);
  bv_frame_add_column (part, "Region", BV_TYPE_TEXT, BV_ROLE_DIMENSION);
  bv_frame_add_column (part, "People", BV_TYPE_INT, BV_ROLE_METRIC);
  for (guint i = 0; i < 4; i++)
    {
      bv_frame_append_text (frame, 0, i < 3 ? "North" : "South", -1);
      bv_frame_append_text (frame, 1, i == 0 ? "Oslo" : i == 1 ? "Turku" : i == 2 ? "Visby" : "Rome", -1);
      bv_frame_append_int (frame, 2, 3 + i);
    }
  bv_frame_append_text (part, 0, "South", -1);
  bv_frame_append_int (part, 1, 61);
  bv_frame_append_text (part, 0, "North", -1);
  bv_frame_append_int (part, 1, 72);
  bv_frame_set_subtotals (frame, part);
  whole = bv_chart_build (spec, frame, NULL, locale, 400, 400, NULL);
  g_assert_cmpuint (count_texts (whole, "North", TRUE), ==, 1);
  g_assert_cmpuint (count_texts (whole, "North", FALSE), ==, 0);
  g_assert_cmpuint (count_texts (whole, "72", TRUE), ==, 1);
  g_assert_cmpuint (count_texts (whole, "61", TRUE), ==, 1);
  g_assert_cmpuint (count_texts (whole, "Turku", FALSE), ==, 1);
  g_assert_cmpuint (count_texts (whole, "11", TRUE), ==, 1);
  layout = bv_table_layout_new (spec, frame, NULL, locale, 400);
  bv_table_layout_emit (layout, page, 0, 0, TRUE, 2, 2, FALSE); /* from Turku on */
  g_assert_cmpuint (count_texts (page, "North", FALSE), ==, 1);
  g_assert_cmpuint (count_texts (page, "Region", TRUE), ==, 1);
}

/* Sorting and folding of a long table; how long they take is printed, and looked at with BV_LONG. */
static void
test_long (void)
{
  guint n = g_getenv ("BV_LONG") != NULL ? 200000 : 20000;
  g_autoptr(BvFrame) frame = grouped_frame (3, n, 90, FALSE);
  g_autoptr(BvPivot) pivot = bv_pivot_new (frame, locale);
  gint64 start = g_get_monotonic_time ();
  g_autoptr(BvTableRows) rows = bv_table_rows_new (pivot, locale);

  g_test_message ("%u rows: made in %.1f ms", bv_frame_get_n_rows (frame), (g_get_monotonic_time () - start) / 1e3);
  for (int column = 0; column < 4; column++)
    {
      start = g_get_monotonic_time ();
      bv_table_rows_sort (rows, column, TRUE);
      g_test_message ("sorted by column %d in %.1f ms", column, (g_get_monotonic_time () - start) / 1e3);
    }
  start = g_get_monotonic_time ();
  bv_table_rows_fold (rows, 0, TRUE);
  g_test_message ("folded in %.1f ms", (g_get_monotonic_time () - start) / 1e3);
  check (rows, pivot, 3, TRUE, FALSE);
}

int
main (int argc, char *argv[])
{
  int result;

  g_test_init (&argc, &argv, NULL);
  locale = fixture_locale ();
  g_test_add_func ("/chart/rows/random", test_random);
  g_test_add_func ("/chart/rows/pages", test_pages);
  g_test_add_func ("/chart/rows/cells", test_cells);
  g_test_add_func ("/chart/rows/long", test_long);
  result = g_test_run ();
  bv_locale_unref (locale);
  return result;
}
