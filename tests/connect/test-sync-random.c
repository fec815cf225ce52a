/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Random rounds of changes, faults, kills, cancels and undos against the fake HubSpot; after them the tables are those of the fake. */
#include "sync-test.h"

#include <inttypes.h>
#include <string.h>

#define MINUTES(n) ((n) * G_GINT64_CONSTANT (60000000))

static const char *const types[] = { "companies", "contacts", "deals" };
static const char *const names[] = { "name", "email", "dealname" };

static FakeRecord *
pick (SyncTest *t, GRand *random, const char *type)
{
  GPtrArray *records = fake_hubspot_type (t->hubspot, type)->records;
  FakeRecord *record = records->len > 0 ? records->pdata[g_rand_int_range (random, 0, (int) records->len)] : NULL;

  return record != NULL && fake_record_is_alive (record) ? record : NULL;
}

static void
change_something (SyncTest *t, GRand *random)
{
  int which = g_rand_int_range (random, 0, 3);
  const char *type = types[which];
  FakeRecord *record = pick (t, random, type);
  g_autofree char *value = g_strdup_printf ("value %d", g_rand_int_range (random, 0, 1000));

  switch (record != NULL ? g_rand_int_range (random, 0, 16) : 0)
    {
    case 0:
    case 1:
    case 2:
    case 3:
      record = fake_hubspot_add (t->hubspot, type);
      fake_hubspot_set (t->hubspot, type, record, names[which], value);
      break;
    case 4:
      if (which == 2)
        {
          fake_hubspot_set (t->hubspot, type, record, "dealstage", g_rand_boolean (random) ? "open" : "closedwon");
          break;
        }
      G_GNUC_FALLTHROUGH;
    case 5:
    case 6:
    case 7:
    case 8:
      fake_hubspot_set (t->hubspot, type, record, names[which], value);
      break;
    case 9:
    case 10:
    case 11:
      {
        FakeRecord *deal = pick (t, random, "deals"), *contact = pick (t, random, "contacts");

        if (deal != NULL && contact != NULL)
          fake_hubspot_link (t->hubspot, "deals", deal->id, "contacts", contact->id, g_rand_boolean (random) ? "Primary" : NULL);
        break;
      }
    case 12:
      fake_hubspot_archive (t->hubspot, type, record);
      break;
    case 13:
      record->purged = TRUE;
      break;
    case 14:
      {
        FakeRecord *other = pick (t, random, type);

        if (other != NULL && other != record)
          fake_hubspot_merge (t->hubspot, type, record, other);
        break;
      }
    default:
      {
        FakeRecord *archived = NULL;
        GPtrArray *records = fake_hubspot_type (t->hubspot, type)->records;

        for (guint i = 0; i < records->len && archived == NULL; i++)
          if (((FakeRecord *) records->pdata[i])->archived_at != 0 && ((FakeRecord *) records->pdata[i])->merged_into == 0 &&
              !((FakeRecord *) records->pdata[i])->purged)
            archived = records->pdata[i];
        if (archived != NULL)
          fake_hubspot_restore (t->hubspot, type, archived);
        break;
      }
    }
}

static void
add_fault (SyncTest *t, GRand *random)
{
  static const FakeFault faults[] = {
    { "/search", 0, 1, FAKE_STATUS, 429, "3" },
    { NULL, 3, 2, FAKE_STATUS, 429 },
    { NULL, 5, 1, FAKE_STATUS, 401 },
    { NULL, 4, 3, FAKE_STATUS, 502 },
    { NULL, 4, 30, FAKE_STATUS, 503 },
    { NULL, 6, 1, FAKE_DROP },
    { "/objects/", 2, 1, FAKE_LATE },
    { "/objects/", 1, 1, FAKE_CUT },
    { "/objects/", 2, 1, FAKE_TRUNCATED },
    { "/objects/", 2, 9, FAKE_TRUNCATED },
    { NULL, 1, 4, FAKE_GZIP },
    { "/associations/", 0, 1, FAKE_LONG },
    { "/contacts", 2, 9, FAKE_STATUS, 403 },
    { "/associations/", 0, 9, FAKE_STATUS, 400 },
  };
  FakeFault fault = faults[g_rand_int_range (random, 0, G_N_ELEMENTS (faults))];

  fault.skip += (guint) g_rand_int_range (random, 0, 12);
  fake_server_add_fault (t->hubspot->server, &fault);
}

