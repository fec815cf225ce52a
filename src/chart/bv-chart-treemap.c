/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Treemap: parts of a whole as areas, one dimension or two, the second within the first.
 *
 * Tiles are laid out squarified (M. Bruls, K. Huizing, J. van Wijk, 2000): in descending order they fill rows along the shorter side as
 * long as the worst ratio of sides gets better. Areas are exactly proportional; gaps are drawn by the strokes between tiles. Beyond
 * TILES_MAX the smallest tiles are one grey tile.
 */
#include "config.h"

#include "bv-chart-parts.h"

#include <glib/gi18n-lib.h>
#include <stdlib.h>

#define TILES_MAX 1500

static const BvOptionInfo treemap_options[] = {
  { "percent", N_("Show percent"), BV_OPTION_BOOL, NULL, NULL }, BV_OPTION_PALETTE, BV_OPTION_END,
};

typedef struct
{
  double v;
  guint row;    /* G_MAXUINT for the rest */
  guint group;
  char *label;
} Tile;

typedef struct
{
  double x, y, w, h;
} Box;

static int
compare_tiles (const void *a, const void *b)
{
  const Tile *x = a, *y = b;

  return x->v > y->v ? -1 : x->v < y->v ? 1 : x->row < y->row ? -1 : x->row > y->row;
}

/* The worst ratio of sides in a row of tiles with areas least … most and sum @sum along a side @side. */
static double
worst (double least, double most, double sum, double side)
{
  return MAX (side * side * most / (sum * sum), sum * sum / (side * side * least));
}

/* Boxes for values in descending order, all above zero, that fill @room. */
static void
squarify (const double *v, guint n, Box room, Box *out)
{
  double total = 0;
  double scale;
  guint from = 0;

  for (guint i = 0; i < n; i++)
    total += v[i];
  scale = total > 0 ? room.w * room.h / total : 0;
  while (from < n)
    {
      gboolean flat = room.w < room.h;
      double side = MAX (MIN (room.w, room.h), 1e-9);
      double sum = v[from] * scale;
      guint to = from + 1;
      double thick, at = 0;

      while (to < n && worst (v[to] * scale, v[from] * scale, sum + v[to] * scale, side) <=
                         worst (v[to - 1] * scale, v[from] * scale, sum, side))
        sum += v[to++] * scale;
      thick = to == n ? (flat ? room.h : room.w) : sum / side;
      thick = MIN (thick, flat ? room.h : room.w);
      for (guint i = from; i < to; i++)
        {
          double length = sum > 0 ? side * (v[i] * scale / sum) : 0;

          out[i] = flat ? (Box){ room.x + at, room.y, length, thick } : (Box){ room.x, room.y + at, thick, length };
          at += length;
        }
      if (flat)
        {
          room.y += thick;
          room.h = MAX (room.h - thick, 0);
        }
      else
        {
          room.x += thick;
          room.w = MAX (room.w - thick, 0);
        }
      from = to;
    }
}

typedef struct
{
  BvBuild *build;
  guint metric;
  double total;
  gboolean nested;
  double most;
} Treemap;

