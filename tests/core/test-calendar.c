/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bv-calendar.h"

#include <string.h>

static gint64
us (const char *text)
{
  gint64 t;

  g_assert_true (bv_timestamp_parse (text, -1, &t, NULL));
  return t;
}

static void
assert_range (BvCalendar *calendar, const char *spec, const char *now, const char *from, const char *to,
              const char *from_day, const char *to_day)
{
  g_autoptr(GError) error = NULL;
  char buf[BV_TIME_TEXT_MAX];
  BvRange range;

  g_assert_true (bv_calendar_range (calendar, spec, us (now), &range, &error));
  g_assert_no_error (error);
  g_assert_cmpint (range.has_from, ==, from != NULL);
  g_assert_cmpint (range.has_to, ==, to != NULL);
  if (from != NULL)
    {
      g_assert_cmpstr (bv_timestamp_to_text (range.from_us, buf), ==, from);
      g_assert_cmpstr (bv_date_to_text (range.from_day, buf), ==, from_day);
    }
  if (to != NULL)
    {
      g_assert_cmpstr (bv_timestamp_to_text (range.to_us, buf), ==, to);
      g_assert_cmpstr (bv_date_to_text (range.to_day, buf), ==, to_day);
    }
}

static void
test_presets (void)
{
  g_autoptr(BvCalendar) paris = bv_calendar_new ("Europe/Paris", 1, NULL);
  const char *now = "2026-02-18 10:30:00";

  /* "Last 7 days" recorded on 18 February shows 11 to 18: eight daily buckets. */
  assert_range (paris, "last-7-days", now, "2026-02-10 23:00:00", now, "2026-02-11", "2026-02-19");
  assert_range (paris, "today", now, "2026-02-17 23:00:00", now, "2026-02-18", "2026-02-19");
  assert_range (paris, "yesterday", now, "2026-02-16 23:00:00", "2026-02-17 23:00:00", "2026-02-17", "2026-02-18");
  assert_range (paris, "this-week", now, "2026-02-15 23:00:00", now, "2026-02-16", "2026-02-19");
  assert_range (paris, "previous-week", now, "2026-02-08 23:00:00", "2026-02-15 23:00:00", "2026-02-09", "2026-02-16");
  assert_range (paris, "previous-month", now, "2025-12-31 23:00:00", "2026-01-31 23:00:00", "2026-01-01", "2026-02-01");
  assert_range (paris, "this-quarter", now, "2025-12-31 23:00:00", now, "2026-01-01", "2026-02-19");
  assert_range (paris, "previous-quarter", now, "2025-09-30 22:00:00", "2025-12-31 23:00:00", "2025-10-01", "2026-01-01");
  assert_range (paris, "previous-year", now, "2024-12-31 23:00:00", "2025-12-31 23:00:00", "2025-01-01", "2026-01-01");
  assert_range (paris, "all-time", now, NULL, NULL, NULL, NULL);
  assert_range (paris, "2026-03-28..2026-03-29", now, "2026-03-27 23:00:00", "2026-03-29 22:00:00", "2026-03-28", "2026-03-30");
  assert_range (paris, "2026-03-28..", now, "2026-03-27 23:00:00", NULL, "2026-03-28", NULL);
  assert_range (paris, "2026-03-28T10:00..2026-03-28T12:00", now, "2026-03-28 09:00:00", "2026-03-28 11:00:00", "2026-03-28", "2026-03-29");
  /* Now at midnight is the end of the day before. */
  assert_range (paris, "today", "2026-02-18 23:00:00", "2026-02-17 23:00:00", "2026-02-18 23:00:00", "2026-02-18", "2026-02-19");
}

static void
test_bad_ranges (void)
{
  static const char *const bad[] = { "", "last-0-days", "last-x-days", "this-hour", "2026-02-30..2026-03-01",
                                     "2026-03-02..2026-03-01", "next-week", "..x" };
  g_autoptr(BvCalendar) utc = bv_calendar_new (NULL, 1, NULL);
  BvRange range;

  for (guint i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      g_autoptr(GError) error = NULL;

      g_assert_false (bv_calendar_range (utc, bad[i], 0, &range, &error));
      g_assert_error (error, BV_ERROR, BV_ERROR_INVALID);
    }
  {
    g_autoptr(GError) error = NULL;

    g_assert_null (bv_calendar_new ("Europe/Atlantis", 1, &error));
    g_assert_error (error, BV_ERROR, BV_ERROR_INVALID);
  }
}

