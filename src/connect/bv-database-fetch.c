/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Pages of a stream from a database.
 *
 * The query of a pass stays open from page to page, so that a pass is one query on one snapshot, and a page is what was read since the
 * last one. A pass that was broken off goes on behind the last row of its last page: rows come in the order of the key (FIRST, SWEEP) or
 * of the cursor and then the key (UPDATE), so that any number of equal cursor values does no harm. Where there is no order (no key, or a
 * SQLite file, whose times have no order that can be told) the pass begins again.
 *
 * The cursor kept is the greatest value seen. A FIRST pass that goes on with a second snapshot does not raise it any more: rows that
 * changed between the two, before the place where it went on, are then found by the next UPDATE. UPDATE starts from the cursor less the
 * look-back, and reads rows without a cursor each time.
 *
 * A connection that is lost is made again a few times, when the pass can go on behind its last row.
 */
#include "config.h"

#include "bv-database-source.h"

#include <glib/gi18n-lib.h>
#include <string.h>

/* A page is a commit, which the disk makes dear: as many rows as fit into some megabytes, or come in this time. */
#define MAX_CELLS 500000
#define MIN_ROWS 2000
#define MAX_ROWS 50000
#define MAX_TIME_US (2 * G_USEC_PER_SEC)
/* Connections made again for one page. */
#define RETRIES 3
/* Of whole numbers as cursor: rows may be committed in another order than numbered. */
#define LOOK_BACK_NUMBERS 1000

/* What one page needs. */
typedef struct
{
  BvFetch *fetch;
  BvDbSource *source;
  GPtrArray *order;     /* names, with NULL at the end */
  GPtrArray *columns;   /* names asked for, with NULL at the end */
  guint *order_at;      /* place in a row of each of @order */
  int cursor_at;        /* -1: none */
  BvType cursor_type;
  GArray *after;        /* BvValue: of the last row that can be gone on from */
  gboolean has_after;
  BvValue max;
  gboolean frozen;      /* @max is not raised any more */
  gint64 added;         /* rows of this page */
} Page;

static void
clear_after (Page *page)
{
  for (guint i = 0; i < page->after->len; i++)
    bv_value_clear (&g_array_index (page->after, BvValue, i));
  g_array_set_size (page->after, 0);
  page->has_after = FALSE;
}

static void
page_clear (Page *page)
{
  if (page->after != NULL)
    clear_after (page);
  g_clear_pointer (&page->after, g_array_unref);
  g_clear_pointer (&page->order, g_ptr_array_unref);
  g_clear_pointer (&page->columns, g_ptr_array_unref);
  g_free (page->order_at);
  bv_value_clear (&page->max);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Page, page_clear)

static guint test_rows;

void
bv_db_source_set_page_rows (guint n_rows)
{
  test_rows = n_rows;
}

static gboolean
is_full (Page *page, gint64 start)
{
  guint n_columns = MAX (page->columns->len - 1, 1);

  if (test_rows != 0)
    return page->added >= test_rows;
  return page->added >= CLAMP (MAX_CELLS / n_columns, MIN_ROWS, MAX_ROWS) ||
         (page->added > 0 && g_get_monotonic_time () - start > MAX_TIME_US);
}

/* --- Position */

static BvType
type_of (const BvFetch *fetch, const char *name)
{
  BvSourceField *field = bv_source_stream_find (fetch->stream, name);

  return field != NULL ? field->type : BV_TYPE_TEXT;
}

static guint
place_of (Page *page, const char *name)
{
  for (guint i = 0; i + 1 < page->columns->len; i++)
    if (strcmp (page->columns->pdata[i], name) == 0)
      return i;
  g_ptr_array_insert (page->columns, (int) page->columns->len - 1, (gpointer) name);
  return page->columns->len - 2;
}

