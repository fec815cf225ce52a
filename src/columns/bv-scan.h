/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Passes over encoded tables for any number of scans: rows that pass the tests, their group, and what is computed of each group.
 *
 * A source is a column's code, or what a table says about the code: that is how an attribute of a related table is read, the table having one
 * entry per foreign key code. The group of a row is the sum of its keys' (table entry or code) · stride. Results do not depend on the number of
 * threads, nor on what else shares the pass: everything that is added up is an integer.
 */
#pragma once

#include "bv-encoded.h"
#include "bv-kernel.h"

G_BEGIN_DECLS

#define BV_DECIMAL_SCALE 10000 /* sums of decimals are exact to four places, and rounded once */

/* When the engine prefers which way. Tests make the numbers small, so that small tables take every way. */
typedef struct
{
  guint64 kept_rows;    /* tables of fewer rows are tested anew by every scan; of others, what clauses select is kept */
  guint list_share;     /* a clause that selects less than one row in so many is kept as a list of rows */
  guint64 posting_rows; /* columns of tables with fewer rows get no postings */
  guint64 cube_rows;    /* tables of fewer rows get no cube */
  guint64 cube_least;   /* nor does a clause that leaves fewer rows: they are scanned as fast */
  guint cube_cells;     /* cubes have cells where a code has at most so many of them for each of its rows; else they keep rows */
  guint64 cube_bytes;   /* what the cubes of a table may take together, unless sixteen bytes a row are more */
  guint64 narrow_codes; /* tables over at least so many codes are read in bytes where their numbers are small */
  gboolean wait;        /* make postings at once rather than in the background */
} BvTuning;

extern BvTuning bv_tuning;

/* Rows to small numbers. @column NULL: the row's own number + 1. */
typedef struct
{
  const BvEncodedColumn *column;
  const guint32 *table; /* (nullable): by code; then @stride is part of it already */
  guint32 stride;
  const guint8 *bytes;  /* (nullable): @table in bytes, a quarter of the size, which stays in a nearer cache */
} BvSource;

typedef enum
{
  BV_TEST_ALL,
  BV_TEST_ANY,
  BV_TEST_CONSTANT, /* @value */
  BV_TEST_RANGE,    /* @first ≤ code < @end */
  BV_TEST_ACCEPT,   /* @accept[code] */
  BV_TEST_SINCE,    /* an instant at or after (@first, @time) */
  BV_TEST_BITS,     /* bit of the row */
  BV_TEST_ROWS,     /* the row is in a list */
} BvTestKind;

typedef struct _BvTest BvTest;
struct _BvTest
{
  BvTestKind kind;
  gboolean negate;
  GPtrArray *children;  /* BvTest, owned */
  gboolean value;
  const BvEncodedColumn *column;
  guint64 first, end, time;
  GBytes *accept;       /* n_codes bytes of 0 and 1 */
  GBytes *bits;         /* of BITS: whole words over all rows; of ROWS: guint32, ascending */
};

BvTest  *bv_test_new   (BvTestKind kind);
void     bv_test_free  (BvTest *test);
/* A bitmap over all rows of @table, in whole words up to the end of the last block; bits beyond the rows are 0. (transfer full) */
GBytes  *bv_test_rows  (const BvTest *test, const BvEncodedTable *table);
/* Whether a row passes. */
gboolean bv_test_row   (const BvTest *test, guint64 row);
/* No more rows than this pass, as far as can be told without a look at them. */
guint64  bv_test_max_rows (const BvTest *test, const BvEncodedTable *table);
/* Whether two tests are the same, which tests that say the same need not be. */
gboolean bv_test_equal (const BvTest *a, const BvTest *b);
/* The bits of bv_test_rows() as a test; a list of rows where they are few. Takes @bits. */
BvTest  *bv_test_new_kept (GBytes *bits, guint64 n_rows);
/* What is kept of a test under a key: bits or a list of rows. FALSE when nothing is. */
BvTest  *bv_test_find_kept (BvEncodedTable *table, const char *key);
BvTest  *bv_test_keep      (BvEncodedTable *table, const char *key, BvTest *test);

