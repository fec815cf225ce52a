/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A frame as a table shows it: the values of the pivot become columns. */
#pragma once

#include "bv-frame.h"

G_BEGIN_DECLS

typedef struct _BvPivot BvPivot;

/**
 * bv_pivot_new:
 *
 * Rows are the distinct time buckets and group-bys in order of first appearance; after their columns comes one column per pivot value
 * and metric. Totals are known for the metric only, not per pivot value: a pivoted frame has none. A frame without a pivot is taken as
 * it is. At most 200 pivot values become columns; a note says so when there are more.
 */
BvPivot   *bv_pivot_new           (BvFrame *frame, BvLocale *locale);
/* The same with the columns of @like (nullable), whichever values @frame has: for its sub-totals, which have fewer keys. @like's source outlives it. */
BvPivot   *bv_pivot_new_like      (BvFrame *frame, BvPivot *like, BvLocale *locale);
void       bv_pivot_free          (BvPivot *self);
BvFrame   *bv_pivot_get_frame     (BvPivot *self); /* (transfer none) */
BvFrame   *bv_pivot_get_source    (BvPivot *self); /* (transfer none): as given */
/* Time bucket and group-bys: the frame's first columns. */
guint      bv_pivot_get_n_keys    (BvPivot *self);
gboolean   bv_pivot_is_identity   (BvPivot *self);
/* Where a cell comes from in the original frame: of a key its group's first row; BV_ROW_NONE for a metric's cell without a row there. */
guint      bv_pivot_source_row    (BvPivot *self, guint row, guint column);
int        bv_pivot_source_column (BvPivot *self, guint column);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (BvPivot, bv_pivot_free)

G_END_DECLS
