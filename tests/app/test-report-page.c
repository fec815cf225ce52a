/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The report page with the sample: its numbers, its filters, clicking, and moving tiles. */
#include "config.h"
#include "report-test.h"

#include "bv-chart-view.h"
#include "bv-definitions.h"
#include "bv-report-edit.h"
#include "bv-util.h"

#include <fcntl.h>
#include <glib/gstdio.h>
#include <sys/stat.h>
#include <unistd.h>

static void
command (BvWindow   *window,
         const char *tile,
         const char *name)
{
  g_assert_true (gtk_widget_activate_action (GTK_WIDGET (report_test_tile (window, tile)), "tile.command", "s", name));
  ui_test_settle (GTK_WIDGET (window));
}

static void
assert_place (BvWindow   *window,
              const char *id,
              int         x,
              int         y,
              int         w,
              int         h)
{
  BvTile *tile = bv_report_find_tile (report_test_report (window), id);
  BvCell cell = bv_canvas_get_cell (bv_report_canvas_get_canvas (report_test_canvas (window)), GTK_WIDGET (report_test_tile (window, id)));

  g_assert_nonnull (tile);
  g_assert_cmpint (tile->x, ==, x);
  g_assert_cmpint (tile->y, ==, y);
  g_assert_cmpint (tile->w, ==, w);
  g_assert_cmpint (tile->h, ==, h);
  g_assert_true (bv_cell_equal (&cell, &(BvCell){ x, y, w, h }));
}

/* What a tile shows is what the query gives. */
static void
assert_numbers (BvWindow *window)
{
  BvWorkspace *workspace = bv_window_get_workspace (window);
  BvReportRun *run = report_test_shown (window);
  BvQueryContext context = { bv_workspace_get_project (workspace), bv_workspace_get_model (workspace), bv_workspace_get_now (workspace),
                             BV_EXECUTOR_AUTO };
  BvReport *report = report_test_report (window);
  guint n = 0;

  for (guint i = 0; i < report->tiles->len; i++)
    {
      BvTile *tile = g_ptr_array_index (report->tiles, i);
      g_autoptr(GError) error = NULL;
      g_autoptr(BvFrame) frame = NULL;
      g_autofree char *expected = NULL, *shown = NULL;
      BvOverlay overlay;

      if (tile->kind != BV_TILE_CHART)
        continue;
      bv_report_run_overlay (run, tile, &overlay);
      frame = bv_query_run (&context, tile->chart, &overlay, NULL, &error);
      bv_overlay_clear (&overlay);
      g_assert_no_error (error);
      expected = bv_frame_to_csv (frame, context.model->calendar);
      g_assert_nonnull (bv_report_run_get_frame (run, tile->id));
      shown = bv_frame_to_csv (bv_report_run_get_frame (run, tile->id), context.model->calendar);
      g_assert_cmpstr (shown, ==, expected);
      n++;
    }
  g_assert_cmpuint (n, ==, 5);
}

static void
test_numbers (void)
{
  BvWindow *window = report_test_open ("numbers.belvedere");

  assert_numbers (window);
  g_assert_nonnull (ui_test_find_text (GTK_WIDGET (window), "Cumulative revenue"));
  g_assert_nonnull (ui_test_find_text (GTK_WIDGET (window), "Europe/Paris"));
  ui_test_picture (GTK_WIDGET (window), "report.png");
  g_assert_true (bv_report_run_set_text (report_test_shown (window), "Date", "last-90-days", NULL));
  ui_test_settle (GTK_WIDGET (window));
  assert_numbers (window);
  ui_test_close (window);
}

