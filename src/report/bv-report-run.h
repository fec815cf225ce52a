/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A report at work: the filters' values, which tiles they reach, and each tile's frame, kept fresh off the UI thread.
 *
 * A change of a filter value queries only the tiles it reaches; a newer state cancels the older one's work. A change of the model
 * (::changed of the workspace) queries the tiles whose queries changed, or whose rows may have.
 */
#pragma once

#include "bv-chart.h"
#include "bv-workspace.h"

G_BEGIN_DECLS

#define BV_TYPE_REPORT_RUN (bv_report_run_get_type ())
G_DECLARE_FINAL_TYPE (BvReportRun, bv_report_run, BV, REPORT_RUN, GObject)

/* Signals: "tile-changed" (char *tile_id): its frame, error or busy state; "state-changed": a filter's value;
 * "report-changed": tiles or filters themselves (after an edit, undo…). */

BvReportRun   *bv_report_run_new            (BvWorkspace *workspace, const char *report_uuid);
BvWorkspace   *bv_report_run_get_workspace  (BvReportRun *self);
BvReport      *bv_report_run_get_report     (BvReportRun *self); /* (nullable) when deleted; of the current model */

/* Filter values. Time filters hold one text: a preset or FROM..TO. An empty array is "No filter". */
void           bv_report_run_set_values     (BvReportRun *self, const char *filter_id, const BvValue *values, guint n);
GArray        *bv_report_run_get_values     (BvReportRun *self, const char *filter_id); /* BvValue; (transfer none); never NULL */
void           bv_report_run_reset          (BvReportRun *self); /* to the defaults */
gboolean       bv_report_run_is_default     (BvReportRun *self);
/* "Customer: ada@example.com" or "Customer: 3 values", "Date: Last 7 days", "Customer: No filter". (transfer full) */
char          *bv_report_run_describe       (BvReportRun *self, BvFilter *filter);
/* Values given as text (the command line, a saved view): "a, b" or a preset; checked against the filter. */
gboolean       bv_report_run_set_text       (BvReportRun *self, const char *filter_name, const char *text, GError **error);

/* Reach: the dimension of the tile's exploration that a filter acts on; NULL for "Do not filter". Time filters: the tile's own time
 * field. */
const char    *bv_filter_target             (BvModel *model, BvReport *report, BvFilter *filter, BvTile *tile);
/* The type of the filter's field; NULL type when it is broken, TIMESTAMP for default-time filters. */
BvType         bv_filter_type               (BvModel *model, BvFilter *filter);
/* Of the report's chart tiles, how many a filter reaches. */
void           bv_filter_reach              (BvModel *model, BvReport *report, BvFilter *filter, guint *n_reached, guint *n_tiles);
/* A new tile's or filter's mapping by the same-dimension rule: tiles whose exploration is the filter's get its dimension. */
void           bv_filter_map_same_dimension (BvModel *model, BvReport *report, BvFilter *filter);
/* Suggests, never applies: the dimension of the tile's exploration that fits the filter best (same field through another
 * exploration, same semantic kind, similar name, compatible type); NULL when none. (transfer none) */
const char    *bv_filter_suggest            (BvModel *model, BvReport *report, BvFilter *filter, BvTile *tile);

/* What a tile is queried with. (bv_overlay_clear) */
void           bv_report_run_overlay        (BvReportRun *self, BvTile *tile, BvOverlay *overlay);

/* Tiles. */
BvFrame       *bv_report_run_get_frame      (BvReportRun *self, const char *tile_id); /* (nullable) (transfer none); the last good one while busy */
const GError  *bv_report_run_get_error      (BvReportRun *self, const char *tile_id); /* (nullable) */
gboolean       bv_report_run_is_busy        (BvReportRun *self, const char *tile_id); /* NULL: any tile */
gint64         bv_report_run_get_loaded_at  (BvReportRun *self);                      /* of the oldest frame; 0 when none */
void           bv_report_run_refresh        (BvReportRun *self);
/* Blocks, pumping the main context, until no tile is busy: for exports and tests. Cancelling ends the waiting only: the tiles go
 * on, since others show them. */
gboolean       bv_report_run_wait           (BvReportRun *self, GCancellable *cancellable, GError **error);
/* A spec of the chart room from a chart definition's type and options. (transfer full) */
BvChartSpec   *bv_chart_to_spec             (BvChart *chart);
/* "Won revenue by month, last 28 days": title of a tile without one. (transfer full) */
char          *bv_chart_to_title            (BvChart *chart, BvLocale *locale);
/* The title of a chart tile: its own, else what it shows, in the range that the report's time filter gives it. (transfer full) */
char          *bv_report_run_title          (BvReportRun *self, BvTile *tile);

/* Values for a filter's list, narrowed by the filters that control it; columns as bv_query_values(). */
void           bv_report_run_values_async   (BvReportRun *self, BvFilter *filter, const char *search, GCancellable *cancellable,
                                             GAsyncReadyCallback callback, gpointer user_data);
BvFrame       *bv_report_run_values_finish  (BvReportRun *self, GAsyncResult *result, GError **error);

/* Freshness: the oldest load of the tables that a tile reads; 0 when unknown. */
gint64         bv_report_run_get_freshness  (BvReportRun *self, const char *tile_id); /* NULL: of the report */

G_END_DECLS
