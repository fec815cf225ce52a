/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "bv-table-rows.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* Puts header and rows on the clipboard as tab-separated text: those of @selected, or all that are visible when none is. A row of the frame says all its
 * keys, so that it stands for itself in a spreadsheet; one of a group says the group's and its sub-totals. */
void bv_grid_copy_rows  (GdkClipboard *clipboard, const BvTableRows *rows, BvFrame *frame, const guint *columns, guint n_columns, GtkBitset *selected,
                         BvCalendar *calendar);
/* The same of a whole frame as it is. */
void bv_grid_copy_frame (GdkClipboard *clipboard, BvFrame *frame, BvCalendar *calendar);

G_END_DECLS
