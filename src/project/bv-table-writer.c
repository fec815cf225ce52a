/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Filling tables with rows.
 *
 * Protocol: new, then for each table begin, append…, end; then commit or abort. All of it is one transaction and one undo
 * step. The first error poisons the writer: what follows fails too, and commit aborts.
 *
 * Rows go into a table of their own, named so that the journal finds it as the version not in use (bv-journal.c); at the end
 * it trades places with the old version. With a key, the rows read are only the news: the last row of each key stays, and a
 * second table is made from the old rows, with the news in the place of those they replace, and the news that are left.
 *
 * Speed: a row costs one bind per cell. Rows are gathered, up to 100 of them, into one INSERT with many VALUES, prepared
 * once; texts are copied into one arena that is emptied with the batch.
 */
#include "config.h"

#include "bv-project-private.h"
#include "bv-time.h"

#include <glib/gi18n-lib.h>
#include <inttypes.h>
#include <math.h>
#include <string.h>

#define BATCH_ROWS 100
/* SQLite's default; Debian's allows more. */
#define MAX_VARIABLES 32766
/* SQLITE_MAX_COLUMN */
#define MAX_COLUMNS 2000
/* A batch is written early when its texts take more than this. */
#define ARENA_SIZE (4 * 1024 * 1024)
/* What SQLite takes in a row (SQLITE_MAX_LENGTH). */
#define MAX_TEXT 1000000000

typedef struct
{
  BvType type; /* as bound: NULL, INT, DOUBLE or TEXT */
  int length;
  union
  {
    gint64 i;
    double d;
    gsize offset;    /* into the arena */
  };
} BvCell;

typedef struct
{
  char *name;
  BvType type;      /* of the table that comes out */
  BvType old_type;  /* of the existing table's column, NULL when it has none */
  int input;        /* index of the caller's column, or -1 */
} BvMerged;

struct _BvTableWriter
{
  BvStep step;
  GError *failed;
  gboolean filling;

  char *name;
  char *staging;
  char *source;
  char *origin;
  char **key;
  BvTableInfo *old; /* (nullable) */
  GArray *merged;   /* BvMerged */
  guint n_inputs;
  BvType *targets;  /* per input: the merged type */
  sqlite3_stmt *many;
  sqlite3_stmt *one;
  guint batch_rows;
  guint n_batched;
  BvCell *cells;
  GByteArray *arena;
  gint64 n_rows;
};

static void
merged_clear (gpointer data)
{
  g_free (((BvMerged *) data)->name);
}

static void
clear_table (BvTableWriter *self)
{
  self->filling = FALSE;
  g_clear_pointer (&self->name, g_free);
  g_clear_pointer (&self->staging, g_free);
  g_clear_pointer (&self->source, g_free);
  g_clear_pointer (&self->origin, g_free);
  g_clear_pointer (&self->key, g_strfreev);
  g_clear_pointer (&self->old, bv_table_info_free);
  g_clear_pointer (&self->merged, g_array_unref);
  g_clear_pointer (&self->targets, g_free);
  g_clear_pointer (&self->many, sqlite3_finalize);
  g_clear_pointer (&self->one, sqlite3_finalize);
  g_clear_pointer (&self->cells, g_free);
  self->n_batched = 0;
  self->n_rows = 0;
  g_byte_array_set_size (self->arena, 0);
}

static void
writer_free (BvTableWriter *self)
{
  clear_table (self);
  g_byte_array_unref (self->arena);
  g_clear_error (&self->failed);
  bv_project_unref (self->step.project);
  g_free (self);
}

/* Remembers the first error. Always FALSE. */
static gboolean
poison (BvTableWriter *self, GError *problem, GError **error)
{
  if (self->failed == NULL)
    self->failed = g_error_copy (problem);
  g_propagate_error (error, problem);
  return FALSE;
}

static gboolean
is_usable (BvTableWriter *self, GError **error)
{
  if (self->failed != NULL && error != NULL)
    *error = g_error_copy (self->failed);
  return self->failed == NULL;
}

