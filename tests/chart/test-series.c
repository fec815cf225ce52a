/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Small multiples, forecasts, and what the definition says of series. */
#include "bv-chart-private.h"
#include "chart-samples.h"

static BvLocale *locale;

static BvScene *
build (const char *type, const char *options, BvFrame *frame, double width, double height)
{
  const ChartSample sample = { type, type, options };
  g_autoptr(BvChartSpec) spec = sample_spec (&sample);

  return bv_chart_build (spec, frame, NULL, locale, width, height, NULL);
}

static BvScene *
build_sample (const char *name, BvFrame *frame, double width, double height)
{
  for (guint i = 0; i < G_N_ELEMENTS (chart_samples); i++)
    if (strcmp (chart_samples[i].name, name) == 0)
      return build (chart_samples[i].type, chart_samples[i].options, frame, width, height);
  g_assert_not_reached ();
}

static double
frame_value (BvScene *scene, const BvMark *mark)
{
  return bv_frame_get_double (scene->frame, (guint) mark->column, mark->row);
}

static gboolean
has_text (BvScene *scene, const char *part)
{
  for (guint i = 0; i < scene->texts->len; i++)
    if (strstr (bv_scene_text (scene, i)->text, part) != NULL)
      return TRUE;
  return FALSE;
}

/* Small multiples: each row in the panel of its value, the same value at the same height in all of them, the pointer in its own panel. */
static void
test_facets (void)
{
  static const char *const names[] = { "facets", "facets-bars", "facets-horizontal", "facets-scatter" };

  for (guint n = 0; n < G_N_ELEMENTS (names); n++)
    {
      g_autoptr(BvFrame) frame = sample_frame (names[n]);
      g_autoptr(BvScene) scene = build_sample (names[n], frame, 1200, 700);
      g_autofree guint *seen = g_new0 (guint, bv_frame_get_n_rows (frame));
      int facet = bv_frame_find_column (frame, "Plan");
      double slope = NAN;

      g_assert_cmpuint (scene->panels->len, >=, 4);
      for (guint p = 0; p < scene->panels->len; p++)
        {
          const BvPanelRect *panel = &g_array_index (scene->panels, BvPanelRect, p);
          const BvPanelRect *first = &g_array_index (scene->panels, BvPanelRect, 0);
          const char *value = NULL;

          /* All plots are as large as the first. */
          g_assert_cmpfloat_with_epsilon (panel->width, first->width, 1.5);
          g_assert_cmpfloat_with_epsilon (panel->height, first->height, 1.5);
          g_assert_cmpuint (panel->n_marks, >, 0);
          for (guint m = panel->first_mark; m < panel->first_mark + panel->n_marks; m++)
            {
              const BvSceneMark *mark = bv_scene_mark (scene, m);
              const char *own = bv_frame_get_text (frame, (guint) facet, mark->mark.row);
              double v = frame_value (scene, &mark->mark);
              double length = scene->vertical ? mark->mark.width : panel->y + panel->height - (mark->kind == BV_MARK_POINT ? mark->y : mark->mark.y);

              value = value == NULL ? own : value;
              g_assert_cmpstr (own, ==, value);
              seen[mark->mark.row]++;
              if (n < 3)
                {
                  slope = isnan (slope) ? length / v : slope;
                  g_assert_cmpfloat_with_epsilon (length / v, slope, 0.02 * slope + 1.5 / v);
                }
              if (mark->kind == BV_MARK_POINT)
                {
                  int hit = bv_scene_hit (scene, mark->x, mark->y);

                  g_assert_cmpint (hit, >=, (int) panel->first_mark);
                  g_assert_cmpint (hit, <, (int) (panel->first_mark + panel->n_marks));
                }
            }
        }
      for (guint r = 0; r < bv_frame_get_n_rows (frame); r++)
        g_assert_cmpuint (seen[r], ==, strcmp (names[n], "facets-scatter") == 0 ? 1 : 2);
    }
}

