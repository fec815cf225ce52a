/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The geometry of scenes, on random data and sizes. */
#include "chart-fixture.h"
#include "scene-check.h"
#include "bv-palette.h"
#include "bv-chart-private.h"

#include <string.h>

static BvLocale *locale;

static BvScene *
build (const char *type, const char *options, BvFrame *frame, double width, double height)
{
  g_autoptr(BvChartSpec) spec = bv_chart_spec_new (type);
  g_auto(GStrv) pairs = g_strsplit (options, ";", -1);
  BvChartStyle style = { .theme = BV_THEME_LIGHT, .font_size = 11 };

  for (guint i = 0; pairs[i] != NULL && *pairs[i] != '\0'; i++)
    {
      g_auto(GStrv) pair = g_strsplit (pairs[i], "=", 2);
      g_auto(BvValue) value = bv_value_text (pair[1]);

      g_assert_true (bv_chart_spec_set_option (spec, pair[0], &value));
    }
  return bv_chart_build (spec, frame, &style, locale, width, height, NULL);
}

/* Nothing overlaps, nothing leaves the scene, on any type, option, data and size. */
static void
test_layout_random (void)
{
  static const char *const kinds[][2] = {
    { "line", "" }, { "line", "labels=true;axis-title-left=Revenue;axis-title-bottom=When" }, { "area", "" },
    { "area", "stack=percent" }, { "bar", "" }, { "bar", "labels=true;stack=grouped" }, { "bar", "labels=true;orientation=horizontal" },
    { "bar", "stack=percent;orientation=horizontal;legend=right" }, { "pie", "" }, { "pie", "donut=true;legend=none" },
    { "number", "sparkline=true" }, { "table", "bars=true;row-numbers=true" }, { "line", "legend=right;start-at-zero=true" },
    { "bar", "legend=bottom" },
  };

  for (int round = 0; round < 260; round++)
    {
      const char *const *kind = kinds[round % G_N_ELEMENTS (kinds)];
      double magnitude = pow (10, g_test_rand_double_range (-3, 9));
      FixtureOptions o = {
        .time = g_test_rand_bit (),
        .grain = (BvGrain) g_test_rand_int_range (BV_GRAIN_DAY, BV_GRAIN_YEAR + 1),
        .n_places = (guint) g_test_rand_int_range (1, round % 5 == 0 ? 400 : 40),
        .n_series = (guint) g_test_rand_int_range (0, 7),
        .n_metrics = (guint) g_test_rand_int_range (1, 4),
        .compare = g_test_rand_bit (),
        .low = g_test_rand_bit () ? 0 : -magnitude,
        .high = magnitude,
        .null_share = g_test_rand_bit () ? 0 : 0.2,
        .money = g_test_rand_bit (),
      };
      double width = round % 3 == 0 ? g_test_rand_double_range (40, 300) : g_test_rand_double_range (120, 4000);
      double height = round % 3 == 0 ? g_test_rand_double_range (30, 200) : g_test_rand_double_range (80, 2000);
      g_autoptr(BvFrame) frame = fixture_frame (&o);
      g_autoptr(BvScene) scene = build (kind[0], kind[1], frame, width, height);
      g_autofree char *what = g_strdup_printf ("%s(%s), %s, %u places, %u series, %u metrics, %g", kind[0], kind[1],
                                               o.time ? bv_grain_to_name (o.grain) : "categories", o.n_places, o.n_series, o.n_metrics,
                                               magnitude);

      check_scene (scene, what);
      g_assert_cmpuint (strlen (bv_scene_get_alternative (scene)), >, 0);
    }
}

/* The value of a bar by its length, against the axis' zero. */
static double
zero_of (BvScene *scene, gboolean horizontal)
{
  for (guint i = 0; i < scene->shapes->len; i++)
    if (bv_scene_shape (scene, i)->part == BV_PART_ZERO)
      return bv_scene_point (scene, bv_scene_shape (scene, i)->first)[horizontal ? 0 : 1];
  g_assert_not_reached ();
}

