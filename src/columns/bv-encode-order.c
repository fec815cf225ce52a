/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Rows in order of time.
 *
 * Tables are mostly in this order already, but for rows that came late. A counting sort by code puts each day's rows together in their old order. Within
 * a day the rows that are not before any row ahead of them stay a sorted list; the few others are sorted by time and merged into it. Both steps are stable,
 * so that equal times keep the order of SQLite's row numbers, and the result is the same whatever the threads.
 *
 * Row numbers are kept as runs that count up by one: a table in order has one run, a late row makes three. Where runs would take more room than one
 * number per row, there is one number per row.
 *
 * Cost: two passes over the rows, about 2 ns each; O(l log l) for l late rows of a day; 4 bytes a row of memory meanwhile.
 */
#include "bv-encoder-private.h"
#include "bv-scan.h"

#include <string.h>

static inline guint32
read_time (const BvEncodedColumn *column, guint64 row)
{
  if (column->time_width == 1)
    return ((const guint8 *) column->times)[row];
  if (column->time_width == 2)
    return ((const guint16 *) column->times)[row];
  return ((const guint32 *) column->times)[row];
}

static gboolean
is_sorted (const BvEncodedColumn *column, guint64 n_rows)
{
  guint64 last = 0;

  for (guint64 row = 0; row < n_rows; row++)
    {
      guint64 key = (guint64) bv_encoded_code (column, row) << 32 | (column->times != NULL ? read_time (column, row) : 0);

      if (key < last)
        return FALSE;
      last = key;
    }
  return TRUE;
}

/* The rows of one day by time. @early and @late: room for @n. */
static void
sort_day (const BvEncodedColumn *column, guint32 *rows, guint64 n, guint64 *early, guint64 *late)
{
  guint64 n_early = 0, n_late = 0, last = 0, e = 0, l = 0;

  for (guint64 i = 0; i < n; i++)
    {
      guint64 key = (guint64) read_time (column, rows[i]) << 32 | rows[i];

      if (key >= last)
        last = early[n_early++] = key;
      else
        late[n_late++] = key;
    }
  if (n_late == 0)
    return;
  /* With the row in the lower half, pairs of equal times are in the order of rows. */
  bv_sort_pairs (late, n_late);
  for (guint64 i = 0; i < n; i++)
    rows[i] = (guint32) (l == n_late || (e < n_early && early[e] < late[l]) ? early[e++] : late[l++]);
}

typedef struct
{
  const BvEncodedColumn *column;
  const guint32 *ends; /* of each day's rows, by code */
  guint32 *order;
} Days;

#define DAYS_AT_A_TIME 8

static void
sort_days (gpointer data, guint64 i)
{
  Days *self = data;
  guint64 first = 1 + i * DAYS_AT_A_TIME, end = MIN (first + DAYS_AT_A_TIME, self->column->n_codes), most = 0;
  g_autofree guint64 *early = NULL;
  g_autofree guint64 *late = NULL;

  for (guint64 code = first; code < end; code++)
    most = MAX (most, self->ends[code] - self->ends[code - 1]);
  early = g_new (guint64, most + 1);
  late = g_new (guint64, most + 1);
  for (guint64 code = first; code < end; code++)
    sort_day (self->column, self->order + self->ends[code - 1], self->ends[code] - self->ends[code - 1], early, late);
}

guint32 *
bv_encode_order (const BvEncodedColumn *column, guint64 n_rows, guint n_threads)
{
  g_autofree guint32 *starts = NULL;
  guint32 *order;

  if (is_sorted (column, n_rows))
    return NULL;
  starts = g_new0 (guint32, column->n_codes + 1);
  for (guint64 row = 0; row < n_rows; row++)
    starts[bv_encoded_code (column, row) + 1]++;
  for (guint64 code = 1; code <= column->n_codes; code++)
    starts[code] += starts[code - 1];
  order = g_new (guint32, n_rows);
  for (guint64 row = 0; row < n_rows; row++)
    order[starts[bv_encoded_code (column, row)]++] = (guint32) row;
  if (column->times != NULL)
    {
      /* Each start has moved to its day's end. Nulls, code 0, have no time. */
      Days days = { column, starts, order };

      bv_encode_parallel (n_threads, (column->n_codes - 1 + DAYS_AT_A_TIME - 1) / DAYS_AT_A_TIME, sort_days, &days);
    }
  return order;
}

typedef struct
{
  const void *from;
  void *to;
  guint width;
  const guint32 *order;
  guint64 n_rows;
} Gather;

#define GATHER(type) \
  for (guint64 row = first; row < end; row++) \
    ((type *) self->to)[row] = ((const type *) self->from)[self->order[row]]

