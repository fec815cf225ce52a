/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Rows of a table to the encoder, read with sqlite3_step in one read transaction, so that they are those of one version. Cost: about 0.1 µs a cell,
 * most of it SQLite's.
 */
#include "config.h"

#include "bv-column-store.h"

#include <glib/gi18n-lib.h>

#define ROWS_BETWEEN_LOOKS 4096

static gboolean
read_version (sqlite3 *db, const char *table, guint64 *version, gint64 *n_rows, GError **error)
{
  sqlite3_stmt *statement = NULL;
  gboolean found = FALSE;

  if (sqlite3_prepare_v2 (db, "SELECT version, n_rows FROM bv_table WHERE name = ?", -1, &statement, NULL) == SQLITE_OK)
    {
      sqlite3_bind_text (statement, 1, table, -1, SQLITE_STATIC);
      if (sqlite3_step (statement) == SQLITE_ROW)
        {
          *version = (guint64) sqlite3_column_int64 (statement, 0);
          *n_rows = sqlite3_column_int64 (statement, 1);
          found = TRUE;
        }
    }
  sqlite3_finalize (statement);
  if (!found)
    g_set_error (error, BV_ERROR, BV_ERROR_NOT_FOUND, _("There is no table “%s”: import it or choose another"), table);
  return found;
}

/* SELECT of all columns of the catalogue, which the encoder gets too. */
static char *
make_select (sqlite3 *db, const char *table, BvEncoder *encoder, GError **error)
{
  sqlite3_stmt *statement = NULL;
  g_autoptr(GString) sql = g_string_new ("SELECT ");
  g_autofree char *quoted = bv_sql_quote (table);
  guint n = 0;

  if (sqlite3_prepare_v2 (db, "SELECT name, type FROM bv_column WHERE table_name = ? ORDER BY position", -1, &statement, NULL) == SQLITE_OK)
    {
      sqlite3_bind_text (statement, 1, table, -1, SQLITE_STATIC);
      while (sqlite3_step (statement) == SQLITE_ROW)
        {
          const char *name = (const char *) sqlite3_column_text (statement, 0);
          g_autofree char *column = bv_sql_quote (name);
          BvType type = BV_TYPE_NULL;

          bv_type_from_name ((const char *) sqlite3_column_text (statement, 1), &type);
          bv_encoder_add_column (encoder, name, type);
          g_string_append_printf (sql, "%s%s", n++ > 0 ? ", " : "", column);
        }
    }
  sqlite3_finalize (statement);
  if (n == 0)
    {
      g_set_error (error, BV_ERROR, BV_ERROR_NOT_FOUND, _("There is no table “%s”: import it or choose another"), table);
      return NULL;
    }
  g_string_append_printf (sql, " FROM %s NOT INDEXED", quoted);
  return g_string_free (g_steal_pointer (&sql), FALSE);
}

static gboolean
read_rows (sqlite3 *db, const char *sql, BvEncoder *encoder, GCancellable *cancellable, GError **error)
{
  sqlite3_stmt *statement = NULL;
  int status, n_columns;
  guint64 n = 0;

  if (sqlite3_prepare_v2 (db, sql, -1, &statement, NULL) != SQLITE_OK)
    return bv_sqlite_set_error (error, db, cancellable, _("The table could not be read"));
  n_columns = sqlite3_column_count (statement);
  while ((status = sqlite3_step (statement)) == SQLITE_ROW)
    {
      if (++n % ROWS_BETWEEN_LOOKS == 0 && g_cancellable_set_error_if_cancelled (cancellable, error))
        {
          sqlite3_finalize (statement);
          return FALSE;
        }
      for (int i = 0; i < n_columns; i++)
        switch (sqlite3_column_type (statement, i))
          {
          case SQLITE_INTEGER:
            bv_encoder_int (encoder, (guint) i, sqlite3_column_int64 (statement, i));
            break;
          case SQLITE_FLOAT:
            bv_encoder_double (encoder, (guint) i, sqlite3_column_double (statement, i));
            break;
          case SQLITE_TEXT:
          case SQLITE_BLOB:
            {
              const char *text = (const char *) sqlite3_column_text (statement, i);

              bv_encoder_text (encoder, (guint) i, text != NULL ? text : "", (gsize) sqlite3_column_bytes (statement, i));
              break;
            }
          case SQLITE_NULL:
          default:
            bv_encoder_null (encoder, (guint) i);
            break;
          }
    }
  if (status != SQLITE_DONE)
    bv_sqlite_set_error (error, db, cancellable, _("The table could not be read"));
  sqlite3_finalize (statement);
  return status == SQLITE_DONE;
}

BvEncodedTable *
bv_column_encode (BvProject *project, const char *table, BvCalendar *calendar, guint64 *version, GCancellable *cancellable, GError **error)
{
  sqlite3 *db = bv_project_borrow_reader (project, cancellable, error);
  g_autoptr(BvEncoder) encoder = NULL;
  g_autofree char *sql = NULL;
  gint64 n_rows = 0;
  gboolean ok = FALSE;

  if (db == NULL)
    return NULL;
  if (sqlite3_exec (db, "BEGIN", NULL, NULL, NULL) != SQLITE_OK)
    bv_sqlite_set_error (error, db, cancellable, _("The table could not be read"));
  else if (read_version (db, table, version, &n_rows, error))
    {
      if (n_rows >= (gint64) G_MAXUINT32)
        g_set_error (error, BV_ERROR, BV_ERROR_UNSUPPORTED, _("“%s” has too many rows for the column engine: use the executor “sqlite”"), table);
      else
        {
          encoder = bv_encoder_new (calendar, (guint64) MAX (n_rows, 0));
          sql = make_select (db, table, encoder, error);
          ok = sql != NULL && read_rows (db, sql, encoder, cancellable, error);
        }
    }
  bv_project_return_reader (project, db);
  return ok ? bv_encoder_finish (g_steal_pointer (&encoder)) : NULL;
}
