/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Reading SQLite files: types made of declarations and cells, keys, cursors, errors, cancelling. */
#include "database-test.h"

#include <glib/gstdio.h>
#include <sqlite3.h>

typedef struct
{
  char *dir;
  BvDbSettings settings;
} Fixture;

static void
fixture_set_up (Fixture *f, gconstpointer data)
{
  f->dir = g_dir_make_tmp ("bv-sqlite-XXXXXX", NULL);
  f->settings.kind = BV_DB_SQLITE;
  f->settings.database = g_build_filename (f->dir, "a.db", NULL);
}

static void
fixture_tear_down (Fixture *f, gconstpointer data)
{
  g_remove (f->settings.database);
  g_assert_cmpint (g_rmdir (f->dir), ==, 0);
  bv_db_settings_clear (&f->settings);
  g_free (f->dir);
}

static void
write_sql (Fixture *f, const char *sql)
{
  sqlite3 *db;
  char *message = NULL;

  g_assert_cmpint (sqlite3_open (f->settings.database, &db), ==, SQLITE_OK);
  if (sqlite3_exec (db, sql, NULL, NULL, &message) != SQLITE_OK)
    g_error ("%s: %s", sql, message);
  sqlite3_close (db);
}

static void
test_types (Fixture *f, gconstpointer data)
{
  static const struct { const char *declared, *values, *type, *expected; } cases[] = {
    { "INTEGER", "(1), (NULL), (-9223372036854775808)", "int", "1\n-\n-9223372036854775808" },
    { "INTEGER", "(1), ('x'), (2.5)", "text", "1\nx\n2.5" },
    { "INTEGER", "(1), (2.5)", "double", "1\n2.5" },
    { "REAL", "(1), (0.1), (9e999)", "double", "1\n0.1\n-~Infinity" },
    { "NUMERIC(10,2)", "(1), (2)", "double", "1\n2" },
    { "NUMERIC", "(1), (2)", "int", "1\n2" },
    { "DECIMAL(20,10)", "('9007199254740993')", "double", "9007199254740992~9007199254740993" },
    { "BOOLEAN", "(0), (1), (NULL)", "bool", "false\ntrue\n-" },
    { "BOOLEAN", "(0), (2)", "int", "0\n2" },
    { "TEXT", "('a'), (''), (x'00ff')", "text", "a\n\n00ff" },
    { "TEXT", "('2024-02-29'), (NULL)", "date", "2024-02-29\n-" },
    { "TEXT", "('2024-02-29'), ('2024-02-29T10:00:00.5Z'), ('2024-02-29 10:00:00+02:00')", "timestamp",
      "2024-02-29 00:00:00\n2024-02-29 10:00:00.5\n2024-02-29 08:00:00" },
    { "DATE", "('2024-02-29'), ('soon')", "text", "2024-02-29\nsoon" },
    { "DATETIME", "(1700000000)", "int", "1700000000" },
    { "DATETIME", "(NULL)", "timestamp", "-" },
    { "VARCHAR(20)", "(12)", "text", "12" },
    { "", "(1), (2)", "int", "1\n2" },
    { "", "(1), ('b'), (x'01')", "text", "1\nb\n01" },
    { "BLOB", "(x'0102'), (x'')", "text", "0102\n" },
    { "TEXT", "(CAST(x'61ff0062' AS TEXT))", "text", "a\xef\xbf\xbd␀b~61ff0062" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *sql = g_strdup_printf ("CREATE TABLE t%u (\"a\"\"b\" %s); INSERT INTO t%u VALUES %s", i, cases[i].declared, i, cases[i].values);
      g_autofree char *table = g_strdup_printf ("t%u", i);
      BvDbQuery query = { .table = table };
      g_autoptr (BvDatabase) db = NULL;
      g_autoptr (GPtrArray) columns = NULL;
      g_autoptr (GError) error = NULL;
      g_autofree char *text = NULL;

      write_sql (f, sql);
      db = open_database (&f->settings);
      g_test_message ("%s %s", cases[i].declared, cases[i].values);
      columns = bv_database_list_columns (db, NULL, table, NULL, &error);
      g_assert_no_error (error);
      g_assert_cmpstr (bv_type_to_name (((BvDbColumn *) columns->pdata[0])->type), ==, cases[i].type);
      text = read_all (db, &query, &error);
      g_assert_no_error (error);
      g_assert_cmpstr (text, ==, cases[i].expected);
    }
}

/* What comes after the sample: numbers and dates that do not fit have their exact text, dates that are none make the column text, and a fraction
 * makes whole numbers decimal. */
static void
test_beyond_sample (Fixture *f, gconstpointer data)
{
  g_autoptr (BvDatabase) db = NULL;
  g_autofree char *text = NULL;
  g_autoptr (GError) error = NULL;
  BvDbQuery query = { .sql = "SELECT n, d, e, f FROM t ORDER BY rowid DESC LIMIT 1" };
  g_autoptr (GPtrArray) columns = NULL;

  write_sql (f, "CREATE TABLE t (n INTEGER, d TEXT, e TEXT, f NUMERIC); WITH RECURSIVE s(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM s WHERE i < 6000) "
             "INSERT INTO t SELECT i, '2024-01-01', '2024-01-01', i FROM s; INSERT INTO t VALUES ('many', '2024-13-01', 'none', 0.25)");
  db = open_database (&f->settings);
  columns = bv_database_list_columns (db, NULL, "t", NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpint (((BvDbColumn *) columns->pdata[0])->type, ==, BV_TYPE_INT);
  g_assert_cmpint (((BvDbColumn *) columns->pdata[1])->type, ==, BV_TYPE_DATE);
  g_assert_cmpint (((BvDbColumn *) columns->pdata[2])->type, ==, BV_TYPE_TEXT);
  g_assert_cmpint (((BvDbColumn *) columns->pdata[3])->type, ==, BV_TYPE_DOUBLE);
  query.sql = NULL;
  query.table = "t";
  text = read_all (db, &query, &error);
  g_assert_no_error (error);
  g_assert_true (g_str_has_suffix (text, "\n-~many|-~2024-13-01|none|0.25"));
}

static void
test_catalogue (Fixture *f, gconstpointer data)
{
  g_autoptr (BvDatabase) db = NULL;
  g_autoptr (GPtrArray) tables = NULL;
  g_autoptr (GPtrArray) columns = NULL;
  g_autoptr (GString) text = g_string_new (NULL);
  g_autoptr (GError) error = NULL;
  BvDbQuery query = { .table = "orders", .cursor = "changed" };
  g_autofree char *rows = NULL;

  write_sql (f, "CREATE TABLE orders (id INTEGER PRIMARY KEY, customer TEXT NOT NULL, changed TEXT); CREATE VIEW v AS SELECT 1 AS one, 2 AS one;"
                "CREATE TABLE pair (a, b, PRIMARY KEY (b, a)) WITHOUT ROWID;"
                "INSERT INTO orders VALUES (1, 'x', '2024-01-01 10:00:00'), (2, 'y', '2024-01-03T10:00:00Z'), (3, 'z', NULL)");
  db = open_database (&f->settings);
  tables = bv_database_list_tables (db, NULL, NULL, &error);
  g_assert_no_error (error);
  for (guint i = 0; i < tables->len; i++)
    {
      BvDbTable *table = tables->pdata[i];

      g_string_append_printf (text, "%s %d %d;", table->name, table->kind, (int) table->n_rows);
    }
  g_assert_cmpstr (text->str, ==, "orders 0 3;pair 0 -1;v 1 -1;");
  columns = bv_database_list_columns (db, NULL, "orders", NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (((BvDbColumn *) columns->pdata[0])->key, ==, 1);
  g_assert_cmpstr (bv_db_pick_cursor (columns)->name, ==, "changed");
  g_clear_pointer (&columns, g_ptr_array_unref);
  columns = bv_database_list_columns (db, NULL, "pair", NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (((BvDbColumn *) columns->pdata[0])->key, ==, 2);
  assert_rows (db, "SELECT * FROM v", "1|2");
  /* Rows from an instant on: none is missing; some from just before may come too. */
  g_assert_true (bv_timestamp_parse ("2024-01-03 10:00:00", -1, &query.from.i, NULL));
  query.from.type = BV_TYPE_TIMESTAMP;
  rows = read_all (db, &query, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (rows, ==, "2|y|2024-01-03 10:00:00\n3|z|-");
}

static void
test_errors (Fixture *f, gconstpointer data)
{
  static const struct { const char *sql; int code; } bad[] = {
    { "DELETE FROM t", BV_DB_ERROR_SQL },      { "SELECT 1; DELETE FROM t", BV_DB_ERROR_SQL }, { "SELECT x FROM t", BV_DB_ERROR_NOT_FOUND },
    { "SELECT 1 FROM u", BV_DB_ERROR_NOT_FOUND }, { "SELECT 1 FROM", BV_DB_ERROR_SQL },         { "WITH x AS (SELECT 1) DELETE FROM t", BV_DB_ERROR_SQL },
  };
  g_autoptr (GError) error = NULL;
  g_autoptr (BvDatabase) db = NULL;

  g_assert_null (bv_database_open (&f->settings, NULL, &error));
  g_assert_error (error, BV_DB_ERROR, BV_DB_ERROR_DATABASE);
  g_clear_error (&error);
  g_assert_true (g_file_set_contents (f->settings.database, "no database at all, but long enough to look at: it is text", -1, NULL));
  g_assert_null (bv_database_open (&f->settings, NULL, &error));
  g_assert_error (error, BV_DB_ERROR, BV_DB_ERROR_DATABASE);
  g_clear_error (&error);
  g_remove (f->settings.database);
  write_sql (f, "CREATE TABLE t (n)");
  db = open_database (&f->settings);
  for (guint i = 0; i < G_N_ELEMENTS (bad); i++)
    assert_refuses (db, bad[i].sql, bad[i].code);
  assert_rows (db, "SELECT 'it''s;' AS a, 'x\\' AS b; -- done", "it's;|x\\");
}

static void
test_cancel (Fixture *f, gconstpointer data)
{
  g_autoptr (BvDatabase) db = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  BvDbQuery query = { .sql = "WITH RECURSIVE s(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM s) SELECT i FROM s WHERE i < 0" };
  GThread *thread;

  write_sql (f, "CREATE TABLE t (n)");
  db = open_database (&f->settings);
  thread = g_thread_new ("cancel", cancel_soon, cancellable);
  g_assert_null (bv_database_query (db, &query, cancellable, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_thread_join (thread);
  assert_rows (db, "SELECT 1", "1");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
#define ADD(name, func) g_test_add (name, Fixture, NULL, fixture_set_up, func, fixture_tear_down)
  ADD ("/sqlite-file/types", test_types);
  ADD ("/sqlite-file/beyond-sample", test_beyond_sample);
  ADD ("/sqlite-file/catalogue", test_catalogue);
  ADD ("/sqlite-file/errors", test_errors);
  ADD ("/sqlite-file/cancel", test_cancel);
  return g_test_run ();
}
