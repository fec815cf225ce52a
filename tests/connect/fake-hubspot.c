/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fake-hubspot.h"

#include "bv-time.h"

#include <inttypes.h>
#include <string.h>

static const char *const stage_options[] = { "closedwon", "Closed won", "open", "Open", NULL };
static const char *const lifecycle_options[] = { "lead", "Lead", "customer", "Customer", NULL };

/* --- Answers ------------------------------------------------------------------------------------------------------------------------ */

static void
fail (FakeReply *reply, guint status, const char *category, const char *message)
{
  g_autofree char *text = g_strdup_printf ("{\"status\":\"error\",\"message\":\"%s\",\"correlationId\":\"aeb5f871-7f07-4993-9211-075dc63e7cbf\","
                                           "\"category\":\"%s\"}", message, category);

  fake_reply_text (reply, status, text);
}

static void
add_time (JsonBuilder *b, const char *name, gint64 us)
{
  char buf[BV_TIME_TEXT_MAX];
  g_autofree char *text = g_strdup (bv_timestamp_to_text (us - us % 1000, buf));
  g_autofree char *iso = NULL;

  text[10] = 'T';
  iso = strchr (text, '.') != NULL ? g_strconcat (text, "Z", NULL) : g_strconcat (text, ".000Z", NULL);
  json_builder_set_member_name (b, name);
  json_builder_add_string_value (b, iso);
}

/* Newest first. */
static void
add_history (JsonBuilder *b, const FakeRecord *record, const char *property, guint cap)
{
  guint length = record->history != NULL ? record->history->len : 0;

  json_builder_set_member_name (b, "propertiesWithHistory");
  json_builder_begin_object (b);
  json_builder_set_member_name (b, property);
  json_builder_begin_array (b);
  for (guint i = length; i > (cap > 0 && length > cap ? length - cap : 0); i--)
    {
      const FakeChange *change = &g_array_index (record->history, FakeChange, i - 1);

      json_builder_begin_object (b);
      json_builder_set_member_name (b, "value");
      json_builder_add_string_value (b, change->value != NULL ? change->value : "");
      add_time (b, "timestamp", change->at);
      json_builder_set_member_name (b, "sourceType");
      json_builder_add_string_value (b, "CRM_UI");
      json_builder_set_member_name (b, "updatedByUserId");
      json_builder_add_int_value (b, 77);
      json_builder_end_object (b);
    }
  json_builder_end_array (b);
  json_builder_end_object (b);
}

/* @history: (nullable): the property whose history is asked for. */
static void
add_record (FakeHubspot *self, JsonBuilder *b, FakeType *type, FakeRecord *record, char **properties, const char *history)
{
  const char *modified = strcmp (type->name, "contacts") == 0 ? "lastmodifieddate" : "hs_lastmodifieddate";
  g_autofree char *id = g_strdup_printf ("%" PRId64, record->id);

  json_builder_begin_object (b);
  json_builder_set_member_name (b, "id");
  json_builder_add_string_value (b, id);
  json_builder_set_member_name (b, "properties");
  json_builder_begin_object (b);
  json_builder_set_member_name (b, "hs_object_id");
  json_builder_add_string_value (b, id);
  for (guint i = 0; properties != NULL && properties[i] != NULL; i++)
    {
      int at = fake_type_property_index (type, properties[i]);

      if (strcmp (properties[i], modified) == 0)
        add_time (b, modified, record->modified);
      else if (strcmp (properties[i], "createdate") == 0)
        add_time (b, "createdate", record->created);
      else if (at >= 0 && !((FakeProperty *) type->properties->pdata[at])->archived)
        {
          json_builder_set_member_name (b, properties[i]);
          if (*record->values[at] != '\0')
            json_builder_add_string_value (b, record->values[at]);
          else
            json_builder_add_null_value (b);
        }
    }
  json_builder_end_object (b);
  add_time (b, "createdAt", record->created);
  add_time (b, "updatedAt", record->modified);
  json_builder_set_member_name (b, "archived");
  json_builder_add_boolean_value (b, record->archived_at != 0);
  if (record->archived_at != 0)
    add_time (b, "archivedAt", record->archived_at);
  if (history != NULL)
    add_history (b, record, history, self->history_cap);
  json_builder_end_object (b);
}