static void
test_chips (void)
{
  BvWindow *window = report_test_open ("chips.belvedere");
  BvReportRun *run = report_test_shown (window);
  BvFilterChip *customer = report_test_chip (window, "customer"), *date = report_test_chip (window, "date");
  guint paints = bv_tile_widget_get_n_paints (report_test_tile (window, "industry"));
  BvValue value = bv_value_text ("nobody@example.com");

  g_assert_cmpstr (bv_filter_chip_get_text (customer), ==, "Customer: No filter");
  g_assert_cmpstr (bv_filter_chip_get_reach (customer), ==, "5 of 5 tiles");
  g_assert_cmpstr (bv_filter_chip_get_text (date), ==, "Date: Last 28 days");
  g_assert_null (ui_test_find_text (GTK_WIDGET (bv_window_get_page (window)), "Reset"));

  bv_report_run_set_values (run, "customer", &value, 1);
  g_assert_cmpstr (bv_filter_chip_get_text (customer), ==, "Customer: nobody@example.com");
  ui_test_settle (GTK_WIDGET (window));
  g_assert_cmpuint (bv_tile_widget_get_n_paints (report_test_tile (window, "industry")), ==, paints + 1);
  assert_numbers (window);
  g_assert_nonnull (ui_test_find_text (GTK_WIDGET (bv_window_get_page (window)), "Reset"));
  bv_report_run_reset (run);
  g_assert_cmpstr (bv_filter_chip_get_text (customer), ==, "Customer: No filter");
  bv_value_clear (&value);
  ui_test_close (window);
}

/* A tile that a filter does not reach is neither queried nor painted again. */
static void
test_reach (void)
{
  BvWindow *window = report_test_open ("reach.belvedere");
  BvReportRun *run = report_test_shown (window);
  g_autoptr(BvReport) report = bv_report_copy (report_test_report (window));
  BvFilter *filter = bv_report_find_filter (report, "customer");
  g_autoptr(GError) error = NULL;
  BvValue value = bv_value_text ("nobody@example.com");
  guint paints;

  g_hash_table_insert (filter->tiles, g_strdup ("logins"), g_strdup (""));
  g_hash_table_insert (filter->tiles, g_strdup ("conversations"), g_strdup ("No such dimension"));
  g_assert_true (bv_workspace_put_report (bv_window_get_workspace (window), "Test", report, &error));
  ui_test_settle (GTK_WIDGET (window));
  g_assert_cmpstr (bv_filter_chip_get_reach (report_test_chip (window, "customer")), ==, "3 of 5 tiles");
  g_assert_true (gtk_widget_has_css_class (GTK_WIDGET (report_test_chip (window, "customer")), "warning"));
  /* A dimension that goes away elsewhere is seen here. */
  {
    g_autoptr(BvExploration) exploration = bv_exploration_copy (bv_model_find_exploration (bv_workspace_get_model (bv_window_get_workspace (window)), "HubSpot deals"));

    for (guint i = exploration->dimensions->len; i > 0; i--)
      if (g_strcmp0 (((BvDimension *) g_ptr_array_index (exploration->dimensions, i - 1))->name, "Email") == 0)
        g_ptr_array_remove_index (exploration->dimensions, i - 1);
    g_assert_true (bv_workspace_put_exploration (bv_window_get_workspace (window), "Test", exploration, &error));
    ui_test_settle (GTK_WIDGET (window));
    g_assert_cmpstr (bv_filter_chip_get_reach (report_test_chip (window, "customer")), ==, "0 of 5 tiles");
    g_assert_nonnull (ui_test_find_text (GTK_WIDGET (report_test_tile (window, "breakdown")), "Email"));
    ui_test_picture (GTK_WIDGET (window), "report-broken.png");
    g_assert_true (bv_workspace_undo (bv_window_get_workspace (window), &error));
    ui_test_settle (GTK_WIDGET (window));
  }
  paints = bv_tile_widget_get_n_paints (report_test_tile (window, "logins"));
  bv_report_run_set_values (run, "customer", &value, 1);
  g_assert_false (bv_report_run_is_busy (run, "logins"));
  ui_test_settle (GTK_WIDGET (window));
  g_assert_cmpuint (bv_tile_widget_get_n_paints (report_test_tile (window, "logins")), ==, paints);
  bv_value_clear (&value);
  ui_test_close (window);
}

/* --- Clicking ---------------------------------------------------------------------------------------------------------- */

static void
click (BvWindow   *window,
       const char *tile,
       guint       row,
       guint       modifiers)
{
  GtkWidget *view = ui_test_find_type (GTK_WIDGET (report_test_tile (window, tile)), BV_TYPE_CHART_VIEW);
  BvFrame *frame = bv_report_run_get_frame (report_test_shown (window), tile);

  g_assert_nonnull (view);
  g_signal_emit_by_name (view, "mark-activated", row, (int) bv_frame_get_n_columns (frame) - 1, modifiers);
  ui_test_settle (GTK_WIDGET (window));
}

