/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Reading encoded tables: a code to its value in O(1), a value to its codes by bisection in O(log n_codes), a time to its rows and a row to its number by
 * bisection too. */
#include "bv-encoded-private.h"

#include <string.h>

/* What queries left behind is thrown away when it takes more than this, or than so many bytes a row. */
#define MAX_DERIVED (G_GUINT64_CONSTANT (256) << 20)
#define MAX_DERIVED_PER_ROW 24

BvEncodedTable *
bv_encoded_table_new (guint n_columns)
{
  static gsize last_serial;
  BvEncodedTable *self = g_new0 (BvEncodedTable, 1);

  self->ref_count = 1;
  self->serial = (guint64) g_atomic_pointer_add (&last_serial, 1) + 1;
  self->n_columns = n_columns;
  self->order = -1;
  self->columns = g_new0 (BvEncodedColumn, n_columns + 1);
  g_mutex_init (&self->mutex);
  self->derived = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify) g_bytes_unref);
  return self;
}

GBytes *
bv_encoded_table_get_derived (BvEncodedTable *self, const char *key)
{
  GBytes *bytes;

  g_mutex_lock (&self->mutex);
  bytes = g_hash_table_lookup (self->derived, key);
  if (bytes != NULL)
    g_bytes_ref (bytes);
  g_mutex_unlock (&self->mutex);
  return bytes;
}

GBytes *
bv_encoded_table_put_derived (BvEncodedTable *self, const char *key, GBytes *bytes)
{
  GBytes *known;

  g_mutex_lock (&self->mutex);
  known = g_hash_table_lookup (self->derived, key);
  if (known != NULL)
    {
      g_bytes_unref (bytes);
      bytes = known;
    }
  else
    {
      self->derived_bytes += g_bytes_get_size (bytes);
      if (self->derived_bytes > MAX (MAX_DERIVED, self->n_rows * MAX_DERIVED_PER_ROW))
        {
          g_hash_table_remove_all (self->derived);
          self->derived_bytes = g_bytes_get_size (bytes);
        }
      g_hash_table_insert (self->derived, g_strdup (key), bytes);
    }
  g_bytes_ref (bytes);
  g_mutex_unlock (&self->mutex);
  return bytes;
}

void
bv_encoded_table_drop_derived (BvEncodedTable *self, const char *prefix)
{
  GHashTableIter iter;
  gpointer key, bytes;

  g_mutex_lock (&self->mutex);
  g_hash_table_iter_init (&iter, self->derived);
  while (g_hash_table_iter_next (&iter, &key, &bytes))
    if (g_str_has_prefix (key, prefix))
      {
        self->derived_bytes -= g_bytes_get_size (bytes);
        g_hash_table_iter_remove (&iter);
      }
  g_mutex_unlock (&self->mutex);
}

BvEncodedTable *
bv_encoded_table_ref (BvEncodedTable *self)
{
  g_atomic_int_inc (&self->ref_count);
  return self;
}

void
bv_encoded_table_unref (BvEncodedTable *self)
{
  if (self == NULL || !g_atomic_int_dec_and_test (&self->ref_count))
    return;
  for (guint i = 0; i < self->n_columns; i++)
    {
      BvEncodedColumn *column = &self->columns[i];

      g_free (column->name);
      if (self->file != NULL)
        continue;
      g_free (column->day_starts);
      g_free (column->codes);
      g_free (column->ints);
      g_free (column->doubles);
      g_free (column->offsets);
      g_free (column->texts);
      g_free (column->times);
      g_free (column->zone_min);
      g_free (column->zone_max);
    }
  if (self->file == NULL)
    {
      g_free (self->run_rows);
      g_free (self->run_ids);
      g_free (self->row_ids);
    }
  g_free (self->columns);
  g_hash_table_unref (self->derived);
  g_mutex_clear (&self->mutex);
  g_clear_pointer (&self->file, bv_encoded_file_free);
  g_free (self);
}

BvEncodedColumn *
bv_encoded_table_find (BvEncodedTable *self, const char *column)
{
  for (guint i = 0; i < self->n_columns; i++)
    if (bv_names_equal (self->columns[i].name, column))
      return &self->columns[i];
  return NULL;
}

gsize
bv_encoded_table_size (BvEncodedTable *self)
{
  gsize size = sizeof *self + self->n_runs * (sizeof (guint32) + sizeof (gint64)) + self->n_rows * self->id_width;

  for (guint i = 0; i < self->n_columns; i++)
    {
      const BvEncodedColumn *column = &self->columns[i];

      size += sizeof *column + self->n_rows * (column->width + column->time_width) + self->n_segments * 2 * sizeof (guint32);
      if (column->coding == BV_CODING_INTS || column->coding == BV_CODING_DOUBLES)
        size += column->n_codes * sizeof (gint64);
      else if (column->coding == BV_CODING_TEXTS && column->sound)
        size += column->n_codes * sizeof (guint64) + column->offsets[column->n_codes - 1];
    }
  return size;
}

