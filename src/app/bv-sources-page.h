/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Where the data came from: each source with its tables, their rows and when they were loaded. */
#pragma once

#include "bv-page.h"

G_BEGIN_DECLS

#define BV_TYPE_SOURCES_PAGE (bv_sources_page_get_type ())
G_DECLARE_FINAL_TYPE (BvSourcesPage, bv_sources_page, BV, SOURCES_PAGE, BvPage)

GtkWidget *bv_sources_page_new (BvWorkspace *workspace, const char *unused);

G_END_DECLS
