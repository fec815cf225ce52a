/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What makes charts pleasant to read beyond being right: things that belong together look alike and stand in line. */
#include "bv-chart-private.h"
#include "chart-samples.h"
#include "scene-check.h"

static BvLocale *locale;

static BvScene *
build (const char *type, const char *options, BvFrame *frame, double width, double height)
{
  const ChartSample sample = { type, type, options };
  g_autoptr(BvChartSpec) spec = sample_spec (&sample);
  BvScene *scene = bv_chart_build (spec, frame, NULL, locale, width, height, NULL);

  check_scene (scene, type);
  return scene;
}

/* Numbers side by side stand on one line, also when the change of only one of them has no room beside it. */
static void
test_numbers (void)
{
  FixtureOptions o = { FALSE, BV_GRAIN_NONE, 0, 0, 2, TRUE, 0, 1000, 0, TRUE };
  g_autoptr(BvFrame) frame = fixture_frame (&o);

  bv_frame_get_column (frame, 0)->format.decimals = 6;
  for (double width = 200; width < 500; width += 10)
    {
      g_autoptr(BvScene) scene = build ("number", "", frame, width, 100);
      double names[2] = { 0 };
      guint n = 0;

      for (guint i = 0; i < scene->texts->len; i++)
        if (bv_scene_text (scene, i)->role == BV_TEXT_HEADER && n < 2)
          names[n++] = bv_scene_text (scene, i)->y;
      if (bv_scene_get_n_marks (scene) == 2 && fabs (bv_scene_get_mark (scene, 0)->y - bv_scene_get_mark (scene, 1)->y) < 0.01)
        g_assert_cmpfloat_with_epsilon (names[0], names[1], 0.01);
    }
}

/* A logarithmic axis around zero ends near its values. */
static void
test_symlog (void)
{
  g_autoptr(BvFrame) frame = sample_frame ("bar-symlog");

  for (double height = 160; height < 700; height += 20)
    {
      g_autoptr(BvScene) scene = build ("bar", "scale=symlog", frame, 500, height);
      double bottom = 0;

      for (guint i = 0; i < bv_scene_get_n_marks (scene); i++)
        bottom = MAX (bottom, bv_scene_get_mark (scene, i)->y + bv_scene_get_mark (scene, i)->height);
      g_assert_cmpfloat (scene->plot_y + scene->plot_height - bottom, <=, scene->plot_height * 0.2 + 1);
    }
}

/* All cells of a heat map say their value, or none does. */
static void
test_heatmap (void)
{
  g_autoptr(BvFrame) frame = sample_frame ("heatmap");

  for (double width = 200; width < 900; width += 20)
    {
      g_autoptr(BvScene) scene = build ("heatmap", "", frame, width, 360);
      guint n = 0;

      for (guint i = 0; i < scene->texts->len; i++)
        n += bv_scene_text (scene, i)->role == BV_TEXT_VALUE;
      if (n != 0)
        g_assert_cmpuint (n, ==, bv_scene_get_n_marks (scene));
    }
}

/* The months that a calendar names are equally many apart. */
static void
test_calendar (void)
{
  static const char *const months = "JanFebMarAprMayJunJulAugSepOctNovDec";
  g_autoptr(BvFrame) frame = sample_frame ("calendar");

  for (double width = 120; width < 900; width += 20)
    {
      g_autoptr(BvScene) scene = build ("calendar", "", frame, width, 300);
      long last = -1, step = 0;

      for (guint i = 0; i < scene->texts->len; i++)
        {
          const BvTextRun *run = bv_scene_text (scene, i);
          long month;

          if (run->role != BV_TEXT_AXIS_X)
            continue;
          month = (strstr (months, run->text[3] != '\0' ? "Sep" : run->text) - months) / 3;
          if (last >= 0 && month > last)
            {
              if (step > 0)
                g_assert_cmpint (month - last, ==, step);
              step = month - last;
            }
          last = month;
        }
    }
}

/* A calendar says which year it shows, also when there is one only, and of many years as many as its note says. */
static void
test_calendar_years (void)
{
  for (int n_years = 1; n_years <= 30; n_years += 29)
    {
      g_autoptr(BvFrame) frame = bv_frame_new ();

      bv_frame_add_column (frame, "Day", BV_TYPE_DATE, BV_ROLE_TIME)->grain = BV_GRAIN_DAY;
      bv_frame_add_column (frame, "Deals", BV_TYPE_INT, BV_ROLE_METRIC);
      for (int i = 0; i < n_years * 365; i += 10)
        {
          bv_frame_append_int (frame, 0, bv_days_from_civil (2025, 1, 1) - (n_years - 1) * 365 + i);
          bv_frame_append_int (frame, 1, i);
        }
      for (double height = 150; height < 900; height += 7)
        {
          g_autoptr(BvScene) scene = build ("calendar", "", frame, 300, height);
          g_autofree char *note = NULL;
          guint n_named = 0;
          gboolean noted = FALSE;

          for (guint i = 0; i < scene->texts->len; i++)
            n_named += bv_scene_text (scene, i)->role == BV_TEXT_HEADER;
          g_assert_cmpuint (n_named, >=, 1);
          note = g_strdup_printf ("%u of %d years shown", n_named, n_years);
          for (guint i = 0; i < scene->texts->len; i++)
            noted |= strcmp (bv_scene_text (scene, i)->text, note) == 0;
          g_assert_true (noted == (n_named < (guint) n_years));
        }
    }
}

