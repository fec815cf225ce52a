/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A change cancels the query under way and waits RUN_MS, so that a burst of steps is one query. Until the answer is here the old chart
 * stays, dimmed a little when it takes longer; what is clicked or exported meanwhile is the old chart's. An error stands in the chart's
 * place.
 *
 * "Why" is asked on demand: only while its view is shown. Until its answer is here the view is empty.
 */
#include "config.h"
#include "bv-chart-pane.h"

#include "bv-chart-view.h"
#include "bv-data-grid.h"
#include "bv-drill-dialog.h"
#include "bv-export.h"
#include "bv-util.h"
#include "bv-wrap-box.h"

#include <glib/gi18n.h>
#include <string.h>

#define RUN_MS 60
#define SPIN_MS 250

struct _BvChartPane
{
  AdwBin parent_instance;

  BvWorkspace *workspace;
  BvChart *chart;
  char *key;               /* of the query that @frame answers, or that is under way */
  BvFrame *frame;
  BvChart *shown;          /* (nullable): that @frame answers */
  GError *error;
  GCancellable *cancellable; /* (nullable): while a query runs */
  guint run_id, spin_id;
  gboolean why_stale;
  GCancellable *why_cancellable; /* (nullable): while it is being explained */

  GtkStack *views;
  GtkStack *chart_stack;
  GtkWidget *view;
  GtkWidget *problem;
  GtkWidget *grid;
  GtkTextBuffer *why;
  GtkWidget *notes;
  GtkWidget *spinner;
  GtkWidget *bar_end;
};

G_DEFINE_FINAL_TYPE (BvChartPane, bv_chart_pane, ADW_TYPE_BIN)

enum
{
  SIGNAL_BUSY_CHANGED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

/* --- What is shown --------------------------------------------------------------------------------------------------------------- */

static void
show_notes (BvChartPane *self)
{
  guint n = self->frame != NULL && self->error == NULL ? bv_frame_get_n_notes (self->frame) : 0;

  bv_box_clear (self->notes);
  for (guint i = 0; i < n; i++)
    {
      const BvNote *note = bv_frame_get_note (self->frame, i);
      GtkWidget *line = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6);
      GtkWidget *icon = gtk_image_new_from_icon_name (note->kind == BV_NOTE_INFO ? "dialog-information-symbolic" : "dialog-warning-symbolic");
      GtkWidget *label = gtk_label_new (note->text);

      gtk_label_set_wrap (GTK_LABEL (label), TRUE);
      gtk_label_set_xalign (GTK_LABEL (label), 0);
      gtk_widget_add_css_class (label, "caption");
      gtk_widget_set_valign (icon, GTK_ALIGN_START);
      if (note->kind != BV_NOTE_INFO)
        gtk_widget_add_css_class (icon, "warning");
      gtk_box_append (GTK_BOX (line), icon);
      gtk_box_append (GTK_BOX (line), label);
      gtk_box_append (GTK_BOX (self->notes), line);
    }
  gtk_widget_set_visible (self->notes, n > 0);
}

static void
explained_cb (GObject      *source,
              GAsyncResult *result,
              gpointer      user_data)
{
  g_autoptr(BvChartPane) self = user_data;
  g_autoptr(GError) error = NULL;
  g_autofree char *text = bv_workspace_explain_finish (BV_WORKSPACE (source), result, &error);

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  g_clear_object (&self->why_cancellable);
  gtk_text_buffer_set_text (self->why, text != NULL ? text : error->message, -1);
}

static void
cancel_why (BvChartPane *self)
{
  g_cancellable_cancel (self->why_cancellable);
  g_clear_object (&self->why_cancellable);
}

static void
show_why (BvChartPane *self)
{
  gboolean empty;

  if (!self->why_stale || self->chart == NULL || g_strcmp0 (gtk_stack_get_visible_child_name (self->views), "why") != 0)
    return;
  self->why_stale = FALSE;
  cancel_why (self);
  empty = self->chart->metrics == NULL || self->chart->metrics[0] == NULL;
  gtk_text_buffer_set_text (self->why, empty ? _("Nothing is asked yet") : "", -1);
  if (empty)
    return;
  self->why_cancellable = g_cancellable_new ();
  bv_workspace_explain_async (self->workspace, self->chart, NULL, self->why_cancellable, explained_cb, g_object_ref (self));
}

