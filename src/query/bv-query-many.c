/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Running plans in rounds, and many of them together.
 *
 * A plan on columns does not scan: it says which scans it lacks and gives up until they are there. A round runs every plan that is not finished
 * yet, then all scans that were asked for, those of one table in one pass whichever plan they are of. A report's tiles thus read their table
 * once, filters are evaluated once, and two or three rounds do. Plans that need SQLite are run one after the other at the end, because each
 * of them takes longer than all others together.
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

typedef struct
{
  BvQuery *query;
  BvPlan *plan;
  char *key;      /* (nullable): in the cache of frames */
} Running;

typedef struct
{
  const BvQueryContext *context;
  guint64 version; /* of the project, before anything was read */
  BvQueryDone done;
  gpointer user_data;
} Batch;

static void
finish (const Batch *batch, Running *running)
{
  BvQuery *query = running->query;

  g_clear_pointer (&running->plan, bv_plan_free);
  if (query->frame != NULL && running->key != NULL)
    bv_frame_cache_put (batch->context->frames, batch->context, batch->version, running->key, query->frame);
  g_clear_pointer (&running->key, g_free);
  if (query->frame == NULL && query->error == NULL && !g_cancellable_set_error_if_cancelled (query->cancellable, &query->error))
    g_set_error (&query->error, BV_ERROR, BV_ERROR_FAILED, _("The query ended without a result: run it again"));
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

/* A frame that is known, or a plan, or an error. */
static void
begin (const Batch *batch, Running *running)
{
  const BvQueryContext *context = batch->context;
  BvQuery *query = running->query;
  g_autofree char *reason = NULL;

  query->frame = NULL;
  query->error = NULL;
  running->key = bv_frame_cache_key (context, query->chart, query->overlay);
  if (running->key != NULL && !g_cancellable_is_cancelled (query->cancellable) &&
      (query->frame = bv_frame_cache_get (context->frames, context, running->key)) != NULL)
    g_clear_pointer (&running->key, g_free);
  else
    running->plan = bv_plan_new_attached (context, query->chart, query->overlay, &reason, query->cancellable, &query->error);
  if (running->plan == NULL)
    finish (batch, running);
}

void
bv_query_run_shared (const BvQueryContext *context, BvQuery *queries, guint n_queries, gboolean leave, BvQueryDone done, gpointer user_data)
{
  const Batch batch = { context, bv_project_get_version (context->project), done, user_data };
  g_autofree Running *running = g_new0 (Running, n_queries + 1);
  g_autofree BvColumnSession **waiting = g_new0 (BvColumnSession *, n_queries + 1);
  guint n_waiting;

  for (guint i = 0; i < n_queries; i++)
    {
      running[i].query = &queries[i];
      begin (&batch, &running[i]);
    }
  do
    {
      n_waiting = 0;
      for (guint i = 0; i < n_queries; i++)
        {
          BvPlan *plan = running[i].plan;

          if (plan == NULL || plan->columns == NULL || plan->wants_reader)
            continue;
          if (run_once (context, &running[i]))
            finish (&batch, &running[i]);
          else if (plan->columns->pending->len > 0)
            waiting[n_waiting++] = plan->columns;
        }
      bv_column_run_pending (waiting, n_waiting);
    }
  while (n_waiting > 0);
  for (guint i = 0; i < n_queries; i++)
    {
      BvQuery *query = &queries[i];

      if (running[i].plan == NULL)
        continue;
      if (leave)
        {
          g_clear_pointer (&running[i].plan, bv_plan_free);
          g_clear_pointer (&running[i].key, g_free);
          continue;
        }
      query->frame = bv_plan_run_rounds (context, query->chart, running[i].plan, NULL, query->cancellable, &query->error);
      finish (&batch, &running[i]);
    }
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