static void
finish (JsonBuilder *b, FakeReply *reply, guint status)
{
  fake_reply_json (reply, status, json_builder_get_root (b));
  g_object_unref (b);
}

static void
add_after (JsonBuilder *b, const char *after)
{
  json_builder_set_member_name (b, "paging");
  json_builder_begin_object (b);
  json_builder_set_member_name (b, "next");
  json_builder_begin_object (b);
  json_builder_set_member_name (b, "after");
  json_builder_add_string_value (b, after);
  json_builder_end_object (b);
  json_builder_end_object (b);
}

static JsonBuilder *
begin_results (void)
{
  JsonBuilder *b = json_builder_new ();

  json_builder_begin_object (b);
  json_builder_set_member_name (b, "results");
  json_builder_begin_array (b);
  return b;
}

static void
answer_list (FakeHubspot *self, FakeType *type, const FakeRequest *request, FakeReply *reply)
{
  const char *after = fake_request_query (request, "after");
  const char *limit_text = fake_request_query (request, "limit");
  const char *names = fake_request_query (request, "properties");
  const char *history = fake_request_query (request, "propertiesWithHistory");
  gboolean archived = g_strcmp0 (fake_request_query (request, "archived"), "true") == 0;
  guint limit = limit_text != NULL ? (guint) atoi (limit_text) : 10;
  g_auto (GStrv) properties = names != NULL ? g_strsplit (names, ",", -1) : NULL;
  JsonBuilder *b;
  gint64 last = 0;
  guint n = 0, i;

  if (limit < 1 || limit > (history != NULL ? 50 : 100) || (history != NULL && g_strcmp0 (history, fake_hubspot_stage (type->name)) != 0))
    {
      fail (reply, 400, "VALIDATION_ERROR", "limit must be from 1 to 100, or 50 with the history of the stage");
      return;
    }
  b = begin_results ();
  for (i = fake_type_upper_bound (type, after != NULL ? g_ascii_strtoll (after, NULL, 10) : 0); i < type->records->len && n < limit; i++)
    {
      FakeRecord *record = type->records->pdata[i];

      if (record->purged || record->merged_into != 0 || (record->archived_at != 0) != archived)
        continue;
      add_record (self, b, type, record, properties, history);
      last = record->id;
      n++;
    }
  json_builder_end_array (b);
  if (n == limit)
    {
      g_autofree char *next = g_strdup_printf ("%" PRId64, last);

      add_after (b, next);
    }
  json_builder_end_object (b);
  finish (b, reply, 200);
}

static gboolean
matches (FakeHubspot *self, FakeType *type, FakeRecord *record, JsonArray *filters)
{
  if (!fake_record_is_alive (record) || record->modified > fake_hubspot_now (self) - self->lag_us)
    return FALSE;
  for (guint i = 0; i < json_array_get_length (filters); i++)
    {
      JsonObject *filter = json_array_get_object_element (filters, i);
      const char *name = json_object_get_string_member (filter, "propertyName");
      const char *operator = json_object_get_string_member (filter, "operator");
      gint64 value = g_ascii_strtoll (json_object_get_string_member (filter, "value"), NULL, 10);
      gint64 have = strcmp (name, "hs_object_id") == 0 ? record->id : record->modified / 1000;
      gboolean ok = strcmp (operator, "GTE") == 0 ? have >= value : strcmp (operator, "LTE") == 0 ? have <= value
                    : strcmp (operator, "GT") == 0 ? have > value : strcmp (operator, "LT") == 0 ? have < value : FALSE;

      if (!ok)
        return FALSE;
    }
  return TRUE;
}

