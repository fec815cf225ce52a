/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Cubes against scans: random keys, conditions and steps over one table, the clause that moves being a range of days, or a few values of a column or of
 * what a table says of one; each answer from the cube is that of a scan with the clause, group by group. BV_LONG=N makes N cubes. */
#include "bv-cube-store.h"
#include "bv-encoder.h"
#include "bv-scratch.h"

#define N_ROWS 12000
#define N_DAYS 90

static guint
pick (GRand *rand, guint n)
{
  return (guint) g_rand_int_range (rand, 0, (gint32) n);
}

static gboolean
chance (GRand *rand, guint percent)
{
  return pick (rand, 100) < percent;
}

static BvEncodedTable *
make_table (GRand *rand)
{
  g_autoptr(BvCalendar) calendar = bv_calendar_new ("UTC", 1, NULL);
  BvEncoder *encoder = bv_encoder_new (calendar);
  BvEncoderFeed *feed;

  bv_encoder_add_column (encoder, "day", BV_TYPE_DATE);
  bv_encoder_add_column (encoder, "few", BV_TYPE_INT);
  bv_encoder_add_column (encoder, "many", BV_TYPE_INT);
  bv_encoder_add_column (encoder, "value", BV_TYPE_INT);
  bv_encoder_add_column (encoder, "real", BV_TYPE_DOUBLE);
  bv_encoder_set_order (encoder, "day");
  feed = bv_encoder_new_feed (encoder);
  bv_encoder_begin (feed, 0, N_ROWS);
  for (guint r = 0; r < N_ROWS; r++)
    {
      char buf[BV_TIME_TEXT_MAX];
      const char *text = bv_date_to_text (20000 + pick (rand, N_DAYS), buf);

      bv_encoder_row (feed, r + 1);
      if (chance (rand, 3))
        bv_encoder_null (feed, 0);
      else
        bv_encoder_text (feed, 0, text, strlen (text));
      bv_encoder_int (feed, 1, pick (rand, 4));
      bv_encoder_int (feed, 2, pick (rand, 300));
      if (chance (rand, 5))
        bv_encoder_null (feed, 3);
      else
        bv_encoder_int (feed, 3, chance (rand, 50) ? pick (rand, 20) : pick (rand, 2500));
      bv_encoder_double (feed, 4, chance (rand, 50) ? pick (rand, 4000) / 4.0 : g_rand_double (rand));
    }
  bv_encoder_end (feed);
  return bv_encoder_finish (encoder, 2, NULL);
}

static BvTest *
new_range (const BvEncodedColumn *column, guint64 first, guint64 end)
{
  BvTest *test = bv_test_new (BV_TEST_RANGE);

  test->column = column;
  test->first = first;
  test->end = end;
  return test;
}

/* The codes of the clause's source in the ranges, as a test of rows. */
static BvTest *
new_clause (const BvSource *active, const BvCubeRange *ranges, guint n_ranges)
{
  guint64 n = active->column->n_codes;
  guint8 *accept = g_malloc0 (n);
  BvTest *test = bv_test_new (BV_TEST_ACCEPT);

  for (guint64 code = 0; code < n; code++)
    {
      guint64 mine = active->table != NULL ? active->table[code] : code;

      for (guint r = 0; r < n_ranges; r++)
        accept[code] |= mine >= ranges[r].first && mine < ranges[r].end;
    }
  test->column = active->column;
  test->accept = g_bytes_new_take (accept, n);
  return test;
}

static void
init_step (GRand *rand, BvEncodedTable *table, BvStep *step)
{
  static const BvStepKind kinds[] = { BV_STEP_COUNT, BV_STEP_SUM, BV_STEP_WIDE_SUM, BV_STEP_EXTREMES, BV_STEP_DISTINCT, BV_STEP_HISTOGRAM };
  const BvEncodedColumn *column = &table->columns[chance (rand, 70) ? 3 : 2];

  *step = (BvStep){ .kind = kinds[pick (rand, G_N_ELEMENTS (kinds))], .n_values = 1, .value = { NULL, NULL, 1 } };
  if (step->kind == BV_STEP_WIDE_SUM)
    {
      column = &table->columns[4];
      g_assert_true (bv_step_can_sum (column, table->n_rows, &step->wide_exponent));
    }
  if (step->kind != BV_STEP_COUNT)
    {
      step->value.column = column;
      step->n_values = column->n_codes;
    }
  if (chance (rand, 40))
    step->where = new_range (&table->columns[2], pick (rand, 100), 100 + pick (rand, 250));
}

