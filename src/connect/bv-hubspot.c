/* SPDX-License-Identifier: GPL-3.0-or-later */
/* HubSpot: the connection, its paths, its errors in words, and the test.
 *
 * Two forms of the API's paths are spoken: by date ("2026-09") and the older ones ("v3", with associations in v4). The credential of
 * either is a bearer token: a service key, or the token of a private app.
 */
#include "config.h"

#include "bv-hubspot-private.h"
#include "bv-source-private.h"

#include <glib/gi18n-lib.h>
#include <inttypes.h>
#include <string.h>

static const BvSettingChoice rates[] = {
  { "100", N_("Free or Starter: 100 requests in 10 seconds") },
  { "190", N_("Professional or Enterprise: 190 requests in 10 seconds") },
  { "250", N_("With the API limit increase: 250 requests in 10 seconds") },
  { NULL, NULL },
};

static const BvSetting settings[] = {
  { "token", N_("Service key"), N_("In HubSpot under Development, Keys, Service keys; the token of a private app works as well."), BV_SETTING_SECRET,
    NULL, NULL, TRUE, FALSE },
  { "rate", N_("Limit of requests"), N_("Belvedere stays below 80 percent of it."), BV_SETTING_CHOICE, rates, "100", FALSE, TRUE },
  { "version", N_("API version"), N_("A date like 2026-09, or v3 for the older paths."), BV_SETTING_TEXT, NULL, "2026-09", FALSE, TRUE },
  { "url", N_("Address"), N_("Of HubSpot's API."), BV_SETTING_TEXT, NULL, "https://api.hubapi.com", FALSE, TRUE },
  { NULL },
};

const BvHubspotType bv_hubspot_types[] = {
  { "companies", "hs_lastmodifieddate", "crm.objects.companies.read" },
  { "contacts", "lastmodifieddate", "crm.objects.contacts.read" },
  { "deals", "hs_lastmodifieddate", "crm.objects.deals.read" },
  { "tickets", "hs_lastmodifieddate", "tickets" },
  { "line_items", "hs_lastmodifieddate", "crm.objects.line_items.read" },
  { "products", "hs_lastmodifieddate", "crm.objects.products.read" },
  { "calls", "hs_lastmodifieddate", "crm.objects.contacts.read" },
  { "emails", "hs_lastmodifieddate", "sales-email-read" },
  { "meetings", "hs_lastmodifieddate", "crm.objects.contacts.read" },
  { "notes", "hs_lastmodifieddate", "crm.objects.contacts.read" },
  { "tasks", "hs_lastmodifieddate", "crm.objects.contacts.read" },
  { "feedback_submissions", "hs_lastmodifieddate", "crm.objects.feedback_submissions.read" },
  { NULL },
};

const char *
bv_hubspot_modified (const char *type)
{
  return strcmp (type, "contacts") == 0 ? "lastmodifieddate" : "hs_lastmodifieddate";
}

/* --- Requests --------------------------------------------------------------------------------------------------------------------- */