static char **
read_names (JsonObject *body)
{
  JsonArray *array = json_object_has_member (body, "properties") ? json_object_get_array_member (body, "properties") : NULL;
  GPtrArray *names = g_ptr_array_new ();

  for (guint i = 0; array != NULL && i < json_array_get_length (array); i++)
    g_ptr_array_add (names, g_strdup (json_array_get_string_element (array, i)));
  g_ptr_array_add (names, NULL);
  return (char **) g_ptr_array_free (names, FALSE);
}

/* Ordered by id always; the cap of 10,000 counts from the start of the result. */
static void
answer_search (FakeHubspot *self, FakeType *type, const FakeRequest *request, FakeReply *reply)
{
  JsonObject *body = request->json != NULL ? json_node_get_object (request->json) : NULL;
  JsonArray *groups = body != NULL ? json_object_get_array_member (body, "filterGroups") : NULL;
  JsonArray *filters = groups != NULL ? json_object_get_array_member (json_array_get_object_element (groups, 0), "filters") : NULL;
  gint64 limit = body != NULL ? json_object_get_int_member_with_default (body, "limit", 10) : 0;
  const char *after = body != NULL ? json_object_get_string_member_with_default (body, "after", "0") : "0";
  gint64 offset = g_ascii_strtoll (after, NULL, 10);
  g_auto (GStrv) properties = NULL;
  JsonBuilder *b;
  gint64 total = 0, n = 0;

  if (filters == NULL || limit < 1 || limit > 200 || json_array_get_length (filters) > 6)
    {
      fail (reply, 400, "VALIDATION_ERROR", "invalid search");
      return;
    }
  if (offset + limit > self->search_cap)
    {
      fail (reply, 400, "VALIDATION_ERROR", "paging beyond the cap is not possible");
      return;
    }
  properties = read_names (body);
  b = begin_results ();
  for (guint i = 0; i < type->records->len; i++)
    {
      FakeRecord *record = type->records->pdata[i];

      if (!matches (self, type, record, filters))
        continue;
      if (total >= offset && n < limit)
        {
          add_record (self, b, type, record, properties, NULL);
          n++;
        }
      total++;
    }
  json_builder_end_array (b);
  json_builder_set_member_name (b, "total");
  json_builder_add_int_value (b, total);
  if (offset + n < total)
    {
      g_autofree char *next = g_strdup_printf ("%" PRId64, offset + n);

      add_after (b, next);
    }
  json_builder_end_object (b);
  finish (b, reply, 200);
}

static void
answer_batch (FakeHubspot *self, FakeType *type, const FakeRequest *request, FakeReply *reply)
{
  JsonObject *body = request->json != NULL ? json_node_get_object (request->json) : NULL;
  JsonArray *inputs = body != NULL ? json_object_get_array_member (body, "inputs") : NULL;
  JsonArray *histories = body != NULL && json_object_has_member (body, "propertiesWithHistory")
                           ? json_object_get_array_member (body, "propertiesWithHistory") : NULL;
  g_auto (GStrv) properties = NULL;
  JsonBuilder *b;

  if (inputs == NULL || json_array_get_length (inputs) < 1 || json_array_get_length (inputs) > (histories != NULL ? 50 : 100))
    {
      fail (reply, 400, "VALIDATION_ERROR", "1 to 100 inputs, or 50 with histories");
      return;
    }
  properties = read_names (body);
  b = begin_results ();
  for (guint i = 0; i < json_array_get_length (inputs); i++)
    {
      const char *id = json_object_get_string_member (json_array_get_object_element (inputs, i), "id");
      FakeRecord *record = fake_hubspot_find (self, type->name, g_ascii_strtoll (id, NULL, 10));

      if (record != NULL && fake_record_is_alive (record))
        add_record (self, b, type, record, properties, histories != NULL ? json_array_get_string_element (histories, 0) : NULL);
    }
  json_builder_end_array (b);
  json_builder_set_member_name (b, "status");
  json_builder_add_string_value (b, "COMPLETE");
  json_builder_end_object (b);
  finish (b, reply, 200);
}

