/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bv-rename.h"
#include "bv-formula.h"

#include <string.h>

static gboolean
replace (char **text, const char *old_name, const char *new_name)
{
  if (g_strcmp0 (*text, old_name) != 0)
    return FALSE;
  g_free (*text);
  *text = g_strdup (new_name);
  return TRUE;
}

static gboolean
replace_in_condition (BvCondition *condition, const char *old_name, const char *new_name)
{
  gboolean changed = FALSE;

  if (condition == NULL)
    return FALSE;
  if (condition->kind == BV_CONDITION_TEST)
    return replace (&condition->field, old_name, new_name);
  for (guint i = 0; i < condition->children->len; i++)
    changed = replace_in_condition (condition->children->pdata[i], old_name, new_name) || changed;
  return changed;
}

static gboolean
condition_uses (const BvCondition *condition, const char *name)
{
  if (condition == NULL)
    return FALSE;
  if (condition->kind == BV_CONDITION_TEST)
    return strcmp (condition->field, name) == 0;
  for (guint i = 0; i < condition->children->len; i++)
    if (condition_uses (condition->children->pdata[i], name))
      return TRUE;
  return FALSE;
}

/* The dimension that a filter is on, if it is one of the exploration. */
static const char *
filter_dimension (BvModel *model, BvFilter *filter, const char *exploration)
{
  const char *name;
  BvExploration *found = bv_model_split_filter_field (model, filter->field, &name);

  return found != NULL && strcmp (found->name, exploration) == 0 ? name : NULL;
}

gboolean
bv_rename_exploration_in_report (BvModel *model, BvReport *report, const char *old_name, const char *new_name)
{
  gboolean changed = FALSE;

  for (guint i = 0; i < report->tiles->len; i++)
    {
      BvTile *tile = report->tiles->pdata[i];

      if (tile->chart != NULL)
        changed = replace (&tile->chart->exploration, old_name, new_name) || changed;
    }
  for (guint i = 0; i < report->filters->len; i++)
    {
      BvFilter *filter = report->filters->pdata[i];
      const char *dimension = filter_dimension (model, filter, old_name);

      if (dimension != NULL)
        {
          char *field = g_strconcat (new_name, "/", dimension, NULL);

          g_free (filter->field);
          filter->field = field;
          changed = TRUE;
        }
    }
  return changed;
}

gboolean
bv_rename_dimension_in_exploration (BvExploration *exploration, const char *old_name, const char *new_name)
{
  gboolean changed = replace (&exploration->time_field, old_name, new_name);

  for (guint i = 0; i < exploration->dimensions->len; i++)
    changed = replace (&((BvDimension *) exploration->dimensions->pdata[i])->name, old_name, new_name) || changed;
  for (guint i = 0; i < exploration->metrics->len; i++)
    {
      BvMetric *metric = exploration->metrics->pdata[i];

      changed = replace_in_condition (metric->where, old_name, new_name) || changed;
      changed = replace (&metric->field, old_name, new_name) || changed;
    }
  return changed;
}

gboolean
bv_rename_metric_in_exploration (BvExploration *exploration, const char *old_name, const char *new_name)
{
  gboolean changed = FALSE;

  for (guint i = 0; i < exploration->metrics->len; i++)
    {
      BvMetric *metric = exploration->metrics->pdata[i];

      changed = replace (&metric->name, old_name, new_name) || changed;
      changed = replace (&metric->of, old_name, new_name) || changed;
      if (metric->formula != NULL)
        {
          char *formula = bv_formula_rename (metric->formula, old_name, new_name);

          changed = strcmp (formula, metric->formula) != 0 || changed;
          g_free (metric->formula);
          metric->formula = formula;
        }
    }
  return changed;
}

/* Chart options may name a series, "series.NAME.colour", and the group of small charts, "facet". */
static gboolean
rename_options (BvChart *chart, const char *old_name, const char *new_name)
{
  g_autofree char *prefix = g_strdup_printf ("series.%s.", old_name);
  g_autoptr(GList) members = NULL;
  gboolean changed = FALSE;

  if (chart->options == NULL)
    return FALSE;
  if (g_strcmp0 (json_object_get_string_member_with_default (chart->options, "facet", NULL), old_name) == 0)
    {
      json_object_set_string_member (chart->options, "facet", new_name);
      changed = TRUE;
    }
  members = json_object_get_members (chart->options);
  for (GList *l = members; l != NULL; l = l->next)
    /* Names may hold dots themselves: the option is what follows the last one. */
    if (g_str_has_prefix (l->data, prefix) && strchr ((char *) l->data + strlen (prefix), '.') == NULL)
      {
        g_autofree char *member = g_strdup (l->data);
        g_autofree char *renamed = g_strdup_printf ("series.%s.%s", new_name, member + strlen (prefix));

        json_object_set_member (chart->options, renamed, json_node_copy (json_object_get_member (chart->options, member)));
        json_object_remove_member (chart->options, member);
        changed = TRUE;
      }
  return changed;
}

