/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Tests of rows, evaluated a block of 4096 rows at a time into a bitmap.
 *
 * A range of codes first asks the segment's zone: where all of its rows pass or none does, nothing is read. Lists stop at the first child that
 * decides the whole block. Cost: about 0.1 ns a row for ranges of narrow codes, 0.5 ns for acceptance tables that fit the cache.
 *
 * What a clause selects of a whole table can be kept for other queries, as bits (n / 8 bytes) or, where that is few rows, as the list of them (4
 * bytes each), which spares scans the rest of the table.
 */
#include "bv-sorted.h"
#include "bv-test-private.h"

#include <string.h>

BvTest *
bv_test_new (BvTestKind kind)
{
  BvTest *self = g_new0 (BvTest, 1);

  self->kind = kind;
  if (kind == BV_TEST_ALL || kind == BV_TEST_ANY)
    self->children = g_ptr_array_new_with_free_func ((GDestroyNotify) bv_test_free);
  return self;
}

void
bv_test_free (BvTest *test)
{
  if (test == NULL)
    return;
  g_clear_pointer (&test->children, g_ptr_array_unref);
  g_clear_pointer (&test->accept, g_bytes_unref);
  g_clear_pointer (&test->bits, g_bytes_unref);
  g_free (test);
}

/* 1 when the zone says that all rows pass, 0 that none does, −1 when the rows must be asked. */
static int
ask_zone (const BvTest *test, guint segment)
{
  guint32 min = test->column->zone_min[segment], max = test->column->zone_max[segment];

  if (test->kind == BV_TEST_RANGE)
    return min >= test->first && max < test->end ? 1 : max < test->first || min >= test->end ? 0 : -1;
  return min > test->first ? 1 : max < test->first ? 0 : -1;
}

static void
invert (guint64 *bits, gsize n)
{
  gsize n_words = (n + 63) / 64;

  for (gsize w = 0; w < n_words; w++)
    bits[w] = ~bits[w];
  if (n % 64 != 0)
    bits[n_words - 1] &= (G_GUINT64_CONSTANT (1) << (n % 64)) - 1;
}

/* The first place in the list whose row is not before @row. */
static gsize
find_row (const guint32 *rows, gsize n, guint64 row)
{
  gsize low = 0, high = n;

  while (low < high)
    {
      gsize middle = low + (high - low) / 2;

      if (rows[middle] < row)
        low = middle + 1;
      else
        high = middle;
    }
  return low;
}

static void
rows_block (const BvTest *test, guint64 first, gsize n, guint64 *bits)
{
  gsize n_rows;
  const guint32 *rows = g_bytes_get_data (test->bits, &n_rows);

  n_rows /= sizeof *rows;
  memset (bits, 0, (n + 63) / 64 * 8);
  for (gsize i = find_row (rows, n_rows, first); i < n_rows && rows[i] < first + n; i++)
    bits[(rows[i] - first) / 64] |= G_GUINT64_CONSTANT (1) << ((rows[i] - first) % 64);
}

