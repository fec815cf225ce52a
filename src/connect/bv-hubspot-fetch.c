/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One page of a HubSpot stream.
 *
 * FIRST lists all records by ascending id, 100 a page, with the chosen properties in the address; where the address would grow too long
 * for the server, it lists ids and reads the properties in a batch.
 *
 * UPDATE searches for what was modified in the window (cursor − 10 minutes … start of the pass), ordered by id, each page from the last id
 * on. Ordered by time it would stop at 10,000 records of one instant; by id and from the last id it meets no limit at all. The ten minutes
 * are for the search index, which lags. The window's end is by HubSpot's clock, and becomes the cursor with the last page.
 *
 * DELETED goes through the list of archived records, which is by id and knows no time: of a long one each sync reads a part, and the next one goes on
 * there; the sweep finds the others within a day. SWEEP lists the ids and times of modification of all records, and reads again
 * what is missing here or older: also what the index forgot.
 *
 * Values are texts. One that is not of its property's type goes on as text; the engine keeps it beside.
 */
#include "config.h"

#include "bv-hubspot-private.h"
#include "bv-json-value.h"
#include "bv-source-private.h"
#include "bv-time.h"

#include <glib/gi18n-lib.h>
#include <inttypes.h>
#include <string.h>

#define LOOK_BACK_US (10 * 60 * G_USEC_PER_SEC)
#define PAGE "100"
#define SEARCH_PAGE 200
/* Pages of archived records that one sync reads. */
#define ARCHIVED_PAGES 20
/* The server refuses addresses near 16 kB. */
#define MAX_URL 12000

/* --- Values ----------------------------------------------------------------------------------------------------------------------- */

static BvValue
borrow (const char *text)
{
  BvValue value = BV_VALUE_NULL;

  value.type = BV_TYPE_TEXT;
  value.s = (char *) text;
  return value;
}

gboolean
bv_hubspot_read_time (const char *text, gint64 *us)
{
  gint64 number, days;

  if (bv_timestamp_parse (text, -1, us, NULL))
    return TRUE;
  if (bv_date_parse (text, -1, &days))
    {
      *us = days * BV_DAY_US;
      return TRUE;
    }
  if (!g_ascii_string_to_signed (text, 10, -G_GINT64_CONSTANT (62135596800000), G_GINT64_CONSTANT (253402300799999), &number, NULL))
    return FALSE;
  *us = number * 1000;
  return TRUE;
}

/* A borrowed view: texts point into @text. */
BvValue
bv_hubspot_read_value (const char *text, BvType type)
{
  gint64 us;
  BvValue value;

  if (text == NULL || *text == '\0')
    return BV_VALUE_NULL;
  switch (type)
    {
    case BV_TYPE_TIMESTAMP:
      return bv_hubspot_read_time (text, &us) ? bv_value_timestamp (us) : borrow (text);
    case BV_TYPE_DATE:
      if (bv_date_parse (text, -1, &us))
        return bv_value_date (us);
      return bv_hubspot_read_time (text, &us) ? bv_value_date (bv_floor_div (us, BV_DAY_US)) : borrow (text);
    case BV_TYPE_BOOL:
      if (g_ascii_strcasecmp (text, "true") == 0 || strcmp (text, "1") == 0)
        return bv_value_bool (TRUE);
      return g_ascii_strcasecmp (text, "false") == 0 || strcmp (text, "0") == 0 ? bv_value_bool (FALSE) : borrow (text);
    case BV_TYPE_INT:
    case BV_TYPE_DOUBLE:
      if (bv_value_from_plain (text, type, &value))
        return value;
      /* A whole number written as "12.0" */
      if (type == BV_TYPE_INT && bv_value_from_plain (text, BV_TYPE_DOUBLE, &value) && value.d >= -9e15 && value.d <= 9e15 &&
          value.d <= (double) (gint64) value.d && value.d >= (double) (gint64) value.d)
        return bv_value_int ((gint64) value.d);
      return borrow (text);
    case BV_TYPE_TEXT:
    case BV_TYPE_NULL:
    default:
      return borrow (text);
    }
}

