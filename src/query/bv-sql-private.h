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
} BvSql;

void      bv_sql_init       (BvSql *self, BvPlan *plan);
void      bv_sql_clear      (BvSql *self);
/* "?7" for a value. (transfer full) */
char     *bv_sql_param      (BvSql *self, const BvValue *value);
/* n3."amount" (transfer full) */
char     *bv_sql_column     (BvSql *self, int node, const char *column);
void      bv_sql_predicate  (BvSql *self, GString *out, const BvPredicate *predicate);
/* The expression of a group: the column, or its bucket. (transfer full) */
char     *bv_sql_group      (BvSql *self, const BvPlanGroup *group);
/* FROM @from and the joins to all nodes that are marked. Returns whether a row of @from may come several times. */
gboolean  bv_sql_from       (BvSql *self, GString *out, int from, const gboolean *nodes);
/* n3.rowid, by whichever of SQLite's names for it no column of the table has taken. (transfer full) */
char     *bv_sql_rowid      (BvSql *self, int node);
/* An equality that also holds for two nulls. */
void      bv_sql_equals     (BvSql *self, GString *out, const char *expression, const BvValue *value);
sqlite3_stmt *bv_query_sql_prepare (BvSql *self, sqlite3 *db, const char *text, GCancellable *cancellable, GError **error);

/* A reader of the project with the functions that plans call: bv_bucket, bv_contains, bv_starts, bv_ends, bv_sum, bv_average, bv_percentile. */
sqlite3  *bv_sql_open       (const BvQueryContext *context, GCancellable *cancellable, GError **error);
void      bv_query_sql_close      (const BvQueryContext *context, sqlite3 *db);
/* A result cell as a value of @type; SQL values of other kinds are read as well as they can be, else null. */
BvValue   bv_sql_read       (sqlite3_stmt *statement, int column, BvType type);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (BvSql, bv_sql_clear)

G_END_DECLS
