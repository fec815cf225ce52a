/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How long HubSpot's deals were in each stage: stays by their changes, brought up to date, and gone with their deals. */
#include "sync-test.h"

#include <inttypes.h>
#include <string.h>

#define HOURS(n) ((n) * G_GINT64_CONSTANT (3600000000))

static void
set_stage (SyncTest *t, FakeRecord *deal, const char *stage, gint64 later)
{
  t->time.now += later;
  fake_hubspot_set (t->hubspot, "deals", deal, "dealstage", stage);
}

static void
choose (SyncTest *t)
{
  bv_source_choose (t->source, "deals", NULL);
  bv_source_choose (t->source, "history/deals", NULL);
}

static void
test_stays (SyncTest *t, gconstpointer data)
{
  FakeRecord *deal, *other, *third;

  choose (t);
  deal = fake_hubspot_add (t->hubspot, "deals");
  set_stage (t, deal, "open", 0);
  set_stage (t, deal, "qualified", HOURS (10));
  set_stage (t, deal, "qualified", HOURS (1)); /* again: the same stay */
  set_stage (t, deal, "open", HOURS (5));
  other = fake_hubspot_add (t->hubspot, "deals");
  set_stage (t, other, "open", 0);
  set_stage (t, other, "closedwon", 0);        /* in the same instant */
  third = fake_hubspot_add (t->hubspot, "deals");
  set_stage (t, third, "open", HOURS (1));
  fake_hubspot_add (t->hubspot, "deals");      /* was never in a stage */
  t->time.now += HOURS (1);
  sync_test_sync_ok (t, 0);
  assert_true_to_fake (t);
  assert_query (t, "SELECT count(*) FROM hubspot_deal_stage_changes", "5");
  assert_query (t, "SELECT stage || ' ' || ifnull (stage_label, '?') || ' ' || ifnull (seconds_in_stage, 'until now') || ' ' || is_current || ' ' || "
                   "changed_by || ' ' || user_id FROM hubspot_deal_stage_changes WHERE deal_id = 101 ORDER BY entered_at",
                "open Open 36000 0 CRM_UI 77|qualified ? 21600 0 CRM_UI 77|open Open until now 1 CRM_UI 77");
  /* How long in each stage, as an analyst asks it. */
  assert_query (t, "SELECT s.stage || ' ' || sum (s.seconds_in_stage) FROM hubspot_deal_stage_changes s JOIN hubspot_deals d ON d.id = s.deal_id "
                   "WHERE s.left_at IS NOT NULL GROUP BY s.stage ORDER BY 1", "open 36000|qualified 21600");

  /* A stay that ends is updated in place, and the next one comes. */
  set_stage (t, deal, "closedwon", HOURS (4));
  t->time.now += HOURS (1);
  sync_test_sync_ok (t, 0);
  assert_true_to_fake (t);
  assert_query (t, "SELECT stage || ' ' || ifnull (seconds_in_stage, 'until now') FROM hubspot_deal_stage_changes WHERE deal_id = 101 ORDER BY entered_at",
                "open 36000|qualified 21600|open 21600|closedwon until now");
  g_assert_cmpuint (fake_server_count (t->hubspot->server, "/deals/batch/read"), ==, 1);

  /* Archived, gone for good: the stays are marked with the deal. */
  fake_hubspot_archive (t->hubspot, "deals", other);
  third->purged = TRUE;
  t->time.now += HOURS (30);
  sync_test_sync_ok (t, 0);
  assert_true_to_fake (t);
  assert_query (t, "SELECT count(*) FROM hubspot_deal_stage_changes WHERE _deleted_at IS NULL AND deal_id <> 101", "0");
  fake_hubspot_restore (t->hubspot, "deals", other);
  t->time.now += HOURS (1);
  sync_test_sync_ok (t, BV_SYNC_SWEEP);
  assert_true_to_fake (t);

  /* The whole sync is one step, the stays as well. */
  set_stage (t, deal, "open", HOURS (1));
  t->time.now += HOURS (1);
  sync_test_sync_ok (t, 0);
  g_assert_true (bv_project_undo (t->project, NULL));
  assert_query (t, "SELECT stage FROM hubspot_deal_stage_changes WHERE deal_id = 101 AND is_current", "closedwon");
}