void
bv_test_block (const BvTest *test, guint64 first, gsize n, guint64 *bits)
{
  gsize n_words = (n + 63) / 64;
  guint64 other[BV_BLOCK_WORDS];
  gboolean all = test->kind == BV_TEST_ALL;
  int zone;

  switch (test->kind)
    {
    case BV_TEST_ALL:
    case BV_TEST_ANY:
      if (all || test->children->len == 0)
        bv_bits_fill (bits, 0, n);
      else
        memset (bits, 0, n_words * 8);
      for (guint i = 0; i < test->children->len; i++)
        {
          gsize count;

          bv_test_block (test->children->pdata[i], first, n, other);
          for (gsize w = 0; w < n_words; w++)
            bits[w] = all ? bits[w] & other[w] : bits[w] | other[w];
          count = bv_kernels->popcount (bits, n_words);
          if (count == (all ? 0 : n))
            break;
        }
      break;
    case BV_TEST_CONSTANT:
      if (test->value)
        bv_bits_fill (bits, 0, n);
      else
        memset (bits, 0, n_words * 8);
      break;
    case BV_TEST_RANGE:
    case BV_TEST_SINCE:
      zone = ask_zone (test, (guint) (first / BV_SEGMENT_ROWS));
      if (zone == 1)
        bv_bits_fill (bits, 0, n);
      else if (zone == 0)
        memset (bits, 0, n_words * 8);
      else if (test->kind == BV_TEST_RANGE)
        bv_kernels->range (bv_cells (test->column->codes, test->column->width, first), test->column->width, n, test->first, test->end, bits);
      else
        bv_kernels->since (bv_cells (test->column->codes, test->column->width, first), test->column->width,
                         bv_cells (test->column->times, test->column->time_width, first), test->column->time_width, n, test->first, test->time, bits);
      break;
    case BV_TEST_ACCEPT:
      bv_kernels->accept (bv_cells (test->column->codes, test->column->width, first), test->column->width, n, g_bytes_get_data (test->accept, NULL), bits);
      break;
    case BV_TEST_ROWS:
      rows_block (test, first, n, bits);
      break;
    case BV_TEST_BITS:
    default:
      memcpy (bits, (const guint64 *) g_bytes_get_data (test->bits, NULL) + first / 64, n_words * 8);
      break;
    }
  if (test->negate)
    invert (bits, n);
}

typedef struct
{
  const BvTest *test;
  const BvEncodedTable *table;
  guint64 *rows;
  gint next; /* segment */
} Rows;

static void
test_segments (void *data)
{
  Rows *self = data;
  guint segment;

  while ((segment = (guint) g_atomic_int_add (&self->next, 1)) < self->table->n_segments)
    {
      guint64 end = MIN ((guint64) (segment + 1) * BV_SEGMENT_ROWS, self->table->n_rows);

      for (guint64 first = (guint64) segment * BV_SEGMENT_ROWS; first < end; first += BV_BLOCK_ROWS)
        bv_test_block (self->test, first, MIN (end - first, BV_BLOCK_ROWS), self->rows + first / 64);
    }
}

GBytes *
bv_test_rows (const BvTest *test, const BvEncodedTable *table)
{
  gsize n_words = (table->n_rows / BV_BLOCK_ROWS + 1) * BV_BLOCK_WORDS;
  Rows shared = { test, table, g_new0 (guint64, n_words), 0 };

  bv_scan_share (test_segments, &shared, table->n_segments / 2);
  return g_bytes_new_take (shared.rows, n_words * sizeof (guint64));
}

gboolean
bv_test_row (const BvTest *test, guint64 row)
{
  gboolean passes;
  guint32 code = test->column != NULL ? bv_encoded_code (test->column, row) : 0;

  switch (test->kind)
    {
    case BV_TEST_ALL:
    case BV_TEST_ANY:
      passes = test->kind == BV_TEST_ALL || test->children->len == 0;
      for (guint i = 0; i < test->children->len; i++)
        {
          passes = bv_test_row (test->children->pdata[i], row);
          if (passes != (test->kind == BV_TEST_ALL))
            break;
        }
      break;
    case BV_TEST_CONSTANT:
      passes = test->value;
      break;
    case BV_TEST_RANGE:
      passes = code >= test->first && code < test->end;
      break;
    case BV_TEST_ACCEPT:
      passes = ((const guint8 *) g_bytes_get_data (test->accept, NULL))[code] != 0;
      break;
    case BV_TEST_SINCE:
      {
        const BvEncodedColumn *c = test->column;
        guint32 time = c->time_width == 1 ? ((guint8 *) c->times)[row] : c->time_width == 2 ? ((guint16 *) c->times)[row] : ((guint32 *) c->times)[row];

        passes = code > test->first || (code == test->first && time >= test->time);
        break;
      }
    case BV_TEST_ROWS:
      {
        gsize n_rows;
        const guint32 *rows = g_bytes_get_data (test->bits, &n_rows);
        gsize place;

        n_rows /= sizeof *rows;
        place = find_row (rows, n_rows, row);
        passes = place < n_rows && rows[place] == row;
        break;
      }
    case BV_TEST_BITS:
    default:
      passes = ((const guint64 *) g_bytes_get_data (test->bits, NULL))[row / 64] >> (row % 64) & 1;
      break;
    }
  return passes != test->negate;
}

