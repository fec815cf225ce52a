/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Several scans of one table as one pass.
 *
 *   clauses ← filters ← keysets ← tasks
 *
 * A clause is a test that may not be divided further. A filter is a set of clauses, which all must hold, and a stretch of rows. A keyset is a filter
 * and the keys that number the groups. A task is a keyset and a step of a scan. Each is there once, whatever number of scans needs it. What tasks and
 * keysets read are sources, there once too.
 */
#pragma once

#include "bv-acc-private.h"

G_BEGIN_DECLS

typedef struct
{
  guint64 end;   /* row after the last */
  guint32 group;
} BvSpan;

typedef struct
{
  GArray *clauses;     /* guint */
  guint64 begin, end;  /* rows */
  const guint32 *rows; /* (nullable): the only ones, ascending */
  gsize n_rows;
  GArray *keysets;     /* guint */
  gsize n_passed;      /* rows that met it */
} BvFilter;

typedef struct
{
  guint filter;
  const BvSource *keys;
  guint n_keys;
  guint64 n_groups;
  GArray *sources;     /* guint: of all keys */
  BvSpan *spans;       /* (nullable): stretches of rows of one group by the key that rows are ordered by */
  guint n_spans;
  guint sorted_key;    /* which that is */
  gboolean cells;      /* groups are the codes of a narrow column */
  GArray *tasks;       /* guint */
} BvKeyset;

typedef struct
{
  guint keyset;
  BvStep *step;
  int source;          /* −1: none is read */
  int made_from;       /* −1, or the task whose result this one's is made from */
  gboolean totals;     /* made as the total of all groups; else as a copy */
} BvTask;

typedef struct
{
  BvEncodedTable *table;
  GPtrArray *clauses;  /* const BvTest, borrowed */
  GArray *sources;     /* BvSource */
  GPtrArray *filters;  /* BvFilter */
  GPtrArray *keysets;  /* BvKeyset */
  GArray *tasks;       /* BvTask */
  GCancellable **cancellables; /* the scans', each once */
  guint n_cancellables;
  gboolean needed;     /* a scan has none, and cannot be cancelled */
} BvPass;

BvPass *bv_pass_new  (BvScan **scans, guint n_scans);
void    bv_pass_free (BvPass *pass);
/* Whether nobody waits for the result any more. */
gboolean bv_pass_is_cancelled (const BvPass *pass);

G_END_DECLS
