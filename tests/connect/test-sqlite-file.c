/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Tables of other programs' SQLite databases, the hostile ones among them. */
#include "import-test.h"

static char *
make_database (Fixture *f, const char *name, const char *sql)
{
  char *path = g_build_filename (f->dir, name, NULL);
  char *message = NULL;
  sqlite3 *db;

  g_assert_cmpint (sqlite3_open (path, &db), ==, SQLITE_OK);
  sqlite3_exec (db, sql, NULL, NULL, &message);
  g_assert_cmpstr (message, ==, NULL);
  sqlite3_close (db);
  return path;
}

static void
test_types (Fixture *f, gconstpointer data)
{
  g_autofree char *path =
      make_database (f, "App data.db",
                     "CREATE TABLE \"My Deals\" (id INTEGER PRIMARY KEY, name, won BOOLEAN, at DATETIME, day TEXT, amount REAL, b BLOB, mixed);"
                     "INSERT INTO \"My Deals\" VALUES (1, 'é', 1, '2026-01-02 03:04:05', '2026-01-02', 1.5, NULL, 1),"
                     " (2, '007', 0, NULL, '2026-02-28', 2, x'00ff', 'x'), (3, NULL, NULL, '2026-01-02T03:04:05Z', NULL, NULL, NULL, 2.5);"
                     "CREATE VIEW v AS SELECT * FROM \"My Deals\"; CREATE TABLE other (n); INSERT INTO other VALUES (42);");
  g_autoptr (GError) error = NULL;
  g_autoptr (BvImportPlan) plan = bv_import_sniff (path, NULL, &error);
  g_auto (BvImportResult) result = { 0 };
  g_autofree char *columns = NULL;

  g_assert_no_error (error);
  g_assert_cmpint (plan->kind, ==, BV_FILE_SQLITE);
  g_assert_cmpuint (g_strv_length (plan->parts), ==, 2);
  g_assert_cmpstr (plan->part, ==, "My Deals");
  g_assert_cmpstr (plan->table, ==, "my_deals");
  columns = columns_of (plan);
  g_assert_cmpstr (columns, ==, "id:int,name:text,won:bool,at:timestamp,day:date,amount:double,b:text,mixed:text");
  g_assert_true (bv_import_run (plan, f->project, NULL, NULL, NULL, &result, &error));
  g_assert_cmpint (result.n_rows, ==, 3);
  g_assert_cmpint (result.n_unreadable, ==, 1);
  g_assert_cmpstr (result.first_problem, ==, "row 2, b: bytes are not text");
  assert_dump (f->project, "SELECT * FROM my_deals",
               "1|é|1|2026-01-02 03:04:05|2026-01-02|1.5|-|1/2|007|0|-|2026-02-28|2.0|-|x/3|-|-|2026-01-02 03:04:05|-|-|-|2.5");

  g_assert_true (bv_import_plan_set_part (plan, "OTHER", &error));
  g_assert_cmpstr (plan->table, ==, "other");
  g_assert_true (bv_import_resniff (plan, NULL, &error));
  g_assert_true (bv_import_run (plan, f->project, NULL, NULL, NULL, NULL, &error));
  assert_dump (f->project, "SELECT * FROM other", "42");
  g_assert_false (bv_import_plan_set_part (plan, "v", &error));
  g_assert_error (error, BV_ERROR, BV_ERROR_NOT_FOUND);
}

/* Numbers that begin whole: what is declared counts, and where nothing is, more than the first rows. */
static void
test_decimals (Fixture *f, gconstpointer data)
{
  g_autofree char *path =
      make_database (f, "shop.db",
                     "CREATE TABLE price (amount DECIMAL(10,2)); CREATE TABLE plain (n);"
                     "WITH RECURSIVE c (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c WHERE n < 120000) INSERT INTO price SELECT n FROM c;"
                     "INSERT INTO price VALUES (0.25); INSERT INTO plain SELECT amount FROM price WHERE amount < 20000 ORDER BY -amount");
  const char *const tables[] = { "price", "plain" };

  for (guint i = 0; i < G_N_ELEMENTS (tables); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (BvImportPlan) plan = bv_import_sniff (path, NULL, &error);
      g_auto (BvImportResult) result = { 0 };
      g_autofree char *columns = NULL;
      g_autofree char *sql = g_strdup_printf ("SELECT count(*), min(%s) FROM %s", i == 0 ? "amount" : "n", tables[i]);

      g_assert_no_error (error);
      g_assert_true (bv_import_plan_set_part (plan, tables[i], &error));
      g_assert_true (bv_import_resniff (plan, NULL, &error));
      columns = columns_of (plan);
      g_assert_cmpstr (columns, ==, i == 0 ? "amount:double" : "n:double");
      g_assert_true (bv_import_run (plan, f->project, NULL, NULL, NULL, &result, &error));
      g_assert_cmpint (result.n_unreadable, ==, 0);
      assert_dump (f->project, sql, i == 0 ? "120001|0.25" : "20000|0.25");
    }
}

