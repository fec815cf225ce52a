/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The connection to Intercom: settings, requests, errors in the vendor's words, the test of a connection.
 *
 * Limits: 10,000 requests a minute for an app, spread over windows of 10 s; X-RateLimit-* say how many are left and, in unix seconds, when
 * the window ends. A scroll that somebody else has open is answered with 400 scroll_exists: it is gone after a minute.
 */
#include "config.h"

#include "bv-intercom-private.h"
#include "bv-json-value.h"

#include <glib/gi18n-lib.h>
#include <inttypes.h>
#include <string.h>

#define RATE (10000.0 / 60)
#define SCROLL_WAIT (60 * BV_SECOND_US)

static const BvSettingChoice regions[] = {
  { "us", N_("United States") }, { "eu", N_("Europe") }, { "au", N_("Australia") }, { NULL }
};

static const struct { const char *region, *base; } bases[] = {
  { "us", "https://api.intercom.io" }, { "eu", "https://api.eu.intercom.io" }, { "au", "https://api.au.intercom.io" },
};

static const BvSetting settings[] = {
  { "token", N_("Access token"), N_("In Intercom’s Developer Hub, under Configure, Authentication"), BV_SETTING_SECRET, .required = TRUE },
  { "region", N_("Region"), N_("Where the workspace’s data is hosted"), BV_SETTING_CHOICE, regions, "us" },
  { "version", N_("API version"), NULL, BV_SETTING_TEXT, NULL, "2.16", .advanced = TRUE },
  { "base_url", N_("Address"), N_("Only for a proxy or a test server"), BV_SETTING_TEXT, .advanced = TRUE },
  { NULL }
};

/* --- Requests ------------------------------------------------------------------------------------------------------------------ */

static JsonObject *
first_error (const BvHttpAnswer *answer)
{
  JsonArray *errors;

  if (answer->json == NULL || !JSON_NODE_HOLDS_OBJECT (answer->json))
    return NULL;
  errors = bv_json_get_array (json_node_get_object (answer->json), "errors");
  if (errors == NULL || json_array_get_length (errors) == 0 || !JSON_NODE_HOLDS_OBJECT (json_array_get_element (errors, 0)))
    return NULL;
  return json_array_get_object_element (errors, 0);
}

static BvHttpVerdict
judge (const BvHttpAnswer *answer, gint64 *wait_us, gpointer data)
{
  BvIntercom *self = data;
  JsonObject *error = first_error (answer);
  const char *message = bv_json_get_text (error, "message");

  if (answer->status == 400 && g_strcmp0 (bv_json_get_text (error, "code"), "scroll_exists") == 0)
    {
      *wait_us = SCROLL_WAIT;
      return BV_HTTP_RETRY_AFTER;
    }
  /* To ask again for the same page of it is of no use. */
  if (answer->status == 500 && message != NULL && strstr (message, "restart the scroll") != NULL)
    {
      self->scroll_broke = TRUE;
      return BV_HTTP_STOP_FORBIDDEN;
    }
  return BV_HTTP_DEFAULT;
}

static char *
explain (const BvHttpAnswer *answer, gpointer data)
{
  JsonObject *error = first_error (answer);
  const char *message = bv_json_get_text (error, "message"), *code = bv_json_get_text (error, "code");
  const char *request = error != NULL ? bv_json_get_text (json_node_get_object (answer->json), "request_id") : NULL;

  if (message == NULL)
    message = code;
  if (message == NULL)
    return NULL;
  return request != NULL ? g_strdup_printf (_("%s (request %s)"), message, request) : g_strdup (message);
}

BvHttpRequest *
bv_intercom_request (BvIntercom *self, const char *method, const char *path)
{
  g_autofree char *url = g_strconcat (self->base, path, NULL);
  BvHttpRequest *request = bv_http_request_new (method, url);

  bv_http_request_set_bearer (request, self->token);
  bv_http_request_add_header (request, "Intercom-Version", self->version);
  return request;
}

JsonNode *
bv_intercom_send (BvSourceContext *context, BvHttpRequest *request, SoupMessageHeaders **headers, GError **error)
{
  g_autoptr (JsonNode) answer = bv_http_send_json (bv_source_context_get_http (context), request, bv_source_context_get_cancellable (context),
                                                   headers, error);

  if (answer == NULL)
    return NULL;
  if (!JSON_NODE_HOLDS_OBJECT (answer))
    {
      g_set_error_literal (error, BV_HTTP_ERROR, BV_HTTP_ERROR_MALFORMED,
                           _("Intercom’s answer is not the JSON object that was expected: check the address, and try again later"));
      return NULL;
    }
  return g_steal_pointer (&answer);
}

