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

#define BINS_MAX 200

static const char *const rule_choices[] = { "freedman-diaconis", "sturges", "square-root", NULL };
static const char *const rule_labels[] = { N_("Freedman–Diaconis"), N_("Sturges"), N_("Square root"), NULL };

static const BvOptionInfo histogram_options[] = {
  { "bin-rule", N_("Bins by the rule of"), BV_OPTION_CHOICE, rule_choices, rule_labels },
  { "bin-width", N_("Bin width"), BV_OPTION_NUMBER, NULL, NULL },
  BV_OPTION_LABELS, BV_OPTION_PALETTE, BV_OPTION_FACET, BV_OPTION_TITLE_LEFT, BV_OPTION_TITLE_BOTTOM, BV_OPTION_END,
};

/* Puts the value that would stand at @k, were the values sorted, there, with none greater before and none less after it. */
static double
select_value (double *v, guint n, guint k)
{
  guint low = 0, high = n - 1;

  while (low < high)
    {
      double pivot = v[low + (high - low) / 2];
      guint i = low, j = high;

      for (;;)
        {
          while (v[i] < pivot)
            i++;
          while (v[j] > pivot)
            j--;
          if (i >= j)
            break;
          {
            double swap = v[i];

            v[i++] = v[j];
            v[j--] = swap;
          }
        }
      if (k <= j)
        high = j;
      else
        low = j + 1;
    }
  return v[k];
}

/* A quantile, between neighbours in proportion. Reorders the values. */
static double
quantile (double *v, guint n, double q)
{
  double at = q * (n - 1);
  guint i = (guint) floor (at);
  double here = select_value (v, n, i);
  double next = G_MAXDOUBLE;

  if (i + 1 == n)
    return here;
  for (guint k = i + 1; k < n; k++)
    next = MIN (next, v[k]);
  return here + (at - i) * (next - here);
}

/* The bins' ticks: bin k lies between tick k and k + 1. */
static BvTicks
choose_bins (BvBuild *build, double *values, guint n, double least, double greatest, gboolean whole, const char **rule)
{
  double lo = least, hi = greatest;
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
  if (least > 0 && lo < least && !(lo > 0))
    lo = least > (hi - lo) / bins ? least : 0;
  ticks = bv_ticks_nice (lo, hi, (guint) bins + 3, whole ? BV_UNIT_WHOLE : BV_UNIT_DECIMAL);
  /* A value that is the last tick opens a bin of its own. */
  if (greatest >= bv_ticks_value (&ticks, ticks.n - 1))
    ticks.n++;
  return ticks;
}

static gboolean
is_whole (const BvColumn *column)
{
  return column->type != BV_TYPE_DOUBLE && column->format.kind != BV_FORMAT_PERCENT;
}

/* The bins that all panels share; found for the first and kept. */
static BvTicks
whole_bins (BvBuild *build, guint metric, const char **rule)
{
  BvPanel *panel = build->panel;
  BvBuild whole = *build;
  guint n_rows, n = 0, ignored = 0;
  g_autofree double *values = NULL;
  double least = G_MAXDOUBLE, greatest = -G_MAXDOUBLE;

  *rule = panel->bin_rule;
  if (panel->bins.n > 0)
    return panel->bins;
  whole.frame = panel->whole;
  n_rows = bv_frame_get_n_rows (whole.frame);
  values = g_new (double, MAX (n_rows, 1));
  for (guint row = 0; row < n_rows; row++)
    {
      double v = bv_parts_value (&whole, metric, row, &ignored);

      if (isnan (v))
        continue;
      values[n++] = v;
      least = MIN (least, v);
      greatest = MAX (greatest, v);
    }
  panel->bins = choose_bins (&whole, values, n, least, greatest, is_whole (bv_frame_get_column (whole.frame, metric)), rule);
  panel->bin_rule = *rule;
  return panel->bins;
}

