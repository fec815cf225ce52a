/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The kind "intercom" against a workspace that keeps its data: whole loads, changes, deletes, merges, faults, and what they cost. */
#include "intercom-test.h"

/* --- Loads ------------------------------------------------------------------------------------------------------------------------------ */

static void
test_load (Fixture *f, gconstpointer data)
{
  g_autoptr (BvRun) run = vendor_test_sync (&f->test);
  g_autoptr (BvRun) again = NULL;

  g_assert_cmpint (run->status, ==, BV_RUN_DONE);
  assert_truth (f);
  /* Pages of 150: 3 of contacts, 5 of conversations, nothing for one record alone but 8 contacts with more than ten companies. */
  g_assert_cmpuint (fake_server_count (f->fake->server, "POST /contacts/search"), ==, 3);
  g_assert_cmpuint (fake_server_count (f->fake->server, "POST /conversations/search"), ==, 5);
  g_assert_cmpuint (fake_server_count (f->fake->server, "GET /contacts/"), ==, 8);
  g_assert_cmpuint (fake_server_count (f->fake->server, "GET /companies/scroll"), ==, 3);
  g_assert_cmpuint (fake_server_count (f->fake->server, "/conversations/2154"), ==, 0);
  vendor_assert (&f->test, "SELECT count(*), count(DISTINCT contact_id) > 100 FROM intercom_conversations WHERE contact_id IS NOT NULL", "700|1\n");
  vendor_assert (&f->test, "SELECT name FROM intercom_teams WHERE id = '502'", "Team 502\n");
  vendor_assert (&f->test, "SELECT topic, count(*) FROM intercom_conversations GROUP BY 1", "Billing|700\n");

  /* Nothing has changed: nothing is written, and one page of each is looked at. */
  fake_server_clear_log (f->fake->server);
  pass_time (f, 3600);
  again = vendor_test_sync (&f->test);
  g_assert_cmpint (again->counts.added + again->counts.changed + again->counts.deleted, ==, 0);
  g_assert_cmpuint (fake_server_count (f->fake->server, "POST /contacts/search"), ==, 1);
  g_assert_cmpuint (fake_server_count (f->fake->server, "POST /conversations/search"), ==, 1);
  g_assert_cmpuint (fake_server_count (f->fake->server, "GET /contacts/"), ==, 0);
  assert_truth (f);
}

static void
change_contact (Fixture *f, guint i, const char *email)
{
  FakeContact *contact = f->fake->contacts->pdata[i];

  g_free (contact->email);
  contact->email = g_strdup (email);
  contact->updated_at = fake_intercom_now (f->fake);
  fake_intercom_touch (f->fake);
}

/* A change at ten in the evening of the workspace, seen by a sync at eleven: the search by day would only show it the next day. */
static void
test_day (Fixture *f, gconstpointer data)
{
  const gint64 evening = 1780315200 + 18 * 3600; /* 06:00 UTC of the next day is 22:00 in the workspace */

  g_clear_pointer (&f->test.project, bv_project_unref);
  vendor_test_remove (f->test.dir);
  g_free (f->test.dir);
  bv_source_free (f->test.source);
  g_hash_table_unref (f->test.secrets);
  fake_intercom_free (f->fake);
  set_up_sized (f, 2, 40, 5, 40);
  for (int zone = -11; zone <= 13; zone += 8)
    {
      g_autofree char *email = g_strdup_printf ("zone%d@example.com", zone);
      g_autofree char *later = g_strdup_printf ("later%d@example.com", zone);

      f->fake->zone = zone * 3600;
      f->test.fake.now = MAX (f->test.fake.now, evening * G_USEC_PER_SEC);
      bv_run_free (vendor_test_sync (&f->test));
      pass_time (f, 600);
      change_contact (f, 3, email);
      pass_time (f, 600);
      bv_run_free (vendor_test_sync (&f->test));
      assert_truth (f);
      pass_time (f, 600);
      change_contact (f, 4, later);
      pass_time (f, 7 * 3600);
      bv_run_free (vendor_test_sync (&f->test));
      assert_truth (f);
    }
}

