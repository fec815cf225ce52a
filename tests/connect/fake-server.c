/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fake-server.h"

#include "fake-certificate.h"

#include <string.h>

#define DRIP_US 20000

struct _FakeServer
{
  FakeHandler handler;
  gpointer data;
  GThread *thread;
  GMainContext *context;
  GMainLoop *loop;
  SoupServer *soup;
  char *url;
  gboolean tls;

  GMutex lock; /* of the data set, the log and the faults */
  GPtrArray *log;
  GArray *faults;
  GArray *seen;   /* guint: matching requests per fault */
  guint n_struck;

  GMutex start_mutex;
  GCond start_cond;
  gboolean started;
  gboolean stopping; /* atomic */
  GPtrArray *slow;   /* GThread: answers that take their time */
};

/* --- Replies -------------------------------------------------------------------------------------------------------------- */

void
fake_reply_text (FakeReply *reply, guint status, const char *json)
{
  reply->status = status;
  g_string_assign (reply->body, json);
}

void
fake_reply_json (FakeReply *reply, guint status, JsonNode *node)
{
  g_autofree char *text = json_to_string (node, FALSE);

  json_node_unref (node);
  fake_reply_text (reply, status, text);
}

const char *
fake_request_query (const FakeRequest *request, const char *name)
{
  return request->query != NULL ? g_hash_table_lookup (request->query, name) : NULL;
}

/* --- Raw answers ------------------------------------------------------------------------------------------------------------ */

typedef struct
{
  FakeServer *server;
  GIOStream *stream;
  GString *bytes;   /* what is sent at once, before the drip */
  GString *drip;
  gboolean hang;
} Slow;

static gpointer
write_slowly (gpointer data)
{
  Slow *slow = data;
  GOutputStream *out = g_io_stream_get_output_stream (slow->stream);
  GInputStream *in = g_io_stream_get_input_stream (slow->stream);
  gboolean open = g_output_stream_write_all (out, slow->bytes->str, slow->bytes->len, NULL, NULL, NULL);

  for (gsize i = 0; open && (slow->hang || i < slow->drip->len) && !g_atomic_int_get (&slow->server->stopping); i++)
    {
      char byte;

      g_usleep (DRIP_US);
      if (!slow->hang)
        open = g_output_stream_write_all (out, slow->drip->str + i, 1, NULL, NULL, NULL) && g_output_stream_flush (out, NULL, NULL);
      else if (G_IS_POLLABLE_INPUT_STREAM (in))
        {
          g_autoptr (GError) error = NULL;
          gssize n = g_pollable_input_stream_read_nonblocking (G_POLLABLE_INPUT_STREAM (in), &byte, 1, NULL, &error);

          open = n > 0 || g_error_matches (error, G_IO_ERROR, G_IO_ERROR_WOULD_BLOCK);
        }
    }
  g_io_stream_close (slow->stream, NULL, NULL);
  g_object_unref (slow->stream);
  g_string_free (slow->bytes, TRUE);
  g_string_free (slow->drip, TRUE);
  g_free (slow);
  return NULL;
}

static void
answer_raw (FakeServer *self, SoupServerMessage *message, GString *bytes, GString *drip, gboolean hang)
{
  Slow *slow = g_new0 (Slow, 1);

  slow->server = self;
  slow->bytes = bytes != NULL ? bytes : g_string_new (NULL);
  slow->drip = drip != NULL ? drip : g_string_new (NULL);
  slow->hang = hang;
  slow->stream = soup_server_message_steal_connection (message);
  g_ptr_array_add (self->slow, g_thread_new ("fake-slow", write_slowly, slow));
}

static GString *
raw_head (FakeReply *reply, gsize length, const char *encoding)
{
  GString *head = g_string_new (NULL);

  g_string_printf (head, "HTTP/1.1 %u %s\r\nContent-Type: %s\r\nContent-Length: %" G_GSIZE_FORMAT "\r\nConnection: close\r\n", reply->status,
                   soup_status_get_phrase (reply->status), reply->content_type, length);
  if (encoding != NULL)
    g_string_append_printf (head, "Content-Encoding: %s\r\n", encoding);
  g_string_append (head, "\r\n");
  return head;
}

