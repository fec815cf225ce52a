/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Cells to codes, the way in; bv-encoder-finish.c is the way out.
 *
 *   feed    staged cells of the present piece: 8 bytes for numbers and times; texts are interned and leave a number of 4 bytes
 *   piece   65,536 rows or so, packed when the piece ends into the fewest bytes that hold its values: offsets from its least one
 *   column  made of all pieces at the end, when the least and greatest value and all texts are known
 *
 * A piece's cells take about as much room as the codes that become of them, so that memory stays near twice the size of the encoded table; with a spool
 * they are set aside in a file until their column is made. Feeds share nothing, and their threads need no locks.
 *
 * Cost: O(1) a cell: 5 to 10 ns for numbers and times, 10 to 30 ns for texts. A cell that is not of its column's type, or not written the one way the project
 * writes it, makes the column unsound, and the engine leaves it alone.
 */
#include "bv-encoder-private.h"

#include <math.h>
#include <string.h>

#define MIN_CAPACITY 256

static void
piece_free (gpointer data)
{
  BvPiece *piece = data;

  g_free (piece->run_rows);
  g_free (piece->run_ids);
  g_free (piece);
}

static void
feed_free (gpointer data)
{
  BvEncoderFeed *feed = data;

  for (guint p = 0; p < feed->pieces->len; p++)
    {
      BvPiece *piece = feed->pieces->pdata[p];

      for (guint i = 0; i < feed->encoder->columns->len; i++)
        g_free (piece->columns[i].cells);
      g_free (piece->columns);
    }
  for (guint i = 0; i < feed->encoder->columns->len; i++)
    {
      g_free (feed->columns[i].staged);
      bv_texts_free (feed->columns[i].texts);
    }
  g_free (feed->columns);
  g_ptr_array_unref (feed->pieces);
  g_array_unref (feed->run_rows);
  g_array_unref (feed->run_ids);
  g_free (feed);
}

static void
column_clear (gpointer data)
{
  g_free (((BvEncoderColumn *) data)->name);
}

BvEncoder *
bv_encoder_new (BvCalendar *calendar)
{
  BvEncoder *self = g_new0 (BvEncoder, 1);

  self->calendar = bv_calendar_ref (calendar);
  self->columns = g_array_new (FALSE, TRUE, sizeof (BvEncoderColumn));
  g_array_set_clear_func (self->columns, column_clear);
  self->feeds = g_ptr_array_new_with_free_func (feed_free);
  self->pieces = g_ptr_array_new ();
  return self;
}

void
bv_encoder_free (BvEncoder *self)
{
  if (self == NULL)
    return;
  g_ptr_array_unref (self->feeds);
  g_ptr_array_unref (self->pieces);
  g_array_unref (self->columns);
  bv_spool_free (self->spool);
  bv_calendar_unref (self->calendar);
  g_free (self->order);
  g_free (self);
}

void
bv_encoder_add_column (BvEncoder *self, const char *name, BvType type)
{
  BvEncoderColumn column = { g_strdup (name), type };

  g_array_append_val (self->columns, column);
}

guint
bv_encoder_get_n_columns (BvEncoder *self)
{
  return self->columns->len;
}

void
bv_encoder_set_order (BvEncoder *self, const char *name)
{
  g_free (self->order);
  self->order = g_strdup (name);
}

void
bv_encoder_set_spool (BvEncoder *self, gsize memory)
{
  self->spool = bv_spool_new (memory);
}

gsize
bv_encoder_get_memory (BvEncoder *self)
{
  gsize size = 0;

  for (guint f = 0; f < self->feeds->len; f++)
    {
      BvEncoderFeed *feed = self->feeds->pdata[f];

      for (guint i = 0; i < self->columns->len; i++)
        size += (gsize) feed->columns[i].capacity * sizeof (gint64) + (feed->columns[i].texts != NULL ? bv_texts_get_size (feed->columns[i].texts) : 0);
      for (guint p = 0; p < feed->pieces->len && self->spool == NULL; p++)
        {
          const BvPiece *piece = feed->pieces->pdata[p];

          for (guint i = 0; i < self->columns->len; i++)
            size += (gsize) piece->n_rows * piece->columns[i].width;
        }
    }
  return size;
}

char *
bv_encoder_describe (BvEncoder *self)
{
  GString *out = g_string_new (NULL);

  for (guint i = 0; i < self->columns->len; i++)
    {
      const BvEncoderColumn *column = &g_array_index (self->columns, BvEncoderColumn, i);

      g_string_append_printf (out, "%s %s\n", bv_type_to_name (column->type), column->name);
    }
  g_string_append_printf (out, "by %s\n", self->order != NULL ? self->order : "");
  return g_string_free (out, FALSE);
}

