/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Finding what scans have in common. Filters are compared clause by clause, clauses by what they test; a total without groups that another scan of the
 * same rows has by groups is made from that one's groups. A clause on the column that rows are ordered by becomes a stretch of rows, a group by it
 * a list of stretches.
 *
 * Cost: O(steps² ) comparisons of a few words, for the dozens of steps that a report has.
 */
#include "bv-pass-private.h"
#include "bv-sorted.h"

#include <string.h>

static void
filter_free (gpointer data)
{
  BvFilter *filter = data;

  g_array_unref (filter->clauses);
  g_array_unref (filter->keysets);
  g_free (filter);
}

static void
keyset_free (gpointer data)
{
  BvKeyset *keyset = data;

  g_array_unref (keyset->sources);
  g_array_unref (keyset->tasks);
  g_free (keyset->spans);
  g_free (keyset);
}

static guint
add_clause (BvPass *self, const BvTest *test)
{
  for (guint i = 0; i < self->clauses->len; i++)
    if (bv_test_equal (self->clauses->pdata[i], test))
      return i;
  g_ptr_array_add (self->clauses, (gpointer) test);
  return self->clauses->len - 1;
}

/* Adds what @test demands to the filter; clauses stay in ascending order. */
static void
add_test (BvPass *self, BvFilter *filter, const BvTest *test)
{
  guint64 begin, end;
  guint clause, at = 0;

  if (test->kind == BV_TEST_ALL && !test->negate)
    {
      for (guint i = 0; i < test->children->len; i++)
        add_test (self, filter, test->children->pdata[i]);
      return;
    }
  if (bv_sorted_test (self->table, test, &begin, &end))
    {
      filter->begin = MAX (filter->begin, begin);
      filter->end = MAX (filter->begin, MIN (filter->end, end));
      return;
    }
  clause = add_clause (self, test);
  while (at < filter->clauses->len && g_array_index (filter->clauses, guint, at) < clause)
    at++;
  if (at == filter->clauses->len || g_array_index (filter->clauses, guint, at) != clause)
    g_array_insert_val (filter->clauses, at, clause);
}

/* The shortest list of rows among the clauses, which then need not be asked any more. */
static void
choose_rows (BvPass *self, BvFilter *filter)
{
  int best = -1;

  for (guint i = 0; i < filter->clauses->len; i++)
    {
      const BvTest *test = self->clauses->pdata[g_array_index (filter->clauses, guint, i)];
      gsize size;
      const guint32 *rows;

      if (test->kind != BV_TEST_ROWS || test->negate)
        continue;
      rows = g_bytes_get_data (test->bits, &size);
      if (best >= 0 && size / sizeof *rows >= filter->n_rows)
        continue;
      best = (int) i;
      filter->n_rows = size / sizeof *rows;
      filter->rows = size > 0 ? rows : (const guint32 *) (gconstpointer) "";
    }
  if (best >= 0)
    g_array_remove_index (filter->clauses, (guint) best);
}

static guint
add_filter (BvPass *self, const BvTest *a, const BvTest *b)
{
  BvFilter *filter = g_new0 (BvFilter, 1);

  filter->clauses = g_array_new (FALSE, FALSE, sizeof (guint));
  filter->keysets = g_array_new (FALSE, FALSE, sizeof (guint));
  filter->end = self->table->n_rows;
  if (a != NULL)
    add_test (self, filter, a);
  if (b != NULL)
    add_test (self, filter, b);
  choose_rows (self, filter);
  for (guint i = 0; i < self->filters->len; i++)
    {
      const BvFilter *other = self->filters->pdata[i];

      if (other->begin == filter->begin && other->end == filter->end && other->rows == filter->rows && other->clauses->len == filter->clauses->len &&
          (filter->clauses->len == 0 || memcmp (other->clauses->data, filter->clauses->data, filter->clauses->len * sizeof (guint)) == 0))
        {
          filter_free (filter);
          return i;
        }
    }
  g_ptr_array_add (self->filters, filter);
  return self->filters->len - 1;
}

