/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Rows put into a table in place, one by one, by key.
 *
 * A row costs a look into the key's index, a comparison of its cells and, when one differs, a copy of the old row into the
 * hidden table of the step and the write. Rows that are equal cost no write at all. In a table that the step itself made, rows can be
 * appended without looking; the index is made once, at the end, which is several times quicker than keeping it. Appended rows
 * are gathered and written by one statement with many VALUES, which halves their cost; all that looks at the table writes them first.
 *
 * The hidden table has the columns of the table as they were when it was made, and bv_was: 1 for a row that was there, 0 for the
 * key of one that was not. Only the first touch of a row within a step writes to it.
 */
#include "config.h"

#include "bv-row-private.h"

#include <glib/gi18n-lib.h>
#include <inttypes.h>
#include <string.h>

/* Rows of one INSERT, when they are appended. */
#define MANY_ROWS 50
/* SQLite's default; Debian's allows more. */
#define MAX_VARIABLES 32766

typedef struct
{
  char *name;
  BvType type;
  BvCellRole role;
} Column;

struct _BvRowTable
{
  BvRowStep *step;
  char *name;
  GArray *columns; /* Column */
  guint n_key;

  /* Of the page. */
  gboolean open;
  gint64 op;
  gboolean is_new;
  char *hidden;    /* (nullable): where rows are kept; NULL in a new table */
  gint64 n_rows;
  gboolean changed;
  gboolean only_added; /* rows, since @before */
  BvTableAncestor before;
  gboolean indexed;

  /* Appended, but not written yet; texts are the caller's. */
  BvRowCell *waiting;
  guint n_waiting, max_waiting;

  sqlite3_stmt *find, *insert, *many, *update, *patch, *keep, *note, *erase;
  char *patch_sql;
};

static void
column_clear (gpointer data)
{
  g_free (((Column *) data)->name);
}

static Column *
column_at (BvRowTable *self, guint i)
{
  return &g_array_index (self->columns, Column, i);
}

static void
clear_statements (BvRowTable *self)
{
  g_clear_pointer (&self->find, sqlite3_finalize);
  g_clear_pointer (&self->insert, sqlite3_finalize);
  g_clear_pointer (&self->many, sqlite3_finalize);
  g_clear_pointer (&self->waiting, g_free);
  g_clear_pointer (&self->update, sqlite3_finalize);
  g_clear_pointer (&self->patch, sqlite3_finalize);
  g_clear_pointer (&self->keep, sqlite3_finalize);
  g_clear_pointer (&self->note, sqlite3_finalize);
  g_clear_pointer (&self->erase, sqlite3_finalize);
  g_clear_pointer (&self->patch_sql, g_free);
}

void
bv_row_table_free (BvRowTable *self)
{
  clear_statements (self);
  g_array_unref (self->columns);
  g_free (self->hidden);
  g_free (self->name);
  g_free (self);
}

void
bv_row_table_leave_page (BvRowTable *self)
{
  self->open = FALSE;
  self->n_waiting = 0;
}

/* --- SQL ------------------------------------------------------------------------------------------------------------------- */

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

/* "a" = ? AND "b" = ? with numbered variables from @first. */
static void
append_key (BvRowTable *self, GString *sql, guint first)
{
  for (guint i = 0; i < self->n_key; i++)
    {
      g_autofree char *column = bv_sql_quote (column_at (self, i)->name);

      g_string_append_printf (sql, "%s%s = ?%u", i > 0 ? " AND " : "", column, first + i);
    }
}

/* The names of @table's physical columns but bv_was. */
static GPtrArray *
physical_columns (sqlite3 *db, const char *table, GError **error)
{
  g_autoptr (BvStmt) stmt = bv_sql_prepare (db, error, "SELECT name FROM pragma_table_info(?) WHERE name <> 'bv_was'", "t", table);
  g_autoptr (GPtrArray) names = g_ptr_array_new_with_free_func (g_free);
  gboolean row = TRUE;

  if (stmt == NULL)
    return NULL;
  while (bv_sql_step (stmt, &row, error) && row)
    g_ptr_array_add (names, bv_sql_dup (stmt, 0));
  return row ? NULL : g_steal_pointer (&names);
}

