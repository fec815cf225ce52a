/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The kernels for any processor. */
#pragma GCC optimize("O3")
#define BUILD bv_kernels_plain
#define NAME "plain"
#include "bv-kernel-body.h"
