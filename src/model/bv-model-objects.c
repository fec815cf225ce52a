/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Making, copying and freeing the model's plain structs. A copy shares nothing with what it was made of, and need not be whole: people edit copies. */
#include "bv-model.h"

#define CLEAR_STRING(p) g_clear_pointer (&(p), g_free)

static void
clear_value (gpointer value)
{
  bv_value_clear (value);
}

static void
clear_group (gpointer group)
{
  g_free (((BvGroup *) group)->dimension);
}

static void
clear_sort (gpointer sort)
{
  g_free (((BvSort *) sort)->name);
}

void
bv_field_free (BvField *field)
{
  if (field == NULL)
    return;
  CLEAR_STRING (field->name);
  CLEAR_STRING (field->label);
  CLEAR_STRING (field->description);
  CLEAR_STRING (field->semantic);
  bv_format_clear (&field->format);
  g_free (field);
}

void
bv_table_free (BvTable *table)
{
  if (table == NULL)
    return;
  CLEAR_STRING (table->uuid);
  CLEAR_STRING (table->name);
  CLEAR_STRING (table->label);
  CLEAR_STRING (table->description);
  CLEAR_STRING (table->source);
  g_strfreev (table->key);
  g_ptr_array_unref (table->fields);
  g_free (table);
}

void
bv_relationship_free (BvRelationship *relationship)
{
  if (relationship == NULL)
    return;
  CLEAR_STRING (relationship->uuid);
  CLEAR_STRING (relationship->from_table);
  CLEAR_STRING (relationship->from_column);
  CLEAR_STRING (relationship->to_table);
  CLEAR_STRING (relationship->to_column);
  g_free (relationship);
}

BvRelated *
bv_related_new (const char *table, const char *as, const char *through)
{
  BvRelated *related = g_new0 (BvRelated, 1);

  related->table = g_strdup (table);
  related->as = g_strdup (as != NULL ? as : table);
  related->through = g_strdup (through);
  return related;
}

void
bv_related_free (BvRelated *related)
{
  if (related == NULL)
    return;
  CLEAR_STRING (related->table);
  CLEAR_STRING (related->as);
  CLEAR_STRING (related->parent);
  CLEAR_STRING (related->through);
  g_free (related);
}

BvDimension *
bv_dimension_new (const char *name, const char *field)
{
  BvDimension *dimension = g_new0 (BvDimension, 1);

  dimension->name = g_strdup (name);
  dimension->field = g_strdup (field);
  dimension->format = BV_FORMAT_INIT;
  return dimension;
}

void
bv_dimension_free (BvDimension *dimension)
{
  if (dimension == NULL)
    return;
  CLEAR_STRING (dimension->name);
  CLEAR_STRING (dimension->field);
  CLEAR_STRING (dimension->description);
  bv_format_clear (&dimension->format);
  g_free (dimension);
}

BvDimension *
bv_dimension_copy (BvDimension *dimension)
{
  BvDimension *copy = bv_dimension_new (dimension->name, dimension->field);

  copy->description = g_strdup (dimension->description);
  copy->hidden = dimension->hidden;
  copy->format = bv_format_copy (&dimension->format);
  return copy;
}

BvMetric *
bv_metric_new (const char *name, BvAggregate aggregate)
{
  BvMetric *metric = g_new0 (BvMetric, 1);

  metric->name = g_strdup (name);
  metric->aggregate = aggregate;
  metric->percentile = 0.5;
  metric->format = BV_FORMAT_INIT;
  return metric;
}

void
bv_metric_free (BvMetric *metric)
{
  if (metric == NULL)
    return;
  CLEAR_STRING (metric->name);
  CLEAR_STRING (metric->table);
  CLEAR_STRING (metric->field);
  CLEAR_STRING (metric->of);
  CLEAR_STRING (metric->formula);
  CLEAR_STRING (metric->description);
  bv_condition_free (metric->where);
  bv_format_clear (&metric->format);
  g_free (metric);
}

BvMetric *
bv_metric_copy (BvMetric *metric)
{
  BvMetric *copy = g_new0 (BvMetric, 1);

  *copy = *metric;
  copy->name = g_strdup (metric->name);
  copy->table = g_strdup (metric->table);
  copy->field = g_strdup (metric->field);
  copy->of = g_strdup (metric->of);
  copy->formula = g_strdup (metric->formula);
  copy->description = g_strdup (metric->description);
  copy->where = bv_condition_copy (metric->where);
  copy->format = bv_format_copy (&metric->format);
  return copy;
}

