/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Large tables that the journal needs no more: who forgets them does not drop them, and the sweeper takes away those and no others. */
#include "project-test.h"

#include "bv-row-step.h"

#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#define KEPT "SELECT name FROM sqlite_schema WHERE name GLOB 'bv_old_*' ORDER BY name"
#define N_LARGE 3000

/* The sweeper lets everybody who waits go first: as long as we do, it does nothing. */
static void
hold (BvProject *project)
{
  g_mutex_lock (&project->mutex);
  project->n_waiting++;
  g_mutex_unlock (&project->mutex);
}

static void
let_go (BvProject *project)
{
  g_mutex_lock (&project->mutex);
  project->n_waiting--;
  g_cond_broadcast (&project->cond);
  g_mutex_unlock (&project->mutex);
}

static void
assert_swept (BvProject *project, const char *kept)
{
  bv_sweep_wait (project);
  assert_query (project, KEPT, kept);
  assert_sound (project);
}

static void
undo (BvProject *project)
{
  g_autoptr (GError) error = NULL;

  g_assert_true (bv_project_undo (project, &error));
  g_assert_no_error (error);
}

/* Leaves the rows of an undone import as garbage. */
static char *
leave_garbage (BvProject *project, int n_rows)
{
  char *name;
  g_autofree char *body = NULL;

  fill (project, "deals", 0, n_rows, NULL);
  undo (project);
  name = query (project, KEPT);
  /* Children of one process draw the same uuids: the text is a new one. */
  body = g_strdup_printf ("\"%s\"", name);
  put (project, NULL, "Cuts redo off", body);
  return name;
}

static void
test_redo_cut (Fixture *f, gconstpointer data)
{
  g_autofree char *name = NULL;
  g_autofree char *count = NULL;

  hold (f->project);
  name = leave_garbage (f->project, N_LARGE);
  g_assert_cmpstr (name, !=, "");
  g_assert_null (bv_project_get_redo_name (f->project));
  count = g_strdup_printf ("SELECT count(*) FROM %s", name);
  assert_query (f->project, count, "3000");
  assert_query (f->project, "SELECT count(*) FROM bv_journal_op WHERE kind = 'table'", "0");
  assert_sound (f->project);
  let_go (f->project);
  assert_swept (f->project, "");
}

static void
test_small (Fixture *f, gconstpointer data)
{
  g_autofree char *name = leave_garbage (f->project, 100);

  assert_query (f->project, KEPT, "");
  g_assert_null (f->project->sweeper);
}

static void
test_history_trimmed (Fixture *f, gconstpointer data)
{
  g_autofree char *last = NULL;

  sqlite3_exec (f->project->writer, "PRAGMA synchronous = OFF", NULL, NULL, NULL);
  hold (f->project);
  fill (f->project, "deals", 0, N_LARGE, NULL);
  fill (f->project, "deals", 0, N_LARGE + 1, NULL);
  last = query (f->project, KEPT);
  for (int i = 0; i < BV_JOURNAL_TABLE_STEPS; i++)
    fill (f->project, "small", 0, 1, NULL);
  {
    g_autofree char *count = g_strdup_printf ("SELECT count(*) FROM %s", last);

    assert_query (f->project, count, "3000");
  }
  let_go (f->project);
  bv_sweep_wait (f->project);
  assert_query (f->project, "SELECT count(*) FROM deals", "3001");
  {
    g_autofree char *sql = g_strdup_printf ("SELECT count(*) FROM sqlite_schema WHERE name = '%s'", last);

    assert_query (f->project, sql, "0");
  }
  assert_sound (f->project);
}

