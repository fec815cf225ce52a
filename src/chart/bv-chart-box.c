/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Box plot: how values are spread in each group.
 *
 * Five metrics in the order minimum, lower quartile, median, upper quartile, maximum are drawn as they are. Of one metric the quartiles
 * are found among the frame's rows of each first group (between neighbours in proportion); the whiskers then reach to the furthest values
 * within one and a half interquartile ranges of the box and the values beyond are dots. A note says which rows were taken.
 */
#include "config.h"

#include "bv-chart-parts.h"

#include <glib/gi18n-lib.h>
#include <stdlib.h>

#define OUTLIERS_MAX 200 /* of a group */

static const BvOptionInfo box_options[] = {
  BV_OPTION_PALETTE, BV_OPTION_FACET, BV_OPTION_SCALE, BV_OPTION_ZERO, BV_OPTION_GOAL, BV_OPTION_TITLE_LEFT, BV_OPTION_TITLE_BOTTOM, BV_OPTION_END,
};

typedef struct
{
  double v;
  guint row;
} Value;

typedef struct
{
  double q[5];    /* whisker, quartile, median, quartile, whisker */
  GArray *values; /* Value, sorted; NULL when the quartiles are given */
  guint row, n;
  gboolean valid;
} Spread;

static void
spread_clear (gpointer data)
{
  g_clear_pointer (&((Spread *) data)->values, g_array_unref);
}

static int
compare_values (const void *a, const void *b)
{
  double x = ((const Value *) a)->v;
  double y = ((const Value *) b)->v;

  return x < y ? -1 : x > y;
}

static double
quantile (GArray *values, double q)
{
  double at = q * (values->len - 1);
  guint i = (guint) floor (at);
  double v = g_array_index (values, Value, i).v;

  return i + 1 < values->len ? v + (at - i) * (g_array_index (values, Value, i + 1).v - v) : v;
}

static void
find_quartiles (Spread *self)
{
  double reach;

  self->n = self->values->len;
  self->valid = self->n > 0;
  if (!self->valid)
    return;
  qsort (self->values->data, self->n, sizeof (Value), compare_values);
  self->row = g_array_index (self->values, Value, self->n / 2).row;
  self->q[1] = quantile (self->values, 0.25);
  self->q[2] = quantile (self->values, 0.5);
  self->q[3] = quantile (self->values, 0.75);
  reach = 1.5 * (self->q[3] - self->q[1]);
  self->q[0] = self->q[1];
  self->q[4] = self->q[3];
  for (guint i = 0; i < self->n; i++)
    {
      double v = g_array_index (self->values, Value, i).v;

      if (v >= self->q[1] - reach)
        self->q[0] = MIN (self->q[0], v);
      if (v <= self->q[3] + reach)
        self->q[4] = MAX (self->q[4], v);
    }
}

typedef struct
{
  BvBuild *build;
  guint metric;
  GArray *spreads; /* per place */
  BvPlaceAxis places;
  BvValueAxis values;
} Boxes;

static void
mark_text (Boxes *self, const Spread *spread, guint i)
{
  BvBuild *build = self->build;
  g_autofree char *name = bv_matrix_x_label (self->places.matrix, i, build->locale);
  g_autofree char *q0 = bv_parts_format (build, self->metric, spread->q[0]);
  g_autofree char *q1 = bv_parts_format (build, self->metric, spread->q[1]);
  g_autofree char *q2 = bv_parts_format (build, self->metric, spread->q[2]);
  g_autofree char *q3 = bv_parts_format (build, self->metric, spread->q[3]);
  g_autofree char *q4 = bv_parts_format (build, self->metric, spread->q[4]);
  /* Translators: group, median, the ends of the box, the ends of the whiskers. */
  g_autofree char *text = g_strdup_printf (_("%s\nMedian %s\nHalf lie from %s to %s\nWhiskers from %s to %s"), name, q2, q1, q3, q0, q4);

  bv_parts_mark_text (build, text, FALSE);
}

