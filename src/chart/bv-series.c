/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Frame to matrix.
 *
 * With a time bucket, time runs along x and the group-bys become series together with the pivot; without, the group-bys name the
 * places along x and only the pivot makes series. Frames of a single ascending series (a million points of a line) are
 * recognised and copied without hashing.
 */
#include "config.h"

#include "bv-series.h"

#include <math.h>
#include <stdlib.h>

/* Beyond this a value counts as infinite: axis arithmetic must not overflow. */
#define VALUE_MAX 1e300
/* No chart shows more series than this; the rest is left out and said so. */
#define SERIES_MAX 200
/* The most cells of the matrix per metric. */
#define CELLS_MAX 8000000u

static void
series_free (gpointer data)
{
  BvSeries *series = data;

  g_free (series->name);
  g_free (series->label);
  g_free (series->v);
  g_free (series->cv);
  g_free (series->row);
  g_clear_pointer (&series->forecast, bv_forecast_free);
  g_free (series);
}

void
bv_matrix_free (BvMatrix *self)
{
  g_free (self->dims);
  g_free (self->t);
  g_free (self->x_row);
  g_strfreev (self->labels);
  g_ptr_array_unref (self->series);
  g_free (self);
}

/* Mixed well: keys are close to each other, be they addresses or small numbers, and the table that they go to probes its neighbours. */
static guint
key_hash (BvFrame *frame, const guint *columns, guint n_columns, guint row)
{
  guint64 hash = 17;

  for (guint c = 0; c < n_columns; c++)
    {
      BvValue v = bv_frame_peek (frame, columns[c], row);

      /* Text of a frame is interned: the address is the identity. */
      hash = (hash ^ (v.type == BV_TYPE_TEXT ? (guint64) GPOINTER_TO_SIZE (v.s) : bv_value_hash (&v))) * G_GUINT64_CONSTANT (0x9e3779b97f4a7c15);
      hash ^= hash >> 32;
    }
  return (guint) hash;
}

static gboolean
key_equal (BvFrame *frame, const guint *columns, guint n_columns, guint a, guint b)
{
  for (guint c = 0; c < n_columns; c++)
    {
      BvValue va = bv_frame_peek (frame, columns[c], a);
      BvValue vb = bv_frame_peek (frame, columns[c], b);

      if (!bv_value_equal (&va, &vb))
        return FALSE;
    }
  return TRUE;
}

GArray *
bv_group_rows (BvFrame *frame, const guint *columns, guint n_columns, guint **group_of_row)
{
  guint n = bv_frame_get_n_rows (frame);
  GArray *first = g_array_new (FALSE, FALSE, sizeof (guint));
  guint *groups = g_new (guint, MAX (n, 1));
  g_autofree guint *slots = NULL; /* group + 1 by hash; open addressing */
  guint n_slots = 64;

  slots = g_new0 (guint, n_slots);
  for (guint row = 0; row < n; row++)
    {
      guint at = key_hash (frame, columns, n_columns, row) & (n_slots - 1);

      while (slots[at] != 0 &&
             !key_equal (frame, columns, n_columns, g_array_index (first, guint, slots[at] - 1), row))
        at = (at + 1) & (n_slots - 1);
      if (slots[at] == 0)
        {
          g_array_append_val (first, row);
          slots[at] = first->len;
        }
      groups[row] = slots[at] - 1;
      if (first->len * 2 > n_slots)
        {
          n_slots *= 4;
          g_free (slots);
          slots = g_new0 (guint, n_slots);
          for (guint g = 0; g < first->len; g++)
            {
              at = key_hash (frame, columns, n_columns, g_array_index (first, guint, g)) & (n_slots - 1);
              while (slots[at] != 0)
                at = (at + 1) & (n_slots - 1);
              slots[at] = g + 1;
            }
        }
    }
  *group_of_row = groups;
  return first;
}

static int
compare_times (const void *a, const void *b)
{
  gint64 x = *(const gint64 *) a;
  gint64 y = *(const gint64 *) b;

  return x < y ? -1 : x > y;
}

char *
bv_group_label (BvFrame *frame, const guint *columns, guint n_columns, guint row, BvLocale *locale)
{
  GString *out = g_string_new (NULL);

  for (guint c = 0; c < n_columns; c++)
    {
      g_autofree char *cell = bv_frame_format (frame, columns[c], row, locale);

      g_string_append_printf (out, "%s%s", c > 0 ? " · " : "", cell);
    }
  return g_string_free (out, FALSE);
}

char *
bv_matrix_x_label (BvMatrix *self, guint i, BvLocale *locale)
{
  guint column = (guint) self->time_column;

  if (self->labels != NULL)
    return g_strdup (self->labels[i]);
  if (self->is_time && self->x_row[i] == G_MAXUINT)
    {
      const BvColumn *info = bv_frame_get_column (self->frame, column);
      BvValue value = self->is_date ? bv_value_date (self->t[i]) : bv_value_timestamp (self->t[i]);

      return bv_locale_format (locale, &value, &info->format, info->grain);
    }
  if (self->is_time)
    return bv_group_label (self->frame, &column, 1, self->x_row[i], locale);
  return bv_group_label (self->frame, self->dims, self->n_dims, self->x_row[i], locale);
}