static void
draw_tile (Treemap *self, const Tile *tile, const Box *box, guint index)
{
  BvBuild *build = self->build;
  BvScene *scene = build->scene;
  BvColour base = bv_parts_colour (build, self->nested ? tile->group : 0);
  BvColour fill = tile->row == G_MAXUINT ? bv_colour_mix (build->ink.background, build->ink.muted, 0.5)
                  : self->nested         ? bv_colour_mix (build->ink.background, base, 0.82)
                                         : bv_colour_mix (build->ink.background, base, 0.3 + 0.7 * sqrt (tile->v / self->most));
  BvColour on = bv_colour_on (fill);
  double pad = build->size * 0.45;
  double used;
  BvShape *shape;
  int mark;

  bv_parts_box (build, tile->row == G_MAXUINT ? BV_ROW_NONE : tile->row, (int) self->metric, self->nested ? (int) tile->group : -1, index, box->x, box->y, box->w, box->h, fill);
  shape = bv_scene_shape (scene, scene->shapes->len - 1);
  if (MIN (box->w, box->h) > 3)
    {
      shape->stroke = build->ink.background;
      shape->line_width = 1.5;
    }
  mark = (int) scene->marks->len - 1;
  if (tile->row == G_MAXUINT)
    {
      g_autofree char *value = bv_parts_format (build, self->metric, tile->v);
      g_autofree char *text = g_strdup_printf ("%s\n%s", tile->label, value);

      bv_parts_mark_text (build, text, FALSE);
    }
  bv_parts_mark_share (build, tile->v / self->total, NULL);
  if (box->h < build->line + pad || box->w < build->size * 2.5)
    return;
  used = bv_parts_text (build, BV_TEXT_CELL, tile->label, box->x + pad, box->y + pad * 0.6, 0, box->w - 2 * pad, build->size, TRUE, on, mark);
  if (used > 0 && box->h >= build->line * 2 + pad * 1.2)
    {
      g_autofree char *second = bv_chart_spec_bool (build->spec, "percent") ? bv_parts_percent (build, tile->v / self->total)
                                                                            : bv_parts_format (build, self->metric, tile->v);

      bv_parts_text (build, BV_TEXT_VALUE, second, box->x + pad, box->y + pad * 0.6 + build->line, 0, box->w - 2 * pad, build->size, FALSE,
                     bv_colour_mix (on, fill, 0.15), mark);
    }
}

static void
draw_flat (Treemap *self, GArray *tiles, Box room)
{
  g_autofree double *v = g_new (double, tiles->len);
  g_autofree Box *boxes = g_new (Box, tiles->len);

  for (guint i = 0; i < tiles->len; i++)
    v[i] = g_array_index (tiles, Tile, i).v;
  squarify (v, tiles->len, room, boxes);
  for (guint i = 0; i < tiles->len; i++)
    draw_tile (self, &g_array_index (tiles, Tile, i), &boxes[i], i);
}

/* Groups first, then the tiles of each within its box below its name. The areas stay comparable: all names take the same share of a
 * group's height only where there is room, so proportions hold among the tiles of one group and among the groups' boxes. */
static void
draw_nested (Treemap *self, GArray *tiles, BvMatrix *groups, Box room)
{
  BvBuild *build = self->build;
  g_autofree double *sums = g_new0 (double, groups->n + 1);
  g_autoptr(GArray) order = g_array_new (FALSE, FALSE, sizeof (Tile));
  g_autofree double *v = NULL;
  g_autofree Box *boxes = NULL;

  for (guint i = 0; i < tiles->len; i++)
    sums[g_array_index (tiles, Tile, i).group] += g_array_index (tiles, Tile, i).v;
  for (guint g = 0; g <= groups->n; g++)
    if (sums[g] > 0)
      {
        Tile group = { sums[g], g, g, NULL };

        g_array_append_val (order, group);
      }
  qsort (order->data, order->len, sizeof (Tile), compare_tiles);
  v = g_new (double, MAX (order->len, 1));
  boxes = g_new (Box, MAX (order->len, 1));
  for (guint i = 0; i < order->len; i++)
    v[i] = g_array_index (order, Tile, i).v;
  squarify (v, order->len, room, boxes);
  for (guint i = 0; i < order->len; i++)
    {
      guint g = g_array_index (order, Tile, i).group;
      g_autoptr(GArray) own = g_array_new (FALSE, FALSE, sizeof (Tile));
      g_autofree char *name = g < groups->n ? bv_matrix_x_label (groups, g, build->locale) : g_strdup (_("Others"));
      Box box = boxes[i];

      for (guint t = 0; t < tiles->len; t++)
        if (g_array_index (tiles, Tile, t).group == g)
          g_array_append_val (own, g_array_index (tiles, Tile, t));
      if (box.h > build->line * 2.6 && box.w > build->size * 4)
        {
          bv_parts_text (build, BV_TEXT_HEADER, name, box.x + build->size * 0.2, box.y + 1, 0, box.w - build->size * 0.6, build->size, TRUE,
                         build->ink.text, -1);
          box.y += build->line + 2;
          box.h -= build->line + 4;
        }
      box.w = MAX (box.w - 2, 0);
      draw_flat (self, own, box);
    }
}

