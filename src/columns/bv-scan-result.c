/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Reading what a scan found: distinct codes of a group (a population count, O(codes / 64)), ranks for percentiles (a walk along the histogram, or
 * direct access where the codes were sorted), and the sort of pairs: least significant byte first, skipping the bytes that all pairs share.
 */
#include "bv-scan.h"
#include "bv-scratch.h"

#include <string.h>

#define FEW_PAIRS 24 /* are put in their place one by one: counting bytes clears more memory than they take */

static void
insert_pairs (guint64 *pairs, gsize n)
{
  for (gsize i = 1; i < n; i++)
    {
      guint64 pair = pairs[i];
      gsize at = i;

      for (; at > 0 && pairs[at - 1] > pair; at--)
        pairs[at] = pairs[at - 1];
      pairs[at] = pair;
    }
}

void
bv_sort_pairs (guint64 *pairs, gsize n)
{
  guint64 all_or = 0, all_and = G_MAXUINT64;
  g_autofree guint64 *other = NULL;
  guint64 *from = pairs, *to;

  if (n <= FEW_PAIRS)
    {
      insert_pairs (pairs, n);
      return;
    }

  for (gsize i = 0; i < n; i++)
    {
      all_or |= pairs[i];
      all_and &= pairs[i];
    }
  if (n < 2 || all_or == all_and)
    return;
  to = other = g_new (guint64, n);
  for (guint shift = 0; shift < 64; shift += 8)
    {
      gsize starts[256] = { 0 };
      gsize sum = 0;

      if (((all_or ^ all_and) >> shift & 0xff) == 0)
        continue;
      for (gsize i = 0; i < n; i++)
        starts[from[i] >> shift & 0xff]++;
      for (guint b = 0; b < 256; b++)
        {
          gsize count = starts[b];

          starts[b] = sum;
          sum += count;
        }
      for (gsize i = 0; i < n; i++)
        to[starts[from[i] >> shift & 0xff]++] = from[i];
      {
        guint64 *swap = from;

        from = to;
        to = swap;
      }
    }
  if (from != pairs)
    memcpy (pairs, from, n * sizeof *pairs);
}

/* The first pair that is not below @key. */
static gsize
find_pair (const BvStep *step, guint64 key)
{
  gsize low = 0, high = step->n_pairs;

  while (low < high)
    {
      gsize middle = low + (high - low) / 2;

      if (step->pairs[middle] < key)
        low = middle + 1;
      else
        high = middle;
    }
  return low;
}

guint64
bv_step_n_distinct (const BvStep *step, guint64 group)
{
  guint64 n = 0;

  if (step->sets != NULL)
    {
      const guint64 *set = step->sets[group];

      return set != NULL ? bv_kernels->popcount (set, step->n_words) - (set[0] & 1) : 0; /* null is none */
    }
  for (gsize i = find_pair (step, group << 32); i < step->n_pairs && step->pairs[i] >> 32 == group; i++)
    n += i == 0 || step->pairs[i] != step->pairs[i - 1];
  return n;
}

guint64
bv_step_n_filled (const BvStep *step, guint64 group)
{
  guint64 n = 0;

  if (step->histogram == NULL)
    return find_pair (step, (group + 1) << 32) - find_pair (step, group << 32);
  for (guint64 v = 1; v < step->n_values; v++)
    n += step->histogram[group * step->n_values + v];
  return n;
}

void
bv_step_ranked (const BvStep *step, guint64 group, guint64 low, guint32 *a, guint32 *b)
{
  guint64 seen = 0;

  *a = *b = 0;
  if (step->histogram == NULL)
    {
      gsize start = find_pair (step, group << 32) + low;

      *a = *b = (guint32) step->pairs[start];
      if (start + 1 < step->n_pairs && step->pairs[start + 1] >> 32 == group)
        *b = (guint32) step->pairs[start + 1];
      return;
    }
  for (guint64 v = 1; v < step->n_values; v++)
    {
      guint32 times = step->histogram[group * step->n_values + v];

      if (times == 0)
        continue;
      seen += times;
      if (*a == 0 && seen > low)
        *a = *b = (guint32) v;
      if (seen > low + 1)
        {
          *b = (guint32) v;
          return;
        }
    }
}

