/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Reference lines, bands and the goal: fixed values that the data is read against. They belong to the left axis.
 *
 * A label stands at the end of its line, inside the plot, on a patch of the background so that it can be read over bars; where two
 * would meet, the later one moves below its line or is left out.
 */
#include "config.h"

#include "bv-chart-private.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

#define REFERENCES_MAX 20

static void
reference_clear (gpointer data)
{
  g_free (((BvReference *) data)->name);
}

static gboolean
parse_number (const char *text, double *out)
{
  char *end = NULL;
  g_autofree char *trimmed = g_strstrip (g_strdup (text));

  if (*trimmed == '\0')
    return FALSE;
  *out = g_ascii_strtod (trimmed, &end);
  return *end == '\0' && isfinite (*out) && fabs (*out) < 1e300;
}

GArray *
bv_references_parse (const char *text)
{
  g_auto(GStrv) parts = g_strsplit_set (text, ";\n", -1);
  g_autoptr(GArray) out = g_array_new (FALSE, TRUE, sizeof (BvReference));

  g_array_set_clear_func (out, reference_clear);
  for (guint i = 0; parts[i] != NULL; i++)
    {
      char *part = g_strstrip (parts[i]);
      char *equals = strrchr (part, '=');
      const char *value = equals != NULL ? equals + 1 : part;
      char *dots = strstr (equals != NULL ? equals + 1 : part, "..");
      BvReference reference = { 0 };

      if (*part == '\0')
        continue;
      if (out->len == REFERENCES_MAX)
        return NULL;
      if (dots != NULL)
        *dots = '\0';
      if (!parse_number (value, &reference.from) || !parse_number (dots != NULL ? dots + 2 : value, &reference.to))
        return NULL;
      if (reference.from > reference.to)
        {
          double swap = reference.from;

          reference.from = reference.to;
          reference.to = swap;
        }
      reference.name = equals != NULL ? g_strndup (part, (gsize) (equals - part)) : g_strdup ("");
      g_strstrip (reference.name);
      g_array_append_val (out, reference);
    }
  return g_steal_pointer (&out);
}

GArray *
bv_references_new (const BvChartSpec *spec)
{
  const char *text = bv_chart_spec_text (spec, "reference-lines");
  double goal = bv_chart_spec_number (spec, "goal");
  GArray *out = bv_references_parse (text != NULL ? text : "");

  if (out != NULL && !isnan (goal))
    {
      BvReference reference = { g_strdup (_("Goal")), goal, goal, TRUE };

      g_array_append_val (out, reference);
    }
  if (out != NULL && out->len == 0)
    g_clear_pointer (&out, g_array_unref);
  return out;
}

static gboolean
is_band (const BvReference *reference)
{
  return reference->to > reference->from;
}

static BvColour
reference_colour (const BvBuild *build, const BvReference *reference)
{
  return reference->goal ? build->ink.good : build->ink.text;
}

void
bv_references_draw (BvXy *xy, gboolean bands)
{
  BvScene *scene = xy->build->scene;

  for (guint i = 0; xy->references != NULL && i < xy->references->len; i++)
    {
      const BvReference *reference = &g_array_index (xy->references, BvReference, i);
      double a = bv_linear_map (&xy->values.scale, reference->from);
      double b = bv_linear_map (&xy->values.scale, reference->to);
      BvColour colour = reference_colour (xy->build, reference);
      double x0 = scene->plot_x, x1 = scene->plot_x + scene->plot_width;
      double y0 = scene->plot_y, y1 = scene->plot_y + scene->plot_height;

      if (is_band (reference) != bands)
        continue;
      if (bands && xy->horizontal)
        bv_scene_add_rect (scene, BV_PART_DECORATION, a, y0, b - a, y1 - y0, bv_colour_alpha (colour, 0.08));
      else if (bands)
        bv_scene_add_rect (scene, BV_PART_DECORATION, x0, b, x1 - x0, a - b, bv_colour_alpha (colour, 0.08));
      else if (xy->horizontal)
        bv_scene_add_line (scene, BV_PART_DECORATION, a, y0, a, y1, colour, 1.25)->dashed = TRUE;
      else
        bv_scene_add_line (scene, BV_PART_DECORATION, x0, a, x1, a, colour, 1.25)->dashed = TRUE;
    }
  for (guint t = 0; !bands && t < scene->texts->len; t++)
    {
      const BvTextRun *run = bv_scene_text (scene, t);

      if (run->role == BV_TEXT_NOTE && run->mark == -2)
        bv_scene_add_rect (scene, BV_PART_DECORATION, run->x - 2, run->y, run->width + 4, run->height,
                           bv_colour_alpha (xy->build->ink.background, 0.82))->r0 = 3;
    }
  for (guint t = 0; !bands && t < scene->texts->len; t++)
    if (bv_scene_text (scene, t)->mark == -2)
      bv_scene_text (scene, t)->mark = -1;
}

void
bv_references_label (BvXy *xy, BvLabelSpace *space)
{
  BvBuild *build = xy->build;
  BvScene *scene = build->scene;

  for (guint i = 0; xy->references != NULL && i < xy->references->len; i++)
    {
      const BvReference *reference = &g_array_index (xy->references, BvReference, i);
      BvFormat *format = NULL, percent = BV_FORMAT_INIT;
      double at = bv_linear_map (&xy->values.scale, reference->to);
      double foot = bv_linear_map (&xy->values.scale, reference->from);
      g_autofree char *value = NULL;
      g_autofree char *full = NULL;
      g_autofree char *text = NULL;
      guint before = scene->texts->len;
      gboolean placed;

      for (guint s = xy->n_shown; s-- > 0;)
        {
          BvSeries *series = bv_xy_series (xy, s);

          if (!series->right && xy->stack == BV_STACK_SHARE && series->kind != BV_KIND_LINE)
            {
              percent.kind = BV_FORMAT_PERCENT;
              percent.decimals = fabs (reference->from * 100 - round (reference->from * 100)) > 1e-9 ? 1 : 0;
              format = &percent;
            }
          else if (!series->right)
            format = &bv_frame_get_column (build->frame, (guint) series->column)->format;
        }
      value = bv_locale_format_double (build->locale, reference->from, format);
      full = is_band (reference) ? g_strdup (reference->name)
             : *reference->name == '\0' ? g_strdup (value)
                                        : g_strdup_printf ("%s %s", reference->name, value);
      text = bv_text_fit (build->text, full, build->size, FALSE, scene->plot_width * 0.6);
      if (*text == '\0')
        continue;
      if (xy->horizontal)
        placed = bv_label_space_add (space, text, at + build->size * 0.4, scene->plot_y + 1, 0, reference_colour (build, reference), -1) ||
                 bv_label_space_add (space, text, foot - build->size * 0.4, scene->plot_y + 1, 1, reference_colour (build, reference), -1);
      else
        placed = bv_label_space_add (space, text, scene->plot_x + scene->plot_width - 4, at - (is_band (reference) ? 0 : build->line + 1), 1,
                                     reference_colour (build, reference), -1) ||
                 bv_label_space_add (space, text, scene->plot_x + scene->plot_width - 4, foot + (is_band (reference) ? -build->line : 2), 1,
                                     reference_colour (build, reference), -1);
      if (placed)
        {
          /* Told from value labels: the patch behind it comes with the line. */
          bv_scene_text (scene, before)->role = BV_TEXT_NOTE;
          bv_scene_text (scene, before)->mark = -2;
        }
    }
}
