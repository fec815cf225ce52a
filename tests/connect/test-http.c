/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The HTTP client against a server with every fault: what is repeated, how long is waited, what is said, what is never said. */
#include "fake-server.h"

#include "bv-http.h"
#include "bv-source.h"

#include <string.h>

#define SECRET "sk-very-secret-1234"

typedef struct
{
  FakeServer *server;
  FakeServer *other;
  FakeClock time;
  BvClock clock;
  BvHttp *http;
  char *redirect;       /* (nullable) */
  char *authorization;  /* of the last request, at the other server */
  guint n_other;
  guint n_filler;       /* before the secret in a long message */
} Fixture;

static void
answer (FakeServer *server, const FakeRequest *request, FakeReply *reply, gpointer data)
{
  Fixture *f = data;

  if (f->redirect != NULL && strcmp (request->path, "/redirect") == 0)
    {
      reply->status = 307;
      soup_message_headers_append (reply->headers, "Location", f->redirect);
    }
  else if (strcmp (request->path, "/garbage") == 0)
    fake_reply_text (reply, 200, "{\"a\": 1,\n \"b\": oops}");
  else if (strcmp (request->path, "/deep") == 0)
    {
      reply->status = 200;
      for (int i = 0; i < 200000; i++)
        g_string_append_c (reply->body, '[');
    }
  else if (strcmp (request->path, "/echo-short") == 0)
    fake_reply_text (reply, 400, "{\"message\":\"not now: no is no key\"}");
  else if (strcmp (request->path, "/echo-secret") == 0)
    fake_reply_text (reply, 400, "{\"message\":\"the token " SECRET " is bad\"}");
  else if (strcmp (request->path, "/echo-long") == 0)
    {
      g_autofree char *filler = g_strnfill (f->n_filler, 'x');
      g_autofree char *text = g_strconcat ("{\"message\":\"", filler, SECRET, "\"}", NULL);

      fake_reply_text (reply, 400, text);
    }
  else if (strcmp (request->path, "/limited") == 0 && f->n_other++ == 0)
    {
      soup_message_headers_replace (reply->headers, "Date", "Thu, 01 Jan 2026 00:00:00 GMT");
      soup_message_headers_append (reply->headers, "X-RateLimit-Reset", "1767225640");
      fake_reply_text (reply, 429, "{}");
    }
  else if (strcmp (request->path, "/echo-query") == 0)
    {
      g_autofree char *text = g_strdup_printf ("{\"message\":\"no such page: /v1?key=%s, %s\"}", "a%20key%2F1%3D", fake_request_query (request, "key"));

      fake_reply_text (reply, 400, text);
    }
  else
    fake_reply_text (reply, 200, "{\"results\":[1,2,3,4,5,6,7,8,9,10],\"more\":\"and so on and so on\"}");
}

static void
answer_other (FakeServer *server, const FakeRequest *request, FakeReply *reply, gpointer data)
{
  Fixture *f = data;

  f->n_other++;
  g_free (f->authorization);
  f->authorization = g_strdup (soup_message_headers_get_one (request->headers, "Authorization"));
  fake_reply_text (reply, 200, "{}");
}

static char *
explain (const BvHttpAnswer *given, gpointer data)
{
  return given->json != NULL && JSON_NODE_HOLDS_OBJECT (given->json)
           ? g_strdup (json_object_get_string_member_with_default (json_node_get_object (given->json), "message", NULL)) : NULL;
}

static void
set_up (Fixture *f, gconstpointer data)
{
  BvHttpLimits limits = { .grace_us = data != NULL ? 120000 : 20 * G_USEC_PER_SEC, .max_body = 4 << 20 };
  BvHttpPolicy policy = { .vendor = "Vendor", .reset_header = "X-RateLimit-Reset", .remaining_header = "X-RateLimit-Remaining",
                          .limit_header = "X-RateLimit-Limit", .window_ms_header = "X-RateLimit-Window", .explain = explain };

  f->server = fake_server_new (answer, f);
  f->other = fake_server_new (answer_other, f);
  f->time = (FakeClock){ .now = G_GINT64_CONSTANT (1780000000000000), .seed = 3 };
  f->clock = fake_clock (&f->time);
  f->http = bv_http_new (&f->clock, &limits);
  bv_http_set_policy (f->http, &policy);
}

static void
tear_down (Fixture *f, gconstpointer data)
{
  bv_http_free (f->http);
  fake_server_free (f->server);
  fake_server_free (f->other);
  g_free (f->redirect);
  g_free (f->authorization);
}

