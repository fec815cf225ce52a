/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A clause that moves: a range of time that is dragged or stepped through, a list that is walked value by value.
 *
 * A clause may move when it stands beside all others and is a range of the column that rows are ordered by, or a list of values of any field. When a leg
 * comes again with one of them changed and everything else the same, that is what moves: a range's first move, and a list's second, makes a cube
 * (see bv-cube.c) in the pass that scans, together with the other tiles' cubes; from then on nothing is scanned. Cubes go when another clause moves
 * (bv-cube-store.c). Where a cube would be too large, or few rows are left to scan, clauses are tested as ever.
 *
 * Cost: a key of a few hundred bytes for each clause that may move, made where many rows are left to scan or cubes are there.
 */
#include "config.h"

#include "bv-column-leg-private.h"
#include "bv-cube-store.h"
#include "bv-key-private.h"

#include <string.h>

#define MAX_VALUES 16 /* of a list */
#define MAX_CLAUSES 8

typedef struct
{
  const BvPredicate *p;
  const char *key;
  gboolean ranged; /* all ranges are one clause */
} Part;

/* The clauses that stand side by side. */
static void
split (BvColumnLeg *leg, const BvPredicate *p, GArray *parts)
{
  const BvEncodedTable *table = leg->session->tables[leg->node];
  Part part = { p, NULL, FALSE };

  if (p->kind == BV_PREDICATE_ALL)
    {
      for (guint i = 0; i < p->children->len; i++)
        split (leg, p->children->pdata[i], parts);
      return;
    }
  part.key = bv_column_predicate_key (p);
  part.ranged = p->kind == BV_PREDICATE_INTERVAL && !p->negate && p->node == leg->node && table->order >= 0 &&
                bv_names_equal (p->field->name, table->columns[table->order].name);
  g_array_append_val (parts, part);
}

static void
append_range (GArray *ranges, guint64 first, guint64 end)
{
  const BvCubeRange range = { first, end };

  g_array_append_val (ranges, range);
}

/* The codes that all ranges have in common; FALSE when an end lies within a code, as noon does within a day. */
static gboolean
range_codes (BvColumnLeg *leg, GArray *parts, GArray *ranges)
{
  const BvEncodedTable *table = leg->session->tables[leg->node];
  BvColumnPass pass = { leg->session, leg->node, NULL };
  guint64 first = 0, end = table->columns[table->order].n_codes;

  for (guint i = 0; i < parts->len; i++)
    {
      const Part *part = &g_array_index (parts, Part, i);
      g_autoptr(BvTest) test = NULL;

      if (!part->ranged)
        continue;
      test = bv_column_test (&pass, part->p);
      if (test == NULL)
        return FALSE;
      /* Instants come as a list of one. */
      if (test->kind == BV_TEST_ALL && test->children->len == 1 && !test->negate)
        {
          BvTest *only = g_ptr_array_steal_index (test->children, 0);

          bv_test_free (g_steal_pointer (&test));
          test = only;
        }
      if (test->kind != BV_TEST_RANGE || test->negate)
        return FALSE;
      first = MAX (first, test->first);
      end = MIN (end, test->end);
    }
  if (first < end)
    append_range (ranges, first, end);
  return TRUE;
}

static int
compare_ranges (gconstpointer a, gconstpointer b)
{
  const BvCubeRange *x = a, *y = b;

  return x->first < y->first ? -1 : x->first > y->first;
}

/* The codes of a list's values. */
static gboolean
list_codes (BvColumnLeg *leg, const BvPredicate *p, GArray *ranges)
{
  const BvEncodedColumn *column = bv_column_find (leg->session, p->node, p->field->name);

  if (column == NULL || column->coding == BV_CODING_INSTANTS)
    return FALSE;
  for (guint i = 0; i < p->values->len; i++)
    {
      const BvValue *value = &g_array_index (p->values, BvValue, i);
      guint64 first = 0, end = 1;

      if (value->type != BV_TYPE_NULL)
        {
          first = bv_encoded_bound (column, value, FALSE);
          end = bv_encoded_bound (column, value, TRUE);
        }
      if (first < end)
        append_range (ranges, first, end);
    }
  g_array_sort (ranges, compare_ranges);
  for (guint i = ranges->len; i-- > 1;)
    if (g_array_index (ranges, BvCubeRange, i).first == g_array_index (ranges, BvCubeRange, i - 1).first)
      g_array_remove_index (ranges, i);
  return TRUE;
}

