/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Numbers and dates for people, by ICU's number skeletons and date pattern generator.
 *
 * Formatters are made once per format and kept in the locale. Times are shifted into the project's zone with BvCalendar and formatted as
 * UTC, so that labels and buckets cannot disagree.
 */
#include "config.h"

#include "bv-format.h"

#include <glib/gi18n-lib.h>
#include <inttypes.h>
#include <math.h>
#include <string.h>
#include <unicode/udat.h>
#include <unicode/udatpg.h>
#include <unicode/uloc.h>
#include <unicode/unumberformatter.h>
#include <unicode/ustring.h>

static const char *const kind_names[] = { "auto", "number", "currency", "percent", "duration-s", "duration-ms", "plain" };

const char *
bv_format_kind_to_name (BvFormatKind kind)
{
  return kind_names[kind];
}

gboolean
bv_format_kind_from_name (const char *name, BvFormatKind *kind)
{
  for (guint i = 0; i < G_N_ELEMENTS (kind_names); i++)
    if (g_strcmp0 (name, kind_names[i]) == 0)
      {
        *kind = (BvFormatKind) i;
        return TRUE;
      }
  return FALSE;
}

void
bv_format_clear (BvFormat *format)
{
  g_clear_pointer (&format->currency, g_free);
  g_clear_pointer (&format->prefix, g_free);
  g_clear_pointer (&format->suffix, g_free);
}

BvFormat
bv_format_copy (const BvFormat *format)
{
  BvFormat copy = *format;

  copy.currency = g_strdup (format->currency);
  copy.prefix = g_strdup (format->prefix);
  copy.suffix = g_strdup (format->suffix);
  return copy;
}

gboolean
bv_format_equal (const BvFormat *a, const BvFormat *b)
{
  return a->kind == b->kind && a->decimals == b->decimals && a->abbreviate == b->abbreviate &&
         g_strcmp0 (a->currency, b->currency) == 0 && g_strcmp0 (a->prefix, b->prefix) == 0 &&
         g_strcmp0 (a->suffix, b->suffix) == 0;
}

struct _BvLocale
{
  char *name; /* ICU's */
  char *currency;
  BvCalendar *calendar;
  GHashTable *numbers; /* skeleton -> UNumberFormatter */
  GHashTable *dates;   /* skeleton -> UDateFormat */
  UDateTimePatternGenerator *patterns;
  UFormattedNumber *result;
};

static char *
icu_name (const char *name)
{
  g_autofree char *base = NULL;
  const char *end;

  for (guint i = 0; name == NULL && i < 3; i++)
    {
      static const char *const variables[] = { "LC_ALL", "LC_NUMERIC", "LANG" };

      name = g_getenv (variables[i]);
      if (name != NULL && *name == '\0')
        name = NULL;
    }
  if (name == NULL)
    name = "C";
  end = name + strcspn (name, ".@");
  base = g_strndup (name, end - name);
  if (strcmp (base, "C") == 0 || strcmp (base, "POSIX") == 0)
    return g_strdup ("en_US");
  return g_steal_pointer (&base);
}

static void
close_number (gpointer formatter)
{
  unumf_close (formatter);
}

static void
close_date (gpointer formatter)
{
  udat_close (formatter);
}

BvLocale *
bv_locale_new (const char *name, const char *currency, BvCalendar *calendar)
{
  BvLocale *self = g_atomic_rc_box_new0 (BvLocale);
  UErrorCode status = U_ZERO_ERROR;

  self->name = icu_name (name);
  self->currency = g_strdup (currency);
  self->calendar = bv_calendar_ref (calendar);
  self->numbers = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, close_number);
  self->dates = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, close_date);
  self->result = unumf_openResult (&status);
  status = U_ZERO_ERROR;
  self->patterns = udatpg_open (self->name, &status);
  return self;
}

BvLocale *
bv_locale_copy (BvLocale *self)
{
  return bv_locale_new (self->name, self->currency, self->calendar);
}

BvLocale *
bv_locale_ref (BvLocale *self)
{
  return g_atomic_rc_box_acquire (self);
}

