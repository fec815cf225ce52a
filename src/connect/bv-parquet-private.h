/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the files of the Parquet reader share. Enumerations carry the numbers of the format (parquet.thrift). */
#pragma once

#include "bv-rows.h"

G_BEGIN_DECLS

typedef enum
{
  BV_PQ_BOOLEAN, BV_PQ_INT32, BV_PQ_INT64, BV_PQ_INT96, BV_PQ_FLOAT, BV_PQ_DOUBLE, BV_PQ_BYTE_ARRAY, BV_PQ_FIXED, BV_PQ_GROUP
} BvPqType;

typedef enum
{
  BV_PQ_PLAIN = 0, BV_PQ_PLAIN_DICTIONARY = 2, BV_PQ_RLE = 3, BV_PQ_BIT_PACKED = 4, BV_PQ_DELTA_BINARY_PACKED = 5,
  BV_PQ_DELTA_LENGTH_BYTE_ARRAY = 6, BV_PQ_DELTA_BYTE_ARRAY = 7, BV_PQ_RLE_DICTIONARY = 8, BV_PQ_BYTE_STREAM_SPLIT = 9
} BvPqEncoding;

typedef enum { BV_PQ_REQUIRED, BV_PQ_OPTIONAL, BV_PQ_REPEATED } BvPqRepetition;

/* What the values mean: the union of the old converted types and the logical types. */
typedef enum
{
  BV_PQ_NONE, BV_PQ_STRING, BV_PQ_JSON, BV_PQ_UUID, BV_PQ_DATE, BV_PQ_TIME, BV_PQ_TIMESTAMP, BV_PQ_DECIMAL, BV_PQ_SIGNED,
  BV_PQ_UNSIGNED, BV_PQ_INTERVAL, BV_PQ_FLOAT16, BV_PQ_UNKNOWN, BV_PQ_LIST, BV_PQ_MAP
} BvPqMeaning;

/* --- bv-parquet-thrift.c: Thrift's compact protocol, read from memory */

typedef struct
{
  const guint8 *p, *end;
  gboolean failed;   /* sticky: what is read after it is 0 */
  int depth;
} BvThrift;

typedef enum
{
  BV_THRIFT_STOP, BV_THRIFT_TRUE, BV_THRIFT_FALSE, BV_THRIFT_BYTE, BV_THRIFT_I16, BV_THRIFT_I32, BV_THRIFT_I64, BV_THRIFT_DOUBLE,
  BV_THRIFT_BINARY, BV_THRIFT_LIST, BV_THRIFT_SET, BV_THRIFT_MAP, BV_THRIFT_STRUCT
} BvThriftType;

guint64      bv_thrift_varint (BvThrift *self);
gint64       bv_thrift_int    (BvThrift *self);
/* A NUL-terminated copy. (transfer full) */
char        *bv_thrift_string (BvThrift *self);
/* The next field's type, BV_THRIFT_STOP at the struct's end or a failure. *id holds the last field's id, 0 before the first. */
BvThriftType bv_thrift_field  (BvThrift *self, int *id);
/* The number of elements, each of which takes a byte at least. */
guint        bv_thrift_list   (BvThrift *self, BvThriftType *element);
void         bv_thrift_skip   (BvThrift *self, BvThriftType type);

/* --- bv-parquet-meta.c: the footer */

typedef struct _BvPqNode BvPqNode;

struct _BvPqNode
{
  char *name;
  BvPqNode *parent;
  GPtrArray *children;  /* (nullable): of a group */
  BvPqType type;
  guint fixed_length;
  BvPqRepetition repetition;
  BvPqMeaning meaning;
  int unit;             /* per second: 1000, 1000000, 1000000000 */
  int scale;
  guint max_def, max_rep;
  guint leaf;           /* index among the leaves */
};

typedef struct
{
  BvPqType type;
  int codec;
  gint64 n_values;
  gint64 size;          /* compressed, with page headers */
  gint64 start;         /* of the first page, the dictionary's if there is one */
  gboolean external;    /* in another file */
} BvPqChunk;

typedef struct
{
  gint64 n_rows;
  BvPqChunk *chunks;    /* per leaf */
} BvPqGroup;

typedef struct
{
  BvPqNode *root;
  GPtrArray *leaves;    /* BvPqNode */
  GArray *groups;       /* BvPqGroup */
} BvPqMeta;

BvPqMeta    *bv_pq_meta_parse (const guint8 *data, gsize length, const char *name, GError **error);
void         bv_pq_meta_free  (BvPqMeta *self);

typedef struct
{
  int type;             /* 0 data, 1 index, 2 dictionary, 3 data v2 */
  gint64 size, compressed_size;
  gint64 n_values, n_nulls;
  int encoding, def_encoding, rep_encoding;
  gint64 def_length, rep_length;
  gboolean is_compressed;
} BvPqPage;

/* *used: bytes of the header. FALSE when @data does not hold a whole header. */
gboolean     bv_pq_page_parse (const guint8 *data, gsize length, BvPqPage *page, gsize *used);

