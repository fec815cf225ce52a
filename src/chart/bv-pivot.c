/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "bv-pivot.h"
#include "bv-chart.h"
#include "bv-series.h"

#include <glib/gi18n-lib.h>

#define VALUES_MAX 200u

struct _BvPivot
{
  BvFrame *source;
  BvFrame *frame;
  gboolean identity;
  guint n_keys, n_values;
  GArray *columns;   /* int: the source column of each column */
  guint *cell;       /* source row of [group][value]; G_MAXUINT where none */
  guint *first;      /* first source row of each group */
  GArray *series;    /* guint: the source's columns whose values became columns */
  GArray *values;    /* guint: a source row of each of these values */
};

void
bv_pivot_free (BvPivot *self)
{
  bv_frame_unref (self->source);
  bv_frame_unref (self->frame);
  g_clear_pointer (&self->columns, g_array_unref);
  g_free (self->cell);
  g_free (self->first);
  g_clear_pointer (&self->series, g_array_unref);
  g_clear_pointer (&self->values, g_array_unref);
  g_free (self);
}

BvFrame *
bv_pivot_get_frame (BvPivot *self)
{
  return self->frame;
}

BvFrame *
bv_pivot_get_source (BvPivot *self)
{
  return self->source;
}

gboolean
bv_pivot_is_identity (BvPivot *self)
{
  return self->identity;
}

int
bv_pivot_source_column (BvPivot *self, guint column)
{
  return self->identity ? (int) column : g_array_index (self->columns, int, column);
}

guint
bv_pivot_source_row (BvPivot *self, guint row, guint column)
{
  guint cell;

  if (self->identity || row == G_MAXUINT)
    return row;
  if (column < self->n_keys)
    return self->first[row];
  cell = self->cell[(gsize) row * self->n_values + (column - self->n_keys) % self->n_values];
  return cell != G_MAXUINT ? cell : BV_ROW_NONE;
}

static void
append_cell (BvFrame *frame, guint column, BvFrame *source, guint source_column, guint row)
{
  BvValue v = row != G_MAXUINT ? bv_frame_peek (source, source_column, row) : BV_VALUE_NULL;

  if (v.type == BV_TYPE_NULL)
    bv_frame_append_null (frame, column);
  else if (v.type == BV_TYPE_TEXT)
    bv_frame_append_text (frame, column, v.s, -1);
  else if (v.type == BV_TYPE_DOUBLE)
    bv_frame_append_double (frame, column, v.d);
  else
    bv_frame_append_int (frame, column, v.i);
}

/* Adds a column like @from. */
static void
add_like (BvPivot *self, const BvColumn *from, const char *name, int source)
{
  BvColumn *to = bv_frame_add_column (self->frame, name, from->type, from->role);

  to->grain = from->grain;
  to->format = bv_format_copy (&from->format);
  to->cumulative = from->cumulative;
  g_array_append_val (self->columns, source);
}

static void
fill (BvPivot *self, GArray *keys, GArray *metrics, guint n_rows)
{
  for (guint k = 0; k < keys->len; k++)
    for (guint row = 0; row < n_rows; row++)
      append_cell (self->frame, k, self->source, g_array_index (keys, guint, k), self->first[row]);
  for (guint m = 0; m < metrics->len; m++)
    for (guint v = 0; v < self->n_values; v++)
      for (guint row = 0; row < n_rows; row++)
        append_cell (self->frame, self->n_keys + m * self->n_values + v, self->source, g_array_index (metrics, guint, m),
                     self->cell[(gsize) row * self->n_values + v]);
}

guint
bv_pivot_get_n_keys (BvPivot *self)
{
  guint n = self->n_keys;

  if (!self->identity)
    return n;
  while (n < bv_frame_get_n_columns (self->frame) && bv_frame_get_column (self->frame, n)->role <= BV_ROLE_DIMENSION)
    n++;
  return n;
}

/* The value of @like that a row has; G_MAXUINT when it is none of them. */
static guint
find_value (BvPivot *like, BvFrame *frame, GArray *series, guint row)
{
  for (guint v = 0; v < like->n_values; v++)
    {
      gboolean equal = series->len == like->series->len;

      for (guint i = 0; equal && i < series->len; i++)
        {
          BvValue a = bv_frame_peek (frame, g_array_index (series, guint, i), row);
          BvValue b = bv_frame_peek (like->source, g_array_index (like->series, guint, i), g_array_index (like->values, guint, v));

          equal = bv_value_equal (&a, &b);
        }
      if (equal)
        return v;
    }
  return G_MAXUINT;
}

BvPivot *
bv_pivot_new (BvFrame *frame, BvLocale *locale)
{
  return bv_pivot_new_like (frame, NULL, locale);
}

