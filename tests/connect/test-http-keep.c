/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Kept connections: what the HTTP client does when a server closes one at an awkward moment.
 *
 * The server here is of bytes, without libsoup: a thread per connection reads requests and ends the connection where the round's plan says so,
 * in between answering truly. Whatever it does, the client must come to the right answer of each request, or (where the fault does not pass) to a
 * clean error; and where nothing is closed, one connection must do for all requests.
 *
 * BV_LONG=N: rounds (40, or 3 over TLS); BV_SEED: the first seed.
 */
#include "fake-certificate.h"
#include "fake-server.h"

#include "bv-http.h"

#include <gio/gio.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#define MAX_BODY (1 << 20)
/* The request with this number is answered with more than MAX_BODY. */
#define HUGE_N 999
/* The answer to this one has no end, and that to this one no body, though it says so. */
#define ENDLESS_N 998
#define STALLED_N 997

typedef enum
{
  ANSWER,           /* and keep */
  ANSWER_CLOSE,     /* says "Connection: close" and does */
  ANSWER_SILENT,    /* closes without having said so, at once */
  ANSWER_LATE,      /* the same, when the next request arrives: it is read and dropped */
  ANSWER_UNREAD,    /* the same, without reading it: reset */
  ANSWER_CHUNKED,   /* and keep */
  ANSWER_LONGER,    /* more bytes than Content-Length says, and keep */
  NO_ANSWER,        /* closes after the request */
  NO_ANSWER_RESET,
  HALF_STATUS,      /* "HTTP/1.1 2" */
  HALF_HEADERS,
  HEADERS_ONLY,
  HALF_BODY,
  HALF_BODY_RESET,
  HALF_CHUNK,
  N_MOVES
} Move;

typedef struct
{
  GSocketListener *listener;
  GTlsCertificate *certificate; /* (nullable) */
  GCancellable *stop;
  GThread *thread;
  GPtrArray *handlers;  /* GThread */
  char *url;
  GMutex lock;
  GRand *rand;
  double share;         /* of requests that meet a fault */
  gboolean rude;        /* TLS connections end without their farewell */
  guint in_a_row;       /* faults since the last answer */
  guint n_connections, n_open, n_most, n_faults;
} Server;

typedef struct
{
  Server *server;
  GSocketConnection *socket;
} Handler;

static Move
next_move (Server *self)
{
  Move move = ANSWER;

  g_mutex_lock (&self->lock);
  /* Fewer faults in a row than the client has tries. */
  if (g_rand_double (self->rand) < self->share)
    move = (Move) g_rand_int_range (self->rand, ANSWER, N_MOVES);
  if (move >= NO_ANSWER && self->in_a_row >= 3)
    move = ANSWER;
  self->in_a_row = move >= NO_ANSWER || move == ANSWER_LATE || move == ANSWER_UNREAD || move == ANSWER_LONGER ? self->in_a_row + 1 : 0;
  if (self->in_a_row > 3)
    {
      move = ANSWER;
      self->in_a_row = 0;
    }
  self->n_faults += move != ANSWER;
  g_mutex_unlock (&self->lock);
  return move;
}

/* The request's text with its body; NULL at the end of the connection. */
static char *
read_request (GInputStream *in, GString *buffer, GCancellable *stop)
{
  char part[4096];

  while (TRUE)
    {
      char *end = strstr (buffer->str, "\r\n\r\n");
      const char *length = end != NULL ? strstr (buffer->str, "Content-Length: ") : NULL;
      gsize whole = end == NULL ? G_MAXSIZE : (gsize) (end + 4 - buffer->str) + (length != NULL && length < end ? (gsize) atoi (length + 16) : 0);
      gssize n;

      if (buffer->len >= whole)
        {
          char *request = g_strndup (buffer->str, whole);

          g_string_erase (buffer, 0, (gssize) whole);
          return request;
        }
      n = g_input_stream_read (in, part, sizeof part, stop, NULL);
      if (n <= 0)
        return NULL;
      g_string_append_len (buffer, part, n);
    }
}

static void
reset (GSocketConnection *connection)
{
  struct linger now = { 1, 0 };

  setsockopt (g_socket_get_fd (g_socket_connection_get_socket (connection)), SOL_SOCKET, SO_LINGER, &now, sizeof now);
}

