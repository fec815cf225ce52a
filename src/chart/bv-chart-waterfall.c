/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Waterfall: how contributions lead from nothing to the whole. Each bar starts where the one before it ends; what adds is one colour,
 * what takes away another. The last bar is the metric's evaluated total, which is never added up here: where it is not what the
 * contributions sum to (a row that counts in several groups), a note says so. Where there is no total, as in a small multiple, the bar is
 * called the sum that it is.
 */
#include "config.h"

#include "bv-chart-parts.h"

#include <glib/gi18n-lib.h>

static const char *const total_choices[] = { "show", "none", NULL };
static const char *const total_labels[] = { N_("After the last bar"), N_("No total bar"), NULL };

static const BvOptionInfo waterfall_options[] = {
  { "total", N_("Total bar"), BV_OPTION_CHOICE, total_choices, total_labels },
  BV_OPTION_LABELS, BV_OPTION_PALETTE, BV_OPTION_FACET, BV_OPTION_TITLE_LEFT, BV_OPTION_TITLE_BOTTOM, BV_OPTION_END,
};

typedef struct
{
  BvBuild *build;
  guint metric;
  BvPlaceAxis places;
  BvValueAxis values;
  BvLabelSpace *space;
  double band, thick;
  BvColour up, down, whole;
  gboolean evaluated; /* there is a total */
} Waterfall;

static void
draw_step (Waterfall *self, guint i, guint row, double from, double to, BvColour fill, gboolean total)
{
  BvBuild *build = self->build;
  double a = bv_linear_map (&self->values.scale, from);
  double b = bv_linear_map (&self->values.scale, to);
  double x = self->places.x0 + i * self->band + (self->band - self->thick) / 2;
  double y = MIN (a, b);
  double height = MAX (fabs (a - b), to < from || to > from ? 0.75 : 0);
  g_autofree char *value = bv_parts_format (build, self->metric, total ? to : to - from);
  g_autofree char *text = !total && to > from ? g_strdup_printf ("+%s", value) : g_strdup (value);

  bv_parts_box (build, row, (int) self->metric, -1, i, x, y, self->thick, height, fill);
  if (!total && row != G_MAXUINT)
    {
      g_autofree char *sum = bv_parts_format (build, self->metric, to);
      /* Translators: the running sum up to a bar of a waterfall chart. */
      g_autofree char *so_far = g_strdup_printf (_("So far: %s"), sum);

      bv_parts_mark_text (build, so_far, TRUE);
    }
  if (total && !self->evaluated)
    {
      g_autofree char *sum = g_strdup_printf ("%s: %s", _("Sum"), value);

      bv_parts_mark_text (build, sum, FALSE);
    }
  if (self->space != NULL)
    {
      bv_label_space_block (self->space, x, y, self->thick, height);
      if (bv_text_width (build->text, text, build->size, FALSE) <= self->band + build->size * 0.5)
        bv_label_space_add (self->space, text, x + self->thick / 2, to >= from ? y - build->line - 1 : y + height + 1, 0.5,
                            build->ink.text, (int) build->scene->marks->len - 1);
    }
}

/* The steps with their running sum; the plot is laid out. */
static void
draw (Waterfall *self, const double *v, const guint *rows, guint n, gboolean total_bar, double total)
{
  BvBuild *build = self->build;
  BvScene *scene = build->scene;
  double sum = 0;

  self->band = bv_place_axis_band (&self->places);
  self->thick = MIN (self->band * (self->band < 6 ? 0.9 : 0.68), build->size * 8);
  for (guint i = 0; i < n; i++)
    {
      double next = isnan (v[i]) ? sum : sum + v[i];
      double at = floor (bv_linear_map (&self->values.scale, next)) + 0.5;

      if (!isnan (v[i]))
        draw_step (self, i, rows[i], sum, next, next >= sum ? self->up : self->down, FALSE);
      if ((i + 1 < n || total_bar) && self->band > 5)
        bv_scene_add_line (scene, BV_PART_DECORATION, self->places.x0 + i * self->band + (self->band + self->thick) / 2, at,
                           self->places.x0 + (i + 1) * self->band + (self->band - self->thick) / 2, at, build->ink.axis, 1);
      sum = next;
    }
  if (total_bar)
    draw_step (self, n, self->evaluated ? G_MAXUINT : BV_ROW_NONE, 0, total, self->whole, TRUE);
}

static void
describe (BvBuild *build, guint metric, guint n, double end)
{
  g_autofree char *value = bv_parts_format (build, metric, end);

  bv_alternative_set (build, g_strdup_printf (ngettext ("Waterfall chart of %u contribution to %s: together %s.",
                                                        "Waterfall chart of %u contributions to %s: together %s.", n), n,
                                              bv_parts_metric_label (build, metric), value));
}

/* The label of the total bar stands where the place labels would put it. */
static void
total_label (Waterfall *self, guint n)
{
  BvBuild *build = self->build;
  BvScene *scene = build->scene;
  double x = self->places.x0 + (n + 0.5) * self->band;
  double y = scene->plot_y + scene->plot_height + build->line / 2 + build->size * 0.2;

  /* A long label of the last place may reach here. */
  for (guint i = 0; i < scene->texts->len; i++)
    {
      const BvTextRun *run = bv_scene_text (scene, i);

      if (run->role == BV_TEXT_AXIS_X && run->x + run->width > x - self->band / 2)
        return;
    }
  if (y + build->line <= build->y + build->h + 1)
    bv_parts_text (build, BV_TEXT_AXIS_X, self->evaluated ? _("Total") : _("Sum"), x, y, 0.5, self->band, build->size, TRUE, build->ink.text, -1);
}