/* A month of a chart is no day: a filter that lists days is left alone, and the rows are shown as for any other mark. */
static void
test_click_bucket (void)
{
  BvWindow *window = report_test_open ("click-bucket.belvedere");
  BvReportRun *run = report_test_shown (window);
  g_autoptr(BvReport) report = bv_report_copy (report_test_report (window));
  BvFilter *filter = bv_filter_new ("Closed", "HubSpot deals/Close date");
  BvChart *chart = bv_report_find_tile (report, "breakdown")->chart;
  BvGroup month = { g_strdup ("Close date"), BV_GRAIN_MONTH };
  GtkWidget *dialog;

  g_free (filter->id);
  filter->id = g_strdup ("closed");
  g_free (filter->control);
  filter->control = g_strdup ("multi");
  g_hash_table_insert (filter->tiles, g_strdup ("breakdown"), g_strdup ("Close date"));
  g_ptr_array_add (report->filters, filter);
  g_array_set_size (chart->by, 0);
  g_array_append_val (chart->by, month);
  g_array_set_size (chart->sort, 0);
  g_assert_true (bv_workspace_put_report (bv_window_get_workspace (window), "Test", report, NULL));
  ui_test_settle (GTK_WIDGET (window));
  click (window, "breakdown", 0, 0);
  g_assert_cmpuint (bv_report_run_get_values (run, "closed")->len, ==, 0);
  dialog = ui_test_dialog (window);
  g_assert_nonnull (dialog);
  gtk_window_destroy (GTK_WINDOW (dialog));
  ui_test_close (window);
}

static void
test_click (void)
{
  BvWindow *window = report_test_open ("click.belvedere");
  BvReportRun *run = report_test_shown (window);
  BvFilterChip *customer = report_test_chip (window, "customer");
  g_autofree char *first = g_strdup (bv_frame_get_text (bv_report_run_get_frame (run, "breakdown"), 0, 0));
  g_autofree char *expected = g_strdup_printf ("Customer: %s", first);
  BvFrame *frame = bv_report_run_get_frame (run, "breakdown");
  g_autofree char *second = NULL;

  for (guint i = 1; i < bv_frame_get_n_rows (frame) && second == NULL; i++)
    if (g_strcmp0 (bv_frame_get_text (frame, 0, i), first) != 0)
      second = g_strdup (bv_frame_get_text (frame, 0, i));
  g_assert_nonnull (first);
  g_assert_nonnull (second);

  /* The chip says what it says when the value is set in the bar. */
  click (window, "breakdown", 0, 0);
  g_assert_cmpstr (bv_filter_chip_get_text (customer), ==, expected);
  g_assert_cmpuint (bv_report_run_get_values (run, "customer")->len, ==, 1);
  assert_numbers (window);
  g_assert_true (gtk_widget_activate_action (GTK_WIDGET (bv_window_get_page (window)), "page.clear-clicks", NULL));
  ui_test_settle (GTK_WIDGET (window));
  g_assert_cmpstr (bv_filter_chip_get_text (customer), ==, "Customer: No filter");

  /* Shift adds; clicking the only value again takes the filter away. */
  {
    BvValue value = bv_value_text (second);

    bv_report_run_set_values (run, "customer", &value, 1);
    bv_value_clear (&value);
  }
  ui_test_settle (GTK_WIDGET (window));
  click (window, "breakdown", 0, 0);
  g_assert_cmpstr (bv_filter_chip_get_text (customer), ==, "Customer: No filter");
  ui_test_close (window);
}

static void
test_shift_click (void)
{
  BvWindow *window = report_test_open ("shift.belvedere");
  BvReportRun *run = report_test_shown (window);

  click (window, "breakdown", 0, GDK_SHIFT_MASK);
  g_assert_cmpuint (bv_report_run_get_values (run, "customer")->len, ==, 1);
  /* Adding what is there takes it out again. */
  click (window, "breakdown", 0, GDK_SHIFT_MASK);
  g_assert_cmpuint (bv_report_run_get_values (run, "customer")->len, ==, 0);

  /* A filter set in the bar is added to, and Escape goes back to what the bar had. */
  g_assert_true (bv_report_run_set_text (run, "Date", "all-time", NULL));
  g_assert_true (bv_report_run_set_text (run, "Customer", "nobody@example.com", NULL));
  ui_test_settle (GTK_WIDGET (window));
  g_assert_cmpuint (bv_report_run_get_values (run, "customer")->len, ==, 1);
  g_assert_true (gtk_widget_activate_action (GTK_WIDGET (bv_window_get_page (window)), "page.clear-clicks", NULL));
  g_assert_cmpuint (bv_report_run_get_values (run, "customer")->len, ==, 1);
  ui_test_close (window);
}

