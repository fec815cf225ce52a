/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The settings of a REST source, read and checked. */
#include "config.h"

#include "bv-rest-private.h"

#include <glib/gi18n-lib.h>
#include <string.h>

static const char *
get (BvSourceContext *context, const char *name)
{
  const char *value = bv_source_context_get (context, name);

  return value != NULL && *value != '\0' ? value : NULL;
}

static int
find_name (const char *const *names, const char *name)
{
  for (int i = 0; names[i] != NULL; i++)
    if (g_strcmp0 (names[i], name) == 0)
      return i;
  return -1;
}

/* A list of lines, without blank ones. */
static char **
read_lines (const char *text)
{
  g_auto (GStrv) lines = g_strsplit (text != NULL ? text : "", "\n", -1);
  GPtrArray *kept = g_ptr_array_new ();

  for (guint i = 0; lines[i] != NULL; i++)
    if (*g_strstrip (lines[i]) != '\0')
      g_ptr_array_add (kept, g_strdup (lines[i]));
  g_ptr_array_add (kept, NULL);
  return (char **) g_ptr_array_free (kept, FALSE);
}

static void
stream_free (gpointer data)
{
  BvRestStream *stream = data;

  g_free (stream->name);
  g_free (stream->url);
  g_free (stream->records);
  g_strfreev (stream->key);
  g_free (stream->cursor);
  g_free (stream->parameter);
  g_free (stream);
}

void
bv_rest_free (BvRest *self)
{
  if (self == NULL)
    return;
  g_free (self->user);
  g_free (self->secret);
  g_free (self->auth_name);
  g_free (self->page_parameter);
  g_free (self->next_path);
  g_free (self->size_parameter);
  g_strfreev (self->headers);
  g_strfreev (self->parameters);
  g_clear_pointer (&self->streams, g_ptr_array_unref);
  g_free (self);
}

const BvRestStream *
bv_rest_find (const BvRest *self, const char *name)
{
  for (guint i = 0; i < self->streams->len; i++)
    if (name == NULL || strcmp (((BvRestStream *) self->streams->pdata[i])->name, name) == 0)
      return self->streams->pdata[i];
  return NULL;
}

static gboolean
same_place (const char *a, const char *b)
{
  g_autoptr (GUri) x = g_uri_parse (a, G_URI_FLAGS_PARSE_RELAXED | G_URI_FLAGS_SCHEME_NORMALIZE, NULL);
  g_autoptr (GUri) y = g_uri_parse (b, G_URI_FLAGS_PARSE_RELAXED | G_URI_FLAGS_SCHEME_NORMALIZE, NULL);

  return x != NULL && y != NULL && strcmp (g_uri_get_scheme (x), g_uri_get_scheme (y)) == 0
         && g_ascii_strcasecmp (g_uri_get_host (x), g_uri_get_host (y)) == 0 && g_uri_get_port (x) == g_uri_get_port (y);
}

static gboolean
set_key (BvRestStream *stream, const char *text)
{
  g_auto (GStrv) parts = g_strsplit (text != NULL ? text : "", ",", -1);
  GPtrArray *key = g_ptr_array_new ();

  g_clear_pointer (&stream->key, g_strfreev);
  for (guint i = 0; parts[i] != NULL; i++)
    if (*g_strstrip (parts[i]) != '\0')
      g_ptr_array_add (key, g_strdup (parts[i]));
  if (key->len > 0)
    {
      g_ptr_array_add (key, NULL);
      stream->key = (char **) g_ptr_array_free (key, FALSE);
    }
  else
    g_ptr_array_free (key, TRUE);
  return TRUE;
}

static gboolean
set_option (BvRestStream *stream, const char *name, const char *value, GError **error)
{
  const struct { const char *name; char **place; } options[] = {
    { "records", &stream->records }, { "cursor", &stream->cursor }, { "parameter", &stream->parameter },
  };

  if (strcmp (name, "key") == 0)
    return set_key (stream, value);
  for (guint i = 0; i < G_N_ELEMENTS (options); i++)
    if (strcmp (name, options[i].name) == 0)
      {
        g_free (*options[i].place);
        *options[i].place = *value != '\0' ? g_strdup (value) : NULL;
        return TRUE;
      }
  g_set_error (error, BV_ERROR, BV_ERROR_INVALID, _("The stream “%s” has an unknown option “%s”: use key, records, cursor or parameter"), stream->name, name);
  return FALSE;
}

