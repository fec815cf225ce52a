/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What is typed faster than the program answers, or as the locale writes it, means the same as what is clicked. */
#include "config.h"
#include "report-test.h"

#include "bv-filter-control.h"
#include "bv-picker.h"
#include "bv-value-list.h"

static void
remember_cb (char **out, const char *id)
{
  g_free (*out);
  *out = g_strdup (id);
}

static void
press_return (GtkWidget *search)
{
  g_signal_emit_by_name (search, "activate");
}

static GtkWidget *
show (GtkWidget *child)
{
  GtkWidget *window = gtk_window_new ();

  gtk_window_set_child (GTK_WINDOW (window), child);
  gtk_window_present (GTK_WINDOW (window));
  ui_test_settle (window);
  return window;
}

/* Return takes the first entry with the text, not the first of those that the list shows until it has followed the typing. */
static void
test_picker (void)
{
  GtkWidget *window = gtk_window_new ();
  GtkWidget *button = gtk_menu_button_new ();
  GtkWidget *picker = bv_picker_new ("Search");
  g_autofree char *picked = NULL;

  gtk_menu_button_set_popover (GTK_MENU_BUTTON (button), picker);
  gtk_window_set_child (GTK_WINDOW (window), button);
  bv_picker_add (BV_PICKER (picker), "a", "Amount", NULL, NULL);
  bv_picker_add (BV_PICKER (picker), "s", "Stage", NULL, NULL);
  g_signal_connect_swapped (picker, "picked", G_CALLBACK (remember_cb), &picked);
  gtk_window_present (GTK_WINDOW (window));
  ui_test_settle (window);
  gtk_menu_button_popup (GTK_MENU_BUTTON (button));
  ui_test_settle (window);
  gtk_editable_set_text (GTK_EDITABLE (ui_test_find_type (picker, GTK_TYPE_SEARCH_ENTRY)), "sta");
  press_return (ui_test_find_type (picker, GTK_TYPE_SEARCH_ENTRY));
  g_assert_cmpstr (picked, ==, "s");
  gtk_window_destroy (GTK_WINDOW (window));
}

static gboolean
is_idle (gpointer list)
{
  return !bv_value_list_is_busy (list);
}

static void
values_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  *(BvFrame **) user_data = bv_report_run_values_finish (BV_REPORT_RUN (source), result, NULL);
}

static gboolean
is_set (gpointer pointer)
{
  return *(gpointer *) pointer != NULL;
}

static void
test_value_list (void)
{
  BvWindow *window = report_test_open ("typing.belvedere");
  BvReportRun *run = report_test_shown (window);
  BvFilter *filter = bv_report_find_filter (report_test_report (window), "customer");
  GtkWidget *list = g_object_ref_sink (bv_value_list_new (run, FALSE, FALSE));
  GtkWidget *over = show (list);
  GtkWidget *search = ui_test_find_type (list, GTK_TYPE_SEARCH_ENTRY);
  g_autoptr(BvFrame) all = NULL;
  const char *wanted;

  bv_report_run_values_async (run, filter, NULL, NULL, values_cb, &all);
  ui_test_wait (is_set, &all);
  g_assert_cmpuint (bv_frame_get_n_rows (all), >, 5);
  wanted = bv_frame_get_text (all, 0, 5);

  bv_value_list_load (BV_VALUE_LIST (list), filter);
  ui_test_wait (is_idle, list);
  gtk_editable_set_text (GTK_EDITABLE (search), wanted);
  press_return (search);
  g_assert_cmpuint (bv_value_list_get_chosen (BV_VALUE_LIST (list))->len, ==, 0);
  ui_test_wait (is_idle, list);
  g_assert_cmpuint (bv_value_list_get_chosen (BV_VALUE_LIST (list))->len, ==, 1);
  g_assert_cmpstr (g_array_index (bv_value_list_get_chosen (BV_VALUE_LIST (list)), BvValue, 0).s, ==, wanted);

  /* What is typed after it takes the wish back. */
  bv_value_list_set_chosen (BV_VALUE_LIST (list), NULL);
  gtk_editable_set_text (GTK_EDITABLE (search), "nobody");
  press_return (search);
  gtk_editable_set_text (GTK_EDITABLE (search), wanted);
  g_signal_emit_by_name (search, "search-changed");
  ui_test_wait (is_idle, list);
  g_assert_cmpuint (bv_value_list_get_chosen (BV_VALUE_LIST (list))->len, ==, 0);
  gtk_window_destroy (GTK_WINDOW (over));
  while (g_main_context_iteration (NULL, FALSE))
    ;
  g_assert_finalize_object (list);
  ui_test_close (window);
}

/* "1,000" is a thousand, never one. */
static void
test_numbers (void)
{
  BvWindow *window = report_test_open ("numbers-typed.belvedere");
  g_autoptr(BvFilter) filter = bv_filter_new ("Amount", "HubSpot deals/Amount");
  g_autoptr(GArray) values = NULL;
  GtkWidget *control, *over, *from;

  g_free (filter->control);
  filter->control = g_strdup ("range");
  control = bv_filter_control_new (report_test_shown (window), filter);
  over = show (control);
  from = ui_test_find_type (control, GTK_TYPE_ENTRY);
  gtk_editable_set_text (GTK_EDITABLE (from), "1,000");
  values = bv_filter_control_dup_values (BV_FILTER_CONTROL (control));
  g_assert_cmpuint (values->len, ==, 2);
  g_assert_cmpfloat_with_epsilon (bv_value_as_double (&g_array_index (values, BvValue, 0)), 1000, 1e-9);
  g_assert_cmpint (g_array_index (values, BvValue, 1).type, ==, BV_TYPE_NULL);
  g_clear_pointer (&values, g_array_unref);
  gtk_editable_set_text (GTK_EDITABLE (from), "1,5");
  press_return (from);
  g_assert_true (gtk_widget_has_css_class (from, "error"));
  values = bv_filter_control_dup_values (BV_FILTER_CONTROL (control));
  g_assert_cmpuint (values->len, ==, 0);
  gtk_window_destroy (GTK_WINDOW (over));
  ui_test_close (window);
}

int
main (int argc, char *argv[])
{
  ui_test_init (&argc, &argv);
  g_test_add_func ("/typing/picker", test_picker);
  g_test_add_func ("/typing/value-list", test_value_list);
  g_test_add_func ("/typing/numbers", test_numbers);
  return g_test_run ();
}
