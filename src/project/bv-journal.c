/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Steps, undo and redo.
 *
 * A step is one transaction: its operations, a journal row with its name, and a row per operation that holds the state
 * before and after. Doing, undoing and redoing an operation are the same function, which takes its subject from one state
 * to the other; undo walks the operations of the newest step backwards with the states exchanged. The kinds:
 *
 *   definition  a row of bv_definition as JSON; subject is its uuid
 *   table       the catalogue rows of a data table as JSON; subject is its name
 *   key         a data table's key columns as a JSON array; subject is the table
 *   rows        the catalogue rows of a data table as JSON; some of its rows were changed in place (bv-row-undo.c)
 *   state       a named text of bv_state; subject is its name
 *
 * A "table" operation changes rows. It never copies them: the version that is not in use rests as a table of its own,
 * bv_old_SEQ_STEP, and trades names with the one in use. Which of the two rests there follows from whether the step is
 * undone. A new version is filled under that very name before the operation is done.
 *
 * A step that is written in pages (bv-row-step.h) is open until it ends: it has its seq from its first page, and other steps may
 * follow while it grows. It cannot be undone before it is closed.
 *
 * Steps that were undone are dropped by the next commit. The newest 50 steps keep the rows they replaced and the newest 1000
 * are kept at all; because undo is linear, a step that cannot be undone any more takes all older ones with it. The tables that rest
 * for a dropped step go with it, the large ones later (bv-sweep.c).
 *
 * bv_meta's "version" only grows: every commit, undo and redo takes the next number, which is also the step's seq and the
 * version of the tables it filled. Undo gives a table its old number back, as it gives it its old rows.
 */
#include "config.h"

#include "bv-project-private.h"

#include <glib/gi18n-lib.h>

static char *
hidden_name (gint64 seq, int step)
{
  return g_strdup_printf ("bv_old_%" G_GINT64_FORMAT "_%d", seq, step);
}

char *
bv_step_hidden (BvStep *step)
{
  return hidden_name (step->seq, step->n_ops);
}

static gboolean
rename_physical (sqlite3 *db, const char *from, const char *to, GError **error)
{
  g_autofree char *quoted_from = bv_sql_quote (from);
  g_autofree char *quoted_to = bv_sql_quote (to);
  g_autofree char *sql = g_strdup_printf ("ALTER TABLE main.%s RENAME TO %s", quoted_from, quoted_to);

  return bv_sql_exec (db, error, sql);
}

static gboolean
apply_table (sqlite3 *db, const char *name, const char *hidden, const char *from, const char *to, GError **error)
{
  if (from != NULL && !rename_physical (db, name, BV_SWAP_TABLE, error))
    return FALSE;
  if (to != NULL && !rename_physical (db, hidden, name, error))
    return FALSE;
  if (from != NULL && !rename_physical (db, BV_SWAP_TABLE, hidden, error))
    return FALSE;
  return bv_catalogue_set_state (db, name, to, error);
}

static gboolean
apply_definition (sqlite3 *db, const char *uuid, const char *to, GError **error)
{
  if (to == NULL)
    return bv_sql_run (db, error, "DELETE FROM bv_definition WHERE uuid = ?", "t", uuid);
  return bv_sql_run (db, error,
                     "INSERT OR REPLACE INTO bv_definition (uuid, kind, name, body, position) SELECT ?1,"
                     " json_extract(?2, '$.kind'), json_extract(?2, '$.name'), json_extract(?2, '$.body'),"
                     " json_extract(?2, '$.position')", "tt", uuid, to);
}