static void
build_waterfall (BvBuild *build)
{
  g_autoptr(GArray) metrics = bv_parts_metrics (build);
  g_autoptr(GArray) groups = bv_parts_groups (build);
  g_autoptr(BvMatrix) matrix = NULL;
  g_autofree guint *place_of = NULL;
  g_autofree double *v = NULL;
  g_autofree guint *rows = NULL;
  Waterfall self = { .build = build };
  double lo = 0, hi = 0, sum = 0, total;
  gboolean total_bar;
  guint n_odd = 0, n, row, n_values = 0;
  const BvFormat *format;

  if (metrics->len == 0)
    {
      bv_build_message (build, _("There is nothing to draw: choose a metric that is a number"));
      return;
    }
  if (groups->len != 1)
    {
      bv_build_message (build, groups->len == 0 ? _("A waterfall needs contributions: group by one dimension")
                                                : _("A waterfall shows one group: remove the other groups"));
      return;
    }
  self.metric = g_array_index (metrics, guint, 0);
  format = &bv_frame_get_column (build->frame, self.metric)->format;
  matrix = bv_matrix_new_places (build->frame, g_array_index (groups, guint, 0), build->locale, FALSE, &place_of);
  n = matrix->n;
  v = g_new (double, MAX (n, 1));
  rows = g_new (guint, MAX (n, 1));
  for (guint i = 0; i < n; i++)
    v[i] = NAN;
  for (guint r = 0; r < bv_frame_get_n_rows (build->frame); r++)
    if (place_of[r] < n)
      {
        v[place_of[r]] = bv_parts_value (build, self.metric, r, &n_odd);
        rows[place_of[r]] = r;
      }
  for (guint i = 0; i < n; i++)
    {
      n_values += isnan (v[i]) ? 0 : 1;
      sum += isnan (v[i]) ? 0 : v[i];
      lo = MIN (lo, sum);
      hi = MAX (hi, sum);
    }
  if (n_values == 0)
    {
      bv_build_message (build, _("No values to draw: all of them are empty"));
      return;
    }
  total = bv_parts_total (build, self.metric, &row);
  self.evaluated = !isnan (total);
  if (!self.evaluated)
    total = sum;
  describe (build, self.metric, n_values, total);
  total_bar = bv_chart_spec_is (build->spec, "total", "show");
  if (total_bar)
    {
      lo = MIN (lo, total);
      hi = MAX (hi, total);
      if (fabs (total - sum) > MAX (fabs (total), fabs (sum)) * 1e-9)
        {
          g_autofree char *text = bv_parts_format (build, self.metric, sum);
          g_autofree char *note = g_strdup_printf (_("The contributions add up to %s, not to the total"), text);

          bv_build_note (build, note);
        }
    }
  bv_parts_odd_note (build, n_odd);
  if (n > build->w / 2)
    {
      g_autofree char *all = bv_locale_format_count (build->locale, n);
      g_autofree char *note = NULL;

      note = g_strdup_printf (_("%s contributions do not fit here: group them or make the chart wider"), all);
      bv_build_message (build, note);
      return;
    }
  bv_axis_title (build, bv_chart_spec_text (build->spec, "axis-title-bottom"), FALSE, FALSE);
  bv_axis_title (build, bv_chart_spec_text (build->spec, "axis-title-left"), TRUE, TRUE);
  bv_domain_extend (&lo, &hi, TRUE);
  bv_panel_domain (build, FALSE, &lo, &hi);
  if (bv_chart_spec_bool (build->spec, "labels"))
    {
      double room = (hi - lo) * MIN (0.4, build->line / MAX (build->h, 1));

      hi += hi > 0 ? room : 0;
      lo -= lo < 0 ? room : 0;
    }
  self.places = (BvPlaceAxis){ .matrix = matrix, .n = n };
  {
    BvPlot plot = { .build = build, .places = &self.places, .values = &self.values, .lo = lo, .hi = hi, .format = format,
                    .unit = bv_unit_for_column (bv_frame_get_column (build->frame, self.metric)) };

    /* The total takes a band that the places do not know of: they are laid out in the rest of the width. */
    plot.spare = total_bar ? 1 : 0;
    bv_plot_axes (&plot);
  }
  self.band = bv_place_axis_band (&self.places);
  self.up = bv_palette_colour (bv_parts_palette (build) != NULL ? bv_parts_palette (build) : "belvedere", 2, build->style.theme);
  self.down = bv_palette_colour (bv_parts_palette (build) != NULL ? bv_parts_palette (build) : "belvedere", 5, build->style.theme);
  self.whole = bv_parts_colour (build, 0);
  self.space = bv_chart_spec_bool (build->spec, "labels") ? bv_label_space_new (build) : NULL;
  draw (&self, v, rows, n, total_bar, total);
  if (total_bar)
    total_label (&self, n);
  bv_value_axis_clear (&self.values);
  g_clear_pointer (&self.space, bv_label_space_free);
}

const BvChartKind bv_chart_waterfall_kind = {
  { "waterfall", N_("Waterfall"), "bv-chart-waterfall-symbolic", 1, 1, 1, 1, FALSE, waterfall_options }, build_waterfall, BV_FACETS_ALIKE, NULL,
};
