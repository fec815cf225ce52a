/* SPDX-License-Identifier: GPL-3.0-or-later */
/* ClickHouse: rows, from a stream of tab-separated lines.
 *
 * After the status 200 has gone out, ClickHouse has no place for an error but the data, so a sentinel column ends each row: a line
 * without it is not a row but what went wrong. Instants are asked for in UTC, because their text is in the column's or the
 * server's zone and does not say so.
 */
#include "config.h"

#include "bv-clickhouse-private.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#define BUFFER_SIZE (256 * 1024)
/* A row longer than this is taken for a mistake. */
#define MAX_ROW (256 * 1024 * 1024)
#define SENTINEL "bv"

typedef struct
{
  BvDbRows parent;
  GInputStream *stream;
  char *query_id;
  char *buffer;
  gsize size, start, end;
  guint n_heads;       /* of the two lines before the rows, how many were read */
  gboolean complete;
} BvClickhouseRows;

/* "Wrap(inner)" with the name @wrap becomes "inner"; commas may come before the inner type. */
static gboolean
unwrap (char **type, const char *wrap, gboolean last)
{
  gsize n = strlen (wrap);
  char *inner;

  if (!g_str_has_prefix (*type, wrap) || (*type)[n] != '(' || !g_str_has_suffix (*type, ")"))
    return FALSE;
  inner = g_strndup (*type + n + 1, strlen (*type) - n - 2);
  if (last && strstr (inner, ", ") != NULL)
    {
      char *part = g_strdup (strstr (inner, ", ") + 2);

      g_free (inner);
      inner = part;
    }
  g_free (*type);
  *type = inner;
  return TRUE;
}

BvDbColumn *
bv_clickhouse_map (const char *name, const char *type)
{
  g_autofree char *base = g_strdup (type);
  gboolean nullable = FALSE;
  BvChForm form = BV_CH_PARSE;
  BvType mapped = BV_TYPE_TEXT;
  BvDbColumn *column;

  while (TRUE)
    {
      if (unwrap (&base, "Nullable", FALSE))
        nullable = TRUE;
      else if (!unwrap (&base, "LowCardinality", FALSE) && !unwrap (&base, "SimpleAggregateFunction", TRUE))
        break;
    }
  if (g_str_equal (base, "Bool"))
    mapped = BV_TYPE_BOOL;
  else if ((g_str_has_prefix (base, "Int") && g_ascii_isdigit (base[3])) || (g_str_has_prefix (base, "UInt") && g_ascii_isdigit (base[4])))
    mapped = BV_TYPE_INT;
  else if (g_str_has_prefix (base, "Float"))
    mapped = BV_TYPE_DOUBLE;
  else if (g_str_has_prefix (base, "Decimal"))
    {
      const char *scale = strrchr (base, g_str_has_prefix (base, "Decimal(") && strchr (base, ',') != NULL ? ',' : '(');

      mapped = scale != NULL && g_ascii_strtoll (scale + 1, NULL, 10) == 0 ? BV_TYPE_INT : BV_TYPE_DOUBLE;
      form = BV_CH_DECIMAL;
    }
  else if (g_str_has_prefix (base, "DateTime"))
    {
      mapped = BV_TYPE_TIMESTAMP;
      form = BV_CH_INSTANT;
    }
  else if (g_str_equal (base, "Date") || g_str_equal (base, "Date32"))
    mapped = BV_TYPE_DATE;
  else if (g_str_has_prefix (base, "FixedString"))
    form = BV_CH_FIXED;
  else if (g_str_has_prefix (base, "Array(") || g_str_has_prefix (base, "Tuple(") || g_str_has_prefix (base, "Map(") ||
           g_str_has_prefix (base, "Nested("))
    form = BV_CH_NESTED;
  column = bv_db_column_new (name, type, mapped, nullable);
  column->native_id = form;
  return column;
}

gsize
bv_clickhouse_unescape (char *text, gsize length)
{
  char *from = memchr (text, '\\', length);
  const char *end = text + length;
  char *to = from;

  if (from == NULL)
    return length;
  while (from < end)
    {
      static const char letters[] = "bfnrt0", bytes[] = "\b\f\n\r\t";
      const char *letter;

      if (*from != '\\' || from + 1 == end)
        {
          *to++ = *from++;
          continue;
        }
      letter = strchr (letters, from[1]);
      *to++ = letter != NULL && from[1] != '\0' ? bytes[letter - letters] : from[1];
      from += 2;
    }
  return (gsize) (to - text);
}

