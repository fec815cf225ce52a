/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A CSV reader after RFC 4180 that takes what people's programs write.
 *
 * Rows end with LF, CRLF or CR. A field that begins with the quote runs to the next single quote, over line ends and
 * separators; a doubled quote stands for one. Text after a closing quote is taken as it is, as is a quote within a field that
 * does not begin with one. Rows without any text are skipped, and so is "sep=;", which spreadsheets are told the separator by, as the
 * first line. Bytes, NUL among them, are passed on; fields carry lengths.
 *
 * The input comes in chunks from a function. A row is first looked over, which only notes where its fields are, eight bytes at
 * a time where there is no quote; when all of it is in the buffer, its fields are ended and unquoted in place, so that a row
 * costs no copy and no allocation. A row that the buffer's end cuts is moved to its start and looked over again once the
 * buffer holds at least twice as much: memory follows the longest row, which is refused beyond 64 MB, so that a forgotten
 * quote in a large file ends in an error and not in all of the memory.
 */
#include "config.h"

#include "bv-import-private.h"

#include <glib/gi18n-lib.h>
#include <inttypes.h>
#include <string.h>

#define CHUNK (256 * 1024)
/* What the scanner may read beyond the end. */
#define PADDING 8
#define ROOM 64
/* Fields of a row; far beyond what a table takes. */
#define MAX_FIELDS 100000

typedef struct
{
  gsize start;
  gsize length;
  gboolean quoted;
} BvField;

struct _BvCsv
{
  BvReadFunc read;
  gpointer data;
  char separator;
  char quote;

  char *buffer;
  gsize size;
  gsize pos, end; /* what has not been taken */
  gboolean eof;

  BvField *fields;
  guint n_fields, n_allocated;
  gint64 line;     /* of the byte at pos */
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
  self->size = CHUNK + ROOM;
  self->buffer = g_malloc0 (self->size + PADDING);
  self->n_allocated = 64;
  self->fields = g_new (BvField, self->n_allocated);
  self->line = 1;
  return self;
}

void
bv_csv_free (BvCsv *self)
{
  g_free (self->buffer);
  g_free (self->fields);
  g_free (self);
}

guint
bv_csv_n_fields (BvCsv *self)
{
  return self->n_fields;
}

const char *
bv_csv_field (BvCsv *self, guint i, gsize *length)
{
  if (length != NULL)
    *length = self->fields[i].length;
  return self->buffer + self->fields[i].start;
}

gint64
bv_csv_line (BvCsv *self)
{
  return self->row_line;
}

static gint64
count_lines (const char *from, const char *to)
{
  gint64 n = 0;

  while ((from = memchr (from, '\n', (gsize) (to - from))) != NULL)
    {
      n++;
      from++;
    }
  return n;
}

/* Moves what is left to the start of the buffer and reads until there is twice as much, a chunk at least, or the end. */
static gboolean
fill (BvCsv *self, GError **error)
{
  gsize left = self->end - self->pos;
  gsize wanted = CLAMP (left * 2, CHUNK, BV_IMPORT_MAX_ROW + CHUNK);

  /* A reader wants room for some bytes at least. */
  if (wanted + ROOM > self->size)
    {
      self->size = wanted + ROOM;
      self->buffer = g_realloc (self->buffer, self->size + PADDING);
    }
  memmove (self->buffer, self->buffer + self->pos, left);
  self->pos = 0;
  self->end = left;
  while (!self->eof && self->end < wanted)
    {
      gssize n = self->read (self->data, self->buffer + self->end, self->size - self->end, error);

      if (n < 0)
        return FALSE;
      self->eof = n == 0;
      self->end += (gsize) n;
    }
  memset (self->buffer + self->end, 0, PADDING);
  return TRUE;
}

/* The first separator or line end from @p on; @stop when there is none. */
static inline const char *
find_end (const char *p, const char *stop, char separator)
{
#if G_BYTE_ORDER == G_LITTLE_ENDIAN
  const guint64 ones = G_GUINT64_CONSTANT (0x0101010101010101), tops = ones << 7;
  const guint64 separators = ones * (guchar) separator, feeds = ones * '\n', returns = ones * '\r';

  for (; p < stop; p += 8)
    {
      guint64 word, a, b, c, found;

      memcpy (&word, p, 8);
      a = word ^ separators;
      b = word ^ feeds;
      c = word ^ returns;
      /* The top bit of each byte that is zero; a borrow makes wrong ones only above the first right one. */
      found = (((a - ones) & ~a) | ((b - ones) & ~b) | ((c - ones) & ~c)) & tops;
      if (found != 0)
        {
          p += __builtin_ctzll (found) / 8;
          return MIN (p, stop);
        }
    }
  return stop;
#else
  while (p < stop && *p != separator && *p != '\n' && *p != '\r')
    p++;
  return p;
#endif
}

typedef enum { SCAN_ROW, SCAN_MORE, SCAN_OPEN_QUOTE, SCAN_TOO_MANY } BvScan;

/* Finds the fields of the row that starts at pos, without changing a byte. *next is where the row after it starts, or, for
 * SCAN_OPEN_QUOTE, where the quote is. */
