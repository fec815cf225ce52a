/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The geometry of the chart types beyond lines, bars and pies, and what they make of frames that do not suit them. */
#include "bv-chart-private.h"
#include "chart-samples.h"
#include "scene-check.h"

static BvLocale *locale;

static BvScene *
build_sample (const char *name, BvFrame *frame, double width, double height)
{
  for (guint i = 0; i < G_N_ELEMENTS (chart_samples); i++)
    if (strcmp (chart_samples[i].name, name) == 0)
      {
        g_autoptr(BvChartSpec) spec = sample_spec (&chart_samples[i]);
        BvChartStyle style = { .theme = BV_THEME_LIGHT, .font_size = 11 };

        return bv_chart_build (spec, frame, &style, locale, width, height, NULL);
      }
  g_assert_not_reached ();
}

static BvScene *
build (const char *type, const char *options, BvFrame *frame, double width, double height)
{
  const ChartSample sample = { type, type, options };
  g_autoptr(BvChartSpec) spec = sample_spec (&sample);

  return bv_chart_build (spec, frame, NULL, locale, width, height, NULL);
}

/* Every sample draws at every size, with nothing overlapping or outside; the middle of a mark hits it or one drawn over it. */
static void
test_sizes (void)
{
  static const double sizes[][2] = { { 120, 80 }, { 200, 120 }, { 300, 160 }, { 640, 300 }, { 900, 420 }, { 240, 700 }, { 1600, 180 }, { 4000, 2000 } };

  for (guint i = 0; i < G_N_ELEMENTS (chart_samples); i++)
    {
      g_autoptr(BvFrame) frame = sample_frame (chart_samples[i].name);

      for (guint s = 0; s < G_N_ELEMENTS (sizes) + 6; s++)
        {
          gboolean fixed = s < G_N_ELEMENTS (sizes);
          double width = fixed ? sizes[s][0] : g_test_rand_double_range (60, 1500);
          double height = fixed ? sizes[s][1] : g_test_rand_double_range (40, 900);
          g_autoptr(BvScene) scene = build_sample (chart_samples[i].name, frame, width, height);

          check_scene (scene, chart_samples[i].name);
          g_assert_cmpstr (bv_scene_get_alternative (scene), !=, "");
          if (bv_scene_get_n_marks (scene) == 0)
            g_error ("%s, %g × %g: nothing is drawn", chart_samples[i].name, width, height);
          for (guint m = 0; m < bv_scene_get_n_marks (scene); m += 1 + bv_scene_get_n_marks (scene) / 50)
            {
              const BvSceneMark *mark = bv_scene_mark (scene, m);

              gboolean round = mark->kind == BV_MARK_SECTOR; /* the middle of its bounds may lie beside it */
              double middle = (mark->r0 + mark->r1) / 2, angle = (mark->a0 + mark->a1) / 2;
              int hit = bv_scene_hit (scene, round ? mark->x + middle * sin (angle) : mark->mark.x + mark->mark.width / 2,
                                      round ? mark->y - middle * cos (angle) : mark->mark.y + mark->mark.height / 2);

              if (hit < (mark->kind == BV_MARK_PATH || mark->kind == BV_MARK_POINT ? -1 : (int) m))
                g_error ("%s, %g × %g: the middle of mark %u hits %d", chart_samples[i].name, width, height, m, hit);
            }
        }
    }
}

static double
frame_value (BvScene *scene, const BvMark *mark)
{
  return bv_frame_get_double (scene->frame, (guint) mark->column, mark->row);
}

static void
test_funnel (void)
{
  g_autoptr(BvFrame) frame = sample_frame ("funnel");
  g_autoptr(BvScene) scene = build_sample ("funnel", frame, 900, 420);
  double unit = bv_scene_get_mark (scene, 0)->width / 191;
  static const char *const shares[] = { "79.6%", "57.1%", "34.6%", "13.1%" };

  g_assert_cmpuint (bv_scene_get_n_marks (scene), ==, 5);
  for (guint i = 0; i < 5; i++)
    {
      const BvMark *mark = bv_scene_get_mark (scene, i);

      g_assert_cmpint (mark->column, ==, (int) i);
      g_assert_cmpfloat_with_epsilon (mark->width, frame_value (scene, mark) * unit, 0.01);
      g_assert_cmpfloat_with_epsilon (mark->x + mark->width / 2, bv_scene_get_mark (scene, 0)->x + bv_scene_get_mark (scene, 0)->width / 2, 0.01);
      if (i > 0)
        g_assert_nonnull (strstr (mark->text, shares[i - 1]));
    }
  g_assert_nonnull (strstr (bv_scene_get_mark (scene, 2)->text, "71.7%")); /* 109 of 152 */
}

static gboolean
has_text (BvScene *scene, const char *part)
{
  for (guint i = 0; i < scene->texts->len; i++)
    if (strstr (bv_scene_text (scene, i)->text, part) != NULL)
      return TRUE;
  return FALSE;
}

