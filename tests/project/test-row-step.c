/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Steps written in pages: what is kept, undone and redone, and what a killed process leaves. */
#include "project-test.h"

#include "bv-row-step.h"

#include <glib/gstdio.h>
#include <string.h>

static const BvRowColumn columns[] = {
  { "_source", BV_TYPE_TEXT, BV_CELL_VALUE }, { "id", BV_TYPE_INT, BV_CELL_VALUE },     { "name", BV_TYPE_TEXT, BV_CELL_VALUE },
  { "amount", BV_TYPE_DOUBLE, BV_CELL_VALUE }, { "owner", BV_TYPE_INT, BV_CELL_KEEP }, { "_synced_at", BV_TYPE_INT, BV_CELL_STAMP },
  { "_first_seen_at", BV_TYPE_INT, BV_CELL_FIRST }, { "extra", BV_TYPE_TEXT, BV_CELL_VALUE },
};
#define ROWS "SELECT id || ':' || coalesce(name, '-') || ':' || coalesce(amount, '-') || ':' || coalesce(owner, '-') || ':' || _synced_at || ':' " \
             "|| _first_seen_at FROM deals ORDER BY id"

static BvRowTable *
open_table (BvRowStep *step, guint n_columns)
{
  g_autoptr (GError) error = NULL;
  BvRowTable *table;

  g_assert_true (bv_row_step_begin (step, NULL, &error));
  table = bv_row_step_open_table (step, "deals", "HubSpot", columns, n_columns, 2, &error);
  g_assert_no_error (error);
  g_assert_nonnull (table);
  return table;
}

static BvRowResult
put_cells (BvRowTable *table, int id, const char *name, double amount, int stamp, gboolean append)
{
  BvRowCell cells[] = {
    { BV_TYPE_TEXT, 1, { .s = "a" } }, { BV_TYPE_INT, 0, { .i = id } },
    { name != NULL ? BV_TYPE_TEXT : BV_TYPE_NULL, name != NULL ? (int) strlen (name) : 0, { .s = name } },
    { BV_TYPE_DOUBLE, 0, { .d = amount } }, { BV_TYPE_INT, 0, { .i = 77 } }, { BV_TYPE_INT, 0, { .i = stamp } },
    { BV_TYPE_INT, 0, { .i = stamp } }, { BV_TYPE_NULL, 0, { 0 } },
  };
  g_autoptr (GError) error = NULL;
  BvRowResult result;

  g_assert_true (bv_row_table_put (table, cells, append, &result, &error));
  g_assert_no_error (error);
  return result;
}

static BvRowResult
put_row (BvRowTable *table, int id, const char *name, double amount, int stamp)
{
  return put_cells (table, id, name, amount, stamp, FALSE);
}

static void
page_end (BvRowStep *step)
{
  g_autoptr (GError) error = NULL;

  g_assert_true (bv_row_step_commit (step, &error));
  g_assert_no_error (error);
}

static void
end (BvRowStep *step)
{
  g_autoptr (GError) error = NULL;

  g_assert_true (bv_row_step_end (step, &error));
  g_assert_no_error (error);
}

static guint64
table_version (BvProject *project)
{
  g_autoptr (BvTableInfo) info = bv_project_get_table (project, "deals", NULL);

  g_assert_nonnull (info);
  return info->version;
}

