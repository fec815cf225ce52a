/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Bars: upright or lying, side by side, stacked, or stacked to 100 %. Bars always start at zero. The compared period is the lighter
 * bar before the current one.
 */
#include "config.h"

#include "bv-chart-private.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

static const char *const orientation_choices[] = { "vertical", "horizontal", NULL };
static const char *const orientation_labels[] = { N_("Vertical"), N_("Horizontal"), NULL };

static const BvOptionInfo bar_options[] = {
  { "orientation", N_("Orientation"), BV_OPTION_CHOICE, orientation_choices, orientation_labels },
  BV_OPTION_STACK, BV_OPTION_LABELS, BV_OPTION_LEGEND, BV_OPTION_PALETTE, BV_OPTION_SCALE, BV_OPTION_GOAL, BV_OPTION_REFERENCES, BV_OPTION_FORECAST, BV_OPTION_FACET,
  BV_OPTION_TITLE_LEFT, BV_OPTION_TITLE_RIGHT, BV_OPTION_TITLE_BOTTOM, BV_OPTION_END,
};

static void
build_bar (BvBuild *build)
{
  bv_xy_build (build, BV_KIND_BAR);
}

const BvChartKind bv_chart_bar_kind = {
  { "bar", N_("Bar"), "bv-chart-bar-symbolic", 1, -1, 1, -1, FALSE, bar_options }, build_bar, BV_FACETS_ALONG, bv_facet_series_legend,
};

typedef struct
{
  BvXy *xy;
  guint n_slots; /* bars side by side in a band */
  double band, gap, slot;
} Bars;

/* A bar between two values, in slot @slot of place @i; returns its rect. */
static void
bar_rect (const Bars *self, guint s, guint i, guint slot, double from, double to, double rect[4])
{
  BvXy *xy = self->xy;
  double a = bv_linear_map (bv_xy_scale (xy, s), from);
  double b = bv_linear_map (bv_xy_scale (xy, s), to);
  double start = xy->places.x0 + i * self->band + self->gap / 2 + slot * self->slot;
  double thick = self->slot;
  double length = fabs (b - a);
  double low = MIN (a, b);

  /* Bars side by side keep a hair's breadth between them. */
  if (self->n_slots > 1 && thick > 4)
    {
      start += 0.5;
      thick -= 1;
    }
  /* A value too small to see is still a line on its side of zero; zero itself is none. */
  if (length < 0.75 && (to < from || to > from))
    {
      low = b < a || (b <= a && to > from) ? a - 0.75 : a;
      if (xy->horizontal)
        low = to > from ? a : a - 0.75;
      length = 0.75;
    }
  rect[0] = xy->horizontal ? low : start;
  rect[1] = xy->horizontal ? start : low;
  rect[2] = xy->horizontal ? length : thick;
  rect[3] = xy->horizontal ? thick : length;
}

static void
label_bar (const Bars *self, guint s, guint i, const double rect[4], BvColour fill, int mark, gboolean negative, gboolean inside)
{
  BvXy *xy = self->xy;
  BvBuild *build = xy->build;
  g_autofree char *text = bv_xy_format_value (xy, s, i);
  double width = bv_text_width (build->text, text, build->size, FALSE);
  double x = rect[0] + rect[2] / 2;
  double y = rect[1] + (rect[3] - build->line) / 2;

  if (inside)
    {
      if (width + 4 <= rect[2] && build->line <= rect[3])
        bv_label_space_add (xy->space, text, x, y, 0.5, bv_colour_on (fill), mark);
      return;
    }
  if (xy->horizontal)
    {
      double end = negative ? rect[0] - build->size * 0.4 : rect[0] + rect[2] + build->size * 0.4;

      if (build->line > rect[3] * 1.6 && xy->places.n > 1)
        return;
      bv_label_space_add (xy->space, text, end, y, negative ? 1 : 0, build->ink.text, mark);
      return;
    }
  y = negative ? rect[1] + rect[3] + 1 : rect[1] - build->line - 1;
  bv_label_space_add (xy->space, text, x, y, 0.5, build->ink.text, mark);
}

