/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Scatter and bubbles: each row a point at the values of the first two metrics; a third makes the point's area. With two groups the
 * last one (or the pivot) colours the points. Bubbles of values below zero are hollow.
 *
 * Beyond DENSE_MIN points single dots hide each other: the plot is then divided into cells coloured by how many points they hold, on a
 * square-root scale so that thin regions stay visible. A cell of several points stands for no row.
 */
#include "config.h"

#include "bv-chart-parts.h"

#include <glib/gi18n-lib.h>
#include <stdlib.h>

#define DENSE_MIN 5000
#define GROUPS_MAX 12
#define CELL 6.0
#define MOST_RADIUS 2.6 /* of a bubble, by the size of labels */

static const BvOptionInfo scatter_options[] = {
  BV_OPTION_LABELS, BV_OPTION_LEGEND, BV_OPTION_PALETTE, BV_OPTION_SCALE, BV_OPTION_ZERO, BV_OPTION_FACET, BV_OPTION_TITLE_LEFT,
  BV_OPTION_TITLE_BOTTOM, BV_OPTION_END,
};

typedef struct
{
  double x, y, size; /* values */
  guint row, group;
} Dot;

typedef struct
{
  BvBuild *build;
  guint mx, my, ms; /* metrics; ms G_MAXUINT without sizes */
  guint name_column;
  Dot *dots;
  guint n;
  double largest;
  gboolean hollow; /* there are sizes below zero */
  double radius;
  BvMatrix *groups; /* (nullable) */
  BvValueAxis x, y;
} Scatter;

static int
compare_sizes (const void *a, const void *b)
{
  double x = fabs (((const Dot *) a)->size);
  double y = fabs (((const Dot *) b)->size);

  return x > y ? -1 : x < y;
}

/* The radius of dots, or of the largest bubble. */
static double
dot_radius (Scatter *self)
{
  BvBuild *build = self->build;

  if (self->ms != G_MAXUINT)
    return bv_parts_bubble (build, self->n, MOST_RADIUS * build->size);
  return self->n > 1000 ? 2 : self->n > 200 ? 3 : MAX (3, build->size * 0.38);
}

static void
draw_dots (Scatter *self)
{
  BvBuild *build = self->build;
  BvScene *scene = build->scene;
  gboolean named = bv_chart_spec_bool (build->spec, "labels");
  double most = self->radius;
  BvLabelSpace *space = named ? bv_label_space_new (build) : NULL;

  for (guint i = 0; i < self->n; i++)
    {
      const Dot *dot = &self->dots[i];
      double x = bv_linear_map (&self->x.scale, dot->x);
      double y = bv_linear_map (&self->y.scale, dot->y);
      /* The area is the value: the radius its root. */
      double radius = self->ms != G_MAXUINT ? (self->largest > 0 ? most * sqrt (fabs (dot->size) / self->largest) : 0) : most;
      BvColour colour = bv_parts_colour (build, dot->group);
      BvSceneMark *mark;
      BvShape *shape;

      if (self->ms != G_MAXUINT && radius < 1)
        radius = 1;
      /* A dot of four units is round enough as a square, which paints many times faster. */
      if (self->n > 1000 && self->ms == G_MAXUINT)
        shape = bv_scene_add_rect (scene, BV_PART_DATA, round (x - 1.75), round (y - 1.75), 4, 4, bv_colour_alpha (colour, 0.4));
      else
        shape = bv_scene_add_circle (scene, BV_PART_DATA, x, y, radius, bv_colour_alpha (colour, 0.62));
      if (self->n <= 1000 || dot->size < 0)
        {
          shape->stroke = colour;
          shape->line_width = 1;
        }
      if (dot->size < 0)
        shape->fill.a = 0;
      shape->mark = (int) scene->marks->len;
      mark = bv_scene_add_mark (scene, BV_MARK_BOX, dot->row, (int) self->my, self->groups != NULL ? (int) dot->group : -1, x - radius,
                                y - radius, 2 * radius, 2 * radius);
      mark->shape = (int) scene->shapes->len - 1;
      mark->colour = colour;
      mark->x_index = i;
      mark->also[0] = (int) self->mx;
      mark->also[1] = self->ms != G_MAXUINT ? (int) self->ms : -1;
    }
  for (guint i = 0; space != NULL && i < MIN (self->n, 400); i++)
    {
      const BvSceneMark *mark = bv_scene_mark (scene, i);

      bv_label_space_block (space, mark->mark.x, mark->mark.y, mark->mark.width, mark->mark.height);
    }
  for (guint i = 0; space != NULL && i < MIN (self->n, 400); i++)
    {
      const BvSceneMark *mark = bv_scene_mark (scene, i);
      g_autofree char *name = bv_frame_format (build->frame, self->name_column, mark->mark.row, build->locale);
      g_autofree char *text = bv_text_fit (build->text, name, build->size, FALSE, build->size * 12);

      if (!bv_label_space_add (space, text, mark->x, mark->mark.y - build->line - 1, 0.5, build->ink.text, (int) i))
        bv_label_space_add (space, text, mark->mark.x + mark->mark.width + 3, mark->y - build->line / 2, 0, build->ink.text, (int) i);
    }
  g_clear_pointer (&space, bv_label_space_free);
}

