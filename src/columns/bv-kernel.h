/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The inner loops of the column engine: plain C over arrays, no allocation, no locks.
 *
 * All work on one block of at most BV_BLOCK_ROWS rows. Codes come in 1, 2 or 4 bytes; inside a block they are 32 bits wide. A selection is
 * a bitmap, bit i of word i / 64 being row i.
 *
 * There are two builds of the same loops: one for any processor, and one for those with AVX2, BMI and a population count, chosen once when the
 * program starts. Both give the same numbers; tests run each against loops written for being read.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

#define BV_BLOCK_ROWS 4096
#define BV_BLOCK_WORDS (BV_BLOCK_ROWS / 64)
#define BV_LIST_SLACK 8

/* Row @first and on of an array with cells of @width bytes. */
static inline const void *
bv_cells (const void *codes, unsigned width, uint64_t first)
{
  return (const char *) codes + first * width;
}

typedef struct
{
  const char *name;

  /* out = code; out = table[code]. */
  void   (*widen)        (const void *codes, unsigned width, size_t n, uint32_t *out);
  void   (*map)          (const void *codes, unsigned width, size_t n, const uint32_t *table, uint32_t *out);
  void   (*map8)         (const void *codes, unsigned width, size_t n, const uint8_t *table, uint32_t *out);
  /* The same of the rows in a list; of rows anywhere in the table. */
  void   (*pick)         (const void *codes, unsigned width, const uint16_t *list, size_t n, uint32_t *out);
  void   (*pick_map)     (const void *codes, unsigned width, const uint16_t *list, size_t n, const uint32_t *table, uint32_t *out);
  void   (*pick_map8)    (const void *codes, unsigned width, const uint16_t *list, size_t n, const uint8_t *table, uint32_t *out);
  void   (*pick_rows)    (const void *codes, unsigned width, const uint32_t *rows, size_t n, uint32_t *out);
  void   (*translate)    (const uint32_t *table, size_t n, uint32_t *out);              /* out = table[out] */
  void   (*add)          (const uint32_t *in, uint32_t stride, size_t n, uint32_t *out); /* out += in · stride */

  /* Bits of the rows with first ≤ code < end; the bits from @n to the end of its word are 0. */
  void   (*range)        (const void *codes, unsigned width, size_t n, uint64_t first, uint64_t end, uint64_t *bits);
  /* Bits of the rows with accept[code] != 0 (which is then 1). */
  void   (*accept)       (const void *codes, unsigned width, size_t n, const uint8_t *accept, uint64_t *bits);
  /* Bits of the rows at or after (@day, @time) in the order of day and time. */
  void   (*since)        (const void *days, unsigned day_width, const void *times, unsigned time_width, size_t n, uint64_t day, uint64_t time,
                          uint64_t *bits);
  size_t (*popcount)     (const uint64_t *bits, size_t n_words);
  /* Positions of the set bits, and BV_LIST_SLACK places more that mean nothing. */
  size_t (*list)         (const uint64_t *bits, size_t n_words, uint16_t *list);
  /* Whether all @n ≥ 1 codes are equal. */
  int    (*same)         (const void *codes, unsigned width, size_t n);
  uint32_t (*greatest)   (const void *codes, unsigned width, size_t n); /* of the codes; 0 of none */
  size_t (*zeros)        (const void *bytes, size_t n);                 /* how many bytes are 0 */

  /* count[g]++; of codes as they are stored, with four counters per group side by side (count[4·g + k % 4]) so that equal neighbours do not wait
   * for each other. */
  void   (*count)        (const uint32_t *g, size_t n, uint32_t *count);
  void   (*count4)       (const uint32_t *g, size_t n, uint32_t *count);
  void   (*count4_cells) (const void *codes, unsigned width, size_t n, uint32_t *count);
  /* Of codes in bytes, two at a time, @n being even: count[a + 256·b]++ or count[b + 256·a]++. */
  void   (*count_pairs)  (const uint8_t *codes, size_t n, uint32_t *count);
  /* Of the codes v that are not 0: filled[g]++, sum[g] += v. */
  void   (*sum)          (const uint32_t *g, const uint32_t *v, size_t n, uint32_t *filled, uint64_t *sum);
  void   (*sum4)         (const uint32_t *g, const uint32_t *v, size_t n, uint32_t *filled, uint64_t *sum); /* four side by side */
  void   (*sum_one)      (const uint32_t *v, size_t n, uint32_t *filled, uint64_t *sum);
  /* Whether sum + each · filled > least for any group; filled being below 2³¹. */
  int    (*larger)       (const uint32_t *filled, const uint64_t *sum, size_t n, int32_t each, int64_t least);
  /* The least and greatest code that is not 0; min starts at UINT32_MAX, max at 0. */
  void   (*extremes)     (const uint32_t *g, const uint32_t *v, size_t n, uint32_t *min, uint32_t *max);
  /* Bit v of the group's bitset; how many rows were done: it stops at the first whose group has none. */
  size_t (*distinct)     (const uint32_t *g, const uint32_t *v, size_t n, uint64_t *const *sets);
  void   (*distinct_one) (const uint32_t *v, size_t n, uint64_t *set);
  /* into |= from; returns how many bits are set then. */
  size_t (*merge_sets)   (uint64_t *into, const uint64_t *from, size_t n_words);
  /* histogram[g · n_codes + v]++ */
  void   (*histogram)    (const uint32_t *g, const uint32_t *v, size_t n, uint32_t *histogram, size_t n_codes);
} BvKernels;

extern const BvKernels bv_kernels_plain;
extern const BvKernels bv_kernels_avx2; /* as bv_kernels_plain where there is no such build */
extern const BvKernels *bv_kernels;     /* the ones in use */

/* By byte: the positions of its set bits, in ascending order. */
extern uint8_t bv_kernel_places[256][8];

/* Whether this processor runs bv_kernels_avx2. */
int bv_kernels_can_avx2 (void);

/* Bits first … end − 1 of a block are 1, all others 0. */
void bv_bits_fill (uint64_t *bits, size_t first, size_t end);
