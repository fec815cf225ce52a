/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The passes of one stream, from where they were left off.
 *
 * The stream's state (bv_state "source/UUID/STREAM") holds "cursor", the instants of the last whole passes ("loaded", "done", "swept",
 * "linked"), "fields" (bv-sync-fields.c), "again" while everything is read once more, and under "passes" one object per pass under way: "page" (the kind's), "started", and what the engine needs to go on. It is
 * written with every page, belongs to the step, and so goes back with the rows when the step is undone.
 *
 * A pass over everything that is to find what is gone notes the ids it meets in bv_source_seen, and how many they are in the state: when
 * the two differ at the end (an undo came between) the pass begins again instead of deleting what it did not see.
 */
#include "config.h"

#include "bv-source-private.h"
#include "bv-time.h"

#include <glib/gi18n-lib.h>
#include <inttypes.h>
#include <string.h>

#define SWEEP_AFTER_US (BV_DAY_US - 3600 * BV_SECOND_US)
#define LINKS_AFTER_US (7 * BV_DAY_US)
/* A pass that brings so many pages without an end is not going to end. */
#define MAX_PAGES 5000000
/* Pages with nothing in them, one after the other. */
#define MAX_EMPTY_PAGES 100

static JsonObject *
passes_of (BvSyncStream *self)
{
  return bv_source_json_object (self->state, "passes");
}

static gboolean
is_under_way (BvSyncStream *self, const char *pass)
{
  return json_object_has_member (passes_of (self), pass);
}

static gint64
state_int (BvSyncStream *self, const char *name)
{
  return bv_source_json_int (self->state, name, 0);
}

static gboolean
clear_ids (BvSyncStream *self, const char *table, GError **error)
{
  g_autofree char *sql = g_strdup_printf ("DELETE FROM %s WHERE source = ? AND stream = ?", table);

  return bv_source_sql_run (bv_row_step_get_db (self->sync->step), error, sql, "tt", self->sync->source->uuid, self->stream->name);
}

static gboolean
count_ids (BvSyncStream *self, sqlite3 *db, const char *table, gint64 *n, GError **error)
{
  g_autofree char *sql = g_strdup_printf ("SELECT count(*) FROM %s WHERE source = ? AND stream = ?", table);

  return bv_source_sql_int (db, error, n, sql, "tt", self->sync->source->uuid, self->stream->name);
}

/* --- The beginning: fields, table, state --------------------------------------------------------------------------------------------- */

/* What was read so far does not count: everything is read anew. */
static void
start_over (BvSyncStream *self)
{
  bv_source_json_clear (passes_of (self));
  json_object_remove_member (self->state, "cursor");
  json_object_remove_member (self->state, "loaded");
  json_object_set_boolean_member (self->state, "again", TRUE);
}

static gboolean
write_start (BvSyncStream *self, gpointer data, GError **error)
{
  sqlite3 *db = bv_row_step_get_db (self->sync->step);

  if (!bv_sync_resolve (self, error))
    return FALSE;
  /* With the fields, in one transaction: a load that is cut short now must not be taken for one with them. */
  if (self->gained)
    start_over (self);
  return bv_source_sql_run (db, error, "INSERT OR IGNORE INTO bv_source_table (source, stream, table_name, kind) VALUES (?, ?, ?, 'rows')", "ttt",
                            self->sync->source->uuid, self->stream->name, self->table);
}

/* Whether the source has rows in the table. */
static gboolean
has_rows (BvSyncStream *self, gboolean *rows, GError **error)
{
  sqlite3 *db = bv_project_borrow_reader (self->sync->project, NULL, error);
  g_autofree char *quoted = bv_sql_quote (self->table);
  g_autofree char *sql = g_strdup_printf ("SELECT EXISTS (SELECT 1 FROM %s WHERE _source = ?)", quoted);
  gint64 n = 0;

  if (db == NULL)
    return FALSE;
  bv_source_sql_int (db, NULL, &n, "SELECT count(*) FROM bv_table WHERE name = ?", "t", self->table);
  if (n > 0)
    {
      n = 0;
      bv_source_sql_int (db, NULL, &n, sql, "t", self->sync->short_id); /* an error: another kind of table, which the first page reports */
    }
  bv_project_return_reader (self->sync->project, db);
  *rows = n > 0;
  return TRUE;
}

/* For sweeps: whether the row is here, alive, and as new as @cursor. */
static gboolean
is_current (gpointer data, const char *id, const char *cursor)
{
  BvSyncStream *self = data;
  sqlite3 *db = bv_project_borrow_reader (self->sync->project, NULL, NULL);
  g_autofree char *quoted = bv_sql_quote (self->table);
  g_autofree char *key = NULL;
  g_autofree char *modified = NULL;
  g_autofree char *sql = NULL;
  g_autoptr (BvSourceStmt) stmt = NULL;
  gboolean row = FALSE;
  BvRowCell cell;

  if (db == NULL)
    return FALSE;
  key = bv_sql_quote (((BvSyncColumn *) self->columns->pdata[0])->column);
  for (guint i = 0; cursor != NULL && self->stream->cursor != NULL && i < self->fields->len; i++)
    if (strcmp (((BvSourceField *) self->fields->pdata[i])->name, self->stream->cursor) == 0)
      modified = bv_sql_quote (((BvSyncColumn *) self->columns->pdata[i])->column);
  sql = g_strdup_printf ("SELECT 1 FROM %s WHERE _source = ?1 AND %s = ?2 AND (_deleted_at IS NULL OR _merged_into IS NOT NULL)%s%s%s", quoted, key,
                         modified != NULL ? " AND " : "", modified != NULL ? modified : "", modified != NULL ? " IS ?3" : "");
  stmt = bv_source_sql (db, NULL, sql, "t", self->sync->short_id);
  if (stmt != NULL && bv_sync_key_cell (id, bv_sync_key_type (self->stream), &cell))
    {
      bv_source_sql_bind (stmt, 2, &cell);
      if (modified != NULL)
        sqlite3_bind_text (stmt, 3, cursor, -1, SQLITE_TRANSIENT);
      bv_source_sql_step (stmt, &row, NULL);
    }
  g_clear_pointer (&stmt, sqlite3_finalize);
  bv_project_return_reader (self->sync->project, db);
  return row;
}

/* A cell as a value of @type, or as the text that it is. */
static BvValue
read_value (sqlite3_stmt *stmt, int column, BvType type)
{
  const char *text = (const char *) sqlite3_column_text (stmt, column);
  BvValue value;

  if (text == NULL)
    return BV_VALUE_NULL;
  return bv_value_from_plain (text, type, &value) ? value : bv_value_text (text);
}

/* For histories: the last row of a record before an instant. */
static gboolean
look_before (gpointer data, const char *parent, const char *before, BvValue *values)
{
  BvSyncStream *self = data;
  sqlite3 *db = bv_project_borrow_reader (self->sync->project, NULL, NULL);
  g_autofree char *quoted = bv_sql_quote (self->table);
  g_autofree char *first = bv_sql_quote (((BvSyncColumn *) self->columns->pdata[0])->column);
  g_autofree char *second = bv_sql_quote (((BvSyncColumn *) self->columns->pdata[1])->column);
  g_autoptr (GString) sql = g_string_new ("SELECT ");
  g_autoptr (BvSourceStmt) stmt = NULL;
  gboolean row = FALSE;
  BvRowCell cell;

  if (db == NULL)
    return FALSE;
  for (guint i = 0; i < self->fields->len; i++)
    {
      g_autofree char *column = bv_sql_quote (((BvSyncColumn *) self->columns->pdata[i])->column);

      g_string_append_printf (sql, "%s%s", i > 0 ? ", " : "", column);
    }
  g_string_append_printf (sql, " FROM %s WHERE _source = ?1 AND %s = ?2 AND %s < ?3 ORDER BY %s DESC LIMIT 1", quoted, first, second, second);
  stmt = bv_source_sql (db, NULL, sql->str, "t", self->sync->short_id);
  if (stmt != NULL && bv_sync_key_cell (parent, ((BvSyncColumn *) self->columns->pdata[0])->type, &cell))
    {
      bv_source_sql_bind (stmt, 2, &cell);
      sqlite3_bind_text (stmt, 3, before, -1, SQLITE_TRANSIENT);
      bv_source_sql_step (stmt, &row, NULL);
    }
  for (guint i = 0; row && i < self->fields->len; i++)
    values[i] = read_value (stmt, (int) i, ((BvSourceField *) self->fields->pdata[i])->type);
  g_clear_pointer (&stmt, sqlite3_finalize);
  bv_project_return_reader (self->sync->project, db);
  return row;
}

/* --- One pass over rows ---------------------------------------------------------------------------------------------------------------- */

typedef struct
{
  BvFetch *fetch;
  JsonObject *pass;
  const char *name;
  gboolean track;
  gboolean restart;
} Page;

static gboolean
end_pass (BvSyncStream *self, Page *page, GError **error)
{
  BvFetch *fetch = page->fetch;

  if (page->track)
    {
      gint64 n;

      if (!count_ids (self, bv_row_step_get_db (self->sync->step), "bv_source_seen", &n, error))
        return FALSE;
      if (n != bv_source_json_int (page->pass, "seen", 0))
        {
          page->restart = TRUE;
          json_object_remove_member (passes_of (self), page->name);
          return clear_ids (self, "bv_source_seen", error);
        }
      if (!bv_sync_mark_unseen (self, fetch->run_start, error) || !clear_ids (self, "bv_source_seen", error))
        return FALSE;
      json_object_set_int_member (self->state, "swept", fetch->run_start);
    }
  if (fetch->pass == BV_PASS_FIRST)
    {
      if (!bv_sync_finish_rows (self, error))
        return FALSE;
      json_object_set_int_member (self->state, "loaded", fetch->run_start);
      json_object_remove_member (self->state, "again");
      json_object_set_int_member (self->state, "swept", fetch->run_start);
    }
  json_object_remove_member (passes_of (self), page->name);
  return TRUE;
}

static gboolean
write_page (BvSyncStream *self, gpointer data, GError **error)
{
  Page *page = data;
  BvFetch *fetch = page->fetch;

  if (!bv_sync_write_rows (self, fetch, page->track, error))
    return FALSE;
  if (page->track)
    {
      gint64 n;

      if (!count_ids (self, bv_row_step_get_db (self->sync->step), "bv_source_seen", &n, error))
        return FALSE;
      json_object_set_int_member (page->pass, "seen", n);
    }
  for (guint i = 0; i < fetch->batch->skips->len; i++)
    g_ptr_array_add (self->notes, g_strdup (fetch->batch->skips->pdata[i]));
  json_object_set_int_member (page->pass, "read", self->pass_read);
  return !fetch->done || end_pass (self, page, error);
}

/* Whether a pass that brings pages without end is caught: the same position twice, or too many pages with nothing in them. */
static gboolean
check_progress (BvSyncStream *self, BvFetch *fetch, char **last, guint *n_empty, guint n_pages, GError **error)
{
  g_autofree char *position = bv_source_json_print (fetch->page);
  const BvBatch *batch = fetch->batch;
  gboolean empty = bv_batch_get_n_rows (batch) == 0 && batch->seen->len == 0 && batch->deletes->len == 0 && batch->n_passed_over == 0;
  gboolean stuck = !fetch->done && g_strcmp0 (position, *last) == 0;

  *n_empty = empty ? *n_empty + 1 : 0;
  if (!fetch->done && (stuck || *n_empty > MAX_EMPTY_PAGES || n_pages > MAX_PAGES))
    {
      g_set_error (error, BV_HTTP_ERROR, BV_HTTP_ERROR_MALFORMED,
                   _("%s sends pages of “%s” without an end: sync again later, and report it to the vendor when it stays so"),
                   self->sync->kind->name, self->stream->label);
      return FALSE;
    }
  g_free (*last);
  *last = g_steal_pointer (&position);
  return TRUE;
}

static gboolean
write_begin (BvSyncStream *self, gpointer data, GError **error)
{
  return clear_ids (self, "bv_source_seen", error);
}

/* A pass as it was begun; made when there is none. */
static JsonObject *
begin_pass (BvSyncStream *self, const char *name, BvSourcePass kind, gboolean *track, GError **error)
{
  JsonObject *pass;
  gboolean rows;

  if (!is_under_way (self, name))
    {
      if (kind == BV_PASS_SWEEP)
        rows = TRUE;
      else if (kind == BV_PASS_FIRST)
        {
          if (!has_rows (self, &rows, error))
            return NULL;
        }
      else
        rows = FALSE;
      pass = bv_source_json_object (passes_of (self), name);
      json_object_set_int_member (pass, "started", bv_clock_now (self->sync->clock));
      json_object_set_boolean_member (pass, "track", rows && self->n_key > 0 && !(self->stream->flags & BV_STREAM_APPEND));
      /* Ids from a pass that was given up. */
      if (json_object_get_boolean_member (pass, "track") && !bv_sync_page (self, write_begin, NULL, error))
        return NULL;
    }
  pass = json_object_get_object_member (passes_of (self), name);
  *track = json_object_get_boolean_member_with_default (pass, "track", FALSE);
  self->pass_read = bv_source_json_int (pass, "read", 0);
  return pass;
}

static gboolean
run_pass (BvSyncStream *self, BvSourcePass kind, GError **error)
{
  const char *name = bv_source_pass_to_name (kind);
  g_autofree char *last = NULL;
  guint n_empty = 0, n_pages = 0;
  gboolean track;
  JsonObject *pass = begin_pass (self, name, kind, &track, error);
  gboolean done = FALSE;

  if (pass == NULL)
    return FALSE;
  while (!done)
    {
      g_autoptr (BvBatch) batch = bv_batch_new (self->fields);
      BvFetch fetch = { self->sync->context, self->stream, kind, self->fields, bv_source_json_int (pass, "started", 0) };
      Page page = { &fetch, pass, name, track, FALSE };

      if (g_cancellable_set_error_if_cancelled (self->sync->cancellable, error))
        return FALSE;
      batch->is_current = is_current;
      /* In a table that is being made there is nothing before. */
      batch->look_before = kind != BV_PASS_FIRST || track ? look_before : NULL;
      batch->look_data = self;
      fetch.cursor = bv_source_json_object (self->state, "cursor");
      fetch.page = bv_source_json_object (pass, "page");
      fetch.batch = batch;
      if (!self->sync->kind->fetch (&fetch, error) || !check_progress (self, &fetch, &last, &n_empty, ++n_pages, error))
        return FALSE;
      self->pass_read += bv_batch_get_n_rows (batch) > 0 ? bv_batch_get_n_rows (batch) : batch->seen->len;
      done = fetch.done;
      if (!bv_sync_page (self, write_page, &page, error))
        return FALSE;
      if (page.restart)
        return run_pass (self, kind, error);
      bv_sync_tell (self, kind, fetch.total);
    }
  return TRUE;
}

/* --- Links ---------------------------------------------------------------------------------------------------------------------------- */

/* The next ids behind @after, of all rows or of those that are pending. */
static GPtrArray *
next_ids (BvSyncStream *self, gboolean all, const char *after, guint n, GError **error)
{
  sqlite3 *db = bv_project_borrow_reader (self->sync->project, NULL, error);
  g_autofree char *quoted = bv_sql_quote (self->table);
  g_autofree char *key = bv_sql_quote (((BvSyncColumn *) self->columns->pdata[0])->column);
  g_autofree char *sql = all ? g_strdup_printf ("SELECT %s FROM %s WHERE _source = ?1 AND %s > ?2 AND _deleted_at IS NULL ORDER BY _source, %s LIMIT %u", key,
                                                quoted, key, key, n)
                             : g_strdup_printf ("SELECT id FROM bv_source_pending WHERE source = ?1 AND stream = ?3 AND id > ?2 ORDER BY id LIMIT %u", n);
  g_autoptr (GPtrArray) ids = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (BvSourceStmt) stmt = NULL;
  gboolean row = TRUE;
  BvRowCell cell;

  if (db == NULL)
    return NULL;
  stmt = bv_source_sql (db, error, sql, "t", all ? self->sync->short_id : self->sync->source->uuid);
  if (stmt != NULL)
    {
      if (all && bv_sync_key_type (self->stream) == BV_TYPE_INT)
        sqlite3_bind_int64 (stmt, 2, *after != '\0' && bv_sync_key_cell (after, BV_TYPE_INT, &cell) ? cell.i : G_MININT64);
      else
        sqlite3_bind_text (stmt, 2, after, -1, SQLITE_TRANSIENT);
      if (!all)
        sqlite3_bind_text (stmt, 3, self->stream->name, -1, SQLITE_TRANSIENT);
      while (bv_source_sql_step (stmt, &row, error) && row)
        g_ptr_array_add (ids, bv_source_sql_text (stmt, 0));
    }
  g_clear_pointer (&stmt, sqlite3_finalize);
  bv_project_return_reader (self->sync->project, db);
  if (row)
    return NULL;
  g_ptr_array_add (ids, NULL);
  return g_steal_pointer (&ids);
}

typedef struct
{
  BvFetch *fetch;  /* NULL at the end of the pass */
  JsonObject *pass;
  gboolean all;
} LinkPage;

static gboolean
write_link_page (BvSyncStream *self, gpointer data, GError **error)
{
  LinkPage *page = data;

  if (page->fetch != NULL)
    {
      for (guint i = 0; i < page->fetch->batch->skips->len; i++)
        g_ptr_array_add (self->notes, g_strdup (page->fetch->batch->skips->pdata[i]));
      return bv_sync_write_links (self, page->fetch, error);
    }
  if (!page->all && !clear_ids (self, "bv_source_pending", error))
    return FALSE;
  if (page->all)
    json_object_set_int_member (self->state, "linked", bv_source_json_int (page->pass, "started", 0));
  json_object_remove_member (passes_of (self), "links");
  return TRUE;
}

static gboolean
write_link_begin (BvSyncStream *self, gpointer data, GError **error)
{
  return clear_ids (self, "bv_source_pending", error);
}

/* One way through all links of all ids (or of those pending). */
static gboolean
run_links (BvSyncStream *self, gboolean all, GError **error)
{
  JsonObject *pass;
  LinkPage end = { NULL, NULL, all };

  if (!all)
    json_object_remove_member (passes_of (self), "links");
  if (!is_under_way (self, "links"))
    {
      pass = bv_source_json_object (passes_of (self), "links");
      json_object_set_int_member (pass, "started", bv_clock_now (self->sync->clock));
      json_object_set_boolean_member (pass, "all", all);
      if (all && !bv_sync_page (self, write_link_begin, NULL, error))
        return FALSE;
    }
  pass = json_object_get_object_member (passes_of (self), "links");
  for (guint at = (guint) bv_source_json_int (pass, "link", 0); at < self->stream->links->len; at++)
    {
      const BvStreamLink *link = self->stream->links->pdata[at];

      while (TRUE)
        {
          const char *after = bv_source_json_text (pass, "after");
          g_autoptr (GPtrArray) ids = next_ids (self, all, after != NULL ? after : "", link->batch, error);
          g_autoptr (BvBatch) batch = bv_batch_new (self->fields);
          BvFetch fetch = { self->sync->context, self->stream, BV_PASS_LINKS, self->fields, bv_source_json_int (pass, "started", 0) };
          LinkPage page = { &fetch, pass, all };

          if (ids == NULL || g_cancellable_set_error_if_cancelled (self->sync->cancellable, error))
            return FALSE;
          if (ids->len == 1)
            break;
          fetch.link = link;
          fetch.ids = (const char *const *) ids->pdata;
          fetch.cursor = bv_source_json_object (self->state, "cursor");
          fetch.page = bv_source_json_object (pass, "page");
          fetch.batch = batch;
          if (!self->sync->kind->fetch (&fetch, error))
            return FALSE;
          json_object_set_int_member (pass, "link", at);
          json_object_set_string_member (pass, "after", ids->pdata[ids->len - 2]);
          if (!bv_sync_page (self, write_link_page, &page, error))
            return FALSE;
          self->pass_read += ids->len - 1;
          bv_sync_tell (self, BV_PASS_LINKS, 0);
        }
      json_object_set_int_member (pass, "link", at + 1);
      json_object_remove_member (pass, "after");
    }
  end.pass = pass;
  return bv_sync_page (self, write_link_page, &end, error);
}

static gboolean
links_are_pending (BvSyncStream *self, gboolean *pending, GError **error)
{
  sqlite3 *db = bv_project_borrow_reader (self->sync->project, NULL, error);
  gint64 n = 0;
  gboolean ok;

  if (db == NULL)
    return FALSE;
  ok = count_ids (self, db, "bv_source_pending", &n, error);
  bv_project_return_reader (self->sync->project, db);
  *pending = n > 0;
  return ok;
}

static gboolean
run_all_links (BvSyncStream *self, GError **error)
{
  JsonObject *pass = is_under_way (self, "links") ? json_object_get_object_member (passes_of (self), "links") : NULL;
  gint64 now = bv_clock_now (self->sync->clock);
  gboolean all = (pass != NULL && json_object_get_boolean_member_with_default (pass, "all", FALSE)) || (self->sync->flags & BV_SYNC_LINKS) ||
                 state_int (self, "linked") == 0 || now - state_int (self, "linked") > LINKS_AFTER_US;
  gboolean pending;

  self->pass_read = 0;
  if (all && pass != NULL && !json_object_get_boolean_member_with_default (pass, "all", FALSE))
    json_object_remove_member (passes_of (self), "links");
  if (all && !run_links (self, TRUE, error))
    return FALSE;
  return links_are_pending (self, &pending, error) && (!pending || run_links (self, FALSE, error));
}

/* --- The stream -------------------------------------------------------------------------------------------------------------------------- */

static gboolean
table_exists (sqlite3 *db, const char *name)
{
  gint64 n = 0;

  bv_source_sql_int (db, NULL, &n, "SELECT count(*) FROM bv_table WHERE name = ?", "t", name);
  return n > 0;
}

/* Somebody dropped or renamed the table: what the state says of it does not count any more. */
static gboolean
check_tables (BvSyncStream *self, GError **error)
{
  sqlite3 *db = bv_project_borrow_reader (self->sync->project, NULL, error);

  if (db == NULL)
    return FALSE;
  if (!table_exists (db, self->table))
    bv_source_json_clear (self->state);
  for (guint i = 0; i < self->stream->links->len; i++)
    {
      g_autofree char *name = bv_sync_link_table (self->sync->source, self->stream->links->pdata[i]);

      if (!table_exists (db, name))
        json_object_remove_member (self->state, "linked");
    }
  bv_project_return_reader (self->sync->project, db);
  return TRUE;
}

/* Each would take the other's rows for deleted ones. */
static gboolean
check_alone (BvSyncStream *self, GError **error)
{
  for (guint i = 0; i < self->position; i++)
    {
      const BvSourceStream *other = self->sync->streams->pdata[i];
      g_autofree char *table = bv_sync_table_name (self->sync->source, other);

      if (g_ascii_strcasecmp (table, self->table) != 0 || !bv_source_context_wants (self->sync->context, other))
        continue;
      g_set_error (error, BV_ERROR, BV_ERROR_EXISTS, _("“%s” and “%s” would fill the same table “%s”: leave one of them out, or give it another table"),
                   other->label, self->stream->label, self->table);
      return FALSE;
    }
  return TRUE;
}

static gboolean
write_done (BvSyncStream *self, gpointer data, GError **error)
{
  json_object_set_int_member (self->state, "done", self->started);
  return TRUE;
}

gboolean
bv_sync_stream_run (BvSyncStream *self, GError **error)
{
  BvStreamFlags flags = self->stream->flags;
  gint64 now = bv_clock_now (self->sync->clock);
  gboolean first;

  if (self->stream->error != NULL)
    {
      g_propagate_error (error, g_error_copy (self->stream->error));
      return FALSE;
    }
  /* Nothing is known of it, not even the key: a list that is still empty. */
  if (self->stream->fields->len == 0)
    return TRUE;
  if (!check_alone (self, error) || !check_tables (self, error) || !bv_sync_page (self, write_start, NULL, error))
    return FALSE;
  if ((self->sync->flags & BV_SYNC_RELOAD) && !is_under_way (self, "first"))
    start_over (self);
  first = is_under_way (self, "first") || state_int (self, "loaded") == 0 || !(flags & BV_STREAM_UPDATE);
  bv_sync_tell (self, first ? BV_PASS_FIRST : BV_PASS_UPDATE, 0);
  if (!run_pass (self, first ? BV_PASS_FIRST : BV_PASS_UPDATE, error))
    return FALSE;
  if ((flags & BV_STREAM_DELETED) && !run_pass (self, BV_PASS_DELETED, error))
    return FALSE;
  if ((flags & BV_STREAM_SWEEP) &&
      (is_under_way (self, "sweep") || (self->sync->flags & BV_SYNC_SWEEP) || now - state_int (self, "swept") > SWEEP_AFTER_US) &&
      !run_pass (self, BV_PASS_SWEEP, error))
    return FALSE;
  if (self->stream->links->len > 0 && !run_all_links (self, error))
    return FALSE;
  return bv_sync_page (self, write_done, NULL, error);
}
