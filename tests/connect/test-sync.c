/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The engine with HubSpot against the fake: loads, changes, deletions, merges, drift, undo. */
#include "sync-test.h"

#include <inttypes.h>
#include <string.h>

#define MINUTES(n) ((n) * G_GINT64_CONSTANT (60000000))
#define HOURS(n) MINUTES (60 * (n))

static FakeRecord *
add_contact (SyncTest *t, int i)
{
  FakeRecord *record = fake_hubspot_add (t->hubspot, "contacts");
  g_autofree char *email = g_strdup_printf ("person%d@example.org", i);

  fake_hubspot_set (t->hubspot, "contacts", record, "email", email);
  fake_hubspot_set (t->hubspot, "contacts", record, "lifecyclestage", i % 2 ? "lead" : "customer");
  return record;
}

static FakeRecord *
add_deal (SyncTest *t, int i)
{
  FakeRecord *record = fake_hubspot_add (t->hubspot, "deals");
  g_autofree char *name = g_strdup_printf ("Deal %d", i);

  fake_hubspot_set (t->hubspot, "deals", record, "dealname", name);
  fake_hubspot_set (t->hubspot, "deals", record, "amount", "12.5");
  fake_hubspot_set (t->hubspot, "deals", record, "dealstage", "closedwon");
  fake_hubspot_set (t->hubspot, "deals", record, "hs_is_closed_won", "true");
  return record;
}

static void
fill (SyncTest *t, int n_contacts, int n_deals)
{
  FakeRecord *company = fake_hubspot_add (t->hubspot, "companies");

  fake_hubspot_set (t->hubspot, "companies", company, "name", "Jaffle Soft");
  for (int i = 0; i < n_contacts; i++)
    {
      FakeRecord *contact = add_contact (t, i);

      fake_hubspot_link (t->hubspot, "contacts", contact->id, "companies", company->id, i % 3 == 0 ? "Primary" : NULL);
    }
  for (int i = 0; i < n_deals; i++)
    {
      FakeRecord *deal = add_deal (t, i);

      fake_hubspot_link (t->hubspot, "deals", deal->id, "contacts", company->id + 1 + i % n_contacts, NULL);
      fake_hubspot_link (t->hubspot, "deals", deal->id, "companies", company->id, "Primary");
    }
}

static void
test_first_load (SyncTest *t, gconstpointer data)
{
  g_autoptr (BvRun) run = NULL;
  BvRunStream *contacts;

  fill (t, 250, 30);
  sync_test_sync_ok (t, 0);
  assert_true_to_fake (t);
  assert_query (t, "SELECT count(*) || ' ' || count(DISTINCT _source) || ' ' || count(_deleted_at) FROM hubspot_contacts", "250 1 0");
  assert_query (t, "SELECT lifecyclestage_label FROM hubspot_contacts ORDER BY id LIMIT 2", "Customer|Lead");
  assert_query (t, "SELECT amount || ' ' || typeof (amount) || ' ' || is_won || ' ' || dealstage || ' ' || dealstage_label || ' ' || company_id || ' ' ||"
                   " contact_id FROM hubspot_deals ORDER BY id LIMIT 1", "12.5 real 1 closedwon Closed won 101 102");
  assert_query (t, "SELECT type FROM hubspot_deal_companies LIMIT 1", "Primary");
  assert_query (t, "SELECT probability FROM hubspot_deal_stages ORDER BY id", "1.0|0.2");
  assert_query (t, "SELECT first_name || ' ' || archived || ' ' || (_deleted_at IS NULL) FROM hubspot_owners ORDER BY id",
                "First0 0 1|First1 0 1|First2 0 1|First0 1 0");
  run = bv_source_get_run (t->project, t->run, NULL);
  g_assert_cmpint (run->status, ==, BV_RUN_DONE);
  g_assert_true (run->has_diff);
  contacts = sync_test_stream (run, "contacts");
  g_assert_cmpint (contacts->counts.added, ==, 250);
  g_assert_cmpint (contacts->counts.links, ==, 250);
  g_assert_cmpint (contacts->counts.requests, ==, 3 + 1 + 1); /* pages, the archived, associations */
  g_assert_cmpstr (bv_project_get_undo_name (t->project), ==, "Sync HubSpot");

  {
    g_autoptr (BvFrame) frame = bv_source_run_diff (t->project, t->run, "hubspot_deals", 100, NULL, NULL);
    g_autoptr (GPtrArray) freshness = bv_source_list_freshness (t->project, NULL, NULL, NULL);

    g_assert_cmpuint (bv_frame_get_n_rows (frame), ==, 30);
    g_assert_cmpstr (bv_frame_get_text (frame, 0, 7), ==, "new");
    g_assert_cmpuint (freshness->len, ==, 7);
    g_assert_cmpstr (((BvFreshness *) freshness->pdata[1])->table, ==, "hubspot_contacts");
    g_assert_cmpint (((BvFreshness *) freshness->pdata[1])->n_rows, ==, 250);
    g_assert_cmpint (((BvFreshness *) freshness->pdata[1])->synced_at, >=, G_GINT64_CONSTANT (1780000000000000));
  }

  /* One undo takes all of it back, one redo brings it again. */
  g_assert_true (bv_project_undo (t->project, NULL));
  assert_query (t, "SELECT count(*) FROM bv_table", "0");
  g_assert_true (bv_project_redo (t->project, NULL));
  assert_true_to_fake (t);
  g_assert_true (bv_project_undo (t->project, NULL));
  sync_test_sync_ok (t, 0);
  assert_true_to_fake (t);
}

