/* SPDX-License-Identifier: GPL-3.0-or-later */
/* HubSpot's streams: object types with their properties, owners, stages, custom objects.
 *
 * Tables and columns bear HubSpot's names, but for a few that read better and are those of the sample project: id, company_id,
 * contact_id, is_closed, is_won, close_date. A property with options gets a second column with the options' labels.
 */
#include "config.h"

#include "bv-hubspot-private.h"
#include "bv-json-value.h"
#include "bv-source-private.h"

#include <glib/gi18n-lib.h>
#include <string.h>

/* Properties chosen by default, besides the customer's own. */
static const struct { const char *type; const char *const *names; } defaults[] = {
  { "companies", (const char *const[]){ "name", "domain", "industry", "country", "city", "numberofemployees", "annualrevenue", "lifecyclestage",
                                        "hubspot_owner_id", "createdate", "hs_lastmodifieddate", "hs_merged_object_ids", "phone", "website", "type",
                                        "hs_parent_company_id", NULL } },
  { "contacts", (const char *const[]){ "email", "firstname", "lastname", "jobtitle", "phone", "country", "city", "lifecyclestage", "associatedcompanyid",
                                       "hubspot_owner_id", "hs_lead_status", "createdate", "lastmodifieddate", "hs_merged_object_ids",
                                       "hs_calculated_merged_vids", "hs_additional_emails", NULL } },
  { "deals", (const char *const[]){ "dealname", "pipeline", "dealstage", "amount", "deal_currency_code", "amount_in_home_currency", "hubspot_owner_id",
                                    "dealtype", "hs_is_closed", "hs_is_closed_won", "createdate", "closedate", "hs_lastmodifieddate",
                                    "hs_merged_object_ids", "closed_lost_reason", NULL } },
  { "tickets", (const char *const[]){ "subject", "hs_pipeline", "hs_pipeline_stage", "hs_ticket_priority", "hs_ticket_category", "hubspot_owner_id",
                                      "source_type", "createdate", "closed_date", "first_agent_reply_date", "hs_lastmodifieddate",
                                      "hs_merged_object_ids", NULL } },
};
static const char *const general_defaults[] = { "hs_timestamp", "hubspot_owner_id", "name", "price", "quantity", "amount", "hs_product_id", "hs_call_title",
                                                "hs_call_duration", "hs_email_subject", "hs_email_direction", "hs_meeting_title", "hs_task_subject",
                                                "hs_task_status", "createdate", "hs_createdate", "hs_lastmodifieddate", NULL };

static const struct { const char *name, *column; BvType type; } renamed[] = {
  { "hs_object_id", "id", BV_TYPE_INT },
  { "associatedcompanyid", "company_id", BV_TYPE_INT },
  { "hs_parent_company_id", "parent_company_id", BV_TYPE_INT },
  { "hs_is_closed", "is_closed", BV_TYPE_BOOL },
  { "hs_is_closed_won", "is_won", BV_TYPE_BOOL },
  { "closedate", "close_date", BV_TYPE_TIMESTAMP },
};

static BvType
type_of (const char *vendor)
{
  if (g_strcmp0 (vendor, "number") == 0)
    return BV_TYPE_DOUBLE;
  if (g_strcmp0 (vendor, "bool") == 0)
    return BV_TYPE_BOOL;
  if (g_strcmp0 (vendor, "date") == 0)
    return BV_TYPE_DATE;
  if (g_strcmp0 (vendor, "datetime") == 0)
    return BV_TYPE_TIMESTAMP;
  return BV_TYPE_TEXT;
}

static gboolean
is_default (const char *type, const char *name)
{
  for (guint i = 0; i < G_N_ELEMENTS (defaults); i++)
    if (strcmp (defaults[i].type, type) == 0)
      return g_strv_contains (defaults[i].names, name);
  return g_strv_contains (general_defaults, name);
}

static void
keep_labels (BvHubspot *self, const char *type, const char *property, GHashTable *labels)
{
  g_hash_table_insert (self->labels, g_strconcat (type, "/", property, NULL), labels);
}

/* value → label of a property's options; NULL when there are none, or they say nothing. */
static GHashTable *
read_options (JsonObject *property)
{
  JsonArray *options = bv_json_get_array (property, "options");
  g_autoptr (GHashTable) labels = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  gboolean differ = FALSE;

  for (guint i = 0; options != NULL && i < json_array_get_length (options); i++)
    {
      const char *value = bv_source_json_text (bv_json_get_element (options, i), "value");
      const char *label = bv_source_json_text (bv_json_get_element (options, i), "label");

      if (value == NULL || label == NULL)
        continue;
      differ = differ || strcmp (value, label) != 0;
      g_hash_table_insert (labels, g_strdup (value), g_strdup (label));
    }
  return differ ? g_steal_pointer (&labels) : NULL;
}

