/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Legs of a plan over encoded columns; see bv-legs.c for what a leg is.
 *
 * Without a many side, a leg is one scan over its own table: the groups' numbers, combined in mixed radix, index dense arrays. It is not run where it
 * is met: the leg is noted as pending in the session, and the plan given up for now. Whoever runs the plan runs all pending scans, those of one table
 * in one pass, also those of other plans, and then the plan again, which now finds the legs' results in the session. Two or three rounds end every
 * plan: the ranks of a top list, the groups, totals that do not follow from them.
 *
 * Legs with many sides are run at once, see bv-column-many.c.
 */
#include "config.h"

#include "bv-column-leg-private.h"
#include "bv-key-private.h"

#include <glib/gi18n-lib.h>
#include <inttypes.h>
#include <string.h>

/* Rows that are fewer than one in so many groups are noted as pairs. */
#define SPARSE 16

void
bv_column_leg_free (gpointer data)
{
  BvColumnLeg *leg = data;

  bv_column_leg_leave_cube (leg);
  bv_column_leg_clear_steps (leg);
  for (guint i = 0; i < leg->n_groups_by; i++)
    bv_column_group_clear (&leg->groups[i]);
  g_free (leg->groups);
  g_free (leg->numbers);
  g_free (leg->keys);
  bv_test_free (leg->test);
  bv_test_free (leg->passive);
  bv_predicate_free (leg->where);
  for (guint i = 0; leg->totals != NULL && i < leg->measures->len; i++)
    bv_value_clear (&leg->totals[i].value);
  g_free (leg->totals);
  g_array_unref (leg->measures);
  g_free (leg->key);
  g_free (leg);
}