typedef enum
{
  BV_STEP_COUNT,     /* rows: count */
  BV_STEP_SUM,       /* codes that are not null: count, sum of codes */
  BV_STEP_WIDE_SUM,  /* of dictionaries of numbers: count, exact sum of values */
  BV_STEP_EXTREMES,  /* min, max of codes */
  BV_STEP_DISTINCT,  /* sets of codes: a bitset per group, or pairs when that is too large */
  BV_STEP_HISTOGRAM, /* how often each code: counters per group, or pairs when that is too large */
  BV_STEP_PAIRS,     /* (group << 32 | code) of every row */
} BvStepKind;

typedef struct
{
  BvStepKind kind;
  const BvTest *where;  /* (nullable): further than the scan's */
  BvSource value;
  guint64 n_values;     /* codes are below this */
  guint64 max_rows;     /* set by the scan: it will not meet more */
  guint64 max_pairs;    /* 0, or how many pairs a thread may note; beyond that it gives up */

  /* results, by group */
  guint32 *count;
  guint64 *sum;
  gboolean has_all;     /* of many groups, what these are of all groups together: */
  guint32 all_count;
  guint64 all_sum;
  __int128 *wide;       /* in units of 2^wide_exponent */
  int wide_exponent;
  __int128 *decimals;   /* of doubles: the sum · 10⁴, good while every value of the group is such a decimal */
  guint8 *inexact;
  guint32 *min, *max;
  guint64 **sets;       /* of n_words each; NULL where a group has none */
  gsize n_words;
  GPtrArray *memory;    /* that holds the sets */
  guint32 *histogram;   /* n_values per group */
  guint64 *pairs;       /* sorted when a result of DISTINCT or HISTOGRAM */
  gsize n_pairs;
  gboolean overflowed;  /* there were too many pairs, and there is no result */
} BvStep;

typedef struct
{
  BvEncodedTable *table;
  const BvTest *where;  /* (nullable) */
  BvSource *keys;
  guint n_keys;
  guint64 n_groups;
  BvStep *steps;
  guint n_steps;
  GCancellable *cancellable;

  /* how it went */
  guint64 n_range;      /* rows in the stretch of the table that was looked at */
  guint64 n_rows;       /* rows that passed, further conditions of steps aside */
  guint n_shared;       /* scans that shared the pass */
  gboolean listed;      /* rows were taken from a list */
  gboolean cancelled;   /* there is no result */
  double ms;            /* the whole pass, from its first thread's beginning to its last one's end */
} BvScan;

/* Fills the steps' results. FALSE when cancelled. */
gboolean bv_scan_run         (BvScan *scan);
/* The same for several scans; what those of one table have in common is done once, in one pass, which is cancelled when all of its scans are. FALSE
 * when any pass was. */
gboolean bv_scan_run_many    (BvScan **scans, guint n_scans);
/* As bv_scan_run() over given pairs (group << 32 | row + 1) instead of all rows; keys and @where do not count. */
gboolean bv_scan_replay      (BvScan *scan, const guint64 *pairs, gsize n_pairs);
void     bv_step_clear       (BvStep *step);
/* What the step would have found of all groups as one. @rows: (nullable): by group; those without need not be looked at. FALSE of PAIRS. */
gboolean bv_step_total       (const BvStep *step, const guint32 *rows, guint64 n_groups, BvStep *total);
/* Of a WIDE_SUM: whether the numbers of @column can be added exactly, @n_rows of them. */
gboolean bv_step_can_sum     (const BvEncodedColumn *column, guint64 n_rows, int *exponent);
/* How many different codes a group has; the sum of a group, in units of the column. After bv_scan_run(). */
guint64  bv_step_n_distinct  (const BvStep *step, guint64 group);
/* The codes at rank @low and the next, of a group's @n filled codes in ascending order. */
void     bv_step_ranked      (const BvStep *step, guint64 group, guint64 low, guint32 *a, guint32 *b);
guint64  bv_step_n_filled    (const BvStep *step, guint64 group);

/* Sorts in O(n) passes over the bytes that differ. */
void     bv_sort_pairs       (guint64 *pairs, gsize n);

/* How many threads scans use; 0 is one per processor, at most 8. */
void     bv_scan_set_threads (guint n_threads);
guint    bv_scan_get_threads (void);
/* Runs @run on as many of these threads as there are parts to take from @data, one of which is the caller's, and returns when all have ended. */
void     bv_scan_share       (void (*run) (void *data), void *data, guint64 n_parts);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (BvTest, bv_test_free)

G_END_DECLS
