/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Making cubes. A cube is one more scan, grouped by the code of the clause that moves first (a day, mostly, or an entry of a list that is walked) and by
 * the other keys within; a key on the same column is not needed inside, since the code says the group. What is kept by code is, step by step, the
 * smaller of two:
 *
 *   cells   a counter, sum, extreme, histogram or set for each code and group within. Counters are summed up along the codes, so that a range costs two
 *           looks; sets with few values are lists, and seven codes in a row, which mostly are a week, have a set of their own
 *   rows    the group and the value of each row that the step looks at, in the order of the codes: what a top list of customers is made from, a
 *           median of many values, or a few events of many kinds. Of a distinct count each value once per code and group
 *
 * Cost: one pass to make, without the clause, so as long as there is no filter on it; 1 to 10 ns more a row that is kept. Memory is held to
 * bv_cube_max_bytes(), rows to a sixteenth of that; a sample of the table says beforehand how many there will be.
 */
#include "bv-cube-private.h"
#include "bv-scratch.h"
#include "bv-test-private.h"

#include <string.h>

#define SAMPLES 8     /* blocks that are looked at to guess how many rows pass */
#define FEW_CELLS 16  /* so many a code are never too many */

guint64
bv_cube_max_bytes (const BvEncodedTable *table)
{
  return MAX (bv_tuning.cube_bytes, table->n_rows * 16);
}

static guint64
cell_bytes (BvStepKind kind, guint64 n_values)
{
  switch (kind)
    {
    case BV_STEP_COUNT:
      return 4;
    case BV_STEP_SUM:
      return 12;
    case BV_STEP_WIDE_SUM:
      return 37;
    case BV_STEP_EXTREMES:
      return 8;
    case BV_STEP_DISTINCT:
      return (n_values / 64 + 2) * 8;
    case BV_STEP_HISTOGRAM:
      return n_values * 4;
    case BV_STEP_PAIRS:
    default:
      return 0;
    }
}

/* --- Before ----------------------------------------------------------------------------------------------------------------------- */

/* How many rows meet both tests, by a look at some blocks. */
static guint64
guess_rows (const BvEncodedTable *table, const BvTest *a, const BvTest *b)
{
  guint64 n_blocks = (table->n_rows + BV_BLOCK_ROWS - 1) / BV_BLOCK_ROWS, n_samples = MIN (n_blocks, SAMPLES), n_seen = 0, n_passed = 0;
  guint64 bits[BV_BLOCK_WORDS], other[BV_BLOCK_WORDS];

  if (a == NULL && b == NULL)
    return table->n_rows;
  for (guint64 i = 0; i < n_samples; i++)
    {
      guint64 first = n_blocks * i / n_samples * BV_BLOCK_ROWS;
      gsize n = MIN (table->n_rows - first, BV_BLOCK_ROWS), n_words = (n + 63) / 64;

      bv_test_block (a != NULL ? a : b, first, n, bits);
      if (a != NULL && b != NULL)
        {
          bv_test_block (b, first, n, other);
          for (gsize w = 0; w < n_words; w++)
            bits[w] &= other[w];
        }
      n_seen += n;
      n_passed += bv_kernels->popcount (bits, n_words);
    }
  return n_seen > 0 ? n_passed * table->n_rows / n_seen : 0;
}

/* How a step is kept; FALSE when there is no way within the limit. */
static gboolean
choose_way (const BvCube *self, const BvStep *from, BvStep *to)
{
  guint64 n_rows = guess_rows (self->scan.table, self->scan.where, from->where), max_pairs = self->max_bytes / 16;
  guint64 per_code = MAX (n_rows / self->n_codes * bv_tuning.cube_cells, bv_tuning.cube_cells > 0 ? FEW_CELLS : 0);
  guint64 bytes = cell_bytes (from->kind, from->n_values), worth = from->kind == BV_STEP_HISTOGRAM ? from->n_values : 1;

  *to = (BvStep){ .kind = from->kind, .where = from->where, .value = from->value, .n_values = from->n_values, .wide_exponent = from->wide_exponent, };
  if (from->kind == BV_STEP_DISTINCT || from->kind == BV_STEP_HISTOGRAM)
    to->max_pairs = max_pairs;
  /* A set is as dear as the rows whose bits could be set one by one meanwhile. */
  if (from->kind == BV_STEP_DISTINCT)
    worth = bytes / 16;
  if (self->n_inner <= per_code / worth && bytes <= self->max_bytes / self->scan.n_groups)
    return TRUE;
  to->kind = BV_STEP_PAIRS;
  to->max_pairs = max_pairs;
  return n_rows <= max_pairs;
}

