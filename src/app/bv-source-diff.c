/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "bv-source-dialogs.h"

#include "bv-data-grid.h"
#include "bv-notice.h"
#include "bv-util.h"

#include <glib/gi18n.h>

#define ROW_LIMIT 10000

typedef struct
{
  BvProject *project;
  gint64 run;
  char *table;
} Question;

typedef struct
{
  BvWorkspace *workspace;
  GCancellable *cancellable;
  GtkWidget *grid;
  GtkWidget *notice;
} Dialog;

static void
question_free (gpointer data)
{
  Question *question = data;

  bv_project_unref (question->project);
  g_free (question->table);
  g_free (question);
}

static void
dialog_free (gpointer  data,
             GClosure *closure)
{
  Dialog *self = data;

  g_cancellable_cancel (self->cancellable);
  g_object_unref (self->cancellable);
  g_object_unref (self->workspace);
  g_free (self);
}

static void
close_cb (GtkWidget *window,
          Dialog    *self)
{
  g_object_set_data (G_OBJECT (window), "bv-dialog", NULL);
}

static void
read_thread (GTask        *task,
             gpointer      source,
             gpointer      data,
             GCancellable *cancellable)
{
  Question *question = data;
  GError *error = NULL;
  BvFrame *frame = bv_source_run_diff (question->project, question->run, question->table, ROW_LIMIT, cancellable, &error);

  if (frame != NULL)
    g_task_return_pointer (task, frame, (GDestroyNotify) bv_frame_unref);
  else
    g_task_return_error (task, error);
}

static void
read_cb (GObject      *object,
         GAsyncResult *result,
         gpointer      data)
{
  g_autoptr(GObject) window = data;
  g_autoptr(GError) error = NULL;
  g_autoptr(BvFrame) frame = g_task_propagate_pointer (G_TASK (result), &error);
  Dialog *self = g_object_get_data (window, "bv-dialog");

  if (self == NULL)
    return;
  if (frame == NULL)
    {
      bv_notice_show_error (BV_NOTICE (self->notice), error);
      return;
    }
  for (guint i = 0; i < bv_frame_get_n_notes (frame); i++)
    bv_notice_show (BV_NOTICE (self->notice), bv_frame_get_note (frame, i)->text);
  bv_data_grid_set_frame (BV_DATA_GRID (self->grid), frame, bv_workspace_get_locale (self->workspace));
}

void
bv_source_diff_show (GtkWidget   *over,
                     BvWorkspace *workspace,
                     gint64       run,
                     const char  *table)
{
  Dialog *self = g_new0 (Dialog, 1);
  GtkWidget *window = adw_window_new ();
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);
  GtkWidget *header = adw_header_bar_new ();
  GtkRoot *root = gtk_widget_get_root (over);
  GtkEventController *keys = gtk_shortcut_controller_new ();
  Question *question = g_new0 (Question, 1);
  g_autoptr(GTask) task = NULL;
  /* Translators: the title of a window, %s is a table */
  g_autofree char *title = g_strdup_printf (_("Changes of “%s”"), table);

  self->workspace = g_object_ref (workspace);
  self->cancellable = g_cancellable_new ();
  self->grid = bv_data_grid_new ();
  self->notice = bv_notice_new ();
  gtk_widget_set_vexpand (self->grid, TRUE);
  gtk_box_append (GTK_BOX (box), header);
  gtk_box_append (GTK_BOX (box), self->notice);
  gtk_box_append (GTK_BOX (box), self->grid);
  adw_window_set_content (ADW_WINDOW (window), box);
  gtk_shortcut_controller_add_shortcut (GTK_SHORTCUT_CONTROLLER (keys),
                                        gtk_shortcut_new (gtk_keyval_trigger_new (GDK_KEY_Escape, 0), gtk_named_action_new ("window.close")));
  gtk_widget_add_controller (window, keys);
  gtk_window_set_title (GTK_WINDOW (window), title);
  gtk_window_set_modal (GTK_WINDOW (window), TRUE);
  gtk_window_set_default_size (GTK_WINDOW (window), 760, 520);
  if (GTK_IS_WINDOW (root))
    gtk_window_set_transient_for (GTK_WINDOW (window), GTK_WINDOW (root));
  g_object_set_data (G_OBJECT (window), "bv-dialog", self);
  g_signal_connect_data (window, "destroy", G_CALLBACK (close_cb), self, dialog_free, 0);

  question->project = bv_project_ref (bv_workspace_get_project (workspace));
  question->run = run;
  question->table = g_strdup (table);
  /* Not the task's own: its thread may be the last to hold a task, and must not be the last to hold a window. */
  task = g_task_new (NULL, self->cancellable, read_cb, g_object_ref (window));
  g_task_set_task_data (task, question, question_free);
  g_task_run_in_thread (task, read_thread);
  gtk_window_present (GTK_WINDOW (window));
}
