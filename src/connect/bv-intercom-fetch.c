/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One page of an Intercom stream.
 *
 * Search (contacts, conversations, tickets): FIRST and SWEEP go by created_at, which never changes, so that records that change meanwhile
 * do not move between pages; UPDATE goes by updated_at, ascending, so that what changes meanwhile comes again at the end. The server
 * compares dates by the day of the workspace's time zone: "> X" begins at the midnight after X. UPDATE therefore asks from two days before
 * the cursor, and leaves out what is older than the cursor by more than LAG, for the index is minutes behind. The cursor is the
 * vendor's own time (its Date header) at the start of the pass before, so that a wrong clock of this machine loses nothing; it counts once
 * the pass is whole. Merged contacts are named by the survivor's merge_history, which comes with the search.
 *
 * Scroll (companies): one at a time for an account, closed after a minute without a request, and broken by a 500. A broken or closed
 * scroll begins anew: rows that come twice are the same rows. The wait for somebody else's scroll is the HTTP client's (see the policy).
 *
 * Deleted conversations come newest first, 60 a page; the pass ends at those that the pass before has seen, as long as the order holds. Their messages
 * go with them.
 *
 * Messages of conversations cost a request for each conversation: a search page of ids is kept in the state and worked off PARTS_AT_ONCE
 * at a time.
 */
#include "config.h"

#include "bv-intercom-private.h"
#include "bv-json-value.h"

#include <glib/gi18n-lib.h>
#include <inttypes.h>
#include <string.h>

#define TWO_DAYS (2 * BV_DAY_SECONDS)
#define LAG (6 * 3600)
#define PARTS_LAG 3600
#define PARTS_AT_ONCE 25
#define MAX_PARTS 500
#define MAX_RESTARTS 5
#define MAX_PAGES 1000000

static gboolean
set_malformed (const char *list, GError **error)
{
  g_set_error (error, BV_HTTP_ERROR, BV_HTTP_ERROR_MALFORMED, _("Intercom’s answer has no list “%s”: try again later"), list);
  return FALSE;
}

static gboolean
set_endless (GError **error)
{
  g_set_error_literal (error, BV_HTTP_ERROR, BV_HTTP_ERROR_MALFORMED, _("Intercom gives the same page again and again: try again later"));
  return FALSE;
}

/* The vendor's time, in unix seconds. */
static gint64
vendor_now (SoupMessageHeaders *headers, gint64 fallback_us)
{
  gint64 us;

  return bv_floor_div (headers != NULL && bv_http_get_date (headers, &us) ? us : fallback_us, BV_SECOND_US);
}

/* --- Search ---------------------------------------------------------------------------------------------------------------------- */

static BvHttpRequest *
search_request (BvFetch *fetch, const BvIntercomStream *stream, const char *field, gint64 since, const char *after)
{
  BvHttpRequest *request = bv_intercom_request (bv_source_context_get_data (fetch->context), "POST", stream->path);
  g_autoptr (JsonBuilder) builder = json_builder_new ();

  if (strcmp (stream->name, "contacts") == 0)
    bv_http_request_add_query (request, "include_merge_history", "true");
  json_builder_begin_object (builder);
  json_builder_set_member_name (builder, "query");
  json_builder_begin_object (builder);
  json_builder_set_member_name (builder, "field");
  json_builder_add_string_value (builder, field);
  json_builder_set_member_name (builder, "operator");
  json_builder_add_string_value (builder, ">");
  json_builder_set_member_name (builder, "value");
  json_builder_add_int_value (builder, since);
  json_builder_end_object (builder);
  json_builder_set_member_name (builder, "sort");
  json_builder_begin_object (builder);
  json_builder_set_member_name (builder, "field");
  json_builder_add_string_value (builder, field);
  json_builder_set_member_name (builder, "order");
  json_builder_add_string_value (builder, "ascending");
  json_builder_end_object (builder);
  json_builder_set_member_name (builder, "pagination");
  json_builder_begin_object (builder);
  json_builder_set_member_name (builder, "per_page");
  json_builder_add_int_value (builder, BV_INTERCOM_PAGE);
  if (after != NULL)
    {
      json_builder_set_member_name (builder, "starting_after");
      json_builder_add_string_value (builder, after);
    }
  json_builder_end_object (builder);
  json_builder_end_object (builder);
  bv_http_request_take_json (request, json_builder_get_root (builder));
  return request;
}

