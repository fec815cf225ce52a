/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Rows into SQLite.
 *
 * A block of rows goes in as one statement (bv-row-feed.h). The caller fills one block while a thread inserts those handed
 * over before, so that reading a file and writing it overlap; where rows are shown to a sink, another thread does that. Threads start with the first full block, so that small tables need none.
 *
 * Blocks go round in a ring, and memory does not depend on the number of rows. Who waits for a block sleeps until there is more
 * than one, and who waits for room until half of the ring is free: a thread that slept for each block would lose its turn on a
 * busy machine three thousand times for ten million rows.
 *
 * While the threads run, the connection is the inserter's: nobody else calls SQLite before finish or free, which wait for it.
 * The first error ends the work; push and finish report it.
 */
#include "config.h"

#include "bv-table-writer-private.h"

#include <string.h>

#define N_BLOCKS 8
/* A thread is woken for so many blocks. */
#define WAKE_BLOCKS 2
/* Cells of a block. */
#define BLOCK_CELLS 16384
enum { INSERTS, SHOWS, N_JOBS };

typedef struct
{
  BvInserter *inserter;
  gboolean (*run) (BvInserter *self, BvRowBlock *block, GError **error);
  GThread *thread; /* (nullable) */
  guint n_done;
} Job;

struct _BvInserter
{
  BvRowFeed *feed;
  guint n_columns;
  guint max_rows;
  const BvTableSink *sink; /* (nullable) */
  gint64 n_shown;

  BvRowBlock blocks[N_BLOCKS];
  Job jobs[N_JOBS];
  guint n_jobs;
  gboolean started;
  GMutex mutex;      /* guards what follows, and n_done */
  GCond work, room;
  guint n_pushed;
  gboolean wants_room;
  gboolean stop;
  GError *error;
};

static gboolean
insert_block (BvInserter *self, BvRowBlock *block, GError **error)
{
  return block->n_rows == 0 || bv_row_feed_insert (self->feed, block->cells, block->n_rows, block->texts != NULL ? block->texts : "", error);
}

static gboolean
show_block (BvInserter *self, BvRowBlock *block, GError **error)
{
  self->sink->rows (self->sink->data, block, self->n_columns, self->n_shown + 1);
  self->n_shown += block->n_rows;
  return TRUE;
}

BvInserter *
bv_inserter_new (sqlite3 *db, const char *table, const char *const *columns, guint n_columns, const BvTableSink *sink, GError **error)
{
  g_autoptr (BvInserter) self = g_new0 (BvInserter, 1);

  g_mutex_init (&self->mutex);
  g_cond_init (&self->work);
  g_cond_init (&self->room);
  self->n_columns = n_columns;
  self->max_rows = MAX (BLOCK_CELLS / n_columns, 1);
  self->sink = sink;
  self->n_jobs = sink != NULL ? N_JOBS : N_JOBS - 1;
  self->jobs[INSERTS].run = insert_block;
  self->jobs[SHOWS].run = show_block;
  for (guint i = 0; i < N_JOBS; i++)
    self->jobs[i].inserter = self;
  self->feed = bv_row_feed_new (db, table, columns, n_columns, error);
  return self->feed != NULL ? g_steal_pointer (&self) : NULL;
}

BvRowBlock *
bv_inserter_get (BvInserter *self)
{
  BvRowBlock *block = &self->blocks[self->n_pushed % N_BLOCKS];

  if (G_UNLIKELY (block->cells == NULL))
    block->cells = g_new (BvRowCell, (gsize) self->max_rows * self->n_columns);
  return block;
}

guint
bv_inserter_get_max_rows (BvInserter *self)
{
  return self->max_rows;
}

/* --- Threads ---------------------------------------------------------------------------------------------------------------------- */

/* With the lock held: blocks that somebody still works on. */
static guint
count_busy (const BvInserter *self)
{
  guint n = 0;

  for (guint i = 0; i < self->n_jobs; i++)
    n = MAX (n, self->n_pushed - self->jobs[i].n_done);
  return n;
}

