/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Funnel: steps in order, each with its value, its share of the first step and of the step before.
 *
 * Each metric is a step, worth its total; a single metric grouped by one dimension makes each group a step. Bars are centred and as
 * wide as their value; between two of them a lighter trapezium shows what is lost. A value below zero is no step: it is said so.
 */
#include "config.h"

#include "bv-chart-parts.h"

#include <glib/gi18n-lib.h>

static const BvOptionInfo funnel_options[] = {
  { "hide-previous", N_("Hide share of previous step"), BV_OPTION_BOOL, NULL, NULL }, BV_OPTION_PALETTE, BV_OPTION_FACET, BV_OPTION_END,
};

typedef struct
{
  char *label;
  double v;
  guint row, column;
} Step;

static void
step_clear (gpointer data)
{
  g_free (((Step *) data)->label);
}

static GArray *
collect_steps (BvBuild *build, GArray *metrics, GArray *groups, guint *n_odd)
{
  GArray *steps = g_array_new (FALSE, TRUE, sizeof (Step));

  g_array_set_clear_func (steps, step_clear);
  if (groups->len == 1 && metrics->len == 1)
    {
      guint metric = g_array_index (metrics, guint, 0);

      for (guint row = 0; row < bv_frame_get_n_rows (build->frame); row++)
        {
          Step step = { bv_frame_format (build->frame, g_array_index (groups, guint, 0), row, build->locale),
                        bv_parts_value (build, metric, row, n_odd), row, metric };

          g_array_append_val (steps, step);
        }
      return steps;
    }
  for (guint i = 0; i < metrics->len; i++)
    {
      Step step = { .column = g_array_index (metrics, guint, i) };

      step.label = g_strdup (bv_parts_metric_label (build, step.column));
      step.v = bv_parts_total (build, step.column, &step.row);
      g_array_append_val (steps, step);
    }
  return steps;
}

static void
describe (BvBuild *build, GArray *steps)
{
  GString *out = g_string_new (NULL);
  double first = g_array_index (steps, Step, 0).v;

  g_string_append_printf (out, ngettext ("Funnel of %u step.", "Funnel of %u steps.", steps->len), steps->len);
  for (guint i = 0; i < MIN (steps->len, 12); i++)
    {
      Step *step = &g_array_index (steps, Step, i);
      g_autofree char *value = bv_parts_format (build, step->column, step->v);
      g_autofree char *share = bv_parts_percent (build, step->v / first);

      g_string_append_printf (out, " %s: %s (%s).", step->label, value, share);
    }
  bv_alternative_set (build, g_string_free (out, FALSE));
}