BvTableWriter *
bv_table_writer_new (BvProject *project, GError **error)
{
  BvTableWriter *self;

  g_return_val_if_fail (project != NULL, NULL);

  self = g_new0 (BvTableWriter, 1);
  if (!bv_step_begin (&self->step, project, -1, error))
    {
      g_free (self);
      return NULL;
    }
  bv_project_ref (project);
  self->arena = g_byte_array_new ();
  return self;
}

void
bv_table_writer_abort (BvTableWriter *self)
{
  if (self == NULL)
    return;
  clear_table (self);
  bv_step_rollback (&self->step);
  writer_free (self);
}

static const char *
storage_of (BvType type)
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

/* The type of a column that was @old and gets rows of type @new_type. Where the old rows go (@replace), only a number
 * keeps its fraction: the report that averages it should not change with the file of the day. */
static BvType
wider_type (BvType old, BvType new_type, gboolean replace)
{
  if (old == BV_TYPE_NULL || old == new_type)
    return new_type;
  if (bv_type_is_numeric (old) && bv_type_is_numeric (new_type))
    return BV_TYPE_DOUBLE;
  return replace ? new_type : BV_TYPE_TEXT;
}

static gboolean
check_columns (const BvTableColumn *columns, guint n_columns, GError **error)
{
  g_autoptr (GHashTable) seen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);

  if (n_columns == 0)
    {
      g_set_error (error, BV_ERROR, BV_ERROR_INVALID, _("A table needs a column: choose at least one"));
      return FALSE;
    }
  for (guint i = 0; i < n_columns; i++)
    {
      const char *name = columns[i].name;

      if (name == NULL || *name == '\0' || !g_utf8_validate (name, -1, NULL))
        {
          g_set_error (error, BV_ERROR, BV_ERROR_INVALID, _("Column %u has no valid name: enter one"), i + 1);
          return FALSE;
        }
      if (!g_hash_table_add (seen, g_ascii_strdown (name, -1)))
        {
          g_set_error (error, BV_ERROR, BV_ERROR_EXISTS, _("There are two columns “%s”: rename one of them"), name);
          return FALSE;
        }
    }
  return TRUE;
}

static int
find_merged (BvTableWriter *self, const char *name)
{
  for (guint i = 0; i < self->merged->len; i++)
    if (g_ascii_strcasecmp (g_array_index (self->merged, BvMerged, i).name, name) == 0)
      return (int) i;
  return -1;
}

/* With a key the old columns come first as they were; else the new ones do, and those that only the old table has follow. */
static void
merge_columns (BvTableWriter *self, const BvTableColumn *columns, guint n_columns)
{
  g_autoptr (GHashTable) by_name = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  guint n_old = self->old != NULL ? self->old->columns->len : 0;
  gboolean replace = self->key == NULL;

  self->merged = g_array_new (FALSE, FALSE, sizeof (BvMerged));
  g_array_set_clear_func (self->merged, merged_clear);
  self->targets = g_new (BvType, n_columns);
  for (int round = 0; round < 2; round++)
    {
      gboolean from_old = (round == 0) != replace;
      guint n = from_old ? n_old : n_columns;

      for (guint i = 0; i < n; i++)
        {
          const BvTableColumn *column = from_old ? &g_array_index (self->old->columns, BvTableColumn, i) : &columns[i];
          char *folded = g_ascii_strdown (column->name, -1);
          gpointer position;

          if (g_hash_table_lookup_extended (by_name, folded, NULL, &position))
            {
              BvMerged *merged = &g_array_index (self->merged, BvMerged, GPOINTER_TO_UINT (position));

              if (from_old)
                {
                  merged->old_type = column->type;
                  g_free (merged->name);
                  merged->name = g_strdup (column->name);
                }
              else
                {
                  merged->input = (int) i;
                  merged->type = column->type;
                }
              g_free (folded);
            }
          else
            {
              BvMerged merged = { g_strdup (column->name), column->type, from_old ? column->type : BV_TYPE_NULL,
                                  from_old ? -1 : (int) i };

              g_array_append_val (self->merged, merged);
              g_hash_table_insert (by_name, folded, GUINT_TO_POINTER (self->merged->len - 1));
            }
        }
    }
  for (guint i = 0; i < self->merged->len; i++)
    {
      BvMerged *merged = &g_array_index (self->merged, BvMerged, i);

      if (merged->input < 0)
        continue;
      merged->type = wider_type (merged->old_type, columns[merged->input].type, replace);
      if (merged->type == BV_TYPE_NULL)
        merged->type = BV_TYPE_TEXT;
      self->targets[merged->input] = merged->type;
    }
}

