/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Gauge: what is achieved of a target. The first metric is what is achieved, the second the target; without a second one the option
 * "goal" is it. The arc (or bar) ends at the target or, when that is exceeded, at what is achieved, with a line where the target is.
 */
#include "config.h"

#include "bv-chart-parts.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#define HALF_ARC (2.0 * G_PI / 3) /* of 240° to both sides of twelve o'clock */

static const char *const shape_choices[] = { "circle", "bar", NULL };
static const char *const shape_labels[] = { N_("Circle"), N_("Bar"), NULL };

static const BvOptionInfo gauge_options[] = {
  { "shape", N_("Shape"), BV_OPTION_CHOICE, shape_choices, shape_labels },
  { "percent", N_("Show percent"), BV_OPTION_BOOL, NULL, NULL },
  BV_OPTION_GOAL, BV_OPTION_PALETTE, BV_OPTION_FACET, BV_OPTION_END,
};

typedef struct
{
  guint column, row;
  double achieved, target;
  char *main, *below, *share;
  BvColour fill, track;
} Gauge;

static void
add_mark (BvBuild *build, const Gauge *self, double x, double y, double w, double h)
{
  BvSceneMark *mark = bv_scene_add_mark (build->scene, BV_MARK_BOX, self->row, (int) self->column, -1, x, y, w, h);
  g_autofree char *text = g_strdup_printf ("%s: %s\n%s", bv_parts_metric_label (build, self->column), self->main, self->below);

  mark->colour = self->fill;
  mark->shape = -1;
  bv_parts_mark_text (build, text, FALSE);
}

static void
draw_arc (BvBuild *build, const Gauge *self, double done, double goal)
{
  BvScene *scene = build->scene;
  /* The arc is 1 + cos 60° = 1.5 radii high. */
  double r = MAX (MIN (MIN (build->w / 2, build->h / 1.52), build->size * 15), 1);
  double x = build->x + build->w / 2;
  double y = build->y + (build->h - r * 1.5) / 2 + r;
  double r0 = r * 0.76;
  double size, low;

  bv_scene_add_sector (scene, BV_PART_DECORATION, x, y, r0, r, -HALF_ARC, HALF_ARC, self->track);
  if (done > 0)
    bv_scene_add_sector (scene, BV_PART_DATA, x, y, r0, r, -HALF_ARC, -HALF_ARC + done * 2 * HALF_ARC, self->fill);
  if (goal < 1)
    {
      double a = -HALF_ARC + goal * 2 * HALF_ARC;

      bv_scene_add_line (scene, BV_PART_DECORATION, x + (r0 - 2) * sin (a), y - (r0 - 2) * cos (a), x + r * sin (a), y - r * cos (a),
                         build->ink.text, 2);
    }
  add_mark (build, self, x - r, y - r, 2 * r, r * 1.5);
  size = bv_text_width (build->text, self->main, 100, TRUE) / 100;
  size = MIN (MIN (r0 * 1.5 / MAX (size, 0.1), r0 * 0.55), build->size * 4.2);
  if (size < 5)
    return;
  low = bv_text_line_height (build->text, size);
  {
    double width = bv_text_width (build->text, self->main, size, TRUE);
    BvTextRun *run = bv_scene_add_text (scene, BV_TEXT_NUMBER, self->main, x - width / 2, y - low * 0.62, width, low, 0.5, size,
                                        build->ink.text);

    run->bold = TRUE;
    run->mark = 0;
  }
  /* The chord below the number is as wide as the ring is there. */
  {
    double top = y + low * 0.4;
    double dy = top + build->line - y;

    for (double small = build->size; dy < r0 * 0.95 && small > build->size * 0.7; small *= 0.9)
      if (bv_parts_text (build, BV_TEXT_VALUE, self->below, x, top, 0.5, 2 * sqrt (r0 * r0 - dy * dy) - 4, small, FALSE,
                         build->ink.muted, 0) > 0)
        break;
  }
}

