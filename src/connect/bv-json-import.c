/* SPDX-License-Identifier: GPL-3.0-or-later */
/* JSON files as rows: an array of objects, or objects one after another (NDJSON, with line ends or without). A file that is one object whose members
 * are arrays of objects has these arrays for parts, of which one is read, and the members around it are passed over.
 *
 * The input comes in chunks. One object at a time is cut out by counting brackets outside of strings, so that memory follows
 * the largest object (64 MB at most) and not the file, for an array too. The object is then parsed strictly, by descent over
 * its text; nesting is limited, so that hostile brackets cannot exhaust the stack. Members are reported with their path: objects
 * are entered, arrays are reported as the JSON text they are. Numbers keep their digits for the cell reader.
 */
#include "config.h"

#include "bv-import-private.h"

#include <glib/gi18n-lib.h>
#include <inttypes.h>
#include <string.h>

#define CHUNK (256 * 1024)
#define MAX_DEPTH 100

struct _BvJson
{
  BvReadFunc read;
  gpointer data;
  char *chunk;
  gsize pos, end;
  gboolean eof;

  char *part;      /* (nullable): the member whose array is read */
  gboolean started, in_array, first, done;
  GString *object; /* text of the current element */
  GString *path;
  GString *string;
  gint64 line;
  gint64 row_line;

  const char *p; /* while parsing */
  const char *stop;
  int depth;
  BvJsonCell cell;
  gpointer cell_data;
};

BvJson *
bv_json_new (BvReadFunc read, gpointer data)
{
  BvJson *self = g_new0 (BvJson, 1);

  self->read = read;
  self->data = data;
  self->chunk = g_malloc (CHUNK);
  self->object = g_string_new (NULL);
  self->path = g_string_new (NULL);
  self->string = g_string_new (NULL);
  self->line = 1;
  self->row_line = 1;
  return self;
}

void
bv_json_free (BvJson *self)
{
  g_free (self->chunk);
  g_free (self->part);
  g_string_free (self->object, TRUE);
  g_string_free (self->path, TRUE);
  g_string_free (self->string, TRUE);
  g_free (self);
}

gint64
bv_json_line (BvJson *self)
{
  return self->row_line;
}

static gboolean
set_broken (BvJson *self, const char *what, GError **error)
{
  g_set_error (error, BV_ERROR, BV_ERROR_INVALID, _("Line %" PRId64 " is not valid JSON (%s): correct the file"),
               self->row_line, what);
  return FALSE;
}

/* The next byte without taking it, or -1 at the end, or -2 on an error. */
static inline int
peek (BvJson *self, GError **error)
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

static int
peek_after_blanks (BvJson *self, GError **error)
{
  int c;

  while ((c = peek (self, error)) == ' ' || c == '\t' || c == '\n' || c == '\r')
    {
      self->line += c == '\n';
      self->pos++;
    }
  return c;
}

/* Takes the element that starts here, or within which we are at @depth, up to the bracket that closes it. @keep: it is wanted in self->object. */
static gboolean
cut_object (BvJson *self, int depth, gboolean keep, GError **error)
{
  gboolean in_string = FALSE, escaped = FALSE;

  g_string_truncate (self->object, 0);
  self->row_line = self->line;
  while (TRUE)
    {
      int c = peek (self, error);
      gsize start = self->pos;

      if (c == -2)
        return FALSE;
      if (c == -1)
        return set_broken (self, in_string ? _("a text does not end") : _("a bracket does not close"), error);
      for (; self->pos < self->end; self->pos++)
        {
          c = (guchar) self->chunk[self->pos];
          if (c == '\n')
            self->line++;
          if (in_string)
            {
              if (escaped)
                escaped = FALSE;
              else if (c == '\\')
                escaped = TRUE;
              else if (c == '"')
                in_string = FALSE;
            }
          else if (c == '"')
            in_string = TRUE;
          else if (c == '{' || c == '[')
            {
              if (++depth > MAX_DEPTH)
                return set_broken (self, _("it is nested too deeply"), error);
            }
          else if ((c == '}' || c == ']') && --depth == 0)
            {
              self->pos++;
              if (keep)
                g_string_append_len (self->object, self->chunk + start, (gssize) (self->pos - start));
              return TRUE;
            }
        }
      if (keep)
        g_string_append_len (self->object, self->chunk + start, (gssize) (self->pos - start));
      if (self->object->len > BV_IMPORT_MAX_ROW)
        return set_broken (self, in_string ? _("a text does not end") : _("an object is larger than 64 MB"), error);
    }
}