BvPivot *
bv_pivot_new_like (BvFrame *frame, BvPivot *like, BvLocale *locale)
{
  BvPivot *self = g_new0 (BvPivot, 1);
  g_autoptr(GArray) keys = g_array_new (FALSE, FALSE, sizeof (guint));
  GArray *pivots = g_array_new (FALSE, FALSE, sizeof (guint));
  g_autoptr(GArray) metrics = g_array_new (FALSE, FALSE, sizeof (guint));
  g_autoptr(GArray) row_firsts = NULL;
  g_autoptr(GArray) value_firsts = NULL;
  g_autofree guint *row_of = NULL;
  g_autofree guint *value_of = NULL;
  g_autofree guint *places = NULL; /* of the values of @like */

  self->source = bv_frame_ref (frame);
  self->series = pivots;
  for (guint c = 0; c < bv_frame_get_n_columns (frame); c++)
    {
      BvRole role = bv_frame_get_column (frame, c)->role;

      if (role == BV_ROLE_SERIES)
        g_array_append_val (pivots, c);
      else if (role == BV_ROLE_METRIC || role == BV_ROLE_COMPARE)
        g_array_append_val (metrics, c);
      else
        g_array_append_val (keys, c);
    }
  if (pivots->len == 0 || metrics->len == 0 || (like != NULL && like->identity))
    {
      self->identity = TRUE;
      self->frame = bv_frame_ref (frame);
      return self;
    }

  self->columns = g_array_new (FALSE, FALSE, sizeof (int));
  self->frame = bv_frame_new ();
  row_firsts = bv_group_rows (frame, (guint *) (gpointer) keys->data, keys->len, &row_of);
  value_firsts = bv_group_rows (frame, (guint *) (gpointer) pivots->data, pivots->len, &value_of);
  self->n_keys = keys->len;
  self->n_values = like != NULL ? like->n_values : MIN (value_firsts->len, VALUES_MAX);
  self->values = g_array_ref (like != NULL ? like->values : value_firsts);
  self->first = g_memdup2 (row_firsts->data, row_firsts->len * sizeof (guint));
  self->cell = g_new (guint, MAX ((gsize) row_firsts->len * self->n_values, 1));
  for (gsize i = 0; i < (gsize) row_firsts->len * self->n_values; i++)
    self->cell[i] = G_MAXUINT;
  if (like != NULL)
    {
      places = g_new (guint, value_firsts->len + 1);
      for (guint g = 0; g < value_firsts->len; g++)
        places[g] = find_value (like, frame, pivots, g_array_index (value_firsts, guint, g));
    }
  for (guint row = 0; row < bv_frame_get_n_rows (frame); row++)
    {
      guint value = like != NULL ? places[value_of[row]] : value_of[row];

      if (value < self->n_values)
        self->cell[(gsize) row_of[row] * self->n_values + value] = row;
    }

  for (guint k = 0; k < keys->len; k++)
    {
      guint source = g_array_index (keys, guint, k);

      add_like (self, bv_frame_get_column (frame, source), bv_frame_get_column (frame, source)->name, (int) source);
    }
  for (guint m = 0; m < metrics->len; m++)
    {
      guint source = g_array_index (metrics, guint, m);
      BvColumn *metric = bv_frame_get_column (frame, source);

      for (guint v = 0; v < self->n_values; v++)
        {
          const GArray *series = like != NULL ? like->series : pivots;
          g_autofree char *value = bv_group_label (like != NULL ? like->source : frame, (const guint *) (gconstpointer) series->data, series->len,
                                                   g_array_index (self->values, guint, v), locale);
          g_autofree char *name = metrics->len > 1 ? g_strdup_printf ("%s · %s", value, metric->name) : g_steal_pointer (&value);

          add_like (self, metric, name, (int) source);
        }
    }
  /* A compare column names its metric's column of the same pivot value. */
  for (guint m = 0; m < metrics->len; m++)
    for (guint k = 0; k < metrics->len; k++)
      if (bv_frame_get_column (frame, g_array_index (metrics, guint, m))->of == (int) g_array_index (metrics, guint, k))
        for (guint v = 0; v < self->n_values; v++)
          bv_frame_get_column (self->frame, self->n_keys + m * self->n_values + v)->of = (int) (self->n_keys + k * self->n_values + v);
  fill (self, keys, metrics, row_firsts->len);
  for (guint i = 0; i < bv_frame_get_n_notes (frame); i++)
    bv_frame_add_note (self->frame, bv_frame_get_note (frame, i)->kind, bv_frame_get_note (frame, i)->text);
  if (like == NULL && value_firsts->len > self->n_values)
    {
      g_autofree char *note = g_strdup_printf (_("%u of %u columns shown"), self->n_values, value_firsts->len);

      bv_frame_add_note (self->frame, BV_NOTE_TRUNCATED, note);
    }
  return self;
}
