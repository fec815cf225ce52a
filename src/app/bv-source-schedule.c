/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "bv-source-dialogs.h"

#include "bv-form.h"
#include "bv-timer.h"
#include "bv-util.h"

#include <glib/gi18n.h>
#include <stdio.h>

static const guint hours[] = { 1, 2, 3, 4, 6, 8, 12, 24 };

/* The choices: off, one per entry of hours, daily. */
#define DAILY (1 + G_N_ELEMENTS (hours))

typedef struct
{
  BvWorkspace *workspace;
  BvForm *form;
  BvSource *source;
  GtkWidget *kind_row;
  GtkWidget *time_row;
  GtkWidget *days_row;
  GtkWidget *days[8]; /* by 1 Monday … 7 Sunday */
  GtkWidget *timer;
} Dialog;

static void
dialog_free (gpointer  data,
             GClosure *closure)
{
  Dialog *self = data;

  g_object_unref (self->workspace);
  bv_source_free (self->source);
  g_free (self);
}

static void
kind_cb (Dialog *self)
{
  gboolean daily = adw_combo_row_get_selected (ADW_COMBO_ROW (self->kind_row)) == DAILY;

  gtk_widget_set_visible (self->time_row, daily);
  gtk_widget_set_visible (self->days_row, daily);
}

static gboolean
read_schedule (Dialog      *self,
               BvSchedule  *schedule,
               GError     **error)
{
  guint selected = adw_combo_row_get_selected (ADW_COMBO_ROW (self->kind_row));
  g_autofree char *time = bv_form_get_text (self->time_row);
  guint hour, minute;
  int n = 0;

  *schedule = (BvSchedule) { BV_SCHEDULE_OFF, 1, 0, 0 };
  if (selected > 0 && selected < DAILY)
    {
      schedule->kind = BV_SCHEDULE_HOURLY;
      schedule->every = hours[selected - 1];
    }
  else if (selected == DAILY)
    {
      if (time == NULL || sscanf (time, "%2u:%2u%n", &hour, &minute, &n) != 2 || time[n] != '\0' || hour > 23 || minute > 59)
        {
          g_set_error (error, BV_ERROR, BV_ERROR_INVALID, _("“%s” is no time of day: write it as 06:30"), time != NULL ? time : "");
          return FALSE;
        }
      schedule->kind = BV_SCHEDULE_DAILY;
      schedule->minute = hour * 60 + minute;
      for (guint i = 1; i <= 7; i++)
        if (gtk_toggle_button_get_active (GTK_TOGGLE_BUTTON (self->days[i])))
          schedule->weekdays |= 1u << i;
      if (schedule->weekdays == 0xfe)
        schedule->weekdays = 0;
    }
  return TRUE;
}

static void
timer_set_cb (GObject      *object,
              GAsyncResult *result,
              gpointer      data)
{
  g_autoptr(BvForm) form = data;
  g_autofree char *hint = NULL;
  g_autoptr(GError) error = NULL;

  bv_timer_set_finish (result, &hint, &error);
  /* Closed meanwhile. */
  if (!gtk_widget_get_mapped (GTK_WIDGET (form)))
    return;
  bv_form_set_acceptable (form, TRUE);
  if (error != NULL)
    {
      bv_form_show_error (form, error);
      return;
    }
  if (hint != NULL)
    {
      GtkWidget *dialog = adw_message_dialog_new (gtk_window_get_transient_for (GTK_WINDOW (form)), _("The Timer Is Not Running Yet"), hint);

      adw_message_dialog_add_response (ADW_MESSAGE_DIALOG (dialog), "close", _("_Close"));
      gtk_window_present (GTK_WINDOW (dialog));
    }
  gtk_window_destroy (GTK_WINDOW (form));
}

