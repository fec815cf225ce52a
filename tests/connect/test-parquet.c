/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Parquet: files of a writer of the test's own, with every encoding, codec and kind of page; hostile bytes; the shared samples. */
#include "import-test.h"

#include "bv-parquet-private.h"
#include "parquet-writer.h"

#include <math.h>
#include <stdlib.h>

/* Imports the bytes and gives all rows. */
static char *
import_bytes (Fixture *f, const GByteArray *bytes, char **columns, GError **error)
{
  g_autofree char *path = write_file (f, "t.parquet", (const char *) bytes->data, bytes->len);
  g_autoptr (BvImportPlan) plan = bv_import_sniff (path, NULL, error);

  if (plan == NULL)
    return NULL;
  g_assert_cmpint (plan->kind, ==, BV_FILE_PARQUET);
  if (columns != NULL)
    *columns = columns_of (plan);
  if (!bv_import_run (plan, f->project, NULL, NULL, NULL, NULL, error))
    return NULL;
  return dump (f->project, "SELECT * FROM t");
}

#define N_ROWS 1000

/* Each encoding that a type may have, with nulls and without, in pages of both kinds, with all codecs. */
static void
test_encodings (Fixture *f, gconstpointer data)
{
  static const struct { int type, encoding; guint length; } kinds[] = {
    { 0, PLAIN },        { 0, RLE },         { 1, PLAIN },       { 1, PLAIN_DICTIONARY }, { 1, DELTA },       { 1, SPLIT },
    { 2, PLAIN },        { 2, RLE_DICTIONARY }, { 2, DELTA },    { 2, SPLIT },            { 4, PLAIN },       { 4, SPLIT },
    { 5, PLAIN },        { 5, RLE_DICTIONARY }, { 5, SPLIT },    { 6, PLAIN },            { 6, PLAIN_DICTIONARY },
    { 6, DELTA_LENGTH }, { 6, DELTA_BYTES }, { 7, PLAIN, 5 },    { 7, DELTA_BYTES, 5 },   { 7, RLE_DICTIONARY, 5 }, { 7, SPLIT, 5 },
  };
  static const Layout layouts[] = {
    { UNCOMPRESSED, FALSE, 300, 700 }, { UNCOMPRESSED, TRUE, 1000, 1000 }, { SNAPPY, FALSE, 128, 1000 }, { SNAPPY, TRUE, 129, 400 },
    { GZIP, FALSE, 1000, 1000 },       { ZSTANDARD, TRUE, 64, 500 },       { LZ4_RAW, FALSE, 500, 999 },
  };
  g_autoptr (GRand) rand = g_rand_new_with_seed (11);
  Column columns[2 * G_N_ELEMENTS (kinds)];
  g_autofree gint64 *numbers = g_new (gint64, N_ROWS);
  g_autofree gint64 *small = g_new (gint64, N_ROWS);
  g_autofree gint64 *bits = g_new (gint64, N_ROWS);
  g_autofree double *doubles = g_new (double, N_ROWS);
  g_autofree gboolean *nulls = g_new (gboolean, N_ROWS);
  g_autoptr (GPtrArray) texts = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GPtrArray) fives = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GPtrArray) names = g_ptr_array_new_with_free_func (g_free);

  for (guint i = 0; i < N_ROWS; i++)
    {
      numbers[i] = i % 50 == 3 ? G_MININT64 + i : i % 50 == 4 ? G_MAXINT64 - i : (gint64) i * 1000 - 7;
      small[i] = i % 40 == 5 ? G_MININT32 : i % 40 == 6 ? G_MAXINT32 : g_rand_int_range (rand, -100, 100);
      bits[i] = i % 100 < 40 ? i % 3 == 0 : 1;
      doubles[i] = (double) g_rand_int_range (rand, -100000, 100000) / 8;
      nulls[i] = i % 100 < 30 ? i % 7 == 0 : i % 100 < 60;
      g_ptr_array_add (texts, g_strdup_printf ("group %d of é %d", i / 100, g_rand_int_range (rand, 0, 2000)));
      g_ptr_array_add (fives, g_strdup_printf ("%05d", g_rand_int_range (rand, 0, 99999)));
    }
  for (guint l = 0; l < G_N_ELEMENTS (layouts); l++)
    {
      g_autoptr (GByteArray) bytes = NULL;
      g_autoptr (GError) error = NULL;
      g_autofree char *got = NULL;
      g_auto (GStrv) rows = NULL;

      for (guint k = 0; k < G_N_ELEMENTS (columns); k++)
        {
          guint kind = k / 2;
          gboolean dictionary = kinds[kind].encoding == PLAIN_DICTIONARY || kinds[kind].encoding == RLE_DICTIONARY;
          Column *c = &columns[k];

          g_ptr_array_add (names, g_strdup_printf ("c%u", k));
          *c = (Column){ names->pdata[names->len - 1], kinds[kind].type, k % 2, kinds[kind].type >= 6 ? 0 : -1, 0, kinds[kind].encoding,
                         kinds[kind].length, 0, N_ROWS, NULL, NULL, NULL, k % 2 ? nulls : NULL };
          c->i = c->type == 0 ? bits : c->type == 1 ? small : numbers;
          c->d = doubles;
          c->s = (char **) (c->type == 7 ? fives->pdata : texts->pdata);
          g_assert_true (!dictionary || c->type != 0);
        }
      bytes = parquet_write (columns, G_N_ELEMENTS (columns), N_ROWS, &layouts[l]);
      got = import_bytes (f, bytes, NULL, &error);
      g_assert_no_error (error);
      rows = g_strsplit (got, "/", -1);
      g_assert_cmpuint (g_strv_length (rows), ==, N_ROWS);
      for (guint i = 0; i < N_ROWS; i++)
        {
          g_auto (GStrv) cells = g_strsplit (rows[i], "|", -1);

          for (guint k = 0; k < G_N_ELEMENTS (columns); k++)
            {
              const Column *c = &columns[k];
              guint from = c->encoding == PLAIN_DICTIONARY || c->encoding == RLE_DICTIONARY ? i % 10 : i;
              g_autofree char *expected = NULL;

              if (c->null != NULL && c->null[i])
                expected = g_strdup ("-");
              else if (c->type <= 2)
                expected = g_strdup_printf ("%" G_GINT64_FORMAT, c->i[from]);
              else if (c->type >= 6)
                expected = g_strdup (c->s[from]);
              else
                {
                  double value = g_ascii_strtod (cells[k], NULL), wanted = c->type == 4 ? (double) (float) c->d[from] : c->d[from];

                  g_assert_true (value <= wanted && value >= wanted);
                  continue;
                }
              if (g_strcmp0 (cells[k], expected) != 0)
                g_error ("layout %u, row %u, column %u (type %d, encoding %d): “%s” instead of “%s”", l, i, k, c->type, c->encoding, cells[k],
                         expected);
            }
        }
    }
}

