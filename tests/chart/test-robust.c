/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Hostile frames: whatever comes, there is a scene, it paints, and it says something. */
#include "chart-odd.h"

static BvLocale *locale;

/* A frame of one dimension and one metric. */
static BvFrame *
make (gboolean time, const double *values, guint n, const char *name)
{
  BvFrame *frame = bv_frame_new ();

  if (time)
    bv_frame_add_column (frame, "Day", BV_TYPE_DATE, BV_ROLE_TIME)->grain = BV_GRAIN_DAY;
  else
    bv_frame_add_column (frame, "Name", BV_TYPE_TEXT, BV_ROLE_DIMENSION);
  bv_frame_add_column (frame, "Metric", BV_TYPE_DOUBLE, BV_ROLE_METRIC);
  for (guint i = 0; i < n; i++)
    {
      if (time)
        bv_frame_append_int (frame, 0, 20000 + i);
      else
        {
          g_autofree char *text = g_strdup_printf ("%s%u", name, i);

          bv_frame_append_text (frame, 0, text, -1);
        }
      bv_frame_append_double (frame, 1, values[i]);
    }
  return frame;
}

static void
paint_all (BvFrame *frame)
{
  static const double sizes[][2] = { { 40, 30 }, { 1, 1 }, { 90, 60 }, { 300, 160 }, { 1000, 40 }, { 30, 900 }, { 900, 500 } };

  for (const BvChartType *type = bv_chart_types (); type->name != NULL; type++)
    for (guint s = 0; s < G_N_ELEMENTS (sizes); s++)
      for (int variant = 0; variant < (s % 2 == 0 ? 3 : 1); variant++)
        {
          g_autoptr(BvChartSpec) spec = bv_chart_spec_new (type->name);
          g_autoptr(BvScene) scene = NULL;
          BvValue yes = bv_value_bool (TRUE);
          cairo_surface_t *surface = cairo_image_surface_create (CAIRO_FORMAT_RGB24, 60, 60);
          cairo_t *cr = cairo_create (surface);

          for (const BvOptionInfo *option = type->options; option->key != NULL; option++)
            if (variant > 0 && option->kind == BV_OPTION_BOOL)
              bv_chart_spec_set_option (spec, option->key, &yes);
            else if (variant > 0 && option->kind == BV_OPTION_CHOICE)
              {
                g_auto(BvValue) choice = bv_value_text (option->choices[variant < (int) g_strv_length ((GStrv) option->choices) ? variant : 0]);

                g_assert_true (bv_chart_spec_set_option (spec, option->key, &choice));
              }
            else if (variant == 2 && (strcmp (option->key, "forecast") == 0 || strcmp (option->key, "facet") == 0))
              {
                g_auto(BvValue) value = option->kind == BV_OPTION_NUMBER ? bv_value_double (5) : bv_value_text ("Name");

                g_assert_true (bv_chart_spec_set_option (spec, option->key, &value));
              }
          scene = bv_chart_build (spec, frame, NULL, locale, sizes[s][0], sizes[s][1], NULL);
          bv_scene_paint (scene, cr);
          for (guint m = 0; m < MIN (bv_scene_get_n_marks (scene), 4); m++)
            {
              bv_scene_paint_highlight (scene, cr, m);
              g_assert_nonnull (bv_scene_get_mark (scene, m)->text);
            }
          g_assert_cmpint (cairo_status (cr), ==, CAIRO_STATUS_SUCCESS);
          g_assert_cmpstr (bv_scene_get_alternative (scene), !=, "");
          bv_scene_hit (scene, 5, 5);
          if (scene->marks->len == 0 && sizes[s][0] > 80 && sizes[s][1] > 50)
            g_assert_cmpuint (scene->texts->len, >, 0);
          cairo_destroy (cr);
          cairo_surface_destroy (surface);
        }
}

static void
test_values (void)
{
  static const double sets[][4] = {
    { 1, 2, 3, 4 }, { NAN, NAN, NAN, NAN }, { INFINITY, 1, -INFINITY, 2 }, { -1, -2, -3, -4 }, { 0, 0, 0, 0 },
    { 1e-12, 2e-12, 3e-12, 0 }, { 1e15, 2e15, 1, 0 }, { 1e299, -1e299, 1e-299, 0 }, { 1e308, 1e308, -1e308, 1 },
    { 1e15, 1e15 + 1, 1e15 + 2, 1e15 }, { 5, 5, 5, 5 }, { G_MINDOUBLE, 0, 0, G_MINDOUBLE },
  };
  static const char *const names[] = { "A", "مبيعات الشرق الأوسط وشمال أفريقيا ", "👩‍👩‍👧‍👦🇫🇷🎉 ", "\n\t", "" };

  for (guint i = 0; i < G_N_ELEMENTS (sets); i++)
    for (guint n = 0; n <= 4; n += n == 1 ? 3 : 1)
      {
        g_autoptr(BvFrame) time = make (TRUE, sets[i], n, NULL);
        g_autoptr(BvFrame) names_frame = make (FALSE, sets[i], n, names[i % G_N_ELEMENTS (names)]);

        paint_all (time);
        paint_all (names_frame);
      }
}

