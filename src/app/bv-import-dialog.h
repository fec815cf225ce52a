/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Importing files: what was found in each, what the analyst wants instead, and the import with its progress. */
#pragma once

#include "bv-workspace.h"

#include <adwaita.h>

G_BEGIN_DECLS

#define BV_TYPE_IMPORT_DIALOG (bv_import_dialog_get_type ())
G_DECLARE_FINAL_TYPE (BvImportDialog, bv_import_dialog, BV, IMPORT_DIALOG, AdwWindow)

/* Looks into the files at once. Action "import.run" imports them, one step of undo each. */
GtkWidget *bv_import_dialog_new      (BvWorkspace *workspace, const char *const *paths);
/* Whether files are being looked into or imported. */
gboolean   bv_import_dialog_is_busy  (BvImportDialog *self);

G_END_DECLS
