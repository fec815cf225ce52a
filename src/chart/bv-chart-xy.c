/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The frame of every chart with two axes: which places and series are shown, the stacks, the axes and the order of drawing.
 * Bars, areas and lines may be mixed; where a bar is among them the places are bands.
 */
#include "config.h"

#include "bv-chart-parts.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

/* A bar and its gap need this much; more places than that cannot be told apart. */
#define BAND_MIN 4.0
#define TIME_BAND_MIN 1.5
#define ROW_MIN 6.0

gboolean
bv_xy_stack_ends (const BvXy *xy, guint s, guint i, gboolean compare, double *from, double *to)
{
  BvSeries *series = bv_xy_series (xy, s);
  guint at = xy->places.first + i;
  const double *values = compare ? series->cv : series->v;
  double v = values != NULL ? values[at] : NAN;
  double base = 0;
  double sum = 0;

  if (isnan (v))
    return FALSE;
  if (v <= 0 && xy->values.scale.kind == BV_SCALE_LOG)
    return FALSE;
  if (xy->stack == BV_STACK_NONE || series->kind == BV_KIND_LINE)
    {
      *from = 0;
      *to = v;
      return TRUE;
    }
  /* What lies above zero and what lies below are stacked apart. */
  for (guint o = 0; o < xy->n_shown; o++)
    {
      BvSeries *other = bv_xy_series (xy, o);
      const double *others = compare ? other->cv : other->v;

      if (other->kind != series->kind || other->right != series->right || others == NULL || isnan (others[at]))
        continue;
      sum += fabs (others[at]);
      if (o < s && (others[at] < 0) == (v < 0))
        base += others[at];
    }
  *from = base;
  *to = base + v;
  if (xy->stack == BV_STACK_SHARE)
    {
      if (!(sum > 0))
        return FALSE;
      *from /= sum;
      *to /= sum;
    }
  return TRUE;
}

BvSceneMark *
bv_xy_add_mark (const BvXy *xy, guint s, guint i, gboolean compare, BvMarkKind kind, double x, double y, double width, double height)
{
  BvSeries *series = bv_xy_series (xy, s);
  guint row = series->row[xy->places.first + i];
  BvSceneMark *mark;

  if (row == G_MAXUINT)
    return NULL;
  mark = bv_scene_add_mark (xy->build->scene, kind, row, compare ? series->compare : series->column,
                            xy->matrix->series->len > 1 ? (int) xy->shown[s] : -1, x, y, width, height);
  mark->x_index = i;
  mark->before = compare;
  mark->colour = series->colour;
  return mark;
}

char *
bv_xy_format_value (const BvXy *xy, guint s, guint i)
{
  BvSeries *series = bv_xy_series (xy, s);
  BvColumn *column = bv_frame_get_column (xy->build->frame, (guint) series->column);

  if (xy->stack == BV_STACK_SHARE && series->kind != BV_KIND_LINE)
    {
      BvFormat percent = BV_FORMAT_INIT;
      double from, to;

      percent.kind = BV_FORMAT_PERCENT;
      percent.decimals = 0;
      if (!bv_xy_stack_ends (xy, s, i, FALSE, &from, &to))
        return g_strdup ("");
      return bv_locale_format_double (xy->build->locale, fabs (to - from), &percent);
    }
  return bv_build_format (xy->build, &column->format, series->v[xy->places.first + i]);
}

static void
take (BvXy *xy, double v, gboolean right, double *lo, double *hi)
{
  BvValueAxis *axis = right ? &xy->right : &xy->values;

  if (axis->scale.kind == BV_SCALE_LOG && v <= 0)
    {
      xy->n_below++;
      return;
    }
  *lo = v < *lo ? v : *lo;
  *hi = v > *hi ? v : *hi;
  if (axis->scale.kind == BV_SCALE_SYMLOG && fabs (v) > 0)
    axis->least = axis->least > 0 ? MIN (axis->least, fabs (v)) : fabs (v);
}

