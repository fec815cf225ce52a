/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The rows of one period of a chart.
 *
 * A period's legs are placed on the grid of time buckets and series (the groups other than time); cells that no row fell into are filled: counts
 * and sums are 0 there, other metrics have no value. Then running totals run along each series, and formulas are evaluated from the outputs before
 * them. Totals are a run of their own without groups, never sums of what is shown.
 */
#include "config.h"

#include "bv-result-private.h"
#include "bv-sum-private.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

#define MAX_FILLED 1000000

static void
values_free (BvValue *values, guint n)
{
  if (values != NULL)
    bv_values_clear (values, n);
  g_free (values);
}

void
bv_result_row_clear (BvResultRow *row, BvPlan *plan)
{
  bv_values_clear (row->keys, row->n_keys + plan->measures->len + plan->outputs->len);
  values_free (row->compare, plan->outputs->len);
}

void
bv_result_free (BvResult *result)
{
  if (result == NULL)
    return;
  for (guint i = 0; i < result->rows->len && result->owns; i++)
    bv_result_row_clear (result->rows->pdata[i], result->plan);
  g_ptr_array_unref (result->rows);
  g_clear_pointer (&result->buckets, g_array_unref);
  bv_arena_clear (&result->arena);
  values_free (result->totals, result->plan->outputs->len);
  g_free (result);
}

/* @n_rows: for which there is room. */
static BvResult *
result_new (BvPlan *plan, guint n_keys, guint n_rows)
{
  BvResult *result = g_new0 (BvResult, 1);

  result->plan = plan;
  result->rows = g_ptr_array_sized_new (n_rows);
  result->n_keys = n_keys;
  return result;
}

static BvValue *
values_copy (const BvValue *values, guint n)
{
  BvValue *copy = g_new0 (BvValue, n + 1);

  for (guint i = 0; i < n; i++)
    copy[i] = bv_value_copy (&values[i]);
  return copy;
}

/* Fills outputs that are not cumulative: measures as they are, formulas over the outputs before them. */
static void
evaluate (BvPlan *plan, BvValue *outputs)
{
  for (guint i = 0; i < plan->outputs->len; i++)
    {
      BvPlanOutput *output = plan->outputs->pdata[i];
      guint n;
      g_autofree double *parts = NULL;
      double value;

      if (output->formula == NULL)
        continue;
      n = bv_formula_get_names (output->formula)->len;
      parts = g_new (double, n + 1);
      for (guint k = 0; k < n; k++)
        parts[k] = bv_value_as_double (&outputs[output->parts[k]]);
      value = bv_formula_evaluate (output->formula, parts);
      outputs[i] = isnan (value) ? BV_VALUE_NULL : bv_value_double (value);
    }
}

/* --- History of cumulative metrics ---------------------------------------------------------------------------------------------------- */

static gboolean
needs_history (BvPlan *plan)
{
  if (!plan->has_range || !plan->range.has_from)
    return FALSE;
  for (guint i = 0; i < plan->outputs->len; i++)
    {
      BvPlanOutput *output = plan->outputs->pdata[i];

      if (output->cumulative && output->metric->from == BV_FROM_ALL)
        return TRUE;
    }
  return FALSE;
}

/* What metrics that run over all history had before the range, by the groups other than time. */
static BvLegResult *
run_history (BvPlan *plan, sqlite3 *db, const BvLegRun *like, const guint *groups, guint n_groups, GCancellable *cancellable, GError **error)
{
  BvRange before = { 0 };
  g_autoptr(BvPredicate) where = NULL;
  g_autofree gboolean *only = g_new0 (gboolean, plan->measures->len + 1);
  BvLegRun run = *like;

  for (guint i = 0; i < plan->outputs->len; i++)
    {
      BvPlanOutput *output = plan->outputs->pdata[i];

      if (output->cumulative && output->metric->from == BV_FROM_ALL)
        only[output->measure] = TRUE;
    }

  before.has_to = TRUE;
  before.to_us = plan->range.from_us;
  before.to_day = plan->range.from_day;
  where = bv_predicate_and (bv_predicate_ref (plan->where), bv_predicate_new_range (plan->time_node, plan->time_field, &before));
  run.groups = groups;
  run.n_groups = n_groups;
  run.where = where;
  run.only = only;
  return bv_legs_run (plan, db, &run, NULL, cancellable, error);
}

/* --- One period -------------------------------------------------------------------------------------------------------------------------- */

