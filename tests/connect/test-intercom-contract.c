/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Every request that the kind "intercom" sends, and every answer of the fake, against Intercom's published contract.
 *
 * A sync runs through "prism proxy --errors", which refuses what violates the contract. For each operation one bad request shows that the
 * referee is awake. Runs where BV_PRISM names Prism's program and BV_SHARED/contracts is there; else it skips.
 */
#include "fake-intercom.h"
#include "vendor-test.h"

#include <gio/gio.h>
#include <netinet/in.h>
#include <signal.h>
#include <sys/prctl.h>

typedef struct
{
  VendorTest test;
  FakeIntercom *fake;
  GSubprocess *prism;
  char *url;
} Fixture;

/* Violations are wanted. */
static gboolean refusing;

/* Prism must not outlive a test that is aborted. */
static void
die_with_parent (gpointer data)
{
  prctl (PR_SET_PDEATHSIG, SIGKILL);
}

/* A port that was free a moment ago. */
static guint16
free_port (void)
{
  g_autoptr (GSocket) socket = g_socket_new (G_SOCKET_FAMILY_IPV4, G_SOCKET_TYPE_STREAM, G_SOCKET_PROTOCOL_TCP, NULL);
  g_autoptr (GInetAddress) loopback = g_inet_address_new_loopback (G_SOCKET_FAMILY_IPV4);
  g_autoptr (GSocketAddress) address = g_inet_socket_address_new (loopback, 0);
  g_autoptr (GSocketAddress) bound = NULL;

  g_assert_true (g_socket_bind (socket, address, FALSE, NULL));
  bound = g_socket_get_local_address (socket, NULL);
  return g_inet_socket_address_get_port (G_INET_SOCKET_ADDRESS (bound));
}

/* Starts the referee and waits for the line that says so. */
static gboolean
start_prism (Fixture *f)
{
  const char *program = g_getenv ("BV_PRISM"), *shared = g_getenv ("BV_SHARED");
  g_autofree char *contract = g_build_filename (shared != NULL ? shared : "", "contracts/intercom/intercom-import-2.16.openapi.json", NULL);
  g_autofree char *port = NULL;
  g_autoptr (GSubprocessLauncher) launcher = NULL;
  g_autoptr (GDataInputStream) lines = NULL;
  g_autoptr (GError) error = NULL;
  char *line;

  if (program == NULL || *program == '\0' || !g_file_test (contract, G_FILE_TEST_EXISTS))
    return FALSE;
  port = g_strdup_printf ("%u", free_port ());
  launcher = g_subprocess_launcher_new (G_SUBPROCESS_FLAGS_STDOUT_PIPE | G_SUBPROCESS_FLAGS_STDERR_MERGE);
  g_subprocess_launcher_set_child_setup (launcher, die_with_parent, NULL, NULL);
  f->prism = g_subprocess_launcher_spawn (launcher, &error, program, "proxy", "--errors", "-h", "127.0.0.1", "-p", port, contract,
                                          fake_server_url (f->fake->server), NULL);
  g_assert_no_error (error);
  f->url = g_strdup_printf ("http://127.0.0.1:%s", port);
  lines = g_data_input_stream_new (g_subprocess_get_stdout_pipe (f->prism));
  g_filter_input_stream_set_close_base_stream (G_FILTER_INPUT_STREAM (lines), FALSE);
  while ((line = g_data_input_stream_read_line (lines, NULL, NULL, NULL)) != NULL)
    {
      gboolean ready = strstr (line, "listening") != NULL;

      g_free (line);
      if (ready)
        return TRUE;
    }
  g_error ("prism did not start");
}

/* What Prism says must not fill its pipe; violations are told. */
static gpointer
drain (gpointer data)
{
  g_autoptr (GDataInputStream) lines = g_data_input_stream_new (data);
  char *line;

  g_filter_input_stream_set_close_base_stream (G_FILTER_INPUT_STREAM (lines), FALSE);
  while ((line = g_data_input_stream_read_line (lines, NULL, NULL, NULL)) != NULL)
    {
      if (strstr (line, "iolation") != NULL && !refusing)
        g_test_message ("%s", line);
      g_free (line);
    }
  return NULL;
}

