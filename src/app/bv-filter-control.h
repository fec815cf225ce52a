/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The control for a filter's value, as its kind asks for: a list of values, a range of time, numbers from and to, a text, yes or no. */
#pragma once

#include "bv-report-run.h"

#include <adwaita.h>

G_BEGIN_DECLS

#define BV_TYPE_FILTER_CONTROL (bv_filter_control_get_type ())
G_DECLARE_FINAL_TYPE (BvFilterControl, bv_filter_control, BV, FILTER_CONTROL, AdwBin)

/* Signal "changed" (): the user gave another value. */

/* Copies @filter. Lists load their values at bv_filter_control_load(). */
GtkWidget    *bv_filter_control_new        (BvReportRun *run, BvFilter *filter);
void          bv_filter_control_load       (BvFilterControl *self);
void          bv_filter_control_set_values (BvFilterControl *self, const GArray *values); /* BvValue; does not emit */
GArray       *bv_filter_control_dup_values (BvFilterControl *self); /* (transfer full): BvValue */
void          bv_filter_control_focus      (BvFilterControl *self);
gboolean      bv_filter_control_is_busy    (BvFilterControl *self);

/* What decides over the control: the filter's kind and the type of its field. */
gboolean      bv_filter_is_date            (BvFilter *filter); /* a default-time filter, or the control "date" */

G_END_DECLS
