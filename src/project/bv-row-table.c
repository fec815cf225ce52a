/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Tables that rows are put into: made, given the columns they lack, their place in the catalogue and in the journal, the key's index.
 * bv-row-put.c puts the rows.
 *
 * The hidden table has the columns of the table as they were when it was made, and bv_was: 1 for a row that was there, 0 for the
 * key of one that was not. Only the first touch of a row within a step writes to it.
 */
#include "config.h"

#include "bv-row-private.h"

#include <glib/gi18n-lib.h>
#include <inttypes.h>
#include <string.h>

static void
column_clear (gpointer data)
{
  g_free (((BvRowTableColumn *) data)->name);
}

void
bv_row_table_free (BvRowTable *self)
{
  bv_row_table_clear_statements (self);
  g_array_unref (self->columns);
  g_free (self->hidden);
  g_free (self->index);
  g_free (self->last);
  if (self->last_text != NULL)
    g_string_free (self->last_text, TRUE);
  g_free (self->name);
  g_free (self);
}

void
bv_row_table_leave_page (BvRowTable *self)
{
  self->open = FALSE;
  self->n_waiting = 0;
  g_clear_pointer (&self->waiting, g_free);
}

/* --- SQL ------------------------------------------------------------------------------------------------------------------- */

GPtrArray *
bv_row_table_physical_columns (sqlite3 *db, const char *table, GError **error)
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
add_physical (sqlite3 *db, const char *table, const BvRowTableColumn *column, GError **error)
{
  g_autoptr (GPtrArray) names = bv_row_table_physical_columns (db, table, error);
  g_autofree char *quoted = bv_sql_quote (table);
  g_autofree char *name = bv_sql_quote (column->name);
  g_autofree char *sql = g_strdup_printf ("ALTER TABLE main.%s ADD COLUMN %s %s", quoted, name, bv_sql_storage (column->type));

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
      g_autofree char *name = bv_sql_quote (bv_row_table_column (self, i)->name);

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
      g_autofree char *name = bv_sql_quote (bv_row_table_column (self, i)->name);

      g_string_append_printf (sql, "%s%s %s", i > 0 ? ", " : "", name, bv_sql_storage (bv_row_table_column (self, i)->type));
      if (i < self->n_key)
        g_ptr_array_add (key, bv_row_table_column (self, i)->name);
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
                     (gint64) i, bv_row_table_column (self, i)->name, bv_type_to_name (bv_row_table_column (self, i)->type)))
      return FALSE;
  return (self->rowid = bv_sql_rowid (db, self->name, NULL, error)) != NULL && bv_catalogue_get_state (db, self->name, &state, error) &&
         bv_row_step_add_op (self->step, "table", self->name, NULL, state, &self->op, error);
}

/* Whether the existing table @info has our key. */
static gboolean
check_key (BvRowTable *self, BvTableInfo *info, GError **error)
{
  gboolean ours = info->key != NULL && g_strv_length (info->key) == self->n_key;

  for (guint i = 0; ours && i < self->n_key; i++)
    ours = g_ascii_strcasecmp (info->key[i], bv_row_table_column (self, i)->name) == 0;
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
      const BvRowTableColumn *column = bv_row_table_column (self, i);
      const BvTableColumn *old = NULL;

      for (guint j = 0; j < info->columns->len && old == NULL; j++)
        if (g_ascii_strcasecmp (g_array_index (info->columns, BvTableColumn, j).name, column->name) == 0)
          old = &g_array_index (info->columns, BvTableColumn, j);
      if (old != NULL && g_str_equal (bv_sql_storage (old->type), bv_sql_storage (column->type)))
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
      bv_row_table_clear_statements (self);
    }
  return TRUE;
}

