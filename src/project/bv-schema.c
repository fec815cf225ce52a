/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The product's own tables: how they are made, brought up to date and recognised.
 *
 * A file is looked at in two steps before anything may write to it. First its header is read with plain reads, as SQLite
 * documents it: the magic text, the page size (bytes 16-17), the number of pages (28-31), user_version (60-63) and
 * application_id (68-71), all big-endian. Only then does SQLite see it, read-only, for the version (a write-ahead log may
 * hold a newer header), the tables and damage. Looking for damage reads our own tables always, and the whole file where it
 * is small; bv_project_check() reads everything.
 */
#include "config.h"

#include "bv-project-private.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n-lib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define HEADER_SIZE 100
/* Files up to this size are checked whole when they are opened. */
#define SMALL_FILE (16 * 1024 * 1024)

/* Step n brings a file from version n to n + 1. Never change a step that was released. */
static const char *const migrations[BV_PROJECT_SCHEMA_VERSION] = {
  "CREATE TABLE bv_meta (name TEXT PRIMARY KEY NOT NULL, value) WITHOUT ROWID;"
  "CREATE TABLE bv_definition (uuid TEXT PRIMARY KEY NOT NULL, kind TEXT NOT NULL, name TEXT NOT NULL, body TEXT NOT NULL,"
  " position INTEGER NOT NULL);"
  "CREATE INDEX bv_definition_order ON bv_definition (kind, position, name);"
  /* key is a JSON array of column names */
  "CREATE TABLE bv_table (name TEXT PRIMARY KEY COLLATE NOCASE NOT NULL, source TEXT NOT NULL, origin TEXT, key TEXT,"
  " n_rows INTEGER NOT NULL, loaded_at INTEGER NOT NULL, version INTEGER NOT NULL);"
  "CREATE TABLE bv_column (table_name TEXT COLLATE NOCASE NOT NULL, position INTEGER NOT NULL, name TEXT NOT NULL,"
  " type TEXT NOT NULL, PRIMARY KEY (table_name, position)) WITHOUT ROWID;"
  "CREATE TABLE bv_journal (seq INTEGER PRIMARY KEY, name TEXT NOT NULL, time INTEGER NOT NULL,"
  " undone INTEGER NOT NULL DEFAULT 0, coalesce TEXT);"
  "CREATE TABLE bv_journal_op (seq INTEGER NOT NULL, step INTEGER NOT NULL, kind TEXT NOT NULL, subject TEXT NOT NULL,"
  " before TEXT, after TEXT, PRIMARY KEY (seq, step)) WITHOUT ROWID;"
  "CREATE TABLE bv_usage (time INTEGER NOT NULL, what TEXT NOT NULL, subject TEXT);"
  "INSERT INTO bv_meta (name, value) VALUES ('version', 1);",

  /* Sources: steps under way, where each stream is, and what was read when. */
  "CREATE TABLE bv_open_step (seq INTEGER PRIMARY KEY NOT NULL);"
  "CREATE TABLE bv_state (name TEXT PRIMARY KEY NOT NULL, value TEXT NOT NULL) WITHOUT ROWID;"
  /* counts are a JSON object; seq is that of the journal */
  "CREATE TABLE bv_source_run (id INTEGER PRIMARY KEY AUTOINCREMENT, source TEXT NOT NULL, started INTEGER NOT NULL,"
  " finished INTEGER NOT NULL DEFAULT 0, status TEXT NOT NULL, scheduled INTEGER NOT NULL DEFAULT 0, seq INTEGER NOT NULL DEFAULT 0,"
  " error TEXT);"
  "CREATE INDEX bv_source_run_order ON bv_source_run (source, id);"
  "CREATE TABLE bv_source_run_stream (run INTEGER NOT NULL, position INTEGER NOT NULL, stream TEXT NOT NULL, table_name TEXT NOT NULL,"
  " status TEXT NOT NULL, counts TEXT NOT NULL, error TEXT, PRIMARY KEY (run, position)) WITHOUT ROWID;"
  /* what a stream's table holds: kind is 'rows' or 'links' */
  "CREATE TABLE bv_source_table (source TEXT NOT NULL, stream TEXT NOT NULL, table_name TEXT COLLATE NOCASE NOT NULL, kind TEXT NOT NULL,"
  " PRIMARY KEY (source, stream, table_name)) WITHOUT ROWID;"
  "CREATE TABLE bv_source_column (source TEXT NOT NULL, stream TEXT NOT NULL, field TEXT NOT NULL, column_name TEXT NOT NULL, label TEXT NOT NULL,"
  " type TEXT NOT NULL, vendor_type TEXT, status TEXT NOT NULL, PRIMARY KEY (source, stream, field)) WITHOUT ROWID;"
  "CREATE TABLE bv_source_drift (id INTEGER PRIMARY KEY AUTOINCREMENT, source TEXT NOT NULL, stream TEXT NOT NULL, field TEXT NOT NULL,"
  " table_name TEXT NOT NULL, column_name TEXT, kind TEXT NOT NULL, detail TEXT, found_at INTEGER NOT NULL, decision TEXT NOT NULL);"
  "CREATE TABLE bv_source_merge (source TEXT NOT NULL, stream TEXT NOT NULL, loser TEXT NOT NULL, survivor TEXT NOT NULL,"
  " PRIMARY KEY (source, stream, loser)) WITHOUT ROWID;"
  /* ids that a pass has met, and ids whose links are to be read */
  "CREATE TABLE bv_source_seen (source TEXT NOT NULL, stream TEXT NOT NULL, id TEXT NOT NULL, PRIMARY KEY (source, stream, id)) WITHOUT ROWID;"
  "CREATE TABLE bv_source_pending (source TEXT NOT NULL, stream TEXT NOT NULL, id TEXT NOT NULL, PRIMARY KEY (source, stream, id))"
  " WITHOUT ROWID;",
};

