/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A small Parquet writer, made from the format's description and independent of the reader: each test says every byte that matters. */
#pragma once

#include <glib.h>
#include <string.h>

/* --- Thrift's compact protocol */

typedef struct
{
  GByteArray *out;
  int last[16]; /* ids of the fields written last, per depth */
  int depth;
} ThriftOut;

static inline void
put_bytes (GByteArray *out, const void *data, gsize n)
{
  if (n > 0)
    g_byte_array_append (out, data, (guint) n);
}

static inline void
put_byte (GByteArray *out, guint8 byte)
{
  put_bytes (out, &byte, 1);
}

static inline void
put_varint (GByteArray *out, guint64 value)
{
  for (; value >= 0x80; value >>= 7)
    put_byte (out, (guint8) (value | 0x80));
  put_byte (out, (guint8) value);
}

static inline guint64
zigzag (gint64 value)
{
  return (guint64) value << 1 ^ (guint64) (value >> 63);
}

static inline void
put_le (GByteArray *out, guint64 value, guint n)
{
  for (guint i = 0; i < n; i++)
    put_byte (out, (guint8) (value >> (8 * i)));
}

static inline void
t_field (ThriftOut *t, int id, int type)
{
  put_byte (t->out, (guint8) ((id - t->last[t->depth]) << 4 | type));
  t->last[t->depth] = id;
}

static inline void
t_i32 (ThriftOut *t, int id, gint64 value)
{
  t_field (t, id, 5);
  put_varint (t->out, zigzag (value));
}

static inline void
t_i64 (ThriftOut *t, int id, gint64 value)
{
  t_field (t, id, 6);
  put_varint (t->out, zigzag (value));
}

static inline void
t_bool (ThriftOut *t, int id, gboolean value)
{
  t_field (t, id, value ? 1 : 2);
}

static inline void
t_text (ThriftOut *t, int id, const char *text)
{
  t_field (t, id, 8);
  put_varint (t->out, strlen (text));
  put_bytes (t->out, text, strlen (text));
}

/* An element of a list of structs has no field of its own: id 0. */
static inline void
t_begin (ThriftOut *t, int id)
{
  if (id > 0)
    t_field (t, id, 12);
  t->last[++t->depth] = 0;
}

static inline void
t_end (ThriftOut *t)
{
  put_byte (t->out, 0);
  t->depth--;
}

static inline void
t_list (ThriftOut *t, int id, int type, guint n)
{
  t_field (t, id, 9);
  if (n < 15)
    put_byte (t->out, (guint8) (n << 4 | (guint) type));
  else
    {
      put_byte (t->out, (guint8) (0xf0 | type));
      put_varint (t->out, n);
    }
}

/* --- Encodings */

/* Packed bits, the lowest first, in whole bytes. */
static inline void
put_bits (GByteArray *out, const guint64 *values, guint n, guint width)
{
  guint8 byte = 0;
  guint used = 0;

  for (guint i = 0; i < n; i++)
    for (guint b = 0; b < width; b++)
      {
        byte |= (guint8) ((values[i] >> b & 1) << used);
        if (++used == 8)
          {
            put_byte (out, byte);
            byte = 0;
            used = 0;
          }
      }
  if (used > 0)
    put_byte (out, byte);
}

/* Runs of one value where there are eight of it, packed groups of eight otherwise. */
static inline void
put_rle (GByteArray *out, const guint32 *values, guint n, guint width)
{
  for (guint i = 0; i < n;)
    {
      guint same = 1;

      while (i + same < n && values[i + same] == values[i])
        same++;
      if (same >= 8 || i + same == n)
        {
          put_varint (out, same << 1);
          put_le (out, values[i], (width + 7) / 8);
          i += same;
        }
      else
        {
          guint64 group[8] = { 0 };
          guint some = MIN (8, n - i);

          for (guint j = 0; j < some; j++)
            group[j] = values[i + j];
          put_varint (out, 1 << 1 | 1);
          put_bits (out, group, 8, width);
          i += some;
        }
    }
}

static inline void
put_delta (GByteArray *out, const gint64 *values, guint n)
{
  enum { BLOCK = 128, MINIS = 4, MINI = BLOCK / MINIS };

  put_varint (out, BLOCK);
  put_varint (out, MINIS);
  put_varint (out, n);
  put_varint (out, zigzag (n > 0 ? values[0] : 0));
  for (guint at = 1; at < n; at += BLOCK)
    {
      guint some = MIN (BLOCK, n - at);
      guint64 deltas[BLOCK] = { 0 };
      gint64 least = G_MAXINT64;
      guint8 widths[MINIS] = { 0 };

      for (guint i = 0; i < some; i++)
        least = MIN (least, (gint64) ((guint64) values[at + i] - (guint64) values[at + i - 1]));
      for (guint i = 0; i < some; i++)
        {
          deltas[i] = (guint64) values[at + i] - (guint64) values[at + i - 1] - (guint64) least;
          while (widths[i / MINI] < 64 && deltas[i] >> widths[i / MINI] != 0)
            widths[i / MINI]++;
        }
      put_varint (out, zigzag (least));
      put_bytes (out, widths, MINIS);
      for (guint m = 0; m < MINIS && m * MINI < some; m++)
        put_bits (out, deltas + m * MINI, MINI, widths[m]);
    }
}

/* --- Files (parquet-writer.c) */

enum { PLAIN = 0, PLAIN_DICTIONARY = 2, RLE = 3, DELTA = 5, DELTA_LENGTH = 6, DELTA_BYTES = 7, RLE_DICTIONARY = 8, SPLIT = 9 };
enum { UNCOMPRESSED, SNAPPY, GZIP, ZSTANDARD = 6, LZ4_RAW = 7 };

/* A column of one leaf. Texts as they are, numbers in @i and @d; an entry that is null has @null. */
typedef struct
{
  const char *name;
  int type, repetition, converted, logical;
  int encoding;
  guint length, scale;
  guint n;
  gint64 *i;
  double *d;
  char **s;
  gboolean *null;
} Column;

typedef struct
{
  int codec;
  gboolean v2;
  guint page_rows;
  guint group_rows;
} Layout;

/* A page's header and bytes; @levels are those of its entries, compressed with the values but in v2 (@page_type 3). */
void        parquet_put_page (GByteArray *out, int page_type, guint n, guint n_nulls, int encoding, guint def_length, const Layout *layout,
                              const GByteArray *levels, const GByteArray *values);
/* A whole file. A column with a dictionary repeats the values of its first ten rows. */
GByteArray *parquet_write    (const Column *columns, guint n_columns, guint n_rows, const Layout *layout);
