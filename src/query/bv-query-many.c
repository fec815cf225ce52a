/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Running plans in rounds, and many of them together.
 *
 * A plan on columns does not scan: it says which scans it lacks and gives up until they are there. A round runs every plan that is not finished
 * yet, then all scans that were asked for, those of one table in one pass whichever plan they are of. A report's tiles thus read their table
 * once, filters are evaluated once, and two or three rounds do. Plans that need SQLite are run one after the other at the end, because each
 * of them takes longer than all others together.
 *
 * A table with sub-totals is several plans (bv-subtotals.c) that take part like those of other tiles; it is done with the last of them.
 */
#include "config.h"

#include "bv-column-private.h"
#include "bv-frame-cache.h"
#include "bv-result-private.h"

#include <glib/gi18n-lib.h>

BvPlan *
bv_plan_new_attached (const BvQueryContext *context, BvChart *chart, const BvOverlay *overlay, char **reason, GCancellable *cancellable, GError **error)
{
  g_autoptr(BvPlan) plan = NULL;

  if (context->executor == BV_EXECUTOR_LIVE)
    {
      g_set_error (error, BV_ERROR, BV_ERROR_UNSUPPORTED, _("This project's tables are not live: use the executor “auto”, “columns” or “sqlite”"));
      return NULL;
    }
  plan = bv_plan_new (context, chart, overlay, cancellable, error);
  if (plan == NULL || !bv_column_attach (context, plan, reason, cancellable, error))
    return NULL;
  return g_steal_pointer (&plan);
}

/* A query, or the sub-totals of one: those are queries of their own, and the whole is done when all of them are. */
typedef struct _Running Running;
struct _Running
{
  BvQuery *query;
  BvPlan *plan;    /* (nullable): while it is not finished */
  char *key;       /* (nullable): in the cache of frames */
  Running *whole;  /* (nullable): whose sub-totals these are */
  GPtrArray *parts; /* (nullable): Running, its sub-totals */
  guint n_open;    /* of itself and its parts */
};

typedef struct
{
  const BvQueryContext *context;
  guint64 version; /* of the project, before anything was read */
  BvQueryDone done;
  gpointer user_data;
} Batch;

static void
part_free (gpointer data)
{
  Running *part = data;

  g_clear_pointer (&part->plan, bv_plan_free);
  bv_chart_free (part->query->chart);
  g_clear_pointer (&part->query->frame, bv_frame_unref);
  g_clear_error (&part->query->error);
  g_free (part->query);
  g_free (part);
}

/* The frame of a query all of whose parts are there. */
static void
gather (Running *running)
{
  BvQuery *query = running->query;
  g_autofree BvFrame **frames = g_new0 (BvFrame *, running->parts->len + 1);

  for (guint i = 0; i < running->parts->len; i++)
    {
      BvQuery *part = ((Running *) running->parts->pdata[i])->query;

      frames[i] = part->frame;
      if (part->error != NULL && query->error == NULL)
        query->error = g_steal_pointer (&part->error);
    }
  if (query->error != NULL)
    g_clear_pointer (&query->frame, bv_frame_unref);
  else if (query->frame != NULL)
    bv_subtotals_chain (query->frame, frames, running->parts->len);
}

static void
finish (const Batch *batch, Running *running)
{
  BvQuery *query = running->query;
  Running *whole = running->whole != NULL ? running->whole : running;

  g_clear_pointer (&running->plan, bv_plan_free);
  if (query->frame == NULL && query->error == NULL && !g_cancellable_set_error_if_cancelled (query->cancellable, &query->error))
    g_set_error (&query->error, BV_ERROR, BV_ERROR_FAILED, _("The query ended without a result: run it again"));
  if (--whole->n_open > 0)
    return;
  query = whole->query;
  if (whole->parts != NULL)
    gather (whole);
  if (query->frame != NULL && whole->key != NULL)
    bv_frame_cache_put (batch->context->frames, batch->context, batch->version, whole->key, query->frame);
  g_clear_pointer (&whole->key, g_free);
  if (batch->done != NULL)
    batch->done (query, batch->user_data);
}

/* A round of one plan. Whether it is finished with columns. */
static gboolean
run_once (const BvQueryContext *context, Running *running)
{
  BvQuery *query = running->query;

  if (!g_cancellable_set_error_if_cancelled (query->cancellable, &query->error))
    query->frame = bv_plan_run (context, query->chart, running->plan, NULL, NULL, query->cancellable, &query->error);
  return query->frame != NULL || query->error != NULL;
}

static void
make_plan (const Batch *batch, Running *running)
{
  BvQuery *query = running->query;
  g_autofree char *reason = NULL;

  running->plan = bv_plan_new_attached (batch->context, query->chart, query->overlay, &reason, query->cancellable, &query->error);
  if (running->plan != NULL && running->whole != NULL)
    bv_subtotals_fit (query->chart, running->plan);
}

