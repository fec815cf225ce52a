/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "bv-table-cells.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* Fills a horizontal box with what the colours of cells mean: for each metric its name and the values at both ends. Hides it when there are none.
 * @cells: (nullable) */
void bv_grid_legend_fill (GtkWidget *box, const BvTableCells *cells, BvLocale *locale);

G_END_DECLS
