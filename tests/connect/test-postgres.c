/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Reading from PostgreSQL: types, keys, cursors, errors, cancelling, TLS. The server is one of the test's own. */
#include "database-owner.h"

static Server server;

static BvDbSettings
settings_for (const char *user)
{
  return server_settings (&server, BV_DB_POSTGRESQL, user, "postgres");
}

static void
run (const char *create, const char *insert)
{
  postgres_do (&server, "postgres", create);
  postgres_do (&server, "postgres", insert);
}

static BvDatabase *
open_as (const char *user)
{
  return server_open (&server, BV_DB_POSTGRESQL, user, "postgres");
}

static void
test_types (void)
{
  static const struct { const char *sql, *type, *native, *expected; } cases[] = {
    { "true", "bool", "boolean", "true" },
    { "'-32768'::int2", "int", "smallint", "-32768" },
    { "2147483647", "int", "integer", "2147483647" },
    { "'-9223372036854775808'::int8", "int", "bigint", "-9223372036854775808" },
    { "4294967295::oid", "int", "oid", "4294967295" },
    { "0.1::float4", "double", "real", "0.1" },
    { "16777216::float4", "double", "real", "16777216" },
    { "0.1::float8", "double", "double precision", "0.1" },
    { "'NaN'::float8", "double", "double precision", "-~NaN" },
    { "'-Infinity'::float4", "double", "real", "-~-Infinity" },
    { "12.50::numeric(10,2)", "double", "numeric(10,2)", "12.5" },
    { "-0.0001::numeric", "double", "numeric", "-0.0001" },
    { "123456789012345.678::numeric", "double", "numeric", "123456789012345.67~123456789012345.678" },
    { "0.1234567890123456::numeric", "double", "numeric", "0.1234567890123456" },
    { "1e40::numeric", "double", "numeric", "1e+40" },
    { "(1e40 + 1)::numeric", "double", "numeric", "1e+40~10000000000000000000000000000000000000001" },
    { "'NaN'::numeric", "double", "numeric", "-~NaN" },
    { "9999999999999999::numeric(20,0)", "int", "numeric(20,0)", "9999999999999999" },
    { "99999999999999999999::numeric(20,0)", "int", "numeric(20,0)", "-~99999999999999999999" },
    { "0::numeric", "double", "numeric", "0" },
    { "1000000::numeric", "double", "numeric", "1000000" },
    { "0.00000000000000000001::numeric", "double", "numeric", "1e-20" },
    { "'12.34'::money", "double", "money", "12.34" },
    { "DATE '2024-02-29'", "date", "date", "2024-02-29" },
    { "DATE '0001-01-01'", "date", "date", "0001-01-01" },
    { "DATE '9999-12-31'", "date", "date", "9999-12-31" },
    { "DATE '10000-01-01'", "date", "date", "-~+010000-01-01" },
    { "DATE '0044-03-15 BC'", "date", "date", "-~-000043-03-15" },
    { "'infinity'::date", "date", "date", "-~infinity" },
    { "TIMESTAMP '2024-01-31 23:59:59.999999'", "timestamp", "timestamp without time zone", "2024-01-31 23:59:59.999999" },
    { "TIMESTAMPTZ '2024-01-31 23:59:59+05:30'", "timestamp", "timestamp with time zone", "2024-01-31 18:29:59" },
    { "TIMESTAMP '1969-12-31 23:59:59.5'", "timestamp", "timestamp without time zone", "1969-12-31 23:59:59.5" },
    { "'-infinity'::timestamptz", "timestamp", "timestamp with time zone", "-~-infinity" },
    { "TIMESTAMP '294276-12-31 23:59:59'", "timestamp", "timestamp without time zone", "-~+294276-12-31 23:59:59" },
    { "TIME '23:59:59.5'", "text", "time without time zone", "23:59:59.5" },
    { "TIMETZ '10:00+02'", "text", "time with time zone", "10:00:00+02" },
    { "INTERVAL '1 year 2 days 03:04:05.6'", "text", "interval", "P1Y2DT3H4M5.6S" },
    { "'0a0b0c0d-0102-0304-0506-0708090a0bff'::uuid", "text", "uuid", "0a0b0c0d-0102-0304-0506-0708090a0bff" },
    { "'{\"a\": [1, 2.50]}'::json", "text", "json", "{\"a\": [1, 2.50]}" },
    { "'{\"b\":1,\"a\":null}'::jsonb", "text", "jsonb", "{\"a\": null, \"b\": 1}" },
    { "ARRAY[1,NULL,3]", "text", "integer[]", "{1,NULL,3}" },
    { "ARRAY['a,b','\"c\"']", "text", "text[]", "{\"a,b\",\"\\\"c\\\"\"}" },
    { "'\\x00ff10'::bytea", "text", "bytea", "00ff10" },
    { "''::bytea", "text", "bytea", "" },
    { "'b'::mood", "text", "mood", "b" },
    { "B'0101'::bit(4)", "text", "bit(4)", "0101" },
    { "B'1'::varbit", "text", "bit varying", "1" },
    { "'10.0.0.1'::inet", "text", "inet", "10.0.0.1" },
    { "'10.0.0.0/8'::cidr", "text", "cidr", "10.0.0.0/8" },
    { "'08:00:2b:01:02:03'::macaddr", "text", "macaddr", "08:00:2b:01:02:03" },
    { "'ab'::char(5)", "text", "character(5)", "ab" },
    { "'x'::\"char\"", "text", "\"char\"", "x" },
    { "'a b'::varchar(9)", "text", "character varying(9)", "a b" },
    { "'Zoë 日本 🎉 a\xcc\x81'::text", "text", "text", "Zoë 日本 🎉 a\xcc\x81" },
    { "''::text", "text", "text", "" },
    { "E'tab\\tline\\nback\\\\'::text", "text", "text", "tab\tline\nback\\" },
    { "int4range(1, 5)", "text", "int4range", "[1,5)" },
    { "point(1, 2)", "text", "point", "(1,2)" },
    { "ROW(1, 'a')::pair", "text", "pair", "(1,a)" },
    { "7::positive", "int", "integer", "7" },
    { "'<a/>'::xml", "text", "xml", "<a/>" },
    { "'Infinity'::numeric", "double", "numeric", "-~Infinity" },
    { "'-Infinity'::numeric", "double", "numeric", "-~-Infinity" },
    { "-1.5e300::numeric", "double", "numeric", "-1.5e+300" },
    { "'-9999.9999'::numeric(8,4)", "double", "numeric(8,4)", "-9999.9999" },
    { "12345::numeric(6,-2)", "int", "numeric(6,-2)", "12300" },
    { "'-12.34'::money", "double", "money", "-12.34" },
    { "'-0'::float8", "double", "double precision", "-0" },
    { "DATE '5874897-12-31'", "date", "date", "-~+5874897-12-31" },
    { "DATE '4713-01-01 BC'", "date", "date", "-~-004712-01-01" },
    { "'-infinity'::date", "date", "date", "-~-infinity" },
    { "'infinity'::timestamp", "timestamp", "timestamp without time zone", "-~infinity" },
    { "TIMESTAMP '0044-03-15 12:00:00.5 BC'", "timestamp", "timestamp without time zone", "-~-000043-03-15 12:00:00.5" },
    { "TIMESTAMPTZ '0001-01-01 00:00:00+01'", "timestamp", "timestamp with time zone", "-~0000-12-31 23:00:00" },
    { "TIMESTAMPTZ '9999-12-31 23:59:59.999999-01'", "timestamp", "timestamp with time zone", "-~+010000-01-01 00:59:59.999999" },
    { "'2024-01-31 10:00:00.123456'::timestamp(3)", "timestamp", "timestamp(3) without time zone", "2024-01-31 10:00:00.123" },
    { "TIME '24:00:00'", "text", "time without time zone", "24:00:00" },
    { "TIMETZ '10:00:00.123456-03:30'", "text", "time with time zone", "10:00:00.123456-03:30" },
    { "INTERVAL '-1 month +2 days -03:00:00.5'", "text", "interval", "P-1M2DT-3H-0.5S" },
    { "INTERVAL '0'", "text", "interval", "PT0S" },
    { "INTERVAL '178000000 years'", "text", "interval", "P178000000Y" },
    { "ARRAY[[1,2],[3,4]]", "text", "integer[]", "{{1,2},{3,4}}" },
    { "'[2:3]={1,2}'::int[]", "text", "integer[]", "[2:3]={1,2}" },
    { "'{}'::text[]", "text", "text[]", "{}" },
    { "ARRAY['\\x00ff'::bytea]", "text", "bytea[]", "{\"\\\\x00ff\"}" },
    { "ARRAY[TIMESTAMPTZ '2024-07-01 10:00+02']", "text", "timestamp with time zone[]", "{\"2024-07-01 08:00:00+00\"}" },
    { "ARRAY['b','a']::mood[]", "text", "mood[]", "{b,a}" },
    { "ARRAY[1.50, NULL]::numeric[]", "text", "numeric[]", "{1.50,NULL}" },
    { "ARRAY['{\"a\":1}'::json]", "text", "json[]", "{\"{\\\"a\\\":1}\"}" },
    { "numrange(1.5, NULL)", "text", "numrange", "[1.5,)" },
    { "'empty'::int8range", "text", "int8range", "empty" },
    { "daterange('2024-01-01', '2024-02-01', '[]')", "text", "daterange", "[2024-01-01,2024-02-02)" },
    { "tstzrange('2024-01-01 00:00+01', '2024-01-02 00:00+01')", "text", "tstzrange", "[\"2023-12-31 23:00:00+00\",\"2024-01-01 23:00:00+00\")" },
    { "'{[1,3),[5,8)}'::int4multirange", "text", "int4multirange", "{[1,3),[5,8)}" },
    { "'true'::jsonb", "text", "jsonb", "true" },
    { "'12345678901234567890.123'::jsonb", "text", "jsonb", "12345678901234567890.123" },
    { "'null'::json", "text", "json", "null" },
    { "B''::varbit(8)", "text", "bit varying(8)", "" },
    { "B'1'::bit(1)", "text", "bit(1)", "1" },
    { "'10.0.0.1/24'::inet", "text", "inet", "10.0.0.1/24" },
    { "'fe80::1'::inet", "text", "inet", "fe80::1" },
    { "'08:00:2b:01:02:03:04:05'::macaddr8", "text", "macaddr8", "08:00:2b:01:02:03:04:05" },
    { "'a fat cat'::tsvector", "text", "tsvector", "'a' 'cat' 'fat'" },
    { "'fat & cat'::tsquery", "text", "tsquery", "'fat' & 'cat'" },
    { "'$.a[*]'::jsonpath", "text", "jsonpath", "$.\"a\"[*]" },
    { "'pg_class'::regclass", "text", "regclass", "pg_class" },
    { "'16/B374D848'::pg_lsn", "text", "pg_lsn", "16/B374D848" },
    { "'[(0,0),(1,1)]'::lseg", "text", "lseg", "[(0,0),(1,1)]" },
    { "'<(1,2),3.5>'::circle", "text", "circle", "<(1,2),3.5>" },
    { "'((0,0),(1,1),(2,0))'::polygon", "text", "polygon", "((0,0),(1,1),(2,0))" },
    { "ROW(NULL, 'a,b')::pair", "text", "pair", "(,\"a,b\")" },
    { "'name'::name", "text", "name", "name" },
    { "NULL::int[]", "text", "integer[]", "-" },
    { "NULL::numeric", "double", "numeric", "-" },
    { "NULL::int", "int", "integer", "-" },
    { "NULL", "text", "text", "-" },
  };
  g_autoptr (BvDatabase) db = open_as ("postgres");
  g_autoptr (GString) all = g_string_new ("CREATE TABLE all_types AS SELECT ");
  g_autoptr (GString) expected = g_string_new (NULL);
  BvDbQuery query = { .schema = "public", .table = "all_types" };
  g_autofree char *text = NULL;
  g_autoptr (GError) error = NULL;

  if (db == NULL)
    return;
  postgres_do (&server, "postgres", "CREATE TYPE mood AS ENUM ('a', 'b'); CREATE TYPE pair AS (n int, t text); CREATE DOMAIN positive AS int CHECK (VALUE > 0)");
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *sql = g_strdup_printf ("SELECT %s AS x", cases[i].sql);
      g_autofree char *got = read_sql (db, sql);
      g_autoptr (GPtrArray) columns = bv_database_describe_sql (db, sql, NULL, &error);
      BvDbColumn *column;

      g_assert_no_error (error);
      column = columns->pdata[0];
      g_test_message ("%s", cases[i].sql);
      g_assert_cmpstr (got, ==, cases[i].expected);
      g_assert_cmpstr (bv_type_to_name (column->type), ==, cases[i].type);
      g_assert_cmpstr (column->native, ==, cases[i].native);
      g_string_append_printf (all, "%s%s AS c%u", i > 0 ? ", " : "", cases[i].sql, i);
      g_string_append_printf (expected, "%s%s", i > 0 ? "|" : "", cases[i].expected);
    }
  /* And all of them as the columns of one table. */
  postgres_do (&server, "postgres", all->str);
  text = read_all (db, &query, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (text, ==, expected->str);
}

