/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "bv-definitions.h"
#include "bv-model-build.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#define FORMAT_VERSION 1

BvModel *
bv_model_load (BvProject *project, GError **error)
{
  g_autoptr(GPtrArray) tables = bv_project_list_tables (project, error);
  g_autoptr(GPtrArray) definitions = NULL;
  BvModel *model;

  if (tables == NULL || (definitions = bv_project_list_definitions (project, NULL, error)) == NULL)
    return NULL;
  model = bv_model_new ();
  for (guint i = 0; i < tables->len; i++)
    {
      BvTableInfo *info = tables->pdata[i];
      BvTable *table = bv_table_new (info->name, info->source);

      table->key = g_strdupv (info->key);
      table->n_rows = info->n_rows;
      table->loaded_at = info->loaded_at;
      for (guint c = 0; c < info->columns->len; c++)
        {
          BvTableColumn *column = &g_array_index (info->columns, BvTableColumn, c);
          BvField *field = bv_table_add_field (table, column->name, column->type);

          /* The bookkeeping columns of synced tables. */
          field->hidden = *column->name == '_' && info->key != NULL && g_strcmp0 (info->key[0], "_source") == 0;
        }
      bv_model_take_table (model, table);
    }
  for (guint i = 0; i < definitions->len; i++)
    {
      BvDefinition *definition = definitions->pdata[i];

      bv_model_add_definition (model, definition->kind, definition->uuid, definition->name, definition->body);
    }
  bv_model_finish (model);
  return model;
}

/* --- Dump ------------------------------------------------------------------------------------------------------------------------------- */

/* @object with its id first. (transfer full) object */
static JsonObject *
with_id (JsonObject *object, const char *uuid)
{
  JsonObject *copy;
  JsonObjectIter iter;
  const char *name;
  JsonNode *node;

  if (uuid == NULL)
    return object;
  copy = json_object_new ();
  json_object_set_string_member (copy, "id", uuid);
  json_object_iter_init_ordered (&iter, object);
  while (json_object_iter_next_ordered (&iter, &name, &node))
    json_object_set_member (copy, name, json_node_copy (node));
  json_object_unref (object);
  return copy;
}

char *
bv_definitions_dump (BvModel *model)
{
  g_autoptr(JsonObject) root = json_object_new ();
  JsonArray *array;

  json_object_set_int_member (root, "belvedere", FORMAT_VERSION);
  json_object_set_object_member (root, "settings", bv_settings_to_json (model->time_zone, model->currency, model->week_start, model->as_of));
  /* Only where there are some: most projects hold files. */
  if (model->sources->len > 0)
    {
      array = json_array_new ();
      for (guint i = 0; i < model->sources->len; i++)
        {
          BvSourceDefinition *source = model->sources->pdata[i];

          json_array_add_object_element (array, with_id (json_object_ref (source->json), source->uuid));
        }
      json_object_set_array_member (root, "sources", array);
    }
  array = json_array_new ();
  for (guint i = 0; i < model->tables->len; i++)
    {
      BvTable *table = model->tables->pdata[i];

      if (table->uuid != NULL)
        json_array_add_object_element (array, with_id (bv_table_to_json (table), table->uuid));
    }
  json_object_set_array_member (root, "tables", array);
  array = json_array_new ();
  for (guint i = 0; i < model->relationships->len; i++)
    {
      BvRelationship *relationship = model->relationships->pdata[i];

      json_array_add_object_element (array, with_id (bv_relationship_to_json (relationship), relationship->uuid));
    }
  json_object_set_array_member (root, "relationships", array);
  array = json_array_new ();
  for (guint i = 0; i < model->explorations->len; i++)
    {
      BvExploration *exploration = model->explorations->pdata[i];

      json_array_add_object_element (array, with_id (bv_exploration_to_json (exploration), exploration->uuid));
    }
  json_object_set_array_member (root, "explorations", array);
  array = json_array_new ();
  for (guint i = 0; i < model->reports->len; i++)
    {
      BvReport *report = model->reports->pdata[i];

      json_array_add_object_element (array, with_id (bv_report_to_json (report), report->uuid));
    }
  json_object_set_array_member (root, "reports", array);
  {
    g_autofree char *text = bv_json_object_to_text (root, TRUE);

    return g_strconcat (text, "\n", NULL);
  }
}

