/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The encodings of Parquet: values out of the bytes of a page, one by one.
 *
 * Nothing is unpacked ahead, so a page of a few bytes that claims a thousand million values takes no memory. Where the second
 * part of a page starts only behind the first (the texts behind their lengths), the first part is walked through once to find
 * its end, and then read again.
 */
#include "config.h"

#include "bv-import-private.h"
#include "bv-parquet-private.h"

#include <string.h>

static gboolean
take_varint (const guint8 **p, const guint8 *end, guint64 *value)
{
  BvThrift thrift = { *p, end };

  *value = bv_thrift_varint (&thrift);
  *p = thrift.p;
  return !thrift.failed;
}

/* --- Runs of one value and runs of packed bits */

void
bv_pq_rle_init (BvPqRle *self, const guint8 *p, const guint8 *end, guint width)
{
  memset (self, 0, sizeof *self);
  self->p = p;
  self->end = end;
  self->width = width;
}

static gboolean
begin_run (BvPqRle *self)
{
  guint64 header;

  while (self->run == 0)
    {
      if (!take_varint (&self->p, self->end, &header))
        return FALSE;
      self->packed = header & 1;
      self->run = header >> 1;
      if (self->packed)
        {
          if (self->run > G_MAXUINT64 / 8)
            return FALSE;
          self->run *= 8;
          self->bits = 0;
          self->n_bits = 0;
        }
      else
        {
          self->value = 0;
          for (guint i = 0; i < (self->width + 7) / 8; i++)
            {
              if (self->p == self->end)
                return FALSE;
              self->value |= (guint32) *self->p++ << (8 * i);
            }
        }
    }
  return TRUE;
}

gboolean
bv_pq_rle_next (BvPqRle *self, guint32 *value)
{
  if (self->run == 0 && !begin_run (self))
    return FALSE;
  self->run--;
  if (!self->packed)
    {
      *value = self->value;
      return TRUE;
    }
  while (self->n_bits < self->width)
    {
      if (self->p == self->end)
        return FALSE;
      self->bits |= (guint64) *self->p++ << self->n_bits;
      self->n_bits += 8;
    }
  *value = (guint32) (self->bits & ((G_GUINT64_CONSTANT (1) << self->width) - 1));
  self->bits >>= self->width;
  self->n_bits -= self->width;
  return TRUE;
}

/* --- Differences, packed with a width of their own in each miniblock */

gboolean
bv_pq_delta_init (BvPqDelta *self, const guint8 *p, const guint8 *end, guint64 max_values)
{
  guint64 block, n_minis, first;

  memset (self, 0, sizeof *self);
  if (!take_varint (&p, end, &block) || !take_varint (&p, end, &n_minis) || !take_varint (&p, end, &self->left) ||
      !take_varint (&p, end, &first))
    return FALSE;
  /* Equal differences take no bits, but their blocks have headers: writers come to some hundred values a byte. */
  if (n_minis == 0 || n_minis > 65536 || block == 0 || block > 1 << 24 || block % n_minis != 0 || (block / n_minis) % 8 != 0 ||
      self->left > max_values || self->left > ((guint64) (end - p) + 1) * 4096)
    return FALSE;
  self->p = p;
  self->end = end;
  self->n_minis = (guint) n_minis;
  self->per_mini = (guint) (block / n_minis);
  self->mini = self->n_minis;
  self->last = (gint64) (first >> 1) ^ -(gint64) (first & 1);
  self->first = TRUE;
  return TRUE;
}

static gboolean
begin_miniblock (BvPqDelta *self)
{
  if (self->mini == self->n_minis)
    {
      guint64 delta;

      if (!take_varint (&self->p, self->end, &delta) || (guint64) (self->end - self->p) < self->n_minis)
        return FALSE;
      self->min_delta = (gint64) (delta >> 1) ^ -(gint64) (delta & 1);
      self->widths = self->p;
      self->p += self->n_minis;
      self->mini = 0;
    }
  self->width = self->widths[self->mini++];
  if (self->width > 64 || (guint64) (self->end - self->p) < (guint64) self->per_mini / 8 * self->width)
    return FALSE;
  self->bits = self->p;
  self->bit = 0;
  self->p += self->per_mini / 8 * self->width;
  self->in_mini = self->per_mini;
  return TRUE;
}

static guint64
take_bits (BvPqDelta *self)
{
  guint64 value = 0;

  for (guint n = 0; n < self->width;)
    {
      guint offset = self->bit % 8, some = MIN (8 - offset, self->width - n);

      value |= (guint64) ((self->bits[self->bit / 8] >> offset) & ((1u << some) - 1)) << n;
      n += some;
      self->bit += some;
    }
  return value;
}