/* New contacts are not in the index for minutes; two syncs later they are here. */
static void
test_lag (Fixture *f, gconstpointer data)
{
  g_autofree char *expected = NULL;
  FakeContact *contact;

  bv_run_free (vendor_test_sync (&f->test));
  f->fake->lag = 400;
  pass_time (f, 600);
  contact = fake_intercom_add_contact (f->fake, "user", fake_intercom_now (f->fake));
  pass_time (f, 300);
  bv_run_free (vendor_test_sync (&f->test));
  vendor_assert (&f->test, "SELECT count(*) FROM intercom_contacts", "400\n");
  pass_time (f, 300);
  bv_run_free (vendor_test_sync (&f->test));
  expected = g_strdup_printf ("%s\n", contact->id);
  vendor_assert (&f->test, "SELECT id FROM intercom_contacts ORDER BY created_at DESC LIMIT 1", expected);
  assert_truth (f);
}

/* This machine's clock is a day and a half ahead of the vendor's. */
static void
test_clock_skew (Fixture *f, gconstpointer data)
{
  FakeClock vendor = f->test.fake;

  f->fake->clock = &vendor;
  f->test.fake.now += 36 * 3600 * (gint64) G_USEC_PER_SEC;
  for (guint i = 0; i < 4; i++)
    {
      g_autofree char *email = g_strdup_printf ("skew%u@example.com", i);

      bv_run_free (vendor_test_sync (&f->test));
      vendor.now += 3600 * (gint64) G_USEC_PER_SEC;
      pass_time (f, 3600);
      change_contact (f, i, email);
      vendor.now += 60 * (gint64) G_USEC_PER_SEC;
      pass_time (f, 60);
      bv_run_free (vendor_test_sync (&f->test));
      assert_truth (f);
    }
  f->fake->clock = &f->test.fake;
}

/* --- Deletes and merges -------------------------------------------------------------------------------------------------------------------- */

static void
test_deleted (Fixture *f, gconstpointer data)
{
  bv_run_free (vendor_test_sync (&f->test));
  pass_time (f, 3600);
  for (guint i = 0; i < 130; i++)
    g_array_index (f->fake->conversations, FakeConversation, i * 5).deleted_at = fake_intercom_now (f->fake) - i * 1800;
  ((FakeCompany *) f->fake->companies->pdata[7])->deleted = TRUE;
  fake_server_clear_log (f->fake->server);
  bv_run_free (vendor_test_sync (&f->test));
  g_assert_cmpuint (fake_server_count (f->fake->server, "GET /conversations/deleted"), ==, 3);
  assert_truth (f);

  /* Those that are known are not listed again. */
  pass_time (f, 12 * 3600);
  fake_server_clear_log (f->fake->server);
  g_array_index (f->fake->conversations, FakeConversation, 1).deleted_at = fake_intercom_now (f->fake);
  bv_run_free (vendor_test_sync (&f->test));
  g_assert_cmpuint (fake_server_count (f->fake->server, "GET /conversations/deleted"), ==, 1);
  assert_truth (f);

  /* Contacts vanish without a word: the sweep finds out. */
  ((FakeContact *) f->fake->contacts->pdata[11])->deleted = TRUE;
  g_array_index (f->fake->tickets, FakeTicket, 3).deleted = TRUE;
  fake_intercom_touch (f->fake);
  pass_time (f, 25 * 3600);
  bv_run_free (vendor_test_sync (&f->test));
  assert_truth (f);
}

