/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Associations: link tables with a row per pair and label, and the foreign keys made from them; merges.
 *
 * What is read for a row replaces all its links. Both ends are written as the survivors of all merges known. A merge found later drops
 * the loser's own links (the survivor's are read anew), turns those that point at it to the survivor, and asks for the links of the rows
 * that did, so that their foreign keys follow.
 */
#include "config.h"

#include "bv-source-private.h"
#include "bv-time.h"

#include <inttypes.h>
#include <string.h>

typedef struct
{
  BvRowTable *table;
  BvType from_type, to_type;
  BvRowCell cells[5]; /* _source, from, to, type, _synced_at */
  char synced[BV_TIME_TEXT_MAX];
} LinkTarget;

static const BvSourceStream *
find_stream (BvSync *sync, const char *name)
{
  for (guint i = 0; i < sync->streams->len; i++)
    if (strcmp (((BvSourceStream *) sync->streams->pdata[i])->name, name) == 0)
      return sync->streams->pdata[i];
  return NULL;
}

static gboolean
open_links (BvSync *sync, const BvSourceStream *stream, const BvStreamLink *link, LinkTarget *target, GError **error)
{
  sqlite3 *db = bv_row_step_get_db (sync->step);
  g_autofree char *name = bv_sync_link_table (sync->source, link);
  BvRowColumn columns[] = {
    { "_source", BV_TYPE_TEXT, BV_CELL_VALUE }, { link->from_column, BV_TYPE_TEXT, BV_CELL_VALUE }, { link->to_column, BV_TYPE_TEXT, BV_CELL_VALUE },
    { "type", BV_TYPE_TEXT, BV_CELL_VALUE }, { "_synced_at", BV_TYPE_TIMESTAMP, BV_CELL_STAMP },
  };
  gint64 n;

  target->from_type = columns[1].type = bv_sync_key_type (stream);
  target->to_type = columns[2].type = bv_sync_key_type (find_stream (sync, link->stream));
  target->table = bv_row_step_open_table (sync->step, name, sync->kind->name, columns, G_N_ELEMENTS (columns), 4, error);
  if (target->table == NULL)
    return FALSE;
  memset (target->cells, 0, sizeof target->cells);
  target->cells[0] = bv_sync_text (sync->short_id);
  target->cells[4] = bv_sync_instant (bv_clock_now (sync->clock), target->synced);
  if (!bv_source_sql_int (db, error, &n, "SELECT count(*) FROM pragma_index_list(?) WHERE name LIKE 'bv\\_link\\_%' ESCAPE '\\'", "t", name))
    return FALSE;
  if (n == 0)
    {
      g_autofree char *quoted = bv_sql_quote (name);
      g_autofree char *to = bv_sql_quote (link->to_column);
      g_autofree char *slug = bv_source_slug (name);
      g_autofree char *sql = g_strdup_printf ("CREATE INDEX main.\"bv_link_%s_%" PRId64 "\" ON %s (_source, %s)", slug,
                                              bv_row_step_get_seq (sync->step), quoted, to);

      if (!bv_source_sql_run (db, error, sql, NULL) ||
          !bv_source_sql_run (db, error, "INSERT OR IGNORE INTO bv_source_table (source, stream, table_name, kind) VALUES (?, ?, ?, 'links')", "ttt",
                              sync->source->uuid, stream->name, name))
        return FALSE;
    }
  return TRUE;
}

char *
bv_sync_survivor (BvSync *sync, sqlite3 *db, const char *stream, const char *id)
{
  char *now = g_strdup (id);

  for (int i = 0; i < 50; i++)
    {
      g_autoptr (BvSourceStmt) stmt = bv_source_sql (db, NULL, "SELECT survivor FROM bv_source_merge WHERE source = ? AND stream = ? AND loser = ?",
                                                     "ttt", sync->source->uuid, stream, now);
      gboolean row;

      if (stmt == NULL || !bv_source_sql_step (stmt, &row, NULL) || !row)
        break;
      g_free (now);
      now = bv_source_sql_text (stmt, 0);
    }
  return now;
}

/* "to\x1ftype" of all links that @where finds; with @from_column "from\x1ftype". */
static GPtrArray *
list_links (BvSync *sync, const BvStreamLink *link, const char *shown, const char *by, const BvRowCell *id, GError **error)
{
  sqlite3 *db = bv_row_step_get_db (sync->step);
  g_autofree char *name = bv_sync_link_table (sync->source, link);
  g_autofree char *quoted = bv_sql_quote (name);
  g_autofree char *shown_quoted = bv_sql_quote (shown);
  g_autofree char *by_quoted = bv_sql_quote (by);
  g_autofree char *sql = g_strdup_printf ("SELECT CAST(%s AS TEXT) || char(31) || type FROM main.%s WHERE _source = ?1 AND %s = ?2", shown_quoted,
                                          quoted, by_quoted);
  g_autoptr (GPtrArray) found = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (BvSourceStmt) stmt = bv_source_sql (db, error, sql, "t", sync->short_id);
  gboolean row = TRUE;

  if (stmt == NULL)
    return NULL;
  bv_source_sql_bind (stmt, 2, id);
  while (bv_source_sql_step (stmt, &row, error) && row)
    g_ptr_array_add (found, bv_source_sql_text (stmt, 0));
  return row ? NULL : g_steal_pointer (&found);
}

