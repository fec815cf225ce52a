/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Secrets in libsecret's file, by the environment, and nowhere else. */
#include "bv-source.h"

#include <glib/gstdio.h>
#include <string.h>

static char *dir;

static gboolean
holds (const char *path, const char *text)
{
  g_autofree char *contents = NULL;
  gsize length;

  if (!g_file_get_contents (path, &contents, &length, NULL))
    return FALSE;
  return memmem (contents, length, text, strlen (text)) != NULL;
}

static void
test_secret (void)
{
  g_autofree char *path = g_build_filename (dir, "a.belvedere", NULL);
  g_autofree char *keyring = g_build_filename (dir, "keyring", NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (BvProject) project = bv_project_create (path, &error);
  g_autoptr (BvSource) source = NULL;
  g_autofree char *value = NULL;
  gboolean environment;

  g_assert_no_error (error);
  source = bv_source_new (project, "hubspot", "My CRM");
  g_assert_false (bv_source_set_secret (source, "token", "pat-1-secret", &error)); /* not in the project yet */
  g_clear_error (&error);
  g_assert_false (bv_source_set_setting (source, "token", "pat-1-secret", &error));
  g_assert_error (error, BV_ERROR, BV_ERROR_INVALID);
  g_assert_null (strstr (error->message, "pat-1-secret"));
  g_clear_error (&error);
  g_assert_true (bv_source_put (project, source, NULL, &error));
  g_assert_false (bv_source_has_secret (source, "token", &environment, &error));
  g_assert_no_error (error);
  g_assert_true (bv_source_set_secret (source, "token", "pat-1-secret", &error));
  g_assert_no_error (error);
  g_assert_true (bv_source_get_secret (source, "token", &value, &error));
  g_assert_cmpstr (value, ==, "pat-1-secret");
  g_assert_true (bv_source_has_secret (source, "token", &environment, &error));
  g_assert_false (environment);

  g_setenv ("BELVEDERE_SECRET_MY_CRM_TOKEN", "from-outside", TRUE);
  g_clear_pointer (&value, g_free);
  g_assert_true (bv_source_get_secret (source, "token", &value, &error));
  g_assert_cmpstr (value, ==, "from-outside");
  g_assert_true (bv_source_has_secret (source, "token", &environment, &error));
  g_assert_true (environment);
  g_unsetenv ("BELVEDERE_SECRET_MY_CRM_TOKEN");

  g_assert_true (bv_project_checkpoint (project, NULL));
  g_assert_false (holds (path, "pat-1-secret"));
  g_assert_true (g_file_test (keyring, G_FILE_TEST_EXISTS));
  g_assert_false (holds (keyring, "pat-1-secret"));

  g_assert_true (bv_source_forget_secrets (source, &error));
  g_assert_no_error (error);
  g_assert_false (bv_source_has_secret (source, "token", NULL, &error));
  g_assert_no_error (error);
}

static void
keep_result (GObject *object, GAsyncResult *result, gpointer data)
{
  *(GAsyncResult **) data = g_object_ref (result);
}

static GAsyncResult *
wait_for (GAsyncResult **result)
{
  while (*result == NULL)
    g_main_context_iteration (NULL, TRUE);
  return *result;
}

/* As the dialogs do it: the caller goes on, and what it changes meanwhile does not reach the thread. */
static void
test_threads (void)
{
  g_autofree char *path = g_build_filename (dir, "c.belvedere", NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (BvProject) project = bv_project_create (path, &error);
  g_autoptr (BvSource) source = bv_source_new (project, "hubspot", "Other CRM");
  g_autoptr (GHashTable) secrets = bv_source_secrets_new ();
  g_autoptr (GAsyncResult) early = NULL;
  g_autoptr (GAsyncResult) stored = NULL;
  g_autoptr (GAsyncResult) found = NULL;
  g_autoptr (GHashTable) kept = NULL;
  g_autofree char *value = NULL;

  g_assert_no_error (error);
  g_hash_table_insert (secrets, g_strdup ("token"), g_strdup ("pat-2-secret"));
  bv_source_store_secrets_async (source, secrets, keep_result, &early);
  g_assert_false (bv_source_store_secrets_finish (wait_for (&early), &error)); /* not in the project yet */
  g_assert_error (error, BV_ERROR, BV_ERROR_INVALID);
  g_clear_error (&error);
  g_assert_true (bv_source_put (project, source, NULL, &error));
  bv_source_find_secrets_async (source, NULL, keep_result, &found);
  kept = bv_source_find_secrets_finish (wait_for (&found), &error);
  g_assert_no_error (error);
  g_assert_cmpuint (g_hash_table_size (kept), ==, 0);
  bv_source_store_secrets_async (source, secrets, keep_result, &stored);
  g_hash_table_insert (secrets, g_strdup ("token"), g_strdup ("changed behind"));
  g_assert_true (bv_source_store_secrets_finish (wait_for (&stored), &error));
  g_assert_true (bv_source_get_secret (source, "token", &value, &error));
  g_assert_cmpstr (value, ==, "pat-2-secret");
  g_clear_object (&found);
  g_clear_pointer (&kept, g_hash_table_unref);
  bv_source_find_secrets_async (source, NULL, keep_result, &found);
  kept = bv_source_find_secrets_finish (wait_for (&found), &error);
  g_assert_no_error (error);
  g_assert_true (g_hash_table_contains (kept, "token"));
  g_assert_false (bv_source_is_secret_given (source, "token"));
  g_assert_true (bv_source_forget_secrets (source, &error));
}

static void
test_sources (void)
{
  g_autofree char *path = g_build_filename (dir, "b.belvedere", NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (BvProject) project = bv_project_create (path, &error);
  g_autoptr (BvSource) a = bv_source_new (project, "hubspot", NULL);
  g_autoptr (BvSource) b = NULL;
  g_autoptr (BvSource) found = NULL;
  g_autoptr (GPtrArray) list = NULL;
  const char *const fields[] = { "email", NULL };

  g_assert_cmpstr (a->name, ==, "HubSpot");
  g_assert_cmpstr (a->prefix, ==, "hubspot");
  bv_source_choose (a, "contacts", fields);
  bv_source_choose (a, "deals", NULL);
  a->schedule = (BvSchedule){ BV_SCHEDULE_DAILY, 6, 390, (1 << 1) | (1 << 5) };
  a->add_fields = FALSE;
  g_assert_true (bv_source_put (project, a, NULL, &error));
  b = bv_source_new (project, "hubspot", NULL);
  g_assert_cmpstr (b->name, ==, "HubSpot 2");
  g_assert_cmpstr (b->prefix, ==, "hubspot_2");
  g_assert_true (bv_source_put (project, b, NULL, &error));
  g_free (b->name);
  b->name = g_strdup ("HubSpot");
  g_assert_false (bv_source_put (project, b, NULL, &error));
  g_assert_error (error, BV_ERROR, BV_ERROR_EXISTS);
  g_clear_error (&error);
  g_assert_false (bv_source_set_setting (b, "rate", "7", &error));
  g_clear_error (&error);
  g_assert_false (bv_source_set_setting (b, "colour", "red", &error));
  g_clear_error (&error);

  /* A definition without a prefix gets one that tables may have. */
  {
    g_autoptr (JsonNode) node = json_from_string ("{\"name\":\"Shop\",\"kind\":\"sqlite\",\"settings\":{\"file\":\"/x.db\"}}", NULL);
    g_autoptr (BvSource) shop = bv_source_from_json (json_node_get_object (node), NULL, &error);

    g_assert_no_error (error);
    g_assert_true (bv_source_put (project, shop, NULL, &error));
    g_assert_no_error (error);
    g_assert_cmpstr (shop->prefix, ==, "db_sqlite");
    g_assert_true (bv_source_remove (project, shop->uuid, TRUE, &error));
  }

  found = bv_source_find (project, "HubSpot", &error);
  g_assert_no_error (error);
  g_assert_cmpuint (found->streams->len, ==, 2);
  g_assert_cmpstr (bv_source_find_choice (found, "contacts")->fields[0], ==, "email");
  g_assert_null (bv_source_find_choice (found, "deals")->fields);
  g_assert_cmpint (found->schedule.kind, ==, BV_SCHEDULE_DAILY);
  g_assert_cmpuint (found->schedule.minute, ==, 390);
  g_assert_cmpuint (found->schedule.weekdays, ==, (1 << 1) | (1 << 5));
  g_assert_false (found->add_fields);
  g_assert_true (bv_source_remove (project, a->uuid, TRUE, &error));
  list = bv_source_list (project, NULL);
  g_assert_cmpuint (list->len, ==, 1);
  g_assert_true (bv_project_undo (project, NULL));
  g_assert_null (bv_source_find (project, "nobody", &error));
  g_assert_error (error, BV_ERROR, BV_ERROR_NOT_FOUND);
}

static void
test_schedule (void)
{
  BvSource source = { .schedule = { BV_SCHEDULE_HOURLY, 6, 0, 0 } };
  const gint64 monday = G_GINT64_CONSTANT (1780272000) * G_USEC_PER_SEC; /* 2026-06-01 00:00 UTC */
  const gint64 hour = 3600 * (gint64) G_USEC_PER_SEC;

  g_assert_cmpint (bv_source_next_due (&source, 0, monday), ==, monday);
  g_assert_cmpint (bv_source_next_due (&source, monday, monday + hour), ==, monday + 6 * hour);
  /* The timer fires within some minutes of the hour; a run that began late must not make the next one be left out. */
  g_assert_cmpint (bv_source_next_due (&source, monday + hour / 40, monday + hour), ==, monday + 6 * hour);
  g_assert_cmpint (bv_source_next_due (&source, monday + 7 * hour, monday + 7 * hour), ==, monday + 12 * hour);
  g_assert_cmpint (bv_source_next_due (&source, monday + 11 * hour, monday + 11 * hour), ==, monday + 18 * hour);
  source.schedule.every = 24;
  g_assert_cmpint (bv_source_next_due (&source, monday + 23 * hour, monday + 23 * hour), ==, monday + 48 * hour);
  source.schedule.every = 5;
  g_assert_cmpint (bv_source_next_due (&source, monday + 20 * hour, monday + 20 * hour), ==, monday + 24 * hour);
  source.schedule.every = 1;
  g_assert_cmpint (bv_source_next_due (&source, monday + hour + hour / 60, monday + hour * 2), ==, monday + 2 * hour);
  /* The clock was years ahead once. */
  g_assert_cmpint (bv_source_next_due (&source, monday + 20000 * hour, monday), ==, monday + hour);
  source.schedule = (BvSchedule){ BV_SCHEDULE_DAILY, 0, 390, 0 };
  g_assert_cmpint (bv_source_next_due (&source, monday, monday), ==, monday + 6 * hour + hour / 2);
  g_assert_cmpint (bv_source_next_due (&source, monday + 7 * hour, monday), ==, monday + 30 * hour + hour / 2);
  source.schedule.weekdays = 1 << 3; /* Wednesday */
  g_assert_cmpint (bv_source_next_due (&source, monday, monday), ==, monday + 54 * hour + hour / 2);
  source.schedule.kind = BV_SCHEDULE_OFF;
  g_assert_cmpint (bv_source_next_due (&source, monday, monday), ==, 0);
}

int
main (int argc, char **argv)
{
  g_autofree char *keyring = NULL;
  g_autoptr (GDir) left = NULL;
  const char *name;
  int status;

  dir = g_dir_make_tmp ("bv-secret-XXXXXX", NULL);
  keyring = g_build_filename (dir, "keyring", NULL);
  g_setenv ("SECRET_BACKEND", "file", TRUE);
  g_setenv ("SECRET_FILE_TEST_PATH", keyring, TRUE);
  g_setenv ("SECRET_FILE_TEST_PASSWORD", "test", TRUE);
  g_setenv ("TZ", "UTC", TRUE);
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/connect/source/secret", test_secret);
  g_test_add_func ("/connect/source/secret-threads", test_threads);
  g_test_add_func ("/connect/source/put", test_sources);
  g_test_add_func ("/connect/source/schedule", test_schedule);
  status = g_test_run ();
  left = g_dir_open (dir, 0, NULL);
  while ((name = g_dir_read_name (left)) != NULL)
    {
      g_autofree char *path = g_build_filename (dir, name, NULL);

      g_remove (path);
    }
  g_rmdir (dir);
  g_free (dir);
  return status;
}