static void
test_gauge (void)
{
  static const double achieved[] = { 0, 9375, 18750, 27921, -500 };
  static const double done[] = { 0, 0.5, 1, 1, 0 };

  for (guint i = 0; i < G_N_ELEMENTS (achieved); i++)
    {
      g_autoptr(BvFrame) frame = sample_gauge (achieved[i]);
      g_autoptr(BvScene) arc = build ("gauge", "percent=true", frame, 400, 300);
      g_autoptr(BvScene) bar = build ("gauge", "shape=bar", frame, 400, 300);
      double whole = 0, part = 0, track = 0, filled = 0;

      for (guint s = 0; s < arc->shapes->len; s++)
        if (bv_scene_shape (arc, s)->kind == BV_SHAPE_SECTOR)
          *(bv_scene_shape (arc, s)->part == BV_PART_DATA ? &part : &whole) = bv_scene_shape (arc, s)->a1 - bv_scene_shape (arc, s)->a0;
      for (guint s = 0; s < bar->shapes->len; s++)
        if (bv_scene_shape (bar, s)->kind == BV_SHAPE_RECT)
          *(bv_scene_shape (bar, s)->part == BV_PART_DATA ? &filled : &track) = bv_scene_shape (bar, s)->width;
      g_assert_cmpfloat_with_epsilon (part, whole * done[i], 1e-9);
      g_assert_cmpfloat_with_epsilon (filled, track * done[i], 1e-9);
      if (i == 3)
        {
          g_assert_true (has_text (arc, "149%"));
          g_assert_true (has_text (arc, "€27,921 of €18,750"));
        }
    }
}

/* Each bar starts where the one before ends; the total starts at zero and is the evaluated one. */
static void
test_waterfall (void)
{
  g_autoptr(BvFrame) frame = sample_frame ("waterfall");
  g_autoptr(BvScene) scene = build_sample ("waterfall", frame, 800, 400);
  guint n = bv_scene_get_n_marks (scene);
  double unit = bv_scene_get_mark (scene, 0)->height / 4200;
  double zero = bv_scene_get_mark (scene, 0)->y + bv_scene_get_mark (scene, 0)->height;
  double sum = 0;

  g_assert_cmpuint (n, ==, 7);
  for (guint i = 0; i + 1 < n; i++)
    {
      const BvMark *mark = bv_scene_get_mark (scene, i);
      double v = frame_value (scene, mark);

      g_assert_cmpuint (mark->row, ==, i);
      g_assert_cmpfloat_with_epsilon (mark->height, fabs (v) * unit, 0.05);
      g_assert_cmpfloat_with_epsilon (v > 0 ? mark->y + mark->height : mark->y, zero - sum * unit, 0.05);
      sum += v;
    }
  g_assert_cmpuint (bv_scene_get_mark (scene, n - 1)->row, ==, G_MAXUINT);
  g_assert_cmpfloat_with_epsilon (bv_scene_get_mark (scene, n - 1)->height, 3760 * unit, 0.05);
  g_assert_false (has_text (scene, "add up to"));
  g_clear_pointer (&scene, bv_scene_unref);
  bv_frame_get_column (frame, 1)->total = bv_value_double (3000);
  scene = build_sample ("waterfall", frame, 800, 400);
  g_assert_true (has_text (scene, "add up to €3,760"));
}

/* Cells lie at the crossing of their groups and the strongest colour is the largest value. */
static void
test_heatmap (void)
{
  g_autoptr(BvFrame) frame = sample_frame ("heatmap");
  g_autoptr(BvScene) scene = build_sample ("heatmap", frame, 800, 400);
  double x[6] = { 0 }, y[8] = { 0 };

  g_assert_cmpuint (bv_scene_get_n_marks (scene), ==, bv_frame_get_n_rows (frame));
  for (guint i = 0; i < bv_scene_get_n_marks (scene); i++)
    {
      const BvSceneMark *mark = bv_scene_mark (scene, i);
      guint a = mark->x_index, d = (guint) mark->mark.series;

      g_assert_cmpuint (a, <, 6);
      g_assert_cmpuint (d, <, 8);
      if (x[a] > 0)
        g_assert_cmpfloat_with_epsilon (mark->mark.x, x[a], 0.01);
      if (y[d] > 0)
        g_assert_cmpfloat_with_epsilon (mark->mark.y, y[d], 0.01);
      x[a] = mark->mark.x;
      y[d] = mark->mark.y;
      for (guint j = 0; j < i; j++)
        {
          const BvSceneMark *other = bv_scene_mark (scene, j);

          if (frame_value (scene, &mark->mark) > frame_value (scene, &other->mark))
            g_assert_cmpfloat (mark->colour.r, <=, other->colour.r + 1e-9);
        }
    }
}