static BvRestStream *
new_stream (BvSourceContext *context, const char *name, const char *url)
{
  BvRestStream *stream = g_new0 (BvRestStream, 1);

  stream->name = g_strdup (name);
  stream->url = g_strdup (url);
  stream->records = g_strdup (get (context, "records"));
  stream->cursor = g_strdup (get (context, "cursor"));
  stream->parameter = g_strdup (get (context, "cursor_parameter"));
  set_key (stream, get (context, "key"));
  return stream;
}

/* "orders /v1/orders key=id": the name, the path behind the address, options. */
static gboolean
add_stream (BvRest *self, BvSourceContext *context, const char *base, const char *line, GError **error)
{
  g_auto (GStrv) words = g_regex_split_simple ("\\s+", line, 0, 0);
  g_autofree char *trimmed = g_strdup (base);
  g_autofree char *url = NULL;
  BvRestStream *stream;

  while (g_str_has_suffix (trimmed, "/"))
    trimmed[strlen (trimmed) - 1] = '\0';
  if (words[1] == NULL || strchr (words[1], '=') != NULL)
    {
      g_set_error (error, BV_ERROR, BV_ERROR_INVALID, _("The stream “%s” has no path: write its name, a blank and the path"), words[0]);
      return FALSE;
    }
  if (strstr (words[1], "://") != NULL)
    url = g_strdup (words[1]);
  else
    url = g_strconcat (trimmed, words[1][0] == '/' ? "" : "/", words[1], NULL);
  if (!same_place (base, url))
    {
      g_set_error (error, BV_ERROR, BV_ERROR_INVALID, _("The stream “%s” is on another host than the address: make a source of its own for it"), words[0]);
      return FALSE;
    }
  for (guint i = 0; i < self->streams->len; i++)
    if (strcmp (((BvRestStream *) self->streams->pdata[i])->name, words[0]) == 0)
      {
        g_set_error (error, BV_ERROR, BV_ERROR_EXISTS, _("There are two streams “%s”: give one of them another name"), words[0]);
        return FALSE;
      }
  stream = new_stream (context, words[0], url);
  g_ptr_array_add (self->streams, stream);
  for (guint i = 2; words[i] != NULL; i++)
    {
      char *equals = strchr (words[i], '=');

      if (*words[i] == '\0')
        continue;
      if (equals != NULL)
        *equals = '\0';
      if (!set_option (stream, words[i], equals != NULL ? equals + 1 : "", error))
        return FALSE;
    }
  return TRUE;
}

/* "https://api.example.com/v1/orders?x=1" → "orders" */
static char *
name_of (const char *url)
{
  g_autoptr (GUri) uri = g_uri_parse (url, G_URI_FLAGS_PARSE_RELAXED, NULL);
  g_autofree char *base = uri != NULL ? g_path_get_basename (g_uri_get_path (uri)) : NULL;
  char *dot;

  if (base != NULL && (dot = strrchr (base, '.')) != NULL && dot != base)
    *dot = '\0';
  return g_strdup (base != NULL && g_ascii_isalnum (*base) ? base : "data");
}

/* What RFC 9110 calls a token. */
static gboolean
is_header_name (const char *name, gsize length)
{
  for (gsize i = 0; i < length; i++)
    if (!g_ascii_isalnum (name[i]) && strchr ("!#$%&'*+-.^_`|~", name[i]) == NULL)
      return FALSE;
  return length > 0;
}

static gboolean
check_pairs (char **lines, char separator, const char *message, GError **error)
{
  for (guint i = 0; lines[i] != NULL; i++)
    if (strchr (lines[i], separator) == NULL || lines[i][0] == separator || strpbrk (lines[i], "\r\n") != NULL
        || (separator == ':' && !is_header_name (lines[i], strcspn (lines[i], ":"))))
      {
        g_set_error (error, BV_ERROR, BV_ERROR_INVALID, "%s: %s", lines[i], message);
        return FALSE;
      }
  return TRUE;
}

static gboolean
read_auth (BvRest *self, BvSourceContext *context, GError **error)
{
  static const char *const auths[] = { "none", "bearer", "basic", "header", "query", NULL };
  int auth = find_name (auths, get (context, "auth"));

  self->auth = auth >= 0 ? (BvRestAuth) auth : BV_REST_NO_AUTH;
  self->user = g_strdup (get (context, "user"));
  self->secret = g_strdup (get (context, "secret"));
  self->auth_name = g_strdup (get (context, "auth_name"));
  if (self->auth == BV_REST_NO_AUTH)
    return TRUE;
  if (self->secret == NULL && (self->auth != BV_REST_BASIC || self->user == NULL))
    {
      g_set_error_literal (error, BV_HTTP_ERROR, BV_HTTP_ERROR_UNAUTHORIZED, _("There is no token, password or key: enter it"));
      return FALSE;
    }
  if ((self->auth == BV_REST_HEADER || self->auth == BV_REST_QUERY) && self->auth_name == NULL)
    {
      g_set_error_literal (error, BV_ERROR, BV_ERROR_INVALID, _("The key needs the name of the header or parameter that it is sent in: enter it"));
      return FALSE;
    }
  if (self->auth == BV_REST_HEADER && !is_header_name (self->auth_name, strlen (self->auth_name)))
    {
      g_set_error (error, BV_ERROR, BV_ERROR_INVALID, _("“%s” cannot be the name of a header: use letters, digits and “-”"), self->auth_name);
      return FALSE;
    }
  return TRUE;
}

