/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Filling tables with rows.
 *
 * Protocol: new, then for each table begin, append…, end; then commit or abort. All of it is one transaction and one undo
 * step. The first error poisons the writer: what follows fails too, and commit aborts.
 *
 * Rows go into a table of their own, named so that the journal finds it as the version not in use (bv-journal.c); at the end
 * it trades places with the old version. With a key, the rows read are only the news, which bv-table-merge.c merges.
 *
 * Speed: append turns values into cells and copies texts into the block at hand; blocks are inserted on another thread
 * (bv-table-insert.c), while the caller makes the next rows. An error of the insertion is reported some rows later.
 */
#include "config.h"

#include "bv-table-writer-private.h"

#include <glib/gi18n-lib.h>
#include <inttypes.h>
#include <string.h>

/* SQLITE_MAX_COLUMN */
#define MAX_COLUMNS 2000
/* A block is handed over early when its texts take more than this. */
#define BLOCK_TEXTS (1024 * 1024)
/* From so many rows on the connection's cache is full of them. */
#define LARGE_ROWS 100000
/* What SQLite takes in a row (SQLITE_MAX_LENGTH). */
#define MAX_TEXT 1000000000

static void
merged_clear (gpointer data)
{
  g_free (((BvMerged *) data)->name);
}

static void
clear_table (BvTableWriter *self)
{
  self->filling = self->in_sink = FALSE;
  g_clear_pointer (&self->name, g_free);
  g_clear_pointer (&self->staging, g_free);
  g_clear_pointer (&self->source, g_free);
  g_clear_pointer (&self->origin, g_free);
  g_clear_pointer (&self->key, g_strfreev);
  g_clear_pointer (&self->old, bv_table_info_free);
  g_clear_pointer (&self->merged, g_array_unref);
  g_clear_pointer (&self->targets, g_free);
  g_clear_pointer (&self->inserter, bv_inserter_free);
  g_clear_pointer (&self->keys, bv_key_set_free);
  self->n_rows = 0;
}

static void
writer_free (BvTableWriter *self)
{
  clear_table (self);
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
  return self;
}

void
bv_table_writer_set_sink (BvTableWriter *self, const BvTableSink *sink)
{
  g_return_if_fail (self != NULL && !self->filling);

  self->sink = sink;
}

