/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A sync from its beginning to its end: one run, one step, stream after stream, page after page.
 *
 * What fails ends as little as it can: a stream that is not allowed or not found is skipped and the others go on; a wrong key, a used-up
 * quota, a host that cannot be reached, and cancelling end the run. The run is a success only when every stream reached its end and
 * nothing was left out.
 *
 * Streams are read one after the other over one connection, so that an account never sees more than one of ours.
 */
#include "config.h"

#include "bv-source-private.h"

#include <glib/gi18n-lib.h>
#include <inttypes.h>
#include <string.h>

#define RATE_US (3 * G_USEC_PER_SEC)

static GMutex running_mutex;
static GHashTable *running; /* "path\nuuid" */

static char *
running_key (BvProject *project, const char *uuid)
{
  return g_strconcat (bv_project_get_path (project), "\n", uuid, NULL);
}

static gboolean
claim (const char *key)
{
  gboolean free_now;

  g_mutex_lock (&running_mutex);
  if (running == NULL)
    running = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  free_now = g_hash_table_add (running, g_strdup (key));
  g_mutex_unlock (&running_mutex);
  return free_now;
}

static void
release (const char *key)
{
  g_mutex_lock (&running_mutex);
  g_hash_table_remove (running, key);
  g_mutex_unlock (&running_mutex);
}

gboolean
bv_source_is_syncing (BvProject *project, const char *uuid)
{
  g_autofree char *key = running_key (project, uuid);
  gboolean found;

  g_mutex_lock (&running_mutex);
  found = running != NULL && g_hash_table_contains (running, key);
  g_mutex_unlock (&running_mutex);
  return found;
}

/* --- Names ------------------------------------------------------------------------------------------------------------------------ */

char *
bv_sync_table_name (const BvSource *source, const BvSourceStream *stream)
{
  BvSourceChoice *choice = bv_source_find_choice (source, stream->name);

  if (choice != NULL && choice->table != NULL)
    return g_strdup (choice->table);
  return g_strconcat (source->prefix, "_", stream->table, NULL);
}

char *
bv_sync_link_table (const BvSource *source, const BvStreamLink *link)
{
  return g_strconcat (source->prefix, "_", link->table, NULL);
}

/* --- Telling ------------------------------------------------------------------------------------------------------------------------ */

static void
count_requests (BvSyncStream *self)
{
  BvHttpCounts now;

  bv_source_context_get_counts (self->sync->context, &now);
  self->counts.requests = now.requests - self->http_start.requests;
  self->counts.retries = now.retries - self->http_start.retries;
  self->counts.waits = now.waits - self->http_start.waits;
  self->counts.waited_us = now.waited_us - self->http_start.waited_us;
  self->counts.bytes = now.bytes_in - self->http_start.bytes_in;
  self->counts.duration_us = bv_clock_now (self->sync->clock) - self->started;
}

static void
report (BvSync *sync, const char *text)
{
  sync->report.text = text;
  if (sync->progress != NULL)
    sync->progress (&sync->report, sync->progress_data);
}

void
bv_sync_tell (BvSyncStream *self, BvSourcePass pass, gint64 total)
{
  BvSync *sync = self->sync;
  gint64 now = g_get_monotonic_time ();
  g_autofree char *text = NULL;

  count_requests (self);
  sync->report.stream = self->stream->name;
  sync->report.table = self->table;
  sync->report.pass = pass;
  sync->report.total = total;
  sync->report.pass_read = self->pass_read;
  sync->report.counts = sync->total;
  bv_sync_counts_add (&sync->report.counts, &self->counts);
  if (now - sync->rate_time > RATE_US)
    {
      sync->report.rate = (double) (sync->report.counts.read - sync->rate_rows) * 1e6 / (double) (now - sync->rate_time);
      sync->rate_time = now;
      sync->rate_rows = sync->report.counts.read;
    }
  /* Translators: source, stream, what is being read, number of rows */
  text = g_strdup_printf (_("%s %s, %s: %" PRId64 " rows"), sync->source->name, self->stream->label, bv_source_pass_to_label (pass),
                          self->pass_read);
  report (sync, text);
}