static void
test_put (Fixture *f, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  BvRowStep *step = bv_row_step_new (f->project, "Sync A");
  BvRowTable *table = open_table (step, 7);
  const guint owner[] = { 4 };
  BvRowCell patch[7] = { { BV_TYPE_TEXT, 1, { .s = "a" } }, { BV_TYPE_INT, 0, { .i = 2 } } };
  BvRowResult result;
  guint64 first, second;

  g_assert_true (bv_row_table_is_new (table));
  g_assert_cmpint (put_row (table, 1, "one", 1.5, 10), ==, BV_ROW_NEW);
  g_assert_cmpint (put_row (table, 2, NULL, 2, 10), ==, BV_ROW_NEW);
  page_end (step);
  first = table_version (f->project);
  assert_query (f->project, ROWS, "1:one:1.5:-:10:10|2:-:2.0:-:10:10");
  /* While it is open nobody undoes it, and its table stays. */
  g_assert_null (bv_project_get_undo_name (f->project));
  g_assert_false (bv_project_undo (f->project, &error));
  g_assert_error (error, BV_ERROR, BV_ERROR_FAILED);
  g_clear_error (&error);
  {
    BvChange *change = bv_change_new ("Drop");

    bv_change_drop_table (change, "deals");
    g_assert_false (bv_project_commit (f->project, change, &error));
    g_assert_error (error, BV_ERROR, BV_ERROR_FAILED);
    g_clear_error (&error);
  }
  put (f->project, NULL, "Meanwhile", "{}");
  end (step);
  g_assert_cmpstr (bv_project_get_undo_name (f->project), ==, "Put");
  g_assert_true (bv_project_undo (f->project, NULL));
  g_assert_cmpstr (bv_project_get_undo_name (f->project), ==, "Sync A");
  assert_sound (f->project);

  step = bv_row_step_new (f->project, "Sync B");
  table = open_table (step, 8); /* one more column */
  g_assert_false (bv_row_table_is_new (table));
  g_assert_cmpint (put_row (table, 1, "one", 1.5, 20), ==, BV_ROW_SAME);
  g_assert_cmpint (put_row (table, 2, "two", 2, 20), ==, BV_ROW_CHANGED);
  g_assert_cmpint (put_row (table, 3, "three", 3, 20), ==, BV_ROW_NEW);
  page_end (step);
  second = table_version (f->project);
  g_assert_cmpuint (second, >, first);
  table = open_table (step, 8);
  patch[4] = (BvRowCell){ BV_TYPE_INT, 0, { .i = 9 } };
  patch[5] = (BvRowCell){ BV_TYPE_INT, 0, { .i = 21 } };
  g_assert_true (bv_row_table_patch (table, patch, owner, 1, &result, &error));
  g_assert_cmpint (result, ==, BV_ROW_CHANGED);
  g_assert_true (bv_row_table_patch (table, patch, owner, 1, &result, &error));
  g_assert_cmpint (result, ==, BV_ROW_SAME);
  patch[1].i = 1;
  g_assert_true (bv_row_table_remove (table, patch, &result, &error));
  g_assert_cmpint (result, ==, BV_ROW_CHANGED);
  g_assert_true (bv_row_table_remove (table, patch, &result, &error));
  g_assert_cmpint (result, ==, BV_ROW_MISSING);
  g_assert_true (bv_row_step_put_state (step, "s/deals", "{\"after\":5}", &error));
  page_end (step);
  /* a page that is rolled back leaves nothing */
  table = open_table (step, 8);
  put_row (table, 4, "four", 4, 22);
  bv_row_step_rollback (step);
  table = open_table (step, 8);
  put_row (table, 5, "five", 5, 23);
  page_end (step);
  end (step);
  assert_query (f->project, ROWS, "2:two:2.0:9:21:10|3:three:3.0:-:20:20|5:five:5.0:-:23:23");
  assert_sound (f->project);

  for (int round = 0; round < 3; round++)
    {
      g_autofree char *state = NULL;

      g_assert_true (bv_project_undo (f->project, &error));
      assert_query (f->project, ROWS, "1:one:1.5:-:10:10|2:-:2.0:-:10:10");
      /* The rows are the old ones, but for their numbers. */
      g_assert_cmpuint (table_version (f->project), >, second);
      g_assert_true (bv_project_get_state (f->project, "s/deals", &state, NULL));
      g_assert_null (state);
      assert_sound (f->project);
      if (round == 1)
        {
          g_assert_true (bv_project_undo (f->project, &error));
          assert_query (f->project, "SELECT name FROM bv_table", "");
          assert_sound (f->project);
          g_assert_true (bv_project_redo (f->project, &error));
        }
      fixture_reopen (f);
      g_assert_true (bv_project_redo (f->project, &error));
      assert_query (f->project, ROWS, "2:two:2.0:9:21:10|3:three:3.0:-:20:20|5:five:5.0:-:23:23");
      g_assert_true (bv_project_get_state (f->project, "s/deals", &state, NULL));
      g_assert_cmpstr (state, ==, "{\"after\":5}");
      assert_sound (f->project);
    }
}

