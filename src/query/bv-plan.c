/* SPDX-License-Identifier: GPL-3.0-or-later */
/* From a chart, its exploration and what a report adds to a plan: names become tables, columns and metrics.
 *
 * The tables of an exploration are a tree of nodes, each related to its parent by a pair of columns. Whether an edge meets one row or several in either
 * direction follows from the relationship's kind, but a key that should be unique and repeats counts as several, and the chart says so. Groups and
 * conditions are found to lie on nodes, each metric on the node whose rows it measures; formulas take their parts before them, so that all outputs can be
 * evaluated in order. What a plan means in rows is bv-legs.c.
 */
#include "config.h"

#include "bv-column-private.h"

#include <glib/gi18n-lib.h>
#include <inttypes.h>
#include <string.h>

static void
node_free (gpointer data)
{
  BvPlanNode *node = data;

  g_free (node->role);
  g_free (node->note);
  g_free (node->parent_column);
  g_free (node->column);
  g_free (node);
}

static void
measure_free (gpointer data)
{
  BvPlanMeasure *measure = data;

  bv_predicate_free (measure->where);
  g_free (measure);
}

static void
output_free (gpointer data)
{
  BvPlanOutput *output = data;

  bv_formula_free (output->formula);
  g_free (output->parts);
  g_free (output);
}

static void
group_clear (gpointer data)
{
  BvPlanGroup *group = data;

  g_free (group->name);
  bv_format_clear (&group->format);
}

void
bv_plan_free (BvPlan *plan)
{
  if (plan == NULL)
    return;
  g_ptr_array_unref (plan->nodes);
  g_free (plan->joined);
  g_array_unref (plan->groups);
  g_free (plan->range_spec);
  bv_predicate_free (plan->where);
  g_ptr_array_unref (plan->measures);
  g_ptr_array_unref (plan->outputs);
  g_clear_pointer (&plan->parts, g_ptr_array_unref);
  bv_column_session_free (plan->columns);
  g_free (plan);
}

static int
find_node (GPtrArray *nodes, const char *role)
{
  for (guint i = 0; i < nodes->len; i++)
    if (strcmp (((BvPlanNode *) nodes->pdata[i])->role, role) == 0)
      return (int) i;
  return -1;
}

int
bv_plan_find_node (BvPlan *plan, const char *role)
{
  return find_node (plan->nodes, role);
}

/* Whether a key that should be unique is; a repeating one is noted, and the edge counts as fanning out. */
static gboolean
key_is_unique (const BvQueryContext *context, BvPlanNode *node, BvTable *table, const char *column, gboolean should_be,
               GCancellable *cancellable, gboolean *unique, GError **error)
{
  const char *columns[] = { column, NULL };
  gint64 n_repeating = 0;

  if (!should_be)
    {
      *unique = FALSE;
      return TRUE;
    }
  /* An encoded column knows it from its codes; SQLite sorts the table. */
  if (bv_column_count_repeating (context, table->name, column, &n_repeating))
    *unique = n_repeating == 0;
  else if (!bv_project_is_unique (context->project, table->name, columns, cancellable, unique, &n_repeating, error))
    return FALSE;
  if (!*unique && node->note == NULL)
    node->note = g_strdup_printf (ngettext ("The key “%s.%s” should be unique, but %" PRId64 " value repeats; rows still count once",
                                            "The key “%s.%s” should be unique, but %" PRId64 " values repeat; rows still count once",
                                            (gulong) n_repeating),
                                  table->name, column, n_repeating);
  return TRUE;
}