/* A place that one panel lacks stays empty there, and stays a place. */
static void
test_facet_places (void)
{
  static const char *const rows[][2] = { { "A", "x" }, { "A", "y" }, { "A", "z" }, { "B", "z" }, { "B", "x" } };
  g_autoptr(BvFrame) frame = bv_frame_new ();
  g_autoptr(BvScene) scene = NULL;

  bv_frame_add_column (frame, "Group", BV_TYPE_TEXT, BV_ROLE_DIMENSION);
  bv_frame_add_column (frame, "Name", BV_TYPE_TEXT, BV_ROLE_DIMENSION);
  bv_frame_add_column (frame, "N", BV_TYPE_INT, BV_ROLE_METRIC);
  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      bv_frame_append_text (frame, 0, rows[i][0], -1);
      bv_frame_append_text (frame, 1, rows[i][1], -1);
      bv_frame_append_int (frame, 2, 5);
    }
  scene = build ("bar", "facet=Group", frame, 800, 300);
  g_assert_cmpuint (scene->panels->len, ==, 2);
  g_assert_cmpuint (scene->marks->len, ==, 5);
  {
    const BvPanelRect *a = &g_array_index (scene->panels, BvPanelRect, 0), *b = &g_array_index (scene->panels, BvPanelRect, 1);
    double places[2][3] = { { 0 } };

    for (guint m = 0; m < 5; m++)
      {
        const BvMark *mark = bv_scene_get_mark (scene, m);
        gboolean second = m >= b->first_mark;

        g_assert_cmpstr (bv_frame_get_text (frame, 0, mark->row), ==, second ? "B" : "A");
        places[second][*bv_frame_get_text (frame, 1, mark->row) - 'x'] = mark->x - (second ? b->x : a->x);
      }
    g_assert_cmpfloat_with_epsilon (places[0][0], places[1][0], 1);
    g_assert_cmpfloat_with_epsilon (places[0][2], places[1][2], 1);
    g_assert_cmpfloat (places[1][1], <=, 0);
  }
}

/* The forecast stands after the values, is told from them, and stands for no rows. */
static void
test_forecast (void)
{
  g_autoptr(BvFrame) frame = sample_frame ("forecast");
  g_autoptr(BvScene) scene = build_sample ("forecast", frame, 900, 420);
  guint n = bv_frame_get_n_rows (frame);
  double last = 0;
  guint n_forecast = 0;

  for (guint m = 0; m < scene->marks->len; m++)
    {
      const BvMark *mark = bv_scene_get_mark (scene, m);

      g_assert_cmpfloat (mark->x, >, last);
      last = mark->x;
      if (mark->row == BV_ROW_NONE)
        {
          n_forecast++;
          g_assert_nonnull (strstr (mark->text, "forecast"));
        }
      else
        g_assert_cmpuint (n_forecast, ==, 0);
    }
  g_assert_cmpuint (scene->marks->len, ==, n + 9);
  g_assert_cmpuint (n_forecast, ==, 9);
  g_assert_true (has_text (scene, "Dashed: forecast"));
  g_assert_nonnull (strstr (bv_scene_get_alternative (scene), "forecast"));
  {
    g_autoptr(BvFrame) stacked_frame = sample_frame ("series");
    g_autoptr(BvScene) stacked = build ("area", "forecast=3", stacked_frame, 900, 420);

    g_assert_true (has_text (stacked, "No forecast"));
  }
}

