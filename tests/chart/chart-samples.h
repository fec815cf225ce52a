/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A frame that suits each chart type, for tests and for looking at them. */
#pragma once

#include "chart-fixture.h"

#include <string.h>

typedef struct
{
  const char *name;    /* dimension */
  const char *values;  /* "a|b|c"; NULL: n numbered names of @prefix */
  const char *prefix;
  guint n;
  BvRole role;
} SampleGroup;

typedef struct
{
  const char *name;
  BvFormatKind kind;
  BvType type;
  double low, high;
} SampleMetric;

/* The frame of all combinations of up to two groups. @share: of the combinations that have a row. */
static inline BvFrame *
sample_cross (const SampleGroup *groups, guint n_groups, const SampleMetric *metrics, guint n_metrics, double share)
{
  BvFrame *frame = bv_frame_new ();
  g_auto(GStrv) first = NULL;
  g_auto(GStrv) second = NULL;
  char **names[2];
  guint n[2] = { 1, 1 };
  guint r = 0;

  first = n_groups > 0 && groups[0].values != NULL ? g_strsplit (groups[0].values, "|", -1) : NULL;
  second = n_groups > 1 && groups[1].values != NULL ? g_strsplit (groups[1].values, "|", -1) : NULL;
  names[0] = first;
  names[1] = second;
  for (guint g = 0; g < n_groups; g++)
    {
      bv_frame_add_column (frame, groups[g].name, BV_TYPE_TEXT, groups[g].role);
      n[g] = names[g] != NULL ? g_strv_length (names[g]) : groups[g].n;
    }
  for (guint m = 0; m < n_metrics; m++)
    {
      BvColumn *column = bv_frame_add_column (frame, metrics[m].name, metrics[m].type, BV_ROLE_METRIC);

      column->format.kind = metrics[m].kind;
      column->format.decimals = metrics[m].kind == BV_FORMAT_CURRENCY ? 0 : -1;
      column->total = bv_value_double (metrics[m].high);
    }
  for (guint i = 0; i < n[0]; i++)
    for (guint k = 0; k < n[1]; k++, r++)
      {
        guint c = 0;

        if (fixture_wave (r * 7 + 3) > share)
          continue;
        for (guint g = 0; g < n_groups; g++)
          {
            guint at = g == 0 ? i : k;
            g_autofree char *name = names[g] != NULL ? g_strdup (names[g][at]) : g_strdup_printf ("%s %u", groups[g].prefix, at + 1);

            bv_frame_append_text (frame, c++, name, -1);
          }
        for (guint m = 0; m < n_metrics; m++)
          {
            double v = metrics[m].low + (metrics[m].high - metrics[m].low) * pow (fixture_wave (r * 3 + m * 101 + 1), 1.7);

            if (metrics[m].type == BV_TYPE_INT)
              bv_frame_append_int (frame, c++, (gint64) v);
            else
              bv_frame_append_double (frame, c++, v);
          }
      }
  return frame;
}

/* @frame with a column before its own: each row again for each of three values, with less. */
static inline BvFrame *
sample_again (BvFrame *frame, const char *name, const char *const *values)
{
  BvFrame *out = bv_frame_new ();

  bv_frame_add_column (out, name, BV_TYPE_TEXT, BV_ROLE_DIMENSION);
  for (guint c = 0; c < bv_frame_get_n_columns (frame); c++)
    {
      const BvColumn *column = bv_frame_get_column (frame, c);

      bv_frame_add_column (out, column->name, column->type, column->role)->format.kind = column->format.kind;
    }
  for (guint k = 0; k < 3; k++)
    for (guint row = 0; row < bv_frame_get_n_rows (frame); row++)
      {
        bv_frame_append_text (out, 0, values[k], -1);
        for (guint c = 0; c < bv_frame_get_n_columns (frame); c++)
          if (bv_frame_is_null (frame, c, row))
            bv_frame_append_null (out, c + 1);
          else if (bv_frame_get_column (frame, c)->type == BV_TYPE_TEXT)
            bv_frame_append_text (out, c + 1, bv_frame_get_text (frame, c, row), -1);
          else if (bv_frame_get_column (frame, c)->type == BV_TYPE_DOUBLE)
            bv_frame_append_double (out, c + 1, bv_frame_get_double (frame, c, row) / (k + 1));
          else
            bv_frame_append_int (out, c + 1, bv_frame_get_int (frame, c, row) / (c + 1 == bv_frame_get_n_columns (frame) ? 1 : k + 1));
      }
  bv_frame_unref (frame);
  return out;
}

