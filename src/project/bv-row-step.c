/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Steps that are written in pages (the protocol is in the header).
 *
 * The first page inserts the journal's row under the number of its own transaction, which stays the step's seq, and notes it
 * in bv_open_step; later pages add operations to it. An operation's "after" follows the state with every page, so that a step is
 * whole whenever its last page was written. Every page takes the next version, and gives it to the tables it writes.
 *
 * Nothing that a rollback could falsify is kept in memory: each page reads what operations its step has.
 */
#include "config.h"

#include "bv-row-private.h"

#include <glib/gi18n-lib.h>
#include <inttypes.h>

BvRowStep *
bv_row_step_new (BvProject *project, const char *name)
{
  BvRowStep *self;

  g_return_val_if_fail (project != NULL, NULL);

  self = g_new0 (BvRowStep, 1);
  self->project = bv_project_ref (project);
  self->name = g_strdup (name != NULL ? name : "");
  self->tables = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify) bv_row_table_free);
  return self;
}

static void
step_free (BvRowStep *self)
{
  g_hash_table_unref (self->tables);
  bv_project_unref (self->project);
  g_free (self->name);
  g_free (self);
}

static gboolean
lock (BvRowStep *self, GCancellable *cancellable, GError **error)
{
  while (TRUE)
    {
      g_autoptr (GError) local = NULL;

      if (g_cancellable_set_error_if_cancelled (cancellable, error))
        return FALSE;
      if (bv_project_lock_writer (self->project, G_USEC_PER_SEC / 4, &local))
        return TRUE;
      if (bv_project_is_read_only (self->project))
        {
          g_propagate_error (error, g_steal_pointer (&local));
          return FALSE;
        }
    }
}

gboolean
bv_row_step_begin (BvRowStep *self, GCancellable *cancellable, GError **error)
{
  gint64 version;

  g_return_val_if_fail (self != NULL && !self->in_page, FALSE);

  if (!lock (self, cancellable, error))
    return FALSE;
  self->in_page = TRUE;
  self->db = self->project->writer;
  if (!bv_sql_exec (self->db, error, "BEGIN IMMEDIATE") ||
      !bv_sql_get_int (self->db, error, &version, "SELECT value FROM bv_meta WHERE name = 'version'", NULL))
    goto failed;
  self->version = version + 1;
  if (self->seq == 0)
    {
      if (!bv_journal_forget_undone (self->project, error) ||
          !bv_sql_run (self->db, error, "INSERT INTO bv_journal (seq, name, time) VALUES (?, ?, ?)", "iti", self->version, self->name,
                       g_get_real_time ()) ||
          !bv_sql_run (self->db, error, "INSERT INTO bv_open_step (seq) VALUES (?)", "i", self->version) ||
          !bv_journal_trim (self->project, error))
        goto failed;
    }
  self->page_seq = self->seq != 0 ? self->seq : self->version;
  return TRUE;

failed:
  bv_row_step_rollback (self);
  return FALSE;
}

static void
leave_page (BvRowStep *self)
{
  GHashTableIter iter;
  gpointer table;

  g_hash_table_iter_init (&iter, self->tables);
  while (g_hash_table_iter_next (&iter, NULL, &table))
    bv_row_table_leave_page (table);
  self->in_page = FALSE;
  self->db = NULL;
}

void
bv_row_step_rollback (BvRowStep *self)
{
  g_return_if_fail (self != NULL && self->in_page);

  bv_sql_rollback (self->db);
  /* Statements of tables that the page had made are of no use any more. */
  g_hash_table_remove_all (self->tables);
  leave_page (self);
  bv_project_unlock_writer (self->project);
}

gboolean
bv_row_step_commit (BvRowStep *self, GError **error)
{
  GHashTableIter iter;
  gpointer table;

  g_return_val_if_fail (self != NULL && self->in_page, FALSE);

  g_hash_table_iter_init (&iter, self->tables);
  while (g_hash_table_iter_next (&iter, NULL, &table))
    if (!bv_row_table_flush (table, error))
      goto failed;
  if (!bv_journal_finish (self->project, self->db, self->version, error))
    goto failed;
  self->seq = self->page_seq;
  leave_page (self);
  bv_project_unlock_writer (self->project);
  return TRUE;

failed:
  bv_row_step_rollback (self);
  return FALSE;
}