static void
accepted_cb (Dialog *self)
{
  BvProject *project = bv_workspace_get_project (self->workspace);
  gboolean wanted = gtk_switch_get_active (GTK_SWITCH (self->timer));
  g_autoptr(GError) error = NULL;

  if (!read_schedule (self, &self->source->schedule, &error) || !bv_source_put (project, self->source, _("Change Schedule"), &error) ||
      !bv_workspace_reload (self->workspace, &error))
    bv_form_show_error (self->form, error);
  else if (wanted || bv_timer_is_installed (project))
    {
      /* Also when it stays: the unit names the times. systemd may take its time. */
      bv_form_set_acceptable (self->form, FALSE);
      bv_timer_set_async (project, wanted, timer_set_cb, g_object_ref (self->form));
    }
  else
    gtk_window_destroy (GTK_WINDOW (self->form));
}

static GtkWidget *
new_days_row (Dialog *self)
{
  GtkWidget *row = bv_row_new (_("Days"), NULL, NULL, NULL);
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 0);

  gtk_widget_add_css_class (box, "linked");
  gtk_widget_set_valign (box, GTK_ALIGN_CENTER);
  for (guint i = 1; i <= 7; i++)
    {
      /* 1 to 7 January 2024 are Monday to Sunday. */
      g_autoptr(GDateTime) day = g_date_time_new_utc (2024, 1, (int) i, 0, 0, 0);
      g_autofree char *label = g_date_time_format (day, "%a");
      g_autofree char *name = g_date_time_format (day, "%A");

      self->days[i] = gtk_toggle_button_new_with_label (label);
      gtk_toggle_button_set_active (GTK_TOGGLE_BUTTON (self->days[i]), self->source->schedule.weekdays == 0 || (self->source->schedule.weekdays & (1u << i)));
      bv_set_name (self->days[i], name);
      gtk_box_append (GTK_BOX (box), self->days[i]);
    }
  adw_action_row_add_suffix (ADW_ACTION_ROW (row), box);
  return row;
}

void
bv_source_schedule_show (GtkWidget   *over,
                         BvWorkspace *workspace,
                         BvSource    *source)
{
  Dialog *self = g_new0 (Dialog, 1);
  g_autoptr(GPtrArray) labels = g_ptr_array_new_with_free_func (g_free);
  g_autofree char *time = NULL;
  guint selected = 0;
  guint minute = source->schedule.kind == BV_SCHEDULE_DAILY ? source->schedule.minute : 6 * 60;
  GtkWidget *group;

  self->workspace = g_object_ref (workspace);
  self->source = source;
  self->form = BV_FORM (bv_form_new (over, _("Schedule"), _("_Save")));
  g_ptr_array_add (labels, g_strdup (C_("schedule", "Off")));
  for (guint i = 0; i < G_N_ELEMENTS (hours); i++)
    {
      g_ptr_array_add (labels, g_strdup_printf (ngettext ("Every hour", "Every %u hours", hours[i]), hours[i]));
      if (source->schedule.kind == BV_SCHEDULE_HOURLY && source->schedule.every >= hours[i])
        selected = i + 1;
    }
  g_ptr_array_add (labels, g_strdup (_("Every day")));
  g_ptr_array_add (labels, NULL);
  if (source->schedule.kind == BV_SCHEDULE_DAILY)
    selected = DAILY;
  group = bv_form_add_group (self->form, source->name, _("A source is synced by itself while its project is open."));
  self->kind_row = bv_form_add_combo (group, _("Sync"), (const char *const *) labels->pdata, selected);
  time = g_strdup_printf ("%02u:%02u", minute / 60, minute % 60);
  self->time_row = bv_form_add_entry (group, _("Time"), time);
  self->days_row = new_days_row (self);
  adw_preferences_group_add (ADW_PREFERENCES_GROUP (group), self->days_row);
  group = bv_form_add_group (self->form, NULL, NULL);
  self->timer = bv_form_add_switch (group, _("Also While Belvedere Is Closed"), _("A timer of systemd syncs all sources of this project that have a schedule"),
                                    bv_timer_is_installed (bv_workspace_get_project (workspace)));
  kind_cb (self);
  g_signal_connect_swapped (self->kind_row, "notify::selected", G_CALLBACK (kind_cb), self);
  g_signal_connect_data (self->form, "accepted", G_CALLBACK (accepted_cb), self, dialog_free, G_CONNECT_SWAPPED);
  gtk_window_present (GTK_WINDOW (self->form));
}
