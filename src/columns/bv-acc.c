/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Accumulators: what is added up of each group, one per step and thread.
 *
 * Everything is an integer, so that neither the order of rows nor that of merging can show: counts, sums of codes, 128-bit sums of doubles in
 * units of the smallest bit that occurs, bitsets of codes, histograms of codes. Where groups · codes is more than an array should have, pairs
 * (group << 32 | code) are noted and sorted in the end; so are they where rows are few.
 *
 * Cost per row: 0.3 to 2 ns; memory: the arrays once per thread, from the scratch store. Sets are made when their group is met, so that a
 * thread has none of groups that lie elsewhere in the table.
 */
#include "bv-acc-private.h"
#include "bv-scratch.h"

#include <math.h>
#include <string.h>

#define SMALL_SETS (G_GUINT64_CONSTANT (64) << 20) /* bytes */
/* 32 MB of counters: sorting as many pairs as there are rows takes far longer than clearing them. */
#define MAX_HISTOGRAM (1 << 23)
#define FEW_GROUPS 1024
#define MAX_TWO 64 /* codes: counters of two neighbours then stay in the first cache */

/* Sets that take no more memory than a pair for each row would, unless that is little, and that more is written to than must be cleared and read. */
static gboolean
fits_set (const BvStep *step, guint64 n_groups)
{
  guint64 n_words = step->n_values / 64 + 1;

  return n_words <= MAX (SMALL_SETS, step->max_rows * sizeof (guint64)) / 8 / n_groups && n_words * n_groups <= 64 + step->max_rows * 8;
}

gboolean
bv_acc_fits_histogram (guint64 n_values, guint64 n_groups, guint64 max_rows)
{
  return n_values <= MAX_HISTOGRAM / n_groups && n_values * n_groups <= 256 + max_rows * 16;
}

static gboolean
is_quad (const BvStep *step, guint64 n_groups)
{
  return (step->kind == BV_STEP_COUNT || step->kind == BV_STEP_SUM) && n_groups <= FEW_GROUPS;
}

#define NEW0(type, n) ((type *) bv_scratch_new0 (sizeof (type) * (n)))

void
bv_acc_init (BvAcc *acc, const BvStep *step, guint64 n_groups)
{
  switch (step->kind)
    {
    case BV_STEP_COUNT:
      acc->count = NEW0 (guint32, n_groups * (is_quad (step, n_groups) ? 4 : 1));
      break;
    case BV_STEP_SUM:
      acc->count = NEW0 (guint32, n_groups * (is_quad (step, n_groups) ? 4 : 1));
      acc->sum = NEW0 (guint64, n_groups * (is_quad (step, n_groups) ? 4 : 1));
      break;
    case BV_STEP_WIDE_SUM:
      acc->count = NEW0 (guint32, n_groups);
      acc->wide = NEW0 (__int128, n_groups);
      acc->decimals = NEW0 (__int128, n_groups);
      acc->inexact = NEW0 (guint8, n_groups);
      break;
    case BV_STEP_EXTREMES:
      acc->min = bv_scratch_new (n_groups * sizeof *acc->min);
      memset (acc->min, 0xff, n_groups * sizeof *acc->min);
      acc->max = NEW0 (guint32, n_groups);
      break;
    case BV_STEP_DISTINCT:
      if (!fits_set (step, n_groups))
        {
          acc->pairs = g_array_new (FALSE, FALSE, sizeof (guint64));
          break;
        }
      acc->sets = NEW0 (guint64 *, n_groups);
      acc->memory = g_ptr_array_new_with_free_func (bv_scratch_free);
      break;
    case BV_STEP_HISTOGRAM:
      if (bv_acc_fits_histogram (step->n_values, n_groups, step->max_rows))
        acc->histogram = NEW0 (guint32, n_groups * step->n_values);
      else
        acc->pairs = g_array_new (FALSE, FALSE, sizeof (guint64));
      break;
    case BV_STEP_PAIRS:
    default:
      acc->pairs = g_array_new (FALSE, FALSE, sizeof (guint64));
      break;
    }
}

void
bv_acc_clear (BvAcc *acc)
{
  bv_scratch_free (acc->count);
  bv_scratch_free (acc->two);
  bv_scratch_free (acc->sum);
  bv_scratch_free (acc->wide);
  bv_scratch_free (acc->decimals);
  bv_scratch_free (acc->inexact);
  bv_scratch_free (acc->min);
  bv_scratch_free (acc->max);
  bv_scratch_free (acc->sets);
  g_clear_pointer (&acc->memory, g_ptr_array_unref);
  bv_scratch_free (acc->histogram);
  if (acc->pairs != NULL)
    g_array_unref (acc->pairs);
}

