/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Rows put into a table in place, one by one, by key.
 *
 * A row costs a look into the key's index, a comparison of its cells and, when one differs, a copy of the old row into the
 * hidden table of the step and the write. Rows that are equal cost no write at all. In a table that the step itself made, rows can be
 * appended without looking; the index is made once, at the end, which is several times quicker than keeping it. Appended rows
 * are gathered and written by one statement with many VALUES, which halves their cost; all that looks at the table writes them first.
 */
#include "config.h"

#include "bv-row-private.h"

#include <inttypes.h>
#include <string.h>

/* Rows of one INSERT, when they are appended. */
#define MANY_ROWS 50
/* SQLite's default; Debian's allows more. */
#define MAX_VARIABLES 32766

/* "a" = ? AND "b" = ? with numbered variables from @first. */
static void
append_key (BvRowTable *self, GString *sql, guint first)
{
  for (guint i = 0; i < self->n_key; i++)
    {
      g_autofree char *column = bv_sql_quote (bv_row_table_column (self, i)->name);

      g_string_append_printf (sql, "%s%s = ?%u", i > 0 ? " AND " : "", column, first + i);
    }
}

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
          g_autofree char *column = bv_sql_quote (bv_row_table_column (self, i)->name);

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
      g_autoptr (GPtrArray) names = bv_row_table_physical_columns (self->step->db, self->hidden, error);
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
          g_autofree char *column = bv_sql_quote (bv_row_table_column (self, i)->name);

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
    if (bv_row_table_column (self, i)->role != BV_CELL_KEEP)
      {
        g_autofree char *column = bv_sql_quote (bv_row_table_column (self, i)->name);

        g_string_append_printf (sql, "%s%s", n++ > 0 ? ", " : "", column);
      }
  g_string_append (sql, ") VALUES ");
  for (guint r = 0; r < n_rows; r++)
    {
      g_string_append (sql, r > 0 ? ", (" : "(");
      for (guint i = 0, n = 0; i < n_columns; i++)
        if (bv_row_table_column (self, i)->role != BV_CELL_KEEP)
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
    if (bv_row_table_column (self, i)->role != BV_CELL_KEEP)
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
        if (bv_row_table_column (self, i)->role != BV_CELL_KEEP)
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
        if (bv_row_table_column (self, i)->role == BV_CELL_VALUE || bv_row_table_column (self, i)->role == BV_CELL_STAMP)
          {
            g_autofree char *column = bv_sql_quote (bv_row_table_column (self, i)->name);

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
    if (bv_row_table_column (self, i)->role == BV_CELL_VALUE || bv_row_table_column (self, i)->role == BV_CELL_STAMP)
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
    if (bv_row_table_column (self, i)->role == BV_CELL_VALUE)
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
      g_autofree char *column = bv_sql_quote (bv_row_table_column (self, columns[i])->name);

      g_string_append_printf (sql, "%s%s = ?%u", i > 0 ? ", " : "", column, columns[i] + 2);
    }
  for (guint i = 0; i < self->columns->len; i++)
    if (bv_row_table_column (self, i)->role == BV_CELL_STAMP)
      {
        g_autofree char *column = bv_sql_quote (bv_row_table_column (self, i)->name);

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
    if (bv_row_table_column (self, i)->role == BV_CELL_STAMP)
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
      g_autofree char *column = bv_sql_quote (bv_row_table_column (self, i)->name);

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
