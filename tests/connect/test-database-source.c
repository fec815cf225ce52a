/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Databases as sources: first load, changes, deletions, breaks and resumption, drift, queries, Segment's warehouse. The truth is in servers of
 * the test's own; after each sync the project's table must say the same. */
#include "database-owner.h"

#include "bv-database-source.h"
#include "bv-row-step.h"
#include "bv-source.h"

#include <glib/gstdio.h>
#include <sqlite3.h>

static Server postgresql, mariadb, clickhouse;

typedef struct
{
  char *dir;
  BvProject *project;
  BvSource *source;
  GHashTable *secrets;
} Fixture;

static void
fixture_set_up (Fixture *f, gconstpointer data)
{
  g_autofree char *path = NULL;
  g_autoptr (GError) error = NULL;

  f->dir = g_dir_make_tmp ("bv-dbsource-XXXXXX", NULL);
  path = g_build_filename (f->dir, "p.belvedere", NULL);
  f->project = bv_project_create (path, &error);
  g_assert_no_error (error);
  f->secrets = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  g_hash_table_insert (f->secrets, g_strdup ("password"), g_strdup ("secret"));
}

static void
fixture_tear_down (Fixture *f, gconstpointer data)
{
  g_autoptr (GDir) dir = NULL;
  const char *name;

  g_clear_pointer (&f->source, bv_source_free);
  bv_project_unref (f->project);
  g_hash_table_unref (f->secrets);
  dir = g_dir_open (f->dir, 0, NULL);
  while ((name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = g_build_filename (f->dir, name, NULL);

      g_remove (path);
    }
  g_assert_cmpint (g_rmdir (f->dir), ==, 0);
  g_free (f->dir);
}

/* --- The project's side */

static void
set (Fixture *f, const char *name, const char *value)
{
  g_autoptr (GError) error = NULL;

  bv_source_set_setting (f->source, name, value, &error);
  g_assert_no_error (error);
}

/* A source of @kind; for PostgreSQL with a database of the test's own. */
static void
make_source (Fixture *f, const char *kind, const char *database)
{
  g_autoptr (GError) error = NULL;

  f->source = bv_source_new (f->project, kind, NULL);
  f->source->add_fields = TRUE;
  if (g_str_equal (kind, "sqlite"))
    set (f, "file", database);
  else
    {
      Server *server = g_str_equal (kind, "mariadb") ? &mariadb : g_str_equal (kind, "clickhouse") ? &clickhouse : &postgresql;

      set (f, "host", "127.0.0.1");
      set (f, "port", server_fact (server, "port"));
      set (f, "database", database);
      set (f, "user", server == &postgresql ? "postgres" : "boss");
      set (f, "tls", "off");
    }
  if (g_str_equal (kind, "segment-warehouse"))
    set (f, "schema", "web");
  bv_source_put (f->project, f->source, "Add", &error);
  g_assert_no_error (error);
}

static gboolean
sync_with (Fixture *f, BvSyncFlags flags, guint max_pages, BvSyncProgressFunc progress, gint64 *run, GError **error)
{
  BvSyncOptions options = { .flags = flags, .secrets = f->secrets, .max_pages = max_pages };

  return bv_source_sync (f->project, f->source, &options, progress, f, NULL, run, error);
}

/* A sync that must work; what it did to the stream, as "read added changed unchanged deleted". */
static char *
sync_now (Fixture *f, BvSyncFlags flags, const char *stream)
{
  g_autoptr (GError) error = NULL;
  gint64 id = 0;
  BvRun *run;
  char *text = NULL;

  if (!sync_with (f, flags, 0, NULL, &id, &error))
    g_test_message ("%s", error->message);
  g_assert_no_error (error);
  run = bv_source_get_run (f->project, id, &error);
  g_assert_no_error (error);
  for (guint i = 0; i < run->streams->len; i++)
    {
      BvRunStream *item = run->streams->pdata[i];

      if (g_strcmp0 (item->stream, stream) == 0)
        text = g_strdup_printf ("%d %d %d %d %d", (int) item->counts.read, (int) item->counts.added, (int) item->counts.changed,
                                (int) item->counts.unchanged, (int) item->counts.deleted);
    }
  bv_run_free (run);
  return text;
}

static void
assert_sync (Fixture *f, BvSyncFlags flags, const char *stream, const char *expected)
{
  g_autofree char *got = sync_now (f, flags, stream);

  g_test_message ("%s: %s", stream, got);
  g_assert_cmpstr (got, ==, expected);
}

/* The first cell of each row, joined with blanks. */
static char *
ask (Fixture *f, const char *sql)
{
  g_autoptr (GError) error = NULL;
  sqlite3 *db = bv_project_borrow_reader (f->project, NULL, &error);
  sqlite3_stmt *stmt;
  GString *text = g_string_new (NULL);

  g_assert_no_error (error);
  if (sqlite3_prepare_v2 (db, sql, -1, &stmt, NULL) != SQLITE_OK)
    g_error ("%s: %s", sql, sqlite3_errmsg (db));
  while (sqlite3_step (stmt) == SQLITE_ROW)
    {
      const char *cell = (const char *) sqlite3_column_text (stmt, 0);

      g_string_append_printf (text, "%s%s", text->len > 0 ? " " : "", cell != NULL ? cell : "-");
    }
  sqlite3_finalize (stmt);
  bv_project_return_reader (f->project, db);
  return g_string_free (text, FALSE);
}

static void
assert_project (Fixture *f, const char *sql, const char *expected)
{
  g_autofree char *got = ask (f, sql);

  g_assert_cmpstr (got, ==, expected);
}

/* --- Tests */

static void
test_changes (Fixture *f, gconstpointer data)
{
  if (server_skips (&postgresql))
    return;
  postgres_do (&postgresql, "postgres", "CREATE DATABASE changes");
  /* 25,000 rows of one instant, which are more than two pages. */
  postgres_do (&postgresql, "changes", "CREATE TABLE orders (id int PRIMARY KEY, amount numeric, updated_at timestamptz, day date, note text);"
                 "INSERT INTO orders SELECT i, i / 4.0, timestamptz '2024-05-01 10:00:00.000001+00', '2024-05-01', 'n' || i FROM generate_series(1, 25000) i;"
                 "INSERT INTO orders VALUES (30001, 12345678901234567.89, NULL, 'infinity', E'Zoë\\n🎉')");
  make_source (f, "postgresql", "changes");
  assert_sync (f, 0, "public.orders", "25001 25001 0 0 0");
  assert_project (f, "SELECT count(*) || ' ' || sum(id) || ' ' || sum(amount) FROM postgresql_orders WHERE id <= 25000", "25000 312512500 78128125.0");
  assert_project (f, "SELECT updated_at || ' ' || day FROM postgresql_orders WHERE id = 1", "2024-05-01 10:00:00.000001 2024-05-01");
  assert_project (f, "SELECT note FROM postgresql_orders WHERE id = 30001", "Zoë\n🎉");
  /* What a column's type cannot hold is beside. */
  assert_project (f, "SELECT amount || ' ' || (day IS NULL) || ' ' || _extra FROM postgresql_orders WHERE id = 30001",
                  "1.23456789012346e+16 1 {\"amount\":\"12345678901234567.89\",\"day\":\"infinity\"}");
  /* All rows of the newest instant are looked at again, and nothing comes of it. */
  assert_sync (f, 0, "public.orders", "25001 0 0 25001 0");
  postgres_do (&postgresql, "changes", "UPDATE orders SET amount = -1, updated_at = '2024-05-01 12:00+00' WHERE id IN (5, 7);"
                 "INSERT INTO orders VALUES (40000, 1, '2024-05-01 12:00+00'), (40001, 1, NULL); DELETE FROM orders WHERE id = 9");
  assert_sync (f, 0, "public.orders", "25002 2 2 24998 0");
  /* From now on 600 seconds are looked back from 12:00; rows without an instant are read each time. Deleted rows are found by a sweep. */
  assert_project (f, "SELECT count(*) FROM postgresql_orders WHERE amount = -1", "2");
  assert_project (f, "SELECT count(*) FROM postgresql_orders WHERE _deleted_at IS NOT NULL", "0");
  assert_sync (f, BV_SYNC_SWEEP, "public.orders", "5 0 0 5 1");
  assert_project (f, "SELECT id FROM postgresql_orders WHERE _deleted_at IS NOT NULL", "9");
  /* Committed late, within the look-back. */
  postgres_do (&postgresql, "changes", "INSERT INTO orders VALUES (40002, 1, '2024-05-01 11:55+00')");
  assert_sync (f, 0, "public.orders", "6 1 0 5 0");
}

static void
test_kills (Fixture *f, gconstpointer data)
{
  gint64 run;
  guint n = 0;

  if (server_skips (&postgresql))
    return;
  postgres_do (&postgresql, "postgres", "CREATE DATABASE kills");
  postgres_do (&postgresql, "kills", "CREATE TABLE a (region text, id int, updated_at timestamp, PRIMARY KEY (region, id));"
               "INSERT INTO a SELECT 'r' || i % 3, i, '2024-05-01' FROM generate_series(1, 35000) i;"
               "CREATE VIEW b AS SELECT id % 1000 AS n FROM a WHERE id <= 5000;");
  make_source (f, "postgresql", "kills");
  bv_source_choose (f->source, "public.a", NULL);
  bv_source_choose (f->source, "public.b", NULL);
  /* Each sync is killed after some pages; between them rows change on both sides of where it stands. */
  for (gboolean done = FALSE; !done; n++)
    {
      g_autoptr (GError) error = NULL;

      g_assert_cmpuint (n, <, 60);
      done = sync_with (f, 0, 3 + n, NULL, &run, &error);
      if (n < 4)
        postgres_do (&postgresql, "kills", "UPDATE a SET updated_at = now() AT TIME ZONE 'UTC' WHERE id % 1000 = 7; DELETE FROM a WHERE id IN (SELECT min(id) FROM a)");
    }
  g_test_message ("%u runs", n);
  g_assert_cmpuint (n, >, 2);
  g_free (sync_now (f, BV_SYNC_SWEEP, "public.a"));
  assert_project (f, "SELECT count(*) || ' ' || sum(id) FROM postgresql_a WHERE _deleted_at IS NULL", "34996 612517490");
  assert_project (f, "SELECT count(*) FROM postgresql_a WHERE _deleted_at IS NULL AND id % 1000 = 7 AND updated_at < '2025'", "0");
  assert_project (f, "SELECT count(*) || ' ' || sum(n) FROM postgresql_b WHERE _deleted_at IS NULL", "4996 2497490");
}

/* A sync asks about the tables that it reads, and no others: one that is locked would keep it waiting. */
static void
test_only_chosen (Fixture *f, gconstpointer data)
{
  g_autofree char *address = NULL;
  PGconn *conn;

  if (server_skips (&postgresql))
    return;
  postgres_do (&postgresql, "postgres", "CREATE DATABASE chosen");
  postgres_do (&postgresql, "chosen", "CREATE TABLE a (id int PRIMARY KEY); INSERT INTO a VALUES (1); CREATE TABLE b (id int PRIMARY KEY)");
  make_source (f, "postgresql", "chosen");
  set (f, "queries", "-- c key id\nSELECT id FROM a\n-- d\nSELECT id FROM b");
  bv_source_choose (f->source, "public.a", NULL);
  bv_source_choose (f->source, "query:c", NULL);
  address = g_strdup_printf ("host=127.0.0.1 port=%s user=postgres password=secret dbname=chosen", server_fact (&postgresql, "port"));
  conn = PQconnectdb (address);
  PQclear (PQexec (conn, "BEGIN; LOCK TABLE b IN ACCESS EXCLUSIVE MODE"));
  g_assert_cmpint (PQtransactionStatus (conn), ==, PQTRANS_INTRANS);
  assert_sync (f, 0, "public.a", "1 1 0 0 0");
  assert_sync (f, 0, "query:c", "1 0 0 1 0");
  PQfinish (conn);
}

static int n_cuts;

static void
cut_connection (const BvSyncProgress *progress, gpointer data)
{
  if (n_cuts == 0 && progress->counts.read > 10000)
    {
      n_cuts++;
      postgres_do (&postgresql, "postgres", "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'belvedere'");
    }
}

static void
test_lost (Fixture *f, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  gint64 run;

  if (server_skips (&postgresql))
    return;
  postgres_do (&postgresql, "postgres", "CREATE DATABASE lost");
  postgres_do (&postgresql, "lost", "CREATE TABLE a (id int PRIMARY KEY, t text); INSERT INTO a SELECT i, repeat('x', 500) FROM generate_series(1, 60000) i");
  make_source (f, "postgresql", "lost");
  n_cuts = 0;
  sync_with (f, 0, 0, cut_connection, &run, &error);
  g_assert_no_error (error);
  g_assert_cmpint (n_cuts, ==, 1);
  assert_project (f, "SELECT count(*) || ' ' || sum(id) FROM postgresql_a", "60000 1800030000");
}

static void
test_drift (Fixture *f, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *counts = NULL;
  gint64 run;

  if (server_skips (&postgresql))
    return;
  postgres_do (&postgresql, "postgres", "CREATE DATABASE drift");
  postgres_do (&postgresql, "drift", "CREATE TABLE a (id int PRIMARY KEY, n int, gone text); INSERT INTO a VALUES (1, 5, 'x'); CREATE TABLE b (id int PRIMARY KEY); INSERT INTO b VALUES (1)");
  make_source (f, "postgresql", "drift");
  bv_source_choose (f->source, "public.a", NULL);
  bv_source_choose (f->source, "public.b", NULL);
  assert_sync (f, 0, "public.a", "1 1 0 0 0");
  postgres_do (&postgresql, "drift", "ALTER TABLE a ADD fresh date DEFAULT '2024-01-01', DROP gone, ALTER n TYPE text USING 'five'; INSERT INTO a (id, n) VALUES (2, '6')");
  counts = sync_now (f, 0, "public.a");
  assert_project (f, "SELECT id || ' ' || fresh || ' ' || coalesce(n, '-') || ' ' || n_text || ' ' || coalesce(gone, '-') FROM postgresql_a ORDER BY id",
                  "1 2024-01-01 - five x 2 2024-01-01 6 6 -");
  assert_project (f, "SELECT kind || ':' || field FROM bv_source_drift ORDER BY 1", "added:fresh changed:n dropped:gone");
  /* A table that is gone is said; its rows stay, and the others are synced. */
  postgres_do (&postgresql, "drift", "DROP TABLE b; INSERT INTO a (id) VALUES (3)");
  g_assert_false (sync_with (f, 0, 0, NULL, &run, &error));
  g_test_message ("%s", error->message);
  assert_project (f, "SELECT count(*) FROM postgresql_a", "3");
  assert_project (f, "SELECT count(*) FROM postgresql_b WHERE _deleted_at IS NULL", "1");
}

static void
test_queries (Fixture *f, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) streams = NULL;
  g_autoptr (GString) text = g_string_new (NULL);

  if (server_skips (&postgresql))
    return;
  postgres_do (&postgresql, "postgres", "CREATE DATABASE queries");
  postgres_do (&postgresql, "queries", "CREATE TABLE a (id int, at timestamp, x float8); INSERT INTO a VALUES (1, '2024-01-01', 0.1), (2, '2024-01-02', 0.2);"
                 "CREATE SCHEMA \"o.ther\"; CREATE TABLE \"o.ther\".a (k uuid PRIMARY KEY, created_at date); INSERT INTO \"o.ther\".a VALUES ('00000000-0000-0000-0000-000000000001', '2024-01-01')");
  make_source (f, "postgresql", "queries");
  set (f, "tables", "public.a key id cursor at");
  set (f, "queries", "-- \"by day\" key day\nSELECT at::date AS day, sum(x) AS x\nFROM a -- ; all\nGROUP BY 1;\n");
  streams = bv_source_discover (f->source, f->secrets, NULL, &error);
  g_assert_no_error (error);
  for (guint i = 0; i < streams->len; i++)
    {
      BvSourceStream *stream = streams->pdata[i];

      g_string_append_printf (text, "%s %s %s %s;", stream->name, stream->table, stream->key != NULL ? stream->key[0] : "-",
                              stream->cursor != NULL ? stream->cursor : "-");
    }
  g_assert_cmpstr (text->str, ==, "o%2Ether.a o_ther_a k -;public.a a id at;query:by day by_day day -;");
  assert_sync (f, 0, "query:by day", "2 2 0 0 0");
  assert_project (f, "SELECT day || ' ' || x FROM postgresql_by_day ORDER BY day", "2024-01-01 0.1 2024-01-02 0.2");
  assert_project (f, "SELECT k FROM postgresql_o_ther_a", "00000000-0000-0000-0000-000000000001");
  postgres_do (&postgresql, "queries", "DELETE FROM a WHERE id = 1");
  assert_sync (f, 0, "query:by day", "1 0 0 1 1");
  /* What is wrong in the settings is said. */
  set (f, "tables", "public.a key nothing");
  g_clear_pointer (&streams, g_ptr_array_unref);
  streams = bv_source_discover (f->source, f->secrets, NULL, &error);
  g_assert_null (streams);
  g_assert_cmpstr (error->message, ==, "“public.a” has no column “nothing”: correct its key or cursor");
  g_clear_error (&error);
  set (f, "tables", "public.a keys id");
  g_assert_null (bv_source_discover (f->source, f->secrets, NULL, &error));
  g_assert_nonnull (strstr (error->message, "is not understood"));
  g_clear_error (&error);
  set (f, "tables", NULL);
  set (f, "queries", "-- bad\nSELECT x FROM nothing");
  g_assert_null (bv_source_discover (f->source, f->secrets, NULL, &error));
  g_assert_true (g_str_has_prefix (error->message, "bad: "));
}

