/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bv-time.h"

static void
test_days (void)
{
  int y, m, d;

  g_assert_cmpint (bv_days_from_civil (1970, 1, 1), ==, 0);
  g_assert_cmpint (bv_days_from_civil (2000, 3, 1), ==, 11017);
  g_assert_cmpint (bv_weekday (0), ==, 4);
  g_assert_cmpint (bv_weekday (bv_days_from_civil (2026, 6, 29)), ==, 1);
  for (gint64 day = -800000; day < 800000; day += 7)
    {
      bv_civil_from_days (day, &y, &m, &d);
      g_assert_cmpint (bv_days_from_civil (y, m, d), ==, day);
      if (y > 1 && y < 9999)
        {
          g_autoptr(GDate) date = g_date_new_dmy ((GDateDay) d, (GDateMonth) m, (GDateYear) y);
          g_assert_cmpint ((gint64) g_date_get_julian (date) - 719163, ==, day);
          g_assert_cmpint (g_date_get_weekday (date), ==, bv_weekday (day));
        }
    }
}

static void
test_parse (void)
{
  static const struct { const char *text; gboolean ok; const char *back; } cases[] = {
    { "2026-06-30T12:34:56Z", TRUE, "2026-06-30 12:34:56" },
    { "2026-06-30 12:34", TRUE, "2026-06-30 12:34:00" },
    { "2026-06-30T12:34:56.120+02:00", TRUE, "2026-06-30 10:34:56.12" },
    { "2026-01-01T00:00:00-0330", TRUE, "2026-01-01 03:30:00" },
    { "2026-01-01T00:00:00+05", TRUE, "2025-12-31 19:00:00" },
    { "2026-06-30 12:34:56 UTC", TRUE, "2026-06-30 12:34:56" },
    { "2016-12-31T23:59:60Z", TRUE, "2017-01-01 00:00:00" },
    { "2026-02-29T00:00:00Z", FALSE, NULL },
    { "2026-06-30T25:00:00Z", FALSE, NULL },
    { "2026-06-30T12:34:56.Z", FALSE, NULL },
    { "2026-06-30", FALSE, NULL },
    { "2026-06-30T12:34:56Zx", FALSE, NULL },
    { "", FALSE, NULL },
  };
  char buf[BV_TIME_TEXT_MAX];
  gint64 us, day;

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_assert_cmpint (bv_timestamp_parse (cases[i].text, -1, &us, NULL), ==, cases[i].ok);
      if (cases[i].ok)
        g_assert_cmpstr (bv_timestamp_to_text (us, buf), ==, cases[i].back);
    }
  g_assert_true (bv_date_parse ("2024-02-29", -1, &day));
  g_assert_cmpstr (bv_date_to_text (day, buf), ==, "2024-02-29");
  g_assert_cmpstr (bv_date_to_text (bv_days_from_civil (5874897, 12, 31), buf), ==, "+5874897-12-31");
  g_assert_cmpstr (bv_date_to_text (bv_days_from_civil (-4712, 1, 1), buf), ==, "-004712-01-01");
  g_assert_false (bv_date_parse ("2023-02-29", -1, &day));
  g_assert_false (bv_date_parse ("2023-2-9", -1, &day));
}

/* The order of the texts is the order of the instants. */
static void
test_text_order (void)
{
  char a[BV_TIME_TEXT_MAX], b[BV_TIME_TEXT_MAX];

  for (guint i = 0; i < 20000; i++)
    {
      gint64 x = (gint64) g_test_rand_int () * 1000003 + g_test_rand_int_range (0, 1000) * (g_test_rand_bit () ? 1000 : 1);
      gint64 y = g_test_rand_bit () ? x + g_test_rand_int_range (-2000000, 2000000) : (gint64) g_test_rand_int () * 1000;
      int c = g_strcmp0 (bv_timestamp_to_text (x, a), bv_timestamp_to_text (y, b));
      gint64 back;

      g_assert_cmpint (c < 0 ? -1 : c > 0, ==, x < y ? -1 : x > y);
      g_assert_true (bv_timestamp_parse (a, -1, &back, NULL));
      g_assert_cmpint (back, ==, x);
    }
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/time/days", test_days);
  g_test_add_func ("/time/parse", test_parse);
  g_test_add_func ("/time/text-order", test_text_order);
  return g_test_run ();
}