/* A last month that the range cuts short teaches nothing: it is forecast too. */
static void
test_forecast_partial (void)
{
  g_autoptr(BvCalendar) calendar = bv_calendar_new ("Europe/Paris", 1, NULL);
  g_autoptr(BvFrame) frame = bv_frame_new ();
  g_autoptr(BvScene) scene = NULL;
  BvRange range = { TRUE, TRUE, 0, 0, 0, 0 };
  guint n_forecast = 0;

  bv_frame_add_column (frame, "Month", BV_TYPE_DATE, BV_ROLE_TIME)->grain = BV_GRAIN_MONTH;
  bv_frame_add_column (frame, "N", BV_TYPE_DOUBLE, BV_ROLE_METRIC);
  for (int i = 0; i < 12; i++)
    {
      bv_frame_append_int (frame, 0, bv_days_from_civil (2026, 1 + i, 1));
      bv_frame_append_double (frame, 1, i == 11 ? 3 : 100);
    }
  range.from_day = bv_days_from_civil (2026, 1, 1);
  range.to_day = bv_days_from_civil (2026, 12, 3);
  range.from_us = bv_calendar_day_start (calendar, range.from_day);
  range.to_us = bv_calendar_day_start (calendar, range.to_day);
  bv_frame_set_range (frame, &range);
  scene = build ("line", "forecast=2", frame, 900, 420);
  for (guint m = 0; m < scene->marks->len; m++)
    if (bv_scene_get_mark (scene, m)->row == BV_ROW_NONE)
      {
        g_assert_nonnull (strstr (bv_scene_get_mark (scene, m)->text, "N: 100"));
        n_forecast++;
      }
  g_assert_cmpuint (n_forecast, ==, 2);
}

/* Names at the ends of lines: one for each, in the order of the lines, and a legend once one is switched off. */
static void
test_direct (void)
{
  g_autoptr(BvFrame) frame = sample_frame ("series");
  g_autoptr(BvScene) scene = build_sample ("series", frame, 900, 420);
  static const char *const hidden[] = { "Team", NULL };
  g_autoptr(BvChartSpec) spec = bv_chart_spec_new ("line");
  g_autoptr(BvScene) less = bv_chart_build (spec, frame, NULL, locale, 900, 420, hidden);

  g_assert_cmpuint (scene->legend->len, ==, 6);
  g_assert_true (has_text (scene, "Professional"));
  for (guint i = 0; i < scene->legend->len; i++)
    {
      const BvLegendHit *hit = &g_array_index (scene->legend, BvLegendHit, i);

      g_assert_cmpfloat (hit->x, >, scene->plot_x + scene->plot_width);
      g_assert_cmpstr (bv_scene_hit_legend (scene, hit->x + 2, hit->y + hit->height / 2), ==, hit->name);
    }
  g_assert_cmpuint (less->legend->len, ==, 6);
  g_assert_cmpfloat (g_array_index (less->legend, BvLegendHit, 0).y, >, less->plot_y + less->plot_height);
}

/* The definition's order, names and hiding; the legend switches what is hidden on. */
static void
test_series_options (void)
{
  g_autoptr(BvFrame) frame = sample_frame ("series");
  g_autoptr(BvScene) scene = build ("bar", "stack=grouped;legend=bottom;series.Plan 4.order=1;series.Team.hidden=true;series.Business.order=2", frame, 900, 420);
  const char *const on[] = { "Team", NULL };
  g_autoptr(BvChartSpec) spec = bv_chart_spec_new ("bar");
  g_autoptr(BvScene) shown = NULL;
  BvValue yes = bv_value_bool (TRUE);

  g_assert_cmpstr (g_array_index (scene->legend, BvLegendHit, 0).name, ==, "Plan 4");
  g_assert_cmpstr (g_array_index (scene->legend, BvLegendHit, 1).name, ==, "Business");
  g_assert_cmpstr (g_array_index (scene->legend, BvLegendHit, 2).name, ==, "Free");
  for (guint m = 0; m < scene->marks->len; m++)
    g_assert_cmpstr (bv_frame_get_text (frame, 1, bv_scene_mark (scene, m)->mark.row), !=, "Team");
  g_assert_true (bv_chart_spec_set_option (spec, "series.Team.hidden", &yes));
  shown = bv_chart_build (spec, frame, NULL, locale, 900, 420, on);
  g_assert_cmpuint (shown->marks->len, ==, bv_frame_get_n_rows (frame));
}

