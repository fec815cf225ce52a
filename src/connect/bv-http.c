/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Requests with patience: pace, retries, and errors in words (the rules are in the header). */
#include "config.h"

#include "bv-http-private.h"

#include <glib/gi18n-lib.h>
#include <inttypes.h>
#include <string.h>

#define MAX_TRIES_BUSY 8
#define MAX_TRIES_SERVER 5
#define PATIENCE_US (10 * 60 * G_USEC_PER_SEC)
#define FIRST_WAIT_US G_USEC_PER_SEC
#define LONGEST_WAIT_US (60 * G_USEC_PER_SEC)
/* Of the published rate. */
#define SHARE 0.8
/* Characters of a vendor's own words in a message. */
#define MAX_WORDS 300

G_DEFINE_QUARK (bv-http-error-quark, bv_http_error)

typedef struct
{
  double rate;  /* published requests per second; 0 is unlimited */
  gint64 next;  /* the next request may go at this instant */
} Pace;

struct _BvHttp
{
  const BvClock *clock;
  BvHttpLimits limits;
  BvHttpPolicy policy;
  GMainContext *context;
  SoupSession *session;
  char *fingerprint;
  char *refused;
  Pace pace;
  GHashTable *paces; /* name → Pace */
  BvHttpCounts counts;
  void (*waiting) (gint64 left_us, gpointer data);
  gpointer waiting_data;
};

BvHttp *
bv_http_new (const BvClock *clock, const BvHttpLimits *limits)
{
  BvHttp *self = g_new0 (BvHttp, 1);

  self->clock = clock != NULL ? clock : &bv_clock_system;
  if (limits != NULL)
    self->limits = *limits;
  if (self->limits.max_body == 0)
    self->limits.max_body = 64 * 1024 * 1024;
  if (self->limits.grace_us == 0)
    self->limits.grace_us = 30 * G_USEC_PER_SEC;
  if (self->limits.min_rate == 0)
    self->limits.min_rate = 1024;
  self->paces = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  self->context = g_main_context_new ();
  g_main_context_push_thread_default (self->context);
  self->session = soup_session_new_with_options ("max-conns", 4, "max-conns-per-host", 4, "user-agent", "Belvedere/" VERSION, "idle-timeout", 15,
                                                 "timeout", (guint) (self->limits.grace_us / G_USEC_PER_SEC + 1), NULL);
  g_main_context_pop_thread_default (self->context);
  return self;
}

void
bv_http_free (BvHttp *self)
{
  if (self == NULL)
    return;
  g_main_context_push_thread_default (self->context);
  soup_session_abort (self->session);
  g_clear_object (&self->session);
  while (g_main_context_iteration (self->context, FALSE))
    ;
  g_main_context_pop_thread_default (self->context);
  g_main_context_unref (self->context);
  g_hash_table_unref (self->paces);
  g_free (self->fingerprint);
  g_free (self->refused);
  g_free (self);
}

void
bv_http_set_policy (BvHttp *self, const BvHttpPolicy *policy)
{
  self->policy = *policy;
  self->pace.rate = policy->rate;
}

void
bv_http_set_pace (BvHttp *self, const char *pace, double rate)
{
  Pace *added = g_new0 (Pace, 1);

  added->rate = rate;
  g_hash_table_insert (self->paces, g_strdup (pace), added);
}

void
bv_http_set_fingerprint (BvHttp *self, const char *fingerprint)
{
  g_free (self->fingerprint);
  self->fingerprint = g_strdup (fingerprint);
}

void
bv_http_set_wait_func (BvHttp *self, void (*waiting) (gint64 left_us, gpointer data), gpointer data)
{
  self->waiting = waiting;
  self->waiting_data = data;
}

void
bv_http_get_counts (BvHttp *self, BvHttpCounts *counts)
{
  *counts = self->counts;
}

const char *
bv_http_get_refused_fingerprint (BvHttp *self)
{
  return self->refused;
}

/* --- Waiting ------------------------------------------------------------------------------------------------------------------ */

/* In steps of a second, so that what is left can be shown. Waits of the pace are short and not worth showing. */
static gboolean
let_pass (BvHttp *self, gint64 us, gboolean show, GCancellable *cancellable, GError **error)
{
  if (us <= 0)
    return TRUE;
  self->counts.waited_us += us;
  if (show)
    self->counts.waits++;
  while (us > 0)
    {
      gint64 part = MIN (us, G_USEC_PER_SEC);

      if (show && self->waiting != NULL)
        self->waiting (us, self->waiting_data);
      if (!bv_clock_sleep (self->clock, part, cancellable, error))
        return FALSE;
      us -= part;
    }
  if (show && self->waiting != NULL)
    self->waiting (0, self->waiting_data);
  return TRUE;
}

