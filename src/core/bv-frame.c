/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "bv-frame.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

struct _BvFrame
{
  GPtrArray *columns;  /* BvColumn */
  GStringChunk *text;  /* the texts of all columns, interned */
  GArray *notes;       /* BvNote */
  gboolean has_range;
  BvRange range;
  BvFrame *subtotals;  /* (nullable) */
};

static void
column_free (gpointer data)
{
  BvColumn *column = data;

  g_free (column->name);
  bv_format_clear (&column->format);
  bv_value_clear (&column->total);
  bv_value_clear (&column->total_compare);
  g_array_unref (column->data);
  g_byte_array_unref (column->nulls);
  g_free (column);
}

static void
note_clear (gpointer data)
{
  g_free (((BvNote *) data)->text);
}

BvFrame *
bv_frame_new (void)
{
  BvFrame *self = g_atomic_rc_box_new0 (BvFrame);

  self->columns = g_ptr_array_new_with_free_func (column_free);
  self->text = g_string_chunk_new (512); /* most frames have few texts */
  self->notes = g_array_new (FALSE, FALSE, sizeof (BvNote));
  g_array_set_clear_func (self->notes, note_clear);
  return self;
}

BvFrame *
bv_frame_ref (BvFrame *self)
{
  return g_atomic_rc_box_acquire (self);
}

static void
frame_clear (gpointer data)
{
  BvFrame *self = data;

  g_ptr_array_unref (self->columns);
  g_string_chunk_free (self->text);
  g_array_unref (self->notes);
  g_clear_pointer (&self->subtotals, bv_frame_unref);
}

void
bv_frame_unref (BvFrame *self)
{
  g_atomic_rc_box_release_full (self, frame_clear);
}

static gsize
cell_size (BvType type)
{
  return type == BV_TYPE_TEXT ? sizeof (const char *) : sizeof (gint64);
}

BvColumn *
bv_frame_add_column (BvFrame *self, const char *name, BvType type, BvRole role)
{
  BvColumn *column = g_new0 (BvColumn, 1);

  g_assert (bv_frame_get_n_rows (self) == 0);
  column->name = g_strdup (name);
  column->type = type;
  column->role = role;
  column->format = BV_FORMAT_INIT;
  column->of = -1;
  column->data = g_array_new (FALSE, TRUE, cell_size (type));
  column->nulls = g_byte_array_new ();
  g_ptr_array_add (self->columns, column);
  return column;
}

void
bv_frame_append_int (BvFrame *self, guint column, gint64 i)
{
  BvColumn *c = self->columns->pdata[column];
  guint8 null = 0;

  if (c->type == BV_TYPE_DOUBLE)
    {
      bv_frame_append_double (self, column, (double) i);
      return;
    }
  g_assert (c->type != BV_TYPE_TEXT);
  g_array_append_val (c->data, i);
  g_byte_array_append (c->nulls, &null, 1);
}

void
bv_frame_append_double (BvFrame *self, guint column, double d)
{
  BvColumn *c = self->columns->pdata[column];
  guint8 null = 0;

  g_assert (c->type == BV_TYPE_DOUBLE);
  if (isnan (d))
    {
      bv_frame_append_null (self, column);
      return;
    }
  g_array_append_val (c->data, d);
  g_byte_array_append (c->nulls, &null, 1);
}

void
bv_frame_append_text (BvFrame *self, guint column, const char *s, gssize len)
{
  BvColumn *c = self->columns->pdata[column];
  g_autofree char *part = s != NULL && len >= 0 ? g_strndup (s, (gsize) len) : NULL;
  const char *copy;
  guint8 null = 0;

  if (s == NULL)
    {
      bv_frame_append_null (self, column);
      return;
    }
  g_assert (c->type == BV_TYPE_TEXT);
  copy = g_string_chunk_insert_const (self->text, part != NULL ? part : s); /* whoever groups rows goes by the address */
  g_array_append_val (c->data, copy);
  g_byte_array_append (c->nulls, &null, 1);
}

void
bv_frame_append_null (BvFrame *self, guint column)
{
  BvColumn *c = self->columns->pdata[column];
  guint8 null = 1;

  g_array_set_size (c->data, c->data->len + 1);
  g_byte_array_append (c->nulls, &null, 1);
}

void
bv_frame_append (BvFrame *self, const BvValue *values)
{
  for (guint i = 0; i < self->columns->len; i++)
    {
      const BvValue *v = &values[i];

      switch (v->type)
        {
        case BV_TYPE_NULL:
          bv_frame_append_null (self, i);
          break;
        case BV_TYPE_DOUBLE:
          bv_frame_append_double (self, i, v->d);
          break;
        case BV_TYPE_TEXT:
          bv_frame_append_text (self, i, v->s, -1);
          break;
        case BV_TYPE_BOOL:
        case BV_TYPE_INT:
        case BV_TYPE_DATE:
        case BV_TYPE_TIMESTAMP:
        default:
          bv_frame_append_int (self, i, v->i);
          break;
        }
    }
}