static gboolean
create_physical (BvTableWriter *self, const char *table, GError **error)
{
  g_autofree char *quoted = bv_sql_quote (table);
  g_autoptr (GString) sql = g_string_new (NULL);

  g_string_printf (sql, "CREATE TABLE main.%s (", quoted);
  for (guint i = 0; i < self->merged->len; i++)
    {
      const BvMerged *merged = &g_array_index (self->merged, BvMerged, i);
      g_autofree char *column = bv_sql_quote (merged->name);

      g_string_append_printf (sql, "%s%s %s", i > 0 ? ", " : "", column, storage_of (merged->type));
    }
  g_string_append_c (sql, ')');
  return bv_sql_exec (self->step.db, error, sql->str);
}

static gboolean
prepare_inserts (BvTableWriter *self, GError **error)
{
  g_autofree char *quoted = bv_sql_quote (self->staging);
  g_autoptr (GString) head = g_string_new (NULL);
  g_autoptr (GString) row = g_string_new ("(");

  g_string_printf (head, "INSERT INTO main.%s (", quoted);
  for (guint input = 0; input < self->n_inputs; input++)
    for (guint i = 0; i < self->merged->len; i++)
      {
        const BvMerged *merged = &g_array_index (self->merged, BvMerged, i);

        if (merged->input == (int) input)
          {
            g_autofree char *column = bv_sql_quote (merged->name);

            g_string_append_printf (head, "%s%s", input > 0 ? ", " : "", column);
            g_string_append (row, input > 0 ? ", ?" : "?");
          }
      }
  g_string_append (head, ") VALUES ");
  g_string_append_c (row, ')');
  self->batch_rows = CLAMP (MAX_VARIABLES / self->n_inputs, 1, BATCH_ROWS);
  self->cells = g_new (BvCell, (gsize) self->batch_rows * self->n_inputs);
  {
    g_autofree char *single = g_strconcat (head->str, row->str, NULL);

    for (guint i = 0; i < self->batch_rows; i++)
      {
        g_string_append (head, i > 0 ? ", " : "");
        g_string_append (head, row->str);
      }
    if (sqlite3_prepare_v2 (self->step.db, single, -1, &self->one, NULL) != SQLITE_OK ||
        sqlite3_prepare_v2 (self->step.db, head->str, -1, &self->many, NULL) != SQLITE_OK)
      return bv_sqlite_set_error (error, self->step.db, NULL, NULL);
  }
  return TRUE;
}

