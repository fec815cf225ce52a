/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The generic part of the fake vendors: an HTTP server in a thread of its own, with a log of requests and faults to inject.
 *
 * A fake vendor is a handler over a data set: it gets the request parsed and fills a reply. The handler runs in the server's thread
 * with the lock held; a test takes the lock (fake_server_lock) while it changes the data. The server listens on a free port of the
 * loopback.
 *
 * Faults: each names a part of "METHOD /path?query", how many matching requests pass before it strikes, and how often it strikes. The
 * first fault in the list that matches and is not used up is taken. By default the handler is not run for a request that a fault
 * strikes, unless the fault spoils the handler's answer (see below).
 */
#pragma once

#include "bv-clock.h"

#include <json-glib/json-glib.h>
#include <libsoup/soup.h>

typedef struct _FakeServer FakeServer;

typedef struct
{
  const char *method;
  const char *path;           /* decoded, without the query */
  GHashTable *query;          /* (nullable): name → value */
  SoupMessageHeaders *headers;
  const char *body;           /* NUL-terminated */
  JsonNode *json;             /* (nullable): the body, parsed */
} FakeRequest;

typedef struct
{
  guint status;               /* 200 */
  GString *body;
  const char *content_type;   /* "application/json" */
  SoupMessageHeaders *headers;
} FakeReply;

typedef void (*FakeHandler) (FakeServer *server, const FakeRequest *request, FakeReply *reply, gpointer data);

typedef enum
{
  FAKE_STATUS,       /* answers @status with @body and @headers; the handler does not run */
  FAKE_DROP,         /* closes the connection without an answer */
  FAKE_HANG,         /* never answers */
  /* These spoil the handler's own answer: */
  FAKE_CUT,          /* whole headers, half of the body, end */
  FAKE_TRUNCATED,    /* half of the body, with a length that fits: malformed JSON */
  FAKE_DRIP,         /* one byte each 20 ms */
  FAKE_DRIP_HEADERS, /* the same, headers too */
  FAKE_GZIP,         /* compressed (no fault, but rare) */
  FAKE_BOMB,         /* gzip of 256 MiB of blanks */
  FAKE_LONG,         /* ten times as many bytes as Content-Length says */
  FAKE_LATE,         /* does what was asked, then drops the connection: the client cannot know */
} FakeFaultKind;

typedef struct
{
  const char *match;       /* (nullable): in "METHOD /path?query"; NULL matches all */
  guint skip;              /* matching requests that pass first */
  guint times;             /* 0: always */
  FakeFaultKind kind;
  guint status;
  const char *retry_after; /* (nullable) */
  const char *header;      /* (nullable): "Name: value" */
  const char *body;        /* (nullable) */
} FakeFault;

FakeServer *fake_server_new          (FakeHandler handler, gpointer data);
/* HTTPS with a self-signed certificate. */
FakeServer *fake_server_new_tls      (FakeHandler handler, gpointer data);
void        fake_server_free         (FakeServer *self);
/* "http://127.0.0.1:PORT" */
const char *fake_server_url          (FakeServer *self);
void        fake_server_lock         (FakeServer *self);
void        fake_server_unlock       (FakeServer *self);

/* Strings of @fault must outlive the server. */
void        fake_server_add_fault    (FakeServer *self, const FakeFault *fault);
void        fake_server_clear_faults (FakeServer *self);
/* How often faults have struck. */
guint       fake_server_n_struck     (FakeServer *self);

/* How many requests held @match in "METHOD /path?query"; NULL for all. */
guint       fake_server_count        (FakeServer *self, const char *match);
void        fake_server_clear_log    (FakeServer *self);
/* The n-th of them, from 0; NULL when there is none. (transfer full) */
char       *fake_server_nth          (FakeServer *self, const char *match, guint n);

/* Fills @reply with JSON. (transfer full) @node */
void        fake_reply_json          (FakeReply *reply, guint status, JsonNode *node);
void        fake_reply_text          (FakeReply *reply, guint status, const char *json);
const char *fake_request_query       (const FakeRequest *request, const char *name); /* NULL when not given */

/* A clock for syncs that never waits: sleeping moves it on. */
typedef struct
{
  gint64 now;       /* instant (µs) */
  gint64 slept;     /* µs in all */
  guint n_sleeps;
  guint64 seed;
} FakeClock;

/* A BvClock over @fake. */
BvClock     fake_clock               (FakeClock *fake);