static void
test_histogram (void)
{
  static const char *const rules[] = { "", "bin-rule=sturges", "bin-rule=square-root", "bin-width=2500" };
  g_autoptr(BvFrame) frame = sample_frame ("histogram");

  for (guint r = 0; r < G_N_ELEMENTS (rules); r++)
    {
      g_autoptr(BvScene) scene = build ("histogram", rules[r], frame, 900, 420);
      double area = 0, unit = 0;
      guint total = 0;

      g_assert_cmpuint (bv_scene_get_n_marks (scene), >, 4);
      for (guint i = 0; i < bv_scene_get_n_marks (scene); i++)
        {
          const BvMark *mark = bv_scene_get_mark (scene, i);
          const char *line = strchr (mark->text, '\n');
          guint count = (guint) atoi (line + 1);

          total += count;
          area += mark->height;
          /* Rows behind a bar of several are not those of its first. */
          g_assert_true ((mark->row == BV_ROW_NONE) == (count > 1));
          if (i == 0)
            unit = mark->height / count;
          g_assert_cmpfloat_with_epsilon (mark->height, count * unit, 0.1);
        }
      g_assert_cmpuint (total, ==, bv_frame_get_n_rows (frame));
      g_assert_cmpfloat (area, >, 0);
      g_assert_true (has_text (scene, "Won revenue"));
    }
  {
    /* All values the same, one value, two: still bins that hold them. */
    static const double sets[][3] = { { 5, 5, 5 }, { 0, 0, 0 }, { 1e15, 1e15, 1e15 + 2 }, { -3, -3, -1e-9 }, { 1e-12, 2e-12, 3e-12 } };

    for (guint i = 0; i < G_N_ELEMENTS (sets); i++)
      {
        g_autoptr(BvFrame) few = bv_frame_new ();
        g_autoptr(BvScene) scene = NULL;

        bv_frame_add_column (few, "Name", BV_TYPE_TEXT, BV_ROLE_DIMENSION);
        bv_frame_add_column (few, "N", BV_TYPE_DOUBLE, BV_ROLE_METRIC);
        for (guint k = 0; k < 3; k++)
          {
            bv_frame_append_text (few, 0, "x", -1);
            bv_frame_append_double (few, 1, sets[i][k]);
          }
        scene = build ("histogram", "", few, 500, 300);
        g_assert_cmpuint (bv_scene_get_n_marks (scene), >=, 1);
        check_scene (scene, "histogram of few");
      }
  }
}

/* Areas of a treemap are proportional: of all tiles, or of those of one group; tiles do not overlap. */
static void
test_treemap (void)
{
  for (int nested = 0; nested < 2; nested++)
    {
      g_autoptr(BvFrame) frame = sample_frame (nested ? "treemap-two" : "treemap");
      g_autoptr(BvScene) scene = build_sample (nested ? "treemap-two" : "treemap", frame, 900, 420);
      double unit[32] = { 0 };

      g_assert_cmpuint (bv_scene_get_n_marks (scene), ==, bv_frame_get_n_rows (frame));
      for (guint i = 0; i < bv_scene_get_n_marks (scene); i++)
        {
          const BvMark *mark = bv_scene_get_mark (scene, i);
          guint group = (guint) (mark->series + 1);
          double ratio = mark->width * mark->height / frame_value (scene, mark);

          if (unit[group] > 0)
            g_assert_cmpfloat_with_epsilon (ratio / unit[group], 1, 1e-6);
          unit[group] = ratio;
          for (guint j = 0; j < i; j++)
            {
              const BvMark *other = bv_scene_get_mark (scene, j);

              g_assert_false (mark->x < other->x + other->width - 0.01 && other->x < mark->x + mark->width - 0.01 &&
                              mark->y < other->y + other->height - 0.01 && other->y < mark->y + mark->height - 0.01);
            }
        }
    }
  {
    /* The smallest together are neither one of them nor the whole. */
    g_autoptr(BvFrame) frame = sample_frame ("treemap");
    g_autoptr(BvScene) scene = build_sample ("treemap", frame, 20, 10);
    const BvMark *rest = NULL;

    for (guint i = 0; i < bv_scene_get_n_marks (scene); i++)
      if (strstr (bv_scene_get_mark (scene, i)->text, " more") != NULL)
        rest = bv_scene_get_mark (scene, i);
    g_assert_nonnull (rest);
    g_assert_cmpuint (rest->row, ==, BV_ROW_NONE);
  }
}

/* A day's cell is in its weekday's row and its week's column. */
static void
test_calendar (void)
{
  g_autoptr(BvFrame) frame = sample_frame ("calendar");
  g_autoptr(BvScene) scene = build_sample ("calendar", frame, 1200, 500);
  BvCalendar *calendar = bv_locale_get_calendar (locale);
  guint n_values = 0;

  for (guint row = 0; row < bv_frame_get_n_rows (frame); row++)
    n_values += !bv_frame_is_null (frame, 1, row);
  g_assert_cmpuint (bv_scene_get_n_marks (scene), ==, n_values);
  for (guint i = 0; i < n_values; i++)
    {
      const BvSceneMark *mark = bv_scene_mark (scene, i);
      gint64 day = bv_frame_get_int (frame, 0, mark->mark.row);

      g_assert_cmpint (mark->mark.series, ==, (int) (day - bv_calendar_floor_day (calendar, day, BV_GRAIN_WEEK)));
    }
  {
    FixtureOptions monthly = { .time = TRUE, .grain = BV_GRAIN_MONTH, .n_places = 4, .n_metrics = 1, .high = 1 };
    g_autoptr(BvFrame) wrong = fixture_frame (&monthly);
    g_autoptr(BvScene) says = build ("calendar", "", wrong, 500, 200);

    g_assert_true (has_text (says, "day"));
    g_assert_cmpuint (bv_scene_get_n_marks (says), ==, 0);
  }
}