/* The nodes of an exploration. (transfer full) */
static GPtrArray *
new_nodes (const BvQueryContext *context, BvExploration *exploration, GCancellable *cancellable, GError **error)
{
  g_autoptr(GPtrArray) nodes = g_ptr_array_new_with_free_func (node_free);
  BvPlanNode *root = g_new0 (BvPlanNode, 1);

  root->role = g_strdup (exploration->root);
  root->table = bv_model_find_table (context->model, exploration->root);
  root->parent = -1;
  g_ptr_array_add (nodes, root);
  if (root->table == NULL)
    {
      g_set_error (error, BV_ERROR, BV_ERROR_NOT_FOUND, _("The table “%s” does not exist: import it, or choose another root"), exploration->root);
      return NULL;
    }
  for (guint i = 0; i < exploration->related->len; i++)
    {
      BvRelated *related = exploration->related->pdata[i];
      const char *parent = NULL;
      gboolean one_down = FALSE;
      BvRelationship *r;
      BvPlanNode *node;
      gboolean from_parent;

      /* A broken related table breaks only what uses it: the node is left out and its fields are reported as missing. */
      r = bv_exploration_resolve_related (exploration, context->model, related, &parent, &one_down, NULL);
      if (r == NULL || find_node (nodes, parent) < 0 || find_node (nodes, related->as) >= 0)
        continue;
      node = g_new0 (BvPlanNode, 1);
      g_ptr_array_add (nodes, node);
      node->role = g_strdup (related->as);
      node->table = bv_model_find_table (context->model, related->table);
      node->parent = find_node (nodes, parent);
      {
        BvPlanNode *up = nodes->pdata[node->parent];

        from_parent = bv_names_equal (r->from_table, up->table->name) && bv_names_equal (r->to_table, related->table) &&
                      (one_down || !bv_names_equal (r->from_table, r->to_table));
        node->parent_column = g_strdup (from_parent ? r->from_column : r->to_column);
        node->column = g_strdup (from_parent ? r->to_column : r->from_column);
        if (!key_is_unique (context, node, node->table, node->column,
                            from_parent || r->type == BV_RELATIONSHIP_HAS_ONE, cancellable, &node->one_down, error) ||
            !key_is_unique (context, node, up->table, node->parent_column,
                            !from_parent || r->type == BV_RELATIONSHIP_HAS_ONE, cancellable, &node->one_up, error))
          return NULL;
      }
    }
  return g_steal_pointer (&nodes);
}

/* A tree that plans share which are made together. */
typedef struct
{
  BvExploration *exploration;
  GPtrArray *nodes;
} Tree;

static void
tree_free (gpointer data)
{
  Tree *tree = data;

  g_ptr_array_unref (tree->nodes);
  g_free (tree);
}

GPtrArray *
bv_plan_trees_new (void)
{
  return g_ptr_array_new_with_free_func (tree_free);
}

static GPtrArray *
get_nodes (const BvQueryContext *context, BvExploration *exploration, GCancellable *cancellable, GError **error)
{
  GPtrArray *nodes;
  Tree *tree;

  for (guint i = 0; context->trees != NULL && i < context->trees->len; i++)
    {
      tree = context->trees->pdata[i];
      if (tree->exploration == exploration)
        return g_ptr_array_ref (tree->nodes);
    }
  nodes = new_nodes (context, exploration, cancellable, error);
  if (nodes == NULL || context->trees == NULL)
    return nodes;
  tree = g_new (Tree, 1);
  *tree = (Tree){ exploration, g_ptr_array_ref (nodes) };
  g_ptr_array_add (context->trees, tree);
  return nodes;
}

BvPlan *
bv_plan_new_tree (const BvQueryContext *context, BvExploration *exploration, GCancellable *cancellable, GError **error)
{
  GPtrArray *nodes = get_nodes (context, exploration, cancellable, error);
  BvPlan *plan;

  if (nodes == NULL)
    return NULL;
  plan = g_new0 (BvPlan, 1);
  plan->model = context->model;
  plan->exploration = exploration;
  plan->nodes = nodes;
  plan->joined = g_new0 (gboolean, nodes->len);
  plan->groups = g_array_new (FALSE, TRUE, sizeof (BvPlanGroup));
  g_array_set_clear_func (plan->groups, group_clear);
  plan->measures = g_ptr_array_new_with_free_func (measure_free);
  plan->outputs = g_ptr_array_new_with_free_func (output_free);
  plan->time_group = plan->time_node = -1;
  return plan;
}

/* The nodes from @node up to the root, @node first. */
static guint
chain (BvPlan *plan, int node, int *out)
{
  guint n = 0;

  for (; node >= 0; node = ((BvPlanNode *) plan->nodes->pdata[node])->parent)
    out[n++] = node;
  return n;
}