static GBytes *
gzip (const char *data, gsize length)
{
  g_autoptr (GConverter) compressor = G_CONVERTER (g_zlib_compressor_new (G_ZLIB_COMPRESSOR_FORMAT_GZIP, 6));
  g_autoptr (GInputStream) memory = g_memory_input_stream_new_from_data (data, (gssize) length, NULL);
  g_autoptr (GInputStream) stream = g_converter_input_stream_new (memory, compressor);
  g_autoptr (GOutputStream) out = g_memory_output_stream_new_resizable ();

  g_output_stream_splice (out, stream, G_OUTPUT_STREAM_SPLICE_CLOSE_TARGET, NULL, NULL);
  return g_memory_output_stream_steal_as_bytes (G_MEMORY_OUTPUT_STREAM (out));
}

static void
spoil (FakeServer *self, SoupServerMessage *message, FakeReply *reply, const FakeFault *fault)
{
  GString *bytes, *drip;

  switch (fault->kind)
    {
    case FAKE_CUT:
      bytes = raw_head (reply, reply->body->len, NULL);
      g_string_append_len (bytes, reply->body->str, (gssize) reply->body->len / 2);
      answer_raw (self, message, bytes, NULL, FALSE);
      break;
    case FAKE_TRUNCATED:
      bytes = raw_head (reply, reply->body->len / 2, NULL);
      g_string_append_len (bytes, reply->body->str, (gssize) reply->body->len / 2);
      answer_raw (self, message, bytes, NULL, FALSE);
      break;
    case FAKE_DRIP:
    case FAKE_DRIP_HEADERS:
      bytes = raw_head (reply, reply->body->len, NULL);
      drip = g_string_new_len (reply->body->str, (gssize) reply->body->len);
      if (fault->kind == FAKE_DRIP_HEADERS)
        {
          g_string_prepend_len (drip, bytes->str, (gssize) bytes->len);
          g_string_truncate (bytes, 0);
        }
      answer_raw (self, message, bytes, drip, FALSE);
      break;
    case FAKE_GZIP:
    case FAKE_BOMB:
      {
        g_autofree char *blanks = fault->kind == FAKE_BOMB ? g_malloc (256 << 20) : NULL;
        g_autoptr (GBytes) packed = NULL;

        if (blanks != NULL)
          memset (blanks, ' ', 256 << 20);
        packed = blanks != NULL ? gzip (blanks, 256 << 20) : gzip (reply->body->str, reply->body->len);
        bytes = raw_head (reply, g_bytes_get_size (packed), "gzip");
        g_string_append_len (bytes, g_bytes_get_data (packed, NULL), (gssize) g_bytes_get_size (packed));
        answer_raw (self, message, bytes, NULL, FALSE);
        break;
      }
    case FAKE_LONG:
      bytes = raw_head (reply, reply->body->len / 10, NULL);
      g_string_append_len (bytes, reply->body->str, (gssize) reply->body->len);
      answer_raw (self, message, bytes, NULL, FALSE);
      break;
    case FAKE_LATE:
    case FAKE_DROP:
      answer_raw (self, message, NULL, NULL, FALSE);
      break;
    case FAKE_HANG:
      answer_raw (self, message, NULL, NULL, TRUE);
      break;
    case FAKE_STATUS:
    default:
      g_assert_not_reached ();
    }
}

/* --- The server ---------------------------------------------------------------------------------------------------------------- */

/* The fault that strikes now, or NULL. */
static const FakeFault *
find_fault (FakeServer *self, const char *line)
{
  for (guint i = 0; i < self->faults->len; i++)
    {
      const FakeFault *fault = &g_array_index (self->faults, FakeFault, i);
      guint *seen = &g_array_index (self->seen, guint, i);

      if (fault->match != NULL && strstr (line, fault->match) == NULL)
        continue;
      (*seen)++;
      if (*seen <= fault->skip || (fault->times != 0 && *seen > fault->skip + fault->times))
        continue;
      self->n_struck++;
      return fault;
    }
  return NULL;
}

static void
add_headers (const char *name, const char *value, gpointer data)
{
  soup_message_headers_replace (data, name, value);
}

