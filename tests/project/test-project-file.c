/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The file itself: what is refused and left alone, locks, read-only opening, readers, the check. */
#include "project-test.h"

#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

static void
test_life (Fixture *f, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *uuid = g_strdup (bv_project_get_uuid (f->project));
  g_autofree char *names = NULL;
  g_autofree char *bytes = NULL;
  gsize size;

  g_assert_true (g_uuid_string_is_valid (uuid));
  g_assert_null (bv_project_create (f->path, &error));
  g_assert_error (error, BV_ERROR, BV_ERROR_EXISTS);
  put (f->project, NULL, "First", "{}");
  fill (f->project, "deals", 0, 500, NULL);
  bv_project_log_usage (f->project, "open", "x");
  g_assert_true (bv_project_checkpoint (f->project, NULL));
  g_clear_pointer (&f->project, bv_project_unref);

  names = list_dir (f->dir);
  g_assert_cmpstr (names, ==, "new.belvedere");
  g_assert_true (g_file_get_contents (f->path, &bytes, &size, NULL));
  g_assert_cmpmem (bytes + 68, 4, "Belv", 4);
  g_assert_cmpint (bytes[63], ==, BV_PROJECT_SCHEMA_VERSION);
  g_assert_cmpint (bytes[18], ==, 1); /* at rest it needs no log, so it opens on read-only media */

  fixture_reopen (f);
  g_assert_cmpstr (bv_project_get_uuid (f->project), ==, uuid);
  assert_query (f->project, "SELECT count(*) FROM deals", "500");
  assert_query (f->project, "SELECT what FROM bv_usage", "open");
  assert_sound (f->project);
}

/* A log that outlived its project must not be played into a new one of the same name. */
static void
test_stale_log (Fixture *f, gconstpointer data)
{
  g_autofree char *wal = g_strconcat (f->path, "-wal", NULL);
  g_autofree char *saved = NULL;
  g_autoptr (GError) error = NULL;
  gsize size;

  put (f->project, NULL, "Old", "{}");
  g_assert_true (g_file_get_contents (wal, &saved, &size, NULL));
  g_clear_pointer (&f->project, bv_project_unref);
  g_assert_cmpint (g_unlink (f->path), ==, 0);
  g_assert_true (g_file_set_contents (wal, saved, (gssize) size, NULL));
  f->project = bv_project_create (f->path, &error);
  g_assert_no_error (error);
  assert_query (f->project, "SELECT count(*) FROM bv_definition", "0");
}

typedef struct
{
  const char *name;
  BvError code;
  const char *word; /* in the message */
} Bad;

static void
assert_refused (Fixture *f, const char *path, BvError code, const char *word)
{
  for (int flags = 0; flags < 2; flags++)
    {
      g_autofree char *before = NULL;
      g_autofree char *after = NULL;
      g_autofree char *names_before = list_dir (f->dir);
      g_autofree char *names_after = NULL;
      g_autoptr (GError) error = NULL;
      gsize size_before = 0, size_after = 0;

      g_file_get_contents (path, &before, &size_before, NULL);
      g_assert_null (bv_project_open (path, flags ? BV_OPEN_READ_ONLY : BV_OPEN_DEFAULT, &error));
      g_test_message ("%s", error->message);
      g_assert_error (error, BV_ERROR, (int) code);
      g_assert_nonnull (strstr (error->message, word));
      g_file_get_contents (path, &after, &size_after, NULL);
      g_assert_cmpmem (before, size_before, after, size_after);
      names_after = list_dir (f->dir);
      g_assert_cmpstr (names_before, ==, names_after);
    }
}