static gboolean
apply (sqlite3 *db, const char *kind, const char *subject, const char *hidden, const char *from, const char *to, GError **error)
{
  if (g_str_equal (kind, "definition"))
    return apply_definition (db, subject, to, error);
  if (g_str_equal (kind, "table"))
    return apply_table (db, subject, hidden, from, to, error);
  if (g_str_equal (kind, "key"))
    return bv_sql_run (db, error, "UPDATE bv_table SET key = ?2 WHERE name = ?1", "tt", subject, to);
  if (g_str_equal (kind, "rows"))
    return bv_rows_apply (db, subject, hidden, to, error);
  if (g_str_equal (kind, "state"))
    return bv_state_apply (db, subject, to, error);
  g_set_error (error, BV_ERROR, BV_ERROR_CORRUPT, _("The history holds an unknown operation (%s): restore a copy of the project"), kind);
  return FALSE;
}

gboolean
bv_definition_get_state (sqlite3 *db, const char *uuid, char **state, GError **error)
{
  g_autoptr (BvStmt) stmt = bv_sql_prepare (db, error,
                                            "SELECT json_object('kind', kind, 'name', name, 'body', body, 'position', position)"
                                            " FROM bv_definition WHERE uuid = ?", "t", uuid);
  gboolean row;

  *state = NULL;
  if (stmt == NULL || !bv_sql_step (stmt, &row, error))
    return FALSE;
  if (row)
    *state = bv_sql_dup (stmt, 0);
  return TRUE;
}

/* The names are interned, so that a caller may keep one while another thread commits. */
static gboolean
load_name (sqlite3 *db, const char *sql, BvStepName *step, GError **error)
{
  g_autoptr (BvStmt) stmt = bv_sql_prepare (db, error, sql, NULL);
  gboolean row;

  if (stmt == NULL || !bv_sql_step (stmt, &row, error))
    return FALSE;
  *step = (BvStepName){ 0 };
  if (row && sqlite3_column_type (stmt, 1) != SQLITE_NULL)
    *step = (BvStepName){ sqlite3_column_int64 (stmt, 0), g_intern_string ((const char *) sqlite3_column_text (stmt, 1)) };
  return TRUE;
}

static gboolean
load_names (sqlite3 *db, BvStepName *undo, BvStepName *redo, GError **error)
{
  return load_name (db,
                    "SELECT seq, CASE WHEN seq NOT IN (SELECT seq FROM bv_open_step) THEN name END FROM bv_journal WHERE NOT undone"
                    " ORDER BY seq DESC LIMIT 1", undo, error) &&
         load_name (db, "SELECT seq, name FROM bv_journal WHERE undone ORDER BY seq LIMIT 1", redo, error);
}

gboolean
bv_journal_load_names (BvProject *self, sqlite3 *db, GError **error)
{
  return load_names (db, &self->undo, &self->redo, error);
}

gint64
bv_project_get_undo_step (BvProject *self, const char **name)
{
  BvStepName undo;

  g_mutex_lock (&self->mutex);
  undo = self->undo;
  g_mutex_unlock (&self->mutex);
  *name = undo.name;
  return undo.seq;
}

const char *
bv_project_get_undo_name (BvProject *self)
{
  const char *name;

  bv_project_get_undo_step (self, &name);
  return name;
}

const char *
bv_project_get_redo_name (BvProject *self)
{
  const char *name;

  g_mutex_lock (&self->mutex);
  name = self->redo.name;
  g_mutex_unlock (&self->mutex);
  return name;
}

gboolean
bv_step_begin (BvStep *step, BvProject *project, gint64 wait_us, GError **error)
{
  gint64 version;

  if (!bv_project_lock_writer (project, wait_us, error))
    return FALSE;
  *step = (BvStep){ .project = project, .db = project->writer };
  if (!bv_sql_exec (step->db, error, "BEGIN IMMEDIATE") ||
      !bv_sql_get_int (step->db, error, &version, "SELECT value FROM bv_meta WHERE name = 'version'", NULL))
    {
      bv_step_rollback (step);
      return FALSE;
    }
  step->seq = version + 1;
  return TRUE;
}

void
bv_step_rollback (BvStep *step)
{
  bv_sql_rollback (step->db);
  bv_project_unlock_writer (step->project);
}