static void
test_retention (void)
{
  g_autoptr(BvFrame) frame = sample_frame ("retention");
  g_autoptr(BvScene) scene = build_sample ("retention", frame, 900, 420);
  double last_y = 0;

  g_assert_cmpuint (bv_scene_get_n_marks (scene), ==, 55);
  for (guint i = 0; i < 55; i++)
    {
      const BvMark *mark = bv_scene_get_mark (scene, i);
      double share = bv_frame_get_double (frame, 2, mark->row) / bv_frame_get_double (frame, 3, mark->row);
      g_autofree char *text = g_strdup_printf ("%.1f%%", share * 100);

      if (share < 0.9995)
        g_assert_nonnull (strstr (mark->text, text));
      /* The frame has the cohorts backwards; they are drawn by name. */
      g_assert_cmpfloat (mark->y, >=, last_y);
      last_y = mark->y;
    }
  g_assert_cmpstr (bv_frame_get_text (frame, 0, bv_scene_get_mark (scene, 0)->row), ==, "2026-01");
  g_assert_true (has_text (scene, "Size"));
}

/* Quartiles of 1 … 9 with a far value: by hand 3.25, 5.5, 7.75 of ten values and a dot at 100. */
static void
test_box (void)
{
  g_autoptr(BvFrame) frame = bv_frame_new ();
  g_autoptr(BvScene) scene = NULL;
  const BvMark *mark;

  bv_frame_add_column (frame, "Group", BV_TYPE_TEXT, BV_ROLE_DIMENSION);
  bv_frame_add_column (frame, "Who", BV_TYPE_TEXT, BV_ROLE_DIMENSION);
  bv_frame_add_column (frame, "N", BV_TYPE_DOUBLE, BV_ROLE_METRIC);
  for (guint i = 0; i < 10; i++)
    {
      bv_frame_append_text (frame, 0, "A", -1);
      bv_frame_append_text (frame, 1, "x", -1);
      bv_frame_append_double (frame, 2, i == 0 ? 100 : i);
    }
  scene = build ("box", "", frame, 500, 300);
  g_assert_cmpuint (bv_scene_get_n_marks (scene), ==, 2);
  mark = bv_scene_get_mark (scene, 0);
  g_assert_nonnull (strstr (mark->text, "Median 5.5"));
  g_assert_nonnull (strstr (mark->text, "from 3.25 to 7.75"));
  g_assert_nonnull (strstr (mark->text, "Whiskers from 1 to 9"));
  g_assert_cmpuint (mark->row, ==, BV_ROW_NONE);
  g_assert_cmpuint (bv_scene_get_mark (scene, 1)->row, ==, 0);
  g_assert_true (has_text (scene, "Quartiles of N among"));
  {
    g_autoptr(BvFrame) given = sample_frame ("box-given");
    g_autoptr(BvScene) drawn = build_sample ("box-given", given, 800, 400);

    g_assert_cmpuint (bv_scene_get_n_marks (drawn), ==, bv_frame_get_n_rows (given));
    g_assert_false (has_text (drawn, "Quartiles of"));
  }
}

/* Bands are as thick as their values on both sides, and a point inside one hits it. */
static void
test_sankey (void)
{
  g_autoptr(BvFrame) frame = sample_frame ("sankey");
  g_autoptr(BvScene) scene = build_sample ("sankey", frame, 900, 420);
  double unit = 0;

  g_assert_cmpuint (bv_scene_get_n_marks (scene), ==, bv_frame_get_n_rows (frame));
  for (guint i = 0; i < bv_scene_get_n_marks (scene); i++)
    {
      const BvSceneMark *mark = bv_scene_mark (scene, i);
      const BvShape *shape = bv_scene_shape (scene, mark->shape);
      const double *top = bv_scene_point (scene, shape->first);
      const double *foot = bv_scene_point (scene, shape->first + shape->n - 1);
      double v = frame_value (scene, &mark->mark);

      if (i == 0)
        unit = (foot[1] - top[1]) / v;
      g_assert_cmpfloat_with_epsilon (foot[1] - top[1], v * unit, 0.01);
      if (v * unit > 1)
        g_assert_cmpint (bv_scene_hit (scene, top[0] + 0.5, (top[1] + foot[1]) / 2), ==, (int) i);
    }
}