static void
test_shapes (void)
{
  g_autoptr(BvFrame) empty = bv_frame_new ();
  g_autoptr(BvFrame) no_metric = bv_frame_new ();
  g_autoptr(BvFrame) text_metric = bv_frame_new ();
  g_autoptr(BvFrame) no_date = bv_frame_new ();
  g_autofree char *long_name = g_strnfill (20000, 'x');
  static const double values[] = { 1, 2, 3 };
  g_autoptr(BvFrame) long_names = make (FALSE, values, 3, long_name);

  bv_frame_add_column (no_metric, "Name", BV_TYPE_TEXT, BV_ROLE_DIMENSION);
  bv_frame_append_text (no_metric, 0, "A", -1);
  bv_frame_add_column (text_metric, "Name", BV_TYPE_TEXT, BV_ROLE_DIMENSION);
  bv_frame_add_column (text_metric, "First name", BV_TYPE_TEXT, BV_ROLE_METRIC);
  bv_frame_append_text (text_metric, 0, "A", -1);
  bv_frame_append_text (text_metric, 1, "B", -1);
  bv_frame_add_column (no_date, "Day", BV_TYPE_DATE, BV_ROLE_TIME);
  bv_frame_add_column (no_date, "N", BV_TYPE_INT, BV_ROLE_METRIC);
  bv_frame_append_null (no_date, 0);
  bv_frame_append_int (no_date, 1, 3);
  paint_all (empty);
  paint_all (no_metric);
  paint_all (text_metric);
  paint_all (no_date);
  paint_all (long_names);
}

