/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A chart at work: runs it, shows it as chart, breakdown and reason why, and opens the rows behind a mark. */
#pragma once

#include "bv-workspace.h"

#include <adwaita.h>

G_BEGIN_DECLS

#define BV_TYPE_CHART_PANE (bv_chart_pane_get_type ())
G_DECLARE_FINAL_TYPE (BvChartPane, bv_chart_pane, BV, CHART_PANE, AdwBin)

/* Signal "busy-changed" (). */

GtkWidget    *bv_chart_pane_new        (BvWorkspace *workspace);
/* Copies @chart and runs it shortly after; nothing is run again when only the looks changed. */
void          bv_chart_pane_set_chart  (BvChartPane *self, BvChart *chart);
/* The data or the definitions may have changed: runs again. */
void          bv_chart_pane_refresh    (BvChartPane *self);
gboolean      bv_chart_pane_is_busy    (BvChartPane *self);
BvFrame      *bv_chart_pane_get_frame  (BvChartPane *self); /* (nullable) (transfer none): the last one while busy, none after an error */
const GError *bv_chart_pane_get_error  (BvChartPane *self); /* (nullable) (transfer none) */
GtkStack     *bv_chart_pane_get_views  (BvChartPane *self); /* (transfer none): "chart", "breakdown" and "why" */
/* The breakdown as a file. CSV, or XLSX by the file's ending. */
gboolean      bv_chart_pane_export     (BvChartPane *self, const char *path, GError **error);
/* The breakdown, or its selected rows, as tab-separated text on the clipboard. FALSE when nothing is loaded. */
gboolean      bv_chart_pane_copy       (BvChartPane *self);
/* Buttons beside the view switcher, at its end. */
void          bv_chart_pane_add_button (BvChartPane *self, GtkWidget *button);

G_END_DECLS
