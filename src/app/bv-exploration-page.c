/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The measures at the left, the shelves above, what they ask for below.
 *
 * The page owns nothing of the exploration: every edit is a step of the workspace, whose ::changed brings the page up to date. The chart
 * being worked on is the builder's; a copy is kept with the workspace, so that it outlives the page for as long as the project is open.
 * When the exploration changes, the chart follows renames (also those of undo and redo) and drops what has gone.
 */
#include "config.h"
#include "bv-exploration-page.h"

#include "bv-add-to-report.h"
#include "bv-chart-builder.h"
#include "bv-chart-edit.h"
#include "bv-chart-pane.h"
#include "bv-measure-edit.h"
#include "bv-measure-list.h"
#include "bv-util.h"
#include "bv-window.h"

#include <glib/gi18n.h>

struct _BvExplorationPage
{
  BvPage parent_instance;

  BvExploration *seen; /* as of the last refresh */

  GtkWidget *paned;
  GtkWidget *measures;
  GtkWidget *query;
  GtkWidget *builder;
  GtkWidget *pane;
};

G_DEFINE_FINAL_TYPE (BvExplorationPage, bv_exploration_page, BV_TYPE_PAGE)

static BvExploration *
find_exploration (gpointer page)
{
  return bv_model_find_exploration (bv_workspace_get_model (bv_page_get_workspace (page)), bv_page_get_object_id (page));
}

/* --- The working chart ---------------------------------------------------------------------------------------------------------------- */

static char *
working_key (BvExplorationPage *self)
{
  return g_strconcat ("bv-working-chart:", bv_page_get_object_id (BV_PAGE (self)), NULL);
}

static void
keep_chart (BvExplorationPage *self,
            BvChart           *chart)
{
  g_autofree char *key = working_key (self);

  g_object_set_data_full (G_OBJECT (bv_page_get_workspace (BV_PAGE (self))), key, bv_chart_copy (chart), (GDestroyNotify) bv_chart_free);
}

static void
show_measures (BvExplorationPage *self,
               BvChart           *chart)
{
  bv_measure_list_show (BV_MEASURE_LIST (self->measures), find_exploration (self), chart, bv_page_can_edit (BV_PAGE (self)));
}

static void
update_actions (BvExplorationPage *self,
                BvChart           *chart)
{
  GtkWidget *widget = GTK_WIDGET (self);
  gboolean asks = chart->metrics != NULL && chart->metrics[0] != NULL;
  gboolean can_edit = bv_page_can_edit (BV_PAGE (self));
  static const char *const edits[] = {
    "page.add-dimension", "page.add-metric", "page.add-formula", "page.add-related", "page.remove-related", "page.edit-measure",
    "page.duplicate-measure", "page.delete-measure", "page.settings",
  };

  for (guint i = 0; i < G_N_ELEMENTS (edits); i++)
    gtk_widget_action_set_enabled (widget, edits[i], can_edit);
  gtk_widget_action_set_enabled (widget, "page.add-to-report", can_edit && asks);
  gtk_widget_action_set_enabled (widget, "page.copy-table", asks);
}

/* The builder has a new chart: all else follows. */
static void
builder_changed_cb (BvExplorationPage *self)
{
  g_autoptr(BvChart) chart = bv_chart_builder_dup_chart (BV_CHART_BUILDER (self->builder));

  if (chart == NULL || find_exploration (self) == NULL)
    return;
  keep_chart (self, chart);
  show_measures (self, chart);
  bv_chart_pane_set_chart (BV_CHART_PANE (self->pane), chart);
  update_actions (self, chart);
}

/* The chart was computed: its series can be named now. */
static void
computed_cb (BvExplorationPage *self)
{
  if (!bv_chart_pane_is_busy (BV_CHART_PANE (self->pane)))
    bv_chart_builder_set_result (BV_CHART_BUILDER (self->builder), bv_chart_pane_get_frame (BV_CHART_PANE (self->pane)));
}

