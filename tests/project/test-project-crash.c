/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Killed, cut off from the disk, or raced by threads: the last completed step is what is there. */
#include "project-test.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

/* The child tells by a byte that a step has been committed; the parent kills it at some moment after. */
static void
test_kill (Fixture *f, gconstpointer data)
{
  gboolean writer = GPOINTER_TO_INT (data) > 0;
  BvOpenFlags flags = GPOINTER_TO_INT (data) > 1 ? BV_OPEN_BULK : BV_OPEN_DEFAULT;
  g_autoptr (GRand) rand = g_rand_new_with_seed (3);
  int total = 0;

  for (int round = 0; round < 8; round++)
    {
      int ends[2];
      int told = 0;
      int stored;
      int status;
      char c;
      pid_t child;
      g_autofree char *text = NULL;

      g_clear_pointer (&f->project, bv_project_unref);
      g_assert_cmpint (pipe (ends), ==, 0);
      child = fork ();
      if (child == 0)
        {
          BvProject *project = bv_project_open (f->path, flags, NULL);

          for (int i = total;; i++)
            {
              g_autofree char *body = g_strdup_printf ("%d", i + 1);

              if (writer)
                fill (project, "deals", 0, (i + 1) * 100, NULL);
              else
                put (project, "counter", "counter", body);
              if (write (ends[1], "x", 1) != 1)
                _exit (1);
            }
        }
      close (ends[1]);
      for (int wanted = g_rand_int_range (rand, 1, 6); told < wanted; told++)
        g_assert_cmpint (read (ends[0], &c, 1), ==, 1);
      g_usleep ((gulong) g_rand_int_range (rand, 0, 4000));
      kill (child, SIGKILL);
      waitpid (child, &status, 0);
      while (read (ends[0], &c, 1) == 1)
        told++;
      close (ends[0]);

      fixture_reopen (f);
      assert_sound (f->project);
      text = query (f->project, writer ? "SELECT count(*) / 100 FROM deals" : "SELECT body FROM bv_definition");
      stored = atoi (text);
      /* a step may have been completed that the child could not tell of any more */
      g_assert_cmpint (stored, >=, total + told);
      g_assert_cmpint (stored, <=, total + told + 1);
      total = stored;
    }
}

static void
assert_nothing_changed (Fixture *f, guint64 version)
{
  g_assert_cmpuint (bv_project_get_version (f->project), ==, version);
  assert_query (f->project, "SELECT count(*) FROM deals", "100");
  assert_query (f->project, "SELECT count(*) FROM bv_definition", "0");
  assert_query (f->project, "SELECT count(*) FROM bv_journal", "1");
  assert_query (f->project, "SELECT count(*) FROM sqlite_schema WHERE name LIKE 'bv\\_old%' ESCAPE '\\'", "0");
}

static gboolean
try_filling (BvProject *project, int n_rows, GError **error)
{
  BvTableColumn columns[] = { { (char *) "n", BV_TYPE_INT }, { (char *) "t", BV_TYPE_TEXT } };
  BvTableWriter *writer = bv_table_writer_new (project, error);
  g_autofree char *text = g_strnfill (900, 'x');
  gboolean ok = writer != NULL && bv_table_writer_begin_table (writer, "deals", "Files", NULL, columns, 2, NULL, error);

  for (int i = 0; ok && i < n_rows; i++)
    {
      BvValue row[2] = { { BV_TYPE_INT, { .i = i } }, { BV_TYPE_TEXT, { .s = text } } };

      ok = bv_table_writer_append (writer, row, error);
    }
  ok = ok && bv_table_writer_end_table (writer, NULL, NULL, error);
  if (ok)
    return bv_table_writer_commit (writer, "Import", NULL, error);
  bv_table_writer_abort (writer);
  return FALSE;
}

static void
test_full (Fixture *f, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *limit = NULL;
  g_autofree char *big = g_strnfill (200000, ' ');
  g_autofree char *body = g_strconcat ("[", big, "]", NULL);
  guint64 version;
  gint64 pages;
  BvChange *change;

  fill (f->project, "deals", 0, 100, NULL);
  version = bv_project_get_version (f->project);
  bv_sql_get_int (f->project->writer, NULL, &pages, "PRAGMA page_count", NULL);
  limit = g_strdup_printf ("PRAGMA max_page_count = %d", (int) pages + 20);
  sqlite3_exec (f->project->writer, limit, NULL, NULL, NULL);

  g_assert_false (try_filling (f->project, 5000, &error));
  g_assert_error (error, BV_ERROR, BV_ERROR_FAILED);
  g_assert_nonnull (strstr (error->message, "disk is full"));
  g_clear_error (&error);
  assert_nothing_changed (f, version);
  change = bv_change_new ("Big");
  bv_change_put (change, NULL, "report", "Big", body, -1);
  g_assert_false (bv_project_commit (f->project, change, &error));
  g_assert_error (error, BV_ERROR, BV_ERROR_FAILED);
  g_clear_error (&error);
  assert_nothing_changed (f, version);

  sqlite3_exec (f->project->writer, "PRAGMA max_page_count = 1000000", NULL, NULL, NULL);
  g_assert_true (try_filling (f->project, 5000, &error));
  assert_query (f->project, "SELECT count(*) FROM deals", "5000");
  g_assert_true (bv_project_undo (f->project, NULL));
  assert_query (f->project, "SELECT count(*) FROM deals", "100");
  assert_sound (f->project);
}

