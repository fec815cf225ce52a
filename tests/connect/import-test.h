/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A folder with a project and files to import, shared by the import tests. */
#pragma once

#include "bv-import-private.h"

#include <glib/gstdio.h>
#include <string.h>

typedef struct
{
  char *dir;
  BvProject *project;
} Fixture;

static inline void
fixture_set_up (Fixture *f, gconstpointer data)
{
  g_autofree char *path = NULL;
  g_autoptr (GError) error = NULL;

  f->dir = g_dir_make_tmp ("bv-import-XXXXXX", NULL);
  path = g_build_filename (f->dir, "p.belvedere", NULL);
  f->project = bv_project_create (path, &error);
  g_assert_no_error (error);
}

static inline void
fixture_tear_down (Fixture *f, gconstpointer data)
{
  g_autoptr (GDir) dir = NULL;
  const char *name;

  bv_project_unref (f->project);
  dir = g_dir_open (f->dir, 0, NULL);
  while ((name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = g_build_filename (f->dir, name, NULL);

      g_remove (path);
    }
  g_assert_cmpint (g_rmdir (f->dir), ==, 0);
  g_free (f->dir);
}

/* Writes a file into the folder. (transfer full): its path */
static inline char *
write_file (Fixture *f, const char *name, const char *content, gssize length)
{
  char *path = g_build_filename (f->dir, name, NULL);

  g_assert_true (g_file_set_contents (path, content, length, NULL));
  return path;
}

/* All rows, cells joined with "|" ("-" for null), rows with "/". */
static inline char *
dump (BvProject *project, const char *sql)
{
  sqlite3 *db = bv_project_borrow_reader (project, NULL, NULL);
  sqlite3_stmt *stmt = NULL;
  GString *s = g_string_new (NULL);

  g_assert_cmpint (sqlite3_prepare_v2 (db, sql, -1, &stmt, NULL), ==, SQLITE_OK);
  while (sqlite3_step (stmt) == SQLITE_ROW)
    {
      g_string_append (s, s->len > 0 ? "/" : "");
      for (int i = 0; i < sqlite3_column_count (stmt); i++)
        {
          const char *text = (const char *) sqlite3_column_text (stmt, i);

          g_string_append_printf (s, "%s%s", i > 0 ? "|" : "", text != NULL ? text : "-");
        }
    }
  sqlite3_finalize (stmt);
  bv_project_return_reader (project, db);
  return g_string_free (s, FALSE);
}

#define assert_dump(project, sql, expected) \
  G_STMT_START { g_autofree char *got_ = dump (project, sql); g_assert_cmpstr (got_, ==, expected); } G_STMT_END

/* "a:int,b:text" */
static inline char *
columns_of (BvImportPlan *plan)
{
  GString *s = g_string_new (NULL);

  for (guint i = 0; i < plan->columns->len; i++)
    {
      BvImportColumn *column = plan->columns->pdata[i];

      g_string_append_printf (s, "%s%s:%s", i > 0 ? "," : "", column->name, bv_type_to_name (column->type));
    }
  return g_string_free (s, FALSE);
}
