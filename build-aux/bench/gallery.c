/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Draws every chart type to look at: ninja -C _build tests/chart/draw-gallery && _build/tests/chart/draw-gallery DIRECTORY */
#include "chart-samples.h"

int
main (int argc, char *argv[])
{
  g_autoptr(BvLocale) locale = fixture_locale ();
  static const double sizes[][2] = { { 900, 420 }, { 300, 160 } };

  for (guint i = 0; argc > 1 && i < G_N_ELEMENTS (chart_samples); i++)
    for (int dark = 0; dark < 2; dark++)
      for (guint s = 0; s < G_N_ELEMENTS (sizes); s++)
        {
          const ChartSample *sample = &chart_samples[i];
          BvChartStyle style = { .theme = dark ? BV_THEME_DARK : BV_THEME_LIGHT, .font_size = 11 };
          g_autoptr(BvChartSpec) spec = sample_spec (sample);
          g_autoptr(BvFrame) frame = sample_frame (sample->name);
          g_autoptr(BvScene) scene = bv_chart_build (spec, frame, &style, locale, sizes[s][0], sizes[s][1], NULL);
          g_autofree char *name = g_strdup_printf ("%s-%s-%.0f.png", sample->name, dark ? "dark" : "light", sizes[s][0]);
          g_autofree char *path = g_build_filename (argv[1], name, NULL);

          if (!bv_scene_write_png (scene, path, 1, NULL))
            return 1;
        }
  return argc > 1 ? 0 : 1;
}
