/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Parquet: files of a writer of the test's own, with every encoding, codec and kind of page; hostile bytes; the shared samples. */
#include "import-test.h"

#include "bv-parquet-private.h"
#include "parquet-writer.h"

#include <math.h>
#include <snappy-c.h>
#include <stdlib.h>
#include <zlib.h>
#include <zstd.h>

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

static void
put_page (GByteArray *out, int page_type, guint n, guint n_nulls, int encoding, guint def_length, const Layout *layout, const GByteArray *levels,
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
      put_page (out, 2, 10, 0, PLAIN, 0, layout, nothing, values);
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
      put_page (out, layout->v2 ? 3 : 0, some, n_nulls, c->encoding, levels->len, layout, levels, values);
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

static GByteArray *
write_parquet (const Column *columns, guint n_columns, guint n_rows, const Layout *layout)
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

/* Imports the bytes and gives all rows. */
static char *
import_bytes (Fixture *f, const GByteArray *bytes, char **columns, GError **error)
{
  g_autofree char *path = write_file (f, "t.parquet", (const char *) bytes->data, bytes->len);
  g_autoptr (BvImportPlan) plan = bv_import_sniff (path, NULL, error);

  if (plan == NULL)
    return NULL;
  g_assert_cmpint (plan->kind, ==, BV_FILE_PARQUET);
  if (columns != NULL)
    *columns = columns_of (plan);
  if (!bv_import_run (plan, f->project, NULL, NULL, NULL, NULL, error))
    return NULL;
  return dump (f->project, "SELECT * FROM t");
}

#define N_ROWS 1000

/* Each encoding that a type may have, with nulls and without, in pages of both kinds, with all codecs. */
static void
test_encodings (Fixture *f, gconstpointer data)
{
  static const struct { int type, encoding; guint length; } kinds[] = {
    { 0, PLAIN },        { 0, RLE },         { 1, PLAIN },       { 1, PLAIN_DICTIONARY }, { 1, DELTA },       { 1, SPLIT },
    { 2, PLAIN },        { 2, RLE_DICTIONARY }, { 2, DELTA },    { 2, SPLIT },            { 4, PLAIN },       { 4, SPLIT },
    { 5, PLAIN },        { 5, RLE_DICTIONARY }, { 5, SPLIT },    { 6, PLAIN },            { 6, PLAIN_DICTIONARY },
    { 6, DELTA_LENGTH }, { 6, DELTA_BYTES }, { 7, PLAIN, 5 },    { 7, DELTA_BYTES, 5 },   { 7, RLE_DICTIONARY, 5 }, { 7, SPLIT, 5 },
  };
  static const Layout layouts[] = {
    { UNCOMPRESSED, FALSE, 300, 700 }, { UNCOMPRESSED, TRUE, 1000, 1000 }, { SNAPPY, FALSE, 128, 1000 }, { SNAPPY, TRUE, 129, 400 },
    { GZIP, FALSE, 1000, 1000 },       { ZSTANDARD, TRUE, 64, 500 },       { LZ4_RAW, FALSE, 500, 999 },
  };
  g_autoptr (GRand) rand = g_rand_new_with_seed (11);
  Column columns[2 * G_N_ELEMENTS (kinds)];
  g_autofree gint64 *numbers = g_new (gint64, N_ROWS);
  g_autofree gint64 *small = g_new (gint64, N_ROWS);
  g_autofree gint64 *bits = g_new (gint64, N_ROWS);
  g_autofree double *doubles = g_new (double, N_ROWS);
  g_autofree gboolean *nulls = g_new (gboolean, N_ROWS);
  g_autoptr (GPtrArray) texts = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GPtrArray) fives = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GPtrArray) names = g_ptr_array_new_with_free_func (g_free);

  for (guint i = 0; i < N_ROWS; i++)
    {
      numbers[i] = i % 50 == 3 ? G_MININT64 + i : i % 50 == 4 ? G_MAXINT64 - i : (gint64) i * 1000 - 7;
      small[i] = i % 40 == 5 ? G_MININT32 : i % 40 == 6 ? G_MAXINT32 : g_rand_int_range (rand, -100, 100);
      bits[i] = i % 100 < 40 ? i % 3 == 0 : 1;
      doubles[i] = (double) g_rand_int_range (rand, -100000, 100000) / 8;
      nulls[i] = i % 100 < 30 ? i % 7 == 0 : i % 100 < 60;
      g_ptr_array_add (texts, g_strdup_printf ("group %d of é %d", i / 100, g_rand_int_range (rand, 0, 2000)));
      g_ptr_array_add (fives, g_strdup_printf ("%05d", g_rand_int_range (rand, 0, 99999)));
    }
  for (guint l = 0; l < G_N_ELEMENTS (layouts); l++)
    {
      g_autoptr (GByteArray) bytes = NULL;
      g_autoptr (GError) error = NULL;
      g_autofree char *got = NULL;
      g_auto (GStrv) rows = NULL;

      for (guint k = 0; k < G_N_ELEMENTS (columns); k++)
        {
          guint kind = k / 2;
          gboolean dictionary = kinds[kind].encoding == PLAIN_DICTIONARY || kinds[kind].encoding == RLE_DICTIONARY;
          Column *c = &columns[k];

          g_ptr_array_add (names, g_strdup_printf ("c%u", k));
          *c = (Column){ names->pdata[names->len - 1], kinds[kind].type, k % 2, kinds[kind].type >= 6 ? 0 : -1, 0, kinds[kind].encoding,
                         kinds[kind].length, 0, N_ROWS, NULL, NULL, NULL, k % 2 ? nulls : NULL };
          c->i = c->type == 0 ? bits : c->type == 1 ? small : numbers;
          c->d = doubles;
          c->s = (char **) (c->type == 7 ? fives->pdata : texts->pdata);
          g_assert_true (!dictionary || c->type != 0);
        }
      bytes = write_parquet (columns, G_N_ELEMENTS (columns), N_ROWS, &layouts[l]);
      got = import_bytes (f, bytes, NULL, &error);
      g_assert_no_error (error);
      rows = g_strsplit (got, "/", -1);
      g_assert_cmpuint (g_strv_length (rows), ==, N_ROWS);
      for (guint i = 0; i < N_ROWS; i++)
        {
          g_auto (GStrv) cells = g_strsplit (rows[i], "|", -1);

          for (guint k = 0; k < G_N_ELEMENTS (columns); k++)
            {
              const Column *c = &columns[k];
              guint from = c->encoding == PLAIN_DICTIONARY || c->encoding == RLE_DICTIONARY ? i % 10 : i;
              g_autofree char *expected = NULL;

              if (c->null != NULL && c->null[i])
                expected = g_strdup ("-");
              else if (c->type <= 2)
                expected = g_strdup_printf ("%" G_GINT64_FORMAT, c->i[from]);
              else if (c->type >= 6)
                expected = g_strdup (c->s[from]);
              else
                {
                  double value = g_ascii_strtod (cells[k], NULL), wanted = c->type == 4 ? (double) (float) c->d[from] : c->d[from];

                  g_assert_true (value <= wanted && value >= wanted);
                  continue;
                }
              if (g_strcmp0 (cells[k], expected) != 0)
                g_error ("layout %u, row %u, column %u (type %d, encoding %d): “%s” instead of “%s”", l, i, k, c->type, c->encoding, cells[k],
                         expected);
            }
        }
    }
}

