/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Parquet's values as ours, and as JSON.
 *
 * Times of day, identifiers and intervals are texts in ISO form. Timestamps keep microseconds, nanoseconds are cut; those
 * without a zone are taken as UTC, as everywhere. Decimals are doubles, rounded right, or whole numbers where the scale is 0.
 * An unsigned number beyond 63 bits and a decimal beyond 64 are given as texts, so that nothing is rounded in silence. NaN is
 * null, which is what it stands for in files of data frames; infinity cannot be kept and is reported.
 */
#include "config.h"

#include "bv-import-private.h"
#include "bv-parquet-private.h"
#include "bv-time.h"

#include <glib/gi18n-lib.h>
#include <inttypes.h>
#include <math.h>
#include <string.h>

BvType
bv_pq_node_type (const BvPqNode *node)
{
  switch (node->meaning)
    {
    case BV_PQ_DATE:
      return BV_TYPE_DATE;
    case BV_PQ_TIMESTAMP:
      return BV_TYPE_TIMESTAMP;
    case BV_PQ_DECIMAL:
      return node->scale > 0 ? BV_TYPE_DOUBLE : BV_TYPE_INT;
    case BV_PQ_SIGNED:
    case BV_PQ_UNSIGNED:
      return BV_TYPE_INT;
    case BV_PQ_FLOAT16:
      return BV_TYPE_DOUBLE;
    case BV_PQ_STRING:
    case BV_PQ_JSON:
    case BV_PQ_UUID:
    case BV_PQ_TIME:
    case BV_PQ_INTERVAL:
      return BV_TYPE_TEXT;
    case BV_PQ_NONE:
    case BV_PQ_UNKNOWN:
    case BV_PQ_LIST:
    case BV_PQ_MAP:
    default:
      break;
    }
  switch (node->type)
    {
    case BV_PQ_BOOLEAN:
      return BV_TYPE_BOOL;
    case BV_PQ_INT32:
    case BV_PQ_INT64:
      return BV_TYPE_INT;
    case BV_PQ_INT96:
      return BV_TYPE_TIMESTAMP;
    case BV_PQ_FLOAT:
    case BV_PQ_DOUBLE:
      return BV_TYPE_DOUBLE;
    case BV_PQ_BYTE_ARRAY:
    case BV_PQ_FIXED:
    case BV_PQ_GROUP:
    default:
      return BV_TYPE_TEXT;
    }
}

static void
set_scratch (BvValue *value, GString *scratch)
{
  value->type = BV_TYPE_TEXT;
  value->s = scratch->str;
}

static void
set_number (BvValue *value, BvType type, gint64 i)
{
  value->type = type;
  value->i = i;
}

static void
set_double (BvValue *value, double d, char **problem)
{
  if (isnan (d))
    return;
  if (isinf (d))
    {
      *problem = g_strdup (_("infinity cannot be kept"));
      return;
    }
  value->type = BV_TYPE_DOUBLE;
  value->d = d;
}

/* Bytes of a text end where they end, and ours at a NUL: they are copied. */
static void
set_text (BvValue *value, GString *scratch, const guint8 *data, gsize length, char **problem)
{
  if (length == 0)
    {
      g_string_truncate (scratch, 0);
      set_scratch (value, scratch);
      return;
    }
  if (length > BV_IMPORT_MAX_ROW || !g_utf8_validate ((const char *) data, (gssize) length, NULL))
    {
      *problem = bv_cell_problem ((const char *) data, length, BV_TYPE_TEXT);
      return;
    }
  g_string_truncate (scratch, 0);
  g_string_append_len (scratch, (const char *) data, (gssize) length);
  set_scratch (value, scratch);
}

/* --- Decimals */

/* Digits with a point @scale digits from their end, as a double: read by strtod, which rounds right. */
static void
set_digits (BvValue *value, GString *scratch, const char *digits, gboolean negative, int scale)
{
  int n = (int) strlen (digits);

  g_string_assign (scratch, negative ? "-" : "");
  if (n <= scale)
    {
      g_string_append (scratch, "0.");
      for (int i = n; i < scale; i++)
        g_string_append_c (scratch, '0');
      g_string_append (scratch, digits);
    }
  else
    {
      g_string_append_len (scratch, digits, n - scale);
      if (scale > 0)
        g_string_append_printf (scratch, ".%s", digits + n - scale);
    }
  if (scale > 0)
    {
      value->type = BV_TYPE_DOUBLE;
      value->d = g_ascii_strtod (scratch->str, NULL);
    }
  else
    set_scratch (value, scratch); /* a whole number that is too large for one */
}