static void
test_previous (void)
{
  g_autoptr(BvCalendar) utc = bv_calendar_new (NULL, 1, NULL);
  char buf[BV_TIME_TEXT_MAX];
  BvRange range;

  /* Like for like: 1 to 31 March is compared with all of February, not with days of March. */
  g_assert_true (bv_calendar_previous (utc, "this-month", us ("2026-03-31 12:00:00"), &range, NULL));
  g_assert_cmpstr (bv_date_to_text (range.from_day, buf), ==, "2026-02-01");
  g_assert_cmpstr (bv_date_to_text (range.to_day, buf), ==, "2026-03-01");
  g_assert_true (bv_calendar_previous (utc, "this-month", us ("2026-03-10 12:00:00"), &range, NULL));
  g_assert_cmpstr (bv_timestamp_to_text (range.to_us, buf), ==, "2026-02-10 12:00:00");
  g_assert_true (bv_calendar_previous (utc, "last-7-days", us ("2026-03-10 12:00:00"), &range, NULL));
  g_assert_cmpstr (bv_date_to_text (range.from_day, buf), ==, "2026-02-23");
  g_assert_cmpstr (bv_date_to_text (range.to_day, buf), ==, "2026-03-03");
  g_assert_false (bv_calendar_previous (utc, "all-time", 0, &range, NULL));
}

/* Against GDateTime, over zones with odd transitions: every instant lies in the day and hour that hold it. */
static void
test_zones (void)
{
  static const char *const zones[] = { "Europe/Paris", "America/Sao_Paulo", "America/St_Johns", "Australia/Lord_Howe",
                                       "Asia/Kathmandu", "Pacific/Apia", "UTC", "America/New_York", "Africa/Casablanca" };

  for (guint z = 0; z < G_N_ELEMENTS (zones); z++)
    {
      g_autoptr(BvCalendar) calendar = bv_calendar_new (zones[z], 1, NULL);
      g_autoptr(GTimeZone) zone = g_time_zone_new_identifier (zones[z]);

      for (guint i = 0; i < 3000; i++)
        {
          gint64 t = (gint64) g_test_rand_int_range (0, 2000000000) * BV_SECOND_US + g_test_rand_int_range (0, 1000000);
          g_autoptr(GDateTime) utc = g_date_time_new_from_unix_utc (t / BV_SECOND_US);
          g_autoptr(GDateTime) local = g_date_time_to_timezone (utc, zone);
          gint64 day = bv_calendar_day (calendar, t);
          gint64 hour = bv_calendar_floor_hour (calendar, t);

          g_assert_cmpint (bv_calendar_offset (calendar, t), ==, g_date_time_get_utc_offset (local) / G_TIME_SPAN_SECOND);
          g_assert_cmpint (bv_calendar_day_start (calendar, day), <=, t);
          g_assert_cmpint (bv_calendar_day_start (calendar, day + 1), >, t);
          g_assert_cmpint (hour, <=, t);
          g_assert_cmpint (bv_calendar_next_hour (calendar, t), >, t);
          g_assert_cmpint (bv_calendar_floor_hour (calendar, hour), ==, hour);
        }
    }
}

