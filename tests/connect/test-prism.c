/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Every request of the HubSpot kind, and every answer of its fake, before a referee: Prism as a proxy that refuses what its contract does
 * not allow. Because Prism checks nothing where it does not understand a contract, one bad request per operation must be refused first.
 *
 * Skips without Prism (build-aux/check installs it into the build folder) and without the contracts.
 */
#include "sync-test.h"

#include <gio/gio.h>
#include <string.h>

static char *
find_prism (void)
{
  g_autofree char *near = g_build_filename (g_getenv ("BV_BUILD") != NULL ? g_getenv ("BV_BUILD") : "", "prism/node_modules/.bin/prism", NULL);

  return g_file_test (near, G_FILE_TEST_IS_EXECUTABLE) ? g_steal_pointer (&near) : g_find_program_in_path ("prism");
}

/* A port that was free a moment ago: Prism takes no "any". */
static guint16
free_port (void)
{
  g_autoptr (GSocketListener) listener = g_socket_listener_new ();
  guint16 port = g_socket_listener_add_any_inet_port (listener, NULL, NULL);

  g_socket_listener_close (listener);
  return port;
}

static guint
ask (const char *method, const char *base, const char *path, const char *token, const char *body)
{
  g_autoptr (SoupSession) session = soup_session_new ();
  g_autofree char *url = g_strconcat (base, path, NULL);
  g_autoptr (SoupMessage) message = soup_message_new (method, url);
  g_autoptr (GBytes) answer = NULL;

  if (token != NULL)
    soup_message_headers_append (soup_message_get_request_headers (message), "Authorization", token);
  if (body != NULL)
    {
      g_autoptr (GBytes) bytes = g_bytes_new (body, strlen (body));

      soup_message_set_request_body_from_bytes (message, "application/json", bytes);
    }
  answer = soup_session_send_and_read (session, message, NULL, NULL);
  return answer != NULL ? soup_message_get_status (message) : 0;
}

static GSubprocess *
start_prism (const char *prism, const char *contract, const char *upstream, char **url, GError **error)
{
  for (int i = 0; i < 3; i++)
    {
      g_autofree char *port = g_strdup_printf ("%u", free_port ());
      g_autoptr (GSubprocess) process = g_subprocess_new (G_SUBPROCESS_FLAGS_STDOUT_SILENCE | G_SUBPROCESS_FLAGS_STDERR_SILENCE, error, prism, "proxy",
                                                          "-h", "127.0.0.1", "-p", port, "--errors", contract, upstream, NULL);

      if (process == NULL)
        return NULL;
      g_free (*url);
      *url = g_strdup_printf ("http://127.0.0.1:%s", port);
      /* Until it listens, or has ended because the port was taken. */
      while (g_subprocess_get_identifier (process) != NULL)
        {
          if (ask ("GET", *url, "/", NULL, NULL) != 0)
            return g_steal_pointer (&process);
          g_usleep (100000);
          g_main_context_iteration (NULL, FALSE);
        }
    }
  g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_FAILED, "Prism did not start");
  return NULL;
}

