/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The list of all explorations, or of all reports, with what can be done to each. */
#pragma once

#include "bv-page.h"

G_BEGIN_DECLS

typedef enum
{
  BV_LIST_EXPLORATIONS,
  BV_LIST_REPORTS,
} BvListKind;

#define BV_TYPE_OBJECT_LIST_PAGE (bv_object_list_page_get_type ())
G_DECLARE_FINAL_TYPE (BvObjectListPage, bv_object_list_page, BV, OBJECT_LIST_PAGE, BvPage)

GtkWidget *bv_object_list_page_new (BvWorkspace *workspace, BvListKind kind);

/* Ask for the root table (or take @table) and the name, make the object, and show it. */
void       bv_new_exploration      (GtkWidget *widget, BvWorkspace *workspace, const char *table);
void       bv_new_report           (GtkWidget *widget, BvWorkspace *workspace);

G_END_DECLS