static gboolean
has_name (GPtrArray *names, const char *name)
{
  for (guint i = 0; i < names->len; i++)
    if (g_ascii_strcasecmp (names->pdata[i], name) == 0)
      return TRUE;
  return FALSE;
}

static gboolean
add_physical (sqlite3 *db, const char *table, const Column *column, GError **error)
{
  g_autoptr (GPtrArray) names = physical_columns (db, table, error);
  g_autofree char *quoted = bv_sql_quote (table);
  g_autofree char *name = bv_sql_quote (column->name);
  g_autofree char *sql = g_strdup_printf ("ALTER TABLE main.%s ADD COLUMN %s %s", quoted, name, storage_of (column->type));

  if (names == NULL)
    return FALSE;
  /* A column whose addition was undone is still there, empty. */
  return has_name (names, column->name) || bv_sql_exec (db, error, sql);
}

static gboolean
create_hidden (BvRowTable *self, GError **error)
{
  sqlite3 *db = self->step->db;
  g_autoptr (BvStmt) stmt = bv_sql_prepare (db, error, "SELECT name, type FROM pragma_table_info(?)", "t", self->name);
  g_autoptr (GString) sql = g_string_new (NULL);
  gboolean row = TRUE;

  if (stmt == NULL)
    return FALSE;
  g_string_printf (sql, "CREATE TABLE main.\"%s\" (bv_was INTEGER NOT NULL", self->hidden);
  while (bv_sql_step (stmt, &row, error) && row)
    {
      g_autofree char *name = bv_sql_quote ((const char *) sqlite3_column_text (stmt, 0));

      g_string_append_printf (sql, ", %s %s", name, (const char *) sqlite3_column_text (stmt, 1));
    }
  if (row)
    return FALSE;
  g_string_append (sql, ", PRIMARY KEY (");
  for (guint i = 0; i < self->n_key; i++)
    {
      g_autofree char *name = bv_sql_quote (column_at (self, i)->name);

      g_string_append_printf (sql, "%s%s", i > 0 ? ", " : "", name);
    }
  g_string_append (sql, ")) WITHOUT ROWID");
  return bv_sql_exec (db, error, sql->str);
}

static gboolean
create_table (BvRowTable *self, const char *source, GError **error)
{
  sqlite3 *db = self->step->db;
  g_autofree char *quoted = bv_sql_quote (self->name);
  g_autoptr (GString) sql = g_string_new (NULL);
  g_autoptr (GPtrArray) key = g_ptr_array_new ();
  g_autofree char *key_json = NULL;
  g_autofree char *state = NULL;
  gint64 taken;

  if (!bv_catalogue_check_name (self->name, error) ||
      !bv_sql_get_int (db, error, &taken, "SELECT count(*) FROM sqlite_schema WHERE lower(name) = lower(?)", "t", self->name))
    return FALSE;
  if (taken > 0)
    {
      g_set_error (error, BV_ERROR, BV_ERROR_EXISTS, _("The file holds something else called “%s” already: choose another name"), self->name);
      return FALSE;
    }
  g_string_printf (sql, "CREATE TABLE main.%s (", quoted);
  for (guint i = 0; i < self->columns->len; i++)
    {
      g_autofree char *name = bv_sql_quote (column_at (self, i)->name);

      g_string_append_printf (sql, "%s%s %s", i > 0 ? ", " : "", name, storage_of (column_at (self, i)->type));
      if (i < self->n_key)
        g_ptr_array_add (key, column_at (self, i)->name);
    }
  g_string_append_c (sql, ')');
  g_ptr_array_add (key, NULL);
  key_json = bv_sql_json_array ((const char *const *) key->pdata);
  if (!bv_sql_exec (db, error, sql->str) ||
      !bv_sql_run (db, error, "INSERT INTO bv_table (name, source, key, n_rows, loaded_at, version) VALUES (?, ?, ?, 0, ?, ?)", "tttii",
                   self->name, source, key_json, g_get_real_time (), self->step->version))
    return FALSE;
  for (guint i = 0; i < self->columns->len; i++)
    if (!bv_sql_run (db, error, "INSERT INTO bv_column (table_name, position, name, type) VALUES (?, ?, ?, ?)", "titt", self->name,
                     (gint64) i, column_at (self, i)->name, bv_type_to_name (column_at (self, i)->type)))
      return FALSE;
  return bv_catalogue_get_state (db, self->name, &state, error) &&
         bv_row_step_add_op (self->step, "table", self->name, NULL, state, &self->op, error);
}

