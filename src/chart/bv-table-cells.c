/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Bars run from zero, so that their lengths compare. Colours are of two kinds: "shades" run from the least value to the greatest, "signs" from
 * the greatest distance below zero over none to the same distance above it, so that equal distances look alike.
 */
#include "config.h"

#include "bv-table-cells.h"
#include "bv-chart-private.h"

#include <math.h>
#include <string.h>

typedef enum { COLOURS_NONE, COLOURS_SHADES, COLOURS_SIGNS } Colours;

typedef struct
{
  int source;      /* the metric's column in the frame that was pivoted; -1: not a metric */
  double lo, hi;   /* of all its cells */
  gboolean any;
} Scale;

struct _BvTableCells
{
  BvPivot *pivot;
  BvChartSpec *spec; /* (nullable): for what columns are called */
  BvTheme theme;
  Colours colours;
  const char *ramp; /* static */
  BvColour bar, bad, background;
  gboolean bars;
  /* By level of groups, the rows last, and column of the pivoted frame; columns of one metric have equal ones. */
  Scale *scales;
  guint n_levels, n_scales;
  guint *keys;      /* the column that names a level */
};

static void
widen (Scale *scale, double v)
{
  if (!isfinite (v) || fabs (v) > 1e300)
    return;
  scale->lo = scale->any ? MIN (scale->lo, v) : v;
  scale->hi = scale->any ? MAX (scale->hi, v) : v;
  scale->any = TRUE;
}

/* Columns of one metric share what they have. */
static void
join (BvTableCells *self, Scale *scales)
{
  for (guint c = 0; c < self->n_scales; c++)
    for (guint d = 0; d < c && scales[c].source >= 0; d++)
      if (scales[d].source == scales[c].source && scales[d].any)
        {
          widen (&scales[c], scales[d].lo);
          widen (&scales[c], scales[d].hi);
        }
  for (guint c = self->n_scales; c > 0; c--)
    for (guint d = 0; d + 1 < c; d++)
      if (scales[c - 1].source >= 0 && scales[d].source == scales[c - 1].source)
        scales[d] = scales[c - 1];
}

static void
measure (BvTableCells *self, const BvTableRows *rows)
{
  BvFrame *frame = bv_pivot_get_frame (self->pivot);
  guint n_rows = bv_frame_get_n_rows (frame);
  Scale *own;

  self->n_levels = rows != NULL ? bv_table_rows_n_levels (rows) : 0;
  self->n_scales = bv_frame_get_n_columns (frame);
  self->scales = g_new0 (Scale, (self->n_levels + 1) * self->n_scales);
  self->keys = g_new0 (guint, self->n_levels + 1);
  own = &self->scales[self->n_levels * self->n_scales];
  for (guint i = 0; i < (self->n_levels + 1) * self->n_scales; i++)
    {
      guint c = i % self->n_scales;
      BvColumn *column = bv_frame_get_column (frame, c);

      self->scales[i].source = column->role == BV_ROLE_METRIC && bv_type_is_numeric (column->type) ? bv_pivot_source_column (self->pivot, c) : -1;
    }
  for (guint c = 0; c < self->n_scales; c++)
    for (guint row = 0; row < n_rows && own[c].source >= 0; row++)
      widen (&own[c], bv_frame_get_double (frame, c, row));
  for (guint level = 0; level < self->n_levels; level++)
    self->keys[level] = bv_table_rows_name_column (rows, level);
  for (guint position = 0; self->n_levels > 0 && position < bv_table_rows_get_n (rows); position++)
    {
      BvTableRow row;

      bv_table_rows_get (rows, position, &row);
      for (guint c = 0; row.group != G_MAXUINT && c < self->n_scales; c++)
        {
          BvFrame *of;
          guint of_row, of_column;

          if (own[c].source >= 0 && bv_table_rows_cell (rows, &row, c, &of, &of_row, &of_column))
            widen (&self->scales[row.level * self->n_scales + c], bv_frame_get_double (of, of_column, of_row));
        }
    }
  for (guint level = 0; level <= self->n_levels; level++)
    join (self, &self->scales[level * self->n_scales]);
}