static void
show_chart (BvExplorationPage *self,
            BvChart           *chart)
{
  bv_chart_builder_set_chart (BV_CHART_BUILDER (self->builder), chart);
  builder_changed_cb (self);
}

/* --- Actions ---------------------------------------------------------------------------------------------------------------------------- */

static void
measure_action (GtkWidget  *widget,
                const char *action,
                GVariant   *parameter)
{
  BvExplorationPage *self = BV_EXPLORATION_PAGE (widget);
  BvWorkspace *workspace = bv_page_get_workspace (BV_PAGE (self));
  BvExploration *exploration = find_exploration (self);
  const char *name = g_variant_get_string (parameter, NULL);
  g_autoptr(GError) error = NULL;

  if (exploration == NULL)
    return;
  if (g_str_equal (action, "page.toggle-measure"))
    bv_chart_builder_toggle_measure (BV_CHART_BUILDER (self->builder), name);
  else if (g_str_equal (action, "page.add-dimension"))
    bv_dimension_edit_show (widget, workspace, exploration->uuid, NULL, name);
  else if (g_str_equal (action, "page.add-metric"))
    bv_metric_edit_show (widget, workspace, exploration->uuid, NULL, name);
  else if (g_str_equal (action, "page.add-formula"))
    bv_formula_edit_show (widget, workspace, exploration->uuid, NULL);
  else if (g_str_equal (action, "page.add-related"))
    bv_related_edit_show (widget, workspace, exploration->uuid, name);
  else if (g_str_equal (action, "page.remove-related"))
    bv_related_delete (widget, workspace, exploration->uuid, name);
  else if (g_str_equal (action, "page.delete-measure"))
    bv_measure_delete (widget, workspace, exploration->uuid, name);
  else if (g_str_equal (action, "page.duplicate-measure"))
    {
      if (!bv_measure_duplicate (workspace, exploration->uuid, name, &error))
        bv_show_error (widget, _("Could Not Duplicate the Measure"), error);
    }
  else if (bv_exploration_find_metric (exploration, name) != NULL)
    bv_metric_edit_show (widget, workspace, exploration->uuid, name, NULL);
  else
    bv_dimension_edit_show (widget, workspace, exploration->uuid, name, NULL);
}

static void
settings_action (GtkWidget  *widget,
                 const char *action,
                 GVariant   *parameter)
{
  bv_exploration_settings_show (widget, bv_page_get_workspace (BV_PAGE (widget)), bv_page_get_object_id (BV_PAGE (widget)));
}

static void
added_cb (GtkWidget  *widget,
          const char *report_uuid)
{
  BvReport *report = bv_model_find_report (bv_workspace_get_model (bv_page_get_workspace (BV_PAGE (widget))), report_uuid);
  g_autofree char *text = g_strdup_printf (_("Added to “%s”"), report != NULL ? report->name : "");
  BvWindow *window = bv_window_of (widget);
  AdwToast *toast;

  if (window == NULL || report == NULL)
    return;
  toast = bv_toast_new (text);
  adw_toast_set_button_label (toast, C_("report", "Show"));
  adw_toast_set_action_name (toast, "win.show");
  adw_toast_set_action_target (toast, "(ss)", "report", report_uuid);
  bv_window_add_toast (window, toast);
}

static void
add_to_report_action (GtkWidget  *widget,
                      const char *action,
                      GVariant   *parameter)
{
  BvExplorationPage *self = BV_EXPLORATION_PAGE (widget);
  g_autoptr(BvChart) chart = bv_chart_builder_dup_chart (BV_CHART_BUILDER (self->builder));

  if (chart != NULL)
    bv_add_to_report_show (widget, bv_page_get_workspace (BV_PAGE (self)), chart, added_cb);
}

static void
copy_action (GtkWidget  *widget,
             const char *action,
             GVariant   *parameter)
{
  if (bv_chart_pane_copy (BV_CHART_PANE (BV_EXPLORATION_PAGE (widget)->pane)))
    bv_page_toast (BV_PAGE (widget), _("Breakdown copied"));
}