guint
bv_combo_hash (gconstpointer data)
{
  const BvComboKey *key = data;
  guint hash = 17;

  for (guint i = 0; i < key->n; i++)
    if ((int) i != key->skip)
      hash = hash * 31 + bv_value_hash (&key->keys[i]);
  return hash;
}

gboolean
bv_combo_equal (gconstpointer a, gconstpointer b)
{
  const BvComboKey *x = a, *y = b;

  for (guint i = 0; i < x->n; i++)
    if ((int) i != x->skip && !bv_value_equal (&x->keys[i], &y->keys[i]))
      return FALSE;
  return TRUE;
}

static int
compare_rows_by_combo (gconstpointer a, gconstpointer b, gpointer unused)
{
  const BvResultRow *x = *(BvResultRow *const *) a, *y = *(BvResultRow *const *) b;

  if (x->combo != y->combo)
    return x->combo < y->combo ? -1 : 1;
  return x->bucket < y->bucket ? -1 : x->bucket > y->bucket;
}

static BvResultRow *
row_new (BvResult *result, const BvValue *keys, const BvValue *measures, guint n_keys)
{
  BvPlan *plan = result->plan;
  BvResultRow *row = bv_arena_new0 (&result->arena, sizeof *row + (n_keys + plan->measures->len + plan->outputs->len) * sizeof (BvValue));

  row->n_keys = n_keys;
  row->span = 1;
  row->keys = (BvValue *) (row + 1);
  row->measures = row->keys + n_keys;
  row->outputs = row->measures + plan->measures->len;
  for (guint i = 0; i < n_keys; i++)
    {
      row->keys[i] = bv_value_copy (&keys[i]);
      result->owns |= keys[i].type == BV_TYPE_TEXT;
    }
  for (guint i = 0; i < plan->measures->len; i++)
    {
      row->measures[i] = measures != NULL ? bv_value_copy (&measures[i]) : bv_measure_empty (plan->measures->pdata[i]);
      result->owns |= row->measures[i].type == BV_TYPE_TEXT;
    }
  return row;
}

/* The row of a bucket that no row fell into. @keys: the other groups'. Along time, counts and sums of nothing are 0; other metrics have no value. */
static BvResultRow *
gap_new (BvResult *result, BvValue *keys, guint combo, guint bucket)
{
  BvPlan *plan = result->plan;
  gint64 start = g_array_index (result->buckets, gint64, bucket);
  gboolean is_date = g_array_index (plan->groups, BvPlanGroup, plan->time_group).type == BV_TYPE_DATE;
  BvResultRow *row;

  keys[plan->time_group] = is_date ? bv_value_date (start) : bv_value_timestamp (start);
  row = row_new (result, keys, NULL, plan->groups->len);
  row->combo = combo;
  row->bucket = bucket;
  for (guint i = 0; i < plan->measures->len; i++)
    {
      BvPlanMeasure *measure = plan->measures->pdata[i];

      if (measure->aggregate == BV_AGG_SUM && row->measures[i].type == BV_TYPE_NULL)
        row->measures[i] = measure->type == BV_TYPE_INT ? bv_value_int (0) : bv_value_double (0);
    }
  return row;
}

static void
add_combo (GHashTable *combos, const BvValue *keys, BvPlan *plan)
{
  BvComboKey probe = { keys, plan->groups->len, plan->time_group };

  if (!g_hash_table_contains (combos, &probe))
    {
      guint n = g_hash_table_size (combos);

      g_hash_table_insert (combos, g_memdup2 (&probe, sizeof probe), GUINT_TO_POINTER (n + 1));
    }
}

/* The keys of a row of a history, which has no time, with a place for the time. Texts are borrowed. (transfer full) */
static BvValue *
with_time (BvPlan *plan, const BvValue *others)
{
  BvValue *keys = g_new0 (BvValue, plan->groups->len + 1);
  guint n = 0;

  for (guint g = 0; g < plan->groups->len; g++)
    if ((int) g != plan->time_group)
      keys[g] = others[n++];
  return keys;
}

/* Adds the rows that series @combo lacks, to the result too with @listed. @others: its keys; NULL where time is the only group. */
static void
fill_series (BvResult *result, const BvValue *others, guint combo, BvResultRow **grid, gboolean listed)
{
  guint n_groups = result->plan->groups->len, n_buckets = result->buckets->len;
  g_autofree BvValue *keys = g_new0 (BvValue, n_groups);

  if (others != NULL)
    memcpy (keys, others, n_groups * sizeof *keys);
  for (guint b = 0; b < n_buckets; b++)
    {
      BvResultRow **cell = &grid[(gsize) combo * n_buckets + b];

      if (*cell != NULL)
        continue;
      *cell = gap_new (result, keys, combo, b);
      if (listed)
        g_ptr_array_add (result->rows, *cell);
    }
}

