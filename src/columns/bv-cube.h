/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Results of a scan by each code of the column that rows are ordered by, so that any range of it is had without a scan. */
#pragma once

#include "bv-scan.h"

G_BEGIN_DECLS

typedef struct
{
  BvScan scan;        /* that makes it; its steps hold the results by code · n_inner + group */
  BvSource *keys;
  guint64 n_codes, n_inner;
  guint32 *outer;     /* by code: what it adds to the group */
} BvCube;

/* What @scan would be without the clause on the ordered column, @where (nullable) being its other clauses; to be run with bv_scan_run_many() while
 * @scan's sources and tests live. NULL when it would be too large. */
BvCube  *bv_cube_new    (const BvScan *scan, const BvTest *where);
void     bv_cube_free   (BvCube *cube);
/* After it was made: lets go of what only the making needed. FALSE when it came out too large. */
gboolean bv_cube_finish (BvCube *cube);
gsize    bv_cube_size   (const BvCube *cube);
/* Fills the steps of @scan, the same as it was made from, for first ≤ code < end. */
void     bv_cube_answer (const BvCube *cube, BvScan *scan, guint64 first, guint64 end);

G_END_DECLS
