/* SPDX-License-Identifier: GPL-3.0-or-later */
/* HTTP for source kinds: one request in, one checked answer out, with every wait and retry done here.
 *
 * Protocol: bv_http_new() in the thread that will send (a BvSourceContext does that), bv_http_set_policy() once, then for each
 * request a BvHttpRequest and bv_http_send() or bv_http_send_json(). All calls block; they end early when @cancellable does.
 *
 * Retries: 429 and 503 obey Retry-After (seconds or a date), else the vendor's reset header, else wait for a random time of up
 * to 1 s, 2 s, 4 s … 60 s; up to 8 tries or 10 minutes. 500, 502, 504, broken connections and timeouts: the same, 5 tries. 401: one
 * silent retry. Everything else is not repeated. Requests are spaced so that they stay under 80 % of the published rate.
 *
 * Limits: an answer's body is at most @max_body bytes, before and after inflating; a request as a whole must finish within
 * @grace_us plus the time that its bytes take at @min_rate. Certificates are verified; a self-signed one is accepted only when
 * its SHA-256 fingerprint is given. Redirects keep no credentials when they leave the host. No message ever holds a header.
 */
#pragma once

#include "bv-clock.h"

#include <json-glib/json-glib.h>
#include <libsoup/soup.h>

G_BEGIN_DECLS

/* What went wrong, for those who must react; the message is for people. */
#define BV_HTTP_ERROR (bv_http_error_quark ())
GQuark bv_http_error_quark (void);

typedef enum
{
  BV_HTTP_ERROR_UNAUTHORIZED, /* 401: the key is wrong, expired or revoked; the run stops */
  BV_HTTP_ERROR_FORBIDDEN,    /* 403: something is not allowed; the stream is skipped */
  BV_HTTP_ERROR_NOT_FOUND,    /* 404, 410 */
  BV_HTTP_ERROR_REFUSED,      /* other 4xx: the request itself is wrong */
  BV_HTTP_ERROR_BUSY,         /* 429, 503 to the end of patience: the stream can be resumed */
  BV_HTTP_ERROR_QUOTA,        /* a daily limit is used up: the run stops */
  BV_HTTP_ERROR_SERVER,       /* 5xx to the end of patience */
  BV_HTTP_ERROR_NETWORK,      /* no connection, broken, timed out, too slow */
  BV_HTTP_ERROR_TLS,          /* the certificate is not trusted */
  BV_HTTP_ERROR_MALFORMED,    /* the answer is not what it says: no JSON, too long, cut off */
} BvHttpError;

typedef struct _BvHttp BvHttp;

/* A vendor's answer as its kind sees it. */
typedef struct
{
  guint status;
  SoupMessageHeaders *headers; /* of the answer */
  JsonNode *json;              /* (nullable): the body, when it is JSON */
  const char *text;            /* the body, NUL-terminated */
  gsize length;
} BvHttpAnswer;

typedef enum
{
  BV_HTTP_DEFAULT,       /* as the status says */
  BV_HTTP_RETRY_AFTER,   /* like 503: try again after *wait_us */
  BV_HTTP_STOP_QUOTA,    /* like a daily limit; *wait_us until it resets, or 0 */
  BV_HTTP_STOP_FORBIDDEN /* like 403 */
} BvHttpVerdict;

/* How a vendor behaves. All members are optional. */
typedef struct
{
  const char *vendor;            /* "HubSpot", for messages */
  double rate;                   /* published requests per second; kept under 80 % of it; 0 is unlimited */
  const char *limit_header;      /* requests per window */
  const char *remaining_header;  /* requests left in the window */
  const char *window_ms_header;  /* the window's length in ms */
  const char *reset_header;      /* unix seconds (or seconds from now, when small) at which the window starts anew */
  /* Looks at an answer of 400 or more before the usual rules do. */
  BvHttpVerdict (*judge)         (const BvHttpAnswer *answer, gint64 *wait_us, gpointer data);
  /* The vendor's own words and correlation id in an error answer. (transfer full) (nullable) */
  char        *(*explain)        (const BvHttpAnswer *answer, gpointer data);
  gpointer data;
} BvHttpPolicy;

