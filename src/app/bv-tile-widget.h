/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One tile of a report on the screen. */
#pragma once

#include "bv-report-run.h"

#include <adwaita.h>

G_BEGIN_DECLS

#define BV_TYPE_TILE_WIDGET (bv_tile_widget_get_type ())
G_DECLARE_FINAL_TYPE (BvTileWidget, bv_tile_widget, BV, TILE_WIDGET, GtkWidget)

/**
 * BvTileWidget:
 *
 * Signal "command" (char *name): the user wants something of the tile: "rows", "explain", "explore", "copy", "export-csv|xlsx|png|svg",
 * "navigate"; while editing also "edit", "duplicate", "remove", "left|right|up|down", "narrower|wider|shorter|taller".
 * Signal "mark-activated" (guint row, int column, guint modifiers): as of the chart view.
 */
GtkWidget  *bv_tile_widget_new          (BvReportRun *run, const char *tile_id);
const char *bv_tile_widget_get_id       (BvTileWidget *self);
/* Takes over the tile's definition from the run's report, and what was loaded for it. Nothing is repainted that stays the same. */
void        bv_tile_widget_update       (BvTileWidget *self);
void        bv_tile_widget_set_editing  (BvTileWidget *self, gboolean editing);
gboolean    bv_tile_widget_is_loading   (BvTileWidget *self); /* an image */
const char *bv_tile_widget_get_title    (BvTileWidget *self);
/* The mark that the menu was opened on; FALSE when it is the whole tile's. */
gboolean    bv_tile_widget_get_menu_mark (BvTileWidget *self, guint *row, int *column);
/* How often the chart was given something new to paint. */
guint       bv_tile_widget_get_n_paints (BvTileWidget *self);

G_END_DECLS
