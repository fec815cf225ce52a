/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Rows by code: what a filter on one customer asks for. */
#pragma once

#include "bv-scan.h"

G_BEGIN_DECLS

/* Has the lists of a column made, in the background, unless they are there, are being made, or would not pay. */
void    bv_postings_request (BvEncodedTable *table, const BvEncodedColumn *column);
/* A RANGE or ACCEPT test as a list of rows; NULL where there are no lists yet, or the rows are too many for one. (transfer full) */
BvTest *bv_postings_find    (BvEncodedTable *table, const BvTest *test);

G_END_DECLS
