/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Plans as SQL text for SQLite: names always quoted, values always bound. */
#pragma once

#include "bv-plan-private.h"

G_BEGIN_DECLS

/* SQL under construction: parameters are numbered, so that pieces can be made in any order. */
typedef struct
{
  BvPlan *plan;
  GPtrArray *params; /* BvValue* */
} BvSelect;

void      bv_select_init       (BvSelect *self, BvPlan *plan);
void      bv_select_clear      (BvSelect *self);
/* "?7" for a value. (transfer full) */
char     *bv_select_param      (BvSelect *self, const BvValue *value);
/* n3."amount" (transfer full) */
char     *bv_select_column     (BvSelect *self, int node, const char *column);
void      bv_select_predicate  (BvSelect *self, GString *out, const BvPredicate *predicate);
/* The expression of a group: the column, or its bucket. (transfer full) */
char     *bv_select_group      (BvSelect *self, const BvPlanGroup *group);
/* FROM @from and the joins to all nodes that are marked. Returns whether a row of @from may come several times. */
gboolean  bv_select_from       (BvSelect *self, GString *out, int from, const gboolean *nodes);
/* SQLite's row number, by whichever of its names no column of the table has taken. */
const char *bv_table_rowid    (BvTable *table);
/* n3.rowid (transfer full) */
char     *bv_select_rowid      (BvSelect *self, int node);
/* An equality that also holds for two nulls. */
void      bv_select_equals     (BvSelect *self, GString *out, const char *expression, const BvValue *value);
sqlite3_stmt *bv_select_prepare (BvSelect *self, sqlite3 *db, const char *text, GCancellable *cancellable, GError **error);

/* A reader of the project with the functions that plans call: bv_bucket, bv_contains, bv_starts, bv_ends, bv_sum, bv_average, bv_percentile. */
sqlite3  *bv_reader_open       (const BvQueryContext *context, GCancellable *cancellable, GError **error);
void      bv_reader_close      (const BvQueryContext *context, sqlite3 *db);
/* A result cell as a value of @type; SQL values of other kinds are read as well as they can be, else null. */
BvValue   bv_reader_value       (sqlite3_stmt *statement, int column, BvType type);

/* Whether a cell of bv_sum says that no row took part (rather than rows without a value). */
gboolean  bv_reader_is_gap  (sqlite3_stmt *statement, int column);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (BvSelect, bv_select_clear)

G_END_DECLS