static gboolean
find_index (BvRowTable *self, GError **error)
{
  g_autoptr (GString) names = g_string_new (NULL);
  g_autoptr (BvStmt) stmt = NULL;
  gboolean row;

  for (guint i = 0; i < self->n_key; i++)
    g_string_append_printf (names, "%s%s", i > 0 ? "\x1f" : "", bv_row_table_column (self, i)->name);
  stmt = bv_sql_prepare (self->step->db, error,
                         "SELECT l.name FROM pragma_index_list(?1) l WHERE l.\"unique\" AND (SELECT group_concat(i.name, char(31)) FROM"
                         " (SELECT name FROM pragma_index_info(l.name) ORDER BY seqno) i) = ?2 COLLATE NOCASE", "tt", self->name, names->str);
  if (stmt == NULL || !bv_sql_step (stmt, &row, error))
    return FALSE;
  g_clear_pointer (&self->index, g_free);
  if (row)
    self->index = bv_sql_dup (stmt, 0);
  return TRUE;
}

/* Appended rows go on behind those of earlier pages. */
static gboolean
find_place (BvRowTable *self, GError **error)
{
  if (!self->is_new || (self->rising && self->last != NULL))
    return TRUE;
  self->rising = self->n_rows == 0;
  return self->rising || self->index == NULL || bv_row_table_find_last (self, error);
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
      g_clear_pointer (&self->index, g_free);
      self->rising = TRUE;
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
  return adopt_table (self, info, error) && (self->rowid = bv_sql_rowid (db, self->name, NULL, error)) != NULL && find_index (self, error) &&
         find_place (self, error);
}

static gboolean
same_columns (BvRowTable *self, const BvRowColumn *columns, guint n_columns, guint n_key)
{
  gboolean same = self->columns->len == n_columns && self->n_key == n_key;

  for (guint i = 0; same && i < n_columns; i++)
    same = strcmp (bv_row_table_column (self, i)->name, columns[i].name) == 0 && bv_row_table_column (self, i)->type == columns[i].type &&
           bv_row_table_column (self, i)->role == columns[i].role;
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
      self->columns = g_array_new (FALSE, FALSE, sizeof (BvRowTableColumn));
      g_array_set_clear_func (self->columns, column_clear);
      self->n_key = n_key;
      for (guint i = 0; i < n_columns; i++)
        {
          BvRowTableColumn column = { g_strdup (columns[i].name), columns[i].type == BV_TYPE_NULL ? BV_TYPE_TEXT : columns[i].type, columns[i].role };

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

/* --- The key's index --------------------------------------------------------------------------------------------------------- */

gboolean
bv_row_table_index (BvRowTable *self, gint64 *n_dropped, GError **error)
{
  sqlite3 *db = self->step->db;
  g_autofree char *quoted = bv_sql_quote (self->name);
  g_autoptr (GString) names = g_string_new (NULL);
  g_autofree char *create = NULL;
  g_autofree char *index = NULL;
  int code;

  if (n_dropped != NULL)
    *n_dropped = 0;
  if (self->index != NULL)
    return TRUE;
  if (self->n_waiting > 0 && !bv_row_table_settle (self, error))
    return FALSE;
  if (self->index != NULL)
    return TRUE;
  for (guint i = 0; i < self->n_key; i++)
    {
      g_autofree char *column = bv_sql_quote (bv_row_table_column (self, i)->name);

      g_string_append_printf (names, "%s%s", i > 0 ? ", " : "", column);
    }
  index = g_strdup_printf ("bv_rows_%" PRId64 "_%" PRId64, self->step->version, self->op);
  create = g_strdup_printf ("CREATE UNIQUE INDEX main.%s ON %s (%s)", index, quoted, names->str);
  code = sqlite3_exec (db, create, NULL, NULL, NULL);
  if (code == SQLITE_CONSTRAINT)
    {
      g_autofree char *drop = g_strdup_printf ("DELETE FROM main.%s WHERE %s NOT IN (SELECT max(%s) FROM main.%s GROUP BY %s)", quoted,
                                               self->rowid, self->rowid, quoted, names->str);

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
  self->index = g_steal_pointer (&index);
  return TRUE;
}

gboolean
bv_row_table_drop_index (BvRowTable *self, GError **error)
{
  g_autofree char *name = g_steal_pointer (&self->index);
  g_autofree char *quoted = bv_sql_quote (name);
  g_autofree char *sql = g_strdup_printf ("DROP INDEX main.%s", quoted);

  return bv_sql_exec (self->step->db, error, sql);
}
