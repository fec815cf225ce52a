/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Batches of typed rows, and the reading of cells into them.
 *
 * A batch is an array of values, row by row, with its text in blocks that are used again for the next batch: after the first
 * batches nothing is allocated any more. A batch ends at a number of rows or of bytes of text, so that memory depends neither on
 * the length of the result nor on the width of its rows (but one cell is always held whole).
 */
#include "bv-database-private.h"

#include <math.h>
#include <string.h>

#define BLOCK_SIZE (256 * 1024)
#define MAX_TEXT (1024 * 1024)
#define MAX_CELLS 65536
#define MAX_ROWS 2048
#define FIRST_DAY (-719162) /* 0001-01-01 */
#define LAST_DAY 2932896    /* 9999-12-31 */

typedef struct
{
  gsize size;
  char data[];
} BvDbBlock;

static void
add_block (BvDbBuilder *self, gsize size)
{
  BvDbBlock *block = g_malloc (sizeof (BvDbBlock) + size);

  block->size = size;
  g_ptr_array_add (self->blocks, block);
}

void
bv_db_rows_init (BvDbRows *rows, BvDatabase *db, GPtrArray *columns, GCancellable *cancellable)
{
  BvDbBuilder *self = &rows->builder;

  rows->db = db;
  rows->columns = g_ptr_array_ref (columns);
  rows->cancellable = cancellable != NULL ? g_object_ref (cancellable) : NULL;
  rows->types = g_new (BvType, columns->len);
  rows->forms = g_new (guint, columns->len);
  for (guint i = 0; i < columns->len; i++)
    {
      rows->types[i] = ((BvDbColumn *) columns->pdata[i])->type;
      rows->forms[i] = ((BvDbColumn *) columns->pdata[i])->native_id;
    }
  self->batch.n_columns = columns->len;
  self->max_rows = CLAMP (MAX_CELLS / MAX (columns->len, 1), 16, MAX_ROWS);
  self->values = g_new (BvValue, (gsize) self->max_rows * MAX (columns->len, 1));
  self->batch.values = self->values;
  self->exact = g_array_new (FALSE, FALSE, sizeof (BvDbExact));
  self->blocks = g_ptr_array_new_with_free_func (g_free);
  bv_db_builder_reset (self);
}

void
bv_db_builder_reset (BvDbBuilder *self)
{
  guint kept = 0;

  /* A block for one long text is not kept. */
  for (guint i = 0; i < self->blocks->len; i++)
    {
      BvDbBlock *block = self->blocks->pdata[i];

      if (block->size > BLOCK_SIZE)
        g_free (block);
      else
        self->blocks->pdata[kept++] = block;
      if (kept <= i)
        self->blocks->pdata[i] = NULL;
    }
  g_ptr_array_set_size (self->blocks, (int) kept);
  if (kept == 0)
    add_block (self, BLOCK_SIZE);
  self->block = 0;
  self->used = 0;
  self->size = BLOCK_SIZE;
  self->n_text = 0;
  self->batch.n_rows = 0;
  self->batch.n_bytes = 0;
  g_array_set_size (self->exact, 0);
  memset (self->values, 0, sizeof (BvValue) * self->max_rows * self->batch.n_columns);
}

gboolean
bv_db_builder_is_full (const BvDbBuilder *self)
{
  return self->batch.n_rows >= self->max_rows || self->n_text >= MAX_TEXT;
}

char *
bv_db_builder_alloc (BvDbBuilder *self, gsize length)
{
  BvDbBlock *block;
  char *place;

  self->n_text += length;
  if (G_UNLIKELY (self->used + length > self->size))
    {
      self->block++;
      if (length > BLOCK_SIZE)
        {
          add_block (self, length);
          block = self->blocks->pdata[self->blocks->len - 1];
          self->blocks->pdata[self->blocks->len - 1] = self->blocks->pdata[self->block];
          self->blocks->pdata[self->block] = block;
        }
      else if (self->block == self->blocks->len)
        add_block (self, BLOCK_SIZE);
      block = self->blocks->pdata[self->block];
      self->used = 0;
      self->size = block->size;
    }
  block = self->blocks->pdata[self->block];
  place = block->data + self->used;
  self->used += length;
  return place;
}

