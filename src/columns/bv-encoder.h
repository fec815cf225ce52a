/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Making encoded tables.
 *
 * A table comes in pieces: ranges of its rows, numbered in their order. Threads feed pieces at the same time, each through a feed of its own; at the end
 * they become one table, which is the same to the byte whatever the pieces and threads were.
 */
#pragma once

#include "bv-encoded.h"

#include <gio/gio.h>

G_BEGIN_DECLS

typedef struct _BvEncoder BvEncoder;
typedef struct _BvEncoderFeed BvEncoderFeed;

/* @calendar: its days are the days of instants. */
BvEncoder       *bv_encoder_new          (BvCalendar *calendar);
void             bv_encoder_free         (BvEncoder *self);
void             bv_encoder_add_column   (BvEncoder *self, const char *name, BvType type);
guint            bv_encoder_get_n_columns (BvEncoder *self);
/* (nullable): the column that rows are to be sorted by; it is left at that when it is none of dates or instants, or unsound. */
void             bv_encoder_set_order    (BvEncoder *self, const char *name);
/* Sets the cells of pieces aside in a file, but for some @memory bytes. One thread may feed then. */
void             bv_encoder_set_spool    (BvEncoder *self, gsize memory);
/* Bytes that the pieces so far take in memory, most of them distinct texts. */
gsize            bv_encoder_get_memory   (BvEncoder *self);
/* Names and types of the columns, one a line, and the order. (transfer full) */
char            *bv_encoder_describe     (BvEncoder *self);

/* A way in for one thread. All columns are added before; feeds are made before threads run. (transfer none) */
BvEncoderFeed   *bv_encoder_new_feed     (BvEncoder *self);
/* A piece begins: @number ascends with the row numbers of pieces, over all feeds. */
void             bv_encoder_begin        (BvEncoderFeed *feed, guint64 number, guint n_rows_expected);
/* A row begins; numbers ascend within the piece. Then one cell for every column, in any order of columns. Dates and instants come as their text. */
void             bv_encoder_row          (BvEncoderFeed *feed, gint64 rowid);
void             bv_encoder_null         (BvEncoderFeed *feed, guint column);
void             bv_encoder_int          (BvEncoderFeed *feed, guint column, gint64 value);
void             bv_encoder_double       (BvEncoderFeed *feed, guint column, double value);
void             bv_encoder_text         (BvEncoderFeed *feed, guint column, const char *text, gsize length);
void             bv_encoder_end          (BvEncoderFeed *feed);
/* The rows of an encoded table as the pieces from @number on, of columns of equal names and types. Returns how many pieces that were. The rows must be
 * those with the least row numbers, and the table be in the order that was set. */
guint64          bv_encoder_add_table    (BvEncoderFeed *feed, guint64 number, BvEncodedTable *table);

/* Sorts dictionaries, settles the codings and frees @self. NULL when cancelled, and when the disk could not take what was set aside. */
BvEncodedTable  *bv_encoder_finish       (BvEncoder *self, guint n_threads, GCancellable *cancellable);

/* Calls @run for 0 ≤ i < @n from up to @n_threads threads of the caller's priority, and returns when all are done. */
void             bv_encode_parallel      (guint n_threads, guint64 n, void (*run) (gpointer data, guint64 i), gpointer data);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (BvEncoder, bv_encoder_free)

G_END_DECLS
