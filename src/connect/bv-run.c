/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The record of runs: written while a sync goes on, read by the Sources page. Freshness and drift are here as well, because they are the
 * same reading of bv_source_* tables.
 */
#include "config.h"

#include "bv-source-private.h"

#include <glib/gi18n-lib.h>
#include <string.h>

static const struct { const char *name, *label; } statuses[] = {
  [BV_RUN_RUNNING] = { "running", N_("Running") },
  [BV_RUN_DONE] = { "done", N_("Complete") },
  [BV_RUN_PARTLY] = { "partly", N_("Incomplete") },
  [BV_RUN_FAILED] = { "failed", N_("Failed") },
  [BV_RUN_CANCELLED] = { "cancelled", N_("Cancelled") },
  [BV_RUN_INTERRUPTED] = { "interrupted", N_("Interrupted") },
};

const char *
bv_run_status_to_name (BvRunStatus status)
{
  return statuses[status].name;
}

const char *
bv_run_status_to_label (BvRunStatus status)
{
  return _(statuses[status].label);
}

static BvRunStatus
status_from_name (const char *name)
{
  for (guint i = 0; i < G_N_ELEMENTS (statuses); i++)
    if (g_strcmp0 (name, statuses[i].name) == 0)
      return (BvRunStatus) i;
  return BV_RUN_FAILED;
}

/* --- Writing ------------------------------------------------------------------------------------------------------------------------ */

#define KEPT_RUNS 1000

static gboolean
insert_run (sqlite3 *db, gpointer data, GError **error)
{
  BvSync *sync = data;

  if (!bv_source_sql_run (db, error, "INSERT INTO bv_source_run (source, started, status, scheduled) VALUES (?, ?, 'running', ?)", "tii",
                          sync->source->uuid, bv_clock_now (sync->clock), (gint64) ((sync->flags & BV_SYNC_SCHEDULED) != 0)))
    return FALSE;
  sync->run = sqlite3_last_insert_rowid (db);
  return bv_source_sql_run (db, error, "DELETE FROM bv_source_run WHERE source = ? AND id <= (SELECT id FROM bv_source_run WHERE source = ?"
                                       " ORDER BY id DESC LIMIT 1 OFFSET ?)", "tti", sync->source->uuid, sync->source->uuid, (gint64) KEPT_RUNS) &&
         bv_source_sql_run (db, error, "DELETE FROM bv_source_run_stream WHERE run NOT IN (SELECT id FROM bv_source_run)", NULL);
}

gboolean
bv_run_begin (BvSync *sync, GError **error)
{
  return bv_project_bookkeep (sync->project, insert_run, sync, error);
}

gboolean
bv_run_note_stream (sqlite3 *db, BvSyncStream *stream, const char *text, GError **error)
{
  g_autofree char *counts = bv_sync_counts_to_json (&stream->counts);

  return bv_source_sql_run (db, error,
                            "INSERT OR REPLACE INTO bv_source_run_stream (run, position, stream, table_name, status, counts, error)"
                            " VALUES (?, ?, ?, ?, ?, ?, ?)", "iittttt", stream->sync->run, (gint64) stream->position, stream->stream->name,
                            stream->table, bv_run_status_to_name (stream->status), counts, text);
}

typedef struct
{
  BvSync *sync;
  BvRunStatus status;
  const char *text;
} Finish;

static gboolean
update_run (sqlite3 *db, gpointer data, GError **error)
{
  Finish *finish = data;

  return bv_source_sql_run (db, error, "UPDATE bv_source_run SET finished = ?, status = ?, error = ? WHERE id = ?", "itti",
                            MAX (bv_clock_now (finish->sync->clock), 1), bv_run_status_to_name (finish->status), finish->text, finish->sync->run);
}

gboolean
bv_run_finish (BvSync *sync, BvRunStatus status, const char *text)
{
  Finish finish = { sync, status, text };

  return bv_project_bookkeep (sync->project, update_run, &finish, NULL);
}

/* --- Runs --------------------------------------------------------------------------------------------------------------------------------- */

static void
run_stream_free (gpointer data)
{
  BvRunStream *stream = data;

  g_free (stream->stream);
  g_free (stream->table);
  g_free (stream->error);
  g_free (stream);
}

void
bv_run_free (BvRun *run)
{
  if (run == NULL)
    return;
  g_free (run->source);
  g_free (run->error);
  g_ptr_array_unref (run->streams);
  g_free (run);
}

