/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "bv-chart-edit.h"

#include <glib/gi18n.h>

BvChart *
bv_chart_start (BvModel       *model,
                BvExploration *exploration)
{
  BvChart *chart = bv_chart_new (exploration->name, "number");
  BvField *time = exploration->time_field != NULL
                  ? bv_exploration_resolve_field (exploration, model, exploration->time_field, NULL, NULL, NULL) : NULL;

  for (guint i = 0; i < exploration->metrics->len; i++)
    {
      BvMetric *metric = g_ptr_array_index (exploration->metrics, i);
      g_autofree char *path = g_strdup_printf ("explorations/%s/metrics/%s", exploration->name, metric->name);

      if (metric->hidden || bv_model_find_problem (model, path) != NULL)
        continue;
      bv_chart_add_metric (chart, metric->name);
      break;
    }
  if (time != NULL)
    {
      chart->time_field = g_strdup (exploration->time_field);
      chart->grain = BV_GRAIN_MONTH;
      g_free (chart->type);
      chart->type = g_strdup ("line");
    }
  return chart;
}

static int
find_metric (BvChart    *chart,
             const char *metric)
{
  for (int i = 0; chart->metrics != NULL && chart->metrics[i] != NULL; i++)
    if (g_str_equal (chart->metrics[i], metric))
      return i;
  return -1;
}

gboolean
bv_chart_has_metric (BvChart    *chart,
                     const char *metric)
{
  return find_metric (chart, metric) >= 0;
}

void
bv_chart_add_metric (BvChart    *chart,
                     const char *metric)
{
  guint n = chart->metrics != NULL ? g_strv_length (chart->metrics) : 0;

  if (bv_chart_has_metric (chart, metric))
    return;
  chart->metrics = g_renew (char *, chart->metrics, n + 2);
  chart->metrics[n] = g_strdup (metric);
  chart->metrics[n + 1] = NULL;
}

void
bv_chart_remove_metric (BvChart    *chart,
                        const char *metric)
{
  int i = find_metric (chart, metric);

  if (i < 0)
    return;
  g_free (chart->metrics[i]);
  do
    chart->metrics[i] = chart->metrics[i + 1];
  while (chart->metrics[i++] != NULL);
}

void
bv_chart_move_metric (BvChart    *chart,
                      const char *metric,
                      int         delta)
{
  int i = find_metric (chart, metric);
  int n = chart->metrics != NULL ? (int) g_strv_length (chart->metrics) : 0;
  char *moved;

  if (i < 0 || i + delta < 0 || i + delta >= n)
    return;
  moved = chart->metrics[i];
  chart->metrics[i] = chart->metrics[i + delta];
  chart->metrics[i + delta] = moved;
}

int
bv_chart_find_group (BvChart    *chart,
                     const char *dimension)
{
  for (guint i = 0; i < chart->by->len; i++)
    if (g_str_equal (g_array_index (chart->by, BvGroup, i).dimension, dimension))
      return (int) i;
  return -1;
}

void
bv_chart_add_group (BvChart    *chart,
                    const char *dimension,
                    BvGrain     grain)
{
  BvGroup group = { NULL, grain };

  if (bv_chart_find_group (chart, dimension) >= 0)
    return;
  group.dimension = g_strdup (dimension);
  g_array_append_val (chart->by, group);
}

void
bv_chart_remove_group (BvChart    *chart,
                       const char *dimension)
{
  int i = bv_chart_find_group (chart, dimension);

  if (i >= 0)
    g_array_remove_index (chart->by, i);
}

void
bv_chart_move_group (BvChart    *chart,
                     const char *dimension,
                     int         delta)
{
  int i = bv_chart_find_group (chart, dimension);
  BvGroup *groups = (BvGroup *) chart->by->data;
  BvGroup moved;

  if (i < 0 || i + delta < 0 || i + delta >= (int) chart->by->len)
    return;
  moved = groups[i];
  groups[i] = groups[i + delta];
  groups[i + delta] = moved;
}

void
bv_chart_set_time (BvChart    *chart,
                   const char *dimension)
{
  g_autofree char *name = dimension != NULL && *dimension != '\0' ? g_strdup (dimension) : NULL;

  g_free (chart->time_field);
  chart->time_field = g_steal_pointer (&name);
  if (chart->time_field == NULL)
    {
      chart->grain = BV_GRAIN_NONE;
      g_clear_pointer (&chart->range, g_free);
      g_clear_pointer (&chart->compare, g_free);
    }
}

