/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The pass over a table: threads take segments of 64 Ki rows and work them in blocks of 4096 rows, small enough for all arrays of a block to stay in
 * the first two caches. For each block, each of these is done once, and only when something needs it:
 *
 *   clause → bitmap                         for all filters that have it
 *   filter → bitmap → (none: nothing; all: codes are read straight; else a list of positions)
 *   source → codes of the listed rows       for all tasks of the filter
 *   keyset → group numbers, or stretches of one group
 *   task   → one kernel
 *
 * Where rows are grouped by what they are ordered by, a block has one group or a few stretches of one: steps then run kernels of one group (a count
 * is a population count, and a set of distinct codes stays in the first cache). Each thread begins at its own place of the table, so that it meets
 * few groups of such a kind, and helps the others when it is done. Accumulators are per thread and merged at the end, task by task on all threads;
 * all of them are integers, so that the order cannot show. Cancelling is looked at once a block.
 *
 * A filter that holds a list of rows skips the blocks: the rows are taken from the list, 4096 at a time, and the other clauses asked row by row.
 *
 * Cost per row: 0.03 to 0.1 ns a clause, 0.1 ns to read a code, 0.3 to 2 ns a task; memory: the accumulators once per thread.
 */
#include "bv-pass-private.h"
#include "bv-pool.h"
#include "bv-scratch.h"
#include "bv-test-private.h"

#include <string.h>

#define MAX_THREADS 8
#define SMALL_MERGE 4096 /* values; below, merging is not worth another thread */

BvTuning bv_tuning = { .kept_rows = BV_SEGMENT_ROWS + 1, .list_share = 128, .posting_rows = 2 * BV_SEGMENT_ROWS, .cube_rows = 2 * BV_SEGMENT_ROWS,
                       .cube_least = BV_SEGMENT_ROWS / 4, .cube_cells = 1, .cube_bytes = G_GUINT64_CONSTANT (64) << 20, .narrow_codes = 4096 };

static gint wanted_threads;

void
bv_scan_set_threads (guint n_threads)
{
  g_atomic_int_set (&wanted_threads, (gint) n_threads);
}

guint
bv_scan_get_threads (void)
{
  guint n = (guint) g_atomic_int_get (&wanted_threads);

  return n != 0 ? n : MIN (g_get_num_processors (), MAX_THREADS);
}

/* --- Blocks ---------------------------------------------------------------------------------------------------------------------- */

typedef enum { CLAUSE_NONE, CLAUSE_ALL, CLAUSE_MIXED } ClauseState;

typedef struct
{
  guint64 bits[BV_BLOCK_WORDS];
  guint64 block; /* the one that bits are of */
  ClauseState state;
} ClauseBlock;

typedef struct
{
  const guint32 *codes;
  guint32 *buffer;
  guint64 selection; /* the one that codes are of */
} SourceBlock;

typedef struct
{
  BvPass *pass;
  struct _Work *work;
  guint number;
  BvAcc *accs;             /* by task */
  ClauseBlock *clauses;
  SourceBlock *sources;
  guint64 block, selection; /* count up */

  /* the selection: rows of one block, or anywhere */
  guint64 first;
  gsize n;
  const guint16 *list;     /* (nullable): those rows of the block only */
  const guint32 *rows;     /* (nullable): instead of a block */
  gboolean unlisted;       /* rows are only counted: those of the bits, of which there is no list */

  guint64 bits[BV_BLOCK_WORDS];
  guint16 positions[BV_BLOCK_ROWS];
  guint32 group[BV_BLOCK_ROWS];
  guint32 passed[BV_BLOCK_ROWS];
} Worker;

static const ClauseBlock *
get_clause (Worker *self, guint index, guint64 first, gsize n)
{
  ClauseBlock *clause = &self->clauses[index];
  gsize n_words = (n + 63) / 64, count;

  if (clause->block == self->block)
    return clause;
  clause->block = self->block;
  bv_test_block (self->pass->clauses->pdata[index], first, n, clause->bits);
  count = bv_kernels->popcount (clause->bits, n_words);
  clause->state = count == 0 ? CLAUSE_NONE : count == n ? CLAUSE_ALL : CLAUSE_MIXED;
  return clause;
}

