/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a table shows in its cells besides text: bars from zero, and colours by value. The same on screen and on paper. */
#pragma once

#include "bv-chart.h"
#include "bv-table-rows.h"

G_BEGIN_DECLS

typedef struct _BvTableCells BvTableCells;

/* Reads the options "bars", "colours" and "palette" of @spec (nullable: neither bars nor colours). A metric's bars and colours have one scale over all
 * columns that a pivot makes of it, and one for each level of groups: sub-totals compare with sub-totals. @pivot outlives it; @rows (nullable: without
 * groups) are read once, all groups unfolded. */
BvTableCells *bv_table_cells_new     (const BvChartSpec *spec, BvPivot *pivot, const BvTableRows *rows, const BvChartStyle *style);
void          bv_table_cells_free    (BvTableCells *self);
/* Whether cells of the pivoted frame's column have bars. */
gboolean      bv_table_cells_has_bar (const BvTableCells *self, guint column);
/* @level: of BvTableRow. The bar of @value as parts of the cell's width, from < to. FALSE when there is none. */
gboolean      bv_table_cells_bar     (const BvTableCells *self, guint level, guint column, double value, double *from, double *to, BvColour *colour);
/* The colours of a cell with @value. FALSE when it has none of its own. */
gboolean      bv_table_cells_colour  (const BvTableCells *self, guint level, guint column, double value, BvColour *fill, BvColour *text);

/* A metric's colour scale for a legend. */
typedef struct
{
  char *low;          /* what stands before the colours: "Revenue: 0", of sub-totals "Revenue · Country: 0" */
  char *high;         /* and after them */
  BvColour stops[5];  /* evenly between */
} BvTableLegend;
guint         bv_table_cells_n_legends (const BvTableCells *self);
void          bv_table_cells_get_legend (const BvTableCells *self, guint i, BvLocale *locale, BvTableLegend *legend);
void          bv_table_legend_clear (BvTableLegend *legend);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (BvTableCells, bv_table_cells_free)
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (BvTableLegend, bv_table_legend_clear)

G_END_DECLS
