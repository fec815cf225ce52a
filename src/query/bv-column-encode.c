/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Rows of a table to the encoder, read with sqlite3_step in one read transaction, so that they are those of one version. Cost: about 0.1 µs a cell,
 * most of it SQLite's.
 *
 * Larger tables are kept in $XDG_CACHE_HOME/belvedere/<project uuid>/<table>-<version>.bvc. What such a file was made from is written in it: project,
 * version, time of loading and number of rows (two copies of a project have the same uuid but load at different times), time zone, columns and
 * order of rows. A file that says anything else is not read. Of each table the newest file stays.
 */
#include "config.h"

#include "bv-column-store.h"
#include "bv-encoded-file.h"

#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>
#include <string.h>

#define ROWS_BETWEEN_LOOKS 4096
/* Smaller tables are encoded sooner than a file is read. */
#define MIN_FILE_ROWS 50000

typedef struct
{
  guint64 version;
  gint64 n_rows;
  gint64 loaded_at;
} Present;

static gboolean
read_present (sqlite3 *db, const char *table, Present *present, GError **error)
{
  sqlite3_stmt *statement = NULL;
  gboolean found = FALSE;

  if (sqlite3_prepare_v2 (db, "SELECT version, n_rows, loaded_at FROM bv_table WHERE name = ?", -1, &statement, NULL) == SQLITE_OK)
    {
      sqlite3_bind_text (statement, 1, table, -1, SQLITE_STATIC);
      if (sqlite3_step (statement) == SQLITE_ROW)
        {
          present->version = (guint64) sqlite3_column_int64 (statement, 0);
          present->n_rows = sqlite3_column_int64 (statement, 1);
          present->loaded_at = sqlite3_column_int64 (statement, 2);
          found = TRUE;
        }
    }
  sqlite3_finalize (statement);
  if (!found)
    g_set_error (error, BV_ERROR, BV_ERROR_NOT_FOUND, _("There is no table “%s”: import it or choose another"), table);
  return found;
}

/* SELECT of the row number and all columns of the catalogue, which the encoder gets too. */
static char *
make_select (sqlite3 *db, const char *table, BvEncoder *encoder, GError **error)
{
  static const char *const numbers[] = { "rowid", "_rowid_", "oid" }; /* of which a column may have taken the name */
  sqlite3_stmt *statement = NULL;
  g_autoptr(GString) sql = g_string_new (NULL);
  g_autofree char *quoted = bv_sql_quote (table);
  gboolean taken[G_N_ELEMENTS (numbers)] = { FALSE };
  guint n = 0, k = 0;

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
          g_string_append_printf (sql, ", %s", column);
          n++;
          for (guint i = 0; i < G_N_ELEMENTS (numbers); i++)
            taken[i] = taken[i] || g_ascii_strcasecmp (name, numbers[i]) == 0;
        }
    }
  sqlite3_finalize (statement);
  if (n == 0)
    {
      g_set_error (error, BV_ERROR, BV_ERROR_NOT_FOUND, _("There is no table “%s”: import it or choose another"), table);
      return NULL;
    }
  while (k < G_N_ELEMENTS (numbers) && taken[k])
    k++;
  if (k == G_N_ELEMENTS (numbers))
    {
      g_set_error (error, BV_ERROR, BV_ERROR_UNSUPPORTED, _("The columns of “%s” hide its row numbers: rename the column “rowid”"), table);
      return NULL;
    }
  g_string_prepend (sql, numbers[k]);
  g_string_prepend (sql, "SELECT ");
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
      bv_encoder_row (encoder, sqlite3_column_int64 (statement, 0));
      for (int i = 1; i < n_columns; i++)
        switch (sqlite3_column_type (statement, i))
          {
          case SQLITE_INTEGER:
            bv_encoder_int (encoder, (guint) i - 1, sqlite3_column_int64 (statement, i));
            break;
          case SQLITE_FLOAT:
            bv_encoder_double (encoder, (guint) i - 1, sqlite3_column_double (statement, i));
            break;
          case SQLITE_TEXT:
          case SQLITE_BLOB:
            {
              const char *text = (const char *) sqlite3_column_text (statement, i);

              bv_encoder_text (encoder, (guint) i - 1, text != NULL ? text : "", (gsize) sqlite3_column_bytes (statement, i));
              break;
            }
          case SQLITE_NULL:
          default:
            bv_encoder_null (encoder, (guint) i - 1);
            break;
          }
    }
  if (status != SQLITE_DONE)
    bv_sqlite_set_error (error, db, cancellable, _("The table could not be read"));
  sqlite3_finalize (statement);
  return status == SQLITE_DONE;
}

