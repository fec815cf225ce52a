/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A sheet of an XLSX workbook as rows.
 *
 * The sheet is read as it is inflated; only the texts that sheets share are kept in memory (bv-xlsx-book.c). Rows and cells say
 * where they are, and may leave out what is empty: a row without values is skipped, as a blank line is in CSV. Of merged cells
 * only the first one has a value. Of a formula the value that was computed last counts. A cell that holds an error (#N/A, #DIV/0!)
 * is null and reported.
 */
#include "config.h"

#include "bv-import-private.h"
#include "bv-xlsx-private.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#define MAX_COLUMNS 16384
#define MAX_ROWS 1048576

typedef struct
{
  BvRows rows;
  BvXlsxStrings strings;
  GByteArray *styles;
  gboolean date_1904;
  BvXlsxPart *part;
  gint64 n_rows;
  GString **scratch;    /* per column, made when needed */
  GString *text;        /* of the cell at hand */
  gboolean noted;       /* it holds what cannot be kept */
} BvXlsx;

static void
xlsx_free (BvRows *rows)
{
  BvXlsx *self = (BvXlsx *) rows;

  bv_xlsx_strings_clear (&self->strings);
  g_clear_pointer (&self->styles, g_byte_array_unref);
  g_clear_pointer (&self->part, bv_xlsx_part_free);
  for (guint i = 0; self->scratch != NULL && i < MAX_COLUMNS; i++)
    if (self->scratch[i] != NULL)
      g_string_free (self->scratch[i], TRUE);
  g_free (self->scratch);
  g_string_free (self->text, TRUE);
  bv_rows_clear (rows);
  g_free (self);
}

/* "BC17" → 54; -1 for what is no place. */
static int
column_of (const char *place)
{
  int column = 0;

  for (; g_ascii_isalpha (*place); place++)
    {
      column = column * 26 + (g_ascii_toupper (*place) - 'A' + 1);
      if (column > MAX_COLUMNS)
        return -1;
    }
  return column - 1;
}

static GString *
scratch_of (BvXlsx *self, guint column)
{
  if (self->scratch[column] == NULL)
    self->scratch[column] = g_string_new (NULL);
  return self->scratch[column];
}

static void
note (BvXlsx *self, guint column, char *problem)
{
  self->noted = TRUE;
  bv_rows_note (&self->rows, column, problem);
}

static void
set_text (BvXlsx *self, guint column, const char *text)
{
  BvValue *value = &self->rows.values[column];

  if (*text == '\0')
    return;
  value->type = BV_TYPE_TEXT;
  value->s = g_string_assign (scratch_of (self, column), text)->str;
}

static void
set_number (BvXlsx *self, guint column, BvXlsxFormat format)
{
  BvValue *value = &self->rows.values[column];
  char *stop;
  double d = g_ascii_strtod (self->text->str, &stop);

  if (*stop != '\0' || !isfinite (d))
    note (self, column, bv_cell_problem (self->text->str, self->text->len, BV_TYPE_DOUBLE));
  else if (format != BV_XLSX_NUMBER)
    {
      if (!bv_xlsx_serial (d, format, self->date_1904, scratch_of (self, column), value))
        note (self, column, bv_cell_problem (self->text->str, self->text->len, BV_TYPE_DATE));
    }
  else if (fabs (d) <= 9007199254740992.0 && trunc (d) >= d && trunc (d) <= d)
    {
      value->type = BV_TYPE_INT;
      value->i = (gint64) d;
    }
  else
    {
      value->type = BV_TYPE_DOUBLE;
      value->d = d;
    }
}

/* An ISO date, with a time or without. */
static void
set_iso (BvXlsx *self, guint column)
{
  static const BvCellStyle style = { '.', BV_ORDER_YMD };
  BvValue *value = &self->rows.values[column];

  if (!bv_cell_parse (self->text->str, self->text->len, BV_TYPE_DATE, &style, value) &&
      !bv_cell_parse (self->text->str, self->text->len, BV_TYPE_TIMESTAMP, &style, value))
    note (self, column, bv_cell_problem (self->text->str, self->text->len, BV_TYPE_DATE));
}

static void
set_value (BvXlsx *self, guint column, const char *type, guint style)
{
  BvXlsxFormat format = style < self->styles->len ? (BvXlsxFormat) self->styles->data[style] : BV_XLSX_NUMBER;
  const char *text = self->text->str;

  if (self->text->len == 0)
    return;
  if (type == NULL || strcmp (type, "n") == 0)
    set_number (self, column, format);
  else if (strcmp (type, "s") == 0)
    {
      char *stop;
      guint64 index = g_ascii_strtoull (text, &stop, 10);

      if (*stop != '\0' || index >= self->strings.offsets->len)
        note (self, column, g_strdup (_("the cell's text is missing from the workbook")));
      else
        set_text (self, column, self->strings.texts->str + g_array_index (self->strings.offsets, guint32, index));
    }
  else if (strcmp (type, "b") == 0)
    {
      self->rows.values[column].type = BV_TYPE_BOOL;
      self->rows.values[column].i = strcmp (text, "1") == 0 || g_ascii_strcasecmp (text, "true") == 0;
    }
  else if (strcmp (type, "e") == 0)
    note (self, column, g_strdup_printf (_("the cell holds the error %s"), text));
  else if (strcmp (type, "d") == 0)
    set_iso (self, column);
  else
    set_text (self, column, text);
}

/* The cell at hand, up to its end. */
static gboolean
read_cell (BvXlsx *self, int *column, gboolean *filled, GError **error)
{
  xmlTextReaderPtr reader = bv_xlsx_part_reader (self->part);
  g_autofree char *place = bv_xlsx_attribute (reader, "r");
  g_autofree char *type = bv_xlsx_attribute (reader, "t");
  g_autofree char *style = bv_xlsx_attribute (reader, "s");
  int depth = xmlTextReaderDepth (reader);
  gboolean more = TRUE;

  *filled = FALSE;
  *column = place != NULL ? column_of (place) : *column + 1;
  if (*column < 0 || *column >= MAX_COLUMNS)
    {
      g_set_error (error, BV_ERROR, BV_ERROR_INVALID, _("The sheet has a cell beyond column %d: correct the file"), MAX_COLUMNS);
      return FALSE;
    }
  if (xmlTextReaderIsEmptyElement (reader) == 1)
    return TRUE;
  g_string_truncate (self->text, 0);
  while (TRUE)
    {
      if (!bv_xlsx_part_read (self->part, &more, error))
        return FALSE;
      if (!more || (xmlTextReaderNodeType (reader) == XML_READER_TYPE_END_ELEMENT && xmlTextReaderDepth (reader) <= depth))
        break;
      if ((bv_xlsx_is_start (reader, "v") || bv_xlsx_is_start (reader, "is")) && !bv_xlsx_append_text (self->part, self->text, error))
        return FALSE;
    }
  /* A place that comes twice: the last one counts. */
  self->rows.values[*column].type = BV_TYPE_NULL;
  self->noted = FALSE;
  set_value (self, (guint) *column, type, style != NULL ? (guint) CLAMP (atoi (style), 0, G_MAXUINT16 * 2) : 0);
  *filled = self->rows.values[*column].type != BV_TYPE_NULL || self->noted;
  return TRUE;
}

/* The row at hand, up to its end. */
static gboolean
read_row (BvXlsx *self, gboolean *filled, GError **error)
{
  BvRows *rows = &self->rows;
  xmlTextReaderPtr reader = bv_xlsx_part_reader (self->part);
  g_autofree char *number = bv_xlsx_attribute (reader, "r");
  int depth = xmlTextReaderDepth (reader), column = -1;
  gboolean more = TRUE, cell;

  *filled = FALSE;
  rows->line = number != NULL ? CLAMP (g_ascii_strtoll (number, NULL, 10), 1, G_MAXINT32) : rows->line + 1;
  if (++self->n_rows > MAX_ROWS)
    {
      g_set_error (error, BV_ERROR, BV_ERROR_INVALID, _("The sheet has more than %d rows, the most that a workbook can have: correct the file"),
                   MAX_ROWS);
      return FALSE;
    }
  for (guint i = 0; i < rows->n_columns; i++)
    rows->values[i].type = BV_TYPE_NULL;
  rows->n_columns = 0;
  if (xmlTextReaderIsEmptyElement (reader) == 1)
    return TRUE;
  while (TRUE)
    {
      if (!bv_xlsx_part_read (self->part, &more, error))
        return FALSE;
      if (!more || (xmlTextReaderNodeType (reader) == XML_READER_TYPE_END_ELEMENT && xmlTextReaderDepth (reader) <= depth))
        return TRUE;
      if (!bv_xlsx_is_start (reader, "c"))
        continue;
      if (!read_cell (self, &column, &cell, error))
        return FALSE;
      if (cell)
        {
          rows->n_columns = MAX (rows->n_columns, (guint) column + 1);
          *filled = TRUE;
        }
    }
}

static gboolean
xlsx_next (BvRows *rows, gboolean *row, GError **error)
{
  BvXlsx *self = (BvXlsx *) rows;

  *row = FALSE;
  while (!*row)
    {
      gboolean more;

      if (!bv_xlsx_part_read (self->part, &more, error))
        return FALSE;
      if (!more)
        break;
      if (bv_xlsx_is_start (bv_xlsx_part_reader (self->part), "row") && !read_row (self, row, error))
        return FALSE;
    }
  rows->done = bv_xlsx_part_tell (self->part);
  return TRUE;
}

char **
bv_xlsx_list_parts (const char *path, GCancellable *cancellable, GError **error)
{
  g_autoptr (BvXlsxBook) book = bv_xlsx_book_read (path, cancellable, error);
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();

  if (book == NULL)
    return NULL;
  for (guint i = 0; i < book->names->len; i++)
    g_strv_builder_add (builder, book->names->pdata[i]);
  return g_strv_builder_end (builder);
}

BvRows *
bv_xlsx_open (const char *path, const char *part, GCancellable *cancellable, GError **error)
{
  g_autoptr (BvXlsxBook) book = bv_xlsx_book_read (path, cancellable, error);
  g_autofree char *name = g_filename_display_basename (path);
  BvXlsx *self = g_new0 (BvXlsx, 1);
  g_autoptr (BvRows) rows = &self->rows;
  g_autoptr (GError) local = NULL;
  guint sheet = 0;

  rows->next = xlsx_next;
  rows->free = xlsx_free;
  rows->cancellable = cancellable;
  self->text = g_string_new (NULL);
  if (book == NULL)
    return NULL;
  while (part != NULL && sheet < book->names->len && strcmp (book->names->pdata[sheet], part) != 0)
    sheet++;
  if (sheet == book->names->len)
    {
      g_set_error (error, BV_ERROR, BV_ERROR_NOT_FOUND, _("“%s” has no sheet “%s”: choose another"), name, part);
      return NULL;
    }
  self->date_1904 = book->date_1904;
  self->styles = bv_xlsx_styles_read (path, book->styles, cancellable, error);
  if (self->styles == NULL || !bv_xlsx_strings_read (&self->strings, path, book->strings, cancellable, error))
    return NULL;
  self->part = bv_xlsx_part_open (path, book->targets->pdata[sheet], cancellable, &local);
  if (self->part == NULL)
    {
      if (local != NULL)
        g_propagate_error (error, g_steal_pointer (&local));
      else
        g_set_error (error, BV_ERROR, BV_ERROR_INVALID, _("“%s” is damaged or cut off: get the file again"), name);
      return NULL;
    }
  bv_rows_set_columns (rows, MAX_COLUMNS, FALSE);
  rows->n_columns = 0;
  rows->total = bv_xlsx_part_size (self->part);
  self->scratch = g_new0 (GString *, MAX_COLUMNS);
  return g_steal_pointer (&rows);
}
