/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Values to codes and back, kernels against their scalar twins, sums against a count by hand. */
#include "bv-encoded-file.h"
#include "bv-encoded-private.h"
#include "bv-encoder.h"
#include "bv-error.h"
#include "bv-pool.h"
#include "bv-scan.h"

#include <glib/gstdio.h>
#include <math.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

/* An encoder of one column, its only piece begun. */
static BvEncoder *
new_encoder (const char *zone, BvType type, BvEncoderFeed **feed)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(BvCalendar) calendar = bv_calendar_new (zone, 1, &error);
  BvEncoder *encoder = bv_encoder_new (calendar);

  g_assert_no_error (error);
  bv_encoder_add_column (encoder, "x", type);
  *feed = bv_encoder_new_feed (encoder);
  bv_encoder_begin (*feed, 0, 10);
  return encoder;
}

static BvEncodedTable *
finish (BvEncoder *encoder, BvEncoderFeed *feed)
{
  bv_encoder_end (feed);
  return bv_encoder_finish (encoder, 2, NULL);
}

static void
test_texts (void)
{
  static const char *const texts[] = { "b", "", "a", NULL, "ab", "Ä", "b" };
  BvEncoderFeed *feed;
  BvEncoder *encoder = new_encoder (NULL, BV_TYPE_TEXT, &feed);
  g_autoptr(BvEncodedTable) table = NULL;
  const BvEncodedColumn *column;

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      bv_encoder_row (feed, i + 1);
      if (texts[i] == NULL)
        bv_encoder_null (feed, 0);
      else
        bv_encoder_text (feed, 0, texts[i], strlen (texts[i]));
    }
  for (guint i = 0; i < 70000; i++)
    {
      g_autofree char *text = g_strdup_printf ("t%u", i);

      bv_encoder_row (feed, i + 8);
      bv_encoder_text (feed, 0, text, strlen (text));
    }
  table = finish (encoder, feed);
  column = &table->columns[0];
  g_assert_true (column->sound);
  g_assert_cmpuint (column->width, ==, 4);
  g_assert_cmpuint (column->n_codes, ==, 70006);
  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      g_auto(BvValue) value = bv_encoded_value (column, bv_encoded_code (column, i));

      g_assert_cmpstr (value.type == BV_TYPE_NULL ? NULL : value.s, ==, texts[i]);
    }
  for (guint32 code = 2; code < column->n_codes; code++)
    g_assert_cmpint (strcmp (bv_encoded_text (column, code - 1), bv_encoded_text (column, code)), <, 0);
}

static void
test_unsound (void)
{
  BvEncoderFeed *feed;
  BvEncoder *encoder = new_encoder (NULL, BV_TYPE_DATE, &feed);
  g_autoptr(BvEncodedTable) table = NULL;

  bv_encoder_row (feed, 1);
  bv_encoder_text (feed, 0, "2026-02-28", 10);
  bv_encoder_row (feed, 2);
  bv_encoder_text (feed, 0, "2026-02-30", 10);
  table = finish (encoder, feed);
  g_assert_false (table->columns[0].sound);
}

static void
test_decimals (void)
{
  static const double values[] = { 0.1, 100.25, -3.5, 0, 1e6 + 0.07 };
  BvEncoderFeed *feed;
  BvEncoder *encoder = new_encoder (NULL, BV_TYPE_DOUBLE, &feed);
  g_autoptr(BvEncodedTable) table = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (values); i++)
    {
      bv_encoder_row (feed, i + 1);
      bv_encoder_double (feed, 0, values[i]);
    }
  bv_encoder_row (feed, 100);
  bv_encoder_null (feed, 0);
  table = finish (encoder, feed);
  g_assert_cmpint (table->columns[0].coding, ==, BV_CODING_OFFSET);
  g_assert_cmpuint (table->columns[0].scale, ==, 2);
  for (guint i = 0; i < G_N_ELEMENTS (values); i++)
    {
      double x = bv_encoded_number (&table->columns[0], bv_encoded_code (&table->columns[0], i));

      g_assert_false (x < values[i] || x > values[i]);
    }
  g_assert_cmpuint (bv_encoded_code (&table->columns[0], 5), ==, 0);
}

/* A night of 23 and one of 25 hours: local days, and no instant lost. */
static void
test_instants (void)
{
  BvEncoderFeed *feed;
  BvEncoder *encoder = new_encoder ("Europe/Paris", BV_TYPE_TIMESTAMP, &feed);
  g_autoptr(BvCalendar) calendar = bv_calendar_new ("Europe/Paris", 1, NULL);
  g_autoptr(BvEncodedTable) table = NULL;
  gint64 first, us;
  const BvEncodedColumn *column;

  g_assert_true (bv_timestamp_parse ("2026-03-28 20:00:00Z", -1, &first, NULL));
  for (guint i = 0; i < 300 * 24; i++)
    {
      char buf[BV_TIME_TEXT_MAX];
      const char *text = bv_timestamp_to_text (first + (gint64) i * 3600 * BV_SECOND_US + (i % 60) * BV_SECOND_US, buf);

      bv_encoder_row (feed, i + 1);
      bv_encoder_text (feed, 0, text, strlen (text));
    }
  table = finish (encoder, feed);
  column = &table->columns[0];
  g_assert_true (column->sound);
  g_assert_cmpint (column->time_unit, ==, BV_SECOND_US);
  for (guint i = 0; i < table->n_rows; i++)
    {
      guint32 code = bv_encoded_code (column, i);

      us = first + (gint64) i * 3600 * BV_SECOND_US + (i % 60) * BV_SECOND_US;
      g_assert_cmpint (column->base + code - 1, ==, bv_calendar_day (calendar, us));
      g_assert_cmpuint (column->time_width, ==, 4);
      g_assert_cmpint (column->day_starts[code] + ((guint32 *) column->times)[i] * column->time_unit, ==, us);
    }
}