static void
test_incremental (SyncTest *t, gconstpointer data)
{
  g_autoptr (BvRun) run = NULL;
  FakeRecord *contact;
  guint64 version;
  guint first_load;

  fill (t, 2000, 10);
  t->time.now += HOURS (1); /* out of the look-back */
  sync_test_sync_ok (t, 0);
  first_load = fake_server_count (t->hubspot->server, "contacts");
  t->time.now += HOURS (1);
  version = 0;
  {
    g_autoptr (BvTableInfo) info = bv_project_get_table (t->project, "hubspot_contacts", NULL);

    version = info->version;
  }

  /* Nothing changed: nothing is written, and there is no step to undo. */
  fake_server_clear_log (t->hubspot->server);
  sync_test_sync_ok (t, 0);
  {
    g_autoptr (BvTableInfo) info = bv_project_get_table (t->project, "hubspot_contacts", NULL);

    g_assert_cmpuint (info->version, ==, version);
  }
  assert_query (t, "SELECT count(*) FROM bv_journal", "2");
  g_assert_cmpuint (fake_server_count (t->hubspot->server, "contacts"), <=, 4);

  /* Twenty of 2,000 changed. */
  for (int i = 0; i < 20; i++)
    {
      contact = fake_hubspot_find (t->hubspot, "contacts", 102 + i * 7);
      fake_hubspot_set (t->hubspot, "contacts", contact, "firstname", "Ada");
    }
  t->time.now += MINUTES (1);
  fake_server_clear_log (t->hubspot->server);
  sync_test_sync_ok (t, 0);
  assert_true_to_fake (t);
  run = bv_source_get_run (t->project, t->run, NULL);
  g_assert_cmpint (sync_test_stream (run, "contacts")->counts.changed, ==, 20);
  g_assert_cmpint (sync_test_stream (run, "contacts")->counts.added, ==, 0);
  {
    g_autoptr (GError) error = NULL;
    g_autoptr (BvFrame) frame = bv_source_run_diff (t->project, t->run, "hubspot_contacts", 10, NULL, &error);

    g_assert_no_error (error);
    g_assert_cmpuint (bv_frame_get_n_rows (frame), ==, 10);
    g_assert_true (bv_frame_has_note (frame, BV_NOTE_TRUNCATED));
    g_assert_cmpstr (bv_frame_get_text (frame, 0, 0), ==, "changed");
    g_assert_cmpint (bv_frame_find_column (frame, "email"), ==, -1);
    g_assert_cmpstr (bv_frame_get_text (frame, (guint) bv_frame_find_column (frame, "firstname"), 3), ==, "Ada");
    g_assert_cmpstr (bv_frame_get_text (frame, (guint) bv_frame_find_column (frame, "firstname before"), 3), ==, NULL);
  }
  /* one search, the archived, one batch of associations, the properties */
  g_assert_cmpuint (fake_server_count (t->hubspot->server, "contacts"), <=, 5);
  g_assert_cmpuint (first_load, >=, 20);
  g_assert_true (bv_project_undo (t->project, NULL));
  assert_query (t, "SELECT count(*) FROM hubspot_contacts WHERE firstname = 'Ada'", "0");
  /* The cursor went back as well. */
  sync_test_sync_ok (t, 0);
  assert_true_to_fake (t);
}

