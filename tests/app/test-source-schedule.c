/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The dialog of a source's schedule: what it saves, and that it waits for systemd without standing still. */
#include "config.h"
#include "ui-test.h"

#include "bv-source-dialogs.h"
#include "bv-timer.h"

#include <glib/gstdio.h>

static gboolean
has_no_dialog (gpointer user_data)
{
  return ui_test_dialog (user_data) == NULL;
}

static gboolean
has_error (gpointer form)
{
  return ui_test_find_text (form, "belvedere-cli") != NULL;
}

static void
put_program (const char *name,
             const char *text)
{
  g_autofree char *path = ui_test_write (name, text);

  g_assert_cmpint (g_chmod (path, 0755), ==, 0);
}

static void
test_timer (void)
{
  g_autofree char *path = ui_test_make_project ("schedule.belvedere");
  BvWindow *window = ui_test_open (path);
  BvWorkspace *workspace = bv_window_get_workspace (window);
  BvProject *project = bv_workspace_get_project (workspace);
  g_autoptr(BvSource) source = bv_source_new (project, "hubspot", NULL);
  g_autoptr(BvSource) saved = NULL;
  g_autoptr(GError) error = NULL;
  GtkWidget *dialog;

  g_assert_true (bv_source_put (project, source, NULL, &error));
  bv_source_schedule_show (GTK_WIDGET (window), workspace, bv_source_copy (source));
  dialog = ui_test_dialog (window);
  ui_test_settle (dialog);
  adw_combo_row_set_selected (ADW_COMBO_ROW (ui_test_find_type (dialog, ADW_TYPE_COMBO_ROW)), 2);
  gtk_switch_set_active (GTK_SWITCH (ui_test_find_type (dialog, GTK_TYPE_SWITCH)), TRUE);
  g_signal_emit_by_name (dialog, "accepted");
  /* The schedule is saved at once; what goes wrong with systemd is said in the dialog. */
  saved = bv_source_find (project, source->uuid, &error);
  g_assert_no_error (error);
  g_assert_cmpint (saved->schedule.kind, ==, BV_SCHEDULE_HOURLY);
  g_assert_cmpuint (saved->schedule.every, ==, 2);
  g_clear_pointer (&saved, bv_source_free);
  ui_test_wait (has_error, dialog);

  put_program ("systemctl", "#!/bin/sh\n");
  put_program ("belvedere-cli", "");
  adw_combo_row_set_selected (ADW_COMBO_ROW (ui_test_find_type (dialog, ADW_TYPE_COMBO_ROW)), 5);
  g_signal_emit_by_name (dialog, "accepted");
  /* systemd is asked in a thread; its answer comes through the main loop. */
  g_assert_true (ui_test_dialog (window) == dialog);
  ui_test_wait (has_no_dialog, window);
  g_assert_true (bv_timer_is_installed (project));
  saved = bv_source_find (project, source->uuid, &error);
  g_assert_no_error (error);
  g_assert_cmpint (saved->schedule.kind, ==, BV_SCHEDULE_HOURLY);
  g_assert_cmpuint (saved->schedule.every, ==, 6);

  /* Closed before systemd has answered. */
  bv_source_schedule_show (GTK_WIDGET (window), workspace, bv_source_copy (saved));
  dialog = ui_test_dialog (window);
  ui_test_settle (dialog);
  gtk_switch_set_active (GTK_SWITCH (ui_test_find_type (dialog, GTK_TYPE_SWITCH)), FALSE);
  g_object_add_weak_pointer (G_OBJECT (dialog), (gpointer *) &dialog);
  g_signal_emit_by_name (dialog, "accepted");
  gtk_window_close (GTK_WINDOW (dialog));
  while (dialog != NULL)
    g_main_context_iteration (NULL, TRUE);
  g_assert_false (bv_timer_is_installed (project));
  ui_test_close (window);
}

int
main (int    argc,
      char **argv)
{
  ui_test_init (&argc, &argv);
  {
    g_autofree char *folder = ui_test_path (".");

    g_setenv ("PATH", folder, TRUE); /* no other belvedere-cli */
  }
  g_test_add_func ("/app/source-schedule/timer", test_timer);
  return g_test_run ();
}