/* What undo and redo can still reach stays, whole. */
static void
test_reachable (Fixture *f, gconstpointer data)
{
  g_autofree char *replaced = NULL;
  gboolean more;

  fill (f->project, "deals", 0, N_LARGE, NULL);
  fill (f->project, "deals", 0, N_LARGE + 1, NULL);
  replaced = query (f->project, KEPT);
  fill (f->project, "contacts", 0, N_LARGE + 2, NULL);
  undo (f->project);
  g_assert_null (f->project->sweeper);
  g_assert_true (bv_sweep_piece (f->project->writer, G_USEC_PER_SEC, &more, NULL));
  g_assert_false (more);
  g_assert_true (bv_project_redo (f->project, NULL));
  assert_query (f->project, "SELECT count(*) FROM contacts", "3002");
  undo (f->project);

  put (f->project, NULL, "Cuts redo off", "{}");
  assert_swept (f->project, replaced);
  undo (f->project);
  undo (f->project);
  assert_query (f->project, "SELECT count(*) || '/' || max(n) FROM deals", "3000/2999");
  g_assert_true (bv_project_redo (f->project, NULL));
  assert_query (f->project, "SELECT count(*) || '/' || max(n) FROM deals", "3001/3000");
  assert_sound (f->project);
}

/* Rows that a sync replaced rest in a table without row numbers; the sync's own table has an index. */
static void
test_synced (Fixture *f, gconstpointer data)
{
  static const BvRowColumn columns[] = {
    { "a \"source\"", BV_TYPE_TEXT, BV_CELL_VALUE }, { "id", BV_TYPE_INT, BV_CELL_VALUE }, { "rowid", BV_TYPE_INT, BV_CELL_VALUE },
  };
  g_autoptr (GError) error = NULL;

  hold (f->project);
  for (int round = 0; round < 2; round++)
    {
      BvRowStep *step = bv_row_step_new (f->project, "Sync");
      BvRowTable *table;

      g_assert_true (bv_row_step_begin (step, NULL, &error));
      table = bv_row_step_open_table (step, "deals", "HubSpot", columns, G_N_ELEMENTS (columns), 2, &error);
      g_assert_no_error (error);
      for (int i = 0; i < N_LARGE; i++)
        {
          BvRowCell cells[] = { { BV_TYPE_TEXT, 1, { .s = i % 2 ? "b" : "a" } }, { BV_TYPE_INT, 0, { .i = i } }, { BV_TYPE_INT, 0, { .i = round } } };
          BvRowResult result;

          g_assert_true (bv_row_table_put (table, cells, FALSE, &result, &error));
        }
      g_assert_true (bv_row_step_commit (step, &error));
      g_assert_true (bv_row_step_end (step, &error));
    }
  undo (f->project);
  assert_query (f->project, "SELECT count(*) || '/' || sum(\"rowid\") FROM deals", "3000/0");
  undo (f->project);
  put (f->project, NULL, "Cuts redo off", "{}");
  assert_query (f->project, "SELECT count(*) FROM sqlite_schema WHERE type = 'table' AND name GLOB 'bv_old_*'", "2");
  assert_query (f->project, "SELECT count(*) > 0 FROM sqlite_schema WHERE type = 'index' AND tbl_name GLOB 'bv_old_*'", "1");
  let_go (f->project);
  assert_swept (f->project, "");
  assert_query (f->project, "SELECT count(*) FROM sqlite_schema WHERE tbl_name GLOB 'bv_old_*'", "0");
}

/* Closed before the first piece, or in the middle: the next opening goes on. */
static void
test_closed (Fixture *f, gconstpointer data)
{
  gboolean held = GPOINTER_TO_INT (data);
  g_autofree char *name = NULL;

  if (held)
    hold (f->project);
  name = leave_garbage (f->project, held ? N_LARGE : 30000);
  g_clear_pointer (&f->project, bv_project_unref);
  if (held)
    {
      g_autofree char *count = g_strdup_printf ("SELECT count(*) FROM %s", name);

      f->project = bv_project_open (f->path, BV_OPEN_READ_ONLY, NULL);
      assert_query (f->project, count, "3000");
      g_clear_pointer (&f->project, bv_project_unref);
    }
  fixture_reopen (f);
  assert_swept (f->project, "");
  assert_query (f->project, "SELECT count(*) FROM bv_definition", "1");
}

