/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One request over the network, without retries.
 *
 * The request runs asynchronously in a main context of its own, which this function turns until it has ended: only so can a clock
 * look at it from outside while libsoup waits for a server that sends one byte a second. The clock's rule: headers within the grace,
 * and the whole within the grace plus what its bytes may take at the lowest rate.
 *
 * Redirects are followed here, at most five, because libsoup would carry the credentials along.
 *
 * Connections are kept, one per host: a TLS handshake costs more than a hundred requests over a connection that stands. A server may close a
 * kept connection just when the next request is on its way. libsoup begins a GET anew then; a POST, which here is always a question, is
 * repeated below. In libsoup 3.2 that beginning anew is safe only where no second kept connection lies idle: the request would run over that
 * one before the failure of its first life has been reported, and the report ends the second life too, in freed memory. So no request
 * may ever ask for a new connection beside a kept one: all say that they are idempotent, and SOUP_MESSAGE_NEW_CONNECTION is for none. HTTP/1.1
 * only: with one request at a time HTTP/2 has nothing to offer, and its client is the younger code.
 */
#include "config.h"

#include "bv-fingerprint.h"
#include "bv-http-private.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#define MAX_REDIRECTS 5
#define CHUNK 65536

/* libsoup 3.2 has no call for it, and reads its environment with each connection: set before any thread is there. */
__attribute__ ((constructor)) static void
speak_http1 (void)
{
  g_setenv ("SOUP_FORCE_HTTP1", "1", TRUE);
}

typedef struct
{
  SoupSession *session;
  SoupMessage *message;
  GInputStream *stream;
  GCancellable *cancellable; /* ours: of the caller's or of the clock */
  const BvHttpLimits *limits;
  const char *fingerprint;   /* (nullable) */
  gint64 started;            /* monotonic */
  gboolean too_slow;
  gboolean closed;           /* a kept connection was closed instead of an answer */
  gboolean done;
  BvHttpTry *result;
} Exchange;

void
bv_http_try_clear (BvHttpTry *self)
{
  g_clear_pointer (&self->headers, soup_message_headers_unref);
  g_clear_pointer (&self->body, g_byte_array_unref);
  g_clear_pointer (&self->refused, g_free);
  g_clear_error (&self->error);
  self->status = 0;
}

static void
finish (Exchange *x, GError *error)
{
  if (x->result->error == NULL)
    x->result->error = error;
  else
    g_clear_error (&error);
  x->done = TRUE;
}

static void
on_read (GObject *source, GAsyncResult *result, gpointer data)
{
  Exchange *x = data;
  GError *error = NULL;
  g_autoptr (GBytes) bytes = g_input_stream_read_bytes_finish (G_INPUT_STREAM (source), result, &error);

  if (bytes == NULL)
    {
      finish (x, error);
      return;
    }
  if (g_bytes_get_size (bytes) == 0)
    {
      finish (x, NULL);
      return;
    }
  g_byte_array_append (x->result->body, g_bytes_get_data (bytes, NULL), (guint) g_bytes_get_size (bytes));
  if (x->result->body->len > x->limits->max_body)
    {
      g_autofree char *size = g_format_size ((guint64) x->limits->max_body);

      finish (x, g_error_new (BV_HTTP_ERROR, BV_HTTP_ERROR_MALFORMED, _("it is longer than %s"), size));
      return;
    }
  g_input_stream_read_bytes_async (x->stream, CHUNK, G_PRIORITY_DEFAULT, x->cancellable, on_read, x);
}

static void
on_sent (GObject *source, GAsyncResult *result, gpointer data)
{
  Exchange *x = data;
  GError *error = NULL;

  x->stream = soup_session_send_finish (x->session, result, &error);
  if (x->stream == NULL)
    finish (x, error);
  else
    {
      goffset length = soup_message_headers_get_content_length (soup_message_get_response_headers (x->message));

      if (length > x->limits->max_body)
        {
          g_autofree char *size = g_format_size ((guint64) length);

          finish (x, g_error_new (BV_HTTP_ERROR, BV_HTTP_ERROR_MALFORMED, _("it is said to be %s long"), size));
          return;
        }
      g_input_stream_read_bytes_async (x->stream, CHUNK, G_PRIORITY_DEFAULT, x->cancellable, on_read, x);
    }
}