/* What values mean. */
static void
test_meanings (Fixture *f, gconstpointer data)
{
  gint64 days[] = { 0, -1, 20000 }, ms[] = { 1500, -1, 86400000 }, clock[] = { 1000000, 86399999999, 0 }, ns[] = { -1, 1000000001, 0 };
  gint64 cents[] = { -12345, 7, 100 }, whole[] = { 5, -5, 0 }, u32[] = { -1, 1, 0 }, big[] = { 1, G_MININT64, 9007199254740993 };
  char *uuids[] = { (char *) "\x01\x23\x45\x67\x89\xab\xcd\xef\x01\x23\x45\x67\x89\xab\xcd\xef", (char *) "0123456789abcdef",
                    (char *) "abcdefghijklmnop" };
  char *wide[] = { (char *) "\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01",
                   (char *) "\0\0\0\0\0\0\0\0\0\0\0\0\0\0\4\xd2", (char *) "\0\0\0\0\0\0\0\1\0\0\0\0\0\0\0\0" };
  char *times[] = { (char *) "\0\0\0\0\0\0\0\0\x8c\x3d\x25\0", (char *) "\0\xca\x9a\x3b\0\0\0\0\x8d\x3d\x25\0",
                    (char *) "\0\0\0\0\0\0\0\0\x8c\x3d\x25\0" };
  char *json[] = { (char *) "{\"a\":1}", (char *) "[]", (char *) "" };
  double floats[] = { 0.5, (double) NAN, -3 };
  const Column columns[] = {
    { "day", 1, 0, 6, 0, PLAIN, 0, 0, 3, days },       { "ms", 2, 0, 9, 0, DELTA, 0, 0, 3, ms },
    { "ns", 2, 0, -1, 8, PLAIN, 0, 0, 3, ns },         { "clock", 2, 0, 8, 0, PLAIN, 0, 0, 3, clock },
    { "cents", 2, 0, 5, 0, PLAIN, 0, 2, 3, cents },    { "whole", 1, 0, 5, 0, PLAIN, 0, 0, 3, whole },
    { "u32", 1, 0, 13, 0, PLAIN, 0, 0, 3, u32 },       { "uuid", 7, 0, -1, 14, PLAIN, 16, 0, 3, NULL, NULL, uuids },
    { "wide", 7, 0, 5, 0, PLAIN, 16, 3, 3, NULL, NULL, wide }, { "at", 3, 0, -1, 0, PLAIN, 12, 0, 3, NULL, NULL, times },
    { "json", 6, 0, 19, 0, PLAIN, 0, 0, 3, NULL, NULL, json }, { "f", 5, 0, -1, 0, PLAIN, 0, 0, 3, NULL, floats },
    { "big", 2, 0, 5, 0, PLAIN, 0, 1, 3, big },
  };
  static const Layout layout = { UNCOMPRESSED, FALSE, 2, 3 };
  g_autoptr (GByteArray) bytes = parquet_write (columns, G_N_ELEMENTS (columns), 3, &layout);
  g_autoptr (GError) error = NULL;
  g_autofree char *names = NULL;
  g_autofree char *got = import_bytes (f, bytes, &names, &error);

  g_assert_no_error (error);
  g_assert_cmpstr (names, ==, "day:date,ms:timestamp,ns:timestamp,clock:text,cents:double,whole:int,u32:int,uuid:text,wide:double,at:timestamp,"
                              "json:text,f:double,big:double");
  g_assert_cmpstr (got, ==,
                   "1970-01-01|1970-01-01 00:00:01.5|1969-12-31 23:59:59.999999|00:00:01|-123.45|5|4294967295|01234567-89ab-cdef-0123-456789abcdef|"
                   "-0.255|1970-01-01 00:00:00|{\"a\":1}|0.5|0.1/"
                   "1969-12-31|1969-12-31 23:59:59.999|1970-01-01 00:00:01|23:59:59.999999|0.07|-5|1|30313233-3435-3637-3839-616263646566|"
                   "1.234|1970-01-02 00:00:01|[]|-|-9.22337203685478e+17/"
                   "2024-10-04|1970-01-02 00:00:00|1970-01-01 00:00:00|00:00:00|1.0|0|0|61626364-6566-6768-696a-6b6c6d6e6f70|"
                   "1.84467440737096e+16|1970-01-01 00:00:00|-|-3.0|900719925474099.0");
}

