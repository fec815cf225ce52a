/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Explorations, relationships and formats to JSON and back; charts and reports are in bv-report-json.c. */
#include "config.h"

#include "bv-json-private.h"
#include "bv-model.h"

#include <glib/gi18n-lib.h>
#include <string.h>

static const struct { const char *name, *label; } aggregates[] = {
  [BV_AGG_COUNT] = { "count", N_("Count") },
  [BV_AGG_COUNT_DISTINCT] = { "count-distinct", N_("Count of distinct values") },
  [BV_AGG_SUM] = { "sum", N_("Sum") },
  [BV_AGG_AVERAGE] = { "average", N_("Average") },
  [BV_AGG_MEDIAN] = { "median", N_("Median") },
  [BV_AGG_MIN] = { "min", N_("Minimum") },
  [BV_AGG_MAX] = { "max", N_("Maximum") },
  [BV_AGG_PERCENTILE] = { "percentile", N_("Percentile") },
  [BV_AGG_CUMULATIVE_COUNT] = { "cumulative-count", N_("Cumulative count") },
  [BV_AGG_CUMULATIVE_SUM] = { "cumulative-sum", N_("Cumulative sum") },
  [BV_AGG_FORMULA] = { "formula", N_("Formula") },
};

const char *
bv_aggregate_to_name (BvAggregate aggregate)
{
  return aggregates[aggregate].name;
}

const char *
bv_aggregate_to_label (BvAggregate aggregate)
{
  return _(aggregates[aggregate].label);
}

gboolean
bv_aggregate_from_name (const char *name, BvAggregate *aggregate)
{
  for (guint i = 0; i < G_N_ELEMENTS (aggregates); i++)
    if (g_strcmp0 (name, aggregates[i].name) == 0)
      {
        *aggregate = (BvAggregate) i;
        return TRUE;
      }
  if (g_strcmp0 (name, "avg") == 0 || g_strcmp0 (name, "mean") == 0)
    *aggregate = BV_AGG_AVERAGE;
  else if (g_strcmp0 (name, "distinct") == 0 || g_strcmp0 (name, "distinct-count") == 0)
    *aggregate = BV_AGG_COUNT_DISTINCT;
  else
    return FALSE;
  return TRUE;
}

char *
bv_json_object_to_text (JsonObject *object, gboolean pretty)
{
  g_autoptr(JsonNode) node = json_node_alloc ();

  json_node_init_object (node, object);
  return json_to_string (node, pretty);
}

/* --- Formats ------------------------------------------------------------------------------------------------------------------ */

static gboolean
format_read (JsonObject *object, const char *path, BvFormat *format, GError **error)
{
  BvJsonReader reader;
  g_autofree char *kind = NULL;

  *format = BV_FORMAT_INIT;
  if (object == NULL)
    return TRUE;
  bv_json_reader_init (&reader, object, path);
  kind = bv_json_read_string (&reader, "kind");
  if (kind != NULL && !bv_format_kind_from_name (kind, &format->kind))
    bv_json_reader_fail (&reader, "kind", _("must be “number”, “currency”, “percent”, “duration-s”, “duration-ms”, “plain” or “auto”"));
  format->decimals = (int) CLAMP (bv_json_read_int (&reader, "decimals", -1), -1, 15);
  format->abbreviate = bv_json_read_bool (&reader, "abbreviate", FALSE);
  format->currency = bv_json_read_string (&reader, "currency");
  format->prefix = bv_json_read_string (&reader, "prefix");
  format->suffix = bv_json_read_string (&reader, "suffix");
  if (bv_json_reader_end (&reader, error))
    return TRUE;
  bv_format_clear (format);
  return FALSE;
}

BvFormat
bv_format_from_json (JsonObject *object)
{
  BvFormat format;

  if (!format_read (object, "format", &format, NULL))
    format = BV_FORMAT_INIT;
  return format;
}

JsonObject *
bv_format_to_json (const BvFormat *format)
{
  JsonObject *object;

  if (bv_format_equal (format, &BV_FORMAT_INIT))
    return NULL;
  object = json_object_new ();
  json_object_set_string_member (object, "kind", bv_format_kind_to_name (format->kind));
  if (format->decimals >= 0)
    json_object_set_int_member (object, "decimals", format->decimals);
  bv_json_put_true (object, "abbreviate", format->abbreviate);
  bv_json_put_string (object, "currency", format->currency);
  bv_json_put_string (object, "prefix", format->prefix);
  bv_json_put_string (object, "suffix", format->suffix);
  return object;
}

