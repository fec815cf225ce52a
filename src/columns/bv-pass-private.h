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
#include "bv-arena.h"

G_BEGIN_DECLS

typedef struct
{
  guint64 end;   /* row after the last */
  guint32 group;
} BvSpan;

typedef struct _BvFilter BvFilter;
typedef struct _BvKeyset BvKeyset;
typedef struct _BvTask BvTask;

struct _BvFilter
{
  guint *clauses;      /* by number, ascending */
  guint n_clauses;
  guint64 begin, end;  /* rows */
  const guint32 *rows; /* (nullable): the only ones, ascending */
  gsize n_rows;
  BvKeyset *keysets;   /* (nullable): the first */
  gsize n_passed;      /* rows that met it */
};

struct _BvKeyset
{
  BvFilter *filter;
  const BvSource *keys;
  guint n_keys;
  guint64 n_groups;
  guint *sources;      /* by number: of all keys */
  BvSpan *spans;       /* (nullable): stretches of rows of one group by the key that rows are ordered by */
  guint n_spans;
  guint sorted_key;    /* which that is */
  gboolean cells;      /* groups are the codes of a narrow column */
  BvTask *tasks;       /* (nullable): the first that is not made from others */
  BvKeyset *next;      /* (nullable): of the filter */
};

struct _BvTask
{
  BvKeyset *keyset;
  BvStep *step;
  int source;          /* −1: none is read */
  BvTask *made_from;   /* (nullable): the one whose result this one's is made from */
  gboolean totals;     /* made as the total of all groups; else as a copy */
  BvTask *next;        /* (nullable): of the keyset */
};

typedef struct
{
  BvEncodedTable *table;
  BvArena arena;       /* that has all of these: */
  const BvTest **clauses; /* borrowed */
  guint n_clauses;
  BvSource *sources;
  guint n_sources;
  BvFilter *filters;
  guint n_filters;
  BvKeyset *keysets;
  guint n_keysets;
  BvTask *tasks;       /* in the order of the scans' steps */
  guint n_tasks;
  GCancellable **cancellables; /* the scans', each once */
  guint n_cancellables;
  gboolean needed;     /* a scan has none, and cannot be cancelled */
} BvPass;

BvPass *bv_pass_new  (BvScan **scans, guint n_scans);
void    bv_pass_free (BvPass *pass);
/* Whether nobody waits for the result any more. */
gboolean bv_pass_is_cancelled (const BvPass *pass);

G_END_DECLS