static char *
copy_text (BvDbBuilder *self, const char *text, gsize length)
{
  char *place = bv_db_builder_alloc (self, length + 1);

  memcpy (place, text, length);
  place[length] = '\0';
  return place;
}

static char *
hex_text (BvDbBuilder *self, const guint8 *bytes, gsize length)
{
  static const char digits[] = "0123456789abcdef";
  gsize n = MIN (length, BV_DB_MAX_BYTES);
  char *place = bv_db_builder_alloc (self, 2 * n + 64);

  for (gsize i = 0; i < n; i++)
    {
      place[2 * i] = digits[bytes[i] >> 4];
      place[2 * i + 1] = digits[bytes[i] & 15];
    }
  place[2 * n] = '\0';
  /* Part of the data, so not translated. */
  if (n < length)
    g_snprintf (place + 2 * n, 64, "… (%" G_GSIZE_FORMAT " bytes)", length);
  return place;
}

void
bv_db_add_exact (BvDbBuilder *self, guint column, const char *text, gssize length)
{
  BvDbExact exact = { self->batch.n_rows - 1, column, NULL };

  exact.text = copy_text (self, text, length >= 0 ? (gsize) length : strlen (text));
  g_array_append_val (self->exact, exact);
}

void
bv_db_cell_text (BvDbBuilder *self, BvValue *cell, const char *text, gsize length)
{
  cell->type = BV_TYPE_TEXT;
  cell->s = copy_text (self, text, length);
}

/* Whether no byte is a NUL or beyond ASCII. */
static gboolean
is_plain (const char *text, gsize length)
{
  const guint64 high = G_GUINT64_CONSTANT (0x8080808080808080);
  const guint64 ones = G_GUINT64_CONSTANT (0x0101010101010101);
  gsize i = 0;

  for (; i + 8 <= length; i += 8)
    {
      guint64 word;

      memcpy (&word, text + i, 8);
      if (((word | (word - ones)) & high) != 0)
        return FALSE;
    }
  for (; i < length; i++)
    if ((signed char) text[i] <= 0)
      return FALSE;
  return TRUE;
}

void
bv_db_cell_checked (BvDbBuilder *self, guint column, BvValue *cell, const char *text, gsize length)
{
  BvDbExact exact = { self->batch.n_rows - 1, column, NULL };
  g_autoptr (GString) readable = NULL;

  if (G_LIKELY (is_plain (text, length) || g_utf8_validate_len (text, length, NULL)))
    {
      bv_db_cell_text (self, cell, text, length);
      return;
    }
  readable = g_string_sized_new (length + 16);
  exact.text = hex_text (self, (const guint8 *) text, length);
  g_array_append_val (self->exact, exact);
  while (length > 0)
    {
      const char *end;
      gsize good;

      /* Stops at a NUL too. */
      g_utf8_validate_len (text, length, &end);
      good = (gsize) (end - text);
      g_string_append_len (readable, text, (gssize) good);
      text += good;
      length -= good;
      if (length > 0)
        {
          g_string_append (readable, *text == '\0' ? "\xe2\x90\x80" : "\xef\xbf\xbd");
          text++;
          length--;
        }
    }
  bv_db_cell_text (self, cell, readable->str, readable->len);
}

void
bv_db_cell_bytes (BvDbBuilder *self, BvValue *cell, const guint8 *bytes, gsize length)
{
  cell->type = BV_TYPE_TEXT;
  cell->s = hex_text (self, bytes, length);
}

void
bv_db_cell_double (BvDbBuilder *self, guint column, BvValue *cell, double d)
{
  if (G_UNLIKELY (!isfinite (d)))
    {
      bv_db_add_exact (self, column, isnan (d) ? "NaN" : d > 0 ? "Infinity" : "-Infinity", -1);
      return;
    }
  cell->type = BV_TYPE_DOUBLE;
  cell->d = d;
}