/* One round of all kernels of a build against loops that say what they mean. */
static void
check_kernels (const BvKernels *k, GRand *rand, guint width)
{
  const gsize n = (gsize) g_rand_int_range (rand, 1, BV_BLOCK_ROWS + 1), n_words = (n + 63) / 64;
  const guint32 limit = width == 1 ? 256 : 5000;
  const guint64 first = (guint64) g_rand_int_range (rand, 0, (gint32) limit + 2), end = (guint64) g_rand_int_range (rand, 0, (gint32) limit + 2);
  guint32 wide[BV_BLOCK_ROWS], out[BV_BLOCK_ROWS], rows[BV_BLOCK_ROWS];
  guint8 cells[BV_BLOCK_ROWS * 4], accept[5000];
  guint16 list[BV_BLOCK_ROWS + BV_LIST_SLACK], times[BV_BLOCK_ROWS];
  guint64 bits[BV_BLOCK_WORDS], set[5000 / 64 + 1] = { 0 }, other[5000 / 64 + 1] = { 0 };
  g_autofree guint32 *table = g_new (guint32, limit);
  g_autofree guint32 *counts = g_new0 (guint32, 4 * limit);
  g_autofree guint32 *expected = g_new0 (guint32, limit);
  g_autofree guint64 *sums = g_new0 (guint64, limit);
  g_autofree guint64 *sets = g_new0 (guint64, 8 * G_N_ELEMENTS (set));
  guint32 filled = 0, f = 0, min[8], max[8] = { 0 }, quads[32];
  guint64 quad_sums[32], *set_of[8];
  guint64 sum = 0, total = 0;
  gboolean constant = g_rand_int_range (rand, 0, 4) == 0;
  gboolean equal = TRUE;
  gsize n_list = 0;

  for (guint32 i = 0; i < limit; i++)
    {
      table[i] = (guint32) g_rand_int_range (rand, 0, 1000000);
      accept[i] = (guint8) g_rand_int_range (rand, 0, 2);
    }
  for (gsize i = 0; i < n; i++)
    {
      wide[i] = (guint32) g_rand_int_range (rand, 0, (gint32) limit);
      wide[i] = constant && i > 0 ? wide[0] : wide[i];
      times[i] = (guint16) g_rand_int_range (rand, 0, 4);
      rows[i] = (guint32) g_rand_int_range (rand, 0, (gint32) n);
      if (width == 1)
        cells[i] = (guint8) wide[i];
      else if (width == 2)
        ((guint16 *) (gpointer) cells)[i] = (guint16) wide[i];
      else
        ((guint32 *) (gpointer) cells)[i] = wide[i];
    }
  k->widen (cells, width, n, out);
  g_assert_cmpmem (out, n * 4, wide, n * 4);
  k->map (cells, width, n, table, out);
  for (gsize i = 0; i < n; i++)
    g_assert_cmpuint (out[i], ==, table[wide[i]]);
  for (gsize i = 1; i < n; i++)
    equal = equal && wide[i] == wide[0];
  g_assert_cmpint (k->same (cells, width, n) != 0, ==, equal);
  {
    guint32 greatest = 0;
    gsize zeros = 0;

    for (gsize i = 0; i < n; i++)
      greatest = MAX (greatest, wide[i]);
    for (gsize i = 0; i < n * width; i++)
      zeros += cells[i] == 0;
    g_assert_cmpuint (k->greatest (cells, width, n), ==, greatest);
    g_assert_cmpuint (k->zeros (cells, n * width), ==, zeros);
  }

  k->range (cells, width, n, first, end, bits);
  for (gsize i = 0; i < n_words * 64; i++)
    g_assert_cmpint ((int) (bits[i / 64] >> (i % 64) & 1), ==, i < n && wide[i] >= first && wide[i] < end);
  k->since (cells, width, times, 2, n, first, 2, bits);
  for (gsize i = 0; i < n_words * 64; i++)
    g_assert_cmpint ((int) (bits[i / 64] >> (i % 64) & 1), ==, i < n && (wide[i] > first || (wide[i] == first && times[i] >= 2)));
  k->accept (cells, width, n, accept, bits);
  for (gsize i = 0; i < n_words * 64; i++)
    {
      g_assert_cmpint ((int) (bits[i / 64] >> (i % 64) & 1), ==, i < n && accept[wide[i]]);
      n_list += bits[i / 64] >> (i % 64) & 1;
    }
  g_assert_cmpuint (k->popcount (bits, n_words), ==, n_list);
  g_assert_cmpuint (k->list (bits, n_words, list), ==, n_list);
  for (gsize i = 0, p = 0; i < n; i++)
    if (accept[wide[i]])
      g_assert_cmpuint (list[p++], ==, i);
  k->pick (cells, width, list, n_list, out);
  for (gsize i = 0; i < n_list; i++)
    g_assert_cmpuint (out[i], ==, wide[list[i]]);
  k->translate (table, n_list, out);
  k->add (wide, 3, n_list, out);
  for (gsize i = 0; i < n_list; i++)
    g_assert_cmpuint (out[i], ==, table[wide[list[i]]] + 3 * wide[i]);
  k->pick_map (cells, width, list, n_list, table, out);
  for (gsize i = 0; i < n_list; i++)
    g_assert_cmpuint (out[i], ==, table[wide[list[i]]]);
  k->pick_map8 (cells, width, list, n_list, accept, out);
  for (gsize i = 0; i < n_list; i++)
    g_assert_cmpuint (out[i], ==, accept[wide[list[i]]]);
  k->map8 (cells, width, n, accept, out);
  for (gsize i = 0; i < n; i++)
    g_assert_cmpuint (out[i], ==, accept[wide[i]]);
  k->pick_rows (cells, width, rows, n, out);
  for (gsize i = 0; i < n; i++)
    g_assert_cmpuint (out[i], ==, wide[rows[i]]);

  for (gsize i = 0; i < n; i++)
    expected[wide[i]]++;
  k->count (wide, n, counts);
  g_assert_cmpmem (counts, limit * 4, expected, limit * 4);
  for (guint round = 0; round < 2; round++)
    {
      memset (counts, 0, 4 * limit * sizeof *counts);
      if (round == 0)
        k->count4 (wide, n, counts);
      else
        k->count4_cells (cells, width, n, counts);
      for (guint32 i = 0; i < limit; i++)
        g_assert_cmpuint (counts[4 * i] + counts[4 * i + 1] + counts[4 * i + 2] + counts[4 * i + 3], ==, expected[i]);
    }
  if (width == 1)
    {
      g_autofree guint32 *two = g_new0 (guint32, 65536);

      k->count_pairs (cells, n / 2 * 2, two);
      memset (counts, 0, limit * sizeof *counts);
      for (guint i = 0; i < 65536; i++)
        {
          counts[i % 256] += two[i];
          counts[i / 256] += two[i];
        }
      counts[wide[n - 1]] += n % 2;
      g_assert_cmpmem (counts, limit * 4, expected, limit * 4);
    }
  /* Eight groups from here on; codes are the values. */
  for (gsize i = 0; i < n; i++)
    out[i] = rows[i] % 8;
  memset (counts, 0, 4 * limit * sizeof *counts);
  memset (min, 0xff, sizeof min);
  k->sum (out, wide, n, counts, sums);
  for (guint g = 0; g < 8; g++)
    expected[g] = counts[g];
  memset (quads, 0, sizeof quads);
  memset (quad_sums, 0, sizeof quad_sums);
  k->sum4 (out, wide, n, quads, quad_sums);
  for (guint g = 0; g < 8; g++)
    {
      g_assert_cmpuint (quads[4 * g] + quads[4 * g + 1] + quads[4 * g + 2] + quads[4 * g + 3], ==, expected[g]);
      g_assert_cmpuint (quad_sums[4 * g] + quad_sums[4 * g + 1] + quad_sums[4 * g + 2] + quad_sums[4 * g + 3], ==, sums[g]);
    }
  {
    gint32 each = g_rand_int_range (rand, -100000, 100000);
    gint64 most = G_MININT64;

    for (guint g = 0; g < 8; g++)
      most = MAX (most, (gint64) sums[g] + (gint64) each * counts[g]);
    g_assert_cmpint (k->larger (counts, sums, 8, each, most - 1), ==, 1);
    g_assert_cmpint (k->larger (counts, sums, 8, each, most), ==, 0);
  }
  k->sum_one (wide, n, &filled, &sum);
  k->extremes (out, wide, n, min, max);
  for (guint g = 0; g < 8; g++)
    set_of[g] = sets + g * G_N_ELEMENTS (set);
  g_assert_cmpuint (k->distinct (out, wide, n, set_of), ==, n);
  set_of[3] = NULL;
  for (gsize i = 0; i <= n; i++)
    if (i == n || out[i] == 3)
      {
        g_assert_cmpuint (k->distinct (out, wide, n, set_of), ==, i);
        break;
      }
  k->distinct_one (wide, n, set);
  for (guint g = 0; g < 8; g++)
    {
      guint32 g_filled = 0, low = G_MAXUINT32, high = 0;
      guint64 g_sum = 0;

      for (gsize i = 0; i < n; i++)
        if (out[i] == g && wide[i] != 0)
          {
            g_filled++;
            g_sum += wide[i];
            low = MIN (low, wide[i]);
            high = MAX (high, wide[i]);
          }
      g_assert_cmpuint (counts[g], ==, g_filled);
      g_assert_cmpuint (sums[g], ==, g_sum);
      g_assert_cmpuint (min[g], ==, low);
      g_assert_cmpuint (max[g], ==, high);
      f += g_filled;
      total += g_sum;
      k->merge_sets (other, sets + g * G_N_ELEMENTS (set), G_N_ELEMENTS (set));
    }
  g_assert_cmpuint (filled, ==, f);
  g_assert_cmpuint (sum, ==, total);
  g_assert_cmpmem (other, sizeof other, set, sizeof set);
  memset (expected, 0, limit * sizeof *expected);
  for (gsize i = 0; i < n; i++)
    expected[wide[i]]++;
  for (guint32 i = 0; i < limit; i++)
    g_assert_cmpint ((int) (set[i / 64] >> (i % 64) & 1), ==, expected[i] > 0);
  memset (counts, 0, 4 * limit * sizeof *counts);
  for (gsize i = 0; i < n; i++)
    out[i] = rows[i] % 4;
  k->histogram (out, wide, n, counts, limit);
  for (gsize i = 0; i < n; i++)
    counts[out[i] * limit + wide[i]]--;
  for (gsize i = 0; i < 4 * (gsize) limit; i++)
    g_assert_cmpuint (counts[i], ==, 0);
}