/* A double as a whole number of units of 2^exponent. */
static __int128
fixed_point (double x, int exponent)
{
  guint64 bits;
  gint64 mantissa;
  int e;

  memcpy (&bits, &x, sizeof bits);
  e = (int) (bits >> 52 & 0x7ff);
  mantissa = (gint64) (bits & G_GUINT64_CONSTANT (0xfffffffffffff));
  if (e == 0 && mantissa == 0)
    return 0;
  if (e == 0)
    e = 1;
  else
    mantissa |= G_GINT64_CONSTANT (1) << 52;
  e = e - 1075 - exponent;
  if (bits >> 63)
    mantissa = -mantissa;
  /* A unit above the mantissa's lowest bit cuts zeros only. */
  return e >= 0 ? (__int128) mantissa * ((__int128) 1 << e) : (__int128) (mantissa / (G_GINT64_CONSTANT (1) << -e));
}

gboolean
bv_step_can_sum (const BvEncodedColumn *column, guint64 n_rows, int *exponent)
{
  int low = G_MAXINT, high = G_MININT, log_rows = 1;

  *exponent = 0;
  if (column->coding != BV_CODING_DOUBLES)
    return TRUE;
  for (guint64 code = 1; code < column->n_codes; code++)
    {
      double x = column->doubles[code - 1];
      guint64 bits, mantissa;
      int e;

      memcpy (&bits, &x, sizeof bits);
      e = (int) (bits >> 52 & 0x7ff);
      mantissa = bits & G_GUINT64_CONSTANT (0xfffffffffffff);
      if (e == 0 && mantissa == 0)
        continue;
      if (e == 0)
        e = 1;
      else
        mantissa |= G_GUINT64_CONSTANT (1) << 52;
      low = MIN (low, e - 1075 + __builtin_ctzll (mantissa));
      high = MAX (high, e - 1075 + 53);
    }
  if (low > high)
    return TRUE;
  while (n_rows >> log_rows != 0)
    log_rows++;
  *exponent = low;
  return high - low + log_rows <= 126;
}

static void
sum_wide (const BvStep *step, BvAcc *acc, const guint32 *g, guint32 one, const guint32 *v, gsize n)
{
  const BvEncodedColumn *column = step->value.column;

  for (gsize i = 0; i < n; i++)
    {
      guint32 group = g != NULL ? g[i] : one;
      double x, k;

      if (v[i] == 0)
        continue;
      acc->count[group]++;
      if (column->coding != BV_CODING_DOUBLES)
        {
          acc->wide[group] += column->ints[v[i] - 1];
          continue;
        }
      x = column->doubles[v[i] - 1];
      k = nearbyint (x * BV_DECIMAL_SCALE);
      acc->wide[group] += fixed_point (x, step->wide_exponent);
      if (fabs (k) < 9007199254740992.0 && !(k / BV_DECIMAL_SCALE < x) && !(k / BV_DECIMAL_SCALE > x))
        acc->decimals[group] += (__int128) k;
      else
        acc->inexact[group] = 1;
    }
}

static guint64 *
set_of (const BvStep *step, BvAcc *acc, guint32 group)
{
  if (acc->sets[group] == NULL)
    {
      acc->sets[group] = NEW0 (guint64, step->n_words);
      g_ptr_array_add (acc->memory, acc->sets[group]);
    }
  return acc->sets[group];
}

static void
add_pairs (const BvStep *step, BvAcc *acc, const guint32 *g, guint32 one, const guint32 *v, gsize n)
{
  guint old = acc->pairs->len;
  guint64 *out;
  gsize k = 0;

  if (step->max_pairs > 0 && old + n > step->max_pairs)
    acc->overflowed = TRUE;
  if (acc->overflowed)
    return;
  g_array_set_size (acc->pairs, old + (guint) n);
  out = &g_array_index (acc->pairs, guint64, old);
  for (gsize i = 0; i < n; i++)
    if (v[i] != 0)
      out[k++] = (guint64) (g != NULL ? g[i] : one) << 32 | v[i];
  g_array_set_size (acc->pairs, old + (guint) k);
}

