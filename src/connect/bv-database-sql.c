/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SQL text for all kinds of databases: names, literals, and the question "rows from here on, in this order".
 *
 * Values become literals because neither COPY nor ClickHouse's HTTP of old versions takes parameters. What is inside quotes comes
 * from here only; each kind's session is set so that its rules of quoting are known.
 */
#include "config.h"

#include "bv-database-private.h"

#include <glib/gi18n-lib.h>
#include <string.h>

void
bv_db_append_name (BvDatabase *self, GString *sql, const char *name)
{
  char quote = self->klass->quote;

  g_string_append_c (sql, quote);
  for (const char *p = name; *p != '\0'; p++)
    {
      /* ClickHouse reads backslashes in names. */
      if (*p == quote || (*p == '\\' && self->settings.kind == BV_DB_CLICKHOUSE))
        g_string_append_c (sql, *p == quote && self->settings.kind != BV_DB_CLICKHOUSE ? quote : '\\');
      g_string_append_c (sql, *p);
    }
  g_string_append_c (sql, quote);
}

char *
bv_db_quote_text (const char *text, gboolean backslashes)
{
  GString *sql = g_string_new ("'");

  for (const char *p = text; *p != '\0'; p++)
    {
      if (*p == '\'')
        g_string_append_c (sql, backslashes ? '\\' : '\'');
      else if (*p == '\\' && backslashes)
        g_string_append_c (sql, '\\');
      g_string_append_c (sql, *p);
    }
  g_string_append_c (sql, '\'');
  return g_string_free (sql, FALSE);
}

/* The byte after a quoted part, a comment or a single byte at @p; sets *kind to 's'emicolon, ' ' blank or comment, 'x' else. */
static const char *
skip_part (const char *p, gboolean backslashes, char *kind)
{
  const char *end;

  *kind = 'x';
  if (*p == '\'' || *p == '"' || *p == '`')
    {
      for (end = p + 1; *end != '\0' && *end != *p; end++)
        if (backslashes && *end == '\\' && *p == '\'' && end[1] != '\0')
          end++;
      return *end != '\0' ? end + 1 : end;
    }
  if ((p[0] == '-' && p[1] == '-') || (p[0] == '/' && p[1] == '*'))
    {
      *kind = ' ';
      end = strstr (p + 2, p[0] == '-' ? "\n" : "*/");
      if (end == NULL)
        return p + strlen (p);
      return end + (p[0] == '-' ? 1 : 2);
    }
  if (*p == ';')
    *kind = 's';
  else if (g_ascii_isspace (*p))
    *kind = ' ';
  return p + 1;
}

char *
bv_db_clean_sql (BvDbKind db_kind, const char *sql, GError **error)
{
  static const char *const words[] = { "select", "with", "values", "table", "(" };
  const char *start = NULL, *end = NULL;
  char kind;

  for (const char *p = sql; *p != '\0';)
    {
      const char *next = skip_part (p, db_kind == BV_DB_MARIADB || db_kind == BV_DB_CLICKHOUSE, &kind);

      if (kind == 'x')
        {
          start = start != NULL ? start : p;
          end = next;
        }
      p = next;
    }
  for (guint i = 0; start != NULL && i < G_N_ELEMENTS (words); i++)
    {
      gsize n = strlen (words[i]);

      if (g_ascii_strncasecmp (start, words[i], n) == 0 && (words[i][0] == '(' || !(g_ascii_isalnum (start[n]) || start[n] == '_')))
        return g_strndup (start, (gsize) (end - start));
    }
  g_set_error (error, BV_DB_ERROR, BV_DB_ERROR_SQL, _("The SQL does not begin with SELECT: write one query that reads rows"));
  return NULL;
}

BvDbColumn *
bv_db_find_column (GPtrArray *columns, const char *name)
{
  for (guint i = 0; i < columns->len; i++)
    if (strcmp (((BvDbColumn *) columns->pdata[i])->name, name) == 0)
      return columns->pdata[i];
  return NULL;
}