/* Chunks until the client has gone, or nothing until then. */
static void
answer_without_end (Handler *self, GIOStream *stream, gboolean stalled)
{
  GOutputStream *out = g_io_stream_get_output_stream (stream);
  g_autofree char *blanks = g_strnfill (0x4000, ' ');
  g_autofree char *chunk = g_strdup_printf ("4000\r\n%s\r\n", blanks);
  const char *head = stalled ? "HTTP/1.1 200 OK\r\nContent-Length: 2000000\r\n\r\n" : "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";
  gboolean there = g_output_stream_write_all (out, head, strlen (head), NULL, self->server->stop, NULL);

  if (stalled)
    g_input_stream_read (g_io_stream_get_input_stream (stream), blanks, 1, self->server->stop, NULL);
  while (there && !stalled)
    there = g_output_stream_write_all (out, chunk, strlen (chunk), NULL, self->server->stop, NULL);
}

/* Answers with the number that the request carries, padded. FALSE: the connection is over. */
static gboolean
answer (Handler *self, GIOStream *stream, const char *request, Move move)
{
  GOutputStream *out = g_io_stream_get_output_stream (stream);
  const char *mark = strstr (request, "n=");
  int n = mark != NULL ? atoi (mark + 2) : -1;
  g_autofree char *body = g_strdup_printf ("{\"n\":%d,\"pad\":\"%0*d\"}", n, n == HUGE_N ? MAX_BODY * 2 : 700, 0);
  g_autoptr (GString) text = g_string_new (NULL);
  gsize head, length = strlen (body);

  if (n == ENDLESS_N || n == STALLED_N)
    {
      answer_without_end (self, stream, n == STALLED_N);
      return FALSE;
    }
  if (move == ANSWER_CHUNKED || move == HALF_CHUNK)
    g_string_printf (text, "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n");
  else
    g_string_printf (text, "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %" G_GSIZE_FORMAT "\r\n%s\r\n", length,
                     move == ANSWER_CLOSE ? "Connection: close\r\n" : "");
  head = text->len;
  if (move == ANSWER_CHUNKED || move == HALF_CHUNK)
    g_string_append_printf (text, "%zx\r\n%s\r\n0\r\n\r\n", length, body);
  else
    g_string_append (text, body);
  switch (move)
    {
    case NO_ANSWER:
    case NO_ANSWER_RESET:
      g_string_truncate (text, 0);
      break;
    case HALF_STATUS:
      g_string_truncate (text, 10);
      break;
    case HALF_HEADERS:
      g_string_truncate (text, head / 2);
      break;
    case HEADERS_ONLY:
      g_string_truncate (text, head);
      break;
    case HALF_BODY:
    case HALF_BODY_RESET:
    case HALF_CHUNK:
      g_string_truncate (text, head + length / 2);
      break;
    case ANSWER_LONGER:
      g_string_append (text, "and what nobody asked for");
      break;
    case ANSWER:
    case ANSWER_CLOSE:
    case ANSWER_SILENT:
    case ANSWER_LATE:
    case ANSWER_UNREAD:
    case ANSWER_CHUNKED:
    case N_MOVES:
    default:
      break;
    }
  if (text->len > 0 && !g_output_stream_write_all (out, text->str, text->len, NULL, self->server->stop, NULL))
    return FALSE;
  g_output_stream_flush (out, self->server->stop, NULL);
  if (move == NO_ANSWER_RESET || move == HALF_BODY_RESET)
    reset (self->socket);
  return move == ANSWER || move == ANSWER_LATE || move == ANSWER_UNREAD || move == ANSWER_CHUNKED || move == ANSWER_LONGER;
}