static void
draw_bar (BvBuild *build, const Gauge *self, double done, double goal)
{
  BvScene *scene = build->scene;
  double size = MIN (build->size * 3.4, build->h * 0.36);
  double height = MIN (build->size * 2, build->h * 0.25);
  double low, total, y, width;
  gboolean below;

  width = bv_text_width (build->text, self->main, size, TRUE);
  if (width > build->w)
    size *= build->w / width * 0.999;
  low = bv_text_line_height (build->text, size);
  below = build->h > low + height + build->line * 1.8;
  total = low + build->size * 0.3 + height + (below ? build->line + build->size * 0.4 : 0);
  y = build->y + MAX (0, (build->h - total) / 2);
  if (low + height <= build->h)
    {
      BvTextRun *run;

      width = bv_text_width (build->text, self->main, size, TRUE);
      run = bv_scene_add_text (scene, BV_TEXT_NUMBER, self->main, build->x, y, width, low, 0, size, build->ink.text);
      run->bold = TRUE;
      run->mark = 0;
      y += low + build->size * 0.3;
    }
  bv_scene_add_rect (scene, BV_PART_DECORATION, build->x, y, build->w, height, self->track)->r0 = 3;
  bv_scene_add_rect (scene, BV_PART_DATA, build->x, y, build->w * done, height, self->fill)->r0 = 3;
  if (goal < 1)
    bv_scene_add_line (scene, BV_PART_DECORATION, build->x + goal * build->w, y - 2, build->x + goal * build->w, y + height + 2,
                       build->ink.text, 2);
  add_mark (build, self, build->x, y, build->w, height);
  if (below)
    bv_parts_text (build, BV_TEXT_VALUE, self->below, build->x, y + height + build->size * 0.4, 0, build->w, build->size, TRUE,
                   build->ink.muted, 0);
}

static void
build_gauge (BvBuild *build)
{
  g_autoptr(GArray) metrics = bv_parts_metrics (build);
  Gauge self = { 0 };
  guint row;
  double done, goal;
  g_autofree char *achieved = NULL, *target = NULL;

  if (metrics->len == 0)
    {
      bv_build_message (build, _("There is nothing to draw: choose a metric that is a number"));
      return;
    }
  self.column = g_array_index (metrics, guint, 0);
  self.achieved = bv_parts_total (build, self.column, &self.row);
  self.target = metrics->len > 1 ? bv_parts_total (build, g_array_index (metrics, guint, 1), &row)
                                 : bv_chart_spec_number (build->spec, "goal");
  if (isnan (self.achieved))
    {
      bv_build_message (build, _("No values to draw: all of them are empty"));
      return;
    }
  if (!(self.target > 0))
    {
      bv_build_message (build, _("A gauge needs a target above zero: choose a second metric or set a goal"));
      return;
    }
  achieved = bv_parts_format (build, self.column, self.achieved);
  target = bv_parts_format (build, metrics->len > 1 ? g_array_index (metrics, guint, 1) : self.column, self.target);
  self.share = bv_parts_percent (build, self.achieved / self.target);
  if (bv_chart_spec_bool (build->spec, "percent"))
    {
      self.main = g_strdup (self.share);
      /* Translators: what is achieved and the target. */
      self.below = g_strdup_printf (_("%s of %s"), achieved, target);
    }
  else
    {
      self.main = g_strdup (achieved);
      /* Translators: the target and the share of it that is achieved. */
      self.below = g_strdup_printf (_("of %s (%s)"), target, self.share);
    }
  self.fill = self.achieved >= self.target && bv_parts_palette (build) == NULL ? build->ink.good : bv_parts_colour (build, 0);
  self.track = bv_colour_mix (build->ink.background, build->ink.text, 0.1);
  goal = self.achieved > self.target ? self.target / self.achieved : 1;
  done = CLAMP (self.achieved / self.target, 0, 1);
  /* Translators: metric, its value, the target, the share. */
  bv_alternative_set (build, g_strdup_printf (_("%s is %s of a target of %s: %s."), bv_parts_metric_label (build, self.column), achieved,
                                              target, self.share));
  if (bv_chart_spec_is (build->spec, "shape", "bar") || build->w > build->h * 5)
    draw_bar (build, &self, done, goal);
  else
    draw_arc (build, &self, done, goal);
  g_free (self.main);
  g_free (self.below);
  g_free (self.share);
}

const BvChartKind bv_chart_gauge_kind = {
  { "gauge", N_("Gauge"), "bv-chart-gauge-symbolic", 1, 2, 0, 0, FALSE, gauge_options }, build_gauge, BV_FACETS_APART, NULL,
};