/* What values mean. */
static void
test_meanings (Fixture *f, gconstpointer data)
{
  gint64 days[] = { 0, -1, 20000 }, ms[] = { 1500, -1, 86400000 }, clock[] = { 1000000, 86399999999, 0 }, ns[] = { -1, 1000000001, 0 };
  gint64 cents[] = { -12345, 7, 100 }, whole[] = { 5, -5, 0 }, u32[] = { -1, 1, 0 }, big[] = { 1, 2, 9007199254740993 };
  char *uuids[] = { (char *) "\x01\x23\x45\x67\x89\xab\xcd\xef\x01\x23\x45\x67\x89\xab\xcd\xef", (char *) "0123456789abcdef",
                    (char *) "abcdefghijklmnop" };
  char *wide[] = { (char *) "\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01",
                   (char *) "\0\0\0\0\0\0\0\0\0\0\0\0\0\0\4\xd2", (char *) "\0\0\0\0\0\0\0\1\0\0\0\0\0\0\0\0" };
  char *times[] = { (char *) "\0\0\0\0\0\0\0\0\x8c\x3d\x25\0", (char *) "\0\xca\x9a\x3b\0\0\0\0\x8d\x3d\x25\0",
                    (char *) "\0\0\0\0\0\0\0\0\x8c\x3d\x25\0" };
  char *json[] = { (char *) "{\"a\":1}", (char *) "[]", (char *) "" };
  double floats[] = { 0.5, (double) NAN, -3 };
  const Column columns[] = {
    { "day", 1, 0, 6, 0, PLAIN, 0, 0, 3, days },       { "ms", 2, 0, 9, 0, DELTA, 0, 0, 3, ms },
    { "ns", 2, 0, -1, 8, PLAIN, 0, 0, 3, ns },         { "clock", 2, 0, 8, 0, PLAIN, 0, 0, 3, clock },
    { "cents", 2, 0, 5, 0, PLAIN, 0, 2, 3, cents },    { "whole", 1, 0, 5, 0, PLAIN, 0, 0, 3, whole },
    { "u32", 1, 0, 13, 0, PLAIN, 0, 0, 3, u32 },       { "uuid", 7, 0, -1, 14, PLAIN, 16, 0, 3, NULL, NULL, uuids },
    { "wide", 7, 0, 5, 0, PLAIN, 16, 3, 3, NULL, NULL, wide }, { "at", 3, 0, -1, 0, PLAIN, 12, 0, 3, NULL, NULL, times },
    { "json", 6, 0, 19, 0, PLAIN, 0, 0, 3, NULL, NULL, json }, { "f", 5, 0, -1, 0, PLAIN, 0, 0, 3, NULL, floats },
    { "big", 2, 0, 5, 0, PLAIN, 0, 1, 3, big },
  };
  static const Layout layout = { UNCOMPRESSED, FALSE, 2, 3 };
  g_autoptr (GByteArray) bytes = write_parquet (columns, G_N_ELEMENTS (columns), 3, &layout);
  g_autoptr (GError) error = NULL;
  g_autofree char *names = NULL;
  g_autofree char *got = import_bytes (f, bytes, &names, &error);

  g_assert_no_error (error);
  g_assert_cmpstr (names, ==, "day:date,ms:timestamp,ns:timestamp,clock:text,cents:double,whole:int,u32:int,uuid:text,wide:double,at:timestamp,"
                              "json:text,f:double,big:double");
  g_assert_cmpstr (got, ==,
                   "1970-01-01|1970-01-01 00:00:01.5|1969-12-31 23:59:59.999999|00:00:01|-123.45|5|4294967295|01234567-89ab-cdef-0123-456789abcdef|"
                   "-0.255|1970-01-01 00:00:00|{\"a\":1}|0.5|0.1/"
                   "1969-12-31|1969-12-31 23:59:59.999|1970-01-01 00:00:01|23:59:59.999999|0.07|-5|1|30313233-3435-3637-3839-616263646566|"
                   "1.234|1970-01-02 00:00:01|[]|-|0.2/"
                   "2024-10-04|1970-01-02 00:00:00|1970-01-01 00:00:00|00:00:00|1.0|0|0|61626364-6566-6768-696a-6b6c6d6e6f70|"
                   "1.84467440737096e+16|1970-01-01 00:00:00|-|-3.0|900719925474099.0");
}

