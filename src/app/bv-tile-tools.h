/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What can be done with a tile's numbers besides editing. */
#pragma once

#include "bv-report-run.h"

#include <adwaita.h>

G_BEGIN_DECLS

/* The rows behind a mark. @row: G_MAXUINT is the total; @column: of the frame, -1 for the first metric */
void     bv_tile_show_rows   (GtkWidget *parent, BvReportRun *run, const char *tile_id, guint row, int column);
/* "Why this number": grain, path, filters and SQL as text. */
void     bv_tile_explain     (GtkWidget *parent, BvReportRun *run, const char *tile_id);
/* The tile's frame as tab-separated text to the clipboard of @widget. FALSE when nothing is loaded. */
gboolean bv_tile_copy_data   (GtkWidget *widget, BvReportRun *run, const char *tile_id);
/* The tile's chart with what the report's filters add to it. (transfer full) (nullable) */
BvChart *bv_tile_filtered_chart (BvReportRun *run, const char *tile_id);

G_END_DECLS