/* What a killed process leaves: whole pages, and a step that can be undone. */
static void
test_killed (Fixture *f, gconstpointer data)
{
  BvRowStep *step = bv_row_step_new (f->project, "Sync A");
  BvRowTable *table = open_table (step, 7);

  put_row (table, 1, "one", 1, 1);
  page_end (step);
  table = open_table (step, 7);
  put_row (table, 2, "two", 2, 2);
  bv_row_step_abandon (step);
  g_assert_cmpuint (bv_project_get_n_open_steps (f->project), ==, 1);
  fixture_reopen (f);
  g_assert_cmpuint (bv_project_get_n_open_steps (f->project), ==, 0);
  assert_query (f->project, "SELECT id FROM deals", "1");
  g_assert_cmpstr (bv_project_get_undo_name (f->project), ==, "Sync A");
  assert_sound (f->project);

  /* the next one goes on in a step of its own, and finds what was appended twice */
  step = bv_row_step_new (f->project, "Sync B");
  table = open_table (step, 7);
  g_assert_cmpint (put_row (table, 1, "one", 1, 3), ==, BV_ROW_SAME);
  g_assert_cmpint (put_row (table, 2, "two", 2, 3), ==, BV_ROW_NEW);
  page_end (step);
  end (step);
  g_assert_true (bv_project_undo (f->project, NULL));
  assert_query (f->project, "SELECT id FROM deals", "1");
  g_assert_true (bv_project_undo (f->project, NULL));
  assert_sound (f->project);

  /* nothing was written: no step */
  step = bv_row_step_new (f->project, "Nothing");
  end (step);
  g_assert_cmpstr (bv_project_get_undo_name (f->project), ==, NULL);
}

static void
test_foreign (Fixture *f, gconstpointer data)
{
  const char *key[] = { "n", NULL };
  g_autoptr (GError) error = NULL;
  BvRowStep *step = bv_row_step_new (f->project, "Sync A");

  fill (f->project, "deals", 0, 3, key);
  g_assert_true (bv_row_step_begin (step, NULL, &error));
  g_assert_null (bv_row_step_open_table (step, "deals", "HubSpot", columns, 7, 2, &error));
  g_assert_error (error, BV_ERROR, BV_ERROR_EXISTS);
  bv_row_step_rollback (step);
  end (step);
  assert_query (f->project, "SELECT count(*) FROM deals", "3");
  assert_sound (f->project);
}