static void
test_sync (Fixture *f)
{
  vendor_test_set (&f->test, "base_url", f->url);
  bv_source_choose (f->test.source, "contacts", NULL);
  for (const char *const *name = (const char *const[]){ "companies", "conversations", "conversation_parts", "tickets", "ticket_types", "admins", "teams", "tags",
                                                        "segments", "data_attributes", NULL }; *name != NULL; name++)
    bv_source_choose (f->test.source, *name, NULL);
  vendor_test_put (&f->test);
  bv_run_free (vendor_test_sync (&f->test));
  f->test.fake.now += 26 * 3600 * (gint64) G_USEC_PER_SEC;
  g_array_index (f->fake->conversations, FakeConversation, 3).deleted_at = fake_intercom_now (f->fake);
  fake_intercom_merge (f->fake, f->fake->contacts->pdata[3], f->fake->contacts->pdata[8]);
  f->test.flags = BV_SYNC_LINKS;
  bv_run_free (vendor_test_sync (&f->test));
  vendor_assert (&f->test, "SELECT count(*) FROM intercom_conversations WHERE _deleted_at IS NULL", "59\n");
  {
    g_autoptr (GError) error = NULL;

    g_assert_true (bv_source_test (f->test.source, f->test.secrets, NULL, NULL, &error));
    g_assert_no_error (error);
  }
}

/* One bad request for each operation: the referee must refuse it. */
static void
test_refused (Fixture *f)
{
  static const struct { const char *method, *path, *body; gboolean token; } bad[] = {
    { "GET", "/me", NULL, FALSE },
    { "GET", "/admins", NULL, FALSE },
    { "GET", "/teams", NULL, FALSE },
    { "GET", "/tags", NULL, FALSE },
    { "GET", "/segments", NULL, FALSE },
    { "GET", "/ticket_types", NULL, FALSE },
    { "GET", "/conversations/attributes", NULL, FALSE },
    { "GET", "/companies/scroll", NULL, FALSE },
    { "GET", "/companies?per_page=many", NULL, TRUE },
    { "GET", "/data_attributes?model=ticket", NULL, TRUE },
    { "GET", "/conversations/deleted?per_page=61", NULL, TRUE },
    { "GET", "/conversations/abc", NULL, TRUE },
    { "GET", "/contacts/x/companies", NULL, FALSE },
    { "POST", "/contacts/search", "{}", TRUE },
    { "POST", "/contacts/search", "{\"query\":{\"field\":\"updated_at\",\"operator\":\"GTE\",\"value\":1}}", TRUE },
    { "POST", "/conversations/search", "{\"query\":{\"field\":\"updated_at\"}}", TRUE },
    { "POST", "/tickets/search", "{\"query\":{\"field\":\"updated_at\",\"operator\":\">\",\"value\":1},\"sort\":{\"order\":\"up\"}}", TRUE },
  };
  g_autoptr (SoupSession) session = soup_session_new ();

  for (guint i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      g_autofree char *url = g_strconcat (f->url, bad[i].path, NULL);
      g_autoptr (SoupMessage) message = soup_message_new (bad[i].method, url);
      g_autofree char *bearer = g_strdup_printf ("Bearer %s", f->fake->token);
      g_autoptr (GBytes) answer = NULL;
      guint before = fake_server_count (f->fake->server, NULL);

      soup_message_add_flags (message, SOUP_MESSAGE_NEW_CONNECTION);
      soup_message_headers_append (soup_message_get_request_headers (message), "Intercom-Version", "2.16");
      if (bad[i].token)
        soup_message_headers_append (soup_message_get_request_headers (message), "Authorization", bearer);
      if (bad[i].body != NULL)
        {
          g_autoptr (GBytes) body = g_bytes_new_static (bad[i].body, strlen (bad[i].body));

          soup_message_set_request_body_from_bytes (message, "application/json", body);
        }
      answer = soup_session_send_and_read (session, message, NULL, NULL);
      if (soup_message_get_status (message) < 400 || fake_server_count (f->fake->server, NULL) != before)
        g_error ("the contract does not refuse %s %s %s", bad[i].method, bad[i].path, bad[i].body != NULL ? bad[i].body : "");
    }
}

static void
test_contract (void)
{
  Fixture f = { 0 };
  g_autoptr (GThread) drainer = NULL;

  vendor_test_init (&f.test, "intercom", "intercom");
  f.fake = fake_intercom_new (&f.test.fake, 1, 60, 30, 60);
  vendor_test_set (&f.test, "token", f.fake->token);
  if (!start_prism (&f))
    g_test_skip ("BV_PRISM or the contract is not here");
  else
    {
      drainer = g_thread_new ("drain", drain, g_subprocess_get_stdout_pipe (f.prism));
      test_sync (&f);
      refusing = TRUE;
      test_refused (&f);
      g_subprocess_send_signal (f.prism, SIGTERM);
      g_subprocess_wait (f.prism, NULL, NULL);
      g_thread_join (g_steal_pointer (&drainer));
    }
  g_clear_object (&f.prism);
  g_free (f.url);
  vendor_test_clear (&f.test);
  fake_intercom_free (f.fake);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/intercom/contract", test_contract);
  return g_test_run ();
}