gboolean
bv_plan_fans_out (BvPlan *plan, int from, int to)
{
  g_autofree int *up = NULL;
  g_autofree int *down = NULL;
  guint n_up, n_down;

  if (from == to)
    return FALSE;
  up = g_new (int, plan->nodes->len);
  down = g_new (int, plan->nodes->len);
  n_up = chain (plan, from, up);
  n_down = chain (plan, to, down);
  /* Cut the common part above the meeting node. */
  while (n_up > 0 && n_down > 0 && up[n_up - 1] == down[n_down - 1])
    n_up--, n_down--;
  for (guint i = 0; i < n_up; i++)
    if (!((BvPlanNode *) plan->nodes->pdata[up[i]])->one_up)
      return TRUE;
  for (guint i = 0; i < n_down; i++)
    if (!((BvPlanNode *) plan->nodes->pdata[down[i]])->one_down)
      return TRUE;
  return FALSE;
}

gboolean
bv_plan_resolve_field (BvPlan *plan, const char *ref, int *node, BvField **field, GError **error)
{
  g_autofree char *role = NULL;

  *field = bv_exploration_resolve_field (plan->exploration, plan->model, ref, &role, NULL, error);
  if (*field == NULL)
    return FALSE;
  *node = bv_plan_find_node (plan, role);
  if (*node < 0)
    {
      BvRelated *related = bv_exploration_find_related (plan->exploration, role);

      if (related == NULL || bv_exploration_resolve_related (plan->exploration, plan->model, related, NULL, NULL, error) != NULL)
        g_set_error (error, BV_ERROR, BV_ERROR_NOT_FOUND, _("“%s” cannot be reached: mend the related table it hangs under"), role);
      return FALSE;
    }
  return TRUE;
}

static gboolean
add_group (BvPlan *plan, const char *name, BvGrain grain, BvRole role, GError **error)
{
  BvPlanGroup group = { 0 };
  BvDimension *dimension = bv_exploration_find_dimension (plan->exploration, name);

  if (!bv_plan_resolve_field (plan, name, &group.node, &group.field, error))
    return FALSE;
  if (grain != BV_GRAIN_NONE && !bv_type_is_time (group.field->type))
    {
      g_set_error (error, BV_ERROR, BV_ERROR_INVALID, _("“%s” is no date and cannot be grouped by %s: remove the grain"), name, bv_grain_to_noun (grain));
      return FALSE;
    }
  if (grain == BV_GRAIN_HOUR && group.field->type == BV_TYPE_DATE)
    grain = BV_GRAIN_DAY;
  for (guint i = 0; i < plan->groups->len; i++)
    {
      BvPlanGroup *other = &g_array_index (plan->groups, BvPlanGroup, i);

      if (strcmp (other->name, name) != 0)
        continue;
      if (other->grain == grain)
        return TRUE; /* the same group twice says nothing new */
    }
  group.name = g_strdup (name);
  for (guint i = 0, again = TRUE; again; )
    {
      again = FALSE;
      for (guint k = 0; k < plan->groups->len; k++)
        if (strcmp (g_array_index (plan->groups, BvPlanGroup, k).name, group.name) == 0)
          {
            g_free (group.name);
            group.name = i++ == 0 ? g_strdup_printf ("%s (%s)", name, bv_grain_to_name (grain)) : g_strdup_printf ("%s (%u)", name, i + 1);
            again = TRUE;
          }
    }
  group.grain = grain;
  group.role = role;
  group.type = grain == BV_GRAIN_NONE ? group.field->type : grain == BV_GRAIN_HOUR ? BV_TYPE_TIMESTAMP : BV_TYPE_DATE;
  group.format = dimension != NULL && !bv_format_equal (&dimension->format, &BV_FORMAT_INIT) ? bv_format_copy (&dimension->format)
                                                                                             : bv_field_get_format (group.field);
  g_array_append_val (plan->groups, group);
  return TRUE;
}

