/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Merging rows into a table by key.
 *
 * The staging table holds the news in the order in which they were read. Of rows with an equal key the last one stays: pairs
 * that the key set found (bv-key-set.c) are compared and the older row goes; where the set gave up, an index over the key finds
 * them. With an old table, a second table is made from the old rows, with the news in the place of those they replace, and the
 * news that are left; SQLite joins the two over an index on the news.
 *
 * A first import of many rows gets no index on its key: it would take longer than the import and the column engine needs none.
 */
#include "config.h"

#include "bv-table-writer-private.h"

#include <inttypes.h>

/* Tables of at most so many rows keep an index on their key. */
#define MAX_INDEXED_ROWS 1000000

/* The old value of a column as its new type stores it. */
static char *
converted (const BvMerged *merged, const char *alias)
{
  g_autofree char *column = bv_sql_quote (merged->name);

  if (merged->old_type == BV_TYPE_NULL)
    return g_strdup ("NULL");
  if (merged->type == BV_TYPE_TEXT && merged->old_type == BV_TYPE_BOOL)
    return g_strdup_printf ("CASE %s.%s WHEN 0 THEN 'false' WHEN 1 THEN 'true' END", alias, column);
  if (merged->type == BV_TYPE_TEXT && merged->old_type == BV_TYPE_DOUBLE)
    return g_strdup_printf ("bv_plain(%s.%s)", alias, column);
  if (merged->type == BV_TYPE_TEXT && merged->old_type == BV_TYPE_INT)
    return g_strdup_printf ("CAST(%s.%s AS TEXT)", alias, column);
  return g_strdup_printf ("%s.%s", alias, column);
}

/* SQL: a double in the digits that read back equal. */
static void
plain_function (sqlite3_context *context, int argc, sqlite3_value **argv)
{
  char buf[G_ASCII_DTOSTR_BUF_SIZE];

  if (sqlite3_value_type (argv[0]) == SQLITE_NULL)
    sqlite3_result_null (context);
  else
    sqlite3_result_text (context, bv_double_to_plain (sqlite3_value_double (argv[0]), buf), -1, SQLITE_TRANSIENT);
}

/* "s.a = o.a AND …" where @format has a place for the news' and the old rows' key column. */
static char *
key_terms (BvTableWriter *self, const char *format)
{
  g_autoptr (GString) s = g_string_new (NULL);

  for (guint i = 0; self->key[i] != NULL; i++)
    {
      const BvMerged *merged = &g_array_index (self->merged, BvMerged, bv_table_writer_find_merged (self, self->key[i]));
      g_autofree char *column = bv_sql_quote (merged->name);
      g_autofree char *old = converted (merged, "o");
      g_auto (GStrv) parts = g_strsplit (format, "{c}", -1);
      g_autofree char *with_column = g_strjoinv (column, parts);
      g_auto (GStrv) halves = g_strsplit (with_column, "{old}", -1);
      g_autofree char *term = g_strjoinv (old, halves);

      g_string_append (s, i > 0 ? " AND " : "");
      g_string_append (s, term);
    }
  return g_string_free (g_steal_pointer (&s), FALSE);
}

static gboolean
index_key (BvTableWriter *self, const char *table, const char *prefix, GError **error)
{
  g_autofree char *quoted = bv_sql_quote (table);
  g_autoptr (GString) sql = g_string_new (NULL);

  g_string_printf (sql, "CREATE INDEX main.bv_%s_%" PRId64 "_%d ON %s (", prefix, self->step.seq, self->step.n_ops, quoted);
  for (guint i = 0; self->key[i] != NULL; i++)
    {
      g_autofree char *column = bv_sql_quote (self->key[i]);

      g_string_append_printf (sql, "%s%s", i > 0 ? ", " : "", column);
    }
  g_string_append_c (sql, ')');
  return bv_sql_exec (self->step.db, error, sql->str);
}

