/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Making, opening and closing a project file; definitions; the usage log.
 *
 * At rest a project is one file in SQLite's rollback mode, which opens anywhere, on read-only media too. The one writer
 * turns it to write-ahead logging while it is open, so that readers never wait, and back when it closes. After a crash the
 * log is still there; the next writer takes it in, and a reader that may not write beside the file reads a private copy. A crash in
 * rollback mode (BV_OPEN_BULK) leaves a journal instead, which must be played back before anybody reads: by a reader too, in a private copy where
 * it may not write.
 *
 * Nothing is written before the file has proved to be ours (bv-schema.c).
 */
#include "config.h"

#include "bv-project-private.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static gboolean
has_content (const char *path, const char *suffix)
{
  g_autofree char *beside = g_strconcat (path, suffix, NULL);
  struct stat st;

  return stat (beside, &st) == 0 && st.st_size > 0;
}

static void
remove_beside (const char *path, const char *suffix)
{
  g_autofree char *beside = g_strconcat (path, suffix, NULL);

  g_unlink (beside);
}

static guint n_open; /* atomic */

guint
bv_project_get_n_open (void)
{
  return (guint) g_atomic_int_get (&n_open);
}

static BvProject *
project_new (const char *path)
{
  BvProject *self = g_new0 (BvProject, 1);
  char *real;

  g_atomic_int_inc (&n_open);

  g_atomic_ref_count_init (&self->refs);
  self->path = g_canonicalize_filename (path, NULL);
  /* All names of a linked file must meet at the same lock. */
  real = realpath (self->path, NULL);
  self->db_path = g_strdup (real != NULL ? real : self->path);
  free (real);
  self->lock_fd = -1;
  self->coalesce_window = BV_COALESCE_US;
  g_mutex_init (&self->mutex);
  g_cond_init (&self->cond);
  bv_readers_init (self);
  bv_catalogue_init (self);
  return self;
}

static void
project_free (BvProject *self)
{
  bv_sweep_stop (self);
  bv_readers_clear (self);
  if (self->writer != NULL)
    {
      /* Back to one plain file. When a reader of another process is in the way, the log is emptied at least. */
      sqlite3_busy_timeout (self->writer, 200);
      sqlite3_wal_checkpoint_v2 (self->writer, NULL, SQLITE_CHECKPOINT_TRUNCATE, NULL, NULL);
      sqlite3_exec (self->writer, "PRAGMA journal_mode = DELETE", NULL, NULL, NULL);
      sqlite3_close_v2 (self->writer);
    }
  bv_lock_release (self->lock_fd, self->lock_path);
  if (self->copy_dir != NULL)
    {
      remove_beside (self->db_path, "-shm");
      remove_beside (self->db_path, "-wal");
      remove_beside (self->db_path, "-journal");
      g_unlink (self->db_path);
      g_rmdir (self->copy_dir);
    }
  bv_catalogue_clear (self);
  g_mutex_clear (&self->mutex);
  g_cond_clear (&self->cond);
  g_free (self->path);
  g_free (self->db_path);
  g_free (self->copy_dir);
  g_free (self->uuid);
  g_free (self->reason);
  g_free (self->lock_path);
  g_free (self->coalesce_key);
  g_free (self);
  g_atomic_int_add (&n_open, -1);
}

BvProject *
bv_project_ref (BvProject *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  g_atomic_ref_count_inc (&self->refs);
  return self;
}

void
bv_project_unref (BvProject *self)
{
  g_return_if_fail (self != NULL);

  if (g_atomic_ref_count_dec (&self->refs))
    project_free (self);
}