static void
test_dst (void)
{
  g_autoptr(BvCalendar) paris = bv_calendar_new ("Europe/Paris", 1, NULL);
  gint64 spring = bv_days_from_civil (2026, 3, 29);
  gint64 autumn = bv_days_from_civil (2026, 10, 25);
  gint64 t;
  int hours = 0;

  g_assert_cmpint (bv_calendar_day_start (paris, spring + 1) - bv_calendar_day_start (paris, spring), ==, 23 * 3600 * BV_SECOND_US);
  g_assert_cmpint (bv_calendar_day_start (paris, autumn + 1) - bv_calendar_day_start (paris, autumn), ==, 25 * 3600 * BV_SECOND_US);
  for (t = bv_calendar_day_start (paris, autumn); t < bv_calendar_day_start (paris, autumn + 1); t = bv_calendar_next_hour (paris, t))
    hours++;
  g_assert_cmpint (hours, ==, 25);
  /* A skipped time moves forward, a doubled one is the first. */
  g_assert_cmpint (bv_calendar_from_local (paris, us ("2026-03-29 02:30:00")), ==, us ("2026-03-29 01:30:00"));
  g_assert_cmpint (bv_calendar_from_local (paris, us ("2026-10-25 02:30:00")), ==, us ("2026-10-25 00:30:00"));
}

static void
test_grains (void)
{
  g_autoptr(BvCalendar) monday = bv_calendar_new (NULL, 1, NULL);
  g_autoptr(BvCalendar) sunday = bv_calendar_new (NULL, 7, NULL);
  gint64 day = bv_days_from_civil (2018, 12, 19);

  g_assert_cmpint (bv_calendar_floor_day (monday, day, BV_GRAIN_WEEK), ==, bv_days_from_civil (2018, 12, 17));
  g_assert_cmpint (bv_calendar_floor_day (sunday, day, BV_GRAIN_WEEK), ==, bv_days_from_civil (2018, 12, 16));
  g_assert_cmpint (bv_calendar_floor_day (monday, day, BV_GRAIN_QUARTER), ==, bv_days_from_civil (2018, 10, 1));
  for (int grain = BV_GRAIN_DAY; grain <= BV_GRAIN_YEAR; grain++)
    for (gint64 d = -40000; d < 40000; d += 13)
      {
        gint64 start = bv_calendar_floor_day (monday, d, (BvGrain) grain);
        gint64 next = bv_calendar_add (monday, start, (BvGrain) grain, 1);

        g_assert_true (start <= d && d < next);
        g_assert_cmpint (bv_calendar_floor_day (monday, next, (BvGrain) grain), ==, next);
        g_assert_cmpint (bv_calendar_add (monday, next, (BvGrain) grain, -1), ==, start);
      }
}

static const struct { const char *a, *b, *both; } intersections[] = {
  { "last-28-days", "last-7-days", "last-7-days" },
  { "this-month", "last-90-days", "this-month" },
  { "all-time", "previous-week", "previous-week" },
  { "previous-month", "this-month", "no-time" },
  { "2026-01-01..2026-01-20", "2026-01-10..2026-02-10", "2026-01-10..2026-01-20" },
  { "2026-01-01..2026-01-10", "2026-01-11..2026-02-10", "no-time" },
  { "..2026-01-10", "2026-01-05..", "2026-01-05..2026-01-10" },
  { "last-28-days", "2026-02-10..2026-12-31", "last-8-days" },
  { "last-28-days", "2026-02-18..2026-12-31", "today" },
  { "last-28-days", "2026-02-10..2026-02-17", "2026-02-10..2026-02-17" },
  { "last-7-days", "2026-02-12T12:00..2026-02-28", "2026-02-12 11:00:00Z..2026-02-18 10:30:00Z" },
  { "no-time", "last-7-days", "no-time" },
  { "nonsense", "last-7-days", "nonsense" },
  { "last-7-days", "nonsense", "nonsense" },
};

static void
test_intersections (void)
{
  g_autoptr(BvCalendar) paris = bv_calendar_new ("Europe/Paris", 1, NULL);

  for (guint i = 0; i < G_N_ELEMENTS (intersections); i++)
    {
      g_autofree char *both = bv_calendar_intersect (paris, intersections[i].a, intersections[i].b, us ("2026-02-18 10:30:00"));

      g_assert_cmpstr (both, ==, intersections[i].both);
    }
}

static gboolean
holds (const BvRange *range, gint64 t)
{
  return (!range->has_from || t >= range->from_us) && (!range->has_to || t < range->to_us);
}

static gboolean
holds_day (const BvRange *range, gint64 day)
{
  return (!range->has_from || day >= range->from_day) && (!range->has_to || day < range->to_day);
}

