/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A report at work on a small project whose numbers can be counted by hand. */

#include "bv-definitions.h"
#include "bv-export.h"

#include <glib/gstdio.h>
#include <string.h>

/* deals: who, day of June 2026, amount, won; events: who, day */
static const struct { const char *who; int day; double amount; gboolean won; } deals[] = {
  { "ada@example.com", 1, 100, TRUE }, { "ada@example.com", 25, 50, TRUE }, { "bob@example.com", 26, 7, TRUE },
  { "bob@example.com", 27, 1000, FALSE }, { "cy@example.com", 30, 20, TRUE }, { NULL, 29, 5, TRUE },
};
static const struct { const char *who; int day; } events[] = {
  { "ada@example.com", 1 }, { "ada@example.com", 25 }, { "ada@example.com", 30 }, { "bob@example.com", 24 }, { NULL, 28 },
};

static const char definitions[] =
  "{ \"belvedere\": 1, \"settings\": { \"time_zone\": \"Europe/Paris\", \"currency\": \"EUR\" },"
  "  \"explorations\": ["
  "    { \"name\": \"Deals\", \"root\": \"deals\", \"time_field\": \"Close date\","
  "      \"dimensions\": [ { \"name\": \"Close date\", \"field\": \"deals.close_date\" }, { \"name\": \"Email\", \"field\": \"deals.email\" },"
  "                        { \"name\": \"Amount\", \"field\": \"deals.amount\" }, { \"name\": \"Won\", \"field\": \"deals.won\" } ],"
  "      \"metrics\": [ { \"name\": \"Revenue\", \"aggregate\": \"sum\", \"field\": \"deals.amount\","
  "                       \"where\": { \"all\": [ { \"field\": \"deals.won\", \"is\": true } ] } },"
  "                     { \"name\": \"Deals\", \"aggregate\": \"count\" } ] },"
  "    { \"name\": \"Events\", \"root\": \"events\", \"time_field\": \"Date\","
  "      \"dimensions\": [ { \"name\": \"Date\", \"field\": \"events.at\" }, { \"name\": \"User email\", \"field\": \"events.user_email\" } ],"
  "      \"metrics\": [ { \"name\": \"Events\", \"aggregate\": \"count\" } ] } ],"
  "  \"reports\": [ { \"name\": \"Report\", \"tiles\": ["
  "      { \"id\": \"revenue\", \"kind\": \"chart\", \"at\": [0, 0, 6, 4], \"chart\": { \"exploration\": \"Deals\", \"type\": \"number\","
  "        \"metrics\": [\"Revenue\"], \"time\": { \"range\": \"all-time\" } } },"
  "      { \"id\": \"deals\", \"kind\": \"chart\", \"at\": [6, 0, 6, 4], \"chart\": { \"exploration\": \"Deals\", \"type\": \"table\","
  "        \"metrics\": [\"Deals\"], \"by\": [\"Email\"] } },"
  "      { \"id\": \"events\", \"kind\": \"chart\", \"at\": [0, 4, 6, 4], \"chart\": { \"exploration\": \"Events\", \"type\": \"number\","
  "        \"metrics\": [\"Events\"], \"time\": { \"field\": \"Date\" } } },"
  "      { \"id\": \"broken\", \"kind\": \"chart\", \"at\": [6, 4, 6, 4], \"chart\": { \"exploration\": \"Deals\", \"type\": \"number\","
  "        \"metrics\": [\"Gone\"] } },"
  "      { \"id\": \"words\", \"kind\": \"text\", \"at\": [0, 8, 6, 4], \"text\": \"Words\" } ],"
  "    \"filters\": ["
  "      { \"id\": \"customer\", \"name\": \"Customer\", \"field\": \"Deals/Email\", \"tiles\": { \"events\": \"User email\", \"broken\": \"\" } },"
  "      { \"id\": \"date\", \"name\": \"Date\", \"field\": \"default-time\", \"default\": \"last-7-days\", \"tiles\": { \"deals\": null } },"
  "      { \"id\": \"month\", \"name\": \"Month\", \"field\": \"default-time\", \"tiles\": { \"deals\": null } },"
  "      { \"id\": \"amount\", \"name\": \"Amount\", \"field\": \"Deals/Amount\", \"control\": \"range\", \"tiles\": { \"revenue\": \"\" } },"
  "      { \"id\": \"won\", \"name\": \"Won\", \"field\": \"Deals/Won\", \"control\": \"boolean\", \"controlled_by\": [\"Customer\"] },"
  "      { \"id\": \"person\", \"name\": \"Person\", \"field\": \"Deals/Email\", \"control\": \"text\", \"tiles\": { \"revenue\": \"\" } },"
  "      { \"id\": \"narrowed\", \"name\": \"Narrowed\", \"field\": \"Events/User email\", \"controlled_by\": [\"Customer\", \"Date\"],"
  "        \"tiles\": { \"events\": \"\" } },"
  "      { \"id\": \"sum\", \"name\": \"Sum\", \"field\": \"Deals/Amount\", \"label_field\": \"Email\","
  "        \"tiles\": { \"revenue\": \"\", \"deals\": \"\" } } ] } ] }";

