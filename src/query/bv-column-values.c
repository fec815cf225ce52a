/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The values of a field with counts of the root table's rows.
 *
 * Rows are joined from the field's table to the root, as SQLite does it: a value is listed when any joined row with it meets the conditions, also one that
 * no root row belongs to. Two parts find them: a scan of the root table, grouped by the field along to-one keys, counts; where the field is another
 * table's, the rows of the tables in between that no root row belongs to add values with a count of 0. The label of a value is the least one, kept as
 * the least code.
 *
 * Cost: one scan of the root table into an array of the field's codes.
 */
#include "config.h"

#include "bv-column-leg-private.h"

#include <glib/gi18n-lib.h>
#include <string.h>

typedef struct
{
  BvColumnLeg leg;          /* of the field's table */
  BvColumnGroup group;
  const BvEncodedColumn *label; /* (nullable) */
  const BvEncodedColumn *gone;  /* (nullable): where it is not null, a row that no root row belongs to does not count */
  guint32 *count;           /* by number of the value */
  guint32 *least;           /* of the label's codes; 0 is none */
  guint8 *seen;
} Values;

/* Root rows that belong to a row of the field's table. */
static BvTest *
rooted (BvColumnPass *pass, int node)
{
  BvTest *test;
  BvSource rows;
  guint8 *accept;

  if (!bv_column_row_source (pass, node, &rows))
    return NULL;
  test = bv_test_new (BV_TEST_ACCEPT);
  test->column = rows.column;
  accept = g_malloc0 (rows.column->n_codes);
  for (guint64 code = 0; code < rows.column->n_codes; code++)
    accept[code] = rows.table[code] != 0;
  test->accept = g_bytes_new_take (accept, rows.column->n_codes);
  return test;
}

static void
note_label (Values *self, guint64 number, guint32 code)
{
  if (code != 0 && (self->least[number] == 0 || code < self->least[number]))
    self->least[number] = code;
}

static gboolean
scan_root (Values *self)
{
  BvColumnSession *session = self->leg.session;
  BvColumnPass pass = { session, 0, NULL };
  BvSource key;
  g_autoptr(BvTest) where = bv_test_new (BV_TEST_ALL);
  BvStep steps[2] = { { .kind = BV_STEP_COUNT, .n_values = 1, .value = { NULL, NULL, 1 } }, { .kind = BV_STEP_EXTREMES } };
  BvScan scan = { .table = session->tables[0], .where = where, .keys = &key, .n_keys = 1, .n_groups = self->group.n, .steps = steps, .n_steps = 1,
                  .cancellable = self->leg.cancellable };
  BvTest *test;

  if (self->leg.node != 0)
    {
      if ((test = rooted (&pass, self->leg.node)) == NULL)
        return FALSE;
      g_ptr_array_add (where->children, test);
    }
  if (self->leg.where != NULL)
    {
      if ((test = bv_column_test (&pass, self->leg.where)) == NULL)
        return FALSE;
      g_ptr_array_add (where->children, test);
    }
  if (!bv_column_source (&pass, self->group.node, self->group.column, self->group.table, self->group.table_key, 1, &key))
    return FALSE;
  if (self->label != NULL)
    {
      if (!bv_column_source (&pass, self->leg.node, self->label, NULL, NULL, 1, &steps[1].value))
        return FALSE;
      steps[1].n_values = self->label->n_codes;
      scan.n_steps = 2;
    }
  if (!bv_scan_run (&scan))
    return FALSE;
  for (guint64 g = 0; g < self->group.n; g++)
    {
      self->count[g] = steps[0].count[g];
      self->seen[g] = steps[0].count[g] > 0;
      if (self->label != NULL && steps[1].max[g] != 0)
        note_label (self, g, steps[1].min[g]);
    }
  bv_step_clear (&steps[0]);
  bv_step_clear (&steps[1]);
  return TRUE;
}

/* Rows that no root row belongs to. */
static gboolean
add_rootless (Values *self)
{
  BvPlan *plan = self->leg.session->plan;
  g_autofree gboolean *nodes = g_new0 (gboolean, plan->nodes->len);
  g_autofree int *chain = g_new (int, plan->nodes->len);
  g_autofree guint64 *pairs = NULL;
  gsize n_pairs = 0;
  guint n_chain;

  nodes[0] = TRUE;
  bv_column_leg_mark (&self->leg, nodes);
  if (!bv_column_leg_chain (&self->leg, nodes, chain, &n_chain))
    return FALSE;
  if (n_chain == 0 || chain[n_chain - 1] != 0)
    return bv_column_refuse (self->leg.session, _("The rows of the root table are not at the end of the chain"));
  if (!bv_column_leg_collect (&self->leg, chain, n_chain, FALSE, &pairs, &n_pairs))
    return FALSE;
  for (gsize i = 0; i < n_pairs; i++)
    {
      guint32 number = (guint32) (pairs[i] >> 32);

      if (self->gone != NULL && bv_encoded_code (self->gone, (pairs[i] & G_MAXUINT32) - 1) != 0)
        continue;
      self->seen[number] = 1;
      if (self->label != NULL)
        note_label (self, number, bv_encoded_code (self->label, (pairs[i] & G_MAXUINT32) - 1));
    }
  return TRUE;
}