char *
bv_hubspot_label (GHashTable *labels, const char *value)
{
  g_auto (GStrv) parts = NULL;
  g_autoptr (GString) joined = NULL;

  if (value == NULL || *value == '\0')
    return NULL;
  if (g_hash_table_contains (labels, value))
    return g_strdup (g_hash_table_lookup (labels, value));
  if (strchr (value, ';') == NULL)
    return NULL;
  parts = g_strsplit (value, ";", -1);
  joined = g_string_new (NULL);
  for (guint i = 0; parts[i] != NULL; i++)
    {
      const char *label = g_hash_table_lookup (labels, parts[i]);

      if (*parts[i] != '\0')
        g_string_append_printf (joined, "%s%s", joined->len > 0 ? ";" : "", label != NULL ? label : parts[i]);
    }
  return g_string_free (g_steal_pointer (&joined), FALSE);
}

/* --- Records ------------------------------------------------------------------------------------------------------------------------ */

gboolean
bv_hubspot_malformed (GError **error)
{
  g_set_error (error, BV_HTTP_ERROR, BV_HTTP_ERROR_MALFORMED, _("HubSpot sent a record of another form than expected: sync again later"));
  return FALSE;
}

static void
add_merges (BvFetch *fetch, JsonObject *properties, const char *id)
{
  static const char *const names[] = { "hs_merged_object_ids", "hs_calculated_merged_vids" };

  for (guint n = 0; n < G_N_ELEMENTS (names); n++)
    {
      g_autofree char *list = bv_hubspot_text (properties, names[n]);
      g_auto (GStrv) parts = list != NULL ? g_strsplit (list, ";", -1) : NULL;

      for (guint i = 0; parts != NULL && parts[i] != NULL; i++)
        {
          /* "512" or "512:1700000000000" */
          gsize digits = strspn (parts[i], "0123456789");

          if (digits == 0)
            continue;
          parts[i][digits] = '\0';
          if (strcmp (parts[i], id) != 0)
            bv_batch_merge (fetch->batch, parts[i], id);
        }
    }
}

static gboolean
add_record (BvHubspot *self, BvFetch *fetch, JsonObject *record, GError **error)
{
  JsonObject *properties = bv_json_get_object (record, "properties");
  g_autofree char *id = record != NULL ? bv_hubspot_text (record, "id") : NULL;
  g_autofree BvValue *values = g_new0 (BvValue, fetch->fields->len);
  g_autoptr (GPtrArray) keep = g_ptr_array_new_with_free_func (g_free);

  if (properties == NULL || id == NULL)
    return bv_hubspot_malformed (error);
  for (guint i = 0; i < fetch->fields->len; i++)
    {
      const BvSourceField *field = fetch->fields->pdata[i];
      gsize length = strlen (field->name);
      char *text;

      if (length > 6 && strcmp (field->name + length - 6, ":label") == 0)
        {
          g_autofree char *property = g_strndup (field->name, length - 6);
          g_autofree char *value = bv_hubspot_text (properties, property);
          g_autofree char *key = g_strconcat (fetch->stream->name, "/", property, NULL);
          GHashTable *labels = g_hash_table_lookup (self->labels, key);

          text = labels != NULL ? bv_hubspot_label (labels, value) : NULL;
        }
      else if (strcmp (field->name, "hs_object_id") == 0)
        text = g_strdup (id);
      else
        text = bv_hubspot_text (properties, field->name);
      g_ptr_array_add (keep, text);
      values[i] = bv_hubspot_read_value (text, field->type);
    }
  bv_batch_add_row (fetch->batch, values, NULL);
  add_merges (fetch, properties, id);
  return TRUE;
}

