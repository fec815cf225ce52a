/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Small helpers around SQLite: bound statements in one line, and its errors in our words. */
#include "config.h"

#include "bv-project-private.h"

#include <glib/gi18n-lib.h>
#include <stdarg.h>

char *
bv_sql_quote (const char *name)
{
  GString *s = g_string_new ("\"");

  for (const char *p = name; *p != '\0'; p++)
    {
      if (*p == '"')
        g_string_append_c (s, '"');
      g_string_append_c (s, *p);
    }
  g_string_append_c (s, '"');
  return g_string_free (s, FALSE);
}

gboolean
bv_sqlite_set_error (GError **error, sqlite3 *db, GCancellable *cancellable, const char *what)
{
  int code = db != NULL ? sqlite3_extended_errcode (db) : SQLITE_NOMEM;
  const char *message = db != NULL ? sqlite3_errmsg (db) : sqlite3_errstr (code);

  switch (code & 0xff)
    {
    case SQLITE_INTERRUPT:
      /* Only the progress handler of a reader's cancellable interrupts. */
      if (!g_cancellable_set_error_if_cancelled (cancellable, error))
        g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_CANCELLED, _("The work was cancelled"));
      break;
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
      g_set_error (error, BV_ERROR, BV_ERROR_CORRUPT,
                   _("The project file is damaged (%s): restore a copy of it"), message);
      break;
    case SQLITE_FULL:
      g_set_error (error, BV_ERROR, BV_ERROR_FAILED, _("The disk is full: make room and try again"));
      break;
    case SQLITE_READONLY:
      g_set_error (error, BV_ERROR, BV_ERROR_READ_ONLY,
                   _("The project file cannot be written (%s): check its permissions"), message);
      break;
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
      g_set_error (error, BV_ERROR, BV_ERROR_FAILED,
                   _("Another program is using the project file: close it there and try again"));
      break;
    case SQLITE_IOERR:
      g_set_error (error, BV_ERROR, BV_ERROR_FAILED,
                   _("The project file cannot be read or written (%s): check the disk"), message);
      break;
    default:
      if (what != NULL)
        g_set_error (error, BV_ERROR, BV_ERROR_FAILED, "%s: %s", what, message);
      else
        g_set_error_literal (error, BV_ERROR, BV_ERROR_FAILED, message);
      break;
    }
  return FALSE;
}

static sqlite3_stmt *
prepare_valist (sqlite3 *db, GError **error, const char *sql, const char *types, va_list args)
{
  sqlite3_stmt *stmt = NULL;

  if (sqlite3_prepare_v2 (db, sql, -1, &stmt, NULL) != SQLITE_OK)
    {
      bv_sqlite_set_error (error, db, NULL, NULL);
      return NULL;
    }
  for (int i = 0; types != NULL && types[i] != '\0'; i++)
    switch (types[i])
      {
      case 't':
        sqlite3_bind_text (stmt, i + 1, va_arg (args, const char *), -1, SQLITE_TRANSIENT);
        break;
      case 'i':
        sqlite3_bind_int64 (stmt, i + 1, va_arg (args, gint64));
        break;
      case 'd':
        sqlite3_bind_double (stmt, i + 1, va_arg (args, double));
        break;
      default:
        g_assert_not_reached ();
      }
  return stmt;
}

sqlite3_stmt *
bv_sql_prepare (sqlite3 *db, GError **error, const char *sql, const char *types, ...)
{
  sqlite3_stmt *stmt;
  va_list args;

  va_start (args, types);
  stmt = prepare_valist (db, error, sql, types, args);
  va_end (args);
  return stmt;
}

gboolean
bv_sql_step (sqlite3_stmt *stmt, gboolean *row, GError **error)
{
  int code = sqlite3_step (stmt);

  *row = code == SQLITE_ROW;
  if (code == SQLITE_ROW || code == SQLITE_DONE)
    return TRUE;
  return bv_sqlite_set_error (error, sqlite3_db_handle (stmt), NULL, NULL);
}

