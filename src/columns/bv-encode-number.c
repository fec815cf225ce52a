/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Numbers.
 *
 * Whole numbers in a span not much wider than the table become offsets from the least. Doubles become whole numbers of hundredths (or other powers
 * of ten, to 10⁻⁴) when every one of them is exactly that. What is left gets a sorted dictionary: each piece sorts its own numbers by their bytes, the
 * lists are merged two by two, and each piece learns the places of its numbers in the whole by walking both lists.
 *
 * Cost: 2 ns a cell for offsets; for dictionaries about 60 ns a cell, O(d log p) for d distinct numbers of p pieces, and 8 bytes for each.
 */
#include "bv-encoder-private.h"
#include "bv-scan.h"

#include <math.h>
#include <string.h>

#define MAX_SCALE 4
/* 2⁵²: below it different whole numbers over 10^scale are different doubles, so that each double is one of them only. */
#define MAX_EXACT 4503599627370496.0

static const double powers[] = { 1, 10, 100, 1000, 10000 };

/* --- Packing ---------------------------------------------------------------------------------------------------------------------- */

static guint
packed_width (guint64 n)
{
  return n > G_MAXUINT32 ? 8 : bv_encode_width (n + 1);
}

void
bv_pack_ints (const gint64 *cells, guint32 n, gint64 unit, BvPacked *out)
{
  guint64 span;

  out->base = G_MAXINT64;
  out->max = G_MININT64;
  out->unit = unit;
  for (guint32 i = 0; i < n; i++)
    {
      gint64 value = cells[i];

      out->base = MIN (out->base, value == BV_NULL_STAGED ? G_MAXINT64 : value);
      out->max = MAX (out->max, value);
    }
  span = out->base > out->max ? 0 : ((guint64) out->max - (guint64) out->base) / (guint64) unit + 1;
  /* With 0 for null, a span of 2⁶⁴ has no room; no real column comes near. */
  out->width = packed_width (span);
  out->cells = g_malloc (MAX ((gsize) n * out->width, 1));
  if (unit == 1)
    for (guint32 i = 0; i < n; i++)
      bv_encode_store (out->cells, out->width, i, cells[i] == BV_NULL_STAGED ? 0 : (guint64) cells[i] - (guint64) out->base + 1);
  else
    for (guint32 i = 0; i < n; i++)
      bv_encode_store (out->cells, out->width, i, cells[i] == BV_NULL_STAGED ? 0 : ((guint64) cells[i] - (guint64) out->base) / (guint64) unit + 1);
}

static gboolean
is_exact (double x, guint scale)
{
  double k = rint (x * powers[scale]);

  return fabs (x * powers[scale]) < MAX_EXACT && !(k / powers[scale] < x) && !(k / powers[scale] > x);
}

/* Replaces doubles by whole numbers of 10^−scale; FALSE, and nothing is changed, where one is none. */
static gboolean
scale_doubles (double *numbers, guint32 n, guint *scale)
{
  guint s = 0;

  for (guint32 i = 0; i < n; i++)
    if (!isnan (numbers[i]))
      {
        while (s <= MAX_SCALE && !is_exact (numbers[i], s))
          s++;
        if (s > MAX_SCALE)
          return FALSE;
      }
  /* The scale grew on the way: what fitted a smaller one need not fit a larger one. */
  for (guint32 i = 0; i < n; i++)
    if (!isnan (numbers[i]) && !is_exact (numbers[i], s))
      return FALSE;
  for (guint32 i = 0; i < n; i++)
    {
      gint64 k = isnan (numbers[i]) ? BV_NULL_STAGED : (gint64) rint (numbers[i] * powers[s]);

      memcpy (&numbers[i], &k, sizeof k);
    }
  *scale = s;
  return TRUE;
}

void
bv_pack_numbers (BvStaging *in, BvPacked *out)
{
  if (in->type == BV_TYPE_DOUBLE && !scale_doubles (in->staged, in->n, &out->scale))
    {
      out->raw = TRUE;
      out->width = 8;
      out->cells = g_memdup2 (in->staged, MAX ((gsize) in->n * sizeof (double), 1));
      return;
    }
  bv_pack_ints (in->staged, in->n, 1, out);
}