static void
test_kernels (void)
{
  g_autoptr(GRand) rand = g_rand_new_with_seed (7);
  guint64 bits[BV_BLOCK_WORDS];

  for (guint round = 0; round < 60; round++)
    {
      guint first = (guint) g_rand_int_range (rand, 0, BV_BLOCK_ROWS), end = (guint) g_rand_int_range (rand, (gint32) first, BV_BLOCK_ROWS + 1);

      check_kernels (&bv_kernels_plain, rand, 1u << (round % 3));
      if (bv_kernels_can_avx2 ())
        check_kernels (&bv_kernels_avx2, rand, 1u << (round % 3));
      bv_bits_fill (bits, first, end);
      for (guint i = 0; i < BV_BLOCK_ROWS; i++)
        g_assert_cmpint ((int) (bits[i / 64] >> (i % 64) & 1), ==, i >= first && i < end);
    }
}

static void
test_sort (void)
{
  g_autoptr(GRand) rand = g_rand_new_with_seed (3);
  g_autofree guint64 *pairs = g_new (guint64, 10000);

  for (guint i = 0; i < 10000; i++)
    pairs[i] = (guint64) g_rand_int_range (rand, 0, 40) << 32 | (guint64) g_rand_int_range (rand, 0, 70000);
  bv_sort_pairs (pairs, 10000);
  for (guint i = 1; i < 10000; i++)
    g_assert_cmpuint (pairs[i - 1], <=, pairs[i]);
}