static void
test_nulls_and_width (void)
{
  g_autoptr (BvDatabase) db = open_as ("postgres");
  g_autoptr (BvDbRows) rows = NULL;
  g_autoptr (GError) error = NULL;
  BvDbQuery query = { .sql = "SELECT g, CASE WHEN g % 3 = 0 THEN NULL ELSE repeat('x', g % 5000) END, g::numeric / 7 FROM generate_series(1, 20000) g" };
  const BvDbBatch *batch;
  gint64 n = 0;

  if (db == NULL)
    return;
  rows = bv_database_query (db, &query, NULL, &error);
  g_assert_no_error (error);
  while (bv_db_rows_next (rows, &batch, &error) && batch != NULL)
    {
      g_assert_cmpuint (batch->n_rows, <=, 2048);
      for (guint r = 0; r < batch->n_rows; r++)
        {
          const BvValue *value = &batch->values[r * 3];

          n++;
          g_assert_cmpint (value[0].i, ==, n);
          g_assert_cmpint (value[1].type, ==, n % 3 == 0 ? BV_TYPE_NULL : BV_TYPE_TEXT);
          if (n % 3 != 0)
            g_assert_cmpuint (strlen (value[1].s), ==, n % 5000);
          g_assert_cmpfloat_with_epsilon (value[2].d, (double) n / 7, 1e-9);
        }
    }
  g_assert_no_error (error);
  g_assert_cmpint (n, ==, 20000);
  /* One long cell among short ones. */
  g_clear_pointer (&rows, bv_db_rows_free);
  assert_rows (db, "SELECT length(repeat('ä', 3000000)), octet_length(x) FROM (SELECT repeat('ä', 3000000) AS x) t", "3000000|6000000");
  query.sql = "SELECT repeat('ä', 3000000), 1 UNION ALL SELECT 'b', 2";
  rows = bv_database_query (db, &query, NULL, &error);
  g_assert_no_error (error);
  g_assert_true (bv_db_rows_next (rows, &batch, &error));
  g_assert_cmpuint (strlen (batch->values[0].s), ==, 6000000);
}