static gboolean
write_new_file (const char *path, GBytes *bytes, GError **error)
{
  const guint8 *data = g_bytes_get_data (bytes, NULL);
  gsize size = g_bytes_get_size (bytes);
  gsize done = 0;
  int saved;
  int fd = open (path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
  g_autofree char *name = g_filename_display_basename (path);

  if (fd < 0 && errno == EEXIST)
    {
      g_set_error (error, BV_ERROR, BV_ERROR_EXISTS, _("There is a file “%s” already: choose another name"), name);
      return FALSE;
    }
  if (fd >= 0)
    {
      while (done < size)
        {
          gssize n = write (fd, data + done, size - done);

          if (n < 0 && errno != EINTR)
            break;
          done += (gsize) MAX (n, 0);
        }
      if (done == size && fsync (fd) == 0 && close (fd) == 0)
        {
          /* A log that a deleted project of this name left behind must not be taken for this one's. */
          remove_beside (path, "-wal");
          remove_beside (path, "-shm");
          remove_beside (path, "-journal");
          return TRUE;
        }
      saved = errno;
      close (fd);
      g_unlink (path);
      errno = saved;
    }
  g_set_error (error, BV_ERROR, BV_ERROR_FAILED, _("“%s” cannot be written (%s): choose another folder"), name,
               g_strerror (errno));
  return FALSE;
}

BvProject *
bv_project_create (const char *path, GError **error)
{
  g_autoptr (GBytes) bytes = NULL;
  BvProject *self;

  g_return_val_if_fail (path != NULL, NULL);

  bytes = bv_schema_new_file (error);
  if (bytes == NULL || !write_new_file (path, bytes, error))
    return NULL;
  self = bv_project_open (path, BV_OPEN_DEFAULT, error);
  if (self != NULL && self->read_only)
    {
      g_set_error_literal (error, BV_ERROR, BV_ERROR_FAILED, self->reason);
      g_clear_pointer (&self, bv_project_unref);
    }
  if (self == NULL)
    g_unlink (path);
  return self;
}

static gboolean
copy_file (const char *from, const char *to, GError **error)
{
  g_autoptr (GFile) source = g_file_new_for_path (from);
  g_autoptr (GFile) target = g_file_new_for_path (to);

  return g_file_copy (source, target, G_FILE_COPY_NONE, NULL, NULL, NULL, error);
}

/* Where what lies beside the file ("-wal", "-journal") needs a folder that can be written, the pair is read from a copy. */
static gboolean
use_private_copy (BvProject *self, const char *suffix, GError **error)
{
  g_autofree char *copy = NULL;
  g_autofree char *beside = g_strconcat (self->db_path, suffix, NULL);
  g_autofree char *beside_copy = NULL;

  self->copy_dir = g_dir_make_tmp ("belvedere-XXXXXX", error);
  if (self->copy_dir == NULL)
    return FALSE;
  copy = g_build_filename (self->copy_dir, "project", NULL);
  beside_copy = g_strconcat (copy, suffix, NULL);
  if (!copy_file (self->db_path, copy, error) || !copy_file (beside, beside_copy, error))
    return FALSE;
  g_chmod (copy, 0600);
  g_chmod (beside_copy, 0600);
  g_free (self->db_path);
  self->db_path = g_steal_pointer (&copy);
  return TRUE;
}

static gboolean
try_reading (const char *path, gboolean immutable, GError **error)
{
  g_autoptr (BvDb) db = bv_readers_open (path, immutable, error);
  gint64 n;

  return db != NULL && bv_sql_get_int (db, error, &n, "SELECT count(*) FROM sqlite_schema", NULL);
}

/* Plays a journal back, as SQLite does for whoever may write. */
static gboolean
play_back (const char *path, GError **error)
{
  g_autoptr (BvDb) db = NULL;
  gint64 n;

  if (sqlite3_open_v2 (path, &db, SQLITE_OPEN_READWRITE, NULL) != SQLITE_OK)
    return bv_sqlite_set_error (error, db, NULL, NULL);
  sqlite3_busy_timeout (db, 5000);
  return bv_sql_get_int (db, error, &n, "SELECT count(*) FROM sqlite_schema", NULL);
}

static gboolean
choose_reading (BvProject *self, GError **error)
{
  g_autoptr (GError) local = NULL;

  if (try_reading (self->db_path, FALSE, &local))
    return TRUE;
  /* A journal that nobody is writing stops whoever may only read. Where somebody is, the file is in between two states. */
  if (has_content (self->db_path, "-journal") && g_error_matches (local, BV_ERROR, BV_ERROR_READ_ONLY))
    return (play_back (self->db_path, NULL) || (use_private_copy (self, "-journal", error) && play_back (self->db_path, error))) &&
           try_reading (self->db_path, FALSE, error);
  if (has_content (self->db_path, "-journal") || g_error_matches (local, BV_ERROR, BV_ERROR_CORRUPT))
    {
      g_propagate_error (error, g_steal_pointer (&local));
      return FALSE;
    }
  if (!has_content (self->db_path, "-wal"))
    {
      self->immutable = TRUE;
      return try_reading (self->db_path, TRUE, error);
    }
  return use_private_copy (self, "-wal", error) && try_reading (self->db_path, FALSE, error);
}

/* Looks the file over, read-only, and leaves nothing beside it when it is not sound. */
static gboolean
probe (BvProject *self, int *version, GError **error)
{
  gboolean has_wal = has_content (self->db_path, "-wal");
  g_autofree char *shm = g_strconcat (self->db_path, "-shm", NULL);
  gboolean had_shm = g_file_test (shm, G_FILE_TEST_EXISTS);
  /* Nobody writes while we hold the lock, so that without a log the file stands still. */
  gboolean still = self->lock_fd >= 0 && !has_wal;
  sqlite3 *db = bv_readers_open (self->db_path, self->immutable || still, error);
  gboolean sound = db != NULL && bv_schema_check (db, self->path, version, error);

  if (sound)
    {
      g_autoptr (BvStmt) stmt = bv_sql_prepare (db, error, "SELECT value FROM bv_meta WHERE name = 'uuid'", NULL);
      gboolean row;

      sound = stmt != NULL && bv_sql_step (stmt, &row, error);
      if (sound && row)
        self->uuid = bv_sql_dup (stmt, 0);
      if (sound && self->uuid == NULL)
        {
          sound = FALSE;
          g_set_error (error, BV_ERROR, BV_ERROR_CORRUPT, _("The project file has lost its identity: restore a copy of it"));
        }
    }
  bv_sql_close (db);
  if (!sound && !had_shm && self->lock_fd >= 0)
    g_unlink (shm);
  return sound;
}

static gboolean
load_state (BvProject *self, sqlite3 *db, GError **error)
{
  gint64 version;

  if (!bv_sql_get_int (db, error, &version, "SELECT value FROM bv_meta WHERE name = 'version'", NULL))
    return FALSE;
  self->version = (guint64) version;
  return bv_journal_load_names (self, db, error);
}

static gboolean
open_writer (BvProject *self, int version, gboolean bulk, GError **error)
{
  if (sqlite3_open_v2 (self->db_path, &self->writer, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, NULL) != SQLITE_OK)
    return bv_sqlite_set_error (error, self->writer, NULL, NULL);
  self->bulk = bulk;
  sqlite3_busy_timeout (self->writer, 5000);
  /* Old rename rules: a view that reads "deals" goes on reading "deals" when another version takes the name. */
  return bv_sql_exec (self->writer, error,
                      "PRAGMA trusted_schema = OFF; PRAGMA foreign_keys = OFF; PRAGMA legacy_alter_table = ON;"
                      "PRAGMA cache_size = -65536; PRAGMA journal_size_limit = 67108864;"
                      "PRAGMA synchronous = FULL") &&
         bv_sql_exec (self->writer, error, bulk ? "PRAGMA journal_mode = DELETE" : "PRAGMA journal_mode = WAL") &&
         bv_schema_migrate (self->writer, version, error) && bv_step_close_all (self->writer, error) &&
         load_state (self, self->writer, error) && (bulk || bv_sweep_resume (self, error));
}

static gboolean
open_reading (BvProject *self, GError **error)
{
  sqlite3 *db = bv_project_borrow_reader (self, NULL, error);
  gboolean ok = db != NULL && load_state (self, db, error);

  if (db != NULL)
    bv_project_return_reader (self, db);
  self->undo = self->redo = (BvStepName){ 0 };
  return ok;
}

BvProject *
bv_project_open (const char *path, BvOpenFlags flags, GError **error)
{
  BvProject *self;
  int version = 0;

  g_return_val_if_fail (path != NULL, NULL);

  self = project_new (path);
  if (!bv_schema_check_header (self->db_path, has_content (self->db_path, "-wal") || has_content (self->db_path, "-journal"), error))
    goto failed;
  if (flags & BV_OPEN_READ_ONLY)
    {
      self->read_only = TRUE;
      self->reason = g_strdup (_("The project was opened for reading only"));
    }
  else if (access (self->db_path, W_OK) != 0)
    {
      self->read_only = TRUE;
      self->reason = g_strdup_printf (_("The project file cannot be written (%s): it can only be read"), g_strerror (errno));
    }
  else
    {
      self->lock_fd = bv_lock_take (self->db_path, &self->lock_path, &self->reason);
      self->read_only = self->lock_fd < 0;
    }
  if (self->read_only && !choose_reading (self, error))
    goto failed;
  /* A rollback journal that is still needed can only be played back by a writer. */
  if ((self->read_only || !has_content (self->db_path, "-journal")) && !probe (self, &version, error))
    goto failed;
  if (self->read_only && version < BV_PROJECT_SCHEMA_VERSION)
    {
      g_set_error (error, BV_ERROR, BV_ERROR_READ_ONLY,
                   _("The project is of an older version and cannot be written: copy it to a folder of your own"));
      goto failed;
    }
  if (self->read_only)
    {
      if (!open_reading (self, error))
        goto failed;
      return self;
    }
  if (version == 0 && (!play_back (self->db_path, error) || !probe (self, &version, error)))
    goto failed;
  if (!open_writer (self, version, (flags & BV_OPEN_BULK) != 0, error))
    goto failed;
  return self;

failed:
  bv_project_unref (self);
  return NULL;
}

const char *
bv_project_get_path (BvProject *self)
{
  return self->path;
}

const char *
bv_project_get_uuid (BvProject *self)
{
  return self->uuid;
}

gboolean
bv_project_is_read_only (BvProject *self)
{
  return self->read_only;
}

const char *
bv_project_get_read_only_reason (BvProject *self)
{
  return self->reason;
}

guint64
bv_project_get_version (BvProject *self)
{
  guint64 version;

  g_mutex_lock (&self->mutex);
  version = self->version;
  g_mutex_unlock (&self->mutex);
  return version;
}

/* One thread holds the writer, from the start to the end of a step. @wait_us < 0 waits for ever. */
gboolean
bv_project_lock_writer (BvProject *self, gint64 wait_us, GError **error)
{
  gint64 deadline = g_get_monotonic_time () + wait_us;
  gboolean mine;

  if (self->read_only)
    {
      g_set_error (error, BV_ERROR, BV_ERROR_READ_ONLY, _("The project cannot be changed. %s"), self->reason);
      return FALSE;
    }
  g_mutex_lock (&self->mutex);
  mine = self->busy && self->busy_thread == g_thread_self ();
  self->n_waiting++;
  while (self->busy && !mine)
    if (wait_us < 0)
      g_cond_wait (&self->cond, &self->mutex);
    else if (!g_cond_wait_until (&self->cond, &self->mutex, deadline))
      break;
  self->n_waiting--;
  if (self->busy)
    {
      g_mutex_unlock (&self->mutex);
      g_set_error (error, BV_ERROR, BV_ERROR_FAILED,
                   _("Another change is being written: wait until it has finished and try again"));
      return FALSE;
    }
  self->busy = TRUE;
  self->busy_thread = g_thread_self ();
  g_mutex_unlock (&self->mutex);
  return TRUE;
}

void
bv_project_unlock_writer (BvProject *self)
{
  g_mutex_lock (&self->mutex);
  self->busy = FALSE;
  self->busy_thread = NULL;
  /* All of them: the sweeper, which waits too, does not take its turn while others wait. */
  g_cond_broadcast (&self->cond);
  g_mutex_unlock (&self->mutex);
}

void
bv_definition_free (BvDefinition *definition)
{
  if (definition == NULL)
    return;
  g_free (definition->uuid);
  g_free (definition->kind);
  g_free (definition->name);
  g_free (definition->body);
  g_free (definition);
}

GPtrArray *
bv_project_list_definitions (BvProject *self, const char *kind, GError **error)
{
  g_autoptr (GPtrArray) list = g_ptr_array_new_with_free_func ((GDestroyNotify) bv_definition_free);
  g_autoptr (BvStmt) stmt = NULL;
  sqlite3 *db;
  gboolean row = TRUE;
  gboolean ok = FALSE;

  g_return_val_if_fail (self != NULL, NULL);

  db = bv_project_borrow_reader (self, NULL, error);
  if (db == NULL)
    return NULL;
  stmt = bv_sql_prepare (db, error, "SELECT uuid, kind, name, body, position FROM bv_definition"
                                    " WHERE ?1 IS NULL OR kind = ?1 ORDER BY kind, position, name, uuid", "t", kind);
  if (stmt != NULL)
    while ((ok = bv_sql_step (stmt, &row, error)) && row)
      {
        BvDefinition *definition = g_new0 (BvDefinition, 1);

        definition->uuid = bv_sql_dup (stmt, 0);
        definition->kind = bv_sql_dup (stmt, 1);
        definition->name = bv_sql_dup (stmt, 2);
        definition->body = bv_sql_dup (stmt, 3);
        definition->position = sqlite3_column_int64 (stmt, 4);
        g_ptr_array_add (list, definition);
      }
  g_clear_pointer (&stmt, sqlite3_finalize);
  bv_project_return_reader (self, db);
  return ok ? g_steal_pointer (&list) : NULL;
}

void
bv_project_log_usage (BvProject *self, const char *what, const char *subject)
{
  g_return_if_fail (self != NULL && what != NULL);

  /* A log line is not worth waiting for, but for a piece of the sweeper's. */
  if (self->read_only || !bv_project_lock_writer (self, 5 * BV_SWEEP_PIECE_US, NULL))
    return;
  if (bv_sql_run (self->writer, NULL, "INSERT INTO bv_usage (time, what, subject) VALUES (?, ?, ?)", "itt",
                  g_get_real_time (), what, subject))
    bv_sql_run (self->writer, NULL, "DELETE FROM bv_usage WHERE rowid <= (SELECT max(rowid) FROM bv_usage) - ?", "i",
                (gint64) BV_USAGE_ROWS);
  bv_project_unlock_writer (self);
}

gboolean
bv_project_checkpoint (BvProject *self, GError **error)
{
  gboolean ok = TRUE;

  g_return_val_if_fail (self != NULL, FALSE);

  if (self->read_only)
    return TRUE;
  if (!bv_project_lock_writer (self, BV_COMMIT_WAIT_US, error))
    return FALSE;
  if (sqlite3_wal_checkpoint_v2 (self->writer, NULL, SQLITE_CHECKPOINT_TRUNCATE, NULL, NULL) != SQLITE_OK)
    ok = bv_sqlite_set_error (error, self->writer, NULL, NULL);
  bv_project_unlock_writer (self);
  return ok;
}
