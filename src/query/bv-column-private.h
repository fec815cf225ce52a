/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The column engine as an executor of plans.
 *
 * A session holds the encoded tables of a plan's nodes. bv_column_legs_run() has the contract of bv_legs_run(), except that it may refuse: it
 * then returns NULL without an error and says why in the session, and SQLite answers.
 */
#pragma once

#include "bv-column-store.h"
#include "bv-execute-private.h"
#include "bv-scan.h"

G_BEGIN_DECLS

/* Tables over codes beyond this are not made. */
#define BV_COLUMN_MAX_TABLE (G_GUINT64_CONSTANT (1) << 26)

struct _BvColumnSession
{
  BvPlan *plan;
  BvEncodedTable **tables; /* by node; NULL where the plan needs none */
  guint n_nodes;
  gboolean only;           /* do not fall back to SQLite */
  char *refusal;           /* (nullable): why the last run was refused */
  gboolean gave_up;        /* after a refusal: SQLite answers all of the plan */
  GPtrArray *held;         /* GBytes: tables over codes that sources of this session point to */
  GPtrArray *legs;         /* BvColumnLeg: those that this plan has met */
  GPtrArray *pending;      /* BvColumnLeg, borrowed: to be scanned before the plan is run again */
};

/* Settles which executor a plan runs on and, for columns, gives it a session. @reason: (out) (transfer full): one translated sentence.
 * FALSE with an error only when columns were asked for and cannot be had. */
gboolean       bv_column_attach      (const BvQueryContext *context, BvPlan *plan, char **reason, GCancellable *cancellable, GError **error);
/* How many values of a column come in several rows, null aside. FALSE when the table is not encoded. */
gboolean       bv_column_count_repeating (const BvQueryContext *context, const char *table, const char *column, gint64 *n_repeating);
void           bv_column_session_free (BvColumnSession *self);
/* As bv_legs_run(); NULL without an error and without a refusal when scans are pending, see bv_column_run_pending(). */
BvLegResult   *bv_column_legs_run    (BvPlan *plan, const BvLegRun *run, GCancellable *cancellable, GError **error);
/* Scans what several plans wait for, one pass per table. All are cancelled only when each of their cancellables is. */
void           bv_column_run_pending (BvColumnSession **sessions, guint n_sessions);
void           bv_column_leg_free    (gpointer leg);
/* A line for each scan of the plan: what was looked at, and how long it took. */
void           bv_column_explain     (BvColumnSession *self, GString *out);

/* A text that equal predicates share, which lives as long as @predicate (nullable). */
const char    *bv_column_predicate_key (const BvPredicate *predicate);
/* Notes why this plan is left to SQLite. Returns FALSE. */
gboolean       bv_column_refuse      (BvColumnSession *self, const char *reason);
gboolean       bv_column_refuse_damage (BvColumnSession *self);

/* --- bv-column-rows.c */

/* The rows of @node that a joined row passing @where (nullable) has: how many, and the @limit least row numbers (gint64), ascending. FALSE after a
 * refusal or when cancelled. */
gboolean       bv_column_rows        (BvPlan *plan, int node, BvPredicate *where, guint limit, GArray *ids, gint64 *n_rows, GCancellable *cancellable);

/* --- bv-column-values.c */

/* The values of the plan's only group under the plan's condition, with @shown (nullable, of the same table) as their label, into the frame: one row more
 * than @limit where there are more. @gone: (nullable): the mark of rows that only count while a row of the root belongs to them. FALSE after a refusal,
 * or with an error. */
gboolean       bv_column_values      (BvPlan *plan, BvField *shown, BvField *gone, guint limit, BvFrame *frame, GCancellable *cancellable, GError **error);

/* --- bv-column-path.c: from a table that is scanned to those its rows belong to */

/* Nodes that are null in a pass over @driver, or all FALSE. */
typedef struct
{
  BvColumnSession *session;
  int driver;
  const gboolean *null;   /* (nullable): by node */
} BvColumnPass;

/* The column of a field; NULL after a refusal. */
BvEncodedColumn *bv_column_find      (BvColumnSession *self, int node, const char *field);
/* Row + 1 of @node for a row of the pass's driver. @key: (out) (optional) (transfer full): all that it depends on. */
gboolean       bv_column_way         (BvColumnPass *pass, int node, BvSource *source, char **key);
gboolean       bv_column_row_source  (BvColumnPass *pass, int node, BvSource *source);
/* What @table (nullable) says of the codes of a field, 0 being what it says of null, times @stride. @table_key: (nullable): a text that only equal
 * tables share; with it (or without a table) the work is kept for later queries. */
gboolean       bv_column_source      (BvColumnPass *pass, int node, const BvEncodedColumn *column, const guint32 *table, const char *table_key,
                                      guint32 stride, BvSource *source);
/* --- bv-column-test.c */

/* A predicate on rows of the driver. NULL after a refusal. */
BvTest        *bv_column_test        (BvColumnPass *pass, const BvPredicate *predicate);

G_END_DECLS