static void
compare_steps (const BvStep *a, const BvStep *b, guint64 n_groups)
{
  for (guint64 g = 0; g < n_groups; g++)
    switch (a->kind)
      {
      case BV_STEP_DISTINCT:
        g_assert_cmpuint (bv_step_n_distinct (a, g), ==, bv_step_n_distinct (b, g));
        break;
      case BV_STEP_HISTOGRAM:
        g_assert_cmpuint (bv_step_n_filled (a, g), ==, bv_step_n_filled (b, g));
        for (guint64 n = bv_step_n_filled (a, g), rank = 0; rank < n; rank += 1 + n / 5)
          {
            guint32 w, x, y, z;

            bv_step_ranked (a, g, rank, &w, &x);
            bv_step_ranked (b, g, rank, &y, &z);
            g_assert_cmpuint (w, ==, y);
            g_assert_cmpuint (x, ==, z);
          }
        break;
      case BV_STEP_EXTREMES:
        g_assert_cmpuint (a->min[g], ==, b->min[g]);
        g_assert_cmpuint (a->max[g], ==, b->max[g]);
        break;
      case BV_STEP_WIDE_SUM:
        g_assert_true (a->wide[g] == b->wide[g] && a->inexact[g] == b->inexact[g] && (a->inexact[g] || a->decimals[g] == b->decimals[g]));
        g_assert_cmpuint (a->count[g], ==, b->count[g]);
        break;
      case BV_STEP_SUM:
        g_assert_cmpuint (a->sum[g], ==, b->sum[g]);
        g_assert_cmpuint (a->count[g], ==, b->count[g]);
        break;
      case BV_STEP_COUNT:
      case BV_STEP_PAIRS:
      default:
        g_assert_cmpuint (a->count[g], ==, b->count[g]);
        break;
      }
}

typedef struct
{
  guint n_cubes, n_refused, n_cells, n_rows, n_blocks, n_lists, n_slides;
} Seen;

static void
note_ways (const BvCube *cube, Seen *seen)
{
  for (guint i = 0; i < cube->scan.n_steps; i++)
    {
      const BvCubeStep *step = &cube->steps[i];

      *(step->starts != NULL ? &seen->n_rows : &seen->n_cells) += 1;
      for (guint b = 0; step->blocks != NULL && b < step->blocks->len; b++)
        seen->n_blocks += step->blocks->pdata[b] != NULL;
      seen->n_lists += step->list_at != NULL && step->list_at[cube->scan.n_groups] > 0;
      seen->n_slides += step->window.count != NULL || step->window.histogram != NULL;
    }
}

/* The ranges of the next answer: one that moves on, or some values. */
static guint
next_ranges (GRand *rand, gboolean ranged, guint64 n_codes, BvCubeRange *last)
{
  guint n = 0;

  if (ranged)
    {
      guint64 first = chance (rand, 15) ? pick (rand, (guint) n_codes) : last[0].first + pick (rand, 4), end = first + (chance (rand, 80) ? 30 : pick (rand, 60));

      last[0] = (BvCubeRange){ MIN (first, n_codes), MIN (end, n_codes) };
      return chance (rand, 95) ? 1 : 0;
    }
  for (guint64 code = pick (rand, (guint) n_codes), more = 0; code < n_codes && more < 3; code += 1 + pick (rand, 5), more++)
    last[n++] = (BvCubeRange){ code, code + 1 };
  return n;
}