/* Whether the existing table @info has our key. */
static gboolean
check_key (BvRowTable *self, BvTableInfo *info, GError **error)
{
  gboolean ours = info->key != NULL && g_strv_length (info->key) == self->n_key;

  for (guint i = 0; ours && i < self->n_key; i++)
    ours = g_ascii_strcasecmp (info->key[i], column_at (self, i)->name) == 0;
  if (!ours)
    g_set_error (error, BV_ERROR, BV_ERROR_EXISTS,
                 _("There is a table “%s” that this source did not make: rename it, or choose another prefix for the source"), info->name);
  return ours;
}

/* Adds the columns that the existing table @info lacks. */
static gboolean
adopt_table (BvRowTable *self, BvTableInfo *info, GError **error)
{
  sqlite3 *db = self->step->db;

  for (guint i = 0; i < self->columns->len; i++)
    {
      const Column *column = column_at (self, i);
      const BvTableColumn *old = NULL;

      for (guint j = 0; j < info->columns->len && old == NULL; j++)
        if (g_ascii_strcasecmp (g_array_index (info->columns, BvTableColumn, j).name, column->name) == 0)
          old = &g_array_index (info->columns, BvTableColumn, j);
      if (old != NULL && g_str_equal (storage_of (old->type), storage_of (column->type)))
        continue;
      if (old != NULL)
        {
          g_set_error (error, BV_ERROR, BV_ERROR_INVALID, _("Column “%s” of table “%s” has another type: rename the column"), old->name,
                       info->name);
          return FALSE;
        }
      if (!add_physical (db, self->name, column, error) ||
          (self->hidden != NULL && !add_physical (db, self->hidden, column, error)) ||
          !bv_sql_run (db, error, "INSERT INTO bv_column (table_name, position, name, type) SELECT ?1, coalesce(max(position) + 1, 0), ?2, ?3"
                                  " FROM bv_column WHERE table_name = ?1", "ttt", self->name, column->name, bv_type_to_name (column->type)))
        return FALSE;
      self->changed = TRUE;
      self->only_added = FALSE;
      clear_statements (self);
    }
  return TRUE;
}

static gboolean
find_index (BvRowTable *self, GError **error)
{
  g_autoptr (GString) names = g_string_new (NULL);
  gint64 n;

  for (guint i = 0; i < self->n_key; i++)
    g_string_append_printf (names, "%s%s", i > 0 ? "\x1f" : "", column_at (self, i)->name);
  if (!bv_sql_get_int (self->step->db, error, &n,
                       "SELECT count(*) FROM pragma_index_list(?1) l WHERE l.\"unique\" AND (SELECT group_concat(i.name, char(31)) FROM"
                       " (SELECT name FROM pragma_index_info(l.name) ORDER BY seqno) i) = ?2 COLLATE NOCASE", "tt", self->name, names->str))
    return FALSE;
  self->indexed = n > 0;
  return TRUE;
}

/* What this page needs to know of the table. */
static gboolean
enter_page (BvRowTable *self, const char *source, GError **error)
{
  sqlite3 *db = self->step->db;
  g_autoptr (GPtrArray) list = bv_catalogue_list (db, self->name, error);
  BvTableInfo *info;
  gint64 made, kept;

  if (list == NULL)
    return FALSE;
  self->changed = self->only_added = FALSE;
  g_clear_pointer (&self->hidden, g_free);
  if (list->len == 0)
    {
      self->is_new = TRUE;
      self->n_rows = 0;
      self->indexed = FALSE;
      self->changed = TRUE;
      return create_table (self, source, error);
    }
  info = g_ptr_array_index (list, 0);
  g_free (self->name);
  self->name = g_strdup (info->name);
  self->n_rows = info->n_rows;
  if (!check_key (self, info, error) || !bv_row_step_find_op (self->step, "table", self->name, &made, error) ||
      !bv_row_step_find_op (self->step, "rows", self->name, &kept, error))
    return FALSE;
  self->is_new = made >= 0;
  self->op = made >= 0 ? made : kept;
  if (!self->is_new)
    {
      if (kept < 0)
        {
          g_autofree char *before = NULL;

          if (!bv_catalogue_get_state (db, self->name, &before, error) ||
              !bv_row_step_add_op (self->step, "rows", self->name, before, before, &self->op, error))
            return FALSE;
        }
      self->hidden = g_strdup_printf ("bv_old_%" PRId64 "_%" PRId64, self->step->page_seq, self->op);
      if (kept < 0 && !create_hidden (self, error))
        return FALSE;
    }
  self->only_added = bv_append_start (db, info, &self->before);
  return adopt_table (self, info, error) && find_index (self, error);
}