static gboolean
is_undated (const BvPlan *plan, const BvGroupRow *row)
{
  return row->keys[plan->time_group].type == BV_TYPE_NULL;
}

/* Whether rows with a date come in the order of time, each in a bucket of its own. */
static gboolean
is_in_order (const BvPlan *plan, const BvLegResult *legs, GArray *buckets)
{
  guint next = 0;

  for (guint i = 0; i < legs->rows->len; i++)
    {
      const BvGroupRow *row = legs->rows->pdata[i];
      guint bucket;

      if (is_undated (plan, row))
        continue;
      bucket = bv_buckets_find (buckets, row->keys[plan->time_group].i, next);
      if (bucket < next || bucket == buckets->len || g_array_index (buckets, gint64, bucket) != row->keys[plan->time_group].i)
        return FALSE;
      next = bucket + 1;
    }
  return TRUE;
}

/* The rows of the only series, in order. Buckets between them are one row: nothing changes along those, running totals neither. */
static void
place_along_time (BvResult *result, BvLegResult *legs)
{
  const BvPlan *plan = result->plan;
  guint next = 0;

  for (guint i = 0; i <= legs->rows->len; i++)
    {
      BvGroupRow *leg_row = i < legs->rows->len ? legs->rows->pdata[i] : NULL;
      guint bucket = result->buckets->len;
      BvResultRow *row;

      if (leg_row != NULL && is_undated (plan, leg_row))
        continue;
      if (leg_row != NULL)
        bucket = bv_buckets_find (result->buckets, leg_row->keys[plan->time_group].i, next);
      if (bucket > next)
        {
          row = gap_new (result, &(BvValue){ 0 }, 0, next);
          row->span = bucket - next;
          g_ptr_array_add (result->rows, row);
        }
      if (leg_row == NULL)
        continue;
      row = row_new (result, leg_row->keys, leg_row->measures, 1);
      row->bucket = bucket;
      g_ptr_array_add (result->rows, row);
      next = bucket + 1;
    }
  result->along_time = TRUE;
}

guint
bv_result_n_rows (BvResult *result)
{
  return result->along_time ? result->buckets->len : result->rows->len;
}

void
bv_result_unfold (BvResult *result)
{
  BvPlan *plan = result->plan;
  GPtrArray *rows;

  if (!result->along_time || result->rows->len == result->buckets->len)
    return;
  rows = g_ptr_array_sized_new (result->buckets->len);
  for (guint i = 0; i < result->rows->len; i++)
    {
      BvResultRow *row = result->rows->pdata[i];

      for (guint k = 0; k < row->span; k++)
        {
          BvResultRow *other = k == 0 ? row : gap_new (result, &(BvValue){ 0 }, 0, row->bucket + k);

          if (k > 0)
            memcpy (other->measures, row->measures, (plan->measures->len + plan->outputs->len) * sizeof *row->measures);
          g_ptr_array_add (rows, other);
        }
      row->span = 1;
    }
  g_ptr_array_unref (result->rows);
  result->rows = rows;
}

/* Numbers the series (group values other than time) and the buckets, and adds the rows that are missing. A series of which there is
 * only history runs on at its last value. @history: (nullable) */
