/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Results of a scan by each code of the clause that moves, so that any range or list of its codes is had without a scan. */
#pragma once

#include "bv-scan.h"

G_BEGIN_DECLS

/* What is kept of one step: cells, in the step of the cube's own scan, or rows. */
typedef struct
{
  BvStepKind kind;      /* of the step that is answered */
  gboolean summed;      /* counters of a cell are those of all codes up to its own */
  /* Sets with few values are lists; where a cell has no set, values list_at[cell] … list_at[cell + 1] − 1 are its. */
  guint32 *list_at;
  guint32 *listed;
  GPtrArray *blocks;    /* (nullable): sets of whole weeks, by block · n_inner + inner */
  /* Rows that the step looks at, by code: those of a code begin at starts[code]. */
  guint32 *starts;
  guint32 *groups;      /* (nullable): what each adds to its code's group; NULL: nothing */
  guint32 *values;      /* (nullable) */
  /* The last answer, where the next can be made from it. */
  BvStep window;
  guint64 first, end;
  guint64 size;         /* bytes */
} BvCubeStep;

typedef struct
{
  int ref_count;
  BvScan scan;          /* that makes it; its steps hold the cells, by code · n_inner + inner */
  BvSource *keys;
  guint64 n_codes, n_inner;
  guint32 *outer;       /* by code: what it adds to the group */
  guint32 *within;      /* by number within: what that adds to the group */
  guint64 n_groups;     /* of the scan that is answered */
  gboolean ranged;      /* asked for by ranges */
  guint64 first_block;  /* code that the first block begins with */
  BvCubeStep *steps;
  GPtrArray *tables;    /* (nullable): of its keys, while it is made */
  guint64 max_bytes;
  GMutex mutex;         /* of the windows */
} BvCube;

typedef struct
{
  guint64 first, end;   /* first ≤ code < end */
} BvCubeRange;

/* What @scan would be without the clause on @active (codes below @n_codes), @where (nullable) being its other clauses; its scan is to be run with
 * bv_scan_run_many() while @scan's sources and tests live. NULL when it would be too large. */
BvCube  *bv_cube_new       (const BvScan *scan, const BvTest *where, const BvSource *active, guint64 n_codes, gboolean ranged);
BvCube  *bv_cube_ref       (BvCube *cube);
void     bv_cube_unref     (BvCube *cube);
/* After it was made: lets go of what only the making needed. FALSE when it came out too large. */
gboolean bv_cube_finish    (BvCube *cube);
gsize    bv_cube_size      (const BvCube *cube);
/* What the cubes of a table may take together, in bytes. */
guint64  bv_cube_max_bytes (const BvEncodedTable *table);
/* Fills the steps of @scan, the same as it was made from, for the codes of the ranges, which ascend and do not meet. Any thread. */
void     bv_cube_answer    (BvCube *cube, BvScan *scan, const BvCubeRange *ranges, guint n_ranges);
/* Before the steps of an answer are cleared: keeps what the next answer can be made from. */
void     bv_cube_take_back (BvCube *cube, BvScan *scan, const BvCubeRange *ranges, guint n_ranges);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (BvCube, bv_cube_unref)

G_END_DECLS
