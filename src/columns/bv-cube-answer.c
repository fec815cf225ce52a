/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Answers from a cube, step by step: what was kept of the codes that are asked for is added up, group by group.
 *
 * Counters were summed up along the codes, so that a stretch of codes of one group is a difference; sets are united, whole weeks at once; the rest is
 * added code by code. Where rows are kept they are counted as a scan would, but already filtered, joined and side by side; and while one range follows
 * another, counters, sums and histograms are those of the range before, less the codes that were left, and the ones that were entered. All of them are
 * integers, so that nothing is lost on the way. Such arrays are lent to one answer at a time; whoever asks meanwhile fills its own.
 *
 * Cost: cells by stretch and group; words of a set by week; rows of the codes that came and went, or of all that are asked for.
 */
#include "bv-acc-private.h"
#include "bv-cube-private.h"
#include "bv-scratch.h"

#include <string.h>

#define NEW0(type, n) ((type *) bv_scratch_new0 (sizeof (type) * (n)))

/* --- Rows ------------------------------------------------------------------------------------------------------------------------- */

gboolean
bv_cube_step_slides (const BvCube *self, const BvCubeStep *step, guint64 n_values)
{
  if (!self->ranged || step->starts == NULL)
    return FALSE;
  if (step->kind == BV_STEP_HISTOGRAM)
    return bv_acc_fits_histogram (n_values, self->n_groups, step->starts[self->n_codes]);
  return step->kind == BV_STEP_COUNT || step->kind == BV_STEP_SUM;
}

/* Adds the rows of first ≤ code < end @times, which is 1 or −1: unsigned numbers wrap around to the same. */
static void
count_rows (const BvCube *self, const BvCubeStep *rows, BvStep *step, guint64 first, guint64 end, gint32 times)
{
  for (guint64 code = first; code < end; code++)
    for (guint32 i = rows->starts[code]; i < rows->starts[code + 1]; i++)
      {
        guint64 group = self->outer[code] + (rows->groups != NULL ? rows->groups[i] : 0);

        if (step->kind == BV_STEP_HISTOGRAM)
          {
            step->histogram[group * step->n_values + rows->values[i]] += (guint32) times;
            continue;
          }
        step->count[group] += (guint32) times;
        step->all_count += (guint32) times;
        if (step->kind == BV_STEP_SUM)
          {
            guint64 value = (guint64) ((gint64) times * rows->values[i]);

            step->sum[group] += value;
            step->all_sum += value;
          }
      }
}

static void
clear_counters (BvStep *step, guint64 n_groups)
{
  if (step->count != NULL)
    memset (step->count, 0, n_groups * sizeof *step->count);
  if (step->sum != NULL)
    memset (step->sum, 0, n_groups * sizeof *step->sum);
  if (step->histogram != NULL)
    memset (step->histogram, 0, n_groups * step->n_values * sizeof *step->histogram);
  step->all_count = 0;
  step->all_sum = 0;
}

/* Moves the counters from one array of a step to another's. */
static void
move_counters (BvStep *from, BvStep *to)
{
  to->count = g_steal_pointer (&from->count);
  to->sum = g_steal_pointer (&from->sum);
  to->histogram = g_steal_pointer (&from->histogram);
  to->all_count = from->all_count;
  to->all_sum = from->all_sum;
}

static guint64
rows_within (const BvCubeStep *rows, guint64 first, guint64 end)
{
  return end > first ? rows->starts[end] - rows->starts[first] : 0;
}

static void
slide (BvCube *self, BvCubeStep *rows, BvStep *step, guint64 first, guint64 end)
{
  guint64 old_first, old_end, common_first, common_end, n_common;

  g_mutex_lock (&self->mutex);
  move_counters (&rows->window, step);
  old_first = rows->first;
  old_end = rows->end;
  g_mutex_unlock (&self->mutex);
  step->has_all = step->kind != BV_STEP_HISTOGRAM;
  if (step->count == NULL && step->histogram == NULL)
    {
      step->all_count = 0;
      step->all_sum = 0;
      old_first = old_end = first;
      if (step->kind == BV_STEP_HISTOGRAM)
        step->histogram = NEW0 (guint32, self->n_groups * step->n_values);
      else
        step->count = NEW0 (guint32, self->n_groups);
      if (step->kind == BV_STEP_SUM)
        step->sum = NEW0 (guint64, self->n_groups);
    }
  common_first = MAX (first, old_first);
  common_end = MAX (common_first, MIN (end, old_end));
  n_common = rows_within (rows, common_first, common_end);
  if (n_common * 2 < rows_within (rows, old_first, old_end))
    {
      clear_counters (step, self->n_groups);
      count_rows (self, rows, step, first, end, 1);
      return;
    }
  if (n_common == 0)
    {
      /* There were no rows to take away. */
      count_rows (self, rows, step, first, end, 1);
      return;
    }
  count_rows (self, rows, step, old_first, common_first, -1);
  count_rows (self, rows, step, common_end, old_end, -1);
  count_rows (self, rows, step, first, common_first, 1);
  count_rows (self, rows, step, common_end, end, 1);
}