/* Rows by day and time, nulls first, equal times in the order they came in; each knows where it came from. @late: percent of rows out of order. */
static void
check_order (guint n, guint late, guint gaps, guint32 seed)
{
  g_autoptr(BvCalendar) calendar = bv_calendar_new ("America/New_York", 1, NULL);
  g_autoptr(GRand) rand = g_rand_new_with_seed (seed);
  g_autofree gint64 *times = g_new (gint64, n + 1);
  g_autofree gint64 *ids = g_new (gint64, n + 1);
  g_autofree gint64 *old = g_new (gint64, n + 1);
  BvEncoder *encoder = bv_encoder_new (calendar);
  BvEncoderFeed *feed;
  g_autoptr(BvEncodedTable) table = NULL;
  const BvEncodedColumn *time, *place;
  gint64 id = 0;

  bv_encoder_add_column (encoder, "place", BV_TYPE_INT);
  bv_encoder_add_column (encoder, "at", BV_TYPE_TIMESTAMP);
  bv_encoder_set_order (encoder, "AT");
  feed = bv_encoder_new_feed (encoder);
  bv_encoder_begin (feed, 0, n);
  for (guint i = 0; i < n; i++)
    {
      char buf[BV_TIME_TEXT_MAX];
      const char *text;

      id += (guint) g_rand_int_range (rand, 0, 100) < gaps ? g_rand_int_range (rand, 2, 9) : 1;
      ids[i] = id;
      times[i] = (gint64) i / 3 * 100 * BV_SECOND_US;
      if ((guint) g_rand_int_range (rand, 0, 100) < late)
        times[i] -= g_rand_int_range (rand, 0, 300000) * BV_SECOND_US;
      bv_encoder_row (feed, id);
      bv_encoder_int (feed, 0, i);
      text = bv_timestamp_to_text (times[i], buf);
      if (i % 50 == 49)
        {
          times[i] = G_MININT64;
          bv_encoder_null (feed, 1);
        }
      else
        bv_encoder_text (feed, 1, text, strlen (text));
    }
  table = finish (encoder, feed);
  place = &table->columns[0];
  time = &table->columns[1];
  g_assert_cmpint (table->order, ==, 1);
  for (guint row = 0; row < n; row++)
    {
      gint64 i = place->base + bv_encoded_code (place, row) - 1;

      old[row] = i;
      g_assert_cmpint (bv_encoded_rowid (table, row), ==, ids[i]);
      if (row > 0)
        g_assert_true (times[old[row - 1]] < times[i] || (times[old[row - 1]] == times[i] && old[row - 1] < i));
    }
  for (guint i = 0; i < 100; i++)
    {
      guint64 from = (guint64) g_rand_int_range (rand, 0, (gint32) time->n_codes + 2), to = (guint64) g_rand_int_range (rand, 0, (gint32) time->n_codes + 2);
      guint64 first, end, since = from > 0 && from < time->n_codes ? bv_encoded_sorted_row (table, from, 1000) : 0;

      g_assert_false (bv_encoded_sorted_range (table, place, from, to, &first, &end));
      g_assert_true (bv_encoded_sorted_range (table, time, from, to, &first, &end));
      for (guint row = 0; row < n; row++)
        {
          guint32 code = bv_encoded_code (time, row);

          g_assert_cmpint (row >= first && row < end, ==, code >= from && code < to);
          if (from > 0 && from < time->n_codes)
            g_assert_cmpint (row >= since, ==, code > from || (code == from && times[old[row]] >= time->day_starts[code] + 1000 * time->time_unit));
        }
    }
}

