/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a measure is in steps of a scan, and what a step's result is as a value.
 *
 * Sums are exact, then rounded once. SQLite's are too for whole numbers and decimals; of other doubles its compensated sums differ by 2⁻⁵² · Σ|x| at
 * the very most, and so may what is made of them. Cost: O(1) a group, but a walk along the codes for percentiles and a population count for distinct
 * values.
 */
#include "config.h"

#include "bv-column-leg-private.h"

#include <glib/gi18n-lib.h>
#include <math.h>

static gboolean
init_step (BvColumnLeg *leg, BvColumnPass *pass, const BvPlanMeasure *measure, BvStep *step, const BvEncodedColumn **field)
{
  BvColumnSession *self = leg->session;
  const BvEncodedColumn *column = NULL;

  *step = (BvStep){ .kind = BV_STEP_COUNT, .n_values = 1, .value = { NULL, NULL, 1 } };
  if (measure->field != NULL)
    {
      column = bv_column_find (self, measure->field_node, measure->field->name);
      if (column == NULL || !bv_column_source (pass, measure->field_node, column, NULL, NULL, 1, &step->value))
        return FALSE;
      step->n_values = column->n_codes;
      *field = column;
      if (column->coding == BV_CODING_INSTANTS && measure->aggregate != BV_AGG_COUNT)
        return bv_column_refuse (self, _("Instants are measured by SQLite"));
    }
  switch (measure->aggregate)
    {
    case BV_AGG_COUNT_DISTINCT:
      step->kind = BV_STEP_DISTINCT;
      break;
    case BV_AGG_SUM:
    case BV_AGG_AVERAGE:
      step->kind = column->coding == BV_CODING_OFFSET ? BV_STEP_SUM : BV_STEP_WIDE_SUM;
      if (step->kind == BV_STEP_WIDE_SUM)
        {
          if (step->value.table != NULL)
            return bv_column_refuse (self, _("Such numbers of a related table are added by SQLite"));
          if (!bv_step_can_sum (column, self->tables[leg->node]->n_rows, &step->wide_exponent))
            return bv_column_refuse (self, _("The numbers are too far apart to be added exactly"));
        }
      break;
    case BV_AGG_PERCENTILE:
      step->kind = BV_STEP_HISTOGRAM;
      break;
    case BV_AGG_MIN:
    case BV_AGG_MAX:
      step->kind = BV_STEP_EXTREMES;
      break;
    case BV_AGG_COUNT:
    case BV_AGG_MEDIAN:
    case BV_AGG_CUMULATIVE_COUNT:
    case BV_AGG_CUMULATIVE_SUM:
    case BV_AGG_FORMULA:
    default:
      step->kind = column != NULL ? BV_STEP_SUM : BV_STEP_COUNT;
      break;
    }
  if (measure->where != NULL && !leg->own_where)
    {
      step->where = bv_column_test (pass, measure->where);
      if (step->where == NULL)
        return FALSE;
    }
  return TRUE;
}

/* Step 0 counts the rows of each group: which groups there are. A sum by time with a condition of its own has its rows counted too, because none
 * is a gap there. */
gboolean
bv_column_leg_init_steps (BvColumnLeg *leg, BvColumnPass *pass)
{
  BvPlan *plan = leg->session->plan;
  const BvStep rows = { .kind = BV_STEP_COUNT, .n_values = 1, .value = { NULL, NULL, 1 } };
  guint n_measures = leg->measures->len;

  leg->steps = g_new0 (BvStep, n_measures * 2 + 1);
  leg->rows_of = g_new0 (guint, n_measures + 1);
  leg->columns = g_new0 (const BvEncodedColumn *, n_measures + 1);
  leg->steps[leg->n_steps++] = rows;
  for (guint i = 0; i < n_measures; i++)
    if (!init_step (leg, pass, plan->measures->pdata[g_array_index (leg->measures, guint, i)], &leg->steps[leg->n_steps++], &leg->columns[i]))
      return FALSE;
  for (guint i = 0; i < n_measures; i++)
    if (leg->by_time && leg->steps[i + 1].where != NULL && leg->steps[i + 1].kind != BV_STEP_COUNT)
      {
        leg->rows_of[i] = leg->n_steps;
        leg->steps[leg->n_steps] = rows;
        leg->steps[leg->n_steps++].where = leg->steps[i + 1].where;
      }
  return TRUE;
}