static void
test_refused (Fixture *f, gconstpointer data)
{
  g_autofree char *good = NULL;
  g_autofree char *path = fixture_file (f, "bad.belvedere");
  g_autofree char *missing = fixture_file (f, "missing.belvedere");
  gsize size, page;
  sqlite3 *db;

  fill (f->project, "deals", 0, 20000, NULL);
  g_clear_pointer (&f->project, bv_project_unref);
  g_assert_true (g_file_get_contents (f->path, &good, &size, NULL));

  assert_refused (f, missing, BV_ERROR_NOT_FOUND, "missing");
  assert_refused (f, f->dir, BV_ERROR_CORRUPT, "not a Belvedere project");
  g_file_set_contents (path, "", 0, NULL);
  assert_refused (f, path, BV_ERROR_CORRUPT, "not a Belvedere project");
  g_file_set_contents (path, "id,name\n1,x\n", -1, NULL);
  assert_refused (f, path, BV_ERROR_CORRUPT, "not a Belvedere project");

  /* another program's database */
  g_unlink (path);
  g_assert_cmpint (sqlite3_open (path, &db), ==, SQLITE_OK);
  g_assert_cmpint (sqlite3_exec (db, "CREATE TABLE a (b)", NULL, NULL, NULL), ==, SQLITE_OK);
  sqlite3_close (db);
  assert_refused (f, path, BV_ERROR_CORRUPT, "not a Belvedere project");

  /* truncated, at many places */
  for (gsize cut = 1; cut < size; cut = cut * 2 + 37)
    {
      g_file_set_contents (path, good, (gssize) cut, NULL);
      assert_refused (f, path, BV_ERROR_CORRUPT, cut < 16 ? "not a Belvedere project" : "damaged");
    }
  g_file_set_contents (path, good, (gssize) size - 1, NULL);
  assert_refused (f, path, BV_ERROR_CORRUPT, "cut off");

  /* from the future */
  {
    g_autofree char *newer = g_memdup2 (good, size);

    newer[63] = BV_PROJECT_SCHEMA_VERSION + 1;
    g_file_set_contents (path, newer, (gssize) size, NULL);
    assert_refused (f, path, BV_ERROR_NEWER, "newer");
  }
  /* whole pages overwritten */
  page = (gsize) (guchar) good[16] << 8 | (guchar) good[17];
  for (gsize at = page; at < size; at += MAX (size / 5 / page, 1) * page)
    {
      g_autofree char *torn = g_memdup2 (good, size);

      memset (torn + at, 0x5a, page);
      g_file_set_contents (path, torn, (gssize) size, NULL);
      assert_refused (f, path, BV_ERROR_CORRUPT, "damaged");
    }
  /* a header that promises what the schema does not hold */
  g_unlink (path);
  g_assert_cmpint (sqlite3_open (path, &db), ==, SQLITE_OK);
  sqlite3_exec (db, "PRAGMA application_id = 1; PRAGMA user_version = 1; CREATE TABLE a (b)", NULL, NULL, NULL);
  sqlite3_close (db);
  assert_refused (f, path, BV_ERROR_CORRUPT, "not a Belvedere project");
  {
    g_autofree char *sql = g_strdup_printf ("PRAGMA application_id = %d", BV_PROJECT_APPLICATION_ID);

    g_assert_cmpint (sqlite3_open (path, &db), ==, SQLITE_OK);
    sqlite3_exec (db, sql, NULL, NULL, NULL);
    sqlite3_close (db);
  }
  assert_refused (f, path, BV_ERROR_CORRUPT, "a table is missing");
}

/* Random bytes anywhere: opened or refused, but never a crash, and never changed when refused. */
static void
test_random_damage (Fixture *f, gconstpointer data)
{
  g_autofree char *good = NULL;
  g_autofree char *path = fixture_file (f, "bad.belvedere");
  g_autoptr (GRand) rand = g_rand_new_with_seed (7);
  gsize size;

  fill (f->project, "deals", 0, 300, NULL);
  put (f->project, NULL, "A", "{\"a\":1}");
  g_clear_pointer (&f->project, bv_project_unref);
  g_assert_true (g_file_get_contents (f->path, &good, &size, NULL));
  for (int round = 0; round < 60; round++)
    {
      g_autofree char *torn = g_memdup2 (good, size);
      g_autofree char *after = NULL;
      g_autoptr (BvProject) project = NULL;
      g_autoptr (GError) error = NULL;
      gsize size_after;

      for (int i = g_rand_int_range (rand, 1, 40); i > 0; i--)
        torn[g_rand_int_range (rand, 0, round % 2 ? 4096 : (gint32) size)] ^= (char) g_rand_int_range (rand, 1, 256);
      g_file_set_contents (path, torn, (gssize) size, NULL);
      project = bv_project_open (path, BV_OPEN_DEFAULT, &error);
      if (project != NULL)
        {
          g_autoptr (GPtrArray) tables = bv_project_list_tables (project, NULL);
          g_autoptr (GPtrArray) problems = bv_project_check (project, NULL, NULL);

          continue;
        }
      g_assert_nonnull (error);
      g_file_get_contents (path, &after, &size_after, NULL);
      g_assert_cmpmem (torn, size, after, size_after);
    }
}

