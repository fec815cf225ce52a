/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The loops themselves, included once per build with NAME set.
 *
 * Every loop is written once per width of the codes by a macro, straight enough for GCC to vectorise where the instruction set can: widening,
 * range tests, packing of masks, constant tests and sums of one group. Scatter updates (count, sum, distinct) cannot be; they cost 0.4 to 2 ns a
 * row, bound by the memory that they hit.
 */
#include "bv-kernel.h"

#include <string.h>

#define FOR_WIDTH(width, codes, BODY)            \
  do                                             \
    {                                            \
      if ((width) == 1)                          \
        {                                        \
          const uint8_t *restrict c = (codes);   \
          BODY                                   \
        }                                        \
      else if ((width) == 2)                     \
        {                                        \
          const uint16_t *restrict c = (codes);  \
          BODY                                   \
        }                                        \
      else                                       \
        {                                        \
          const uint32_t *restrict c = (codes);  \
          BODY                                   \
        }                                        \
    }                                            \
  while (0)

static void
widen (const void *codes, unsigned width, size_t n, uint32_t *restrict out)
{
  FOR_WIDTH (width, codes, for (size_t i = 0; i < n; i++) out[i] = c[i];);
}

static void
map (const void *codes, unsigned width, size_t n, const uint32_t *restrict table, uint32_t *restrict out)
{
  FOR_WIDTH (width, codes, for (size_t i = 0; i < n; i++) out[i] = table[c[i]];);
}

static void
map8 (const void *codes, unsigned width, size_t n, const uint8_t *restrict table, uint32_t *restrict out)
{
  FOR_WIDTH (width, codes, for (size_t i = 0; i < n; i++) out[i] = table[c[i]];);
}

static void
pick_map8 (const void *codes, unsigned width, const uint16_t *restrict rows, size_t n, const uint8_t *restrict table, uint32_t *restrict out)
{
  FOR_WIDTH (width, codes, for (size_t i = 0; i < n; i++) out[i] = table[c[rows[i]]];);
}

static void
pick (const void *codes, unsigned width, const uint16_t *restrict rows, size_t n, uint32_t *restrict out)
{
  FOR_WIDTH (width, codes, for (size_t i = 0; i < n; i++) out[i] = c[rows[i]];);
}

static void
pick_map (const void *codes, unsigned width, const uint16_t *restrict rows, size_t n, const uint32_t *restrict table, uint32_t *restrict out)
{
  FOR_WIDTH (width, codes, for (size_t i = 0; i < n; i++) out[i] = table[c[rows[i]]];);
}

static void
pick_rows (const void *codes, unsigned width, const uint32_t *restrict rows, size_t n, uint32_t *restrict out)
{
  FOR_WIDTH (width, codes, for (size_t i = 0; i < n; i++) out[i] = c[rows[i]];);
}

static void
translate (const uint32_t *restrict table, size_t n, uint32_t *restrict out)
{
  for (size_t i = 0; i < n; i++)
    out[i] = table[out[i]];
}

static void
add (const uint32_t *restrict in, uint32_t stride, size_t n, uint32_t *restrict out)
{
  for (size_t i = 0; i < n; i++)
    out[i] += in[i] * stride;
}

/* Packs bytes of 0 and 1 into bits: the multiplication gathers the eight low bits of a word in its top byte. */
static void
pack (const uint8_t *restrict mask, size_t n_words, uint64_t *restrict bits)
{
  for (size_t w = 0; w < n_words; w++)
    {
      uint64_t word = 0;

      for (size_t k = 0; k < 8; k++)
        {
          uint64_t eight;

          memcpy (&eight, mask + w * 64 + k * 8, 8);
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
          eight = __builtin_bswap64 (eight);
#endif
          word |= (eight * UINT64_C (0x0102040810204080) >> 56) << (k * 8);
        }
      bits[w] = word;
    }
}

static void
range (const void *codes, unsigned width, size_t n, uint64_t first, uint64_t end, uint64_t *bits)
{
  uint8_t mask[BV_BLOCK_ROWS];
  size_t n_words = (n + 63) / 64;

  memset (mask + n, 0, n_words * 64 - n);
  if (width == 1)
    {
      const uint8_t *restrict c = codes;
      uint8_t low = first > UINT8_MAX ? UINT8_MAX : (uint8_t) first;
      uint8_t high = end > UINT8_MAX ? UINT8_MAX : (uint8_t) (end - 1); /* the last one inside */

      if (first > UINT8_MAX || first >= end)
        memset (mask, 0, n);
      else
        for (size_t i = 0; i < n; i++)
          mask[i] = (uint8_t) (c[i] >= low) & (uint8_t) (c[i] <= high);
    }
  else if (width == 2)
    {
      const uint16_t *restrict c = codes;
      uint16_t low = first > UINT16_MAX ? UINT16_MAX : (uint16_t) first;
      uint16_t high = end > UINT16_MAX ? UINT16_MAX : (uint16_t) (end - 1);

      if (first > UINT16_MAX || first >= end)
        memset (mask, 0, n);
      else
        for (size_t i = 0; i < n; i++)
          mask[i] = (uint8_t) (c[i] >= low) & (uint8_t) (c[i] <= high);
    }
  else
    {
      const uint32_t *restrict c = codes;
      uint32_t low = first > UINT32_MAX ? UINT32_MAX : (uint32_t) first;
      uint32_t high = end > UINT32_MAX ? UINT32_MAX : (uint32_t) (end - 1);

      if (first > UINT32_MAX || first >= end)
        memset (mask, 0, n);
      else
        for (size_t i = 0; i < n; i++)
          mask[i] = (uint8_t) (c[i] >= low) & (uint8_t) (c[i] <= high);
    }
  pack (mask, n_words, bits);
}

