/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a database offers to a source: its tables and views, and the analyst's queries.
 *
 * A table's key is its primary key (or a unique index without nulls); its cursor is a timestamp or date that is named like the time of
 * the last change. With both, only changed rows are read after the first load, and once a day the keys, to find deleted rows. Without
 * a cursor the table is read whole each time and compared; without a key it is replaced. The setting "tables" says better where the
 * guess is wrong, "queries" adds SELECTs. Both are lines of words as in a shell: NAME [key COLUMN[,COLUMN]] [cursor COLUMN|-].
 */
#include "config.h"

#include "bv-database-source.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#define QUERY_PREFIX "query:"

void
bv_db_origin_clear (BvDbOrigin *origin)
{
  g_clear_pointer (&origin->schema, g_free);
  g_clear_pointer (&origin->table, g_free);
  g_clear_pointer (&origin->sql, g_free);
}

/* --- The analyst's lines */

typedef struct
{
  char *name;
  char **key;     /* (nullable) */
  char *cursor;   /* (nullable); "-" for none */
  GString *sql;   /* of a query */
} BvDbLineSpec;

static void
spec_free (gpointer data)
{
  BvDbLineSpec *spec = data;

  g_free (spec->name);
  g_strfreev (spec->key);
  g_free (spec->cursor);
  g_string_free (spec->sql, TRUE);
  g_free (spec);
}

static BvDbLineSpec *
read_spec (const char *line, GError **error)
{
  BvDbLineSpec *spec;
  g_auto (GStrv) words = NULL;
  gboolean good = g_shell_parse_argv (line, NULL, &words, NULL);
  guint n = good ? g_strv_length (words) : 0;

  for (guint i = 1; good && i < n; i += 2)
    good = i + 1 < n && (g_str_equal (words[i], "key") || g_str_equal (words[i], "cursor"));
  if (!good)
    {
      g_set_error (error, BV_HTTP_ERROR, BV_HTTP_ERROR_REFUSED,
                   _("“%s” is not understood: write a name, then “key” and columns, then “cursor” and a column"), line);
      return NULL;
    }
  spec = g_new0 (BvDbLineSpec, 1);
  spec->sql = g_string_new (NULL);
  spec->name = g_strdup (words[0]);
  for (guint i = 1; i + 1 < n; i += 2)
    if (g_str_equal (words[i], "key"))
      {
        g_strfreev (spec->key);
        spec->key = g_strsplit (words[i + 1], ",", -1);
      }
    else
      {
        g_free (spec->cursor);
        spec->cursor = g_strdup (words[i + 1]);
      }
  return spec;
}

/* The lines of a setting; with @queries those that begin with "--" head the SQL that follows. */
static GPtrArray *
read_specs (BvSourceContext *context, const char *setting, gboolean queries, GError **error)
{
  g_autoptr (GPtrArray) specs = g_ptr_array_new_with_free_func (spec_free);
  const char *text = bv_source_context_get (context, setting);
  g_auto (GStrv) lines = g_strsplit (text != NULL ? text : "", "\n", -1);

  for (guint i = 0; lines[i] != NULL; i++)
    {
      const char *line = lines[i];
      gboolean head = !queries || g_str_has_prefix (line, "--");
      BvDbLineSpec *spec;

      while (head && (g_ascii_isspace (*line) || (queries && *line == '-')))
        line++;
      if (*line == '\0' && (head || specs->len == 0))
        continue;
      if (!head && specs->len == 0)
        {
          g_set_error (error, BV_HTTP_ERROR, BV_HTTP_ERROR_REFUSED, _("The first query has no name: begin it with a line “-- name”"));
          return NULL;
        }
      if (!head)
        {
          g_string_append_printf (((BvDbLineSpec *) specs->pdata[specs->len - 1])->sql, "%s\n", line);
          continue;
        }
      spec = read_spec (line, error);
      if (spec == NULL)
        return NULL;
      g_ptr_array_add (specs, spec);
    }
  return g_steal_pointer (&specs);
}