static void
test_wrong_password (Fixture *f, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) lines = NULL;
  gint64 run;

  if (server_skips (&postgresql))
    return;
  make_source (f, "postgresql", "postgres");
  g_hash_table_insert (f->secrets, g_strdup ("password"), g_strdup ("wrong"));
  g_assert_false (sync_with (f, 0, 0, NULL, &run, &error));
  g_assert_error (error, BV_HTTP_ERROR, BV_HTTP_ERROR_UNAUTHORIZED);
  g_clear_error (&error);
  g_assert_false (bv_source_test (f->source, f->secrets, &lines, NULL, &error));
  g_assert_error (error, BV_HTTP_ERROR, BV_HTTP_ERROR_UNAUTHORIZED);
  g_clear_error (&error);
  g_hash_table_insert (f->secrets, g_strdup ("password"), g_strdup ("secret"));
  g_clear_pointer (&lines, g_ptr_array_unref);
  postgres_do (&postgresql, "postgres", "CREATE TABLE IF NOT EXISTS something (i int)");
  g_assert_true (bv_source_test (f->source, f->secrets, &lines, NULL, &error));
  g_assert_no_error (error);
  g_assert_true (g_str_has_prefix (lines->pdata[0], "Connected to PostgreSQL "));
}

static void
test_segment (Fixture *f, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) streams = NULL;
  g_autoptr (GString) text = g_string_new (NULL);

  if (server_skips (&postgresql))
    return;
  postgres_do (&postgresql, "postgres", "CREATE DATABASE segment");
  postgres_do (&postgresql, "segment", "CREATE SCHEMA web; CREATE SCHEMA app; CREATE TABLE app.tracks (id text, received_at timestamptz, event text);"
                 "CREATE TABLE web.tracks (id text, received_at timestamptz, \"timestamp\" timestamptz, original_timestamp timestamptz, uuid text, uuid_ts timestamptz,"
                 " anonymous_id text, user_id text, event text, event_text text, context_page_path text);"
                 "CREATE TABLE web.signed_up (LIKE web.tracks); ALTER TABLE web.signed_up ADD plan text;"
                 "CREATE TABLE web.users (id text, received_at timestamptz, email text); CREATE TABLE web.other (id text, received_at timestamptz);"
                 "INSERT INTO web.signed_up (id, received_at, event, event_text, user_id, plan) SELECT 'm' || i, timestamptz '2024-05-01' + i * interval '1 minute',"
                 " 'signed_up', 'Signed Up', 'u' || i % 7, 'free' FROM generate_series(1, 12000) i; INSERT INTO web.users VALUES ('u1', '2024-05-01', 'a@x.com')");
  make_source (f, "segment-warehouse", "segment");
  streams = bv_source_discover (f->source, f->secrets, NULL, &error);
  g_assert_no_error (error);
  for (guint i = 0; i < streams->len; i++)
    {
      BvSourceStream *stream = streams->pdata[i];

      g_string_append_printf (text, "%s=%s;", stream->table, stream->label);
    }
  g_assert_cmpstr (text->str, ==, "signed_up=Signed up;tracks=All events;users=Users;");
  assert_sync (f, 0, "web.signed_up", "12000 12000 0 0 0");
  g_assert_null (strstr ("uuid", "uuid_ts"));
  assert_project (f, "SELECT group_concat(name) FROM pragma_table_info('segment_signed_up') WHERE name LIKE 'uu%' OR name LIKE 'orig%'", "-");
  /* One comes late, one comes twice, a user changes, and a new event appears. */
  postgres_do (&postgresql, "segment", "INSERT INTO web.signed_up (id, received_at, event, plan) VALUES ('late', timestamptz '2024-05-01' + 11950 * interval '1 minute', 'signed_up', 'pro'),"
                 " ('m12000', timestamptz '2024-05-01' + 12000 * interval '1 minute', 'signed_up', 'twice');"
                 "UPDATE web.users SET email = 'b@x.com', received_at = '2024-05-02'; CREATE TABLE web.logged_in (LIKE web.tracks);"
                 "INSERT INTO web.logged_in (id, received_at, event) VALUES ('l1', now(), 'logged_in')");
  g_free (sync_now (f, 0, "web.signed_up"));
  assert_project (f, "SELECT count(*) FROM segment_signed_up", "12001");
  assert_project (f, "SELECT email FROM segment_users", "b@x.com");
  assert_project (f, "SELECT event FROM segment_logged_in", "logged_in");
}

