/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Sub-totals of tables are what queries for the groups alone would say, whichever executor answers. */
#include "query-test.h"

#include <string.h>

static void
world (Fixture *f)
{
  g_autoptr(GString) rows = g_string_new (NULL);
  g_autoptr(GString) links = g_string_new (NULL);

  for (int i = 0; i < 240; i++)
    {
      g_string_append_printf (rows, "%d|%s|%s|%s|2026-%02d-%02d|%d|%d\n", i, i % 7 == 0 ? "" : i % 3 == 0 ? "north" : "south",
                              i % 5 == 0 ? "red" : i % 2 == 0 ? "blue" : "green", i % 11 < 4 ? "x" : "y", 1 + i % 6, 1 + i % 28, i * 37 % 101, i % 13);
      for (int k = 0; k < i % 4; k++)
        g_string_append_printf (links, "%d|%s\n", i, k == 0 ? "a" : k == 1 ? "b" : "c");
    }
  add_table (f, "sales", "id:int region:text colour:text kind:text day:date amount:int owner:int", rows->str);
  add_table (f, "tags", "sale:int tag:text", links->str);
  define (f, "{'belvedere':1,'settings':{'time_zone':'Europe/Paris'},'relationships':[{'from':'tags.sale','to':'sales.id'}],"
             "'explorations':[{'name':'Sales','root':'sales','time_field':'Day','related':[{'table':'tags','as':'Tag'}],"
             "'dimensions':[{'name':'Region','field':'sales.region'},{'name':'Colour','field':'sales.colour'},{'name':'Kind','field':'sales.kind'},"
             "{'name':'Day','field':'sales.day'},{'name':'Tag','field':'Tag.tag'}],"
             "'metrics':[{'name':'N','aggregate':'count'},{'name':'Sum','aggregate':'sum','field':'sales.amount'},"
             "{'name':'Owners','aggregate':'count-distinct','field':'sales.owner'},{'name':'Median','aggregate':'median','field':'sales.amount'},"
             "{'name':'X','aggregate':'count','where':{'field':'sales.kind','is':'x'}},{'name':'Share','formula':'[X] / [N]'},"
             "{'name':'Running','aggregate':'cumulative-sum','of':'Sum','from':'all'}]}]}");
}

static BvFrame *
run_on (Fixture *f, BvExecutor executor, BvChart *chart)
{
  BvQueryContext context = context_of (f);
  g_autoptr(GError) error = NULL;
  BvFrame *frame;

  context.executor = executor;
  frame = bv_query_run (&context, chart, NULL, NULL, &error);
  g_assert_no_error (error);
  return frame;
}

/* Every row of @part, which has @n_keys keys and perhaps a pivot after them, is in @alone with the same values. */
static void
assert_same (BvFrame *part, BvFrame *alone, guint n_keys)
{
  guint n = bv_frame_get_n_columns (part);

  if (n_keys < n && bv_frame_get_column (part, n_keys)->role == BV_ROLE_SERIES)
    n_keys++;
  g_assert_cmpuint (bv_frame_get_n_columns (alone), ==, n);
  for (guint r = 0; r < bv_frame_get_n_rows (part); r++)
    {
      const BvRowKey key = { part, n_keys, r };
      gboolean found = FALSE;

      for (guint q = 0; !found && q < bv_frame_get_n_rows (alone); q++)
        {
          const BvRowKey other = { alone, n_keys, q };

          found = bv_row_key_equal (&key, &other);
          for (guint c = n_keys; found && c < n; c++)
            {
              BvValue a = bv_frame_peek (part, c, r), b = bv_frame_peek (alone, c, q);

              g_assert_true (bv_value_equal (&a, &b));
            }
        }
      g_assert_true (found);
    }
}

