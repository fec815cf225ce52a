/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Rows of a table to the encoder.
 *
 * The table is cut into ranges of row numbers, which threads take from a counter, each with a connection of its own. All of them read the same version of
 * the table, each in one read transaction; a thread that meets another version leaves its part to the others. Rows are handed over by an aggregate
 * function, bv_encode_cells (first column, row number or null, cells …): SQLite then calls us once a row with its values in place, where sqlite3_step() and
 * the calls for each cell would cost twice as much. The file is read, not mapped, so that its pages do not count as memory of the process.
 *
 * Larger tables are kept in files (bv-column-cache.c), which name what they were made from: project, version, time of loading and number of rows (two copies
 * of a project have the same uuid but load at different times), time zone, columns and order of rows. A file that says anything else is not read.
 *
 * Where rows were only added since a version whose file is there (bv_table_list_ancestors), that file is the beginning of the new table, and only the rows
 * after it are read. The result is the same to the byte as that of reading everything.
 *
 * Cost: 50 ns a cell and thread, most of it SQLite's; 10 ns a cell that comes from a file.
 */
#include "config.h"

#include "bv-column-cache.h"
#include "bv-column-store.h"
#include "bv-encoder.h"
#include "bv-scan.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#define PIECE_ROWS 65536
/* A function of SQLite takes 100 arguments at least; two are ours. */
#define CELLS_AT_A_TIME 90
#define FUNCTION "bv_encode_cells"

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

static void
return_reader (BvProject *project, sqlite3 *db)
{
  sqlite3_exec (db, "ROLLBACK; PRAGMA mmap_size = 536870912", NULL, NULL, NULL);
  bv_project_return_reader (project, db);
}

/* The columns of the catalogue, which the encoder gets too, in calls of the function over a range of rows. @bounds: (out): asks for the least row number
 * from one on, and for the greatest. */
static char *
make_select (sqlite3 *db, const char *table, BvEncoder *encoder, char **bounds, GError **error)
{
  static const char *const numbers[] = { "rowid", "_rowid_", "oid" }; /* of which a column may have taken the name */
  sqlite3_stmt *statement = NULL;
  g_autoptr(GString) sql = g_string_new ("SELECT ");
  g_autoptr(GPtrArray) columns = g_ptr_array_new_with_free_func (g_free);
  g_autofree char *quoted = bv_sql_quote (table);
  gboolean taken[G_N_ELEMENTS (numbers)] = { FALSE };
  guint k = 0;

  if (sqlite3_prepare_v2 (db, "SELECT name, type FROM bv_column WHERE table_name = ? ORDER BY position", -1, &statement, NULL) == SQLITE_OK)
    {
      sqlite3_bind_text (statement, 1, table, -1, SQLITE_STATIC);
      while (sqlite3_step (statement) == SQLITE_ROW)
        {
          const char *name = (const char *) sqlite3_column_text (statement, 0);
          BvType type = BV_TYPE_NULL;

          bv_type_from_name ((const char *) sqlite3_column_text (statement, 1), &type);
          bv_encoder_add_column (encoder, name, type);
          g_ptr_array_add (columns, bv_sql_quote (name));
          for (guint i = 0; i < G_N_ELEMENTS (numbers); i++)
            taken[i] = taken[i] || g_ascii_strcasecmp (name, numbers[i]) == 0;
        }
    }
  sqlite3_finalize (statement);
  if (columns->len == 0)
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
  for (guint i = 0; i < columns->len; i++)
    {
      if (i % CELLS_AT_A_TIME == 0)
        g_string_append_printf (sql, "%s" FUNCTION " (%u, %s", i > 0 ? "), " : "", i, i == 0 ? numbers[k] : "NULL");
      g_string_append_printf (sql, ", %s", (char *) columns->pdata[i]);
    }
  g_string_append_printf (sql, ") FROM %s NOT INDEXED WHERE %s BETWEEN ?1 AND ?2", quoted, numbers[k]);
  *bounds = g_strdup_printf ("SELECT (SELECT min (%s) FROM %s WHERE %s >= ?1), max (%s) FROM %s", numbers[k], quoted, numbers[k], numbers[k], quoted);
  return g_string_free (g_steal_pointer (&sql), FALSE);
}

