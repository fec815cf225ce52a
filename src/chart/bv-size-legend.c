/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The legend of bubbles: what their area is, and up to three circles with the values that they would have.
 *
 * How large bubbles are is known only when the plot is laid out, and the plot only when the legend has its room: a line that is as high as the
 * bubbles could get at most is taken first, and the circles are drawn later. Where there is no room a note says what the area is. Small multiples
 * agree on the radius before they are laid out, so that their one legend is true for all of them.
 */
#include "config.h"

#include "bv-chart-parts.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

#define CIRCLES 3

/* The largest of 1, 2 and 5 times a power of ten that is no more than @v. */
static double
nice_below (double v)
{
  double power = pow (10, floor (log10 (v)));

  return v >= 5 * power ? 5 * power : v >= 2 * power ? 2 * power : power;
}

static double
radius_of (const BvSizeLegend *self, double v, double radius)
{
  return radius * sqrt (v / self->largest);
}

void
bv_size_legend_reserve (BvSizeLegend *self, BvBuild *build, guint column, double largest, double radius)
{
  double most = MAX (build->line * 0.8, build->h * 0.04);
  double v = largest > 0 ? nice_below (largest) : 0;

  *self = (BvSizeLegend){ .column = column, .largest = largest };
  if (build->panel != NULL)
    return;
  self->text = g_strdup_printf (_("Area: %s"), bv_parts_metric_label (build, column));
  while (v > 0 && radius_of (self, v, radius) > most)
    v = nice_below (v * 0.9);
  if (strcmp (bv_chart_spec_choice (build->spec, "legend"), "none") == 0 || !(v > 0) || build->h < build->line * 9 ||
      build->w < build->size * 20)
    {
      bv_build_note (build, self->text);
      return;
    }
  self->first = v;
  self->height = MAX (2 * radius_of (self, v, radius) + 2, build->line);
  self->x = build->x;
  self->y = build->y + build->h - self->height;
  self->width = build->w;
  build->h -= self->height + build->size * 0.4;
}

void
bv_size_legend_draw (BvSizeLegend *self, BvBuild *build, double radius)
{
  double middle = self->y + self->height / 2, x = self->x, v = self->first;
  BvTextRun *run;

  if (!(self->first > 0))
    return;
  run = bv_build_label (build, BV_TEXT_LEGEND, self->text, x, middle - build->line / 2, 0, build->ink.muted);
  x += run->width + build->size * 1.2;
  for (guint i = 0; i < CIRCLES; i++, v = nice_below (v * 0.26))
    {
      double r = radius_of (self, v, radius);
      g_autofree char *value = bv_parts_format (build, self->column, v);
      double width = bv_text_width (build->text, value, build->size, FALSE);
      BvShape *shape;

      /* Smaller ones are not drawn true to scale. */
      if (r < 1.5 || x + 2 * r + build->size * 0.4 + width > self->x + self->width)
        break;
      shape = bv_scene_add_circle (build->scene, BV_PART_LEGEND, x + r, middle, r, bv_colour_alpha (build->ink.muted, 0.2));
      shape->stroke = build->ink.muted;
      x += 2 * r + build->size * 0.4;
      bv_build_label (build, BV_TEXT_LEGEND, value, x, middle - build->line / 2, 0, build->ink.muted);
      x += width + build->size * 1.2;
    }
}

void
bv_size_legend_panels (BvBuild *build, BvPanel *panel, guint column, double most)
{
  BvSizeLegend sizes;

  panel->radius = bv_parts_bubble_radius (panel->width, panel->height, bv_frame_get_n_rows (panel->whole) / MAX (panel->n, 1), most);
  if (!(panel->largest > 0))
    return;
  bv_size_legend_reserve (&sizes, build, column, panel->largest, panel->radius);
  bv_size_legend_draw (&sizes, build, panel->radius);
  bv_size_legend_clear (&sizes);
}

void
bv_size_legend_clear (BvSizeLegend *self)
{
  g_clear_pointer (&self->text, g_free);
}
