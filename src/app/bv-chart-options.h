/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The options of a chart's type as rows of controls, made from the type's table. */
#pragma once

#include "bv-format.h"
#include "bv-model.h"

#include <adwaita.h>

G_BEGIN_DECLS

#define BV_TYPE_CHART_OPTIONS (bv_chart_options_get_type ())
G_DECLARE_FINAL_TYPE (BvChartOptions, bv_chart_options, BV, CHART_OPTIONS, AdwBin)

/* Signal "changed" (): the user changed an option. */

GtkWidget  *bv_chart_options_new      (void);
/* Shows the options of the chart's type, and those of its metrics as series. @locale: of numbers in entries */
void        bv_chart_options_set_chart (BvChartOptions *self, BvChart *chart, BvLocale *locale);
/* The series of the chart's result, for a chart with a pivot; NULL: its metrics. Shown with the next chart that is set. */
void        bv_chart_options_set_series (BvChartOptions *self, const char *const *names);
/* (transfer full) (nullable): options of other types are kept as they were */
JsonObject *bv_chart_options_dup      (BvChartOptions *self);

G_END_DECLS
