/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Rows into tables: types, keys, widening, names and limits, speed. */
#include "project-test.h"

#include "bv-table-sink.h"
#include "bv-time.h"

#include <math.h>
#include <string.h>

typedef struct
{
  gint64 added;
  gint64 replaced;
} Counts;

/* Columns as "name:type,…", rows as plain texts separated by "," and ";", where "-" is null. */
static Counts
load (BvProject *project, const char *table, const char *spec, const char *rows, const char *key_spec)
{
  g_auto (GStrv) specs = g_strsplit (spec, ",", -1);
  g_auto (GStrv) lines = g_strsplit (rows, ";", -1);
  g_auto (GStrv) key = key_spec != NULL ? g_strsplit (key_spec, ",", -1) : NULL;
  guint n = g_strv_length (specs);
  g_autofree BvTableColumn *columns = g_new0 (BvTableColumn, n);
  g_autoptr (GError) error = NULL;
  BvTableWriter *writer = bv_table_writer_new (project, &error);
  Counts counts = { -1, -1 };

  for (guint i = 0; i < n; i++)
    {
      char *colon = strchr (specs[i], ':');

      *colon = '\0';
      columns[i].name = specs[i];
      g_assert_true (bv_type_from_name (colon + 1, &columns[i].type));
    }
  bv_table_writer_begin_table (writer, table, "Files", NULL, columns, n, (const char *const *) key, &error);
  g_assert_no_error (error);
  for (guint l = 0; *rows != '\0' && lines[l] != NULL; l++)
    {
      g_auto (GStrv) cells = g_strsplit (lines[l], ",", -1);
      g_autofree BvValue *values = g_new0 (BvValue, n);

      for (guint i = 0; i < n; i++)
        if (strcmp (cells[i], "-") != 0)
          g_assert_true (bv_value_from_plain (cells[i], columns[i].type, &values[i]));
      bv_table_writer_append (writer, values, &error);
      g_assert_no_error (error);
      for (guint i = 0; i < n; i++)
        bv_value_clear (&values[i]);
    }
  bv_table_writer_end_table (writer, &counts.added, &counts.replaced, &error);
  g_assert_no_error (error);
  bv_table_writer_commit (writer, "Import", NULL, &error);
  g_assert_no_error (error);
  return counts;
}

static char *
types_of (BvProject *project, const char *table)
{
  g_autoptr (BvTableInfo) info = bv_project_get_table (project, table, NULL);
  GString *s = g_string_new (NULL);

  for (guint i = 0; i < info->columns->len; i++)
    {
      BvTableColumn *column = &g_array_index (info->columns, BvTableColumn, i);

      g_string_append_printf (s, "%s%s:%s", i > 0 ? "," : "", column->name, bv_type_to_name (column->type));
    }
  return g_string_free (s, FALSE);
}

#define assert_types(project, table, expected) \
  G_STMT_START { g_autofree char *got_ = types_of (project, table); g_assert_cmpstr (got_, ==, expected); } G_STMT_END

static void
test_types (Fixture *f, gconstpointer data)
{
  load (f->project, "all", "b:bool,i:int,d:double,t:text,day:date,at:timestamp",
        "true,9223372036854775807,0.1,\"x'y,2026-06-30,2026-06-30 12:00:00.25;-,-,-,-,-,-;false,-9223372036854775808,1e300,,0001-01-01,"
        "1969-12-31 23:59:59.999999", NULL);
  assert_query (f->project, "SELECT b || typeof(b) FROM \"all\"", "1integer|-|0integer");
  assert_query (f->project, "SELECT i || typeof(i) FROM \"all\"", "9223372036854775807integer|-|-9223372036854775808integer");
  assert_query (f->project, "SELECT d || typeof(d) FROM \"all\"", "0.1real|-|1.0e+300real");
  assert_query (f->project, "SELECT t FROM \"all\"", "\"x'y|-|");
  assert_query (f->project, "SELECT day FROM \"all\"", "2026-06-30|-|0001-01-01");
  assert_query (f->project, "SELECT at FROM \"all\"", "2026-06-30 12:00:00.25|-|1969-12-31 23:59:59.999999");
  assert_types (f->project, "all", "b:bool,i:int,d:double,t:text,day:date,at:timestamp");

  /* ints are taken for doubles, texts that look like numbers stay texts */
  load (f->project, "conv", "t:text", "007;1e5", NULL);
  assert_query (f->project, "SELECT t || typeof(t) FROM conv", "007text|1e5text");
}