BvEncoderFeed *
bv_encoder_new_feed (BvEncoder *self)
{
  BvEncoderFeed *feed = g_new0 (BvEncoderFeed, 1);

  feed->encoder = self;
  feed->index = self->feeds->len;
  feed->columns = g_new0 (BvStaging, self->columns->len + 1);
  feed->pieces = g_ptr_array_new_with_free_func (piece_free);
  feed->run_rows = g_array_new (FALSE, FALSE, sizeof (guint32));
  feed->run_ids = g_array_new (FALSE, FALSE, sizeof (gint64));
  for (guint i = 0; i < self->columns->len; i++)
    {
      BvStaging *column = &feed->columns[i];

      column->type = g_array_index (self->columns, BvEncoderColumn, i).type;
      column->sound = column->type != BV_TYPE_NULL;
      if (column->type == BV_TYPE_TEXT)
        column->texts = bv_texts_new ();
    }
  g_ptr_array_add (self->feeds, feed);
  return feed;
}

/* --- Cells ------------------------------------------------------------------------------------------------------------------------ */

static gsize
cell_size (const BvStaging *column)
{
  return column->type == BV_TYPE_TEXT ? sizeof (guint32) : sizeof (gint64);
}

static G_GNUC_NO_INLINE void
grow (BvStaging *column)
{
  column->capacity = MAX (column->capacity * 2, MIN_CAPACITY);
  column->staged = g_realloc_n (column->staged, column->capacity, cell_size (column));
}

static inline void
put_int (BvStaging *column, gint64 value)
{
  if (G_UNLIKELY (column->n == column->capacity))
    grow (column);
  ((gint64 *) column->staged)[column->n++] = value;
}

static inline void
put_double (BvStaging *column, double value)
{
  if (G_UNLIKELY (column->n == column->capacity))
    grow (column);
  ((double *) column->staged)[column->n++] = value;
}

static inline void
put_number (BvStaging *column, guint32 number)
{
  if (G_UNLIKELY (column->n == column->capacity))
    grow (column);
  ((guint32 *) column->staged)[column->n++] = number;
}

static void
put_null (BvStaging *column)
{
  if (column->type == BV_TYPE_TEXT)
    put_number (column, 0);
  else if (column->type == BV_TYPE_DOUBLE)
    put_double (column, NAN);
  else
    put_int (column, BV_NULL_STAGED);
}

static void
odd (BvStaging *column)
{
  column->sound = FALSE;
  put_null (column);
}

void
bv_encoder_begin (BvEncoderFeed *feed, guint64 number, guint n_rows_expected)
{
  feed->number = number;
  feed->n_rows = 0;
  g_array_set_size (feed->run_rows, 0);
  g_array_set_size (feed->run_ids, 0);
  for (guint i = 0; i < feed->encoder->columns->len; i++)
    {
      BvStaging *column = &feed->columns[i];

      column->n = 0;
      if (column->capacity < n_rows_expected)
        {
          g_free (column->staged);
          column->capacity = n_rows_expected;
          column->staged = g_malloc_n (column->capacity, cell_size (column));
        }
    }
}

void
bv_encoder_row (BvEncoderFeed *feed, gint64 rowid)
{
  if (feed->n_rows == 0 || rowid != feed->last_id + 1)
    {
      g_array_append_val (feed->run_rows, feed->n_rows);
      g_array_append_val (feed->run_ids, rowid);
    }
  feed->last_id = rowid;
  feed->n_rows++;
}

void
bv_encoder_null (BvEncoderFeed *feed, guint index)
{
  put_null (&feed->columns[index]);
}

void
bv_encoder_int (BvEncoderFeed *feed, guint index, gint64 value)
{
  BvStaging *column = &feed->columns[index];

  if (value == BV_NULL_STAGED || !(column->type == BV_TYPE_INT || (column->type == BV_TYPE_BOOL && (value == 0 || value == 1))))
    odd (column);
  else
    put_int (column, value);
}

void
bv_encoder_double (BvEncoderFeed *feed, guint index, double value)
{
  BvStaging *column = &feed->columns[index];

  if (column->type != BV_TYPE_DOUBLE || !isfinite (value))
    odd (column);
  else
    put_double (column, value + 0.0); /* −0 is 0 */
}

void
bv_encoder_text (BvEncoderFeed *feed, guint index, const char *text, gsize length)
{
  BvStaging *column = &feed->columns[index];
  gint64 value;

  if (column->type == BV_TYPE_TEXT)
    {
      put_number (column, 0);
      if (!bv_texts_put (column->texts, text, length, column->staged, column->n - 1))
        column->sound = FALSE;
    }
  else if (bv_stage_time (column, text, length, &value))
    put_int (column, value);
  else
    odd (column);
}

/* --- Pieces ----------------------------------------------------------------------------------------------------------------------- */

static void
pack_numbers_of_texts (BvStaging *in, BvPacked *out)
{
  const guint32 *numbers = in->staged;
  guint32 max = 0;

  if (!bv_texts_settle (in->texts, in->staged))
    in->sound = FALSE;
  for (guint32 i = 0; i < in->n; i++)
    max = MAX (max, numbers[i]);
  out->width = bv_encode_width ((guint64) max + 1);
  out->cells = g_malloc (MAX ((gsize) in->n * out->width, 1));
  for (guint32 i = 0; i < in->n; i++)
    bv_encode_store (out->cells, out->width, i, numbers[i]);
}

