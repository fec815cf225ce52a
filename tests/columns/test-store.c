/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The store of encoded tables: SQLite answers until the background is done, columns after it, and neither ever says what the other does not. */
#include "bv-column-cache.h"
#include "bv-awaited.h"
#include "bv-column-store.h"
#include "bv-definitions.h"
#include "bv-model-build.h"
#include "bv-row-step.h"
#include "bv-workspace.h"

#include <glib/gstdio.h>
#include <signal.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <utime.h>

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
    *explained = bv_query_explain (&context, chart, NULL, NULL, &error);
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

/* A run that SQLite does while its table is being encoded is broken off when that is there, others are not. */
static void
test_awaited (Fixture *f, gconstpointer data)
{
  g_autoptr(GCancellable) stop = g_cancellable_new ();
  BvAwaited *runs[3]; /* one that needs the table, one that needs none, one that its owner gives up */
  BvQueryContext context = { f->project, f->model, 0, BV_EXECUTOR_AUTO, f->store };
  g_autoptr(BvChart) chart = bv_chart_new ("Sales", "table");
  GCancellable *inner;

  g_strfreev (chart->metrics);
  chart->metrics = g_strsplit ("Amount", ",", -1);
  for (guint i = 0; i < G_N_ELEMENTS (runs); i++)
    {
      g_autoptr(GError) error = NULL;
      g_autoptr(BvFrame) frame = NULL;

      runs[i] = bv_awaited_new (f->store, f->project, f->model, stop);
      context.awaited = i == 1 ? NULL : runs[i];
      frame = bv_query_run (&context, chart, NULL, bv_awaited_get_cancellable (runs[i]), &error);
      g_assert_no_error (error);
    }
  bv_awaited_wake (f->store);
  bv_column_store_wait (f->store);
  bv_awaited_wake (f->store);
  inner = g_object_ref (bv_awaited_get_cancellable (runs[0]));
  g_assert_true (g_cancellable_is_cancelled (inner));
  g_assert_true (bv_awaited_end (runs[0]));
  g_assert_false (g_cancellable_is_cancelled (bv_awaited_get_cancellable (runs[1])));
  g_assert_false (bv_awaited_end (runs[1]));
  g_cancellable_cancel (stop);
  g_assert_false (bv_awaited_end (runs[2]));
  g_object_unref (inner);
}