/* --- Parsing an element */

static void
skip_blanks (BvJson *self)
{
  while (self->p < self->stop && (*self->p == ' ' || *self->p == '\t' || *self->p == '\n' || *self->p == '\r'))
    self->p++;
}

static gboolean
take_hex (BvJson *self, guint *unit)
{
  *unit = 0;
  if (self->stop - self->p < 4)
    return FALSE;
  for (int i = 0; i < 4; i++)
    {
      int digit = g_ascii_xdigit_value (*self->p++);

      if (digit < 0)
        return FALSE;
      *unit = *unit << 4 | (guint) digit;
    }
  return TRUE;
}

/* A string, unescaped into self->string; half a surrogate pair becomes U+FFFD. */
static gboolean
take_string (BvJson *self, GError **error)
{
  g_string_truncate (self->string, 0);
  self->p++;
  while (TRUE)
    {
      const char *start = self->p;
      guint unit, low;

      while (self->p < self->stop && *self->p != '"' && *self->p != '\\' && (guchar) *self->p >= 0x20)
        self->p++;
      g_string_append_len (self->string, start, self->p - start);
      if (self->p == self->stop)
        return set_broken (self, _("a text does not end"), error);
      if (*self->p == '"')
        {
          self->p++;
          return TRUE;
        }
      if (*self->p != '\\')
        return set_broken (self, _("a text holds a control character"), error);
      if (++self->p == self->stop)
        return set_broken (self, _("a text does not end"), error);
      switch (*self->p++)
        {
        case '"':
        case '\\':
        case '/':
          g_string_append_c (self->string, self->p[-1]);
          break;
        case 'b':
          g_string_append_c (self->string, '\b');
          break;
        case 'f':
          g_string_append_c (self->string, '\f');
          break;
        case 'n':
          g_string_append_c (self->string, '\n');
          break;
        case 'r':
          g_string_append_c (self->string, '\r');
          break;
        case 't':
          g_string_append_c (self->string, '\t');
          break;
        case 'u':
          if (!take_hex (self, &unit))
            return set_broken (self, _("an escape in a text is wrong"), error);
          if (unit >= 0xd800 && unit < 0xdc00 && self->stop - self->p >= 6 && self->p[0] == '\\' && self->p[1] == 'u')
            {
              const char *back = self->p;

              self->p += 2;
              if (!take_hex (self, &low))
                return set_broken (self, _("an escape in a text is wrong"), error);
              if (low >= 0xdc00 && low < 0xe000)
                unit = 0x10000 + ((unit - 0xd800) << 10) + (low - 0xdc00);
              else
                self->p = back;
            }
          if (unit >= 0xd800 && unit < 0xe000)
            unit = 0xfffd;
          if (unit == 0)
            g_string_append_c (self->string, '\0'); /* the cell reader refuses it by name */
          else
            g_string_append_unichar (self->string, unit);
          break;
        default:
          return set_broken (self, _("an escape in a text is wrong"), error);
        }
    }
}

static gboolean
take_number (BvJson *self, GError **error)
{
  const char *start;

  if (self->p < self->stop && *self->p == '-')
    self->p++;
  start = self->p;
  while (self->p < self->stop && g_ascii_isdigit (*self->p))
    self->p++;
  if (self->p == start || (*start == '0' && self->p - start > 1))
    return set_broken (self, _("a number is wrong"), error);
  if (self->p < self->stop && *self->p == '.')
    {
      start = ++self->p;
      while (self->p < self->stop && g_ascii_isdigit (*self->p))
        self->p++;
      if (self->p == start)
        return set_broken (self, _("a number is wrong"), error);
    }
  if (self->p < self->stop && (*self->p == 'e' || *self->p == 'E'))
    {
      self->p++;
      if (self->p < self->stop && (*self->p == '-' || *self->p == '+'))
        self->p++;
      start = self->p;
      while (self->p < self->stop && g_ascii_isdigit (*self->p))
        self->p++;
      if (self->p == start)
        return set_broken (self, _("a number is wrong"), error);
    }
  return TRUE;
}