static void
add_property (BvHubspot *self, BvSourceStream *stream, JsonObject *property)
{
  const char *name = bv_source_json_text (property, "name");
  const char *vendor = bv_source_json_text (property, "type");
  const char *label = bv_source_json_text (property, "label");
  gboolean own = name != NULL && !json_object_get_boolean_member_with_default (property, "hubspotDefined", FALSE);
  GHashTable *options = NULL;
  BvFieldFlags flags = 0;
  BvSourceField *field;
  const char *column;
  BvType type = type_of (vendor);

  if (name == NULL || *name == '\0' || strcmp (name, "hs_object_id") == 0 || bv_source_stream_find (stream, name) != NULL ||
      json_object_get_boolean_member_with_default (property, "archived", FALSE))
    return;
  column = name;
  if (own)
    flags |= BV_FIELD_CUSTOM | BV_FIELD_DEFAULT;
  if (is_default (stream->name, name))
    flags |= BV_FIELD_DEFAULT;
  if (strcmp (name, bv_hubspot_modified (stream->name)) == 0 || strcmp (name, "hs_merged_object_ids") == 0)
    flags |= BV_FIELD_ALWAYS | BV_FIELD_DEFAULT;
  for (guint i = 0; i < G_N_ELEMENTS (renamed); i++)
    if (strcmp (name, renamed[i].name) == 0)
      {
        column = renamed[i].column;
        type = renamed[i].type;
      }
  field = bv_source_stream_add (stream, bv_source_field_new (name, column, label, type, flags));
  field->vendor_type = g_strdup (vendor);
  field->group = g_strdup (bv_source_json_text (property, "groupName"));
  if (g_strcmp0 (vendor, "enumeration") == 0)
    options = read_options (property);
  if (options != NULL)
    keep_labels (self, stream->name, name, options);
}

static JsonObject *
get (BvHubspot *self, BvHubspotPath path, const char *a, gboolean archived, const char *after, GError **error)
{
  g_autoptr (BvHttpRequest) request = bv_hubspot_request (self, "GET", path, a, NULL);

  if (path == BV_HUBSPOT_OWNERS)
    bv_http_request_add_query (request, "limit", "500");
  if (archived)
    bv_http_request_add_query (request, "archived", "true");
  if (after != NULL)
    bv_http_request_add_query (request, "after", after);
  return bv_hubspot_send (self, request, error);
}

/* What may be missing without stopping the discovery: a scope, or a part that the account does not have. */
static gboolean
may_be_missing (const GError *error)
{
  return g_error_matches (error, BV_HTTP_ERROR, BV_HTTP_ERROR_FORBIDDEN) || g_error_matches (error, BV_HTTP_ERROR, BV_HTTP_ERROR_NOT_FOUND);
}

gboolean
bv_hubspot_need_labels (BvHubspot *self, const char *type, const char *property, GError **error)
{
  g_autofree char *key = g_strconcat (type, "/", property, NULL);
  g_autoptr (GError) local = NULL;
  g_autoptr (JsonObject) answer = NULL;
  JsonArray *results;

  if (g_hash_table_contains (self->labels, key))
    return TRUE;
  answer = get (self, BV_HUBSPOT_PROPERTIES, type, FALSE, NULL, &local);
  if (answer == NULL && !may_be_missing (local))
    {
      g_propagate_error (error, g_steal_pointer (&local));
      return FALSE;
    }
  results = answer != NULL ? bv_hubspot_results (answer) : NULL;
  for (guint i = 0; results != NULL && i < json_array_get_length (results); i++)
    {
      JsonObject *item = bv_json_get_element (results, i);
      GHashTable *labels = g_strcmp0 (bv_source_json_text (item, "name"), property) == 0 ? read_options (item) : NULL;

      if (labels != NULL)
        keep_labels (self, type, property, labels);
    }
  return TRUE;
}

