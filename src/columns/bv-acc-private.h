/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What one thread has computed of a step. */
#pragma once

#include "bv-scan.h"

G_BEGIN_DECLS

typedef struct
{
  guint32 *count;      /* four per group when there are few, of the sums too */
  guint32 *two;        /* (nullable): rows by the codes of two neighbours, a + 256·b, that count does not have */
  guint64 *sum;
  guint32 all_count;   /* of all groups, where these are many */
  guint64 all_sum;
  __int128 *wide, *decimals;
  guint8 *inexact;
  guint32 *min, *max;
  guint64 **sets;      /* made when their group is met */
  GPtrArray *memory;
  guint32 *histogram;
  GArray *pairs;
  gboolean overflowed; /* there were too many */
} BvAcc;

void     bv_acc_init       (BvAcc *acc, const BvStep *step, guint64 n_groups);
void     bv_acc_clear      (BvAcc *acc);
/* @g NULL: all rows are of group @one. */
void     bv_acc_add        (const BvStep *step, BvAcc *acc, guint64 n_groups, const guint32 *g, guint32 one, const guint32 *v, gsize n);
/* Rows of a COUNT whose groups are the codes themselves; whether the step is one that can be counted so. */
void     bv_acc_count_cells (BvAcc *acc, guint64 n_groups, const void *cells, guint width, gsize n);
gboolean bv_acc_is_cells   (const BvStep *step, guint64 n_groups);
/* Whether a HISTOGRAM has counters rather than pairs: where rows are few, a sorted list of them is shorter. */
gboolean bv_acc_fits_histogram (guint64 n_values, guint64 n_groups, guint64 max_rows);
/* Adds @from to what is in the step; the first takes its place. */
void     bv_acc_merge      (BvStep *step, BvAcc *from, guint64 n_groups);
/* After the last merge. */
void     bv_acc_finish     (BvStep *step);
/* Gives @to what @from found; both are the same but for @where. */
void     bv_acc_copy       (const BvStep *from, guint64 n_groups, BvStep *to);

/* bv_step_total() for a step that is there already. */
void     bv_step_take_total (const BvStep *from, guint64 n_groups, BvStep *to);

G_END_DECLS
