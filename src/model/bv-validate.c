/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Every reference of the model is followed once; what leads nowhere becomes a problem with the path of the part that is broken. The
 * rest of the object keeps working: the query room meets the same errors when a broken part is used. Tiles that overlap are set apart. */
#include "config.h"

#include "bv-formula.h"
#include "bv-model-build.h"

#include <glib/gi18n-lib.h>
#include <string.h>

static void
note (BvModel *model, GError **error, const char *format, ...) G_GNUC_PRINTF (3, 4);

/* Takes *@error as the problem of the path made by @format. */
static void
note (BvModel *model, GError **error, const char *format, ...)
{
  g_autofree char *path = NULL;
  va_list args;

  va_start (args, format);
  path = g_strdup_vprintf (format, args);
  va_end (args);
  bv_model_add_problem (model, path, (*error)->message);
  g_clear_error (error);
}

static void
check_relationships (BvModel *model)
{
  for (guint i = 0; i < model->relationships->len; i++)
    {
      BvRelationship *r = model->relationships->pdata[i];
      g_autoptr(GError) error = NULL;
      const char *sides[2][2] = { { r->from_table, r->from_column }, { r->to_table, r->to_column } };
      BvField *fields[2] = { NULL, NULL };

      for (guint s = 0; s < 2 && error == NULL; s++)
        {
          BvTable *table = bv_model_find_table (model, sides[s][0]);

          if (table == NULL)
            g_set_error (&error, BV_ERROR, BV_ERROR_NOT_FOUND, _("The table “%s” does not exist: import it, or remove the relationship"), sides[s][0]);
          else if ((fields[s] = bv_table_find_field (table, sides[s][1])) == NULL)
            g_set_error (&error, BV_ERROR, BV_ERROR_NOT_FOUND, _("The field “%s.%s” does not exist: choose another field"), sides[s][0], sides[s][1]);
        }
      if (error == NULL && fields[0]->type != fields[1]->type && !(bv_type_is_numeric (fields[0]->type) && bv_type_is_numeric (fields[1]->type)))
        g_set_error (&error, BV_ERROR, BV_ERROR_INVALID, _("“%s.%s” is of another type than “%s.%s”: import one of them with the other's type"),
                     r->from_table, r->from_column, r->to_table, r->to_column);
      if (error != NULL)
        note (model, &error, "relationships/%s.%s", r->from_table, r->from_column);
    }
}

static gboolean
check_condition (BvModel *model, BvExploration *exploration, const BvCondition *condition, GError **error)
{
  BvField *field;

  if (condition == NULL)
    return TRUE;
  if (condition->kind != BV_CONDITION_TEST)
    {
      for (guint i = 0; i < condition->children->len; i++)
        if (!check_condition (model, exploration, condition->children->pdata[i], error))
          return FALSE;
      return TRUE;
    }
  field = bv_exploration_resolve_field (exploration, model, condition->field, NULL, NULL, error);
  if (field == NULL)
    return FALSE;
  if (!bv_op_fits (condition->op, field->type))
    {
      g_set_error (error, BV_ERROR, BV_ERROR_INVALID, _("“%s” cannot be used on “%s”, which is of type %s: choose another operator"),
                   bv_op_to_label (condition->op), condition->field, bv_type_to_label (field->type));
      return FALSE;
    }
  return TRUE;
}

static gboolean check_metric (BvModel *model, BvExploration *exploration, BvMetric *metric, int depth, GError **error);

static gboolean
check_named_metric (BvModel *model, BvExploration *exploration, const char *name, int depth, GError **error)
{
  BvMetric *metric = bv_exploration_find_metric (exploration, name);

  if (metric == NULL)
    {
      g_set_error (error, BV_ERROR, BV_ERROR_NOT_FOUND, _("The metric “%s” does not exist: check the name, or add it"), name);
      return FALSE;
    }
  if (depth > 20)
    {
      g_set_error (error, BV_ERROR, BV_ERROR_INVALID, _("The metric “%s” is defined by itself: break the circle"), name);
      return FALSE;
    }
  return check_metric (model, exploration, metric, depth + 1, error);
}

