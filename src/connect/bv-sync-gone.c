/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Rows that are gone at the vendor: they stay, with _deleted_at, and their links go.
 *
 * A row is gone when the vendor says so, when a pass over everything did not meet it, or when the record that it belongs to is gone.
 * What is written after such a pass began exists, wherever the pass was then.
 */
#include "bv-sync-target.h"

#include <string.h>

gboolean
bv_sync_look_at_mark (BvSyncTarget *target, sqlite3 *db, const char *table, gboolean *found, gboolean *alive, GError **error)
{
  g_autofree char *quoted = bv_sql_quote (table);
  g_autoptr (GString) sql = g_string_new (NULL);
  g_autoptr (BvSourceStmt) stmt = NULL;
  gboolean row;

  g_string_printf (sql, "SELECT _deleted_at IS NULL FROM main.%s WHERE ", quoted);
  for (guint i = 0; i < target->n_key; i++)
    {
      g_autofree char *column = bv_sql_quote (g_array_index (target->columns, BvRowColumn, i).name);

      g_string_append_printf (sql, "%s%s = ?%u", i > 0 ? " AND " : "", column, i + 1);
    }
  stmt = bv_source_sql (db, error, sql->str, NULL);
  if (stmt == NULL)
    return FALSE;
  for (guint i = 0; i < target->n_key; i++)
    bv_source_sql_bind (stmt, (int) i + 1, &target->cells[i]);
  if (!bv_source_sql_step (stmt, &row, error))
    return FALSE;
  *found = row;
  *alive = row && sqlite3_column_int (stmt, 0) != 0;
  return TRUE;
}

gboolean
bv_sync_mark_deleted (BvSyncStream *self, BvSyncTarget *target, const char *id, gint64 when, GError **error)
{
  sqlite3 *db = bv_row_step_get_db (self->sync->step);
  char buf[BV_TIME_TEXT_MAX];
  BvRowResult result;
  gboolean found, alive;

  if (!bv_sync_look_at_mark (target, db, self->table, &found, &alive, error))
    return FALSE;
  if (!alive)
    return TRUE;
  target->cells[target->deleted_at] = bv_sync_instant (when != 0 ? when : bv_clock_now (self->sync->clock), buf);
  if (!bv_row_table_patch (target->table, target->cells, &target->deleted_at, 1, &result, error))
    return FALSE;
  target->cells[target->deleted_at] = bv_sync_text (NULL);
  self->counts.deleted++;
  return bv_sync_drop_links (self, id, error);
}

/* --- Rows that are here ---------------------------------------------------------------------------------------------------------- */

static BvRowCell
read_cell (sqlite3_stmt *stmt, int column)
{
  switch (sqlite3_column_type (stmt, column))
    {
    case SQLITE_INTEGER:
      return (BvRowCell){ BV_TYPE_INT, 0, { .i = sqlite3_column_int64 (stmt, column) } };
    case SQLITE_FLOAT:
      return (BvRowCell){ BV_TYPE_DOUBLE, 0, { .d = sqlite3_column_double (stmt, column) } };
    default:
      return bv_sync_text ((const char *) sqlite3_column_text (stmt, column));
    }
}

/* The column of the stream's parent, quoted; NULL where it has none. (transfer full) */
static char *
parent_column (BvSyncStream *self, BvType *type)
{
  for (guint i = 0; self->stream->parent != NULL && i < self->fields->len; i++)
    if (strcmp (((BvSourceField *) self->fields->pdata[i])->name, self->stream->parent) == 0)
      {
        const BvSyncColumn *column = self->columns->pdata[i];

        *type = column->type;
        return bv_sql_quote (column->column);
      }
  return NULL;
}

/* The ids of rows that @where picks, with @bound in it as ?2; @unseen: of those, what the pass has not seen; @parents: (nullable): gets the parent of
 * each. */
