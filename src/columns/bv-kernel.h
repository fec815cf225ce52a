/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The inner loops of the column engine: plain C over arrays, no allocation, no locks.
 *
 * All work on one block of at most BV_BLOCK_ROWS rows. Codes come in 1, 2 or 4 bytes; inside a block they are 32 bits wide. A selection is
 * a bitmap, bit i of word i / 64 being row i. Functions whose name ends in _plain are the scalar twins that tests compare with.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

#define BV_BLOCK_ROWS 4096
#define BV_BLOCK_WORDS (BV_BLOCK_ROWS / 64)

/* Row @first and on of an array with cells of @width bytes. */
static inline const void *
bv_cells (const void *codes, unsigned width, uint64_t first)
{
  return (const char *) codes + first * width;
}

/* out = code; out = table[code]; out += code · stride; out += table[code]. */
void     bv_kernel_widen        (const void *codes, unsigned width, size_t n, uint32_t *out);
void     bv_kernel_map          (const void *codes, unsigned width, size_t n, const uint32_t *table, uint32_t *out);
void     bv_kernel_add_scaled   (const void *codes, unsigned width, size_t n, uint32_t stride, uint32_t *out);
void     bv_kernel_add_map      (const void *codes, unsigned width, size_t n, const uint32_t *table, uint32_t *out);

/* Bits of the rows with first ≤ code < end; the bits from @n to the end of its word are 0. */
void     bv_kernel_range        (const void *codes, unsigned width, size_t n, uint64_t first, uint64_t end, uint64_t *bits);
void     bv_kernel_range_plain  (const void *codes, unsigned width, size_t n, uint64_t first, uint64_t end, uint64_t *bits);
/* Bits of the rows with accept[code] != 0 (which is then 1). */
void     bv_kernel_accept       (const void *codes, unsigned width, size_t n, const uint8_t *accept, uint64_t *bits);
void     bv_kernel_accept_plain (const void *codes, unsigned width, size_t n, const uint8_t *accept, uint64_t *bits);
/* Bits of the rows at or after (@day, @time) in the order of day and time. */
void     bv_kernel_since        (const void *days, unsigned day_width, const void *times, unsigned time_width, size_t n, uint64_t day,
                                 uint64_t time, uint64_t *bits);

void     bv_kernel_fill         (uint64_t *bits, size_t n);            /* the first @n bits 1, the rest of the block 0 */
size_t   bv_kernel_popcount     (const uint64_t *bits, size_t n_words);
size_t   bv_kernel_list         (const uint64_t *bits, size_t n_words, uint16_t *list); /* positions of the set bits */
/* out = code of the rows in the list; out = table[out]. */
void     bv_kernel_pick         (const void *codes, unsigned width, const uint16_t *list, size_t n, uint32_t *out);
void     bv_kernel_translate    (const uint32_t *table, size_t n, uint32_t *out);
void     bv_kernel_add          (const uint32_t *in, uint32_t stride, size_t n, uint32_t *out);
/* Whether all @n ≥ 1 numbers are equal. */
int      bv_kernel_constant     (const uint32_t *a, size_t n);
int      bv_kernel_same         (const void *codes, unsigned width, size_t n);

/* count[g]++; four counters per group side by side (count[4·g + k % 4]) so that equal neighbours do not wait for each other. */
void     bv_kernel_count4       (const uint32_t *g, size_t n, uint32_t *count);
void     bv_kernel_count        (const uint32_t *g, size_t n, uint32_t *count);
/* Of the codes v that are not 0: filled[g]++, sum[g] += v. */
void     bv_kernel_sum          (const uint32_t *g, const uint32_t *v, size_t n, uint32_t *filled, uint64_t *sum);
void     bv_kernel_sum_one      (const uint32_t *v, size_t n, uint32_t *filled, uint64_t *sum);
/* The least and greatest code that is not 0; min starts at UINT32_MAX, max at 0. */
void     bv_kernel_extremes     (const uint32_t *g, const uint32_t *v, size_t n, uint32_t *min, uint32_t *max);
/* Bit v of the group's bitset of @n_words words. */
void     bv_kernel_distinct     (const uint32_t *g, const uint32_t *v, size_t n, uint64_t *sets, size_t n_words);
void     bv_kernel_distinct_one (const uint32_t *v, size_t n, uint64_t *set);
/* histogram[g · n_codes + v]++ */
void     bv_kernel_histogram    (const uint32_t *g, const uint32_t *v, size_t n, uint32_t *histogram, size_t n_codes);