void
bv_matrix_extend (BvMatrix *self, BvCalendar *calendar, guint k)
{
  guint n = self->n + k;

  self->t = g_renew (gint64, self->t, n);
  self->x_row = g_renew (guint, self->x_row, n);
  for (guint i = self->n; i < n; i++)
    {
      self->t[i] = self->is_date ? bv_calendar_add (calendar, self->t[i - 1], self->grain, 1) : bv_calendar_next_hour (calendar, self->t[i - 1]);
      self->x_row[i] = G_MAXUINT;
    }
  for (guint s = 0; s < self->series->len; s++)
    {
      BvSeries *series = g_ptr_array_index (self->series, s);

      series->v = g_renew (double, series->v, n);
      series->row = g_renew (guint, series->row, n);
      if (series->cv != NULL)
        series->cv = g_renew (double, series->cv, n);
      for (guint i = self->n; i < n; i++)
        {
          series->v[i] = NAN;
          series->row[i] = G_MAXUINT;
          if (series->cv != NULL)
            series->cv[i] = NAN;
        }
    }
  self->n = n;
}

/* Places along time: for each row its place, or G_MAXUINT for rows without a date. */
static guint *
place_times (BvMatrix *self)
{
  guint n = bv_frame_get_n_rows (self->frame);
  guint *place = g_new (guint, MAX (n, 1));
  guint column = (guint) self->time_column;
  gboolean ascending = TRUE;
  const gint64 *times = bv_frame_peek_ints (self->frame, column);
  const guint8 *nulls = bv_frame_peek_nulls (self->frame, column);
  gint64 last = G_MININT64;
  guint n_valid = 0;

  self->t = g_new (gint64, MAX (n, 1));
  self->x_row = g_new (guint, MAX (n, 1));
  for (guint row = 0; row < n && ascending; row++)
    {
      gint64 t;

      place[row] = G_MAXUINT;
      if (nulls[row])
        continue;
      t = times[row];
      if (self->n == 0 || t > last)
        {
          self->t[self->n] = t;
          self->x_row[self->n++] = row;
          last = t;
        }
      else if (t < last)
        ascending = FALSE;
      place[row] = self->n - 1;
    }
  if (ascending)
    return place;

  /* Out of order: sort the instants, keep each once, find each row's by halving. */
  for (guint row = 0; row < n; row++)
    if (!bv_frame_is_null (self->frame, column, row))
      self->t[n_valid++] = bv_frame_get_int (self->frame, column, row);
  qsort (self->t, n_valid, sizeof (gint64), compare_times);
  self->n = 0;
  for (guint i = 0; i < n_valid; i++)
    if (self->n == 0 || self->t[i] > self->t[self->n - 1])
      self->t[self->n++] = self->t[i];
  for (guint row = n; row-- > 0;)
    {
      gint64 t;
      const gint64 *found;

      place[row] = G_MAXUINT;
      if (bv_frame_is_null (self->frame, column, row))
        continue;
      t = bv_frame_get_int (self->frame, column, row);
      found = bsearch (&t, self->t, self->n, sizeof (gint64), compare_times);
      place[row] = (guint) (found - self->t);
      self->x_row[place[row]] = row;
    }
  return place;
}

static BvSeries *
add_series (BvMatrix *self, char *name, int column, int compare)
{
  BvSeries *series = g_new0 (BvSeries, 1);

  series->name = name;
  series->label = g_strdup (name);
  series->column = column;
  series->compare = compare;
  series->v = g_new (double, MAX (self->n, 1));
  series->row = g_new (guint, MAX (self->n, 1));
  for (guint i = 0; i < self->n; i++)
    {
      series->v[i] = NAN;
      series->row[i] = G_MAXUINT;
    }
  if (compare >= 0)
    {
      series->cv = g_new (double, MAX (self->n, 1));
      for (guint i = 0; i < self->n; i++)
        series->cv[i] = NAN;
    }
  g_ptr_array_add (self->series, series);
  return series;
}

/* A value that can be drawn, or NAN. */
static double
drawable (BvMatrix *self, guint column, guint row)
{
  double v = bv_frame_get_double (self->frame, column, row);

  if (isnan (v))
    return NAN;
  if (!(fabs (v) <= VALUE_MAX))
    {
      self->n_odd++;
      return NAN;
    }
  return v;
}

/* The values of a metric that is one series: a line may have a million of them. */
static void
fill_alone (BvMatrix *self, BvSeries *series, const guint *place, guint n_rows)
{
  const double *values = bv_frame_peek_doubles (self->frame, (guint) series->column);
  const guint8 *nulls = bv_frame_peek_nulls (self->frame, (guint) series->column);

  for (guint row = 0; row < n_rows; row++)
    {
      guint at = place[row];

      if (at == G_MAXUINT)
        continue;
      series->row[at] = row;
      if (!nulls[row] && fabs (values[row]) <= VALUE_MAX)
        series->v[at] = values[row];
      else
        {
          series->v[at] = NAN;
          self->n_odd += !nulls[row] && !isnan (values[row]);
        }
    }
}

