/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The rows of a chart between the legs and the frame. */
#pragma once

#include "bv-execute-private.h"

G_BEGIN_DECLS

typedef struct
{
  BvValue *keys;     /* followed by measures and outputs */
  guint n_keys;
  BvValue *measures;
  BvValue *outputs;  /* in the plan's order */
  BvValue *compare;  /* (nullable): the compared row's outputs; owned */
  guint combo;       /* the series: rows that differ in time only share it */
  guint bucket;      /* position of the time bucket */
  guint span;        /* how many buckets from there on it stands for: several where no row fell into them, see bv_result_unfold() */
} BvResultRow;

typedef struct
{
  BvPlan *plan;
  GPtrArray *rows;    /* BvResultRow, in the arena */
  BvArena arena;
  BvValue *totals;    /* outputs at total grain; owned */
  guint n_keys;
  gboolean owns;      /* a row holds texts, or what it is compared with */
  GArray *buckets;    /* (nullable): starts of the time buckets, as gint64 */
  gboolean along_time; /* rows are of one series, in the order of time; those without data that follow each other are one */
  gboolean overlaps;
  guint n_left_out;   /* groups that @hints spared */
  gboolean undated;   /* rows without a time were left out */
  gboolean unfilled;  /* there are too many points in time to fill */
} BvResult;

/* --- bv-query.c */

/* One round of a plan: NULL without an error when scans are pending or a reader is wanted (see bv_legs_run()). With @explain nothing is run. */
BvFrame  *bv_plan_run           (const BvQueryContext *context, BvChart *chart, BvPlan *plan, sqlite3 *db, GString *explain, GCancellable *cancellable,
                                 GError **error);

/* --- bv-query-many.c */

/* The plan with its executor. @reason: (out): why it is SQLite; NULL for columns. */
BvPlan   *bv_plan_new_attached  (const BvQueryContext *context, BvChart *chart, const BvOverlay *overlay, char **reason, GCancellable *cancellable,
                                 GError **error);
/* As bv_query_run_many(), but with @leave those that only SQLite can answer are left with neither a frame nor an error, and not reported as done. */
void      bv_query_run_shared   (const BvQueryContext *context, BvQuery *queries, guint n_queries, gboolean leave, BvQueryDone done, gpointer user_data);
/* All rounds of a plan. */
BvFrame  *bv_plan_run_rounds    (const BvQueryContext *context, BvChart *chart, BvPlan *plan, GString *explain, GCancellable *cancellable, GError **error);

/* --- bv-result.c */

/* Runs the plan over its range. @like: which groups are made "Others". With @explain nothing is run. */
BvResult *bv_result_run         (BvPlan *plan, sqlite3 *db, const BvLegRun *like, gboolean with_totals, GString *explain,
                                 GCancellable *cancellable, GError **error);
/* The same by @groups only and without a time axis: what totals show and top lists rank. @hints: (nullable): how many groups are looked at. */
BvResult *bv_result_run_plain   (BvPlan *plan, sqlite3 *db, const guint *groups, guint n_groups, const BvLegRun *hints, GCancellable *cancellable,
                                 GError **error);
void      bv_result_free        (BvResult *result);
/* How many rows the result has, each bucket being one. */
guint     bv_result_n_rows      (BvResult *result);
/* Makes a row of each bucket: for what looks at rows one by one. */
void      bv_result_unfold      (BvResult *result);
/* Of a row that is taken out of the result. */
void      bv_result_row_clear   (BvResultRow *row, BvPlan *plan);

/* Keys of groups in hash tables. */
typedef struct
{
  const BvValue *keys;
  guint n;
  int skip; /* index of a key that does not take part, or -1 */
} BvComboKey;

guint     bv_combo_hash         (gconstpointer data);
gboolean  bv_combo_equal        (gconstpointer a, gconstpointer b);

/* --- bv-buckets.c */