static void
test_merged (Fixture *f, gconstpointer data)
{
  FakeContact *loser = f->fake->contacts->pdata[3], *survivor = f->fake->contacts->pdata[8], *last = f->fake->contacts->pdata[9];
  g_autofree char *sql = NULL;
  g_autofree char *expected = NULL;

  bv_run_free (vendor_test_sync (&f->test));
  pass_time (f, 3600);
  fake_intercom_merge (f->fake, loser, survivor);
  bv_run_free (vendor_test_sync (&f->test));
  assert_truth (f);
  pass_time (f, 3600);
  fake_intercom_merge (f->fake, survivor, last);
  bv_run_free (vendor_test_sync (&f->test));
  assert_truth (f);
  /* Old foreign keys lead to the survivor. */
  sql = g_strdup_printf ("SELECT count(*) FROM intercom_conversations WHERE contact_id IN ('%s', '%s')", loser->id, survivor->id);
  vendor_assert (&f->test, sql, "0\n");
  g_free (sql);
  sql = g_strdup_printf ("SELECT id, _merged_into FROM intercom_contacts WHERE _merged_into IS NOT NULL ORDER BY id");
  expected = g_strdup_printf ("%s|%s\n%s|%s\n", loser->id, last->id, survivor->id, last->id);
  vendor_assert (&f->test, sql, expected);
}

/* --- Scroll ---------------------------------------------------------------------------------------------------------------------------------- */

static void
test_scroll_broken (Fixture *f, gconstpointer data)
{
  f->fake->scroll_page = 20;
  f->fake->break_scroll_after = 3;
  bv_run_free (vendor_test_sync (&f->test));
  /* The lock of the broken one was waited for. */
  g_assert_cmpint (f->test.fake.slept, >=, 60 * G_USEC_PER_SEC);
  assert_truth (f);
}

/* Killed in mid-scroll, and again an hour later when it has expired. */
static void
test_scroll_expired (Fixture *f, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  f->fake->scroll_page = 20;
  for (guint i = 0; i < 3; i++)
    {
      f->test.max_pages = 14 + i;
      g_assert_false (vendor_test_try (&f->test, NULL, &error));
      g_clear_error (&error);
      pass_time (f, i == 1 ? 20 : 3600);
    }
  f->test.max_pages = 0;
  bv_run_free (vendor_test_sync (&f->test));
  assert_truth (f);
}

static void
test_no_companies (Fixture *f, gconstpointer data)
{
  for (guint i = 0; i < f->fake->contacts->len; i++)
    g_array_set_size (((FakeContact *) f->fake->contacts->pdata[i])->companies, 0);
  g_ptr_array_set_size (f->fake->companies, 0);
  bv_run_free (vendor_test_sync (&f->test));
  vendor_assert (&f->test, "SELECT count(*) FROM intercom_contacts", "400\n");
}

/* --- Faults ----------------------------------------------------------------------------------------------------------------------------------- */

