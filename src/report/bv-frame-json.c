/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Frames as JSON: an array of objects, a line each. Numbers are the shortest digits that read back equal; what JSON cannot
 * say (infinities, not-a-number) is null. */
#include "config.h"

#include "bv-export.h"

#include <math.h>

static void
append_string (GString *out, const char *text)
{
  g_autofree char *valid = g_utf8_validate (text, -1, NULL) ? NULL : g_utf8_make_valid (text, -1);

  g_string_append_c (out, '"');
  for (const char *p = valid != NULL ? valid : text; *p != '\0'; p++)
    switch (*p)
      {
      case '"':
        g_string_append (out, "\\\"");
        break;
      case '\\':
        g_string_append (out, "\\\\");
        break;
      case '\n':
        g_string_append (out, "\\n");
        break;
      case '\t':
        g_string_append (out, "\\t");
        break;
      case '\r':
        g_string_append (out, "\\r");
        break;
      default:
        if ((guchar) *p < 0x20)
          g_string_append_printf (out, "\\u%04x", (guint) *p);
        else
          g_string_append_c (out, *p);
        break;
      }
  g_string_append_c (out, '"');
}

static void
append_cell (GString *out, const BvFrame *frame, guint column, guint row, BvCalendar *calendar)
{
  char buf[G_ASCII_DTOSTR_BUF_SIZE];
  g_autofree char *iso = NULL;
  double d;

  if (bv_frame_is_null (frame, column, row))
    {
      g_string_append (out, "null");
      return;
    }
  switch (bv_frame_get_column (frame, column)->type)
    {
    case BV_TYPE_BOOL:
      g_string_append (out, bv_frame_get_int (frame, column, row) ? "true" : "false");
      break;
    case BV_TYPE_INT:
      g_string_append_printf (out, "%" G_GINT64_FORMAT, bv_frame_get_int (frame, column, row));
      break;
    case BV_TYPE_DOUBLE:
      d = bv_frame_get_double (frame, column, row);
      g_string_append (out, isfinite (d) ? bv_double_to_plain (d, buf) : "null");
      break;
    case BV_TYPE_DATE:
    case BV_TYPE_TIMESTAMP:
      iso = bv_frame_to_iso (frame, column, row, calendar);
      append_string (out, iso);
      break;
    case BV_TYPE_TEXT:
      append_string (out, bv_frame_get_text (frame, column, row));
      break;
    case BV_TYPE_NULL:
    default:
      g_string_append (out, "null");
      break;
    }
}

char *
bv_frame_to_json (const BvFrame *frame, BvCalendar *calendar)
{
  GString *out = g_string_new ("[");
  guint n_columns = bv_frame_get_n_columns (frame), n_rows = bv_frame_get_n_rows (frame);

  for (guint row = 0; row < n_rows; row++)
    {
      g_string_append (out, row > 0 ? ",\n  {" : "\n  {");
      for (guint column = 0; column < n_columns; column++)
        {
          if (column > 0)
            g_string_append (out, ", ");
          append_string (out, bv_frame_get_column (frame, column)->name);
          g_string_append (out, ": ");
          append_cell (out, frame, column, row, calendar);
        }
      g_string_append_c (out, '}');
    }
  g_string_append (out, n_rows > 0 ? "\n]\n" : "]\n");
  return g_string_free (out, FALSE);
}
