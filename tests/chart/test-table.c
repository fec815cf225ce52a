/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Tables on paper and pivots. */
#include "chart-fixture.h"
#include "bv-palette.h"
#include "bv-pivot.h"
#include "bv-table-layout.h"

#include <string.h>

static BvLocale *locale;

/* Over pages of any height every row comes once, the total last. */
static void
test_pages (void)
{
  for (int round = 0; round < 40; round++)
    {
      FixtureOptions o = { FALSE, BV_GRAIN_NONE, (guint) g_test_rand_int_range (1, 500), 0, 2, FALSE, 0, 1000, 0.1, TRUE };
      g_autoptr(BvFrame) frame = fixture_frame (&o);
      g_autoptr(BvChartSpec) spec = bv_chart_spec_new ("table");
      g_autoptr(BvTableLayout) layout = bv_table_layout_new (spec, frame, NULL, locale, 500);
      double height = g_test_rand_double_range (5, 700);
      guint n = bv_table_layout_get_n_rows (layout);
      guint first = 0;

      g_assert_cmpuint (n, ==, o.n_places + 1);
      while (first < n)
        {
          double used = 0;
          guint rows = bv_table_layout_paint (layout, NULL, first, height, &used);

          g_assert_cmpuint (rows, >=, 1);
          if (rows > 1)
            g_assert_cmpfloat (used, <=, height + 0.01);
          first += rows;
        }
      g_assert_cmpuint (first, ==, n);
      g_assert_cmpuint (bv_table_layout_paint (layout, NULL, n, height, NULL), ==, 0);
    }
}

/* Cells stay in their columns; a number is never cut. */
static void
test_cells (void)
{
  FixtureOptions o = { FALSE, BV_GRAIN_NONE, 12, 0, 4, TRUE, 0, 90000, 0, TRUE };
  g_autoptr(BvFrame) frame = fixture_frame (&o);
  g_autoptr(BvChartSpec) spec = bv_chart_spec_new ("table");
  static const double widths[] = { 120, 260, 500, 900 };

  for (guint w = 0; w < G_N_ELEMENTS (widths); w++)
    {
      g_autoptr(BvScene) scene = bv_chart_build (spec, frame, NULL, locale, widths[w], 400, NULL);

      for (guint i = 0; i < scene->texts->len; i++)
        {
          const BvTextRun *run = bv_scene_text (scene, i);

          if (run->role == BV_TEXT_CELL && run->align > 0.5)
            g_assert_null (strstr (run->text, "…"));
          if (run->mark >= 0)
            {
              const BvMark *mark = bv_scene_get_mark (scene, (guint) run->mark);

              g_assert_cmpfloat (run->x, >=, mark->x - 0.01);
              g_assert_cmpfloat (run->x + run->width, <=, mark->x + mark->width + 0.01);
            }
        }
    }
}

static void
test_pivot (void)
{
  FixtureOptions o = { FALSE, BV_GRAIN_NONE, 5, 3, 2, FALSE, 0, 1000, 0.1, FALSE };
  g_autoptr(BvFrame) frame = fixture_frame (&o);
  g_autoptr(BvPivot) pivot = bv_pivot_new (frame, locale);
  BvFrame *wide = bv_pivot_get_frame (pivot);

  g_assert_false (bv_pivot_is_identity (pivot));
  g_assert_cmpuint (bv_frame_get_n_rows (wide), ==, 5);
  g_assert_cmpuint (bv_frame_get_n_columns (wide), ==, 1 + 2 * 3);
  g_assert_cmpstr (bv_frame_get_column (wide, 2)->name, ==, "Team · Won revenue");
  for (guint r = 0; r < 5; r++)
    for (guint c = 0; c < 7; c++)
      {
        guint row = bv_pivot_source_row (pivot, r, c);
        guint column = (guint) bv_pivot_source_column (pivot, c);
        BvValue a = bv_frame_peek (wide, c, r);
        BvValue b = bv_frame_peek (frame, column, row);

        g_assert_true (bv_value_equal (&a, &b));
        if (c > 0)
          g_assert_true (strstr (bv_frame_get_column (wide, c)->name, bv_frame_get_text (frame, 1, row)) != NULL);
      }
}

