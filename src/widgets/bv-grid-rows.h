/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The rows of a data grid as a list model: one small object per visible row, made when it is asked for. */
#pragma once

#include "bv-table-rows.h"

#include <gio/gio.h>

G_BEGIN_DECLS

#define BV_TYPE_GRID_ROW (bv_grid_row_get_type ())
G_DECLARE_FINAL_TYPE (BvGridRow, bv_grid_row, BV, GRID_ROW, GObject)

struct _BvGridRow
{
  GObject parent_instance;
  BvTableRow at;
};

#define BV_TYPE_GRID_ROWS (bv_grid_rows_get_type ())
G_DECLARE_FINAL_TYPE (BvGridRows, bv_grid_rows, BV, GRID_ROWS, GObject)

struct _BvGridRows
{
  GObject parent_instance;
  BvTableRows *table; /* (nullable): borrowed */
  guint n;
};

void  bv_grid_rows_set_table (BvGridRows *self, BvTableRows *table);
/* See bv_table_rows_sort() and bv_table_rows_fold(). */
void  bv_grid_rows_sort      (BvGridRows *self, int column, gboolean descending);
void  bv_grid_rows_fold      (BvGridRows *self, guint position, gboolean folded);
void  bv_grid_rows_fold_all  (BvGridRows *self, gboolean folded);

G_END_DECLS
