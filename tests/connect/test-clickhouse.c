/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Reading from ClickHouse by HTTP: types, cursors, errors, also in the middle of a stream, cancelling, TLS. The server is one of the
 * test's own, with its clock in Paris. */
#include "database-owner.h"

static Server server;

static BvDbSettings
settings_for (const char *user)
{
  return server_settings (&server, BV_DB_CLICKHOUSE, user, "default");
}

static void
run (const char *create, const char *insert)
{
  clickhouse_do (&server, create, NULL);
  clickhouse_do (&server, insert, NULL);
}

static BvDatabase *
open_as (const char *user)
{
  return server_open (&server, BV_DB_CLICKHOUSE, user, "default");
}

static void
test_types (void)
{
  static const TypeCase cases[] = {
    { "UInt8", "255", "int", "255" },
    { "Int8", "-128", "int", "-128" },
    { "Int64", "-9223372036854775808", "int", "-9223372036854775808" },
    { "UInt64", "9223372036854775807", "int", "9223372036854775807" },
    { "UInt64", "18446744073709551615", "int", "-~18446744073709551615" },
    { "Float32", "0.1", "double", "0.1" },
    { "Float64", "0.1", "double", "0.1" },
    { "Float64", "1e300", "double", "1e+300" },
    { "Float64", "nan", "double", "-~NaN" },
    { "Float64", "-inf", "double", "-~-Infinity" },
    { "Decimal(9, 2)", "12.5", "double", "12.5" },
    { "Decimal(18, 0)", "'999999999999999999'", "int", "999999999999999999" },
    { "Decimal(38, 10)", "'1234567890123456789012345678.0123456789'", "double", "1.2345678901234569e+27~1234567890123456789012345678.0123456789" },
    { "Date", "'2024-02-29'", "date", "2024-02-29" },
    { "Date", "'0000-00-00'", "date", "-~0000-00-00" },
    { "DateTime", "'2024-07-01 12:00:00'", "timestamp", "2024-07-01 10:00:00" },
    { "DateTime('UTC')", "'2024-07-01 12:00:00'", "timestamp", "2024-07-01 12:00:00" },
    { "DateTime('America/New_York')", "'2024-01-01 12:00:00'", "timestamp", "2024-01-01 17:00:00" },
    { "Nullable(DateTime)", "'2024-07-01 12:00:00'", "timestamp", "2024-07-01 10:00:00" },
    { "Nullable(DateTime)", "NULL", "timestamp", "-" },
    { "String", "'Zoë 日本 🎉'", "text", "Zoë 日本 🎉" },
    { "String", "'tab\\tline\\nback\\\\quote\\'bell\\b'", "text", "tab\tline\nback\\quote'bell\b" },
    { "String", "''", "text", "" },
    { "String", "'\\\\N'", "text", "\\N" },
    { "String", "unhex('61FF0062')", "text", "a\xef\xbf\xbd␀b~61ff0062" },
    { "FixedString(6)", "'ab'", "text", "ab" },
    { "Nullable(String)", "NULL", "text", "-" },
    { "Nullable(UInt32)", "7", "int", "7" },
    { "LowCardinality(String)", "'x'", "text", "x" },
    { "LowCardinality(Nullable(String))", "NULL", "text", "-" },
    { "Enum8('a' = 1, 'b\\t' = -2)", "'b\\t'", "text", "b\t" },
    { "UUID", "'0a0b0c0d-0102-0304-0506-0708090a0bff'", "text", "0a0b0c0d-0102-0304-0506-0708090a0bff" },
    { "Array(Nullable(String))", "['a\\'b', NULL, '\\t']", "text", "['a\\'b',NULL,'\\t']" },
    { "Array(UInt8)", "[]", "text", "[]" },
    { "Tuple(UInt8, String)", "(1, 'x')", "text", "(1,'x')" },
    { "Float32", "inf", "double", "-~Infinity" },
    { "Float32", "16777217", "double", "16777216" },
    { "Float64", "1e-300", "double", "1e-300" },
    { "Decimal(38, 0)", "'12345678901234567890'", "int", "-~12345678901234567890" },
    { "Decimal(18, 18)", "'-0.000000000000000001'", "double", "-1e-18" },
    { "Nullable(Decimal(9, 2))", "NULL", "double", "-" },
    { "Date", "'2105-12-31'", "date", "2105-12-31" },
    { "Nullable(Date)", "NULL", "date", "-" },
    { "DateTime('UTC')", "'2105-12-31 23:59:59'", "timestamp", "2105-12-31 23:59:59" },
    { "FixedString(3)", "unhex('610062')", "text", "a␀b~610062" },
    { "Enum16('x' = -32768, 'y' = 32767)", "'y'", "text", "y" },
    { "Nullable(UUID)", "NULL", "text", "-" },
    { "Array(Array(Int8))", "[[1, -2], []]", "text", "[[1,-2],[]]" },
    { "Array(Date)", "['2024-02-29']", "text", "['2024-02-29']" },
  };
  g_autoptr (BvDatabase) db = open_as ("boss");

  if (db == NULL)
    return;
  assert_types (db, "default", cases, G_N_ELEMENTS (cases), " ENGINE = Memory", run);
}