/* Random steps with pages, rollbacks and kills; then all the way back and forth: each state is as it was. */
static void
test_random (Fixture *f, gconstpointer data)
{
  const char *given = g_getenv ("BV_SEED");
  guint32 seed = given != NULL ? (guint32) g_ascii_strtoull (given, NULL, 10) : g_random_int ();
  g_autoptr (GRand) random = g_rand_new_with_seed (seed);
  g_autoptr (GPtrArray) states = g_ptr_array_new_with_free_func (g_free);
  const char *all = "SELECT group_concat(r, ' ') FROM (SELECT id || ':' || coalesce(name, '-') || ':' || amount || ':' || coalesce(owner, '-') AS r"
                    " FROM deals ORDER BY id)";
  int n_steps = g_getenv ("BV_LONG") != NULL ? 40 : 12;

  g_test_message ("BV_SEED=%u", seed);
  for (int i = 0; i < n_steps; i++)
    {
      g_autofree char *name = g_strdup_printf ("Sync %d", i);
      g_autofree char *state = NULL;
      BvRowStep *step = bv_row_step_new (f->project, name);
      int n_pages = g_rand_int_range (random, 1, 5);

      for (int page = 0; page < n_pages; page++)
        {
          BvRowTable *table = open_table (step, 7 + (guint) (i % 2));

          for (int n = g_rand_int_range (random, 1, 12); n > 0; n--)
            {
              int id = g_rand_int_range (random, 0, 15);
              BvRowCell key[] = { { BV_TYPE_TEXT, 1, { .s = "a" } }, { BV_TYPE_INT, 0, { .i = id } } };
              BvRowResult result;

              if (g_rand_int_range (random, 0, 4) == 0)
                g_assert_true (bv_row_table_remove (table, key, &result, NULL));
              else
                put_row (table, id, g_rand_boolean (random) ? "x" : NULL, g_rand_int_range (random, 0, 3), i);
            }
          if (page > 0 && g_rand_int_range (random, 0, 4) == 0)
            bv_row_step_rollback (step);
          else
            page_end (step);
        }
      if (g_rand_int_range (random, 0, 5) == 0)
        {
          bv_row_step_abandon (step);
          fixture_reopen (f);
        }
      else
        end (step);
      state = query (f->project, all);
      /* What changed nothing is no step. */
      if (g_strcmp0 (bv_project_get_undo_name (f->project), name) == 0)
        g_ptr_array_add (states, g_steal_pointer (&state));
      else
        g_assert_cmpstr (state, ==, states->pdata[states->len - 1]);
      assert_sound (f->project);
    }
  for (int round = 0; round < 2; round++)
    {
      for (guint i = states->len - 1; i > 0; i--)
        {
          g_assert_true (bv_project_undo (f->project, NULL));
          assert_query (f->project, all, states->pdata[i - 1]);
        }
      assert_sound (f->project);
      for (guint i = 1; i < states->len; i++)
        {
          g_assert_true (bv_project_redo (f->project, NULL));
          assert_query (f->project, all, states->pdata[i]);
        }
      assert_sound (f->project);
    }
}

static int
n_indexes (BvRowStep *step)
{
  gint64 n;

  g_assert_true (bv_sql_get_int (bv_row_step_get_db (step), NULL, &n, "SELECT count(*) FROM pragma_index_list('deals')", NULL));
  return (int) n;
}

/* The key's index grows with the rows as long as their keys rise, from page to page. */
static void
test_append (Fixture *f, gconstpointer data)
{
  BvRowStep *step = bv_row_step_new (f->project, "Sync A");
  BvRowTable *table = NULL;
  gint64 n_dropped;

  for (int page = 0; page < 3; page++)
    {
      /* Another column on the last page: the table is opened anew, and finds its last key. */
      table = open_table (step, page < 2 ? 7 : 8);
      for (int i = 0; i < 6000; i++)
        g_assert_cmpint (put_cells (table, page * 6000 + i, "x", 1, page, TRUE), ==, BV_ROW_NEW);
      g_assert_true (bv_row_table_settle (table, NULL));
      g_assert_cmpint (n_indexes (step), ==, 1);
      page_end (step);
    }
  table = open_table (step, 8);
  put_cells (table, 18000, "x", 1, 3, TRUE);
  g_assert_true (bv_row_table_settle (table, NULL));
  g_assert_cmpint (n_indexes (step), ==, 1);
  put_cells (table, 18000, "again", 1, 3, TRUE);
  put_cells (table, 5, "five", 1, 3, TRUE);
  g_assert_true (bv_row_table_settle (table, NULL));
  g_assert_cmpint (n_indexes (step), ==, 0);
  g_assert_true (bv_row_table_index (table, &n_dropped, NULL));
  g_assert_cmpint (n_dropped, ==, 2);
  g_assert_cmpint (n_indexes (step), ==, 1);
  page_end (step);
  end (step);
  assert_query (f->project, "SELECT count(*) || ' ' || count(DISTINCT id) || ' ' || (SELECT n_rows FROM bv_table) FROM deals", "18001 18001 18001");
  assert_query (f->project, "SELECT id || name FROM deals WHERE name <> 'x' ORDER BY id", "5five|18000again");
  assert_sound (f->project);
}

