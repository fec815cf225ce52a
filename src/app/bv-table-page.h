/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One table: its rows, its columns with their profile, its relationships. */
#pragma once

#include "bv-page.h"

G_BEGIN_DECLS

#define BV_TYPE_TABLE_PAGE (bv_table_page_get_type ())
G_DECLARE_FINAL_TYPE (BvTablePage, bv_table_page, BV, TABLE_PAGE, BvPage)

GtkWidget *bv_table_page_new (BvWorkspace *workspace, const char *name);

G_END_DECLS
