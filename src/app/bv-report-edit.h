/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Changes of a report, each one undo step. They copy the report of the current model, change the copy and put it into the project. */
#pragma once

#include "bv-grid.h"
#include "bv-workspace.h"

G_BEGIN_DECLS

/* The cells of the report's tiles, in their order. (transfer full) */
BvCell  *bv_report_get_cells      (BvReport *report);

/* Takes over cells (one per tile of the report). @coalesce: (nullable): see bv_workspace_put_report_coalesced() */
gboolean bv_report_put_cells      (BvWorkspace *workspace, const char *report, const char *what, const BvCell *cells, guint n,
                                   const char *coalesce, GError **error);
/* One of "left", "right", "up", "down" (moves) and "narrower", "wider", "shorter", "taller" (resizes). */
gboolean bv_report_step_tile      (BvWorkspace *workspace, const char *report, const char *tile_id, const char *step, GError **error);
gboolean bv_report_remove_tile    (BvWorkspace *workspace, const char *report, const char *tile_id, GError **error);
/* @new_id: (out) (optional) (transfer full) */
gboolean bv_report_duplicate_tile (BvWorkspace *workspace, const char *report, const char *tile_id, char **new_id, GError **error);
/* Adds @tile (transfer full) to a copy of a report that is not put yet: it gets an id and the first free place, and filters of its exploration's
 * dimension reach it. */
void     bv_report_add_tile       (BvModel *model, BvReport *report, BvTile *tile);
/* A tile without an id is added at the first free place and gets one; filters of its exploration's dimension reach it from then on.
 * Any other replaces the tile of its id; where its exploration is another one now, the mappings that no longer hold go. */
gboolean bv_report_put_tile       (BvWorkspace *workspace, const char *report, BvTile *tile, char **new_id, GError **error);

/* As with tiles: without an id it is added, else it replaces the one of its id. */
gboolean bv_report_put_filter     (BvWorkspace *workspace, const char *report, BvFilter *filter, GError **error);
gboolean bv_report_remove_filter  (BvWorkspace *workspace, const char *report, const char *filter_id, GError **error);
/* Puts the filter at a position among the others. */
gboolean bv_report_move_filter    (BvWorkspace *workspace, const char *report, const char *filter_id, guint position, GError **error);
gboolean bv_report_describe       (BvWorkspace *workspace, const char *report, const char *name, const char *description, GError **error);

G_END_DECLS
