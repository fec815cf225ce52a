/* SPDX-License-Identifier: GPL-3.0-or-later */
/* An analyst at an exploration: builds a chart, adds and changes measures, looks at the rows, puts the chart on a report. */
#include "config.h"
#include "ui-test.h"

#include "bv-chart-builder.h"
#include "bv-chart-pane.h"
#include "bv-condition-editor.h"
#include "bv-choice.h"
#include "bv-drill-dialog.h"
#include "bv-exploration-page.h"
#include "bv-form.h"
#include "bv-measure-list.h"
#include "bv-range-chooser.h"
#include "bv-value-picker.h"

#include <string.h>

typedef struct
{
  BvWindow *window;
  BvWorkspace *workspace;
  BvExplorationPage *page;
} Fixture;

static void
set_up (Fixture *f, gconstpointer data)
{
  g_autofree char *name = g_strdup_printf ("explore-%08x.belvedere", g_random_int ());
  g_autofree char *path = ui_test_make_project (name);

  f->window = ui_test_open (path);
  f->workspace = bv_window_get_workspace (f->window);
  g_assert_true (bv_window_show_object (f->window, "exploration", "Deal flow"));
  f->page = BV_EXPLORATION_PAGE (bv_window_get_page (f->window));
  ui_test_settle (GTK_WIDGET (f->window));
}

static void
tear_down (Fixture *f, gconstpointer data)
{
  ui_test_close (f->window);
}

static void
picture (GtkWidget *widget, const char *name)
{
  ui_test_settle (widget);
  ui_test_picture (widget, name);
}

static BvChartPane *
pane (Fixture *f)
{
  return BV_CHART_PANE (ui_test_find_type (GTK_WIDGET (f->page), BV_TYPE_CHART_PANE));
}

static BvChartBuilder *
builder (Fixture *f)
{
  return BV_CHART_BUILDER (ui_test_find_type (GTK_WIDGET (f->page), BV_TYPE_CHART_BUILDER));
}

static BvExploration *
exploration (Fixture *f)
{
  return bv_model_find_exploration (bv_workspace_get_model (f->workspace), bv_page_get_object_id (BV_PAGE (f->page)));
}

static void
act (Fixture *f, const char *action, const char *target)
{
  g_assert_true (gtk_widget_activate_action (GTK_WIDGET (f->page), action, "s", target));
  ui_test_settle (GTK_WIDGET (f->window));
}

static GtkWidget *
find_entry (GtkWidget *root, const char *title)
{
  if (ADW_IS_ENTRY_ROW (root) && g_strcmp0 (adw_preferences_row_get_title (ADW_PREFERENCES_ROW (root)), title) == 0)
    return root;
  for (GtkWidget *child = gtk_widget_get_first_child (root); child != NULL; child = gtk_widget_get_next_sibling (child))
    {
      GtkWidget *hit = find_entry (child, title);

      if (hit != NULL)
        return hit;
    }
  return NULL;
}

/* The drop-down of a form's row. */
static GtkWidget *
find_choice (GtkWidget *root, const char *title)
{
  if (GTK_IS_DROP_DOWN (root) && g_strcmp0 (gtk_widget_get_tooltip_text (root), title) == 0)
    return root;
  for (GtkWidget *child = gtk_widget_get_first_child (root); child != NULL; child = gtk_widget_get_next_sibling (child))
    {
      GtkWidget *hit = find_choice (child, title);

      if (hit != NULL)
        return hit;
    }
  return NULL;
}

static GtkWidget *
form (Fixture *f)
{
  GtkWidget *dialog = ui_test_dialog (f->window);

  g_assert_true (BV_IS_FORM (dialog));
  ui_test_settle (dialog);
  return dialog;
}

static gboolean
has_no_dialog (gpointer user_data)
{
  return ui_test_dialog (user_data) == NULL;
}

static void
accept (Fixture *f)
{
  g_signal_emit_by_name (ui_test_dialog (f->window), "accepted");
  ui_test_wait (has_no_dialog, f->window);
  ui_test_settle (GTK_WIDGET (f->window));
}

static void
show_view (Fixture    *f,
           const char *view)
{
  gtk_stack_set_visible_child_name (bv_chart_pane_get_views (pane (f)), view);
  ui_test_settle (GTK_WIDGET (f->window));
}