typedef struct
{
  SyncTest *t;
  GRand *random;
} Meddler;

/* Changes while pages are being read. */
static void
meddle (FakeHubspot *hubspot, const FakeRequest *request, gpointer data)
{
  Meddler *meddler = data;

  if (g_rand_int_range (meddler->random, 0, 6) == 0)
    change_something (meddler->t, meddler->random);
}

static void
test_random (SyncTest *t, gconstpointer data)
{
  const char *given = g_getenv ("BV_SEED");
  guint32 seed = given != NULL ? (guint32) g_ascii_strtoull (given, NULL, 10) : g_random_int ();
  g_autoptr (GRand) random = g_rand_new_with_seed (seed);
  const char *longer = g_getenv ("BV_LONG");
  int n_rounds = longer != NULL ? MAX (atoi (longer), 200) : 12;
  static const char *const streams[] = { "companies", "contacts", "deals", "tickets", "owners", "pipelines/deals", "pipelines/tickets", "history/deals" };
  Meddler meddler = { t, random };

  g_test_message ("BV_SEED=%u", seed);
  t->time.seed = seed;
  for (guint i = 0; i < G_N_ELEMENTS (streams); i++)
    bv_source_choose (t->source, streams[i], NULL);
  for (int i = 0; i < 150; i++)
    change_something (t, random);
  for (int round = 0; round < n_rounds; round++)
    {
      g_autoptr (GError) error = NULL;
      guint max_pages = g_rand_int_range (random, 0, 3) == 0 ? (guint) g_rand_int_range (random, 1, 40) : 0;
      BvSyncFlags flags = (g_rand_int_range (random, 0, 5) == 0 ? BV_SYNC_SWEEP : 0) | (g_rand_int_range (random, 0, 5) == 0 ? BV_SYNC_LINKS : 0) |
                          (g_rand_int_range (random, 0, 12) == 0 ? BV_SYNC_RELOAD : 0);

      for (int i = g_rand_int_range (random, 0, 25); i > 0; i--)
        change_something (t, random);
      t->time.now += MINUTES (g_rand_int_range (random, 1, 600));
      t->hubspot->lag_us = g_rand_boolean (random) ? MINUTES (g_rand_int_range (random, 0, 8)) : 0;
      if (g_rand_int_range (random, 0, 2) == 0)
        add_fault (t, random);
      t->hubspot->on_request = g_rand_boolean (random) ? meddle : NULL;
      t->hubspot->on_request_data = &meddler;
      sync_test_sync (t, flags, max_pages, &error);
      t->hubspot->on_request = NULL;
      fake_server_clear_faults (t->hubspot->server);
      if (max_pages != 0)
        sync_test_reopen (t);
      if (g_rand_int_range (random, 0, 6) == 0 && bv_project_get_undo_name (t->project) != NULL &&
          strcmp (bv_project_get_undo_name (t->project), "Sync HubSpot") == 0)
        {
          g_assert_true (bv_project_undo (t->project, NULL));
          if (g_rand_boolean (random))
            g_assert_true (bv_project_redo (t->project, NULL));
        }
    }
  /* When all is quiet, one sync that looks everywhere brings the truth. */
  t->hubspot->lag_us = 0;
  t->time.now += MINUTES (30);
  sync_test_sync_ok (t, BV_SYNC_SWEEP | BV_SYNC_LINKS);
  assert_true_to_fake (t);
  {
    g_autoptr (GPtrArray) problems = bv_project_check (t->project, NULL, NULL);

    for (guint i = 0; i < problems->len; i++)
      g_test_message ("%s", (char *) problems->pdata[i]);
    g_assert_cmpuint (problems->len, ==, 0);
  }
  /* And an update alone keeps it. */
  t->time.now += MINUTES (30);
  for (int i = 0; i < 3; i++)
    fake_hubspot_set (t->hubspot, "contacts", fake_hubspot_add (t->hubspot, "contacts"), "email", "new@example.org");
  t->time.now += MINUTES (1);
  sync_test_sync_ok (t, 0);
  assert_true_to_fake (t);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add ("/connect/sync/random", SyncTest, NULL, sync_test_set_up, test_random, sync_test_tear_down);
  return g_test_run ();
}