static void
test_bars_from_zero (void)
{
  FixtureOptions o = { FALSE, BV_GRAIN_NONE, 8, 0, 1, FALSE, -400, 900, 0, FALSE };
  g_autoptr(BvFrame) frame = fixture_frame (&o);

  for (int horizontal = 0; horizontal < 2; horizontal++)
    {
      g_autoptr(BvScene) scene = build ("bar", horizontal ? "orientation=horizontal" : "", frame, 700, 400);
      double zero = zero_of (scene, horizontal != 0);
      double unit = 0;

      g_assert_cmpuint (bv_scene_get_n_marks (scene), ==, 8);
      for (guint i = 0; i < 8; i++)
        {
          const BvMark *mark = bv_scene_get_mark (scene, i);
          double v = bv_frame_get_double (frame, 1, mark->row);
          double from = horizontal ? mark->x : mark->y;
          double length = horizontal ? mark->width : mark->height;
          gboolean after = horizontal ? v > 0 : v < 0;

          g_assert_cmpuint (mark->row, ==, i);
          g_assert_cmpint (mark->column, ==, 1);
          g_assert_cmpfloat_with_epsilon (after ? from : from + length, zero, 0.51);
          if (i == 0)
            unit = length / fabs (v);
          g_assert_cmpfloat_with_epsilon (length, fabs (v) * unit, 0.5);
          g_assert_cmpint (bv_scene_hit (scene, mark->x + mark->width / 2, mark->y + mark->height / 2), ==, (int) i);
        }
    }
}

static const char *const compared[][2] = {
  { "bar", "" }, { "bar", "orientation=horizontal" }, { "bar", "stack=stacked" }, { "line", "" }, { "area", "" }, { "bar", "facet=Plan" }, { "line", "facet=Plan" },
};

/* What is drawn of the compared period can be pointed at and walked to, and says what it is: its row, and that period's column. */
static void
test_before (void)
{
  for (guint k = 0; k < G_N_ELEMENTS (compared); k++)
    for (guint n_series = strchr (compared[k][1], 'P') != NULL ? 2 : 0; n_series <= 2; n_series += 2)
      {
        FixtureOptions o = { TRUE, BV_GRAIN_MONTH, 6, n_series, 1, TRUE, 100, 900, 0, FALSE };
        g_autoptr(BvFrame) frame = fixture_frame (&o);
        g_autoptr(BvScene) scene = build (compared[k][0], compared[k][1], frame, 700, 400);
        const guint metric = n_series > 0 ? 2 : 1, n_rows = bv_frame_get_n_rows (frame);
        g_autofree gboolean *seen = g_new0 (gboolean, n_rows);
        guint n_before = 0;
        int first;

        for (guint i = 0; i < bv_scene_get_n_marks (scene); i++)
          {
            const BvSceneMark *scene_mark = bv_scene_mark (scene, i);
            const BvMark *mark = bv_scene_get_mark (scene, i);
            g_autofree char *before = bv_frame_format (frame, metric + 1, mark->row, scene->locale);
            const char *line = strchr (mark->text, '\n');

            g_assert_cmpint (bv_scene_hit (scene, scene_mark->x, scene_mark->y), ==, (int) i);
            if (!scene_mark->before)
              {
                g_assert_cmpint (mark->column, ==, (int) metric);
                g_assert_true (g_str_has_prefix (line, "\nWon revenue: "));
                continue;
              }
            g_assert_cmpint (mark->column, ==, (int) metric + 1);
            g_assert_true (g_str_has_prefix (line, "\nWon revenue, before: "));
            g_assert_true (g_str_has_prefix (line + strlen ("\nWon revenue, before: "), before));
            g_assert_nonnull (strstr (line, "\nWon revenue: "));
            g_assert_false (seen[mark->row]);
            seen[mark->row] = TRUE;
            n_before++;
          }
        g_assert_cmpuint (n_before, ==, n_rows);
        g_assert_cmpuint (bv_scene_get_n_marks (scene), ==, 2 * n_rows);

        /* The keyboard starts on the current period, stays on it along the axis, and comes to the other one across it. */
        first = bv_scene_step (scene, -1, BV_STEP_FIRST);
        g_assert_false (bv_scene_mark (scene, first)->before);
        for (int i = first, next; (next = bv_scene_step (scene, i, scene->vertical ? BV_STEP_DOWN : BV_STEP_RIGHT)) != i; i = next)
          g_assert_false (bv_scene_mark (scene, next)->before);
        n_before = 0;
        for (guint step = 0; step < 2; step++)
          for (int i = first, next; (next = bv_scene_step (scene, i, scene->vertical ? (step ? BV_STEP_LEFT : BV_STEP_RIGHT) : (step ? BV_STEP_UP : BV_STEP_DOWN))) != i; i = next)
            n_before += bv_scene_mark (scene, next)->before;
        g_assert_cmpuint (n_before, >, 0);
        g_assert_false (bv_scene_mark (scene, bv_scene_step (scene, -1, BV_STEP_LAST))->before);
      }
}