gboolean
bv_encode_bounds (BvEncoder *self, guint index, gint64 *min, gint64 *max)
{
  *min = G_MAXINT64;
  *max = G_MININT64;
  for (guint p = 0; p < self->pieces->len; p++)
    {
      const BvPacked *packed = &((BvPiece *) self->pieces->pdata[p])->columns[index];

      *min = MIN (*min, packed->base);
      *max = MAX (*max, packed->max);
    }
  return *min <= *max;
}

typedef struct
{
  BvEncoder *encoder;
  guint index;
  BvEncodedColumn *out;
  gint *inexact;
  guint64 **lists;       /* by piece: its distinct keys in order */
  guint64 *n_list;
  guint64 *all;          /* the merged list */
  guint64 n_all;
} Numbers;

/* --- Offsets ---------------------------------------------------------------------------------------------------------------------- */

static void
encode_offset_piece (gpointer data, guint64 i)
{
  Numbers *self = data;
  const BvPiece *piece = self->encoder->pieces->pdata[i];
  BvPacked in = bv_packed_open (self->encoder, piece, self->index);
  BvEncodedColumn *out = self->out;
  gint64 factor = (gint64) powers[out->scale - in.scale];

  for (guint32 row = 0; row < piece->n_rows; row++)
    {
      gint64 value = bv_packed_value (&in, row);

      bv_encode_store (out->codes, out->width, piece->first + row, value == BV_NULL_STAGED ? 0 : (guint64) (value * factor - out->base) + 1);
    }
  bv_packed_close (self->encoder, &in);
}

static void
encode_offsets (Numbers *self, gint64 min, gint64 max)
{
  BvEncodedColumn *out = self->out;

  out->coding = BV_CODING_OFFSET;
  out->base = min > max ? 0 : min;
  out->n_codes = min > max ? 1 : (guint64) max - (guint64) min + 2;
  out->width = bv_encode_width (out->n_codes);
  out->codes = g_malloc (MAX (self->encoder->n_rows * out->width, 1));
  bv_encode_parallel (self->encoder->n_threads, self->encoder->pieces->len, encode_offset_piece, self);
}

/* --- Dictionaries ----------------------------------------------------------------------------------------------------------------- */

/* A number as one whose order among unsigned numbers is that of the values. Null is not asked for. */
static inline guint64
key_of (const BvPacked *in, BvType type, guint64 i, gboolean *null)
{
  guint64 bits;
  double x;

  if (type != BV_TYPE_DOUBLE)
    {
      gint64 value = bv_packed_value (in, i);

      *null = value == BV_NULL_STAGED;
      return (guint64) value ^ (G_GUINT64_CONSTANT (1) << 63);
    }
  if (in->raw)
    x = ((const double *) in->cells)[i];
  else
    {
      gint64 value = bv_packed_value (in, i);

      x = value == BV_NULL_STAGED ? NAN : (double) value / powers[in->scale];
    }
  *null = isnan (x);
  memcpy (&bits, &x, sizeof bits);
  return bits >> 63 ? ~bits : bits | G_GUINT64_CONSTANT (1) << 63;
}

static gint64
bits_of_key (guint64 key, BvType type)
{
  if (type != BV_TYPE_DOUBLE)
    return (gint64) (key ^ (G_GUINT64_CONSTANT (1) << 63));
  return (gint64) (key >> 63 ? key & ~(G_GUINT64_CONSTANT (1) << 63) : ~key);
}

static void
list_piece (gpointer data, guint64 i)
{
  Numbers *self = data;
  const BvPiece *piece = self->encoder->pieces->pdata[i];
  BvPacked in = bv_packed_open (self->encoder, piece, self->index);
  guint64 *list = g_new (guint64, (gsize) piece->n_rows + 1);
  guint64 n = 0, d = 0;

  for (guint32 row = 0; row < piece->n_rows; row++)
    {
      gboolean null;
      guint64 key = key_of (&in, self->out->type, row, &null);

      if (!null)
        list[n++] = key;
    }
  bv_packed_close (self->encoder, &in);
  bv_sort_pairs (list, n);
  for (guint64 k = 0; k < n; k++)
    if (k == 0 || list[k] != list[d - 1])
      list[d++] = list[k];
  self->lists[i] = g_renew (guint64, list, d + 1);
  self->n_list[i] = d;
}

