/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The rows that a run touched, before and after.
 *
 * Before is what the run's step keeps in its hidden table (bv-row-step.h); where the step made the table there was nothing before, and all
 * rows are new. After is what the next step that touched the row kept of it, else the row as it is. While a step is undone its hidden table
 * holds the rows after it: redo it to look at them.
 */
#include "config.h"

#include "bv-source-private.h"

#include <glib/gi18n-lib.h>
#include <inttypes.h>
#include <string.h>

typedef struct
{
  sqlite3 *db;
  const char *table;
  GPtrArray *names;    /* columns, key first */
  GArray *types;       /* BvType */
  guint n_key;
  GPtrArray *later;    /* hidden tables of later steps, oldest first */
  GHashTable *rows;    /* physical table → statement that reads a row of it by its key */
} Diff;

typedef struct
{
  gboolean there;
  BvValue *values;     /* one per column */
} State;

static void
state_clear (State *state, guint n)
{
  for (guint i = 0; state->values != NULL && i < n; i++)
    bv_value_clear (&state->values[i]);
  g_clear_pointer (&state->values, g_free);
  state->there = FALSE;
}

static BvValue
read_cell (sqlite3_stmt *stmt, int column, BvType type)
{
  BvValue value = BV_VALUE_NULL;
  const char *text;

  switch (sqlite3_column_type (stmt, column))
    {
    case SQLITE_NULL:
      return value;
    case SQLITE_INTEGER:
      if (type == BV_TYPE_DOUBLE)
        return bv_value_double ((double) sqlite3_column_int64 (stmt, column));
      return type == BV_TYPE_BOOL ? bv_value_bool (sqlite3_column_int (stmt, column)) : bv_value_int (sqlite3_column_int64 (stmt, column));
    case SQLITE_FLOAT:
      return bv_value_double (sqlite3_column_double (stmt, column));
    default:
      text = (const char *) sqlite3_column_text (stmt, column);
      if (type == BV_TYPE_TEXT || !bv_value_from_plain (text, type, &value))
        value = bv_value_text (text);
      return value;
    }
}

/* The columns that both the catalogue and @physical have, as a select list. */
static char *
select_list (Diff *diff, const char *physical)
{
  g_autoptr (GString) list = g_string_new (NULL);

  for (guint i = 0; i < diff->names->len; i++)
    {
      g_autofree char *quoted = bv_sql_quote (diff->names->pdata[i]);
      gint64 n = 0;

      bv_source_sql_int (diff->db, NULL, &n, "SELECT count(*) FROM pragma_table_info(?) WHERE name = ? COLLATE NOCASE", "tt", physical,
                         (const char *) diff->names->pdata[i]);
      g_string_append_printf (list, ", %s", n > 0 ? quoted : "NULL");
    }
  return g_string_free (g_steal_pointer (&list), FALSE);
}

static void
finalize (gpointer stmt)
{
  sqlite3_finalize (stmt);
}

/* A row by its key, prepared once for each table. */
static sqlite3_stmt *
get_row (Diff *diff, const char *physical, gboolean hidden, GError **error)
{
  sqlite3_stmt *stmt = g_hash_table_lookup (diff->rows, physical);
  g_autofree char *list = NULL;
  g_autofree char *quoted = bv_sql_quote (physical);
  g_autoptr (GString) sql = g_string_new (NULL);

  if (stmt != NULL)
    {
      sqlite3_reset (stmt);
      return stmt;
    }
  list = select_list (diff, physical);
  g_string_printf (sql, "SELECT %s%s FROM main.%s WHERE ", hidden ? "bv_was" : "1", list, quoted);
  for (guint i = 0; i < diff->n_key; i++)
    {
      g_autofree char *column = bv_sql_quote (diff->names->pdata[i]);

      g_string_append_printf (sql, "%s%s = ?%u", i > 0 ? " AND " : "", column, i + 1);
    }
  stmt = bv_source_sql (diff->db, error, sql->str, NULL);
  if (stmt != NULL)
    g_hash_table_insert (diff->rows, g_strdup (physical), stmt);
  return stmt;
}