GHashTable *
bv_intercom_names (BvSourceContext *context, const char *what, GError **error)
{
  g_autoptr (GHashTable) names = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  g_autofree char *path = g_strconcat ("/", what, NULL);
  g_autoptr (BvHttpRequest) request = bv_intercom_request (bv_source_context_get_data (context), "GET", path);
  g_autoptr (GError) local = NULL;
  g_autoptr (JsonNode) answer = bv_intercom_send (context, request, NULL, &local);
  JsonArray *list = answer != NULL ? bv_json_get_array (json_node_get_object (answer), what) : NULL;

  if (answer == NULL && !g_error_matches (local, BV_HTTP_ERROR, BV_HTTP_ERROR_FORBIDDEN)
      && !g_error_matches (local, BV_HTTP_ERROR, BV_HTTP_ERROR_NOT_FOUND))
    {
      g_propagate_error (error, g_steal_pointer (&local));
      return NULL;
    }
  for (guint i = 0; list != NULL && i < json_array_get_length (list); i++)
    {
      JsonNode *node = json_array_get_element (list, i);
      JsonObject *record = JSON_NODE_HOLDS_OBJECT (node) ? json_node_get_object (node) : NULL;
      g_autofree char *id = bv_json_dup_id (record, "id");
      const char *name = bv_json_get_text (record, "name");

      if (id != NULL && name != NULL)
        g_hash_table_replace (names, g_steal_pointer (&id), g_strdup (name));
    }
  return g_steal_pointer (&names);
}

/* --- The kind ------------------------------------------------------------------------------------------------------------------ */

static void
intercom_close (BvSourceContext *context, gpointer data)
{
  BvIntercom *self = data;

  if (self == NULL)
    return;
  g_free (self->base);
  g_free (self->token);
  g_free (self->version);
  g_clear_pointer (&self->teams, g_hash_table_unref);
  g_clear_pointer (&self->admins, g_hash_table_unref);
  g_hash_table_unref (self->links);
  g_free (self);
}

static gpointer
intercom_open (BvSourceContext *context, GError **error)
{
  const char *base = bv_source_context_get (context, "base_url"), *token = bv_source_context_get (context, "token");
  const char *region = bv_source_context_get (context, "region"), *version = bv_source_context_get (context, "version");
  BvHttpPolicy policy = { .vendor = "Intercom", .rate = RATE, .limit_header = "X-RateLimit-Limit", .remaining_header = "X-RateLimit-Remaining",
                          .reset_header = "X-RateLimit-Reset", .judge = judge, .explain = explain };
  BvIntercom *self;

  if (token == NULL || *token == '\0')
    {
      g_set_error_literal (error, BV_HTTP_ERROR, BV_HTTP_ERROR_UNAUTHORIZED,
                           _("There is no access token for Intercom: enter the one of an app in Intercom’s Developer Hub"));
      return NULL;
    }
  for (guint i = 0; (base == NULL || *base == '\0') && i < G_N_ELEMENTS (bases); i++)
    if (g_strcmp0 (bases[i].region, region) == 0)
      base = bases[i].base;
  if (base == NULL || *base == '\0')
    {
      g_set_error (error, BV_ERROR, BV_ERROR_INVALID, _("Intercom has no region “%s”: choose us, eu or au"), region);
      return NULL;
    }
  self = g_new0 (BvIntercom, 1);
  self->base = g_strdup (base);
  if (g_str_has_suffix (self->base, "/"))
    self->base[strlen (self->base) - 1] = '\0';
  self->token = g_strstrip (g_strdup (token));
  self->version = g_strdup (version);
  self->links = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify) g_hash_table_unref);
  policy.data = self;
  bv_http_set_policy (bv_source_context_get_http (context), &policy);
  return self;
}

