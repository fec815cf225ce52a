/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "bv-grid-measure.h"

#include <math.h>

#define SAMPLE_ROWS 200

int
bv_grid_measure_text (PangoLayout *layout, const char *text)
{
  int width;

  pango_layout_set_text (layout, text, -1);
  pango_layout_get_pixel_size (layout, &width, NULL);
  return width;
}

static int
measure_cell (PangoLayout *layout, BvFrame *frame, guint column, guint row, BvLocale *locale)
{
  g_autofree char *text = bv_frame_format (frame, column, row, locale);

  return bv_grid_measure_text (layout, text);
}

/* The room that the rows of groups need: that of a spread of them and of the greatest number. */
static int
measure_groups (PangoLayout *layout, const BvTableRows *table, BvPivot *pivot, guint column, BvLocale *locale)
{
  g_autoptr(GArray) positions = g_array_new (FALSE, FALSE, sizeof (guint));
  gboolean number = bv_type_is_numeric (bv_frame_get_column (bv_pivot_get_frame (pivot), column)->type);
  double most = -1;
  guint greatest = 0;
  int width = 0;

  if (bv_table_rows_n_levels (table) == 0)
    return 0;
  for (guint i = 0; i < bv_table_rows_get_n (table); i++)
    if (bv_table_rows_is_group (table, i))
      g_array_append_val (positions, i);
  for (guint i = 0; i <= positions->len && positions->len > 0; i++)
    {
      BvTableRow row;
      BvFrame *frame;
      guint frame_row, frame_column;
      g_autofree char *text = NULL;
      double value;

      bv_table_rows_get (table, i < positions->len ? g_array_index (positions, guint, i) : greatest, &row);
      if (!bv_table_rows_cell (table, &row, column, &frame, &frame_row, &frame_column))
        continue;
      value = number ? fabs (bv_frame_get_double (frame, frame_column, frame_row)) : 0;
      if (value > most)
        {
          most = value;
          greatest = i < positions->len ? g_array_index (positions, guint, i) : greatest;
        }
      if (i < positions->len && i % (positions->len / SAMPLE_ROWS + 1) != 0)
        continue;
      text = bv_frame_format (frame, frame_column, frame_row, locale);
      width = MAX (width, bv_grid_measure_text (layout, text) * 6 / 5 + (column < bv_pivot_get_n_keys (pivot) ? 20 : 0)); /* bold; the arrow */
    }
  return width;
}

int
bv_grid_measure_column (PangoLayout *layout, const BvTableRows *table, BvPivot *pivot, guint column, BvLocale *locale)
{
  BvFrame *frame = bv_pivot_get_frame (pivot);
  guint n = bv_frame_get_n_rows (frame);
  guint step = MAX (1, n / SAMPLE_ROWS);
  int width = bv_grid_measure_text (layout, bv_frame_get_column (frame, column)->name) + 24; /* the sort arrow */
  double least = G_MAXDOUBLE, most = -G_MAXDOUBLE;
  guint low = 0, high = 0;

  for (guint row = 0; row < n; row += step)
    width = MAX (width, measure_cell (layout, frame, column, row, locale));
  /* A number must not be cut: the widest are those of the least and of the greatest value. */
  for (guint row = 0; bv_type_is_numeric (bv_frame_get_column (frame, column)->type) && row < n; row++)
    {
      double value = bv_frame_get_double (frame, column, row);

      if (value < least)
        {
          least = value;
          low = row;
        }
      if (value > most)
        {
          most = value;
          high = row;
        }
    }
  if (n > 0)
    width = MAX (width, MAX (measure_cell (layout, frame, column, low, locale), measure_cell (layout, frame, column, high, locale)));
  return MAX (width, measure_groups (layout, table, pivot, column, locale));
}