/* A column of labels for each property that has them. */
static void
add_label_fields (BvHubspot *self, BvSourceStream *stream)
{
  guint n = stream->fields->len;

  for (guint i = 0; i < n; i++)
    {
      BvSourceField *field = stream->fields->pdata[i];
      g_autofree char *key = g_strconcat (stream->name, "/", field->name, NULL);
      g_autofree char *name = NULL;
      g_autofree char *column = NULL;
      g_autofree char *label = NULL;

      if (!g_hash_table_contains (self->labels, key) || field->type != BV_TYPE_TEXT)
        continue;
      name = g_strconcat (field->name, ":label", NULL);
      column = strcmp (field->name, "hubspot_owner_id") == 0 ? g_strdup ("hubspot_owner") : g_strconcat (field->column, "_label", NULL);
      /* Translators: a field of HubSpot, with the labels of its options instead of their values */
      label = g_strdup_printf (_("%s (label)"), field->label);
      bv_source_stream_add (stream, bv_source_field_new (name, column, label, BV_TYPE_TEXT, field->flags & BV_FIELD_DEFAULT));
    }
}

/* The labels of pipelines and their stages. */
static gboolean
read_pipelines (BvHubspot *self, const char *type, const char *pipeline_property, const char *stage_property, GError **error)
{
  g_autoptr (GError) local = NULL;
  g_autoptr (JsonObject) answer = get (self, BV_HUBSPOT_PIPELINES, type, FALSE, NULL, &local);
  JsonArray *results;
  GHashTable *pipelines, *stages;

  if (answer == NULL)
    {
      if (may_be_missing (local))
        return TRUE;
      g_propagate_error (error, g_steal_pointer (&local));
      return FALSE;
    }
  results = bv_hubspot_results (answer);
  pipelines = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  stages = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  for (guint i = 0; results != NULL && i < json_array_get_length (results); i++)
    {
      JsonObject *pipeline = bv_json_get_element (results, i);
      JsonArray *list = bv_json_get_array (pipeline, "stages");
      const char *id = bv_source_json_text (pipeline, "id");
      const char *label = bv_source_json_text (pipeline, "label");

      if (id != NULL && label != NULL)
        g_hash_table_insert (pipelines, g_strdup (id), g_strdup (label));
      for (guint s = 0; list != NULL && s < json_array_get_length (list); s++)
        {
          JsonObject *stage = bv_json_get_element (list, s);

          if (bv_source_json_text (stage, "id") != NULL && bv_source_json_text (stage, "label") != NULL)
            g_hash_table_insert (stages, g_strdup (bv_source_json_text (stage, "id")), g_strdup (bv_source_json_text (stage, "label")));
        }
    }
  keep_labels (self, type, pipeline_property, pipelines);
  keep_labels (self, type, stage_property, stages);
  return TRUE;
}

/* id → name of all owners, under "owners". */
static gboolean
read_owners (BvHubspot *self, GError **error)
{
  GHashTable *names = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);

  keep_labels (self, "owners", "", names);
  for (int archived = 0; archived < 2; archived++)
    {
      g_autofree char *after = NULL;

      do
        {
          g_autoptr (GError) local = NULL;
          g_autoptr (JsonObject) answer = get (self, BV_HUBSPOT_OWNERS, NULL, archived == 1, after, &local);
          JsonArray *results;
          const char *next;

          if (answer == NULL)
            {
              if (may_be_missing (local))
                return TRUE;
              g_propagate_error (error, g_steal_pointer (&local));
              return FALSE;
            }
          results = bv_hubspot_results (answer);
          for (guint i = 0; results != NULL && i < json_array_get_length (results); i++)
            {
              JsonObject *owner = bv_json_get_element (results, i);
              g_autofree char *id = bv_hubspot_text (owner, "id");
              const char *first = bv_source_json_text (owner, "firstName");
              const char *last = bv_source_json_text (owner, "lastName");
              g_autofree char *name = g_strconcat (first != NULL ? first : "", " ", last != NULL ? last : "", NULL);

              g_strstrip (name);
              if (*name == '\0')
                {
                  g_free (name);
                  name = bv_hubspot_text (owner, "email");
                }
              if (id != NULL && name != NULL)
                g_hash_table_insert (names, g_steal_pointer (&id), g_steal_pointer (&name));
            }
          next = bv_hubspot_after (answer);
          if (next != NULL && g_strcmp0 (next, after) == 0)
            break;
          g_free (after);
          after = g_strdup (next);
        }
      while (after != NULL);
    }
  return TRUE;
}