static void
set_decimal_int (BvValue *value, GString *scratch, gint64 i, int scale)
{
  static const double powers[] = { 1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18 };
  char digits[24];

  if (scale <= 0)
    set_number (value, BV_TYPE_INT, i);
  else if (scale < (int) G_N_ELEMENTS (powers) && i < G_GINT64_CONSTANT (1) << 53 && i > -(G_GINT64_CONSTANT (1) << 53))
    {
      value->type = BV_TYPE_DOUBLE;
      value->d = (double) i / powers[scale];
    }
  else
    {
      g_snprintf (digits, sizeof digits, "%" PRIu64, i < 0 ? 0 - (guint64) i : (guint64) i);
      set_digits (value, scratch, digits, i < 0, scale);
    }
}

/* Two's complement, the highest byte first. */
static void
set_decimal_bytes (BvValue *value, GString *scratch, const guint8 *data, gsize length, int scale, char **problem)
{
  guint8 bytes[64];
  char digits[160];
  gboolean negative = length > 0 && data[0] >= 0x80;
  int n = (int) sizeof digits;

  if (length <= 8)
    {
      guint64 i = negative ? G_MAXUINT64 : 0;

      for (gsize b = 0; b < length; b++)
        i = i << 8 | data[b];
      set_decimal_int (value, scratch, (gint64) i, scale);
      return;
    }
  if (length > sizeof bytes)
    {
      *problem = g_strdup (_("the number has too many digits"));
      return;
    }
  memcpy (bytes, data, length);
  if (negative)
    {
      guint carry = 1;

      for (gsize b = length; b-- > 0;)
        {
          carry += (guint8) ~bytes[b];
          bytes[b] = (guint8) carry;
          carry >>= 8;
        }
    }
  digits[--n] = '\0';
  for (gboolean rest = TRUE; rest;)
    {
      guint remainder = 0;

      rest = FALSE;
      for (gsize b = 0; b < length; b++)
        {
          remainder = remainder << 8 | bytes[b];
          bytes[b] = (guint8) (remainder / 10);
          remainder %= 10;
          rest |= bytes[b] != 0;
        }
      digits[--n] = (char) ('0' + remainder);
    }
  if (scale <= 0 && strlen (digits + n) <= 18)
    set_number (value, BV_TYPE_INT, g_ascii_strtoll (digits + n, NULL, 10) * (negative ? -1 : 1));
  else
    set_digits (value, scratch, digits + n, negative, scale);
}

/* --- Times */

static void
set_timestamp (BvValue *value, gint64 i, int unit, char **problem)
{
  gint64 us = unit == 1000000000 ? bv_floor_div (i, 1000) : i;

  if (unit == 1000 && (i > G_MAXINT64 / 1000 || i < G_MININT64 / 1000))
    us = G_MAXINT64;
  else if (unit == 1000)
    us = i * 1000;
  /* Years that have four digits. */
  if (us < bv_days_from_civil (1, 1, 1) * BV_DAY_US || us >= bv_days_from_civil (10000, 1, 1) * BV_DAY_US)
    *problem = g_strdup (_("the time is not in the years 1 to 9999"));
  else
    set_number (value, BV_TYPE_TIMESTAMP, us);
}

static void
append_clock (GString *s, gint64 i, int unit)
{
  gint64 second = bv_floor_div (i, unit), fraction = i - second * unit;

  g_string_append_printf (s, "%02d:%02d:%02d", (int) (second / 3600), (int) (second / 60 % 60), (int) (second % 60));
  if (fraction > 0)
    {
      g_string_append_printf (s, ".%0*d", unit == 1000 ? 3 : unit == 1000000 ? 6 : 9, (int) fraction);
      while (s->str[s->len - 1] == '0')
        g_string_truncate (s, s->len - 1);
    }
}

static void
set_int96 (BvValue *value, const guint8 *data, char **problem)
{
  guint64 ns;
  guint32 julian;

  memcpy (&ns, data, 8);
  memcpy (&julian, data + 8, 4);
  ns = GUINT64_FROM_LE (ns);
  julian = GUINT32_FROM_LE (julian);
  if (julian > 10000000 || ns > (guint64) BV_DAY_US * 2000)
    *problem = g_strdup (_("the time is not in the years 1 to 9999"));
  else
    set_timestamp (value, ((gint64) julian - 2440588) * BV_DAY_US + (gint64) (ns / 1000), 1000000, problem);
}

static void
append_hex (GString *s, const guint8 *data, guint n)
{
  for (guint i = 0; i < n; i++)
    g_string_append_printf (s, "%02x", data[i]);
}

static double
half_to_double (const guint8 *data)
{
  guint bits = data[0] | (guint) data[1] << 8, exponent = bits >> 10 & 31, mantissa = bits & 1023;
  double d = exponent == 31  ? (mantissa != 0 ? NAN : INFINITY)
             : exponent == 0 ? ldexp (mantissa, -24)
                             : ldexp (1024 + mantissa, (int) exponent - 25);

  return bits & 0x8000 ? -d : d;
}

/* --- All of them */

