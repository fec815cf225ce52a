/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the files of the kind "rest" share. */
#pragma once

#include "bv-source-kind.h"

G_BEGIN_DECLS

typedef enum { BV_REST_NO_AUTH, BV_REST_BEARER, BV_REST_BASIC, BV_REST_HEADER, BV_REST_QUERY } BvRestAuth;
typedef enum { BV_REST_ONE_PAGE, BV_REST_LINK, BV_REST_CURSOR, BV_REST_NEXT_URL, BV_REST_PAGE, BV_REST_OFFSET } BvRestPaging;
typedef enum { BV_REST_AS_IS, BV_REST_ISO, BV_REST_UNIX, BV_REST_MS } BvRestTime;

typedef struct
{
  char *name;
  char *url;
  char *records;   /* (nullable): path of the list in the answer */
  char **key;      /* (nullable) */
  char *cursor;    /* (nullable): path of the field that tells what is new */
  char *parameter; /* (nullable): the query's parameter for it */
} BvRestStream;

typedef struct
{
  BvRestAuth auth;
  char *user, *secret, *auth_name;
  BvRestPaging paging;
  char *page_parameter, *next_path, *size_parameter;
  gint64 page_size, first_page, max_pages;
  BvRestTime time;
  gint64 lookback_us;
  gboolean sweep;
  char **headers;    /* "Name: value" */
  char **parameters; /* "name=value" */
  GPtrArray *streams; /* BvRestStream */
} BvRest;

BvRest             *bv_rest_new         (BvSourceContext *context, GError **error);
void                bv_rest_free        (BvRest *self);
const BvRestStream *bv_rest_find        (const BvRest *self, const char *name);

/* One answer, taken apart. */
typedef struct
{
  JsonNode *root;
  JsonArray *records;  /* in @root, or made of it */
  char *path;          /* (nullable): where in the answer the list was found; NULL for the answer itself */
  char *next;          /* (nullable): URL or cursor of the next page */
  gboolean gone;       /* 404 behind the last page */
} BvRestPage;

void                bv_rest_page_clear  (BvRestPage *page);
/* Sends the request that @state is at. @since: (nullable): value of the stream's cursor parameter. */
gboolean            bv_rest_get_page    (BvSourceContext *context, const BvRestStream *stream, JsonObject *state, const char *since,
                                         BvRestPage *page, GError **error);
/* Moves @state behind @page; *last when there is no more. Refuses pages that repeat. */
gboolean            bv_rest_advance     (BvSourceContext *context, const BvRestStream *stream, JsonObject *state, const BvRestPage *page,
                                         gboolean *last, GError **error);
/* Record @i as an object; what is none becomes the member "value". (transfer full) */
JsonObject         *bv_rest_record      (JsonArray *records, guint i);

/* The fields known of a stream, in the source's memory: path → types (bv_json_types). (transfer none) */
JsonObject         *bv_rest_memory      (BvSourceContext *context, const char *stream);
void                bv_rest_learn       (JsonObject *memory, const BvRestPage *page);
/* What @memory knows, as a stream with fields. (transfer full) */
BvSourceStream     *bv_rest_make_stream (const BvRest *self, const BvRestStream *stream, JsonObject *memory);
/* Whether the key and the cursor are fields of the records. */
gboolean            bv_rest_check       (const BvRestStream *stream, JsonObject *memory, GError **error);

gboolean            bv_rest_fetch       (BvFetch *fetch, GError **error);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (BvRestPage, bv_rest_page_clear)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (BvRest, bv_rest_free)

G_END_DECLS
