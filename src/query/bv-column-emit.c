/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Groups with their numbers as rows of a leg's result. Where only the best of many groups are wanted, only these become rows: the values are compared
 * as the integers that they are made of wherever these have the same order.
 *
 * Cost: O(groups) looks at a counter, and an allocation or two for each group that is shown.
 */
#include "config.h"

#include "bv-column-leg-private.h"

#include <math.h>
#include <string.h>

#define LOOK_AHEAD 128 /* groups */

static BvValue
measure_value (BvColumnLeg *leg, guint i, guint64 g)
{
  const BvPlanMeasure *measure = leg->session->plan->measures->pdata[g_array_index (leg->measures, guint, i)];

  if (leg->steps[leg->rows_of[i]].count[g] > 0)
    return bv_column_step_value (&leg->steps[i + 1], measure, leg->columns[i], g);
  return bv_leg_merge_empty (leg->merge, measure);
}

/* @keys: room for those of a row. */
static void
emit_group (BvColumnLeg *leg, BvValue *keys, guint64 g, guint64 group)
{
  BvGroupRow *row;

  for (guint i = 0; i < leg->n_groups_by; i++)
    keys[i] = bv_column_group_value (&leg->groups[i], group);
  row = bv_leg_merge_row (leg->merge, keys);
  for (guint i = 0; i < leg->measures->len; i++)
    row->measures[g_array_index (leg->measures, guint, i)] = measure_value (leg, i, g);
}

/* Values of a measure as integers of the same order: count[g], or count[g] · each + sum[g] where there are sums, null being less than all. */
typedef struct
{
  const guint32 *count;
  const guint64 *sum;
  gint64 each;
  gboolean counts_fit; /* in 31 bits */
} Raw;

/* FALSE where there are no such integers, or too large ones. */
static gboolean
init_raw (Raw *raw, const BvStep *step, const BvPlanMeasure *measure, const BvEncodedColumn *column, guint64 n_rows)
{
  *raw = (Raw){ step->count, NULL, 1, FALSE };
  if (step->kind == BV_STEP_COUNT || (step->kind == BV_STEP_SUM && measure->aggregate == BV_AGG_COUNT))
    return TRUE;
  if (step->kind != BV_STEP_SUM || measure->aggregate != BV_AGG_SUM)
    return FALSE;
  *raw = (Raw){ step->count, step->sum, column->base - 1, n_rows <= G_MAXINT32 };
  return (fabs ((double) column->base) + (double) column->n_codes) * (double) n_rows < (double) (G_MAXINT64 / 2);
}

static inline gint64
raw_value (const Raw *raw, guint64 g)
{
  if (raw->sum == NULL)
    return raw->count[g];
  return raw->count[g] == 0 ? G_MININT64 : (gint64) raw->sum[g] + raw->each * (gint64) raw->count[g];
}

/* Whether any of the groups from @g to @end is larger than @least. Without a branch for each: most groups are not, and which have rows is not to be
 * guessed. */
static gboolean
any_larger (const Raw *raw, guint64 g, guint64 end, gint64 least)
{
  guint larger = 0;

  /* Where groups without rows cannot be larger, they need not be told from others. */
  if (raw->sum != NULL && least >= 0 && raw->each == (gint32) raw->each && raw->counts_fit)
    return bv_kernels->larger (raw->count + g, raw->sum + g, end - g, (gint32) raw->each, least);
  for (; g < end; g++)
    larger |= raw_value (raw, g) > least;
  return larger != 0;
}

/* Emits the groups with the largest values of a measure: a sorted list of them is kept, and most groups are not larger than its last. */
static void
emit_best (BvColumnLeg *leg, BvValue *keys)
{
  const guint64 n = leg->numbers != NULL ? leg->n_numbers : leg->n_groups;
  const guint32 *rows = leg->steps[0].count;
  guint wanted = (guint) MIN (leg->run->best, n), n_best = 0, n_found = 0, i = 0;
  g_autofree guint64 *best = g_new (guint64, wanted + 1);
  g_autofree BvValue *values = g_new0 (BvValue, wanted + 1);
  g_autofree gint64 *raws = g_new0 (gint64, wanted + 1);
  const BvPlanMeasure *measure;
  Raw raw = { NULL };
  gboolean by_raw;

  while (g_array_index (leg->measures, guint, i) != leg->run->best_measure)
    i++;
  measure = leg->session->plan->measures->pdata[leg->run->best_measure];
  by_raw = leg->rows_of[i] == 0 && init_raw (&raw, &leg->steps[i + 1], measure, leg->columns[i], leg->session->tables[leg->node]->n_rows);
  for (guint64 g = 0; g < n; g++)
    n_found += rows[g] != 0;
  for (guint64 g = 0; g < n; g++)
    {
      BvValue value = BV_VALUE_NULL;
      gint64 mine = 0;
      guint at;

      if (by_raw && g % LOOK_AHEAD == 0 && n_best == wanted && !any_larger (&raw, g, MIN (g + LOOK_AHEAD, n), raws[wanted - 1]))
        {
          g += LOOK_AHEAD - 1;
          continue;
        }
      if (rows[g] == 0)
        continue;
      if (by_raw)
        {
          mine = raw_value (&raw, g);
          if (n_best == wanted && mine <= raws[wanted - 1])
            continue;
        }
      else
        value = measure_value (leg, i, g);
      for (at = n_best; at > 0 && (by_raw ? mine > raws[at - 1] : bv_value_compare (&value, &values[at - 1]) > 0); at--)
        {
          best[at] = best[at - 1];
          values[at] = values[at - 1];
          raws[at] = raws[at - 1];
        }
      best[at] = g;
      values[at] = value;
      raws[at] = mine;
      if (n_best < wanted)
        n_best++;
      else
        bv_value_clear (&values[wanted]);
    }
  leg->merge->result->n_left_out += n_found - n_best;
  for (guint k = 0; k < n_best; k++)
    {
      emit_group (leg, keys, best[k], leg->numbers != NULL ? leg->numbers[best[k]] : best[k]);
      bv_value_clear (&values[k]);
    }
}

