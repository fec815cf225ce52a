/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The way in: checks what every chart needs, hands over to the type, and keeps the small tools that types build with. */
#include "config.h"

#include "bv-chart-private.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

BvChartStyle
bv_chart_style_resolve (const BvChartStyle *style)
{
  BvChartStyle out = style != NULL ? *style : (BvChartStyle){ BV_THEME_LIGHT };

  if (out.font_family == NULL)
    out.font_family = "Cantarell, DejaVu Sans, sans-serif";
  if (!(out.font_size > 0))
    out.font_size = 10;
  if (out.palette == NULL || !bv_palette_known (out.palette))
    out.palette = bv_palette_names ()[0];
  return out;
}

void
bv_build_init (BvBuild *build, const BvChartSpec *spec, BvFrame *frame, const BvChartStyle *style, BvLocale *locale, double width,
               double height)
{
  double margin;

  *build = (BvBuild){ .spec = spec, .frame = frame, .locale = locale, .width = width, .height = height };
  build->style = bv_chart_style_resolve (style);
  build->ink = bv_ink_for_style (&build->style);
  build->text = bv_text_for_family (build->style.font_family);
  build->size = build->style.font_size;
  build->line = bv_text_line_height (build->text, build->size);
  build->scene = bv_scene_new (frame, locale, width, height);
  build->scene->font_family = g_strdup (build->style.font_family);
  build->scene->background = build->ink.background;
  build->scene->ink = build->ink.text;
  for (guint c = 0; spec != NULL && frame != NULL && c < bv_frame_get_n_columns (frame); c++)
    {
      const char *label = bv_chart_spec_series (spec, bv_frame_get_column (frame, c)->name, "label");

      if (build->scene->labels == NULL)
        build->scene->labels = g_ptr_array_new ();
      g_ptr_array_add (build->scene->labels, label != NULL ? (gpointer) bv_scene_intern (build->scene, label) : NULL);
    }
  margin = MIN (build->size * 0.4, MIN (width, height) * 0.04);
  build->x = margin;
  build->y = margin;
  build->w = width - 2 * margin;
  build->h = height - 2 * margin;
}

BvTextRun *
bv_build_label (BvBuild *build, BvTextRole role, const char *text, double x, double y, double align, BvColour colour)
{
  double width = bv_text_width (build->text, text, build->size, FALSE);

  return bv_scene_add_text (build->scene, role, text, x - align * width, y, width, build->line, align, build->size, colour);
}

void
bv_build_message (BvBuild *build, const char *text)
{
  double size = build->size;
  double line = build->line;
  g_auto(GStrv) lines = NULL;
  guint n;

  /* On a stamp-sized chart the sentence is set smaller before it is cut. */
  if (build->w < 90 || build->h < 2 * line)
    {
      size = MAX (size * 0.7, 5);
      line = bv_text_line_height (build->text, size);
    }
  n = (guint) MAX (1, floor (build->h / line));
  lines = bv_text_wrap (build->text, text, size, FALSE, build->w, MIN (n, 6));
  n = g_strv_length (lines);
  for (guint i = 0; i < n; i++)
    {
      double width = bv_text_width (build->text, lines[i], size, FALSE);

      bv_scene_add_text (build->scene, BV_TEXT_MESSAGE, lines[i], build->x + (build->w - width) / 2,
                         MAX (build->y + (build->h - n * line) / 2, 0) + i * line, width, MIN (line, build->height), 0.5, size,
                         build->ink.muted);
    }
  if (build->scene->alternative == NULL)
    bv_alternative_set (build, g_strdup (text));
}

void
bv_build_note (BvBuild *build, const char *text)
{
  double size = build->size * 0.9;
  double line = bv_text_line_height (build->text, size);
  g_autofree char *fitted = NULL;

  /* What one panel has to say is said once for all. */
  if (build->panel != NULL)
    {
      if (build->panel->measuring && !g_ptr_array_find_with_equal_func (build->panel->notes, text, g_str_equal, NULL))
        g_ptr_array_add (build->panel->notes, g_strdup (text));
      return;
    }

  if (build->h < line * 2)
    return;
  fitted = bv_text_fit (build->text, text, size, FALSE, build->w);
  /* What to do about it is left out before what it is, unless that is only a word. */
  if (bv_text_width (build->text, text, size, FALSE) > build->w && strstr (text, ": ") != NULL)
    {
      g_autofree char *what = g_strndup (text, (gsize) (strstr (text, ": ") - text));
      double width = bv_text_width (build->text, what, size, FALSE);

      if (width > build->w * 0.4 && width <= build->w)
        {
          g_free (fitted);
          fitted = g_steal_pointer (&what);
        }
    }
  bv_scene_add_text (build->scene, BV_TEXT_NOTE, fitted, build->x, build->y + build->h - line,
                     bv_text_width (build->text, fitted, size, FALSE), line, 0, size, build->ink.note);
  build->h -= line + build->size * 0.3;
}

char *
bv_build_scientific (double v)
{
  char buf[G_ASCII_DTOSTR_BUF_SIZE];

  return g_strdup (g_ascii_formatd (buf, sizeof buf, "%.4g", v));
}