/* One more key within: its numbers that can occur are numbered anew, without gaps, so that cells are not more than combinations. FALSE when there
 * are too many. */
static gboolean
add_key (BvCube *self, const BvSource *active, const BvSource *key)
{
  guint64 n = key->column->n_codes, n_old = self->n_inner, n_numbers = 0, most = 0;
  g_autofree guint32 *numbers = g_new (guint32, n);
  g_autofree guint32 *index = NULL;
  guint32 *table, *within;

  for (guint64 code = 0; code < n; code++)
    {
      numbers[code] = key->table != NULL ? key->table[code] : (guint32) code * key->stride;
      most = MAX (most, numbers[code]);
    }
  if (key->column == active->column && active->table == NULL)
    {
      for (guint64 code = 0; code < n; code++)
        self->outer[code] += numbers[code];
      return TRUE;
    }
  index = g_new0 (guint32, most + 1);
  for (guint64 code = 0; code < n; code++)
    index[numbers[code]] = 1;
  for (guint64 number = 0; number <= most; number++)
    n_numbers += index[number];
  if (n_numbers > G_MAXUINT32 / n_old / self->n_codes)
    return FALSE;
  within = g_new (guint32, n_numbers * n_old);
  self->n_inner = 0;
  for (guint64 number = 0; number <= most; number++)
    if (index[number] != 0)
      {
        index[number] = (guint32) self->n_inner;
        for (guint64 i = 0; i < n_old; i++)
          within[self->n_inner++] = (guint32) number + self->within[i];
      }
  g_free (self->within);
  self->within = within;
  table = g_new (guint32, n);
  for (guint64 code = 0; code < n; code++)
    table[code] = index[numbers[code]];
  g_ptr_array_add (self->tables, table);
  self->keys[self->scan.n_keys++] = (BvSource){ key->column, table, 1 };
  return TRUE;
}

/* The key on the active column, which counts n_inner. */
static void
add_active (BvCube *self, const BvSource *active)
{
  guint64 n = active->column->n_codes;
  guint32 *table;

  self->keys[0] = (BvSource){ active->column, NULL, (guint32) self->n_inner };
  if (active->table == NULL)
    return;
  table = g_new (guint32, n);
  for (guint64 code = 0; code < n; code++)
    table[code] = active->table[code] * (guint32) self->n_inner;
  g_ptr_array_add (self->tables, table);
  self->keys[0] = (BvSource){ active->column, table, 1 };
}

BvCube *
bv_cube_new (const BvScan *scan, const BvTest *where, const BvSource *active, guint64 n_codes, gboolean ranged)
{
  BvCube *self = g_new0 (BvCube, 1);
  gboolean ok = TRUE;

  self->ref_count = 1;
  g_mutex_init (&self->mutex);
  self->tables = g_ptr_array_new_with_free_func (g_free);
  self->n_inner = 1;
  self->within = g_new0 (guint32, 1);
  self->n_codes = n_codes;
  self->n_groups = scan->n_groups;
  self->ranged = ranged;
  self->max_bytes = bv_cube_max_bytes (scan->table);
  self->keys = g_new0 (BvSource, scan->n_keys + 1);
  self->outer = g_new0 (guint32, n_codes);
  self->scan.table = scan->table;
  self->scan.where = where;
  self->scan.cancellable = scan->cancellable;
  self->scan.keys = self->keys;
  self->scan.n_keys = 1;
  for (guint k = 0; k < scan->n_keys && ok; k++)
    ok = add_key (self, active, &scan->keys[k]);
  if (ok)
    add_active (self, active);
  self->scan.n_groups = n_codes * self->n_inner;
  self->scan.n_steps = scan->n_steps;
  self->scan.steps = g_new0 (BvStep, scan->n_steps + 1);
  self->steps = g_new0 (BvCubeStep, scan->n_steps + 1);
  for (guint i = 0; i < scan->n_steps && ok; i++)
    {
      self->steps[i].kind = scan->steps[i].kind;
      ok = choose_way (self, &scan->steps[i], &self->scan.steps[i]);
    }
  if (ok)
    return self;
  bv_cube_unref (self);
  return NULL;
}