/* --- Reading ---------------------------------------------------------------------------------------------------------------------- */

typedef struct
{
  BvProject *project;
  const char *table;
  const char *sql;
  Present present;
  BvEncoder *encoder;
  guint64 n_kept;       /* pieces that are there already */
  guint64 n_kept_rows;
  gint64 from;          /* the least row number that is not in them */
  gint64 first, last;   /* row numbers */
  guint64 n_rows;       /* to be read */
  guint64 step;         /* of them in a piece */
  guint64 n_pieces;
  guint64 next;
  BvColumnProgress *progress; /* (nullable) */
  GCancellable *cancellable;
  GMutex mutex;
  GError *error;        /* the first */
} Reading;

typedef struct
{
  Reading *reading;
  BvEncoderFeed *feed;
  sqlite3 *db;          /* (nullable): borrowed when needed */
} Reader;

static void
take_cells (sqlite3_context *context, int n, sqlite3_value **values)
{
  BvEncoderFeed *feed = sqlite3_user_data (context);
  guint column = (guint) sqlite3_value_int (values[0]);

  if (column == 0)
    bv_encoder_row (feed, sqlite3_value_int64 (values[1]));
  for (int i = 2; i < n; i++, column++)
    switch (sqlite3_value_type (values[i]))
      {
      case SQLITE_INTEGER:
        bv_encoder_int (feed, column, sqlite3_value_int64 (values[i]));
        break;
      case SQLITE_FLOAT:
        bv_encoder_double (feed, column, sqlite3_value_double (values[i]));
        break;
      case SQLITE_TEXT:
        {
          const char *text = (const char *) sqlite3_value_text (values[i]);

          bv_encoder_text (feed, column, text != NULL ? text : "", (gsize) sqlite3_value_bytes (values[i]));
          break;
        }
      case SQLITE_BLOB:
        /* No type of ours: what is no text makes the column unsound. */
        bv_encoder_text (feed, column, "\xff", 1);
        break;
      case SQLITE_NULL:
      default:
        bv_encoder_null (feed, column);
        break;
      }
}

static void
end_cells (sqlite3_context *context)
{
  sqlite3_result_null (context);
}

static void
fail (Reading *reading, GError *error)
{
  g_mutex_lock (&reading->mutex);
  if (reading->error == NULL)
    reading->error = error;
  else
    g_error_free (error);
  g_mutex_unlock (&reading->mutex);
  __atomic_store_n (&reading->next, reading->n_pieces, __ATOMIC_RELAXED);
}

static void
read_pieces (Reader *self)
{
  Reading *reading = self->reading;
  sqlite3_stmt *statement = NULL;
  GError *error = NULL;
  guint64 piece;
  gboolean ok = TRUE;

  if (sqlite3_create_function (self->db, FUNCTION, -1, SQLITE_UTF8 | SQLITE_DIRECTONLY, self->feed, NULL, take_cells, end_cells) != SQLITE_OK ||
      sqlite3_prepare_v2 (self->db, reading->sql, -1, &statement, NULL) != SQLITE_OK)
    ok = FALSE;
  while (ok && (piece = __atomic_fetch_add (&reading->next, 1, __ATOMIC_RELAXED)) < reading->n_pieces)
    {
      gint64 first = (gint64) ((guint64) reading->first + piece * reading->step);
      guint64 rest = (guint64) reading->last - (guint64) first;

      bv_encoder_begin (self->feed, reading->n_kept + piece, PIECE_ROWS);
      sqlite3_bind_int64 (statement, 1, first);
      sqlite3_bind_int64 (statement, 2, (gint64) ((guint64) first + MIN (rest, reading->step - 1)));
      while (sqlite3_step (statement) == SQLITE_ROW)
        ;
      ok = sqlite3_reset (statement) == SQLITE_OK && !g_cancellable_is_cancelled (reading->cancellable);
      if (ok)
        bv_encoder_end (self->feed);
      if (reading->progress != NULL)
        __atomic_fetch_add (&reading->progress->n_done, reading->n_rows / reading->n_pieces, __ATOMIC_RELAXED);
    }
  if (!ok)
    {
      if (!g_cancellable_set_error_if_cancelled (reading->cancellable, &error))
        bv_sqlite_set_error (&error, self->db, reading->cancellable, _("The table could not be read"));
      fail (reading, error);
    }
  sqlite3_finalize (statement);
  sqlite3_create_function (self->db, FUNCTION, -1, SQLITE_UTF8, NULL, NULL, NULL, NULL);
}

