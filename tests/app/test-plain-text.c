/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Names and messages are shown as they are written, also where libadwaita reads markup: a warning of it ends the test. */
#include "config.h"
#include "ui-test.h"

#include "bv-exploration-page.h"
#include "bv-form.h"
#include "bv-measure-edit.h"
#include "bv-table-edit.h"
#include "bv-util.h"

#define ODD "R&D <1> “x” __"

static void
test_forms (void)
{
  GtkWidget *form = bv_form_new (NULL, ODD, "_Save");
  GtkWidget *group = bv_form_add_group (BV_FORM (form), ODD, ODD);
  GtkWidget *expander = bv_expander_new (ODD);

  adw_expander_row_set_subtitle (ADW_EXPANDER_ROW (expander), ODD);
  adw_preferences_group_add (ADW_PREFERENCES_GROUP (group), expander);
  adw_preferences_group_add (ADW_PREFERENCES_GROUP (group), bv_row_new (ODD, ODD, NULL, NULL));
  gtk_window_present (GTK_WINDOW (form));
  ui_test_settle (form);
  ui_test_picture (form, "plain-text.png");
  /* The title and the description of the group, and those of both rows. */
  g_assert_nonnull (ui_test_find_text (group, ODD));
  g_assert_nonnull (ui_test_find_text (expander, ODD));
  bv_group_set_description (group, "a < b");
  g_assert_nonnull (ui_test_find_text (group, "a < b"));
  bv_group_set_description (group, NULL);
  g_assert_null (ui_test_find_text (group, "a < b"));
  gtk_window_destroy (GTK_WINDOW (form));
}

static gboolean
has_no_dialog (gpointer user_data)
{
  return ui_test_dialog (user_data) == NULL;
}

static void
test_toast (void)
{
  g_autofree char *path = ui_test_make_project ("plain-toast.belvedere");
  BvWindow *window = ui_test_open (path);
  BvWorkspace *workspace = bv_window_get_workspace (window);
  g_autoptr(GError) error = NULL;

  bv_workspace_rename (workspace, "report", NULL, "Overview", ODD, &error);
  g_assert_no_error (error);
  g_assert_true (bv_window_show_object (window, "exploration", "Deal flow"));
  ui_test_settle (GTK_WIDGET (window));
  g_assert_true (gtk_widget_activate_action (GTK_WIDGET (bv_window_get_page (window)), "page.add-to-report", NULL));
  ui_test_settle (ui_test_dialog (window));
  g_signal_emit_by_name (ui_test_dialog (window), "accepted");
  ui_test_wait (has_no_dialog, window);
  ui_test_settle (GTK_WIDGET (window));
  g_assert_nonnull (ui_test_find_text (GTK_WIDGET (window), "Added to “" ODD "”"));
  ui_test_close (window);
}

int
main (int argc, char *argv[])
{
  ui_test_init (&argc, &argv);
  g_test_add_func ("/plain-text/forms", test_forms);
  g_test_add_func ("/plain-text/toast", test_toast);
  return g_test_run ();
}