BvTableCells *
bv_table_cells_new (const BvChartSpec *spec, BvPivot *pivot, const BvTableRows *rows, const BvChartStyle *style)
{
  BvTableCells *self = g_new0 (BvTableCells, 1);
  BvChartStyle resolved = bv_chart_style_resolve (style);
  BvInk ink = bv_ink_for_style (&resolved);
  const char *palette = spec != NULL ? bv_chart_spec_text (spec, "palette") : NULL;
  const char *colours = spec != NULL ? bv_chart_spec_choice (spec, "colours") : "none";

  self->pivot = pivot;
  self->spec = spec != NULL ? bv_chart_spec_copy (spec) : NULL;
  self->theme = resolved.theme;
  self->background = ink.background;
  self->colours = strcmp (colours, "shades") == 0 ? COLOURS_SHADES : strcmp (colours, "signs") == 0 ? COLOURS_SIGNS : COLOURS_NONE;
  self->ramp = self->colours == COLOURS_SIGNS ? "tol-burd" : "belvedere";
  self->bars = spec != NULL && bv_chart_spec_bool (spec, "bars");
  self->bar = resolved.has_accent && palette == NULL
                ? resolved.accent
                : bv_palette_colour (palette != NULL && bv_palette_known (palette) ? palette : resolved.palette, 0, resolved.theme);
  self->bar = bv_colour_alpha (self->bar, resolved.theme == BV_THEME_DARK ? 0.4 : 0.24);
  self->bad = bv_colour_alpha (ink.bad, self->bar.a);
  if (self->bars || self->colours != COLOURS_NONE)
    measure (self, rows);
  return self;
}

void
bv_table_cells_free (BvTableCells *self)
{
  g_clear_pointer (&self->spec, bv_chart_spec_free);
  g_free (self->scales);
  g_free (self->keys);
  g_free (self);
}

static const Scale *
get_scale (const BvTableCells *self, guint level, guint column)
{
  const Scale *scale = column < self->n_scales ? &self->scales[MIN (level, self->n_levels) * self->n_scales + column] : NULL;

  return scale != NULL && scale->source >= 0 && scale->any ? scale : NULL;
}

static gboolean
has_bar (const BvTableCells *self, guint level, guint column)
{
  const Scale *scale = get_scale (self, level, column);

  return self->bars && scale != NULL && MAX (scale->hi, 0) > MIN (scale->lo, 0);
}

gboolean
bv_table_cells_has_bar (const BvTableCells *self, guint column)
{
  return has_bar (self, G_MAXUINT, column);
}

gboolean
bv_table_cells_bar (const BvTableCells *self, guint level, guint column, double value, double *from, double *to, BvColour *colour)
{
  const Scale *scale = get_scale (self, level, column);
  double lo, hi, zero, end;

  if (!has_bar (self, level, column) || !isfinite (value) || value < scale->lo || value > scale->hi)
    return FALSE;
  lo = MIN (scale->lo, 0);
  hi = MAX (scale->hi, 0);
  zero = (0 - lo) / (hi - lo);
  end = (value - lo) / (hi - lo);
  *from = MIN (zero, end);
  *to = MAX (zero, end);
  *colour = value < 0 ? self->bad : self->bar;
  return *to > *from;
}

/* The colour at @t, 0 … 1 of the scale. */
static BvColour
colour_at (const BvTableCells *self, double t)
{
  BvColour colour;

  if (self->colours == COLOURS_SIGNS)
    {
      /* The palette runs from blue over white to red: the good end is blue. On a dark ground the middle is the ground. */
      colour = bv_palette_ramp (self->ramp, 1 - t, self->theme);
      return self->theme == BV_THEME_DARK ? bv_colour_mix (self->background, colour, MIN (fabs (t - 0.5) * 2, 1) * 0.8) : colour;
    }
  return bv_colour_mix (self->background, bv_colour_alpha (self->bar, 1), 0.08 + 0.72 * t);
}