void
bv_db_cell_float (BvDbBuilder *self, guint column, BvValue *cell, float f)
{
  char buf[32];
  double d = (double) f;

  if (isfinite (f) && !(d <= floor (d) && fabs (d) < 1e6))
    for (int digits = 6; digits <= 9; digits++)
      {
        g_ascii_formatd (buf, sizeof buf, digits == 6 ? "%.5e" : digits == 7 ? "%.6e" : digits == 8 ? "%.7e" : "%.8e", (double) f);
        d = g_ascii_strtod (buf, NULL);
        if (!((float) d < f) && !((float) d > f))
          break;
      }
  bv_db_cell_double (self, column, cell, d);
}

void
bv_db_cell_date (BvDbBuilder *self, guint column, BvValue *cell, gint64 days, const char *text, gssize length)
{
  char buf[BV_TIME_TEXT_MAX];

  if (G_LIKELY (days >= FIRST_DAY && days <= LAST_DAY))
    {
      cell->type = BV_TYPE_DATE;
      cell->i = days;
    }
  else if (text != NULL)
    bv_db_add_exact (self, column, text, length);
  else
    bv_db_add_exact (self, column, bv_date_to_text (days, buf), -1);
}

void
bv_db_cell_instant (BvDbBuilder *self, guint column, BvValue *cell, gint64 us, const char *text, gssize length)
{
  char buf[BV_TIME_TEXT_MAX];

  if (G_LIKELY (us >= FIRST_DAY * BV_DAY_US && us < (LAST_DAY + 1) * BV_DAY_US))
    {
      cell->type = BV_TYPE_TIMESTAMP;
      cell->i = us;
    }
  else if (text != NULL)
    bv_db_add_exact (self, column, text, length);
  else
    bv_db_add_exact (self, column, bv_timestamp_to_text (us, buf), -1);
}

/* Reads [+-]digits; FALSE beyond 64 bits or when it is no whole number. */
static gboolean
read_int (const char *text, gsize length, gint64 *value)
{
  gboolean negative = length > 0 && text[0] == '-';
  gsize i = negative || (length > 0 && text[0] == '+') ? 1 : 0;
  guint64 n = 0;

  if (i == length)
    return FALSE;
  for (; i < length; i++)
    {
      guint digit = (guint) ((guchar) text[i] - '0');

      if (digit > 9 || n > (G_MAXUINT64 - digit) / 10)
        return FALSE;
      n = n * 10 + digit;
    }
  if (n > (guint64) G_MAXINT64 + (negative ? 1 : 0))
    return FALSE;
  *value = (gint64) (negative ? 0 - n : n);
  return TRUE;
}

/* A decimal's sign, digits without zeros at both ends, and the power of ten of the last digit. */
typedef struct
{
  gboolean negative;
  GString *digits;
  int exponent;
} BvDecimal;

static gboolean
read_decimal (const char *text, gsize length, BvDecimal *decimal)
{
  gsize i = 0;
  gboolean point = FALSE, any = FALSE;

  g_string_truncate (decimal->digits, 0);
  decimal->exponent = 0;
  decimal->negative = length > 0 && text[0] == '-';
  if (length > 0 && (text[0] == '-' || text[0] == '+'))
    i++;
  for (; i < length && (g_ascii_isdigit (text[i]) || (text[i] == '.' && !point)); i++)
    {
      if (text[i] == '.')
        {
          point = TRUE;
          continue;
        }
      any = TRUE;
      decimal->exponent -= point;
      if (text[i] != '0' || decimal->digits->len > 0)
        g_string_append_c (decimal->digits, text[i]);
    }
  if (any && i < length && (text[i] == 'e' || text[i] == 'E'))
    {
      gint64 e;

      if (!read_int (text + i + 1, length - i - 1, &e) || e < -100000 || e > 100000)
        return FALSE;
      decimal->exponent += (int) e;
      i = length;
    }
  while (decimal->digits->len > 0 && decimal->digits->str[decimal->digits->len - 1] == '0')
    {
      g_string_truncate (decimal->digits, decimal->digits->len - 1);
      decimal->exponent++;
    }
  if (decimal->digits->len == 0)
    decimal->exponent = 0;
  return any && i == length;
}

