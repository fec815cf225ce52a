/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Legs of a plan, run on SQLite and merged by group. */
#pragma once

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
} BvLegRun;

typedef struct
{
  GPtrArray *rows;      /* BvGroupRow */
  GHashTable *index;    /* private: keys to row */
  guint n_keys, n_measures;
  gboolean overlaps;    /* a row may count in several groups */
} BvLegResult;

BvLegResult *bv_legs_run         (BvPlan *plan, sqlite3 *db, const BvLegRun *run, GString *explain, GCancellable *cancellable, GError **error);
void         bv_leg_result_free  (BvLegResult *result);
BvGroupRow  *bv_leg_result_find  (BvLegResult *result, const BvValue *keys);
/* The value of a measure for a group that has no rows: 0 for counts, null otherwise. */
BvValue      bv_measure_empty    (const BvPlanMeasure *measure);
/* The plan's condition and range in one. (transfer full) (nullable) */
BvPredicate *bv_plan_full_where  (BvPlan *plan);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (BvLegResult, bv_leg_result_free)

G_END_DECLS
