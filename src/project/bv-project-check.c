/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The full check of a project file: SQLite's own, then whether our tables agree with each other. */
#include "config.h"

#include "bv-project-private.h"

#include <glib/gi18n-lib.h>
#include <inttypes.h>
#include <string.h>

/* SQLite is asked for at most this many problems. */
#define MAX_PROBLEMS 100

/* A sentence per row; @format has one %s (or two) for the row's columns. */
typedef struct
{
  const char *sql;
  const char *format;
} BvCheck;

static const BvCheck checks[] = {
  { "SELECT name FROM bv_table WHERE name NOT IN (SELECT name FROM sqlite_schema WHERE type = 'table')",
    N_("Table “%s” is listed, but its rows are missing") },
  { "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'bv\\_%' ESCAPE '\\' AND name NOT LIKE 'sqlite\\_%'"
    " ESCAPE '\\' AND name NOT IN (SELECT name FROM bv_table)",
    N_("Table “%s” is in the file, but not listed") },
  { "SELECT t.name, c.name FROM bv_table t JOIN bv_column c ON c.table_name = t.name"
    " WHERE EXISTS (SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = t.name)"
    " AND NOT EXISTS (SELECT 1 FROM pragma_table_info(t.name) p WHERE p.name = c.name)",
    N_("Table “%s” has lost its column “%s”") },
  { "SELECT t.name, k.value FROM bv_table t, json_each(t.key) k WHERE json_valid(t.key)"
    " AND NOT EXISTS (SELECT 1 FROM bv_column c WHERE c.table_name = t.name AND c.name = k.value COLLATE NOCASE)",
    N_("Table “%s” names “%s” as its key, but has no such column") },
  { "SELECT DISTINCT table_name FROM bv_column WHERE table_name NOT IN (SELECT name FROM bv_table)",
    N_("Columns are listed for a table “%s” that does not exist") },
  { "SELECT name FROM bv_definition WHERE NOT json_valid(body)", N_("The definition “%s” is not valid JSON") },
  { "SELECT DISTINCT j.name FROM bv_journal j JOIN bv_journal_op o USING (seq) WHERE o.kind = 'table'"
    " AND CASE WHEN j.undone THEN o.after ELSE o.before END IS NOT NULL"
    " AND NOT EXISTS (SELECT 1 FROM sqlite_schema s WHERE s.type = 'table' AND s.name = format('bv_old_%d_%d', o.seq, o.step))",
    N_("The step “%s” of the history needs rows that are missing") },
  { "SELECT DISTINCT j.name FROM bv_journal j JOIN bv_journal_op o USING (seq) WHERE o.kind = 'rows'"
    " AND NOT EXISTS (SELECT 1 FROM sqlite_schema s WHERE s.type = 'table' AND s.name = format('bv_old_%d_%d', o.seq, o.step))",
    N_("The step “%s” of the history needs rows that are missing") },
  { "SELECT DISTINCT o.seq FROM bv_journal_op o WHERE o.seq NOT IN (SELECT seq FROM bv_journal)",
    N_("The history holds operations of a step %s that does not exist") },
};

static gboolean
run_check (sqlite3 *db, const BvCheck *check, GPtrArray *problems, GCancellable *cancellable, GError **error)
{
  g_autoptr (BvStmt) stmt = bv_sql_prepare (db, error, check->sql, NULL);
  int code;

  if (stmt == NULL)
    return FALSE;
  while ((code = sqlite3_step (stmt)) == SQLITE_ROW && problems->len < MAX_PROBLEMS)
    {
      const char *first = (const char *) sqlite3_column_text (stmt, 0);
      const char *second = sqlite3_column_count (stmt) > 1 ? (const char *) sqlite3_column_text (stmt, 1) : NULL;
      g_autoptr (GString) text = g_string_new (_(check->format));

      g_string_replace (text, "%s", first != NULL ? first : "", 1);
      if (second != NULL)
        g_string_replace (text, "%s", second, 1);
      g_ptr_array_add (problems, g_string_free (g_steal_pointer (&text), FALSE));
    }
  return code == SQLITE_ROW || code == SQLITE_DONE || bv_sqlite_set_error (error, db, cancellable, NULL);
}

static gboolean
check_rows (sqlite3 *db, GPtrArray *problems, GCancellable *cancellable, GError **error)
{
  g_autoptr (GPtrArray) tables = bv_catalogue_list (db, NULL, error);

  if (tables == NULL)
    return FALSE;
  for (guint i = 0; i < tables->len; i++)
    {
      BvTableInfo *info = g_ptr_array_index (tables, i);
      g_autofree char *quoted = bv_sql_quote (info->name);
      g_autofree char *sql = g_strdup_printf ("SELECT count(*) FROM main.%s", quoted);
      g_autoptr (BvStmt) stmt = NULL;

      if (sqlite3_prepare_v2 (db, sql, -1, &stmt, NULL) != SQLITE_OK)
        continue; /* reported as missing */
      if (sqlite3_step (stmt) != SQLITE_ROW)
        return bv_sqlite_set_error (error, db, cancellable, NULL);
      if (sqlite3_column_int64 (stmt, 0) != info->n_rows)
        g_ptr_array_add (problems,
                         g_strdup_printf (_("Table “%s” has %" PRId64 " rows, but %" PRId64 " are listed"),
                                          info->name, (gint64) sqlite3_column_int64 (stmt, 0), info->n_rows));
    }
  return TRUE;
}

static gboolean
check_integrity (sqlite3 *db, GPtrArray *problems, GCancellable *cancellable, GError **error)
{
  g_autoptr (BvStmt) stmt = bv_sql_prepare (db, error, "PRAGMA integrity_check", NULL);
  int code;

  if (stmt == NULL)
    return FALSE;
  while ((code = sqlite3_step (stmt)) == SQLITE_ROW)
    {
      g_auto (GStrv) lines = g_strsplit ((const char *) sqlite3_column_text (stmt, 0), "\n", -1);

      for (guint i = 0; lines[i] != NULL && problems->len < MAX_PROBLEMS; i++)
        if (*lines[i] != '\0' && strcmp (lines[i], "ok") != 0 && !g_str_has_prefix (lines[i], "***"))
          g_ptr_array_add (problems, g_strdup_printf (_("The file is damaged: %s"), lines[i]));
    }
  return code == SQLITE_DONE || bv_sqlite_set_error (error, db, cancellable, NULL);
}

GPtrArray *
bv_project_check (BvProject *self, GCancellable *cancellable, GError **error)
{
  g_autoptr (GPtrArray) problems = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GError) local = NULL;
  sqlite3 *db;
  gboolean ok;

  g_return_val_if_fail (self != NULL, NULL);

  db = bv_project_borrow_reader (self, cancellable, error);
  if (db == NULL)
    return NULL;
  ok = check_integrity (db, problems, cancellable, &local);
  for (guint i = 0; ok && i < G_N_ELEMENTS (checks); i++)
    ok = run_check (db, &checks[i], problems, cancellable, &local);
  ok = ok && check_rows (db, problems, cancellable, &local);
  bv_project_return_reader (self, db);
  if (ok)
    return g_steal_pointer (&problems);
  /* Damage can stop the check itself; then it is what there is to say. */
  if (g_error_matches (local, BV_ERROR, BV_ERROR_CORRUPT))
    {
      g_ptr_array_add (problems, g_strdup (local->message));
      return g_steal_pointer (&problems);
    }
  g_propagate_error (error, g_steal_pointer (&local));
  return NULL;
}
