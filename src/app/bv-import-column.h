/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A column of an import as a list row: take it or not, its type, whether it is part of the key. */
#pragma once

#include "bv-import.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define BV_TYPE_IMPORT_ITEM (bv_import_item_get_type ())
G_DECLARE_FINAL_TYPE (BvImportItem, bv_import_item, BV, IMPORT_ITEM, GObject)

/* @column: borrowed from the plan, which outlives the item's use. Signal "changed" () after the column or the key has. */
BvImportItem       *bv_import_item_new         (BvImportColumn *column, gboolean in_key);
BvImportColumn     *bv_import_item_get_column  (BvImportItem *self);
gboolean            bv_import_item_get_in_key  (BvImportItem *self);
GtkListItemFactory *bv_import_item_factory_new (void);

G_END_DECLS
