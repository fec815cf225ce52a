/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the text of a cell can be read as.
 *
 * Numbers: an optional minus, digits, the decimal sign of the file, an exponent; thousands in groups of three set apart by the
 * other sign. What would lose something as a number is text: leading zeros, a plus sign, whole numbers beyond 64 bits,
 * percent and currency signs. Dates: ISO, year first with "/" or ".", or in the file's order with "/", "." or "-" and, with "/",
 * two-digit years (69…99 are 1969…1999). Date and time: ISO with or without a zone, or such a date and a time of 24 or 12
 * hours. A time without a zone is taken as UTC.
 */
#include "config.h"

#include "bv-import-private.h"
#include "bv-time.h"

#include <glib/gi18n-lib.h>
#include <langinfo.h>
#include <math.h>
#include <string.h>

static const char *const order_names[] = { "YMD", "DMY", "MDY" };

const char *
bv_date_order_to_name (BvDateOrder order)
{
  return order_names[order];
}

BvDateOrder
bv_date_order_from_name (const char *name)
{
  for (guint i = 0; i < G_N_ELEMENTS (order_names); i++)
    if (g_strcmp0 (name, order_names[i]) == 0)
      return (BvDateOrder) i;
  return BV_ORDER_YMD;
}

static void
trim (const char **text, gsize *length)
{
  while (*length > 0 && g_ascii_isspace (**text))
    {
      (*text)++;
      (*length)--;
    }
  while (*length > 0 && g_ascii_isspace ((*text)[*length - 1]))
    (*length)--;
}

/* --- Numbers */

typedef struct
{
  gboolean whole;    /* fits an int64 */
  gboolean too_big;  /* whole digits that do not */
  gboolean padded;   /* leading zeros or a plus */
  gint64 i;
  double d;
} BvNumber;

static double
power_of_ten (int n)
{
  static const double powers[] = { 1e0,  1e1,  1e2,  1e3,  1e4,  1e5,  1e6,  1e7,  1e8,  1e9,  1e10, 1e11,
                                   1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22 };

  return powers[n];
}

static gboolean
parse_number (const char *text, gsize length, char decimal, BvNumber *number)
{
  const char *p = text;
  const char *end = text + length;
  char group = decimal == ',' ? '.' : ',';
  gboolean negative = FALSE, grouped = FALSE, fraction = FALSE, exact = TRUE;
  guint64 mantissa = 0;
  int n_digits = 0, n_fraction = 0, in_group = 0;
  const char *first_digit;

  memset (number, 0, sizeof *number);
  if (p < end && (*p == '-' || *p == '+'))
    {
      negative = *p == '-';
      number->padded = *p == '+';
      p++;
    }
  first_digit = p;
  for (; p < end; p++)
    {
      if (g_ascii_isdigit (*p))
        {
          if (mantissa > (G_MAXUINT64 - 9) / 10)
            exact = FALSE;
          else
            mantissa = mantissa * 10 + (guint64) (*p - '0');
          n_digits++;
          if (fraction)
            n_fraction++;
          else
            in_group++;
        }
      else if (*p == decimal && !fraction)
        {
          if (grouped && in_group != 3)
            return FALSE;
          fraction = TRUE;
        }
      else if (*p == group && !fraction)
        {
          if (grouped ? in_group != 3 : in_group < 1 || in_group > 3)
            return FALSE;
          grouped = TRUE;
          in_group = 0;
        }
      else
        break;
    }
  if (n_digits == 0 || (grouped && !fraction && in_group != 3))
    return FALSE;
  number->padded |= *first_digit == '0' && first_digit + 1 < end && (g_ascii_isdigit (first_digit[1]) || first_digit[1] == group);
  if (p == end && !fraction)
    {
      number->too_big = !exact || mantissa > (guint64) G_MAXINT64 + negative;
      number->whole = !number->too_big;
      if (number->whole)
        {
          number->i = negative ? (gint64) (0 - mantissa) : (gint64) mantissa;
          number->d = (double) number->i;
          return TRUE;
        }
    }
  if (p == end && exact && mantissa < (G_GUINT64_CONSTANT (1) << 53) && n_fraction <= 22)
    {
      /* Both are exact as doubles, so one division rounds right. */
      number->d = (double) mantissa / power_of_ten (n_fraction);
      if (negative)
        number->d = -number->d;
      return TRUE;
    }
  {
    g_autofree char *plain = NULL;
    char *stop;
    gsize n = 0;

    if (p < end)
      {
        /* an exponent */
        if (grouped || (*p != 'e' && *p != 'E'))
          return FALSE;
        p++;
        if (p < end && (*p == '-' || *p == '+'))
          p++;
        if (p == end)
          return FALSE;
        for (; p < end; p++)
          if (!g_ascii_isdigit (*p))
            return FALSE;
      }
    plain = g_malloc (length + 1);
    for (gsize i = 0; i < length; i++)
      if (text[i] != group)
        plain[n++] = text[i] == decimal ? '.' : text[i];
    plain[n] = '\0';
    number->d = g_ascii_strtod (plain, &stop);
    return stop == plain + n && isfinite (number->d);
  }
}