static void
search_action (GtkWidget  *widget,
               const char *action,
               GVariant   *parameter)
{
  BvExplorationPage *self = BV_EXPLORATION_PAGE (widget);

  gtk_widget_set_visible (self->measures, TRUE);
  bv_measure_list_search (BV_MEASURE_LIST (self->measures));
}

/* The part of time that a chart was zoomed to becomes the chart's range. */
static void
set_range_action (GtkWidget  *widget,
                  const char *action,
                  GVariant   *parameter)
{
  gtk_widget_activate_action_variant (BV_EXPLORATION_PAGE (widget)->builder, "builder.range", parameter);
}

static void
restart_action (GtkWidget  *widget,
                const char *action,
                GVariant   *parameter)
{
  BvExplorationPage *self = BV_EXPLORATION_PAGE (widget);
  BvExploration *exploration = find_exploration (self);
  g_autoptr(BvChart) chart = bv_chart_start (bv_workspace_get_model (bv_page_get_workspace (BV_PAGE (self))), exploration);

  show_chart (self, chart);
}

/* --- The page ----------------------------------------------------------------------------------------------------------------------------- */

static void
bv_exploration_page_refresh (BvPage *page)
{
  BvExplorationPage *self = BV_EXPLORATION_PAGE (page);
  BvModel *model = bv_workspace_get_model (bv_page_get_workspace (page));
  BvExploration *exploration = find_exploration (self);
  g_autoptr(BvChart) chart = bv_chart_builder_dup_chart (BV_CHART_BUILDER (self->builder));

  bv_page_set_title (page, exploration->name);
  bv_page_set_subtitle (page, exploration->description);
  if (chart == NULL)
    {
      g_autofree char *key = working_key (self);
      BvChart *kept = g_object_get_data (G_OBJECT (bv_page_get_workspace (page)), key);

      chart = kept != NULL ? bv_chart_copy (kept) : bv_chart_start (model, exploration);
      /* While the page was away its exploration may have been renamed. */
      g_free (chart->exploration);
      chart->exploration = g_strdup (exploration->name);
    }
  if (self->seen != NULL)
    bv_chart_follow (chart, self->seen, exploration);
  bv_chart_prune (chart, model, exploration);
  g_clear_pointer (&self->seen, bv_exploration_free);
  self->seen = bv_exploration_copy (exploration);
  show_chart (self, chart);
  bv_chart_pane_refresh (BV_CHART_PANE (self->pane));
}

static gboolean
bv_exploration_page_is_busy (BvPage *page)
{
  return bv_chart_pane_is_busy (BV_CHART_PANE (BV_EXPLORATION_PAGE (page)->pane));
}

static gboolean
bv_exploration_page_is_alive (BvPage *page)
{
  return find_exploration (page) != NULL;
}

static gboolean
bv_exploration_page_export_path (BvPage      *page,
                                 const char  *path,
                                 GError     **error)
{
  if (!g_str_has_suffix (path, ".csv") && !g_str_has_suffix (path, ".xlsx"))
    {
      g_set_error (error, BV_ERROR, BV_ERROR_UNSUPPORTED, _("A breakdown can be written as .csv or .xlsx: choose another file name"));
      return FALSE;
    }
  return bv_chart_pane_export (BV_CHART_PANE (BV_EXPLORATION_PAGE (page)->pane), path, error);
}

static char *
bv_exploration_page_export_name (BvPage *page)
{
  g_autofree char *name = g_strdelimit (g_strdup (bv_page_get_title (page)), "/", '-');

  return g_strconcat (name, ".csv", NULL);
}

