/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The store of encoded tables: SQLite answers until the background is done, columns after it, and neither ever says what the other does not. */
#include "bv-column-store.h"
#include "bv-definitions.h"
#include "bv-model-build.h"

#include <glib/gstdio.h>
#include <string.h>

typedef struct
{
  char *dir;
  BvProject *project;
  BvModel *model;
  BvColumnStore *store;
} Fixture;

static void
fill (Fixture *f, guint n_rows)
{
  static const BvTableColumn columns[] = { { (char *) "kind", BV_TYPE_TEXT }, { (char *) "amount", BV_TYPE_DOUBLE } };
  g_autoptr(GError) error = NULL;
  BvTableWriter *writer = bv_table_writer_new (f->project, &error);

  bv_table_writer_begin_table (writer, "sales", "Test", NULL, columns, 2, NULL, &error);
  g_assert_no_error (error);
  for (guint i = 0; i < n_rows; i++)
    {
      BvValue cells[2] = { { BV_TYPE_TEXT, { .s = (char *) (i % 3 == 0 ? "a" : "b") } }, bv_value_double (i % 1000 / 100.0) };

      bv_table_writer_append (writer, cells, &error);
    }
  bv_table_writer_end_table (writer, NULL, NULL, &error);
  bv_table_writer_commit (writer, "Fill", NULL, &error);
  g_assert_no_error (error);
}

static void
set_up (Fixture *f, gconstpointer n_rows)
{
  g_autoptr(GError) error = NULL;
  g_autofree char *path = NULL;

  f->dir = g_dir_make_tmp ("bv-store-XXXXXX", &error);
  path = g_build_filename (f->dir, "test.belvedere", NULL);
  f->project = bv_project_create (path, &error);
  g_assert_no_error (error);
  f->store = bv_column_store_new ();
  fill (f, GPOINTER_TO_UINT (n_rows));
  bv_definitions_apply (f->project,
                        "{\"belvedere\":1,\"explorations\":[{\"name\":\"Sales\",\"root\":\"sales\",\"metrics\":[{\"name\":\"Amount\",\"aggregate\":\"sum\","
                        "\"field\":\"sales.amount\"}]}]}", "Define", NULL, &error);
  g_assert_no_error (error);
  f->model = bv_model_load (f->project, &error);
  g_assert_no_error (error);
}

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
tear_down (Fixture *f, gconstpointer data)
{
  bv_column_store_close (f->store);
  bv_column_store_unref (f->store);
  bv_model_unref (f->model);
  bv_project_unref (f->project);
  remove_tree (f->dir);
  g_free (f->dir);
}

static double
total (Fixture *f, BvExecutor executor, char **explained)
{
  BvQueryContext context = { f->project, f->model, 0, executor, f->store };
  g_autoptr(BvChart) chart = bv_chart_new ("Sales", "table");
  g_autoptr(BvFrame) frame = NULL;
  g_autoptr(GError) error = NULL;

  g_strfreev (chart->metrics);
  chart->metrics = g_strsplit ("Amount", ",", -1);
  if (explained != NULL)
    *explained = bv_query_explain (&context, chart, NULL, &error);
  g_assert_no_error (error);
  frame = bv_query_run (&context, chart, NULL, NULL, &error);
  g_assert_no_error (error);
  return bv_frame_get_double (frame, 0, 0);
}

static void
test_background (Fixture *f, gconstpointer data)
{
  g_autofree char *before = NULL;
  g_autofree char *after = NULL;
  g_autofree char *stale = NULL;
  double expected = total (f, BV_EXECUTOR_SQLITE, NULL);
  double value = total (f, BV_EXECUTOR_AUTO, &before);

  g_assert_cmpmem (&value, sizeof value, &expected, sizeof expected);
  g_assert_nonnull (strstr (before, "Executor: SQLite"));
  bv_column_store_wait (f->store);
  value = total (f, BV_EXECUTOR_AUTO, &after);
  g_assert_cmpmem (&value, sizeof value, &expected, sizeof expected);
  g_assert_nonnull (strstr (after, "Executor: columns"));
  /* New rows: the encoded ones are not the table's any more. */
  fill (f, 10);
  expected = total (f, BV_EXECUTOR_SQLITE, NULL);
  value = total (f, BV_EXECUTOR_AUTO, &stale);
  g_assert_cmpmem (&value, sizeof value, &expected, sizeof expected);
  g_assert_nonnull (strstr (stale, "Executor: SQLite"));
  bv_column_store_wait (f->store);
  value = total (f, BV_EXECUTOR_COLUMNS, NULL);
  g_assert_cmpmem (&value, sizeof value, &expected, sizeof expected);
}

static void
define (Fixture *f, const char *time_field)
{
  g_autofree char *text = g_strdup_printf ("{'belvedere':1,'explorations':[{'name':'Visits','root':'visits','dimensions':[{'name':'When','field':'visits.%s'}],"
                                           "'time_field':'When','metrics':[{'name':'N','aggregate':'count'}]}]}", time_field);
  g_autoptr(GError) error = NULL;

  g_strdelimit (text, "'", '"');
  bv_definitions_apply (f->project, text, "Define", NULL, &error);
  g_assert_no_error (error);
  g_clear_pointer (&f->model, bv_model_unref);
  f->model = bv_model_load (f->project, &error);
  g_assert_no_error (error);
}

