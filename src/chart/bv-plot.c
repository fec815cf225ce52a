/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The plot between its axes: how much room the labels leave, in one place for all charts that have axes. The room depends on the
 * labels, which depend on the room: it is found in two passes.
 */
#include "config.h"

#include "bv-chart-parts.h"

BvTickUnit
bv_unit_for_column (const BvColumn *column)
{
  if (column->format.kind == BV_FORMAT_DURATION_SECONDS)
    return BV_UNIT_SECONDS;
  if (column->format.kind == BV_FORMAT_DURATION_MS)
    return BV_UNIT_MS;
  return column->type != BV_TYPE_DOUBLE && column->format.kind != BV_FORMAT_PERCENT ? BV_UNIT_WHOLE : BV_UNIT_DECIMAL;
}

void
bv_axis_title (BvBuild *build, const char *title, gboolean turned, gboolean left)
{
  g_autofree char *fitted = NULL;
  /* Of panels that share their axes all outer ones have it or none. */
  gboolean shared = build->panel != NULL && build->panel->shared;
  double room_w = shared ? build->panel->width : build->w, room_h = shared ? build->panel->height : build->h;
  double width;

  if (build->panel != NULL && (turned ? left && !build->panel->left : !build->panel->bottom))
    return;
  if (title == NULL || room_w < build->size * 14 || room_h < build->size * 9)
    return;
  fitted = bv_text_fit (build->text, title, build->size, FALSE, (turned ? build->h : build->w) * 0.9);
  width = bv_text_width (build->text, fitted, build->size, FALSE);
  if (turned)
    {
      double middle = left ? build->x + build->line / 2 : build->x + build->w - build->line / 2;
      BvTextRun *run = bv_scene_add_text (build->scene, BV_TEXT_AXIS_TITLE, fitted, middle - width / 2,
                                          build->y + build->h / 2 - build->line / 2, width, build->line, 0.5, build->size,
                                          build->ink.muted);

      run->angle = -G_PI_2;
      build->x += left ? build->line + build->size * 0.4 : 0;
      build->w -= build->line + build->size * 0.4;
      return;
    }
  bv_scene_add_text (build->scene, BV_TEXT_AXIS_TITLE, fitted, build->x + (build->w - width) / 2,
                     build->y + build->h - build->line, width, build->line, 0.5, build->size, build->ink.muted);
  build->h -= build->line + build->size * 0.3;
}

gboolean
bv_plot_is_sparse (const BvBuild *build, double width, double height)
{
  return height < build->line * 4 || width < build->size * 8;
}

/* Too small for labels. Panels that share their axes are so together: the outer ones, which have room for labels, are larger. */
static gboolean
is_sparse (const BvBuild *build)
{
  const BvPanel *panel = build->panel;

  return panel != NULL && panel->shared ? panel->bare : bv_plot_is_sparse (build, build->w, build->h);
}

/* What the labels of places have of the room that all outer panels have below their plots. */
static double
settled_bottom (const BvBuild *build)
{
  return MAX (build->panel->bottom_room - (build->height - build->y - build->h) - build->line / 2 - build->size * 0.2, 0);
}

/* Places the plot rect between the axes and draws the axes. */
void
bv_plot_axes (BvPlot *plot)
{
  BvBuild *build = plot->build;
  BvScene *scene = build->scene;
  BvPlaceAxis *places = plot->places;
  BvValueAxis *values = plot->values;
  double half = build->line / 2;
  gboolean sparse = is_sparse (build);
  gboolean no_left = build->panel != NULL && !build->panel->left, no_bottom = build->panel != NULL && !build->panel->bottom;
  const BvPanel *settled = build->panel != NULL && build->panel->settled ? build->panel : NULL;
  double bottom, left, right = 0;

  scene->has_plot = TRUE;
  scene->vertical = plot->horizontal;
  scene->plot_y = build->y + (sparse ? 0 : half);
  scene->plot_x = build->x;
  scene->plot_width = build->w;
  scene->plot_height = build->y + build->h - scene->plot_y;
  if (plot->horizontal)
    {
      double cap = build->w * 0.4;

      left = sparse || no_left ? 0 : bv_place_axis_width (places, build, cap);
      values->silent = no_bottom;
      scene->plot_x = build->x + (left > 0 ? left + build->size * 0.8 : 0);
      scene->plot_width = MAX (build->x + build->w - scene->plot_x - (sparse ? 0 : build->size * 1.5), 1);
      scene->plot_height = MAX (scene->plot_height - (sparse || no_bottom ? 0 : build->line + build->size * 0.5), 1);
      values->label_width = 0;
      bv_value_axis_init (values, build, plot->lo, plot->hi, scene->plot_width, TRUE, plot->format, plot->unit);
      /* Once more with the labels' true width. */
      bv_value_axis_init (values, build, plot->lo, plot->hi, scene->plot_width, TRUE, plot->format, plot->unit);
      values->scale.r0 = scene->plot_x;
      values->scale.r1 = scene->plot_x + scene->plot_width;
      places->x0 = scene->plot_y;
      places->width = scene->plot_height;
      if (!sparse)
        {
          bv_value_axis_draw (values, build, TRUE);
          if (!no_left)
            bv_place_axis_draw_vertical (places, build, scene->plot_x - build->size * 0.8, left);
        }
      return;
    }
  /* The labels below depend on the width, which depends on the labels at the left, which depend on the height. */
  bottom = sparse || no_bottom ? 0 : settled != NULL ? settled_bottom (build) : build->line * 2;
  values->silent = no_left;
  for (int pass = 0; pass < 2; pass++)
    {
      double height = MAX (build->y + build->h - scene->plot_y - bottom - (sparse || no_bottom ? 0 : half + build->size * 0.2), 1);

      bv_value_axis_clear (values);
      bv_value_axis_init (values, build, plot->lo, plot->hi, height, FALSE, plot->format, plot->unit);
      if (plot->right != NULL)
        {
          bv_value_axis_clear (plot->right);
          bv_value_axis_init (plot->right, build, plot->right_lo, plot->right_hi, height, FALSE, plot->right_format, plot->right_unit);
          bv_value_axes_align (values, plot->right);
          bv_value_axis_label (values, build, plot->format);
          bv_value_axis_label (plot->right, build, plot->right_format);
          right = sparse ? 0 : MIN (plot->right->label_width, build->w * 0.3) + build->size * 0.5;
        }
      left = sparse || no_left ? 0 : MIN (values->label_width, build->w * 0.35) + build->size * 0.8;
      if (settled != NULL && !no_left)
        left = MAX (settled->left_room - build->x, 0);
      scene->plot_x = build->x + left;
      scene->plot_width = MAX (build->x + build->w - scene->plot_x - right - (sparse ? 0 : build->size * 0.4), 1);
      scene->plot_height = height;
      places->x0 = scene->plot_x;
      places->width = scene->plot_width * places->n / (places->n + plot->spare);
      places->pad = sparse ? 1 : build->size * 0.4;
      if (!sparse && !no_bottom && settled == NULL)
        bottom = bv_place_axis_layout (places, build, build->h * 0.36, FALSE, 0);
    }
  scene->plot_height = MAX (build->y + build->h - scene->plot_y - bottom - (sparse || no_bottom ? 0 : half + build->size * 0.2), 1);
  values->scale.r0 = scene->plot_y + scene->plot_height;
  values->scale.r1 = scene->plot_y;
  if (plot->right != NULL)
    {
      plot->right->scale.r0 = values->scale.r0;
      plot->right->scale.r1 = values->scale.r1;
    }
  if (!sparse)
    {
      bv_value_axis_draw (values, build, FALSE);
      if (plot->right != NULL)
        bv_value_axis_draw_right (plot->right, build);
      if (!no_bottom)
        bv_place_axis_layout (places, build, settled != NULL ? MIN (build->h * 0.36, bottom) : build->h * 0.36, TRUE,
                              scene->plot_y + scene->plot_height + half + build->size * 0.2);
    }
}

