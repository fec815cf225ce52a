/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bv-format.h"

static void
test_numbers (void)
{
  static const struct { const char *locale; BvFormat format; double d; const char *text; } cases[] = {
    { "C", { BV_FORMAT_AUTO, -1 }, 1234567.891, "1,234,567.89" },
    { "C", { BV_FORMAT_AUTO, -1 }, 3, "3" },
    { "C", { BV_FORMAT_AUTO, -1 }, 0.00012345, "0.000123" },
    { "de_DE.UTF-8", { BV_FORMAT_AUTO, -1 }, 1234567.891, "1.234.567,89" },
    { "de_DE", { BV_FORMAT_CURRENCY, -1 }, 1234.5, "1.234,50\u00a0€" },
    { "en_US", { BV_FORMAT_CURRENCY, 0 }, 1234.5, "€1,235" },
    { "en_US", { BV_FORMAT_CURRENCY, -1, FALSE, (char *) "JPY" }, 1234.4, "¥1,234" },
    { "en_US", { BV_FORMAT_PERCENT, -1 }, 0.2345, "23.5%" },
    { "de_DE", { BV_FORMAT_PERCENT, 0 }, 0.25, "25\u00a0%" },
    { "en_US", { BV_FORMAT_NUMBER, -1, TRUE }, 12345678, "12.3M" },
    { "en_IN", { BV_FORMAT_NUMBER, -1 }, 12345678, "1,23,45,678" },
    { "en_US", { BV_FORMAT_NUMBER, 2 }, 2.675, "2.68" },
    { "en_US", { BV_FORMAT_PLAIN, -1 }, 2026, "2026" },
    { "en_US", { BV_FORMAT_DURATION_SECONDS, -1 }, 12300, "3 h 25 min" },
    { "en_US", { BV_FORMAT_DURATION_SECONDS, -1 }, 59.6, "1 min" },
    { "en_US", { BV_FORMAT_DURATION_MS, -1 }, 250, "250 ms" },
    { "en_US", { BV_FORMAT_NUMBER, -1, FALSE, NULL, (char *) "~", (char *) " kg" }, 5, "~5 kg" },
    { "fr_FR", { BV_FORMAT_AUTO, -1 }, 1234.5, "1\u202f234,5" },
    /* what rounds to nothing has no sign */
    { "C", { BV_FORMAT_AUTO, -1 }, -0.0, "0" },
    { "C", { BV_FORMAT_NUMBER, 0 }, -0.3, "0" },
    { "C", { BV_FORMAT_PERCENT, -1 }, -0.0001, "0%" },
    { "en_US", { BV_FORMAT_CURRENCY, -1 }, -0.001, "€0.00" },
    { "C", { BV_FORMAT_NUMBER, 1 }, -0.06, "-0.1" },
    { "C", { BV_FORMAT_DURATION_SECONDS, 1 }, -0.0001, "0 ms" },
    { "C", { BV_FORMAT_DURATION_SECONDS, -1 }, 0.9996, "1 s" },
    { "C", { BV_FORMAT_DURATION_SECONDS, 1 }, 59.97, "1 min" },
    { "C", { BV_FORMAT_DURATION_SECONDS, 1 }, 59.94, "59.9 s" },
    { "de_DE", { BV_FORMAT_DURATION_SECONDS, 1 }, 59.94, "59,9 s" },
  };
  g_autoptr(BvCalendar) utc = bv_calendar_new (NULL, 1, NULL);

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(BvLocale) locale = bv_locale_new (cases[i].locale, "EUR", utc);
      g_autofree char *text = bv_locale_format_double (locale, cases[i].d, &cases[i].format);

      g_assert_cmpstr (text, ==, cases[i].text);
    }
}

/* A currency is a name from a file: one that is none, however long, leaves the number. */
static void
test_strange_currency (void)
{
  g_autoptr(BvCalendar) utc = bv_calendar_new (NULL, 1, NULL);
  g_autoptr(BvLocale) locale = bv_locale_new ("C", NULL, utc);
  g_autofree char *name = g_strnfill (1000, 'E');

  for (gsize length = 1000; length > 3; length /= 2)
    {
      BvFormat format = { BV_FORMAT_CURRENCY, -1, FALSE, name, NULL, NULL };
      g_autofree char *text = NULL;

      name[length] = '\0';
      text = bv_locale_format_double (locale, 12.5, &format);
      g_assert_cmpstr (text, ==, "12.5");
    }
}