static void
test_keys (Fixture *f, gconstpointer data)
{
  Counts counts;

  counts = load (f->project, "c", "id:int,name:text", "1,a;2,b;2,c;-,d;-,d;3,e", "id");
  g_assert_cmpint (counts.added, ==, 5);
  g_assert_cmpint (counts.replaced, ==, 0);
  assert_query (f->project, "SELECT name FROM c ORDER BY rowid", "a|c|d|d|e");
  counts = load (f->project, "C", "name:text,ID:int,extra:int", "B,2,5;n,9,6;N,9,7;z,-,8", "Id");
  g_assert_cmpint (counts.added, ==, 2);
  g_assert_cmpint (counts.replaced, ==, 1);
  assert_query (f->project, "SELECT coalesce(id, '-') || name || coalesce(extra, '-') FROM c ORDER BY rowid",
                "1a-|2B5|-d-|-d-|3e-|9N7|-z8");
  assert_types (f->project, "c", "id:int,name:text,extra:int");
  g_assert_true (bv_project_undo (f->project, NULL));
  assert_query (f->project, "SELECT name FROM c ORDER BY rowid", "a|c|d|d|e");
  assert_types (f->project, "c", "id:int,name:text");
  g_assert_true (bv_project_redo (f->project, NULL));
  /* a column that the import lacks keeps its cells */
  counts = load (f->project, "c", "id:int,name:text", "2,x;9,y", "id");
  assert_query (f->project, "SELECT id || name || extra FROM c WHERE extra IS NOT NULL AND id IS NOT NULL", "2x5|9y7");
  /* several old rows of one key give way to the new one */
  load (f->project, "r", "id:int,name:text", "1,a;1,b;2,c", NULL);
  counts = load (f->project, "r", "id:int,name:text", "1,new", "id");
  g_assert_cmpint (counts.replaced, ==, 1);
  g_assert_cmpint (counts.added, ==, 0);
  assert_query (f->project, "SELECT name FROM r ORDER BY rowid", "new|c");
  /* two parts, one of them null: never equal */
  load (f->project, "two", "a:text,b:date,v:int", "x,2026-01-01,1;x,-,2;y,2026-01-01,3", "a,b");
  counts = load (f->project, "two", "a:text,b:date,v:int", "x,2026-01-01,10;x,-,20", "a,b");
  g_assert_cmpint (counts.added, ==, 1);
  g_assert_cmpint (counts.replaced, ==, 1);
  assert_query (f->project, "SELECT v FROM two ORDER BY v", "2|3|10|20");
  assert_sound (f->project);
}