static gboolean
read_paging (BvRest *self, BvSourceContext *context, GError **error)
{
  static const char *const pagings[] = { "none", "link", "cursor", "next_url", "page", "offset", NULL };
  static const char *const parameters[] = { NULL, NULL, "cursor", NULL, "page", "offset" };
  static const char *const times[] = { "as_is", "iso", "unix", "ms", NULL };
  int paging = find_name (pagings, get (context, "pagination")), time = find_name (times, get (context, "cursor_format"));
  const char *parameter = get (context, "page_parameter");

  self->paging = paging >= 0 ? (BvRestPaging) paging : BV_REST_ONE_PAGE;
  self->time = time >= 0 ? (BvRestTime) time : BV_REST_AS_IS;
  self->page_parameter = g_strdup (parameter != NULL ? parameter : parameters[self->paging]);
  self->next_path = g_strdup (get (context, "next_path"));
  self->size_parameter = g_strdup (get (context, "size_parameter"));
  self->page_size = bv_source_context_get_int (context, "page_size");
  self->first_page = bv_source_context_get_int (context, "first_page");
  self->max_pages = bv_source_context_get_int (context, "max_pages");
  self->lookback_us = MAX (0, bv_source_context_get_int (context, "lookback")) * 60 * BV_SECOND_US;
  self->sweep = bv_source_context_get_bool (context, "sweep");
  if (self->max_pages <= 0)
    self->max_pages = 10000;
  if ((self->paging == BV_REST_CURSOR || self->paging == BV_REST_NEXT_URL) && self->next_path == NULL)
    {
      g_set_error_literal (error, BV_ERROR, BV_ERROR_INVALID, _("The pagination needs the field of the answer that leads to the next page: enter its path"));
      return FALSE;
    }
  return TRUE;
}

BvRest *
bv_rest_new (BvSourceContext *context, GError **error)
{
  g_autoptr (BvRest) self = g_new0 (BvRest, 1);
  const char *url = get (context, "url");
  g_autoptr (GUri) uri = url != NULL ? g_uri_parse (url, G_URI_FLAGS_PARSE_RELAXED | G_URI_FLAGS_SCHEME_NORMALIZE, NULL) : NULL;
  g_auto (GStrv) lines = NULL;

  self->streams = g_ptr_array_new_with_free_func (stream_free);
  if (uri == NULL || g_uri_get_host (uri) == NULL || *g_uri_get_host (uri) == '\0'
      || (strcmp (g_uri_get_scheme (uri), "https") != 0 && strcmp (g_uri_get_scheme (uri), "http") != 0))
    {
      g_set_error (error, BV_ERROR, BV_ERROR_INVALID, _("“%s” is no address: it begins with https:// and the name of a host"), url != NULL ? url : "");
      return NULL;
    }
  if (g_uri_get_userinfo (uri) != NULL)
    {
      g_set_error_literal (error, BV_ERROR, BV_ERROR_INVALID, _("The address holds a user name or password: enter them in their own fields"));
      return NULL;
    }
  if (!read_auth (self, context, error) || !read_paging (self, context, error))
    return NULL;
  self->headers = read_lines (get (context, "headers"));
  self->parameters = read_lines (get (context, "parameters"));
  if (!check_pairs (self->headers, ':', _("a header is a name, a colon and a value"), error)
      || !check_pairs (self->parameters, '=', _("a parameter is a name, an equals sign and a value"), error))
    return NULL;
  lines = read_lines (get (context, "streams"));
  for (guint i = 0; lines[i] != NULL; i++)
    if (!add_stream (self, context, url, lines[i], error))
      return NULL;
  if (self->streams->len == 0)
    {
      g_autofree char *name = name_of (url);

      g_ptr_array_add (self->streams, new_stream (context, name, url));
    }
  return g_steal_pointer (&self);
}