/* Sends the search that the state is at; begins it anew, once, when the server does not know its own cursor any more. */
static JsonNode *
search_page (BvFetch *fetch, const BvIntercomStream *stream, GError **error)
{
  gboolean update = fetch->pass == BV_PASS_UPDATE;
  gint64 time = bv_json_get_int (fetch->cursor, "time", 0);
  gint64 since = update && time > TWO_DAYS ? time - TWO_DAYS : 1;

  while (TRUE)
    {
      const char *after = bv_json_get_text (fetch->page, "after");
      g_autoptr (BvHttpRequest) request = search_request (fetch, stream, update ? "updated_at" : "created_at", since, after);
      g_autoptr (SoupMessageHeaders) headers = NULL;
      g_autoptr (GError) local = NULL;
      JsonNode *answer = bv_intercom_send (fetch->context, request, &headers, &local);

      if (answer != NULL)
        {
          if (!json_object_has_member (fetch->page, "start"))
            json_object_set_int_member (fetch->page, "start", vendor_now (headers, fetch->run_start));
          return answer;
        }
      if (after == NULL || json_object_has_member (fetch->page, "anew") || !g_error_matches (local, BV_HTTP_ERROR, BV_HTTP_ERROR_REFUSED))
        {
          g_propagate_error (error, g_steal_pointer (&local));
          return NULL;
        }
      json_object_remove_member (fetch->page, "after");
      json_object_set_boolean_member (fetch->page, "anew", TRUE);
    }
}

/* Moves the state on to the next page; *last when there is none. */
static gboolean
search_next (BvFetch *fetch, JsonObject *answer, guint n_records, gboolean *last, GError **error)
{
  const char *after = bv_json_get_text (answer, "pages.next.starting_after");
  const char *before = bv_json_get_text (fetch->page, "after");
  gint64 pages = bv_json_get_int (fetch->page, "pages", 0) + 1;

  *last = after == NULL || n_records == 0;
  if (*last)
    return TRUE;
  if (g_strcmp0 (after, before) == 0 || pages > MAX_PAGES)
    return set_endless (error);
  json_object_set_string_member (fetch->page, "after", after);
  json_object_set_int_member (fetch->page, "pages", pages);
  return TRUE;
}

static void
finish_search (BvFetch *fetch)
{
  fetch->done = TRUE;
  if (fetch->pass != BV_PASS_SWEEP)
    json_object_set_int_member (fetch->cursor, "time", bv_json_get_int (fetch->page, "start", 0));
}

static void
add_merges (BvFetch *fetch, JsonObject *record, const char *id)
{
  JsonArray *history = bv_json_get_array (record, "merge_history");

  for (guint i = 0; history != NULL && i < json_array_get_length (history); i++)
    {
      g_autofree char *loser = bv_json_dup_id (bv_json_get_element (history, i), "source_contact_id");

      if (loser != NULL && strcmp (loser, id) != 0)
        bv_batch_merge (fetch->batch, loser, id);
    }
}

/* A sweep brings whole records: what an UPDATE has missed is taken from it. */
static gboolean
is_current (BvFetch *fetch, const char *id, JsonObject *record)
{
  gint64 updated = bv_json_get_int (record, "updated_at", G_MININT64);
  char buf[BV_TIME_TEXT_MAX];

  return bv_batch_is_current (fetch->batch, id, updated != G_MININT64 ? bv_timestamp_to_text (updated * BV_SECOND_US, buf) : NULL);
}