static void
plan_page (Page *page)
{
  BvFetch *fetch = page->fetch;
  const BvSourceStream *stream = fetch->stream;
  gboolean by_cursor = fetch->pass == BV_PASS_UPDATE;

  page->order = g_ptr_array_new ();
  page->columns = g_ptr_array_new ();
  page->after = g_array_new (FALSE, TRUE, sizeof (BvValue));
  page->cursor_at = -1;
  if (fetch->pass == BV_PASS_SWEEP)
    for (guint i = 0; stream->key[i] != NULL; i++)
      g_ptr_array_add (page->columns, stream->key[i]);
  else
    for (guint i = 0; i < fetch->fields->len; i++)
      g_ptr_array_add (page->columns, ((BvSourceField *) fetch->fields->pdata[i])->name);
  g_ptr_array_add (page->columns, NULL);
  if (fetch->pass != BV_PASS_SWEEP && stream->cursor != NULL)
    {
      page->cursor_at = (int) place_of (page, stream->cursor);
      page->cursor_type = type_of (fetch, stream->cursor);
    }
  if (page->source->kind != BV_DB_SQLITE && stream->key != NULL)
    {
      if (by_cursor)
        g_ptr_array_add (page->order, stream->cursor);
      for (guint i = 0; stream->key[i] != NULL; i++)
        if (!by_cursor || strcmp (stream->key[i], stream->cursor) != 0)
          g_ptr_array_add (page->order, stream->key[i]);
    }
  page->order_at = g_new0 (guint, page->order->len + 1);
  for (guint i = 0; i < page->order->len; i++)
    page->order_at[i] = place_of (page, page->order->pdata[i]);
  g_ptr_array_add (page->order, NULL);
}

static void
read_member (JsonObject *object, const char *name, BvType type, BvValue *value)
{
  const char *text = json_object_has_member (object, name) ? json_object_get_string_member_with_default (object, name, NULL) : NULL;

  bv_value_clear (value);
  if (text != NULL)
    bv_value_from_plain (text, type, value);
}

static void
read_position (Page *page)
{
  JsonObject *object = page->fetch->page;
  JsonArray *after = json_object_has_member (object, "after") ? json_object_get_array_member (object, "after") : NULL;

  read_member (object, "max", page->cursor_type, &page->max);
  page->frozen = json_object_get_boolean_member_with_default (object, "frozen", FALSE);
  if (after == NULL || json_array_get_length (after) + 1 != page->order->len)
    return;
  for (guint i = 0; i + 1 < page->order->len; i++)
    {
      BvValue value = BV_VALUE_NULL;
      BvType type = type_of (page->fetch, page->order->pdata[i]);

      if (!json_array_get_null_element (after, i) && !bv_value_from_plain (json_array_get_string_element (after, i), type, &value))
        {
          clear_after (page);
          return;
        }
      g_array_append_val (page->after, value);
    }
  page->has_after = TRUE;
}

static void
write_position (Page *page)
{
  JsonObject *object = page->fetch->page;
  g_autofree char *max = bv_value_to_plain (&page->max);
  g_autoptr (JsonArray) after = NULL;

  json_object_set_int_member (object, "n", page->source->n);
  json_object_set_boolean_member (object, "frozen", page->frozen);
  if (page->max.type != BV_TYPE_NULL)
    json_object_set_string_member (object, "max", max);
  if (!page->has_after)
    return;
  after = json_array_new ();
  for (guint i = 0; i < page->after->len; i++)
    {
      const BvValue *value = &g_array_index (page->after, BvValue, i);
      g_autofree char *text = bv_value_to_plain (value);

      if (value->type == BV_TYPE_NULL)
        json_array_add_null_element (after);
      else
        json_array_add_string_element (after, text);
    }
  json_object_set_array_member (object, "after", g_steal_pointer (&after));
}

/* --- The query */

static void
forget_position (Page *page)
{
  g_autoptr (GList) names = NULL;

  clear_after (page);
  bv_value_clear (&page->max);
  page->frozen = FALSE;
  page->source->n = 0;
  /* All of it, so that the engine counts from the beginning too. The names belong to the members. */
  while ((names = json_object_get_members (page->fetch->page)) != NULL)
    {
      json_object_remove_member (page->fetch->page, names->data);
      g_clear_pointer (&names, g_list_free);
    }
}

static gboolean
start_query (Page *page, GError **error)
{
  BvFetch *fetch = page->fetch;
  BvDbSource *self = page->source;
  GCancellable *cancellable = bv_source_context_get_cancellable (fetch->context);
  g_auto (BvDbOrigin) origin = { 0 };
  g_auto (BvValue) cursor = BV_VALUE_NULL;
  g_auto (BvValue) from = BV_VALUE_NULL;
  BvDbQuery query = { 0 };
  gboolean ordered = page->order->len > 1;

  if (!bv_db_source_find (fetch->context, fetch->stream->name, &origin, error) || !bv_db_source_connect (self, cancellable, error))
    return FALSE;
  query.schema = origin.schema;
  query.table = origin.table;
  query.sql = origin.sql;
  query.columns = (const char *const *) page->columns->pdata;
  query.order = ordered ? (const char *const *) page->order->pdata : NULL;
  query.after = page->has_after ? (const BvValue *) (gpointer) page->after->data : NULL;
  if (fetch->pass == BV_PASS_UPDATE)
    {
      read_member (fetch->cursor, "value", page->cursor_type, &cursor);
      from = bv_db_look_back (&cursor, page->cursor_type == BV_TYPE_INT ? LOOK_BACK_NUMBERS
                                                                      : bv_source_context_get_int (fetch->context, "look_back"));
      query.cursor = fetch->stream->cursor;
      query.from = from;
    }
  self->rows = bv_database_query (self->db, &query, cancellable, error);
  if (self->rows == NULL)
    return FALSE;
  bv_source_context_count (fetch->context, 1, 0);
  self->stream = g_strdup (fetch->stream->name);
  self->pass = fetch->pass;
  return TRUE;
}

