/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A CSV reader after RFC 4180 that takes what people's programs write.
 *
 * Rows end with LF, CRLF or CR. A field that begins with the quote runs to the next single quote, over line ends and
 * separators; a doubled quote stands for one. Text after a closing quote is taken as it is, as is a quote within a field that
 * does not begin with one. Rows without any text are skipped. Bytes, NUL among them, are passed on; fields carry lengths.
 *
 * The input comes in chunks from a function; a row is gathered in one buffer, which grows with the longest row and is refused
 * beyond 64 MB, so that a forgotten quote in a large file ends in an error and not in all of the memory.
 */
#include "config.h"

#include "bv-import-private.h"

#include <glib/gi18n-lib.h>
#include <inttypes.h>
#include <string.h>

#define CHUNK (256 * 1024)
/* Fields of a row; far beyond what a table takes. */
#define MAX_FIELDS 100000

typedef struct
{
  gsize start;
  gsize length;
} BvField;

struct _BvCsv
{
  BvReadFunc read;
  gpointer data;
  char separator;
  char quote;

  char *chunk;
  gsize pos, end;
  gboolean eof;

  char *text; /* the fields of the row, a NUL after each */
  gsize length, allocated;
  GArray *fields;
  gint64 line;     /* of the next byte */
  gint64 row_line;
};

BvCsv *
bv_csv_new (BvReadFunc read, gpointer data, char separator, char quote)
{
  BvCsv *self = g_new0 (BvCsv, 1);

  self->read = read;
  self->data = data;
  self->separator = separator;
  self->quote = quote;
  self->chunk = g_malloc (CHUNK);
  self->allocated = 4096;
  self->text = g_malloc (self->allocated);
  self->fields = g_array_new (FALSE, FALSE, sizeof (BvField));
  self->line = 1;
  return self;
}

void
bv_csv_free (BvCsv *self)
{
  g_free (self->chunk);
  g_free (self->text);
  g_array_unref (self->fields);
  g_free (self);
}

guint
bv_csv_n_fields (BvCsv *self)
{
  return self->fields->len;
}

const char *
bv_csv_field (BvCsv *self, guint i, gsize *length)
{
  BvField *field = &g_array_index (self->fields, BvField, i);

  if (length != NULL)
    *length = field->length;
  return self->text + field->start;
}

gint64
bv_csv_line (BvCsv *self)
{
  return self->row_line;
}

static inline void
append (BvCsv *self, const char *bytes, gsize n)
{
  if (G_UNLIKELY (self->length + n + 1 > self->allocated))
    {
      while (self->length + n + 1 > self->allocated)
        self->allocated *= 2;
      self->text = g_realloc (self->text, self->allocated);
    }
  memcpy (self->text + self->length, bytes, n);
  self->length += n;
}

/* The next byte without taking it, or -1 at the end, or -2 on an error. */
static inline int
peek (BvCsv *self, GError **error)
{
  if (G_UNLIKELY (self->pos == self->end))
    {
      gssize n;

      if (self->eof)
        return -1;
      n = self->read (self->data, self->chunk, CHUNK, error);
      if (n < 0)
        return -2;
      self->pos = 0;
      self->end = (gsize) n;
      if (n == 0)
        {
          self->eof = TRUE;
          return -1;
        }
    }
  return (guchar) self->chunk[self->pos];
}

static gboolean
check_length (BvCsv *self, gint64 quote_line, GError **error)
{
  if (G_LIKELY (self->length <= BV_IMPORT_MAX_ROW))
    return TRUE;
  if (quote_line > 0)
    g_set_error (error, BV_ERROR, BV_ERROR_INVALID,
                 _("The quote that opens on line %" PRId64 " does not close: add the closing quote or choose another quote"),
                 quote_line);
  else
    g_set_error (error, BV_ERROR, BV_ERROR_INVALID,
                 _("Line %" PRId64 " is longer than 64 MB: this does not look like a table"), self->row_line);
  return FALSE;
}

/* The inside of a quoted field; the opening quote has been taken. */
static gboolean
read_quoted (BvCsv *self, GError **error)
{
  gint64 quote_line = self->line;

  while (TRUE)
    {
      int c = peek (self, error);
      const char *start = self->chunk + self->pos;
      const char *stop = self->chunk + self->end;
      const char *p = start;

      if (c == -2)
        return FALSE;
      if (c == -1)
        {
          g_set_error (error, BV_ERROR, BV_ERROR_INVALID,
                       _("The quote that opens on line %" PRId64 " does not close: add the closing quote or choose another quote"),
                       quote_line);
          return FALSE;
        }
      p = memchr (start, self->quote, (gsize) (stop - start));
      if (p == NULL)
        p = stop;
      for (const char *q = start; (q = memchr (q, '\n', (gsize) (p - q))) != NULL; q++)
        self->line++;
      append (self, start, (gsize) (p - start));
      self->pos += (gsize) (p - start);
      if (!check_length (self, quote_line, error))
        return FALSE;
      if (p == stop)
        continue;
      self->pos++;
      c = peek (self, error);
      if (c == -2)
        return FALSE;
      if (c != (guchar) self->quote)
        return TRUE;
      append (self, &self->quote, 1);
      self->pos++;
    }
}

/* Reads one field; *ended says whether the row ends with it. */
static gboolean
read_field (BvCsv *self, gboolean *ended, GError **error)
{
  BvField field = { self->length, 0 };
  int c = peek (self, error);

  if (self->quote != '\0' && c == (guchar) self->quote)
    {
      self->pos++;
      if (!read_quoted (self, error))
        return FALSE;
    }
  while (TRUE)
    {
      const char *start, *stop, *p;

      c = peek (self, error);
      if (c == -2)
        return FALSE;
      if (c == -1)
        {
          *ended = TRUE;
          break;
        }
      start = p = self->chunk + self->pos;
      stop = self->chunk + self->end;
      while (p < stop && *p != self->separator && *p != '\n' && *p != '\r')
        p++;
      append (self, start, (gsize) (p - start));
      self->pos += (gsize) (p - start);
      if (!check_length (self, 0, error))
        return FALSE;
      if (p == stop)
        continue;
      self->pos++;
      *ended = *p != self->separator;
      if (*ended)
        self->line++;
      if (*p == '\r')
        {
          c = peek (self, error);
          if (c == -2)
            return FALSE;
          if (c == '\n')
            self->pos++;
        }
      break;
    }
  field.length = self->length - field.start;
  append (self, "", 1);
  g_array_append_val (self->fields, field);
  return TRUE;
}

gboolean
bv_csv_next (BvCsv *self, gboolean *row, GError **error)
{
  while (TRUE)
    {
      gboolean ended = FALSE;
      int c = peek (self, error);

      *row = FALSE;
      if (c == -2)
        return FALSE;
      if (c == -1)
        return TRUE;
      self->length = 0;
      self->row_line = self->line;
      g_array_set_size (self->fields, 0);
      while (!ended)
        {
          if (!read_field (self, &ended, error))
            return FALSE;
          if (G_UNLIKELY (self->fields->len > MAX_FIELDS))
            {
              g_set_error (error, BV_ERROR, BV_ERROR_INVALID,
                           _("Line %" PRId64 " has more than %d columns: choose another separator"), self->row_line,
                           MAX_FIELDS);
              return FALSE;
            }
        }
      *row = self->fields->len > 1 || g_array_index (self->fields, BvField, 0).length > 0;
      if (*row)
        return TRUE;
    }
}
