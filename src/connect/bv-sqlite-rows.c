/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Tables of other programs' SQLite databases as rows.
 *
 * The file is opened for reading only and trusted in nothing: its schema may call no functions of ours, virtual tables and views
 * are not offered, pages are checked as they are read, and cells have a limit. A database that is being written is read as of
 * one moment; one in WAL mode in a folder that cannot be written is read without its WAL when there is none.
 */
#include "config.h"

#include "bv-import-private.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

typedef struct
{
  BvRows rows;
  char *name;
  sqlite3 *db;
  sqlite3_stmt *stmt;
  BvType *declared;    /* per column: bool, double where decimals are declared, else null */
} BvSqliteRows;

static void
sqlite_rows_free (BvRows *rows)
{
  BvSqliteRows *self = (BvSqliteRows *) rows;

  sqlite3_finalize (self->stmt);
  sqlite3_close (self->db);
  g_free (self->declared);
  g_free (self->name);
  bv_rows_clear (rows);
  g_free (self);
}

static int
check_cancelled (void *data)
{
  return g_cancellable_is_cancelled (data);
}

static gboolean
set_error (BvSqliteRows *self, GError **error)
{
  if (g_cancellable_set_error_if_cancelled (self->rows.cancellable, error))
    return FALSE;
  switch (sqlite3_errcode (self->db) & 0xff)
    {
    case SQLITE_NOTADB:
    case SQLITE_CORRUPT:
      g_set_error (error, BV_ERROR, BV_ERROR_INVALID, _("“%s” is damaged or encrypted: get the file again"), self->name);
      break;
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
      g_set_error (error, BV_ERROR, BV_ERROR_FAILED, _("“%s” is being written by another program: close it there"), self->name);
      break;
    case SQLITE_TOOBIG:
      g_set_error (error, BV_ERROR, BV_ERROR_INVALID, _("“%s” holds a cell larger than 64 MB: leave the column out"), self->name);
      break;
    default:
      g_set_error (error, BV_ERROR, BV_ERROR_FAILED, _("“%s” cannot be read (%s): check the file"), self->name, sqlite3_errmsg (self->db));
      break;
    }
  return FALSE;
}

