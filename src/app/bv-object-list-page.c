/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "bv-object-list-page.h"

#include "bv-util.h"
#include "bv-window.h"

#include <glib/gi18n.h>

struct _BvObjectListPage
{
  BvPage parent_instance;

  BvListKind kind;
  GtkStack *stack;
  GtkWidget *box;
};

G_DEFINE_FINAL_TYPE (BvObjectListPage, bv_object_list_page, BV_TYPE_PAGE)

static const char *
object_kind (BvObjectListPage *self)
{
  return self->kind == BV_LIST_EXPLORATIONS ? "exploration" : "report";
}

/* --- New objects ------------------------------------------------------------------------------------------------------------ */

typedef struct
{
  GtkWidget *widget;
  BvWorkspace *workspace;
  char *table;         /* (nullable): else chosen in @combo */
  GtkWidget *combo;    /* (nullable) */
  GPtrArray *tables;   /* names, as in @combo */
  GtkWidget *name;     /* of explorations: the entry */
  char *proposed;      /* (nullable): the name that was put into it */
} NewObject;

static NewObject *
new_object_new (GtkWidget   *widget,
                BvWorkspace *workspace)
{
  NewObject *object = g_new0 (NewObject, 1);

  object->widget = g_object_ref (widget);
  object->workspace = g_object_ref (workspace);
  object->tables = g_ptr_array_new_with_free_func (g_free);
  return object;
}

static void
new_object_free (NewObject *object)
{
  g_object_unref (object->widget);
  g_object_unref (object->workspace);
  g_free (object->table);
  g_free (object->proposed);
  g_ptr_array_unref (object->tables);
  g_free (object);
}

static void
show (GtkWidget  *widget,
      const char *kind,
      const char *id)
{
  BvWindow *window = bv_window_of (widget);

  if (window != NULL)
    bv_window_show_object (window, kind, id);
}

static BvTable *
chosen_table (NewObject *object)
{
  const char *name = object->table;

  if (object->combo != NULL)
    name = g_ptr_array_index (object->tables, adw_combo_row_get_selected (ADW_COMBO_ROW (object->combo)));
  return bv_model_find_table (bv_workspace_get_model (object->workspace), name);
}

/* An exploration is called after its table until the user names it. */
static void
table_chosen_cb (NewObject *object)
{
  BvTable *table = chosen_table (object);

  if (table == NULL || g_strcmp0 (gtk_editable_get_text (GTK_EDITABLE (object->name)), object->proposed) != 0)
    return;
  g_free (object->proposed);
  object->proposed = bv_workspace_free_name (object->workspace, "exploration", table->label != NULL ? table->label : table->name);
  gtk_editable_set_text (GTK_EDITABLE (object->name), object->proposed);
}

static void
new_exploration_cb (const char *name,
                    gpointer    user_data)
{
  NewObject *object = user_data;
  BvModel *model = bv_workspace_get_model (object->workspace);
  BvTable *table = chosen_table (object);
  g_autoptr(BvExploration) exploration = NULL;
  g_autoptr(GError) error = NULL;

  if (table == NULL)
    return;
  exploration = bv_exploration_new_for_table (model, table);
  g_free (exploration->name);
  exploration->name = g_strdup (name);
  if (!bv_workspace_put_exploration (object->workspace, _("New Exploration"), exploration, &error))
    {
      bv_show_error (object->widget, _("Could Not Make the Exploration"), error);
      return;
    }
  show (object->widget, "exploration", name);
}

void
bv_new_exploration (GtkWidget   *widget,
                    BvWorkspace *workspace,
                    const char  *table)
{
  BvModel *model = bv_workspace_get_model (workspace);
  NewObject *object = new_object_new (widget, workspace);
  g_autoptr(GtkStringList) labels = gtk_string_list_new (NULL);
  BvTable *first = table != NULL ? bv_model_find_table (model, table) : NULL;

  object->table = g_strdup (table);
  for (guint i = 0; table == NULL && i < model->tables->len; i++)
    {
      BvTable *candidate = g_ptr_array_index (model->tables, i);

      if (candidate->hidden)
        continue;
      if (first == NULL)
        first = candidate;
      gtk_string_list_append (labels, candidate->label != NULL ? candidate->label : candidate->name);
      g_ptr_array_add (object->tables, g_strdup (candidate->name));
    }
  if (first == NULL)
    {
      g_autoptr(GError) error = g_error_new (BV_ERROR, BV_ERROR_NOT_FOUND, _("There is no table to explore yet: import a file first"));

      bv_show_error (widget, _("No Data Yet"), error);
      new_object_free (object);
      return;
    }
  if (table == NULL)
    {
      object->combo = adw_combo_row_new ();
      adw_preferences_row_set_title (ADW_PREFERENCES_ROW (object->combo), _("Table"));
      adw_combo_row_set_model (ADW_COMBO_ROW (object->combo), G_LIST_MODEL (labels));
    }
  object->proposed = bv_workspace_free_name (workspace, "exploration", first->label != NULL ? first->label : first->name);
  object->name = bv_ask_text (widget, _("New Exploration"),
                              _("Metrics are measured on the rows of one table; related tables can be added later."), _("Name"),
                              object->proposed, _("_Create"), object->combo, new_exploration_cb, object, (GDestroyNotify) new_object_free);
  if (object->combo != NULL)
    g_signal_connect_swapped (object->combo, "notify::selected", G_CALLBACK (table_chosen_cb), object);
}

