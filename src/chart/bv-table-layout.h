/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "bv-scene.h"
#include "bv-table-cells.h"

G_BEGIN_DECLS

double bv_table_layout_header_height (BvTableLayout *self);
double bv_table_layout_row_height    (BvTableLayout *self);
/* How many of the first @n rows are the frame's own rather than those of groups. */
guint  bv_table_layout_count_rows    (BvTableLayout *self, guint n);
gboolean bv_table_layout_has_total   (BvTableLayout *self);
const BvTableCells *bv_table_layout_get_cells (BvTableLayout *self);
/* Columns left out because not even their shortest form fits. */
guint  bv_table_layout_n_left_out    (BvTableLayout *self);

/* Puts the header (with @header) and rows @first … of @n into @scene from x, y on, with marks when @marks. Returns the height. */
double bv_table_layout_emit          (BvTableLayout *self, BvScene *scene, double x, double y, gboolean header, guint first, guint n,
                                      gboolean marks);

G_END_DECLS
