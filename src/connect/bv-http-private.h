/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the files of the HTTP client share. */
#pragma once

#include "bv-http.h"

G_BEGIN_DECLS

struct _BvHttpRequest
{
  char *method;
  GString *url;
  GPtrArray *headers;  /* name, value, name, value… */
  GPtrArray *secrets;  /* the same, of those that stay with the host */
  GPtrArray *hidden;   /* what no message may show */
  char *content_type;
  GBytes *body;
  char *pace;
};

/* Where a try without an answer came to its end. */
typedef enum { BV_HTTP_UNREACHABLE, BV_HTTP_BROKE_OFF, BV_HTTP_TOO_SLOW } BvHttpFailure;

/* How one try ended. */
typedef struct
{
  guint status;                /* 0: there was no answer */
  SoupMessageHeaders *headers; /* (nullable) */
  GByteArray *body;            /* with a NUL behind its end, which does not count */
  guint64 bytes_in;            /* over the network */
  char *refused;               /* (nullable): fingerprint of a certificate that was not trusted */
  GError *error;               /* (nullable): G_IO_ERROR, G_TLS_ERROR or BV_HTTP_ERROR of the try */
  BvHttpFailure how;           /* with an error */
} BvHttpTry;

void     bv_http_try_clear (BvHttpTry *try_);
/* One request and its redirects, without retries. */
void     bv_http_try       (SoupSession *session, GMainContext *context, BvHttpRequest *request, const BvHttpLimits *limits,
                            const char *fingerprint, GCancellable *cancellable, BvHttpTry *result);
/* Microseconds that the answer asks to wait; -1 when it says nothing. */
gint64   bv_http_asked_wait (SoupMessageHeaders *headers, const char *reset_header, gint64 now);
/* @text without any of the request's secrets. (transfer full) */
char    *bv_http_scrub      (BvHttpRequest *request, const char *text);
/* @host of the request, for messages. (transfer full) */
char    *bv_http_request_host (BvHttpRequest *request);
JsonNode *bv_http_parse_json (const char *who, const char *text, gsize length, GError **error);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (BvHttpTry, bv_http_try_clear)

G_END_DECLS