static void
new_report_cb (const char *name,
               gpointer    user_data)
{
  NewObject *object = user_data;
  g_autoptr(BvReport) report = bv_report_new (name);
  g_autoptr(GError) error = NULL;

  if (!bv_workspace_put_report (object->workspace, _("New Report"), report, &error))
    {
      bv_show_error (object->widget, _("Could Not Make the Report"), error);
      return;
    }
  show (object->widget, "report", name);
}

void
bv_new_report (GtkWidget   *widget,
               BvWorkspace *workspace)
{
  g_autofree char *name = bv_workspace_free_name (workspace, "report", _("New Report"));

  bv_ask_text (widget, _("New Report"), _("A report arranges charts as tiles; its filters reach every tile."), _("Name"), name,
               _("_Create"), NULL, new_report_cb, new_object_new (widget, workspace), (GDestroyNotify) new_object_free);
}

/* --- What can be done to an object ---------------------------------------------------------------------------------------------- */

static void
new_action (GtkWidget *widget, const char *action, GVariant *parameter)
{
  BvObjectListPage *self = BV_OBJECT_LIST_PAGE (widget);
  BvWorkspace *workspace = bv_page_get_workspace (BV_PAGE (self));

  if (self->kind == BV_LIST_EXPLORATIONS)
    bv_new_exploration (widget, workspace, NULL);
  else
    bv_new_report (widget, workspace);
}

typedef struct
{
  BvObjectListPage *page;
  char *old_name;
} Rename;

static void
rename_free (gpointer data)
{
  Rename *data_ = data;

  g_object_unref (data_->page);
  g_free (data_->old_name);
  g_free (data_);
}

static void
rename_cb (const char *name,
           gpointer    user_data)
{
  Rename *rename = user_data;
  g_autoptr(GError) error = NULL;

  if (g_strcmp0 (name, rename->old_name) == 0)
    return;
  if (!bv_workspace_rename (bv_page_get_workspace (BV_PAGE (rename->page)), object_kind (rename->page), NULL, rename->old_name, name, &error))
    bv_show_error (GTK_WIDGET (rename->page), _("Could Not Rename"), error);
}

static const char *
find_name (BvObjectListPage *self,
           const char       *uuid)
{
  BvModel *model = bv_workspace_get_model (bv_page_get_workspace (BV_PAGE (self)));

  if (self->kind == BV_LIST_EXPLORATIONS)
    {
      BvExploration *exploration = bv_model_find_exploration (model, uuid);

      return exploration != NULL ? exploration->name : NULL;
    }
  else
    {
      BvReport *report = bv_model_find_report (model, uuid);

      return report != NULL ? report->name : NULL;
    }
}

static void
rename_action (GtkWidget *widget, const char *action, GVariant *parameter)
{
  BvObjectListPage *self = BV_OBJECT_LIST_PAGE (widget);
  const char *name = find_name (self, g_variant_get_string (parameter, NULL));
  Rename *rename;

  if (name == NULL)
    return;
  rename = g_new0 (Rename, 1);
  rename->page = g_object_ref (self);
  rename->old_name = g_strdup (name);
  bv_ask_text (widget, _("Rename"), _("Everything that names it follows."), _("Name"), name, _("_Rename"), NULL, rename_cb, rename, rename_free);
}