static void
test_mariadb (Fixture *f, gconstpointer data)
{
  gint64 run;
  guint n = 0;

  if (server_skips (&mariadb))
    return;
  mariadb_do (&mariadb, "CREATE TABLE orders (id bigint unsigned PRIMARY KEY, paid boolean, updated datetime(6), born date)",
      "INSERT INTO orders SELECT seq, seq % 2, '2024-05-01 10:00:00.000001', '0000-00-00' FROM seq_1_to_25000", NULL);
  make_source (f, "mariadb", "shop");
  for (gboolean done = FALSE; !done; n++)
    {
      g_autoptr (GError) error = NULL;

      g_assert_cmpuint (n, <, 20);
      done = sync_with (f, 0, 3 + n, NULL, &run, &error);
    }
  assert_project (f, "SELECT count(*) || ' ' || sum(id) || ' ' || sum(paid) || ' ' || count(born) FROM mariadb_orders", "25000 312512500 12500 0");
  assert_project (f, "SELECT _extra FROM mariadb_orders WHERE id = 1", "{\"born\":\"0000-00-00\"}");
  mariadb_do (&mariadb, "UPDATE orders SET paid = 7, updated = '2024-05-02' WHERE id = 3", "DELETE FROM orders WHERE id = 4", NULL);
  assert_sync (f, BV_SYNC_SWEEP, "shop.orders", "24999 0 1 24998 1");
  assert_project (f, "SELECT coalesce(paid, '-') || _extra FROM mariadb_orders WHERE id = 3", "-{\"paid\":\"7\",\"born\":\"0000-00-00\"}");
}