/* Lists and structs, their levels by hand: optional group s { required int32 a; optional group l (LIST) { repeated group list { optional
 * int32 element } } }. */
static void
test_nested (Fixture *f, gconstpointer data)
{
  static const guint32 a_defs[] = { 1, 1, 0, 1, 1 };
  static const guint32 l_reps[] = { 0, 1, 1, 0, 0, 0, 0 };
  static const guint32 l_defs[] = { 4, 3, 4, 2, 0, 1, 4 };
  static const int a_values[] = { 10, 20, 40, 50 }, l_values[] = { 1, 3, 9 };
  static const struct { const char *name; int type, repetition, converted; guint n_children; } schema[] = {
    { "schema", -1, -1, -1, 1 }, { "s", -1, 1, -1, 2 },    { "a", 1, 0, -1, 0 },
    { "l", -1, 1, 3, 1 },        { "list", -1, 2, -1, 1 }, { "element", 1, 1, -1, 0 },
  };
  g_autoptr (GByteArray) out = g_byte_array_new ();
  g_autoptr (GByteArray) footer = g_byte_array_new ();
  g_autoptr (GError) error = NULL;
  g_autofree char *names = NULL;
  g_autofree char *got = NULL;
  static const Layout layout = { UNCOMPRESSED, FALSE, 100, 100 };
  ThriftOut t = { footer };
  gint64 starts[2], sizes[2];

  put_bytes (out, "PAR1", 4);
  for (int c = 0; c < 2; c++)
    {
      g_autoptr (GByteArray) levels = g_byte_array_new ();
      g_autoptr (GByteArray) values = g_byte_array_new ();
      g_autoptr (GByteArray) runs = g_byte_array_new ();

      if (c == 1)
        {
          put_rle (runs, l_reps, G_N_ELEMENTS (l_reps), 1);
          put_le (levels, runs->len, 4);
          put_bytes (levels, runs->data, runs->len);
          g_byte_array_set_size (runs, 0);
        }
      put_rle (runs, c == 0 ? a_defs : l_defs, c == 0 ? G_N_ELEMENTS (a_defs) : G_N_ELEMENTS (l_defs), c == 0 ? 1 : 3);
      put_le (levels, runs->len, 4);
      put_bytes (levels, runs->data, runs->len);
      for (guint i = 0; i < (c == 0 ? G_N_ELEMENTS (a_values) : G_N_ELEMENTS (l_values)); i++)
        put_le (values, (guint64) (c == 0 ? a_values[i] : l_values[i]), 4);
      starts[c] = out->len;
      put_page (out, 0, c == 0 ? G_N_ELEMENTS (a_defs) : G_N_ELEMENTS (l_defs), 0, PLAIN, 0, &layout, levels, values);
      sizes[c] = out->len - starts[c];
    }
  t_i32 (&t, 1, 1);
  t_list (&t, 2, 12, G_N_ELEMENTS (schema));
  for (guint i = 0; i < G_N_ELEMENTS (schema); i++)
    {
      t_begin (&t, 0);
      if (schema[i].type >= 0)
        t_i32 (&t, 1, schema[i].type);
      if (schema[i].repetition >= 0)
        t_i32 (&t, 3, schema[i].repetition);
      t_text (&t, 4, schema[i].name);
      if (schema[i].n_children > 0)
        t_i32 (&t, 5, schema[i].n_children);
      if (schema[i].converted >= 0)
        t_i32 (&t, 6, schema[i].converted);
      t_end (&t);
    }
  t_i64 (&t, 3, 5);
  t_list (&t, 4, 12, 1);
  t_begin (&t, 0);
  t_list (&t, 1, 12, 2);
  for (int c = 0; c < 2; c++)
    {
      t_begin (&t, 0);
      t_begin (&t, 3);
      t_i32 (&t, 1, 1);
      t_i32 (&t, 4, 0);
      t_i64 (&t, 5, c == 0 ? 5 : 7);
      t_i64 (&t, 7, sizes[c]);
      t_i64 (&t, 9, starts[c]);
      t_end (&t);
      t_end (&t);
    }
  t_i64 (&t, 3, 5);
  t_end (&t);
  put_byte (footer, 0);
  put_bytes (out, footer->data, footer->len);
  put_le (out, footer->len, 4);
  put_bytes (out, "PAR1", 4);
  got = import_bytes (f, out, &names, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (names, ==, "s_a:int,s_l:text");
  g_assert_cmpstr (got, ==, "10|[1,null,3]/20|[]/-|-/40|-/50|[9]");
}

/* Any byte may be wrong and the file may end anywhere: an error or rows, but no crash, no hang. */
static void
test_hostile (Fixture *f, gconstpointer data)
{
  static const Layout layouts[] = { { UNCOMPRESSED, FALSE, 20, 40 }, { SNAPPY, TRUE, 33, 100 } };
  g_autoptr (GRand) rand = g_rand_new_with_seed (5);
  g_autofree gint64 *numbers = g_new (gint64, 100);
  g_autofree gboolean *nulls = g_new (gboolean, 100);
  g_autofree char *path = g_build_filename (f->dir, "h.parquet", NULL);
  char *texts[100];
  const char *rounds = g_getenv ("BV_LONG");

  for (guint i = 0; i < 100; i++)
    {
      numbers[i] = i * i;
      nulls[i] = i % 3 == 0;
      texts[i] = g_strdup_printf ("text %u", i * 7);
    }
  for (guint l = 0; l < G_N_ELEMENTS (layouts); l++)
    {
      const Column columns[] = {
        { "a", 2, 1, -1, 0, DELTA, 0, 0, 100, numbers, NULL, NULL, nulls },
        { "b", 6, 0, 0, 0, DELTA_BYTES, 0, 0, 100, NULL, NULL, texts },
        { "c", 6, 1, 0, 0, RLE_DICTIONARY, 0, 0, 100, NULL, NULL, texts, nulls },
        { "d", 6, 1, 0, 0, DELTA_LENGTH, 0, 0, 100, NULL, NULL, texts, nulls },
      };
      g_autoptr (GByteArray) bytes = write_parquet (columns, G_N_ELEMENTS (columns), 100, &layouts[l]);

      for (int round = 0; round < (rounds != NULL ? atoi (rounds) : 1500); round++)
        {
          g_autofree guint8 *copy = g_memdup2 (bytes->data, bytes->len);
          gsize length = round % 10 == 0 ? (gsize) g_rand_int_range (rand, 4, (gint32) bytes->len) : bytes->len;
          g_autoptr (GError) error = NULL;
          g_autoptr (BvRows) rows = NULL;
          gboolean row = TRUE;

          for (int n = g_rand_int_range (rand, 1, 4); n > 0; n--)
            copy[g_rand_int_range (rand, 0, (gint32) length)] = (guint8) g_rand_int_range (rand, 0, 256);
          g_assert_true (g_file_set_contents (path, (const char *) copy, (gssize) length, NULL));
          rows = bv_parquet_open (path, NULL, &error);
          for (int n = 0; rows != NULL && row && n < 10000; n++)
            if (!bv_rows_next (rows, &row, &error))
              row = FALSE;
          g_assert_true (rows != NULL || error != NULL);
        }
    }
  for (guint i = 0; i < 100; i++)
    g_free (texts[i]);
}

/* The same table as CSV and as Parquet. */
static void
test_superstore (Fixture *f, gconstpointer data)
{
  static const char *const names[] = { "superstore.csv", "superstore.parquet" };

  for (int i = 0; i < 2; i++)
    {
      g_autofree char *path = g_build_filename (g_getenv ("BV_SHARED") != NULL ? g_getenv ("BV_SHARED") : "", "data", "superstore", names[i], NULL);
      g_autoptr (GError) error = NULL;
      g_autoptr (BvImportPlan) plan = NULL;
      g_auto (BvImportResult) result = { 0 };

      if (!g_file_test (path, G_FILE_TEST_EXISTS))
        {
          g_test_skip ("The shared data are not here");
          return;
        }
      plan = bv_import_sniff (path, NULL, &error);
      g_assert_no_error (error);
      g_free (plan->table);
      plan->table = g_strdup (i == 0 ? "a" : "b");
      bv_import_run (plan, f->project, NULL, NULL, NULL, &result, &error);
      g_assert_no_error (error);
      g_assert_cmpint (result.n_rows, ==, 9994);
      g_assert_cmpstr (result.first_problem, ==, NULL);
    }
  assert_dump (f->project, "SELECT count(*) FROM (SELECT * FROM a EXCEPT SELECT * FROM b)", "0");
  assert_dump (f->project, "SELECT count(*) FROM (SELECT * FROM b EXCEPT SELECT * FROM a)", "0");
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add ("/connect/parquet/encodings", Fixture, NULL, fixture_set_up, test_encodings, fixture_tear_down);
  g_test_add ("/connect/parquet/meanings", Fixture, NULL, fixture_set_up, test_meanings, fixture_tear_down);
  g_test_add ("/connect/parquet/nested", Fixture, NULL, fixture_set_up, test_nested, fixture_tear_down);
  g_test_add ("/connect/parquet/hostile", Fixture, NULL, fixture_set_up, test_hostile, fixture_tear_down);
  g_test_add ("/connect/parquet/superstore", Fixture, NULL, fixture_set_up, test_superstore, fixture_tear_down);
  return g_test_run ();
}