/* --- Dates */

static gboolean
take_number (const char **p, const char *end, int max_digits, int *value, int *n_digits)
{
  *value = 0;
  *n_digits = 0;
  while (*p < end && g_ascii_isdigit (**p) && *n_digits < max_digits)
    {
      *value = *value * 10 + (**p - '0');
      (*n_digits)++;
      (*p)++;
    }
  return *n_digits > 0;
}

typedef struct
{
  int parts[3];
  int digits[3];
  char sign;
} BvDateParts;

/* Three numbers with the same sign between them; *p moves behind them. */
static gboolean
take_date_parts (const char **p, const char *end, BvDateParts *parts)
{
  for (int i = 0; i < 3; i++)
    {
      if (i > 0)
        {
          if (*p == end || (i == 2 && **p != parts->sign) || (**p != '/' && **p != '.' && **p != '-'))
            return FALSE;
          parts->sign = **p;
          (*p)++;
        }
      if (!take_number (p, end, 4, &parts->parts[i], &parts->digits[i]))
        return FALSE;
    }
  return TRUE;
}

/* Whether the parts are of the kind whose order is to be found out. */
static gboolean
is_year_last (const BvDateParts *parts)
{
  return parts->digits[0] <= 2 && parts->digits[1] <= 2 &&
         (parts->digits[2] == 4 || (parts->digits[2] == 2 && parts->sign == '/'));
}

static gboolean
take_date (const char **p, const char *end, BvDateOrder order, gint64 *days)
{
  BvDateParts parts;
  int year, month, day;

  if (!take_date_parts (p, end, &parts))
    return FALSE;
  if (parts.digits[0] == 4 && parts.digits[1] <= 2 && parts.digits[2] <= 2)
    {
      year = parts.parts[0];
      month = parts.parts[1];
      day = parts.parts[2];
    }
  else if (is_year_last (&parts) && order != BV_ORDER_YMD)
    {
      year = parts.parts[2];
      if (parts.digits[2] == 2)
        year += year < 69 ? 2000 : 1900;
      month = parts.parts[order == BV_ORDER_DMY ? 1 : 0];
      day = parts.parts[order == BV_ORDER_DMY ? 0 : 1];
    }
  else
    return FALSE;
  if (year < 1 || month < 1 || month > 12 || day < 1 || day > bv_days_in_month (year, month))
    return FALSE;
  *days = bv_days_from_civil (year, month, day);
  return TRUE;
}

