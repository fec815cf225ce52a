/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The kernels for x86 processors since 2013: 32 bytes at a time where GCC sees how, and single instructions for counting and listing bits. */
#if defined(__x86_64__)
#pragma GCC optimize("O3")
#pragma GCC target("avx2,bmi,bmi2,lzcnt,popcnt")
#endif
#define BUILD bv_kernels_avx2
#define NAME "avx2"
#include "bv-kernel-body.h"