static void
locale_clear (gpointer data)
{
  BvLocale *self = data;

  g_free (self->name);
  g_free (self->currency);
  bv_calendar_unref (self->calendar);
  g_hash_table_unref (self->numbers);
  g_hash_table_unref (self->dates);
  unumf_closeResult (self->result);
  udatpg_close (self->patterns);
}

void
bv_locale_unref (BvLocale *self)
{
  g_atomic_rc_box_release_full (self, locale_clear);
}

BvCalendar *
bv_locale_get_calendar (BvLocale *self)
{
  return self->calendar;
}

static char *
to_utf8 (const UChar *text, int32_t length)
{
  return g_utf16_to_utf8 ((const gunichar2 *) text, length, NULL, NULL, NULL);
}

/* --- Numbers ------------------------------------------------------------------------------------------------------------ */

static UNumberFormatter *
number_formatter (BvLocale *self, const char *skeleton)
{
  UNumberFormatter *formatter = g_hash_table_lookup (self->numbers, skeleton);
  UErrorCode status = U_ZERO_ERROR;
  UChar wide[256];

  if (formatter != NULL)
    return formatter;
  if (strlen (skeleton) >= G_N_ELEMENTS (wide)) /* a currency from a file that nobody vouches for */
    return NULL;
  u_uastrcpy (wide, skeleton);
  formatter = unumf_openForSkeletonAndLocale (wide, -1, self->name, &status);
  if (U_FAILURE (status))
    {
      unumf_close (formatter);
      return NULL;
    }
  g_hash_table_insert (self->numbers, g_strdup (skeleton), formatter);
  return formatter;
}

/* ".00" for two fixed digits, ".##" for up to two. */
static void
append_precision (GString *skeleton, int decimals, int up_to)
{
  if (decimals == 0 || (decimals < 0 && up_to == 0))
    {
      g_string_append (skeleton, " precision-integer");
      return;
    }
  g_string_append (skeleton, " .");
  for (int i = 0; i < (decimals > 0 ? MIN (decimals, 15) : up_to); i++)
    g_string_append_c (skeleton, decimals > 0 ? '0' : '#');
}

static char *
format_number (BvLocale *self, const BvValue *value, const BvFormat *format)
{
  g_autoptr(GString) skeleton = g_string_new ("rounding-mode-half-up sign-negative"); /* no "-0" */
  double d = bv_value_as_double (value);
  const char *currency = format->currency != NULL ? format->currency : self->currency;
  UNumberFormatter *formatter;
  UErrorCode status = U_ZERO_ERROR;
  UChar wide[128];
  int32_t length;

  if (isinf (d))
    return g_strdup (d < 0 ? "−∞" : "∞");
  if (format->abbreviate)
    g_string_append (skeleton, " compact-short");
  if (format->kind == BV_FORMAT_CURRENCY && currency != NULL)
    {
      g_string_append_printf (skeleton, " currency/%s", currency);
      if (format->decimals >= 0)
        append_precision (skeleton, format->decimals, 0);
      else if (format->abbreviate)
        g_string_append (skeleton, " @##");
    }
  else if (format->kind == BV_FORMAT_PERCENT)
    {
      g_string_append (skeleton, " percent scale/100");
      append_precision (skeleton, format->decimals, 1);
    }
  else if (format->abbreviate && format->decimals < 0)
    g_string_append (skeleton, " @##");
  else if (format->decimals < 0 && fabs (d) < 0.01 && (d < 0 || d > 0))
    g_string_append (skeleton, " @##"); /* small values keep their digits instead of becoming 0 */
  else
    append_precision (skeleton, format->decimals, 2);
  if (format->kind == BV_FORMAT_PLAIN)
    g_string_append (skeleton, " group-off");

  formatter = number_formatter (self, skeleton->str);
  if (formatter == NULL)
    return bv_value_to_plain (value);
  if (value->type == BV_TYPE_DOUBLE)
    unumf_formatDouble (formatter, value->d, self->result, &status);
  else
    unumf_formatInt (formatter, value->i, self->result, &status);
  length = unumf_resultToString (self->result, wide, G_N_ELEMENTS (wide), &status);
  if (U_FAILURE (status))
    return bv_value_to_plain (value);
  return to_utf8 (wide, length);
}