static void
test_faults (Fixture *f, gconstpointer data)
{
  static const FakeFault faults[] = {
    { "/contacts/search", 1, 2, FAKE_STATUS, 429, NULL, "X-RateLimit-Reset: 1780315230", "{\"type\":\"error.list\",\"errors\":[{\"code\":\"rate_limit_exceeded\"}]}" },
    { "/conversations/search", 1, 3, FAKE_STATUS, 429 },
    { "/conversations/search", 2, 1, FAKE_STATUS, 503, "5" },
    { "/companies/scroll", 1, 1, FAKE_STATUS, 502 },
    { "/tickets/search", 0, 1, FAKE_TRUNCATED },
    { "/tags", 0, 2, FAKE_DROP },
    { "/admins", 0, 1, FAKE_GZIP },
    { "/teams", 0, 1, FAKE_STATUS, 401 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (faults); i++)
    fake_server_add_fault (f->fake->server, &faults[i]);
  for (guint i = 0; i < 3; i++)
    {
      g_autoptr (GError) error = NULL;

      if (vendor_test_try (&f->test, NULL, &error))
        break;
      pass_time (f, 300);
    }
  fake_server_clear_faults (f->fake->server);
  bv_run_free (vendor_test_sync (&f->test));
  assert_truth (f);
}

/* What a run ends with, and what it says. */
static void
test_errors (Fixture *f, gconstpointer data)
{
  static const FakeFault no_tickets = { "/tickets/search", 0, 0, FAKE_STATUS, 403, NULL, NULL,
                                        "{\"type\":\"error.list\",\"request_id\":\"r-77\",\"errors\":[{\"code\":\"forbidden\",\"message\":\"You do not have tickets:read\"}]}" };
  static const FakeFault revoked = { "/conversations/search", 2, 0, FAKE_STATUS, 401, NULL, NULL,
                                     "{\"type\":\"error.list\",\"errors\":[{\"code\":\"unauthorized\",\"message\":\"Access Token Invalid\"}]}" };
  g_autoptr (GError) error = NULL;
  g_autoptr (BvRun) run = NULL;
  g_autoptr (GPtrArray) lines = NULL;
  g_autofree char *notes = NULL;

  fake_server_add_fault (f->fake->server, &no_tickets);
  g_assert_false (vendor_test_try (&f->test, &run, &error));
  g_assert_cmpint (run->status, ==, BV_RUN_PARTLY);
  notes = vendor_test_notes (run);
  g_assert_nonnull (strstr (notes, "tickets:read"));
  g_assert_nonnull (strstr (notes, "r-77"));
  vendor_assert (&f->test, "SELECT count(*) FROM intercom_conversations", "700\n");
  g_clear_error (&error);
  g_assert_false (bv_source_test (f->test.source, f->test.secrets, NULL, NULL, &error));
  g_assert_nonnull (strstr (error->message, "Tickets"));
  g_clear_error (&error);
  fake_server_clear_faults (f->fake->server);

  /* The token is revoked in the middle: what was read stays, and the next run goes on. */
  fake_server_add_fault (f->fake->server, &revoked);
  f->test.flags = BV_SYNC_RELOAD;
  g_clear_pointer (&run, bv_run_free);
  g_assert_false (vendor_test_try (&f->test, &run, &error));
  g_assert_error (error, BV_HTTP_ERROR, BV_HTTP_ERROR_UNAUTHORIZED);
  g_clear_error (&error);
  f->test.flags = 0;
  fake_server_clear_faults (f->fake->server);
  bv_run_free (vendor_test_sync (&f->test));
  assert_truth (f);

  /* Keys, regions, versions. */
  vendor_test_set (&f->test, "token", "wrong");
  g_assert_false (bv_source_test (f->test.source, f->test.secrets, NULL, NULL, &error));
  g_assert_nonnull (strstr (error->message, "region"));
  g_assert_null (strstr (error->message, "wrong"));
  g_clear_error (&error);
  vendor_test_set (&f->test, "token", f->fake->token);
  f->fake->region = "EU";
  g_assert_false (bv_source_test (f->test.source, f->test.secrets, NULL, NULL, &error));
  g_assert_nonnull (strstr (error->message, "eu"));
  g_clear_error (&error);
  f->fake->region = "US";
  vendor_test_set (&f->test, "version", "9.99");
  g_assert_false (bv_source_test (f->test.source, f->test.secrets, NULL, NULL, &error));
  g_assert_nonnull (strstr (error->message, "version"));
  g_clear_error (&error);
  vendor_test_set (&f->test, "version", "2.16");
  g_assert_true (bv_source_test (f->test.source, f->test.secrets, &lines, NULL, &error));
  g_assert_no_error (error);
  g_assert_cmpstr (lines->pdata[0], ==, "Workspace Jaffle, America/Los_Angeles");
}

/* --- Fields and messages ------------------------------------------------------------------------------------------------------------------------ */

static void
test_drift (Fixture *f, gconstpointer data)
{
  bv_run_free (vendor_test_sync (&f->test));
  f->fake->has_score = TRUE;
  pass_time (f, 3600);
  change_contact (f, 5, "new@example.com");
  bv_run_free (vendor_test_sync (&f->test));
  vendor_assert (&f->test, "SELECT count(*) > 0 FROM intercom_contacts WHERE score IS NOT NULL", "1\n");
  f->fake->plan_is_number = TRUE;
  pass_time (f, 3600);
  change_contact (f, 6, "newer@example.com");
  bv_run_free (vendor_test_sync (&f->test));
  vendor_assert (&f->test, "SELECT count(*) FROM intercom_contacts WHERE email = 'newer@example.com'", "1\n");
}

static void
test_parts (Fixture *f, gconstpointer data)
{
  guint n = 0;
  g_autofree char *expected = NULL;

  bv_source_choose (f->test.source, "conversation_parts", NULL);
  vendor_test_put (&f->test);
  bv_run_free (vendor_test_sync (&f->test));
  for (guint i = 0; i < f->fake->conversations->len; i++)
    n += g_array_index (f->fake->conversations, FakeConversation, i).n_parts;
  expected = g_strdup_printf ("%u|700\n", n);
  vendor_assert (&f->test, "SELECT count(*), count(DISTINCT conversation_id) FROM intercom_conversation_parts", expected);
  fake_server_clear_log (f->fake->server);
  pass_time (f, 7200);
  g_array_index (f->fake->conversations, FakeConversation, 9).n_parts += 2;
  g_array_index (f->fake->conversations, FakeConversation, 9).updated_at = fake_intercom_now (f->fake);
  fake_intercom_touch (f->fake);
  bv_run_free (vendor_test_sync (&f->test));
  g_assert_cmpuint (fake_server_count (f->fake->server, "/conversations/2154"), ==, 1);
  g_free (expected);
  expected = g_strdup_printf ("%u\n", n + 2);
  vendor_assert (&f->test, "SELECT count(*) FROM intercom_conversation_parts", expected);
}

/* Messages go with their conversation, and with no other; what was deleted before anybody looked for it is found as well. */
static void
test_deleted_parts (Fixture *f, gconstpointer data)
{
#define GONE "SELECT count(*), count(DISTINCT conversation_id), count(DISTINCT _deleted_at) FROM intercom_conversation_parts WHERE _deleted_at IS NOT NULL"
  FakeConversation *talks = (FakeConversation *) f->fake->conversations->data;
  static const FakeFault gone = { "GET /conversations/215400010", 0, 0, FAKE_STATUS, 404, NULL, NULL, "{\"type\":\"error.list\",\"errors\":[]}" };
  guint n = 0, n_talks = 0;
  g_autofree char *expected = NULL;

  bv_source_choose (f->test.source, "conversation_parts", NULL);
  vendor_test_put (&f->test);
  bv_run_free (vendor_test_sync (&f->test));
  /* Read once more, nothing is gone. */
  pass_time (f, 3600);
  f->test.flags = BV_SYNC_RELOAD;
  bv_run_free (vendor_test_sync (&f->test));
  f->test.flags = 0;
  vendor_assert (&f->test, GONE, "0|0|0\n");
  pass_time (f, 3600);
  for (guint i = 0; i < 130; i++)
    {
      talks[i * 5].deleted_at = fake_intercom_now (f->fake) - i * 1800;
      n += talks[i * 5].n_parts;
      n_talks += talks[i * 5].n_parts > 0;
    }
  bv_run_free (vendor_test_sync (&f->test));
  expected = g_strdup_printf ("%u|%u|%u\n", n, n_talks, n_talks);
  vendor_assert (&f->test, GONE, expected);

  /* It is deleted between the search and its turn, and the list of deleted ones does not have it yet. */
  pass_time (f, 7200);
  fake_server_clear_log (f->fake->server);
  fake_server_add_fault (f->fake->server, &gone);
  talks[9].updated_at = fake_intercom_now (f->fake);
  fake_intercom_touch (f->fake);
  bv_run_free (vendor_test_sync (&f->test));
  g_free (expected);
  expected = g_strdup_printf ("%u|%u|%u\n", n + talks[9].n_parts, n_talks + 1, n_talks + 1);
  vendor_assert (&f->test, GONE, expected);
  vendor_assert (&f->test, "SELECT DISTINCT conversation_id, _deleted_at IS NOT NULL FROM intercom_conversation_parts WHERE conversation_id = '215400010'",
                 "215400010|1\n");
  g_assert_cmpuint (fake_server_count (f->fake->server, "GET /conversations/deleted"), ==, 1);
#undef GONE
}

/* --- What a change costs -------------------------------------------------------------------------------------------------------------------------- */

static void
run_cost (guint contacts, guint conversations, guint share)
{
  Fixture f;
  guint first, then;
  gint64 begun = g_get_monotonic_time ();

  set_up_sized (&f, 5, contacts, 50, conversations);
  bv_run_free (vendor_test_sync (&f.test));
  first = fake_server_count (f.fake->server, "/search");
  g_assert_cmpuint (first, <=, conversations / 150 + contacts / 150 + conversations / 1500 + 5);
  g_test_message ("%u conversations: %u requests, %.1f s", conversations, fake_server_count (f.fake->server, NULL), (double) (g_get_monotonic_time () - begun) / 1e6);
  pass_time (&f, 3600);
  for (guint i = 0; i < conversations / share; i++)
    {
      FakeConversation *talk = &g_array_index (f.fake->conversations, FakeConversation, i * share);

      talk->state = (talk->state + 1) % 3;
      talk->updated_at = fake_intercom_now (f.fake) - i % 1000;
    }
  fake_intercom_touch (f.fake);
  fake_server_clear_log (f.fake->server);
  begun = g_get_monotonic_time ();
  {
    g_autoptr (BvRun) run = vendor_test_sync (&f.test);

    g_assert_cmpint (run->counts.changed, ==, conversations / share);
  }
  then = fake_server_count (f.fake->server, "/search");
  g_assert_cmpuint (then, <=, first / share + 6);
  g_test_message ("1 of %u changed: %u requests, %.1f s", share, fake_server_count (f.fake->server, NULL), (double) (g_get_monotonic_time () - begun) / 1e6);
  if (conversations <= 20000)
    assert_truth (&f);
  tear_down (&f, NULL);
}

static void
test_cost (void)
{
  run_cost (300, 3000, 100);
}

static void
test_many (void)
{
  if (g_getenv ("BV_LONG") == NULL)
    {
      g_test_skip ("BV_LONG is not set");
      return;
    }
  run_cost (20000, 300000, 100);
}

/* --- Random rounds --------------------------------------------------------------------------------------------------------------------------------- */

typedef struct
{
  Fixture *f;
  GRand *rand;
  gboolean active;
} Round;

static void
change_something (Fixture *f, GRand *rand)
{
  FakeIntercom *fake = f->fake;
  /* Two changes of a record within a second look the same from outside. */
  gint64 now = (f->test.fake.now += G_USEC_PER_SEC) / G_USEC_PER_SEC;
  FakeContact *contact = fake->contacts->pdata[g_rand_int_range (rand, 0, (gint32) fake->contacts->len)];
  FakeContact *other = fake->contacts->pdata[g_rand_int_range (rand, 0, (gint32) fake->contacts->len)];
  FakeConversation *talk = &g_array_index (fake->conversations, FakeConversation, g_rand_int_range (rand, 0, (gint32) fake->conversations->len));
  FakeTicket *ticket = &g_array_index (fake->tickets, FakeTicket, g_rand_int_range (rand, 0, (gint32) fake->tickets->len));
  FakeCompany *company = fake->companies->pdata[g_rand_int_range (rand, 0, (gint32) fake->companies->len)];
  guint number = (guint) g_rand_int_range (rand, 0, (gint32) fake->companies->len);

  switch (g_rand_int_range (rand, 0, 14))
    {
    case 0:
    case 1:
      fake_intercom_add_contact (fake, g_rand_boolean (rand) ? "user" : "lead", now);
      break;
    case 2:
    case 3:
      if (fake_contact_exists (contact))
        {
          g_free (contact->email);
          contact->email = g_strdup_printf ("m%u@example.com", g_rand_int (rand));
          contact->updated_at = now;
        }
      break;
    case 4:
      contact->deleted = contact->deleted || fake_contact_exists (contact);
      break;
    case 5:
      if (contact != other && fake_contact_exists (contact) && fake_contact_exists (other) && strcmp (other->role, "user") == 0)
        fake_intercom_merge (fake, contact, other);
      break;
    case 6:
      if (fake_contact_exists (contact))
        {
          if (contact->companies->len > 14 || g_rand_boolean (rand))
            g_array_set_size (contact->companies, 0);
          else
            {
              gboolean there = FALSE;

              for (guint i = 0; i < contact->companies->len; i++)
                there = there || g_array_index (contact->companies, guint, i) == number;
              if (!there)
                g_array_append_val (contact->companies, number);
            }
          contact->updated_at = now;
        }
      break;
    case 7:
    case 8:
      fake_intercom_add_conversation (fake, (guint) g_rand_int_range (rand, 0, (gint32) fake->contacts->len), now);
      break;
    case 9:
    case 10:
      if (talk->deleted_at == 0)
        {
          talk->state = (talk->state + 1) % 3;
          talk->rating = g_rand_int_range (rand, 0, 6);
          talk->updated_at = now;
        }
      break;
    case 11:
      if (talk->deleted_at == 0)
        talk->deleted_at = now;
      break;
    case 12:
      if (g_rand_boolean (rand))
        fake_intercom_add_company (fake, now);
      else if (g_rand_boolean (rand))
        company->size++;
      else
        company->deleted = TRUE;
      break;
    default:
      if (g_rand_boolean (rand))
        fake_intercom_add_ticket (fake, (guint) g_rand_int_range (rand, 0, (gint32) fake->contacts->len), now);
      else if (!ticket->deleted)
        {
          ticket->state = (ticket->state + 1) % 4;
          ticket->updated_at = now;
          ticket->deleted = g_rand_int_range (rand, 0, 4) == 0;
        }
      break;
    }
  fake_intercom_touch (fake);
}

static void
on_request (FakeIntercom *fake, gpointer data)
{
  Round *round = data;

  if (round->active && g_rand_int_range (round->rand, 0, 4) == 0)
    change_something (round->f, round->rand);
}

static void
random_fault (Fixture *f, GRand *rand)
{
  static const char *const places[] = { "/contacts/search", "/conversations/search", "/companies/scroll", "/conversations/deleted", "/tickets/search", "GET /t", NULL };
  FakeFault fault = { places[g_rand_int_range (rand, 0, G_N_ELEMENTS (places))], (guint) g_rand_int_range (rand, 0, 4), (guint) g_rand_int_range (rand, 1, 4) };

  switch (g_rand_int_range (rand, 0, 7))
    {
    case 0:
      fault.status = 429;
      break;
    case 1:
      fault.status = 500;
      break;
    case 2:
      fault.status = 503;
      fault.retry_after = "7";
      break;
    case 3:
      fault.kind = FAKE_DROP;
      break;
    case 4:
      fault.kind = FAKE_TRUNCATED;
      break;
    case 5:
      fault.kind = FAKE_LATE;
      break;
    default:
      fault.status = 401;
      fault.times = 1;
      break;
    }
  fake_server_add_fault (f->fake->server, &fault);
}

static void
run_round (guint64 seed)
{
  g_autoptr (GRand) rand = g_rand_new_with_seed ((guint32) seed);
  Fixture f;
  Round round = { &f, rand, FALSE };

  g_test_message ("seed %" G_GUINT64_FORMAT, seed);
  set_up_sized (&f, seed, 170, 40, 190);
  f.fake->scroll_page = 10;
  f.fake->zone = g_rand_int_range (rand, -11, 13) * 3600;
  f.fake->lag = g_rand_boolean (rand) ? 0 : g_rand_int_range (rand, 0, 300);
  f.fake->between = on_request;
  f.fake->between_data = &round;
  for (int i = g_rand_int_range (rand, 2, 6); i > 0; i--)
    {
      g_autoptr (GError) error = NULL;

      fake_server_lock (f.fake->server);
      for (int k = g_rand_int_range (rand, 0, 30); k > 0; k--)
        {
          change_something (&f, rand);
          pass_time (&f, g_rand_int_range (rand, 0, 40));
        }
      if (g_rand_int_range (rand, 0, 4) == 0)
        f.fake->break_scroll_after = (guint) g_rand_int_range (rand, 1, 4);
      fake_server_unlock (f.fake->server);
      round.active = g_rand_boolean (rand);
      for (int k = g_rand_int_range (rand, 0, 3); k > 0; k--)
        random_fault (&f, rand);
      f.test.max_pages = g_rand_boolean (rand) ? (guint) g_rand_int_range (rand, 1, 60) : 0;
      f.test.flags = g_rand_int_range (rand, 0, 8) == 0 ? BV_SYNC_RELOAD : 0;
      vendor_test_try (&f.test, NULL, &error);
      if (f.test.max_pages != 0 && g_rand_boolean (rand))
        {
          /* As after a kill: another process opens the project. */
          g_autofree char *path = g_strdup (bv_project_get_path (f.test.project));

          bv_project_unref (f.test.project);
          f.test.project = bv_project_open (path, 0, NULL);
          g_assert_nonnull (f.test.project);
        }
      pass_time (&f, g_rand_int_range (rand, 0, 2) == 0 ? 30 : g_rand_int_range (rand, 60, 100000));
      fake_server_clear_faults (f.fake->server);
    }
  /* It gets quiet: what was left off is brought to its end, and then a whole sync with all that a day does. */
  round.active = FALSE;
  f.fake->break_scroll_after = 0;
  f.test.max_pages = 0;
  f.test.flags = 0;
  for (int i = 0; i < 2; i++)
    {
      pass_time (&f, 26 * 3600);
      bv_run_free (vendor_test_sync (&f.test));
    }
  assert_truth (&f);
  tear_down (&f, NULL);
}

static void
test_random (void)
{
  const char *seed = g_getenv ("BV_SEED"), *rounds = g_getenv ("BV_LONG");
  guint64 first = seed != NULL ? g_ascii_strtoull (seed, NULL, 10) : 1;
  guint n = rounds != NULL ? MAX (10, (guint) atoi (rounds) / 100) : 4;

  for (guint i = 0; i < n; i++)
    run_round (first + i);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
#define ADD(path, func) g_test_add ("/intercom/" path, Fixture, NULL, set_up, func, tear_down)
  ADD ("load", test_load);
  ADD ("day", test_day);
  ADD ("lag", test_lag);
  ADD ("clock-skew", test_clock_skew);
  ADD ("deleted", test_deleted);
  ADD ("merged", test_merged);
  ADD ("scroll/broken", test_scroll_broken);
  ADD ("scroll/expired", test_scroll_expired);
  ADD ("scroll/none", test_no_companies);
  ADD ("faults", test_faults);
  ADD ("errors", test_errors);
  ADD ("drift", test_drift);
  ADD ("parts", test_parts);
  ADD ("deleted-parts", test_deleted_parts);
#undef ADD
  g_test_add_func ("/intercom/cost", test_cost);
  g_test_add_func ("/intercom/many", test_many);
  g_test_add_func ("/intercom/random", test_random);
  return g_test_run ();
}