static gboolean
fetch_search (BvFetch *fetch, const BvIntercomStream *stream, GError **error)
{
  g_autoptr (BvIntercomRows) rows = bv_intercom_rows_new (fetch, error);
  g_autoptr (JsonNode) answer = NULL;
  gint64 oldest = fetch->pass == BV_PASS_UPDATE ? bv_json_get_int (fetch->cursor, "time", 0) - LAG : G_MININT64;
  JsonObject *object;
  JsonArray *list;
  gboolean last;

  if (rows == NULL)
    return FALSE;
  answer = search_page (fetch, stream, error);
  if (answer == NULL)
    return FALSE;
  object = json_node_get_object (answer);
  list = bv_json_get_array (object, stream->list);
  if (list == NULL)
    return set_malformed (stream->list, error);
  for (guint i = 0; i < json_array_get_length (list); i++)
    {
      JsonObject *record = bv_json_get_element (list, i);
      g_autofree char *id = bv_json_dup_id (record, "id");

      if (id == NULL)
        {
          bv_batch_skip (fetch->batch, _("Intercom gave a record without an id, which was left out"));
          continue;
        }
      add_merges (fetch, record, id);
      if (fetch->pass == BV_PASS_SWEEP)
        bv_batch_see (fetch->batch, id);
      if (fetch->pass == BV_PASS_SWEEP ? is_current (fetch, id, record) : bv_json_get_int (record, "updated_at", G_MAXINT64) < oldest)
        {
          bv_batch_pass_over (fetch->batch);
          continue;
        }
      bv_intercom_rows_add (rows, record);
      bv_intercom_keep_links (fetch, record);
    }
  fetch->total = bv_json_get_int (object, "total_count", 0);
  if (!search_next (fetch, object, json_array_get_length (list), &last, error))
    return FALSE;
  if (last)
    finish_search (fetch);
  return TRUE;
}

/* --- Companies --------------------------------------------------------------------------------------------------------------------- */

static gboolean
fetch_scroll (BvFetch *fetch, const BvIntercomStream *stream, GError **error)
{
  BvIntercom *self = bv_source_context_get_data (fetch->context);
  g_autoptr (BvIntercomRows) rows = bv_intercom_rows_new (fetch, error);
  g_autoptr (JsonNode) answer = NULL;
  JsonArray *list;
  const char *next;

  if (rows == NULL)
    return FALSE;
  while (answer == NULL)
    {
      const char *scroll = bv_json_get_text (fetch->page, "scroll");
      g_autoptr (BvHttpRequest) request = bv_intercom_request (self, "GET", stream->path);
      g_autoptr (GError) local = NULL;
      gint64 restarts = bv_json_get_int (fetch->page, "restarts", 0);
      gboolean gone;

      if (scroll != NULL)
        bv_http_request_add_query (request, "scroll_param", scroll);
      self->scroll_broke = FALSE;
      answer = bv_intercom_send (fetch->context, request, NULL, &local);
      if (answer != NULL)
        break;
      gone = g_error_matches (local, BV_HTTP_ERROR, BV_HTTP_ERROR_NOT_FOUND);
      if (gone && scroll == NULL)
        {
          /* There are no companies. */
          fetch->done = TRUE;
          return TRUE;
        }
      if (!self->scroll_broke && !(scroll != NULL && (gone || g_error_matches (local, BV_HTTP_ERROR, BV_HTTP_ERROR_REFUSED))))
        {
          g_propagate_error (error, g_steal_pointer (&local));
          return FALSE;
        }
      if (restarts >= MAX_RESTARTS)
        {
          g_set_error (error, BV_HTTP_ERROR, BV_HTTP_ERROR_SERVER,
                       ngettext ("Intercom broke off the list of companies %d time: try again later",
                                 "Intercom broke off the list of companies %d times: try again later", MAX_RESTARTS + 1), MAX_RESTARTS + 1);
          return FALSE;
        }
      json_object_remove_member (fetch->page, "scroll");
      json_object_set_int_member (fetch->page, "restarts", restarts + 1);
    }
  list = bv_json_get_array (json_node_get_object (answer), stream->list);
  if (list == NULL)
    return set_malformed (stream->list, error);
  for (guint i = 0; i < json_array_get_length (list); i++)
    if (bv_json_get_element (list, i) != NULL)
      bv_intercom_rows_add (rows, bv_json_get_element (list, i));
  next = bv_json_get_text (json_node_get_object (answer), "scroll_param");
  fetch->done = json_array_get_length (list) == 0;
  if (fetch->done)
    return TRUE;
  if (next == NULL)
    return set_malformed ("scroll_param", error);
  if (bv_json_get_int (fetch->page, "pages", 0) > MAX_PAGES)
    return set_endless (error);
  json_object_set_int_member (fetch->page, "pages", bv_json_get_int (fetch->page, "pages", 0) + 1);
  json_object_set_string_member (fetch->page, "scroll", next);
  return TRUE;
}

