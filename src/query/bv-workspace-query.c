/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Queries off the UI thread.
 *
 * Everything a query needs is copied into its job, so that the workspace may move on. Charts that are asked for in one turn of the main loop, as a report's
 * tiles are when a filter changes, are run together: a source of high priority gathers them and hands them to one thread, which answers each as
 * soon as it is known (see bv-query-many.c). Those that need SQLite wait for one of MAX_SLOW threads, and leave it when their tables were
 * encoded meanwhile (bv-awaited.c). All other queries get a thread of their own.
 *
 * Threads hold jobs, never tasks: a task holds the workspace, and a thread that let the last reference to it go would finalize it, and what
 * hangs on it, beside a main loop that is at work on the same objects. A thread leaves its answer in the job and sends the job home; there the
 * task is returned and released.
 */
#include "config.h"

#include "bv-awaited.h"
#include "bv-workspace-private.h"
#include "bv-result-private.h"

#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#define MAX_SLOW 2
/* They yield to the window, and to the encoding that will answer in their stead. */
#define SLOW_NICE 12

typedef enum { JOB_RUN, JOB_ROWS, JOB_VALUES, JOB_PREVIEW, JOB_PROFILE, JOB_SUGGEST, JOB_EXPLAIN } JobKind;

/* Everything a query needs, owned, so that the workspace may move on. */
typedef struct
{
  JobKind kind;
  GTask *task;              /* the thread's that asked, until it is returned; no other touches it */
  GMainContext *context;    /* of that thread */
  GCancellable *cancellable; /* (nullable) */
  gpointer result;          /* what was found out, or … */
  GError *error;
  BvProject *project;
  BvModel *model;
  BvColumnStore *columns;
  BvFrameCache *frames;
  gboolean patient;
  gint64 now;
  BvChart *chart;
  BvOverlay overlay;
  BvFrame *frame;
  guint row;
  gboolean before;
  guint limit;
  guint64 offset;
  char *text[4];
  BvCondition *where;
  gint64 n_rows;
} Job;

static Job *
job_new (BvWorkspace *self, JobKind kind)
{
  Job *job = g_atomic_rc_box_new0 (Job);

  job->kind = kind;
  job->project = bv_project_ref (self->project);
  job->model = bv_model_ref (self->model);
  job->columns = bv_column_store_ref (self->columns);
  job->frames = bv_frame_cache_ref (self->frames);
  job->patient = self->patient;
  job->now = bv_workspace_get_now (self);
  return job;
}

static void
job_clear (gpointer data)
{
  Job *job = data;

  g_clear_pointer (&job->context, g_main_context_unref);
  g_clear_object (&job->cancellable);
  bv_chart_free (job->chart);
  bv_overlay_clear (&job->overlay);
  g_clear_pointer (&job->frame, bv_frame_unref);
  for (guint i = 0; i < G_N_ELEMENTS (job->text); i++)
    g_free (job->text[i]);
  bv_condition_free (job->where);
  bv_model_unref (job->model);
  bv_column_store_unref (job->columns);
  bv_frame_cache_unref (job->frames);
  bv_project_unref (job->project);
}

static void
job_unref (gpointer job)
{
  g_atomic_rc_box_release_full (job, job_clear);
}

static gpointer
run_once (Job *job, BvAwaited *awaited, GError **error)
{
  BvQueryContext context = { job->project, job->model, job->now, BV_EXECUTOR_AUTO, job->columns, job->frames, awaited, job->patient };
  GCancellable *cancellable = bv_awaited_get_cancellable (awaited);

  switch (job->kind)
    {
    case JOB_RUN:
      return bv_query_run (&context, job->chart, &job->overlay, cancellable, error);
    case JOB_ROWS:
      return bv_query_rows (&context, job->chart, &job->overlay, job->text[0], job->frame, job->row, job->before, job->limit, &job->n_rows, cancellable,
                            error);
    case JOB_VALUES:
      return bv_query_values (&context, job->text[0], job->text[1], job->text[2], job->where, job->text[3], job->limit, cancellable, error);
    case JOB_PREVIEW:
      return bv_query_preview (&context, job->text[0], job->text[1], job->offset, job->limit, cancellable, error);
    case JOB_PROFILE:
      return bv_query_profile (&context, job->text[0], cancellable, error);
    case JOB_EXPLAIN:
      return bv_query_explain (&context, job->chart, &job->overlay, cancellable, error);
    case JOB_SUGGEST:
    default:
      return bv_query_suggest_relationships (&context, cancellable, error);
    }
}

/* --- Home again ----------------------------------------------------------------------------------------------------------------------- */

static gboolean
return_task (gpointer data)
{
  Job *job = data;
  g_autoptr(GTask) task = g_steal_pointer (&job->task);
  GDestroyNotify destroy = job->kind == JOB_SUGGEST ? (GDestroyNotify) g_ptr_array_unref : job->kind == JOB_EXPLAIN ? g_free : (GDestroyNotify) bv_frame_unref;

  if (job->error != NULL)
    g_task_return_error (task, g_steal_pointer (&job->error));
  else
    g_task_return_pointer (task, g_steal_pointer (&job->result), destroy);
  return G_SOURCE_REMOVE;
}