static gboolean
get (Fixture *f, const char *path, GError **error)
{
  g_autofree char *url = g_strconcat (fake_server_url (f->server), path, NULL);
  g_autoptr (BvHttpRequest) request = bv_http_request_new ("GET", url);
  g_autoptr (JsonNode) node = NULL;

  bv_http_request_set_bearer (request, SECRET);
  node = bv_http_send_json (f->http, request, NULL, NULL, error);
  g_assert_true (error == NULL || *error == NULL || strstr ((*error)->message, SECRET) == NULL);
  return node != NULL;
}

/* Which statuses are repeated, how often, and what they become. */
static void
test_statuses (Fixture *f, gconstpointer data)
{
  static const struct { guint status; guint n_requests; int code; } cases[] = {
    { 400, 1, BV_HTTP_ERROR_REFUSED }, { 401, 2, BV_HTTP_ERROR_UNAUTHORIZED }, { 403, 1, BV_HTTP_ERROR_FORBIDDEN },
    { 404, 1, BV_HTTP_ERROR_NOT_FOUND }, { 409, 1, BV_HTTP_ERROR_REFUSED }, { 414, 1, BV_HTTP_ERROR_REFUSED },
    { 422, 1, BV_HTTP_ERROR_REFUSED }, { 429, 8, BV_HTTP_ERROR_BUSY }, { 503, 8, BV_HTTP_ERROR_BUSY }, { 500, 5, BV_HTTP_ERROR_SERVER },
    { 502, 5, BV_HTTP_ERROR_SERVER }, { 504, 5, BV_HTTP_ERROR_SERVER },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      FakeFault fault = { NULL, 0, 0, FAKE_STATUS, cases[i].status };
      g_autoptr (GError) error = NULL;

      fake_server_clear_faults (f->server);
      fake_server_clear_log (f->server);
      fake_server_add_fault (f->server, &fault);
      g_assert_false (get (f, "/", &error));
      g_assert_error (error, BV_HTTP_ERROR, cases[i].code);
      g_assert_cmpuint (fake_server_count (f->server, NULL), ==, cases[i].n_requests);
    }
}

static void
test_waits (Fixture *f, gconstpointer data)
{
  FakeFault seconds = { NULL, 0, 2, FAKE_STATUS, 429, "7" };
  FakeFault date = { NULL, 0, 1, FAKE_STATUS, 503, "Thu, 01 Jan 2026 00:00:20 GMT", "Date: Thu, 01 Jan 2026 00:00:08 GMT" };
  FakeFault reset = { NULL, 0, 1, FAKE_STATUS, 429, NULL, "X-RateLimit-Reset: 1e300" };
  FakeFault none = { NULL, 0, 7, FAKE_STATUS, 429 };
  FakeFault far_off = { NULL, 0, 0, FAKE_STATUS, 429, "3600" };
  g_autoptr (GError) error = NULL;
  BvHttpCounts counts;

  fake_server_add_fault (f->server, &seconds);
  g_assert_true (get (f, "/", &error));
  g_assert_cmpint (f->time.slept, ==, 14 * G_USEC_PER_SEC);
  bv_http_get_counts (f->http, &counts);
  g_assert_cmpuint (counts.requests, ==, 3);
  g_assert_cmpuint (counts.retries, ==, 2);
  g_assert_cmpuint (counts.waits, ==, 2);

  /* A date, by the server's own clock. */
  f->time.slept = 0;
  fake_server_clear_faults (f->server);
  fake_server_add_fault (f->server, &date);
  g_assert_true (get (f, "/", &error));
  g_assert_cmpint (f->time.slept, ==, 12 * G_USEC_PER_SEC);

  /* The vendor's reset, by the server's own clock, which is months behind ours. */
  f->time.slept = 0;
  fake_server_clear_faults (f->server);
  g_assert_true (get (f, "/limited", &error));
  g_assert_cmpint (f->time.slept, ==, 40 * G_USEC_PER_SEC);

  /* One that is no time at all. */
  f->time.slept = 0;
  fake_server_clear_faults (f->server);
  fake_server_add_fault (f->server, &reset);
  g_assert_false (get (f, "/", &error));
  g_assert_error (error, BV_HTTP_ERROR, BV_HTTP_ERROR_BUSY);
  g_assert_cmpint (f->time.slept, ==, 0);
  g_clear_error (&error);

  /* Jitter: at most 1 + 2 + 4 … + 60 + 60 s. */
  f->time.slept = 0;
  fake_server_clear_faults (f->server);
  fake_server_add_fault (f->server, &none);
  g_assert_true (get (f, "/", &error));
  g_assert_cmpint (f->time.slept, >, 0);
  g_assert_cmpint (f->time.slept, <=, (1 + 2 + 4 + 8 + 16 + 32 + 60) * G_USEC_PER_SEC);

  /* Longer than our patience: not waited for. */
  f->time.slept = 0;
  fake_server_clear_faults (f->server);
  fake_server_clear_log (f->server);
  fake_server_add_fault (f->server, &far_off);
  g_assert_false (get (f, "/", &error));
  g_assert_error (error, BV_HTTP_ERROR, BV_HTTP_ERROR_BUSY);
  g_assert_cmpint (f->time.slept, ==, 0);
  g_assert_cmpuint (fake_server_count (f->server, NULL), ==, 1);
}

