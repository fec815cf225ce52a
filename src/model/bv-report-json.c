/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Charts, tiles, filters and reports to JSON and back. */
#include "config.h"

#include "bv-json-private.h"
#include "bv-model.h"

#include <glib/gi18n-lib.h>
#include <string.h>

/* --- Charts ------------------------------------------------------------------------------------------------------------------ */

/* "Close date:month" or {"dimension": "Close date", "grain": "month"}. A colon is the grain's only when a grain follows. */
static gboolean
read_group (BvJsonReader *owner, const char *member, JsonNode *node, BvGroup *group)
{
  memset (group, 0, sizeof *group);
  if (JSON_NODE_HOLDS_VALUE (node) && json_node_get_value_type (node) == G_TYPE_STRING)
    {
      const char *text = json_node_get_string (node);
      const char *colon = strrchr (text, ':');

      if (colon != NULL && bv_grain_from_name (colon + 1, &group->grain))
        group->dimension = g_strndup (text, colon - text);
      else
        group->dimension = g_strdup (text);
      return TRUE;
    }
  if (JSON_NODE_HOLDS_OBJECT (node))
    {
      BvJsonReader reader;
      g_autofree char *grain = NULL;
      g_autoptr(GError) error = NULL;

      bv_json_reader_init (&reader, json_node_get_object (node), member);
      group->dimension = bv_json_require_string (&reader, "dimension");
      grain = bv_json_read_string (&reader, "grain");
      if (grain != NULL && !bv_grain_from_name (grain, &group->grain))
        bv_json_reader_fail (&reader, "grain", _("must be “hour”, “day”, “week”, “month”, “quarter” or “year”"));
      if (bv_json_reader_end (&reader, &error))
        return TRUE;
      bv_json_reader_fail (owner, member, error->message);
      g_clear_pointer (&group->dimension, g_free);
      return FALSE;
    }
  bv_json_reader_fail (owner, member, _("must be a dimension's name or {\"dimension\": NAME, \"grain\": GRAIN}"));
  return FALSE;
}

static void
read_by (BvJsonReader *reader, BvChart *chart)
{
  JsonNode *node = bv_json_read_node (reader, "by");
  BvGroup group;

  if (node == NULL)
    return;
  if (!JSON_NODE_HOLDS_ARRAY (node))
    {
      if (read_group (reader, "by", node, &group))
        g_array_append_val (chart->by, group);
      return;
    }
  for (guint i = 0; i < json_array_get_length (json_node_get_array (node)); i++)
    if (read_group (reader, "by", json_array_get_element (json_node_get_array (node), i), &group))
      g_array_append_val (chart->by, group);
}

/* "2026-01-01..2026-03-31", a preset, or {"from": …, "to": …}. */
static char *
read_range (BvJsonReader *reader)
{
  JsonNode *node = bv_json_read_node (reader, "range");

  if (node != NULL && JSON_NODE_HOLDS_OBJECT (node))
    {
      BvJsonReader range;
      g_autofree char *from = NULL;
      g_autofree char *to = NULL;
      g_autoptr(GError) error = NULL;

      bv_json_reader_init (&range, json_node_get_object (node), "range");
      from = bv_json_read_string (&range, "from");
      to = bv_json_read_string (&range, "to");
      if (!bv_json_reader_end (&range, &error))
        bv_json_reader_fail (reader, "range", error->message);
      return g_strdup_printf ("%s..%s", from != NULL ? from : "", to != NULL ? to : "");
    }
  return bv_json_read_string (reader, "range");
}

static void
read_time (BvJsonReader *reader, BvChart *chart)
{
  JsonObject *object = bv_json_read_object (reader, "time");
  g_autofree char *grain = NULL;
  g_autoptr(GError) error = NULL;
  BvJsonReader time;

  if (object == NULL)
    return;
  bv_json_reader_init (&time, object, "time");
  chart->time_field = bv_json_read_string (&time, "field");
  grain = bv_json_read_string (&time, "grain");
  if (grain != NULL && !bv_grain_from_name (grain, &chart->grain))
    bv_json_reader_fail (&time, "grain", _("must be “hour”, “day”, “week”, “month”, “quarter” or “year”"));
  chart->range = read_range (&time);
  if (!bv_json_reader_end (&time, &error))
    bv_json_reader_fail (reader, "time", error->message);
}

