/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Renames that rewrite every reference, and where a name is used. */
#pragma once

#include "bv-model.h"

G_BEGIN_DECLS

/* Each changes one object in place and returns whether anything changed. @model: as it is before the rename */
gboolean bv_rename_exploration_in_report (BvModel *model, BvReport *report, const char *old_name, const char *new_name);
gboolean bv_rename_dimension_in_exploration (BvExploration *exploration, const char *old_name, const char *new_name);
gboolean bv_rename_metric_in_exploration (BvExploration *exploration, const char *old_name, const char *new_name);
gboolean bv_rename_member_in_report (BvModel *model, BvReport *report, const char *exploration, const char *old_name, const char *new_name);
gboolean bv_rename_report_in_report (BvReport *report, const char *old_name, const char *new_name);
/* How many tiles and filters of a report use a dimension or metric of an exploration (@name NULL: the exploration). */
void     bv_count_usage (BvModel *model, BvReport *report, const char *exploration, const char *name, guint *n_tiles, guint *n_filters);

G_END_DECLS
