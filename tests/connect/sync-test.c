/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sync-test.h"

#include "bv-time.h"

#include <glib/gstdio.h>
#include <inttypes.h>
#include <string.h>

void
sync_test_set_up (SyncTest *t, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *url = NULL;

  t->secrets = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  g_hash_table_insert (t->secrets, g_strdup ("token"), g_strdup (FAKE_TOKEN));
  t->dir = g_dir_make_tmp ("bv-sync-XXXXXX", &error);
  g_assert_no_error (error);
  t->path = g_build_filename (t->dir, "new.belvedere", NULL);
  t->project = bv_project_create (t->path, &error);
  g_assert_no_error (error);
  t->time = (FakeClock){ .now = G_GINT64_CONSTANT (1780000000000000), .seed = 7 };
  t->clock = fake_clock (&t->time);
  t->hubspot = fake_hubspot_new (&t->time);
  t->source = bv_source_new (t->project, "hubspot", NULL);
  /* With a slash, as people paste it. */
  url = g_strconcat (fake_server_url (t->hubspot->server), "/", NULL);
  g_assert_true (bv_source_set_setting (t->source, "url", url, &error));
  g_assert_true (bv_source_put (t->project, t->source, NULL, &error));
  g_assert_no_error (error);
}

void
sync_test_tear_down (SyncTest *t, gconstpointer data)
{
  g_autoptr (GDir) dir = NULL;
  const char *name;

  bv_source_free (t->source);
  g_hash_table_unref (t->secrets);
  fake_hubspot_free (t->hubspot);
  g_clear_pointer (&t->project, bv_project_unref);
  dir = g_dir_open (t->dir, 0, NULL);
  while ((name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = g_build_filename (t->dir, name, NULL);

      g_remove (path);
    }
  g_assert_cmpint (g_rmdir (t->dir), ==, 0);
  g_free (t->dir);
  g_free (t->path);
}

void
sync_test_reopen (SyncTest *t)
{
  g_autoptr (GError) error = NULL;

  g_clear_pointer (&t->project, bv_project_unref);
  t->project = bv_project_open (t->path, BV_OPEN_DEFAULT, &error);
  g_assert_no_error (error);
}

gboolean
sync_test_sync (SyncTest *t, BvSyncFlags flags, guint max_pages, GError **error)
{
  BvHttpLimits limits = { .grace_us = 20 * G_USEC_PER_SEC };
  BvSyncOptions options = { .flags = flags, .clock = &t->clock, .limits = &limits, .max_pages = max_pages, .secrets = t->secrets };

  return bv_source_sync (t->project, t->source, &options, NULL, NULL, NULL, &t->run, error);
}

void
sync_test_sync_ok (SyncTest *t, BvSyncFlags flags)
{
  g_autoptr (GError) error = NULL;

  sync_test_sync (t, flags, 0, &error);
  g_assert_no_error (error);
}

char *
sync_test_query (SyncTest *t, const char *sql)
{
  g_autoptr (GError) error = NULL;
  sqlite3 *db = bv_project_borrow_reader (t->project, NULL, &error);
  sqlite3_stmt *stmt = NULL;
  GString *s = g_string_new (NULL);

  g_assert_no_error (error);
  if (sqlite3_prepare_v2 (db, sql, -1, &stmt, NULL) != SQLITE_OK)
    g_error ("%s: %s", sql, sqlite3_errmsg (db));
  while (sqlite3_step (stmt) == SQLITE_ROW)
    {
      const char *text = (const char *) sqlite3_column_text (stmt, 0);

      g_string_append_printf (s, "%s%s", s->len > 0 ? "|" : "", text != NULL ? text : "-");
    }
  sqlite3_finalize (stmt);
  bv_project_return_reader (t->project, db);
  return g_string_free (s, FALSE);
}

BvRunStream *
sync_test_stream (BvRun *run, const char *name)
{
  for (guint i = 0; i < run->streams->len; i++)
    if (strcmp (((BvRunStream *) run->streams->pdata[i])->stream, name) == 0)
      return run->streams->pdata[i];
  g_error ("no stream %s in the run", name);
}

/* --- Truth ------------------------------------------------------------------------------------------------------------------------ */

static FakeRecord *
survivor_of (SyncTest *t, const char *type, FakeRecord *record)
{
  while (record->merged_into != 0)
    record = fake_hubspot_find (t->hubspot, type, record->merged_into);
  return record;
}

static char *
compare_type (SyncTest *t, const char *type, const char *columns[][2])
{
  g_autoptr (GError) error = NULL;
  sqlite3 *db;
  sqlite3_stmt *stmt = NULL;
  g_autoptr (GString) sql = g_string_new ("SELECT id, _deleted_at, _merged_into");
  g_autoptr (GHashTable) met = g_hash_table_new (NULL, NULL);
  FakeType *truth = fake_hubspot_type (t->hubspot, type);
  g_autofree char *exists = g_strdup_printf ("SELECT count(*) FROM bv_table WHERE name = 'hubspot_%s'", type);
  g_autofree char *present = sync_test_query (t, exists);
  char *wrong = NULL;

  if (strcmp (present, "0") == 0)
    return truth->records->len == 0 ? NULL : g_strdup_printf ("no table of %s", type);
  db = bv_project_borrow_reader (t->project, NULL, &error);
  g_assert_no_error (error);
  for (guint c = 0; columns[c][0] != NULL; c++)
    g_string_append_printf (sql, ", \"%s\"", columns[c][1]);
  g_string_append_printf (sql, " FROM hubspot_%s ORDER BY id", type);
  if (sqlite3_prepare_v2 (db, sql->str, -1, &stmt, NULL) != SQLITE_OK)
    g_error ("%s: %s", sql->str, sqlite3_errmsg (db));
  while (wrong == NULL && sqlite3_step (stmt) == SQLITE_ROW)
    {
      gint64 id = sqlite3_column_int64 (stmt, 0);
      FakeRecord *record = fake_hubspot_find (t->hubspot, type, id);
      gboolean deleted = sqlite3_column_type (stmt, 1) != SQLITE_NULL;

      if (record == NULL)
        wrong = g_strdup_printf ("%s %" PRId64 " is not there", type, id);
      else if (!g_hash_table_add (met, record))
        wrong = g_strdup_printf ("%s %" PRId64 " is there twice", type, id);
      else if (deleted == fake_record_is_alive (record))
        wrong = g_strdup_printf ("%s %" PRId64 " is %s", type, id, deleted ? "marked as deleted" : "not marked as deleted");
      else if (record->merged_into != 0 && fake_record_is_alive (survivor_of (t, type, record)) &&
               sqlite3_column_int64 (stmt, 2) != survivor_of (t, type, record)->id && sqlite3_column_int64 (stmt, 2) != record->merged_into)
        wrong = g_strdup_printf ("%s %" PRId64 " was merged into %" PRId64 ", not %s", type, id, record->merged_into,
                                 (const char *) sqlite3_column_text (stmt, 2));
      for (guint c = 0; wrong == NULL && !deleted && columns[c][0] != NULL; c++)
        {
          const char *want = fake_hubspot_get (t->hubspot, type, record, columns[c][0]);
          const char *have = (const char *) sqlite3_column_text (stmt, (int) c + 3);

          if (g_strcmp0 (want, have) != 0)
            wrong = g_strdup_printf ("%s %" PRId64 ", %s: “%s” should be “%s”", type, id, columns[c][1], have, want);
        }
    }
  sqlite3_finalize (stmt);
  bv_project_return_reader (t->project, db);
  for (guint i = 0; wrong == NULL && i < truth->records->len; i++)
    {
      FakeRecord *record = truth->records->pdata[i];

      if (fake_record_is_alive (record) && !g_hash_table_contains (met, record))
        wrong = g_strdup_printf ("%s %" PRId64 " is missing", type, record->id);
    }
  return wrong;
}

static int
compare_texts (gconstpointer a, gconstpointer b)
{
  return strcmp (*(const char *const *) a, *(const char *const *) b);
}

static char *
compare_links (SyncTest *t, const char *from, const char *to, const char *table, const char *from_column, const char *to_column)
{
  FakeType *truth = fake_hubspot_type (t->hubspot, from);
  g_autoptr (GPtrArray) want = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GString) joined = g_string_new (NULL);
  g_autofree char *exists = g_strdup_printf ("SELECT count(*) FROM bv_table WHERE name = '%s'", table);
  g_autofree char *present = sync_test_query (t, exists);
  g_autofree char *sql = g_strdup_printf ("SELECT %s || '>' || %s || ':' || type FROM %s ORDER BY 1", from_column, to_column, table);
  g_autofree char *have = strcmp (present, "0") == 0 ? g_strdup ("") : sync_test_query (t, sql);

  for (guint i = 0; i < truth->records->len; i++)
    {
      FakeRecord *record = truth->records->pdata[i];
      g_autofree char *key = g_strdup_printf ("%s/%" PRId64 "/%s", from, record->id, to);
      GHashTable *set = g_hash_table_lookup (t->hubspot->links, key);
      GHashTableIter iter;
      gpointer pair;

      if (set == NULL || !fake_record_is_alive (record))
        continue;
      g_hash_table_iter_init (&iter, set);
      while (g_hash_table_iter_next (&iter, &pair, NULL))
        {
          gint64 other = g_ascii_strtoll (pair, NULL, 10);
          FakeRecord *target = fake_hubspot_find (t->hubspot, to, other);

          if (target != NULL && fake_record_is_alive (target))
            g_ptr_array_add (want, g_strdup_printf ("%" PRId64 ">%" PRId64 ":%s", record->id, other, strchr (pair, '\x1f') + 1));
        }
    }
  g_ptr_array_sort (want, compare_texts);
  for (guint i = 0; i < want->len; i++)
    g_string_append_printf (joined, "%s%s", i > 0 ? "|" : "", (char *) want->pdata[i]);
  if (strcmp (joined->str, have) == 0)
    return NULL;
  return g_strdup_printf ("%s: “%s” should be “%s”", table, have, joined->str);
}