static void
place_rows (BvResult *result, BvLegResult *legs, BvLegResult *history)
{
  BvPlan *plan = result->plan;
  GArray *buckets = result->buckets;
  /* By time alone there is one series, drawn empty where there is no data at all. */
  g_autoptr(GHashTable) combos = plan->groups->len > 1 ? g_hash_table_new_full (bv_combo_hash, bv_combo_equal, g_free, NULL) : NULL;
  g_autoptr(GPtrArray) made = NULL;
  g_autofree BvResultRow **grid = NULL;
  GHashTableIter iter;
  gpointer key, value;
  gsize n_cells, n_outside = 0;
  guint guess = 0, n_series;

  for (guint i = 0; i < legs->rows->len; i++)
    {
      BvGroupRow *leg_row = legs->rows->pdata[i];

      if (is_undated (plan, leg_row))
        result->undated = TRUE;
      else if (combos != NULL)
        add_combo (combos, leg_row->keys, plan);
    }
  if (combos == NULL && is_in_order (plan, legs, buckets))
    {
      place_along_time (result, legs);
      return;
    }
  made = g_ptr_array_new_with_free_func (g_free);
  for (guint i = 0; history != NULL && combos != NULL && i < history->rows->len; i++)
    {
      g_ptr_array_add (made, with_time (plan, ((BvGroupRow *) history->rows->pdata[i])->keys));
      add_combo (combos, made->pdata[made->len - 1], plan);
    }
  n_series = combos != NULL ? g_hash_table_size (combos) : 1;
  n_cells = (gsize) n_series * buckets->len;
  if (n_cells <= MAX_FILLED)
    grid = g_new0 (BvResultRow *, n_cells + 1);
  result->unfilled = grid == NULL;
  for (guint i = 0; i < legs->rows->len; i++)
    {
      BvGroupRow *leg_row = legs->rows->pdata[i];
      BvComboKey probe = { leg_row->keys, plan->groups->len, plan->time_group };
      gint64 start;
      BvResultRow *row, **cell;

      if (is_undated (plan, leg_row))
        continue;
      start = leg_row->keys[plan->time_group].i;
      row = row_new (result, leg_row->keys, leg_row->measures, plan->groups->len);
      row->combo = combos == NULL ? 0 : GPOINTER_TO_UINT (g_hash_table_lookup (combos, &probe)) - 1;
      row->bucket = bv_buckets_find (buckets, start, guess);
      guess = row->bucket + 1;
      g_ptr_array_add (result->rows, row);
      cell = grid != NULL && row->bucket < buckets->len && g_array_index (buckets, gint64, row->bucket) == start
               ? &grid[(gsize) row->combo * buckets->len + row->bucket] : NULL;
      if (cell != NULL && *cell == NULL)
        *cell = row;
      else
        n_outside++;
    }
  if (grid == NULL)
    return;
  if (combos == NULL)
    fill_series (result, NULL, 0, grid, n_outside > 0);
  else
    {
      g_hash_table_iter_init (&iter, combos);
      while (g_hash_table_iter_next (&iter, &key, &value))
        fill_series (result, ((BvComboKey *) key)->keys, GPOINTER_TO_UINT (value) - 1, grid, n_outside > 0);
    }
  /* The grid is in order. */
  if (n_outside == 0)
    {
      g_ptr_array_set_size (result->rows, (gint) n_cells);
      if (n_cells > 0)
        memcpy (result->rows->pdata, grid, n_cells * sizeof *grid);
    }
}

/* Outputs of a row from its measures and @running, one total per output that this row adds to. */
static void
fill_row (BvPlan *plan, BvResultRow *row, BvSum *running)
{
  for (guint i = 0; i < plan->outputs->len; i++)
    {
      BvPlanOutput *output = plan->outputs->pdata[i];

      if (output->measure < 0)
        continue;
      if (!output->cumulative)
        {
          row->outputs[i] = bv_value_copy (&row->measures[output->measure]);
          continue;
        }
      bv_sum_add (&running[i], &row->measures[output->measure]);
      row->outputs[i] = bv_sum_get (&running[i]);
    }
  evaluate (plan, row->outputs);
}

/* Sets the totals to what was before the range: @before (nullable) for those that run over all history, nothing for others. */
static void
start_running (BvPlan *plan, BvSum *running, const BvGroupRow *before)
{
  memset (running, 0, sizeof (BvSum) * plan->outputs->len);
  for (guint i = 0; before != NULL && i < plan->outputs->len; i++)
    {
      BvPlanOutput *output = plan->outputs->pdata[i];

      if (output->cumulative && output->metric->from == BV_FROM_ALL)
        bv_sum_add (&running[i], &before->measures[output->measure]);
    }
}

/* Outputs of all rows: running totals along time within each series, then formulas. @history: (nullable): what was before the range. */
static void
fill_outputs (BvResult *result, BvLegResult *history)
{
  BvPlan *plan = result->plan;
  g_autofree BvSum *running = g_new0 (BvSum, plan->outputs->len + 1);
  g_autofree BvValue *others = g_new0 (BvValue, plan->groups->len + 1);
  const BvResultRow *previous = NULL;

  if (!result->along_time)
    bv_rows_sort (result->rows, compare_rows_by_combo, NULL);
  for (guint r = 0; r < result->rows->len; r++)
    {
      BvResultRow *row = result->rows->pdata[r];

      if (previous == NULL || previous->combo != row->combo)
        {
          guint n = 0;

          for (guint g = 0; g < plan->groups->len; g++)
            if ((int) g != plan->time_group)
              others[n++] = row->keys[g];
          start_running (plan, running, history != NULL ? bv_leg_result_find (history, others) : NULL);
        }
      fill_row (plan, row, running);
      previous = row;
    }
}