/* The row of @physical with the key @key. *found: the table says something of it. */
static gboolean
read_state (Diff *diff, const char *physical, gboolean hidden, const BvValue *key, State *state, gboolean *found, GError **error)
{
  sqlite3_stmt *stmt = get_row (diff, physical, hidden, error);
  gboolean row;

  if (stmt == NULL)
    return FALSE;
  for (guint i = 0; i < diff->n_key; i++)
    if (key[i].type == BV_TYPE_INT)
      sqlite3_bind_int64 (stmt, (int) i + 1, key[i].i);
    else
      {
        g_autofree char *text = bv_value_to_plain (&key[i]);

        sqlite3_bind_text (stmt, (int) i + 1, text, -1, SQLITE_TRANSIENT);
      }
  if (!bv_source_sql_step (stmt, &row, error))
    return FALSE;
  *found = row || !hidden;
  state->there = row && sqlite3_column_int (stmt, 0) != 0;
  state->values = g_new0 (BvValue, diff->names->len);
  for (guint i = 0; state->there && i < diff->names->len; i++)
    state->values[i] = read_cell (stmt, (int) i + 1, g_array_index (diff->types, BvType, i));
  return TRUE;
}

static gboolean
read_after (Diff *diff, const BvValue *key, State *after, GError **error)
{
  gboolean found = FALSE;

  for (guint i = 0; i < diff->later->len && !found; i++)
    {
      state_clear (after, diff->names->len);
      if (!read_state (diff, diff->later->pdata[i], TRUE, key, after, &found, error))
        return FALSE;
    }
  if (found)
    return TRUE;
  state_clear (after, diff->names->len);
  return read_state (diff, diff->table, FALSE, key, after, &found, error);
}

static int
column_of (Diff *diff, const char *name)
{
  for (guint i = 0; i < diff->names->len; i++)
    if (strcmp (diff->names->pdata[i], name) == 0)
      return (int) i;
  return -1;
}

static const char *
kind_of (Diff *diff, const State *before, const State *after)
{
  int deleted = column_of (diff, "_deleted_at");
  int merged = column_of (diff, "_merged_into");

  if (!before->there)
    return after->there && deleted >= 0 && after->values[deleted].type != BV_TYPE_NULL ? "deleted" : "new";
  if (!after->there)
    return "deleted";
  if (merged >= 0 && before->values[merged].type == BV_TYPE_NULL && after->values[merged].type != BV_TYPE_NULL)
    return "merged";
  if (deleted >= 0 && before->values[deleted].type == BV_TYPE_NULL && after->values[deleted].type != BV_TYPE_NULL)
    return "deleted";
  return "changed";
}

static BvFrame *
make_frame (Diff *diff, GArray *befores, GArray *afters)
{
  BvFrame *frame = bv_frame_new ();
  g_autofree gboolean *differs = g_new0 (gboolean, diff->names->len);

  for (guint r = 0; r < befores->len; r++)
    for (guint i = diff->n_key; i < diff->names->len; i++)
      {
        const State *before = &g_array_index (befores, State, r);
        const State *after = &g_array_index (afters, State, r);

        if (strcmp (diff->names->pdata[i], "_synced_at") == 0 || strcmp (diff->names->pdata[i], "_first_seen_at") == 0)
          continue;
        differs[i] = differs[i] || !bv_value_equal (&before->values[i], &after->values[i]);
      }
  bv_frame_add_column (frame, "_change", BV_TYPE_TEXT, BV_ROLE_FIELD);
  for (guint i = 0; i < diff->n_key; i++)
    bv_frame_add_column (frame, diff->names->pdata[i], g_array_index (diff->types, BvType, i), BV_ROLE_FIELD);
  for (guint i = diff->n_key; i < diff->names->len; i++)
    if (differs[i])
      {
        /* Translators: a column's name, as it was before a sync */
        g_autofree char *before = g_strdup_printf (_("%s before"), (char *) diff->names->pdata[i]);

        bv_frame_add_column (frame, before, g_array_index (diff->types, BvType, i), BV_ROLE_FIELD);
        bv_frame_add_column (frame, diff->names->pdata[i], g_array_index (diff->types, BvType, i), BV_ROLE_FIELD);
      }
  for (guint r = 0; r < befores->len; r++)
    {
      const State *before = &g_array_index (befores, State, r);
      const State *after = &g_array_index (afters, State, r);
      g_autoptr (GArray) row = g_array_new (FALSE, FALSE, sizeof (BvValue));
      BvValue kind = { BV_TYPE_TEXT, { .s = (char *) kind_of (diff, before, after) } };

      g_array_append_val (row, kind);
      for (guint i = 0; i < diff->names->len; i++)
        if (i < diff->n_key)
          g_array_append_val (row, (before->there ? before : after)->values[i]);
        else if (differs[i])
          {
            g_array_append_val (row, before->values[i]);
            g_array_append_val (row, after->values[i]);
          }
      bv_frame_append (frame, (const BvValue *) row->data);
    }
  return frame;
}