static void
test_clickhouse (Fixture *f, gconstpointer data)
{
  gint64 run;
  guint n = 0;

  if (server_skips (&clickhouse))
    return;
  clickhouse_do (&clickhouse, "CREATE TABLE events (id String, at DateTime, d Date, x Nullable(Float64)) ENGINE = MergeTree(d, (id, at), 8192)",
      "INSERT INTO events SELECT concat('e', toString(number)), toDateTime('2024-05-01 10:00:00', 'UTC') + intDiv(number, 20000) * 86400, '2024-05-01', number / 4 "
      "FROM system.numbers LIMIT 25000",
      "CREATE TABLE plain (a UInt8) ENGINE = Memory", "INSERT INTO plain VALUES (1), (1)", NULL);
  make_source (f, "clickhouse", "default");
  set (f, "tables", "default.events key id cursor at");
  for (gboolean done = FALSE; !done; n++)
    {
      g_autoptr (GError) error = NULL;

      g_assert_cmpuint (n, <, 20);
      done = sync_with (f, 0, 3 + n, NULL, &run, &error);
    }
  assert_project (f, "SELECT count(*) || ' ' || sum(x) || ' ' || min(at) || ' ' || max(at) FROM clickhouse_events",
                  "25000 78121875.0 2024-05-01 10:00:00 2024-05-02 10:00:00");
  assert_project (f, "SELECT count(*) FROM clickhouse_plain", "2");
  clickhouse_do (&clickhouse, "INSERT INTO events VALUES ('new', '2024-05-03 10:00:00', '2024-05-03', NULL)", NULL);
  g_free (sync_now (f, BV_SYNC_SWEEP, "default.events"));
  assert_project (f, "SELECT count(*) || ' ' || count(x) FROM clickhouse_events WHERE _deleted_at IS NULL", "25001 25000");
}

