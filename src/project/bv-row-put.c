/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Rows put into a table in place, by key.
 *
 * A row costs a look into the key's index, a comparison of its cells and, when one differs, a copy of the old row into the
 * hidden table of the step and the write. Rows that are equal cost no write at all.
 *
 * In a table that the step itself made, rows can be appended without looking. They are gathered, and inserted as a block by a
 * feed (bv-row-feed.h); all that looks at the table inserts them first. While their keys rise, no two are equal, and the key's index is
 * kept from the first block on: growing at its end it costs a third of a sort of all keys afterwards. From the first key that does not
 * rise, the index is dropped, and made at the end.
 */
#include "config.h"

#include "bv-row-private.h"

#include <string.h>

/* Cells that wait to be inserted as a block. */
#define WAITING_CELLS 32768

void
bv_row_table_clear_statements (BvRowTable *self)
{
  g_clear_pointer (&self->find, sqlite3_finalize);
  g_clear_pointer (&self->feed, bv_row_feed_free);
  g_clear_pointer (&self->waiting, g_free);
  g_clear_pointer (&self->update, sqlite3_finalize);
  g_clear_pointer (&self->patch, sqlite3_finalize);
  g_clear_pointer (&self->keep, sqlite3_finalize);
  g_clear_pointer (&self->note, sqlite3_finalize);
  g_clear_pointer (&self->erase, sqlite3_finalize);
  g_clear_pointer (&self->patch_sql, g_free);
}

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
  if (self->index == NULL && !bv_row_table_index (self, NULL, error))
    return FALSE;
  if (self->find == NULL)
    {
      g_autofree char *quoted = bv_sql_quote (self->name);
      g_autoptr (GString) sql = g_string_new ("SELECT ");

      g_string_append (sql, self->rowid);
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
      sql = g_strdup_printf ("INSERT OR IGNORE INTO main.\"%s\" (bv_was%s) SELECT 1%s FROM main.%s WHERE %s = ?1", self->hidden, list->str,
                             list->str, quoted, self->rowid);
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

static BvRowFeed *
get_feed (BvRowTable *self, GError **error)
{
  guint n_columns = self->columns->len;
  g_autofree const char **names = NULL;

  if (self->feed != NULL)
    return self->feed;
  names = g_new0 (const char *, n_columns);
  for (guint i = 0; i < n_columns; i++)
    if (bv_row_table_column (self, i)->role != BV_CELL_KEEP)
      names[i] = bv_row_table_column (self, i)->name;
  self->feed = bv_row_feed_new (self->step->db, self->name, names, n_columns, error);
  return self->feed;
}

static gboolean
insert_row (BvRowTable *self, const BvRowCell *cells, GError **error)
{
  BvRowFeed *feed = get_feed (self, error);

  self->n_rows++;
  self->changed = TRUE;
  self->rising = FALSE;
  return feed != NULL && bv_row_feed_insert (feed, cells, 1, NULL, error);
}

/* --- Appended rows */

/* Whether @a comes before @b in an index. */
static gboolean
is_before (const BvRowCell *a, const BvRowCell *b, guint n_cells)
{
  for (guint i = 0; i < n_cells; i++)
    {
      int order;

      if (a[i].type != b[i].type)
        return FALSE;
      if (a[i].type == BV_TYPE_TEXT)
        {
          order = a[i].s == b[i].s ? 0 : memcmp (a[i].s, b[i].s, (gsize) MIN (a[i].length, b[i].length));
          order = order != 0 ? order : (a[i].length > b[i].length) - (a[i].length < b[i].length);
        }
      else if (a[i].type == BV_TYPE_DOUBLE)
        order = (a[i].d > b[i].d) - (a[i].d < b[i].d);
      else
        order = (a[i].i > b[i].i) - (a[i].i < b[i].i);
      if (order != 0)
        return order < 0;
    }
  return FALSE;
}

static void
keep_last (BvRowTable *self, const BvRowCell *key)
{
  if (self->last == NULL)
    {
      self->last = g_new (BvRowCell, self->n_key);
      self->last_text = g_string_new (NULL);
    }
  memcpy (self->last, key, sizeof (BvRowCell) * self->n_key);
  g_string_truncate (self->last_text, 0);
  for (guint i = 0; i < self->n_key; i++)
    if (key[i].type == BV_TYPE_TEXT)
      g_string_append_len (self->last_text, key[i].s, key[i].length);
  for (guint i = 0, at = 0; i < self->n_key; i++)
    if (key[i].type == BV_TYPE_TEXT)
      {
        self->last[i].s = self->last_text->str + at;
        at += (guint) key[i].length;
      }
}

gboolean
bv_row_table_find_last (BvRowTable *self, GError **error)
{
  g_autofree char *quoted = bv_sql_quote (self->name);
  g_autoptr (GString) names = g_string_new (NULL);
  g_autoptr (GString) order = g_string_new (NULL);
  g_autofree BvRowCell *key = g_new0 (BvRowCell, self->n_key);
  g_autofree char *sql = NULL;
  g_autoptr (BvStmt) stmt = NULL;
  gboolean row;

  for (guint i = 0; i < self->n_key; i++)
    {
      g_autofree char *name = bv_sql_quote (bv_row_table_column (self, i)->name);

      g_string_append_printf (names, "%s%s", i > 0 ? ", " : "", name);
      g_string_append_printf (order, "%s%s DESC", i > 0 ? ", " : "", name);
    }
  sql = g_strdup_printf ("SELECT %s FROM main.%s ORDER BY %s LIMIT 1", names->str, quoted, order->str);
  stmt = bv_sql_prepare (self->step->db, error, sql, NULL);
  if (stmt == NULL || !bv_sql_step (stmt, &row, error))
    return FALSE;
  for (guint i = 0; row && i < self->n_key; i++)
    {
      int type = sqlite3_column_type (stmt, (int) i);

      key[i].type = type == SQLITE_INTEGER ? BV_TYPE_INT : type == SQLITE_FLOAT ? BV_TYPE_DOUBLE : type == SQLITE_TEXT ? BV_TYPE_TEXT : BV_TYPE_NULL;
      if (type == SQLITE_INTEGER)
        key[i].i = sqlite3_column_int64 (stmt, (int) i);
      else if (type == SQLITE_FLOAT)
        key[i].d = sqlite3_column_double (stmt, (int) i);
      else if (type == SQLITE_TEXT)
        {
          key[i].s = (const char *) sqlite3_column_text (stmt, (int) i);
          key[i].length = sqlite3_column_bytes (stmt, (int) i);
        }
    }
  if (row)
    keep_last (self, key);
  self->rising = TRUE;
  return TRUE;
}

gboolean
bv_row_table_settle (BvRowTable *self, GError **error)
{
  guint n = self->n_waiting;
  BvRowFeed *feed;

  if (n == 0)
    return TRUE;
  self->n_waiting = 0;
  if (self->rising)
    {
      if (self->index == NULL && !bv_row_table_index (self, NULL, error))
        return FALSE;
      keep_last (self, &self->waiting[(gsize) (n - 1) * self->columns->len]);
    }
  feed = get_feed (self, error);
  return feed != NULL && bv_row_feed_insert (feed, self->waiting, n, NULL, error);
}

/* A row to be written with others. */
static gboolean
append_row (BvRowTable *self, const BvRowCell *cells, GError **error)
{
  guint n_columns = self->columns->len;
  const BvRowCell *last;

  if (self->waiting == NULL)
    {
      self->max_waiting = MAX (WAITING_CELLS / n_columns, 1);
      self->waiting = g_new (BvRowCell, (gsize) self->max_waiting * n_columns);
    }
  last = self->n_waiting > 0 ? &self->waiting[(gsize) (self->n_waiting - 1) * n_columns] : self->last;
  if (self->rising && last != NULL && !is_before (last, cells, self->n_key))
    {
      self->rising = FALSE;
      if (self->index != NULL && !bv_row_table_drop_index (self, error))
        return FALSE;
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
      g_string_append_printf (sql, " WHERE %s = ?1", self->rowid);
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

  if (append && self->is_new && (self->index == NULL || self->rising))
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
  g_string_append_printf (sql, " WHERE %s = ?1", self->rowid);
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
      g_autofree char *sql = g_strdup_printf ("DELETE FROM main.%s WHERE %s = ?1", quoted, self->rowid);

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

