/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Leaving SQLite as soon as encoded tables are there.
 *
 * While a table is being encoded SQLite answers. On ten million rows a tile takes it seconds and encoding takes two, after which a scan takes
 * milliseconds: what SQLite is still at then is broken off and begun again. A run notes each table that it would have used, and has a cancellable
 * of its own; when the store has made a table, each run whose tables are now all there is cancelled by it, and its thread starts over. A table that
 * cannot be encoded never arrives, and SQLite ends the run.
 */
#include "config.h"

#include "bv-awaited.h"

struct _BvAwaited
{
  BvColumnStore *store;
  BvProject *project;
  BvModel *model;
  GCancellable *outer; /* (nullable) */
  GCancellable *inner;
  gulong handler;
  GPtrArray *tables;
  gboolean woken;
};

static GMutex mutex;       /* of all and what they hold */
static GPtrArray *waiting; /* BvAwaited, with tables or without */

static void
cancel_inner (GCancellable *outer, gpointer inner)
{
  g_cancellable_cancel (inner);
}

BvAwaited *
bv_awaited_new (BvColumnStore *store, BvProject *project, BvModel *model, GCancellable *cancellable)
{
  BvAwaited *self = g_new0 (BvAwaited, 1);

  self->store = store;
  self->project = project;
  self->model = model;
  self->inner = g_cancellable_new ();
  self->tables = g_ptr_array_new_with_free_func (g_free);
  if (cancellable != NULL)
    {
      self->outer = g_object_ref (cancellable);
      self->handler = g_cancellable_connect (cancellable, G_CALLBACK (cancel_inner), self->inner, NULL);
    }
  g_mutex_lock (&mutex);
  if (waiting == NULL)
    waiting = g_ptr_array_new ();
  g_ptr_array_add (waiting, self);
  g_mutex_unlock (&mutex);
  return self;
}

GCancellable *
bv_awaited_get_cancellable (BvAwaited *self)
{
  return self->inner;
}

void
bv_awaited_add (BvAwaited *self, const char *table)
{
  g_mutex_lock (&mutex);
  if (!g_ptr_array_find_with_equal_func (self->tables, table, g_str_equal, NULL))
    g_ptr_array_add (self->tables, g_strdup (table));
  g_mutex_unlock (&mutex);
}

gboolean
bv_awaited_end (BvAwaited *self)
{
  gboolean again;

  g_mutex_lock (&mutex);
  g_ptr_array_remove_fast (waiting, self);
  if (waiting->len == 0)
    g_clear_pointer (&waiting, g_ptr_array_unref);
  g_mutex_unlock (&mutex);
  if (self->outer != NULL)
    g_cancellable_disconnect (self->outer, self->handler);
  again = self->woken && !g_cancellable_is_cancelled (self->outer);
  g_clear_object (&self->outer);
  g_object_unref (self->inner);
  g_ptr_array_unref (self->tables);
  g_free (self);
  return again;
}

/* With the lock held. */
static gboolean
is_ready (BvAwaited *self)
{
  for (guint i = 0; i < self->tables->len; i++)
    {
      g_autoptr(BvEncodedTable) table = bv_column_store_get (self->store, self->project, self->tables->pdata[i], self->model, FALSE);

      if (table == NULL)
        return FALSE;
    }
  return self->tables->len > 0;
}

void
bv_awaited_wake (BvColumnStore *store)
{
  g_autoptr(GPtrArray) ready = g_ptr_array_new_with_free_func (g_object_unref);

  g_mutex_lock (&mutex);
  for (guint i = 0; waiting != NULL && i < waiting->len; i++)
    {
      BvAwaited *self = waiting->pdata[i];

      if (self->store != store || self->woken || !is_ready (self))
        continue;
      self->woken = TRUE;
      g_ptr_array_add (ready, g_object_ref (self->inner));
    }
  g_mutex_unlock (&mutex);
  for (guint i = 0; i < ready->len; i++)
    g_cancellable_cancel (ready->pdata[i]);
}
