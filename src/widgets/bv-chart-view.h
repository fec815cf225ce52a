/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "bv-chart.h"

#include <adwaita.h>

G_BEGIN_DECLS

#define BV_TYPE_CHART_VIEW (bv_chart_view_get_type ())
G_DECLARE_FINAL_TYPE (BvChartView, bv_chart_view, BV, CHART_VIEW, GtkWidget)

/**
 * BvChartView:
 *
 * Shows one frame as a chart: paints the chart room's scene, follows the dark style, the accent and the size; hover tooltip and
 * crosshair; Tab to focus and arrow keys to walk the marks; legend clicks switch series. Tables scroll in a #BvDataGrid.
 *
 * Signal "mark-activated" (guint row, int column, guint modifiers): a click, or Return on the focused mark; row G_MAXUINT is the total.
 * Signal "mark-menu" (guint row, int column, double x, double y): secondary click or the menu key.
 */
GtkWidget  *bv_chart_view_new        (void);
/* Both may be NULL (nothing to show). The frame, spec and locale are kept until the next call. */
void        bv_chart_view_set_chart  (BvChartView *self, const BvChartSpec *spec, BvFrame *frame, BvLocale *locale);
/* Marks of these rows are drawn as selected, others faded; n 0 clears. */
void        bv_chart_view_set_selected_rows (BvChartView *self, const guint *rows, guint n);
BvScene    *bv_chart_view_get_scene  (BvChartView *self); /* (nullable) (transfer none); as last painted */

G_END_DECLS