/* A row that is selected is dotted onto the line of the current period only. */
static void
test_before_selected (void)
{
  FixtureOptions o = { TRUE, BV_GRAIN_MONTH, 6, 0, 1, TRUE, 100, 900, 0, FALSE };
  g_autoptr(BvFrame) frame = fixture_frame (&o);
  g_autoptr(BvScene) scene = build ("line", "", frame, 700, 400);
  g_autoptr(GHashTable) rows = g_hash_table_new (NULL, NULL);
  cairo_surface_t *surface = cairo_image_surface_create (CAIRO_FORMAT_ARGB32, 700, 400);
  cairo_t *cr = cairo_create (surface);
  guint n_dots[2] = { 0 };

  g_hash_table_add (rows, GUINT_TO_POINTER (3));
  bv_scene_paint_selection (scene, cr, rows);
  cairo_surface_flush (surface);
  for (guint i = 0; i < bv_scene_get_n_marks (scene); i++)
    {
      const BvSceneMark *mark = bv_scene_mark (scene, i);
      const guint8 *pixel = cairo_image_surface_get_data (surface) + (int) mark->y * cairo_image_surface_get_stride (surface) + 4 * (int) mark->x;

      if (mark->mark.row == 3)
        n_dots[mark->before] += pixel[3] == 255;
    }
  g_assert_cmpuint (n_dots[FALSE], ==, 1);
  g_assert_cmpuint (n_dots[TRUE], ==, 0);
  cairo_destroy (cr);
  cairo_surface_destroy (surface);
}

/* A stack's parts lie end to end and are together as long as the sum; a share's as long as the whole axis. */
static void
test_stacks (void)
{
  FixtureOptions o = { FALSE, BV_GRAIN_NONE, 5, 4, 1, FALSE, 100, 900, 0, FALSE };
  g_autoptr(BvFrame) frame = fixture_frame (&o);
  g_autoptr(BvScene) stacked = build ("bar", "stack=stacked", frame, 700, 400);
  g_autoptr(BvScene) share = build ("bar", "stack=percent", frame, 700, 400);
  double unit = 0;

  for (guint p = 0; p < 5; p++)
    {
      double sum = 0, length = 0, share_length = 0, lowest = 0, highest = G_MAXDOUBLE;

      for (guint i = 0; i < bv_scene_get_n_marks (stacked); i++)
        if (bv_scene_mark (stacked, i)->x_index == p)
          {
            const BvMark *mark = bv_scene_get_mark (stacked, i);

            sum += bv_frame_get_double (frame, 2, mark->row);
            length += mark->height;
            share_length += bv_scene_get_mark (share, i)->height;
            lowest = MAX (lowest, mark->y + mark->height);
            highest = MIN (highest, mark->y);
          }
      if (p == 0)
        unit = length / sum;
      g_assert_cmpfloat_with_epsilon (length, sum * unit, 0.5);
      g_assert_cmpfloat_with_epsilon (lowest - highest, length, 0.01);
      g_assert_cmpfloat_with_epsilon (lowest, zero_of (stacked, FALSE), 0.51);
      g_assert_cmpfloat_with_epsilon (share_length, share->plot_height, 0.5);
    }
}