/* "9:05", "14:05:59.25", "2:05 PM" */
static gboolean
take_time (const char **p, const char *end, gint64 *us)
{
  int hour, minute, second = 0, n;
  gint64 fraction = 0, scale = BV_SECOND_US;

  if (!take_number (p, end, 2, &hour, &n) || *p == end || **p != ':')
    return FALSE;
  (*p)++;
  if (!take_number (p, end, 2, &minute, &n) || n != 2)
    return FALSE;
  if (*p < end && **p == ':')
    {
      (*p)++;
      if (!take_number (p, end, 2, &second, &n) || n != 2)
        return FALSE;
      if (*p < end && **p == '.')
        for ((*p)++; *p < end && g_ascii_isdigit (**p); (*p)++)
          if (scale > 1)
            {
              scale /= 10;
              fraction += (**p - '0') * scale;
            }
    }
  if (end - *p >= 2)
    {
      const char *q = *p + (**p == ' ');

      if (end - q == 2 && (q[1] == 'M' || q[1] == 'm') && strchr ("AaPp", q[0]) != NULL)
        {
          if (hour < 1 || hour > 12)
            return FALSE;
          hour = hour % 12 + (q[0] == 'P' || q[0] == 'p' ? 12 : 0);
          *p = end;
        }
    }
  if (hour > 23 || minute > 59 || second > 59)
    return FALSE;
  *us = ((gint64) hour * 3600 + minute * 60 + second) * BV_SECOND_US + fraction;
  return TRUE;
}

/* "Z", "UTC", "+02", "+0200", "+02:00", with a blank before it or not */
static gboolean
take_zone (const char **p, const char *end, gint64 *us)
{
  int hours, minutes = 0, n, sign;

  if (*p < end && **p == ' ')
    (*p)++;
  if (end - *p == 1 && (**p == 'Z' || **p == 'z'))
    return (*p)++, TRUE;
  if (end - *p == 3 && (memcmp (*p, "UTC", 3) == 0 || memcmp (*p, "GMT", 3) == 0))
    return *p += 3, TRUE;
  if (*p == end || (**p != '+' && **p != '-'))
    return FALSE;
  sign = **p == '-' ? -1 : 1;
  (*p)++;
  if (!take_number (p, end, 2, &hours, &n) || n != 2)
    return FALSE;
  if (*p < end && **p == ':')
    (*p)++;
  if (*p < end && (!take_number (p, end, 2, &minutes, &n) || n != 2))
    return FALSE;
  if (hours > 15 || minutes > 59)
    return FALSE;
  *us -= sign * ((gint64) hours * 3600 + minutes * 60) * BV_SECOND_US;
  return TRUE;
}

/* BV_TYPE_DATE, BV_TYPE_TIMESTAMP, or BV_TYPE_NULL when it is neither. */
static BvType
parse_time (const char *text, gsize length, BvDateOrder order, gint64 *days, gint64 *us)
{
  const char *p = text;
  const char *end = text + length;

  if (length < 6 || length > 64 || !g_ascii_isdigit (*text) || !take_date (&p, end, order, days))
    return BV_TYPE_NULL;
  if (p == end)
    return BV_TYPE_DATE;
  if (*p != 'T' && *p != 't' && *p != ' ')
    return BV_TYPE_NULL;
  p++;
  if (!take_time (&p, end, us))
    return BV_TYPE_NULL;
  *us += *days * BV_DAY_US;
  if (p < end && (!take_zone (&p, end, us) || p < end))
    return BV_TYPE_NULL;
  return BV_TYPE_TIMESTAMP;
}

/* --- Types */

static gboolean
is_word (const char *text, gsize length, const char *word)
{
  return strlen (word) == length && g_ascii_strncasecmp (text, word, length) == 0;
}

static gboolean
parse_bool (const char *text, gsize length, gint64 *value)
{
  static const char *const words[][2] = { { "false", "true" }, { "no", "yes" }, { "f", "t" }, { "n", "y" }, { "0", "1" } };

  for (guint i = 0; i < G_N_ELEMENTS (words); i++)
    for (int b = 0; b < 2; b++)
      if (is_word (text, length, words[i][b]))
        {
          *value = b;
          return TRUE;
        }
  return FALSE;
}