gboolean
bv_table_cells_colour (const BvTableCells *self, guint level, guint column, double value, BvColour *fill, BvColour *text)
{
  const Scale *scale = get_scale (self, level, column);
  double t;

  if (self->colours == COLOURS_NONE || scale == NULL || !isfinite (value))
    return FALSE;
  if (self->colours == COLOURS_SIGNS)
    {
      double most = MAX (fabs (scale->lo), fabs (scale->hi));

      t = most > 0 ? 0.5 + value / most / 2 : 0.5;
    }
  else
    t = scale->hi > scale->lo ? (value - scale->lo) / (scale->hi - scale->lo) : 0.5;
  *fill = colour_at (self, CLAMP (t, 0, 1));
  *text = bv_colour_on (*fill);
  return TRUE;
}

/* --- Legends ------------------------------------------------------------------------------------------------------------------- */

/* The first column of its metric. */
static gboolean
is_first (const BvTableCells *self, guint level, guint column)
{
  const Scale *scales = &self->scales[level * self->n_scales];

  if (get_scale (self, level, column) == NULL)
    return FALSE;
  for (guint d = 0; d < column; d++)
    if (scales[d].source == scales[column].source)
      return FALSE;
  return TRUE;
}

guint
bv_table_cells_n_legends (const BvTableCells *self)
{
  guint n = 0;

  for (guint i = 0; self->colours != COLOURS_NONE && i < (self->n_levels + 1) * self->n_scales; i++)
    n += is_first (self, i / self->n_scales, i % self->n_scales);
  return n;
}

static const char *
column_label (const BvTableCells *self, const BvColumn *column)
{
  const char *label = self->spec != NULL ? bv_chart_spec_series (self->spec, column->name, "label") : NULL;

  return label != NULL ? label : column->name;
}

void
bv_table_cells_get_legend (const BvTableCells *self, guint i, BvLocale *locale, BvTableLegend *legend)
{
  BvFrame *source = bv_pivot_get_source (self->pivot);

  for (guint k = 0; k < (self->n_levels + 1) * self->n_scales; k++)
    {
      /* Metric by metric, the groups' scales before the rows'. */
      guint c = k / (self->n_levels + 1), level = k % (self->n_levels + 1);
      const Scale *scale = &self->scales[level * self->n_scales + c];
      double most = MAX (fabs (scale->lo), fabs (scale->hi));
      g_autofree char *low = NULL;
      const BvColumn *column;

      if (!is_first (self, level, c) || i-- > 0)
        continue;
      column = bv_frame_get_column (source, (guint) scale->source);
      low = bv_locale_format_double (locale, self->colours == COLOURS_SIGNS ? -most : scale->lo, &column->format);
      legend->high = bv_locale_format_double (locale, self->colours == COLOURS_SIGNS ? most : scale->hi, &column->format);
      legend->low = level < self->n_levels
                      ? g_strdup_printf ("%s · %s: %s", column_label (self, column),
                                         column_label (self, bv_frame_get_column (bv_pivot_get_frame (self->pivot), self->keys[level])), low)
                      : g_strdup_printf ("%s: %s", column_label (self, column), low);
      for (guint stop = 0; stop < G_N_ELEMENTS (legend->stops); stop++)
        legend->stops[stop] = colour_at (self, (double) stop / (G_N_ELEMENTS (legend->stops) - 1));
      return;
    }
  g_assert_not_reached ();
}

void
bv_table_legend_clear (BvTableLegend *legend)
{
  g_clear_pointer (&legend->low, g_free);
  g_clear_pointer (&legend->high, g_free);
}