static gboolean
add_records (BvHubspot *self, BvFetch *fetch, JsonObject *answer, GError **error)
{
  JsonArray *results = bv_hubspot_results (answer);

  if (results == NULL)
    return bv_hubspot_malformed (error);
  for (guint i = 0; i < json_array_get_length (results); i++)
    if (!add_record (self, fetch, bv_json_get_element (results, i), error))
      return FALSE;
  return TRUE;
}

/* The properties to ask for. */
static GPtrArray *
wanted_properties (BvFetch *fetch)
{
  GPtrArray *names = g_ptr_array_new ();

  for (guint i = 0; i < fetch->fields->len; i++)
    {
      const char *name = ((BvSourceField *) fetch->fields->pdata[i])->name;

      if (strchr (name, ':') == NULL && strcmp (name, "hs_object_id") != 0)
        g_ptr_array_add (names, (gpointer) name);
    }
  /* Labels of a property that is not itself chosen. */
  for (guint i = 0; i < fetch->fields->len; i++)
    {
      const char *name = ((BvSourceField *) fetch->fields->pdata[i])->name;
      const char *mark = strchr (name, ':');
      gboolean there = mark == NULL;

      for (guint n = 0; !there && n < names->len; n++)
        there = strncmp (names->pdata[n], name, (gsize) (mark - name)) == 0 && ((char *) names->pdata[n])[mark - name] == '\0';
      if (!there)
        for (guint f = 0; f < fetch->stream->fields->len; f++)
          {
            const char *base = ((BvSourceField *) fetch->stream->fields->pdata[f])->name;

            if (strlen (base) == (gsize) (mark - name) && strncmp (base, name, (gsize) (mark - name)) == 0)
              g_ptr_array_add (names, (gpointer) base);
          }
    }
  g_ptr_array_add (names, NULL);
  return names;
}

void
bv_hubspot_set_body (BvHttpRequest *request, JsonObject *body)
{
  JsonNode *node = json_node_new (JSON_NODE_OBJECT);

  json_node_take_object (node, body);
  bv_http_request_take_json (request, node);
}

JsonArray *
bv_hubspot_names (const char *const *names)
{
  JsonArray *array = json_array_new ();

  for (guint i = 0; names[i] != NULL; i++)
    json_array_add_string_element (array, names[i]);
  return array;
}

JsonArray *
bv_hubspot_inputs (const char *const *ids)
{
  JsonArray *inputs = json_array_new ();

  for (guint i = 0; ids[i] != NULL; i++)
    {
      JsonObject *input = json_object_new ();

      json_object_set_string_member (input, "id", ids[i]);
      json_array_add_object_element (inputs, input);
    }
  return inputs;
}

/* Reads the records @ids (at most 100) whole. */
static gboolean
read_batch (BvHubspot *self, BvFetch *fetch, GPtrArray *ids, GError **error)
{
  g_autoptr (BvHttpRequest) request = bv_hubspot_request (self, "POST", BV_HUBSPOT_BATCH, fetch->stream->name, NULL);
  g_autoptr (GPtrArray) names = wanted_properties (fetch);
  g_autoptr (JsonObject) answer = NULL;
  JsonObject *body = json_object_new ();

  g_ptr_array_add (ids, NULL);
  json_object_set_array_member (body, "inputs", bv_hubspot_inputs ((const char *const *) ids->pdata));
  json_object_set_array_member (body, "properties", bv_hubspot_names ((const char *const *) names->pdata));
  bv_hubspot_set_body (request, body);
  answer = bv_hubspot_send (self, request, error);
  return answer != NULL && add_records (self, fetch, answer, error);
}

/* --- The passes --------------------------------------------------------------------------------------------------------------------- */

/* HubSpot's time at the start of the pass, in ms; kept with its first page. */
gint64
bv_hubspot_pass_start_ms (BvHubspot *self, BvFetch *fetch)
{
  if (!json_object_has_member (fetch->page, "start_ms"))
    json_object_set_int_member (fetch->page, "start_ms", (fetch->run_start + self->offset_us) / 1000);
  return bv_source_json_int (fetch->page, "start_ms", 0);
}