/* The keys that the run touched, one more than @limit at most. */
static GPtrArray *
list_keys (Diff *diff, const char *from, guint limit, GError **error)
{
  g_autofree char *quoted = bv_sql_quote (from);
  g_autoptr (GString) sql = g_string_new ("SELECT ");
  g_autoptr (GPtrArray) keys = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (BvSourceStmt) stmt = NULL;
  gboolean row = TRUE;

  for (guint i = 0; i < diff->n_key; i++)
    {
      g_autofree char *column = bv_sql_quote (diff->names->pdata[i]);

      g_string_append_printf (sql, "%s%s", i > 0 ? ", " : "", column);
    }
  g_string_append_printf (sql, " FROM main.%s LIMIT %u", quoted, limit + 1);
  stmt = bv_source_sql (diff->db, error, sql->str, NULL);
  if (stmt == NULL)
    return NULL;
  while (bv_source_sql_step (stmt, &row, error) && row)
    {
      BvValue *key = g_new0 (BvValue, diff->n_key);

      for (guint i = 0; i < diff->n_key; i++)
        key[i] = read_cell (stmt, (int) i, g_array_index (diff->types, BvType, i));
      g_ptr_array_add (keys, key);
    }
  return row ? NULL : g_steal_pointer (&keys);
}

static void
clear_states (GArray *states, guint n)
{
  for (guint i = 0; i < states->len; i++)
    state_clear (&g_array_index (states, State, i), n);
  g_array_unref (states);
}

static BvFrame *
compare (Diff *diff, const char *before_table, guint limit, GError **error)
{
  g_autoptr (GPtrArray) keys = list_keys (diff, before_table != NULL ? before_table : diff->table, limit, error);
  GArray *befores = g_array_new (FALSE, TRUE, sizeof (State));
  GArray *afters = g_array_new (FALSE, TRUE, sizeof (State));
  BvFrame *frame = NULL;
  gboolean ok = keys != NULL;

  for (guint i = 0; ok && i < MIN (keys->len, limit); i++)
    {
      const BvValue *key = keys->pdata[i];
      State before = { 0 }, after = { 0 };
      gboolean found;

      if (before_table != NULL)
        ok = read_state (diff, before_table, TRUE, key, &before, &found, error);
      else
        before.values = g_new0 (BvValue, diff->names->len);
      ok = ok && read_after (diff, key, &after, error);
      if (ok && (before.there || after.there))
        {
          g_array_append_val (befores, before);
          g_array_append_val (afters, after);
        }
      else
        {
          state_clear (&before, diff->names->len);
          state_clear (&after, diff->names->len);
        }
    }
  if (ok)
    {
      frame = make_frame (diff, befores, afters);
      if (keys->len > limit)
        bv_frame_add_note (frame, BV_NOTE_TRUNCATED, _("The sync touched more rows than are shown"));
    }
  for (guint i = 0; keys != NULL && i < keys->len; i++)
    for (guint k = 0; k < diff->n_key; k++)
      bv_value_clear (&((BvValue *) keys->pdata[i])[k]);
  clear_states (befores, diff->names->len);
  clear_states (afters, diff->names->len);
  return frame;
}

