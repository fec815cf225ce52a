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
 * look-back, and reads rows without a cursor each time. A time in the future ("9999-12-31") is not taken for the greatest: no change would come
 * behind it. Rows with such a one are read each time, too.
 *
 * A connection that is lost is made again a few times, when the pass can go on behind its last row.
 *
 * While the engine writes a page, a thread reads the next one: it has the pass and its query to itself until it is joined, which the next
 * call does first. Two pages are in memory then. Ending the pass cancels the reading by a cancellable of its own.
 */
#include "config.h"

#include "bv-database-source.h"
#include "bv-source-private.h"
#include "bv-time.h"

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

struct _BvDbPass
{
  const BvSourceStream *stream;
  BvSourcePass kind;
  GPtrArray *fields;    /* BvSourceField */
  GPtrArray *order;     /* names, with NULL at the end */
  GPtrArray *columns;   /* names asked for, with NULL at the end */
  guint *order_at;      /* place in a row of each of @order */
  int cursor_at;        /* -1: none */
  BvType cursor_type;

  BvDbRows *rows;       /* (nullable): the query */
  GCancellable *stop;   /* ends it; follows that of the run */
  GCancellable *cancellable; /* (nullable): of the run */
  gulong follows;
  GThread *thread;      /* (nullable): reads the page */

  /* Where the pass is. */
  GArray *after;        /* BvValue: of the last row that can be gone on from */
  gboolean has_after;
  BvValue max;
  gint64 newest;        /* a greater cursor is not believed */
  gboolean frozen;      /* @max is not raised any more */
  gint64 n;             /* rows so far */
  gint64 given;         /* of them those that the engine has */

  /* Of the page. */
  BvBatch *batch;
  gint64 start;
  gint64 added;         /* rows */
  guint64 n_bytes;
  gboolean done;
  GError *problem;
};

static void
clear_after (BvDbPass *pass)
{
  for (guint i = 0; i < pass->after->len; i++)
    bv_value_clear (&g_array_index (pass->after, BvValue, i));
  g_array_set_size (pass->after, 0);
  pass->has_after = FALSE;
}

static void
end_query (BvDbPass *pass)
{
  if (pass->thread != NULL)
    {
      g_cancellable_cancel (pass->stop);
      g_thread_join (g_steal_pointer (&pass->thread));
    }
  g_clear_pointer (&pass->rows, bv_db_rows_free);
  if (pass->stop != NULL)
    g_cancellable_disconnect (pass->cancellable, pass->follows);
  g_clear_object (&pass->stop);
}

void
bv_db_pass_free (BvDbPass *pass)
{
  if (pass == NULL)
    return;
  end_query (pass);
  g_clear_object (&pass->cancellable);
  clear_after (pass);
  g_array_unref (pass->after);
  g_ptr_array_unref (pass->order);
  g_ptr_array_unref (pass->columns);
  g_ptr_array_unref (pass->fields);
  g_free (pass->order_at);
  bv_value_clear (&pass->max);
  g_clear_pointer (&pass->batch, bv_batch_free);
  g_clear_error (&pass->problem);
  g_free (pass);
}

static guint test_rows;

void
bv_db_source_set_page_rows (guint n_rows)
{
  test_rows = n_rows;
}

static gboolean
is_full (const BvDbPass *pass)
{
  guint n_columns = MAX (pass->columns->len - 1, 1);

  if (test_rows != 0)
    return pass->added >= test_rows;
  return pass->added >= CLAMP (MAX_CELLS / n_columns, MIN_ROWS, MAX_ROWS) ||
         (pass->added > 0 && g_get_monotonic_time () - pass->start > MAX_TIME_US);
}

/* --- Position */

static BvType
type_of (const BvDbPass *pass, const char *name)
{
  BvSourceField *field = bv_source_stream_find (pass->stream, name);

  return field != NULL ? field->type : BV_TYPE_TEXT;
}

static guint
place_of (BvDbPass *pass, const char *name)
{
  for (guint i = 0; i + 1 < pass->columns->len; i++)
    if (strcmp (pass->columns->pdata[i], name) == 0)
      return i;
  g_ptr_array_insert (pass->columns, (int) pass->columns->len - 1, (gpointer) name);
  return pass->columns->len - 2;
}

