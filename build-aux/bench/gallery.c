/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Every chart type on contact sheets to look at: all samples in the three themes and at two sizes, and odd data (empty, huge, right to left…).
 * ninja -C _build tests/chart/draw-gallery && _build/tests/chart/draw-gallery DIRECTORY
 */
#include "chart-odd.h"

#define COLUMNS 5
#define LABEL 16

static BvLocale *locale;

/* One sheet of the samples; @odd N_ODD: as they are. */
static gboolean
draw_sheet (const char *directory, const char *sheet, BvTheme theme, double width, double height, Odd odd)
{
  guint rows = (G_N_ELEMENTS (chart_samples) + COLUMNS - 1) / COLUMNS;
  cairo_surface_t *surface = cairo_image_surface_create (CAIRO_FORMAT_RGB24, (int) (COLUMNS * (width + 8)), (int) (rows * (height + LABEL + 8)));
  cairo_t *cr = cairo_create (surface);
  g_autofree char *path = g_strdup_printf ("%s/%s.png", directory, sheet);
  gboolean written;

  cairo_set_source_rgb (cr, 0.55, 0.55, 0.55);
  cairo_paint (cr);
  for (guint i = 0; i < G_N_ELEMENTS (chart_samples); i++)
    {
      const ChartSample *sample = &chart_samples[i];
      BvChartStyle style = { .theme = theme, .font_size = theme == BV_THEME_PRINT ? 8 : 11 };
      g_autoptr(BvChartSpec) spec = sample_spec (sample);
      g_autoptr(BvFrame) plain = sample_frame (sample->name);
      g_autoptr(BvFrame) frame = odd < N_ODD ? odd_frame (plain, odd) : bv_frame_ref (plain);
      g_autoptr(BvScene) scene = bv_chart_build (spec, frame, &style, locale, width, height, NULL);

      cairo_save (cr);
      cairo_translate (cr, 4 + i % COLUMNS * (width + 8), 4 + i / COLUMNS * (height + LABEL + 8));
      cairo_set_source_rgb (cr, 0, 0, 0);
      cairo_move_to (cr, 2, 11);
      cairo_show_text (cr, sample->name);
      cairo_translate (cr, 0, LABEL);
      cairo_rectangle (cr, 0, 0, width, height);
      cairo_clip (cr);
      cairo_set_source_rgb (cr, scene->background.r, scene->background.g, scene->background.b);
      cairo_paint (cr);
      bv_scene_paint (scene, cr);
      cairo_restore (cr);
    }
  cairo_destroy (cr);
  written = cairo_surface_write_to_png (surface, path) == CAIRO_STATUS_SUCCESS;
  cairo_surface_destroy (surface);
  return written;
}

int
main (int argc, char *argv[])
{
  static const char *const themes[] = { "light", "dark", "print" };
  static const double sizes[][2] = { { 300, 200 }, { 560, 320 } };

  if (argc < 2)
    return 2;
  locale = fixture_locale ();
  for (int theme = 0; theme < 3; theme++)
    for (guint s = 0; s < G_N_ELEMENTS (sizes); s++)
      {
        g_autofree char *name = g_strdup_printf ("%s-%.0f", themes[theme], sizes[s][0]);

        if (!draw_sheet (argv[1], name, (BvTheme) theme, sizes[s][0], sizes[s][1], N_ODD))
          return 1;
      }
  for (int odd = 0; odd < N_ODD; odd++)
    {
      g_autofree char *name = g_strdup_printf ("odd-%s", odd_names[odd]);

      if (!draw_sheet (argv[1], g_strdelimit (name, " ,", '-'), BV_THEME_LIGHT, 300, 200, (Odd) odd))
        return 1;
    }
  bv_locale_unref (locale);
  return 0;
}