/* Where no filter is on what the tile groups by, or with Ctrl, a click shows the rows. */
static void
test_drill (void)
{
  BvWindow *window = report_test_open ("drill.belvedere");
  BvReportRun *run = report_test_shown (window);

  for (guint i = 0; i < 2; i++)
    {
      GtkWidget *dialog;

      click (window, i == 0 ? "industry" : "breakdown", 0, i == 0 ? 0 : GDK_CONTROL_MASK);
      dialog = ui_test_dialog (window);
      g_assert_nonnull (dialog);
      g_assert_true (bv_report_run_is_default (run));
      gtk_window_destroy (GTK_WINDOW (dialog));
      ui_test_settle (GTK_WIDGET (window));
    }
  ui_test_close (window);
}

/* "Why this number" fills when its text is known; closed before that, it is forgotten. */
static void
test_explain (void)
{
  BvWindow *window = report_test_open ("why.belvedere");
  GtkWidget *tile = GTK_WIDGET (report_test_tile (window, "industry"));
  g_autofree char *text = NULL;

  for (guint i = 0; i < 2; i++)
    {
      GtkWidget *dialog;

      g_assert_true (gtk_widget_activate_action (tile, "tile.command", "s", "explain"));
      dialog = ui_test_dialog (window);
      g_assert_nonnull (dialog);
      g_assert_cmpint (gtk_text_buffer_get_char_count (gtk_text_view_get_buffer (GTK_TEXT_VIEW (ui_test_find_type (dialog, GTK_TYPE_TEXT_VIEW)))), ==, 0);
      if (i == 1)
        text = ui_test_wait_text (dialog);
      gtk_window_destroy (GTK_WINDOW (dialog));
      ui_test_settle (GTK_WIDGET (window));
    }
  g_assert_nonnull (strstr (text, "Metric “Won revenue”"));
  ui_test_close (window);
}

static gboolean
has_counted (gpointer dialog)
{
  return ui_test_find_text (dialog, "Counting") == NULL;
}

/* The dialog that is open shows as many rows as the last column, which is of the period before, says. */
static void
assert_before (BvWindow *window,
               BvFrame  *frame,
               guint     row)
{
  const guint column = bv_frame_get_n_columns (frame) - 1;
  gint64 n = bv_frame_get_int (frame, column, row);
  g_autofree char *text = bv_rows_text (n, bv_workspace_get_locale (bv_window_get_workspace (window)));
  GtkWidget *dialog = ui_test_dialog (window);

  g_assert_cmpint (n, !=, bv_frame_get_int (frame, column - 1, row));
  g_assert_nonnull (dialog);
  ui_test_wait (has_counted, dialog);
  g_assert_nonnull (ui_test_find_text (dialog, text));
  g_assert_nonnull (ui_test_find_text (dialog, "Period before: "));
  g_assert_cmpstr (gtk_window_get_title (GTK_WINDOW (dialog)), ==, "Deals (before)");
  ui_test_settle (dialog);
  ui_test_picture (dialog, "rows-before.png");
  gtk_window_destroy (GTK_WINDOW (dialog));
  ui_test_settle (GTK_WIDGET (window));
}

/* What is clicked of the period before shows the rows of that period, on a report and on the exploration's page. */
static void
test_drill_before (void)
{
  BvWindow *window = report_test_open ("before.belvedere");
  g_autoptr(BvReport) report = bv_report_copy (report_test_report (window));
  BvChart *chart = bv_report_find_tile (report, "breakdown")->chart;
  g_autoptr(BvFrame) frame = NULL;
  guint row = 0;

  g_strfreev (chart->metrics);
  chart->metrics = g_strsplit ("Deals", ",", 0);
  chart->grain = BV_GRAIN_WEEK;
  chart->compare = g_strdup ("previous-period");
  g_array_set_size (chart->by, 0);
  g_array_set_size (chart->sort, 0);
  g_assert_true (bv_workspace_put_report (bv_window_get_workspace (window), "Test", report, NULL));
  ui_test_settle (GTK_WIDGET (window));
  g_assert_true (bv_report_run_wait (report_test_shown (window), NULL, NULL));
  frame = bv_frame_ref (bv_report_run_get_frame (report_test_shown (window), "breakdown"));
  g_assert_cmpuint (bv_frame_get_n_columns (frame), ==, 3);
  while (bv_frame_get_int (frame, 1, row) == bv_frame_get_int (frame, 2, row))
    g_assert_cmpuint (++row, <, bv_frame_get_n_rows (frame));

  click (window, "breakdown", row, GDK_CONTROL_MASK);
  assert_before (window, frame, row);
  command (window, "breakdown", "explore");
  g_signal_emit_by_name (ui_test_find_type (GTK_WIDGET (bv_window_get_page (window)), BV_TYPE_CHART_VIEW), "mark-activated", row, 2, 0);
  assert_before (window, frame, row);
  ui_test_close (window);
}