static void
test_second_opener (Fixture *f, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (BvProject) second = NULL;
  g_autofree char *link = fixture_file (f, "link.belvedere");
  g_autofree char *pid = g_strdup_printf ("process %ld", (long) getpid ());
  BvChange *change;
  int status;
  pid_t child;

  put (f->project, "11111111-1111-4111-8111-111111111111", "Only in the log", "{}");
  /* by another name, too */
  g_assert_cmpint (symlink (f->path, link), ==, 0);
  second = bv_project_open (link, BV_OPEN_DEFAULT, &error);
  g_assert_no_error (error);
  g_assert_true (bv_project_is_read_only (second));
  g_assert_nonnull (strstr (bv_project_get_read_only_reason (second), pid));
  g_assert_nonnull (strstr (bv_project_get_read_only_reason (second), g_get_user_name ()));
  assert_query (second, "SELECT name FROM bv_definition", "Only in the log");
  g_assert_null (bv_project_get_undo_name (second));
  change = bv_change_new ("x");
  bv_change_delete (change, "11111111-1111-4111-8111-111111111111");
  g_assert_false (bv_project_commit (second, change, &error));
  g_assert_error (error, BV_ERROR, BV_ERROR_READ_ONLY);
  g_clear_error (&error);
  g_assert_null (bv_table_writer_new (second, &error));
  g_assert_error (error, BV_ERROR, BV_ERROR_READ_ONLY);
  g_clear_error (&error);
  bv_project_log_usage (second, "open", NULL);

  /* what the holder writes is seen by the reader */
  put (f->project, "11111111-1111-4111-8111-111111111111", "Changed", "{}");
  assert_query (second, "SELECT name FROM bv_definition", "Changed");

  /* another process */
  child = fork ();
  if (child == 0)
    {
      BvProject *third = bv_project_open (f->path, BV_OPEN_DEFAULT, NULL);

      _exit (third != NULL && bv_project_is_read_only (third) &&
             strstr (bv_project_get_read_only_reason (third), pid) != NULL ? 0 : 1);
    }
  g_assert_cmpint (waitpid (child, &status, 0), ==, child);
  g_assert_true (WIFEXITED (status) && WEXITSTATUS (status) == 0);

  g_clear_pointer (&f->project, bv_project_unref);
  /* the place is free, though a reader still looks on */
  fixture_reopen (f);
  g_assert_false (bv_project_is_read_only (f->project));
}

/* A lock is as long-lived as its process, however that ends. */
static void
test_lock_after_crash (Fixture *f, gconstpointer data)
{
  g_autofree char *names = NULL;
  g_autofree char *lock = g_strconcat (f->path, "-lock", NULL);
  int status;
  pid_t child;

  g_clear_pointer (&f->project, bv_project_unref);
  child = fork ();
  if (child == 0)
    {
      BvProject *project = bv_project_open (f->path, BV_OPEN_DEFAULT, NULL);

      put (project, NULL, "Kept", "{}");
      kill (getpid (), SIGKILL);
    }
  waitpid (child, &status, 0);
  g_assert_true (WIFSIGNALED (status));
  g_assert_true (g_file_test (lock, G_FILE_TEST_EXISTS));
  fixture_reopen (f);
  assert_query (f->project, "SELECT name FROM bv_definition", "Kept");
  g_clear_pointer (&f->project, bv_project_unref);
  names = list_dir (f->dir);
  g_assert_cmpstr (names, ==, "new.belvedere");
}

/* A process that is killed while it writes without a log: pages of what it did not complete are in the file, and those before them in a journal. */
static void
leave_journal (const char *path)
{
  int status;
  pid_t child = fork ();

  if (child == 0)
    {
      sqlite3 *db;

      if (sqlite3_open_v2 (path, &db, SQLITE_OPEN_READWRITE, NULL) == SQLITE_OK)
        sqlite3_exec (db, "PRAGMA cache_size = 1; BEGIN; UPDATE bv_definition SET name = 'Half'; CREATE TABLE bv_spill (x);"
                          "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n LIMIT 100) INSERT INTO bv_spill SELECT zeroblob(5000) FROM n", NULL,
                      NULL, NULL);
      kill (getpid (), SIGKILL);
    }
  waitpid (child, &status, 0);
  g_assert_true (WIFSIGNALED (status));
}

/* Who only reads reads what was there before, and it is sound. */
static void
test_journal (Fixture *f, gconstpointer data)
{
  g_autofree char *journal = g_strconcat (f->path, "-journal", NULL);
  g_autoptr (GError) error = NULL;
  BvProject *project;

  put (f->project, NULL, "Whole", "{}");
  g_clear_pointer (&f->project, bv_project_unref);
  leave_journal (f->path);
  g_assert_true (g_file_test (journal, G_FILE_TEST_EXISTS));
  project = bv_project_open (f->path, BV_OPEN_READ_ONLY, &error);
  g_assert_no_error (error);
  assert_query (project, "SELECT name FROM bv_definition", "Whole");
  assert_sound (project);
  bv_project_unref (project);
  fixture_reopen (f);
  assert_query (f->project, "SELECT name FROM bv_definition", "Whole");
}