/* --- Streams */

/* "schema.table"; dots of the schema's own name are written %2E. (transfer full) */
static char *
stream_name (const BvDbTable *table)
{
  g_auto (GStrv) percents = NULL;
  g_auto (GStrv) dots = NULL;
  g_autofree char *schema = NULL;
  g_autofree char *escaped = NULL;

  if (table->schema == NULL)
    return g_strdup (table->name);
  percents = g_strsplit (table->schema, "%", -1);
  schema = g_strjoinv ("%25", percents);
  dots = g_strsplit (schema, ".", -1);
  escaped = g_strjoinv ("%2E", dots);
  return g_strconcat (escaped, ".", table->name, NULL);
}

gboolean
bv_db_source_find (BvSourceContext *context, const char *stream, BvDbOrigin *origin, GError **error)
{
  BvDbSource *self = bv_source_context_get_data (context);
  const char *dot;

  if (g_str_has_prefix (stream, QUERY_PREFIX))
    {
      g_autoptr (GPtrArray) queries = read_specs (context, "queries", TRUE, error);

      for (guint i = 0; queries != NULL && i < queries->len; i++)
        {
          BvDbLineSpec *query = queries->pdata[i];

          if (strcmp (query->name, stream + strlen (QUERY_PREFIX)) == 0)
            {
              origin->sql = g_strdup (query->sql->str);
              return TRUE;
            }
        }
      if (queries != NULL)
        g_set_error (error, BV_HTTP_ERROR, BV_HTTP_ERROR_NOT_FOUND, _("There is no query “%s” any more: leave it out"), stream + strlen (QUERY_PREFIX));
      return FALSE;
    }
  dot = self->kind != BV_DB_SQLITE ? strchr (stream, '.') : NULL;
  if (dot != NULL)
    {
      g_autofree char *schema = g_strndup (stream, (gsize) (dot - stream));

      origin->schema = g_uri_unescape_string (schema, NULL);
    }
  origin->table = g_strdup (dot != NULL ? dot + 1 : stream);
  return TRUE;
}

/* What an engine can tell rows apart by: text for numbers with a fraction, whole numbers for yes and no. */
static BvType
key_type (BvType type)
{
  return type == BV_TYPE_DOUBLE ? BV_TYPE_TEXT : type == BV_TYPE_BOOL ? BV_TYPE_INT : type;
}

static gboolean
is_cursor_type (BvType type)
{
  return type == BV_TYPE_INT || bv_type_is_time (type);
}

static gboolean
check_spec (const BvDbLineSpec *spec, GPtrArray *columns, GError **error)
{
  const char *missing = NULL;
  const BvDbColumn *cursor = NULL;

  for (guint i = 0; missing == NULL && spec->key != NULL && spec->key[i] != NULL; i++)
    if (bv_db_find_column (columns, spec->key[i]) == NULL)
      missing = spec->key[i];
  if (missing == NULL && spec->cursor != NULL && !g_str_equal (spec->cursor, "-"))
    {
      cursor = bv_db_find_column (columns, spec->cursor);
      missing = cursor == NULL ? spec->cursor : NULL;
    }
  if (missing != NULL)
    g_set_error (error, BV_HTTP_ERROR, BV_HTTP_ERROR_REFUSED, _("“%s” has no column “%s”: correct its key or cursor"), spec->name, missing);
  else if (cursor != NULL && !is_cursor_type (cursor->type))
    g_set_error (error, BV_HTTP_ERROR, BV_HTTP_ERROR_REFUSED, _("“%s” of “%s” cannot be a cursor: choose a time, a date or a whole number"), spec->cursor,
                 spec->name);
  else
    return TRUE;
  return FALSE;
}