static BvType
result_type (BvAggregate aggregate, BvField *field)
{
  switch (aggregate)
    {
    case BV_AGG_COUNT:
    case BV_AGG_COUNT_DISTINCT:
    case BV_AGG_CUMULATIVE_COUNT:
      return BV_TYPE_INT;
    case BV_AGG_SUM:
    case BV_AGG_CUMULATIVE_SUM:
      return field->type == BV_TYPE_INT ? BV_TYPE_INT : BV_TYPE_DOUBLE;
    case BV_AGG_MIN:
    case BV_AGG_MAX:
      return field->type;
    case BV_AGG_AVERAGE:
    case BV_AGG_MEDIAN:
    case BV_AGG_PERCENTILE:
    case BV_AGG_FORMULA:
    default:
      return BV_TYPE_DOUBLE;
    }
}

static gboolean
mentions (const BvPredicate *predicate, int node, const BvField *field)
{
  if (predicate == NULL)
    return FALSE;
  if (predicate->kind != BV_PREDICATE_ALL && predicate->kind != BV_PREDICATE_ANY)
    return predicate->node == node && predicate->field == field;
  for (guint i = 0; i < predicate->children->len; i++)
    if (mentions (predicate->children->pdata[i], node, field))
      return TRUE;
  return FALSE;
}

BvPredicate *
bv_plan_present (BvPlan *plan, int node, const BvPredicate *own)
{
  BvTable *table = ((BvPlanNode *) plan->nodes->pdata[node])->table;
  BvField *field = table != NULL && table->key != NULL && g_strcmp0 (table->key[0], "_source") == 0
                     ? bv_table_find_field (table, "_deleted_at") : NULL;
  BvPredicate *predicate;

  if (field == NULL || field->type != BV_TYPE_TIMESTAMP || mentions (own, node, field) || mentions (plan->where, node, field))
    return NULL;
  predicate = bv_predicate_new (BV_PREDICATE_EMPTY);
  predicate->node = node;
  predicate->field = field;
  return predicate;
}

/* The measure that computes @metric's base; equal ones are shared. Returns its index, or -1. */
static int
add_measure (BvPlan *plan, gint64 now, BvMetric *metric, GError **error)
{
  BvPlanMeasure *measure;
  g_autofree char *role = NULL;

  for (guint i = 0; i < plan->measures->len; i++)
    if (((BvPlanMeasure *) plan->measures->pdata[i])->metric == metric)
      return (int) i;
  measure = g_new0 (BvPlanMeasure, 1);
  g_ptr_array_add (plan->measures, measure);
  measure->metric = metric;
  measure->percentile = metric->percentile;
  measure->aggregate = metric->aggregate == BV_AGG_CUMULATIVE_COUNT ? BV_AGG_COUNT
                       : metric->aggregate == BV_AGG_CUMULATIVE_SUM ? BV_AGG_SUM
                                                                    : metric->aggregate;
  if (measure->aggregate == BV_AGG_MEDIAN)
    {
      measure->aggregate = BV_AGG_PERCENTILE;
      measure->percentile = 0.5;
    }
  if (metric->field != NULL)
    {
      if (!bv_plan_resolve_field (plan, metric->field, &measure->field_node, &measure->field, error))
        return -1;
    }
  else if (measure->aggregate != BV_AGG_COUNT)
    {
      g_set_error (error, BV_ERROR, BV_ERROR_INVALID, _("“%s” needs a field: choose the column to measure"), metric->name);
      return -1;
    }
  if (measure->field != NULL && !bv_type_is_numeric (measure->field->type) &&
      (measure->aggregate == BV_AGG_SUM || measure->aggregate == BV_AGG_AVERAGE || measure->aggregate == BV_AGG_PERCENTILE))
    {
      g_set_error (error, BV_ERROR, BV_ERROR_INVALID, _("“%s” needs a number, but “%s” is of type %s: choose another field or aggregation"),
                   metric->name, metric->field, bv_type_to_label (measure->field->type));
      return -1;
    }
  if (metric->table != NULL)
    {
      measure->node = bv_plan_find_node (plan, metric->table);
      if (measure->node < 0)
        {
          g_set_error (error, BV_ERROR, BV_ERROR_NOT_FOUND, _("“%s” names no table of the exploration: add the related table, or check the name"), metric->table);
          return -1;
        }
    }
  else
    measure->node = measure->field != NULL ? measure->field_node : 0;
  if (measure->field != NULL && measure->node != measure->field_node && bv_plan_fans_out (plan, measure->node, measure->field_node))
    {
      g_set_error (error, BV_ERROR, BV_ERROR_INVALID, _("“%s” cannot measure “%s”: a row of “%s” has many of them; measure them on their own table"),
                   metric->name, metric->field, ((BvPlanNode *) plan->nodes->pdata[measure->node])->role);
      return -1;
    }
  if (!bv_plan_resolve_condition (plan, now, metric->where, &measure->where, error))
    return -1;
  measure->where = bv_predicate_and (measure->where, bv_plan_present (plan, measure->node, measure->where));
  measure->type = result_type (measure->aggregate, measure->field);
  return (int) plan->measures->len - 1;
}

