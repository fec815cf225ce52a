/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The column that rows are ordered by: a test of it is a stretch of rows, found by bisection, and so is each group by it.
 *
 * Cost: O(log rows); where the stretches of all codes are asked for, O(codes · log rows) once, kept with the table.
 */
#include "bv-sorted.h"

#include <string.h>

gboolean
bv_sorted_test (const BvEncodedTable *table, const BvTest *test, guint64 *begin, guint64 *end)
{
  *begin = 0;
  *end = table->n_rows;
  if (table->order < 0 || test->column != &table->columns[table->order])
    return FALSE;
  if (test->kind == BV_TEST_RANGE && !test->negate)
    return bv_encoded_sorted_range (table, test->column, test->first, test->end, begin, end);
  if (test->kind != BV_TEST_SINCE)
    return FALSE;
  if (!test->negate)
    {
      *begin = bv_encoded_sorted_row (table, test->first, test->time);
      return TRUE;
    }
  *end = bv_encoded_sorted_row (table, test->first, test->time);
  return TRUE;
}

GBytes *
bv_sorted_starts (BvEncodedTable *table, const BvEncodedColumn *column)
{
  GBytes *known;
  guint32 *starts;

  if (table->order < 0 || column != &table->columns[table->order] || column->n_codes > table->n_rows / 64 + 16)
    return NULL;
  known = bv_encoded_table_get_derived (table, "starts");
  if (known != NULL)
    return known;
  starts = g_new (guint32, column->n_codes + 1);
  for (guint64 code = 0; code <= column->n_codes; code++)
    starts[code] = (guint32) bv_encoded_sorted_row (table, code, 0);
  return bv_encoded_table_put_derived (table, "starts", g_bytes_new_take (starts, (column->n_codes + 1) * sizeof *starts));
}