/* Rows appended in any order, mixed with rows that are looked for: the last of each key stays. */
static void
test_append_random (Fixture *f, gconstpointer data)
{
  const char *given = g_getenv ("BV_SEED");
  guint32 seed = given != NULL ? (guint32) g_ascii_strtoull (given, NULL, 10) : g_random_int ();
  g_autoptr (GRand) random = g_rand_new_with_seed (seed);
  int n_rounds = g_getenv ("BV_LONG") != NULL ? 400 : 25;

  g_test_message ("BV_SEED=%u", seed);
  for (int round = 0; round < n_rounds; round++)
    {
      BvRowStep *step = bv_row_step_new (f->project, "Sync");
      int stray = g_rand_int_range (random, 0, 40), next = 0, n_pages = g_rand_int_range (random, 1, 6);
      int kept[2000] = { 0 }, want[2000] = { 0 }, stamp = 0;
      g_autoptr (GString) expected = g_string_new (NULL);

      for (int page = 0; page < n_pages; page++)
        {
          BvRowTable *table = open_table (step, 7 + (guint) g_rand_int_range (random, 0, 2));

          next = page == 0 ? 0 : next;
          for (int n = g_rand_int_range (random, 0, 150); n > 0; n--)
            {
              int id = stray > 0 && g_rand_int_range (random, 0, stray * 4) == 0 ? g_rand_int_range (random, 0, next + 1) : next;

              stamp++;
              put_cells (table, id, "x", stamp, stamp, stray == 0 || g_rand_int_range (random, 0, stray * 2) != 0);
              want[id] = stamp;
              next = MAX (next, id + 1);
            }
          if (page > 0 && g_rand_int_range (random, 0, 6) == 0)
            {
              bv_row_step_rollback (step);
              memcpy (want, kept, sizeof want);
              continue;
            }
          if (page + 1 == n_pages)
            g_assert_true (bv_row_table_index (table, NULL, NULL));
          page_end (step);
          memcpy (kept, want, sizeof want);
        }
      {
        BvRowTable *table = open_table (step, 8);

        g_assert_true (bv_row_table_index (table, NULL, NULL));
        page_end (step);
      }
      end (step);
      for (int id = 0; id < 2000; id++)
        if (want[id] != 0)
          g_string_append_printf (expected, "%s%d:%d", expected->len > 0 ? "|" : "", id, want[id]);
      assert_query (f->project, "SELECT id || ':' || _synced_at FROM deals ORDER BY id", expected->str);
      assert_query (f->project, "SELECT (SELECT n_rows FROM bv_table) - count(*) FROM deals", "0");
      g_assert_true (bv_project_undo (f->project, NULL));
    }
  assert_sound (f->project);
}