gboolean
bv_step_do (BvStep *step, const char *kind, const char *subject, const char *before, const char *after, GError **error)
{
  g_autofree char *hidden = bv_step_hidden (step);

  if (!apply (step->db, kind, subject, hidden, before, after, error) ||
      !bv_sql_run (step->db, error,
                   "INSERT INTO bv_journal_op (seq, step, kind, subject, before, after) VALUES (?, ?, ?, ?, ?, ?)", "iitttt",
                   step->seq, (gint64) step->n_ops, kind, subject, before, after))
    return FALSE;
  step->n_ops++;
  return TRUE;
}

/* Deletes the journal entries that @where picks, with the tables that only they need. */
static gboolean
forget (BvProject *self, const char *where, gint64 seq, GError **error)
{
  sqlite3 *db = self->writer;
  g_autofree char *find = g_strdup_printf ("SELECT seq, step FROM bv_journal_op JOIN bv_journal USING (seq)"
                                           " WHERE kind IN ('table', 'rows') AND %s", where);
  g_autofree char *ops = g_strdup_printf ("DELETE FROM bv_journal_op WHERE seq IN (SELECT seq FROM bv_journal WHERE %s)", where);
  g_autofree char *entries = g_strdup_printf ("DELETE FROM bv_journal WHERE %s", where);
  g_autoptr (GPtrArray) tables = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (BvStmt) stmt = bv_sql_prepare (db, error, find, "i", seq);

  if (stmt == NULL)
    return FALSE;
  while (TRUE)
    {
      gboolean row;

      if (!bv_sql_step (stmt, &row, error))
        return FALSE;
      if (!row)
        break;
      g_ptr_array_add (tables, hidden_name (sqlite3_column_int64 (stmt, 0), sqlite3_column_int (stmt, 1)));
    }
  g_clear_pointer (&stmt, sqlite3_finalize);
  for (guint i = 0; i < tables->len; i++)
    if (!bv_sweep_leave (self, g_ptr_array_index (tables, i), error))
      return FALSE;
  return bv_sql_run (db, error, ops, "i", seq) && bv_sql_run (db, error, entries, "i", seq);
}

gboolean
bv_journal_forget_undone (BvProject *self, GError **error)
{
  return forget (self, "undone AND seq <> ?1", 0, error);
}

gboolean
bv_journal_forget_step (BvProject *self, gint64 seq, GError **error)
{
  return forget (self, "seq = ?1", seq, error);
}

gboolean
bv_journal_trim (BvProject *self, GError **error)
{
  sqlite3 *db = self->writer;
  gint64 oldest, oldest_table, cut, open;

  if (!bv_sql_get_int (db, error, &oldest, "SELECT seq FROM bv_journal ORDER BY seq DESC LIMIT 1 OFFSET ?", "i",
                       (gint64) BV_JOURNAL_STEPS) ||
      !bv_sql_get_int (db, error, &oldest_table, "SELECT seq FROM bv_journal ORDER BY seq DESC LIMIT 1 OFFSET ?", "i",
                       (gint64) BV_JOURNAL_TABLE_STEPS) ||
      !bv_sql_get_int (db, error, &cut, "SELECT max(seq) FROM bv_journal_op WHERE kind IN ('table', 'rows') AND seq <= ?", "i",
                       oldest_table) ||
      !bv_sql_get_int (db, error, &open, "SELECT min(seq) FROM bv_open_step", NULL))
    return FALSE;
  cut = MAX (cut, oldest);
  if (open != 0)
    cut = MIN (cut, open - 1);
  return cut == 0 || forget (self, "seq <= ?1", cut, error);
}

