/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Taking back, and doing again, what a step changed in place.
 *
 * The hidden table of a "rows" operation holds the other state of every row that the step touched: before it while the step is
 * done, after it while it is undone. Going from one to the other is one exchange: the present rows of those keys go into a new
 * hidden table, the kept ones into the data table. The cost follows the rows touched, not those in the table.
 *
 * Rows that come back have new row numbers. The table's version is therefore not the old one, but the next: what was made of the old one may
 * name rows by their numbers.
 */
#include "config.h"

#include "bv-project-private.h"

#include <glib/gi18n-lib.h>

#define SWAP_ROWS "bv_swap_rows"

/* Column lists of @hidden: all but bv_was, with a prefix each, and the key's. */
typedef struct
{
  GString *names;
  GString *present; /* the key from i (hidden), the rest from t (data) */
  GString *definition;
  GString *equal;   /* t.k = i.k AND … */
  GString *key;
} Lists;

static void
lists_clear (Lists *lists)
{
  g_string_free (lists->names, TRUE);
  g_string_free (lists->present, TRUE);
  g_string_free (lists->definition, TRUE);
  g_string_free (lists->equal, TRUE);
  g_string_free (lists->key, TRUE);
}

static gboolean
read_lists (sqlite3 *db, const char *hidden, Lists *lists, GError **error)
{
  g_autoptr (BvStmt) stmt = bv_sql_prepare (db, error, "SELECT name, type, pk FROM pragma_table_info(?) WHERE name <> 'bv_was' ORDER BY pk = 0,"
                                                       " pk, cid", "t", hidden);
  gboolean row = TRUE;

  if (stmt == NULL)
    return FALSE;
  while (bv_sql_step (stmt, &row, error) && row)
    {
      g_autofree char *name = bv_sql_quote ((const char *) sqlite3_column_text (stmt, 0));
      gboolean key = sqlite3_column_int (stmt, 2) > 0;

      g_string_append_printf (lists->names, "%s%s", lists->names->len > 0 ? ", " : "", name);
      g_string_append_printf (lists->present, ", %s.%s", key ? "i" : "t", name);
      g_string_append_printf (lists->definition, ", %s %s", name, (const char *) sqlite3_column_text (stmt, 1));
      if (key)
        {
          g_string_append_printf (lists->equal, "%st.%s = i.%s", lists->equal->len > 0 ? " AND " : "", name, name);
          g_string_append_printf (lists->key, "%s%s", lists->key->len > 0 ? ", " : "", name);
        }
    }
  if (!row && lists->key->len == 0)
    {
      g_set_error (error, BV_ERROR, BV_ERROR_CORRUPT, _("The history lacks rows that this step needs: restore a copy of the project"));
      return FALSE;
    }
  return !row;
}

static gboolean
exchange (sqlite3 *db, const char *table, const char *hidden, const Lists *lists, GError **error)
{
  const char *rowid = bv_sql_rowid (db, table, NULL, error);
  g_autofree char *t = bv_sql_quote (table);
  g_autofree char *h = bv_sql_quote (hidden);
  g_autofree char *keep = g_strdup_printf (
    "CREATE TABLE main." SWAP_ROWS " (bv_was INTEGER NOT NULL%s, PRIMARY KEY (%s)) WITHOUT ROWID;"
    "INSERT INTO main." SWAP_ROWS " (bv_was, %s) SELECT t.%s IS NOT NULL%s FROM main.%s i LEFT JOIN main.%s t ON %s;",
    lists->definition->str, lists->key->str, lists->names->str, rowid, lists->present->str, h, t, lists->equal->str);
  g_autofree char *drop = g_strdup_printf ("DELETE FROM main.%s WHERE %s IN (SELECT t.%s FROM main.%s i JOIN main.%s t ON %s);", t, rowid, rowid, h, t,
                                           lists->equal->str);
  g_autofree char *put = g_strdup_printf ("INSERT INTO main.%s (%s) SELECT %s FROM main.%s WHERE bv_was;", t, lists->names->str,
                                          lists->names->str, h);
  g_autofree char *swap = g_strdup_printf ("DROP TABLE main.%s; ALTER TABLE main." SWAP_ROWS " RENAME TO %s", h, h);

  return rowid != NULL && bv_sql_exec (db, error, keep) && bv_sql_exec (db, error, drop) && bv_sql_exec (db, error, put) && bv_sql_exec (db, error, swap);
}

gboolean
bv_rows_apply (sqlite3 *db, const char *table, const char *hidden, const char *to, GError **error)
{
  Lists lists = { g_string_new (NULL), g_string_new (NULL), g_string_new (NULL), g_string_new (NULL), g_string_new (NULL) };
  gboolean ok = read_lists (db, hidden, &lists, error) && exchange (db, table, hidden, &lists, error) &&
                bv_catalogue_set_state (db, table, to, error) &&
                bv_sql_run (db, error, "UPDATE bv_table SET version = 1 + (SELECT value FROM bv_meta WHERE name = 'version') WHERE name = ?", "t", table);

  lists_clear (&lists);
  return ok;
}