static void
run_reader (gpointer data, guint64 i)
{
  Reader *self = &((Reader *) data)[i];
  Reading *reading = self->reading;
  Present present;

  if (self->db != NULL)
    {
      read_pieces (self);
      return;
    }
  self->db = bv_project_borrow_reader (reading->project, reading->cancellable, NULL);
  if (self->db == NULL)
    return;
  sqlite3_exec (self->db, "PRAGMA mmap_size = 0", NULL, NULL, NULL);
  if (sqlite3_exec (self->db, "BEGIN", NULL, NULL, NULL) == SQLITE_OK && read_present (self->db, reading->table, &present, NULL) &&
      present.version == reading->present.version && present.n_rows == reading->present.n_rows && present.loaded_at == reading->present.loaded_at)
    read_pieces (self);
  return_reader (reading->project, self->db);
}

static gboolean
read_rows (Reading *reading, sqlite3 *db, BvEncoderFeed *feed, const char *bounds, GError **error)
{
  guint n_threads = bv_scan_get_threads ();
  g_autofree Reader *readers = g_new0 (Reader, n_threads);
  sqlite3_stmt *statement = NULL;
  guint64 span;

  if (sqlite3_prepare_v2 (db, bounds, -1, &statement, NULL) == SQLITE_OK && sqlite3_bind_int64 (statement, 1, reading->from) == SQLITE_OK &&
      sqlite3_step (statement) == SQLITE_ROW && sqlite3_column_type (statement, 0) == SQLITE_INTEGER)
    {
      reading->first = sqlite3_column_int64 (statement, 0);
      reading->last = sqlite3_column_int64 (statement, 1);
      span = (guint64) reading->last - (guint64) reading->first;
      /* Where row numbers are far apart, so are the ends of a piece. */
      reading->n_rows = (guint64) MAX (reading->present.n_rows - (gint64) reading->n_kept_rows, 0);
      reading->step = PIECE_ROWS * MAX (span / MAX (reading->n_rows, 1), 1);
      reading->n_pieces = span / reading->step + 1;
    }
  if (sqlite3_finalize (statement) != SQLITE_OK)
    return bv_sqlite_set_error (error, db, reading->cancellable, _("The table could not be read"));
  n_threads = (guint) CLAMP (reading->n_pieces, 1, n_threads);
  for (guint t = 0; t < n_threads; t++)
    readers[t] = (Reader){ reading, t == 0 ? feed : bv_encoder_new_feed (reading->encoder), t == 0 ? db : NULL };
  g_mutex_init (&reading->mutex);
  bv_encode_parallel (n_threads, n_threads, run_reader, readers);
  g_mutex_clear (&reading->mutex);
  if (reading->error != NULL)
    g_propagate_error (error, reading->error);
  return reading->error == NULL;
}

/* --- All of it -------------------------------------------------------------------------------------------------------------------- */

/* What a file of the table, as it was when @present, says of itself. (transfer full) */
static char *
make_identity (BvProject *project, const char *table, const Present *present, BvCalendar *calendar, BvEncoder *encoder)
{
  g_autofree char *columns = bv_encoder_describe (encoder);

  return bv_column_cache_identity (project, table, present->version, present->loaded_at, present->n_rows, calendar, columns);
}

/* Where rows have only been added since a version whose file is there, its rows are taken from that. */
static void
keep_rows (Reading *self, sqlite3 *db, BvEncoderFeed *feed, BvCalendar *calendar)
{
  g_autoptr(GArray) ancestors = bv_table_list_ancestors (db, self->table, self->present.version);

  for (guint i = 0; i < ancestors->len; i++)
    {
      const BvTableAncestor *ancestor = &g_array_index (ancestors, BvTableAncestor, i);
      Present then = { ancestor->version, ancestor->n_rows, ancestor->loaded_at };
      g_autofree char *identity = make_identity (self->project, self->table, &then, calendar, self->encoder);
      g_autoptr(BvEncodedTable) old = bv_column_cache_load (self->project, self->table, ancestor->version, identity);

      if (old == NULL || old->n_rows != (guint64) ancestor->n_rows || !bv_encoded_table_verify_all (old))
        continue;
      self->n_kept = bv_encoder_add_table (feed, 0, old);
      self->n_kept_rows = old->n_rows;
      self->from = ancestor->last_row + 1;
      if (self->progress != NULL)
        {
          self->progress->n_kept = old->n_rows;
          __atomic_fetch_add (&self->progress->n_done, old->n_rows, __ATOMIC_RELAXED);
        }
      return;
    }
}