typedef struct
{
  guint64 requests, retries, waits;
  gint64 waited_us;
  guint64 bytes_in, bytes_out;
} BvHttpCounts;

typedef struct
{
  gint64 max_body;  /* bytes; 0 is 64 MiB */
  gint64 grace_us;  /* 0 is 30 s */
  gint64 min_rate;  /* bytes per second after the grace; 0 is 1024 */
} BvHttpLimits;

BvHttp      *bv_http_new          (const BvClock *clock, const BvHttpLimits *limits);
void         bv_http_free         (BvHttp *self);
/* @policy is copied; its strings must be static. */
void         bv_http_set_policy   (BvHttp *self, const BvHttpPolicy *policy);
/* A second, tighter pace for requests that name it ("search"): published requests per second. */
void         bv_http_set_pace     (BvHttp *self, const char *pace, double rate);
/* The SHA-256 fingerprint (hex, colons allowed) of the only self-signed certificate that is accepted; NULL for none. */
void         bv_http_set_fingerprint (BvHttp *self, const char *fingerprint);
/* Called before and about every second of a wait, with what is left of it. */
void         bv_http_set_wait_func   (BvHttp *self, void (*waiting) (gint64 left_us, gpointer data), gpointer data);
void         bv_http_get_counts   (BvHttp *self, BvHttpCounts *counts);
/* The fingerprint of the certificate that the last request was refused for; NULL when it was for something else. */
const char  *bv_http_get_refused_fingerprint (BvHttp *self);

typedef struct _BvHttpRequest BvHttpRequest;

/* @url: absolute, http or https. */
BvHttpRequest *bv_http_request_new        (const char *method, const char *url);
void           bv_http_request_free       (BvHttpRequest *self);
/* Appends "name=value" to the query, escaped. */
void           bv_http_request_add_query  (BvHttpRequest *self, const char *name, const char *value);
/* The same for a key, which is never shown. */
void           bv_http_request_add_secret_query (BvHttpRequest *self, const char *name, const char *value);
void           bv_http_request_add_header (BvHttpRequest *self, const char *name, const char *value);
/* A header that must not go to another host and is never shown. */
void           bv_http_request_add_secret_header (BvHttpRequest *self, const char *name, const char *value);
void           bv_http_request_set_bearer (BvHttpRequest *self, const char *token);
void           bv_http_request_set_basic  (BvHttpRequest *self, const char *user, const char *password);
/* Takes @json as the body. (transfer full) */
void           bv_http_request_take_json  (BvHttpRequest *self, JsonNode *json);
void           bv_http_request_set_body   (BvHttpRequest *self, const char *content_type, const char *data, gsize length);
void           bv_http_request_set_pace   (BvHttpRequest *self, const char *pace);
/* The length of the request's address, for servers that refuse long ones. */
gsize          bv_http_request_get_url_length (BvHttpRequest *self);

/**
 * bv_http_send:
 * @headers: (out) (optional) (transfer full): the answer's headers
 *
 * Returns: (transfer full): the body of a 2xx answer, NUL-terminated behind its end; NULL with BV_HTTP_ERROR or G_IO_ERROR_CANCELLED
 */
GBytes        *bv_http_send               (BvHttp *self, BvHttpRequest *request, GCancellable *cancellable,
                                           SoupMessageHeaders **headers, GError **error);
/* The same, parsed; malformed JSON is an error with host and position. (transfer full) */
JsonNode      *bv_http_send_json          (BvHttp *self, BvHttpRequest *request, GCancellable *cancellable,
                                           SoupMessageHeaders **headers, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (BvHttp, bv_http_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (BvHttpRequest, bv_http_request_free)

G_END_DECLS
