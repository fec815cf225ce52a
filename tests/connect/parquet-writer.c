/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "parquet-writer.h"

#include <snappy-c.h>
#include <zlib.h>
#include <zstd.h>

static GByteArray *
compress_bytes (int codec, const GByteArray *in)
{
  GByteArray *out = g_byte_array_new ();
  size_t n = 0;

  switch (codec)
    {
    case SNAPPY:
      n = snappy_max_compressed_length (in->len);
      g_byte_array_set_size (out, (guint) n);
      g_assert_cmpint (snappy_compress ((const char *) in->data, in->len, (char *) out->data, &n), ==, SNAPPY_OK);
      break;
    case GZIP:
      {
        z_stream stream = { 0 };

        g_assert_cmpint (deflateInit2 (&stream, 6, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY), ==, Z_OK);
        g_byte_array_set_size (out, (guint) deflateBound (&stream, in->len) + 32);
        stream.next_in = in->data;
        stream.avail_in = in->len;
        stream.next_out = out->data;
        stream.avail_out = out->len;
        g_assert_cmpint (deflate (&stream, Z_FINISH), ==, Z_STREAM_END);
        n = stream.total_out;
        deflateEnd (&stream);
        break;
      }
    case ZSTANDARD:
      g_byte_array_set_size (out, (guint) ZSTD_compressBound (in->len));
      n = ZSTD_compress (out->data, out->len, in->data, in->len, 3);
      break;
    case LZ4_RAW:
      /* Literals only, but for a run at the end of what is long enough: its last byte again and again. */
      {
        gsize literals = in->len;

        put_byte (out, (guint8) (MIN (literals, 15) << 4));
        if (literals >= 15)
          {
            gsize rest = literals - 15;

            for (; rest >= 255; rest -= 255)
              put_byte (out, 255);
            put_byte (out, (guint8) rest);
          }
        put_bytes (out, in->data, literals);
        n = out->len;
        break;
      }
    default:
      put_bytes (out, in->data, in->len);
      n = in->len;
      break;
    }
  g_byte_array_set_size (out, (guint) n);
  return out;
}

static guint
type_size (const Column *c)
{
  return c->type == 1 || c->type == 4 ? 4 : c->type == 2 || c->type == 5 ? 8 : c->length;
}

static void
put_plain (GByteArray *out, const Column *c, guint i)
{
  float f;
  guint64 bits = 0;

  switch (c->type)
    {
    case 1:
      put_le (out, (guint64) c->i[i], 4);
      break;
    case 2:
      put_le (out, (guint64) c->i[i], 8);
      break;
    case 4:
      f = (float) c->d[i];
      memcpy (&bits, &f, 4);
      put_le (out, bits, 4);
      break;
    case 5:
      memcpy (&bits, &c->d[i], 8);
      put_le (out, bits, 8);
      break;
    case 6:
      put_le (out, strlen (c->s[i]), 4);
      put_bytes (out, c->s[i], strlen (c->s[i]));
      break;
    default:
      put_bytes (out, c->s[i], c->length);
      break;
    }
}

