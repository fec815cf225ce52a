/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Dialogs for what is known about a table and about one of its columns. */
#pragma once

#include "bv-workspace.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

void     bv_table_edit_show (GtkWidget *over, BvWorkspace *workspace, const char *table);
void     bv_field_edit_show (GtkWidget *over, BvWorkspace *workspace, const char *table, const char *field);
/* A deep copy to change and put back. (transfer full) */
BvTable *bv_table_dup       (BvTable *table);
/* "E-mail address" of "email"; NULL is no kind. (transfer none) */
const char *bv_semantic_label (const char *semantic);

G_END_DECLS