void
bv_column_leg_clear_steps (BvColumnLeg *leg)
{
  for (guint i = 0; i < leg->n_steps; i++)
    {
      if (i <= leg->measures->len)
        bv_test_free ((BvTest *) leg->steps[i].where);
      bv_step_clear (&leg->steps[i]);
    }
  g_free (leg->steps);
  g_free (leg->rows_of);
  g_free (leg->columns);
}

/* An exact sum as SQL has it: whole numbers stay whole while they fit. */
static BvValue
sum_value (const BvStep *step, const BvPlanMeasure *measure, const BvEncodedColumn *column, guint64 g)
{
  __int128 sum;
  double d;

  if (step->count[g] == 0)
    return BV_VALUE_NULL;
  if (step->kind == BV_STEP_WIDE_SUM)
    sum = step->wide[g];
  else
    sum = (__int128) step->sum[g] + (__int128) (column->base - 1) * step->count[g];
  if (column->type != BV_TYPE_DOUBLE && measure->aggregate == BV_AGG_SUM && sum <= G_MAXINT64 && sum >= G_MININT64)
    return bv_value_int ((gint64) sum);
  /* Decimals are rounded once, over 10⁴ as bv_sum does it. */
  if (column->coding != BV_CODING_DOUBLES)
    d = (double) (sum * (__int128) (BV_DECIMAL_SCALE / bv_encoded_divisor (column))) / BV_DECIMAL_SCALE;
  else if (!step->inexact[g])
    d = (double) step->decimals[g] / BV_DECIMAL_SCALE;
  else
    d = ldexp ((double) sum, step->wide_exponent);
  return bv_value_double (measure->aggregate == BV_AGG_AVERAGE ? d / step->count[g] : d);
}

static BvValue
percentile_value (const BvStep *step, const BvPlanMeasure *measure, const BvEncodedColumn *column, guint64 g)
{
  guint64 n = bv_step_n_filled (step, g);
  double rank, a, b;
  guint32 low, high;

  if (n == 0)
    return BV_VALUE_NULL;
  rank = measure->percentile * (double) (n - 1);
  bv_step_ranked (step, g, (guint64) floor (rank), &low, &high);
  a = bv_encoded_number (column, low);
  b = bv_encoded_number (column, high);
  return bv_value_double (a + (b - a) * (rank - floor (rank)));
}

BvValue
bv_column_step_value (const BvStep *step, const BvPlanMeasure *measure, const BvEncodedColumn *column, guint64 g)
{
  switch (step->kind)
    {
    case BV_STEP_DISTINCT:
      return bv_value_int ((gint64) bv_step_n_distinct (step, g));
    case BV_STEP_SUM:
    case BV_STEP_WIDE_SUM:
      return measure->aggregate == BV_AGG_COUNT ? bv_value_int (step->count[g]) : sum_value (step, measure, column, g);
    case BV_STEP_HISTOGRAM:
      return percentile_value (step, measure, column, g);
    case BV_STEP_EXTREMES:
      return bv_encoded_value (column, step->max[g] == 0 ? 0 : measure->aggregate == BV_AGG_MIN ? step->min[g] : step->max[g]);
    case BV_STEP_COUNT:
    case BV_STEP_PAIRS:
    default:
      return bv_value_int (step->count[g]);
    }
}

gboolean
bv_column_leg_init_keys (BvColumnLeg *leg, BvColumnPass *pass, BvSource *keys, guint *n_keys)
{
  *n_keys = 0;
  for (guint i = 0; i < leg->n_groups_by; i++)
    {
      BvColumnGroup *group = &leg->groups[i];

      if (pass->null != NULL && pass->null[group->node])
        continue; /* null is number 0 */
      if (!bv_column_source (pass, group->node, group->column, group->table, group->table_key, (guint32) group->stride, &keys[*n_keys]))
        return FALSE;
      (*n_keys)++;
    }
  return TRUE;
}
