/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Rows into SQLite.
 *
 * A block of rows goes in as one statement (bv-row-feed.h). The caller fills one
 * block while a thread inserts those handed over before, so that reading a file and writing it overlap; the thread
 * starts with the first full block, so that small tables need none. Blocks go round in a ring of three and memory does not
 * depend on the number of rows. While the thread runs, the connection is its own: nobody else calls SQLite before finish or
 * free, which wait for it. The first error ends the work; push and finish report it.
 */
#include "config.h"

#include "bv-table-writer-private.h"

#include <string.h>

#define N_BLOCKS 3
/* Cells of a block. */
#define BLOCK_CELLS 16384

struct _BvInserter
{
  BvRowFeed *feed;
  guint n_columns;
  guint max_rows;

  BvBlock blocks[N_BLOCKS];
  GThread *thread; /* (nullable) */
  GMutex mutex;    /* guards what follows */
  GCond cond;
  guint n_pushed, n_done;
  gboolean stop;
  GError *error;
};

BvInserter *
bv_inserter_new (sqlite3 *db, const char *table, const char *const *columns, guint n_columns, GError **error)
{
  g_autoptr (BvInserter) self = g_new0 (BvInserter, 1);

  g_mutex_init (&self->mutex);
  g_cond_init (&self->cond);
  self->n_columns = n_columns;
  self->max_rows = MAX (BLOCK_CELLS / n_columns, 1);
  self->feed = bv_row_feed_new (db, table, columns, n_columns, error);
  return self->feed != NULL ? g_steal_pointer (&self) : NULL;
}

BvBlock *
bv_inserter_get (BvInserter *self)
{
  BvBlock *block = &self->blocks[self->n_pushed % N_BLOCKS];

  if (G_UNLIKELY (block->cells == NULL))
    block->cells = g_new (BvRowCell, (gsize) self->max_rows * self->n_columns);
  return block;
}

guint
bv_inserter_get_max_rows (BvInserter *self)
{
  return self->max_rows;
}

static gboolean
insert_block (BvInserter *self, BvBlock *block, GError **error)
{
  gboolean ok = block->n_rows == 0 || bv_row_feed_insert (self->feed, block->cells, block->n_rows, block->texts != NULL ? block->texts : "", error);

  block->n_rows = 0;
  block->length = 0;
  return ok;
}

static gpointer
insert_in_thread (gpointer data)
{
  BvInserter *self = data;

  g_mutex_lock (&self->mutex);
  while (TRUE)
    {
      while (self->n_done == self->n_pushed && !self->stop)
        g_cond_wait (&self->cond, &self->mutex);
      if (self->n_done == self->n_pushed)
        break;
      if (self->error == NULL)
        {
          BvBlock *block = &self->blocks[self->n_done % N_BLOCKS];
          GError *local = NULL;

          g_mutex_unlock (&self->mutex);
          insert_block (self, block, &local);
          g_mutex_lock (&self->mutex);
          if (self->error == NULL)
            self->error = local;
          else
            g_clear_error (&local);
        }
      self->n_done++;
      g_cond_signal (&self->cond);
    }
  g_mutex_unlock (&self->mutex);
  return NULL;
}

gboolean
bv_inserter_push (BvInserter *self, GError **error)
{
  gboolean ok;

  if (self->thread == NULL)
    self->thread = g_thread_try_new ("bv-insert", insert_in_thread, self, NULL);
  if (self->thread == NULL) /* none to be had */
    return insert_block (self, bv_inserter_get (self), error);
  g_mutex_lock (&self->mutex);
  self->n_pushed++;
  g_cond_signal (&self->cond);
  while (self->n_pushed - self->n_done == N_BLOCKS)
    g_cond_wait (&self->cond, &self->mutex);
  ok = self->error == NULL;
  if (!ok && error != NULL)
    *error = g_error_copy (self->error);
  g_mutex_unlock (&self->mutex);
  return ok;
}

static void
join (BvInserter *self)
{
  if (self->thread == NULL)
    return;
  g_mutex_lock (&self->mutex);
  self->stop = TRUE;
  g_cond_signal (&self->cond);
  g_mutex_unlock (&self->mutex);
  g_thread_join (g_steal_pointer (&self->thread));
  self->stop = FALSE;
}

gboolean
bv_inserter_finish (BvInserter *self, GError **error)
{
  join (self);
  if (self->error != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&self->error));
      return FALSE;
    }
  return insert_block (self, bv_inserter_get (self), error);
}

void
bv_inserter_free (BvInserter *self)
{
  if (self->thread != NULL)
    {
      g_mutex_lock (&self->mutex);
      if (self->error == NULL) /* what is under way is not wanted any more */
        self->error = g_error_new_literal (BV_ERROR, BV_ERROR_FAILED, "");
      g_mutex_unlock (&self->mutex);
    }
  join (self);
  for (guint i = 0; i < N_BLOCKS; i++)
    {
      g_free (self->blocks[i].cells);
      g_free (self->blocks[i].texts);
    }
  g_clear_pointer (&self->feed, bv_row_feed_free);
  g_clear_error (&self->error);
  g_mutex_clear (&self->mutex);
  g_cond_clear (&self->cond);
  g_free (self);
}
