/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Legs of a plan over encoded columns; see bv-legs.c for what a leg is.
 *
 * Without a many side, a leg is one scan over its own table: the groups' numbers, combined in mixed radix, index dense arrays. Where there are more
 * combinations than arrays should have, the scan notes pairs of group and row instead, which are sorted, and the groups that occur numbered.
 *
 * With many sides, they must lie on one chain away from the leg's table (a customer's deals, their items); others multiply rows and are left to SQLite.
 * Each joined row is then a row of the chain's last table that exists: the pass over that table, plus a pass over each table before it for the rows
 * that have nothing further on, those further tables being null. Every pass notes the pairs of group and leg row that meet the filters; sorted and
 * with repetitions removed, they are just the DISTINCT pairs that SQL asks for, and the measures are computed over them.
 *
 * Sums are exact, then rounded once. SQLite's are too for whole numbers and decimals; of other doubles its compensated sums differ by 2⁻⁵² · Σ|x| at
 * the very most, and so may what is made of them.
 */
#include "config.h"

#include "bv-column-group.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

#define MAX_DENSE (G_GUINT64_CONSTANT (1) << 22)

typedef struct
{
  BvColumnSession *session;
  const BvLegRun *run;
  GCancellable *cancellable;
  int node;
  GArray *measures;       /* guint */
  gboolean own_where;     /* the measure's condition is among the filters */
  BvColumnGroup *groups;
  guint64 n_groups;
  BvPredicate *where;     /* (nullable): the run's, with the measure's own where that is among the filters */
  const char *run_key;    /* of the run's filters */
  BvLegMerge *merge;
  BvStep *steps;
  guint n_steps;
  const BvEncodedColumn **columns; /* by measure: the field's (nullable) */
  guint *rows_of;         /* by measure: the step that counts the rows that take part */
  gboolean cancelled;
} Leg;

/* --- Steps ------------------------------------------------------------------------------------------------------------------------ */

static gboolean
init_step (Leg *leg, BvColumnPass *pass, const BvPlanMeasure *measure, BvStep *step, const BvEncodedColumn **field)
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
static gboolean
init_steps (Leg *leg, BvColumnPass *pass)
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
    if (leg->merge->by_time && leg->steps[i + 1].where != NULL && leg->steps[i + 1].kind != BV_STEP_COUNT)
      {
        leg->rows_of[i] = leg->n_steps;
        leg->steps[leg->n_steps] = rows;
        leg->steps[leg->n_steps++].where = leg->steps[i + 1].where;
      }
  return TRUE;
}

static void
clear_steps (Leg *leg)
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

static BvValue
step_value (const BvStep *step, const BvPlanMeasure *measure, const BvEncodedColumn *column, guint64 g)
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

/* --- Passes ----------------------------------------------------------------------------------------------------------------------- */