/* Marks the nodes that SQL would join, for what is said about their keys. */
static void
mark_joined (BvColumnLeg *leg, const gboolean *nodes)
{
  BvPlan *plan = leg->session->plan;
  g_autofree gboolean *joined = g_memdup2 (nodes, plan->nodes->len * sizeof *nodes);
  g_autoptr(GString) scratch = NULL;
  g_auto(BvSelect) sql = { NULL, NULL };
  gboolean has_notes = FALSE;

  for (guint i = 0; i < plan->nodes->len; i++)
    has_notes = has_notes || ((BvPlanNode *) plan->nodes->pdata[i])->note != NULL;
  if (!has_notes)
    return;
  scratch = g_string_new (NULL);
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


/* Whether the rows are too few to fill arrays over all groups for. */
static gboolean
is_sparse (BvColumnLeg *leg)
{
  return leg->test != NULL && bv_test_max_rows (leg->test, leg->session->tables[leg->node]) < leg->n_groups / SPARSE;
}

void
bv_column_leg_init_scan (BvColumnLeg *leg)
{
  leg->scan.table = leg->session->tables[leg->node];
  leg->scan.n_groups = leg->n_groups;
  leg->scan.steps = leg->steps;
  leg->scan.n_steps = leg->n_steps;
  leg->scan.cancellable = leg->cancellable;
}

static gboolean
prepare_dense (BvColumnLeg *leg)
{
  BvColumnPass pass = { leg->session, leg->node, NULL };

  leg->keys = g_new0 (BvSource, leg->n_groups_by + 1);
  if (!bv_column_leg_init_keys (leg, &pass, leg->keys, &leg->scan.n_keys) ||
      !bv_column_leg_init_steps (leg, &pass))
    return FALSE;
  bv_column_leg_init_scan (leg);
  leg->scan.where = leg->test;
  leg->scan.keys = leg->keys;
  bv_column_leg_move (leg);
  g_ptr_array_add (leg->session->pending, leg);
  return TRUE;
}

/* Makes the leg ready to be scanned, or runs it. FALSE after a refusal or when cancelled. */
static gboolean
prepare_leg (BvColumnLeg *leg)
{
  BvColumnSession *self = leg->session;
  BvPlan *plan = self->plan;
  g_autofree gboolean *nodes = g_new0 (gboolean, plan->nodes->len);
  g_autofree int *chain = g_new (int, plan->nodes->len);
  guint n_chain = 0;

  leg->n_groups = 1;
  for (guint i = 0; i < leg->n_groups_by; i++)
    {
      BvColumnGroup *group = &leg->groups[i];

      if (!bv_column_group_init (group, self, leg->run, leg->run->groups[i]))
        return FALSE;
      group->stride = leg->n_groups;
      if (group->n > G_MAXUINT32 / leg->n_groups)
        return bv_column_refuse (self, _("There are too many combinations of groups"));
      leg->n_groups *= group->n;
      if (plan->measures->len > 0 && bv_plan_fans_out (plan, leg->node, group->node))
        leg->overlaps = TRUE;
    }
  bv_column_leg_mark (leg, nodes);
  mark_joined (leg, nodes);
  if (!bv_column_leg_chain (leg, nodes, chain, &n_chain))
    return FALSE;
  if (n_chain == 0 && leg->n_groups <= BV_COLUMN_MAX_DENSE && bv_column_leg_recall (leg))
    {
      BvColumnPass pass = { self, leg->node, NULL };

      if (!bv_column_leg_init_steps (leg, &pass))
        return FALSE;
      bv_column_leg_init_scan (leg);
      bv_column_leg_answer (leg);
      return TRUE;
    }
  if (n_chain == 0 && leg->where != NULL)
    {
      BvColumnPass pass = { self, leg->node, NULL };

      leg->test = bv_column_test (&pass, leg->where);
      if (leg->test == NULL)
        return FALSE;
    }
  if (n_chain == 0 && leg->n_groups <= BV_COLUMN_MAX_DENSE && !is_sparse (leg))
    return prepare_dense (leg);
  leg->done = bv_column_leg_run_pairs (leg, chain, n_chain);
  return leg->done;
}

/* All that a leg's numbers depend on within a plan, but the run's filters, for which there is @room. (transfer full) */
static GString *
leg_key (const BvLegRun *run, int node, GArray *measures, gboolean own_where, gsize room)
{
  GString *key = g_string_sized_new (64 + room);

  bv_key_add_number (key, node);
  bv_key_add_number (key, own_where);
  bv_key_add_number (key, measures->len);
  for (guint i = 0; i < measures->len; i++)
    bv_key_add_number (key, g_array_index (measures, guint, i));
  bv_key_add_number (key, run->n_groups);
  for (guint i = 0; i < run->n_groups; i++)
    bv_key_add_number (key, run->groups[i]);
  bv_key_add_number (key, run->top_group);
  for (guint i = 0; run->top_group >= 0 && i < run->top->len; i++)
    bv_key_add_value (key, &g_array_index (run->top, BvValue, i));
  return key;
}

/* There are one or two, rarely more. */
static BvColumnLeg *
find_leg (BvColumnSession *self, const char *key)
{
  for (guint i = 0; i < self->legs->len; i++)
    if (strcmp (((BvColumnLeg *) self->legs->pdata[i])->key, key) == 0)
      return self->legs->pdata[i];
  return NULL;
}

typedef enum { PART_DONE, PART_PENDING, PART_FAILED } PartState;

/* One part's measures. @own_where: whether the only measure's condition is among the filters. @measures may be empty: the groups alone. */
static PartState
run_part (BvLegMerge *merge, int node, GArray *measures, gboolean own_where, const char *run_key, GCancellable *cancellable)
{
  BvPlan *plan = merge->plan;
  BvColumnSession *self = plan->columns;
  const BvLegRun *run = merge->run;
  g_autoptr(GString) key = leg_key (run, node, measures, own_where, strlen (run_key));
  gsize n_own = key->len;
  BvColumnLeg *leg;

  g_string_append (key, run_key);
  leg = find_leg (self, key->str);

  if (leg == NULL)
    {
      leg = g_new0 (BvColumnLeg, 1);
      leg->session = self;
      leg->key = g_string_free (g_steal_pointer (&key), FALSE);
      leg->run_key = leg->key + n_own;
      leg->node = node;
      leg->measures = g_array_ref (measures);
      leg->own_where = own_where;
      leg->n_groups_by = run->n_groups;
      leg->groups = g_new0 (BvColumnGroup, run->n_groups + 1);
      leg->where = bv_predicate_ref (run->where);
      leg->by_time = merge->by_time;
      if (own_where)
        leg->where = bv_predicate_and (leg->where, bv_predicate_ref (((BvPlanMeasure *) plan->measures->pdata[g_array_index (measures, guint, 0)])->where));
      leg->run = run;
      leg->cancellable = cancellable;
      if (!prepare_leg (leg))
        {
          bv_column_leg_free (leg);
          return PART_FAILED;
        }
      g_ptr_array_add (self->legs, leg);
    }
  if (!leg->done)
    return PART_PENDING;
  leg->run = run;
  leg->merge = merge;
  merge->result->overlaps = merge->result->overlaps || leg->overlaps;
  bv_column_leg_emit (leg);
  if (run->n_groups > 0 && leg->numbers == NULL && leg->totals == NULL && !leg->own_where)
    bv_column_leg_note_totals (leg);
  return PART_DONE;
}

BvLegResult *
bv_column_legs_run (BvPlan *plan, const BvLegRun *run, GCancellable *cancellable, GError **error)
{
  BvColumnSession *self = plan->columns;
  g_auto(BvLegMerge) merge = { NULL };
  g_autoptr(GPtrArray) parts = bv_legs_split (plan, run->only);
  const char *run_key = bv_column_predicate_key (run->where);
  PartState state, worst = PART_DONE;

  g_clear_pointer (&self->refusal, g_free);
  bv_leg_merge_init (&merge, plan, run);
  if (run->n_groups == 0 && plan->measures->len > 0 && bv_column_emit_totals (&merge, run_key))
    return g_steal_pointer (&merge.result);
  for (guint i = 0; i < parts->len && worst != PART_FAILED; i++)
    {
      const BvLegPart *part = parts->pdata[i];

      merge.indexed = i > 0;
      /* A condition that meets several rows is one more filter on the rows that are measured, but takes no group away. */
      if (part->alone)
        {
          g_autoptr(GArray) none = g_array_new (FALSE, FALSE, sizeof (guint));

          state = run_part (&merge, part->node, none, FALSE, run_key, cancellable);
          worst = MAX (worst, state);
          merge.indexed = TRUE;
        }
      if (worst == PART_FAILED)
        break;
      state = run_part (&merge, part->node, part->measures, part->alone, run_key, cancellable);
      worst = MAX (worst, state);
    }
  if (worst == PART_DONE)
    return g_steal_pointer (&merge.result);
  if (worst == PART_FAILED)
    {
      /* What the other parts wait for is of no use any more. */
      g_ptr_array_set_size (self->pending, 0);
      g_ptr_array_set_size (self->legs, 0);
      g_cancellable_set_error_if_cancelled (cancellable, error);
    }
  return NULL;
}

/* --- Rounds ------------------------------------------------------------------------------------------------------------------------ */

void
bv_column_run_pending (BvColumnSession **sessions, guint n_sessions)
{
  g_autoptr(GPtrArray) legs = g_ptr_array_new ();
  g_autoptr(GPtrArray) scans = g_ptr_array_new ();

  for (guint i = 0; i < n_sessions; i++)
    {
      for (guint k = 0; k < sessions[i]->pending->len; k++)
        g_ptr_array_add (legs, sessions[i]->pending->pdata[k]);
      g_ptr_array_set_size (sessions[i]->pending, 0);
    }
  if (legs->len == 0)
    return;
  for (guint i = 0; i < legs->len; i++)
    g_ptr_array_add (scans, bv_column_leg_scan (legs->pdata[i]));
  bv_scan_run_many ((BvScan **) scans->pdata, scans->len);
  for (guint i = 0; i < legs->len; i++)
    ((BvColumnLeg *) legs->pdata[i])->done = !((BvScan *) scans->pdata[i])->cancelled && bv_column_leg_moved (legs->pdata[i]);
}

void
bv_column_explain (BvColumnSession *self, GString *out)
{
  for (guint i = 0; i < self->legs->len; i++)
    {
      const BvColumnLeg *leg = self->legs->pdata[i];
      const char *table = ((BvPlanNode *) self->plan->nodes->pdata[leg->node])->table->name;

      if (leg->numbers != NULL)
        g_string_append_printf (out, _("Scan of “%s”: %" PRIu64 " groups, gathered as pairs of group and row\n"), table, leg->n_numbers);
      else if (leg->answered)
        g_string_append_printf (out, _("No scan of “%s”: what moves was added up from a cube, into %" PRIu64 " groups, in %.2f ms\n"), table, leg->n_groups, leg->scan.ms);
      else if (leg->scan.listed)
        g_string_append_printf (out, _("Scan of “%s”: a list of %" PRIu64 " rows, of which %" PRIu64 " pass, into %" PRIu64 " groups, in %.2f ms\n"), table,
                                leg->scan.n_range, leg->scan.n_rows, leg->n_groups, leg->scan.ms);
      else
        g_string_append_printf (out, _("Scan of “%s”: %" PRIu64 " of %" PRIu64 " rows, of which %" PRIu64 " pass, into %" PRIu64 " groups, in %.2f ms\n"), table,
                                leg->scan.n_range, leg->scan.table->n_rows, leg->scan.n_rows, leg->n_groups, leg->scan.ms);
    }
}