/* "entered>left:stage" of each stay that should be there. */
static void
add_stays (GPtrArray *want, const FakeRecord *record)
{
  const FakeChange *since = NULL;

  for (guint i = 0; record->history != NULL && i <= record->history->len; i++)
    {
      const FakeChange *change = i < record->history->len ? &g_array_index (record->history, FakeChange, i) : NULL;
      char from[BV_TIME_TEXT_MAX], to[BV_TIME_TEXT_MAX];

      /* Of one instant (to the millisecond), the last one counts. */
      if (change != NULL && i + 1 < record->history->len && change[1].at / 1000 == change->at / 1000)
        continue;
      if (change != NULL && since != NULL && strcmp (since->value, change->value) == 0)
        continue;
      if (since != NULL)
        g_ptr_array_add (want, g_strdup_printf ("%" PRId64 ":%s>%s:%s", record->id, bv_timestamp_to_text (since->at - since->at % 1000, from),
                                                change != NULL ? bv_timestamp_to_text (change->at - change->at % 1000, to) : "", since->value));
      since = change;
    }
}

static char *
compare_stays (SyncTest *t)
{
  GPtrArray *records = fake_hubspot_type (t->hubspot, "deals")->records;
  g_autofree char *present = sync_test_query (t, "SELECT count(*) FROM bv_table WHERE name = 'hubspot_deal_stage_changes'");
  g_autoptr (GPtrArray) want = g_ptr_array_new_with_free_func (g_free);
  g_autofree char *have = NULL;
  g_autofree char *joined = NULL;

  if (strcmp (present, "0") == 0)
    return NULL;
  have = sync_test_query (t, "SELECT deal_id || ':' || entered_at || '>' || ifnull (left_at, '') || ':' || stage FROM hubspot_deal_stage_changes "
                             "WHERE _deleted_at IS NULL ORDER BY 1");
  for (guint i = 0; i < records->len; i++)
    if (fake_record_is_alive (records->pdata[i]))
      add_stays (want, records->pdata[i]);
  g_ptr_array_sort (want, compare_texts);
  g_ptr_array_add (want, NULL);
  joined = g_strjoinv ("|", (char **) want->pdata);
  return strcmp (joined, have) == 0 ? NULL : g_strdup_printf ("stays: “%s” should be “%s”", have, joined);
}

char *
sync_test_compare (SyncTest *t)
{
  static const char *contacts[][2] = { { "email", "email" }, { "firstname", "firstname" }, { "lifecyclestage", "lifecyclestage" }, { NULL, NULL } };
  static const char *companies[][2] = { { "name", "name" }, { NULL, NULL } };
  static const char *deals[][2] = { { "dealname", "dealname" }, { "dealstage", "dealstage" }, { NULL, NULL } };
  char *wrong = compare_type (t, "contacts", contacts);

  if (wrong == NULL)
    wrong = compare_type (t, "companies", companies);
  if (wrong == NULL)
    wrong = compare_type (t, "deals", deals);
  if (wrong == NULL)
    wrong = compare_links (t, "deals", "contacts", "hubspot_deal_contacts", "deal_id", "contact_id");
  if (wrong == NULL)
    wrong = compare_links (t, "contacts", "companies", "hubspot_contact_companies", "contact_id", "company_id");
  if (wrong == NULL)
    wrong = compare_stays (t);
  return wrong;
}