void
bv_acc_add (const BvStep *step, BvAcc *acc, guint64 n_groups, const guint32 *g, guint32 one, const guint32 *v, gsize n)
{
  switch (step->kind)
    {
    case BV_STEP_COUNT:
      acc->all_count += (guint32) n;
      if (g == NULL)
        acc->count[is_quad (step, n_groups) ? one * 4 : one] += (guint32) n;
      else if (is_quad (step, n_groups))
        bv_kernels->count4 (g, n, acc->count);
      else
        bv_kernels->count (g, n, acc->count);
      break;
    case BV_STEP_SUM:
      if (!is_quad (step, n_groups))
        bv_kernels->sum_one (v, n, &acc->all_count, &acc->all_sum);
      if (g == NULL)
        bv_kernels->sum_one (v, n, &acc->count[is_quad (step, n_groups) ? one * 4 : one], &acc->sum[is_quad (step, n_groups) ? one * 4 : one]);
      else if (is_quad (step, n_groups))
        bv_kernels->sum4 (g, v, n, acc->count, acc->sum);
      else
        bv_kernels->sum (g, v, n, acc->count, acc->sum);
      break;
    case BV_STEP_WIDE_SUM:
      sum_wide (step, acc, g, one, v, n);
      break;
    case BV_STEP_EXTREMES:
      if (g != NULL)
        bv_kernels->extremes (g, v, n, acc->min, acc->max);
      else
        for (gsize i = 0; i < n; i++)
          if (v[i] != 0)
            {
              acc->min[one] = MIN (acc->min[one], v[i]);
              acc->max[one] = MAX (acc->max[one], v[i]);
            }
      break;
    case BV_STEP_DISTINCT:
      if (acc->sets == NULL)
        add_pairs (step, acc, g, one, v, n);
      else if (g == NULL)
        bv_kernels->distinct_one (v, n, set_of (step, acc, one));
      else
        for (gsize i = 0; (i += bv_kernels->distinct (g + i, v + i, n - i, acc->sets)) < n;)
          set_of (step, acc, g[i]);
      break;
    case BV_STEP_HISTOGRAM:
      if (acc->histogram == NULL)
        add_pairs (step, acc, g, one, v, n);
      else if (g != NULL)
        bv_kernels->histogram (g, v, n, acc->histogram, step->n_values);
      else
        bv_kernels->count (v, n, acc->histogram + one * step->n_values);
      break;
    case BV_STEP_PAIRS:
    default:
      add_pairs (step, acc, g, one, v, n);
      break;
    }
}

void
bv_acc_count_cells (BvAcc *acc, guint64 n_groups, const void *cells, guint width, gsize n)
{
  gsize n_even = width == 1 && n_groups <= MAX_TWO ? n / 2 * 2 : 0;

  if (n_even > 0)
    {
      if (acc->two == NULL)
        acc->two = NEW0 (guint32, n_groups * 256);
      bv_kernels->count_pairs (cells, n_even, acc->two);
    }
  bv_kernels->count4_cells (bv_cells (cells, width, n_even), width, n - n_even, acc->count);
}

gboolean
bv_acc_is_cells (const BvStep *step, guint64 n_groups)
{
  return step->kind == BV_STEP_COUNT && is_quad (step, n_groups);
}

void
bv_step_clear (BvStep *step)
{
  g_clear_pointer (&step->count, bv_scratch_free);
  g_clear_pointer (&step->sum, bv_scratch_free);
  g_clear_pointer (&step->wide, bv_scratch_free);
  g_clear_pointer (&step->decimals, bv_scratch_free);
  g_clear_pointer (&step->inexact, bv_scratch_free);
  g_clear_pointer (&step->min, bv_scratch_free);
  g_clear_pointer (&step->max, bv_scratch_free);
  g_clear_pointer (&step->sets, bv_scratch_free);
  g_clear_pointer (&step->memory, g_ptr_array_unref);
  g_clear_pointer (&step->histogram, bv_scratch_free);
  g_clear_pointer (&step->pairs, g_free);
  step->n_pairs = 0;
  step->has_all = FALSE;
  step->all_count = 0;
  step->all_sum = 0;
}

/* What a group lacks here it takes from there. */
static void
merge_sets (BvStep *step, BvAcc *from, guint64 n_groups)
{
  for (guint64 g = 0; g < n_groups; g++)
    if (step->sets[g] == NULL)
      step->sets[g] = from->sets[g];
    else if (from->sets[g] != NULL)
      bv_kernels->merge_sets (step->sets[g], from->sets[g], step->n_words);
  g_ptr_array_extend_and_steal (step->memory, g_steal_pointer (&from->memory));
}