/* --- Apply ------------------------------------------------------------------------------------------------------------------------------ */

typedef struct
{
  GPtrArray *existing; /* BvDefinition */
  BvProject *project;
  BvChange *change;
  GHashTable *names;   /* "kind/name" that something has after this -> its uuid, or "" for a new one */
  guint n_changed;
} Apply;

static BvDefinition *
find_definition (Apply *self, const char *kind, const char *id, const char *name)
{
  for (guint i = 0; id != NULL && i < self->existing->len; i++)
    {
      BvDefinition *definition = self->existing->pdata[i];

      if (strcmp (definition->kind, kind) == 0 && strcmp (definition->uuid, id) == 0)
        return definition;
    }
  for (guint i = 0; i < self->existing->len; i++)
    {
      BvDefinition *definition = self->existing->pdata[i];

      if (strcmp (definition->kind, kind) == 0 && strcmp (definition->name, name) == 0)
        return definition;
    }
  return NULL;
}

/* Puts @body (transfer full) unless it is there already. */
static gboolean
put (Apply *self, const char *kind, JsonObject *source, const char *name, JsonObject *body, GError **error)
{
  g_autoptr(JsonObject) owned = body;
  g_autofree char *text = bv_json_object_to_text (body, FALSE);
  const char *id = source != NULL ? json_object_get_string_member_with_default (source, "id", NULL) : NULL;
  BvDefinition *found = find_definition (self, kind, id, name);
  g_autofree char *key = g_strconcat (kind, "/", name, NULL);

  for (guint i = 0; found == NULL && id != NULL && i < self->existing->len; i++)
    if (strcmp (((BvDefinition *) self->existing->pdata[i])->uuid, id) == 0)
      {
        g_set_error (error, BV_ERROR, BV_ERROR_EXISTS, _("The id “%s” belongs to another kind of definition: remove the id"), id);
        return FALSE;
      }
  if (!g_hash_table_insert (self->names, g_steal_pointer (&key), g_strdup (found != NULL ? found->uuid : "")))
    {
      g_set_error (error, BV_ERROR, BV_ERROR_EXISTS, _("“%s” is defined twice: remove one, or give it another name"), name);
      return FALSE;
    }
  if (found != NULL && strcmp (found->body, text) == 0 && strcmp (found->name, name) == 0)
    return TRUE;
  bv_change_put (self->change, found != NULL ? found->uuid : id, kind, name, text, -1);
  self->n_changed++;
  return TRUE;
}

/* Whether no two definitions of a kind have one name afterwards: those that stay against those that were put. */
static gboolean
check_names (Apply *self, GError **error)
{
  g_autoptr(GHashTable) moved = g_hash_table_new (g_str_hash, g_str_equal);
  GHashTableIter iter;
  gpointer uuid;

  g_hash_table_iter_init (&iter, self->names);
  while (g_hash_table_iter_next (&iter, NULL, &uuid))
    g_hash_table_add (moved, uuid);
  for (guint i = 0; i < self->existing->len; i++)
    {
      BvDefinition *definition = self->existing->pdata[i];
      g_autofree char *key = g_strconcat (definition->kind, "/", definition->name, NULL);

      if (!g_hash_table_contains (moved, definition->uuid) && g_hash_table_contains (self->names, key))
        {
          g_set_error (error, BV_ERROR, BV_ERROR_EXISTS, _("“%s” exists already under another id: choose another name"), definition->name);
          return FALSE;
        }
    }
  return TRUE;
}

/* A table's metadata the way dump writes it: fields in the table's order, those of columns it lacks last. (transfer full) */
static JsonObject *
canonical_table (Apply *self, JsonObject *object, const char *name)
{
  g_autoptr(BvModel) model = bv_model_new ();
  g_autoptr(BvTableInfo) info = bv_project_get_table (self->project, name, NULL);
  g_autofree char *text = bv_json_object_to_text (object, FALSE);
  BvTable *table = bv_table_new (name, "");
  JsonArray *fields = json_object_has_member (object, "fields") ? json_object_get_array_member (object, "fields") : NULL;

  for (guint i = 0; info != NULL && i < info->columns->len; i++)
    bv_table_add_field (table, g_array_index (info->columns, BvTableColumn, i).name, BV_TYPE_TEXT);
  for (guint i = 0; fields != NULL && i < json_array_get_length (fields); i++)
    {
      const char *field = json_object_get_string_member (json_array_get_object_element (fields, i), "name");

      if (bv_table_find_field (table, field) == NULL)
        bv_table_add_field (table, field, BV_TYPE_TEXT);
    }
  bv_model_take_table (model, table);
  bv_model_add_definition (model, "table", "", name, text);
  return bv_table_to_json (table);
}