/* The values that are there among @from…@from + @n; @dictionary: text or number of each entry → index. */
static void
put_values (GByteArray *out, const Column *c, guint from, guint n)
{
  g_autoptr (GArray) present = g_array_new (FALSE, FALSE, sizeof (guint));
  g_autoptr (GArray) numbers = g_array_new (FALSE, FALSE, sizeof (gint64));
  g_autoptr (GArray) indices = g_array_new (FALSE, FALSE, sizeof (guint32));

  for (guint i = from; i < from + n; i++)
    if (c->null == NULL || !c->null[i])
      g_array_append_val (present, i);
  switch (c->encoding)
    {
    case PLAIN:
      for (guint k = 0; k < present->len; k++)
        if (c->type == 0)
          {
            guint64 bits[8] = { 0 };
            guint some = MIN (8, present->len - k);

            for (guint j = 0; j < some; j++)
              bits[j] = (guint64) c->i[g_array_index (present, guint, k + j)];
            put_bits (out, bits, 8, 1);
            k += some - 1;
          }
        else
          put_plain (out, c, g_array_index (present, guint, k));
      break;
    case RLE:
      {
        g_autoptr (GByteArray) runs = g_byte_array_new ();

        for (guint k = 0; k < present->len; k++)
          {
            guint32 bit = (guint32) c->i[g_array_index (present, guint, k)];

            g_array_append_val (indices, bit);
          }
        put_rle (runs, (const guint32 *) (gpointer) indices->data, indices->len, 1);
        put_le (out, runs->len, 4);
        put_bytes (out, runs->data, runs->len);
        break;
      }
    case PLAIN_DICTIONARY:
    case RLE_DICTIONARY:
      /* The dictionary holds every entry once, in the order of the rows modulo 10: index = row % 10. */
      for (guint k = 0; k < present->len; k++)
        {
          guint32 index = g_array_index (present, guint, k) % 10;

          g_array_append_val (indices, index);
        }
      put_byte (out, 4);
      put_rle (out, (const guint32 *) (gpointer) indices->data, indices->len, 4);
      break;
    case DELTA:
      for (guint k = 0; k < present->len; k++)
        g_array_append_val (numbers, c->i[g_array_index (present, guint, k)]);
      put_delta (out, (const gint64 *) (gpointer) numbers->data, numbers->len);
      break;
    case DELTA_LENGTH:
      for (guint k = 0; k < present->len; k++)
        {
          gint64 length = (gint64) strlen (c->s[g_array_index (present, guint, k)]);

          g_array_append_val (numbers, length);
        }
      put_delta (out, (const gint64 *) (gpointer) numbers->data, numbers->len);
      for (guint k = 0; k < present->len; k++)
        put_bytes (out, c->s[g_array_index (present, guint, k)], strlen (c->s[g_array_index (present, guint, k)]));
      break;
    case DELTA_BYTES:
      {
        g_autoptr (GArray) suffixes = g_array_new (FALSE, FALSE, sizeof (gint64));
        g_autoptr (GByteArray) bytes = g_byte_array_new ();
        const char *last = "";

        for (guint k = 0; k < present->len; k++)
          {
            const char *s = c->s[g_array_index (present, guint, k)];
            gint64 prefix = 0, suffix;

            while (last[prefix] != '\0' && last[prefix] == s[prefix])
              prefix++;
            suffix = (gint64) strlen (s) - prefix;
            g_array_append_val (numbers, prefix);
            g_array_append_val (suffixes, suffix);
            put_bytes (bytes, s + prefix, (gsize) suffix);
            last = s;
          }
        put_delta (out, (const gint64 *) (gpointer) numbers->data, numbers->len);
        put_delta (out, (const gint64 *) (gpointer) suffixes->data, suffixes->len);
        put_bytes (out, bytes->data, bytes->len);
        break;
      }
    case SPLIT:
      {
        g_autoptr (GByteArray) plain = g_byte_array_new ();
        guint size = type_size (c);

        for (guint k = 0; k < present->len; k++)
          put_plain (plain, c, g_array_index (present, guint, k));
        for (guint b = 0; b < size; b++)
          for (guint k = 0; k < present->len; k++)
            put_byte (out, plain->data[k * size + b]);
        break;
      }
    default:
      g_assert_not_reached ();
    }
}

void
parquet_put_page (GByteArray *out, int page_type, guint n, guint n_nulls, int encoding, guint def_length, const Layout *layout, const GByteArray *levels,
          const GByteArray *values)
{
  g_autoptr (GByteArray) body = g_byte_array_new ();
  g_autoptr (GByteArray) packed = NULL;
  ThriftOut t = { out };

  if (page_type != 3)
    put_bytes (body, levels->data, levels->len);
  put_bytes (body, values->data, values->len);
  packed = compress_bytes (layout->codec, body);
  t_i32 (&t, 1, page_type);
  t_i32 (&t, 2, body->len + (page_type == 3 ? levels->len : 0));
  t_i32 (&t, 3, packed->len + (page_type == 3 ? levels->len : 0));
  t_begin (&t, page_type == 0 ? 5 : page_type == 2 ? 7 : 8);
  t_i32 (&t, 1, n);
  if (page_type == 3)
    {
      t_i32 (&t, 2, n_nulls);
      t_i32 (&t, 3, n);
      t_i32 (&t, 4, encoding);
      t_i32 (&t, 5, def_length);
      t_i32 (&t, 6, 0);
      t_bool (&t, 7, TRUE);
    }
  else
    {
      t_i32 (&t, 2, encoding);
      if (page_type == 0)
        {
          t_i32 (&t, 3, RLE);
          t_i32 (&t, 4, RLE);
        }
    }
  t_end (&t);
  put_byte (out, 0);
  if (page_type == 3)
    put_bytes (out, levels->data, levels->len);
  put_bytes (out, packed->data, packed->len);
}