/* Moves this step's operations, all of definitions, into the step @into: one undo takes them all back. */
static gboolean
coalesce_into (BvStep *step, gint64 into, GError **error)
{
  gint64 next;

  return bv_sql_get_int (step->db, error, &next, "SELECT max(step) + 1 FROM bv_journal_op WHERE seq = ?", "i", into) &&
         bv_sql_run (step->db, error,
                     "UPDATE bv_journal_op SET after = n.after FROM (SELECT subject, after FROM bv_journal_op WHERE seq = ?2) n"
                     " WHERE seq = ?1 AND kind = 'definition' AND n.subject = bv_journal_op.subject", "ii", into, step->seq) &&
         bv_sql_run (step->db, error,
                     "DELETE FROM bv_journal_op WHERE seq = ?2 AND subject IN (SELECT subject FROM bv_journal_op WHERE seq = ?1"
                     " AND kind = 'definition')", "ii", into, step->seq) &&
         bv_sql_run (step->db, error, "UPDATE bv_journal_op SET seq = ?1, step = step + ?3 WHERE seq = ?2", "iii", into, step->seq,
                     next) &&
         bv_sql_run (step->db, error, "UPDATE bv_journal SET time = ?2 WHERE seq = ?1", "ii", into, g_get_real_time ());
}

/* The entry that a step with @coalesce belongs to, or 0: the newest, unless a sync has ended since. */
static gboolean
find_coalesce (BvStep *step, const char *coalesce, gint64 *into, GError **error)
{
  BvProject *self = step->project;
  gint64 n;

  *into = 0;
  if (coalesce == NULL || g_strcmp0 (self->coalesce_key, coalesce) != 0 ||
      g_get_monotonic_time () - self->coalesce_time > self->coalesce_window)
    return TRUE;
  if (!bv_sql_get_int (step->db, error, &n, "SELECT count(*) FROM bv_journal_op WHERE seq = ? AND kind <> 'definition'", "i",
                       step->seq))
    return FALSE;
  return n > 0 || bv_sql_get_int (step->db, error, into,
                                  "SELECT CASE WHEN coalesce = ? THEN seq ELSE 0 END FROM bv_journal WHERE NOT undone"
                                  " AND seq NOT IN (SELECT seq FROM bv_open_step) ORDER BY seq DESC LIMIT 1", "t", coalesce);
}

gboolean
bv_journal_finish (BvProject *self, sqlite3 *db, gint64 version, GError **error)
{
  BvStepName undo, redo;

  if (!bv_sql_run (db, error, "UPDATE bv_meta SET value = ? WHERE name = 'version'", "i", version) ||
      !load_names (db, &undo, &redo, error) || !bv_sql_exec (db, error, "COMMIT"))
    return FALSE;
  g_mutex_lock (&self->mutex);
  self->version = (guint64) version;
  self->undo = undo;
  self->redo = redo;
  g_mutex_unlock (&self->mutex);
  return TRUE;
}

gboolean
bv_step_commit (BvStep *step, const char *name, const char *coalesce, GError **error)
{
  BvProject *self = step->project;
  gint64 into;

  if (step->n_ops == 0)
    {
      bv_step_rollback (step);
      return TRUE;
    }
  if (!find_coalesce (step, coalesce, &into, error) || !bv_journal_forget_undone (self, error))
    goto failed;
  if (into != 0 ? !coalesce_into (step, into, error)
                : !bv_sql_run (step->db, error, "INSERT INTO bv_journal (seq, name, time, coalesce) VALUES (?, ?, ?, ?)", "itit",
                               step->seq, name, g_get_real_time (), coalesce))
    goto failed;
  if (!bv_journal_trim (self, error) || !bv_journal_finish (self, step->db, step->seq, error))
    goto failed;
  g_free (self->coalesce_key);
  self->coalesce_key = g_strdup (coalesce);
  self->coalesce_time = g_get_monotonic_time ();
  if (step->large)
    sqlite3_db_release_memory (step->db);
  bv_project_unlock_writer (self);
  return TRUE;

failed:
  bv_step_rollback (step);
  return FALSE;
}