static const struct { const char *name; int since; } own_tables[] = {
  { "bv_meta", 1 }, { "bv_definition", 1 }, { "bv_table", 1 }, { "bv_column", 1 }, { "bv_journal", 1 }, { "bv_journal_op", 1 },
  { "bv_usage", 1 }, { "bv_open_step", 2 }, { "bv_state", 2 }, { "bv_source_run", 2 }, { "bv_source_run_stream", 2 },
  { "bv_source_table", 2 }, { "bv_source_column", 2 }, { "bv_source_drift", 2 }, { "bv_source_merge", 2 }, { "bv_source_seen", 2 },
  { "bv_source_pending", 2 },
};

static guint32
get_be32 (const guint8 *p)
{
  return (guint32) p[0] << 24 | (guint32) p[1] << 16 | (guint32) p[2] << 8 | p[3];
}

static gboolean
set_not_a_project (GError **error, const char *path)
{
  g_autofree char *name = g_filename_display_basename (path);

  g_set_error (error, BV_ERROR, BV_ERROR_CORRUPT, _("“%s” is not a Belvedere project: choose a .belvedere file"), name);
  return FALSE;
}

static gboolean
set_damaged (GError **error, const char *path, const char *detail)
{
  g_autofree char *name = g_filename_display_basename (path);

  g_set_error (error, BV_ERROR, BV_ERROR_CORRUPT, _("“%s” is damaged (%s): restore a copy of it"), name, detail);
  return FALSE;
}

static gboolean
set_newer (GError **error, const char *path)
{
  g_autofree char *name = g_filename_display_basename (path);

  g_set_error (error, BV_ERROR, BV_ERROR_NEWER,
               _("“%s” was written by a newer version of Belvedere: update Belvedere to open it"), name);
  return FALSE;
}

gboolean
bv_schema_check_header (const char *path, gboolean has_wal, GError **error)
{
  g_autofree char *name = g_filename_display_basename (path);
  guint8 header[HEADER_SIZE];
  guint32 page_size, n_pages;
  struct stat st;
  gssize n;
  int saved;
  int fd = open (path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);

  if (fd < 0)
    {
      if (errno == ENOENT || errno == ENOTDIR)
        g_set_error (error, BV_ERROR, BV_ERROR_NOT_FOUND, _("There is no file “%s”: check its name and folder"), name);
      else
        g_set_error (error, BV_ERROR, BV_ERROR_FAILED, _("“%s” cannot be read (%s): check its permissions"), name,
                     g_strerror (errno));
      return FALSE;
    }
  if (fstat (fd, &st) != 0 || !S_ISREG (st.st_mode))
    {
      close (fd);
      return set_not_a_project (error, path);
    }
  n = pread (fd, header, sizeof header, 0);
  saved = errno;
  close (fd);
  if (n < 0)
    {
      g_set_error (error, BV_ERROR, BV_ERROR_FAILED, _("“%s” cannot be read (%s): check the disk"), name, g_strerror (saved));
      return FALSE;
    }
  if (n < 16 || memcmp (header, "SQLite format 3", 16) != 0)
    return set_not_a_project (error, path);
  if (n < HEADER_SIZE)
    return set_damaged (error, path, _("the file is cut off"));
  if (get_be32 (header + 68) != BV_PROJECT_APPLICATION_ID)
    return set_not_a_project (error, path);
  if (get_be32 (header + 60) > BV_PROJECT_SCHEMA_VERSION)
    return set_newer (error, path);
  page_size = (guint32) header[16] << 8 | header[17];
  if (page_size == 1)
    page_size = 65536;
  if (page_size < 512 || (page_size & (page_size - 1)) != 0)
    return set_damaged (error, path, _("its header makes no sense"));
  /* With a log beside it the file may lag behind its own header; SQLite sorts that out. */
  n_pages = get_be32 (header + 28);
  if (!has_wal && (guint64) st.st_size < (guint64) n_pages * page_size)
    return set_damaged (error, path, _("the file is cut off"));
  return TRUE;
}

