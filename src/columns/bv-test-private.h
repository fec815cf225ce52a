/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "bv-scan.h"

G_BEGIN_DECLS

/* Bits of rows @first … @first + @n − 1, which lie in one block; @bits has room for a block. */
void bv_test_block (const BvTest *test, guint64 first, gsize n, guint64 *bits);

G_END_DECLS