void
bv_frame_set_n_rows (BvFrame *self, guint n_rows)
{
  for (guint i = 0; i < self->columns->len; i++)
    {
      BvColumn *c = self->columns->pdata[i];

      g_array_set_size (c->data, n_rows);
      g_byte_array_set_size (c->nulls, n_rows);
      if (n_rows > 0)
        memset (c->nulls->data, 1, n_rows);
    }
}

void
bv_frame_set (BvFrame *self, guint column, guint row, const BvValue *value)
{
  BvColumn *c;

  g_assert (column < self->columns->len);
  c = self->columns->pdata[column];
  g_assert (row < c->data->len);
  if (value->type == BV_TYPE_NULL)
    return;
  if (c->type == BV_TYPE_TEXT)
    {
      g_assert (value->type == BV_TYPE_TEXT);
      g_array_index (c->data, const char *, row) = g_string_chunk_insert_const (self->text, value->s);
    }
  else if (c->type == BV_TYPE_DOUBLE)
    {
      double d = value->type == BV_TYPE_DOUBLE ? value->d : (double) value->i;

      g_assert (value->type != BV_TYPE_TEXT);
      if (isnan (d))
        return;
      g_array_index (c->data, double, row) = d;
    }
  else
    {
      g_assert (value->type != BV_TYPE_TEXT && value->type != BV_TYPE_DOUBLE);
      g_array_index (c->data, gint64, row) = value->i;
    }
  c->nulls->data[row] = 0;
}

void
bv_frame_repeat (BvFrame *self, guint column, guint row, guint n, const BvValue *value)
{
  BvColumn *c;
  gint64 *cells;

  if (n == 0 || value->type == BV_TYPE_NULL)
    return;
  bv_frame_set (self, column, row, value);
  c = self->columns->pdata[column];
  g_assert (n <= c->data->len - row);
  g_assert (n == 1 || c->type != BV_TYPE_TEXT);
  cells = (gint64 *) (void *) c->data->data + row; /* or doubles, of the same size */
  for (guint i = 1; i < n; i++)
    cells[i] = cells[0];
  memset (c->nulls->data + row, c->nulls->data[row], n);
}

void
bv_frame_set_times (BvFrame *self, guint column, guint row, guint n, const gint64 *times)
{
  BvColumn *c = self->columns->pdata[column];

  g_assert (bv_type_is_time (c->type) && row <= c->data->len && n <= c->data->len - row);
  if (n == 0)
    return;
  memcpy ((gint64 *) (void *) c->data->data + row, times, n * sizeof *times);
  memset (c->nulls->data + row, 0, n);
}

guint
bv_frame_get_n_rows (const BvFrame *self)
{
  if (self->columns->len == 0)
    return 0;
  return ((BvColumn *) self->columns->pdata[0])->data->len;
}

guint
bv_frame_get_n_columns (const BvFrame *self)
{
  return self->columns->len;
}

BvColumn *
bv_frame_get_column (const BvFrame *self, guint column)
{
  g_assert (column < self->columns->len);
  return self->columns->pdata[column];
}

int
bv_frame_find_column (const BvFrame *self, const char *name)
{
  for (guint i = 0; i < self->columns->len; i++)
    if (g_strcmp0 (((BvColumn *) self->columns->pdata[i])->name, name) == 0)
      return (int) i;
  return -1;
}

gboolean
bv_frame_is_null (const BvFrame *self, guint column, guint row)
{
  BvColumn *c = bv_frame_get_column (self, column);

  g_assert (row < c->nulls->len);
  return c->nulls->data[row] != 0;
}

gint64
bv_frame_get_int (const BvFrame *self, guint column, guint row)
{
  BvColumn *c = bv_frame_get_column (self, column);

  g_assert (row < c->data->len && c->type != BV_TYPE_DOUBLE && c->type != BV_TYPE_TEXT);
  return g_array_index (c->data, gint64, row);
}

double
bv_frame_get_double (const BvFrame *self, guint column, guint row)
{
  BvColumn *c = bv_frame_get_column (self, column);

  g_assert (row < c->data->len);
  if (c->nulls->data[row] || c->type == BV_TYPE_TEXT)
    return NAN;
  if (c->type == BV_TYPE_DOUBLE)
    return g_array_index (c->data, double, row);
  return (double) g_array_index (c->data, gint64, row);
}