static gboolean
take_word (BvJson *self, const char *word)
{
  gsize length = strlen (word);

  if ((gsize) (self->stop - self->p) < length || memcmp (self->p, word, length) != 0)
    return FALSE;
  self->p += length;
  return TRUE;
}

/* Takes a value. Reports it unless @silent, which is so inside of arrays. */
static gboolean
take_value (BvJson *self, gboolean silent, GError **error)
{
  const char *start;
  BvJsonKind kind;
  gsize path_length = self->path->len;
  gboolean is_object;
  guint n = 0;
  char close;

  skip_blanks (self);
  start = self->p;
  if (self->p == self->stop)
    return set_broken (self, _("a value is missing"), error);
  switch (*self->p)
    {
    case '{':
    case '[':
      is_object = *self->p == '{';
      close = is_object ? '}' : ']';
      self->p++;
      if (++self->depth > MAX_DEPTH)
        return set_broken (self, _("it is nested too deeply"), error);
      while (TRUE)
        {
          skip_blanks (self);
          if (self->p < self->stop && *self->p == close && n == 0)
            break;
          if (is_object)
            {
              if (self->p == self->stop || *self->p != '"')
                return set_broken (self, _("a name is missing"), error);
              if (!take_string (self, error))
                return FALSE;
              if (!silent)
                {
                  if (path_length > 0)
                    g_string_append_c (self->path, '\x1f');
                  g_string_append_len (self->path, self->string->str, (gssize) MIN (self->string->len, 1000));
                }
              skip_blanks (self);
              if (self->p == self->stop || *self->p != ':')
                return set_broken (self, _("a colon is missing"), error);
              self->p++;
            }
          if (!take_value (self, silent || !is_object, error))
            return FALSE;
          g_string_truncate (self->path, path_length);
          n++;
          skip_blanks (self);
          if (self->p < self->stop && *self->p == ',')
            self->p++;
          else if (self->p < self->stop && *self->p == close)
            break;
          else
            return set_broken (self, _("a comma or a closing bracket is missing"), error);
        }
      self->p++;
      self->depth--;
      if (silent || is_object)
        return TRUE;
      return self->cell (self->path->str, BV_JSON_NESTED, start, (gsize) (self->p - start), self->cell_data, error);
    case '"':
      if (!take_string (self, error))
        return FALSE;
      return silent || self->cell (self->path->str, BV_JSON_STRING, self->string->str, self->string->len, self->cell_data, error);
    case 't':
    case 'f':
    case 'n':
      kind = *self->p == 'n' ? BV_JSON_NULL : BV_JSON_BOOL;
      if (!take_word (self, "true") && !take_word (self, "false") && !take_word (self, "null"))
        return set_broken (self, _("a word is not true, false or null"), error);
      break;
    default:
      kind = BV_JSON_NUMBER;
      if (!take_number (self, error))
        return FALSE;
      break;
    }
  return silent || self->cell (self->path->str, kind, start, (gsize) (self->p - start), self->cell_data, error);
}

/* --- Parts */

/* The text that starts here, to self->string. */
static gboolean
read_string (BvJson *self, GError **error)
{
  gboolean escaped = FALSE;
  int c;

  g_string_truncate (self->object, 0);
  do
    {
      c = peek (self, error);
      if (c == -2)
        return FALSE;
      if (c == -1 || self->object->len > BV_IMPORT_MAX_ROW)
        return set_broken (self, _("a text does not end"), error);
      self->pos++;
      g_string_append_c (self->object, (char) c);
      if (c == '"' && !escaped && self->object->len > 1)
        break;
      escaped = c == '\\' && !escaped;
    }
  while (TRUE);
  self->p = self->object->str;
  self->stop = self->p + self->object->len;
  return take_string (self, error);
}

