/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bv-time.h"

#include <string.h>

/* Days and civil dates: years are counted from March so that the leap day is the last of its year; an era is
 * 400 years of 146097 days. The arithmetic is that of Howard Hinnant's "chrono-Compatible Low-Level Date
 * Algorithms". */
gint64
bv_days_from_civil (int year, int month, int day)
{
  gint64 y = (gint64) year - (month <= 2);
  gint64 era = bv_floor_div (y, 400);
  gint64 yoe = y - era * 400;
  gint64 doy = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
  gint64 doe = yoe * 365 + yoe / 4 - yoe / 100 + doy;

  return era * 146097 + doe - 719468;
}

void
bv_civil_from_days (gint64 days, int *year, int *month, int *day)
{
  gint64 z = days + 719468;
  gint64 era = bv_floor_div (z, 146097);
  gint64 doe = z - era * 146097;
  gint64 yoe = (doe - doe / 1460 + doe / 36524 - doe / 146096) / 365;
  gint64 doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
  gint64 mp = (5 * doy + 2) / 153;
  int m = (int) (mp < 10 ? mp + 3 : mp - 9);

  if (year != NULL)
    *year = (int) (yoe + era * 400 + (m <= 2));
  if (month != NULL)
    *month = m;
  if (day != NULL)
    *day = (int) (doy - (153 * mp + 2) / 5 + 1);
}

int
bv_weekday (gint64 days)
{
  return (int) (days + 3 - bv_floor_div (days + 3, 7) * 7) + 1;
}

int
bv_days_in_month (int year, int month)
{
  static const guint8 n[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };

  if (month == 2 && (year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)))
    return 29;
  return n[month - 1];
}

static char *
put_digits (char *p, guint64 v, int width)
{
  for (int i = width - 1; i >= 0; i--, v /= 10)
    p[i] = (char) ('0' + v % 10);
  return p + width;
}

/* What follows each other is often of one day: each thread keeps the text of the last one. */
static char *
put_date (char *p, gint64 days)
{
  static _Thread_local gint64 last = G_MININT64;
  static _Thread_local char text[20];
  static _Thread_local guint length;

  if (days != last)
    {
      char *q = text;
      int y, m, d;

      bv_civil_from_days (days, &y, &m, &d);
      if (y < 0 || y > 9999)
        {
          *q++ = y < 0 ? '-' : '+';
          q = put_digits (q, (guint64) ABS ((gint64) y), ABS ((gint64) y) < 1000000 ? 6 : ABS ((gint64) y) < 10000000 ? 7 : 10);
        }
      else
        q = put_digits (q, (guint64) y, 4);
      *q++ = '-';
      q = put_digits (q, (guint64) m, 2);
      *q++ = '-';
      q = put_digits (q, (guint64) d, 2);
      length = (guint) (q - text);
      last = days;
    }
  memcpy (p, text, sizeof text);
  return p + length;
}

const char *
bv_date_to_text (gint64 days, char buf[BV_TIME_TEXT_MAX])
{
  *put_date (buf, days) = '\0';
  return buf;
}

const char *
bv_timestamp_to_text (gint64 us, char buf[BV_TIME_TEXT_MAX])
{
  gint64 days = bv_floor_div (us, BV_DAY_US);
  gint64 rest = us - days * BV_DAY_US;
  gint64 seconds = rest / BV_SECOND_US;
  gint64 fraction = rest % BV_SECOND_US;
  char *p = put_date (buf, days);

  *p++ = ' ';
  p = put_digits (p, (guint64) (seconds / 3600), 2);
  *p++ = ':';
  p = put_digits (p, (guint64) (seconds / 60 % 60), 2);
  *p++ = ':';
  p = put_digits (p, (guint64) (seconds % 60), 2);
  if (fraction != 0)
    {
      *p++ = '.';
      p = put_digits (p, (guint64) fraction, 6);
      while (p[-1] == '0')
        p--;
    }
  *p = '\0';
  return buf;
}