static gboolean
has_table (sqlite3 *db, const char *table, gboolean *found, GError **error)
{
  gint64 n;

  if (!bv_sql_get_int (db, error, &n, "SELECT count(*) FROM sqlite_schema WHERE type = 'table' AND name = ?", "t", table))
    return FALSE;
  *found = n > 0;
  return TRUE;
}

static gboolean
quick_check (sqlite3 *db, const char *table, const char *path, GError **error)
{
  g_autofree char *sql = table != NULL ? g_strdup_printf ("PRAGMA quick_check(\"%s\")", table) : g_strdup ("PRAGMA quick_check(1)");
  g_autoptr (BvStmt) stmt = bv_sql_prepare (db, error, sql, NULL);
  gboolean row;

  if (stmt == NULL || !bv_sql_step (stmt, &row, error))
    return FALSE;
  if (row && g_strcmp0 ((const char *) sqlite3_column_text (stmt, 0), "ok") != 0)
    {
      g_autofree char *detail = bv_sql_dup (stmt, 0);

      g_strdelimit (detail, "\n", ' ');
      return set_damaged (error, path, detail);
    }
  return TRUE;
}

gboolean
bv_schema_check (sqlite3 *db, const char *path, int *version, GError **error)
{
  gint64 id, user_version, n_pages, page_size;
  g_autoptr (GError) local = NULL;

  if (!bv_sql_get_int (db, &local, &id, "PRAGMA application_id", NULL) ||
      !bv_sql_get_int (db, &local, &user_version, "PRAGMA user_version", NULL) ||
      !bv_sql_get_int (db, &local, &n_pages, "PRAGMA page_count", NULL) ||
      !bv_sql_get_int (db, &local, &page_size, "PRAGMA page_size", NULL))
    goto failed;
  if (id != BV_PROJECT_APPLICATION_ID)
    return set_not_a_project (error, path);
  if (user_version > BV_PROJECT_SCHEMA_VERSION)
    return set_newer (error, path);
  if (user_version < 1)
    return set_damaged (error, path, _("it has no version"));
  for (guint i = 0; i < G_N_ELEMENTS (own_tables); i++)
    {
      gboolean found;

      if (user_version < own_tables[i].since)
        continue;
      if (!has_table (db, own_tables[i].name, &found, &local))
        goto failed;
      if (!found)
        return set_damaged (error, path, _("a table is missing"));
      if (n_pages * page_size > SMALL_FILE && !quick_check (db, own_tables[i].name, path, &local))
        goto failed;
    }
  if (n_pages * page_size <= SMALL_FILE && !quick_check (db, NULL, path, &local))
    goto failed;
  *version = (int) user_version;
  return TRUE;

failed:
  g_propagate_error (error, g_steal_pointer (&local));
  return FALSE;
}

gboolean
bv_schema_migrate (sqlite3 *db, int from, GError **error)
{
  g_autofree char *stamp = g_strdup_printf ("PRAGMA user_version = %d", BV_PROJECT_SCHEMA_VERSION);

  if (from >= BV_PROJECT_SCHEMA_VERSION)
    return TRUE;
  if (!bv_sql_exec (db, error, "BEGIN IMMEDIATE"))
    return FALSE;
  for (int i = from; i < BV_PROJECT_SCHEMA_VERSION; i++)
    if (!bv_sql_exec (db, error, migrations[i]))
      goto failed;
  if (!bv_sql_exec (db, error, stamp) || !bv_sql_exec (db, error, "COMMIT"))
    goto failed;
  return TRUE;

failed:
  bv_sql_rollback (db);
  return FALSE;
}

/* Made in memory, so that a project file is whole from its first byte on disk. */
GBytes *
bv_schema_new_file (GError **error)
{
  g_autoptr (BvDb) db = NULL;
  g_autofree char *uuid = g_uuid_string_random ();
  g_autofree char *id = g_strdup_printf ("PRAGMA application_id = %d", BV_PROJECT_APPLICATION_ID);
  GBytes *bytes;
  guint8 *data;
  sqlite3_int64 size;

  if (sqlite3_open (":memory:", &db) != SQLITE_OK)
    {
      bv_sqlite_set_error (error, db, NULL, NULL);
      return NULL;
    }
  /* Large pages: a load writes each page to the WAL and from there to the file, and a quarter of the pages takes half the time. */
  if (!bv_sql_exec (db, error, "PRAGMA page_size = 16384") || !bv_sql_exec (db, error, id) || !bv_schema_migrate (db, 0, error) ||
      !bv_sql_run (db, error, "INSERT INTO bv_meta (name, value) VALUES ('uuid', ?), ('created', ?)", "ti", uuid,
                   g_get_real_time ()))
    return NULL;
  data = sqlite3_serialize (db, "main", &size, 0);
  if (data == NULL)
    {
      bv_sqlite_set_error (error, NULL, NULL, NULL);
      return NULL;
    }
  bytes = g_bytes_new (data, (gsize) size);
  sqlite3_free (data);
  return bytes;
}
