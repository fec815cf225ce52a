/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Persona grid: stages as columns of one width, each stacked into its personas; a section is as high as the persona has customers, on one
 * scale for all columns. The heads say how many customers a stage has; sections say name, count and share of all.
 */
#include "config.h"

#include "bv-chart-parts.h"

#include <glib/gi18n-lib.h>

#define STAGES_MAX 12

static const BvOptionInfo persona_options[] = { BV_OPTION_PALETTE, BV_OPTION_END };

typedef struct
{
  BvBuild *build;
  BvCross *cross;     /* stages down, personas across */
  guint n_stages;
  double sums[STAGES_MAX];
  double total, most;
} Grid;

static void
draw_section (Grid *self, guint stage, guint persona, double x, double y, double w, double h)
{
  BvBuild *build = self->build;
  gsize at = bv_cross_at (self->cross, stage, persona);
  BvColour fill = bv_colour_mix (build->ink.background, bv_parts_colour (build, persona), 0.85);
  BvColour on = bv_colour_on (fill);
  g_autofree char *name = NULL, *value = NULL, *share = NULL, *numbers = NULL;
  double pad = build->size * 0.5;
  double gap = h > 4 ? 1 : 0;
  int mark;

  fill.a = 1;
  bv_parts_box (build, self->cross->row[at], (int) self->cross->metric, (int) stage, persona, x, y + gap, w, MAX (h - gap, 0), fill);
  mark = (int) build->scene->marks->len - 1;
  if (MIN (w, h) > 10)
    bv_scene_shape (build->scene, build->scene->shapes->len - 1)->r0 = 3;
  bv_parts_mark_share (build, self->cross->v[at] / self->total, NULL);
  if (h < build->line)
    return;
  name = bv_matrix_x_label (self->cross->across, persona, build->locale);
  value = bv_parts_format (build, self->cross->metric, self->cross->v[at]);
  share = bv_parts_percent (build, self->cross->v[at] / self->total);
  numbers = g_strdup_printf ("%s · %s", value, share);
  if (h >= build->line * 2 + pad)
    {
      double top = y + MIN (pad * 0.7, (h - build->line * 2) / 2);

      bv_parts_text (build, BV_TEXT_CELL, name, x + pad, top, 0, w - 2 * pad, build->size, TRUE, on, mark);
      if (bv_parts_text (build, BV_TEXT_VALUE, numbers, x + pad, top + build->line, 0, w - 2 * pad, build->size, FALSE, on, mark) <= 0)
        bv_parts_text (build, BV_TEXT_VALUE, value, x + pad, top + build->line, 0, w - 2 * pad, build->size, FALSE, on, mark);
    }
  else if (h >= build->line + 2)
    {
      double width = bv_text_width (build->text, value, build->size, FALSE);
      double top = y + (h - build->line) / 2;

      if (width + 2 * pad <= w)
        bv_parts_text (build, BV_TEXT_VALUE, value, x + w - pad, top, 1, width + 1, build->size, FALSE, on, mark);
      bv_parts_text (build, BV_TEXT_CELL, name, x + pad, top, 0, w - 3 * pad - width, build->size, TRUE, on, mark);
    }
}

static void
draw_stage (Grid *self, guint stage, double x, double w, double head)
{
  BvBuild *build = self->build;
  g_autofree char *name = bv_matrix_x_label (self->cross->down, stage, build->locale);
  g_autofree char *value = bv_parts_format (build, self->cross->metric, self->sums[stage]);
  g_autofree char *share = bv_parts_percent (build, self->sums[stage] / self->total);
  g_autofree char *numbers = g_strdup_printf ("%s · %s", value, share);
  double room = build->h - head;
  double y = build->y + head;

  if (head > 0)
    {
      bv_parts_text (build, BV_TEXT_HEADER, name, x, build->y, 0, w, build->size, TRUE, build->ink.text, -1);
      if (bv_parts_text (build, BV_TEXT_HEADER, numbers, x, build->y + build->line, 0, w, build->size, FALSE, build->ink.muted, -1) <= 0)
        bv_parts_text (build, BV_TEXT_HEADER, value, x, build->y + build->line, 0, w, build->size, FALSE, build->ink.muted, -1);
    }
  for (guint p = 0; p < self->cross->across->n; p++)
    {
      double v = self->cross->v[bv_cross_at (self->cross, stage, p)];
      double h = v > 0 ? room * (v / self->most) : 0;

      if (!(h > 0))
        continue;
      draw_section (self, stage, p, x, y, w, h);
      y += h;
    }
}

