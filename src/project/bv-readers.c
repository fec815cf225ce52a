/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The pool of read-only connections.
 *
 * A reader belongs to the thread that borrowed it until it is given back. While it is out, SQLite's progress handler polls
 * the borrower's cancellable; a reader that comes back has its statements reset, so that no read transaction stays open and
 * holds up the checkpoint, and waits for the next borrower. A borrowed reader keeps the project alive.
 */
#include "config.h"

#include "bv-project-private.h"

#include <glib/gi18n-lib.h>

#define MAX_IDLE 8
/* Virtual machine steps between two looks at the cancellable: some tens of microseconds. */
#define PROGRESS_STEPS 2000

typedef struct
{
  sqlite3 *db;
  GCancellable *cancellable;
} BvReader;

static void
reader_free (gpointer data)
{
  BvReader *reader = data;

  g_clear_object (&reader->cancellable);
  bv_sql_close (reader->db);
  g_free (reader);
}

static int
poll_cancellable (gpointer data)
{
  return g_cancellable_is_cancelled (data);
}

sqlite3 *
bv_readers_open (const char *path, gboolean immutable, GError **error)
{
  g_autofree char *escaped = g_uri_escape_string (path, "/", FALSE);
  g_autofree char *uri = g_strconcat ("file:", escaped, "?mode=ro", immutable ? "&immutable=1" : "", NULL);
  g_autoptr (BvDb) db = NULL;

  if (sqlite3_open_v2 (uri, &db, SQLITE_OPEN_READONLY | SQLITE_OPEN_URI | SQLITE_OPEN_NOMUTEX, NULL) != SQLITE_OK)
    {
      bv_sqlite_set_error (error, db, NULL, NULL);
      return NULL;
    }
  sqlite3_busy_timeout (db, 5000);
  sqlite3_db_config (db, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
  if (!bv_sql_exec (db, error, "PRAGMA trusted_schema = OFF; PRAGMA query_only = ON; PRAGMA cache_size = -16384;"
                               "PRAGMA mmap_size = 536870912"))
    return NULL;
  return g_steal_pointer (&db);
}

void
bv_readers_init (BvProject *self)
{
  g_mutex_init (&self->pool_mutex);
  self->idle = g_ptr_array_new_with_free_func (reader_free);
  self->lent = g_hash_table_new (NULL, NULL);
}

void
bv_readers_clear (BvProject *self)
{
  g_ptr_array_unref (self->idle);
  g_hash_table_unref (self->lent);
  g_mutex_clear (&self->pool_mutex);
}

sqlite3 *
bv_project_borrow_reader (BvProject *self, GCancellable *cancellable, GError **error)
{
  BvReader *reader = NULL;

  g_return_val_if_fail (self != NULL, NULL);

  if (g_cancellable_set_error_if_cancelled (cancellable, error))
    return NULL;
  g_mutex_lock (&self->pool_mutex);
  if (self->idle->len > 0)
    reader = g_ptr_array_steal_index (self->idle, self->idle->len - 1);
  g_mutex_unlock (&self->pool_mutex);

  if (reader == NULL)
    {
      sqlite3 *db = bv_readers_open (self->db_path, self->immutable, error);

      if (db == NULL)
        return NULL;
      reader = g_new0 (BvReader, 1);
      reader->db = db;
    }
  if (cancellable != NULL)
    {
      reader->cancellable = g_object_ref (cancellable);
      sqlite3_progress_handler (reader->db, PROGRESS_STEPS, poll_cancellable, cancellable);
    }
  g_mutex_lock (&self->pool_mutex);
  g_hash_table_insert (self->lent, reader->db, reader);
  g_mutex_unlock (&self->pool_mutex);
  bv_project_ref (self);
  return reader->db;
}

void
bv_project_return_reader (BvProject *self, sqlite3 *db)
{
  BvReader *reader;
  sqlite3_stmt *stmt = NULL;

  g_return_if_fail (self != NULL);

  if (db == NULL)
    return;
  g_mutex_lock (&self->pool_mutex);
  reader = g_hash_table_lookup (self->lent, db);
  if (reader != NULL)
    g_hash_table_remove (self->lent, db);
  g_mutex_unlock (&self->pool_mutex);
  g_return_if_fail (reader != NULL);

  sqlite3_progress_handler (db, 0, NULL, NULL);
  g_clear_object (&reader->cancellable);
  while ((stmt = sqlite3_next_stmt (db, stmt)) != NULL)
    if (sqlite3_stmt_busy (stmt))
      sqlite3_reset (stmt);
  bv_sql_rollback (db);

  g_mutex_lock (&self->pool_mutex);
  if (self->idle->len < MAX_IDLE)
    {
      g_ptr_array_add (self->idle, reader);
      reader = NULL;
    }
  g_mutex_unlock (&self->pool_mutex);
  if (reader != NULL)
    reader_free (reader);
  bv_project_unref (self);
}