static void
test_order (void)
{
  for (guint32 seed = 1; seed < 4; seed++)
    {
      check_order (3000, 0, 0, seed);
      check_order (3000, 1, 0, seed);
      check_order (3000, 1, 2, seed);
      check_order (3000, 60, 50, seed);
      check_order (1, 0, 0, seed);
    }
}

/* Doubles far from decimals: the sum is that of long doubles added in another order, whatever the threads. */
static void
test_threads (void)
{
  BvEncoderFeed *feed;
  BvEncoder *encoder = new_encoder (NULL, BV_TYPE_DOUBLE, &feed);
  g_autoptr(BvEncodedTable) table = NULL;
  g_autoptr(GRand) rand = g_rand_new_with_seed (5);
  double sums[3];
  long double expected = 0;

  for (guint i = 0; i < 300000; i++)
    {
      double x = g_rand_double_range (rand, -1, 1000);

      expected += x;
      bv_encoder_row (feed, i + 1);
      bv_encoder_double (feed, 0, x);
    }
  table = finish (encoder, feed);
  g_assert_cmpint (table->columns[0].coding, ==, BV_CODING_DOUBLES);
  for (guint t = 0; t < 3; t++)
    {
      BvStep steps[2] = { { .kind = BV_STEP_WIDE_SUM, .value = { &table->columns[0], NULL, 1 }, .n_values = table->columns[0].n_codes },
                          { .kind = BV_STEP_DISTINCT, .value = { &table->columns[0], NULL, 1 }, .n_values = table->columns[0].n_codes } };
      BvScan scan = { .table = table, .n_groups = 1, .steps = steps, .n_steps = 2 };

      g_assert_true (bv_step_can_sum (&table->columns[0], table->n_rows, &steps[0].wide_exponent));
      bv_scan_set_threads (t + 1);
      g_assert_true (bv_scan_run (&scan));
      sums[t] = ldexp ((double) steps[0].wide[0], steps[0].wide_exponent);
      g_assert_cmpuint (steps[0].count[0], ==, 300000);
      g_assert_cmpuint (bv_step_n_distinct (&steps[1], 0), ==, table->columns[0].n_codes - 1);
      bv_step_clear (&steps[0]);
      bv_step_clear (&steps[1]);
    }
  bv_scan_set_threads (0);
  g_assert_cmpmem (&sums[0], sizeof sums[0], &sums[1], sizeof sums[1]);
  g_assert_cmpmem (&sums[0], sizeof sums[0], &sums[2], sizeof sums[2]);
  g_assert_cmpfloat_with_epsilon (sums[0], (double) expected, 1e-7);
}

/* --- Files ------------------------------------------------------------------------------------------------------------------------ */

static BvEncodedTable *
make_table (void)
{
  g_autoptr(BvCalendar) calendar = bv_calendar_new ("Europe/Paris", 1, NULL);
  BvEncoder *encoder = bv_encoder_new (calendar);
  BvEncoderFeed *feed;
  g_autoptr(GRand) rand = g_rand_new_with_seed (11);
  static const BvType types[] = { BV_TYPE_TEXT, BV_TYPE_INT, BV_TYPE_INT, BV_TYPE_DOUBLE, BV_TYPE_DOUBLE, BV_TYPE_TIMESTAMP, BV_TYPE_DATE };

  for (guint c = 0; c < G_N_ELEMENTS (types); c++)
    {
      char name[8];

      g_snprintf (name, sizeof name, "c%u", c);
      bv_encoder_add_column (encoder, name, types[c]);
    }
  bv_encoder_set_order (encoder, "c5");
  feed = bv_encoder_new_feed (encoder);
  bv_encoder_begin (feed, 0, 300);
  for (guint r = 0; r < 300; r++)
    {
      char buf[BV_TIME_TEXT_MAX];
      const char *text;

      bv_encoder_row (feed, r * 3);
      bv_encoder_text (feed, 0, "abcdefgh" + g_rand_int_range (rand, 0, 8), 1);
      bv_encoder_int (feed, 1, g_rand_int_range (rand, 0, 1000));
      bv_encoder_int (feed, 2, (gint64) g_rand_int (rand) * 1000003);
      bv_encoder_double (feed, 3, g_rand_int_range (rand, 0, 1000) / 4.0);
      bv_encoder_double (feed, 4, g_rand_double (rand));
      text = bv_timestamp_to_text (g_rand_int_range (rand, 0, 100000) * G_GINT64_CONSTANT (12345000), buf);
      bv_encoder_text (feed, 5, text, strlen (text));
      text = bv_date_to_text (g_rand_int_range (rand, 0, 100), buf);
      bv_encoder_text (feed, 6, text, strlen (text));
    }
  return finish (encoder, feed);
}