/* --- Small lists ------------------------------------------------------------------------------------------------------------------- */

static gboolean
add_list (BvFetch *fetch, BvIntercomRows *rows, const char *path, const char *model, const char *list_name, GError **error)
{
  BvIntercom *self = bv_source_context_get_data (fetch->context);
  g_autofree char *after = NULL;

  for (guint page = 0; page < 1000; page++)
    {
      g_autoptr (BvHttpRequest) request = bv_intercom_request (self, "GET", path);
      g_autoptr (JsonNode) answer = NULL;
      g_autofree char *previous = g_steal_pointer (&after);
      JsonArray *list;

      if (model != NULL)
        bv_http_request_add_query (request, "model", model);
      if (previous != NULL)
        bv_http_request_add_query (request, "starting_after", previous);
      answer = bv_intercom_send (fetch->context, request, NULL, error);
      if (answer == NULL)
        return FALSE;
      list = bv_json_get_array (json_node_get_object (answer), list_name);
      if (list == NULL)
        return set_malformed (list_name, error);
      for (guint i = 0; i < json_array_get_length (list); i++)
        {
          JsonObject *record = bv_json_get_element (list, i);

          if (record == NULL)
            continue;
          if (strcmp (fetch->stream->name, "data_attributes") == 0)
            {
              /* Attributes of conversations have neither. */
              if (bv_json_get_text (record, "model") == NULL)
                json_object_set_string_member (record, "model", model != NULL ? model : "conversation");
              if (bv_json_get_text (record, "full_name") == NULL)
                json_object_set_string_member (record, "full_name", bv_json_get_text (record, "name"));
            }
          bv_intercom_rows_add (rows, record);
        }
      after = g_strdup (bv_json_get_text (json_node_get_object (answer), "pages.next.starting_after"));
      if (after == NULL || json_array_get_length (list) == 0)
        return TRUE;
      if (g_strcmp0 (after, previous) == 0)
        break;
    }
  return set_endless (error);
}

static gboolean
fetch_list (BvFetch *fetch, const BvIntercomStream *stream, GError **error)
{
  g_autoptr (BvIntercomRows) rows = bv_intercom_rows_new (fetch, error);

  if (rows == NULL)
    return FALSE;
  if (stream->way == BV_INTERCOM_LIST)
    {
      if (!add_list (fetch, rows, stream->path, NULL, stream->list, error))
        return FALSE;
    }
  else
    {
      g_autoptr (GError) local = NULL;

      if (!add_list (fetch, rows, stream->path, "contact", stream->list, error) || !add_list (fetch, rows, stream->path, "company", stream->list, error))
        return FALSE;
      if (!add_list (fetch, rows, "/conversations/attributes", NULL, stream->list, &local)
          && !g_error_matches (local, BV_HTTP_ERROR, BV_HTTP_ERROR_NOT_FOUND))
        {
          g_propagate_error (error, g_steal_pointer (&local));
          return FALSE;
        }
    }
  fetch->done = TRUE;
  return TRUE;
}

/* --- Deleted conversations --------------------------------------------------------------------------------------------------------- */

