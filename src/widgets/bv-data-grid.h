/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "bv-chart.h"

#include <adwaita.h>

G_BEGIN_DECLS

#define BV_TYPE_DATA_GRID (bv_data_grid_get_type ())
G_DECLARE_FINAL_TYPE (BvDataGrid, bv_data_grid, BV, DATA_GRID, GtkWidget)

/**
 * BvDataGrid:
 *
 * A frame as a scrolling table over GtkColumnView: lazily made rows, numbers right-aligned and formatted by the locale, null as "–",
 * columns resizable, movable and hideable, headers sort (within the frame), an optional total row pinned below, Ctrl+C copies the selected
 * rows as tab-separated text, in the columns' visible order. The accessible label of a row's cell is its text. A frame with sub-totals has bold rows
 * of groups, which fold and unfold by their arrow or by Left, Right, + and -; Left goes from a row to its group; what is folded stays so over refreshes.
 *
 * Actions: "grid.hide" (u: column of the shown frame), "grid.show-all", "grid.expand-all", "grid.collapse-all".
 *
 * Signal "row-activated" (guint row, int column): double click or Return; row of the frame, of a group the number of its row of
 * sub-totals (bv_frame_number_row()).
 * Signal "sort-changed" (char *column, gboolean descending): only with bv_data_grid_set_external_sort().
 */
GtkWidget *bv_data_grid_new               (void);
void       bv_data_grid_set_frame         (BvDataGrid *self, BvFrame *frame, BvLocale *locale); /* NULL frame empties */
/* The table's options: bars, colours, row numbers, names of columns. Both are copied; NULL @spec: none. They hold from the next frame on. */
void       bv_data_grid_set_spec          (BvDataGrid *self, const BvChartSpec *spec, const BvChartStyle *style);
void       bv_data_grid_set_show_total    (BvDataGrid *self, gboolean show_total);
/* Header clicks only emit ::sort-changed; the owner brings a new frame (paged previews). */
void       bv_data_grid_set_external_sort (BvDataGrid *self, gboolean external);
/* Header and selected rows (all when none is) to the clipboard, as tab-separated text that is made when it is asked for. FALSE without a frame. */
gboolean   bv_data_grid_copy              (BvDataGrid *self);

G_END_DECLS