/* A file of version 1, as the first release made it. */
static void
test_version_1 (Fixture *f, gconstpointer data)
{
  static const char sql[] =
    "PRAGMA application_id = 1113943158;"
    "CREATE TABLE bv_meta (name TEXT PRIMARY KEY NOT NULL, value) WITHOUT ROWID;"
    "CREATE TABLE bv_definition (uuid TEXT PRIMARY KEY NOT NULL, kind TEXT NOT NULL, name TEXT NOT NULL, body TEXT NOT NULL,"
    " position INTEGER NOT NULL);"
    "CREATE INDEX bv_definition_order ON bv_definition (kind, position, name);"
    "CREATE TABLE bv_table (name TEXT PRIMARY KEY COLLATE NOCASE NOT NULL, source TEXT NOT NULL, origin TEXT, key TEXT,"
    " n_rows INTEGER NOT NULL, loaded_at INTEGER NOT NULL, version INTEGER NOT NULL);"
    "CREATE TABLE bv_column (table_name TEXT COLLATE NOCASE NOT NULL, position INTEGER NOT NULL, name TEXT NOT NULL,"
    " type TEXT NOT NULL, PRIMARY KEY (table_name, position)) WITHOUT ROWID;"
    "CREATE TABLE bv_journal (seq INTEGER PRIMARY KEY, name TEXT NOT NULL, time INTEGER NOT NULL,"
    " undone INTEGER NOT NULL DEFAULT 0, coalesce TEXT);"
    "CREATE TABLE bv_journal_op (seq INTEGER NOT NULL, step INTEGER NOT NULL, kind TEXT NOT NULL, subject TEXT NOT NULL,"
    " before TEXT, after TEXT, PRIMARY KEY (seq, step)) WITHOUT ROWID;"
    "CREATE TABLE bv_usage (time INTEGER NOT NULL, what TEXT NOT NULL, subject TEXT);"
    "INSERT INTO bv_meta (name, value) VALUES ('version', 2), ('uuid', '0d3e8f0a-0000-4000-8000-000000000001');"
    "CREATE TABLE \"people\" (\"id\" INTEGER, \"name\" TEXT);"
    "INSERT INTO people VALUES (1, 'Ada'), (2, 'Grace');"
    "INSERT INTO bv_table VALUES ('people', 'Files', NULL, NULL, 2, 1700000000000000, 2);"
    "INSERT INTO bv_column VALUES ('people', 0, 'id', 'int'), ('people', 1, 'name', 'text');"
    "INSERT INTO bv_journal (seq, name, time) VALUES (2, 'Import people.csv', 1700000000000000);"
    "INSERT INTO bv_journal_op VALUES (2, 0, 'table', 'people', NULL, json_object('name', 'people', 'source', 'Files', 'origin', NULL, 'key', NULL,"
    " 'n_rows', 2, 'loaded_at', 1700000000000000, 'version', 2, 'columns', json('[[\"id\",\"int\"],[\"name\",\"text\"]]')));"
    "PRAGMA user_version = 1;";
  g_autofree char *path = fixture_file (f, "old.belvedere");
  g_autoptr (GError) error = NULL;
  g_autoptr (BvProject) project = NULL;
  sqlite3 *db = NULL;

  g_assert_cmpint (sqlite3_open (path, &db), ==, SQLITE_OK);
  g_assert_cmpint (sqlite3_exec (db, sql, NULL, NULL, NULL), ==, SQLITE_OK);
  sqlite3_close (db);
  project = bv_project_open (path, BV_OPEN_DEFAULT, &error);
  g_assert_no_error (error);
  assert_query (project, "PRAGMA user_version", "2");
  assert_query (project, "SELECT name FROM people ORDER BY id", "Ada|Grace");
  g_assert_cmpstr (bv_project_get_undo_name (project), ==, "Import people.csv");
  g_assert_true (bv_project_undo (project, NULL));
  g_assert_true (bv_project_redo (project, NULL));
  assert_query (project, "SELECT name FROM people ORDER BY id", "Ada|Grace");
  assert_query (project, "SELECT count(*) FROM bv_source_run", "0");
  assert_sound (project);
}

static void
edit (BvProject *project, const char *body)
{
  BvChange *change = bv_change_new ("Edit");

  bv_change_put (change, "r", "report", "R", body, 0);
  bv_change_set_coalesce (change, "edit r");
  g_assert_true (bv_project_commit (project, change, NULL));
}