gboolean
bv_rename_member_in_report (BvModel *model, BvReport *report, const char *exploration, const char *old_name, const char *new_name)
{
  gboolean changed = FALSE;

  for (guint i = 0; i < report->tiles->len; i++)
    {
      BvTile *tile = report->tiles->pdata[i];
      BvChart *chart = tile->chart;

      if (chart == NULL || strcmp (chart->exploration, exploration) != 0)
        continue;
      for (guint k = 0; chart->metrics[k] != NULL; k++)
        changed = replace (&chart->metrics[k], old_name, new_name) || changed;
      for (guint k = 0; k < chart->by->len; k++)
        changed = replace (&g_array_index (chart->by, BvGroup, k).dimension, old_name, new_name) || changed;
      for (guint k = 0; k < chart->sort->len; k++)
        changed = replace (&g_array_index (chart->sort, BvSort, k).name, old_name, new_name) || changed;
      changed = replace (&chart->pivot, old_name, new_name) || changed;
      changed = replace (&chart->time_field, old_name, new_name) || changed;
      changed = replace_in_condition (chart->where, old_name, new_name) || changed;
      changed = rename_options (chart, old_name, new_name) || changed;
      for (guint f = 0; f < report->filters->len; f++)
        {
          BvFilter *filter = report->filters->pdata[f];
          const char *target = g_hash_table_lookup (filter->tiles, tile->id);

          if (g_strcmp0 (target, old_name) == 0)
            {
              g_hash_table_insert (filter->tiles, g_strdup (tile->id), g_strdup (new_name));
              changed = TRUE;
            }
        }
    }
  for (guint f = 0; f < report->filters->len; f++)
    {
      BvFilter *filter = report->filters->pdata[f];

      if (g_strcmp0 (filter_dimension (model, filter, exploration), old_name) == 0)
        {
          g_free (filter->field);
          filter->field = g_strconcat (exploration, "/", new_name, NULL);
          changed = TRUE;
        }
      if (filter_dimension (model, filter, exploration) != NULL)
        changed = replace (&filter->label_field, old_name, new_name) || changed;
    }
  return changed;
}

gboolean
bv_rename_report_in_report (BvReport *report, const char *old_name, const char *new_name)
{
  gboolean changed = FALSE;

  for (guint i = 0; i < report->tiles->len; i++)
    {
      BvTile *tile = report->tiles->pdata[i];

      if (tile->kind == BV_TILE_NAVIGATION)
        changed = replace (&tile->target, old_name, new_name) || changed;
    }
  return changed;
}

static gboolean
chart_uses (BvChart *chart, const char *name)
{
  if (g_strcmp0 (chart->pivot, name) == 0 || g_strcmp0 (chart->time_field, name) == 0 || condition_uses (chart->where, name))
    return TRUE;
  if (g_strv_contains ((const char *const *) chart->metrics, name))
    return TRUE;
  for (guint i = 0; i < chart->by->len; i++)
    if (strcmp (g_array_index (chart->by, BvGroup, i).dimension, name) == 0)
      return TRUE;
  return FALSE;
}

void
bv_count_usage (BvModel *model, BvReport *report, const char *exploration, const char *name, guint *n_tiles, guint *n_filters)
{
  for (guint i = 0; i < report->tiles->len; i++)
    {
      BvTile *tile = report->tiles->pdata[i];

      if (tile->chart != NULL && strcmp (tile->chart->exploration, exploration) == 0 && (name == NULL || chart_uses (tile->chart, name)))
        (*n_tiles)++;
    }
  for (guint f = 0; f < report->filters->len; f++)
    {
      BvFilter *filter = report->filters->pdata[f];
      const char *dimension = filter_dimension (model, filter, exploration);
      gboolean used = dimension != NULL && (name == NULL || strcmp (dimension, name) == 0);

      for (guint i = 0; !used && name != NULL && i < report->tiles->len; i++)
        {
          BvTile *tile = report->tiles->pdata[i];

          used = tile->chart != NULL && strcmp (tile->chart->exploration, exploration) == 0 &&
                 g_strcmp0 (g_hash_table_lookup (filter->tiles, tile->id), name) == 0;
        }
      if (used)
        (*n_filters)++;
    }
}
