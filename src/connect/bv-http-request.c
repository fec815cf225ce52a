/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A request being put together, and the reading of answers' bodies and waits. */
#include "config.h"

#include "bv-http-private.h"

#include <glib/gi18n-lib.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

/* json-glib parses by recursion: an answer nested deeper than this is refused before it is parsed. */
#define MAX_DEPTH 200
/* A secret shorter than this may be a part of words. */
#define WHOLE_WORDS 8

BvHttpRequest *
bv_http_request_new (const char *method, const char *url)
{
  BvHttpRequest *self = g_new0 (BvHttpRequest, 1);

  self->method = g_strdup (method);
  self->url = g_string_new (url);
  self->headers = g_ptr_array_new_with_free_func (g_free);
  self->secrets = g_ptr_array_new_with_free_func (g_free);
  self->hidden = g_ptr_array_new_with_free_func (g_free);
  return self;
}

void
bv_http_request_free (BvHttpRequest *self)
{
  if (self == NULL)
    return;
  g_free (self->method);
  g_string_free (self->url, TRUE);
  g_ptr_array_unref (self->headers);
  g_ptr_array_unref (self->secrets);
  g_ptr_array_unref (self->hidden);
  g_free (self->content_type);
  g_clear_pointer (&self->body, g_bytes_unref);
  g_free (self->pace);
  g_free (self);
}

void
bv_http_request_add_query (BvHttpRequest *self, const char *name, const char *value)
{
  g_autofree char *escaped_name = g_uri_escape_string (name, NULL, FALSE);
  g_autofree char *escaped = g_uri_escape_string (value, ",:", FALSE);

  g_string_append_printf (self->url, "%c%s=%s", strchr (self->url->str, '?') != NULL ? '&' : '?', escaped_name, escaped);
}

void
bv_http_request_add_secret_query (BvHttpRequest *self, const char *name, const char *value)
{
  bv_http_request_add_query (self, name, value);
  /* As it was given, and as it stands in an address that the server repeats. */
  g_ptr_array_add (self->hidden, g_strdup (value));
  g_ptr_array_add (self->hidden, g_uri_escape_string (value, NULL, FALSE));
}

void
bv_http_request_add_header (BvHttpRequest *self, const char *name, const char *value)
{
  g_ptr_array_add (self->headers, g_strdup (name));
  g_ptr_array_add (self->headers, g_strdup (value));
}

void
bv_http_request_add_secret_header (BvHttpRequest *self, const char *name, const char *value)
{
  const char *blank = strchr (value, ' ');

  g_ptr_array_add (self->secrets, g_strdup (name));
  g_ptr_array_add (self->secrets, g_strdup (value));
  g_ptr_array_add (self->hidden, g_strdup (value));
  /* The token behind "Bearer " as well. */
  if (blank != NULL)
    g_ptr_array_add (self->hidden, g_strdup (blank + 1));
}

void
bv_http_request_set_bearer (BvHttpRequest *self, const char *token)
{
  g_autofree char *value = g_strconcat ("Bearer ", token, NULL);

  bv_http_request_add_secret_header (self, "Authorization", value);
}

void
bv_http_request_set_basic (BvHttpRequest *self, const char *user, const char *password)
{
  g_autofree char *pair = g_strconcat (user, ":", password, NULL);
  g_autofree char *encoded = g_base64_encode ((const guchar *) pair, strlen (pair));
  g_autofree char *value = g_strconcat ("Basic ", encoded, NULL);

  bv_http_request_add_secret_header (self, "Authorization", value);
  g_ptr_array_add (self->hidden, g_strdup (password));
}

void
bv_http_request_take_json (BvHttpRequest *self, JsonNode *json)
{
  char *text = json_to_string (json, FALSE);

  json_node_unref (json);
  bv_http_request_set_body (self, "application/json", text, strlen (text));
  g_free (text);
}

void
bv_http_request_set_body (BvHttpRequest *self, const char *content_type, const char *data, gsize length)
{
  g_free (self->content_type);
  self->content_type = g_strdup (content_type);
  g_clear_pointer (&self->body, g_bytes_unref);
  self->body = g_bytes_new (data, length);
}

void
bv_http_request_set_pace (BvHttpRequest *self, const char *pace)
{
  g_free (self->pace);
  self->pace = g_strdup (pace);
}

gsize
bv_http_request_get_url_length (BvHttpRequest *self)
{
  return self->url->len;
}

char *
bv_http_request_host (BvHttpRequest *self)
{
  g_autoptr (GUri) uri = g_uri_parse (self->url->str, SOUP_HTTP_URI_FLAGS, NULL);

  return g_strdup (uri != NULL && g_uri_get_host (uri) != NULL ? g_uri_get_host (uri) : "?");
}

/* Replaces @secret in @text; a short one only where it stands alone, so that words stay words. */
static void
blot_out (GString *text, const char *secret)
{
  const char mark[] = "…";
  gsize length = strlen (secret), at = 0;
  const char *found;

  while (length > 0 && (found = strstr (text->str + at, secret)) != NULL)
    {
      gsize start = (gsize) (found - text->str);

      if (length < WHOLE_WORDS && ((start > 0 && g_ascii_isalnum (found[-1])) || g_ascii_isalnum (found[length])))
        {
          at = start + 1;
          continue;
        }
      g_string_erase (text, (gssize) start, (gssize) length);
      g_string_insert (text, (gssize) start, mark);
      at = start + strlen (mark);
    }
}