static gboolean
load_streams (sqlite3 *db, BvRun *run, GError **error)
{
  g_autoptr (BvSourceStmt) stmt = bv_source_sql (db, error, "SELECT stream, table_name, status, counts, error FROM bv_source_run_stream WHERE run = ?"
                                                            " ORDER BY position", "i", run->id);
  gboolean row = TRUE;

  if (stmt == NULL)
    return FALSE;
  while (bv_source_sql_step (stmt, &row, error) && row)
    {
      BvRunStream *stream = g_new0 (BvRunStream, 1);

      stream->stream = bv_source_sql_text (stmt, 0);
      stream->table = bv_source_sql_text (stmt, 1);
      stream->status = status_from_name ((const char *) sqlite3_column_text (stmt, 2));
      bv_sync_counts_from_json ((const char *) sqlite3_column_text (stmt, 3), &stream->counts);
      stream->error = bv_source_sql_text (stmt, 4);
      bv_sync_counts_add (&run->counts, &stream->counts);
      g_ptr_array_add (run->streams, stream);
    }
  return !row;
}

static GPtrArray *
load_runs (BvProject *project, const char *where, const char *types, const char *uuid, gint64 number, GError **error)
{
  sqlite3 *db = bv_project_borrow_reader (project, NULL, error);
  g_autofree char *sql = g_strdup_printf (
    "SELECT r.id, r.source, r.started, r.finished, r.status, r.scheduled, r.error, coalesce(j.undone, 0), j.seq IS NOT NULL"
    " FROM bv_source_run r LEFT JOIN bv_journal j ON j.seq = r.seq AND r.seq <> 0 WHERE %s", where);
  g_autoptr (GPtrArray) runs = g_ptr_array_new_with_free_func ((GDestroyNotify) bv_run_free);
  g_autoptr (BvSourceStmt) stmt = NULL;
  gboolean row = TRUE;

  if (db == NULL)
    return NULL;
  stmt = strcmp (types, "i") == 0 ? bv_source_sql (db, error, sql, "i", number) : bv_source_sql (db, error, sql, "ti", uuid, number);
  if (stmt != NULL)
    while (bv_source_sql_step (stmt, &row, error) && row)
      {
        BvRun *run = g_new0 (BvRun, 1);

        run->id = sqlite3_column_int64 (stmt, 0);
        run->source = bv_source_sql_text (stmt, 1);
        run->started = sqlite3_column_int64 (stmt, 2);
        run->finished = sqlite3_column_int64 (stmt, 3);
        run->status = status_from_name ((const char *) sqlite3_column_text (stmt, 4));
        run->scheduled = sqlite3_column_int (stmt, 5);
        run->error = bv_source_sql_text (stmt, 6);
        run->undone = sqlite3_column_int (stmt, 7);
        run->has_diff = sqlite3_column_int (stmt, 8);
        run->streams = g_ptr_array_new_with_free_func (run_stream_free);
        g_ptr_array_add (runs, run);
      }
  for (guint i = 0; !row && i < runs->len; i++)
    row = !load_streams (db, runs->pdata[i], error);
  g_clear_pointer (&stmt, sqlite3_finalize);
  bv_project_return_reader (project, db);
  return row ? NULL : g_steal_pointer (&runs);
}

GPtrArray *
bv_source_list_runs (BvProject *project, const char *uuid, guint limit, GError **error)
{
  return load_runs (project, "?1 IS NULL OR r.source = ?1 ORDER BY r.id DESC LIMIT ?2", "ti", uuid, limit != 0 ? (gint64) limit : -1, error);
}

BvRun *
bv_source_get_run (BvProject *project, gint64 id, GError **error)
{
  g_autoptr (GPtrArray) runs = load_runs (project, "r.id = ?1", "i", NULL, id, error);

  if (runs != NULL && runs->len == 0)
    g_set_error (error, BV_ERROR, BV_ERROR_NOT_FOUND, _("There is no such sync any more: choose another"));
  return runs != NULL && runs->len > 0 ? g_ptr_array_steal_index (runs, 0) : NULL;
}

/* --- Freshness ---------------------------------------------------------------------------------------------------------------------------- */

void
bv_freshness_free (BvFreshness *freshness)
{
  if (freshness == NULL)
    return;
  g_free (freshness->source);
  g_free (freshness->source_name);
  g_free (freshness->stream);
  g_free (freshness->table);
  g_free (freshness->error);
  g_free (freshness);
}

