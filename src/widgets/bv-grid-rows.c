/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "bv-grid-rows.h"

#include <string.h>

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

guint
bv_grid_rows_frame_row (BvGridRows *self, guint position)
{
  return self->order != NULL ? self->order[position] : position;
}

static gpointer
rows_get_item (GListModel *model, guint position)
{
  BvGridRows *self = BV_GRID_ROWS (model);
  BvGridRow *row;

  if (position >= self->n)
    return NULL;
  row = g_object_new (BV_TYPE_GRID_ROW, NULL);
  row->row = bv_grid_rows_frame_row (self, position);
  row->position = position;
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
rows_finalize (GObject *object)
{
  g_free (BV_GRID_ROWS (object)->order);
  G_OBJECT_CLASS (bv_grid_rows_parent_class)->finalize (object);
}

static void
bv_grid_rows_class_init (BvGridRowsClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = rows_finalize;
}

static void
bv_grid_rows_init (BvGridRows *self)
{
}

/* --- Sorting ---------------------------------------------------------------------------------------------------------------- */

typedef struct
{
  BvFrame *frame;
  guint column;
  char **keys; /* (nullable): collation keys of a text column */
  int sign;
} SortJob;

static int
compare_rows (gconstpointer a, gconstpointer b, gpointer user_data)
{
  const SortJob *job = user_data;
  guint ra = *(const guint *) a;
  guint rb = *(const guint *) b;
  gboolean na = bv_frame_is_null (job->frame, job->column, ra);
  gboolean nb = bv_frame_is_null (job->frame, job->column, rb);
  int order = 0;

  /* Empty cells come last either way. */
  if (na || nb)
    order = na - nb;
  else if (job->keys != NULL)
    order = job->sign * strcmp (job->keys[ra], job->keys[rb]);
  else
    {
      BvValue va = bv_frame_peek (job->frame, job->column, ra);
      BvValue vb = bv_frame_peek (job->frame, job->column, rb);

      order = job->sign * bv_value_compare (&va, &vb);
    }
  return order != 0 ? order : ra < rb ? -1 : ra > rb;
}

void
bv_grid_rows_sort (BvGridRows *self, BvFrame *frame, int column, gboolean descending)
{
  SortJob job = { frame, (guint) column, NULL, descending ? -1 : 1 };
  guint n = self->n;

  g_clear_pointer (&self->order, g_free);
  if (column >= 0 && n > 0)
    {
      self->order = g_new (guint, n);
      for (guint i = 0; i < n; i++)
        self->order[i] = i;
      if (bv_frame_get_column (frame, (guint) column)->type == BV_TYPE_TEXT)
        {
          job.keys = g_new0 (char *, n + 1);
          for (guint i = 0; i < n; i++)
            {
              const char *text = bv_frame_get_text (frame, (guint) column, i);

              job.keys[i] = text != NULL ? g_utf8_collate_key (text, -1) : NULL;
            }
        }
      g_qsort_with_data (self->order, (int) n, sizeof (guint), compare_rows, &job);
      if (job.keys != NULL)
        for (guint i = 0; i < n; i++)
          g_free (job.keys[i]);
      g_free (job.keys);
    }
  g_list_model_items_changed (G_LIST_MODEL (self), 0, n, n);
}
