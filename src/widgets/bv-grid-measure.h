/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How wide the columns of a data grid should be. */
#pragma once

#include "bv-table-rows.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

int bv_grid_measure_text   (PangoLayout *layout, const char *text);
/* The room for a column's name and a sample of its cells, those of groups included. */
int bv_grid_measure_column (PangoLayout *layout, const BvTableRows *table, BvPivot *pivot, guint column, BvLocale *locale);

G_END_DECLS