static gboolean
same_columns (BvRowTable *self, const BvRowColumn *columns, guint n_columns, guint n_key)
{
  gboolean same = self->columns->len == n_columns && self->n_key == n_key;

  for (guint i = 0; same && i < n_columns; i++)
    same = strcmp (column_at (self, i)->name, columns[i].name) == 0 && column_at (self, i)->type == columns[i].type &&
           column_at (self, i)->role == columns[i].role;
  return same;
}

BvRowTable *
bv_row_step_open_table (BvRowStep *step, const char *name, const char *source, const BvRowColumn *columns, guint n_columns, guint n_key,
                        GError **error)
{
  BvRowTable *self = g_hash_table_lookup (step->tables, name);

  g_return_val_if_fail (step->in_page && n_key > 0 && n_key <= n_columns, NULL);

  if (self != NULL && !same_columns (self, columns, n_columns, n_key))
    {
      /* What it changed in this page must reach the catalogue. */
      if (self->open && !bv_row_table_flush (self, error))
        return NULL;
      g_hash_table_remove (step->tables, name);
      self = NULL;
    }
  if (self == NULL)
    {
      self = g_new0 (BvRowTable, 1);
      self->step = step;
      self->name = g_strdup (name);
      self->columns = g_array_new (FALSE, FALSE, sizeof (Column));
      g_array_set_clear_func (self->columns, column_clear);
      self->n_key = n_key;
      for (guint i = 0; i < n_columns; i++)
        {
          Column column = { g_strdup (columns[i].name), columns[i].type == BV_TYPE_NULL ? BV_TYPE_TEXT : columns[i].type, columns[i].role };

          g_array_append_val (self->columns, column);
        }
      g_hash_table_insert (step->tables, g_strdup (name), self);
    }
  if (!self->open)
    {
      if (!enter_page (self, source, error))
        return NULL;
      self->open = TRUE;
    }
  return self;
}

gboolean
bv_row_table_is_new (BvRowTable *self)
{
  return self->is_new;
}

gboolean
bv_row_table_flush (BvRowTable *self, GError **error)
{
  sqlite3 *db;
  g_autofree char *state = NULL;

  if (!self->open || !self->changed)
    return TRUE;
  if (!bv_row_table_settle (self, error))
    return FALSE;
  db = self->step->db;
  self->changed = FALSE;
  return bv_sql_run (db, error, "UPDATE bv_table SET n_rows = ?, loaded_at = ?, version = ? WHERE name = ?", "iiit", self->n_rows,
                     g_get_real_time (), self->step->version, self->name) &&
         (self->only_added ? bv_append_note (db, self->name, &self->before, (guint64) self->step->version, error)
                           : bv_append_forget (db, self->name, error)) &&
         bv_catalogue_get_state (db, self->name, &state, error) && bv_row_step_set_after (self->step, self->op, state, error);
}

/* --- Rows -------------------------------------------------------------------------------------------------------------------- */

static sqlite3_stmt *
prepare (BvRowTable *self, sqlite3_stmt **stmt, const char *sql, GError **error)
{
  if (*stmt == NULL && sqlite3_prepare_v3 (self->step->db, sql, -1, SQLITE_PREPARE_PERSISTENT, stmt, NULL) != SQLITE_OK)
    bv_sqlite_set_error (error, self->step->db, NULL, NULL);
  return *stmt;
}