static inline BvFrame *
sample_plans (BvFrame *frame)
{
  static const char *const plans[] = { "Free", "Team", "Business" };

  return sample_again (frame, "Plan", plans);
}

static inline BvFrame *
sample_repeat (BvFrame *frame)
{
  static const char *const regions[] = { "North", "South", "Kansai" };

  return sample_again (frame, "Region", regions);
}

/* The values of the first group, @times each, in each of the second. */
static inline BvFrame *
sample_split (const SampleGroup *groups, const SampleMetric *metric, guint times)
{
  SampleGroup crossed[2] = { groups[0], groups[1] };
  g_auto(GStrv) first = groups[0].values != NULL ? g_strsplit (groups[0].values, "|", -1) : NULL;
  guint n = first != NULL ? g_strv_length (first) : groups[0].n;
  BvFrame *frame = bv_frame_new ();
  g_auto(GStrv) second = g_strsplit (groups[1].values, "|", -1);

  bv_frame_add_column (frame, crossed[0].name, BV_TYPE_TEXT, BV_ROLE_DIMENSION);
  bv_frame_add_column (frame, "Customer", BV_TYPE_INT, BV_ROLE_DIMENSION);
  bv_frame_add_column (frame, crossed[1].name, BV_TYPE_TEXT, BV_ROLE_DIMENSION);
  bv_frame_add_column (frame, metric->name, BV_TYPE_DOUBLE, BV_ROLE_METRIC)->format.kind = metric->kind;
  for (guint i = 0, r = 0; i < n; i++)
    for (guint k = 0; second[k] != NULL; k++)
      for (guint t = 0; t < times; t++, r++)
        {
          g_autofree char *name = first != NULL ? g_strdup (first[i]) : g_strdup_printf ("%s %u", groups[0].prefix, i + 1);

          bv_frame_append_text (frame, 0, name, -1);
          bv_frame_append_int (frame, 1, t);
          bv_frame_append_text (frame, 2, second[k], -1);
          bv_frame_append_double (frame, 3, metric->low + (metric->high - metric->low) * pow (fixture_wave (r), 1 + k));
        }
  return frame;
}

static inline BvFrame *
sample_calendar (void)
{
  FixtureOptions o = { .time = TRUE, .grain = BV_GRAIN_DAY, .n_places = 400, .n_metrics = 1, .low = 0, .high = 120, .null_share = 0.15 };

  return fixture_frame (&o);
}

static inline BvFrame *
sample_retention (void)
{
  BvFrame *frame = bv_frame_new ();

  bv_frame_add_column (frame, "First month", BV_TYPE_TEXT, BV_ROLE_DIMENSION);
  bv_frame_add_column (frame, "Month", BV_TYPE_TEXT, BV_ROLE_SERIES);
  bv_frame_add_column (frame, "Active", BV_TYPE_INT, BV_ROLE_METRIC);
  bv_frame_add_column (frame, "Cohort size", BV_TYPE_INT, BV_ROLE_METRIC);
  for (guint cohort = 10; cohort-- > 0;)
    for (guint step = 0; step + cohort < 10; step++)
      {
        g_autofree char *name = g_strdup_printf ("2026-%02u", cohort + 1);
        g_autofree char *month = g_strdup_printf ("Month %02u", step);
        gint64 size = 60 + (gint64) (fixture_wave (cohort) * 200);

        bv_frame_append_text (frame, 0, name, -1);
        bv_frame_append_text (frame, 1, month, -1);
        bv_frame_append_int (frame, 2, (gint64) ((double) size * pow (0.8, step) * (0.85 + 0.15 * fixture_wave (cohort * 31 + step))));
        bv_frame_append_int (frame, 3, size);
      }
  return frame;
}

static inline BvFrame *
sample_funnel (void)
{
  BvFrame *frame = bv_frame_new ();
  static const char *const names[] = { "Visitors", "Sign-ups", "Trials started", "Paying", "Renewed" };
  static const gint64 values[] = { 191, 152, 109, 66, 25 };

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    bv_frame_add_column (frame, names[i], BV_TYPE_INT, BV_ROLE_METRIC);
  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    bv_frame_append_int (frame, i, values[i]);
  return frame;
}

