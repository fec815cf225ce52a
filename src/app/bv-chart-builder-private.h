/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the shelves' two halves share: the widgets, and showing a chart in them. */
#pragma once

#include "bv-chart-builder.h"

G_BEGIN_DECLS

struct _BvChartBuilder
{
  AdwBin parent_instance;

  BvWorkspace *workspace;
  BvChart *chart;
  gboolean updating;
  guint update_id;

  GPtrArray *captions; /* of the shelves */
  GtkWidget *types, *options_button, *options;
  GtkWidget *metrics, *add_metric, *metric_picker;
  GtkWidget *groups, *add_group, *group_picker, *pivot_label, *pivot, *pivot_grain;
  GtkWidget *time, *grain, *range, *compare;
  GtkWidget *filter_button, *filter, *filter_popover, *clear_filter;
  GtkWidget *sort, *direction, *top, *others, *limit;
};

BvModel       *bv_chart_builder_get_model       (BvChartBuilder *self);
BvExploration *bv_chart_builder_get_exploration (BvChartBuilder *self); /* (nullable) */
/* The type of a dimension's field; BV_TYPE_NULL when there is none. */
BvType         bv_chart_builder_get_type_of     (BvChartBuilder *self, const char *name);
/* Fills the shelves from the chart, without signals. */
void           bv_chart_builder_show            (BvChartBuilder *self);

G_END_DECLS