/* "Valid until 9999": no time that changes come behind, neither at first nor where it was kept as the greatest once. */
static void
test_future (Fixture *f, gconstpointer data)
{
  g_autofree char *path = g_build_filename (f->dir, "shop.db", NULL);
  g_autofree char *name = NULL;
  g_autofree char *state = NULL;
  g_autoptr (GError) error = NULL;
  BvRowStep *step;
  char *place;
  sqlite3 *db;

  g_assert_cmpint (sqlite3_open (path, &db), ==, SQLITE_OK);
  g_assert_cmpint (sqlite3_exec (db, "CREATE TABLE orders (id INTEGER PRIMARY KEY, t TEXT, updated_at TEXT);"
                                     "INSERT INTO orders VALUES (1, 'a', '2024-05-01T10:00:00Z'), (2, 'b', '2024-05-10T10:00:00Z'), "
                                     "(3, 'c', '9999-12-31T00:00:00Z')", NULL, NULL, NULL), ==, SQLITE_OK);
  make_source (f, "sqlite", path);
  assert_sync (f, 0, "orders", "3 3 0 0 0");
  assert_sync (f, 0, "orders", "2 0 0 2 0");
  sqlite3_exec (db, "UPDATE orders SET t = 'changed', updated_at = '2024-05-20T10:00:00Z' WHERE id = 1", NULL, NULL, NULL);
  assert_sync (f, 0, "orders", "3 0 1 2 0");
  assert_sync (f, 0, "orders", "2 0 0 2 0");

  name = g_strconcat ("source/", f->source->uuid, "/orders", NULL);
  g_assert_true (bv_project_get_state (f->project, name, &state, &error));
  place = strstr (state, "2024-05-20");
  g_assert_nonnull (place);
  memcpy (place, "9999-12-31", 10);
  step = bv_row_step_new (f->project, "Old state");
  g_assert_true (bv_row_step_begin (step, NULL, &error) && bv_row_step_put_state (step, name, state, &error) && bv_row_step_commit (step, &error));
  g_assert_true (bv_row_step_end (step, &error));
  sqlite3_exec (db, "UPDATE orders SET t = 'again', updated_at = '2024-05-30T10:00:00Z' WHERE id = 1", NULL, NULL, NULL);
  assert_sync (f, 0, "orders", "3 0 1 2 0");
  assert_sync (f, 0, "orders", "2 0 0 2 0");
  sqlite3_close (db);
}