static void
test_gone (SyncTest *t, gconstpointer data)
{
  FakeRecord *a, *b, *c;

  fill (t, 10, 10);
  sync_test_sync_ok (t, 0);
  t->time.now += HOURS (1);
  a = fake_hubspot_find (t->hubspot, "contacts", 103);
  b = fake_hubspot_find (t->hubspot, "contacts", 104);
  c = fake_hubspot_find (t->hubspot, "contacts", 105);
  fake_hubspot_archive (t->hubspot, "contacts", a);
  fake_hubspot_merge (t->hubspot, "contacts", b, c);
  t->time.now += MINUTES (1);
  sync_test_sync_ok (t, 0);
  assert_true_to_fake (t);
  assert_query (t, "SELECT id || ' ' || coalesce (_merged_into, '-') FROM hubspot_contacts WHERE _deleted_at IS NOT NULL", "103 -|105 104");
  /* what pointed at the merged one points at the survivor */
  assert_query (t, "SELECT contact_id FROM hubspot_deals WHERE contact_id IN (103, 104, 105) ORDER BY id", "104|104");

  /* Gone without a trace: the sweep finds it, once a day. */
  fake_hubspot_find (t->hubspot, "contacts", 106)->purged = TRUE;
  t->time.now += HOURS (1);
  sync_test_sync_ok (t, 0);
  assert_query (t, "SELECT count(*) FROM hubspot_contacts WHERE id = 106 AND _deleted_at IS NULL", "1");
  t->time.now += HOURS (24);
  sync_test_sync_ok (t, 0);
  assert_true_to_fake (t);

  /* Restored, which does not touch its date. */
  fake_hubspot_restore (t->hubspot, "contacts", a);
  sync_test_sync_ok (t, BV_SYNC_SWEEP | BV_SYNC_LINKS);
  assert_true_to_fake (t);
  g_assert_true (bv_project_undo (t->project, NULL));
  assert_query (t, "SELECT count(*) FROM hubspot_contacts WHERE id = 103 AND _deleted_at IS NOT NULL", "1");
}

/* A long list of archived records is read in parts, a part for each sync; where a part cannot go on, it begins anew. */
static void
test_many_archived (SyncTest *t, gconstpointer data)
{
  static const FakeFault forgotten = { "archived=true&after=2100", 0, 1, FAKE_STATUS, 400, NULL, NULL,
                                       "{\"status\":\"error\",\"category\":\"VALIDATION_ERROR\",\"message\":\"after\"}" };
  static const struct { guint n_requests; const char *n_marked; } rounds[] = { { 20, "2000" }, { 21, "2000" }, { 5, "2400" }, { 20, "2400" } };

  bv_source_choose (t->source, "contacts", NULL);
  for (int i = 0; i < 2400; i++)
    fake_hubspot_add (t->hubspot, "contacts");
  t->time.now += G_TIME_SPAN_HOUR;
  sync_test_sync_ok (t, 0);
  for (int i = 0; i < 2400; i++)
    fake_hubspot_archive (t->hubspot, "contacts", fake_hubspot_type (t->hubspot, "contacts")->records->pdata[i]);
  fake_server_add_fault (t->hubspot->server, &forgotten);
  for (guint i = 0; i < G_N_ELEMENTS (rounds); i++)
    {
      t->time.now += G_TIME_SPAN_HOUR;
      fake_server_clear_log (t->hubspot->server);
      sync_test_sync_ok (t, 0);
      g_assert_cmpuint (fake_server_count (t->hubspot->server, "lastmodifieddate&archived=true"), ==, rounds[i].n_requests);
      assert_query (t, "SELECT count(*) FROM hubspot_contacts WHERE _deleted_at IS NOT NULL", rounds[i].n_marked);
    }
  assert_true_to_fake (t);

  /* Whatever was not looked at, the sweep finds within the day. */
  for (int i = 0; i < 100; i++)
    fake_hubspot_archive (t->hubspot, "contacts", fake_hubspot_add (t->hubspot, "contacts"));
  t->time.now += 24 * G_TIME_SPAN_HOUR;
  sync_test_sync_ok (t, 0);
  assert_true_to_fake (t);
}

