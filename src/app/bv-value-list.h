/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The values of a filter's field with their counts, to choose one or several from. */
#pragma once

#include "bv-report-run.h"

#include <adwaita.h>

G_BEGIN_DECLS

#define BV_TYPE_VALUE_LIST (bv_value_list_get_type ())
G_DECLARE_FINAL_TYPE (BvValueList, bv_value_list, BV, VALUE_LIST, AdwBin)

/* Signal "changed" (): the user chose something. */

/* @single: at most one value; @required: there is no "No filter" */
GtkWidget    *bv_value_list_new        (BvReportRun *run, gboolean single, gboolean required);
/* Copies the filter (its field, label field, limit and controllers count) and loads the values anew. */
void          bv_value_list_load       (BvValueList *self, BvFilter *filter);
void          bv_value_list_set_chosen (BvValueList *self, const GArray *values); /* BvValue */
const GArray *bv_value_list_get_chosen (BvValueList *self); /* (transfer none) */
void          bv_value_list_focus      (BvValueList *self);
gboolean      bv_value_list_is_busy    (BvValueList *self);

G_END_DECLS