/* Key, cursor and fields of @stream from its columns. */
static gboolean
fill_stream (BvSourceStream *stream, GPtrArray *columns, const BvDbLineSpec *spec, GError **error)
{
  g_autoptr (GPtrArray) key = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GHashTable) names = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  const BvDbColumn *cursor = bv_db_pick_cursor (columns);

  if (spec != NULL && !check_spec (spec, columns, error))
    return FALSE;
  if (spec != NULL && spec->key != NULL)
    for (guint i = 0; spec->key[i] != NULL; i++)
      g_ptr_array_add (key, g_strdup (spec->key[i]));
  else
    for (guint place = 1; place <= columns->len; place++)
      for (guint i = 0; i < columns->len; i++)
        if (((BvDbColumn *) columns->pdata[i])->key == place)
          g_ptr_array_add (key, g_strdup (((BvDbColumn *) columns->pdata[i])->name));
  if (spec != NULL && spec->cursor != NULL)
    cursor = bv_db_find_column (columns, spec->cursor);
  else if (cursor != NULL && cursor->cursor < BV_DB_CURSOR_CHANGED)
    cursor = NULL; /* a time of creation would miss changes */
  if (key->len > 0)
    {
      g_ptr_array_add (key, NULL);
      stream->key = (char **) g_ptr_array_free (g_steal_pointer (&key), FALSE);
      if (cursor != NULL)
        {
          stream->cursor = g_strdup (cursor->name);
          stream->flags |= BV_STREAM_UPDATE | BV_STREAM_SWEEP;
        }
    }
  for (guint i = 0; i < columns->len; i++)
    {
      BvDbColumn *column = columns->pdata[i];
      gboolean is_key = stream->key != NULL && g_strv_contains ((const char *const *) stream->key, column->name);
      gboolean always = is_key || g_strcmp0 (stream->cursor, column->name) == 0;
      g_autofree char *slug = bv_source_slug (column->name);
      g_autofree char *unique = bv_db_unique_name (names, slug);
      BvSourceField *field = bv_source_stream_add (stream, bv_source_field_new (column->name, unique, column->name,
                                                                               is_key ? key_type (column->type) : column->type,
                                                                               BV_FIELD_DEFAULT | (always ? BV_FIELD_ALWAYS : 0)));

      field->vendor_type = g_strdup (column->native);
    }
  return TRUE;
}

static gboolean
is_home (const BvDbSource *self, const char *schema)
{
  return schema == NULL || self->segment || (self->kind == BV_DB_POSTGRESQL && g_str_equal (schema, "public")) ||
         g_strcmp0 (schema, self->settings.database) == 0;
}

static const BvDbLineSpec *
find_spec (GPtrArray *specs, const char *stream, const char *table)
{
  for (guint i = 0; i < specs->len; i++)
    {
      const BvDbLineSpec *spec = specs->pdata[i];

      if (strcmp (spec->name, stream) == 0 || strcmp (spec->name, table) == 0)
        return spec;
    }
  return NULL;
}