/* The ends of all that is drawn on one axis. FALSE when there is nothing. */
static gboolean
extent (BvXy *xy, gboolean right, double *lo, double *hi, gboolean *from_zero)
{
  BvScaleKind scale = right ? xy->right.scale.kind : xy->values.scale.kind;

  *lo = G_MAXDOUBLE;
  *hi = -G_MAXDOUBLE;
  *from_zero = bv_chart_spec_bool (xy->build->spec, "start-at-zero");
  for (guint s = 0; s < xy->n_shown; s++)
    {
      BvSeries *series = bv_xy_series (xy, s);

      if (series->right != right)
        continue;
      if (series->kind != BV_KIND_LINE)
        *from_zero = TRUE;
      for (guint i = 0; series->forecast != NULL && i < series->forecast->n; i++)
        {
          const BvForecast *forecast = series->forecast;

          /* On a logarithmic scale bounds end at the axis, but a forecast of nothing has no place. */
          take (xy, forecast->mean[i], right, lo, hi);
          if (scale != BV_SCALE_LOG || forecast->low95[i] > 0)
            take (xy, forecast->low95[i], right, lo, hi);
          if (scale != BV_SCALE_LOG || forecast->high95[i] > 0)
            take (xy, forecast->high95[i], right, lo, hi);
        }
      if (scale != BV_SCALE_LINEAR)
        {
          for (guint i = xy->places.first; i < xy->places.first + xy->places.n; i++)
            {
              if (!isnan (series->v[i]))
                take (xy, series->v[i], right, lo, hi);
              if (series->cv != NULL && !isnan (series->cv[i]))
                take (xy, series->cv[i], right, lo, hi);
            }
          continue;
        }
      if (series->kind == BV_KIND_LINE || xy->stack == BV_STACK_NONE)
        {
          /* The quick way: a line may have a million points. */
          for (int compare = 0; compare < 2; compare++)
            {
              const double *values = compare ? series->cv : series->v;
              double low = *lo, high = *hi;

              for (guint i = xy->places.first; values != NULL && i < xy->places.first + xy->places.n; i++)
                {
                  low = values[i] < low ? values[i] : low;
                  high = values[i] > high ? values[i] : high;
                }
              *lo = low;
              *hi = high;
            }
          continue;
        }
      for (guint i = 0; i < xy->places.n; i++)
        for (int compare = 0; compare < 2; compare++)
          {
            double from, to;

            if (!bv_xy_stack_ends (xy, s, i, compare != 0, &from, &to))
              continue;
            *lo = MIN (*lo, MIN (from, to));
            *hi = MAX (*hi, MAX (from, to));
          }
    }
  return *lo <= *hi;
}

/* The format and unit of a value axis: of the first metric shown on it. */
static BvFormat
axis_format (const BvXy *xy, gboolean right, BvTickUnit *unit)
{
  BvColumn *column = NULL;
  BvFormat format = BV_FORMAT_INIT;
  gboolean whole = TRUE;

  *unit = BV_UNIT_DECIMAL;
  for (guint s = 0; s < xy->n_shown; s++)
    {
      BvColumn *c = bv_frame_get_column (xy->build->frame, (guint) bv_xy_series (xy, s)->column);

      if (bv_xy_series (xy, s)->right != right)
        continue;
      if (column == NULL && xy->stack == BV_STACK_SHARE && bv_xy_series (xy, s)->kind != BV_KIND_LINE)
        {
          format.kind = BV_FORMAT_PERCENT;
          return format;
        }
      column = column == NULL ? c : column;
      whole = whole && c->type != BV_TYPE_DOUBLE;
    }
  if (column == NULL)
    return format;
  if (column->format.kind == BV_FORMAT_DURATION_SECONDS)
    *unit = BV_UNIT_SECONDS;
  else if (column->format.kind == BV_FORMAT_DURATION_MS)
    *unit = BV_UNIT_MS;
  else if (whole && column->format.kind != BV_FORMAT_PERCENT)
    *unit = BV_UNIT_WHOLE;
  return bv_format_copy (&column->format);
}

/* Leaves out places that would be thinner than can be seen; says so. Of time the latest stay. */
static void
limit_places (BvXy *xy, double length)
{
  BvBuild *build = xy->build;
  double least = xy->matrix->is_time ? TIME_BAND_MIN : xy->horizontal ? ROW_MIN : BAND_MIN;
  guint fit = (guint) MAX (1, floor (length / least));
  guint all;
  gint64 from, to;

  xy->places.first = 0;
  xy->places.n = xy->matrix->n;
  if (xy->matrix->is_time && bv_chart_spec_window (build->spec, &from, &to))
    {
      guint first = 0, end = xy->matrix->n;

      while (first < end && xy->matrix->t[first] < from)
        first++;
      while (end > first && xy->matrix->t[end - 1] > to)
        end--;
      /* A window without a place would be an empty chart. */
      if (end > first)
        {
          xy->places.first = first;
          xy->places.n = end - first;
        }
    }
  all = xy->places.n;
  if (xy->places.continuous || all <= fit)
    return;
  xy->places.n = fit;
  if (xy->matrix->is_time)
    xy->places.first += all - fit;
  bv_parts_shown_note (build, fit, all);
}

