/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Reading from MariaDB: types, keys, cursors, errors, cancelling, TLS. The server is one of the test's own. */
#include "database-owner.h"

static Server server;

static BvDbSettings
settings_for (const char *user)
{
  return server_settings (&server, BV_DB_MARIADB, user, "shop");
}

static void
run (const char *create, const char *insert)
{
  mariadb_do (&server, "SET time_zone = '+02:00'", "SET sql_mode = ''", create, insert, NULL);
}

static BvDatabase *
open_as (const char *user)
{
  return server_open (&server, BV_DB_MARIADB, user, "shop");
}

static void
test_types (void)
{
  static const TypeCase cases[] = {
    { "tinyint(1)", "1", "bool", "true" },
    { "tinyint(1)", "7", "bool", "-~7" },
    { "tinyint(4)", "-128", "int", "-128" },
    { "smallint(5) unsigned", "65535", "int", "65535" },
    { "mediumint(9)", "-8388608", "int", "-8388608" },
    { "int(10) unsigned zerofill", "42", "int", "42" },
    { "bigint(20)", "-9223372036854775808", "int", "-9223372036854775808" },
    { "bigint(20) unsigned", "9223372036854775807", "int", "9223372036854775807" },
    { "bigint(20) unsigned", "18446744073709551615", "int", "-~18446744073709551615" },
    { "float", "0.1", "double", "0.1" },
    { "float", "16777217", "double", "16777216" },
    { "float", "-3.4028235e38", "double", "-3.4028235e+38" },
    { "double", "0.1", "double", "0.1" },
    { "double", "2.2250738585072014e-308", "double", "2.2250738585072014e-308" },
    { "decimal(10,2)", "12.50", "double", "12.5" },
    { "decimal(18,0)", "-999999999999999999", "int", "-999999999999999999" },
    { "decimal(30,10)", "12345678901234567890.1234567890", "double", "1.2345678901234567e+19~12345678901234567890.1234567890" },
    { "decimal(65,0)", "99999999999999999999", "int", "-~99999999999999999999" },
    { "decimal(30,20)", "0.00000000000000000001", "double", "1e-20" },
    { "date", "'2024-02-29'", "date", "2024-02-29" },
    { "date", "'0000-00-00'", "date", "-~0000-00-00" },
    { "date", "'2024-05-00'", "date", "-~2024-05-00" },
    { "datetime", "'9999-12-31 23:59:59'", "timestamp", "9999-12-31 23:59:59" },
    { "datetime(6)", "'2024-01-31 23:59:59.000001'", "timestamp", "2024-01-31 23:59:59.000001" },
    { "datetime", "'0000-00-00 00:00:00'", "timestamp", "-~0000-00-00 00:00:00" },
    { "timestamp(3) NULL DEFAULT NULL", "'2024-07-01 10:00:00.5'", "timestamp", "2024-07-01 08:00:00.5" },
    { "time(6)", "'-838:59:58.999999'", "text", "-838:59:58.999999" },
    { "year(4)", "2024", "int", "2024" },
    { "bit(1)", "b'1'", "bool", "true" },
    { "bit(10)", "b'0100000011'", "text", "0100000011" },
    { "char(5)", "'ab'", "text", "ab" },
    { "varchar(40)", "'Zoë 日本 🎉'", "text", "Zoë 日本 🎉" },
    { "varchar(10) CHARACTER SET latin1", "'Zoë'", "text", "Zoë" },
    { "varchar(10)", "''", "text", "" },
    { "text", "CONCAT('a', CHAR(0), 'b')", "text", "a␀b~610062" },
    { "varchar(20)", "'tab\\tline\\nback\\\\'", "text", "tab\tline\nback\\" },
    { "binary(3)", "X'00ff10'", "text", "00ff10" },
    { "varbinary(9)", "X''", "text", "" },
    { "longblob", "X'00ff'", "text", "00ff" },
    { "enum('a','b')", "'b'", "text", "b" },
    { "set('x','y','z')", "'x,z'", "text", "x,z" },
    { "longtext CHECK (json_valid(c))", "'{\"a\": [1, 2.50]}'", "text", "{\"a\": [1, 2.50]}" },
    { "uuid", "'0a0b0c0d-0102-0304-0506-0708090a0bff'", "text", "0a0b0c0d-0102-0304-0506-0708090a0bff" },
    { "inet6", "'::1'", "text", "::1" },
    { "point", "POINT(1, 2)", "text", "000000000101000000000000000000f03f0000000000000040" },
    { "tinyint(1)", "-1", "bool", "-~-1" },
    { "tinyint(3) unsigned", "255", "int", "255" },
    { "bigint(20) unsigned zerofill", "7", "int", "7" },
    { "bigint(20) unsigned", "9223372036854775808", "int", "-~9223372036854775808" },
    { "float(7,3)", "1.001", "double", "1.001" },
    { "double unsigned", "1.7976931348623157e308", "double", "1.7976931348623157e+308" },
    { "decimal(8,2) unsigned zerofill", "12.5", "double", "12.5" },
    { "decimal(65,30)", "-0.000000000000000000000000000001", "double", "-1e-30" },
    { "decimal(65,30)", "12345678901234567890123456789012345.123456789012345678901234567891", "double",
      "1.234567890123457e+34~12345678901234567890123456789012345.123456789012345678901234567891" },
    { "date", "'9999-12-31'", "date", "9999-12-31" },
    { "date", "'0001-01-01'", "date", "0001-01-01" },
    { "datetime(6)", "'2024-00-00 10:00:00.5'", "timestamp", "-~2024-00-00 10:00:00.500000" },
    { "datetime(2)", "'1969-12-31 23:59:59.99'", "timestamp", "1969-12-31 23:59:59.99" },
    { "timestamp NULL DEFAULT NULL", "'0000-00-00 00:00:00'", "timestamp", "-~0000-00-00 00:00:00" },
    { "timestamp(6) NULL DEFAULT NULL", "'2038-01-19 05:14:07.999999'", "timestamp", "2038-01-19 03:14:07.999999" },
    { "time", "'838:59:59'", "text", "838:59:59" },
    { "time(3)", "'-00:00:00.5'", "text", "-00:00:00.500" },
    { "year(4)", "0", "int", "0" },
    { "year(4)", "2155", "int", "2155" },
    { "bit(64)", "b'1111111111111111111111111111111111111111111111111111111111111111'", "text",
      "1111111111111111111111111111111111111111111111111111111111111111" },
    { "bit(1)", "NULL", "bool", "-" },
    { "char(0)", "''", "text", "" },
    { "text CHARACTER SET ucs2", "'日本'", "text", "日本" },
    { "mediumtext", "REPEAT('ab', 3)", "text", "ababab" },
    { "enum('a','b')", "'none of them'", "text", "" },
    { "enum('ä','日')", "'日'", "text", "日" },
    { "set('x','y','z')", "''", "text", "" },
    { "inet4", "'10.0.0.1'", "text", "10.0.0.1" },
    { "linestring", "LineString(POINT(0, 0), POINT(1, 1))", "text",
      "000000000102000000020000000000000000000000000000000000000000000000" "0000f03f000000000000f03f" },
    { "geometry", "NULL", "text", "-" },
    { "decimal(10,2)", "NULL", "double", "-" },
    { "datetime", "NULL", "timestamp", "-" },
    { "int(11)", "NULL", "int", "-" },
  };
  g_autoptr (BvDatabase) db = open_as ("boss");

  if (db == NULL)
    return;
  assert_types (db, "shop", cases, G_N_ELEMENTS (cases), "", run);
}