JsonObject *
bv_hubspot_list_page (BvHubspot *self, BvFetch *fetch, const char *type, const char *const *properties, const char *history, gboolean archived,
                      gboolean *too_long, GError **error)
{
  g_autoptr (BvHttpRequest) request = bv_hubspot_request (self, "GET", BV_HUBSPOT_OBJECTS, type, NULL);
  const char *after = bv_source_json_text (fetch->page, "after");
  g_autofree char *joined = g_strjoinv (",", (char **) properties);

  bv_http_request_add_query (request, "limit", history != NULL ? G_STRINGIFY (BV_HUBSPOT_HISTORY_PAGE) : PAGE);
  if (*joined != '\0')
    bv_http_request_add_query (request, "properties", joined);
  if (history != NULL)
    bv_http_request_add_query (request, "propertiesWithHistory", history);
  if (archived)
    bv_http_request_add_query (request, "archived", "true");
  if (after != NULL)
    bv_http_request_add_query (request, "after", after);
  if (too_long != NULL)
    {
      *too_long = bv_http_request_get_url_length (request) > MAX_URL;
      if (*too_long)
        return NULL;
    }
  return bv_hubspot_send (self, request, error);
}

void
bv_hubspot_move_on (BvFetch *fetch, JsonObject *answer)
{
  const char *next = bv_hubspot_after (answer);

  fetch->done = next == NULL;
  if (next != NULL)
    json_object_set_string_member (fetch->page, "after", next);
}

static gboolean
fetch_first (BvHubspot *self, BvFetch *fetch, GError **error)
{
  g_autoptr (GPtrArray) names = wanted_properties (fetch);
  const char *const ids_only[] = { fetch->stream->cursor, NULL };
  gint64 start = bv_hubspot_pass_start_ms (self, fetch);
  g_autoptr (JsonObject) answer = NULL;
  gboolean too_long;

  answer = bv_hubspot_list_page (self, fetch, fetch->stream->name, (const char *const *) names->pdata, NULL, FALSE, &too_long, error);
  if (too_long)
    answer = bv_hubspot_list_page (self, fetch, fetch->stream->name, ids_only, NULL, FALSE, NULL, error);
  if (answer == NULL)
    return FALSE;
  if (!too_long)
    {
      if (!add_records (self, fetch, answer, error))
        return FALSE;
    }
  else
    {
      JsonArray *results = bv_hubspot_results (answer);
      g_autoptr (GPtrArray) ids = g_ptr_array_new_with_free_func (g_free);

      for (guint i = 0; results != NULL && i < json_array_get_length (results); i++)
        {
          char *id = bv_hubspot_text (bv_json_get_element (results, i), "id");

          if (id == NULL)
            return bv_hubspot_malformed (error);
          g_ptr_array_add (ids, id);
        }
      if (ids->len > 0 && !read_batch (self, fetch, ids, error))
        return FALSE;
    }
  bv_hubspot_move_on (fetch, answer);
  if (fetch->done)
    json_object_set_int_member (fetch->cursor, "modified_ms", start);
  return TRUE;
}

static void
add_filter (JsonArray *filters, const char *property, const char *operator, gint64 value)
{
  JsonObject *filter = json_object_new ();
  g_autofree char *text = g_strdup_printf ("%" PRId64, value);

  json_object_set_string_member (filter, "propertyName", property);
  json_object_set_string_member (filter, "operator", operator);
  json_object_set_string_member (filter, "value", text);
  json_array_add_object_element (filters, filter);
}