static void
test_times (void)
{
  g_autoptr(BvCalendar) paris = bv_calendar_new ("Europe/Paris", 1, NULL);
  g_autoptr(BvLocale) en = bv_locale_new ("en_GB", NULL, paris);
  g_autoptr(BvLocale) de = bv_locale_new ("de_DE", NULL, paris);
  gint64 day = bv_days_from_civil (2026, 3, 3);
  static const struct { BvGrain grain; const char *en, *de; } cases[] = {
    { BV_GRAIN_DAY, "3 Mar 2026", "3. März 2026" },
    { BV_GRAIN_MONTH, "Mar 2026", "März 2026" },
    { BV_GRAIN_QUARTER, "Q1 2026", "Q1 2026" },
    { BV_GRAIN_YEAR, "2026", "2026" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      BvValue value = bv_value_date (day);
      g_autofree char *a = bv_locale_format (en, &value, NULL, cases[i].grain);
      g_autofree char *b = bv_locale_format (de, &value, NULL, cases[i].grain);

      g_assert_cmpstr (a, ==, cases[i].en);
      g_assert_cmpstr (b, ==, cases[i].de);
    }
  {
    g_autofree char *text = bv_locale_format_instant (en, day * BV_DAY_US + 23 * 3600 * BV_SECOND_US);

    g_assert_cmpstr (text, ==, "4 Mar 2026, 00:00");
  }
}

static void
test_dates (void)
{
  g_autoptr(BvCalendar) paris = bv_calendar_new ("Europe/Paris", 1, NULL);
  static const struct { const char *locale, *text; int y, m, d; } dates[] = {
    { "en_GB", "2026-03-31", 2026, 3, 31 }, { "en_GB", "31 Mar 2026", 2026, 3, 31 }, { "en_GB", "31/03/2026", 2026, 3, 31 },
    { "en_GB", " 1/2/26 ", 2026, 2, 1 }, { "en_US", "1/2/26", 2026, 1, 2 }, { "en_US", "Mar 31, 2026", 2026, 3, 31 },
    { "en_US", "March 31, 2026", 2026, 3, 31 }, { "de_DE", "31.3.2026", 2026, 3, 31 }, { "de_DE", "31.03.26", 2026, 3, 31 },
    { "de_DE", "31. März 2026", 2026, 3, 31 }, { "fr_FR", "31/03/2026", 2026, 3, 31 }, { "fr_FR", "31 mars 2026", 2026, 3, 31 },
    { "de_DE", "31.02.2026", 0, 0, 0 }, { "en_GB", "31/03", 0, 0, 0 }, { "en_GB", "", 0, 0, 0 }, { "en_GB", "soon", 0, 0, 0 },
    { "en_US", "31/03/2026", 0, 0, 0 }, { "en_GB", "31 Mar 2026 or so", 0, 0, 0 }, { "en_GB", "31/03/126", 0, 0, 0 }, { "en_GB", "31/03/75", 1975, 3, 31 },
  };
  static const char *const names[] = { "en_GB", "en_US", "de_DE", "fr_FR", "ja_JP" };
  static const struct { const char *locale, *spec, *text; } ranges[] = {
    { "en_GB", "last-7-days", "Last 7 days" }, { "en_GB", "2026-03-01..2026-03-31", "1 Mar 2026 – 31 Mar 2026" },
    { "de_DE", "2026-03-01..", "Since 1. März 2026" }, { "en_US", "..2026-03-31", "Until Mar 31, 2026" }, { "en_GB", "..", "All time" },
    { "en_GB", "2026-03-01 12:00..2026-03-02", "1 Mar 2026, 12:00 – 2 Mar 2026" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (dates); i++)
    {
      g_autoptr(BvLocale) locale = bv_locale_new (dates[i].locale, NULL, paris);
      gint64 day = 0;
      gboolean read = bv_locale_parse_date (locale, dates[i].text, &day);

      g_test_message ("%s: %s", dates[i].locale, dates[i].text);
      g_assert_cmpint (read, ==, dates[i].y != 0);
      if (read)
        g_assert_cmpint (day, ==, bv_days_from_civil (dates[i].y, dates[i].m, dates[i].d));
    }
  for (guint i = 0; i < G_N_ELEMENTS (ranges); i++)
    {
      g_autoptr(BvLocale) locale = bv_locale_new (ranges[i].locale, NULL, paris);
      g_autofree char *text = bv_locale_format_range (locale, ranges[i].spec);

      g_assert_cmpstr (text, ==, ranges[i].text);
    }
  /* What is written is read again, in every locale. */
  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autoptr(BvLocale) locale = bv_locale_new (names[i], NULL, paris);

      for (gint64 day = bv_days_from_civil (1999, 12, 25); day < bv_days_from_civil (2027, 1, 5); day += 97)
        {
          g_autofree char *text = bv_locale_format_date (locale, day);
          gint64 again = 0;

          g_assert_true (bv_locale_parse_date (locale, text, &again));
          g_assert_cmpint (again, ==, day);
        }
    }
}

/* A decimal sign of one locale is a grouping sign of another: what is typed is read as its reader means it, or refused. */
static void
test_typed_numbers (void)
{
  static const struct { const char *locale, *text; gboolean fine; double number; } cases[] = {
    { "en_US", "1,000", TRUE, 1000 },      { "en_US", "1,5", FALSE, 0 },          { "en_US", "1.5", TRUE, 1.5 },
    { "en_US", "12,345,678.9", TRUE, 12345678.9 }, { "en_US", "1,2345", FALSE, 0 }, { "en_US", "1,234,56", FALSE, 0 },
    { "en_US", "-3", TRUE, -3 },           { "en_US", "\342\210\2223", TRUE, -3 }, { "en_US", "3-", FALSE, 0 },
    { "en_US", "1 000", TRUE, 1000 },      { "en_US", "1e3", TRUE, 1000 },        { "en_US", "1.5e-2", TRUE, 0.015 },
    { "en_US", "inf", FALSE, 0 },          { "en_US", "nan", FALSE, 0 },          { "en_US", "0x10", FALSE, 0 },
    { "en_US", "1e", FALSE, 0 },           { "en_US", "e3", FALSE, 0 },           { "en_US", "1.2.3", FALSE, 0 },
    { "en_US", ",5", FALSE, 0 },           { "en_US", ".5", TRUE, 0.5 },          { "en_US", "x", FALSE, 0 },
    { "de_DE", "1.000", TRUE, 1000 },      { "de_DE", "1,5", TRUE, 1.5 },         { "de_DE", "1.5", TRUE, 1.5 },
    { "de_DE", "1.234,5", TRUE, 1234.5 },  { "de_DE", "1,234", TRUE, 1.234 },     { "de_DE", "1.234.5", FALSE, 0 },
    { "fr_FR", "1 234,5", TRUE, 1234.5 },  { "fr_FR", "1\342\200\257234,5", TRUE, 1234.5 },
    { "de_CH", "1'234.5", TRUE, 1234.5 },  { "hi_IN", "12,34,567", TRUE, 1234567 }, { "ar_EG", "\331\241\331\242", TRUE, 12 },
  };
  static const char *const names[] = { "en_US", "de_DE", "fr_FR", "de_CH", "hi_IN", "ar_EG", "sv_SE" };
  static const double numbers[] = { 0, 1.125, 1125, -0.1, 1e300, 12345678.875, 5e-324 };
  g_autoptr(BvCalendar) calendar = bv_calendar_new (NULL, 1, NULL);

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(BvLocale) locale = bv_locale_new (cases[i].locale, NULL, calendar);
      g_auto(BvValue) value = BV_VALUE_NULL;
      gboolean fine = bv_locale_parse_number (locale, cases[i].text, BV_TYPE_DOUBLE, &value);

      g_test_message ("%s: %s", cases[i].locale, cases[i].text);
      g_assert_cmpint (fine, ==, cases[i].fine);
      if (fine)
        g_assert_false (value.d < cases[i].number || value.d > cases[i].number);
    }
  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    for (guint k = 0; k < G_N_ELEMENTS (numbers); k++)
      {
        g_autoptr(BvLocale) locale = bv_locale_new (names[i], NULL, calendar);
        BvValue value = bv_value_double (numbers[k]), again;
        g_autofree char *text = bv_locale_write_number (locale, &value);

        g_assert_true (bv_locale_parse_number (locale, text, BV_TYPE_DOUBLE, &again));
        g_assert_false (again.d < numbers[k] || again.d > numbers[k]);
      }
  {
    g_autoptr(BvLocale) locale = bv_locale_new ("de_DE", NULL, calendar);
    BvValue value;

    g_assert_true (bv_locale_parse_number (locale, "9.007.199.254.740.993", BV_TYPE_INT, &value));
    g_assert_cmpint (value.type, ==, BV_TYPE_INT);
    g_assert_cmpint (value.i, ==, G_GINT64_CONSTANT (9007199254740993));
    g_assert_true (bv_locale_parse_number (locale, "1,5", BV_TYPE_INT, &value));
    g_assert_cmpint (value.type, ==, BV_TYPE_DOUBLE);
    g_assert_true (bv_locale_parse_number (locale, "  ", BV_TYPE_INT, &value));
    g_assert_cmpint (value.type, ==, BV_TYPE_NULL);
  }
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/format/numbers", test_numbers);
  g_test_add_func ("/format/strange-currency", test_strange_currency);
  g_test_add_func ("/format/times", test_times);
  g_test_add_func ("/format/dates", test_dates);
  g_test_add_func ("/format/typed-numbers", test_typed_numbers);
  return g_test_run ();
}
