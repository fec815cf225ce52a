/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A page's rows into the stream's table.
 *
 * The table's form: _source and the vendor's id as key, the chosen fields, _extra with what no field holds, and the engine's own columns:
 * _synced_at (when the row was last written: a row that came again unchanged is not), _first_seen_at, _deleted_at and _merged_into. Rows of
 * streams without a key are numbered in the order in which they come (_row).
 *
 * A row that is gone at the vendor stays (bv-sync-gone.c). A row that comes back loses its mark.
 */
#include "config.h"

#include "bv-sync-target.h"

#include <glib/gi18n-lib.h>
#include <inttypes.h>
#include <string.h>

void
bv_sync_target_clear (BvSyncTarget *target)
{
  g_clear_pointer (&target->columns, g_array_unref);
  g_clear_pointer (&target->cells, g_free);
  g_clear_pointer (&target->field_at, g_free);
  g_clear_pointer (&target->beside_at, g_free);
}

BvRowCell
bv_sync_text (const char *text)
{
  return text != NULL ? (BvRowCell){ BV_TYPE_TEXT, (int) strlen (text), { .s = text } } : (BvRowCell){ BV_TYPE_NULL, 0, { 0 } };
}

BvRowCell
bv_sync_instant (gint64 us, char *buf)
{
  return bv_sync_text (bv_timestamp_to_text (us, buf));
}

gboolean
bv_sync_key_cell (const char *text, BvType type, BvRowCell *cell)
{
  gint64 i;

  if (type == BV_TYPE_DOUBLE && text != NULL)
    {
      char *end;
      double d = g_ascii_strtod (text, &end);

      *cell = (BvRowCell){ BV_TYPE_DOUBLE, 0, { .d = d } };
      return end != text && *end == '\0';
    }
  if (type != BV_TYPE_INT)
    {
      *cell = bv_sync_text (text);
      return text != NULL;
    }
  if (text == NULL || !g_ascii_string_to_signed (text, 10, G_MININT64, G_MAXINT64, &i, NULL))
    return FALSE;
  *cell = (BvRowCell){ BV_TYPE_INT, 0, { .i = i } };
  return TRUE;
}

static guint
add_column (BvSyncTarget *target, const char *name, BvType type, BvCellRole role)
{
  BvRowColumn column = { name, type, role };

  g_array_append_val (target->columns, column);
  return target->columns->len - 1;
}

gboolean
bv_sync_target_open (BvSyncStream *self, BvSyncTarget *target, GError **error)
{
  /* What never changes is compared all the same where everything is read again, for a field that was chosen later. */
  gboolean again = json_object_has_member (self->state, "again");
  BvCellRole role = (self->stream->flags & BV_STREAM_APPEND) && !again ? BV_CELL_FIRST : BV_CELL_VALUE;
  BvType merged = BV_TYPE_TEXT;

  target->columns = g_array_new (FALSE, FALSE, sizeof (BvRowColumn));
  target->field_at = g_new0 (guint, MAX (self->fields->len, 1));
  target->beside_at = g_new0 (guint, MAX (self->fields->len, 1));
  add_column (target, "_source", BV_TYPE_TEXT, BV_CELL_VALUE);
  if (self->n_key == 0)
    add_column (target, "_row", BV_TYPE_INT, BV_CELL_VALUE);
  for (guint i = 0; i < self->columns->len; i++)
    {
      BvSyncColumn *column = self->columns->pdata[i];
      guint at = add_column (target, column->column, column->type,
                             (column->field->flags & BV_FIELD_LINKED) ? BV_CELL_KEEP
                             : i < self->n_key ? BV_CELL_VALUE : role);

      if (i < self->fields->len)
        target->field_at[i] = at;
      if (i < self->n_key)
        merged = column->type;
    }
  target->n_key = 1 + MAX (self->n_key, 1);
  for (guint i = 0; i < self->fields->len; i++)
    if (((BvSyncColumn *) self->columns->pdata[i])->beside != NULL)
      target->beside_at[i] = add_column (target, ((BvSyncColumn *) self->columns->pdata[i])->beside, BV_TYPE_TEXT, role);
  target->extra_at = add_column (target, "_extra", BV_TYPE_TEXT, role);
  target->synced_at = add_column (target, "_synced_at", BV_TYPE_TIMESTAMP, BV_CELL_STAMP);
  target->first_at = add_column (target, "_first_seen_at", BV_TYPE_TIMESTAMP, BV_CELL_FIRST);
  target->deleted_at = add_column (target, "_deleted_at", BV_TYPE_TIMESTAMP, BV_CELL_VALUE);
  target->merged_at = add_column (target, "_merged_into", self->n_key == 1 ? merged : BV_TYPE_TEXT, BV_CELL_KEEP);
  target->cells = g_new0 (BvRowCell, target->columns->len);
  target->cells[0] = bv_sync_text (self->sync->short_id);
  target->cells[target->synced_at] = bv_sync_instant (bv_clock_now (self->sync->clock), target->synced);
  target->cells[target->first_at] = target->cells[target->synced_at];
  target->table = bv_row_step_open_table (self->sync->step, self->table, self->sync->kind->name, (const BvRowColumn *) target->columns->data,
                                          target->columns->len, target->n_key, error);
  return target->table != NULL;
}