static void
show_chart (BvChartPane *self)
{
  BvLocale *locale = bv_workspace_get_locale (self->workspace);
  gboolean empty = self->chart == NULL || self->chart->metrics == NULL || self->chart->metrics[0] == NULL;

  if (empty)
    {
      adw_status_page_set_icon_name (ADW_STATUS_PAGE (self->problem), "bv-metric-symbolic");
      adw_status_page_set_title (ADW_STATUS_PAGE (self->problem), _("Choose a Metric"));
      adw_status_page_set_description (ADW_STATUS_PAGE (self->problem), _("Tick a metric in the list, or add one to the shelf above"));
    }
  else if (self->error != NULL)
    {
      g_autofree char *text = g_markup_escape_text (self->error->message, -1);

      adw_status_page_set_icon_name (ADW_STATUS_PAGE (self->problem), "dialog-warning-symbolic");
      adw_status_page_set_title (ADW_STATUS_PAGE (self->problem), _("This Chart Cannot Be Shown"));
      adw_status_page_set_description (ADW_STATUS_PAGE (self->problem), text);
    }
  gtk_stack_set_visible_child_name (self->chart_stack, empty || self->error != NULL ? "problem" : "chart");
  if (!empty && self->error == NULL && self->frame != NULL)
    {
      g_autoptr(BvChartSpec) spec = bv_chart_to_spec (self->chart);

      bv_chart_view_set_chart (BV_CHART_VIEW (self->view), spec, self->frame, locale);
    }
  else if (empty || self->error != NULL)
    bv_chart_view_set_chart (BV_CHART_VIEW (self->view), NULL, NULL, locale);
  show_notes (self);
}

static void
set_spinning (BvChartPane *self,
              gboolean     spinning)
{
  gtk_spinner_set_spinning (GTK_SPINNER (self->spinner), spinning);
  gtk_widget_set_opacity (self->view, spinning ? 0.6 : 1);
}

static gboolean
spin_cb (gpointer user_data)
{
  BvChartPane *self = user_data;

  self->spin_id = 0;
  set_spinning (self, TRUE);
  return G_SOURCE_REMOVE;
}

/* --- Running ---------------------------------------------------------------------------------------------------------------------- */

static void
ran_cb (GObject      *source,
        GAsyncResult *result,
        gpointer      user_data)
{
  g_autoptr(BvChartPane) self = user_data;
  g_autoptr(GError) error = NULL;
  g_autoptr(BvFrame) frame = bv_workspace_run_finish (BV_WORKSPACE (source), result, &error);

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  g_clear_object (&self->cancellable);
  g_clear_handle_id (&self->spin_id, g_source_remove);
  set_spinning (self, FALSE);
  g_clear_error (&self->error);
  self->error = g_steal_pointer (&error);
  /* An error leaves no numbers of the chart before it, in no view. */
  g_clear_pointer (&self->frame, bv_frame_unref);
  g_clear_pointer (&self->shown, bv_chart_free);
  self->frame = g_steal_pointer (&frame);
  self->shown = bv_chart_copy (self->chart);
  bv_data_grid_set_frame (BV_DATA_GRID (self->grid), self->frame, bv_workspace_get_locale (self->workspace));
  show_chart (self);
  g_signal_emit (self, signals[SIGNAL_BUSY_CHANGED], 0);
}

static gboolean
run_cb (gpointer user_data)
{
  BvChartPane *self = user_data;

  self->run_id = 0;
  self->why_stale = TRUE;
  show_why (self);
  if (self->chart->metrics == NULL || self->chart->metrics[0] == NULL)
    {
      g_clear_error (&self->error);
      g_clear_pointer (&self->frame, bv_frame_unref);
      g_clear_pointer (&self->shown, bv_chart_free);
      bv_data_grid_set_frame (BV_DATA_GRID (self->grid), NULL, bv_workspace_get_locale (self->workspace));
      g_clear_handle_id (&self->spin_id, g_source_remove);
      set_spinning (self, FALSE);
      show_chart (self);
      g_signal_emit (self, signals[SIGNAL_BUSY_CHANGED], 0);
      return G_SOURCE_REMOVE;
    }
  self->cancellable = g_cancellable_new ();
  if (self->spin_id == 0)
    self->spin_id = g_timeout_add (SPIN_MS, spin_cb, self);
  bv_workspace_run_async (self->workspace, self->chart, NULL, self->cancellable, ran_cb, g_object_ref (self));
  return G_SOURCE_REMOVE;
}

static void
queue_run (BvChartPane *self)
{
  gboolean was_busy = bv_chart_pane_is_busy (self);

  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  g_clear_handle_id (&self->run_id, g_source_remove);
  self->run_id = g_timeout_add (RUN_MS, run_cb, self);
  if (!was_busy)
    g_signal_emit (self, signals[SIGNAL_BUSY_CHANGED], 0);
}

/* --- Marks and cells ---------------------------------------------------------------------------------------------------------------- */

static void
drill (BvChartPane *self,
       guint        row,
       int          column)
{
  if (self->frame != NULL)
    bv_drill_dialog_present (GTK_WIDGET (self), self->workspace, self->shown, NULL, self->frame, row, column);
}