static void
read_sort (BvJsonReader *reader, BvChart *chart)
{
  char **names = NULL;
  JsonNode *node = bv_json_read_node (reader, "sort");

  if (node == NULL)
    return;
  if (JSON_NODE_HOLDS_ARRAY (node) && json_array_get_length (json_node_get_array (node)) > 0 &&
      JSON_NODE_HOLDS_OBJECT (json_array_get_element (json_node_get_array (node), 0)))
    {
      for (guint i = 0; i < json_array_get_length (json_node_get_array (node)); i++)
        {
          JsonNode *element = json_array_get_element (json_node_get_array (node), i);
          g_autoptr(GError) error = NULL;
          BvJsonReader item;
          BvSort sort = { NULL, FALSE };

          if (!JSON_NODE_HOLDS_OBJECT (element))
            {
              bv_json_reader_fail (reader, "sort", _("must be a list of objects"));
              return;
            }
          bv_json_reader_init (&item, json_node_get_object (element), "sort");
          sort.name = bv_json_require_string (&item, "name");
          sort.descending = bv_json_read_bool (&item, "descending", FALSE);
          g_array_append_val (chart->sort, sort);
          if (!bv_json_reader_end (&item, &error))
            bv_json_reader_fail (reader, "sort", error->message);
        }
      return;
    }
  names = bv_json_read_strings (reader, "sort");
  for (guint i = 0; names != NULL && names[i] != NULL; i++)
    {
      gboolean descending = g_str_has_suffix (names[i], ":desc");
      gboolean ascending = g_str_has_suffix (names[i], ":asc");
      BvSort sort = { g_strndup (names[i], strlen (names[i]) - (descending ? 5 : ascending ? 4 : 0)), descending };

      g_array_append_val (chart->sort, sort);
    }
  g_strfreev (names);
}

BvChart *
bv_chart_from_json (JsonObject *object, GError **error)
{
  g_autoptr(BvChart) chart = bv_chart_new (NULL, NULL);
  g_auto(GStrv) metrics = NULL;
  JsonNode *node;
  JsonObject *options;
  BvJsonReader reader;

  bv_json_reader_init (&reader, object, "chart");
  chart->exploration = bv_json_require_string (&reader, "exploration");
  chart->type = bv_json_read_string (&reader, "type");
  if (chart->type == NULL)
    chart->type = g_strdup ("table");
  metrics = bv_json_read_strings (&reader, "metrics");
  if (metrics != NULL)
    {
      g_strfreev (chart->metrics);
      chart->metrics = g_steal_pointer (&metrics);
    }
  read_by (&reader, chart);
  node = bv_json_read_node (&reader, "pivot");
  if (node != NULL)
    {
      BvGroup group;

      if (read_group (&reader, "pivot", node, &group))
        {
          chart->pivot = group.dimension;
          chart->pivot_grain = group.grain;
        }
    }
  read_time (&reader, chart);
  node = bv_json_read_node (&reader, "where");
  if (node != NULL)
    {
      g_autoptr(GError) bad = NULL;

      chart->where = bv_condition_from_json (node, &bad);
      if (chart->where == NULL)
        bv_json_reader_fail (&reader, "where", bad->message);
    }
  read_sort (&reader, chart);
  chart->limit = (int) CLAMP (bv_json_read_int (&reader, "limit", 0), 0, G_MAXINT);
  chart->top = (int) CLAMP (bv_json_read_int (&reader, "top", 0), 0, G_MAXINT);
  chart->top_others = bv_json_read_bool (&reader, "others", FALSE);
  chart->compare = bv_json_read_string (&reader, "compare");
  options = bv_json_read_object (&reader, "options");
  if (options != NULL && json_object_get_size (options) > 0)
    chart->options = json_object_ref (options);
  return bv_json_reader_end (&reader, error) ? g_steal_pointer (&chart) : NULL;
}

