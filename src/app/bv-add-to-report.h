/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Puts a chart on a report as a tile. */
#pragma once

#include "bv-workspace.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* Asks for the tile's title and the report (or the name of a new one). @done: (nullable): called with the report's uuid once the tile is
 * there, while @over lives. */
typedef void (*BvAddedToReport) (GtkWidget *over, const char *report_uuid);
void     bv_add_to_report_show (GtkWidget *over, BvWorkspace *workspace, BvChart *chart, BvAddedToReport done);

G_END_DECLS