static void
accept (const void *codes, unsigned width, size_t n, const uint8_t *restrict accepted, uint64_t *bits)
{
  uint8_t mask[BV_BLOCK_ROWS];
  size_t n_words = (n + 63) / 64;

  memset (mask + n, 0, n_words * 64 - n);
  FOR_WIDTH (width, codes, for (size_t i = 0; i < n; i++) mask[i] = accepted[c[i]];);
  pack (mask, n_words, bits);
}

static void
since (const void *days, unsigned day_width, const void *times, unsigned time_width, size_t n, uint64_t day, uint64_t time, uint64_t *bits)
{
  uint32_t d[BV_BLOCK_ROWS], t[BV_BLOCK_ROWS];
  uint8_t mask[BV_BLOCK_ROWS];
  size_t n_words = (n + 63) / 64;

  widen (days, day_width, n, d);
  widen (times, time_width, n, t);
  memset (mask + n, 0, n_words * 64 - n);
  for (size_t i = 0; i < n; i++)
    mask[i] = (uint8_t) (d[i] > day) | ((uint8_t) (d[i] == day) & (uint8_t) (t[i] >= time));
  pack (mask, n_words, bits);
}

static size_t
popcount (const uint64_t *bits, size_t n_words)
{
  size_t n = 0;

  for (size_t w = 0; w < n_words; w++)
    n += (size_t) __builtin_popcountll (bits[w]);
  return n;
}

/* A byte's positions are taken from a table, all eight places of it, and the next byte's written over those that are none: to go from set bit to set bit
 * costs a branch a word that nobody can guess. */
static size_t
list (const uint64_t *bits, size_t n_words, uint16_t *restrict out)
{
  size_t n = 0;

  for (size_t w = 0; w < n_words; w++)
    for (size_t k = 0; k < 8 && bits[w] != 0; k++)
      {
        const uint8_t byte = (uint8_t) (bits[w] >> (k * 8));
        const uint8_t *restrict places = bv_kernel_places[byte];
        const uint16_t first = (uint16_t) (w * 64 + k * 8);

        for (size_t i = 0; i < 8; i++)
          out[n + i] = (uint16_t) (first + places[i]);
        n += (size_t) __builtin_popcount (byte);
      }
  return n;
}

static int
same (const void *codes, unsigned width, size_t n)
{
  uint32_t different = 0;

  /* Most blocks that are not constant end differently from how they begin. */
  FOR_WIDTH (width, codes, if (c[n - 1] != c[0] || c[n / 2] != c[0]) return 0; for (size_t i = 0; i < n; i++) different |= (uint32_t) (c[i] ^ c[0]););
  return different == 0;
}

static uint32_t
greatest (const void *codes, unsigned width, size_t n)
{
  if (n == 0)
    return 0;
  /* In the width of the codes, of which more fit a register. */
  FOR_WIDTH (width, codes, __auto_type max = c[0]; for (size_t i = 1; i < n; i++) max = c[i] > max ? c[i] : max; return max;);
}

static size_t
zeros (const void *bytes, size_t n)
{
  const uint8_t *restrict b = bytes;
  size_t sum = 0;

  for (size_t i = 0; i < n;)
    {
      size_t end = n - i < UINT8_MAX ? n : i + UINT8_MAX;
      uint8_t part = 0;

      for (; i < end; i++)
        part = (uint8_t) (part + (b[i] == 0));
      sum += part;
    }
  return sum;
}

static void
count (const uint32_t *restrict g, size_t n, uint32_t *restrict counts)
{
  for (size_t i = 0; i < n; i++)
    counts[g[i]]++;
}

static void
count4 (const uint32_t *restrict g, size_t n, uint32_t *restrict counts)
{
  size_t i = 0;

  for (; i + 4 <= n; i += 4)
    {
      counts[4 * (size_t) g[i]]++;
      counts[4 * (size_t) g[i + 1] + 1]++;
      counts[4 * (size_t) g[i + 2] + 2]++;
      counts[4 * (size_t) g[i + 3] + 3]++;
    }
  for (; i < n; i++)
    counts[4 * (size_t) g[i]]++;
}