/* HubSpot tells the newest changes only: what is older stays as it was read. */
static void
test_capped (SyncTest *t, gconstpointer data)
{
#define STAYS "SELECT stage || ' ' || ifnull (seconds_in_stage / 3600, 'until now') || ' ' || is_current || (_deleted_at IS NOT NULL) " \
              "FROM hubspot_deal_stage_changes WHERE deal_id = 101 ORDER BY entered_at"
  FakeRecord *deal, *lost, *repeated;

  choose (t);
  deal = fake_hubspot_add (t->hubspot, "deals");
  set_stage (t, deal, "open", 0);
  set_stage (t, deal, "qualified", HOURS (1));
  set_stage (t, deal, "open", HOURS (2));
  lost = fake_hubspot_add (t->hubspot, "deals");
  set_stage (t, lost, "open", 0);
  repeated = fake_hubspot_add (t->hubspot, "deals");
  set_stage (t, repeated, "open", 0);
  t->time.now += HOURS (1);
  sync_test_sync_ok (t, 0);
  assert_true_to_fake (t);

  /* Two more, by the search and by the list of all: none of the five is gone. */
  t->hubspot->history_cap = 3;
  set_stage (t, deal, "closedlost", HOURS (2));
  set_stage (t, deal, "closedwon", HOURS (4));
  /* More of them between two syncs than are told: the end of the stay that was open is not known. */
  set_stage (t, lost, "qualified", 0);
  set_stage (t, lost, "closedlost", HOURS (1));
  set_stage (t, lost, "open", HOURS (1));
  set_stage (t, lost, "closedwon", HOURS (1));
  /* The oldest that is told is the stay that is open, once more. */
  set_stage (t, repeated, "open", HOURS (1));
  set_stage (t, repeated, "qualified", HOURS (1));
  set_stage (t, repeated, "closedwon", HOURS (1));
  for (guint round = 0; round < 3; round++)
    {
      t->time.now += HOURS (round == 0 ? 1 : 30);
      sync_test_sync_ok (t, round == 2 ? BV_SYNC_RELOAD : 0);
      assert_query (t, STAYS, "open 1 00|qualified 2 00|open 3 00|closedlost 4 00|closedwon until now 10");
      assert_query (t, "SELECT stage || ' ' || ifnull (seconds_in_stage / 3600, '?') || ' ' || is_current FROM hubspot_deal_stage_changes "
                       "WHERE deal_id = 102 AND _deleted_at IS NULL ORDER BY entered_at", "open ? 0|closedlost 1 0|open 1 0|closedwon ? 1");
      assert_query (t, "SELECT stage || ' ' || is_current || ' ' || (seconds_in_stage >= 3600 * 7) FROM hubspot_deal_stage_changes "
                       "WHERE deal_id = 103 AND is_current = 0 AND stage = 'open' AND _deleted_at IS NULL", "open 0 1");
      assert_query (t, "SELECT count(*) FROM hubspot_deal_stage_changes WHERE deal_id = 103", "3");
    }

  /* Gone with the deal, and back with it: all of them, told or not. */
  fake_hubspot_archive (t->hubspot, "deals", deal);
  t->time.now += HOURS (1);
  sync_test_sync_ok (t, 0);
  assert_query (t, STAYS, "open 1 01|qualified 2 01|open 3 01|closedlost 4 01|closedwon until now 11");
  fake_hubspot_restore (t->hubspot, "deals", deal);
  t->time.now += HOURS (1);
  sync_test_sync_ok (t, BV_SYNC_SWEEP);
  assert_query (t, STAYS, "open 1 00|qualified 2 00|open 3 00|closedlost 4 00|closedwon until now 10");
  deal->purged = TRUE;
  t->time.now += HOURS (30);
  sync_test_sync_ok (t, 0);
  assert_query (t, STAYS, "open 1 01|qualified 2 01|open 3 01|closedlost 4 01|closedwon until now 11");

  /* What HubSpot takes back of what it does tell is gone. */
  g_array_remove_index (lost->history, lost->history->len - 2);
  t->time.now += HOURS (30);
  sync_test_sync_ok (t, 0);
  assert_query (t, "SELECT stage || (_deleted_at IS NOT NULL) FROM hubspot_deal_stage_changes WHERE deal_id = 102 AND stage = 'open' ORDER BY entered_at",
                "open0|open1");
#undef STAYS
}

