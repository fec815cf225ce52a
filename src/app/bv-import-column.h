/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A column of an import as a list row: take it or not, its type, whether it is part of the key. And what a plan comes to. */
#pragma once

#include "bv-frame.h"
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

/* The first rows as they will be read; the columns that are skipped are left out. @n_kept: (out): how many are not. */
BvFrame            *bv_import_preview_frame    (BvImportPlan *plan, guint *n_kept);
/* Whether all plans (BvImportPlan) can be run; *wrong is the first that cannot. */
gboolean            bv_import_check_plans      (GPtrArray *plans, guint *wrong, GError **error);
/* A GCompareDataFunc for plans: in the order in which the files were chosen (@paths), and their sheets as the file has them. */
int                 bv_import_compare_places   (gconstpointer a, gconstpointer b, gpointer paths);
/* Where a character or a text (in any case) is among the choices of a row; 0 when it is none of them. */
guint               bv_import_index_of         (const char *chars, gsize n, char c);
guint               bv_import_index_of_text    (const char *const *texts, const char *text);

G_END_DECLS