const char *
bv_chart_effective_time (BvChart       *chart,
                         BvExploration *exploration)
{
  if (chart->time_field != NULL)
    return chart->time_field;
  return chart->grain != BV_GRAIN_NONE || chart->range != NULL ? exploration->time_field : NULL;
}

gboolean
bv_chart_uses (BvChart    *chart,
               const char *name)
{
  return bv_chart_has_metric (chart, name) || bv_chart_find_group (chart, name) >= 0 || g_strcmp0 (chart->pivot, name) == 0
         || g_strcmp0 (chart->time_field, name) == 0;
}

void
bv_chart_toggle (BvChart       *chart,
                 BvModel       *model,
                 BvExploration *exploration,
                 const char    *name)
{
  BvField *field;

  if (bv_exploration_find_metric (exploration, name) != NULL)
    {
      if (bv_chart_has_metric (chart, name))
        bv_chart_remove_metric (chart, name);
      else
        bv_chart_add_metric (chart, name);
    }
  else if (bv_chart_find_group (chart, name) >= 0)
    bv_chart_remove_group (chart, name);
  else if (g_strcmp0 (chart->pivot, name) == 0)
    g_clear_pointer (&chart->pivot, g_free);
  else if (g_strcmp0 (bv_chart_effective_time (chart, exploration), name) == 0)
    bv_chart_set_time (chart, NULL);
  else if ((field = bv_exploration_resolve_field (exploration, model, name, NULL, NULL, NULL)) != NULL && bv_type_is_time (field->type))
    {
      if (bv_chart_effective_time (chart, exploration) != NULL)
        bv_chart_add_group (chart, name, BV_GRAIN_MONTH);
      else
        {
          bv_chart_set_time (chart, name);
          chart->grain = BV_GRAIN_DAY;
          g_free (chart->range);
          chart->range = g_strdup ("last-7-days");
        }
    }
  else
    bv_chart_add_group (chart, name, BV_GRAIN_NONE);
  bv_chart_tidy (chart);
}

/* Group-bys, pivot and time buckets. */
static int
count_dimensions (BvChart *chart)
{
  return (int) chart->by->len + (chart->pivot != NULL) + (chart->grain != BV_GRAIN_NONE);
}

gboolean
bv_chart_type_fits (const BvChartType  *type,
                    BvChart            *chart,
                    char              **reason)
{
  int n_metrics = chart->metrics != NULL ? (int) g_strv_length (chart->metrics) : 0;
  int n_dimensions = count_dimensions (chart);
  /* Small charts have a group of their own. */
  gboolean facet = chart->options != NULL && json_object_has_member (chart->options, "facet") && bv_chart_type_has_facets (type, NULL);
  int max_dimensions = type->max_dimensions + (facet ? 1 : 0);
  g_autofree char *why = NULL;

  /* An empty chart may become any type. */
  if (n_metrics == 0)
    ;
  else if (n_metrics < type->min_metrics)
    why = g_strdup_printf (ngettext ("Needs %d metric: add metrics", "Needs %d metrics: add metrics", type->min_metrics), type->min_metrics);
  else if (type->max_metrics >= 0 && n_metrics > type->max_metrics)
    why = g_strdup_printf (ngettext ("Shows %d metric: remove the others", "Shows %d metrics: remove the others", type->max_metrics),
                           type->max_metrics);
  if (why == NULL && type->needs_time && chart->grain == BV_GRAIN_NONE)
    why = g_strdup (_("Needs time: choose a time field and group by day, week or month"));
  /* A number takes buckets of time for its sparkline, but is not split. */
  if (why == NULL && g_str_equal (type->name, "number") && n_dimensions > (chart->grain != BV_GRAIN_NONE))
    why = g_strdup (_("A number is not split: remove the groups and the pivot"));
  if (why == NULL && n_dimensions < type->min_dimensions)
    why = g_strdup_printf (ngettext ("Needs %d dimension: group by one, or by time", "Needs %d dimensions: group by more",
                                     type->min_dimensions), type->min_dimensions);
  if (why == NULL && type->max_dimensions >= 0 && n_dimensions > max_dimensions)
    why = type->max_dimensions == 0
          ? g_strdup (_("Takes no dimension: remove the groups, the pivot and the time buckets"))
          : g_strdup_printf (ngettext ("Takes %d dimension: remove others", "Takes %d dimensions: remove others", type->max_dimensions),
                             type->max_dimensions);
  if (why == NULL)
    return TRUE;
  if (reason != NULL)
    *reason = g_steal_pointer (&why);
  return FALSE;
}