/* A group without a pivot value has an empty cell there, which belongs to no row: neither a tooltip nor a click takes it for another. */
static void
test_pivot_holes (void)
{
  g_autoptr(BvFrame) frame = bv_frame_new ();
  g_autoptr(BvPivot) pivot = NULL;
  static const char *const rows[][2] = { { "A", "x" }, { "B", "y" }, { "A", "y" } };

  bv_frame_add_column (frame, "Key", BV_TYPE_TEXT, BV_ROLE_DIMENSION);
  bv_frame_add_column (frame, "Pivot", BV_TYPE_TEXT, BV_ROLE_SERIES);
  bv_frame_add_column (frame, "N", BV_TYPE_INT, BV_ROLE_METRIC)->total = bv_value_int (6);
  for (guint i = 0; i < 3; i++)
    {
      bv_frame_append_text (frame, 0, rows[i][0], -1);
      bv_frame_append_text (frame, 1, rows[i][1], -1);
      bv_frame_append_int (frame, 2, i + 1);
    }
  pivot = bv_pivot_new (frame, locale);
  g_assert_true (bv_frame_is_null (bv_pivot_get_frame (pivot), 1, 1));
  g_assert_cmpuint (bv_pivot_source_row (pivot, 1, 0), ==, 1);
  g_assert_cmpuint (bv_pivot_source_row (pivot, 1, 1), ==, BV_ROW_NONE);
  g_assert_cmpuint (bv_pivot_source_row (pivot, 0, 2), ==, 2);
  /* The metric's total is of all values together: no column of the pivot may claim it. */
  g_assert_cmpint (bv_frame_get_column (bv_pivot_get_frame (pivot), 1)->total.type, ==, BV_TYPE_NULL);
  {
    g_autoptr(BvChartSpec) spec = bv_chart_spec_new ("table");
    g_autoptr(BvScene) scene = bv_chart_build (spec, frame, NULL, locale, 500, 300, NULL);
    guint n_empty = 0;

    for (guint i = 0; i < bv_scene_get_n_marks (scene); i++)
      if (bv_scene_get_mark (scene, i)->row == BV_ROW_NONE)
        {
          g_assert_cmpstr (bv_scene_get_mark (scene, i)->text, ==, "");
          n_empty++;
        }
    g_assert_cmpuint (n_empty, ==, 1);
  }
}

/* Bars start at zero and are as long as the values are large; colours of "signs" are as far from the middle as the values are from zero; the
 * columns that a pivot makes of a metric share one scale. */
static void
test_bars_and_colours (void)
{
  static const BvTheme themes[] = { BV_THEME_LIGHT, BV_THEME_DARK, BV_THEME_PRINT };

  for (int round = 0; round < 30; round++)
    {
      FixtureOptions o = { FALSE, BV_GRAIN_NONE, 20, 3, 1, FALSE, round % 3 == 0 ? 5 : -800, round % 3 == 1 ? -5 : 1000, 0.1, FALSE };
      g_autoptr(BvFrame) frame = fixture_frame (&o);
      g_autoptr(BvPivot) pivot = bv_pivot_new (frame, locale);
      BvFrame *table = bv_pivot_get_frame (pivot);
      g_autoptr(BvChartSpec) spec = bv_chart_spec_new ("table");
      BvChartStyle style = { .theme = themes[round % 3] };
      g_auto(BvValue) colours = bv_value_text (round % 2 ? "signs" : "shades");
      BvValue on = bv_value_bool (TRUE);
      g_autoptr(BvTableCells) cells = NULL;
      double unit = 0;

      g_assert_true (bv_chart_spec_set_option (spec, "bars", &on));
      g_assert_true (bv_chart_spec_set_option (spec, "colours", &colours));
      cells = bv_table_cells_new (spec, pivot, NULL, &style);
      g_assert_false (bv_table_cells_has_bar (cells, 0));
      g_assert_cmpuint (bv_table_cells_n_legends (cells), ==, 1);
      for (guint c = 1; c < bv_frame_get_n_columns (table); c++)
        for (guint row = 0; row < bv_frame_get_n_rows (table); row++)
          {
            double v = bv_frame_get_double (table, c, row);
            double from, to;
            BvColour colour, text;

            if (isnan (v))
              {
                g_assert_false (bv_table_cells_bar (cells, G_MAXUINT, c, v, &from, &to, &colour));
                g_assert_false (bv_table_cells_colour (cells, G_MAXUINT, c, v, &colour, &text));
                continue;
              }
            g_assert_true (bv_table_cells_colour (cells, G_MAXUINT, c, v, &colour, &text));
            g_assert_cmpfloat (bv_colour_contrast (colour, text), >=, 4.5);
            if (!bv_table_cells_bar (cells, G_MAXUINT, c, v, &from, &to, &colour))
              continue;
            g_assert_cmpfloat (from, >=, -1e-9);
            g_assert_cmpfloat (to, <=, 1 + 1e-9);
            if (unit <= 0)
              unit = (to - from) / fabs (v);
            g_assert_cmpfloat_with_epsilon (to - from, unit * fabs (v), 1e-9);
          }
    }
}