static void
bv_exploration_page_constructed (GObject *object)
{
  BvExplorationPage *self = BV_EXPLORATION_PAGE (object);
  BvWorkspace *workspace;
  GtkWidget *right, *scrolled, *button, *toggle;
  g_autoptr(GMenu) menu = g_menu_new ();
  g_autoptr(GMenu) output = g_menu_new ();

  G_OBJECT_CLASS (bv_exploration_page_parent_class)->constructed (object);

  workspace = bv_page_get_workspace (BV_PAGE (self));
  if (workspace == NULL)
    return;
  self->measures = bv_measure_list_new (workspace);
  self->builder = bv_chart_builder_new (workspace);
  self->pane = bv_chart_pane_new (workspace);
  g_signal_connect_object (self->pane, "busy-changed", G_CALLBACK (computed_cb), self, G_CONNECT_SWAPPED);
  self->paned = gtk_paned_new (GTK_ORIENTATION_HORIZONTAL);
  bv_set_name (self->paned, _("Divider"));
  right = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);

  gtk_widget_set_margin_start (self->builder, 12);
  gtk_widget_set_margin_end (self->builder, 12);
  gtk_widget_set_margin_top (self->builder, 6);
  gtk_widget_set_margin_bottom (self->builder, 9);
  scrolled = bv_scrolled_new ();
  gtk_scrolled_window_set_policy (GTK_SCROLLED_WINDOW (scrolled), GTK_POLICY_NEVER, GTK_POLICY_AUTOMATIC);
  gtk_scrolled_window_set_propagate_natural_height (GTK_SCROLLED_WINDOW (scrolled), TRUE);
  gtk_scrolled_window_set_max_content_height (GTK_SCROLLED_WINDOW (scrolled), 300);
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (scrolled), self->builder);
  self->query = scrolled;
  gtk_widget_set_size_request (self->pane, -1, 220);
  gtk_widget_set_vexpand (self->pane, TRUE);
  gtk_box_append (GTK_BOX (right), scrolled);
  gtk_box_append (GTK_BOX (right), gtk_separator_new (GTK_ORIENTATION_HORIZONTAL));
  gtk_box_append (GTK_BOX (right), self->pane);

  gtk_widget_set_size_request (self->measures, 188, -1);
  gtk_paned_set_start_child (GTK_PANED (self->paned), self->measures);
  gtk_paned_set_end_child (GTK_PANED (self->paned), right);
  gtk_paned_set_resize_start_child (GTK_PANED (self->paned), FALSE);
  gtk_paned_set_shrink_start_child (GTK_PANED (self->paned), FALSE);
  gtk_paned_set_shrink_end_child (GTK_PANED (self->paned), FALSE);
  gtk_paned_set_position (GTK_PANED (self->paned), 240);
  bv_page_set_content (BV_PAGE (self), self->paned);
  bv_page_set_views (BV_PAGE (self), bv_chart_pane_get_views (BV_CHART_PANE (self->pane)));

  toggle = gtk_toggle_button_new ();
  gtk_button_set_icon_name (GTK_BUTTON (toggle), "view-list-symbolic");
  gtk_widget_set_tooltip_text (toggle, _("Show Measures"));
  bv_set_name (toggle, _("Show Measures"));
  g_object_bind_property (toggle, "active", self->measures, "visible", G_BINDING_BIDIRECTIONAL);
  gtk_toggle_button_set_active (GTK_TOGGLE_BUTTON (toggle), TRUE);
  bv_page_pack_start (BV_PAGE (self), toggle);
  toggle = gtk_toggle_button_new ();
  gtk_button_set_icon_name (GTK_BUTTON (toggle), "document-properties-symbolic");
  gtk_widget_set_tooltip_text (toggle, _("Show Shelves"));
  bv_set_name (toggle, _("Show Shelves"));
  g_object_bind_property (toggle, "active", self->query, "visible", G_BINDING_BIDIRECTIONAL);
  gtk_toggle_button_set_active (GTK_TOGGLE_BUTTON (toggle), TRUE);
  bv_page_pack_start (BV_PAGE (self), toggle);

  g_menu_append (menu, _("Exploration _Settings…"), "page.settings");
  g_menu_append (menu, _("_Find Measures"), "page.find-measure");
  g_menu_append (menu, _("Start _Over"), "page.restart");
  g_menu_append (output, _("_Copy Breakdown"), "page.copy-table");
  g_menu_append (output, _("_Export Breakdown…"), "win.export");
  g_menu_append_section (menu, NULL, G_MENU_MODEL (output));
  button = gtk_menu_button_new ();
  gtk_menu_button_set_icon_name (GTK_MENU_BUTTON (button), "view-more-symbolic");
  gtk_menu_button_set_menu_model (GTK_MENU_BUTTON (button), G_MENU_MODEL (menu));
  gtk_widget_set_tooltip_text (button, _("Exploration"));
  bv_set_name (button, _("Exploration"));
  bv_page_pack_end (BV_PAGE (self), button);

  button = gtk_button_new_with_mnemonic (_("Add to _Report…"));
  gtk_actionable_set_action_name (GTK_ACTIONABLE (button), "page.add-to-report");
  bv_set_name (button, _("Add to Report"));
  bv_chart_pane_add_button (BV_CHART_PANE (self->pane), button);

  g_signal_connect_object (self->builder, "changed", G_CALLBACK (builder_changed_cb), self, G_CONNECT_SWAPPED);
}