static char *
count_text (int         min,
            int         max,
            const char *exactly,
            const char *at_least,
            const char *between)
{
  return max == min ? g_strdup (exactly) : max < 0 ? g_strdup (at_least) : g_strdup (between);
}

char *
bv_chart_type_needs (const BvChartType *type)
{
  g_autofree char *m_exactly = g_strdup_printf (ngettext ("%d metric", "%d metrics", type->min_metrics), type->min_metrics);
  g_autofree char *m_least = g_strdup_printf (ngettext ("%d metric or more", "%d metrics or more", type->min_metrics), type->min_metrics);
  g_autofree char *m_between = g_strdup_printf (_("%d to %d metrics"), type->min_metrics, type->max_metrics);
  g_autofree char *d_exactly = type->min_dimensions == 0
                               ? g_strdup (_("No dimension"))
                               : g_strdup_printf (ngettext ("%d dimension", "%d dimensions", type->min_dimensions), type->min_dimensions);
  g_autofree char *d_least = type->min_dimensions == 0
                             ? g_strdup (_("Any dimensions"))
                             : g_strdup_printf (ngettext ("%d dimension or more", "%d dimensions or more", type->min_dimensions), type->min_dimensions);
  g_autofree char *d_between = type->min_dimensions == 0
                               ? g_strdup_printf (ngettext ("Up to %d dimension", "Up to %d dimensions", type->max_dimensions), type->max_dimensions)
                               : g_strdup_printf (_("%d to %d dimensions"), type->min_dimensions, type->max_dimensions);
  g_autofree char *metrics = count_text (type->min_metrics, type->max_metrics, m_exactly, m_least, m_between);
  g_autofree char *dimensions = type->needs_time ? g_strdup (_("Time by day, week or month"))
                                                 : count_text (type->min_dimensions, type->max_dimensions, d_exactly, d_least, d_between);

  return g_strdup_printf ("%s\n%s", metrics, dimensions);
}

void
bv_chart_tidy (BvChart *chart)
{
  static const char *const with_time[] = { "line", "bar", "table", NULL };
  static const char *const grouped[] = { "bar", "table", NULL };
  static const char *const alone[] = { "number", "table", NULL };
  const BvChartType *type = bv_chart_type_find (chart->type);
  const char *const *wanted;

  for (guint i = chart->sort->len; i > 0; i--)
    {
      BvSort *sort = &g_array_index (chart->sort, BvSort, i - 1);

      if (!bv_chart_uses (chart, sort->name))
        g_array_remove_index (chart->sort, i - 1);
    }
  if (chart->range == NULL || g_str_equal (chart->range, "all-time"))
    g_clear_pointer (&chart->compare, g_free);
  if (type != NULL && bv_chart_type_fits (type, chart, NULL))
    return;
  wanted = chart->grain != BV_GRAIN_NONE ? with_time : count_dimensions (chart) > 0 ? grouped : alone;
  for (; *wanted != NULL; wanted++)
    if ((type = bv_chart_type_find (*wanted)) != NULL && bv_chart_type_fits (type, chart, NULL))
      {
        g_free (chart->type);
        chart->type = g_strdup (*wanted);
        return;
      }
}

/* --- Following the exploration ---------------------------------------------------------------------------------------------- */

static gboolean
replace (char       **text,
         const char  *old_name,
         const char  *new_name)
{
  if (g_strcmp0 (*text, old_name) != 0 || g_strcmp0 (old_name, new_name) == 0)
    return FALSE;
  g_free (*text);
  *text = g_strdup (new_name);
  return TRUE;
}

static gboolean
rename_condition (BvCondition *condition,
                  const char  *old_name,
                  const char  *new_name)
{
  gboolean any = FALSE;

  if (condition == NULL)
    return FALSE;
  if (condition->kind == BV_CONDITION_TEST)
    return replace (&condition->field, old_name, new_name);
  for (guint i = 0; i < condition->children->len; i++)
    any |= rename_condition (g_ptr_array_index (condition->children, i), old_name, new_name);
  return any;
}