gboolean
bv_row_step_end (BvRowStep *self, GError **error)
{
  gboolean ok = TRUE;

  g_return_val_if_fail (self != NULL && !self->in_page, FALSE);

  if (self->seq != 0)
    {
      ok = bv_row_step_begin (self, NULL, error);
      if (ok && !bv_step_close (self->project, self->seq, error))
        {
          bv_row_step_rollback (self);
          ok = FALSE;
        }
      ok = ok && bv_row_step_commit (self, error);
    }
  step_free (self);
  return ok;
}

void
bv_row_step_abandon (BvRowStep *self)
{
  if (self == NULL)
    return;
  if (self->in_page)
    bv_row_step_rollback (self);
  step_free (self);
}

/* A step that changed no row is no step: its states stay as they are, and there is nothing to undo. */
gboolean
bv_step_close (BvProject *project, gint64 seq, GError **error)
{
  sqlite3 *db = project->writer;
  gint64 n;

  if (!bv_sql_run (db, error, "DELETE FROM bv_open_step WHERE seq = ?", "i", seq) ||
      !bv_sql_get_int (db, error, &n, "SELECT count(*) FROM bv_journal_op WHERE seq = ? AND kind <> 'state' AND before IS NOT after", "i", seq))
    return FALSE;
  return n > 0 || bv_journal_forget_step (project, seq, error);
}

/* What a killed process left open can be undone from now on. */
gboolean
bv_step_close_all (sqlite3 *db, GError **error)
{
  gint64 n;

  if (!bv_sql_get_int (db, error, &n, "SELECT count(*) FROM bv_open_step", NULL))
    return FALSE;
  if (n == 0)
    return TRUE;
  return bv_sql_exec (db, error,
                      "BEGIN IMMEDIATE;"
                      "DELETE FROM bv_journal WHERE seq IN (SELECT seq FROM bv_open_step) AND seq NOT IN (SELECT seq FROM bv_journal_op);"
                      "DELETE FROM bv_open_step;"
                      "UPDATE bv_source_run SET status = 'interrupted', finished = max(started, coalesce((SELECT max(time) FROM"
                      " bv_journal j WHERE j.seq = bv_source_run.seq), started)) WHERE status = 'running';"
                      "UPDATE bv_source_run_stream SET status = 'interrupted' WHERE status = 'running';"
                      "COMMIT");
}

gboolean
bv_step_check_free (sqlite3 *db, const char *table, GError **error)
{
  gint64 n;

  if (!bv_sql_get_int (db, error, &n,
                       "SELECT count(*) FROM bv_open_step JOIN bv_journal_op USING (seq) WHERE kind IN ('rows', 'table')"
                       " AND subject = ? COLLATE NOCASE", "t", table))
    return FALSE;
  if (n == 0)
    return TRUE;
  g_set_error (error, BV_ERROR, BV_ERROR_FAILED, _("Table “%s” is being synced: wait until the sync has finished, or cancel it"), table);
  return FALSE;
}

gboolean
bv_project_bookkeep (BvProject *project, gboolean (*write) (sqlite3 *db, gpointer data, GError **error), gpointer data, GError **error)
{
  sqlite3 *db;
  gboolean ok;

  if (!bv_project_lock_writer (project, -1, error))
    return FALSE;
  db = project->writer;
  ok = bv_sql_exec (db, error, "BEGIN IMMEDIATE") && write (db, data, error) && bv_sql_exec (db, error, "COMMIT");
  if (!ok)
    bv_sql_rollback (db);
  bv_project_unlock_writer (project);
  return ok;
}

gint64
bv_row_step_get_seq (BvRowStep *self)
{
  return self->in_page ? self->page_seq : self->seq;
}

sqlite3 *
bv_row_step_get_db (BvRowStep *self)
{
  g_return_val_if_fail (self->in_page, NULL);

  return self->db;
}

/* --- Operations of the step ------------------------------------------------------------------------------------------------- */