guint
bv_cell_types (const char *text, gsize length, const BvCellStyle *style)
{
  BvNumber number;
  gint64 days, us;

  trim (&text, &length);
  if (length == 0)
    return BV_CELL_ANY;
  if (length <= 5 && (is_word (text, length, "true") || is_word (text, length, "false") || is_word (text, length, "yes") ||
                      is_word (text, length, "no")))
    return 1u << BV_TYPE_BOOL;
  if (length < 400 && parse_number (text, length, style->decimal, &number))
    {
      if (number.padded || number.too_big)
        return 0;
      return number.whole ? 1u << BV_TYPE_INT | 1u << BV_TYPE_DOUBLE : 1u << BV_TYPE_DOUBLE;
    }
  switch (parse_time (text, length, style->order, &days, &us))
    {
    case BV_TYPE_DATE:
      return 1u << BV_TYPE_DATE | 1u << BV_TYPE_TIMESTAMP;
    case BV_TYPE_TIMESTAMP:
      return 1u << BV_TYPE_TIMESTAMP;
    case BV_TYPE_NULL:
    case BV_TYPE_BOOL:
    case BV_TYPE_INT:
    case BV_TYPE_DOUBLE:
    case BV_TYPE_TEXT:
    default:
      return 0;
    }
}

BvType
bv_cell_type_from_bits (guint bits)
{
  static const BvType order[] = { BV_TYPE_BOOL, BV_TYPE_INT, BV_TYPE_DOUBLE, BV_TYPE_DATE, BV_TYPE_TIMESTAMP };

  if (bits == BV_CELL_ANY)
    return BV_TYPE_TEXT;
  for (guint i = 0; i < G_N_ELEMENTS (order); i++)
    if (bits & 1u << order[i])
      return order[i];
  return BV_TYPE_TEXT;
}

/* --- What most cells look like. These take a cell or leave it to the readers above, which would read it the same way. */

/* ASCII without a NUL, eight bytes at a time. */
static inline gboolean
is_plain_text (const char *text, gsize length)
{
  const guint64 ones = G_GUINT64_CONSTANT (0x0101010101010101), tops = ones << 7;
  gsize i = 0;
  guint64 word, bad = 0;

  for (; i + 8 <= length; i += 8)
    {
      memcpy (&word, text + i, 8);
      bad |= (word - ones) | word;
    }
  for (; i < length; i++)
    bad |= (guchar) text[i] == 0 || (guchar) text[i] >= 0x80 ? tops : 0;
  return (bad & tops) == 0;
}

static inline gboolean
take_whole (const char *text, gsize length, gint64 *value)
{
  gboolean negative = *text == '-';
  gint64 n = 0;

  if (length - negative > 18 || length == negative || (text[negative] == '0' && length - negative > 1))
    return FALSE;
  for (gsize i = negative; i < length; i++)
    {
      guint digit = (guint) (guchar) text[i] - '0';

      if (digit > 9)
        return FALSE;
      n = n * 10 + digit;
    }
  *value = negative ? -n : n;
  return TRUE;
}

/* Up to 15 digits with a sign for decimals among them: both are exact as doubles, so one division rounds right. */
static inline gboolean
take_decimal (const char *text, gsize length, char decimal, double *value)
{
  gboolean negative = *text == '-';
  gint64 n = 0;
  gsize point = 0;

  if (length - negative > 16 || length < (gsize) negative + 2)
    return FALSE;
  for (gsize i = negative; i < length; i++)
    {
      guint digit = (guint) (guchar) text[i] - '0';

      if (digit <= 9)
        n = n * 10 + digit;
      else if (text[i] == decimal && point == 0 && i > negative && i + 1 < length)
        point = i;
      else
        return FALSE;
    }
  if (point == 0 || (text[negative] == '0' && point > (gsize) negative + 1))
    return FALSE;
  *value = (double) n / power_of_ten ((int) (length - point - 1));
  if (negative)
    *value = -*value;
  return TRUE;
}

static inline int
two_digits (const char *p)
{
  guint tens = (guint) (guchar) p[0] - '0', ones = (guint) (guchar) p[1] - '0';

  return tens > 9 || ones > 9 ? -1000000 : (int) (tens * 10 + ones);
}

/* "2026-06-30" */
static inline gboolean
take_iso_date (const char *p, gint64 *days)
{
  int year = two_digits (p) * 100 + two_digits (p + 2), month = two_digits (p + 5), day = two_digits (p + 8);

  if (p[4] != '-' || p[7] != '-' || year < 1 || month < 1 || month > 12 || day < 1 || day > bv_days_in_month (year, month))
    return FALSE;
  *days = bv_days_from_civil (year, month, day);
  return TRUE;
}

