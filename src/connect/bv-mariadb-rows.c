/* SPDX-License-Identifier: GPL-3.0-or-later */
/* MariaDB and MySQL: rows, as text, one packet at a time (mysql_use_result).
 *
 * Cells are read where they lie in the packet. The server's text loses nothing but the digits of FLOAT, which is asked for as
 * DOUBLE. Rows that are not wanted any more would have to be read to the last one: the server is told to stop first.
 *
 * Literals of text are written as hexadecimal digits: whatever mode the server is in, nothing in them can be a quote. ENUM and SET are in
 * the order of their declaration, but a comparison with a text is one of texts: they are compared with their numbers where the declaration is
 * known, and else ordered by their texts.
 */
#include "config.h"

#include "bv-mariadb-private.h"

#include <glib/gi18n-lib.h>
#include <string.h>

/* utf8mb4 etc. have other numbers: bytes are bytes. */
#define BINARY_CHARSET 63

typedef struct
{
  BvDbRows parent;
  MYSQL_RES *result;
  BvMyWatch *watch;
  gboolean complete;
} BvMariadbRows;

static char *
native_name (const MYSQL_FIELD *field)
{
  static const struct { enum enum_field_types type; const char *name; } names[] = {
    { MYSQL_TYPE_TINY, "tinyint" },      { MYSQL_TYPE_SHORT, "smallint" },   { MYSQL_TYPE_INT24, "mediumint" },
    { MYSQL_TYPE_LONG, "int" },          { MYSQL_TYPE_LONGLONG, "bigint" },  { MYSQL_TYPE_FLOAT, "float" },
    { MYSQL_TYPE_DOUBLE, "double" },     { MYSQL_TYPE_YEAR, "year" },        { MYSQL_TYPE_DATE, "date" },
    { MYSQL_TYPE_NEWDATE, "date" },      { MYSQL_TYPE_TIME, "time" },        { MYSQL_TYPE_DATETIME, "datetime" },
    { MYSQL_TYPE_TIMESTAMP, "timestamp" }, { MYSQL_TYPE_BIT, "bit" },        { MYSQL_TYPE_JSON, "json" },
    { MYSQL_TYPE_GEOMETRY, "geometry" }, { MYSQL_TYPE_NULL, "null" },        { MYSQL_TYPE_ENUM, "enum" },
    { MYSQL_TYPE_SET, "set" },
  };

  if (field->type == MYSQL_TYPE_NEWDECIMAL || field->type == MYSQL_TYPE_DECIMAL)
    return g_strdup_printf ("decimal(*,%u)", field->decimals);
  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    if (names[i].type == field->type)
      return g_strconcat (names[i].name, (field->flags & UNSIGNED_FLAG) != 0 && field->type <= MYSQL_TYPE_INT24 ? " unsigned" : "", NULL);
  return g_strdup (field->charsetnr == BINARY_CHARSET ? "blob" : "text");
}

