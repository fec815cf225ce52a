/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Scans on threads: those of one table share a pass, and all passes share the threads.
 *
 * A thread takes a pass that nobody has begun, the largest first; when there is none left it helps with those that others are at. So tables that are
 * small beside the largest are each read by one thread, which needs no second set of accumulators and no merging. Within a pass threads take segments of
 * 64 Ki rows. Each begins at its own place of the table, so that it meets few groups by what rows are ordered by, and goes on with the others'
 * segments when its own are done. Accumulators are merged at the end, task by task on all threads; all of them are integers, so that neither the
 * number of threads nor the order in which they work can show.
 *
 * Cost: see bv-worker.c; waking a thread takes some 10 µs, which is why fewer than two segments are left to the caller.
 */
#include "bv-worker-private.h"
#include "bv-pool.h"

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

static guint
most_threads (void)
{
  return MIN (bv_scan_get_threads (), MAX_THREADS);
}

void
bv_scan_share (void (*run) (void *data), void *data, guint64 n_parts)
{
  void *threads[MAX_THREADS];
  guint n_threads = (guint) CLAMP (n_parts, 1, most_threads ());

  for (guint t = 0; t < n_threads; t++)
    threads[t] = data;
  bv_pool_run (run, threads, n_threads);
}

/* --- One pass ------------------------------------------------------------------------------------------------------------------------ */

typedef struct
{
  BvPass *pass;
  GPtrArray *scans;       /* BvScan, that share it */
  guint64 n_rows;         /* that have to be looked at */
  guint n_threads;        /* that it is divided among, of which as many work at it as come */
  gint next[MAX_THREADS]; /* segment that each thread's stretch goes on with */
  gint end[MAX_THREADS];
  gint n_begun;
  gint cancelled;
  BvWorker *workers[MAX_THREADS]; /* (nullable) */
  gint64 begun[MAX_THREADS], ended[MAX_THREADS]; /* µs */
} Work;

/* The segments that any filter looks at, in equal stretches. */
static void
divide (Work *work)
{
  BvPass *pass = work->pass;
  guint64 begin = G_MAXUINT64, end = 0;
  int first, last;

  for (guint i = 0; i < pass->n_filters; i++)
    {
      const BvFilter *filter = &pass->filters[i];

      if (filter->rows != NULL)
        work->n_rows += filter->n_rows;
      if (filter->rows != NULL || filter->begin >= filter->end)
        continue;
      begin = MIN (begin, filter->begin);
      end = MAX (end, filter->end);
    }
  first = begin < end ? (int) (begin / BV_SEGMENT_ROWS) : 0;
  last = begin < end ? (int) ((end - 1) / BV_SEGMENT_ROWS) + 1 : 0;
  work->n_rows += begin < end ? end - begin : 0;
  work->n_threads = CLAMP ((guint) (last - first) / 2, 1, most_threads ());
  for (guint t = 0; t < work->n_threads; t++)
    {
      work->next[t] = first + (int) ((gint64) (last - first) * t / work->n_threads);
      work->end[t] = first + (int) ((gint64) (last - first) * (t + 1) / work->n_threads);
    }
}

static int
compare_works (gconstpointer a, gconstpointer b)
{
  guint64 x = (*(Work *const *) a)->n_rows, y = (*(Work *const *) b)->n_rows;

  return x > y ? -1 : x < y;
}

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

/* Whether a thread more would find something to do. */
static gboolean
wants_help (const Work *work)
{
  if ((guint) g_atomic_int_get (&work->n_begun) >= work->n_threads)
    return FALSE;
  for (guint t = 0; t < work->n_threads; t++)
    if (g_atomic_int_get (&work->next[t]) < work->end[t])
      return TRUE;
  return FALSE;
}

static void
take_part (Work *work)
{
  guint number = (guint) g_atomic_int_add (&work->n_begun, 1);
  BvWorker *worker;
  int segment;
  gboolean ok = TRUE;

  if (number >= work->n_threads)
    return;
  work->begun[number] = g_get_monotonic_time ();
  worker = work->workers[number] = bv_worker_new (work->pass);
  while (ok && (segment = next_segment (work, number)) >= 0)
    ok = bv_worker_run_rows (worker, (guint64) segment * BV_SEGMENT_ROWS, MIN ((guint64) (segment + 1) * BV_SEGMENT_ROWS, work->pass->table->n_rows), &work->cancelled);
  if (number == 0 && ok)
    ok = bv_worker_run_lists (worker);
  if (!ok)
    g_atomic_int_set (&work->cancelled, 1);
  work->ended[number] = g_get_monotonic_time ();
}

static void
merge_task (Work *work, guint index)
{
  const BvTask *task = &work->pass->tasks[index];

  for (guint t = 0; t < work->n_threads; t++)
    if (work->workers[t] != NULL)
      bv_acc_merge (task->step, bv_worker_get_acc (work->workers[t], index), task->keyset->n_groups);
  bv_acc_finish (task->step);
}

