/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the files of the HubSpot kind share. */
#pragma once

#include "bv-source-kind.h"

G_BEGIN_DECLS

typedef struct
{
  BvSourceContext *context;
  const char *base;       /* without a slash at the end */
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
  const char *modified;   /* the property that UPDATE goes by */
  const char *scope;
} BvHubspotType;

/* NULL-terminated by type. */
extern const BvHubspotType bv_hubspot_types[];
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

/* --- bv-hubspot-fetch.c */

gboolean       bv_hubspot_fetch    (BvFetch *fetch, GError **error);

G_END_DECLS
