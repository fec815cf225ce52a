/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A range of time that moves: a slider that is dragged, a period that is stepped through.
 *
 * When a leg comes again with another range on the column that rows are ordered by and everything else the same, the range is what moves. Its second
 * range makes a cube (see bv-cube.c) in the pass that would have scanned, together with the other tiles' cubes; from the third on nothing is
 * scanned. Cubes are kept with the encoded table; those of another set of passive filters go when the first of a new set is made. Where a cube would be too
 * large, as that of a top list of customers is, or where adding up would read more than a scan, ranges are scanned as ever.
 */
#include "config.h"

#include "bv-column-leg-private.h"
#include "bv-key-private.h"

#include <string.h>

/* Takes the intervals on the ordered column out of a predicate, as a list of what remains; whether there were any. */
static void
split (BvColumnLeg *leg, const BvPredicate *p, GPtrArray *ranges, GPtrArray *rest)
{
  const BvEncodedTable *table = leg->session->tables[leg->node];

  if (p->kind == BV_PREDICATE_ALL)
    for (guint i = 0; i < p->children->len; i++)
      split (leg, p->children->pdata[i], ranges, rest);
  else if (p->kind == BV_PREDICATE_INTERVAL && !p->negate && p->node == leg->node && g_ascii_strcasecmp (p->field->name, table->columns[table->order].name) == 0)
    g_ptr_array_add (ranges, (gpointer) p);
  else
    g_ptr_array_add (rest, (gpointer) p);
}

/* The codes that all ranges have in common; FALSE when an end lies within a code, as noon does within a day. */
static gboolean
find_codes (BvColumnLeg *leg, BvColumnPass *pass, GPtrArray *ranges)
{
  leg->first_code = 0;
  leg->end_code = G_MAXUINT64;
  for (guint i = 0; i < ranges->len; i++)
    {
      g_autoptr(BvTest) test = bv_column_test (pass, ranges->pdata[i]);

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
      leg->first_code = MAX (leg->first_code, test->first);
      leg->end_code = MIN (leg->end_code, test->end);
    }
  leg->end_code = MAX (leg->first_code, leg->end_code);
  return TRUE;
}

/* All that a leg's numbers depend on except the range. (transfer full) */
static char *
make_key (BvColumnLeg *leg, const char *key, const char *passive)
{
  BvColumnSession *self = leg->session;
  BvPlan *plan = self->plan;
  GString *out = g_string_new ("cube ");

  bv_key_add_text (out, passive);
  for (guint i = 0; i < self->n_nodes; i++)
    {
      const BvPlanNode *node = plan->nodes->pdata[i];

      bv_key_add_number (out, self->tables[i] != NULL ? (gint64) self->tables[i]->serial : -1);
      bv_key_add_number (out, node->parent);
      bv_key_add_text (out, node->parent_column);
      bv_key_add_text (out, node->column);
    }
  bv_key_add_text (out, key);
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
      g_autofree char *where = bv_column_predicate_key (measure->where);

      bv_key_add_number (out, measure->aggregate);
      bv_key_add_number (out, measure->node);
      bv_key_add_number (out, measure->field_node);
      bv_key_add_text (out, measure->field != NULL ? measure->field->name : NULL);
      bv_key_add_text (out, where);
    }
  return g_string_free (out, FALSE);
}

/* Whether adding up the range reads less than scanning it would. */
static gboolean
pays (const BvCube *cube, const BvColumnLeg *leg)
{
  guint64 n_codes = leg->end_code - leg->first_code, n_rows, values = 0, first, end;

  bv_encoded_sorted_range (leg->scan.table, &leg->scan.table->columns[leg->scan.table->order], leg->first_code, leg->end_code, &first, &end);
  n_rows = end - first;
  for (guint i = 0; i < cube->scan.n_steps; i++)
    {
      const BvStep *step = &cube->scan.steps[i];

      values += step->kind == BV_STEP_DISTINCT ? step->n_values / 256 + 1 : step->kind == BV_STEP_HISTOGRAM ? step->n_values / 4 + 1 : 1;
    }
  return bv_tuning.cube_rows == 0 || n_codes * cube->n_inner * values < n_rows;
}

static void
free_cube (gpointer data)
{
  bv_cube_free (data);
}