static gboolean
fetch_deleted (BvFetch *fetch, GError **error)
{
  g_autoptr (BvHttpRequest) request = bv_intercom_request (bv_source_context_get_data (fetch->context), "GET", "/conversations/deleted");
  gint64 number = bv_json_get_int (fetch->page, "number", 1), newest = bv_json_get_int (fetch->page, "newest", 0);
  gint64 until = bv_json_get_int (fetch->cursor, "deleted", 0) - LAG, previous = bv_json_get_int (fetch->page, "previous", G_MAXINT64);
  gboolean sorted = !bv_json_get_bool (fetch->page, "unsorted");
  g_autofree char *text = g_strdup_printf ("%" G_GINT64_FORMAT, number);
  g_autofree char *size = g_strdup_printf ("%d", BV_INTERCOM_DELETED_PAGE);
  g_autoptr (JsonNode) answer = NULL;
  JsonObject *object;
  JsonArray *list;

  bv_http_request_add_query (request, "page", text);
  bv_http_request_add_query (request, "per_page", size);
  bv_http_request_add_query (request, "order", "desc");
  answer = bv_intercom_send (fetch->context, request, NULL, error);
  if (answer == NULL)
    return FALSE;
  object = json_node_get_object (answer);
  list = bv_json_get_array (object, "conversations");
  if (list == NULL)
    return set_malformed ("conversations", error);
  for (guint i = 0; i < json_array_get_length (list); i++)
    {
      JsonObject *record = bv_json_get_element (list, i);
      g_autofree char *id = bv_json_dup_id (record, "id");
      gint64 when = bv_json_get_int (record, "deleted_at", 0);

      if (id == NULL)
        continue;
      bv_batch_delete (fetch->batch, id, when * BV_SECOND_US);
      sorted = sorted && when <= previous;
      previous = when;
      newest = MAX (newest, when);
    }
  json_object_set_int_member (fetch->page, "newest", newest);
  json_object_set_int_member (fetch->page, "previous", previous);
  json_object_set_boolean_member (fetch->page, "unsorted", !sorted);
  json_object_set_int_member (fetch->page, "number", number + 1);
  fetch->done = json_array_get_length (list) == 0 || number >= bv_json_get_int (object, "pages.total_pages", G_MAXINT64)
                || (sorted && previous < until);
  if (fetch->done)
    json_object_set_int_member (fetch->cursor, "deleted", MAX (newest, bv_json_get_int (fetch->cursor, "deleted", 0)));
  return fetch->done || number < MAX_PAGES || set_endless (error);
}

/* --- Messages ---------------------------------------------------------------------------------------------------------------------- */

static gboolean
add_parts (BvFetch *fetch, BvIntercomRows *rows, const char *conversation, GError **error)
{
  g_autofree char *escaped = g_uri_escape_string (conversation, NULL, FALSE);
  g_autofree char *path = g_strconcat ("/conversations/", escaped, NULL);
  g_autoptr (BvHttpRequest) request = bv_intercom_request (bv_source_context_get_data (fetch->context), "GET", path);
  g_autoptr (GError) local = NULL;
  g_autoptr (JsonNode) answer = bv_intercom_send (fetch->context, request, NULL, &local);
  JsonArray *list;
  gint64 total;

  /* It was deleted since. */
  if (g_error_matches (local, BV_HTTP_ERROR, BV_HTTP_ERROR_NOT_FOUND))
    {
      bv_batch_delete (fetch->batch, conversation, 0);
      return TRUE;
    }
  if (answer == NULL)
    {
      g_propagate_error (error, g_steal_pointer (&local));
      return FALSE;
    }
  list = bv_json_get_array (json_node_get_object (answer), "conversation_parts.conversation_parts");
  if (list == NULL)
    return set_malformed ("conversation_parts", error);
  bv_batch_see (fetch->batch, conversation);
  total = bv_json_get_int (json_node_get_object (answer), "conversation_parts.total_count", 0);
  if (total > MAX_PARTS && json_array_get_length (list) < total)
    {
      g_autofree char *why = g_strdup_printf (_("Conversation %s has %" PRId64 " messages, of which Intercom gives the newest %u only"), conversation,
                                              total, json_array_get_length (list));

      bv_batch_skip (fetch->batch, why);
    }
  for (guint i = 0; i < json_array_get_length (list); i++)
    {
      JsonObject *part = bv_json_get_element (list, i);

      if (part == NULL)
        continue;
      json_object_set_string_member (part, "conversation_id", conversation);
      bv_intercom_rows_add (rows, part);
    }
  return TRUE;
}

