/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A project with one source, syncs of it, and its tables as text: what the tests of the kinds share. */
#pragma once

#include "bv-source-private.h"
#include "fake-server.h"

#include <glib/gstdio.h>
#include <string.h>

typedef struct
{
  char *dir;
  BvProject *project;
  BvSource *source;
  GHashTable *secrets;
  FakeClock fake;
  BvClock clock;
  BvSyncFlags flags; /* of the next syncs */
  guint max_pages;   /* of the next sync */
} VendorTest;

/* 2026-06-01 12:00:00 */
#define VENDOR_NOW (G_GINT64_CONSTANT (1780315200) * G_USEC_PER_SEC)

static inline void
vendor_test_init (VendorTest *self, const char *kind, const char *prefix)
{
  g_autofree char *path = NULL;
  g_autoptr (GError) error = NULL;

  *self = (VendorTest){ 0 };
  /* Hundreds of small commits: in memory, where there is such a place. */
  self->dir = g_strdup ("/dev/shm/bv-vendor-XXXXXX");
  if (g_mkdtemp (self->dir) == NULL)
    {
      g_free (self->dir);
      self->dir = g_dir_make_tmp ("bv-vendor-XXXXXX", NULL);
    }
  path = g_build_filename (self->dir, "p.belvedere", NULL);
  self->project = bv_project_create (path, &error);
  g_assert_no_error (error);
  self->source = bv_source_new (self->project, kind, NULL);
  g_free (self->source->prefix);
  self->source->prefix = g_strdup (prefix);
  self->source->add_fields = TRUE;
  self->secrets = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  self->fake = (FakeClock){ VENDOR_NOW, 0, 0, 1 };
  self->clock = fake_clock (&self->fake);
}

static inline void
vendor_test_remove (const char *path)
{
  g_autoptr (GDir) dir = g_file_test (path, G_FILE_TEST_IS_DIR) ? g_dir_open (path, 0, NULL) : NULL;
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *inner = g_build_filename (path, name, NULL);

      vendor_test_remove (inner);
    }
  g_assert_cmpint (g_remove (path), ==, 0);
}

static inline void
vendor_test_clear (VendorTest *self)
{
  bv_source_free (self->source);
  g_hash_table_unref (self->secrets);
  bv_project_unref (self->project);
  vendor_test_remove (self->dir);
  g_free (self->dir);
}

static inline void
vendor_test_set (VendorTest *self, const char *name, const char *value)
{
  g_autoptr (GError) error = NULL;
  const BvSetting *setting = bv_source_kind_find_setting (bv_source_kind_find (self->source->kind), name);

  g_assert_nonnull (setting);
  if (setting->type == BV_SETTING_SECRET)
    g_hash_table_insert (self->secrets, g_strdup (name), g_strdup (value));
  else
    bv_source_set_setting (self->source, name, value, &error);
  g_assert_no_error (error);
}

static inline void
vendor_test_put (VendorTest *self)
{
  g_autoptr (GError) error = NULL;

  bv_source_put (self->project, self->source, "test", &error);
  g_assert_no_error (error);
}

static inline gboolean
vendor_test_try (VendorTest *self, BvRun **run, GError **error)
{
  BvSyncOptions options = { self->flags, NULL, self->secrets, &self->clock, NULL, self->max_pages };
  gint64 id = 0;
  gboolean ok = bv_source_sync (self->project, self->source, &options, NULL, NULL, NULL, &id, error);

  if (run != NULL)
    *run = id != 0 ? bv_source_get_run (self->project, id, NULL) : NULL;
  return ok;
}

/* All notes of the streams of a run, one a line. (transfer full) */
static inline char *
vendor_test_notes (const BvRun *run)
{
  GString *text = g_string_new (NULL);

  for (guint i = 0; run != NULL && i < run->streams->len; i++)
    {
      const BvRunStream *stream = run->streams->pdata[i];

      if (stream->error != NULL)
        g_string_append_printf (text, "%s: %s\n", stream->stream, stream->error);
    }
  return g_string_free (text, FALSE);
}

/* A sync that must succeed. (transfer full) */
static inline BvRun *
vendor_test_sync (VendorTest *self)
{
  g_autoptr (GError) error = NULL;
  BvRun *run = NULL;

  if (!vendor_test_try (self, &run, &error))
    {
      g_autofree char *notes = vendor_test_notes (run);

      g_error ("sync failed: %s\n%s", error != NULL ? error->message : "?", notes);
    }
  return run;
}

/* All rows, cells joined with "|" ("-" for null), each row on a line. (transfer full) */
static inline char *
vendor_test_dump (VendorTest *self, const char *sql)
{
  sqlite3 *db = bv_project_borrow_reader (self->project, NULL, NULL);
  sqlite3_stmt *stmt = NULL;
  GString *s = g_string_new (NULL);

  if (sqlite3_prepare_v2 (db, sql, -1, &stmt, NULL) != SQLITE_OK)
    g_error ("%s: %s", sql, sqlite3_errmsg (db));
  while (sqlite3_step (stmt) == SQLITE_ROW)
    {
      for (int i = 0; i < sqlite3_column_count (stmt); i++)
        {
          const char *text = (const char *) sqlite3_column_text (stmt, i);

          g_string_append_printf (s, "%s%s", i > 0 ? "|" : "", text != NULL ? text : "-");
        }
      g_string_append_c (s, '\n');
    }
  sqlite3_finalize (stmt);
  bv_project_return_reader (self->project, db);
  return g_string_free (s, FALSE);
}

#define vendor_assert(test, sql, expected) \
  G_STMT_START { g_autofree char *got_ = vendor_test_dump (test, sql); g_assert_cmpstr (got_, ==, expected); } G_STMT_END