/* As a scan does it, but over rows that are chosen already. */
static void
scan_rows (const BvCube *self, const BvCubeStep *rows, BvStep *step, const BvCubeRange *ranges, guint n_ranges)
{
  g_autofree guint32 *group = g_new (guint32, BV_BLOCK_ROWS);
  BvAcc acc = { NULL };

  step->max_rows = 0;
  for (guint r = 0; r < n_ranges; r++)
    step->max_rows += rows_within (rows, ranges[r].first, ranges[r].end);
  bv_acc_init (&acc, step, self->n_groups);
  for (guint r = 0; r < n_ranges; r++)
    {
      guint64 code = ranges[r].first;
      guint32 last = rows->starts[ranges[r].end];

      for (guint32 from = rows->starts[code], to; from < last; from = to)
        {
          to = MIN (last, from + BV_BLOCK_ROWS);
          for (guint32 i = from; i < to; i++)
            {
              while (rows->starts[code + 1] <= i)
                code++;
              group[i - from] = self->outer[code] + (rows->groups != NULL ? rows->groups[i] : 0);
            }
          bv_acc_add (step, &acc, self->n_groups, group, 0, rows->values != NULL ? rows->values + from : NULL, to - from);
        }
    }
  bv_acc_merge (step, &acc, self->n_groups);
  bv_acc_finish (step);
  bv_acc_clear (&acc);
}

/* --- Cells ------------------------------------------------------------------------------------------------------------------------ */

static void
init_step (BvStep *step, const BvStep *from, guint64 n_groups)
{
  if (from->count != NULL)
    step->count = NEW0 (guint32, n_groups);
  if (from->sum != NULL)
    step->sum = NEW0 (guint64, n_groups);
  if (from->wide != NULL)
    {
      step->wide = NEW0 (__int128, n_groups);
      step->decimals = NEW0 (__int128, n_groups);
      step->inexact = NEW0 (guint8, n_groups);
    }
  if (from->min != NULL)
    {
      step->min = bv_scratch_new (n_groups * sizeof *step->min);
      memset (step->min, 0xff, n_groups * sizeof *step->min);
      step->max = NEW0 (guint32, n_groups);
    }
  if (from->sets != NULL)
    {
      step->sets = NEW0 (guint64 *, n_groups);
      step->memory = g_ptr_array_new_with_free_func (bv_scratch_free);
    }
  if (from->histogram != NULL)
    step->histogram = NEW0 (guint32, n_groups * step->n_values);
}

/* first ≤ code < end, which are of one group, of counters that were summed up. */
static void
add_summed (const BvCube *self, const BvStep *from, BvStep *step, guint64 first, guint64 end)
{
  for (guint64 i = 0; i < self->n_inner; i++)
    {
      guint64 group = self->outer[first] + self->within[i], n = step->n_values, last = (end - 1) * self->n_inner + i, before = (first - 1) * self->n_inner + i;

      if (from->count != NULL)
        step->count[group] += from->count[last] - (first > 0 ? from->count[before] : 0);
      if (from->sum != NULL)
        step->sum[group] += from->sum[last] - (first > 0 ? from->sum[before] : 0);
      for (guint64 v = 0; from->histogram != NULL && v < n; v++)
        step->histogram[group * n + v] += from->histogram[last * n + v] - (first > 0 ? from->histogram[before * n + v] : 0);
    }
}

void
bv_cube_add_cell (const BvCubeStep *step, const BvStep *cells, guint64 cell, guint64 *set)
{
  if (cells->sets[cell] != NULL)
    bv_kernels->merge_sets (set, cells->sets[cell], cells->n_words);
  for (guint32 i = step->list_at[cell]; i < step->list_at[cell + 1]; i++)
    set[step->listed[i] / 64] |= G_GUINT64_CONSTANT (1) << (step->listed[i] % 64);
}