BvExploration *
bv_exploration_new (const char *name, const char *root)
{
  BvExploration *exploration = g_new0 (BvExploration, 1);

  exploration->name = g_strdup (name);
  exploration->root = g_strdup (root);
  exploration->related = g_ptr_array_new_with_free_func ((GDestroyNotify) bv_related_free);
  exploration->dimensions = g_ptr_array_new_with_free_func ((GDestroyNotify) bv_dimension_free);
  exploration->metrics = g_ptr_array_new_with_free_func ((GDestroyNotify) bv_metric_free);
  return exploration;
}

void
bv_exploration_free (BvExploration *exploration)
{
  if (exploration == NULL)
    return;
  CLEAR_STRING (exploration->uuid);
  CLEAR_STRING (exploration->name);
  CLEAR_STRING (exploration->description);
  CLEAR_STRING (exploration->root);
  CLEAR_STRING (exploration->time_field);
  g_ptr_array_unref (exploration->related);
  g_ptr_array_unref (exploration->dimensions);
  g_ptr_array_unref (exploration->metrics);
  g_free (exploration);
}

static BvRelated *
related_copy (const BvRelated *related)
{
  BvRelated *copy = bv_related_new (related->table, related->as, related->through);

  copy->parent = g_strdup (related->parent);
  return copy;
}

BvExploration *
bv_exploration_copy (BvExploration *exploration)
{
  BvExploration *copy = bv_exploration_new (exploration->name, exploration->root);

  copy->uuid = g_strdup (exploration->uuid);
  copy->description = g_strdup (exploration->description);
  copy->time_field = g_strdup (exploration->time_field);
  for (guint i = 0; i < exploration->related->len; i++)
    g_ptr_array_add (copy->related, related_copy (exploration->related->pdata[i]));
  for (guint i = 0; i < exploration->dimensions->len; i++)
    g_ptr_array_add (copy->dimensions, bv_dimension_copy (exploration->dimensions->pdata[i]));
  for (guint i = 0; i < exploration->metrics->len; i++)
    g_ptr_array_add (copy->metrics, bv_metric_copy (exploration->metrics->pdata[i]));
  return copy;
}

BvChart *
bv_chart_new (const char *exploration, const char *type)
{
  BvChart *chart = g_new0 (BvChart, 1);

  chart->exploration = g_strdup (exploration);
  chart->type = g_strdup (type);
  chart->metrics = g_new0 (char *, 1);
  chart->by = g_array_new (FALSE, TRUE, sizeof (BvGroup));
  g_array_set_clear_func (chart->by, clear_group);
  chart->sort = g_array_new (FALSE, TRUE, sizeof (BvSort));
  g_array_set_clear_func (chart->sort, clear_sort);
  return chart;
}

gboolean
bv_chart_has_subtotals (const BvChart *chart)
{
  JsonNode *node = chart->options != NULL && g_strcmp0 (chart->type, "table") == 0 ? json_object_get_member (chart->options, "subtotals") : NULL;

  return node != NULL && JSON_NODE_HOLDS_VALUE (node) && json_node_get_value_type (node) == G_TYPE_BOOLEAN && json_node_get_boolean (node);
}

void
bv_chart_free (BvChart *chart)
{
  if (chart == NULL)
    return;
  CLEAR_STRING (chart->uuid);
  CLEAR_STRING (chart->exploration);
  CLEAR_STRING (chart->type);
  g_strfreev (chart->metrics);
  g_array_unref (chart->by);
  CLEAR_STRING (chart->pivot);
  CLEAR_STRING (chart->time_field);
  CLEAR_STRING (chart->range);
  bv_condition_free (chart->where);
  g_array_unref (chart->sort);
  CLEAR_STRING (chart->compare);
  g_clear_pointer (&chart->options, json_object_unref);
  g_free (chart);
}

BvChart *
bv_chart_copy (BvChart *chart)
{
  BvChart *copy = bv_chart_new (chart->exploration, chart->type);

  copy->uuid = g_strdup (chart->uuid);
  g_strfreev (copy->metrics);
  copy->metrics = g_strdupv (chart->metrics);
  for (guint i = 0; i < chart->by->len; i++)
    {
      BvGroup group = g_array_index (chart->by, BvGroup, i);

      group.dimension = g_strdup (group.dimension);
      g_array_append_val (copy->by, group);
    }
  copy->pivot = g_strdup (chart->pivot);
  copy->pivot_grain = chart->pivot_grain;
  copy->time_field = g_strdup (chart->time_field);
  copy->grain = chart->grain;
  copy->range = g_strdup (chart->range);
  copy->where = bv_condition_copy (chart->where);
  for (guint i = 0; i < chart->sort->len; i++)
    {
      BvSort sort = g_array_index (chart->sort, BvSort, i);

      sort.name = g_strdup (sort.name);
      g_array_append_val (copy->sort, sort);
    }
  copy->limit = chart->limit;
  copy->top = chart->top;
  copy->top_others = chart->top_others;
  copy->compare = g_strdup (chart->compare);
  copy->options = chart->options != NULL ? bv_json_object_copy (chart->options) : NULL;
  return copy;
}