/* --- What the server here is too old for, as newer ones write it */

static const struct { const char *native, *cell, *type, *expected; } new_types[] = {
  { "Bool", "true", "bool", "true" },
  { "Nullable(Bool)", "\\N", "bool", "-" },
  { "Int128", "-170141183460469231731687303715884105728", "int", "-~-170141183460469231731687303715884105728" },
  { "UInt256", "42", "int", "42" },
  { "Decimal(76, 20)", "12345678901234567890.00000000000000000001", "double", "1.2345678901234567e+19~12345678901234567890.00000000000000000001" },
  { "Decimal256(2)", "0.50", "double", "0.5" },
  { "Date32", "1900-01-01", "date", "1900-01-01" },
  { "Date32", "2299-12-31", "date", "2299-12-31" },
  { "DateTime64(3)", "2024-07-01 10:00:00.123", "timestamp", "2024-07-01 10:00:00.123" },
  { "DateTime64(3, 'Europe/Paris')", "1900-01-01 00:00:00.000", "timestamp", "1900-01-01 00:00:00" },
  { "DateTime64(9, 'UTC')", "2024-07-01 10:00:00.123456789", "timestamp", "2024-07-01 10:00:00.123456~2024-07-01 10:00:00.123456789" },
  { "DateTime64(9)", "2024-07-01 10:00:00.123456000", "timestamp", "2024-07-01 10:00:00.123456" },
  { "Nullable(DateTime64(6))", "\\N", "timestamp", "-" },
  { "LowCardinality(Nullable(DateTime))", "2024-07-01 10:00:00", "timestamp", "2024-07-01 10:00:00" },
  { "SimpleAggregateFunction(max, DateTime64(3))", "2024-07-01 10:00:00.500", "timestamp", "2024-07-01 10:00:00.5" },
  { "LowCardinality(FixedString(2))", "ab", "text", "ab" },
  { "IPv4", "10.0.0.1", "text", "10.0.0.1" },
  { "IPv6", "2001:db8::1", "text", "2001:db8::1" },
  { "UUID", "0a0b0c0d-0102-0304-0506-0708090a0bff", "text", "0a0b0c0d-0102-0304-0506-0708090a0bff" },
  { "Map(String, Array(UInt8))", "{'a\\'b':[1,2]}", "text", "{'a\\'b':[1,2]}" },
  { "Tuple(x Float64, y Nullable(String))", "(0.5,NULL)", "text", "(0.5,NULL)" },
  { "Point", "(1,2)", "text", "(1,2)" },
  { "JSON", "{\"a\":\"b\\\\n\"}", "text", "{\"a\":\"b\\n\"}" },
  { "Nullable(Nothing)", "\\N", "text", "-" },
};

