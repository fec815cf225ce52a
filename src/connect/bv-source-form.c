/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A source's JSON and back. Unknown members are refused: a misspelt one must not be lost silently. */
#include "config.h"

#include "bv-source-private.h"

#include <glib/gi18n-lib.h>
#include <string.h>

static const char *const weekday_names[] = { NULL, "monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday" };

static gboolean
refuse (GError **error, const char *member, const char *why)
{
  g_set_error (error, BV_ERROR, BV_ERROR_INVALID, "%s: %s", member, why);
  return FALSE;
}

static gboolean
check_members (JsonObject *object, const char *const *known, GError **error)
{
  g_autoptr (GList) members = json_object_get_members (object);

  for (GList *l = members; l != NULL; l = l->next)
    if (!g_strv_contains (known, l->data))
      {
        g_set_error (error, BV_ERROR, BV_ERROR_INVALID, _("“%s” is no part of a source: check its spelling"), (const char *) l->data);
        return FALSE;
      }
  return TRUE;
}

/* "a-b" and "a_b" are the same member. */
static JsonObject *
with_underscores (JsonObject *object)
{
  g_autoptr (GList) members = json_object_get_members (object);
  JsonObject *copy = json_object_new ();

  for (GList *l = members; l != NULL; l = l->next)
    {
      g_autofree char *name = g_strdelimit (g_strdup (l->data), "-", '_');

      json_object_set_member (copy, name, json_object_dup_member (object, l->data));
    }
  return copy;
}

static JsonObject *
schedule_to_json (const BvSchedule *schedule)
{
  JsonObject *object = json_object_new ();

  if (schedule->kind == BV_SCHEDULE_HOURLY)
    json_object_set_int_member (object, "every_hours", schedule->every);
  else
    {
      g_autofree char *at = g_strdup_printf ("%02u:%02u", schedule->minute / 60, schedule->minute % 60);

      json_object_set_string_member (object, "at", at);
      if (schedule->weekdays != 0)
        {
          JsonArray *days = json_array_new ();

          for (guint i = 1; i <= 7; i++)
            if (schedule->weekdays & (1u << i))
              json_array_add_string_element (days, weekday_names[i]);
          json_object_set_array_member (object, "weekdays", days);
        }
    }
  return object;
}

static gboolean
schedule_from_json (JsonObject *object, BvSchedule *schedule, GError **error)
{
  static const char *const known[] = { "every_hours", "at", "weekdays", NULL };
  g_autoptr (JsonObject) plain = with_underscores (object);
  const char *at = bv_source_json_text (plain, "at");
  gint64 every = bv_source_json_int (plain, "every_hours", 0);

  if (!check_members (plain, known, error))
    return FALSE;
  if ((at == NULL) == (every == 0))
    return refuse (error, "schedule", _("must have either “every_hours” or “at”"));
  if (at == NULL)
    {
      if (every < 1 || every > 24)
        return refuse (error, "every_hours", _("must be from 1 to 24"));
      schedule->kind = BV_SCHEDULE_HOURLY;
      schedule->every = (guint) every;
      return TRUE;
    }
  {
    guint64 hour = 24, minute = 60;
    g_auto (GStrv) parts = g_strsplit (at, ":", 2);

    if (g_strv_length (parts) != 2 || !g_ascii_string_to_unsigned (parts[0], 10, 0, 23, &hour, NULL) ||
        !g_ascii_string_to_unsigned (parts[1], 10, 0, 59, &minute, NULL))
      return refuse (error, "at", _("must be a time like “06:30”"));
    schedule->kind = BV_SCHEDULE_DAILY;
    schedule->minute = (guint) (hour * 60 + minute);
  }
  if (json_object_has_member (plain, "weekdays"))
    {
      JsonNode *node = json_object_get_member (plain, "weekdays");
      JsonArray *days = JSON_NODE_HOLDS_ARRAY (node) ? json_node_get_array (node) : NULL;

      if (days == NULL)
        return refuse (error, "weekdays", _("must be a list of weekdays"));
      for (guint i = 0; i < json_array_get_length (days); i++)
        {
          JsonNode *element = json_array_get_element (days, i);
          guint day = 0;

          for (guint d = 1; d <= 7; d++)
            if (JSON_NODE_HOLDS_VALUE (element) && g_strcmp0 (json_node_get_string (element), weekday_names[d]) == 0)
              day = d;
          if (day == 0)
            return refuse (error, "weekdays", _("must be a list of weekdays"));
          schedule->weekdays |= 1u << day;
        }
    }
  return TRUE;
}

