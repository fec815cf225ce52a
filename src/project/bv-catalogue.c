/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The catalogue of data tables: what there is, where it came from, and whether columns are unique. */
#include "config.h"

#include "bv-project-private.h"

#include <glib/gi18n-lib.h>
#include <string.h>

typedef struct
{
  guint64 version;
  gint64 n_repeating;
} BvUnique;

void
bv_catalogue_init (BvProject *self)
{
  g_mutex_init (&self->unique_mutex);
  self->unique = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
}

void
bv_catalogue_clear (BvProject *self)
{
  g_hash_table_unref (self->unique);
  g_mutex_clear (&self->unique_mutex);
}

static void
column_clear (gpointer data)
{
  g_free (((BvTableColumn *) data)->name);
}

const char *
bv_source_label (const char *source)
{
  return g_strcmp0 (source, BV_SOURCE_FILES) == 0 ? C_("source", "Files") : source;
}

void
bv_table_info_free (BvTableInfo *info)
{
  if (info == NULL)
    return;
  g_free (info->name);
  g_free (info->source);
  g_free (info->origin);
  g_strfreev (info->key);
  g_array_unref (info->columns);
  g_free (info);
}

gboolean
bv_catalogue_check_name (const char *name, GError **error)
{
  if (name == NULL || *name == '\0')
    g_set_error (error, BV_ERROR, BV_ERROR_INVALID, _("A table needs a name: enter one"));
  else if (!g_utf8_validate (name, -1, NULL))
    g_set_error (error, BV_ERROR, BV_ERROR_INVALID, _("The table's name is not valid text: enter another"));
  else if (g_ascii_strncasecmp (name, "bv_", 3) == 0 || g_ascii_strncasecmp (name, "sqlite_", 7) == 0)
    g_set_error (error, BV_ERROR, BV_ERROR_INVALID,
                 _("“%s” cannot be a table's name, names that start with “bv_” or “sqlite_” are taken: choose another"), name);
  else
    return TRUE;
  return FALSE;
}

static BvTableInfo *
find (GHashTable *by_name, sqlite3_stmt *stmt)
{
  return g_hash_table_lookup (by_name, sqlite3_column_text (stmt, 0));
}

/* All tables, or the one called @name. */
GPtrArray *
bv_catalogue_list (sqlite3 *db, const char *name, GError **error)
{
  g_autoptr (GPtrArray) list = g_ptr_array_new_with_free_func ((GDestroyNotify) bv_table_info_free);
  g_autoptr (GHashTable) by_name = g_hash_table_new (g_str_hash, g_str_equal);
  g_autoptr (BvStmt) tables = NULL;
  g_autoptr (BvStmt) columns = NULL;
  g_autoptr (BvStmt) keys = NULL;
  g_autoptr (GPtrArray) key = NULL;
  gboolean row;

  tables = bv_sql_prepare (db, error,
                           "SELECT name, source, origin, n_rows, loaded_at, version FROM bv_table WHERE ?1 IS NULL OR name = ?1"
                           " ORDER BY source COLLATE NOCASE, source, name COLLATE NOCASE, name", "t", name);
  columns = bv_sql_prepare (db, error,
                            "SELECT t.name, c.name, c.type FROM bv_table t JOIN bv_column c ON c.table_name = t.name"
                            " WHERE ?1 IS NULL OR t.name = ?1 ORDER BY t.name, c.position", "t", name);
  keys = bv_sql_prepare (db, error,
                         "SELECT t.name, k.value FROM bv_table t, json_each(t.key) k"
                         " WHERE t.key IS NOT NULL AND (?1 IS NULL OR t.name = ?1) ORDER BY t.name, k.key", "t", name);
  if (tables == NULL || columns == NULL || keys == NULL)
    return NULL;
  while (TRUE)
    {
      BvTableInfo *info;

      if (!bv_sql_step (tables, &row, error))
        return NULL;
      if (!row)
        break;
      info = g_new0 (BvTableInfo, 1);
      info->name = bv_sql_dup (tables, 0);
      info->source = bv_sql_dup (tables, 1);
      info->origin = bv_sql_dup (tables, 2);
      info->n_rows = sqlite3_column_int64 (tables, 3);
      info->loaded_at = sqlite3_column_int64 (tables, 4);
      info->version = (guint64) sqlite3_column_int64 (tables, 5);
      info->columns = g_array_new (FALSE, FALSE, sizeof (BvTableColumn));
      g_array_set_clear_func (info->columns, column_clear);
      g_ptr_array_add (list, info);
      g_hash_table_insert (by_name, info->name, info);
    }
  while (TRUE)
    {
      BvTableInfo *info;
      BvTableColumn column;

      if (!bv_sql_step (columns, &row, error))
        return NULL;
      if (!row)
        break;
      info = find (by_name, columns);
      if (info == NULL || !bv_type_from_name ((const char *) sqlite3_column_text (columns, 2), &column.type))
        continue;
      column.name = bv_sql_dup (columns, 1);
      g_array_append_val (info->columns, column);
    }
  while (TRUE)
    {
      BvTableInfo *info;
      guint n;

      if (!bv_sql_step (keys, &row, error))
        return NULL;
      if (!row)
        break;
      info = find (by_name, keys);
      if (info == NULL)
        continue;
      n = info->key != NULL ? g_strv_length (info->key) : 0;
      info->key = g_renew (char *, info->key, n + 2);
      info->key[n] = bv_sql_dup (keys, 1);
      info->key[n + 1] = NULL;
    }
  return g_steal_pointer (&list);
}

