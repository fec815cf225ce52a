/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Clicking a mark does what the filter bar does. */
#pragma once

#include "bv-report-run.h"

G_BEGIN_DECLS

typedef struct _BvClickFilter BvClickFilter;

BvClickFilter *bv_click_filter_new   (BvReportRun *run);
void           bv_click_filter_free  (BvClickFilter *self);

/**
 * bv_click_filter_apply:
 * @row: of the tile's frame
 * @add: adds the value to those chosen, instead of choosing it alone
 *
 * Sets the filters that act on a dimension which the tile groups by to the value of the clicked mark. Clicking the only chosen value
 * again takes the filter away.
 *
 * Returns: FALSE when no filter of the report is on a group of this tile
 */
gboolean       bv_click_filter_apply (BvClickFilter *self, const char *tile_id, guint row, gboolean add);
/* Brings the filters back to what they were before the first click. FALSE when there is nothing to take back. */
gboolean       bv_click_filter_clear (BvClickFilter *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (BvClickFilter, bv_click_filter_free)

G_END_DECLS
