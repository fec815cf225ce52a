/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The page of one exploration: its root, related data, dimensions and metrics. */
#pragma once

#include "bv-page.h"

G_BEGIN_DECLS

#define BV_TYPE_EXPLORATION_PAGE (bv_exploration_page_get_type ())
G_DECLARE_FINAL_TYPE (BvExplorationPage, bv_exploration_page, BV, EXPLORATION_PAGE, BvPage)

GtkWidget *bv_exploration_page_new (BvWorkspace *workspace, const char *uuid);

G_END_DECLS
