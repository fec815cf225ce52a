/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The steps of building a chart, on plain definitions: no display. */
#include "config.h"

#include "bv-chart-edit.h"
#include "bv-condition-editor.h"
#include "bv-model-build.h"
#include "bv-report-edit.h"

static BvModel *
make_model (void)
{
  BvModel *model = bv_model_new ();
  BvTable *table = bv_table_new ("deals", "Test");

  bv_table_add_field (table, "id", BV_TYPE_INT);
  bv_table_add_field (table, "stage", BV_TYPE_TEXT);
  bv_table_add_field (table, "closed", BV_TYPE_DATE);
  bv_table_add_field (table, "created", BV_TYPE_TIMESTAMP);
  bv_model_take_table (model, table);
  bv_model_add_definition (model, "exploration", "e1", "Flow",
                           "{ \"name\": \"Flow\", \"root\": \"deals\","
                           "  \"dimensions\": [ { \"name\": \"Stage\", \"field\": \"deals.stage\" },"
                           "                    { \"name\": \"Closed\", \"field\": \"deals.closed\" },"
                           "                    { \"name\": \"Created\", \"field\": \"deals.created\" } ],"
                           "  \"metrics\": [ { \"name\": \"Deals\", \"aggregate\": \"count\" },"
                           "                 { \"name\": \"Ids\", \"aggregate\": \"sum\", \"field\": \"deals.id\" } ] }");
  bv_model_finish (model);
  g_assert_cmpuint (model->problems->len, ==, 0);
  return model;
}

static void
test_metrics (void)
{
  g_autoptr(BvChart) chart = bv_chart_new ("Flow", "table");

  bv_chart_remove_metric (chart, "a"); /* nothing to remove */
  bv_chart_add_metric (chart, "a");
  bv_chart_add_metric (chart, "b");
  bv_chart_add_metric (chart, "a");
  bv_chart_add_metric (chart, "c");
  g_assert_cmpuint (g_strv_length (chart->metrics), ==, 3);
  bv_chart_move_metric (chart, "a", -1); /* at the end already */
  bv_chart_move_metric (chart, "c", -1);
  g_assert_cmpstr (chart->metrics[1], ==, "c");
  bv_chart_remove_metric (chart, "a");
  g_assert_cmpstr (chart->metrics[0], ==, "c");
  g_assert_cmpstr (chart->metrics[1], ==, "b");
  g_assert_null (chart->metrics[2]);
  bv_chart_remove_metric (chart, "b");
  bv_chart_remove_metric (chart, "c");
  g_assert_null (chart->metrics[0]);
}

static void
test_toggle (void)
{
  g_autoptr(BvModel) model = make_model ();
  BvExploration *e = bv_model_find_exploration (model, "Flow");
  g_autoptr(BvChart) chart = bv_chart_start (model, e);

  g_assert_cmpstr (chart->type, ==, "number"); /* no time field */
  g_assert_true (bv_chart_uses (chart, "Deals"));
  bv_chart_toggle (chart, model, e, "Stage");
  g_assert_cmpstr (chart->type, ==, "bar"); /* a number is not split */
  bv_chart_toggle (chart, model, e, "Closed"); /* the first time dimension is the chart's time */
  g_assert_cmpstr (chart->time_field, ==, "Closed");
  g_assert_cmpint (chart->grain, ==, BV_GRAIN_DAY);
  g_assert_cmpstr (chart->range, ==, "last-7-days");
  g_assert_cmpstr (chart->type, ==, "bar"); /* which still fits */
  bv_chart_toggle (chart, model, e, "Created"); /* a second one is a group */
  g_assert_cmpint (g_array_index (chart->by, BvGroup, 1).grain, ==, BV_GRAIN_MONTH);
  chart->compare = g_strdup ("previous-period");
  bv_chart_toggle (chart, model, e, "Closed");
  g_assert_null (chart->time_field);
  g_assert_null (chart->range);
  g_assert_null (chart->compare);
  g_assert_cmpint (chart->grain, ==, BV_GRAIN_NONE);
  bv_chart_toggle (chart, model, e, "Stage");
  bv_chart_toggle (chart, model, e, "Created");
  g_assert_cmpuint (chart->by->len, ==, 0);
  g_assert_cmpstr (chart->type, ==, "number"); /* bars need a dimension */
}

static void
test_fits (void)
{
  static const BvChartType strict = { "x", "X", "x", 2, 2, 1, 1, TRUE, NULL };
  g_autoptr(BvChart) chart = bv_chart_new ("Flow", "table");
  static const struct { guint n_metrics, n_groups; BvGrain grain; gboolean fits; } cases[] = {
    { 0, 0, BV_GRAIN_DAY, TRUE }, { 1, 0, BV_GRAIN_DAY, FALSE }, { 2, 0, BV_GRAIN_DAY, TRUE }, { 3, 0, BV_GRAIN_DAY, FALSE },
    { 2, 1, BV_GRAIN_NONE, FALSE }, { 2, 1, BV_GRAIN_DAY, FALSE },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *reason = NULL;
      g_autoptr(BvChart) c = bv_chart_copy (chart);

      for (guint k = 0; k < cases[i].n_metrics; k++)
        {
          g_autofree char *name = g_strdup_printf ("m%u", k);

          bv_chart_add_metric (c, name);
        }
      for (guint k = 0; k < cases[i].n_groups; k++)
        bv_chart_add_group (c, "g", BV_GRAIN_NONE);
      c->grain = cases[i].grain;
      g_assert_cmpint (bv_chart_type_fits (&strict, c, &reason), ==, cases[i].fits);
      g_assert_true ((reason == NULL) == cases[i].fits);
    }
}