/* --- bv-parquet-codec.c */

/* NULL when @codec can be read, else its name for an error. */
const char  *bv_pq_codec_problem (int codec);
/* Exactly @out_size bytes must come out. */
gboolean     bv_pq_decompress (int codec, const guint8 *in, gsize in_size, guint8 *out, gsize out_size);

/* --- bv-parquet-encoding.c: values out of pages, one by one. Each returns FALSE when the bytes end or make no sense. */

typedef struct
{
  const guint8 *p, *end;
  guint width;
  gboolean packed;
  guint64 run;          /* values left in the run */
  guint32 value;
  guint64 bits;
  guint n_bits;
} BvPqRle;

void         bv_pq_rle_init (BvPqRle *self, const guint8 *p, const guint8 *end, guint width);
gboolean     bv_pq_rle_next (BvPqRle *self, guint32 *value);

typedef struct
{
  const guint8 *p, *end;
  guint64 left;         /* values to come */
  gboolean first;
  gint64 last, min_delta;
  guint n_minis, per_mini;
  const guint8 *widths;
  guint mini, in_mini, width;
  guint64 bit;          /* position in the miniblock */
  const guint8 *bits;
} BvPqDelta;

gboolean     bv_pq_delta_init (BvPqDelta *self, const guint8 *p, const guint8 *end, guint64 max_values);
gboolean     bv_pq_delta_next (BvPqDelta *self, gint64 *value);

/* A value as it is stored. */
typedef struct
{
  union
  {
    gint64 i;           /* boolean, int32, int64 */
    double d;           /* float, double */
    const guint8 *data; /* int96, byte arrays */
  };
  gsize length;
} BvPqRaw;

typedef struct
{
  BvPqEncoding encoding;
  BvPqType type;
  guint fixed_length;
  const guint8 *start, *p, *end;
  gsize n, i;           /* values in all and read, for a byte stream split */
  guint bit;
  BvPqRle rle;
  BvPqDelta delta, prefixes;
  GByteArray *last;     /* of a delta byte array, or the bytes of a split value */
  const BvPqRaw *dictionary;
  guint n_dictionary;
} BvPqValues;

gboolean     bv_pq_values_init (BvPqValues *self, const guint8 *p, const guint8 *end, gsize n_values);
gboolean     bv_pq_values_next (BvPqValues *self, BvPqRaw *value);

/* --- bv-parquet-column.c: a column chunk */

typedef struct
{
  int fd;
  guint64 size;
  char *name;           /* of the file */
  guint64 memory;       /* that its columns take */
  GCancellable *cancellable;
} BvPqFile;

gboolean     bv_pq_file_read  (BvPqFile *self, guint64 offset, guint8 *buf, gsize size, GError **error);
/* "… is damaged": what a message about this file says when its bytes make no sense. Always FALSE. */
gboolean     bv_pq_file_set_damaged (const char *name, const char *what, GError **error);

typedef struct
{
  const BvPqNode *node;
  BvPqFile *file;
  BvPqChunk chunk;
  guint64 offset, end;  /* of the next page */
  gint64 left;          /* values of the chunk in pages to come */

  guint8 *buffer;       /* of the page */
  gsize allocated;
  guint8 *compressed;
  gsize compressed_allocated;
  guint8 *dictionary_data;
  BvPqRaw *dictionary;
  guint n_dictionary;
  gsize dictionary_memory;
  gint64 in_page;       /* values left in the page */
  BvPqRle defs, reps;
  BvPqValues values;

  gboolean peeked;
  guint32 def, rep;     /* of the entry at hand */
} BvPqColumn;

void         bv_pq_column_init  (BvPqColumn *self, const BvPqNode *node, BvPqFile *file);
void         bv_pq_column_clear (BvPqColumn *self);
gboolean     bv_pq_column_begin (BvPqColumn *self, const BvPqChunk *chunk, GError **error);
/* Looks at the next entry: self->def and self->rep. *any is FALSE at the chunk's end. */
gboolean     bv_pq_column_peek  (BvPqColumn *self, gboolean *any, GError **error);
/* Takes the entry that was looked at; *value is set where its def says that there is one. */
gboolean     bv_pq_column_take  (BvPqColumn *self, BvPqRaw *value, GError **error);

/* --- bv-parquet-value.c */

/* The type that a leaf's values mostly have. */
BvType       bv_pq_node_type    (const BvPqNode *node);
/* The value as one of ours; texts may be borrowed from @raw or kept in @scratch. *problem: (nullable) (transfer full): why it is null */
void         bv_pq_value        (const BvPqNode *node, const BvPqRaw *raw, GString *scratch, BvValue *value, char **problem);
void         bv_pq_append_json  (const BvPqNode *node, const BvPqRaw *raw, GString *scratch, GString *json);
void         bv_pq_append_quoted (GString *json, const char *text, gsize length);

G_END_DECLS