/* Groups of @part are those of @frame, each once and in the order of their first rows. */
static void
assert_groups (BvFrame *frame, BvFrame *part, guint n_keys)
{
  g_autoptr(GHashTable) seen = g_hash_table_new_full (bv_row_key_hash, bv_row_key_equal, g_free, NULL);
  guint at = 0;

  for (guint r = 0; r < bv_frame_get_n_rows (frame); r++)
    {
      const BvRowKey key = { frame, n_keys, r };

      if (!g_hash_table_add (seen, g_memdup2 (&key, sizeof key)))
        continue;
      g_assert_cmpuint (at, <, bv_frame_get_n_rows (part));
      for (guint first = at; at < bv_frame_get_n_rows (part); at++)
        {
          const BvRowKey other = { part, n_keys, at };

          if (!bv_row_key_equal (&key, &other))
            {
              g_assert_cmpuint (at, >, first);
              break;
            }
        }
    }
  g_assert_cmpuint (at, ==, bv_frame_get_n_rows (part));
}

#define METRICS "'metrics':['N','Sum','Owners','Median','Share']"

static const struct
{
  const char *chart; /* without "by" */
  const char *by[3];
  gboolean limited;
} cases[] = {
  { METRICS, { "Region", "Colour" }, FALSE },
  { METRICS, { "Region", "Colour", "Kind" }, FALSE },
  { METRICS ",'sort':['Median:desc']", { "Colour", "Kind", "Region" }, FALSE },
  { METRICS ",'limit':4", { "Region", "Colour", "Kind" }, TRUE },
  { METRICS ",'where':{'field':'Colour','is-not':'red'}", { "Kind", "Colour" }, FALSE },
  { METRICS ",'top':2", { "Colour", "Region" }, FALSE },
  { METRICS ",'top':1,'others':true", { "Colour", "Region", "Kind" }, FALSE },
  { METRICS ",'pivot':'Kind'", { "Region", "Colour" }, FALSE },
  { METRICS ",'time':{'field':'Day','range':'2026-03-01..2026-04-30'},'compare':'previous-period'", { "Region", "Colour" }, FALSE },
  { "'metrics':['N','Running','Owners'],'time':{'field':'Day','grain':'month','range':'2026-02-01..2026-05-31'}", { "Region", "Colour" }, FALSE },
  /* A row has several tags: it counts in each group, once in what they have in common. */
  { METRICS, { "Region", "Tag" }, FALSE },
  { METRICS, { "Tag", "Region" }, FALSE },
};

static void
test_equal (Fixture *f, gconstpointer data)
{
  world (f);
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    for (int e = 0; e < 2; e++)
      {
        BvExecutor executor = e == 0 ? BV_EXECUTOR_SQLITE : BV_EXECUTOR_COLUMNS;
        guint n_by = cases[i].by[2] != NULL ? 3 : 2;
        gboolean timed = strstr (cases[i].chart, "'grain'") != NULL;
        g_autofree char *json = g_strdup_printf ("{'exploration':'Sales','type':'table',%s,'by':['%s','%s'%s%s%s],'options':{'subtotals':true}}", cases[i].chart,
                                                 cases[i].by[0], cases[i].by[1], n_by > 2 ? ",'" : "", n_by > 2 ? cases[i].by[2] : "", n_by > 2 ? "'" : "");
        g_autoptr(BvChart) chart = chart_of (json);
        g_autoptr(BvFrame) frame = run_on (f, executor, chart);
        BvFrame *part = bv_frame_get_subtotals (frame);
        guint n_keys = n_by + (timed ? 1 : 0);

        g_assert_cmpuint (bv_frame_get_n_rows (frame), >, 0);
        while (--n_keys > 0)
          {
            g_autoptr(BvChart) one = bv_chart_copy (chart);
            g_autoptr(BvFrame) alone = NULL;

            g_array_set_size (one->by, n_keys - (timed ? 1 : 0));
            g_array_set_size (one->sort, 0);
            g_clear_pointer (&one->options, json_object_unref);
            one->limit = 0;
            g_assert_nonnull (part);
            alone = run_on (f, executor, one);
            g_assert_null (bv_frame_get_subtotals (alone));
            assert_same (part, alone, n_keys);
            assert_groups (frame, part, n_keys);
            if (!cases[i].limited)
              g_assert_cmpuint (bv_frame_get_n_rows (part), ==, bv_frame_get_n_rows (alone));
            part = bv_frame_get_subtotals (part);
          }
        g_assert_null (part);
      }
}