/* --- Lines */

/* The next line without its end; FALSE with *line NULL at the end of the stream, or on an error. */
static gboolean
next_line (BvClickhouseRows *self, char **line, gsize *length, gsize *n_read, GError **error)
{
  gsize looked = 0;

  *line = NULL;
  while (TRUE)
    {
      char *found = memchr (self->buffer + self->start + looked, '\n', self->end - self->start - looked);
      g_autoptr (GError) problem = NULL;
      gssize n;

      if (found != NULL)
        {
          *line = self->buffer + self->start;
          *length = (gsize) (found - *line);
          self->start += *length + 1;
          return TRUE;
        }
      looked = self->end - self->start;
      if (self->start > 0)
        {
          memmove (self->buffer, self->buffer + self->start, looked);
          self->start = 0;
          self->end = looked;
        }
      if (self->end == self->size)
        {
          if (self->size >= MAX_ROW)
            {
              g_set_error (error, BV_DB_ERROR, BV_DB_ERROR_FAILED, _("A row of ClickHouse is too long: leave its longest column out"));
              return FALSE;
            }
          self->size *= 2;
          self->buffer = g_realloc (self->buffer, self->size);
        }
      n = g_input_stream_read (self->stream, self->buffer + self->end, self->size - self->end, self->parent.cancellable, &problem);
      if (n < 0)
        return bv_clickhouse_fail_network ((BvClickhouse *) self->parent.db, problem, error);
      if (n == 0)
        {
          self->complete = TRUE;
          if (looked == 0)
            return FALSE;
          /* An error at the end may have no line's end. */
          *line = self->buffer + self->start;
          *length = looked;
          self->start = self->end;
          return TRUE;
        }
      self->end += (gsize) n;
      *n_read += (gsize) n;
    }
}

static gboolean
fail_in_stream (BvClickhouseRows *self, const char *line, gsize length, GError **error)
{
  g_autoptr (GString) text = g_string_new_len (line, (gssize) MIN (length, 4096));
  gsize n_read = 0;
  char *more;

  /* What comes after a blank line, or after the exception's mark. */
  while (strstr (text->str, "Code: ") == NULL && text->len < 8192 && next_line (self, &more, &length, &n_read, NULL))
    {
      g_string_append_c (text, ' ');
      g_string_append_len (text, more, (gssize) MIN (length, 4096));
    }
  if (strstr (text->str, "Code: ") == NULL)
    {
      g_set_error (error, BV_DB_ERROR, BV_DB_ERROR_LOST, _("ClickHouse ended before the last row: try again"));
      return FALSE;
    }
  return bv_clickhouse_fail ((BvClickhouse *) self->parent.db, 500, strstr (text->str, "Code: "), error);
}

static void
decode_cell (BvClickhouseRows *self, guint column, BvValue *cell, char *text, gsize length)
{
  BvDbBuilder *builder = &self->parent.builder;
  BvType type = self->parent.types[column];

  if (length == 2 && text[0] == '\\' && text[1] == 'N')
    return;
  switch ((BvChForm) self->parent.forms[column])
    {
    case BV_CH_DECIMAL:
      bv_db_cell_decimal (builder, column, type, cell, text, length);
      return;
    case BV_CH_FIXED:
      length = bv_clickhouse_unescape (text, length);
      while (length > 0 && text[length - 1] == '\0')
        length--;
      break;
    case BV_CH_NESTED:
      break;
    case BV_CH_INSTANT:
    case BV_CH_PARSE:
    default:
      if (type == BV_TYPE_TEXT)
        length = bv_clickhouse_unescape (text, length);
      break;
    }
  bv_db_cell_parse (builder, column, type, cell, text, length);
}

