/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Random tables, relationships and charts, run by the query room and by the naive evaluator of random-naive.h, which must agree.
 *
 * The evaluator enumerates, for each row of a metric's table, all joined rows over the whole tree (a missing match is one row of nulls), keeps
 * those that meet every condition, and collects the distinct pairs of group and row. It shares no code with the query room beyond values, the
 * parsed conditions and time zones from GLib.
 *
 * BV_SEED=N runs one seed; BV_LONG=1 (or -m slow) runs 20,000 charts instead of 300.
 */
#include "query-test.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "random-naive.h"
#include "random-world.h"

/* --- Comparing ----------------------------------------------------------------------------------------------------------------------------- */

static gboolean
same (const BvValue *a, const BvValue *b)
{
  double x, y;

  if (a->type == BV_TYPE_NULL || b->type == BV_TYPE_NULL)
    return a->type == b->type;
  if (a->type == BV_TYPE_TEXT || b->type == BV_TYPE_TEXT)
    return bv_value_equal (a, b);
  if (bv_type_is_time (a->type) || bv_type_is_time (b->type))
    return a->type == b->type && a->i == b->i;
  x = bv_value_as_double (a);
  y = bv_value_as_double (b);
  return fabs (x - y) <= 1e-9 * MAX (1, MAX (fabs (x), fabs (y)));
}

static void G_GNUC_PRINTF (3, 4)
differs (guint seed, const char *chart, const char *format, ...)
{
  g_autofree char *what = NULL;
  va_list args;

  va_start (args, format);
  what = g_strdup_vprintf (format, args);
  va_end (args);
  g_error ("seed %u: %s\n  chart %s", seed, what, chart);
}

static void
check_values (guint seed, const char *chart, const char *where, BvFrame *frame, guint row, char **names, const BvValue *expected, BvRole role)
{
  for (guint m = 0; names[m] != NULL; m++)
    for (guint c = 0; c < bv_frame_get_n_columns (frame); c++)
      {
        BvColumn *column = bv_frame_get_column (frame, c);
        const char *name = role == BV_ROLE_COMPARE && column->of >= 0 ? bv_frame_get_column (frame, (guint) column->of)->name : column->name;
        BvValue got = row == G_MAXUINT ? column->total : BV_VALUE_NULL;

        if (column->role != role || strcmp (name, names[m]) != 0)
          continue;
        if (row != G_MAXUINT)
          got = bv_frame_peek (frame, c, row);
        if (!same (&got, &expected[m]))
          {
            g_autofree char *a = bv_value_to_plain (&got);
            g_autofree char *b = bv_value_to_plain (&expected[m]);

            differs (seed, chart, "%s: %s%s is “%s”, expected “%s”", where, names[m], role == BV_ROLE_COMPARE ? " (before)" : "", a, b);
          }
      }
}

static char *
row_key (BvFrame *frame, guint row, guint n_groups)
{
  GString *key = g_string_new (NULL);

  for (guint g = 0; g < n_groups; g++)
    {
      BvValue value = bv_frame_peek (frame, g, row);
      g_autofree char *text = key_text (&value);

      g_string_append (key, text);
      g_string_append_c (key, '\x1f');
    }
  /* The last separator belongs to no group after the time axis alone: keys end with it all the same. */
  return g_string_free (key, FALSE);
}