static void
test_catalogue (void)
{
  g_auto (BvDbSettings) settings = { 0 };
  g_autoptr (BvDatabase) db = NULL;
  g_autofree char *tables = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *text = NULL;
  BvDbQuery query = { .schema = "we`ird", .table = "Or'der \\s" };
  g_autofree char *rows = NULL;

  if (server_skips (&server))
    return;
  mariadb_do (&server, "CREATE DATABASE `we``ird`",
        "CREATE TABLE `we``ird`.`Or'der \\s` (b int NOT NULL, a varchar(20) NOT NULL, `Updated At` timestamp NOT NULL DEFAULT now(), created date,"
        " secret text, PRIMARY KEY (a, b))",
        "INSERT INTO `we``ird`.`Or'der \\s` VALUES (1, 'x', '2024-01-01', '2024-01-01', 's')",
        "CREATE VIEW `we``ird`.v AS SELECT 1 AS one", "CREATE TABLE `we``ird`.closed (i int)",
        "CREATE TABLE `we``ird`.uniq (n int UNIQUE, id bigint NOT NULL UNIQUE)", "CREATE USER reader@'%' IDENTIFIED BY 'secret'",
        "GRANT SELECT (a, b, `Updated At`, created) ON `we``ird`.`Or'der \\s` TO reader@'%'", "GRANT SELECT ON `we``ird`.v TO reader@'%'",
        "GRANT SELECT ON `we``ird`.uniq TO reader@'%'", "GRANT INSERT ON `we``ird`.closed TO reader@'%'", NULL);
  settings = settings_for ("reader");
  g_clear_pointer (&settings.database, g_free);
  db = open_database (&settings);
  tables = tables_text (db, NULL, FALSE);
  g_assert_cmpstr (tables, ==, "closed table closed;Or'der \\s table open;uniq table open;v view open;");
  text = columns_text (db, "we`ird", query.table);
  g_assert_cmpstr (text, ==, "b int(11) 2 0 1;a varchar(20) 1 0 0;Updated At timestamp 0 0 4;created date 0 1 3;");
  rows = read_all (db, &query, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (rows, ==, "1|x|2024-01-01 00:00:00|2024-01-01");
  g_free (text);
  text = columns_text (db, "we`ird", "uniq");
  g_assert_cmpstr (text, ==, "n int(11) 0 1 1;id bigint(20) 1 0 2;");
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
  g_autoptr (BvDatabase) db = open_as ("boss");
  BvDbQuery query = { .sql = "SELECT id, at, f FROM changes WHERE at IS NOT NULL # the end;\n;", .cursor = "at",
                      .order = (const char *const[]){ "at", "id", NULL }, .columns = (const char *const[]){ "id", "at", NULL }, .limit = 1 };
  g_autoptr (GError) error = NULL;
  g_autofree char *text = NULL;

  if (db == NULL)
    return;
  mariadb_do (&server, "CREATE TABLE changes (id varchar(20) PRIMARY KEY, at datetime(6), n int, f float)",
        "INSERT INTO changes SELECT CONCAT('k', seq), CASE WHEN seq = 9 THEN NULL ELSE "
        "TIMESTAMP '2024-05-01 12:00:00.000001' + INTERVAL seq DIV 3 DAY END, seq, 0.1 FROM seq_1_to_9", NULL);
  /* The collation puts a backslash after all letters. */
  assert_cursor (db, "shop", ".000001", TRUE, "\\' OR 1=1 -- '");
  /* Of a query. */
  g_assert_true (bv_timestamp_parse ("2024-05-02 12:00:00.000001", -1, &query.from.i, NULL));
  query.from.type = BV_TYPE_TIMESTAMP;
  text = read_all (db, &query, &error);
  g_assert_no_error (error);
  g_assert_true (g_str_has_prefix (text, "k3|"));
}

/* A pass that was broken off goes on behind its last row, whatever the key is of: bytes, whose text is in hexadecimal digits; choices, which are
 * in the order of their declaration. */
static void
test_keys (void)
{
  static const KeyCase keys[] = {
    { "binary(2)", "(X'0010'), (X'3030'), (X'3130'), (X'61ff'), (X'7a00'), (X'ff00')" },
    { "varbinary(9)", "(X''), (X'00'), (X'0000'), (X'30'), (X'ff'), (X'ff00')" },
    { "enum('small','medium','large','it''s')", "('large'), ('small'), ('it''s'), ('medium')" },
    { "set('z','y','x')", "('z'), ('y,x'), ('z,x'), ('')" },
    { "bit(10)", "(b'1'), (b'10'), (b'11'), (b'1000000000'), (b'0')" },
    { "bit(1)", "(b'1'), (b'0')" },
    { "varchar(20)", "('a'), ('B'), ('c'), ('é'), ('z\\\\'), ('''')" },
    { "varchar(20) COLLATE utf8mb4_bin", "('a'), ('A'), ('b'), ('ä')" },
    { "varchar(20) CHARACTER SET latin1", "('a'), ('ä'), ('z')" },
    { "decimal(30,20)", "(-1.5), (0.00000000000000000001), (2), (10)" },
    { "time(3)", "('-10:00:00'), ('-01:00:00.5'), ('09:00:00'), ('100:00:00')" },
    { "datetime(6)", "('2024-01-01 10:00:00.000001'), ('2024-01-01 10:00:00.000002'), ('1969-12-31')" },
    { "date", "('2024-01-01'), ('0001-01-01'), ('9999-12-31')" },
    { "year(4)", "(2024), (1999)" },
    { "uuid", "('0a0b0c0d-0102-0304-0506-0708090a0bff'), ('ff0b0c0d-0102-0304-0506-0708090a0b00')" },
    { "inet6", "('::1'), ('::ffff'), ('2001:db8::1')" },
    { "bigint(20) unsigned", "(0), (9223372036854775807), (7)" },
    { "tinyint(1)", "(0), (1)" },
  };
  g_autoptr (BvDatabase) db = open_as ("boss");

  if (db == NULL)
    return;
  assert_keys (db, "shop", keys, G_N_ELEMENTS (keys), " PRIMARY KEY)", run);
  /* In a query no declaration is known. */
  {
    const char *const order[] = { "k", NULL };
    BvValue after = { BV_TYPE_TEXT, { .s = (char *) "large" } };
    BvDbQuery query = { .sql = "SELECT k FROM key_2", .order = order, .after = &after };
    g_autoptr (GError) error = NULL;
    g_autofree char *text = read_all (db, &query, &error);

    g_assert_no_error (error);
    g_assert_cmpstr (text, ==, "medium\nsmall");
  }
}

static void
test_sql (void)
{
  static const struct { const char *sql; int code; } bad[] = {
    { "DELETE FROM changes", BV_DB_ERROR_SQL },
    { "SELECT 1; DROP TABLE changes", BV_DB_ERROR_SQL },
    { "WITH x AS (SELECT 1) DELETE FROM changes", BV_DB_ERROR_SQL },
    { "SELECT n FROM nothing", BV_DB_ERROR_NOT_FOUND },
    { "SELECT nothing FROM changes", BV_DB_ERROR_NOT_FOUND },
    { "SELEC 1", BV_DB_ERROR_SQL },
    { "SELECT 1 FROM changes FOR UPDATE INTO OUTFILE '/tmp/bv-no'", BV_DB_ERROR_SQL },
  };
  g_autoptr (BvDatabase) db = open_as ("boss");

  if (db == NULL)
    return;
  for (guint i = 0; i < G_N_ELEMENTS (bad); i++)
    assert_refuses (db, bad[i].sql, bad[i].code);
  assert_rows (db, " (SELECT 1 AS a, 2 AS a) ; -- done", "1|2");
  assert_rows (db, "SELECT 'it\\'s;' AS x;", "it's;");
  assert_rows (db, "SELECT 1.5 AS a, 1e300 AS b, NULL AS c, NOW() > '2000-01-01' AS d", "1.5|1e+300|-|1");
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
  if (!server_skips (&server))
    assert_tls (&server, settings_for ("boss"));
}

static void
test_cancel (void)
{
  if (!server_skips (&server))
    assert_cancels (settings_for ("boss"), "SELECT SLEEP(600)",
                    "SELECT seq, REPEAT('x', 100) FROM seq_1_to_1000000000",
                    "SELECT count(*) FROM information_schema.PROCESSLIST WHERE USER = 'boss' AND COMMAND = 'Query' AND ID <> CONNECTION_ID()");
}

static void
kill_reader (const BvDbBatch *batch)
{
  g_autofree char *kill = g_strdup_printf ("KILL CONNECTION %d", (int) batch->values[2].i);

  mariadb_do (&server, kill, NULL);
}

static void
test_lost (void)
{
  g_autoptr (BvDatabase) db = open_as ("boss");

  if (db != NULL)
    assert_lost (db, "SELECT seq, REPEAT('x', 100), CONNECTION_ID() FROM seq_1_to_1000000000", kill_reader);
}

int
main (int argc, char **argv)
{
  int result;

  g_test_init (&argc, &argv, NULL);
  server_start (&server, "mariadb");
  g_test_add_func ("/mariadb/types", test_types);
  g_test_add_func ("/mariadb/catalogue", test_catalogue);
  g_test_add_func ("/mariadb/cursor", test_cursor);
  g_test_add_func ("/mariadb/keys", test_keys);
  g_test_add_func ("/mariadb/sql", test_sql);
  g_test_add_func ("/mariadb/login", test_login);
  g_test_add_func ("/mariadb/tls", test_tls);
  g_test_add_func ("/mariadb/cancel", test_cancel);
  g_test_add_func ("/mariadb/lost", test_lost);
  result = g_test_run ();
  server_stop (&server);
  return result;
}