void
bv_table_writer_abort (BvTableWriter *self)
{
  if (self == NULL)
    return;
  clear_table (self);
  bv_step_rollback (&self->step);
  if (self->sink != NULL)
    self->sink->done (self->sink->data, 0);
  writer_free (self);
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

int
bv_table_writer_find_merged (BvTableWriter *self, const char *name)
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

gboolean
bv_table_writer_create_physical (BvTableWriter *self, const char *table, GError **error)
{
  g_autofree char *quoted = bv_sql_quote (table);
  g_autoptr (GString) sql = g_string_new (NULL);

  g_string_printf (sql, "CREATE TABLE main.%s (", quoted);
  for (guint i = 0; i < self->merged->len; i++)
    {
      const BvMerged *merged = &g_array_index (self->merged, BvMerged, i);
      g_autofree char *column = bv_sql_quote (merged->name);

      g_string_append_printf (sql, "%s%s %s", i > 0 ? ", " : "", column, bv_sql_storage (merged->type));
    }
  g_string_append_c (sql, ')');
  return bv_sql_exec (self->step.db, error, sql->str);
}

/* Returns who is to be shown the rows, if anybody. */
static const BvTableSink *
begin_sink (BvTableWriter *self)
{
  g_autofree BvSinkColumn *columns = NULL;

  if (self->sink == NULL)
    return NULL;
  columns = g_new (BvSinkColumn, self->merged->len);
  for (guint i = 0; i < self->merged->len; i++)
    {
      const BvMerged *merged = &g_array_index (self->merged, BvMerged, i);

      columns[i] = (BvSinkColumn){ merged->name, merged->type, merged->input };
    }
  self->in_sink = self->sink->begin (self->sink->data, self->name, columns, self->merged->len);
  /* Rows that are merged into others are not yet the table's. */
  return self->in_sink && (self->key == NULL || self->old == NULL) ? self->sink : NULL;
}

static gboolean
prepare_inserts (BvTableWriter *self, GError **error)
{
  g_autofree const char **columns = g_new0 (const char *, self->n_inputs);

  for (guint i = 0; i < self->merged->len; i++)
    {
      const BvMerged *merged = &g_array_index (self->merged, BvMerged, i);

      if (merged->input >= 0)
        columns[merged->input] = merged->name;
    }
  self->inserter = bv_inserter_new (self->step.db, self->staging, columns, self->n_inputs, begin_sink (self), error);
  return self->inserter != NULL;
}

static void
watch_key (BvTableWriter *self)
{
  g_autoptr (GArray) inputs = g_array_new (FALSE, FALSE, sizeof (guint));

  for (guint i = 0; self->key[i] != NULL; i++)
    {
      guint input = (guint) g_array_index (self->merged, BvMerged, bv_table_writer_find_merged (self, self->key[i])).input;

      g_array_append_val (inputs, input);
    }
  self->keys = bv_key_set_new ((const guint *) (gpointer) inputs->data, inputs->len);
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
      int position = bv_table_writer_find_merged (self, self->key[i]);

      if (position < 0 || g_array_index (self->merged, BvMerged, position).input < 0)
        {
          g_set_error (error, BV_ERROR, BV_ERROR_NOT_FOUND, _("The key column “%s” is not among the columns: choose another key"),
                       self->key[i]);
          return FALSE;
        }
      g_free (self->key[i]);
      self->key[i] = g_strdup (g_array_index (self->merged, BvMerged, position).name);
    }
  if (self->key != NULL)
    watch_key (self);
  return bv_table_writer_create_physical (self, self->staging, error) &&
         (self->rowid = bv_sql_rowid (self->step.db, self->staging, self->name, error)) != NULL && prepare_inserts (self, error);
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

static inline void
set_text (BvRowBlock *block, BvRowCell *cell, const char *text, gsize length)
{
  if (G_UNLIKELY (block->length + length > block->allocated))
    {
      block->allocated = MAX (block->length + length, BLOCK_TEXTS + 64 * 1024);
      block->texts = g_realloc (block->texts, block->allocated);
    }
  cell->type = BV_TYPE_TEXT;
  cell->length = (int) length;
  cell->offset = block->length;
  if (length > 0)
    memcpy (block->texts + block->length, text, length);
  block->length += length;
}

/* The cell for a value that goes into a column of type @target. */
static gboolean
set_cell (BvRowBlock *block, BvRowCell *cell, const BvValue *value, BvType target)
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
      set_text (block, cell, plain, strlen (plain));
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
      set_text (block, cell, buf, strlen (buf));
      break;
    case BV_TYPE_TIMESTAMP:
      bv_timestamp_to_text (value->i, buf);
      set_text (block, cell, buf, strlen (buf));
      break;
    case BV_TYPE_TEXT:
      {
        gsize length = strlen (value->s);

        if (length > MAX_TEXT)
          return FALSE;
        set_text (block, cell, value->s, length);
        break;
      }
    case BV_TYPE_NULL:
    default:
      return FALSE;
    }
  return TRUE;
}

/* The rows at hand go to SQLite. */
static gboolean
push (BvTableWriter *self, BvRowBlock *block, GError **error)
{
  if (self->keys != NULL)
    bv_key_set_add (self->keys, block, self->n_inputs, self->n_rows - block->n_rows + 1);
  return bv_inserter_push (self->inserter, error);
}

