/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The frame of every chart with two axes: which places and series are shown, the stacks, the axes and the order of drawing.
 * Bars, areas and lines may be mixed; where a bar is among them the places are bands.
 */
#include "config.h"

#include "bv-chart-private.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

/* A bar and its gap need this much; more places than that cannot be told apart. */
#define BAND_MIN 4.0
#define TIME_BAND_MIN 1.5
#define ROW_MIN 6.0

static BvSeries *
shown (const BvXy *xy, guint s)
{
  return g_ptr_array_index (xy->matrix->series, xy->shown[s]);
}

gboolean
bv_xy_stack_ends (const BvXy *xy, guint s, guint i, gboolean compare, double *from, double *to)
{
  BvSeries *series = shown (xy, s);
  guint at = xy->places.first + i;
  const double *values = compare ? series->cv : series->v;
  double v = values != NULL ? values[at] : NAN;
  double base = 0;
  double sum = 0;

  if (isnan (v))
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
      BvSeries *other = shown (xy, o);
      const double *others = compare ? other->cv : other->v;

      if (other->kind != series->kind || others == NULL || isnan (others[at]))
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

char *
bv_xy_format_value (const BvXy *xy, guint s, guint i)
{
  BvSeries *series = shown (xy, s);
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
  return bv_locale_format_double (xy->build->locale, series->v[xy->places.first + i], &column->format);
}

/* The ends of all that is drawn. FALSE when there is nothing. */
static gboolean
extent (const BvXy *xy, double *lo, double *hi, gboolean *from_zero)
{
  *lo = G_MAXDOUBLE;
  *hi = -G_MAXDOUBLE;
  *from_zero = bv_chart_spec_bool (xy->build->spec, "start-at-zero");
  for (guint s = 0; s < xy->n_shown; s++)
    {
      BvSeries *series = shown (xy, s);

      if (series->kind != BV_KIND_LINE)
        *from_zero = TRUE;
      if (series->kind == BV_KIND_LINE || xy->stack == BV_STACK_NONE)
        {
          /* The quick way: a line may have a million points. */
          for (guint i = xy->places.first; i < xy->places.first + xy->places.n; i++)
            {
              *lo = series->v[i] < *lo ? series->v[i] : *lo;
              *hi = series->v[i] > *hi ? series->v[i] : *hi;
              if (series->cv != NULL)
                {
                  *lo = series->cv[i] < *lo ? series->cv[i] : *lo;
                  *hi = series->cv[i] > *hi ? series->cv[i] : *hi;
                }
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

/* The format and unit of the value axis: of the first metric shown. */
static BvFormat
axis_format (const BvXy *xy, BvTickUnit *unit)
{
  BvColumn *column = bv_frame_get_column (xy->build->frame, (guint) shown (xy, 0)->column);
  BvFormat format = BV_FORMAT_INIT;
  gboolean whole = TRUE;

  *unit = BV_UNIT_DECIMAL;
  if (xy->stack == BV_STACK_SHARE && shown (xy, 0)->kind != BV_KIND_LINE)
    {
      format.kind = BV_FORMAT_PERCENT;
      return format;
    }
  for (guint s = 0; s < xy->n_shown; s++)
    whole = whole && bv_frame_get_column (xy->build->frame, (guint) shown (xy, s)->column)->type != BV_TYPE_DOUBLE;
  if (column->format.kind == BV_FORMAT_DURATION_SECONDS)
    *unit = BV_UNIT_SECONDS;
  else if (column->format.kind == BV_FORMAT_DURATION_MS)
    *unit = BV_UNIT_MS;
  else if (whole && column->format.kind != BV_FORMAT_PERCENT)
    *unit = BV_UNIT_WHOLE;
  return bv_format_copy (&column->format);
}

static void
axis_title (BvBuild *build, const char *key, gboolean left)
{
  const char *title = bv_chart_spec_text (build->spec, key);
  g_autofree char *fitted = NULL;
  double width;

  if (title == NULL || build->w < build->size * 14 || build->h < build->size * 9)
    return;
  fitted = bv_text_fit (build->text, title, build->size, FALSE, (left ? build->h : build->w) * 0.9);
  width = bv_text_width (build->text, fitted, build->size, FALSE);
  if (left)
    {
      BvTextRun *run = bv_scene_add_text (build->scene, BV_TEXT_AXIS_TITLE, fitted, build->x + build->line / 2 - width / 2,
                                          build->y + build->h / 2 - build->line / 2, width, build->line, 0.5, build->size,
                                          build->ink.muted);

      run->angle = -G_PI_2;
      build->x += build->line + build->size * 0.4;
      build->w -= build->line + build->size * 0.4;
      return;
    }
  bv_scene_add_text (build->scene, BV_TEXT_AXIS_TITLE, fitted, build->x + (build->w - width) / 2,
                     build->y + build->h - build->line, width, build->line, 0.5, build->size, build->ink.muted);
  build->h -= build->line + build->size * 0.3;
}

/* Leaves out places that would be thinner than can be seen; says so. Of time the latest stay. */
static void
limit_places (BvXy *xy, double length)
{
  BvBuild *build = xy->build;
  double least = xy->matrix->is_time ? TIME_BAND_MIN : xy->horizontal ? ROW_MIN : BAND_MIN;
  guint fit = (guint) MAX (1, floor (length / least));
  g_autofree char *shown_text = NULL;
  g_autofree char *all_text = NULL;
  g_autofree char *note = NULL;

  xy->places.first = 0;
  xy->places.n = xy->matrix->n;
  if (xy->places.continuous || xy->matrix->n <= fit)
    return;
  xy->places.n = fit;
  if (xy->matrix->is_time)
    xy->places.first = xy->matrix->n - fit;
  shown_text = bv_locale_format_count (build->locale, fit);
  all_text = bv_locale_format_count (build->locale, xy->matrix->n);
  /* Translators: the numbers of bars shown and of all there are. */
  note = g_strdup_printf (_("%s of %s shown"), shown_text, all_text);
  bv_build_note (build, note);
}

static void
odd_values_note (BvXy *xy)
{
  g_autofree char *note = NULL;

  if (xy->matrix->n_odd > 0)
    {
      note = g_strdup_printf (ngettext ("%u value is not finite and not drawn", "%u values are not finite and not drawn",
                                        xy->matrix->n_odd), xy->matrix->n_odd);
      bv_build_note (xy->build, note);
    }
  if (xy->matrix->n_groups > 0 && xy->matrix->series->len < xy->matrix->n_groups * xy->matrix->n_metrics)
    {
      g_autofree char *all = bv_locale_format_count (xy->build->locale, xy->matrix->n_groups * xy->matrix->n_metrics);
      g_autofree char *text = NULL;

      text = g_strdup_printf (_("%u of %s series shown"), xy->matrix->series->len, all);
      bv_build_note (xy->build, text);
    }
}

/* Places the plot rect between the axes and draws the axes. */
static void
draw_axes (BvXy *xy, double lo, double hi)
{
  BvBuild *build = xy->build;
  BvScene *scene = build->scene;
  BvTickUnit unit;
  g_auto(BvFormat) format = axis_format (xy, &unit);
  double half = build->line / 2;
  gboolean sparse = build->h < build->line * 4 || build->w < build->size * 8;
  double bottom, left;

  scene->has_plot = TRUE;
  scene->vertical = xy->horizontal;
  scene->plot_y = build->y + (sparse ? 0 : half);
  scene->plot_x = build->x;
  scene->plot_width = build->w;
  scene->plot_height = build->y + build->h - scene->plot_y;
  if (xy->horizontal)
    {
      double cap = build->w * 0.4;

      left = sparse ? 0 : bv_place_axis_width (&xy->places, build, cap);
      scene->plot_x = build->x + (left > 0 ? left + build->size * 0.8 : 0);
      scene->plot_width = MAX (build->x + build->w - scene->plot_x - (sparse ? 0 : build->size * 1.5), 1);
      scene->plot_height = MAX (scene->plot_height - (sparse ? 0 : build->line + build->size * 0.5), 1);
      xy->values.label_width = 0;
      bv_value_axis_init (&xy->values, build, lo, hi, scene->plot_width, TRUE, &format, unit);
      /* Once more with the labels' true width. */
      bv_value_axis_init (&xy->values, build, lo, hi, scene->plot_width, TRUE, &format, unit);
      xy->values.scale.r0 = scene->plot_x;
      xy->values.scale.r1 = scene->plot_x + scene->plot_width;
      xy->places.x0 = scene->plot_y;
      xy->places.width = scene->plot_height;
      if (!sparse)
        {
          bv_value_axis_draw (&xy->values, build, TRUE);
          bv_place_axis_draw_vertical (&xy->places, build, scene->plot_x - build->size * 0.8, left);
        }
      return;
    }
  /* The labels below depend on the width, which depends on the labels at the left, which depend on the height. */
  bottom = sparse ? 0 : build->line * 2;
  for (int pass = 0; pass < 2; pass++)
    {
      double height = MAX (build->y + build->h - scene->plot_y - bottom - (sparse ? 0 : half + build->size * 0.2), 1);

      bv_value_axis_clear (&xy->values);
      bv_value_axis_init (&xy->values, build, lo, hi, height, FALSE, &format, unit);
      left = sparse ? 0 : MIN (xy->values.label_width, build->w * 0.35) + build->size * 0.8;
      scene->plot_x = build->x + left;
      scene->plot_width = MAX (build->x + build->w - scene->plot_x - (sparse ? 0 : build->size * 0.4), 1);
      scene->plot_height = height;
      xy->places.x0 = scene->plot_x;
      xy->places.width = scene->plot_width;
      xy->places.pad = sparse ? 1 : build->size * 0.4;
      if (!sparse)
        bottom = bv_place_axis_layout (&xy->places, build, build->h * 0.36, FALSE, 0);
    }
  scene->plot_height = MAX (build->y + build->h - scene->plot_y - bottom - (sparse ? 0 : half + build->size * 0.2), 1);
  xy->values.scale.r0 = scene->plot_y + scene->plot_height;
  xy->values.scale.r1 = scene->plot_y;
  if (!sparse)
    {
      bv_value_axis_draw (&xy->values, build, FALSE);
      bv_place_axis_layout (&xy->places, build, build->h * 0.36, TRUE, scene->plot_y + scene->plot_height + half + build->size * 0.2);
    }
}

void
bv_xy_build (BvBuild *build, BvSeriesKind kind)
{
  g_autoptr(BvMatrix) matrix = bv_matrix_new (build->frame, build->locale);
  const char *stack = bv_chart_spec_choice (build->spec, "stack");
  g_autofree guint *indexes = NULL;
  BvXy xy = { .build = build, .matrix = matrix };
  gboolean labels = bv_chart_spec_bool (build->spec, "labels");
  gboolean any_bar = FALSE;
  gboolean from_zero;
  double lo, hi;

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
  xy.places.matrix = matrix;
  xy.places.continuous = matrix->is_time && !any_bar;
  build->scene->crosshair = !any_bar;
  for (guint s = 0; s < xy.n_shown && xy.horizontal; s++)
    shown (&xy, s)->kind = BV_KIND_BAR; /* lines do not run downwards */
  bv_alternative_series (build, matrix, bv_chart_type_find (bv_chart_spec_get_type (build->spec))->label);
  odd_values_note (&xy);
  bv_legend_add_series (build, matrix);
  if (xy.n_shown == 0)
    {
      bv_build_message (build, _("All series are switched off: click a name in the legend"));
      return;
    }
  axis_title (build, "axis-title-bottom", FALSE);
  axis_title (build, "axis-title-left", TRUE);
  limit_places (&xy, (xy.horizontal ? build->h : build->w) * 0.88);
  if (!extent (&xy, &lo, &hi, &from_zero))
    {
      bv_build_message (build, _("No values to draw: all of them are empty"));
      return;
    }
  bv_domain_extend (&lo, &hi, from_zero);
  /* Room for the labels at the ends of the bars. */
  if (labels && xy.stack == BV_STACK_NONE && from_zero)
    {
      double room = (hi - lo) * (xy.horizontal ? 0.08 : MIN (0.5, build->line / MAX (build->h, 1)));

      hi += hi > 0 ? room : 0;
      lo -= lo < 0 ? room : 0;
    }
  if (xy.stack == BV_STACK_SHARE && from_zero)
    hi = hi > 0 ? MAX (hi, 1) : hi;
  draw_axes (&xy, lo, hi);
  xy.space = labels ? bv_label_space_new (build) : NULL;
  bv_xy_draw_bars (&xy);
  bv_xy_draw_areas (&xy);
  bv_xy_draw_lines (&xy);
  bv_value_axis_clear (&xy.values);
  g_clear_pointer (&xy.space, bv_label_space_free);
}
