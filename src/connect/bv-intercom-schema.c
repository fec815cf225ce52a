/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Intercom's streams and fields: those that every workspace has as tables, the customer's own asked for.
 *
 * Columns are named as reports are likely to call them: "time_to_admin_reply" and not "statistics_time_to_admin_reply". A custom
 * attribute takes its own name as column, "custom_" before it where the name is taken.
 */
#include "config.h"

#include "bv-intercom-private.h"
#include "bv-json-value.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#define TEXT BV_TYPE_TEXT
#define INT BV_TYPE_INT
#define BOOL BV_TYPE_BOOL
#define TIME BV_TYPE_TIMESTAMP

static const BvIntercomField contact_fields[] = {
  { "id", NULL, TEXT }, { "external_id", NULL, TEXT }, { "email", NULL, TEXT }, { "name", NULL, TEXT }, { "role", NULL, TEXT },
  { "phone", NULL, TEXT }, { "email_domain", NULL, TEXT }, { "owner_id", NULL, TEXT },
  { "created_at", NULL, TIME }, { "updated_at", NULL, TIME }, { "signed_up_at", NULL, TIME }, { "last_seen_at", NULL, TIME },
  { "last_replied_at", NULL, TIME }, { "last_contacted_at", NULL, TIME }, { "last_email_opened_at", NULL, TIME },
  { "last_email_clicked_at", NULL, TIME },
  { "has_hard_bounced", NULL, BOOL }, { "marked_email_as_spam", NULL, BOOL }, { "unsubscribed_from_emails", NULL, BOOL },
  { "location.country", "country", TEXT }, { "location.region", "region", TEXT }, { "location.city", "city", TEXT },
  { "language_override", NULL, TEXT, TRUE }, { "browser", NULL, TEXT, TRUE }, { "browser_version", NULL, TEXT, TRUE },
  { "browser_language", NULL, TEXT, TRUE }, { "os", NULL, TEXT, TRUE },
  { "android_app_name", NULL, TEXT, TRUE }, { "android_app_version", NULL, TEXT, TRUE }, { "android_device", NULL, TEXT, TRUE },
  { "android_os_version", NULL, TEXT, TRUE }, { "android_sdk_version", NULL, TEXT, TRUE }, { "android_last_seen_at", NULL, TIME, TRUE },
  { "ios_app_name", NULL, TEXT, TRUE }, { "ios_app_version", NULL, TEXT, TRUE }, { "ios_device", NULL, TEXT, TRUE },
  { "ios_os_version", NULL, TEXT, TRUE }, { "ios_sdk_version", NULL, TEXT, TRUE }, { "ios_last_seen_at", NULL, TIME, TRUE },
  { "workspace_id", NULL, TEXT, TRUE }, { NULL }
};

static const BvIntercomField company_fields[] = {
  { "id", NULL, TEXT }, { "company_id", NULL, TEXT }, { "name", NULL, TEXT }, { "plan.name", "plan", TEXT }, { "size", NULL, INT },
  { "website", NULL, TEXT }, { "industry", NULL, TEXT }, { "monthly_spend", NULL, BV_TYPE_DOUBLE }, { "session_count", NULL, INT },
  { "user_count", NULL, INT }, { "remote_created_at", NULL, TIME }, { "created_at", NULL, TIME }, { "updated_at", NULL, TIME },
  { "last_request_at", NULL, TIME }, { NULL }
};