const gint64 *
bv_frame_peek_ints (const BvFrame *self, guint column)
{
  BvColumn *c = bv_frame_get_column (self, column);

  return c->type != BV_TYPE_DOUBLE && c->type != BV_TYPE_TEXT ? (const gint64 *) (gconstpointer) c->data->data : NULL;
}

const double *
bv_frame_peek_doubles (const BvFrame *self, guint column)
{
  BvColumn *c = bv_frame_get_column (self, column);

  return c->type == BV_TYPE_DOUBLE ? (const double *) (gconstpointer) c->data->data : NULL;
}

const guint8 *
bv_frame_peek_nulls (const BvFrame *self, guint column)
{
  return bv_frame_get_column (self, column)->nulls->data;
}

const char *
bv_frame_get_text (const BvFrame *self, guint column, guint row)
{
  BvColumn *c = bv_frame_get_column (self, column);

  g_assert (row < c->data->len && c->type == BV_TYPE_TEXT);
  return c->nulls->data[row] ? NULL : g_array_index (c->data, const char *, row);
}

BvValue
bv_frame_peek (const BvFrame *self, guint column, guint row)
{
  BvColumn *c = bv_frame_get_column (self, column);
  BvValue v = { c->type, { 0 } };

  g_assert (row < c->data->len);
  if (c->nulls->data[row])
    return BV_VALUE_NULL;
  if (c->type == BV_TYPE_TEXT)
    v.s = (char *) g_array_index (c->data, const char *, row);
  else if (c->type == BV_TYPE_DOUBLE)
    v.d = g_array_index (c->data, double, row);
  else
    v.i = g_array_index (c->data, gint64, row);
  return v;
}

void
bv_frame_set_null (BvFrame *self, guint column, guint row)
{
  BvColumn *c = bv_frame_get_column (self, column);

  g_assert (row < c->nulls->len);
  c->nulls->data[row] = 1;
}

BvFrame *
bv_frame_pick (BvFrame *self, const guint *order, guint n)
{
  BvFrame *copy = bv_frame_new ();

  for (guint i = 0; i < self->columns->len; i++)
    {
      BvColumn *from = self->columns->pdata[i];
      BvColumn *to = bv_frame_add_column (copy, from->name, from->type, from->role);

      to->grain = from->grain;
      to->format = bv_format_copy (&from->format);
      to->of = from->of;
      to->cumulative = from->cumulative;
      to->total = bv_value_copy (&from->total);
      to->total_compare = bv_value_copy (&from->total_compare);
    }
  for (guint i = 0; i < self->columns->len; i++)
    {
      BvColumn *to = copy->columns->pdata[i];

      for (guint r = 0; r < n; r++)
        {
          BvValue v = bv_frame_peek (self, i, order[r]);

          if (v.type == BV_TYPE_NULL)
            bv_frame_append_null (copy, i);
          else if (to->type == BV_TYPE_TEXT)
            bv_frame_append_text (copy, i, v.s, -1);
          else if (to->type == BV_TYPE_DOUBLE)
            bv_frame_append_double (copy, i, v.d);
          else
            bv_frame_append_int (copy, i, v.i);
        }
    }
  for (guint i = 0; i < self->notes->len; i++)
    bv_frame_add_note (copy, g_array_index (self->notes, BvNote, i).kind, g_array_index (self->notes, BvNote, i).text);
  copy->has_range = self->has_range;
  copy->range = self->range;
  bv_frame_set_subtotals (copy, self->subtotals);
  return copy;
}

void
bv_frame_set_subtotals (BvFrame *self, BvFrame *subtotals)
{
  if (subtotals != NULL)
    bv_frame_ref (subtotals);
  g_clear_pointer (&self->subtotals, bv_frame_unref);
  self->subtotals = subtotals;
}

BvFrame *
bv_frame_get_subtotals (const BvFrame *self)
{
  return self->subtotals;
}

guint
bv_frame_number_row (BvFrame *self, BvFrame *subtotals, guint row)
{
  guint number = row;

  for (; self != subtotals; self = self->subtotals)
    {
      g_assert (self->subtotals != NULL);
      number += bv_frame_get_n_rows (self);
    }
  return number;
}

BvFrame *
bv_frame_resolve_row (BvFrame *self, guint *row)
{
  BvFrame *frame = self;
  guint left = *row;

  while (frame != NULL && left >= bv_frame_get_n_rows (frame))
    {
      left -= bv_frame_get_n_rows (frame);
      frame = frame->subtotals;
    }
  if (frame == NULL)
    return self;
  *row = left;
  return frame;
}