/* A frame that is known, or plans for it and its sub-totals, which are added to @all, or an error. */
static void
begin (const Batch *batch, Running *running, GPtrArray *all)
{
  const BvQueryContext *context = batch->context;
  BvQuery *query = running->query;
  guint n_parts = bv_subtotals_count (query->chart);

  query->frame = NULL;
  query->error = NULL;
  running->n_open = 1;
  running->key = bv_frame_cache_key (context, query->chart, query->overlay);
  if (running->key != NULL && !g_cancellable_is_cancelled (query->cancellable) &&
      (query->frame = bv_frame_cache_get (context->frames, context, running->key)) != NULL)
    g_clear_pointer (&running->key, g_free);
  else
    make_plan (batch, running);
  if (running->plan == NULL)
    {
      finish (batch, running);
      return;
    }
  g_ptr_array_add (all, running);
  if (n_parts == 0)
    return;
  running->parts = g_ptr_array_new_with_free_func (part_free);
  running->n_open += n_parts;
  for (guint i = 0; i < n_parts; i++)
    {
      Running *part = g_new0 (Running, 1);

      part->query = g_new0 (BvQuery, 1);
      *part->query = (BvQuery){ bv_subtotals_chart (query->chart, i), query->overlay, query->cancellable };
      part->whole = running;
      g_ptr_array_add (running->parts, part);
      make_plan (batch, part);
      if (part->plan != NULL)
        g_ptr_array_add (all, part);
      else
        finish (batch, part);
    }
}

/* Rounds until no plan waits for scans any more. */
static void
run_rounds (const Batch *batch, GPtrArray *all)
{
  g_autofree BvColumnSession **waiting = g_new0 (BvColumnSession *, all->len + 1);
  guint n_waiting;

  do
    {
      n_waiting = 0;
      for (guint i = 0; i < all->len; i++)
        {
          Running *running = all->pdata[i];
          BvPlan *plan = running->plan;

          if (plan == NULL || plan->columns == NULL || plan->wants_reader)
            continue;
          if (run_once (batch->context, running))
            finish (batch, running);
          else if (plan->columns->pending->len > 0)
            waiting[n_waiting++] = plan->columns;
        }
      bv_column_run_pending (waiting, n_waiting);
    }
  while (n_waiting > 0);
}

/* Forgets what there is of a query that is left. */
static void
drop (Running *running)
{
  g_clear_pointer (&running->plan, bv_plan_free);
  g_clear_pointer (&running->key, g_free);
  g_clear_pointer (&running->query->frame, bv_frame_unref);
  g_clear_error (&running->query->error);
}

void
bv_query_run_shared (const BvQueryContext *context, BvQuery *queries, guint n_queries, gboolean leave, BvQueryDone done, gpointer user_data)
{
  g_autoptr(GPtrArray) trees = bv_plan_trees_new ();
  BvQueryContext sharing = *context;
  const Batch batch = { &sharing, bv_project_get_version (context->project), done, user_data };
  g_autofree Running *running = g_new0 (Running, n_queries + 1);
  g_autoptr(GPtrArray) all = g_ptr_array_new ();

  sharing.trees = trees;
  for (guint i = 0; i < n_queries; i++)
    {
      running[i].query = &queries[i];
      begin (&batch, &running[i], all);
    }
  run_rounds (&batch, all);
  for (guint i = 0; i < all->len; i++)
    {
      Running *item = all->pdata[i];
      BvQuery *query = item->query;

      if (leave && item->whole == NULL && item->n_open > 0)
        drop (item);
      if (leave || item->plan == NULL)
        continue;
      query->frame = bv_plan_run_rounds (context, query->chart, item->plan, NULL, query->cancellable, &query->error);
      finish (&batch, item);
    }
  for (guint i = 0; i < n_queries; i++)
    g_clear_pointer (&running[i].parts, g_ptr_array_unref);
}

void
bv_query_run_many (const BvQueryContext *context, BvQuery *queries, guint n_queries, BvQueryDone done, gpointer user_data)
{
  bv_query_run_shared (context, queries, n_queries, FALSE, done, user_data);
}

BvFrame *
bv_plan_run_rounds (const BvQueryContext *context, BvChart *chart, BvPlan *plan, GString *explain, GCancellable *cancellable, GError **error)
{
  sqlite3 *db = NULL;
  BvFrame *frame = NULL;
  GError *failure = NULL;
  gboolean again = TRUE;

  plan->wants_reader = FALSE;
  while (again && !g_cancellable_set_error_if_cancelled (cancellable, &failure))
    {
      frame = bv_plan_run (context, chart, plan, db, explain, cancellable, &failure);
      again = frame == NULL && failure == NULL;
      if (again && plan->columns != NULL && plan->columns->pending->len > 0)
        bv_column_run_pending (&plan->columns, 1);
      else if (again && db == NULL && plan->wants_reader)
        {
          db = bv_reader_open (context, cancellable, &failure);
          again = db != NULL;
        }
      else if (again)
        {
          g_set_error (&failure, BV_ERROR, BV_ERROR_FAILED, _("The query ended without a result: run it again"));
          again = FALSE;
        }
    }
  bv_reader_close (context, db);
  if (failure != NULL)
    g_propagate_error (error, failure);
  return frame;
}

BvFrame *
bv_query_run (const BvQueryContext *context, BvChart *chart, const BvOverlay *overlay, GCancellable *cancellable, GError **error)
{
  BvQuery query = { chart, overlay, cancellable };

  bv_query_run_many (context, &query, 1, NULL, NULL);
  if (query.error != NULL)
    g_propagate_error (error, query.error);
  return query.frame;
}
