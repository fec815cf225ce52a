/* SPDX-License-Identifier: GPL-3.0-or-later */
/* All tables, and the relationships between them. */
#pragma once

#include "bv-page.h"

G_BEGIN_DECLS

#define BV_TYPE_TABLES_PAGE (bv_tables_page_get_type ())
G_DECLARE_FINAL_TYPE (BvTablesPage, bv_tables_page, BV, TABLES_PAGE, BvPage)

GtkWidget *bv_tables_page_new (BvWorkspace *workspace, const char *unused);

G_END_DECLS