static void
test_widening (Fixture *f, gconstpointer data)
{
  static const struct { const char *old, *rows, *new_type, *news, *result, *type; } cases[] = {
    { "int", "1,5;2,6", "double", "2,0.5", "5.0|0.5", "double" },
    { "double", "1,0.1;2,6", "int", "2,7", "0.1|7.0", "double" },
    { "int", "1,5;2,6", "text", "2,x", "5|x", "text" },
    { "text", "1,a;2,b", "int", "2,7", "a|7", "text" },
    { "double", "1,0.1;2,6", "text", "2,x", "0.1|x", "text" },
    { "double", "1,5;2,6", "text", "3,x", "5|6|x", "text" },
    { "bool", "1,true;2,false;3,-", "text", "2,x", "true|x|-", "text" },
    { "date", "1,2026-01-02;2,2026-01-02", "timestamp", "2,2026-01-02 10:00:00", "2026-01-02|2026-01-02 10:00:00", "text" },
    { "bool", "1,true;2,true", "int", "2,7", "true|7", "text" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *table = g_strdup_printf ("w%u", i);
      g_autofree char *old = g_strdup_printf ("id:int,v:%s", cases[i].old);
      g_autofree char *fresh = g_strdup_printf ("id:int,v:%s", cases[i].new_type);
      g_autofree char *types = g_strdup_printf ("id:int,v:%s", cases[i].type);
      g_autofree char *sql = g_strdup_printf ("SELECT v FROM %s ORDER BY id", table);

      load (f->project, table, old, cases[i].rows, "id");
      load (f->project, table, fresh, cases[i].news, "id");
      assert_query (f->project, sql, cases[i].result);
      assert_types (f->project, table, types);
    }
  /* the key itself widens */
  load (f->project, "k", "id:int,v:int", "1,1;2,2", "id");
  load (f->project, "k", "id:text,v:int", "2,20;x,30", "id");
  assert_query (f->project, "SELECT id || ':' || v FROM k ORDER BY rowid", "1:1|2:20|x:30");
  /* all rows replaced: the new types count, old columns stay */
  load (f->project, "s", "a:text,gone:int,d:double", "x,1,0.5", NULL);
  load (f->project, "s", "d:int,a:int", "4,2", NULL);
  assert_types (f->project, "s", "d:double,a:int,gone:int");
  assert_query (f->project, "SELECT d || a || coalesce(gone, '-') FROM s", "4.02-");
  assert_sound (f->project);
}

/* Random loads by key against a model in memory. */
static void
test_keys_against_model (Fixture *f, gconstpointer data)
{
  g_autoptr (GRand) rand = g_rand_new_with_seed (11);
  g_autoptr (GHashTable) model = g_hash_table_new (NULL, NULL);

  for (int round = 0; round < 15; round++)
    {
      g_autoptr (GString) rows = g_string_new (NULL);
      g_autoptr (GHashTable) seen = g_hash_table_new (NULL, NULL);
      g_autofree char *n = NULL;
      g_autofree char *sum = NULL;
      g_autofree char *expected_n = NULL;
      g_autofree char *expected_sum = NULL;
      GHashTableIter iter;
      gpointer value;
      gint64 total = 0;
      guint replaced = 0, before = g_hash_table_size (model);
      Counts counts;

      for (int i = g_rand_int_range (rand, 1, 250); i > 0; i--)
        {
          int key = g_rand_int_range (rand, 1, 300);
          int v = g_rand_int_range (rand, 0, 1000);

          g_string_append_printf (rows, "%s%d,%d", rows->len > 0 ? ";" : "", key, v);
          if (g_hash_table_add (seen, GINT_TO_POINTER (key)) && g_hash_table_contains (model, GINT_TO_POINTER (key)))
            replaced++;
          g_hash_table_insert (model, GINT_TO_POINTER (key), GINT_TO_POINTER (v));
        }
      counts = load (f->project, "m", "id:int,v:int", rows->str, "id");
      g_assert_cmpint (counts.replaced, ==, replaced);
      g_assert_cmpint (counts.added, ==, g_hash_table_size (model) - before);
      g_hash_table_iter_init (&iter, model);
      while (g_hash_table_iter_next (&iter, NULL, &value))
        total += GPOINTER_TO_INT (value);
      n = query (f->project, "SELECT count(DISTINCT id) || '/' || count(*) FROM m");
      sum = query (f->project, "SELECT sum(v) FROM m");
      expected_n = g_strdup_printf ("%u/%u", g_hash_table_size (model), g_hash_table_size (model));
      expected_sum = g_strdup_printf ("%" G_GINT64_FORMAT, total);
      g_assert_cmpstr (n, ==, expected_n);
      g_assert_cmpstr (sum, ==, expected_sum);
    }
}

static void
test_errors (Fixture *f, gconstpointer data)
{
  BvTableColumn good[] = { { (char *) "a", BV_TYPE_INT }, { (char *) "B", BV_TYPE_TEXT } };
  BvTableColumn twice[] = { { (char *) "a", BV_TYPE_INT }, { (char *) "A", BV_TYPE_TEXT } };
  BvTableColumn nameless[] = { { (char *) "", BV_TYPE_INT }, { (char *) "b", BV_TYPE_TEXT } };
  g_autofree BvTableColumn *many = g_new0 (BvTableColumn, 2001);
  g_autoptr (GPtrArray) names = g_ptr_array_new_with_free_func (g_free);
  const char *const nope[] = { "c", NULL };
  const struct { const char *table; BvTableColumn *columns; guint n; const char *const *key; BvError code; const char *word; } cases[] = {
    { "bv_mine", good, 2, NULL, BV_ERROR_INVALID, "bv_mine" },
    { "Sqlite_x", good, 2, NULL, BV_ERROR_INVALID, "Sqlite_x" },
    { "", good, 2, NULL, BV_ERROR_INVALID, "name" },
    { "\xff", good, 2, NULL, BV_ERROR_INVALID, "not valid text" },
    { "t", twice, 2, NULL, BV_ERROR_EXISTS, "two columns “A”" },
    { "t", nameless, 2, NULL, BV_ERROR_INVALID, "Column 1" },
    { "t", good, 0, NULL, BV_ERROR_INVALID, "at least one" },
    { "t", good, 2, nope, BV_ERROR_NOT_FOUND, "“c”" },
    { "t", many, 2001, NULL, BV_ERROR_UNSUPPORTED, "2001 columns" },
    { "stray", good, 2, NULL, BV_ERROR_EXISTS, "“stray”" },
  };

  for (int i = 0; i < 2001; i++)
    {
      many[i].name = g_strdup_printf ("c%d", i);
      many[i].type = BV_TYPE_TEXT;
      g_ptr_array_add (names, many[i].name);
    }
  sqlite3_exec (f->project->writer, "CREATE VIEW stray AS SELECT 1", NULL, NULL, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GError) error = NULL;
      BvTableWriter *writer = bv_table_writer_new (f->project, NULL);
      BvChange *extra = bv_change_new ("x");

      g_assert_false (bv_table_writer_begin_table (writer, cases[i].table, "Files", NULL, cases[i].columns, cases[i].n, cases[i].key,
                                                   &error));
      g_test_message ("%s", error->message);
      g_assert_error (error, BV_ERROR, (int) cases[i].code);
      g_assert_nonnull (strstr (error->message, cases[i].word));
      g_clear_error (&error);
      /* poisoned: a commit that does not look keeps nothing */
      bv_change_put (extra, NULL, "report", "x", "{}", -1);
      g_assert_false (bv_table_writer_commit (writer, "x", extra, &error));
      g_assert_nonnull (error);
    }
  assert_query (f->project, "SELECT count(*) FROM bv_journal", "0");
  {
    g_autoptr (GError) error = NULL;
    BvTableWriter *writer = bv_table_writer_new (f->project, NULL);
    BvValue row[2] = { { BV_TYPE_TEXT, { .s = (char *) "x" } }, { BV_TYPE_NULL } };

    g_assert_true (bv_table_writer_begin_table (writer, "t", "Files", NULL, good, 2, NULL, NULL));
    g_assert_false (bv_table_writer_append (writer, row, &error));
    g_assert_error (error, BV_ERROR, BV_ERROR_INVALID);
    bv_table_writer_abort (writer);
  }
  {
    BvTableWriter *writer = bv_table_writer_new (f->project, NULL);
    g_autoptr (GError) error = NULL;

    g_assert_true (bv_table_writer_begin_table (writer, "wide", "Files", NULL, many, 2000, NULL, &error));
    for (int i = 0; i < 40; i++)
      {
        g_autofree BvValue *row = g_new0 (BvValue, 2000);

        row[1999] = (BvValue){ BV_TYPE_TEXT, { .s = (char *) "last" } };
        g_assert_true (bv_table_writer_append (writer, row, &error));
      }
    g_assert_true (bv_table_writer_end_table (writer, NULL, NULL, &error));
    g_assert_true (bv_table_writer_commit (writer, "Wide", NULL, &error));
    assert_query (f->project, "SELECT count(c1999) FROM wide", "40");
  }
}