static char *
new_answer (const char *request)
{
  GString *answer = g_string_new (NULL);
  gboolean describes = strstr (request, "DESCRIBE") != NULL;

  if (strstr (request, "SELECT version()") != NULL)
    g_string_append (answer, "24.8.1.1\n");
  else if (describes)
    for (guint i = 0; i < G_N_ELEMENTS (new_types); i++)
      {
        g_auto (GStrv) parts = g_strsplit (new_types[i].native, "'", -1);
        g_autofree char *native = g_strjoinv ("\\'", parts);

        g_string_append_printf (answer, "c%u\t%s\t\t\t\t\t\n", i, native);
      }
  else
    for (guint line = 0; line < 3; line++)
      {
        for (guint i = 0; i < G_N_ELEMENTS (new_types); i++)
          g_string_append_printf (answer, "%s\t", line == 2 ? new_types[i].cell : "head");
        g_string_append (answer, "bv\n");
      }
  return g_string_free (answer, FALSE);
}

static gpointer
serve_new (gpointer data)
{
  GSocketListener *listener = data;
  GSocketConnection *connection;

  while ((connection = g_socket_listener_accept (listener, NULL, g_object_get_data (data, "stop"), NULL)) != NULL)
    {
      GInputStream *in = g_io_stream_get_input_stream (G_IO_STREAM (connection));
      g_autoptr (GString) request = g_string_new (NULL);
      const char *body = NULL;
      char buf[4096];
      gssize n;

      while ((body == NULL || strlen (body) < g_ascii_strtoull (strstr (request->str, "Content-Length: ") + 16, NULL, 10)) &&
             (n = g_input_stream_read (in, buf, sizeof buf, NULL, NULL)) > 0)
        {
          g_string_append_len (request, buf, n);
          body = strstr (request->str, "\r\n\r\n");
          body = body != NULL ? body + 4 : NULL;
        }
      if (body != NULL)
        {
          g_autofree char *answer = new_answer (body);
          g_autofree char *whole = g_strdup_printf ("HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: %" G_GSIZE_FORMAT "\r\n\r\n%s",
                                                    strlen (answer), answer);

          g_output_stream_write_all (g_io_stream_get_output_stream (G_IO_STREAM (connection)), whole, strlen (whole), NULL, NULL, NULL);
        }
      g_io_stream_close (G_IO_STREAM (connection), NULL, NULL);
      g_object_unref (connection);
    }
  return NULL;
}