static const BvIntercomField conversation_fields[] = {
  { "id", NULL, TEXT }, { "user_email", NULL, TEXT }, { "state", NULL, TEXT }, { "priority", NULL, TEXT }, { "title", NULL, TEXT },
  { "open", NULL, BOOL }, { "read", NULL, BOOL }, { "created_at", NULL, TIME }, { "updated_at", NULL, TIME }, { "waiting_since", NULL, TIME },
  { "snoozed_until", NULL, TIME }, { "admin_assignee_id", NULL, TEXT }, { "admin_assignee", NULL, TEXT }, { "team_assignee_id", NULL, TEXT },
  { "team", NULL, TEXT }, { "company.id", "company_id", TEXT },
  { "source.type", NULL, TEXT }, { "source.delivered_as", NULL, TEXT }, { "source.subject", NULL, TEXT }, { "source.body", NULL, TEXT, TRUE },
  { "source.url", NULL, TEXT }, { "source.author.type", NULL, TEXT }, { "source.author.id", NULL, TEXT }, { "source.author.name", NULL, TEXT },
  { "source.author.email", NULL, TEXT },
  { "channel.initial", NULL, TEXT, TRUE }, { "channel.current", NULL, TEXT, TRUE },
  { "conversation_rating.rating", "rating", INT }, { "conversation_rating.remark", "rating_remark", TEXT },
  { "conversation_rating.created_at", "rating_created_at", TIME }, { "conversation_rating.teammate.id", "rating_teammate_id", TEXT },
  { "sla_applied.sla_name", "sla_name", TEXT }, { "sla_applied.sla_status", "sla_status", TEXT },
  { "first_contact_reply.created_at", NULL, TIME, TRUE }, { "first_contact_reply.type", NULL, TEXT, TRUE },
  { "statistics.time_to_assignment", "time_to_assignment", INT }, { "statistics.time_to_admin_reply", "time_to_admin_reply", INT },
  { "statistics.time_to_first_close", "time_to_first_close", INT }, { "statistics.time_to_last_close", "time_to_last_close", INT },
  { "statistics.median_time_to_reply", "median_time_to_reply", INT }, { "statistics.first_contact_reply_at", "first_contact_reply_at", TIME },
  { "statistics.first_assignment_at", "first_assignment_at", TIME }, { "statistics.first_admin_reply_at", "first_admin_reply_at", TIME },
  { "statistics.first_close_at", "first_close_at", TIME }, { "statistics.last_assignment_at", "last_assignment_at", TIME },
  { "statistics.last_assignment_admin_reply_at", "last_assignment_admin_reply_at", TIME },
  { "statistics.last_contact_reply_at", "last_contact_reply_at", TIME }, { "statistics.last_admin_reply_at", "last_admin_reply_at", TIME },
  { "statistics.last_close_at", "last_close_at", TIME }, { "statistics.last_closed_by_id", "last_closed_by_id", TEXT },
  { "statistics.count_reopens", "count_reopens", INT }, { "statistics.count_assignments", "count_assignments", INT },
  { "statistics.count_conversation_parts", "count_conversation_parts", INT }, { "statistics.handling_time", "handling_time", INT },
  { "statistics.adjusted_handling_time", "adjusted_handling_time", INT },
  { "ai_agent_participated", NULL, BOOL }, { "ai_agent.source_type", NULL, TEXT, TRUE }, { "ai_agent.last_answer_type", NULL, TEXT, TRUE },
  { "ai_agent.resolution_state", NULL, TEXT }, { "ai_agent.rating", NULL, INT, TRUE }, { "tags", NULL, TEXT }, { NULL }
};

static const BvIntercomField part_fields[] = {
  { "id", NULL, TEXT }, { "conversation_id", NULL, TEXT }, { "part_type", NULL, TEXT }, { "body", NULL, TEXT, TRUE },
  { "created_at", NULL, TIME }, { "updated_at", NULL, TIME }, { "notified_at", NULL, TIME }, { "assigned_to.type", NULL, TEXT },
  { "assigned_to.id", NULL, TEXT }, { "author.type", NULL, TEXT }, { "author.id", NULL, TEXT }, { "author.name", NULL, TEXT },
  { "author.email", NULL, TEXT }, { "author.from_ai_agent", NULL, BOOL }, { "external_id", NULL, TEXT, TRUE }, { "redacted", NULL, BOOL },
  { "state", NULL, TEXT }, { NULL }
};

static const BvIntercomField ticket_fields[] = {
  { "id", NULL, TEXT }, { "ticket_id", NULL, TEXT }, { "category", NULL, TEXT }, { "ticket_attributes._default_title_", "title", TEXT },
  { "ticket_attributes._default_description_", "description", TEXT, TRUE }, { "ticket_state.id", "ticket_state_id", TEXT },
  { "ticket_state.category", "state", TEXT }, { "ticket_state.internal_label", "state_label", TEXT }, { "ticket_type.id", "ticket_type_id", TEXT },
  { "ticket_type.name", "ticket_type", TEXT }, { "open", NULL, BOOL }, { "created_at", NULL, TIME }, { "updated_at", NULL, TIME },
  { "snoozed_until", NULL, TIME }, { "admin_assignee_id", NULL, TEXT }, { "admin_assignee", NULL, TEXT }, { "team_assignee_id", NULL, TEXT },
  { "team", NULL, TEXT }, { "is_shared", NULL, BOOL }, { NULL }
};

static const BvIntercomField ticket_type_fields[] = {
  { "id", NULL, TEXT }, { "name", NULL, TEXT }, { "category", NULL, TEXT }, { "description", NULL, TEXT }, { "archived", NULL, BOOL },
  { "created_at", NULL, TIME }, { "updated_at", NULL, TIME }, { NULL }
};