/* The codes of the selected rows, or what the source's table says of them. */
static const guint32 *
get_source (Worker *self, guint index)
{
  const BvSource *source = &g_array_index (self->pass->sources, BvSource, index);
  const BvEncodedColumn *column = source->column;
  SourceBlock *memo = &self->sources[index];
  const void *cells;
  guint32 *out;

  if (memo->selection == self->selection)
    return memo->codes;
  memo->selection = self->selection;
  if (column != NULL && self->rows == NULL && self->list == NULL && column->width == 4 && source->table == NULL)
    return memo->codes = bv_cells (column->codes, 4, self->first);
  if (memo->buffer == NULL)
    memo->buffer = bv_scratch_new (BV_BLOCK_ROWS * sizeof (guint32));
  memo->codes = out = memo->buffer;
  if (column == NULL)
    for (gsize i = 0; i < self->n; i++)
      out[i] = self->rows != NULL ? self->rows[i] + 1 : (guint32) (self->first + (self->list != NULL ? self->list[i] : i) + 1);
  else if (self->rows != NULL)
    {
      bv_kernels->pick_rows (column->codes, column->width, self->rows, self->n, out);
      if (source->table != NULL)
        bv_kernels->translate (source->table, self->n, out);
    }
  else
    {
      cells = bv_cells (column->codes, column->width, self->first);
      if (self->list != NULL && source->bytes != NULL)
        bv_kernels->pick_map8 (cells, column->width, self->list, self->n, source->bytes, out);
      else if (source->bytes != NULL)
        bv_kernels->map8 (cells, column->width, self->n, source->bytes, out);
      else if (self->list != NULL && source->table != NULL)
        bv_kernels->pick_map (cells, column->width, self->list, self->n, source->table, out);
      else if (self->list != NULL)
        bv_kernels->pick (cells, column->width, self->list, self->n, out);
      else if (source->table != NULL)
        bv_kernels->map (cells, column->width, self->n, source->table, out);
      else
        bv_kernels->widen (cells, column->width, self->n, out);
    }
  return memo->codes;
}

/* --- Groups ---------------------------------------------------------------------------------------------------------------------- */

/* The sum of the keys' numbers, the key @without left out. NULL when no key is left. */
static const guint32 *
get_groups (Worker *self, const BvKeyset *keyset, int without)
{
  const guint32 *only = NULL;
  guint n = 0;

  for (guint k = 0; k < keyset->n_keys; k++)
    {
      const BvSource *key = &keyset->keys[k];
      guint32 stride = key->table != NULL ? 1 : key->stride;
      const guint32 *codes;

      if ((int) k == without)
        continue;
      codes = get_source (self, g_array_index (keyset->sources, guint, k));
      if (n++ == 0 && stride == 1)
        {
          only = codes;
          continue;
        }
      if (n == 1)
        memset (self->group, 0, self->n * sizeof *self->group);
      else if (only != NULL)
        memcpy (self->group, only, self->n * sizeof *self->group);
      only = NULL;
      bv_kernels->add (codes, stride, self->n, self->group);
    }
  return n == 0 ? NULL : only != NULL ? only : self->group;
}

/* All tasks of a keyset over the selected rows from..to; @g NULL: all are of group @one. */
static void
run_tasks (Worker *self, const BvKeyset *keyset, const guint32 *g, guint32 one, gsize from, gsize to)
{
  for (guint i = 0; i < keyset->tasks->len; i++)
    {
      guint index = g_array_index (keyset->tasks, guint, i);
      const BvTask *task = &g_array_index (self->pass->tasks, BvTask, index);
      const guint32 *v = task->source >= 0 ? get_source (self, (guint) task->source) + from : NULL;

      bv_acc_add (task->step, &self->accs[index], keyset->n_groups, g != NULL ? g + from : NULL, one, v, to - from);
    }
}