JsonObject *
bv_hubspot_search_page (BvHubspot *self, BvFetch *fetch, const char *type, const char *const *properties, GError **error)
{
  g_autoptr (BvHttpRequest) request = bv_hubspot_request (self, "POST", BV_HUBSPOT_SEARCH, type, NULL);
  gint64 since = bv_source_json_int (fetch->cursor, "modified_ms", 0) - LOOK_BACK_US / 1000;
  JsonObject *body = json_object_new ();
  JsonObject *group = json_object_new ();
  JsonObject *sort = json_object_new ();
  JsonArray *groups = json_array_new ();
  JsonArray *filters = json_array_new ();
  JsonArray *sorts = json_array_new ();

  add_filter (filters, bv_hubspot_modified (type), "GTE", MAX (since, 0));
  add_filter (filters, bv_hubspot_modified (type), "LTE", bv_hubspot_pass_start_ms (self, fetch));
  add_filter (filters, "hs_object_id", "GT", bv_source_json_int (fetch->page, "last", 0));
  json_object_set_array_member (group, "filters", filters);
  json_array_add_object_element (groups, group);
  json_object_set_array_member (body, "filterGroups", groups);
  json_object_set_string_member (sort, "propertyName", "hs_object_id");
  json_object_set_string_member (sort, "direction", "ASCENDING");
  json_array_add_object_element (sorts, sort);
  json_object_set_array_member (body, "sorts", sorts);
  json_object_set_array_member (body, "properties", bv_hubspot_names (properties));
  json_object_set_int_member (body, "limit", SEARCH_PAGE);
  bv_hubspot_set_body (request, body);
  return bv_hubspot_send (self, request, error);
}

GPtrArray *
bv_hubspot_search_move_on (BvHubspot *self, BvFetch *fetch, JsonObject *answer, GError **error)
{
  g_autoptr (GPtrArray) ids = g_ptr_array_new_with_free_func (g_free);
  gint64 last = bv_source_json_int (fetch->page, "last", 0);
  JsonArray *results = bv_hubspot_results (answer);
  guint n = results != NULL ? json_array_get_length (results) : 0;

  for (guint i = 0; i < n; i++)
    {
      char *id = bv_hubspot_text (bv_json_get_element (results, i), "id");

      if (id == NULL)
        break;
      g_ptr_array_add (ids, id);
      last = MAX (last, g_ascii_strtoll (id, NULL, 10));
    }
  if (results == NULL || ids->len < n)
    {
      bv_hubspot_malformed (error);
      return NULL;
    }
  /* A page that is short is the last one only when the server says that no more were found. */
  fetch->done = n == 0 || bv_source_json_int (answer, "total", G_MAXINT) <= n;
  fetch->total = bv_source_json_int (answer, "total", 0);
  if (fetch->done)
    json_object_set_int_member (fetch->cursor, "modified_ms", bv_hubspot_pass_start_ms (self, fetch));
  else
    json_object_set_int_member (fetch->page, "last", last);
  return g_steal_pointer (&ids);
}

static gboolean
fetch_update (BvHubspot *self, BvFetch *fetch, GError **error)
{
  g_autoptr (GPtrArray) names = wanted_properties (fetch);
  g_autoptr (JsonObject) answer = bv_hubspot_search_page (self, fetch, fetch->stream->name, (const char *const *) names->pdata, error);
  g_autoptr (GPtrArray) ids = NULL;

  if (answer == NULL || !add_records (self, fetch, answer, error))
    return FALSE;
  ids = bv_hubspot_search_move_on (self, fetch, answer, error);
  return ids != NULL;
}