static void
step_clear (BvCubeStep *step)
{
  g_clear_pointer (&step->blocks, g_ptr_array_unref);
  g_clear_pointer (&step->list_at, g_free);
  g_clear_pointer (&step->listed, g_free);
  g_clear_pointer (&step->starts, g_free);
  g_clear_pointer (&step->groups, g_free);
  g_clear_pointer (&step->values, g_free);
  bv_step_clear (&step->window);
}

BvCube *
bv_cube_ref (BvCube *self)
{
  g_atomic_int_inc (&self->ref_count);
  return self;
}

void
bv_cube_unref (BvCube *self)
{
  if (self == NULL || !g_atomic_int_dec_and_test (&self->ref_count))
    return;
  for (guint i = 0; i < self->scan.n_steps; i++)
    {
      bv_step_clear (&self->scan.steps[i]);
      step_clear (&self->steps[i]);
    }
  g_mutex_clear (&self->mutex);
  g_free (self->scan.steps);
  g_free (self->steps);
  g_free (self->keys);
  g_free (self->outer);
  g_free (self->within);
  g_clear_pointer (&self->tables, g_ptr_array_unref);
  g_free (self);
}

/* --- Afterwards: rows --------------------------------------------------------------------------------------------------------------- */

/* Pairs (cell << 32 | value) as rows by code. */
static void
keep_rows (BvCube *self, BvStep *from, BvCubeStep *to)
{
  guint64 n = from->n_pairs;
  gboolean valued = to->kind != BV_STEP_COUNT;

  if (to->kind == BV_STEP_DISTINCT)
    {
      if (from->kind == BV_STEP_PAIRS)
        bv_sort_pairs (from->pairs, n);
      n = 0;
      for (gsize i = 0; i < from->n_pairs; i++)
        if (i == 0 || from->pairs[i] != from->pairs[i - 1])
          from->pairs[n++] = from->pairs[i];
    }
  to->starts = g_new0 (guint32, self->n_codes + 2);
  to->groups = self->n_inner > 1 ? g_new (guint32, n + 1) : NULL;
  to->values = valued ? g_new (guint32, n + 1) : NULL;
  for (guint64 i = 0; i < n; i++)
    to->starts[(guint32) (from->pairs[i] >> 32) / (guint32) self->n_inner + 2]++;
  for (guint64 code = 2; code <= self->n_codes + 1; code++)
    to->starts[code] += to->starts[code - 1];
  /* Counting up the beginnings moves each to the end, which is the next one's beginning. */
  for (guint64 i = 0; i < n; i++)
    {
      guint32 cell = (guint32) (from->pairs[i] >> 32), code = cell / (guint32) self->n_inner, place = to->starts[code + 1]++;

      if (to->groups != NULL)
        to->groups[place] = self->within[cell - code * (guint32) self->n_inner];
      if (valued)
        to->values[place] = (guint32) from->pairs[i];
    }
  g_clear_pointer (&from->pairs, g_free);
  from->n_pairs = 0;
  to->size = (self->n_codes + 2 + n * ((to->groups != NULL ? 1 : 0) + (valued ? 1 : 0))) * 4;
  if (bv_cube_step_slides (self, to, from->n_values))
    to->size += self->n_groups * cell_bytes (to->kind, from->n_values);
}

/* --- Afterwards: cells -------------------------------------------------------------------------------------------------------------- */

static void
sum_up_words (guint32 *cells, guint64 n_codes, guint64 n)
{
  for (guint64 i = n; cells != NULL && i < n_codes * n; i++)
    cells[i] += cells[i - n];
}

static void
sum_up (BvCube *self, BvStep *step)
{
  guint64 n = self->n_inner;

  sum_up_words (step->count, self->n_codes, n);
  sum_up_words (step->histogram, self->n_codes, n * step->n_values);
  for (guint64 i = n; step->sum != NULL && i < self->n_codes * n; i++)
    step->sum[i] += step->sum[i - n];
}