/* Of rows with an equal key only the last stays; *n_rows are left. Needs the index on the key. */
static gboolean
drop_repeated_by_index (BvTableWriter *self, gint64 *n_rows, GError **error)
{
  g_autofree char *quoted = bv_sql_quote (self->staging);
  g_autofree char *present = key_terms (self, "s.{c} IS NOT NULL");
  g_autofree char *equal = key_terms (self, "t.{c} = s.{c}");
  g_autofree char *sql = g_strdup_printf ("DELETE FROM main.%s AS s WHERE %s AND EXISTS (SELECT 1 FROM main.%s t WHERE %s"
                                          " AND t.%s > s.%s)", quoted, present, quoted, equal, self->rowid, self->rowid);

  if (!bv_sql_exec (self->step.db, error, sql))
    return FALSE;
  *n_rows -= sqlite3_changes64 (self->step.db);
  return TRUE;
}

/* The same for rows that may repeat. Each row makes a pair with every newer one that may be equal, and the newest of a key is
 * the older one of no equal pair: it stays, and is there to compare the others with. */
static gboolean
drop_repeated_pairs (BvTableWriter *self, GArray *pairs, gint64 *n_rows, GError **error)
{
  g_autofree char *quoted = bv_sql_quote (self->staging);
  g_autofree char *equal = key_terms (self, "t.{c} = s.{c}");
  g_autofree char *sql = g_strdup_printf ("DELETE FROM main.%s AS s WHERE s.%s = ? AND EXISTS (SELECT 1 FROM main.%s t WHERE"
                                          " t.%s = ? AND %s)", quoted, self->rowid, quoted, self->rowid, equal);
  g_autoptr (BvStmt) stmt = NULL;

  if (pairs->len == 0)
    return TRUE;
  if (sqlite3_prepare_v2 (self->step.db, sql, -1, &stmt, NULL) != SQLITE_OK)
    return bv_sqlite_set_error (error, self->step.db, NULL, NULL);
  for (guint i = 0; i < pairs->len; i++)
    {
      const BvKeyPair *pair = &g_array_index (pairs, BvKeyPair, i);

      sqlite3_bind_int64 (stmt, 1, pair->older);
      sqlite3_bind_int64 (stmt, 2, pair->newer);
      sqlite3_step (stmt);
      if (sqlite3_reset (stmt) != SQLITE_OK)
        return bv_sqlite_set_error (error, self->step.db, NULL, NULL);
      *n_rows -= sqlite3_changes64 (self->step.db);
    }
  return TRUE;
}