/* What somebody edits before and after a sync ends is not made one step with it. */
static void
test_between_edits (Fixture *f, gconstpointer data)
{
  BvRowStep *step = bv_row_step_new (f->project, "Sync");

  f->project->coalesce_window = G_MAXINT64; /* whatever the machine does meanwhile */
  edit (f->project, "1");
  put_row (open_table (step, 7), 1, "one", 1.5, 10);
  page_end (step);
  edit (f->project, "2");
  assert_query (f->project, "SELECT count(*) FROM bv_journal", "2");
  end (step);
  edit (f->project, "3");
  edit (f->project, "4");
  assert_query (f->project, "SELECT count(*) FROM bv_journal", "3");
  g_assert_cmpstr (bv_project_get_undo_name (f->project), ==, "Edit");
  g_assert_true (bv_project_undo (f->project, NULL));
  assert_query (f->project, "SELECT body FROM bv_definition", "2");
  assert_query (f->project, "SELECT count(*) FROM deals", "1");
  g_assert_cmpstr (bv_project_get_undo_name (f->project), ==, "Sync");
  assert_sound (f->project);
}

/* A column may be called like SQLite's row numbers, also one that comes later. */
static void
test_row_numbers (Fixture *f, gconstpointer data)
{
  static const BvRowColumn named[] = { { "id", BV_TYPE_INT, BV_CELL_VALUE }, { "rowid", BV_TYPE_INT, BV_CELL_VALUE }, { "_rowid_", BV_TYPE_INT, BV_CELL_VALUE } };
  const char *rows = "SELECT id || ':' || coalesce(rowid, '-') FROM t ORDER BY id";
  const guint second[] = { 1 };
  g_autoptr (GError) error = NULL;

  for (guint round = 0; round < 3; round++)
    {
      BvRowStep *step = bv_row_step_new (f->project, "Sync");
      BvRowTable *table;
      BvRowResult result;

      g_assert_true (bv_row_step_begin (step, NULL, &error));
      table = bv_row_step_open_table (step, "t", "S", named, MIN (round + 2, 3), 1, &error);
      g_assert_no_error (error);
      for (gint64 id = 1; id <= 3; id++)
        {
          /* Of the row that stands elsewhere, or of none */
          BvRowCell cells[] = { { BV_TYPE_INT, 0, { .i = id } }, { id == 3 ? BV_TYPE_NULL : BV_TYPE_INT, 0, { .i = 3 - id } }, { BV_TYPE_INT, 0, { .i = 2 } } };

          if (round == 1 && id == 1)
            cells[1].i = 7;
          g_assert_true (bv_row_table_put (table, cells, FALSE, &result, &error));
          g_assert_no_error (error);
          g_assert_cmpint (result, ==, round == 0 ? BV_ROW_NEW : round == 2 && id > 1 ? BV_ROW_SAME : BV_ROW_CHANGED);
          cells[1].i = 8;
          if (round == 2 && id == 2)
            g_assert_true (bv_row_table_patch (table, cells, second, 1, &result, &error));
          if (round == 2 && id == 1)
            g_assert_true (bv_row_table_remove (table, cells, &result, &error));
        }
      page_end (step);
      end (step);
      assert_query (f->project, rows, round == 0 ? "1:2|2:1|3:-" : round == 1 ? "1:7|2:1|3:-" : "2:8|3:-");
    }
  assert_sound (f->project);
  g_assert_true (bv_project_undo (f->project, &error));
  assert_query (f->project, rows, "1:7|2:1|3:-");
  g_assert_true (bv_project_undo (f->project, &error));
  assert_query (f->project, rows, "1:2|2:1|3:-");
  g_assert_true (bv_project_redo (f->project, &error));
  g_assert_true (bv_project_redo (f->project, &error));
  assert_query (f->project, rows, "2:8|3:-");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
#define ADD(name, function) g_test_add ("/project/row-step/" name, Fixture, NULL, fixture_set_up, function, fixture_tear_down)
  ADD ("put", test_put);
  ADD ("killed", test_killed);
  ADD ("foreign", test_foreign);
  ADD ("append", test_append);
  ADD ("append-random", test_append_random);
  ADD ("random", test_random);
  ADD ("between-edits", test_between_edits);
  ADD ("row-numbers", test_row_numbers);
  ADD ("version-1", test_version_1);
  return g_test_run ();
}
