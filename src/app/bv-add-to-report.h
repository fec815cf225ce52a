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

/**
 * bv_add_to_report:
 * @report: name or uuid of a report; a new one of this name is made when there is none
 * @title: (nullable)
 * @uuid: (out) (optional) (transfer full): of the report
 *
 * The tile takes the first free spot of the grid and is wired by the same-dimension rule; one step "Add tile".
 */
gboolean bv_add_to_report      (BvWorkspace *workspace, BvChart *chart, const char *report, const char *title, char **uuid, GError **error);

/* The first free spot of the report's grid for @w × @h cells, row by row. */
void     bv_report_find_spot   (BvReport *report, int w, int h, int *x, int *y);

G_END_DECLS