/* "2026-06-30 12:34:56", with a T or a Z as well */
static inline gboolean
take_iso_timestamp (const char *p, gsize length, gint64 *us)
{
  int hour, minute, second;
  gint64 days;

  if ((length != 19 && (length != 20 || p[19] != 'Z')) || (p[10] != ' ' && p[10] != 'T') || p[13] != ':' || p[16] != ':')
    return FALSE;
  hour = two_digits (p + 11);
  minute = two_digits (p + 14);
  second = two_digits (p + 17);
  if (hour < 0 || hour > 23 || minute < 0 || minute > 59 || second < 0 || second > 59 || !take_iso_date (p, &days))
    return FALSE;
  *us = days * BV_DAY_US + ((gint64) hour * 3600 + minute * 60 + second) * BV_SECOND_US;
  return TRUE;
}

static inline gboolean
take_usual (const char *text, gsize length, BvType type, char decimal, BvValue *value)
{
  if (type == BV_TYPE_INT)
    return take_whole (text, length, &value->i);
  if (type == BV_TYPE_DOUBLE)
    return take_decimal (text, length, decimal, &value->d);
  if (type == BV_TYPE_DATE)
    return length == 10 && take_iso_date (text, &value->i);
  return type == BV_TYPE_TIMESTAMP && take_iso_timestamp (text, length, &value->i);
}

gboolean
bv_cell_is_exact (gint64 i)
{
  double d = (double) i;

  return fabs (d) < 0x1p63 && (gint64) d == i;
}

gboolean
bv_cell_parse (const char *text, gsize length, BvType type, const BvCellStyle *style, BvValue *value)
{
  BvNumber number;
  gint64 days = 0, us = 0;
  BvType time;

  value->type = BV_TYPE_NULL;
  if (length == 0)
    return TRUE;
  if (type == BV_TYPE_TEXT)
    {
      if (!is_plain_text (text, length) && !g_utf8_validate (text, (gssize) length, NULL)) /* nor is a NUL valid */
        return FALSE;
      value->type = BV_TYPE_TEXT;
      value->s = (char *) text;
      return TRUE;
    }
  if (take_usual (text, length, type, style->decimal, value))
    {
      value->type = type;
      return TRUE;
    }
  if (type == BV_TYPE_NULL)
    return FALSE;
  trim (&text, &length);
  if (length == 0)
    return TRUE;
  switch (type)
    {
    case BV_TYPE_BOOL:
      if (!parse_bool (text, length, &value->i))
        return FALSE;
      break;
    case BV_TYPE_INT:
      if (!parse_number (text, length, style->decimal, &number))
        return FALSE;
      if (style->exact && number.padded)
        return FALSE;
      if (!number.whole)
        {
          /* 12.0 is whole, too */
          if (number.too_big || trunc (number.d) < number.d || trunc (number.d) > number.d || fabs (number.d) > 9e15)
            return FALSE;
          number.i = (gint64) number.d;
        }
      value->i = number.i;
      break;
    case BV_TYPE_DOUBLE:
      if (!parse_number (text, length, style->decimal, &number))
        return FALSE;
      if (style->exact && (number.padded || number.too_big || (number.whole && !bv_cell_is_exact (number.i))))
        return FALSE;
      value->d = number.d;
      break;
    case BV_TYPE_DATE:
      time = parse_time (text, length, style->order, &days, &us);
      if (time == BV_TYPE_TIMESTAMP && us % BV_DAY_US == 0)
        days = us / BV_DAY_US;
      else if (time != BV_TYPE_DATE)
        return FALSE;
      value->i = days;
      break;
    case BV_TYPE_TIMESTAMP:
      time = parse_time (text, length, style->order, &days, &us);
      if (time == BV_TYPE_NULL)
        return FALSE;
      value->i = time == BV_TYPE_DATE ? days * BV_DAY_US : us;
      break;
    case BV_TYPE_NULL:
    case BV_TYPE_TEXT:
    default:
      return FALSE;
    }
  value->type = type;
  return TRUE;
}

