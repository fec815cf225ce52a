/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the order of the rows says about tests and groups. */
#pragma once

#include "bv-scan.h"

G_BEGIN_DECLS

/* Whether the rows that pass @test are all rows @begin ≤ row < @end. */
gboolean bv_sorted_test   (const BvEncodedTable *table, const BvTest *test, guint64 *begin, guint64 *end);
/* Of the column that rows are ordered by: the first row of each code (or after it) as guint32, n_codes + 1 of them. NULL of other columns, and where
 * codes are nearly as many as rows. (transfer full) */
GBytes  *bv_sorted_starts (BvEncodedTable *table, const BvEncodedColumn *column);

G_END_DECLS