/* How many of the selected rows lie before @row. */
static gsize
rows_before (Worker *self, guint64 row)
{
  gsize low = 0, high = self->n, place;

  if (row <= self->first)
    return 0;
  place = (gsize) (row - self->first);
  if (self->unlisted)
    {
      if (place >= BV_BLOCK_ROWS)
        return self->n;
      return bv_kernels->popcount (self->bits, place / 64) + (gsize) __builtin_popcountll (self->bits[place / 64] & (((guint64) 1 << (place % 64)) - 1));
    }
  if (self->list == NULL)
    return MIN (place, self->n);
  while (low < high)
    {
      gsize middle = (low + high) / 2;

      if (self->list[middle] < place)
        low = middle + 1;
      else
        high = middle;
    }
  return low;
}

static void
run_spans (Worker *self, const BvKeyset *keyset)
{
  guint64 row = self->first + (self->list != NULL ? self->list[0] : 0);
  const guint32 *others = keyset->n_keys > 1 ? get_groups (self, keyset, (int) keyset->sorted_key) : NULL;
  guint low = 0, high = keyset->n_spans;
  gsize from = 0;

  while (low < high)
    {
      guint middle = (low + high) / 2;

      if (keyset->spans[middle].end <= row)
        low = middle + 1;
      else
        high = middle;
    }
  if (others != NULL && others != self->group)
    memcpy (self->group, others, self->n * sizeof *self->group);
  for (const BvSpan *span = &keyset->spans[low]; from < self->n; span++)
    {
      gsize to = rows_before (self, span->end);

      if (to == from)
        continue;
      if (others == NULL)
        run_tasks (self, keyset, NULL, span->group, from, to);
      else
        for (gsize i = from; i < to; i++)
          self->group[i] += span->group;
      from = to;
    }
  if (others != NULL)
    run_tasks (self, keyset, self->group, 0, 0, self->n);
}

/* Rows counted by the codes of a narrow column, without a look at each. */
static gboolean
count_cells (Worker *self, const BvKeyset *keyset)
{
  const BvEncodedColumn *column = keyset->keys[0].column;
  guint index = g_array_index (keyset->tasks, guint, 0);
  const BvTask *task = &g_array_index (self->pass->tasks, BvTask, index);

  if (!keyset->cells || self->list != NULL || self->rows != NULL || keyset->tasks->len != 1 || !bv_acc_is_cells (task->step, keyset->n_groups))
    return FALSE;
  bv_acc_count_cells (task->step, &self->accs[index], bv_cells (column->codes, column->width, self->first), column->width, self->n);
  return TRUE;
}

/* The group of all rows of the selection when the codes of each key are the same in the whole block; mostly known after a look at three of them. */
static gboolean
same_group (Worker *self, const BvKeyset *keyset, guint32 *group)
{
  *group = 0;
  for (guint k = 0; k < keyset->n_keys; k++)
    {
      const BvSource *key = &keyset->keys[k];
      guint32 code;

      if (key->column == NULL || self->rows != NULL || self->list != NULL ||
          !bv_kernels->same (bv_cells (key->column->codes, key->column->width, self->first), key->column->width, self->n))
        return FALSE;
      code = bv_encoded_code (key->column, self->first);
      *group += key->table != NULL ? key->table[code] : code * key->stride;
    }
  return TRUE;
}

static void
run_keyset (Worker *self, const BvKeyset *keyset)
{
  guint32 group;

  if (keyset->tasks->len == 0)
    return;
  if (keyset->spans != NULL && self->rows == NULL)
    run_spans (self, keyset);
  else if (same_group (self, keyset, &group))
    run_tasks (self, keyset, NULL, group, 0, self->n);
  else if (!count_cells (self, keyset))
    run_tasks (self, keyset, get_groups (self, keyset, -1), 0, 0, self->n);
}

static void
run_keysets (Worker *self, BvFilter *filter)
{
  self->selection++;
  for (guint i = 0; i < filter->keysets->len; i++)
    run_keyset (self, self->pass->keysets->pdata[g_array_index (filter->keysets, guint, i)]);
}

