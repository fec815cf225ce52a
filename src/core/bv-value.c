/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "bv-value.h"
#include "bv-time.h"

#include <errno.h>
#include <glib/gi18n-lib.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *const type_names[] = { "null", "bool", "int", "double", "text", "date", "timestamp" };

const char *
bv_type_to_name (BvType type)
{
  return type_names[type];
}

gboolean
bv_type_from_name (const char *name, BvType *type)
{
  for (guint i = 0; i < G_N_ELEMENTS (type_names); i++)
    if (g_strcmp0 (name, type_names[i]) == 0)
      {
        *type = (BvType) i;
        return TRUE;
      }
  return FALSE;
}

const char *
bv_type_to_label (BvType type)
{
  switch (type)
    {
    case BV_TYPE_BOOL:
      return _("Yes/no");
    case BV_TYPE_INT:
      return _("Whole number");
    case BV_TYPE_DOUBLE:
      return _("Number");
    case BV_TYPE_TEXT:
      return _("Text");
    case BV_TYPE_DATE:
      return _("Date");
    case BV_TYPE_TIMESTAMP:
      return _("Date and time");
    case BV_TYPE_NULL:
    default:
      return _("Empty");
    }
}

BvValue
bv_value_bool (gboolean b)
{
  return (BvValue){ BV_TYPE_BOOL, { .i = b ? 1 : 0 } };
}

BvValue
bv_value_int (gint64 i)
{
  return (BvValue){ BV_TYPE_INT, { .i = i } };
}

BvValue
bv_value_double (double d)
{
  return (BvValue){ BV_TYPE_DOUBLE, { .d = d } };
}

BvValue
bv_value_text (const char *s)
{
  if (s == NULL)
    return BV_VALUE_NULL;
  return (BvValue){ BV_TYPE_TEXT, { .s = g_strdup (s) } };
}

BvValue
bv_value_date (gint64 days)
{
  return (BvValue){ BV_TYPE_DATE, { .i = days } };
}

BvValue
bv_value_timestamp (gint64 us)
{
  return (BvValue){ BV_TYPE_TIMESTAMP, { .i = us } };
}

void
bv_values_clear (BvValue *values, gsize n)
{
  for (gsize i = 0; i < n; i++)
    if (values[i].type == BV_TYPE_TEXT)
      bv_value_clear (&values[i]);
}

/* Rank of the kinds in the total order: numbers and bools compare with each other. */
static int
rank (BvType type)
{
  switch (type)
    {
    case BV_TYPE_NULL:
      return 0;
    case BV_TYPE_BOOL:
    case BV_TYPE_INT:
    case BV_TYPE_DOUBLE:
      return 1;
    case BV_TYPE_DATE:
      return 2;
    case BV_TYPE_TIMESTAMP:
      return 3;
    case BV_TYPE_TEXT:
    default:
      return 4;
    }
}

/* Compares an integer with a double without losing the integer's low bits. NaN sorts below every number. */
static int
compare_int_double (gint64 i, double d)
{
  gint64 whole;

  if (isnan (d))
    return 1;
  if (d >= 9223372036854775808.0)
    return -1;
  if (d < -9223372036854775808.0)
    return 1;
  whole = (gint64) d;
  if (i != whole)
    return i < whole ? -1 : 1;
  return d > (double) whole ? -1 : d < (double) whole ? 1 : 0;
}

int
bv_value_compare (const BvValue *a, const BvValue *b)
{
  int ra = rank (a->type);
  int rb = rank (b->type);

  if (ra != rb)
    return ra < rb ? -1 : 1;
  if (ra == 0)
    return 0;
  if (ra == 4)
    return strcmp (a->s, b->s);
  if (a->type == BV_TYPE_DOUBLE && b->type == BV_TYPE_DOUBLE)
    {
      if (isnan (a->d) || isnan (b->d))
        return (isnan (a->d) ? 0 : 1) - (isnan (b->d) ? 0 : 1);
      return a->d < b->d ? -1 : a->d > b->d ? 1 : 0;
    }
  if (a->type == BV_TYPE_DOUBLE)
    return -compare_int_double (b->i, a->d);
  if (b->type == BV_TYPE_DOUBLE)
    return compare_int_double (a->i, b->d);
  return a->i < b->i ? -1 : a->i > b->i ? 1 : 0;
}

gboolean
bv_value_equal (const BvValue *a, const BvValue *b)
{
  return bv_value_compare (a, b) == 0;
}

/* By its bits: g_double_hash() cuts the fraction off, so that all shares and prices below 1 would meet in one place. */
static guint
hash_double (double d)
{
  guint64 bits = 0;

  if (!isnan (d)) /* one value to us, with many bit patterns */
    memcpy (&bits, &d, sizeof bits);
  return (guint) ((bits * G_GUINT64_CONSTANT (0x9e3779b97f4a7c15)) >> 32);
}