static gboolean
add_tables (BvSourceContext *context, GPtrArray *streams, GHashTable *suffixes, GError **error)
{
  BvDbSource *self = bv_source_context_get_data (context);
  GCancellable *cancellable = bv_source_context_get_cancellable (context);
  g_autoptr (GPtrArray) specs = self->segment ? g_ptr_array_new () : read_specs (context, "tables", FALSE, error);
  g_autoptr (GPtrArray) tables = NULL;
  const char *schema = self->kind == BV_DB_POSTGRESQL || self->segment ? bv_source_context_get (context, "schema") : NULL;
  GError *problem = NULL;

  if (specs == NULL)
    return FALSE;
  tables = bv_database_list_tables (self->db, schema != NULL && *schema != '\0' ? schema : NULL, cancellable, &problem);
  if (tables == NULL)
    return bv_db_source_fail (problem, error);
  bv_source_context_count (context, 1, 0);
  for (guint i = 0; i < tables->len; i++)
    {
      BvDbTable *table = tables->pdata[i];
      g_autofree char *name = stream_name (table);
      g_autofree char *full = is_home (self, table->schema) ? g_strdup (table->name) : g_strconcat (table->schema, "_", table->name, NULL);
      g_autofree char *slug = bv_source_slug (full);
      g_autofree char *suffix = bv_db_unique_name (suffixes, slug);
      g_autoptr (GPtrArray) columns = NULL;
      g_autoptr (BvSourceStream) stream = NULL;

      if (!table->readable)
        continue;
      stream = bv_source_stream_new (name, suffix, is_home (self, table->schema) ? table->name : name,
                                     table->kind == BV_DB_TABLE || self->segment ? BV_STREAM_DEFAULT : 0);
      stream->n_rows = table->n_rows;
      /* A sync of one table does not ask about hundreds. */
      if (!bv_source_context_wants (context, stream))
        continue;
      bv_source_context_count (context, 1, 0);
      columns = bv_database_list_columns (self->db, table->schema, table->name, cancellable, &problem);
      if (columns == NULL)
        {
          /* Dropped, or closed to the user, since it was listed; or a view that is broken. */
          if (problem->domain == BV_DB_ERROR && (problem->code == BV_DB_ERROR_NOT_FOUND || problem->code == BV_DB_ERROR_PERMISSION ||
                                                 problem->code == BV_DB_ERROR_SQL))
            {
              g_clear_error (&problem);
              continue;
            }
          return bv_db_source_fail (problem, error);
        }
      if (columns->len == 0)
        continue;
      if (!fill_stream (stream, columns, find_spec (specs, name, table->name), error))
        return FALSE;
      if (!self->segment || bv_db_segment_dress (stream, table->name))
        g_ptr_array_add (streams, g_steal_pointer (&stream));
    }
  return TRUE;
}

static gboolean
add_queries (BvSourceContext *context, GPtrArray *streams, GHashTable *suffixes, GError **error)
{
  BvDbSource *self = bv_source_context_get_data (context);
  g_autoptr (GPtrArray) queries = read_specs (context, "queries", TRUE, error);

  if (queries == NULL)
    return FALSE;
  for (guint i = 0; i < queries->len; i++)
    {
      BvDbLineSpec *query = queries->pdata[i];
      g_autofree char *name = g_strconcat (QUERY_PREFIX, query->name, NULL);
      g_autofree char *slug = bv_source_slug (query->name);
      g_autofree char *suffix = bv_db_unique_name (suffixes, slug);
      g_autoptr (GPtrArray) columns = NULL;
      g_autoptr (BvSourceStream) stream = NULL;
      GError *problem = NULL;

      stream = bv_source_stream_new (name, suffix, query->name, BV_STREAM_DEFAULT);
      if (!bv_source_context_wants (context, stream))
        continue;
      columns = bv_database_describe_sql (self->db, query->sql->str, bv_source_context_get_cancellable (context), &problem);
      bv_source_context_count (context, 1, 0);
      if (columns == NULL)
        {
          g_prefix_error (&problem, "%s: ", query->name);
          return bv_db_source_fail (problem, error);
        }
      if (query->cursor == NULL)
        query->cursor = g_strdup ("-");
      if (!fill_stream (stream, columns, query, error))
        return FALSE;
      g_ptr_array_add (streams, g_steal_pointer (&stream));
    }
  return TRUE;
}

GPtrArray *
bv_db_source_discover (BvSourceContext *context, GError **error)
{
  BvDbSource *self = bv_source_context_get_data (context);
  g_autoptr (GPtrArray) streams = g_ptr_array_new_with_free_func ((GDestroyNotify) bv_source_stream_free);
  g_autoptr (GHashTable) suffixes = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);

  if (!add_tables (context, streams, suffixes, error) || (!self->segment && !add_queries (context, streams, suffixes, error)))
    return NULL;
  return g_steal_pointer (&streams);
}