/* What other tasks have found. */
static void
make_rest (BvPass *pass)
{
  for (guint i = 0; i < pass->n_tasks; i++)
    {
      const BvTask *task = &pass->tasks[i], *from = task->made_from;

      if (from == NULL)
        continue;
      if (task->totals)
        bv_step_take_total (from->step, from->keyset->n_groups, task->step);
      else
        bv_acc_copy (from->step, from->keyset->n_groups, task->step);
    }
}

/* How it went. */
static void
note_scans (const Work *work)
{
  gint64 begun = G_MAXINT64, ended = 0;
  const BvTask *task = work->pass->tasks;

  for (guint t = 0; t < work->n_threads; t++)
    if (work->workers[t] != NULL)
      {
        begun = MIN (begun, work->begun[t]);
        ended = MAX (ended, work->ended[t]);
      }
  for (guint s = 0; s < work->scans->len; s++)
    {
      BvScan *scan = work->scans->pdata[s];
      const BvFilter *filter = scan->n_steps > 0 ? task->keyset->filter : NULL; /* the first step's */

      task += scan->n_steps;
      scan->n_shared = work->scans->len;
      scan->ms = (double) (ended - begun) / 1000;
      scan->cancelled = work->cancelled != 0;
      if (filter == NULL)
        continue;
      scan->listed = filter->rows != NULL;
      scan->n_range = filter->rows != NULL ? filter->n_rows : filter->end - filter->begin;
      scan->n_rows = filter->n_passed;
    }
}

static void
work_free (gpointer data)
{
  Work *work = data;

  for (guint t = 0; t < work->n_threads; t++)
    if (work->workers[t] != NULL)
      bv_worker_free (work->workers[t]);
  bv_pass_free (work->pass);
  g_ptr_array_unref (work->scans);
  g_free (work);
}

/* --- All passes ---------------------------------------------------------------------------------------------------------------------- */

typedef struct
{
  Work *work;
  guint task;
} LargeTask;

typedef struct
{
  GPtrArray *works;  /* Work, the largest first */
  gint n_begun;
  GArray *large;     /* LargeTask */
  gint n_merged;
} Run;

static void
run_works (void *data)
{
  Run *run = data;
  guint i;

  while ((i = (guint) g_atomic_int_add (&run->n_begun, 1)) < run->works->len)
    take_part (run->works->pdata[i]);
  for (i = 0; i < run->works->len; i++)
    if (wants_help (run->works->pdata[i]))
      take_part (run->works->pdata[i]);
}

static void
merge_large (void *data)
{
  Run *run = data;
  guint i;

  while ((i = (guint) g_atomic_int_add (&run->n_merged, 1)) < run->large->len)
    {
      const LargeTask *large = &g_array_index (run->large, LargeTask, i);

      merge_task (large->work, large->task);
    }
}

/* Large results are merged on all threads, each by one. */
static void
merge_work (Run *run, Work *work)
{
  for (guint i = 0; i < work->pass->n_tasks; i++)
    {
      const BvTask *task = &work->pass->tasks[i];

      if (task->made_from != NULL)
        continue;
      if (g_atomic_int_get (&work->n_begun) > 1 && (task->keyset->n_groups > SMALL_MERGE || task->step->n_values > SMALL_MERGE))
        g_array_append_val (run->large, ((LargeTask){ work, i }));
      else
        merge_task (work, i);
    }
}

/* The pass of a table; made when it is first met. */
static Work *
find_work (GPtrArray *works, BvEncodedTable *table)
{
  Work *work;

  for (guint i = 0; i < works->len; i++)
    {
      work = works->pdata[i];
      if (((BvScan *) work->scans->pdata[0])->table == table)
        return work;
    }
  work = g_new0 (Work, 1);
  work->scans = g_ptr_array_new ();
  g_ptr_array_add (works, work);
  return work;
}

gboolean
bv_scan_run_many (BvScan **scans, guint n_scans)
{
  g_autoptr(GPtrArray) works = g_ptr_array_new_with_free_func (work_free);
  g_autoptr(GArray) large = g_array_new (FALSE, FALSE, sizeof (LargeTask));
  Run run = { works, 0, large, 0 };
  guint64 n_rows = 0;
  gboolean ok = TRUE;

  for (guint s = 0; s < n_scans; s++)
    g_ptr_array_add (find_work (works, scans[s]->table)->scans, scans[s]);
  for (guint i = 0; i < works->len; i++)
    {
      Work *work = works->pdata[i];

      work->pass = bv_pass_new ((BvScan **) work->scans->pdata, work->scans->len);
      divide (work);
      n_rows += work->n_rows;
    }
  g_ptr_array_sort (works, compare_works);
  bv_scan_share (run_works, &run, n_rows / (2 * BV_SEGMENT_ROWS));
  for (guint i = 0; i < works->len; i++)
    if (!((Work *) works->pdata[i])->cancelled)
      merge_work (&run, works->pdata[i]);
  if (large->len > 0)
    bv_scan_share (merge_large, &run, large->len);
  for (guint i = 0; i < works->len; i++)
    {
      Work *work = works->pdata[i];

      if (!work->cancelled)
        make_rest (work->pass);
      note_scans (work);
      ok = ok && !work->cancelled;
    }
  return ok;
}

gboolean
bv_scan_run (BvScan *scan)
{
  return bv_scan_run_many (&scan, 1);
}
