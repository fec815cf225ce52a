/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The table of chart types, and specs: a type with options checked against its table. */
#include "config.h"

#include "bv-chart-private.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

static const BvChartKind *const kinds[] = {
  &bv_chart_number_kind,  &bv_chart_gauge_kind,     &bv_chart_line_kind,    &bv_chart_area_kind,      &bv_chart_bar_kind,
  &bv_chart_combo_kind,   &bv_chart_scatter_kind,   &bv_chart_pie_kind,     &bv_chart_treemap_kind,   &bv_chart_table_kind,
  &bv_chart_heatmap_kind, &bv_chart_retention_kind, &bv_chart_funnel_kind,  &bv_chart_waterfall_kind, &bv_chart_calendar_kind,
  &bv_chart_histogram_kind, &bv_chart_box_kind,     &bv_chart_sankey_kind,  &bv_chart_persona_kind,
  &bv_chart_map_kind,
};

const char *const bv_legend_choices[] = { "auto", "right", "bottom", "none", NULL };
const char *const bv_legend_labels[] = { N_("Automatic"), N_("Right"), N_("Bottom"), N_("No legend"), NULL };
const char *const bv_line_legend_choices[] = { "auto", "direct", "right", "bottom", "none", NULL };
const char *const bv_line_legend_labels[] = { N_("Automatic"), N_("At the lines"), N_("Right"), N_("Bottom"), N_("No legend"), NULL };
const char *const bv_palette_choices[] = {
  "auto", "belvedere", "okabe-ito", "tol-bright", "tol-vibrant", "tol-muted", "viridis", "tol-sunset", "tol-burd", NULL,
};
const char *const bv_palette_labels[] = {
  N_("Automatic"), N_("Belvedere"), N_("Okabe–Ito"), N_("Bright"), N_("Vibrant"), N_("Muted"), N_("Viridis"), N_("Sunset"),
  N_("Blue to red"), NULL,
};
const char *const bv_stack_choices[] = { "auto", "grouped", "stacked", "percent", NULL };
const char *const bv_stack_labels[] = { N_("Automatic"), N_("Side by side"), N_("Stacked"), N_("Stacked to 100 %"), NULL };

const char *const bv_scale_choices[] = { "linear", "log", "symlog", NULL };
const char *const bv_scale_labels[] = { N_("Linear"), N_("Logarithmic"), N_("Logarithmic on both sides of zero"), NULL };

const char *const bv_bounds_choices[] = { "both", "80", "95", "none", NULL };
const char *const bv_bounds_labels[] = { N_("80 and 95 of 100 cases"), N_("80 of 100 cases"), N_("95 of 100 cases"), N_("None"), NULL };

struct _BvChartSpec
{
  char *type;
  GHashTable *options; /* key -> BvValue */
  gboolean has_window;
  gint64 from, to;
};

const BvChartType *
bv_chart_types (void)
{
  static BvChartType types[G_N_ELEMENTS (kinds) + 1];
  static gsize once;

  if (g_once_init_enter (&once))
    {
      for (guint i = 0; i < G_N_ELEMENTS (kinds); i++)
        types[i] = kinds[i]->info;
      g_once_init_leave (&once, 1);
    }
  return types;
}

const BvChartKind *
bv_chart_kind_find (const char *name)
{
  for (guint i = 0; i < G_N_ELEMENTS (kinds); i++)
    if (g_strcmp0 (kinds[i]->info.name, name) == 0)
      return kinds[i];
  return NULL;
}

const BvChartType *
bv_chart_type_find (const char *name)
{
  for (const BvChartType *type = bv_chart_types (); type->name != NULL; type++)
    if (g_strcmp0 (type->name, name) == 0)
      return type;
  return NULL;
}

gboolean
bv_chart_type_has_facets (const BvChartType *type, const char **why_not)
{
  static const struct { const char *name, *why; } without[] = {
    { "number", N_("Numbers stand side by side already: add metrics, or use a table") },
    { "treemap", N_("A treemap shows its groups within each other") },
    { "table", N_("A table shows its groups in rows and, by a pivot, in columns") },
    { "sankey", N_("A Sankey diagram shows both its groups in one picture") },
    { "persona", N_("A persona grid has a column for each group already") },
  };

  for (const BvOptionInfo *option = type->options; option != NULL && option->key != NULL; option++)
    if (strcmp (option->key, "facet") == 0)
      return TRUE;
  for (guint i = 0; i < G_N_ELEMENTS (without); i++)
    if (why_not != NULL && strcmp (without[i].name, type->name) == 0)
      *why_not = without[i].why;
  return FALSE;
}