BvHttpRequest *
bv_hubspot_request (BvHubspot *self, const char *method, BvHubspotPath path, const char *a, const char *b)
{
  static const char *const dated[] = {
    [BV_HUBSPOT_OBJECTS] = "/crm/objects/{v}/{a}", [BV_HUBSPOT_SEARCH] = "/crm/objects/{v}/{a}/search",
    [BV_HUBSPOT_BATCH] = "/crm/objects/{v}/{a}/batch/read", [BV_HUBSPOT_ASSOCIATIONS] = "/crm/associations/{v}/{a}/{b}/batch/read",
    [BV_HUBSPOT_OWNERS] = "/crm/owners/{v}", [BV_HUBSPOT_PIPELINES] = "/crm/pipelines/{v}/{a}",
    [BV_HUBSPOT_PROPERTIES] = "/crm/properties/{v}/{a}", [BV_HUBSPOT_SCHEMAS] = "/crm-object-schemas/{v}/schemas",
    [BV_HUBSPOT_ACCOUNT] = "/account-info/{v}/details",
  };
  static const char *const legacy[] = {
    [BV_HUBSPOT_OBJECTS] = "/crm/v3/objects/{a}", [BV_HUBSPOT_SEARCH] = "/crm/v3/objects/{a}/search",
    [BV_HUBSPOT_BATCH] = "/crm/v3/objects/{a}/batch/read", [BV_HUBSPOT_ASSOCIATIONS] = "/crm/v4/associations/{a}/{b}/batch/read",
    [BV_HUBSPOT_OWNERS] = "/crm/v3/owners", [BV_HUBSPOT_PIPELINES] = "/crm/v3/pipelines/{a}",
    [BV_HUBSPOT_PROPERTIES] = "/crm/v3/properties/{a}", [BV_HUBSPOT_SCHEMAS] = "/crm/v3/schemas",
    [BV_HUBSPOT_ACCOUNT] = "/account-info/v3/details",
  };
  g_autoptr (GString) url = g_string_new (self->base);
  g_autofree char *first = a != NULL ? g_uri_escape_string (a, NULL, FALSE) : NULL;
  g_autofree char *second = b != NULL ? g_uri_escape_string (b, NULL, FALSE) : NULL;
  BvHttpRequest *request;

  while (url->len > 0 && url->str[url->len - 1] == '/')
    g_string_truncate (url, url->len - 1);
  g_string_append (url, self->legacy ? legacy[path] : dated[path]);
  g_string_replace (url, "{v}", self->version, 1);
  if (first != NULL)
    g_string_replace (url, "{a}", first, 1);
  if (second != NULL)
    g_string_replace (url, "{b}", second, 1);
  request = bv_http_request_new (method, url->str);
  bv_http_request_set_bearer (request, self->token);
  if (path == BV_HUBSPOT_SEARCH)
    bv_http_request_set_pace (request, "search");
  return request;
}

/* By whose clock is "now"? Times of records are HubSpot's. */
static void
learn_clock (BvHubspot *self, SoupMessageHeaders *headers)
{
  const char *text = soup_message_headers_get_one (headers, "Date");
  g_autoptr (GDateTime) date = text != NULL ? soup_date_time_new_from_http_string (text) : NULL;
  gint64 offset;

  if (date == NULL)
    return;
  offset = g_date_time_to_unix (date) * G_USEC_PER_SEC - bv_clock_now (bv_source_context_get_clock (self->context));
  /* The header has whole seconds, and the answer took its time. */
  self->offset_us = ABS (offset) > 30 * G_USEC_PER_SEC ? offset : 0;
}

JsonObject *
bv_hubspot_send (BvHubspot *self, BvHttpRequest *request, GError **error)
{
  SoupMessageHeaders *headers = NULL;
  g_autoptr (JsonNode) node = bv_http_send_json (bv_source_context_get_http (self->context), request,
                                                 bv_source_context_get_cancellable (self->context), &headers, error);

  if (headers != NULL)
    {
      learn_clock (self, headers);
      soup_message_headers_unref (headers);
    }
  if (node == NULL)
    return NULL;
  if (!JSON_NODE_HOLDS_OBJECT (node))
    {
      g_set_error (error, BV_HTTP_ERROR, BV_HTTP_ERROR_MALFORMED, _("HubSpot sent an answer of another form than expected: sync again later"));
      return NULL;
    }
  return json_node_dup_object (node);
}

JsonArray *
bv_hubspot_results (JsonObject *answer)
{
  JsonNode *node = json_object_get_member (answer, "results");

  return node != NULL && JSON_NODE_HOLDS_ARRAY (node) ? json_node_get_array (node) : NULL;
}

const char *
bv_hubspot_after (JsonObject *answer)
{
  JsonNode *paging = json_object_get_member (answer, "paging");
  JsonNode *next = paging != NULL && JSON_NODE_HOLDS_OBJECT (paging) ? json_object_get_member (json_node_get_object (paging), "next") : NULL;

  return next != NULL && JSON_NODE_HOLDS_OBJECT (next) ? bv_source_json_text (json_node_get_object (next), "after") : NULL;
}

