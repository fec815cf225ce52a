/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "bv-json-value.h"

#include "bv-import-private.h"
#include "bv-source-kind.h"
#include "bv-time.h"

#include <math.h>
#include <string.h>

#define MAX_DEPTH 100
/* Instants above this are milliseconds: as seconds it is the year 5138. */
#define MILLISECONDS 1e11

static void
set_text (const char *text, BvValue *value)
{
  value->type = BV_TYPE_TEXT;
  value->s = (char *) text;
}

static gboolean
number_as_instant (double number, gint64 *us)
{
  if (!(fabs (number) < 1e15))
    return FALSE;
  *us = fabs (number) >= MILLISECONDS ? (gint64) (number * 1000) : (gint64) number * BV_SECOND_US + (gint64) ((number - trunc (number)) * 1e6);
  return TRUE;
}

/* A text as @type; FALSE when it is not one. */
static gboolean
read_text (const char *text, BvType type, BvValue *value)
{
  gint64 us;
  char *end;
  double number;

  if (type != BV_TYPE_TIMESTAMP && type != BV_TYPE_DATE)
    return bv_value_from_plain (text, type, value);
  if (type == BV_TYPE_DATE && bv_date_parse (text, -1, &value->i))
    {
      value->type = type;
      return TRUE;
    }
  if (bv_date_parse (text, -1, &us))
    us *= BV_DAY_US;
  else if (!bv_timestamp_parse (text, -1, &us, NULL))
    {
      number = g_ascii_strtod (text, &end);
      if (end == text || *end != '\0' || !number_as_instant (number, &us))
        return FALSE;
    }
  value->type = type;
  value->i = type == BV_TYPE_DATE ? bv_floor_div (us, BV_DAY_US) : us;
  return TRUE;
}

static void
read_number (JsonNode *node, BvType type, GStringChunk *texts, BvValue *value)
{
  gboolean whole = json_node_get_value_type (node) == G_TYPE_INT64;
  gint64 i = whole ? json_node_get_int (node) : 0;
  double d = whole ? (double) i : json_node_get_double (node);
  char buf[G_ASCII_DTOSTR_BUF_SIZE];
  gint64 us;

  if (type == BV_TYPE_INT && !whole && fabs (d) < 9e15 && fabs (d - trunc (d)) < G_MINDOUBLE)
    {
      whole = TRUE;
      i = (gint64) d;
    }
  if (type == BV_TYPE_INT && whole)
    *value = bv_value_int (i);
  else if (type == BV_TYPE_DOUBLE)
    *value = bv_value_double (d);
  else if ((type == BV_TYPE_TIMESTAMP || type == BV_TYPE_DATE) && number_as_instant (d, &us))
    {
      value->type = type;
      value->i = type == BV_TYPE_DATE ? bv_floor_div (us, BV_DAY_US) : us;
    }
  else
    {
      if (whole)
        g_snprintf (buf, sizeof buf, "%" G_GINT64_FORMAT, i);
      set_text (g_string_chunk_insert (texts, whole ? buf : bv_double_to_plain (d, buf)), value);
    }
}

void
bv_json_value (JsonNode *node, BvType type, GStringChunk *texts, BvValue *value)
{
  const char *text;

  *value = BV_VALUE_NULL;
  if (node == NULL || JSON_NODE_HOLDS_NULL (node))
    return;
  if (!JSON_NODE_HOLDS_VALUE (node))
    {
      g_autofree char *json = json_to_string (node, FALSE);

      set_text (g_string_chunk_insert (texts, json), value);
      return;
    }
  switch (json_node_get_value_type (node))
    {
    case G_TYPE_BOOLEAN:
      if (type == BV_TYPE_BOOL)
        *value = bv_value_bool (json_node_get_boolean (node));
      else
        set_text (json_node_get_boolean (node) ? "true" : "false", value);
      return;
    case G_TYPE_INT64:
    case G_TYPE_DOUBLE:
      read_number (node, type, texts, value);
      return;
    default:
      break;
    }
  text = json_node_get_string (node);
  if (text == NULL || *text == '\0')
    return;
  if (type == BV_TYPE_TEXT || type == BV_TYPE_NULL || !read_text (text, type, value))
    set_text (text, value);
}

JsonNode *
bv_json_get (JsonObject *object, const char *const *path)
{
  JsonNode *node = NULL;

  for (; *path != NULL; path++)
    {
      if (object == NULL)
        return NULL;
      node = json_object_get_member (object, *path);
      if (node == NULL)
        return NULL;
      object = JSON_NODE_HOLDS_OBJECT (node) ? json_node_get_object (node) : NULL;
    }
  return node;
}

JsonNode *
bv_json_get_dotted (JsonObject *object, const char *path)
{
  g_auto (GStrv) names = NULL;

  if (object == NULL)
    return NULL;
  if (strchr (path, '.') == NULL)
    return json_object_get_member (object, path);
  names = g_strsplit (path, ".", -1);
  return bv_json_get (object, (const char *const *) names);
}

JsonObject *
bv_json_get_object (JsonObject *object, const char *path)
{
  JsonNode *node = bv_json_get_dotted (object, path);

  return node != NULL && JSON_NODE_HOLDS_OBJECT (node) ? json_node_get_object (node) : NULL;
}

JsonArray *
bv_json_get_array (JsonObject *object, const char *path)
{
  JsonNode *node = bv_json_get_dotted (object, path);

  return node != NULL && JSON_NODE_HOLDS_ARRAY (node) ? json_node_get_array (node) : NULL;
}