guint
bv_value_hash (const BvValue *value)
{
  switch (value->type)
    {
    case BV_TYPE_NULL:
      return 0;
    case BV_TYPE_TEXT:
      return g_str_hash (value->s);
    case BV_TYPE_DOUBLE:
      if (value->d >= -9e15 && value->d <= 9e15 && !(trunc (value->d) < value->d) && !(trunc (value->d) > value->d)) /* equal to an int */
        {
          gint64 i = (gint64) value->d;

          return g_int64_hash (&i);
        }
      return hash_double (value->d);
    case BV_TYPE_BOOL:
    case BV_TYPE_INT:
      if (value->i > G_GINT64_CONSTANT (9000000000000000) || value->i < -G_GINT64_CONSTANT (9000000000000000)) /* may equal a double that is not exact */
        return hash_double ((double) value->i);
      return g_int64_hash (&value->i);
    case BV_TYPE_DATE:
    case BV_TYPE_TIMESTAMP:
    default:
      return g_int64_hash (&value->i);
    }
}

const char *
bv_double_to_plain (double d, char *buf)
{
  for (int precision = 15; precision <= 17; precision++)
    {
      char format[8];
      double back;

      g_snprintf (format, sizeof format, "%%.%dg", precision);
      g_ascii_formatd (buf, G_ASCII_DTOSTR_BUF_SIZE, format, d);
      back = g_ascii_strtod (buf, NULL);
      if (!(back < d) && !(back > d))
        break;
    }
  return buf;
}

char *
bv_value_to_plain (const BvValue *value)
{
  char buf[MAX (BV_TIME_TEXT_MAX, G_ASCII_DTOSTR_BUF_SIZE)];

  switch (value->type)
    {
    case BV_TYPE_BOOL:
      return g_strdup (value->i ? "true" : "false");
    case BV_TYPE_INT:
      return g_strdup_printf ("%" G_GINT64_FORMAT, value->i);
    case BV_TYPE_DOUBLE:
      return g_strdup (bv_double_to_plain (value->d, buf));
    case BV_TYPE_TEXT:
      return g_strdup (value->s);
    case BV_TYPE_DATE:
      return g_strdup (bv_date_to_text (value->i, buf));
    case BV_TYPE_TIMESTAMP:
      return g_strdup (bv_timestamp_to_text (value->i, buf));
    case BV_TYPE_NULL:
    default:
      return g_strdup ("");
    }
}

gboolean
bv_value_from_plain (const char *text, BvType type, BvValue *value)
{
  g_autofree char *trimmed = NULL;
  char *end;

  if (type == BV_TYPE_TEXT)
    {
      *value = bv_value_text (text);
      return text != NULL;
    }
  *value = BV_VALUE_NULL;
  if (text == NULL)
    return FALSE;
  trimmed = g_strstrip (g_strdup (text));
  if (*trimmed == '\0')
    return TRUE;
  switch (type)
    {
    case BV_TYPE_BOOL:
      if (g_ascii_strcasecmp (trimmed, "true") == 0 || strcmp (trimmed, "1") == 0)
        *value = bv_value_bool (TRUE);
      else if (g_ascii_strcasecmp (trimmed, "false") == 0 || strcmp (trimmed, "0") == 0)
        *value = bv_value_bool (FALSE);
      else
        return FALSE;
      return TRUE;
    case BV_TYPE_INT:
      {
        gint64 i;

        errno = 0;
        i = g_ascii_strtoll (trimmed, &end, 10);
        if (*end != '\0' || errno != 0 || end == trimmed)
          return FALSE;
        *value = bv_value_int (i);
        return TRUE;
      }
    case BV_TYPE_DOUBLE:
      {
        double d = g_ascii_strtod (trimmed, &end);

        if (*end != '\0' || end == trimmed || !isfinite (d) || strpbrk (trimmed, "xX") != NULL)
          return FALSE;
        *value = bv_value_double (d);
        return TRUE;
      }
    case BV_TYPE_DATE:
      {
        gint64 days;
        gint64 us;

        if (bv_date_parse (trimmed, -1, &days))
          *value = bv_value_date (days);
        else if (bv_timestamp_parse (trimmed, -1, &us, NULL) && us % BV_DAY_US == 0)
          *value = bv_value_date (us / BV_DAY_US);
        else
          return FALSE;
        return TRUE;
      }
    case BV_TYPE_TIMESTAMP:
      {
        gint64 us;
        gint64 days;

        if (bv_timestamp_parse (trimmed, -1, &us, NULL))
          *value = bv_value_timestamp (us);
        else if (bv_date_parse (trimmed, -1, &days))
          *value = bv_value_timestamp (days * BV_DAY_US);
        else
          return FALSE;
        return TRUE;
      }
    case BV_TYPE_NULL:
    case BV_TYPE_TEXT:
    default:
      return FALSE;
    }
}

double
bv_value_as_double (const BvValue *value)
{
  if (value->type == BV_TYPE_INT || value->type == BV_TYPE_BOOL)
    return (double) value->i;
  if (value->type == BV_TYPE_DOUBLE)
    return value->d;
  return NAN;
}