static gboolean
look_at_clock (gpointer data)
{
  Exchange *x = data;
  gint64 allowed = x->limits->grace_us;

  if (x->stream != NULL)
    {
      SoupMessageMetrics *metrics = soup_message_get_metrics (x->message);
      guint64 bytes = metrics != NULL ? soup_message_metrics_get_response_body_bytes_received (metrics) : x->result->body->len;

      allowed += (gint64) ((double) bytes / (double) x->limits->min_rate * 1e6);
    }
  if (g_get_monotonic_time () - x->started > allowed)
    {
      x->too_slow = TRUE;
      g_cancellable_cancel (x->cancellable);
      return G_SOURCE_REMOVE;
    }
  return G_SOURCE_CONTINUE;
}

static gboolean
on_accept_certificate (SoupMessage *message, GTlsCertificate *certificate, GTlsCertificateFlags errors, gpointer data)
{
  Exchange *x = data;
  g_autofree char *found = bv_fingerprint_of (certificate);

  if (bv_fingerprint_is (x->fingerprint, found))
    return TRUE;
  g_free (x->result->refused);
  x->result->refused = g_steal_pointer (&found);
  return FALSE;
}

static void
on_cancelled (GCancellable *cancellable, gpointer ours)
{
  g_cancellable_cancel (ours);
}

static gboolean
same_place (GUri *a, GUri *b)
{
  return g_ascii_strcasecmp (g_uri_get_host (a), g_uri_get_host (b)) == 0 && strcmp (g_uri_get_scheme (a), g_uri_get_scheme (b)) == 0 &&
         g_uri_get_port (a) == g_uri_get_port (b);
}

static void
add_headers (SoupMessage *message, GPtrArray *pairs)
{
  for (guint i = 0; i + 1 < pairs->len; i += 2)
    soup_message_headers_replace (soup_message_get_request_headers (message), pairs->pdata[i], pairs->pdata[i + 1]);
}

/* A server that says "Connection: close" may stop anywhere, and libsoup takes that for the end. */
static void
check_length (Exchange *x, SoupMessageMetrics *metrics)
{
  SoupMessageHeaders *headers = soup_message_get_response_headers (x->message);

  if (x->result->error == NULL && soup_message_headers_get_encoding (headers) == SOUP_ENCODING_CONTENT_LENGTH &&
      soup_message_headers_get_content_length (headers) > (goffset) soup_message_metrics_get_response_body_bytes_received (metrics) &&
      soup_message_get_status (x->message) != SOUP_STATUS_NO_CONTENT && soup_message_get_status (x->message) != SOUP_STATUS_NOT_MODIFIED)
    g_set_error (&x->result->error, G_IO_ERROR, G_IO_ERROR_PARTIAL_INPUT, "the answer broke off");
}

/* What had come about when it failed says more than the words of the system. */
static void
note_failure (Exchange *x, SoupMessageMetrics *metrics)
{
  if (g_error_matches (x->result->error, G_IO_ERROR, G_IO_ERROR_TIMED_OUT))
    x->result->how = BV_HTTP_TOO_SLOW;
  else
    x->result->how = soup_message_metrics_get_request_start (metrics) != 0 ? BV_HTTP_BROKE_OFF : BV_HTTP_UNREACHABLE;
}

static void
exchange (Exchange *x, GMainContext *context, BvHttpRequest *request, GUri *uri, gboolean with_secrets)
{
  g_autoptr (GSource) clock = g_timeout_source_new ((guint) CLAMP (x->limits->grace_us / 8000, 5, 1000));

  x->message = soup_message_new_from_uri (request->method, uri);
  soup_message_add_flags (x->message, SOUP_MESSAGE_NO_REDIRECT | SOUP_MESSAGE_COLLECT_METRICS | SOUP_MESSAGE_IDEMPOTENT);
  soup_message_disable_feature (x->message, SOUP_TYPE_AUTH_MANAGER);
  soup_message_headers_replace (soup_message_get_request_headers (x->message), "Accept", "application/json");
  add_headers (x->message, request->headers);
  if (with_secrets)
    add_headers (x->message, request->secrets);
  if (request->body != NULL)
    soup_message_set_request_body_from_bytes (x->message, request->content_type, request->body);
  g_signal_connect (x->message, "accept-certificate", G_CALLBACK (on_accept_certificate), x);
  x->started = g_get_monotonic_time ();
  x->done = FALSE;
  g_source_set_callback (clock, look_at_clock, x, NULL);
  g_source_attach (clock, context);
  soup_session_send_async (x->session, x->message, G_PRIORITY_DEFAULT, x->cancellable, on_sent, x);
  while (!x->done)
    g_main_context_iteration (context, TRUE);
  g_source_destroy (clock);
  if (x->stream != NULL && !g_input_stream_is_closed (x->stream))
    g_input_stream_close (x->stream, NULL, NULL);
  g_clear_object (&x->stream);
  {
    SoupMessageMetrics *metrics = soup_message_get_metrics (x->message);

    if (metrics != NULL)
      {
        check_length (x, metrics);
        note_failure (x, metrics);
        x->result->bytes_in += soup_message_metrics_get_response_body_bytes_received (metrics) +
                               soup_message_metrics_get_response_header_bytes_received (metrics);
        x->closed = x->result->error != NULL && x->result->error->domain == G_IO_ERROR &&
                    !g_error_matches (x->result->error, G_IO_ERROR, G_IO_ERROR_CANCELLED) &&
                    !g_error_matches (x->result->error, G_IO_ERROR, G_IO_ERROR_TIMED_OUT) &&
                    soup_message_metrics_get_connect_start (metrics) == 0 && soup_message_metrics_get_response_header_bytes_received (metrics) == 0;
      }
  }
}

