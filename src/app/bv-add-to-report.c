/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "bv-add-to-report.h"

#include "bv-choice.h"
#include "bv-form.h"
#include "bv-report-edit.h"
#include "bv-report-run.h"
#include "bv-util.h"

#include <glib/gi18n.h>

/* @report_name: name or uuid of a report; a new one of this name is made when there is none. @uuid: (out) (transfer full): of the report */
static gboolean
add_to_report (BvWorkspace  *workspace,
               BvChart      *chart,
               const char   *report_name,
               const char   *title,
               char        **uuid,
               GError      **error)
{
  BvModel *model = bv_workspace_get_model (workspace);
  BvReport *current = bv_model_find_report (model, report_name);
  g_autoptr(BvReport) report = current != NULL ? bv_report_copy (current) : bv_report_new (report_name);
  gboolean is_number = g_strcmp0 (chart->type, "number") == 0;
  BvTile *tile = bv_tile_new ("", BV_TILE_CHART);
  BvReport *put;

  tile->title = g_strdup (title);
  bv_chart_free (tile->chart);
  tile->chart = bv_chart_copy (chart);
  tile->w = is_number ? 3 : 6;
  tile->h = is_number ? 3 : 6;
  bv_report_add_tile (model, report, tile);
  if (!bv_workspace_put_report (workspace, _("Add tile"), report, error))
    return FALSE;
  put = bv_model_find_report (bv_workspace_get_model (workspace), report->uuid != NULL ? report->uuid : report->name);
  *uuid = put != NULL ? g_strdup (put->uuid) : NULL;
  return TRUE;
}

/* --- The dialog ------------------------------------------------------------------------------------------------------------------------- */

typedef struct
{
  GtkWidget *over; /* weak */
  BvWorkspace *workspace;
  BvForm *form;
  BvChart *chart;
  BvAddedToReport done;
  GtkWidget *title, *report, *name;
} Add;

static void
add_free (gpointer  data,
          GClosure *closure)
{
  Add *add = data;

  g_clear_weak_pointer (&add->over);
  g_object_unref (add->workspace);
  bv_chart_free (add->chart);
  g_free (add);
}

static void
show_state (Add *add)
{
  g_autofree char *name = bv_form_get_text (add->name);
  gboolean is_new = bv_choice_get (add->report) == NULL;

  gtk_widget_set_visible (add->name, is_new);
  bv_form_set_acceptable (add->form, !is_new || name != NULL);
}

static void
accepted_cb (BvForm *form,
             Add    *add)
{
  g_autofree char *title = bv_form_get_text (add->title);
  g_autofree char *name = bv_form_get_text (add->name);
  const char *report = bv_choice_get (add->report);
  g_autofree char *uuid = NULL;
  g_autoptr(GError) error = NULL;

  if (report == NULL && bv_model_find_report (bv_workspace_get_model (add->workspace), name) != NULL)
    {
      g_set_error (&error, BV_ERROR, BV_ERROR_EXISTS, _("“%s” exists already: choose another name"), name);
      bv_form_show_error (form, error);
      return;
    }
  if (!add_to_report (add->workspace, add->chart, report != NULL ? report : name, title, &uuid, &error))
    {
      bv_form_show_error (form, error);
      return;
    }
  if (add->done != NULL && add->over != NULL)
    add->done (add->over, uuid);
  gtk_window_destroy (GTK_WINDOW (form));
}

void
bv_add_to_report_show (GtkWidget       *over,
                       BvWorkspace     *workspace,
                       BvChart         *chart,
                       BvAddedToReport  done)
{
  BvModel *model = bv_workspace_get_model (workspace);
  g_autofree char *title = bv_chart_to_title (chart, bv_workspace_get_locale (workspace));
  g_autofree char *name = bv_workspace_free_name (workspace, "report", _("Report"));
  GtkWidget *form, *group, *row;
  Add *add = g_new0 (Add, 1);

  g_set_weak_pointer (&add->over, over);
  add->workspace = g_object_ref (workspace);
  add->chart = bv_chart_copy (chart);
  add->done = done;
  form = bv_form_new (over, _("Add to Report"), _("_Add"));
  add->form = BV_FORM (form);
  gtk_window_set_default_size (GTK_WINDOW (form), 460, 300);
  group = bv_form_add_group (add->form, NULL, NULL);
  add->title = bv_form_add_entry (group, _("Title of the tile"), title);
  row = bv_row_new (_("Report"), NULL, NULL, NULL);
  add->report = bv_choice_new (_("Report"));
  for (guint i = 0; i < model->reports->len; i++)
    {
      BvReport *report = g_ptr_array_index (model->reports, i);

      bv_choice_add (add->report, report->uuid, report->name);
    }
  bv_choice_add (add->report, "", _("New report…"));
  adw_action_row_add_suffix (ADW_ACTION_ROW (row), add->report);
  adw_action_row_set_activatable_widget (ADW_ACTION_ROW (row), add->report);
  adw_preferences_group_add (ADW_PREFERENCES_GROUP (group), row);
  add->name = bv_form_add_entry (group, _("Name of the new report"), name);
  show_state (add);
  g_signal_connect_swapped (add->report, "notify::selected", G_CALLBACK (show_state), add);
  g_signal_connect_swapped (add->name, "changed", G_CALLBACK (show_state), add);
  g_signal_connect_data (form, "accepted", G_CALLBACK (accepted_cb), add, add_free, 0);
  gtk_window_present (GTK_WINDOW (form));
}
