/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The parts of the encoder. */
#pragma once

#include "bv-encoded.h"

G_BEGIN_DECLS

/* --- bv-encode-order.c */

/* The new order of the rows when @column sorts them: for each row its present one. NULL when they are in that order already. (transfer full) */
guint32 *bv_encode_order  (const BvEncodedColumn *column, guint64 n_rows);
/* Puts the cells of an array of @width bytes each in a new order. @cells is freed. (transfer full) */
void    *bv_encode_gather (void *cells, guint width, const guint32 *order, guint64 n_rows);
/* Notes the numbers of the rows, which are known by runs. @order: (nullable). */
void     bv_encode_rowids (BvEncodedTable *table, const guint32 *run_rows, const gint64 *run_ids, guint64 n_runs, const guint32 *order);

G_END_DECLS