/* --- Cells --------------------------------------------------------------------------------------------------------------------- */

/* A cell of type @type as text; (transfer full) (nullable). */
static char *
plain_text (const BvRowCell *cell, BvType type)
{
  char buf[G_ASCII_DTOSTR_BUF_SIZE];

  switch (cell->type)
    {
    case BV_TYPE_TEXT:
      return g_strndup (cell->s, (gsize) cell->length);
    case BV_TYPE_INT:
      return type == BV_TYPE_BOOL ? g_strdup (cell->i ? "true" : "false") : g_strdup_printf ("%" PRId64, cell->i);
    case BV_TYPE_DOUBLE:
      return g_strdup (bv_double_to_plain (cell->d, buf));
    case BV_TYPE_NULL:
    case BV_TYPE_BOOL:
    case BV_TYPE_DATE:
    case BV_TYPE_TIMESTAMP:
    default:
      return NULL;
    }
}

/* The cell of a field in a column of another type; null where it does not fit. @keep owns texts. */
static BvRowCell
convert (const BvRowCell *cell, BvType from, BvType to, GPtrArray *keep)
{
  g_autofree char *text = NULL;
  BvValue value = BV_VALUE_NULL;

  if (cell->type == BV_TYPE_NULL || from == to)
    return *cell;
  if (to == BV_TYPE_DOUBLE && cell->type == BV_TYPE_INT)
    return (BvRowCell){ BV_TYPE_DOUBLE, 0, { .d = (double) cell->i } };
  text = plain_text (cell, from);
  if (to != BV_TYPE_TEXT)
    {
      if (!bv_value_from_plain (text, to, &value))
        return (BvRowCell){ BV_TYPE_NULL, 0, { 0 } };
      if (value.type == BV_TYPE_DOUBLE)
        return (BvRowCell){ BV_TYPE_DOUBLE, 0, { .d = value.d } };
      if (value.type == BV_TYPE_INT || value.type == BV_TYPE_BOOL)
        return (BvRowCell){ BV_TYPE_INT, 0, { .i = value.i } };
      g_free (text);
      text = value.type == BV_TYPE_NULL ? NULL : bv_value_to_plain (&value);
      bv_value_clear (&value);
      if (text == NULL)
        return (BvRowCell){ BV_TYPE_NULL, 0, { 0 } };
    }
  g_ptr_array_add (keep, text);
  return bv_sync_text (g_steal_pointer (&text));
}

void
bv_sync_append_part (GString *id, guint part, const BvRowCell *cell)
{
  char buf[G_ASCII_DTOSTR_BUF_SIZE];

  if (part > 0)
    g_string_append_c (id, '\x1f');
  if (cell->type == BV_TYPE_INT)
    g_string_append_printf (id, "%" PRId64, cell->i);
  else if (cell->type == BV_TYPE_DOUBLE)
    g_string_append (id, bv_double_to_plain (cell->d, buf));
  else if (cell->type == BV_TYPE_TEXT)
    g_string_append_len (id, cell->s, cell->length);
}

/* The id of the row whose key is in @target's cells. */
static void
id_of (BvSyncTarget *target, GString *id)
{
  g_string_truncate (id, 0);
  for (guint i = 1; i < target->n_key; i++)
    bv_sync_append_part (id, i - 1, &target->cells[i]);
}