/* Fills the list of conversations that are waiting with those of the next page of the search. */
static gboolean
add_waiting (BvFetch *fetch, const BvIntercomStream *stream, GError **error)
{
  g_autoptr (JsonNode) answer = search_page (fetch, stream, error);
  gint64 oldest = fetch->pass == BV_PASS_UPDATE ? bv_json_get_int (fetch->cursor, "time", 0) - PARTS_LAG : G_MININT64;
  JsonArray *list, *waiting;
  gboolean last;

  if (answer == NULL)
    return FALSE;
  list = bv_json_get_array (json_node_get_object (answer), stream->list);
  if (list == NULL)
    return set_malformed (stream->list, error);
  waiting = json_array_new ();
  for (guint i = 0; i < json_array_get_length (list); i++)
    {
      JsonObject *record = bv_json_get_element (list, i);
      g_autofree char *id = bv_json_dup_id (record, "id");

      if (id != NULL && bv_json_get_int (record, "updated_at", G_MAXINT64) >= oldest)
        json_array_add_string_element (waiting, id);
    }
  json_object_set_array_member (fetch->page, "waiting", waiting);
  if (!search_next (fetch, json_node_get_object (answer), json_array_get_length (list), &last, error))
    return FALSE;
  json_object_set_boolean_member (fetch->page, "last", last);
  return TRUE;
}

static gboolean
fetch_parts (BvFetch *fetch, const BvIntercomStream *stream, GError **error)
{
  g_autoptr (BvIntercomRows) rows = bv_intercom_rows_new (fetch, error);

  if (rows == NULL)
    return FALSE;
  for (guint n = 0; !fetch->done && n < PARTS_AT_ONCE; n++)
    {
      JsonArray *waiting = bv_json_get_array (fetch->page, "waiting");

      /* Messages that nobody answered have no parts. */
      bv_batch_pass_over (fetch->batch);
      if (waiting == NULL || json_array_get_length (waiting) == 0)
        {
          if (bv_json_get_bool (fetch->page, "last"))
            finish_search (fetch);
          else if (!add_waiting (fetch, stream, error))
            return FALSE;
        }
      else
        {
          if (!add_parts (fetch, rows, json_array_get_string_element (waiting, 0), error))
            return FALSE;
          json_array_remove_element (waiting, 0);
        }
    }
  return TRUE;
}

gboolean
bv_intercom_fetch (BvFetch *fetch, GError **error)
{
  const BvIntercomStream *stream = bv_intercom_stream_find (fetch->stream->name);

  if (stream == NULL)
    {
      g_set_error (error, BV_ERROR, BV_ERROR_NOT_FOUND, _("Intercom has no stream “%s”: choose the streams anew"), fetch->stream->name);
      return FALSE;
    }
  if (fetch->pass == BV_PASS_LINKS)
    return bv_intercom_fetch_links (fetch, error);
  if (fetch->pass == BV_PASS_DELETED)
    return fetch_deleted (fetch, error);
  switch (stream->way)
    {
    case BV_INTERCOM_SEARCH:
      return fetch_search (fetch, stream, error);
    case BV_INTERCOM_SCROLL:
      return fetch_scroll (fetch, stream, error);
    case BV_INTERCOM_PARTS:
      return fetch_parts (fetch, stream, error);
    case BV_INTERCOM_LIST:
    case BV_INTERCOM_ATTRIBUTES:
    default:
      return fetch_list (fetch, stream, error);
    }
}
