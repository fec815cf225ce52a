/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How long the frames of a scrolled table take: 300,000 rows (or ARGUMENT) of eight columns with bars and colours, at 1200 × 800 (medians and the
 * ninth of ten of the thread's processor time from the wheel to the painted frame, cairo renderer):
 * ninja -C _build tests/widgets/bench-grid && GSK_RENDERER=cairo GDK_BACKEND=x11 build-aux/headless.sh _build/tests/widgets/bench-grid
 */
#include "bv-data-grid.h"

#include "chart-fixture.h"
#include "../../tests/widgets/widget-test.h"

#include <locale.h>
#include <stdlib.h>
#include <time.h>

#define FRAMES 120

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

static GtkWidget *
find (GtkWidget *widget, GType type)
{
  if (G_TYPE_CHECK_INSTANCE_TYPE (widget, type))
    return widget;
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL; child = gtk_widget_get_next_sibling (child))
    {
      GtkWidget *found = find (child, type);

      if (found != NULL)
        return found;
    }
  return NULL;
}

/* Moves by @step pixels for each frame. */
static void
scroll (const char *what, GtkWidget *grid, GtkAdjustment *adjustment, double step)
{
  double times[FRAMES];

  for (int i = 0; i < FRAMES; i++)
    {
      double value = gtk_adjustment_get_value (adjustment) + step;
      double start = now_ms ();

      if (value > gtk_adjustment_get_upper (adjustment) - gtk_adjustment_get_page_size (adjustment))
        value = 0;
      gtk_adjustment_set_value (adjustment, value);
      widget_test_wait (grid);
      times[i] = now_ms () - start;
    }
  qsort (times, FRAMES, sizeof (double), compare_doubles);
  g_print ("%-34s median %6.2f ms, nine of ten under %6.2f, best %6.2f\n", what, times[FRAMES / 2], times[FRAMES * 9 / 10], times[0]);
}

int
main (int argc, char *argv[])
{
  g_autoptr(BvLocale) locale = NULL;
  FixtureOptions o = { .n_places = 300000, .n_metrics = 7, .low = -200, .high = 900, .money = TRUE };
  g_autoptr(BvFrame) frame = NULL;
  g_autoptr(BvChartSpec) spec = bv_chart_spec_new ("table");
  BvValue yes = bv_value_bool (TRUE);
  g_auto(BvValue) signs = bv_value_text ("signs");
  GtkWidget *window, *grid, *scroller;
  double start;

  gtk_init ();
  adw_init ();
  setlocale (LC_ALL, "");
  locale = fixture_locale ();
  if (argc > 1)
    o.n_places = (guint) strtoul (argv[1], NULL, 10);
  frame = fixture_frame (&o);
  bv_chart_spec_set_option (spec, "bars", &yes);
  bv_chart_spec_set_option (spec, "colours", &signs);
  window = gtk_window_new ();
  grid = bv_data_grid_new ();
  gtk_window_set_child (GTK_WINDOW (window), grid);
  gtk_window_set_default_size (GTK_WINDOW (window), 1200, 800);
  for (int plain = 1; plain >= 0; plain--)
    {
      if (!plain)
        bv_data_grid_set_spec (BV_DATA_GRID (grid), spec, NULL);
      start = now_ms ();
      bv_data_grid_set_frame (BV_DATA_GRID (grid), frame, locale);
      gtk_window_present (GTK_WINDOW (window));
      widget_test_wait (grid);
      g_print ("%s, %u rows: shown after %.0f ms\n", plain ? "plain" : "bars and colours", o.n_places, now_ms () - start);
      scroller = find (grid, GTK_TYPE_SCROLLED_WINDOW);
      scroll ("  by 3 rows", grid, gtk_scrolled_window_get_vadjustment (GTK_SCROLLED_WINDOW (scroller)), 100);
      scroll ("  by a page", grid, gtk_scrolled_window_get_vadjustment (GTK_SCROLLED_WINDOW (scroller)), 700);
      scroll ("  by a thousandth of all", grid, gtk_scrolled_window_get_vadjustment (GTK_SCROLLED_WINDOW (scroller)),
              gtk_adjustment_get_upper (gtk_scrolled_window_get_vadjustment (GTK_SCROLLED_WINDOW (scroller))) / 1000);
    }
  gtk_window_destroy (GTK_WINDOW (window));
  return 0;
}
