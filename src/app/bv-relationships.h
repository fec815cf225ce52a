/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The relationships of a table, or of all tables: those that exist, those that the data suggests, and adding one. */
#pragma once

#include "bv-workspace.h"

#include <adwaita.h>

G_BEGIN_DECLS

#define BV_TYPE_RELATIONSHIPS (bv_relationships_get_type ())
G_DECLARE_FINAL_TYPE (BvRelationships, bv_relationships, BV, RELATIONSHIPS, AdwBin)

/* @table: (nullable): only those of this table. Suggestions are looked for whenever the widget is shown. */
GtkWidget *bv_relationships_new     (BvWorkspace *workspace, const char *table);
void       bv_relationships_refresh (BvRelationships *self);
gboolean   bv_relationships_is_busy (BvRelationships *self);

G_END_DECLS
