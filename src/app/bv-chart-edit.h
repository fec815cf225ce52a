/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Steps of building a chart, on the plain definition. */
#pragma once

#include "bv-chart.h"
#include "bv-model.h"

G_BEGIN_DECLS

/* A chart to begin with: the first metric by month, or as a number where there is no time field. (transfer full) */
BvChart    *bv_chart_start           (BvModel *model, BvExploration *exploration);

/* What a type needs, for its place in the gallery: "1 metric\n1 or 2 dimensions". (transfer full) */
char       *bv_chart_type_needs      (const BvChartType *type);
gboolean    bv_chart_has_metric      (BvChart *chart, const char *metric);
void        bv_chart_add_metric      (BvChart *chart, const char *metric);
void        bv_chart_remove_metric   (BvChart *chart, const char *metric);
/* @delta -1 or 1; does nothing at the ends. */
void        bv_chart_move_metric     (BvChart *chart, const char *metric, int delta);
int         bv_chart_find_group      (BvChart *chart, const char *dimension); /* -1 when none */
void        bv_chart_add_group       (BvChart *chart, const char *dimension, BvGrain grain);
void        bv_chart_remove_group    (BvChart *chart, const char *dimension);
void        bv_chart_move_group      (BvChart *chart, const char *dimension, int delta);
/* NULL or "" takes the field, its grain, range and comparison off. */
void        bv_chart_set_time        (BvChart *chart, const char *dimension);
/* The field that the chart's grain and range act on; NULL when it uses no time. */
const char *bv_chart_effective_time  (BvChart *chart, BvExploration *exploration);

/* Metric, group, pivot or time. */
gboolean    bv_chart_uses            (BvChart *chart, const char *name);
/* Puts a measure on or takes it off; a first time dimension becomes the chart's time by day of the last 7 days. */
void        bv_chart_toggle          (BvChart *chart, BvModel *model, BvExploration *exploration, const char *name);

/* @reason: (out) (optional) (transfer full): why not, a translated sentence */
gboolean    bv_chart_type_fits       (const BvChartType *type, BvChart *chart, char **reason);
/* After a step: sorts of what is gone are dropped, and a type that no longer fits is replaced. */
void        bv_chart_tidy            (BvChart *chart);
/* Drops what the exploration no longer has. FALSE when nothing had to change. */
gboolean    bv_chart_prune           (BvChart *chart, BvModel *model, BvExploration *exploration);
/* Renames found by comparing the exploration before and after: a member in the same place under another name. */
gboolean    bv_chart_follow          (BvChart *chart, BvExploration *before, BvExploration *after);

G_END_DECLS
