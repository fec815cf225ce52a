/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Undo and redo: most steps are a few rows of definitions, but a sync may have changed millions. A step is taken by a thread. The window waits
 * a moment for it, so that what is done next is done to what the step left; when it takes longer, the page is insensitive until it is over.
 */
#include "config.h"
#include "bv-window-private.h"

#include "bv-util.h"

#include <glib/gi18n.h>

#define MOMENT_US (150 * G_TIME_SPAN_MILLISECOND)

typedef struct
{
  BvWindow *window;
  BvWorkspace *workspace;
  gint64 undo; /* the step to undo, 0 to redo */
  const char *what;
  GMutex mutex;   /* guards what follows */
  GCond cond;
  gboolean over;
  gboolean late;  /* nobody waits any more: the main loop takes the result */
  GError *error;
} Step;

static void
step_clear (gpointer data)
{
  Step *step = data;

  g_object_unref (step->window);
  g_object_unref (step->workspace);
  g_clear_error (&step->error);
  g_mutex_clear (&step->mutex);
  g_cond_clear (&step->cond);
}

static void
step_unref (gpointer step)
{
  g_atomic_rc_box_release_full (step, step_clear);
}

static void
finish (Step *step)
{
  BvWindow *self = step->window;
  g_autofree char *text = NULL;

  /* Meanwhile the project may have been closed. */
  if (self->workspace != step->workspace)
    return;
  /* What failed because of a step that the window did not know is for it to know then. */
  if (!bv_workspace_reload (step->workspace, step->error == NULL ? &step->error : NULL) || step->error != NULL)
    {
      bv_show_error (GTK_WIDGET (self), step->undo ? _("Could Not Undo") : _("Could Not Redo"), step->error);
      return;
    }
  /* Translators: %s is the name of a step, as "Move Tile" */
  text = g_strdup_printf (step->undo ? _("Undone: %s") : _("Redone: %s"), step->what);
  bv_window_toast (self, text);
}

static gboolean
late_cb (gpointer data)
{
  Step *step = data;

  step->window->stepping = FALSE;
  if (step->window->pages != NULL)
    gtk_widget_set_sensitive (GTK_WIDGET (step->window->pages), TRUE);
  finish (step);
  return G_SOURCE_REMOVE;
}

/* The result belongs to the window's thread, and so does the last reference to the window. */
static gpointer
step_thread (gpointer data)
{
  Step *step = data;
  BvProject *project = bv_workspace_get_project (step->workspace);
  GError *error = NULL;

  if (step->undo != 0)
    bv_project_undo_step (project, step->undo, &error);
  else
    bv_project_redo (project, &error);
  g_mutex_lock (&step->mutex);
  step->error = error;
  step->over = TRUE;
  if (step->late)
    g_idle_add_full (G_PRIORITY_DEFAULT, late_cb, step, step_unref);
  g_cond_signal (&step->cond);
  g_mutex_unlock (&step->mutex);
  return NULL;
}

void
bv_window_undo_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  BvWindow *self = BV_WINDOW (widget);
  gint64 undo = g_str_equal (name, "win.redo") ? 0 : self->undo_step;
  const char *what = undo != 0 ? self->undo_name : bv_workspace_get_redo_name (self->workspace);
  gint64 deadline = g_get_monotonic_time () + MOMENT_US;
  GThread *thread;
  Step *step;
  gboolean over;

  if (what == NULL || self->stepping || (parameter != NULL && g_variant_get_int64 (parameter) != undo))
    return;
  step = g_atomic_rc_box_new0 (Step);
  step->window = g_object_ref (self);
  step->workspace = g_object_ref (self->workspace);
  step->undo = undo;
  step->what = what;
  g_mutex_init (&step->mutex);
  g_cond_init (&step->cond);
  thread = g_thread_new ("belvedere-undo", step_thread, step);

  g_mutex_lock (&step->mutex);
  while (!step->over && g_cond_wait_until (&step->cond, &step->mutex, deadline))
    ;
  over = step->over;
  step->late = !over;
  g_mutex_unlock (&step->mutex);
  if (over)
    {
      g_thread_join (thread);
      finish (step);
      step_unref (step);
      return;
    }
  g_thread_unref (thread);
  self->stepping = TRUE;
  gtk_widget_set_sensitive (GTK_WIDGET (self->pages), FALSE);
}

/* "_Undo Change a__b": the step's own underlines are no mnemonics. */
static char *
escape_mnemonics (const char *step)
{
  g_auto(GStrv) parts = g_strsplit (step != NULL ? step : "", "_", -1);

  return g_strjoinv ("__", parts);
}

void
bv_window_update_undo (BvWindow *self)
{
  const char *undo = NULL;
  gint64 step = self->workspace != NULL ? bv_project_get_undo_step (bv_workspace_get_project (self->workspace), &undo) : 0;
  const char *redo = self->workspace != NULL ? bv_workspace_get_redo_name (self->workspace) : NULL;
  g_autofree char *undo_step = escape_mnemonics (undo);
  g_autofree char *redo_step = escape_mnemonics (redo);
  g_autofree char *undo_label = NULL;
  g_autofree char *redo_label = NULL;
  g_autoptr(GMenuItem) undo_item = NULL;
  g_autoptr(GMenuItem) redo_item = NULL;

  if (step != self->undo_step && self->undo_toast != NULL)
    adw_toast_dismiss (self->undo_toast);
  self->undo_step = step;
  self->undo_name = undo;

  /* Translators: %s is the name of a step, as "Move Tile" */
  undo_label = undo != NULL ? g_strdup_printf (_("_Undo %s"), undo_step) : g_strdup (_("_Undo"));
  redo_label = redo != NULL ? g_strdup_printf (_("_Redo %s"), redo_step) : g_strdup (_("_Redo"));
  undo_item = g_menu_item_new (undo_label, "win.undo");
  redo_item = g_menu_item_new (redo_label, "win.redo");
  g_menu_item_set_attribute (undo_item, "accel", "s", "<Control>z");
  g_menu_item_set_attribute (redo_item, "accel", "s", "<Control><Shift>z");
  g_menu_remove_all (self->undo_section);
  g_menu_append_item (self->undo_section, undo_item);
  g_menu_append_item (self->undo_section, redo_item);

  gtk_widget_action_set_enabled (GTK_WIDGET (self), "win.undo", undo != NULL);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "win.redo", redo != NULL);
}

static void
dismissed_cb (BvWindow *self)
{
  self->undo_toast = NULL;
}

void
bv_window_toast_undo (BvWindow   *self,
                      const char *text)
{
  AdwToast *toast;

  g_return_if_fail (BV_IS_WINDOW (self));

  toast = bv_toast_new (text);
  if (self->workspace != NULL && self->undo_step != 0)
    {
      adw_toast_set_button_label (toast, _("_Undo"));
      adw_toast_set_action_name (toast, "win.undo-step");
      adw_toast_set_action_target (toast, "x", self->undo_step);
      adw_toast_set_priority (toast, ADW_TOAST_PRIORITY_HIGH); /* not when another step may have been made */
      g_signal_connect_object (toast, "dismissed", G_CALLBACK (dismissed_cb), self, G_CONNECT_SWAPPED);
      self->undo_toast = toast;
    }
  bv_window_add_toast (self, toast);
}
