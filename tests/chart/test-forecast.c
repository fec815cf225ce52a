/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Forecasts: what is exact stays exact, bounds hold as many values as they say, and there is none where nothing can be said. */
#include "bv-forecast.h"

#include <math.h>

static void
test_exact (void)
{
  double line[30], flat[30], season[48];

  for (int i = 0; i < 30; i++)
    {
      line[i] = 100 + 7.5 * i;
      flat[i] = 42;
    }
  for (int i = 0; i < 48; i++)
    season[i] = 1000 + 10 * i + 200 * sin (i * G_PI / 6);
  {
    g_autoptr(BvForecast) a = bv_forecast_new (line, 30, 12, 6);
    g_autoptr(BvForecast) b = bv_forecast_new (flat, 30, 12, 6);
    g_autoptr(BvForecast) c = bv_forecast_new (season, 48, 12, 14);

    g_assert_cmpuint (a->first, ==, 30);
    g_assert_true (a->trend);
    g_assert_false (b->trend);
    g_assert_cmpuint (b->season, ==, 0);
    g_assert_cmpuint (c->season, ==, 12);
    for (int h = 0; h < 6; h++)
      {
        g_assert_cmpfloat_with_epsilon (a->mean[h], 100 + 7.5 * (30 + h), 1e-6);
        g_assert_cmpfloat_with_epsilon (a->high95[h], a->low95[h], 1e-5);
        g_assert_cmpfloat_with_epsilon (b->mean[h], 42, 1e-9);
      }
    for (int h = 0; h < 14; h++)
      g_assert_cmpfloat_with_epsilon (c->mean[h], 1000 + 10 * (48 + h) + 200 * sin ((48 + h) * G_PI / 6), 2);
  }
}

static double
normal (GRand *rand)
{
  double sum = 0;

  for (int i = 0; i < 12; i++)
    sum += g_rand_double (rand);
  return sum - 6;
}

/* Of many series of noise, of random walks and of seasons, the bounds hold about the share of the next values that they promise. */
static void
test_bounds (void)
{
  g_autoptr(GRand) rand = g_rand_new_with_seed (11);
  guint within80 = 0, within95 = 0, all = 0;

  for (int kind = 0; kind < 3; kind++)
    for (int round = 0; round < 60; round++)
      {
        double v[66], walk = 500;
        g_autoptr(BvForecast) forecast = NULL;

        for (int i = 0; i < 66; i++)
          {
            double noise = 20 * normal (rand);

            walk += noise;
            v[i] = kind == 0 ? 500 + noise : kind == 1 ? walk : 500 + 2 * i + 60 * cos (i * G_PI / 2) + noise;
          }
        forecast = bv_forecast_new (v, 60, 4, 6);
        for (int h = 0; h < 6; h++)
          {
            within80 += v[60 + h] >= forecast->low80[h] && v[60 + h] <= forecast->high80[h];
            within95 += v[60 + h] >= forecast->low95[h] && v[60 + h] <= forecast->high95[h];
            all++;
            g_assert_cmpfloat (forecast->low95[h], <=, forecast->low80[h]);
            g_assert_cmpfloat (forecast->low80[h], <=, forecast->mean[h]);
            g_assert_cmpfloat (forecast->mean[h], <=, forecast->high80[h]);
            g_assert_cmpfloat (forecast->high80[h], <=, forecast->high95[h]);
            /* The farther, the less is known. */
            if (h > 0)
              g_assert_cmpfloat (forecast->high95[h] - forecast->low95[h], >=, forecast->high95[h - 1] - forecast->low95[h - 1] - 1e-9);
          }
      }
  g_assert_cmpfloat ((double) within80 / all, >, 0.70);
  g_assert_cmpfloat ((double) within80 / all, <, 0.90);
  g_assert_cmpfloat ((double) within95 / all, >, 0.88);
}

static void
test_odd (void)
{
  double few[7] = { 1, 2, 3, 4, 5, 6, 7 };
  double gaps[20], holes[20], zero[20] = { 0 }, huge[20], decline[20];

  for (int i = 0; i < 20; i++)
    {
      gaps[i] = i == 5 || i >= 18 ? NAN : 3 * i;
      holes[i] = i % 2 == 0 || i == 19 ? i : NAN;
      huge[i] = 1e300 * (1 - i * 0.001);
      decline[i] = MAX (0, 50 - 3 * i);
    }
  g_assert_null (bv_forecast_new (few, 7, 12, 3));
  g_assert_null (bv_forecast_new (holes, 20, 12, 3));
  {
    g_autoptr(BvForecast) a = bv_forecast_new (gaps, 20, 0, 3);
    g_autoptr(BvForecast) b = bv_forecast_new (zero, 20, 7, 3);
    g_autoptr(BvForecast) c = bv_forecast_new (huge, 20, 7, 3);
    g_autoptr(BvForecast) d = bv_forecast_new (decline, 20, 7, 12);

    /* Values that are missing at the end are what is forecast first. */
    g_assert_cmpuint (a->first, ==, 18);
    g_assert_cmpfloat_with_epsilon (a->mean[0], 54, 1e-6);
    g_assert_cmpfloat_with_epsilon (b->mean[2], 0, 1e-12);
    g_assert_true (isfinite (c->mean[2]));
    for (int h = 0; h < 12; h++)
      g_assert_cmpfloat (d->low95[h], >=, 0);
  }
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/chart/forecast/exact", test_exact);
  g_test_add_func ("/chart/forecast/bounds", test_bounds);
  g_test_add_func ("/chart/forecast/odd", test_odd);
  return g_test_run ();
}
