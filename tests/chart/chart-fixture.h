/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Frames for chart tests. */
#pragma once

#include "bv-scene.h"

#include <math.h>

static inline BvLocale *
fixture_locale (void)
{
  g_autoptr(BvCalendar) calendar = bv_calendar_new ("Europe/Paris", 1, NULL);

  return bv_locale_new ("en_GB", "EUR", calendar);
}

/* A repeatable pseudo-random number in 0 … 1. */
static inline double
fixture_wave (guint i)
{
  double x = sin (i * 12.9898 + 4.1) * 43758.5453;

  return x - floor (x);
}

typedef struct
{
  gboolean time;        /* a DATE bucket */
  BvGrain grain;
  guint n_places;       /* buckets or categories */
  guint n_series;       /* pivot values; 0: no pivot */
  guint n_metrics;
  gboolean compare;
  double low, high;     /* the values' range */
  double null_share;
  gboolean money;
} FixtureOptions;

static inline BvFrame *
fixture_frame (const FixtureOptions *o)
{
  static const char *const regions[] = {
    "North", "South-East and the islands", "Île-de-France", "Schwarzwald-Baar-Kreis", "Iberia", "New South Wales", "Kansai", "Québec",
  };
  static const char *const plans[] = { "Free", "Team", "Business", "Enterprise" };
  static const char *const metrics[] = { "Won revenue", "Deals", "Customers", "Support requests", "Logins" };
  BvFrame *frame = bv_frame_new ();
  g_autoptr(BvCalendar) calendar = bv_calendar_new ("Europe/Paris", 1, NULL);
  gint64 day = bv_calendar_floor_day (calendar, bv_days_from_civil (2025, 11, 20), o->grain == BV_GRAIN_NONE ? BV_GRAIN_DAY : o->grain);
  guint n_series = MAX (o->n_series, 1);
  guint n_columns, r = 0;

  if (o->time)
    bv_frame_add_column (frame, "Close date", BV_TYPE_DATE, BV_ROLE_TIME)->grain = o->grain;
  else if (o->n_places > 0)
    bv_frame_add_column (frame, "Region", BV_TYPE_TEXT, BV_ROLE_DIMENSION);
  if (o->n_series > 0)
    bv_frame_add_column (frame, "Plan", BV_TYPE_TEXT, BV_ROLE_SERIES);
  for (guint m = 0; m < MAX (o->n_metrics, 1); m++)
    {
      int at = (int) bv_frame_get_n_columns (frame);
      BvColumn *c = bv_frame_add_column (frame, metrics[m % 5], BV_TYPE_DOUBLE, BV_ROLE_METRIC);

      if (o->money)
        c->format.kind = BV_FORMAT_CURRENCY;
      c->format.decimals = o->money ? 0 : -1;
      c->total = bv_value_double (o->high * 7.3);
      if (o->compare)
        {
          g_autofree char *name = g_strdup_printf ("%s, before", metrics[m % 5]);

          c->total_compare = bv_value_double (o->high * 6);
          c = bv_frame_add_column (frame, name, BV_TYPE_DOUBLE, BV_ROLE_COMPARE);
          c->of = at;
          c->format.kind = o->money ? BV_FORMAT_CURRENCY : BV_FORMAT_AUTO;
          c->format.decimals = o->money ? 0 : -1;
        }
    }
  n_columns = bv_frame_get_n_columns (frame);
  for (guint p = 0; p < MAX (o->n_places, 1); p++)
    for (guint s = 0; s < n_series; s++)
      {
        guint c = 0;

        if (o->time)
          bv_frame_append_int (frame, c++, bv_calendar_add (calendar, day, o->grain, (int) p));
        else if (o->n_places > 0)
          {
            g_autofree char *name = p < 8 ? g_strdup (regions[p]) : g_strdup_printf ("%s %u", regions[p % 8], p);

            bv_frame_append_text (frame, c++, name, -1);
          }
        if (o->n_series > 0)
          {
            g_autofree char *name = s < 4 ? g_strdup (plans[s]) : g_strdup_printf ("Plan %u", s);

            bv_frame_append_text (frame, c++, name, -1);
          }
        for (; c < n_columns; c++, r++)
          {
            double v = o->low + (o->high - o->low) * (0.3 + 0.5 * fixture_wave (r) + 0.2 * sin (p * 0.4 + s));

            if (fixture_wave (r + 7777) < o->null_share)
              bv_frame_append_null (frame, c);
            else
              bv_frame_append_double (frame, c, v);
          }
      }
  return frame;
}