/* Steps in time are counted from the start of each cohort; a month that a cohort lacks stays a step. */
static void
test_steps (void)
{
  g_autoptr(BvFrame) frame = bv_frame_new ();
  g_autoptr(BvScene) counted = NULL, named = NULL;

  bv_frame_add_column (frame, "Signed up", BV_TYPE_DATE, BV_ROLE_DIMENSION)->grain = BV_GRAIN_MONTH;
  bv_frame_add_column (frame, "Month", BV_TYPE_DATE, BV_ROLE_DIMENSION)->grain = BV_GRAIN_MONTH;
  bv_frame_add_column (frame, "Active", BV_TYPE_INT, BV_ROLE_METRIC);
  for (int cohort = 1; cohort <= 3; cohort++)
    for (int month = cohort; month <= 5; month++)
      {
        if (cohort == 2 && month == 3)
          continue;
        bv_frame_append_int (frame, 0, bv_days_from_civil (2026, cohort, 1));
        bv_frame_append_int (frame, 1, bv_days_from_civil (2026, month, 1));
        bv_frame_append_int (frame, 2, 100 - 10 * (month - cohort));
      }
  counted = build ("retention", "", frame, 900, 300);
  named = build ("retention", "steps=names", frame, 900, 300);
  g_assert_true (has_text (counted, "Month 0"));
  g_assert_true (has_text (counted, "Month 4"));
  g_assert_false (has_text (counted, "Month 5"));
  g_assert_false (has_text (named, "Month 0"));
  g_assert_cmpuint (counted->marks->len, ==, named->marks->len);
  for (guint m = 0; m < counted->marks->len; m++)
    {
      const BvSceneMark *mark = bv_scene_mark (counted, m);
      gint64 active = bv_frame_get_int (frame, 2, mark->mark.row);
      g_autofree char *share = g_strdup_printf ("\n%d", (int) active);

      /* What is left falls by a tenth with each step. */
      g_assert_cmpint (100 - 10 * (gint64) mark->x_index, ==, active);
      g_assert_nonnull (strstr (bv_scene_get_mark (counted, m)->text, share));
    }
}

/* Panels of every type that has them share what they measure by: equal heights, widths and colours are equal values, whatever the panel. */
static void
test_facets_share (void)
{
  static const char *const names[] = { "facets-histogram", "facets-heatmap", "facets-funnel", "facets-waterfall", "facets-calendar", "facets-map" };

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    for (guint s = 0; s < G_N_ELEMENTS (chart_samples); s++)
      {
        g_autoptr(BvFrame) frame = NULL;
        g_autoptr(BvChartSpec) spec = NULL;
        g_autoptr(BvScene) scene = NULL;
        gboolean colours = strstr (names[i], "heatmap") || strstr (names[i], "calendar") || strstr (names[i], "map");
        double unit = 0;

        if (strcmp (chart_samples[s].name, names[i]) != 0)
          continue;
        frame = sample_frame (names[i]);
        spec = sample_spec (&chart_samples[s]);
        scene = bv_chart_build (spec, frame, NULL, locale, 1200, 800, NULL);
        g_assert_cmpuint (scene->panels->len, >=, 3);
        for (guint m = 0; m < scene->marks->len; m++)
          {
            const BvSceneMark *mark = bv_scene_mark (scene, m);
            double v = mark->mark.row < bv_frame_get_n_rows (frame) ? bv_frame_get_double (frame, (guint) mark->mark.column, mark->mark.row) : NAN;
            double length = strstr (names[i], "funnel") ? mark->mark.width : mark->mark.height;

            if (strstr (names[i], "histogram"))
              v = atoi (strchr (mark->mark.text, '\n') != NULL ? strchr (mark->mark.text, '\n') + 1 : mark->mark.text);
            if (isnan (v) || length < 20)
              continue;
            if (!colours && fabs (v) > 0 && !(unit > 0))
              unit = length / fabs (v);
            else if (!colours && fabs (v) > 0)
              g_assert_cmpfloat_with_epsilon (length / fabs (v) / unit, 1, 0.05);
            for (guint k = 0; colours && k < m && k < 40; k++)
              {
                const BvSceneMark *other = bv_scene_mark (scene, k);
                double w = other->mark.row < bv_frame_get_n_rows (frame) ? bv_frame_get_double (frame, (guint) other->mark.column, other->mark.row) : NAN;

                /* Between light and dark: the redder the lower. */
                if (v > w * 1.05)
                  g_assert_cmpfloat (mark->colour.r, <=, other->colour.r + 1e-9);
              }
          }
      }
}