/* The metric's format with as many digits as tell the ends of bins apart. */
static BvFormat
bin_format (const BvColumn *column, const BvTicks *bins)
{
  BvFormat format = bv_format_copy (&column->format);
  double step = bv_ticks_step (bins) * (format.kind == BV_FORMAT_PERCENT ? 100 : 1);
  int digits = 0;

  if (format.kind == BV_FORMAT_DURATION_SECONDS || format.kind == BV_FORMAT_DURATION_MS || step < 1e-6)
    return format;
  while (digits < 9 && fabs (step - round (step)) > 1e-6)
    {
      step *= 10;
      digits++;
    }
  format.abbreviate = FALSE;
  if (digits > (format.decimals < 0 ? 2 : format.decimals))
    format.decimals = digits;
  return format;
}

static void
draw_bins (BvBuild *build, guint metric, guint n, const BvTicks *bins, const BvLinear *x, const BvLinear *y, const guint *counts,
           const guint *firsts)
{
  BvLabelSpace *labels = bv_chart_spec_bool (build->spec, "labels") ? bv_label_space_new (build) : NULL;
  BvColour fill = bv_parts_colour (build, 0);
  g_auto(BvFormat) format = bin_format (bv_frame_get_column (build->frame, metric), bins);

  for (guint b = 0; b + 1 < bins->n; b++)
    {
      double from = bv_ticks_value (bins, b), to = bv_ticks_value (bins, b + 1);
      double x0 = bv_linear_map (x, from), x1 = bv_linear_map (x, to);
      double top = bv_linear_map (y, counts[b]), foot = bv_linear_map (y, 0);
      double gap = x1 - x0 > 4 ? 1 : 0;
      g_autofree char *a = NULL, *z = NULL, *count = NULL, *share = NULL, *text = NULL;

      if (counts[b] == 0)
        continue;
      a = bv_build_format (build, &format, from);
      z = bv_build_format (build, &format, to);
      count = bv_locale_format_count (build->locale, counts[b]);
      share = bv_parts_percent (build, (double) counts[b] / n);
      bv_parts_box (build, counts[b] == 1 ? firsts[b] : BV_ROW_NONE, (int) metric, -1, b, x0 + gap / 2, top, x1 - x0 - gap, foot - top, fill);
      /* Translators: a bin's ends, the number of rows in it and their share. */
      text = g_strdup_printf (_("From %s to below %s\n%s rows (%s)"), a, z, count, share);
      bv_parts_mark_text (build, text, FALSE);
      if (labels != NULL && bv_text_width (build->text, count, build->size, FALSE) <= x1 - x0)
        bv_label_space_add (labels, count, (x0 + x1) / 2, top - build->line - 1, 0.5, build->ink.text, (int) build->scene->marks->len - 1);
    }
  g_clear_pointer (&labels, bv_label_space_free);
}