static gboolean
begin_table (BvTableWriter *self, const char *name, const char *source, const char *origin, const BvTableColumn *columns,
             guint n_columns, const char *const *key, GError **error)
{
  g_autoptr (GPtrArray) list = NULL;
  gint64 taken;

  if (!bv_catalogue_check_name (name, error) || !check_columns (columns, n_columns, error))
    return FALSE;
  list = bv_catalogue_list (self->step.db, name, error);
  if (list == NULL)
    return FALSE;
  if (list->len > 0)
    {
      self->old = g_ptr_array_steal_index (list, 0);
      if (!bv_step_check_free (self->step.db, self->old->name, error))
        return FALSE;
    }
  else
    {
      if (!bv_sql_get_int (self->step.db, error, &taken, "SELECT count(*) FROM sqlite_schema WHERE lower(name) = lower(?)", "t", name))
        return FALSE;
      if (taken > 0)
        {
          g_set_error (error, BV_ERROR, BV_ERROR_EXISTS,
                       _("The file holds something else called “%s” already: choose another name"), name);
          return FALSE;
        }
    }
  self->name = g_strdup (self->old != NULL ? self->old->name : name);
  self->staging = bv_step_hidden (&self->step);
  self->source = g_strdup (source != NULL ? source : self->old != NULL ? self->old->source : "");
  self->origin = g_strdup (origin != NULL || self->old == NULL ? origin : self->old->origin);
  self->key = key != NULL && key[0] != NULL ? g_strdupv ((char **) key) : NULL;
  self->n_inputs = n_columns;
  merge_columns (self, columns, n_columns);
  if (self->merged->len > MAX_COLUMNS)
    {
      g_set_error (error, BV_ERROR, BV_ERROR_UNSUPPORTED,
                   _("The table would have %u columns and can have at most %d: leave some out"), self->merged->len, MAX_COLUMNS);
      return FALSE;
    }
  for (guint i = 0; self->key != NULL && self->key[i] != NULL; i++)
    {
      int position = find_merged (self, self->key[i]);

      if (position < 0 || g_array_index (self->merged, BvMerged, position).input < 0)
        {
          g_set_error (error, BV_ERROR, BV_ERROR_NOT_FOUND, _("The key column “%s” is not among the columns: choose another key"),
                       self->key[i]);
          return FALSE;
        }
      g_free (self->key[i]);
      self->key[i] = g_strdup (g_array_index (self->merged, BvMerged, position).name);
    }
  return create_physical (self, self->staging, error) && prepare_inserts (self, error);
}

gboolean
bv_table_writer_begin_table (BvTableWriter *self, const char *name, const char *source, const char *origin,
                             const BvTableColumn *columns, guint n_columns, const char *const *key, GError **error)
{
  GError *local = NULL;

  g_return_val_if_fail (self != NULL && !self->filling, FALSE);

  if (!is_usable (self, error))
    return FALSE;
  if (!begin_table (self, name, source, origin, columns, n_columns, key, &local))
    return poison (self, local, error);
  self->filling = TRUE;
  return TRUE;
}

static gboolean
insert (BvTableWriter *self, sqlite3_stmt *stmt, const BvCell *cells, guint n_cells, GError **error)
{
  const char *base = (const char *) self->arena->data;

  for (guint i = 0; i < n_cells; i++)
    {
      const BvCell *cell = &cells[i];

      if (cell->type == BV_TYPE_INT)
        sqlite3_bind_int64 (stmt, (int) i + 1, cell->i);
      else if (cell->type == BV_TYPE_DOUBLE)
        sqlite3_bind_double (stmt, (int) i + 1, cell->d);
      else if (cell->type == BV_TYPE_TEXT)
        sqlite3_bind_text (stmt, (int) i + 1, base + cell->offset, cell->length, SQLITE_STATIC);
      else
        sqlite3_bind_null (stmt, (int) i + 1);
    }
  sqlite3_step (stmt);
  if (sqlite3_reset (stmt) != SQLITE_OK)
    return bv_sqlite_set_error (error, self->step.db, NULL, NULL);
  return TRUE;
}

static gboolean
flush (BvTableWriter *self, GError **error)
{
  if (self->n_batched == self->batch_rows)
    {
      if (!insert (self, self->many, self->cells, self->n_batched * self->n_inputs, error))
        return FALSE;
    }
  else
    for (guint i = 0; i < self->n_batched; i++)
      if (!insert (self, self->one, self->cells + (gsize) i * self->n_inputs, self->n_inputs, error))
        return FALSE;
  self->n_batched = 0;
  g_byte_array_set_size (self->arena, 0);
  return TRUE;
}

