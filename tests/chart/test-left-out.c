/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What charts leave out, cut short or cannot know: they say so, and what remains is still right. */
#include "bv-chart-private.h"
#include "chart-samples.h"
#include "scene-check.h"

static BvLocale *locale;

static BvScene *
build (const char *type, const char *options, BvFrame *frame)
{
  const ChartSample sample = { type, type, options };
  g_autoptr(BvChartSpec) spec = sample_spec (&sample);
  BvScene *scene = bv_chart_build (spec, frame, NULL, locale, 900, 420, NULL);

  check_scene (scene, type);
  return scene;
}

static gboolean
has_text (BvScene *scene, const char *part)
{
  for (guint i = 0; i < scene->texts->len; i++)
    if (strstr (bv_scene_text (scene, i)->text, part) != NULL)
      return TRUE;
  return FALSE;
}

/* Each of @n first values with each of @k second ones; the first metric is 1, or all of @values in turn, each further one is 1 more. */
static BvFrame *
crossed (guint n, guint k, const double *values, guint n_values, guint n_metrics)
{
  BvFrame *frame = bv_frame_new ();

  bv_frame_add_column (frame, "From", BV_TYPE_TEXT, BV_ROLE_DIMENSION);
  bv_frame_add_column (frame, "To", BV_TYPE_TEXT, BV_ROLE_DIMENSION);
  for (guint m = 0; m < n_metrics; m++)
    {
      g_autofree char *name = g_strdup_printf ("N%u", m);

      bv_frame_add_column (frame, name, BV_TYPE_DOUBLE, BV_ROLE_METRIC);
    }
  for (guint i = 0, v = 0; i < n; i++)
    for (guint j = 0; j < k; j++, v++)
      {
        g_autofree char *from = g_strdup_printf ("from %u", i);
        g_autofree char *to = g_strdup_printf ("to %u", j);

        bv_frame_append_text (frame, 0, from, -1);
        bv_frame_append_text (frame, 1, to, -1);
        for (guint m = 0; m < n_metrics; m++)
          bv_frame_append_double (frame, 2 + m, m + (n_values > 0 ? values[v % n_values] : 1));
      }
  return frame;
}

/* A day has many instants: a cell cannot be one of them. */
static void
test_calendar (void)
{
  g_autoptr(BvFrame) frame = bv_frame_new ();
  g_autoptr(BvScene) scene = NULL;

  bv_frame_add_column (frame, "At", BV_TYPE_TIMESTAMP, BV_ROLE_DIMENSION);
  bv_frame_add_column (frame, "N", BV_TYPE_INT, BV_ROLE_METRIC);
  for (gint64 i = 0; i < 5; i++)
    {
      bv_frame_append_int (frame, 0, bv_days_from_civil (2026, 3, 4) * BV_DAY_US + i * 3600 * BV_SECOND_US);
      bv_frame_append_int (frame, 1, i);
    }
  scene = build ("calendar", "", frame);
  g_assert_cmpuint (bv_scene_get_n_marks (scene), ==, 0);
  g_assert_true (has_text (scene, "group the time by day"));
}

static void
test_box (void)
{
  static const double values[] = { -1, 0, 1, 10, 100 };
  g_autoptr(BvFrame) frame = crossed (3, 5, values, 5, 1);
  g_autoptr(BvScene) scene = build ("box", "scale=log", frame);
  g_autoptr(BvFrame) five = crossed (2, 2, NULL, 0, 5);
  g_autoptr(BvScene) two_groups = NULL;

  g_assert_true (has_text (scene, "6 values at or below zero have no place"));
  /* Of given quartiles a group has one set; two groups have several. */
  two_groups = build ("box", "", five);
  g_assert_cmpuint (bv_scene_get_n_marks (two_groups), ==, 0);
  g_assert_true (has_text (two_groups, "remove the others"));
}