/* Several tables, one of them twice, with definitions: one step. */
static void
test_one_step (Fixture *f, gconstpointer data)
{
  static const char *const key[] = { "n", NULL };
  BvTableColumn columns[] = { { (char *) "n", BV_TYPE_INT } };
  const char *tables[] = { "über \"quoted\" 'x'", "b", "b", "select" };
  g_autoptr (GError) error = NULL;
  BvTableWriter *writer;
  BvChange *extra = bv_change_new ("ignored");

  fill (f->project, "b", 0, 3, NULL);
  writer = bv_table_writer_new (f->project, &error);
  for (guint t = 0; t < G_N_ELEMENTS (tables); t++)
    {
      g_assert_true (bv_table_writer_begin_table (writer, tables[t], "Files", "o", columns, 1, key, &error));
      for (int i = 0; i < 250; i++)
        {
          BvValue v = bv_value_int ((int) t * 100 + i);

          g_assert_true (bv_table_writer_append (writer, &v, &error));
        }
      g_assert_true (bv_table_writer_end_table (writer, NULL, NULL, &error));
      assert_query (f->project, "SELECT count(*) FROM b", "3"); /* not yet for others */
    }
  bv_change_put (extra, NULL, "table", "b", "{}", -1);
  g_assert_true (bv_table_writer_commit (writer, "Import all", extra, &error));
  assert_query (f->project, "SELECT count(*) FROM b", "353"); /* 0-2, 100-349, 200-449 */
  assert_query (f->project, "SELECT count(*) FROM \"über \"\"quoted\"\" 'x'\"", "250");
  assert_query (f->project, "SELECT count(*) FROM \"select\"", "250");
  assert_query (f->project, "SELECT count(*) FROM bv_journal", "2");
  g_assert_cmpstr (bv_project_get_undo_name (f->project), ==, "Import all");
  g_assert_true (bv_project_undo (f->project, &error));
  assert_query (f->project, "SELECT name FROM bv_table", "b");
  assert_query (f->project, "SELECT count(*) FROM b", "3");
  assert_query (f->project, "SELECT count(*) FROM bv_definition", "0");
  fixture_reopen (f);
  g_assert_true (bv_project_redo (f->project, &error));
  assert_query (f->project, "SELECT count(*) FROM b", "353");
  assert_sound (f->project);
}

