/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Tables encoded while an import writes them are, to the byte, what encoding them from SQLite makes; and where they would not be, there are none. */
#include "bv-column-cache.h"
#include "bv-column-intake.h"
#include "bv-definitions.h"
#include "bv-encoded-file.h"

#include <glib/gstdio.h>
#include <math.h>
#include <string.h>

typedef struct
{
  char *dir;
  BvProject *project;
  BvCalendar *calendar;
  BvColumnStore *store;
} Fixture;

static void
remove_tree (const char *path)
{
  g_autoptr(GDir) dir = g_dir_open (path, 0, NULL);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *child = g_build_filename (path, name, NULL);

      remove_tree (child);
    }
  g_remove (path);
}

static void
set_up (Fixture *f, gconstpointer data)
{
  g_autoptr(GError) error = NULL;
  g_autofree char *path = NULL;
  g_autoptr(BvModel) model = NULL;

  f->dir = g_dir_make_tmp ("bv-intake-XXXXXX", &error);
  path = g_build_filename (f->dir, "test.belvedere", NULL);
  f->project = bv_project_create (path, &error);
  g_assert_no_error (error);
  model = bv_model_load (f->project, &error);
  g_assert_no_error (error);
  f->calendar = bv_calendar_ref (model->calendar);
  f->store = bv_column_store_new ();
  bv_column_cache_set_min_rows (1);
}

static void
tear_down (Fixture *f, gconstpointer data)
{
  bv_column_store_unref (f->store);
  bv_calendar_unref (f->calendar);
  bv_project_unref (f->project);
  remove_tree (f->dir);
  g_free (f->dir);
}

/* --- Rows ------------------------------------------------------------------------------------------------------------------------- */

#define MAX_COLUMNS 12

typedef struct
{
  guint n_columns;
  BvTableColumn columns[MAX_COLUMNS];
  char names[MAX_COLUMNS][8];
  guint kinds[MAX_COLUMNS];
} Shape;

static const BvType all_types[] = { BV_TYPE_BOOL, BV_TYPE_INT, BV_TYPE_DOUBLE, BV_TYPE_TEXT, BV_TYPE_DATE, BV_TYPE_TIMESTAMP };

static Shape
random_shape (GRand *rand)
{
  Shape shape = { (guint) g_rand_int_range (rand, 1, MAX_COLUMNS + 1) };

  for (guint i = 0; i < MAX_COLUMNS; i++)
    {
      g_snprintf (shape.names[i], sizeof shape.names[i], "c%u", i);
      shape.columns[i].type = all_types[g_rand_int_range (rand, 0, G_N_ELEMENTS (all_types))];
      shape.kinds[i] = (guint) g_rand_int_range (rand, 0, 4);
    }
  return shape;
}

/* @kind: few values, many, odd ones, or nothing. */
static BvValue
random_value (GRand *rand, BvType type, guint kind, char *text, gsize size)
{
  BvValue value = { BV_TYPE_NULL };
  gint64 number = kind == 0 ? g_rand_int_range (rand, -3, 9) : (gint64) g_rand_int (rand);

  if (kind == 3 || g_rand_int_range (rand, 0, 12) == 0)
    return value;
  value.type = type;
  switch (type)
    {
    case BV_TYPE_BOOL:
      value.i = number & 1;
      break;
    case BV_TYPE_INT:
      value.i = kind == 2 ? number * 1000003 * (number & 1 ? -1 : 1) : number;
      break;
    case BV_TYPE_DATE:
      value.i = number % 40000;
      break;
    case BV_TYPE_TIMESTAMP:
      value.i = number % 40000 * BV_DAY_US / (kind == 1 ? 7 : 1) + (kind == 2 ? number % 1000 : 0);
      break;
    case BV_TYPE_DOUBLE:
      value.d = kind == 2 && number % 5000 == 0 ? (number & 1 ? NAN : -0.0) : (double) number / (kind == 0 ? 4 : 3);
      break;
    case BV_TYPE_TEXT:
    case BV_TYPE_NULL:
    default:
      g_snprintf (text, size, kind == 2 ? "Ä %" G_GINT64_FORMAT " ünïcödé\n" : "text %" G_GINT64_FORMAT, number);
      value.s = text;
      break;
    }
  return value;
}

