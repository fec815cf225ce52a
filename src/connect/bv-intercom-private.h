/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the files of the kind "intercom" share. */
#pragma once

#include "bv-source-kind.h"

G_BEGIN_DECLS

/* Query parameter and member of the search that say how long a page is; the longest that is served. */
#define BV_INTERCOM_PAGE 150
#define BV_INTERCOM_DELETED_PAGE 60
/* Custom attributes are fields of this name and the attribute's own. */
#define BV_INTERCOM_CUSTOM "custom_attributes."
#define BV_INTERCOM_TICKET_CUSTOM "ticket_attributes."

/* A run's connection. */
typedef struct
{
  char *base;           /* "https://api.intercom.io" */
  char *token;
  char *version;
  gboolean scroll_broke; /* the last answer to a scroll said that it must begin anew */
  GHashTable *teams;    /* (nullable): id → name, once asked for */
  GHashTable *admins;
  GHashTable *links;    /* link table → GHashTable of id → the ids linked to */
  guint n_links;        /* ids in all of them */
} BvIntercom;

/* How a stream is read. */
typedef enum
{
  BV_INTERCOM_SEARCH, /* POST @path, sorted, keyset cursor */
  BV_INTERCOM_SCROLL, /* companies */
  BV_INTERCOM_LIST,   /* GET @path, all at once */
  BV_INTERCOM_ATTRIBUTES, /* several lists in one */
  BV_INTERCOM_PARTS,  /* search, then one request for each conversation */
} BvIntercomWay;

/* A field that every workspace has. */
typedef struct
{
  const char *path;   /* in the vendor's JSON, or a name that compute_value() knows */
  const char *column; /* (nullable): the path in snake_case */
  BvType type;
  gboolean off;       /* not selected at first */
} BvIntercomField;

typedef struct
{
  const char *name;       /* also the table's suffix */
  const char *label;      /* N_() */
  const char *description; /* N_() (nullable) */
  BvIntercomWay way;
  const char *path;
  const char *list;       /* the member that holds the records */
  const char *key;        /* names of the key's fields, separated by blanks */
  BvStreamFlags flags;
  const BvIntercomField *fields; /* ends with { NULL } */
} BvIntercomStream;

/* Ids of other records that come within a record. */
typedef struct
{
  const char *stream;   /* the record's */
  const char *to;       /* (nullable): the stream linked to */
  const char *table;
  const char *from_column, *to_column, *foreign_key;
  const char *array;    /* path of the list in the record */
  const char *more;     /* (nullable): path of the yes or no that says the list is cut off */
  const char *rest;     /* (nullable): printf format of the address of the whole list */
  const char *rest_list; /* its member */
} BvIntercomLink;

const BvIntercomStream *bv_intercom_stream_find (const char *name);
const BvIntercomStream *bv_intercom_stream_list (guint *n);
const BvIntercomLink   *bv_intercom_link_find   (const char *table);
GPtrArray              *bv_intercom_discover    (BvSourceContext *context, GError **error);

/* A request with the token and the version on it; @path begins with "/". */
BvHttpRequest          *bv_intercom_request     (BvIntercom *self, const char *method, const char *path);
/* Sends it and wants a JSON object. @headers as bv_http_send(). (transfer full) */
JsonNode               *bv_intercom_send        (BvSourceContext *context, BvHttpRequest *request, SoupMessageHeaders **headers, GError **error);
/* Names of teams or admins by id; a token that may not read them gives none. NULL on an error. */
GHashTable             *bv_intercom_names       (BvSourceContext *context, const char *what, GError **error);

gboolean                bv_intercom_fetch       (BvFetch *fetch, GError **error);
gboolean                bv_intercom_fetch_links (BvFetch *fetch, GError **error);
/* Keeps what the record says of its links, for the LINKS pass of the same run. */
void                    bv_intercom_keep_links  (BvFetch *fetch, JsonObject *record);

/* The values of @record for the fields of the fetch, added as a row. */
typedef struct _BvIntercomRows BvIntercomRows;
BvIntercomRows         *bv_intercom_rows_new    (BvFetch *fetch, GError **error);
void                    bv_intercom_rows_add    (BvIntercomRows *self, JsonObject *record);
void                    bv_intercom_rows_free   (BvIntercomRows *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (BvIntercomRows, bv_intercom_rows_free)

G_END_DECLS
