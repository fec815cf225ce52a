/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The rows of a chart between the legs and the frame. */
#pragma once

#include "bv-execute-private.h"

G_BEGIN_DECLS

typedef struct
{
  BvValue *keys;     /* owned */
  BvValue *measures; /* owned */
  BvValue *outputs;  /* owned; in the plan's order */
  BvValue *compare;  /* (nullable): the compared row's outputs; owned */
  guint combo;       /* the series: rows that differ in time only share it */
  guint bucket;      /* position of the time bucket */
} BvResultRow;

typedef struct
{
  BvPlan *plan;
  GPtrArray *rows;    /* BvResultRow */
  BvValue *totals;    /* outputs at total grain; owned */
  guint n_combos;
  gboolean overlaps;
  gboolean undated;   /* rows without a time were left out */
} BvResult;

/* --- bv-result.c */

/* Runs the plan over its range. @like: which groups are made "Others". With @explain nothing is run. */
BvResult *bv_result_run         (BvPlan *plan, sqlite3 *db, const BvLegRun *like, gboolean with_totals, GString *explain,
                                 GCancellable *cancellable, GError **error);
void      bv_result_free        (BvResult *result);
void      bv_result_row_free    (BvResultRow *row, BvPlan *plan);
/* Fills the formulas among @outputs; what they are made of is there already. */
void      bv_result_evaluate    (BvPlan *plan, BvValue *outputs);

/* Keys of groups in hash tables. */
typedef struct
{
  const BvValue *keys;
  guint n;
  int skip; /* index of a key that does not take part, or -1 */
} BvComboKey;

guint     bv_combo_hash         (gconstpointer data);
gboolean  bv_combo_equal        (gconstpointer a, gconstpointer b);

/* --- bv-sort.c */

typedef struct
{
  GArray *keys; /* private */
} BvSorting;

/* The output of the chart's first metric, or -1. */
int       bv_first_output       (BvPlan *plan, BvChart *chart);
/* The group whose values are ranked: the first group-by, else the pivot; -1 when there is none. */
int       bv_top_group          (BvPlan *plan);
/* The values (BvValue) kept by "top", best first. @n_all: how many there were. (transfer full) */
GArray   *bv_top_find           (BvPlan *plan, BvChart *chart, sqlite3 *db, int top_group, guint *n_all, GCancellable *cancellable, GError **error);
gboolean  bv_values_contain     (GArray *values, const BvValue *value);
gboolean  bv_sorting_init       (BvSorting *self, BvPlan *plan, BvChart *chart, GError **error);
void      bv_sorting_clear      (BvSorting *self);
void      bv_sorting_sort       (BvSorting *self, BvResult *result);

/* --- bv-compare.c */

gboolean  bv_compare_range      (BvPlan *plan, BvChart *chart, gint64 now, BvRange *range, GError **error);
/* Puts the compared period's outputs beside the rows they belong to. */
void      bv_compare_attach     (BvResult *result, BvResult *past);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (BvResult, bv_result_free)
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (BvSorting, bv_sorting_clear)

G_END_DECLS