static int
find_output (BvPlan *plan, BvMetric *metric)
{
  for (guint i = 0; i < plan->outputs->len; i++)
    if (((BvPlanOutput *) plan->outputs->pdata[i])->metric == metric)
      return (int) i;
  return -1;
}

static int
add_output (BvPlan *plan, gint64 now, const char *name, gboolean hidden, int depth, GError **error)
{
  BvMetric *metric = bv_exploration_find_metric (plan->exploration, name);
  BvPlanOutput *output;
  int found;

  if (metric == NULL)
    {
      g_set_error (error, BV_ERROR, BV_ERROR_NOT_FOUND, _("The exploration “%s” has no metric “%s”: check the name, or add it"),
                   plan->exploration->name, name);
      return -1;
    }
  if (depth > 20)
    {
      g_set_error (error, BV_ERROR, BV_ERROR_INVALID, _("The metric “%s” is defined by itself: break the circle"), name);
      return -1;
    }
  found = find_output (plan, metric);
  if (found >= 0)
    {
      output = plan->outputs->pdata[found];
      output->hidden = output->hidden && hidden;
      return found;
    }
  output = g_new0 (BvPlanOutput, 1);
  output->metric = metric;
  output->measure = -1;
  output->hidden = hidden;
  if (metric->aggregate == BV_AGG_FORMULA)
    {
      GPtrArray *names;
      int index;

      output->formula = bv_formula_parse (metric->formula, error);
      if (output->formula == NULL)
        {
          output_free (output);
          g_prefix_error (error, _("“%s”: "), name);
          return -1;
        }
      names = bv_formula_get_names (output->formula);
      output->parts = g_new0 (int, names->len);
      output->type = BV_TYPE_DOUBLE;
      /* Parts come first in the list, so evaluating in order meets no formula before its parts. */
      for (guint i = 0; i < names->len; i++)
        {
          output->parts[i] = add_output (plan, now, names->pdata[i], TRUE, depth + 1, error);
          if (output->parts[i] < 0)
            {
              output_free (output);
              return -1;
            }
        }
      index = (int) plan->outputs->len;
      g_ptr_array_add (plan->outputs, output);
      return index;
    }
  g_ptr_array_add (plan->outputs, output);
  found = (int) plan->outputs->len - 1;
  output->cumulative = metric->aggregate == BV_AGG_CUMULATIVE_COUNT || metric->aggregate == BV_AGG_CUMULATIVE_SUM;
  if (metric->of != NULL)
    {
      BvMetric *of = bv_exploration_find_metric (plan->exploration, metric->of);

      if (of == NULL || (of->aggregate != BV_AGG_COUNT && of->aggregate != BV_AGG_SUM))
        {
          g_set_error (error, BV_ERROR, BV_ERROR_INVALID, _("“%s” runs over “%s”, which is no count or sum of this exploration: choose another"),
                       name, metric->of);
          return -1;
        }
      if (!bv_condition_is_empty (metric->where))
        {
          g_set_error (error, BV_ERROR, BV_ERROR_INVALID, _("“%s” runs over “%s” and has a condition of its own: move the condition to “%s”"),
                       name, metric->of, metric->of);
          return -1;
        }
      output->measure = add_measure (plan, now, of, error);
    }
  else
    output->measure = add_measure (plan, now, metric, error);
  if (output->measure < 0)
    return -1;
  output->type = ((BvPlanMeasure *) plan->measures->pdata[output->measure])->type;
  return found;
}