/* Rows without a time axis: one per group, those included of which there is only history. */
static void
place_plain (BvResult *result, BvLegResult *legs, BvLegResult *history)
{
  BvPlan *plan = result->plan;
  g_autofree BvSum *running = g_new0 (BvSum, plan->outputs->len + 1);

  for (guint i = 0; i < legs->rows->len; i++)
    {
      BvGroupRow *leg_row = legs->rows->pdata[i];
      BvResultRow *row = row_new (result, leg_row->keys, leg_row->measures, result->n_keys);

      g_ptr_array_add (result->rows, row);
      start_running (plan, running, history != NULL ? bv_leg_result_find (history, leg_row->keys) : NULL);
      fill_row (plan, row, running);
    }
  for (guint i = 0; history != NULL && i < history->rows->len; i++)
    {
      BvGroupRow *before = history->rows->pdata[i];
      BvResultRow *row;

      if (bv_leg_result_find (legs, before->keys) != NULL)
        continue;
      row = row_new (result, before->keys, NULL, result->n_keys);
      g_ptr_array_add (result->rows, row);
      start_running (plan, running, before);
      fill_row (plan, row, running);
    }
}

/* The rows of one grain other than the chart's own, without a time axis: totals, and what a top list ranks. (transfer full) */
BvResult *
bv_result_run_plain (BvPlan *plan, sqlite3 *db, const guint *groups, guint n_groups, const BvLegRun *hints, GCancellable *cancellable, GError **error)
{
  g_autoptr(BvResult) result = NULL;
  g_autoptr(BvPredicate) where = bv_plan_full_where (plan);
  BvLegRun run = { groups, n_groups, where, -1, NULL, NULL, NULL };
  g_autoptr(BvLegResult) legs = NULL;
  g_autoptr(BvLegResult) history = NULL;

  /* What came before the range counts too, so that all groups are needed. */
  if (hints != NULL && !needs_history (plan))
    {
      run.best = hints->best;
      run.best_measure = hints->best_measure;
    }
  legs = bv_legs_run (plan, db, &run, NULL, cancellable, error);
  if (legs == NULL)
    return NULL;
  result = result_new (plan, n_groups, legs->rows->len);
  if (needs_history (plan) && (history = run_history (plan, db, &run, groups, n_groups, cancellable, error)) == NULL)
    return NULL;
  place_plain (result, legs, history);
  result->n_left_out = legs->n_left_out;
  return g_steal_pointer (&result);
}

static BvValue *
run_totals (BvPlan *plan, sqlite3 *db, GCancellable *cancellable, GError **error)
{
  g_autoptr(BvResult) total = bv_result_run_plain (plan, db, NULL, 0, NULL, cancellable, error);

  if (total == NULL)
    return NULL;
  return values_copy (((BvResultRow *) total->rows->pdata[0])->outputs, plan->outputs->len);
}

BvResult *
bv_result_run (BvPlan *plan, sqlite3 *db, const BvLegRun *like, gboolean with_totals, GString *explain, GCancellable *cancellable, GError **error)
{
  g_autoptr(BvResult) result = NULL;
  g_autoptr(BvPredicate) where = bv_plan_full_where (plan);
  g_autofree guint *groups = g_new (guint, 2 * plan->groups->len + 1);
  guint *others = groups + plan->groups->len, n_others = 0;
  g_autoptr(BvLegResult) legs = NULL;
  g_autoptr(BvLegResult) history = NULL;
  BvLegRun run = *like;

  for (guint i = 0; i < plan->groups->len; i++)
    {
      groups[i] = i;
      if ((int) i != plan->time_group)
        others[n_others++] = i;
    }
  run.groups = groups;
  run.n_groups = plan->groups->len;
  run.where = where;
  legs = bv_legs_run (plan, db, &run, explain, cancellable, error);
  if (legs == NULL)
    return NULL;
  result = result_new (plan, plan->groups->len, legs->rows->len);
  if (explain != NULL)
    return g_steal_pointer (&result);
  result->overlaps = legs->overlaps;
  if (needs_history (plan) && (history = run_history (plan, db, &run, others, n_others, cancellable, error)) == NULL)
    return NULL;

  if (plan->time_group >= 0)
    {
      if ((result->buckets = bv_buckets_new (plan, legs, error)) == NULL)
        return NULL;
      place_rows (result, legs, history);
      fill_outputs (result, history);
    }
  else
    place_plain (result, legs, history);
  if (with_totals && plan->outputs->len > 0 && (result->totals = run_totals (plan, db, cancellable, error)) == NULL)
    return NULL;
  return g_steal_pointer (&result);
}