/* "Close date:month", or an object for a name whose end would be read as a grain. */
static JsonNode *
group_to_json (const char *dimension, BvGrain grain)
{
  const char *colon = strrchr (dimension, ':');
  g_autofree char *text = NULL;
  JsonObject *object;
  JsonNode *node;
  BvGrain ignored;

  if (grain == BV_GRAIN_NONE && colon != NULL && bv_grain_from_name (colon + 1, &ignored))
    {
      object = json_object_new ();
      json_object_set_string_member (object, "dimension", dimension);
      node = json_node_new (JSON_NODE_OBJECT);
      json_node_take_object (node, object);
      return node;
    }
  text = grain == BV_GRAIN_NONE ? g_strdup (dimension) : g_strconcat (dimension, ":", bv_grain_to_name (grain), NULL);
  return json_node_init_string (json_node_alloc (), text);
}

JsonObject *
bv_chart_to_json (BvChart *chart)
{
  JsonObject *object = json_object_new ();

  bv_json_put_string (object, "exploration", chart->exploration);
  bv_json_put_string (object, "type", chart->type);
  bv_json_put_strings (object, "metrics", chart->metrics);
  if (chart->by->len > 0)
    {
      JsonArray *array = json_array_new ();

      for (guint i = 0; i < chart->by->len; i++)
        {
          BvGroup *group = &g_array_index (chart->by, BvGroup, i);

          json_array_add_element (array, group_to_json (group->dimension, group->grain));
        }
      json_object_set_array_member (object, "by", array);
    }
  if (chart->pivot != NULL)
    json_object_set_member (object, "pivot", group_to_json (chart->pivot, chart->pivot_grain));
  if (chart->time_field != NULL || chart->grain != BV_GRAIN_NONE || chart->range != NULL)
    {
      JsonObject *time = json_object_new ();

      bv_json_put_string (time, "field", chart->time_field);
      if (chart->grain != BV_GRAIN_NONE)
        bv_json_put_string (time, "grain", bv_grain_to_name (chart->grain));
      bv_json_put_string (time, "range", chart->range);
      json_object_set_object_member (object, "time", time);
    }
  if (chart->where != NULL)
    json_object_set_member (object, "where", bv_condition_to_json (chart->where));
  if (chart->sort->len > 0)
    {
      JsonArray *array = json_array_new ();

      for (guint i = 0; i < chart->sort->len; i++)
        {
          BvSort *sort = &g_array_index (chart->sort, BvSort, i);
          g_autofree char *text = g_strconcat (sort->name, sort->descending ? ":desc" : ":asc", NULL);

          json_array_add_string_element (array, text);
        }
      json_object_set_array_member (object, "sort", array);
    }
  if (chart->limit > 0)
    json_object_set_int_member (object, "limit", chart->limit);
  if (chart->top > 0)
    json_object_set_int_member (object, "top", chart->top);
  bv_json_put_true (object, "others", chart->top_others);
  bv_json_put_string (object, "compare", chart->compare);
  if (chart->options != NULL)
    json_object_set_object_member (object, "options", bv_json_object_copy (chart->options));
  return object;
}

/* --- Tiles --------------------------------------------------------------------------------------------------------------------- */

static const char *const tile_kinds[] = { "chart", "text", "image", "navigation" };