/* Sections of all columns share a scale. */
static void
test_persona (void)
{
  g_autoptr(BvFrame) frame = sample_frame ("persona");
  g_autoptr(BvScene) scene = build_sample ("persona", frame, 900, 420);
  double unit = 0;

  for (guint i = 0; i < bv_scene_get_n_marks (scene); i++)
    {
      const BvMark *mark = bv_scene_get_mark (scene, i);
      double height = mark->height + 1; /* the gap */

      if (i == 0)
        unit = height / frame_value (scene, mark);
      g_assert_cmpfloat_with_epsilon (height, frame_value (scene, mark) * unit, 0.1);
      g_assert_cmpfloat_with_epsilon (mark->width, bv_scene_get_mark (scene, 0)->width, 0.01);
    }
}

static void
test_scatter (void)
{
  g_autoptr(BvFrame) frame = sample_frame ("bubble");
  g_autoptr(BvScene) scene = build_sample ("bubble", frame, 900, 420);
  g_autoptr(BvFrame) many = sample_frame ("density");
  g_autoptr(BvScene) density = build_sample ("density", many, 900, 420);
  double unit = 0;
  guint total = 0;

  g_assert_cmpuint (bv_scene_get_n_marks (scene), ==, bv_frame_get_n_rows (frame));
  for (guint i = 0; i < bv_scene_get_n_marks (scene); i++)
    {
      const BvMark *mark = bv_scene_get_mark (scene, i);
      double area = mark->width * mark->width / bv_frame_get_double (frame, 4, mark->row);

      if (i == 0)
        unit = area;
      if (mark->width > 2.01)
        g_assert_cmpfloat_with_epsilon (area / unit, 1, 1e-6);
    }
  /* Density: fewer marks than pixels, and every point is counted. */
  for (guint i = 0; i < bv_scene_get_n_marks (density); i++)
    {
      guint count = (guint) atoi (bv_scene_get_mark (density, i)->text);

      g_assert_true ((bv_scene_get_mark (density, i)->row == BV_ROW_NONE) == (count > 1));
      total += count;
    }
  g_assert_cmpuint (total, ==, bv_frame_get_n_rows (many));
}

/* The legend stands once; its circles have the areas that bubbles of their values have. */
static void
check_size_legend (BvScene *scene, BvFrame *frame, guint metric)
{
  double unit = 0;
  guint n_circles = 0, n_names = 0, at = 0;

  for (guint m = 0; m < bv_scene_get_n_marks (scene); m++)
    {
      const BvSceneMark *mark = bv_scene_mark (scene, m);
      double area = mark->mark.width * mark->mark.width / 4 / fabs (bv_frame_get_double (frame, metric, mark->mark.row));

      if (mark->mark.width < 3.01) /* no smaller ones are drawn */
        continue;
      unit = unit > 0 ? unit : area;
      g_assert_cmpfloat_with_epsilon (area / unit, 1, 1e-6);
    }
  for (guint k = 0; k < scene->texts->len; k++)
    if (g_str_has_prefix (bv_scene_text (scene, k)->text, "Area: "))
      {
        at = k;
        n_names++;
      }
  g_assert_cmpuint (n_names, ==, 1);
  for (guint k = 0; k < scene->shapes->len; k++)
    {
      const BvShape *shape = bv_scene_shape (scene, k);
      g_auto(GStrv) parts = NULL;
      g_autofree char *digits = NULL;

      if (shape->kind != BV_SHAPE_CIRCLE || shape->part != BV_PART_LEGEND)
        continue;
      parts = g_strsplit (bv_scene_text (scene, at + 1 + n_circles)->text, ",", -1);
      digits = g_strjoinv ("", parts);
      g_assert_cmpfloat_with_epsilon (shape->r1 * shape->r1 / unit / g_ascii_strtod (g_str_has_prefix (digits, "€") ? digits + 3 : digits, NULL), 1, 1e-6);
      n_circles++;
    }
  g_assert_cmpuint (n_circles, >=, 2);
}