static void
limit_tiles (BvBuild *build, GArray *tiles, guint most)
{
  guint n = tiles->len;
  Tile rest = { 0, G_MAXUINT, 0, NULL };
  g_autofree char *shown = NULL, *all = NULL, *note = NULL;

  if (n <= most)
    return;
  for (guint i = most - 1; i < n; i++)
    {
      rest.v += g_array_index (tiles, Tile, i).v;
      g_free (g_array_index (tiles, Tile, i).label);
    }
  rest.label = g_strdup_printf (ngettext ("%u more", "%u more", n - most + 1), n - most + 1);
  rest.group = G_MAXUINT;
  g_array_set_size (tiles, most - 1);
  g_array_append_val (tiles, rest);
  shown = bv_locale_format_count (build->locale, most - 1);
  all = bv_locale_format_count (build->locale, n);
  note = g_strdup_printf (_("%s of %s tiles shown, the rest is grey"), shown, all);
  bv_build_note (build, note);
}

static void
build_treemap (BvBuild *build)
{
  g_autoptr(GArray) metrics = bv_parts_metrics (build);
  g_autoptr(GArray) groups = bv_parts_groups (build);
  g_autoptr(GArray) tiles = g_array_new (FALSE, FALSE, sizeof (Tile));
  g_autoptr(BvMatrix) outer = NULL;
  g_autofree guint *group_of = NULL;
  Treemap self = { .build = build };
  guint n_odd = 0, n_below = 0;

  if (metrics->len == 0)
    {
      bv_build_message (build, _("There is nothing to draw: choose a metric that is a number"));
      return;
    }
  if (groups->len < 1 || groups->len > 2)
    {
      bv_build_message (build, groups->len == 0 ? _("A treemap needs parts: group by a dimension")
                                                : _("A treemap shows two groups: remove the others"));
      return;
    }
  self.metric = g_array_index (metrics, guint, 0);
  self.nested = groups->len == 2;
  outer = bv_matrix_new_places (build->frame, g_array_index (groups, guint, 0), build->locale, FALSE, &group_of);
  for (guint row = 0; row < bv_frame_get_n_rows (build->frame); row++)
    {
      Tile tile = { bv_parts_value (build, self.metric, row, &n_odd), row, MIN (group_of[row], outer->n), NULL };

      n_below += tile.v < 0;
      if (!(tile.v > 0))
        continue;
      g_array_append_val (tiles, tile);
      self.total += tile.v;
    }
  if (n_below > 0)
    {
      bv_build_message (build, _("A treemap cannot show values below zero: use a bar chart"));
      return;
    }
  if (tiles->len == 0 || !isfinite (self.total))
    {
      bv_build_message (build, _("No values to draw: all of them are empty or zero"));
      return;
    }
  qsort (tiles->data, tiles->len, sizeof (Tile), compare_tiles);
  self.most = g_array_index (tiles, Tile, 0).v;
  bv_parts_odd_note (build, n_odd);
  limit_tiles (build, tiles, (guint) CLAMP (build->w * build->h / 16, 1, TILES_MAX));
  for (guint i = 0; i < tiles->len; i++)
    {
      Tile *tile = &g_array_index (tiles, Tile, i);

      if (tile->row != G_MAXUINT)
        tile->label = bv_frame_format (build->frame, g_array_index (groups, guint, groups->len - 1), tile->row, build->locale);
      if (tile->group == G_MAXUINT)
        tile->group = outer->n;
    }
  {
    g_autofree char *value = bv_parts_format (build, self.metric, self.most);
    const Tile *largest = &g_array_index (tiles, Tile, 0);
    g_autofree char *share = bv_parts_percent (build, self.most / self.total);

    bv_alternative_set (build, g_strdup_printf (_("Treemap of %u parts of %s. The largest is %s with %s, %s of all."), tiles->len,
                                                bv_parts_metric_label (build, self.metric), largest->label, value, share));
  }
  {
    Box room = { build->x, build->y, build->w, build->h };

    if (self.nested)
      draw_nested (&self, tiles, outer, room);
    else
      draw_flat (&self, tiles, room);
  }
  for (guint i = 0; i < tiles->len; i++)
    g_free (g_array_index (tiles, Tile, i).label);
}

const BvChartKind bv_chart_treemap_kind = {
  { "treemap", N_("Treemap"), "bv-chart-treemap-symbolic", 1, 1, 1, 2, FALSE, treemap_options }, build_treemap,
};
