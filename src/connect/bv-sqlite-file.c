/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SQLite files as databases to read from.
 *
 * SQLite types cells, not columns, so a column's type is made of what was declared and of what the first rows hold: a column of
 * declared whole numbers with text in it is text. Dates have no type of their own there: text that looks like a date or a
 * timestamp in every row is one; numbers in columns declared as dates stay numbers, because nothing says what they count. Of long
 * tables a query over all rows confirms dates, and numbers that are not declared whole. Cells that do not fit the type come with
 * their exact text.
 *
 * The file is opened read-only and is never written, not even to recover it.
 */
#include "config.h"

#include "bv-database-private.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <sqlite3.h>
#include <string.h>

/* How many rows are looked at for types. */
#define SAMPLE_ROWS 5000
#define BUSY_MS 5000
/* Instructions of SQLite between two looks at the cancellable. */
#define STEPS 10000

typedef struct
{
  BvDatabase parent;
  sqlite3 *db;
  GCancellable *cancellable; /* (nullable): of the call that runs */
} BvSqliteFile;

typedef struct
{
  BvDbRows parent;
  sqlite3_stmt *stmt;
} BvSqliteFileRows;

G_DEFINE_AUTOPTR_CLEANUP_FUNC (sqlite3_stmt, sqlite3_finalize)

static gboolean
fail (BvSqliteFile *self, GError **error)
{
  int code = sqlite3_errcode (self->db) & 0xff;
  const char *words = sqlite3_errmsg (self->db);
  g_autofree char *name = g_filename_display_basename (self->parent.settings.database);

  if (g_cancellable_set_error_if_cancelled (self->cancellable, error))
    return FALSE;
  if (code == SQLITE_NOTADB || code == SQLITE_CORRUPT)
    g_set_error (error, BV_DB_ERROR, BV_DB_ERROR_DATABASE, _("“%s” is no SQLite file, or it is damaged: choose another"), name);
  else if (code == SQLITE_CANTOPEN || code == SQLITE_PERM || code == SQLITE_AUTH)
    g_set_error (error, BV_DB_ERROR, BV_DB_ERROR_PERMISSION, _("“%s” cannot be read: check that it exists and your rights"), name);
  else if (code == SQLITE_BUSY || code == SQLITE_LOCKED)
    g_set_error (error, BV_DB_ERROR, BV_DB_ERROR_BUSY, _("“%s” is being written by another program: try again later"), name);
  else if (g_str_has_prefix (words, "no such"))
    g_set_error (error, BV_DB_ERROR, BV_DB_ERROR_NOT_FOUND, _("“%s” does not hold what is asked for (“%s”): check the names"), name, words);
  else if (code == SQLITE_ERROR)
    g_set_error (error, BV_DB_ERROR, BV_DB_ERROR_SQL, _("SQLite does not take the SQL (“%s”): correct it"), words);
  else
    g_set_error (error, BV_DB_ERROR, BV_DB_ERROR_FAILED, _("“%s” cannot be read (“%s”): try again"), name, words);
  return FALSE;
}

static int
on_progress (void *data)
{
  return g_cancellable_is_cancelled (((BvSqliteFile *) data)->cancellable);
}

static sqlite3_stmt *
prepare (BvSqliteFile *self, const char *sql, GError **error)
{
  sqlite3_stmt *stmt = NULL;
  const char *rest = NULL;

  if (sqlite3_prepare_v2 (self->db, sql, -1, &stmt, &rest) != SQLITE_OK)
    {
      fail (self, error);
      return NULL;
    }
  if (stmt == NULL || !sqlite3_stmt_readonly (stmt) || (rest != NULL && rest[strspn (rest, " \t\r\n;")] != '\0'))
    {
      sqlite3_finalize (stmt);
      g_set_error (error, BV_DB_ERROR, BV_DB_ERROR_SQL, _("The SQL is not one query that reads rows: write one SELECT"));
      return NULL;
    }
  return stmt;
}

static void
sqlite_file_close (BvDatabase *db)
{
  BvSqliteFile *self = (BvSqliteFile *) db;

  sqlite3_close (self->db);
  bv_database_clear (db);
  g_free (self);
}

