/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Getting rid of large tables that the journal kept and needs no more.
 *
 * Whoever forgets a step may be the window, and SQLite reads every page of a table that it drops. So a large one is only left behind:
 * a table bv_old_SEQ_STEP without an operation SEQ, STEP in the journal is garbage, and as no number is given twice it stays so. Nothing
 * else is noted, in memory or in the file; what a crash, or the end of the program, leaves is found when the project is opened again.
 *
 * A thread of the project's own takes garbage away in pieces of a few milliseconds, a transaction each. A piece deletes rows from the
 * table's start, and the piece that finds few left drops the table. The thread takes the writer only when nobody else waits for it, and
 * lets go of it between two pieces. Deleting costs twice what dropping would. Where SQLite overwrites what it deletes (secure_delete, as
 * distributions build it), all of the table goes through the log: the thread brings it into the file after each piece, by a connection of
 * its own, so that no commit has that to do.
 *
 * Limits: an index goes in one piece (40 ms per million rows), and so does a table whose columns hide its row numbers. Under a rollback
 * journal (BV_OPEN_BULK), where writing keeps readers out, tables are dropped at once.
 */
#include "config.h"

#include "bv-project-private.h"

/* Tables of at most so many rows are dropped at once. */
#define SMALL_ROWS 1000
/* Rows between two looks at the clock. */
#define STEP_ROWS 64

#define GARBAGE "SELECT name FROM sqlite_schema t WHERE type = 'table' AND name GLOB 'bv_old_[0-9]*' AND NOT EXISTS (SELECT 1 FROM" \
                " bv_journal_op WHERE seq = CAST(substr(t.name, 8) AS INTEGER) AND kind IN ('table', 'rows')" \
                " AND format('bv_old_%d_%d', seq, step) = t.name) LIMIT 1"

/* The first text of the first row; NULL where there is none. */
static gboolean
get_text (sqlite3 *db, char **text, const char *sql, const char *argument, GError **error)
{
  g_autoptr (BvStmt) stmt = bv_sql_prepare (db, error, sql, argument != NULL ? "t" : NULL, argument);
  gboolean row;

  *text = NULL;
  if (stmt == NULL || !bv_sql_step (stmt, &row, error))
    return FALSE;
  if (row)
    *text = bv_sql_dup (stmt, 0);
  return TRUE;
}

static gboolean
exec_named (sqlite3 *db, const char *statement, const char *name, GError **error)
{
  g_autofree char *quoted = bv_sql_quote (name);
  g_autofree char *sql = g_strdup_printf ("%s main.%s", statement, quoted);

  return bv_sql_exec (db, error, sql);
}

/* Deletes the first rows of @table for as long as @budget_us lasts; *left says whether there are more. */
static gboolean
delete_rows (sqlite3 *db, const char *table, gint64 budget_us, gboolean *left, GError **error)
{
  gint64 until = g_get_monotonic_time () + budget_us;
  g_autofree char *key = NULL;
  g_autofree char *quoted = bv_sql_quote (table);
  g_autofree char *sql = NULL;
  g_autoptr (BvStmt) stmt = NULL;

  *left = FALSE;
  if (!get_text (db, &key, "SELECT group_concat(format('\"%w\"', name)) FROM (SELECT name FROM pragma_table_info(?) WHERE pk > 0 ORDER BY pk)",
                 table, error))
    return FALSE;
  if (key == NULL && (key = g_strdup (bv_sql_rowid (db, table, NULL, NULL))) == NULL)
    return TRUE;
  sql = g_strdup_printf ("DELETE FROM main.%s WHERE (%s) <= (SELECT %s FROM main.%s ORDER BY %s LIMIT 1 OFFSET %d)", quoted, key, key, quoted,
                         key, STEP_ROWS - 1);
  stmt = bv_sql_prepare (db, error, sql, NULL);
  if (stmt == NULL)
    return FALSE;
  do
    {
      sqlite3_step (stmt);
      if (sqlite3_reset (stmt) != SQLITE_OK)
        return bv_sqlite_set_error (error, db, NULL, NULL);
      *left = sqlite3_changes64 (db) > 0;
    }
  while (*left && g_get_monotonic_time () < until);
  return TRUE;
}

static gboolean
sweep (sqlite3 *db, gint64 budget_us, gboolean *more, GError **error)
{
  g_autofree char *table = NULL;
  g_autofree char *index = NULL;
  gboolean left;

  *more = FALSE;
  if (!get_text (db, &table, GARBAGE, NULL, error))
    return FALSE;
  if (table == NULL)
    return TRUE;
  *more = TRUE;
  if (!get_text (db, &index, "SELECT name FROM sqlite_schema WHERE type = 'index' AND tbl_name = ? AND sql IS NOT NULL LIMIT 1", table, error))
    return FALSE;
  /* With it there, each row deleted would write to a page of the index somewhere. */
  if (index != NULL)
    return exec_named (db, "DROP INDEX", index, error);
  return delete_rows (db, table, budget_us, &left, error) && (left || exec_named (db, "DROP TABLE", table, error));
}

