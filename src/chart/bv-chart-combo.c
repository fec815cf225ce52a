/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Combination: bars and lines over the same places. The first metric is drawn as bars and the others as lines, unless a series' type
 * says otherwise; lines whose numbers are of another kind (a rate beside money) are measured at an axis of their own at the right.
 */
#include "config.h"

#include "bv-chart-private.h"

#include <glib/gi18n-lib.h>

static const BvOptionInfo combo_options[] = {
  BV_OPTION_STACK, BV_OPTION_LABELS, BV_OPTION_LEGEND, BV_OPTION_PALETTE, BV_OPTION_SCALE, BV_OPTION_GOAL, BV_OPTION_REFERENCES, BV_OPTION_FORECAST, BV_OPTION_FACET,
  BV_OPTION_TITLE_LEFT, BV_OPTION_TITLE_RIGHT, BV_OPTION_TITLE_BOTTOM, BV_OPTION_END,
};

static void
build_combo (BvBuild *build)
{
  bv_xy_build (build, BV_KIND_BAR);
}

const BvChartKind bv_chart_combo_kind = {
  { "combo", N_("Combination"), "bv-chart-combo-symbolic", 1, -1, 1, -1, FALSE, combo_options }, build_combo, BV_FACETS_ALONG, bv_facet_series_legend,
};
