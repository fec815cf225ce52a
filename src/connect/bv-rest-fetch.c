/* SPDX-License-Identifier: GPL-3.0-or-later */
/* REST records as rows: the fields known, and the passes.
 *
 * What fields there are is learnt from the pages read: the paths of a record's members, names joined with "." ("_" in columns, as the import of
 * files does it), and the types that all their values can be read as. It is kept in the source's memory, so that a field that the
 * first page happens not to show does not come and go. A field that is met for the first time while a page is fetched goes into the row's
 * extra JSON, and has a column from the next sync on.
 *
 * SWEEP is FIRST once more: the records come whole anyhow, and what an UPDATE was not told of is taken from them.
 *
 * UPDATE sends the highest value of the cursor field that was seen, less the look-back where it is a time; the value counts once the
 * pass is whole, for pages may come in any order. A value in the future is not believed.
 */
#include "config.h"

#include "bv-json-value.h"
#include "bv-import-private.h"
#include "bv-rest-private.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#define MEMORY "rest"
#define MAX_FIELDS 1000

JsonObject *
bv_rest_memory (BvSourceContext *context, const char *stream)
{
  JsonObject *memory = bv_source_context_get_memory (context), *object;

  if (!json_object_has_member (memory, MEMORY))
    json_object_set_object_member (memory, MEMORY, json_object_new ());
  memory = json_object_get_object_member (memory, MEMORY);
  if (!json_object_has_member (memory, stream))
    {
      object = json_object_new ();
      json_object_set_object_member (object, "fields", json_object_new ());
      json_object_set_object_member (memory, stream, object);
    }
  return json_object_get_object_member (memory, stream);
}

static void
learn_member (const char *path, JsonNode *node, gpointer data)
{
  JsonObject *fields = data;
  guint bits = bv_json_node_types (node);

  if (bits == BV_CELL_ANY)
    return;
  if (json_object_has_member (fields, path))
    json_object_set_int_member (fields, path, (gint64) ((guint) json_object_get_int_member (fields, path) & bits));
  else if (json_object_get_size (fields) < MAX_FIELDS)
    json_object_set_int_member (fields, path, bits);
}

void
bv_rest_learn (JsonObject *memory, const BvRestPage *page)
{
  for (guint i = 0; i < json_array_get_length (page->records); i++)
    {
      g_autoptr (JsonObject) record = bv_rest_record (page->records, i);

      bv_json_flatten (record, learn_member, json_object_get_object_member (memory, "fields"));
    }
}

/* "address.city" → "address_city" */
static char *
column_of (const char *path, GHashTable *columns)
{
  g_autofree char *plain = g_strdelimit (g_strdup (path), ".", '_');
  const char *name = plain + strspn (plain, "_");
  g_autofree char *column = g_strdup (*name != '\0' ? name : "field");
  g_autofree char *folded = g_utf8_strdown (column, -1);

  for (guint n = 2; g_hash_table_contains (columns, folded); n++)
    {
      g_free (column);
      g_free (folded);
      column = g_strdup_printf ("%s_%u", *name != '\0' ? name : "field", n);
      folded = g_utf8_strdown (column, -1);
    }
  g_hash_table_add (columns, g_steal_pointer (&folded));
  return g_steal_pointer (&column);
}

BvSourceStream *
bv_rest_make_stream (const BvRest *self, const BvRestStream *stream, JsonObject *memory)
{
  JsonObject *fields = json_object_get_object_member (memory, "fields");
  gboolean update = stream->key != NULL && stream->cursor != NULL && stream->parameter != NULL;
  g_autoptr (GHashTable) columns = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_autofree char *label = bv_json_label (stream->name);
  BvSourceStream *made = bv_source_stream_new (stream->name, NULL, label, BV_STREAM_DEFAULT | (update ? BV_STREAM_UPDATE : 0)
                                                                            | (update && self->sweep ? BV_STREAM_SWEEP : 0));
  JsonObjectIter iter;
  const char *path;
  JsonNode *bits;

  made->key = g_strdupv (stream->key);
  made->cursor = g_strdup (stream->cursor);
  json_object_iter_init_ordered (&iter, fields);
  while (json_object_iter_next_ordered (&iter, &path, &bits))
    {
      gboolean always = g_strcmp0 (stream->cursor, path) == 0 || (stream->key != NULL && g_strv_contains ((const char *const *) stream->key, path));
      g_autofree char *column = column_of (path, columns);

      bv_source_stream_add (made, bv_source_field_new (path, column, path, bv_cell_type_from_bits ((guint) json_node_get_int (bits)),
                                                       BV_FIELD_DEFAULT | (always ? BV_FIELD_ALWAYS : 0)));
    }
  return made;
}

