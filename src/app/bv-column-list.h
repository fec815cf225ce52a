/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The columns of a table, a row each, with what a profile found in them. */
#pragma once

#include "bv-model.h"
#include "bv-frame.h"

#include <adwaita.h>

G_BEGIN_DECLS

#define BV_TYPE_COLUMN_LIST (bv_column_list_get_type ())
G_DECLARE_FINAL_TYPE (BvColumnList, bv_column_list, BV, COLUMN_LIST, AdwBin)

/* Signal "field-activated" (char *name): a row was chosen, to edit it. */
GtkWidget *bv_column_list_new         (void);
void       bv_column_list_set_table   (BvColumnList *self, BvTable *table);
/* @profile: (nullable): a frame of bv_query_profile() */
void       bv_column_list_set_profile (BvColumnList *self, BvFrame *profile, BvLocale *locale);

G_END_DECLS