/* Renames, also those that undo brings, are found by comparing; what is gone is dropped. */
static void
test_follow (void)
{
  g_autoptr(BvModel) model = make_model ();
  BvExploration *e = bv_model_find_exploration (model, "Flow");
  g_autoptr(BvExploration) after = bv_exploration_copy (e);
  g_autoptr(BvChart) chart = bv_chart_new ("Flow", "table");
  BvSort sort = { g_strdup ("Deals"), TRUE };
  BvCondition *test = bv_condition_new_test ("Stage", BV_OP_IS_SET);

  bv_chart_add_metric (chart, "Deals");
  bv_chart_add_metric (chart, "Ids");
  bv_chart_add_group (chart, "Stage", BV_GRAIN_NONE);
  g_array_append_val (chart->sort, sort);
  chart->where = bv_condition_new_list (BV_CONDITION_ALL);
  bv_condition_add (chart->where, test);

  g_free (after->name);
  after->name = g_strdup ("Stream");
  g_free (((BvMetric *) after->metrics->pdata[0])->name);
  ((BvMetric *) after->metrics->pdata[0])->name = g_strdup ("Opportunities");
  g_free (((BvDimension *) after->dimensions->pdata[0])->name);
  ((BvDimension *) after->dimensions->pdata[0])->name = g_strdup ("Phase");
  g_assert_true (bv_chart_follow (chart, e, after));
  g_assert_cmpstr (chart->exploration, ==, "Stream");
  g_assert_cmpstr (chart->metrics[0], ==, "Opportunities");
  g_assert_cmpstr (chart->metrics[1], ==, "Ids");
  g_assert_cmpstr (g_array_index (chart->by, BvGroup, 0).dimension, ==, "Phase");
  g_assert_cmpstr (g_array_index (chart->sort, BvSort, 0).name, ==, "Opportunities");
  g_assert_cmpstr (test->field, ==, "Phase");
  g_assert_false (bv_chart_follow (chart, after, after));

  g_ptr_array_remove_index (after->metrics, 0);
  g_ptr_array_remove_index (after->dimensions, 0);
  g_assert_true (bv_chart_prune (chart, model, after));
  g_assert_cmpstrv (chart->metrics, ((const char *const[]) { "Ids", NULL }));
  g_assert_cmpuint (chart->by->len, ==, 0);
  g_assert_cmpuint (chart->sort->len, ==, 0);
  g_assert_true (bv_condition_is_empty (chart->where));
  g_assert_false (bv_chart_prune (chart, model, after));
}

/* A new tile takes the first free place of the grid, as wide as that at most, and an id of its own. */
static void
test_new_tile (void)
{
  static const BvCell wanted[] = { { 0, 0, 6, 4 }, { 6, 0, 6, 4 }, { 0, 4, BV_GRID_COLUMNS, 1 }, { 0, 5, 3, 3 } };
  g_autoptr(BvReport) report = bv_report_new ("R");

  for (guint i = 0; i < G_N_ELEMENTS (wanted); i++)
    {
      BvTile *tile = bv_tile_new ("", BV_TILE_TEXT);

      tile->w = i == 2 ? 20 : wanted[i].w;
      tile->h = wanted[i].h;
      bv_report_add_tile (NULL, report, tile);
      g_assert_true (bv_cell_equal (&wanted[i], &(BvCell){ tile->x, tile->y, tile->w, tile->h }));
      g_assert_true (bv_report_find_tile (report, tile->id) == tile);
    }
}

static void
test_sentence (void)
{
  g_autoptr(BvCalendar) calendar = bv_calendar_new (NULL, 1, NULL);
  g_autoptr(BvLocale) locale = bv_locale_new ("C", NULL, calendar);
  g_autoptr(GError) error = NULL;
  g_autoptr(JsonNode) node = json_from_string ("{ \"all\": [ { \"field\": \"Stage\", \"is\": [ \"won\", \"lost\" ] },"
                                               "  { \"any\": [ { \"field\": \"deals.is_won\", \"is\": true }, { \"field\": \"Amount\", \"gt\": 1000 } ] } ] }",
                                               &error);
  g_autoptr(BvCondition) condition = bv_condition_from_json (node, &error);
  g_autofree char *sentence = bv_condition_to_sentence (condition, locale);
  g_autofree char *expected = NULL;

  g_assert_no_error (error);
  expected = g_strdup_printf ("Stage %s won or lost and (is_won %s yes or Amount %s 1000)", bv_op_to_label (BV_OP_IS),
                              bv_op_to_label (BV_OP_IS), bv_op_to_label (BV_OP_GT));
  g_assert_cmpstr (sentence, ==, expected);
  g_assert_null (bv_condition_to_sentence (NULL, locale));
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/chart-steps/metrics", test_metrics);
  g_test_add_func ("/chart-steps/toggle", test_toggle);
  g_test_add_func ("/chart-steps/fits", test_fits);
  g_test_add_func ("/chart-steps/follow", test_follow);
  g_test_add_func ("/chart-steps/new-tile", test_new_tile);
  g_test_add_func ("/chart-steps/sentence", test_sentence);
  return g_test_run ();
}