static void
read_format (BvJsonReader *reader, BvFormat *format)
{
  JsonObject *object = bv_json_read_object (reader, "format");
  g_autoptr(GError) error = NULL;

  if (!format_read (object, "format", format, &error))
    {
      bv_json_reader_fail (reader, "format", error->message);
      *format = BV_FORMAT_INIT;
    }
}

static void
put_format (JsonObject *object, const BvFormat *format)
{
  JsonObject *json = bv_format_to_json (format);

  if (json != NULL)
    json_object_set_object_member (object, "format", json);
}

/* --- Relationships ---------------------------------------------------------------------------------------------------------------- */

/* "table.column", split at the first dot; bv-model.c tries the others when there is no such table. */
static void
split_field (BvJsonReader *reader, const char *member, char **table, char **column)
{
  g_autofree char *text = bv_json_require_string (reader, member);
  char *dot = text != NULL ? strchr (text, '.') : NULL;

  if (dot == NULL || dot == text || dot[1] == '\0')
    {
      bv_json_reader_fail (reader, member, _("must be “table.column”"));
      *table = g_strdup ("");
      *column = g_strdup ("");
      return;
    }
  *table = g_strndup (text, dot - text);
  *column = g_strdup (dot + 1);
}

BvRelationship *
bv_relationship_from_json (JsonObject *object, GError **error)
{
  g_autoptr(BvRelationship) relationship = g_new0 (BvRelationship, 1);
  g_autofree char *type = NULL;
  BvJsonReader reader;

  bv_json_reader_init (&reader, object, "relationship");
  g_free (bv_json_read_string (&reader, "id"));
  split_field (&reader, "from", &relationship->from_table, &relationship->from_column);
  split_field (&reader, "to", &relationship->to_table, &relationship->to_column);
  type = bv_json_read_string (&reader, "type");
  if (type == NULL || strcmp (type, "belongs-to") == 0)
    relationship->type = BV_RELATIONSHIP_BELONGS_TO;
  else if (strcmp (type, "has-one") == 0)
    relationship->type = BV_RELATIONSHIP_HAS_ONE;
  else if (strcmp (type, "has-many") == 0)
    {
      char *t = relationship->from_table;
      char *c = relationship->from_column;

      relationship->from_table = relationship->to_table;
      relationship->from_column = relationship->to_column;
      relationship->to_table = t;
      relationship->to_column = c;
      relationship->type = BV_RELATIONSHIP_BELONGS_TO;
    }
  else
    bv_json_reader_fail (&reader, "type", _("must be “belongs-to”, “has-many” or “has-one”"));
  return bv_json_reader_end (&reader, error) ? g_steal_pointer (&relationship) : NULL;
}

JsonObject *
bv_relationship_to_json (BvRelationship *relationship)
{
  JsonObject *object = json_object_new ();
  g_autofree char *from = g_strconcat (relationship->from_table, ".", relationship->from_column, NULL);
  g_autofree char *to = g_strconcat (relationship->to_table, ".", relationship->to_column, NULL);

  json_object_set_string_member (object, "from", from);
  json_object_set_string_member (object, "to", to);
  json_object_set_string_member (object, "type", relationship->type == BV_RELATIONSHIP_HAS_ONE ? "has-one" : "belongs-to");
  return object;
}

/* --- Explorations -------------------------------------------------------------------------------------------------------------------- */

static JsonObject *
element_object (BvJsonReader *reader, const char *member, JsonArray *array, guint i)
{
  JsonNode *node = json_array_get_element (array, i);

  if (JSON_NODE_HOLDS_OBJECT (node))
    return json_node_get_object (node);
  bv_json_reader_fail (reader, member, _("must be a list of objects"));
  return NULL;
}

static void
end_element (BvJsonReader *element, BvJsonReader *owner, const char *member)
{
  g_autoptr(GError) error = NULL;

  if (!bv_json_reader_end (element, &error))
    bv_json_reader_fail (owner, member, error->message);
}