/* 3 h 25 min; two units at most, the smaller one left out when it is zero. */
static char *
format_duration (BvLocale *self, double seconds, const BvFormat *format)
{
  g_autofree char *text = NULL;
  double magnitude = fabs (seconds);
  const char *sign = seconds < 0 && magnitude >= 0.0005 ? "−" : "";
  BvFormat fine = { BV_FORMAT_NUMBER, MIN (format->decimals, 3), FALSE, NULL, NULL, NULL };
  gint64 s;

  /* What rounds to the next unit is written in it. */
  if (magnitude < 0.9995 && magnitude > 0)
    text = g_strdup_printf (_("%d ms"), (int) (magnitude * 1000 + 0.5));
  else if (fine.decimals > 0 && magnitude < 60 - 0.5 * pow (10, -fine.decimals))
    {
      BvValue value = bv_value_double (magnitude);
      g_autofree char *digits = format_number (self, &value, &fine);

      text = g_strdup_printf (_("%s s"), digits);
    }
  else
    {
      s = magnitude < 9e15 ? (gint64) (magnitude + 0.5) : G_GINT64_CONSTANT (9000000000000000);
      if (s < 60)
        text = g_strdup_printf (_("%d s"), (int) s);
      else if (s < 3600)
        text = s % 60 == 0 ? g_strdup_printf (_("%d min"), (int) (s / 60))
                           : g_strdup_printf (_("%d min %d s"), (int) (s / 60), (int) (s % 60));
      else if (s < 86400)
        text = s / 60 % 60 == 0 ? g_strdup_printf (_("%d h"), (int) (s / 3600))
                                : g_strdup_printf (_("%d h %d min"), (int) (s / 3600), (int) (s / 60 % 60));
      else
        text = s / 3600 % 24 == 0 ? g_strdup_printf (_("%" PRId64 " d"), s / 86400)
                                  : g_strdup_printf (_("%" PRId64 " d %d h"), s / 86400, (int) (s / 3600 % 24));
    }
  return g_strconcat (sign, text, NULL);
}

/* --- Dates -------------------------------------------------------------------------------------------------------------- */

static UDateFormat *
date_formatter (BvLocale *self, const char *skeleton)
{
  static const UChar utc[] = { 'U', 'T', 'C', 0 };
  UDateFormat *formatter = g_hash_table_lookup (self->dates, skeleton);
  UErrorCode status = U_ZERO_ERROR;
  UChar wide[64];
  UChar pattern[128];
  int32_t length;

  if (formatter != NULL)
    return formatter;
  u_uastrncpy (wide, skeleton, G_N_ELEMENTS (wide));
  length = udatpg_getBestPattern (self->patterns, wide, -1, pattern, G_N_ELEMENTS (pattern), &status);
  formatter = udat_open (UDAT_PATTERN, UDAT_PATTERN, self->name, utc, -1, pattern, length, &status);
  if (U_FAILURE (status))
    return NULL;
  g_hash_table_insert (self->dates, g_strdup (skeleton), formatter);
  return formatter;
}

char *
bv_locale_format_skeleton (BvLocale *self, const char *skeleton, gint64 value, gboolean is_date)
{
  UDateFormat *formatter = date_formatter (self, skeleton);
  UErrorCode status = U_ZERO_ERROR;
  UChar wide[128];
  gint64 ms;
  int32_t length;

  if (is_date)
    ms = value * BV_DAY_SECONDS * 1000;
  else
    ms = bv_floor_div (value, 1000) + bv_calendar_offset (self->calendar, value) * G_GINT64_CONSTANT (1000);
  if (formatter != NULL)
    {
      length = udat_format (formatter, (UDate) ms, wide, G_N_ELEMENTS (wide), NULL, &status);
      if (U_SUCCESS (status))
        return to_utf8 (wide, length);
    }
  {
    char buf[BV_TIME_TEXT_MAX];

    return g_strdup (is_date ? bv_date_to_text (value, buf) : bv_timestamp_to_text (ms * 1000, buf));
  }
}

char *
bv_locale_format_date (BvLocale *self, gint64 day)
{
  return bv_locale_format_skeleton (self, "yMMMd", day, TRUE);
}