static int
compare_names (gconstpointer a, gconstpointer b)
{
  return strcmp (a, b);
}

JsonObject *
bv_source_to_json (const BvSource *source)
{
  JsonObject *object = json_object_new ();
  JsonObject *settings = json_object_new ();
  g_autoptr (GList) names = g_list_sort (g_hash_table_get_keys (source->settings), compare_names);

  json_object_set_string_member (object, "name", source->name);
  json_object_set_string_member (object, "kind", source->kind);
  json_object_set_string_member (object, "prefix", source->prefix);
  for (GList *l = names; l != NULL; l = l->next)
    json_object_set_string_member (settings, l->data, g_hash_table_lookup (source->settings, l->data));
  json_object_set_object_member (object, "settings", settings);
  if (source->streams != NULL)
    {
      JsonArray *streams = json_array_new ();

      for (guint i = 0; i < source->streams->len; i++)
        {
          BvSourceChoice *choice = source->streams->pdata[i];
          JsonObject *stream = json_object_new ();

          json_object_set_string_member (stream, "name", choice->name);
          if (choice->table != NULL)
            json_object_set_string_member (stream, "table", choice->table);
          if (choice->fields != NULL)
            {
              JsonArray *fields = json_array_new ();

              for (guint f = 0; choice->fields[f] != NULL; f++)
                json_array_add_string_element (fields, choice->fields[f]);
              json_object_set_array_member (stream, "fields", fields);
            }
          json_array_add_object_element (streams, stream);
        }
      json_object_set_array_member (object, "streams", streams);
    }
  if (source->schedule.kind != BV_SCHEDULE_OFF)
    json_object_set_object_member (object, "schedule", schedule_to_json (&source->schedule));
  if (!source->add_fields)
    json_object_set_boolean_member (object, "add_fields", FALSE);
  return object;
}

static gboolean
read_settings (BvSource *source, JsonNode *node, GError **error)
{
  JsonObjectIter iter;
  const char *name;
  JsonNode *value;
  const BvSourceKind *kind = bv_source_kind_find (source->kind);

  if (!JSON_NODE_HOLDS_OBJECT (node))
    return refuse (error, "settings", _("must be an object"));
  json_object_iter_init (&iter, json_node_get_object (node));
  while (json_object_iter_next (&iter, &name, &value))
    {
      const BvSetting *setting = kind != NULL ? bv_source_kind_find_setting (kind, name) : NULL;
      g_autofree char *text = NULL;

      if (!JSON_NODE_HOLDS_VALUE (value))
        return refuse (error, name, _("must be a text, a number, or true or false"));
      if (setting != NULL && setting->type == BV_SETTING_SECRET)
        return refuse (error, name, _("is a secret and has no place in definitions: remove it and store it in the keyring"));
      if (kind != NULL && setting == NULL)
        return refuse (error, name, _("is no setting of this kind of source: check its spelling"));
      if (json_node_get_value_type (value) == G_TYPE_STRING)
        text = g_strdup (json_node_get_string (value));
      else
        text = json_to_string (value, FALSE);
      g_hash_table_insert (source->settings, g_strdup (name), g_steal_pointer (&text));
    }
  return TRUE;
}

