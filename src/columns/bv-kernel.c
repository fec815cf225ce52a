/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The choice between the kernels' builds, and what they look up, made once before main(). Cost: some microseconds of a program's start; a call by pointer a
 * block of rows. */
#include "bv-kernel.h"

#include <string.h>

const BvKernels *bv_kernels = &bv_kernels_plain;
uint8_t bv_kernel_places[256][8];

int
bv_kernels_can_avx2 (void)
{
#if defined(__x86_64__)
  __builtin_cpu_init ();
  return __builtin_cpu_supports ("avx2") && __builtin_cpu_supports ("bmi") && __builtin_cpu_supports ("bmi2") && __builtin_cpu_supports ("popcnt");
#else
  return 0;
#endif
}

__attribute__ ((constructor)) static void
choose (void)
{
  for (unsigned byte = 0; byte < 256; byte++)
    for (unsigned bit = 0, n = 0; bit < 8; bit++)
      if (byte >> bit & 1)
        bv_kernel_places[byte][n++] = (uint8_t) bit;
  if (bv_kernels_can_avx2 ())
    bv_kernels = &bv_kernels_avx2;
}

void
bv_bits_fill (uint64_t *bits, size_t first, size_t end)
{
  memset (bits, 0, BV_BLOCK_WORDS * 8);
  for (size_t w = first / 64; w * 64 < end; w++)
    {
      uint64_t word = UINT64_MAX;

      if (w == first / 64)
        word &= UINT64_MAX << (first % 64);
      if (end - w * 64 < 64)
        word &= (UINT64_C (1) << (end - w * 64)) - 1;
      bits[w] = word;
    }
}
