/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Thrift's compact protocol, as far as Parquet's footer and page headers need it.
 *
 * A struct is fields until a stop byte; a field's byte holds its type and how far its id is from the last one's. Integers are
 * zigzag varints. Every read checks the end of the bytes; the first failure sticks, and lists, texts and nesting are limited by
 * the bytes that there are, so that a hostile footer costs no more than its size.
 */
#include "config.h"

#include "bv-parquet-private.h"

#define MAX_DEPTH 64

static guint8
take_byte (BvThrift *self)
{
  if (self->failed || self->p == self->end)
    {
      self->failed = TRUE;
      return 0;
    }
  return *self->p++;
}

guint64
bv_thrift_varint (BvThrift *self)
{
  guint64 value = 0;

  for (guint shift = 0; shift < 64; shift += 7)
    {
      guint8 byte = take_byte (self);

      value |= (guint64) (byte & 0x7f) << shift;
      if (byte < 0x80)
        return self->failed ? 0 : value;
    }
  self->failed = TRUE;
  return 0;
}

gint64
bv_thrift_int (BvThrift *self)
{
  guint64 value = bv_thrift_varint (self);

  return (gint64) (value >> 1) ^ -(gint64) (value & 1);
}

char *
bv_thrift_string (BvThrift *self)
{
  guint64 length = bv_thrift_varint (self);
  char *text;

  if (self->failed || length > (guint64) (self->end - self->p))
    {
      self->failed = TRUE;
      return g_strdup ("");
    }
  text = g_strndup ((const char *) self->p, length);
  self->p += length;
  return text;
}

BvThriftType
bv_thrift_field (BvThrift *self, int *id)
{
  guint8 byte = take_byte (self);
  guint delta = byte >> 4;

  if (self->failed || (byte & 0x0f) == BV_THRIFT_STOP)
    return BV_THRIFT_STOP;
  *id = delta != 0 ? *id + (int) delta : (int) (gint16) bv_thrift_int (self);
  if ((byte & 0x0f) > BV_THRIFT_STRUCT)
    self->failed = TRUE;
  return self->failed ? BV_THRIFT_STOP : (BvThriftType) (byte & 0x0f);
}

guint
bv_thrift_list (BvThrift *self, BvThriftType *element)
{
  guint8 byte = take_byte (self);
  guint64 n = byte >> 4;

  if (n == 15)
    n = bv_thrift_varint (self);
  *element = (BvThriftType) (byte & 0x0f);
  if (self->failed || n > (guint64) (self->end - self->p) || *element > BV_THRIFT_STRUCT)
    {
      self->failed = TRUE;
      return 0;
    }
  return (guint) n;
}

static void
skip_bytes (BvThrift *self, guint64 n)
{
  if (n > (guint64) (self->end - self->p))
    self->failed = TRUE;
  else
    self->p += n;
}

/* In lists a boolean takes a byte, in structs its type says it. */
static void
skip_element (BvThrift *self, BvThriftType type)
{
  if (type == BV_THRIFT_TRUE || type == BV_THRIFT_FALSE)
    skip_bytes (self, 1);
  else
    bv_thrift_skip (self, type);
}

void
bv_thrift_skip (BvThrift *self, BvThriftType type)
{
  BvThriftType element, key;
  guint8 byte;
  guint64 n;
  int id = 0;

  if (self->failed)
    return;
  if (++self->depth > MAX_DEPTH)
    self->failed = TRUE;
  switch (type)
    {
    case BV_THRIFT_STOP:
      self->failed = TRUE;
      break;
    case BV_THRIFT_TRUE:
    case BV_THRIFT_FALSE:
      break;
    case BV_THRIFT_BYTE:
      skip_bytes (self, 1);
      break;
    case BV_THRIFT_I16:
    case BV_THRIFT_I32:
    case BV_THRIFT_I64:
      bv_thrift_varint (self);
      break;
    case BV_THRIFT_DOUBLE:
      skip_bytes (self, 8);
      break;
    case BV_THRIFT_BINARY:
      n = bv_thrift_varint (self);
      if (!self->failed)
        skip_bytes (self, n);
      break;
    case BV_THRIFT_LIST:
    case BV_THRIFT_SET:
      n = bv_thrift_list (self, &element);
      for (guint64 i = 0; i < n && !self->failed; i++)
        skip_element (self, element);
      break;
    case BV_THRIFT_MAP:
      n = bv_thrift_varint (self);
      if (n == 0 || self->failed)
        break;
      byte = take_byte (self);
      key = (BvThriftType) (byte >> 4);
      element = (BvThriftType) (byte & 0x0f);
      if (n > (guint64) (self->end - self->p))
        self->failed = TRUE;
      for (guint64 i = 0; i < n && !self->failed; i++)
        {
          skip_element (self, key);
          skip_element (self, element);
        }
      break;
    case BV_THRIFT_STRUCT:
      while ((element = bv_thrift_field (self, &id)) != BV_THRIFT_STOP)
        bv_thrift_skip (self, element);
      break;
    default:
      self->failed = TRUE;
      break;
    }
  self->depth--;
}