static void
draw_density (Scatter *self)
{
  BvBuild *build = self->build;
  BvScene *scene = build->scene;
  guint across = (guint) MAX (1, floor (scene->plot_width / CELL));
  guint down = (guint) MAX (1, floor (scene->plot_height / CELL));
  double w = scene->plot_width / across;
  double h = scene->plot_height / down;
  g_autofree guint *counts = g_new0 (guint, (gsize) across * down);
  g_autofree guint *firsts = g_new0 (guint, (gsize) across * down);
  BvColourScale colours;
  guint most = 1;

  for (guint i = 0; i < self->n; i++)
    {
      double x = (bv_linear_map (&self->x.scale, self->dots[i].x) - scene->plot_x) / w;
      double y = (bv_linear_map (&self->y.scale, self->dots[i].y) - scene->plot_y) / h;
      gsize at = (gsize) CLAMP (floor (y), 0, down - 1) * across + (gsize) CLAMP (floor (x), 0, across - 1);

      if (counts[at]++ == 0)
        firsts[at] = self->dots[i].row;
      most = MAX (most, counts[at]);
    }
  bv_colour_scale_init (&colours, build, 0, sqrt (most));
  for (guint d = 0; d < down; d++)
    for (guint a = 0; a < across; a++)
      {
        guint count = counts[(gsize) d * across + a];
        g_autofree char *text = NULL;

        if (count == 0)
          continue;
        bv_parts_box (build, count == 1 ? firsts[(gsize) d * across + a] : BV_ROW_NONE, (int) self->my, (int) d, a, scene->plot_x + a * w, scene->plot_y + d * h, w, h,
                      bv_colour_scale_at (&colours, sqrt (count)));
        text = g_strdup_printf (ngettext ("%u point", "%u points", count), count);
        bv_parts_mark_text (build, text, FALSE);
      }
}

