/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The column engine against SQLite: random tables, random charts, the same frames.
 *
 * 2,000 charts in every run; BV_LONG=N runs N of them, BV_SEED=N begins elsewhere. Now and then rows are added, replaced or filled anew, or
 * steps undone and redone, while the store of encoded tables and its files, which here even the smallest table has, live on.
 */
#include "bv-column-cache.h"
#include "bv-scan.h"
#include "plans-world.h"

#include <glib/gstdio.h>
#include <math.h>
#include <string.h>

/* What sums of doubles that are no decimals may differ by, in units of 2⁻⁵² of the largest sum of absolute values that can occur. */
#define BV_SUM_TOLERANCE 4
#define CHARTS_PER_WORLD 100

static gboolean
cells_agree (const BvValue *a, const BvValue *b)
{
  if (a->type == BV_TYPE_DOUBLE && b->type == BV_TYPE_DOUBLE)
    {
      /* 9000 rows of at most 1000. */
      double scale = MAX (fabs (a->d), fabs (b->d));

      return fabs (a->d - b->d) <= BV_SUM_TOLERANCE * ldexp (MAX (scale, 1e6), -52);
    }
  return a->type == b->type && bv_value_equal (a, b);
}

/* The frames and those of their sub-totals. */
static void
compare_frames (World *w, BvFrame *sqlite, BvFrame *columns, const char *chart, gint64 seed)
{
  BvFrame *part = bv_frame_get_subtotals (sqlite), *other = bv_frame_get_subtotals (columns);
  gboolean equal = bv_frame_get_n_rows (sqlite) == bv_frame_get_n_rows (columns) && bv_frame_get_n_columns (sqlite) == bv_frame_get_n_columns (columns) &&
                   bv_frame_get_n_notes (sqlite) == bv_frame_get_n_notes (columns);

  for (guint c = 0; equal && c < bv_frame_get_n_columns (sqlite); c++)
    {
      equal = cells_agree (&bv_frame_get_column (sqlite, c)->total, &bv_frame_get_column (columns, c)->total);
      for (guint r = 0; equal && r < bv_frame_get_n_rows (sqlite); r++)
        {
          BvValue x = bv_frame_peek (sqlite, c, r), y = bv_frame_peek (columns, c, r);

          equal = cells_agree (&x, &y);
        }
    }
  if (!equal)
    {
      g_autofree char *a = bv_frame_to_csv (sqlite, w->model->calendar);
      g_autofree char *b = bv_frame_to_csv (columns, w->model->calendar);

      g_error ("seed %" G_GINT64_FORMAT ": %s\nSQLite:\n%s\ncolumns:\n%s", seed, chart, a, b);
    }
  g_assert_true ((part == NULL) == (other == NULL));
  if (part != NULL)
    compare_frames (w, part, other, chart, seed);
}

/* The rows behind one of the numbers, or behind all, of the period itself or of the one before. */
static void
drill (World *w, gint64 seed, const BvQueryContext *columns, BvChart *chart, BvFrame *frame, const char *json)
{
  BvQueryContext other = *columns;
  guint row = bv_frame_get_n_rows (frame) > 0 && world_chance (w, 80) ? world_pick (w, bv_frame_get_n_rows (frame)) : G_MAXUINT;
  guint limit = world_chance (w, 50) ? world_pick (w, 5) : 10000;
  gboolean before = chart->compare != NULL && world_chance (w, 50);
  gint64 n = -1, n_other = -1;
  g_autoptr(GError) error = NULL;
  g_autoptr(GError) other_error = NULL;
  g_autoptr(BvFrame) a = bv_query_rows (columns, chart, NULL, chart->metrics[0], frame, row, before, limit, &n, NULL, &error);
  g_autoptr(BvFrame) b = NULL;

  other.executor = BV_EXECUTOR_SQLITE;
  b = bv_query_rows (&other, chart, NULL, chart->metrics[0], frame, row, before, limit, &n_other, NULL, &other_error);
  if (g_error_matches (error, BV_ERROR, BV_ERROR_UNSUPPORTED))
    return;
  g_assert_true ((a == NULL) == (b == NULL));
  if (a == NULL)
    return;
  g_assert_cmpint (n, ==, n_other);
  compare_frames (w, b, a, json, seed);
}