/* Whether each number of a text is the day, the month or the year, so that nothing was carried over: 31 February is not 3 March. */
static gboolean
numbers_are (const char *text, int y, int m, int d)
{
  gboolean year = FALSE, day = FALSE;

  while (*text != '\0')
    {
      char *end;
      guint64 n;

      if (!g_ascii_isdigit (*text))
        {
          text++;
          continue;
        }
      n = g_ascii_strtoull (text, &end, 10);
      if (!day && n == (guint64) d)
        day = TRUE;
      else if (!year && end - text >= 2 && n == (guint64) (end - text <= 2 ? y % 100 : y))
        year = TRUE;
      else if (n != (guint64) m)
        return FALSE;
      text = end;
    }
  return year && day;
}

/* A day written as a locale's style or pattern says; the whole text must be read. Strict parsing would want 01 for 1. ICU takes 26 for
 * the year 26 where the pattern is not "yy": years of two digits are from 1969 to 2068, as strptime() has them. */
static gboolean
read_date (UDateFormat *formatter, const char *text, gint64 *day)
{
  UErrorCode status = U_ZERO_ERROR;
  UChar wide[64];
  int32_t position = 0, length;
  int y, m, d;
  UDate ms;

  u_strFromUTF8 (wide, G_N_ELEMENTS (wide), &length, text, -1, &status);
  if (formatter == NULL || U_FAILURE (status) || length == 0)
    return FALSE;
  ms = udat_parse (formatter, wide, length, &position, &status);
  if (U_FAILURE (status) || position != length)
    return FALSE;
  *day = bv_floor_div ((gint64) ms, BV_DAY_SECONDS * 1000);
  bv_civil_from_days (*day, &y, &m, &d);
  if (y >= 0 && y < 100)
    y += y < 69 ? 2000 : 1900;
  *day = bv_days_from_civil (y, m, d);
  return y >= 1000 && y <= 9999 && numbers_are (text, y, m, d);
}

gboolean
bv_locale_parse_date (BvLocale *self, const char *text, gint64 *day)
{
  static const UChar utc[] = { 'U', 'T', 'C', 0 };
  static const char *const skeletons[] = { "yMd", "yMMMd", "yMMMMd" };
  g_autofree char *trimmed = g_strstrip (g_strdup (text));
  UErrorCode status = U_ZERO_ERROR;
  UDateFormat *formatter;
  gboolean fine;

  if (bv_date_parse (trimmed, -1, day))
    return TRUE;
  formatter = udat_open (UDAT_NONE, UDAT_SHORT, self->name, utc, -1, NULL, 0, &status);
  fine = U_SUCCESS (status) && read_date (formatter, trimmed, day);
  if (formatter != NULL)
    udat_close (formatter);
  for (guint i = 0; !fine && i < G_N_ELEMENTS (skeletons); i++)
    fine = read_date (date_formatter (self, skeletons[i]), trimmed, day);
  return fine;
}

/* A side of "FROM..TO" as the locale writes days and instants. (transfer full) */
static char *
format_side (BvLocale *self, const char *text, gssize len)
{
  gboolean local;
  gint64 time;

  if (bv_date_parse (text, len, &time))
    return bv_locale_format_date (self, time);
  if (bv_timestamp_parse (text, len, &time, &local))
    return bv_locale_format_instant (self, local ? bv_calendar_from_local (self->calendar, time) : time);
  return len < 0 ? g_strdup (text) : g_strndup (text, len);
}

char *
bv_locale_format_range (BvLocale *self, const char *spec)
{
  const char *dots = strstr (spec, "..");
  g_autofree char *from = NULL;
  g_autofree char *to = NULL;

  if (dots == NULL)
    return bv_range_to_label (spec);
  from = format_side (self, spec, dots - spec);
  to = format_side (self, dots + 2, -1);
  if (*from == '\0' && *to == '\0')
    return bv_range_to_label ("all-time");
  if (*from == '\0')
    return g_strdup_printf (_("Until %s"), to);
  if (*to == '\0')
    return g_strdup_printf (_("Since %s"), from);
  /* Translators: from one day to another, both included */
  return g_strdup_printf (_("%s – %s"), from, to);
}