gboolean
bv_column_leg_move (BvColumnLeg *leg, const char *key)
{
  BvEncodedTable *table = leg->scan.table;
  BvColumnPass pass = { leg->session, leg->node, NULL };
  g_autoptr(GPtrArray) ranges = g_ptr_array_new ();
  g_autoptr(GPtrArray) rest = g_ptr_array_new ();
  g_autoptr(BvPredicate) passive = NULL;
  g_autoptr(GBytes) known = NULL;
  g_autoptr(GBytes) asked = NULL;
  g_autoptr(GBytes) mine = NULL;
  g_autofree char *passive_key = NULL;
  g_autofree char *asked_key = NULL;
  g_autofree char *range_key = NULL;

  if (leg->where == NULL || table->order < 0 || table->n_rows < bv_tuning.cube_rows)
    return FALSE;
  split (leg, leg->where, ranges, rest);
  if (ranges->len == 0 || !find_codes (leg, &pass, ranges) || leg->end_code == G_MAXUINT64)
    return FALSE;
  for (guint i = 0; i < rest->len; i++)
    passive = bv_predicate_and (passive, bv_predicate_copy (rest->pdata[i]));
  passive_key = bv_column_predicate_key (passive);
  leg->cube_key = make_key (leg, key, passive_key);
  known = bv_encoded_table_get_derived (table, leg->cube_key);
  if (known != NULL)
    {
      bv_cube_answer (g_bytes_get_data (known, NULL), &leg->scan, leg->first_code, leg->end_code);
      leg->from_cube = TRUE;
      return TRUE;
    }
  /* The first range only leaves a note of itself. */
  asked_key = g_strconcat ("asked ", leg->cube_key, NULL);
  range_key = g_strdup_printf ("%" G_GUINT64_FORMAT "–%" G_GUINT64_FORMAT, leg->first_code, leg->end_code);
  mine = g_bytes_new (range_key, strlen (range_key));
  asked = bv_encoded_table_put_derived (table, asked_key, g_bytes_ref (mine));
  if (asked == mine || g_bytes_equal (asked, mine))
    return FALSE;
  if (passive != NULL && (leg->passive = bv_column_test (&pass, passive)) == NULL)
    return FALSE;
  leg->cube = bv_cube_new (&leg->scan, leg->passive);
  if (leg->cube != NULL && !pays (leg->cube, leg))
    g_clear_pointer (&leg->cube, bv_cube_free);
  return FALSE;
}

BvScan *
bv_column_leg_scan (BvColumnLeg *leg)
{
  return leg->cube != NULL ? &leg->cube->scan : &leg->scan;
}

/* Lets the cubes of other passive filters go. */
static void
make_room (BvColumnLeg *leg)
{
  BvEncodedTable *table = leg->scan.table;
  const char *end = strchr (leg->cube_key + strlen ("cube "), ' ');
  gsize length = (gsize) g_ascii_strtoull (leg->cube_key + strlen ("cube "), NULL, 10);
  g_autofree char *passive = g_strndup (end + 1, length);
  g_autofree char *mark = g_strconcat ("passive ", passive, NULL);
  g_autoptr(GBytes) current = bv_encoded_table_get_derived (table, mark);

  if (current != NULL)
    return;
  bv_encoded_table_drop_derived (table, "passive ");
  bv_encoded_table_drop_derived (table, "asked cube ");
  bv_encoded_table_drop_derived (table, "cube ");
  g_bytes_unref (bv_encoded_table_put_derived (table, mark, g_bytes_new_static ("", 0)));
}

gboolean
bv_column_leg_moved (BvColumnLeg *leg)
{
  BvCube *cube = g_steal_pointer (&leg->cube);

  if (cube == NULL)
    return TRUE;
  if (!bv_cube_finish (cube))
    {
      bv_cube_free (cube);
      g_ptr_array_add (leg->session->pending, leg);
      return FALSE;
    }
  bv_cube_answer (cube, &leg->scan, leg->first_code, leg->end_code);
  leg->from_cube = TRUE;
  make_room (leg);
  g_bytes_unref (bv_encoded_table_put_derived (leg->scan.table, leg->cube_key, g_bytes_new_with_free_func (cube, bv_cube_size (cube), free_cube, cube)));
  return TRUE;
}