static void
set_text (BvTableWriter *self, BvCell *cell, const char *text, gsize length)
{
  cell->type = BV_TYPE_TEXT;
  cell->length = (int) length;
  cell->offset = self->arena->len;
  g_byte_array_append (self->arena, (const guint8 *) text, (guint) length);
}

/* The cell for a value that goes into a column of type @target. */
static gboolean
set_cell (BvTableWriter *self, BvCell *cell, const BvValue *value, BvType target)
{
  char buf[BV_TIME_TEXT_MAX];

  cell->type = BV_TYPE_NULL;
  if (value->type == BV_TYPE_NULL || (value->type == BV_TYPE_TEXT && value->s == NULL))
    return TRUE;
  if (value->type == BV_TYPE_INT && target == BV_TYPE_DOUBLE)
    {
      cell->type = BV_TYPE_DOUBLE;
      cell->d = (double) value->i;
      return TRUE;
    }
  if (value->type != target)
    {
      g_autofree char *plain = NULL;

      if (target != BV_TYPE_TEXT)
        return FALSE;
      plain = bv_value_to_plain (value);
      set_text (self, cell, plain, strlen (plain));
      return TRUE;
    }
  switch (target)
    {
    case BV_TYPE_BOOL:
    case BV_TYPE_INT:
      cell->type = BV_TYPE_INT;
      cell->i = value->i;
      break;
    case BV_TYPE_DOUBLE:
      cell->type = BV_TYPE_DOUBLE;
      cell->d = value->d;
      break;
    case BV_TYPE_DATE:
      bv_date_to_text (value->i, buf);
      set_text (self, cell, buf, strlen (buf));
      break;
    case BV_TYPE_TIMESTAMP:
      bv_timestamp_to_text (value->i, buf);
      set_text (self, cell, buf, strlen (buf));
      break;
    case BV_TYPE_TEXT:
      {
        gsize length = strlen (value->s);

        if (length > MAX_TEXT || self->arena->len + length > MAX_TEXT)
          return FALSE;
        set_text (self, cell, value->s, length);
        break;
      }
    case BV_TYPE_NULL:
    default:
      return FALSE;
    }
  return TRUE;
}

gboolean
bv_table_writer_append (BvTableWriter *self, const BvValue *values, GError **error)
{
  GError *local = NULL;
  BvCell *cells;

  g_return_val_if_fail (self != NULL && (self->filling || self->failed != NULL), FALSE);

  if (G_UNLIKELY (self->failed != NULL))
    return is_usable (self, error);
  cells = self->cells + (gsize) self->n_batched * self->n_inputs;
  for (guint i = 0; i < self->n_inputs; i++)
    if (G_UNLIKELY (!set_cell (self, &cells[i], &values[i], self->targets[i])))
      {
        g_set_error (&local, BV_ERROR, BV_ERROR_INVALID,
                     _("A value of row %" PRId64 " of table “%s” does not fit its column: correct the column's type"),
                     self->n_rows + 1, self->name);
        return poison (self, local, error);
      }
  self->n_rows++;
  if (++self->n_batched == self->batch_rows || self->arena->len > ARENA_SIZE)
    if (!flush (self, &local))
      return poison (self, local, error);
  return TRUE;
}

/* The old value of a column as its new type stores it. */
static char *
converted (const BvMerged *merged, const char *alias)
{
  g_autofree char *column = bv_sql_quote (merged->name);

  if (merged->old_type == BV_TYPE_NULL)
    return g_strdup ("NULL");
  if (merged->type == BV_TYPE_TEXT && merged->old_type == BV_TYPE_BOOL)
    return g_strdup_printf ("CASE %s.%s WHEN 0 THEN 'false' WHEN 1 THEN 'true' END", alias, column);
  if (merged->type == BV_TYPE_TEXT && merged->old_type == BV_TYPE_DOUBLE)
    return g_strdup_printf ("bv_plain(%s.%s)", alias, column);
  if (merged->type == BV_TYPE_TEXT && merged->old_type == BV_TYPE_INT)
    return g_strdup_printf ("CAST(%s.%s AS TEXT)", alias, column);
  return g_strdup_printf ("%s.%s", alias, column);
}