static void
test_explore (void)
{
  BvWindow *window = report_test_open ("explore.belvedere");
  g_autofree char *before = bv_definitions_dump (bv_workspace_get_model (bv_window_get_workspace (window)));
  g_autofree char *after = NULL;

  command (window, "industry", "explore");
  g_assert_cmpstr (bv_page_get_title (bv_window_get_page (window)), ==, "HubSpot deals");
  ui_test_picture (GTK_WIDGET (window), "explored.png");
  after = bv_definitions_dump (bv_workspace_get_model (bv_window_get_workspace (window)));
  g_assert_cmpstr (after, ==, before);
  ui_test_close (window);
}

/* --- Editing ------------------------------------------------------------------------------------------------------------ */

static void
undo (BvWindow   *window,
      const char *expected)
{
  g_assert_cmpstr (bv_workspace_get_undo_name (bv_window_get_workspace (window)), ==, expected);
  g_assert_true (gtk_widget_activate_action (GTK_WIDGET (window), "win.undo", NULL));
  ui_test_settle (GTK_WIDGET (window));
}

static void
test_edit (void)
{
  BvWindow *window = report_test_open ("edit.belvedere");
  BvPage *page = bv_window_get_page (window);
  BvTileWidget *tile = report_test_tile (window, "conversations");
  guint paints = bv_tile_widget_get_n_paints (tile);

  g_assert_true (gtk_widget_activate_action (GTK_WIDGET (page), "page.edit", NULL));
  ui_test_settle (GTK_WIDGET (window));
  g_assert_true (gtk_widget_get_focusable (GTK_WIDGET (tile)));
  ui_test_picture (GTK_WIDGET (window), "edit.png");

  assert_place (window, "conversations", 0, 1, 4, 3);
  command (window, "conversations", "down");
  assert_place (window, "conversations", 0, 4, 4, 3);
  assert_place (window, "logins", 0, 1, 4, 3);
  /* Two presses in a row are one step. */
  command (window, "conversations", "up");
  assert_place (window, "conversations", 0, 1, 4, 3);
  command (window, "conversations", "down");
  undo (window, "Move tile");
  assert_place (window, "conversations", 0, 1, 4, 3);
  assert_place (window, "logins", 0, 4, 4, 3);

  command (window, "conversations", "taller");
  assert_place (window, "conversations", 0, 1, 4, 4);
  assert_place (window, "logins", 0, 5, 4, 3);
  undo (window, "Resize tile");
  assert_place (window, "conversations", 0, 1, 4, 3);

  command (window, "logins", "duplicate");
  g_assert_cmpuint (report_test_report (window)->tiles->len, ==, 7);
  g_assert_cmpstr (bv_filter_chip_get_reach (report_test_chip (window, "customer")), ==, "6 of 6 tiles");
  undo (window, "Duplicate tile");
  g_assert_cmpuint (report_test_report (window)->tiles->len, ==, 6);

  command (window, "conversations", "remove");
  g_assert_null (report_test_tile (window, "conversations"));
  assert_place (window, "logins", 0, 1, 4, 3);
  g_assert_cmpstr (bv_filter_chip_get_reach (report_test_chip (window, "customer")), ==, "4 of 4 tiles");
  undo (window, "Remove tile");
  assert_place (window, "conversations", 0, 1, 4, 3);
  assert_place (window, "logins", 0, 4, 4, 3);
  assert_numbers (window);

  /* Moving asks for no new numbers: the widgets that stayed have painted nothing anew. */
  g_assert_cmpuint (bv_tile_widget_get_n_paints (report_test_tile (window, "revenue")), ==, paints);
  ui_test_close (window);
}