/* In a folder that may not be written: at rest, with a log that a crash left, and with a journal. Needs root to become nobody. */
static void
test_unwritable (Fixture *f, gconstpointer data)
{
  enum { AT_REST, WITH_LOG, WITH_JOURNAL, N_STATES };
  int status;
  pid_t child;

  if (getuid () != 0)
    {
      g_test_skip ("needs to start as root");
      return;
    }
  for (int state = 0; state < N_STATES; state++)
    {
      g_clear_pointer (&f->project, bv_project_unref);
      if (state == WITH_JOURNAL)
        {
          fixture_reopen (f); /* takes the log in */
          g_clear_pointer (&f->project, bv_project_unref);
          leave_journal (f->path);
        }
      if (state == WITH_LOG)
        {
          child = fork ();
          if (child == 0)
            {
              BvProject *project = bv_project_open (f->path, BV_OPEN_DEFAULT, NULL);

              put (project, NULL, "In the log", "{}");
              kill (getpid (), SIGKILL);
            }
          waitpid (child, &status, 0);
          {
            g_autofree char *shm = g_strconcat (f->path, "-shm", NULL);
            g_autofree char *lock = g_strconcat (f->path, "-lock", NULL);

            g_unlink (shm);
            g_unlink (lock);
          }
        }
      g_chmod (f->dir, 0555);
      g_chmod (f->path, 0444);
      child = fork ();
      if (child == 0)
        {
          BvProject *project;
          g_autofree char *names = NULL;

          if (setgid (65534) != 0 || setuid (65534) != 0)
            _exit (2);
          project = bv_project_open (f->path, BV_OPEN_DEFAULT, NULL);
          if (project == NULL || !bv_project_is_read_only (project) || bv_project_get_read_only_reason (project) == NULL)
            _exit (3);
          names = query (project, "SELECT name FROM bv_definition");
          if (g_strcmp0 (names, state != AT_REST ? "In the log" : "") != 0)
            _exit (4);
          bv_project_unref (project);
          _exit (0);
        }
      waitpid (child, &status, 0);
      g_chmod (f->dir, 0755);
      g_chmod (f->path, 0644);
      g_assert_true (WIFEXITED (status));
      g_assert_cmpint (WEXITSTATUS (status), ==, 0);
    }
}

static gpointer
cancel_soon (gpointer data)
{
  g_usleep (20000);
  g_cancellable_cancel (data);
  return NULL;
}