static void
test_new_types (void)
{
  g_auto (BvDbSettings) settings = { .kind = BV_DB_CLICKHOUSE };
  g_autoptr (GSocketListener) listener = g_socket_listener_new ();
  g_autoptr (GString) expected = g_string_new (NULL);
  g_autoptr (GCancellable) stop = g_cancellable_new ();
  g_autoptr (GPtrArray) columns = NULL;
  g_autoptr (BvDatabase) db = NULL;
  g_autoptr (GError) error = NULL;
  BvDbQuery query = { .schema = "d", .table = "t" };
  g_autofree char *got = NULL;
  GThread *thread;

  settings.port = g_socket_listener_add_any_inet_port (listener, NULL, &error);
  settings.host = g_strdup ("localhost");
  g_object_set_data (G_OBJECT (listener), "stop", stop);
  thread = g_thread_new ("new", serve_new, listener);
  db = open_database (&settings);
  columns = bv_database_list_columns (db, "d", "t", NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (columns->len, ==, G_N_ELEMENTS (new_types));
  for (guint i = 0; i < columns->len; i++)
    {
      BvDbColumn *column = columns->pdata[i];

      g_assert_cmpstr (column->native, ==, new_types[i].native);
      g_test_message ("%s", column->native);
      g_assert_cmpstr (bv_type_to_name (column->type), ==, new_types[i].type);
      g_string_append_printf (expected, "%s%s", i > 0 ? "|" : "", new_types[i].expected);
    }
  got = read_all (db, &query, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (got, ==, expected->str);
  g_cancellable_cancel (stop);
  g_thread_join (thread);
}

static void
test_catalogue (void)
{
  g_autoptr (BvDatabase) db = open_as ("reader");
  g_autofree char *tables = NULL;
  g_autoptr (GPtrArray) columns = NULL;
  g_autoptr (GError) error = NULL;
  BvDbQuery query = { .schema = "weird", .table = "Or'der `\\" };
  g_autofree char *rows = NULL;

  if (db == NULL)
    return;
  clickhouse_do (&server, "CREATE DATABASE weird", NULL);
  clickhouse_do (&server, "CREATE TABLE weird.`Or'der \\`\\\\` (d Date, id UInt64, `received at` DateTime, x Nullable(String)) ENGINE = MergeTree(d, id, 8192)", NULL);
  clickhouse_do (&server, "INSERT INTO weird.`Or'der \\`\\\\` VALUES ('2024-01-01', 1, '2024-07-01 12:00:00', 'y')", NULL);
  clickhouse_do (&server, "CREATE VIEW weird.v AS SELECT 1 AS one", NULL);
  tables = tables_text (db, "weird", TRUE);
  g_assert_cmpstr (tables, ==, "Or'der `\\ table 1 open;v view -1 open;");
  columns = bv_database_list_columns (db, "weird", query.table, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (bv_db_pick_cursor (columns)->name, ==, "received at");
  rows = read_all (db, &query, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (rows, ==, "2024-01-01|1|2024-07-01 10:00:00|y");
  query.table = "nothing";
  g_assert_null (read_all (db, &query, &error));
  g_assert_error (error, BV_DB_ERROR, BV_DB_ERROR_NOT_FOUND);
}

/* Only engines that keep one row for each sorting key give a key, and their rows come as if they were merged already. */
static void
test_keys (void)
{
  static const struct { const char *engine, *keys; } cases[] = {
    { "ReplacingMergeTree(v) ORDER BY (id, d)", "id 1 d 2" },
    { "ReplacingMergeTree(v) ORDER BY id", "id 1" },
    { "ReplacingMergeTree(v) ORDER BY (id, cityHash64(d))", "" },
    { "MergeTree ORDER BY (id, d)", "" },
    { "SummingMergeTree ORDER BY id", "" },
    { "Memory", "" },
  };
  g_autoptr (BvDatabase) db = open_as ("boss");

  if (db == NULL)
    return;
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *create = g_strdup_printf ("CREATE TABLE keys (d Date, id UInt64, v UInt32, x String) ENGINE = %s", cases[i].engine);
      g_autoptr (GString) keys = g_string_new (NULL);
      g_autoptr (GPtrArray) columns = NULL;
      g_autoptr (GError) error = NULL;
      BvDbQuery query = { .schema = "default", .table = "keys", .order = (const char *const[]){ "x", NULL } };
      g_autofree char *rows = NULL;

      clickhouse_do (&server, create, NULL);
      clickhouse_do (&server, "INSERT INTO keys VALUES ('2024-01-01', 1, 2, 'new')", NULL);
      clickhouse_do (&server, "INSERT INTO keys VALUES ('2024-01-01', 1, 1, 'old')", NULL);
      columns = bv_database_list_columns (db, "default", "keys", NULL, &error);
      g_assert_no_error (error);
      for (guint place = 1; place < 4; place++)
        for (guint c = 0; c < columns->len; c++)
          if (((BvDbColumn *) columns->pdata[c])->key == place)
            g_string_append_printf (keys, "%s%s %u", keys->len > 0 ? " " : "", ((BvDbColumn *) columns->pdata[c])->name, place);
      g_test_message ("%s", cases[i].engine);
      g_assert_cmpstr (keys->str, ==, cases[i].keys);
      rows = read_all (db, &query, &error);
      g_assert_no_error (error);
      if (keys->len > 0)
        g_assert_cmpstr (rows, ==, "2024-01-01|1|2|new");
      else
        g_assert_true (g_str_has_prefix (rows, "2024-01-01|1|"));
      clickhouse_do (&server, "DROP TABLE keys", NULL);
    }
}

/* A pass that was broken off goes on behind its last row, whatever the key is of. */
static void
test_going_on (void)
{
  static const KeyCase keys[] = {
    { "String", "('a'), ('B'), ('é'), (''), ('it\\'s'), ('z\\\\'), ('tab\\t')" },
    { "FixedString(3)", "('a'), ('ab'), ('b'), ('')" },
    { "UUID", "('0a0b0c0d-0102-0304-0506-0708090a0bff'), ('ff0b0c0d-0102-0304-0506-0708090a0b00')" },
    { "Enum8('small' = 1, 'medium' = 2, 'large' = 3)", "('large'), ('small'), ('medium')" },
    { "Decimal(18, 4)", "(-1.5), (0.0001), (2), (10)" },
    { "Float32", "(0.1), (0.2), (-0.3)" },
    { "Float64", "(0.1), (0.2), (-3), (1e300)" },
    { "Date", "('2024-01-01'), ('1970-01-02'), ('2105-12-31')" },
    { "DateTime", "('2024-01-01 10:00:00'), ('2024-01-01 10:00:01')" },
    { "UInt64", "(0), (9223372036854775807), (7)" },
    { "Int8", "(-128), (127), (0)" },
  };
  g_autoptr (BvDatabase) db = open_as ("boss");

  if (db == NULL)
    return;
  assert_keys (db, "default", keys, G_N_ELEMENTS (keys), ") ENGINE = Memory", run);
}

static void
test_cursor (void)
{
  g_autoptr (BvDatabase) db = open_as ("boss");

  if (db == NULL)
    return;
  clickhouse_do (&server, "CREATE TABLE changes (id String, at Nullable(DateTime), n UInt8) ENGINE = Memory", NULL);
  clickhouse_do (&server, "INSERT INTO changes SELECT concat('k', toString(number + 1)), if(number = 8, NULL, toDateTime('2024-05-01 12:00:00', 'UTC') + intDiv(number + 1, 3) "
           "* 86400), number FROM system.numbers LIMIT 9", NULL);
  assert_cursor (db, "default", "", FALSE, "k8' OR 1=1 --\\");
}

static void
test_sql (void)
{
  static const struct { const char *sql; int code; } bad[] = {
    { "DROP TABLE changes", BV_DB_ERROR_SQL },
    { "SELECT 1; DROP TABLE changes", BV_DB_ERROR_SQL },
    { "SELECT n FROM nothing", BV_DB_ERROR_NOT_FOUND },
    { "SELECT nothing FROM changes", BV_DB_ERROR_NOT_FOUND },
    { "SELECT throwIf(1)", BV_DB_ERROR_SQL },
  };
  g_autoptr (BvDatabase) db = open_as ("boss");
  g_autoptr (GError) error = NULL;
  BvDbQuery query = { .sql = "SELECT number, throwIf(number = 3000000) FROM system.numbers LIMIT 10000000" };
  BvDbRows *rows;
  const BvDbBatch *batch;
  gint64 n = 0;

  if (db == NULL)
    return;
  for (guint i = 0; i < G_N_ELEMENTS (bad); i++)
    assert_refuses (db, bad[i].sql, bad[i].code);
  assert_rows (db, " SELECT 1 AS a, 'it\\'s;' AS b ; -- done", "1|it's;");
  assert_rows (db, "SELECT 'Code: 1. DB::Exception: no' AS a, 'bv' AS b", "Code: 1. DB::Exception: no|bv");
  assert_rows (db, "SELECT 1 AS a FROM changes LIMIT 0", "");
  /* What fails after millions of good rows is an error, not an end. */
  rows = bv_database_query (db, &query, NULL, &error);
  g_assert_no_error (error);
  while (bv_db_rows_next (rows, &batch, &error) && batch != NULL)
    n += batch->n_rows;
  g_test_message ("%s", error != NULL ? error->message : "no error");
  g_assert_error (error, BV_DB_ERROR, BV_DB_ERROR_SQL);
  g_assert_cmpint (n, <=, 3000000);
  bv_db_rows_free (rows);
  assert_rows (db, "SELECT 1", "1");
}

static void
test_login (void)
{
  if (!server_skips (&server))
    assert_login (&server, settings_for ("boss"));
}

static void
test_tls (void)
{
  g_auto (BvDbSettings) settings = { 0 };

  if (server_skips (&server))
    return;
  if (server_fact (&server, "ca") == NULL || !g_tls_backend_supports_tls (g_tls_backend_get_default ()))
    {
      g_test_skip ("there is no TLS");
      return;
    }
  settings = settings_for ("boss");
  settings.port = (guint) g_ascii_strtoull (server_fact (&server, "tls-port"), NULL, 10);
  assert_tls (&server, settings);
  settings = settings_for ("boss");
  /* A plain port refuses a greeting of TLS, or, by the random bytes in it, takes it for a line that is not complete. */
  settings.tls = BV_TLS_REQUIRED;
  settings.timeout = 1;
  for (guint i = 0; i < 8; i++)
    {
      g_autoptr (GError) problem = NULL;

      g_assert_null (bv_database_open (&settings, NULL, &problem));
      g_test_message ("%s", problem->message);
      g_assert_cmpint (problem->domain, ==, BV_DB_ERROR);
    }
}

/* Somebody who accepts connections and says nothing. */
static void
test_silent (void)
{
  g_auto (BvDbSettings) settings = { .kind = BV_DB_CLICKHOUSE };
  g_autoptr (GSocketListener) listener = g_socket_listener_new ();
  g_autoptr (GError) error = NULL;

  settings.port = g_socket_listener_add_any_inet_port (listener, NULL, &error);
  g_assert_no_error (error);
  settings.host = g_strdup ("localhost");
  settings.timeout = 1;
  for (guint tls = 0; tls < 2; tls++)
    {
      settings.tls = tls ? BV_TLS_REQUIRED : BV_TLS_OFF;
      g_assert_null (bv_database_open (&settings, NULL, &error));
      g_assert_error (error, BV_DB_ERROR, BV_DB_ERROR_UNREACHABLE);
      g_clear_error (&error);
    }
}

static void
test_cancel (void)
{
  if (!server_skips (&server))
    assert_cancels (settings_for ("boss"), "SELECT count() AS n FROM system.numbers WHERE sipHash64(number) = 42",
                    "SELECT number AS n, 'xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx' AS x FROM system.numbers",
                    "SELECT count() AS n FROM system.processes WHERE query LIKE 'SELECT q.%' AND query NOT LIKE '%system.processes%'");
}

int
main (int argc, char **argv)
{
  int result;

  g_test_init (&argc, &argv, NULL);
  server_start (&server, "clickhouse");
  g_test_add_func ("/clickhouse/types", test_types);
  g_test_add_func ("/clickhouse/new-types", test_new_types);
  g_test_add_func ("/clickhouse/catalogue", test_catalogue);
  g_test_add_func ("/clickhouse/keys", test_keys);
  g_test_add_func ("/clickhouse/going-on", test_going_on);
  g_test_add_func ("/clickhouse/cursor", test_cursor);
  g_test_add_func ("/clickhouse/sql", test_sql);
  g_test_add_func ("/clickhouse/login", test_login);
  g_test_add_func ("/clickhouse/tls", test_tls);
  g_test_add_func ("/clickhouse/silent", test_silent);
  g_test_add_func ("/clickhouse/cancel", test_cancel);
  result = g_test_run ();
  server_stop (&server);
  return result;
}
