/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "bv-home-page.h"

#include "bv-object-list-page.h"
#include "bv-util.h"

#include <glib/gi18n.h>

struct _BvHomePage
{
  BvPage parent_instance;

  GtkStack *stack;
  GtkWidget *box;
};

G_DEFINE_FINAL_TYPE (BvHomePage, bv_home_page, BV_TYPE_PAGE)

/* --- Sections ------------------------------------------------------------------------------------------------------------ */

static void
add_step (GtkWidget  *list,
          const char *icon,
          const char *title,
          const char *subtitle,
          const char *action,
          const char *kind)
{
  GtkWidget *row = bv_row_new (title, subtitle, kind, NULL);

  adw_action_row_add_prefix (ADW_ACTION_ROW (row), gtk_image_new_from_icon_name (icon));
  if (action != NULL)
    {
      gtk_list_box_row_set_activatable (GTK_LIST_BOX_ROW (row), TRUE);
      gtk_actionable_set_action_name (GTK_ACTIONABLE (row), action);
    }
  adw_action_row_add_suffix (ADW_ACTION_ROW (row), gtk_image_new_from_icon_name ("go-next-symbolic"));
  gtk_list_box_append (GTK_LIST_BOX (list), row);
}

/* The next step of the way from files to a report; nothing once all are made. */
static void
add_next_steps (BvHomePage *self,
                BvModel    *model)
{
  GtkWidget *list, *section;

  if (!bv_page_can_edit (BV_PAGE (self)) || (model->explorations->len > 0 && model->reports->len > 0))
    return;
  section = bv_section_new (_("What to Do Next"), NULL, &list);
  if (model->tables->len > 1 && model->relationships->len == 0)
    add_step (list, "bv-table-symbolic", _("Relate Your Tables"), _("Say which column of one table points to another"), NULL, "tables");
  if (model->explorations->len == 0)
    add_step (list, "bv-exploration-symbolic", _("Make an Exploration"), _("Pick a table and the metrics to measure on it"), "page.new-exploration", NULL);
  if (model->reports->len == 0)
    add_step (list, "bv-report-symbolic", _("Make a Report"), _("Arrange charts as tiles and let filters reach all of them"), "page.new-report", NULL);
  add_step (list, "document-open-symbolic", _("Import More Files"), _("CSV, JSON, XLSX, Parquet and SQLite files; or drop them on this window"), "win.import", NULL);
  gtk_box_append (GTK_BOX (self->box), section);
}

static GtkWidget *
new_card (BvReport *report)
{
  GtkWidget *button = gtk_button_new ();
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 6);
  GtkWidget *icon = gtk_image_new_from_icon_name ("bv-report-symbolic");
  GtkWidget *title = gtk_label_new (report->name);
  g_autofree char *tiles = g_strdup_printf (ngettext ("%u tile", "%u tiles", report->tiles->len), report->tiles->len);
  g_autofree char *filters = g_strdup_printf (ngettext ("%u filter", "%u filters", report->filters->len), report->filters->len);
  g_autofree char *text = g_strdup_printf ("%s · %s", tiles, filters);
  GtkWidget *detail = gtk_label_new (report->description != NULL ? report->description : text);

  gtk_image_set_pixel_size (GTK_IMAGE (icon), 32);
  gtk_widget_set_halign (icon, GTK_ALIGN_START);
  gtk_label_set_xalign (GTK_LABEL (title), 0);
  gtk_label_set_max_width_chars (GTK_LABEL (title), 24);
  gtk_label_set_ellipsize (GTK_LABEL (title), PANGO_ELLIPSIZE_END);
  gtk_widget_add_css_class (title, "heading");
  gtk_label_set_xalign (GTK_LABEL (detail), 0);
  gtk_label_set_wrap (GTK_LABEL (detail), TRUE);
  gtk_label_set_lines (GTK_LABEL (detail), 2);
  gtk_label_set_width_chars (GTK_LABEL (detail), 20);
  gtk_label_set_max_width_chars (GTK_LABEL (detail), 28);
  gtk_label_set_ellipsize (GTK_LABEL (detail), PANGO_ELLIPSIZE_END);
  gtk_widget_add_css_class (detail, "dim-label");
  gtk_widget_add_css_class (detail, "caption");
  gtk_box_append (GTK_BOX (box), icon);
  gtk_box_append (GTK_BOX (box), title);
  gtk_box_append (GTK_BOX (box), detail);

  gtk_widget_add_css_class (button, "card");
  gtk_widget_add_css_class (button, "report-card");
  gtk_widget_set_size_request (button, 220, -1);
  gtk_widget_set_tooltip_text (button, text);
  gtk_button_set_child (GTK_BUTTON (button), box);
  gtk_actionable_set_action_name (GTK_ACTIONABLE (button), "win.show");
  gtk_actionable_set_action_target (GTK_ACTIONABLE (button), "(ss)", "report", report->uuid);
  bv_set_name (button, report->name);
  return button;
}

