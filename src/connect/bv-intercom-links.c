/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The companies and tags of a contact, the contacts and tags of a conversation, the contacts of a ticket.
 *
 * A record of a list carries the ids that it is linked to (a contact's only the first ten, and a flag). The rows of FIRST and UPDATE
 * leave them here, so that the LINKS pass of the same run costs no request at all; what is not known (the weekly refresh, or a run after
 * a kill) is searched for by id, a page of records at a time. Only a record whose list was cut off costs a request of its own.
 */
#include "config.h"

#include "bv-intercom-private.h"
#include "bv-json-value.h"

#include <glib/gi18n-lib.h>
#include <string.h>

/* Records whose links are kept; beyond it they are searched for. About 100 bytes each. */
#define MAX_KEPT 1000000
/* Stands behind the ids of a list that was cut off. */
#define CUT_OFF "+"
#define MAX_REST_PAGES 1000

static void
append_ids (JsonArray *list, GString *ids)
{
  for (guint i = 0; list != NULL && i < json_array_get_length (list); i++)
    {
      g_autofree char *id = bv_json_dup_id (bv_json_get_element (list, i), "id");

      if (id != NULL)
        g_string_append_printf (ids, "%s%s", ids->len > 0 ? "\x1f" : "", id);
    }
}

static char *
ids_of (const BvIntercomLink *link, JsonObject *record)
{
  GString *ids = g_string_new (NULL);

  append_ids (bv_json_get_array (record, link->array), ids);
  if (link->more != NULL && bv_json_get_bool (record, link->more))
    g_string_append (ids, CUT_OFF);
  return g_string_free (ids, FALSE);
}

static GHashTable *
kept_links (BvIntercom *self, const char *table)
{
  GHashTable *kept = g_hash_table_lookup (self->links, table);

  if (kept == NULL)
    {
      kept = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
      g_hash_table_insert (self->links, g_strdup (table), kept);
    }
  return kept;
}

void
bv_intercom_keep_links (BvFetch *fetch, JsonObject *record)
{
  BvIntercom *self = bv_source_context_get_data (fetch->context);
  const GPtrArray *links = fetch->stream->links;
  g_autofree char *id = bv_json_dup_id (record, "id");

  for (guint i = 0; id != NULL && i < links->len; i++)
    {
      const BvStreamLink *link = links->pdata[i];
      GHashTable *kept = kept_links (self, link->table);

      if (self->n_links >= MAX_KEPT)
        {
          /* What is kept must not be older than the row. */
          self->n_links -= g_hash_table_remove (kept, id);
          continue;
        }
      self->n_links += g_hash_table_insert (kept, g_strdup (id), ids_of (bv_intercom_link_find (link->table), record));
    }
}

/* The whole of a list that was cut off. */
static char *
read_rest (BvFetch *fetch, const BvIntercomLink *link, const char *id, GError **error)
{
  BvIntercom *self = bv_source_context_get_data (fetch->context);
  g_autofree char *escaped = g_uri_escape_string (id, NULL, FALSE);
  g_auto (GStrv) parts = g_strsplit (link->rest, "%s", 2);
  g_autofree char *path = g_strconcat (parts[0], escaped, parts[1], NULL);
  g_autoptr (GString) ids = g_string_new (NULL);

  for (guint page = 1; page <= MAX_REST_PAGES; page++)
    {
      g_autoptr (BvHttpRequest) request = bv_intercom_request (self, "GET", path);
      g_autofree char *number = g_strdup_printf ("%u", page);
      g_autoptr (GError) local = NULL;
      g_autoptr (JsonNode) answer = NULL;
      gsize before = ids->len;

      if (page > 1)
        bv_http_request_add_query (request, "page", number);
      bv_http_request_add_query (request, "per_page", "50");
      answer = bv_intercom_send (fetch->context, request, NULL, &local);
      /* Deleted or merged since. */
      if (g_error_matches (local, BV_HTTP_ERROR, BV_HTTP_ERROR_NOT_FOUND))
        return g_strdup ("");
      if (answer == NULL)
        {
          g_propagate_error (error, g_steal_pointer (&local));
          return NULL;
        }
      append_ids (bv_json_get_array (json_node_get_object (answer), link->rest_list), ids);
      if (ids->len == before || page >= bv_json_get_int (json_node_get_object (answer), "pages.total_pages", 1))
        return g_string_free (g_steal_pointer (&ids), FALSE);
    }
  g_set_error (error, BV_HTTP_ERROR, BV_HTTP_ERROR_MALFORMED, _("Intercom’s list of what contact %s belongs to does not end: try again later"), id);
  return NULL;
}

static gboolean
add_links (BvFetch *fetch, const BvIntercomLink *link, const char *id, const char *linked, GError **error)
{
  g_autofree char *whole = NULL;
  g_auto (GStrv) ids = NULL;

  if (g_str_has_suffix (linked, CUT_OFF))
    {
      whole = read_rest (fetch, link, id, error);
      if (whole == NULL)
        return FALSE;
      linked = whole;
    }
  ids = g_strsplit (linked, "\x1f", -1);
  for (guint i = 0; ids[i] != NULL; i++)
    if (*ids[i] != '\0')
      bv_batch_link (fetch->batch, id, ids[i], NULL, i == 0);
  return TRUE;
}

/* Searches for the records of @ids; what is not found has no links. */
static JsonNode *
search (BvFetch *fetch, GPtrArray *ids, GError **error)
{
  const BvIntercomStream *stream = bv_intercom_stream_find (fetch->stream->name);
  g_autoptr (BvHttpRequest) request = bv_intercom_request (bv_source_context_get_data (fetch->context), "POST", stream->path);
  g_autoptr (JsonBuilder) builder = json_builder_new ();

  json_builder_begin_object (builder);
  json_builder_set_member_name (builder, "query");
  json_builder_begin_object (builder);
  json_builder_set_member_name (builder, "field");
  json_builder_add_string_value (builder, "id");
  json_builder_set_member_name (builder, "operator");
  json_builder_add_string_value (builder, "IN");
  json_builder_set_member_name (builder, "value");
  json_builder_begin_array (builder);
  for (guint i = 0; i < ids->len; i++)
    json_builder_add_string_value (builder, ids->pdata[i]);
  json_builder_end_array (builder);
  json_builder_end_object (builder);
  json_builder_set_member_name (builder, "pagination");
  json_builder_begin_object (builder);
  json_builder_set_member_name (builder, "per_page");
  json_builder_add_int_value (builder, BV_INTERCOM_PAGE);
  json_builder_end_object (builder);
  json_builder_end_object (builder);
  bv_http_request_take_json (request, json_builder_get_root (builder));
  return bv_intercom_send (fetch->context, request, NULL, error);
}

gboolean
bv_intercom_fetch_links (BvFetch *fetch, GError **error)
{
  BvIntercom *self = bv_source_context_get_data (fetch->context);
  const BvIntercomStream *stream = bv_intercom_stream_find (fetch->stream->name);
  const BvIntercomLink *link = bv_intercom_link_find (fetch->link->table);
  GHashTable *kept = kept_links (self, link->table);
  g_autoptr (GPtrArray) unknown = g_ptr_array_new ();
  g_autoptr (JsonNode) answer = NULL;
  JsonArray *records;

  for (guint i = 0; fetch->ids[i] != NULL; i++)
    {
      const char *linked = g_hash_table_lookup (kept, fetch->ids[i]);

      if (linked == NULL)
        g_ptr_array_add (unknown, (char *) fetch->ids[i]);
      else if (!add_links (fetch, link, fetch->ids[i], linked, error))
        return FALSE;
    }
  for (guint start = 0; start < unknown->len; start += BV_INTERCOM_PAGE)
    {
      g_autoptr (GPtrArray) part = g_ptr_array_new ();

      for (guint i = start; i < MIN (unknown->len, start + BV_INTERCOM_PAGE); i++)
        g_ptr_array_add (part, unknown->pdata[i]);
      g_clear_pointer (&answer, json_node_unref);
      answer = search (fetch, part, error);
      if (answer == NULL)
        return FALSE;
      records = bv_json_get_array (json_node_get_object (answer), stream->list);
      for (guint i = 0; records != NULL && i < json_array_get_length (records); i++)
        {
          JsonObject *record = bv_json_get_element (records, i);
          g_autofree char *id = bv_json_dup_id (record, "id");
          g_autofree char *linked = id != NULL ? ids_of (link, record) : NULL;

          if (id == NULL)
            continue;
          /* The other link tables of the stream come with the same answer. */
          bv_intercom_keep_links (fetch, record);
          if (!add_links (fetch, link, id, linked, error))
            return FALSE;
        }
    }
  /* Links are kept for one pass only: the next run asks anew. */
  for (guint i = 0; fetch->ids[i] != NULL; i++)
    self->n_links -= g_hash_table_remove (kept, fetch->ids[i]);
  fetch->done = TRUE;
  return TRUE;
}