static void
test_bubble_sizes (void)
{
  static const struct { const char *name, *options; guint metric; } charts[] = {
    { "bubble", "", 4 }, { "map-points", "", 0 },
    /* Small multiples have one scale of areas, also where each has axes of its own. */
    { "facets-scatter", "facet=Plan", 4 }, { "facets-scatter", "facet=Plan;facet-scales=free", 4 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (charts); i++)
    {
      g_autoptr(BvFrame) frame = sample_frame (charts[i].name);
      g_autoptr(BvScene) scene = *charts[i].options != '\0' ? build ("scatter", charts[i].options, frame, 900, 420) : build_sample (charts[i].name, frame, 900, 420);

      check_size_legend (scene, frame, charts[i].metric > 0 ? charts[i].metric : (guint) bv_scene_mark (scene, 0)->mark.column);
    }
}

/* A group has its colour in all panels, in whatever order it appears there, and the legend names it once. */
static void
test_facet_colours (void)
{
  static const char *const order[] = { "Paris", "Lyon", "Nice" };
  g_autoptr(BvFrame) frame = bv_frame_new ();
  g_autoptr(BvScene) scene = NULL;
  BvColour colours[3] = { 0 };
  guint n_named[3] = { 0 };

  bv_frame_add_column (frame, "Name", BV_TYPE_TEXT, BV_ROLE_DIMENSION);
  bv_frame_add_column (frame, "Plan", BV_TYPE_TEXT, BV_ROLE_DIMENSION);
  bv_frame_add_column (frame, "City", BV_TYPE_TEXT, BV_ROLE_SERIES);
  bv_frame_add_column (frame, "X", BV_TYPE_DOUBLE, BV_ROLE_METRIC);
  bv_frame_add_column (frame, "Y", BV_TYPE_DOUBLE, BV_ROLE_METRIC);
  for (guint i = 0; i < 9; i++)
    {
      bv_frame_append_text (frame, 0, (const char[]){ (char) ('a' + i), '\0' }, -1);
      bv_frame_append_text (frame, 1, i < 3 ? "Free" : i < 6 ? "Team" : "Business", -1);
      bv_frame_append_text (frame, 2, order[(i + i / 3) % 3], -1);
      bv_frame_append_double (frame, 3, i);
      bv_frame_append_double (frame, 4, i);
    }
  scene = build ("scatter", "facet=Plan", frame, 900, 420);
  g_assert_cmpuint (bv_scene_get_n_marks (scene), ==, 9);
  for (guint m = 0; m < 9; m++)
    {
      const BvSceneMark *mark = bv_scene_mark (scene, m);
      guint city = 0;

      while (strcmp (bv_frame_get_text (frame, 2, mark->mark.row), order[city]) != 0)
        city++;
      if (mark->mark.row < 3)
        colours[city] = mark->colour;
      g_assert_cmpmem (&colours[city], sizeof (BvColour), &mark->colour, sizeof (BvColour));
    }
  for (guint t = 0; t < scene->texts->len; t++)
    for (guint city = 0; city < 3; city++)
      n_named[city] += strcmp (bv_scene_text (scene, t)->text, order[city]) == 0;
  for (guint city = 0; city < 3; city++)
    g_assert_cmpuint (n_named[city], ==, 1);
}

static const BvSceneMark *
mark_at (BvScene *scene, guint row, int column)
{
  for (guint i = 0; i < scene->marks->len; i++)
    if (bv_scene_mark (scene, i)->mark.row == row && bv_scene_mark (scene, i)->mark.column == column)
      return bv_scene_mark (scene, i);
  g_assert_not_reached ();
}

/* The second metric is measured at the right; both axes have zero at the same height. */
static void
test_right_axis (void)
{
  g_autoptr(BvFrame) frame = sample_frame ("combo");
  g_autoptr(BvScene) scene = build ("combo", "", frame, 900, 420);
  g_autoptr(BvScene) left = build ("combo", "series.Deals.axis=left", frame, 900, 420);
  const BvSceneMark *a = mark_at (scene, 0, 2), *b = mark_at (scene, 5, 2);
  double foot = scene->plot_y + scene->plot_height, top = foot;
  guint n_left = 0, n_right = 0;

  g_assert_cmpint (a->kind, ==, BV_MARK_POINT);
  g_assert_cmpint (mark_at (scene, 0, 1)->kind, ==, BV_MARK_BOX);
  g_assert_cmpfloat_with_epsilon ((foot - a->y) / (foot - b->y), bv_frame_get_double (frame, 2, 0) / bv_frame_get_double (frame, 2, 5), 0.01);
  g_assert_cmpfloat (foot - a->y, >, 20);
  /* Each axis has its own format, and at every height of one there is a label of the other; the plot is no emptier than it must be. */
  for (guint i = 0; i < scene->texts->len; i++)
    {
      const BvTextRun *run = bv_scene_text (scene, i);

      n_left += run->role == BV_TEXT_AXIS_Y && run->x < scene->plot_x;
      n_right += run->role == BV_TEXT_AXIS_Y && run->x > scene->plot_x + scene->plot_width && g_str_has_suffix (run->text, "%");
    }
  g_assert_cmpuint (n_left, >=, 4);
  g_assert_cmpuint (n_left, ==, n_right);
  for (guint i = 0; i < scene->marks->len; i++)
    top = MIN (top, bv_scene_mark (scene, i)->mark.y);
  g_assert_cmpfloat (top, <, scene->plot_y + 0.3 * scene->plot_height);
  /* At the left a ratio beside hundreds lies on the floor. */
  g_assert_cmpfloat (left->plot_y + left->plot_height - mark_at (left, 0, 2)->y, <, 2);
}

static void
test_references (void)
{
  static const struct { const char *text; int n; } cases[] = {
    { "", 0 }, { "5", 1 }, { "Target=1000; Break-even=-500.5", 2 }, { "Normal=10..20;", 1 }, { "a=b=3", 1 }, { "Target=", -1 },
    { "Target=ten", -1 }, { "1..", -1 }, { "x=1e400", -1 }, { ";;", 0 },
  };
  g_autoptr(BvFrame) frame = sample_frame ("combo");
  g_autoptr(BvScene) scene = build ("bar", "reference-lines=High=5000;series.Deals.type=line", frame, 900, 420);
  gboolean dashed = FALSE;

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(GArray) parsed = bv_references_parse (cases[i].text);

      g_assert_cmpint (parsed != NULL ? (int) parsed->len : -1, ==, cases[i].n);
    }
  /* The axis reaches to the line though no bar does. */
  g_assert_true (has_text (scene, "High €5,000"));
  for (guint i = 0; i < scene->shapes->len; i++)
    {
      const BvShape *shape = bv_scene_shape (scene, i);

      if (shape->kind == BV_SHAPE_PATH && shape->dashed)
        {
          double y = bv_scene_point (scene, shape->first)[1];

          dashed = TRUE;
          g_assert_cmpfloat (y, >=, scene->plot_y - 0.5);
          g_assert_cmpfloat (y, <, scene->plot_y + scene->plot_height * 0.2);
        }
    }
  g_assert_true (dashed);
}