void
bv_db_append_from (BvDatabase *self, GString *sql, const BvDbQuery *query, const char *alias)
{
  if (query->table == NULL)
    {
      /* The line's end closes a comment that the query ends with. */
      g_string_append_printf (sql, "(%s\n) AS %s", query->sql, alias);
      return;
    }
  if (query->schema != NULL)
    {
      bv_db_append_name (self, sql, query->schema);
      g_string_append_c (sql, '.');
    }
  bv_db_append_name (self, sql, query->table);
  g_string_append_printf (sql, " AS %s", alias);
}

static void
append_key (BvDatabase *self, GString *sql, const char *alias, const BvDbColumn *column)
{
  g_autoptr (GString) name = g_string_new (alias);

  g_string_append_c (name, '.');
  bv_db_append_name (self, name, column->name);
  if (self->klass->append_key != NULL)
    self->klass->append_key (sql, column, name->str);
  else
    g_string_append (sql, name->str);
}

/* Rows that come after @query->after: later in the first column, or equal there and later in the next, and so on. For a first column
 * that is never null, ">=" is said besides, which lets every server use an index. */
static void
append_after (BvDatabase *self, GString *sql, const BvDbQuery *query, GPtrArray *all, const char *alias)
{
  const BvDbColumn *first = bv_db_find_column (all, query->order[0]);

  if (!first->nullable && query->after[0].type != BV_TYPE_NULL)
    {
      g_autofree char *literal = self->klass->literal (self, first, &query->after[0]);

      append_key (self, sql, alias, first);
      g_string_append_printf (sql, " >= %s AND ", literal);
    }
  g_string_append_c (sql, '(');
  for (guint last = 0; query->order[last] != NULL; last++)
    {
      g_string_append (sql, last > 0 ? " OR (" : "(");
      for (guint i = 0; i <= last; i++)
        {
          const BvDbColumn *column = bv_db_find_column (all, query->order[i]);
          gboolean null = query->after[i].type == BV_TYPE_NULL;
          g_autofree char *literal = null ? NULL : self->klass->literal (self, column, &query->after[i]);
          g_autoptr (GString) name = g_string_new (NULL);

          append_key (self, name, alias, column);
          g_string_append (sql, i > 0 ? " AND " : "");
          if (i < last)
            g_string_append_printf (sql, null ? "%s IS NULL" : "%s = %s", name->str, literal);
          else if (null)
            g_string_append_printf (sql, self->klass->nulls_first ? "%s IS NOT NULL" : "1 = 0", name->str);
          else if (!column->nullable || self->klass->nulls_first)
            g_string_append_printf (sql, "%s > %s", name->str, literal);
          else
            g_string_append_printf (sql, "(%s > %s OR %s IS NULL)", name->str, literal, name->str);
        }
      g_string_append_c (sql, ')');
    }
  g_string_append_c (sql, ')');
}

void
bv_db_append_tail (BvDatabase *self, GString *sql, const BvDbQuery *query, GPtrArray *all, const char *alias)
{
  gboolean from = query->cursor != NULL && query->from.type != BV_TYPE_NULL;

  if (from)
    {
      const BvDbColumn *column = bv_db_find_column (all, query->cursor);
      g_autofree char *literal = self->klass->literal (self, column, &query->from);
      g_autoptr (GString) name = g_string_new (NULL);

      append_key (self, name, alias, column);
      g_string_append_printf (sql, " WHERE (%s >= %s", name->str, literal);
      if (column->nullable)
        g_string_append_printf (sql, " OR %s IS NULL", name->str);
      g_string_append_c (sql, ')');
    }
  if (query->order != NULL && query->order[0] != NULL)
    {
      if (query->after != NULL)
        {
          g_string_append (sql, from ? " AND " : " WHERE ");
          append_after (self, sql, query, all, alias);
        }
      for (guint i = 0; query->order[i] != NULL; i++)
        {
          g_string_append (sql, i > 0 ? ", " : " ORDER BY ");
          append_key (self, sql, alias, bv_db_find_column (all, query->order[i]));
        }
    }
  if (query->limit > 0)
    g_string_append_printf (sql, " LIMIT %" G_GINT64_FORMAT, query->limit);
}