typedef struct
{
  char *dir;
  BvProject *project;
  BvWorkspace *workspace;
  BvReportRun *run;
  GPtrArray *changed; /* ids of ::tile-changed */
  guint n_state, n_report;
} Fixture;

static void
tile_changed_cb (BvReportRun *run, const char *tile_id, Fixture *fixture)
{
  g_ptr_array_add (fixture->changed, g_strdup (tile_id));
}

static void
count_cb (guint *n)
{
  (*n)++;
}

static void
fill (BvProject *project)
{
  static const BvTableColumn deal_columns[] = {
    { (char *) "id", BV_TYPE_INT }, { (char *) "email", BV_TYPE_TEXT }, { (char *) "close_date", BV_TYPE_DATE },
    { (char *) "amount", BV_TYPE_DOUBLE }, { (char *) "won", BV_TYPE_BOOL },
  };
  static const BvTableColumn event_columns[] = {
    { (char *) "id", BV_TYPE_INT }, { (char *) "user_email", BV_TYPE_TEXT }, { (char *) "at", BV_TYPE_TIMESTAMP },
  };
  static const char *const key[] = { "id", NULL };
  g_autoptr(GError) error = NULL;
  BvTableWriter *writer = bv_table_writer_new (project, &error);

  g_assert_no_error (error);
  bv_table_writer_begin_table (writer, "deals", "Files", NULL, deal_columns, G_N_ELEMENTS (deal_columns), key, &error);
  for (guint i = 0; i < G_N_ELEMENTS (deals); i++)
    {
      BvValue row[] = { bv_value_int (i), bv_value_text (deals[i].who), bv_value_date (bv_days_from_civil (2026, 6, deals[i].day)),
                        bv_value_double (deals[i].amount), bv_value_bool (deals[i].won) };

      g_assert_true (bv_table_writer_append (writer, row, &error));
      bv_value_clear (&row[1]);
    }
  bv_table_writer_end_table (writer, NULL, NULL, &error);
  bv_table_writer_begin_table (writer, "events", "Files", NULL, event_columns, G_N_ELEMENTS (event_columns), key, &error);
  for (guint i = 0; i < G_N_ELEMENTS (events); i++)
    {
      BvValue row[] = { bv_value_int (i), bv_value_text (events[i].who),
                        bv_value_timestamp (bv_days_from_civil (2026, 6, events[i].day) * BV_DAY_US + BV_DAY_US / 2) };

      g_assert_true (bv_table_writer_append (writer, row, &error));
      bv_value_clear (&row[1]);
    }
  bv_table_writer_end_table (writer, NULL, NULL, &error);
  g_assert_true (bv_table_writer_commit (writer, "Fill", NULL, &error));
  g_assert_no_error (error);
}