BvMatrix *
bv_matrix_new (BvFrame *frame, BvLocale *locale)
{
  BvMatrix *self = g_new0 (BvMatrix, 1);
  guint n_rows = bv_frame_get_n_rows (frame);
  guint n_columns = bv_frame_get_n_columns (frame);
  g_autoptr(GArray) x_columns = g_array_new (FALSE, FALSE, sizeof (guint));
  g_autoptr(GArray) series_columns = g_array_new (FALSE, FALSE, sizeof (guint));
  g_autoptr(GArray) metrics = g_array_new (FALSE, FALSE, sizeof (guint));
  g_autofree guint *place = NULL;
  g_autofree guint *group = NULL;
  g_autoptr(GArray) firsts = NULL;
  guint n_groups = 1;

  self->frame = frame;
  self->time_column = -1;
  self->series = g_ptr_array_new_with_free_func (series_free);
  for (guint c = 0; c < n_columns; c++)
    if (bv_frame_get_column (frame, c)->role == BV_ROLE_TIME && bv_type_is_time (bv_frame_get_column (frame, c)->type) &&
        self->time_column < 0)
      self->time_column = (int) c;
  self->is_time = self->time_column >= 0;
  for (guint c = 0; c < n_columns; c++)
    {
      BvColumn *column = bv_frame_get_column (frame, c);

      if ((int) c == self->time_column)
        {
          self->is_date = column->type == BV_TYPE_DATE;
          self->grain = column->grain;
        }
      else if (column->role == BV_ROLE_SERIES || (column->role == BV_ROLE_DIMENSION && self->is_time))
        g_array_append_val (series_columns, c);
      else if (column->role == BV_ROLE_DIMENSION || column->role == BV_ROLE_TIME)
        g_array_append_val (x_columns, c);
      else if (column->role == BV_ROLE_METRIC && column->type != BV_TYPE_TEXT && !bv_type_is_time (column->type))
        g_array_append_val (metrics, c);
    }
  self->n_metrics = metrics->len;
  self->n_dims = x_columns->len;
  self->dims = g_memdup2 (x_columns->data, x_columns->len * sizeof (guint));
  if (self->is_time)
    place = place_times (self);
  else if (x_columns->len > 0)
    {
      g_autoptr(GArray) x_firsts = bv_group_rows (frame, self->dims, self->n_dims, &place);

      self->n = x_firsts->len;
      self->x_row = g_memdup2 (x_firsts->data, x_firsts->len * sizeof (guint));
    }
  else
    {
      /* Nothing to group by: one place for all. */
      self->n = n_rows > 0 ? 1 : 0;
      self->x_row = g_new0 (guint, 1);
      place = g_new0 (guint, MAX (n_rows, 1));
    }
  self->pivoted = series_columns->len > 0;
  if (self->pivoted)
    {
      firsts = bv_group_rows (frame, (guint *) (gpointer) series_columns->data, series_columns->len, &group);
      self->n_groups = firsts->len;
      n_groups = MIN (firsts->len, SERIES_MAX);
      n_groups = MIN (n_groups, MAX (CELLS_MAX / MAX (self->n, 1), 1));
    }
  for (guint m = 0; m < metrics->len; m++)
    {
      guint column = g_array_index (metrics, guint, m);
      const char *metric = bv_frame_get_column (frame, column)->name;
      int compare = -1;
      guint base = self->series->len;

      for (guint c = 0; c < n_columns; c++)
        if (bv_frame_get_column (frame, c)->role == BV_ROLE_COMPARE && bv_frame_get_column (frame, c)->of == (int) column)
          compare = (int) c;
      for (guint g = 0; g < n_groups; g++)
        {
          char *name = NULL;

          if (self->pivoted)
            {
              name = bv_group_label (frame, (guint *) (gpointer) series_columns->data, series_columns->len,
                                g_array_index (firsts, guint, g), locale);
              if (metrics->len > 1)
                {
                  g_autofree char *value = name;

                  name = g_strdup_printf ("%s · %s", value, metric);
                }
            }
          else
            name = g_strdup (metric);
          add_series (self, name, (int) column, compare);
        }
      if (group == NULL && compare < 0 && bv_frame_peek_doubles (frame, column) != NULL)
        {
          fill_alone (self, g_ptr_array_index (self->series, base), place, n_rows);
          continue;
        }
      for (guint row = 0; row < n_rows; row++)
        {
          guint g = group != NULL ? group[row] : 0;
          BvSeries *series = g < n_groups ? g_ptr_array_index (self->series, base + g) : NULL;

          if (series == NULL || place[row] == G_MAXUINT)
            continue;
          series->v[place[row]] = drawable (self, column, row);
          series->row[place[row]] = row;
          if (compare >= 0)
            series->cv[place[row]] = drawable (self, (guint) compare, row);
        }
    }
  return self;
}
