/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The quick painter against cairo: the same scene on an image, once as usual and once under a clip that only cairo can follow. */
#include "chart-samples.h"

static BvLocale *locale;

static cairo_surface_t *
paint (BvScene *scene, double scale, double dx, double dy, gboolean slow)
{
  cairo_surface_t *surface = cairo_image_surface_create (CAIRO_FORMAT_ARGB32, (int) ceil (scene->width * scale), (int) ceil (scene->height * scale));
  cairo_t *cr;

  cairo_surface_set_device_scale (surface, scale, scale);
  cr = cairo_create (surface);
  cairo_set_source_rgb (cr, 1, 1, 1);
  cairo_paint (cr);
  if (slow)
    {
      /* A circle around everything. */
      cairo_arc (cr, scene->width / 2, scene->height / 2, scene->width + scene->height, 0, 2 * G_PI);
      cairo_clip (cr);
    }
  cairo_translate (cr, dx, dy);
  bv_scene_paint (scene, cr);
  cairo_destroy (cr);
  cairo_surface_flush (surface);
  return surface;
}

/* The mean and the 99.9th percentile of the differences of the parts of pixels, 0 … 255. */
static void
compare (cairo_surface_t *a, cairo_surface_t *b, double *mean, int *nearly_all)
{
  gsize n = (gsize) cairo_image_surface_get_stride (a) * (gsize) cairo_image_surface_get_height (a);
  const guint8 *x = cairo_image_surface_get_data (a), *y = cairo_image_surface_get_data (b);
  gsize counts[256] = { 0 };
  double sum = 0;
  gsize seen = 0;

  for (gsize i = 0; i < n; i++)
    {
      counts[ABS ((int) x[i] - (int) y[i])]++;
      sum += ABS ((int) x[i] - (int) y[i]);
    }
  *mean = sum / (double) n;
  for (*nearly_all = 0; *nearly_all < 255 && (double) (seen += counts[*nearly_all]) < 0.999 * (double) n; ++*nearly_all)
    ;
}

static void
check_same (BvScene *scene, const char *what, double most_mean, int most)
{
  static const double scales[] = { 1, 2, 1.5 };

  for (guint i = 0; i < G_N_ELEMENTS (scales); i++)
    {
      double offset = i == 0 ? 0 : -7.3;
      cairo_surface_t *quick = paint (scene, scales[i], offset, offset, FALSE);
      cairo_surface_t *slow = paint (scene, scales[i], offset, offset, TRUE);
      double mean;
      int nearly_all;

      compare (quick, slow, &mean, &nearly_all);
      if (mean > most_mean || nearly_all > most)
        g_error ("%s at scale %g: differs by %.3f on average and %d nearly everywhere", what, scales[i], mean, nearly_all);
      cairo_surface_destroy (quick);
      cairo_surface_destroy (slow);
    }
}

static void
test_samples (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (chart_samples); i++)
    {
      g_autoptr(BvFrame) frame = sample_frame (chart_samples[i].name);
      g_autoptr(BvChartSpec) spec = sample_spec (&chart_samples[i]);
      g_autoptr(BvScene) scene = bv_chart_build (spec, frame, NULL, locale, 500, 300, NULL);

      check_same (scene, chart_samples[i].name, 0.7, 96);
    }
}

/* Random boxes, stars and lines, also across the edges of the image. */
static void
test_random (void)
{
  static const BvColour ink = { 0.1, 0.3, 0.6, 1 };

  for (int round = 0; round < 30; round++)
    {
      g_autoptr(BvScene) rects = bv_scene_new (NULL, locale, 200, 150);
      g_autoptr(BvScene) paths = bv_scene_new (NULL, locale, 200, 150);
      g_autoptr(BvScene) lines = bv_scene_new (NULL, locale, 200, 150);
      BvColour half = ink;
      BvShape *shape;

      half.a = 0.4;
      rects->font_family = g_strdup ("Sans");
      paths->font_family = g_strdup ("Sans");
      lines->font_family = g_strdup ("Sans");
      for (int i = 0; i < 8; i++)
        bv_scene_add_rect (rects, BV_PART_DATA, g_test_rand_double_range (-30, 200), g_test_rand_double_range (-30, 150),
                           g_test_rand_double_range (0, 60), g_test_rand_double_range (0, 60), i % 2 ? ink : half);
      shape = bv_scene_add_path (paths, BV_PART_DATA);
      shape->closed = TRUE;
      shape->fill = half;
      /* A star does not cross itself; a ring in it, wound the other way, is a hole. */
      for (int i = 0; i < 20; i++)
        {
          double r = g_test_rand_double_range (40, 110);

          bv_scene_add_point (paths, 100 + r * cos (i * G_PI / 10), 75 + r * sin (i * G_PI / 10));
        }
      bv_scene_add_point (paths, NAN, NAN);
      for (int i = 20; i-- > 0;)
        bv_scene_add_point (paths, 100 + 25 * cos (i * G_PI / 10), 75 + 25 * sin (i * G_PI / 10));
      shape = bv_scene_add_path (lines, BV_PART_DATA);
      shape->stroke = ink;
      shape->line_width = g_test_rand_double_range (1, 3);
      for (int i = 0; i < 30; i++)
        bv_scene_add_point (lines, i == 11 ? NAN : i * 8 - 10, g_test_rand_double_range (-30, 180));
      check_same (rects, "boxes", 0.3, 16);
      check_same (paths, "a star", 0.4, 12);
      check_same (lines, "a line", 2.5, 140);
    }
}

int
main (int argc, char *argv[])
{
  int result;

  g_test_init (&argc, &argv, NULL);
  locale = fixture_locale ();
  g_test_add_func ("/chart/paint/samples", test_samples);
  g_test_add_func ("/chart/paint/random", test_random);
  result = g_test_run ();
  bv_locale_unref (locale);
  return result;
}