/* Sets whose values take less as a list become one. */
static void
list_sets (BvCube *self, BvStep *step, BvCubeStep *to)
{
  guint64 n_cells = self->scan.n_groups;
  g_autofree guint32 *counts = g_new0 (guint32, n_cells + 1);
  GPtrArray *kept = g_ptr_array_new_with_free_func (bv_scratch_free);
  guint64 n_listed = 0;

  to->list_at = g_new (guint32, n_cells + 1);
  for (guint64 c = 0; c < n_cells; c++)
    {
      const guint64 *set = step->sets[c];
      guint64 n = set != NULL ? bv_kernels->popcount (set, step->n_words) - (set[0] & 1) : 0;

      counts[c] = n <= step->n_words / 2 ? (guint32) n : G_MAXUINT32;
      to->list_at[c] = (guint32) n_listed;
      if (counts[c] != G_MAXUINT32)
        n_listed += n;
    }
  to->list_at[n_cells] = (guint32) n_listed;
  to->listed = g_new (guint32, n_listed + 1);
  for (guint64 c = 0; c < n_cells; c++)
    {
      guint64 *set = step->sets[c];
      guint32 *out = to->listed + to->list_at[c];

      if (set == NULL || counts[c] == G_MAXUINT32)
        {
          if (set != NULL)
            g_ptr_array_add (kept, set);
          continue;
        }
      set[0] &= ~G_GUINT64_CONSTANT (1); /* null is none */
      for (gsize w = 0; w < step->n_words; w++)
        for (guint64 word = set[w]; word != 0; word &= word - 1)
          *out++ = (guint32) (w * 64 + (guint) __builtin_ctzll (word));
      bv_scratch_free (set);
      step->sets[c] = NULL;
    }
  /* What is listed is freed already. */
  g_ptr_array_set_free_func (step->memory, NULL);
  g_ptr_array_unref (step->memory);
  step->memory = kept;
  to->size = n_cells * 12 + n_listed * 4 + (guint64) kept->len * step->n_words * 8;
}

/* Where blocks begin, so that weeks are blocks where they are groups. */
static guint64
find_first_block (const BvCube *self)
{
  for (guint64 code = 2; code < self->n_codes; code++)
    if (self->outer[code] != self->outer[code - 1])
      return code % BV_CUBE_BLOCK;
  return 0;
}

static void
make_blocks (BvCube *self, BvStep *step, BvCubeStep *to)
{
  self->first_block = find_first_block (self);
  to->blocks = g_ptr_array_new_with_free_func (bv_scratch_free);
  for (guint64 code = self->first_block; code + BV_CUBE_BLOCK <= self->n_codes; code += BV_CUBE_BLOCK)
    for (guint64 inner = 0; inner < self->n_inner; inner++)
      {
        guint64 *set = NULL;
        guint64 n = 0;

        for (guint64 c = code; c < code + BV_CUBE_BLOCK; c++)
          {
            guint64 cell = c * self->n_inner + inner;

            n += step->sets[cell] != NULL ? step->n_words : to->list_at[cell + 1] - to->list_at[cell];
          }
        if (n >= step->n_words)
          {
            set = bv_scratch_new0 (step->n_words * sizeof *set);
            for (guint64 c = code; c < code + BV_CUBE_BLOCK; c++)
              bv_cube_add_cell (to, step, c * self->n_inner + inner, set);
            to->size += step->n_words * 8;
          }
        g_ptr_array_add (to->blocks, set);
        to->size += 8;
      }
}

gboolean
bv_cube_finish (BvCube *self)
{
  guint64 size = 0;

  g_clear_pointer (&self->keys, g_free);
  g_clear_pointer (&self->tables, g_ptr_array_unref);
  self->scan.where = NULL;
  self->scan.table = NULL;
  self->scan.keys = NULL;
  for (guint i = 0; i < self->scan.n_steps; i++)
    {
      BvStep *step = &self->scan.steps[i];
      BvCubeStep *to = &self->steps[i];

      step->where = NULL;
      step->value = (BvSource){ NULL, NULL, 1 };
      if (step->overflowed)
        return FALSE;
      if (step->pairs != NULL || step->kind == BV_STEP_PAIRS)
        keep_rows (self, step, to);
      else if (step->sets != NULL)
        {
          list_sets (self, step, to);
          if (self->ranged)
            make_blocks (self, step, to);
        }
      else
        {
          to->size = self->scan.n_groups * cell_bytes (step->kind, step->n_values);
          to->summed = step->kind == BV_STEP_COUNT || step->kind == BV_STEP_SUM || step->kind == BV_STEP_HISTOGRAM;
          if (to->summed)
            sum_up (self, step);
        }
      size += to->size;
    }
  return size <= self->max_bytes;
}

gsize
bv_cube_size (const BvCube *self)
{
  gsize size = sizeof *self + (self->n_codes + self->n_inner) * sizeof *self->outer;

  for (guint i = 0; i < self->scan.n_steps; i++)
    size += self->steps[i].size;
  return size;
}