/* The index of searches lags: what it shows late must not be lost. */
static void
test_lag (SyncTest *t, gconstpointer data)
{
  fill (t, 5, 0);
  sync_test_sync_ok (t, 0);
  t->time.now += HOURS (1);
  t->hubspot->lag_us = MINUTES (3);
  fake_hubspot_set (t->hubspot, "contacts", fake_hubspot_find (t->hubspot, "contacts", 103), "firstname", "Late");
  t->time.now += MINUTES (1);
  sync_test_sync_ok (t, 0);
  assert_query (t, "SELECT count(*) FROM hubspot_contacts WHERE firstname = 'Late'", "0");
  t->time.now += MINUTES (5);
  sync_test_sync_ok (t, 0);
  assert_true_to_fake (t);
}

/* Our clock is an hour ahead of HubSpot's, then behind. */
static void
test_skew (SyncTest *t, gconstpointer data)
{
  for (int sign = -1; sign <= 1; sign += 2)
    {
      t->hubspot->skew_us = sign * HOURS (1);
      add_contact (t, sign + 5);
      sync_test_sync_ok (t, 0);
      t->time.now += MINUTES (20);
      add_contact (t, sign + 10);
      t->time.now += MINUTES (20);
      sync_test_sync_ok (t, 0);
      assert_true_to_fake (t);
    }
}

static void
test_many_at_once (SyncTest *t, gconstpointer data)
{
  guint n = g_getenv ("BV_LONG") != NULL ? 60000 : 1500;
  gint64 instant;

  if (g_getenv ("BV_LONG") == NULL)
    t->hubspot->search_cap = 400;
  add_deal (t, 0);
  sync_test_sync_ok (t, 0);
  t->time.now += HOURS (1);
  instant = t->time.now;
  for (guint i = 0; i < n; i++)
    {
      add_deal (t, (int) i);
      g_assert_cmpint (t->time.now, ==, instant);
    }
  t->time.now += MINUTES (1);
  sync_test_sync_ok (t, 0);
  {
    g_autofree char *expected = g_strdup_printf ("%u", n + 1);

    assert_query (t, "SELECT count(*) FROM hubspot_deals", expected);
  }
}

static void
test_forbidden (SyncTest *t, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (BvRun) run = NULL;

  fill (t, 5, 5);
  g_hash_table_add (t->hubspot->forbidden, (gpointer) "contacts");
  g_assert_false (sync_test_sync (t, 0, 0, &error));
  g_assert_nonnull (strstr (error->message, "crm.objects.contacts.read"));
  run = bv_source_get_run (t->project, t->run, NULL);
  g_assert_cmpint (run->status, ==, BV_RUN_PARTLY);
  g_assert_cmpint (sync_test_stream (run, "contacts")->status, ==, BV_RUN_FAILED);
  g_assert_cmpint (sync_test_stream (run, "deals")->status, ==, BV_RUN_DONE);
  assert_query (t, "SELECT count(*) FROM hubspot_deals", "5");
  g_hash_table_remove_all (t->hubspot->forbidden);
  sync_test_sync_ok (t, BV_SYNC_LINKS);
  assert_true_to_fake (t);
}

static void
test_wrong_key (SyncTest *t, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (BvRun) run = NULL;

  fill (t, 5, 5);
  g_hash_table_insert (t->secrets, g_strdup ("token"), g_strdup ("pat-wrong-1234"));
  g_assert_false (sync_test_sync (t, 0, 0, &error));
  g_assert_error (error, BV_HTTP_ERROR, BV_HTTP_ERROR_UNAUTHORIZED);
  g_assert_null (strstr (error->message, "pat-wrong"));
  g_assert_cmpuint (fake_server_count (t->hubspot->server, NULL), ==, 2); /* one silent retry */
  run = bv_source_get_run (t->project, t->run, NULL);
  g_assert_cmpint (run->status, ==, BV_RUN_FAILED);
  g_assert_null (strstr (run->error, "pat-wrong"));
}