/* From the job's thread; takes @result or @error. */
static void
job_answer (Job *job, gpointer result, GError *error)
{
  g_autoptr(GSource) source = g_idle_source_new ();

  job->result = result;
  job->error = error;
  g_source_set_priority (source, G_PRIORITY_DEFAULT);
  g_source_set_callback (source, return_task, g_atomic_rc_box_acquire (job), job_unref);
  g_source_attach (source, job->context);
}

/* A task for the answer. It holds the job, for what is asked of it later. */
static void
job_make_task (BvWorkspace *self, Job *job, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data)
{
  job->task = g_task_new (self, cancellable, callback, user_data);
  job->context = g_main_context_ref (g_task_get_context (job->task));
  job->cancellable = cancellable != NULL ? g_object_ref (cancellable) : NULL;
  g_task_set_source_tag (job->task, job_make_task);
  g_task_set_task_data (job->task, g_atomic_rc_box_acquire (job), job_unref);
}

/* --- One query -------------------------------------------------------------------------------------------------------------------------- */

static void
job_run (Job *job)
{
  GError *error = NULL;
  gpointer result = NULL;
  gboolean again = !g_cancellable_set_error_if_cancelled (job->cancellable, &error);

  while (again)
    {
      BvAwaited *awaited = bv_awaited_new (job->columns, job->project, job->model, job->cancellable);

      g_clear_error (&error);
      result = run_once (job, awaited, &error);
      again = bv_awaited_end (awaited) && g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
    }
  job_answer (job, result, error);
}

static void
run_alone (GTask *carrier, gpointer source, gpointer data, GCancellable *cancellable)
{
  job_run (data);
  g_task_return_boolean (carrier, TRUE);
}

/* @carrier: a task of nobody, which only brings @data to a thread. */
static void
run_in_thread (gpointer data, GDestroyNotify destroy, GTaskThreadFunc run)
{
  g_autoptr(GTask) carrier = g_task_new (NULL, NULL, NULL, NULL);

  g_task_set_task_data (carrier, data, destroy);
  g_task_run_in_thread (carrier, run);
}

static void
job_start (BvWorkspace *self, Job *job, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data)
{
  job_make_task (self, job, cancellable, callback, user_data);
  run_in_thread (job, job_unref, run_alone);
}

static gpointer
job_finish (GAsyncResult *result, gint64 *n_rows, GError **error)
{
  gpointer value = g_task_propagate_pointer (G_TASK (result), error);

  if (value != NULL && n_rows != NULL)
    *n_rows = ((Job *) g_task_get_task_data (G_TASK (result)))->n_rows;
  return value;
}

/* --- Charts, together --------------------------------------------------------------------------------------------------------------- */

static void
run_slow (gpointer data, gpointer unused)
{
  setpriority (PRIO_PROCESS, (id_t) syscall (SYS_gettid), SLOW_NICE);
  job_run (data);
  job_unref (data);
}

typedef struct
{
  GPtrArray *jobs;   /* Job */
  BvQuery *queries;
  gboolean *answered;
} Batch;

static void
batch_free (gpointer data)
{
  Batch *batch = data;

  g_ptr_array_unref (batch->jobs);
  g_free (batch->queries);
  g_free (batch->answered);
  g_free (batch);
}

static void
query_done (BvQuery *query, gpointer user_data)
{
  Batch *batch = user_data;
  gsize i = (gsize) (query - batch->queries);

  batch->answered[i] = TRUE;
  job_answer (batch->jobs->pdata[i], g_steal_pointer (&query->frame), g_steal_pointer (&query->error));
}

static void
batch_run (GTask *carrier, gpointer source, gpointer data, GCancellable *cancellable)
{
  Batch *batch = data;
  Job *first = batch->jobs->pdata[0];
  BvQueryContext context = { first->project, first->model, first->now, BV_EXECUTOR_AUTO, first->columns, first->frames, NULL, first->patient };
  static GThreadPool *slow;

  if (g_once_init_enter (&slow))
    g_once_init_leave (&slow, g_thread_pool_new (run_slow, NULL, MAX_SLOW, TRUE, NULL));
  for (guint i = 0; i < batch->jobs->len; i++)
    {
      Job *job = batch->jobs->pdata[i];

      batch->queries[i] = (BvQuery){ job->chart, &job->overlay, job->cancellable };
    }
  bv_query_run_shared (&context, batch->queries, batch->jobs->len, TRUE, query_done, batch);
  for (guint i = 0; i < batch->jobs->len; i++)
    if (!batch->answered[i])
      g_thread_pool_push (slow, g_atomic_rc_box_acquire (batch->jobs->pdata[i]), NULL);
  g_task_return_boolean (carrier, TRUE);
}

static gboolean
start_batch (gpointer data)
{
  BvWorkspace *self = data;
  Batch *batch = g_new0 (Batch, 1);

  batch->jobs = g_steal_pointer (&self->batch);
  batch->queries = g_new0 (BvQuery, batch->jobs->len);
  batch->answered = g_new0 (gboolean, batch->jobs->len);
  run_in_thread (batch, batch_free, batch_run);
  return G_SOURCE_REMOVE;
}