static gboolean
keep_pace (BvHttp *self, Pace *pace, GCancellable *cancellable, GError **error)
{
  gint64 now = bv_clock_now (self->clock);
  gint64 wait = pace->next - now;

  /* A clock that was set back must not stop us for long. */
  if (wait > LONGEST_WAIT_US)
    wait = LONGEST_WAIT_US;
  if (!let_pass (self, wait, wait > G_USEC_PER_SEC, cancellable, error))
    return FALSE;
  now = bv_clock_now (self->clock);
  if (pace->rate > 0)
    pace->next = now + (gint64) MIN (1e6 / (pace->rate * SHARE), LONGEST_WAIT_US);
  return TRUE;
}

static double
read_number (SoupMessageHeaders *headers, const char *name)
{
  const char *text = name != NULL ? soup_message_headers_get_one (headers, name) : NULL;

  return text != NULL ? g_ascii_strtod (text, NULL) : -1;
}

/* What the vendor says of its limits counts more than what is published. */
static void
learn_pace (BvHttp *self, SoupMessageHeaders *headers)
{
  double limit = read_number (headers, self->policy.limit_header);
  double remaining = read_number (headers, self->policy.remaining_header);
  double window = read_number (headers, self->policy.window_ms_header);
  gint64 now = bv_clock_now (self->clock);

  if (limit > 0 && window > 0)
    self->pace.rate = limit * 1000 / window;
  if (remaining >= 0 && remaining < 1)
    {
      gint64 wait = bv_http_asked_wait (headers, self->policy.reset_header, now);

      if (wait < 0 && window > 0)
        wait = (gint64) MIN (window * 1000, LONGEST_WAIT_US);
      if (wait > 0)
        self->pace.next = MAX (self->pace.next, now + MIN (wait, LONGEST_WAIT_US));
    }
}

/* --- Errors ------------------------------------------------------------------------------------------------------------------- */

/* The vendor's words, or the status. (transfer full) */
static char *
detail_of (BvHttp *self, BvHttpRequest *request, const BvHttpTry *result, const BvHttpAnswer *answer)
{
  g_autofree char *words = NULL;

  if (result->error != NULL)
    return bv_http_scrub (request, result->error->message);
  if (self->policy.explain != NULL)
    words = self->policy.explain (answer, self->policy.data);
  if (words == NULL)
    {
      const char *phrase = soup_status_get_phrase (result->status);

      return g_strdup_printf ("%u %s", result->status, phrase != NULL ? phrase : "");
    }
  {
    g_autofree char *line = g_strdup_printf ("%u, %s", result->status, words);
    g_autofree char *valid = g_utf8_make_valid (line, -1);
    /* Before it is cut: half a key is no longer found. */
    char *clean = bv_http_scrub (request, g_strdelimit (valid, "\r\n\t", ' '));

    if (g_utf8_strlen (clean, -1) > MAX_WORDS)
      {
        g_autofree char *whole = clean;
        g_autofree char *cut = g_utf8_substring (whole, 0, MAX_WORDS - 1);

        clean = g_strconcat (cut, "…", NULL);
      }
    return clean;
  }
}