/* A table that is dropped while it is filled, by however many threads, was never there; nor were its keys. */
static void
test_drop (Fixture *f, gconstpointer data)
{
  static const char *const key[] = { "n", NULL };
  const BvTableColumn whole[] = { { (char *) "n", BV_TYPE_INT } }, text[] = { { (char *) "n", BV_TYPE_TEXT } };
  g_autoptr (GError) error = NULL;
  BvValue word = { BV_TYPE_TEXT, { .s = (char *) "x" } };
  BvTableWriter *writer;

  fill (f->project, "old", 0, 3, key);
  writer = bv_table_writer_new (f->project, &error);
  for (int n = 10; n <= 100000; n *= 10)
    {
      g_assert_true (bv_table_writer_begin_table (writer, n % 100 == 0 ? "old" : "new", "Files", NULL, whole, 1, key, &error));
      for (int i = 0; i < n; i++)
        {
          BvValue v = bv_value_int (i);

          g_assert_true (bv_table_writer_append (writer, &v, &error));
        }
      g_assert_true (bv_table_writer_drop_table (writer, &error));
    }
  g_assert_true (bv_table_writer_begin_table (writer, "new", "Files", NULL, text, 1, key, &error));
  g_assert_true (bv_table_writer_append (writer, &word, &error));
  g_assert_true (bv_table_writer_end_table (writer, NULL, NULL, &error));
  g_assert_true (bv_table_writer_commit (writer, "Import", NULL, &error));
  assert_query (f->project, "SELECT n FROM new", "x");
  assert_query (f->project, "SELECT n FROM old", "0|1|2");
  assert_sound (f->project);
  g_assert_true (bv_project_undo (f->project, &error));
  assert_query (f->project, "SELECT name FROM bv_table", "old");
}

static void
test_big_cells (Fixture *f, gconstpointer data)
{
  BvTableColumn columns[] = { { (char *) "t", BV_TYPE_TEXT } };
  g_autofree char *big = g_strnfill (100000, 'y');
  g_autoptr (GError) error = NULL;
  BvTableWriter *writer = bv_table_writer_new (f->project, &error);

  bv_table_writer_begin_table (writer, "big", "Files", NULL, columns, 1, NULL, &error);
  for (int i = 0; i < 150; i++)
    {
      BvValue v = { BV_TYPE_TEXT, { .s = big } };

      big[0] = (char) ('a' + i % 26);
      g_assert_true (bv_table_writer_append (writer, &v, &error));
    }
  g_assert_true (bv_table_writer_end_table (writer, NULL, NULL, &error));
  g_assert_true (bv_table_writer_commit (writer, "Big", NULL, &error));
  assert_query (f->project, "SELECT count(*) || '/' || sum(length(t)) || '/' || count(DISTINCT t) FROM big", "150/15000000/26");
}