void
bv_http_try (SoupSession *session, GMainContext *context, BvHttpRequest *request, const BvHttpLimits *limits, const char *fingerprint,
             GCancellable *cancellable, BvHttpTry *result)
{
  g_autoptr (GCancellable) ours = g_cancellable_new ();
  g_autoptr (GUri) uri = g_uri_parse (request->url->str, SOUP_HTTP_URI_FLAGS, &result->error);
  g_autoptr (GUri) first = NULL;
  Exchange x = { .session = session, .cancellable = ours, .limits = limits, .fingerprint = fingerprint, .result = result };
  gulong handler;

  if (uri == NULL || g_uri_get_host (uri) == NULL)
    {
      if (result->error == NULL)
        g_set_error (&result->error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT, _("the address is not complete"));
      return;
    }
  first = g_uri_ref (uri);
  handler = cancellable != NULL ? g_cancellable_connect (cancellable, G_CALLBACK (on_cancelled), g_object_ref (ours), g_object_unref) : 0;
  g_main_context_push_thread_default (context);
  for (int redirects = 0;; redirects++)
    {
      const char *location = NULL;

      result->body = g_byte_array_new ();
      exchange (&x, context, request, uri, same_place (first, uri));
      if (x.closed)
        {
          /* That connection is gone, so this time it is a new one. */
          g_clear_error (&result->error);
          g_clear_object (&x.message);
          g_byte_array_set_size (result->body, 0);
          exchange (&x, context, request, uri, same_place (first, uri));
        }
      if (result->error == NULL)
        {
          result->status = soup_message_get_status (x.message);
          result->headers = soup_message_headers_ref (soup_message_get_response_headers (x.message));
          if (SOUP_STATUS_IS_REDIRECTION (result->status) && result->status != SOUP_STATUS_NOT_MODIFIED)
            location = soup_message_headers_get_one (result->headers, "Location");
        }
      if (location != NULL && redirects < MAX_REDIRECTS && (strcmp (request->method, "GET") == 0 || result->status >= 307))
        {
          GUri *next = g_uri_parse_relative (uri, location, SOUP_HTTP_URI_FLAGS, NULL);
          gboolean worse = next != NULL && strcmp (g_uri_get_scheme (uri), "https") == 0 && strcmp (g_uri_get_scheme (next), "https") != 0;

          if (next != NULL && !worse && g_uri_get_host (next) != NULL)
            {
              g_uri_unref (uri);
              uri = next;
              g_clear_object (&x.message);
              g_clear_pointer (&result->headers, soup_message_headers_unref);
              g_clear_pointer (&result->body, g_byte_array_unref);
              result->status = 0;
              continue;
            }
          g_clear_pointer (&next, g_uri_unref);
        }
      break;
    }
  g_clear_object (&x.message);
  g_main_context_pop_thread_default (context);
  if (handler != 0)
    g_cancellable_disconnect (cancellable, handler);
  if (x.too_slow)
    {
      g_clear_error (&result->error);
      result->status = 0;
      result->how = BV_HTTP_TOO_SLOW;
      g_set_error (&result->error, G_IO_ERROR, G_IO_ERROR_TIMED_OUT, "too slow");
    }
  if (result->body != NULL)
    {
      guint length = result->body->len;

      g_byte_array_append (result->body, (const guint8 *) "", 1);
      g_byte_array_set_size (result->body, length); /* the NUL stays behind the end */
    }
}
