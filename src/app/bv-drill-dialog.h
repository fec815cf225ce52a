/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The rows behind a mark, with their count beside the number. */
#pragma once

#include "bv-workspace.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

/**
 * bv_drill_dialog_present:
 * @parent: the widget that was clicked; the dialog is modal to its window
 * @overlay: (nullable): what the report's filters add
 * @frame: (nullable): the chart's frame
 * @row: the clicked row of @frame; G_MAXUINT for the total
 * @column: the clicked column: a metric's, or what a metric was in the period before; of others, or -1, the chart's first metric
 *
 * All arguments are copied or referenced. Returns: (transfer none): the dialog, which destroys itself when closed
 */
GtkWidget *bv_drill_dialog_present (GtkWidget *parent, BvWorkspace *workspace, BvChart *chart, const BvOverlay *overlay,
                                    BvFrame *frame, guint row, int column);

/* How many rows are shown, 10,000 unless a test sets another number; all of them are exported. */
void       bv_drill_dialog_set_row_limit (guint n_rows);

G_END_DECLS
