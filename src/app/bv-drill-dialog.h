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
 * @metric: (nullable): a metric of the chart; NULL is its first
 * @frame: (nullable): the chart's frame
 * @row: the clicked row of @frame; G_MAXUINT for the total
 *
 * All arguments are copied or referenced. Returns: (transfer none): the dialog, which destroys itself when closed
 */
GtkWidget *bv_drill_dialog_present (GtkWidget *parent, BvWorkspace *workspace, BvChart *chart, const BvOverlay *overlay,
                                    const char *metric, BvFrame *frame, guint row);

G_END_DECLS