/* Whether the range bounds the time axis: both are of the same field. */
gboolean  bv_result_is_ranged   (BvPlan *plan);
/* The bucket that a range with a start begins in, and the one after a bucket: days, or instants where the grain is the hour. */
gint64    bv_bucket_first       (BvPlan *plan, const BvPlanGroup *group, const BvRange *range);
gint64    bv_bucket_next        (BvPlan *plan, const BvPlanGroup *group, gint64 value);
/* Where the buckets begin, as gint64: from the range's first to its last, or between the data's where the range is open; none where nothing bounds
 * them. (transfer full) */
GArray   *bv_buckets_new        (BvPlan *plan, BvLegResult *legs, GError **error);
/* The first bucket that does not begin before @start. @guess: where it may be. */
guint     bv_buckets_find       (GArray *buckets, gint64 start, guint guess);

/* --- bv-rows.c */

/* Steps a statement whose columns are the frame's to its end. */
gboolean  bv_frame_append_rows  (BvFrame *frame, sqlite3_stmt *statement, sqlite3 *db, GCancellable *cancellable, GError **error);

/* --- bv-sort.c */

typedef struct
{
  GArray *keys;       /* private */
  int top_group;      /* the group with @others, or -1 */
  const char *others; /* sorted last, as null is */
} BvSorting;

/* The output of the chart's first metric, or -1. */
int       bv_first_output       (BvPlan *plan, BvChart *chart);
/* What a chart's "top" keeps. */
typedef struct
{
  int group;     /* -1 when the chart keeps all */
  GArray *kept;  /* BvValue, best first */
  guint n_all;   /* how many there were */
  char *others;  /* (nullable): the name of the rest, when it is one group */
} BvTop;

/* The group whose values are ranked: the first group-by, else the pivot; -1 when there is none. */
int       bv_top_group          (BvPlan *plan);
gboolean  bv_top_init           (BvTop *self, BvPlan *plan, BvChart *chart, sqlite3 *db, GCancellable *cancellable, GError **error);
void      bv_top_clear          (BvTop *self);
gboolean  bv_values_contain     (GArray *values, const BvValue *value);
gboolean  bv_sorting_init       (BvSorting *self, BvPlan *plan, BvChart *chart, GError **error);
void      bv_sorting_clear      (BvSorting *self);
void      bv_sorting_sort       (BvSorting *self, BvResult *result);
/* Stable, and O(n) where the rows are in order already, as those along time mostly are. */
void      bv_rows_sort          (GPtrArray *rows, GCompareDataFunc compare, gpointer data);

/* --- bv-subtotals.c */

/* How many sub-totals a chart's frame has to carry, by groups: a time bucket and two group-bys have two. */
guint     bv_subtotals_count    (BvChart *chart);
/* The chart of sub-totals @i, of which 0 has one group fewer than @chart and each further one another. (transfer full) */
BvChart  *bv_subtotals_chart    (BvChart *chart, guint i);
/* Settles with its plan what of the top list is left in the chart of a sub-total. */
void      bv_subtotals_fit      (BvChart *part, BvPlan *plan);
/* Gives @frame the frames of its sub-totals, in the order of bv_subtotals_chart(). */
void      bv_subtotals_chain    (BvFrame *frame, BvFrame *const *parts, guint n_parts);

/* --- bv-compare.c */

gboolean  bv_compare_range      (BvPlan *plan, BvChart *chart, gint64 now, BvRange *range, GError **error);
/* Puts the compared period's outputs beside the rows they belong to. */
void      bv_compare_attach     (BvResult *result, BvResult *past);
/* Of a plan whose range bounds the time axis: the bucket of @past that has the place of @bucket in the plan's range. It may lie behind the end of @past. */
gint64    bv_compare_bucket     (BvPlan *plan, const BvRange *past, gint64 bucket);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (BvResult, bv_result_free)
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (BvSorting, bv_sorting_clear)
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (BvTop, bv_top_clear)

G_END_DECLS