/* Whether it is enough for all tasks of the filter to know how many rows there are: they count, in stretches of one group. */
static gboolean
only_counts (Worker *self, const BvFilter *filter)
{
  for (guint i = 0; i < filter->keysets->len; i++)
    {
      const BvKeyset *keyset = self->pass->keysets->pdata[g_array_index (filter->keysets, guint, i)];

      if (keyset->tasks->len > 0 && (keyset->n_keys > 1 || (keyset->n_keys == 1 && keyset->spans == NULL)))
        return FALSE;
      for (guint k = 0; k < keyset->tasks->len; k++)
        if (g_array_index (self->pass->tasks, BvTask, g_array_index (keyset->tasks, guint, k)).source >= 0)
          return FALSE;
    }
  return TRUE;
}

static void
run_filter (Worker *self, BvFilter *filter, guint64 first, gsize n_block)
{
  guint64 begin = MAX (first, filter->begin), end = MIN (first + n_block, filter->end);
  gsize n_words = (n_block + 63) / 64, n = 0;
  gboolean all;

  if (begin >= end)
    return;
  all = begin == first && end == first + n_block;
  if (!all)
    bv_bits_fill (self->bits, (gsize) (begin - first), (gsize) (end - first));
  for (guint i = 0; i < filter->clauses->len; i++)
    {
      const ClauseBlock *clause = get_clause (self, g_array_index (filter->clauses, guint, i), first, n_block);

      if (clause->state == CLAUSE_NONE)
        return;
      if (clause->state == CLAUSE_ALL)
        continue;
      if (all)
        memcpy (self->bits, clause->bits, n_words * sizeof *self->bits);
      else
        for (gsize w = 0; w < n_words; w++)
          self->bits[w] &= clause->bits[w];
      all = FALSE;
    }
  self->first = first;
  self->rows = NULL;
  self->list = NULL;
  self->unlisted = FALSE;
  if (all)
    n = n_block;
  else if (filter->clauses->len == 0)
    {
      /* A stretch of the block. */
      self->first = begin;
      n = (gsize) (end - begin);
    }
  else if (only_counts (self, filter))
    {
      n = bv_kernels->popcount (self->bits, n_words);
      self->unlisted = TRUE;
    }
  else
    {
      n = bv_kernels->list (self->bits, n_words, self->positions);
      self->list = self->positions;
    }
  if (n == 0)
    return;
  self->n = n;
  g_atomic_pointer_add (&filter->n_passed, (gssize) n);
  run_keysets (self, filter);
}

/* --- Lists of rows ----------------------------------------------------------------------------------------------------------------- */

static void
run_list (Worker *self, BvFilter *filter)
{
  for (gsize at = 0; at < filter->n_rows;)
    {
      gsize n = 0;

      for (; at < filter->n_rows && n < BV_BLOCK_ROWS; at++)
        {
          guint64 row = filter->rows[at];
          gboolean passes = row >= filter->begin && row < filter->end;

          for (guint i = 0; i < filter->clauses->len && passes; i++)
            passes = bv_test_row (self->pass->clauses->pdata[g_array_index (filter->clauses, guint, i)], row);
          self->passed[n] = (guint32) row;
          n += passes ? 1 : 0;
        }
      if (bv_pass_is_cancelled (self->pass))
        return;
      self->rows = self->passed;
      self->list = NULL;
      self->unlisted = FALSE;
      self->n = n;
      filter->n_passed += n;
      if (n > 0)
        run_keysets (self, filter);
    }
}

/* --- Threads --------------------------------------------------------------------------------------------------------------------- */

typedef struct _Work
{
  BvPass *pass;
  guint n_threads;
  gint next[MAX_THREADS]; /* segment that each thread's stretch goes on with */
  gint end[MAX_THREADS];
  gint cancelled;
} Work;

/* The next segment: of the thread's own stretch, then of the others'. −1 when there is none. */
static int
next_segment (Work *work, guint number)
{
  for (guint i = 0; i < work->n_threads; i++)
    {
      guint t = (number + i) % work->n_threads;
      int segment;

      if (g_atomic_int_get (&work->next[t]) >= work->end[t])
        continue;
      segment = g_atomic_int_add (&work->next[t], 1);
      if (segment < work->end[t])
        return segment;
    }
  return -1;
}

