/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The tiles of a report on a scrolling canvas. */
#pragma once

#include "bv-canvas.h"
#include "bv-tile-widget.h"

G_BEGIN_DECLS

#define BV_TYPE_REPORT_CANVAS (bv_report_canvas_get_type ())
G_DECLARE_FINAL_TYPE (BvReportCanvas, bv_report_canvas, BV, REPORT_CANVAS, AdwBin)

/**
 * BvReportCanvas:
 *
 * Moves, resizes, removes and duplicates tiles itself.
 *
 * Signal "tile-command" (BvTileWidget *tile, char *command): any other command of a tile.
 * Signal "mark-activated" (BvTileWidget *tile, guint row, int column, guint modifiers).
 */
GtkWidget    *bv_report_canvas_new         (BvReportRun *run);
void          bv_report_canvas_set_editing (BvReportCanvas *self, gboolean editing);
BvTileWidget *bv_report_canvas_get_tile    (BvReportCanvas *self, const char *tile_id); /* (nullable) (transfer none) */
/* Scrolls to a tile and puts the focus there. */
void          bv_report_canvas_focus_tile  (BvReportCanvas *self, const char *tile_id);
gboolean      bv_report_canvas_is_loading  (BvReportCanvas *self); /* images */
BvCanvas     *bv_report_canvas_get_canvas  (BvReportCanvas *self);

G_END_DECLS