char *
bv_build_format (BvBuild *build, const BvFormat *format, double v)
{
  double magnitude = fabs (v);

  if (format->decimals < 0 && format->kind != BV_FORMAT_PERCENT && ((magnitude > 0 && magnitude < 1e-6) || magnitude >= 1e17))
    return bv_build_scientific (v);
  return bv_locale_format_double (build->locale, v, format);
}

static gboolean
series_is_hidden (const BvChartSpec *spec, const char *name)
{
  g_autofree char *key = g_strdup_printf ("series.%s.hidden", name);

  return bv_chart_spec_bool (spec, key);
}

/* The place that the definition gives a series; those without one come after. */
static double
series_order (const BvChartSpec *spec, const char *name)
{
  g_autofree char *key = g_strdup_printf ("series.%s.order", name);
  double order = bv_chart_spec_number (spec, key);

  return isnan (order) ? G_MAXDOUBLE : order;
}

static int
compare_series (const void *a, const void *b)
{
  const BvSeries *x = *(BvSeries *const *) a, *y = *(BvSeries *const *) b;

  return x->order < y->order ? -1 : x->order > y->order ? 1 : x->index < y->index ? -1 : x->index > y->index;
}

void
bv_build_series (BvBuild *build, BvMatrix *matrix, BvSeriesKind kind)
{
  const char *palette = bv_chart_spec_text (build->spec, "palette");
  gboolean combo = strcmp (bv_chart_spec_get_type (build->spec), "combo") == 0;
  int first = matrix->series->len > 0 ? ((BvSeries *) g_ptr_array_index (matrix->series, 0))->column : -1;
  gboolean own = palette != NULL && strcmp (palette, "auto") != 0;

  if (!own)
    palette = build->style.palette;
  for (guint i = 0; i < matrix->series->len; i++)
    {
      BvSeries *series = g_ptr_array_index (matrix->series, i);
      const char *label = bv_chart_spec_series (build->spec, series->name, "label");
      const char *colour = bv_chart_spec_series (build->spec, series->name, "colour");
      const char *type = bv_chart_spec_series (build->spec, series->name, "type");
      guint all = matrix->series->len, at = i;

      if (build->panel != NULL)
        {
          all = build->panel->names->len;
          g_ptr_array_find_with_equal_func (build->panel->names, series->name, g_str_equal, &at);
        }

      series->kind = g_strcmp0 (type, "line") == 0   ? BV_KIND_LINE
                     : g_strcmp0 (type, "area") == 0 ? BV_KIND_AREA
                     : g_strcmp0 (type, "bar") == 0  ? BV_KIND_BAR
                     : combo && series->column != first ? BV_KIND_LINE
                                                        : kind;
      if (label != NULL)
        {
          g_free (series->label);
          series->label = g_strdup (label);
        }
      if (!bv_colour_parse (colour, &series->colour))
        series->colour = all == 1 && build->style.has_accent && !own
                           ? build->style.accent
                           : bv_palette_colour (palette, at, build->style.theme);
      /* The legend switches what the definition hides on, and what it shows off. */
      series->hidden = (build->hidden != NULL && g_strv_contains (build->hidden, series->name)) != series_is_hidden (build->spec, series->name);
      series->order = series_order (build->spec, series->name);
      series->index = at;
    }
  g_ptr_array_sort (matrix->series, compare_series);
}

void
bv_alternative_set (BvBuild *build, char *text)
{
  g_free (build->scene->alternative);
  build->scene->alternative = text;
}

BvScene *
bv_chart_build (const BvChartSpec *spec, BvFrame *frame, const BvChartStyle *style, BvLocale *locale, double width, double height,
                const char *const *hidden_series)
{
  const char *type = spec != NULL ? bv_chart_spec_get_type (spec) : NULL;
  const BvChartKind *kind = bv_chart_kind_find (type);
  gboolean has_metric = FALSE;
  BvBuild build;

  width = isfinite (width) ? CLAMP (width, 1, 100000) : 1;
  height = isfinite (height) ? CLAMP (height, 1, 100000) : 1;
  bv_build_init (&build, spec, frame, style, locale, width, height);
  build.hidden = hidden_series;
  for (guint c = 0; frame != NULL && c < bv_frame_get_n_columns (frame); c++)
    has_metric = has_metric || bv_frame_get_column (frame, c)->role == BV_ROLE_METRIC;
  if (kind == NULL)
    {
      g_autofree char *text = g_strdup_printf (_("There is no chart type “%s”: choose another type"), type != NULL ? type : "");

      bv_build_message (&build, text);
    }
  else if (frame == NULL || locale == NULL)
    bv_build_message (&build, _("Nothing to show yet"));
  else if (!has_metric && strcmp (type, "table") != 0)
    bv_build_message (&build, _("There is nothing to draw: choose a metric"));
  else if (bv_frame_get_n_rows (frame) == 0 && strcmp (type, "number") != 0)
    bv_build_message (&build, _("No rows match: widen the time range or the filters"));
  else if (!bv_facet_build (&build, kind))
    kind->build (&build);
  return build.scene;
}