/* Follows a renamed metric or dimension; TRUE when anything changed. */
static gboolean
rename_measure (BvChart    *chart,
                gboolean    metric,
                const char *old_name,
                const char *new_name)
{
  gboolean any = FALSE;

  if (metric)
    for (guint i = 0; chart->metrics != NULL && chart->metrics[i] != NULL; i++)
      any |= replace (&chart->metrics[i], old_name, new_name);
  else
    {
      for (guint i = 0; i < chart->by->len; i++)
        any |= replace (&g_array_index (chart->by, BvGroup, i).dimension, old_name, new_name);
      any |= replace (&chart->pivot, old_name, new_name);
      any |= replace (&chart->time_field, old_name, new_name);
      if (chart->options != NULL && g_strcmp0 (json_object_get_string_member_with_default (chart->options, "facet", NULL), old_name) == 0)
        {
          json_object_set_string_member (chart->options, "facet", new_name);
          any = TRUE;
        }
      any |= rename_condition (chart->where, old_name, new_name);
    }
  for (guint i = 0; i < chart->sort->len; i++)
    any |= replace (&g_array_index (chart->sort, BvSort, i).name, old_name, new_name);
  return any;
}

/* Drops the tests on fields that are no longer there. */
static gboolean
prune_condition (BvCondition   *condition,
                 BvModel       *model,
                 BvExploration *exploration)
{
  gboolean any = FALSE;

  if (condition == NULL || condition->kind == BV_CONDITION_TEST)
    return FALSE;
  for (guint i = condition->children->len; i > 0; i--)
    {
      BvCondition *child = g_ptr_array_index (condition->children, i - 1);

      if (child->kind != BV_CONDITION_TEST)
        any |= prune_condition (child, model, exploration);
      else if (bv_exploration_resolve_field (exploration, model, child->field, NULL, NULL, NULL) == NULL)
        {
          g_ptr_array_remove_index (condition->children, i - 1);
          any = TRUE;
        }
    }
  return any;
}

static gboolean
is_gone (BvModel       *model,
         BvExploration *exploration,
         const char    *dimension)
{
  return dimension != NULL && bv_exploration_resolve_field (exploration, model, dimension, NULL, NULL, NULL) == NULL;
}

gboolean
bv_chart_prune (BvChart       *chart,
                BvModel       *model,
                BvExploration *exploration)
{
  gboolean any = FALSE;

  for (guint i = 0; chart->metrics != NULL && chart->metrics[i] != NULL;)
    if (bv_exploration_find_metric (exploration, chart->metrics[i]) == NULL)
      {
        g_autofree char *name = g_strdup (chart->metrics[i]);

        bv_chart_remove_metric (chart, name);
        any = TRUE;
      }
    else
      i++;
  for (guint i = chart->by->len; i > 0; i--)
    if (is_gone (model, exploration, g_array_index (chart->by, BvGroup, i - 1).dimension))
      {
        g_array_remove_index (chart->by, i - 1);
        any = TRUE;
      }
  if (is_gone (model, exploration, chart->pivot))
    {
      g_clear_pointer (&chart->pivot, g_free);
      any = TRUE;
    }
  if (is_gone (model, exploration, chart->time_field))
    {
      bv_chart_set_time (chart, NULL);
      any = TRUE;
    }
  any |= prune_condition (chart->where, model, exploration);
  if (any)
    bv_chart_tidy (chart);
  return any;
}

gboolean
bv_chart_follow (BvChart       *chart,
                 BvExploration *before,
                 BvExploration *after)
{
  gboolean any = replace (&chart->exploration, before->name, after->name);

  if (before->metrics->len == after->metrics->len)
    for (guint i = 0; i < after->metrics->len; i++)
      {
        BvMetric *old = g_ptr_array_index (before->metrics, i), *new = g_ptr_array_index (after->metrics, i);

        if (!g_str_equal (old->name, new->name) && bv_exploration_find_metric (after, old->name) == NULL)
          any |= rename_measure (chart, TRUE, old->name, new->name);
      }
  if (before->dimensions->len == after->dimensions->len)
    for (guint i = 0; i < after->dimensions->len; i++)
      {
        BvDimension *old = g_ptr_array_index (before->dimensions, i), *new = g_ptr_array_index (after->dimensions, i);

        if (!g_str_equal (old->name, new->name) && bv_exploration_find_dimension (after, old->name) == NULL)
          any |= rename_measure (chart, FALSE, old->name, new->name);
      }
  return any;
}