static gboolean
skip_value (BvJson *self, GError **error)
{
  int c = peek_after_blanks (self, error);
  guint n = 0;

  if (c == '{' || c == '[')
    return cut_object (self, 0, FALSE, error);
  if (c == '"')
    return read_string (self, error);
  for (; c >= 0 && strchr (",]} \t\r\n", c) == NULL; n++)
    {
      self->pos++;
      c = peek (self, error);
    }
  return c != -2 && (n > 0 || set_broken (self, _("a value is missing"), error));
}

/* Stands before a member's value, its name in self->string; or behind the object's end (*member FALSE). */
static gboolean
next_member (BvJson *self, gboolean first, gboolean *member, GError **error)
{
  int c = peek_after_blanks (self, error);

  self->row_line = self->line;
  *member = FALSE;
  if (c == '}')
    {
      self->pos++;
      return TRUE;
    }
  if (!first && c == ',')
    {
      self->pos++;
      c = peek_after_blanks (self, error);
    }
  else if (!first && c != -2)
    return set_broken (self, c == -1 ? _("a bracket does not close") : _("a comma or a closing bracket is missing"), error);
  if (c == -2)
    return FALSE;
  if (c != '"')
    return set_broken (self, c == -1 ? _("a bracket does not close") : _("a name is missing"), error);
  if (!read_string (self, error))
    return FALSE;
  c = peek_after_blanks (self, error);
  if (c != ':')
    return c != -2 && set_broken (self, _("a colon is missing"), error);
  self->pos++;
  *member = TRUE;
  return TRUE;
}

/* Up to the first element of the part. */
static gboolean
enter_part (BvJson *self, GError **error)
{
  gboolean first = TRUE, member = TRUE;
  int c = peek_after_blanks (self, error);

  if (c == '{')
    self->pos++;
  else if (c != -2)
    set_broken (self, _("it does not begin with a brace"), error);
  if (c != '{')
    return FALSE;
  for (; next_member (self, first, &member, error); first = FALSE)
    {
      if (!member)
        {
          g_set_error (error, BV_ERROR, BV_ERROR_NOT_FOUND, _("The file has no array “%s” any more: choose the file again"), self->part);
          return FALSE;
        }
      if (strcmp (self->string->str, self->part) == 0 && peek_after_blanks (self, error) == '[')
        {
          self->pos++;
          self->started = self->in_array = self->first = TRUE;
          return TRUE;
        }
      if (!skip_value (self, error))
        return FALSE;
    }
  return FALSE;
}

/* The members behind the part, to the object's end. */
static gboolean
leave_part (BvJson *self, GError **error)
{
  gboolean member = TRUE;

  while (next_member (self, FALSE, &member, error))
    if (!member)
      return TRUE;
    else if (!skip_value (self, error))
      return FALSE;
  return FALSE;
}

void
bv_json_set_part (BvJson *self, const char *part)
{
  g_free (self->part);
  self->part = g_strdup (part);
}

char **
bv_json_list_parts (BvReadFunc read, gpointer data)
{
  g_autoptr (BvJson) self = bv_json_new (read, data);
  g_autoptr (GPtrArray) parts = g_ptr_array_new_with_free_func (g_free);
  gboolean first = TRUE, member = TRUE;

  if (peek_after_blanks (self, NULL) != '{')
    return NULL;
  self->pos++;
  for (; member; first = FALSE)
    {
      g_autofree char *name = NULL;

      if (!next_member (self, first, &member, NULL))
        return NULL;
      name = g_strdup (self->string->str);
      if (!member)
        break;
      if (peek_after_blanks (self, NULL) == '[')
        {
          self->pos++;
          if (peek_after_blanks (self, NULL) == '{' && *name != '\0' && g_utf8_validate (name, -1, NULL) && parts->len < BV_IMPORT_MAX_PARTS &&
              !g_ptr_array_find_with_equal_func (parts, name, g_str_equal, NULL))
            g_ptr_array_add (parts, g_steal_pointer (&name));
          if (!cut_object (self, 1, FALSE, NULL))
            return NULL;
        }
      else if (!skip_value (self, NULL))
        return NULL;
    }
  /* Where something follows, the objects are rows. */
  if (parts->len == 0 || peek_after_blanks (self, NULL) != -1)
    return NULL;
  g_ptr_array_add (parts, NULL);
  return (char **) g_ptr_array_free (g_steal_pointer (&parts), FALSE);
}