static guint
add_source (BvPass *self, const BvSource *source)
{
  BvSource copy = *source;

  for (guint i = 0; i < self->sources->len; i++)
    {
      const BvSource *other = &g_array_index (self->sources, BvSource, i);

      if (other->column == source->column && other->table == source->table)
        return i;
    }
  g_array_append_val (self->sources, copy);
  return self->sources->len - 1;
}

static gboolean
same_keys (const BvSource *a, const BvSource *b, guint n)
{
  for (guint i = 0; i < n; i++)
    if (a[i].column != b[i].column || a[i].table != b[i].table || (a[i].table == NULL && a[i].stride != b[i].stride))
      return FALSE;
  return TRUE;
}

/* Stretches of one group by the key that rows are ordered by, if there is one. */
static void
make_spans (BvPass *self, BvKeyset *keyset)
{
  for (guint k = 0; k < keyset->n_keys && keyset->spans == NULL; k++)
    {
      const BvSource *key = &keyset->keys[k];
      g_autoptr(GBytes) bytes = key->column != NULL ? bv_sorted_starts (self->table, key->column) : NULL;
      const guint32 *starts;

      if (bytes == NULL)
        continue;
      starts = g_bytes_get_data (bytes, NULL);
      keyset->spans = g_new (BvSpan, key->column->n_codes + 1);
      keyset->sorted_key = k;
      for (guint64 code = 0; code < key->column->n_codes; code++)
        {
          guint32 group = key->table != NULL ? key->table[code] : (guint32) code * key->stride;

          if (starts[code + 1] == starts[code])
            continue;
          if (keyset->n_spans == 0 || keyset->spans[keyset->n_spans - 1].group != group)
            keyset->spans[keyset->n_spans++].group = group;
          keyset->spans[keyset->n_spans - 1].end = starts[code + 1];
        }
    }
}

static guint
add_keyset (BvPass *self, guint filter, const BvScan *scan)
{
  BvKeyset *keyset;

  for (guint i = 0; i < self->keysets->len; i++)
    {
      keyset = self->keysets->pdata[i];
      if (keyset->filter == filter && keyset->n_keys == scan->n_keys && keyset->n_groups == scan->n_groups && same_keys (keyset->keys, scan->keys, scan->n_keys))
        return i;
    }
  keyset = g_new0 (BvKeyset, 1);
  keyset->filter = filter;
  keyset->keys = scan->keys;
  keyset->n_keys = scan->n_keys;
  keyset->n_groups = scan->n_groups;
  keyset->sources = g_array_new (FALSE, FALSE, sizeof (guint));
  keyset->tasks = g_array_new (FALSE, FALSE, sizeof (guint));
  for (guint k = 0; k < scan->n_keys; k++)
    {
      guint source = add_source (self, &scan->keys[k]);

      g_array_append_val (keyset->sources, source);
    }
  if (((BvFilter *) self->filters->pdata[filter])->rows == NULL)
    make_spans (self, keyset);
  keyset->cells = scan->n_keys == 1 && keyset->spans == NULL && scan->keys[0].column != NULL && scan->keys[0].column->width < 4 && scan->keys[0].table == NULL &&
                  scan->keys[0].stride == 1;
  g_ptr_array_add (self->keysets, keyset);
  g_array_append_val (((BvFilter *) self->filters->pdata[filter])->keysets, (guint){ self->keysets->len - 1 });
  return self->keysets->len - 1;
}

/* Whether @task can be had from @other: the same of the same rows, by the same groups, or the total of any groups. */
static gboolean
can_make (BvPass *self, const BvTask *task, const BvTask *other)
{
  const BvKeyset *mine = self->keysets->pdata[task->keyset], *its = self->keysets->pdata[other->keyset];

  return mine->filter == its->filter && task->step->kind == other->step->kind && task->step->n_values == other->step->n_values && task->step->max_pairs == other->step->max_pairs && task->source == other->source &&
         (task->step->kind != BV_STEP_WIDE_SUM || task->step->wide_exponent == other->step->wide_exponent) &&
         (task->keyset == other->keyset || mine->n_keys == 0) && task->step->kind != BV_STEP_PAIRS;
}