JsonObject *
bv_json_get_element (JsonArray *array, guint i)
{
  JsonNode *node = json_array_get_element (array, i);

  return JSON_NODE_HOLDS_OBJECT (node) ? json_node_get_object (node) : NULL;
}

const char *
bv_json_get_text (JsonObject *object, const char *path)
{
  JsonNode *node = bv_json_get_dotted (object, path);
  const char *text = node != NULL && JSON_NODE_HOLDS_VALUE (node) ? json_node_get_string (node) : NULL;

  return text != NULL && *text != '\0' ? text : NULL;
}

gint64
bv_json_get_int (JsonObject *object, const char *path, gint64 fallback)
{
  JsonNode *node = bv_json_get_dotted (object, path);

  if (node == NULL || !JSON_NODE_HOLDS_VALUE (node))
    return fallback;
  if (json_node_get_value_type (node) == G_TYPE_INT64)
    return json_node_get_int (node);
  if (json_node_get_value_type (node) == G_TYPE_DOUBLE && fabs (json_node_get_double (node)) < 9e15)
    return (gint64) json_node_get_double (node);
  return fallback;
}

gboolean
bv_json_get_bool (JsonObject *object, const char *path)
{
  JsonNode *node = bv_json_get_dotted (object, path);

  return node != NULL && JSON_NODE_HOLDS_VALUE (node) && json_node_get_value_type (node) == G_TYPE_BOOLEAN && json_node_get_boolean (node);
}

char *
bv_json_dup_id (JsonObject *object, const char *path)
{
  JsonNode *node = bv_json_get_dotted (object, path);

  if (node == NULL || !JSON_NODE_HOLDS_VALUE (node))
    return NULL;
  if (json_node_get_value_type (node) == G_TYPE_INT64)
    return g_strdup_printf ("%" G_GINT64_FORMAT, json_node_get_int (node));
  if (json_node_get_value_type (node) != G_TYPE_STRING || *json_node_get_string (node) == '\0')
    return NULL;
  return g_strdup (json_node_get_string (node));
}

/* --- Flattening */

static void
flatten (JsonObject *object, GString *path, int depth, BvJsonFlatFunc func, gpointer data)
{
  JsonObjectIter iter;
  const char *name;
  JsonNode *node;
  gsize length = path->len;

  json_object_iter_init_ordered (&iter, object);
  while (json_object_iter_next_ordered (&iter, &name, &node))
    {
      if (length > 0)
        g_string_append_c (path, '.');
      g_string_append (path, name);
      if (JSON_NODE_HOLDS_OBJECT (node) && depth < MAX_DEPTH)
        flatten (json_node_get_object (node), path, depth + 1, func, data);
      else
        func (path->str, node, data);
      g_string_truncate (path, length);
    }
}

void
bv_json_flatten (JsonObject *object, BvJsonFlatFunc func, gpointer data)
{
  g_autoptr (GString) path = g_string_new (NULL);

  flatten (object, path, 1, func, data);
}

guint
bv_json_node_types (JsonNode *node)
{
  char buf[G_ASCII_DTOSTR_BUF_SIZE];
  const char *text;

  if (JSON_NODE_HOLDS_NULL (node))
    return BV_CELL_ANY;
  if (!JSON_NODE_HOLDS_VALUE (node))
    return 0;
  switch (json_node_get_value_type (node))
    {
    case G_TYPE_BOOLEAN:
      return bv_json_types (BV_JSON_BOOL, "true", 4);
    case G_TYPE_INT64:
      g_snprintf (buf, sizeof buf, "%" G_GINT64_FORMAT, json_node_get_int (node));
      return bv_json_types (BV_JSON_NUMBER, buf, strlen (buf));
    case G_TYPE_DOUBLE:
      /* 2.0 has a point on purpose. */
      return bv_json_types (BV_JSON_NUMBER, "0.5", 3);
    default:
      text = json_node_get_string (node);
      return bv_json_types (BV_JSON_STRING, text, strlen (text));
    }
}

/* --- Names */

char *
bv_json_column_name (const char *path)
{
  g_autoptr (GString) split = g_string_new (NULL);

  /* A capital begins a word after a small letter or a digit, and the last of several does before a small letter. */
  for (const char *p = path; *p != '\0'; p = g_utf8_next_char (p))
    {
      gunichar c = g_utf8_get_char (p), before = p > path ? g_utf8_get_char (g_utf8_prev_char (p)) : 0;
      const char *next = g_utf8_next_char (p);

      if (g_unichar_isupper (c) && before != 0
          && (g_unichar_islower (before) || g_unichar_isdigit (before)
              || (g_unichar_isupper (before) && *next != '\0' && g_unichar_islower (g_utf8_get_char (next)))))
        g_string_append_c (split, '_');
      g_string_append_unichar (split, c);
    }
  return bv_source_slug (split->str);
}

char *
bv_json_label (const char *name)
{
  g_autofree char *spaced = g_strdelimit (g_strdup (name), "_.", ' ');
  g_autofree char *first = NULL;
  g_autofree char *upper = NULL;

  g_strstrip (spaced);
  if (*spaced == '\0')
    return g_strdup (name);
  first = g_utf8_substring (spaced, 0, 1);
  upper = g_utf8_strup (first, -1);
  return g_strconcat (upper, g_utf8_next_char (spaced), NULL);
}