static void
worker_init (Worker *self, Work *work, guint number)
{
  BvPass *pass = work->pass;

  self->pass = pass;
  self->work = work;
  self->number = number;
  self->accs = g_new0 (BvAcc, pass->tasks->len + 1);
  self->clauses = bv_scratch_new ((pass->clauses->len + 1) * sizeof *self->clauses);
  self->sources = g_new0 (SourceBlock, pass->sources->len + 1);
  self->block = self->selection = 0;
  for (guint i = 0; i < pass->clauses->len; i++)
    self->clauses[i].block = 0;
}

static void
worker_clear (Worker *self)
{
  for (guint i = 0; i < self->pass->sources->len; i++)
    bv_scratch_free (self->sources[i].buffer);
  g_free (self->sources);
  bv_scratch_free (self->clauses);
  for (guint i = 0; i < self->pass->tasks->len; i++)
    bv_acc_clear (&self->accs[i]);
  g_free (self->accs);
}

static void
work (void *data)
{
  Worker *self = data;
  BvPass *pass = self->pass;
  int segment;

  for (guint i = 0; i < pass->tasks->len; i++)
    {
      const BvTask *task = &g_array_index (pass->tasks, BvTask, i);
      const BvKeyset *keyset = pass->keysets->pdata[task->keyset];

      if (task->made_from < 0)
        bv_acc_init (&self->accs[i], task->step, keyset->n_groups);
    }
  while ((segment = next_segment (self->work, self->number)) >= 0)
    {
      guint64 end = MIN ((guint64) (segment + 1) * BV_SEGMENT_ROWS, pass->table->n_rows);

      for (guint64 first = (guint64) segment * BV_SEGMENT_ROWS; first < end; first += BV_BLOCK_ROWS)
        {
          gsize n = MIN (end - first, BV_BLOCK_ROWS);

          if (bv_pass_is_cancelled (pass))
            g_atomic_int_set (&self->work->cancelled, 1);
          if (g_atomic_int_get (&self->work->cancelled))
            return;
          self->block++;
          for (guint i = 0; i < pass->filters->len; i++)
            if (((BvFilter *) pass->filters->pdata[i])->rows == NULL)
              run_filter (self, pass->filters->pdata[i], first, n);
        }
    }
  if (self->number > 0)
    return;
  for (guint i = 0; i < pass->filters->len; i++)
    if (((BvFilter *) pass->filters->pdata[i])->rows != NULL)
      run_list (self, pass->filters->pdata[i]);
  if (bv_pass_is_cancelled (pass))
    g_atomic_int_set (&self->work->cancelled, 1);
}

/* The segments that any filter looks at, in equal stretches. */
static void
divide (Work *work)
{
  BvPass *pass = work->pass;
  guint64 begin = G_MAXUINT64, end = 0;
  int first, last;

  for (guint i = 0; i < pass->filters->len; i++)
    {
      const BvFilter *filter = pass->filters->pdata[i];

      if (filter->rows != NULL || filter->begin >= filter->end)
        continue;
      begin = MIN (begin, filter->begin);
      end = MAX (end, filter->end);
    }
  first = begin < end ? (int) (begin / BV_SEGMENT_ROWS) : 0;
  last = begin < end ? (int) ((end - 1) / BV_SEGMENT_ROWS) + 1 : 0;
  work->n_threads = CLAMP ((guint) (last - first) / 2, 1, MIN (bv_scan_get_threads (), MAX_THREADS));
  for (guint t = 0; t < work->n_threads; t++)
    {
      work->next[t] = first + (int) ((gint64) (last - first) * t / work->n_threads);
      work->end[t] = first + (int) ((gint64) (last - first) * (t + 1) / work->n_threads);
    }
}

typedef struct
{
  Worker **workers;
  guint n_workers;
  const guint *large; /* tasks */
  guint n_large;
  gint next;
} Merge;