static inline BvFrame *
sample_gauge (double achieved)
{
  BvFrame *frame = bv_frame_new ();

  for (guint i = 0; i < 2; i++)
    {
      BvColumn *column = bv_frame_add_column (frame, i == 0 ? "Won revenue" : "Target", BV_TYPE_DOUBLE, BV_ROLE_METRIC);

      column->format.kind = BV_FORMAT_CURRENCY;
      column->format.decimals = 0;
    }
  bv_frame_append_double (frame, 0, achieved);
  bv_frame_append_double (frame, 1, 18750);
  return frame;
}

static inline BvFrame *
sample_waterfall (void)
{
  BvFrame *frame = bv_frame_new ();
  static const char *const names[] = { "New", "Upgrades", "Reactivated", "Downgrades", "Churn", "Price changes" };
  static const double values[] = { 4200, 1800, 350, -900, -2100, 410 };
  BvColumn *column;

  bv_frame_add_column (frame, "Change", BV_TYPE_TEXT, BV_ROLE_DIMENSION);
  column = bv_frame_add_column (frame, "MRR change", BV_TYPE_DOUBLE, BV_ROLE_METRIC);
  column->format.kind = BV_FORMAT_CURRENCY;
  column->format.decimals = 0;
  column->total = bv_value_double (3760);
  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      bv_frame_append_text (frame, 0, names[i], -1);
      bv_frame_append_double (frame, 1, values[i]);
    }
  return frame;
}

#define SAMPLE_INDUSTRIES "Software|Retail|Manufacturing|Health care|Finance|Education|Logistics|Energy"
#define SAMPLE_STAGES "Qualified|Demo|Proposal|Negotiation|Won|Lost"

typedef struct
{
  const char *name, *type, *options;
} ChartSample;

static const ChartSample chart_samples[] = {
  { "combo", "combo", "goal=700;reference-lines=Normal=300..500|Floor=120" }, { "combo-percent", "combo", "labels=true;axis-title-right=Win rate" },
  { "line-log", "line", "scale=log" }, { "bar-symlog", "bar", "scale=symlog;labels=true" }, { "bar-goal", "bar", "orientation=horizontal;goal=500" },
  { "funnel", "funnel", "" }, { "gauge", "gauge", "" }, { "gauge-over", "gauge", "percent=true" }, { "gauge-bar", "gauge", "shape=bar" },
  { "waterfall", "waterfall", "labels=true" }, { "heatmap", "heatmap", "" }, { "heatmap-diverging", "heatmap", "" },
  { "heatmap-time", "heatmap", "palette=viridis" },
  { "histogram", "histogram", "" }, { "scatter", "scatter", "labels=true" }, { "bubble", "scatter", "" }, { "density", "scatter", "" },
  { "treemap", "treemap", "" }, { "treemap-two", "treemap", "percent=true" }, { "calendar", "calendar", "" },
  { "retention", "retention", "" }, { "box", "box", "" }, { "box-given", "box", "" }, { "sankey", "sankey", "" }, { "persona", "persona", "" },
  { "map", "map", "labels=true" }, { "map-world", "map", "" }, { "map-points", "map", "" },
  { "series", "line", "series.Plan 4.order=1;series.Business.label=Professional" }, { "series-labels", "line", "legend=direct;labels=true" },
  { "facets", "line", "facet=Plan" }, { "facets-free", "bar", "facet=Region;facet-scales=free" }, { "facets-bars", "bar", "facet=Plan" },
  { "facets-horizontal", "bar", "facet=Plan;orientation=horizontal" }, { "facets-scatter", "scatter", "facet=Plan" },
  { "facets-histogram", "histogram", "facet=Plan" }, { "facets-pie", "pie", "facet=Plan" }, { "facets-heatmap", "heatmap", "facet=Region" },
  { "facets-funnel", "funnel", "facet=Plan" }, { "facets-box", "box", "facet=Plan" }, { "facets-combo", "combo", "facet=Plan" },
  { "facets-waterfall", "waterfall", "facet=Plan" }, { "facets-gauge", "gauge", "facet=Plan" }, { "facets-calendar", "calendar", "facet=Plan" },
  { "facets-retention", "retention", "facet=Plan" }, { "facets-map", "map", "facet=Plan" },
  { "forecast", "line", "forecast=9" }, { "forecast-bar", "bar", "forecast=6;forecast-bounds=95" }, { "forecast-area", "area", "forecast=4" },
};