/* All that a leg's numbers depend on but its filters. */
static void
add_leg (BvColumnLeg *leg, GString *out)
{
  BvColumnSession *self = leg->session;
  BvPlan *plan = self->plan;

  for (guint i = 0; i < self->n_nodes; i++)
    {
      const BvPlanNode *node = plan->nodes->pdata[i];

      bv_key_add_number (out, self->tables[i] != NULL ? (gint64) self->tables[i]->serial : -1);
      bv_key_add_number (out, node->parent);
      bv_key_add_text (out, node->parent_column);
      bv_key_add_text (out, node->column);
    }
  bv_key_add_number (out, leg->run_key - leg->key);
  g_string_append_len (out, leg->key, leg->run_key - leg->key);
  bv_key_add_text (out, bv_calendar_get_time_zone (plan->model->calendar));
  bv_key_add_number (out, bv_calendar_get_week_start (plan->model->calendar));
  for (guint i = 0; i < plan->groups->len; i++)
    {
      const BvPlanGroup *group = &g_array_index (plan->groups, BvPlanGroup, i);

      bv_key_add_number (out, group->node);
      bv_key_add_text (out, group->field->name);
      bv_key_add_number (out, group->grain);
    }
  bv_key_add_number (out, plan->time_group);
  for (guint i = 0; i < plan->measures->len; i++)
    {
      const BvPlanMeasure *measure = plan->measures->pdata[i];
      const char *where = bv_column_predicate_key (measure->where);

      bv_key_add_number (out, measure->aggregate);
      bv_key_add_number (out, measure->node);
      bv_key_add_number (out, measure->field_node);
      bv_key_add_text (out, measure->field != NULL ? measure->field->name : NULL);
      bv_key_add_text (out, where);
    }
}

static void
clause_clear (gpointer data)
{
  BvMovingClause *self = data;

  g_array_unref (self->ranges);
  g_free (self->key);
  g_free (self->active);
}

/* A clause that may move: the list @index, or with G_MAXUINT all ranges. */
static void
add_clause (BvColumnLeg *leg, GArray *parts, guint index, const GString *of_leg)
{
  BvMovingClause clause = { .ranges = g_array_new (FALSE, FALSE, sizeof (BvCubeRange)) };
  const BvPredicate *p = index != G_MAXUINT ? g_array_index (parts, Part, index).p : NULL;
  GString *key;

  if (p != NULL ? !list_codes (leg, p, clause.ranges) : !range_codes (leg, parts, clause.ranges))
    {
      g_array_unref (clause.ranges);
      return;
    }
  clause.list = p;
  if (p == NULL)
    clause.active = g_strdup ("range");
  else
    clause.active = g_strdup_printf ("%s.%s", ((BvPlanNode *) leg->session->plan->nodes->pdata[p->node])->table->name, p->field->name);
  key = g_string_sized_new (of_leg->len + 256);
  g_string_append_len (key, of_leg->str, (gssize) of_leg->len);
  bv_key_add_number (key, p != NULL ? p->node : -1);
  bv_key_add_text (key, clause.active);
  for (guint i = 0; i < parts->len; i++)
    if (i != index && (p != NULL || !g_array_index (parts, Part, i).ranged))
      bv_key_add_text (key, g_array_index (parts, Part, i).key);
  clause.key = g_string_free (key, FALSE);
  g_array_append_val (leg->clauses, clause);
}

/* What may move; once. */
static void
find_clauses (BvColumnLeg *leg)
{
  g_autoptr(GArray) parts = g_array_new (FALSE, FALSE, sizeof (Part));
  g_autoptr(GString) of_leg = g_string_sized_new (512);
  gboolean ranged = FALSE;

  leg->clauses = g_array_new (FALSE, FALSE, sizeof (BvMovingClause));
  g_array_set_clear_func (leg->clauses, clause_clear);
  split (leg, leg->where, parts);
  if (parts->len > MAX_CLAUSES)
    return;
  add_leg (leg, of_leg);
  for (guint i = 0; i < parts->len; i++)
    {
      const Part *part = &g_array_index (parts, Part, i);

      ranged = ranged || part->ranged;
      if (part->p->kind == BV_PREDICATE_IN && !part->p->negate && part->p->values->len > 0 && part->p->values->len <= MAX_VALUES)
        add_clause (leg, parts, i, of_leg);
    }
  if (ranged)
    add_clause (leg, parts, G_MAXUINT, of_leg);
}

static gboolean
may_move (const BvColumnLeg *leg)
{
  return leg->where != NULL && leg->session->tables[leg->node]->n_rows >= bv_tuning.cube_rows;
}

