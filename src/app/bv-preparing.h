/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A quiet line under the sidebar while a table is being encoded in the background: which, and how far; and when it could not be saved. */
#pragma once

#include "bv-workspace.h"

#include <adwaita.h>

G_BEGIN_DECLS

#define BV_TYPE_PREPARING (bv_preparing_get_type ())
G_DECLARE_FINAL_TYPE (BvPreparing, bv_preparing, BV, PREPARING, AdwBin)

GtkWidget *bv_preparing_new           (void);
/* Follows the work of @workspace (nullable). */
void       bv_preparing_set_workspace (BvPreparing *self,
                                       BvWorkspace *workspace);
/* Shows that @table (nullable: none) is at @fraction of its rows. */
void       bv_preparing_show          (BvPreparing *self,
                                       const char  *table,
                                       double       fraction);

G_END_DECLS