gboolean
bv_pq_delta_next (BvPqDelta *self, gint64 *value)
{
  if (self->left == 0)
    return FALSE;
  self->left--;
  if (self->first)
    self->first = FALSE;
  else
    {
      if (self->in_mini == 0 && !begin_miniblock (self))
        return FALSE;
      self->in_mini--;
      self->last = (gint64) ((guint64) self->last + (guint64) self->min_delta + take_bits (self));
    }
  *value = self->last;
  return TRUE;
}

/* Walks a copy through to its end. */
static gboolean
find_delta_end (BvPqDelta delta, const guint8 **end)
{
  gint64 value;

  while (delta.left > 0)
    if (!bv_pq_delta_next (&delta, &value))
      return FALSE;
  *end = delta.p;
  return TRUE;
}

/* --- Values */

static guint
stored_size (BvPqType type, guint fixed_length)
{
  switch (type)
    {
    case BV_PQ_INT32:
    case BV_PQ_FLOAT:
      return 4;
    case BV_PQ_INT64:
    case BV_PQ_DOUBLE:
      return 8;
    case BV_PQ_INT96:
      return 12;
    case BV_PQ_FIXED:
      return fixed_length;
    case BV_PQ_BOOLEAN:
    case BV_PQ_BYTE_ARRAY:
    case BV_PQ_GROUP:
    default:
      return 0;
    }
}

static guint32
get_le32 (const guint8 *p)
{
  guint32 value;

  memcpy (&value, p, 4);
  return GUINT32_FROM_LE (value);
}

static guint64
get_le64 (const guint8 *p)
{
  guint64 value;

  memcpy (&value, p, 8);
  return GUINT64_FROM_LE (value);
}

/* @data holds stored_size() bytes. */
static void
set_fixed (BvPqType type, const guint8 *data, guint size, BvPqRaw *value)
{
  guint32 word;
  guint64 wide;
  float f;

  switch (type)
    {
    case BV_PQ_INT32:
      value->i = (gint32) get_le32 (data);
      break;
    case BV_PQ_INT64:
      value->i = (gint64) get_le64 (data);
      break;
    case BV_PQ_FLOAT:
      word = get_le32 (data);
      memcpy (&f, &word, 4);
      value->d = (double) f;
      break;
    case BV_PQ_DOUBLE:
      wide = get_le64 (data);
      memcpy (&value->d, &wide, 8);
      break;
    case BV_PQ_INT96:
    case BV_PQ_FIXED:
    case BV_PQ_BOOLEAN:
    case BV_PQ_BYTE_ARRAY:
    case BV_PQ_GROUP:
    default:
      value->data = data;
      value->length = size;
      break;
    }
}

gboolean
bv_pq_values_init (BvPqValues *self, const guint8 *p, const guint8 *end, gsize n_values)
{
  const guint8 *behind;

  self->start = self->p = p;
  self->end = end;
  self->n = n_values;
  self->i = 0;
  self->bit = 0;
  switch (self->encoding)
    {
    case BV_PQ_PLAIN:
      return TRUE;
    case BV_PQ_PLAIN_DICTIONARY:
    case BV_PQ_RLE_DICTIONARY:
      /* A page of nulls only may have no bytes at all. */
      if (p == end)
        {
          bv_pq_rle_init (&self->rle, p, end, 0);
          return TRUE;
        }
      if (*p > 32)
        return FALSE;
      bv_pq_rle_init (&self->rle, p + 1, end, *p);
      return TRUE;
    case BV_PQ_RLE:
      if (self->type != BV_PQ_BOOLEAN || end - p < 4 || get_le32 (p) > (guint32) (end - p - 4))
        return FALSE;
      bv_pq_rle_init (&self->rle, p + 4, p + 4 + get_le32 (p), 1);
      return TRUE;
    case BV_PQ_DELTA_BINARY_PACKED:
      return (self->type == BV_PQ_INT32 || self->type == BV_PQ_INT64) && bv_pq_delta_init (&self->delta, p, end, n_values);
    case BV_PQ_DELTA_LENGTH_BYTE_ARRAY:
      return self->type == BV_PQ_BYTE_ARRAY && bv_pq_delta_init (&self->delta, p, end, n_values) &&
             find_delta_end (self->delta, &self->p);
    case BV_PQ_DELTA_BYTE_ARRAY:
      if (self->last == NULL)
        self->last = g_byte_array_new ();
      g_byte_array_set_size (self->last, 0);
      return (self->type == BV_PQ_BYTE_ARRAY || self->type == BV_PQ_FIXED) &&
             bv_pq_delta_init (&self->prefixes, p, end, n_values) && find_delta_end (self->prefixes, &behind) &&
             bv_pq_delta_init (&self->delta, behind, end, n_values) && find_delta_end (self->delta, &self->p);
    case BV_PQ_BYTE_STREAM_SPLIT:
      {
        guint size = stored_size (self->type, self->fixed_length);

        if (self->last == NULL)
          self->last = g_byte_array_new ();
        if (size == 0 || self->type == BV_PQ_INT96)
          return FALSE;
        /* Nulls take no place: the values there are follow from the bytes. */
        self->n = (gsize) (end - p) / size;
        g_byte_array_set_size (self->last, size);
        return (gsize) (end - p) % size == 0;
      }
    case BV_PQ_BIT_PACKED:
    default:
      return FALSE;
    }
}