/* In two rounds, so that nothing is made from what is itself made. */
static void
share_tasks (BvPass *self)
{
  for (guint i = 0; i < self->tasks->len; i++)
    {
      BvTask *task = &g_array_index (self->tasks, BvTask, i);

      for (guint k = 0; k < i && task->made_from < 0; k++)
        {
          const BvTask *other = &g_array_index (self->tasks, BvTask, k);

          if (other->made_from < 0 && other->keyset == task->keyset && can_make (self, task, other))
            task->made_from = (int) k;
        }
    }
  for (guint i = 0; i < self->tasks->len; i++)
    {
      BvTask *task = &g_array_index (self->tasks, BvTask, i);

      if (task->made_from >= 0 || ((BvKeyset *) self->keysets->pdata[task->keyset])->n_keys > 0)
        continue;
      for (guint k = 0; k < self->tasks->len && !task->totals; k++)
        {
          const BvTask *other = &g_array_index (self->tasks, BvTask, k);

          if (other->made_from >= 0 || other->keyset == task->keyset || !can_make (self, task, other))
            continue;
          task->made_from = (int) k;
          task->totals = TRUE;
        }
    }
  /* Copies of what has become a total are totals of the same. */
  for (guint i = 0; i < self->tasks->len; i++)
    {
      BvTask *task = &g_array_index (self->tasks, BvTask, i);
      const BvTask *from = task->made_from >= 0 ? &g_array_index (self->tasks, BvTask, task->made_from) : NULL;

      if (from != NULL && from->made_from >= 0)
        {
          task->made_from = from->made_from;
          task->totals = TRUE;
        }
    }
}

static guint64
max_rows (const BvFilter *filter)
{
  return filter->rows != NULL ? MIN (filter->n_rows, filter->end - filter->begin) : filter->end - filter->begin;
}

BvPass *
bv_pass_new (BvScan **scans, guint n_scans)
{
  BvPass *self = g_new0 (BvPass, 1);

  self->table = scans[0]->table;
  self->cancellables = g_new0 (GCancellable *, n_scans + 1);
  self->clauses = g_ptr_array_new ();
  self->sources = g_array_new (FALSE, FALSE, sizeof (BvSource));
  self->filters = g_ptr_array_new_with_free_func (filter_free);
  self->keysets = g_ptr_array_new_with_free_func (keyset_free);
  self->tasks = g_array_new (FALSE, FALSE, sizeof (BvTask));
  for (guint s = 0; s < n_scans; s++)
    {
      guint known = 0;

      while (known < self->n_cancellables && self->cancellables[known] != scans[s]->cancellable)
        known++;
      if (scans[s]->cancellable == NULL)
        self->needed = TRUE;
      else if (known == self->n_cancellables)
        self->cancellables[self->n_cancellables++] = scans[s]->cancellable;
    }
  for (guint s = 0; s < n_scans; s++)
    for (guint i = 0; i < scans[s]->n_steps; i++)
      {
        BvStep *step = &scans[s]->steps[i];
        guint filter = add_filter (self, scans[s]->where, step->where);
        BvTask task = { .step = step, .source = -1, .made_from = -1 };

        task.keyset = add_keyset (self, filter, scans[s]);
        step->n_words = step->n_values / 64 + 1;
        step->max_rows = max_rows (self->filters->pdata[filter]);
        if (step->kind != BV_STEP_COUNT)
          task.source = (int) add_source (self, &step->value);
        g_array_append_val (self->tasks, task);
      }
  share_tasks (self);
  for (guint i = 0; i < self->tasks->len; i++)
    {
      const BvTask *task = &g_array_index (self->tasks, BvTask, i);

      if (task->made_from < 0)
        g_array_append_val (((BvKeyset *) self->keysets->pdata[task->keyset])->tasks, i);
    }
  return self;
}

gboolean
bv_pass_is_cancelled (const BvPass *self)
{
  for (guint i = 0; i < self->n_cancellables; i++)
    if (!g_cancellable_is_cancelled (self->cancellables[i]))
      return FALSE;
  return !self->needed;
}

void
bv_pass_free (BvPass *self)
{
  g_free (self->cancellables);
  g_ptr_array_unref (self->clauses);
  g_array_unref (self->sources);
  g_ptr_array_unref (self->filters);
  g_ptr_array_unref (self->keysets);
  g_array_unref (self->tasks);
  g_free (self);
}