static void
value_free (gpointer data)
{
  bv_value_clear (data);
  g_free (data);
}

BvChartSpec *
bv_chart_spec_new (const char *type)
{
  BvChartSpec *spec = g_new0 (BvChartSpec, 1);

  spec->type = g_strdup (type);
  spec->options = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, value_free);
  return spec;
}

BvChartSpec *
bv_chart_spec_copy (const BvChartSpec *spec)
{
  BvChartSpec *copy = bv_chart_spec_new (spec->type);
  GHashTableIter iter;
  gpointer key, value;

  g_hash_table_iter_init (&iter, spec->options);
  while (g_hash_table_iter_next (&iter, &key, &value))
    {
      BvValue *v = g_new (BvValue, 1);

      *v = bv_value_copy (value);
      g_hash_table_insert (copy->options, g_strdup (key), v);
    }
  copy->has_window = spec->has_window;
  copy->from = spec->from;
  copy->to = spec->to;
  return copy;
}

void
bv_chart_spec_set_window (BvChartSpec *spec, gint64 from, gint64 to)
{
  spec->has_window = from <= to;
  spec->from = from;
  spec->to = to;
}

void
bv_chart_spec_clear_window (BvChartSpec *spec)
{
  spec->has_window = FALSE;
}

gboolean
bv_chart_spec_window (const BvChartSpec *spec, gint64 *from, gint64 *to)
{
  *from = spec->from;
  *to = spec->to;
  return spec->has_window;
}

void
bv_chart_spec_free (BvChartSpec *spec)
{
  g_free (spec->type);
  g_hash_table_unref (spec->options);
  g_free (spec);
}

gboolean
bv_chart_spec_equal (const BvChartSpec *a, const BvChartSpec *b)
{
  GHashTableIter iter;
  gpointer key, value;

  if (a == NULL || b == NULL)
    return a == b;
  if (g_strcmp0 (a->type, b->type) != 0 || g_hash_table_size (a->options) != g_hash_table_size (b->options))
    return FALSE;
  g_hash_table_iter_init (&iter, a->options);
  while (g_hash_table_iter_next (&iter, &key, &value))
    {
      const BvValue *other = g_hash_table_lookup (b->options, key);

      if (other == NULL || !bv_value_equal (value, other))
        return FALSE;
    }
  return TRUE;
}

const char *
bv_chart_spec_get_type (const BvChartSpec *spec)
{
  return spec->type;
}

/* The value as the option's kind keeps it; FALSE when it does not fit. */
static gboolean
coerce (const BvOptionInfo *info, const BvValue *value, BvValue *out)
{
  BvColour colour;

  switch (info->kind)
    {
    case BV_OPTION_BOOL:
      if (value->type == BV_TYPE_BOOL || value->type == BV_TYPE_INT)
        *out = bv_value_bool (value->i != 0);
      else if (value->type == BV_TYPE_TEXT)
        return bv_value_from_plain (value->s, BV_TYPE_BOOL, out) && out->type == BV_TYPE_BOOL;
      else
        return FALSE;
      return TRUE;
    case BV_OPTION_NUMBER:
      if (bv_type_is_numeric (value->type))
        *out = bv_value_double (bv_value_as_double (value));
      else if (value->type == BV_TYPE_TEXT)
        return bv_value_from_plain (value->s, BV_TYPE_DOUBLE, out) && out->type == BV_TYPE_DOUBLE;
      else
        return FALSE;
      return TRUE;
    case BV_OPTION_CHOICE:
      /* Where the last choice is "none", yes and no choose the first and the last. */
      if (value->type == BV_TYPE_BOOL && g_strv_contains (info->choices, "none"))
        {
          *out = bv_value_text (value->i != 0 ? info->choices[0] : "none");
          return TRUE;
        }
      if (value->type != BV_TYPE_TEXT || !g_strv_contains (info->choices, value->s))
        return FALSE;
      break;
    case BV_OPTION_COLOUR:
      if (value->type != BV_TYPE_TEXT || !bv_colour_parse (value->s, &colour))
        return FALSE;
      break;
    case BV_OPTION_TEXT:
    default:
      if (value->type != BV_TYPE_TEXT)
        return FALSE;
      if (strcmp (info->key, "reference-lines") == 0)
        {
          g_autoptr(GArray) references = bv_references_parse (value->s);

          if (references == NULL)
            return FALSE;
        }
      break;
    }
  *out = bv_value_copy (value);
  return TRUE;
}