static void
test_contract (SyncTest *t, gconstpointer data)
{
  gboolean legacy = strcmp (data, "v3") == 0;
  const struct { const char *method, *dated, *legacy, *body; } bad[] = {
    { "GET", "/crm/objects/2026-09/contacts?limit=1000", "/crm/v3/objects/contacts?limit=1000", NULL },
    { "POST", "/crm/objects/2026-09/contacts/search", "/crm/v3/objects/contacts/search", "{\"limit\":500}" },
    { "POST", "/crm/objects/2026-09/contacts/batch/read", "/crm/v3/objects/contacts/batch/read", "{\"inputs\":[]}" },
    { "POST", "/crm/associations/2026-09/deals/contacts/batch/read", "/crm/v4/associations/deals/contacts/batch/read", "{\"ids\":[1]}" },
    { "GET", "/crm/owners/2026-09?limit=100000", "/crm/v3/owners?limit=100000", NULL },
    { "POST", "/crm/pipelines/2026-09/deals", "/crm/v3/pipelines/deals", "{}" },
    { "GET", "/crm/properties/2026-09/contacts?archived=perhaps", "/crm/v3/properties/contacts?archived=perhaps", NULL },
    { "GET", "/crm-object-schemas/2026-09/schemas?archived=perhaps", "/crm/v3/schemas?archived=perhaps", NULL },
    { "POST", "/account-info/2026-09/details", "/account-info/v3/details", "{}" },
  };
  static const char *const streams[] = { "companies", "contacts", "deals", "tickets", "owners", "pipelines/deals", "pipelines/tickets", "history/deals",
                                         "history/contacts" };
  const char *shared = g_getenv ("BV_SHARED");
  g_autofree char *prism = find_prism ();
  g_autofree char *file = g_strdup_printf ("hubspot-import-%s.openapi.json", (const char *) data);
  g_autofree char *contract = shared != NULL ? g_build_filename (shared, "contracts", "hubspot", file, NULL) : NULL;
  g_autoptr (GSubprocess) process = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *url = NULL;
  FakeRecord *deal, *contact;

  if (prism == NULL || contract == NULL || !g_file_test (contract, G_FILE_TEST_EXISTS))
    {
      g_test_skip ("no Prism, or no contracts");
      return;
    }
  process = start_prism (prism, contract, fake_server_url (t->hubspot->server), &url, &error);
  g_assert_no_error (error);
  for (guint i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      guint status = ask (bad[i].method, url, legacy ? bad[i].legacy : bad[i].dated, "Bearer " FAKE_TOKEN, bad[i].body);

      g_test_message ("%s %s: %u", bad[i].method, legacy ? bad[i].legacy : bad[i].dated, status);
      g_assert_cmpuint (status, >=, 400);
      g_assert_cmpuint (status, <, 500);
    }
  /* Refused by Prism, not by the fake behind it. */
  g_assert_cmpuint (fake_server_count (t->hubspot->server, NULL), ==, 0);
  g_assert_cmpuint (ask ("GET", url, legacy ? "/crm/v3/objects/contacts" : "/crm/objects/2026-09/contacts", NULL, NULL), ==, 401);

  g_assert_true (bv_source_set_setting (t->source, "url", url, &error));
  g_assert_true (bv_source_set_setting (t->source, "version", data, &error));
  for (guint i = 0; i < G_N_ELEMENTS (streams); i++)
    bv_source_choose (t->source, streams[i], NULL);
  for (int i = 0; i < 120; i++)
    {
      contact = fake_hubspot_add (t->hubspot, "contacts");
      fake_hubspot_set (t->hubspot, "contacts", contact, "email", "a@example.org");
    }
  deal = fake_hubspot_add (t->hubspot, "deals");
  fake_hubspot_set (t->hubspot, "deals", deal, "dealname", "One");
  fake_hubspot_set (t->hubspot, "deals", deal, "dealstage", "open");
  fake_hubspot_link (t->hubspot, "deals", deal->id, "contacts", contact->id, "Primary");
  sync_test_sync_ok (t, 0);
  t->time.now += 3600 * (gint64) G_USEC_PER_SEC;
  fake_hubspot_set (t->hubspot, "contacts", contact, "firstname", "Ada");
  fake_hubspot_set (t->hubspot, "deals", deal, "dealstage", "closedwon");
  fake_hubspot_archive (t->hubspot, "contacts", fake_hubspot_find (t->hubspot, "contacts", 101));
  t->time.now += 3600 * (gint64) G_USEC_PER_SEC;
  sync_test_sync_ok (t, BV_SYNC_SWEEP | BV_SYNC_LINKS);
  assert_true_to_fake (t);
  {
    g_autoptr (GPtrArray) lines = NULL;

    g_assert_true (bv_source_test (t->source, t->secrets, &lines, NULL, &error));
    g_assert_cmpuint (lines->len, ==, 5);
    g_assert_cmpstr (lines->pdata[0], ==, "Account 12345, Europe/Paris, EUR");
  }
  g_subprocess_force_exit (process);
  g_subprocess_wait (process, NULL, NULL);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add ("/connect/prism/dated", SyncTest, "2026-09", sync_test_set_up, test_contract, sync_test_tear_down);
  if (g_getenv ("BV_LONG") != NULL)
    g_test_add ("/connect/prism/legacy", SyncTest, "v3", sync_test_set_up, test_contract, sync_test_tear_down);
  return g_test_run ();
}