static gboolean
check_metric (BvModel *model, BvExploration *exploration, BvMetric *metric, int depth, GError **error)
{
  BvField *field = NULL;

  if (metric->aggregate == BV_AGG_FORMULA)
    {
      g_autoptr(BvFormula) formula = bv_formula_parse (metric->formula, error);

      if (formula == NULL)
        return FALSE;
      for (guint i = 0; i < bv_formula_get_names (formula)->len; i++)
        if (!check_named_metric (model, exploration, bv_formula_get_names (formula)->pdata[i], depth, error))
          return FALSE;
      return TRUE;
    }
  if (metric->of != NULL)
    {
      BvMetric *of;

      if (metric->aggregate != BV_AGG_CUMULATIVE_COUNT && metric->aggregate != BV_AGG_CUMULATIVE_SUM)
        {
          g_set_error (error, BV_ERROR, BV_ERROR_INVALID, _("Only cumulative metrics run over another metric: remove “of”"));
          return FALSE;
        }
      if (!check_named_metric (model, exploration, metric->of, depth, error))
        return FALSE;
      of = bv_exploration_find_metric (exploration, metric->of);
      if (!bv_condition_is_empty (metric->where))
        {
          g_set_error (error, BV_ERROR, BV_ERROR_INVALID, _("The metric runs over “%s” and has a condition of its own: move the condition to “%s”"),
                       metric->of, metric->of);
          return FALSE;
        }
      if (of->aggregate != BV_AGG_COUNT && of->aggregate != BV_AGG_SUM)
        {
          g_set_error (error, BV_ERROR, BV_ERROR_INVALID, _("A cumulative metric can run over a count or a sum only: “%s” is neither"), metric->of);
          return FALSE;
        }
      return TRUE;
    }
  if (metric->table != NULL && bv_exploration_find_role (exploration, model, metric->table) == NULL)
    {
      g_set_error (error, BV_ERROR, BV_ERROR_NOT_FOUND, _("“%s” names no table of the exploration: add the related table, or check the name"), metric->table);
      return FALSE;
    }
  if (metric->field != NULL)
    {
      field = bv_exploration_resolve_field (exploration, model, metric->field, NULL, NULL, error);
      if (field == NULL)
        return FALSE;
    }
  else if (metric->aggregate != BV_AGG_COUNT && metric->aggregate != BV_AGG_CUMULATIVE_COUNT)
    {
      g_set_error (error, BV_ERROR, BV_ERROR_INVALID, _("“%s” needs a field: choose the column to measure"), bv_aggregate_to_label (metric->aggregate));
      return FALSE;
    }
  if (field != NULL && !bv_type_is_numeric (field->type) &&
      (metric->aggregate == BV_AGG_SUM || metric->aggregate == BV_AGG_AVERAGE || metric->aggregate == BV_AGG_MEDIAN ||
       metric->aggregate == BV_AGG_PERCENTILE || metric->aggregate == BV_AGG_CUMULATIVE_SUM))
    {
      g_set_error (error, BV_ERROR, BV_ERROR_INVALID, _("“%s” needs a number, but “%s” is of type %s: choose another field or aggregation"),
                   bv_aggregate_to_label (metric->aggregate), metric->field, bv_type_to_label (field->type));
      return FALSE;
    }
  return check_condition (model, exploration, metric->where, error);
}