gboolean
bv_sweep_piece (sqlite3 *db, gint64 budget_us, gboolean *more, GError **error)
{
  gboolean ok;

  *more = FALSE;
  /* What a power cut brings back is swept again: no piece need wait for the disk. */
  ok = bv_sql_exec (db, error, "PRAGMA synchronous = NORMAL; BEGIN IMMEDIATE") && sweep (db, budget_us, more, error) &&
       bv_sql_exec (db, error, "COMMIT");
  if (!ok)
    bv_sql_rollback (db);
  sqlite3_exec (db, "PRAGMA synchronous = FULL", NULL, NULL, NULL);
  *more = ok && *more;
  return ok;
}

static gpointer
sweep_thread (gpointer data)
{
  BvProject *self = data;
  g_autoptr (BvDb) log = NULL;

  if (sqlite3_open_v2 (self->db_path, &log, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, NULL) != SQLITE_OK)
    g_clear_pointer (&log, sqlite3_close_v2);
  g_mutex_lock (&self->mutex);
  while (!self->sweep_stop)
    {
      gboolean more;

      if (!self->sweep_wanted || self->busy || self->n_waiting > 0)
        {
          g_cond_wait (&self->cond, &self->mutex);
          continue;
        }
      self->busy = TRUE;
      self->busy_thread = g_thread_self ();
      g_mutex_unlock (&self->mutex);
      /* What fails (a full disk) is tried again with the next garbage, or when the project is opened again. */
      bv_sweep_piece (self->writer, BV_SWEEP_PIECE_US, &more, NULL);
      if (!more)
        sqlite3_db_release_memory (self->writer);
      g_mutex_lock (&self->mutex);
      self->sweep_wanted = more;
      self->busy = FALSE;
      self->busy_thread = NULL;
      g_cond_broadcast (&self->cond);
      g_mutex_unlock (&self->mutex);
      if (log != NULL)
        sqlite3_wal_checkpoint_v2 (log, NULL, SQLITE_CHECKPOINT_PASSIVE, NULL, NULL);
      g_mutex_lock (&self->mutex);
    }
  g_mutex_unlock (&self->mutex);
  return NULL;
}

static void
start (BvProject *self)
{
  g_mutex_lock (&self->mutex);
  if (self->sweeper == NULL)
    self->sweeper = g_thread_try_new ("bv-sweep", sweep_thread, self, NULL);
  self->sweep_wanted = self->sweeper != NULL;
  g_mutex_unlock (&self->mutex);
}

gboolean
bv_sweep_resume (BvProject *self, GError **error)
{
  g_autofree char *table = NULL;

  if (!get_text (self->writer, &table, GARBAGE, NULL, error))
    return FALSE;
  if (table != NULL)
    start (self);
  return TRUE;
}

gboolean
bv_sweep_leave (BvProject *self, const char *table, GError **error)
{
  g_autofree char *quoted = bv_sql_quote (table);
  g_autofree char *sql = g_strdup_printf ("SELECT 1 FROM main.%s LIMIT 1 OFFSET %d", quoted, SMALL_ROWS);
  g_autoptr (BvStmt) stmt = NULL;
  gboolean large;

  /* An operation that made a table, or took one away, keeps none in one of its two states. */
  large = !self->bulk && sqlite3_prepare_v2 (self->writer, sql, -1, &stmt, NULL) == SQLITE_OK && sqlite3_step (stmt) == SQLITE_ROW;
  g_clear_pointer (&stmt, sqlite3_finalize);
  if (!large)
    return exec_named (self->writer, "DROP TABLE IF EXISTS", table, error);
  /* The writer is ours until the transaction has ended, and after a rollback there is nothing to find. */
  start (self);
  return TRUE;
}

void
bv_sweep_wait (BvProject *self)
{
  g_mutex_lock (&self->mutex);
  while (self->sweep_wanted)
    g_cond_wait (&self->cond, &self->mutex);
  g_mutex_unlock (&self->mutex);
}

void
bv_sweep_stop (BvProject *self)
{
  g_mutex_lock (&self->mutex);
  self->sweep_stop = TRUE;
  g_cond_broadcast (&self->cond);
  g_mutex_unlock (&self->mutex);
  if (self->sweeper != NULL)
    g_thread_join (self->sweeper);
}