static int
compare_texts (gconstpointer a, gconstpointer b)
{
  return strcmp (a, b);
}

static void
answer_links (FakeHubspot *self, const char *from, const char *to, const FakeRequest *request, FakeReply *reply)
{
  JsonObject *body = request->json != NULL ? json_node_get_object (request->json) : NULL;
  JsonArray *inputs = body != NULL ? json_object_get_array_member (body, "inputs") : NULL;
  JsonBuilder *b;

  if (inputs == NULL || json_array_get_length (inputs) < 1 || json_array_get_length (inputs) > 1000)
    {
      fail (reply, 400, "VALIDATION_ERROR", "1 to 1000 inputs");
      return;
    }
  b = begin_results ();
  for (guint i = 0; i < json_array_get_length (inputs); i++)
    {
      JsonObject *input = json_array_get_object_element (inputs, i);
      const char *id = json_object_get_string_member (input, "id");
      guint offset = (guint) atoi (json_object_get_string_member_with_default (input, "after", "0"));
      FakeRecord *record = fake_hubspot_find (self, from, g_ascii_strtoll (id, NULL, 10));
      GHashTable *set = record != NULL && fake_record_is_alive (record) ? fake_hubspot_links (self, from, record->id, to, FALSE) : NULL;
      g_autoptr (GList) pairs = set != NULL ? g_list_sort (g_hash_table_get_keys (set), compare_texts) : NULL;
      guint n = 0, shown = 0;

      if (pairs == NULL)
        continue;
      json_builder_begin_object (b);
      json_builder_set_member_name (b, "from");
      json_builder_begin_object (b);
      json_builder_set_member_name (b, "id");
      json_builder_add_string_value (b, id);
      json_builder_end_object (b);
      json_builder_set_member_name (b, "to");
      json_builder_begin_array (b);
      for (GList *l = pairs; l != NULL; l = l->next, n++)
        {
          const char *label = strchr (l->data, '\x1f') + 1;
          gint64 other = g_ascii_strtoll (l->data, NULL, 10);
          FakeRecord *target = fake_hubspot_find (self, to, other);

          if (n < offset || (self->link_page != 0 && shown >= self->link_page) || target == NULL || !fake_record_is_alive (target))
            continue;
          shown++;
          json_builder_begin_object (b);
          json_builder_set_member_name (b, "toObjectId");
          json_builder_add_int_value (b, other);
          json_builder_set_member_name (b, "associationTypes");
          json_builder_begin_array (b);
          for (int labelled = 0; labelled < (*label != '\0' ? 2 : 1); labelled++)
            {
              json_builder_begin_object (b);
              json_builder_set_member_name (b, "category");
              json_builder_add_string_value (b, "HUBSPOT_DEFINED");
              json_builder_set_member_name (b, "typeId");
              json_builder_add_int_value (b, 3 + labelled);
              json_builder_set_member_name (b, "label");
              if (labelled)
                json_builder_add_string_value (b, label);
              else
                json_builder_add_null_value (b);
              json_builder_end_object (b);
            }
          json_builder_end_array (b);
          json_builder_end_object (b);
        }
      json_builder_end_array (b);
      if (self->link_page != 0 && offset + self->link_page < n)
        {
          g_autofree char *next = g_strdup_printf ("%u", offset + self->link_page);

          add_after (b, next);
        }
      json_builder_end_object (b);
    }
  json_builder_end_array (b);
  json_builder_set_member_name (b, "status");
  json_builder_add_string_value (b, "COMPLETE");
  json_builder_end_object (b);
  finish (b, reply, 200);
}