static void
build_histogram (BvBuild *build)
{
  g_autoptr(GArray) metrics = bv_parts_metrics (build);
  g_autofree double *values = NULL;
  g_autofree guint *counts = NULL;
  g_autofree guint *firsts = NULL;
  g_autofree double *edges = NULL;
  BvFormat count_format = BV_FORMAT_INIT;
  BvValueAxis x = { 0 }, y = { 0 };
  const BvColumn *column;
  const char *rule;
  double step, least = G_MAXDOUBLE, greatest = -G_MAXDOUBLE;
  guint n = 0, n_odd = 0, most = 0, metric;
  BvTicks bins;

  if (metrics->len == 0)
    {
      bv_build_message (build, _("There is nothing to draw: choose a metric that is a number"));
      return;
    }
  metric = g_array_index (metrics, guint, 0);
  column = bv_frame_get_column (build->frame, metric);
  values = g_new (double, bv_frame_get_n_rows (build->frame));
  for (guint row = 0; row < bv_frame_get_n_rows (build->frame); row++)
    {
      double v = bv_parts_value (build, metric, row, &n_odd);

      if (isnan (v))
        continue;
      values[n++] = v;
      least = MIN (least, v);
      greatest = MAX (greatest, v);
    }
  if (n == 0)
    {
      bv_build_message (build, _("No values to draw: all of them are empty"));
      return;
    }
  bins = build->panel != NULL && bv_chart_spec_is (build->spec, "facet-scales", "shared")
           ? whole_bins (build, metric, &rule)
           : choose_bins (build, values, n, least, greatest, is_whole (column), &rule);
  counts = g_new0 (guint, bins.n);
  edges = g_new (double, bins.n);
  for (guint b = 0; b < bins.n; b++)
    edges[b] = bv_ticks_value (&bins, b);
  step = bv_ticks_step (&bins);
  firsts = g_new0 (guint, bins.n);
  for (guint row = 0; row < bv_frame_get_n_rows (build->frame); row++)
    {
      guint ignored = 0;
      double v = bv_parts_value (build, metric, row, &ignored);
      guint b;

      if (isnan (v))
        continue;
      /* Near by division, exact by the ticks themselves. */
      b = (guint) CLAMP ((v - edges[0]) / step, 0, bins.n - 2);
      while (b > 0 && v < edges[b])
        b--;
      while (b + 2 < bins.n && v >= edges[b + 1])
        b++;
      if (counts[b]++ == 0)
        firsts[b] = row;
      most = MAX (most, counts[b]);
    }
  {
    g_autofree char *all = bv_locale_format_count (build->locale, n);
    g_auto(BvFormat) format = bin_format (column, &bins);
    g_autofree char *width = bv_build_format (build, &format, bv_ticks_step (&bins));
    g_autofree char *lowest = bv_parts_format (build, metric, least);
    g_autofree char *highest = bv_parts_format (build, metric, greatest);
    g_autofree char *middle = bv_parts_format (build, metric, quantile (values, n, 0.5));
    g_autofree char *note = NULL;

    /* Translators: number of rows, metric, bin width, the rule's name. */
    note = rule != NULL ? g_strdup_printf (ngettext ("%s row counted by %s in bins of %s (%s)", "%s rows counted by %s in bins of %s (%s)", n), all,
                                           bv_parts_metric_label (build, metric), width, rule)
                        : g_strdup_printf (ngettext ("%s row counted by %s in bins of %s", "%s rows counted by %s in bins of %s", n), all,
                                           bv_parts_metric_label (build, metric), width);
    bv_build_note (build, note);
    bv_alternative_set (build, g_strdup_printf (_("Histogram of %s over %s rows, from %s to %s, half of them below %s."),
                                                bv_parts_metric_label (build, metric), all, lowest, highest, middle));
  }
  bv_parts_odd_note (build, n_odd);
  bv_axis_title (build, bv_chart_spec_text (build->spec, "axis-title-bottom"), FALSE, FALSE);
  bv_axis_title (build, bv_chart_spec_text (build->spec, "axis-title-left"), TRUE, TRUE);
  {
    double domain[4] = { bv_ticks_value (&bins, 0), bv_ticks_value (&bins, bins.n - 1), 0, most };

    bv_panel_domain (build, FALSE, &domain[2], &domain[3]);

    bv_plot_axes_values (build, &x, &y, domain, &column->format, &count_format, bv_unit_for_column (column), BV_UNIT_WHOLE, 0);
  }
  draw_bins (build, metric, n, &bins, &x.scale, &y.scale, counts, firsts);
  bv_value_axis_clear (&x);
  bv_value_axis_clear (&y);
}

const BvChartKind bv_chart_histogram_kind = {
  { "histogram", N_("Histogram"), "bv-chart-histogram-symbolic", 1, 1, 1, -1, FALSE, histogram_options }, build_histogram, BV_FACETS_APART, NULL,
};