static BvTile *
tile_read (BvJsonReader *owner, JsonObject *object)
{
  BvTile *tile = bv_tile_new (NULL, BV_TILE_CHART);
  g_autofree char *kind = NULL;
  g_autoptr(GError) error = NULL;
  JsonObject *chart;
  JsonArray *at;
  BvJsonReader reader;

  bv_json_reader_init (&reader, object, "tiles");
  tile->id = bv_json_require_string (&reader, "id");
  kind = bv_json_read_string (&reader, "kind");
  if (kind != NULL)
    {
      guint i;

      for (i = 0; i < G_N_ELEMENTS (tile_kinds) && strcmp (kind, tile_kinds[i]) != 0; i++)
        ;
      if (i == G_N_ELEMENTS (tile_kinds))
        bv_json_reader_fail (&reader, "kind", _("must be “chart”, “text”, “image” or “navigation”"));
      else
        tile->kind = (BvTileKind) i;
    }
  tile->title = bv_json_read_string (&reader, "title");
  tile->description = bv_json_read_string (&reader, "description");
  at = bv_json_read_array (&reader, "at");
  if (at != NULL)
    {
      int *cells[] = { &tile->x, &tile->y, &tile->w, &tile->h };

      if (json_array_get_length (at) != 4)
        bv_json_reader_fail (&reader, "at", _("must be [x, y, width, height] in cells of the grid"));
      for (guint i = 0; i < 4 && json_array_get_length (at) == 4; i++)
        {
          JsonNode *node = json_array_get_element (at, i);

          if (!JSON_NODE_HOLDS_VALUE (node) || json_node_get_value_type (node) != G_TYPE_INT64)
            bv_json_reader_fail (&reader, "at", _("must be four whole numbers"));
          else
            *cells[i] = (int) CLAMP (json_node_get_int (node), 0, 10000);
        }
    }
  tile->w = CLAMP (tile->w, 1, BV_GRID_COLUMNS);
  tile->h = CLAMP (tile->h, 1, 200);
  tile->x = CLAMP (tile->x, 0, BV_GRID_COLUMNS - tile->w);
  chart = bv_json_read_object (&reader, "chart");
  if (chart != NULL)
    {
      tile->chart = bv_chart_from_json (chart, &error);
      if (tile->chart == NULL)
        bv_json_reader_fail (&reader, "chart", error->message);
    }
  else if (tile->kind == BV_TILE_CHART)
    bv_json_reader_fail (&reader, "chart", _("is missing"));
  tile->text = bv_json_read_string (&reader, "text");
  tile->target = bv_json_read_string (&reader, "target");
  {
    g_autoptr(GError) bad = NULL;

    if (!bv_json_reader_end (&reader, &bad))
      bv_json_reader_fail (owner, tile->id != NULL ? tile->id : "tiles", bad->message);
  }
  return tile;
}

static JsonObject *
tile_to_json (BvTile *tile)
{
  JsonObject *object = json_object_new ();
  JsonArray *at = json_array_new ();

  bv_json_put_string (object, "id", tile->id);
  bv_json_put_string (object, "kind", tile_kinds[tile->kind]);
  bv_json_put_string (object, "title", tile->title);
  bv_json_put_string (object, "description", tile->description);
  json_array_add_int_element (at, tile->x);
  json_array_add_int_element (at, tile->y);
  json_array_add_int_element (at, tile->w);
  json_array_add_int_element (at, tile->h);
  json_object_set_array_member (object, "at", at);
  if (tile->chart != NULL)
    json_object_set_object_member (object, "chart", bv_chart_to_json (tile->chart));
  bv_json_put_string (object, "text", tile->text);
  bv_json_put_string (object, "target", tile->target);
  return object;
}

/* --- Filters -------------------------------------------------------------------------------------------------------------------- */

static const char *const controls[] = { "multi", "single", "search", "text", "range", "date", "boolean" };

static void
read_defaults (BvJsonReader *reader, BvFilter *filter)
{
  JsonNode *node = bv_json_read_node (reader, "default");
  g_autoptr(JsonObject) object = NULL;
  g_autoptr(JsonNode) wrapped = NULL;
  g_autoptr(BvCondition) condition = NULL;

  if (node == NULL)
    return;
  /* Values are read the way conditions read theirs. */
  object = json_object_new ();
  json_object_set_string_member (object, "field", "default");
  json_object_set_member (object, "is", json_node_copy (node));
  wrapped = json_node_alloc ();
  json_node_init_object (wrapped, object);
  condition = bv_condition_from_json (wrapped, NULL);
  if (condition == NULL)
    {
      bv_json_reader_fail (reader, "default", _("must be a value or a list of values"));
      return;
    }
  for (guint i = 0; condition->op == BV_OP_IS && i < condition->values->len; i++)
    {
      BvValue value = bv_value_copy (&g_array_index (condition->values, BvValue, i));

      g_array_append_val (filter->defaults, value);
    }
}

