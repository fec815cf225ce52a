/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Histogram: how often values of each size occur among the rows of the frame. The rows are what the frame is grouped by ("revenue per
 * customer"); the first metric's value of each is counted into bins of one width.
 *
 * The width follows a named rule: Freedman and Diaconis (twice the interquartile range by the cube root of the count), Sturges
 * (1 + log2 n bins) or the square root of the count; it is then rounded to a nice number so that bins start where ticks are. A note
 * says what was counted and how.
 */
#include "config.h"

#include "bv-chart-parts.h"

#include <glib/gi18n-lib.h>
#include <stdlib.h>

#define BINS_MAX 200

static const char *const rule_choices[] = { "freedman-diaconis", "sturges", "square-root", NULL };
static const char *const rule_labels[] = { N_("Freedman–Diaconis"), N_("Sturges"), N_("Square root"), NULL };

static const BvOptionInfo histogram_options[] = {
  { "bin-rule", N_("Bins by the rule of"), BV_OPTION_CHOICE, rule_choices, rule_labels },
  { "bin-width", N_("Bin width"), BV_OPTION_NUMBER, NULL, NULL },
  BV_OPTION_LABELS, BV_OPTION_PALETTE, BV_OPTION_TITLE_LEFT, BV_OPTION_TITLE_BOTTOM, BV_OPTION_END,
};

typedef struct
{
  double v;
  guint row;
} Value;

static int
compare_values (const void *a, const void *b)
{
  double x = ((const Value *) a)->v;
  double y = ((const Value *) b)->v;

  return x < y ? -1 : x > y;
}

/* A quantile of sorted values, between neighbours in proportion. */
static double
quantile (const Value *values, guint n, double q)
{
  double at = q * (n - 1);
  guint i = (guint) floor (at);

  return i + 1 < n ? values[i].v + (at - i) * (values[i + 1].v - values[i].v) : values[n - 1].v;
}

/* The bins' ticks: bin k lies between tick k and k + 1. */
static BvTicks
choose_bins (BvBuild *build, const Value *values, guint n, gboolean whole, const char **rule)
{
  double lo = values[0].v, hi = values[n - 1].v;
  double own = bv_chart_spec_number (build->spec, "bin-width");
  double width = NAN;
  double bins;
  BvTicks ticks;

  *rule = _("Freedman–Diaconis");
  if (own > 0 && (hi - lo) / own < BINS_MAX && own > fabs (lo) * 1e-12)
    {
      double first = floor (lo / own + 1e-9);

      *rule = NULL;
      return (BvTicks){ .first = (gint64) first, .n = (guint) (floor (hi / own + 1e-9) - first) + 2, .mantissa = own };
    }
  if (bv_chart_spec_is (build->spec, "bin-rule", "square-root"))
    {
      *rule = _("square root");
      bins = sqrt (n);
    }
  else
    {
      bins = 1 + log2 (n);
      if (!bv_chart_spec_is (build->spec, "bin-rule", "sturges"))
        width = 2 * (quantile (values, n, 0.75) - quantile (values, n, 0.25)) / cbrt (n);
      /* More than half of the values are the same: the rule has no width to give. */
      if (width > 0)
        bins = (hi - lo) / width;
      else
        *rule = _("Sturges");
    }
  bins = CLAMP (bins, 2, MIN (BINS_MAX, MAX (build->w / 4, 2)));
  bv_domain_extend (&lo, &hi, FALSE);
  if (values[0].v > 0 && lo < values[0].v && !(lo > 0))
    lo = values[0].v > (hi - lo) / bins ? values[0].v : 0;
  ticks = bv_ticks_nice (lo, hi, (guint) bins + 3, whole ? BV_UNIT_WHOLE : BV_UNIT_DECIMAL);
  /* A value that is the last tick opens a bin of its own. */
  if (values[n - 1].v >= bv_ticks_value (&ticks, ticks.n - 1))
    ticks.n++;
  return ticks;
}

static void
draw_bins (BvBuild *build, guint metric, const Value *values, guint n, const BvTicks *bins, const BvLinear *x, const BvLinear *y,
           guint *counts)
{
  BvLabelSpace *labels = bv_chart_spec_bool (build->spec, "labels") ? bv_label_space_new (build) : NULL;
  BvColour fill = bv_parts_colour (build, 0);
  guint at = 0;

  for (guint b = 0; b + 1 < bins->n; b++)
    {
      double from = bv_ticks_value (bins, b), to = bv_ticks_value (bins, b + 1);
      double x0 = bv_linear_map (x, from), x1 = bv_linear_map (x, to);
      double top = bv_linear_map (y, counts[b]), foot = bv_linear_map (y, 0);
      double gap = x1 - x0 > 4 ? 1 : 0;
      g_autofree char *a = NULL, *z = NULL, *count = NULL, *share = NULL, *text = NULL;

      if (counts[b] == 0)
        continue;
      a = bv_parts_format (build, metric, from);
      z = bv_parts_format (build, metric, to);
      count = bv_locale_format_count (build->locale, counts[b]);
      share = bv_parts_percent (build, (double) counts[b] / n);
      bv_parts_box (build, values[at].row, (int) metric, -1, b, x0 + gap / 2, top, x1 - x0 - gap, foot - top, fill);
      /* Translators: a bin's ends, the number of rows in it and their share. */
      text = g_strdup_printf (_("From %s to below %s\n%s rows (%s)"), a, z, count, share);
      bv_parts_mark_text (build, text, FALSE);
      at += counts[b];
      if (labels != NULL && bv_text_width (build->text, count, build->size, FALSE) <= x1 - x0)
        bv_label_space_add (labels, count, (x0 + x1) / 2, top - build->line - 1, 0.5, build->ink.text, (int) build->scene->marks->len - 1);
    }
  g_clear_pointer (&labels, bv_label_space_free);
}

static void
build_histogram (BvBuild *build)
{
  g_autoptr(GArray) metrics = bv_parts_metrics (build);
  g_autofree Value *values = NULL;
  g_autofree guint *counts = NULL;
  BvFormat count_format = BV_FORMAT_INIT;
  BvValueAxis x = { 0 }, y = { 0 };
  const BvColumn *column;
  const char *rule;
  guint n = 0, n_odd = 0, most = 0, metric;
  BvTicks bins;

  if (metrics->len == 0)
    {
      bv_build_message (build, _("There is nothing to draw: choose a metric that is a number"));
      return;
    }
  metric = g_array_index (metrics, guint, 0);
  column = bv_frame_get_column (build->frame, metric);
  values = g_new (Value, bv_frame_get_n_rows (build->frame));
  for (guint row = 0; row < bv_frame_get_n_rows (build->frame); row++)
    {
      double v = bv_parts_value (build, metric, row, &n_odd);

      if (!isnan (v))
        values[n++] = (Value){ v, row };
    }
  if (n == 0)
    {
      bv_build_message (build, _("No values to draw: all of them are empty"));
      return;
    }
  qsort (values, n, sizeof (Value), compare_values);
  bins = choose_bins (build, values, n, column->type != BV_TYPE_DOUBLE && column->format.kind != BV_FORMAT_PERCENT, &rule);
  counts = g_new0 (guint, bins.n);
  for (guint i = 0, b = 0; i < n; i++)
    {
      while (b + 2 < bins.n && values[i].v >= bv_ticks_value (&bins, b + 1))
        b++;
      counts[b]++;
      most = MAX (most, counts[b]);
    }
  {
    g_autofree char *all = bv_locale_format_count (build->locale, n);
    g_autofree char *width = bv_parts_format (build, metric, bv_ticks_step (&bins));
    g_autofree char *lowest = bv_parts_format (build, metric, values[0].v);
    g_autofree char *highest = bv_parts_format (build, metric, values[n - 1].v);
    g_autofree char *middle = bv_parts_format (build, metric, quantile (values, n, 0.5));
    g_autofree char *note = NULL;

    /* Translators: number of rows, metric, bin width, the rule's name. */
    note = rule != NULL ? g_strdup_printf (_("%s rows counted by %s in bins of %s (%s)"), all, bv_parts_metric_label (build, metric), width, rule)
                        : g_strdup_printf (_("%s rows counted by %s in bins of %s"), all, bv_parts_metric_label (build, metric), width);
    bv_build_note (build, note);
    bv_alternative_set (build, g_strdup_printf (_("Histogram of %s over %s rows, from %s to %s, half of them below %s."),
                                                bv_parts_metric_label (build, metric), all, lowest, highest, middle));
  }
  bv_parts_odd_note (build, n_odd);
  bv_axis_title (build, bv_chart_spec_text (build->spec, "axis-title-bottom"), FALSE, FALSE);
  bv_axis_title (build, bv_chart_spec_text (build->spec, "axis-title-left"), TRUE, TRUE);
  {
    double domain[4] = { bv_ticks_value (&bins, 0), bv_ticks_value (&bins, bins.n - 1), 0, most };

    bv_plot_axes_values (build, &x, &y, domain, &column->format, &count_format, bv_unit_for_column (column), BV_UNIT_WHOLE, 0);
  }
  draw_bins (build, metric, values, n, &bins, &x.scale, &y.scale, counts);
  bv_value_axis_clear (&x);
  bv_value_axis_clear (&y);
}

const BvChartKind bv_chart_histogram_kind = {
  { "histogram", N_("Histogram"), "bv-chart-histogram-symbolic", 1, 1, 1, -1, FALSE, histogram_options }, build_histogram,
};