static inline BvFrame *
sample_map (gboolean world)
{
  static const char *const europe[] = { "France", "DE", "GBR", "Spain", "Italia", "Belgium", "Holland", "Malta", "Atlantis", "Poland" };
  static const char *const all[] = { "United States", "CN", "Brasil", "India", "Russia", "Côte d’Ivoire", "Singapore", "AUS", "South Korea",
                                     "DR Congo", "Türkiye", "Iceland", "New Zealand", "U.S.A." };
  BvFrame *frame = bv_frame_new ();

  bv_frame_add_column (frame, "Country", BV_TYPE_TEXT, BV_ROLE_DIMENSION);
  bv_frame_add_column (frame, "Change", BV_TYPE_DOUBLE, BV_ROLE_METRIC)->format.kind = BV_FORMAT_CURRENCY;
  bv_frame_get_column (frame, 1)->format.decimals = 0;
  for (guint i = 0; i < (world ? G_N_ELEMENTS (all) : G_N_ELEMENTS (europe)); i++)
    {
      bv_frame_append_text (frame, 0, world ? all[i] : europe[i], -1);
      if (i == 5)
        bv_frame_append_null (frame, 1);
      else
        bv_frame_append_double (frame, 1, world ? 9000 * (fixture_wave (i) - 0.4) : 1000 + 30000 * pow (fixture_wave (i + 3), 2));
    }
  return frame;
}

static inline BvFrame *
sample_points (void)
{
  BvFrame *frame = bv_frame_new ();

  bv_frame_add_column (frame, "Longitude", BV_TYPE_DOUBLE, BV_ROLE_DIMENSION);
  bv_frame_add_column (frame, "Latitude", BV_TYPE_DOUBLE, BV_ROLE_DIMENSION);
  bv_frame_add_column (frame, "Revenue", BV_TYPE_DOUBLE, BV_ROLE_METRIC);
  bv_frame_add_column (frame, "Margin", BV_TYPE_DOUBLE, BV_ROLE_METRIC)->format.kind = BV_FORMAT_PERCENT;
  for (guint i = 0; i < 60; i++)
    {
      bv_frame_append_double (frame, 0, -5 + 25 * fixture_wave (i));
      bv_frame_append_double (frame, 1, 40 + 15 * fixture_wave (i + 100));
      bv_frame_append_double (frame, 2, 20000 * pow (fixture_wave (i + 300), 3));
      bv_frame_append_double (frame, 3, fixture_wave (i + 200) - 0.3);
    }
  return frame;
}

