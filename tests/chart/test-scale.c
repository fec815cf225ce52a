/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Ticks: nice numbers, exact zero, calendar steps. */
#include "bv-chart-private.h"

#include <math.h>

static void
test_nice (void)
{
  static const struct { double lo, hi; guint max; double first, step; guint n; } cases[] = {
    { 0, 10, 6, 0, 2, 6 },
    { 0, 97, 6, 0, 20, 6 },
    { -40, 97, 6, -50, 50, 4 },
    { 0.1, 0.93, 11, 0.1, 0.1, 10 },
    { 0, 1e-12, 6, 0, 2e-13, 6 },
    { 0, 1e15, 6, 0, 2e14, 6 },
    { 1000000.1, 1000000.9, 6, 1000000, 0.2, 6 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      BvTicks ticks = bv_ticks_nice (cases[i].lo, cases[i].hi, cases[i].max, BV_UNIT_DECIMAL);

      g_assert_cmpfloat_with_epsilon (bv_ticks_step (&ticks), cases[i].step, cases[i].step * 1e-9);
      g_assert_cmpfloat_with_epsilon (bv_ticks_value (&ticks, 0), cases[i].first, cases[i].step * 1e-6);
      g_assert_cmpuint (ticks.n, ==, cases[i].n);
    }
}

/* Whatever the range: few ticks that cover it, equally far apart, with an exact zero where the range crosses it. */
static void
test_nice_random (void)
{
  for (int round = 0; round < 20000; round++)
    {
      double magnitude = pow (10, g_test_rand_double_range (-12, 15));
      double lo = g_test_rand_double_range (-1, 1) * magnitude;
      double hi = lo + g_test_rand_double_range (0.001, 2) * magnitude;
      guint max = (guint) g_test_rand_int_range (2, 10);
      BvTicks ticks = bv_ticks_nice (lo, hi, max, BV_UNIT_DECIMAL);
      double step = bv_ticks_step (&ticks);
      gboolean zero = FALSE;

      g_assert_cmpuint (ticks.n, >=, 2);
      g_assert_cmpuint (ticks.n, <=, MAX (max, 3));
      g_assert_true (bv_ticks_value (&ticks, 0) <= lo + step * 1e-6);
      g_assert_true (bv_ticks_value (&ticks, ticks.n - 1) >= hi - step * 1e-6);
      for (guint i = 0; i < ticks.n; i++)
        zero = zero || fpclassify (bv_ticks_value (&ticks, i)) == FP_ZERO;
      if (lo < -step * 1e-6 && hi > step * 1e-6)
        g_assert_true (zero);
    }
}

static void
test_exact (void)
{
  BvTicks ticks = bv_ticks_nice (0, 1, 11, BV_UNIT_DECIMAL);

  /* Adding 0.1 up would give 0.30000000000000004 and 0.7999999999999999. */
  for (guint i = 0; i <= 10; i++)
    g_assert_true (!(bv_ticks_value (&ticks, i) < i / 10.0) && !(bv_ticks_value (&ticks, i) > i / 10.0));
}

static void
test_units (void)
{
  BvTicks ticks = bv_ticks_nice (0, 3, 9, BV_UNIT_WHOLE);

  g_assert_cmpfloat_with_epsilon (bv_ticks_step (&ticks), 1, 1e-12);
  ticks = bv_ticks_nice (0, 3000, 8, BV_UNIT_SECONDS);
  g_assert_cmpfloat_with_epsilon (bv_ticks_step (&ticks), 600, 1e-9); /* ten minutes, not 500 seconds */
  ticks = bv_ticks_nice (0, 7.2e6, 6, BV_UNIT_MS);
  g_assert_cmpfloat_with_epsilon (bv_ticks_step (&ticks), 1.8e6, 1e-3);
}

static void
test_domain (void)
{
  static const struct { double lo, hi; gboolean zero; double want_lo, want_hi; } cases[] = {
    { 5, 9, TRUE, 0, 9 }, { -9, -5, TRUE, -9, 0 }, { 3, 9, FALSE, 0, 9 }, { 98, 99, FALSE, 98, 99 },
    { 0, 0, FALSE, 0, 1 }, { 0, 0, TRUE, 0, 1 }, { 7, 7, TRUE, 0, 7 }, { -7, -7, TRUE, -7, 0 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      double lo = cases[i].lo, hi = cases[i].hi;

      bv_domain_extend (&lo, &hi, cases[i].zero);
      g_assert_cmpfloat_with_epsilon (lo, cases[i].want_lo, 1e-12);
      g_assert_cmpfloat_with_epsilon (hi, cases[i].want_hi, 1e-12);
    }
}

/* Steps start where their index changes, in a zone with clock changes and midnights that do not exist. */
static void
test_time_steps (void)
{
  static const char *const zones[] = { "Europe/Paris", "America/Sao_Paulo", "Asia/Kathmandu", NULL };
  guint n;
  const BvTimeStep *steps = bv_time_steps (&n);

  for (guint z = 0; zones[z] != NULL; z++)
    {
      g_autoptr(BvCalendar) calendar = bv_calendar_new (zones[z], 1 + (int) z, NULL);

      for (guint s = 0; s < n; s++)
        for (int round = 0; round < 150; round++)
          {
            gboolean is_date = steps[s].unit >= BV_STEP_DAY && round % 2 == 0;
            gint64 day = bv_days_from_civil (2015, 1, 1) + g_test_rand_int_range (0, 4000);
            gint64 t = is_date ? day : bv_calendar_day_start (calendar, day) + (gint64) g_test_rand_int_range (0, 82800) * BV_SECOND_US;
            gint64 index = bv_time_step_index (&steps[s], calendar, t, is_date);
            gint64 start = bv_time_step_start (&steps[s], calendar, index, is_date);
            gint64 next = bv_time_step_start (&steps[s], calendar, index + 1, is_date);

            g_assert_cmpint (start, <=, t);
            /* In the doubled hour the clock runs back behind the next start. */
            if (steps[s].unit >= BV_STEP_DAY)
              {
                g_assert_cmpint (next, >, t);
                g_assert_cmpint (bv_time_step_index (&steps[s], calendar, start, is_date), ==, index);
              }
            g_assert_cmpint (next, >=, start);
          }
    }
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/chart/scale/nice", test_nice);
  g_test_add_func ("/chart/scale/nice-random", test_nice_random);
  g_test_add_func ("/chart/scale/exact", test_exact);
  g_test_add_func ("/chart/scale/units", test_units);
  g_test_add_func ("/chart/scale/domain", test_domain);
  g_test_add_func ("/chart/scale/time-steps", test_time_steps);
  return g_test_run ();
}