gboolean
bv_hubspot_fetch_deleted (BvHubspot *self, BvFetch *fetch, const char *type, GError **error)
{
  const char *const ids_only[] = { fetch->stream->cursor, NULL };
  gint64 n_pages = bv_source_json_int (fetch->page, "pages", 0);
  const char *resumed = n_pages == 0 ? bv_source_json_text (fetch->cursor, "archived_after") : NULL;
  g_autoptr (GError) local = NULL;
  g_autoptr (JsonObject) answer = NULL;
  JsonArray *results;

  if (resumed != NULL)
    json_object_set_string_member (fetch->page, "after", resumed);
  answer = bv_hubspot_list_page (self, fetch, type, ids_only, NULL, TRUE, NULL, &local);
  if (answer == NULL && resumed != NULL && g_error_matches (local, BV_HTTP_ERROR, BV_HTTP_ERROR_REFUSED))
    {
      /* The place is not known any more. */
      g_clear_error (&local);
      json_object_remove_member (fetch->page, "after");
      answer = bv_hubspot_list_page (self, fetch, type, ids_only, NULL, TRUE, NULL, &local);
    }
  if (answer == NULL)
    {
      g_propagate_error (error, g_steal_pointer (&local));
      return FALSE;
    }
  results = bv_hubspot_results (answer);
  if (results == NULL)
    return bv_hubspot_malformed (error);
  for (guint i = 0; i < json_array_get_length (results); i++)
    {
      JsonObject *record = bv_json_get_element (results, i);
      g_autofree char *id = bv_hubspot_text (record, "id");
      const char *when = bv_source_json_text (record, "archivedAt");
      gint64 us = 0;

      if (id == NULL)
        return bv_hubspot_malformed (error);
      if (when != NULL && !bv_hubspot_read_time (when, &us))
        us = 0;
      bv_batch_delete (fetch->batch, id, us);
    }
  bv_hubspot_move_on (fetch, answer);
  json_object_set_int_member (fetch->page, "pages", n_pages + 1);
  if (fetch->done)
    json_object_remove_member (fetch->cursor, "archived_after");
  else if (n_pages + 1 >= ARCHIVED_PAGES)
    {
      json_object_set_string_member (fetch->cursor, "archived_after", bv_source_json_text (fetch->page, "after"));
      fetch->done = TRUE;
    }
  return TRUE;
}

static gboolean
fetch_sweep (BvHubspot *self, BvFetch *fetch, GError **error)
{
  const char *const ids_only[] = { fetch->stream->cursor, NULL };
  g_autoptr (JsonObject) answer = bv_hubspot_list_page (self, fetch, fetch->stream->name, ids_only, NULL, FALSE, NULL, error);
  JsonArray *results = answer != NULL ? bv_hubspot_results (answer) : NULL;
  g_autoptr (GPtrArray) stale = g_ptr_array_new_with_free_func (g_free);

  if (answer == NULL)
    return FALSE;
  if (results == NULL)
    return bv_hubspot_malformed (error);
  for (guint i = 0; i < json_array_get_length (results); i++)
    {
      JsonObject *record = bv_json_get_element (results, i);
      g_autofree char *id = bv_hubspot_text (record, "id");
      g_autofree char *modified = NULL;
      char buf[BV_TIME_TEXT_MAX];
      gint64 us;

      if (id == NULL)
        return bv_hubspot_malformed (error);
      modified = bv_hubspot_text (bv_json_get_object (record, "properties"), fetch->stream->cursor);
      bv_batch_see (fetch->batch, id);
      if (!bv_batch_is_current (fetch->batch, id, modified != NULL && bv_hubspot_read_time (modified, &us) ? bv_timestamp_to_text (us, buf) : NULL))
        g_ptr_array_add (stale, g_steal_pointer (&id));
    }
  if (stale->len > 0 && !read_batch (self, fetch, stale, error))
    return FALSE;
  bv_hubspot_move_on (fetch, answer);
  return TRUE;
}

/* --- Associations --------------------------------------------------------------------------------------------------------------------- */

/* Pairs that have a label drop the one without: it is of the same pair. */
static void
add_pair (BvFetch *fetch, const char *from, JsonObject *to)
{
  g_autofree char *id = bv_hubspot_text (to, "toObjectId");
  JsonArray *types = bv_json_get_array (to, "associationTypes");
  guint n_labels = 0;

  if (id == NULL)
    return;
  for (guint i = 0; types != NULL && i < json_array_get_length (types); i++)
    {
      const char *label = bv_source_json_text (bv_json_get_element (types, i), "label");

      if (label == NULL || *label == '\0')
        continue;
      bv_batch_link (fetch->batch, from, id, label, g_str_has_prefix (label, "Primary"));
      n_labels++;
    }
  if (n_labels == 0)
    bv_batch_link (fetch->batch, from, id, NULL, FALSE);
}