static gboolean
read_stream (BvSource *source, JsonNode *node, GError **error)
{
  static const char *const known[] = { "name", "table", "fields", NULL };
  JsonObject *object = JSON_NODE_HOLDS_OBJECT (node) ? json_node_get_object (node) : NULL;
  const char *name = bv_source_json_text (object, "name");
  g_autoptr (GPtrArray) fields = NULL;

  if (object == NULL || name == NULL)
    return refuse (error, "streams", _("must be a list of objects with a “name”"));
  if (!check_members (object, known, error))
    return FALSE;
  if (bv_source_find_choice (source, name) != NULL)
    return refuse (error, name, _("is chosen twice: remove one"));
  if (json_object_has_member (object, "fields"))
    {
      JsonNode *list = json_object_get_member (object, "fields");

      fields = g_ptr_array_new ();
      if (!JSON_NODE_HOLDS_ARRAY (list))
        return refuse (error, "fields", _("must be a list of names"));
      for (guint i = 0; i < json_array_get_length (json_node_get_array (list)); i++)
        {
          JsonNode *field = json_array_get_element (json_node_get_array (list), i);

          if (!JSON_NODE_HOLDS_VALUE (field) || json_node_get_value_type (field) != G_TYPE_STRING)
            return refuse (error, "fields", _("must be a list of names"));
          g_ptr_array_add (fields, (gpointer) json_node_get_string (field));
        }
      g_ptr_array_add (fields, NULL);
    }
  bv_source_choose (source, name, fields != NULL ? (const char *const *) fields->pdata : NULL);
  bv_source_find_choice (source, name)->table = g_strdup (bv_source_json_text (object, "table"));
  return TRUE;
}

static gboolean
read_source (BvSource *self, JsonObject *plain, GError **error)
{
  static const char *const known[] = { "id", "name", "kind", "prefix", "settings", "streams", "schedule", "add_fields", NULL };
  const char *name = bv_source_json_text (plain, "name");
  const char *kind = bv_source_json_text (plain, "kind");
  JsonNode *node;

  if (!check_members (plain, known, error))
    return FALSE;
  if (name == NULL || *name == '\0')
    return refuse (error, "name", _("is missing"));
  if (kind == NULL || *kind == '\0')
    return refuse (error, "kind", _("is missing"));
  self->name = g_strdup (name);
  self->kind = g_strdup (kind);
  self->prefix = bv_source_json_text (plain, "prefix") != NULL ? g_strdup (bv_source_json_text (plain, "prefix")) : bv_source_make_prefix (kind);
  if ((node = json_object_get_member (plain, "settings")) != NULL && !read_settings (self, node, error))
    return FALSE;
  if ((node = json_object_get_member (plain, "streams")) != NULL)
    {
      if (!JSON_NODE_HOLDS_ARRAY (node))
        return refuse (error, "streams", _("must be a list of objects with a “name”"));
      for (guint i = 0; i < json_array_get_length (json_node_get_array (node)); i++)
        if (!read_stream (self, json_array_get_element (json_node_get_array (node), i), error))
          return FALSE;
    }
  if ((node = json_object_get_member (plain, "schedule")) != NULL)
    {
      if (!JSON_NODE_HOLDS_OBJECT (node))
        return refuse (error, "schedule", _("must be an object"));
      if (!schedule_from_json (json_node_get_object (node), &self->schedule, error))
        return FALSE;
    }
  if ((node = json_object_get_member (plain, "add_fields")) != NULL)
    {
      if (!JSON_NODE_HOLDS_VALUE (node) || json_node_get_value_type (node) != G_TYPE_BOOLEAN)
        return refuse (error, "add_fields", _("must be true or false"));
      self->add_fields = json_node_get_boolean (node);
    }
  return TRUE;
}

BvSource *
bv_source_from_json (JsonObject *object, const char *uuid, GError **error)
{
  g_autoptr (JsonObject) plain = with_underscores (object);
  g_autoptr (BvSource) self = bv_source_new_empty ();

  self->uuid = g_strdup (uuid);
  return read_source (self, plain, error) ? g_steal_pointer (&self) : NULL;
}