guint
bv_row_key_hash (gconstpointer data)
{
  const BvRowKey *key = data;
  guint64 hash = 17;

  for (guint c = 0; c < key->n_columns; c++)
    {
      BvValue value = bv_frame_peek (key->frame, c, key->row);

      hash = (hash ^ bv_value_hash (&value)) * G_GUINT64_CONSTANT (0x9e3779b97f4a7c15);
      hash ^= hash >> 32;
    }
  return (guint) hash;
}

gboolean
bv_row_key_equal (gconstpointer a, gconstpointer b)
{
  const BvRowKey *x = a, *y = b;

  for (guint c = 0; c < x->n_columns; c++)
    {
      BvValue u = bv_frame_peek (x->frame, c, x->row);
      BvValue v = bv_frame_peek (y->frame, c, y->row);

      if (!bv_value_equal (&u, &v))
        return FALSE;
    }
  return x->n_columns == y->n_columns;
}

void
bv_frame_add_note (BvFrame *self, BvNoteKind kind, const char *text)
{
  BvNote note = { kind, NULL };

  for (guint i = 0; i < self->notes->len; i++)
    if (g_array_index (self->notes, BvNote, i).kind == kind &&
        strcmp (g_array_index (self->notes, BvNote, i).text, text) == 0)
      return;
  note.text = g_strdup (text);
  g_array_append_val (self->notes, note);
}

guint
bv_frame_get_n_notes (const BvFrame *self)
{
  return self->notes->len;
}

const BvNote *
bv_frame_get_note (const BvFrame *self, guint i)
{
  return &g_array_index (self->notes, BvNote, i);
}

gboolean
bv_frame_has_note (const BvFrame *self, BvNoteKind kind)
{
  for (guint i = 0; i < self->notes->len; i++)
    if (g_array_index (self->notes, BvNote, i).kind == kind)
      return TRUE;
  return FALSE;
}

void
bv_frame_set_range (BvFrame *self, const BvRange *range)
{
  self->has_range = TRUE;
  self->range = *range;
}

gboolean
bv_frame_get_range (const BvFrame *self, BvRange *range)
{
  if (self->has_range)
    *range = self->range;
  return self->has_range;
}

char *
bv_frame_format (const BvFrame *self, guint column, guint row, BvLocale *locale)
{
  BvColumn *c = bv_frame_get_column (self, column);
  BvValue v = bv_frame_peek (self, column, row);

  /* No value among groups is a group of its own; a metric without a value is a dash. */
  if (v.type == BV_TYPE_NULL && (c->role == BV_ROLE_DIMENSION || c->role == BV_ROLE_SERIES || c->role == BV_ROLE_TIME))
    return g_strdup (_("(empty)"));
  return bv_locale_format (locale, &v, &c->format, c->grain);
}

char *
bv_frame_to_iso (const BvFrame *self, guint column, guint row, BvCalendar *calendar)
{
  BvValue v = bv_frame_peek (self, column, row);
  char buf[BV_TIME_TEXT_MAX];
  int offset;
  char *text;

  if (v.type != BV_TYPE_TIMESTAMP)
    return bv_value_to_plain (&v);
  offset = bv_calendar_offset (calendar, v.i);
  bv_timestamp_to_text (v.i + offset * BV_SECOND_US, buf);
  text = offset == 0
           ? g_strdup_printf ("%sZ", buf)
           : g_strdup_printf ("%s%c%02d:%02d", buf, offset < 0 ? '-' : '+', ABS (offset) / 3600, ABS (offset) / 60 % 60);
  *strchr (text, ' ') = 'T';
  return text;
}

static void
append_csv (GString *out, const char *s)
{
  if (strpbrk (s, "\",\r\n") == NULL && *s != ' ' && (*s == '\0' || s[strlen (s) - 1] != ' '))
    {
      g_string_append (out, s);
      return;
    }
  g_string_append_c (out, '"');
  for (; *s != '\0'; s++)
    {
      if (*s == '"')
        g_string_append_c (out, '"');
      g_string_append_c (out, *s);
    }
  g_string_append_c (out, '"');
}

char *
bv_frame_to_csv (const BvFrame *self, BvCalendar *calendar)
{
  GString *out = g_string_new (NULL);
  guint n = bv_frame_get_n_rows (self);

  for (guint i = 0; i < self->columns->len; i++)
    {
      if (i > 0)
        g_string_append_c (out, ',');
      append_csv (out, ((BvColumn *) self->columns->pdata[i])->name);
    }
  g_string_append_c (out, '\n');
  for (guint r = 0; r < n; r++)
    {
      for (guint i = 0; i < self->columns->len; i++)
        {
          g_autofree char *cell = bv_frame_to_iso (self, i, r, calendar);

          if (i > 0)
            g_string_append_c (out, ',');
          append_csv (out, cell);
        }
      g_string_append_c (out, '\n');
    }
  return g_string_free (out, FALSE);
}