/* The group's set; made when it is first met, from @like (nullable) if it can be. TRUE when that was all. */
static gboolean
find_set (BvStep *step, guint64 group, const guint64 *like)
{
  gsize size = step->n_words * sizeof (guint64);

  if (step->sets[group] != NULL)
    return FALSE;
  step->sets[group] = like != NULL ? bv_scratch_new (size) : bv_scratch_new0 (size);
  g_ptr_array_add (step->memory, step->sets[group]);
  if (like != NULL)
    memcpy (step->sets[group], like, size);
  return like != NULL;
}

/* The union of the sets of first ≤ code < end, which are of one group. */
static void
unite (const BvCube *self, const BvCubeStep *kept, const BvStep *from, BvStep *step, guint64 first, guint64 end, guint64 inner)
{
  guint64 group = self->outer[first] + self->within[inner];

  for (guint64 code = first; code < end;)
    {
      guint64 cell = code * self->n_inner + inner, place = code - self->first_block;
      const guint64 *block = NULL;

      if (kept->blocks != NULL && code >= self->first_block && place % BV_CUBE_BLOCK == 0 && code + BV_CUBE_BLOCK <= end)
        block = kept->blocks->pdata[place / BV_CUBE_BLOCK * self->n_inner + inner];
      if (block != NULL)
        {
          if (!find_set (step, group, block))
            bv_kernels->merge_sets (step->sets[group], block, step->n_words);
          code += BV_CUBE_BLOCK;
          continue;
        }
      if (from->sets[cell] != NULL || kept->list_at[cell + 1] > kept->list_at[cell])
        {
          if (!find_set (step, group, from->sets[cell]))
            bv_cube_add_cell (kept, from, cell, step->sets[group]);
        }
      code++;
    }
}

/* A cell of what is not summed up. */
static void
add_cell (BvStep *step, guint64 group, const BvStep *from, guint64 cell)
{
  if (from->wide != NULL)
    {
      step->count[group] += from->count[cell];
      step->wide[group] += from->wide[cell];
      step->decimals[group] += from->decimals[cell];
      step->inexact[group] |= from->inexact[cell];
    }
  if (from->min != NULL)
    {
      step->min[group] = MIN (step->min[group], from->min[cell]);
      step->max[group] = MAX (step->max[group], from->max[cell]);
    }
}

static void
add_range (const BvCube *self, const BvCubeStep *kept, const BvStep *from, BvStep *step, guint64 first, guint64 end)
{
  for (guint64 code = first, next; code < end; code = next)
    {
      next = code + 1;
      while (next < end && self->outer[next] == self->outer[code])
        next++;
      if (kept->summed)
        add_summed (self, from, step, code, next);
      else if (from->sets != NULL)
        for (guint64 inner = 0; inner < self->n_inner; inner++)
          unite (self, kept, from, step, code, next, inner);
      else
        for (guint64 c = code; c < next; c++)
          for (guint64 inner = 0; inner < self->n_inner; inner++)
            add_cell (step, self->outer[c] + self->within[inner], from, c * self->n_inner + inner);
    }
}

/* --- Steps ------------------------------------------------------------------------------------------------------------------------ */

void
bv_cube_answer (BvCube *self, BvScan *scan, const BvCubeRange *ranges, guint n_ranges)
{
  gint64 start = g_get_monotonic_time ();

  for (guint i = 0; i < scan->n_steps; i++)
    {
      BvCubeStep *kept = &self->steps[i];
      const BvStep *from = &self->scan.steps[i];
      BvStep *step = &scan->steps[i];

      step->n_words = step->n_values / 64 + 1;
      if (n_ranges == 1 && bv_cube_step_slides (self, kept, step->n_values))
        slide (self, kept, step, ranges->first, ranges->end);
      else if (kept->starts != NULL)
        scan_rows (self, kept, step, ranges, n_ranges);
      else
        {
          init_step (step, from, self->n_groups);
          for (guint r = 0; r < n_ranges; r++)
            add_range (self, kept, from, step, ranges[r].first, ranges[r].end);
        }
    }
  scan->ms = (double) (g_get_monotonic_time () - start) / 1000;
}

void
bv_cube_take_back (BvCube *self, BvScan *scan, const BvCubeRange *ranges, guint n_ranges)
{
  g_mutex_lock (&self->mutex);
  for (guint i = 0; i < scan->n_steps && n_ranges == 1; i++)
    {
      BvCubeStep *kept = &self->steps[i];

      if (!bv_cube_step_slides (self, kept, scan->steps[i].n_values) || kept->window.count != NULL || kept->window.histogram != NULL)
        continue;
      move_counters (&scan->steps[i], &kept->window);
      kept->first = ranges->first;
      kept->end = ranges->end;
    }
  g_mutex_unlock (&self->mutex);
}