static void
answer_owners (FakeHubspot *self, const FakeRequest *request, FakeReply *reply)
{
  gboolean archived = g_strcmp0 (fake_request_query (request, "archived"), "true") == 0;
  guint n = archived ? self->n_archived_owners : self->n_owners;
  JsonBuilder *b = begin_results ();

  for (guint i = 0; i < n; i++)
    {
      g_autofree char *id = g_strdup_printf ("%u", (archived ? 900 : 700) + i);
      g_autofree char *first = g_strdup_printf ("First%u", i);

      json_builder_begin_object (b);
      json_builder_set_member_name (b, "id");
      json_builder_add_string_value (b, id);
      json_builder_set_member_name (b, "firstName");
      json_builder_add_string_value (b, first);
      json_builder_set_member_name (b, "lastName");
      json_builder_add_string_value (b, "Last");
      add_time (b, "createdAt", 1700000000000000);
      add_time (b, "updatedAt", 1700000000000000);
      json_builder_set_member_name (b, "archived");
      json_builder_add_boolean_value (b, archived);
      json_builder_end_object (b);
    }
  json_builder_end_array (b);
  json_builder_end_object (b);
  finish (b, reply, 200);
}

static void
answer_properties (FakeHubspot *self, FakeType *type, FakeReply *reply)
{
  JsonBuilder *b = begin_results ();

  for (guint i = 0; i < type->properties->len; i++)
    {
      FakeProperty *property = type->properties->pdata[i];

      if (property->archived)
        continue;
      json_builder_begin_object (b);
      json_builder_set_member_name (b, "name");
      json_builder_add_string_value (b, property->name);
      json_builder_set_member_name (b, "label");
      json_builder_add_string_value (b, property->label);
      json_builder_set_member_name (b, "type");
      json_builder_add_string_value (b, property->type);
      json_builder_set_member_name (b, "fieldType");
      json_builder_add_string_value (b, "text");
      json_builder_set_member_name (b, "hubspotDefined");
      json_builder_add_boolean_value (b, !property->own);
      if (property->options != NULL)
        {
          json_builder_set_member_name (b, "options");
          json_builder_begin_array (b);
          for (guint o = 0; property->options[o] != NULL; o += 2)
            {
              json_builder_begin_object (b);
              json_builder_set_member_name (b, "value");
              json_builder_add_string_value (b, property->options[o]);
              json_builder_set_member_name (b, "label");
              json_builder_add_string_value (b, property->options[o + 1]);
              json_builder_end_object (b);
            }
          json_builder_end_array (b);
        }
      json_builder_end_object (b);
    }
  json_builder_end_array (b);
  json_builder_end_object (b);
  finish (b, reply, 200);
}

#define DEAL_PIPELINES "{\"results\":[{\"id\":\"default\",\"label\":\"Sales\",\"displayOrder\":0,\"archived\":false,\"stages\":[" \
  "{\"id\":\"closedwon\",\"label\":\"Closed won\",\"displayOrder\":1,\"archived\":false,\"metadata\":{\"probability\":\"1.0\",\"isClosed\":\"true\"}}," \
  "{\"id\":\"open\",\"label\":\"Open\",\"displayOrder\":0,\"archived\":false,\"metadata\":{\"probability\":\"0.2\",\"isClosed\":\"false\"}}]}]}"
#define TICKET_PIPELINES "{\"results\":[{\"id\":\"0\",\"label\":\"Support\",\"displayOrder\":0,\"archived\":false,\"stages\":[" \
  "{\"id\":\"1\",\"label\":\"New\",\"displayOrder\":0,\"archived\":false,\"metadata\":{\"ticketState\":\"OPEN\"}}]}]}"