static void
test_network (Fixture *f, gconstpointer data)
{
  static const FakeFaultKind passing[] = { FAKE_DROP, FAKE_LATE, FAKE_CUT, FAKE_TRUNCATED, FAKE_LONG, FAKE_GZIP };
  FakeFault always = { NULL, 0, 0, FAKE_DROP };
  g_autoptr (GError) error = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (passing); i++)
    {
      FakeFault fault = { NULL, 0, 1, passing[i] };

      fake_server_clear_faults (f->server);
      fake_server_add_fault (f->server, &fault);
      g_assert_true (get (f, "/", &error));
      g_assert_no_error (error);
    }
  fake_server_clear_faults (f->server);
  fake_server_add_fault (f->server, &always);
  g_assert_false (get (f, "/", &error));
  g_assert_error (error, BV_HTTP_ERROR, BV_HTTP_ERROR_NETWORK);
}

/* One byte each 20 ms, in the body or from the first byte of the headers, and no answer at all: none of them may take for ever. */
static void
test_slow (Fixture *f, gconstpointer data)
{
  static const FakeFaultKind kinds[] = { FAKE_DRIP, FAKE_DRIP_HEADERS, FAKE_HANG };

  for (guint i = 0; i < G_N_ELEMENTS (kinds); i++)
    {
      FakeFault fault = { NULL, 0, 0, kinds[i] };
      g_autoptr (GError) error = NULL;

      fake_server_clear_faults (f->server);
      fake_server_clear_log (f->server);
      fake_server_add_fault (f->server, &fault);
      g_assert_false (get (f, "/", &error));
      g_assert_error (error, BV_HTTP_ERROR, BV_HTTP_ERROR_NETWORK);
      g_assert_cmpuint (fake_server_count (f->server, NULL), ==, 5);
    }
}

static void
test_bodies (Fixture *f, gconstpointer data)
{
  FakeFault bomb = { NULL, 0, 0, FAKE_BOMB };
  FakeFault longer = { NULL, 0, 0, FAKE_LONG };
  g_autoptr (GError) error = NULL;

  g_assert_false (get (f, "/garbage", &error));
  g_assert_error (error, BV_HTTP_ERROR, BV_HTTP_ERROR_MALFORMED);
  g_assert_nonnull (strstr (error->message, "Vendor"));
  g_assert_nonnull (strstr (error->message, "line 2"));
  g_clear_error (&error);
  g_assert_false (get (f, "/deep", &error));
  g_assert_error (error, BV_HTTP_ERROR, BV_HTTP_ERROR_MALFORMED);
  g_clear_error (&error);
  fake_server_add_fault (f->server, &bomb);
  g_assert_false (get (f, "/", &error));
  g_assert_error (error, BV_HTTP_ERROR, BV_HTTP_ERROR_MALFORMED);
  g_clear_error (&error);
  fake_server_clear_faults (f->server);
  fake_server_add_fault (f->server, &longer);
  g_assert_false (get (f, "/", &error));
  g_assert_error (error, BV_HTTP_ERROR, BV_HTTP_ERROR_MALFORMED);
}

static void
test_redirects (Fixture *f, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  /* To another host: followed, but without the credentials. */
  f->redirect = g_strconcat (fake_server_url (f->other), "/there", NULL);
  g_assert_true (get (f, "/redirect", &error));
  g_assert_cmpuint (f->n_other, ==, 1);
  g_assert_null (f->authorization);
  /* Within the host they stay, and a circle ends. */
  g_free (f->redirect);
  f->redirect = g_strdup ("/redirect");
  g_assert_false (get (f, "/redirect", &error));
  g_assert_nonnull (error);
}

static void
test_secrets (Fixture *f, gconstpointer data)
{
  g_autofree char *url = g_strconcat (fake_server_url (f->server), "/echo-short", NULL);
  g_autoptr (BvHttpRequest) request = bv_http_request_new ("GET", url);
  g_autoptr (GError) error = NULL;

  g_assert_false (get (f, "/echo-secret", &error)); /* get() looks for the secret */
  g_assert_nonnull (strstr (error->message, "the token … is bad"));
  /* One that is a part of words is not taken out of them. */
  g_clear_error (&error);
  bv_http_request_set_bearer (request, "no");
  g_assert_null (bv_http_send (f->http, request, NULL, NULL, &error));
  g_assert_nonnull (strstr (error->message, "not now: … is … key"));
  /* Where the message is cut, no part of the secret is left. */
  for (f->n_filler = 270; f->n_filler < 305; f->n_filler++)
    {
      g_clear_error (&error);
      g_assert_false (get (f, "/echo-long", &error));
      g_assert_null (strstr (error->message, "sk-"));
      g_assert_nonnull (strstr (error->message, "…"));
    }
}