static const BvIntercomField admin_fields[] = {
  { "id", NULL, TEXT }, { "type", NULL, TEXT }, { "name", NULL, TEXT }, { "email", NULL, TEXT }, { "job_title", NULL, TEXT },
  { "away_mode_enabled", NULL, BOOL }, { "away_mode_reassign", NULL, BOOL }, { "has_inbox_seat", NULL, BOOL }, { "team_ids", NULL, TEXT }, { NULL }
};

static const BvIntercomField team_fields[] = {
  { "id", NULL, TEXT }, { "name", NULL, TEXT }, { "admin_ids", NULL, TEXT }, { "assignment_limit", NULL, INT }, { "distribution_method", NULL, TEXT },
  { NULL }
};

static const BvIntercomField tag_fields[] = { { "id", NULL, TEXT }, { "name", NULL, TEXT }, { NULL } };

static const BvIntercomField segment_fields[] = {
  { "id", NULL, TEXT }, { "name", NULL, TEXT }, { "person_type", NULL, TEXT }, { "count", NULL, INT }, { "created_at", NULL, TIME },
  { "updated_at", NULL, TIME }, { NULL }
};

static const BvIntercomField attribute_fields[] = {
  { "model", NULL, TEXT }, { "full_name", NULL, TEXT }, { "id", NULL, TEXT }, { "name", NULL, TEXT }, { "label", NULL, TEXT },
  { "description", NULL, TEXT }, { "data_type", NULL, TEXT }, { "options", NULL, TEXT }, { "custom", NULL, BOOL }, { "archived", NULL, BOOL },
  { "created_at", NULL, TIME }, { "updated_at", NULL, TIME }, { NULL }
};

#define ROWS (BV_STREAM_DEFAULT | BV_STREAM_UPDATE)

static const BvIntercomStream streams[] = {
  { "contacts", N_("Contacts"), N_("Users and leads, with the companies and tags they have"), BV_INTERCOM_SEARCH, "/contacts/search", "data", "id",
    ROWS | BV_STREAM_SWEEP, contact_fields },
  { "companies", N_("Companies"), N_("All companies, read as a whole each time"), BV_INTERCOM_SCROLL, "/companies/scroll", "data", "id",
    BV_STREAM_DEFAULT, company_fields },
  { "conversations", N_("Conversations"), N_("With times to reply and to close, rating, state and who wrote"), BV_INTERCOM_SEARCH,
    "/conversations/search", "conversations", "id", ROWS | BV_STREAM_DELETED, conversation_fields },
  { "conversation_parts", N_("Messages of conversations"), N_("One request for each conversation; the figures of support do not need them"),
    BV_INTERCOM_PARTS, "/conversations/search", "conversations", "id", BV_STREAM_UPDATE | BV_STREAM_DELETED | BV_STREAM_COSTLY, part_fields },
  { "tickets", N_("Tickets"), NULL, BV_INTERCOM_SEARCH, "/tickets/search", "tickets", "id", ROWS | BV_STREAM_SWEEP, ticket_fields },
  { "ticket_types", N_("Ticket types"), NULL, BV_INTERCOM_LIST, "/ticket_types", "data", "id", BV_STREAM_DEFAULT, ticket_type_fields },
  { "admins", N_("Teammates"), NULL, BV_INTERCOM_LIST, "/admins", "admins", "id", BV_STREAM_DEFAULT, admin_fields },
  { "teams", N_("Teams"), NULL, BV_INTERCOM_LIST, "/teams", "teams", "id", BV_STREAM_DEFAULT, team_fields },
  { "tags", N_("Tags"), NULL, BV_INTERCOM_LIST, "/tags", "data", "id", BV_STREAM_DEFAULT, tag_fields },
  { "segments", N_("Segments"), NULL, BV_INTERCOM_LIST, "/segments", "segments", "id", BV_STREAM_DEFAULT, segment_fields },
  { "data_attributes", N_("Data attributes"), N_("The fields of contacts, companies and conversations, with the customer’s own"), BV_INTERCOM_ATTRIBUTES,
    "/data_attributes", "data", "model full_name", 0, attribute_fields },
};

static const BvIntercomLink links[] = {
  { "contacts", "companies", "contact_companies", "contact_id", "company_id", "company_id", "companies.data", "companies.has_more",
    "/contacts/%s/companies", "companies" },
  { "contacts", "tags", "contact_tags", "contact_id", "tag_id", NULL, "tags.data", "tags.has_more", "/contacts/%s/tags", "data" },
  { "conversations", "contacts", "conversation_contacts", "conversation_id", "contact_id", "contact_id", "contacts.contacts" },
  { "conversations", "tags", "conversation_tags", "conversation_id", "tag_id", NULL, "tags.tags" },
  { "tickets", "contacts", "ticket_contacts", "ticket_id", "contact_id", "contact_id", "contacts.contacts" },
};