/* Puts or removes the link of @from and "to\x1ftype". */
static gboolean
change_link (BvSyncStream *self, LinkTarget *target, const BvRowCell *from, const char *pair, gboolean put, gboolean *changed, GError **error)
{
  const char *mark = strchr (pair, '\x1f');
  g_autofree char *to = g_strndup (pair, (gsize) (mark - pair));
  BvRowResult result;

  *changed = FALSE;
  target->cells[1] = *from;
  if (!bv_sync_key_cell (to, target->to_type, &target->cells[2]))
    return TRUE;
  target->cells[3] = bv_sync_text (mark + 1);
  if (put ? !bv_row_table_put (target->table, target->cells, FALSE, &result, error)
          : !bv_row_table_remove (target->table, target->cells, &result, error))
    return FALSE;
  *changed = put ? result == BV_ROW_NEW : result == BV_ROW_CHANGED;
  self->counts.links += *changed;
  return TRUE;
}

/* Whether @a is a better foreign key than @b. */
static gboolean
comes_first (const char *a, gboolean a_primary, const char *b, gboolean b_primary)
{
  gsize la = strlen (a), lb = b != NULL ? strlen (b) : 0;

  if (b == NULL || a_primary != b_primary)
    return b == NULL || a_primary;
  return la != lb ? la < lb : strcmp (a, b) < 0;
}

gboolean
bv_sync_write_links (BvSyncStream *self, BvFetch *fetch, GError **error)
{
  BvSync *sync = self->sync;
  sqlite3 *db = bv_row_step_get_db (sync->step);
  const BvStreamLink *link = fetch->link;
  guint n_ids = g_strv_length ((char **) fetch->ids);
  g_autoptr (GHashTable) wanted = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify) g_hash_table_unref);
  g_autoptr (GHashTable) first = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, g_free); /* from → "p" or "-", then the id */
  g_autofree BvRowCell *keys = g_new0 (BvRowCell, n_ids + 1);
  LinkTarget target;

  if (!open_links (sync, self->stream, link, &target, error))
    return FALSE;
  for (guint i = 0; i < n_ids; i++)
    g_hash_table_insert (wanted, g_strdup (fetch->ids[i]), g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL));
  for (guint i = 0; i < fetch->batch->links->len; i++)
    {
      const BvBatchLink *item = &g_array_index (fetch->batch->links, BvBatchLink, i);
      g_autofree char *to = bv_sync_survivor (sync, db, link->stream, item->to);
      gpointer key, set;
      const char *best;

      if (!g_hash_table_lookup_extended (wanted, item->from, &key, &set))
        continue;
      g_hash_table_add (set, g_strconcat (to, "\x1f", item->type != NULL ? item->type : "", NULL));
      best = g_hash_table_lookup (first, key);
      if (comes_first (to, item->primary, best != NULL ? best + 1 : NULL, best != NULL && *best == 'p'))
        g_hash_table_insert (first, key, g_strconcat (item->primary ? "p" : "-", to, NULL));
    }
  for (guint i = 0; i < n_ids; i++)
    {
      GHashTable *set = g_hash_table_lookup (wanted, fetch->ids[i]);
      const char *best = g_hash_table_lookup (first, fetch->ids[i]);
      g_autoptr (GPtrArray) present = NULL;
      GHashTableIter iter;
      gpointer pair;
      BvRowCell from;
      gboolean changed;

      if (best != NULL)
        bv_sync_key_cell (best + 1, target.to_type, &keys[i]);
      if (!bv_sync_key_cell (fetch->ids[i], target.from_type, &from))
        continue;
      present = list_links (sync, link, link->to_column, link->from_column, &from, error);
      if (present == NULL)
        return FALSE;
      for (guint p = 0; p < present->len; p++)
        if (!g_hash_table_remove (set, present->pdata[p]) && !change_link (self, &target, &from, present->pdata[p], FALSE, &changed, error))
          return FALSE;
      g_hash_table_iter_init (&iter, set);
      while (g_hash_table_iter_next (&iter, &pair, NULL))
        if (!change_link (self, &target, &from, pair, TRUE, &changed, error))
          return FALSE;
    }
  return link->foreign_key == NULL || bv_sync_set_column (self, link->foreign_key, fetch->ids, keys, error);
}

/* --- Rows that go ------------------------------------------------------------------------------------------------------------------- */