/* Whether the open query stands where the page begins. */
static gboolean
goes_on (Page *page)
{
  const BvDbSource *self = page->source;

  return self->rows != NULL && self->pass == page->fetch->pass && strcmp (self->stream, page->fetch->stream->name) == 0 &&
         json_object_get_int_member_with_default (page->fetch->page, "n", -1) == self->n;
}

/* --- Rows */

static char *
exact_json (Page *page, const BvDbBatch *batch, guint *at, guint row)
{
  g_autoptr (JsonNode) node = json_node_new (JSON_NODE_OBJECT);
  g_autoptr (JsonObject) object = json_object_new ();

  for (; *at < batch->n_exact && batch->exact[*at].row == row; (*at)++)
    if (batch->exact[*at].column < page->fetch->fields->len)
      json_object_set_string_member (object, page->columns->pdata[batch->exact[*at].column], batch->exact[*at].text);
  json_node_set_object (node, object);
  return json_to_string (node, FALSE);
}

static void
put_cell (BvBatch *batch, const BvValue *value, BvType wanted)
{
  switch (value->type)
    {
    case BV_TYPE_TEXT:
      bv_batch_put_text (batch, value->s, strlen (value->s));
      break;
    case BV_TYPE_DOUBLE:
      if (G_UNLIKELY (wanted == BV_TYPE_TEXT))
        {
          char buf[G_ASCII_DTOSTR_BUF_SIZE];

          bv_double_to_plain (value->d, buf);
          bv_batch_put_text (batch, buf, strlen (buf));
        }
      else
        bv_batch_put_double (batch, value->d);
      break;
    case BV_TYPE_BOOL:
    case BV_TYPE_INT:
    case BV_TYPE_DATE:
    case BV_TYPE_TIMESTAMP:
      bv_batch_put_int (batch, value->i);
      break;
    case BV_TYPE_NULL:
    default:
      bv_batch_put_null (batch);
      break;
    }
}

static void
see_row (Page *page, const BvValue *row)
{
  g_autoptr (GString) id = g_string_new (NULL);

  for (guint i = 0; page->fetch->stream->key[i] != NULL; i++)
    {
      g_autofree char *text = NULL;

      if (row[i].type == BV_TYPE_BOOL)
        text = g_strdup (row[i].i != 0 ? "1" : "0");
      else
        text = bv_value_to_plain (&row[i]);
      g_string_append_printf (id, "%s%s", i > 0 ? "\x1f" : "", text);
    }
  bv_batch_see (page->fetch->batch, id->str);
}

/* Remembers the place behind the last row of @batch. */
static void
note_place (Page *page, const BvDbBatch *batch)
{
  guint last = batch->n_rows - 1;
  const BvValue *row = batch->values + (gsize) last * batch->n_columns;

  if (page->order->len <= 1)
    return;
  /* A cell that is not exactly its value gives no place to go on from: the one before stays. */
  for (guint e = batch->n_exact; e > 0 && batch->exact[e - 1].row == last; e--)
    for (guint i = 0; i + 1 < page->order->len; i++)
      if (batch->exact[e - 1].column == page->order_at[i])
        return;
  clear_after (page);
  for (guint i = 0; i + 1 < page->order->len; i++)
    {
      BvValue value = bv_value_copy (&row[page->order_at[i]]);

      g_array_append_val (page->after, value);
    }
  page->has_after = TRUE;
}

