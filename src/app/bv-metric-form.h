/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the dialogs of a metric and of a calculated metric have in common: the rows at their end, and taking them over. */
#pragma once

#include "bv-form.h"
#include "bv-format-rows.h"
#include "bv-workspace.h"

G_BEGIN_DECLS

typedef struct
{
  GtkWidget *description, *down, *hidden;
  BvFormatRows *format;
} BvMetricRows;

/* Appends format, description and flags as @metric has them. @metric: (nullable): a new one; @format_hint: (nullable): what the preview
 * shows; @sample: the number in it */
void bv_metric_rows_add     (BvMetricRows *rows, BvForm *form, BvWorkspace *workspace, BvMetric *metric, const char *format_hint, double sample);

/* Reads what is special to the dialog into @metric, a metric of @copy. */
typedef gboolean (*BvMetricRead) (gpointer edit, BvExploration *copy, BvMetric *metric, GError **error);

/* Puts the metric of @old_name into the exploration, or a new one where that is NULL or gone, as one step with its new name, and closes
 * the form; what does not hold is said in the form. @exploration: uuid; @added: the name of the step for a new one */
void bv_metric_form_accept  (BvForm *form, BvMetricRows *rows, BvWorkspace *workspace, const char *exploration, const char *old_name,
                             const char *name, const char *added, BvMetricRead read, gpointer edit);

G_END_DECLS
