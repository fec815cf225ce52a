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

static guint
add_clause (BvPass *self, const BvTest *test)
{
  for (guint i = 0; i < self->n_clauses; i++)
    if (bv_test_equal (self->clauses[i], test))
      return i;
  self->clauses[self->n_clauses] = test;
  return self->n_clauses++;
}

/* How many clauses a test (nullable) has at most. */
static guint
count_clauses (const BvTest *test)
{
  guint n = 0;

  if (test == NULL)
    return 0;
  if (test->kind != BV_TEST_ALL || test->negate)
    return 1;
  for (guint i = 0; i < test->children->len; i++)
    n += count_clauses (test->children->pdata[i]);
  return n;
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
  while (at < filter->n_clauses && filter->clauses[at] < clause)
    at++;
  if (at < filter->n_clauses && filter->clauses[at] == clause)
    return;
  memmove (filter->clauses + at + 1, filter->clauses + at, (filter->n_clauses++ - at) * sizeof clause);
  filter->clauses[at] = clause;
}

/* The shortest list of rows among the clauses, which then need not be asked any more. */
static void
choose_rows (BvPass *self, BvFilter *filter)
{
  int best = -1;

  for (guint i = 0; i < filter->n_clauses; i++)
    {
      const BvTest *test = self->clauses[filter->clauses[i]];
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
    memmove (filter->clauses + best, filter->clauses + best + 1, (--filter->n_clauses - (guint) best) * sizeof *filter->clauses);
}

static BvFilter *
add_filter (BvPass *self, const BvTest *a, const BvTest *b)
{
  BvFilter *filter = &self->filters[self->n_filters];

  *filter = (BvFilter){ .end = self->table->n_rows };
  filter->clauses = bv_arena_new0 (&self->arena, (count_clauses (a) + count_clauses (b) + 1) * sizeof *filter->clauses);
  if (a != NULL)
    add_test (self, filter, a);
  if (b != NULL)
    add_test (self, filter, b);
  choose_rows (self, filter);
  for (BvFilter *other = self->filters; other < filter; other++)
    if (other->begin == filter->begin && other->end == filter->end && other->rows == filter->rows && other->n_clauses == filter->n_clauses &&
        memcmp (other->clauses, filter->clauses, filter->n_clauses * sizeof *filter->clauses) == 0)
      return other;
  self->n_filters++;
  return filter;
}

static guint
add_source (BvPass *self, const BvSource *source)
{
  for (guint i = 0; i < self->n_sources; i++)
    if (self->sources[i].column == source->column && self->sources[i].table == source->table)
      return i;
  self->sources[self->n_sources] = *source;
  return self->n_sources++;
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
      keyset->spans = bv_arena_new0 (&self->arena, (key->column->n_codes + 1) * sizeof *keyset->spans);
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

static BvKeyset *
add_keyset (BvPass *self, BvFilter *filter, const BvScan *scan)
{
  BvKeyset *keyset = filter->keysets, **place = &filter->keysets;

  for (; keyset != NULL; place = &keyset->next, keyset = keyset->next)
    if (keyset->n_keys == scan->n_keys && keyset->n_groups == scan->n_groups && same_keys (keyset->keys, scan->keys, scan->n_keys))
      return keyset;
  keyset = *place = &self->keysets[self->n_keysets++];
  keyset->filter = filter;
  keyset->keys = scan->keys;
  keyset->n_keys = scan->n_keys;
  keyset->n_groups = scan->n_groups;
  keyset->sources = bv_arena_new0 (&self->arena, (scan->n_keys + 1) * sizeof *keyset->sources);
  for (guint k = 0; k < scan->n_keys; k++)
    keyset->sources[k] = add_source (self, &scan->keys[k]);
  if (filter->rows == NULL)
    make_spans (self, keyset);
  keyset->cells = scan->n_keys == 1 && keyset->spans == NULL && scan->keys[0].column != NULL && scan->keys[0].column->width < 4 && scan->keys[0].table == NULL &&
                  scan->keys[0].stride == 1;
  return keyset;
}

/* Whether @task can be had from @other: the same of the same rows, by the same groups, or the total of any groups. */
static gboolean
can_make (const BvTask *task, const BvTask *other)
{
  const BvKeyset *mine = task->keyset, *its = other->keyset;

  return mine->filter == its->filter && task->step->kind == other->step->kind && task->step->n_values == other->step->n_values && task->step->max_pairs == other->step->max_pairs && task->source == other->source &&
         (task->step->kind != BV_STEP_WIDE_SUM || task->step->wide_exponent == other->step->wide_exponent) &&
         (mine == its || mine->n_keys == 0) && task->step->kind != BV_STEP_PAIRS;
}

/* In two rounds, so that nothing is made from what is itself made. */
static void
share_tasks (BvPass *self)
{
  BvTask *const end = self->tasks + self->n_tasks;

  for (BvTask *task = self->tasks; task < end; task++)
    for (BvTask *other = self->tasks; other < task && task->made_from == NULL; other++)
      if (other->made_from == NULL && other->keyset == task->keyset && can_make (task, other))
        task->made_from = other;
  for (BvTask *task = self->tasks; task < end; task++)
    for (BvTask *other = self->tasks; other < end && task->made_from == NULL && task->keyset->n_keys == 0; other++)
      if (other->made_from == NULL && other->keyset != task->keyset && can_make (task, other))
        {
          task->made_from = other;
          task->totals = TRUE;
        }
  /* Copies of what has become a total are totals of the same. */
  for (BvTask *task = self->tasks; task < end; task++)
    if (task->made_from != NULL && task->made_from->made_from != NULL)
      {
        task->made_from = task->made_from->made_from;
        task->totals = TRUE;
      }
}

static guint64
max_rows (const BvFilter *filter)
{
  return filter->rows != NULL ? MIN (filter->n_rows, filter->end - filter->begin) : filter->end - filter->begin;
}

/* Room for as many of each thing as there can be. */
static void
make_room (BvPass *self, BvScan **scans, guint n_scans)
{
  guint n_clauses = 0, n_sources = 0, n_tasks = 0;

  for (guint s = 0; s < n_scans; s++)
    {
      n_clauses += count_clauses (scans[s]->where);
      n_sources += scans[s]->n_keys + scans[s]->n_steps;
      n_tasks += scans[s]->n_steps;
      for (guint i = 0; i < scans[s]->n_steps; i++)
        n_clauses += count_clauses (scans[s]->steps[i].where);
    }
  self->clauses = bv_arena_new0 (&self->arena, (n_clauses + 1) * sizeof *self->clauses);
  self->sources = bv_arena_new0 (&self->arena, (n_sources + 1) * sizeof *self->sources);
  self->filters = bv_arena_new0 (&self->arena, (n_tasks + 1) * sizeof *self->filters);
  self->keysets = bv_arena_new0 (&self->arena, (n_tasks + 1) * sizeof *self->keysets);
  self->tasks = bv_arena_new0 (&self->arena, (n_tasks + 1) * sizeof *self->tasks);
  self->cancellables = bv_arena_new0 (&self->arena, (n_scans + 1) * sizeof *self->cancellables);
}

BvPass *
bv_pass_new (BvScan **scans, guint n_scans)
{
  BvPass *self = g_new0 (BvPass, 1);

  self->table = scans[0]->table;
  make_room (self, scans, n_scans);
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
        BvTask *task = &self->tasks[self->n_tasks++];
        BvFilter *filter = add_filter (self, scans[s]->where, scans[s]->steps[i].where);

        task->step = &scans[s]->steps[i];
        task->keyset = add_keyset (self, filter, scans[s]);
        task->step->n_words = task->step->n_values / 64 + 1;
        task->step->max_rows = max_rows (filter);
        task->source = task->step->kind != BV_STEP_COUNT ? (int) add_source (self, &task->step->value) : -1;
      }
  share_tasks (self);
  for (BvTask *task = self->tasks + self->n_tasks; task-- > self->tasks;)
    if (task->made_from == NULL)
      {
        task->next = task->keyset->tasks;
        task->keyset->tasks = task;
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
  bv_arena_clear (&self->arena);
  g_free (self);
}