static void
take_batch (Page *page, const BvDbBatch *batch)
{
  BvFetch *fetch = page->fetch;
  guint n_fields = fetch->fields->len;
  guint exact = 0;
  gint64 max = page->max.type != BV_TYPE_NULL ? page->max.i : G_MININT64;
  gboolean raised = FALSE;
  g_autofree BvType *types = g_new (BvType, MAX (n_fields, 1));

  for (guint i = 0; i < n_fields; i++)
    types[i] = ((BvSourceField *) fetch->fields->pdata[i])->type;
  for (guint r = 0; r < batch->n_rows; r++)
    {
      const BvValue *row = batch->values + (gsize) r * batch->n_columns;

      if (fetch->pass == BV_PASS_SWEEP)
        {
          see_row (page, row);
          continue;
        }
      if (page->cursor_at >= 0 && row[page->cursor_at].type != BV_TYPE_NULL && row[page->cursor_at].i > max)
        {
          max = row[page->cursor_at].i;
          raised = TRUE;
        }
      bv_batch_begin_row (fetch->batch);
      for (guint i = 0; i < n_fields; i++)
        put_cell (fetch->batch, &row[i], types[i]);
      if (G_UNLIKELY (exact < batch->n_exact && batch->exact[exact].row == r))
        {
          g_autofree char *extra = exact_json (page, batch, &exact, r);

          bv_batch_end_row (fetch->batch, extra);
        }
      else
        bv_batch_end_row (fetch->batch, NULL);
    }
  if (raised && !page->frozen)
    {
      page->max.type = page->cursor_type;
      page->max.i = max;
    }
  note_place (page, batch);
  page->added += batch->n_rows;
  page->source->n += batch->n_rows;
  bv_source_context_count (fetch->context, 0, batch->n_bytes);
}

/* --- The page */

static gboolean
begin_query (Page *page, GError **error)
{
  gint64 n = page->source->n;

  bv_db_source_drop (page->source);
  page->source->n = n;
  if (page->fetch->pass == BV_PASS_FIRST && page->has_after)
    page->frozen = TRUE;
  return start_query (page, error);
}

/* Makes the connection and the query again after @problem, which it takes; FALSE when that does not help. */
static gboolean
again (Page *page, guint *tries, GError *problem, GError **error)
{
  GCancellable *cancellable = bv_source_context_get_cancellable (page->fetch->context);
  gboolean from_start = page->added == 0 && page->source->n == 0;

  while (*tries < RETRIES && bv_db_error_is_transient (problem) && (page->has_after || from_start))
    {
      gint64 wait = (gint64) (1 << *tries) * G_USEC_PER_SEC / 2;

      (*tries)++;
      bv_clock_sleep (bv_source_context_get_clock (page->fetch->context), wait, cancellable, NULL);
      g_clear_error (&problem);
      if (begin_query (page, &problem))
        return TRUE;
    }
  return bv_db_source_fail (problem, error);
}

gboolean
bv_db_source_fetch (BvFetch *fetch, GError **error)
{
  g_auto (Page) page = { .fetch = fetch, .source = bv_source_context_get_data (fetch->context) };
  BvDbSource *self = page.source;
  GError *problem = NULL;
  gint64 start = g_get_monotonic_time ();
  guint tries = 0;

  plan_page (&page);
  read_position (&page);
  fetch->total = MAX (fetch->stream->n_rows, 0);
  if (fetch->pass == BV_PASS_UPDATE)
    fetch->total = 0;
  if (!goes_on (&page))
    {
      if (!page.has_after)
        forget_position (&page);
      else
        self->n = json_object_get_int_member_with_default (fetch->page, "n", 0);
      if (!begin_query (&page, &problem) && !again (&page, &tries, problem, error))
        return FALSE;
    }
  while (!is_full (&page, start) && !fetch->done)
    {
      const BvDbBatch *batch;

      if (!bv_db_rows_next (self->rows, &batch, &problem))
        {
          if (!again (&page, &tries, g_steal_pointer (&problem), error))
            {
              bv_db_source_drop (self);
              return FALSE;
            }
        }
      else if (batch == NULL)
        fetch->done = TRUE;
      else
        take_batch (&page, batch);
    }
  write_position (&page);
  if (!fetch->done)
    return TRUE;
  if (fetch->pass != BV_PASS_SWEEP && page.cursor_at >= 0 && page.max.type != BV_TYPE_NULL)
    {
      g_auto (BvValue) old = BV_VALUE_NULL;
      g_autofree char *text = bv_value_to_plain (&page.max);

      read_member (fetch->cursor, "value", page.cursor_type, &old);
      if (fetch->pass == BV_PASS_FIRST || old.type == BV_TYPE_NULL || bv_value_compare (&old, &page.max) < 0)
        json_object_set_string_member (fetch->cursor, "value", text);
    }
  bv_db_source_drop (self);
  return TRUE;
}