static void
test_pie (void)
{
  FixtureOptions o = { FALSE, BV_GRAIN_NONE, 7, 0, 1, FALSE, 10, 900, 0, FALSE };
  g_autoptr(BvFrame) frame = fixture_frame (&o);
  g_autoptr(BvScene) scene = build ("pie", "donut=true", frame, 500, 300);
  double sum = 0, end = 0;

  for (guint i = 0; i < 7; i++)
    sum += bv_frame_get_double (frame, 1, i);
  g_assert_cmpuint (bv_scene_get_n_marks (scene), ==, 7);
  for (guint i = 0; i < 7; i++)
    {
      const BvSceneMark *mark = bv_scene_mark (scene, i);
      double middle = (mark->a0 + mark->a1) / 2;
      double r = (mark->r0 + mark->r1) / 2;

      g_assert_cmpfloat_with_epsilon (mark->a0, end, 1e-9);
      g_assert_cmpfloat_with_epsilon ((mark->a1 - mark->a0) / (2 * G_PI), bv_frame_get_double (frame, 1, mark->mark.row) / sum, 1e-9);
      g_assert_cmpint (bv_scene_hit (scene, mark->x + r * sin (middle), mark->y - r * cos (middle)), ==, (int) i);
      end = mark->a1;
    }
  g_assert_cmpfloat_with_epsilon (end, 2 * G_PI, 1e-9);
  g_assert_cmpint (bv_scene_hit (scene, bv_scene_mark (scene, 0)->x, bv_scene_mark (scene, 0)->y), ==, -1); /* the hole */
}

/* A line breaks at an empty value and shows a lone one as a dot. */
static void
test_gaps (void)
{
  g_autoptr(BvFrame) frame = bv_frame_new ();
  g_autoptr(BvScene) scene = NULL;
  static const double values[] = { 1, 2, NAN, 3, NAN, NAN, 4, 5, 6 };
  guint n_lifts = 0, n_dots = 0, n_points = 0;

  bv_frame_add_column (frame, "Day", BV_TYPE_DATE, BV_ROLE_TIME)->grain = BV_GRAIN_DAY;
  bv_frame_add_column (frame, "Revenue", BV_TYPE_DOUBLE, BV_ROLE_METRIC);
  for (guint i = 0; i < G_N_ELEMENTS (values); i++)
    {
      bv_frame_append_int (frame, 0, 20000 + i);
      bv_frame_append_double (frame, 1, values[i]);
    }
  scene = build ("line", "", frame, 200, 150);
  for (guint i = 0; i < scene->shapes->len; i++)
    {
      const BvShape *s = bv_scene_shape (scene, i);

      if (s->part != BV_PART_DATA)
        continue;
      n_dots += s->kind == BV_SHAPE_CIRCLE;
      for (guint p = 0; s->kind == BV_SHAPE_PATH && p < s->n; p++)
        {
          n_lifts += isnan (bv_scene_point (scene, s->first + p)[0]) ? 1 : 0;
          n_points += isnan (bv_scene_point (scene, s->first + p)[0]) ? 0 : 1;
        }
    }
  g_assert_cmpuint (n_dots, ==, 1);
  g_assert_cmpuint (n_points, ==, 5);
  g_assert_cmpuint (n_lifts, ==, 2);
  g_assert_cmpuint (bv_scene_get_n_marks (scene), ==, 6);
}