static void
test_sqlite (Fixture *f, gconstpointer data)
{
  g_autofree char *path = g_build_filename (f->dir, "shop.db", NULL);
  sqlite3 *db;

  g_assert_cmpint (sqlite3_open (path, &db), ==, SQLITE_OK);
  g_assert_cmpint (sqlite3_exec (db, "CREATE TABLE orders (id INTEGER PRIMARY KEY, t TEXT, updated_at TEXT); CREATE TABLE plain (x);"
                                     "WITH RECURSIVE s(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM s WHERE i < 25000) "
                                     "INSERT INTO orders SELECT i, 'n' || i, '2024-05-01T10:00:00Z' FROM s; INSERT INTO plain VALUES (1), (1)",
                                 NULL, NULL, NULL), ==, SQLITE_OK);
  make_source (f, "sqlite", path);
  g_free (sync_now (f, 0, "orders"));
  assert_project (f, "SELECT count(*) || ' ' || sum(id) || ' ' || min(updated_at) FROM db_sqlite_orders", "25000 312512500 2024-05-01 10:00:00");
  assert_project (f, "SELECT count(*) FROM db_sqlite_plain", "2");
  g_assert_cmpint (sqlite3_exec (db, "UPDATE orders SET t = 'changed', updated_at = '2024-05-03T10:00:00Z' WHERE id = 2; DELETE FROM orders WHERE id = 3;"
                                     "DELETE FROM plain WHERE rowid = 1", NULL, NULL, NULL), ==, SQLITE_OK);
  g_free (sync_now (f, BV_SYNC_SWEEP, "orders"));
  assert_project (f, "SELECT count(*) FROM db_sqlite_orders WHERE _deleted_at IS NULL AND id <> 3", "24999");
  assert_project (f, "SELECT t FROM db_sqlite_orders WHERE id = 2", "changed");
  assert_project (f, "SELECT count(*) FROM db_sqlite_plain WHERE _deleted_at IS NULL", "1");
  assert_sync (f, 0, "orders", "1 0 0 1 0");
  sqlite3_close (db);
}