BvDbColumn *
bv_mariadb_map (const MYSQL_FIELD *field, const char *name)
{
  g_autofree char *native = native_name (field);
  BvDbColumn *column = bv_db_column_new (name, native, BV_TYPE_TEXT, (field->flags & NOT_NULL_FLAG) == 0);
  BvMyForm form = BV_MY_PARSE;

  switch (field->type)
    {
    case MYSQL_TYPE_TINY:
      column->type = field->length == 1 && (field->flags & UNSIGNED_FLAG) == 0 ? BV_TYPE_BOOL : BV_TYPE_INT;
      break;
    case MYSQL_TYPE_SHORT:
    case MYSQL_TYPE_LONG:
    case MYSQL_TYPE_LONGLONG:
    case MYSQL_TYPE_INT24:
    case MYSQL_TYPE_YEAR:
      column->type = BV_TYPE_INT;
      break;
    case MYSQL_TYPE_DECIMAL:
    case MYSQL_TYPE_NEWDECIMAL:
      column->type = field->decimals == 0 ? BV_TYPE_INT : BV_TYPE_DOUBLE;
      form = BV_MY_DECIMAL;
      break;
    case MYSQL_TYPE_FLOAT:
      form = BV_MY_FLOAT;
      column->type = BV_TYPE_DOUBLE;
      break;
    case MYSQL_TYPE_DOUBLE:
      column->type = BV_TYPE_DOUBLE;
      break;
    case MYSQL_TYPE_DATE:
    case MYSQL_TYPE_NEWDATE:
      column->type = BV_TYPE_DATE;
      break;
    case MYSQL_TYPE_DATETIME:
    case MYSQL_TYPE_TIMESTAMP:
    case MYSQL_TYPE_DATETIME2:
    case MYSQL_TYPE_TIMESTAMP2:
      column->type = BV_TYPE_TIMESTAMP;
      break;
    case MYSQL_TYPE_BIT:
      form = BV_MY_BITS;
      column->type = field->length == 1 ? BV_TYPE_BOOL : BV_TYPE_TEXT;
      break;
    case MYSQL_TYPE_GEOMETRY:
      form = BV_MY_BYTES;
      break;
    case MYSQL_TYPE_VARCHAR:
    case MYSQL_TYPE_TINY_BLOB:
    case MYSQL_TYPE_MEDIUM_BLOB:
    case MYSQL_TYPE_LONG_BLOB:
    case MYSQL_TYPE_BLOB:
    case MYSQL_TYPE_VAR_STRING:
    case MYSQL_TYPE_STRING:
      if ((field->flags & (ENUM_FLAG | SET_FLAG)) != 0)
        form = BV_MY_CHOICE;
      else if (field->charsetnr == BINARY_CHARSET)
        form = BV_MY_BYTES;
      break;
    case MYSQL_TYPE_NULL:
    case MYSQL_TYPE_TIME:
    case MYSQL_TYPE_TIME2:
    case MYSQL_TYPE_JSON:
    case MYSQL_TYPE_ENUM:
    case MYSQL_TYPE_SET:
    case MAX_NO_FIELD_TYPES:
    default:
      break;
    }
  column->native_id = form;
  column->native_modifier = (int) field->length;
  return column;
}

/* --- What cells are compared with */

void
bv_mariadb_append_text (GString *sql, const char *text)
{
  g_string_append (sql, "_utf8mb4 X'");
  for (const char *p = text; *p != '\0'; p++)
    g_string_append_printf (sql, "%02x", (guchar) *p);
  g_string_append_c (sql, '\'');
}

static gboolean
has_choices (const BvDbColumn *column)
{
  return g_str_has_prefix (column->native, "enum('") || g_str_has_prefix (column->native, "set('");
}

/* The number of a choice or the bits of several, by the declaration "enum('a','it''s')"; FALSE when @text is none of them. */
static gboolean
find_choice (const BvDbColumn *column, const char *text, guint64 *number)
{
  gboolean is_set = *column->native == 's';
  g_auto (GStrv) wanted = is_set ? g_strsplit (text, ",", -1) : g_strdupv ((char *[]){ (char *) text, NULL });
  guint n_found = 0, place = 0;

  *number = 0;
  for (const char *p = strchr (column->native, '\''); p != NULL && *p == '\''; place++)
    {
      g_autoptr (GString) choice = g_string_new (NULL);

      for (p++; *p != '\0' && (*p != '\'' || p[1] == '\''); p++)
        {
          p += p[1] != '\0' && (*p == '\'' || *p == '\\');
          g_string_append_c (choice, *p);
        }
      if (g_strv_contains ((const char *const *) wanted, choice->str))
        {
          *number = is_set ? *number | G_GUINT64_CONSTANT (1) << MIN (place, 63) : place + 1;
          n_found++;
        }
      p = g_str_has_prefix (p, "','") ? p + 2 : NULL;
    }
  return n_found == g_strv_length (wanted) || *text == '\0';
}