static gboolean
fetch_links (BvHubspot *self, BvFetch *fetch, GError **error)
{
  JsonArray *inputs = bv_hubspot_inputs (fetch->ids);

  /* Records with more associations than an answer holds come again, each from where it was cut. */
  for (guint round = 0; json_array_get_length (inputs) > 0; round++)
    {
      g_autoptr (BvHttpRequest) request = bv_hubspot_request (self, "POST", BV_HUBSPOT_ASSOCIATIONS, fetch->stream->name, fetch->link->stream);
      g_autoptr (JsonObject) answer = NULL;
      JsonObject *body = json_object_new ();
      JsonArray *next = json_array_new ();
      JsonArray *results;

      json_object_set_array_member (body, "inputs", inputs);
      inputs = next;
      bv_hubspot_set_body (request, body);
      answer = bv_hubspot_send (self, request, error);
      results = answer != NULL ? bv_hubspot_results (answer) : NULL;
      if (answer != NULL && (results == NULL || round > 10000))
        bv_hubspot_malformed (error);
      if (results == NULL || round > 10000)
        {
          json_array_unref (inputs);
          return FALSE;
        }
      for (guint i = 0; i < json_array_get_length (results); i++)
        {
          JsonObject *result = bv_json_get_element (results, i);
          JsonArray *to = bv_json_get_array (result, "to");
          g_autofree char *from = bv_hubspot_text (bv_json_get_object (result, "from"), "id");
          const char *after = bv_hubspot_after (result);

          for (guint t = 0; from != NULL && to != NULL && t < json_array_get_length (to); t++)
            add_pair (fetch, from, bv_json_get_element (to, t));
          if (from != NULL && after != NULL)
            {
              JsonObject *input = json_object_new ();

              json_object_set_string_member (input, "id", from);
              json_object_set_string_member (input, "after", after);
              json_array_add_object_element (inputs, input);
            }
        }
    }
  json_array_unref (inputs);
  return TRUE;
}

/* --- Owners and stages ---------------------------------------------------------------------------------------------------------------- */

static gboolean
fetch_owners (BvHubspot *self, BvFetch *fetch, GError **error)
{
  gboolean archived = json_object_get_boolean_member_with_default (fetch->page, "archived", FALSE);
  const char *after = bv_source_json_text (fetch->page, "after");
  g_autoptr (BvHttpRequest) request = bv_hubspot_request (self, "GET", BV_HUBSPOT_OWNERS, NULL, NULL);
  g_autoptr (JsonObject) answer = NULL;
  g_autofree BvValue *values = g_new0 (BvValue, fetch->fields->len);
  JsonArray *results;

  bv_http_request_add_query (request, "limit", "500");
  if (archived)
    bv_http_request_add_query (request, "archived", "true");
  if (after != NULL)
    bv_http_request_add_query (request, "after", after);
  answer = bv_hubspot_send (self, request, error);
  results = answer != NULL ? bv_hubspot_results (answer) : NULL;
  if (answer == NULL)
    return FALSE;
  if (results == NULL)
    return bv_hubspot_malformed (error);
  for (guint i = 0; i < json_array_get_length (results); i++)
    {
      JsonObject *owner = bv_json_get_element (results, i);
      g_autofree char *id = bv_hubspot_text (owner, "id");
      g_autoptr (GPtrArray) keep = g_ptr_array_new_with_free_func (g_free);
      const char *updated = bv_source_json_text (owner, "updatedAt");
      gint64 us = 0;

      if (id == NULL)
        return bv_hubspot_malformed (error);
      for (guint f = 0; f < fetch->fields->len; f++)
        {
          const BvSourceField *field = fetch->fields->pdata[f];
          char *text = bv_hubspot_text (owner, field->name);

          g_ptr_array_add (keep, text);
          values[f] = bv_hubspot_read_value (text, field->type);
        }
      bv_batch_add_row (fetch->batch, values, NULL);
      if (archived)
        bv_batch_delete (fetch->batch, id, updated != NULL && bv_hubspot_read_time (updated, &us) ? us : 0);
    }
  bv_hubspot_move_on (fetch, answer);
  if (fetch->done && !archived)
    {
      fetch->done = FALSE;
      json_object_set_boolean_member (fetch->page, "archived", TRUE);
      json_object_remove_member (fetch->page, "after");
    }
  return TRUE;
}