const BvIntercomStream *
bv_intercom_stream_list (guint *n)
{
  *n = G_N_ELEMENTS (streams);
  return streams;
}

const BvIntercomStream *
bv_intercom_stream_find (const char *name)
{
  for (guint i = 0; i < G_N_ELEMENTS (streams); i++)
    if (strcmp (streams[i].name, name) == 0)
      return &streams[i];
  return NULL;
}

const BvIntercomLink *
bv_intercom_link_find (const char *table)
{
  for (guint i = 0; i < G_N_ELEMENTS (links); i++)
    if (strcmp (links[i].table, table) == 0)
      return &links[i];
  return NULL;
}

/* --- The customer's own attributes ------------------------------------------------------------------------------------------- */

static BvType
type_of (const char *vendor)
{
  static const struct { const char *name; BvType type; } types[] = {
    { "integer", INT }, { "float", BV_TYPE_DOUBLE }, { "decimal", BV_TYPE_DOUBLE }, { "boolean", BOOL }, { "date", TIME }, { "datetime", TIME },
  };

  for (guint i = 0; i < G_N_ELEMENTS (types); i++)
    if (g_strcmp0 (types[i].name, vendor) == 0)
      return types[i].type;
  return TEXT;
}

static gboolean
has_column (const BvSourceStream *stream, const char *column)
{
  for (guint i = 0; i < stream->fields->len; i++)
    if (strcmp (((BvSourceField *) stream->fields->pdata[i])->column, column) == 0)
      return TRUE;
  return FALSE;
}

static void
add_custom (BvSourceStream *stream, const char *prefix, const char *name, const char *label, const char *vendor_type)
{
  g_autofree char *path = g_strconcat (prefix, name, NULL);
  g_autofree char *slug = bv_json_column_name (name);
  g_autofree char *column = g_strdup (slug);
  BvSourceField *field;

  if (bv_source_stream_find (stream, path) != NULL)
    return;
  for (guint n = 1; has_column (stream, column); n++)
    {
      g_free (column);
      column = n == 1 ? g_strconcat ("custom_", slug, NULL) : g_strdup_printf ("custom_%s_%u", slug, n);
    }
  field = bv_source_stream_add (stream, bv_source_field_new (path, column, label != NULL ? label : name, type_of (vendor_type),
                                                             BV_FIELD_DEFAULT | BV_FIELD_CUSTOM));
  field->group = g_strdup (_("Custom attributes"));
  field->vendor_type = g_strdup (vendor_type);
}

/* The list at @path; NULL without an error where the token may not read it, or the workspace or version does not have it. */
static JsonNode *
ask (BvSourceContext *context, const char *path, const char *model, GError **error)
{
  g_autoptr (BvHttpRequest) request = bv_intercom_request (bv_source_context_get_data (context), "GET", path);
  g_autoptr (GError) local = NULL;
  JsonNode *node;

  if (model != NULL)
    bv_http_request_add_query (request, "model", model);
  node = bv_intercom_send (context, request, NULL, &local);
  if (node == NULL && !g_error_matches (local, BV_HTTP_ERROR, BV_HTTP_ERROR_FORBIDDEN)
      && !g_error_matches (local, BV_HTTP_ERROR, BV_HTTP_ERROR_NOT_FOUND) && !g_error_matches (local, BV_HTTP_ERROR, BV_HTTP_ERROR_REFUSED))
    g_propagate_error (error, g_steal_pointer (&local));
  return node;
}

static void
add_attributes (BvSourceStream *stream, JsonNode *answer)
{
  JsonArray *list = bv_json_get_array (json_node_get_object (answer), "data");

  for (guint i = 0; list != NULL && i < json_array_get_length (list); i++)
    {
      JsonObject *attribute = bv_json_get_element (list, i);
      const char *full = bv_json_get_text (attribute, "full_name"), *name = bv_json_get_text (attribute, "name");
      /* Attributes of conversations are all custom and have no full name. */
      gboolean custom = full != NULL ? g_str_has_prefix (full, BV_INTERCOM_CUSTOM) : bv_json_get_text (attribute, "model") == NULL;

      if (custom && name != NULL)
        add_custom (stream, BV_INTERCOM_CUSTOM, name, bv_json_get_text (attribute, "label"), bv_json_get_text (attribute, "data_type"));
    }
}