static void
on_waiting (gint64 left_us, gpointer data)
{
  BvSync *sync = data;
  g_autofree char *text = NULL;

  if (left_us > 0)
    /* Translators: vendor, seconds */
    text = g_strdup_printf (_("waiting for %s, %" PRId64 " s"), sync->kind->name, (left_us + G_USEC_PER_SEC - 1) / G_USEC_PER_SEC);
  report (sync, text != NULL ? text : sync->source->name);
}

/* --- Pages ---------------------------------------------------------------------------------------------------------------------------- */

static gboolean
write_states (BvSyncStream *self, GError **error)
{
  BvSync *sync = self->sync;
  g_autofree char *state = bv_source_json_print (self->state);
  g_autofree char *memory = bv_source_json_print (sync->memory);
  g_autofree char *memory_name = g_strconcat ("source/", sync->source->uuid, NULL);

  count_requests (self);
  if (!bv_row_step_put_state (sync->step, self->state_name, state, error) ||
      (g_strcmp0 (memory, sync->memory_text) != 0 && !bv_row_step_put_state (sync->step, memory_name, memory, error)))
    return FALSE;
  g_free (sync->memory_text);
  sync->memory_text = g_steal_pointer (&memory);
  return bv_run_note_stream (bv_row_step_get_db (sync->step), self, NULL, error) &&
         bv_source_sql_run (bv_row_step_get_db (sync->step), error, "UPDATE bv_source_run SET seq = ? WHERE id = ? AND seq = 0", "ii",
                            bv_row_step_get_seq (sync->step), sync->run);
}

gboolean
bv_sync_page (BvSyncStream *self, gboolean (*write) (BvSyncStream *self, gpointer data, GError **error), gpointer data, GError **error)
{
  BvSync *sync = self->sync;
  BvSyncCounts before = self->counts;
  gboolean ok;

  if (!bv_row_step_begin (sync->step, sync->cancellable, error))
    return FALSE;
  ok = write (self, data, error) && write_states (self, error);
  if (!ok)
    bv_row_step_rollback (sync->step);
  if (!ok || !bv_row_step_commit (sync->step, error))
    {
      self->counts = before;
      return FALSE;
    }
  if (sync->max_pages != 0 && ++sync->n_pages >= sync->max_pages)
    {
      sync->killed = TRUE;
      g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_CANCELLED, "killed");
      return FALSE;
    }
  return TRUE;
}

/* --- Streams -------------------------------------------------------------------------------------------------------------------------- */

static void
sync_stream_free (gpointer data)
{
  BvSyncStream *self = data;

  g_free (self->table);
  g_free (self->state_name);
  g_clear_pointer (&self->columns, g_ptr_array_unref);
  g_clear_pointer (&self->fields, g_ptr_array_unref);
  g_clear_pointer (&self->state, json_object_unref);
  g_clear_pointer (&self->notes, g_ptr_array_unref);
  g_free (self);
}

static BvSyncStream *
sync_stream_new (BvSync *sync, const BvSourceStream *stream, guint position, GError **error)
{
  BvSyncStream *self = g_new0 (BvSyncStream, 1);
  g_autofree char *text = NULL;

  self->sync = sync;
  self->stream = stream;
  self->position = position;
  self->table = bv_sync_table_name (sync->source, stream);
  self->state_name = g_strconcat ("source/", sync->source->uuid, "/", stream->name, NULL);
  self->notes = g_ptr_array_new_with_free_func (g_free);
  self->started = bv_clock_now (sync->clock);
  self->status = BV_RUN_RUNNING;
  bv_source_context_get_counts (sync->context, &self->http_start);
  if (!bv_project_get_state (sync->project, self->state_name, &text, error))
    {
      sync_stream_free (self);
      return NULL;
    }
  self->state = bv_source_json_parse (text);
  return self;
}