gboolean
bv_table_writer_append (BvTableWriter *self, const BvValue *values, GError **error)
{
  GError *local = NULL;
  BvRowBlock *block;
  BvRowCell *cells;

  g_return_val_if_fail (self != NULL && (self->filling || self->failed != NULL), FALSE);

  if (G_UNLIKELY (self->failed != NULL))
    return is_usable (self, error);
  block = bv_inserter_get (self->inserter);
  cells = block->cells + (gsize) block->n_rows * self->n_inputs;
  for (guint i = 0; i < self->n_inputs; i++)
    if (G_UNLIKELY (!set_cell (block, &cells[i], &values[i], self->targets[i])))
      {
        g_set_error (&local, BV_ERROR, BV_ERROR_INVALID,
                     _("A value of row %" PRId64 " of table “%s” does not fit its column: correct the column's type"),
                     self->n_rows + 1, self->name);
        return poison (self, local, error);
      }
  self->n_rows++;
  block->n_rows++;
  if (block->n_rows == bv_inserter_get_max_rows (self->inserter) || block->length > BLOCK_TEXTS)
    if (!push (self, block, &local))
      return poison (self, local, error);
  return TRUE;
}

gboolean
bv_table_writer_drop_table (BvTableWriter *self, GError **error)
{
  g_autofree char *quoted = NULL;
  g_autofree char *sql = NULL;
  GError *local = NULL;

  g_return_val_if_fail (self != NULL && (self->filling || self->failed != NULL), FALSE);

  if (!is_usable (self, error))
    return FALSE;
  quoted = bv_sql_quote (self->staging);
  sql = g_strdup_printf ("DROP TABLE main.%s", quoted);
  /* Threads that write to it first. */
  clear_table (self);
  return bv_sql_exec (self->step.db, &local, sql) || poison (self, local, error);
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

/* Whether the old rows are all there as they were. */
static gboolean
has_only_added (BvTableWriter *self, gint64 n_replaced)
{
  if (self->key == NULL || self->old == NULL || n_replaced > 0 || self->merged->len != self->old->columns->len)
    return FALSE;
  for (guint i = 0; i < self->merged->len; i++)
    if (g_array_index (self->merged, BvMerged, i).type != g_array_index (self->merged, BvMerged, i).old_type)
      return FALSE;
  return TRUE;
}

static gboolean
end_table (BvTableWriter *self, gint64 *n_added, gint64 *n_replaced, GError **error)
{
  g_autofree char *before = NULL;
  g_autofree char *after = NULL;
  BvTableAncestor was;
  gint64 replaced = 0;
  gint64 n_rows = self->n_rows;
  gint64 n_read = self->n_rows;

  if (self->keys != NULL)
    bv_key_set_add (self->keys, bv_inserter_get (self->inserter), self->n_inputs,
                    self->n_rows - bv_inserter_get (self->inserter)->n_rows + 1);
  if (!bv_inserter_finish (self->inserter, error))
    return FALSE;
  g_clear_pointer (&self->inserter, bv_inserter_free);
  self->step.large = self->step.large || self->n_rows > LARGE_ROWS;
  if (self->key != NULL)
    {
      gint64 n_old = self->old != NULL ? self->old->n_rows : 0;

      if (!bv_table_merge_by_key (self, &n_rows, &replaced, error))
        return FALSE;
      n_read = n_rows - n_old + replaced;
    }
  if (self->old != NULL && !bv_catalogue_get_state (self->step.db, self->name, &before, error))
    return FALSE;
  if (has_only_added (self, replaced) && bv_append_start (self->step.db, self->old, &was) &&
      !bv_append_note (self->step.db, self->name, &was, (guint64) self->step.seq, error))
    return FALSE;
  after = new_state (self, n_rows);
  if (after == NULL)
    return bv_sqlite_set_error (error, self->step.db, NULL, NULL);
  if (!bv_step_do (&self->step, "table", self->name, before, after, error))
    return FALSE;
  if (self->in_sink)
    self->sink->end (self->sink->data, n_rows == self->n_rows && (self->key == NULL || self->old == NULL));
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
  if (self->sink != NULL)
    self->sink->done (self->sink->data, ok ? (guint64) self->step.seq : 0);
  writer_free (self);
  return ok;
}
