/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The filters of a report as chips, in their order. */
#pragma once

#include "bv-filter-chip.h"

G_BEGIN_DECLS

#define BV_TYPE_FILTER_BAR (bv_filter_bar_get_type ())
G_DECLARE_FINAL_TYPE (BvFilterBar, bv_filter_bar, BV, FILTER_BAR, AdwBin)

/* Signal "edit-filter" (char *id): the settings of a filter are asked for; NULL: of a new one. */

GtkWidget    *bv_filter_bar_new         (BvReportRun *run);
void          bv_filter_bar_set_editing (BvFilterBar *self, gboolean editing);
BvFilterChip *bv_filter_bar_get_chip    (BvFilterBar *self, const char *filter_id); /* (nullable) (transfer none) */
/* Shows the chips anew after a change of the model that is none of the report. */
void          bv_filter_bar_update      (BvFilterBar *self);
/* A caption after the filters: what must always be said of the numbers. */
void          bv_filter_bar_set_caption (BvFilterBar *self, const char *text);
/* Whether a list of values is being loaded. */
gboolean      bv_filter_bar_is_busy     (BvFilterBar *self);

G_END_DECLS