/* A key in the address, which servers like to repeat. */
static void
test_secret_query (Fixture *f, gconstpointer data)
{
  g_autofree char *url = g_strconcat (fake_server_url (f->server), "/echo-query", NULL);
  g_autoptr (BvHttpRequest) request = bv_http_request_new ("GET", url);
  g_autoptr (GError) error = NULL;

  bv_http_request_add_secret_query (request, "key", "a key/1=");
  g_assert_null (bv_http_send (f->http, request, NULL, NULL, &error));
  g_assert_nonnull (strstr (error->message, "no such page: /v1?key=…, …"));
}

static void
test_tls (Fixture *f, gconstpointer data)
{
  FakeServer *tls = fake_server_new_tls (answer, f);
  g_autoptr (BvHttpRequest) request = bv_http_request_new ("GET", fake_server_url (tls));
  g_autoptr (GError) error = NULL;
  g_autofree char *fingerprint = NULL;
  g_autoptr (GBytes) bytes = bv_http_send (f->http, request, NULL, NULL, &error);

  g_assert_null (bytes);
  if (!g_error_matches (error, BV_HTTP_ERROR, BV_HTTP_ERROR_TLS))
    {
      g_test_skip ("no TLS here");
      fake_server_free (tls);
      return;
    }
  fingerprint = g_strdup (bv_http_get_refused_fingerprint (f->http));
  g_assert_cmpuint (strlen (fingerprint), ==, 64);
  g_clear_error (&error);
  bv_http_set_fingerprint (f->http, "00:11:22");
  g_assert_null (bv_http_send (f->http, request, NULL, NULL, &error));
  g_assert_error (error, BV_HTTP_ERROR, BV_HTTP_ERROR_TLS);
  g_clear_error (&error);
  bv_http_set_fingerprint (f->http, fingerprint);
  bytes = bv_http_send (f->http, request, NULL, NULL, &error);
  g_assert_no_error (error);
  g_assert_nonnull (bytes);
  fake_server_free (tls);
}

/* Under 80 % of the published rate, and what the headers say counts. */
static void
test_pace (Fixture *f, gconstpointer data)
{
  BvHttpPolicy policy = { .vendor = "Vendor", .rate = 10 };
  FakeFault empty = { NULL, 0, 1, FAKE_STATUS, 200, NULL, "X-RateLimit-Remaining: 0", "{}" };
  gint64 start = f->time.now;

  bv_http_set_policy (f->http, &policy);
  for (int i = 0; i < 81; i++)
    g_assert_true (get (f, "/", NULL));
  g_assert_cmpint (f->time.now - start, >=, 10 * G_USEC_PER_SEC - 100);
  g_assert_cmpint (f->time.now - start, <=, 11 * G_USEC_PER_SEC);

  policy = (BvHttpPolicy){ .vendor = "Vendor", .remaining_header = "X-RateLimit-Remaining", .window_ms_header = "X-RateLimit-Window",
                           .reset_header = "X-RateLimit-Reset" };
  bv_http_set_policy (f->http, &policy);
  empty.header = "X-RateLimit-Remaining: 0";
  fake_server_add_fault (f->server, &empty);
  g_assert_true (get (f, "/", NULL));
}

static void
test_cancel (Fixture *f, gconstpointer data)
{
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autofree char *url = g_strconcat (fake_server_url (f->server), "/", NULL);
  g_autoptr (BvHttpRequest) request = bv_http_request_new ("GET", url);
  g_autoptr (GError) error = NULL;

  g_cancellable_cancel (cancellable);
  g_assert_null (bv_http_send (f->http, request, cancellable, NULL, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
#define ADD(name, data, function) g_test_add ("/connect/http/" name, Fixture, data, set_up, function, tear_down)
  ADD ("statuses", NULL, test_statuses);
  ADD ("waits", NULL, test_waits);
  ADD ("network", NULL, test_network);
  ADD ("slow", "short", test_slow);
  ADD ("bodies", NULL, test_bodies);
  ADD ("redirects", NULL, test_redirects);
  ADD ("secrets", NULL, test_secrets);
  ADD ("secret-query", NULL, test_secret_query);
  ADD ("tls", NULL, test_tls);
  ADD ("pace", NULL, test_pace);
  ADD ("cancel", NULL, test_cancel);
  return g_test_run ();
}