/* The rows behind one mark, by the evaluator: rids, sorted, as text. */
static char *
expected_rows (World *w, const Query *q, BvMetric *metric, const char *key)
{
  Query all = *q;
  Span span = q->range != NULL ? span_of (w, q->range) : (Span){ TRUE, TRUE, 0, 0, G_MAXINT64 };
  gboolean ranged = !(span.from_open && span.to_open);
  gboolean running = is_cumulative (metric) && q->timed;
  g_autoptr(GHashTable) pairs = NULL;
  g_autoptr(GArray) rids = g_array_new (FALSE, FALSE, sizeof (int));
  GString *out = g_string_new (NULL);
  BvAggregate kind;
  BvMetric *of = base_of (w, metric, &kind);
  const char *rest = key != NULL && q->timed ? strchr (key, '\x1f') + 1 : key;
  GHashTableIter iter;
  gpointer other, rows, row, value;
  g_autoptr(GHashTable) found = g_hash_table_new (NULL, NULL);
  Table *table;
  int node = 0, column;

  if (is_cumulative (metric) && metric->from == BV_FROM_ALL)
    span.from_open = TRUE;
  pairs = pairs_of (w, &all, metric, ranged ? &span : NULL, 0, key != NULL ? q->n_groups : 0);
  g_hash_table_iter_init (&iter, pairs);
  while (g_hash_table_iter_next (&iter, &other, &rows))
    {
      GHashTableIter each;

      if (key != NULL && !running && strcmp (other, key) != 0)
        continue;
      if (key != NULL && running)
        {
          /* Texts of buckets sort as their times do. */
          const char *end = strchr (other, '\x1f') + 1;
          gsize n = end - (char *) other - 1;
          g_autofree char *mine = g_strndup (key, rest - key - 1);
          g_autofree char *its = g_strndup (other, n);

          if (strcmp (end, rest) != 0 || g_str_has_prefix (other, "\x01null") || strcmp (its, mine) > 0)
            continue;
        }
      g_hash_table_iter_init (&each, rows);
      while (g_hash_table_iter_next (&each, &row, &value))
        if (!(kind == BV_AGG_COUNT && of->field != NULL && ((BvValue *) value)->type == BV_TYPE_NULL))
          g_hash_table_add (found, row);
    }
  if (of->field != NULL)
    find_field (w, of->field, &node, &column);
  for (guint i = 0; of->table != NULL && i < w->n_nodes; i++)
    if (strcmp (w->nodes[i].role, of->table) == 0)
      node = (int) i;
  table = &w->tables[w->nodes[node].table];
  for (guint r = 0; r < table->n_rows; r++)
    if (g_hash_table_contains (found, GINT_TO_POINTER (r + 1)))
      g_string_append_printf (out, "%d ", (int) table->cells[r][RID].i);
  return g_string_free (out, FALSE);
}

static void
check_drill (World *w, guint seed, const char *text, BvChart *chart, const BvOverlay *overlay, const Query *q, BvFrame *frame, guint row)
{
  BvQueryContext context = context_of (&w->f);
  g_autofree char *key = row != G_MAXUINT ? row_key (frame, row, q->n_groups) : NULL;

  for (guint m = 0; chart->metrics[m] != NULL; m++)
    {
      BvMetric *metric = metric_named (w, strcmp (chart->metrics[m], "Ratio") == 0 ? "M0" : chart->metrics[m]);
      g_autofree char *expected = expected_rows (w, q, metric, key);
      g_autoptr(GError) error = NULL;
      gint64 n = -1;
      g_autoptr(BvFrame) rows = bv_query_rows (&context, chart, overlay, chart->metrics[m], frame, row, 1000, &n, NULL, &error);
      g_autoptr(GString) got = g_string_new (NULL);

      g_assert_no_error (error);
      for (guint r = 0; r < bv_frame_get_n_rows (rows); r++)
        g_string_append_printf (got, "%d ", (int) bv_frame_get_int (rows, (guint) bv_frame_find_column (rows, "rid"), r));
      if (strcmp (got->str, expected) != 0 || n != bv_frame_get_n_rows (rows))
        differs (seed, text, "rows of %s at “%s”: “%s”, expected “%s”", chart->metrics[m], key != NULL ? key : "total", got->str, expected);
    }
}

static void
check_limit (World *w, guint seed, const char *text, BvChart *chart, const BvOverlay *overlay, BvFrame *frame)
{
  g_autoptr(BvChart) limited = bv_chart_copy (chart);
  BvQueryContext context = context_of (&w->f);
  g_autoptr(BvFrame) cut = NULL;
  g_autofree char *whole = rows_of (&w->f, frame);
  g_autofree char *part = NULL;

  limited->limit = 1 + pick (w, 6);
  cut = bv_query_run (&context, limited, overlay, NULL, NULL);
  g_assert_nonnull (cut);
  part = rows_of (&w->f, cut);
  if (!g_str_has_prefix (whole, part) || bv_frame_get_n_rows (cut) != MIN (bv_frame_get_n_rows (frame), (guint) limited->limit) ||
      bv_frame_has_note (cut, BV_NOTE_TRUNCATED) != (bv_frame_get_n_rows (frame) > (guint) limited->limit))
    differs (seed, text, "limit %d gives\n%s of\n%s", limited->limit, part, whole);
}