/* Whether @path is "/a/{}/b" with the version taken out; the parts in braces go to @parts. */
static gboolean
is_path (const char *path, const char *pattern, char *parts[2])
{
  g_auto (GStrv) have = g_strsplit (path, "/", -1);
  g_auto (GStrv) want = g_strsplit (pattern, "/", -1);
  guint n = 0;

  if (g_strv_length (have) != g_strv_length (want))
    return FALSE;
  for (guint i = 0; want[i] != NULL; i++)
    if (strcmp (want[i], "{}") == 0 ? *have[i] == '\0' : strcmp (want[i], have[i]) != 0)
      return FALSE;
  for (guint i = 0; want[i] != NULL; i++)
    if (strcmp (want[i], "{}") == 0)
      {
        g_free (parts[n]);
        parts[n++] = g_strdup (have[i]);
      }
  return TRUE;
}

static gboolean
is_either (const char *path, const char *dated, const char *legacy, char *parts[2])
{
  return is_path (path, dated, parts) || is_path (path, legacy, parts);
}

static void
route (FakeHubspot *self, const FakeRequest *request, FakeReply *reply, char *parts[2])
{
  const char *path = request->path;
  gboolean post = strcmp (request->method, "POST") == 0;
  FakeType *type;

  if (is_either (path, "/account-info/2026-09/details", "/account-info/v3/details", parts))
    fake_reply_text (reply, 200, "{\"portalId\":12345,\"timeZone\":\"Europe/Paris\",\"companyCurrency\":\"EUR\"}");
  else if (is_either (path, "/crm/owners/2026-09", "/crm/v3/owners", parts))
    answer_owners (self, request, reply);
  else if (is_either (path, "/crm-object-schemas/2026-09/schemas", "/crm/v3/schemas", parts))
    fake_reply_text (reply, 200, "{\"results\":[]}");
  else if (is_either (path, "/crm/pipelines/2026-09/{}", "/crm/v3/pipelines/{}", parts))
    fake_reply_text (reply, 200, strcmp (parts[0], "deals") == 0 ? DEAL_PIPELINES : TICKET_PIPELINES);
  else if (is_either (path, "/crm/associations/2026-09/{}/{}/batch/read", "/crm/v4/associations/{}/{}/batch/read", parts) && post)
    answer_links (self, parts[0], parts[1], request, reply);
  else if (is_either (path, "/crm/properties/2026-09/{}", "/crm/v3/properties/{}", parts) ||
           is_either (path, "/crm/objects/2026-09/{}", "/crm/v3/objects/{}", parts) ||
           is_either (path, "/crm/objects/2026-09/{}/search", "/crm/v3/objects/{}/search", parts) ||
           is_either (path, "/crm/objects/2026-09/{}/batch/read", "/crm/v3/objects/{}/batch/read", parts))
    {
      type = fake_hubspot_type (self, parts[0]);
      if (type == NULL)
        fail (reply, 404, "OBJECT_NOT_FOUND", "no such type");
      else if (g_hash_table_contains (self->forbidden, parts[0]))
        {
          g_autofree char *text = g_strdup_printf ("{\"status\":\"error\",\"message\":\"This app has not been granted all required scopes.\","
                                                   "\"correlationId\":\"c-403\",\"category\":\"MISSING_SCOPES\",\"errors\":[{\"message\":\"m\",\"context\":{"
                                                   "\"requiredGranularScopes\":[\"crm.objects.%s.read\"]}}]}", parts[0]);

          fake_reply_text (reply, 403, text);
        }
      else if (strstr (path, "/properties/") != NULL)
        answer_properties (self, type, reply);
      else if (post && g_str_has_suffix (path, "/search"))
        answer_search (self, type, request, reply);
      else if (post)
        answer_batch (self, type, request, reply);
      else
        answer_list (self, type, request, reply);
    }
  else
    fail (reply, 404, "NOT_FOUND", "no such path");
}

