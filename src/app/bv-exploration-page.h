/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The page of one exploration: its root, related data, dimensions and metrics. */
#pragma once

#include "bv-page.h"

G_BEGIN_DECLS

#define BV_TYPE_EXPLORATION_PAGE (bv_exploration_page_get_type ())
G_DECLARE_FINAL_TYPE (BvExplorationPage, bv_exploration_page, BV, EXPLORATION_PAGE, BvPage)

GtkWidget *bv_exploration_page_new       (BvWorkspace *workspace, const char *uuid);
/* "Explore from here": shows a copy of @chart, whose exploration is this page's; the tile it came from stays as it is. */
void       bv_exploration_page_set_chart (BvExplorationPage *self, BvChart *chart);

G_END_DECLS