static void
run_one (World *w, guint seed)
{
  g_autofree char *text = NULL;
  g_auto(Query) q = { .top_group = -1, .time_node = -1 };
  g_autoptr(BvChart) chart = random_chart (w, &q, &text);
  g_auto(BvOverlay) overlay = { bv_condition_copy (q.where[1]), g_strdup (q.overlay_range) };
  BvQueryContext context = context_of (&w->f);
  g_autoptr(GError) error = NULL;
  g_autoptr(BvFrame) frame = NULL;
  g_auto(Period) expected = { NULL, NULL };
  g_auto(Period) past = { NULL, NULL };
  g_auto(Period) total = { NULL, NULL };
  Span span;
  gboolean ranged;

  span = q.range != NULL ? span_of (w, q.range) : (Span){ TRUE, TRUE, 0, 0, G_MAXINT64 };
  ranged = !(span.from_open && span.to_open);
  frame = bv_query_run (&context, chart, &overlay, NULL, &error);
  if (error != NULL && strstr (error->message, "cannot measure") != NULL)
    return;
  if (error != NULL)
    differs (seed, text, "%s", error->message);
  if (chart->top > 0 && q.n_groups > q.timed)
    find_top (w, &q, chart, ranged ? &span : NULL);
  expected = period_of (w, &q, chart->metrics, ranged ? &span : NULL, 0, q.n_groups, FALSE);
  total = period_of (w, &q, chart->metrics, ranged ? &span : NULL, 0, 0, TRUE);
  check_values (seed, text, "total", frame, G_MAXUINT, chart->metrics, g_hash_table_lookup (total.rows, ""), BV_ROLE_METRIC);
  if (chart->compare != NULL)
    {
      Span before = span_before (chart->compare, &span);

      past = period_of (w, &q, chart->metrics, &before, 0, q.n_groups, FALSE);
    }
  if (q.top_group >= 0 && q.others == NULL)
    drop_others (&q, expected.rows);
  for (guint r = 0; r < bv_frame_get_n_rows (frame); r++)
    {
      g_autofree char *key = row_key (frame, r, q.n_groups);
      BvValue *values = g_hash_table_lookup (expected.rows, key);
      g_autofree char *where = g_strdup_printf ("row “%s”", key);

      if (values == NULL)
        {
          g_autofree char *rows = rows_of (&w->f, frame);
          g_autofree char **keys = (char **) g_hash_table_get_keys_as_array (expected.rows, NULL);
          g_autofree char *known = g_strjoinv ("; ", keys);

          for (guint i = 0; q.top != NULL && i < q.top->len; i++)
            g_printerr ("kept %s\n", (char *) q.top->pdata[i]);
          differs (seed, text, "%s is not expected in\n%sexpected are %s", where, rows, known);
        }
      check_values (seed, text, where, frame, r, chart->metrics, values, BV_ROLE_METRIC);
      if (chart->compare != NULL)
        {
          g_autofree char *other = past_key (&q, &expected, &past, key);
          BvValue *before = other != NULL ? g_hash_table_lookup (past.rows, other) : NULL;
          g_autofree BvValue *none = g_new0 (BvValue, 10);

          check_values (seed, text, where, frame, r, chart->metrics, before != NULL ? before : none, BV_ROLE_COMPARE);
        }
    }
  if (bv_frame_get_n_rows (frame) != g_hash_table_size (expected.rows))
    {
      g_autofree char *rows = rows_of (&w->f, frame);

      differs (seed, text, "%u rows, expected %u:\n%s", bv_frame_get_n_rows (frame), g_hash_table_size (expected.rows), rows);
    }
  check_drill (w, seed, text, chart, &overlay, &q, frame, G_MAXUINT);
  for (guint i = 0; i < 3 && bv_frame_get_n_rows (frame) > 0; i++)
    check_drill (w, seed, text, chart, &overlay, &q, frame, (guint) pick (w, (int) bv_frame_get_n_rows (frame)));
  check_limit (w, seed, text, chart, &overlay, frame);
}

static void
test_random (void)
{
  gboolean longer = g_getenv ("BV_LONG") != NULL || g_test_slow ();
  const char *only = g_getenv ("BV_SEED");
  guint first = only != NULL ? (guint) g_ascii_strtoull (only, NULL, 10) : 1;
  guint last = only != NULL ? first : longer ? 20000 : 300;
  guint made = G_MAXUINT;
  World *w = NULL;

  for (guint seed = first; seed <= last; seed++)
    {
      if (seed / CHARTS_PER_WORLD != made)
        {
          g_clear_pointer (&w, world_free);
          made = seed / CHARTS_PER_WORLD;
          w = world_new (made);
        }
      g_rand_set_seed (w->rand, seed * 7919);
      run_one (w, seed);
    }
  g_clear_pointer (&w, world_free);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/query/random", test_random);
  return g_test_run ();
}