typedef struct
{
  guint64 **from;
  guint64 *n_from;
  guint64 **to;
  guint64 *n_to;
  guint64 n;
  gboolean keep; /* the lists merged belong to others */
} Merge;

/* Lists 2i and 2i + 1 to list i. */
static void
merge_two (gpointer data, guint64 i)
{
  Merge *self = data;
  guint64 *a = self->from[2 * i], *b = 2 * i + 1 < self->n ? self->from[2 * i + 1] : NULL;
  guint64 n_a = self->n_from[2 * i], n_b = b != NULL ? self->n_from[2 * i + 1] : 0, x = 0, y = 0, n = 0;
  guint64 *out = g_new (guint64, n_a + n_b + 1);

  while (x < n_a || y < n_b)
    {
      guint64 key = y == n_b || (x < n_a && a[x] <= b[y]) ? a[x] : b[y];

      out[n++] = key;
      x += x < n_a && a[x] == key;
      y += y < n_b && b[y] == key;
    }
  self->to[i] = g_renew (guint64, out, n + 1);
  self->n_to[i] = n;
  if (!self->keep)
    {
      g_free (a);
      g_free (b);
    }
}

static void
merge_lists (Numbers *self)
{
  guint64 n = self->encoder->pieces->len;
  Merge merge = { self->lists, self->n_list, NULL, NULL, n, TRUE };

  if (n == 0)
    {
      self->all = g_new (guint64, 1);
      return;
    }
  do
    {
      merge.to = g_new0 (guint64 *, (merge.n + 1) / 2);
      merge.n_to = g_new0 (guint64, (merge.n + 1) / 2);
      bv_encode_parallel (self->encoder->n_threads, (merge.n + 1) / 2, merge_two, &merge);
      if (!merge.keep)
        {
          g_free (merge.from);
          g_free (merge.n_from);
        }
      merge.keep = FALSE;
      merge.from = merge.to;
      merge.n_from = merge.n_to;
      merge.n = (merge.n + 1) / 2;
    }
  while (merge.n > 1);
  self->all = merge.from[0];
  self->n_all = merge.n_from[0];
  g_free (merge.from);
  g_free (merge.n_from);
}

/* The first place in an ascending list that is not below @key. */
static guint64
find_key (const guint64 *list, guint64 n, guint64 key)
{
  guint64 low = 0;

  while (n > 0)
    {
      guint64 half = n / 2;

      if (list[low + half] < key)
        {
          low += half + 1;
          n -= half + 1;
        }
      else
        n = half;
    }
  return low;
}

static void
encode_listed_piece (gpointer data, guint64 i)
{
  Numbers *self = data;
  const BvPiece *piece = self->encoder->pieces->pdata[i];
  const guint64 *list = self->lists[i];
  guint64 n = self->n_list[i], place = 0;
  g_autofree guint32 *codes = g_new (guint32, n + 1);
  BvPacked in = bv_packed_open (self->encoder, piece, self->index);

  for (guint64 k = 0; k < n; k++)
    {
      guint64 step = 1;

      /* The next one is most often near: steps double until it is passed. */
      while (place + step < self->n_all && self->all[place + step] < list[k])
        {
          place += step;
          step *= 2;
        }
      place += find_key (self->all + place, MIN (step + 1, self->n_all - place), list[k]);
      codes[k] = (guint32) place + 1;
    }
  for (guint32 row = 0; row < piece->n_rows; row++)
    {
      gboolean null;
      guint64 key = key_of (&in, self->out->type, row, &null);

      bv_encode_store (self->out->codes, self->out->width, piece->first + row, null ? 0 : codes[find_key (list, n, key)]);
    }
  bv_packed_close (self->encoder, &in);
}

