/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A query that SQLite answers only because encoded tables are still being made; see bv-awaited.c. All functions may be called from any thread. */
#pragma once

#include "bv-column-store.h"

G_BEGIN_DECLS

/* For one run of a query. @store, @project, @model: borrowed until bv_awaited_end(). @cancellable: (nullable): of the query */
BvAwaited    *bv_awaited_new             (BvColumnStore *store, BvProject *project, BvModel *model, GCancellable *cancellable);
/* What the run has to heed: it is cancelled with the query's own, and when all tables that were awaited are there. */
GCancellable *bv_awaited_get_cancellable (BvAwaited *self);
/* The run would use the table if it were there. */
void          bv_awaited_add             (BvAwaited *self, const char *table);
/* After the run. Frees @self. Whether the run was broken off because its tables are there now, so that it is to be begun again. */
gboolean      bv_awaited_end             (BvAwaited *self);

/* A table of @store was made: breaks off the runs that only waited for it. */
void          bv_awaited_wake            (BvColumnStore *store);

G_END_DECLS