static gboolean
ends_run (const GError *error)
{
  if (error->domain == BV_HTTP_ERROR)
    return error->code == BV_HTTP_ERROR_UNAUTHORIZED || error->code == BV_HTTP_ERROR_QUOTA || error->code == BV_HTTP_ERROR_NETWORK ||
           error->code == BV_HTTP_ERROR_TLS;
  if (error->domain == BV_ERROR)
    return error->code == BV_ERROR_READ_ONLY || error->code == BV_ERROR_CORRUPT;
  return g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

typedef struct
{
  BvSyncStream *stream;
  const char *text;
} Note;

static gboolean
note_stream (sqlite3 *db, gpointer data, GError **error)
{
  Note *note = data;

  return bv_run_note_stream (db, note->stream, note->text, error);
}

/* Reads one stream and notes how it ended. @fatal (out): the error that ends the run. */
static BvRunStatus
run_stream (BvSync *sync, const BvSourceStream *stream, guint position, char **problem, GError **fatal)
{
  GError *error = NULL;
  BvSyncStream *self = sync_stream_new (sync, stream, position, &error);
  g_autofree char *text = NULL;
  BvRunStatus status;
  Note note;

  if (self == NULL)
    {
      *problem = g_strdup (error->message);
      g_propagate_error (fatal, error);
      return BV_RUN_FAILED;
    }
  if (bv_sync_stream_run (self, &error))
    {
      self->status = self->notes->len > 0 ? BV_RUN_PARTLY : BV_RUN_DONE;
      if (self->notes->len > 0)
        text = g_strdup (self->notes->pdata[0]);
    }
  else
    {
      self->status = g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED) ? BV_RUN_CANCELLED : BV_RUN_FAILED;
      if (self->status == BV_RUN_FAILED)
        text = g_strdup (error->message);
    }
  status = self->status;
  count_requests (self);
  bv_sync_counts_add (&sync->total, &self->counts);
  note.stream = self;
  note.text = text;
  if (!sync->killed)
    bv_project_bookkeep (sync->project, note_stream, &note, NULL);
  if (text != NULL)
    /* Translators: stream, what happened */
    *problem = g_strdup_printf (_("%s: %s"), stream->label, text);
  if (error != NULL && ends_run (error))
    g_propagate_error (fatal, error);
  else
    g_clear_error (&error);
  sync_stream_free (self);
  return status;
}

static gboolean
is_discovered (BvSync *sync, const char *name)
{
  for (guint i = 0; i < sync->streams->len; i++)
    if (strcmp (((BvSourceStream *) sync->streams->pdata[i])->name, name) == 0)
      return TRUE;
  return FALSE;
}

