/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A HubSpot that keeps records: lists, searches (with a lagging index, and the cap of 10,000), batches, associations, archived and merged
 * records, owners, pipelines, properties. It speaks both forms of the paths and refuses what HubSpot refuses.
 *
 * Changes are made while no request is under way, or from @on_request.
 */
#pragma once

#include "fake-server.h"

typedef struct _FakeHubspot FakeHubspot;

typedef struct
{
  gint64 at;                 /* instant (µs) */
  char *value;               /* (nullable) */
} FakeChange;

typedef struct
{
  gint64 id;
  gint64 created, modified;  /* instants (µs) */
  gint64 archived_at;        /* 0: not archived */
  gint64 merged_into;        /* 0: not merged */
  gboolean purged;           /* gone for good */
  char **values;             /* by the type's properties; NULL values */
  GArray *history;           /* (nullable): FakeChange of the stage, oldest first */
} FakeRecord;

struct _FakeHubspot
{
  FakeServer *server;
  FakeClock *clock;
  GHashTable *types;         /* name → FakeType */
  GHashTable *links;         /* "deals/5/contacts" → GHashTable of "id\x1flabel" */
  GHashTable *forbidden;     /* set of types that a 403 meets */
  gint64 lag_us;             /* of the search index */
  gint64 skew_us;            /* the vendor's clock minus ours */
  guint n_archived_owners, n_owners;
  gint64 search_cap;         /* 10,000 */
  guint history_cap;         /* changes of a property that are told; 0: all */
  guint link_page;           /* links per answer and record; 0: all */
  guint next_id;
  void (*on_request) (FakeHubspot *self, const FakeRequest *request, gpointer data);
  gpointer on_request_data;
};

typedef struct
{
  char *name;
  GPtrArray *properties;     /* FakeProperty */
  GPtrArray *records;        /* FakeRecord, by id */
} FakeType;

typedef struct
{
  char *name, *label, *type;
  gboolean own;              /* the customer's */
  gboolean archived;
  const char *const *options; /* (nullable): value, label, value, label…, NULL */
} FakeProperty;

FakeHubspot *fake_hubspot_new          (FakeClock *clock);
void         fake_hubspot_free         (FakeHubspot *self);
gint64       fake_hubspot_now          (FakeHubspot *self);
FakeType    *fake_hubspot_type         (FakeHubspot *self, const char *type);
void         fake_hubspot_add_property (FakeHubspot *self, const char *type, const char *name, const char *vendor_type, gboolean own);
FakeProperty *fake_hubspot_property    (FakeHubspot *self, const char *type, const char *name);
FakeRecord  *fake_hubspot_add          (FakeHubspot *self, const char *type);
FakeRecord  *fake_hubspot_find         (FakeHubspot *self, const char *type, gint64 id);
void         fake_hubspot_set          (FakeHubspot *self, const char *type, FakeRecord *record, const char *property, const char *value);
const char  *fake_hubspot_get          (FakeHubspot *self, const char *type, const FakeRecord *record, const char *property);
void         fake_hubspot_archive      (FakeHubspot *self, const char *type, FakeRecord *record);
void         fake_hubspot_restore      (FakeHubspot *self, const char *type, FakeRecord *record);
void         fake_hubspot_merge        (FakeHubspot *self, const char *type, FakeRecord *survivor, FakeRecord *loser);
void         fake_hubspot_link         (FakeHubspot *self, const char *from, gint64 from_id, const char *to, gint64 to_id, const char *label);
void         fake_hubspot_unlink       (FakeHubspot *self, const char *from, gint64 from_id, const char *to, gint64 to_id);
void         fake_hubspot_add_type     (FakeHubspot *self, const char *name);
/* The property of @type whose history is kept; NULL: none. */
const char  *fake_hubspot_stage        (const char *type);
/* NULL, or made, when there are none. */
GHashTable  *fake_hubspot_links        (FakeHubspot *self, const char *from, gint64 id, const char *to, gboolean make);
void         fake_type_free            (gpointer type);
int          fake_type_property_index  (FakeType *type, const char *name); /* -1: it has none such */
/* The place of the first record whose id is greater than @id. */
guint        fake_type_upper_bound     (FakeType *type, gint64 id);
gboolean     fake_record_is_alive      (const FakeRecord *record);
#define FAKE_TOKEN "pat-eu1-secret-token"