static void
duplicate_action (GtkWidget *widget, const char *action, GVariant *parameter)
{
  BvObjectListPage *self = BV_OBJECT_LIST_PAGE (widget);
  BvWorkspace *workspace = bv_page_get_workspace (BV_PAGE (self));
  const char *uuid = g_variant_get_string (parameter, NULL);
  const char *name = find_name (self, uuid);
  g_autofree char *copy_name = NULL;
  g_autoptr(GError) error = NULL;
  gboolean done;

  if (name == NULL)
    return;
  copy_name = bv_workspace_free_name (workspace, object_kind (self), name);
  if (self->kind == BV_LIST_EXPLORATIONS)
    {
      g_autoptr(BvExploration) copy = bv_exploration_copy (bv_model_find_exploration (bv_workspace_get_model (workspace), uuid));

      g_clear_pointer (&copy->uuid, g_free);
      g_free (copy->name);
      copy->name = g_strdup (copy_name);
      done = bv_workspace_put_exploration (workspace, _("Duplicate Exploration"), copy, &error);
    }
  else
    {
      g_autoptr(BvReport) copy = bv_report_copy (bv_model_find_report (bv_workspace_get_model (workspace), uuid));

      g_clear_pointer (&copy->uuid, g_free);
      g_free (copy->name);
      copy->name = g_strdup (copy_name);
      done = bv_workspace_put_report (workspace, _("Duplicate Report"), copy, &error);
    }
  if (!done)
    bv_show_error (widget, _("Could Not Duplicate"), error);
}

/* Deleting asks nothing, since it can be undone at once. */
static void
delete_action (GtkWidget *widget, const char *action, GVariant *parameter)
{
  BvObjectListPage *self = BV_OBJECT_LIST_PAGE (widget);
  const char *uuid = g_variant_get_string (parameter, NULL);
  g_autofree char *name = g_strdup (find_name (self, uuid));
  g_autofree char *text = NULL;
  g_autoptr(GError) error = NULL;
  BvWindow *window = bv_window_of (widget);

  if (name == NULL)
    return;
  if (!bv_workspace_delete (bv_page_get_workspace (BV_PAGE (self)),
                            self->kind == BV_LIST_EXPLORATIONS ? _("Delete Exploration") : _("Delete Report"), uuid, &error))
    {
      bv_show_error (widget, _("Could Not Delete"), error);
      return;
    }
  text = g_strdup_printf (_("“%s” deleted"), name);
  if (window != NULL)
    bv_window_toast_undo (window, text);
}

/* --- The list ------------------------------------------------------------------------------------------------------------------ */

static void
add_row (BvObjectListPage *self,
         GtkWidget        *list,
         const char       *uuid,
         const char       *name,
         const char       *subtitle,
         const BvProblem  *problem)
{
  GtkWidget *row = bv_row_new (name, problem != NULL ? problem->message : subtitle, object_kind (self), uuid);
  g_autofree char *actions = g_strdup_printf (_("Actions for “%s”"), name);

  if (problem != NULL)
    {
      GtkWidget *icon = gtk_image_new_from_icon_name ("dialog-warning-symbolic");

      gtk_widget_add_css_class (icon, "warning");
      adw_action_row_add_prefix (ADW_ACTION_ROW (row), icon);
    }
  if (bv_page_can_edit (BV_PAGE (self)))
    {
      g_autoptr(GMenu) menu = g_menu_new ();
      GtkWidget *button = gtk_menu_button_new ();

      bv_menu_append (menu, _("_Rename…"), "page.rename", g_variant_new_string (uuid));
      bv_menu_append (menu, _("_Duplicate"), "page.duplicate", g_variant_new_string (uuid));
      bv_menu_append (menu, _("De_lete"), "page.delete", g_variant_new_string (uuid));
      gtk_menu_button_set_icon_name (GTK_MENU_BUTTON (button), "view-more-symbolic");
      gtk_menu_button_set_menu_model (GTK_MENU_BUTTON (button), G_MENU_MODEL (menu));
      gtk_widget_set_valign (button, GTK_ALIGN_CENTER);
      gtk_widget_add_css_class (button, "flat");
      gtk_widget_set_tooltip_text (button, actions);
      bv_set_name (button, actions);
      adw_action_row_add_suffix (ADW_ACTION_ROW (row), button);
    }
  adw_action_row_add_suffix (ADW_ACTION_ROW (row), gtk_image_new_from_icon_name ("go-next-symbolic"));
  gtk_list_box_append (GTK_LIST_BOX (list), row);
}