/* The ends of bins are told apart whatever digits the metric shows. */
static void
test_bins (void)
{
  double values[40];
  g_autoptr(BvFrame) frame = NULL;
  g_autoptr(BvScene) scene = NULL;

  for (guint i = 0; i < 40; i++)
    values[i] = i / 40.0;
  frame = crossed (40, 1, values, 40, 1);
  bv_frame_get_column (frame, 2)->format.decimals = 0;
  scene = build ("histogram", "bin-width=0.125", frame);
  g_assert_cmpuint (bv_scene_get_n_marks (scene), ==, 8);
  g_assert_true (g_str_has_prefix (bv_scene_get_mark (scene, 1)->text, "From 0.125 to below 0.250\n5 rows"));
  g_assert_true (has_text (scene, "in bins of 0.125"));
}

/* What flows to destinations that are not shown still left its source. */
static void
test_sankey (void)
{
  g_autoptr(BvFrame) frame = crossed (2, 40, NULL, 0, 1);
  g_autoptr(BvScene) scene = build ("sankey", "", frame);

  g_assert_true (has_text (scene, "2 of 2 sources and 24 of 40 destinations shown"));
  g_assert_true (has_text (scene, "from 0  40"));
  g_assert_nonnull (strstr (bv_scene_get_mark (scene, 0)->text, "2.5% of the source"));
}

static void
test_persona (void)
{
  g_autoptr(BvFrame) frame = crossed (20, 1, NULL, 0, 1);
  g_autoptr(BvScene) scene = build ("persona", "", frame);

  g_assert_true (has_text (scene, "12 of 20 stages shown"));
  g_assert_nonnull (strstr (bv_scene_get_mark (scene, 0)->text, "5.0%"));
}

/* More cells than are kept: the note counts all groups. */
static void
test_heatmap (void)
{
  g_autoptr(BvFrame) frame = bv_frame_new ();
  g_autoptr(BvScene) scene = NULL;

  bv_frame_add_column (frame, "From", BV_TYPE_INT, BV_ROLE_DIMENSION);
  bv_frame_add_column (frame, "To", BV_TYPE_INT, BV_ROLE_DIMENSION);
  bv_frame_add_column (frame, "N", BV_TYPE_DOUBLE, BV_ROLE_METRIC);
  for (guint i = 0; i < 3000; i++)
    {
      bv_frame_append_int (frame, 0, i);
      bv_frame_append_int (frame, 1, i);
      bv_frame_append_double (frame, 2, i);
    }
  scene = build ("heatmap", "", frame);
  g_assert_true (has_text (scene, " of 3,000 shown"));
  g_assert_nonnull (strstr (bv_scene_get_alternative (scene), "3000 by 3000"));
}

/* Nothing is added up under the name of a total. */
static void
test_waterfall (void)
{
  g_autoptr(BvFrame) frame = crossed (2, 3, NULL, 0, 1);
  g_autoptr(BvScene) scene = NULL;
  guint n_sums = 0;

  bv_frame_get_column (frame, 2)->total = bv_value_double (5);
  scene = build ("waterfall", "facet=From", frame);
  g_assert_true (has_text (scene, "Sum"));
  g_assert_false (has_text (scene, "Total"));
  for (guint i = 0; i < bv_scene_get_n_marks (scene); i++)
    if (bv_scene_get_mark (scene, i)->row == BV_ROW_NONE)
      {
        g_assert_cmpstr (bv_scene_get_mark (scene, i)->text, ==, "Sum: 3");
        n_sums++;
      }
  g_assert_cmpuint (n_sums, ==, 2);
}

/* A slice that is part of the grey rest is grey in the legend too. */
static void
test_pie (void)
{
  g_autoptr(BvFrame) frame = bv_frame_new ();
  g_autoptr(BvScene) scene = NULL;
  const BvShape *rest = NULL, *last = NULL;

  bv_frame_add_column (frame, "Name", BV_TYPE_TEXT, BV_ROLE_DIMENSION);
  bv_frame_add_column (frame, "N", BV_TYPE_INT, BV_ROLE_METRIC);
  for (guint i = 0; i < 27; i++)
    {
      g_autofree char *name = g_strdup_printf ("%u", i);

      bv_frame_append_text (frame, 0, name, -1);
      bv_frame_append_int (frame, 1, 1);
    }
  scene = build ("pie", "legend=bottom", frame);
  for (guint i = 0; i < scene->shapes->len; i++)
    {
      const BvShape *shape = bv_scene_shape (scene, i);

      rest = shape->kind == BV_SHAPE_SECTOR && shape->mark < 0 ? shape : rest;
      last = shape->part == BV_PART_LEGEND ? shape : last;
    }
  g_assert_nonnull (rest);
  g_assert_nonnull (last);
  g_assert_cmpint (memcmp (&rest->fill, &last->fill, sizeof rest->fill), ==, 0);
}

