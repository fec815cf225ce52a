/* SPDX-License-Identifier: GPL-3.0-or-later */
/* JSON of states and counts: what is missing or of the wrong type counts as not there. */
#include "config.h"

#include "bv-source-private.h"

gint64
bv_source_json_int (JsonObject *object, const char *name, gint64 fallback)
{
  JsonNode *node = json_object_get_member (object, name);

  return node != NULL && JSON_NODE_HOLDS_VALUE (node) ? json_node_get_int (node) : fallback;
}

const char *
bv_source_json_text (JsonObject *object, const char *name)
{
  JsonNode *node = object != NULL ? json_object_get_member (object, name) : NULL;

  return node != NULL && JSON_NODE_HOLDS_VALUE (node) && json_node_get_value_type (node) == G_TYPE_STRING ? json_node_get_string (node) : NULL;
}

JsonObject *
bv_source_json_object (JsonObject *object, const char *name)
{
  JsonNode *node = json_object_get_member (object, name);

  if (node == NULL || !JSON_NODE_HOLDS_OBJECT (node))
    json_object_set_object_member (object, name, json_object_new ());
  return json_object_get_object_member (object, name);
}

JsonObject *
bv_source_json_parse (const char *text)
{
  g_autoptr (JsonParser) parser = json_parser_new ();
  JsonNode *root;

  if (text != NULL && json_parser_load_from_data (parser, text, -1, NULL))
    {
      root = json_parser_get_root (parser);
      if (root != NULL && JSON_NODE_HOLDS_OBJECT (root))
        return json_node_dup_object (root);
    }
  return json_object_new ();
}

char *
bv_source_json_print (JsonObject *object)
{
  g_autoptr (JsonNode) node = json_node_alloc ();

  json_node_init_object (node, object);
  return json_to_string (node, FALSE);
}

void
bv_source_json_clear (JsonObject *object)
{
  g_autoptr (GList) members = json_object_get_members (object);

  for (GList *l = members; l != NULL; l = l->next)
    json_object_remove_member (object, l->data);
}

static const struct { const char *name; gsize offset; } counters[] = {
  { "read", G_STRUCT_OFFSET (BvSyncCounts, read) },
  { "added", G_STRUCT_OFFSET (BvSyncCounts, added) },
  { "changed", G_STRUCT_OFFSET (BvSyncCounts, changed) },
  { "unchanged", G_STRUCT_OFFSET (BvSyncCounts, unchanged) },
  { "deleted", G_STRUCT_OFFSET (BvSyncCounts, deleted) },
  { "merged", G_STRUCT_OFFSET (BvSyncCounts, merged) },
  { "links", G_STRUCT_OFFSET (BvSyncCounts, links) },
  { "requests", G_STRUCT_OFFSET (BvSyncCounts, requests) },
  { "retries", G_STRUCT_OFFSET (BvSyncCounts, retries) },
  { "waits", G_STRUCT_OFFSET (BvSyncCounts, waits) },
  { "bytes", G_STRUCT_OFFSET (BvSyncCounts, bytes) },
  { "waited_us", G_STRUCT_OFFSET (BvSyncCounts, waited_us) },
  { "duration_us", G_STRUCT_OFFSET (BvSyncCounts, duration_us) },
};

char *
bv_sync_counts_to_json (const BvSyncCounts *counts)
{
  g_autoptr (JsonObject) object = json_object_new ();

  for (guint i = 0; i < G_N_ELEMENTS (counters); i++)
    json_object_set_int_member (object, counters[i].name, G_STRUCT_MEMBER (gint64, counts, counters[i].offset));
  return bv_source_json_print (object);
}

void
bv_sync_counts_from_json (const char *text, BvSyncCounts *counts)
{
  g_autoptr (JsonObject) object = bv_source_json_parse (text);

  for (guint i = 0; i < G_N_ELEMENTS (counters); i++)
    G_STRUCT_MEMBER (gint64, counts, counters[i].offset) = bv_source_json_int (object, counters[i].name, 0);
}

void
bv_sync_counts_add (BvSyncCounts *sum, const BvSyncCounts *counts)
{
  for (guint i = 0; i < G_N_ELEMENTS (counters); i++)
    G_STRUCT_MEMBER (gint64, sum, counters[i].offset) += G_STRUCT_MEMBER (gint64, counts, counters[i].offset);
}