gboolean
bv_sync_target_set_key (BvSyncStream *self, BvSyncTarget *target, const char *id, GPtrArray *keep)
{
  g_auto (GStrv) parts = g_strsplit (id, "\x1f", -1);

  if (g_strv_length (parts) + 1 != target->n_key)
    return FALSE;
  for (guint i = 1; i < target->n_key; i++)
    {
      char *part = g_strdup (parts[i - 1]);

      g_ptr_array_add (keep, part);
      if (!bv_sync_key_cell (part, g_array_index (target->columns, BvRowColumn, i).type, &target->cells[i]))
        return FALSE;
    }
  return TRUE;
}

/* --- Rows -------------------------------------------------------------------------------------------------------------------------- */

/* An id into the table of ids that @sql names; *stmt is prepared once and is the caller's. */
static gboolean
add_id (BvSyncStream *self, BvSourceStmt **stmt, const char *sql, const char *id, GError **error)
{
  sqlite3 *db = bv_row_step_get_db (self->sync->step);

  if (*stmt == NULL)
    *stmt = bv_source_sql (db, error, sql, "tt", self->sync->source->uuid, self->stream->name);
  if (*stmt == NULL)
    return FALSE;
  sqlite3_bind_text (*stmt, 3, id, -1, SQLITE_STATIC);
  sqlite3_step (*stmt);
  return sqlite3_reset (*stmt) == SQLITE_OK || bv_sqlite_set_error (error, db, NULL, NULL);
}

#define ADD_SEEN "INSERT OR IGNORE INTO bv_source_seen (source, stream, id) VALUES (?, ?, ?)"
#define ADD_PENDING "INSERT OR IGNORE INTO bv_source_pending (source, stream, id) VALUES (?, ?, ?)"

static void
fill_row (BvSyncStream *self, BvFetch *fetch, BvSyncTarget *target, const BvBatchRow *row, GPtrArray *keep)
{
  for (guint i = 0; i < self->fields->len; i++)
    {
      BvSyncColumn *column = self->columns->pdata[i];
      BvRowCell *cell = &target->cells[target->field_at[i]];

      *cell = column->field->type == column->type ? row->cells[i] : convert (&row->cells[i], column->field->type, column->type, keep);
      if (target->beside_at[i] != 0)
        {
          BvRowCell *beside = &target->cells[target->beside_at[i]];

          *beside = bv_sync_text (NULL);
          if (column->changed && row->cells[i].type != BV_TYPE_NULL)
            {
              char *text = plain_text (&row->cells[i], column->field->type);

              g_ptr_array_add (keep, text);
              *beside = bv_sync_text (text);
            }
        }
    }
  target->cells[target->extra_at] = bv_sync_text (row->extra);
}