static void
handle (FakeServer *server, const FakeRequest *request, FakeReply *reply, gpointer data)
{
  FakeHubspot *self = data;
  const char *authorization = soup_message_headers_get_one (request->headers, "Authorization");
  g_autoptr (GDateTime) now = g_date_time_new_from_unix_utc (fake_hubspot_now (self) / G_USEC_PER_SEC);
  g_autofree char *date = soup_date_time_to_string (now, SOUP_DATE_HTTP);
  char *parts[2] = { NULL, NULL };
  gsize length = 0;
  GHashTableIter iter;
  gpointer name, value;

  soup_message_headers_replace (reply->headers, "Date", date);
  soup_message_headers_replace (reply->headers, "X-HubSpot-RateLimit-Max", "190");
  soup_message_headers_replace (reply->headers, "X-HubSpot-RateLimit-Remaining", "180");
  soup_message_headers_replace (reply->headers, "X-HubSpot-RateLimit-Interval-Milliseconds", "10000");
  if (self->on_request != NULL)
    self->on_request (self, request, self->on_request_data);
  if (request->query != NULL)
    {
      g_hash_table_iter_init (&iter, request->query);
      while (g_hash_table_iter_next (&iter, &name, &value))
        length += strlen (name) + strlen (value) + 2;
    }
  if (g_strcmp0 (authorization, "Bearer " FAKE_TOKEN) != 0)
    fail (reply, 401, "INVALID_AUTHENTICATION", "Authentication credentials not found or not valid.");
  else if (length > 16000)
    fail (reply, 414, "VALIDATION_ERROR", "URI too long");
  else
    route (self, request, reply, parts);
  g_free (parts[0]);
  g_free (parts[1]);
}

FakeHubspot *
fake_hubspot_new (FakeClock *clock)
{
  static const struct { const char *type, *names; } properties[] = {
    { "companies", "name:string domain:string hs_lastmodifieddate:datetime createdate:datetime hs_merged_object_ids:string annualrevenue:number" },
    { "contacts", "email:string firstname:string lastname:string lifecyclestage:enumeration lastmodifieddate:datetime createdate:datetime"
                  " hs_merged_object_ids:string associatedcompanyid:number" },
    { "deals", "dealname:string dealstage:enumeration amount:number closedate:datetime hs_is_closed_won:bool hs_lastmodifieddate:datetime"
               " createdate:datetime hs_merged_object_ids:string hubspot_owner_id:enumeration" },
    { "tickets", "subject:string hs_pipeline_stage:enumeration hs_lastmodifieddate:datetime createdate:datetime hs_merged_object_ids:string" },
  };
  FakeHubspot *self = g_new0 (FakeHubspot, 1);

  self->clock = clock;
  self->next_id = 101;
  self->search_cap = 10000;
  self->n_owners = 3;
  self->n_archived_owners = 1;
  self->types = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, fake_type_free);
  self->links = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify) g_hash_table_unref);
  self->forbidden = g_hash_table_new (g_str_hash, g_str_equal);
  for (guint i = 0; i < G_N_ELEMENTS (properties); i++)
    {
      g_auto (GStrv) names = g_strsplit (properties[i].names, " ", -1);

      fake_hubspot_add_type (self, properties[i].type);
      for (guint n = 0; names[n] != NULL; n++)
        {
          g_auto (GStrv) pair = g_strsplit (names[n], ":", 2);

          fake_hubspot_add_property (self, properties[i].type, pair[0], pair[1], FALSE);
        }
    }
  fake_hubspot_property (self, "deals", "dealstage")->options = stage_options;
  fake_hubspot_property (self, "contacts", "lifecyclestage")->options = lifecycle_options;
  self->server = fake_server_new (handle, self);
  return self;
}

void
fake_hubspot_free (FakeHubspot *self)
{
  fake_server_free (self->server);
  g_hash_table_unref (self->types);
  g_hash_table_unref (self->links);
  g_hash_table_unref (self->forbidden);
  g_free (self);
}