BvPlan *
bv_plan_new (const BvQueryContext *context, BvChart *chart, const BvOverlay *overlay, GCancellable *cancellable, GError **error)
{
  BvExploration *exploration = bv_model_find_exploration (context->model, chart->exploration);
  g_autoptr(BvPlan) plan = NULL;
  const char *range = overlay != NULL && overlay->range != NULL ? overlay->range : chart->range;
  const char *time_field = chart->time_field;
  gboolean own_time = chart->time_field != NULL;
  BvPredicate *predicate;

  if (exploration == NULL)
    {
      g_set_error (error, BV_ERROR, BV_ERROR_NOT_FOUND, _("The exploration “%s” does not exist: check the name"), chart->exploration);
      return NULL;
    }
  plan = bv_plan_new_tree (context, exploration, cancellable, error);
  if (plan == NULL)
    return NULL;

  /* The first group-by with a grain is the chart's time when nothing else says so. */
  if (time_field == NULL && chart->grain == BV_GRAIN_NONE && chart->by->len > 0 && g_array_index (chart->by, BvGroup, 0).grain != BV_GRAIN_NONE)
    {
      time_field = g_array_index (chart->by, BvGroup, 0).dimension;
      own_time = TRUE;
    }
  if (time_field == NULL)
    time_field = exploration->time_field;
  if (time_field != NULL && (own_time || chart->grain != BV_GRAIN_NONE || range != NULL))
    {
      if (!bv_plan_resolve_field (plan, time_field, &plan->time_node, &plan->time_field, error))
        return NULL;
      if (!bv_type_is_time (plan->time_field->type))
        {
          g_set_error (error, BV_ERROR, BV_ERROR_INVALID, _("The time field “%s” is no date: choose a date or a date and time"), time_field);
          return NULL;
        }
    }
  /* A chart without any time is not reached by a report's default time field, but one that asks for a range must have one. */
  if (plan->time_field == NULL && (chart->grain != BV_GRAIN_NONE || chart->range != NULL))
    {
      g_set_error (error, BV_ERROR, BV_ERROR_INVALID, _("The chart has no time field: choose one, or give the exploration “%s” one"), exploration->name);
      return NULL;
    }
  if (range != NULL && plan->time_field != NULL)
    {
      if (!bv_calendar_range (context->model->calendar, range, context->now, &plan->range, error))
        return NULL;
      plan->has_range = plan->range.has_from || plan->range.has_to;
      plan->range_spec = g_strdup (range);
    }
  if (chart->grain != BV_GRAIN_NONE)
    {
      if (!add_group (plan, time_field, chart->grain, BV_ROLE_TIME, error))
        return NULL;
      plan->time_group = 0;
    }
  for (guint i = 0; i < chart->by->len; i++)
    {
      BvGroup *group = &g_array_index (chart->by, BvGroup, i);

      /* A group by the bucketed time field is the time axis when the chart has none of its own. */
      gboolean is_time = plan->time_group < 0 && group->grain != BV_GRAIN_NONE && plan->groups->len == 0;

      if (!add_group (plan, group->dimension, group->grain, is_time ? BV_ROLE_TIME : BV_ROLE_DIMENSION, error))
        return NULL;
      if (is_time)
        plan->time_group = 0;
    }
  if (chart->pivot != NULL && !add_group (plan, chart->pivot, chart->pivot_grain, BV_ROLE_SERIES, error))
    return NULL;

  if (!bv_plan_resolve_condition (plan, context->now, chart->where, &plan->where, error))
    return NULL;
  if (overlay != NULL)
    {
      if (!bv_plan_resolve_condition (plan, context->now, overlay->where, &predicate, error))
        return NULL;
      plan->where = bv_predicate_and (plan->where, predicate);
    }
  if (chart->metrics[0] == NULL)
    plan->where = bv_predicate_and (plan->where, bv_plan_present (plan, 0, NULL));
  for (guint i = 0; chart->metrics[i] != NULL; i++)
    if (add_output (plan, context->now, chart->metrics[i], FALSE, 0, error) < 0)
      return NULL;
  if (chart->metrics[0] == NULL && plan->groups->len == 0)
    {
      g_set_error (error, BV_ERROR, BV_ERROR_INVALID, _("The chart measures nothing: add a metric"));
      return NULL;
    }
  return g_steal_pointer (&plan);
}