static void
test_killed (Fixture *f, gconstpointer data)
{
  for (int n_pieces = 0; n_pieces < 4; n_pieces++)
    {
      g_autofree char *expected = g_strdup_printf ("%d", N_LARGE - 64 * n_pieces);
      g_autofree char *name = NULL;
      g_autofree char *count = NULL;
      int status;
      pid_t child;

      g_clear_pointer (&f->project, bv_project_unref);
      child = fork ();
      if (child == 0)
        {
          BvProject *project = bv_project_open (f->path, BV_OPEN_DEFAULT, NULL);

          hold (project);
          leave_garbage (project, N_LARGE);
          for (int i = 0; i < n_pieces; i++)
            {
              gboolean more;

              if (!bv_sweep_piece (project->writer, 0, &more, NULL) || !more)
                _exit (1);
            }
          kill (getpid (), SIGKILL);
        }
      waitpid (child, &status, 0);
      g_assert_true (WIFSIGNALED (status));

      f->project = bv_project_open (f->path, BV_OPEN_READ_ONLY, NULL);
      assert_sound (f->project);
      name = query (f->project, KEPT);
      count = g_strdup_printf ("SELECT count(*) FROM %s", name);
      assert_query (f->project, count, expected);
      fixture_reopen (f);
      assert_swept (f->project, "");
    }
}

static gpointer
commit_many (gpointer data)
{
  for (int i = 0; i < 40; i++)
    put (data, NULL, "Meanwhile", "{}");
  return NULL;
}

static gpointer
fill_some (gpointer data)
{
  for (int i = 1; i <= 5; i++)
    fill (data, "contacts", 0, i * 10, NULL);
  return NULL;
}

static void
test_meanwhile (Fixture *f, gconstpointer data)
{
  g_autofree char *name = NULL;
  GThreadFunc work[] = { commit_many, fill_some, commit_many };
  GThread *threads[G_N_ELEMENTS (work)];

  sqlite3_exec (f->project->writer, "PRAGMA synchronous = OFF", NULL, NULL, NULL);
  name = leave_garbage (f->project, 30000);
  for (guint i = 0; i < G_N_ELEMENTS (work); i++)
    threads[i] = g_thread_new ("work", work[i], f->project);
  for (guint i = 0; i < G_N_ELEMENTS (work); i++)
    g_thread_join (threads[i]);
  bv_sweep_wait (f->project);
  assert_query (f->project, "SELECT count(*) FROM bv_definition", "81");
  assert_query (f->project, "SELECT count(*) FROM contacts", "50");
  {
    g_autofree char *sql = g_strdup_printf ("SELECT count(*) FROM sqlite_schema WHERE name = '%s'", name);

    assert_query (f->project, sql, "0");
  }
  assert_sound (f->project);
}

/* Under a rollback journal nothing is left for later. */
static void
test_bulk (Fixture *f, gconstpointer data)
{
  g_autofree char *name = NULL;

  g_clear_pointer (&f->project, bv_project_unref);
  f->project = bv_project_open (f->path, BV_OPEN_BULK, NULL);
  name = leave_garbage (f->project, N_LARGE);
  assert_query (f->project, KEPT, "");
  g_assert_null (f->project->sweeper);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add ("/project/sweep/redo-cut", Fixture, NULL, fixture_set_up, test_redo_cut, fixture_tear_down);
  g_test_add ("/project/sweep/small", Fixture, NULL, fixture_set_up, test_small, fixture_tear_down);
  g_test_add ("/project/sweep/history-trimmed", Fixture, NULL, fixture_set_up, test_history_trimmed, fixture_tear_down);
  g_test_add ("/project/sweep/reachable", Fixture, NULL, fixture_set_up, test_reachable, fixture_tear_down);
  g_test_add ("/project/sweep/synced", Fixture, NULL, fixture_set_up, test_synced, fixture_tear_down);
  g_test_add ("/project/sweep/closed-before", Fixture, GINT_TO_POINTER (TRUE), fixture_set_up, test_closed, fixture_tear_down);
  g_test_add ("/project/sweep/closed-amid", Fixture, GINT_TO_POINTER (FALSE), fixture_set_up, test_closed, fixture_tear_down);
  g_test_add ("/project/sweep/killed", Fixture, NULL, fixture_set_up, test_killed, fixture_tear_down);
  g_test_add ("/project/sweep/meanwhile", Fixture, NULL, fixture_set_up, test_meanwhile, fixture_tear_down);
  g_test_add ("/project/sweep/bulk", Fixture, NULL, fixture_set_up, test_bulk, fixture_tear_down);
  return g_test_run ();
}