gboolean
bv_sql_run (sqlite3 *db, GError **error, const char *sql, const char *types, ...)
{
  g_autoptr (BvStmt) stmt = NULL;
  gboolean row = TRUE;
  va_list args;

  va_start (args, types);
  stmt = prepare_valist (db, error, sql, types, args);
  va_end (args);
  if (stmt == NULL)
    return FALSE;
  while (row)
    if (!bv_sql_step (stmt, &row, error))
      return FALSE;
  return TRUE;
}

gboolean
bv_sql_exec (sqlite3 *db, GError **error, const char *sql)
{
  if (sqlite3_exec (db, sql, NULL, NULL, NULL) != SQLITE_OK)
    return bv_sqlite_set_error (error, db, NULL, NULL);
  return TRUE;
}

gboolean
bv_sql_get_int (sqlite3 *db, GError **error, gint64 *value, const char *sql, const char *types, ...)
{
  g_autoptr (BvStmt) stmt = NULL;
  gboolean row;
  va_list args;

  *value = 0;
  va_start (args, types);
  stmt = prepare_valist (db, error, sql, types, args);
  va_end (args);
  if (stmt == NULL || !bv_sql_step (stmt, &row, error))
    return FALSE;
  if (row)
    *value = sqlite3_column_int64 (stmt, 0);
  return TRUE;
}

char *
bv_sql_dup (sqlite3_stmt *stmt, int column)
{
  return g_strdup ((const char *) sqlite3_column_text (stmt, column));
}

char *
bv_sql_json_array (const char *const *strv)
{
  GString *s = g_string_new ("[");

  for (guint i = 0; strv[i] != NULL; i++)
    {
      g_string_append (s, i > 0 ? ",\"" : "\"");
      for (const char *p = strv[i]; *p != '\0'; p++)
        {
          if (*p == '"' || *p == '\\')
            g_string_append_printf (s, "\\%c", *p);
          else if ((guchar) *p < 0x20)
            g_string_append_printf (s, "\\u%04x", (guint) (guchar) *p);
          else
            g_string_append_c (s, *p);
        }
      g_string_append_c (s, '"');
    }
  g_string_append_c (s, ']');
  return g_string_free (s, FALSE);
}

const char *
bv_sql_rowid (sqlite3 *db, const char *table, const char *other, GError **error)
{
  static const char *const names[] = { "rowid", "_rowid_", "oid" };

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      gint64 taken;

      if (!bv_sql_get_int (db, error, &taken,
                           "SELECT count(*) FROM (SELECT name FROM pragma_table_info(?1) UNION ALL SELECT name FROM pragma_table_info(?2))"
                           " WHERE name = ?3 COLLATE NOCASE", "ttt", table, other, names[i]))
        return NULL;
      if (taken == 0)
        return names[i];
    }
  g_set_error (error, BV_ERROR, BV_ERROR_UNSUPPORTED, _("The columns of “%s” hide its row numbers: rename the column “rowid”"),
               other != NULL ? other : table);
  return NULL;
}

/* Some errors (a full disk) have ended the transaction already. */
void
bv_sql_rollback (sqlite3 *db)
{
  if (!sqlite3_get_autocommit (db))
    sqlite3_exec (db, "ROLLBACK", NULL, NULL, NULL);
}

void
bv_sql_close (sqlite3 *db)
{
  if (db != NULL)
    sqlite3_close_v2 (db);
}

const char *
bv_sql_storage (BvType type)
{
  switch (type)
    {
    case BV_TYPE_BOOL:
    case BV_TYPE_INT:
      return "INTEGER";
    case BV_TYPE_DOUBLE:
      return "REAL";
    case BV_TYPE_TEXT:
    case BV_TYPE_DATE:
    case BV_TYPE_TIMESTAMP:
    case BV_TYPE_NULL:
    default:
      return "TEXT";
    }
}