/* With a real pointer, where there is a tool to move it. */
static void
test_drag (void)
{
  BvWindow *window = report_test_open ("drag.belvedere");
  g_autofree char *tool = g_find_program_in_path ("xdotool");
  static const struct { double from_x, from_y, by_x, by_y; } drags[] = { { 40, 20, 500, 0 }, { -8, -8, 90, 54 } };

  if (tool == NULL)
    {
      ui_test_close (window);
      g_test_skip ("xdotool is not installed");
      return;
    }
  gtk_widget_activate_action (GTK_WIDGET (bv_window_get_page (window)), "page.edit", NULL);
  ui_test_settle (GTK_WIDGET (window));
  for (guint i = 0; i < G_N_ELEMENTS (drags); i++)
    {
      graphene_rect_t bounds;
      int x, y;
      g_autofree char *line = NULL;
      g_auto(GStrv) argv = NULL;
      g_autoptr(GSubprocess) process = NULL;
      g_autoptr(GError) error = NULL;

      g_assert_true (gtk_widget_compute_bounds (GTK_WIDGET (report_test_tile (window, "conversations")), GTK_WIDGET (window), &bounds));
      x = (int) (bounds.origin.x + (drags[i].from_x < 0 ? bounds.size.width : 0) + drags[i].from_x);
      y = (int) (bounds.origin.y + (drags[i].from_y < 0 ? bounds.size.height : 0) + drags[i].from_y);
      line = g_strdup_printf ("xdotool mousemove %d %d mousedown 1 sleep 0.05 mousemove %d %d sleep 0.05 mousemove %d %d sleep 0.1 mouseup 1", x, y,
                              x + 10, y + 2, x + (int) drags[i].by_x, y + (int) drags[i].by_y);
      argv = g_strsplit (line, " ", -1);
      process = g_subprocess_newv ((const char *const *) argv, G_SUBPROCESS_FLAGS_NONE, &error);
      g_assert_no_error (error);
      while (g_subprocess_get_identifier (process) != NULL)
        g_main_context_iteration (NULL, FALSE);
      ui_test_settle (GTK_WIDGET (window));
      ui_test_picture (GTK_WIDGET (window), "dragged.png");
      if (i == 0)
        {
          BvTile *tile = bv_report_find_tile (report_test_report (window), "conversations");

          g_assert_cmpstr (bv_workspace_get_undo_name (bv_window_get_workspace (window)), ==, "Move tile");
          g_assert_cmpint (tile->x, >, 3);
          g_assert_cmpint (tile->w, ==, 4);
        }
    }
  undo (window, "Resize tile");
  undo (window, "Move tile");
  assert_place (window, "conversations", 0, 1, 4, 3);
  ui_test_close (window);
}

static void
test_present (void)
{
  BvWindow *window = report_test_open ("present.belvedere");
  BvPage *page = bv_window_get_page (window);

  g_assert_true (gtk_widget_activate_action (GTK_WIDGET (page), "page.present", NULL));
  ui_test_settle (GTK_WIDGET (window));
  g_assert_false (gtk_widget_get_visible (GTK_WIDGET (bv_page_get_header (page))));
  g_assert_nonnull (ui_test_find_text (GTK_WIDGET (page), "Europe/Paris"));
  ui_test_picture (GTK_WIDGET (window), "presenting.png");
  /* Leaving the page leaves the full screen. */
  bv_window_show_object (window, "home", NULL);
  ui_test_settle (GTK_WIDGET (window));
  g_assert_true (gtk_widget_get_visible (GTK_WIDGET (bv_page_get_header (page))));
  ui_test_close (window);
}

static void
test_filter_order (void)
{
  BvWindow *window = report_test_open ("order.belvedere");

  gtk_widget_activate_action (GTK_WIDGET (bv_window_get_page (window)), "page.edit", NULL);
  g_signal_emit_by_name (report_test_chip (window, "customer"), "move", 1);
  ui_test_settle (GTK_WIDGET (window));
  g_assert_cmpstr (((BvFilter *) g_ptr_array_index (report_test_report (window)->filters, 0))->id, ==, "date");
  undo (window, "Move filter");
  g_assert_cmpstr (((BvFilter *) g_ptr_array_index (report_test_report (window)->filters, 0))->id, ==, "customer");
  ui_test_close (window);
}

