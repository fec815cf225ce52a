/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The measures of an exploration as a tree: its tables in their roles, under each its dimensions and metrics. */
#pragma once

#include "bv-workspace.h"

#include <adwaita.h>

G_BEGIN_DECLS

#define BV_TYPE_MEASURE_LIST (bv_measure_list_get_type ())
G_DECLARE_FINAL_TYPE (BvMeasureList, bv_measure_list, BV, MEASURE_LIST, AdwBin)

/**
 * BvMeasureList:
 *
 * Its rows and menus activate actions of the page around it, all with a string: "page.toggle-measure", "page.edit-measure",
 * "page.duplicate-measure", "page.delete-measure" (the measure's name); "page.add-dimension", "page.add-metric", "page.add-formula",
 * "page.add-related", "page.remove-related" (the role).
 */
GtkWidget *bv_measure_list_new       (BvWorkspace *workspace);
/* @chart: whose measures are ticked. @can_edit: whether the menus are there. */
void       bv_measure_list_show      (BvMeasureList *self, BvExploration *exploration, BvChart *chart, gboolean can_edit);
void       bv_measure_list_search    (BvMeasureList *self); /* puts the focus into the search field */

G_END_DECLS
