/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How long charts take to build and paint at 1200 × 800 (medians; an argument names the one to run): ninja -C _build tests/chart/bench-chart && _build/tests/chart/bench-chart */
#include "chart-fixture.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

#define ROUNDS 15

/* Processor time of this thread in ms: what others do on the machine does not count. */
static double
now_ms (void)
{
  struct timespec t;

  clock_gettime (CLOCK_THREAD_CPUTIME_ID, &t);
  return (double) t.tv_sec * 1e3 + (double) t.tv_nsec / 1e6;
}

static int
compare_doubles (const void *a, const void *b)
{
  return *(const double *) a < *(const double *) b ? -1 : 1;
}

static const char *only;

static void
measure (const char *what, const char *type, BvFrame *frame, BvLocale *locale)
{
  g_autoptr(BvChartSpec) spec = bv_chart_spec_new (type);
  cairo_surface_t *surface = cairo_image_surface_create (CAIRO_FORMAT_ARGB32, 1200, 800);
  double build[ROUNDS], paint[ROUNDS], both[ROUNDS];
  guint marks = 0;

  if (only != NULL && strstr (what, only) == NULL)
    {
      cairo_surface_destroy (surface);
      return;
    }
  for (int round = 0; round < ROUNDS; round++)
    {
      double start = now_ms ();
      g_autoptr(BvScene) scene = bv_chart_build (spec, frame, NULL, locale, 1200, 800, NULL);
      double built = now_ms ();
      cairo_t *cr = cairo_create (surface);

      bv_scene_paint (scene, cr);
      cairo_destroy (cr);
      build[round] = built - start;
      paint[round] = now_ms () - built;
      both[round] = build[round] + paint[round];
      marks = bv_scene_get_n_marks (scene);
    }
  qsort (build, ROUNDS, sizeof (double), compare_doubles);
  qsort (paint, ROUNDS, sizeof (double), compare_doubles);
  qsort (both, ROUNDS, sizeof (double), compare_doubles);
  g_print ("%-36s %6u marks  build %7.2f  paint %7.2f  both %7.2f ms (best %7.2f)\n", what, marks, build[ROUNDS / 2], paint[ROUNDS / 2],
           both[ROUNDS / 2], both[0]);
  cairo_surface_destroy (surface);
}

int
main (int argc, char *argv[])
{
  g_autoptr(BvLocale) locale = fixture_locale ();
  FixtureOptions thousand = { TRUE, BV_GRAIN_DAY, 250, 4, 1, FALSE, 0, 900, 0, FALSE };
  FixtureOptions ten = { TRUE, BV_GRAIN_DAY, 500, 20, 1, FALSE, 0, 900, 0, FALSE };
  FixtureOptions table = { FALSE, BV_GRAIN_NONE, 100000, 0, 4, FALSE, 0, 900, 0, FALSE };
  g_autoptr(BvFrame) a = fixture_frame (&thousand);
  g_autoptr(BvFrame) b = fixture_frame (&ten);
  g_autoptr(BvFrame) t = fixture_frame (&table);
  g_autoptr(BvFrame) million = bv_frame_new ();

  only = argc > 1 ? argv[1] : NULL;
  bv_frame_add_column (million, "Time", BV_TYPE_TIMESTAMP, BV_ROLE_TIME);
  bv_frame_add_column (million, "Load", BV_TYPE_DOUBLE, BV_ROLE_METRIC);
  for (guint i = 0; i < 1000000; i++)
    {
      bv_frame_append_int (million, 0, (gint64) i * 60 * BV_SECOND_US);
      bv_frame_append_double (million, 1, 100 * fixture_wave (i));
    }
  measure ("line, 4 × 250 points", "line", a, locale);
  measure ("stacked bars, 4 × 250", "bar", a, locale);
  measure ("line, 20 × 500 points", "line", b, locale);
  measure ("stacked bars, 20 × 500", "bar", b, locale);
  measure ("line, a million points", "line", million, locale);
  /* Lines that wander as measures do: the ones above jump from end to end at each point. */
  {
    g_autoptr(BvFrame) walk = bv_frame_new ();

    bv_frame_add_column (walk, "Day", BV_TYPE_DATE, BV_ROLE_TIME)->grain = BV_GRAIN_DAY;
    bv_frame_add_column (walk, "Plan", BV_TYPE_TEXT, BV_ROLE_SERIES);
    bv_frame_add_column (walk, "Load", BV_TYPE_DOUBLE, BV_ROLE_METRIC);
    for (guint s = 0; s < 20; s++)
      {
        g_autofree char *name = g_strdup_printf ("Plan %u", s);
        double v = 100;

        for (guint i = 0; i < 500; i++)
          {
            v += 10 * (fixture_wave (s * 500 + i) - 0.5);
            bv_frame_append_int (walk, 0, 20000 + i);
            bv_frame_append_text (walk, 1, name, -1);
            bv_frame_append_double (walk, 2, v);
          }
      }
    measure ("wandering lines, 20 × 500 points", "line", walk, locale);
  }
  measure ("table, 100,000 rows", "table", t, locale);
  {
    FixtureOptions cells = { FALSE, BV_GRAIN_NONE, 100, 100, 1, FALSE, 0, 900, 0, FALSE };
    FixtureOptions points = { FALSE, BV_GRAIN_NONE, 4900, 0, 2, FALSE, 0, 900, 0, FALSE };
    FixtureOptions parts = { FALSE, BV_GRAIN_NONE, 1000, 0, 1, FALSE, 1, 900, 0, FALSE };
    FixtureOptions groups = { FALSE, BV_GRAIN_NONE, 40, 40, 1, FALSE, 0, 900, 0, FALSE };
    FixtureOptions cloud = { FALSE, BV_GRAIN_NONE, 1000000, 0, 2, FALSE, 0, 900, 0, FALSE };
    g_autoptr(BvFrame) heat = fixture_frame (&cells);
    g_autoptr(BvFrame) dots = fixture_frame (&points);
    g_autoptr(BvFrame) tiles = fixture_frame (&parts);
    g_autoptr(BvFrame) flows = fixture_frame (&groups);
    g_autoptr(BvFrame) dense = fixture_frame (&cloud);

    measure ("heat map, 100 × 100", "heatmap", heat, locale);
    measure ("scatter, 4,900 points", "scatter", dots, locale);
    measure ("treemap, 1,000 tiles", "treemap", tiles, locale);
    measure ("Sankey, 40 × 40", "sankey", flows, locale);
    measure ("scatter, a million points", "scatter", dense, locale);
    measure ("histogram, a million rows", "histogram", dense, locale);
  }
  return 0;
}