static BvFilter *
filter_read (BvJsonReader *owner, JsonObject *object)
{
  BvFilter *filter = bv_filter_new (NULL, NULL);
  BvJsonReader reader;
  JsonObject *tiles;
  char *control;

  bv_json_reader_init (&reader, object, "filters");
  filter->name = bv_json_require_string (&reader, "name");
  filter->id = bv_json_read_string (&reader, "id");
  if (filter->id == NULL)
    filter->id = g_strdup (filter->name);
  filter->field = bv_json_require_string (&reader, "field");
  control = bv_json_read_string (&reader, "control");
  if (control == NULL)
    control = g_strdup (g_strcmp0 (filter->field, BV_FILTER_TIME) == 0 ? "date" : "multi");
  g_free (filter->control);
  filter->control = control;
  {
    guint i;

    for (i = 0; i < G_N_ELEMENTS (controls) && strcmp (control, controls[i]) != 0; i++)
      ;
    if (i == G_N_ELEMENTS (controls))
      bv_json_reader_fail (&reader, "control", _("must be “multi”, “single”, “search”, “text”, “range”, “date” or “boolean”"));
  }
  filter->label_field = bv_json_read_string (&reader, "label_field");
  read_defaults (&reader, filter);
  filter->required = bv_json_read_bool (&reader, "required", FALSE);
  filter->hidden = bv_json_read_bool (&reader, "hidden", FALSE);
  filter->limit = (int) CLAMP (bv_json_read_int (&reader, "limit", 5000), 0, 50000);
  filter->controlled_by = bv_json_read_strings (&reader, "controlled_by");
  tiles = bv_json_read_object (&reader, "tiles");
  if (tiles != NULL)
    {
      JsonObjectIter iter;
      const char *id;
      JsonNode *node;

      json_object_iter_init (&iter, tiles);
      while (json_object_iter_next (&iter, &id, &node))
        {
          if (JSON_NODE_HOLDS_NULL (node))
            g_hash_table_insert (filter->tiles, g_strdup (id), g_strdup (""));
          else if (JSON_NODE_HOLDS_VALUE (node) && json_node_get_value_type (node) == G_TYPE_STRING)
            g_hash_table_insert (filter->tiles, g_strdup (id), json_node_dup_string (node));
          else
            bv_json_reader_fail (&reader, "tiles", _("must give each tile a dimension's name, or null for “Do not filter”"));
        }
    }
  {
    g_autoptr(GError) error = NULL;

    if (!bv_json_reader_end (&reader, &error))
      bv_json_reader_fail (owner, filter->name != NULL ? filter->name : "filters", error->message);
  }
  return filter;
}

static JsonObject *
filter_to_json (BvFilter *filter)
{
  JsonObject *object = json_object_new ();
  g_autoptr(GList) ids = g_list_sort (g_hash_table_get_keys (filter->tiles), (GCompareFunc) strcmp);

  if (g_strcmp0 (filter->id, filter->name) != 0)
    bv_json_put_string (object, "id", filter->id);
  bv_json_put_string (object, "name", filter->name);
  bv_json_put_string (object, "field", filter->field);
  bv_json_put_string (object, "control", filter->control);
  bv_json_put_string (object, "label_field", filter->label_field);
  if (filter->defaults->len > 0)
    {
      g_autoptr(BvCondition) condition = bv_condition_new_test ("default", BV_OP_IS);
      g_autoptr(JsonNode) node = NULL;

      for (guint i = 0; i < filter->defaults->len; i++)
        bv_condition_add_value (condition, &g_array_index (filter->defaults, BvValue, i));
      node = bv_condition_to_json (condition);
      json_object_set_member (object, "default", json_node_copy (json_object_get_member (json_node_get_object (node), "is")));
    }
  bv_json_put_true (object, "required", filter->required);
  bv_json_put_true (object, "hidden", filter->hidden);
  if (filter->limit != 5000)
    json_object_set_int_member (object, "limit", filter->limit);
  bv_json_put_strings (object, "controlled_by", filter->controlled_by);
  if (ids != NULL)
    {
      JsonObject *tiles = json_object_new ();

      for (GList *l = ids; l != NULL; l = l->next)
        {
          const char *dimension = g_hash_table_lookup (filter->tiles, l->data);

          if (*dimension == '\0')
            json_object_set_null_member (tiles, l->data);
          else
            json_object_set_string_member (tiles, l->data, dimension);
        }
      json_object_set_object_member (object, "tiles", tiles);
    }
  return object;
}