gboolean
bv_column_leg_recall (BvColumnLeg *leg)
{
  BvEncodedTable *table = leg->session->tables[leg->node];

  if (!may_move (leg) || bv_cube_store_is_empty (table))
    return FALSE;
  find_clauses (leg);
  for (guint i = 0; i < leg->clauses->len && leg->cube == NULL; i++)
    {
      leg->moving = &g_array_index (leg->clauses, BvMovingClause, i);
      leg->cube = bv_cube_store_find (table, leg->moving->key);
    }
  if (leg->cube == NULL)
    leg->moving = NULL;
  return leg->cube != NULL;
}

void
bv_column_leg_answer (BvColumnLeg *leg)
{
  bv_cube_answer (leg->cube, &leg->scan, (const BvCubeRange *) leg->moving->ranges->data, leg->moving->ranges->len);
  leg->answered = leg->done = TRUE;
}

/* The leg's filter without the clause, as a test. */
static gboolean
test_rest (BvColumnLeg *leg, const BvMovingClause *clause)
{
  BvColumnPass pass = { leg->session, leg->node, NULL };
  g_autoptr(GArray) parts = g_array_new (FALSE, FALSE, sizeof (Part));
  g_autoptr(BvPredicate) rest = NULL;

  split (leg, leg->where, parts);
  for (guint i = 0; i < parts->len; i++)
    {
      const Part *part = &g_array_index (parts, Part, i);

      if (clause->list != NULL ? part->p != clause->list : !part->ranged)
        rest = bv_predicate_and (rest, bv_predicate_ref (part->p));
    }
  if (rest != NULL)
    leg->passive = bv_column_test (&pass, rest);
  return rest == NULL || leg->passive != NULL;
}

static void
make_cube (BvColumnLeg *leg, const BvMovingClause *clause)
{
  BvEncodedTable *table = leg->scan.table;
  BvColumnPass pass = { leg->session, leg->node, NULL };
  const BvEncodedColumn *column = clause->list != NULL ? bv_column_find (leg->session, clause->list->node, clause->list->field->name) : &table->columns[table->order];
  BvSource active = { column, NULL, 1 };

  if (!test_rest (leg, clause) || (clause->list != NULL && !bv_column_source (&pass, clause->list->node, column, NULL, NULL, 1, &active)))
    return;
  leg->cube = bv_cube_new (&leg->scan, leg->passive, &active, column->n_codes, clause->list == NULL);
  if (leg->cube == NULL)
    bv_cube_store_refuse (table, clause->key);
  else
    {
      leg->makes_cube = TRUE;
      leg->moving = clause;
    }
}

void
bv_column_leg_move (BvColumnLeg *leg)
{
  /* Where few rows are left no cube is made, and none of it is noted. */
  if (!may_move (leg) || leg->test == NULL || bv_test_max_rows (leg->test, leg->scan.table) < bv_tuning.cube_least)
    return;
  if (leg->clauses == NULL)
    find_clauses (leg);
  for (guint i = 0; i < leg->clauses->len && leg->cube == NULL; i++)
    {
      const BvMovingClause *clause = &g_array_index (leg->clauses, BvMovingClause, i);
      g_autoptr(GString) value = g_string_new (NULL);

      for (guint k = 0; k < clause->ranges->len; k++)
        {
          bv_key_add_number (value, (gint64) g_array_index (clause->ranges, BvCubeRange, k).first);
          bv_key_add_number (value, (gint64) g_array_index (clause->ranges, BvCubeRange, k).end);
        }
      if (bv_cube_store_moved (leg->scan.table, clause->key, clause->active, value->str, clause->list != NULL ? 2 : 1))
        make_cube (leg, clause);
    }
}

BvScan *
bv_column_leg_scan (BvColumnLeg *leg)
{
  return leg->makes_cube ? &leg->cube->scan : &leg->scan;
}

gboolean
bv_column_leg_moved (BvColumnLeg *leg)
{
  if (!leg->makes_cube)
    return TRUE;
  leg->makes_cube = FALSE;
  if (!bv_cube_finish (leg->cube))
    {
      bv_cube_store_refuse (leg->scan.table, leg->moving->key);
      g_clear_pointer (&leg->cube, bv_cube_unref);
      g_ptr_array_add (leg->session->pending, leg);
      return FALSE;
    }
  bv_column_leg_answer (leg);
  bv_cube_store_put (leg->scan.table, leg->moving->key, leg->moving->active, leg->cube);
  return TRUE;
}

void
bv_column_leg_leave_cube (BvColumnLeg *leg)
{
  if (leg->answered)
    bv_cube_take_back (leg->cube, &leg->scan, (const BvCubeRange *) leg->moving->ranges->data, leg->moving->ranges->len);
  g_clear_pointer (&leg->cube, bv_cube_unref);
  g_clear_pointer (&leg->clauses, g_array_unref);
}
