/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Forecasts in lines and bars along time: a dashed line after the values, between bounds, said to be a forecast in the legend, in a note and
 * in every tooltip.
 *
 * A last bucket that the range does not fill ("this month to now") is no value to learn from: it is forecast as a whole bucket, and what
 * it holds so far is drawn as it is. Parts of a stack are not forecast one by one, because their bounds do not add up.
 */
#include "config.h"

#include "bv-chart-parts.h"

#include <glib/gi18n-lib.h>
#include <math.h>

#define STEPS_MAX 400
#define SERIES_MAX 12

/* Whether the range ends before the last bucket does. */
static gboolean
last_is_partial (const BvXy *xy)
{
  BvCalendar *calendar = bv_locale_get_calendar (xy->build->locale);
  gint64 last = xy->matrix->t[xy->matrix->n - 1];
  BvRange range;

  if (!bv_frame_get_range (xy->build->frame, &range) || !range.has_to)
    return FALSE;
  if (xy->matrix->is_date)
    {
      gint64 end = bv_calendar_add (calendar, last, xy->matrix->grain, 1);

      /* A range to now ends with the day of now, which is not over. */
      return range.to_day < end || (range.to_day == end && range.to_us < bv_calendar_day_start (calendar, end));
    }
  return range.to_us < bv_calendar_next_hour (calendar, last);
}

static void
describe (BvXy *xy, const BvSeries *series)
{
  BvBuild *build = xy->build;
  const BvForecast *forecast = series->forecast;
  const BvFormat *format = &bv_frame_get_column (build->frame, (guint) series->column)->format;
  guint last = forecast->n - 1;
  g_autofree char *at = bv_matrix_x_label (xy->matrix, forecast->first + last, build->locale);
  g_autofree char *value = bv_locale_format_double (build->locale, forecast->mean[last], format);
  g_autofree char *low = bv_locale_format_double (build->locale, forecast->low95[last], format);
  g_autofree char *high = bv_locale_format_double (build->locale, forecast->high95[last], format);
  /* Translators: series, time, value, bounds. */
  g_autofree char *text = g_strdup_printf (_("%s is forecast to be %s at %s, in 95 of 100 cases between %s and %s."), series->label, value, at,
                                           low, high);

  bv_alternative_set (build, g_strdup_printf ("%s %s", build->scene->alternative, text));
}

static void
note (BvXy *xy, const BvForecast *forecast)
{
  bv_build_note (xy->build, forecast->season > 0 && forecast->trend ? _("Dashed: forecast by exponential smoothing with a trend and a season")
                            : forecast->season > 0                  ? _("Dashed: forecast by exponential smoothing with a season")
                            : forecast->trend                       ? _("Dashed: forecast by exponential smoothing with a trend")
                                                                    : _("Dashed: forecast by exponential smoothing"));
}

void
bv_xy_forecast (BvXy *xy)
{
  double wanted = bv_chart_spec_number (xy->build->spec, "forecast");
  BvMatrix *matrix = xy->matrix;
  guint steps = wanted >= 1 ? (guint) MIN (wanted, STEPS_MAX) : 0;
  guint known = matrix->n, end = 0;
  const BvForecast *any = NULL;
  guint n_none = 0;

  if (steps == 0)
    return;
  if (!matrix->is_time || matrix->grain == BV_GRAIN_NONE || xy->horizontal)
    {
      bv_build_note (xy->build, _("No forecast: it needs time along the chart, by hour, day, week, month, quarter or year"));
      return;
    }
  if (xy->stack != BV_STACK_NONE && xy->n_shown > 1)
    {
      bv_build_note (xy->build, _("No forecast: parts of a stack are not forecast, choose lines or bars side by side"));
      return;
    }
  if (last_is_partial (xy))
    known--;
  for (guint s = 0; s < xy->n_shown && s < SERIES_MAX; s++)
    {
      BvSeries *series = bv_xy_series (xy, s);
      BvForecast *forecast = bv_forecast_new (series->v, known, bv_forecast_season (matrix->grain), steps);

      if (forecast == NULL)
        {
          n_none++;
          continue;
        }
      series->forecast = forecast;
      end = MAX (end, forecast->first + forecast->n);
      any = forecast;
    }
  if (any == NULL)
    {
      bv_build_note (xy->build, _("No forecast: it needs eight values in a row and more"));
      return;
    }
  if (end > matrix->n)
    bv_matrix_extend (matrix, bv_locale_get_calendar (xy->build->locale), end - matrix->n);
  note (xy, any);
  for (guint s = 0; s < xy->n_shown && s < 4; s++)
    if (bv_xy_series (xy, s)->forecast != NULL)
      describe (xy, bv_xy_series (xy, s));
}