static void
gather_segment (gpointer data, guint64 i)
{
  Gather *self = data;
  guint64 first = i * BV_SEGMENT_ROWS, end = MIN (first + BV_SEGMENT_ROWS, self->n_rows);

  if (self->width == 1)
    GATHER (guint8);
  else if (self->width == 2)
    GATHER (guint16);
  else
    GATHER (guint32);
}

void *
bv_encode_gather (void *cells, guint width, const guint32 *order, guint64 n_rows, guint n_threads)
{
  Gather gather = { cells, g_malloc (MAX (n_rows * width, 1)), width, order, n_rows };

  bv_encode_parallel (n_threads, (n_rows + BV_SEGMENT_ROWS - 1) / BV_SEGMENT_ROWS, gather_segment, &gather);
  g_free (cells);
  return gather.to;
}

/* --- Numbers ---------------------------------------------------------------------------------------------------------------------- */

typedef struct
{
  const guint32 *run_rows;
  const gint64 *run_ids;
  guint64 n_runs;
  const guint32 *order;
  guint64 n_rows;
} Numbers;

/* The number of a row of the new order. @run: where the last one was found. */
static inline gint64
number_of (const Numbers *self, guint64 row, guint64 *run)
{
  guint64 old = self->order != NULL ? self->order[row] : row, low = *run, high = *run + 1;

  if (!(self->run_rows[low] <= old && (high == self->n_runs || old < self->run_rows[high])))
    {
      low = 0;
      high = self->n_runs;
      while (high - low > 1)
        {
          guint64 middle = (low + high) / 2;

          if (self->run_rows[middle] <= old)
            low = middle;
          else
            high = middle;
        }
      *run = low;
    }
  return self->run_ids[low] + (gint64) (old - self->run_rows[low]);
}

/* The runs of the new order. @rows and @ids: (nullable): filled. */
static guint64
find_runs (const Numbers *self, guint32 *rows, gint64 *ids, gint64 *min, gint64 *max)
{
  guint64 n = 0, run = 0;
  gint64 last = 0;

  for (guint64 row = 0; row < self->n_rows; row++)
    {
      gint64 id = number_of (self, row, &run);

      if (row == 0)
        *min = *max = id;
      if (row == 0 || id != last + 1)
        {
          if (rows != NULL)
            {
              rows[n] = (guint32) row;
              ids[n] = id;
            }
          n++;
          *min = MIN (*min, id);
        }
      *max = MAX (*max, id);
      last = id;
    }
  return n;
}

/* The pieces' runs as those of the whole. Returns how many. */
static guint64
join_runs (BvEncoder *self, guint32 **rows, gint64 **ids)
{
  guint64 n = 0, k = 0;

  for (guint p = 0; p < self->pieces->len; p++)
    n += ((BvPiece *) self->pieces->pdata[p])->n_runs;
  *rows = g_new (guint32, n + 1);
  *ids = g_new (gint64, n + 1);
  for (guint p = 0; p < self->pieces->len; p++)
    {
      const BvPiece *piece = self->pieces->pdata[p];

      for (guint32 r = 0; r < piece->n_runs; r++)
        {
          guint32 row = (guint32) (piece->first + piece->run_rows[r]);

          if (k > 0 && piece->run_ids[r] - (*ids)[k - 1] == row - (*rows)[k - 1])
            continue;
          (*rows)[k] = row;
          (*ids)[k++] = piece->run_ids[r];
        }
    }
  return k;
}

void
bv_encode_rowids (BvEncoder *self, BvEncodedTable *table, const guint32 *order)
{
  g_autofree guint32 *run_rows = NULL;
  g_autofree gint64 *run_ids = NULL;
  guint64 n_joined = join_runs (self, &run_rows, &run_ids);
  Numbers numbers = { run_rows, run_ids, n_joined, order, table->n_rows };
  gint64 min = 0, max = 0;
  guint64 n = find_runs (&numbers, NULL, NULL, &min, &max), run = 0, range = (guint64) max - (guint64) min;
  guint width = range <= G_MAXUINT32 ? 4 : 8;

  if (n * (sizeof (guint32) + sizeof (gint64)) <= table->n_rows * width + 64)
    {
      table->n_runs = n;
      table->run_rows = g_new (guint32, n + 1);
      table->run_ids = g_new (gint64, n + 1);
      find_runs (&numbers, table->run_rows, table->run_ids, &min, &max);
      return;
    }
  table->id_base = min;
  table->id_width = width;
  table->row_ids = g_malloc (table->n_rows * width);
  for (guint64 row = 0; row < table->n_rows; row++)
    {
      guint64 offset = (guint64) number_of (&numbers, row, &run) - (guint64) min;

      if (width == 4)
        ((guint32 *) table->row_ids)[row] = (guint32) offset;
      else
        ((guint64 *) table->row_ids)[row] = offset;
    }
}