static void
add_links (BvSourceStream *stream)
{
  static const struct { const char *from, *to, *table, *from_column, *to_column, *foreign_key; } links[] = {
    { "contacts", "companies", "contact_companies", "contact_id", "company_id", NULL },
    { "deals", "contacts", "deal_contacts", "deal_id", "contact_id", "contact_id" },
    { "deals", "companies", "deal_companies", "deal_id", "company_id", "company_id" },
    { "tickets", "contacts", "ticket_contacts", "ticket_id", "contact_id", "contact_id" },
    { "tickets", "companies", "ticket_companies", "ticket_id", "company_id", "company_id" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (links); i++)
    if (strcmp (links[i].from, stream->name) == 0)
      {
        bv_source_stream_add_link (stream, links[i].to, links[i].table, links[i].from_column, links[i].to_column, links[i].foreign_key, 1000);
        if (links[i].foreign_key != NULL)
          {
            g_autofree char *name = g_strconcat ("@", links[i].foreign_key, NULL);

            bv_source_stream_add (stream, bv_source_field_new (name, links[i].foreign_key, links[i].to, BV_TYPE_INT,
                                                               BV_FIELD_LINKED | BV_FIELD_DEFAULT | BV_FIELD_ALWAYS));
          }
      }
}

/* An object type's stream; NULL without an error when the account does not have it. */
static BvSourceStream *
object_stream (BvHubspot *self, const char *type, const char *label, BvStreamFlags flags, GError **error)
{
  g_autoptr (GError) local = NULL;
  g_autoptr (JsonObject) answer = NULL;
  g_autoptr (BvSourceStream) stream = bv_source_stream_new (type, NULL, label, flags | BV_STREAM_UPDATE | BV_STREAM_DELETED | BV_STREAM_SWEEP);
  gboolean wanted = bv_source_context_wants (self->context, stream);
  JsonArray *results;

  /* A stream that will not be read is known by its key alone: others link to it. */
  if (wanted)
    answer = get (self, BV_HUBSPOT_PROPERTIES, type, FALSE, NULL, &local);
  if (wanted && answer == NULL && !may_be_missing (local))
    {
      g_propagate_error (error, g_steal_pointer (&local));
      return NULL;
    }
  if (wanted && answer == NULL && !(flags & BV_STREAM_DEFAULT))
    return NULL;
  stream->key = g_strdupv ((char *[]){ (char *) "hs_object_id", NULL });
  stream->cursor = g_strdup (bv_hubspot_modified (type));
  bv_source_stream_add (stream, bv_source_field_new ("hs_object_id", "id", _("Record ID"), BV_TYPE_INT, BV_FIELD_ALWAYS | BV_FIELD_DEFAULT));
  results = answer != NULL ? bv_hubspot_results (answer) : NULL;
  for (guint i = 0; results != NULL && i < json_array_get_length (results); i++)
    add_property (self, stream, bv_json_get_element (results, i));
  if (bv_source_stream_find (stream, stream->cursor) == NULL)
    bv_source_stream_add (stream, bv_source_field_new (stream->cursor, stream->cursor, stream->cursor, BV_TYPE_TIMESTAMP,
                                                       BV_FIELD_ALWAYS | BV_FIELD_DEFAULT));
  if (bv_source_stream_find (stream, "hubspot_owner_id") != NULL && g_hash_table_contains (self->labels, "owners/"))
    keep_labels (self, type, "hubspot_owner_id", g_hash_table_ref (g_hash_table_lookup (self->labels, "owners/")));
  add_label_fields (self, stream);
  add_links (stream);
  return g_steal_pointer (&stream);
}

static BvSourceStream *
owners_stream (void)
{
  BvSourceStream *stream = bv_source_stream_new ("owners", "owners", _("Owners"), BV_STREAM_DEFAULT);
  static const struct { const char *name, *column; BvType type; } fields[] = {
    { "id", "id", BV_TYPE_INT }, { "email", "email", BV_TYPE_TEXT }, { "firstName", "first_name", BV_TYPE_TEXT },
    { "lastName", "last_name", BV_TYPE_TEXT }, { "type", "type", BV_TYPE_TEXT }, { "userId", "user_id", BV_TYPE_INT },
    { "archived", "archived", BV_TYPE_BOOL }, { "createdAt", "created_at", BV_TYPE_TIMESTAMP }, { "updatedAt", "updated_at", BV_TYPE_TIMESTAMP },
  };

  stream->key = g_strdupv ((char *[]){ (char *) "id", NULL });
  for (guint i = 0; i < G_N_ELEMENTS (fields); i++)
    bv_source_stream_add (stream, bv_source_field_new (fields[i].name, fields[i].column, NULL, fields[i].type, BV_FIELD_DEFAULT));
  return stream;
}

static BvSourceStream *
stages_stream (const char *name, const char *table, const char *label)
{
  BvSourceStream *stream = bv_source_stream_new (name, table, label, BV_STREAM_DEFAULT);
  static const struct { const char *name; BvType type; } fields[] = {
    { "pipeline_id", BV_TYPE_TEXT }, { "id", BV_TYPE_TEXT }, { "pipeline", BV_TYPE_TEXT }, { "label", BV_TYPE_TEXT },
    { "pipeline_order", BV_TYPE_INT }, { "stage_order", BV_TYPE_INT }, { "probability", BV_TYPE_DOUBLE }, { "is_closed", BV_TYPE_BOOL },
    { "ticket_state", BV_TYPE_TEXT },
  };

  stream->key = g_strdupv ((char *[]){ (char *) "pipeline_id", (char *) "id", NULL });
  for (guint i = 0; i < G_N_ELEMENTS (fields); i++)
    bv_source_stream_add (stream, bv_source_field_new (fields[i].name, NULL, NULL, fields[i].type, BV_FIELD_DEFAULT));
  return stream;
}

static gboolean
add_custom_objects (BvHubspot *self, GPtrArray *streams, GError **error)
{
  g_autoptr (GError) local = NULL;
  g_autoptr (JsonObject) answer = get (self, BV_HUBSPOT_SCHEMAS, NULL, FALSE, NULL, &local);
  JsonArray *results;

  if (answer == NULL)
    {
      if (may_be_missing (local))
        return TRUE;
      g_propagate_error (error, g_steal_pointer (&local));
      return FALSE;
    }
  results = bv_hubspot_results (answer);
  for (guint i = 0; results != NULL && i < json_array_get_length (results); i++)
    {
      JsonObject *schema = bv_json_get_element (results, i);
      const char *type = bv_source_json_text (schema, "objectTypeId");
      const char *name = bv_source_json_text (schema, "name");
      const char *plural = bv_json_get_text (schema, "labels.plural");
      BvSourceStream *stream;

      if (name == NULL)
        continue;
      stream = object_stream (self, type != NULL ? type : name, plural != NULL ? plural : name, 0, &local);
      if (local != NULL)
        {
          g_propagate_error (error, g_steal_pointer (&local));
          return FALSE;
        }
      if (stream == NULL)
        continue;
      g_free (stream->table);
      stream->table = bv_source_slug (name);
      g_ptr_array_add (streams, stream);
    }
  return TRUE;
}

GPtrArray *
bv_hubspot_discover (BvSourceContext *context, GError **error)
{
  BvHubspot *self = bv_source_context_get_data (context);
  g_autoptr (GPtrArray) streams = g_ptr_array_new_with_free_func ((GDestroyNotify) bv_source_stream_free);
  static const char *const labels[] = { N_("Companies"), N_("Contacts"), N_("Deals"), N_("Tickets"), N_("Line items"), N_("Products"), N_("Calls"),
                                        N_("Emails"), N_("Meetings"), N_("Notes"), N_("Tasks"), N_("Feedback submissions") };

  g_hash_table_remove_all (self->labels);
  if (!read_owners (self, error) || !read_pipelines (self, "deals", "pipeline", "dealstage", error) ||
      !read_pipelines (self, "tickets", "hs_pipeline", "hs_pipeline_stage", error))
    return NULL;
  for (guint i = 0; bv_hubspot_types[i].type != NULL; i++)
    {
      g_autoptr (GError) local = NULL;
      BvSourceStream *stream = object_stream (self, bv_hubspot_types[i].type, _(labels[i]), i < 4 ? BV_STREAM_DEFAULT : 0, &local);

      if (local != NULL)
        {
          g_propagate_error (error, g_steal_pointer (&local));
          return NULL;
        }
      if (stream != NULL)
        g_ptr_array_add (streams, stream);
    }
  g_ptr_array_add (streams, owners_stream ());
  g_ptr_array_add (streams, stages_stream ("pipelines/deals", "deal_stages", _("Deal stages")));
  g_ptr_array_add (streams, stages_stream ("pipelines/tickets", "ticket_stages", _("Ticket stages")));
  for (guint i = 0; bv_hubspot_histories[i].stream != NULL; i++)
    {
      const BvHubspotHistory *history = &bv_hubspot_histories[i];

      g_ptr_array_add (streams, bv_hubspot_history_stream (history));
      if (bv_source_context_wants (context, streams->pdata[streams->len - 1]) &&
          !bv_hubspot_need_labels (self, history->type, history->property, error))
        return NULL;
    }
  return add_custom_objects (self, streams, error) ? g_steal_pointer (&streams) : NULL;
}