static void
bind (sqlite3_stmt *stmt, int index, const BvRowCell *cell)
{
  if (cell->type == BV_TYPE_INT)
    sqlite3_bind_int64 (stmt, index, cell->i);
  else if (cell->type == BV_TYPE_DOUBLE)
    sqlite3_bind_double (stmt, index, cell->d);
  else if (cell->type == BV_TYPE_TEXT)
    sqlite3_bind_text (stmt, index, cell->s, cell->length, SQLITE_STATIC);
  else
    sqlite3_bind_null (stmt, index);
}

static gboolean
finish (BvRowTable *self, sqlite3_stmt *stmt, GError **error)
{
  sqlite3_step (stmt);
  return sqlite3_reset (stmt) == SQLITE_OK || bv_sqlite_set_error (error, self->step->db, NULL, NULL);
}

static gboolean
is_equal (sqlite3_stmt *stmt, int column, const BvRowCell *cell)
{
  switch (sqlite3_column_type (stmt, column))
    {
    case SQLITE_NULL:
      return cell->type == BV_TYPE_NULL;
    case SQLITE_INTEGER:
      return cell->type == BV_TYPE_INT && sqlite3_column_int64 (stmt, column) == cell->i;
    case SQLITE_FLOAT:
      {
        double stored = sqlite3_column_double (stmt, column);

        return (cell->type == BV_TYPE_DOUBLE && memcmp (&stored, &cell->d, sizeof stored) == 0) ||
               (cell->type == BV_TYPE_INT && memcmp (&stored, &(double){ (double) cell->i }, sizeof stored) == 0);
      }
    case SQLITE_TEXT:
    default:
      return cell->type == BV_TYPE_TEXT && sqlite3_column_bytes (stmt, column) == cell->length &&
             memcmp (sqlite3_column_text (stmt, column), cell->s, (gsize) cell->length) == 0;
    }
}

/* Stands on the row with this key; *rowid is 0 when there is none. The caller resets self->find. */
static gboolean
look_up (BvRowTable *self, const BvRowCell *key, gint64 *rowid, GError **error)
{
  int code;

  *rowid = 0;
  if (self->n_waiting > 0 && !bv_row_table_settle (self, error))
    return FALSE;
  if (!self->indexed && !bv_row_table_index (self, NULL, error))
    return FALSE;
  if (self->find == NULL)
    {
      g_autofree char *quoted = bv_sql_quote (self->name);
      g_autoptr (GString) sql = g_string_new ("SELECT rowid");

      for (guint i = 0; i < self->columns->len; i++)
        {
          g_autofree char *column = bv_sql_quote (column_at (self, i)->name);

          g_string_append_printf (sql, ", %s", column);
        }
      g_string_append_printf (sql, " FROM main.%s WHERE ", quoted);
      append_key (self, sql, 1);
      if (prepare (self, &self->find, sql->str, error) == NULL)
        return FALSE;
    }
  for (guint i = 0; i < self->n_key; i++)
    bind (self->find, (int) i + 1, &key[i]);
  code = sqlite3_step (self->find);
  if (code == SQLITE_ROW)
    {
      *rowid = sqlite3_column_int64 (self->find, 0);
      return TRUE;
    }
  sqlite3_reset (self->find);
  return code == SQLITE_DONE || bv_sqlite_set_error (error, self->step->db, NULL, NULL);
}

/* Keeps the row as it is, once in a step. */
static gboolean
keep_row (BvRowTable *self, gint64 rowid, GError **error)
{
  if (self->hidden == NULL)
    return TRUE;
  if (self->keep == NULL)
    {
      g_autoptr (GPtrArray) names = physical_columns (self->step->db, self->hidden, error);
      g_autofree char *quoted = bv_sql_quote (self->name);
      g_autoptr (GString) list = g_string_new (NULL);
      g_autofree char *sql = NULL;

      if (names == NULL)
        return FALSE;
      for (guint i = 0; i < names->len; i++)
        {
          g_autofree char *column = bv_sql_quote (names->pdata[i]);

          g_string_append_printf (list, ", %s", column);
        }
      sql = g_strdup_printf ("INSERT OR IGNORE INTO main.\"%s\" (bv_was%s) SELECT 1%s FROM main.%s WHERE rowid = ?1", self->hidden, list->str,
                             list->str, quoted);
      if (prepare (self, &self->keep, sql, error) == NULL)
        return FALSE;
    }
  sqlite3_bind_int64 (self->keep, 1, rowid);
  return finish (self, self->keep, error);
}