static void
bv_exploration_page_finalize (GObject *object)
{
  BvExplorationPage *self = BV_EXPLORATION_PAGE (object);

  g_clear_pointer (&self->seen, bv_exploration_free);

  G_OBJECT_CLASS (bv_exploration_page_parent_class)->finalize (object);
}

static void
bv_exploration_page_class_init (BvExplorationPageClass *klass)
{
  BvPageClass *page_class = BV_PAGE_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  static const char *const measure_actions[] = {
    "page.toggle-measure", "page.add-dimension", "page.add-metric", "page.add-formula", "page.add-related", "page.remove-related",
    "page.edit-measure", "page.duplicate-measure", "page.delete-measure",
  };

  G_OBJECT_CLASS (klass)->constructed = bv_exploration_page_constructed;
  G_OBJECT_CLASS (klass)->finalize = bv_exploration_page_finalize;
  page_class->refresh = bv_exploration_page_refresh;
  page_class->is_busy = bv_exploration_page_is_busy;
  page_class->is_alive = bv_exploration_page_is_alive;
  page_class->export_path = bv_exploration_page_export_path;
  page_class->export_name = bv_exploration_page_export_name;
  for (guint i = 0; i < G_N_ELEMENTS (measure_actions); i++)
    gtk_widget_class_install_action (widget_class, measure_actions[i], "s", measure_action);
  gtk_widget_class_install_action (widget_class, "page.set-range", "s", set_range_action);
  gtk_widget_class_install_action (widget_class, "page.settings", NULL, settings_action);
  gtk_widget_class_install_action (widget_class, "page.add-to-report", NULL, add_to_report_action);
  gtk_widget_class_install_action (widget_class, "page.copy-table", NULL, copy_action);
  gtk_widget_class_install_action (widget_class, "page.find-measure", NULL, search_action);
  gtk_widget_class_install_action (widget_class, "page.restart", NULL, restart_action);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_f, GDK_CONTROL_MASK, "page.find-measure", NULL);
}

static void
bv_exploration_page_init (BvExplorationPage *self)
{
}

GtkWidget *
bv_exploration_page_new (BvWorkspace *workspace,
                         const char  *uuid)
{
  BvPage *page = g_object_new (BV_TYPE_EXPLORATION_PAGE, "workspace", workspace, "object-id", uuid, NULL);

  bv_page_refresh (page);
  return GTK_WIDGET (page);
}

void
bv_exploration_page_set_chart (BvExplorationPage *self,
                               BvChart           *chart)
{
  g_autoptr(BvChart) copy = NULL;
  BvExploration *exploration;

  g_return_if_fail (BV_IS_EXPLORATION_PAGE (self));
  g_return_if_fail (chart != NULL);

  exploration = find_exploration (self);
  if (exploration == NULL)
    return;
  copy = bv_chart_copy (chart);
  g_free (copy->exploration);
  copy->exploration = g_strdup (exploration->name);
  bv_chart_prune (copy, bv_workspace_get_model (bv_page_get_workspace (BV_PAGE (self))), exploration);
  show_chart (self, copy);
}
