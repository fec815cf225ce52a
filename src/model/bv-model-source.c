/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Sources among the definitions: their form is checked and put into its usual order here; what they mean is the connect room's. */
#include "config.h"

#include "bv-json-private.h"
#include "bv-model.h"

#include <glib/gi18n-lib.h>
#include <string.h>

void
bv_source_definition_free (BvSourceDefinition *source)
{
  if (source == NULL)
    return;
  g_free (source->uuid);
  g_free (source->name);
  g_free (source->kind);
  json_object_unref (source->json);
  g_free (source);
}

/* Which settings are secret only their kind knows; what is called so is refused for all. */
static gboolean
is_secret (const char *name)
{
  static const char *const words[] = { "secret", "password", "token", "passphrase", "api_key", "apikey", "access_key", "private_key" };

  g_autofree char *lower = g_ascii_strdown (name, -1);

  for (guint i = 0; i < G_N_ELEMENTS (words); i++)
    if (strstr (lower, words[i]) != NULL)
      return TRUE;
  return FALSE;
}

static int
compare_names (gconstpointer a, gconstpointer b)
{
  return strcmp (a, b);
}

/* All values as texts, in the order of their names. */
static JsonObject *
read_settings (BvJsonReader *reader)
{
  JsonObject *given = bv_json_read_object (reader, "settings");
  JsonObject *settings = json_object_new ();
  g_autoptr(GList) names = given != NULL ? g_list_sort (json_object_get_members (given), compare_names) : NULL;

  for (GList *l = names; l != NULL; l = l->next)
    {
      JsonNode *node = json_object_get_member (given, l->data);
      g_autofree char *text = NULL;

      if (is_secret (l->data))
        bv_json_reader_fail (reader, "settings", _("may hold no secrets: remove them and store them in the keyring"));
      else if (!JSON_NODE_HOLDS_VALUE (node))
        bv_json_reader_fail (reader, "settings", _("must have texts, numbers, true or false as values"));
      else
        {
          text = json_node_get_value_type (node) == G_TYPE_STRING ? g_strdup (json_node_get_string (node)) : json_to_string (node, FALSE);
          json_object_set_string_member (settings, l->data, text);
        }
    }
  return settings;
}

static JsonObject *
read_stream (JsonNode *node, GError **error)
{
  JsonObject *stream = json_object_new ();
  BvJsonReader reader;
  g_autofree char *name = NULL;
  g_autofree char *table = NULL;
  g_auto(GStrv) fields = NULL;

  bv_json_reader_init (&reader, json_node_get_object (node), "streams");
  name = bv_json_require_string (&reader, "name");
  table = bv_json_read_string (&reader, "table");
  fields = bv_json_read_strings (&reader, "fields");
  bv_json_put_string (stream, "name", name);
  bv_json_put_string (stream, "table", table);
  if (fields != NULL)
    bv_json_put_strings (stream, "fields", fields);
  if (bv_json_reader_end (&reader, error))
    return stream;
  json_object_unref (stream);
  return NULL;
}

static JsonArray *
read_streams (BvJsonReader *reader)
{
  JsonArray *given = bv_json_read_array (reader, "streams");
  JsonArray *streams;

  if (given == NULL)
    return NULL;
  streams = json_array_new ();
  for (guint i = 0; i < json_array_get_length (given); i++)
    {
      JsonNode *node = json_array_get_element (given, i);
      g_autoptr(GError) error = NULL;
      JsonObject *stream = JSON_NODE_HOLDS_OBJECT (node) ? read_stream (node, &error) : NULL;

      if (stream != NULL)
        json_array_add_object_element (streams, stream);
      else
        bv_json_reader_fail (reader, "streams", error != NULL ? error->message : _("must be a list of objects with a “name”"));
    }
  return streams;
}

static JsonObject *
read_schedule (BvJsonReader *outer)
{
  JsonObject *given = bv_json_read_object (outer, "schedule");
  JsonObject *schedule;
  BvJsonReader reader;
  g_autofree char *at = NULL;
  g_auto(GStrv) weekdays = NULL;
  g_autoptr(GError) error = NULL;
  gint64 every;

  if (given == NULL)
    return NULL;
  schedule = json_object_new ();
  bv_json_reader_init (&reader, given, "schedule");
  every = bv_json_read_int (&reader, "every_hours", 0);
  at = bv_json_read_string (&reader, "at");
  weekdays = bv_json_read_strings (&reader, "weekdays");
  if ((at == NULL) == (every == 0))
    bv_json_reader_fail (&reader, "every_hours", _("must be given, or else “at”, but not both"));
  else if (at == NULL && (every < 1 || every > 24))
    bv_json_reader_fail (&reader, "every_hours", _("must be from 1 to 24"));
  else if (at != NULL && !g_regex_match_simple ("^([01][0-9]|2[0-3]):[0-5][0-9]$", at, 0, 0))
    bv_json_reader_fail (&reader, "at", _("must be a time like “06:30”"));
  if (every != 0)
    json_object_set_int_member (schedule, "every_hours", every);
  bv_json_put_string (schedule, "at", at);
  if (weekdays != NULL)
    bv_json_put_strings (schedule, "weekdays", weekdays);
  if (!bv_json_reader_end (&reader, &error))
    bv_json_reader_fail (outer, "schedule", error->message);
  return schedule;
}

BvSourceDefinition *
bv_source_definition_from_json (JsonObject *object, GError **error)
{
  g_autoptr(BvSourceDefinition) self = g_new0 (BvSourceDefinition, 1);
  g_autofree char *id = NULL;
  g_autofree char *prefix = NULL;
  JsonArray *streams;
  JsonObject *schedule;
  BvJsonReader reader;

  self->json = json_object_new ();
  bv_json_reader_init (&reader, object, "source");
  id = bv_json_read_string (&reader, "id");
  self->name = bv_json_require_string (&reader, "name");
  self->kind = bv_json_require_string (&reader, "kind");
  prefix = bv_json_read_string (&reader, "prefix");
  bv_json_put_string (self->json, "name", self->name);
  bv_json_put_string (self->json, "kind", self->kind);
  bv_json_put_string (self->json, "prefix", prefix != NULL ? prefix : self->kind);
  json_object_set_object_member (self->json, "settings", read_settings (&reader));
  streams = read_streams (&reader);
  if (streams != NULL)
    json_object_set_array_member (self->json, "streams", streams);
  schedule = read_schedule (&reader);
  if (schedule != NULL)
    json_object_set_object_member (self->json, "schedule", schedule);
  if (!bv_json_read_bool (&reader, "add_fields", TRUE))
    json_object_set_boolean_member (self->json, "add_fields", FALSE);
  return bv_json_reader_end (&reader, error) ? g_steal_pointer (&self) : NULL;
}
