/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "bv-measure.h"

#include "bv-condition-editor.h"

#include <glib/gi18n.h>
#include <string.h>

const char *
bv_metric_icon (BvMetric *metric)
{
  return metric->aggregate == BV_AGG_FORMULA ? "bv-formula-symbolic" : "bv-metric-symbolic";
}

const char *
bv_dimension_icon (BvType type)
{
  if (bv_type_is_time (type))
    return "x-office-calendar-symbolic";
  if (bv_type_is_numeric (type))
    return "bv-number-symbolic";
  return type == BV_TYPE_BOOL ? "object-select-symbolic" : "bv-text-symbolic";
}

char *
bv_metric_describe (BvMetric *metric,
                    BvLocale *locale)
{
  const char *dot = metric->field != NULL ? strrchr (metric->field, '.') : NULL;
  const char *what = metric->of != NULL ? metric->of : dot != NULL ? dot + 1 : metric->field;
  g_autofree char *where = bv_condition_to_sentence (metric->where, locale);
  g_autofree char *head = NULL;

  if (metric->aggregate == BV_AGG_FORMULA)
    return g_strdup (metric->formula != NULL ? metric->formula : "");
  /* Translators: an aggregation and what it is of: "Sum of amount" */
  head = what != NULL ? g_strdup_printf (_("%s of %s"), bv_aggregate_to_label (metric->aggregate), what)
                      : g_strdup (bv_aggregate_to_label (metric->aggregate));
  /* Translators: "Sum of amount where stage is won" */
  return where != NULL ? g_strdup_printf (_("%s where %s"), head, where) : g_steal_pointer (&head);
}

char *
bv_measure_problem (BvModel       *model,
                    BvExploration *exploration,
                    const char    *name)
{
  const char *kind = bv_exploration_find_metric (exploration, name) != NULL ? "metrics" : "dimensions";
  g_autofree char *path = g_strdup_printf ("explorations/%s/%s/%s", exploration->name, kind, name);
  const BvProblem *problem = bv_model_find_problem (model, path);
  g_autoptr(GError) error = NULL;

  if (problem != NULL)
    return g_strdup (problem->message);
  if (bv_exploration_find_metric (exploration, name) == NULL
      && bv_exploration_resolve_field (exploration, model, name, NULL, NULL, &error) == NULL)
    return g_strdup (error->message);
  return NULL;
}

/* The part of "role.column" before the column, also when the role is broken. */
static char *
role_of (BvModel       *model,
         BvExploration *exploration,
         const char    *ref)
{
  char *role = NULL;

  if (bv_exploration_resolve_field (exploration, model, ref, &role, NULL, NULL) != NULL)
    return role;
  for (guint i = 0; i < exploration->related->len; i++)
    {
      BvRelated *related = g_ptr_array_index (exploration->related, i);
      gsize n = strlen (related->as);

      if (strncmp (ref, related->as, n) == 0 && ref[n] == '.')
        return g_strdup (related->as);
    }
  return g_strdup (exploration->root);
}

char *
bv_dimension_role (BvModel       *model,
                   BvExploration *exploration,
                   BvDimension   *dimension)
{
  return role_of (model, exploration, dimension->field);
}

char *
bv_metric_role (BvModel       *model,
                BvExploration *exploration,
                BvMetric      *metric)
{
  BvMetric *of = metric->of != NULL ? bv_exploration_find_metric (exploration, metric->of) : NULL;

  if (metric->table != NULL
      && (bv_exploration_find_related (exploration, metric->table) != NULL || g_str_equal (metric->table, exploration->root)))
    return g_strdup (metric->table);
  if (metric->field != NULL)
    return role_of (model, exploration, metric->field);
  if (of != NULL && of != metric && of->of == NULL)
    return bv_metric_role (model, exploration, of);
  return g_strdup (exploration->root);
}

char *
bv_role_label (BvModel       *model,
               BvExploration *exploration,
               const char    *role)
{
  BvTable *table = bv_exploration_find_role (exploration, model, role);

  if (table != NULL && table->label != NULL && g_str_equal (role, table->name))
    return g_strdup (table->label);
  return g_strdup (role);
}