static void
draw_spread (Boxes *self, const Spread *spread, guint i)
{
  BvBuild *build = self->build;
  BvScene *scene = build->scene;
  double band = bv_place_axis_band (&self->places);
  double thick = MIN (band * 0.6, build->size * 6);
  double x = bv_place_axis_map (&self->places, i - self->places.first);
  BvColour colour = bv_parts_colour (build, 0);
  BvColour fill = bv_colour_mix (build->ink.background, colour, 0.35);
  double at[5];
  BvShape *shape;
  guint outliers = 0;

  for (int k = 0; k < 5; k++)
    at[k] = bv_linear_map (&self->values.scale, spread->q[k]);
  fill.a = 1;
  for (int k = 0; k < 2; k++)
    {
      double from = at[k == 0 ? 0 : 3], to = at[k == 0 ? 1 : 4], end = k == 0 ? from : to;

      bv_scene_add_line (scene, BV_PART_DATA, x, from, x, to, colour, 1.25);
      if (thick > 4)
        bv_scene_add_line (scene, BV_PART_DATA, x - thick / 4, end, x + thick / 4, end, colour, 1.25);
    }
  bv_parts_box (build, spread->values == NULL || spread->n == 1 ? spread->row : BV_ROW_NONE, (int) self->metric, -1, i, x - thick / 2, at[3], thick, MAX (at[1] - at[3], 1), fill);
  shape = bv_scene_shape (scene, scene->shapes->len - 1);
  shape->stroke = colour;
  shape->line_width = 1.25;
  mark_text (self, spread, i);
  bv_scene_add_line (scene, BV_PART_DATA, x - thick / 2, at[2], x + thick / 2, at[2], colour, 2.5);
  for (guint k = 0; spread->values != NULL && k < spread->n && outliers < OUTLIERS_MAX; k++)
    {
      const Value *value = &g_array_index (spread->values, Value, k);
      double y, r = MIN (2.5, MAX (band * 0.2, 0.5));

      if (value->v >= spread->q[0] && value->v <= spread->q[4])
        continue;
      if (self->values.scale.kind == BV_SCALE_LOG && value->v <= 0)
        continue;
      y = bv_linear_map (&self->values.scale, value->v);
      outliers++;
      bv_scene_add_circle (scene, BV_PART_DATA, x, y, r, bv_colour_alpha (colour, 0.7))->mark = (int) scene->marks->len;
      {
        BvSceneMark *mark = bv_scene_add_mark (scene, BV_MARK_BOX, value->row, (int) self->metric, 0, x - r - 1, y - r - 1, 2 * r + 2, 2 * r + 2);

        mark->x_index = i;
        mark->shape = (int) scene->shapes->len - 1;
        mark->colour = colour;
      }
    }
}

/* Fills the spreads from five metrics, or from the rows of one. */
static void
collect (Boxes *self, GArray *metrics, const guint *place_of, guint *n_odd, guint *n_bad, guint *n_below)
{
  BvBuild *build = self->build;
  gboolean given = metrics->len >= 5;
  gboolean log = self->values.scale.kind == BV_SCALE_LOG;

  for (guint i = 0; i < self->places.matrix->n; i++)
    {
      Spread spread = { .values = given ? NULL : g_array_new (FALSE, FALSE, sizeof (Value)) };

      g_array_append_val (self->spreads, spread);
    }
  for (guint row = 0; row < bv_frame_get_n_rows (build->frame); row++)
    {
      Spread *spread = place_of[row] < self->spreads->len ? &g_array_index (self->spreads, Spread, place_of[row]) : NULL;

      if (spread == NULL)
        continue;
      if (!given)
        {
          Value value = { bv_parts_value (build, self->metric, row, n_odd), row };

          if (log && value.v <= 0)
            *n_below += 1;
          else if (!isnan (value.v))
            g_array_append_val (spread->values, value);
          continue;
        }
      spread->valid = TRUE;
      spread->row = row;
      for (guint k = 0; k < 5; k++)
        {
          spread->q[k] = bv_parts_value (build, g_array_index (metrics, guint, k), row, n_odd);
          if (log && spread->q[k] <= 0)
            *n_below += 1;
          if (isnan (spread->q[k]) || (log && spread->q[k] <= 0))
            spread->valid = FALSE;
          else if (spread->valid && k > 0 && spread->q[k] < spread->q[k - 1]) /* once for a group */
            {
              spread->valid = FALSE;
              *n_bad += 1;
            }
        }
    }
  for (guint i = 0; !given && i < self->spreads->len; i++)
    find_quartiles (&g_array_index (self->spreads, Spread, i));
}

