/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the raw logs hold: for each stream the paths met and the types that all of their values can be read as.
 *
 * The streams are those of Segment's warehouses: one for each kind of call, and one for each event with the event's own properties as
 * columns. Paths are flattened and turned into snake_case; a property that has the name of one of the call's own columns stays in the
 * row's extra JSON. The schema grows with each file that is looked at, and never shrinks: it is kept in the source's memory, so that a file is
 * looked at once.
 */
#include "config.h"

#include "bv-json-value.h"
#include "bv-segment-private.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#define MEMORY "segment"
/* A property whose names are data ("by_customer": {"4711": …}) must not become a column for each. */
#define MAX_FIELDS 400
#define MAX_EVENTS 2000
/* Streams that are selected when nothing was chosen. */
#define DEFAULT_EVENTS 100

typedef struct
{
  gint64 n;
  GHashTable *bits;  /* path → GUINT: types (bv_json_types) */
  GPtrArray *paths;  /* as they were met */
  GPtrArray *events; /* (nullable): of an event stream, as they were sent */
} SchemaStream;

typedef struct
{
  const char *path, *column;
  BvType type;
  guint types; /* of the calls that have it, as bits */
} Own;

#define ALL 0x3f
#define OF(t) (1u << BV_SEGMENT_##t)

static const Own own[] = {
  { "messageId", "id", BV_TYPE_TEXT, ALL }, { "receivedAt", "received_at", BV_TYPE_TIMESTAMP, ALL }, { "sentAt", "sent_at", BV_TYPE_TIMESTAMP, ALL },
  { "timestamp", "timestamp", BV_TYPE_TIMESTAMP, ALL }, { "originalTimestamp", "original_timestamp", BV_TYPE_TIMESTAMP, ALL },
  { "anonymousId", "anonymous_id", BV_TYPE_TEXT, ALL }, { "userId", "user_id", BV_TYPE_TEXT, ALL },
  { "event", "event", BV_TYPE_TEXT, OF (TRACK) }, { "event_text", "event_text", BV_TYPE_TEXT, OF (TRACK) },
  { "user_email", "user_email", BV_TYPE_TEXT, OF (TRACK) }, { "context_app", "context_app", BV_TYPE_TEXT, OF (TRACK) },
  { "name", "name", BV_TYPE_TEXT, OF (PAGE) | OF (SCREEN) }, { "category", "category", BV_TYPE_TEXT, OF (PAGE) | OF (SCREEN) },
  { "groupId", "group_id", BV_TYPE_TEXT, OF (GROUP) }, { "previousId", "previous_id", BV_TYPE_TEXT, OF (ALIAS) },
};

static const struct { const char *name, *label; } names[] = {
  [BV_SEGMENT_TRACK] = { "tracks", N_("Events") },   [BV_SEGMENT_IDENTIFY] = { "identifies", N_("Identifies") },
  [BV_SEGMENT_PAGE] = { "pages", N_("Page views") }, [BV_SEGMENT_SCREEN] = { "screens", N_("Screens") },
  [BV_SEGMENT_GROUP] = { "groups", N_("Groups") },   [BV_SEGMENT_ALIAS] = { "aliases", N_("Aliases") },
};

const char *
bv_segment_stream_name (BvSegmentType type)
{
  return names[type].name;
}

gboolean
bv_segment_stream_type (const char *name, BvSegmentType *type, gboolean *event)
{
  *event = g_str_has_prefix (name, BV_SEGMENT_EVENT);
  *type = BV_SEGMENT_TRACK;
  if (*event)
    return TRUE;
  for (*type = 0; *type < BV_SEGMENT_N_TYPES; (*type)++)
    if (strcmp (names[*type].name, name) == 0)
      return TRUE;
  return FALSE;
}

char *
bv_segment_event_slug (const char *event)
{
  return bv_json_column_name (event);
}

gboolean
bv_segment_takes_path (const char *path, BvSegmentType type, gboolean event)
{
  if (g_str_has_prefix (path, "context."))
    return TRUE;
  if (g_str_has_prefix (path, "properties."))
    return event || type == BV_SEGMENT_PAGE || type == BV_SEGMENT_SCREEN;
  if (g_str_has_prefix (path, "traits."))
    return type == BV_SEGMENT_IDENTIFY || type == BV_SEGMENT_GROUP;
  return FALSE;
}

/* --- Looking at calls ------------------------------------------------------------------------------------------------------------- */

static void
stream_free (gpointer data)
{
  SchemaStream *stream = data;

  g_hash_table_unref (stream->bits);
  g_ptr_array_unref (stream->paths);
  g_clear_pointer (&stream->events, g_ptr_array_unref);
  g_free (stream);
}

static SchemaStream *
get_stream (BvSegmentSchema *self, const char *name)
{
  SchemaStream *stream = g_hash_table_lookup (self->streams, name);

  if (stream != NULL)
    return stream;
  stream = g_new0 (SchemaStream, 1);
  stream->bits = g_hash_table_new (g_str_hash, g_str_equal);
  stream->paths = g_ptr_array_new_with_free_func (g_free);
  g_hash_table_insert (self->streams, g_strdup (name), stream);
  g_ptr_array_add (self->order, g_strdup (name));
  return stream;
}