static void
check_cube (GRand *rand, BvEncodedTable *table, const guint32 *sevenths, Seen *seen)
{
  const BvEncodedColumn *day = &table->columns[0];
  g_autofree guint32 *weeks = g_new (guint32, day->n_codes);
  BvSource keys[3], actives[] = { { day, NULL, 1 }, { day, NULL, 1 }, { &table->columns[1], NULL, 1 }, { &table->columns[2], sevenths, 1 } };
  const guint64 ends[] = { day->n_codes, day->n_codes, table->columns[1].n_codes, 8 };
  guint which = pick (rand, G_N_ELEMENTS (actives)), n_ranges, begin = pick (rand, 7);
  BvStep steps[4] = { 0 }, others[4] = { 0 };
  BvScan scan = { .table = table, .keys = keys, .n_groups = 1, .steps = steps, .n_steps = 1 + pick (rand, 4) }, other;
  g_autoptr(BvTest) passive = chance (rand, 50) ? new_range (&table->columns[2], 0, 50 + pick (rand, 250)) : NULL;
  g_autoptr(BvCube) cube = NULL;
  BvCubeRange ranges[4] = { { pick (rand, 40), 0 } };

  bv_tuning.cube_cells = chance (rand, 40) ? 0 : chance (rand, 50) ? 1 : 1000000;
  bv_tuning.cube_bytes = chance (rand, 10) ? 50000 : 1 << 26;
  for (guint64 code = 0; code < day->n_codes; code++)
    weeks[code] = code == 0 ? 0 : (guint32) (code + begin) / 7 + 1;
  if (chance (rand, 60))
    {
      keys[scan.n_keys++] = (BvSource){ day, weeks, 1 };
      scan.n_groups = weeks[day->n_codes - 1] + 1;
    }
  for (guint c = 1; c <= 2; c++)
    if (chance (rand, 40) && scan.n_groups * table->columns[c].n_codes < 5000)
      {
        keys[scan.n_keys++] = (BvSource){ &table->columns[c], NULL, (guint32) scan.n_groups };
        scan.n_groups *= table->columns[c].n_codes;
      }
  for (guint i = 0; i < scan.n_steps; i++)
    {
      init_step (rand, table, &steps[i]);
      others[i] = steps[i];
    }
  cube = bv_cube_new (&scan, passive, &actives[which], ends[which], which < 2);
  seen->n_refused += cube == NULL;
  if (cube != NULL)
    {
      g_assert_true (bv_scan_run (&cube->scan));
      if (!bv_cube_finish (cube))
        {
          g_clear_pointer (&cube, bv_cube_unref);
          seen->n_refused++;
        }
    }
  for (guint i = 0; i < 8 && cube != NULL; i++)
    {
      g_autoptr(BvTest) where = bv_test_new (BV_TEST_ALL);

      n_ranges = next_ranges (rand, which < 2, ends[which], ranges);
      other = scan;
      other.steps = others;
      other.where = where;
      g_ptr_array_add (where->children, new_clause (&actives[which], ranges, n_ranges));
      if (passive != NULL)
        g_ptr_array_add (where->children, new_range (passive->column, passive->first, passive->end));
      g_assert_true (bv_scan_run (&other));
      bv_cube_answer (cube, &scan, ranges, n_ranges);
      for (guint k = 0; k < scan.n_steps; k++)
        compare_steps (&others[k], &steps[k], scan.n_groups);
      bv_cube_take_back (cube, &scan, ranges, n_ranges);
      for (guint k = 0; k < scan.n_steps; k++)
        {
          bv_step_clear (&steps[k]);
          bv_step_clear (&others[k]);
        }
    }
  if (cube != NULL)
    {
      seen->n_cubes++;
      g_assert_cmpuint (bv_cube_size (cube), <=, bv_cube_max_bytes (table) + (1 << 20));
      note_ways (cube, seen);
    }
  for (guint i = 0; i < scan.n_steps; i++)
    bv_test_free ((BvTest *) steps[i].where);
}