/* --- Sizes and styles ------------------------------------------------------------------------------------------------------- */

static void
test_sizes (void)
{
  static const struct { int width, height; AdwColorScheme scheme; const char *name; } looks[] = {
    { 1280, 800, ADW_COLOR_SCHEME_FORCE_LIGHT, "report-1280-light.png" }, { 1280, 800, ADW_COLOR_SCHEME_FORCE_DARK, "report-1280-dark.png" },
    { 800, 600, ADW_COLOR_SCHEME_FORCE_LIGHT, "report-800-light.png" }, { 800, 600, ADW_COLOR_SCHEME_FORCE_DARK, "report-800-dark.png" },
    { 640, 700, ADW_COLOR_SCHEME_FORCE_LIGHT, "report-640-light.png" },
  };
  BvWindow *window = report_test_open ("sizes.belvedere");

  for (guint i = 0; i < G_N_ELEMENTS (looks); i++)
    {
      BvCanvas *canvas = bv_report_canvas_get_canvas (report_test_canvas (window));

      adw_style_manager_set_color_scheme (adw_style_manager_get_default (), looks[i].scheme);
      gtk_window_set_default_size (GTK_WINDOW (window), looks[i].width, looks[i].height);
      ui_test_settle (GTK_WIDGET (window));
      ui_test_settle (GTK_WIDGET (window));
      g_assert_cmpint (gtk_widget_get_width (GTK_WIDGET (window)), <=, looks[i].width);
      g_assert_cmpint (bv_canvas_is_narrow (canvas), ==, gtk_widget_get_width (GTK_WIDGET (canvas)) < BV_CANVAS_NARROW);
      ui_test_picture (GTK_WIDGET (window), looks[i].name);
    }
  adw_style_manager_set_color_scheme (adw_style_manager_get_default (), ADW_COLOR_SCHEME_DEFAULT);
  ui_test_close (window);
}

static void
test_empty (void)
{
  BvWindow *window = report_test_open ("empty-report.belvedere");
  g_autoptr(BvReport) report = bv_report_new ("Nothing");
  g_autoptr(GError) error = NULL;

  g_assert_true (bv_workspace_put_report (bv_window_get_workspace (window), "Add report", report, &error));
  g_assert_true (bv_window_show_object (window, "report", "Nothing"));
  ui_test_settle (GTK_WIDGET (window));
  g_assert_nonnull (ui_test_find_text (GTK_WIDGET (window), "No Tiles Yet"));
  ui_test_picture (GTK_WIDGET (window), "report-empty.png");
  ui_test_close (window);
}

static void
test_export (void)
{
  static const char *const endings[] = { "pdf", "png", "svg", "xlsx", "csv", "json" };
  BvWindow *window = report_test_open ("export.belvedere");
  BvPage *page = bv_window_get_page (window);
  g_autofree char *proposed = BV_PAGE_GET_CLASS (page)->export_name (page);
  g_autoptr(GError) error = NULL;

  g_assert_cmpstr (proposed, ==, "Customer report.pdf");
  for (guint i = 0; i < G_N_ELEMENTS (endings); i++)
    {
      g_autofree char *name = g_strdup_printf ("out.%s", endings[i]);
      g_autofree char *path = ui_test_path (name);
      g_autofree char *tile_name = g_strdup_printf ("tile.%s", endings[i]);
      g_autofree char *tile_path = ui_test_path (tile_name);

      g_assert_true (BV_PAGE_GET_CLASS (page)->export_path (page, path, &error));
      g_assert_no_error (error);
      g_assert_true (g_file_test (path, G_FILE_TEST_EXISTS));
      gtk_widget_activate_action (GTK_WIDGET (page), "page.export-tile", "(ss)", "industry", tile_path);
      g_assert_true (g_file_test (tile_path, G_FILE_TEST_EXISTS));
    }
  g_assert_false (BV_PAGE_GET_CLASS (page)->export_path (page, "/nowhere/report.docx", &error));
  g_assert_error (error, BV_ERROR, BV_ERROR_INVALID);
  ui_test_close (window);
}

typedef struct
{
  BvWindow *window;
  const char *pipe;
  gboolean cancelled;
} Slow;