/* However much a line is reduced, its highest and lowest values stay, and marks name their own rows. */
static void
test_reduce (void)
{
  const guint n = 60000;
  g_autoptr(BvFrame) frame = bv_frame_new ();
  g_autoptr(BvScene) scene = NULL;
  guint high = 31234, low = 7777;
  gboolean has_high = FALSE, has_low = FALSE, has_first = FALSE, has_last = FALSE;

  bv_frame_add_column (frame, "Time", BV_TYPE_TIMESTAMP, BV_ROLE_TIME);
  bv_frame_add_column (frame, "Load", BV_TYPE_DOUBLE, BV_ROLE_METRIC);
  for (guint i = 0; i < n; i++)
    {
      bv_frame_append_int (frame, 0, (gint64) i * 60 * BV_SECOND_US);
      bv_frame_append_double (frame, 1, i == high ? 500 : i == low ? -500 : 100 * fixture_wave (i));
    }
  scene = build ("line", "", frame, 600, 300);
  g_assert_cmpuint (bv_scene_get_n_marks (scene), <, 4 * 600 + 8);
  /* What is drawn reaches as high and as low as the extreme values. */
  {
    double top = G_MAXDOUBLE, bottom = 0, want_top = G_MAXDOUBLE, want_bottom = 0;

    for (guint i = 0; i < scene->shapes->len; i++)
      for (guint p = 0; bv_scene_shape (scene, i)->part == BV_PART_DATA && p < bv_scene_shape (scene, i)->n; p++)
        {
          const double *point = bv_scene_point (scene, bv_scene_shape (scene, i)->first + p);

          if (isnan (point[0]))
            continue;
          top = MIN (top, point[1]);
          bottom = MAX (bottom, point[1]);
        }
    for (guint i = 0; i < bv_scene_get_n_marks (scene); i++)
      {
        want_top = MIN (want_top, bv_scene_mark (scene, i)->y);
        want_bottom = MAX (want_bottom, bv_scene_mark (scene, i)->y);
      }
    g_assert_cmpfloat_with_epsilon (top, want_top, 0.6);
    g_assert_cmpfloat_with_epsilon (bottom, want_bottom, 0.6);
  }
  for (guint i = 0; i < bv_scene_get_n_marks (scene); i++)
    {
      const BvSceneMark *mark = bv_scene_mark (scene, i);

      has_high = has_high || mark->mark.row == high;
      has_low = has_low || mark->mark.row == low;
      has_first = has_first || mark->mark.row == 0;
      has_last = has_last || mark->mark.row == n - 1;
      g_assert_cmpint (bv_scene_mark (scene, (guint) bv_scene_hit (scene, mark->x, mark->y))->mark.row, ==, mark->mark.row);
    }
  g_assert_true (has_high && has_low && has_first && has_last);
}

/* Places that are left out are counted in a note. */
static void
test_too_many (void)
{
  FixtureOptions o = { FALSE, BV_GRAIN_NONE, 10000, 0, 1, FALSE, 10, 900, 0, FALSE };
  g_autoptr(BvFrame) frame = fixture_frame (&o);
  static const char *const types[] = { "bar", "pie", "table" };

  for (guint t = 0; t < G_N_ELEMENTS (types); t++)
    {
      g_autoptr(BvScene) scene = build (types[t], "", frame, 500, 300);
      gboolean noted = FALSE;

      for (guint i = 0; i < scene->texts->len; i++)
        noted = noted || (bv_scene_text (scene, i)->role == BV_TEXT_NOTE && strstr (bv_scene_text (scene, i)->text, "10,000") != NULL);
      g_assert_true (noted);
    }
}

static void
test_legend_toggles (void)
{
  FixtureOptions o = { TRUE, BV_GRAIN_MONTH, 12, 3, 1, FALSE, 10, 900, 0, FALSE };
  g_autoptr(BvFrame) frame = fixture_frame (&o);
  g_autoptr(BvChartSpec) spec = bv_chart_spec_new ("line");
  const char *hidden[] = { "Team", NULL };
  g_autoptr(BvScene) all = bv_chart_build (spec, frame, NULL, locale, 600, 300, NULL);
  g_autoptr(BvScene) some = bv_chart_build (spec, frame, NULL, locale, 600, 300, hidden);
  const BvLegendHit *hit;

  g_assert_cmpuint (bv_scene_get_n_marks (all), ==, 36);
  g_assert_cmpuint (bv_scene_get_n_marks (some), ==, 24);
  g_assert_cmpuint (some->legend->len, ==, 3);
  hit = &g_array_index (some->legend, BvLegendHit, 1);
  g_assert_cmpstr (bv_scene_hit_legend (some, hit->x + 2, hit->y + 2), ==, "Team");
  g_assert_null (bv_scene_hit_legend (some, 300, 100));
  /* The others keep their colours. */
  g_assert_cmpfloat_with_epsilon (bv_scene_mark (all, 35)->colour.r, bv_scene_mark (some, 23)->colour.r, 1e-9);
}