BvTile *
bv_tile_new (const char *id, BvTileKind kind)
{
  BvTile *tile = g_new0 (BvTile, 1);

  tile->id = g_strdup (id);
  tile->kind = kind;
  tile->w = 6;
  tile->h = 4;
  return tile;
}

void
bv_tile_free (BvTile *tile)
{
  if (tile == NULL)
    return;
  CLEAR_STRING (tile->id);
  CLEAR_STRING (tile->title);
  CLEAR_STRING (tile->description);
  bv_chart_free (tile->chart);
  CLEAR_STRING (tile->text);
  CLEAR_STRING (tile->target);
  g_free (tile);
}

BvTile *
bv_tile_copy (BvTile *tile)
{
  BvTile *copy = bv_tile_new (tile->id, tile->kind);

  copy->title = g_strdup (tile->title);
  copy->description = g_strdup (tile->description);
  copy->x = tile->x;
  copy->y = tile->y;
  copy->w = tile->w;
  copy->h = tile->h;
  copy->chart = tile->chart != NULL ? bv_chart_copy (tile->chart) : NULL;
  copy->text = g_strdup (tile->text);
  copy->target = g_strdup (tile->target);
  return copy;
}

BvFilter *
bv_filter_new (const char *name, const char *field)
{
  BvFilter *filter = g_new0 (BvFilter, 1);

  filter->id = g_strdup (name);
  filter->name = g_strdup (name);
  filter->field = g_strdup (field);
  filter->control = g_strdup (g_strcmp0 (field, BV_FILTER_TIME) == 0 ? "date" : "multi");
  filter->defaults = g_array_new (FALSE, TRUE, sizeof (BvValue));
  g_array_set_clear_func (filter->defaults, clear_value);
  filter->limit = 5000;
  filter->tiles = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  return filter;
}

void
bv_filter_free (BvFilter *filter)
{
  if (filter == NULL)
    return;
  CLEAR_STRING (filter->id);
  CLEAR_STRING (filter->name);
  CLEAR_STRING (filter->field);
  CLEAR_STRING (filter->control);
  CLEAR_STRING (filter->label_field);
  g_array_unref (filter->defaults);
  g_hash_table_unref (filter->tiles);
  g_strfreev (filter->controlled_by);
  g_free (filter);
}

BvFilter *
bv_filter_copy (BvFilter *filter)
{
  BvFilter *copy = bv_filter_new (filter->name, filter->field);
  GHashTableIter iter;
  gpointer id, dimension;

  g_free (copy->id);
  copy->id = g_strdup (filter->id);
  g_free (copy->control);
  copy->control = g_strdup (filter->control);
  copy->label_field = g_strdup (filter->label_field);
  for (guint i = 0; i < filter->defaults->len; i++)
    {
      BvValue value = bv_value_copy (&g_array_index (filter->defaults, BvValue, i));

      g_array_append_val (copy->defaults, value);
    }
  copy->required = filter->required;
  copy->hidden = filter->hidden;
  copy->limit = filter->limit;
  g_hash_table_iter_init (&iter, filter->tiles);
  while (g_hash_table_iter_next (&iter, &id, &dimension))
    g_hash_table_insert (copy->tiles, g_strdup (id), g_strdup (dimension));
  copy->controlled_by = g_strdupv (filter->controlled_by);
  return copy;
}

BvReport *
bv_report_new (const char *name)
{
  BvReport *report = g_new0 (BvReport, 1);

  report->name = g_strdup (name);
  report->tiles = g_ptr_array_new_with_free_func ((GDestroyNotify) bv_tile_free);
  report->filters = g_ptr_array_new_with_free_func ((GDestroyNotify) bv_filter_free);
  return report;
}

void
bv_report_free (BvReport *report)
{
  if (report == NULL)
    return;
  CLEAR_STRING (report->uuid);
  CLEAR_STRING (report->name);
  CLEAR_STRING (report->description);
  g_ptr_array_unref (report->tiles);
  g_ptr_array_unref (report->filters);
  g_free (report);
}

BvReport *
bv_report_copy (BvReport *report)
{
  BvReport *copy = bv_report_new (report->name);

  copy->uuid = g_strdup (report->uuid);
  copy->description = g_strdup (report->description);
  for (guint i = 0; i < report->tiles->len; i++)
    g_ptr_array_add (copy->tiles, bv_tile_copy (report->tiles->pdata[i]));
  for (guint i = 0; i < report->filters->len; i++)
    g_ptr_array_add (copy->filters, bv_filter_copy (report->filters->pdata[i]));
  return copy;
}