static void
test_drift (SyncTest *t, gconstpointer data)
{
  FakeRecord *contact;
  FakeProperty *property;

  fill (t, 3, 0);
  fake_hubspot_add_property (t->hubspot, "contacts", "score", "number", TRUE);
  contact = fake_hubspot_find (t->hubspot, "contacts", 102);
  fake_hubspot_set (t->hubspot, "contacts", contact, "score", "7");
  sync_test_sync_ok (t, 0);
  assert_query (t, "SELECT score || typeof (score) FROM hubspot_contacts WHERE id = 102", "7.0real");
  t->time.now += HOURS (1);

  /* a new one is appended */
  fake_hubspot_add_property (t->hubspot, "contacts", "plan", "string", TRUE);
  fake_hubspot_set (t->hubspot, "contacts", contact, "plan", "gold");
  /* junk in a number is kept beside */
  fake_hubspot_set (t->hubspot, "contacts", contact, "score", "seven");
  t->time.now += MINUTES (1);
  sync_test_sync_ok (t, 0);
  assert_query (t, "SELECT plan || ' ' || coalesce (score, '-') || ' ' || score_text FROM hubspot_contacts WHERE id = 102", "gold - seven");

  /* another type: typed where it can be, and as text */
  property = fake_hubspot_property (t->hubspot, "contacts", "score");
  g_free (property->type);
  property->type = g_strdup ("string");
  fake_hubspot_set (t->hubspot, "contacts", contact, "score", "8");
  t->time.now += HOURS (1);
  sync_test_sync_ok (t, 0);
  assert_query (t, "SELECT score || ' ' || score_text FROM hubspot_contacts WHERE id = 102", "8.0 8");

  /* dropped: frozen */
  property->archived = TRUE;
  fake_hubspot_set (t->hubspot, "contacts", contact, "email", "new@example.org");
  t->time.now += HOURS (1);
  sync_test_sync_ok (t, 0);
  assert_query (t, "SELECT email || ' ' || score FROM hubspot_contacts WHERE id = 102", "new@example.org 8.0");
  property->archived = FALSE;
  t->time.now += HOURS (1);
  sync_test_sync_ok (t, 0);
  assert_query (t, "SELECT kind FROM bv_source_drift ORDER BY id", "added|changed|changed|dropped|returned");

  /* With the analyst's say: noted only, then added, which fills old rows too. */
  t->source->add_fields = FALSE;
  fake_hubspot_add_property (t->hubspot, "contacts", "tier", "string", TRUE);
  fake_hubspot_set (t->hubspot, "contacts", contact, "tier", "A");
  sync_test_sync_ok (t, 0);
  {
    g_autoptr (GPtrArray) drifts = bv_source_list_drifts (t->project, t->source->uuid, NULL);
    BvDrift *drift = drifts->pdata[0];

    g_assert_cmpuint (drifts->len, ==, 6);
    g_assert_cmpstr (drift->field, ==, "tier");
    g_assert_true (drift->open);
    assert_query (t, "SELECT count(*) FROM bv_column WHERE name = 'tier'", "0");
    g_assert_true (bv_source_decide (t->project, drift->id, BV_DECISION_ADD, NULL));
  }
  t->time.now += HOURS (2);
  sync_test_sync_ok (t, 0);
  assert_query (t, "SELECT tier FROM hubspot_contacts WHERE id = 102", "A");
}

/* Property names that do not fit into an address. */
static void
test_long_address (SyncTest *t, gconstpointer data)
{
  FakeRecord *contact;

  for (int i = 0; i < 400; i++)
    {
      g_autofree char *name = g_strdup_printf ("a_property_with_a_rather_long_name_number_%d", i);

      fake_hubspot_add_property (t->hubspot, "contacts", name, "string", TRUE);
    }
  fill (t, 150, 0);
  contact = fake_hubspot_find (t->hubspot, "contacts", 102);
  fake_hubspot_set (t->hubspot, "contacts", contact, "a_property_with_a_rather_long_name_number_399", "last");
  sync_test_sync_ok (t, 0);
  assert_true_to_fake (t);
  assert_query (t, "SELECT a_property_with_a_rather_long_name_number_399 FROM hubspot_contacts WHERE id = 102", "last");
  g_assert_cmpuint (fake_server_count (t->hubspot->server, "contacts/batch/read"), ==, 2);
}

static void
test_legacy (SyncTest *t, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  g_assert_true (bv_source_set_setting (t->source, "version", "v3", &error));
  t->hubspot->link_page = 1;
  fill (t, 5, 5);
  fake_hubspot_link (t->hubspot, "deals", 107, "contacts", 103, NULL);
  fake_hubspot_link (t->hubspot, "deals", 107, "contacts", 104, NULL);
  sync_test_sync_ok (t, 0);
  assert_true_to_fake (t);
  g_assert_cmpuint (fake_server_count (t->hubspot->server, "2026-09"), ==, 0);
}