static gboolean
bytes_equal (GBytes *a, GBytes *b)
{
  return a == b || (a != NULL && b != NULL && g_bytes_equal (a, b));
}

gboolean
bv_test_equal (const BvTest *a, const BvTest *b)
{
  guint n = a->children != NULL ? a->children->len : 0;

  if (a == b)
    return TRUE;
  if (a->kind != b->kind || a->negate != b->negate || a->value != b->value || a->column != b->column || a->first != b->first || a->end != b->end ||
      a->time != b->time || n != (b->children != NULL ? b->children->len : 0))
    return FALSE;
  for (guint i = 0; i < n; i++)
    if (!bv_test_equal (a->children->pdata[i], b->children->pdata[i]))
      return FALSE;
  return bytes_equal (a->accept, b->accept) && bytes_equal (a->bits, b->bits);
}

/* --- Kept tests ------------------------------------------------------------------------------------------------------------------- */

BvTest *
bv_test_new_kept (GBytes *bits, guint64 n_rows)
{
  gsize size;
  const guint64 *words = g_bytes_get_data (bits, &size);
  gsize n = bv_kernels->popcount (words, size / sizeof *words);
  BvTest *test = bv_test_new (n <= n_rows / bv_tuning.list_share ? BV_TEST_ROWS : BV_TEST_BITS);

  test->bits = bits;
  if (test->kind == BV_TEST_ROWS)
    {
      guint32 *rows = g_new (guint32, n + 1);
      gsize k = 0;

      for (gsize w = 0; w < size / sizeof *words; w++)
        for (guint64 word = words[w]; word != 0; word &= word - 1)
          rows[k++] = (guint32) (w * 64 + (guint) __builtin_ctzll (word));
      test->bits = g_bytes_new_take (rows, n * sizeof *rows);
      g_bytes_unref (bits);
    }
  return test;
}

static char *
kept_key (const char *key, BvTestKind kind)
{
  return g_strconcat (kind == BV_TEST_ROWS ? "rows " : "bits ", key, NULL);
}

BvTest *
bv_test_find_kept (BvEncodedTable *table, const char *key)
{
  static const BvTestKind kinds[] = { BV_TEST_ROWS, BV_TEST_BITS };

  for (guint i = 0; i < G_N_ELEMENTS (kinds); i++)
    {
      g_autofree char *full = kept_key (key, kinds[i]);
      GBytes *bytes = bv_encoded_table_get_derived (table, full);

      if (bytes != NULL)
        {
          BvTest *test = bv_test_new (kinds[i]);

          test->bits = bytes;
          return test;
        }
    }
  return NULL;
}

BvTest *
bv_test_keep (BvEncodedTable *table, const char *key, BvTest *test)
{
  g_autofree char *full = kept_key (key, test->kind);

  test->bits = bv_encoded_table_put_derived (table, full, test->bits);
  return test;
}

guint64
bv_test_max_rows (const BvTest *test, const BvEncodedTable *table)
{
  guint64 n = table->n_rows, begin, end;

  if (test->kind == BV_TEST_ROWS && !test->negate)
    return g_bytes_get_size (test->bits) / sizeof (guint32);
  if (test->kind == BV_TEST_CONSTANT && test->value == test->negate)
    return 0;
  if (bv_sorted_test (table, test, &begin, &end))
    return end > begin ? end - begin : 0;
  for (guint i = 0; test->kind == BV_TEST_ALL && !test->negate && i < test->children->len; i++)
    {
      guint64 child = bv_test_max_rows (test->children->pdata[i], table);

      n = MIN (n, child);
    }
  return n;
}