/* The long way: any number of digits. */
static void
cell_long_decimal (BvDbBuilder *self, guint column, BvType type, BvValue *cell, const char *text, gsize length)
{
  g_autofree char *copy = g_strndup (text, length);
  BvDecimal decimal = { FALSE, g_string_new (NULL), 0 };
  BvDecimal back = { FALSE, g_string_new (NULL), 0 };
  char buf[G_ASCII_DTOSTR_BUF_SIZE];
  gboolean exact = FALSE;

  if (!read_decimal (copy, length, &decimal))
    bv_db_add_exact (self, column, text, (gssize) length);
  else if (type == BV_TYPE_INT)
    {
      if (decimal.exponent >= 0 && decimal.digits->len + (gsize) decimal.exponent <= 19)
        {
          for (; decimal.exponent > 0; decimal.exponent--)
            g_string_append_c (decimal.digits, '0');
          if (decimal.negative)
            g_string_prepend_c (decimal.digits, '-');
          exact = decimal.digits->len == 0 || read_int (decimal.digits->str, decimal.digits->len, &cell->i);
        }
      if (exact)
        cell->type = BV_TYPE_INT;
      else
        bv_db_add_exact (self, column, text, (gssize) length);
    }
  else
    {
      double d = g_ascii_strtod (copy, NULL);

      if (isfinite (d))
        {
          cell->type = BV_TYPE_DOUBLE;
          cell->d = d;
          bv_double_to_plain (d, buf);
          exact = read_decimal (buf, strlen (buf), &back) && back.negative == decimal.negative &&
                  back.exponent == decimal.exponent && g_string_equal (back.digits, decimal.digits);
          exact = exact || (back.digits->len == 0 && decimal.digits->len == 0);
        }
      if (!exact)
        bv_db_add_exact (self, column, text, (gssize) length);
    }
  g_string_free (decimal.digits, TRUE);
  g_string_free (back.digits, TRUE);
}

void
bv_db_cell_decimal (BvDbBuilder *self, guint column, BvType type, BvValue *cell, const char *text, gsize length)
{
  static const double powers[] = { 1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15 };
  gboolean negative = length > 0 && text[0] == '-';
  gsize i = negative ? 1 : 0;
  guint64 mantissa = 0;
  guint n_digits = 0, n_fraction = 0;
  gboolean point = FALSE;

  /* Up to 15 digits: the whole number and the power of ten are doubles exactly, and so their quotient is the nearest double. */
  for (; i < length; i++)
    {
      guint digit = (guint) ((guchar) text[i] - '0');

      if (text[i] == '.' && !point)
        {
          point = TRUE;
          continue;
        }
      if (digit > 9 || n_digits >= 15)
        break;
      mantissa = mantissa * 10 + digit;
      n_digits += mantissa != 0;
      n_fraction += point;
    }
  if (G_UNLIKELY (i < length || length == 0 || n_fraction > 15))
    cell_long_decimal (self, column, type, cell, text, length);
  else if (type == BV_TYPE_INT && n_fraction == 0)
    {
      cell->type = BV_TYPE_INT;
      cell->i = negative ? -(gint64) mantissa : (gint64) mantissa;
    }
  else if (type == BV_TYPE_INT)
    cell_long_decimal (self, column, type, cell, text, length);
  else
    {
      cell->type = BV_TYPE_DOUBLE;
      cell->d = (double) mantissa / powers[n_fraction];
      if (negative)
        cell->d = -cell->d;
    }
}

static gboolean
two_digits (const char *text, int *value)
{
  guint a = (guint) ((guchar) text[0] - '0'), b = (guint) ((guchar) text[1] - '0');

  *value = (int) (a * 10 + b);
  return a <= 9 && b <= 9;
}