static void
check_exploration (BvModel *model, BvExploration *e)
{
  g_autoptr(GHashTable) names = g_hash_table_new (g_str_hash, g_str_equal);
  g_autoptr(GHashTable) roles = g_hash_table_new (g_str_hash, g_str_equal);
  g_autoptr(GError) error = NULL;

  if (bv_model_find_table (model, e->root) == NULL)
    {
      g_set_error (&error, BV_ERROR, BV_ERROR_NOT_FOUND, _("The table “%s” does not exist: import it, or choose another root"), e->root);
      note (model, &error, "explorations/%s", e->name);
      return;
    }
  g_hash_table_add (roles, e->root);
  for (guint i = 0; i < e->related->len; i++)
    {
      BvRelated *related = e->related->pdata[i];

      if (!g_hash_table_add (roles, related->as))
        {
          g_set_error (&error, BV_ERROR, BV_ERROR_EXISTS, _("Two tables have the role “%s”: give one of them another “as”"), related->as);
          note (model, &error, "explorations/%s/related/%s", e->name, related->as);
        }
      else if (bv_exploration_resolve_related (e, model, related, NULL, NULL, &error) == NULL)
        note (model, &error, "explorations/%s/related/%s", e->name, related->as);
    }
  for (guint i = 0; i < e->dimensions->len; i++)
    {
      BvDimension *dimension = e->dimensions->pdata[i];

      if (!g_hash_table_add (names, dimension->name))
        g_set_error (&error, BV_ERROR, BV_ERROR_EXISTS, _("The name “%s” is used twice: rename one"), dimension->name);
      else
        bv_exploration_resolve_field (e, model, dimension->field, NULL, NULL, &error);
      if (error != NULL)
        note (model, &error, "explorations/%s/dimensions/%s", e->name, dimension->name);
    }
  for (guint i = 0; i < e->metrics->len; i++)
    {
      BvMetric *metric = e->metrics->pdata[i];

      if (!g_hash_table_add (names, metric->name))
        g_set_error (&error, BV_ERROR, BV_ERROR_EXISTS, _("The name “%s” is used twice: rename one"), metric->name);
      else
        check_metric (model, e, metric, 0, &error);
      if (error != NULL)
        note (model, &error, "explorations/%s/metrics/%s", e->name, metric->name);
    }
  if (e->time_field != NULL)
    {
      BvField *field = bv_exploration_resolve_field (e, model, e->time_field, NULL, NULL, &error);

      if (field != NULL && !bv_type_is_time (field->type))
        g_set_error (&error, BV_ERROR, BV_ERROR_INVALID, _("The time field “%s” is no date: choose a date or a date and time"), e->time_field);
      if (error != NULL)
        note (model, &error, "explorations/%s", e->name);
    }
}

static void
check_chart (BvModel *model, BvReport *report, BvTile *tile)
{
  BvChart *chart = tile->chart;
  BvExploration *e = bv_model_find_exploration (model, chart->exploration);
  g_autoptr(GError) error = NULL;
  BvRange range;

  if (e == NULL)
    {
      g_set_error (&error, BV_ERROR, BV_ERROR_NOT_FOUND, _("The exploration “%s” does not exist: choose another"), chart->exploration);
      note (model, &error, "reports/%s/tiles/%s", report->name, tile->id);
      return;
    }
  for (guint i = 0; error == NULL && chart->metrics[i] != NULL; i++)
    if (bv_exploration_find_metric (e, chart->metrics[i]) == NULL)
      g_set_error (&error, BV_ERROR, BV_ERROR_NOT_FOUND, _("The metric “%s” does not exist: check the name, or add it"), chart->metrics[i]);
  for (guint i = 0; error == NULL && i < chart->by->len; i++)
    bv_exploration_resolve_field (e, model, g_array_index (chart->by, BvGroup, i).dimension, NULL, NULL, &error);
  if (error == NULL && chart->pivot != NULL)
    bv_exploration_resolve_field (e, model, chart->pivot, NULL, NULL, &error);
  if (error == NULL && chart->time_field != NULL)
    bv_exploration_resolve_field (e, model, chart->time_field, NULL, NULL, &error);
  if (error == NULL)
    check_condition (model, e, chart->where, &error);
  if (error == NULL && chart->range != NULL)
    bv_calendar_range (model->calendar, chart->range, 0, &range, &error);
  if (error != NULL)
    note (model, &error, "reports/%s/tiles/%s", report->name, tile->id);
}

