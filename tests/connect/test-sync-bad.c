/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Bad input in the middle of a load: what is said, what stays, and that the next sync goes on from there.
 *
 * Each case strikes every request for contacts after the first page. The message must name who did what, and what to do; the page before must
 * be in its table; and when the fault is gone, the next sync must bring the rest without reading that page again.
 */
#include "sync-test.h"

#include <string.h>

#define PAGE 100
#define N_CONTACTS 300

typedef struct
{
  const char *name;
  FakeFault fault;
  const char *what, *what_to_do; /* parts of the message */
} Case;

#define MATCH "/objects/2026-09/contacts?"

static const Case cases[] = {
  { "malformed JSON", { MATCH, 1, 0, FAKE_TRUNCATED }, "no valid JSON (line 1, character ", "sync again later" },
  { "a web page", { MATCH, 1, 0, FAKE_STATUS, 200, NULL, NULL, "<!DOCTYPE html><html><body>Please log in</body></html>" }, "a web page instead of data", "check the address" },
  { "empty answer", { MATCH, 1, 0, FAKE_STATUS, 200, NULL, NULL, "" }, "an empty answer", "sync again later" },
  { "another form", { MATCH, 1, 0, FAKE_STATUS, 200, NULL, NULL, "[1, 2]" }, "of another form", "sync again later" },
  { "no records", { MATCH, 1, 0, FAKE_STATUS, 200, NULL, NULL, "{\"results\":5}" }, "of another form", "sync again later" },
  { "no text", { MATCH, 1, 0, FAKE_STATUS, 200, NULL, NULL, "{\"results\":[{\"id\":\"\xff\xfe\"}]}" }, "not valid text",
    "sync again later" },
  { "huge page", { MATCH, 1, 0, FAKE_STATUS, 200 }, "it is said to be 2.0", "choose fewer fields" },
  { "ten times its length", { MATCH, 1, 0, FAKE_LONG }, "no valid JSON", "sync again later" },
  { "half a body", { MATCH, 1, 0, FAKE_CUT }, "broke off", "it goes on from here" },
  { "no answer", { MATCH, 1, 0, FAKE_DROP }, "broke off", "it goes on from here" },
  { "one byte at a time", { MATCH, 1, 0, FAKE_DRIP }, "too slowly", "it goes on from here" },
  { "wrong key", { MATCH, 1, 0, FAKE_STATUS, 401 }, "does not accept the key", "enter a valid one" },
  { "missing scope", { MATCH, 1, 0, FAKE_STATUS, 403, NULL, NULL,
                       "{\"status\":\"error\",\"message\":\"m\",\"category\":\"MISSING_SCOPES\",\"errors\":[{\"message\":\"m\",\"context\":{"
                       "\"requiredGranularScopes\":[\"crm.objects.contacts.read\"]}}]}" }, "missing scope: crm.objects.contacts.read", "give the key what it lacks" },
  { "refused", { MATCH, 1, 0, FAKE_STATUS, 400 }, "refused a request (400, injected; correlation id c-1)", "check the settings" },
  { "too many requests", { MATCH, 1, 0, FAKE_STATUS, 429 }, "asks to wait", "sync again later" },
  { "overload", { MATCH, 1, 0, FAKE_STATUS, 503 }, "asks to wait", "it goes on from here" },
  { "fault", { MATCH, 1, 0, FAKE_STATUS, 500 }, "has a fault", "it goes on from here" },
  { "without end", { MATCH, 1, 0, FAKE_STATUS, 200, NULL, NULL,
                     "{\"results\":[{\"id\":\"102\",\"properties\":{\"email\":\"x\"},\"createdAt\":\"2026-01-01T00:00:00Z\",\"updatedAt\":"
                     "\"2026-01-01T00:00:00Z\",\"archived\":false}],\"paging\":{\"next\":{\"after\":\"102\"}}}" }, "without an end", "report it to the vendor" },
};

static gboolean
sync_now (SyncTest *t, gboolean patient, GError **error)
{
  const BvHttpLimits limits = { .grace_us = patient ? 20 * G_USEC_PER_SEC : G_USEC_PER_SEC / 2, .max_body = 1000000 };
  const BvSyncOptions options = { .clock = &t->clock, .limits = &limits, .secrets = t->secrets };

  return bv_source_sync (t->project, t->source, &options, NULL, NULL, NULL, &t->run, error);
}

static void
test_case (SyncTest *t, gconstpointer data)
{
  const Case *c = data;
  g_autoptr (GError) error = NULL;
  g_autofree char *rows = NULL;
  g_autofree char *blanks = NULL;
  FakeFault fault = c->fault;
  gboolean endless = strcmp (c->name, "without end") == 0;

  bv_source_choose (t->source, "contacts", NULL);
  for (int i = 0; i < N_CONTACTS; i++)
    fake_hubspot_set (t->hubspot, "contacts", fake_hubspot_add (t->hubspot, "contacts"), "email", "a@example.org");
  if (strcmp (c->name, "huge page") == 0)
    fault.body = blanks = g_strnfill (2000000, ' ');
  fake_server_add_fault (t->hubspot->server, &fault);
  g_assert_false (sync_now (t, c->fault.kind != FAKE_DRIP, &error));
  g_test_message ("%s", error->message);
  if (strstr (error->message, c->what) == NULL || strstr (error->message, c->what_to_do) == NULL)
    g_error ("“%s” lacks “%s” or “%s”", error->message, c->what, c->what_to_do);
  g_assert_false (g_str_has_suffix (error->message, "."));
  g_assert_null (strstr (error->message, FAKE_TOKEN));
  rows = sync_test_query (t, "SELECT count(*) FROM hubspot_contacts");
  g_assert_cmpstr (rows, ==, endless ? "101" : "100");

  fake_server_clear_faults (t->hubspot->server);
  fake_server_clear_log (t->hubspot->server);
  g_clear_error (&error);
  if (endless)
    return;
  g_assert_true (sync_now (t, TRUE, &error));
  g_assert_no_error (error);
  assert_true_to_fake (t);
  /* The two pages that were missing, and the last page's empty follower; the list of the archived is another. */
  {
    g_autofree char *first = fake_server_nth (t->hubspot->server, "GET " "/crm" MATCH, 0);

    g_assert_nonnull (strstr (first, "after=200"));
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *path = g_strdup_printf ("/connect/sync-bad/%s", cases[i].name);

      g_strdelimit (path, " ", '-');
      g_test_add (path, SyncTest, &cases[i], sync_test_set_up, test_case, sync_test_tear_down);
    }
  return g_test_run ();
}
