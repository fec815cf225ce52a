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

/* What the background is at. */
typedef struct
{
  char *table;     /* (nullable): being encoded */
  double fraction; /* of its rows that were read */
  guint n_waiting; /* tables after it */
  char *problem;   /* (nullable): one translated sentence: why the last file could not be kept */
} BvColumnState;

void            bv_column_state_clear   (BvColumnState *state);
BvColumnState   bv_column_store_get_state (BvColumnStore *self);
/* @notify: (nullable): called, from any thread, when work in the background begins and ends */
void            bv_column_store_set_notify (BvColumnStore *self, void (*notify) (gpointer data), gpointer data);

/* The encoded table at its present version, with the days of the model's time zone and rows in order of its main time field; NULL when there is none.
 * @request: have it made in the background then. */
BvEncodedTable *bv_column_store_get     (BvColumnStore *self, BvProject *project, const char *table, BvModel *model, gboolean request);
/* As bv_column_store_get(), making it now when needed. */
BvEncodedTable *bv_column_store_make    (BvColumnStore *self, BvProject *project, const char *table, BvModel *model,
                                         GCancellable *cancellable, GError **error);

/* Keeps a table that was encoded elsewhere, with the days of @calendar and rows in order of @order (nullable), as @version. */
void            bv_column_store_put     (BvColumnStore *self, const char *table, BvCalendar *calendar, const char *order, guint64 version,
                                         BvEncodedTable *encoded);

/* The column of dates or instants that a table's rows are best sorted by: the time field of most explorations, else what is most often a dimension, else
 * the first; NULL when there is none. (transfer full) */
char           *bv_column_main_time     (BvModel *model, const char *table);

/* How far it is; written by several threads. */
typedef struct
{
  guint64 n_rows, n_done;
  guint64 n_kept;  /* rows that were taken from the file of an older version */
} BvColumnProgress;

/* Encodes a table, or opens the file that holds it. @order: (nullable): the column that rows are sorted by. @version: (out): of the rows that were read.
 * @progress: (nullable). @problem: (out) (optional) (transfer full): why no file could be written; not an error. */
BvEncodedTable *bv_column_encode        (BvProject *project, const char *table, BvCalendar *calendar, const char *order, guint64 *version,
                                         BvColumnProgress *progress, char **problem, GCancellable *cancellable, GError **error);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (BvColumnState, bv_column_state_clear)

G_DEFINE_AUTOPTR_CLEANUP_FUNC (BvColumnStore, bv_column_store_unref)

G_END_DECLS
