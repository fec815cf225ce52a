/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The sheets of a workbook, or the tables of a database, with a check mark for each that is imported. */
#pragma once

#include "bv-import.h"

#include <adwaita.h>

G_BEGIN_DECLS

#define BV_TYPE_IMPORT_PARTS (bv_import_parts_get_type ())
G_DECLARE_FINAL_TYPE (BvImportParts, bv_import_parts, BV, IMPORT_PARTS, AdwExpanderRow)

/* Signal "toggled" (const char *part, gboolean wanted) when a person marks a part or takes the mark away; the last mark stays. */

/* Shows the parts of @plan's file, hidden where it has one at most; those that one of @plans (BvImportPlan) takes are marked. */
void bv_import_parts_show (BvImportParts *self, BvImportPlan *plan, GPtrArray *plans);

G_END_DECLS