/* --- Rows */

gboolean
bv_json_next (BvJson *self, gboolean *row, BvJsonCell cell, gpointer data, GError **error)
{
  int c;

  *row = FALSE;
  if (self->part != NULL && !self->started && !enter_part (self, error))
    return FALSE;
  c = peek_after_blanks (self, error);
  if (c == '[' && !self->started)
    {
      self->in_array = self->first = TRUE;
      self->pos++;
      c = peek_after_blanks (self, error);
    }
  self->started = TRUE;
  self->row_line = self->line;
  if (c == -2)
    return FALSE;
  if (self->in_array && !self->done)
    {
      if (c == ']')
        {
          self->done = TRUE;
          self->pos++;
          if (self->part != NULL && !leave_part (self, error))
            return FALSE;
          c = peek_after_blanks (self, error);
        }
      else if (!self->first)
        {
          if (c != ',')
            return set_broken (self, c == -1 ? _("a bracket does not close") : _("a comma or a closing bracket is missing"), error);
          self->pos++;
          c = peek_after_blanks (self, error);
        }
      self->first = FALSE;
    }
  if (c == -2)
    return FALSE;
  self->row_line = self->line;
  if (c == -1)
    return !self->in_array || self->done || set_broken (self, _("a bracket does not close"), error);
  if (self->done)
    return set_broken (self, _("something follows the closing bracket"), error);
  if (c != '{')
    {
      g_set_error (error, BV_ERROR, BV_ERROR_INVALID,
                   _("Line %" PRId64 " does not hold a JSON object: a table needs an array of objects or an object a line"),
                   self->line);
      return FALSE;
    }
  if (!cut_object (self, 0, TRUE, error))
    return FALSE;
  *row = TRUE;
  self->p = self->object->str;
  self->stop = self->p + self->object->len;
  self->cell = cell;
  self->cell_data = data;
  self->depth = 0;
  g_string_truncate (self->path, 0);
  if (!take_value (self, FALSE, error))
    return FALSE;
  return self->p == self->stop || set_broken (self, _("a bracket closes too early"), error);
}

gboolean
bv_json_line_parse (BvJson *self, const char *text, gsize length, gint64 line, BvJsonCell cell, gpointer data, GError **error)
{
  self->row_line = line;
  self->p = text;
  self->stop = text + length;
  self->cell = cell;
  self->cell_data = data;
  self->depth = 0;
  g_string_truncate (self->path, 0);
  skip_blanks (self);
  if (self->p == self->stop || *self->p != '{')
    return set_broken (self, _("it does not begin with a brace"), error);
  if (!take_value (self, FALSE, error))
    return FALSE;
  skip_blanks (self);
  return self->p == self->stop || set_broken (self, _("something follows the closing bracket"), error);
}

/* As bv_cell_types(), but what the file writes as a text is not taken for a number. */
guint
bv_json_types (BvJsonKind kind, const char *text, gsize length)
{
  static const BvCellStyle style = { '.', BV_ORDER_YMD };
  guint time = 1u << BV_TYPE_DATE | 1u << BV_TYPE_TIMESTAMP;

  switch (kind)
    {
    case BV_JSON_NULL:
      return BV_CELL_ANY;
    case BV_JSON_BOOL:
      return 1u << BV_TYPE_BOOL;
    case BV_JSON_NUMBER:
      return bv_cell_types (text, length, &style);
    case BV_JSON_STRING:
      return length == 0 ? BV_CELL_ANY : bv_cell_types (text, length, &style) & time;
    case BV_JSON_NESTED:
    default:
      return 0;
    }
}