char *
bv_http_scrub (BvHttpRequest *self, const char *text)
{
  g_autoptr (GString) clean = g_string_new (text);

  for (guint i = 0; i < self->hidden->len; i++)
    blot_out (clean, self->hidden->pdata[i]);
  return g_string_free (g_steal_pointer (&clean), FALSE);
}

/* --- Waits ------------------------------------------------------------------------------------------------------------------ */

static gboolean
read_date (const char *text, gint64 *us)
{
  g_autoptr (GDateTime) date = soup_date_time_new_from_http_string (text);

  if (date == NULL)
    return FALSE;
  *us = g_date_time_to_unix (date) * G_USEC_PER_SEC;
  return TRUE;
}

/* Longer waits than this are not told apart; nor must a number from outside overflow. */
#define MAX_SECONDS (7 * 24 * 3600)

gint64
bv_http_asked_wait (SoupMessageHeaders *headers, const char *reset_header, gint64 now)
{
  const char *text = soup_message_headers_get_one (headers, "Retry-After");
  const char *sent = soup_message_headers_get_one (headers, "Date");
  char *end = NULL;
  gint64 us;

  /* By the server's own clock, where it tells: ours may be off. */
  if (sent != NULL && read_date (sent, &us))
    now = us;
  if (text != NULL)
    {
      gint64 seconds = g_ascii_strtoll (text, &end, 10);

      if (end != text && *end == '\0')
        return CLAMP (seconds, 0, MAX_SECONDS) * G_USEC_PER_SEC;
      if (read_date (text, &us))
        return MAX (us - now, 0);
    }
  text = reset_header != NULL ? soup_message_headers_get_one (headers, reset_header) : NULL;
  if (text != NULL)
    {
      double seconds = g_ascii_strtod (text, &end);

      if (end == text || !(seconds >= 0))
        return -1;
      /* A point in time, or the seconds until then. */
      if (seconds > 1e9)
        seconds -= (double) now / G_USEC_PER_SEC;
      return (gint64) (CLAMP (seconds, 0, MAX_SECONDS) * G_USEC_PER_SEC);
    }
  return -1;
}

/* --- JSON ------------------------------------------------------------------------------------------------------------------- */

static gboolean
is_too_deep (const char *text, gsize length)
{
  int depth = 0;
  gboolean quoted = FALSE;

  for (gsize i = 0; i < length; i++)
    {
      if (quoted)
        {
          if (text[i] == '\\')
            i++;
          else if (text[i] == '"')
            quoted = FALSE;
        }
      else if (text[i] == '"')
        quoted = TRUE;
      else if (text[i] == '[' || text[i] == '{')
        {
          if (++depth > MAX_DEPTH)
            return TRUE;
        }
      else if (text[i] == ']' || text[i] == '}')
        depth--;
    }
  return FALSE;
}

static gboolean
is_blank (const char *text, gsize length)
{
  while (length > 0 && g_ascii_isspace (text[length - 1]))
    length--;
  return length == 0;
}

static gboolean
is_web_page (const char *text, gsize length)
{
  while (length > 0 && g_ascii_isspace (*text))
    text++, length--;
  return length > 0 && *text == '<';
}

JsonNode *
bv_http_parse_json (const char *who, const char *text, gsize length, GError **error)
{
  g_autoptr (JsonParser) parser = json_parser_new_immutable ();
  g_autoptr (GError) local = NULL;
  const char *end;

  if (is_blank (text, length))
    g_set_error (error, BV_HTTP_ERROR, BV_HTTP_ERROR_MALFORMED, _("%s sent an empty answer: sync again later"), who);
  else if (is_web_page (text, length))
    g_set_error (error, BV_HTTP_ERROR, BV_HTTP_ERROR_MALFORMED,
                 _("%s sent a web page instead of data: check the address, and whether this network asks for a login"), who);
  else if (!g_utf8_validate_len (text, length, &end))
    g_set_error (error, BV_HTTP_ERROR, BV_HTTP_ERROR_MALFORMED,
                 _("%s sent an answer that is not valid text (at byte %" PRIu64 "): sync again later"), who, (guint64) (end - text));
  else if (is_too_deep (text, length))
    g_set_error (error, BV_HTTP_ERROR, BV_HTTP_ERROR_MALFORMED, _("%s sent an answer that is nested too deeply: sync again later"), who);
  else if (json_parser_load_from_data (parser, text, (gssize) length, &local) && json_parser_get_root (parser) != NULL)
    return json_parser_steal_root (parser);
  else
    {
      const char *place = local != NULL ? strstr (local->message, "<data>:") : NULL;
      guint line = 1, character = 1;

      /* The parser says it in its message only. */
      if (place != NULL)
        sscanf (place, "<data>:%u:%u", &line, &character);
      g_set_error (error, BV_HTTP_ERROR, BV_HTTP_ERROR_MALFORMED,
                   _("%s sent an answer that is no valid JSON (line %u, character %u): sync again later"), who, line, character);
    }
  return NULL;
}