/* Sub-totals have bars and colours of their own scale, whatever the rows below them are worth. */
static void
test_group_cells (void)
{
  static const char *const cells[][2] = { { "North", "Oslo" }, { "North", "Turku" }, { "South", "Rome" } };
  g_autoptr(BvFrame) frame = bv_frame_new ();
  g_autoptr(BvFrame) part = bv_frame_new ();
  g_autoptr(BvChartSpec) spec = bv_chart_spec_new ("table");
  g_autoptr(BvPivot) pivot = NULL;
  g_autoptr(BvTableRows) rows = NULL;
  g_autoptr(BvTableCells) table_cells = NULL;
  BvValue yes = bv_value_bool (TRUE);
  g_auto(BvValue) shades = bv_value_text ("shades");
  BvColour colour, text;
  g_auto(BvValue) people = bv_value_text ("Population");
  g_auto(BvTableLegend) groups = { 0 };
  g_auto(BvTableLegend) all = { 0 };
  double from, to;

  bv_frame_add_column (frame, "Region", BV_TYPE_TEXT, BV_ROLE_DIMENSION);
  bv_frame_add_column (frame, "City", BV_TYPE_TEXT, BV_ROLE_DIMENSION);
  bv_frame_add_column (frame, "People", BV_TYPE_INT, BV_ROLE_METRIC);
  bv_frame_add_column (part, "Region", BV_TYPE_TEXT, BV_ROLE_DIMENSION);
  bv_frame_add_column (part, "People", BV_TYPE_INT, BV_ROLE_METRIC);
  for (guint i = 0; i < 3; i++)
    {
      bv_frame_append_text (frame, 0, cells[i][0], -1);
      bv_frame_append_text (frame, 1, cells[i][1], -1);
      bv_frame_append_int (frame, 2, 10 + 10 * i);
    }
  bv_frame_append_text (part, 0, "North", -1);
  bv_frame_append_int (part, 1, 100);
  bv_frame_append_text (part, 0, "South", -1);
  bv_frame_append_int (part, 1, 400);
  bv_frame_set_subtotals (frame, part);
  g_assert_true (bv_chart_spec_set_option (spec, "bars", &yes));
  g_assert_true (bv_chart_spec_set_option (spec, "colours", &shades));
  g_assert_true (bv_chart_spec_set_option (spec, "series.People.label", &people));
  pivot = bv_pivot_new (frame, locale);
  rows = bv_table_rows_new (pivot, locale);
  table_cells = bv_table_cells_new (spec, pivot, rows, NULL);
  g_assert_true (bv_table_cells_bar (table_cells, 0, 2, 100, &from, &to, &colour));
  g_assert_cmpfloat_with_epsilon (to - from, 0.25, 1e-9);
  g_assert_true (bv_table_cells_bar (table_cells, 1, 2, 15, &from, &to, &colour));
  g_assert_cmpfloat_with_epsilon (to - from, 0.5, 1e-9);
  g_assert_false (bv_table_cells_bar (table_cells, 1, 2, 100, &from, &to, &colour));
  g_assert_true (bv_table_cells_colour (table_cells, 0, 2, 400, &colour, &text));
  g_assert_cmpuint (bv_table_cells_n_legends (table_cells), ==, 2);
  bv_table_cells_get_legend (table_cells, 0, locale, &groups);
  g_assert_cmpstr (groups.low, ==, "Population · Region: 100");
  g_assert_cmpstr (groups.high, ==, "400");
  bv_table_cells_get_legend (table_cells, 1, locale, &all);
  g_assert_cmpstr (all.low, ==, "Population: 10");
  g_assert_cmpstr (all.high, ==, "30");
}

int
main (int argc, char *argv[])
{
  int result;

  g_test_init (&argc, &argv, NULL);
  locale = fixture_locale ();
  g_test_add_func ("/chart/table/pages", test_pages);
  g_test_add_func ("/chart/table/cells", test_cells);
  g_test_add_func ("/chart/table/bars-and-colours", test_bars_and_colours);
  g_test_add_func ("/chart/table/pivot", test_pivot);
  g_test_add_func ("/chart/table/pivot-holes", test_pivot_holes);
  g_test_add_func ("/chart/table/group-cells", test_group_cells);
  result = g_test_run ();
  bv_locale_unref (locale);
  return result;
}