/* Charts that are no tables, or have one group, or do not ask, have none; and their keys differ. */
static void
test_asked (Fixture *f, gconstpointer data)
{
  static const char *const without[] = {
    "{'exploration':'Sales','type':'table','metrics':['N'],'by':['Region','Colour']}",
    "{'exploration':'Sales','type':'table','metrics':['N'],'by':['Region','Colour'],'options':{'subtotals':false}}",
    "{'exploration':'Sales','type':'bar','metrics':['N'],'by':['Region','Colour'],'options':{'subtotals':true}}",
    "{'exploration':'Sales','type':'table','metrics':['N'],'by':['Region'],'options':{'subtotals':true}}",
    "{'exploration':'Sales','type':'table','metrics':['N'],'by':['Region','Region'],'options':{'subtotals':true}}",
    "{'exploration':'Sales','type':'table','metrics':['N'],'options':{'subtotals':true}}",
  };
  g_autoptr(BvChart) with = chart_of ("{'exploration':'Sales','type':'table','metrics':['N'],'by':['Region','Colour'],'options':{'subtotals':true}}");
  g_autoptr(BvChart) plain = chart_of (without[0]);
  g_autofree char *a = bv_query_key (with, NULL);
  g_autofree char *b = bv_query_key (plain, NULL);

  world (f);
  for (guint i = 0; i < G_N_ELEMENTS (without); i++)
    {
      g_autoptr(BvChart) chart = chart_of (without[i]);
      g_autoptr(BvFrame) frame = run_on (f, BV_EXECUTOR_AUTO, chart);

      g_assert_null (bv_frame_get_subtotals (frame));
    }
  g_assert_cmpstr (a, !=, b);
}

/* The rows behind a group are as many as its sub-total counts. */
static void
test_drill (Fixture *f, gconstpointer data)
{
  const char *json = "{'exploration':'Sales','type':'table','metrics':['N'],'by':['Region','Colour','Kind'],'options':{'subtotals':true}}";
  g_autoptr(BvChart) chart = chart_of (json);
  g_autoptr(BvFrame) frame = NULL;
  guint number;

  world (f);
  frame = run_on (f, BV_EXECUTOR_AUTO, chart);
  number = bv_frame_get_n_rows (frame);
  for (BvFrame *part = bv_frame_get_subtotals (frame); part != NULL; part = bv_frame_get_subtotals (part))
    for (guint r = 0; r < bv_frame_get_n_rows (part); r++, number++)
      {
        guint row = number;

        g_assert_cmpuint (bv_frame_number_row (frame, part, r), ==, number);
        g_assert_true (bv_frame_resolve_row (frame, &row) == part);
        g_assert_cmpuint (row, ==, r);
        g_assert_cmpint (drill (f, json, frame, "N", number), ==, bv_frame_get_int (part, (guint) bv_frame_find_column (part, "N"), r));
      }
  g_assert_true (bv_frame_resolve_row (frame, &number) == frame);
  g_assert_cmpint (drill (f, json, frame, "N", G_MAXUINT), ==, 240);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add ("/query/subtotals/equal", Fixture, NULL, fixture_set_up, test_equal, fixture_tear_down);
  g_test_add ("/query/subtotals/asked", Fixture, NULL, fixture_set_up, test_asked, fixture_tear_down);
  g_test_add ("/query/subtotals/drill", Fixture, NULL, fixture_set_up, test_drill, fixture_tear_down);
  return g_test_run ();
}