static void
test_walk (void)
{
  FixtureOptions o = { TRUE, BV_GRAIN_MONTH, 6, 2, 1, FALSE, 10, 900, 0, FALSE };
  g_autoptr(BvFrame) frame = fixture_frame (&o);
  g_autoptr(BvScene) scene = build ("bar", "stack=stacked", frame, 600, 300);
  int mark = bv_scene_step (scene, -1, BV_STEP_RIGHT);
  int series = bv_scene_mark (scene, mark)->mark.series;

  for (guint i = 0; i < 6; i++, mark = bv_scene_step (scene, mark, BV_STEP_RIGHT))
    {
      g_assert_cmpuint (bv_scene_mark (scene, mark)->x_index, ==, i);
      g_assert_cmpint (bv_scene_mark (scene, mark)->mark.series, ==, series);
    }
  mark = bv_scene_step (scene, mark, BV_STEP_FIRST);
  g_assert_cmpuint (bv_scene_mark (scene, mark)->x_index, ==, 0);
  mark = bv_scene_step (scene, mark, BV_STEP_UP); /* the part above, in the same month */
  g_assert_cmpint (bv_scene_mark (scene, mark)->mark.series, !=, series);
  g_assert_cmpuint (bv_scene_mark (scene, mark)->x_index, ==, 0);
  mark = bv_scene_step (scene, mark, BV_STEP_LAST);
  g_assert_cmpuint (bv_scene_mark (scene, mark)->x_index, ==, 5);
}

static const char *
text_with_role (BvScene *scene, BvTextRole role, guint nth)
{
  for (guint i = 0; i < scene->texts->len; i++)
    if (bv_scene_text (scene, i)->role == role && nth-- == 0)
      return bv_scene_text (scene, i)->text;
  return NULL;
}

/* The number of a chart along time is the column's total, never the sum of its buckets. */
static void
test_number (void)
{
  FixtureOptions o = { TRUE, BV_GRAIN_DAY, 28, 0, 1, TRUE, 0, 100, 0, FALSE };
  g_autoptr(BvFrame) frame = fixture_frame (&o);
  g_autoptr(BvScene) scene = NULL;

  bv_value_clear (&bv_frame_get_column (frame, 1)->total);
  bv_frame_get_column (frame, 1)->total = bv_value_double (740);
  bv_value_clear (&bv_frame_get_column (frame, 1)->total_compare);
  bv_frame_get_column (frame, 1)->total_compare = bv_value_double (592);
  scene = build ("number", "sparkline=true", frame, 400, 200);
  g_assert_cmpstr (text_with_role (scene, BV_TEXT_NUMBER, 0), ==, "740");
  g_assert_cmpstr (text_with_role (scene, BV_TEXT_VALUE, 0), ==, "↑ 25%");
  g_assert_cmpuint (bv_scene_get_mark (scene, 0)->row, ==, G_MAXUINT);
  g_clear_pointer (&scene, bv_scene_unref);

  /* Nothing to compare with: no made-up percentage. */
  bv_frame_get_column (frame, 1)->total_compare = bv_value_double (0);
  scene = build ("number", "", frame, 400, 200);
  g_assert_cmpstr (text_with_role (scene, BV_TEXT_VALUE, 0), ==, "–");
}

