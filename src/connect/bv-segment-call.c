/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "bv-segment-private.h"

#include <glib/gi18n-lib.h>
#include <inttypes.h>
#include <string.h>

static const char *const types[] = { "track", "identify", "page", "screen", "group", "alias" };

const char *
bv_segment_type_name (BvSegmentType type)
{
  return types[type];
}

void
bv_segment_call_init (BvSegmentCall *self)
{
  *self = (BvSegmentCall){ 0 };
  self->json = bv_json_new (NULL, NULL);
  self->texts = g_string_new (NULL);
  self->cells = g_array_new (FALSE, FALSE, sizeof (BvSegmentCell));
}

void
bv_segment_call_clear (BvSegmentCall *self)
{
  bv_json_free (self->json);
  g_string_free (self->texts, TRUE);
  g_array_unref (self->cells);
}

static gboolean
take_cell (const char *key, BvJsonKind kind, const char *text, gsize length, gpointer data, GError **error)
{
  BvSegmentCall *self = data;
  BvSegmentCell cell = { self->texts->len, 0, length, kind };

  g_string_append_len (self->texts, key, (gssize) strlen (key) + 1);
  for (char *p = self->texts->str + cell.path; *p != '\0'; p++)
    if (*p == '\x1f')
      *p = '.';
  cell.text = self->texts->len;
  for (gsize i = 0; i < length && kind == BV_JSON_STRING; i++)
    if (text[i] == '\0')
      {
        /* No text of a table holds a NUL. */
        g_autofree char *clean = g_strndup (text, i);

        g_string_append (self->texts, clean);
        g_string_append (self->texts, "\xef\xbf\xbd");
        text += i + 1;
        length -= i + 1;
        i = (gsize) -1;
      }
  g_string_append_len (self->texts, text, (gssize) length);
  cell.length = self->texts->len - cell.text;
  g_string_append_c (self->texts, '\0');
  g_array_append_val (self->cells, cell);
  return TRUE;
}

const char *
bv_segment_call_path (const BvSegmentCall *self, guint i)
{
  return self->texts->str + g_array_index (self->cells, BvSegmentCell, i).path;
}

const char *
bv_segment_call_find (const BvSegmentCall *self, const char *path)
{
  for (guint i = 0; i < self->cells->len; i++)
    {
      const BvSegmentCell *cell = &g_array_index (self->cells, BvSegmentCell, i);

      if (strcmp (self->texts->str + cell->path, path) == 0)
        return (cell->kind == BV_JSON_STRING || cell->kind == BV_JSON_NUMBER) && cell->length > 0 ? self->texts->str + cell->text : NULL;
    }
  return NULL;
}

gboolean
bv_segment_call_read (BvSegmentCall *self, const char *text, gsize length, gint64 line, GError **error)
{
  g_autofree char *valid = NULL;
  const char *type;

  if (!g_utf8_validate_len (text, length, NULL))
    {
      valid = g_utf8_make_valid (text, (gssize) length);
      text = valid;
      length = strlen (valid);
    }
  if (length >= 3 && memcmp (text, "\xef\xbb\xbf", 3) == 0)
    {
      text += 3;
      length -= 3;
    }
  g_string_truncate (self->texts, 0);
  g_array_set_size (self->cells, 0);
  self->event = NULL;
  if (!bv_json_line_parse (self->json, text, length, line, take_cell, self, error))
    return FALSE;
  type = bv_segment_call_find (self, "type");
  for (self->type = 0; self->type < BV_SEGMENT_N_TYPES; self->type++)
    if (g_strcmp0 (type, types[self->type]) == 0)
      break;
  if (self->type == BV_SEGMENT_N_TYPES)
    g_set_error (error, BV_ERROR, BV_ERROR_INVALID,
                 _("Line %" PRId64 " is no call of Segment (its type is “%s”): choose a folder of raw logs"), line, type != NULL ? type : "");
  else if (bv_segment_call_find (self, "messageId") == NULL)
    g_set_error (error, BV_ERROR, BV_ERROR_INVALID, _("Line %" PRId64 " has no messageId, so it cannot be told from a repeat: correct the file"), line);
  else if (self->type == BV_SEGMENT_TRACK && (self->event = bv_segment_call_find (self, "event")) == NULL)
    g_set_error (error, BV_ERROR, BV_ERROR_INVALID, _("Line %" PRId64 " is a track call without an event: correct the file"), line);
  else
    return TRUE;
  return FALSE;
}

void
bv_segment_call_value (const BvSegmentCall *self, guint i, BvType type, BvValue *value)
{
  static const BvCellStyle style = { '.', BV_ORDER_YMD };
  const BvSegmentCell *cell = &g_array_index (self->cells, BvSegmentCell, i);
  const char *text = self->texts->str + cell->text;

  *value = BV_VALUE_NULL;
  if (cell->kind == BV_JSON_NULL || cell->length == 0)
    return;
  if (type != BV_TYPE_TEXT && (bv_json_types (cell->kind, text, cell->length) & 1u << type) && bv_cell_parse (text, cell->length, type, &style, value)
      && value->type != BV_TYPE_NULL)
    return;
  value->type = BV_TYPE_TEXT;
  value->s = (char *) text;
}
