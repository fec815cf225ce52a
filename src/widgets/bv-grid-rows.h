/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The rows of a data grid as a list model: one small object per visible row, made when it is asked for. */
#pragma once

#include "bv-frame.h"

#include <gio/gio.h>

G_BEGIN_DECLS

#define BV_TYPE_GRID_ROW (bv_grid_row_get_type ())
G_DECLARE_FINAL_TYPE (BvGridRow, bv_grid_row, BV, GRID_ROW, GObject)

struct _BvGridRow
{
  GObject parent_instance;
  guint row;      /* of the shown frame */
  guint position; /* in the list */
};

#define BV_TYPE_GRID_ROWS (bv_grid_rows_get_type ())
G_DECLARE_FINAL_TYPE (BvGridRows, bv_grid_rows, BV, GRID_ROWS, GObject)

struct _BvGridRows
{
  GObject parent_instance;
  guint n;
  guint *order; /* (nullable): the frame's own order */
};

/* The frame's row at a position of the list. */
guint bv_grid_rows_frame_row (BvGridRows *self, guint position);
/* Sorts by a column of @frame, texts as the language does, empty cells last; @column -1: the frame's own order. */
void  bv_grid_rows_sort      (BvGridRows *self, BvFrame *frame, int column, gboolean descending);

G_END_DECLS