/* All chosen streams. FALSE with an error that says what was not read. */
static gboolean
run_streams (BvSync *sync, const char *const *only, BvRunStatus *status, GError **error)
{
  g_autoptr (GPtrArray) problems = g_ptr_array_new_with_free_func (g_free);
  guint n_done = 0, n_failed = 0;
  GError *fatal = NULL;

  for (guint i = 0; i < sync->streams->len; i++)
    sync->report.n_streams += bv_source_context_wants (sync->context, sync->streams->pdata[i]);
  for (guint i = 0; i < sync->streams->len && fatal == NULL; i++)
    {
      g_autofree char *problem = NULL;
      BvRunStatus ended;

      if (!bv_source_context_wants (sync->context, sync->streams->pdata[i]))
        continue;
      ended = run_stream (sync, sync->streams->pdata[i], i, &problem, &fatal);
      n_done += ended == BV_RUN_DONE || ended == BV_RUN_PARTLY;
      n_failed += ended != BV_RUN_DONE;
      if (problem != NULL)
        g_ptr_array_add (problems, g_steal_pointer (&problem));
      sync->report.n_done++;
    }
  for (guint i = 0; only == NULL && fatal == NULL && sync->source->streams != NULL && i < sync->source->streams->len; i++)
    {
      BvSourceChoice *choice = sync->source->streams->pdata[i];

      if (!is_discovered (sync, choice->name))
        {
          g_ptr_array_add (problems, g_strdup_printf (_("“%s” is not there any more: take it out of the source's streams"), choice->name));
          n_failed++;
        }
    }
  if (fatal != NULL)
    {
      *status = g_error_matches (fatal, G_IO_ERROR, G_IO_ERROR_CANCELLED) ? BV_RUN_CANCELLED : BV_RUN_FAILED;
      g_propagate_error (error, fatal);
      return FALSE;
    }
  *status = n_failed == 0 ? BV_RUN_DONE : n_done > 0 ? BV_RUN_PARTLY : BV_RUN_FAILED;
  if (n_failed == 0)
    return TRUE;
  g_ptr_array_add (problems, NULL);
  {
    g_autofree char *all = g_strjoinv ("\n", (char **) problems->pdata);

    g_set_error_literal (error, BV_ERROR, BV_ERROR_FAILED, all);
  }
  return FALSE;
}

/* --- The run ------------------------------------------------------------------------------------------------------------------------------ */

static gboolean
run (BvSync *sync, const BvSyncOptions *options, BvRunStatus *status, GError **error)
{
  g_autofree char *memory_name = g_strconcat ("source/", sync->source->uuid, NULL);
  g_autofree char *step_name = g_strdup_printf (_("Sync %s"), sync->source->name);
  GError *local = NULL;
  gboolean ok;

  *status = BV_RUN_FAILED;
  sync->context = bv_source_context_new (sync->source, sync->kind, options->secrets, options->clock, options->limits, sync->cancellable);
  if (!bv_project_get_state (sync->project, memory_name, &sync->memory_text, error))
    return FALSE;
  sync->memory = bv_source_json_parse (sync->memory_text);
  bv_source_context_set_memory (sync->context, sync->memory);
  bv_source_context_set_wait_func (sync->context, on_waiting, sync);
  bv_source_context_set_wanted (sync->context, options->streams, FALSE);
  if (bv_source_context_open (sync->context, &local))
    sync->streams = sync->kind->discover (sync->context, &local);
  if (sync->streams == NULL)
    {
      if (g_error_matches (local, G_IO_ERROR, G_IO_ERROR_CANCELLED))
        *status = BV_RUN_CANCELLED;
      g_propagate_error (error, local);
      return FALSE;
    }
  sync->step = bv_row_step_new (sync->project, step_name);
  ok = run_streams (sync, options->streams, status, &local);
  if (sync->killed)
    bv_row_step_abandon (g_steal_pointer (&sync->step));
  else if (!bv_row_step_end (g_steal_pointer (&sync->step), ok ? &local : NULL))
    ok = FALSE;
  if (!ok)
    g_propagate_error (error, local);
  return ok;
}

static void
sync_clear (BvSync *sync)
{
  g_clear_pointer (&sync->context, bv_source_context_free);
  g_clear_pointer (&sync->streams, g_ptr_array_unref);
  g_clear_pointer (&sync->memory, json_object_unref);
  g_free (sync->memory_text);
  g_free (sync->short_id);
}