static gboolean
take_bytes (BvPqValues *self, gint64 length, BvPqRaw *value)
{
  if (length < 0 || length > self->end - self->p)
    return FALSE;
  value->data = self->p;
  value->length = (gsize) length;
  self->p += length;
  return TRUE;
}

static gboolean
take_plain (BvPqValues *self, BvPqRaw *value)
{
  guint size = stored_size (self->type, self->fixed_length);

  if (self->type == BV_PQ_BOOLEAN)
    {
      if (self->p == self->end)
        return FALSE;
      value->i = *self->p >> self->bit & 1;
      self->bit = (self->bit + 1) % 8;
      self->p += self->bit == 0;
      return TRUE;
    }
  if (self->type == BV_PQ_BYTE_ARRAY)
    {
      if (self->end - self->p < 4)
        return FALSE;
      self->p += 4;
      return take_bytes (self, get_le32 (self->p - 4), value);
    }
  if ((gsize) (self->end - self->p) < size)
    return FALSE;
  set_fixed (self->type, self->p, size, value);
  self->p += size;
  return TRUE;
}

static gboolean
take_delta_bytes (BvPqValues *self, BvPqRaw *value)
{
  gint64 prefix, suffix;
  BvPqRaw rest;

  if (!bv_pq_delta_next (&self->prefixes, &prefix) || !bv_pq_delta_next (&self->delta, &suffix) || prefix < 0 ||
      prefix > self->last->len || !take_bytes (self, suffix, &rest) || prefix + suffix > BV_IMPORT_MAX_ROW)
    return FALSE;
  g_byte_array_set_size (self->last, (guint) prefix);
  g_byte_array_append (self->last, rest.data, (guint) rest.length);
  /* An empty array may have no bytes. */
  value->data = self->last->data != NULL ? self->last->data : rest.data;
  value->length = self->last->len;
  return self->type != BV_PQ_FIXED || value->length == self->fixed_length;
}

gboolean
bv_pq_values_next (BvPqValues *self, BvPqRaw *value)
{
  guint32 index;

  switch (self->encoding)
    {
    case BV_PQ_PLAIN:
      return take_plain (self, value);
    case BV_PQ_PLAIN_DICTIONARY:
    case BV_PQ_RLE_DICTIONARY:
      if (!bv_pq_rle_next (&self->rle, &index) || index >= self->n_dictionary)
        return FALSE;
      *value = self->dictionary[index];
      return TRUE;
    case BV_PQ_RLE:
      if (!bv_pq_rle_next (&self->rle, &index))
        return FALSE;
      value->i = index & 1;
      return TRUE;
    case BV_PQ_DELTA_BINARY_PACKED:
      if (!bv_pq_delta_next (&self->delta, &value->i))
        return FALSE;
      if (self->type == BV_PQ_INT32)
        value->i = (gint32) value->i;
      return TRUE;
    case BV_PQ_DELTA_LENGTH_BYTE_ARRAY:
      {
        gint64 length;

        return bv_pq_delta_next (&self->delta, &length) && take_bytes (self, length, value);
      }
    case BV_PQ_DELTA_BYTE_ARRAY:
      return take_delta_bytes (self, value);
    case BV_PQ_BYTE_STREAM_SPLIT:
      if (self->i == self->n)
        return FALSE;
      for (guint b = 0; b < self->last->len; b++)
        self->last->data[b] = self->start[b * self->n + self->i];
      self->i++;
      set_fixed (self->type, self->last->data, self->last->len, value);
      return TRUE;
    case BV_PQ_BIT_PACKED:
    default:
      return FALSE;
    }
}