/* A table that was dropped comes back whole. */
static void
test_dropped (SyncTest *t, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  BvChange *change = bv_change_new ("Drop");

  fill (t, 50, 10);
  t->time.now += HOURS (1);
  sync_test_sync_ok (t, 0);
  t->time.now += HOURS (1);
  bv_change_drop_table (change, "hubspot_contacts");
  bv_change_drop_table (change, "hubspot_deal_contacts");
  g_assert_true (bv_project_commit (t->project, change, &error));
  sync_test_sync_ok (t, 0);
  assert_true_to_fake (t);
  g_assert_true (bv_project_undo (t->project, &error));
  g_assert_true (bv_project_undo (t->project, &error));
  sync_test_sync_ok (t, 0);
  assert_true_to_fake (t);
}

/* Pages without an end: the same place again and again. */
static void
test_endless (SyncTest *t, gconstpointer data)
{
  FakeFault fault = { "/objects/2026-09/contacts?", 1, 0, FAKE_STATUS, 200, NULL, NULL,
                      "{\"results\":[{\"id\":\"102\",\"properties\":{\"email\":\"x\"},\"createdAt\":\"2026-01-01T00:00:00Z\",\"updatedAt\":"
                      "\"2026-01-01T00:00:00Z\",\"archived\":false}],\"paging\":{\"next\":{\"after\":\"102\"}}}" };
  g_autoptr (GError) error = NULL;

  fill (t, 300, 0);
  fake_server_add_fault (t->hubspot->server, &fault);
  g_assert_false (sync_test_sync (t, 0, 0, &error));
  g_assert_nonnull (strstr (error->message, "without an end"));
  g_assert_cmpuint (fake_server_count (t->hubspot->server, "/objects/2026-09/contacts?"), <, 10);
  fake_server_clear_faults (t->hubspot->server);
  sync_test_sync_ok (t, BV_SYNC_RELOAD);
  sync_test_sync_ok (t, BV_SYNC_SWEEP | BV_SYNC_LINKS);
  assert_true_to_fake (t);
}

/* The daily limit stops the run, and says when it resets. */
static void
test_quota (SyncTest *t, gconstpointer data)
{
  FakeFault fault = { "/objects/2026-09/contacts", 1, 1, FAKE_STATUS, 429, "7200", NULL,
                      "{\"status\":\"error\",\"message\":\"You have reached your daily limit.\",\"errorType\":\"RATE_LIMIT\",\"correlationId\":\"c\","
                      "\"policyName\":\"DAILY\"}" };
  g_autoptr (GError) error = NULL;

  fill (t, 300, 5);
  fake_server_add_fault (t->hubspot->server, &fault);
  g_assert_false (sync_test_sync (t, 0, 0, &error));
  g_assert_error (error, BV_HTTP_ERROR, BV_HTTP_ERROR_QUOTA);
  g_assert_nonnull (strstr (error->message, "121 minutes"));
  g_assert_cmpint (t->time.slept, <, 60 * G_USEC_PER_SEC);
  assert_query (t, "SELECT count(*) FROM bv_table WHERE name = 'hubspot_deals'", "0");
  assert_query (t, "SELECT count(*) FROM hubspot_contacts", "100");
  sync_test_sync_ok (t, 0);
  assert_true_to_fake (t);
}

/* Two sources of a kind have tables of their own; with one prefix they share them, each with its own rows. */
static void
test_two (SyncTest *t, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  BvSource *first = t->source;
  BvSource *second = bv_source_new (t->project, "hubspot", NULL);

  g_assert_cmpstr (second->prefix, ==, "hubspot_2");
  g_free (second->prefix);
  second->prefix = g_strdup ("hubspot");
  g_assert_true (bv_source_set_setting (second, "url", fake_server_url (t->hubspot->server), &error));
  g_assert_true (bv_source_put (t->project, second, NULL, &error));
  fill (t, 20, 5);
  sync_test_sync_ok (t, 0);
  t->source = second;
  sync_test_sync_ok (t, 0);
  assert_query (t, "SELECT count(*) || ' ' || count(DISTINCT _source) || ' ' || count(DISTINCT id) FROM hubspot_contacts", "40 2 20");
  fake_hubspot_archive (t->hubspot, "contacts", fake_hubspot_find (t->hubspot, "contacts", 103));
  t->time.now += HOURS (1);
  sync_test_sync_ok (t, 0);
  assert_query (t, "SELECT count(_deleted_at) FROM hubspot_contacts", "1");
  /* A table that a file made is not touched. */
  t->source = first;
  bv_source_free (second);
}