/* A filter's list of values. */
static void
list_values (World *w, gint64 seed, const Tree *tree)
{
  BvQueryContext context = { w->project, w->model, (20560 + G_GINT64_CONSTANT (1)) * BV_DAY_US, BV_EXECUTOR_SQLITE, w->store };
  const Role *role = &tree->roles[world_pick (w, tree->n_roles)];
  BvType type, shown;
  g_autofree char *field = world_random_field (w, tree, role, &type);
  g_autofree char *label = world_chance (w, 40) ? world_random_field (w, tree, role, &shown) : NULL;
  g_autofree char *json = NULL;
  g_autoptr(BvCondition) where = NULL;
  const char *search = world_chance (w, 30) ? "A" : NULL;
  guint limit = world_chance (w, 30) ? world_pick (w, 4) : 5000;
  g_autoptr(GError) error = NULL;
  g_autoptr(BvFrame) a = NULL;
  g_autoptr(BvFrame) b = NULL;

  if (world_chance (w, 50))
    {
      g_autoptr(GString) out = g_string_new (NULL);
      g_autoptr(JsonNode) node = NULL;

      world_append_condition (w, out, tree, NULL, 1);
      json = world_quotes (out->str);
      node = json_from_string (json, NULL);
      where = bv_condition_from_json (node, NULL);
    }
  a = bv_query_values (&context, tree->name, field, label, where, search, limit, NULL, NULL);
  context.executor = BV_EXECUTOR_COLUMNS;
  b = bv_query_values (&context, tree->name, field, label, where, search, limit, NULL, &error);
  g_assert_true ((a == NULL) == (b == NULL));
  if (a != NULL)
    {
      g_autofree char *what = g_strdup_printf ("values of %s (%s) where %s, search %s, limit %u", field, label, json, search, limit);

      compare_frames (w, a, b, what, seed);
    }
}

/* Overlays of which one clause moves: a range by days and now and then by hours, or a list value by value; now and then beside other clauses, and now
 * and then those change. */
typedef struct
{
  gboolean walks;
  char *field;
  BvType type;
  guint first, n;
  char *other; /* (nullable) */
} Motion;

static void
next_overlay (World *w, Motion *self, BvOverlay *overlay)
{
  g_autoptr(GString) out = g_string_new (NULL);
  char a[BV_TIME_TEXT_MAX], b[BV_TIME_TEXT_MAX];

  if (!self->walks)
    self->first += world_pick (w, 4);
  bv_date_to_text (self->first, a);
  bv_date_to_text (self->first + self->n, b);
  *overlay = (BvOverlay){ NULL, NULL };
  if (!self->walks || self->n > 10)
    overlay->range = world_chance (w, self->walks ? 0 : 10) ? g_strdup_printf ("%sT07:00..%s", a, b) : g_strdup_printf ("%s..%s", a, b);
  if (!self->walks && self->other == NULL)
    return;
  g_string_append (out, "{'all':[");
  if (self->walks)
    world_append_list (w, out, self->field, self->type, 1 + world_pick (w, 2));
  g_string_append_printf (out, "%s%s]}", self->walks && self->other != NULL ? "," : "", self->other != NULL ? self->other : "");
  {
    g_autofree char *json = world_quotes (out->str);
    g_autoptr(JsonNode) node = json_from_string (json, NULL);

    overlay->where = bv_condition_from_json (node, NULL);
  }
}