/* Sums of their own, not through the total's arrays, which the compiler would have to write after each group. */
static guint32
sum_counts (const guint32 *count, guint64 n_groups)
{
  guint32 sum = 0;

  for (guint64 g = 0; g < n_groups; g++)
    sum += count[g];
  return sum;
}

static guint64
sum_sums (const guint64 *sums, guint64 n_groups)
{
  guint64 sum = 0;

  for (guint64 g = 0; g < n_groups; g++)
    sum += sums[g];
  return sum;
}

gboolean
bv_step_total (const BvStep *step, const guint32 *rows, guint64 n_groups, BvStep *total)
{
  *total = *step;
  total->has_all = FALSE;
  total->count = NULL;
  total->sum = NULL;
  total->wide = total->decimals = NULL;
  total->inexact = NULL;
  total->min = total->max = NULL;
  total->sets = NULL;
  total->memory = NULL;
  total->histogram = NULL;
  total->pairs = NULL;
  total->n_pairs = 0;
  if (step->kind == BV_STEP_PAIRS)
    return FALSE;
  if (step->pairs != NULL)
    {
      total->pairs = g_new (guint64, step->n_pairs + 1);
      total->n_pairs = step->n_pairs;
      for (gsize i = 0; i < step->n_pairs; i++)
        total->pairs[i] = step->pairs[i] & G_MAXUINT32;
      bv_sort_pairs (total->pairs, total->n_pairs);
    }
  if (step->count != NULL)
    {
      total->count = bv_scratch_new (sizeof (guint32));
      total->count[0] = step->has_all ? step->all_count : sum_counts (step->count, n_groups);
    }
  if (step->sum != NULL)
    {
      total->sum = bv_scratch_new (sizeof (guint64));
      total->sum[0] = step->has_all ? step->all_sum : sum_sums (step->sum, n_groups);
    }
  if (step->wide != NULL)
    {
      total->wide = bv_scratch_new0 (sizeof (__int128));
      total->decimals = bv_scratch_new0 (sizeof (__int128));
      total->inexact = bv_scratch_new0 (sizeof (guint8));
      for (guint64 g = 0; g < n_groups; g++)
        {
          total->wide[0] += step->wide[g];
          total->decimals[0] += step->decimals[g];
          total->inexact[0] |= step->inexact[g];
        }
    }
  if (step->min != NULL)
    {
      total->min = bv_scratch_new (sizeof (guint32));
      total->max = bv_scratch_new0 (sizeof (guint32));
      total->min[0] = G_MAXUINT32;
      for (guint64 g = 0; g < n_groups; g++)
        {
          total->min[0] = MIN (total->min[0], step->min[g]);
          total->max[0] = MAX (total->max[0], step->max[g]);
        }
    }
  if (step->sets != NULL)
    {
      guint64 *set = bv_scratch_new0 (step->n_words * sizeof *set);

      total->memory = g_ptr_array_new_with_free_func (bv_scratch_free);
      g_ptr_array_add (total->memory, set);
      total->sets = bv_scratch_new (sizeof *total->sets);
      total->sets[0] = set;
      for (guint64 g = 0; g < n_groups; g++)
        if (step->sets[g] != NULL)
          bv_kernels->merge_sets (set, step->sets[g], step->n_words);
    }
  if (step->histogram != NULL)
    {
      guint32 *restrict histogram = bv_scratch_new0 (sizeof *histogram * step->n_values);

      total->histogram = histogram;
      for (guint64 g = 0; g < n_groups; g++)
        for (guint64 v = 0; v < step->n_values && (rows == NULL || rows[g] != 0); v++)
          histogram[v] += step->histogram[g * step->n_values + v];
    }
  return TRUE;
}
