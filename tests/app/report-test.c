/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "report-test.h"

#include "bv-definitions.h"
#include "bv-sample.h"

BvWindow *
report_test_open (const char *name)
{
  g_autofree char *path = ui_test_path (name);
  g_autofree char *definitions = bv_sample_definitions ();
  BvSampleOptions options = { .as_of = REPORT_TEST_AS_OF, .customers = 60 };
  g_autoptr(GError) error = NULL;
  BvProject *project = bv_project_create (path, &error);
  BvWorkspace *workspace;
  BvWindow *window;

  g_assert_no_error (error);
  bv_sample_fill (project, &options, NULL, &error);
  g_assert_no_error (error);
  bv_definitions_apply (project, definitions, "Sample", NULL, &error);
  g_assert_no_error (error);
  bv_project_unref (project);

  window = ui_test_open (path);
  workspace = bv_window_get_workspace (window);
  g_assert_nonnull (workspace);
  bv_workspace_set_now (workspace, bv_query_now_for_day (bv_workspace_get_model (workspace), REPORT_TEST_AS_OF));
  g_assert_true (bv_window_show_object (window, "report", "Customer report"));
  ui_test_settle (GTK_WIDGET (window));
  return window;
}

BvReport *
report_test_report (BvWindow *window)
{
  return bv_model_find_report (bv_workspace_get_model (bv_window_get_workspace (window)), bv_page_get_object_id (bv_window_get_page (window)));
}

BvReportRun *
report_test_run (BvWindow *window)
{
  BvReportRun *run = bv_report_run_new (bv_window_get_workspace (window), report_test_report (window)->uuid);

  g_assert_true (bv_report_run_wait (run, NULL, NULL));
  return run;
}

BvReportCanvas *
report_test_canvas (BvWindow *window)
{
  GtkWidget *canvas = ui_test_find_type (GTK_WIDGET (bv_window_get_page (window)), BV_TYPE_REPORT_CANVAS);

  g_assert_nonnull (canvas);
  return BV_REPORT_CANVAS (canvas);
}

BvTileWidget *
report_test_tile (BvWindow   *window,
                  const char *id)
{
  return bv_report_canvas_get_tile (report_test_canvas (window), id);
}

BvFilterChip *
report_test_chip (BvWindow   *window,
                  const char *id)
{
  GtkWidget *bar = ui_test_find_type (GTK_WIDGET (bv_window_get_page (window)), BV_TYPE_FILTER_BAR);

  g_assert_nonnull (bar);
  return bv_filter_bar_get_chip (BV_FILTER_BAR (bar), id);
}

BvReportRun *
report_test_shown (BvWindow *window)
{
  return bv_report_page_get_run (BV_REPORT_PAGE (bv_window_get_page (window)));
}
