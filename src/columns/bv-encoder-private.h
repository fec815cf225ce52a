/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The parts of the encoder: feeds stage the cells of a piece, pieces keep them packed, and each coding makes a column of its pieces. */
#pragma once

#include "bv-encoder.h"

#include "bv-spool.h"

G_BEGIN_DECLS

#define BV_NULL_STAGED G_MININT64 /* of int and time columns; a real cell with it makes the column unsound */

/* The distinct texts of one feed's column, numbered from 1 in order of appearance. */
typedef struct _BvTexts BvTexts;

typedef struct
{
  BvType type;
  gboolean sound;
  guint32 n, capacity;
  void *staged;           /* gint64 (BV_NULL_STAGED for null), double (NaN for null), or guint32 numbers of texts (0 for null) */
  BvTexts *texts;
  /* the last date read */
  char last[10];
  gint64 last_day;
} BvStaging;

/* Cells of one column in one piece. Of texts the numbers; of others 0 for null, else 1 + (value − base) / unit; of doubles the value is that times
 * 10^scale, or, where @raw, the cells are doubles. */
typedef struct
{
  guint width;
  void *cells;            /* NULL when they were set aside */
  guint64 place;          /* where, in the encoder's spool */
  gint64 base, max, unit; /* base > max: nothing but nulls */
  guint scale;
  gboolean raw;
} BvPacked;

typedef struct
{
  guint64 number;
  guint64 first;          /* row of the whole, before rows are sorted */
  guint32 n_rows;
  guint32 n_runs;
  guint32 *run_rows;
  gint64 *run_ids;
  guint feed;
  BvPacked *columns;
} BvPiece;

struct _BvEncoderFeed
{
  BvEncoder *encoder;
  guint index;
  BvStaging *columns;
  GPtrArray *pieces;      /* BvPiece */
  guint64 number;
  guint32 n_rows;
  gint64 last_id;
  GArray *run_rows, *run_ids;
};

typedef struct
{
  char *name;
  BvType type;
} BvEncoderColumn;

struct _BvEncoder
{
  BvCalendar *calendar;
  char *order;            /* (nullable): a column's name */
  GArray *columns;        /* BvEncoderColumn */
  GPtrArray *feeds;
  GPtrArray *pieces;      /* BvPiece, borrowed from the feeds, in order; at the end */
  guint64 n_rows;
  guint n_threads;
  BvSpool *spool;         /* (nullable): for the cells of pieces */
  gint failed;            /* cells were lost */
};

static inline guint
bv_encode_width (guint64 n_codes)
{
  return n_codes <= 256 ? 1 : n_codes <= 65536 ? 2 : 4;
}

static inline void
bv_encode_store (void *cells, guint width, guint64 i, guint64 value)
{
  switch (width)
    {
    case 1:
      ((guint8 *) cells)[i] = (guint8) value;
      break;
    case 2:
      ((guint16 *) cells)[i] = (guint16) value;
      break;
    case 4:
      ((guint32 *) cells)[i] = (guint32) value;
      break;
    default:
      ((guint64 *) cells)[i] = value;
      break;
    }
}

static inline guint64
bv_encode_read (const void *cells, guint width, guint64 i)
{
  switch (width)
    {
    case 1:
      return ((const guint8 *) cells)[i];
    case 2:
      return ((const guint16 *) cells)[i];
    case 4:
      return ((const guint32 *) cells)[i];
    default:
      return ((const guint64 *) cells)[i];
    }
}

/* The value of a packed cell, of ints, times and scaled doubles. */
static inline gint64
bv_packed_value (const BvPacked *self, guint64 i)
{
  guint64 cell = bv_encode_read (self->cells, self->width, i);

  return cell == 0 ? BV_NULL_STAGED : (gint64) ((guint64) self->base + (cell - 1) * (guint64) self->unit);
}

/* --- bv-encoder.c */

/* A column's cells of a piece, in memory until they are closed. Any thread. */
BvPacked bv_packed_open  (BvEncoder *self, const BvPiece *piece, guint index);
void     bv_packed_close (BvEncoder *self, BvPacked *packed);

/* --- bv-encode-text.c */

BvTexts *bv_texts_new    (void);
void     bv_texts_free   (BvTexts *texts);
gsize    bv_texts_get_size (const BvTexts *texts); /* bytes */
/* Puts the text's number into @cells[cell], now or by the next bv_texts_settle(); between both all calls name the same cells, which may move. FALSE when it is not UTF-8, or the texts are too many. */
gboolean bv_texts_put    (BvTexts *texts, const char *text, gsize length, guint32 *cells, guint32 cell);
/* Settles what waits. FALSE as above. */
gboolean bv_texts_settle (BvTexts *texts, guint32 *cells);
gboolean bv_encode_texts (BvEncoder *self, guint index, BvEncodedColumn *out);

/* --- bv-encode-number.c */

/* Takes what is staged; the piece's cells are of the least width that holds them. */
void     bv_pack_numbers   (BvStaging *in, BvPacked *out);
void     bv_pack_ints      (const gint64 *cells, guint32 n, gint64 unit, BvPacked *out);
/* The least and greatest value of all pieces; FALSE when there is none. */
gboolean bv_encode_bounds  (BvEncoder *self, guint index, gint64 *min, gint64 *max);
gboolean bv_encode_ints    (BvEncoder *self, guint index, BvEncodedColumn *out);
gboolean bv_encode_doubles (BvEncoder *self, guint index, BvEncodedColumn *out);

/* --- bv-encode-time.c */

gboolean bv_stage_time      (BvStaging *column, const char *text, gsize length, gint64 *value);
void     bv_pack_instants   (BvStaging *in, BvPacked *out);
gboolean bv_encode_instants (BvEncoder *self, guint index, BvEncodedColumn *out);

/* --- bv-encode-order.c */

/* The new order of the rows when @column sorts them: for each row its present one. NULL when they are in that order already. (transfer full) */
guint32 *bv_encode_order  (const BvEncodedColumn *column, guint64 n_rows, guint n_threads);
/* Puts the cells of an array of @width bytes each in a new order. @cells is freed. (transfer full) */
void    *bv_encode_gather (void *cells, guint width, const guint32 *order, guint64 n_rows, guint n_threads);
/* Notes the numbers of the rows, which the pieces know by runs. @order: (nullable). */
void     bv_encode_rowids (BvEncoder *self, BvEncodedTable *table, const guint32 *order);

G_END_DECLS