static void
add_path (SchemaStream *stream, const char *path, guint bits)
{
  gpointer key, old;

  if (g_hash_table_lookup_extended (stream->bits, path, &key, &old))
    g_hash_table_insert (stream->bits, key, GUINT_TO_POINTER (GPOINTER_TO_UINT (old) & bits));
  else if (stream->paths->len < MAX_FIELDS)
    {
      key = g_strdup (path);
      g_ptr_array_add (stream->paths, key);
      g_hash_table_insert (stream->bits, key, GUINT_TO_POINTER (bits));
    }
}

static void
add_cells (SchemaStream *stream, const BvSegmentCall *call, gboolean event)
{
  stream->n++;
  for (guint i = 0; i < call->cells->len; i++)
    {
      const BvSegmentCell *cell = &g_array_index (call->cells, BvSegmentCell, i);
      const char *path = bv_segment_call_path (call, i);

      if (cell->kind != BV_JSON_NULL && cell->length > 0 && bv_segment_takes_path (path, call->type, event))
        add_path (stream, path, bv_json_types (cell->kind, call->texts->str + cell->text, cell->length));
    }
}

static gboolean
has_text (const GPtrArray *texts, const char *text)
{
  for (guint i = 0; i < texts->len; i++)
    if (strcmp (texts->pdata[i], text) == 0)
      return TRUE;
  return FALSE;
}

void
bv_segment_schema_add (BvSegmentSchema *self, const BvSegmentCall *call)
{
  g_autofree char *slug = NULL;
  g_autofree char *name = NULL;
  SchemaStream *stream;

  add_cells (get_stream (self, names[call->type].name), call, FALSE);
  if (call->type != BV_SEGMENT_TRACK)
    return;
  slug = bv_segment_event_slug (call->event);
  name = g_strconcat (BV_SEGMENT_EVENT, slug, NULL);
  if (!g_hash_table_contains (self->streams, name) && self->order->len >= MAX_EVENTS)
    return;
  stream = get_stream (self, name);
  if (stream->events == NULL)
    stream->events = g_ptr_array_new_with_free_func (g_free);
  if (!has_text (stream->events, call->event))
    g_ptr_array_add (stream->events, g_strdup (call->event));
  add_cells (stream, call, TRUE);
}

GPtrArray *
bv_segment_schema_get_events (const BvSegmentSchema *self, const char *name)
{
  const SchemaStream *stream = g_hash_table_lookup (self->streams, name);

  return stream != NULL ? stream->events : NULL;
}

/* --- Memory ------------------------------------------------------------------------------------------------------------------------ */

BvSegmentSchema *
bv_segment_schema_load (JsonObject *memory)
{
  BvSegmentSchema *self = g_new0 (BvSegmentSchema, 1);
  JsonObject *streams = bv_json_get_object (memory, MEMORY ".streams");
  JsonObjectIter iter;
  const char *name;
  JsonNode *node;

  self->streams = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, stream_free);
  self->order = g_ptr_array_new_with_free_func (g_free);
  self->files = bv_segment_set_read (bv_json_get_text (memory, MEMORY ".files"));
  if (streams == NULL)
    return self;
  json_object_iter_init_ordered (&iter, streams);
  while (json_object_iter_next_ordered (&iter, &name, &node))
    {
      JsonObject *object = JSON_NODE_HOLDS_OBJECT (node) ? json_node_get_object (node) : NULL;
      JsonObject *fields = bv_json_get_object (object, "fields");
      JsonArray *events = bv_json_get_array (object, "events");
      SchemaStream *stream;
      JsonObjectIter inner;
      const char *path;
      JsonNode *bits;

      if (object == NULL)
        continue;
      stream = get_stream (self, name);
      stream->n = bv_json_get_int (object, "n", 0);
      if (events != NULL)
        stream->events = g_ptr_array_new_with_free_func (g_free);
      for (guint i = 0; events != NULL && i < json_array_get_length (events); i++)
        g_ptr_array_add (stream->events, g_strdup (json_array_get_string_element (events, i)));
      if (fields == NULL)
        continue;
      json_object_iter_init_ordered (&inner, fields);
      while (json_object_iter_next_ordered (&inner, &path, &bits))
        add_path (stream, path, (guint) json_node_get_int (bits));
    }
  return self;
}