static void
check_same (BvEncodedTable *a, BvEncodedTable *b)
{
  g_assert_cmpuint (a->n_rows, ==, b->n_rows);
  g_assert_cmpuint (a->n_columns, ==, b->n_columns);
  g_assert_cmpint (a->order, ==, b->order);
  for (guint r = 0; r < a->n_rows; r++)
    g_assert_cmpint (bv_encoded_rowid (a, r), ==, bv_encoded_rowid (b, r));
  for (guint c = 0; c < a->n_columns; c++)
    g_assert_true (a->columns[c].sound && b->columns[c].sound);
  for (guint c = 0; c < a->n_columns; c++)
    {
      g_assert_cmpstr (a->columns[c].name, ==, b->columns[c].name);
      for (guint r = 0; r < a->n_rows; r++)
        {
          g_auto(BvValue) x = bv_encoded_value (&a->columns[c], bv_encoded_code (&a->columns[c], r));
          g_auto(BvValue) y = bv_encoded_value (&b->columns[c], bv_encoded_code (&b->columns[c], r));

          g_assert_true (bv_value_equal (&x, &y));
        }
      if (a->columns[c].coding == BV_CODING_INSTANTS)
        g_assert_cmpmem (a->columns[c].times, a->n_rows * a->columns[c].time_width, b->columns[c].times, b->n_rows * b->columns[c].time_width);
    }
}

/* Whether a file is good in all it says. */
static gboolean
is_good (const char *path, const char *identity)
{
  g_autoptr(BvEncodedTable) table = bv_encoded_table_load (path, identity);

  return table != NULL && bv_encoded_table_verify_all (table);
}

static void
write_file (const char *path, const char *bytes, gsize size)
{
  g_unlink (path);
  g_assert_true (g_file_set_contents_full (path, bytes, (gssize) size, G_FILE_SET_CONTENTS_NONE, 0600, NULL));
}

/* A file reads back as it was; for another identity, cut anywhere, or with any byte changed it is no file. */
static void
test_file (void)
{
  g_autofree char *dir = g_dir_make_tmp ("bv-codes-XXXXXX", NULL);
  g_autofree char *path = g_build_filename (dir, "a.bvc", NULL);
  g_autofree char *missing = g_build_filename (dir, "no", "a.bvc", NULL);
  g_autoptr(BvEncodedTable) table = make_table ();
  g_autoptr(BvEncodedTable) again = NULL;
  g_autoptr(GRand) rand = g_rand_new_with_seed (13);
  g_autoptr(GError) error = NULL;
  g_autofree char *bytes = NULL;
  gsize size;

  g_assert_null (bv_encoded_table_load (path, "one"));
  g_assert_true (bv_encoded_table_save (table, path, "one", &error));
  g_assert_no_error (error);
  again = bv_encoded_table_load (path, "one");
  g_assert_nonnull (again);
  g_assert_true (bv_encoded_table_verify_all (again));
  check_same (table, again);
  g_assert_false (is_good (path, "two"));
  g_assert_false (is_good (path, "on"));
  g_assert_false (is_good (path, "one\nmore"));
  g_assert_true (g_file_get_contents (path, &bytes, &size, NULL));
  for (guint i = 0; i < 1300; i++)
    {
      gsize at = i < 300 ? i : (gsize) g_rand_int_range (rand, 0, (gint32) size);
      char old = bytes[at];

      bytes[at] = (char) (old ^ (1 << g_rand_int_range (rand, 0, 8)));
      write_file (path, bytes, size);
      g_assert_false (is_good (path, "one"));
      bytes[at] = old;
    }
  for (guint i = 0; i < 100; i++)
    {
      write_file (path, bytes, i == 0 ? 0 : (gsize) g_rand_int_range (rand, 0, (gint32) size));
      g_assert_false (is_good (path, "one"));
    }
  g_assert_false (bv_encoded_table_save (table, missing, "one", &error));
  g_assert_error (error, BV_ERROR, BV_ERROR_FAILED);
  g_unlink (path);
  g_assert_cmpint (g_rmdir (dir), ==, 0);
}

/* --- Pieces ----------------------------------------------------------------------------------------------------------------------- */

static BvEncoder *
new_wide_encoder (void)
{
  static const BvType types[] = { BV_TYPE_TEXT, BV_TYPE_INT, BV_TYPE_INT, BV_TYPE_DOUBLE, BV_TYPE_DOUBLE, BV_TYPE_TIMESTAMP, BV_TYPE_DATE, BV_TYPE_TEXT, BV_TYPE_BOOL, BV_TYPE_DOUBLE };
  g_autoptr(BvCalendar) calendar = bv_calendar_new ("Europe/Paris", 1, NULL);
  BvEncoder *encoder = bv_encoder_new (calendar);

  for (guint c = 0; c < G_N_ELEMENTS (types); c++)
    {
      char name[8];

      g_snprintf (name, sizeof name, "c%u", c);
      bv_encoder_add_column (encoder, name, types[c]);
    }
  bv_encoder_set_order (encoder, "c5");
  return encoder;
}