static void
count4_cells (const void *codes, unsigned width, size_t n, uint32_t *restrict counts)
{
  size_t i = 0;

  FOR_WIDTH (width, codes,
             for (; i + 4 <= n; i += 4)
               {
                 counts[4 * (size_t) c[i]]++;
                 counts[4 * (size_t) c[i + 1] + 1]++;
                 counts[4 * (size_t) c[i + 2] + 2]++;
                 counts[4 * (size_t) c[i + 3] + 3]++;
               }
             for (; i < n; i++)
               counts[4 * (size_t) c[i]]++;);
}

static void
count_pairs (const uint8_t *restrict codes, size_t n, uint32_t *restrict counts)
{
  size_t i = 0;

  for (; i + 8 <= n; i += 8)
    {
      uint64_t eight;

      memcpy (&eight, codes + i, 8);
      counts[eight & UINT16_MAX]++;
      counts[eight >> 16 & UINT16_MAX]++;
      counts[eight >> 32 & UINT16_MAX]++;
      counts[eight >> 48]++;
    }
  for (; i < n; i += 2)
    counts[codes[i] + 256 * codes[i + 1]]++;
}

static void
sum (const uint32_t *restrict g, const uint32_t *restrict v, size_t n, uint32_t *restrict filled, uint64_t *restrict sums)
{
  for (size_t i = 0; i < n; i++)
    {
      filled[g[i]] += v[i] != 0;
      sums[g[i]] += v[i];
    }
}

static void
sum4 (const uint32_t *restrict g, const uint32_t *restrict v, size_t n, uint32_t *restrict filled, uint64_t *restrict sums)
{
  size_t i = 0;

  for (; i + 4 <= n; i += 4)
    for (size_t k = 0; k < 4; k++)
      {
        filled[4 * (size_t) g[i + k] + k] += v[i + k] != 0;
        sums[4 * (size_t) g[i + k] + k] += v[i + k];
      }
  for (; i < n; i++)
    {
      filled[4 * (size_t) g[i]] += v[i] != 0;
      sums[4 * (size_t) g[i]] += v[i];
    }
}

static void
sum_one (const uint32_t *restrict v, size_t n, uint32_t *filled, uint64_t *sums)
{
  uint32_t f = 0;
  uint64_t s = 0;

  for (size_t i = 0; i < n; i++)
    {
      f += v[i] != 0;
      s += v[i];
    }
  *filled += f;
  *sums += s;
}

static int
larger (const uint32_t *restrict filled, const uint64_t *restrict sums, size_t n, int32_t each, int64_t least)
{
  unsigned any = 0;

  for (size_t i = 0; i < n; i++)
    any |= (int64_t) sums[i] + (int64_t) each * (int32_t) filled[i] > least;
  return any != 0;
}

static void
extremes (const uint32_t *restrict g, const uint32_t *restrict v, size_t n, uint32_t *restrict min, uint32_t *restrict max)
{
  for (size_t i = 0; i < n; i++)
    {
      if (v[i] == 0)
        continue;
      if (v[i] < min[g[i]])
        min[g[i]] = v[i];
      if (v[i] > max[g[i]])
        max[g[i]] = v[i];
    }
}

static size_t
distinct (const uint32_t *restrict g, const uint32_t *restrict v, size_t n, uint64_t *const *restrict sets)
{
  for (size_t i = 0; i < n; i++)
    {
      uint64_t *set = sets[g[i]];

      if (set == NULL)
        return i;
      set[v[i] / 64] |= UINT64_C (1) << (v[i] % 64);
    }
  return n;
}

static void
distinct_one (const uint32_t *restrict v, size_t n, uint64_t *restrict set)
{
  for (size_t i = 0; i < n; i++)
    set[v[i] / 64] |= UINT64_C (1) << (v[i] % 64);
}

static size_t
merge_sets (uint64_t *restrict into, const uint64_t *restrict from, size_t n_words)
{
  size_t n = 0;

  for (size_t w = 0; w < n_words; w++)
    {
      into[w] |= from[w];
      n += (size_t) __builtin_popcountll (into[w]);
    }
  return n;
}

static void
histogram (const uint32_t *restrict g, const uint32_t *restrict v, size_t n, uint32_t *restrict counts, size_t n_codes)
{
  for (size_t i = 0; i < n; i++)
    counts[g[i] * n_codes + v[i]]++;
}

const BvKernels BUILD = {
  .name = NAME, .widen = widen, .map = map, .map8 = map8, .pick = pick, .pick_map = pick_map, .pick_map8 = pick_map8, .pick_rows = pick_rows,
  .translate = translate, .add = add, .range = range, .accept = accept, .since = since, .popcount = popcount, .list = list, .same = same, .greatest = greatest, .zeros = zeros, .count = count,
  .count4 = count4, .count4_cells = count4_cells, .count_pairs = count_pairs, .sum = sum, .sum4 = sum4, .sum_one = sum_one, .larger = larger, .extremes = extremes, .distinct = distinct,
  .distinct_one = distinct_one, .merge_sets = merge_sets, .histogram = histogram,
};
