/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The plan: a chart resolved against the model, before any executor. Grain, paths, fan-out and predicates are decided here once.
 *
 * Nodes are the tables of the exploration in their roles, a tree. A leg computes metrics of one node's rows: the tree is walked from
 * that node, and each step knows whether a row can meet several rows there (fan-out). Predicates are reduced to four kinds of test
 * with typed values and instants, so that executors need no calendar to filter.
 */
#pragma once

#include "bv-formula.h"
#include "bv-query.h"

G_BEGIN_DECLS

typedef struct
{
  char *role;
  BvTable *table;
  int parent;           /* node index; -1 for the root */
  char *parent_column;  /* the join: parent.parent_column = this.column */
  char *column;
  gboolean one_down;    /* a parent row meets at most one row here */
  gboolean one_up;      /* a row here meets at most one parent row */
  char *note;           /* (nullable): a key of the join that should be unique and repeats */
} BvPlanNode;

typedef enum
{
  BV_PREDICATE_ALL,
  BV_PREDICATE_ANY,
  BV_PREDICATE_IN,       /* one of @values; null among them matches null */
  BV_PREDICATE_INTERVAL, /* between @low and @high */
  BV_PREDICATE_MATCH,    /* text contains, starts or ends with one of @values (folded) */
  BV_PREDICATE_EMPTY,    /* null, or the empty text */
} BvPredicateKind;

typedef enum { BV_MATCH_CONTAINS, BV_MATCH_STARTS, BV_MATCH_ENDS } BvMatch;

typedef struct _BvPredicate BvPredicate;
struct _BvPredicate
{
  int ref_count;
  BvPredicateKind kind;
  GPtrArray *children;  /* of ALL, ANY */
  int node;
  BvField *field;
  gboolean negate;      /* of tests: null rows then match (except of EMPTY) */
  GArray *values;       /* BvValue of the field's type */
  BvMatch match;
  BvValue low, high;    /* null: open */
  gboolean low_open, high_open; /* the end itself is outside */
  char *key;            /* (nullable): see bv_column_predicate_key() */
};

typedef struct
{
  char *name;
  int node;
  BvField *field;
  BvGrain grain;
  BvRole role;
  BvFormat format;
  BvType type;          /* of the bucket or the column */
} BvPlanGroup;

/* A metric that executors compute; formulas and running totals are made of these afterwards. */
typedef struct
{
  BvMetric *metric;     /* never a formula */
  BvAggregate aggregate; /* COUNT … PERCENTILE; the base of a cumulative one */
  int node;             /* whose rows are measured */
  BvField *field;       /* (nullable): on @node's table, or one it belongs to */
  int field_node;
  BvPredicate *where;   /* (nullable): the metric's own */
  BvType type;          /* of the result */
  double percentile;
} BvPlanMeasure;

typedef struct _BvColumnSession BvColumnSession;

typedef struct
{
  BvModel *model;
  BvExploration *exploration;
  GPtrArray *nodes;     /* BvPlanNode; 0 is the root; plans may share them */
  gboolean *joined;     /* by node: a SELECT has used the join to the parent */
  GArray *groups;       /* BvPlanGroup: time bucket, group-bys, pivot */
  int time_group;       /* index in groups, or -1 */
  int time_node;        /* of the chart's time field, or -1 */
  BvField *time_field;  /* (nullable) */
  gboolean has_range;
  BvRange range;
  char *range_spec;
  BvPredicate *where;   /* (nullable): the chart's and the overlay's, without the range */
  GPtrArray *measures;  /* BvPlanMeasure */
  GPtrArray *outputs;   /* BvPlanOutput */
  GPtrArray *parts;     /* (nullable): bv_legs_split() of all measures */
  gboolean wants_reader; /* it was run without one, and met something that SQLite must answer */
  BvColumnSession *columns; /* (nullable): the encoded tables that legs run on; SQLite otherwise */
} BvPlan;

/* One metric column of the frame. */
typedef struct
{
  BvMetric *metric;
  int measure;           /* index, or -1 for a formula */
  gboolean cumulative;
  BvFormula *formula;    /* (nullable) */
  int *parts;            /* of a formula: indexes of outputs, hidden ones included */
  gboolean hidden;       /* only a part of a formula */
  BvType type;
} BvPlanOutput;

BvPlan      *bv_plan_new         (const BvQueryContext *context, BvChart *chart, const BvOverlay *overlay, GCancellable *cancellable, GError **error);
void         bv_plan_free        (BvPlan *plan);
/* The plan's tree and an empty query, for values and drills. */
BvPlan      *bv_plan_new_tree    (const BvQueryContext *context, BvExploration *exploration, GCancellable *cancellable, GError **error);
/* Where plans that are made together, of one model, keep the trees that they share: for BvQueryContext.trees. (transfer full) */
GPtrArray   *bv_plan_trees_new   (void);
int          bv_plan_find_node   (BvPlan *plan, const char *role);
/* The field of a reference and the node it is of; an error when its role is broken. */
gboolean     bv_plan_resolve_field (BvPlan *plan, const char *ref, int *node, BvField **field, GError **error);
/* (nullable condition gives NULL without error) */
gboolean     bv_plan_resolve_condition (BvPlan *plan, gint64 now, const BvCondition *condition, BvPredicate **predicate, GError **error);
BvPredicate *bv_predicate_new    (BvPredicateKind kind);
void         bv_predicate_free   (BvPredicate *predicate);
/* The interval that a range means on a field. */
BvPredicate *bv_predicate_new_range (int node, BvField *field, const BvRange *range);
/* and-s two predicates, either of which may be NULL. Takes both. */
BvPredicate *bv_predicate_and    (BvPredicate *a, BvPredicate *b);
/* One more owner: once it is made, a predicate is not changed any more. (nullable) */
BvPredicate *bv_predicate_ref    (const BvPredicate *predicate);
/* Rows of a synced table that are gone at their source stay in it, marked; they are not measured, unless @own (nullable) or the plan's filter ask
 * for the mark themselves. NULL for other tables. */
BvPredicate *bv_plan_present     (BvPlan *plan, int node, const BvPredicate *own);
/* Marks the nodes that a predicate reads. */
void         bv_predicate_mark   (const BvPredicate *predicate, gboolean *nodes);

/* Whether walking from @from to @to can meet several rows. */
gboolean     bv_plan_fans_out    (BvPlan *plan, int from, int to);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (BvPlan, bv_plan_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (BvPredicate, bv_predicate_free)

G_END_DECLS