static void
add_reports (BvHomePage *self,
             BvModel    *model)
{
  GtkWidget *section, *flow;

  if (model->reports->len == 0)
    return;
  section = bv_section_new (_("Reports"), NULL, NULL);
  flow = gtk_flow_box_new ();
  gtk_flow_box_set_selection_mode (GTK_FLOW_BOX (flow), GTK_SELECTION_NONE);
  gtk_flow_box_set_homogeneous (GTK_FLOW_BOX (flow), TRUE);
  gtk_flow_box_set_column_spacing (GTK_FLOW_BOX (flow), 12);
  gtk_flow_box_set_row_spacing (GTK_FLOW_BOX (flow), 12);
  gtk_flow_box_set_max_children_per_line (GTK_FLOW_BOX (flow), 4);
  gtk_widget_set_margin_top (flow, 6);
  bv_set_name (flow, _("Reports"));
  for (guint i = 0; i < model->reports->len; i++)
    {
      GtkWidget *child = gtk_flow_box_child_new ();

      gtk_widget_set_focusable (child, FALSE);
      gtk_flow_box_child_set_child (GTK_FLOW_BOX_CHILD (child), new_card (g_ptr_array_index (model->reports, i)));
      gtk_flow_box_append (GTK_FLOW_BOX (flow), child);
    }
  gtk_box_append (GTK_BOX (section), flow);
  gtk_box_append (GTK_BOX (self->box), section);
}

/* One row per source: how much there is, and how old its oldest table is. */
static void
add_freshness (BvHomePage *self,
               BvModel    *model)
{
  BvWorkspace *workspace = bv_page_get_workspace (BV_PAGE (self));
  BvLocale *locale = bv_workspace_get_locale (workspace);
  GtkWidget *list;

  gtk_box_append (GTK_BOX (self->box), bv_section_new (_("Data"), NULL, &list));
  for (guint i = 0, next; i < model->tables->len; i = next)
    {
      BvTable *first = g_ptr_array_index (model->tables, i);
      gint64 n_rows = 0, oldest = G_MAXINT64;
      g_autofree char *tables = NULL;
      g_autofree char *rows = NULL;
      g_autofree char *subtitle = NULL;
      g_autofree char *ago = NULL;
      GtkWidget *row, *when;

      for (next = i; next < model->tables->len; next++)
        {
          BvTable *table = g_ptr_array_index (model->tables, next);

          if (g_strcmp0 (table->source, first->source) != 0)
            break;
          n_rows += table->n_rows;
          oldest = MIN (oldest, table->loaded_at);
        }
      tables = g_strdup_printf (ngettext ("%u table", "%u tables", next - i), next - i);
      rows = bv_rows_text (n_rows, locale);
      subtitle = g_strdup_printf ("%s · %s", tables, rows);
      ago = bv_ago (oldest, g_get_real_time (), locale);
      row = bv_row_new (bv_source_label (first->source), subtitle, "sources", NULL);
      when = gtk_label_new (ago);
      gtk_widget_add_css_class (when, "dim-label");
      gtk_widget_set_tooltip_text (when, _("When the oldest of its tables was loaded"));
      adw_action_row_add_suffix (ADW_ACTION_ROW (row), when);
      gtk_list_box_append (GTK_LIST_BOX (list), row);
    }
}