static gpointer
serve (gpointer data)
{
  Handler *self = data;
  Server *server = self->server;
  g_autoptr (GIOStream) stream = g_object_ref (G_IO_STREAM (self->socket));
  g_autoptr (GString) buffer = g_string_new (NULL);
  gboolean open = TRUE;
  Move move = ANSWER;

  g_socket_set_option (g_socket_connection_get_socket (self->socket), IPPROTO_TCP, TCP_NODELAY, 1, NULL);
  if (server->certificate != NULL)
    {
      GIOStream *tls = g_tls_server_connection_new (stream, server->certificate, NULL);

      g_tls_connection_set_require_close_notify (G_TLS_CONNECTION (tls), FALSE);
      g_tls_connection_set_advertised_protocols (G_TLS_CONNECTION (tls), (const char *const[]){ "h2", "http/1.1", NULL });
      g_object_unref (stream);
      stream = tls;
      open = g_tls_connection_handshake (G_TLS_CONNECTION (tls), server->stop, NULL);
      if (open)
        g_assert_cmpstr (g_tls_connection_get_negotiated_protocol (G_TLS_CONNECTION (tls)), ==, "http/1.1");
    }
  while (open)
    {
      g_autofree char *request = NULL;

      if (move == ANSWER_UNREAD)
        {
          GSocket *socket = g_socket_connection_get_socket (self->socket);

          g_socket_condition_wait (socket, G_IO_IN, server->stop, NULL);
          break;
        }
      request = read_request (g_io_stream_get_input_stream (stream), buffer, server->stop);
      if (request == NULL || move == ANSWER_LATE)
        break;
      move = next_move (server);
      open = answer (self, stream, request, move);
    }
  /* Without the farewell, the socket is closed below TLS. */
  if (server->rude)
    g_io_stream_close (G_IO_STREAM (self->socket), NULL, NULL);
  g_io_stream_close (stream, NULL, NULL);
  g_io_stream_close (G_IO_STREAM (self->socket), NULL, NULL);
  g_mutex_lock (&server->lock);
  server->n_open--;
  g_mutex_unlock (&server->lock);
  g_object_unref (self->socket);
  g_free (self);
  return NULL;
}

static gpointer
accept_all (gpointer data)
{
  Server *self = data;
  GSocketConnection *socket;

  while ((socket = g_socket_listener_accept (self->listener, NULL, self->stop, NULL)) != NULL)
    {
      Handler *handler = g_new0 (Handler, 1);

      handler->server = self;
      handler->socket = socket;
      g_mutex_lock (&self->lock);
      self->n_connections++;
      self->n_open++;
      self->n_most = MAX (self->n_most, self->n_open);
      g_mutex_unlock (&self->lock);
      g_ptr_array_add (self->handlers, g_thread_new ("serve", serve, handler));
    }
  return NULL;
}

static Server *
server_new (guint32 seed, double share, gboolean tls)
{
  Server *self = g_new0 (Server, 1);
  g_autoptr (GSocketAddress) wanted = g_inet_socket_address_new_from_string ("127.0.0.1", 0);
  g_autoptr (GSocketAddress) bound = NULL;
  g_autoptr (GError) error = NULL;

  g_mutex_init (&self->lock);
  self->rand = g_rand_new_with_seed (seed);
  self->share = share;
  self->rude = g_rand_boolean (self->rand);
  self->stop = g_cancellable_new ();
  self->handlers = g_ptr_array_new ();
  self->listener = g_socket_listener_new ();
  self->certificate = tls ? g_tls_certificate_new_from_pem (fake_certificate, -1, NULL) : NULL;
  g_socket_listener_add_address (self->listener, wanted, G_SOCKET_TYPE_STREAM, G_SOCKET_PROTOCOL_TCP, NULL, &bound, &error);
  g_assert_no_error (error);
  self->url = g_strdup_printf ("%s://127.0.0.1:%u", tls ? "https" : "http", g_inet_socket_address_get_port (G_INET_SOCKET_ADDRESS (bound)));
  self->thread = g_thread_new ("accept", accept_all, self);
  return self;
}

static void
server_free (Server *self)
{
  g_cancellable_cancel (self->stop);
  g_thread_join (self->thread);
  for (guint i = 0; i < self->handlers->len; i++)
    g_thread_join (self->handlers->pdata[i]);
  g_ptr_array_unref (self->handlers);
  g_object_unref (self->listener);
  g_clear_object (&self->certificate);
  g_object_unref (self->stop);
  g_rand_free (self->rand);
  g_mutex_clear (&self->lock);
  g_free (self->url);
  g_free (self);
}