static void
handle (SoupServer *soup, SoupServerMessage *message, const char *path, GHashTable *query, gpointer data)
{
  FakeServer *self = data;
  GUri *uri = soup_server_message_get_uri (message);
  SoupMessageHeaders *headers = soup_server_message_get_response_headers (message);
  SoupMessageBody *body = soup_server_message_get_request_body (message);
  g_autofree char *text = g_strndup (body->data != NULL ? body->data : "", (gsize) body->length);
  g_autofree char *line = g_strdup_printf ("%s %s%s%s", soup_server_message_get_method (message), g_uri_get_path (uri),
                                           g_uri_get_query (uri) != NULL ? "?" : "", g_uri_get_query (uri) != NULL ? g_uri_get_query (uri) : "");
  FakeRequest request = { soup_server_message_get_method (message), path, query, soup_server_message_get_request_headers (message), text, NULL };
  FakeReply reply = { 200, g_string_new (NULL), "application/json", soup_message_headers_new (SOUP_MESSAGE_HEADERS_RESPONSE) };
  g_autoptr (JsonParser) parser = json_parser_new ();
  const FakeFault *fault;

  if (body->length > 0 && json_parser_load_from_data (parser, text, -1, NULL))
    request.json = json_parser_get_root (parser);
  g_mutex_lock (&self->lock);
  g_ptr_array_add (self->log, g_strdup (line));
  fault = find_fault (self, line);
  if (fault != NULL && fault->kind == FAKE_STATUS)
    {
      reply.status = fault->status;
      g_string_assign (reply.body, fault->body != NULL ? fault->body : "{\"status\":\"error\",\"message\":\"injected\",\"correlationId\":\"c-1\"}");
      if (fault->retry_after != NULL)
        soup_message_headers_append (reply.headers, "Retry-After", fault->retry_after);
      if (fault->header != NULL)
        {
          g_auto (GStrv) parts = g_strsplit (fault->header, ": ", 2);

          soup_message_headers_append (reply.headers, parts[0], parts[1]);
        }
    }
  else if (fault == NULL || (fault->kind != FAKE_DROP && fault->kind != FAKE_HANG))
    self->handler (self, &request, &reply, self->data);
  if (fault != NULL && fault->kind != FAKE_STATUS)
    spoil (self, message, &reply, fault);
  else
    {
      soup_message_headers_foreach (reply.headers, add_headers, headers);
      soup_server_message_set_status (message, reply.status, NULL);
      soup_server_message_set_response (message, reply.content_type, SOUP_MEMORY_COPY, reply.body->str, reply.body->len);
    }
  g_mutex_unlock (&self->lock);
  g_string_free (reply.body, TRUE);
  soup_message_headers_unref (reply.headers);
}

static gpointer
run (gpointer data)
{
  FakeServer *self = data;
  g_autoptr (GError) error = NULL;
  GSList *uris;

  g_main_context_push_thread_default (self->context);
  self->soup = soup_server_new (NULL, NULL);
  soup_server_add_handler (self->soup, NULL, handle, self, NULL);
  if (self->tls)
    {
      g_autoptr (GTlsCertificate) certificate = g_tls_certificate_new_from_pem (fake_certificate, -1, &error);

      g_assert_no_error (error);
      soup_server_set_tls_certificate (self->soup, certificate);
    }
  soup_server_listen_local (self->soup, 0, SOUP_SERVER_LISTEN_IPV4_ONLY | (self->tls ? SOUP_SERVER_LISTEN_HTTPS : 0), &error);
  g_assert_no_error (error);
  uris = soup_server_get_uris (self->soup);
  self->url = g_strdup_printf ("%s://127.0.0.1:%d", self->tls ? "https" : "http", g_uri_get_port (uris->data));
  g_slist_free_full (uris, (GDestroyNotify) g_uri_unref);
  g_mutex_lock (&self->start_mutex);
  self->started = TRUE;
  g_cond_signal (&self->start_cond);
  g_mutex_unlock (&self->start_mutex);

  g_main_loop_run (self->loop);
  soup_server_disconnect (self->soup);
  g_clear_object (&self->soup);
  while (g_main_context_iteration (self->context, FALSE))
    ;
  g_main_context_pop_thread_default (self->context);
  return NULL;
}

static FakeServer *
start (FakeHandler handler, gpointer data, gboolean tls)
{
  FakeServer *self = g_new0 (FakeServer, 1);

  self->handler = handler;
  self->data = data;
  self->tls = tls;
  self->context = g_main_context_new ();
  self->loop = g_main_loop_new (self->context, FALSE);
  self->log = g_ptr_array_new_with_free_func (g_free);
  self->faults = g_array_new (FALSE, TRUE, sizeof (FakeFault));
  self->seen = g_array_new (FALSE, TRUE, sizeof (guint));
  self->slow = g_ptr_array_new ();
  g_mutex_init (&self->lock);
  g_mutex_init (&self->start_mutex);
  g_cond_init (&self->start_cond);
  self->thread = g_thread_new ("fake-server", run, self);
  g_mutex_lock (&self->start_mutex);
  while (!self->started)
    g_cond_wait (&self->start_cond, &self->start_mutex);
  g_mutex_unlock (&self->start_mutex);
  return self;
}