/* Clocks differ, and days by zone. */
static gint64
newest_cursor (BvType type, gint64 now)
{
  if (type == BV_TYPE_TIMESTAMP)
    return now + BV_DAY_US;
  return type == BV_TYPE_DATE ? bv_floor_div (now, BV_DAY_US) + 1 : G_MAXINT64;
}

static BvDbPass *
pass_new (BvFetch *fetch)
{
  BvDbSource *source = bv_source_context_get_data (fetch->context);
  GCancellable *cancellable = bv_source_context_get_cancellable (fetch->context);
  const BvSourceStream *stream = fetch->stream;
  gboolean by_cursor = fetch->pass == BV_PASS_UPDATE;
  BvDbPass *pass = g_new0 (BvDbPass, 1);

  pass->stream = stream;
  pass->kind = fetch->pass;
  pass->fields = g_ptr_array_ref (fetch->fields);
  pass->cancellable = cancellable != NULL ? g_object_ref (cancellable) : NULL;
  pass->order = g_ptr_array_new ();
  pass->columns = g_ptr_array_new ();
  pass->after = g_array_new (FALSE, TRUE, sizeof (BvValue));
  pass->cursor_at = -1;
  if (fetch->pass == BV_PASS_SWEEP)
    for (guint i = 0; stream->key[i] != NULL; i++)
      g_ptr_array_add (pass->columns, stream->key[i]);
  else
    for (guint i = 0; i < fetch->fields->len; i++)
      g_ptr_array_add (pass->columns, ((BvSourceField *) fetch->fields->pdata[i])->name);
  g_ptr_array_add (pass->columns, NULL);
  if (fetch->pass != BV_PASS_SWEEP && stream->cursor != NULL)
    {
      pass->cursor_at = (int) place_of (pass, stream->cursor);
      pass->cursor_type = type_of (pass, stream->cursor);
      pass->newest = newest_cursor (pass->cursor_type, fetch->run_start);
    }
  if (source->kind != BV_DB_SQLITE && stream->key != NULL)
    {
      if (by_cursor)
        g_ptr_array_add (pass->order, stream->cursor);
      for (guint i = 0; stream->key[i] != NULL; i++)
        if (!by_cursor || strcmp (stream->key[i], stream->cursor) != 0)
          g_ptr_array_add (pass->order, stream->key[i]);
    }
  pass->order_at = g_new0 (guint, pass->order->len + 1);
  for (guint i = 0; i < pass->order->len; i++)
    pass->order_at[i] = place_of (pass, pass->order->pdata[i]);
  g_ptr_array_add (pass->order, NULL);
  return pass;
}

static void
read_member (JsonObject *object, const char *name, BvType type, BvValue *value)
{
  const char *text = json_object_has_member (object, name) ? json_object_get_string_member_with_default (object, name, NULL) : NULL;

  bv_value_clear (value);
  if (text != NULL)
    bv_value_from_plain (text, type, value);
}

/* What UPDATE starts from; null where there is nothing to believe. */
static void
read_cursor (BvDbPass *pass, BvFetch *fetch, BvValue *value)
{
  read_member (fetch->cursor, "value", pass->cursor_type, value);
  if (value->type != BV_TYPE_NULL && value->i > pass->newest)
    bv_value_clear (value);
}

static void
read_position (BvDbPass *pass, JsonObject *object)
{
  JsonArray *after = json_object_has_member (object, "after") ? json_object_get_array_member (object, "after") : NULL;

  read_member (object, "max", pass->cursor_type, &pass->max);
  pass->frozen = json_object_get_boolean_member_with_default (object, "frozen", FALSE);
  if (after == NULL || json_array_get_length (after) + 1 != pass->order->len)
    return;
  for (guint i = 0; i + 1 < pass->order->len; i++)
    {
      BvValue value = BV_VALUE_NULL;
      BvType type = type_of (pass, pass->order->pdata[i]);

      if (!json_array_get_null_element (after, i) && !bv_value_from_plain (json_array_get_string_element (after, i), type, &value))
        {
          clear_after (pass);
          return;
        }
      g_array_append_val (pass->after, value);
    }
  pass->has_after = TRUE;
}