static void
append_rows (BvTableWriter *writer, const char *table, Shape *shape, guint n_rows, const char *const *key, GRand *rand)
{
  g_autoptr(GError) error = NULL;
  char texts[MAX_COLUMNS][64];

  for (guint i = 0; i < shape->n_columns; i++)
    shape->columns[i].name = shape->names[i];
  bv_table_writer_begin_table (writer, table, "Test", NULL, shape->columns, shape->n_columns, key, &error);
  g_assert_no_error (error);
  for (guint r = 0; r < n_rows; r++)
    {
      BvValue row[MAX_COLUMNS];

      for (guint i = 0; i < shape->n_columns; i++)
        row[i] = random_value (rand, shape->columns[i].type, shape->kinds[i], texts[i], sizeof texts[i]);
      bv_table_writer_append (writer, row, &error);
    }
  bv_table_writer_end_table (writer, NULL, NULL, &error);
  g_assert_no_error (error);
}

static BvTableWriter *
new_writer (Fixture *f, BvColumnIntake *intake)
{
  BvTableWriter *writer = bv_table_writer_new (f->project, NULL);

  g_assert_nonnull (writer);
  bv_table_writer_set_sink (writer, bv_column_intake_get_sink (intake));
  return writer;
}

/* --- What is compared --------------------------------------------------------------------------------------------------------------- */

static GBytes *
file_of (Fixture *f, BvEncodedTable *table)
{
  g_autofree char *path = g_build_filename (f->dir, "a.bvc", NULL);
  char *bytes;
  gsize size;

  g_assert_true (bv_encoded_table_save (table, path, "one", NULL));
  g_assert_true (g_file_get_contents (path, &bytes, &size, NULL));
  g_unlink (path);
  return g_bytes_new_take (bytes, size);
}

static guint
count_files (Fixture *f)
{
  g_autofree char *folder = g_build_filename (g_get_user_cache_dir (), "belvedere", bv_project_get_uuid (f->project), NULL);
  g_autoptr(GDir) dir = g_dir_open (folder, 0, NULL);
  const char *name;
  guint n = 0;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    n += strstr (name, ".bvc") != NULL;
  return n;
}

static void
assert_encoded (Fixture *f, const char *name)
{
  g_autoptr(BvModel) model = bv_model_load (f->project, NULL);
  g_autoptr(BvEncodedTable) seen = bv_column_store_get (f->store, f->project, name, model, FALSE);
  g_autoptr(BvEncodedTable) kept = NULL;
  g_autoptr(BvEncodedTable) read = NULL;
  BvColumnStore *other = bv_column_store_new ();
  g_autofree char *order = bv_column_main_time (model, name);
  g_autoptr(GBytes) a = NULL;
  g_autoptr(GBytes) b = NULL;
  g_autoptr(GError) error = NULL;
  guint64 version;

  g_assert_nonnull (seen);
  /* from the file that was written, and from SQLite */
  kept = bv_column_store_make (other, f->project, name, model, NULL, &error);
  g_assert_no_error (error);
  g_assert_nonnull (kept->file);
  bv_column_cache_set_min_rows (G_MAXINT64);
  read = bv_column_encode (f->project, name, model->calendar, order, &version, NULL, NULL, NULL, &error);
  bv_column_cache_set_min_rows (1);
  g_assert_no_error (error);
  g_assert_null (read->file);
  a = file_of (f, seen);
  b = file_of (f, read);
  g_assert_true (g_bytes_equal (a, b));
  g_assert_true (bv_encoded_table_verify_all (kept));
  g_assert_cmpuint (kept->n_rows, ==, seen->n_rows);
  bv_column_store_unref (other);
}

static void
assert_not_encoded (Fixture *f, const char *name)
{
  g_autoptr(BvModel) model = bv_model_load (f->project, NULL);
  g_autoptr(BvEncodedTable) seen = bv_column_store_get (f->store, f->project, name, model, FALSE);

  g_assert_null (seen);
}

/* --- Tests ---------------------------------------------------------------------------------------------------------------------------- */