static void
test_answers (void)
{
  const guint n = g_getenv ("BV_LONG") != NULL ? (guint) atoi (g_getenv ("BV_LONG")) : 200;
  const guint32 seed = g_getenv ("BV_SEED") != NULL ? (guint32) atoi (g_getenv ("BV_SEED")) : 3;
  g_autoptr(GRand) rand = g_rand_new_with_seed (seed);
  g_autoptr(BvEncodedTable) table = make_table (rand);
  g_autofree guint32 *sevenths = g_new (guint32, table->columns[2].n_codes);
  const BvTuning tuning = bv_tuning;
  Seen seen = { 0 };

  for (guint64 code = 0; code < table->columns[2].n_codes; code++)
    sevenths[code] = code == 0 ? 0 : (guint32) code % 7 + 1;
  g_test_message ("seed %u", seed);
  for (guint i = 0; i < n; i++)
    check_cube (rand, table, sevenths, &seen);
  g_test_message ("%u cubes and %u refused, %u steps as cells, %u as rows, %u weeks, %u with lists, %u that slide", seen.n_cubes, seen.n_refused, seen.n_cells,
                  seen.n_rows, seen.n_blocks, seen.n_lists, seen.n_slides);
  g_assert_cmpuint (MIN (MIN (seen.n_cells, seen.n_rows), MIN (seen.n_lists, seen.n_slides)), >, n / 50);
  g_assert_cmpuint (MIN (seen.n_refused, seen.n_blocks), >, 0);
  bv_tuning = tuning;
}

/* What is kept is bounded, and goes when another clause moves. */
static void
test_store (void)
{
  g_autoptr(GRand) rand = g_rand_new_with_seed (1);
  g_autoptr(BvEncodedTable) table = make_table (rand);
  const BvSource active = { &table->columns[0], NULL, 1 };
  const BvTuning tuning = bv_tuning;
  guint64 n_bytes = 0;
  guint n_kept = 0;

  bv_tuning.cube_cells = 1000000;
  bv_tuning.cube_bytes = 400000;
  g_assert_false (bv_cube_store_moved (table, "k0", "range", "1", 1));
  g_assert_false (bv_cube_store_moved (table, "k0", "range", "1", 1));
  g_assert_true (bv_cube_store_moved (table, "k0", "range", "2", 1));
  g_assert_false (bv_cube_store_moved (table, "l0", "list", "1", 2));
  for (guint i = 0; i < 30; i++)
    {
      g_autofree char *key = g_strdup_printf ("k%u", i);
      BvSource by = { &table->columns[2], NULL, 1 };
      BvStep step = { .kind = BV_STEP_COUNT, .n_values = 1, .value = { NULL, NULL, 1 } };
      BvScan scan = { .table = table, .keys = &by, .n_keys = 1, .n_groups = by.column->n_codes, .steps = &step, .n_steps = 1 };
      g_autoptr(BvCube) cube = bv_cube_new (&scan, NULL, &active, active.column->n_codes, TRUE);
      g_autoptr(BvCube) found = NULL;

      g_assert_nonnull (cube);
      g_assert_true (bv_scan_run (&cube->scan) && bv_cube_finish (cube));
      g_assert_false (bv_cube_store_moved (table, key, "range", "2", 1) && i > 0);
      bv_cube_store_put (table, key, "range", cube);
      found = bv_cube_store_find (table, key);
      n_kept += found == cube;
      n_bytes += found != NULL ? bv_cube_size (found) : 0;
      /* One that found no room is not tried again. */
      g_assert_true (bv_cube_store_moved (table, key, "range", "3", 1) == (found != NULL));
    }
  g_assert_cmpuint (n_kept, >, 1);
  g_assert_cmpuint (n_kept, <, 30);
  g_assert_cmpuint (n_bytes, <=, bv_cube_max_bytes (table));
  g_assert_false (bv_cube_store_moved (table, "l0", "list", "2", 2));
  g_assert_null (bv_cube_store_find (table, "k0"));
  g_assert_true (bv_cube_store_moved (table, "l0", "list", "3", 2));
  bv_tuning = tuning;
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/columns/cube/answers", test_answers);
  g_test_add_func ("/columns/cube/store", test_store);
  return g_test_run ();
}