static gboolean
init_keys (Leg *leg, BvColumnPass *pass, BvSource *keys, guint *n_keys)
{
  *n_keys = 0;
  for (guint i = 0; i < leg->run->n_groups; i++)
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

/* The pairs of group and leg row that a pass over @driver meets. @alone: (nullable): only these rows of the driver. */
static gboolean
collect_pairs (Leg *leg, int driver, const gboolean *null, BvTest *alone, guint64 **pairs, gsize *n_pairs)
{
  BvColumnPass pass = { leg->session, driver, null };
  g_autofree BvSource *keys = g_new0 (BvSource, leg->run->n_groups + 1);
  BvStep step = { .kind = BV_STEP_PAIRS, .value = { NULL, NULL, 1 } };
  BvScan scan = { .table = leg->session->tables[driver], .keys = keys, .n_groups = 1, .steps = &step, .n_steps = 1, .cancellable = leg->cancellable };
  g_autoptr(BvTest) where = bv_test_new (BV_TEST_ALL);

  if (alone != NULL)
    g_ptr_array_add (where->children, alone);
  if (leg->where != NULL)
    {
      BvTest *test = bv_column_test (&pass, leg->where);

      if (test == NULL)
        return FALSE;
      g_ptr_array_add (where->children, test);
    }
  scan.where = where;
  if (!init_keys (leg, &pass, keys, &scan.n_keys) || !bv_column_row_source (&pass, leg->node, &step.value))
    return FALSE;
  if (!bv_scan_run (&scan))
    {
      leg->cancelled = TRUE;
      return FALSE;
    }
  *pairs = g_renew (guint64, *pairs, *n_pairs + step.n_pairs + 1);
  if (step.n_pairs > 0)
    memcpy (*pairs + *n_pairs, step.pairs, step.n_pairs * sizeof (guint64));
  *n_pairs += step.n_pairs;
  bv_step_clear (&step);
  return TRUE;
}

/* The nodes at the far end of each to-many edge from the leg's node to @to, in order. */
static guint
many_ends (BvPlan *plan, int from, int to, int *ends)
{
  g_autofree gboolean *above = g_new0 (gboolean, plan->nodes->len);
  g_autofree int *down = g_new (int, plan->nodes->len);
  guint n = 0, n_down = 0;
  int a;

  for (int b = to; b >= 0; b = ((BvPlanNode *) plan->nodes->pdata[b])->parent)
    above[b] = TRUE;
  for (a = from; !above[a]; a = ((BvPlanNode *) plan->nodes->pdata[a])->parent)
    if (!((BvPlanNode *) plan->nodes->pdata[a])->one_up)
      ends[n++] = ((BvPlanNode *) plan->nodes->pdata[a])->parent;
  for (int b = to; b != a; b = ((BvPlanNode *) plan->nodes->pdata[b])->parent)
    down[n_down++] = b;
  while (n_down-- > 0)
    if (!((BvPlanNode *) plan->nodes->pdata[down[n_down]])->one_down)
      ends[n++] = down[n_down];
  return n;
}

static void
mark_leg (Leg *leg, gboolean *nodes)
{

  for (guint i = 0; i < leg->run->n_groups; i++)
    nodes[leg->groups[i].node] = TRUE;
  bv_predicate_mark (leg->where, nodes);
}

/* Rows of @driver that no row of @child belongs to. */
static BvTest *
rows_without (Leg *leg, int driver, int child)
{
  BvColumnSession *self = leg->session;
  BvColumnPass pass = { self, child, NULL };
  BvSource rows;
  guint64 *bits;
  gsize n_words;
  BvTest *test;

  if (!bv_column_row_source (&pass, driver, &rows))
    return NULL;
  test = bv_test_new (BV_TEST_BITS);
  test->negate = TRUE;
  n_words = (self->tables[driver]->n_rows / BV_BLOCK_ROWS + 1) * BV_BLOCK_WORDS;
  bits = g_new0 (guint64, n_words);
  for (guint64 i = 0; i < self->tables[child]->n_rows; i++)
    {
      guint32 row = rows.table[bv_encoded_code (rows.column, i)];

      if (row != 0)
        bits[(row - 1) / 64] |= G_GUINT64_CONSTANT (1) << ((row - 1) % 64);
    }
  test->bits = g_bytes_new_take (bits, n_words * sizeof (guint64));
  return test;
}

static gboolean
collect_chain (Leg *leg, const int *chain, guint n_chain, guint64 **pairs, gsize *n_pairs)
{
  BvPlan *plan = leg->session->plan;
  g_autofree gboolean *nodes = g_new0 (gboolean, plan->nodes->len);
  g_autofree gboolean *null = g_new0 (gboolean, plan->nodes->len);
  g_autofree int *ends = g_new (int, plan->nodes->len);

  mark_leg (leg, nodes);
  nodes[leg->node] = TRUE;
  for (guint level = n_chain + 1; level-- > 0;)
    {
      int driver = level == 0 ? leg->node : chain[level - 1];
      BvTest *alone = NULL;

      for (guint i = 0; i < plan->nodes->len; i++)
        {
          null[i] = nodes[i] && many_ends (plan, leg->node, (int) i, ends) > level;
          if (nodes[i] && !null[i] && bv_plan_fans_out (plan, driver, (int) i))
            return bv_column_refuse (leg->session, _("The many sides multiply each other"));
        }
      if (level < n_chain && (alone = rows_without (leg, driver, chain[level])) == NULL)
        return FALSE;
      if (!collect_pairs (leg, driver, null, alone, pairs, n_pairs))
        return FALSE;
    }
  return TRUE;
}

/* --- Results ---------------------------------------------------------------------------------------------------------------------- */

static BvValue
measure_value (Leg *leg, guint i, guint64 g)
{
  const BvPlanMeasure *measure = leg->session->plan->measures->pdata[g_array_index (leg->measures, guint, i)];

  if (leg->steps[leg->rows_of[i]].count[g] > 0)
    return step_value (&leg->steps[i + 1], measure, leg->columns[i], g);
  return bv_leg_merge_empty (leg->merge, measure);
}

static void
emit_group (Leg *leg, guint64 g, guint64 group)
{
  BvValue *keys = g_new0 (BvValue, leg->run->n_groups + 1);
  BvGroupRow *row;

  for (guint i = 0; i < leg->run->n_groups; i++)
    keys[i] = bv_column_group_value (&leg->groups[i], group);
  row = bv_leg_merge_row (leg->merge, keys);
  for (guint i = 0; i < leg->measures->len; i++)
    row->measures[g_array_index (leg->measures, guint, i)] = measure_value (leg, i, g);
}

/* Emits the groups with the largest values of a measure: a sorted list of them is kept, and most groups are not larger than its last. */
static void
emit_best (Leg *leg, const guint32 *numbers, guint64 n)
{
  guint wanted = (guint) MIN (leg->run->best, n), n_best = 0, i = 0;
  g_autofree guint64 *best = g_new (guint64, wanted + 1);
  g_autofree BvValue *values = g_new0 (BvValue, wanted + 1);

  while (g_array_index (leg->measures, guint, i) != leg->run->best_measure)
    i++;
  for (guint64 g = 0; g < n; g++)
    {
      BvValue value;
      guint at;

      if (leg->steps[0].count[g] == 0)
        continue;
      leg->merge->result->n_left_out++;
      value = measure_value (leg, i, g);
      for (at = n_best; at > 0 && bv_value_compare (&value, &values[at - 1]) > 0; at--)
        {
          best[at] = best[at - 1];
          values[at] = values[at - 1];
        }
      best[at] = g;
      values[at] = value;
      if (n_best < wanted)
        n_best++;
      else
        bv_value_clear (&values[wanted]);
    }
  leg->merge->result->n_left_out -= n_best;
  for (guint k = 0; k < n_best; k++)
    {
      emit_group (leg, best[k], numbers != NULL ? numbers[best[k]] : best[k]);
      bv_value_clear (&values[k]);
    }
}

/* @numbers: (nullable): the combined group number of each of the @n groups. */
static void
emit (Leg *leg, const guint32 *numbers, guint64 n)
{
  const BvLegRun *run = leg->run;
  const BvColumnGroup *kept = run->keep != NULL ? &leg->groups[run->keep_group] : NULL;
  g_autofree guint8 *keep = kept != NULL ? g_malloc0 (kept->n) : NULL;

  if (run->best > 0 && run->n_groups == 1 && !leg->own_where && leg->measures->len > 0 && leg->measures->len == leg->session->plan->measures->len)
    {
      emit_best (leg, numbers, n);
      return;
    }
  for (guint i = 0; kept != NULL && i < run->keep->len; i++)
    {
      guint64 number = bv_column_group_find (kept, &g_array_index (run->keep, BvValue, i));

      if (number < kept->n)
        keep[number] = 1;
    }
  for (guint64 g = 0; g < n; g++)
    {
      guint64 group = numbers != NULL ? numbers[g] : g;

      if (leg->steps[0].count[g] == 0 && run->n_groups > 0)
        continue;
      if (kept == NULL || keep[group / kept->stride % kept->n])
        emit_group (leg, g, group);
    }
}

/* Totals are asked for next, with the same filters; most groups add up to them. */
static void
note_totals (Leg *leg)
{
  BvColumnSession *self = leg->session;
  guint64 n_rows = 0;

  for (guint64 g = 0; g < leg->n_groups; g++)
    n_rows += leg->steps[0].count[g];
  for (guint i = 0; i < leg->measures->len; i++)
    {
      guint m = g_array_index (leg->measures, guint, i);
      const BvPlanMeasure *measure = self->plan->measures->pdata[m];
      BvStep total;

      if (bv_step_total (&leg->steps[i + 1], leg->n_groups, &total))
        {
          BvValue value = n_rows > 0 ? step_value (&total, measure, leg->columns[i], 0) : bv_measure_empty (measure);

          g_hash_table_replace (self->totals, g_strdup_printf ("%u %s", m, leg->run_key), g_memdup2 (&value, sizeof value));
        }
      bv_step_clear (&total);
    }
}

/* A run without groups whose values are all known. */
static gboolean
emit_totals (BvLegMerge *merge, const char *run_key)
{
  BvPlan *plan = merge->plan;
  g_autofree BvValue *values = g_new0 (BvValue, plan->measures->len + 1);
  BvGroupRow *row;

  for (guint m = 0; m < plan->measures->len; m++)
    {
      g_autofree char *key = g_strdup_printf ("%u %s", m, run_key);
      BvValue *known = g_hash_table_lookup (plan->columns->totals, key);

      if (merge->run->only != NULL && !merge->run->only[m])
        values[m] = bv_leg_merge_empty (merge, plan->measures->pdata[m]);
      else if (known != NULL)
        values[m] = *known;
      else
        return FALSE;
    }
  row = bv_leg_merge_row (merge, g_new0 (BvValue, 1));
  for (guint m = 0; m < plan->measures->len; m++)
    row->measures[m] = bv_value_copy (&values[m]);
  return TRUE;
}

static gboolean
run_dense (Leg *leg)
{
  BvColumnPass pass = { leg->session, leg->node, NULL };
  g_autofree BvSource *keys = g_new0 (BvSource, leg->run->n_groups + 1);
  g_autoptr(BvTest) where = NULL;
  BvScan scan = { .table = leg->session->tables[leg->node], .keys = keys, .n_groups = leg->n_groups, .cancellable = leg->cancellable };
  gboolean ok = (leg->where == NULL || (where = bv_column_test (&pass, leg->where)) != NULL) && init_keys (leg, &pass, keys, &scan.n_keys) &&
                init_steps (leg, &pass);

  scan.where = where;
  scan.steps = leg->steps;
  scan.n_steps = leg->n_steps;
  if (ok && !bv_scan_run (&scan))
    {
      leg->cancelled = TRUE;
      ok = FALSE;
    }
  if (ok)
    {
      emit (leg, NULL, leg->n_groups);
      if (leg->run->n_groups > 0)
        note_totals (leg);
    }
  clear_steps (leg);
  return ok;
}

static gboolean
run_pairs (Leg *leg, const int *chain, guint n_chain)
{
  BvColumnPass pass = { leg->session, leg->node, NULL };
  g_autofree guint64 *pairs = NULL;
  g_autofree guint32 *numbers = NULL;
  gsize n_pairs = 0, n = 0;
  guint64 n_numbers = 0;
  gboolean ok = init_steps (leg, &pass) && collect_chain (leg, chain, n_chain, &pairs, &n_pairs);

  if (ok)
    {
      BvScan scan = { .table = leg->session->tables[leg->node], .steps = leg->steps, .n_steps = leg->n_steps, .cancellable = leg->cancellable };
      guint64 last = 0;

      /* Sorted, each once, the groups numbered in order of appearance. */
      bv_sort_pairs (pairs, n_pairs);
      numbers = g_new (guint32, n_pairs + 1);
      for (gsize i = 0; i < n_pairs; i++)
        {
          guint64 pair = pairs[i];

          if (i > 0 && pair == last)
            continue;
          if (n_numbers == 0 || (guint32) (pair >> 32) != numbers[n_numbers - 1])
            numbers[n_numbers++] = (guint32) (pair >> 32);
          pairs[n++] = (n_numbers - 1) << 32 | (guint32) pair;
          last = pair;
        }
      if (n_numbers == 0)
        numbers[n_numbers++] = 0;
      scan.n_groups = n_numbers;
      if (!bv_scan_replay (&scan, pairs, n))
        {
          leg->cancelled = TRUE;
          ok = FALSE;
        }
    }
  if (ok)
    emit (leg, numbers, n_numbers);
  clear_steps (leg);
  return ok;
}

/* Marks the nodes that SQL would join, for what is said about their keys. */
static void
mark_joined (Leg *leg, const gboolean *nodes)
{
  BvPlan *plan = leg->session->plan;
  g_autofree gboolean *joined = g_memdup2 (nodes, plan->nodes->len * sizeof *nodes);
  g_autoptr(GString) scratch = g_string_new (NULL);
  g_auto(BvSelect) sql = { NULL, NULL };

  for (guint i = 0; i < leg->measures->len; i++)
    {
      const BvPlanMeasure *measure = plan->measures->pdata[g_array_index (leg->measures, guint, i)];

      if (measure->field != NULL)
        joined[measure->field_node] = TRUE;
      bv_predicate_mark (measure->where, joined);
    }
  bv_select_init (&sql, plan);
  bv_select_from (&sql, scratch, leg->node, joined);
}

static gboolean
run_leg (Leg *leg)
{
  BvColumnSession *self = leg->session;
  BvPlan *plan = self->plan;
  g_autofree gboolean *nodes = g_new0 (gboolean, plan->nodes->len);
  g_autofree int *chain = g_new (int, plan->nodes->len);
  g_autofree int *ends = g_new (int, plan->nodes->len);
  guint n_chain = 0;

  leg->n_groups = 1;
  for (guint i = 0; i < leg->run->n_groups; i++)
    {
      BvColumnGroup *group = &leg->groups[i];

      if (!bv_column_group_init (group, self, leg->run, leg->run->groups[i]))
        return FALSE;
      group->stride = leg->n_groups;
      if (group->n > G_MAXUINT32 / leg->n_groups)
        return bv_column_refuse (self, _("There are too many combinations of groups"));
      leg->n_groups *= group->n;
      if (plan->measures->len > 0 && bv_plan_fans_out (plan, leg->node, group->node))
        leg->merge->result->overlaps = TRUE;
    }
  mark_leg (leg, nodes);
  mark_joined (leg, nodes);
  for (guint i = 0; i < plan->nodes->len; i++)
    {
      guint n = nodes[i] ? many_ends (plan, leg->node, (int) i, ends) : 0;

      if (memcmp (chain, ends, MIN (n, n_chain) * sizeof (int)) != 0)
        return bv_column_refuse (self, _("The many sides multiply each other"));
      if (n <= n_chain)
        continue;
      memcpy (chain, ends, n * sizeof (int));
      n_chain = n;
    }
  if (n_chain == 0 && leg->n_groups <= MAX_DENSE)
    return run_dense (leg);
  return run_pairs (leg, chain, n_chain);
}

/* One part's measures. @own_where: whether the only measure's condition is among the filters. @measures may be empty: the groups alone. */
static gboolean
run_part (BvLegMerge *merge, int node, GArray *measures, gboolean own_where, const char *run_key, GCancellable *cancellable, GError **error)
{
  BvPlan *plan = merge->plan;
  const BvLegRun *run = merge->run;
  g_autofree BvColumnGroup *groups = g_new0 (BvColumnGroup, run->n_groups + 1);
  g_autoptr(BvPredicate) where = bv_predicate_copy (run->where);
  Leg leg = { plan->columns, run, cancellable, node, measures, own_where, groups };
  gboolean ok;

  if (own_where)
    where = bv_predicate_and (g_steal_pointer (&where),
                              bv_predicate_copy (((BvPlanMeasure *) plan->measures->pdata[g_array_index (measures, guint, 0)])->where));
  leg.where = where;
  leg.merge = merge;
  leg.run_key = run_key;
  ok = run_leg (&leg);
  for (guint g = 0; g < run->n_groups; g++)
    bv_column_group_clear (&groups[g]);
  if (leg.cancelled)
    g_cancellable_set_error_if_cancelled (cancellable, error);
  return ok;
}

BvLegResult *
bv_column_legs_run (BvPlan *plan, const BvLegRun *run, GCancellable *cancellable, GError **error)
{
  BvColumnSession *self = plan->columns;
  g_auto(BvLegMerge) merge = { NULL };
  g_autoptr(GPtrArray) parts = bv_legs_split (plan, run->only);
  g_autofree char *run_key = bv_column_predicate_key (run->where);

  g_clear_pointer (&self->refusal, g_free);
  bv_leg_merge_init (&merge, plan, run);
  if (run->n_groups == 0 && plan->measures->len > 0 && emit_totals (&merge, run_key))
    return g_steal_pointer (&merge.result);
  for (guint i = 0; i < parts->len; i++)
    {
      const BvLegPart *part = parts->pdata[i];

      merge.indexed = i > 0;
      /* A condition that meets several rows is one more filter on the rows that are measured, but takes no group away. */
      if (part->alone)
        {
          g_autoptr(GArray) none = g_array_new (FALSE, FALSE, sizeof (guint));

          if (!run_part (&merge, part->node, none, FALSE, run_key, cancellable, error))
            return NULL;
          merge.indexed = TRUE;
        }
      if (!run_part (&merge, part->node, part->measures, part->alone, run_key, cancellable, error))
        return NULL;
    }
  return g_steal_pointer (&merge.result);
}
