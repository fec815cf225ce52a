/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A frame: named, typed columns of a result, and what must be said about it.
 *
 * The one result type between query, chart, export and widgets. Rows are in long form: dimension columns first (the
 * time bucket, the group-bys, the pivot), then metrics. A frame is filled by one owner through bv_frame_new(),
 * bv_frame_add_column() and bv_frame_append_*(), and is read-only from then on; reading is safe from any thread.
 */
#pragma once

#include "bv-calendar.h"
#include "bv-format.h"
#include "bv-value.h"

G_BEGIN_DECLS

typedef enum
{
  BV_ROLE_TIME,      /* the chart's time bucket */
  BV_ROLE_DIMENSION, /* a group-by */
  BV_ROLE_SERIES,    /* the pivot: its values become series or columns */
  BV_ROLE_METRIC,
  BV_ROLE_COMPARE,   /* a metric of the compared period; @of names the metric's column */
  BV_ROLE_FIELD,     /* a plain column of rows (drill, preview) */
} BvRole;

/* Why a frame may not be read naively. */
typedef enum
{
  BV_NOTE_TRUNCATED, /* more rows exist than the frame holds */
  BV_NOTE_OVERLAPS,  /* a row counts in several groups: the groups do not add up to the total */
  BV_NOTE_KEY,       /* a key declared unique repeats */
  BV_NOTE_GAP,       /* values that could not be placed (no date, conflicting currencies…) */
  BV_NOTE_INFO,
} BvNoteKind;

typedef struct
{
  BvNoteKind kind;
  char *text; /* one translated sentence */
} BvNote;

typedef struct
{
  char *name;      /* the metric's or dimension's name, unique in the frame; the key in JSON and CSV */
  BvType type;
  BvRole role;
  BvGrain grain;   /* of a time bucket, else NONE */
  BvFormat format;
  int of;          /* for BV_ROLE_COMPARE: index of the metric's column; else -1 */
  gboolean cumulative; /* a metric that runs along time */
  BvValue total;   /* the metric evaluated at total grain (never added up); null when there is none */
  BvValue total_compare; /* the compared period's total */

  /* private */
  GArray *data;    /* gint64, double or const char* (interned in the frame) */
  GByteArray *nulls;
} BvColumn;

typedef struct _BvFrame BvFrame;

BvFrame        *bv_frame_new            (void);
BvFrame        *bv_frame_ref            (BvFrame *self);
void            bv_frame_unref          (BvFrame *self);

/* Adds an empty column (before any row is appended) and returns it for its fields to be set. */
BvColumn       *bv_frame_add_column     (BvFrame *self, const char *name, BvType type, BvRole role);

/* Appends one row; @values has one value per column, null or of the column's type (int is taken for double). */
void            bv_frame_append         (BvFrame *self, const BvValue *values);
/* Gives the frame @n_rows rows of nulls, and puts a value into one that is null still. */
void            bv_frame_set_n_rows     (BvFrame *self, guint n_rows);
void            bv_frame_set            (BvFrame *self, guint column, guint row, const BvValue *value);
/* Puts @value, which is no text where @n > 1, into @n rows from @row on. */
void            bv_frame_repeat         (BvFrame *self, guint column, guint row, guint n, const BvValue *value);
/* The same with @n days or instants, into a column of dates or timestamps. */
void            bv_frame_set_times      (BvFrame *self, guint column, guint row, guint n, const gint64 *times);
/* Appends to one column only; the caller sees to it that all columns end equally long. */
void            bv_frame_append_int     (BvFrame *self, guint column, gint64 i);
void            bv_frame_append_double  (BvFrame *self, guint column, double d);
void            bv_frame_append_text    (BvFrame *self, guint column, const char *s, gssize len);
void            bv_frame_append_null    (BvFrame *self, guint column);

guint           bv_frame_get_n_rows     (const BvFrame *self);
guint           bv_frame_get_n_columns  (const BvFrame *self);
BvColumn       *bv_frame_get_column     (const BvFrame *self, guint column);
int             bv_frame_find_column    (const BvFrame *self, const char *name); /* -1 when none */