static void
move (World *w, gint64 seed, const BvQueryContext *columns, const Tree *tree, BvChart *chart, const char *json)
{
  BvQueryContext other = *columns;
  Motion motion = { .walks = world_chance (w, 40), .first = 20510 + world_pick (w, 20), .n = 2 + world_pick (w, 20) };
  g_autofree char *field = NULL;
  g_autofree char *beside = NULL;

  do
    {
      g_free (field);
      field = world_random_field (w, tree, NULL, &motion.type);
    }
  while (motion.type == BV_TYPE_DOUBLE || motion.type == BV_TYPE_TIMESTAMP);
  motion.field = field;
  if (world_chance (w, 40))
    {
      g_autoptr(GString) out = g_string_new (NULL);

      world_append_condition (w, out, tree, NULL, 1);
      motion.other = beside = g_strdup (out->str);
    }
  other.executor = BV_EXECUTOR_SQLITE;
  for (guint step = 0; step < 6; step++)
    {
      BvOverlay overlay;
      g_autoptr(GError) error = NULL;
      g_autoptr(BvFrame) expected = NULL;
      g_autoptr(BvFrame) frame = NULL;

      if (world_chance (w, 5))
        motion.walks = !motion.walks;
      next_overlay (w, &motion, &overlay);
      frame = bv_query_run (columns, chart, &overlay, NULL, &error);
      expected = bv_query_run (&other, chart, &overlay, NULL, NULL);
      if (frame == NULL)
        g_assert_true (expected == NULL || g_error_matches (error, BV_ERROR, BV_ERROR_UNSUPPORTED));
      else
        {
          g_autofree char *what = g_strdup_printf ("%s, %s, %s, step %u, range %s", json, motion.walks ? field : "range", beside, step, overlay.range);
          g_autofree char *explained = step == 5 ? bv_query_explain (columns, chart, &overlay, NULL, NULL) : NULL;

          compare_frames (w, expected, frame, what, seed);
          w->n_moves += explained != NULL;
          w->n_cubes += explained != NULL && strstr (explained, "from a cube") != NULL;
        }
      bv_overlay_clear (&overlay);
    }
}

static void
run_on (World *w, gint64 seed, const Tree *tree)
{
  g_autofree char *json = world_random_chart (w, tree);
  g_autofree char *text = world_quotes (json);
  g_autoptr(GError) error = NULL;
  g_autoptr(JsonNode) node = json_from_string (text, &error);
  g_autoptr(BvChart) chart = NULL;
  g_autoptr(BvFrame) sqlite = NULL;
  g_autoptr(BvFrame) columns = NULL;
  BvQueryContext context = { w->project, w->model, (20560 + G_GINT64_CONSTANT (1)) * BV_DAY_US, BV_EXECUTOR_SQLITE, w->store };

  g_assert_no_error (error);
  chart = bv_chart_from_json (json_node_get_object (node), &error);
  g_assert_no_error (error);
  sqlite = bv_query_run (&context, chart, NULL, NULL, &error);
  if (sqlite == NULL)
    return; /* a chart that makes no sense makes none to either */
  context.executor = BV_EXECUTOR_COLUMNS;
  columns = bv_query_run (&context, chart, NULL, NULL, &error);
  if (columns == NULL && g_error_matches (error, BV_ERROR, BV_ERROR_UNSUPPORTED))
    {
      w->n_sqlite++;
      if (g_getenv ("BV_VERBOSE") != NULL)
        g_printerr ("%s\n", error->message);
      return;
    }
  g_assert_no_error (error);
  w->n_columns++;
  compare_frames (w, sqlite, columns, json, seed);
  if (world_chance (w, 30))
    drill (w, seed, &context, chart, sqlite, json);
  if (world_chance (w, 30))
    list_values (w, seed, tree);
  if (world_chance (w, 10))
    move (w, seed, &context, tree, chart, json);
}

/* Other thresholds and kernels, so that small tables too are searched by lists, kept bits and postings, and by each build of the kernels. */
static void
tune (World *w)
{
  bv_scan_set_threads (1 + world_pick (w, 3));
  bv_tuning = (BvTuning){ .kept_rows = world_chance (w, 60) ? 0 : 65537, .list_share = world_chance (w, 60) ? 2 : 128, .posting_rows = world_chance (w, 70) ? 0 : 100000,
                          .cube_rows = world_chance (w, 70) ? 0 : 100000, .cube_cells = world_chance (w, 40) ? 0 : world_chance (w, 50) ? 1 : 100000,
                          .cube_bytes = world_chance (w, 20) ? 20000 : 1 << 26, .narrow_codes = world_chance (w, 60) ? 0 : 4096, .wait = TRUE };
  bv_kernels = world_chance (w, 50) && bv_kernels_can_avx2 () ? &bv_kernels_avx2 : &bv_kernels_plain;
}