/* Makes the table that comes out of the old rows and the news, which stand under @news, and counts. */
static gboolean
combine (BvTableWriter *self, const char *news, gint64 *n_rows, gint64 *n_replaced, GError **error)
{
  sqlite3 *db = self->step.db;
  const char *rowid = self->rowid;
  g_autofree char *old = bv_sql_quote (self->name);
  g_autofree char *fresh = bv_sql_quote (news);
  g_autofree char *target = bv_sql_quote (self->staging);
  g_autofree char *equal = key_terms (self, "s.{c} = {old}");
  g_autoptr (GString) names = g_string_new (NULL);
  g_autoptr (GString) values = g_string_new (NULL);
  g_autofree char *match = NULL;
  g_autofree char *keep = NULL;
  g_autofree char *add = NULL;

  if (!bv_table_writer_create_physical (self, self->staging, error))
    return FALSE;
  for (guint i = 0; i < self->merged->len; i++)
    {
      const BvMerged *merged = &g_array_index (self->merged, BvMerged, i);
      g_autofree char *column = bv_sql_quote (merged->name);
      g_autofree char *before = converted (merged, "o");

      g_string_append_printf (names, ", %s", column);
      /* A column that the import lacks keeps what the replaced row had. */
      if (merged->input < 0)
        g_string_append_printf (values, ", %s", before);
      else
        g_string_append_printf (values, ", CASE WHEN m.fresh IS NULL THEN %s ELSE s.%s END", before, column);
    }
  /* first: only one of several old rows of a key is replaced by the new one, the others give way to it. */
  match = g_strdup_printf ("CREATE TEMP TABLE bv_match (old INTEGER PRIMARY KEY, fresh INTEGER, first INTEGER);"
                           "INSERT INTO temp.bv_match (old, fresh) SELECT o.%s, s.%s FROM main.%s o"
                           " CROSS JOIN main.%s s WHERE %s ORDER BY o.%s;"
                           "UPDATE temp.bv_match SET first = 1 WHERE old IN (SELECT min(old) FROM temp.bv_match GROUP BY fresh);",
                           rowid, rowid, old, fresh, equal, rowid);
  keep = g_strdup_printf ("INSERT INTO main.%s (%s%s) SELECT o.%s%s FROM main.%s o LEFT JOIN temp.bv_match m ON m.old = o.%s"
                          " LEFT JOIN main.%s s ON s.%s = m.fresh WHERE m.old IS NULL OR m.first ORDER BY o.%s",
                          target, rowid, names->str, rowid, values->str, old, rowid, fresh, rowid, rowid);
  add = g_strdup_printf ("INSERT INTO main.%s (%s) SELECT %s FROM main.%s WHERE %s NOT IN (SELECT fresh FROM temp.bv_match)"
                         " ORDER BY %s", target, names->str + 2, names->str + 2, fresh, rowid, rowid);
  if (sqlite3_create_function_v2 (db, "bv_plain", 1, SQLITE_UTF8 | SQLITE_DETERMINISTIC | SQLITE_DIRECTONLY, NULL, plain_function,
                                  NULL, NULL, NULL) != SQLITE_OK)
    return bv_sqlite_set_error (error, db, NULL, NULL);
  if (!bv_sql_exec (db, error, match) || !bv_sql_exec (db, error, keep))
    return FALSE;
  *n_rows = sqlite3_changes64 (db);
  if (!bv_sql_exec (db, error, add))
    return FALSE;
  *n_rows += sqlite3_changes64 (db);
  if (!bv_sql_get_int (db, error, n_replaced, "SELECT count(DISTINCT fresh) FROM temp.bv_match", NULL))
    return FALSE;
  return bv_sql_exec (db, error, "DROP TABLE temp.bv_match");
}

gboolean
bv_table_merge_by_key (BvTableWriter *self, gint64 *n_rows, gint64 *n_replaced, GError **error)
{
  sqlite3 *db = self->step.db;
  g_autofree char *news = g_strdup_printf ("bv_news_%" PRId64 "_%d", self->step.seq, self->step.n_ops);
  g_autoptr (GArray) pairs = bv_key_set_find_pairs (self->keys);
  g_autofree char *rename = NULL;
  g_autofree char *drop = NULL;
  gboolean index;

  g_clear_pointer (&self->keys, bv_key_set_free);
  *n_rows = self->n_rows;
  *n_replaced = 0;
  if (pairs != NULL && !drop_repeated_pairs (self, pairs, n_rows, error))
    return FALSE;
  index = self->old != NULL || pairs == NULL || self->n_rows <= MAX_INDEXED_ROWS;
  if (index && !index_key (self, self->staging, self->old != NULL ? "news_key" : "key", error))
    return FALSE;
  if (pairs == NULL && !drop_repeated_by_index (self, n_rows, error))
    return FALSE;
  if (self->old == NULL)
    return TRUE;
  rename = g_strdup_printf ("ALTER TABLE main.%s RENAME TO %s", self->staging, news);
  drop = g_strdup_printf ("DROP TABLE main.%s", news);
  return bv_sql_exec (db, error, rename) && combine (self, news, n_rows, n_replaced, error) && bv_sql_exec (db, error, drop) &&
         index_key (self, self->staging, "key", error);
}

