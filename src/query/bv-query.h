/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Chart in, frame out: running explorations. All functions here may be called from any thread and block; see bv-workspace.h for
 * their asynchronous forms.
 *
 * A metric is computed on its own table: its rows, those of the tables they belong to, and filters that reach it through the
 * exploration's relationships. Where a filter or group lies on a many side, each row of the metric's table counts once per group.
 *
 * What is decided where opinions differ:
 * - The groups shown are those of the rows that meet the chart's conditions. A metric's own condition never removes a group.
 * - All conditions, groups and a metric's own condition are met by the same joined row. An empty list of conditions says nothing.
 * - Along time, counts and sums are 0 where no row took part, and null where rows took part but none has a value; off the time axis such sums
 *   are null. A running total over all history goes on for series that have only a past.
 * - A grain makes the first group-by the time axis; on a later one it only makes buckets, of which no gaps are filled.
 * - Top groups are ranked by the first metric at their own grain over the whole range; "Others" is evaluated as one group and stands last.
 * - A comparison shows the current period's rows. Buckets are matched by their place in the range; those of a field that is not the range's,
 *   and all other groups, by value. A range that the report's filter leaves without a start is not compared, with a note.
 * - A count of a field counts, and drills to, the rows that have a value there.
 * - A key that should be unique is noted only on charts that join through it.
 */
#pragma once

#include "bv-model.h"
#include "bv-project.h"

G_BEGIN_DECLS

/* What a report's filters add to a chart. */
typedef struct
{
  BvCondition *where; /* (nullable): and-ed with the chart's own; dimensions or fields of its exploration */
  char *range;        /* (nullable): replaces the chart's range, on its own time field */
} BvOverlay;

void       bv_overlay_clear    (BvOverlay *overlay);
BvOverlay  bv_overlay_copy     (const BvOverlay *overlay);

typedef enum { BV_EXECUTOR_AUTO, BV_EXECUTOR_COLUMNS, BV_EXECUTOR_SQLITE, BV_EXECUTOR_LIVE } BvExecutor;

typedef struct _BvColumnStore BvColumnStore; /* bv-column-store.h */
typedef struct _BvFrameCache BvFrameCache;   /* bv-frame-cache.h */
typedef struct _BvAwaited BvAwaited;         /* bv-awaited.h */

/* What a query runs on; borrowed for the call. */
typedef struct
{
  BvProject *project;
  BvModel *model;
  gint64 now;          /* the instant that presets mean by now */
  BvExecutor executor;
  BvColumnStore *columns; /* (nullable): encoded tables; without, only an explicit BV_EXECUTOR_COLUMNS makes them, for the one query */
  BvFrameCache *frames;   /* (nullable): results of before */
  BvAwaited *awaited;     /* (nullable): is told of tables that are not encoded yet */
  gboolean patient;       /* encode tables of many rows first and leave others to SQLite, so that what runs a plan depends on the data alone */
  GPtrArray *trees;       /* (nullable) (private): of explorations, for plans that are made together (bv-plan.c) */
} BvQueryContext;

/* The end of a day as "now": what --as-of DATE means (the day itself included). */
gint64     bv_query_now_for_day (BvModel *model, gint64 day);
/* The instant that is now for a project: the end of its as-of day where it has one, else the clock's. */
gint64     bv_query_now         (BvModel *model);

/**
 * bv_query_run:
 * @overlay: (nullable)
 *
 * Returns: (transfer full): the chart's frame: time bucket, group-bys, pivot, then metrics (each followed by its COMPARE column when
 *   the chart compares). Empty time buckets inside the range are filled. Totals are evaluated at total grain,
 *   sub-totals of a table that asks for them (bv_frame_get_subtotals()) at theirs.
 */
BvFrame   *bv_query_run         (const BvQueryContext *context, BvChart *chart, const BvOverlay *overlay,
                                 GCancellable *cancellable, GError **error);

/* One of several queries that are run together. */
typedef struct
{
  BvChart *chart;
  const BvOverlay *overlay;  /* (nullable) */
  GCancellable *cancellable; /* (nullable) */
  BvFrame *frame;            /* (out) (transfer full): or */
  GError *error;             /* (out) (transfer full) */
} BvQuery;

typedef void (*BvQueryDone) (BvQuery *query, gpointer user_data);

/* The same as bv_query_run() on each, but what they have in common, of filters and of rows to be read, is done once. @done: (nullable): called as each
 * ends, on the calling thread, in no order. */
void       bv_query_run_many    (const BvQueryContext *context, BvQuery *queries, guint n_queries, BvQueryDone done, gpointer user_data);

/* The plan in words and SQL: grain, path, filters, executor and why. (transfer full) */
char      *bv_query_explain     (const BvQueryContext *context, BvChart *chart, const BvOverlay *overlay, GCancellable *cancellable, GError **error);

/**
 * bv_query_rows:
 * @metric: a metric of the chart; of a formula the first metric it names
 * @frame: (nullable) and @row: the clicked row of the chart's frame or of its sub-totals (bv_frame_number_row()); G_MAXUINT or NULL for the total
 * @before: the number of the compared period that stands on @row is meant (see BV_ROLE_COMPARE), not the current one's
 * @limit: most rows in the frame; the count is exact all the same
 * @n_rows: (out): the number of rows behind the mark
 *
 * Returns: (transfer full): the rows of the metric's table behind a mark, all fields (BV_ROLE_FIELD). Its range is the time that they lie in, where
 *   the chart has a range.
 */
BvFrame   *bv_query_rows        (const BvQueryContext *context, BvChart *chart, const BvOverlay *overlay, const char *metric,
                                 BvFrame *frame, guint row, gboolean before, guint limit, gint64 *n_rows, GCancellable *cancellable, GError **error);

/**
 * bv_query_values:
 * @field: a dimension's name or "role.column" of @exploration
 * @label_field: (nullable): shown for the value
 * @where: (nullable): conditions of other filters
 * @search: (nullable): only values (labels) that contain this text, ignoring case
 *
 * Returns: (transfer full): columns "value", "label" (when asked for) and "rows" (rows of the root table), ordered by label or value,
 *   null last; noted as truncated beyond @limit
 */
BvFrame   *bv_query_values      (const BvQueryContext *context, const char *exploration, const char *field, const char *label_field,
                                 const BvCondition *where, const char *search, guint limit, GCancellable *cancellable, GError **error);

/* Rows of a table as they are. @sort: (nullable): column name, with ":desc" for descending. */
BvFrame   *bv_query_preview     (const BvQueryContext *context, const char *table, const char *sort, guint64 offset, guint limit,
                                 GCancellable *cancellable, GError **error);

/* One row per field: "field", "type", "filled", "empty", "distinct", "minimum", "maximum", "average", "most frequent", "times". */
BvFrame   *bv_query_profile     (const BvQueryContext *context, const char *table, GCancellable *cancellable, GError **error);

/* Relationships that names, key uniqueness and value overlap suggest and that do not exist yet. */
typedef struct
{
  BvRelationship *relationship;
  double overlap;  /* share of distinct from-values found among the to-values */
  char *evidence;  /* one translated sentence */
} BvSuggestion;
void       bv_suggestion_free   (BvSuggestion *suggestion);
GPtrArray *bv_query_suggest_relationships (const BvQueryContext *context, GCancellable *cancellable, GError **error);

/* The time zone's, currency's and week's effects aside, two charts with equal keys give equal frames. (transfer full) */
char      *bv_query_key         (BvChart *chart, const BvOverlay *overlay);

G_END_DECLS
