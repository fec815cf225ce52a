/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Heat map: one metric in the cells of two groups, coloured by value. Time and the pivot run across, the other group down. A cell
 * without a value stays empty. Values of one sign take one hue, values of both signs two hues that meet at zero.
 */
#include "config.h"

#include "bv-chart-parts.h"

#include <glib/gi18n-lib.h>

#define CELL_MIN 2.0

static const BvOptionInfo heatmap_options[] = {
  BV_OPTION_LABELS, BV_OPTION_LEGEND, BV_OPTION_PALETTE, BV_OPTION_FACET, BV_OPTION_TITLE_LEFT, BV_OPTION_TITLE_BOTTOM, BV_OPTION_END,
};

/* @all: how many groups there are. */
static void
limit (BvBuild *build, BvPlaceAxis *axis, double length, guint all)
{
  axis->n = MIN (axis->matrix->n, (guint) MAX (1, floor (length / CELL_MIN)));
  axis->first = axis->matrix->is_time ? axis->matrix->n - axis->n : 0;
  bv_parts_shown_note (build, axis->n, all);
}

/* Whether every cell has room for its value: a map of which some cells say theirs looks broken. */
static gboolean
labels_fit (BvBuild *build, BvCross *cross, const BvPlaceAxis *across, const BvPlaceAxis *down)
{
  double w = bv_place_axis_band (across), h = bv_place_axis_band (down);

  if (w <= build->size * 3 || h <= build->line * 1.5 || down->n * across->n > 400)
    return FALSE;
  for (guint d = 0; d < down->n; d++)
    for (guint a = 0; a < across->n; a++)
      {
        double v = cross->v[bv_cross_at (cross, down->first + d, across->first + a)];
        g_autofree char *text = isnan (v) ? NULL : bv_parts_format (build, cross->metric, v);

        if (text != NULL && bv_text_width (build->text, text, build->size, FALSE) > w - 4)
          return FALSE;
      }
  return TRUE;
}

static void
draw_cells (BvBuild *build, BvCross *cross, const BvPlaceAxis *across, const BvPlaceAxis *down, const BvColourScale *colours)
{
  double w = bv_place_axis_band (across);
  double h = bv_place_axis_band (down);
  double gap = MIN (w, h) > 8 ? 1 : 0;
  gboolean labels = bv_chart_spec_bool (build->spec, "labels") || labels_fit (build, cross, across, down);

  for (guint d = 0; d < down->n; d++)
    for (guint a = 0; a < across->n; a++)
      {
        gsize at = bv_cross_at (cross, down->first + d, across->first + a);
        double x = across->x0 + a * w;
        double y = down->x0 + d * h;
        BvColour fill;

        if (isnan (cross->v[at]))
          continue;
        fill = bv_colour_scale_at (colours, cross->v[at]);
        bv_parts_box (build, cross->row[at], (int) cross->metric, (int) d, a, x + gap / 2, y + gap / 2, w - gap, h - gap, fill);
        if (gap > 0 && MIN (w, h) > 14)
          bv_scene_shape (build->scene, build->scene->shapes->len - 1)->r0 = 2;
        if (labels && h >= build->line)
          {
            g_autofree char *text = bv_parts_format (build, cross->metric, cross->v[at]);

            bv_parts_text (build, BV_TEXT_VALUE, text, x + w / 2, y + (h - build->line) / 2, 0.5, w - 4, build->size, FALSE,
                           bv_colour_on (fill), (int) build->scene->marks->len - 1);
          }
      }
}

static void
describe (BvBuild *build, BvCross *cross, gsize low, gsize high)
{
  g_autofree char *least = bv_parts_format (build, cross->metric, cross->v[low]);
  g_autofree char *most = bv_parts_format (build, cross->metric, cross->v[high]);
  g_autofree char *low_down = bv_matrix_x_label (cross->down, (guint) (low / cross->across->n), build->locale);
  g_autofree char *low_across = bv_matrix_x_label (cross->across, (guint) (low % cross->across->n), build->locale);
  g_autofree char *high_down = bv_matrix_x_label (cross->down, (guint) (high / cross->across->n), build->locale);
  g_autofree char *high_across = bv_matrix_x_label (cross->across, (guint) (high % cross->across->n), build->locale);

  /* Translators: rows, columns, metric, then row, column and value of the lowest and of the highest cell. */
  bv_alternative_set (build, g_strdup_printf (_("Heat map of %u by %u groups. %s is lowest at %s, %s (%s) and highest at %s, %s (%s)."),
                                              cross->n_down, cross->across->n, bv_parts_metric_label (build, cross->metric), low_down,
                                              low_across, least, high_down, high_across, most));
}

static void
build_heatmap (BvBuild *build)
{
  g_autoptr(GArray) metrics = bv_parts_metrics (build);
  g_autoptr(GArray) groups = bv_parts_groups (build);
  g_autoptr(BvCross) cross = NULL;
  BvPlaceAxis across = { 0 }, down = { 0 };
  BvColourScale colours;
  gsize low = G_MAXSIZE, high = G_MAXSIZE;
  double lo, hi;
  guint a, d, metric;

  if (metrics->len == 0)
    {
      bv_build_message (build, _("There is nothing to draw: choose a metric that is a number"));
      return;
    }
  if (groups->len != 2)
    {
      bv_build_message (build, groups->len < 2 ? _("A heat map needs two groups: add a group or a pivot")
                                               : _("A heat map shows two groups: remove the others"));
      return;
    }
  metric = g_array_index (metrics, guint, 0);
  d = g_array_index (groups, guint, 0);
  a = g_array_index (groups, guint, 1);
  if (bv_frame_get_column (build->frame, d)->role == BV_ROLE_TIME)
    {
      d = a;
      a = g_array_index (groups, guint, 0);
    }
  cross = bv_cross_new (build, metric, d, a, FALSE);
  for (gsize i = 0; i < (gsize) cross->down->n * cross->across->n; i++)
    if (!isnan (cross->v[i]))
      {
        low = low == G_MAXSIZE || cross->v[i] < cross->v[low] ? i : low;
        high = high == G_MAXSIZE || cross->v[i] > cross->v[high] ? i : high;
      }
  if (low == G_MAXSIZE)
    {
      bv_build_message (build, _("No values to draw: all of them are empty"));
      return;
    }
  describe (build, cross, low, high);
  bv_parts_odd_note (build, cross->n_odd);
  across.matrix = cross->across;
  down.matrix = cross->down;
  limit (build, &across, build->w * 0.7, cross->across->n);
  limit (build, &down, build->h * 0.7, cross->n_down);
  lo = cross->v[low];
  hi = cross->v[high];
  bv_panel_domain (build, FALSE, &lo, &hi);
  bv_colour_scale_init (&colours, build, lo, hi);
  bv_colour_scale_legend (&colours, build, &bv_frame_get_column (build->frame, metric)->format);
  bv_axis_title (build, bv_chart_spec_text (build->spec, "axis-title-bottom"), FALSE, FALSE);
  bv_axis_title (build, bv_chart_spec_text (build->spec, "axis-title-left"), TRUE, TRUE);
  bv_plot_cells (build, &across, &down);
  draw_cells (build, cross, &across, &down, &colours);
}

const BvChartKind bv_chart_heatmap_kind = {
  { "heatmap", N_("Heat map"), "bv-chart-heatmap-symbolic", 1, 1, 2, 2, FALSE, heatmap_options }, build_heatmap, BV_FACETS_ALIKE, bv_parts_colour_legend,
};
