/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "project-test.h"

#include <glib/gstdio.h>

void
fixture_set_up (Fixture *f, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  f->dir = g_dir_make_tmp ("bv-project-XXXXXX", &error);
  g_assert_no_error (error);
  f->path = g_build_filename (f->dir, "new.belvedere", NULL);
  f->project = bv_project_create (f->path, &error);
  g_assert_no_error (error);
  g_assert_false (bv_project_is_read_only (f->project));
}

void
fixture_tear_down (Fixture *f, gconstpointer data)
{
  g_autoptr (GDir) dir = NULL;
  const char *name;

  g_clear_pointer (&f->project, bv_project_unref);
  dir = g_dir_open (f->dir, 0, NULL);
  while ((name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = g_build_filename (f->dir, name, NULL);

      g_remove (path);
    }
  g_assert_cmpint (g_rmdir (f->dir), ==, 0);
  g_free (f->dir);
  g_free (f->path);
}

void
fixture_reopen (Fixture *f)
{
  g_autoptr (GError) error = NULL;

  g_clear_pointer (&f->project, bv_project_unref);
  f->project = bv_project_open (f->path, BV_OPEN_DEFAULT, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (bv_project_get_read_only_reason (f->project), ==, NULL);
}

char *
fixture_file (Fixture *f, const char *name)
{
  return g_build_filename (f->dir, name, NULL);
}

char *
query (BvProject *project, const char *sql)
{
  g_autoptr (GError) error = NULL;
  sqlite3 *db = bv_project_borrow_reader (project, NULL, &error);
  g_autoptr (BvStmt) stmt = NULL;
  GString *s = g_string_new (NULL);

  g_assert_no_error (error);
  g_assert_cmpint (sqlite3_prepare_v2 (db, sql, -1, &stmt, NULL), ==, SQLITE_OK);
  while (sqlite3_step (stmt) == SQLITE_ROW)
    {
      const char *text = (const char *) sqlite3_column_text (stmt, 0);

      g_string_append_printf (s, "%s%s", s->len > 0 ? "|" : "", text != NULL ? text : "-");
    }
  g_clear_pointer (&stmt, sqlite3_finalize);
  bv_project_return_reader (project, db);
  return g_string_free (s, FALSE);
}

void
put (BvProject *project, const char *uuid, const char *name, const char *body)
{
  g_autoptr (GError) error = NULL;
  BvChange *change = bv_change_new ("Put");

  bv_change_put (change, uuid, "report", name, body, -1);
  bv_project_commit (project, change, &error);
  g_assert_no_error (error);
}

static int
compare_names (gconstpointer a, gconstpointer b)
{
  return g_strcmp0 (*(const char *const *) a, *(const char *const *) b);
}

char *
list_dir (const char *path)
{
  g_autoptr (GDir) dir = g_dir_open (path, 0, NULL);
  g_autoptr (GPtrArray) names = g_ptr_array_new_with_free_func (g_free);
  const char *name;

  while ((name = g_dir_read_name (dir)) != NULL)
    g_ptr_array_add (names, g_strdup (name));
  g_ptr_array_sort (names, compare_names);
  g_ptr_array_add (names, NULL);
  return g_strjoinv (" ", (char **) names->pdata);
}

void
assert_sound (BvProject *project)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) problems = bv_project_check (project, NULL, &error);

  g_assert_no_error (error);
  for (guint i = 0; i < problems->len; i++)
    g_test_message ("%s", (char *) problems->pdata[i]);
  g_assert_cmpuint (problems->len, ==, 0);
}

void
fill (BvProject *project, const char *name, int from, int to, const char *const *key)
{
  BvTableColumn columns[] = { { (char *) "n", BV_TYPE_INT }, { (char *) "t", BV_TYPE_TEXT } };
  g_autoptr (GError) error = NULL;
  BvTableWriter *writer = bv_table_writer_new (project, &error);
  g_autofree char *step = g_strdup_printf ("Import %s", name);

  g_assert_no_error (error);
  bv_table_writer_begin_table (writer, name, "Files", "/tmp/x.csv", columns, 2, key, &error);
  g_assert_no_error (error);
  for (int i = from; i < to; i++)
    {
      g_autofree char *text = g_strdup_printf ("t%d", i);
      BvValue row[2] = { { BV_TYPE_INT, { .i = i } }, { BV_TYPE_TEXT, { .s = text } } };

      g_assert_true (bv_table_writer_append (writer, row, &error));
    }
  bv_table_writer_end_table (writer, NULL, NULL, &error);
  g_assert_no_error (error);
  bv_table_writer_commit (writer, step, NULL, &error);
  g_assert_no_error (error);
}