static GPtrArray *
list_ids (BvSyncStream *self, BvSyncTarget *target, const char *where, const BvRowCell *bound, gboolean unseen, GPtrArray *parents, GError **error)
{
  BvType type;
  g_autofree char *parent = parent_column (self, &type);
  sqlite3 *db = bv_row_step_get_db (self->sync->step);
  g_autofree char *quoted = bv_sql_quote (self->table);
  g_autoptr (GString) sql = g_string_new ("SELECT ");
  g_autoptr (GString) id = g_string_new (NULL);
  g_autoptr (GPtrArray) ids = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (BvSourceStmt) look = bv_source_sql (db, error, "SELECT 1 FROM bv_source_seen WHERE source = ? AND stream = ? AND id = ?", "tt",
                                                 self->sync->source->uuid, self->stream->name);
  g_autoptr (BvSourceStmt) stmt = NULL;
  gboolean row = TRUE, seen = FALSE;

  for (guint i = 1; i < target->n_key; i++)
    {
      g_autofree char *column = bv_sql_quote (g_array_index (target->columns, BvRowColumn, i).name);

      g_string_append_printf (sql, "%s%s", i > 1 ? ", " : "", column);
    }
  if (parent != NULL)
    g_string_append_printf (sql, ", %s", parent);
  g_string_append_printf (sql, " FROM main.%s WHERE _source = ?1 AND %s", quoted, where);
  stmt = look != NULL ? bv_source_sql (db, error, sql->str, "t", self->sync->short_id) : NULL;
  if (stmt == NULL)
    return NULL;
  bv_source_sql_bind (stmt, 2, bound);
  while (bv_source_sql_step (stmt, &row, error) && row)
    {
      g_string_truncate (id, 0);
      for (guint i = 1; i < target->n_key; i++)
        {
          BvRowCell cell = read_cell (stmt, (int) i - 1);

          bv_sync_append_part (id, i - 1, &cell);
        }
      if (unseen)
        {
          if (parent != NULL)
            sqlite3_bind_text (look, 3, (const char *) sqlite3_column_text (stmt, (int) target->n_key - 1), -1, SQLITE_TRANSIENT);
          else
            sqlite3_bind_text (look, 3, id->str, (int) id->len, SQLITE_STATIC);
          if (!bv_source_sql_step (look, &seen, error))
            return NULL;
          sqlite3_reset (look);
        }
      if (seen)
        continue;
      g_ptr_array_add (ids, g_strndup (id->str, id->len));
      if (parents != NULL)
        g_ptr_array_add (parents, g_strdup ((const char *) sqlite3_column_text (stmt, (int) target->n_key - 1)));
    }
  return row ? NULL : g_steal_pointer (&ids);
}

gboolean
bv_sync_delete_children (BvSyncStream *self, BvSyncTarget *target, GHashTable *deletes, GError **error)
{
  BvType type;
  g_autofree char *parent = parent_column (self, &type);
  g_autofree char *where = g_strdup_printf ("_deleted_at IS NULL AND %s IN (SELECT value FROM json_each (?2))", parent);
  g_autoptr (JsonBuilder) list = json_builder_new ();
  g_autoptr (JsonNode) root = NULL;
  g_autofree char *text = NULL;
  g_autoptr (GPtrArray) parents = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GPtrArray) keep = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GPtrArray) ids = NULL;
  GHashTableIter iter;
  gpointer id;
  BvRowCell bound;

  json_builder_begin_array (list);
  g_hash_table_iter_init (&iter, deletes);
  while (g_hash_table_iter_next (&iter, &id, NULL))
    json_builder_add_string_value (list, id);
  json_builder_end_array (list);
  root = json_builder_get_root (list);
  text = json_to_string (root, FALSE);
  bound = bv_sync_text (text);
  ids = list_ids (self, target, where, &bound, FALSE, parents, error);
  if (ids == NULL)
    return FALSE;
  for (guint i = 0; i < ids->len; i++)
    {
      const BvBatchDelete *item = g_hash_table_lookup (deletes, parents->pdata[i]);

      if (bv_sync_target_set_key (self, target, ids->pdata[i], keep) &&
          !bv_sync_mark_deleted (self, target, ids->pdata[i], item != NULL ? item->when : 0, error))
        return FALSE;
    }
  return TRUE;
}