/* Rows that depend on their number alone, as one piece. */
static void
feed_rows (BvEncoderFeed *feed, guint64 number, guint first, guint end)
{
  bv_encoder_begin (feed, number, (end - first) / 2);
  for (guint r = first; r < end; r++)
    {
      g_autoptr(GRand) rand = g_rand_new_with_seed (r);
      char buf[BV_TIME_TEXT_MAX], text[300];
      const char *time;

      bv_encoder_row (feed, r + r / 1000);
      g_snprintf (text, sizeof text, "user%05d@%s%*s", g_rand_int_range (rand, 0, 9000), r % 3 != 0 ? "example.com" : "", r % 100 == 0 ? 200 : 0, "");
      if (r % 17 == 0)
        bv_encoder_null (feed, 0);
      else
        bv_encoder_text (feed, 0, text, strlen (text));
      bv_encoder_int (feed, 1, g_rand_int_range (rand, 0, 1000));
      bv_encoder_int (feed, 2, (gint64) (g_rand_int (rand) % 3000) * G_GINT64_CONSTANT (1000000000003) - 5);
      bv_encoder_double (feed, 3, r == 7000 ? 0.125 : g_rand_int_range (rand, -1000, 1000) / 4.0);
      bv_encoder_double (feed, 4, r % 5 == 0 ? 0.1 : r % 7 == 0 ? -1e300 : g_rand_double (rand) - 0.5);
      time = bv_timestamp_to_text (((gint64) r * 60 - (r % 31 == 0 ? g_rand_int_range (rand, 0, 300000) : 0)) * BV_SECOND_US + (r == 9000 ? 5000 : 0), buf);
      if (r % 101 == 0)
        bv_encoder_null (feed, 5);
      else
        bv_encoder_text (feed, 5, time, strlen (time));
      time = bv_date_to_text (g_rand_int_range (rand, 0, 100), buf);
      bv_encoder_text (feed, 6, time, strlen (time));
      bv_encoder_text (feed, 7, "abcdefghij" + r % 10, 1);
      bv_encoder_int (feed, 8, r % 2);
      bv_encoder_null (feed, 9);
    }
  bv_encoder_end (feed);
}

static GBytes *
file_of (BvEncodedTable *table)
{
  g_autofree char *dir = g_dir_make_tmp ("bv-codes-XXXXXX", NULL);
  g_autofree char *path = g_build_filename (dir, "a.bvc", NULL);
  g_autoptr(GError) error = NULL;
  char *bytes;
  gsize size;

  g_assert_true (bv_encoded_table_save (table, path, "one", &error));
  g_assert_no_error (error);
  g_assert_true (g_file_get_contents (path, &bytes, &size, NULL));
  g_unlink (path);
  g_rmdir (dir);
  return g_bytes_new_take (bytes, size);
}

/* However rows are cut, whichever thread takes them, whether some were encoded before, and where pieces wait: the same bytes. */
static void
test_pieces (void)
{
  enum { N_ROWS = 20000, N_FEEDS = 3 };
  g_autoptr(BvEncodedTable) whole = NULL;
  g_autoptr(GBytes) expected = NULL;
  g_autoptr(GRand) rand = g_rand_new_with_seed (21);
  BvEncoder *encoder = new_wide_encoder ();

  feed_rows (bv_encoder_new_feed (encoder), 0, 0, N_ROWS);
  whole = bv_encoder_finish (encoder, 1, NULL);
  for (guint c = 0; c < whole->n_columns; c++)
    g_assert_true (whole->columns[c].sound);
  g_assert_cmpint (whole->columns[2].coding, ==, BV_CODING_INTS);
  g_assert_cmpint (whole->columns[3].coding, ==, BV_CODING_OFFSET);
  g_assert_cmpuint (whole->columns[3].scale, ==, 3);
  g_assert_cmpint (whole->columns[4].coding, ==, BV_CODING_DOUBLES);
  expected = file_of (whole);
  for (guint round = 0; round < 6; round++)
    {
      g_autoptr(BvEncodedTable) table = NULL;
      g_autoptr(BvEncodedTable) old = NULL;
      g_autoptr(GBytes) bytes = NULL;
      BvEncoderFeed *feeds[N_FEEDS];
      guint n_ends = (guint) g_rand_int_range (rand, 1, 12), ends[16] = { 0 }, first = 0;
      guint64 number = 0;

      encoder = new_wide_encoder ();
      if (round >= 2)
        bv_encoder_set_spool (encoder, round == 2 ? 0 : (gsize) g_rand_int_range (rand, 0, 400000));
      for (guint f = 0; f < N_FEEDS; f++)
        feeds[f] = bv_encoder_new_feed (encoder);
      if (round % 2 == 1)
        {
          BvEncoder *before = new_wide_encoder ();

          first = round == 5 ? N_ROWS : (guint) g_rand_int_range (rand, 0, N_ROWS);
          feed_rows (bv_encoder_new_feed (before), 0, 0, first);
          old = bv_encoder_finish (before, 2, NULL);
          number = bv_encoder_add_table (feeds[1], 0, old);
        }
      ends[0] = first;
      for (guint i = 1; i < n_ends; i++)
        ends[i] = (guint) g_rand_int_range (rand, (gint32) ends[i - 1], N_ROWS + 1);
      ends[n_ends] = N_ROWS;
      for (guint i = n_ends; i > 0; i--)
        feed_rows (feeds[g_rand_int_range (rand, 0, N_FEEDS)], number + i, ends[i - 1], ends[i]);
      table = bv_encoder_finish (encoder, 1 + round % 3, NULL);
      bytes = file_of (table);
      g_assert_true (g_bytes_equal (expected, bytes));
    }
}