static void
set_error (BvHttp *self, BvHttpRequest *request, BvHttpError code, BvHttpFailure how, const char *detail, gint64 wait, GError **error)
{
  g_autofree char *host = bv_http_request_host (request);
  const char *who = self->policy.vendor != NULL ? self->policy.vendor : host;

  switch (code)
    {
    case BV_HTTP_ERROR_UNAUTHORIZED:
      g_set_error (error, BV_HTTP_ERROR, code, _("%s does not accept the key (%s): enter a valid one"), who, detail);
      break;
    case BV_HTTP_ERROR_FORBIDDEN:
      g_set_error (error, BV_HTTP_ERROR, code, _("%s does not allow this key to read it (%s): give the key what it lacks"), who, detail);
      break;
    case BV_HTTP_ERROR_NOT_FOUND:
      g_set_error (error, BV_HTTP_ERROR, code, _("%s does not know what was asked for (%s): check the settings of the source"), who, detail);
      break;
    case BV_HTTP_ERROR_REFUSED:
      g_set_error (error, BV_HTTP_ERROR, code, _("%s refused a request (%s): check the settings of the source"), who, detail);
      break;
    case BV_HTTP_ERROR_BUSY:
      g_set_error (error, BV_HTTP_ERROR, code, _("%s asks to wait (%s): sync again later, it goes on from here"), who, detail);
      break;
    case BV_HTTP_ERROR_QUOTA:
      if (wait > 0)
        g_set_error (error, BV_HTTP_ERROR, code,
                     _("The daily limit of %s is used up (%s): sync again in %" PRId64 " minutes"), who, detail,
                     wait / (60 * G_USEC_PER_SEC) + 1);
      else
        g_set_error (error, BV_HTTP_ERROR, code, _("The daily limit of %s is used up (%s): sync again tomorrow"), who, detail);
      break;
    case BV_HTTP_ERROR_SERVER:
      g_set_error (error, BV_HTTP_ERROR, code, _("%s has a fault (%s): sync again later, it goes on from here"), who, detail);
      break;
    case BV_HTTP_ERROR_TLS:
      g_set_error (error, BV_HTTP_ERROR, code,
                   _("The certificate of %s is not trusted (SHA-256 %s): check the address, or accept this certificate"), host, detail);
      break;
    case BV_HTTP_ERROR_MALFORMED:
      g_set_error (error, BV_HTTP_ERROR, code, _("%s sent too long an answer (%s): choose fewer fields, or smaller pages, and sync again"), who, detail);
      break;
    case BV_HTTP_ERROR_NETWORK:
    default:
      if (how == BV_HTTP_TOO_SLOW)
        g_set_error (error, BV_HTTP_ERROR, code, _("%s answers too slowly: check the connection and try again, it goes on from here"), host);
      else if (how == BV_HTTP_BROKE_OFF)
        g_set_error (error, BV_HTTP_ERROR, code, _("The connection to %s broke off: check it and try again, it goes on from here"), host);
      else
        g_set_error (error, BV_HTTP_ERROR, code, _("%s cannot be reached (%s): check the address and the connection, and try again"), host, detail);
      break;
    }
}

/* --- Sending -------------------------------------------------------------------------------------------------------------------- */

typedef enum { END_OK, END_BUSY, END_SERVER, END_AUTH, END_FAIL } Ending;

/* What to do after a try; *code is the error when it comes to that. *wait: what the server asked for, or -1. */
static Ending
judge (BvHttp *self, const BvHttpTry *result, const BvHttpAnswer *answer, BvHttpError *code, gint64 *wait)
{
  BvHttpVerdict verdict = BV_HTTP_DEFAULT;
  gint64 vendor_wait = -1;

  *wait = -1;
  *code = BV_HTTP_ERROR_NETWORK;
  if (result->error != NULL)
    {
      if (result->error->domain == BV_HTTP_ERROR)
        {
          *code = (BvHttpError) result->error->code;
          return END_FAIL;
        }
      if (result->refused != NULL)
        {
          *code = BV_HTTP_ERROR_TLS;
          return END_FAIL;
        }
      return END_SERVER;
    }
  if (self->policy.judge != NULL && result->status >= 400)
    verdict = self->policy.judge (answer, &vendor_wait, self->policy.data);
  if (verdict == BV_HTTP_STOP_QUOTA)
    {
      *code = BV_HTTP_ERROR_QUOTA;
      *wait = vendor_wait > 0 ? vendor_wait : bv_http_asked_wait (result->headers, self->policy.reset_header, bv_clock_now (self->clock));
      return END_FAIL;
    }
  if (verdict == BV_HTTP_STOP_FORBIDDEN)
    {
      *code = BV_HTTP_ERROR_FORBIDDEN;
      return END_FAIL;
    }
  if (verdict == BV_HTTP_RETRY_AFTER || result->status == 429 || result->status == 503)
    {
      *code = BV_HTTP_ERROR_BUSY;
      *wait = verdict == BV_HTTP_RETRY_AFTER
                ? vendor_wait : bv_http_asked_wait (result->headers, self->policy.reset_header, bv_clock_now (self->clock));
      return END_BUSY;
    }
  if (SOUP_STATUS_IS_SUCCESSFUL (result->status))
    return END_OK;
  if (result->status == 401)
    {
      *code = BV_HTTP_ERROR_UNAUTHORIZED;
      return END_AUTH;
    }
  if (result->status >= 500 || result->status == 408)
    {
      *code = BV_HTTP_ERROR_SERVER;
      return END_SERVER;
    }
  *code = result->status == 403 ? BV_HTTP_ERROR_FORBIDDEN
          : result->status == 404 || result->status == 410 ? BV_HTTP_ERROR_NOT_FOUND : BV_HTTP_ERROR_REFUSED;
  return END_FAIL;
}