static gboolean
collect (Scatter *self, guint group_column, guint *n_odd, guint *n_below, guint *n_missing, double domain[4])
{
  BvBuild *build = self->build;
  gboolean log = bv_parts_scale (build) == BV_SCALE_LOG;
  g_autofree guint *group_of = NULL, *common = NULL;
  guint n_rows = bv_frame_get_n_rows (build->frame);

  if (group_column != G_MAXUINT)
    {
      self->groups = bv_matrix_new_places (build->frame, group_column, build->locale, FALSE, &group_of);
      common = bv_parts_common_places (build, self->groups, group_column);
    }
  self->dots = g_new (Dot, MAX (n_rows, 1));
  domain[0] = domain[2] = G_MAXDOUBLE;
  domain[1] = domain[3] = -G_MAXDOUBLE;
  self->x.least = self->y.least = G_MAXDOUBLE;
  for (guint row = 0; row < n_rows; row++)
    {
      guint odd_before = *n_odd;
      Dot dot = { bv_parts_value (build, self->mx, row, n_odd), bv_parts_value (build, self->my, row, n_odd), 1, row, 0 };

      if (self->ms != G_MAXUINT)
        dot.size = bv_parts_value (build, self->ms, row, n_odd);
      if (isnan (dot.x) || isnan (dot.y) || isnan (dot.size))
        {
          *n_missing += *n_odd == odd_before;
          continue;
        }
      if (log && (dot.x <= 0 || dot.y <= 0))
        {
          *n_below += 1;
          continue;
        }
      if (group_of != NULL)
        {
          guint group = group_of[row] != G_MAXUINT && common != NULL ? common[group_of[row]] : group_of[row];

          dot.group = MIN (group, GROUPS_MAX);
        }
      domain[0] = MIN (domain[0], dot.x);
      domain[1] = MAX (domain[1], dot.x);
      domain[2] = MIN (domain[2], dot.y);
      domain[3] = MAX (domain[3], dot.y);
      self->x.least = fabs (dot.x) > 0 ? MIN (self->x.least, fabs (dot.x)) : self->x.least;
      self->y.least = fabs (dot.y) > 0 ? MIN (self->y.least, fabs (dot.y)) : self->y.least;
      self->largest = MAX (self->largest, fabs (dot.size));
      self->hollow = self->hollow || dot.size < 0;
      self->dots[self->n++] = dot;
    }
  self->x.least = self->x.least < G_MAXDOUBLE ? self->x.least : 0;
  self->y.least = self->y.least < G_MAXDOUBLE ? self->y.least : 0;
  return self->n > 0;
}

static void
add_legend (BvBuild *build, BvMatrix *groups)
{
  g_autoptr(GArray) items = g_array_new (FALSE, FALSE, sizeof (BvLegendItem));
  g_autoptr(GPtrArray) names = g_ptr_array_new_with_free_func (g_free);

  for (guint i = 0; groups != NULL && i < MIN (groups->n, GROUPS_MAX + 1); i++)
    {
      BvLegendItem item = { .colour = bv_parts_colour (build, i), .kind = BV_KIND_BAR };

      g_ptr_array_add (names, i == GROUPS_MAX && groups->n > GROUPS_MAX + 1 ? g_strdup (_("Others"))
                                                                            : bv_matrix_x_label (groups, i, build->locale));
      item.label = g_ptr_array_index (names, i);
      g_array_append_val (items, item);
    }
  bv_legend_add (build, (const BvLegendItem *) (gpointer) items->data, items->len);
}

static void
notes (Scatter *self, guint n_odd, guint n_below, guint n_missing)
{
  BvBuild *build = self->build;
  g_autofree char *count = bv_locale_format_count (build->locale, self->n);

  bv_parts_odd_note (build, n_odd);
  bv_parts_below_note (build, n_below);
  bv_parts_missing_note (build, n_missing);
  if (self->n > DENSE_MIN)
    {
      g_autofree char *text = g_strdup_printf (_("%s points: the stronger the colour, the more"), count);

      bv_build_note (build, text);
    }
  else if (self->hollow)
    bv_build_note (build, _("Hollow circles: below zero"));
}

