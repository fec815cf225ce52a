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
 * crosshair; Tab to focus and arrow keys to walk the marks; Tab once more and arrow keys for the entries of the legend; a click on an entry or
 * Space switches its series, with Shift shows it alone. Tables scroll in a #BvDataGrid.
 *
 * Charts along time are zoomed by dragging over a part, by Ctrl and the wheel, or by + and −; then dragging and the wheel move the part, and
 * a button, Escape or 0 shows all again. A second button sets the part as the range of whatever is around: it activates the action
 * "page.set-range" with "FROM..TO", and is shown where there is such an action.
 *
 * Signal "mark-activated" (guint row, int column, guint modifiers): a click, or Return on the focused mark; row G_MAXUINT is the total.
 * Signal "mark-menu" (guint row, int column, double x, double y): secondary click or the menu key.
 */
GtkWidget  *bv_chart_view_new        (void);
/* Both may be NULL (nothing to show). The frame, spec and locale are kept until the next call. */
void        bv_chart_view_set_chart  (BvChartView *self, const BvChartSpec *spec, BvFrame *frame, BvLocale *locale);
/* Marks of these rows are drawn as selected, others faded; n 0 clears. */
void        bv_chart_view_set_selected_rows (BvChartView *self, const guint *rows, guint n);
/* Shows the part of time between two instants (or days) of a chart along time; FALSE when the chart has no such part. */
gboolean    bv_chart_view_zoom       (BvChartView *self, gint64 from, gint64 to);
void        bv_chart_view_reset_zoom (BvChartView *self);
gboolean    bv_chart_view_is_zoomed  (BvChartView *self);
/* Shows one series of the legend alone; when it is alone already, all of them. */
void        bv_chart_view_isolate_series (BvChartView *self, const char *name);
BvScene    *bv_chart_view_get_scene  (BvChartView *self); /* (nullable) (transfer none); as last painted */

G_END_DECLS