char *
bv_hubspot_text (JsonObject *object, const char *name)
{
  JsonNode *node = object != NULL ? json_object_get_member (object, name) : NULL;

  if (node == NULL || !JSON_NODE_HOLDS_VALUE (node))
    return NULL;
  if (json_node_get_value_type (node) == G_TYPE_STRING)
    return g_strdup (json_node_get_string (node));
  return json_to_string (node, FALSE);
}

/* --- Errors ------------------------------------------------------------------------------------------------------------------------- */

static BvHttpVerdict
judge (const BvHttpAnswer *answer, gint64 *wait_us, gpointer data)
{
  JsonObject *body = answer->json != NULL && JSON_NODE_HOLDS_OBJECT (answer->json) ? json_node_get_object (answer->json) : NULL;

  if (answer->status == 429 && g_strcmp0 (bv_source_json_text (body, "policyName"), "DAILY") == 0)
    return BV_HTTP_STOP_QUOTA;
  return BV_HTTP_DEFAULT;
}

/* The scopes that a 403 names. */
static void
append_scopes (JsonObject *body, GString *words)
{
  JsonNode *node = json_object_get_member (body, "errors");
  guint n = 0;

  for (guint i = 0; node != NULL && JSON_NODE_HOLDS_ARRAY (node) && i < json_array_get_length (json_node_get_array (node)); i++)
    {
      JsonNode *item = json_array_get_element (json_node_get_array (node), i);
      JsonNode *context = JSON_NODE_HOLDS_OBJECT (item) ? json_object_get_member (json_node_get_object (item), "context") : NULL;
      JsonNode *scopes = context != NULL && JSON_NODE_HOLDS_OBJECT (context)
                           ? json_object_get_member (json_node_get_object (context), "requiredGranularScopes") : NULL;

      for (guint s = 0; scopes != NULL && JSON_NODE_HOLDS_ARRAY (scopes) && s < json_array_get_length (json_node_get_array (scopes)); s++)
        {
          JsonNode *scope = json_array_get_element (json_node_get_array (scopes), s);

          if (JSON_NODE_HOLDS_VALUE (scope) && json_node_get_value_type (scope) == G_TYPE_STRING)
            g_string_append_printf (words, "%s%s", n++ == 0 ? _("; missing scope: ") : ", ", json_node_get_string (scope));
        }
    }
}

static char *
explain (const BvHttpAnswer *answer, gpointer data)
{
  JsonObject *body = answer->json != NULL && JSON_NODE_HOLDS_OBJECT (answer->json) ? json_node_get_object (answer->json) : NULL;
  const char *message = bv_source_json_text (body, "message");
  const char *correlation = bv_source_json_text (body, "correlationId");
  GString *words;

  if (message == NULL)
    return NULL;
  words = g_string_new (message);
  while (words->len > 0 && words->str[words->len - 1] == '.')
    g_string_truncate (words, words->len - 1);
  append_scopes (body, words);
  if (correlation != NULL)
    g_string_append_printf (words, _("; correlation id %s"), correlation);
  return g_string_free (words, FALSE);
}

/* --- The connection ------------------------------------------------------------------------------------------------------------------- */

static gboolean
is_version (const char *version)
{
  if (strcmp (version, "v3") == 0)
    return TRUE;
  return strlen (version) == 7 && g_ascii_isdigit (version[0]) && g_ascii_isdigit (version[1]) && g_ascii_isdigit (version[2]) &&
         g_ascii_isdigit (version[3]) && version[4] == '-' && g_ascii_isdigit (version[5]) && g_ascii_isdigit (version[6]);
}