static gboolean
count_rows (sqlite3 *db, BvFreshness *freshness, GError **error)
{
  g_autofree char *quoted = bv_sql_quote (freshness->table);
  g_autofree char *sql = g_strdup_printf ("SELECT count(*), count(_deleted_at) FROM %s WHERE _source = substr(?, 1, 8)", quoted);
  g_autoptr (BvSourceStmt) stmt = bv_source_sql (db, NULL, sql, "t", freshness->source);
  gboolean row = FALSE;

  /* The table may be gone, or be somebody else's now. */
  if (stmt == NULL)
    return TRUE;
  if (!bv_source_sql_step (stmt, &row, error))
    return FALSE;
  freshness->n_deleted = sqlite3_column_int64 (stmt, 1);
  freshness->n_rows = sqlite3_column_int64 (stmt, 0) - freshness->n_deleted;
  return TRUE;
}

GPtrArray *
bv_source_list_freshness (BvProject *project, const char *uuid, GCancellable *cancellable, GError **error)
{
  sqlite3 *db = bv_project_borrow_reader (project, cancellable, error);
  g_autoptr (GPtrArray) list = g_ptr_array_new_with_free_func ((GDestroyNotify) bv_freshness_free);
  g_autoptr (BvSourceStmt) stmt = NULL;
  gboolean row = TRUE;

  if (db == NULL)
    return NULL;
  stmt = bv_source_sql (db, error,
                        "SELECT t.source, d.name, t.stream, t.table_name, s.value,"
                        " (SELECT r.status FROM bv_source_run_stream r JOIN bv_source_run u ON u.id = r.run WHERE u.source = t.source"
                        "  AND r.stream = t.stream ORDER BY r.run DESC LIMIT 1),"
                        " (SELECT r.error FROM bv_source_run_stream r JOIN bv_source_run u ON u.id = r.run WHERE u.source = t.source"
                        "  AND r.stream = t.stream ORDER BY r.run DESC LIMIT 1)"
                        " FROM bv_source_table t JOIN bv_definition d ON d.uuid = t.source"
                        " LEFT JOIN bv_state s ON s.name = 'source/' || t.source || '/' || t.stream"
                        " WHERE t.kind = 'rows' AND (?1 IS NULL OR t.source = ?1) ORDER BY d.name, t.table_name", "t", uuid);
  if (stmt != NULL)
    while (bv_source_sql_step (stmt, &row, error) && row)
      {
        BvFreshness *freshness = g_new0 (BvFreshness, 1);
        g_autoptr (JsonObject) state = bv_source_json_parse ((const char *) sqlite3_column_text (stmt, 4));

        freshness->source = bv_source_sql_text (stmt, 0);
        freshness->source_name = bv_source_sql_text (stmt, 1);
        freshness->stream = bv_source_sql_text (stmt, 2);
        freshness->table = bv_source_sql_text (stmt, 3);
        freshness->synced_at = bv_source_json_int (state, "done", 0);
        freshness->swept_at = bv_source_json_int (state, "swept", 0);
        freshness->last = status_from_name ((const char *) sqlite3_column_text (stmt, 5));
        freshness->error = bv_source_sql_text (stmt, 6);
        g_ptr_array_add (list, freshness);
        if (!count_rows (db, freshness, error))
          break;
      }
  g_clear_pointer (&stmt, sqlite3_finalize);
  bv_project_return_reader (project, db);
  return row ? NULL : g_steal_pointer (&list);
}

typedef struct
{
  BvProject *project;
  char *uuid;
} Job;

static void
job_free (gpointer data)
{
  Job *job = data;

  bv_project_unref (job->project);
  g_free (job->uuid);
  g_free (job);
}

static void
freshness_thread (GTask *task, gpointer object, gpointer data, GCancellable *cancellable)
{
  Job *job = data;
  GError *error = NULL;
  GPtrArray *list = bv_source_list_freshness (job->project, job->uuid, cancellable, &error);

  if (list != NULL)
    g_task_return_pointer (task, list, (GDestroyNotify) g_ptr_array_unref);
  else
    g_task_return_error (task, error);
}

void
bv_source_list_freshness_async (BvProject *project, const char *uuid, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (NULL, cancellable, callback, user_data);
  Job *job = g_new0 (Job, 1);

  job->project = bv_project_ref (project);
  job->uuid = g_strdup (uuid);
  g_task_set_source_tag (task, bv_source_list_freshness_async);
  g_task_set_task_data (task, job, job_free);
  g_task_run_in_thread (task, freshness_thread);
}

GPtrArray *
bv_source_list_freshness_finish (GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}