/* SQL: a double in the digits that read back equal. */
static void
plain_function (sqlite3_context *context, int argc, sqlite3_value **argv)
{
  char buf[G_ASCII_DTOSTR_BUF_SIZE];

  if (sqlite3_value_type (argv[0]) == SQLITE_NULL)
    sqlite3_result_null (context);
  else
    sqlite3_result_text (context, bv_double_to_plain (sqlite3_value_double (argv[0]), buf), -1, SQLITE_TRANSIENT);
}

/* "s.a = o.a AND …" where @format has a place for the news' and the old rows' key column. */
static char *
key_terms (BvTableWriter *self, const char *format)
{
  g_autoptr (GString) s = g_string_new (NULL);

  for (guint i = 0; self->key[i] != NULL; i++)
    {
      const BvMerged *merged = &g_array_index (self->merged, BvMerged, find_merged (self, self->key[i]));
      g_autofree char *column = bv_sql_quote (merged->name);
      g_autofree char *old = converted (merged, "o");
      g_auto (GStrv) parts = g_strsplit (format, "{c}", -1);
      g_autofree char *with_column = g_strjoinv (column, parts);
      g_auto (GStrv) halves = g_strsplit (with_column, "{old}", -1);
      g_autofree char *term = g_strjoinv (old, halves);

      g_string_append (s, i > 0 ? " AND " : "");
      g_string_append (s, term);
    }
  return g_string_free (g_steal_pointer (&s), FALSE);
}

static gboolean
index_key (BvTableWriter *self, const char *table, const char *prefix, GError **error)
{
  g_autofree char *quoted = bv_sql_quote (table);
  g_autoptr (GString) sql = g_string_new (NULL);

  g_string_printf (sql, "CREATE INDEX main.bv_%s_%" PRId64 "_%d ON %s (", prefix, self->step.seq, self->step.n_ops, quoted);
  for (guint i = 0; self->key[i] != NULL; i++)
    {
      g_autofree char *column = bv_sql_quote (self->key[i]);

      g_string_append_printf (sql, "%s%s", i > 0 ? ", " : "", column);
    }
  g_string_append_c (sql, ')');
  return bv_sql_exec (self->step.db, error, sql->str);
}

/* Of rows with an equal key only the last stays. Needs the index on the key. */
static gboolean
drop_repeated (BvTableWriter *self, GError **error)
{
  g_autofree char *quoted = bv_sql_quote (self->staging);
  g_autofree char *present = key_terms (self, "s.{c} IS NOT NULL");
  g_autofree char *equal = key_terms (self, "t.{c} = s.{c}");
  g_autofree char *sql = g_strdup_printf ("DELETE FROM main.%s AS s WHERE %s AND EXISTS (SELECT 1 FROM main.%s t WHERE %s"
                                          " AND t.rowid > s.rowid)", quoted, present, quoted, equal);

  return bv_sql_exec (self->step.db, error, sql);
}