static gpointer
hubspot_open (BvSourceContext *context, GError **error)
{
  BvHubspot *self = g_new0 (BvHubspot, 1);
  BvHttpPolicy policy = {
    .vendor = "HubSpot", .limit_header = "X-HubSpot-RateLimit-Max", .remaining_header = "X-HubSpot-RateLimit-Remaining",
    .window_ms_header = "X-HubSpot-RateLimit-Interval-Milliseconds", .judge = judge, .explain = explain,
  };

  self->context = context;
  self->version = bv_source_context_get (context, "version");
  self->legacy = g_strcmp0 (self->version, "v3") == 0;
  self->token = bv_source_context_get (context, "token");
  self->base = bv_source_context_get (context, "url");
  if (!is_version (self->version))
    {
      g_set_error (error, BV_ERROR, BV_ERROR_INVALID, _("“%s” is no version of HubSpot's API: enter a date like 2026-09, or v3"), self->version);
      g_free (self);
      return NULL;
    }
  self->labels = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify) g_hash_table_unref);
  policy.rate = (double) MAX (bv_source_context_get_int (context, "rate"), 1) / 10;
  bv_http_set_policy (bv_source_context_get_http (context), &policy);
  bv_http_set_pace (bv_source_context_get_http (context), "search", 4);
  return self;
}

static void
hubspot_close (BvSourceContext *context, gpointer data)
{
  BvHubspot *self = data;

  if (self == NULL)
    return;
  g_hash_table_unref (self->labels);
  g_free (self);
}

static gboolean
hubspot_test (BvSourceContext *context, GPtrArray *lines, GError **error)
{
  BvHubspot *self = bv_source_context_get_data (context);
  g_autoptr (BvHttpRequest) request = bv_hubspot_request (self, "GET", BV_HUBSPOT_ACCOUNT, NULL, NULL);
  g_autoptr (GError) local = NULL;
  g_autoptr (JsonObject) account = bv_hubspot_send (self, request, &local);
  guint n_allowed = 0;

  if (account != NULL)
    {
      g_autofree char *portal = bv_hubspot_text (account, "portalId");
      const char *zone = bv_source_json_text (account, "timeZone");
      const char *currency = bv_source_json_text (account, "companyCurrency");

      /* Translators: account number, time zone, currency */
      g_ptr_array_add (lines, g_strdup_printf (_("Account %s, %s, %s"), portal != NULL ? portal : "?", zone != NULL ? zone : "?",
                                               currency != NULL ? currency : "?"));
    }
  else if (!g_error_matches (local, BV_HTTP_ERROR, BV_HTTP_ERROR_FORBIDDEN))
    {
      g_propagate_error (error, g_steal_pointer (&local));
      return FALSE;
    }
  for (guint i = 0; i < 4; i++)
    {
      const BvHubspotType *type = &bv_hubspot_types[i];
      g_autoptr (BvHttpRequest) look = bv_hubspot_request (self, "GET", BV_HUBSPOT_OBJECTS, type->type, NULL);
      g_autoptr (GError) problem = NULL;
      g_autoptr (JsonObject) page = NULL;

      bv_http_request_add_query (look, "limit", "1");
      page = bv_hubspot_send (self, look, &problem);
      if (page != NULL)
        {
          n_allowed++;
          g_ptr_array_add (lines, g_strdup_printf (_("%s can be read"), type->type));
        }
      else if (g_error_matches (problem, BV_HTTP_ERROR, BV_HTTP_ERROR_FORBIDDEN))
        g_ptr_array_add (lines, g_strdup_printf (_("%s cannot be read: give the key the scope %s"), type->type, type->scope));
      else
        {
          g_propagate_error (error, g_steal_pointer (&problem));
          return FALSE;
        }
    }
  if (n_allowed > 0)
    return TRUE;
  g_set_error (error, BV_HTTP_ERROR, BV_HTTP_ERROR_FORBIDDEN,
               _("The key is valid but may read nothing: give it scopes like crm.objects.contacts.read in HubSpot"));
  return FALSE;
}

const BvSourceKind bv_source_kind_hubspot = {
  .id = "hubspot",
  .name = "HubSpot",
  .summary = N_("Contacts, companies, deals and tickets of the CRM, with their associations"),
  .icon = "bv-source-symbolic",
  .category = N_("Applications"),
  .settings = settings,
  .open = hubspot_open,
  .close = hubspot_close,
  .test = hubspot_test,
  .discover = bv_hubspot_discover,
  .fetch = bv_hubspot_fetch,
};