int
main (int argc, char **argv)
{
  int result;

  g_test_init (&argc, &argv, NULL);
  bv_db_source_set_page_rows (10000);
  server_spawn (&postgresql, "postgresql");
  server_spawn (&mariadb, "mariadb");
  server_spawn (&clickhouse, "clickhouse");
  server_await (&postgresql);
  server_await (&mariadb);
  server_await (&clickhouse);
#define ADD(name, func) g_test_add (name, Fixture, NULL, fixture_set_up, func, fixture_tear_down)
  ADD ("/database-source/changes", test_changes);
  ADD ("/database-source/kills", test_kills);
  ADD ("/database-source/only-chosen", test_only_chosen);
  ADD ("/database-source/lost", test_lost);
  ADD ("/database-source/drift", test_drift);
  ADD ("/database-source/queries", test_queries);
  ADD ("/database-source/wrong-password", test_wrong_password);
  ADD ("/database-source/segment", test_segment);
  ADD ("/database-source/mariadb", test_mariadb);
  ADD ("/database-source/clickhouse", test_clickhouse);
  ADD ("/database-source/sqlite", test_sqlite);
  ADD ("/database-source/future", test_future);
  result = g_test_run ();
  server_stop (&postgresql);
  server_stop (&mariadb);
  server_stop (&clickhouse);
  return result;
}
