/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "bv-grid-rows.h"

G_DEFINE_FINAL_TYPE (BvGridRow, bv_grid_row, G_TYPE_OBJECT)

static void
bv_grid_row_class_init (BvGridRowClass *klass)
{
}

static void
bv_grid_row_init (BvGridRow *self)
{
}

static GType
rows_get_item_type (GListModel *model)
{
  return BV_TYPE_GRID_ROW;
}

static guint
rows_get_n_items (GListModel *model)
{
  return BV_GRID_ROWS (model)->n;
}

static gpointer
rows_get_item (GListModel *model, guint position)
{
  BvGridRows *self = BV_GRID_ROWS (model);
  BvGridRow *row;

  if (position >= self->n)
    return NULL;
  row = g_object_new (BV_TYPE_GRID_ROW, NULL);
  bv_table_rows_get (self->table, position, &row->at);
  return row;
}

static void
rows_iface_init (GListModelInterface *iface)
{
  iface->get_item_type = rows_get_item_type;
  iface->get_n_items = rows_get_n_items;
  iface->get_item = rows_get_item;
}

G_DEFINE_FINAL_TYPE_WITH_CODE (BvGridRows, bv_grid_rows, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (G_TYPE_LIST_MODEL, rows_iface_init))

static void
bv_grid_rows_class_init (BvGridRowsClass *klass)
{
}

static void
bv_grid_rows_init (BvGridRows *self)
{
}

void
bv_grid_rows_set_table (BvGridRows *self, BvTableRows *table)
{
  guint before = self->n;

  self->table = table;
  self->n = table != NULL ? bv_table_rows_get_n (table) : 0;
  g_list_model_items_changed (G_LIST_MODEL (self), 0, before, self->n);
}

void
bv_grid_rows_sort (BvGridRows *self, int column, gboolean descending)
{
  if (self->table == NULL)
    return;
  bv_table_rows_sort (self->table, column, descending);
  g_list_model_items_changed (G_LIST_MODEL (self), 0, self->n, self->n);
}

void
bv_grid_rows_fold (BvGridRows *self, guint position, gboolean folded)
{
  guint before = self->n;

  if (position >= self->n)
    return;
  bv_table_rows_fold (self->table, position, folded);
  self->n = bv_table_rows_get_n (self->table);
  if (self->n != before)
    g_list_model_items_changed (G_LIST_MODEL (self), position + 1, before > self->n ? before - self->n : 0, self->n > before ? self->n - before : 0);
}

void
bv_grid_rows_fold_all (BvGridRows *self, gboolean folded)
{
  guint before = self->n;

  if (self->table == NULL)
    return;
  bv_table_rows_fold_all (self->table, folded);
  self->n = bv_table_rows_get_n (self->table);
  g_list_model_items_changed (G_LIST_MODEL (self), 0, before, self->n);
}