static void
merge_task (Merge *self, guint index)
{
  BvPass *pass = self->workers[0]->pass;
  BvTask *task = &g_array_index (pass->tasks, BvTask, index);
  const BvKeyset *keyset = pass->keysets->pdata[task->keyset];

  for (guint t = 0; t < self->n_workers; t++)
    bv_acc_merge (task->step, &self->workers[t]->accs[index], keyset->n_groups);
  bv_acc_finish (task->step);
}

static void
merge_large (void *data)
{
  Merge *self = data;
  guint i;

  while ((i = (guint) g_atomic_int_add (&self->next, 1)) < self->n_large)
    merge_task (self, self->large[i]);
}

/* Large results are merged on all threads, each by one. */
static void
merge_all (BvPass *pass, Worker **workers, guint n_workers)
{
  g_autofree guint *large = g_new (guint, pass->tasks->len + 1);
  void *threads[MAX_THREADS];
  Merge merge = { workers, n_workers, large, 0, 0 };

  for (guint i = 0; i < pass->tasks->len; i++)
    {
      const BvTask *task = &g_array_index (pass->tasks, BvTask, i);
      const BvKeyset *keyset = pass->keysets->pdata[task->keyset];

      if (task->made_from >= 0)
        continue;
      if (n_workers > 1 && (keyset->n_groups > SMALL_MERGE || task->step->n_values > SMALL_MERGE))
        large[merge.n_large++] = i;
      else
        merge_task (&merge, i);
    }
  for (guint t = 0; t < n_workers; t++)
    threads[t] = &merge;
  if (merge.n_large > 0)
    bv_pool_run (merge_large, threads, MIN (n_workers, merge.n_large));
  for (guint i = 0; i < pass->tasks->len; i++)
    {
      const BvTask *task = &g_array_index (pass->tasks, BvTask, i);
      const BvTask *from = task->made_from >= 0 ? &g_array_index (pass->tasks, BvTask, task->made_from) : NULL;
      const BvKeyset *its = from != NULL ? pass->keysets->pdata[from->keyset] : NULL;

      if (from == NULL)
        continue;
      if (task->totals)
        bv_step_take_total (from->step, its->n_groups, task->step);
      else
        bv_acc_copy (from->step, its->n_groups, task->step);
    }
}

gboolean
bv_scan_run_many (BvScan **scans, guint n_scans)
{
  gint64 start = g_get_monotonic_time ();
  BvPass *pass = bv_pass_new (scans, n_scans);
  Work shared = { .pass = pass };
  Worker *workers[MAX_THREADS];
  guint task = 0;

  divide (&shared);
  for (guint t = 0; t < shared.n_threads; t++)
    {
      workers[t] = bv_scratch_new (sizeof (Worker));
      worker_init (workers[t], &shared, t);
    }
  bv_pool_run (work, (void **) workers, shared.n_threads);
  if (!shared.cancelled)
    merge_all (pass, workers, shared.n_threads);
  for (guint t = 0; t < shared.n_threads; t++)
    {
      worker_clear (workers[t]);
      bv_scratch_free (workers[t]);
    }
  for (guint s = 0; s < n_scans; s++)
    {
      const BvTask *first = scans[s]->n_steps > 0 ? &g_array_index (pass->tasks, BvTask, task) : NULL;
      const BvFilter *filter = first != NULL ? pass->filters->pdata[((BvKeyset *) pass->keysets->pdata[first->keyset])->filter] : NULL;

      task += scans[s]->n_steps;
      scans[s]->n_shared = n_scans;
      scans[s]->ms = (double) (g_get_monotonic_time () - start) / 1000;
      if (filter == NULL)
        continue;
      scans[s]->listed = filter->rows != NULL;
      scans[s]->n_range = filter->rows != NULL ? filter->n_rows : filter->end - filter->begin;
      scans[s]->n_rows = filter->n_passed;
    }
  bv_pass_free (pass);
  return !shared.cancelled;
}

gboolean
bv_scan_run (BvScan *scan)
{
  return bv_scan_run_many (&scan, 1);
}
