/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The project at a glance: what to do next, its reports, how fresh its data is, what is broken. */
#pragma once

#include "bv-page.h"

G_BEGIN_DECLS

#define BV_TYPE_HOME_PAGE (bv_home_page_get_type ())
G_DECLARE_FINAL_TYPE (BvHomePage, bv_home_page, BV, HOME_PAGE, BvPage)

GtkWidget *bv_home_page_new (BvWorkspace *workspace, const char *unused);

G_END_DECLS