/* Emits the groups that are kept, of a leg by one group. */
static void
emit_kept (BvColumnLeg *leg, BvValue *keys)
{
  for (guint i = 0; i < leg->run->keep->len; i++)
    {
      guint64 number = bv_column_group_find (&leg->groups[0], &g_array_index (leg->run->keep, BvValue, i)), g = number;

      if (number >= leg->n_groups)
        continue;
      if (leg->numbers != NULL)
        {
          guint64 high = leg->n_numbers;

          for (g = 0; g < high;)
            {
              guint64 middle = (g + high) / 2;

              if (leg->numbers[middle] < number)
                g = middle + 1;
              else
                high = middle;
            }
          if (g == leg->n_numbers || leg->numbers[g] != number)
            continue;
        }
      if (leg->steps[0].count[g] > 0)
        emit_group (leg, keys, g, number);
    }
}

void
bv_column_leg_emit (BvColumnLeg *leg)
{
  const BvLegRun *run = leg->run;
  const guint64 n = leg->numbers != NULL ? leg->n_numbers : leg->n_groups;
  const BvColumnGroup *kept = run->keep != NULL ? &leg->groups[run->keep_group] : NULL;
  g_autofree BvValue *keys = g_new (BvValue, leg->n_groups_by + 1);
  g_autofree guint8 *keep = NULL;

  if (run->best > 0 && run->n_groups == 1 && !leg->own_where && leg->measures->len > 0 && leg->measures->len == leg->session->plan->measures->len)
    {
      emit_best (leg, keys);
      return;
    }
  if (kept != NULL && run->n_groups == 1)
    {
      emit_kept (leg, keys);
      return;
    }
  keep = kept != NULL ? g_malloc0 (kept->n) : NULL;
  for (guint i = 0; kept != NULL && i < run->keep->len; i++)
    {
      guint64 number = bv_column_group_find (kept, &g_array_index (run->keep, BvValue, i));

      if (number < kept->n)
        keep[number] = 1;
    }
  for (guint64 g = 0; g < n; g++)
    {
      guint64 group = leg->numbers != NULL ? leg->numbers[g] : g;

      if (leg->steps[0].count[g] == 0 && run->n_groups > 0)
        continue;
      if (kept == NULL || keep[group / kept->stride % kept->n])
        emit_group (leg, keys, g, group);
    }
}

void
bv_column_leg_note_totals (BvColumnLeg *leg)
{
  const BvStep *rows = &leg->steps[0];
  guint64 n_rows = rows->has_all ? rows->all_count : 0;

  for (guint64 g = 0; g < leg->n_groups && !rows->has_all; g++)
    n_rows += rows->count[g];
  leg->totals = g_new0 (BvTotal, leg->measures->len + 1);
  for (guint i = 0; i < leg->measures->len; i++)
    {
      const BvPlanMeasure *measure = leg->session->plan->measures->pdata[g_array_index (leg->measures, guint, i)];
      BvStep total;

      leg->totals[i].known = bv_step_total (&leg->steps[i + 1], leg->steps[0].count, leg->n_groups, &total);
      if (leg->totals[i].known)
        leg->totals[i].value = n_rows > 0 ? bv_column_step_value (&total, measure, leg->columns[i], 0) : bv_measure_empty (measure);
      bv_step_clear (&total);
    }
}

/* What a measure is of all rows under filters, found on the way to groups; NULL when it was not. */
static const BvValue *
find_total (const BvColumnSession *self, guint measure, const char *run_key)
{
  for (guint k = 0; k < self->legs->len; k++)
    {
      const BvColumnLeg *leg = self->legs->pdata[k];

      for (guint i = 0; leg->totals != NULL && i < leg->measures->len; i++)
        if (leg->totals[i].known && g_array_index (leg->measures, guint, i) == measure && strcmp (leg->run_key, run_key) == 0)
          return &leg->totals[i].value;
    }
  return NULL;
}

gboolean
bv_column_emit_totals (BvLegMerge *merge, const char *run_key)
{
  BvPlan *plan = merge->plan;
  BvGroupRow *row;

  for (guint m = 0; m < plan->measures->len; m++)
    if ((merge->run->only == NULL || merge->run->only[m]) && find_total (plan->columns, m, run_key) == NULL)
      return FALSE;
  row = bv_leg_merge_row (merge, NULL);
  for (guint m = 0; m < plan->measures->len; m++)
    if (merge->run->only == NULL || merge->run->only[m])
      row->measures[m] = bv_value_copy (find_total (plan->columns, m, run_key));
  return TRUE;
}
