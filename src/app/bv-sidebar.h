/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The project's sections and objects, as the list beside the pages. */
#pragma once

#include "bv-workspace.h"

#include <adwaita.h>

G_BEGIN_DECLS

#define BV_TYPE_SIDEBAR (bv_sidebar_get_type ())
G_DECLARE_FINAL_TYPE (BvSidebar, bv_sidebar, BV, SIDEBAR, AdwBin)

/* Signal "activated" (char *kind, char *id): a row was chosen; as bv_window_show_object(). */
void       bv_sidebar_set_workspace (BvSidebar *self, BvWorkspace *workspace);
/* Marks the row of the visible page, and opens its section. @id: the table's name or the uuid; NULL for a section. */
void       bv_sidebar_select        (BvSidebar *self, const char *kind, const char *id);

G_END_DECLS