typedef struct
{
  BvValue value, shown;
  guint32 count;
} Entry;

static void
entry_clear (gpointer data)
{
  bv_value_clear (&((Entry *) data)->value);
  bv_value_clear (&((Entry *) data)->shown);
}

/* By what is shown, texts without regard to case, null last; then by value. */
static int
compare_entries (gconstpointer a, gconstpointer b)
{
  const Entry *x = a, *y = b;
  gboolean x_null = x->shown.type == BV_TYPE_NULL, y_null = y->shown.type == BV_TYPE_NULL;
  int c = 0;

  if (x_null != y_null)
    return x_null ? 1 : -1;
  if (!x_null)
    c = x->shown.type == BV_TYPE_TEXT ? g_ascii_strcasecmp (x->shown.s, y->shown.s) : bv_value_compare (&x->shown, &y->shown);
  if (c == 0 && (x->value.type == BV_TYPE_NULL) != (y->value.type == BV_TYPE_NULL))
    return x->value.type == BV_TYPE_NULL ? -1 : 1;
  return c != 0 ? c : bv_value_compare (&x->value, &y->value);
}

static void
fill_frame (Values *self, guint limit, BvFrame *frame)
{
  g_autoptr(GArray) entries = g_array_new (FALSE, FALSE, sizeof (Entry));

  g_array_set_clear_func (entries, entry_clear);
  for (guint64 g = 0; g < self->group.n; g++)
    {
      Entry entry = { BV_VALUE_NULL, BV_VALUE_NULL, self->count[g] };

      if (self->seen[g] == 0)
        continue;
      entry.value = bv_column_group_value (&self->group, g);
      entry.shown = self->label != NULL ? bv_encoded_value (self->label, self->least[g]) : bv_value_copy (&entry.value);
      g_array_append_val (entries, entry);
    }
  g_array_sort (entries, compare_entries);
  for (guint i = 0; i < entries->len && i <= limit; i++)
    {
      const Entry *entry = &g_array_index (entries, Entry, i);
      BvValue cells[3];
      guint n = 0;

      cells[n++] = entry->value;
      if (self->label != NULL)
        cells[n++] = entry->shown;
      cells[n] = bv_value_int (entry->count);
      bv_frame_append (frame, cells);
    }
}

gboolean
bv_column_values (BvPlan *plan, BvField *shown, BvField *gone, guint limit, BvFrame *frame, GCancellable *cancellable, GError **error)
{
  const guint index = 0;
  BvLegRun run = { &index, 1, NULL, -1, NULL, NULL, NULL };
  const BvPlanGroup *field = &g_array_index (plan->groups, BvPlanGroup, 0);
  g_autofree gboolean *nodes = g_new0 (gboolean, plan->nodes->len);
  Values self = { .leg = { .session = plan->columns, .node = field->node, .where = plan->where, .cancellable = cancellable, .n_groups_by = 1, .run = &run } };
  gboolean ok = TRUE;

  self.leg.groups = &self.group;
  self.leg.n_groups = 1;
  nodes[field->node] = TRUE;
  bv_predicate_mark (plan->where, nodes);
  for (guint i = 0; i < plan->nodes->len && ok; i++)
    if (nodes[i] && bv_plan_fans_out (plan, 0, (int) i))
      ok = bv_column_refuse (plan->columns, _("The many sides multiply each other"));
  ok = ok && bv_column_group_init (&self.group, plan->columns, &run, 0);
  self.group.stride = 1;
  if (ok && self.group.n > BV_COLUMN_MAX_DENSE)
    ok = bv_column_refuse (plan->columns, _("There are too many combinations of groups"));
  if (ok && shown != NULL)
    {
      self.label = bv_column_find (plan->columns, field->node, shown->name);
      ok = self.label != NULL && (self.label->coding != BV_CODING_INSTANTS || bv_column_refuse (plan->columns, _("Single instants are grouped by SQLite")));
    }
  if (ok && gone != NULL)
    ok = (self.gone = bv_column_find (plan->columns, field->node, gone->name)) != NULL;
  if (ok)
    {
      self.count = g_new0 (guint32, self.group.n);
      self.least = g_new0 (guint32, self.group.n);
      self.seen = g_malloc0 (self.group.n);
      ok = scan_root (&self) && (field->node == 0 || add_rootless (&self));
    }
  if (ok)
    fill_frame (&self, limit, frame);
  else
    g_cancellable_set_error_if_cancelled (cancellable, error);
  bv_column_group_clear (&self.group);
  g_free (self.count);
  g_free (self.least);
  g_free (self.seen);
  return ok;
}