static void
draw_steps (BvBuild *build, GArray *steps, guint shown, double most)
{
  BvScene *scene = build->scene;
  gboolean previous = !bv_chart_spec_bool (build->spec, "hide-previous");
  double first = g_array_index (steps, Step, 0).v;
  double names = 0, shares = 0, befores = 0;
  double gap, height, left, width;
  double last_x = 0, last_w = 0;

  for (guint i = 0; i < shown; i++)
    {
      Step *step = &g_array_index (steps, Step, i);
      g_autofree char *share = bv_parts_percent (build, step->v / first);

      names = MAX (names, bv_text_width (build->text, step->label, build->size, FALSE));
      shares = MAX (shares, bv_text_width (build->text, share, build->size, FALSE));
    }
  names = MIN (names, build->w * 0.34);
  shares = MAX (shares, bv_text_width (build->text, _("of first"), build->size, FALSE));
  befores = MAX (shares, bv_text_width (build->text, _("of previous"), build->size, FALSE));
  /* What does not fit goes: first the share of the step before, then that of the first, then the names. */
  if (!previous || names + shares + befores > build->w * 0.62)
    befores = 0;
  if (names + shares > build->w * 0.62)
    shares = befores = 0;
  if (names < build->size * 3 || build->w < build->size * 12)
    names = 0;
  left = build->x + (names > 0 ? names + build->size : 0);
  width = MAX (build->x + build->w - left - (shares > 0 ? shares + build->size : 0) - (befores > 0 ? befores + build->size : 0), 1);
  if (shares > 0 && (build->h - build->line * 1.4) / shown >= build->line * 1.2)
    {
      bv_build_label (build, BV_TEXT_HEADER, _("of first"), left + width + build->size + shares, build->y, 1, build->ink.muted);
      if (befores > 0)
        bv_build_label (build, BV_TEXT_HEADER, _("of previous"), build->x + build->w, build->y, 1, build->ink.muted);
      build->y += build->line * 1.4;
      build->h -= build->line * 1.4;
    }
  height = build->h / shown;
  gap = height > build->line * 2.4 ? MIN (height * 0.3, build->size * 2) : MIN (height * 0.1, 2);
  height = (build->h - (shown - 1) * gap) / shown;
  for (guint i = 0; i < shown; i++)
    {
      Step *step = &g_array_index (steps, Step, i);
      double w = step->v > 0 ? MAX (width * (step->v / most), 0.75) : 0;
      double x = left + (width - w) / 2;
      double y = build->y + i * (height + gap);
      double middle = y + (height - build->line) / 2;
      BvColour fill = bv_parts_colour (build, 0);
      g_autofree char *value = bv_parts_format (build, step->column, step->v);
      g_autofree char *share = bv_parts_percent (build, step->v / first);
      g_autofree char *before = i > 0 ? bv_parts_percent (build, step->v / g_array_index (steps, Step, i - 1).v) : g_strdup ("");
      double value_width = bv_text_width (build->text, value, build->size, FALSE);
      int mark;

      fill = bv_colour_mix (fill, build->ink.background, MIN (0.45, 0.45 * i / MAX (shown, 4)));
      fill.a = 1;
      if (i > 0 && gap > 2 && (last_w > 0 || w > 0))
        {
          BvShape *shape = bv_scene_add_path (scene, BV_PART_DECORATION);

          shape->closed = TRUE;
          shape->fill = bv_colour_alpha (fill, 0.22);
          bv_scene_add_point (scene, last_x, y - gap);
          bv_scene_add_point (scene, last_x + last_w, y - gap);
          bv_scene_add_point (scene, x + w, y);
          bv_scene_add_point (scene, x, y);
        }
      last_x = x;
      last_w = w;
      bv_parts_box (build, step->row, (int) step->column, -1, i, x, y, w, height, fill);
      mark = (int) scene->marks->len - 1;
      if (MIN (w, height) > 8)
        bv_scene_shape (scene, scene->shapes->len - 1)->r0 = 2;
      {
        g_autofree char *text = i > 0 ? g_strdup_printf (_("%s: %s\n%s of first, %s of previous"), step->label, value, share, before)
                                      : g_strdup_printf ("%s: %s", step->label, value);

        bv_parts_mark_text (build, text, FALSE);
      }
      if (height < build->line)
        continue;
      if (names > 0)
        bv_parts_text (build, BV_TEXT_AXIS_Y, step->label, left - build->size, middle, 1, names, build->size, TRUE, build->ink.text, mark);
      if (value_width + 6 <= w)
        bv_build_label (build, BV_TEXT_VALUE, value, x + w / 2, middle, 0.5, bv_colour_on (fill))->mark = mark;
      else if (value_width + build->size * 0.5 <= left + width - x - w)
        bv_build_label (build, BV_TEXT_VALUE, value, x + w + build->size * 0.5, middle, 0, build->ink.text)->mark = mark;
      if (shares > 0)
        bv_parts_text (build, BV_TEXT_VALUE, share, left + width + build->size + shares, middle, 1, shares, build->size, FALSE,
                       build->ink.text, mark);
      if (befores > 0 && i > 0)
        bv_parts_text (build, BV_TEXT_VALUE, before, build->x + build->w, middle, 1, befores, build->size, FALSE, build->ink.muted, mark);
    }
}

static void
build_funnel (BvBuild *build)
{
  g_autoptr(GArray) metrics = bv_parts_metrics (build);
  g_autoptr(GArray) groups = bv_parts_groups (build);
  g_autoptr(GArray) steps = NULL;
  double most = 0, none = 0;
  guint n_odd = 0;
  guint fit;

  if (metrics->len == 0)
    {
      bv_build_message (build, _("There is nothing to draw: choose a metric that is a number"));
      return;
    }
  steps = collect_steps (build, metrics, groups, &n_odd);
  for (guint i = 0; i < steps->len; i++)
    {
      double v = g_array_index (steps, Step, i).v;

      if (v < 0)
        {
          bv_build_message (build, _("A funnel cannot show values below zero: use a bar chart"));
          return;
        }
      most = v > most ? v : most;
    }
  describe (build, steps);
  if (!(most > 0))
    {
      bv_build_message (build, _("No values to draw: all of them are empty or zero"));
      return;
    }
  bv_parts_odd_note (build, n_odd);
  bv_panel_domain (build, FALSE, &none, &most);
  fit = (guint) CLAMP (floor (build->h / MIN (build->line * 1.1, 8)), 1, 60);
  if (steps->len > fit)
    {
      g_autofree char *all = bv_locale_format_count (build->locale, steps->len);
      g_autofree char *some = bv_locale_format_count (build->locale, fit);
      g_autofree char *note = g_strdup_printf (_("%s of %s steps shown"), some, all);

      bv_build_note (build, note);
    }
  build->scene->vertical = TRUE;
  draw_steps (build, steps, MIN (fit, steps->len), most);
}

const BvChartKind bv_chart_funnel_kind = {
  { "funnel", N_("Funnel"), "bv-chart-funnel-symbolic", 1, -1, 0, 1, FALSE, funnel_options }, build_funnel, BV_FACETS_APART, NULL,
};