/* --- Reports ------------------------------------------------------------------------------------------------------------------------ */

static void
check_unique (BvJsonReader *reader, GHashTable *seen, const char *member, const char *id)
{
  if (id == NULL)
    return;
  if (!g_hash_table_add (seen, g_strdup (id)))
    {
      g_autofree char *message = g_strdup_printf (_("“%s” appears twice: give each an id of its own"), id);

      bv_json_reader_fail (reader, member, message);
    }
}

BvReport *
bv_report_from_json (JsonObject *object, GError **error)
{
  g_autoptr(BvReport) report = bv_report_new (NULL);
  g_autoptr(GHashTable) tiles = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_autoptr(GHashTable) filters = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  BvJsonReader reader;
  JsonArray *array;
  int bottom = 0;

  bv_json_reader_init (&reader, object, "report");
  g_free (bv_json_read_string (&reader, "id"));
  report->name = bv_json_require_string (&reader, "name");
  report->description = bv_json_read_string (&reader, "description");
  array = bv_json_read_array (&reader, "tiles");
  for (guint i = 0; array != NULL && i < json_array_get_length (array); i++)
    {
      JsonNode *node = json_array_get_element (array, i);

      if (!JSON_NODE_HOLDS_OBJECT (node))
        bv_json_reader_fail (&reader, "tiles", _("must be a list of objects"));
      else
        {
          BvTile *tile = tile_read (&reader, json_node_get_object (node));

          /* One that says no place goes below those before it. */
          if (!json_object_has_member (json_node_get_object (node), "at"))
            tile->y = bottom;
          bottom = MAX (bottom, tile->y + tile->h);
          g_ptr_array_add (report->tiles, tile);
          check_unique (&reader, tiles, "tiles", tile->id);
        }
    }
  array = bv_json_read_array (&reader, "filters");
  for (guint i = 0; array != NULL && i < json_array_get_length (array); i++)
    {
      JsonNode *node = json_array_get_element (array, i);

      if (!JSON_NODE_HOLDS_OBJECT (node))
        bv_json_reader_fail (&reader, "filters", _("must be a list of objects"));
      else
        {
          BvFilter *filter = filter_read (&reader, json_node_get_object (node));

          g_ptr_array_add (report->filters, filter);
          check_unique (&reader, filters, "filters", filter->id);
        }
    }
  return bv_json_reader_end (&reader, error) ? g_steal_pointer (&report) : NULL;
}

JsonObject *
bv_report_to_json (BvReport *report)
{
  JsonObject *object = json_object_new ();
  JsonArray *array = json_array_new ();

  bv_json_put_string (object, "name", report->name);
  bv_json_put_string (object, "description", report->description);
  for (guint i = 0; i < report->tiles->len; i++)
    json_array_add_object_element (array, tile_to_json (report->tiles->pdata[i]));
  json_object_set_array_member (object, "tiles", array);
  array = json_array_new ();
  for (guint i = 0; i < report->filters->len; i++)
    json_array_add_object_element (array, filter_to_json (report->filters->pdata[i]));
  json_object_set_array_member (object, "filters", array);
  return object;
}
