/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "bv-json-private.h"
#include "bv-model.h"

#include <glib/gi18n-lib.h>
#include <string.h>

void
bv_json_reader_init (BvJsonReader *self, JsonObject *object, const char *path)
{
  self->object = object;
  self->path = path;
  self->seen = g_hash_table_new (g_str_hash, g_str_equal);
  self->error = NULL;
}

void
bv_json_reader_fail (BvJsonReader *self, const char *member, const char *message)
{
  if (self->error == NULL)
    self->error = g_error_new (BV_ERROR, BV_ERROR_INVALID, "%s/%s: %s", self->path, member, message);
}

gboolean
bv_json_reader_end (BvJsonReader *self, GError **error)
{
  JsonObjectIter iter;
  const char *member;

  json_object_iter_init (&iter, self->object);
  while (self->error == NULL && json_object_iter_next (&iter, &member, NULL))
    if (!g_hash_table_contains (self->seen, member))
      bv_json_reader_fail (self, member, _("unknown member: check its spelling"));
  g_hash_table_unref (self->seen);
  if (self->error == NULL)
    return TRUE;
  g_propagate_error (error, self->error);
  return FALSE;
}

static gboolean
same_name (const char *a, const char *b)
{
  for (; *a != '\0' && *b != '\0'; a++, b++)
    if (*a != *b && !((*a == '-' || *a == '_') && (*b == '-' || *b == '_')))
      return FALSE;
  return *a == *b;
}

JsonNode *
bv_json_read_node (BvJsonReader *self, const char *member)
{
  JsonObjectIter iter;
  const char *name;
  JsonNode *node;

  json_object_iter_init (&iter, self->object);
  while (json_object_iter_next (&iter, &name, &node))
    if (same_name (name, member))
      {
        g_hash_table_add (self->seen, (gpointer) name);
        return JSON_NODE_HOLDS_NULL (node) ? NULL : node;
      }
  return NULL;
}

static gboolean
holds (JsonNode *node, GType type)
{
  return JSON_NODE_HOLDS_VALUE (node) && json_node_get_value_type (node) == type;
}

char *
bv_json_read_string (BvJsonReader *self, const char *member)
{
  JsonNode *node = bv_json_read_node (self, member);

  if (node == NULL)
    return NULL;
  if (!holds (node, G_TYPE_STRING))
    {
      bv_json_reader_fail (self, member, _("must be a string"));
      return NULL;
    }
  return json_node_dup_string (node);
}

char *
bv_json_require_string (BvJsonReader *self, const char *member)
{
  char *s = bv_json_read_string (self, member);

  if (s == NULL || *s == '\0')
    bv_json_reader_fail (self, member, _("is missing: give it a name"));
  return s;
}

gboolean
bv_json_read_bool (BvJsonReader *self, const char *member, gboolean fallback)
{
  JsonNode *node = bv_json_read_node (self, member);

  if (node == NULL)
    return fallback;
  if (!holds (node, G_TYPE_BOOLEAN))
    {
      bv_json_reader_fail (self, member, _("must be true or false"));
      return fallback;
    }
  return json_node_get_boolean (node);
}

gint64
bv_json_read_int (BvJsonReader *self, const char *member, gint64 fallback)
{
  JsonNode *node = bv_json_read_node (self, member);

  if (node == NULL)
    return fallback;
  if (!holds (node, G_TYPE_INT64))
    {
      bv_json_reader_fail (self, member, _("must be a whole number"));
      return fallback;
    }
  return json_node_get_int (node);
}

double
bv_json_read_double (BvJsonReader *self, const char *member, double fallback)
{
  JsonNode *node = bv_json_read_node (self, member);

  if (node == NULL)
    return fallback;
  if (!holds (node, G_TYPE_INT64) && !holds (node, G_TYPE_DOUBLE))
    {
      bv_json_reader_fail (self, member, _("must be a number"));
      return fallback;
    }
  return json_node_get_double (node);
}

JsonArray *
bv_json_read_array (BvJsonReader *self, const char *member)
{
  JsonNode *node = bv_json_read_node (self, member);

  if (node == NULL)
    return NULL;
  if (!JSON_NODE_HOLDS_ARRAY (node))
    {
      bv_json_reader_fail (self, member, _("must be a list"));
      return NULL;
    }
  return json_node_get_array (node);
}

JsonObject *
bv_json_read_object (BvJsonReader *self, const char *member)
{
  JsonNode *node = bv_json_read_node (self, member);

  if (node == NULL)
    return NULL;
  if (!JSON_NODE_HOLDS_OBJECT (node))
    {
      bv_json_reader_fail (self, member, _("must be an object"));
      return NULL;
    }
  return json_node_get_object (node);
}

char **
bv_json_read_strings (BvJsonReader *self, const char *member)
{
  JsonNode *node = bv_json_read_node (self, member);
  g_autoptr(GStrvBuilder) builder = g_strv_builder_new ();
  JsonArray *array;

  if (node == NULL)
    return NULL;
  if (holds (node, G_TYPE_STRING))
    {
      g_strv_builder_add (builder, json_node_get_string (node));
      return g_strv_builder_end (builder);
    }
  array = bv_json_read_array (self, member);
  for (guint i = 0; array != NULL && i < json_array_get_length (array); i++)
    {
      JsonNode *element = json_array_get_element (array, i);

      if (!holds (element, G_TYPE_STRING))
        bv_json_reader_fail (self, member, _("must be a list of strings"));
      else
        g_strv_builder_add (builder, json_node_get_string (element));
    }
  return g_strv_builder_end (builder);
}

void
bv_json_put_string (JsonObject *object, const char *member, const char *value)
{
  if (value != NULL)
    json_object_set_string_member (object, member, value);
}

void
bv_json_put_strings (JsonObject *object, const char *member, char **values)
{
  JsonArray *array;

  if (values == NULL || values[0] == NULL)
    return;
  array = json_array_new ();
  for (guint i = 0; values[i] != NULL; i++)
    json_array_add_string_element (array, values[i]);
  json_object_set_array_member (object, member, array);
}

void
bv_json_put_true (JsonObject *object, const char *member, gboolean value)
{
  if (value)
    json_object_set_boolean_member (object, member, TRUE);
}

/* --- Copies ------------------------------------------------------------------------------------------------------------------------ */

static JsonNode *
copy_node (JsonNode *node)
{
  g_auto(GValue) value = G_VALUE_INIT;
  JsonNode *copy = json_node_new (json_node_get_node_type (node));

  switch (json_node_get_node_type (node))
    {
    case JSON_NODE_OBJECT:
      json_node_take_object (copy, bv_json_object_copy (json_node_get_object (node)));
      break;
    case JSON_NODE_ARRAY:
      {
        JsonArray *array = json_array_new ();

        for (guint i = 0; i < json_array_get_length (json_node_get_array (node)); i++)
          json_array_add_element (array, copy_node (json_array_get_element (json_node_get_array (node), i)));
        json_node_take_array (copy, array);
        break;
      }
    case JSON_NODE_VALUE:
      json_node_get_value (node, &value);
      json_node_set_value (copy, &value);
      break;
    case JSON_NODE_NULL:
    default:
      break;
    }
  return copy;
}

JsonObject *
bv_json_object_copy (JsonObject *object)
{
  JsonObject *copy = json_object_new ();
  JsonObjectIter iter;
  const char *name;
  JsonNode *node;

  json_object_iter_init_ordered (&iter, object);
  while (json_object_iter_next_ordered (&iter, &name, &node))
    json_object_set_member (copy, name, copy_node (node));
  return copy;
}