static void
add_band (BvXy *xy, guint s, const double *low, const double *high, guint anchor, double alpha)
{
  BvSeries *series = bv_xy_series (xy, s);
  const BvForecast *forecast = series->forecast;
  const BvLinear *scale = bv_xy_scale (xy, s);
  BvScene *scene = xy->build->scene;
  BvShape *shape = bv_scene_add_path (scene, BV_PART_DECORATION);
  guint first = xy->places.first;
  double from = anchor != G_MAXUINT ? series->v[anchor] : NAN;

  shape->closed = TRUE;
  shape->fill = bv_colour_alpha (series->colour, alpha);
  if (!isnan (from))
    bv_scene_add_point (scene, bv_place_axis_map (&xy->places, anchor - first), bv_linear_map (scale, from));
  for (guint h = 0; h < forecast->n; h++)
    if (forecast->first + h >= first)
      bv_scene_add_point (scene, bv_place_axis_map (&xy->places, forecast->first + h - first), bv_linear_map (scale, high[h]));
  for (guint h = forecast->n; h-- > 0;)
    if (forecast->first + h >= first)
      bv_scene_add_point (scene, bv_place_axis_map (&xy->places, forecast->first + h - first), bv_linear_map (scale, low[h]));
}

static void
draw_one (BvXy *xy, guint s)
{
  BvBuild *build = xy->build;
  BvScene *scene = build->scene;
  BvSeries *series = bv_xy_series (xy, s);
  const BvForecast *forecast = series->forecast;
  const BvLinear *scale = bv_xy_scale (xy, s);
  const BvFormat *format = &bv_frame_get_column (build->frame, (guint) series->column)->format;
  gboolean log = scale->kind == BV_SCALE_LOG;
  guint first = xy->places.first, last_place = xy->places.first + xy->places.n;
  guint anchor = forecast->first > first && forecast->first - 1 < last_place && !isnan (series->v[forecast->first - 1]) &&
                     (!log || series->v[forecast->first - 1] > 0) && series->kind != BV_KIND_BAR ? forecast->first - 1 : G_MAXUINT;
  BvShape *shape;

  if (forecast->first + forecast->n > last_place)
    return;
  if (bv_chart_spec_is (build->spec, "forecast-bounds", "both") || bv_chart_spec_is (build->spec, "forecast-bounds", "95"))
    add_band (xy, s, forecast->low95, forecast->high95, anchor, 0.13);
  if (bv_chart_spec_is (build->spec, "forecast-bounds", "both") || bv_chart_spec_is (build->spec, "forecast-bounds", "80"))
    add_band (xy, s, forecast->low80, forecast->high80, anchor, 0.18);
  shape = bv_scene_add_path (scene, BV_PART_DECORATION);
  shape->stroke = series->colour;
  shape->line_width = MAX (1, build->size * 0.18);
  shape->dashed = TRUE;
  if (anchor != G_MAXUINT)
    bv_scene_add_point (scene, bv_place_axis_map (&xy->places, anchor - first), bv_linear_map (scale, series->v[anchor]));
  for (guint h = 0; h < forecast->n; h++)
    {
      guint place = forecast->first + h;
      g_autofree char *value = NULL, *low = NULL, *high = NULL, *at = NULL, *text = NULL;
      BvSceneMark *mark;
      double x, y;

      if (place < first)
        continue;
      if (log && forecast->mean[h] <= 0)
        {
          bv_scene_add_point (scene, NAN, NAN);
          continue;
        }
      x = bv_place_axis_map (&xy->places, place - first);
      y = bv_linear_map (scale, forecast->mean[h]);
      bv_scene_add_point (scene, x, y);
      value = bv_locale_format_double (build->locale, forecast->mean[h], format);
      low = bv_locale_format_double (build->locale, forecast->low95[h], format);
      high = bv_locale_format_double (build->locale, forecast->high95[h], format);
      at = bv_matrix_x_label (xy->matrix, place, build->locale);
      /* Translators: time, series, value, bounds. */
      text = g_strdup_printf (_("%s (forecast)\n%s: %s\n95 of 100 cases: %s to %s"), at, series->label, value, low, high);
      mark = bv_scene_add_mark (scene, BV_MARK_POINT, BV_ROW_NONE, series->column, xy->matrix->series->len > 1 ? (int) xy->shown[s] : -1, x - 4,
                                y - 4, 8, 8);
      mark->x_index = place - first;
      mark->colour = series->colour;
      mark->mark.text = bv_scene_intern (scene, text);
    }
}

void
bv_xy_draw_forecasts (BvXy *xy)
{
  for (guint s = 0; s < xy->n_shown; s++)
    if (bv_xy_series (xy, s)->forecast != NULL)
      draw_one (xy, s);
}