/* Ticking a measure asks at once; unticking the metric leaves a hint and no number. */
static void
test_toggle (Fixture *f, gconstpointer data)
{
  BvFrame *frame = bv_chart_pane_get_frame (pane (f));

  g_assert_nonnull (frame);
  g_assert_no_error (bv_chart_pane_get_error (pane (f)));
  g_assert_cmpuint (bv_frame_get_n_rows (frame), ==, 1);
  g_assert_cmpint (bv_frame_get_int (frame, 0, 0), ==, 1200);
  act (f, "page.toggle-measure", "Contact");
  g_assert_cmpuint (bv_frame_get_n_rows (bv_chart_pane_get_frame (pane (f))), ==, 10);
  picture (GTK_WIDGET (f->window), "exploration-bars.png");
  show_view (f, "breakdown");
  picture (GTK_WIDGET (f->window), "exploration-breakdown.png");
  show_view (f, "why");
  {
    g_autofree char *why = ui_test_wait_text (GTK_WIDGET (pane (f)));

    g_assert_nonnull (strstr (why, "Metric “Deals”"));
    g_assert_nonnull (strstr (why, "Group “Contact”"));
  }
  picture (GTK_WIDGET (f->window), "exploration-why.png");
  show_view (f, "chart");
  {
    GtkStack *views = bv_chart_pane_get_views (pane (f));
    static const struct { int by; const char *view; } steps[] = { { -1, "chart" }, { 1, "breakdown" }, { 1, "why" }, { 1, "why" },
                                                                  { -1, "breakdown" }, { -1, "chart" } };

    for (guint i = 0; i < G_N_ELEMENTS (steps); i++)
      {
        g_assert_true (bv_page_step_view (BV_PAGE (f->page), steps[i].by));
        g_assert_cmpstr (gtk_stack_get_visible_child_name (views), ==, steps[i].view);
      }
  }
  act (f, "page.toggle-measure", "Deals");
  g_assert_null (bv_chart_pane_get_frame (pane (f)));
  g_assert_nonnull (ui_test_find_text (GTK_WIDGET (f->page), "Choose a Metric"));
  picture (GTK_WIDGET (f->window), "exploration-empty.png");
}

static void
test_metric (Fixture *f, gconstpointer data)
{
  GtkWidget *dialog;
  BvMetric *metric;

  act (f, "page.add-metric", "deals");
  dialog = form (f);
  g_assert_cmpstr (gtk_editable_get_text (GTK_EDITABLE (find_entry (dialog, "Name"))), ==, "Number of deals");
  g_assert_true (bv_choice_select (find_choice (dialog, "Aggregation"), "sum"));
  g_assert_true (bv_choice_select (find_choice (dialog, "Of"), "field:deals.amount"));
  g_assert_cmpstr (gtk_editable_get_text (GTK_EDITABLE (find_entry (dialog, "Name"))), ==, "Sum of amount");
  gtk_editable_set_text (GTK_EDITABLE (find_entry (dialog, "Name")), "Revenue");
  g_assert_true (bv_choice_select (find_choice (dialog, "Format"), "currency"));
  ui_test_settle (dialog);
  picture (dialog, "metric-form.png");
  accept (f);
  metric = bv_exploration_find_metric (exploration (f), "Revenue");
  g_assert_nonnull (metric);
  g_assert_cmpint (metric->aggregate, ==, BV_AGG_SUM);
  g_assert_cmpint (metric->format.kind, ==, BV_FORMAT_CURRENCY);
  g_assert_cmpstr (bv_workspace_get_undo_name (f->workspace), ==, "Add metric");
  g_assert_nonnull (ui_test_find_text (ui_test_find_type (GTK_WIDGET (f->page), BV_TYPE_MEASURE_LIST), "Revenue"));

  /* The chart keeps following the metric through a rename, and through its undo. */
  act (f, "page.toggle-measure", "Revenue");
  act (f, "page.edit-measure", "Revenue");
  dialog = form (f);
  gtk_editable_set_text (GTK_EDITABLE (find_entry (dialog, "Name")), "Deals");
  g_signal_emit_by_name (dialog, "accepted");
  g_assert_true (ui_test_dialog (f->window) == dialog); /* the name is taken */
  gtk_editable_set_text (GTK_EDITABLE (find_entry (dialog, "Name")), "Turnover");
  accept (f);
  g_assert_true (bv_chart_builder_has_measure (builder (f), "Turnover"));
  g_assert_cmpint (bv_frame_find_column (bv_chart_pane_get_frame (pane (f)), "Turnover"), >=, 0);
  g_assert_true (bv_workspace_undo (f->workspace, NULL));
  ui_test_settle (GTK_WIDGET (f->window));
  g_assert_true (bv_chart_builder_has_measure (builder (f), "Revenue"));
  g_assert_true (bv_workspace_undo (f->workspace, NULL)); /* and without it altogether */
  ui_test_settle (GTK_WIDGET (f->window));
  g_assert_false (bv_chart_builder_has_measure (builder (f), "Revenue"));
  g_assert_true (bv_chart_builder_has_measure (builder (f), "Deals"));
}