static void
count_pages (const BvSyncProgress *progress, gpointer data)
{
  guint *n = data;

  if (progress->pass_read > 0 && progress->stream != NULL)
    (*n)++;
}

static void
cancel_soon (const BvSyncProgress *progress, gpointer data)
{
  if (progress->pass_read >= 200 && g_strcmp0 (progress->stream, "contacts") == 0)
    g_cancellable_cancel (data);
}

static void
test_cancel (SyncTest *t, gconstpointer data)
{
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  BvSyncOptions options = { .clock = &t->clock, .secrets = t->secrets };
  g_autoptr (GError) error = NULL;
  g_autoptr (BvRun) run = NULL;
  guint n = 0;

  fill (t, 1000, 0);
  g_assert_false (bv_source_sync (t->project, t->source, &options, cancel_soon, cancellable, cancellable, &t->run, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  run = bv_source_get_run (t->project, t->run, NULL);
  g_assert_cmpint (run->status, ==, BV_RUN_CANCELLED);
  assert_query (t, "SELECT count(*) FROM hubspot_contacts", "200");
  g_assert_false (bv_source_is_syncing (t->project, t->source->uuid));
  /* The next one goes on from there. */
  fake_server_clear_log (t->hubspot->server);
  g_clear_error (&error);
  g_assert_true (bv_source_sync (t->project, t->source, &options, count_pages, &n, NULL, &t->run, &error));
  g_assert_no_error (error);
  assert_true_to_fake (t);
  g_assert_cmpuint (n, >=, 8);
  {
    g_autofree char *first = fake_server_nth (t->hubspot->server, "/contacts?limit=100", 0);

    g_assert_nonnull (strstr (first, "after="));
  }
}

/* A quarter of a million contacts; then one in a hundred of them changes. */
static void
test_large (SyncTest *t, gconstpointer data)
{
  const guint n = 250000;
  guint first_load, update;
  gint64 start = g_get_monotonic_time ();

  for (guint i = 0; i < n; i++)
    add_contact (t, (int) i);
  t->time.now += HOURS (1);
  start = g_get_monotonic_time ();
  sync_test_sync_ok (t, 0);
  first_load = fake_server_count (t->hubspot->server, NULL);
  g_test_message ("first load: %u requests, %.1f s", first_load, (double) (g_get_monotonic_time () - start) / 1e6);
  t->time.now += HOURS (1);
  for (guint i = 0; i < n; i += 100)
    fake_hubspot_set (t->hubspot, "contacts", fake_hubspot_find (t->hubspot, "contacts", 101 + i), "firstname", "Ada");
  t->time.now += MINUTES (1);
  fake_server_clear_log (t->hubspot->server);
  start = g_get_monotonic_time ();
  sync_test_sync_ok (t, 0);
  update = fake_server_count (t->hubspot->server, NULL);
  g_test_message ("update of 1 %%: %u requests, %.1f s", update, (double) (g_get_monotonic_time () - start) / 1e6);
  g_assert_cmpuint (update, <, first_load / 50);
  assert_true_to_fake (t);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
#define ADD(name, function) g_test_add ("/connect/sync/" name, SyncTest, NULL, sync_test_set_up, function, sync_test_tear_down)
  ADD ("first-load", test_first_load);
  ADD ("incremental", test_incremental);
  ADD ("gone", test_gone);
  ADD ("many-archived", test_many_archived);
  ADD ("lag", test_lag);
  ADD ("skew", test_skew);
  ADD ("many-at-once", test_many_at_once);
  ADD ("forbidden", test_forbidden);
  ADD ("wrong-key", test_wrong_key);
  ADD ("drift", test_drift);
  ADD ("long-address", test_long_address);
  ADD ("legacy", test_legacy);
  ADD ("dropped", test_dropped);
  ADD ("endless", test_endless);
  ADD ("quota", test_quota);
  ADD ("two", test_two);
  ADD ("cancel", test_cancel);
  if (g_getenv ("BV_LONG") != NULL)
    ADD ("large", test_large);
  return g_test_run ();
}