FakeServer *
fake_server_new (FakeHandler handler, gpointer data)
{
  return start (handler, data, FALSE);
}

FakeServer *
fake_server_new_tls (FakeHandler handler, gpointer data)
{
  return start (handler, data, TRUE);
}

static gboolean
quit (gpointer loop)
{
  g_main_loop_quit (loop);
  return G_SOURCE_REMOVE;
}

void
fake_server_free (FakeServer *self)
{
  if (self == NULL)
    return;
  g_atomic_int_set (&self->stopping, TRUE);
  g_main_context_invoke (self->context, quit, self->loop);
  g_thread_join (self->thread);
  for (guint i = 0; i < self->slow->len; i++)
    g_thread_join (self->slow->pdata[i]);
  g_ptr_array_unref (self->slow);
  g_ptr_array_unref (self->log);
  g_array_unref (self->faults);
  g_array_unref (self->seen);
  g_main_loop_unref (self->loop);
  g_main_context_unref (self->context);
  g_mutex_clear (&self->lock);
  g_mutex_clear (&self->start_mutex);
  g_cond_clear (&self->start_cond);
  g_free (self->url);
  g_free (self);
}

const char *
fake_server_url (FakeServer *self)
{
  return self->url;
}

void
fake_server_lock (FakeServer *self)
{
  g_mutex_lock (&self->lock);
}

void
fake_server_unlock (FakeServer *self)
{
  g_mutex_unlock (&self->lock);
}

void
fake_server_add_fault (FakeServer *self, const FakeFault *fault)
{
  guint zero = 0;

  g_mutex_lock (&self->lock);
  g_array_append_vals (self->faults, fault, 1);
  g_array_append_val (self->seen, zero);
  g_mutex_unlock (&self->lock);
}

void
fake_server_clear_faults (FakeServer *self)
{
  g_mutex_lock (&self->lock);
  g_array_set_size (self->faults, 0);
  g_array_set_size (self->seen, 0);
  g_mutex_unlock (&self->lock);
}

guint
fake_server_n_struck (FakeServer *self)
{
  guint n;

  g_mutex_lock (&self->lock);
  n = self->n_struck;
  g_mutex_unlock (&self->lock);
  return n;
}

guint
fake_server_count (FakeServer *self, const char *match)
{
  guint n = 0;

  g_mutex_lock (&self->lock);
  for (guint i = 0; i < self->log->len; i++)
    n += match == NULL || strstr (self->log->pdata[i], match) != NULL;
  g_mutex_unlock (&self->lock);
  return n;
}

char *
fake_server_nth (FakeServer *self, const char *match, guint nth)
{
  char *line = NULL;
  guint n = 0;

  g_mutex_lock (&self->lock);
  for (guint i = 0; i < self->log->len && line == NULL; i++)
    if ((match == NULL || strstr (self->log->pdata[i], match) != NULL) && n++ == nth)
      line = g_strdup (self->log->pdata[i]);
  g_mutex_unlock (&self->lock);
  return line;
}

void
fake_server_clear_log (FakeServer *self)
{
  g_mutex_lock (&self->lock);
  g_ptr_array_set_size (self->log, 0);
  g_mutex_unlock (&self->lock);
}

/* --- The clock ------------------------------------------------------------------------------------------------------------------ */

static gint64
clock_now (gpointer data)
{
  return ((FakeClock *) data)->now;
}

static gboolean
clock_sleep (gint64 us, GCancellable *cancellable, gpointer data, GError **error)
{
  FakeClock *fake = data;

  fake->now += us;
  fake->slept += us;
  fake->n_sleeps++;
  return !g_cancellable_set_error_if_cancelled (cancellable, error);
}

static double
clock_random (gpointer data)
{
  FakeClock *fake = data;

  fake->seed = fake->seed * G_GUINT64_CONSTANT (6364136223846793005) + G_GUINT64_CONSTANT (1442695040888963407);
  return (double) (fake->seed >> 11) / 9007199254740992.0;
}

BvClock
fake_clock (FakeClock *fake)
{
  return (BvClock){ clock_now, clock_sleep, clock_random, fake };
}