/* Equal ratios are equal distances on a logarithmic axis; what is not above zero is left out and counted. */
static void
test_log (void)
{
  g_autoptr(BvFrame) frame = bv_frame_new ();
  g_autoptr(BvScene) scene = NULL;
  g_autoptr(BvScene) both = NULL;
  static const double values[] = { 1, 10, 100, 1000, 0, -5, 1e6 };

  bv_frame_add_column (frame, "Day", BV_TYPE_DATE, BV_ROLE_TIME)->grain = BV_GRAIN_DAY;
  bv_frame_add_column (frame, "N", BV_TYPE_DOUBLE, BV_ROLE_METRIC);
  for (guint i = 0; i < G_N_ELEMENTS (values); i++)
    {
      bv_frame_append_int (frame, 0, 20000 + i);
      bv_frame_append_double (frame, 1, values[i]);
    }
  scene = build ("line", "scale=log", frame, 700, 400);
  g_assert_cmpuint (bv_scene_get_n_marks (scene), ==, 5);
  g_assert_true (has_text (scene, "2 values at or below zero"));
  for (guint i = 1; i < 4; i++)
    g_assert_cmpfloat_with_epsilon (mark_at (scene, i - 1, 1)->y - mark_at (scene, i, 1)->y, mark_at (scene, 0, 1)->y - mark_at (scene, 1, 1)->y, 0.01);
  g_assert_cmpfloat_with_epsilon (mark_at (scene, 3, 1)->y - mark_at (scene, 6, 1)->y, 3 * (mark_at (scene, 0, 1)->y - mark_at (scene, 1, 1)->y), 0.01);
  both = build ("bar", "scale=symlog", frame, 700, 400);
  g_assert_cmpuint (bv_scene_get_n_marks (both), ==, 7);
  g_assert_cmpfloat (mark_at (both, 5, 1)->mark.y, >=, mark_at (both, 0, 1)->mark.y + mark_at (both, 0, 1)->mark.height - 0.01);
}

/* A frame of two groups and one to five metrics with values that are hard. */
static BvFrame *
hard_frame (guint kind, guint n_groups, guint n_metrics, gboolean time, guint n)
{
  static const double values[][4] = {
    { NAN, NAN, NAN, NAN }, { INFINITY, -INFINITY, 1, NAN }, { -1, -2, -3, -4 }, { 0, 0, 0, 0 }, { 1e-12, 3e-12, 1e-12, 2e-12 },
    { 1e15, 3e15, 1, 2e15 }, { 1e299, -1e299, 5, 0 }, { 1, 2, 3, 4 }, { 1e299, 1e300, 1e299, 9e299 },
  };
  static const char *const names[] = { "مبيعات الشرق", "👩‍👩‍👧‍👦🇫🇷", "", "Ένα μεγάλο όνομα που δεν χωράει πουθενά", "a\nb" };
  BvFrame *frame = bv_frame_new ();

  for (guint g = 0; g < n_groups; g++)
    {
      g_autofree char *name = g_strdup_printf ("Group %u", g);

      if (g == 0 && time)
        bv_frame_add_column (frame, name, BV_TYPE_DATE, BV_ROLE_TIME)->grain = BV_GRAIN_DAY;
      else
        bv_frame_add_column (frame, name, BV_TYPE_TEXT, BV_ROLE_DIMENSION);
    }
  for (guint m = 0; m < n_metrics; m++)
    {
      g_autofree char *name = g_strdup_printf ("Metric %u", m);

      bv_frame_add_column (frame, name, BV_TYPE_DOUBLE, BV_ROLE_METRIC)->total = bv_value_double (values[kind][m % 4]);
    }
  for (guint i = 0; i < n; i++)
    {
      for (guint g = 0; g < n_groups; g++)
        {
          g_autofree char *name = g_strdup_printf ("%s%u", names[i % G_N_ELEMENTS (names)], g == 0 ? i / 3 : i % 3);

          if (i % 7 == 6)
            bv_frame_append_null (frame, g);
          else if (g == 0 && time)
            bv_frame_append_int (frame, 0, (gint64) i * 137 - 20000);
          else
            bv_frame_append_text (frame, g, name, -1);
        }
      for (guint m = 0; m < n_metrics; m++)
        bv_frame_append_double (frame, n_groups + m, values[kind][(i + m) % 4]);
    }
  return frame;
}