void
bv_mariadb_append_key (GString *sql, const BvDbColumn *column, const char *name)
{
  g_string_append_printf (sql, column->native_id == BV_MY_CHOICE && !has_choices (column) ? "CONVERT(%s USING utf8mb4) COLLATE utf8mb4_bin" : "%s", name);
}

char *
bv_mariadb_literal (BvDatabase *db, const BvDbColumn *column, const BvValue *value)
{
  g_autoptr (GString) sql = NULL;
  g_autofree char *text = NULL;
  char buf[BV_TIME_TEXT_MAX];
  guint64 number;

  switch (value->type)
    {
    case BV_TYPE_INT:
    case BV_TYPE_BOOL:
      return g_strdup_printf ("%" G_GINT64_FORMAT, value->i);
    case BV_TYPE_DATE:
      return g_strdup_printf ("DATE '%s'", bv_date_to_text (value->i, buf));
    case BV_TYPE_TIMESTAMP:
      return g_strdup_printf ("TIMESTAMP '%s'", bv_timestamp_to_text (value->i, buf));
    case BV_TYPE_TEXT:
      /* Of a position that was kept, which is not to be trusted to be digits. */
      if ((column->native_id == BV_MY_BYTES || column->native_id == BV_MY_BITS) && value->s[strspn (value->s, "0123456789abcdef")] == '\0')
        return g_strdup_printf (column->native_id == BV_MY_BITS ? "b'%s'" : "X'%s'", value->s);
      if (column->native_id == BV_MY_CHOICE && has_choices (column) && find_choice (column, value->s, &number))
        return g_strdup_printf ("%" G_GUINT64_FORMAT, number);
      sql = g_string_new (NULL);
      bv_mariadb_append_text (sql, value->s);
      return g_strdup (sql->str);
    case BV_TYPE_DOUBLE:
    case BV_TYPE_NULL:
    default:
      text = bv_value_to_plain (value);
      return *text != '\0' ? g_steal_pointer (&text) : g_strdup ("NULL");
    }
}

/* --- Rows */

static void
cell_bits (BvMariadbRows *self, guint column, BvValue *cell, const guint8 *bytes, gsize length)
{
  const BvDbColumn *info = self->parent.columns->pdata[column];
  guint n = (guint) info->native_modifier;
  char text[65];

  if (info->type == BV_TYPE_BOOL)
    {
      *cell = bv_value_bool (length > 0 && (bytes[length - 1] & 1) != 0);
      return;
    }
  n = MIN (MIN (n, 64), (guint) length * 8);
  for (guint i = 0; i < n; i++)
    text[i] = (bytes[length - 1 - (n - 1 - i) / 8] >> ((n - 1 - i) % 8) & 1) != 0 ? '1' : '0';
  bv_db_cell_text (&self->parent.builder, cell, text, n);
}

gboolean
bv_mariadb_next (BvDbRows *rows, gboolean *more, GError **error)
{
  BvMariadbRows *self = (BvMariadbRows *) rows;
  BvMariadb *db = (BvMariadb *) rows->db;
  BvDbBuilder *builder = &rows->builder;
  guint n_columns = builder->batch.n_columns;

  while (!bv_db_builder_is_full (builder))
    {
      MYSQL_ROW cells = mysql_fetch_row (self->result);
      const unsigned long *lengths;
      BvValue *row;

      if (cells == NULL)
        {
          self->complete = TRUE;
          if (mysql_errno (db->conn) != 0)
            return bv_mariadb_fail (db, rows->cancellable, error);
          *more = FALSE;
          return TRUE;
        }
      lengths = mysql_fetch_lengths (self->result);
      row = bv_db_builder_add_row (builder);
      for (guint i = 0; i < n_columns; i++)
        {
          if (cells[i] == NULL)
            continue;
          builder->batch.n_bytes += lengths[i];
          switch ((BvMyForm) rows->forms[i])
            {
            case BV_MY_DECIMAL:
              bv_db_cell_decimal (builder, i, rows->types[i], &row[i], cells[i], lengths[i]);
              break;
            case BV_MY_FLOAT:
              bv_db_cell_float (builder, i, &row[i], (float) g_ascii_strtod (cells[i], NULL));
              break;
            case BV_MY_BITS:
              cell_bits (self, i, &row[i], (const guint8 *) cells[i], lengths[i]);
              break;
            case BV_MY_BYTES:
              bv_db_cell_bytes (builder, &row[i], (const guint8 *) cells[i], lengths[i]);
              break;
            case BV_MY_CHOICE:
            case BV_MY_PARSE:
            default:
              bv_db_cell_parse (builder, i, rows->types[i], &row[i], cells[i], lengths[i]);
              break;
            }
        }
    }
  return TRUE;
}