/* What definitions say of a metric stays when something else of it is changed in the dialog. */
static void
test_metric_kept (Fixture *f, gconstpointer data)
{
  static const struct { BvAggregate aggregate; const char *table, *field; } kept[] = {
    { BV_AGG_COUNT, NULL, "deals.amount" }, { BV_AGG_COUNT, "Contact", NULL }, { BV_AGG_COUNT, NULL, NULL },
    { BV_AGG_COUNT_DISTINCT, "deals", "Contact.rank" }, { BV_AGG_SUM, NULL, "Contact.score" }, { BV_AGG_CUMULATIVE_COUNT, NULL, "deals.amount" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (kept); i++)
    {
      g_autoptr(BvExploration) copy = bv_exploration_copy (exploration (f));
      g_autofree char *name = g_strdup_printf ("Kept %u", i);
      BvMetric *metric = bv_metric_new (name, kept[i].aggregate);

      g_test_message ("%s", name);
      metric->table = g_strdup (kept[i].table);
      metric->field = g_strdup (kept[i].field);
      g_ptr_array_add (copy->metrics, metric);
      g_assert_true (bv_workspace_put_exploration (f->workspace, "Add", copy, NULL));
      ui_test_settle (GTK_WIDGET (f->window));
      act (f, "page.edit-measure", name);
      gtk_editable_set_text (GTK_EDITABLE (find_entry (form (f), "Description")), "Changed");
      accept (f);
      metric = bv_exploration_find_metric (exploration (f), name);
      g_assert_cmpstr (metric->description, ==, "Changed");
      g_assert_cmpint (metric->aggregate, ==, kept[i].aggregate);
      g_assert_cmpstr (metric->table, ==, kept[i].table);
      g_assert_cmpstr (metric->field, ==, kept[i].field);
    }
}

static gboolean
is_filled (gpointer user_data)
{
  return ui_test_find_text (user_data, "rows") != NULL && ui_test_find_text (user_data, "Counting") == NULL;
}

static void
test_formula (Fixture *f, gconstpointer data)
{
  GtkWidget *dialog, *formula;

  act (f, "page.add-formula", "deals");
  dialog = form (f);
  formula = find_entry (dialog, "Formula");
  gtk_editable_set_text (GTK_EDITABLE (find_entry (dialog, "Name")), "Half");
  gtk_editable_set_text (GTK_EDITABLE (formula), "[Deals] / ");
  g_assert_nonnull (ui_test_find_text (dialog, "character"));
  gtk_editable_set_text (GTK_EDITABLE (formula), "[Nothing] / 2");
  g_assert_nonnull (ui_test_find_text (dialog, "“Nothing” does not exist"));
  gtk_editable_set_text (GTK_EDITABLE (formula), "[Deals] / 2");
  for (int i = 0; i < 200 && ui_test_find_text (dialog, "600 is shown as") == NULL; i++)
    {
      g_main_context_iteration (NULL, FALSE);
      g_usleep (5000);
    }
  g_assert_nonnull (ui_test_find_text (dialog, "600 is shown as"));
  ui_test_settle (dialog);
  picture (dialog, "formula-form.png");
  accept (f);
  g_assert_cmpstr (bv_exploration_find_metric (exploration (f), "Half")->formula, ==, "[Deals] / 2");

  /* It has no rows of its own: those of its part are shown, and said to be. */
  {
    g_autoptr(BvChart) chart = bv_chart_new ("Deal flow", "number");

    g_strfreev (chart->metrics);
    chart->metrics = g_strsplit ("Half", ",", 0);
    dialog = bv_drill_dialog_present (GTK_WIDGET (f->page), f->workspace, chart, NULL, NULL, G_MAXUINT, -1);
    ui_test_settle (dialog);
    ui_test_wait (is_filled, dialog);
    g_assert_nonnull (ui_test_find_text (dialog, "Rows of “Deals”"));
    g_assert_nonnull (ui_test_find_text (dialog, "1,200 rows"));
    picture (dialog, "drill-formula.png");
    gtk_window_destroy (GTK_WINDOW (dialog));
  }
}

static void
answer (Fixture *f)
{
  GtkWidget *dialog = ui_test_dialog (f->window);

  g_assert_true (ADW_IS_MESSAGE_DIALOG (dialog));
  ui_test_settle (dialog);
  adw_message_dialog_response (ADW_MESSAGE_DIALOG (dialog), "accept");
  gtk_window_destroy (GTK_WINDOW (dialog));
  ui_test_settle (GTK_WIDGET (f->window));
}

static void
test_dimension_and_related (Fixture *f, gconstpointer data)
{
  GtkWidget *dialog;
  guint n_metrics;

  act (f, "page.add-dimension", "deals");
  dialog = form (f);
  g_assert_true (bv_choice_select (find_choice (dialog, "Field"), "deals.contact_id"));
  g_assert_cmpstr (gtk_editable_get_text (GTK_EDITABLE (find_entry (dialog, "Name"))), ==, "Contact id");
  picture (dialog, "dimension-form.png");
  accept (f);
  g_assert_nonnull (bv_exploration_find_dimension (exploration (f), "Contact id"));
  act (f, "page.delete-measure", "Contact id");
  answer (f);
  g_assert_null (bv_exploration_find_dimension (exploration (f), "Contact id"));
  g_assert_cmpstr (bv_workspace_get_undo_name (f->workspace), ==, "Remove dimension");

  act (f, "page.add-related", "deals");
  dialog = form (f);
  g_assert_nonnull (ui_test_find_text (dialog, "deals belongs to contacts"));
  picture (dialog, "related-form.png");
  g_assert_cmpstr (gtk_editable_get_text (GTK_EDITABLE (find_entry (dialog, "Name in this exploration"))), ==, "contacts");
  gtk_switch_set_active (GTK_SWITCH (ui_test_find_type (dialog, GTK_TYPE_SWITCH)), TRUE);
  n_metrics = exploration (f)->metrics->len;
  accept (f);
  g_assert_nonnull (bv_exploration_find_related (exploration (f), "contacts"));
  g_assert_cmpuint (exploration (f)->metrics->len, >, n_metrics);
  picture (GTK_WIDGET (f->window), "exploration-related.png");
  act (f, "page.remove-related", "contacts");
  answer (f);
  g_assert_null (bv_exploration_find_related (exploration (f), "contacts"));
  g_assert_cmpuint (exploration (f)->metrics->len, ==, n_metrics);
}

static gboolean
is_exported (gpointer dialog)
{
  return ui_test_find_text (dialog, "Exported to “rows.csv”") != NULL;
}

static GtkWidget *
find_message (GtkWidget *dialog)
{
  g_autoptr(GList) windows = gtk_window_list_toplevels ();

  for (GList *l = windows; l != NULL; l = l->next)
    if (ADW_IS_MESSAGE_DIALOG (l->data) && gtk_window_get_transient_for (l->data) == GTK_WINDOW (dialog))
      return l->data;
  return NULL;
}

static gboolean
has_message (gpointer dialog)
{
  return find_message (dialog) != NULL;
}

static void
test_drill_and_report (Fixture *f, gconstpointer data)
{
  g_autofree char *path = ui_test_path ("rows.csv");
  g_autofree char *text = NULL;
  g_auto(GStrv) lines = NULL;
  BvReport *report;
  GtkWidget *dialog;
  BvTile *tile;

  act (f, "page.toggle-measure", "Contact");
  bv_drill_dialog_set_row_limit (100);
  g_signal_emit_by_name (ui_test_find_type (GTK_WIDGET (pane (f)), g_type_from_name ("BvChartView")), "mark-activated", 0, 1, 0);
  dialog = ui_test_dialog (f->window);
  ui_test_settle (dialog);
  ui_test_wait (is_filled, dialog);
  bv_drill_dialog_set_row_limit (10000);
  g_assert_nonnull (ui_test_find_text (dialog, "120 rows")); /* 1200 deals of 10 contacts */
  g_assert_nonnull (ui_test_find_text (dialog, "The first 100 of 120 rows"));
  ui_test_settle (dialog);
  picture (dialog, "drill.png");
  g_assert_true (gtk_widget_activate_action (dialog, "drill.export-path", "s", path));
  ui_test_wait (is_exported, dialog);
  g_assert_nonnull (ui_test_find_text (dialog, "The first 100 of 120 rows"));
  ui_test_settle (dialog);
  picture (dialog, "drill-exported.png");
  g_assert_true (g_file_get_contents (path, &text, NULL, NULL));
  g_assert_true (g_str_has_prefix (text, "id,contact_id,amount\n"));
  lines = g_strsplit (text, "\n", -1);
  g_assert_cmpuint (g_strv_length (lines), ==, 122); /* the heading, 120 rows, and the end */

  /* What cannot be written is said over it. */
  {
    g_autofree char *nowhere = g_build_filename (path, "rows.csv", NULL);

    g_assert_true (gtk_widget_activate_action (dialog, "drill.export-path", "s", nowhere));
    ui_test_wait (has_message, dialog);
    g_assert_nonnull (ui_test_find_text (dialog, "The first 100 of 120 rows"));
    gtk_window_destroy (GTK_WINDOW (find_message (dialog)));
  }
  gtk_window_destroy (GTK_WINDOW (dialog));

  g_assert_true (gtk_widget_activate_action (GTK_WIDGET (f->page), "page.add-to-report", NULL));
  dialog = form (f);
  gtk_editable_set_text (GTK_EDITABLE (find_entry (dialog, "Title of the tile")), "By contact");
  picture (dialog, "add-to-report.png");
  accept (f);
  report = bv_model_find_report (bv_workspace_get_model (f->workspace), "Overview");
  g_assert_cmpuint (report->tiles->len, ==, 1);
  tile = g_ptr_array_index (report->tiles, 0);
  g_assert_cmpstr (tile->title, ==, "By contact");
  g_assert_cmpstr (tile->chart->exploration, ==, "Deal flow");
  g_assert_cmpstr (bv_workspace_get_undo_name (f->workspace), ==, "Add tile");

  /* What is worked on outlives the page. */
  g_assert_true (gtk_widget_activate_action (GTK_WIDGET (f->window), "win.export-path", "s", path));
}

/* While a new chart is being asked for, what is clicked is still the old one's. */
static void
test_drill_while_busy (Fixture *f, gconstpointer data)
{
  g_autoptr(BvChart) chart = NULL;
  GtkWidget *dialog;

  act (f, "page.toggle-measure", "Contact");
  chart = bv_chart_builder_dup_chart (builder (f));
  chart->where = bv_condition_parse ("Contact is 3", NULL);
  bv_exploration_page_set_chart (f->page, chart);
  g_assert_true (bv_chart_pane_is_busy (pane (f)));
  g_signal_emit_by_name (ui_test_find_type (GTK_WIDGET (pane (f)), g_type_from_name ("BvChartView")), "mark-activated", 0, 1, 0);
  dialog = ui_test_dialog (f->window);
  ui_test_wait (is_filled, dialog);
  g_assert_nonnull (ui_test_find_text (dialog, "120 rows"));
  g_assert_null (ui_test_find_text (dialog, "is 3"));
  gtk_window_destroy (GTK_WINDOW (dialog));
  ui_test_settle (GTK_WIDGET (f->window));
  g_assert_cmpuint (bv_frame_get_n_rows (bv_chart_pane_get_frame (pane (f))), ==, 1);
}

static void
test_broken (Fixture *f, gconstpointer data)
{
  g_autoptr(BvExploration) copy = bv_exploration_copy (exploration (f));
  BvMetric *metric = bv_metric_new ("Lost", BV_AGG_SUM);
  g_autoptr(BvChart) chart = bv_chart_new ("Deal flow", "number");
  static char *metrics[] = { (char *) "Lost", NULL };

  metric->field = g_strdup ("deals.gone");
  g_ptr_array_add (copy->metrics, metric);
  g_assert_true (bv_workspace_put_exploration (f->workspace, "Break", copy, NULL));
  ui_test_settle (GTK_WIDGET (f->window));
  g_assert_nonnull (ui_test_find_text (GTK_WIDGET (f->page), "“deals.gone” does not exist"));
  g_strfreev (chart->metrics);
  chart->metrics = g_strdupv (metrics);
  bv_exploration_page_set_chart (f->page, chart);
  ui_test_settle (GTK_WIDGET (f->window));
  g_assert_nonnull (bv_chart_pane_get_error (pane (f)));
  g_assert_null (bv_chart_pane_get_frame (pane (f)));
  g_assert_nonnull (ui_test_find_text (GTK_WIDGET (pane (f)), "This Chart Cannot Be Shown"));
  /* There is nothing to copy, and nothing is said to be copied. */
  gtk_widget_activate_action (GTK_WIDGET (f->page), "page.copy-table", NULL);
  g_assert_null (ui_test_find_text (GTK_WIDGET (f->window), "Breakdown copied"));
  picture (GTK_WIDGET (f->window), "exploration-broken.png");
}

static void
count_cb (guint *n)
{
  (*n)++;
}

static void
test_conditions (Fixture *f, gconstpointer data)
{
  GtkWidget *window = gtk_window_new ();
  GtkWidget *editor = bv_condition_editor_new (f->workspace);
  g_autoptr(BvCondition) condition = bv_condition_parse ("deals.amount between 5, 10", NULL);
  g_autoptr(BvCondition) list = bv_condition_new_list (BV_CONDITION_ANY);
  g_autoptr(BvCondition) read = NULL;
  g_autofree char *sentence = NULL;
  GtkWidget *entry;
  guint n_changes = 0;

  gtk_window_set_child (GTK_WINDOW (window), editor);
  g_signal_connect_swapped (editor, "changed", G_CALLBACK (count_cb), &n_changes);
  bv_condition_editor_set_exploration (BV_CONDITION_EDITOR (editor), "Deal flow", "deals");
  g_assert_nonnull (condition);
  bv_condition_add (list, g_steal_pointer (&condition));
  bv_condition_editor_set_condition (BV_CONDITION_EDITOR (editor), list);
  g_assert_cmpuint (n_changes, ==, 0);
  bv_condition_editor_add_test (BV_CONDITION_EDITOR (editor), "deals.id"); /* has no value yet */
  gtk_window_present (GTK_WINDOW (window));
  ui_test_settle (window);
  picture (window, "conditions.png");
  read = bv_condition_editor_dup_condition (BV_CONDITION_EDITOR (editor));
  g_assert_cmpint (read->kind, ==, BV_CONDITION_ANY);
  g_assert_cmpuint (read->children->len, ==, 1);
  entry = ui_test_find_type (editor, GTK_TYPE_ENTRY);
  gtk_editable_set_text (GTK_EDITABLE (entry), "x");
  g_assert_cmpuint (n_changes, >=, 1);
  g_assert_null (bv_condition_editor_dup_condition (BV_CONDITION_EDITOR (editor)));
  gtk_editable_set_text (GTK_EDITABLE (entry), "7.5");
  g_clear_pointer (&read, bv_condition_free);
  read = bv_condition_editor_dup_condition (BV_CONDITION_EDITOR (editor));
  sentence = bv_condition_to_sentence (read, bv_workspace_get_locale (f->workspace));
  g_assert_nonnull (strstr (sentence, "7.5 and 10"));
  gtk_window_destroy (GTK_WINDOW (window));
}

static GtkWidget *
find_button (GtkWidget *root, const char *tooltip)
{
  if ((GTK_IS_MENU_BUTTON (root) || GTK_IS_BUTTON (root)) && g_strcmp0 (gtk_widget_get_tooltip_text (root), tooltip) == 0)
    return root;
  for (GtkWidget *child = gtk_widget_get_first_child (root); child != NULL; child = gtk_widget_get_next_sibling (child))
    {
      GtkWidget *hit = find_button (child, tooltip);

      if (hit != NULL)
        return hit;
    }
  return NULL;
}

/* A list in the list can be edited and taken away; what is deeper stays as it is. */
static void
test_condition_groups (Fixture *f, gconstpointer data)
{
  static const char *const text = "{'any':[{'field':'deals.amount','gt':5},{'all':[{'field':'deals.amount','lt':3},"
                                  "{'any':[{'field':'deals.amount','is':1},{'field':'deals.amount','is':2}]}]}]}";
  GtkWidget *window = gtk_window_new ();
  GtkWidget *editor = bv_condition_editor_new (f->workspace);
  g_autofree char *json = g_strdelimit (g_strdup (text), "'", '"');
  g_autoptr(JsonNode) node = json_from_string (json, NULL);
  g_autoptr(GError) error = NULL;
  g_autoptr(BvCondition) condition = bv_condition_from_json (node, &error);
  g_autoptr(BvCondition) read = NULL;
  g_autofree char *before = NULL;
  g_autofree char *after = NULL;
  BvLocale *locale = bv_workspace_get_locale (f->workspace);
  GtkWidget *group;
  guint n_changes = 0;

  g_assert_no_error (error);
  gtk_window_set_child (GTK_WINDOW (window), editor);
  g_signal_connect_swapped (editor, "changed", G_CALLBACK (count_cb), &n_changes);
  bv_condition_editor_set_exploration (BV_CONDITION_EDITOR (editor), "Deal flow", "deals");
  bv_condition_editor_set_condition (BV_CONDITION_EDITOR (editor), condition);
  gtk_window_present (GTK_WINDOW (window));
  ui_test_settle (window);
  picture (window, "condition-groups.png");
  g_assert_cmpuint (n_changes, ==, 0);
  read = bv_condition_editor_dup_condition (BV_CONDITION_EDITOR (editor));
  before = bv_condition_to_sentence (condition, locale);
  after = bv_condition_to_sentence (read, locale);
  g_assert_cmpstr (after, ==, before);

  group = ui_test_find_type (gtk_widget_get_first_child (editor), BV_TYPE_CONDITION_EDITOR);
  g_assert_nonnull (group);
  gtk_editable_set_text (GTK_EDITABLE (ui_test_find_type (group, GTK_TYPE_ENTRY)), "4");
  g_assert_cmpuint (n_changes, >, 0);
  g_clear_pointer (&read, bv_condition_free);
  read = bv_condition_editor_dup_condition (BV_CONDITION_EDITOR (editor));
  g_free (after);
  after = bv_condition_to_sentence (read, locale);
  g_assert_nonnull (strstr (after, "less than 4"));
  g_assert_nonnull (strstr (after, "is 1 or"));

  /* The innermost comes first. */
  g_signal_emit_by_name (find_button (editor, "Remove group"), "clicked");
  g_clear_pointer (&read, bv_condition_free);
  read = bv_condition_editor_dup_condition (BV_CONDITION_EDITOR (editor));
  g_assert_cmpuint (read->children->len, ==, 2);
  g_signal_emit_by_name (find_button (editor, "Remove group"), "clicked");
  g_clear_pointer (&read, bv_condition_free);
  read = bv_condition_editor_dup_condition (BV_CONDITION_EDITOR (editor));
  g_assert_cmpuint (read->children->len, ==, 1);
  gtk_window_destroy (GTK_WINDOW (window));
}

static gboolean
is_listed (gpointer user_data)
{
  return ui_test_find_text (user_data, "120") != NULL;
}

/* Values come from the data, with the rows that have them. */
static void
test_values (Fixture *f, gconstpointer data)
{
  GtkWidget *window = gtk_window_new ();
  GtkWidget *picker = bv_value_picker_new (f->workspace, "Deal flow", "Contact", BV_TYPE_INT);
  GtkWidget *popover, *list;

  gtk_window_set_child (GTK_WINDOW (window), picker);
  gtk_window_present (GTK_WINDOW (window));
  ui_test_settle (window);
  gtk_menu_button_popup (GTK_MENU_BUTTON (ui_test_find_type (picker, GTK_TYPE_MENU_BUTTON)));
  popover = ui_test_find_type (picker, GTK_TYPE_POPOVER);
  ui_test_wait (is_listed, popover);
  picture (popover, "popover-values.png");
  list = ui_test_find_type (popover, GTK_TYPE_LIST_BOX);
  g_signal_emit_by_name (list, "row-activated", gtk_list_box_get_row_at_index (GTK_LIST_BOX (list), 2));
  g_assert_cmpuint (bv_value_picker_get_values (BV_VALUE_PICKER (picker))->len, ==, 1);
  g_assert_cmpint (g_array_index (bv_value_picker_get_values (BV_VALUE_PICKER (picker)), BvValue, 0).i, ==, 3);
  gtk_popover_popdown (GTK_POPOVER (popover));
  gtk_window_destroy (GTK_WINDOW (window));
}

static void
remember_cb (char **spec, const char *chosen)
{
  g_free (*spec);
  *spec = g_strdup (chosen);
}

static GtkWidget *
find_day (GtkWidget  *top,
          const char *day)
{
  if (gtk_widget_has_css_class (top, "day-number") && !gtk_widget_has_css_class (top, "other-month")
      && g_str_equal (gtk_label_get_label (GTK_LABEL (top)), day))
    return top;
  for (GtkWidget *child = gtk_widget_get_first_child (top); child != NULL; child = gtk_widget_get_next_sibling (child))
    {
      GtkWidget *found = find_day (child, day);

      if (found != NULL)
        return found;
    }
  return NULL;
}

static void
press_day (GtkWidget  *month,
           const char *day)
{
  g_autoptr(GListModel) controllers = gtk_widget_observe_controllers (month);
  GtkWidget *label = find_day (month, day);
  const char *steps[] = { "pressed", "released" };
  double x, y;

  g_assert_nonnull (label);
  g_assert_true (gtk_widget_translate_coordinates (label, month, 3, 3, &x, &y));
  for (guint i = 0; i < G_N_ELEMENTS (steps); i++)
    for (guint j = 0; j < g_list_model_get_n_items (controllers); j++)
      {
        g_autoptr(GtkEventController) controller = g_list_model_get_item (controllers, j);

        if (GTK_IS_GESTURE_CLICK (controller))
          g_signal_emit_by_name (controller, steps[i], 1, x, y);
      }
}

static void
test_range (Fixture *f, gconstpointer data)
{
  GtkWidget *window = gtk_window_new ();
  GtkWidget *chooser = bv_range_chooser_new ();
  g_autofree char *spec = NULL;
  GtkWidget *list;
  g_autoptr(GDateTime) march = g_date_time_new_utc (2026, 3, 31, 0, 0, 0);
  GtkWidget *month;
  int shown;

  gtk_window_set_child (GTK_WINDOW (window), chooser);
  g_signal_connect_swapped (chooser, "changed", G_CALLBACK (remember_cb), &spec);
  bv_range_chooser_set_range (BV_RANGE_CHOOSER (chooser), "last-7-days");
  g_assert_null (spec);
  gtk_window_present (GTK_WINDOW (window));
  ui_test_settle (window);
  picture (window, "range-presets.png");
  list = ui_test_find_type (chooser, GTK_TYPE_LIST_BOX);
  g_signal_emit_by_name (list, "row-activated", gtk_list_box_get_row_at_index (GTK_LIST_BOX (list), 1));
  g_assert_cmpstr (spec, ==, "yesterday");
  bv_range_chooser_set_range (BV_RANGE_CHOOSER (chooser), "2026-01-01..2026-03-31");
  ui_test_settle (window);
  picture (window, "range-custom.png");
  /* Looking at another month chooses nothing, also where it has no such day; a day chosen there counts, also one of the same number. */
  month = ui_test_find_type (chooser, GTK_TYPE_CALENDAR);
  gtk_calendar_select_day (GTK_CALENDAR (month), march);
  g_signal_emit_by_name (ui_test_find_type (month, GTK_TYPE_BUTTON), "clicked");
  g_object_get (month, "month", &shown, NULL);
  g_assert_cmpint (shown, ==, 1); /* February */
  g_assert_cmpstr (bv_range_chooser_get_range (BV_RANGE_CHOOSER (chooser)), ==, "2026-01-01..2026-03-31");
  press_day (month, "28");
  g_assert_cmpstr (bv_range_chooser_get_range (BV_RANGE_CHOOSER (chooser)), ==, "2026-02-28..2026-03-31");
  gtk_editable_set_text (GTK_EDITABLE (ui_test_find_type (chooser, GTK_TYPE_ENTRY)), "2026-02-30");
  g_assert_null (strstr (bv_range_chooser_get_range (BV_RANGE_CHOOSER (chooser)), "02-30")); /* no such day */
  gtk_editable_set_text (GTK_EDITABLE (ui_test_find_type (chooser, GTK_TYPE_ENTRY)), "2026-02-01");
  g_assert_cmpstr (spec, ==, "2026-02-01..2026-03-31");
  gtk_window_destroy (GTK_WINDOW (window));
}

/* The menu button with this tooltip. */

static GtkWidget *
pop_up (Fixture *f, const char *tooltip, const char *name)
{
  GtkWidget *button = find_button (GTK_WIDGET (f->page), tooltip);
  GtkWidget *popover;

  g_assert_nonnull (button);
  gtk_menu_button_popup (GTK_MENU_BUTTON (button));
  popover = GTK_WIDGET (gtk_menu_button_get_popover (GTK_MENU_BUTTON (button)));
  picture (popover, name);
  return popover;
}

/* Each shelf changes the chart that is asked, at once. */
static void
test_shelves (Fixture *f, gconstpointer data)
{
  GtkWidget *popover, *editor;
  g_autoptr(BvCondition) condition = NULL;
  g_autoptr(BvChart) chart = NULL;
  GtkWidget *widget = GTK_WIDGET (builder (f));

  act (f, "page.toggle-measure", "Contact");
  g_assert_true (gtk_widget_activate_action (widget, "builder.sort", "(sb)", "Contact", TRUE));
  ui_test_settle (GTK_WIDGET (f->window));
  g_assert_cmpint (bv_frame_get_int (bv_chart_pane_get_frame (pane (f)), 0, 0), ==, 10);
  g_assert_true (gtk_widget_activate_action (widget, "builder.pivot", "s", "Contact"));
  ui_test_settle (GTK_WIDGET (f->window));
  g_clear_pointer (&chart, bv_chart_free);
  chart = bv_chart_builder_dup_chart (builder (f));
  g_assert_cmpstr (chart->pivot, ==, "Contact");
  g_assert_cmpuint (chart->by->len, ==, 0);
  g_assert_true (bv_choice_select (find_choice (widget, "Pivot: its values become series"), NULL));
  ui_test_settle (GTK_WIDGET (f->window));
  g_assert_cmpint (bv_frame_get_n_rows (bv_chart_pane_get_frame (pane (f))), ==, 1);

  pop_up (f, "Add Metric", "popover-metric.png");
  popover = pop_up (f, "Options of the chart", "popover-options.png");
  gtk_popover_popdown (GTK_POPOVER (popover));
  popover = pop_up (f, "Filter the rows", "popover-filter.png");
  editor = ui_test_find_type (popover, BV_TYPE_CONDITION_EDITOR);
  condition = bv_condition_parse ("Contact is 3", NULL);
  bv_condition_editor_set_condition (BV_CONDITION_EDITOR (editor), condition);
  g_signal_emit_by_name (editor, "changed");
  gtk_popover_popdown (GTK_POPOVER (popover));
  ui_test_settle (GTK_WIDGET (f->window));
  g_assert_cmpint (bv_frame_get_int (bv_chart_pane_get_frame (pane (f)), 0, 0), ==, 120);
  picture (GTK_WIDGET (f->window), "exploration-filtered.png");
}

int
main (int argc, char *argv[])
{
  ui_test_init (&argc, &argv);
#define ADD(path, func) g_test_add ("/exploration-page/" path, Fixture, NULL, set_up, func, tear_down)
  ADD ("toggle", test_toggle);
  ADD ("shelves", test_shelves);
  ADD ("metric", test_metric);
  ADD ("metric-kept", test_metric_kept);
  ADD ("formula", test_formula);
  ADD ("dimension-and-related", test_dimension_and_related);
  ADD ("drill-and-report", test_drill_and_report);
  ADD ("drill-while-busy", test_drill_while_busy);
  ADD ("broken", test_broken);
  ADD ("conditions", test_conditions);
  ADD ("condition-groups", test_condition_groups);
  ADD ("values", test_values);
  ADD ("range", test_range);
  return g_test_run ();
}