gboolean
bv_rest_check (const BvRestStream *stream, JsonObject *memory, GError **error)
{
  JsonObject *fields = json_object_get_object_member (memory, "fields");
  const char *missing = NULL;
  g_autoptr (GList) names = NULL;
  g_autoptr (GString) list = NULL;
  guint n = 0;

  /* Nothing is known of a stream without records. */
  if (json_object_get_size (fields) == 0)
    return TRUE;
  for (guint i = 0; stream->key != NULL && stream->key[i] != NULL; i++)
    if (!json_object_has_member (fields, stream->key[i]))
      missing = stream->key[i];
  if (missing == NULL && stream->cursor != NULL && !json_object_has_member (fields, stream->cursor))
    missing = stream->cursor;
  if (missing == NULL)
    return TRUE;
  list = g_string_new (NULL);
  names = json_object_get_members (fields);
  for (GList *l = names; l != NULL && n < 12; l = l->next, n++)
    g_string_append_printf (list, "%s%s", n > 0 ? ", " : "", (const char *) l->data);
  g_set_error (error, BV_ERROR, BV_ERROR_INVALID, _("The records of “%s” have no field “%s”, but have %s: choose one of them as key or cursor"), stream->name,
               missing, list->str);
  return FALSE;
}

/* --- The cursor -------------------------------------------------------------------------------------------------------------------------- */

static gboolean
as_number (const char *text, double *number)
{
  char *end;

  *number = g_ascii_strtod (text, &end);
  return end != text && *end == '\0';
}

static gboolean
as_instant (const BvRest *self, const char *text, gint64 *us)
{
  double number;

  if (bv_date_parse (text, -1, us))
    {
      *us *= BV_DAY_US;
      return TRUE;
    }
  if (bv_timestamp_parse (text, -1, us, NULL))
    return TRUE;
  if ((self->time != BV_REST_UNIX && self->time != BV_REST_MS) || !as_number (text, &number) || !(number > -1e15 && number < 1e15))
    return FALSE;
  *us = (gint64) (number * (self->time == BV_REST_MS ? 1000 : 1000000));
  return TRUE;
}

static gboolean
is_later (const BvRest *self, const char *a, const char *b)
{
  gint64 x, y;
  double p, q;

  if (as_instant (self, a, &x) && as_instant (self, b, &y))
    return x > y;
  if (as_number (a, &p) && as_number (b, &q))
    return p > q;
  return strcmp (a, b) > 0;
}

static char *
format_instant (const BvRest *self, gint64 us, gboolean date)
{
  char buf[BV_TIME_TEXT_MAX];
  char *text;

  if (self->time == BV_REST_UNIX)
    return g_strdup_printf ("%" G_GINT64_FORMAT, bv_floor_div (us, BV_SECOND_US));
  if (self->time == BV_REST_MS)
    return g_strdup_printf ("%" G_GINT64_FORMAT, bv_floor_div (us, 1000));
  if (date)
    return g_strdup (bv_date_to_text (bv_floor_div (us, BV_DAY_US), buf));
  text = g_strconcat (bv_timestamp_to_text (us, buf), "Z", NULL);
  if (strchr (text, ' ') != NULL)
    *strchr (text, ' ') = 'T';
  return text;
}

/* What is sent for the cursor's value; NULL when there is none. */
static char *
since_of (const BvRest *self, JsonObject *cursor)
{
  const char *high = bv_json_get_text (cursor, "high");
  gint64 us, days;

  if (high == NULL)
    return NULL;
  if (!as_instant (self, high, &us) || (self->lookback_us == 0 && self->time == BV_REST_AS_IS))
    return g_strdup (high);
  return format_instant (self, us - self->lookback_us, self->time == BV_REST_AS_IS && bv_date_parse (high, -1, &days));
}

static void
note_high (const BvRest *self, BvFetch *fetch, const char *value)
{
  const char *high = bv_json_get_text (fetch->page, "high");
  g_autofree char *now = NULL;
  gint64 us;

  if (as_instant (self, value, &us) && us > fetch->run_start + BV_DAY_US)
    {
      now = format_instant (self, fetch->run_start, FALSE);
      value = now;
    }
  if (high == NULL || is_later (self, value, high))
    json_object_set_string_member (fetch->page, "high", value);
}

/* --- Rows ------------------------------------------------------------------------------------------------------------------------------------ */

typedef struct
{
  BvFetch *fetch;
  GHashTable *index, *known;
  JsonObject *fields; /* of the memory */
  BvValue *values;
  GStringChunk *texts;
  JsonObject *extra;
} Rows;

