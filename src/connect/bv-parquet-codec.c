/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The compressions of Parquet pages. The size that comes out is known from the page's header, and nothing is written beyond it. */
#include "config.h"

#include "bv-parquet-private.h"

#include <snappy-c.h>
#include <string.h>
#include <zlib.h>
#include <zstd.h>

enum { UNCOMPRESSED, SNAPPY, GZIP, LZO, BROTLI, LZ4, ZSTANDARD, LZ4_RAW };

const char *
bv_pq_codec_problem (int codec)
{
  static const char *const names[] = { NULL, NULL, NULL, "LZO", "Brotli", "LZ4", NULL, NULL };

  return codec < 0 || codec >= (int) G_N_ELEMENTS (names) ? "?" : names[codec];
}

/* gzip or zlib, and members one after another. */
static gboolean
gunzip (const guint8 *in, gsize in_size, guint8 *out, gsize out_size)
{
  z_stream stream = { 0 };
  int status = Z_OK;

  if (in_size > G_MAXUINT || out_size > G_MAXUINT || inflateInit2 (&stream, 15 + 32) != Z_OK)
    return FALSE;
  stream.next_in = (Bytef *) in;
  stream.avail_in = (uInt) in_size;
  stream.next_out = out;
  stream.avail_out = (uInt) out_size;
  while (status == Z_OK)
    {
      uInt in_before = stream.avail_in, out_before = stream.avail_out;

      status = inflate (&stream, Z_FINISH);
      if (status == Z_STREAM_END && stream.avail_in > 0 && stream.avail_out > 0)
        status = inflateReset (&stream);
      else if (status == Z_BUF_ERROR && (stream.avail_in < in_before || stream.avail_out < out_before))
        status = Z_OK;
    }
  inflateEnd (&stream);
  return status == Z_STREAM_END && stream.avail_out == 0;
}

static gboolean
take_length (const guint8 **in, const guint8 *end, gsize *length)
{
  guint8 byte;

  if (*length < 15)
    return TRUE;
  do
    {
      if (*in == end)
        return FALSE;
      byte = *(*in)++;
      *length += byte;
    }
  while (byte == 255);
  return TRUE;
}

/* A block of LZ4: pairs of literal bytes and a copy of what was written before; the last pair has no copy. */
static gboolean
unlz4 (const guint8 *in, gsize in_size, guint8 *out, gsize out_size)
{
  const guint8 *end = in + in_size;
  gsize at = 0;

  while (in < end)
    {
      guint8 token = *in++;
      gsize n_literals = token >> 4, n_copied = token & 15, distance;

      if (!take_length (&in, end, &n_literals) || n_literals > (gsize) (end - in) || n_literals > out_size - at)
        return FALSE;
      memcpy (out + at, in, n_literals);
      in += n_literals;
      at += n_literals;
      if (in == end)
        break;
      if (end - in < 2)
        return FALSE;
      distance = in[0] | (gsize) in[1] << 8;
      in += 2;
      if (!take_length (&in, end, &n_copied))
        return FALSE;
      n_copied += 4;
      if (distance == 0 || distance > at || n_copied > out_size - at)
        return FALSE;
      for (gsize i = 0; i < n_copied; i++, at++) /* may overlap */
        out[at] = out[at - distance];
    }
  return at == out_size;
}

gboolean
bv_pq_decompress (int codec, const guint8 *in, gsize in_size, guint8 *out, gsize out_size)
{
  size_t size = 0;

  switch (codec)
    {
    case UNCOMPRESSED:
      if (in_size != out_size)
        return FALSE;
      memcpy (out, in, out_size);
      return TRUE;
    case SNAPPY:
      if (snappy_uncompressed_length ((const char *) in, in_size, &size) != SNAPPY_OK || size != out_size)
        return FALSE;
      return snappy_uncompress ((const char *) in, in_size, (char *) out, &size) == SNAPPY_OK && size == out_size;
    case GZIP:
      return gunzip (in, in_size, out, out_size);
    case ZSTANDARD:
      size = ZSTD_decompress (out, out_size, in, in_size);
      return !ZSTD_isError (size) && size == out_size;
    case LZ4_RAW:
      return unlz4 (in, in_size, out, out_size);
    default:
      return FALSE;
    }
}
