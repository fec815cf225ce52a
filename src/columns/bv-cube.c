/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A cube is one more scan, grouped by the code of the ordered column (a day, mostly) first and by the other keys within; a key on the ordered column
 * itself is not needed inside, since the code says the group. A range of codes is then added up: counters, sums, extremes, histograms, and the union
 * of sets of distinct values.
 *
 * Cost: one pass to make, without the range, so as long as there is no filter on time; then O(codes in the range · groups · values / 64). Memory is
 * held to MAX_BYTES.
 */
#include "bv-cube.h"
#include "bv-acc-private.h"
#include "bv-scratch.h"

#include <string.h>

#define MAX_BYTES (G_GUINT64_CONSTANT (48) << 20)

static guint64
bytes_of (const BvStep *step, guint64 n_groups)
{
  switch (step->kind)
    {
    case BV_STEP_COUNT:
      return n_groups * 4;
    case BV_STEP_SUM:
      return n_groups * 12;
    case BV_STEP_WIDE_SUM:
      return n_groups * 37;
    case BV_STEP_EXTREMES:
      return n_groups * 8;
    case BV_STEP_DISTINCT:
      return n_groups * (step->n_values / 64 + 1) * 8;
    case BV_STEP_HISTOGRAM:
      return n_groups * step->n_values * 4;
    case BV_STEP_PAIRS:
    default:
      return G_MAXUINT32;
    }
}

BvCube *
bv_cube_new (const BvScan *scan, const BvTest *where)
{
  const BvEncodedColumn *order = &scan->table->columns[scan->table->order];
  BvCube *self = g_new0 (BvCube, 1);
  guint64 bytes = 0;

  self->n_codes = order->n_codes;
  self->keys = g_new0 (BvSource, scan->n_keys + 1);
  self->outer = g_new0 (guint32, order->n_codes);
  self->scan.table = scan->table;
  self->scan.where = where;
  self->scan.cancellable = scan->cancellable;
  self->scan.keys = self->keys;
  self->scan.n_keys = 1;
  for (guint k = 0; k < scan->n_keys; k++)
    {
      const BvSource *key = &scan->keys[k];

      if (key->column != order)
        self->keys[self->scan.n_keys++] = *key;
      else
        for (guint64 code = 0; code < order->n_codes; code++)
          self->outer[code] += key->table != NULL ? key->table[code] : (guint32) code * key->stride;
    }
  self->n_inner = self->scan.n_keys > 1 ? scan->n_groups : 1;
  self->keys[0] = (BvSource){ order, NULL, (guint32) self->n_inner };
  self->scan.n_groups = self->n_codes * self->n_inner;
  self->scan.n_steps = scan->n_steps;
  self->scan.steps = g_new0 (BvStep, scan->n_steps + 1);
  for (guint i = 0; i < scan->n_steps; i++)
    {
      const BvStep *step = &scan->steps[i];

      self->scan.steps[i] = (BvStep){ .kind = step->kind, .where = step->where, .value = step->value, .n_values = step->n_values, .wide_exponent = step->wide_exponent };
      bytes += bytes_of (step, self->scan.n_groups);
    }
  if (bytes <= MAX_BYTES && self->scan.n_groups < G_MAXUINT32)
    return self;
  bv_cube_free (self);
  return NULL;
}

void
bv_cube_free (BvCube *self)
{
  if (self == NULL)
    return;
  for (guint i = 0; i < self->scan.n_steps; i++)
    bv_step_clear (&self->scan.steps[i]);
  g_free (self->scan.steps);
  g_free (self->keys);
  g_free (self->outer);
  g_free (self);
}

gboolean
bv_cube_finish (BvCube *self)
{
  g_clear_pointer (&self->keys, g_free);
  self->scan.where = NULL;
  self->scan.table = NULL;
  self->scan.keys = NULL;
  for (guint i = 0; i < self->scan.n_steps; i++)
    {
      BvStep *step = &self->scan.steps[i];

      step->where = NULL;
      step->value = (BvSource){ NULL, NULL, 1 };
      if (step->pairs != NULL)
        return FALSE;
    }
  return TRUE;
}

gsize
bv_cube_size (const BvCube *self)
{
  gsize size = sizeof *self + self->n_codes * sizeof *self->outer;

  for (guint i = 0; i < self->scan.n_steps; i++)
    size += bytes_of (&self->scan.steps[i], self->scan.n_groups);
  return size;
}

#define NEW0(type, n) ((type *) bv_scratch_new0 (sizeof (type) * (n)))

static void
init_step (BvStep *step, const BvStep *from, guint64 n_groups)
{
  step->n_words = from->n_words;
  if (from->count != NULL)
    step->count = NEW0 (guint32, n_groups);
  if (from->sum != NULL)
    step->sum = NEW0 (guint64, n_groups);
  if (from->wide != NULL)
    {
      step->wide = NEW0 (__int128, n_groups);
      step->decimals = NEW0 (__int128, n_groups);
      step->inexact = NEW0 (guint8, n_groups);
    }
  if (from->min != NULL)
    {
      step->min = bv_scratch_new (n_groups * sizeof *step->min);
      memset (step->min, 0xff, n_groups * sizeof *step->min);
      step->max = NEW0 (guint32, n_groups);
    }
  if (from->sets != NULL)
    {
      step->sets = NEW0 (guint64 *, n_groups);
      step->memory = g_ptr_array_new_with_free_func (bv_scratch_free);
    }
  if (from->histogram != NULL)
    step->histogram = NEW0 (guint32, n_groups * step->n_values);
}

static void
add_set (BvStep *step, guint64 group, const guint64 *set)
{
  if (step->sets[group] == NULL)
    {
      step->sets[group] = bv_scratch_new (step->n_words * sizeof *set);
      g_ptr_array_add (step->memory, step->sets[group]);
      memcpy (step->sets[group], set, step->n_words * sizeof *set);
    }
  else
    bv_kernels->merge_sets (step->sets[group], set, step->n_words);
}

/* One cell of the cube to a group. */
static void
add_cell (BvStep *step, guint64 group, const BvStep *from, guint64 cell)
{
  if (from->count != NULL)
    step->count[group] += from->count[cell];
  if (from->sum != NULL)
    step->sum[group] += from->sum[cell];
  if (from->wide != NULL)
    {
      step->wide[group] += from->wide[cell];
      step->decimals[group] += from->decimals[cell];
      step->inexact[group] |= from->inexact[cell];
    }
  if (from->min != NULL)
    {
      step->min[group] = MIN (step->min[group], from->min[cell]);
      step->max[group] = MAX (step->max[group], from->max[cell]);
    }
  if (from->sets != NULL && from->sets[cell] != NULL)
    add_set (step, group, from->sets[cell]);
  for (guint64 v = 0; from->histogram != NULL && v < step->n_values; v++)
    step->histogram[group * step->n_values + v] += from->histogram[cell * step->n_values + v];
}

void
bv_cube_answer (const BvCube *self, BvScan *scan, guint64 first, guint64 end)
{
  gint64 start = g_get_monotonic_time ();

  end = MIN (end, self->n_codes);
  for (guint i = 0; i < scan->n_steps; i++)
    {
      BvStep *step = &scan->steps[i];
      const BvStep *from = &self->scan.steps[i];

      init_step (step, from, scan->n_groups);
      for (guint64 code = first; code < end; code++)
        for (guint64 inner = 0; inner < self->n_inner; inner++)
          add_cell (step, self->outer[code] + inner, from, code * self->n_inner + inner);
    }
  scan->ms = (double) (g_get_monotonic_time () - start) / 1000;
}