static void
write_position (BvDbPass *pass, JsonObject *object)
{
  g_autofree char *max = bv_value_to_plain (&pass->max);
  g_autoptr (JsonArray) after = NULL;

  json_object_set_int_member (object, "n", pass->n);
  json_object_set_boolean_member (object, "frozen", pass->frozen);
  if (pass->max.type != BV_TYPE_NULL)
    json_object_set_string_member (object, "max", max);
  if (!pass->has_after)
    return;
  after = json_array_new ();
  for (guint i = 0; i < pass->after->len; i++)
    {
      const BvValue *value = &g_array_index (pass->after, BvValue, i);
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
forget_position (BvDbPass *pass, JsonObject *object)
{
  g_autoptr (GList) names = NULL;

  bv_value_clear (&pass->max);
  pass->frozen = FALSE;
  /* All of it, so that the engine counts from the beginning too. The names belong to the members. */
  while ((names = json_object_get_members (object)) != NULL)
    {
      json_object_remove_member (object, names->data);
      g_clear_pointer (&names, g_list_free);
    }
}

static void
on_cancelled (GCancellable *cancellable, gpointer stop)
{
  g_cancellable_cancel (stop);
}

/* Opens the query at the place where the pass is, over a connection that stands. */
static gboolean
begin_query (BvDbPass *pass, BvFetch *fetch, GError **error)
{
  BvDbSource *self = bv_source_context_get_data (fetch->context);
  g_auto (BvDbOrigin) origin = { 0 };
  g_auto (BvValue) cursor = BV_VALUE_NULL;
  g_auto (BvValue) from = BV_VALUE_NULL;
  BvDbQuery query = { 0 };
  gboolean ordered = pass->order->len > 1;

  end_query (pass);
  if (self->db != NULL && self->db->broken)
    g_clear_pointer (&self->db, bv_database_close);
  if (pass->kind == BV_PASS_FIRST && pass->has_after)
    pass->frozen = TRUE;
  if (!bv_db_source_find (fetch->context, pass->stream->name, &origin, error) ||
      !bv_db_source_connect (self, pass->cancellable, error))
    return FALSE;
  query.schema = origin.schema;
  query.table = origin.table;
  query.sql = origin.sql;
  query.columns = (const char *const *) pass->columns->pdata;
  query.order = ordered ? (const char *const *) pass->order->pdata : NULL;
  query.after = pass->has_after ? (const BvValue *) (gpointer) pass->after->data : NULL;
  if (pass->kind == BV_PASS_UPDATE)
    {
      read_cursor (pass, fetch, &cursor);
      from = bv_db_look_back (&cursor, pass->cursor_type == BV_TYPE_INT ? LOOK_BACK_NUMBERS
                                                                      : bv_source_context_get_int (fetch->context, "look_back"));
      query.cursor = pass->stream->cursor;
      query.from = from;
    }
  pass->stop = g_cancellable_new ();
  if (pass->cancellable != NULL)
    pass->follows = g_cancellable_connect (pass->cancellable, G_CALLBACK (on_cancelled), pass->stop, NULL);
  pass->rows = bv_database_query (self->db, &query, pass->stop, error);
  if (pass->rows == NULL)
    return FALSE;
  bv_source_context_count (fetch->context, 1, 0);
  return TRUE;
}

/* Whether the open query stands where the page begins. */
static gboolean
goes_on (const BvDbPass *pass, const BvFetch *fetch)
{
  return pass != NULL && pass->rows != NULL && pass->kind == fetch->pass && pass->fields == fetch->fields &&
         strcmp (pass->stream->name, fetch->stream->name) == 0 &&
         json_object_get_int_member_with_default (fetch->page, "n", -1) == pass->given;
}

/* --- Rows */

static char *
exact_json (const BvDbPass *pass, const BvDbBatch *batch, guint *at, guint row)
{
  g_autoptr (JsonNode) node = json_node_new (JSON_NODE_OBJECT);
  g_autoptr (JsonObject) object = json_object_new ();

  for (; *at < batch->n_exact && batch->exact[*at].row == row; (*at)++)
    if (batch->exact[*at].column < pass->fields->len)
      json_object_set_string_member (object, pass->columns->pdata[batch->exact[*at].column], batch->exact[*at].text);
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
see_row (BvDbPass *pass, const BvValue *row)
{
  g_autoptr (GString) id = g_string_new (NULL);

  for (guint i = 0; pass->stream->key[i] != NULL; i++)
    {
      g_autofree char *text = NULL;

      if (row[i].type == BV_TYPE_BOOL)
        text = g_strdup (row[i].i != 0 ? "1" : "0");
      else
        text = bv_value_to_plain (&row[i]);
      g_string_append_printf (id, "%s%s", i > 0 ? "\x1f" : "", text);
    }
  bv_batch_see (pass->batch, id->str);
}

/* Remembers the place behind the last row of @batch. */
static void
note_place (BvDbPass *pass, const BvDbBatch *batch)
{
  guint last = batch->n_rows - 1;
  const BvValue *row = batch->values + (gsize) last * batch->n_columns;

  if (pass->order->len <= 1)
    return;
  /* A cell that is not exactly its value gives no place to go on from: the one before stays. */
  for (guint e = batch->n_exact; e > 0 && batch->exact[e - 1].row == last; e--)
    for (guint i = 0; i + 1 < pass->order->len; i++)
      if (batch->exact[e - 1].column == pass->order_at[i])
        return;
  clear_after (pass);
  for (guint i = 0; i + 1 < pass->order->len; i++)
    {
      BvValue value = bv_value_copy (&row[pass->order_at[i]]);

      g_array_append_val (pass->after, value);
    }
  pass->has_after = TRUE;
}

static void
take_batch (BvDbPass *pass, const BvDbBatch *batch)
{
  guint n_fields = pass->fields->len;
  guint exact = 0;
  gint64 max = pass->max.type != BV_TYPE_NULL ? pass->max.i : G_MININT64;
  gboolean raised = FALSE;
  g_autofree BvType *types = g_new (BvType, MAX (n_fields, 1));

  for (guint i = 0; i < n_fields; i++)
    types[i] = ((BvSourceField *) pass->fields->pdata[i])->type;
  for (guint r = 0; r < batch->n_rows; r++)
    {
      const BvValue *row = batch->values + (gsize) r * batch->n_columns;

      if (pass->kind == BV_PASS_SWEEP)
        {
          see_row (pass, row);
          continue;
        }
      if (pass->cursor_at >= 0 && row[pass->cursor_at].type != BV_TYPE_NULL && row[pass->cursor_at].i > max &&
          row[pass->cursor_at].i <= pass->newest)
        {
          max = row[pass->cursor_at].i;
          raised = TRUE;
        }
      bv_batch_begin_row (pass->batch);
      for (guint i = 0; i < n_fields; i++)
        put_cell (pass->batch, &row[i], types[i]);
      if (G_UNLIKELY (exact < batch->n_exact && batch->exact[exact].row == r))
        {
          g_autofree char *extra = exact_json (pass, batch, &exact, r);

          bv_batch_end_row (pass->batch, extra);
        }
      else
        bv_batch_end_row (pass->batch, NULL);
    }
  if (raised && !pass->frozen)
    {
      pass->max.type = pass->cursor_type;
      pass->max.i = max;
    }
  note_place (pass, batch);
  pass->added += batch->n_rows;
  pass->n += batch->n_rows;
  pass->n_bytes += batch->n_bytes;
}

/* --- The page */

/* Fills the page; what went wrong is left in it. */
static void
read_rows (BvDbPass *pass)
{
  while (!is_full (pass) && !pass->done)
    {
      const BvDbBatch *batch;

      if (!bv_db_rows_next (pass->rows, &batch, &pass->problem))
        return;
      if (batch == NULL)
        pass->done = TRUE;
      else
        take_batch (pass, batch);
    }
}

static gpointer
read_ahead (gpointer data)
{
  BvDbPass *pass = data;

  read_rows (pass);
  if (pass->problem == NULL)
    bv_batch_seal (pass->batch);
  return NULL;
}

static void
begin_page (BvDbPass *pass)
{
  pass->batch = bv_batch_new (pass->fields);
  pass->start = g_get_monotonic_time ();
  pass->added = 0;
  pass->n_bytes = 0;
}

/* Makes the connection and the query again after the page's problem; FALSE when that does not help. */
static gboolean
again (BvDbPass *pass, BvFetch *fetch, guint *tries, GError **error)
{
  GError *problem = g_steal_pointer (&pass->problem);
  gboolean from_start = pass->n == 0;

  while (*tries < RETRIES && bv_db_error_is_transient (problem) && (pass->has_after || from_start))
    {
      gint64 wait = (gint64) (1 << *tries) * G_USEC_PER_SEC / 2;

      (*tries)++;
      bv_clock_sleep (bv_source_context_get_clock (fetch->context), wait, pass->cancellable, NULL);
      g_clear_error (&problem);
      if (begin_query (pass, fetch, &problem))
        return TRUE;
    }
  return bv_db_source_fail (problem, error);
}

/* The pass that @fetch goes on with, or a new one, with the rows of a page. */
static BvDbPass *
get_page (BvFetch *fetch)
{
  BvDbSource *self = bv_source_context_get_data (fetch->context);
  BvDbPass *pass;

  if (goes_on (self->pass, fetch))
    {
      pass = self->pass;
      if (pass->thread != NULL)
        {
          g_thread_join (g_steal_pointer (&pass->thread));
          return pass;
        }
      begin_page (pass);
    }
  else
    {
      bv_db_pass_free (self->pass);
      self->pass = pass = pass_new (fetch);
      read_position (pass, fetch->page);
      if (pass->has_after)
        pass->n = json_object_get_int_member_with_default (fetch->page, "n", 0);
      else
        forget_position (pass, fetch->page);
      begin_page (pass);
      if (!begin_query (pass, fetch, &pass->problem))
        return pass;
    }
  read_rows (pass);
  return pass;
}

static void
raise_cursor (BvDbPass *pass, BvFetch *fetch)
{
  g_auto (BvValue) old = BV_VALUE_NULL;
  g_autofree char *text = NULL;

  if (fetch->pass == BV_PASS_SWEEP || pass->cursor_at < 0 || pass->max.type == BV_TYPE_NULL)
    return;
  text = bv_value_to_plain (&pass->max);
  read_cursor (pass, fetch, &old);
  if (fetch->pass == BV_PASS_FIRST || old.type == BV_TYPE_NULL || bv_value_compare (&old, &pass->max) < 0)
    json_object_set_string_member (fetch->cursor, "value", text);
}

gboolean
bv_db_source_fetch (BvFetch *fetch, GError **error)
{
  BvDbSource *self = bv_source_context_get_data (fetch->context);
  BvDbPass *pass = get_page (fetch);
  guint tries = 0;

  fetch->total = fetch->pass != BV_PASS_UPDATE ? MAX (fetch->stream->n_rows, 0) : 0;
  while (pass->problem != NULL)
    {
      if (!again (pass, fetch, &tries, error))
        {
          g_clear_pointer (&self->pass, bv_db_pass_free);
          return FALSE;
        }
      read_rows (pass);
    }
  bv_batch_swap (fetch->batch, pass->batch);
  g_clear_pointer (&pass->batch, bv_batch_free);
  bv_source_context_count (fetch->context, 0, pass->n_bytes);
  pass->given = pass->n;
  write_position (pass, fetch->page);
  fetch->done = pass->done;
  if (pass->done)
    {
      raise_cursor (pass, fetch);
      g_clear_pointer (&self->pass, bv_db_pass_free);
      return TRUE;
    }
  begin_page (pass);
  pass->thread = g_thread_try_new ("bv-read-ahead", read_ahead, pass, NULL);
  if (pass->thread == NULL) /* none to be had: the next call reads */
    g_clear_pointer (&pass->batch, bv_batch_free);
  return TRUE;
}