/* The n-th wait of full jitter, n from 0. */
static gint64
back_off (BvHttp *self, guint n)
{
  gint64 most = MIN (FIRST_WAIT_US << MIN (n, 20), LONGEST_WAIT_US);

  return (gint64) (self->clock->random (self->clock->data) * (double) most);
}

static gboolean
send (BvHttp *self, BvHttpRequest *request, GCancellable *cancellable, BvHttpTry *result, GError **error)
{
  Pace *pace = request->pace != NULL ? g_hash_table_lookup (self->paces, request->pace) : NULL;
  gint64 started = bv_clock_now (self->clock);
  guint tries = 0, auth_tries = 0;

  while (TRUE)
    {
      g_autoptr (JsonNode) json = NULL;
      g_autofree char *detail = NULL;
      BvHttpAnswer answer = { 0 };
      BvHttpError code;
      Ending ending;
      gint64 wait, asked;

      if (!keep_pace (self, &self->pace, cancellable, error) || (pace != NULL && !keep_pace (self, pace, cancellable, error)))
        return FALSE;
      bv_http_try_clear (result);
      result->bytes_in = 0;
      g_clear_pointer (&self->refused, g_free);
      self->counts.requests++;
      bv_http_try (self->session, self->context, request, &self->limits, self->fingerprint, cancellable, result);
      self->counts.bytes_in += result->bytes_in;
      self->counts.bytes_out += request->body != NULL ? g_bytes_get_size (request->body) : 0;
      self->refused = g_strdup (result->refused);
      if (g_cancellable_set_error_if_cancelled (cancellable, error))
        return FALSE;
      if (result->headers != NULL)
        learn_pace (self, result->headers);
      if (result->error == NULL && result->status >= 400)
        {
          answer.status = result->status;
          answer.headers = result->headers;
          answer.text = (const char *) result->body->data;
          answer.length = result->body->len;
          json = answer.length > 0 ? bv_http_parse_json ("", answer.text, answer.length, NULL) : NULL;
          answer.json = json;
        }
      ending = judge (self, result, &answer, &code, &wait);
      asked = wait;
      tries++;
      if (ending == END_OK)
        return TRUE;
      if (ending == END_AUTH && auth_tries++ == 0)
        wait = 0;
      else if (ending == END_FAIL || ending == END_AUTH ||
               tries >= (ending == END_BUSY ? MAX_TRIES_BUSY : MAX_TRIES_SERVER))
        wait = -1;
      else
        {
          if (wait < 0)
            wait = back_off (self, tries - 1);
          if (bv_clock_now (self->clock) - started + wait > PATIENCE_US)
            wait = -1;
        }
      if (wait < 0)
        {
          detail = code == BV_HTTP_ERROR_TLS ? g_strdup (result->refused) : detail_of (self, request, result, &answer);
          set_error (self, request, code, result->how, detail, asked, error);
          return FALSE;
        }
      self->counts.retries++;
      if (!let_pass (self, wait, TRUE, cancellable, error))
        return FALSE;
    }
}

GBytes *
bv_http_send (BvHttp *self, BvHttpRequest *request, GCancellable *cancellable, SoupMessageHeaders **headers, GError **error)
{
  g_auto (BvHttpTry) result = { 0 };

  g_return_val_if_fail (self != NULL && request != NULL, NULL);

  if (headers != NULL)
    *headers = NULL;
  if (!send (self, request, cancellable, &result, error))
    return NULL;
  if (headers != NULL)
    *headers = g_steal_pointer (&result.headers);
  return g_byte_array_free_to_bytes (g_steal_pointer (&result.body));
}

JsonNode *
bv_http_send_json (BvHttp *self, BvHttpRequest *request, GCancellable *cancellable, SoupMessageHeaders **headers, GError **error)
{
  g_auto (BvHttpTry) result = { 0 };
  g_autofree char *host = bv_http_request_host (request);
  JsonNode *node = NULL;

  if (headers != NULL)
    *headers = NULL;
  /* JSON that was cut off is worth one more try: the next answer is often whole. */
  for (int i = 0; i < 2 && node == NULL; i++)
    {
      if (i > 0)
        {
          self->counts.retries++;
          g_clear_error (error);
        }
      if (!send (self, request, cancellable, &result, error))
        return NULL;
      node = bv_http_parse_json (self->policy.vendor != NULL ? self->policy.vendor : host, (const char *) result.body->data, result.body->len, error);
    }
  if (node != NULL && headers != NULL)
    *headers = g_steal_pointer (&result.headers);
  return node;
}