/* Makes the table that comes out of the old rows and the news, which stand under @news, and counts. */
static gboolean
combine (BvTableWriter *self, const char *news, gint64 *n_replaced, GError **error)
{
  sqlite3 *db = self->step.db;
  g_autofree char *old = bv_sql_quote (self->name);
  g_autofree char *fresh = bv_sql_quote (news);
  g_autofree char *target = bv_sql_quote (self->staging);
  g_autofree char *equal = key_terms (self, "s.{c} = {old}");
  g_autoptr (GString) names = g_string_new (NULL);
  g_autoptr (GString) values = g_string_new (NULL);
  g_autofree char *match = NULL;
  g_autofree char *keep = NULL;
  g_autofree char *add = NULL;

  if (!create_physical (self, self->staging, error))
    return FALSE;
  for (guint i = 0; i < self->merged->len; i++)
    {
      const BvMerged *merged = &g_array_index (self->merged, BvMerged, i);
      g_autofree char *column = bv_sql_quote (merged->name);
      g_autofree char *before = converted (merged, "o");

      g_string_append_printf (names, ", %s", column);
      /* A column that the import lacks keeps what the replaced row had. */
      if (merged->input < 0)
        g_string_append_printf (values, ", %s", before);
      else
        g_string_append_printf (values, ", CASE WHEN m.fresh IS NULL THEN %s ELSE s.%s END", before, column);
    }
  /* first: only one of several old rows of a key is replaced by the new one, the others give way to it. */
  match = g_strdup_printf ("CREATE TEMP TABLE bv_match (old INTEGER PRIMARY KEY, fresh INTEGER, first INTEGER);"
                           "INSERT INTO temp.bv_match (old, fresh) SELECT o.rowid, s.rowid FROM main.%s o"
                           " CROSS JOIN main.%s s WHERE %s ORDER BY o.rowid;"
                           "UPDATE temp.bv_match SET first = 1 WHERE old IN (SELECT min(old) FROM temp.bv_match GROUP BY fresh);",
                           old, fresh, equal);
  keep = g_strdup_printf ("INSERT INTO main.%s (rowid%s) SELECT o.rowid%s FROM main.%s o LEFT JOIN temp.bv_match m ON m.old = o.rowid"
                          " LEFT JOIN main.%s s ON s.rowid = m.fresh WHERE m.old IS NULL OR m.first ORDER BY o.rowid",
                          target, names->str, values->str, old, fresh);
  add = g_strdup_printf ("INSERT INTO main.%s (%s) SELECT %s FROM main.%s WHERE rowid NOT IN (SELECT fresh FROM temp.bv_match)"
                         " ORDER BY rowid", target, names->str + 2, names->str + 2, fresh);
  if (sqlite3_create_function_v2 (db, "bv_plain", 1, SQLITE_UTF8 | SQLITE_DETERMINISTIC | SQLITE_DIRECTONLY, NULL, plain_function,
                                  NULL, NULL, NULL) != SQLITE_OK)
    return bv_sqlite_set_error (error, db, NULL, NULL);
  if (!bv_sql_exec (db, error, match) || !bv_sql_exec (db, error, keep) || !bv_sql_exec (db, error, add) ||
      !bv_sql_get_int (db, error, n_replaced, "SELECT count(DISTINCT fresh) FROM temp.bv_match", NULL))
    return FALSE;
  return bv_sql_exec (db, error, "DROP TABLE temp.bv_match");
}

static gboolean
merge_by_key (BvTableWriter *self, gint64 *n_replaced, GError **error)
{
  sqlite3 *db = self->step.db;
  g_autofree char *news = g_strdup_printf ("bv_news_%" PRId64 "_%d", self->step.seq, self->step.n_ops);
  g_autofree char *rename = NULL;
  g_autofree char *drop = NULL;

  if (!index_key (self, self->staging, self->old != NULL ? "news_key" : "key", error) || !drop_repeated (self, error))
    return FALSE;
  if (self->old == NULL)
    return TRUE;
  rename = g_strdup_printf ("ALTER TABLE main.%s RENAME TO %s", self->staging, news);
  drop = g_strdup_printf ("DROP TABLE main.%s", news);
  return bv_sql_exec (db, error, rename) && combine (self, news, n_replaced, error) && bv_sql_exec (db, error, drop) &&
         index_key (self, self->staging, "key", error);
}

