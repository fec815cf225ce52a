/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A page of a REST stream: the request, the list of records in the answer, the way to the next page.
 *
 * Where a pass is, is in its state: "next" (a URL or the vendor's cursor), "number" (of the page) or "offset", with the number of pages so far
 * and the hashes of the first and the last page. Services that ignore the pagination that was chosen give the same page for ever; such a
 * page ends the pass with an error, as do a next page that is the one before, and more pages than allowed.
 *
 * The end: no next link, cursor or URL; with page numbers and offsets an empty page or 404. A short page is no end, for services cap
 * the size of pages and leave out what the user may not see. A next page on another host is refused, so that no key goes there; a key that
 * the service repeats in its links is taken out of the state.
 */
#include "config.h"

#include "bv-json-value.h"
#include "bv-rest-private.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#define MAX_EMPTY 50

void
bv_rest_page_clear (BvRestPage *page)
{
  g_clear_pointer (&page->records, json_array_unref);
  g_clear_pointer (&page->root, json_node_unref);
  g_clear_pointer (&page->path, g_free);
  g_clear_pointer (&page->next, g_free);
}

JsonObject *
bv_rest_record (JsonArray *records, guint i)
{
  JsonNode *node = json_array_get_element (records, i);
  JsonObject *object;

  if (JSON_NODE_HOLDS_OBJECT (node))
    return json_object_ref (json_node_get_object (node));
  object = json_object_new ();
  json_object_set_member (object, "value", json_node_copy (node));
  return object;
}

/* --- The request --------------------------------------------------------------------------------------------------------------------- */

static void
authorize (const BvRest *self, BvHttpRequest *request)
{
  switch (self->auth)
    {
    case BV_REST_BEARER:
      bv_http_request_set_bearer (request, self->secret);
      break;
    case BV_REST_BASIC:
      bv_http_request_set_basic (request, self->user != NULL ? self->user : "", self->secret != NULL ? self->secret : "");
      break;
    case BV_REST_HEADER:
      bv_http_request_add_secret_header (request, self->auth_name, self->secret);
      break;
    case BV_REST_QUERY:
      bv_http_request_add_secret_query (request, self->auth_name, self->secret);
      break;
    case BV_REST_NO_AUTH:
    default:
      break;
    }
}

static void
add_pairs (BvHttpRequest *request, char **lines, char separator, void (*add) (BvHttpRequest *, const char *, const char *))
{
  for (guint i = 0; lines[i] != NULL; i++)
    {
      const char *end = strchr (lines[i], separator);
      g_autofree char *name = g_strstrip (g_strndup (lines[i], (gsize) (end - lines[i])));
      g_autofree char *value = g_strstrip (g_strdup (end + 1));

      add (request, name, value);
    }
}

static BvHttpRequest *
make_request (const BvRest *self, const BvRestStream *stream, JsonObject *state, const char *since)
{
  const char *next = bv_json_get_text (state, "next");
  gboolean whole = next != NULL && (self->paging == BV_REST_LINK || self->paging == BV_REST_NEXT_URL);
  BvHttpRequest *request = bv_http_request_new ("GET", whole ? next : stream->url);
  g_autofree char *size = g_strdup_printf ("%" G_GINT64_FORMAT, self->page_size);
  g_autofree char *number = NULL;

  add_pairs (request, self->headers, ':', bv_http_request_add_header);
  authorize (self, request);
  /* The service's own link says all the rest. */
  if (whole)
    return request;
  add_pairs (request, self->parameters, '=', bv_http_request_add_query);
  if (since != NULL && stream->parameter != NULL)
    bv_http_request_add_query (request, stream->parameter, since);
  if (self->size_parameter != NULL && self->page_size > 0)
    bv_http_request_add_query (request, self->size_parameter, size);
  if (self->paging == BV_REST_CURSOR && next != NULL)
    bv_http_request_add_query (request, self->page_parameter, next);
  if (self->paging == BV_REST_PAGE || self->paging == BV_REST_OFFSET)
    {
      gboolean page = self->paging == BV_REST_PAGE;

      number = g_strdup_printf ("%" G_GINT64_FORMAT, bv_json_get_int (state, page ? "number" : "offset", page ? self->first_page : 0));
      bv_http_request_add_query (request, self->page_parameter, number);
    }
  return request;
}

/* --- Records ----------------------------------------------------------------------------------------------------------------------------- */

static char *
list_names (JsonObject *object)
{
  g_autoptr (GList) members = json_object_get_members (object);
  GString *text = g_string_new (NULL);
  guint n = 0;

  for (GList *l = members; l != NULL && n < 12; l = l->next, n++)
    g_string_append_printf (text, "%s%s", n > 0 ? ", " : "", (const char *) l->data);
  return g_string_free (text, FALSE);
}

typedef struct
{
  char *full, *empty;
  guint n_full, n_empty;
} Lists;

/* Lists of objects, at most two levels down. */
static void
find_lists (JsonObject *object, const char *prefix, int depth, Lists *lists)
{
  JsonObjectIter iter;
  const char *name;
  JsonNode *node;

  json_object_iter_init_ordered (&iter, object);
  while (json_object_iter_next_ordered (&iter, &name, &node))
    {
      g_autofree char *path = prefix != NULL ? g_strconcat (prefix, ".", name, NULL) : g_strdup (name);

      if (JSON_NODE_HOLDS_OBJECT (node) && depth < 2)
        find_lists (json_node_get_object (node), path, depth + 1, lists);
      if (!JSON_NODE_HOLDS_ARRAY (node))
        continue;
      if (json_array_get_length (json_node_get_array (node)) == 0)
        {
          if (lists->n_empty++ == 0)
            lists->empty = g_steal_pointer (&path);
        }
      else if (JSON_NODE_HOLDS_OBJECT (json_array_get_element (json_node_get_array (node), 0)) && lists->n_full++ == 0)
        lists->full = g_steal_pointer (&path);
    }
}

static gboolean
take_path (BvRestPage *page, const char *path, const char *stream, GError **error)
{
  JsonObject *root = JSON_NODE_HOLDS_OBJECT (page->root) ? json_node_get_object (page->root) : NULL;
  JsonNode *node = bv_json_get_dotted (root, path);
  g_autofree char *names = NULL;

  if (node != NULL && (JSON_NODE_HOLDS_ARRAY (node) || JSON_NODE_HOLDS_OBJECT (node) || JSON_NODE_HOLDS_NULL (node)))
    {
      page->path = g_strdup (path);
      if (JSON_NODE_HOLDS_ARRAY (node))
        page->records = json_array_ref (json_node_get_array (node));
      else
        {
          page->records = json_array_new ();
          if (JSON_NODE_HOLDS_OBJECT (node))
            json_array_add_element (page->records, json_node_copy (node));
        }
      return TRUE;
    }
  names = root != NULL ? list_names (root) : g_strdup ("");
  if (node != NULL)
    g_set_error (error, BV_ERROR, BV_ERROR_INVALID, _("“%s” in the answer of “%s” is no list: enter the path of the records"), path, stream);
  else if (root == NULL)
    g_set_error (error, BV_ERROR, BV_ERROR_INVALID, _("The answer of “%s” is a list, not an object with “%s”: leave the path of the records empty"), stream, path);
  else
    g_set_error (error, BV_ERROR, BV_ERROR_INVALID, _("The answer of “%s” has no “%s”, but has %s: enter the path of the records"), stream, path, names);
  return FALSE;
}

/* Finds the list: where it is said to be, where it was before, or where there is only one. */
static gboolean
take_records (BvSourceContext *context, const BvRestStream *stream, BvRestPage *page, GError **error)
{
  JsonObject *memory = bv_rest_memory (context, stream->name);
  const char *known = bv_json_get_text (memory, "records");
  Lists lists = { 0 };
  g_autofree char *full = NULL;
  g_autofree char *empty = NULL;

  if (stream->records != NULL)
    return take_path (page, stream->records, stream->name, error);
  if (JSON_NODE_HOLDS_ARRAY (page->root))
    {
      page->records = json_array_ref (json_node_get_array (page->root));
      return TRUE;
    }
  if (!JSON_NODE_HOLDS_OBJECT (page->root))
    {
      g_set_error (error, BV_ERROR, BV_ERROR_INVALID, _("The answer of “%s” is neither a list nor an object: check the address"), stream->name);
      return FALSE;
    }
  if (known != NULL && bv_json_get_dotted (json_node_get_object (page->root), known) != NULL)
    return take_path (page, known, stream->name, error);
  find_lists (json_node_get_object (page->root), NULL, 1, &lists);
  full = lists.full;
  empty = lists.empty;
  if (lists.n_full == 1)
    {
      json_object_set_string_member (memory, "records", full);
      return take_path (page, full, stream->name, error);
    }
  if (lists.n_full == 0 && lists.n_empty > 0)
    return take_path (page, empty, stream->name, error);
  if (lists.n_full == 0)
    {
      /* The answer is the only record. */
      page->records = json_array_new ();
      json_array_add_element (page->records, json_node_copy (page->root));
      return TRUE;
    }
  g_clear_pointer (&empty, g_free);
  empty = list_names (json_node_get_object (page->root));
  g_set_error (error, BV_ERROR, BV_ERROR_INVALID, _("The answer of “%s” holds several lists (%s): enter the path of the records"), stream->name, empty);
  return FALSE;
}

/* --- The next page --------------------------------------------------------------------------------------------------------------------- */

/* The address behind rel="next" in Link headers. (transfer full) (nullable) */
static char *
next_of_links (SoupMessageHeaders *headers)
{
  const char *list = soup_message_headers_get_list (headers, "Link");
  g_autoptr (GRegex) regex = g_regex_new ("<([^>]*)>((?:\\s*;\\s*[^\\s=;,]+\\s*(?:=\\s*(?:\"[^\"]*\"|[^\\s;,\"]*))?)*)", 0, 0, NULL);
  g_autoptr (GMatchInfo) match = NULL;

  if (list == NULL)
    return NULL;
  for (g_regex_match (regex, list, 0, &match); g_match_info_matches (match); g_match_info_next (match, NULL))
    {
      g_autofree char *parameters = g_match_info_fetch (match, 2);

      if (g_regex_match_simple (";\\s*rel\\s*=\\s*(\"[^\"]*\\bnext\\b[^\"]*\"|next\\b)", parameters, G_REGEX_CASELESS, 0))
        return g_match_info_fetch (match, 1);
    }
  return NULL;
}

/* The URL without the key that the source sends as a parameter. */
static char *
without_key (const BvRest *self, GUri *uri)
{
  g_auto (GStrv) parts = NULL;
  g_autoptr (GString) query = g_string_new (NULL);
  g_autofree char *escaped = NULL;
  g_autofree char *bare = NULL;

  if (self->auth != BV_REST_QUERY || g_uri_get_query (uri) == NULL)
    return g_uri_to_string (uri);
  escaped = g_uri_escape_string (self->auth_name, NULL, FALSE);
  parts = g_strsplit (g_uri_get_query (uri), "&", -1);
  for (guint i = 0; parts[i] != NULL; i++)
    {
      gsize length = strcspn (parts[i], "=");

      if ((strncmp (parts[i], escaped, length) == 0 && escaped[length] == '\0')
          || (strncmp (parts[i], self->auth_name, length) == 0 && self->auth_name[length] == '\0'))
        continue;
      g_string_append_printf (query, "%s%s", query->len > 0 ? "&" : "", parts[i]);
    }
  bare = g_uri_join (G_URI_FLAGS_ENCODED, g_uri_get_scheme (uri), NULL, g_uri_get_host (uri), g_uri_get_port (uri), g_uri_get_path (uri),
                     query->len > 0 ? query->str : NULL, NULL);
  return g_steal_pointer (&bare);
}

/* @text, which may be relative, as an address of the stream's own host. */
static char *
resolve (const BvRest *self, const BvRestStream *stream, const char *text, GError **error)
{
  GUriFlags flags = G_URI_FLAGS_ENCODED | G_URI_FLAGS_PARSE_RELAXED | G_URI_FLAGS_SCHEME_NORMALIZE;
  g_autoptr (GUri) base = g_uri_parse (stream->url, flags, NULL);
  g_autoptr (GUri) uri = g_uri_parse_relative (base, text, flags, NULL);

  if (uri == NULL || g_uri_get_host (uri) == NULL)
    {
      g_set_error (error, BV_HTTP_ERROR, BV_HTTP_ERROR_MALFORMED, _("The next page of “%s” has no usable address: check the pagination"), stream->name);
      return NULL;
    }
  if (g_strcmp0 (g_uri_get_scheme (uri), g_uri_get_scheme (base)) != 0 || g_ascii_strcasecmp (g_uri_get_host (uri), g_uri_get_host (base)) != 0
      || g_uri_get_port (uri) != g_uri_get_port (base))
    {
      g_set_error (error, BV_HTTP_ERROR, BV_HTTP_ERROR_MALFORMED,
                   _("The next page of “%s” is on another host (%s), which must not get the key: check the address"), stream->name, g_uri_get_host (uri));
      return NULL;
    }
  return without_key (self, uri);
}

static gboolean
find_next (const BvRest *self, const BvRestStream *stream, BvRestPage *page, SoupMessageHeaders *headers, GError **error)
{
  g_autofree char *text = NULL;
  JsonObject *root = JSON_NODE_HOLDS_OBJECT (page->root) ? json_node_get_object (page->root) : NULL;

  if (self->paging == BV_REST_LINK)
    text = next_of_links (headers);
  else if (self->paging == BV_REST_CURSOR || self->paging == BV_REST_NEXT_URL)
    text = bv_json_dup_id (root, self->next_path);
  if (text == NULL)
    return TRUE;
  page->next = self->paging == BV_REST_CURSOR ? g_steal_pointer (&text) : resolve (self, stream, text, error);
  return page->next != NULL;
}

gboolean
bv_rest_get_page (BvSourceContext *context, const BvRestStream *stream, JsonObject *state, const char *since, BvRestPage *page, GError **error)
{
  const BvRest *self = bv_source_context_get_data (context);
  g_autoptr (BvHttpRequest) request = make_request (self, stream, state, since);
  g_autoptr (SoupMessageHeaders) headers = NULL;
  g_autoptr (GError) local = NULL;

  page->root = bv_http_send_json (bv_source_context_get_http (context), request, bv_source_context_get_cancellable (context), &headers, &local);
  if (page->root == NULL && (self->paging == BV_REST_PAGE || self->paging == BV_REST_OFFSET) && bv_json_get_int (state, "pages", 0) > 0
      && g_error_matches (local, BV_HTTP_ERROR, BV_HTTP_ERROR_NOT_FOUND))
    {
      page->gone = TRUE;
      page->records = json_array_new ();
      return TRUE;
    }
  if (page->root == NULL)
    {
      g_propagate_error (error, g_steal_pointer (&local));
      return FALSE;
    }
  return take_records (context, stream, page, error) && find_next (self, stream, page, headers, error);
}

static gboolean
set_endless (const BvRestStream *stream, GError **error)
{
  g_set_error (error, BV_HTTP_ERROR, BV_HTTP_ERROR_MALFORMED, _("“%s” gives the same page again and again: check the pagination and its parameter"), stream->name);
  return FALSE;
}

static char *
hash_records (JsonArray *records)
{
  g_autoptr (JsonNode) node = json_node_init_array (json_node_alloc (), records);
  g_autofree char *text = json_to_string (node, FALSE);
  char *hash = g_compute_checksum_for_string (G_CHECKSUM_SHA256, text, -1);

  hash[24] = '\0';
  return hash;
}

gboolean
bv_rest_advance (BvSourceContext *context, const BvRestStream *stream, JsonObject *state, const BvRestPage *page, gboolean *last, GError **error)
{
  const BvRest *self = bv_source_context_get_data (context);
  guint n = json_array_get_length (page->records);
  gint64 pages = bv_json_get_int (state, "pages", 0) + 1, empty = n > 0 ? 0 : bv_json_get_int (state, "empty", 0) + 1;
  g_autofree char *hash = n > 0 ? hash_records (page->records) : NULL;

  if (hash != NULL && (g_strcmp0 (hash, bv_json_get_text (state, "hash")) == 0 || g_strcmp0 (hash, bv_json_get_text (state, "first")) == 0))
    return set_endless (stream, error);
  switch (self->paging)
    {
    case BV_REST_LINK:
    case BV_REST_NEXT_URL:
    case BV_REST_CURSOR:
      *last = page->next == NULL;
      if (!*last && (g_strcmp0 (page->next, bv_json_get_text (state, "next")) == 0 || empty > MAX_EMPTY))
        return set_endless (stream, error);
      if (!*last)
        json_object_set_string_member (state, "next", page->next);
      break;
    case BV_REST_PAGE:
      *last = n == 0;
      json_object_set_int_member (state, "number", bv_json_get_int (state, "number", self->first_page) + 1);
      break;
    case BV_REST_OFFSET:
      *last = n == 0;
      json_object_set_int_member (state, "offset", bv_json_get_int (state, "offset", 0) + n);
      break;
    case BV_REST_ONE_PAGE:
    default:
      *last = TRUE;
      break;
    }
  if (!*last && pages >= self->max_pages)
    {
      g_set_error (error, BV_HTTP_ERROR, BV_HTTP_ERROR_MALFORMED,
                   ngettext ("“%s” has more than %u page: check the pagination, or raise the highest number of pages",
                             "“%s” has more than %u pages: check the pagination, or raise the highest number of pages", (guint) self->max_pages),
                   stream->name, (guint) self->max_pages);
      return FALSE;
    }
  json_object_set_int_member (state, "pages", pages);
  json_object_set_int_member (state, "empty", empty);
  if (hash != NULL)
    {
      json_object_set_string_member (state, "hash", hash);
      if (!json_object_has_member (state, "first"))
        json_object_set_string_member (state, "first", hash);
    }
  return TRUE;
}