static gboolean
apply_settings (Apply *self, JsonObject *object, GError **error)
{
  BvDefinition *found = find_definition (self, "settings", NULL, "settings");
  g_autoptr(JsonObject) merged = json_object_new ();
  g_autofree char *zone = NULL;
  g_autofree char *currency = NULL;
  JsonObjectIter iter;
  const char *name;
  JsonNode *node;
  g_autofree char *as_of = NULL;
  int week_start;

  /* Settings that are not given stay as they are. */
  if (found != NULL)
    {
      g_autoptr(JsonParser) parser = json_parser_new ();

      if (json_parser_load_from_data (parser, found->body, -1, NULL) && JSON_NODE_HOLDS_OBJECT (json_parser_get_root (parser)))
        {
          json_object_iter_init (&iter, json_node_get_object (json_parser_get_root (parser)));
          while (json_object_iter_next (&iter, &name, &node))
            json_object_set_member (merged, name, json_node_copy (node));
        }
    }
  json_object_iter_init (&iter, object);
  while (json_object_iter_next (&iter, &name, &node))
    json_object_set_member (merged, name, json_node_copy (node));
  if (!bv_settings_from_json (merged, &zone, &currency, &week_start, &as_of, error))
    return FALSE;
  /* A project without settings has the default ones; saying so changes nothing. */
  if (found == NULL && strcmp (zone, "UTC") == 0 && currency == NULL && week_start == 1 && as_of == NULL)
    return TRUE;
  return put (self, "settings", NULL, "settings", bv_settings_to_json (zone, currency, week_start, as_of), error);
}

static gboolean
apply_object (Apply *self, const char *kind, JsonObject *object, GError **error)
{
  if (strcmp (kind, "table") == 0)
    {
      const char *name;

      if (!bv_table_check_json (object, error))
        return FALSE;
      name = json_object_get_string_member (object, "name");
      return put (self, kind, object, name, canonical_table (self, object, name), error);
    }
  else if (strcmp (kind, "source") == 0)
    {
      g_autoptr(BvSourceDefinition) source = bv_source_definition_from_json (object, error);

      if (source == NULL)
        return FALSE;
      return put (self, kind, object, source->name, json_object_ref (source->json), error);
    }
  else if (strcmp (kind, "relationship") == 0)
    {
      g_autoptr(BvRelationship) relationship = bv_relationship_from_json (object, error);
      g_autofree char *name = NULL;

      if (relationship == NULL)
        return FALSE;
      name = g_strdup_printf ("%s.%s → %s.%s", relationship->from_table, relationship->from_column, relationship->to_table, relationship->to_column);
      return put (self, kind, object, name, bv_relationship_to_json (relationship), error);
    }
  else if (strcmp (kind, "exploration") == 0)
    {
      g_autoptr(BvExploration) exploration = bv_exploration_from_json (object, error);

      if (exploration == NULL)
        return FALSE;
      return put (self, kind, object, exploration->name, bv_exploration_to_json (exploration), error);
    }
  else
    {
      g_autoptr(BvReport) report = bv_report_from_json (object, error);

      if (report == NULL)
        return FALSE;
      return put (self, kind, object, report->name, bv_report_to_json (report), error);
    }
}

