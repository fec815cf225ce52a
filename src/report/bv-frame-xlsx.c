/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Frames as a workbook: a sheet each, with numbers as numbers and dates as dates.
 *
 * Timestamps are written as the wall-clock time of the calendar's zone, since a workbook knows no zones. Whole numbers beyond 2^53 are text,
 * because a workbook's numbers are doubles. Percentages keep their ratio and get a percent format.
 */
#include "config.h"

#include "bv-export.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>
#include <math.h>
#include <string.h>
#include <xlsxwriter.h>

#define MOST_ROWS 1048000
#define MOST_TEXT 32000 /* characters of a cell */
#define MOST_INT (G_GINT64_CONSTANT (1) << 53)

/* Names of at most 31 characters, none of []:*?/\ and each only once, whatever its case. */
static char *
sheet_name (const char *title, guint number, GHashTable *taken)
{
  g_autofree char *valid = g_utf8_make_valid (title != NULL ? title : "", -1);
  g_autofree char *base = NULL;
  char *name;

  for (char *p = valid; *p != '\0'; p++)
    if (strchr ("[]:*?/\\", *p) != NULL || (guchar) *p < 0x20)
      *p = ' ';
  g_strstrip (valid);
  while (*valid == '\'' || (*valid != '\0' && valid[strlen (valid) - 1] == '\''))
    {
      if (*valid == '\'')
        memmove (valid, valid + 1, strlen (valid));
      else
        valid[strlen (valid) - 1] = '\0';
    }
  base = *valid != '\0' ? g_utf8_substring (valid, 0, MIN (31, g_utf8_strlen (valid, -1))) : g_strdup_printf (_("Sheet %u"), number);
  name = g_strdup (base);
  for (guint n = 2;; n++)
    {
      g_autofree char *folded = g_utf8_casefold (name, -1);
      g_autofree char *suffix = g_strdup_printf (" %u", n);
      g_autofree char *head = NULL;
      glong room = 31 - (glong) strlen (suffix);

      if (g_hash_table_add (taken, g_steal_pointer (&folded)))
        return name;
      head = g_utf8_substring (base, 0, MIN (room, g_utf8_strlen (base, -1)));
      g_free (name);
      name = g_strconcat (head, suffix, NULL);
    }
}

/* (transfer full): a workbook's number format */
static char *
number_format (const BvColumn *column)
{
  GString *format = g_string_new (NULL);
  int decimals = column->format.decimals;

  switch (column->type)
    {
    case BV_TYPE_DATE:
      g_string_assign (format, "yyyy-mm-dd");
      return g_string_free (format, FALSE);
    case BV_TYPE_TIMESTAMP:
      g_string_assign (format, "yyyy-mm-dd hh:mm:ss");
      return g_string_free (format, FALSE);
    case BV_TYPE_INT:
    case BV_TYPE_DOUBLE:
      break;
    case BV_TYPE_NULL:
    case BV_TYPE_BOOL:
    case BV_TYPE_TEXT:
    default:
      return g_string_free (format, TRUE);
    }

  if (column->role == BV_ROLE_FIELD && column->format.kind == BV_FORMAT_AUTO)
    return g_string_free (format, TRUE);
  switch (column->format.kind)
    {
    case BV_FORMAT_PLAIN:
    case BV_FORMAT_DURATION_SECONDS:
    case BV_FORMAT_DURATION_MS:
      return g_string_free (format, TRUE);
    case BV_FORMAT_PERCENT:
      g_string_append (format, "0");
      decimals = MAX (decimals, 0);
      break;
    case BV_FORMAT_CURRENCY:
      g_string_append (format, "#,##0");
      decimals = decimals < 0 ? 2 : decimals;
      break;
    case BV_FORMAT_AUTO:
    case BV_FORMAT_NUMBER:
    default:
      g_string_append (format, "#,##0");
      decimals = column->type == BV_TYPE_INT ? MAX (decimals, 0) : decimals < 0 ? 2 : decimals;
      break;
    }
  if (decimals > 0)
    {
      g_string_append_c (format, '.');
      for (int i = 0; i < MIN (decimals, 15); i++)
        g_string_append_c (format, '0');
    }
  if (column->format.kind == BV_FORMAT_PERCENT)
    g_string_append_c (format, '%');
  return g_string_free (format, FALSE);
}

static lxw_datetime
wall_clock (gint64 us)
{
  int year, month, day;
  gint64 days = bv_floor_div (us, BV_DAY_US), rest = us - days * BV_DAY_US;

  bv_civil_from_days (days, &year, &month, &day);
  return (lxw_datetime){ year, month, day, (int) (rest / (3600 * BV_SECOND_US)), (int) (rest / (60 * BV_SECOND_US) % 60),
                         (double) (rest % (60 * BV_SECOND_US)) / BV_SECOND_US };
}

