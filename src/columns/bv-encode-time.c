/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Dates and instants.
 *
 * A date is read as its day, an instant as microseconds; most cells repeat the day of the one before, which is remembered. At the end an instant becomes
 * its local day, found from the UTC day by a list of day starts (it is that day or a neighbour), and the time since that day's start in the coarsest unit
 * that loses nothing. Cost: 5 ns to read, 3 ns to encode.
 */
#include "bv-encoder-private.h"

#include <string.h>

static const gint64 units[] = { 60 * BV_SECOND_US, BV_SECOND_US, 1000, 1 };

static gboolean
read_day (BvStaging *column, const char *text, gint64 *day)
{
  if (memcmp (column->last, text, 10) != 0)
    {
      if (!bv_date_parse (text, 10, &column->last_day))
        {
          column->last[0] = '\0';
          return FALSE;
        }
      memcpy (column->last, text, 10);
    }
  *day = column->last_day;
  return TRUE;
}

static inline gboolean
two_digits (const char *text, guint *value)
{
  guint a = (guint) (guchar) text[0] - '0', b = (guint) (guchar) text[1] - '0';

  *value = a * 10 + b;
  return a < 10 && b < 10;
}

static gboolean
read_instant (BvStaging *column, const char *text, gsize length, gint64 *us)
{
  guint hour, minute, second;
  gint64 day;
  char buf[BV_TIME_TEXT_MAX];

  if (length == 19 && text[10] == ' ' && text[13] == ':' && text[16] == ':' && two_digits (text + 11, &hour) && two_digits (text + 14, &minute) &&
      two_digits (text + 17, &second) && hour < 24 && minute < 60 && second < 60 && read_day (column, text, &day))
    {
      *us = day * BV_DAY_US + (gint64) (hour * 3600 + minute * 60 + second) * BV_SECOND_US;
      return TRUE;
    }
  return length > 19 && length < sizeof buf && bv_timestamp_parse (text, (gssize) length, us, NULL) &&
         strncmp (bv_timestamp_to_text (*us, buf), text, length) == 0 && buf[length] == '\0';
}

gboolean
bv_stage_time (BvStaging *column, const char *text, gsize length, gint64 *value)
{
  if (column->type == BV_TYPE_DATE)
    return length == 10 && read_day (column, text, value);
  return column->type == BV_TYPE_TIMESTAMP && read_instant (column, text, length, value);
}

void
bv_pack_instants (BvStaging *in, BvPacked *out)
{
  const gint64 *cells = in->staged;
  guint unit = 0;

  for (guint32 i = 0; i < in->n; i++)
    while (cells[i] != BV_NULL_STAGED && cells[i] % units[unit] != 0)
      unit++;
  bv_pack_ints (cells, in->n, units[unit], out);
}

typedef struct
{
  BvEncoder *encoder;
  guint index;
  BvEncodedColumn *out;
} Instants;

static void
encode_piece (gpointer data, guint64 i)
{
  Instants *self = data;
  const BvPiece *piece = self->encoder->pieces->pdata[i];
  BvPacked in = bv_packed_open (self->encoder, piece, self->index);
  BvEncodedColumn *out = self->out;

  for (guint32 row = 0; row < piece->n_rows; row++)
    {
      gint64 us = bv_packed_value (&in, row);
      guint64 code = 0, time = 0;

      if (us != BV_NULL_STAGED)
        {
          code = (guint64) (bv_floor_div (us, BV_DAY_US) - out->base + 1);
          while (out->day_starts[code] > us)
            code--;
          while (out->day_starts[code + 1] <= us)
            code++;
          time = (guint64) (us - out->day_starts[code]) / (guint64) out->time_unit;
        }
      bv_encode_store (out->codes, out->width, piece->first + row, code);
      bv_encode_store (out->times, out->time_width, piece->first + row, time);
    }
  bv_packed_close (self->encoder, &in);
}

gboolean
bv_encode_instants (BvEncoder *self, guint index, BvEncodedColumn *out)
{
  Instants instants = { self, index, out };
  gint64 min, max, longest = 0;
  guint unit = 0;

  out->coding = BV_CODING_INSTANTS;
  if (!bv_encode_bounds (self, index, &min, &max))
    min = max = 0;
  out->base = bv_floor_div (min, BV_DAY_US) - 2;
  out->n_codes = (guint64) (bv_floor_div (max, BV_DAY_US) + 2 - out->base) + 1;
  out->width = bv_encode_width (out->n_codes);
  out->day_starts = g_new (gint64, out->n_codes + 1);
  out->day_starts[0] = G_MININT64;
  for (guint p = 0; p < self->pieces->len; p++)
    while (((BvPiece *) self->pieces->pdata[p])->columns[index].unit < units[unit])
      unit++;
  for (guint64 i = 1; i <= out->n_codes; i++)
    {
      out->day_starts[i] = bv_calendar_day_start (self->calendar, out->base + (gint64) i - 1);
      if (i > 1)
        longest = MAX (longest, out->day_starts[i] - out->day_starts[i - 1]);
      while (out->day_starts[i] % units[unit] != 0)
        unit++;
    }
  out->time_unit = units[unit];
  /* Microseconds of a day take more than 32 bits: a third array would not pay for its rarity. */
  if (longest / out->time_unit > G_MAXUINT32)
    return FALSE;
  out->time_width = bv_encode_width ((guint64) (longest / out->time_unit));
  out->codes = g_malloc (MAX (self->n_rows * out->width, 1));
  out->times = g_malloc (MAX (self->n_rows * out->time_width, 1));
  bv_encode_parallel (self->n_threads, self->pieces->len, encode_piece, &instants);
  return TRUE;
}