static void
draw_bar (const Bars *self, guint s, guint i, guint slot, gboolean compare)
{
  BvXy *xy = self->xy;
  BvScene *scene = xy->build->scene;
  BvSeries *series = bv_xy_series (xy, s);
  BvColour fill = compare ? bv_colour_mix (xy->build->ink.background, series->colour, 0.4) : series->colour;
  double from, to;
  double rect[4];
  BvShape *shape;
  BvSceneMark *mark;

  if (!bv_xy_stack_ends (xy, s, i, compare, &from, &to))
    return;
  bar_rect (self, s, i, slot, from, to, rect);
  fill.a = 1;
  shape = bv_scene_add_rect (scene, compare ? BV_PART_COMPARE : BV_PART_DATA, rect[0], rect[1], rect[2], rect[3], fill);
  /* Stacked parts are told apart by a hair's breadth at their far ends where they are thick enough. */
  if (xy->stack != BV_STACK_NONE && MIN (rect[2], rect[3]) > 3)
    {
      double gap = 0.8;

      shape->x += xy->horizontal && to < from ? gap : 0;
      shape->y += !xy->horizontal && to > from ? gap : 0;
      shape->width -= xy->horizontal ? gap : 0;
      shape->height -= xy->horizontal ? 0 : gap;
    }
  else if (xy->stack == BV_STACK_NONE && MIN (rect[2], rect[3]) > 8)
    shape->r0 = 2;
  if (compare && xy->space != NULL && xy->stack == BV_STACK_NONE)
    bv_label_space_block (xy->space, rect[0], rect[1], rect[2], rect[3]);
  mark = bv_xy_add_mark (xy, s, i, compare, BV_MARK_BOX, rect[0], rect[1], rect[2], rect[3]);
  if (mark == NULL)
    return;
  mark->shape = (int) scene->shapes->len - 1;
  shape->mark = (int) scene->marks->len - 1;
  if (!compare && xy->space != NULL && xy->stack == BV_STACK_NONE)
    bv_label_space_block (xy->space, rect[0], rect[1], rect[2], rect[3]);
}

/* Labels come after all bars are known, so that none lies on a neighbour. */
static void
label_bars (const Bars *self)
{
  BvXy *xy = self->xy;
  BvScene *scene = xy->build->scene;

  for (guint m = 0; m < scene->marks->len; m++)
    {
      const BvSceneMark *mark = bv_scene_mark (scene, m);
      double rect[4] = { mark->mark.x, mark->mark.y, mark->mark.width, mark->mark.height };
      guint s = 0;
      double from, to;

      if (mark->before)
        continue;
      while (s < xy->n_shown && mark->mark.series >= 0 && (int) xy->shown[s] != mark->mark.series)
        s++;
      if (s < xy->n_shown && bv_xy_stack_ends (xy, s, mark->x_index, FALSE, &from, &to))
        label_bar (self, s, mark->x_index, rect, mark->colour, (int) m, to < from, xy->stack != BV_STACK_NONE);
    }
}

void
bv_xy_draw_bars (BvXy *xy)
{
  Bars self = { .xy = xy };
  guint n_bars = 0;
  gboolean compares = FALSE;

  for (guint s = 0; s < xy->n_shown; s++)
    {
      BvSeries *series = bv_xy_series (xy, s);

      if (series->kind != BV_KIND_BAR)
        continue;
      n_bars++;
      compares = compares || series->cv != NULL;
    }
  if (n_bars == 0)
    return;
  self.n_slots = (xy->stack == BV_STACK_NONE ? n_bars : 1) * (compares ? 2 : 1);
  self.band = bv_place_axis_band (&xy->places);
  self.gap = MAX (self.band * (self.n_slots > 1 ? 0.22 : 0.3), self.band < 3 ? 0 : 1);
  /* One or two bars in a wide chart do not become walls. */
  self.gap = MAX (self.gap, self.band - xy->build->size * 9 * self.n_slots);
  self.slot = (self.band - self.gap) / self.n_slots;
  for (guint i = 0; i < xy->places.n; i++)
    {
      guint slot = 0;

      for (guint s = 0; s < xy->n_shown; s++)
        {
          BvSeries *series = bv_xy_series (xy, s);

          if (series->kind != BV_KIND_BAR)
            continue;
          if (compares)
            draw_bar (&self, s, i, slot, TRUE);
          draw_bar (&self, s, i, slot + (compares ? 1 : 0), FALSE);
          if (xy->stack == BV_STACK_NONE)
            slot += compares ? 2 : 1;
        }
    }
  if (xy->space != NULL)
    label_bars (&self);
}