/* The number of the operation for @subject, or -1. */
gboolean
bv_row_step_find_op (BvRowStep *self, const char *kind, const char *subject, gint64 *op, GError **error)
{
  return bv_sql_get_int (self->db, error, op,
                         "SELECT coalesce((SELECT step FROM bv_journal_op WHERE seq = ? AND kind = ? AND subject = ?), -1)", "itt",
                         self->page_seq, kind, subject);
}

gboolean
bv_row_step_add_op (BvRowStep *self, const char *kind, const char *subject, const char *before, const char *after, gint64 *op, GError **error)
{
  return bv_sql_get_int (self->db, error, op, "SELECT coalesce(max(step) + 1, 0) FROM bv_journal_op WHERE seq = ?", "i", self->page_seq) &&
         bv_sql_run (self->db, error, "INSERT INTO bv_journal_op (seq, step, kind, subject, before, after) VALUES (?, ?, ?, ?, ?, ?)",
                     "iitttt", self->page_seq, *op, kind, subject, before, after);
}

gboolean
bv_row_step_set_after (BvRowStep *self, gint64 op, const char *after, GError **error)
{
  return bv_sql_run (self->db, error, "UPDATE bv_journal_op SET after = ? WHERE seq = ? AND step = ?", "tii", after, self->page_seq, op);
}

/* --- States ------------------------------------------------------------------------------------------------------------------- */

static gboolean
read_state (sqlite3 *db, const char *name, char **value, GError **error)
{
  g_autoptr (BvStmt) stmt = bv_sql_prepare (db, error, "SELECT value FROM bv_state WHERE name = ?", "t", name);
  gboolean row;

  *value = NULL;
  if (stmt == NULL || !bv_sql_step (stmt, &row, error))
    return FALSE;
  if (row)
    *value = bv_sql_dup (stmt, 0);
  return TRUE;
}

gboolean
bv_state_apply (sqlite3 *db, const char *name, const char *value, GError **error)
{
  if (value == NULL)
    return bv_sql_run (db, error, "DELETE FROM bv_state WHERE name = ?", "t", name);
  return bv_sql_run (db, error, "INSERT OR REPLACE INTO bv_state (name, value) VALUES (?, ?)", "tt", name, value);
}

gboolean
bv_row_step_put_state (BvRowStep *self, const char *name, const char *value, GError **error)
{
  g_autofree char *before = NULL;
  gint64 op;

  g_return_val_if_fail (self->in_page, FALSE);

  if (!read_state (self->db, name, &before, error))
    return FALSE;
  if (g_strcmp0 (before, value) == 0)
    return TRUE;
  if (!bv_row_step_find_op (self, "state", name, &op, error) || !bv_state_apply (self->db, name, value, error))
    return FALSE;
  return op >= 0 ? bv_row_step_set_after (self, op, value, error)
                 : bv_row_step_add_op (self, "state", name, before, value, &op, error);
}

gboolean
bv_project_get_state (BvProject *project, const char *name, char **value, GError **error)
{
  sqlite3 *db = bv_project_borrow_reader (project, NULL, error);
  gboolean ok;

  *value = NULL;
  if (db == NULL)
    return FALSE;
  ok = read_state (db, name, value, error);
  bv_project_return_reader (project, db);
  return ok;
}

gboolean
bv_project_find_step (BvProject *project, gint64 seq, gboolean *undone, GError **error)
{
  sqlite3 *db = bv_project_borrow_reader (project, NULL, error);
  gint64 state;
  gboolean ok;

  *undone = FALSE;
  if (db == NULL)
    return FALSE;
  ok = bv_sql_get_int (db, error, &state, "SELECT coalesce((SELECT undone FROM bv_journal WHERE seq = ?), -1)", "i", seq);
  bv_project_return_reader (project, db);
  if (ok && state < 0)
    {
      g_set_error (error, BV_ERROR, BV_ERROR_NOT_FOUND, _("The history does not reach back that far any more: look at a newer sync"));
      return FALSE;
    }
  *undone = state == 1;
  return ok;
}

guint
bv_project_get_n_open_steps (BvProject *project)
{
  sqlite3 *db = bv_project_borrow_reader (project, NULL, NULL);
  gint64 n = 0;

  if (db == NULL)
    return 0;
  bv_sql_get_int (db, NULL, &n, "SELECT count(*) FROM bv_open_step", NULL);
  bv_project_return_reader (project, db);
  return (guint) n;
}