static void
describe (Boxes *self, guint n_valid, guint n_rows, gboolean given)
{
  BvBuild *build = self->build;
  const char *label = bv_parts_metric_label (build, self->metric);
  guint low = G_MAXUINT, high = G_MAXUINT;

  for (guint i = 0; i < self->spreads->len; i++)
    {
      const Spread *spread = &g_array_index (self->spreads, Spread, i);

      if (!spread->valid)
        continue;
      low = low == G_MAXUINT || spread->q[2] < g_array_index (self->spreads, Spread, low).q[2] ? i : low;
      high = high == G_MAXUINT || spread->q[2] > g_array_index (self->spreads, Spread, high).q[2] ? i : high;
    }
  {
    g_autofree char *low_at = bv_matrix_x_label (self->places.matrix, low, build->locale);
    g_autofree char *high_at = bv_matrix_x_label (self->places.matrix, high, build->locale);
    g_autofree char *least = bv_parts_format (build, self->metric, g_array_index (self->spreads, Spread, low).q[2]);
    g_autofree char *most = bv_parts_format (build, self->metric, g_array_index (self->spreads, Spread, high).q[2]);

    /* Translators: number of groups, then group and median of the lowest and of the highest. */
    bv_alternative_set (build, g_strdup_printf (_("Box plot of %u groups. The median is lowest for %s (%s) and highest for %s (%s)."),
                                                n_valid, low_at, least, high_at, most));
  }
  if (!given)
    {
      g_autofree char *count = bv_locale_format_count (build->locale, n_rows);
      g_autofree char *note = g_strdup_printf (ngettext ("Quartiles of %s of the chart's %s row", "Quartiles of %s among the chart's %s rows", n_rows),
                                               label, count);

      bv_build_note (build, note);
    }
}