char *
bv_locale_format_instant (BvLocale *self, gint64 us)
{
  return bv_locale_format_skeleton (self, "yMMMdjm", us, FALSE);
}

static char *
format_time (BvLocale *self, const BvValue *value, BvGrain grain)
{
  gboolean is_date = value->type == BV_TYPE_DATE;

  switch (grain)
    {
    case BV_GRAIN_MONTH:
      return bv_locale_format_skeleton (self, "yMMM", value->i, is_date);
    case BV_GRAIN_QUARTER:
      return bv_locale_format_skeleton (self, "yQQQ", value->i, is_date);
    case BV_GRAIN_YEAR:
      return bv_locale_format_skeleton (self, "y", value->i, is_date);
    case BV_GRAIN_DAY:
    case BV_GRAIN_WEEK:
      return bv_locale_format_skeleton (self, "yMMMd", value->i, is_date);
    case BV_GRAIN_NONE:
    case BV_GRAIN_HOUR:
    default:
      return is_date ? bv_locale_format_date (self, value->i) : bv_locale_format_instant (self, value->i);
    }
}

/* --- Values -------------------------------------------------------------------------------------------------------------- */

char *
bv_locale_format (BvLocale *self, const BvValue *value, const BvFormat *format, BvGrain grain)
{
  static const BvFormat automatic = { BV_FORMAT_AUTO, -1, FALSE, NULL, NULL, NULL };
  g_autofree char *text = NULL;

  if (format == NULL)
    format = &automatic;
  switch (value->type)
    {
    case BV_TYPE_NULL:
      return g_strdup ("–");
    case BV_TYPE_BOOL:
      return g_strdup (value->i ? _("Yes") : _("No"));
    case BV_TYPE_TEXT:
      return g_strdup (value->s);
    case BV_TYPE_DATE:
    case BV_TYPE_TIMESTAMP:
      return format_time (self, value, grain);
    case BV_TYPE_INT:
    case BV_TYPE_DOUBLE:
    default:
      break;
    }
  if (value->type == BV_TYPE_DOUBLE && isnan (value->d))
    return g_strdup ("–");
  if (format->kind == BV_FORMAT_DURATION_SECONDS)
    text = format_duration (self, bv_value_as_double (value), format);
  else if (format->kind == BV_FORMAT_DURATION_MS)
    text = format_duration (self, bv_value_as_double (value) / 1000, format);
  else
    text = format_number (self, value, format);
  if (format->prefix == NULL && format->suffix == NULL)
    return g_steal_pointer (&text);
  return g_strconcat (format->prefix != NULL ? format->prefix : "", text, format->suffix != NULL ? format->suffix : "", NULL);
}

char *
bv_locale_format_double (BvLocale *self, double d, const BvFormat *format)
{
  BvValue value = bv_value_double (d);

  return bv_locale_format (self, &value, format, BV_GRAIN_NONE);
}

char *
bv_locale_format_count (BvLocale *self, gint64 n)
{
  BvValue value = bv_value_int (n);

  return bv_locale_format (self, &value, NULL, BV_GRAIN_NONE);
}

const char *
bv_locale_get_name (BvLocale *self)
{
  return self->name;
}

char *
bv_locale_country_name (BvLocale *self, const char *code, const char *locale)
{
  g_autofree char *und = g_strdup_printf ("und_%s", code);
  UErrorCode status = U_ZERO_ERROR;
  char own[64];
  UChar wide[128];
  int32_t length;

  if (locale != NULL && *locale == '\0')
    {
      uloc_addLikelySubtags (und, own, sizeof own, &status);
      if (U_FAILURE (status))
        return NULL;
      locale = own;
      status = U_ZERO_ERROR;
    }
  length = uloc_getDisplayCountry (und, locale != NULL ? locale : self->name, wide, G_N_ELEMENTS (wide), &status);

  /* ICU gives the code back for what it does not know. */
  if (U_FAILURE (status) || status == U_USING_DEFAULT_WARNING || length <= 0)
    return NULL;
  return g_utf16_to_utf8 ((const gunichar2 *) wide, length, NULL, NULL, NULL);
}