/* Tables of random columns, new and in the place of others, some longer than a piece. */
static void
test_same_bytes (Fixture *f, gconstpointer data)
{
  const char *seed = g_getenv ("BV_SEED"), *rounds = g_getenv ("BV_LONG");
  g_autoptr(GRand) rand = g_rand_new_with_seed (seed != NULL ? (guint32) g_ascii_strtoull (seed, NULL, 10) : 11);
  guint n_rounds = rounds != NULL ? (guint) g_ascii_strtoull (rounds, NULL, 10) : 13;

  for (guint round = 0; round < n_rounds; round++)
    {
      g_autoptr(BvColumnIntake) intake = bv_column_intake_new (f->project, f->calendar, f->store);
      BvTableWriter *writer = new_writer (f, intake);
      guint n_tables = (guint) g_rand_int_range (rand, 1, 3);
      char names[2][8];

      for (guint t = 0; t < n_tables; t++)
        {
          Shape shape = random_shape (rand);
          guint n_rows = round % 12 == 11 ? 70000 : (guint) g_rand_int_range (rand, 1, g_rand_boolean (rand) ? 10 : 9000);

          g_snprintf (names[t], sizeof names[t], "t%d", t > 0 ? 9 : g_rand_int_range (rand, 0, 4));
          if (n_rows == 70000)
            shape.n_columns = MIN (shape.n_columns, 4);
          append_rows (writer, names[t], &shape, n_rows, NULL, rand);
        }
      g_assert_true (bv_table_writer_commit (writer, "Import", NULL, NULL));
      for (guint t = 0; t < n_tables; t++)
        assert_encoded (f, names[t]);
    }
}

/* Wide tables have short pieces. */
static void
test_wide (Fixture *f, gconstpointer data)
{
  enum { N = 1500 };
  g_autoptr(BvColumnIntake) intake = bv_column_intake_new (f->project, f->calendar, f->store);
  BvTableWriter *writer = new_writer (f, intake);
  g_autofree BvTableColumn *columns = g_new0 (BvTableColumn, N);
  g_autofree BvValue *row = g_new0 (BvValue, N);

  for (guint i = 0; i < N; i++)
    columns[i] = (BvTableColumn){ g_strdup_printf ("c%u", i), BV_TYPE_INT };
  g_assert_true (bv_table_writer_begin_table (writer, "wide", "Test", NULL, columns, N, NULL, NULL));
  for (guint r = 0; r < 1500; r++)
    {
      for (guint i = 0; i < N; i++)
        row[i] = bv_value_int ((gint64) r * i % 1000);
      g_assert_true (bv_table_writer_append (writer, row, NULL));
    }
  g_assert_true (bv_table_writer_end_table (writer, NULL, NULL, NULL));
  g_assert_true (bv_table_writer_commit (writer, "Import", NULL, NULL));
  assert_encoded (f, "wide");
  for (guint i = 0; i < N; i++)
    g_free (columns[i].name);
}

/* Of keys that do not repeat nothing is lost; where they do, or where rows are merged, the table is left to who asks for it. */
static void
test_keys (Fixture *f, gconstpointer data)
{
  static const char *const key[] = { "c0", NULL };
  g_autoptr(GRand) rand = g_rand_new_with_seed (3);
  Shape wide_key = { 2, { { NULL, BV_TYPE_INT }, { NULL, BV_TYPE_TEXT } }, { "c0", "c1" }, { 2, 1 } }, few_keys = wide_key;

  few_keys.kinds[0] = 0;
  for (guint round = 0; round < 4; round++)
    {
      g_autoptr(BvColumnIntake) intake = bv_column_intake_new (f->project, f->calendar, f->store);
      BvTableWriter *writer = new_writer (f, intake);

      if (round < 2)
        append_rows (writer, round == 0 ? "a" : "b", round == 0 ? &wide_key : &few_keys, 300, key, rand);
      else if (round == 2)
        append_rows (writer, "a", &wide_key, 300, key, rand);
      else
        {
          /* The second file of one import goes into the table of the first. */
          append_rows (writer, "c", &wide_key, 300, key, rand);
          append_rows (writer, "c", &wide_key, 300, key, rand);
          append_rows (writer, "d", &wide_key, 300, NULL, rand);
          append_rows (writer, "d", &few_keys, 200, NULL, rand);
        }
      g_assert_true (bv_table_writer_commit (writer, "Import", NULL, NULL));
      if (round == 0)
        assert_encoded (f, "a");
      else if (round == 1)
        assert_not_encoded (f, "b");
      else if (round == 2)
        assert_not_encoded (f, "a");
      else
        {
          assert_not_encoded (f, "c");
          assert_encoded (f, "d");
        }
    }
}