/* Takes the entry @seq back (or forth). */
static gboolean
replay (sqlite3 *db, gint64 seq, gboolean undo, GError **error)
{
  g_autoptr (BvStmt) stmt = bv_sql_prepare (db, error,
                                            undo ? "SELECT step, kind, subject, before, after FROM bv_journal_op WHERE seq = ?"
                                                   " ORDER BY step DESC"
                                                 : "SELECT step, kind, subject, before, after FROM bv_journal_op WHERE seq = ?"
                                                   " ORDER BY step",
                                            "i", seq);
  g_autoptr (GPtrArray) ops = g_ptr_array_new_with_free_func ((GDestroyNotify) g_ptr_array_unref);

  if (stmt == NULL)
    return FALSE;
  /* Read to the end first: renaming tables under a running statement would stop it. */
  while (TRUE)
    {
      GPtrArray *op;
      gboolean row;

      if (!bv_sql_step (stmt, &row, error))
        return FALSE;
      if (!row)
        break;
      op = g_ptr_array_new_with_free_func (g_free);
      g_ptr_array_add (op, hidden_name (seq, sqlite3_column_int (stmt, 0)));
      for (int i = 1; i < 5; i++)
        g_ptr_array_add (op, bv_sql_dup (stmt, i));
      g_ptr_array_add (ops, op);
    }
  g_clear_pointer (&stmt, sqlite3_finalize);
  for (guint i = 0; i < ops->len; i++)
    {
      GPtrArray *op = g_ptr_array_index (ops, i);

      if (!apply (db, op->pdata[1], op->pdata[2], op->pdata[0], op->pdata[undo ? 4 : 3], op->pdata[undo ? 3 : 4], error))
        return FALSE;
    }
  return bv_sql_run (db, error, "UPDATE bv_journal SET undone = ? WHERE seq = ?", "ii", (gint64) undo, seq);
}

static gboolean
check_closed (sqlite3 *db, gint64 seq, GError **error)
{
  gint64 n;

  if (!bv_sql_get_int (db, error, &n, "SELECT count(*) FROM bv_open_step WHERE seq = ?", "i", seq))
    return FALSE;
  if (n == 0)
    return TRUE;
  g_set_error (error, BV_ERROR, BV_ERROR_FAILED, _("A sync is under way: wait until it has finished, or cancel it, before you undo it"));
  return FALSE;
}

/* @expected: the only entry to take back, or 0 for any */
static gboolean
walk (BvProject *self, gboolean undo, gint64 expected, GError **error)
{
  BvStep step;
  gint64 seq;

  if (!bv_step_begin (&step, self, BV_COMMIT_WAIT_US, error))
    return FALSE;
  if (!bv_sql_get_int (step.db, error, &seq,
                       undo ? "SELECT max(seq) FROM bv_journal WHERE NOT undone" : "SELECT min(seq) FROM bv_journal WHERE undone",
                       NULL))
    goto failed;
  if (seq == 0)
    {
      g_set_error (error, BV_ERROR, BV_ERROR_NOT_FOUND, "%s",
                   undo ? _("There is nothing to undo: make a change first") : _("There is nothing to redo: undo a change first"));
      goto failed;
    }
  if (undo && !check_closed (step.db, seq, error))
    goto failed;
  if (expected != 0 && seq != expected)
    {
      g_set_error (error, BV_ERROR, BV_ERROR_FAILED, _("Something else has changed since: look at the last change before you undo it"));
      goto failed;
    }
  if (!replay (step.db, seq, undo, error) || !bv_journal_finish (self, step.db, step.seq, error))
    goto failed;
  g_clear_pointer (&self->coalesce_key, g_free);
  bv_project_unlock_writer (self);
  return TRUE;

failed:
  bv_step_rollback (&step);
  return FALSE;
}

gboolean
bv_project_undo (BvProject *self, GError **error)
{
  g_return_val_if_fail (self != NULL, FALSE);

  return walk (self, TRUE, 0, error);
}

gboolean
bv_project_undo_step (BvProject *self, gint64 step, GError **error)
{
  g_return_val_if_fail (self != NULL && step > 0, FALSE);

  return walk (self, TRUE, step, error);
}

gboolean
bv_project_redo (BvProject *self, GError **error)
{
  g_return_val_if_fail (self != NULL, FALSE);

  return walk (self, FALSE, 0, error);
}