/* Rows are added, replaced, taken away or all put anew, and steps undone and redone. What is encoded must never be behind. */
static void
change_world (World *w)
{
  static const char *const key[] = { "id", NULL };
  guint *sizes[] = { &w->n_companies, &w->n_contacts, &w->n_deals, &w->n_events };
  guint table = world_pick (w, 3), n = world_pick (w, 20);
  g_autoptr(GError) error = NULL;

  switch (world_pick (w, 7))
    {
    case 0:
    case 1:
      world_put_rows (w, table, *sizes[table], n, key);
      *sizes[table] += n;
      break;
    case 2:
      world_put_rows (w, table, world_pick (w, *sizes[table] + 1), n, key);
      break;
    case 3:
      table = world_pick (w, 4);
      *sizes[table] = world_pick (w, 60);
      world_fill_table (w, table, *sizes[table]);
      break;
    case 4:
      world_define (w);
      break;
    case 5:
      if (w->n_undone > 0)
        {
          bv_project_redo (w->project, &error);
          g_assert_no_error (error);
          w->n_done++;
          w->n_undone--;
        }
      return;
    default:
      /* Never the steps that made the world. */
      if (w->n_done > 0)
        {
          bv_project_undo (w->project, &error);
          g_assert_no_error (error);
          w->n_done--;
          w->n_undone++;
        }
      return;
    }
  w->n_done++;
  w->n_undone = 0;
}

/* Several charts of one tree at once, as a report asks for them. */
static void
run_together (World *w, gint64 seed, const Tree *tree)
{
  BvQuery queries[5] = { { NULL } };
  g_autoptr(GPtrArray) texts_of = g_ptr_array_new_with_free_func (g_free);
  BvQueryContext context = { w->project, w->model, (20560 + G_GINT64_CONSTANT (1)) * BV_DAY_US, BV_EXECUTOR_AUTO, w->store, w->frames };
  BvOverlay overlay = { NULL, NULL };

  if (world_chance (w, 50))
    {
      g_autoptr(GString) out = g_string_new (NULL);
      g_autofree char *json = NULL;
      g_autoptr(JsonNode) node = NULL;

      world_append_condition (w, out, tree, NULL, 1);
      json = world_quotes (out->str);
      node = json_from_string (json, NULL);
      overlay.where = bv_condition_from_json (node, NULL);
    }
  for (guint i = 0; i < G_N_ELEMENTS (queries); i++)
    {
      g_autofree char *json = world_random_chart (w, tree);
      g_autofree char *text = world_quotes (json);
      g_autoptr(JsonNode) node = json_from_string (text, NULL);

      queries[i].chart = bv_chart_from_json (json_node_get_object (node), NULL);
      queries[i].overlay = &overlay;
      g_ptr_array_add (texts_of, g_steal_pointer (&json));
    }
  /* Now and then the second answer, most of it out of the cache. Tables that are filled anew between calls must not show in it. */
  if (world_chance (w, 30))
    {
      bv_query_run_many (&context, queries, G_N_ELEMENTS (queries), NULL, NULL);
      for (guint i = 0; i < G_N_ELEMENTS (queries); i++)
        {
          g_clear_pointer (&queries[i].frame, bv_frame_unref);
          g_clear_error (&queries[i].error);
        }
      if (world_chance (w, 30))
        {
          change_world (w);
          context.model = w->model;
        }
    }
  bv_query_run_many (&context, queries, G_N_ELEMENTS (queries), NULL, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (queries); i++)
    {
      BvQueryContext other = context;
      g_autoptr(GError) error = NULL;
      g_autoptr(BvFrame) expected = NULL;

      other.executor = BV_EXECUTOR_SQLITE;
      expected = bv_query_run (&other, queries[i].chart, &overlay, NULL, &error);
      g_assert_true ((expected == NULL) == (queries[i].frame == NULL));
      if (expected != NULL)
        compare_frames (w, expected, queries[i].frame, texts_of->pdata[i], seed);
      g_clear_pointer (&queries[i].frame, bv_frame_unref);
      g_clear_error (&queries[i].error);
      bv_chart_free (queries[i].chart);
    }
  bv_overlay_clear (&overlay);
}