gboolean
bv_chart_spec_set_option (BvChartSpec *spec, const char *key, const BvValue *value)
{
  static const char *const series_types[] = { "auto", "line", "area", "bar", NULL };
  static const char *const series_axes[] = { "auto", "left", "right", NULL };
  const BvChartKind *kind = bv_chart_kind_find (spec->type);
  const BvOptionInfo *found = NULL;
  BvOptionInfo series = { key, NULL, BV_OPTION_TEXT, NULL, NULL };
  BvValue stored;

  if (g_str_has_prefix (key, "series."))
    {
      found = &series;
      if (g_str_has_suffix (key, ".colour"))
        series.kind = BV_OPTION_COLOUR;
      else if (g_str_has_suffix (key, ".type"))
        {
          series.kind = BV_OPTION_CHOICE;
          series.choices = series_types;
        }
      else if (g_str_has_suffix (key, ".axis"))
        {
          series.kind = BV_OPTION_CHOICE;
          series.choices = series_axes;
        }
      else if (g_str_has_suffix (key, ".order"))
        series.kind = BV_OPTION_NUMBER;
      else if (g_str_has_suffix (key, ".hidden"))
        series.kind = BV_OPTION_BOOL;
      else if (!g_str_has_suffix (key, ".label"))
        return FALSE;
    }
  else
    for (const BvOptionInfo *info = kind != NULL ? kind->info.options : NULL; info != NULL && info->key != NULL; info++)
      if (strcmp (info->key, key) == 0)
        found = info;
  if (found == NULL)
    return FALSE;
  if (value->type == BV_TYPE_NULL)
    {
      g_hash_table_remove (spec->options, key);
      return TRUE;
    }
  if (!coerce (found, value, &stored))
    return FALSE;
  g_hash_table_insert (spec->options, g_strdup (key), g_memdup2 (&stored, sizeof stored));
  return TRUE;
}

gboolean
bv_chart_spec_bool (const BvChartSpec *spec, const char *key)
{
  const BvValue *v = g_hash_table_lookup (spec->options, key);

  return v != NULL && v->type == BV_TYPE_BOOL && v->i != 0;
}

double
bv_chart_spec_number (const BvChartSpec *spec, const char *key)
{
  const BvValue *v = g_hash_table_lookup (spec->options, key);

  return v != NULL && v->type == BV_TYPE_DOUBLE && isfinite (v->d) && fabs (v->d) < 1e300 ? v->d : NAN;
}

const char *
bv_chart_spec_text (const BvChartSpec *spec, const char *key)
{
  const BvValue *v = g_hash_table_lookup (spec->options, key);

  return v != NULL && v->type == BV_TYPE_TEXT && *v->s != '\0' ? v->s : NULL;
}

const char *
bv_chart_spec_choice (const BvChartSpec *spec, const char *key)
{
  const char *set = bv_chart_spec_text (spec, key);
  const BvChartKind *kind = bv_chart_kind_find (spec->type);

  if (set != NULL)
    return set;
  for (const BvOptionInfo *info = kind != NULL ? kind->info.options : NULL; info != NULL && info->key != NULL; info++)
    if (strcmp (info->key, key) == 0 && info->choices != NULL)
      return info->choices[0];
  return "";
}

gboolean
bv_chart_spec_is (const BvChartSpec *spec, const char *key, const char *value)
{
  return g_strcmp0 (bv_chart_spec_choice (spec, key), value) == 0;
}

const char *
bv_chart_spec_series (const BvChartSpec *spec, const char *series, const char *what)
{
  g_autofree char *key = g_strdup_printf ("series.%s.%s", series, what);

  return bv_chart_spec_text (spec, key);
}