static void
test_catalogue (void)
{
  g_autoptr (BvDatabase) db = NULL;
  g_autofree char *tables = NULL;
  g_autoptr (GPtrArray) columns = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *text = NULL;
  BvDbQuery query = { .schema = "we\"ird", .table = "Or'der \\s" };
  g_autofree char *rows = NULL;

  if (server_skips (&server))
    return;
  postgres_do (&server, "postgres", "CREATE SCHEMA \"we\"\"ird\"; CREATE TABLE \"we\"\"ird\".\"Or'der \\s\" (b int, a text, \"Updated At\" timestamptz NOT NULL DEFAULT now(),"
        " created date, secret text, PRIMARY KEY (a, b)); INSERT INTO \"we\"\"ird\".\"Or'der \\s\" VALUES (1, 'x', '2024-01-01', '2024-01-01', 's');"
        " CREATE VIEW \"we\"\"ird\".v AS SELECT 1 AS one; CREATE TABLE \"we\"\"ird\".closed (i int);"
        " CREATE TABLE \"we\"\"ird\".parts (d date NOT NULL, n int) PARTITION BY RANGE (d);"
        " CREATE TABLE \"we\"\"ird\".parts_1 PARTITION OF \"we\"\"ird\".parts FOR VALUES FROM ('2024-01-01') TO ('2025-01-01');"
        " CREATE TABLE \"we\"\"ird\".uniq (id bigint NOT NULL UNIQUE, n int UNIQUE); ANALYZE \"we\"\"ird\".\"Or'der \\s\";"
        " CREATE ROLE reader LOGIN PASSWORD 'secret'; GRANT USAGE ON SCHEMA \"we\"\"ird\" TO reader;"
        " GRANT SELECT (a, b, \"Updated At\", created) ON \"we\"\"ird\".\"Or'der \\s\" TO reader; GRANT SELECT ON \"we\"\"ird\".v, \"we\"\"ird\".uniq TO reader");
  db = open_as ("reader");
  tables = tables_text (db, "we\"ird", TRUE);
  g_assert_cmpstr (tables, ==, "Or'der \\s table 1 open;closed table -1 closed;parts table -1 closed;uniq table -1 open;v view -1 open;");
  text = columns_text (db, "we\"ird", query.table);
  g_assert_cmpstr (text, ==, "b integer 2 0 1;a text 1 0 0;Updated At timestamp with time zone 0 0 4;created date 0 1 3;");
  columns = bv_database_list_columns (db, "we\"ird", query.table, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (bv_db_pick_cursor (columns)->name, ==, "Updated At");
  rows = read_all (db, &query, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (rows, ==, "1|x|2024-01-01 00:00:00|2024-01-01");
  g_free (text);
  text = columns_text (db, "we\"ird", "uniq");
  g_assert_cmpstr (text, ==, "id bigint 1 0 2;n integer 0 1 1;");
  query.table = "closed";
  g_assert_null (read_all (db, &query, &error));
  g_assert_error (error, BV_DB_ERROR, BV_DB_ERROR_PERMISSION);
  g_clear_error (&error);
  query.table = "nothing";
  g_assert_null (read_all (db, &query, &error));
  g_assert_error (error, BV_DB_ERROR, BV_DB_ERROR_NOT_FOUND);
}

static void
test_cursor (void)
{
  g_autoptr (BvDatabase) db = open_as ("postgres");
  BvDbQuery query = { .sql = "SELECT id, at, 1 AS id FROM changes -- the end;", .cursor = "at", .order = (const char *const[]){ "at", "id", NULL }, .limit = 1,
                      .columns = (const char *const[]){ "id", "at", NULL } };
  g_autoptr (GError) error = NULL;
  g_autofree char *text = NULL;

  if (db == NULL)
    return;
  postgres_do (&server, "postgres", "CREATE TABLE changes (id text PRIMARY KEY, at timestamptz, n int); INSERT INTO changes SELECT 'k' || i, "
        "CASE WHEN i = 9 THEN NULL ELSE timestamptz '2024-05-01 12:00:00.000001+00' + (i / 3) * interval '1 day' END, i FROM generate_series(1, 9) i");
  assert_cursor (db, "public", ".000001", FALSE, "k' OR true --\\");
  /* Of a query. */
  g_assert_true (bv_timestamp_parse ("2024-05-02 12:00:00.000001", -1, &query.from.i, NULL));
  query.from.type = BV_TYPE_TIMESTAMP;
  text = read_all (db, &query, &error);
  g_assert_no_error (error);
  g_assert_true (g_str_has_prefix (text, "k3|"));
}

/* A pass that was broken off goes on behind its last row, whatever the key is of. */
static void
test_keys (void)
{
  static const KeyCase keys[] = {
    { "bytea", "('\\x'), ('\\x00'), ('\\x30'), ('\\x3130'), ('\\x61ff'), ('\\xff')" },
    { "uuid", "('0a0b0c0d-0102-0304-0506-0708090a0bff'), ('ff0b0c0d-0102-0304-0506-0708090a0b00')" },
    { "size", "('large'), ('small'), ('medium')" },
    { "numeric", "(-1.5), (0.00000000000000000001), (2), (10), (1e40)" },
    { "money", "(1.5), (-2), (10)" },
    { "float4", "(0.1), (0.2), (-3)" },
    { "float8", "(0.1), (0.2), (-3), (1e300)" },
    { "boolean", "(true), (false)" },
    { "oid", "(1), (4294967295)" },
    { "\"char\"", "('a'), ('b')" },
    { "name", "('a'), ('B'), ('z')" },
    { "char(5)", "('a'), ('ab'), ('b')" },
    { "text", "('a'), ('B'), ('é'), (''), (''''), (E'z\\\\')" },
    { "date", "('2024-01-01'), ('0001-01-01'), ('9999-12-31')" },
    { "timestamp", "('2024-01-01 10:00:00.000001'), ('2024-01-01 10:00:00.000002'), ('1969-12-31')" },
    { "timestamptz", "('2024-01-01 10:00:00.000001+02'), ('2024-01-01 10:00:00.000001+01')" },
    { "timetz", "('10:00+02'), ('10:00+01')" },
    { "interval", "('1 day'), ('25 hours'), ('-1 month')" },
    { "inet", "('10.0.0.1'), ('10.0.0.0/8'), ('9.0.0.1'), ('::1')" },
    { "macaddr", "('08:00:2b:01:02:03'), ('ff:00:2b:01:02:03')" },
    { "bit(4)", "(B'0101'), (B'1000')" },
    { "varbit", "(B''), (B'1'), (B'01'), (B'010')" },
    { "int4range", "('[1,5)'), ('[0,9)'), ('empty')" },
    { "text[]", "('{}'), ('{a}'), ('{\"a,b\"}'), ('{a,b}')" },
    { "jsonb", "('1'), ('\"a\"'), ('{\"a\": 1}')" },
  };
  g_autoptr (BvDatabase) db = open_as ("postgres");

  if (db == NULL)
    return;
  postgres_do (&server, "postgres", "CREATE TYPE size AS ENUM ('small', 'medium', 'large')");
  assert_keys (db, "public", keys, G_N_ELEMENTS (keys), " PRIMARY KEY)", run);
}

static void
test_sql (void)
{
  static const struct { const char *sql; int code; } bad[] = {
    { "", BV_DB_ERROR_SQL },
    { "-- nothing", BV_DB_ERROR_SQL },
    { "DELETE FROM changes", BV_DB_ERROR_SQL },
    { "SELECT 1; DROP TABLE all_types", BV_DB_ERROR_SQL },
    { "SELECT 1) TO STDOUT; DROP TABLE all_types; COPY (SELECT 1", BV_DB_ERROR_SQL },
    { "WITH d AS (DELETE FROM changes RETURNING 1) SELECT 1", BV_DB_ERROR_SQL },
    { "SELECT nextval('s')", BV_DB_ERROR_SQL },
    { "SELECT 1/0", BV_DB_ERROR_SQL },
    { "SELECT nothing FROM changes", BV_DB_ERROR_NOT_FOUND },
    { "SELEC 1", BV_DB_ERROR_SQL },
  };
  g_autoptr (BvDatabase) db = open_as ("postgres");

  if (db == NULL)
    return;
  postgres_do (&server, "postgres", "CREATE SEQUENCE s");
  for (guint i = 0; i < G_N_ELEMENTS (bad); i++)
    assert_refuses (db, bad[i].sql, bad[i].code);
  /* The connection can be used after each of them. */
  assert_rows (db, " (SELECT 1 AS a, 2 AS a) ; -- done", "1|2");
  assert_rows (db, "TABLE changes LIMIT 0", "");
  assert_rows (db, "WITH t AS (SELECT 'it''s;' AS x) SELECT x FROM t;", "it's;");
}

static void
test_login (void)
{
  if (!server_skips (&server))
    assert_login (&server, settings_for ("postgres"));
}

static void
test_tls (void)
{
  if (!server_skips (&server))
    assert_tls (&server, settings_for ("postgres"));
}

static void
test_cancel (void)
{
  if (!server_skips (&server))
    assert_cancels (settings_for ("postgres"), "SELECT pg_sleep(600)",
                    "SELECT generate_series(1, 1000000000) AS g, repeat('x', 100)",
                    "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'belvedere' AND state = 'active' AND pid <> pg_backend_pid()");
}

/* Somebody alters the table, for a minute at most: who asks for its columns need not wait for that. */
static void
test_locked (void)
{
  g_autoptr (BvDatabase) db = open_as ("postgres");
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GError) error = NULL;
  PGconn *conn;
  GThread *thread;

  if (db == NULL)
    return;
  postgres_do (&server, "postgres", "CREATE TABLE locked (i int)");
  conn = postgres_connect (&server, "postgres");
  PQclear (PQexec (conn, "SET idle_in_transaction_session_timeout = 60000; BEGIN; LOCK TABLE locked IN ACCESS EXCLUSIVE MODE"));
  g_assert_cmpint (PQtransactionStatus (conn), ==, PQTRANS_INTRANS);
  thread = g_thread_new ("cancel", cancel_soon, cancellable);
  g_assert_null (bv_database_list_columns (db, "public", "locked", cancellable, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_thread_join (thread);
  PQclear (PQexec (conn, "SELECT 1"));
  g_assert_cmpint (PQtransactionStatus (conn), ==, PQTRANS_INTRANS);
  PQfinish (conn);
  assert_rows (db, "SELECT 1", "1");
}

static void
kill_all (const BvDbBatch *batch)
{
  postgres_do (&server, "postgres", "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'belvedere'");
}

static void
test_lost (void)
{
  g_autoptr (BvDatabase) db = open_as ("postgres");

  if (db != NULL)
    assert_lost (db, "SELECT generate_series(1, 1000000000) AS g, repeat('x', 100)", kill_all);
}

int
main (int argc, char **argv)
{
  int result;

  g_test_init (&argc, &argv, NULL);
  server_start (&server, "postgresql");
  g_test_add_func ("/postgres/types", test_types);
  g_test_add_func ("/postgres/nulls-and-width", test_nulls_and_width);
  g_test_add_func ("/postgres/catalogue", test_catalogue);
  g_test_add_func ("/postgres/cursor", test_cursor);
  g_test_add_func ("/postgres/keys", test_keys);
  g_test_add_func ("/postgres/sql", test_sql);
  g_test_add_func ("/postgres/login", test_login);
  g_test_add_func ("/postgres/tls", test_tls);
  g_test_add_func ("/postgres/cancel", test_cancel);
  g_test_add_func ("/postgres/locked", test_locked);
  g_test_add_func ("/postgres/lost", test_lost);
  result = g_test_run ();
  server_stop (&server);
  return result;
}
