/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The feed (see the header) is an eponymous virtual table: its module, of a name of its own on the connection, is the table, so
 * that nothing is written into any schema. */
#include "config.h"

#include "bv-row-feed.h"

struct _BvRowFeed
{
  sqlite3 *db;
  char *name;        /* of the module */
  guint n_columns;   /* of a row */
  guint *at;         /* cell of a row that the table's column is */
  GString *schema;
  sqlite3_stmt *stmt;

  /* Of the insert under way. */
  const BvRowCell *cells;
  guint n_rows;
  const char *texts;
};

typedef struct
{
  sqlite3_vtab parent;
  BvRowFeed *feed;
} Table;

typedef struct
{
  sqlite3_vtab_cursor parent;
  const BvRowFeed *feed;
  const BvRowCell *row;
  guint i;
} Cursor;

static int
feed_connect (sqlite3 *db, void *data, int argc, const char *const *argv, sqlite3_vtab **vtab, char **message)
{
  BvRowFeed *self = data;
  int code = sqlite3_declare_vtab (db, self->schema->str);

  if (code == SQLITE_OK)
    {
      Table *table = g_new0 (Table, 1);

      table->feed = self;
      *vtab = &table->parent;
    }
  return code;
}

static int
feed_disconnect (sqlite3_vtab *vtab)
{
  g_free (vtab);
  return SQLITE_OK;
}

static int
feed_best_index (sqlite3_vtab *vtab, sqlite3_index_info *info)
{
  info->estimatedCost = 1;
  return SQLITE_OK;
}

static int
feed_open (sqlite3_vtab *vtab, sqlite3_vtab_cursor **cursor)
{
  Cursor *self = g_new0 (Cursor, 1);

  self->feed = ((Table *) vtab)->feed;
  *cursor = &self->parent;
  return SQLITE_OK;
}

static int
feed_close (sqlite3_vtab_cursor *cursor)
{
  g_free (cursor);
  return SQLITE_OK;
}

static int
feed_filter (sqlite3_vtab_cursor *cursor, int number, const char *name, int argc, sqlite3_value **argv)
{
  Cursor *self = (Cursor *) cursor;

  self->i = 0;
  self->row = self->feed->cells;
  return SQLITE_OK;
}

static int
feed_next (sqlite3_vtab_cursor *cursor)
{
  Cursor *self = (Cursor *) cursor;

  self->i++;
  self->row += self->feed->n_columns;
  return SQLITE_OK;
}

static int
feed_eof (sqlite3_vtab_cursor *cursor)
{
  Cursor *self = (Cursor *) cursor;

  return self->i >= self->feed->n_rows;
}

static int
feed_column (sqlite3_vtab_cursor *cursor, sqlite3_context *context, int i)
{
  Cursor *self = (Cursor *) cursor;
  const BvRowFeed *feed = self->feed;
  const BvRowCell *cell = &self->row[feed->at[i]];

  if (cell->type == BV_TYPE_TEXT)
    sqlite3_result_text (context, feed->texts != NULL ? feed->texts + cell->offset : cell->s, cell->length, SQLITE_STATIC);
  else if (cell->type == BV_TYPE_INT)
    sqlite3_result_int64 (context, cell->i);
  else if (cell->type == BV_TYPE_DOUBLE)
    sqlite3_result_double (context, cell->d);
  return SQLITE_OK;
}

static int
feed_rowid (sqlite3_vtab_cursor *cursor, sqlite3_int64 *rowid)
{
  *rowid = ((Cursor *) cursor)->i + 1;
  return SQLITE_OK;
}

static const sqlite3_module feed_module = {
  .xConnect = feed_connect,
  .xBestIndex = feed_best_index,
  .xDisconnect = feed_disconnect,
  .xOpen = feed_open,
  .xClose = feed_close,
  .xFilter = feed_filter,
  .xNext = feed_next,
  .xEof = feed_eof,
  .xColumn = feed_column,
  .xRowid = feed_rowid,
};

BvRowFeed *
bv_row_feed_new (sqlite3 *db, const char *table, const char *const *columns, guint n_columns, GError **error)
{
  static gint counter;
  g_autoptr (BvRowFeed) self = g_new0 (BvRowFeed, 1);
  g_autofree char *quoted = bv_sql_quote (table);
  g_autoptr (GString) sql = g_string_new (NULL);
  guint n = 0;

  self->db = db;
  self->name = g_strdup_printf ("bv_feed_%d", g_atomic_int_add (&counter, 1));
  self->n_columns = n_columns;
  self->at = g_new (guint, n_columns);
  self->schema = g_string_new ("CREATE TABLE feed (");
  g_string_printf (sql, "INSERT INTO main.%s (", quoted);
  for (guint i = 0; i < n_columns; i++)
    if (columns[i] != NULL)
      {
        g_autofree char *column = bv_sql_quote (columns[i]);

        g_string_append_printf (sql, "%s%s", n > 0 ? ", " : "", column);
        g_string_append_printf (self->schema, "%sc%u", n > 0 ? ", " : "", n);
        self->at[n++] = i;
      }
  g_string_append_c (self->schema, ')');
  g_string_append_printf (sql, ") SELECT * FROM %s", self->name);
  if (sqlite3_create_module_v2 (db, self->name, &feed_module, self, NULL) != SQLITE_OK ||
      sqlite3_prepare_v3 (db, sql->str, -1, SQLITE_PREPARE_PERSISTENT, &self->stmt, NULL) != SQLITE_OK)
    {
      bv_sqlite_set_error (error, db, NULL, NULL);
      return NULL;
    }
  return g_steal_pointer (&self);
}

gboolean
bv_row_feed_insert (BvRowFeed *self, const BvRowCell *cells, guint n_rows, const char *texts, GError **error)
{
  self->cells = cells;
  self->n_rows = n_rows;
  self->texts = texts;
  sqlite3_step (self->stmt);
  return sqlite3_reset (self->stmt) == SQLITE_OK || bv_sqlite_set_error (error, self->db, NULL, NULL);
}

void
bv_row_feed_free (BvRowFeed *self)
{
  if (self == NULL)
    return;
  sqlite3_finalize (self->stmt);
  sqlite3_create_module_v2 (self->db, self->name, NULL, NULL, NULL);
  g_string_free (self->schema, TRUE);
  g_free (self->at);
  g_free (self->name);
  g_free (self);
}