/* Lists and structs, their levels by hand: optional group s { required int32 a; optional group l (LIST) { repeated group list { optional
 * int32 element } } }. */
static void
test_nested (Fixture *f, gconstpointer data)
{
  static const guint32 a_defs[] = { 1, 1, 0, 1, 1 };
  static const guint32 l_reps[] = { 0, 1, 1, 0, 0, 0, 0 };
  static const guint32 l_defs[] = { 4, 3, 4, 2, 0, 1, 4 };
  static const int a_values[] = { 10, 20, 40, 50 }, l_values[] = { 1, 3, 9 };
  static const struct { const char *name; int type, repetition, converted; guint n_children; } schema[] = {
    { "schema", -1, -1, -1, 1 }, { "s", -1, 1, -1, 2 },    { "a", 1, 0, -1, 0 },
    { "l", -1, 1, 3, 1 },        { "list", -1, 2, -1, 1 }, { "element", 1, 1, -1, 0 },
  };
  g_autoptr (GByteArray) out = g_byte_array_new ();
  g_autoptr (GByteArray) footer = g_byte_array_new ();
  g_autoptr (GError) error = NULL;
  g_autofree char *names = NULL;
  g_autofree char *got = NULL;
  static const Layout layout = { UNCOMPRESSED, FALSE, 100, 100 };
  ThriftOut t = { footer };
  gint64 starts[2], sizes[2];

  put_bytes (out, "PAR1", 4);
  for (int c = 0; c < 2; c++)
    {
      g_autoptr (GByteArray) levels = g_byte_array_new ();
      g_autoptr (GByteArray) values = g_byte_array_new ();
      g_autoptr (GByteArray) runs = g_byte_array_new ();

      if (c == 1)
        {
          put_rle (runs, l_reps, G_N_ELEMENTS (l_reps), 1);
          put_le (levels, runs->len, 4);
          put_bytes (levels, runs->data, runs->len);
          g_byte_array_set_size (runs, 0);
        }
      put_rle (runs, c == 0 ? a_defs : l_defs, c == 0 ? G_N_ELEMENTS (a_defs) : G_N_ELEMENTS (l_defs), c == 0 ? 1 : 3);
      put_le (levels, runs->len, 4);
      put_bytes (levels, runs->data, runs->len);
      for (guint i = 0; i < (c == 0 ? G_N_ELEMENTS (a_values) : G_N_ELEMENTS (l_values)); i++)
        put_le (values, (guint64) (c == 0 ? a_values[i] : l_values[i]), 4);
      starts[c] = out->len;
      parquet_put_page (out, 0, c == 0 ? G_N_ELEMENTS (a_defs) : G_N_ELEMENTS (l_defs), 0, PLAIN, 0, &layout, levels, values);
      sizes[c] = out->len - starts[c];
    }
  t_i32 (&t, 1, 1);
  t_list (&t, 2, 12, G_N_ELEMENTS (schema));
  for (guint i = 0; i < G_N_ELEMENTS (schema); i++)
    {
      t_begin (&t, 0);
      if (schema[i].type >= 0)
        t_i32 (&t, 1, schema[i].type);
      if (schema[i].repetition >= 0)
        t_i32 (&t, 3, schema[i].repetition);
      t_text (&t, 4, schema[i].name);
      if (schema[i].n_children > 0)
        t_i32 (&t, 5, schema[i].n_children);
      if (schema[i].converted >= 0)
        t_i32 (&t, 6, schema[i].converted);
      t_end (&t);
    }
  t_i64 (&t, 3, 5);
  t_list (&t, 4, 12, 1);
  t_begin (&t, 0);
  t_list (&t, 1, 12, 2);
  for (int c = 0; c < 2; c++)
    {
      t_begin (&t, 0);
      t_begin (&t, 3);
      t_i32 (&t, 1, 1);
      t_i32 (&t, 4, 0);
      t_i64 (&t, 5, c == 0 ? 5 : 7);
      t_i64 (&t, 7, sizes[c]);
      t_i64 (&t, 9, starts[c]);
      t_end (&t);
      t_end (&t);
    }
  t_i64 (&t, 3, 5);
  t_end (&t);
  put_byte (footer, 0);
  put_bytes (out, footer->data, footer->len);
  put_le (out, footer->len, 4);
  put_bytes (out, "PAR1", 4);
  got = import_bytes (f, out, &names, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (names, ==, "s_a:int,s_l:text");
  g_assert_cmpstr (got, ==, "10|[1,null,3]/20|[]/-|-/40|-/50|[9]");
}

/* Any byte may be wrong and the file may end anywhere: an error or rows, but no crash, no hang. */
static void
test_hostile (Fixture *f, gconstpointer data)
{
  static const Layout layouts[] = { { UNCOMPRESSED, FALSE, 20, 40 }, { SNAPPY, TRUE, 33, 100 } };
  g_autoptr (GRand) rand = g_rand_new_with_seed (5);
  g_autofree gint64 *numbers = g_new (gint64, 100);
  g_autofree gboolean *nulls = g_new (gboolean, 100);
  g_autofree char *path = g_build_filename (f->dir, "h.parquet", NULL);
  char *texts[100];
  const char *rounds = g_getenv ("BV_LONG");

  for (guint i = 0; i < 100; i++)
    {
      numbers[i] = i * i;
      nulls[i] = i % 3 == 0;
      texts[i] = g_strdup_printf ("text %u", i * 7);
    }
  for (guint l = 0; l < G_N_ELEMENTS (layouts); l++)
    {
      const Column columns[] = {
        { "a", 2, 1, -1, 0, DELTA, 0, 0, 100, numbers, NULL, NULL, nulls },
        { "b", 6, 0, 0, 0, DELTA_BYTES, 0, 0, 100, NULL, NULL, texts },
        { "c", 6, 1, 0, 0, RLE_DICTIONARY, 0, 0, 100, NULL, NULL, texts, nulls },
        { "d", 6, 1, 0, 0, DELTA_LENGTH, 0, 0, 100, NULL, NULL, texts, nulls },
      };
      g_autoptr (GByteArray) bytes = parquet_write (columns, G_N_ELEMENTS (columns), 100, &layouts[l]);

      for (int round = 0; round < (rounds != NULL ? atoi (rounds) : 1500); round++)
        {
          g_autofree guint8 *copy = g_memdup2 (bytes->data, bytes->len);
          gsize length = round % 10 == 0 ? (gsize) g_rand_int_range (rand, 4, (gint32) bytes->len) : bytes->len;
          g_autoptr (GError) error = NULL;
          g_autoptr (BvRows) rows = NULL;
          gboolean row = TRUE;

          for (int n = g_rand_int_range (rand, 1, 4); n > 0; n--)
            copy[g_rand_int_range (rand, 0, (gint32) length)] = (guint8) g_rand_int_range (rand, 0, 256);
          g_assert_true (g_file_set_contents_full (path, (const char *) copy, (gssize) length, G_FILE_SET_CONTENTS_NONE, 0600, NULL));
          rows = bv_parquet_open (path, NULL, &error);
          for (int n = 0; rows != NULL && row && n < 10000; n++)
            if (!bv_rows_next (rows, &row, &error))
              row = FALSE;
          g_assert_true (rows != NULL || error != NULL);
        }
    }
  for (guint i = 0; i < 100; i++)
    g_free (texts[i]);
}

/* A time of day whose unit is missing, because its type is no struct: nothing is divided by it. */
static void
test_no_unit (Fixture *f, gconstpointer data)
{
  static const guint8 time_type[] = { 0x7c, 0, 0, 0 }; /* field 7 of the union, a struct; the ends of it, of the union and of the element */
  static const Layout layout = { UNCOMPRESSED, FALSE, 1, 1 };
  gint64 clock[] = { 5 };
  const Column column = { "clock", 2, 0, -1, 7, PLAIN, 0, 0, 1, clock };
  g_autoptr (GByteArray) bytes = parquet_write (&column, 1, 1, &layout);
  guint8 *at = memmem (bytes->data, bytes->len, time_type, sizeof time_type);
  g_autoptr (GError) error = NULL;
  g_autofree char *got = NULL;

  g_assert_nonnull (at);
  *at = 0x71; /* true, which has no end */
  g_byte_array_remove_index (bytes, (guint) (at + 1 - bytes->data));
  bytes->data[bytes->len - 8]--; /* the footer's length */
  got = import_bytes (f, bytes, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (got, ==, "5");
}

/* A file of the shared data; NULL, and the test is skipped, where it is not there. (transfer full) */
static char *
shared_file (const char *name)
{
  g_autofree char *path = g_build_filename (g_getenv ("BV_SHARED") != NULL ? g_getenv ("BV_SHARED") : "", "data", "superstore", name, NULL);

  if (g_file_test (path, G_FILE_TEST_EXISTS))
    return g_steal_pointer (&path);
  g_test_skip ("The shared data are not here");
  return NULL;
}

static void
import_as (Fixture *f, const char *path, const char *table, gint64 n_rows)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (BvImportPlan) plan = bv_import_sniff (path, NULL, &error);
  g_auto (BvImportResult) result = { 0 };

  g_assert_no_error (error);
  g_free (plan->table);
  plan->table = g_strdup (table);
  bv_import_run (plan, f->project, NULL, NULL, NULL, &result, &error);
  g_assert_no_error (error);
  g_assert_cmpint (result.n_rows, ==, n_rows);
  g_assert_cmpstr (result.first_problem, ==, NULL);
}

/* The same table as CSV and as Parquet. */
static void
test_superstore (Fixture *f, gconstpointer data)
{
  g_autofree char *csv = shared_file ("superstore.csv");
  g_autofree char *parquet = shared_file ("superstore.parquet");

  if (csv == NULL || parquet == NULL)
    return;
  import_as (f, csv, "a", 9994);
  import_as (f, parquet, "b", 9994);
  assert_dump (f->project, "SELECT count(*) FROM (SELECT * FROM a EXCEPT SELECT * FROM b)", "0");
  assert_dump (f->project, "SELECT count(*) FROM (SELECT * FROM b EXCEPT SELECT * FROM a)", "0");
}

/* The same table as the Arrow project's own library reads it: needs node with apache-arrow and lz4js (NODE_PATH). */
static void
test_arrow (Fixture *f, gconstpointer data)
{
  g_autofree char *csv = shared_file ("superstore.csv");
  g_autofree char *arrow = shared_file ("superstore.lz4.arrow");
  g_autofree char *script = g_build_filename (g_getenv ("BV_TEST_DATA"), "..", "connect", "arrow-to-csv.mjs", NULL);
  g_autofree char *converted = g_build_filename (f->dir, "arrow.csv", NULL);
  const char *argv[] = { "node", script, arrow, converted, NULL };
  int status = -1;

  if (csv == NULL || arrow == NULL)
    return;
  if (!g_spawn_sync (NULL, (char **) argv, NULL, G_SPAWN_SEARCH_PATH | G_SPAWN_STDERR_TO_DEV_NULL, NULL, NULL, NULL, NULL, &status, NULL) || status != 0)
    {
      g_test_skip ("apache-arrow is not installed");
      return;
    }
  import_as (f, csv, "a", 9994);
  import_as (f, converted, "b", 9994);
  assert_dump (f->project, "SELECT count(*) FROM (SELECT * FROM a EXCEPT SELECT * FROM b)", "0");
  assert_dump (f->project, "SELECT count(*) FROM (SELECT * FROM b EXCEPT SELECT * FROM a)", "0");
}

/* flights-3m.parquet of the npm package vega-datasets, where BV_VEGA names its folder; the sums are hyparquet's. */
static void
test_vega (Fixture *f, gconstpointer data)
{
  g_autofree char *path = g_build_filename (g_getenv ("BV_VEGA") != NULL ? g_getenv ("BV_VEGA") : "", "flights-3m.parquet", NULL);

  if (!g_file_test (path, G_FILE_TEST_EXISTS))
    {
      g_test_skip ("vega-datasets are not here");
      return;
    }
  import_as (f, path, "flights", 3000000);
  assert_dump (f->project, "SELECT group_concat(name || ' ' || type) FROM bv_column", "date timestamp,delay int,distance int,origin text,destination text");
  assert_dump (f->project, "SELECT count(date), sum(delay), sum(distance), min(delay), max(delay), min(date), max(date), count(DISTINCT origin) FROM flights",
               "3000000|20003603|2194861208|-1116|1688|2001-01-01 00:01:00|2001-07-01 00:00:00|229");
  assert_dump (f->project, "SELECT * FROM flights LIMIT 2", "2001-01-01 00:01:00|33|2176|LAS|PHL/2001-01-01 00:01:00|19|215|ATL|SAV");
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add ("/connect/parquet/encodings", Fixture, NULL, fixture_set_up, test_encodings, fixture_tear_down);
  g_test_add ("/connect/parquet/meanings", Fixture, NULL, fixture_set_up, test_meanings, fixture_tear_down);
  g_test_add ("/connect/parquet/nested", Fixture, NULL, fixture_set_up, test_nested, fixture_tear_down);
  g_test_add ("/connect/parquet/hostile", Fixture, NULL, fixture_set_up, test_hostile, fixture_tear_down);
  g_test_add ("/connect/parquet/no-unit", Fixture, NULL, fixture_set_up, test_no_unit, fixture_tear_down);
  g_test_add ("/connect/parquet/superstore", Fixture, NULL, fixture_set_up, test_superstore, fixture_tear_down);
  g_test_add ("/connect/parquet/arrow", Fixture, NULL, fixture_set_up, test_arrow, fixture_tear_down);
  g_test_add ("/connect/parquet/vega", Fixture, NULL, fixture_set_up, test_vega, fixture_tear_down);
  return g_test_run ();
}