/* --- Files ------------------------------------------------------------------------------------------------------------------------- */

static char *
cache_folder (BvProject *project)
{
  return g_build_filename (g_get_user_cache_dir (), "belvedere", bv_project_get_uuid (project), NULL);
}

/* A table's name as the beginning of a file's. */
static char *
file_stem (const char *table)
{
  g_autofree char *lower = g_ascii_strdown (table, -1);
  g_autofree char *escaped = g_uri_escape_string (lower, " ", FALSE);
  g_autofree char *sum = NULL;

  if (strlen (escaped) <= 120)
    return g_strconcat (escaped, "-", NULL);
  sum = g_compute_checksum_for_string (G_CHECKSUM_SHA256, lower, -1);
  return g_strconcat (sum, "-", NULL);
}

static char *
cache_path (BvProject *project, const char *table, guint64 version)
{
  g_autofree char *folder = cache_folder (project);
  g_autofree char *stem = file_stem (table);
  g_autofree char *name = g_strdup_printf ("%s%" G_GUINT64_FORMAT ".bvc", stem, version);

  return g_build_filename (folder, name, NULL);
}

/* Whether @name is the stem, a number and the ending: another version of the table. */
static gboolean
is_version_of (const char *name, const char *stem)
{
  gsize length = strlen (stem);
  gsize digits;

  if (strncmp (name, stem, length) != 0)
    return FALSE;
  digits = strspn (name + length, "0123456789");
  return digits > 0 && g_str_has_prefix (name + length + digits, ".bvc");
}

static void
save (BvProject *project, const char *table, guint64 version, const char *identity, BvEncodedTable *encoded)
{
  g_autofree char *folder = cache_folder (project);
  g_autofree char *path = cache_path (project, table, version);
  g_autofree char *base = g_path_get_basename (path);
  g_autofree char *stem = file_stem (table);
  g_autoptr(GError) error = NULL;
  g_autoptr(GDir) dir = NULL;
  const char *name;

  if (g_mkdir_with_parents (folder, 0700) != 0 || !bv_encoded_table_save (encoded, path, identity, &error))
    {
      g_debug ("%s", error != NULL ? error->message : folder);
      return;
    }
  dir = g_dir_open (folder, 0, NULL);
  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *old = g_build_filename (folder, name, NULL);

      if (is_version_of (name, stem) && strcmp (name, base) != 0)
        g_unlink (old);
    }
}

BvEncodedTable *
bv_column_encode (BvProject *project, const char *table, BvCalendar *calendar, const char *order, guint64 *version, GCancellable *cancellable, GError **error)
{
  sqlite3 *db = bv_project_borrow_reader (project, cancellable, error);
  g_autoptr(BvEncoder) encoder = NULL;
  g_autofree char *sql = NULL;
  g_autofree char *identity = NULL;
  g_autofree char *path = NULL;
  Present present = { 0 };
  BvEncodedTable *encoded = NULL;
  gboolean ok = FALSE;

  if (db == NULL)
    return NULL;
  if (sqlite3_exec (db, "BEGIN", NULL, NULL, NULL) != SQLITE_OK)
    bv_sqlite_set_error (error, db, cancellable, _("The table could not be read"));
  else if (read_present (db, table, &present, error))
    {
      *version = present.version;
      if (present.n_rows >= (gint64) G_MAXUINT32)
        g_set_error (error, BV_ERROR, BV_ERROR_UNSUPPORTED, _("“%s” has too many rows for the column engine: use the executor “sqlite”"), table);
      else
        {
          encoder = bv_encoder_new (calendar, (guint64) MAX (present.n_rows, 0));
          bv_encoder_set_order (encoder, order);
          sql = make_select (db, table, encoder, error);
          if (sql != NULL && present.n_rows >= MIN_FILE_ROWS)
            {
              g_autofree char *columns = bv_encoder_describe (encoder);

              path = cache_path (project, table, present.version);
              identity = g_strdup_printf ("%s\n%s\n%" G_GUINT64_FORMAT " %" G_GINT64_FORMAT " %" G_GINT64_FORMAT "\n%s\n%s", bv_project_get_uuid (project), table,
                                          present.version, present.loaded_at, present.n_rows, bv_calendar_get_time_zone (calendar), columns);
              encoded = bv_encoded_table_load (path, identity);
            }
          ok = encoded == NULL && sql != NULL && read_rows (db, sql, encoder, cancellable, error);
        }
    }
  bv_project_return_reader (project, db);
  if (ok)
    {
      encoded = bv_encoder_finish (g_steal_pointer (&encoder));
      if (path != NULL)
        save (project, table, present.version, identity, encoded);
    }
  return encoded;
}
