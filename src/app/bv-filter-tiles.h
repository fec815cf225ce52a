/* SPDX-License-Identifier: GPL-3.0-or-later */
/* "Tiles to update": which field of each tile a filter acts on. */
#pragma once

#include "bv-report-run.h"

#include <adwaita.h>

G_BEGIN_DECLS

#define BV_TYPE_FILTER_TILES (bv_filter_tiles_get_type ())
G_DECLARE_FINAL_TYPE (BvFilterTiles, bv_filter_tiles, BV, FILTER_TILES, AdwBin)

GtkWidget *bv_filter_tiles_new         (BvReportRun *run);
/* Shows and changes the map of @filter, which must outlive the widget or be replaced. Call it again when the filter's field is another. */
void       bv_filter_tiles_set_filter  (BvFilterTiles *self, BvFilter *filter);
/* @dimension: "" is "Do not filter" */
void       bv_filter_tiles_map         (BvFilterTiles *self, const char *tile_id, const char *dimension);
/* Accepts what is suggested for one tile, or with NULL for all that are not filtered. */
void       bv_filter_tiles_use_suggestion (BvFilterTiles *self, const char *tile_id);

G_END_DECLS
