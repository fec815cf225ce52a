/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What is said and shown about a dimension or a metric, wherever it appears. */
#pragma once

#include "bv-model.h"

G_BEGIN_DECLS

const char *bv_metric_icon      (BvMetric *metric);
const char *bv_dimension_icon   (BvType type);
/* "Sum of amount where is_won is yes", "Won deals / Closed deals"… (transfer full) */
char       *bv_metric_describe  (BvMetric *metric, BvLocale *locale);
/* Why the measure cannot be used; NULL when it can. (transfer full) (nullable) */
char       *bv_measure_problem  (BvModel *model, BvExploration *exploration, const char *name);
/* The role that the measure is listed under. (transfer full) */
char       *bv_metric_role      (BvModel *model, BvExploration *exploration, BvMetric *metric);
char       *bv_dimension_role   (BvModel *model, BvExploration *exploration, BvDimension *dimension);
/* "Hubspot deals" of a role, for people. (transfer full) */
char       *bv_role_label       (BvModel *model, BvExploration *exploration, const char *role);

G_END_DECLS