static void
take_member (const char *path, JsonNode *node, gpointer data)
{
  Rows *rows = data;
  guint i = GPOINTER_TO_UINT (g_hash_table_lookup (rows->index, path));

  if (i > 0)
    bv_json_value (node, ((BvSourceField *) rows->fetch->fields->pdata[i - 1])->type, rows->texts, &rows->values[i - 1]);
  else if (!g_hash_table_contains (rows->known, path) && !JSON_NODE_HOLDS_NULL (node))
    {
      if (rows->extra == NULL)
        rows->extra = json_object_new ();
      json_object_set_member (rows->extra, path, json_node_copy (node));
      learn_member (path, node, rows->fields);
    }
}

static void
add_row (Rows *rows, JsonObject *record)
{
  g_autofree char *extra = NULL;

  memset (rows->values, 0, sizeof (BvValue) * rows->fetch->fields->len);
  bv_json_flatten (record, take_member, rows);
  if (rows->extra != NULL)
    {
      g_autoptr (JsonNode) node = json_node_init_object (json_node_alloc (), rows->extra);

      extra = json_to_string (node, FALSE);
      g_clear_pointer (&rows->extra, json_object_unref);
    }
  bv_batch_add_row (rows->fetch->batch, rows->values, extra);
  g_string_chunk_clear (rows->texts);
}

static gboolean
has_key (const BvRestStream *stream, JsonObject *record)
{
  for (guint i = 0; stream->key != NULL && stream->key[i] != NULL; i++)
    {
      JsonNode *node = bv_json_get_dotted (record, stream->key[i]);

      if (node == NULL || JSON_NODE_HOLDS_NULL (node) || (JSON_NODE_HOLDS_VALUE (node) && g_strcmp0 (json_node_get_string (node), "") == 0))
        return FALSE;
    }
  return TRUE;
}

static void
add_records (const BvRest *self, const BvRestStream *stream, Rows *rows, const BvRestPage *page)
{
  BvFetch *fetch = rows->fetch;

  for (guint i = 0; i < json_array_get_length (page->records); i++)
    {
      g_autoptr (JsonObject) record = bv_rest_record (page->records, i);
      g_autofree char *high = stream->cursor != NULL ? bv_json_dup_id (record, stream->cursor) : NULL;

      if (!has_key (stream, record))
        {
          g_autofree char *why = g_strdup_printf (_("A record of “%s” has no key, and was left out: choose another key"), stream->name);

          bv_batch_skip (fetch->batch, why);
          continue;
        }
      add_row (rows, record);
      if (high != NULL && fetch->pass != BV_PASS_SWEEP)
        note_high (self, fetch, high);
    }
}

gboolean
bv_rest_fetch (BvFetch *fetch, GError **error)
{
  const BvRest *self = bv_source_context_get_data (fetch->context);
  const BvRestStream *stream = bv_rest_find (self, fetch->stream->name);
  g_autofree char *since = NULL;
  g_auto (BvRestPage) page = { 0 };
  Rows rows = { .fetch = fetch };
  gboolean last = FALSE;
  const char *high;

  if (stream == NULL)
    {
      g_set_error (error, BV_ERROR, BV_ERROR_NOT_FOUND, _("There is no stream “%s” any more: choose the streams anew"), fetch->stream->name);
      return FALSE;
    }
  since = fetch->pass == BV_PASS_UPDATE ? since_of (self, fetch->cursor) : NULL;
  if (!bv_rest_get_page (fetch->context, stream, fetch->page, since, &page, error)
      || !bv_rest_advance (fetch->context, stream, fetch->page, &page, &last, error))
    return FALSE;
  rows.index = g_hash_table_new (g_str_hash, g_str_equal);
  rows.known = g_hash_table_new (g_str_hash, g_str_equal);
  rows.fields = json_object_get_object_member (bv_rest_memory (fetch->context, stream->name), "fields");
  rows.values = g_new0 (BvValue, fetch->fields->len + 1);
  rows.texts = g_string_chunk_new (1024);
  for (guint i = 0; i < fetch->fields->len; i++)
    g_hash_table_insert (rows.index, ((BvSourceField *) fetch->fields->pdata[i])->name, GUINT_TO_POINTER (i + 1));
  for (guint i = 0; i < fetch->stream->fields->len; i++)
    g_hash_table_add (rows.known, ((BvSourceField *) fetch->stream->fields->pdata[i])->name);
  add_records (self, stream, &rows, &page);
  g_hash_table_unref (rows.index);
  g_hash_table_unref (rows.known);
  g_free (rows.values);
  g_string_chunk_free (rows.texts);

  fetch->done = last;
  high = bv_json_get_text (fetch->page, "high");
  if (last && high != NULL && fetch->pass != BV_PASS_SWEEP)
    {
      const char *before = bv_json_get_text (fetch->cursor, "high");

      if (before == NULL || is_later (self, high, before))
        json_object_set_string_member (fetch->cursor, "high", high);
    }
  return TRUE;
}