static void
mark_activated_cb (BvChartPane *self,
                   guint        row,
                   int          column)
{
  drill (self, row, column);
}

static void
view_changed_cb (BvChartPane *self)
{
  show_why (self);
}

/* --- The widget ---------------------------------------------------------------------------------------------------------------------- */

static void
bv_chart_pane_dispose (GObject *object)
{
  BvChartPane *self = BV_CHART_PANE (object);

  g_clear_handle_id (&self->run_id, g_source_remove);
  g_clear_handle_id (&self->spin_id, g_source_remove);
  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  cancel_why (self);

  G_OBJECT_CLASS (bv_chart_pane_parent_class)->dispose (object);
}

static void
bv_chart_pane_finalize (GObject *object)
{
  BvChartPane *self = BV_CHART_PANE (object);

  g_clear_object (&self->workspace);
  g_clear_pointer (&self->chart, bv_chart_free);
  g_clear_pointer (&self->shown, bv_chart_free);
  g_clear_pointer (&self->key, g_free);
  g_clear_pointer (&self->frame, bv_frame_unref);
  g_clear_error (&self->error);

  G_OBJECT_CLASS (bv_chart_pane_parent_class)->finalize (object);
}

static void
bv_chart_pane_class_init (BvChartPaneClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = bv_chart_pane_dispose;
  G_OBJECT_CLASS (klass)->finalize = bv_chart_pane_finalize;

  signals[SIGNAL_BUSY_CHANGED] = g_signal_new ("busy-changed", BV_TYPE_CHART_PANE, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static GtkWidget *
make_why (BvChartPane *self)
{
  GtkWidget *scrolled = bv_scrolled_new ();
  GtkWidget *text = gtk_text_view_new ();

  self->why = gtk_text_view_get_buffer (GTK_TEXT_VIEW (text));
  gtk_text_view_set_editable (GTK_TEXT_VIEW (text), FALSE);
  gtk_text_view_set_cursor_visible (GTK_TEXT_VIEW (text), FALSE);
  gtk_text_view_set_monospace (GTK_TEXT_VIEW (text), TRUE);
  gtk_text_view_set_wrap_mode (GTK_TEXT_VIEW (text), GTK_WRAP_WORD_CHAR);
  gtk_text_view_set_left_margin (GTK_TEXT_VIEW (text), 12);
  gtk_text_view_set_right_margin (GTK_TEXT_VIEW (text), 12);
  gtk_text_view_set_top_margin (GTK_TEXT_VIEW (text), 12);
  gtk_text_view_set_bottom_margin (GTK_TEXT_VIEW (text), 12);
  bv_set_name (text, _("Why this number"));
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (scrolled), text);
  return scrolled;
}

static void
bv_chart_pane_init (BvChartPane *self)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);
  GtkWidget *bar = bv_wrap_box_new (6);
  GtkWidget *switcher = gtk_stack_switcher_new ();
  GtkWidget *chart_box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);

  self->views = GTK_STACK (gtk_stack_new ());
  self->chart_stack = GTK_STACK (gtk_stack_new ());
  self->view = bv_chart_view_new ();
  self->grid = bv_data_grid_new ();
  self->problem = adw_status_page_new ();
  self->notes = gtk_box_new (GTK_ORIENTATION_VERTICAL, 3);
  self->spinner = gtk_spinner_new ();
  self->bar_end = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6);
  bv_data_grid_set_show_total (BV_DATA_GRID (self->grid), TRUE);
  gtk_widget_add_css_class (self->problem, "compact");
  gtk_widget_set_vexpand (self->view, TRUE);
  gtk_widget_set_margin_start (self->view, 6);
  gtk_widget_set_margin_end (self->view, 6);
  gtk_stack_add_named (self->chart_stack, self->view, "chart");
  gtk_stack_add_named (self->chart_stack, self->problem, "problem");
  gtk_widget_set_vexpand (GTK_WIDGET (self->chart_stack), TRUE);
  gtk_widget_set_margin_start (self->notes, 12);
  gtk_widget_set_margin_end (self->notes, 12);
  gtk_widget_set_margin_bottom (self->notes, 6);
  gtk_widget_set_visible (self->notes, FALSE);
  gtk_box_append (GTK_BOX (chart_box), GTK_WIDGET (self->chart_stack));

  gtk_stack_add_titled (self->views, chart_box, "chart", _("Chart"));
  gtk_stack_add_titled (self->views, self->grid, "breakdown", _("Breakdown"));
  gtk_stack_add_titled (self->views, make_why (self), "why", _("Why"));
  gtk_widget_set_vexpand (GTK_WIDGET (self->views), TRUE);
  gtk_stack_switcher_set_stack (GTK_STACK_SWITCHER (switcher), self->views);
  gtk_widget_set_valign (switcher, GTK_ALIGN_CENTER);
  bv_set_name (self->spinner, _("The chart is being computed"));
  gtk_widget_set_hexpand (self->bar_end, TRUE);
  gtk_widget_set_halign (self->bar_end, GTK_ALIGN_END);
  gtk_widget_add_css_class (bar, "pane-bar");
  /* Two lines where the words are long and the window is small. */
  gtk_box_append (GTK_BOX (self->bar_end), self->spinner);
  bv_wrap_box_append (BV_WRAP_BOX (bar), switcher);
  bv_wrap_box_append (BV_WRAP_BOX (bar), self->bar_end);
  gtk_box_append (GTK_BOX (box), bar);
  gtk_box_append (GTK_BOX (box), GTK_WIDGET (self->views));
  gtk_box_append (GTK_BOX (box), self->notes);
  adw_bin_set_child (ADW_BIN (self), box);

  g_signal_connect_swapped (self->view, "mark-activated", G_CALLBACK (mark_activated_cb), self);
  g_signal_connect_swapped (self->grid, "row-activated", G_CALLBACK (drill), self);
  g_signal_connect_swapped (self->views, "notify::visible-child", G_CALLBACK (view_changed_cb), self);
}