/* FALSE when the line is no row. */
static gboolean
decode_row (BvClickhouseRows *self, char *line, gsize length)
{
  BvDbBuilder *builder = &self->parent.builder;
  guint n_columns = builder->batch.n_columns;
  const gsize n_sentinel = strlen (SENTINEL);
  char *end = line + length;
  char *p = line;
  BvValue *row;

  if (length < n_sentinel + 1 || memcmp (end - n_sentinel - 1, "\t" SENTINEL, n_sentinel + 1) != 0)
    return FALSE;
  end -= n_sentinel + 1;
  row = bv_db_builder_add_row (builder);
  for (guint i = 0; i < n_columns; i++)
    {
      char *tab = i + 1 < n_columns ? memchr (p, '\t', (gsize) (end - p)) : end;

      if (tab == NULL)
        {
          builder->batch.n_rows--;
          return FALSE;
        }
      decode_cell (self, i, &row[i], p, (gsize) (tab - p));
      p = tab + 1;
    }
  return TRUE;
}

gboolean
bv_clickhouse_next (BvDbRows *rows, gboolean *more, GError **error)
{
  BvClickhouseRows *self = (BvClickhouseRows *) rows;
  BvDbBuilder *builder = &rows->builder;

  while (!bv_db_builder_is_full (builder))
    {
      GError *problem = NULL;
      char *line;
      gsize length;

      if (!next_line (self, &line, &length, &builder->batch.n_bytes, &problem))
        {
          if (problem != NULL)
            {
              g_propagate_error (error, problem);
              return FALSE;
            }
          if (self->n_heads < 2)
            {
              g_set_error (error, BV_DB_ERROR, BV_DB_ERROR_LOST, _("ClickHouse ended before the last row: try again"));
              return FALSE;
            }
          *more = FALSE;
          return TRUE;
        }
      if (self->n_heads < 2 && (length < strlen ("Code: ") || memcmp (line, "Code: ", strlen ("Code: ")) != 0))
        self->n_heads++;
      else if (!decode_row (self, line, length))
        return fail_in_stream (self, line, length, error);
    }
  return TRUE;
}

void
bv_clickhouse_end (BvDbRows *rows)
{
  BvClickhouseRows *self = (BvClickhouseRows *) rows;

  if (self->stream != NULL && !self->complete)
    bv_clickhouse_kill ((BvClickhouse *) rows->db, self->query_id);
  g_clear_object (&self->stream);
  g_free (self->query_id);
  g_free (self->buffer);
}

BvDbRows *
bv_clickhouse_query (BvDatabase *db, const BvDbQuery *query, GPtrArray *all, GPtrArray *picked, GCancellable *cancellable, GError **error)
{
  g_autoptr (GString) sql = g_string_new ("SELECT ");
  BvClickhouseRows *rows = g_new0 (BvClickhouseRows, 1);

  for (guint i = 0; i < picked->len; i++)
    {
      const BvDbColumn *column = picked->pdata[i];

      g_string_append (sql, column->native_id == BV_CH_INSTANT ? "toTimeZone(q." : "q.");
      bv_db_append_name (db, sql, column->name);
      g_string_append (sql, column->native_id == BV_CH_INSTANT ? ", 'UTC'), " : ", ");
    }
  g_string_append (sql, "'" SENTINEL "' FROM ");
  bv_db_append_from (db, sql, query, "q");
  /* A key that was found is one of an engine that merges rows some time later: as if it had. */
  for (guint i = 0; query->table != NULL && i < all->len; i++)
    if (((BvDbColumn *) all->pdata[i])->key == 1)
      g_string_append (sql, " FINAL");
  bv_db_append_tail (db, sql, query, all, "q");
  g_string_append (sql, " FORMAT TabSeparatedWithNamesAndTypes");
  bv_db_rows_init (&rows->parent, db, picked, cancellable);
  rows->query_id = g_uuid_string_random ();
  rows->size = BUFFER_SIZE;
  rows->buffer = g_malloc (rows->size);
  rows->stream = bv_clickhouse_send ((BvClickhouse *) db, sql->str, rows->query_id, cancellable, error);
  if (rows->stream == NULL)
    {
      /* It may be at work already. */
      if (g_cancellable_is_cancelled (cancellable))
        bv_clickhouse_kill ((BvClickhouse *) db, rows->query_id);
      bv_db_rows_free (&rows->parent);
      return NULL;
    }
  return &rows->parent;
}