static BvScan
scan (BvCsv *self, gsize *next)
{
  const char *base = self->buffer, *stop = base + self->end;
  const char *p = base + self->pos;

  self->n_fields = 0;
  while (TRUE)
    {
      BvField *field;

      if (G_UNLIKELY (self->n_fields == self->n_allocated))
        {
          if (self->n_allocated > MAX_FIELDS)
            return SCAN_TOO_MANY;
          self->n_allocated *= 2;
          self->fields = g_renew (BvField, self->fields, self->n_allocated);
        }
      field = &self->fields[self->n_fields++];
      field->start = (gsize) (p - base);
      field->quoted = p < stop && *p == self->quote && self->quote != '\0';
      if (field->quoted)
        for (p++;; p += 2)
          {
            p = memchr (p, self->quote, (gsize) (stop - p));
            *next = field->start;
            if (p == NULL)
              return SCAN_OPEN_QUOTE;
            if (p + 1 == stop || p[1] != self->quote)
              {
                /* A quote at the buffer's end may be the first of two. */
                if (p + 1 == stop && !self->eof)
                  return SCAN_OPEN_QUOTE;
                p++;
                break;
              }
          }
      p = find_end (p, stop, self->separator);
      field->length = (gsize) (p - base) - field->start;
      if (p == stop)
        {
          *next = self->end;
          return self->eof ? SCAN_ROW : SCAN_MORE;
        }
      p++;
      if (p[-1] == self->separator)
        continue;
      if (p[-1] == '\r')
        {
          if (p == stop && !self->eof)
            return SCAN_MORE;
          if (p < stop && *p == '\n')
            p++;
        }
      *next = (gsize) (p - base);
      return SCAN_ROW;
    }
}

/* Takes the quotes off in place. */
static void
unquote (BvCsv *self, BvField *field)
{
  char *out = self->buffer + field->start;
  const char *p = out + 1, *end = out + field->length;

  while (TRUE)
    {
      const char *quote = memchr (p, self->quote, (gsize) (end - p));
      gsize n = (gsize) ((quote != NULL ? quote : end) - p);

      memmove (out, p, n);
      out += n;
      p += n;
      if (quote == NULL)
        break;
      p++;
      if (p == end || *p != self->quote)
        {
          n = (gsize) (end - p);
          memmove (out, p, n);
          out += n;
          break;
        }
      *out++ = self->quote;
      p++;
    }
  field->length = (gsize) (out - self->buffer) - field->start;
}

static gboolean
set_too_long (BvCsv *self, BvScan state, gsize quote, GError **error)
{
  if (state == SCAN_TOO_MANY)
    g_set_error (error, BV_ERROR, BV_ERROR_INVALID, _("Line %" PRId64 " has more than %d columns: choose another separator"),
                 self->line, MAX_FIELDS);
  else if (state == SCAN_OPEN_QUOTE)
    g_set_error (error, BV_ERROR, BV_ERROR_INVALID,
                 _("The quote that opens on line %" PRId64 " does not close: add the closing quote or choose another quote"),
                 self->line + count_lines (self->buffer + self->pos, self->buffer + quote));
  else
    g_set_error (error, BV_ERROR, BV_ERROR_INVALID,
                 _("Line %" PRId64 " is longer than 64 MB: this does not look like a table"), self->line);
  return FALSE;
}

char
bv_csv_told_separator (const char *text, gsize length)
{
  gboolean told = length >= 5 && memcmp (text, "sep=", 4) == 0 && (length == 5 || text[5] == '\n' || text[5] == '\r') &&
                  !g_ascii_isalnum (text[4]) && text[4] != '"';

  return told ? text[4] : '\0';
}

gboolean
bv_csv_next (BvCsv *self, gboolean *row, GError **error)
{
  *row = FALSE;
  while (TRUE)
    {
      gsize next = 0, left = self->end - self->pos;
      BvScan state = left > 0 ? scan (self, &next) : SCAN_MORE;

      if (G_UNLIKELY (state != SCAN_ROW))
        {
          if (state == SCAN_MORE && self->eof)
            return TRUE;
          if (state == SCAN_TOO_MANY || self->eof || left > BV_IMPORT_MAX_ROW)
            return set_too_long (self, state, next, error);
          if (!fill (self, error))
            return FALSE;
          continue;
        }
      if (G_UNLIKELY (next - self->pos > BV_IMPORT_MAX_ROW + 1))
        return set_too_long (self, SCAN_MORE, next, error);
      self->row_line = self->line++;
      if (G_UNLIKELY (self->row_line == 1) && bv_csv_told_separator (self->buffer + self->pos, next - self->pos) != '\0')
        {
          self->pos = next;
          continue;
        }
      for (guint i = 0; i < self->n_fields; i++)
        {
          BvField *field = &self->fields[i];

          if (field->quoted)
            {
              const char *text = self->buffer + field->start;

              self->line += count_lines (text, text + field->length);
              unquote (self, field);
            }
          self->buffer[field->start + field->length] = '\0';
        }
      self->pos = next;
      if (self->n_fields > 1 || self->fields[0].length > 0)
        {
          *row = TRUE;
          return TRUE;
        }
    }
}