static void
notes (BvXy *xy)
{
  bv_parts_odd_note (xy->build, xy->matrix->n_odd);
  bv_parts_below_note (xy->build, xy->n_below);
  if (xy->matrix->n_groups > 0 && xy->matrix->series->len < xy->matrix->n_groups * xy->matrix->n_metrics)
    {
      g_autofree char *all = bv_locale_format_count (xy->build->locale, xy->matrix->n_groups * xy->matrix->n_metrics);
      g_autofree char *text = NULL;

      text = g_strdup_printf (_("%u of %s series shown"), xy->matrix->series->len, all);
      bv_build_note (xy->build, text);
    }
}

/* Which series are measured at the right: those the spec names and, in a combination, lines of another kind of number than the first
 * series has. One axis stays at the left. */
static void
choose_axes (BvXy *xy)
{
  BvBuild *build = xy->build;
  BvScaleKind scale = bv_parts_scale (build);
  gboolean combo = strcmp (bv_chart_spec_get_type (build->spec), "combo") == 0;
  gboolean any_left = FALSE;

  for (guint s = 0; s < xy->n_shown && !xy->horizontal; s++)
    {
      BvSeries *series = bv_xy_series (xy, s);
      const char *axis = bv_chart_spec_series (build->spec, series->name, "axis");
      const BvColumn *column = bv_frame_get_column (build->frame, (guint) series->column);
      const BvColumn *first = bv_frame_get_column (build->frame, (guint) bv_xy_series (xy, 0)->column);

      series->right = g_strcmp0 (axis, "right") == 0 ||
                      (combo && g_strcmp0 (axis, "left") != 0 && series->kind == BV_KIND_LINE &&
                       (column->format.kind != first->format.kind || xy->stack == BV_STACK_SHARE));
      any_left = any_left || !series->right;
    }
  for (guint s = 0; s < xy->n_shown && !any_left; s++)
    bv_xy_series (xy, s)->right = FALSE;
  for (guint s = 0; s < xy->n_shown; s++)
    xy->has_right = xy->has_right || bv_xy_series (xy, s)->right;
  xy->values.scale.kind = xy->right.scale.kind = scale;
  xy->values.scale.constant = xy->right.scale.constant = 1;
  /* Logarithms do not add up: nothing is stacked on such a scale. */
  if (scale != BV_SCALE_LINEAR)
    xy->stack = BV_STACK_NONE;
}

/* The domain of an axis; FALSE when nothing is drawn on it. */
static gboolean
domain (BvXy *xy, gboolean right, double *lo, double *hi, gboolean *from_zero)
{
  BvScaleKind scale = right ? xy->right.scale.kind : xy->values.scale.kind;

  if (!extent (xy, right, lo, hi, from_zero))
    return FALSE;
  for (guint i = 0; !right && xy->references != NULL && i < xy->references->len; i++)
    {
      const BvReference *reference = &g_array_index (xy->references, BvReference, i);

      if (scale == BV_SCALE_LOG && reference->from <= 0)
        continue;
      *lo = MIN (*lo, reference->from);
      *hi = MAX (*hi, reference->to);
    }
  if (scale == BV_SCALE_LINEAR)
    bv_domain_extend (lo, hi, *from_zero);
  else if (scale == BV_SCALE_LOG && *from_zero)
    *lo *= 0.999; /* the smallest bar is not nothing */
  return TRUE;
}

/* What instants lie where, for selecting a part of time. */
static void
note_times (BvXy *xy)
{
  guint n = xy->places.n;

  if (!xy->matrix->is_time || xy->horizontal || n < 2 || xy->build->panel != NULL)
    return;
  for (guint i = 0; i < n; i += xy->places.continuous ? n - 1 : 1)
    {
      BvSceneTime time = { bv_place_axis_map (&xy->places, i), xy->matrix->t[xy->places.first + i] };

      g_array_append_val (xy->build->scene->times, time);
    }
}