/* The patient encode many rows first; few are left to SQLite and not encoded at all. */
static void
test_patient (Fixture *f, gconstpointer data)
{
  gboolean large = GPOINTER_TO_UINT (data) >= 200000;
  BvQueryContext context = { f->project, f->model, 0, BV_EXECUTOR_AUTO, f->store, .patient = TRUE };
  g_autoptr(BvChart) chart = bv_chart_new ("Sales", "table");
  g_autoptr(BvEncodedTable) table = NULL;
  g_autofree char *explained = NULL;

  g_strfreev (chart->metrics);
  chart->metrics = g_strsplit ("Amount", ",", -1);
  explained = bv_query_explain (&context, chart, NULL, NULL, NULL);
  g_assert_nonnull (strstr (explained, large ? "Executor: columns" : "Executor: SQLite"));
  bv_column_store_wait (f->store);
  table = bv_column_store_get (f->store, f->project, "sales", f->model, FALSE);
  g_assert_cmpint (table != NULL, ==, large);
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

/* The one encoded file in a folder. */
static char *
only_file (const char *folder)
{
  g_autoptr(GDir) dir = g_dir_open (folder, 0, NULL);
  char *path = NULL;
  const char *name;

  g_assert_nonnull (dir);
  while ((name = g_dir_read_name (dir)) != NULL)
    if (g_str_has_suffix (name, ".bvc"))
      {
        g_assert_null (path);
        path = g_build_filename (folder, name, NULL);
      }
  g_assert_nonnull (path);
  return path;
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
  gsize size, size_again;
  double value = total (f, BV_EXECUTOR_COLUMNS, NULL);

  g_assert_cmpmem (&value, sizeof value, &expected, sizeof expected);
  path = only_file (folder);
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

/* --- Added rows ------------------------------------------------------------------------------------------------------------------- */

/* Rows @first … @end − 1 put by key; @seed changes what is in them. */
static void
put_visits (Fixture *f, guint first, guint end, guint seed)
{
  static const BvTableColumn columns[] = { { (char *) "id", BV_TYPE_INT }, { (char *) "page", BV_TYPE_TEXT }, { (char *) "spent", BV_TYPE_DOUBLE }, { (char *) "at", BV_TYPE_TIMESTAMP } };
  static const char *const key[] = { "id", NULL };
  g_autoptr(GRand) rand = g_rand_new_with_seed (first + seed);
  g_autoptr(GError) error = NULL;
  BvTableWriter *writer = bv_table_writer_new (f->project, &error);

  bv_table_writer_begin_table (writer, "visits", "Test", NULL, columns, 4, key, &error);
  g_assert_no_error (error);
  for (guint i = first; i < end; i++)
    {
      g_autofree char *page = g_strdup_printf ("page %d", g_rand_int_range (rand, 0, 50 + (gint32) first));
      BvValue cells[4] = { bv_value_int (i), { BV_TYPE_TEXT, { .s = page } }, bv_value_double (g_rand_int_range (rand, 0, 1000 + (gint32) first) / 8.0),
                           bv_value_timestamp (((gint64) i * 30 - g_rand_int_range (rand, 0, 90000)) * BV_SECOND_US) };

      g_assert_true (bv_table_writer_append (writer, cells, &error));
    }
  bv_table_writer_end_table (writer, NULL, NULL, &error);
  bv_table_writer_commit (writer, "Put", NULL, &error);
  g_assert_no_error (error);
  g_clear_pointer (&f->model, bv_model_unref);
  f->model = bv_model_load (f->project, &error);
  g_assert_no_error (error);
}

/* Encodes the table, says how many rows came from a file, and makes sure that the result is what encoding everything gives. */
static guint64
encode_visits (Fixture *f)
{
  g_autofree char *folder = g_build_filename (g_get_user_cache_dir (), "belvedere", bv_project_get_uuid (f->project), NULL);
  g_autoptr(GError) error = NULL;
  BvColumnProgress progress = { 0 };

  for (guint round = 0; round < 2; round++)
    {
      BvColumnProgress again = { 0 };
      g_autoptr(BvEncodedTable) table = NULL;
      g_autofree char *path = NULL;
      g_autofree char *kept = NULL;
      static char *bytes;
      static gsize size;
      guint64 version;

      table = bv_column_encode (f->project, "visits", f->model->calendar, "at", &version, round == 0 ? &progress : &again, NULL, NULL, &error);
      g_assert_no_error (error);
      g_assert_cmpuint (again.n_kept, ==, 0);
      path = only_file (folder);
      if (round == 0)
        g_assert_true (g_file_get_contents (path, &bytes, &size, NULL));
      else
        {
          gsize size_now;

          g_assert_true (g_file_get_contents (path, &kept, &size_now, NULL));
          g_assert_cmpmem (bytes, size, kept, size_now);
          g_free (bytes);
        }
      if (round == 0)
        g_unlink (path);
    }
  return progress.n_kept;
}

/* Rows that are added by key are added to the encoded table; after any other change it is made anew; undo and redo never mix them up. */
static void
test_append (Fixture *f, gconstpointer data)
{
  g_autofree char *folder = g_build_filename (g_get_user_cache_dir (), "belvedere", bv_project_get_uuid (f->project), NULL);
  g_autoptr(GError) error = NULL;

  put_visits (f, 0, 60000, 0);
  g_assert_cmpuint (encode_visits (f), ==, 0);
  put_visits (f, 60000, 61000, 0);
  g_assert_cmpuint (encode_visits (f), ==, 60000);
  put_visits (f, 61000, 61001, 0);
  put_visits (f, 61001, 61002, 0);
  put_visits (f, 61002, 61500, 0);
  g_assert_cmpuint (encode_visits (f), ==, 61000);
  /* Taken back, and others put in their place. */
  g_assert_true (bv_project_undo (f->project, &error));
  put_visits (f, 61002, 61300, 1);
  g_assert_cmpuint (encode_visits (f), ==, 0);
  put_visits (f, 61300, 61400, 1);
  g_assert_cmpuint (encode_visits (f), ==, 61300);
  g_assert_true (bv_project_undo (f->project, &error));
  g_assert_cmpuint (encode_visits (f), ==, 0);
  g_assert_true (bv_project_redo (f->project, &error));
  g_assert_cmpuint (encode_visits (f), ==, 61300);
  /* A row that is replaced. */
  put_visits (f, 61399, 61405, 2);
  g_assert_cmpuint (encode_visits (f), ==, 0);
  put_visits (f, 61405, 61406, 2);
  g_assert_cmpuint (encode_visits (f), ==, 61405);
  remove_tree (folder);
}

/* The same of rows that a sync puts in place: pages that only add are added. */
static void
sync_calls (Fixture *f, guint first, guint end, guint seed)
{
  static const BvRowColumn columns[] = { { "id", BV_TYPE_INT, BV_CELL_VALUE }, { "page", BV_TYPE_TEXT, BV_CELL_VALUE } };
  g_autoptr(GError) error = NULL;
  BvRowStep *step = bv_row_step_new (f->project, "Sync");
  BvRowTable *table;

  g_assert_true (bv_row_step_begin (step, NULL, &error));
  table = bv_row_step_open_table (step, "visits", "Test", columns, 2, 1, &error);
  g_assert_no_error (error);
  for (guint i = first; i < end; i++)
    {
      g_autofree char *page = g_strdup_printf ("page %u", (i * 7 + seed) % 1000);
      BvRowCell cells[] = { { BV_TYPE_INT, 0, { .i = i } }, { BV_TYPE_TEXT, (int) strlen (page), { .s = page } } };
      BvRowResult result;

      g_assert_true (bv_row_table_put (table, cells, FALSE, &result, &error));
    }
  g_assert_true (bv_row_step_commit (step, &error));
  g_assert_true (bv_row_step_end (step, &error));
  g_assert_no_error (error);
  g_clear_pointer (&f->model, bv_model_unref);
  f->model = bv_model_load (f->project, &error);
  g_assert_no_error (error);
}

static void
test_sync (Fixture *f, gconstpointer data)
{
  g_autofree char *folder = g_build_filename (g_get_user_cache_dir (), "belvedere", bv_project_get_uuid (f->project), NULL);
  g_autoptr(GError) error = NULL;

  sync_calls (f, 0, 55000, 0);
  g_assert_cmpuint (encode_visits (f), ==, 0);
  sync_calls (f, 55000, 55300, 0);
  sync_calls (f, 55300, 55400, 0);
  g_assert_cmpuint (encode_visits (f), ==, 55000);
  /* Some are there and equal: nothing is written of them. */
  sync_calls (f, 55350, 55500, 0);
  g_assert_cmpuint (encode_visits (f), ==, 55400);
  sync_calls (f, 55499, 55600, 1);
  g_assert_cmpuint (encode_visits (f), ==, 0);
  g_assert_true (bv_project_undo (f->project, &error));
  g_assert_cmpuint (encode_visits (f), ==, 0);
  sync_calls (f, 55500, 55510, 1);
  g_assert_cmpuint (encode_visits (f), ==, 55500);
  remove_tree (folder);
}

/* --- The folder ------------------------------------------------------------------------------------------------------------------- */

static char *
put_file (const char *uuid, const char *name, gsize size, gint64 age)
{
  g_autofree char *folder = g_build_filename (g_get_user_cache_dir (), "belvedere", uuid, NULL);
  char *path = g_build_filename (folder, name, NULL);
  g_autofree char *bytes = g_malloc0 (size + 1);
  time_t now = (time_t) (g_get_real_time () / G_USEC_PER_SEC - age);
  struct utimbuf times = { now, now };

  g_assert_cmpint (g_mkdir_with_parents (folder, 0700), ==, 0);
  g_assert_true (g_file_set_contents (path, bytes, (gssize) size, NULL));
  g_assert_cmpint (utime (path, &times), ==, 0);
  return path;
}

static gboolean
exists (const char *path)
{
  return g_file_test (path, G_FILE_TEST_EXISTS);
}

/* Projects that are gone take their files with them; then those used longest ago make room. What is not ours stays. */
static void
test_trim (Fixture *f, gconstpointer data)
{
  const char *uuid = "0d9f7a12-5c55-4c8e-9f0e-000000000001", *lost = "0d9f7a12-5c55-4c8e-9f0e-000000000002";
  g_autofree char *root = g_build_filename (g_get_user_cache_dir (), "belvedere", NULL);
  g_autofree char *projects = g_build_filename (root, uuid, "projects", NULL);
  g_autofree char *lost_folder = g_build_filename (root, lost, NULL);
  g_autofree char *old = put_file (uuid, "a-1.bvc", 1000, 500);
  g_autofree char *older = put_file (uuid, "b-7.bvc", 1000, 600);
  g_autofree char *new = put_file (uuid, "c%20d-3.bvc", 1000, 5);
  g_autofree char *torn = put_file (uuid, "a-2.bvc.X1Y2Z3", 10, 5000);
  g_autofree char *begun = put_file (uuid, "a-2.bvc.X1Y2Z4", 10, 5);
  g_autofree char *foreign = put_file (uuid, "notes.txt", 10000, 90000);
  g_autofree char *gone = put_file (lost, "a-1.bvc", 10, 5);
  g_autofree char *elsewhere = put_file ("other", "a-1.bvc", 10, 90000);
  g_autofree char *text = g_strdup_printf ("/nowhere/at/all\n%s\n", f->dir);

  g_assert_true (g_file_set_contents (projects, text, -1, NULL));
  bv_column_cache_trim (2500);
  g_assert_false (exists (gone));
  g_assert_false (exists (lost_folder));
  g_assert_false (exists (torn));
  g_assert_false (exists (older));
  g_assert_true (exists (old) && exists (new) && exists (begun) && exists (foreign) && exists (elsewhere));
  bv_column_cache_trim (100);
  g_assert_false (exists (old) || exists (new));
  g_assert_true (exists (begun) && exists (foreign));
  g_assert_true (g_file_set_contents (projects, "/nowhere/at/all\n", -1, NULL));
  bv_column_cache_trim (100);
  g_assert_true (exists (foreign) && exists (elsewhere));
  g_assert_false (exists (begun));
  remove_tree (root);
}

/* Files of tables that the project does not have go with the next one that is written, and the folder knows its project. */
static void
test_stale (Fixture *f, gconstpointer data)
{
  const char *uuid = bv_project_get_uuid (f->project);
  g_autofree char *folder = g_build_filename (g_get_user_cache_dir (), "belvedere", uuid, NULL);
  g_autofree char *projects = g_build_filename (folder, "projects", NULL);
  g_autofree char *dropped = put_file (uuid, "dropped-1.bvc", 10, 5);
  g_autofree char *before = put_file (uuid, "sales-1.bvc", 10, 5);
  g_autofree char *path = NULL;
  g_autofree char *text = NULL;

  total (f, BV_EXECUTOR_COLUMNS, NULL);
  g_assert_false (exists (dropped) || exists (before));
  path = only_file (folder);
  g_assert_true (g_file_get_contents (projects, &text, NULL, NULL));
  g_assert_true (g_str_has_prefix (text, bv_project_get_path (f->project)));
  bv_column_cache_trim (BV_COLUMN_CACHE_BYTES);
  g_assert_true (exists (path));
  remove_tree (folder);
}

/* A disk without room: the numbers are the same, nothing is left behind, and the reason is told. */
static void
test_full_disk (Fixture *f, gconstpointer data)
{
  g_autofree char *folder = g_build_filename (g_get_user_cache_dir (), "belvedere", bv_project_get_uuid (f->project), NULL);
  double expected = total (f, BV_EXECUTOR_SQLITE, NULL), value;
  g_autoptr(GDir) dir = NULL;
  struct rlimit limit, small;
  const char *name;

  signal (SIGXFSZ, SIG_IGN);
  g_assert_cmpint (getrlimit (RLIMIT_FSIZE, &limit), ==, 0);
  small = limit;
  small.rlim_cur = 40000;
  /* Before the query that has the table encoded in the background. */
  g_assert_cmpint (setrlimit (RLIMIT_FSIZE, &small), ==, 0);
  total (f, BV_EXECUTOR_AUTO, NULL);
  bv_column_store_wait (f->store);
  value = total (f, BV_EXECUTOR_COLUMNS, NULL);
  g_assert_cmpint (setrlimit (RLIMIT_FSIZE, &limit), ==, 0);
  g_assert_cmpmem (&value, sizeof value, &expected, sizeof expected);
  dir = g_dir_open (folder, 0, NULL);
  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    g_assert_null (strstr (name, ".bvc"));
  remove_tree (folder);
}

typedef struct
{
  GMutex mutex;
  guint n;
} Calls;

static void
count_call (gpointer data)
{
  Calls *calls = data;

  g_mutex_lock (&calls->mutex);
  calls->n++;
  g_mutex_unlock (&calls->mutex);
}

/* What the background does can be seen; without room for the file it says so. */
static void
test_state (Fixture *f, gconstpointer data)
{
  g_autofree char *folder = g_build_filename (g_get_user_cache_dir (), "belvedere", bv_project_get_uuid (f->project), NULL);
  g_autofree char *in_the_way = g_build_filename (g_get_user_cache_dir (), "belvedere", NULL);
  Calls calls = { .n = 0 };
  g_auto(BvColumnState) state = { NULL };

  g_mutex_init (&calls.mutex);
  remove_tree (in_the_way);
  g_assert_true (g_file_set_contents (in_the_way, "", 0, NULL));
  bv_column_store_set_notify (f->store, count_call, &calls);
  total (f, BV_EXECUTOR_AUTO, NULL);
  bv_column_store_wait (f->store);
  bv_column_store_close (f->store);
  g_assert_cmpuint (calls.n, ==, 2);
  state = bv_column_store_get_state (f->store);
  g_assert_null (state.table);
  g_assert_cmpuint (state.n_waiting, ==, 0);
  g_assert_nonnull (state.problem);
  g_assert_nonnull (strstr (state.problem, folder));
  bv_column_store_set_notify (f->store, NULL, NULL);
  g_mutex_clear (&calls.mutex);
  g_unlink (in_the_way);
}

static void
preparing_cb (BvWorkspace *workspace, guint *n)
{
  double fraction;
  g_autofree char *table = bv_workspace_get_preparing (workspace, &fraction);

  g_assert_true (table == NULL || strcmp (table, "sales") == 0);
  g_assert_true (fraction >= 0 && fraction <= 1);
  (*n)++;
}

static void
ran_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  *(BvFrame **) data = bv_workspace_run_finish (BV_WORKSPACE (source), result, NULL);
}

/* A workspace hears of it in its own thread, and may be let go at any moment. */
static void
test_workspace (Fixture *f, gconstpointer data)
{
  for (guint round = 0; round < 3; round++)
    {
      BvWorkspace *workspace = bv_workspace_new (f->project, NULL);
      g_autoptr(BvChart) chart = bv_chart_new ("Sales", "table");
      BvFrame *frame = NULL;
      guint n = 0;

      g_signal_connect (workspace, "preparing", G_CALLBACK (preparing_cb), &n);
      g_strfreev (chart->metrics);
      chart->metrics = g_strsplit ("Amount", ",", -1);
      bv_workspace_run_async (workspace, chart, NULL, NULL, ran_cb, &frame);
      while (frame == NULL || n < round)
        g_main_context_iteration (NULL, TRUE);
      bv_frame_unref (frame);
      g_object_unref (workspace);
    }
  while (g_main_context_iteration (NULL, FALSE))
    ;
}

/* A process that encodes and writes again and again, killed at any moment: whoever comes next has the right numbers. */
static void
test_kill (Fixture *f, gconstpointer data)
{
  g_autofree char *folder = g_build_filename (g_get_user_cache_dir (), "belvedere", bv_project_get_uuid (f->project), NULL);
  double expected = total (f, BV_EXECUTOR_SQLITE, NULL);
  const char *argv[] = { "/proc/self/exe", "--encode-for-ever", bv_project_get_path (f->project), NULL };
  g_autofree char *self = g_file_read_link (argv[0], NULL);
  g_autoptr(GRand) rand = g_rand_new_with_seed (9);

  argv[0] = self;
  for (guint i = 0; i < 4; i++)
    {
      g_autoptr(GError) error = NULL;
      double value;
      GPid pid;

      g_assert_true (g_spawn_async (NULL, (char **) argv, NULL, G_SPAWN_DO_NOT_REAP_CHILD, NULL, NULL, &pid, &error));
      g_usleep ((gulong) g_rand_int_range (rand, 1000, 200000));
      kill (pid, SIGKILL);
      waitpid (pid, NULL, 0);
      g_spawn_close_pid (pid);
      bv_column_store_close (f->store);
      bv_column_store_unref (f->store);
      f->store = bv_column_store_new ();
      value = total (f, BV_EXECUTOR_COLUMNS, NULL);
      g_assert_cmpmem (&value, sizeof value, &expected, sizeof expected);
    }
  remove_tree (folder);
}

static int
encode_for_ever (const char *path)
{
  g_autoptr(BvProject) project = bv_project_open (path, BV_OPEN_READ_ONLY, NULL);
  g_autoptr(BvModel) model = project != NULL ? bv_model_load (project, NULL) : NULL;

  while (model != NULL)
    {
      g_autofree char *folder = g_build_filename (g_get_user_cache_dir (), "belvedere", bv_project_get_uuid (project), NULL);
      BvColumnStore *store = bv_column_store_new ();
      g_autoptr(BvEncodedTable) table = bv_column_store_make (store, project, "sales", model, NULL, NULL);

      bv_column_store_unref (store);
      remove_tree (folder);
    }
  return 1;
}

int
main (int argc, char **argv)
{
  g_autofree char *cache = NULL;
  int result;

  if (argc == 3 && strcmp (argv[1], "--encode-for-ever") == 0)
    return encode_for_ever (argv[2]);
  cache = g_dir_make_tmp ("bv-cache-XXXXXX", NULL);
  g_setenv ("XDG_CACHE_HOME", cache, TRUE);
  g_setenv ("LANGUAGE", "C", TRUE);
  g_test_init (&argc, &argv, NULL);
  g_test_add ("/store/background", Fixture, GUINT_TO_POINTER (5000), set_up, test_background, tear_down);
  g_test_add ("/store/awaited", Fixture, GUINT_TO_POINTER (5000), set_up, test_awaited, tear_down);
  g_test_add ("/store/patient/large", Fixture, GUINT_TO_POINTER (200000), set_up, test_patient, tear_down);
  g_test_add ("/store/patient/small", Fixture, GUINT_TO_POINTER (5000), set_up, test_patient, tear_down);
  g_test_add ("/store/close", Fixture, GUINT_TO_POINTER (100000), set_up, test_close, tear_down);
  g_test_add ("/store/order", Fixture, GUINT_TO_POINTER (10), set_up, test_order, tear_down);
  g_test_add ("/store/file", Fixture, GUINT_TO_POINTER (60000), set_up, test_file, tear_down);
  g_test_add ("/store/append", Fixture, GUINT_TO_POINTER (10), set_up, test_append, tear_down);
  g_test_add ("/store/sync", Fixture, GUINT_TO_POINTER (10), set_up, test_sync, tear_down);
  g_test_add ("/store/trim", Fixture, GUINT_TO_POINTER (10), set_up, test_trim, tear_down);
  g_test_add ("/store/stale", Fixture, GUINT_TO_POINTER (60000), set_up, test_stale, tear_down);
  g_test_add ("/store/full-disk", Fixture, GUINT_TO_POINTER (60000), set_up, test_full_disk, tear_down);
  g_test_add ("/store/state", Fixture, GUINT_TO_POINTER (60000), set_up, test_state, tear_down);
  g_test_add ("/store/workspace", Fixture, GUINT_TO_POINTER (5000), set_up, test_workspace, tear_down);
  g_test_add ("/store/kill", Fixture, GUINT_TO_POINTER (60000), set_up, test_kill, tear_down);
  result = g_test_run ();
  remove_tree (cache);
  return result;
}