static char *
new_state (BvTableWriter *self, gint64 n_rows)
{
  g_auto (GStrv) key = NULL;
  g_autofree char *names = NULL;
  g_autofree char *key_json = NULL;
  g_autoptr (BvStmt) stmt = NULL;
  g_autoptr (GString) columns = g_string_new ("[");
  gboolean row;

  key = g_strdupv (self->key != NULL ? self->key : self->old != NULL ? self->old->key : NULL);
  key_json = key != NULL ? bv_sql_json_array ((const char *const *) key) : NULL;
  for (guint i = 0; i < self->merged->len; i++)
    {
      const BvMerged *merged = &g_array_index (self->merged, BvMerged, i);
      const char *pair[] = { merged->name, bv_type_to_name (merged->type), NULL };
      g_autofree char *json = bv_sql_json_array (pair);

      g_string_append_printf (columns, "%s%s", i > 0 ? "," : "", json);
    }
  g_string_append_c (columns, ']');
  stmt = bv_sql_prepare (self->step.db, NULL,
                         "SELECT json_object('name', ?, 'source', ?, 'origin', ?, 'key', json(?), 'n_rows', ?, 'loaded_at', ?,"
                         " 'version', ?, 'columns', json(?))", "ttttiiit", self->name, self->source, self->origin, key_json, n_rows,
                         g_get_real_time (), self->step.seq, columns->str);
  if (stmt == NULL || !bv_sql_step (stmt, &row, NULL))
    return NULL;
  return bv_sql_dup (stmt, 0);
}

static gboolean
end_table (BvTableWriter *self, gint64 *n_added, gint64 *n_replaced, GError **error)
{
  g_autofree char *before = NULL;
  g_autofree char *after = NULL;
  g_autofree char *count = NULL;
  gint64 replaced = 0;
  gint64 n_rows = self->n_rows;
  gint64 n_read = self->n_rows;

  if (!flush (self, error))
    return FALSE;
  g_clear_pointer (&self->many, sqlite3_finalize);
  g_clear_pointer (&self->one, sqlite3_finalize);
  if (self->key != NULL)
    {
      gint64 n_old = self->old != NULL ? self->old->n_rows : 0;

      if (!merge_by_key (self, &replaced, error))
        return FALSE;
      count = g_strdup_printf ("SELECT count(*) FROM main.%s", self->staging);
      if (!bv_sql_get_int (self->step.db, error, &n_rows, count, NULL))
        return FALSE;
      n_read = n_rows - n_old + replaced;
    }
  if (self->old != NULL && !bv_catalogue_get_state (self->step.db, self->name, &before, error))
    return FALSE;
  after = new_state (self, n_rows);
  if (after == NULL)
    return bv_sqlite_set_error (error, self->step.db, NULL, NULL);
  if (!bv_step_do (&self->step, "table", self->name, before, after, error))
    return FALSE;
  if (n_added != NULL)
    *n_added = MAX (n_read - replaced, 0);
  if (n_replaced != NULL)
    *n_replaced = replaced;
  return TRUE;
}

gboolean
bv_table_writer_end_table (BvTableWriter *self, gint64 *n_added, gint64 *n_replaced, GError **error)
{
  GError *local = NULL;
  gboolean ok;

  g_return_val_if_fail (self != NULL && (self->filling || self->failed != NULL), FALSE);

  if (!is_usable (self, error))
    return FALSE;
  ok = end_table (self, n_added, n_replaced, &local);
  clear_table (self);
  return ok || poison (self, local, error);
}

gboolean
bv_table_writer_commit (BvTableWriter *self, const char *change_name, BvChange *extra, GError **error)
{
  g_autoptr (BvChange) owned = extra;
  GError *local = NULL;
  gboolean ok;

  g_return_val_if_fail (self != NULL, FALSE);

  if (self->filling && self->failed == NULL)
    g_set_error (&self->failed, BV_ERROR, BV_ERROR_FAILED, _("Table “%s” was not finished: nothing is kept"), self->name);
  if (!is_usable (self, error))
    {
      bv_table_writer_abort (self);
      return FALSE;
    }
  if (extra != NULL && !bv_change_apply (extra, &self->step, &local))
    {
      g_propagate_error (error, local);
      bv_table_writer_abort (self);
      return FALSE;
    }
  ok = bv_step_commit (&self->step, change_name != NULL ? change_name : "", NULL, error);
  writer_free (self);
  return ok;
}
