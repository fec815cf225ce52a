/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Frames for terminals: aligned columns of formatted cells, the total row, the notes. */
#include "config.h"

#include "bv-export.h"
#include "bv-table-rows.h"

#include <glib/gi18n-lib.h>
#include <string.h>

/* Longer cells are cut, so that one long text does not push the other columns away. */
#define MOST_CELLS 60

/* Terminal cells that a text takes. */
static guint
text_width (const char *text)
{
  guint width = 0;

  for (const char *p = text; *p != '\0'; p = g_utf8_next_char (p))
    {
      gunichar c = g_utf8_get_char (p);

      width += g_unichar_iszerowidth (c) ? 0 : g_unichar_iswide (c) ? 2 : 1;
    }
  return width;
}

/* One line of printable text, cut when too long. Control characters could move the cursor: they become blanks. */
static char *
tidy (char *text)
{
  g_autofree char *valid = g_utf8_make_valid (text, -1);
  GString *out = g_string_new (NULL);
  guint width = 0;

  g_free (text);
  for (const char *p = valid; *p != '\0'; p = g_utf8_next_char (p))
    {
      gunichar c = g_utf8_get_char (p);

      if (g_unichar_iscntrl (c))
        c = ' ';
      width += g_unichar_iszerowidth (c) ? 0 : g_unichar_iswide (c) ? 2 : 1;
      if (width >= MOST_CELLS && *g_utf8_next_char (p) != '\0')
        {
          g_string_append (out, "…");
          break;
        }
      g_string_append_unichar (out, c);
    }
  return g_string_free (out, FALSE);
}

static void
append_padded (GString *out, const char *text, guint width, gboolean right, gboolean last)
{
  guint blanks = width - MIN (width, text_width (text));

  if (right)
    g_string_append_printf (out, "%*s", (int) blanks, "");
  g_string_append (out, text);
  if (!right && !last)
    g_string_append_printf (out, "%*s", (int) blanks, "");
  g_string_append (out, last ? "\n" : "  ");
}

static void
append_rule (GString *out, const guint *widths, guint n_columns)
{
  for (guint c = 0; c < n_columns; c++)
    {
      for (guint i = 0; i < widths[c]; i++)
        g_string_append (out, "─");
      g_string_append (out, c + 1 < n_columns ? "  " : "\n");
    }
}

char *
bv_frame_to_table (const BvFrame *frame, BvLocale *locale)
{
  GString *out = g_string_new (NULL);
  guint n_columns = bv_frame_get_n_columns (frame), n_rows = bv_frame_get_n_rows (frame);
  g_autofree guint *widths = g_new0 (guint, n_columns + 1);
  g_autoptr(GPtrArray) cells = g_ptr_array_new_with_free_func (g_free);
  gboolean has_total = FALSE, has_label = FALSE;

  /* Row by row: the header, the rows, the total. */
  for (guint c = 0; c < n_columns; c++)
    {
      BvColumn *column = bv_frame_get_column (frame, c);

      g_ptr_array_add (cells, tidy (g_strdup (column->name)));
      has_total |= column->total.type != BV_TYPE_NULL;
      has_label |= column->role != BV_ROLE_METRIC && column->role != BV_ROLE_COMPARE;
    }
  for (guint row = 0; row < n_rows; row++)
    for (guint c = 0; c < n_columns; c++)
      g_ptr_array_add (cells, tidy (bv_frame_format (frame, c, row, locale)));
  /* The total of a frame without groups is the frame's only row. */
  has_total = has_total && has_label && n_rows > 0;
  for (guint c = 0; has_total && c < n_columns; c++)
    {
      char *total = bv_table_total_text (frame, c, locale);

      g_ptr_array_add (cells, total != NULL ? tidy (total) : g_strdup (c == 0 ? _("Total") : ""));
    }
  for (guint i = 0; i < cells->len; i++)
    widths[i % n_columns] = MAX (widths[i % n_columns], text_width (g_ptr_array_index (cells, i)));

  for (guint i = 0; i < cells->len; i++)
    {
      guint c = i % n_columns, row = i / n_columns;
      BvColumn *column = bv_frame_get_column (frame, c);

      if (c == 0 && (row == 1 || row == n_rows + 1))
        append_rule (out, widths, n_columns);
      append_padded (out, g_ptr_array_index (cells, i), widths[c], bv_type_is_numeric (column->type), c + 1 == n_columns);
    }
  if (n_rows == 0 && n_columns > 0)
    append_rule (out, widths, n_columns);
  for (guint i = 0; i < bv_frame_get_n_notes (frame); i++)
    g_string_append_printf (out, "%s\n", bv_frame_get_note (frame, i)->text);
  return g_string_free (out, FALSE);
}
