/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A report run from the inside: its values, its tiles, and the queries between them. */
#pragma once

#include "bv-report-run.h"

G_BEGIN_DECLS

/* At most so many queries of one run are at work at the same time; the others wait in the order of the canvas. */
#define BV_REPORT_MAX_QUERIES 256 /* asked for at once: they share what they read */

typedef struct
{
  char *id;
  char *key;                 /* (nullable): of the state that @frame shows, or that is being queried */
  BvFrame *frame;            /* (nullable): the last good one */
  GError *error;             /* (nullable) */
  gboolean busy;
  GCancellable *cancellable; /* (nullable): of the newest query, waiting or at work */
  gint64 loaded_at;
  guint mark;                /* of the last pass that saw the tile in the report */
} BvTileState;

struct _BvReportRun
{
  GObject parent_instance;

  BvWorkspace *workspace;
  char *uuid;
  BvModel *model;            /* the snapshot that @report is of */
  BvReport *report;          /* (nullable) */
  char *report_text;         /* (nullable): its JSON, to see edits */
  gulong changed_id;

  GHashTable *values;        /* filter id -> GArray of BvValue */
  GArray *no_values;         /* of filters that are not there */
  GHashTable *labels;        /* "filter id, newline, plain value" -> what its list shows for it */
  GHashTable *tiles;         /* tile id -> BvTileState */
  GQueue waiting;            /* tile ids (owned) */
  guint n_running;
  guint pass;
  gboolean disposed;
};

enum { BV_RUN_TILE_CHANGED, BV_RUN_STATE_CHANGED, BV_RUN_REPORT_CHANGED, BV_RUN_N_SIGNALS };
extern guint bv_report_run_signals[BV_RUN_N_SIGNALS];

GArray   *bv_value_array_new         (void);
GArray   *bv_value_array_copy        (const GArray *values);
gboolean  bv_value_array_equal       (const GArray *a, const GArray *b);

/* The key in @labels. (transfer full) */
char     *bv_label_key               (const char *filter_id, const BvValue *value);
/* Brings the values in line with the report's filters: defaults for new ones, gone ones dropped. @old: (nullable): the report before. */
void      bv_report_run_adopt_values (BvReportRun *self, BvReport *old);

/* Queries the tiles whose state differs from what they show; with @force all of them. */
void      bv_tile_refresh_update     (BvReportRun *self, gboolean force);
void      bv_tile_refresh_cancel     (BvReportRun *self);
void      bv_tile_state_free         (BvTileState *state);

/* The test that filter @filter with @values is on @field; NULL when the values do not restrict. (transfer full) */
BvCondition *bv_filter_to_condition  (BvModel *model, BvFilter *filter, const char *field, const GArray *values);

/* What a filter's field names: its exploration and, of that, a dimension or field, which is part of the filter; FALSE for time filters and broken ones. */
gboolean  bv_filter_source           (BvModel *model, BvFilter *filter, BvExploration **exploration, const char **field);
gboolean  bv_filter_is_time          (BvFilter *filter);
/* The type of a dimension or field; NULL type when it is broken. */
BvType    bv_field_type              (BvModel *model, BvExploration *exploration, const char *ref);
/* The tile's own time field: the chart's, or its exploration's when a grain or range needs one; NULL when it has none. */
const char *bv_tile_time_field       (BvModel *model, BvTile *tile);
/* A report's charts in the order of the canvas. (transfer container) */
GPtrArray *bv_report_chart_tiles     (BvReport *report);
/* Names of the tables that a tile reads. (transfer container) */
GPtrArray *bv_tile_tables            (BvModel *model, BvReport *report, BvTile *tile);

G_END_DECLS