/* One record of each kind: is it allowed, and how many are there? */
static gboolean
test_streams (BvSourceContext *context, GPtrArray *lines, GError **error)
{
  g_autoptr (GString) missing = g_string_new (NULL);
  const BvIntercomStream *streams;
  guint n;

  streams = bv_intercom_stream_list (&n);
  for (guint i = 0; i < n; i++)
    {
      const BvIntercomStream *stream = &streams[i];
      gboolean search = stream->way == BV_INTERCOM_SEARCH;
      /* A scroll would keep others out for a minute. */
      const char *path = stream->way == BV_INTERCOM_SCROLL ? "/companies" : stream->path;
      g_autoptr (BvHttpRequest) request = NULL;
      g_autoptr (GError) local = NULL;
      g_autoptr (JsonNode) answer = NULL;
      gint64 total;

      if (!(stream->flags & BV_STREAM_DEFAULT))
        continue;
      request = bv_intercom_request (bv_source_context_get_data (context), search ? "POST" : "GET", path);
      if (search)
        bv_http_request_take_json (request, json_from_string ("{\"query\":{\"field\":\"created_at\",\"operator\":\">\",\"value\":1},"
                                                              "\"pagination\":{\"per_page\":1}}", NULL));
      else if (stream->way == BV_INTERCOM_SCROLL)
        bv_http_request_add_query (request, "per_page", "1");
      answer = bv_intercom_send (context, request, NULL, &local);
      if (g_error_matches (local, BV_HTTP_ERROR, BV_HTTP_ERROR_FORBIDDEN))
        g_string_append_printf (missing, "%s%s", missing->len > 0 ? ", " : "", _(stream->label));
      else if (g_error_matches (local, BV_HTTP_ERROR, BV_HTTP_ERROR_NOT_FOUND))
        continue;
      else if (answer == NULL)
        {
          g_propagate_error (error, g_steal_pointer (&local));
          return FALSE;
        }
      else if ((total = bv_json_get_int (json_node_get_object (answer), "total_count", -1)) >= 0)
        g_ptr_array_add (lines, g_strdup_printf (_("%s: %" PRId64), _(stream->label), total));
    }
  if (missing->len == 0)
    return TRUE;
  g_set_error (error, BV_HTTP_ERROR, BV_HTTP_ERROR_FORBIDDEN,
               _("The access token may not read: %s. Add these permissions to the app in Intercom’s Developer Hub, or leave the streams out"), missing->str);
  return FALSE;
}

static gboolean
intercom_test (BvSourceContext *context, GPtrArray *lines, GError **error)
{
  g_autoptr (BvHttpRequest) request = bv_intercom_request (bv_source_context_get_data (context), "GET", "/me");
  g_autoptr (GError) local = NULL;
  g_autoptr (JsonNode) answer = bv_intercom_send (context, request, NULL, &local);
  const char *name, *zone, *region, *chosen = bv_source_context_get (context, "region");
  g_autofree char *lower = NULL;
  JsonObject *me;

  if (g_error_matches (local, BV_HTTP_ERROR, BV_HTTP_ERROR_UNAUTHORIZED))
    {
      g_set_error (error, BV_HTTP_ERROR, BV_HTTP_ERROR_UNAUTHORIZED,
                   _("Intercom does not accept the access token in the region “%s”: check the token, and that the region is the workspace’s"), chosen);
      return FALSE;
    }
  if (answer == NULL)
    {
      g_propagate_error (error, g_steal_pointer (&local));
      return FALSE;
    }
  me = json_node_get_object (answer);
  name = bv_json_get_text (me, "app.name");
  zone = bv_json_get_text (me, "app.timezone");
  region = bv_json_get_text (me, "app.region");
  g_ptr_array_add (lines, g_strdup_printf (_("Workspace %s, %s"), name != NULL ? name : bv_json_get_text (me, "app.id_code"), zone != NULL ? zone : "UTC"));
  lower = region != NULL ? g_ascii_strdown (region, -1) : NULL;
  if (lower != NULL && (strcmp (lower, "us") == 0 || strcmp (lower, "eu") == 0 || strcmp (lower, "au") == 0) && g_strcmp0 (lower, chosen) != 0)
    {
      g_set_error (error, BV_ERROR, BV_ERROR_INVALID, _("The workspace is in the region “%s”, not “%s”: choose its region"), lower, chosen);
      return FALSE;
    }
  return test_streams (context, lines, error);
}

const BvSourceKind bv_source_kind_intercom = {
  .id = "intercom",
  .name = "Intercom",
  .summary = N_("Contacts, companies, conversations and tickets of a workspace"),
  .icon = "mail-unread-symbolic",
  .category = N_("Applications"),
  .settings = settings,
  .open = intercom_open,
  .close = intercom_close,
  .test = intercom_test,
  .discover = bv_intercom_discover,
  .fetch = bv_intercom_fetch,
};