static gboolean
encode_dictionary (Numbers *self)
{
  guint64 n_pieces = self->encoder->pieces->len;
  BvEncodedColumn *out = self->out;

  self->lists = g_new0 (guint64 *, n_pieces + 1);
  self->n_list = g_new0 (guint64, n_pieces + 1);
  bv_encode_parallel (self->encoder->n_threads, n_pieces, list_piece, self);
  merge_lists (self);
  if (self->n_all < G_MAXUINT32 - 1)
    {
      gint64 *values = g_new (gint64, self->n_all + 1);

      out->n_codes = self->n_all + 1;
      out->width = bv_encode_width (out->n_codes);
      out->codes = g_malloc (MAX (self->encoder->n_rows * out->width, 1));
      bv_encode_parallel (self->encoder->n_threads, n_pieces, encode_listed_piece, self);
      for (guint64 i = 0; i < self->n_all; i++)
        values[i] = bits_of_key (self->all[i], out->type);
      out->coding = out->type == BV_TYPE_DOUBLE ? BV_CODING_DOUBLES : BV_CODING_INTS;
      if (out->type == BV_TYPE_DOUBLE)
        out->doubles = (double *) values;
      else
        out->ints = values;
    }
  for (guint64 i = 0; i < n_pieces; i++)
    g_free (self->lists[i]);
  g_free (self->lists);
  g_free (self->n_list);
  g_free (self->all);
  return out->codes != NULL;
}

/* --- Which -------------------------------------------------------------------------------------------------------------------------- */

gboolean
bv_encode_ints (BvEncoder *self, guint index, BvEncodedColumn *out)
{
  Numbers numbers = { self, index, out };
  gint64 min, max;

  /* A table over the codes must stay affordable: it is what joins and groups are made of. */
  if (!bv_encode_bounds (self, index, &min, &max) || (guint64) max - (guint64) min < MIN (self->n_rows * 8 + 65536, G_MAXUINT32 - 2))
    {
      encode_offsets (&numbers, min, max);
      return TRUE;
    }
  return encode_dictionary (&numbers);
}

/* Whether the piece's numbers are as exact at the scale of all. */
static void
check_piece (gpointer data, guint64 i)
{
  Numbers *self = data;
  const BvPiece *piece = self->encoder->pieces->pdata[i];
  guint scale = self->out->scale;
  gboolean exact = TRUE;
  BvPacked in;

  if (piece->columns[self->index].scale == scale)
    return;
  in = bv_packed_open (self->encoder, piece, self->index);
  for (guint32 row = 0; exact && row < piece->n_rows; row++)
    {
      gint64 value = bv_packed_value (&in, row);

      exact = value == BV_NULL_STAGED || is_exact ((double) value / powers[in.scale], scale);
    }
  if (!exact)
    g_atomic_int_set (self->inexact, 1);
  bv_packed_close (self->encoder, &in);
}

gboolean
bv_encode_doubles (BvEncoder *self, guint index, BvEncodedColumn *out)
{
  gint inexact = 0;
  Numbers numbers = { self, index, out, &inexact };
  gint64 min = G_MAXINT64, max = G_MININT64;

  for (guint p = 0; p < self->pieces->len; p++)
    {
      const BvPacked *in = &((BvPiece *) self->pieces->pdata[p])->columns[index];

      out->scale = MAX (out->scale, in->scale);
      inexact = inexact || in->raw;
    }
  if (!inexact)
    bv_encode_parallel (self->n_threads, self->pieces->len, check_piece, &numbers);
  for (guint p = 0; p < self->pieces->len && !inexact; p++)
    {
      const BvPacked *in = &((BvPiece *) self->pieces->pdata[p])->columns[index];
      gint64 factor = (gint64) powers[out->scale - in->scale];

      if (in->base <= in->max)
        {
          min = MIN (min, in->base * factor);
          max = MAX (max, in->max * factor);
        }
    }
  if (inexact || (min <= max && (guint64) max - (guint64) min >= G_MAXUINT32 - 2))
    {
      out->scale = 0;
      return encode_dictionary (&numbers);
    }
  encode_offsets (&numbers, min, max);
  return TRUE;
}