GPtrArray *
bv_project_list_tables (BvProject *self, GError **error)
{
  sqlite3 *db;
  GPtrArray *list;

  g_return_val_if_fail (self != NULL, NULL);

  db = bv_project_borrow_reader (self, NULL, error);
  if (db == NULL)
    return NULL;
  list = bv_catalogue_list (db, NULL, error);
  bv_project_return_reader (self, db);
  return list;
}

BvTableInfo *
bv_project_get_table (BvProject *self, const char *name, GError **error)
{
  g_autoptr (GPtrArray) list = NULL;
  sqlite3 *db;

  g_return_val_if_fail (self != NULL && name != NULL, NULL);

  db = bv_project_borrow_reader (self, NULL, error);
  if (db == NULL)
    return NULL;
  list = bv_catalogue_list (db, name, error);
  bv_project_return_reader (self, db);
  if (list == NULL)
    return NULL;
  if (list->len == 0)
    {
      g_set_error (error, BV_ERROR, BV_ERROR_NOT_FOUND, _("There is no table “%s”: import it or choose another"), name);
      return NULL;
    }
  return g_ptr_array_steal_index (list, 0);
}

gboolean
bv_catalogue_get_state (sqlite3 *db, const char *name, char **state, GError **error)
{
  g_autoptr (BvStmt) stmt = bv_sql_prepare (
    db, error,
    "SELECT json_object('name', name, 'source', source, 'origin', origin, 'key', json(key), 'n_rows', n_rows,"
    " 'loaded_at', loaded_at, 'version', version, 'columns', json((SELECT json_group_array(json_array(name, type)) FROM"
    " (SELECT name, type FROM bv_column WHERE table_name = t.name ORDER BY position)))) FROM bv_table t WHERE name = ?",
    "t", name);
  gboolean row;

  *state = NULL;
  if (stmt == NULL || !bv_sql_step (stmt, &row, error))
    return FALSE;
  if (row)
    *state = bv_sql_dup (stmt, 0);
  return TRUE;
}

/* Puts the catalogue rows of @state in the place of those of @name; NULL takes them away. */
gboolean
bv_catalogue_set_state (sqlite3 *db, const char *name, const char *state, GError **error)
{
  if (!bv_sql_run (db, error, "DELETE FROM bv_table WHERE name = ?", "t", name) ||
      !bv_sql_run (db, error, "DELETE FROM bv_column WHERE table_name = ?", "t", name))
    return FALSE;
  if (state == NULL)
    return TRUE;
  return bv_sql_run (db, error,
                     "INSERT INTO bv_table (name, source, origin, key, n_rows, loaded_at, version)"
                     " SELECT json_extract(?1, '$.name'), json_extract(?1, '$.source'), json_extract(?1, '$.origin'),"
                     " json_extract(?1, '$.key'), json_extract(?1, '$.n_rows'), json_extract(?1, '$.loaded_at'),"
                     " json_extract(?1, '$.version')", "t", state) &&
         bv_sql_run (db, error,
                     "INSERT INTO bv_column (table_name, position, name, type)"
                     " SELECT json_extract(?1, '$.name'), key, json_extract(value, '$[0]'), json_extract(value, '$[1]')"
                     " FROM json_each(?1, '$.columns')", "t", state);
}

/* How many values (of all @columns together) occur more than once. */
static gboolean
count_repeating (sqlite3 *db, const char *table, const char *const *columns, GCancellable *cancellable, gint64 *n_repeating,
                 GError **error)
{
  g_autofree char *quoted = bv_sql_quote (table);
  g_autoptr (GString) list = g_string_new (NULL);
  g_autoptr (GString) where = g_string_new (NULL);
  g_autofree char *sql = NULL;
  g_autoptr (BvStmt) stmt = NULL;

  for (guint i = 0; columns[i] != NULL; i++)
    {
      g_autofree char *column = bv_sql_quote (columns[i]);

      g_string_append_printf (list, "%s%s", i > 0 ? ", " : "", column);
      g_string_append_printf (where, "%s%s IS NOT NULL", i > 0 ? " AND " : "", column);
    }
  sql = g_strdup_printf ("SELECT count(*) FROM (SELECT 1 FROM %s WHERE %s GROUP BY %s HAVING count(*) > 1)", quoted, where->str,
                         list->str);
  stmt = bv_sql_prepare (db, error, sql, NULL);
  if (stmt == NULL)
    return FALSE;
  if (sqlite3_step (stmt) != SQLITE_ROW)
    return bv_sqlite_set_error (error, db, cancellable, NULL);
  *n_repeating = sqlite3_column_int64 (stmt, 0);
  return TRUE;
}

