/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Legs of a plan, run on SQLite and merged by group. */
#pragma once

#include "bv-arena.h"
#include "bv-select-private.h"

G_BEGIN_DECLS

/* One group of a result: its key values and the measures' values, in the plan's order. */
typedef struct
{
  BvValue *keys;
  BvValue *measures;
} BvGroupRow;

/* Which part of the plan a run computes. */
typedef struct
{
  const guint *groups;  /* indexes of the plan's groups */
  guint n_groups;
  const BvPredicate *where; /* (nullable): instead of the plan's own, the range included */
  int top_group;        /* index of a group whose values outside @top become @others; -1 for none */
  GArray *top;          /* BvValue */
  const char *others;
  const gboolean *only; /* (nullable): of each of the plan's measures, whether it is run */
  /* Hints, which an executor may heed: */
  const GArray *keep;   /* (nullable) BvValue: only rows whose key @keep_group is one of these are looked at */
  guint keep_group;     /* index in @groups */
  guint best;           /* not 0: only the groups with the largest values of @best_measure are looked at, so many; null is least, equal ones by key */
  guint best_measure;
} BvLegRun;

typedef struct
{
  GPtrArray *rows;      /* BvGroupRow, in the arena */
  BvArena arena;
  GHashTable *index;    /* private (nullable): keys to row */
  guint n_keys, n_measures;
  gboolean has_texts;   /* a row may hold some, which have to be freed */
  gboolean overlaps;    /* a row may count in several groups */
  guint n_left_out;     /* groups that a hint spared */
} BvLegResult;

/* @db: (nullable): without, what only SQLite can answer sets the plan's wants_reader, and NULL is returned without an error. So it is when scans
 * are pending; the plan is run again then. */
BvLegResult *bv_legs_run         (BvPlan *plan, sqlite3 *db, const BvLegRun *run, GString *explain, GCancellable *cancellable, GError **error);
void         bv_leg_result_free  (BvLegResult *result);
BvGroupRow  *bv_leg_result_find  (BvLegResult *result, const BvValue *keys);
/* The value of a measure for a group that has no rows: 0 for counts, null otherwise. */
BvValue      bv_measure_empty    (const BvPlanMeasure *measure);
/* The plan's condition and range in one. (transfer full) (nullable) */
BvPredicate *bv_plan_full_where  (BvPlan *plan);

/* Measures that one leg computes. */
typedef struct
{
  int node;
  GArray *measures; /* guint: indexes of the plan's measures */
  gboolean alone;   /* the only measure's condition meets several rows */
} BvLegPart;

/* (transfer full) (element-type BvLegPart) */
GPtrArray   *bv_legs_split       (BvPlan *plan, const gboolean *only);

/* A result to which several legs add. */
typedef struct
{
  BvPlan *plan;
  const BvLegRun *run;
  BvLegResult *result;
  gboolean by_time;
  gboolean indexed;  /* equal keys meet in one row; else every row is new */
} BvLegMerge;

void         bv_leg_merge_init   (BvLegMerge *self, BvPlan *plan, const BvLegRun *run);
void         bv_leg_merge_clear  (BvLegMerge *self);
/* The value of a measure that no row took part in. A point in time without rows is a gap, whose sum is 0; any other group has none. */
BvValue      bv_leg_merge_empty  (BvLegMerge *self, const BvPlanMeasure *measure);
/* The row of @keys, whose values it takes; new ones with empty measures. */
BvGroupRow  *bv_leg_merge_row    (BvLegMerge *self, const BvValue *keys);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (BvLegMerge, bv_leg_merge_clear)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (BvLegResult, bv_leg_result_free)

G_END_DECLS