/* The steps of a retention chart are named in full as long as every third fits. */
static void
test_retention (void)
{
  g_autoptr(BvFrame) frame = sample_frame ("retention");
  g_autoptr(BvScene) scene = build ("retention", "", frame, 560, 320);
  guint n = 0;

  for (guint i = 0; i < scene->texts->len; i++)
    if (bv_scene_text (scene, i)->role == BV_TEXT_AXIS_X)
      {
        g_assert_true (g_str_has_prefix (bv_scene_text (scene, i)->text, "Month "));
        n++;
      }
  g_assert_cmpuint (n, >=, 4);
}

/* Names of groups are turned rather than cut while there is room below. */
static void
test_groups (void)
{
  g_autoptr(BvFrame) frame = sample_frame ("waterfall");

  for (double width = 420; width < 800; width += 20)
    {
      g_autoptr(BvScene) scene = build ("waterfall", "", frame, width, 320);

      for (guint i = 0; i < scene->texts->len; i++)
        if (bv_scene_text (scene, i)->role == BV_TEXT_AXIS_X)
          if (strstr (bv_scene_text (scene, i)->text, "…") != NULL)
            g_error ("%g wide: “%s”", width, bv_scene_text (scene, i)->text);
    }
}

/* Labels of the last group end before a legend at the right. */
static void
test_legend (void)
{
  FixtureOptions o = { FALSE, BV_GRAIN_NONE, 4, 6, 2, FALSE, 0, 900, 0, FALSE };
  g_autoptr(BvFrame) frame = fixture_frame (&o);

  for (double width = 200; width < 420; width += 4)
    for (double height = 90; height < 180; height += 5)
      {
        g_autoptr(BvScene) lines = build ("line", "legend=right;start-at-zero=true", frame, width, height);
        g_autoptr(BvScene) bars = build ("bar", "legend=right;orientation=horizontal", frame, width, height);

        g_assert_cmpuint (bv_scene_get_n_marks (lines), >, 0);
        g_assert_cmpuint (bv_scene_get_n_marks (bars), >, 0);
      }
}

/* Labels of panels stand at their grid lines, the lowest too. */
static void
test_panels (void)
{
  g_autoptr(BvFrame) frame = sample_frame ("facets");
  g_autoptr(BvScene) scene = build ("line", "facet=Plan", frame, 700, 420);
  guint n = 0;

  for (guint i = 0; i < scene->texts->len; i++)
    {
      const BvTextRun *run = bv_scene_text (scene, i);
      double nearest = G_MAXDOUBLE;

      if (run->role != BV_TEXT_AXIS_Y)
        continue;
      n++;
      for (guint k = 0; k < scene->shapes->len; k++)
        {
          const BvShape *shape = bv_scene_shape (scene, k);

          if (shape->part == BV_PART_GRID || shape->part == BV_PART_ZERO)
            nearest = MIN (nearest, fabs (bv_scene_point (scene, shape->first)[1] - run->y - run->height / 2));
        }
      g_assert_cmpfloat (nearest, <=, 1);
    }
  g_assert_cmpuint (n, >=, 4);
}

/* A translucent band is of one colour all along, wherever its pieces meet. */
static void
test_seams (void)
{
  g_autoptr(BvFrame) frame = sample_frame ("sankey");
  cairo_surface_t *surface = cairo_image_surface_create (CAIRO_FORMAT_RGB24, 203, 40);
  cairo_t *cr = cairo_create (surface);
  g_autoptr(BvScene) scene = bv_scene_new (frame, locale, 203, 40);
  BvShape *shape = bv_scene_add_path (scene, BV_PART_DATA);
  const guint32 *row;

  scene->font_family = g_strdup ("sans-serif");
  shape->closed = TRUE;
  shape->fill = (BvColour){ 0, 0.4, 0.7, 0.4 };
  for (int side = 0; side < 2; side++)
    for (int k = 0; k <= 20; k++)
      bv_scene_add_point (scene, 1 + 10.03 * (side == 0 ? k : 20 - k), side == 0 ? 10 : 30);
  cairo_set_source_rgb (cr, 1, 1, 1);
  cairo_paint (cr);
  bv_scene_paint (scene, cr);
  cairo_surface_flush (surface);
  row = (const guint32 *) (gpointer) (cairo_image_surface_get_data (surface) + 20 * cairo_image_surface_get_stride (surface));
  for (int x = 3; x < 200; x++)
    g_assert_cmphex (row[x] & 0xffffff, ==, row[2] & 0xffffff);
  cairo_destroy (cr);
  cairo_surface_destroy (surface);
}

int
main (int argc, char *argv[])
{
  int result;

  g_test_init (&argc, &argv, NULL);
  locale = fixture_locale ();
  g_test_add_func ("/chart/looks/numbers", test_numbers);
  g_test_add_func ("/chart/looks/symlog", test_symlog);
  g_test_add_func ("/chart/looks/heatmap", test_heatmap);
  g_test_add_func ("/chart/looks/calendar", test_calendar);
  g_test_add_func ("/chart/looks/calendar-years", test_calendar_years);
  g_test_add_func ("/chart/looks/retention", test_retention);
  g_test_add_func ("/chart/looks/groups", test_groups);
  g_test_add_func ("/chart/looks/legend", test_legend);
  g_test_add_func ("/chart/looks/panels", test_panels);
  g_test_add_func ("/chart/looks/seams", test_seams);
  result = g_test_run ();
  bv_locale_unref (locale);
  return result;
}