char *
bv_cell_problem (const char *text, gsize length, BvType type)
{
  gsize n = MIN (length, 40);
  g_autofree char *start = NULL;
  g_autofree char *shown = NULL;

  while (n > 0 && n < length && ((guchar) text[n] & 0xc0) == 0x80) /* whole characters */
    n--;
  start = g_utf8_make_valid (text, (gssize) n);
  shown = n < length ? g_strconcat (start, "…", NULL) : g_steal_pointer (&start);

  switch (type)
    {
    case BV_TYPE_BOOL:
      return g_strdup_printf (_("“%s” is not yes or no"), shown);
    case BV_TYPE_INT:
      return g_strdup_printf (_("“%s” is not a whole number"), shown);
    case BV_TYPE_DOUBLE:
      return g_strdup_printf (_("“%s” is not a number"), shown);
    case BV_TYPE_DATE:
      return g_strdup_printf (_("“%s” is not a date"), shown);
    case BV_TYPE_TIMESTAMP:
      return g_strdup_printf (_("“%s” is not a date and time"), shown);
    case BV_TYPE_NULL:
    case BV_TYPE_TEXT:
    default:
      return g_strdup_printf (_("“%s” is not valid text"), shown);
    }
}

/* --- The file's style */

static void
gather_number (BvCellEvidence *evidence, const char *text, gsize length)
{
  guint commas = 0, points = 0;
  gsize last = 0, first = length, digits_before;
  char sign;

  if (length > 0 && *text == '-')
    text++, length--;
  first = length;
  for (gsize i = 0; i < length; i++)
    {
      if (text[i] == ',' || text[i] == '.')
        {
          commas += text[i] == ',';
          points += text[i] == '.';
          last = i;
          first = MIN (first, i);
        }
      else if (!g_ascii_isdigit (text[i]))
        return;
    }
  if (commas + points == 0 || commas + points == length)
    return;
  sign = text[last];
  digits_before = first;
  if (commas > 0 && points > 0)
    {
      if (sign == ',' ? commas == 1 : points == 1)
        *(sign == ',' ? &evidence->comma : &evidence->point) += 1;
    }
  else if (commas + points > 1)
    {
      BvNumber number;

      /* several of one sign set thousands apart, so the other one is the decimal sign */
      if (parse_number (text, length, sign == ',' ? '.' : ',', &number))
        *(sign == ',' ? &evidence->point : &evidence->comma) += 1;
    }
  else if (length - last - 1 != 3 || digits_before > 3 || digits_before == 0 || (digits_before == 1 && *text == '0'))
    *(sign == ',' ? &evidence->comma : &evidence->point) += 1;
  else
    *(sign == ',' ? &evidence->maybe_comma : &evidence->maybe_point) += 1;
}

void
bv_cell_gather (BvCellEvidence *evidence, const char *text, gsize length)
{
  BvDateParts parts;
  const char *p;

  trim (&text, &length);
  if (length == 0 || length > 64 || !(g_ascii_isdigit (*text) || strchr ("-.,", *text) != NULL))
    return;
  p = text;
  if (!take_date_parts (&p, text + length, &parts) || !is_year_last (&parts))
    {
      gather_number (evidence, text, length);
      return;
    }
  if (parts.parts[0] > 12 && parts.parts[1] <= 12)
    evidence->day_first++;
  else if (parts.parts[1] > 12 && parts.parts[0] <= 12)
    evidence->month_first++;
  if (parts.sign == '/')
    evidence->slashes++;
  else
    evidence->dots++;
}

BvCellStyle
bv_cell_style (const BvCellEvidence *e, char separator)
{
  BvCellStyle style = { '.', BV_ORDER_YMD };

  /* Where the comma could not separate columns, it hardly sets thousands apart. */
  if (e->comma > e->point || (e->comma + e->point == 0 && e->maybe_comma > e->maybe_point && separator == ';'))
    style.decimal = ',';
  if (e->day_first > e->month_first)
    style.order = BV_ORDER_DMY;
  else if (e->month_first > e->day_first)
    style.order = BV_ORDER_MDY;
  else if (e->slashes > 0)
    style.order = g_str_has_prefix (nl_langinfo (D_FMT), "%m") ? BV_ORDER_MDY : BV_ORDER_DMY;
  else if (e->dots > 0)
    style.order = BV_ORDER_DMY;
  return style;
}