/* Reads exactly @n digits at *@p, within @end. */
static gboolean
get_digits (const char **p, const char *end, int n, int *out)
{
  int v = 0;

  if (end - *p < n)
    return FALSE;
  for (int i = 0; i < n; i++)
    {
      if (!g_ascii_isdigit ((*p)[i]))
        return FALSE;
      v = v * 10 + ((*p)[i] - '0');
    }
  *p += n;
  *out = v;
  return TRUE;
}

static gboolean
get_char (const char **p, const char *end, char c)
{
  if (*p >= end || **p != c)
    return FALSE;
  (*p)++;
  return TRUE;
}

static gboolean
get_date (const char **p, const char *end, gint64 *days)
{
  int y, m, d;

  if (!get_digits (p, end, 4, &y) || !get_char (p, end, '-') ||
      !get_digits (p, end, 2, &m) || !get_char (p, end, '-') ||
      !get_digits (p, end, 2, &d))
    return FALSE;
  if (y < 1 || m < 1 || m > 12 || d < 1 || d > bv_days_in_month (y, m))
    return FALSE;
  *days = bv_days_from_civil (y, m, d);
  return TRUE;
}

gboolean
bv_date_parse (const char *text, gssize len, gint64 *days)
{
  const char *p = text;
  const char *end;

  if (text == NULL)
    return FALSE;
  end = text + (len < 0 ? (gssize) strlen (text) : len);
  return get_date (&p, end, days) && p == end;
}

gboolean
bv_timestamp_parse (const char *text, gssize len, gint64 *us, gboolean *local)
{
  const char *p = text;
  const char *end;
  gint64 days;
  gint64 seconds;
  gint64 fraction = 0;
  int h, m, s = 0;
  gboolean no_zone = FALSE;

  if (text == NULL)
    return FALSE;
  end = text + (len < 0 ? (gssize) strlen (text) : len);
  if (!get_date (&p, end, &days) || p >= end || (*p != 'T' && *p != 't' && *p != ' '))
    return FALSE;
  p++;
  if (!get_digits (&p, end, 2, &h) || !get_char (&p, end, ':') || !get_digits (&p, end, 2, &m))
    return FALSE;
  if (get_char (&p, end, ':') && !get_digits (&p, end, 2, &s))
    return FALSE;
  if (p < end && (*p == '.' || *p == ','))
    {
      gint64 unit = BV_SECOND_US / 10;

      p++;
      if (p >= end || !g_ascii_isdigit (*p))
        return FALSE;
      for (; p < end && g_ascii_isdigit (*p); p++, unit /= 10)
        fraction += (*p - '0') * unit;
    }
  if (h > 24 || m > 59 || s > 60 || (h == 24 && (m > 0 || s > 0 || fraction > 0)))
    return FALSE;
  seconds = days * BV_DAY_SECONDS + h * 3600 + m * 60 + s;
  if (p < end && *p == ' ' && p + 1 < end)
    p++;
  if (p == end)
    no_zone = TRUE;
  else if (*p == 'Z' || *p == 'z')
    p++;
  else if (end - p >= 3 && strncmp (p, "UTC", 3) == 0)
    p += 3;
  else if (*p == '+' || *p == '-')
    {
      int sign = *p++ == '-' ? -1 : 1;
      int zh, zm = 0;

      if (!get_digits (&p, end, 2, &zh))
        return FALSE;
      if (p < end)
        {
          get_char (&p, end, ':');
          if (!get_digits (&p, end, 2, &zm))
            return FALSE;
        }
      if (zh > 18 || zm > 59)
        return FALSE;
      seconds -= sign * (zh * 3600 + zm * 60);
    }
  if (p != end)
    return FALSE;
  *us = seconds * BV_SECOND_US + fraction;
  if (local != NULL)
    *local = no_zone;
  return TRUE;
}
