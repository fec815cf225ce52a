/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Encoded tables: every cell a small number whose order is the order of the values.
 *
 * Code 0 is null. The other codes of a column are 1 … n_codes − 1 and ascend with the value (texts by bytes), so that a range of values is a
 * range of codes and the smallest code is the minimum. What a code means is the column's coding:
 *
 *   OFFSET    base + code − 1, over 10^scale: whole numbers, bools, dates, and decimals that are all exact with few digits
 *   INTS      entry code − 1 of a sorted list of whole numbers (spread too wide for an offset)
 *   DOUBLES   entry code − 1 of a sorted list of doubles
 *   TEXTS     entry code − 1 of a sorted list of texts
 *   INSTANTS  the local day base + code − 1, with the time since that day's start in a second array, in units of @time_unit µs
 *
 * Codes are stored in 1, 2 or 4 bytes. A table is immutable and reference counted; any thread may read.
 *
 * Rows stand in the order of one column of dates or instants, nulls first, and where that is equal in the order of SQLite's row numbers; in that order
 * alone when the table has no such column. Which row of the SQLite table a row is, bv_encoded_rowid() says. A range of time is thus a range of rows.
 */
#pragma once

#include "bv-calendar.h"
#include "bv-value.h"

G_BEGIN_DECLS

#define BV_SEGMENT_ROWS 65536 /* rows with a zone (least and greatest code) of their own; the unit of work of a thread */

typedef enum { BV_CODING_OFFSET, BV_CODING_INTS, BV_CODING_DOUBLES, BV_CODING_TEXTS, BV_CODING_INSTANTS } BvCoding;

typedef struct
{
  char *name;
  BvType type;
  BvCoding coding;
  gboolean sound;         /* FALSE: some cell is not of the column's type; there are no codes then */
  guint width;            /* bytes of a code */
  void *codes;
  guint64 n_codes;        /* null included; at most 2³² − 1 */
  gint64 base;
  guint scale;
  gint64 *ints;
  double *doubles;
  guint64 *offsets;       /* of texts: n_codes entries */
  char *texts;            /* each with its NUL */
  guint time_width;
  void *times;
  gint64 time_unit;
  gint64 *day_starts;     /* of instants: n_codes + 1 entries, by code; the last is the end of the last day */
  guint32 *zone_min, *zone_max; /* per segment */
} BvEncodedColumn;

typedef struct _BvEncodedFile BvEncodedFile;

typedef struct
{
  int ref_count;
  guint64 n_rows;
  guint n_columns;
  guint n_segments;
  BvEncodedColumn *columns;
  int order;              /* index of the column that rows are sorted by; −1: none */
  /* Row numbers of the SQLite table. Runs of rows that follow each other there: run r begins at row run_rows[r] with number run_ids[r]. Where runs
   * are many, n_runs is 0, and each row has its own number: id_base + row_ids[row], in 4 or 8 bytes. */
  guint64 n_runs;
  guint32 *run_rows;
  gint64 *run_ids;
  gint64 id_base;
  guint id_width;
  void *row_ids;
  BvEncodedFile *file;    /* (nullable): holds the arrays; else each is owned */
  guint64 serial;         /* no other table of the process has it */
  GMutex mutex;           /* of what is derived */
  GHashTable *derived;    /* char* -> GBytes* */
  gsize derived_bytes;
} BvEncodedTable;

BvEncodedTable  *bv_encoded_table_ref    (BvEncodedTable *self);
void             bv_encoded_table_unref  (BvEncodedTable *self);
BvEncodedColumn *bv_encoded_table_find   (BvEncodedTable *self, const char *column); /* NULL when there is none */
gsize            bv_encoded_table_size   (BvEncodedTable *self); /* bytes */

/* Whether a column's arrays are as they were written, and may be read; NULL asks of the row numbers (bv_encoded_rowid). What came from a file is looked at
 * when it is first asked for, by all threads, at about 10 GB/s; later calls are free. FALSE once anything of the table was found damaged: its file is
 * removed then, and the table must not be used any more. Any thread; several may ask at a time. */
gboolean         bv_encoded_table_verify (BvEncodedTable *self, const BvEncodedColumn *column);
/* The same of the times within the day of a column of instants, which the other leaves out. */
gboolean         bv_encoded_table_verify_times (BvEncodedTable *self, const BvEncodedColumn *column);
/* The same of everything. */
gboolean         bv_encoded_table_verify_all (BvEncodedTable *self);
/* Whether bv_encoded_table_verify() has failed. */
gboolean         bv_encoded_table_is_damaged (BvEncodedTable *self);

/* An empty table with its lock and serial number. */
BvEncodedTable  *bv_encoded_table_new    (guint n_columns);
/* Arrays made from the table for queries (joins, groups, filters by code), kept for the next one under a key that says all they depend on.
 * put takes @bytes and returns what is to be used: a reference to it, or to what another thread put first. */
GBytes          *bv_encoded_table_get_derived (BvEncodedTable *self, const char *key); /* (transfer full) (nullable) */
GBytes          *bv_encoded_table_put_derived (BvEncodedTable *self, const char *key, GBytes *bytes);
/* Forgets what is kept under keys that begin with @prefix. */
void             bv_encoded_table_drop_derived (BvEncodedTable *self, const char *prefix);

static inline guint32
bv_encoded_code (const BvEncodedColumn *self, guint64 row)
{
  if (self->width == 1)
    return ((const guint8 *) self->codes)[row];
  if (self->width == 2)
    return ((const guint16 *) self->codes)[row];
  return ((const guint32 *) self->codes)[row];
}

/* The value of a code; of INSTANTS the day's start. (transfer full) */
BvValue          bv_encoded_value        (const BvEncodedColumn *self, guint32 code);
/* The number of a code that is not null. Not for texts and instants. */
double           bv_encoded_number       (const BvEncodedColumn *self, guint32 code);
const char      *bv_encoded_text         (const BvEncodedColumn *self, guint32 code);
/* The first code whose value is not below @value (above it when @above); n_codes when there is none. Not for instants. */
guint64          bv_encoded_bound        (const BvEncodedColumn *self, const BvValue *value, gboolean above);
/* The divisor of a scaled column: 10^scale. */
double           bv_encoded_divisor      (const BvEncodedColumn *self);

/* The number (SQLite's rowid) of a row. O(log runs). */
gint64           bv_encoded_rowid        (const BvEncodedTable *self, guint64 row);
/* The first row whose code of the column that rows are sorted by is not below @code or, of instants, is @code with a time not below @time (in units of
 * @time_unit since the day's start); n_rows when there is none. O(log rows). */
guint64          bv_encoded_sorted_row   (const BvEncodedTable *self, guint64 code, guint64 time);
/* The rows @first ≤ row < @end whose code of @column is in @first_code ≤ code < @end_code (0 is null), as one range. FALSE when rows are not sorted by
 * @column. O(log rows). */
gboolean         bv_encoded_sorted_range (const BvEncodedTable *self, const BvEncodedColumn *column, guint64 first_code, guint64 end_code,
                                          guint64 *first, guint64 *end);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (BvEncodedTable, bv_encoded_table_unref)

G_END_DECLS