static void
close_world (World *w);

static void
open_world (World *w, gint64 seed)
{
  g_autoptr(GError) error = NULL;
  g_autofree char *path = NULL;

  memset (w, 0, sizeof *w);
  w->rand = g_rand_new_with_seed ((guint32) seed);
  w->dir = g_dir_make_tmp ("bv-columns-XXXXXX", &error);
  path = g_build_filename (w->dir, "test.belvedere", NULL);
  w->project = bv_project_create (path, &error);
  g_assert_no_error (error);
  w->store = bv_column_store_new ();
  w->frames = bv_frame_cache_new ();
}

static void
remove_dir (const char *dir)
{
  g_autoptr(GDir) list = g_dir_open (dir, 0, NULL);
  const char *name;

  while ((name = g_dir_read_name (list)) != NULL)
    {
      g_autofree char *file = g_build_filename (dir, name, NULL);

      g_unlink (file);
    }
  g_rmdir (dir);
}

static void
close_world (World *w)
{
  bv_column_store_close (w->store);
  bv_column_store_unref (w->store);
  bv_frame_cache_unref (w->frames);
  bv_model_unref (w->model);
  bv_project_unref (w->project);
  g_rand_free (w->rand);
  remove_dir (w->dir);
  g_free (w->dir);
}

/* A table of several segments: threads share it, and filters are kept as bits. */
static void
test_segments (void)
{
  World w;

  open_world (&w, 77);
  w.n_companies = 10;
  w.n_contacts = 30;
  w.n_deals = 150000;
  world_fill_table (&w, 0, w.n_companies);
  world_fill_table (&w, 1, w.n_contacts);
  world_fill_table (&w, 2, w.n_deals);
  world_fill_table (&w, 3, 10);
  world_define (&w);
  bv_scan_set_threads (3);
  for (guint i = 0; i < (g_getenv ("BV_LONG") != NULL ? 300 : 8); i++)
    {
      tune (&w);
      bv_scan_set_threads (3);
      run_on (&w, 77, &world_trees[0]);
    }
  close_world (&w);
}

/* Charts by time or not, of tables that are large enough for a cube to be made of them, as one of their clauses moves. */
static void
test_moving (void)
{
  static const char *const times[] = { "deals.close_date", "events.ts" };
  static const char *const grains[] = { "day", "week", "month" };
  guint n_charts = g_getenv ("BV_LONG") != NULL ? (guint) atoi (g_getenv ("BV_LONG")) / 4 : 150, n_cubes = 0, n_moves = 0;
  gint64 seed = g_getenv ("BV_SEED") != NULL ? atoi (g_getenv ("BV_SEED")) : 5;

  for (guint n = 0; n < n_charts; n += 50, seed++)
    {
      World w;

      open_world (&w, seed);
      world_fill (&w);
      world_fill_table (&w, 2, w.n_deals = 800);
      world_fill_table (&w, 3, w.n_events = 1500);
      world_define (&w);
      for (guint i = 0; i < 50; i++)
        {
          guint which = world_pick (&w, 2);
          const Tree *tree = &world_trees[which == 0 ? 0 : 3];
          BvQueryContext context = { w.project, w.model, (20560 + G_GINT64_CONSTANT (1)) * BV_DAY_US, BV_EXECUTOR_COLUMNS, w.store };
          g_autoptr(GString) json = g_string_new (NULL);
          g_autofree char *text = NULL;
          g_autofree char *by = NULL;
          g_autoptr(JsonNode) node = NULL;
          g_autoptr(BvChart) chart = NULL;
          BvType type;

          tune (&w);
          bv_tuning.cube_rows = 0;
          g_string_append_printf (json, "{'exploration':'%s','type':'table','metrics':['m%u','m%u'],'time':{'field':'%s'", tree->name, world_pick (&w, 24),
                                  world_pick (&w, 24), times[which]);
          if (world_chance (&w, 60))
            g_string_append_printf (json, ",'grain':'%s'", grains[world_pick (&w, 3)]);
          g_string_append (json, "}");
          if (world_chance (&w, 60))
            {
              do
                {
                  g_free (by);
                  by = world_random_field (&w, tree, &tree->roles[world_pick (&w, tree->n_roles - which)], &type);
                }
              while (bv_type_is_time (type));
              g_string_append_printf (json, ",'by':['%s']", by);
              if (world_chance (&w, 50))
                g_string_append_printf (json, ",'top':%u", 1 + world_pick (&w, 5));
            }
          g_string_append (json, "}");
          text = world_quotes (json->str);
          node = json_from_string (text, NULL);
          chart = bv_chart_from_json (json_node_get_object (node), NULL);
          g_assert_nonnull (chart);
          move (&w, seed, &context, tree, chart, json->str);
        }
      n_moves += w.n_moves;
      n_cubes += w.n_cubes;
      close_world (&w);
    }
  g_test_message ("%u of %u answered from cubes in the end", n_cubes, n_moves);
  g_assert_cmpuint (n_cubes, >, n_moves / 5);
}