static gboolean
add_ticket_attributes (BvSourceStream *stream, BvSourceContext *context, GError **error)
{
  g_autoptr (GError) local = NULL;
  g_autoptr (JsonNode) answer = ask (context, "/ticket_types", NULL, &local);
  JsonArray *types = answer != NULL ? bv_json_get_array (json_node_get_object (answer), "data") : NULL;

  for (guint i = 0; types != NULL && i < json_array_get_length (types); i++)
    {
      JsonArray *list = bv_json_get_array (bv_json_get_element (types, i), "ticket_type_attributes.ticket_type_attributes");

      for (guint k = 0; list != NULL && k < json_array_get_length (list); k++)
        {
          const char *name = bv_json_get_text (bv_json_get_element (list, k), "name");

          if (name != NULL && !g_str_has_prefix (name, "_default_"))
            add_custom (stream, BV_INTERCOM_TICKET_CUSTOM, name, NULL, bv_json_get_text (bv_json_get_element (list, k), "data_type"));
        }
    }
  if (local == NULL)
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&local));
  return FALSE;
}

static gboolean
add_own (BvSourceStream *stream, BvSourceContext *context, GError **error)
{
  static const struct { const char *stream, *path, *model; } sources[] = {
    { "contacts", "/data_attributes", "contact" }, { "companies", "/data_attributes", "company" },
    { "conversations", "/conversations/attributes", NULL },
    /* As versions before 2.16 have it. */
    { "conversations", "/data_attributes", "conversation" },
  };

  if (strcmp (stream->name, "tickets") == 0)
    return add_ticket_attributes (stream, context, error);
  for (guint i = 0; i < G_N_ELEMENTS (sources); i++)
    if (strcmp (sources[i].stream, stream->name) == 0)
      {
        g_autoptr (GError) local = NULL;
        g_autoptr (JsonNode) answer = ask (context, sources[i].path, sources[i].model, &local);

        if (local != NULL)
          {
            g_propagate_error (error, g_steal_pointer (&local));
            return FALSE;
          }
        if (answer != NULL)
          {
            add_attributes (stream, answer);
            return TRUE;
          }
      }
  return TRUE;
}

GPtrArray *
bv_intercom_discover (BvSourceContext *context, GError **error)
{
  g_autoptr (GPtrArray) found = g_ptr_array_new_with_free_func ((GDestroyNotify) bv_source_stream_free);

  for (guint i = 0; i < G_N_ELEMENTS (streams); i++)
    {
      const BvIntercomStream *known = &streams[i];
      BvSourceStream *stream = bv_source_stream_new (known->name, known->name, _(known->label), known->flags);

      g_ptr_array_add (found, stream);
      stream->description = g_strdup (known->description != NULL ? _(known->description) : NULL);
      stream->key = g_strsplit (known->key, " ", -1);
      stream->cursor = g_strdup (known->flags & BV_STREAM_UPDATE ? "updated_at" : NULL);
      stream->parent = g_strdup (known->way == BV_INTERCOM_PARTS ? "conversation_id" : NULL);
      for (const BvIntercomField *field = known->fields; field->path != NULL; field++)
        {
          g_autofree char *column = field->column != NULL ? g_strdup (field->column) : bv_json_column_name (field->path);
          g_autofree char *label = bv_json_label (column);
          gboolean always = g_strv_contains ((const char *const *) stream->key, field->path) || g_strcmp0 (stream->cursor, field->path) == 0 ||
                            g_strcmp0 (stream->parent, field->path) == 0;

          bv_source_stream_add (stream, bv_source_field_new (field->path, column, label, field->type,
                                                             (always ? BV_FIELD_ALWAYS : 0) | (field->off ? 0 : BV_FIELD_DEFAULT)));
        }
      for (guint k = 0; k < G_N_ELEMENTS (links); k++)
        if (strcmp (links[k].stream, known->name) == 0)
          {
            if (links[k].foreign_key != NULL)
              {
                g_autofree char *label = bv_json_label (links[k].foreign_key);

                bv_source_stream_add (stream, bv_source_field_new (links[k].foreign_key, links[k].foreign_key, label, TEXT,
                                                                   BV_FIELD_DEFAULT | BV_FIELD_LINKED));
              }
            bv_source_stream_add_link (stream, links[k].to, links[k].table, links[k].from_column, links[k].to_column, links[k].foreign_key,
                                       BV_INTERCOM_PAGE);
          }
      if (!add_own (stream, context, error))
        return NULL;
    }
  return g_steal_pointer (&found);
}
