/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the files of the HubSpot kind share. */
#pragma once

#include "bv-source-kind.h"

G_BEGIN_DECLS

typedef struct
{
  BvSourceContext *context;
  const char *base;
  const char *version;    /* "2026-09", "v3" */
  gboolean legacy;
  const char *token;
  GHashTable *labels;     /* "contacts/lifecyclestage" → value → label */
  gint64 offset_us;       /* HubSpot's clock minus ours */
} BvHubspot;

/* One of the object types that every account has. */
typedef struct
{
  const char *type;       /* "contacts" */
  const char *scope;
} BvHubspotType;

/* NULL-terminated by type. */
extern const BvHubspotType bv_hubspot_types[];
/* The property that UPDATE goes by. */
const char    *bv_hubspot_modified (const char *type);

/* --- bv-hubspot.c */

typedef enum
{
  BV_HUBSPOT_OBJECTS,      /* {type} */
  BV_HUBSPOT_SEARCH,
  BV_HUBSPOT_BATCH,
  BV_HUBSPOT_ASSOCIATIONS, /* {from}, {to} */
  BV_HUBSPOT_OWNERS,
  BV_HUBSPOT_PIPELINES,    /* {type} */
  BV_HUBSPOT_PROPERTIES,   /* {type} */
  BV_HUBSPOT_SCHEMAS,
  BV_HUBSPOT_ACCOUNT,
} BvHubspotPath;

BvHttpRequest *bv_hubspot_request  (BvHubspot *self, const char *method, BvHubspotPath path, const char *a, const char *b);
/* (transfer full): the answer, an object. */
JsonObject    *bv_hubspot_send     (BvHubspot *self, BvHttpRequest *request, GError **error);
/* The members "results", or an empty array. (transfer none) */
JsonArray     *bv_hubspot_results  (JsonObject *answer);
/* "paging.next.after", or NULL. */
const char    *bv_hubspot_after    (JsonObject *answer);
/* A member that is a text or a number, as text. (transfer full) (nullable) */
char          *bv_hubspot_text     (JsonObject *object, const char *name);

/* --- bv-hubspot-discover.c */

GPtrArray     *bv_hubspot_discover (BvSourceContext *context, GError **error);

/* Makes sure that the labels of a property's options are known, whether or not its type is read. */
gboolean       bv_hubspot_need_labels (BvHubspot *self, const char *type, const char *property, GError **error);

/* --- bv-hubspot-fetch.c */

gboolean       bv_hubspot_fetch    (BvFetch *fetch, GError **error);

/* ISO 8601, or milliseconds since 1970. */
gboolean       bv_hubspot_read_time  (const char *text, gint64 *us);
/* A borrowed view: texts point into @text. One that is not of @type stays a text. */
BvValue        bv_hubspot_read_value (const char *text, BvType type);
/* The labels of "a;b", joined likewise; NULL when none is known. (transfer full) */
char          *bv_hubspot_label      (GHashTable *labels, const char *value);
gboolean       bv_hubspot_malformed  (GError **error); /* FALSE */
/* (transfer full) @body */
/* The next page of archived records of @type: their ids, and when. */
gboolean       bv_hubspot_fetch_deleted (BvHubspot *self, BvFetch *fetch, const char *type, GError **error);
void           bv_hubspot_set_body   (BvHttpRequest *request, JsonObject *body);
JsonArray     *bv_hubspot_names      (const char *const *names); /* NULL-terminated */
JsonArray     *bv_hubspot_inputs     (const char *const *ids);   /* the same: [{ "id": … }] */
/* HubSpot's time at the start of the pass, in ms; kept with its first page. */
gint64         bv_hubspot_pass_start_ms (BvHubspot *self, BvFetch *fetch);
/* The next page of the list of records. @properties: NULL-terminated; @history: (nullable): one property whose history is wanted, which makes
 * pages smaller; @too_long: (nullable): set, with NULL and no error, where the address would be longer than the server takes. */
JsonObject    *bv_hubspot_list_page  (BvHubspot *self, BvFetch *fetch, const char *type, const char *const *properties, const char *history,
                                      gboolean archived, gboolean *too_long, GError **error);
void           bv_hubspot_move_on    (BvFetch *fetch, JsonObject *answer);
/* The next page of what was modified in the window of the pass; then, when it is taken, on to the one behind: the ids of the page. */
JsonObject    *bv_hubspot_search_page (BvHubspot *self, BvFetch *fetch, const char *type, const char *const *properties, GError **error);
GPtrArray     *bv_hubspot_search_move_on (BvHubspot *self, BvFetch *fetch, JsonObject *answer, GError **error);

/* --- bv-hubspot-history.c: when records changed their stage */

/* HubSpot takes no more records at a time where a history is asked for. */
#define BV_HUBSPOT_HISTORY_PAGE 50

typedef struct
{
  const char *stream;      /* "history/deals" */
  const char *type;        /* "deals" */
  const char *property;    /* "dealstage" */
  const char *table;       /* "deal_stage_changes" */
  const char *id;          /* "deal_id" */
  const char *label, *description; /* N_() */
} BvHubspotHistory;

extern const BvHubspotHistory bv_hubspot_histories[]; /* ends with { NULL } */
const BvHubspotHistory *bv_hubspot_history_find (const char *stream); /* NULL: none of them */
BvSourceStream *bv_hubspot_history_stream (const BvHubspotHistory *history);
gboolean       bv_hubspot_history_fetch (BvHubspot *self, BvFetch *fetch, GError **error);

G_END_DECLS