static void
set_meaning (const BvPqNode *node, const BvPqRaw *raw, GString *scratch, BvValue *value, char **problem)
{
  gboolean is_int = node->type == BV_PQ_INT32 || node->type == BV_PQ_INT64;
  gboolean is_bytes = node->type == BV_PQ_BYTE_ARRAY || node->type == BV_PQ_FIXED;

  if (node->meaning == BV_PQ_DECIMAL && is_int)
    set_decimal_int (value, scratch, raw->i, node->scale);
  else if (node->meaning == BV_PQ_DECIMAL && is_bytes)
    set_decimal_bytes (value, scratch, raw->data, raw->length, node->scale, problem);
  else if (node->meaning == BV_PQ_DATE && is_int)
    {
      if (raw->i < bv_days_from_civil (1, 1, 1) || raw->i >= bv_days_from_civil (10000, 1, 1))
        *problem = g_strdup (_("the date is not in the years 1 to 9999"));
      else
        set_number (value, BV_TYPE_DATE, raw->i);
    }
  else if (node->meaning == BV_PQ_TIMESTAMP && is_int)
    set_timestamp (value, raw->i, node->unit, problem);
  else if (node->meaning == BV_PQ_TIME && is_int && raw->i >= 0 && raw->i / node->unit < 86400)
    {
      g_string_truncate (scratch, 0);
      append_clock (scratch, raw->i, node->unit);
      set_scratch (value, scratch);
    }
  else if (node->meaning == BV_PQ_UNSIGNED && is_int)
    {
      guint64 i = node->type == BV_PQ_INT32 ? (guint32) raw->i : (guint64) raw->i;

      if (i <= G_MAXINT64)
        set_number (value, BV_TYPE_INT, (gint64) i);
      else
        {
          g_string_printf (scratch, "%" PRIu64, i);
          set_scratch (value, scratch);
        }
    }
  else if (node->meaning == BV_PQ_FLOAT16 && is_bytes && raw->length == 2)
    set_double (value, half_to_double (raw->data), problem);
  else if (node->meaning == BV_PQ_UUID && is_bytes && raw->length == 16)
    {
      static const guint8 dashes[] = { 4, 6, 8, 10, 16 };

      g_string_truncate (scratch, 0);
      for (guint i = 0, from = 0; i < G_N_ELEMENTS (dashes); from = dashes[i++])
        {
          if (from > 0)
            g_string_append_c (scratch, '-');
          append_hex (scratch, raw->data + from, dashes[i] - from);
        }
      set_scratch (value, scratch);
    }
  else if (node->meaning == BV_PQ_INTERVAL && is_bytes && raw->length == 12)
    {
      guint32 parts[3];

      memcpy (parts, raw->data, 12);
      g_string_printf (scratch, "P%uM%uDT%u.%03uS", GUINT32_FROM_LE (parts[0]), GUINT32_FROM_LE (parts[1]),
                       GUINT32_FROM_LE (parts[2]) / 1000, GUINT32_FROM_LE (parts[2]) % 1000);
      set_scratch (value, scratch);
    }
  else if (is_int || node->type == BV_PQ_BOOLEAN)
    set_number (value, is_int ? BV_TYPE_INT : BV_TYPE_BOOL, raw->i);
  else if (node->type == BV_PQ_INT96)
    set_int96 (value, raw->data, problem);
  else if (is_bytes)
    set_text (value, scratch, raw->data, raw->length, problem);
  else
    set_double (value, raw->d, problem);
}

void
bv_pq_value (const BvPqNode *node, const BvPqRaw *raw, GString *scratch, BvValue *value, char **problem)
{
  value->type = BV_TYPE_NULL;
  *problem = NULL;
  if (node->meaning != BV_PQ_UNKNOWN)
    set_meaning (node, raw, scratch, value, problem);
}

void
bv_pq_append_quoted (GString *json, const char *text, gsize length)
{
  g_string_append_c (json, '"');
  for (gsize i = 0; i < length; i++)
    {
      guchar c = (guchar) text[i];

      if (c == '"' || c == '\\')
        g_string_append_c (json, '\\');
      if (c < 0x20)
        g_string_append_printf (json, "\\u%04x", c);
      else
        g_string_append_c (json, (char) c);
    }
  g_string_append_c (json, '"');
}

void
bv_pq_append_json (const BvPqNode *node, const BvPqRaw *raw, GString *scratch, GString *json)
{
  BvValue value;
  g_autofree char *problem = NULL;
  g_autofree char *plain = NULL;

  bv_pq_value (node, raw, scratch, &value, &problem);
  if (value.type == BV_TYPE_NULL)
    {
      g_string_append (json, "null");
      return;
    }
  if (value.type == BV_TYPE_TEXT)
    {
      bv_pq_append_quoted (json, value.s, strlen (value.s));
      return;
    }
  plain = bv_value_to_plain (&value);
  if (value.type == BV_TYPE_DATE || value.type == BV_TYPE_TIMESTAMP)
    bv_pq_append_quoted (json, plain, strlen (plain));
  else
    g_string_append (json, plain);
}