gboolean        bv_frame_is_null        (const BvFrame *self, guint column, guint row);
gint64          bv_frame_get_int        (const BvFrame *self, guint column, guint row);    /* bool, int, date, timestamp */
double          bv_frame_get_double     (const BvFrame *self, guint column, guint row);    /* NAN for null; converts ints */
const char     *bv_frame_get_text       (const BvFrame *self, guint column, guint row);    /* NULL for null */
/* A whole column at once, for loops over very many rows: one entry per row, and which of them are null (not 0). Ints are those of
 * bool, int, date and timestamp columns; NULL for a column of another type. */
const gint64   *bv_frame_peek_ints      (const BvFrame *self, guint column);
const double   *bv_frame_peek_doubles   (const BvFrame *self, guint column);
const guint8   *bv_frame_peek_nulls     (const BvFrame *self, guint column);
/* A borrowed view of a cell: text points into the frame; do not clear it. */
BvValue         bv_frame_peek           (const BvFrame *self, guint column, guint row);

/* Takes a value away, while the frame is being filled. */
void            bv_frame_set_null       (BvFrame *self, guint column, guint row);

/* A new frame with the rows of @order (indexes, @n of them); columns, totals and notes are copied, sub-totals shared. */
BvFrame        *bv_frame_pick           (BvFrame *self, const guint *order, guint n);

/**
 * bv_frame_set_subtotals:
 * @subtotals: (nullable): the same metrics evaluated for fewer groups: without the last key column (time bucket or group-by), with the pivot
 *
 * Belongs to the filling of a frame. @subtotals may carry the sub-totals of one group fewer in turn; each key column has the name that it has here.
 */
void            bv_frame_set_subtotals  (BvFrame *self, BvFrame *subtotals);
BvFrame        *bv_frame_get_subtotals  (const BvFrame *self); /* (nullable) (transfer none) */
/* Row numbers go on behind a frame's last row: those of its sub-totals follow, then theirs. The number of @row of @subtotals, which is in the
 * chain of @self; and back: the frame of the chain and the row in it. Numbers beyond all of them, such as that of the total, stay what they are. */
guint           bv_frame_number_row     (BvFrame *self, BvFrame *subtotals, guint row);
BvFrame        *bv_frame_resolve_row    (BvFrame *self, guint *row); /* (transfer none) */

/* The first @n_columns cells of a row as a key of hash tables; rows of different frames are equal where their values are. */
typedef struct
{
  BvFrame *frame; /* borrowed */
  guint n_columns, row;
} BvRowKey;
guint           bv_row_key_hash         (gconstpointer key);
gboolean        bv_row_key_equal        (gconstpointer a, gconstpointer b);

void            bv_frame_add_note       (BvFrame *self, BvNoteKind kind, const char *text); /* equal notes are kept once */
guint           bv_frame_get_n_notes    (const BvFrame *self);
const BvNote   *bv_frame_get_note       (const BvFrame *self, guint i);
gboolean        bv_frame_has_note       (const BvFrame *self, BvNoteKind kind);

/* The span of time that a frame with a time range covers, for axes and titles. */
void            bv_frame_set_range      (BvFrame *self, const BvRange *range);
gboolean        bv_frame_get_range      (const BvFrame *self, BvRange *range);

/* A cell for people; null is "(empty)" in groups and "–" elsewhere. (transfer full) */
char           *bv_frame_format         (const BvFrame *self, guint column, guint row, BvLocale *locale);

/**
 * bv_frame_to_csv:
 *
 * RFC 4180 with a header line and "\n" line ends; plain values (bv_value_to_plain), timestamps as ISO 8601 with the
 * offset of @calendar's zone, null as an empty field, text that needs it quoted. Cells that a spreadsheet would take for a
 * formula are kept as they are.
 */
char           *bv_frame_to_csv         (const BvFrame *self, BvCalendar *calendar);

/* ISO 8601 of a cell: dates "2026-06-30", timestamps "2026-06-30T14:05:00+02:00"; other types as bv_value_to_plain. (transfer full) */
char           *bv_frame_to_iso         (const BvFrame *self, guint column, guint row, BvCalendar *calendar);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (BvFrame, bv_frame_unref)

G_END_DECLS