static inline BvFrame *
sample_frame (const char *name)
{
  static const SampleMetric revenue[] = { { "Won revenue", BV_FORMAT_CURRENCY, BV_TYPE_DOUBLE, 0, 48000 } };
  static const SampleMetric change[] = { { "Change", BV_FORMAT_CURRENCY, BV_TYPE_DOUBLE, -20000, 48000 } };
  static const SampleMetric three[] = { { "Logins", BV_FORMAT_AUTO, BV_TYPE_INT, 2, 400 },
                                        { "Won revenue", BV_FORMAT_CURRENCY, BV_TYPE_DOUBLE, 100, 48000 },
                                        { "Deals", BV_FORMAT_AUTO, BV_TYPE_INT, 1, 60 } };
  static const SampleMetric five[] = { { "Minimum", BV_FORMAT_AUTO, BV_TYPE_DOUBLE, 1, 9 }, { "Lower quartile", BV_FORMAT_AUTO, BV_TYPE_DOUBLE, 10, 19 },
                                       { "Median", BV_FORMAT_AUTO, BV_TYPE_DOUBLE, 20, 29 }, { "Upper quartile", BV_FORMAT_AUTO, BV_TYPE_DOUBLE, 30, 50 },
                                       { "Maximum", BV_FORMAT_AUTO, BV_TYPE_DOUBLE, 60, 90 } };
  static const SampleMetric customers[] = { { "Customers", BV_FORMAT_AUTO, BV_TYPE_INT, 8, 90 } };
  SampleGroup industry = { "Industry", SAMPLE_INDUSTRIES, NULL, 0, BV_ROLE_DIMENSION };
  SampleGroup stage = { "Stage", SAMPLE_STAGES, NULL, 0, BV_ROLE_SERIES };
  SampleGroup company = { "Company", NULL, "Company", 120, BV_ROLE_DIMENSION };
  SampleGroup many = { "User", NULL, "User", 20000, BV_ROLE_DIMENSION };
  SampleGroup few = { "Company", NULL, "Company", 24, BV_ROLE_DIMENSION };
  SampleGroup life = { "Lifecycle", "Active|Lapsing|Inactive", NULL, 0, BV_ROLE_DIMENSION };
  SampleGroup countries = { "Country", "France|Germany|Spain|Italy|Poland|Belgium", NULL, 0, BV_ROLE_DIMENSION };
  SampleGroup persona = { "Persona", "Champions|Loyal|Promising|At risk|Needs attention|Hibernating", NULL, 0, BV_ROLE_DIMENSION };

  if (g_str_has_prefix (name, "combo") || g_str_has_prefix (name, "line"))
    {
      FixtureOptions o = { .time = TRUE, .grain = BV_GRAIN_MONTH, .n_places = 14, .n_metrics = 2, .low = 20, .high = 900, .money = TRUE };
      BvFrame *frame = fixture_frame (&o);
      BvColumn *second = bv_frame_get_column (frame, 2);

      second->format.kind = BV_FORMAT_PERCENT;
      for (guint i = 0; i < second->data->len; i++)
        ((double *) (gpointer) second->data->data)[i] /= 1000;
      return frame;
    }
  if (g_str_has_prefix (name, "bar"))
    {
      FixtureOptions o = { .n_places = 7, .n_metrics = 1, .low = strcmp (name, "bar-symlog") == 0 ? -4000 : 0, .high = 900, .money = TRUE };

      return fixture_frame (&o);
    }
  if (strcmp (name, "facets-scatter") == 0)
    {
      SampleGroup groups[] = { few, { "Plan", "Free|Team|Business|Enterprise", NULL, 0, BV_ROLE_DIMENSION } };

      return sample_cross (groups, 2, three, 3, 0.8);
    }
  if (strcmp (name, "facets-histogram") == 0 || strcmp (name, "facets-box") == 0)
    {
      SampleGroup groups[] = { strcmp (name, "facets-box") == 0 ? industry : many, { "Plan", "Free|Team|Business|Enterprise", NULL, 0, BV_ROLE_SERIES } };

      groups[0].n = 120;
      return sample_split (groups, revenue, strcmp (name, "facets-box") == 0 ? 12 : 1);
    }
  if (strcmp (name, "facets-pie") == 0 || strcmp (name, "facets-waterfall") == 0 || strcmp (name, "facets-heatmap") == 0 || strcmp (name, "facets-map") == 0)
    {
      SampleGroup groups[] = { strcmp (name, "facets-map") == 0 ? countries : life, { "Plan", "Free|Team|Business|Enterprise", NULL, 0, BV_ROLE_DIMENSION } };
      BvFrame *frame = sample_cross (groups, 2, strcmp (name, "facets-waterfall") == 0 ? change : revenue, 1, 0.9);

      return strcmp (name, "facets-heatmap") == 0 ? sample_repeat (frame) : frame;
    }
  if (strcmp (name, "facets-funnel") == 0 || strcmp (name, "facets-gauge") == 0)
    {
      SampleGroup plan = { "Plan", "Free|Team|Business|Enterprise", NULL, 0, BV_ROLE_DIMENSION };

      return sample_cross (&plan, 1, five, strcmp (name, "facets-gauge") == 0 ? 2 : 4, 1);
    }
  if (strcmp (name, "facets-calendar") == 0 || strcmp (name, "facets-combo") == 0)
    {
      gboolean days = strcmp (name, "facets-calendar") == 0;
      FixtureOptions o = { .time = TRUE, .grain = days ? BV_GRAIN_DAY : BV_GRAIN_MONTH, .n_places = days ? 300 : 12, .n_series = 3,
                           .n_metrics = days ? 1 : 2, .low = 20, .high = 900 };

      return fixture_frame (&o);
    }
  if (strcmp (name, "facets-retention") == 0)
    return sample_plans (sample_retention ());
  if (g_str_has_prefix (name, "facets"))
    {
      FixtureOptions o = { .time = strcmp (name, "facets") == 0, .grain = strcmp (name, "facets") == 0 ? BV_GRAIN_WEEK : BV_GRAIN_NONE,
                           .n_places = strcmp (name, "facets") == 0 ? 30 : 6, .n_series = 6, .n_metrics = 2, .low = 20, .high = 900 };

      return fixture_frame (&o);
    }
  if (g_str_has_prefix (name, "series"))
    {
      FixtureOptions o = { .time = TRUE, .grain = BV_GRAIN_WEEK, .n_places = 30, .n_series = 6, .n_metrics = 1, .low = 20, .high = 900 };

      return fixture_frame (&o);
    }
  if (g_str_has_prefix (name, "forecast"))
    {
      FixtureOptions o = { .time = TRUE, .grain = BV_GRAIN_MONTH, .n_places = strcmp (name, "forecast") == 0 ? 40 : 17, .n_metrics = 1, .low = 300,
                           .high = 400, .money = TRUE };
      BvFrame *frame = fixture_frame (&o);

      for (guint i = 0; i < o.n_places; i++)
        ((double *) (gpointer) bv_frame_get_column (frame, 1)->data->data)[i] += 6 * i + 120 * sin (i * G_PI / 6);
      return frame;
    }
  if (strcmp (name, "map-points") == 0)
    return sample_points ();
  if (g_str_has_prefix (name, "map"))
    return sample_map (strcmp (name, "map") != 0);
  if (strcmp (name, "funnel") == 0)
    return sample_funnel ();
  if (g_str_has_prefix (name, "gauge"))
    return sample_gauge (strcmp (name, "gauge-over") == 0 ? 27921 : 12400);
  if (strcmp (name, "waterfall") == 0)
    return sample_waterfall ();
  if (strcmp (name, "heatmap-time") == 0)
    {
      FixtureOptions o = { .time = TRUE, .grain = BV_GRAIN_WEEK, .n_places = 40, .n_series = 7, .n_metrics = 1, .low = 0, .high = 90, .null_share = 0.05 };

      return fixture_frame (&o);
    }
  if (g_str_has_prefix (name, "heatmap"))
    {
      SampleGroup groups[] = { industry, stage };

      return sample_cross (groups, 2, strcmp (name, "heatmap") == 0 ? revenue : change, 1, 0.92);
    }
  if (strcmp (name, "histogram") == 0)
    return sample_cross (&many, 1, revenue, 1, 0.04);
  if (strcmp (name, "scatter") == 0)
    return sample_cross (&few, 1, three, 2, 1);
  if (strcmp (name, "bubble") == 0)
    {
      SampleGroup groups[] = { few, { "Plan", "Free|Team|Business", NULL, 0, BV_ROLE_SERIES } };

      return sample_cross (groups, 2, three, 3, 1);
    }
  if (strcmp (name, "density") == 0)
    return sample_cross (&many, 1, three, 2, 1);
  if (strcmp (name, "treemap") == 0)
    return sample_cross (&few, 1, revenue, 1, 1);
  if (strcmp (name, "treemap-two") == 0 || strcmp (name, "sankey") == 0)
    {
      SampleGroup groups[] = { industry, { "Stage", SAMPLE_STAGES, NULL, 0, BV_ROLE_DIMENSION } };

      return sample_cross (groups, 2, revenue, 1, 0.7);
    }
  if (strcmp (name, "calendar") == 0)
    return sample_calendar ();
  if (strcmp (name, "retention") == 0)
    return sample_retention ();
  if (strcmp (name, "box") == 0)
    {
      SampleGroup groups[] = { industry, { company.name, NULL, "Company", 40, BV_ROLE_DIMENSION } };

      return sample_cross (groups, 2, revenue, 1, 1);
    }
  if (strcmp (name, "box-given") == 0)
    return sample_cross (&industry, 1, five, 5, 1);
  {
    SampleGroup groups[] = { life, persona };

    return sample_cross (groups, 2, customers, 1, 0.6);
  }
}

static inline BvChartSpec *
sample_spec (const ChartSample *sample)
{
  BvChartSpec *spec = bv_chart_spec_new (sample->type);
  g_auto(GStrv) pairs = g_strsplit (sample->options, ";", -1);

  for (guint i = 0; pairs[i] != NULL && *pairs[i] != '\0'; i++)
    {
      g_auto(GStrv) pair = g_strsplit (pairs[i], "=", 2);
      g_auto(BvValue) value = bv_value_text (g_strdelimit (pair[1], "|", ';'));

      if (!bv_chart_spec_set_option (spec, pair[0], &value))
        g_error ("%s: option %s", sample->name, pairs[i]);
    }
  return spec;
}