/* @keep: whether rows may come from the file of an older version. */
static BvEncodedTable *
encode (BvProject *project, const char *table, BvCalendar *calendar, const char *order, gboolean keep, guint64 *version, BvColumnProgress *progress,
        char **problem, GCancellable *cancellable, GError **error)
{
  sqlite3 *db = bv_project_borrow_reader (project, cancellable, error);
  g_autoptr(BvEncoder) encoder = NULL;
  g_autofree char *sql = NULL;
  g_autofree char *bounds = NULL;
  g_autofree char *identity = NULL;
  g_autoptr(GError) unsaved = NULL;
  Reading reading = { project, table, .from = G_MININT64, .progress = progress, .cancellable = cancellable };
  BvEncodedTable *encoded = NULL;
  gboolean ok = FALSE;

  if (db == NULL)
    return NULL;
  sqlite3_exec (db, "PRAGMA mmap_size = 0", NULL, NULL, NULL);
  if (sqlite3_exec (db, "BEGIN", NULL, NULL, NULL) != SQLITE_OK)
    bv_sqlite_set_error (error, db, cancellable, _("The table could not be read"));
  else if (read_present (db, table, &reading.present, error))
    {
      *version = reading.present.version;
      if (progress != NULL)
        {
          __atomic_store_n (&progress->n_rows, (guint64) MAX (reading.present.n_rows, 0), __ATOMIC_RELAXED);
          __atomic_store_n (&progress->n_done, 0, __ATOMIC_RELAXED);
        }
      if (reading.present.n_rows >= (gint64) G_MAXUINT32)
        g_set_error (error, BV_ERROR, BV_ERROR_UNSUPPORTED, _("“%s” has too many rows for the column engine: use the executor “sqlite”"), table);
      else
        {
          reading.encoder = encoder = bv_encoder_new (calendar);
          bv_encoder_set_order (encoder, order);
          reading.sql = sql = make_select (db, table, encoder, &bounds, error);
          if (sql != NULL && reading.present.n_rows >= bv_column_cache_get_min_rows ())
            {
              identity = make_identity (project, table, &reading.present, calendar, encoder);
              encoded = bv_column_cache_load (project, table, *version, identity);
            }
          if (encoded == NULL && sql != NULL)
            {
              BvEncoderFeed *feed = bv_encoder_new_feed (encoder);

              if (identity != NULL && keep)
                keep_rows (&reading, db, feed, calendar);
              ok = read_rows (&reading, db, feed, bounds, error);
            }
        }
    }
  return_reader (project, db);
  if (!ok)
    return encoded;
  encoded = bv_encoder_finish (g_steal_pointer (&encoder), bv_scan_get_threads (), cancellable);
  if (encoded == NULL)
    g_cancellable_set_error_if_cancelled (cancellable, error);
  else if (reading.n_kept > 0 && encoded->n_rows != (guint64) reading.present.n_rows)
    {
      /* What was said of the older version cannot have been so. */
      g_clear_pointer (&encoded, bv_encoded_table_unref);
      return encode (project, table, calendar, order, FALSE, version, progress, problem, cancellable, error);
    }
  else if (identity != NULL && !bv_column_cache_save (project, table, *version, identity, encoded, &unsaved) && problem != NULL)
    *problem = g_strdup (unsaved->message);
  return encoded;
}

BvEncodedTable *
bv_column_encode (BvProject *project, const char *table, BvCalendar *calendar, const char *order, guint64 *version,
                  BvColumnProgress *progress, char **problem, GCancellable *cancellable, GError **error)
{
  return encode (project, table, calendar, order, TRUE, version, progress, problem, cancellable, error);
}