/* "YYYY-MM-DD" of a year from 1; "0000-00-00" and "2024-00-00" are none. */
static gboolean
read_date (const char *text, gint64 *days)
{
  int century, year, month, day;

  if (!two_digits (text, &century) || !two_digits (text + 2, &year) || text[4] != '-' || !two_digits (text + 5, &month) ||
      text[7] != '-' || !two_digits (text + 8, &day))
    return FALSE;
  year += century * 100;
  if (year < 1 || month < 1 || month > 12 || day < 1 || day > bv_days_in_month (year, month))
    return FALSE;
  *days = bv_days_from_civil (year, month, day);
  return TRUE;
}

/* "YYYY-MM-DD HH:MM:SS[.fraction]", quickly; anything else by bv_timestamp_parse(). */
static gboolean
read_instant (const char *text, gsize length, gint64 *us)
{
  gint64 days;
  int hour, minute, second;
  gboolean local;

  if (length >= 19 && read_date (text, &days) && two_digits (text + 11, &hour) && text[13] == ':' && two_digits (text + 14, &minute) &&
      text[16] == ':' && two_digits (text + 17, &second) && hour < 24 && minute < 60 && second < 60 && (text[10] == ' ' || text[10] == 'T'))
    {
      gint64 fraction = 0;
      gsize i = 19;

      if (i < length && text[i] == '.')
        {
          gint64 unit = 100000;

          for (i++; i < length && g_ascii_isdigit (text[i]); i++, unit /= 10)
            fraction += unit * (text[i] - '0');
        }
      if (i == length)
        {
          *us = ((days * 24 + hour) * 60 + minute) * 60 * BV_SECOND_US + second * BV_SECOND_US + fraction;
          return TRUE;
        }
    }
  if (length == 10 && read_date (text, &days))
    {
      *us = days * BV_DAY_US;
      return TRUE;
    }
  return bv_timestamp_parse (text, (gssize) length, us, &local);
}

/* Whether a fraction has digits other than 0 beyond microseconds, which a timestamp would lose. */
static gboolean
is_finer (const char *text, gsize length)
{
  if (length <= 26 || text[19] != '.')
    return FALSE;
  for (gsize i = 26; i < length && g_ascii_isdigit (text[i]); i++)
    if (text[i] != '0')
      return TRUE;
  return FALSE;
}

void
bv_db_cell_parse (BvDbBuilder *self, guint column, BvType type, BvValue *cell, const char *text, gsize length)
{
  gint64 i;

  switch (type)
    {
    case BV_TYPE_BOOL:
      if (length == 1 && (text[0] == '0' || text[0] == '1'))
        i = text[0] - '0';
      else if ((length == 4 && memcmp (text, "true", 4) == 0) || (length == 1 && text[0] == 't'))
        i = 1;
      else if ((length == 5 && memcmp (text, "false", 5) == 0) || (length == 1 && text[0] == 'f'))
        i = 0;
      else
        break;
      *cell = bv_value_bool (i != 0);
      return;

    case BV_TYPE_INT:
      if (G_UNLIKELY (!read_int (text, length, &i)))
        break;
      *cell = bv_value_int (i);
      return;

    case BV_TYPE_DOUBLE:
      {
        char buf[64];
        char *end;
        double d;

        if (length == 0 || length >= sizeof buf)
          break;
        memcpy (buf, text, length);
        buf[length] = '\0';
        d = g_ascii_strtod (buf, &end);
        if (*end != '\0')
          break;
        bv_db_cell_double (self, column, cell, d);
        return;
      }

    case BV_TYPE_DATE:
      if (G_UNLIKELY (length != 10 || !read_date (text, &i)))
        break;
      *cell = bv_value_date (i);
      return;

    case BV_TYPE_TIMESTAMP:
      if (G_UNLIKELY (!read_instant (text, length, &i)))
        break;
      bv_db_cell_instant (self, column, cell, i, text, (gssize) length);
      if (G_UNLIKELY (is_finer (text, length)))
        bv_db_add_exact (self, column, text, (gssize) length);
      return;

    case BV_TYPE_TEXT:
    case BV_TYPE_NULL:
    default:
      bv_db_cell_checked (self, column, cell, text, length);
      return;
    }
  bv_db_add_exact (self, column, text, (gssize) length);
}