/* Of an import that was broken off nothing is left, whether in the store, the cache's folder or the other tables. */
static void
test_abort (Fixture *f, gconstpointer data)
{
  g_autoptr(GRand) rand = g_rand_new_with_seed (5);
  g_autoptr(GError) error = NULL;

  for (guint round = 0; round < 3; round++)
    {
      g_autoptr(BvColumnIntake) intake = bv_column_intake_new (f->project, f->calendar, f->store);
      BvTableWriter *writer = new_writer (f, intake);
      Shape shape = random_shape (rand);
      BvValue row[MAX_COLUMNS] = { { BV_TYPE_NULL } };

      append_rows (writer, "t", &shape, 20000, NULL, rand);
      if (round == 1)
        {
          /* in the middle of a table, rows being shown */
          g_assert_true (bv_table_writer_begin_table (writer, "u", "Test", NULL, shape.columns, shape.n_columns, NULL, &error));
          for (guint r = 0; r < 30000; r++)
            g_assert_true (bv_table_writer_append (writer, row, &error));
        }
      if (round < 2)
        bv_table_writer_abort (writer);
      else
        g_assert_true (bv_table_writer_commit (writer, "Import", NULL, NULL));
      g_assert_cmpuint (count_files (f), ==, round == 2 ? 1 : 0);
      if (round < 2)
        assert_not_encoded (f, "t");
      else
        assert_encoded (f, "t");
      g_assert_null (bv_project_get_table (f->project, "u", NULL));
    }
}

/* Nobody takes a table whose texts would need the memory of the machine. */
static void
test_many_texts (Fixture *f, gconstpointer data)
{
  g_autoptr(BvColumnIntake) intake = bv_column_intake_new (f->project, f->calendar, f->store);
  BvTableWriter *writer = new_writer (f, intake);
  const BvTableColumn column = { (char *) "text", BV_TYPE_TEXT };
  g_autofree char *text = g_strnfill (10000, 'x');
  BvValue value = { BV_TYPE_TEXT, { .s = text } };

  g_assert_true (bv_table_writer_begin_table (writer, "texts", "Test", NULL, &column, 1, NULL, NULL));
  for (guint r = 0; r < 10000; r++)
    {
      g_snprintf (text, 8, "%07u", r);
      text[7] = ' ';
      g_assert_true (bv_table_writer_append (writer, &value, NULL));
    }
  g_assert_true (bv_table_writer_end_table (writer, NULL, NULL, NULL));
  g_assert_true (bv_table_writer_commit (writer, "Import", NULL, NULL));
  assert_not_encoded (f, "texts");
}

int
main (int argc, char **argv)
{
  g_autofree char *cache = g_dir_make_tmp ("bv-cache-XXXXXX", NULL);
  int result;

  g_setenv ("XDG_CACHE_HOME", cache, TRUE);
  g_setenv ("LANGUAGE", "C", TRUE);
  g_test_init (&argc, &argv, NULL);
  g_test_add ("/intake/same-bytes", Fixture, NULL, set_up, test_same_bytes, tear_down);
  g_test_add ("/intake/wide", Fixture, NULL, set_up, test_wide, tear_down);
  g_test_add ("/intake/keys", Fixture, NULL, set_up, test_keys, tear_down);
  g_test_add ("/intake/abort", Fixture, NULL, set_up, test_abort, tear_down);
  g_test_add ("/intake/many-texts", Fixture, NULL, set_up, test_many_texts, tear_down);
  result = g_test_run ();
  remove_tree (cache);
  return result;
}