/* The chunk of rows @from…; its metadata go to @t. */
static void
put_chunk (GByteArray *out, ThriftOut *t, const Column *c, guint from, guint n, const Layout *layout)
{
  gint64 start = out->len, dictionary = 0, data;
  g_autoptr (GByteArray) nothing = g_byte_array_new ();

  if (c->encoding == PLAIN_DICTIONARY || c->encoding == RLE_DICTIONARY)
    {
      g_autoptr (GByteArray) values = g_byte_array_new ();

      for (guint i = 0; i < 10; i++)
        put_plain (values, c, i);
      dictionary = start;
      parquet_put_page (out, 2, 10, 0, PLAIN, 0, layout, nothing, values);
    }
  data = out->len;
  for (guint at = from; at < from + n; at += layout->page_rows)
    {
      guint some = MIN (layout->page_rows, from + n - at), n_nulls = 0;
      g_autoptr (GByteArray) levels = g_byte_array_new ();
      g_autoptr (GByteArray) values = g_byte_array_new ();

      if (c->repetition == 1)
        {
          g_autofree guint32 *defs = g_new (guint32, some);
          g_autoptr (GByteArray) runs = g_byte_array_new ();

          for (guint i = 0; i < some; i++)
            {
              defs[i] = c->null == NULL || !c->null[at + i];
              n_nulls += defs[i] == 0;
            }
          put_rle (runs, defs, some, 1);
          if (!layout->v2)
            put_le (levels, runs->len, 4);
          put_bytes (levels, runs->data, runs->len);
        }
      put_values (values, c, at, some);
      parquet_put_page (out, layout->v2 ? 3 : 0, some, n_nulls, c->encoding, levels->len, layout, levels, values);
    }
  t_begin (t, 0);
  t_i64 (t, 2, start);
  t_begin (t, 3);
  t_i32 (t, 1, c->type);
  t_list (t, 2, 5, 1);
  put_varint (t->out, zigzag (c->encoding));
  t_list (t, 3, 8, 1);
  put_varint (t->out, strlen (c->name));
  put_bytes (t->out, c->name, strlen (c->name));
  t_i32 (t, 4, layout->codec);
  t_i64 (t, 5, n);
  t_i64 (t, 6, out->len - start);
  t_i64 (t, 7, out->len - start);
  t_i64 (t, 9, data);
  if (dictionary > 0)
    t_i64 (t, 11, dictionary);
  t_end (t);
  t_end (t);
}

static void
put_schema (ThriftOut *t, const Column *c)
{
  t_begin (t, 0);
  t_i32 (t, 1, c->type);
  if (c->length > 0)
    t_i32 (t, 2, c->length);
  t_i32 (t, 3, c->repetition);
  t_text (t, 4, c->name);
  if (c->converted >= 0)
    t_i32 (t, 6, c->converted);
  if (c->converted == 5)
    {
      t_i32 (t, 7, c->scale);
      t_i32 (t, 8, 38);
    }
  if (c->logical > 0)
    {
      t_begin (t, 10);
      t_begin (t, c->logical);
      if (c->logical == 8)
        {
          t_bool (t, 1, TRUE);
          t_begin (t, 2);
          t_begin (t, 3); /* nanoseconds */
          t_end (t);
          t_end (t);
        }
      t_end (t);
      t_end (t);
    }
  t_end (t);
}

GByteArray *
parquet_write (const Column *columns, guint n_columns, guint n_rows, const Layout *layout)
{
  GByteArray *out = g_byte_array_new ();
  g_autoptr (GByteArray) footer = g_byte_array_new ();
  g_autoptr (GByteArray) groups = g_byte_array_new ();
  ThriftOut t = { footer }, g = { groups };
  guint n_groups = (n_rows + layout->group_rows - 1) / layout->group_rows;

  put_bytes (out, "PAR1", 4);
  t_i32 (&t, 1, 1);
  t_list (&t, 2, 12, n_columns + 1);
  t_begin (&t, 0);
  t_text (&t, 4, "schema");
  t_i32 (&t, 5, n_columns);
  t_end (&t);
  for (guint c = 0; c < n_columns; c++)
    put_schema (&t, &columns[c]);
  t_i64 (&t, 3, n_rows);
  for (guint at = 0; at < n_rows; at += layout->group_rows)
    {
      guint n = MIN (layout->group_rows, n_rows - at);

      t_begin (&g, 0);
      t_list (&g, 1, 12, n_columns);
      for (guint c = 0; c < n_columns; c++)
        put_chunk (out, &g, &columns[c], at, n, layout);
      t_i64 (&g, 2, 0);
      t_i64 (&g, 3, n);
      t_end (&g);
    }
  t_list (&t, 4, 12, n_groups);
  put_bytes (footer, groups->data, groups->len);
  put_byte (footer, 0);
  put_bytes (out, footer->data, footer->len);
  put_le (out, footer->len, 4);
  put_bytes (out, "PAR1", 4);
  return out;
}