static void
build_box (BvBuild *build)
{
  g_autoptr(GArray) metrics = bv_parts_metrics (build);
  g_autoptr(GArray) groups = bv_parts_groups (build);
  g_autoptr(BvMatrix) matrix = NULL;
  g_autoptr(GArray) spreads = g_array_new (FALSE, TRUE, sizeof (Spread));
  g_autofree guint *place_of = NULL;
  Boxes self = { .build = build, .spreads = spreads };
  guint n_odd = 0, n_bad = 0, n_below = 0, n_valid = 0, n_rows = 0, fit;
  double lo = G_MAXDOUBLE, hi = -G_MAXDOUBLE;
  double goal = bv_chart_spec_number (build->spec, "goal");
  const BvColumn *column;

  g_array_set_clear_func (spreads, spread_clear);
  if (metrics->len == 0)
    {
      bv_build_message (build, _("There is nothing to draw: choose a metric that is a number"));
      return;
    }
  if (groups->len == 0 || (metrics->len > 1 && metrics->len < 5))
    {
      bv_build_message (build, groups->len == 0 ? _("A box plot needs groups: group by a dimension")
                                                : _("A box plot needs one metric, or five from the minimum to the maximum"));
      return;
    }
  if (metrics->len >= 5 && groups->len > 1)
    {
      bv_build_message (build, _("A box plot of five metrics shows one group: remove the others"));
      return;
    }
  self.metric = g_array_index (metrics, guint, metrics->len >= 5 ? 2 : 0);
  column = bv_frame_get_column (build->frame, self.metric);
  self.values.scale.kind = bv_parts_scale (build);
  matrix = bv_matrix_new_places (build->frame, g_array_index (groups, guint, 0), build->locale, FALSE, &place_of);
  self.places.matrix = matrix;
  collect (&self, metrics, place_of, &n_odd, &n_bad, &n_below);
  for (guint i = 0; i < spreads->len; i++)
    {
      const Spread *spread = &g_array_index (spreads, Spread, i);
      guint n = spread->values != NULL ? spread->values->len : 0;

      if (!spread->valid)
        continue;
      n_valid++;
      n_rows += n;
      lo = MIN (lo, n > 0 ? g_array_index (spread->values, Value, 0).v : spread->q[0]);
      hi = MAX (hi, n > 0 ? g_array_index (spread->values, Value, n - 1).v : spread->q[4]);
    }
  if (n_valid == 0)
    {
      bv_build_message (build, n_bad > 0     ? _("The five metrics of a box plot must rise from the minimum to the maximum")
                               : n_below > 0 ? _("No value is above zero: choose a linear scale")
                                             : _("No values to draw: all of them are empty"));
      return;
    }
  describe (&self, n_valid, n_rows, metrics->len >= 5);
  bv_parts_odd_note (build, n_odd);
  bv_parts_below_note (build, n_below);
  if (n_bad > 0)
    {
      g_autofree char *note = g_strdup_printf (ngettext ("%u group is left out: its five metrics do not rise from the minimum to the maximum",
                                                         "%u groups are left out: their five metrics do not rise from the minimum to the maximum",
                                                         n_bad), n_bad);

      bv_build_note (build, note);
    }
  fit = (guint) MAX (1, floor (build->w * 0.88 / 4));
  self.places.n = MIN (matrix->n, fit);
  self.places.first = matrix->is_time ? matrix->n - self.places.n : 0;
  bv_parts_shown_note (build, self.places.n, matrix->n);
  if (!isnan (goal) && !(self.values.scale.kind == BV_SCALE_LOG && goal <= 0))
    {
      lo = MIN (lo, goal);
      hi = MAX (hi, goal);
    }
  if (self.values.scale.kind == BV_SCALE_LINEAR)
    bv_domain_extend (&lo, &hi, bv_chart_spec_bool (build->spec, "start-at-zero"));
  bv_panel_domain (build, FALSE, &lo, &hi);
  bv_axis_title (build, bv_chart_spec_text (build->spec, "axis-title-bottom"), FALSE, FALSE);
  bv_axis_title (build, bv_chart_spec_text (build->spec, "axis-title-left"), TRUE, TRUE);
  {
    BvPlot plot = { .build = build, .places = &self.places, .values = &self.values, .lo = lo, .hi = hi, .format = &column->format,
                    .unit = bv_unit_for_column (column) };

    bv_plot_axes (&plot);
  }
  for (guint i = self.places.first; i < self.places.first + self.places.n; i++)
    if (g_array_index (spreads, Spread, i).valid)
      draw_spread (&self, &g_array_index (spreads, Spread, i), i);
  if (!isnan (goal) && !(self.values.scale.kind == BV_SCALE_LOG && goal <= 0))
    {
      double y = bv_linear_map (&self.values.scale, goal);

      bv_scene_add_line (build->scene, BV_PART_DECORATION, build->scene->plot_x, y, build->scene->plot_x + build->scene->plot_width, y,
                         build->ink.good, 1.25)->dashed = TRUE;
    }
  bv_value_axis_clear (&self.values);
}

const BvChartKind bv_chart_box_kind = {
  { "box", N_("Box plot"), "bv-chart-box-symbolic", 1, 5, 1, -1, FALSE, box_options }, build_box, BV_FACETS_ALIKE, NULL,
};