static gboolean
open_file (BvSqliteRows *self, const char *path, gboolean immutable, GError **error)
{
  g_autofree char *uri = g_filename_to_uri (path, NULL, error);
  g_autofree char *full = g_strconcat (uri, immutable ? "?mode=ro&immutable=1" : "?mode=ro", NULL);
  sqlite3_stmt *stmt = NULL;
  int status;

  if (uri == NULL)
    return FALSE;
  g_clear_pointer (&self->db, sqlite3_close);
  status = sqlite3_open_v2 (full, &self->db, SQLITE_OPEN_READONLY | SQLITE_OPEN_URI | SQLITE_OPEN_NOMUTEX, NULL);
  if (status == SQLITE_OK)
    {
      sqlite3_busy_timeout (self->db, 2000);
      sqlite3_db_config (self->db, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
      sqlite3_db_config (self->db, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, NULL);
      sqlite3_db_config (self->db, SQLITE_DBCONFIG_ENABLE_TRIGGER, 0, NULL);
      sqlite3_db_config (self->db, SQLITE_DBCONFIG_ENABLE_VIEW, 0, NULL);
      sqlite3_limit (self->db, SQLITE_LIMIT_LENGTH, BV_IMPORT_MAX_ROW);
      sqlite3_progress_handler (self->db, 10000, check_cancelled, self->rows.cancellable);
      sqlite3_exec (self->db, "PRAGMA query_only = ON; PRAGMA cell_size_check = ON; PRAGMA mmap_size = 0", NULL, NULL, NULL);
      status = sqlite3_prepare_v2 (self->db, "SELECT 1 FROM sqlite_schema", -1, &stmt, NULL);
      sqlite3_finalize (stmt);
    }
  if (status == SQLITE_OK)
    return TRUE;
  /* A WAL needs a file beside it, which the folder may not take. */
  if (!immutable && (status & 0xff) == SQLITE_CANTOPEN)
    {
      g_autofree char *wal = g_strconcat (path, "-wal", NULL);

      if (!g_file_test (wal, G_FILE_TEST_EXISTS))
        return open_file (self, path, TRUE, error);
    }
  return set_error (self, error);
}

static BvSqliteRows *
open_database (const char *path, GCancellable *cancellable, GError **error)
{
  BvSqliteRows *self = g_new0 (BvSqliteRows, 1);

  self->rows.free = sqlite_rows_free;
  self->rows.cancellable = cancellable;
  self->name = g_filename_display_basename (path);
  if (open_file (self, path, FALSE, error))
    return self;
  sqlite_rows_free (&self->rows);
  return NULL;
}

char **
bv_sqlite_list_parts (const char *path, GCancellable *cancellable, GError **error)
{
  BvSqliteRows *self = open_database (path, cancellable, error);
  g_autoptr (BvRows) rows = self != NULL ? &self->rows : NULL;
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  guint n = 0;
  int status;

  if (self == NULL)
    return NULL;
  /* Of a Belvedere project, its data. */
  if (sqlite3_prepare_v2 (self->db, "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\'"
                          " AND sql NOT LIKE 'CREATE VIRTUAL%' AND NOT (name LIKE 'bv\\_%' ESCAPE '\\' AND EXISTS (SELECT 1 FROM"
                          " sqlite_schema WHERE name = 'bv_journal_op')) ORDER BY rowid", -1, &self->stmt, NULL) != SQLITE_OK)
    return set_error (self, error), NULL;
  while ((status = sqlite3_step (self->stmt)) == SQLITE_ROW)
    {
      const char *name = (const char *) sqlite3_column_text (self->stmt, 0);

      if (name == NULL || !g_utf8_validate (name, -1, NULL))
        continue;
      g_strv_builder_add (builder, name);
      n++;
    }
  if (status != SQLITE_DONE)
    return set_error (self, error), NULL;
  if (n == 0)
    {
      g_set_error (error, BV_ERROR, BV_ERROR_INVALID, _("“%s” holds no tables: choose another file"), self->name);
      return NULL;
    }
  return g_strv_builder_end (builder);
}

/* "BOOLEAN", "DECIMAL(10,2)" */
static BvType
declared_type (const char *type)
{
  if (type != NULL && g_ascii_strncasecmp (type, "BOOL", 4) == 0)
    return BV_TYPE_BOOL;
  return type != NULL && strchr (type, ',') != NULL ? BV_TYPE_DOUBLE : BV_TYPE_NULL;
}

static void
set_value (BvSqliteRows *self, guint column)
{
  BvValue *value = &self->rows.values[column];

  switch (sqlite3_column_type (self->stmt, (int) column))
    {
    case SQLITE_INTEGER:
      value->i = sqlite3_column_int64 (self->stmt, (int) column);
      value->type = self->declared[column] == BV_TYPE_BOOL && (value->i == 0 || value->i == 1) ? BV_TYPE_BOOL : BV_TYPE_INT;
      /* A price that happens to be whole is stored without a point; other rows have one. */
      if (self->declared[column] == BV_TYPE_DOUBLE && value->i <= G_GINT64_CONSTANT (1) << 53 && value->i >= -(G_GINT64_CONSTANT (1) << 53))
        *value = bv_value_double ((double) value->i);
      break;
    case SQLITE_FLOAT:
      value->type = BV_TYPE_DOUBLE;
      value->d = sqlite3_column_double (self->stmt, (int) column);
      if (!isfinite (value->d))
        bv_rows_note (&self->rows, column, g_strdup (_("infinity cannot be kept")));
      break;
    case SQLITE_TEXT:
      value->type = BV_TYPE_TEXT;
      value->s = (char *) sqlite3_column_text (self->stmt, (int) column);
      if (value->s == NULL)
        value->type = BV_TYPE_NULL;
      else if (strlen (value->s) != (gsize) sqlite3_column_bytes (self->stmt, (int) column) || !g_utf8_validate (value->s, -1, NULL))
        bv_rows_note (&self->rows, column, bv_cell_problem (value->s, strlen (value->s), BV_TYPE_TEXT));
      break;
    case SQLITE_BLOB:
      bv_rows_note (&self->rows, column, g_strdup (_("bytes are not text")));
      break;
    case SQLITE_NULL:
    default:
      value->type = BV_TYPE_NULL;
      break;
    }
}

static gboolean
sqlite_rows_next (BvRows *rows, gboolean *row, GError **error)
{
  BvSqliteRows *self = (BvSqliteRows *) rows;
  int status = sqlite3_step (self->stmt);

  *row = status == SQLITE_ROW;
  if (status != SQLITE_ROW && status != SQLITE_DONE)
    return set_error (self, error);
  if (!*row)
    return TRUE;
  rows->line++;
  rows->done++;
  for (guint i = 0; i < rows->n_columns; i++)
    if (bv_rows_is_wanted (rows, i))
      set_value (self, i);
  return TRUE;
}

BvRows *
bv_sqlite_rows_open (const char *path, const char *part, GCancellable *cancellable, GError **error)
{
  BvSqliteRows *self = open_database (path, cancellable, error);
  g_autoptr (BvRows) rows = self != NULL ? &self->rows : NULL;
  g_autofree char *quoted = NULL;
  g_autofree char *sql = NULL;
  g_autofree char *last = NULL;

  if (self == NULL)
    return NULL;
  quoted = bv_sql_quote (part);
  sql = g_strdup_printf ("SELECT * FROM main.%s", quoted);
  /* Rows are hardly counted, but their last number is at hand, where there is one. */
  last = g_strdup_printf ("SELECT max(rowid) FROM main.%s", quoted);
  if (sqlite3_prepare_v2 (self->db, last, -1, &self->stmt, NULL) == SQLITE_OK && sqlite3_step (self->stmt) == SQLITE_ROW)
    rows->total = (guint64) MAX (sqlite3_column_int64 (self->stmt, 0), 0);
  g_clear_pointer (&self->stmt, sqlite3_finalize);
  if (sqlite3_prepare_v2 (self->db, sql, -1, &self->stmt, NULL) != SQLITE_OK)
    return set_error (self, error), NULL;
  bv_rows_set_columns (rows, (guint) sqlite3_column_count (self->stmt), TRUE);
  self->declared = g_new0 (BvType, rows->n_columns + 1);
  for (guint i = 0; i < rows->n_columns; i++)
    {
      const char *name = sqlite3_column_name (self->stmt, (int) i);

      rows->names[i] = g_utf8_make_valid (name != NULL ? name : "", -1);
      self->declared[i] = declared_type (sqlite3_column_decltype (self->stmt, (int) i));
    }
  rows->next = sqlite_rows_next;
  return g_steal_pointer (&rows);
}
