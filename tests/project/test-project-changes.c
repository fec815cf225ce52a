/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Changes, undo and redo, alone and against a model. */
#include "project-test.h"

#include <string.h>

#define UUID "11111111-1111-4111-8111-111111111111"
#define NAMES "SELECT name || '=' || body FROM bv_definition ORDER BY position, name"

static void
commit_ok (BvProject *project, BvChange *change)
{
  g_autoptr (GError) error = NULL;

  bv_project_commit (project, change, &error);
  g_assert_no_error (error);
}

static void
test_definitions (Fixture *f, gconstpointer data)
{
  g_autoptr (GPtrArray) list = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *made = NULL;
  guint64 version = bv_project_get_version (f->project);
  BvDefinition *definition;
  BvChange *change = bv_change_new ("Add reports");

  made = g_strdup (bv_change_put (change, NULL, "report", "Beta", "{\"t\":\"it's \\\"quoted\\\" – ü\"}", -1));
  bv_change_put (change, UUID, "report", "Alpha", "{}", -1);
  bv_change_put (change, NULL, "exploration", "Deals", "[]", 7);
  commit_ok (f->project, change);
  g_assert_cmpuint (bv_project_get_version (f->project), >, version);
  g_assert_cmpstr (bv_project_get_undo_name (f->project), ==, "Add reports");

  list = bv_project_list_definitions (f->project, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (list->len, ==, 3);
  g_assert_cmpstr (((BvDefinition *) list->pdata[0])->kind, ==, "exploration");
  g_assert_cmpint (((BvDefinition *) list->pdata[0])->position, ==, 7);
  definition = list->pdata[1];
  g_assert_cmpstr (definition->uuid, ==, made);
  g_assert_cmpstr (definition->body, ==, "{\"t\":\"it's \\\"quoted\\\" – ü\"}");
  g_assert_cmpint (definition->position, ==, 0);
  g_assert_cmpint (((BvDefinition *) list->pdata[2])->position, ==, 1);

  /* keeps its place, and what changes nothing is no step */
  version = bv_project_get_version (f->project);
  change = bv_change_new ("Nothing");
  bv_change_put (change, UUID, "report", "Alpha", "{}", -1);
  commit_ok (f->project, change);
  g_assert_cmpuint (bv_project_get_version (f->project), ==, version);
  g_assert_cmpstr (bv_project_get_undo_name (f->project), ==, "Add reports");

  /* one bad operation undoes the good ones before it */
  change = bv_change_new ("Half");
  bv_change_delete (change, UUID);
  bv_change_put (change, NULL, "report", "Bad", "{\"a\":", -1);
  g_assert_false (bv_project_commit (f->project, change, &error));
  g_assert_error (error, BV_ERROR, BV_ERROR_INVALID);
  g_clear_error (&error);
  assert_query (f->project, "SELECT name FROM bv_definition WHERE kind = 'report' ORDER BY position", "Beta|Alpha");
  change = bv_change_new ("Missing");
  bv_change_delete (change, "nope");
  g_assert_false (bv_project_commit (f->project, change, &error));
  g_assert_error (error, BV_ERROR, BV_ERROR_NOT_FOUND);

  g_assert_true (bv_project_undo (f->project, NULL));
  assert_query (f->project, NAMES, "");
  assert_sound (f->project);
}

static void
test_undo_names (Fixture *f, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  g_assert_false (bv_project_undo (f->project, &error));
  g_assert_error (error, BV_ERROR, BV_ERROR_NOT_FOUND);
  put (f->project, UUID, "A", "1");
  {
    BvChange *change = bv_change_new ("Déplacer");

    bv_change_put (change, UUID, "report", "B", "2", -1);
    commit_ok (f->project, change);
  }
  g_assert_true (bv_project_undo (f->project, NULL));
  assert_query (f->project, NAMES, "A=1");
  fixture_reopen (f);
  g_assert_cmpstr (bv_project_get_undo_name (f->project), ==, "Put");
  g_assert_cmpstr (bv_project_get_redo_name (f->project), ==, "Déplacer");
  g_assert_true (bv_project_redo (f->project, NULL));
  assert_query (f->project, NAMES, "B=2");
  g_assert_null (bv_project_get_redo_name (f->project));
  g_assert_true (bv_project_undo (f->project, NULL));
  g_assert_true (bv_project_undo (f->project, NULL));
  fixture_reopen (f);
  assert_query (f->project, NAMES, "");
  put (f->project, UUID, "C", "3");
  g_assert_null (bv_project_get_redo_name (f->project));
  assert_query (f->project, "SELECT count(*) FROM bv_journal_op", "1");
}

/* Who offers to undo one step must not undo another that came after it. */
static void
test_undo_step (Fixture *f, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  gint64 first, second;
  const char *name;

  g_assert_cmpint (bv_project_get_undo_step (f->project, &name), ==, 0);
  g_assert_null (name);
  put (f->project, UUID, "A", "1");
  first = bv_project_get_undo_step (f->project, &name);
  g_assert_cmpint (first, >, 0);
  g_assert_cmpstr (name, ==, "Put");
  put (f->project, UUID, "B", "2");
  second = bv_project_get_undo_step (f->project, &name);
  g_assert_cmpint (second, >, first);
  g_assert_false (bv_project_undo_step (f->project, first, &error));
  g_assert_error (error, BV_ERROR, BV_ERROR_FAILED);
  assert_query (f->project, NAMES, "B=2");
  g_assert_true (bv_project_undo_step (f->project, second, NULL));
  assert_query (f->project, NAMES, "A=1");
  fixture_reopen (f);
  g_assert_cmpint (bv_project_get_undo_step (f->project, &name), ==, first);
  g_clear_error (&error);
  g_assert_false (bv_project_undo_step (f->project, second, &error));
  g_assert_error (error, BV_ERROR, BV_ERROR_FAILED);
  g_assert_true (bv_project_undo_step (f->project, first, NULL));
  g_clear_error (&error);
  g_assert_false (bv_project_undo_step (f->project, first, &error));
  g_assert_error (error, BV_ERROR, BV_ERROR_NOT_FOUND);
}

static void
drag (BvProject *project, const char *key, const char *uuid, int x)
{
  BvChange *change = bv_change_new ("Move tile");
  g_autofree char *body = g_strdup_printf ("%d", x);

  bv_change_put (change, uuid, "report", uuid, body, 0);
  bv_change_set_coalesce (change, key);
  commit_ok (project, change);
}

static void
test_coalesce (Fixture *f, gconstpointer data)
{
  for (int x = 0; x < 50; x++)
    drag (f->project, "move a", x % 2 ? "a" : "b", x);
  assert_query (f->project, "SELECT count(*) FROM bv_journal", "1");
  assert_query (f->project, "SELECT count(*) FROM bv_journal_op", "2");
  drag (f->project, "move c", "a", 100);
  assert_query (f->project, "SELECT count(*) FROM bv_journal", "2");
  g_assert_true (bv_project_undo (f->project, NULL));
  assert_query (f->project, NAMES, "a=49|b=48");
  /* after an undo a new gesture begins */
  drag (f->project, "move a", "a", 7);
  assert_query (f->project, "SELECT count(*) FROM bv_journal", "2");
  g_assert_true (bv_project_undo (f->project, NULL));
  g_assert_true (bv_project_undo (f->project, NULL));
  assert_query (f->project, NAMES, "");
  g_assert_true (bv_project_redo (f->project, NULL));
  assert_query (f->project, NAMES, "a=49|b=48");

  /* too late */
  f->project->coalesce_window = 1000;
  drag (f->project, "late", "a", 1);
  g_usleep (3000);
  drag (f->project, "late", "a", 2);
  g_assert_true (bv_project_undo (f->project, NULL));
  assert_query (f->project, NAMES, "a=1|b=48");
  assert_sound (f->project);
}

static void
test_tables (Fixture *f, gconstpointer data)
{
  static const char *const key[] = { "n", NULL };
  static const char *const bad_key[] = { "m", NULL };
  g_autoptr (GError) error = NULL;
  g_autoptr (BvTableInfo) info = NULL;
  guint64 first;
  gboolean unique;
  gint64 repeating;
  BvChange *change;

  fill (f->project, "deals", 0, 10, NULL);
  info = bv_project_get_table (f->project, "DEALS", &error);
  g_assert_no_error (error);
  first = info->version;
  g_clear_pointer (&info, bv_table_info_free);
  sqlite3_exec (f->project->writer, "CREATE VIEW mine AS SELECT count(*) FROM deals", NULL, NULL, NULL);

  change = bv_change_new ("Set key");
  bv_change_set_key (change, "deals", key);
  commit_ok (f->project, change);
  info = bv_project_get_table (f->project, "deals", &error);
  g_assert_no_error (error);
  g_assert_cmpstr (info->key[0], ==, "n");
  g_assert_cmpuint (info->version, ==, first);
  g_assert_true (bv_project_undo (f->project, NULL));
  g_clear_pointer (&info, bv_table_info_free);
  info = bv_project_get_table (f->project, "deals", &error);
  g_assert_null (info->key);

  fill (f->project, "contacts", 0, 3, NULL);
  {
    static const BvTableColumn column = { (char *) "n", BV_TYPE_INT };
    static const struct { const char *name; BvError code; } names[] = {
      { "bv_x", BV_ERROR_INVALID }, { "SQLITE_x", BV_ERROR_INVALID }, { "", BV_ERROR_INVALID }, { "mine", BV_ERROR_EXISTS },
    };

    for (guint i = 0; i < G_N_ELEMENTS (names); i++)
      {
        BvTableWriter *writer = bv_table_writer_new (f->project, NULL);

        g_assert_false (bv_table_writer_begin_table (writer, names[i].name, NULL, NULL, &column, 1, NULL, &error));
        g_assert_error (error, BV_ERROR, (int) names[i].code);
        g_clear_error (&error);
        bv_table_writer_abort (writer);
      }
  }
  change = bv_change_new ("Key");
  bv_change_set_key (change, "deals", bad_key);
  g_assert_false (bv_project_commit (f->project, change, &error));
  g_assert_error (error, BV_ERROR, BV_ERROR_NOT_FOUND);
  g_clear_error (&error);

  /* replaced, dropped, and all the way back: views of the analyst's own follow the name */
  fill (f->project, "deals", 0, 4, NULL);
  assert_query (f->project, "SELECT * FROM mine", "4");
  g_assert_true (bv_project_is_unique (f->project, "deals", key, NULL, &unique, &repeating, &error));
  g_assert_true (unique);
  g_assert_true (bv_project_undo (f->project, NULL));
  assert_query (f->project, "SELECT * FROM mine", "10");
  g_assert_true (bv_project_redo (f->project, NULL));
  assert_query (f->project, "SELECT * FROM mine", "4");
  change = bv_change_new ("Delete");
  bv_change_drop_table (change, "Deals");
  commit_ok (f->project, change);
  assert_query (f->project, "SELECT name FROM bv_table", "contacts");
  g_assert_null (bv_project_get_table (f->project, "deals", &error));
  g_assert_error (error, BV_ERROR, BV_ERROR_NOT_FOUND);
  g_clear_error (&error);
  fixture_reopen (f);
  g_assert_true (bv_project_undo (f->project, NULL));
  g_assert_true (bv_project_undo (f->project, NULL));
  g_clear_pointer (&info, bv_table_info_free);
  info = bv_project_get_table (f->project, "deals", &error);
  g_assert_cmpuint (info->version, ==, first);
  g_assert_cmpint (info->n_rows, ==, 10);
  assert_query (f->project, "SELECT count(*) FROM deals", "10");
  assert_sound (f->project);
}

static void
test_unique (Fixture *f, gconstpointer data)
{
  static const char *const n[] = { "n", NULL };
  static const char *const both[] = { "N", "t", NULL };
  static const char *const nope[] = { "nope", NULL };
  BvTableColumn columns[] = { { (char *) "n", BV_TYPE_INT }, { (char *) "t", BV_TYPE_TEXT } };
  g_autoptr (GError) error = NULL;
  g_autoptr (GCancellable) cancelled = g_cancellable_new ();
  BvTableWriter *writer = bv_table_writer_new (f->project, &error);
  gboolean unique;
  gint64 repeating;

  bv_table_writer_begin_table (writer, "d", "Files", NULL, columns, 2, NULL, &error);
  for (int i = 0; i < 10; i++)
    {
      char text[] = { (char) ('a' + i), 0 };
      BvValue row[2] = { i < 3 ? BV_VALUE_NULL : bv_value_int (i / 2), { BV_TYPE_TEXT, { .s = text } } };

      bv_table_writer_append (writer, row, &error);
    }
  bv_table_writer_end_table (writer, NULL, NULL, &error);
  bv_table_writer_commit (writer, "Import", NULL, &error);
  g_assert_no_error (error);

  g_assert_true (bv_project_is_unique (f->project, "d", n, NULL, &unique, &repeating, &error));
  g_assert_false (unique); /* 1 once, 2 2, 3 3, 4 4 */
  g_assert_cmpint (repeating, ==, 3);
  g_assert_true (bv_project_is_unique (f->project, "D", both, NULL, &unique, &repeating, &error));
  g_assert_true (unique);
  g_assert_false (bv_project_is_unique (f->project, "d", nope, NULL, &unique, &repeating, &error));
  g_assert_error (error, BV_ERROR, BV_ERROR_NOT_FOUND);
  g_clear_error (&error);
  g_cancellable_cancel (cancelled);
  g_assert_false (bv_project_is_unique (f->project, "d", n, cancelled, &unique, &repeating, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  fill (f->project, "d", 0, 5, NULL);
  g_assert_true (bv_project_is_unique (f->project, "d", n, NULL, &unique, &repeating, NULL));
  g_assert_true (unique);
  g_assert_true (bv_project_undo (f->project, NULL));
  g_assert_true (bv_project_is_unique (f->project, "d", n, NULL, &unique, &repeating, NULL));
  g_assert_false (unique);
}

static void
test_bounded (Fixture *f, gconstpointer data)
{
  int n = 0;

  sqlite3_exec (f->project->writer, "PRAGMA synchronous = OFF", NULL, NULL, NULL);
  for (int i = 0; i < 60; i++)
    fill (f->project, "deals", 0, i + 1, NULL);
  assert_query (f->project, "SELECT count(*) FROM bv_journal", "50");
  assert_query (f->project, "SELECT count(*) FROM sqlite_schema WHERE name LIKE 'bv_old%'", "50");
  while (bv_project_undo (f->project, NULL))
    n++;
  g_assert_cmpint (n, ==, 50);
  assert_query (f->project, "SELECT count(*) FROM deals", "10");
  /* the fifty undone ones go with the first of these */
  sqlite3_exec (f->project->writer, "UPDATE bv_meta SET value = 5000 WHERE name = 'version'", NULL, NULL, NULL);
  put (f->project, UUID, "x", "\"first\"");
  sqlite3_exec (f->project->writer, "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 995)"
                                    " INSERT INTO bv_journal (seq, name, time) SELECT 1000 + i, 'Old', 0 FROM n", NULL, NULL, NULL);
  for (int i = 0; i < 20; i++)
    {
      g_autofree char *body = g_strdup_printf ("%d", i);

      put (f->project, UUID, "x", body);
    }
  assert_query (f->project, "SELECT count(*) || '/' || sum(seq < 5000) FROM bv_journal", "1000/979");
  assert_query (f->project, "SELECT count(*) FROM sqlite_schema WHERE name LIKE 'bv_old%'", "0");
  assert_sound (f->project);
}

/* Random commits, undos, redos and reopenings; the model keeps the whole state after each step as text. */
static char *
model_state (BvProject *project)
{
  g_autofree char *definitions = query (project, "SELECT uuid || name || body || position FROM bv_definition ORDER BY uuid");
  g_autofree char *tables = query (project, "SELECT name || coalesce(key, '') || n_rows || version FROM bv_table ORDER BY name");
  g_autoptr (GPtrArray) list = bv_project_list_tables (project, NULL);
  GString *s = g_string_new (definitions);

  g_string_append (s, tables);
  for (guint i = 0; i < list->len; i++)
    {
      BvTableInfo *info = list->pdata[i];
      g_autofree char *quoted = bv_sql_quote (info->name);
      g_autofree char *sql = g_strdup_printf ("SELECT n || t FROM %s ORDER BY rowid", quoted);
      g_autofree char *rows = query (project, sql);

      g_string_append_printf (s, "\n%s: %s", info->name, rows);
    }
  return g_string_free (s, FALSE);
}

static void
random_step (BvProject *project, GRand *rand)
{
  static const char *const uuids[] = { "a", "b", "c" };
  static const char *const tables[] = { "Deals", "contacts", "x y" };
  static const char *const key[] = { "n", NULL };
  BvChange *change = bv_change_new ("Step");

  if (g_rand_boolean (rand))
    {
      int from = g_rand_int_range (rand, 0, 5);

      bv_change_free (change);
      fill (project, tables[g_rand_int_range (rand, 0, 3)], from, from + g_rand_int_range (rand, 0, 6),
            g_rand_boolean (rand) ? key : NULL);
      return;
    }
  for (int i = g_rand_int_range (rand, 1, 5); i > 0; i--)
    {
      const char *uuid = uuids[g_rand_int_range (rand, 0, 3)];
      const char *table = tables[g_rand_int_range (rand, 0, 3)];
      g_autofree char *body = g_strdup_printf ("%d", g_rand_int_range (rand, 0, 9));

      switch (g_rand_int_range (rand, 0, 7))
        {
        case 0:
          bv_change_delete (change, uuid);
          break;
        case 1:
          bv_change_drop_table (change, table);
          break;
        case 2:
          bv_change_set_key (change, table, g_rand_boolean (rand) ? key : NULL);
          break;
        default:
          bv_change_put (change, uuid, "report", body, body, g_rand_int_range (rand, -1, 3));
          break;
        }
    }
  bv_project_commit (project, change, NULL); /* many fail, and then nothing may have changed */
}

static void
test_against_model (Fixture *f, gconstpointer data)
{
  g_autoptr (GRand) rand = g_rand_new_with_seed (20260630);
  g_autoptr (GPtrArray) states = g_ptr_array_new_with_free_func (g_free);
  guint at = 0;

  g_ptr_array_add (states, model_state (f->project));
  for (int round = 0; round < 150; round++)
    {
      g_autofree char *now = NULL;
      guint64 version = bv_project_get_version (f->project);

      sqlite3_exec (f->project->writer, "PRAGMA synchronous = OFF", NULL, NULL, NULL);
      switch (g_rand_int_range (rand, 0, 6))
        {
        case 0:
        case 1:
          g_assert_cmpint (bv_project_undo (f->project, NULL), ==, at > 0);
          at -= at > 0;
          break;
        case 2:
          g_assert_cmpint (bv_project_redo (f->project, NULL), ==, at + 1 < states->len);
          at += at + 1 < states->len;
          break;
        case 3:
          if (round % 4 == 0)
            fixture_reopen (f);
          break;
        default:
          random_step (f->project, rand);
          if (bv_project_get_version (f->project) != version)
            {
              g_ptr_array_set_size (states, (int) at + 1);
              g_ptr_array_add (states, model_state (f->project));
              at++;
              /* only the newest 50 steps are sure to be there */
              if (at > 45)
                {
                  g_ptr_array_set_size (states, 0);
                  g_ptr_array_add (states, model_state (f->project));
                  at = 0;
                  sqlite3_exec (f->project->writer, "DELETE FROM bv_journal; DELETE FROM bv_journal_op", NULL, NULL, NULL);
                }
            }
          break;
        }
      now = model_state (f->project);
      g_assert_cmpstr (now, ==, states->pdata[at]);
      g_assert_cmpint (bv_project_get_undo_name (f->project) != NULL, ==, at > 0);
      g_assert_cmpint (bv_project_get_redo_name (f->project) != NULL, ==, at + 1 < states->len);
    }
  assert_sound (f->project);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add ("/project/changes/definitions", Fixture, NULL, fixture_set_up, test_definitions, fixture_tear_down);
  g_test_add ("/project/changes/undo-names", Fixture, NULL, fixture_set_up, test_undo_names, fixture_tear_down);
  g_test_add ("/project/changes/undo-step", Fixture, NULL, fixture_set_up, test_undo_step, fixture_tear_down);
  g_test_add ("/project/changes/coalesce", Fixture, NULL, fixture_set_up, test_coalesce, fixture_tear_down);
  g_test_add ("/project/changes/tables", Fixture, NULL, fixture_set_up, test_tables, fixture_tear_down);
  g_test_add ("/project/changes/unique", Fixture, NULL, fixture_set_up, test_unique, fixture_tear_down);
  g_test_add ("/project/changes/bounded", Fixture, NULL, fixture_set_up, test_bounded, fixture_tear_down);
  g_test_add ("/project/changes/against-model", Fixture, NULL, fixture_set_up, test_against_model, fixture_tear_down);
  return g_test_run ();
}
