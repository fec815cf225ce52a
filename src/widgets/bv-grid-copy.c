/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "bv-grid-copy.h"

static void
append_field (GString *out, const char *text, gboolean first)
{
  if (!first)
    g_string_append_c (out, '\t');
  for (const char *p = text; *p != '\0'; p++)
    g_string_append_c (out, (guchar) *p < ' ' ? ' ' : *p);
}

char *
bv_grid_copy_text (const BvTableRows *rows, BvFrame *frame, const guint *columns, guint n_columns, GtkBitset *selected, BvCalendar *calendar)
{
  GString *out = g_string_new (NULL);
  gboolean all = gtk_bitset_is_empty (selected);

  for (guint c = 0; c < n_columns; c++)
    append_field (out, bv_frame_get_column (frame, columns[c])->name, c == 0);
  g_string_append_c (out, '\n');
  for (guint i = 0; i < bv_table_rows_get_n (rows); i++)
    {
      BvTableRow row;

      if (!all && !gtk_bitset_contains (selected, i))
        continue;
      bv_table_rows_get (rows, i, &row);
      for (guint c = 0; c < n_columns; c++)
        {
          BvFrame *from;
          guint from_row, from_column;
          g_autofree char *cell = NULL;

          if (bv_table_rows_cell (rows, &row, columns[c], &from, &from_row, &from_column))
            cell = bv_frame_to_iso (from, from_column, from_row, calendar);
          append_field (out, cell != NULL ? cell : "", c == 0);
        }
      g_string_append_c (out, '\n');
    }
  return g_string_free (out, FALSE);
}