static void
add_explorations (BvObjectListPage *self,
                  GtkWidget        *list,
                  BvModel          *model)
{
  for (guint i = 0; i < model->explorations->len; i++)
    {
      BvExploration *exploration = g_ptr_array_index (model->explorations, i);
      BvTable *table = bv_model_find_table (model, exploration->root);
      g_autofree char *metrics = g_strdup_printf (ngettext ("%u metric", "%u metrics", exploration->metrics->len), exploration->metrics->len);
      g_autofree char *dimensions = g_strdup_printf (ngettext ("%u dimension", "%u dimensions", exploration->dimensions->len),
                                                     exploration->dimensions->len);
      g_autofree char *subtitle = g_strdup_printf ("%s · %s · %s", table != NULL && table->label != NULL ? table->label : exploration->root,
                                                   metrics, dimensions);
      g_autofree char *path = g_strdup_printf ("explorations/%s", exploration->name);

      add_row (self, list, exploration->uuid, exploration->name, subtitle, bv_model_find_problem (model, path));
    }
}

static void
add_reports (BvObjectListPage *self,
             GtkWidget        *list,
             BvModel          *model)
{
  for (guint i = 0; i < model->reports->len; i++)
    {
      BvReport *report = g_ptr_array_index (model->reports, i);
      g_autofree char *tiles = g_strdup_printf (ngettext ("%u tile", "%u tiles", report->tiles->len), report->tiles->len);
      g_autofree char *filters = g_strdup_printf (ngettext ("%u filter", "%u filters", report->filters->len), report->filters->len);
      g_autofree char *subtitle = g_strdup_printf ("%s · %s", tiles, filters);
      g_autofree char *path = g_strdup_printf ("reports/%s", report->name);

      add_row (self, list, report->uuid, report->name, subtitle, bv_model_find_problem (model, path));
    }
}

static void
bv_object_list_page_refresh (BvPage *page)
{
  BvObjectListPage *self = BV_OBJECT_LIST_PAGE (page);
  BvModel *model = bv_workspace_get_model (bv_page_get_workspace (page));
  gboolean explorations = self->kind == BV_LIST_EXPLORATIONS;
  guint n = explorations ? model->explorations->len : model->reports->len;
  GtkWidget *list;

  bv_box_clear (self->box);
  gtk_stack_set_visible_child_name (self->stack, n == 0 ? "empty" : "content");
  if (n == 0)
    return;
  list = gtk_list_box_new ();
  gtk_list_box_set_selection_mode (GTK_LIST_BOX (list), GTK_SELECTION_NONE);
  gtk_widget_add_css_class (list, "boxed-list");
  bv_set_name (list, bv_page_get_title (page));
  gtk_box_append (GTK_BOX (self->box), list);
  if (explorations)
    add_explorations (self, list, model);
  else
    add_reports (self, list, model);
}

static void
bv_object_list_page_class_init (BvObjectListPageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  BV_PAGE_CLASS (klass)->refresh = bv_object_list_page_refresh;
  gtk_widget_class_install_action (widget_class, "page.new", NULL, new_action);
  gtk_widget_class_install_action (widget_class, "page.rename", "s", rename_action);
  gtk_widget_class_install_action (widget_class, "page.duplicate", "s", duplicate_action);
  gtk_widget_class_install_action (widget_class, "page.delete", "s", delete_action);
}

static void
bv_object_list_page_init (BvObjectListPage *self)
{
  self->stack = GTK_STACK (gtk_stack_new ());
  gtk_stack_add_named (self->stack, bv_column_new (760, &self->box), "content");
  bv_page_set_content (BV_PAGE (self), GTK_WIDGET (self->stack));
}

GtkWidget *
bv_object_list_page_new (BvWorkspace *workspace,
                         BvListKind   kind)
{
  BvObjectListPage *self = g_object_new (BV_TYPE_OBJECT_LIST_PAGE, "workspace", workspace, NULL);
  gboolean explorations = kind == BV_LIST_EXPLORATIONS;
  GtkWidget *button = gtk_button_new_with_mnemonic (explorations ? _("_New Exploration…") : _("_New Report…"));
  GtkWidget *empty;

  self->kind = kind;
  bv_page_set_title (BV_PAGE (self), explorations ? _("Explorations") : _("Reports"));
  gtk_actionable_set_action_name (GTK_ACTIONABLE (button), "page.new");
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "page.new", bv_page_can_edit (BV_PAGE (self)));
  bv_page_pack_start (BV_PAGE (self), button);
  empty = explorations
            ? bv_empty_page_new ("bv-exploration-symbolic", _("No Explorations Yet"),
                                 _("An exploration measures metrics on one table and filters them through related tables."),
                                 _("_New Exploration…"), "page.new")
            : bv_empty_page_new ("bv-report-symbolic", _("No Reports Yet"),
                                 _("A report arranges charts as tiles and lets its filters reach all of them."),
                                 _("_New Report…"), "page.new");
  gtk_stack_add_named (self->stack, empty, "empty");
  bv_page_refresh (BV_PAGE (self));
  return GTK_WIDGET (self);
}