static void
paint (BvScene *scene)
{
  cairo_surface_t *surface = cairo_image_surface_create (CAIRO_FORMAT_RGB24, 40, 40);
  cairo_t *cr = cairo_create (surface);

  bv_scene_paint (scene, cr);
  for (guint m = 0; m < MIN (bv_scene_get_n_marks (scene), 3); m++)
    bv_scene_paint_highlight (scene, cr, m);
  g_assert_cmpint (cairo_status (cr), ==, CAIRO_STATUS_SUCCESS);
  cairo_destroy (cr);
  cairo_surface_destroy (surface);
}

static void
test_hard (void)
{
  static const double sizes[][2] = { { 120, 80 }, { 500, 300 }, { 20, 20 } };
  static const char *const scales[] = { "linear", "log", "symlog" };

  for (guint kind = 0; kind < 9; kind++)
    for (guint shape = 0; shape < 12; shape++)
      {
        static const guint metrics[] = { 1, 2, 5 };
        static const guint rows[] = { 1, 14 };
        g_autoptr(BvFrame) frame = hard_frame (kind, shape % 3, metrics[shape / 2 % 3], shape % 4 == 1, rows[(shape + kind) % 2]);

        for (const BvChartType *type = bv_chart_types (); type->name != NULL; type++)
          for (guint s = 0; s < G_N_ELEMENTS (sizes); s++)
            {
              g_autoptr(BvChartSpec) spec = bv_chart_spec_new (type->name);
              g_auto(BvValue) scale = bv_value_text (scales[(kind + s) % 3]);
              g_autoptr(BvScene) scene = NULL;
              g_autofree char *what = g_strdup_printf ("%s, kind %u, shape %u", type->name, kind, shape);

              bv_chart_spec_set_option (spec, "scale", &scale);
              scene = bv_chart_build (spec, frame, NULL, locale, sizes[s][0], sizes[s][1], NULL);
              if (s < 2)
                check_scene (scene, what);
              paint (scene);
              if (bv_scene_get_n_marks (scene) == 0 && s < 2 && scene->texts->len == 0)
                g_error ("%s: neither marks nor words", what);
            }
      }
}

static void
test_many (void)
{
  g_autoptr(BvFrame) one = hard_frame (7, 1, 3, FALSE, 10000);
  g_autoptr(BvFrame) two = hard_frame (7, 2, 1, FALSE, 10000);

  for (const BvChartType *type = bv_chart_types (); type->name != NULL; type++)
    for (int k = 0; k < 2; k++)
      {
        g_autoptr(BvChartSpec) spec = bv_chart_spec_new (type->name);
        g_autoptr(BvScene) scene = bv_chart_build (spec, k == 0 ? one : two, NULL, locale, 600, 400, NULL);

        check_scene (scene, type->name);
        g_assert_cmpuint (bv_scene_get_n_marks (scene), <=, 24000);
        g_assert_cmpuint (scene->texts->len, >, 0);
      }
}

int
main (int argc, char *argv[])
{
  int result;

  g_test_init (&argc, &argv, NULL);
  locale = fixture_locale ();
  g_test_add_func ("/chart/types/sizes", test_sizes);
  g_test_add_func ("/chart/types/funnel", test_funnel);
  g_test_add_func ("/chart/types/gauge", test_gauge);
  g_test_add_func ("/chart/types/waterfall", test_waterfall);
  g_test_add_func ("/chart/types/heatmap", test_heatmap);
  g_test_add_func ("/chart/types/histogram", test_histogram);
  g_test_add_func ("/chart/types/treemap", test_treemap);
  g_test_add_func ("/chart/types/calendar", test_calendar);
  g_test_add_func ("/chart/types/retention", test_retention);
  g_test_add_func ("/chart/types/box", test_box);
  g_test_add_func ("/chart/types/sankey", test_sankey);
  g_test_add_func ("/chart/types/persona", test_persona);
  g_test_add_func ("/chart/types/scatter", test_scatter);
  g_test_add_func ("/chart/types/bubble-sizes", test_bubble_sizes);
  g_test_add_func ("/chart/types/facet-colours", test_facet_colours);
  g_test_add_func ("/chart/types/right-axis", test_right_axis);
  g_test_add_func ("/chart/types/references", test_references);
  g_test_add_func ("/chart/types/log", test_log);
  g_test_add_func ("/chart/types/hard", test_hard);
  g_test_add_func ("/chart/types/many", test_many);
  result = g_test_run ();
  bv_locale_unref (locale);
  return result;
}