static void
test_messages (void)
{
  FixtureOptions negative = { FALSE, BV_GRAIN_NONE, 4, 0, 1, FALSE, -10, -1, 0, FALSE };
  g_autoptr(BvFrame) frame = fixture_frame (&negative);
  g_autoptr(BvFrame) empty = bv_frame_pick (frame, NULL, 0);
  const struct { const char *type; BvFrame *frame; const char *says; } cases[] = {
    { "pie", frame, "below zero" }, { "bar", empty, "No rows" }, { "sunburst", frame, "sunburst" }, { "line", NULL, "Nothing" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(BvChartSpec) spec = bv_chart_spec_new (cases[i].type);
      g_autoptr(BvScene) scene = bv_chart_build (spec, cases[i].frame, NULL, locale, 400, 200, NULL);
      gboolean said = FALSE;

      for (guint t = 0; t < scene->texts->len; t++)
        said = said || (bv_scene_text (scene, t)->role == BV_TEXT_MESSAGE && strstr (bv_scene_text (scene, t)->text, cases[i].says) != NULL);
      g_assert_true (said);
    }
}

/* Ten thousand names: as values of small charts, as places on a map, as a forecast's past. */
static void
test_many (void)
{
  g_autofree double *values = g_new (double, 10000);
  g_autoptr(BvFrame) names = NULL;
  g_autoptr(BvFrame) days = NULL;
  static const struct { const char *type, *key, *value; gboolean time; } cases[] = {
    { "bar", "facet", "Name", FALSE }, { "line", "facet", "Name", FALSE }, { "map", NULL, NULL, FALSE }, { "line", "forecast", "400", TRUE },
    { "bar", "forecast", "30", TRUE }, { "area", "forecast", "1e9", TRUE },
  };

  for (guint i = 0; i < 10000; i++)
    values[i] = 50 + 40 * sin (i * 0.7) + i * 0.01;
  names = make (FALSE, values, 10000, "شركة 👩‍👩‍👧‍👦 ");
  days = make (TRUE, values, 10000, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(BvChartSpec) spec = bv_chart_spec_new (cases[i].type);
      g_autoptr(BvScene) scene = NULL;
      g_auto(BvValue) value = bv_value_text (cases[i].value);
      guint n_texts = 0;

      if (cases[i].key != NULL)
        g_assert_true (bv_chart_spec_set_option (spec, cases[i].key, &value));
      scene = bv_chart_build (spec, cases[i].time ? days : names, NULL, locale, 900, 500, NULL);
      for (guint t = 0; t < scene->texts->len; t++)
        n_texts += bv_scene_text (scene, t)->role == BV_TEXT_NOTE || bv_scene_text (scene, t)->role == BV_TEXT_MESSAGE;
      /* Something always says what is left out, or what was added. */
      g_assert_cmpuint (n_texts, >, 0);
      g_assert_cmpuint (scene->marks->len, <, 20000);
    }
}

/* Every type with data of every kind: there are marks, or words that say why there are none, and no text is cut by the edge. */
static void
test_odd (void)
{
  static const double sizes[][2] = { { 300, 200 }, { 640, 400 } };
  guint n_sizes = g_getenv ("BV_LONG") != NULL ? G_N_ELEMENTS (sizes) : 1;

  for (guint i = 0; i < G_N_ELEMENTS (chart_samples); i++)
    for (int odd = 0; odd < N_ODD; odd++)
      for (guint s = 0; s < n_sizes; s++)
        {
          g_autoptr(BvFrame) plain = NULL;
          g_autoptr(BvFrame) frame = NULL;
          g_autoptr(BvChartSpec) spec = NULL;
          g_autoptr(BvScene) scene = NULL;
          guint n_messages = 0;

          /* What is large is drawn once, and a century by what shows years. */
          if (((odd == ODD_MANY || odd == ODD_CENTURY) && s > 0) || (odd == ODD_CENTURY && !g_str_has_prefix (chart_samples[i].name, "calendar")))
            continue;
          plain = sample_frame (chart_samples[i].name);
          frame = odd_frame (plain, (Odd) odd);
          spec = sample_spec (&chart_samples[i]);
          scene = bv_chart_build (spec, frame, NULL, locale, sizes[s][0], sizes[s][1], NULL);
          for (guint t = 0; t < scene->texts->len; t++)
            {
              const BvTextRun *run = bv_scene_text (scene, t);
              double corners[8];

              n_messages += run->role == BV_TEXT_MESSAGE || run->role == BV_TEXT_NOTE;
              bv_text_run_corners (run, corners);
              for (int c = 0; c < 8; c += 2)
                if (corners[c] < -1 || corners[c] > scene->width + 1 || corners[c + 1] < -1 || corners[c + 1] > scene->height + 1)
                  g_error ("%s, %s: “%s” leaves the chart", chart_samples[i].name, odd_names[odd], run->text);
            }
          if (scene->marks->len == 0 && n_messages == 0)
            g_error ("%s, %s: nothing is shown or said", chart_samples[i].name, odd_names[odd]);
        }
}

/* Rows out of order along time are put in order. */
static void
test_order (void)
{
  g_autoptr(BvFrame) frame = bv_frame_new ();
  g_autoptr(BvChartSpec) spec = bv_chart_spec_new ("line");
  g_autoptr(BvScene) scene = NULL;
  static const gint64 days[] = { 20005, 20001, 20003, 20002, 20004 };

  bv_frame_add_column (frame, "Day", BV_TYPE_DATE, BV_ROLE_TIME)->grain = BV_GRAIN_DAY;
  bv_frame_add_column (frame, "N", BV_TYPE_INT, BV_ROLE_METRIC);
  for (guint i = 0; i < 5; i++)
    {
      bv_frame_append_int (frame, 0, days[i]);
      bv_frame_append_int (frame, 1, days[i]);
    }
  scene = bv_chart_build (spec, frame, NULL, locale, 400, 200, NULL);
  g_assert_cmpuint (bv_scene_get_n_marks (scene), ==, 5);
  for (guint i = 0; i < 5; i++)
    {
      const BvMark *mark = bv_scene_get_mark (scene, i);

      g_assert_cmpint (bv_frame_get_int (frame, 0, mark->row), ==, 20001 + i);
      if (i > 0)
        g_assert_cmpfloat (mark->x, >, bv_scene_get_mark (scene, i - 1)->x);
    }
}

int
main (int argc, char *argv[])
{
  int result;

  g_test_init (&argc, &argv, NULL);
  locale = fixture_locale ();
  g_test_add_func ("/chart/robust/values", test_values);
  g_test_add_func ("/chart/robust/shapes", test_shapes);
  g_test_add_func ("/chart/robust/messages", test_messages);
  g_test_add_func ("/chart/robust/many", test_many);
  g_test_add_func ("/chart/robust/odd", test_odd);
  g_test_add_func ("/chart/robust/order", test_order);
  result = g_test_run ();
  bv_locale_unref (locale);
  return result;
}