void
bv_segment_schema_save (const BvSegmentSchema *self, JsonObject *memory)
{
  g_autofree char *files = bv_segment_set_write (self->files);
  JsonObject *root = json_object_new (), *streams = json_object_new ();

  for (guint i = 0; i < self->order->len; i++)
    {
      const SchemaStream *stream = g_hash_table_lookup (self->streams, self->order->pdata[i]);
      JsonObject *object = json_object_new (), *fields = json_object_new ();

      json_object_set_int_member (object, "n", stream->n);
      if (stream->events != NULL)
        {
          JsonArray *events = json_array_new ();

          for (guint k = 0; k < stream->events->len; k++)
            json_array_add_string_element (events, stream->events->pdata[k]);
          json_object_set_array_member (object, "events", events);
        }
      for (guint k = 0; k < stream->paths->len; k++)
        json_object_set_int_member (fields, stream->paths->pdata[k], GPOINTER_TO_UINT (g_hash_table_lookup (stream->bits, stream->paths->pdata[k])));
      json_object_set_object_member (object, "fields", fields);
      json_object_set_object_member (streams, self->order->pdata[i], object);
    }
  json_object_set_string_member (root, "files", files);
  json_object_set_object_member (root, "streams", streams);
  json_object_set_object_member (memory, MEMORY, root);
}

void
bv_segment_schema_free (BvSegmentSchema *self)
{
  if (self == NULL)
    return;
  g_hash_table_unref (self->streams);
  g_ptr_array_unref (self->order);
  g_hash_table_unref (self->files);
  g_free (self);
}

/* --- Streams ----------------------------------------------------------------------------------------------------------------------- */

/* "properties.orderId" → "order_id", "context.page.path" → "context_page_path" */
static char *
column_of (const char *path)
{
  return bv_json_column_name (g_str_has_prefix (path, "properties.") ? path + 11 : g_str_has_prefix (path, "traits.") ? path + 7 : path);
}

static void
add_field (BvSourceStream *stream, GHashTable *columns, const char *path, char *column, BvType type, BvFieldFlags flags, const char *group)
{
  g_autofree char *label = bv_json_label (column);
  BvSourceField *field = bv_source_stream_add (stream, bv_source_field_new (path, column, label, type, flags));

  field->group = g_strdup (group);
  g_hash_table_add (columns, column);
}

static BvSourceStream *
make_stream (const char *name, const SchemaStream *schema, gboolean by_default)
{
  BvSegmentType type;
  gboolean event;
  g_autoptr (GHashTable) columns = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_autofree char *table = NULL;
  BvSourceStream *stream;

  bv_segment_stream_type (name, &type, &event);
  if (event)
    {
      const char *slug = name + strlen (BV_SEGMENT_EVENT);
      gboolean taken = FALSE;

      for (guint i = 0; i < BV_SEGMENT_N_TYPES; i++)
        taken = taken || strcmp (names[i].name, slug) == 0;
      table = taken ? g_strconcat ("event_", slug, NULL) : g_strdup (slug);
    }
  stream = bv_source_stream_new (name, event ? table : name, event && schema->events != NULL ? schema->events->pdata[0] : _(names[type].label),
                                 BV_STREAM_UPDATE | BV_STREAM_APPEND | (by_default ? BV_STREAM_DEFAULT : 0));
  stream->key = g_strsplit ("messageId", " ", -1);
  stream->cursor = g_strdup ("receivedAt");
  stream->n_rows = schema->n;
  if (event)
    stream->description = g_strdup (_("One event, with its properties as columns"));
  for (guint i = 0; i < G_N_ELEMENTS (own); i++)
    if (own[i].types & 1u << type)
      add_field (stream, columns, own[i].path, g_strdup (own[i].column), own[i].type,
                 BV_FIELD_DEFAULT | (i < 2 ? BV_FIELD_ALWAYS : 0), NULL);
  for (guint i = 0; i < schema->paths->len; i++)
    {
      const char *path = schema->paths->pdata[i];
      gboolean context = g_str_has_prefix (path, "context.");
      char *column = column_of (path);

      if (g_hash_table_contains (columns, column) || bv_source_stream_find (stream, path) != NULL)
        g_free (column);
      else
        /* The context repeats that of the table of all events. */
        add_field (stream, columns, path, column, bv_cell_type_from_bits (GPOINTER_TO_UINT (g_hash_table_lookup (schema->bits, path))),
                   context && event ? 0 : BV_FIELD_DEFAULT, context ? _("Context") : NULL);
    }
  return stream;
}

GPtrArray *
bv_segment_schema_get_streams (const BvSegmentSchema *self)
{
  GPtrArray *streams = g_ptr_array_new_with_free_func ((GDestroyNotify) bv_source_stream_free);
  guint n_events = 0;

  for (guint i = 0; i < BV_SEGMENT_N_TYPES; i++)
    if (g_hash_table_contains (self->streams, names[i].name))
      g_ptr_array_add (streams, make_stream (names[i].name, g_hash_table_lookup (self->streams, names[i].name), TRUE));
  for (guint i = 0; i < self->order->len; i++)
    if (g_str_has_prefix (self->order->pdata[i], BV_SEGMENT_EVENT))
      g_ptr_array_add (streams, make_stream (self->order->pdata[i], g_hash_table_lookup (self->streams, self->order->pdata[i]),
                                             n_events++ < DEFAULT_EVENTS));
  return streams;
}