static gboolean
write_rows (BvSyncStream *self, BvFetch *fetch, BvSyncTarget *target, GHashTable *deletes, gboolean track, gint64 *number, GError **error)
{
  BvBatch *batch = fetch->batch;
  sqlite3 *db = bv_row_step_get_db (self->sync->step);
  gboolean append = fetch->pass == BV_PASS_FIRST && deletes == NULL && bv_row_table_is_new (target->table);
  gboolean pend = self->stream->links->len > 0 && (bv_source_json_int (self->state, "linked", 0) != 0 ||
                                                    json_object_has_member (bv_source_json_object (self->state, "passes"), "links"));
  g_autoptr (GPtrArray) keep = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GString) id = g_string_new (NULL);
  g_autoptr (BvSourceStmt) seen = NULL;
  g_autoptr (BvSourceStmt) pending = NULL;
  char deleted[BV_TIME_TEXT_MAX];
  guint beside = 0;
  gint64 merges;

  if (!bv_source_sql_int (db, error, &merges, "SELECT EXISTS (SELECT 1 FROM bv_source_merge WHERE source = ? AND stream = ?)", "tt",
                          self->sync->source->uuid, self->stream->name))
    return FALSE;
  for (guint i = 0; i < bv_batch_get_n_rows (batch); i++)
    {
      BvBatchRow row = bv_batch_get_row (batch, i);
      BvBatchDelete *gone = NULL;
      gboolean found = FALSE, alive = FALSE;
      BvRowResult result;

      if (!append)
        g_ptr_array_set_size (keep, 0);
      fill_row (self, fetch, target, &row, keep);
      for (; beside < batch->besides->len && g_array_index (batch->besides, BvBatchBeside, beside).row == i; beside++)
        {
          const BvBatchBeside *extra = &g_array_index (batch->besides, BvBatchBeside, beside);

          target->cells[target->beside_at[extra->field]] = bv_sync_text (extra->text);
        }
      if (self->n_key == 0)
        target->cells[1] = (BvRowCell){ BV_TYPE_INT, 0, { .i = (*number)++ } };
      for (guint k = 1; k < target->n_key; k++)
        if (target->cells[k].type == BV_TYPE_NULL)
          {
            g_set_error (error, BV_HTTP_ERROR, BV_HTTP_ERROR_MALFORMED, _("A record of “%s” has no id: choose another key for it"),
                         self->stream->label);
            return FALSE;
          }
      if (deletes != NULL || track || pend || merges)
        id_of (target, id);
      if (deletes != NULL)
        {
          gone = g_hash_table_lookup (deletes, id->str);
          if (gone != NULL)
            {
              g_hash_table_remove (deletes, id->str);
              if (!bv_sync_look_at_mark (target, db, self->table, &found, &alive, error))
                return FALSE;
            }
        }
      target->cells[target->deleted_at] = gone != NULL ? bv_sync_instant (gone->when != 0 ? gone->when : bv_clock_now (self->sync->clock), deleted)
                                                       : bv_sync_text (NULL);
      if (gone != NULL && gone->when == 0 && found && !alive)
        continue; /* marked already, and the vendor does not say since when */
      if (!bv_row_table_put (target->table, target->cells, append, &result, error))
        return FALSE;
      self->counts.read++;
      if (gone != NULL && (alive || !found))
        {
          self->counts.deleted++;
          if (alive && !bv_sync_drop_links (self, id->str, error))
            return FALSE;
        }
      else if (result == BV_ROW_NEW)
        self->counts.added++;
      else if (result == BV_ROW_CHANGED)
        self->counts.changed++;
      else
        self->counts.unchanged++;
      if (track && self->stream->parent == NULL && !add_id (self, &seen, ADD_SEEN, id->str, error))
        return FALSE;
      /* What was merged away may still stand in a search index. */
      if (merges && gone == NULL && (result == BV_ROW_NEW || result == BV_ROW_CHANGED))
        {
          g_autofree char *survivor = bv_sync_survivor (self->sync, db, self->stream->name, id->str);
          gboolean changed;

          if (strcmp (survivor, id->str) != 0)
            {
              if (!bv_sync_mark_merged (self, id->str, survivor, &changed, error))
                return FALSE;
              continue;
            }
        }
      if (pend && gone == NULL && result != BV_ROW_SAME &&
          !add_id (self, &pending, ADD_PENDING, id->str, error))
        return FALSE;
    }
  target->cells[target->deleted_at] = bv_sync_text (NULL);
  return bv_row_table_settle (target->table, error);
}

