/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A leg on columns: what is to be computed, and what was. */
#pragma once

#include "bv-column-group.h"
#include "bv-cube.h"

G_BEGIN_DECLS

#define BV_COLUMN_MAX_DENSE (G_GUINT64_CONSTANT (1) << 22)

/* A part of the filter that may move. */
typedef struct
{
  const BvPredicate *list; /* (nullable): a list of values; NULL: the ranges of the column that rows are ordered by */
  GArray *ranges;          /* BvCubeRange: the codes that it selects */
  char *active;            /* its name */
  char *key;               /* all that the leg's numbers depend on but this */
} BvMovingClause;

typedef struct
{
  gboolean known;
  BvValue value;
} BvTotal;

typedef struct _BvColumnLeg BvColumnLeg;
struct _BvColumnLeg
{
  BvColumnSession *session;
  char *key;              /* all that its numbers depend on within the plan, */
  const char *run_key;    /* of which the end is of the run's filters */
  int node;
  GArray *measures;       /* guint */
  gboolean own_where;     /* the measure's condition is among the filters */
  guint n_groups_by;
  BvColumnGroup *groups;
  guint64 n_groups;
  BvPredicate *where;     /* (nullable): the run's, with the measure's own where that is among the filters */
  gboolean by_time;
  gboolean overlaps;
  BvStep *steps;
  guint n_steps;
  const BvEncodedColumn **columns; /* by measure: the field's (nullable) */
  guint *rows_of;         /* by measure: the step that counts the rows that take part */

  guint32 *numbers;       /* (nullable): the combined group number of each of n_numbers groups; else all numbers are groups */
  guint64 n_numbers;
  BvSource *keys;
  BvTest *test;
  BvScan scan;
  GArray *clauses;        /* (nullable): BvMovingClause */
  BvCube *cube;           /* (nullable): that the leg is answered from */
  const BvMovingClause *moving; /* (nullable): what moves in it */
  gboolean makes_cube;    /* it is made instead of the leg's own scan */
  gboolean answered;      /* the steps are its answer */
  BvTest *passive;        /* (nullable): its filter */
  gboolean done;          /* the steps hold results */
  BvTotal *totals;        /* (nullable): by measure, of all rows that pass the filters */

  /* of the present run */
  const BvLegRun *run;
  BvLegMerge *merge;
  GCancellable *cancellable;
};

/* --- bv-column-measure.c: measures as steps, and back */

gboolean bv_column_leg_init_steps  (BvColumnLeg *leg, BvColumnPass *pass);
void     bv_column_leg_clear_steps (BvColumnLeg *leg);
BvValue  bv_column_step_value      (const BvStep *step, const BvPlanMeasure *measure, const BvEncodedColumn *column, guint64 g);
/* Numbers of the groups on the pass's rows. */
gboolean bv_column_leg_init_keys   (BvColumnLeg *leg, BvColumnPass *pass, BvSource *keys, guint *n_keys);

/* --- bv-column-legs.c */

/* What the leg's scan is, keys and filter aside. */
void     bv_column_leg_init_scan   (BvColumnLeg *leg);

/* --- bv-column-moving.c: clauses that move */

/* Whether there is a cube for the leg. It needs its steps then, but neither keys nor a test. */
gboolean bv_column_leg_recall      (BvColumnLeg *leg);
/* Fills the steps from it. */
void     bv_column_leg_answer      (BvColumnLeg *leg);
/* Else one may be made instead of the scan, which is prepared. */
void     bv_column_leg_move        (BvColumnLeg *leg);
/* What is to be scanned for the leg, and what is to be done afterwards: FALSE when the leg's own scan is needed after all. */
BvScan  *bv_column_leg_scan        (BvColumnLeg *leg);
gboolean bv_column_leg_moved       (BvColumnLeg *leg);
/* Before the steps are cleared. */
void     bv_column_leg_leave_cube  (BvColumnLeg *leg);

/* --- bv-column-emit.c: results as rows */

void     bv_column_leg_emit        (BvColumnLeg *leg);
/* Totals are asked for next, with the same filters; most groups add up to them. */
void     bv_column_leg_note_totals (BvColumnLeg *leg);
/* A run without groups whose values are all known. @run_key: of its filters. */
gboolean bv_column_emit_totals     (BvLegMerge *merge, const char *run_key);

/* --- bv-column-many.c: legs of many sides, or of very many groups */

/* The nodes at the far end of each to-many edge from one node to another, in order. */
guint    bv_column_many_ends       (BvPlan *plan, int from, int to, int *ends);
void     bv_column_leg_mark        (BvColumnLeg *leg, gboolean *nodes);
/* The many sides that the marked nodes lie beyond, if these are on one chain; else a refusal. @chain has room for all nodes. */
gboolean bv_column_leg_chain       (BvColumnLeg *leg, const gboolean *nodes, int *chain, guint *n_chain);
/* Adds the pairs of group and leg row that the joined rows have, in no order and with repetitions; with @last unset not those of rows that reach
 * the end of the chain. */
gboolean bv_column_leg_collect     (BvColumnLeg *leg, const int *chain, guint n_chain, gboolean last, guint64 **pairs, gsize *n_pairs);
/* FALSE after a refusal or when cancelled. */
gboolean bv_column_leg_run_pairs   (BvColumnLeg *leg, const int *chain, guint n_chain);

G_END_DECLS