static gboolean
fetch_stages (BvHubspot *self, BvFetch *fetch, GError **error)
{
  const char *type = strchr (fetch->stream->name, '/') + 1;
  g_autoptr (BvHttpRequest) request = bv_hubspot_request (self, "GET", BV_HUBSPOT_PIPELINES, type, NULL);
  g_autoptr (JsonObject) answer = bv_hubspot_send (self, request, error);
  JsonArray *results = answer != NULL ? bv_hubspot_results (answer) : NULL;
  g_autofree BvValue *values = g_new0 (BvValue, fetch->fields->len);

  if (answer == NULL)
    return FALSE;
  if (results == NULL)
    return bv_hubspot_malformed (error);
  for (guint i = 0; i < json_array_get_length (results); i++)
    {
      JsonObject *pipeline = bv_json_get_element (results, i);
      JsonArray *stages = bv_json_get_array (pipeline, "stages");

      for (guint s = 0; stages != NULL && s < json_array_get_length (stages); s++)
        {
          JsonObject *stage = bv_json_get_element (stages, s);
          JsonObject *metadata = bv_json_get_object (stage, "metadata");
          const struct { const char *field; JsonObject *from; const char *member; } parts[] = {
            { "pipeline_id", pipeline, "id" }, { "id", stage, "id" }, { "pipeline", pipeline, "label" }, { "label", stage, "label" },
            { "pipeline_order", pipeline, "displayOrder" }, { "stage_order", stage, "displayOrder" }, { "probability", metadata, "probability" },
            { "is_closed", metadata, "isClosed" }, { "ticket_state", metadata, "ticketState" },
          };
          g_autoptr (GPtrArray) keep = g_ptr_array_new_with_free_func (g_free);

          if (stage == NULL)
            return bv_hubspot_malformed (error);
          for (guint f = 0; f < fetch->fields->len; f++)
            {
              const BvSourceField *field = fetch->fields->pdata[f];
              char *text = NULL;

              for (guint p = 0; p < G_N_ELEMENTS (parts); p++)
                if (strcmp (parts[p].field, field->name) == 0)
                  text = bv_hubspot_text (parts[p].from, parts[p].member);
              g_ptr_array_add (keep, text);
              values[f] = bv_hubspot_read_value (text, field->type);
            }
          bv_batch_add_row (fetch->batch, values, NULL);
        }
    }
  fetch->done = TRUE;
  return TRUE;
}

gboolean
bv_hubspot_fetch (BvFetch *fetch, GError **error)
{
  BvHubspot *self = bv_source_context_get_data (fetch->context);

  if (strcmp (fetch->stream->name, "owners") == 0)
    return fetch_owners (self, fetch, error);
  if (g_str_has_prefix (fetch->stream->name, "pipelines/"))
    return fetch_stages (self, fetch, error);
  if (bv_hubspot_history_find (fetch->stream->name) != NULL)
    return bv_hubspot_history_fetch (self, fetch, error);
  switch (fetch->pass)
    {
    case BV_PASS_FIRST:
      return fetch_first (self, fetch, error);
    case BV_PASS_UPDATE:
      return fetch_update (self, fetch, error);
    case BV_PASS_DELETED:
      return bv_hubspot_fetch_deleted (self, fetch, fetch->stream->name, error);
    case BV_PASS_SWEEP:
      return fetch_sweep (self, fetch, error);
    case BV_PASS_LINKS:
      return fetch_links (self, fetch, error);
    default:
      g_assert_not_reached ();
    }
}