/* A name that was changed stays when another table is chosen. */
static void
test_part_keeps_name (Fixture *f, gconstpointer data)
{
  g_autofree char *path = make_database (f, "x.sqlite", "CREATE TABLE a (n); CREATE TABLE b (n)");
  g_autoptr (BvImportPlan) plan = bv_import_sniff (path, NULL, NULL);

  g_free (plan->table);
  plan->table = g_strdup ("mine");
  g_assert_true (bv_import_plan_set_part (plan, "b", NULL));
  g_assert_cmpstr (plan->table, ==, "mine");
}

static void
test_wal (Fixture *f, gconstpointer data)
{
  g_autofree char *path = g_build_filename (f->dir, "live.db", NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (BvImportPlan) plan = NULL;
  sqlite3 *db;

  /* Another program has it open, and its rows are still in the WAL. */
  g_assert_cmpint (sqlite3_open (path, &db), ==, SQLITE_OK);
  g_assert_cmpint (sqlite3_exec (db, "PRAGMA journal_mode = WAL; CREATE TABLE t (n); INSERT INTO t VALUES (1), (2)", NULL, NULL, NULL), ==, SQLITE_OK);
  plan = bv_import_sniff (path, NULL, &error);
  g_assert_no_error (error);
  g_assert_true (bv_import_run (plan, f->project, NULL, NULL, NULL, NULL, &error));
  assert_dump (f->project, "SELECT * FROM t", "1/2");
  sqlite3_close (db);
}

static void
test_hostile (Fixture *f, gconstpointer data)
{
  g_autofree char *path = make_database (f, "good.db",
                                         "CREATE TABLE t (a, b TEXT); WITH RECURSIVE c (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c WHERE n < 2000)"
                                         " INSERT INTO t SELECT n, hex (n * 12345) FROM c; CREATE INDEX i ON t (b)");
  g_autofree char *bad = g_build_filename (f->dir, "bad.db", NULL);
  g_autofree char *content = NULL;
  g_autoptr (GRand) rand = g_rand_new_with_seed (3);
  gsize length;

  g_assert_true (g_file_get_contents (path, &content, &length, NULL));
  for (int round = 0; round < 200; round++)
    {
      g_autofree char *copy = g_memdup2 (content, length);
      g_autoptr (GError) error = NULL;
      g_autoptr (BvImportPlan) plan = NULL;
      g_auto (BvImportResult) result = { 0 };

      for (int n = 0; n < 20; n++)
        copy[g_rand_int_range (rand, 16, (gint32) length)] = (char) g_rand_int_range (rand, 0, 256);
      g_assert_true (g_file_set_contents_full (bad, copy, round % 4 == 0 ? g_rand_int_range (rand, 100, (gint32) length) : (gssize) length, G_FILE_SET_CONTENTS_NONE, 0600, NULL));
      plan = bv_import_sniff (bad, NULL, &error);
      if (plan != NULL)
        bv_import_run (plan, f->project, NULL, NULL, NULL, &result, &error);
      g_assert_true (plan != NULL || error != NULL);
    }
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add ("/connect/sqlite/types", Fixture, NULL, fixture_set_up, test_types, fixture_tear_down);
  g_test_add ("/connect/sqlite/decimals", Fixture, NULL, fixture_set_up, test_decimals, fixture_tear_down);
  g_test_add ("/connect/sqlite/part-keeps-name", Fixture, NULL, fixture_set_up, test_part_keeps_name, fixture_tear_down);
  g_test_add ("/connect/sqlite/wal", Fixture, NULL, fixture_set_up, test_wal, fixture_tear_down);
  g_test_add ("/connect/sqlite/hostile", Fixture, NULL, fixture_set_up, test_hostile, fixture_tear_down);
  return g_test_run ();
}