/* Notes that there was no row with this key. */
static gboolean
note_absence (BvRowTable *self, const BvRowCell *key, GError **error)
{
  if (self->hidden == NULL)
    return TRUE;
  if (self->note == NULL)
    {
      g_autoptr (GString) names = g_string_new (NULL);
      g_autoptr (GString) values = g_string_new (NULL);
      g_autofree char *sql = NULL;

      for (guint i = 0; i < self->n_key; i++)
        {
          g_autofree char *column = bv_sql_quote (column_at (self, i)->name);

          g_string_append_printf (names, ", %s", column);
          g_string_append_printf (values, ", ?%u", i + 1);
        }
      sql = g_strdup_printf ("INSERT OR IGNORE INTO main.\"%s\" (bv_was%s) VALUES (0%s)", self->hidden, names->str, values->str);
      if (prepare (self, &self->note, sql, error) == NULL)
        return FALSE;
    }
  for (guint i = 0; i < self->n_key; i++)
    bind (self->note, (int) i + 1, &key[i]);
  return finish (self, self->note, error);
}

/* "INSERT … VALUES (?1, …), (…)" for @n_rows, each with variables for all columns. */
static gboolean
prepare_insert (BvRowTable *self, sqlite3_stmt **stmt, guint n_rows, GError **error)
{
  g_autofree char *quoted = bv_sql_quote (self->name);
  g_autoptr (GString) sql = g_string_new (NULL);
  guint n_columns = self->columns->len;

  if (*stmt != NULL)
    return TRUE;
  g_string_printf (sql, "INSERT INTO main.%s (", quoted);
  for (guint i = 0, n = 0; i < n_columns; i++)
    if (column_at (self, i)->role != BV_CELL_KEEP)
      {
        g_autofree char *column = bv_sql_quote (column_at (self, i)->name);

        g_string_append_printf (sql, "%s%s", n++ > 0 ? ", " : "", column);
      }
  g_string_append (sql, ") VALUES ");
  for (guint r = 0; r < n_rows; r++)
    {
      g_string_append (sql, r > 0 ? ", (" : "(");
      for (guint i = 0, n = 0; i < n_columns; i++)
        if (column_at (self, i)->role != BV_CELL_KEEP)
          g_string_append_printf (sql, "%s?%u", n++ > 0 ? "," : "", r * n_columns + i + 1);
      g_string_append_c (sql, ')');
    }
  return prepare (self, stmt, sql->str, error) != NULL;
}

static gboolean
insert_row (BvRowTable *self, const BvRowCell *cells, GError **error)
{
  if (!prepare_insert (self, &self->insert, 1, error))
    return FALSE;
  for (guint i = 0; i < self->columns->len; i++)
    if (column_at (self, i)->role != BV_CELL_KEEP)
      bind (self->insert, (int) i + 1, &cells[i]);
  self->n_rows++;
  self->changed = TRUE;
  return finish (self, self->insert, error);
}

gboolean
bv_row_table_settle (BvRowTable *self, GError **error)
{
  guint n_columns = self->columns->len;
  guint n = self->n_waiting;
  sqlite3_stmt *stmt;

  if (n == 0)
    return TRUE;
  self->n_waiting = 0;
  if (!prepare_insert (self, n == self->max_waiting ? &self->many : &self->insert, n == self->max_waiting ? n : 1, error))
    return FALSE;
  stmt = n == self->max_waiting ? self->many : self->insert;
  for (guint r = 0; r < n; r++)
    {
      const BvRowCell *row = &self->waiting[(gsize) r * n_columns];
      guint first = stmt == self->many ? r * n_columns : 0;

      for (guint i = 0; i < n_columns; i++)
        if (column_at (self, i)->role != BV_CELL_KEEP)
          bind (stmt, (int) (first + i) + 1, &row[i]);
      if ((stmt == self->insert || r + 1 == n) && !finish (self, stmt, error))
        return FALSE;
    }
  return TRUE;
}