static void
add_problems (BvHomePage *self,
              BvModel    *model)
{
  GtkWidget *list, *section;

  if (model->problems->len == 0)
    return;
  section = bv_section_new (_("Needs Attention"), NULL, &list);
  for (guint i = 0; i < model->problems->len && i < 20; i++)
    {
      BvProblem *problem = g_ptr_array_index (model->problems, i);
      g_auto(GStrv) parts = g_strsplit (problem->path, "/", 3);
      const char *kind = NULL;
      GtkWidget *row;

      if (g_strv_length (parts) > 1)
        kind = g_str_equal (parts[0], "explorations") ? "exploration" : g_str_equal (parts[0], "reports") ? "report" : NULL;
      row = bv_row_new (problem->message, problem->path, kind, kind != NULL ? parts[1] : NULL);
      adw_action_row_add_prefix (ADW_ACTION_ROW (row), gtk_image_new_from_icon_name ("dialog-warning-symbolic"));
      gtk_list_box_append (GTK_LIST_BOX (list), row);
    }
  gtk_box_append (GTK_BOX (self->box), section);
}

static void
add_last_change (BvHomePage *self)
{
  const char *what = bv_workspace_get_undo_name (bv_page_get_workspace (BV_PAGE (self)));
  GtkWidget *list, *section, *row, *button;

  if (what == NULL || !bv_page_can_edit (BV_PAGE (self)))
    return;
  section = bv_section_new (_("Last Change"), NULL, &list);
  row = bv_row_new (what, _("Every change is saved when it is made and can be undone, also after a restart"), NULL, NULL);
  button = gtk_button_new_with_mnemonic (_("_Undo"));
  gtk_widget_set_valign (button, GTK_ALIGN_CENTER);
  gtk_actionable_set_action_name (GTK_ACTIONABLE (button), "win.undo");
  adw_action_row_add_suffix (ADW_ACTION_ROW (row), button);
  gtk_list_box_append (GTK_LIST_BOX (list), row);
  gtk_box_append (GTK_BOX (self->box), section);
}

/* --- The page -------------------------------------------------------------------------------------------------------------- */

static void
bv_home_page_refresh (BvPage *page)
{
  BvHomePage *self = BV_HOME_PAGE (page);
  BvModel *model = bv_workspace_get_model (bv_page_get_workspace (page));
  gboolean empty = model->tables->len == 0 && model->explorations->len == 0 && model->reports->len == 0;

  bv_box_clear (self->box);
  gtk_stack_set_visible_child_name (self->stack, empty ? "empty" : "content");
  if (empty)
    return;
  add_problems (self, model);
  add_next_steps (self, model);
  add_reports (self, model);
  if (model->tables->len > 0)
    add_freshness (self, model);
  add_last_change (self);
}

static void
new_exploration_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  bv_new_exploration (widget, bv_page_get_workspace (BV_PAGE (widget)), NULL);
}

static void
new_report_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  bv_new_report (widget, bv_page_get_workspace (BV_PAGE (widget)));
}

static void
bv_home_page_class_init (BvHomePageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  BV_PAGE_CLASS (klass)->refresh = bv_home_page_refresh;
  gtk_widget_class_install_action (widget_class, "page.new-exploration", NULL, new_exploration_action);
  gtk_widget_class_install_action (widget_class, "page.new-report", NULL, new_report_action);
}

static void
bv_home_page_init (BvHomePage *self)
{
  GtkWidget *empty = bv_empty_page_new ("bv-source-symbolic", _("Start With Your Data"),
                                        _("Import CSV, JSON, XLSX, Parquet or SQLite files, or drop them on this window. Each file becomes a table."),
                                        _("_Import Files…"), "win.import");

  self->stack = GTK_STACK (gtk_stack_new ());
  gtk_stack_add_named (self->stack, bv_column_new (960, &self->box), "content");
  gtk_stack_add_named (self->stack, empty, "empty");
  bv_page_set_title (BV_PAGE (self), _("Home"));
  bv_page_set_content (BV_PAGE (self), GTK_WIDGET (self->stack));
}

GtkWidget *
bv_home_page_new (BvWorkspace *workspace,
                  const char  *unused)
{
  BvPage *page = g_object_new (BV_TYPE_HOME_PAGE, "workspace", workspace, NULL);

  bv_page_refresh (page);
  return GTK_WIDGET (page);
}