/* A client for @server; NULL where there is no TLS. */
static BvHttp *
client_new (Server *server, const BvClock *clock)
{
  const BvHttpLimits limits = { .grace_us = 20 * G_USEC_PER_SEC, .max_body = MAX_BODY };
  const BvHttpPolicy policy = { .vendor = "Vendor" };
  BvHttp *http = bv_http_new (clock, &limits);
  g_autoptr (GByteArray) der = NULL;

  bv_http_set_policy (http, &policy);
  if (server->certificate != NULL)
    {
      g_autofree char *fingerprint = NULL;

      g_object_get (server->certificate, "certificate", &der, NULL);
      fingerprint = g_compute_checksum_for_data (G_CHECKSUM_SHA256, der->data, der->len);
      bv_http_set_fingerprint (http, fingerprint);
    }
  return http;
}

/* TRUE when the answer is the request's own. */
static gboolean
ask (BvHttp *http, const char *url, int n, gboolean post, GError **error)
{
  g_autofree char *address = post ? g_strdup_printf ("%s/x", url) : g_strdup_printf ("%s/x?n=%d", url, n);
  g_autoptr (BvHttpRequest) request = bv_http_request_new (post ? "POST" : "GET", address);
  g_autoptr (JsonNode) node = NULL;

  if (post)
    {
      g_autofree char *body = g_strdup_printf ("n=%d", n);

      bv_http_request_set_body (request, "text/plain", body, strlen (body));
    }
  node = bv_http_send_json (http, request, NULL, NULL, error);
  return node != NULL && json_object_get_int_member (json_node_get_object (node), "n") == n;
}

static gboolean
has_tls (void)
{
  if (g_tls_backend_supports_tls (g_tls_backend_get_default ()))
    return TRUE;
  g_test_skip ("no TLS here");
  return FALSE;
}

/* Without faults, one connection does for all requests, of either method. */
static void
test_kept (gconstpointer data)
{
  gboolean tls = GPOINTER_TO_INT (data);
  FakeClock time = { .now = G_GINT64_CONSTANT (1780000000000000), .seed = 5 };
  BvClock clock = fake_clock (&time);
  Server *server;
  BvHttp *http;

  if (tls && !has_tls ())
    return;
  server = server_new (1, 0, tls);
  http = client_new (server, &clock);
  for (int i = 0; i < 60; i++)
    {
      g_autoptr (GError) error = NULL;

      g_assert_true (ask (http, server->url, i, i % 3 == 1, &error));
      g_assert_no_error (error);
    }
  g_assert_cmpuint (server->n_connections, ==, 1);
  bv_http_free (http);
  server_free (server);
}

static void
test_awkward (gconstpointer data)
{
  gboolean tls = GPOINTER_TO_INT (data);
  /* A handshake takes its time. */
  int rounds = g_getenv ("BV_LONG") != NULL ? atoi (g_getenv ("BV_LONG")) : tls ? 3 : 40;
  guint32 seed = g_getenv ("BV_SEED") != NULL ? (guint32) atoi (g_getenv ("BV_SEED")) : 1;
  guint n_connections = 0, n_faults = 0;

  if (tls && !has_tls ())
    return;
  for (int round = 0; round < rounds; round++, seed++)
    {
      FakeClock time = { .now = G_GINT64_CONSTANT (1780000000000000), .seed = seed };
      BvClock clock = fake_clock (&time);
      Server *server = server_new (seed, 0.5, tls);
      BvHttp *http = client_new (server, &clock);
      g_autoptr (GRand) rand = g_rand_new_with_seed (seed ^ 0x5eed);

      for (int i = 0; i < 25; i++)
        {
          g_autoptr (GError) error = NULL;

          if (!ask (http, server->url, i, g_rand_boolean (rand), &error))
            g_error ("seed %u, request %d: %s", seed, i, error != NULL ? error->message : "the answer of another request");
          /* Time for a farewell to arrive, now and then. */
          if (g_rand_int_range (rand, 0, 4) == 0)
            g_usleep (1000);
        }
      g_assert_cmpuint (server->n_most, <=, 4);
      n_connections += server->n_connections;
      n_faults += server->n_faults;
      bv_http_free (http);
      server_free (server);
    }
  g_test_message ("%d rounds, %u faults, %u connections for %d requests", rounds, n_faults, n_connections, rounds * 25);
}