static BvDatabase *
sqlite_file_open (const BvDbSettings *settings, GCancellable *cancellable, GError **error)
{
  BvSqliteFile *self = g_new0 (BvSqliteFile, 1);
  const char *path = settings->database != NULL ? settings->database : "";

  bv_database_init (&self->parent, &bv_sqlite_file_class, settings);
  self->cancellable = cancellable;
  if (!g_file_test (path, G_FILE_TEST_IS_REGULAR))
    {
      g_set_error (error, BV_DB_ERROR, BV_DB_ERROR_DATABASE, _("There is no file “%s”: choose another"), path);
      sqlite_file_close (&self->parent);
      return NULL;
    }
  if (sqlite3_open_v2 (path, &self->db, SQLITE_OPEN_READONLY, NULL) != SQLITE_OK)
    goto failed;
  sqlite3_busy_timeout (self->db, BUSY_MS);
  sqlite3_db_config (self->db, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
  sqlite3_db_config (self->db, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, NULL);
  sqlite3_progress_handler (self->db, STEPS, on_progress, self);
  if (sqlite3_exec (self->db, "SELECT 1 FROM sqlite_schema LIMIT 1", NULL, NULL, NULL) != SQLITE_OK)
    goto failed;
  self->cancellable = NULL;
  self->parent.version = g_strdup_printf ("SQLite %s", sqlite3_libversion ());
  return &self->parent;

failed:
  fail (self, error);
  sqlite_file_close (&self->parent);
  return NULL;
}

/* --- What is there */

static GPtrArray *
sqlite_file_list_tables (BvDatabase *db, const char *schema, GCancellable *cancellable, GError **error)
{
  BvSqliteFile *self = (BvSqliteFile *) db;
  g_autoptr (sqlite3_stmt) stmt = NULL;
  g_autoptr (GPtrArray) tables = g_ptr_array_new_with_free_func ((GDestroyNotify) bv_db_table_free);

  self->cancellable = cancellable;
  stmt = prepare (self, "SELECT name, type = 'view' FROM sqlite_schema WHERE type IN ('table', 'view') AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' ORDER BY name",
                  error);
  if (stmt == NULL)
    return NULL;
  while (sqlite3_step (stmt) == SQLITE_ROW)
    {
      BvDbTable *table = g_new0 (BvDbTable, 1);

      table->name = g_strdup ((const char *) sqlite3_column_text (stmt, 0));
      table->kind = sqlite3_column_int (stmt, 1) != 0 ? BV_DB_VIEW : BV_DB_TABLE;
      table->readable = TRUE;
      table->n_rows = -1;
      g_ptr_array_add (tables, table);
    }
  if (sqlite3_errcode (self->db) != SQLITE_DONE && sqlite3_errcode (self->db) != SQLITE_OK)
    {
      fail (self, error);
      return NULL;
    }
  for (guint i = 0; i < tables->len; i++)
    {
      BvDbTable *table = tables->pdata[i];
      g_autoptr (GString) sql = g_string_new ("SELECT max(_rowid_) FROM ");
      sqlite3_stmt *last = NULL;

      /* The last row's number is at once there, and with few deletions it is the number of rows. */
      bv_db_append_name (db, sql, table->name);
      if (table->kind == BV_DB_TABLE && sqlite3_prepare_v2 (self->db, sql->str, -1, &last, NULL) == SQLITE_OK && sqlite3_step (last) == SQLITE_ROW)
        table->n_rows = sqlite3_column_int64 (last, 0);
      sqlite3_finalize (last);
    }
  return g_steal_pointer (&tables);
}

/* What the sample showed of a column. */
typedef struct
{
  guint n_int, n_real, n_text, n_blob;
  gboolean bools;      /* whole numbers are 0 and 1 */
  gboolean dates;      /* all text is a date */
  gboolean instants;   /* all text is a date or a timestamp */
} BvSample;

static void
look_at (BvSample *sample, sqlite3_stmt *stmt, int column)
{
  const char *text;
  gint64 i;
  gboolean local;
  int length;

  switch (sqlite3_column_type (stmt, column))
    {
    case SQLITE_INTEGER:
      i = sqlite3_column_int64 (stmt, column);
      sample->n_int++;
      sample->bools = sample->bools && (i == 0 || i == 1);
      break;
    case SQLITE_FLOAT:
      sample->n_real++;
      break;
    case SQLITE_TEXT:
      sample->n_text++;
      text = (const char *) sqlite3_column_text (stmt, column);
      length = sqlite3_column_bytes (stmt, column);
      if (bv_date_parse (text, length, &i))
        break;
      sample->dates = FALSE;
      sample->instants = sample->instants && bv_timestamp_parse (text, length, &i, &local);
      break;
    case SQLITE_BLOB:
      sample->n_blob++;
      break;
    default:
      break;
    }
}

static BvType
choose_type (const BvSample *sample, const char *declared)
{
  g_autofree char *upper = g_ascii_strup (declared, -1);
  gboolean numbers = sample->n_text == 0 && sample->n_blob == 0;
  gboolean empty = numbers && sample->n_int + sample->n_real == 0;

  if (strstr (upper, "BOOL") != NULL && numbers && sample->n_real == 0 && sample->bools)
    return BV_TYPE_BOOL;
  if (sample->n_text > 0 && sample->n_int + sample->n_real + sample->n_blob == 0)
    return sample->dates ? BV_TYPE_DATE : sample->instants ? BV_TYPE_TIMESTAMP : BV_TYPE_TEXT;
  if (empty)
    {
      if (strstr (upper, "DATETIME") != NULL || strstr (upper, "TIMESTAMP") != NULL)
        return BV_TYPE_TIMESTAMP;
      if (strstr (upper, "DATE") != NULL)
        return BV_TYPE_DATE;
    }
  if (!numbers)
    return BV_TYPE_TEXT;
  if (strstr (upper, "CHAR") != NULL || strstr (upper, "TEXT") != NULL || strstr (upper, "CLOB") != NULL)
    return BV_TYPE_TEXT;
  if (strstr (upper, "INT") != NULL)
    return sample->n_real > 0 ? BV_TYPE_DOUBLE : BV_TYPE_INT;
  if (strstr (upper, "REAL") != NULL || strstr (upper, "FLOA") != NULL || strstr (upper, "DOUB") != NULL || strchr (upper, ',') != NULL ||
      g_str_has_prefix (upper, "DEC"))
    return BV_TYPE_DOUBLE;
  if (empty)
    return strstr (upper, "NUM") != NULL ? BV_TYPE_DOUBLE : BV_TYPE_TEXT;
  return sample->n_real > 0 ? BV_TYPE_DOUBLE : BV_TYPE_INT;
}

/* Whole numbers only because the first ones were. */
static gboolean
may_have_fractions (const BvDbColumn *column)
{
  g_autofree char *upper = g_ascii_strup (column->native, -1);

  return column->type == BV_TYPE_INT && strstr (upper, "INT") == NULL;
}

/* Whether the sample's word on dates and whole numbers holds for all rows: by the form of their texts, and by what is stored. */
static gboolean
confirm (BvSqliteFile *self, GPtrArray *columns, const char *from, GError **error)
{
  g_autoptr (GString) sql = g_string_new ("SELECT ");
  g_autoptr (GPtrArray) asked = g_ptr_array_new ();
  g_autoptr (sqlite3_stmt) stmt = NULL;

  for (guint i = 0; i < columns->len; i++)
    {
      BvDbColumn *column = columns->pdata[i];

      if (!bv_type_is_time (column->type) && !may_have_fractions (column))
        continue;
      g_string_append (sql, asked->len > 0 ? ", total(" : "total(");
      g_string_append (sql, column->type == BV_TYPE_INT ? "typeof(q." : "q.");
      bv_db_append_name (&self->parent, sql, column->name);
      if (column->type == BV_TYPE_INT)
        g_string_append (sql, ") = 'real')");
      else
        g_string_append_printf (sql, " NOT GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]%s')", column->type == BV_TYPE_DATE ? "" : "*");
      g_ptr_array_add (asked, column);
    }
  if (asked->len == 0)
    return TRUE;
  g_string_append_printf (sql, " FROM %s", from);
  stmt = prepare (self, sql->str, error);
  if (stmt == NULL)
    return FALSE;
  if (sqlite3_step (stmt) != SQLITE_ROW)
    return fail (self, error);
  for (guint i = 0; i < asked->len; i++)
    if (sqlite3_column_double (stmt, (int) i) > 0)
      ((BvDbColumn *) asked->pdata[i])->type = ((BvDbColumn *) asked->pdata[i])->type == BV_TYPE_INT ? BV_TYPE_DOUBLE : BV_TYPE_TEXT;
  return TRUE;
}

/* The columns of @from, typed by a sample. */
static GPtrArray *
describe_from (BvSqliteFile *self, const char *from, GError **error)
{
  g_autofree char *sql = g_strdup_printf ("SELECT * FROM %s LIMIT %d", from, SAMPLE_ROWS);
  g_autoptr (sqlite3_stmt) stmt = prepare (self, sql, error);
  g_autoptr (GHashTable) names = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_autoptr (GPtrArray) columns = g_ptr_array_new_with_free_func ((GDestroyNotify) bv_db_column_free);
  g_autofree BvSample *samples = NULL;
  guint n_rows = 0;
  int n, state;

  if (stmt == NULL)
    return NULL;
  n = sqlite3_column_count (stmt);
  samples = g_new0 (BvSample, (gsize) n);
  for (int i = 0; i < n; i++)
    samples[i].bools = samples[i].dates = samples[i].instants = TRUE;
  for (; (state = sqlite3_step (stmt)) == SQLITE_ROW; n_rows++)
    for (int i = 0; i < n; i++)
      look_at (&samples[i], stmt, i);
  if (state != SQLITE_DONE)
    {
      fail (self, error);
      return NULL;
    }
  for (int i = 0; i < n; i++)
    {
      g_autofree char *name = bv_db_unique_name (names, sqlite3_column_name (stmt, i));
      const char *declared = sqlite3_column_decltype (stmt, i);

      declared = declared != NULL ? declared : "";
      g_ptr_array_add (columns, bv_db_column_new (name, declared, choose_type (&samples[i], declared), TRUE));
    }
  return n_rows < SAMPLE_ROWS || confirm (self, columns, from, error) ? g_steal_pointer (&columns) : NULL;
}

static GPtrArray *
sqlite_file_describe (BvDatabase *db, const char *sql, GCancellable *cancellable, GError **error)
{
  g_autofree char *from = g_strdup_printf ("(%s\n) AS q", sql);

  ((BvSqliteFile *) db)->cancellable = cancellable;
  return describe_from ((BvSqliteFile *) db, from, error);
}

static GPtrArray *
sqlite_file_list_columns (BvDatabase *db, const char *schema, const char *table, GCancellable *cancellable, GError **error)
{
  BvSqliteFile *self = (BvSqliteFile *) db;
  g_autoptr (GString) from = g_string_new (NULL);
  g_autoptr (GString) pragma = g_string_new ("PRAGMA table_info(");
  g_autoptr (GPtrArray) columns = NULL;
  g_autoptr (sqlite3_stmt) stmt = NULL;

  self->cancellable = cancellable;
  bv_db_append_name (db, from, table);
  g_string_append (from, " AS q");
  columns = describe_from (self, from->str, error);
  if (columns == NULL)
    return NULL;
  bv_db_append_name (db, pragma, table);
  g_string_append_c (pragma, ')');
  stmt = prepare (self, pragma->str, error);
  if (stmt == NULL)
    return NULL;
  while (sqlite3_step (stmt) == SQLITE_ROW)
    {
      BvDbColumn *column = bv_db_find_column (columns, (const char *) sqlite3_column_text (stmt, 1));

      if (column == NULL)
        continue;
      column->key = (guint) sqlite3_column_int (stmt, 5);
      column->nullable = sqlite3_column_int (stmt, 3) == 0 && !(column->key > 0 && column->type == BV_TYPE_INT);
    }
  return g_steal_pointer (&columns);
}

/* Stored times may have a "T", a zone or neither: a whole day less, as text, is before all of them. */
static char *
sqlite_file_literal (BvDatabase *db, const BvDbColumn *column, const BvValue *value)
{
  g_autofree char *text = NULL;
  char buf[BV_TIME_TEXT_MAX];

  switch (value->type)
    {
    case BV_TYPE_INT:
    case BV_TYPE_BOOL:
      return g_strdup_printf ("%" G_GINT64_FORMAT, value->i);
    case BV_TYPE_DATE:
      return g_strdup_printf ("'%s'", bv_date_to_text (value->i, buf));
    case BV_TYPE_TIMESTAMP:
      return g_strdup_printf ("'%s'", bv_date_to_text (bv_floor_div (value->i, BV_DAY_US) - 1, buf));
    case BV_TYPE_TEXT:
      return bv_db_quote_text (value->s, FALSE);
    case BV_TYPE_DOUBLE:
    case BV_TYPE_NULL:
    default:
      text = bv_value_to_plain (value);
      return *text != '\0' ? g_steal_pointer (&text) : g_strdup ("NULL");
    }
}

/* --- Rows */

static BvDbRows *
sqlite_file_query (BvDatabase *db, const BvDbQuery *query, GPtrArray *all, GPtrArray *picked, GCancellable *cancellable, GError **error)
{
  BvSqliteFile *self = (BvSqliteFile *) db;
  g_autoptr (GString) sql = g_string_new ("SELECT ");
  BvSqliteFileRows *rows = g_new0 (BvSqliteFileRows, 1);

  self->cancellable = cancellable;
  for (guint i = 0; i < picked->len; i++)
    {
      g_string_append (sql, i > 0 ? ", q." : "q.");
      bv_db_append_name (db, sql, ((BvDbColumn *) picked->pdata[i])->name);
    }
  if (query->table == NULL && query->columns == NULL)
    g_string_assign (sql, "SELECT *");
  g_string_append (sql, " FROM ");
  bv_db_append_from (db, sql, query, "q");
  bv_db_append_tail (db, sql, query, all, "q");
  bv_db_rows_init (&rows->parent, db, picked, cancellable);
  rows->stmt = prepare (self, sql->str, error);
  if (rows->stmt == NULL)
    {
      bv_db_rows_free (&rows->parent);
      return NULL;
    }
  return &rows->parent;
}

/* A whole number in a column of another type. */
static void
cell_int (BvDbBuilder *builder, guint column, BvType type, BvValue *cell, gint64 i)
{
  char text[24];
  int n = g_snprintf (text, sizeof text, "%" G_GINT64_FORMAT, i);

  if (type == BV_TYPE_INT)
    *cell = bv_value_int (i);
  else if (type == BV_TYPE_DOUBLE)
    bv_db_cell_decimal (builder, column, type, cell, text, (gsize) n);
  else
    bv_db_cell_parse (builder, column, type, cell, text, (gsize) n);
}

static void
cell_real (BvDbBuilder *builder, guint column, BvType type, BvValue *cell, double d)
{
  char text[G_ASCII_DTOSTR_BUF_SIZE];

  if (type == BV_TYPE_DOUBLE || !isfinite (d))
    bv_db_cell_double (builder, column, cell, d);
  else if (type == BV_TYPE_INT && d >= floor (d) && fabs (d) < 9007199254740992.0)
    *cell = bv_value_int ((gint64) d);
  else
    {
      bv_double_to_plain (d, text);
      bv_db_cell_parse (builder, column, type, cell, text, strlen (text));
    }
}

static gboolean
sqlite_file_next (BvDbRows *rows, gboolean *more, GError **error)
{
  BvSqliteFile *db = (BvSqliteFile *) rows->db;
  BvDbBuilder *builder = &rows->builder;
  sqlite3_stmt *stmt = ((BvSqliteFileRows *) rows)->stmt;

  db->cancellable = rows->cancellable;
  while (!bv_db_builder_is_full (builder))
    {
      int state = sqlite3_step (stmt);
      BvValue *row;

      if (state == SQLITE_DONE)
        {
          *more = FALSE;
          return TRUE;
        }
      if (state != SQLITE_ROW)
        return fail (db, error);
      row = bv_db_builder_add_row (builder);
      for (guint i = 0; i < builder->batch.n_columns; i++)
        {
          const char *text;

          switch (sqlite3_column_type (stmt, (int) i))
            {
            case SQLITE_INTEGER:
              cell_int (builder, i, rows->types[i], &row[i], sqlite3_column_int64 (stmt, (int) i));
              break;
            case SQLITE_FLOAT:
              cell_real (builder, i, rows->types[i], &row[i], sqlite3_column_double (stmt, (int) i));
              break;
            case SQLITE_TEXT:
              text = (const char *) sqlite3_column_text (stmt, (int) i);
              bv_db_cell_parse (builder, i, rows->types[i], &row[i], text, (gsize) sqlite3_column_bytes (stmt, (int) i));
              break;
            case SQLITE_BLOB:
              bv_db_cell_bytes (builder, &row[i], sqlite3_column_blob (stmt, (int) i), (gsize) sqlite3_column_bytes (stmt, (int) i));
              if (rows->types[i] != BV_TYPE_TEXT)
                {
                  bv_db_add_exact (builder, i, row[i].s, -1);
                  row[i] = BV_VALUE_NULL;
                }
              break;
            default:
              break;
            }
        }
    }
  return TRUE;
}

static void
sqlite_file_end (BvDbRows *rows)
{
  sqlite3_finalize (((BvSqliteFileRows *) rows)->stmt);
}

const BvDbClass bv_sqlite_file_class = {
  .open = sqlite_file_open,
  .close = sqlite_file_close,
  .list_tables = sqlite_file_list_tables,
  .list_columns = sqlite_file_list_columns,
  .describe = sqlite_file_describe,
  .query = sqlite_file_query,
  .next = sqlite_file_next,
  .end = sqlite_file_end,
  .quote = '"',
  .nulls_first = TRUE,
  .literal = sqlite_file_literal,
};