void
bv_mariadb_end (BvDbRows *rows)
{
  BvMariadbRows *self = (BvMariadbRows *) rows;
  BvMariadb *db = (BvMariadb *) rows->db;

  if (self->result != NULL)
    {
      /* Freeing reads what is left; the watch does the telling when it was cancelled. */
      if (!self->complete && !g_cancellable_is_cancelled (rows->cancellable))
        bv_mariadb_kill (db);
      mysql_free_result (self->result);
    }
  bv_mariadb_unwatch (self->watch);
  if (!db->parent.broken)
    bv_mariadb_do (db, "ROLLBACK", NULL, NULL);
}

static void
append_select (BvDatabase *db, GString *sql, const BvDbQuery *query, GPtrArray *all, GPtrArray *picked)
{
  gboolean as_is = query->table == NULL && query->columns == NULL && query->order == NULL && query->limit == 0 &&
                   (query->cursor == NULL || query->from.type == BV_TYPE_NULL);

  for (guint i = 0; i < picked->len; i++)
    as_is = as_is && ((BvDbColumn *) picked->pdata[i])->native_id != BV_MY_FLOAT;
  /* In a subquery names must not repeat, and the server may make a table of it first. */
  if (as_is)
    {
      g_string_append (sql, query->sql);
      return;
    }
  g_string_append (sql, "SELECT ");
  for (guint i = 0; i < picked->len; i++)
    {
      const BvDbColumn *column = picked->pdata[i];

      g_string_append (sql, i > 0 ? ", q." : "q.");
      bv_db_append_name (db, sql, column->name);
      g_string_append (sql, column->native_id == BV_MY_FLOAT ? " + 0e0" : "");
    }
  g_string_append (sql, " FROM ");
  bv_db_append_from (db, sql, query, "q");
  bv_db_append_tail (db, sql, query, all, "q");
}

BvDbRows *
bv_mariadb_query (BvDatabase *db, const BvDbQuery *query, GPtrArray *all, GPtrArray *picked, GCancellable *cancellable, GError **error)
{
  BvMariadb *self = (BvMariadb *) db;
  g_autoptr (GString) sql = g_string_new (NULL);
  BvMariadbRows *rows = g_new0 (BvMariadbRows, 1);

  append_select (db, sql, query, all, picked);
  bv_db_rows_init (&rows->parent, db, picked, cancellable);
  if (bv_mariadb_do (self, "START TRANSACTION WITH CONSISTENT SNAPSHOT, READ ONLY", cancellable, error))
    {
      rows->watch = bv_mariadb_watch (self, cancellable);
      if (mysql_real_query (self->conn, sql->str, sql->len) == 0)
        rows->result = mysql_use_result (self->conn);
      if (rows->result == NULL)
        bv_mariadb_fail (self, cancellable, error);
      else if (mysql_num_fields (rows->result) != picked->len)
        g_set_error (error, BV_DB_ERROR, BV_DB_ERROR_FAILED, _("The table changed while it was looked at: try again"));
      else
        return &rows->parent;
    }
  bv_db_rows_free (&rows->parent);
  return NULL;
}