/* @cut: set when a text does not fit into its cell. */
static void
write_cell (lxw_worksheet *sheet, lxw_row_t row, lxw_col_t col, const BvValue *value, BvCalendar *calendar, lxw_format *format, gboolean *cut)
{
  lxw_datetime time;
  g_autofree char *text = NULL;

  switch (value->type)
    {
    case BV_TYPE_BOOL:
      worksheet_write_boolean (sheet, row, col, value->i != 0, format);
      return;
    case BV_TYPE_INT:
      if (value->i >= -MOST_INT && value->i <= MOST_INT)
        worksheet_write_number (sheet, row, col, (double) value->i, format);
      else
        {
          text = g_strdup_printf ("%" G_GINT64_FORMAT, value->i);
          worksheet_write_string (sheet, row, col, text, NULL);
        }
      return;
    case BV_TYPE_DOUBLE:
      if (isfinite (value->d))
        worksheet_write_number (sheet, row, col, value->d, format);
      return;
    case BV_TYPE_DATE:
    case BV_TYPE_TIMESTAMP:
      time = wall_clock (value->type == BV_TYPE_DATE ? value->i * BV_DAY_US
                                                     : value->i + bv_calendar_offset (calendar, value->i) * BV_SECOND_US);
      /* A workbook's time begins in 1900. */
      if (time.year >= 1900 && time.year <= 9999)
        worksheet_write_datetime (sheet, row, col, &time, format);
      else
        {
          text = bv_value_to_plain (value);
          worksheet_write_string (sheet, row, col, text, NULL);
        }
      return;
    case BV_TYPE_TEXT:
      text = g_utf8_make_valid (value->s, -1);
      if (g_utf8_strlen (text, -1) > MOST_TEXT)
        {
          *g_utf8_offset_to_pointer (text, MOST_TEXT) = '\0';
          *cut = TRUE;
        }
      worksheet_write_string (sheet, row, col, text, NULL);
      return;
    case BV_TYPE_NULL:
    default:
      return;
    }
}

static void
write_frame (lxw_workbook *book, lxw_worksheet *sheet, const BvFrame *frame, BvCalendar *calendar, lxw_format *bold, lxw_format *quiet)
{
  guint n_columns = MIN (bv_frame_get_n_columns (frame), 16384), n_rows = MIN (bv_frame_get_n_rows (frame), MOST_ROWS);
  gboolean cut = FALSE;
  lxw_row_t row;

  for (guint c = 0; c < n_columns; c++)
    {
      BvColumn *column = bv_frame_get_column (frame, c);
      g_autofree char *pattern = number_format (column);
      g_autofree char *name = g_utf8_make_valid (column->name, -1);
      lxw_format *format = NULL;
      glong width = g_utf8_strlen (name, -1);

      if (pattern != NULL)
        {
          format = workbook_add_format (book);
          format_set_num_format (format, pattern);
        }
      worksheet_write_string (sheet, 0, (lxw_col_t) c, name, bold);
      for (guint r = 0; r < n_rows; r++)
        {
          BvValue value = bv_frame_peek (frame, c, r);

          write_cell (sheet, r + 1, (lxw_col_t) c, &value, calendar, format, &cut);
          if (value.type == BV_TYPE_TEXT && r < 500)
            width = MAX (width, g_utf8_strlen (value.s, -1));
        }
      if (column->type == BV_TYPE_TIMESTAMP)
        width = MAX (width, 18);
      worksheet_set_column (sheet, (lxw_col_t) c, (lxw_col_t) c, CLAMP (width + 2, 10, 60), NULL);
    }
  worksheet_freeze_panes (sheet, 1, 0);
  if (n_columns > 0 && n_rows > 0)
    worksheet_autofilter (sheet, 0, 0, n_rows, (lxw_col_t) (n_columns - 1));

  /* What must be said stands apart from the data. */
  row = n_rows + 2;
  for (guint i = 0; i < bv_frame_get_n_notes (frame); i++)
    worksheet_write_string (sheet, row++, 0, bv_frame_get_note (frame, i)->text, quiet);
  if (cut)
    worksheet_write_string (sheet, row++, 0, _("A cell holds no longer text: export as CSV to get it all"), quiet);
  if (n_rows < bv_frame_get_n_rows (frame))
    worksheet_write_string (sheet, row, 0, _("A sheet holds no more rows: export as CSV to get them all"), quiet);
}

gboolean
bv_frame_write_xlsx (const BvFrame *const *frames, const char *const *titles, guint n, BvCalendar *calendar, const char *path,
                     GError **error)
{
  g_autoptr(GHashTable) taken = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_autofree char *part = g_strconcat (path, ".part", NULL);
  /* A fixed creation time: equal frames give equal bytes. */
  lxw_doc_properties properties = { .company = (char *) "", .created = 946684800 };
  lxw_format *bold, *quiet;
  lxw_workbook *book;
  lxw_error failure;
  int fd;

  /* The library would tell the terminal about a file that it cannot write, and only at the end: it is tried before. */
  fd = g_open (part, O_CREAT | O_WRONLY | O_TRUNC | O_CLOEXEC, 0666);
  if (fd < 0)
    {
      g_set_error (error, BV_ERROR, BV_ERROR_FAILED, _("The file “%s” could not be written (%s): check the folder and the space on the disk"),
                   path, g_strerror (errno));
      return FALSE;
    }
  g_close (fd, NULL);
  book = workbook_new (part);
  if (book == NULL)
    {
      g_set_error (error, BV_ERROR, BV_ERROR_FAILED, _("The workbook could not be made: free some memory and try again"));
      return FALSE;
    }
  workbook_set_properties (book, &properties);
  bold = workbook_add_format (book);
  format_set_bold (bold);
  quiet = workbook_add_format (book);
  format_set_italic (quiet);
  for (guint i = 0; i < n; i++)
    {
      g_autofree char *name = sheet_name (titles[i], i + 1, taken);
      lxw_worksheet *sheet = workbook_add_worksheet (book, name);

      if (sheet != NULL && frames[i] != NULL)
        write_frame (book, sheet, frames[i], calendar, bold, quiet);
    }
  if (n == 0)
    workbook_add_worksheet (book, NULL);
  failure = workbook_close (book);
  if (failure != LXW_NO_ERROR || g_rename (part, path) != 0)
    {
      g_set_error (error, BV_ERROR, BV_ERROR_FAILED, _("The file “%s” could not be written (%s): check the folder and the space on the disk"),
                   path, failure != LXW_NO_ERROR ? lxw_strerror (failure) : g_strerror (errno));
      g_unlink (part);
      return FALSE;
    }
  return TRUE;
}