static void
test_speed (Fixture *f, gconstpointer data)
{
  BvTableColumn columns[] = { { (char *) "id", BV_TYPE_INT },   { (char *) "name", BV_TYPE_TEXT }, { (char *) "amount", BV_TYPE_DOUBLE },
                              { (char *) "day", BV_TYPE_DATE }, { (char *) "won", BV_TYPE_BOOL },  { (char *) "n", BV_TYPE_INT } };
  int n = g_test_perf () ? 3000000 : 100000;
  g_autoptr (GError) error = NULL;
  BvTableWriter *writer = bv_table_writer_new (f->project, &error);
  gint64 start = g_get_monotonic_time ();
  double seconds;

  bv_table_writer_begin_table (writer, "speed", "Files", NULL, columns, 6, NULL, &error);
  for (int i = 0; i < n; i++)
    {
      BvValue row[6] = { bv_value_int (i), { BV_TYPE_TEXT, { .s = (char *) "Some name" } }, bv_value_double (i * 0.25),
                         bv_value_date (20000 + i % 700), bv_value_bool (i % 3 == 0), bv_value_int (i % 17) };

      bv_table_writer_append (writer, row, &error);
    }
  bv_table_writer_end_table (writer, NULL, NULL, &error);
  bv_table_writer_commit (writer, "Speed", NULL, &error);
  g_assert_no_error (error);
  seconds = (double) (g_get_monotonic_time () - start) / G_USEC_PER_SEC;
  g_test_message ("%.0f rows of 6 columns a second", n / seconds);
  g_test_maximized_result (n / seconds, "rows/s");
}

/* Of rows with equal keys the last one stays, whether few repeat (pairs), so many that the set gives up, or none; nulls are no
 * keys, and rows are told apart beyond the blocks that they are written in. */
static void
test_repeated_keys (Fixture *f, gconstpointer data)
{
  static const struct { int n_rows, n_keys; } cases[] = { { 30000, G_MAXINT }, { 30000, 29000 }, { 30000, 5000 }, { 3000, 2 },
                                                         { 150000, 140000 } };

  for (guint c = 0; c < G_N_ELEMENTS (cases); c++)
    {
      g_autoptr (GRand) rand = g_rand_new_with_seed (c + 1);
      g_autoptr (GHashTable) last = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
      const BvTableColumn columns[] = { { (char *) "a", BV_TYPE_TEXT }, { (char *) "b", BV_TYPE_DOUBLE }, { (char *) "n", BV_TYPE_INT } };
      const char *const key[] = { "b", "a", NULL };
      g_autofree char *name = g_strdup_printf ("t%u", c);
      g_autofree char *sql = g_strdup_printf ("SELECT count(*) || ' ' || sum(n) FROM t%u", c);
      g_autofree char *expected = NULL;
      g_autoptr (GError) error = NULL;
      BvTableWriter *writer = bv_table_writer_new (f->project, &error);
      GHashTableIter iter;
      gpointer n;
      gint64 n_added, sum = 0, n_nulls = 0;

      bv_table_writer_begin_table (writer, name, "Files", NULL, columns, 3, key, &error);
      for (int i = 0; i < cases[c].n_rows; i++)
        {
          int k = cases[c].n_keys == G_MAXINT ? i : g_rand_int_range (rand, 0, cases[c].n_keys);
          g_autofree char *text = g_strdup_printf ("a rather long key %d", k / 3);
          BvValue row[3] = { { BV_TYPE_TEXT, { .s = text } }, bv_value_double (k % 3 == 0 && i % 2 == 0 ? -0.0 : k % 3), bv_value_int (i) };

          if (i % 100 == 7)
            {
              row[1].type = BV_TYPE_NULL;
              sum += i;
              n_nulls++;
            }
          else
            g_hash_table_insert (last, g_strdup_printf ("%d", k), GINT_TO_POINTER (i));
          bv_table_writer_append (writer, row, &error);
        }
      g_assert_no_error (error);
      bv_table_writer_end_table (writer, &n_added, NULL, &error);
      g_assert_no_error (error);
      bv_table_writer_commit (writer, "Keys", NULL, &error);
      g_assert_no_error (error);
      g_hash_table_iter_init (&iter, last);
      while (g_hash_table_iter_next (&iter, NULL, &n))
        sum += GPOINTER_TO_INT (n);
      g_assert_cmpint (n_added, ==, g_hash_table_size (last) + n_nulls);
      expected = g_strdup_printf ("%" G_GINT64_FORMAT " %" G_GINT64_FORMAT, n_added, sum);
      assert_query (f->project, sql, expected);
    }
}