static void
check_filter (BvModel *model, BvReport *report, BvFilter *filter)
{
  g_autoptr(GError) error = NULL;
  GHashTableIter iter;
  gpointer id, dimension;

  if (strcmp (filter->field, BV_FILTER_TIME) != 0)
    {
      const char *name = NULL;
      BvExploration *e = bv_model_split_filter_field (model, filter->field, &name);

      if (e == NULL)
        g_set_error (&error, BV_ERROR, BV_ERROR_NOT_FOUND, _("“%s” names no dimension: write “Exploration/Dimension”, or “default-time”"), filter->field);
      else
        bv_exploration_resolve_field (e, model, name, NULL, NULL, &error);
    }
  else if (filter->defaults->len > 0)
    {
      BvRange range;
      const BvValue *value = &g_array_index (filter->defaults, BvValue, 0);

      if (value->type == BV_TYPE_TEXT)
        bv_calendar_range (model->calendar, value->s, 0, &range, &error);
    }
  for (guint i = 0; error == NULL && filter->controlled_by != NULL && filter->controlled_by[i] != NULL; i++)
    if (bv_report_find_filter (report, filter->controlled_by[i]) == NULL)
      g_set_error (&error, BV_ERROR, BV_ERROR_NOT_FOUND, _("The filter “%s” does not exist: remove it from “controlled by”"), filter->controlled_by[i]);
  g_hash_table_iter_init (&iter, filter->tiles);
  while (error == NULL && g_hash_table_iter_next (&iter, &id, &dimension))
    {
      BvTile *tile = bv_report_find_tile (report, id);
      BvExploration *e;

      if (*(char *) dimension == '\0')
        continue;
      if (tile == NULL || tile->chart == NULL)
        g_set_error (&error, BV_ERROR, BV_ERROR_NOT_FOUND, _("The filter acts on the tile “%s”, which is no chart of this report"), (char *) id);
      else if ((e = bv_model_find_exploration (model, tile->chart->exploration)) != NULL)
        bv_exploration_resolve_field (e, model, dimension, NULL, NULL, &error);
    }
  if (error != NULL)
    note (model, &error, "reports/%s/filters/%s", report->name, filter->name);
}

static int
compare_tiles (gconstpointer a, gconstpointer b)
{
  const BvTile *x = *(const BvTile *const *) a, *y = *(const BvTile *const *) b;

  return x->y != y->y ? x->y - y->y : x->x - y->x;
}

/* The tile before @n in @tiles that stands where @tile does, and reaches down the farthest; NULL when there is none. */
static BvTile *
find_overlap (const GPtrArray *tiles, guint n, const BvTile *tile)
{
  BvTile *lowest = NULL;

  for (guint i = 0; i < n; i++)
    {
      BvTile *other = tiles->pdata[i];

      if (tile->x < other->x + other->w && other->x < tile->x + tile->w && tile->y < other->y + other->h && other->y < tile->y + tile->h &&
          (lowest == NULL || other->y + other->h > lowest->y + lowest->h))
        lowest = other;
    }
  return lowest;
}

/* Tiles that overlap would be painted over each other. From the top down each goes below those that stand where it does; the others keep their
 * places. The definition stays as it is until the report is edited. */
static void
set_apart (BvModel *model, BvReport *report)
{
  g_autoptr(GPtrArray) tiles = g_ptr_array_new ();

  for (guint i = 0; i < report->tiles->len; i++)
    g_ptr_array_add (tiles, report->tiles->pdata[i]);
  g_ptr_array_sort (tiles, compare_tiles);
  for (guint i = 0; i < tiles->len; i++)
    {
      BvTile *tile = tiles->pdata[i];
      BvTile *other = find_overlap (tiles, i, tile);
      g_autoptr(GError) error = NULL;

      if (other == NULL)
        continue;
      g_set_error (&error, BV_ERROR, BV_ERROR_INVALID, _("The tile lies over the tile “%s” and is shown below it: give it a place of its own"), other->id);
      note (model, &error, "reports/%s/tiles/%s", report->name, tile->id);
    }
  for (guint i = 0; i < tiles->len; i++)
    {
      BvTile *tile = tiles->pdata[i];
      BvTile *other;

      while ((other = find_overlap (tiles, i, tile)) != NULL)
        tile->y = other->y + other->h;
    }
}

void
bv_model_validate (BvModel *model)
{
  check_relationships (model);
  for (guint i = 0; i < model->explorations->len; i++)
    check_exploration (model, model->explorations->pdata[i]);
  for (guint i = 0; i < model->reports->len; i++)
    {
      BvReport *report = model->reports->pdata[i];

      for (guint t = 0; t < report->tiles->len; t++)
        if (((BvTile *) report->tiles->pdata[t])->chart != NULL)
          check_chart (model, report, report->tiles->pdata[t]);
      set_apart (model, report);
      for (guint f = 0; f < report->filters->len; f++)
        check_filter (model, report, report->filters->pdata[f]);
    }
}
