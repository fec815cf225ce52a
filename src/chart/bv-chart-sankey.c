/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Sankey: what flows from the values of one group to those of another. Nodes at the left are the first group, nodes at the right the
 * second; a band between two of them is as thick as the metric's value. Both sides share one scale, so all thicknesses compare.
 * Nodes keep the frame's order; bands leave and arrive in the order of their other ends, which keeps crossings few.
 */
#include "config.h"

#include "bv-chart-parts.h"

#include <glib/gi18n-lib.h>

#define CURVE 20 /* pieces of a band's edge */
#define NODES_MAX 24

static const BvOptionInfo sankey_options[] = { BV_OPTION_PALETTE, BV_OPTION_END };

typedef struct
{
  BvBuild *build;
  BvCross *cross;
  guint n_left, n_right;
  double *left, *right;     /* sums of what is shown */
  double *left_all, *right_all; /* and of all that they send and get */
  double *left_y, *right_y; /* tops */
  double total, scale, gap, node;
  double x0, x1;
} Sankey;

static double
flow (const Sankey *self, guint l, guint r)
{
  double v = self->cross->v[bv_cross_at (self->cross, l, r)];

  return v > 0 ? v : 0;
}

static void
draw_band (Sankey *self, guint l, guint r, double y0, double y1, double thick)
{
  BvBuild *build = self->build;
  BvScene *scene = build->scene;
  gsize at = bv_cross_at (self->cross, l, r);
  BvColour colour = bv_parts_colour (build, l);
  double x0 = self->x0 + self->node, x1 = self->x1;
  BvShape *shape = bv_scene_add_path (scene, BV_PART_DATA);
  BvSceneMark *mark;

  shape->closed = TRUE;
  shape->fill = bv_colour_alpha (colour, 0.4);
  shape->mark = (int) scene->marks->len;
  for (int side = 0; side < 2; side++)
    for (int k = 0; k <= CURVE; k++)
      {
        double t = (double) (side == 0 ? k : CURVE - k) / CURVE;
        double ease = t * t * (3 - 2 * t);

        bv_scene_add_point (scene, x0 + t * (x1 - x0), y0 + ease * (y1 - y0) + (side == 0 ? 0 : thick));
      }
  mark = bv_scene_add_mark (scene, BV_MARK_PATH, self->cross->row[at], (int) self->cross->metric, (int) l, x0, MIN (y0, y1), x1 - x0,
                            fabs (y1 - y0) + thick);
  mark->shape = (int) scene->shapes->len - 1;
  mark->colour = colour;
  mark->x_index = r;
  /* Translators: the share that a flow has of what its source sends. */
  bv_parts_mark_share (build, self->cross->v[at] / self->left_all[l], _("%s of the source"));
}

static void
draw_side (Sankey *self, gboolean left, double room)
{
  BvBuild *build = self->build;
  guint n = left ? self->n_left : self->n_right;
  const BvMatrix *places = left ? self->cross->down : self->cross->across;
  double last = -G_MAXDOUBLE;

  for (guint i = 0; i < n; i++)
    {
      double sum = left ? self->left[i] : self->right[i];
      double y = left ? self->left_y[i] : self->right_y[i];
      double height = sum * self->scale;
      g_autofree char *name = bv_matrix_x_label ((BvMatrix *) places, i, build->locale);
      g_autofree char *value = bv_parts_format (build, self->cross->metric, left ? self->left_all[i] : self->right_all[i]);
      g_autofree char *both = g_strdup_printf ("%s  %s", name, value);
      double text_y = y + height / 2 - build->line / 2;
      BvColour colour = left ? bv_parts_colour (build, i) : build->ink.muted;

      if (!(sum > 0))
        continue;
      bv_scene_add_rect (build->scene, BV_PART_DECORATION, left ? self->x0 : self->x1, y, self->node, height, colour);
      if (room <= 0 || text_y < last)
        continue;
      text_y = MAX (text_y, build->y);
      text_y = MIN (text_y, build->y + build->h - build->line);
      if (text_y < last)
        continue;
      if (bv_parts_text (build, BV_TEXT_AXIS_Y, bv_text_width (build->text, both, build->size, FALSE) <= room ? both : name,
                         left ? self->x0 - build->size * 0.6 : self->x1 + self->node + build->size * 0.6, text_y, left ? 1 : 0, room,
                         build->size, TRUE, build->ink.text, -1) > 0)
        last = text_y + build->line;
    }
}

static void
place_nodes (Sankey *self)
{
  BvBuild *build = self->build;
  guint most = MAX (self->n_left, self->n_right);
  double height;

  self->gap = most > 1 ? MIN (build->size * 1.1, build->h * 0.3 / (most - 1)) : 0;
  height = build->h - self->gap * (most - 1);
  self->scale = height / self->total;
  for (int side = 0; side < 2; side++)
    {
      guint n = side == 0 ? self->n_left : self->n_right;
      const double *sums = side == 0 ? self->left : self->right;
      double *tops = side == 0 ? self->left_y : self->right_y;
      guint n_full = 0;
      double y;

      for (guint i = 0; i < n; i++)
        n_full += sums[i] > 0;
      y = build->y + (build->h - self->total * self->scale - self->gap * (MAX (n_full, 1) - 1)) / 2;
      for (guint i = 0; i < n; i++)
        {
          tops[i] = y;
          y += sums[i] > 0 ? sums[i] * self->scale + self->gap : 0;
        }
    }
}