gboolean
bv_sync_settle_covers (BvSyncStream *self, BvSyncTarget *target, BvBatch *batch, GError **error)
{
  BvType type = BV_TYPE_TEXT;
  g_autofree char *parent = parent_column (self, &type);
  g_autofree char *alive = g_strdup_printf ("_deleted_at IS NULL AND %s = ?2", parent);
  g_autofree char *marked = g_strdup_printf ("_deleted_at IS NOT NULL AND %s = ?2", parent);
  g_autoptr (GHashTable) here = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_autoptr (GPtrArray) keep = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GString) id = g_string_new (NULL);

  for (guint i = 0; i < bv_batch_get_n_rows (batch); i++)
    {
      BvBatchRow row = bv_batch_get_row (batch, i);

      g_string_truncate (id, 0);
      for (guint k = 0; k < self->n_key; k++)
        bv_sync_append_part (id, k, &row.cells[k]);
      g_hash_table_add (here, g_strdup (id->str));
    }
  for (guint i = 0; i < batch->covers->len; i++)
    {
      const BvBatchCover *cover = &g_array_index (batch->covers, BvBatchCover, i);
      g_autofree char *from = g_strconcat (cover->parent, "\x1f", cover->from, NULL);
      g_autoptr (GPtrArray) ids = NULL;
      g_autoptr (GPtrArray) back = NULL;
      BvRowCell bound;

      if (!bv_sync_key_cell (cover->parent, type, &bound))
        continue;
      ids = list_ids (self, target, alive, &bound, FALSE, NULL, error);
      back = ids != NULL ? list_ids (self, target, marked, &bound, FALSE, NULL, error) : NULL;
      if (back == NULL)
        return FALSE;
      for (guint n = 0; n < ids->len; n++)
        if (strcmp (ids->pdata[n], from) >= 0 && !g_hash_table_contains (here, ids->pdata[n]) &&
            bv_sync_target_set_key (self, target, ids->pdata[n], keep) && !bv_sync_mark_deleted (self, target, ids->pdata[n], 0, error))
          return FALSE;
      for (guint n = 0; n < back->len; n++)
        {
          BvRowResult result;

          if (strcmp (back->pdata[n], from) >= 0 || !bv_sync_target_set_key (self, target, back->pdata[n], keep))
            continue;
          target->cells[target->deleted_at] = bv_sync_text (NULL);
          if (!bv_row_table_patch (target->table, target->cells, &target->deleted_at, 1, &result, error))
            return FALSE;
          self->counts.changed++;
        }
    }
  return TRUE;
}

/* --- After a pass over everything ------------------------------------------------------------------------------------------------ */

gboolean
bv_sync_mark_unseen (BvSyncStream *self, gint64 pass_started, GError **error)
{
  g_auto (BvSyncTarget) target = { 0 };
  g_autoptr (GPtrArray) ids = NULL;
  g_autoptr (GPtrArray) keep = g_ptr_array_new_with_free_func (g_free);
  char buf[BV_TIME_TEXT_MAX];
  BvRowCell since = bv_sync_instant (pass_started, buf);

  if (!bv_sync_target_open (self, &target, error))
    return FALSE;
  /* What was written after the pass began exists, wherever the pass was then. */
  ids = list_ids (self, &target, "_deleted_at IS NULL AND _synced_at < ?2", &since, TRUE, NULL, error);
  if (ids == NULL)
    return FALSE;
  for (guint i = 0; i < ids->len; i++)
    if (bv_sync_target_set_key (self, &target, ids->pdata[i], keep) && !bv_sync_mark_deleted (self, &target, ids->pdata[i], 0, error))
      return FALSE;
  return TRUE;
}

gboolean
bv_sync_cut_rows (BvSyncStream *self, gint64 n, GError **error)
{
  g_auto (BvSyncTarget) target = { 0 };
  g_autoptr (GPtrArray) ids = NULL;
  g_autoptr (GPtrArray) keep = g_ptr_array_new_with_free_func (g_free);
  const BvRowCell from = { BV_TYPE_INT, 0, { .i = n } };

  if (!bv_sync_target_open (self, &target, error))
    return FALSE;
  ids = list_ids (self, &target, "_row >= ?2", &from, FALSE, NULL, error);
  if (ids == NULL)
    return FALSE;
  for (guint i = 0; i < ids->len; i++)
    {
      BvRowResult result;

      if (!bv_sync_target_set_key (self, &target, ids->pdata[i], keep) || !bv_row_table_remove (target.table, target.cells, &result, error))
        return FALSE;
      self->counts.deleted++;
    }
  return TRUE;
}
