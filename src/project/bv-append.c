/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which older versions of a table its present rows begin with.
 *
 * Whoever has only added rows to a table, with greater row numbers than all it had, says so with bv_append_note(). The chain of such versions is a text in
 * bv_meta, under "appended " and the table's name: a line for each with its version, last row number, time of loading and number of rows, and a last line
 * with the version that the chain leads to. A chain that leads to another version than the present one says nothing: other changes need not know of it,
 * since each of them gives a new version, and undo gives back an old one, to which its chain no longer leads, or one whose rows are just those. Only a
 * rename takes chains away, for it could bring a table with an equal version under the name.
 */
#include "config.h"

#include "bv-project-private.h"

#include <string.h>

#define MAX_ANCESTORS 64

static char *
meta_name (const char *table)
{
  g_autofree char *lower = g_ascii_strdown (table, -1);

  return g_strconcat ("appended ", lower, NULL);
}

/* @version: (out): where the chain leads to. Oldest first. */
static GArray *
read_chain (sqlite3 *db, const char *table, guint64 *version)
{
  g_autofree char *name = meta_name (table);
  g_autoptr (BvStmt) stmt = bv_sql_prepare (db, NULL, "SELECT value FROM bv_meta WHERE name = ?", "t", name);
  GArray *chain = g_array_new (FALSE, FALSE, sizeof (BvTableAncestor));
  g_autofree char *text = NULL;
  g_auto (GStrv) lines = NULL;
  gboolean row;

  *version = 0;
  if (stmt == NULL || !bv_sql_step (stmt, &row, NULL) || !row)
    return chain;
  text = bv_sql_dup (stmt, 0);
  lines = g_strsplit (text != NULL ? text : "", "\n", -1);
  for (guint i = 0; lines[i] != NULL; i++)
    {
      BvTableAncestor ancestor;
      char *end;

      ancestor.version = g_ascii_strtoull (lines[i], &end, 10);
      ancestor.last_row = g_ascii_strtoll (end, &end, 10);
      ancestor.loaded_at = g_ascii_strtoll (end, &end, 10);
      ancestor.n_rows = g_ascii_strtoll (end, &end, 10);
      if (lines[i + 1] == NULL)
        *version = ancestor.version;
      else
        g_array_append_val (chain, ancestor);
    }
  return chain;
}

GArray *
bv_table_list_ancestors (sqlite3 *db, const char *table, guint64 version)
{
  guint64 leads_to;
  GArray *chain;

  g_return_val_if_fail (db != NULL && table != NULL, NULL);

  chain = read_chain (db, table, &leads_to);
  if (leads_to != version)
    g_array_set_size (chain, 0);
  for (guint i = 0; i < chain->len / 2; i++)
    {
      BvTableAncestor *a = &g_array_index (chain, BvTableAncestor, i), *b = &g_array_index (chain, BvTableAncestor, chain->len - 1 - i), swap = *a;

      *a = *b;
      *b = swap;
    }
  return chain;
}

/* The greatest row number of a table; FALSE when it cannot be had, as where columns hide it. */
static gboolean
find_last_row (sqlite3 *db, const BvTableInfo *info, gint64 *last)
{
  const char *rowid = bv_sql_rowid (db, info->name, NULL, NULL);
  g_autofree char *quoted = bv_sql_quote (info->name);
  g_autofree char *sql = g_strdup_printf ("SELECT max(%s) FROM main.%s", rowid, quoted);

  return rowid != NULL && bv_sql_get_int (db, NULL, last, sql, NULL);
}

gboolean
bv_append_start (sqlite3 *db, const BvTableInfo *info, BvTableAncestor *before)
{
  *before = (BvTableAncestor){ info->version, 0, info->loaded_at, info->n_rows };
  return info->n_rows > 0 && find_last_row (db, info, &before->last_row);
}

gboolean
bv_append_note (sqlite3 *db, const char *table, const BvTableAncestor *before, guint64 version, GError **error)
{
  g_autofree char *name = meta_name (table);
  g_autoptr (GString) text = g_string_new (NULL);
  g_autoptr (GArray) chain = NULL;
  guint64 leads_to;

  chain = read_chain (db, table, &leads_to);
  /* It goes on where it led to this version, or, after an undo, came by it. */
  if (leads_to != before->version)
    {
      guint n = 0;

      for (guint i = 0; i < chain->len; i++)
        if (g_array_index (chain, BvTableAncestor, i).version == before->version)
          n = i;
      g_array_set_size (chain, n);
    }
  g_array_append_val (chain, *before);
  for (guint i = chain->len > MAX_ANCESTORS ? chain->len - MAX_ANCESTORS : 0; i < chain->len; i++)
    {
      const BvTableAncestor *a = &g_array_index (chain, BvTableAncestor, i);

      g_string_append_printf (text, "%" G_GUINT64_FORMAT " %" G_GINT64_FORMAT " %" G_GINT64_FORMAT " %" G_GINT64_FORMAT "\n", a->version, a->last_row,
                              a->loaded_at, a->n_rows);
    }
  g_string_append_printf (text, "%" G_GUINT64_FORMAT, version);
  return bv_sql_run (db, error, "INSERT OR REPLACE INTO bv_meta (name, value) VALUES (?, ?)", "tt", name, text->str);
}

gboolean
bv_append_forget (sqlite3 *db, const char *table, GError **error)
{
  g_autofree char *name = meta_name (table);

  return bv_sql_run (db, error, "DELETE FROM bv_meta WHERE name = ?", "t", name);
}