/* The file system itself refuses to let the log grow. */
static void
test_file_size_limit (Fixture *f, gconstpointer data)
{
  int status;
  pid_t child;

  fill (f->project, "deals", 0, 100, NULL);
  g_clear_pointer (&f->project, bv_project_unref);
  child = fork ();
  if (child == 0)
    {
      struct rlimit limit = { 600000, 600000 };
      BvProject *project = bv_project_open (f->path, BV_OPEN_DEFAULT, NULL);
      g_autoptr (GError) error = NULL;

      signal (SIGXFSZ, SIG_IGN);
      setrlimit (RLIMIT_FSIZE, &limit);
      sqlite3_exec (project->writer, "PRAGMA cache_size = 20", NULL, NULL, NULL);
      if (try_filling (project, 20000, &error) || error == NULL)
        _exit (1);
      put (project, NULL, "Small", "{}"); /* still works */
      bv_project_unref (project);
      _exit (0);
    }
  waitpid (child, &status, 0);
  g_assert_true (WIFEXITED (status));
  g_assert_cmpint (WEXITSTATUS (status), ==, 0);
  fixture_reopen (f);
  assert_query (f->project, "SELECT name FROM bv_definition", "Small");
  assert_query (f->project, "SELECT count(*) FROM deals", "100");
  assert_sound (f->project);
}

static gpointer
commit_many (gpointer data)
{
  for (int i = 0; i < 30; i++)
    put (data, NULL, "x", "{}");
  return NULL;
}

static gpointer
read_many (gpointer data)
{
  for (int i = 0; i < 60; i++)
    {
      g_autofree char *n = query (data, "SELECT count(*) % 100 FROM deals");
      g_autoptr (GPtrArray) tables = bv_project_list_tables (data, NULL);

      g_assert_cmpstr (n, ==, "0"); /* whole imports or none */
      g_assert_nonnull (tables);
    }
  return NULL;
}

static gpointer
fill_many (gpointer data)
{
  for (int i = 1; i < 10; i++)
    fill (data, "deals", 0, i * 100, NULL);
  return NULL;
}

static void
test_threads (Fixture *f, gconstpointer data)
{
  GThreadFunc work[] = { commit_many, read_many, fill_many, commit_many, read_many };
  GThread *threads[G_N_ELEMENTS (work)];

  fill (f->project, "deals", 0, 100, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (work); i++)
    threads[i] = g_thread_new ("work", work[i], f->project);
  for (guint i = 0; i < G_N_ELEMENTS (work); i++)
    g_thread_join (threads[i]);
  assert_query (f->project, "SELECT count(*) FROM bv_definition", "60");
  assert_query (f->project, "SELECT count(*) FROM deals", "900");
  assert_sound (f->project);
}

/* A thread that fills tables and commits in between would wait for itself. */
static void
test_no_self_lock (Fixture *f, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  BvTableWriter *writer = bv_table_writer_new (f->project, &error);
  BvChange *change = bv_change_new ("x");

  g_assert_no_error (error);
  bv_change_put (change, NULL, "report", "x", "{}", -1);
  g_assert_false (bv_project_commit (f->project, change, &error));
  g_assert_error (error, BV_ERROR, BV_ERROR_FAILED);
  bv_project_log_usage (f->project, "x", NULL);
  bv_table_writer_abort (writer);
  put (f->project, NULL, "y", "{}");
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add ("/project/crash/kill-commits", Fixture, GINT_TO_POINTER (0), fixture_set_up, test_kill, fixture_tear_down);
  g_test_add ("/project/crash/kill-writer", Fixture, GINT_TO_POINTER (1), fixture_set_up, test_kill, fixture_tear_down);
  g_test_add ("/project/crash/kill-bulk", Fixture, GINT_TO_POINTER (2), fixture_set_up, test_kill, fixture_tear_down);
  g_test_add ("/project/crash/full", Fixture, NULL, fixture_set_up, test_full, fixture_tear_down);
  g_test_add ("/project/crash/file-size-limit", Fixture, NULL, fixture_set_up, test_file_size_limit, fixture_tear_down);
  g_test_add ("/project/crash/threads", Fixture, NULL, fixture_set_up, test_threads, fixture_tear_down);
  g_test_add ("/project/crash/no-self-lock", Fixture, NULL, fixture_set_up, test_no_self_lock, fixture_tear_down);
  return g_test_run ();
}