/* A row to be written with others. */
static gboolean
append_row (BvRowTable *self, const BvRowCell *cells, GError **error)
{
  guint n_columns = self->columns->len;

  if (self->waiting == NULL)
    {
      self->max_waiting = CLAMP (MAX_VARIABLES / n_columns, 1, MANY_ROWS);
      self->waiting = g_new (BvRowCell, (gsize) self->max_waiting * n_columns);
    }
  memcpy (&self->waiting[(gsize) self->n_waiting * n_columns], cells, sizeof (BvRowCell) * n_columns);
  self->n_rows++;
  self->changed = TRUE;
  return ++self->n_waiting < self->max_waiting || bv_row_table_settle (self, error);
}

static gboolean
update_row (BvRowTable *self, gint64 rowid, const BvRowCell *cells, GError **error)
{
  if (self->update == NULL)
    {
      g_autofree char *quoted = bv_sql_quote (self->name);
      g_autoptr (GString) sql = g_string_new (NULL);
      guint n = 0;

      g_string_printf (sql, "UPDATE main.%s SET ", quoted);
      for (guint i = self->n_key; i < self->columns->len; i++)
        if (column_at (self, i)->role == BV_CELL_VALUE || column_at (self, i)->role == BV_CELL_STAMP)
          {
            g_autofree char *column = bv_sql_quote (column_at (self, i)->name);

            g_string_append_printf (sql, "%s%s = ?%u", n++ > 0 ? ", " : "", column, i + 2);
          }
      if (n == 0)
        return TRUE;
      g_string_append (sql, " WHERE rowid = ?1");
      if (prepare (self, &self->update, sql->str, error) == NULL)
        return FALSE;
    }
  sqlite3_bind_int64 (self->update, 1, rowid);
  for (guint i = self->n_key; i < self->columns->len; i++)
    if (column_at (self, i)->role == BV_CELL_VALUE || column_at (self, i)->role == BV_CELL_STAMP)
      bind (self->update, (int) i + 2, &cells[i]);
  self->changed = TRUE;
  self->only_added = FALSE;
  return finish (self, self->update, error);
}

gboolean
bv_row_table_put (BvRowTable *self, const BvRowCell *cells, gboolean append, BvRowResult *result, GError **error)
{
  gint64 rowid;
  gboolean equal = TRUE;

  g_return_val_if_fail (self->open, FALSE);

  if (append && self->is_new && !self->indexed)
    {
      *result = BV_ROW_NEW;
      return append_row (self, cells, error);
    }
  if (!look_up (self, cells, &rowid, error))
    return FALSE;
  if (rowid == 0)
    {
      *result = BV_ROW_NEW;
      return note_absence (self, cells, error) && insert_row (self, cells, error);
    }
  for (guint i = self->n_key; equal && i < self->columns->len; i++)
    if (column_at (self, i)->role == BV_CELL_VALUE)
      equal = is_equal (self->find, (int) i + 1, &cells[i]);
  sqlite3_reset (self->find);
  *result = equal ? BV_ROW_SAME : BV_ROW_CHANGED;
  return equal || (keep_row (self, rowid, error) && update_row (self, rowid, cells, error));
}