static void
test_readers (Fixture *f, gconstpointer data)
{
  const char *endless = "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n";
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GError) error = NULL;
  GThread *thread = NULL;
  sqlite3 *db;
  sqlite3 *again;
  sqlite3_stmt *stmt = NULL;
  gint64 n;

  db = bv_project_borrow_reader (f->project, cancellable, &error);
  g_assert_no_error (error);
  thread = g_thread_new ("cancel", cancel_soon, cancellable);
  g_assert_cmpint (sqlite3_exec (db, endless, NULL, NULL, NULL), ==, SQLITE_INTERRUPT);
  g_assert_false (bv_sqlite_set_error (&error, db, cancellable, "query"));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_clear_error (&error);
  g_thread_join (thread);
  /* also where the cancellable is not at hand */
  g_assert_false (bv_sql_get_int (db, &error, &n, endless, NULL));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_clear_error (&error);
  g_assert_null (bv_project_borrow_reader (f->project, cancellable, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_clear_error (&error);
  /* nothing may be written through a reader */
  g_assert_cmpint (sqlite3_exec (db, "CREATE TABLE x (y)", NULL, NULL, NULL), ==, SQLITE_READONLY);
  /* a statement left half-way holds no snapshot once its reader is back */
  g_assert_cmpint (sqlite3_prepare_v2 (db, "SELECT name FROM sqlite_schema", -1, &stmt, NULL), ==, SQLITE_OK);
  g_assert_cmpint (sqlite3_step (stmt), ==, SQLITE_ROW);
  bv_project_return_reader (f->project, db);
  sqlite3_finalize (stmt);
  again = bv_project_borrow_reader (f->project, NULL, &error);
  g_assert_true (again == db); /* pooled, and no longer cancelled */
  g_assert_cmpint (sqlite3_exec (again, "SELECT count(*) FROM sqlite_schema", NULL, NULL, NULL), ==, SQLITE_OK);
  /* a lent reader keeps the project alive */
  bv_project_unref (f->project);
  g_assert_cmpint (sqlite3_exec (again, "SELECT count(*) FROM bv_meta", NULL, NULL, NULL), ==, SQLITE_OK);
  bv_project_return_reader (f->project, again);
  f->project = bv_project_open (f->path, BV_OPEN_DEFAULT, &error);
  g_assert_no_error (error);
}

static void
test_check (Fixture *f, gconstpointer data)
{
  static const struct { const char *sql; const char *word; } cases[] = {
    { "DROP TABLE deals", "rows are missing" },
    { "CREATE TABLE stray (a)", "“stray” is in the file" },
    { "ALTER TABLE deals DROP COLUMN t", "lost its column “t”" },
    { "UPDATE bv_table SET key = '[\"nope\"]'", "“nope” as its key" },
    { "INSERT INTO bv_definition VALUES ('u', 'report', 'Broken', '{\"a\":', 0)", "“Broken” is not valid JSON" },
    { "DELETE FROM deals WHERE n = 3", "but 10 are listed" },
    { "DELETE FROM bv_journal", "does not exist" },
    { "INSERT INTO bv_column VALUES ('ghost', 0, 'a', 'int')", "“ghost”" },
  };

  fill (f->project, "deals", 0, 10, NULL);
  fill (f->project, "deals", 0, 10, NULL);
  assert_sound (f->project);
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GPtrArray) problems = NULL;
      g_autofree char *copy = fixture_file (f, "copy.belvedere");
      g_autoptr (BvProject) project = NULL;
      g_autofree char *bytes = NULL;
      g_autofree char *all = NULL;
      gsize size;
      sqlite3 *db;

      g_assert_true (bv_project_checkpoint (f->project, NULL));
      g_assert_true (g_file_get_contents (f->path, &bytes, &size, NULL));
      g_assert_true (g_file_set_contents (copy, bytes, (gssize) size, NULL));
      sqlite3_open (copy, &db);
      g_assert_cmpint (sqlite3_exec (db, cases[i].sql, NULL, NULL, NULL), ==, SQLITE_OK);
      sqlite3_close (db);
      project = bv_project_open (copy, BV_OPEN_DEFAULT, NULL);
      g_assert_nonnull (project);
      problems = bv_project_check (project, NULL, NULL);
      g_assert_cmpuint (problems->len, >=, 1);
      g_ptr_array_add (problems, NULL);
      all = g_strjoinv ("\n", (char **) problems->pdata);
      g_ptr_array_set_size (problems, (int) problems->len - 1);
      g_test_message ("%s", all);
      g_assert_nonnull (strstr (all, cases[i].word));
    }
  /* a hidden version that is gone */
  sqlite3_exec (f->project->writer, "DROP TABLE bv_old_3_0", NULL, NULL, NULL);
  {
    g_autoptr (GPtrArray) problems = bv_project_check (f->project, NULL, NULL);
    g_autoptr (GError) error = NULL;

    g_assert_cmpuint (problems->len, ==, 1);
    g_assert_nonnull (strstr (problems->pdata[0], "Import deals"));
    g_assert_false (bv_project_undo (f->project, &error));
    assert_query (f->project, "SELECT count(*) FROM deals", "10");
  }
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add ("/project/file/life", Fixture, NULL, fixture_set_up, test_life, fixture_tear_down);
  g_test_add ("/project/file/stale-log", Fixture, NULL, fixture_set_up, test_stale_log, fixture_tear_down);
  g_test_add ("/project/file/refused", Fixture, NULL, fixture_set_up, test_refused, fixture_tear_down);
  g_test_add ("/project/file/random-damage", Fixture, NULL, fixture_set_up, test_random_damage, fixture_tear_down);
  g_test_add ("/project/file/second-opener", Fixture, NULL, fixture_set_up, test_second_opener, fixture_tear_down);
  g_test_add ("/project/file/lock-after-crash", Fixture, NULL, fixture_set_up, test_lock_after_crash, fixture_tear_down);
  g_test_add ("/project/file/journal", Fixture, NULL, fixture_set_up, test_journal, fixture_tear_down);
  g_test_add ("/project/file/unwritable", Fixture, NULL, fixture_set_up, test_unwritable, fixture_tear_down);
  g_test_add ("/project/file/readers", Fixture, NULL, fixture_set_up, test_readers, fixture_tear_down);
  g_test_add ("/project/file/check", Fixture, NULL, fixture_set_up, test_check, fixture_tear_down);
  return g_test_run ();
}
