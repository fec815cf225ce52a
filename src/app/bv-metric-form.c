/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "bv-metric-form.h"

#include "bv-measure-edit.h"

#include <glib/gi18n.h>

void
bv_metric_rows_add (BvMetricRows *rows,
                    BvForm       *form,
                    BvWorkspace  *workspace,
                    BvMetric     *metric,
                    const char   *format_hint,
                    double        sample)
{
  const BvFormat automatic = BV_FORMAT_INIT;
  GtkWidget *group = bv_form_add_group (form, _("Format"), format_hint);

  rows->format = bv_format_rows_new (group, workspace, metric != NULL ? &metric->format : &automatic, sample);
  group = bv_form_add_group (form, NULL, NULL);
  rows->description = bv_form_add_entry (group, _("Description"), metric != NULL ? metric->description : NULL);
  rows->down = bv_form_add_switch (group, _("Lower is better"), _("A fall is shown as good news"), metric != NULL && metric->down_is_good);
  rows->hidden = bv_form_add_switch (group, _("Hidden"), _("Not offered on the shelves; charts that use it keep working"),
                                     metric != NULL && metric->hidden);
}

static void
read_rows (BvMetricRows *rows,
           BvMetric     *metric)
{
  g_free (metric->description);
  metric->description = bv_form_get_text (rows->description);
  metric->down_is_good = gtk_switch_get_active (GTK_SWITCH (rows->down));
  metric->hidden = gtk_switch_get_active (GTK_SWITCH (rows->hidden));
  bv_format_clear (&metric->format);
  metric->format = bv_format_rows_get (rows->format);
}

void
bv_metric_form_accept (BvForm       *form,
                       BvMetricRows *rows,
                       BvWorkspace  *workspace,
                       const char   *exploration,
                       const char   *old_name,
                       const char   *name,
                       const char   *added,
                       BvMetricRead  read,
                       gpointer      edit)
{
  BvExploration *current = bv_model_find_exploration (bv_workspace_get_model (workspace), exploration);
  g_autoptr(BvExploration) copy = current != NULL ? bv_exploration_copy (current) : NULL;
  g_autoptr(GError) error = NULL;
  BvMetric *metric;

  if (copy == NULL)
    {
      gtk_window_destroy (GTK_WINDOW (form));
      return;
    }
  metric = old_name != NULL ? bv_exploration_find_metric (copy, old_name) : NULL;
  if (metric == NULL)
    {
      /* New, or deleted meanwhile: then it comes back. */
      if (!bv_measure_check_name (copy, name, &error))
        {
          bv_form_show_error (form, error);
          return;
        }
      metric = bv_metric_new (name, BV_AGG_COUNT);
      g_ptr_array_add (copy->metrics, metric);
      old_name = NULL;
    }
  read_rows (rows, metric);
  if (read (edit, copy, metric, &error)
      && bv_measure_commit (workspace, copy, old_name != NULL ? _("Change metric") : added, "metric", old_name, name != NULL ? name : "", &error))
    gtk_window_destroy (GTK_WINDOW (form));
  else
    bv_form_show_error (form, error);
}