static void
draw (Sankey *self)
{
  BvBuild *build = self->build;
  g_autofree double *left_at = NULL;
  g_autofree double *right_at = NULL;
  double rooms[2] = { 0, 0 };

  for (int side = 0; side < 2; side++)
    for (guint i = 0; i < (side == 0 ? self->n_left : self->n_right); i++)
      {
        g_autofree char *name = bv_matrix_x_label (side == 0 ? self->cross->down : self->cross->across, i, build->locale);
        g_autofree char *value = bv_parts_format (build, self->cross->metric, side == 0 ? self->left_all[i] : self->right_all[i]);
        g_autofree char *both = g_strdup_printf ("%s  %s", name, value);

        rooms[side] = MAX (rooms[side], bv_text_width (build->text, both, build->size, FALSE));
      }
  for (int side = 0; side < 2; side++)
    {
      rooms[side] = MIN (rooms[side] + 1, build->w * 0.26);
      if (rooms[side] < build->size * 3)
        rooms[side] = 0;
    }
  self->node = MIN (build->size * 0.9, build->w * 0.05);
  self->x0 = build->x + (rooms[0] > 0 ? rooms[0] + build->size * 0.6 : 0);
  self->x1 = build->x + build->w - (rooms[1] > 0 ? rooms[1] + build->size * 0.6 : 0) - self->node;
  place_nodes (self);
  left_at = g_memdup2 (self->left_y, self->n_left * sizeof (double));
  right_at = g_memdup2 (self->right_y, self->n_right * sizeof (double));
  for (guint l = 0; l < self->n_left; l++)
    for (guint r = 0; r < self->n_right; r++)
      {
        double thick = flow (self, l, r) * self->scale;

        if (!(thick > 0))
          continue;
        draw_band (self, l, r, left_at[l], right_at[r], thick);
        left_at[l] += thick;
        right_at[r] += thick;
      }
  draw_side (self, TRUE, rooms[0]);
  draw_side (self, FALSE, rooms[1]);
}

static void
build_sankey (BvBuild *build)
{
  g_autoptr(GArray) metrics = bv_parts_metrics (build);
  g_autoptr(GArray) groups = bv_parts_groups (build);
  g_autoptr(BvCross) cross = NULL;
  Sankey self = { .build = build };
  double left[NODES_MAX] = { 0 }, right[NODES_MAX] = { 0 };
  double left_all[NODES_MAX] = { 0 }, right_all[NODES_MAX] = { 0 };
  double left_y[NODES_MAX], right_y[NODES_MAX];
  gsize largest = G_MAXSIZE;

  if (metrics->len == 0)
    {
      bv_build_message (build, _("There is nothing to draw: choose a metric that is a number"));
      return;
    }
  if (groups->len != 2)
    {
      bv_build_message (build, _("A Sankey diagram needs two groups: where it flows from and where to"));
      return;
    }
  self.cross = cross = bv_cross_new (build, g_array_index (metrics, guint, 0), g_array_index (groups, guint, 0),
                                     g_array_index (groups, guint, 1), FALSE);
  self.n_left = MIN (cross->down->n, NODES_MAX);
  self.n_right = MIN (cross->across->n, NODES_MAX);
  self.left = left;
  self.right = right;
  self.left_all = left_all;
  self.right_all = right_all;
  self.left_y = left_y;
  self.right_y = right_y;
  for (guint l = 0; l < cross->down->n; l++)
    for (guint r = 0; r < cross->across->n; r++)
      {
        gsize at = bv_cross_at (cross, l, r);

        if (cross->v[at] < 0)
          {
            bv_build_message (build, _("A Sankey diagram cannot show values below zero: use a bar chart"));
            return;
          }
        if (l < NODES_MAX)
          left_all[l] += flow (&self, l, r);
        if (r < NODES_MAX)
          right_all[r] += flow (&self, l, r);
        if (l < NODES_MAX && r < NODES_MAX)
          {
            left[l] += flow (&self, l, r);
            right[r] += flow (&self, l, r);
            self.total += flow (&self, l, r);
          }
        if (cross->v[at] > 0 && (largest == G_MAXSIZE || cross->v[at] > cross->v[largest]))
          largest = at;
      }
  if (!(self.total > 0) || !isfinite (self.total))
    {
      bv_build_message (build, _("No values to draw: all of them are empty or zero"));
      return;
    }
  {
    g_autofree char *from = bv_matrix_x_label (cross->down, (guint) (largest / cross->across->n), build->locale);
    g_autofree char *to = bv_matrix_x_label (cross->across, (guint) (largest % cross->across->n), build->locale);
    g_autofree char *value = bv_parts_format (build, cross->metric, cross->v[largest]);

    bv_alternative_set (build, g_strdup_printf (_("Flows of %s from %u to %u groups. The largest goes from %s to %s (%s)."),
                                                bv_parts_metric_label (build, cross->metric), cross->down->n, cross->across->n, from, to,
                                                value));
  }
  bv_parts_odd_note (build, cross->n_odd);
  if (self.n_left < cross->down->n || self.n_right < cross->across->n)
    {
      g_autofree char *note = g_strdup_printf (_("%u of %u sources and %u of %u destinations shown"), self.n_left, cross->down->n,
                                               self.n_right, cross->across->n);

      bv_build_note (build, note);
    }
  build->scene->vertical = TRUE;
  draw (&self);
}

const BvChartKind bv_chart_sankey_kind = {
  { "sankey", N_("Sankey"), "bv-chart-sankey-symbolic", 1, 1, 2, 2, FALSE, sankey_options }, build_sankey,
};