/* The run's operation for the table, and the hidden tables of later ones. */
static gboolean
find_steps (Diff *diff, gint64 seq, char **before_table, gboolean *touched, GError **error)
{
  g_autoptr (BvSourceStmt) stmt = bv_source_sql (diff->db, error,
                                                 "SELECT o.seq, o.step, o.kind FROM bv_journal_op o JOIN bv_journal j USING (seq) WHERE o.subject = ?"
                                                 " COLLATE NOCASE AND o.kind IN ('rows', 'table') AND o.seq >= ? AND NOT j.undone ORDER BY o.seq",
                                                 "ti", diff->table, seq);
  gboolean row = TRUE;

  *touched = FALSE;
  if (stmt == NULL)
    return FALSE;
  while (bv_source_sql_step (stmt, &row, error) && row)
    {
      gint64 at = sqlite3_column_int64 (stmt, 0);
      gboolean rows = strcmp ((const char *) sqlite3_column_text (stmt, 2), "rows") == 0;
      char *hidden = g_strdup_printf ("bv_old_%" PRId64 "_%d", at, sqlite3_column_int (stmt, 1));

      if (at == seq)
        {
          *touched = TRUE;
          *before_table = rows ? hidden : NULL;
          if (!rows)
            g_free (hidden);
        }
      else if (rows)
        g_ptr_array_add (diff->later, hidden);
      else
        {
          /* The table was replaced as a whole later: what it was then rests whole. */
          g_free (hidden);
          g_set_error (error, BV_ERROR, BV_ERROR_UNSUPPORTED, _("The table was replaced since that sync: undo that first to compare"));
          return FALSE;
        }
    }
  return !row;
}

static BvFrame *
run_diff (Diff *diff, BvTableInfo *info, gint64 seq, guint limit, GError **error)
{
  g_autofree char *before_table = NULL;
  gboolean touched;

  for (guint pass = 0; pass < 2; pass++)
    for (guint i = 0; i < info->columns->len; i++)
      {
        BvTableColumn *column = &g_array_index (info->columns, BvTableColumn, i);
        gboolean key = info->key != NULL && g_strv_contains ((const char *const *) info->key, column->name);

        if (key != (pass == 0))
          continue;
        g_ptr_array_add (diff->names, column->name);
        g_array_append_val (diff->types, column->type);
        diff->n_key += key;
      }
  if (!find_steps (diff, seq, &before_table, &touched, error))
    return NULL;
  if (!touched)
    {
      BvFrame *frame = bv_frame_new ();

      bv_frame_add_column (frame, "_change", BV_TYPE_TEXT, BV_ROLE_FIELD);
      return frame;
    }
  return compare (diff, before_table, limit, error);
}

BvFrame *
bv_source_run_diff (BvProject *project, gint64 run, const char *table, guint limit, GCancellable *cancellable, GError **error)
{
  g_autoptr (BvTableInfo) info = NULL;
  g_autoptr (BvSourceStmt) stmt = NULL;
  Diff diff = { NULL };
  BvFrame *frame = NULL;
  gboolean undone;
  gint64 seq;

  diff.db = bv_project_borrow_reader (project, cancellable, error);
  if (diff.db == NULL)
    return NULL;
  /* One state of the file from before the step is looked up: a step that is forgotten meanwhile loses its rows piece by piece. */
  if (!bv_source_sql_run (diff.db, error, "BEGIN", NULL) ||
      !bv_source_sql_int (diff.db, error, &seq, "SELECT seq FROM bv_source_run WHERE id = ?", "i", run))
    {
      bv_project_return_reader (project, diff.db);
      return NULL;
    }
  if (bv_project_find_step (project, seq, &undone, error))
    {
      if (undone)
        g_set_error (error, BV_ERROR, BV_ERROR_NOT_FOUND, _("The sync was undone: redo it to look at its rows"));
      else
        {
          info = bv_project_get_table (project, table, error);
          if (info != NULL)
            {
              diff.table = info->name;
              diff.names = g_ptr_array_new ();
              diff.types = g_array_new (FALSE, FALSE, sizeof (BvType));
              diff.later = g_ptr_array_new_with_free_func (g_free);
              diff.rows = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, finalize);
              frame = run_diff (&diff, info, seq, limit, error);
              g_ptr_array_unref (diff.names);
              g_array_unref (diff.types);
              g_ptr_array_unref (diff.later);
              g_hash_table_unref (diff.rows);
            }
        }
    }
  bv_project_return_reader (project, diff.db);
  return frame;
}