double
bv_encoded_divisor (const BvEncodedColumn *self)
{
  static const double powers[] = { 1, 10, 100, 1000, 10000, 100000, 1000000 };

  return powers[self->scale];
}

const char *
bv_encoded_text (const BvEncodedColumn *self, guint32 code)
{
  return self->texts + self->offsets[code - 1];
}

double
bv_encoded_number (const BvEncodedColumn *self, guint32 code)
{
  if (self->coding == BV_CODING_DOUBLES)
    return self->doubles[code - 1];
  if (self->coding == BV_CODING_INTS)
    return (double) self->ints[code - 1];
  /* Both operands are exact, so that the quotient is the very double that was encoded. */
  return (double) (self->base + (gint64) code - 1) / bv_encoded_divisor (self);
}

BvValue
bv_encoded_value (const BvEncodedColumn *self, guint32 code)
{
  gint64 i;

  if (code == 0)
    return BV_VALUE_NULL;
  switch (self->coding)
    {
    case BV_CODING_DOUBLES:
      return bv_value_double (self->doubles[code - 1]);
    case BV_CODING_TEXTS:
      return bv_value_text (bv_encoded_text (self, code));
    case BV_CODING_INSTANTS:
      return bv_value_timestamp (self->day_starts[code]);
    case BV_CODING_INTS:
    case BV_CODING_OFFSET:
    default:
      if (self->type == BV_TYPE_DOUBLE)
        return bv_value_double (bv_encoded_number (self, code));
      i = self->coding == BV_CODING_INTS ? self->ints[code - 1] : self->base + (gint64) code - 1;
      return (BvValue){ self->type, { .i = i } };
    }
}

static int
compare_code (const BvEncodedColumn *self, guint32 code, const BvValue *value)
{
  BvValue mine;

  if (self->coding != BV_CODING_TEXTS)
    {
      mine = bv_encoded_value (self, code);
      return bv_value_compare (&mine, value);
    }
  mine = (BvValue){ BV_TYPE_TEXT, { .s = (char *) bv_encoded_text (self, code) } };
  return bv_value_compare (&mine, value);
}

guint64
bv_encoded_bound (const BvEncodedColumn *self, const BvValue *value, gboolean above)
{
  guint64 low = 1, high = self->n_codes;

  while (low < high)
    {
      guint64 middle = low + (high - low) / 2;
      int c = compare_code (self, (guint32) middle, value);

      if (c < 0 || (above && c == 0))
        low = middle + 1;
      else
        high = middle;
    }
  return low;
}

/* --- Order ------------------------------------------------------------------------------------------------------------------------ */

gint64
bv_encoded_rowid (const BvEncodedTable *self, guint64 row)
{
  guint64 low = 0, high = self->n_runs;

  if (self->n_runs == 0)
    return self->id_base + (gint64) (self->id_width == 8 ? ((const guint64 *) self->row_ids)[row] : ((const guint32 *) self->row_ids)[row]);
  /* The last run that does not begin after the row. */
  while (high - low > 1)
    {
      guint64 middle = (low + high) / 2;

      if (self->run_rows[middle] <= row)
        low = middle;
      else
        high = middle;
    }
  return self->run_ids[low] + (gint64) (row - self->run_rows[low]);
}

static guint32
time_of (const BvEncodedColumn *column, guint64 row)
{
  switch (column->time_width)
    {
    case 1:
      return ((const guint8 *) column->times)[row];
    case 2:
      return ((const guint16 *) column->times)[row];
    default:
      return ((const guint32 *) column->times)[row];
    }
}

guint64
bv_encoded_sorted_row (const BvEncodedTable *self, guint64 code, guint64 time)
{
  const BvEncodedColumn *column = &self->columns[self->order];
  guint64 low = 0, high = self->n_rows;

  while (low < high)
    {
      guint64 middle = low + (high - low) / 2;
      guint32 mine = bv_encoded_code (column, middle);

      if (mine < code || (mine == code && time > 0 && column->coding == BV_CODING_INSTANTS && time_of (column, middle) < time))
        low = middle + 1;
      else
        high = middle;
    }
  return low;
}

gboolean
bv_encoded_sorted_range (const BvEncodedTable *self, const BvEncodedColumn *column, guint64 first_code, guint64 end_code, guint64 *first, guint64 *end)
{
  if (self->order < 0 || column != &self->columns[self->order])
    return FALSE;
  *first = bv_encoded_sorted_row (self, first_code, 0);
  *end = end_code > first_code ? bv_encoded_sorted_row (self, end_code, 0) : *first;
  return TRUE;
}