static void
build_scatter (BvBuild *build)
{
  g_autoptr(GArray) metrics = bv_parts_metrics (build);
  g_autoptr(GArray) groups = bv_parts_groups (build);
  Scatter self = { .build = build, .ms = G_MAXUINT };
  const BvColumn *cx, *cy;
  const char *title_x = bv_chart_spec_text (build->spec, "axis-title-bottom");
  const char *title_y = bv_chart_spec_text (build->spec, "axis-title-left");
  gboolean zero = bv_chart_spec_bool (build->spec, "start-at-zero");
  guint n_odd = 0, n_below = 0, n_missing = 0;
  BvSizeLegend sizes = { 0 };
  double domain[4];
  double radius;

  if (metrics->len < 2 || groups->len == 0)
    {
      bv_build_message (build, metrics->len < 2 ? _("A scatter chart needs two metrics: add another one")
                                                : _("A scatter chart needs points: group by a dimension"));
      return;
    }
  self.mx = g_array_index (metrics, guint, 0);
  self.my = g_array_index (metrics, guint, 1);
  self.ms = metrics->len > 2 ? g_array_index (metrics, guint, 2) : G_MAXUINT;
  self.name_column = g_array_index (groups, guint, 0);
  cx = bv_frame_get_column (build->frame, self.mx);
  cy = bv_frame_get_column (build->frame, self.my);
  if (!collect (&self, groups->len > 1 ? g_array_index (groups, guint, groups->len - 1) : G_MAXUINT, &n_odd, &n_below, &n_missing, domain))
    bv_build_message (build, _("No values to draw: no row has a value for each metric"));
  else
    {
      g_autofree char *count = bv_locale_format_count (build->locale, self.n);

      bv_alternative_set (build, g_strdup_printf (_("Scatter chart of %s points: %s along the bottom, %s upwards."), count,
                                                  bv_parts_metric_label (build, self.mx), bv_parts_metric_label (build, self.my)));
      notes (&self, n_odd, n_below, n_missing);
      radius = dot_radius (&self);
      if (self.n <= DENSE_MIN && self.ms != G_MAXUINT)
        {
          self.largest = bv_parts_largest (build, self.largest);
          bv_size_legend_reserve (&sizes, build, self.ms, self.largest, radius);
        }
      if (self.n <= DENSE_MIN)
        add_legend (build, self.groups);
      bv_axis_title (build, title_x != NULL ? title_x : bv_parts_metric_label (build, self.mx), FALSE, FALSE);
      bv_axis_title (build, title_y != NULL ? title_y : bv_parts_metric_label (build, self.my), TRUE, TRUE);
      self.x.scale.kind = self.y.scale.kind = bv_parts_scale (build);
      if (self.x.scale.kind == BV_SCALE_LINEAR)
        {
          bv_domain_extend (&domain[0], &domain[1], zero);
          bv_domain_extend (&domain[2], &domain[3], zero);
        }
      bv_panel_domain (build, TRUE, &domain[0], &domain[1]);
      bv_panel_domain (build, FALSE, &domain[2], &domain[3]);
      bv_plot_axes_values (build, &self.x, &self.y, domain, &cx->format, &cy->format, bv_unit_for_column (cx), bv_unit_for_column (cy),
                           self.n > DENSE_MIN ? 0 : radius + 2);
      self.radius = build->panel != NULL ? radius : MIN (radius, MIN (build->scene->plot_width, build->scene->plot_height) * 0.2);
      if (self.ms != G_MAXUINT)
        qsort (self.dots, self.n, sizeof (Dot), compare_sizes); /* small ones on top */
      if (self.n > DENSE_MIN)
        draw_density (&self);
      else
        draw_dots (&self);
      bv_size_legend_draw (&sizes, build, self.radius);
    }
  bv_size_legend_clear (&sizes);
  bv_value_axis_clear (&self.x);
  bv_value_axis_clear (&self.y);
  g_clear_pointer (&self.groups, bv_matrix_free);
  g_free (self.dots);
}

static void
scatter_legend (BvBuild *build, BvPanel *panel)
{
  g_autoptr(GArray) metrics = bv_parts_metrics (build);
  g_autoptr(GArray) groups = bv_parts_groups (build);
  g_autofree guint *group_of = NULL;
  g_autoptr(BvMatrix) matrix = NULL;

  if (metrics->len > 2)
    bv_size_legend_panels (build, panel, g_array_index (metrics, guint, 2), MOST_RADIUS * build->size);
  if (groups->len < 2)
    return;
  matrix = bv_matrix_new_places (build->frame, g_array_index (groups, guint, groups->len - 1), build->locale, FALSE, &group_of);
  add_legend (build, matrix);
}

const BvChartKind bv_chart_scatter_kind = {
  { "scatter", N_("Scatter"), "bv-chart-scatter-symbolic", 2, 3, 1, 2, FALSE, scatter_options }, build_scatter, BV_FACETS_APART,
  scatter_legend,
};