/* Columns may bear the names of SQLite's row numbers, but not all of them. */
static void
test_row_numbers (Fixture *f, gconstpointer data)
{
  BvTableColumn all[] = { { (char *) "oid", BV_TYPE_INT }, { (char *) "RowID", BV_TYPE_TEXT }, { (char *) "_rowid_", BV_TYPE_TEXT } };
  g_autoptr (GError) error = NULL;
  BvTableWriter *writer;
  Counts counts;

  load (f->project, "t", "id:int,rowid:text,oid:int", "1,x,2;2,y,1;2,z,1;3,-,3", "id");
  assert_query (f->project, "SELECT id || coalesce(rowid, '-') || oid FROM t ORDER BY _rowid_", "1x2|2z1|3-3");
  counts = load (f->project, "t", "id:int,rowid:text,oid:int", "3,c,1;4,d,1;1,a,9", "id");
  g_assert_cmpint (counts.replaced, ==, 2);
  g_assert_cmpint (counts.added, ==, 1);
  assert_query (f->project, "SELECT id || coalesce(rowid, '-') || oid FROM t ORDER BY _rowid_", "1a9|2z1|3c1|4d1");
  g_assert_true (bv_project_undo (f->project, NULL));
  assert_query (f->project, "SELECT id || coalesce(rowid, '-') || oid FROM t ORDER BY _rowid_", "1x2|2z1|3-3");

  writer = bv_table_writer_new (f->project, &error);
  g_assert_no_error (error);
  g_assert_false (bv_table_writer_begin_table (writer, "all", "Files", NULL, all, 3, NULL, &error));
  g_assert_error (error, BV_ERROR, BV_ERROR_UNSUPPORTED);
  bv_table_writer_abort (writer);
}

/* --- The sink ---------------------------------------------------------------------------------------------------------------- */

typedef struct
{
  GString *told;
  gint64 next;
  gint64 sum;
} Told;

static gboolean
told_begin (gpointer data, const char *table, const BvSinkColumn *columns, guint n_columns)
{
  Told *told = data;

  g_string_append_printf (told->told, "begin %s", table);
  for (guint i = 0; i < n_columns; i++)
    g_string_append_printf (told->told, " %s:%s:%d", columns[i].name, bv_type_to_name (columns[i].type), columns[i].cell);
  g_string_append (told->told, "; ");
  told->next = 1;
  told->sum = 0;
  return strcmp (table, "unwanted") != 0;
}

static void
told_rows (gpointer data, const BvRowBlock *block, guint n_cells, gint64 first)
{
  Told *told = data;

  g_assert_cmpint (first, ==, told->next);
  told->next += block->n_rows;
  for (guint i = 0; i < block->n_rows; i++)
    {
      const BvRowCell *id = &block->cells[i * n_cells], *text = id + 1;
      g_autofree char *number = g_strndup (block->texts + text->offset, (gsize) text->length);

      told->sum += id->i;
      g_assert_cmpint (id->type, ==, BV_TYPE_INT);
      g_assert_cmpint (text->type, ==, BV_TYPE_TEXT);
      g_assert_cmpint (g_ascii_strtoll (number, NULL, 10), ==, id->i);
    }
}

static void
told_end (gpointer data, gboolean whole)
{
  Told *told = data;

  g_string_append_printf (told->told, "%" G_GINT64_FORMAT " rows %" G_GINT64_FORMAT "%s; ", told->next - 1, told->sum, whole ? " whole" : "");
}

static void
told_done (gpointer data, guint64 version)
{
  g_string_append (((Told *) data)->told, version != 0 ? "committed" : "nothing");
}

