/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Builds a chart on shelves: type, metrics, group by, pivot, time, range, comparison, filters, sort, limits and the type's options. It
 * runs nothing itself; whoever embeds it queries what bv_chart_builder_dup_chart() gives.
 */
#pragma once

#include "bv-workspace.h"

#include <adwaita.h>

G_BEGIN_DECLS

#define BV_TYPE_CHART_BUILDER (bv_chart_builder_get_type ())
G_DECLARE_FINAL_TYPE (BvChartBuilder, bv_chart_builder, BV, CHART_BUILDER, AdwBin)

/* Signal "changed" (): the user changed the chart. Not emitted by set_chart(). */

GtkWidget *bv_chart_builder_new            (BvWorkspace *workspace);
/* Copies @chart; its exploration decides what can be chosen. Call it again when the model has changed. */
void       bv_chart_builder_set_chart      (BvChartBuilder *self, BvChart *chart);
BvChart   *bv_chart_builder_dup_chart      (BvChartBuilder *self); /* (transfer full) (nullable): NULL before set_chart() */

/* Puts a metric or a dimension on the chart, or takes it off; a time dimension becomes the chart's time. The type follows when the
 * current one no longer fits. Emits "changed". */
void       bv_chart_builder_toggle_measure (BvChartBuilder *self, const char *name);
gboolean   bv_chart_builder_has_measure    (BvChartBuilder *self, const char *name);

/* What the chart came to: its series can be named, coloured and ordered. */
void       bv_chart_builder_set_result (BvChartBuilder *self, BvFrame *frame);

G_END_DECLS
