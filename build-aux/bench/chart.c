/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How long charts take to build and paint at 1200 × 800, each type with about a thousand and about ten thousand things to draw (medians of the
 * thread's processor time; an argument is a part of the names to run). A line that is over its limit (4 and 16 ms, 30 ms for a line of a million points) ends in "OVER":
 * ninja -C _build tests/chart/bench-chart && _build/tests/chart/bench-chart
 */
#include "chart-samples.h"

#include <locale.h>
#include <stdlib.h>
#include <time.h>

#define ROUNDS 15

static const char *only;
static BvLocale *locale;

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

static gboolean
wanted (const char *what)
{
  return only == NULL || strstr (what, only) != NULL;
}

/* @options: "key=value;…"; the frame is only made when the line is wanted. */
#define MEASURE(what, limit, type, options, frame) \
  G_STMT_START { if (wanted (what)) measure (what, limit, type, options, frame); } G_STMT_END

/* Takes @frame. */
static void
measure (const char *what, double limit, const char *type, const char *options, BvFrame *frame)
{
  const ChartSample sample = { what, type, options };
  g_autoptr(BvChartSpec) spec = sample_spec (&sample);
  cairo_surface_t *surface = cairo_image_surface_create (CAIRO_FORMAT_ARGB32, 1200, 800);
  double build[ROUNDS], paint[ROUNDS], both[ROUNDS];
  guint marks = 0;

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
  g_print ("%-38s %6u marks  build %6.2f  paint %6.2f  both %6.2f ms (best %6.2f)%s\n", what, marks, build[ROUNDS / 2], paint[ROUNDS / 2],
           both[ROUNDS / 2], both[0], both[ROUNDS / 2] > limit ? "  OVER" : "");
  cairo_surface_destroy (surface);
  bv_frame_unref (frame);
}

static BvFrame *
cells (gboolean time, guint places, guint series, guint metrics)
{
  FixtureOptions o = { .time = time, .grain = time ? BV_GRAIN_DAY : BV_GRAIN_NONE, .n_places = places, .n_series = series, .n_metrics = metrics, .high = 900 };

  return fixture_frame (&o);
}

/* Lines that wander as measures do: those of cells() jump from end to end at each point. */
static BvFrame *
wander (guint series, guint places)
{
  BvFrame *frame = cells (TRUE, places, series, 1);
  double *v = (double *) (gpointer) bv_frame_get_column (frame, 2)->data->data;

  for (guint s = 0; s < series; s++)
    for (guint i = 0; i < places; i++)
      v[i * series + s] = (i > 0 ? v[(i - 1) * series + s] : 100) + 10 * (fixture_wave (s * 500 + i) - 0.5);
  return frame;
}

/* The combinations of two text groups. */
static BvFrame *
cross (guint first, guint second, guint metrics)
{
  BvFrame *frame = cells (FALSE, first, second, metrics);

  if (second > 0)
    bv_frame_get_column (frame, 1)->role = BV_ROLE_DIMENSION;
  return frame;
}

static BvFrame *
cohorts (guint n)
{
  BvFrame *frame = bv_frame_new ();

  bv_frame_add_column (frame, "First month", BV_TYPE_TEXT, BV_ROLE_DIMENSION);
  bv_frame_add_column (frame, "Month", BV_TYPE_TEXT, BV_ROLE_SERIES);
  bv_frame_add_column (frame, "Active", BV_TYPE_INT, BV_ROLE_METRIC);
  bv_frame_add_column (frame, "Cohort size", BV_TYPE_INT, BV_ROLE_METRIC);
  for (guint i = 0; i < n; i++)
    for (guint step = 0; step + i < n; step++)
      {
        g_autofree char *name = g_strdup_printf ("%u-%02u", 2000 + i / 12, i % 12 + 1);
        g_autofree char *month = g_strdup_printf ("Month %03u", step);

        bv_frame_append_text (frame, 0, name, -1);
        bv_frame_append_text (frame, 1, month, -1);
        bv_frame_append_int (frame, 2, (gint64) (900 * fixture_wave (i * 31 + step)));
        bv_frame_append_int (frame, 3, 1000);
      }
  return frame;
}

static BvFrame *
points (guint n)
{
  BvFrame *frame = bv_frame_new ();

  bv_frame_add_column (frame, "Longitude", BV_TYPE_DOUBLE, BV_ROLE_DIMENSION);
  bv_frame_add_column (frame, "Latitude", BV_TYPE_DOUBLE, BV_ROLE_DIMENSION);
  bv_frame_add_column (frame, "Revenue", BV_TYPE_DOUBLE, BV_ROLE_METRIC);
  for (guint i = 0; i < n; i++)
    {
      bv_frame_append_double (frame, 0, -170 + 340 * fixture_wave (i));
      bv_frame_append_double (frame, 1, -55 + 125 * fixture_wave (i + 10 * n));
      bv_frame_append_double (frame, 2, 20000 * fixture_wave (i + 20 * n));
    }
  return frame;
}

static BvFrame *
metrics_only (guint n)
{
  BvFrame *frame = bv_frame_new ();

  for (guint i = 0; i < n; i++)
    {
      g_autofree char *name = g_strdup_printf ("Step %u", i);

      bv_frame_add_column (frame, name, BV_TYPE_DOUBLE, BV_ROLE_METRIC);
    }
  for (guint i = 0; i < n; i++)
    bv_frame_append_double (frame, i, 1000 - 0.9 * i);
  return frame;
}

static BvFrame *
million (void)
{
  BvFrame *frame = bv_frame_new ();

  bv_frame_add_column (frame, "Time", BV_TYPE_TIMESTAMP, BV_ROLE_TIME);
  bv_frame_add_column (frame, "Load", BV_TYPE_DOUBLE, BV_ROLE_METRIC);
  for (guint i = 0; i < 1000000; i++)
    {
      bv_frame_append_int (frame, 0, (gint64) i * 60 * BV_SECOND_US);
      bv_frame_append_double (frame, 1, 100 * fixture_wave (i));
    }
  return frame;
}

int
main (int argc, char *argv[])
{
  setlocale (LC_ALL, "");
  locale = fixture_locale ();
  only = argc > 1 ? argv[1] : NULL;
  for (int ten = 0; ten < 2; ten++)
    {
      double limit = ten ? 16 : 4;
      guint k = ten ? 10 : 1;
      guint side = ten ? 100 : 32;

#define NAME(what) ten ? what ", 10,000" : what ", 1,000"
      MEASURE (NAME ("line of jumps"), limit, "line", "", ten ? cells (TRUE, 500, 20, 1) : cells (TRUE, 250, 4, 1));
      MEASURE (NAME ("line"), limit, "line", "", ten ? wander (20, 500) : wander (4, 250));
      MEASURE (NAME ("line, logarithmic"), limit, "line", "scale=log", ten ? wander (20, 500) : wander (4, 250));
      MEASURE (NAME ("line with labels"), limit, "line", "labels=true", ten ? wander (20, 500) : wander (4, 250));
      MEASURE (NAME ("area"), limit, "area", "", ten ? cells (TRUE, 500, 20, 1) : cells (TRUE, 250, 4, 1));
      MEASURE (NAME ("stacked bars"), limit, "bar", "", ten ? cells (TRUE, 500, 20, 1) : cells (TRUE, 250, 4, 1));
      MEASURE (NAME ("grouped bars"), limit, "bar", "stack=grouped", ten ? cells (TRUE, 500, 20, 1) : cells (TRUE, 250, 4, 1));
      MEASURE (NAME ("bars to 100 %, labels"), limit, "bar", "stack=percent;labels=true", ten ? cells (FALSE, 500, 20, 1) : cells (FALSE, 50, 20, 1));
      MEASURE (NAME ("horizontal bars, labels"), limit, "bar", "orientation=horizontal;labels=true", ten ? cells (FALSE, 500, 20, 1) : cells (FALSE, 50, 20, 1));
      MEASURE (NAME ("combo"), limit, "combo", "", ten ? cells (TRUE, 2000, 0, 5) : cells (TRUE, 200, 0, 5));
      MEASURE (NAME ("small multiples of lines"), limit, "line", "facet=Plan", ten ? wander (20, 500) : wander (20, 50));
      MEASURE (NAME ("small multiples of bars"), limit, "bar", "facet=Plan", ten ? cells (FALSE, 500, 20, 1) : cells (FALSE, 50, 20, 1));
      MEASURE (NAME ("scatter"), limit, "scatter", "", cells (FALSE, 1000 * k, 0, 2));
      MEASURE (NAME ("scatter with labels"), limit, "scatter", "labels=true", cells (FALSE, 1000 * k, 0, 2));
      MEASURE (NAME ("bubbles"), limit, "scatter", "", cells (FALSE, 1000 * k, 0, 3));
      MEASURE (NAME ("pie"), limit, "pie", "", cells (FALSE, 1000 * k, 0, 1));
      MEASURE (NAME ("treemap"), limit, "treemap", "", cells (FALSE, 1000 * k, 0, 1));
      MEASURE (NAME ("treemap of two groups"), limit, "treemap", "", cross (ten ? 100 : 20, ten ? 100 : 50, 1));
      MEASURE (NAME ("table, rows"), limit, "table", "", cells (FALSE, 1000 * k, 0, 4));
      MEASURE (NAME ("heat map"), limit, "heatmap", "", cross (side, side, 1));
      MEASURE (NAME ("heat map with labels"), limit, "heatmap", "labels=true", cross (side, side, 1));
      MEASURE (NAME ("retention"), limit, "retention", "", cohorts (ten ? 141 : 45));
      MEASURE (NAME ("funnel"), limit, "funnel", "", cells (FALSE, 1000 * k, 0, 1));
      MEASURE (NAME ("waterfall"), limit, "waterfall", "labels=true", cells (FALSE, 1000 * k, 0, 1));
      MEASURE (NAME ("calendar, days"), limit, "calendar", "", cells (TRUE, 1000 * k, 0, 1));
      MEASURE (NAME ("histogram, rows"), limit, "histogram", "", cells (FALSE, 1000 * k, 0, 1));
      MEASURE (NAME ("box plot"), limit, "box", "", cross (ten ? 200 : 100, ten ? 50 : 10, 1));
      MEASURE (NAME ("Sankey"), limit, "sankey", "", cross (side, side, 1));
      MEASURE (NAME ("persona grid"), limit, "persona", "", cross (side, side, 1));
      MEASURE (NAME ("points on a map"), limit, "map", "", points (1000 * k));
#undef NAME
    }
  MEASURE ("map of the world", 4, "map", "", sample_frame ("map-world"));
  MEASURE ("200 numbers", 4, "number", "", metrics_only (200));
  MEASURE ("gauge", 4, "gauge", "", sample_frame ("gauge"));
  MEASURE ("line, a million points", 30, "line", "", million ());
  MEASURE ("table, 100,000 rows", 30, "table", "", cells (FALSE, 100000, 0, 4));
  MEASURE ("scatter, a million points", 60, "scatter", "", cells (FALSE, 1000000, 0, 2));
  MEASURE ("histogram, a million rows", 60, "histogram", "", cells (FALSE, 1000000, 0, 2));
  bv_locale_unref (locale);
  return 0;
}