gboolean
bv_sync_write_rows (BvSyncStream *self, BvFetch *fetch, gboolean track, GError **error)
{
  BvBatch *batch = fetch->batch;
  g_auto (BvSyncTarget) target = { 0 };
  g_autoptr (GHashTable) deletes = NULL;
  g_autoptr (GPtrArray) keep = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (BvSourceStmt) seen = NULL;
  gint64 number = bv_source_json_int (fetch->page, "_row", 0);
  GHashTableIter iter;
  gpointer value;

  bv_batch_seal (batch);
  for (guint i = 0; i < batch->besides->len; i++)
    if (!bv_sync_note_beside (self, self->columns->pdata[g_array_index (batch->besides, BvBatchBeside, i).field], error))
      return FALSE;
  if (!bv_sync_target_open (self, &target, error))
    return FALSE;
  if (batch->deletes->len > 0)
    deletes = g_hash_table_new (g_str_hash, g_str_equal);
  for (guint i = 0; i < batch->deletes->len; i++)
    {
      BvBatchDelete *item = &g_array_index (batch->deletes, BvBatchDelete, i);

      g_hash_table_insert (deletes, item->id, item);
    }
  if (!write_rows (self, fetch, &target, deletes, track, &number, error))
    return FALSE;
  if (self->n_key == 0 && !fetch->done)
    json_object_set_int_member (fetch->page, "_row", number);
  else if (self->n_key == 0 && !bv_sync_cut_rows (self, number, error))
    return FALSE;
  if (self->stream->parent != NULL)
    {
      if ((deletes != NULL && !bv_sync_delete_children (self, &target, deletes, error)) || (batch->covers->len > 0 && !bv_sync_settle_covers (self, &target, batch, error)))
        return FALSE;
    }
  else if (deletes != NULL)
    {
      g_hash_table_iter_init (&iter, deletes);
      while (g_hash_table_iter_next (&iter, NULL, &value))
        {
          BvBatchDelete *item = value;

          if (bv_sync_target_set_key (self, &target, item->id, keep) && !bv_sync_mark_deleted (self, &target, item->id, item->when, error))
            return FALSE;
        }
    }
  for (guint i = 0; track && i < batch->seen->len; i++)
    if (!add_id (self, &seen, ADD_SEEN, batch->seen->pdata[i], error))
      return FALSE;
  return batch->merges->len == 0 || bv_sync_write_merges (self, batch, error);
}

gboolean
bv_sync_finish_rows (BvSyncStream *self, GError **error)
{
  g_auto (BvSyncTarget) target = { 0 };
  gint64 n_dropped;

  if (!bv_sync_target_open (self, &target, error) || !bv_row_table_index (target.table, &n_dropped, error))
    return FALSE;
  self->counts.added -= n_dropped;
  self->counts.unchanged += n_dropped;
  return TRUE;
}

/* --- Single columns, for links and merges ---------------------------------------------------------------------------------------- */

gboolean
bv_sync_set_column (BvSyncStream *self, const char *column, const char *const *ids, const BvRowCell *cells, GError **error)
{
  g_auto (BvSyncTarget) target = { 0 };
  g_autoptr (GPtrArray) keep = g_ptr_array_new_with_free_func (g_free);
  guint at = 0;

  if (!bv_sync_target_open (self, &target, error))
    return FALSE;
  for (guint i = 1; i < target.columns->len; i++)
    if (strcmp (g_array_index (target.columns, BvRowColumn, i).name, column) == 0)
      at = i;
  if (at == 0)
    return TRUE;
  for (guint i = 0; ids[i] != NULL; i++)
    {
      BvRowResult result;

      g_ptr_array_set_size (keep, 0);
      target.cells[at] = cells[i];
      if (bv_sync_target_set_key (self, &target, ids[i], keep) && !bv_row_table_patch (target.table, target.cells, &at, 1, &result, error))
        return FALSE;
    }
  return TRUE;
}

BvType
bv_sync_key_type (const BvSourceStream *stream)
{
  BvSourceField *field = stream != NULL && stream->key != NULL ? bv_source_stream_find (stream, stream->key[0]) : NULL;

  return field != NULL && field->type == BV_TYPE_INT ? BV_TYPE_INT : BV_TYPE_TEXT;
}

gboolean
bv_sync_mark_merged (BvSyncStream *self, const char *loser, const char *survivor, gboolean *changed, GError **error)
{
  g_auto (BvSyncTarget) target = { 0 };
  g_autoptr (GPtrArray) keep = g_ptr_array_new_with_free_func (g_free);
  BvRowResult result;
  gint64 deleted = self->counts.deleted;

  *changed = FALSE;
  if (!bv_sync_target_open (self, &target, error))
    return FALSE;
  if (!bv_sync_target_set_key (self, &target, loser, keep) ||
      !bv_sync_key_cell (survivor, g_array_index (target.columns, BvRowColumn, target.merged_at).type, &target.cells[target.merged_at]))
    return TRUE;
  if (!bv_row_table_patch (target.table, target.cells, &target.merged_at, 1, &result, error))
    return FALSE;
  *changed = result == BV_ROW_CHANGED;
  if (!bv_sync_mark_deleted (self, &target, loser, 0, error))
    return FALSE;
  /* A merge is counted as one, not as a deletion besides. */
  self->counts.deleted = deleted;
  self->counts.merged += *changed;
  return TRUE;
}