void
bv_xy_build (BvBuild *build, BvSeriesKind kind)
{
  g_autoptr(BvMatrix) matrix = bv_matrix_new (build->frame, build->locale);
  const char *stack = bv_chart_spec_choice (build->spec, "stack");
  g_autofree guint *indexes = NULL;
  g_autoptr(GArray) references = NULL;
  BvXy xy = { .build = build, .matrix = matrix };
  gboolean labels = bv_chart_spec_bool (build->spec, "labels");
  gboolean any_bar = FALSE;
  gboolean direct;
  BvLabelSpace *space;
  gboolean from_zero, right_from_zero;
  double lo, hi, right_lo = 0, right_hi = 1;

  if (matrix->series->len == 0)
    {
      bv_build_message (build, _("There is nothing to draw: choose a metric that is a number"));
      return;
    }
  if (matrix->n == 0)
    {
      bv_build_message (build, _("No row has a date in the chart's time field: choose another time field"));
      return;
    }
  bv_build_series (build, matrix, kind);
  indexes = g_new (guint, matrix->series->len);
  xy.shown = indexes;
  for (guint s = 0; s < matrix->series->len; s++)
    {
      BvSeries *series = g_ptr_array_index (matrix->series, s);

      if (series->hidden)
        continue;
      indexes[xy.n_shown++] = s;
      any_bar = any_bar || series->kind == BV_KIND_BAR;
    }
  xy.stack = strcmp (stack, "stacked") == 0   ? BV_STACK_SUM
             : strcmp (stack, "percent") == 0 ? BV_STACK_SHARE
             : strcmp (stack, "auto") == 0 && matrix->pivoted && matrix->n_metrics == 1 ? BV_STACK_SUM
                                                                                      : BV_STACK_NONE;
  xy.horizontal = strcmp (bv_chart_spec_choice (build->spec, "orientation"), "horizontal") == 0;
  choose_axes (&xy);
  for (guint s = 0; s < xy.n_shown && xy.horizontal; s++)
    bv_xy_series (&xy, s)->kind = BV_KIND_BAR; /* lines do not run downwards */
  xy.places.matrix = matrix;
  xy.places.continuous = matrix->is_time && !any_bar;
  build->scene->crosshair = !any_bar;
  bv_alternative_series (build, matrix, bv_chart_type_find (bv_chart_spec_get_type (build->spec))->label);
  if (xy.n_shown == 0)
    {
      bv_legend_add_series (build, matrix);
      bv_build_message (build, _("All series are switched off: click a name in the legend"));
      return;
    }
  bv_xy_forecast (&xy);
  references = xy.references = bv_references_new (build->spec);
  limit_places (&xy, (xy.horizontal ? build->h : build->w) * 0.88);
  if (xy.has_right && !domain (&xy, TRUE, &right_lo, &right_hi, &right_from_zero))
    xy.has_right = FALSE;
  if (!domain (&xy, FALSE, &lo, &hi, &from_zero))
    {
      /* Only the right axis has values. */
      if (!xy.has_right)
        {
          bv_legend_add_series (build, matrix);
          bv_build_message (build, xy.n_below > 0 ? _("No value is above zero: choose a linear scale")
                                                  : _("No values to draw: all of them are empty"));
          return;
        }
      lo = 0;
      hi = 1;
      xy.values.scale.kind = BV_SCALE_LINEAR;
    }
  notes (&xy);
  direct = bv_direct_reserve (&xy);
  if (!direct)
    bv_legend_add_series (build, matrix);
  bv_axis_title (build, bv_chart_spec_text (build->spec, "axis-title-bottom"), FALSE, FALSE);
  bv_axis_title (build, bv_chart_spec_text (build->spec, "axis-title-left"), TRUE, TRUE);
  if (xy.has_right)
    bv_axis_title (build, bv_chart_spec_text (build->spec, "axis-title-right"), TRUE, FALSE);
  bv_panel_domain (build, FALSE, &lo, &hi);
  if (xy.has_right)
    bv_panel_domain (build, TRUE, &right_lo, &right_hi);
  /* Room for the labels at the ends of the bars. */
  if (labels && xy.stack == BV_STACK_NONE && from_zero && xy.values.scale.kind == BV_SCALE_LINEAR)
    {
      double room = (hi - lo) * (xy.horizontal ? 0.08 : MIN (0.5, build->line / MAX (build->h, 1)));

      hi += hi > 0 ? room : 0;
      lo -= lo < 0 ? room : 0;
    }
  if (xy.stack == BV_STACK_SHARE && from_zero)
    hi = hi > 0 ? MAX (hi, 1) : hi;
  {
    BvTickUnit unit, right_unit;
    g_auto(BvFormat) format = axis_format (&xy, FALSE, &unit);
    g_auto(BvFormat) right_format = axis_format (&xy, TRUE, &right_unit);
    BvPlot plot = { build, &xy.places, &xy.values, xy.has_right ? &xy.right : NULL, xy.horizontal, lo, hi, right_lo, right_hi,
                    &format, &right_format, unit, right_unit };

    bv_plot_axes (&plot);
  }
  note_times (&xy);
  space = bv_label_space_new (build);
  if (xy.has_right || direct)
    bv_label_space_block (space, build->scene->plot_x + build->scene->plot_width + build->size * 0.3, 0, build->width, build->height);
  bv_references_draw (&xy, TRUE);
  bv_references_label (&xy, space);
  xy.space = labels ? space : NULL;
  bv_xy_draw_bars (&xy);
  bv_xy_draw_areas (&xy);
  bv_xy_draw_lines (&xy);
  bv_xy_draw_forecasts (&xy);
  if (direct)
    bv_direct_draw (&xy);
  bv_references_draw (&xy, FALSE);
  bv_value_axis_clear (&xy.values);
  bv_value_axis_clear (&xy.right);
  bv_label_space_free (space);
}