static gboolean
apply_list (Apply *self, JsonObject *root, const char *member, const char *kind, GError **error)
{
  JsonNode *node = json_object_get_member (root, member);
  JsonArray *array;

  if (node == NULL)
    return TRUE;
  if (!JSON_NODE_HOLDS_ARRAY (node))
    {
      g_set_error (error, BV_ERROR, BV_ERROR_INVALID, _("%s: must be a list"), member);
      return FALSE;
    }
  array = json_node_get_array (node);
  for (guint i = 0; i < json_array_get_length (array); i++)
    {
      JsonNode *element = json_array_get_element (array, i);

      if (!JSON_NODE_HOLDS_OBJECT (element))
        {
          g_set_error (error, BV_ERROR, BV_ERROR_INVALID, _("%s/%u: must be an object"), member, i);
          return FALSE;
        }
      if (!apply_object (self, kind, json_node_get_object (element), error))
        {
          g_autofree char *prefix = NULL;
          const char *name = json_object_has_member (json_node_get_object (element), "name") &&
                             JSON_NODE_HOLDS_VALUE (json_object_get_member (json_node_get_object (element), "name"))
                               ? json_object_get_string_member_with_default (json_node_get_object (element), "name", NULL) : NULL;

          prefix = name != NULL ? g_strdup_printf ("%s/%s: ", member, name) : g_strdup_printf ("%s/%u: ", member, i);
          g_prefix_error (error, "%s", prefix);
          return FALSE;
        }
    }
  return TRUE;
}

gboolean
bv_definitions_apply (BvProject *project, const char *json, const char *what, guint *n_changed, GError **error)
{
  static const struct { const char *member, *kind; } lists[] = {
    { "sources", "source" }, { "tables", "table" }, { "relationships", "relationship" }, { "explorations", "exploration" }, { "reports", "report" },
  };
  g_autoptr(JsonParser) parser = json_parser_new ();
  g_autoptr(GPtrArray) existing = NULL;
  g_autoptr(BvChange) change = NULL;
  g_autoptr(GHashTable) names = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  Apply self = { NULL, project, NULL, names, 0 };
  JsonObject *root;
  JsonObjectIter iter;
  const char *name;

  if (n_changed != NULL)
    *n_changed = 0;
  if (!json_parser_load_from_data (parser, json, -1, error))
    {
      g_prefix_error (error, _("The definitions are not valid JSON: "));
      return FALSE;
    }
  if (json_parser_get_root (parser) == NULL || !JSON_NODE_HOLDS_OBJECT (json_parser_get_root (parser)))
    {
      g_set_error (error, BV_ERROR, BV_ERROR_INVALID, _("The definitions must be a JSON object"));
      return FALSE;
    }
  root = json_node_get_object (json_parser_get_root (parser));
  if (!json_object_has_member (root, "belvedere") || !JSON_NODE_HOLDS_VALUE (json_object_get_member (root, "belvedere")) ||
      json_object_get_int_member_with_default (root, "belvedere", 0) < 1)
    {
      g_set_error (error, BV_ERROR, BV_ERROR_INVALID, _("These are no definitions of Belvedere: the member \"belvedere\": 1 is missing"));
      return FALSE;
    }
  if (json_object_get_int_member (root, "belvedere") > FORMAT_VERSION)
    {
      g_set_error (error, BV_ERROR, BV_ERROR_NEWER, _("The definitions are of a newer version: update Belvedere"));
      return FALSE;
    }
  json_object_iter_init (&iter, root);
  while (json_object_iter_next (&iter, &name, NULL))
    {
      gboolean known = strcmp (name, "belvedere") == 0 || strcmp (name, "settings") == 0 || strcmp (name, "$schema") == 0;

      for (guint i = 0; i < G_N_ELEMENTS (lists); i++)
        known = known || strcmp (name, lists[i].member) == 0;
      if (!known)
        {
          g_set_error (error, BV_ERROR, BV_ERROR_INVALID, _("“%s” is no part of definitions: check its spelling"), name);
          return FALSE;
        }
    }

  existing = bv_project_list_definitions (project, NULL, error);
  if (existing == NULL)
    return FALSE;
  change = bv_change_new (what);
  self.existing = existing;
  self.change = change;
  if (json_object_has_member (root, "settings"))
    {
      if (!JSON_NODE_HOLDS_OBJECT (json_object_get_member (root, "settings")))
        {
          g_set_error (error, BV_ERROR, BV_ERROR_INVALID, _("%s: must be an object"), "settings");
          return FALSE;
        }
      if (!apply_settings (&self, json_object_get_object_member (root, "settings"), error))
        return FALSE;
    }
  for (guint i = 0; i < G_N_ELEMENTS (lists); i++)
    if (!apply_list (&self, root, lists[i].member, lists[i].kind, error))
      return FALSE;
  if (!check_names (&self, error))
    return FALSE;
  if (n_changed != NULL)
    *n_changed = self.n_changed;
  if (self.n_changed == 0)
    return TRUE;
  return bv_project_commit (project, g_steal_pointer (&change), error);
}