/* Bounds that reach zero end at a logarithmic axis: they do not take the forecast away, nor do they count as values. */
static void
test_forecast (void)
{
  FixtureOptions o = { TRUE, BV_GRAIN_MONTH, 20, 0, 1, FALSE, 1, 1000, 0, FALSE };
  g_autoptr(BvFrame) frame = fixture_frame (&o);
  g_autoptr(BvScene) scene = build ("line", "scale=log;forecast=12", frame);
  guint n_forecast = 0;

  for (guint i = 0; i < bv_scene_get_n_marks (scene); i++)
    n_forecast += bv_scene_get_mark (scene, i)->row == BV_ROW_NONE;
  g_assert_nonnull (strstr (bv_scene_get_alternative (scene), "in 95 of 100 cases between 0 and"));
  g_assert_cmpuint (n_forecast, ==, 12);
  g_assert_false (has_text (scene, "at or below zero"));
}

/* Words tell what is seen: not what the legend has switched off. */
static void
test_alternative (void)
{
  FixtureOptions o = { TRUE, BV_GRAIN_MONTH, 12, 3, 1, FALSE, 0, 900, 0, TRUE };
  g_autoptr(BvFrame) frame = fixture_frame (&o);
  g_autoptr(BvChartSpec) spec = bv_chart_spec_new ("line");
  const char *const hidden[] = { "Team", NULL };
  g_autoptr(BvScene) scene = bv_chart_build (spec, frame, NULL, locale, 900, 420, hidden);

  g_assert_nonnull (strstr (bv_scene_get_alternative (scene), "Business"));
  g_assert_null (strstr (bv_scene_get_alternative (scene), "Team"));
}

/* Rows without a point are counted, of small multiples all together. */
static void
test_missing (void)
{
  static const double values[] = { 1, NAN, 3, INFINITY, 5 };

  for (int facet = 0; facet < 2; facet++)
    {
      g_autoptr(BvFrame) frame = crossed (2, 10, values, 5, 2);
      g_autoptr(BvScene) scene = build ("scatter", facet ? "facet=From" : "", frame);

      g_assert_true (has_text (scene, "4 rows lack a value and are not drawn"));
      g_assert_true (has_text (scene, "8 values are not finite and not drawn"));
    }
}

/* A goal of bars stacked to 100 % is a share as they are. */
static void
test_goal (void)
{
  g_autoptr(BvFrame) frame = sample_frame ("bar-goal");
  g_autoptr(BvScene) scene = build ("bar", "stack=percent;goal=0.25", frame);

  g_assert_true (has_text (scene, "Goal 25%"));
}

int
main (int argc, char *argv[])
{
  int result;

  g_test_init (&argc, &argv, NULL);
  locale = fixture_locale ();
  g_test_add_func ("/chart/left-out/calendar", test_calendar);
  g_test_add_func ("/chart/left-out/box", test_box);
  g_test_add_func ("/chart/left-out/bins", test_bins);
  g_test_add_func ("/chart/left-out/sankey", test_sankey);
  g_test_add_func ("/chart/left-out/persona", test_persona);
  g_test_add_func ("/chart/left-out/heatmap", test_heatmap);
  g_test_add_func ("/chart/left-out/waterfall", test_waterfall);
  g_test_add_func ("/chart/left-out/pie", test_pie);
  g_test_add_func ("/chart/left-out/forecast", test_forecast);
  g_test_add_func ("/chart/left-out/missing", test_missing);
  g_test_add_func ("/chart/left-out/alternative", test_alternative);
  g_test_add_func ("/chart/left-out/goal", test_goal);
  result = g_test_run ();
  bv_locale_unref (locale);
  return result;
}