void
bv_workspace_run_async (BvWorkspace *self, BvChart *chart, const BvOverlay *overlay, GCancellable *cancellable,
                        GAsyncReadyCallback callback, gpointer user_data)
{
  Job *job = job_new (self, JOB_RUN);

  job_make_task (self, job, cancellable, callback, user_data);
  job->chart = bv_chart_copy (chart);
  job->overlay = bv_overlay_copy (overlay);
  /* One batch has one model. */
  if (self->batch != NULL && ((Job *) self->batch->pdata[0])->model != job->model)
    {
      g_source_destroy (self->batch_source);
      start_batch (self);
    }
  if (self->batch == NULL)
    {
      self->batch = g_ptr_array_new_with_free_func (job_unref);
      g_clear_pointer (&self->batch_source, g_source_unref);
      self->batch_source = g_idle_source_new ();
      g_source_set_priority (self->batch_source, G_PRIORITY_HIGH);
      g_source_set_callback (self->batch_source, start_batch, self, NULL);
      g_source_attach (self->batch_source, job->context);
    }
  g_ptr_array_add (self->batch, job);
}

void
bv_workspace_queries_clear (BvWorkspace *self)
{
  /* Each job's task holds a reference to the workspace, so that none is left. */
  g_clear_pointer (&self->batch_source, g_source_unref);
}

BvFrame *
bv_workspace_run_finish (BvWorkspace *self, GAsyncResult *result, GError **error)
{
  return job_finish (result, NULL, error);
}

void
bv_workspace_rows_async (BvWorkspace *self, BvChart *chart, const BvOverlay *overlay, const char *metric, BvFrame *frame,
                         guint row, gboolean before, guint limit, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data)
{
  Job *job = job_new (self, JOB_ROWS);

  job->chart = bv_chart_copy (chart);
  job->overlay = bv_overlay_copy (overlay);
  job->text[0] = g_strdup (metric);
  job->frame = frame != NULL ? bv_frame_ref (frame) : NULL;
  job->row = row;
  job->before = before;
  job->limit = limit;
  job_start (self, job, cancellable, callback, user_data);
}

BvFrame *
bv_workspace_rows_finish (BvWorkspace *self, GAsyncResult *result, gint64 *n_rows, GError **error)
{
  return job_finish (result, n_rows, error);
}

void
bv_workspace_values_async (BvWorkspace *self, const char *exploration, const char *field, const char *label_field,
                           const BvCondition *where, const char *search, guint limit, GCancellable *cancellable,
                           GAsyncReadyCallback callback, gpointer user_data)
{
  Job *job = job_new (self, JOB_VALUES);

  job->text[0] = g_strdup (exploration);
  job->text[1] = g_strdup (field);
  job->text[2] = g_strdup (label_field);
  job->text[3] = g_strdup (search);
  job->where = bv_condition_copy (where);
  job->limit = limit;
  job_start (self, job, cancellable, callback, user_data);
}

BvFrame *
bv_workspace_values_finish (BvWorkspace *self, GAsyncResult *result, GError **error)
{
  return job_finish (result, NULL, error);
}

void
bv_workspace_preview_async (BvWorkspace *self, const char *table, const char *sort, guint64 offset, guint limit,
                            GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data)
{
  Job *job = job_new (self, JOB_PREVIEW);

  job->text[0] = g_strdup (table);
  job->text[1] = g_strdup (sort);
  job->offset = offset;
  job->limit = limit;
  job_start (self, job, cancellable, callback, user_data);
}

BvFrame *
bv_workspace_preview_finish (BvWorkspace *self, GAsyncResult *result, GError **error)
{
  return job_finish (result, NULL, error);
}

void
bv_workspace_profile_async (BvWorkspace *self, const char *table, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data)
{
  Job *job = job_new (self, JOB_PROFILE);

  job->text[0] = g_strdup (table);
  job_start (self, job, cancellable, callback, user_data);
}

BvFrame *
bv_workspace_profile_finish (BvWorkspace *self, GAsyncResult *result, GError **error)
{
  return job_finish (result, NULL, error);
}

void
bv_workspace_suggest_async (BvWorkspace *self, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data)
{
  job_start (self, job_new (self, JOB_SUGGEST), cancellable, callback, user_data);
}

GPtrArray *
bv_workspace_suggest_finish (BvWorkspace *self, GAsyncResult *result, GError **error)
{
  return job_finish (result, NULL, error);
}

void
bv_workspace_explain_async (BvWorkspace *self, BvChart *chart, const BvOverlay *overlay, GCancellable *cancellable, GAsyncReadyCallback callback,
                            gpointer user_data)
{
  Job *job = job_new (self, JOB_EXPLAIN);

  job->chart = bv_chart_copy (chart);
  job->overlay = bv_overlay_copy (overlay);
  job_start (self, job, cancellable, callback, user_data);
}

char *
bv_workspace_explain_finish (BvWorkspace *self, GAsyncResult *result, GError **error)
{
  return job_finish (result, NULL, error);
}
