/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "bv-source-private.h"

#include <stdarg.h>

static sqlite3_stmt *
prepare (sqlite3 *db, GError **error, const char *sql, const char *types, va_list args)
{
  sqlite3_stmt *stmt = NULL;

  if (sqlite3_prepare_v2 (db, sql, -1, &stmt, NULL) != SQLITE_OK)
    {
      bv_sqlite_set_error (error, db, NULL, NULL);
      return NULL;
    }
  for (int i = 0; types != NULL && types[i] != '\0'; i++)
    if (types[i] == 't')
      sqlite3_bind_text (stmt, i + 1, va_arg (args, const char *), -1, SQLITE_TRANSIENT);
    else
      sqlite3_bind_int64 (stmt, i + 1, va_arg (args, gint64));
  return stmt;
}

sqlite3_stmt *
bv_source_sql (sqlite3 *db, GError **error, const char *sql, const char *types, ...)
{
  sqlite3_stmt *stmt;
  va_list args;

  va_start (args, types);
  stmt = prepare (db, error, sql, types, args);
  va_end (args);
  return stmt;
}

gboolean
bv_source_sql_step (sqlite3_stmt *stmt, gboolean *row, GError **error)
{
  int code = sqlite3_step (stmt);

  *row = code == SQLITE_ROW;
  return code == SQLITE_ROW || code == SQLITE_DONE || bv_sqlite_set_error (error, sqlite3_db_handle (stmt), NULL, NULL);
}

gboolean
bv_source_sql_run (sqlite3 *db, GError **error, const char *sql, const char *types, ...)
{
  g_autoptr (BvSourceStmt) stmt = NULL;
  gboolean row = TRUE;
  va_list args;

  va_start (args, types);
  stmt = prepare (db, error, sql, types, args);
  va_end (args);
  while (stmt != NULL && row)
    if (!bv_source_sql_step (stmt, &row, error))
      return FALSE;
  return stmt != NULL;
}

gboolean
bv_source_sql_int (sqlite3 *db, GError **error, gint64 *value, const char *sql, const char *types, ...)
{
  g_autoptr (BvSourceStmt) stmt = NULL;
  gboolean row;
  va_list args;

  *value = 0;
  va_start (args, types);
  stmt = prepare (db, error, sql, types, args);
  va_end (args);
  if (stmt == NULL || !bv_source_sql_step (stmt, &row, error))
    return FALSE;
  if (row)
    *value = sqlite3_column_int64 (stmt, 0);
  return TRUE;
}

char *
bv_source_sql_text (sqlite3_stmt *stmt, int column)
{
  return g_strdup ((const char *) sqlite3_column_text (stmt, column));
}

void
bv_source_sql_bind (sqlite3_stmt *stmt, int parameter, const BvRowCell *cell)
{
  if (cell->type == BV_TYPE_INT)
    sqlite3_bind_int64 (stmt, parameter, cell->i);
  else if (cell->type == BV_TYPE_DOUBLE)
    sqlite3_bind_double (stmt, parameter, cell->d);
  else if (cell->type == BV_TYPE_TEXT)
    sqlite3_bind_text (stmt, parameter, cell->s, cell->length, SQLITE_TRANSIENT);
  else
    sqlite3_bind_null (stmt, parameter);
}