/* An answer that is not read to its end must not be taken for the next one's. */
static void
test_left (gconstpointer data)
{
  gboolean tls = GPOINTER_TO_INT (data);
  FakeClock time = { .now = G_GINT64_CONSTANT (1780000000000000), .seed = 5 };
  BvClock clock = fake_clock (&time);
  Server *server;
  BvHttp *http;

  if (tls && !has_tls ())
    return;
  server = server_new (1, 0, tls);
  http = client_new (server, &clock);
  for (int i = 0; i < 6; i++)
    {
      g_autoptr (GError) error = NULL;

      g_assert_true (ask (http, server->url, i, i % 2 == 0, &error));
      g_assert_no_error (error);
      g_assert_false (ask (http, server->url, HUGE_N, i % 2 == 0, &error));
      g_assert_error (error, BV_HTTP_ERROR, BV_HTTP_ERROR_MALFORMED);
    }
  g_assert_cmpuint (server->n_connections, <=, 6);
  bv_http_free (http);
  server_free (server);
}

/* What has no end is left; nothing waits for the rest of it. */
static void
test_endless (gconstpointer data)
{
  gboolean tls = GPOINTER_TO_INT (data);
  FakeClock time = { .now = G_GINT64_CONSTANT (1780000000000000), .seed = 5 };
  BvClock clock = fake_clock (&time);
  Server *server;
  BvHttp *http;

  if (tls && !has_tls ())
    return;
  server = server_new (1, 0, tls);
  http = client_new (server, &clock);
  for (int i = 0; i < 4; i++)
    {
      g_autoptr (GError) error = NULL;

      g_assert_true (ask (http, server->url, i, i % 2 == 0, &error));
      g_assert_no_error (error);
      g_assert_false (ask (http, server->url, i < 2 ? ENDLESS_N : STALLED_N, i % 2 == 0, &error));
      g_assert_error (error, BV_HTTP_ERROR, BV_HTTP_ERROR_MALFORMED);
    }
  bv_http_free (http);
  server_free (server);
}

/* What BV_LONG measures: requests per second where nothing goes wrong. */
static void
test_speed (gconstpointer data)
{
  gboolean tls = GPOINTER_TO_INT (data);
  Server *server;
  BvHttp *http;
  gint64 start;

  if (g_getenv ("BV_LONG") == NULL || (tls && !has_tls ()))
    {
      g_test_skip ("BV_LONG measures");
      return;
    }
  server = server_new (1, 0, tls);
  http = client_new (server, NULL);
  start = g_get_monotonic_time ();
  for (int i = 0; i < 1000; i++)
    g_assert_true (ask (http, server->url, i, i % 2 == 0, NULL));
  g_test_message ("%.0f requests/s over %u connections", 1e9 / (double) (g_get_monotonic_time () - start), server->n_connections);
  bv_http_free (http);
  server_free (server);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_data_func ("/connect/http-keep/kept", GINT_TO_POINTER (FALSE), test_kept);
  g_test_add_data_func ("/connect/http-keep/kept-tls", GINT_TO_POINTER (TRUE), test_kept);
  g_test_add_data_func ("/connect/http-keep/awkward", GINT_TO_POINTER (FALSE), test_awkward);
  g_test_add_data_func ("/connect/http-keep/awkward-tls", GINT_TO_POINTER (TRUE), test_awkward);
  g_test_add_data_func ("/connect/http-keep/left", GINT_TO_POINTER (FALSE), test_left);
  if (g_getenv ("BV_LONG") != NULL)
    g_test_add_data_func ("/connect/http-keep/left-tls", GINT_TO_POINTER (TRUE), test_left);
  g_test_add_data_func ("/connect/http-keep/endless", GINT_TO_POINTER (FALSE), test_endless);
  g_test_add_data_func ("/connect/http-keep/endless-tls", GINT_TO_POINTER (TRUE), test_endless);
  g_test_add_data_func ("/connect/http-keep/speed", GINT_TO_POINTER (FALSE), test_speed);
  g_test_add_data_func ("/connect/http-keep/speed-tls", GINT_TO_POINTER (TRUE), test_speed);
  return g_test_run ();
}