/* Fills a table with n rows of an id and its text, the ids repeating after @n_ids, and tells what the sink was told. */
static char *
tell (BvProject *project, const char *table, const char *extra, int n, int n_ids, gboolean keyed, gboolean commit)
{
  static const char *const key[] = { "id", NULL };
  const BvTableColumn columns[] = { { (char *) "id", BV_TYPE_INT }, { (char *) "text", BV_TYPE_TEXT }, { (char *) extra, BV_TYPE_DOUBLE } };
  Told told = { g_string_new (NULL), 0, 0 };
  const BvTableSink sink = { told_begin, told_rows, told_end, told_done, &told };
  g_autoptr (GError) error = NULL;
  BvTableWriter *writer = bv_table_writer_new (project, &error);

  bv_table_writer_set_sink (writer, &sink);
  bv_table_writer_begin_table (writer, table, "Files", NULL, columns, extra != NULL ? 3 : 2, keyed ? key : NULL, &error);
  for (int i = 0; i < n; i++)
    {
      g_autofree char *text = g_strdup_printf ("%d", i % n_ids);
      BvValue row[3] = { bv_value_int (i % n_ids), { BV_TYPE_TEXT, { .s = text } }, bv_value_double (1) };

      bv_table_writer_append (writer, row, &error);
    }
  bv_table_writer_end_table (writer, NULL, NULL, &error);
  g_assert_no_error (error);
  if (commit)
    g_assert_true (bv_table_writer_commit (writer, "Import", NULL, &error));
  else
    bv_table_writer_abort (writer);
  return g_string_free (told.told, FALSE);
}

static void
assert_told (char *told, const char *expected)
{
  g_assert_cmpstr (told, ==, expected);
  g_free (told);
}

/* All rows are shown once and in order, on whatever thread, and the end says whether they are the table. */
static void
test_sink (Fixture *f, gconstpointer data)
{
  assert_told (tell (f->project, "t", "x", 3, 3, FALSE, TRUE), "begin t id:int:0 text:text:1 x:double:2; 3 rows 3 whole; committed");
  assert_told (tell (f->project, "t", NULL, 50000, 50000, FALSE, TRUE), "begin t id:int:0 text:text:1 x:double:-1; 50000 rows 1249975000 whole; committed");
  assert_told (tell (f->project, "k", NULL, 20000, 20000, TRUE, TRUE), "begin k id:int:0 text:text:1; 20000 rows 199990000 whole; committed");
  /* rows that are merged are not shown, and of repeated ones some go */
  assert_told (tell (f->project, "k", NULL, 10, 10, TRUE, TRUE), "begin k id:int:0 text:text:1; 0 rows 0; committed");
  assert_told (tell (f->project, "r", NULL, 4, 3, TRUE, TRUE), "begin r id:int:0 text:text:1; 4 rows 3; committed");
  assert_told (tell (f->project, "a", NULL, 4, 4, FALSE, FALSE), "begin a id:int:0 text:text:1; 4 rows 6 whole; nothing");
  assert_told (tell (f->project, "unwanted", NULL, 20000, 4, FALSE, TRUE), "begin unwanted id:int:0 text:text:1; committed");
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add ("/project/writer/types", Fixture, NULL, fixture_set_up, test_types, fixture_tear_down);
  g_test_add ("/project/writer/keys", Fixture, NULL, fixture_set_up, test_keys, fixture_tear_down);
  g_test_add ("/project/writer/widening", Fixture, NULL, fixture_set_up, test_widening, fixture_tear_down);
  g_test_add ("/project/writer/keys-against-model", Fixture, NULL, fixture_set_up, test_keys_against_model, fixture_tear_down);
  g_test_add ("/project/writer/repeated-keys", Fixture, NULL, fixture_set_up, test_repeated_keys, fixture_tear_down);
  g_test_add ("/project/writer/row-numbers", Fixture, NULL, fixture_set_up, test_row_numbers, fixture_tear_down);
  g_test_add ("/project/writer/sink", Fixture, NULL, fixture_set_up, test_sink, fixture_tear_down);
  g_test_add ("/project/writer/errors", Fixture, NULL, fixture_set_up, test_errors, fixture_tear_down);
  g_test_add ("/project/writer/one-step", Fixture, NULL, fixture_set_up, test_one_step, fixture_tear_down);
  g_test_add ("/project/writer/drop", Fixture, NULL, fixture_set_up, test_drop, fixture_tear_down);
  g_test_add ("/project/writer/big-cells", Fixture, NULL, fixture_set_up, test_big_cells, fixture_tear_down);
  g_test_add ("/project/writer/speed", Fixture, NULL, fixture_set_up, test_speed, fixture_tear_down);
  return g_test_run ();
}