static void
press_escape (GtkWidget *widget)
{
  g_autoptr(GListModel) controllers = gtk_widget_observe_controllers (widget);
  gboolean pressed = FALSE;

  for (guint i = 0; i < g_list_model_get_n_items (controllers); i++)
    {
      g_autoptr(GObject) controller = g_list_model_get_item (controllers, i);

      for (guint k = 0; GTK_IS_SHORTCUT_CONTROLLER (controller) && k < g_list_model_get_n_items (G_LIST_MODEL (controller)); k++)
        {
          g_autoptr(GtkShortcut) shortcut = g_list_model_get_item (G_LIST_MODEL (controller), k);
          g_autofree char *trigger = gtk_shortcut_trigger_to_string (gtk_shortcut_get_trigger (shortcut));

          if (strcmp (trigger, "Escape") == 0)
            pressed = gtk_shortcut_action_activate (gtk_shortcut_get_action (shortcut), 0, widget, NULL);
        }
    }
  g_assert_true (pressed);
}

/* Cancels the export as soon as it shows, and only then lets the image be read. */
static gboolean
slow_cb (gpointer data)
{
  Slow *slow = data;
  GtkWidget *dialog = ui_test_dialog (slow->window);
  int fd;

  if (!slow->cancelled && dialog != NULL)
    {
      g_assert_nonnull (ui_test_find_text (dialog, "Exporting"));
      ui_test_picture (dialog, "exporting.png");
      press_escape (dialog);
      g_assert_nonnull (ui_test_find_text (dialog, "Stopping…"));
      slow->cancelled = TRUE;
    }
  fd = slow->cancelled ? g_open (slow->pipe, O_WRONLY | O_NONBLOCK, 0) : -1;
  if (fd >= 0)
    close (fd);
  return G_SOURCE_CONTINUE;
}

static gboolean
is_complete (gpointer page)
{
  return !bv_page_is_busy (page);
}

/* An export that takes long says so and is cancelled with Escape: the image here is read from a pipe that nobody writes to. */
static void
test_cancel_export (void)
{
  BvWindow *window = report_test_open ("cancel.belvedere");
  BvPage *page = bv_window_get_page (window);
  g_autoptr(BvTile) image = bv_tile_new (NULL, BV_TILE_IMAGE);
  g_autofree char *path = ui_test_path ("cancelled.pdf"), *pipe = ui_test_path ("pipe"), *id = NULL;
  Slow slow = { .window = window, .pipe = pipe };
  g_autoptr(GError) error = NULL;
  guint source;

  g_assert_cmpint (mkfifo (pipe, 0600), ==, 0);
  image->target = g_strdup (pipe);
  g_assert_true (bv_report_put_tile (bv_window_get_workspace (window), report_test_report (window)->uuid, image, &id, &error));
  source = g_timeout_add (20, slow_cb, &slow);
  g_assert_false (BV_PAGE_GET_CLASS (page)->export_path (page, path, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_true (slow.cancelled);
  g_assert_null (ui_test_dialog (window));
  g_assert_false (g_file_test (path, G_FILE_TEST_EXISTS));
  ui_test_wait (is_complete, page);
  g_source_remove (source);
  ui_test_close (window);
}

int
main (int   argc,
      char *argv[])
{
  ui_test_init (&argc, &argv);
  g_test_add_func ("/report/numbers", test_numbers);
  g_test_add_func ("/report/chips", test_chips);
  g_test_add_func ("/report/reach", test_reach);
  g_test_add_func ("/report/click", test_click);
  g_test_add_func ("/report/click-bucket", test_click_bucket);
  g_test_add_func ("/report/shift-click", test_shift_click);
  g_test_add_func ("/report/drill", test_drill);
  g_test_add_func ("/report/drill-before", test_drill_before);
  g_test_add_func ("/report/explain", test_explain);
  g_test_add_func ("/report/explore", test_explore);
  g_test_add_func ("/report/edit", test_edit);
  g_test_add_func ("/report/drag", test_drag);
  g_test_add_func ("/report/present", test_present);
  g_test_add_func ("/report/filter-order", test_filter_order);
  g_test_add_func ("/report/sizes", test_sizes);
  g_test_add_func ("/report/empty", test_empty);
  g_test_add_func ("/report/export", test_export);
  g_test_add_func ("/report/cancel-export", test_cancel_export);
  return g_test_run ();
}