static gboolean
has_table (BvSync *sync, const BvStreamLink *link)
{
  g_autofree char *name = bv_sync_link_table (sync->source, link);
  gint64 n = 0;

  bv_source_sql_int (bv_row_step_get_db (sync->step), NULL, &n, "SELECT count(*) FROM bv_table WHERE name = ?", "t", name);
  return n > 0;
}

/* Takes away the links of @stream's @link whose @from side (or the other) is @id; @survivor (nullable) gets those that point at it. */
static gboolean
turn_links (BvSyncStream *self, const BvSourceStream *stream, const BvStreamLink *link, gboolean from_side, const char *id, const char *survivor,
            GError **error)
{
  g_autoptr (GPtrArray) pairs = NULL;
  LinkTarget target;
  BvRowCell cell;

  if (!has_table (self->sync, link))
    return TRUE;
  if (!open_links (self->sync, stream, link, &target, error))
    return FALSE;
  if (!bv_sync_key_cell (id, from_side ? target.from_type : target.to_type, &cell))
    return TRUE;
  pairs = list_links (self->sync, link, from_side ? link->to_column : link->from_column, from_side ? link->from_column : link->to_column, &cell, error);
  if (pairs == NULL)
    return FALSE;
  for (guint i = 0; i < pairs->len; i++)
    {
      const char *mark = strchr (pairs->pdata[i], '\x1f');
      g_autofree char *other = g_strndup (pairs->pdata[i], (gsize) (mark - (char *) pairs->pdata[i]));
      g_autofree char *pair = from_side ? g_strdup (pairs->pdata[i]) : g_strconcat (id, mark, NULL);
      g_autofree char *turned = survivor != NULL ? g_strconcat (survivor, mark, NULL) : NULL;
      BvRowCell from;
      gboolean changed;

      if (from_side)
        from = cell;
      else if (!bv_sync_key_cell (other, target.from_type, &from))
        continue;
      if (!change_link (self, &target, &from, pair, FALSE, &changed, error))
        return FALSE;
      if (!from_side && turned != NULL && !change_link (self, &target, &from, turned, TRUE, &changed, error))
        return FALSE;
      /* Their foreign keys are read anew. */
      if (!from_side && !bv_source_sql_run (bv_row_step_get_db (self->sync->step), error,
                                            "INSERT OR IGNORE INTO bv_source_pending (source, stream, id) VALUES (?, ?, ?)", "ttt",
                                            self->sync->source->uuid, stream->name, other))
        return FALSE;
    }
  return TRUE;
}

static gboolean
turn_all (BvSyncStream *self, const char *id, const char *survivor, GError **error)
{
  for (guint i = 0; i < self->stream->links->len; i++)
    if (!turn_links (self, self->stream, self->stream->links->pdata[i], TRUE, id, NULL, error))
      return FALSE;
  for (guint s = 0; s < self->sync->streams->len; s++)
    {
      const BvSourceStream *stream = self->sync->streams->pdata[s];

      for (guint i = 0; i < stream->links->len; i++)
        {
          const BvStreamLink *link = stream->links->pdata[i];

          if (strcmp (link->stream, self->stream->name) == 0 && !turn_links (self, stream, link, FALSE, id, survivor, error))
            return FALSE;
        }
    }
  return TRUE;
}

gboolean
bv_sync_drop_links (BvSyncStream *self, const char *id, GError **error)
{
  return turn_all (self, id, NULL, error);
}

gboolean
bv_sync_write_merges (BvSyncStream *self, BvBatch *batch, GError **error)
{
  sqlite3 *db = bv_row_step_get_db (self->sync->step);
  const char *uuid = self->sync->source->uuid;

  for (guint i = 0; i < batch->merges->len; i++)
    {
      const BvBatchMerge *merge = &g_array_index (batch->merges, BvBatchMerge, i);
      g_autofree char *survivor = NULL;
      gboolean changed;

      if (strcmp (merge->loser, merge->survivor) == 0)
        continue;
      if (!bv_source_sql_run (db, error, "INSERT OR REPLACE INTO bv_source_merge (source, stream, loser, survivor) VALUES (?, ?, ?, ?)", "tttt", uuid,
                              self->stream->name, merge->loser, merge->survivor))
        return FALSE;
      survivor = bv_sync_survivor (self->sync, db, self->stream->name, merge->survivor);
      if (!turn_all (self, merge->loser, survivor, error) || !bv_sync_mark_merged (self, merge->loser, survivor, &changed, error))
        return FALSE;
      if (changed && self->stream->links->len > 0 &&
          !bv_source_sql_run (db, error, "INSERT OR IGNORE INTO bv_source_pending (source, stream, id) VALUES (?, ?, ?)", "ttt", uuid,
                              self->stream->name, survivor))
        return FALSE;
    }
  return TRUE;
}