static gboolean
has_column (BvTableInfo *info, const char *name)
{
  for (guint i = 0; i < info->columns->len; i++)
    if (g_ascii_strcasecmp (g_array_index (info->columns, BvTableColumn, i).name, name) == 0)
      return TRUE;
  return FALSE;
}

/* Version and count come from one snapshot (@db is in a transaction), so that the cache never mixes two states. */
static gboolean
is_unique_in (BvProject *self, sqlite3 *db, const char *table, const char *const *columns, GCancellable *cancellable,
              gint64 *n_repeating, GError **error)
{
  g_autoptr (GPtrArray) list = NULL;
  g_autofree char *names = bv_sql_json_array (columns);
  g_autofree char *cache_key = NULL;
  BvTableInfo *info;
  BvUnique *cached;
  gboolean hit;

  list = bv_catalogue_list (db, table, error);
  if (list == NULL)
    return FALSE;
  if (list->len == 0)
    {
      g_set_error (error, BV_ERROR, BV_ERROR_NOT_FOUND, _("There is no table “%s”: import it or choose another"), table);
      return FALSE;
    }
  info = g_ptr_array_index (list, 0);
  for (guint i = 0; columns[i] != NULL; i++)
    if (!has_column (info, columns[i])) /* SQLite would take an unknown quoted name for a text */
      {
        g_set_error (error, BV_ERROR, BV_ERROR_NOT_FOUND, _("Table “%s” has no column “%s”: choose another"), table, columns[i]);
        return FALSE;
      }
  cache_key = g_strconcat (info->name, "\n", names, NULL);
  g_mutex_lock (&self->unique_mutex);
  cached = g_hash_table_lookup (self->unique, cache_key);
  hit = cached != NULL && cached->version == info->version;
  if (hit)
    *n_repeating = cached->n_repeating;
  g_mutex_unlock (&self->unique_mutex);
  if (hit)
    return TRUE;
  if (!count_repeating (db, info->name, columns, cancellable, n_repeating, error))
    return FALSE;
  cached = g_new (BvUnique, 1);
  cached->version = info->version;
  cached->n_repeating = *n_repeating;
  g_mutex_lock (&self->unique_mutex);
  g_hash_table_insert (self->unique, g_steal_pointer (&cache_key), cached);
  g_mutex_unlock (&self->unique_mutex);
  return TRUE;
}

/* What was said of a key at this version of the whole project. */
static gboolean
find_asked (BvProject *self, const char *key, guint64 as_of, gint64 *n_repeating)
{
  BvUnique *cached;
  gboolean hit;

  g_mutex_lock (&self->unique_mutex);
  cached = g_hash_table_lookup (self->unique, key);
  hit = cached != NULL && cached->version == as_of;
  if (hit)
    *n_repeating = cached->n_repeating;
  g_mutex_unlock (&self->unique_mutex);
  return hit;
}

static void
keep_asked (BvProject *self, const char *key, guint64 as_of, gint64 n_repeating)
{
  BvUnique *cached = g_new (BvUnique, 1);

  cached->version = as_of;
  cached->n_repeating = n_repeating;
  g_mutex_lock (&self->unique_mutex);
  g_hash_table_insert (self->unique, g_strdup (key), cached);
  g_mutex_unlock (&self->unique_mutex);
}

gboolean
bv_project_is_unique (BvProject *self, const char *table, const char *const *columns, GCancellable *cancellable,
                      gboolean *unique, gint64 *n_repeating, GError **error)
{
  g_autofree char *names = NULL;
  g_autofree char *asked = NULL;
  guint64 as_of;
  sqlite3 *db;
  gint64 n = 0;
  gboolean known, ok;

  g_return_val_if_fail (self != NULL && table != NULL && columns != NULL && columns[0] != NULL, FALSE);

  as_of = bv_project_get_version (self);
  names = g_strjoinv ("\n", (char **) columns);
  asked = g_strconcat ("asked\n", table, "\n", names, NULL);

  /* Every query asks for every key of its tables: between commits that is a look into a hash table. Other programs' commits are not seen so. */
  known = !g_cancellable_is_cancelled (cancellable) && !bv_project_is_read_only (self) && find_asked (self, asked, as_of, &n);
  if (!known)
    {
      db = bv_project_borrow_reader (self, cancellable, error);
      if (db == NULL)
        return FALSE;
      ok = bv_sql_exec (db, error, "BEGIN") && is_unique_in (self, db, table, columns, cancellable, &n, error);
      bv_project_return_reader (self, db);
      if (!ok)
        return FALSE;
      if (bv_project_get_version (self) == as_of)
        keep_asked (self, asked, as_of, n);
    }
  if (unique != NULL)
    *unique = n == 0;
  if (n_repeating != NULL)
    *n_repeating = n;
  return TRUE;
}
