/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How long charts take to build and paint at 1200 × 800: ninja -C _build tests/chart/bench-chart && _build/tests/chart/bench-chart */
#include "chart-fixture.h"

static void
measure (const char *what, const char *type, BvFrame *frame, BvLocale *locale)
{
  g_autoptr(BvChartSpec) spec = bv_chart_spec_new (type);
  cairo_surface_t *surface = cairo_image_surface_create (CAIRO_FORMAT_ARGB32, 1200, 800);
  double best_build = G_MAXDOUBLE, best_paint = G_MAXDOUBLE;
  guint marks = 0;

  for (int round = 0; round < 8; round++)
    {
      gint64 start = g_get_monotonic_time ();
      g_autoptr(BvScene) scene = bv_chart_build (spec, frame, NULL, locale, 1200, 800, NULL);
      gint64 built = g_get_monotonic_time ();
      cairo_t *cr = cairo_create (surface);

      bv_scene_paint (scene, cr);
      cairo_destroy (cr);
      best_build = MIN (best_build, (built - start) / 1000.0);
      best_paint = MIN (best_paint, (g_get_monotonic_time () - built) / 1000.0);
      marks = bv_scene_get_n_marks (scene);
    }
  g_print ("%-36s %6u marks  build %6.2f ms  paint %6.2f ms\n", what, marks, best_build, best_paint);
  cairo_surface_destroy (surface);
}

int
main (void)
{
  g_autoptr(BvLocale) locale = fixture_locale ();
  FixtureOptions thousand = { TRUE, BV_GRAIN_DAY, 250, 4, 1, FALSE, 0, 900, 0, FALSE };
  FixtureOptions ten = { TRUE, BV_GRAIN_DAY, 500, 20, 1, FALSE, 0, 900, 0, FALSE };
  FixtureOptions table = { FALSE, BV_GRAIN_NONE, 100000, 0, 4, FALSE, 0, 900, 0, FALSE };
  g_autoptr(BvFrame) a = fixture_frame (&thousand);
  g_autoptr(BvFrame) b = fixture_frame (&ten);
  g_autoptr(BvFrame) t = fixture_frame (&table);
  g_autoptr(BvFrame) million = bv_frame_new ();

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
  measure ("table, 100,000 rows", "table", t, locale);
  return 0;
}
