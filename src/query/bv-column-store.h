/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The encoded copies of a project's tables, for queries to run on.
 *
 * A table is encoded in the background after a query first asked for it; until then, and whenever its rows have changed since, SQLite answers.
 * All functions may be called from any thread.
 */
#pragma once

#include "bv-encoded.h"
#include "bv-query.h"

G_BEGIN_DECLS

BvColumnStore  *bv_column_store_new     (void);
BvColumnStore  *bv_column_store_ref     (BvColumnStore *self);
void            bv_column_store_unref   (BvColumnStore *self);
/* Ends background work and waits for it; the store answers nothing from then on. */
void            bv_column_store_close   (BvColumnStore *self);
/* Waits until nothing is being encoded. */
void            bv_column_store_wait    (BvColumnStore *self);

/* The encoded table at its present version, with the days of the model's time zone and rows in order of its main time field; NULL when there is none.
 * @request: have it made in the background then. */
BvEncodedTable *bv_column_store_get     (BvColumnStore *self, BvProject *project, const char *table, BvModel *model, gboolean request);
/* As bv_column_store_get(), making it now when needed. */
BvEncodedTable *bv_column_store_make    (BvColumnStore *self, BvProject *project, const char *table, BvModel *model,
                                         GCancellable *cancellable, GError **error);

/* The column of dates or instants that a table's rows are best sorted by: the time field of most explorations, else what is most often a dimension, else
 * the first; NULL when there is none. (transfer full) */
char           *bv_column_main_time     (BvModel *model, const char *table);

/* Encodes a table. @order: (nullable): the column that rows are sorted by. @version: (out): of the rows that were read. */
BvEncodedTable *bv_column_encode        (BvProject *project, const char *table, BvCalendar *calendar, const char *order, guint64 *version,
                                         GCancellable *cancellable, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (BvColumnStore, bv_column_store_unref)

G_END_DECLS