static void
test_texts (void)
{
  FixtureOptions o = { TRUE, BV_GRAIN_MONTH, 3, 0, 1, TRUE, 0, 100, 0, TRUE };
  g_autoptr(BvFrame) frame = fixture_frame (&o);
  g_autoptr(BvScene) scene = build ("line", "", frame, 400, 200);
  g_autofree char *value = bv_frame_format (frame, 1, 0, locale);
  const BvMark *mark = bv_scene_get_mark (scene, 0);

  g_assert_nonnull (strstr (mark->text, value));
  g_assert_nonnull (strstr (mark->text, "Nov 2025"));
  g_assert_nonnull (strstr (mark->text, "before"));
  g_assert_nonnull (strstr (bv_scene_get_alternative (scene), "Won revenue"));
}

/* Palettes stand out from the background and their first colours from each other. */
static void
test_palettes (void)
{
  static const BvColour backgrounds[] = { { 1, 1, 1, 1 }, { 0.14, 0.14, 0.16, 1 }, { 1, 1, 1, 1 } };

  for (const char *const *name = bv_palette_names (); *name != NULL; name++)
    for (int theme = 0; theme < 3; theme++)
      for (guint i = 0; i < 20; i++)
        {
          BvColour c = bv_palette_colour (*name, i, (BvTheme) theme);

          g_assert_cmpfloat (bv_colour_contrast (c, backgrounds[theme]), >=, 2.9);
          for (guint j = 0; j < i && i < 6 && name == bv_palette_names (); j++)
            {
              BvColour d = bv_palette_colour (*name, j, (BvTheme) theme);

              g_assert_cmpfloat (fabs (c.r - d.r) + fabs (c.g - d.g) + fabs (c.b - d.b), >, 0.2);
            }
        }
}

static void
test_options (void)
{
  g_autoptr(BvChartSpec) spec = bv_chart_spec_new ("bar");
  static const struct { const char *key, *value; gboolean ok; } cases[] = {
    { "stack", "percent", TRUE }, { "stack", "sideways", FALSE }, { "labels", "true", TRUE }, { "labels", "maybe", FALSE },
    { "donut", "true", FALSE }, { "series.A · b.colour", "#ff0000", TRUE }, { "series.A.colour", "red", FALSE },
    { "series.A.type", "line", TRUE }, { "series.A.type", "pie", FALSE }, { "series.A.size", "3", FALSE }, { "palette", "viridis", TRUE },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_auto(BvValue) value = bv_value_text (cases[i].value);

      if (bv_chart_spec_set_option (spec, cases[i].key, &value) != cases[i].ok)
        g_error ("%s=%s", cases[i].key, cases[i].value);
    }
  {
    g_autoptr(BvChartSpec) copy = bv_chart_spec_copy (spec);

    g_assert_true (bv_chart_spec_is (copy, "stack", "percent"));
    g_assert_true (bv_chart_spec_set_option (copy, "stack", &BV_VALUE_NULL));
    g_assert_true (bv_chart_spec_is (copy, "stack", "auto"));
  }
}

int
main (int argc, char *argv[])
{
  int result;

  g_test_init (&argc, &argv, NULL);
  locale = fixture_locale ();
  g_test_add_func ("/chart/scene/layout-random", test_layout_random);
  g_test_add_func ("/chart/scene/bars-from-zero", test_bars_from_zero);
  g_test_add_func ("/chart/scene/before", test_before);
  g_test_add_func ("/chart/scene/before-selected", test_before_selected);
  g_test_add_func ("/chart/scene/stacks", test_stacks);
  g_test_add_func ("/chart/scene/pie", test_pie);
  g_test_add_func ("/chart/scene/gaps", test_gaps);
  g_test_add_func ("/chart/scene/reduce", test_reduce);
  g_test_add_func ("/chart/scene/too-many", test_too_many);
  g_test_add_func ("/chart/scene/legend", test_legend_toggles);
  g_test_add_func ("/chart/scene/walk", test_walk);
  g_test_add_func ("/chart/scene/number", test_number);
  g_test_add_func ("/chart/scene/texts", test_texts);
  g_test_add_func ("/chart/scene/palettes", test_palettes);
  g_test_add_func ("/chart/scene/options", test_options);
  result = g_test_run ();
  bv_locale_unref (locale);
  return result;
}
