/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Legs whose groups or filters lie on many sides, or that have more combinations of groups than arrays should.
 *
 * The many sides must lie on one chain away from the leg's table (a customer's deals, their items); others multiply rows and are left to SQLite. Each
 * joined row is then a row of the chain's last table that exists: the pass over that table, plus a pass over each table before it for the rows that
 * have nothing further on, those further tables being null. Every pass notes the pairs of group and leg row that meet the filters; sorted and with
 * repetitions removed, they are just the DISTINCT pairs that SQL asks for, and the measures are computed over them.
 *
 * Cost: a pass per table of the chain, 8 bytes and about 20 ns a pair.
 */
#include "config.h"

#include "bv-column-leg-private.h"

#include <glib/gi18n-lib.h>
#include <string.h>

/* The pairs of group and leg row that a pass over @driver meets. @alone: (nullable): only these rows of the driver. */
static gboolean
collect_pairs (BvColumnLeg *leg, int driver, const gboolean *null, BvTest *alone, guint64 **pairs, gsize *n_pairs)
{
  BvColumnPass pass = { leg->session, driver, null };
  g_autofree BvSource *keys = g_new0 (BvSource, leg->n_groups_by + 1);
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
  if (!bv_column_leg_init_keys (leg, &pass, keys, &scan.n_keys) || !bv_column_row_source (&pass, leg->node, &step.value))
    return FALSE;
  if (!bv_scan_run (&scan))
    return FALSE;
  *pairs = g_renew (guint64, *pairs, *n_pairs + step.n_pairs + 1);
  if (step.n_pairs > 0)
    memcpy (*pairs + *n_pairs, step.pairs, step.n_pairs * sizeof (guint64));
  *n_pairs += step.n_pairs;
  bv_step_clear (&step);
  return TRUE;
}

guint
bv_column_many_ends (BvPlan *plan, int from, int to, int *ends)
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

void
bv_column_leg_mark (BvColumnLeg *leg, gboolean *nodes)
{
  for (guint i = 0; i < leg->n_groups_by; i++)
    nodes[leg->groups[i].node] = TRUE;
  bv_predicate_mark (leg->where, nodes);
}

gboolean
bv_column_leg_chain (BvColumnLeg *leg, const gboolean *nodes, int *chain, guint *n_chain)
{
  BvPlan *plan = leg->session->plan;
  g_autofree int *ends = g_new (int, plan->nodes->len);

  *n_chain = 0;
  for (guint i = 0; i < plan->nodes->len; i++)
    {
      guint n = nodes[i] ? bv_column_many_ends (plan, leg->node, (int) i, ends) : 0;

      if (memcmp (chain, ends, MIN (n, *n_chain) * sizeof (int)) != 0)
        return bv_column_refuse (leg->session, _("The many sides multiply each other"));
      if (n <= *n_chain)
        continue;
      memcpy (chain, ends, n * sizeof (int));
      *n_chain = n;
    }
  return TRUE;
}

/* Rows of @driver that no row of @child belongs to. */
static BvTest *
rows_without (BvColumnLeg *leg, int driver, int child)
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

gboolean
bv_column_leg_collect (BvColumnLeg *leg, const int *chain, guint n_chain, gboolean last, guint64 **pairs, gsize *n_pairs)
{
  BvPlan *plan = leg->session->plan;
  g_autofree gboolean *nodes = g_new0 (gboolean, plan->nodes->len);
  g_autofree gboolean *null = g_new0 (gboolean, plan->nodes->len);
  g_autofree int *ends = g_new (int, plan->nodes->len);

  bv_column_leg_mark (leg, nodes);
  nodes[leg->node] = TRUE;
  for (guint level = n_chain + (last ? 1 : 0); level-- > 0;)
    {
      int driver = level == 0 ? leg->node : chain[level - 1];
      BvTest *alone = NULL;

      for (guint i = 0; i < plan->nodes->len; i++)
        {
          null[i] = nodes[i] && bv_column_many_ends (plan, leg->node, (int) i, ends) > level;
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

gboolean
bv_column_leg_run_pairs (BvColumnLeg *leg, const int *chain, guint n_chain)
{
  BvColumnPass pass = { leg->session, leg->node, NULL };
  g_autofree guint64 *pairs = NULL;
  BvScan scan = { .table = leg->session->tables[leg->node], .cancellable = leg->cancellable };
  gsize n_pairs = 0, n = 0;
  guint64 n_numbers = 0, last = 0;

  if (!bv_column_leg_init_steps (leg, &pass) || !bv_column_leg_collect (leg, chain, n_chain, TRUE, &pairs, &n_pairs))
    return FALSE;
  /* Sorted, each once, the groups numbered in order of appearance. */
  bv_sort_pairs (pairs, n_pairs);
  leg->numbers = g_new (guint32, n_pairs + 1);
  for (gsize i = 0; i < n_pairs; i++)
    {
      guint64 pair = pairs[i];

      if (i > 0 && pair == last)
        continue;
      if (n_numbers == 0 || (guint32) (pair >> 32) != leg->numbers[n_numbers - 1])
        leg->numbers[n_numbers++] = (guint32) (pair >> 32);
      pairs[n++] = (n_numbers - 1) << 32 | (guint32) pair;
      last = pair;
    }
  if (n_numbers == 0)
    leg->numbers[n_numbers++] = 0;
  leg->n_numbers = n_numbers;
  scan.steps = leg->steps;
  scan.n_steps = leg->n_steps;
  scan.n_groups = n_numbers;
  return bv_scan_replay (&scan, pairs, n);
}