static gpointer
run_job (gpointer data)
{
  Job *job = data;
  BvInserter *self = job->inserter;

  g_mutex_lock (&self->mutex);
  while (TRUE)
    {
      while (job->n_done == self->n_pushed && !self->stop)
        g_cond_wait (&self->work, &self->mutex);
      if (job->n_done == self->n_pushed)
        break;
      if (self->error == NULL)
        {
          BvRowBlock *block = &self->blocks[job->n_done % N_BLOCKS];
          GError *local = NULL;

          g_mutex_unlock (&self->mutex);
          job->run (self, block, &local);
          g_mutex_lock (&self->mutex);
          if (self->error == NULL)
            self->error = local;
          else
            g_clear_error (&local);
        }
      job->n_done++;
      if (self->wants_room && count_busy (self) <= N_BLOCKS / 2)
        {
          self->wants_room = FALSE;
          g_cond_signal (&self->room);
        }
    }
  g_mutex_unlock (&self->mutex);
  return NULL;
}

/* The block at hand, by this thread, for each job that has none. */
static gboolean
run_here (BvInserter *self, BvRowBlock *block, GError **error)
{
  gboolean ok = TRUE;

  for (guint i = 0; i < self->n_jobs && ok; i++)
    if (self->jobs[i].thread == NULL)
      ok = self->jobs[i].run (self, block, error);
  return ok;
}

static void
clear_block (BvRowBlock *block)
{
  block->n_rows = 0;
  block->length = 0;
}

gboolean
bv_inserter_push (BvInserter *self, GError **error)
{
  BvRowBlock *block = bv_inserter_get (self);
  gboolean ok;

  if (!self->started)
    {
      static const char *const names[] = { "bv-insert", "bv-show" };

      self->started = TRUE;
      for (guint i = 0; i < self->n_jobs; i++)
        self->jobs[i].thread = g_thread_try_new (names[i], run_job, &self->jobs[i], NULL);
    }
  /* Where no thread was to be had */
  if (!run_here (self, block, error))
    return FALSE;
  g_mutex_lock (&self->mutex);
  self->n_pushed++;
  for (guint i = 0; i < self->n_jobs; i++)
    if (self->jobs[i].thread == NULL)
      self->jobs[i].n_done = self->n_pushed;
  if (count_busy (self) >= WAKE_BLOCKS)
    g_cond_broadcast (&self->work);
  self->wants_room = count_busy (self) == N_BLOCKS;
  while (self->wants_room)
    g_cond_wait (&self->room, &self->mutex);
  ok = self->error == NULL;
  if (!ok && error != NULL)
    *error = g_error_copy (self->error);
  g_mutex_unlock (&self->mutex);
  clear_block (bv_inserter_get (self));
  return ok;
}

static void
join (BvInserter *self)
{
  g_mutex_lock (&self->mutex);
  self->stop = TRUE;
  g_cond_broadcast (&self->work);
  g_mutex_unlock (&self->mutex);
  for (guint i = 0; i < self->n_jobs; i++)
    if (self->jobs[i].thread != NULL)
      g_thread_join (g_steal_pointer (&self->jobs[i].thread));
  self->stop = FALSE;
}

gboolean
bv_inserter_finish (BvInserter *self, GError **error)
{
  gboolean ok;

  join (self);
  if (self->error != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&self->error));
      return FALSE;
    }
  ok = run_here (self, bv_inserter_get (self), error);
  clear_block (bv_inserter_get (self));
  return ok;
}

void
bv_inserter_free (BvInserter *self)
{
  g_mutex_lock (&self->mutex);
  if (self->error == NULL) /* what is under way is not wanted any more */
    self->error = g_error_new_literal (BV_ERROR, BV_ERROR_FAILED, "");
  g_mutex_unlock (&self->mutex);
  join (self);
  for (guint i = 0; i < N_BLOCKS; i++)
    {
      g_free (self->blocks[i].cells);
      g_free (self->blocks[i].texts);
    }
  g_clear_pointer (&self->feed, bv_row_feed_free);
  g_clear_error (&self->error);
  g_mutex_clear (&self->mutex);
  g_cond_clear (&self->work);
  g_cond_clear (&self->room);
  g_free (self);
}