gboolean
bv_row_table_patch (BvRowTable *self, const BvRowCell *cells, const guint *columns, guint n_columns, BvRowResult *result, GError **error)
{
  g_autofree char *quoted = bv_sql_quote (self->name);
  g_autoptr (GString) sql = g_string_new (NULL);
  gboolean equal = TRUE;
  gint64 rowid;

  g_return_val_if_fail (self->open, FALSE);

  if (!look_up (self, cells, &rowid, error))
    return FALSE;
  *result = BV_ROW_MISSING;
  if (rowid == 0)
    return TRUE;
  for (guint i = 0; equal && i < n_columns; i++)
    equal = is_equal (self->find, (int) columns[i] + 1, &cells[columns[i]]);
  sqlite3_reset (self->find);
  *result = equal ? BV_ROW_SAME : BV_ROW_CHANGED;
  if (equal)
    return TRUE;
  g_string_printf (sql, "UPDATE main.%s SET ", quoted);
  for (guint i = 0; i < n_columns; i++)
    {
      g_autofree char *column = bv_sql_quote (column_at (self, columns[i])->name);

      g_string_append_printf (sql, "%s%s = ?%u", i > 0 ? ", " : "", column, columns[i] + 2);
    }
  for (guint i = 0; i < self->columns->len; i++)
    if (column_at (self, i)->role == BV_CELL_STAMP)
      {
        g_autofree char *column = bv_sql_quote (column_at (self, i)->name);

        g_string_append_printf (sql, ", %s = ?%u", column, i + 2);
      }
  g_string_append (sql, " WHERE rowid = ?1");
  if (g_strcmp0 (self->patch_sql, sql->str) != 0)
    {
      g_clear_pointer (&self->patch, sqlite3_finalize);
      g_free (self->patch_sql);
      self->patch_sql = g_strdup (sql->str);
    }
  if (prepare (self, &self->patch, sql->str, error) == NULL || !keep_row (self, rowid, error))
    return FALSE;
  sqlite3_bind_int64 (self->patch, 1, rowid);
  for (guint i = 0; i < n_columns; i++)
    bind (self->patch, (int) columns[i] + 2, &cells[columns[i]]);
  for (guint i = 0; i < self->columns->len; i++)
    if (column_at (self, i)->role == BV_CELL_STAMP)
      bind (self->patch, (int) i + 2, &cells[i]);
  self->changed = TRUE;
  self->only_added = FALSE;
  return finish (self, self->patch, error);
}

gboolean
bv_row_table_remove (BvRowTable *self, const BvRowCell *key, BvRowResult *result, GError **error)
{
  gint64 rowid;

  g_return_val_if_fail (self->open, FALSE);

  if (!look_up (self, key, &rowid, error))
    return FALSE;
  *result = BV_ROW_MISSING;
  if (rowid == 0)
    return TRUE;
  sqlite3_reset (self->find);
  *result = BV_ROW_CHANGED;
  if (self->erase == NULL)
    {
      g_autofree char *quoted = bv_sql_quote (self->name);
      g_autofree char *sql = g_strdup_printf ("DELETE FROM main.%s WHERE rowid = ?1", quoted);

      if (prepare (self, &self->erase, sql, error) == NULL)
        return FALSE;
    }
  if (!keep_row (self, rowid, error))
    return FALSE;
  sqlite3_bind_int64 (self->erase, 1, rowid);
  self->n_rows--;
  self->changed = TRUE;
  self->only_added = FALSE;
  return finish (self, self->erase, error);
}

gboolean
bv_row_table_index (BvRowTable *self, gint64 *n_dropped, GError **error)
{
  sqlite3 *db = self->step->db;
  g_autofree char *quoted = bv_sql_quote (self->name);
  g_autoptr (GString) names = g_string_new (NULL);
  g_autofree char *create = NULL;
  int code;

  if (n_dropped != NULL)
    *n_dropped = 0;
  if (self->indexed)
    return TRUE;
  if (!bv_row_table_settle (self, error))
    return FALSE;
  for (guint i = 0; i < self->n_key; i++)
    {
      g_autofree char *column = bv_sql_quote (column_at (self, i)->name);

      g_string_append_printf (names, "%s%s", i > 0 ? ", " : "", column);
    }
  create = g_strdup_printf ("CREATE UNIQUE INDEX main.bv_rows_%" PRId64 "_%" PRId64 " ON %s (%s)", self->step->version, self->op, quoted,
                            names->str);
  code = sqlite3_exec (db, create, NULL, NULL, NULL);
  if (code == SQLITE_CONSTRAINT)
    {
      g_autofree char *drop = g_strdup_printf ("DELETE FROM main.%s WHERE rowid NOT IN (SELECT max(rowid) FROM main.%s GROUP BY %s)", quoted,
                                               quoted, names->str);

      if (!bv_sql_exec (db, error, drop))
        return FALSE;
      self->n_rows -= sqlite3_changes64 (db);
      self->changed = TRUE;
      self->only_added = FALSE;
      if (n_dropped != NULL)
        *n_dropped = sqlite3_changes64 (db);
      code = sqlite3_exec (db, create, NULL, NULL, NULL);
    }
  if (code != SQLITE_OK)
    return bv_sqlite_set_error (error, db, NULL, NULL);
  self->indexed = TRUE;
  return TRUE;
}