static BvRelated *
related_read (BvJsonReader *owner, JsonObject *object)
{
  BvRelated *related = g_new0 (BvRelated, 1);
  BvJsonReader reader;

  bv_json_reader_init (&reader, object, "related");
  related->table = bv_json_require_string (&reader, "table");
  related->as = bv_json_read_string (&reader, "as");
  if (related->as == NULL)
    related->as = g_strdup (related->table);
  related->parent = bv_json_read_string (&reader, "parent");
  related->through = bv_json_read_string (&reader, "through");
  end_element (&reader, owner, related->as != NULL ? related->as : "related");
  return related;
}

static BvDimension *
dimension_read (BvJsonReader *owner, JsonObject *object)
{
  BvDimension *dimension = bv_dimension_new (NULL, NULL);
  BvJsonReader reader;

  bv_json_reader_init (&reader, object, "dimensions");
  dimension->name = bv_json_require_string (&reader, "name");
  dimension->field = bv_json_require_string (&reader, "field");
  dimension->description = bv_json_read_string (&reader, "description");
  dimension->hidden = bv_json_read_bool (&reader, "hidden", FALSE);
  read_format (&reader, &dimension->format);
  end_element (&reader, owner, dimension->name != NULL ? dimension->name : "dimensions");
  return dimension;
}

static BvMetric *
metric_read (BvJsonReader *owner, JsonObject *object)
{
  BvMetric *metric = bv_metric_new (NULL, BV_AGG_COUNT);
  g_autofree char *aggregate = NULL;
  g_autofree char *from = NULL;
  BvJsonReader reader;
  JsonNode *where;

  bv_json_reader_init (&reader, object, "metrics");
  metric->name = bv_json_require_string (&reader, "name");
  aggregate = bv_json_read_string (&reader, "aggregate");
  metric->table = bv_json_read_string (&reader, "table");
  metric->field = bv_json_read_string (&reader, "field");
  metric->of = bv_json_read_string (&reader, "of");
  metric->formula = bv_json_read_string (&reader, "formula");
  metric->percentile = bv_json_read_double (&reader, "percentile", 0.5);
  from = bv_json_read_string (&reader, "from");
  metric->description = bv_json_read_string (&reader, "description");
  metric->hidden = bv_json_read_bool (&reader, "hidden", FALSE);
  metric->down_is_good = bv_json_read_bool (&reader, "down-is-good", FALSE);
  read_format (&reader, &metric->format);
  where = bv_json_read_node (&reader, "where");
  if (where != NULL)
    {
      g_autoptr(GError) error = NULL;

      metric->where = bv_condition_from_json (where, &error);
      if (metric->where == NULL)
        bv_json_reader_fail (&reader, "where", error->message);
    }
  if (metric->formula != NULL && (aggregate == NULL || strcmp (aggregate, "formula") == 0))
    metric->aggregate = BV_AGG_FORMULA;
  else if (aggregate == NULL)
    bv_json_reader_fail (&reader, "aggregate", _("is missing: use “count”, “sum”, “average”…, or give a formula"));
  else if (!bv_aggregate_from_name (aggregate, &metric->aggregate))
    bv_json_reader_fail (&reader, "aggregate",
                         _("must be “count”, “count-distinct”, “sum”, “average”, “median”, “min”, “max”, “percentile”, “cumulative-count” or “cumulative-sum”"));
  if (metric->aggregate == BV_AGG_FORMULA && metric->formula == NULL)
    bv_json_reader_fail (&reader, "formula", _("is missing"));
  if (!(metric->percentile >= 0 && metric->percentile <= 1))
    bv_json_reader_fail (&reader, "percentile", _("must lie between 0 and 1"));
  if (from == NULL || strcmp (from, "range") == 0)
    metric->from = BV_FROM_RANGE;
  else if (strcmp (from, "all") == 0 || strcmp (from, "history") == 0)
    metric->from = BV_FROM_ALL;
  else
    bv_json_reader_fail (&reader, "from", _("must be “range” or “all”"));
  end_element (&reader, owner, metric->name != NULL ? metric->name : "metrics");
  return metric;
}