static void
settle (Fixture *fixture)
{
  g_autoptr(GError) error = NULL;

  g_assert_true (bv_report_run_wait (fixture->run, NULL, &error));
  g_assert_no_error (error);
}

static void
set_up (Fixture *fixture, gconstpointer data)
{
  g_autoptr(GError) error = NULL;
  g_autofree char *path = NULL;

  fixture->dir = g_dir_make_tmp ("bv-run-XXXXXX", &error);
  path = g_build_filename (fixture->dir, "run.belvedere", NULL);
  fixture->project = bv_project_create (path, &error);
  g_assert_no_error (error);
  fill (fixture->project);
  bv_definitions_apply (fixture->project, definitions, "Definitions", NULL, &error);
  g_assert_no_error (error);
  fixture->workspace = bv_workspace_new (fixture->project, &error);
  g_assert_no_error (error);
  bv_workspace_set_now (fixture->workspace,
                        bv_query_now_for_day (bv_workspace_get_model (fixture->workspace), bv_days_from_civil (2026, 6, 30)));
  fixture->changed = g_ptr_array_new_with_free_func (g_free);
  fixture->run = bv_report_run_new (fixture->workspace, bv_model_find_report (bv_workspace_get_model (fixture->workspace), "Report")->uuid);
  g_signal_connect (fixture->run, "tile-changed", G_CALLBACK (tile_changed_cb), fixture);
  g_signal_connect_swapped (fixture->run, "state-changed", G_CALLBACK (count_cb), &fixture->n_state);
  g_signal_connect_swapped (fixture->run, "report-changed", G_CALLBACK (count_cb), &fixture->n_report);
  settle (fixture);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  g_autoptr(GDir) dir = NULL;
  const char *name;

  g_assert_finalize_object (fixture->run);
  g_object_unref (fixture->workspace);
  bv_project_unref (fixture->project);
  g_ptr_array_unref (fixture->changed);
  dir = g_dir_open (fixture->dir, 0, NULL);
  while ((name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = g_build_filename (fixture->dir, name, NULL);

      g_unlink (path);
    }
  g_rmdir (fixture->dir);
  g_free (fixture->dir);
}

static double
number (Fixture *fixture, const char *tile)
{
  BvFrame *frame = bv_report_run_get_frame (fixture->run, tile);

  g_assert_no_error (bv_report_run_get_error (fixture->run, tile));
  g_assert_nonnull (frame);
  g_assert_cmpuint (bv_frame_get_n_rows (frame), ==, 1);
  return bv_frame_get_double (frame, bv_frame_get_n_columns (frame) - 1, 0);
}

static gboolean
was_changed (Fixture *fixture, const char *tile)
{
  return g_ptr_array_find_with_equal_func (fixture->changed, tile, g_str_equal, NULL);
}

static void
set (Fixture *fixture, const char *filter, const char *text)
{
  g_autoptr(GError) error = NULL;

  g_assert_true (bv_report_run_set_text (fixture->run, filter, text, &error));
  g_assert_no_error (error);
}

static void
test_values (Fixture *fixture, gconstpointer data)
{
  BvFrame *deals_frame;

  /* The default: 23 to 30 June. The table of deals is taken out and shows all. */
  g_assert_true (bv_report_run_is_default (fixture->run));
  g_assert_cmpfloat_with_epsilon (number (fixture, "revenue"), 82, 1e-9);
  g_assert_cmpfloat_with_epsilon (number (fixture, "events"), 4, 1e-9);
  deals_frame = bv_report_run_get_frame (fixture->run, "deals");
  g_assert_cmpuint (bv_frame_get_n_rows (deals_frame), ==, 4);
  g_assert_nonnull (bv_report_run_get_error (fixture->run, "broken"));
  g_assert_null (bv_report_run_get_frame (fixture->run, "broken"));
  g_assert_null (bv_report_run_get_frame (fixture->run, "words"));

  /* One customer reaches three tiles. */
  g_ptr_array_set_size (fixture->changed, 0);
  set (fixture, "Customer", "ada@example.com");
  g_assert_cmpuint (fixture->n_state, ==, 1);
  g_assert_true (bv_report_run_is_busy (fixture->run, "revenue"));
  settle (fixture);
  g_assert_cmpfloat_with_epsilon (number (fixture, "revenue"), 50, 1e-9);
  g_assert_cmpfloat_with_epsilon (number (fixture, "events"), 2, 1e-9);
  g_assert_cmpuint (bv_frame_get_n_rows (bv_report_run_get_frame (fixture->run, "deals")), ==, 1);
  g_assert_false (was_changed (fixture, "words"));

  /* Another range: the table, which it does not reach, is not queried. */
  deals_frame = bv_report_run_get_frame (fixture->run, "deals");
  g_ptr_array_set_size (fixture->changed, 0);
  set (fixture, "Date", "2026-06-01..2026-06-10");
  settle (fixture);
  g_assert_cmpfloat_with_epsilon (number (fixture, "revenue"), 100, 1e-9);
  g_assert_cmpfloat_with_epsilon (number (fixture, "events"), 1, 1e-9);
  g_assert_true (bv_report_run_get_frame (fixture->run, "deals") == deals_frame);
  g_assert_false (was_changed (fixture, "deals"));

  /* No filter: the saved range of the chart counts again. */
  bv_report_run_set_values (fixture->run, "date", NULL, 0);
  set (fixture, "Customer", "");
  settle (fixture);
  g_assert_cmpfloat_with_epsilon (number (fixture, "revenue"), 182, 1e-9);
  g_assert_cmpfloat_with_epsilon (number (fixture, "events"), 5, 1e-9);

  bv_report_run_reset (fixture->run);
  settle (fixture);
  g_assert_true (bv_report_run_is_default (fixture->run));
  g_assert_cmpfloat_with_epsilon (number (fixture, "revenue"), 82, 1e-9);
}

static void
test_controls (Fixture *fixture, gconstpointer data)
{
  BvValue null = BV_VALUE_NULL;

  set (fixture, "Amount", "20..100");
  settle (fixture);
  g_assert_cmpuint (bv_frame_get_n_rows (bv_report_run_get_frame (fixture->run, "deals")), ==, 2); /* Ada twice, Cy */
  g_assert_cmpfloat_with_epsilon (number (fixture, "revenue"), 82, 1e-9); /* taken out */
  set (fixture, "Amount", "..7");
  settle (fixture);
  g_assert_cmpuint (bv_frame_get_n_rows (bv_report_run_get_frame (fixture->run, "deals")), ==, 2); /* Bob, nobody */
  set (fixture, "Amount", "");

  set (fixture, "Won", "no");
  settle (fixture);
  g_assert_cmpuint (bv_frame_get_n_rows (bv_report_run_get_frame (fixture->run, "deals")), ==, 1);
  set (fixture, "Won", "");

  set (fixture, "Person", "ADA");
  settle (fixture);
  g_assert_cmpuint (bv_frame_get_n_rows (bv_report_run_get_frame (fixture->run, "deals")), ==, 1);
  set (fixture, "Person", "");

  /* The rows without an address. */
  bv_report_run_set_values (fixture->run, "customer", &null, 1);
  settle (fixture);
  g_assert_cmpfloat_with_epsilon (number (fixture, "revenue"), 5, 1e-9);
  g_assert_cmpfloat_with_epsilon (number (fixture, "events"), 1, 1e-9);
}

static const struct { const char *filter, *text, *words; int code; } texts[] = {
  { "Customer", "ada@example.com", "Customer: ada@example.com", -1 },
  { "Customer", " ada@example.com , bob@example.com", "Customer: 2 values", -1 },
  { "Customer", "\"Smith, John\"", "Customer: Smith, John", -1 },
  { "Customer", "\"say \"\"hi\"\", you\"", "Customer: say \"hi\", you", -1 },
  { "Customer", "", "Customer: No filter", -1 },
  { "Date", "last-28-days", "Date: Last 28 days", -1 },
  { "Date", "Last 28 days", "Date: Last 28 days", -1 },
  { "Date", "sometime", NULL, BV_ERROR_INVALID },
  { "Date", "2026-06-31..", NULL, BV_ERROR_INVALID },
  { "Amount", "10..20", "Amount: 10 – 20", -1 },
  { "Amount", "10..", "Amount: 10 or more", -1 },
  { "Amount", "..20", "Amount: 20 or less", -1 },
  { "Amount", "much", NULL, BV_ERROR_INVALID },
  { "Won", "yes", "Won: Yes", -1 },
  { "Won", "false", "Won: No", -1 },
  { "Won", "perhaps", NULL, BV_ERROR_INVALID },
  { "Won", "yes, no", NULL, BV_ERROR_INVALID },
  { "Person", "a, b", "Person: contains “a, b”", -1 },
  { "Nobody", "x", NULL, BV_ERROR_NOT_FOUND },
};

static void
test_texts (Fixture *fixture, gconstpointer data)
{
  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      g_autoptr(GError) error = NULL;
      gboolean ok = bv_report_run_set_text (fixture->run, texts[i].filter, texts[i].text, &error);
      g_autofree char *words = NULL;

      g_test_message ("%s=%s", texts[i].filter, texts[i].text);
      if (texts[i].words == NULL)
        {
          g_assert_false (ok);
          g_assert_error (error, BV_ERROR, texts[i].code);
          continue;
        }
      g_assert_no_error (error);
      words = bv_report_run_describe (fixture->run, bv_report_find_filter (bv_report_run_get_report (fixture->run), texts[i].filter));
      g_assert_cmpstr (words, ==, texts[i].words);
    }
}