/* Of several blocks, a damaged one harms the columns in it: sound ones stay so until the damage is found, and then none is. */
static void
test_lazy (void)
{
  g_autofree char *dir = g_dir_make_tmp ("bv-codes-XXXXXX", NULL);
  g_autofree char *path = g_build_filename (dir, "a.bvc", NULL);
  g_autoptr(BvCalendar) calendar = bv_calendar_new (NULL, 1, NULL);
  BvEncoder *encoder = bv_encoder_new (calendar);
  g_autoptr(BvEncodedTable) made = NULL;
  g_autoptr(BvEncodedTable) table = NULL;
  g_autofree char *bytes = NULL;
  BvEncoderFeed *feed;
  gsize size, time, b;
  char buf[BV_TIME_TEXT_MAX];
  const char *text;

  bv_encoder_add_column (encoder, "a", BV_TYPE_INT);
  bv_encoder_add_column (encoder, "b", BV_TYPE_INT);
  bv_encoder_add_column (encoder, "c", BV_TYPE_INT);
  bv_encoder_add_column (encoder, "t", BV_TYPE_TIMESTAMP);
  feed = bv_encoder_new_feed (encoder);
  bv_encoder_begin (feed, 0, 600000);
  for (guint i = 0; i < 600000; i++)
    {
      bv_encoder_row (feed, i);
      bv_encoder_int (feed, 0, i % 100);
      bv_encoder_int (feed, 1, i % 3000);
      bv_encoder_int (feed, 2, i % 7);
      text = bv_timestamp_to_text ((gint64) i * 700 * BV_SECOND_US, buf);
      bv_encoder_text (feed, 3, text, strlen (text));
    }
  made = finish (encoder, feed);
  g_assert_true (bv_encoded_table_save (made, path, "one", NULL));
  g_assert_true (g_file_get_contents (path, &bytes, &size, NULL));
  /* Times of instants are not needed for their days. */
  table = bv_encoded_table_load (path, "one");
  time = (gsize) ((const char *) table->columns[3].times - g_mapped_file_get_contents (table->file->map)) + 600000;
  b = (gsize) ((const char *) table->columns[1].codes - g_mapped_file_get_contents (table->file->map)) + 600000;
  g_assert_true (bv_encoded_table_verify_all (table));
  g_clear_pointer (&table, bv_encoded_table_unref);
  bytes[time] ^= 1;
  write_file (path, bytes, size);
  bytes[time] ^= 1;
  table = bv_encoded_table_load (path, "one");
  g_assert_true (bv_encoded_table_verify (table, &table->columns[3]));
  for (guint i = 0; i < 600000; i++)
    g_assert_cmpuint (bv_encoded_code (&table->columns[3], i), ==, bv_encoded_code (&made->columns[3], i));
  g_assert_false (bv_encoded_table_verify_times (table, &table->columns[3]));
  g_assert_true (bv_encoded_table_is_damaged (table));
  g_assert_false (g_file_test (path, G_FILE_TEST_EXISTS));
  g_clear_pointer (&table, bv_encoded_table_unref);

  bytes[b] ^= 1;
  write_file (path, bytes, size);
  table = bv_encoded_table_load (path, "one");
  g_assert_nonnull (table);
  g_assert_true (bv_encoded_table_verify (table, NULL));
  g_assert_true (bv_encoded_table_verify (table, &table->columns[0]));
  g_assert_false (bv_encoded_table_is_damaged (table));
  for (guint i = 0; i < 600000; i++)
    g_assert_cmpuint (bv_encoded_code (&table->columns[0], i), ==, i % 100 + 1);
  g_assert_false (bv_encoded_table_verify (table, &table->columns[1]));
  g_assert_true (bv_encoded_table_is_damaged (table));
  g_assert_false (bv_encoded_table_verify (table, &table->columns[0]));
  g_assert_false (bv_encoded_table_verify (table, &table->columns[2]));
  g_assert_false (g_file_test (path, G_FILE_TEST_EXISTS));
  g_assert_cmpint (g_rmdir (dir), ==, 0);
}

/* --- Threads ---------------------------------------------------------------------------------------------------------------------------- */

static gint nicest; /* that a task has met */

static void
meet_niceness (void *unused)
{
  int mine = getpriority (PRIO_PROCESS, 0);

  /* Long enough for another thread to wake and take the next. */
  g_usleep (20000);
  while (g_atomic_int_get (&nicest) < mine)
    g_atomic_int_set (&nicest, mine);
}

static gpointer
work_in_background (gpointer data)
{
  setpriority (PRIO_PROCESS, (id_t) syscall (SYS_gettid), getpriority (PRIO_PROCESS, 0) + 3);
  bv_pool_run (meet_niceness, data, 4);
  return NULL;
}

/* What the background needs does not make the threads that all use its own: runs first, when there are none yet. */
static void
test_niceness (void)
{
  void *tasks[4] = { NULL };
  int mine = getpriority (PRIO_PROCESS, 0);

  if (mine > 16)
    {
      g_test_skip ("nothing can be nicer");
      return;
    }
  nicest = G_MININT;
  g_thread_join (g_thread_new ("background", work_in_background, tasks));
  g_assert_cmpint (nicest, ==, mine + 3);
  nicest = G_MININT;
  bv_pool_run (meet_niceness, tasks, 4);
  g_assert_cmpint (nicest, ==, mine);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/pool/niceness", test_niceness);
  g_test_add_func ("/columns/texts", test_texts);
  g_test_add_func ("/columns/unsound", test_unsound);
  g_test_add_func ("/columns/decimals", test_decimals);
  g_test_add_func ("/columns/instants", test_instants);
  g_test_add_func ("/columns/order", test_order);
  g_test_add_func ("/columns/kernels", test_kernels);
  g_test_add_func ("/columns/sort", test_sort);
  g_test_add_func ("/columns/threads", test_threads);
  g_test_add_func ("/columns/pieces", test_pieces);
  g_test_add_func ("/columns/file", test_file);
  g_test_add_func ("/columns/lazy", test_lazy);
  return g_test_run ();
}