BvExploration *
bv_exploration_from_json (JsonObject *object, GError **error)
{
  g_autoptr(BvExploration) exploration = bv_exploration_new (NULL, NULL);
  BvJsonReader reader;
  JsonArray *array;

  bv_json_reader_init (&reader, object, "exploration");
  g_free (bv_json_read_string (&reader, "id"));
  exploration->name = bv_json_require_string (&reader, "name");
  exploration->description = bv_json_read_string (&reader, "description");
  exploration->root = bv_json_require_string (&reader, "root");
  exploration->time_field = bv_json_read_string (&reader, "time_field");
  array = bv_json_read_array (&reader, "related");
  for (guint i = 0; array != NULL && i < json_array_get_length (array); i++)
    {
      JsonObject *element = element_object (&reader, "related", array, i);

      if (element != NULL)
        g_ptr_array_add (exploration->related, related_read (&reader, element));
    }
  array = bv_json_read_array (&reader, "dimensions");
  for (guint i = 0; array != NULL && i < json_array_get_length (array); i++)
    {
      JsonObject *element = element_object (&reader, "dimensions", array, i);

      if (element != NULL)
        g_ptr_array_add (exploration->dimensions, dimension_read (&reader, element));
    }
  array = bv_json_read_array (&reader, "metrics");
  for (guint i = 0; array != NULL && i < json_array_get_length (array); i++)
    {
      JsonObject *element = element_object (&reader, "metrics", array, i);

      if (element != NULL)
        g_ptr_array_add (exploration->metrics, metric_read (&reader, element));
    }
  return bv_json_reader_end (&reader, error) ? g_steal_pointer (&exploration) : NULL;
}

static JsonObject *
metric_to_json (BvMetric *metric)
{
  JsonObject *object = json_object_new ();

  bv_json_put_string (object, "name", metric->name);
  if (metric->aggregate == BV_AGG_FORMULA)
    bv_json_put_string (object, "formula", metric->formula);
  else
    bv_json_put_string (object, "aggregate", bv_aggregate_to_name (metric->aggregate));
  bv_json_put_string (object, "table", metric->table);
  bv_json_put_string (object, "field", metric->field);
  bv_json_put_string (object, "of", metric->of);
  if (metric->aggregate == BV_AGG_PERCENTILE)
    json_object_set_double_member (object, "percentile", metric->percentile);
  if (metric->aggregate == BV_AGG_CUMULATIVE_COUNT || metric->aggregate == BV_AGG_CUMULATIVE_SUM)
    json_object_set_string_member (object, "from", metric->from == BV_FROM_ALL ? "all" : "range");
  if (metric->where != NULL)
    json_object_set_member (object, "where", bv_condition_to_json (metric->where));
  bv_json_put_string (object, "description", metric->description);
  bv_json_put_true (object, "hidden", metric->hidden);
  bv_json_put_true (object, "down-is-good", metric->down_is_good);
  put_format (object, &metric->format);
  return object;
}

JsonObject *
bv_exploration_to_json (BvExploration *exploration)
{
  JsonObject *object = json_object_new ();
  JsonArray *array;

  bv_json_put_string (object, "name", exploration->name);
  bv_json_put_string (object, "description", exploration->description);
  bv_json_put_string (object, "root", exploration->root);
  array = json_array_new ();
  for (guint i = 0; i < exploration->related->len; i++)
    {
      BvRelated *related = exploration->related->pdata[i];
      JsonObject *element = json_object_new ();

      bv_json_put_string (element, "table", related->table);
      bv_json_put_string (element, "as", related->as);
      bv_json_put_string (element, "parent", related->parent);
      bv_json_put_string (element, "through", related->through);
      json_array_add_object_element (array, element);
    }
  json_object_set_array_member (object, "related", array);
  bv_json_put_string (object, "time_field", exploration->time_field);
  array = json_array_new ();
  for (guint i = 0; i < exploration->dimensions->len; i++)
    {
      BvDimension *dimension = exploration->dimensions->pdata[i];
      JsonObject *element = json_object_new ();

      bv_json_put_string (element, "name", dimension->name);
      bv_json_put_string (element, "field", dimension->field);
      bv_json_put_string (element, "description", dimension->description);
      bv_json_put_true (element, "hidden", dimension->hidden);
      put_format (element, &dimension->format);
      json_array_add_object_element (array, element);
    }
  json_object_set_array_member (object, "dimensions", array);
  array = json_array_new ();
  for (guint i = 0; i < exploration->metrics->len; i++)
    json_array_add_object_element (array, metric_to_json (exploration->metrics->pdata[i]));
  json_object_set_array_member (object, "metrics", array);
  return object;
}