gboolean
bv_source_sync (BvProject *project, const BvSource *source, const BvSyncOptions *options, BvSyncProgressFunc progress,
                gpointer progress_data, GCancellable *cancellable, gint64 *run_id, GError **error)
{
  static const BvSyncOptions no_options;
  g_autofree char *key = NULL;
  BvSync sync = { 0 };
  GError *local = NULL;
  BvRunStatus status;
  gboolean ok = FALSE;

  g_return_val_if_fail (project != NULL && source != NULL, FALSE);

  if (run_id != NULL)
    *run_id = 0;
  if (options == NULL)
    options = &no_options;
  sync.kind = bv_source_require_kind (source, error);
  if (sync.kind == NULL)
    return FALSE;
  if (source->uuid == NULL)
    {
      g_set_error (error, BV_ERROR, BV_ERROR_INVALID, _("The source is not in the project yet: add it first"));
      return FALSE;
    }
  if (bv_project_is_read_only (project))
    {
      g_set_error (error, BV_ERROR, BV_ERROR_READ_ONLY, _("The project cannot be changed. %s"), bv_project_get_read_only_reason (project));
      return FALSE;
    }
  key = running_key (project, source->uuid);
  if (!claim (key))
    {
      g_set_error (error, BV_ERROR, BV_ERROR_EXISTS, _("“%s” is being synced already: wait until that has finished"), source->name);
      return FALSE;
    }
  sync.project = project;
  sync.source = source;
  sync.short_id = bv_source_short_id (source);
  sync.clock = options->clock != NULL ? options->clock : &bv_clock_system;
  sync.cancellable = cancellable;
  sync.flags = options->flags;
  sync.max_pages = options->max_pages;
  sync.progress = progress;
  sync.progress_data = progress_data;
  sync.report.source = source->name;
  sync.rate_time = g_get_monotonic_time ();
  if (bv_run_begin (&sync, error))
    {
      if (run_id != NULL)
        *run_id = sync.run;
      ok = run (&sync, options, &status, &local);
      if (!sync.killed)
        bv_run_finish (&sync, status, local != NULL && status != BV_RUN_CANCELLED ? local->message : NULL);
      if (!ok)
        g_propagate_error (error, local);
    }
  sync_clear (&sync);
  release (key);
  return ok;
}

/* --- In a thread -------------------------------------------------------------------------------------------------------------------------- */

typedef struct
{
  BvProject *project;
  BvSource *source;
  BvSyncOptions options;
  char **streams;
  GHashTable *secrets;
  BvSyncProgressFunc progress;
  gpointer progress_data;
  gint64 run;
} Job;

static void
job_free (gpointer data)
{
  Job *job = data;

  bv_project_unref (job->project);
  bv_source_free (job->source);
  g_strfreev (job->streams);
  g_clear_pointer (&job->secrets, g_hash_table_unref);
  g_free (job);
}

static void
sync_thread (GTask *task, gpointer object, gpointer data, GCancellable *cancellable)
{
  Job *job = data;
  GError *error = NULL;

  if (bv_source_sync (job->project, job->source, &job->options, job->progress, job->progress_data, cancellable, &job->run, &error))
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

void
bv_source_sync_async (BvProject *project, const BvSource *source, const BvSyncOptions *options, BvSyncProgressFunc progress,
                      gpointer progress_data, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (NULL, cancellable, callback, user_data);
  Job *job = g_new0 (Job, 1);

  job->project = bv_project_ref (project);
  job->source = bv_source_copy (source);
  job->progress = progress;
  job->progress_data = progress_data;
  if (options != NULL)
    {
      job->options = *options;
      job->streams = g_strdupv ((char **) options->streams);
      job->options.streams = (const char *const *) job->streams;
      job->secrets = bv_source_copy_secrets (options->secrets);
      job->options.secrets = job->secrets;
    }
  g_task_set_source_tag (task, bv_source_sync_async);
  g_task_set_task_data (task, job, job_free);
  /* The rows that were written count, whatever the cancellable says at the end. */
  g_task_set_check_cancellable (task, FALSE);
  g_task_run_in_thread (task, sync_thread);
}

gboolean
bv_source_sync_finish (GAsyncResult *result, gint64 *run, GError **error)
{
  Job *job = g_task_get_task_data (G_TASK (result));

  if (run != NULL)
    *run = job->run;
  return g_task_propagate_boolean (G_TASK (result), error);
}