GtkWidget *
bv_chart_pane_new (BvWorkspace *workspace)
{
  BvChartPane *self = g_object_new (BV_TYPE_CHART_PANE, NULL);

  self->workspace = g_object_ref (workspace);
  return GTK_WIDGET (self);
}

void
bv_chart_pane_set_chart (BvChartPane *self,
                         BvChart     *chart)
{
  g_autofree char *key = NULL;

  g_return_if_fail (BV_IS_CHART_PANE (self));
  g_return_if_fail (chart != NULL);

  key = bv_query_key (chart, NULL);
  if (chart != self->chart)
    {
      bv_chart_free (self->chart);
      self->chart = bv_chart_copy (chart);
    }
  if (g_strcmp0 (key, self->key) != 0)
    {
      g_free (self->key);
      self->key = g_steal_pointer (&key);
      queue_run (self);
    }
  else if (!bv_chart_pane_is_busy (self))
    show_chart (self);
}

void
bv_chart_pane_refresh (BvChartPane *self)
{
  g_return_if_fail (BV_IS_CHART_PANE (self));

  if (self->chart != NULL)
    queue_run (self);
}

gboolean
bv_chart_pane_is_busy (BvChartPane *self)
{
  g_return_val_if_fail (BV_IS_CHART_PANE (self), FALSE);

  return self->run_id != 0 || self->cancellable != NULL;
}

BvFrame *
bv_chart_pane_get_frame (BvChartPane *self)
{
  g_return_val_if_fail (BV_IS_CHART_PANE (self), NULL);

  return self->frame;
}

const GError *
bv_chart_pane_get_error (BvChartPane *self)
{
  g_return_val_if_fail (BV_IS_CHART_PANE (self), NULL);

  return self->error;
}

GtkStack *
bv_chart_pane_get_views (BvChartPane *self)
{
  g_return_val_if_fail (BV_IS_CHART_PANE (self), NULL);

  return self->views;
}

gboolean
bv_chart_pane_export (BvChartPane  *self,
                      const char   *path,
                      GError      **error)
{
  BvCalendar *calendar = bv_workspace_get_model (self->workspace)->calendar;
  g_autofree char *csv = NULL;

  g_return_val_if_fail (BV_IS_CHART_PANE (self), FALSE);

  if (self->frame == NULL || self->error != NULL)
    {
      g_set_error (error, BV_ERROR, BV_ERROR_INVALID, _("There is nothing to export: choose a metric"));
      return FALSE;
    }
  if (g_str_has_suffix (path, ".xlsx"))
    {
      g_autofree char *title = bv_chart_to_title (self->shown, bv_workspace_get_locale (self->workspace));
      const BvFrame *frames[] = { self->frame };
      const char *titles[] = { title };

      return bv_frame_write_xlsx (frames, titles, 1, calendar, path, error);
    }
  csv = bv_frame_to_csv (self->frame, calendar);
  return g_file_set_contents (path, csv, -1, error);
}

gboolean
bv_chart_pane_copy (BvChartPane *self)
{
  g_return_val_if_fail (BV_IS_CHART_PANE (self), FALSE);

  return bv_data_grid_copy (BV_DATA_GRID (self->grid));
}

void
bv_chart_pane_add_button (BvChartPane *self,
                          GtkWidget   *button)
{
  g_return_if_fail (BV_IS_CHART_PANE (self));

  gtk_box_append (GTK_BOX (self->bar_end), button);
}