static void
build_persona (BvBuild *build)
{
  g_autoptr(GArray) metrics = bv_parts_metrics (build);
  g_autoptr(GArray) groups = bv_parts_groups (build);
  g_autoptr(BvCross) cross = NULL;
  Grid self = { .build = build };
  double gap, width, head;
  gsize largest = G_MAXSIZE;

  if (metrics->len == 0)
    {
      bv_build_message (build, _("There is nothing to draw: choose a metric that is a number"));
      return;
    }
  if (groups->len != 2)
    {
      bv_build_message (build, _("A persona grid needs two groups: the stage and the persona"));
      return;
    }
  self.cross = cross = bv_cross_new (build, g_array_index (metrics, guint, 0), g_array_index (groups, guint, 0),
                                     g_array_index (groups, guint, 1), FALSE);
  self.n_stages = MIN (cross->down->n, STAGES_MAX);
  for (guint s = 0; s < cross->down->n; s++)
    {
      double sum = 0;

      for (guint p = 0; p < cross->across->n; p++)
        {
          gsize at = bv_cross_at (cross, s, p);

          if (cross->v[at] < 0)
            {
              bv_build_message (build, _("A persona grid cannot show values below zero: use a bar chart"));
              return;
            }
          sum += cross->v[at] > 0 ? cross->v[at] : 0;
          if (cross->v[at] > 0 && (largest == G_MAXSIZE || cross->v[at] > cross->v[largest]))
            largest = at;
        }
      /* Shares are of all stages, shown or not. */
      self.total += sum;
      if (s >= self.n_stages)
        continue;
      self.sums[s] = sum;
      self.most = MAX (self.most, sum);
    }
  if (!(self.most > 0) || !isfinite (self.total))
    {
      bv_build_message (build, _("No values to draw: all of them are empty or zero"));
      return;
    }
  {
    g_autofree char *name = bv_matrix_x_label (cross->across, (guint) (largest % cross->across->n), build->locale);
    g_autofree char *stage = bv_matrix_x_label (cross->down, (guint) (largest / cross->across->n), build->locale);
    g_autofree char *value = bv_parts_format (build, cross->metric, cross->v[largest]);

    bv_alternative_set (build, g_strdup_printf (_("%u personas in %u stages by %s. The largest is %s in %s (%s)."), cross->across->n,
                                                cross->down->n, bv_parts_metric_label (build, cross->metric), name, stage, value));
  }
  bv_parts_odd_note (build, cross->n_odd);
  if (self.n_stages < cross->down->n)
    {
      g_autofree char *all = bv_locale_format_count (build->locale, cross->down->n);
      g_autofree char *note = g_strdup_printf (_("%u of %s stages shown"), self.n_stages, all);

      bv_build_note (build, note);
    }
  gap = MIN (build->size * 0.8, build->w * 0.03);
  width = MAX ((build->w - gap * (self.n_stages - 1)) / self.n_stages, 1);
  head = build->h > build->line * 6 && width > build->size * 4 ? build->line * 2 + build->size * 0.4 : 0;
  build->scene->vertical = TRUE;
  for (guint s = 0; s < self.n_stages; s++)
    draw_stage (&self, s, build->x + s * (width + gap), width, head);
}

const BvChartKind bv_chart_persona_kind = {
  { "persona", N_("Persona grid"), "bv-chart-persona-symbolic", 1, 1, 2, 2, FALSE, persona_options }, build_persona,
};