void
bv_acc_merge (BvStep *step, BvAcc *from, guint64 n_groups)
{
  if (from->pairs != NULL)
    {
      gsize n = from->pairs->len;

      step->pairs = g_renew (guint64, step->pairs, step->n_pairs + n + 1);
      if (n > 0)
        memcpy (step->pairs + step->n_pairs, from->pairs->data, n * sizeof (guint64));
      step->n_pairs += n;
      step->overflowed = step->overflowed || from->overflowed;
      return;
    }
  if (is_quad (step, n_groups))
    {
      if (step->count == NULL)
        step->count = NEW0 (guint32, n_groups);
      for (guint64 g = 0; g < n_groups; g++)
        step->count[g] += from->count[4 * g] + from->count[4 * g + 1] + from->count[4 * g + 2] + from->count[4 * g + 3];
      for (guint64 g = 0; from->two != NULL && g < n_groups; g++)
        for (guint64 other = 0; other < n_groups; other++)
          step->count[g] += from->two[g + 256 * other] + from->two[other + 256 * g];
      if (from->sum != NULL && step->sum == NULL)
        step->sum = NEW0 (guint64, n_groups);
      for (guint64 g = 0; from->sum != NULL && g < n_groups; g++)
        step->sum[g] += from->sum[4 * g] + from->sum[4 * g + 1] + from->sum[4 * g + 2] + from->sum[4 * g + 3];
      return;
    }
  /* A count or sum with one counter a group. */
  if (step->kind == BV_STEP_COUNT || step->kind == BV_STEP_SUM)
    {
      step->has_all = TRUE;
      step->all_count += from->all_count;
      step->all_sum += from->all_sum;
    }
  if (step->count == NULL && step->min == NULL && step->sets == NULL && step->histogram == NULL)
    {
      step->count = g_steal_pointer (&from->count);
      step->sum = g_steal_pointer (&from->sum);
      step->wide = g_steal_pointer (&from->wide);
      step->decimals = g_steal_pointer (&from->decimals);
      step->inexact = g_steal_pointer (&from->inexact);
      step->min = g_steal_pointer (&from->min);
      step->max = g_steal_pointer (&from->max);
      step->sets = g_steal_pointer (&from->sets);
      step->memory = g_steal_pointer (&from->memory);
      step->histogram = g_steal_pointer (&from->histogram);
      return;
    }
  for (guint64 g = 0; from->count != NULL && g < n_groups; g++)
    step->count[g] += from->count[g];
  for (guint64 g = 0; from->sum != NULL && g < n_groups; g++)
    step->sum[g] += from->sum[g];
  for (guint64 g = 0; from->wide != NULL && g < n_groups; g++)
    {
      step->wide[g] += from->wide[g];
      step->decimals[g] += from->decimals[g];
      step->inexact[g] |= from->inexact[g];
    }
  for (guint64 g = 0; from->min != NULL && g < n_groups; g++)
    {
      step->min[g] = MIN (step->min[g], from->min[g]);
      step->max[g] = MAX (step->max[g], from->max[g]);
    }
  if (from->sets != NULL)
    merge_sets (step, from, n_groups);
  for (guint64 i = 0; from->histogram != NULL && i < n_groups * step->n_values; i++)
    step->histogram[i] += from->histogram[i];
}

void
bv_acc_finish (BvStep *step)
{
  if (step->pairs != NULL && step->kind != BV_STEP_PAIRS)
    bv_sort_pairs (step->pairs, step->n_pairs);
}

static gpointer
copy_array (gconstpointer from, gsize size)
{
  gpointer to = from != NULL ? bv_scratch_new (size) : NULL;

  if (to != NULL)
    memcpy (to, from, size);
  return to;
}

void
bv_acc_copy (const BvStep *from, guint64 n_groups, BvStep *to)
{
  to->has_all = from->has_all;
  to->all_count = from->all_count;
  to->all_sum = from->all_sum;
  to->count = copy_array (from->count, n_groups * sizeof *from->count);
  to->sum = copy_array (from->sum, n_groups * sizeof *from->sum);
  to->wide = copy_array (from->wide, n_groups * sizeof *from->wide);
  to->decimals = copy_array (from->decimals, n_groups * sizeof *from->decimals);
  to->inexact = copy_array (from->inexact, n_groups * sizeof *from->inexact);
  to->wide_exponent = from->wide_exponent;
  to->min = copy_array (from->min, n_groups * sizeof *from->min);
  to->max = copy_array (from->max, n_groups * sizeof *from->max);
  to->n_words = from->n_words;
  to->n_pairs = from->n_pairs;
  to->overflowed = from->overflowed;
  to->pairs = g_memdup2 (from->pairs, from->n_pairs * sizeof *from->pairs);
  to->histogram = copy_array (from->histogram, n_groups * from->n_values * sizeof *from->histogram);
  to->sets = copy_array (from->sets, n_groups * sizeof *from->sets);
  /* Nobody changes a set once the pass is over, but each step frees its own. */
  if (from->sets != NULL)
    {
      to->memory = g_ptr_array_new_with_free_func (bv_scratch_free);
      for (guint64 g = 0; g < n_groups; g++)
        if (to->sets[g] != NULL)
          {
            to->sets[g] = copy_array (to->sets[g], from->n_words * sizeof (guint64));
            g_ptr_array_add (to->memory, to->sets[g]);
          }
    }
}

void
bv_step_take_total (const BvStep *from, guint64 n_groups, BvStep *to)
{
  const BvTest *where = to->where;

  bv_step_total (from, NULL, n_groups, to);
  to->where = where;
}