void
bv_plot_axes_values (BvBuild *build, BvValueAxis *x, BvValueAxis *y, const double domain[4], const BvFormat *x_format,
                     const BvFormat *y_format, BvTickUnit x_unit, BvTickUnit y_unit, double inset)
{
  BvScene *scene = build->scene;
  double half = build->line / 2;
  gboolean sparse = is_sparse (build);
  gboolean no_left = build->panel != NULL && !build->panel->left, no_bottom = build->panel != NULL && !build->panel->bottom;
  double left;

  y->silent = no_left;
  x->silent = no_bottom;

  scene->has_plot = TRUE;
  scene->plot_y = build->y + (sparse ? 0 : half);
  scene->plot_height = MAX (build->y + build->h - scene->plot_y - (sparse || no_bottom ? 0 : half + build->line + build->size * 0.2), 1);
  bv_value_axis_init (y, build, domain[2], domain[3], scene->plot_height, FALSE, y_format, y_unit);
  left = sparse || no_left ? 0 : MIN (y->label_width, build->w * 0.35) + build->size * 0.8;
  scene->plot_x = build->x + left;
  scene->plot_width = MAX (build->x + build->w - scene->plot_x - (sparse ? 0 : build->size * 1.5), 1);
  x->label_width = 0;
  x->drop = half + build->size * 0.1;
  bv_value_axis_init (x, build, domain[0], domain[1], scene->plot_width, TRUE, x_format, x_unit);
  /* Once more with the labels' true width. */
  bv_value_axis_init (x, build, domain[0], domain[1], scene->plot_width, TRUE, x_format, x_unit);
  inset = MIN (inset, MIN (scene->plot_width, scene->plot_height) * 0.2);
  x->scale.r0 = scene->plot_x + inset;
  x->scale.r1 = scene->plot_x + scene->plot_width - inset;
  y->scale.r0 = scene->plot_y + scene->plot_height - inset;
  y->scale.r1 = scene->plot_y + inset;
  if (sparse)
    return;
  bv_value_axis_draw (y, build, FALSE);
  bv_value_axis_draw (x, build, TRUE);
}

void
bv_plot_cells (BvBuild *build, BvPlaceAxis *across, BvPlaceAxis *down)
{
  BvScene *scene = build->scene;
  gboolean sparse = is_sparse (build);
  gboolean no_left = build->panel != NULL && !build->panel->left, no_bottom = build->panel != NULL && !build->panel->bottom;
  double left = sparse || no_left ? 0 : bv_place_axis_width (down, build, build->w * 0.35);
  double bottom = 0;

  scene->has_plot = TRUE;
  scene->plot_x = build->x + (left > 0 ? left + build->size * 0.8 : 0);
  scene->plot_width = MAX (build->x + build->w - scene->plot_x, 1);
  scene->plot_y = build->y;
  across->x0 = scene->plot_x;
  across->width = scene->plot_width;
  if (!sparse && !no_bottom)
    bottom = bv_place_axis_layout (across, build, build->h * 0.36, FALSE, 0) + build->size * 0.5;
  scene->plot_height = MAX (build->h - bottom, 1);
  down->x0 = scene->plot_y;
  down->width = scene->plot_height;
  if (sparse)
    return;
  if (!no_bottom)
    bv_place_axis_layout (across, build, build->h * 0.36, TRUE, scene->plot_y + scene->plot_height + build->size * 0.4);
  if (!no_left)
    bv_place_axis_draw_vertical (down, build, scene->plot_x - build->size * 0.8, left);
}