/* Lists of values, where rows may be gone at their source. */
static void
test_lists (void)
{
  guint n_lists = g_getenv ("BV_LONG") != NULL ? (guint) atoi (g_getenv ("BV_LONG")) : 300;
  gint64 seed = g_getenv ("BV_SEED") != NULL ? atoi (g_getenv ("BV_SEED")) : 9;

  for (guint n = 0; n < n_lists; n += 50, seed++)
    {
      World w;

      open_world (&w, seed);
      world_fill (&w);
      world_fill_table (&w, 2, w.n_deals = 25);
      w.marks = TRUE;
      world_define (&w);
      for (guint i = 0; i < 50; i++)
        {
          tune (&w);
          list_values (&w, seed, &world_trees[world_pick (&w, 2)]);
        }
      close_world (&w);
    }
}

static void
remove_tree (const char *path)
{
  g_autoptr(GDir) dir = g_dir_open (path, 0, NULL);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *child = g_build_filename (path, name, NULL);

      remove_tree (child);
    }
  g_remove (path);
}

static void
test_plans (void)
{
  guint n_charts = g_getenv ("BV_LONG") != NULL ? (guint) atoi (g_getenv ("BV_LONG")) : 2000;
  gint64 seed = g_getenv ("BV_SEED") != NULL ? atoi (g_getenv ("BV_SEED")) : 1;
  guint n_columns = 0, n_sqlite = 0;

  for (guint n = 0; n < n_charts; n += CHARTS_PER_WORLD, seed++)
    {
      World w;

      open_world (&w, seed);
      world_fill (&w);
      world_define (&w);
      for (guint i = 0; i < CHARTS_PER_WORLD && n + i < n_charts; i++)
        {
          tune (&w);
          if (world_chance (&w, 8))
            change_world (&w);
          /* Run on columns before, most of the tables are encoded when they are asked for together. */
          if (i % 10 == 9)
            {
              run_together (&w, seed, &world_trees[world_pick (&w, WORLD_N_TREES)]);
              i += 4;
            }
          else
            run_on (&w, seed, &world_trees[world_pick (&w, WORLD_N_TREES)]);
        }
      n_columns += w.n_columns;
      n_sqlite += w.n_sqlite;
      close_world (&w);
    }
  g_test_message ("%u charts on columns, %u left to SQLite", n_columns, n_sqlite);
  /* The test must test something. */
  g_assert_cmpuint (n_columns, >, n_charts / 6);
}

int
main (int argc, char **argv)
{
  g_autofree char *cache = g_dir_make_tmp ("bv-cache-XXXXXX", NULL);
  int result;

  g_setenv ("XDG_CACHE_HOME", cache, TRUE);
  g_test_init (&argc, &argv, NULL);
  bv_column_cache_set_min_rows (1);
  g_test_add_func ("/columns/plans", test_plans);
  g_test_add_func ("/columns/moving", test_moving);
  g_test_add_func ("/columns/lists", test_lists);
  g_test_add_func ("/columns/segments", test_segments);
  result = g_test_run ();
  remove_tree (cache);
  return result;
}