/* Moves the cells to the spool. */
static void
set_aside (BvEncoder *self, BvPacked *packed, guint32 n_rows)
{
  packed->place = bv_spool_write (self->spool, packed->cells, (gsize) n_rows * packed->width);
  if (packed->place == BV_SPOOL_NONE)
    g_atomic_int_set (&self->failed, 1);
  g_clear_pointer (&packed->cells, g_free);
}

BvPacked
bv_packed_open (BvEncoder *self, const BvPiece *piece, guint index)
{
  BvPacked packed = piece->columns[index];
  gsize size = (gsize) piece->n_rows * packed.width;

  if (packed.cells != NULL)
    return packed;
  packed.cells = g_malloc0 (MAX (size, 1));
  if (packed.place == BV_SPOOL_NONE || !bv_spool_read (self->spool, packed.place, packed.cells, size))
    g_atomic_int_set (&self->failed, 1);
  return packed;
}

void
bv_packed_close (BvEncoder *self, BvPacked *packed)
{
  if (self->spool != NULL)
    g_free (packed->cells);
}

void
bv_encoder_end (BvEncoderFeed *feed)
{
  BvPiece *piece = g_new0 (BvPiece, 1);

  piece->number = feed->number;
  piece->n_rows = feed->n_rows;
  piece->feed = feed->index;
  piece->n_runs = feed->run_rows->len;
  piece->run_rows = g_memdup2 (feed->run_rows->data, feed->run_rows->len * sizeof (guint32));
  piece->run_ids = g_memdup2 (feed->run_ids->data, feed->run_ids->len * sizeof (gint64));
  piece->columns = g_new0 (BvPacked, feed->encoder->columns->len + 1);
  for (guint i = 0; i < feed->encoder->columns->len; i++)
    {
      BvStaging *in = &feed->columns[i];
      BvPacked *out = &piece->columns[i];

      if (!in->sound)
        continue;
      if (in->type == BV_TYPE_TEXT)
        pack_numbers_of_texts (in, out);
      else if (in->type == BV_TYPE_TIMESTAMP)
        bv_pack_instants (in, out);
      else
        bv_pack_numbers (in, out);
      if (feed->encoder->spool != NULL)
        set_aside (feed->encoder, out, piece->n_rows);
    }
  g_ptr_array_add (feed->pieces, piece);
}

/* --- Tables ----------------------------------------------------------------------------------------------------------------------- */

/* The numbers of a column's texts, by code. */
static guint32 *
intern_all (BvStaging *column, const BvEncodedColumn *old)
{
  guint32 *numbers = g_new0 (guint32, old->n_codes);

  for (guint64 code = 1; code < old->n_codes; code++)
    {
      gsize length = (gsize) (old->offsets[code] - old->offsets[code - 1] - 1);

      if (!bv_texts_put (column->texts, bv_encoded_text (old, (guint32) code), length, numbers, (guint32) code))
        column->sound = FALSE;
    }
  if (!bv_texts_settle (column->texts, numbers))
    column->sound = FALSE;
  return numbers;
}

static void
stage_rows (BvStaging *column, const BvEncodedColumn *old, const guint32 *numbers, guint64 first, guint64 end)
{
  for (guint64 row = first; row < end; row++)
    {
      guint32 code = bv_encoded_code (old, row);

      if (code == 0)
        put_null (column);
      else if (numbers != NULL)
        put_number (column, numbers[code]);
      else if (old->coding == BV_CODING_INSTANTS)
        put_int (column, old->day_starts[code] + (gint64) bv_encode_read (old->times, old->time_width, row) * old->time_unit);
      else if (column->type == BV_TYPE_DOUBLE)
        put_double (column, bv_encoded_number (old, code));
      else
        put_int (column, old->coding == BV_CODING_INTS ? old->ints[code - 1] : old->base + (gint64) code - 1);
    }
}

guint64
bv_encoder_add_table (BvEncoderFeed *feed, guint64 number, BvEncodedTable *table)
{
  guint n_columns = feed->encoder->columns->len;
  g_autofree guint32 **numbers = g_new0 (guint32 *, n_columns + 1);
  guint64 n = 0;

  for (guint i = 0; i < n_columns; i++)
    {
      feed->columns[i].sound = feed->columns[i].sound && table->columns[i].sound;
      if (feed->columns[i].sound && feed->columns[i].texts != NULL)
        numbers[i] = intern_all (&feed->columns[i], &table->columns[i]);
    }
  for (guint64 first = 0; first < table->n_rows; first += BV_SEGMENT_ROWS, n++)
    {
      guint64 end = MIN (first + BV_SEGMENT_ROWS, table->n_rows);

      bv_encoder_begin (feed, number + n, (guint) (end - first));
      for (guint64 row = first; row < end; row++)
        bv_encoder_row (feed, bv_encoded_rowid (table, row));
      for (guint i = 0; i < n_columns; i++)
        if (feed->columns[i].sound)
          stage_rows (&feed->columns[i], &table->columns[i], numbers[i], first, end);
      bv_encoder_end (feed);
    }
  for (guint i = 0; i < n_columns; i++)
    g_free (numbers[i]);
  return n;
}