/* More deals than a page, changed while they are read, the pages killed: and no request for each deal. */
static void
test_pages (SyncTest *t, gconstpointer data)
{
  static const char *const stages[] = { "open", "qualified", "closedwon", "closedlost" };
  g_autoptr (GRand) random = g_rand_new_with_seed (4);
  guint n;

  choose (t);
  for (int i = 0; i < 430; i++)
    {
      FakeRecord *deal = fake_hubspot_add (t->hubspot, "deals");

      for (int c = g_rand_int_range (random, 0, 5); c > 0; c--)
        set_stage (t, deal, stages[g_rand_int_range (random, 0, 4)], g_rand_int_range (random, 0, 3) * HOURS (1) / 7);
    }
  t->time.now += HOURS (1);
  for (guint kill = 0; kill < 4; kill++)
    sync_test_sync (t, 0, 4, NULL);
  sync_test_sync_ok (t, 0);
  assert_true_to_fake (t);
  /* 430 deals: nine pages of fifty, and the empty archived list each time. */
  n = fake_server_count (t->hubspot->server, "propertiesWithHistory=dealstage");
  g_assert_cmpuint (n, >=, 9);
  g_assert_cmpuint (n, <=, 16);

  for (int i = 0; i < 120; i++)
    set_stage (t, fake_hubspot_type (t->hubspot, "deals")->records->pdata[i * 3], stages[g_rand_int_range (random, 0, 4)], HOURS (1) / 60);
  t->time.now += HOURS (1);
  fake_server_clear_log (t->hubspot->server);
  sync_test_sync_ok (t, 0);
  assert_true_to_fake (t);
  g_assert_cmpuint (fake_server_count (t->hubspot->server, "/deals/batch/read"), ==, 3);
}

/* A hundred pages and more of records that were never in a stage are pages all the same. */
static void
test_none (SyncTest *t, gconstpointer data)
{
  FakeRecord *last;

  choose (t);
  for (int i = 0; i < 5200; i++)
    fake_hubspot_add (t->hubspot, "deals");
  last = fake_hubspot_add (t->hubspot, "deals");
  set_stage (t, last, "open", HOURS (1));
  t->time.now += HOURS (1);
  sync_test_sync_ok (t, 0);
  assert_query (t, "SELECT count(*) FROM hubspot_deal_stage_changes", "1");
}

/* A key without the scope: the stream says so, the others go on. */
static void
test_forbidden (SyncTest *t, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (BvRun) run = NULL;

  bv_source_choose (t->source, "owners", NULL);
  bv_source_choose (t->source, "history/deals", NULL);
  g_hash_table_add (t->hubspot->forbidden, (char *) "deals");
  sync_test_sync (t, 0, 0, &error);
  run = bv_source_get_run (t->project, t->run, NULL);
  g_assert_cmpint (sync_test_stream (run, "owners")->status, ==, BV_RUN_DONE);
  g_assert_nonnull (strstr (sync_test_stream (run, "history/deals")->error, "crm.objects.deals.read"));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
#define ADD(name, function) g_test_add ("/connect/sync-history/" name, SyncTest, NULL, sync_test_set_up, function, sync_test_tear_down)
  ADD ("stays", test_stays);
  ADD ("capped", test_capped);
  ADD ("pages", test_pages);
  ADD ("none", test_none);
  ADD ("forbidden", test_forbidden);
  return g_test_run ();
}