/* Rows are sorted by the time field that the model says; another choice makes another table. */
static void
test_order (Fixture *f, gconstpointer data)
{
  static const BvTableColumn columns[] = { { (char *) "n", BV_TYPE_INT }, { (char *) "seen", BV_TYPE_DATE }, { (char *) "paid", BV_TYPE_TIMESTAMP } };
  static const char *const fields[] = { "seen", "paid", "seen" };
  g_autoptr(GError) error = NULL;
  BvTableWriter *writer = bv_table_writer_new (f->project, &error);

  bv_table_writer_begin_table (writer, "visits", "Test", NULL, columns, 3, NULL, &error);
  for (guint i = 0; i < 60000; i++)
    {
      BvValue cells[3] = { bv_value_int (i), bv_value_date (20000 + i * 7919 % 100), bv_value_timestamp (i * 104729 % 60000 * G_GINT64_CONSTANT (1000000)) };

      bv_table_writer_append (writer, cells, &error);
    }
  bv_table_writer_end_table (writer, NULL, NULL, &error);
  bv_table_writer_commit (writer, "Fill", NULL, &error);
  g_assert_no_error (error);
  for (guint k = 0; k < G_N_ELEMENTS (fields); k++)
    {
      g_autoptr(BvEncodedTable) table = NULL;
      const BvEncodedColumn *column;

      define (f, fields[k]);
      table = bv_column_store_make (f->store, f->project, "visits", f->model, NULL, &error);
      g_assert_no_error (error);
      g_assert_cmpint (table->order, ==, strcmp (fields[k], "seen") == 0 ? 1 : 2);
      column = &table->columns[table->order];
      for (guint row = 0; row < 60000; row++)
        {
          g_assert_true (row == 0 || bv_encoded_code (column, row - 1) <= bv_encoded_code (column, row));
          g_assert_cmpint (bv_encoded_rowid (table, row) - 1, ==, table->columns[0].base + bv_encoded_code (&table->columns[0], row) - 1);
        }
    }
}

/* Closing in the middle of the work neither waits for its end nor leaves anything behind. */
static void
test_close (Fixture *f, gconstpointer data)
{
  total (f, BV_EXECUTOR_AUTO, NULL);
  bv_column_store_close (f->store);
  bv_column_store_wait (f->store);
  total (f, BV_EXECUTOR_AUTO, NULL);
}

/* A larger table leaves a file; a second store reads it, and a damaged one is made anew. */
static void
test_file (Fixture *f, gconstpointer data)
{
  g_autofree char *folder = g_build_filename (g_get_user_cache_dir (), "belvedere", bv_project_get_uuid (f->project), NULL);
  double expected = total (f, BV_EXECUTOR_SQLITE, NULL);
  g_autofree char *path = NULL;
  g_autofree char *bytes = NULL;
  g_autofree char *again = NULL;
  g_autoptr(GDir) dir = NULL;
  gsize size, size_again;
  double value = total (f, BV_EXECUTOR_COLUMNS, NULL);

  g_assert_cmpmem (&value, sizeof value, &expected, sizeof expected);
  dir = g_dir_open (folder, 0, NULL);
  g_assert_nonnull (dir);
  path = g_build_filename (folder, g_dir_read_name (dir), NULL);
  g_assert_true (g_str_has_suffix (path, ".bvc"));
  g_assert_true (g_file_get_contents (path, &bytes, &size, NULL));
  for (guint i = 0; i < 3; i++)
    {
      bv_column_store_close (f->store);
      bv_column_store_unref (f->store);
      f->store = bv_column_store_new ();
      if (i > 0)
        {
          g_autofree char *damaged = g_memdup2 (bytes, size);

          damaged[size * i / 3] ^= 4;
          g_unlink (path);
          g_assert_true (g_file_set_contents (path, damaged, (gssize) size, NULL));
        }
      value = total (f, BV_EXECUTOR_COLUMNS, NULL);
      g_assert_cmpmem (&value, sizeof value, &expected, sizeof expected);
    }
  g_assert_true (g_file_get_contents (path, &again, &size_again, NULL));
  g_assert_cmpmem (bytes, size, again, size_again);
  /* In the background: the first query of the damaged column finds the damage and is answered by SQLite; then the table is made again. */
  bytes[size - size / 4] ^= 1;
  g_unlink (path);
  g_assert_true (g_file_set_contents (path, bytes, (gssize) size, NULL));
  bv_column_store_close (f->store);
  bv_column_store_unref (f->store);
  f->store = bv_column_store_new ();
  for (guint i = 0; i < 4; i++)
    {
      value = total (f, BV_EXECUTOR_AUTO, NULL);
      g_assert_cmpmem (&value, sizeof value, &expected, sizeof expected);
      bv_column_store_wait (f->store);
    }
  g_free (again);
  g_assert_true (g_file_get_contents (path, &again, &size_again, NULL));
  bytes[size - size / 4] ^= 1;
  g_assert_cmpmem (bytes, size, again, size_again);
  fill (f, 50001);
  total (f, BV_EXECUTOR_COLUMNS, NULL);
  g_assert_false (g_file_test (path, G_FILE_TEST_EXISTS));
  remove_tree (folder);
}

int
main (int argc, char **argv)
{
  g_autofree char *cache = g_dir_make_tmp ("bv-cache-XXXXXX", NULL);
  int result;

  g_setenv ("XDG_CACHE_HOME", cache, TRUE);
  g_setenv ("LANGUAGE", "C", TRUE);
  g_test_init (&argc, &argv, NULL);
  g_test_add ("/store/background", Fixture, GUINT_TO_POINTER (5000), set_up, test_background, tear_down);
  g_test_add ("/store/close", Fixture, GUINT_TO_POINTER (100000), set_up, test_close, tear_down);
  g_test_add ("/store/order", Fixture, GUINT_TO_POINTER (10), set_up, test_order, tear_down);
  g_test_add ("/store/file", Fixture, GUINT_TO_POINTER (60000), set_up, test_file, tear_down);
  result = g_test_run ();
  remove_tree (cache);
  return result;
}