/* At any size: as many panels as the note says, or all of them, and with shared scales equal values at equal lengths. */
static void
test_facets_sizes (void)
{
  static const char *const names[] = { "facets", "facets-bars", "facets-horizontal", "facets-scatter", "facets-histogram", "facets-heatmap", "facets-box",
                                       "facets-combo", "facets-waterfall" };
  guint n_cut = 0;

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autoptr(BvFrame) frame = sample_frame (names[i]);
      g_autoptr(BvScene) large = build_sample (names[i], frame, 2000, 1500);

      for (guint round = 0; round < 24; round++)
        {
          double width = g_test_rand_double_range (300, 900), height = g_test_rand_double_range (130, 600);
          g_autoptr(BvScene) scene = build_sample (names[i], frame, width, height);
          const BvPanelRect *first = &g_array_index (scene->panels, BvPanelRect, 0);
          g_autofree char *note = g_strdup_printf ("%u of %u panels", scene->panels->len, large->panels->len);

          g_test_message ("%s at %g by %g: %u panels", names[i], width, height, scene->panels->len);
          g_assert_true (has_text (scene, scene->panels->len < large->panels->len ? note : "") && (scene->panels->len < large->panels->len || !has_text (scene, " panels")));
          n_cut += scene->panels->len < large->panels->len;
          for (guint k = 1; k < scene->panels->len; k++)
            {
              const BvPanelRect *panel = &g_array_index (scene->panels, BvPanelRect, k);

              /* Along the values; across them it is only a matter of looks. */
              if (strstr (names[i], "horizontal") == NULL)
                g_assert_cmpfloat_with_epsilon (panel->height, first->height, 0.51);
              if (strstr (names[i], "horizontal") || strstr (names[i], "scatter"))
                g_assert_cmpfloat_with_epsilon (panel->width, first->width, 0.51);
            }
        }
    }
  g_assert_cmpuint (n_cut, >, 0);
}

/* A type without small charts says why, one with them takes the option. */
static void
test_facets_types (void)
{
  for (const BvChartType *type = bv_chart_types (); type->name != NULL; type++)
    {
      g_autoptr(BvChartSpec) spec = bv_chart_spec_new (type->name);
      g_auto(BvValue) group = bv_value_text ("Plan");
      const char *why = NULL;
      gboolean has = bv_chart_type_has_facets (type, &why);

      g_assert_cmpint (bv_chart_spec_set_option (spec, "facet", &group), ==, has);
      g_assert_cmpint (why == NULL, ==, has);
    }
}

int
main (int argc, char *argv[])
{
  int result;

  g_test_init (&argc, &argv, NULL);
  locale = fixture_locale ();
  g_test_add_func ("/chart/series/facets", test_facets);
  g_test_add_func ("/chart/series/facet-places", test_facet_places);
  g_test_add_func ("/chart/series/forecast", test_forecast);
  g_test_add_func ("/chart/series/forecast-partial", test_forecast_partial);
  g_test_add_func ("/chart/series/direct", test_direct);
  g_test_add_func ("/chart/series/series-options", test_series_options);
  g_test_add_func ("/chart/series/steps", test_steps);
  g_test_add_func ("/chart/series/facets-share", test_facets_share);
  g_test_add_func ("/chart/series/facets-sizes", test_facets_sizes);
  g_test_add_func ("/chart/series/facets-types", test_facets_types);
  result = g_test_run ();
  bv_locale_unref (locale);
  return result;
}