/* Of many quick changes only the last one shows, and nothing in between is taken for it. */
static void
test_newer_cancels_older (Fixture *fixture, gconstpointer data)
{
  static const char *const people[] = { "bob@example.com", "cy@example.com", "ada@example.com" };

  for (guint i = 0; i < 60; i++)
    {
      set (fixture, "Customer", people[i % 3]);
      if (i % 7 == 0)
        g_main_context_iteration (NULL, FALSE);
    }
  settle (fixture);
  g_assert_cmpfloat_with_epsilon (number (fixture, "revenue"), 50, 1e-9);
  g_assert_cmpfloat_with_epsilon (number (fixture, "events"), 2, 1e-9);

  /* Letting go of a run in the middle of its work. */
  set (fixture, "Customer", "bob@example.com");
}

static void
test_wait_cancelled (Fixture *fixture, gconstpointer data)
{
  g_autoptr(GCancellable) cancellable = g_cancellable_new ();
  g_autoptr(GError) error = NULL;

  set (fixture, "Customer", "bob@example.com");
  g_cancellable_cancel (cancellable);
  g_assert_false (bv_report_run_wait (fixture->run, cancellable, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  /* Who waited was not the only one: the answer comes all the same. */
  g_assert_true (bv_report_run_is_busy (fixture->run, "revenue"));
  settle (fixture);
  g_assert_cmpfloat_with_epsilon (number (fixture, "revenue"), 7, 1e-9);
}

static void
test_edits (Fixture *fixture, gconstpointer data)
{
  g_autoptr(BvReport) report = bv_report_copy (bv_report_run_get_report (fixture->run));
  g_autoptr(BvExploration) exploration = NULL;
  g_autoptr(GError) error = NULL;
  BvFrame *before = bv_report_run_get_frame (fixture->run, "events");
  BvTile *tile;

  /* Moving a tile queries nothing. */
  g_ptr_array_set_size (fixture->changed, 0);
  tile = bv_report_find_tile (report, "revenue");
  tile->x = 3;
  g_assert_true (bv_workspace_put_report (fixture->workspace, "Move tile", report, &error));
  settle (fixture);
  g_assert_cmpuint (fixture->n_report, ==, 1);
  g_assert_cmpuint (fixture->changed->len, <=, 2); /* the broken one is tried again */
  g_assert_true (bv_report_run_get_frame (fixture->run, "events") == before);

  /* A new default is followed by a filter that stood at the old one. */
  bv_value_clear (&g_array_index (bv_report_find_filter (report, "date")->defaults, BvValue, 0));
  g_array_index (bv_report_find_filter (report, "date")->defaults, BvValue, 0) = bv_value_text ("all-time");
  g_assert_true (bv_workspace_put_report (fixture->workspace, "Change default", report, &error));
  settle (fixture);
  g_assert_cmpfloat_with_epsilon (number (fixture, "revenue"), 182, 1e-9);

  /* A metric's definition changes: its tiles are queried, others not. */
  before = bv_report_run_get_frame (fixture->run, "events");
  exploration = bv_exploration_copy (bv_model_find_exploration (bv_workspace_get_model (fixture->workspace), "Deals"));
  g_clear_pointer (&bv_exploration_find_metric (exploration, "Revenue")->where, bv_condition_free);
  g_assert_true (bv_workspace_put_exploration (fixture->workspace, "Change metric", exploration, &error));
  settle (fixture);
  g_assert_cmpfloat_with_epsilon (number (fixture, "revenue"), 1182, 1e-9);
  g_assert_true (bv_report_run_get_frame (fixture->run, "events") == before);
  g_assert_true (bv_workspace_undo (fixture->workspace, &error));
  settle (fixture);
  g_assert_cmpfloat_with_epsilon (number (fixture, "revenue"), 182, 1e-9);

  /* Deleted and brought back. */
  g_assert_true (bv_workspace_delete (fixture->workspace, "Delete report", report->uuid, &error));
  g_assert_null (bv_report_run_get_report (fixture->run));
  g_assert_null (bv_report_run_get_frame (fixture->run, "events"));
  g_assert_cmpuint (bv_report_run_get_values (fixture->run, "date")->len, ==, 0);
  g_assert_false (bv_report_export (fixture->run, "x.pdf", BV_EXPORT_PDF, NULL, NULL, &error));
  g_assert_error (error, BV_ERROR, BV_ERROR_NOT_FOUND);
  g_clear_error (&error);
  g_assert_true (bv_workspace_undo (fixture->workspace, &error));
  settle (fixture);
  g_assert_cmpfloat_with_epsilon (number (fixture, "revenue"), 182, 1e-9);
}

static void
test_fresh_rows (Fixture *fixture, gconstpointer data)
{
  g_autoptr(GError) error = NULL;
  gint64 loaded = bv_report_run_get_freshness (fixture->run, "revenue");
  BvFrame *before = bv_report_run_get_frame (fixture->run, "events");
  static const BvTableColumn columns[] = { { (char *) "id", BV_TYPE_INT }, { (char *) "amount", BV_TYPE_DOUBLE }, { (char *) "won", BV_TYPE_BOOL },
                                           { (char *) "close_date", BV_TYPE_DATE } };
  static const char *const key[] = { "id", NULL };
  BvValue row[] = { bv_value_int (50), bv_value_double (1), bv_value_bool (TRUE), bv_value_date (bv_days_from_civil (2026, 6, 30)) };
  BvTableWriter *writer;

  g_assert_cmpint (loaded, >, 0);
  g_assert_cmpint (bv_report_run_get_loaded_at (fixture->run), >, 0);
  writer = bv_table_writer_new (fixture->project, &error);
  g_assert_true (bv_table_writer_begin_table (writer, "deals", "Files", NULL, columns, G_N_ELEMENTS (columns), key, &error));
  g_assert_true (bv_table_writer_append (writer, row, &error));
  g_assert_true (bv_table_writer_end_table (writer, NULL, NULL, &error));
  g_assert_true (bv_table_writer_commit (writer, "More", NULL, &error));
  g_assert_true (bv_workspace_reload (fixture->workspace, &error));
  g_assert_no_error (error);
  settle (fixture);
  g_assert_cmpfloat_with_epsilon (number (fixture, "revenue"), 83, 1e-9);
  g_assert_true (bv_report_run_get_frame (fixture->run, "events") == before);
}

static void
values_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  GError *error = NULL;
  BvFrame **frame = user_data;

  *frame = bv_report_run_values_finish (BV_REPORT_RUN (source), result, &error);
  g_assert_no_error (error);
}

static guint
count_values (Fixture *fixture, const char *filter, const char *search)
{
  BvFrame *frame = NULL;
  guint n;

  bv_report_run_values_async (fixture->run, bv_report_find_filter (bv_report_run_get_report (fixture->run), filter), search, NULL, values_cb,
                              &frame);
  while (frame == NULL)
    g_main_context_iteration (NULL, TRUE);
  n = bv_frame_get_n_rows (frame);
  bv_frame_unref (frame);
  return n;
}

static void
test_value_lists (Fixture *fixture, gconstpointer data)
{
  g_autofree char *words = NULL;

  g_assert_cmpuint (count_values (fixture, "Customer", NULL), ==, 4); /* and (empty) */
  g_assert_cmpuint (count_values (fixture, "Customer", "AD"), ==, 1);
  /* Narrowed by the customer through the tile mapping, and by the date. */
  g_assert_cmpuint (count_values (fixture, "Narrowed", NULL), ==, 3);
  set (fixture, "Customer", "ada@example.com");
  g_assert_cmpuint (count_values (fixture, "Narrowed", NULL), ==, 1);
  set (fixture, "Customer", "");
  set (fixture, "Date", "2026-06-01..2026-06-02");
  g_assert_cmpuint (count_values (fixture, "Narrowed", NULL), ==, 1);
  /* Once its list was shown, a value goes by its label. */
  set (fixture, "Sum", "20");
  g_assert_cmpuint (count_values (fixture, "Sum", NULL), ==, 6);
  words = bv_report_run_describe (fixture->run, bv_report_find_filter (bv_report_run_get_report (fixture->run), "Sum"));
  g_assert_cmpstr (words, ==, "Sum: cy@example.com");
  settle (fixture);
}

/* The range in a title is the one that the tile is queried with. */
static void
test_titles (Fixture *fixture, gconstpointer data)
{
  BvReport *report = bv_report_run_get_report (fixture->run);
  g_autofree char *preset = bv_report_run_title (fixture->run, bv_report_find_tile (report, "revenue"));
  g_autofree char *unreached = bv_report_run_title (fixture->run, bv_report_find_tile (report, "deals"));
  g_autofree char *all = NULL;

  g_assert_cmpstr (preset, ==, "Revenue, last 7 days");
  g_assert_cmpstr (unreached, ==, "Deals by Email");
  set (fixture, "Date", "");
  all = bv_report_run_title (fixture->run, bv_report_find_tile (report, "revenue"));
  g_assert_cmpstr (all, ==, "Revenue, all time");
  settle (fixture);
}

/* Two filters on one tile's time: what both of them hold, and no row where they are apart. */
static void
test_two_ranges (Fixture *fixture, gconstpointer data)
{
  BvReport *report = bv_report_run_get_report (fixture->run);
  g_autofree char *within = NULL, *across = NULL, *apart = NULL;
  BvOverlay overlay;

  set (fixture, "Month", "2026-06-01..2026-06-25");
  settle (fixture);
  g_assert_cmpfloat_with_epsilon (number (fixture, "revenue"), 50, 1e-9);
  g_assert_cmpfloat_with_epsilon (number (fixture, "events"), 2, 1e-9);
  across = bv_report_run_title (fixture->run, bv_report_find_tile (report, "revenue"));
  g_assert_cmpstr (across, ==, "Revenue, Jun 23, 2026 – Jun 25, 2026");

  /* The order of the filters says nothing. */
  set (fixture, "Month", "last-7-days");
  set (fixture, "Date", "2026-06-01..2026-06-25");
  settle (fixture);
  g_assert_cmpfloat_with_epsilon (number (fixture, "revenue"), 50, 1e-9);

  set (fixture, "Date", "this-month");
  settle (fixture);
  g_assert_cmpfloat_with_epsilon (number (fixture, "revenue"), 82, 1e-9);
  within = bv_report_run_title (fixture->run, bv_report_find_tile (report, "revenue"));
  g_assert_cmpstr (within, ==, "Revenue, last 7 days");

  set (fixture, "Date", "2026-06-01..2026-06-10");
  settle (fixture);
  g_assert_cmpfloat_with_epsilon (number (fixture, "events"), 0, 1e-9);
  g_assert_true (bv_frame_is_null (bv_report_run_get_frame (fixture->run, "revenue"), 0, 0));
  apart = bv_report_run_title (fixture->run, bv_report_find_tile (report, "revenue"));
  g_assert_cmpstr (apart, ==, "Revenue, no time in common");
  bv_report_run_overlay (fixture->run, bv_report_find_tile (report, "deals"), &overlay);
  g_assert_null (overlay.range);
  bv_overlay_clear (&overlay);
}

/* Printing goes on for a while: what it paints is what it measured, whatever the report shows meanwhile. */
static void
test_pager_keeps_frames (Fixture *fixture, gconstpointer data)
{
  g_autoptr(BvPager) pager = bv_pager_new (fixture->run, NULL);
  g_auto(GStrv) parts = g_strsplit (definitions, "Paris", -1);
  g_autofree char *other = NULL;
  g_autoptr(GError) error = NULL;
  cairo_surface_t *surface = cairo_image_surface_create (CAIRO_FORMAT_RGB24, 900, 700);
  cairo_t *cr = cairo_create (surface);

  set (fixture, "Date", "2026-06-01..2026-06-02");
  set (fixture, "Customer", "ada@example.com");
  settle (fixture);
  /* Other definitions: answers of before are not kept any longer. */
  other = g_strjoinv ("Berlin", parts);
  g_assert_true (bv_definitions_apply (fixture->project, other, "Other", NULL, &error));
  g_assert_true (bv_workspace_reload (fixture->workspace, &error));
  g_assert_no_error (error);
  settle (fixture);
  for (guint page = 0; page < bv_pager_get_n_pages (pager); page++)
    bv_pager_paint (pager, page, cr);
  g_assert_cmpint (cairo_status (cr), ==, CAIRO_STATUS_SUCCESS);
  cairo_destroy (cr);
  cairo_surface_destroy (surface);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add ("/run/titles", Fixture, NULL, set_up, test_titles, tear_down);
  g_test_add ("/run/pager-keeps-frames", Fixture, NULL, set_up, test_pager_keeps_frames, tear_down);
  g_test_add ("/run/two-ranges", Fixture, NULL, set_up, test_two_ranges, tear_down);
  g_test_add ("/run/values", Fixture, NULL, set_up, test_values, tear_down);
  g_test_add ("/run/controls", Fixture, NULL, set_up, test_controls, tear_down);
  g_test_add ("/run/texts", Fixture, NULL, set_up, test_texts, tear_down);
  g_test_add ("/run/newer-cancels-older", Fixture, NULL, set_up, test_newer_cancels_older, tear_down);
  g_test_add ("/run/wait-cancelled", Fixture, NULL, set_up, test_wait_cancelled, tear_down);
  g_test_add ("/run/edits", Fixture, NULL, set_up, test_edits, tear_down);
  g_test_add ("/run/fresh-rows", Fixture, NULL, set_up, test_fresh_rows, tear_down);
  g_test_add ("/run/value-lists", Fixture, NULL, set_up, test_value_lists, tear_down);
  return g_test_run ();
}