static char *
random_range (gint64 today)
{
  const char *const *presets = bv_range_presets ();
  char from[BV_TIME_TEXT_MAX], to[BV_TIME_TEXT_MAX];
  gint64 day = today + g_test_rand_int_range (-40, 20);
  const char *preset;

  switch (g_test_rand_int_range (0, 4))
    {
    case 0:
      while (*(preset = presets[g_test_rand_int_range (0, (int) g_strv_length ((char **) presets))]) == '\0')
        ;
      return g_strdup (preset);
    case 1:
      return g_strdup_printf ("%s..%s", g_test_rand_bit () ? bv_date_to_text (day, from) : "",
                              g_test_rand_bit () ? bv_date_to_text (day + g_test_rand_int_range (0, 30), to) : "");
    case 2:
      return g_strdup_printf ("%sT%02d:00..%s", bv_date_to_text (day, from), g_test_rand_int_range (0, 24),
                              bv_date_to_text (day + g_test_rand_int_range (0, 9), to));
    default:
      return g_strdup_printf ("%s..%sT%02d:30", bv_date_to_text (day, from), bv_date_to_text (day + g_test_rand_int_range (0, 9), to),
                              g_test_rand_int_range (1, 24));
    }
}

/* An instant is in both ranges exactly when it is in what they have in common; so is a day, unless they share nothing but parts of it. */
static void
test_random_intersections (void)
{
  static const char *const zones[] = { "Europe/Paris", "America/Santiago", "UTC" };

  for (guint i = 0; i < 3000; i++)
    {
      g_autoptr(BvCalendar) calendar = bv_calendar_new (zones[i % G_N_ELEMENTS (zones)], 1, NULL);
      gint64 now = us ("2026-03-29 00:00:00") + g_test_rand_int_range (0, 200 * 24) * BV_SECOND_US * 3600 + g_test_rand_int_range (0, 2) * 1234567;
      gint64 today = bv_calendar_day (calendar, now - 1);
      g_autofree char *a = random_range (today), *b = random_range (today);
      g_autofree char *both = bv_calendar_intersect (calendar, a, b, now);
      g_autoptr(GError) error = NULL;
      BvRange x, y, z;

      g_assert_true (bv_calendar_range (calendar, a, now, &x, &error));
      g_assert_true (bv_calendar_range (calendar, b, now, &y, &error));
      g_assert_true (bv_calendar_range (calendar, both, now, &z, &error));
      g_assert_no_error (error);
      for (gint64 day = today - 400; day < today + 60; day++)
        {
          const gint64 at[] = { bv_calendar_day_start (calendar, day), bv_calendar_day_start (calendar, day) + 12 * 3600 * BV_SECOND_US,
                                bv_calendar_day_start (calendar, day + 1) - 1 };

          for (guint k = 0; k < G_N_ELEMENTS (at); k++)
            if (holds (&z, at[k]) != (holds (&x, at[k]) && holds (&y, at[k])))
              g_error ("“%s” and “%s” make “%s” at %" G_GINT64_FORMAT, a, b, both, now);
          if (strcmp (both, "no-time") != 0 && holds_day (&z, day) != (holds_day (&x, day) && holds_day (&y, day)))
            g_error ("“%s” and “%s” make “%s” by day at %" G_GINT64_FORMAT, a, b, both, now);
        }
      for (int k = -1; k <= 1; k++)
        g_assert_true (holds (&z, now + k) == (holds (&x, now + k) && holds (&y, now + k)));
    }
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/calendar/presets", test_presets);
  g_test_add_func ("/calendar/intersections", test_intersections);
  g_test_add_func ("/calendar/random-intersections", test_random_intersections);
  g_test_add_func ("/calendar/bad-ranges", test_bad_ranges);
  g_test_add_func ("/calendar/previous", test_previous);
  g_test_add_func ("/calendar/zones", test_zones);
  g_test_add_func ("/calendar/dst", test_dst);
  g_test_add_func ("/calendar/grains", test_grains);
  return g_test_run ();
}
