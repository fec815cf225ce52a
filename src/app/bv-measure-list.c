/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Rows are made again when the model is a new snapshot; a new chart only moves the ticks. */
#include "config.h"
#include "bv-measure-list.h"

#include "bv-chart-edit.h"
#include "bv-measure.h"
#include "bv-util.h"

#include <glib/gi18n.h>
#include <string.h>

#define INDENT 10

struct _BvMeasureList
{
  AdwBin parent_instance;

  BvWorkspace *workspace;
  BvModel *model;      /* that the rows were made from */
  char *exploration;   /* its uuid */
  gboolean can_edit;
  gboolean updating;

  GtkWidget *search;
  GtkWidget *list;
};

G_DEFINE_FINAL_TYPE (BvMeasureList, bv_measure_list, ADW_TYPE_BIN)

static const char *
row_measure (gpointer row)
{
  return g_object_get_data (G_OBJECT (row), "bv-measure");
}

/* --- Rows ------------------------------------------------------------------------------------------------------------------------------- */

static GtkWidget *
make_menu_button (GMenu      *menu,
                  const char *icon_name,
                  const char *name)
{
  GtkWidget *button = gtk_menu_button_new ();

  gtk_menu_button_set_icon_name (GTK_MENU_BUTTON (button), icon_name);
  gtk_menu_button_set_menu_model (GTK_MENU_BUTTON (button), G_MENU_MODEL (menu));
  gtk_widget_add_css_class (button, "flat");
  gtk_widget_add_css_class (button, "small-button");
  gtk_widget_set_valign (button, GTK_ALIGN_CENTER);
  gtk_widget_set_tooltip_text (button, name);
  bv_set_name (button, name);
  return button;
}

static GtkWidget *
make_texts (const char *title,
            const char *subtitle,
            gboolean    heading,
            gboolean    broken)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);
  GtkWidget *label = gtk_label_new (title);

  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_label_set_ellipsize (GTK_LABEL (label), PANGO_ELLIPSIZE_END);
  if (heading)
    gtk_widget_add_css_class (label, "heading");
  if (broken)
    gtk_widget_add_css_class (label, "error");
  gtk_box_append (GTK_BOX (box), label);
  if (subtitle != NULL)
    {
      GtkWidget *caption = gtk_label_new (subtitle);

      gtk_label_set_xalign (GTK_LABEL (caption), 0);
      gtk_label_set_wrap (GTK_LABEL (caption), broken);
      if (!broken)
        gtk_label_set_ellipsize (GTK_LABEL (caption), PANGO_ELLIPSIZE_END);
      gtk_widget_add_css_class (caption, "caption");
      gtk_widget_add_css_class (caption, broken ? "error" : "dim-label");
      gtk_box_append (GTK_BOX (box), caption);
    }
  gtk_widget_set_hexpand (box, TRUE);
  gtk_widget_set_valign (box, GTK_ALIGN_CENTER);
  return box;
}

static void
check_toggled_cb (GtkCheckButton *check,
                  BvMeasureList  *self)
{
  GtkWidget *row = gtk_widget_get_ancestor (GTK_WIDGET (check), GTK_TYPE_LIST_BOX_ROW);

  if (!self->updating)
    gtk_widget_activate_action (GTK_WIDGET (self), "page.toggle-measure", "s", row_measure (row));
}

static void
add_measure (BvMeasureList *self,
             const char    *name,
             const char    *icon_name,
             const char    *tooltip,
             const char    *problem,
             gboolean       hidden,
             guint          depth)
{
  GtkWidget *row = gtk_list_box_row_new ();
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6);
  GtkWidget *check = gtk_check_button_new ();
  GtkWidget *image = gtk_image_new_from_icon_name (problem != NULL ? "dialog-warning-symbolic" : icon_name);

  gtk_widget_set_focusable (check, FALSE);
  gtk_widget_set_valign (check, GTK_ALIGN_CENTER);
  bv_set_name (check, name);
  g_signal_connect (check, "toggled", G_CALLBACK (check_toggled_cb), self);
  gtk_widget_add_css_class (image, problem != NULL ? "error" : "dim-label");
  gtk_box_append (GTK_BOX (box), check);
  gtk_box_append (GTK_BOX (box), image);
  gtk_box_append (GTK_BOX (box), make_texts (name, problem, FALSE, problem != NULL));
  if (hidden)
    {
      GtkWidget *eye = gtk_image_new_from_icon_name ("view-conceal-symbolic");

      gtk_widget_add_css_class (eye, "dim-label");
      gtk_widget_set_tooltip_text (eye, _("Hidden from the shelves"));
      gtk_box_append (GTK_BOX (box), eye);
    }
  if (self->can_edit)
    {
      g_autoptr(GMenu) menu = g_menu_new ();
      g_autofree char *label = g_strdup_printf (_("Actions for “%s”"), name);

      bv_menu_append (menu, _("_Edit…"), "page.edit-measure", g_variant_new_string (name));
      bv_menu_append (menu, _("_Duplicate"), "page.duplicate-measure", g_variant_new_string (name));
      bv_menu_append (menu, _("De_lete…"), "page.delete-measure", g_variant_new_string (name));
      gtk_box_append (GTK_BOX (box), make_menu_button (menu, "view-more-symbolic", label));
    }
  gtk_widget_set_margin_start (box, (int) depth * INDENT);
  gtk_widget_set_tooltip_text (row, problem != NULL ? problem : tooltip);
  gtk_list_box_row_set_child (GTK_LIST_BOX_ROW (row), box);
  gtk_widget_add_css_class (row, "measure-row");
  bv_set_name (row, name);
  g_object_set_data_full (G_OBJECT (row), "bv-measure", g_strdup (name), g_free);
  g_object_set_data (G_OBJECT (row), "bv-check", check);
  gtk_list_box_append (GTK_LIST_BOX (self->list), row);
}

static void
add_role (BvMeasureList *self,
          BvExploration *exploration,
          BvRelated     *related,
          guint          depth)
{
  const char *role = related != NULL ? related->as : exploration->root;
  g_autofree char *title = bv_role_label (self->model, exploration, role);
  g_autofree char *path = related != NULL ? g_strdup_printf ("explorations/%s/related/%s", exploration->name, role) : NULL;
  const BvProblem *problem = path != NULL ? bv_model_find_problem (self->model, path) : NULL;
  gboolean broken = problem != NULL || bv_exploration_find_role (exploration, self->model, role) == NULL;
  g_autofree char *reason = problem != NULL ? g_strdup (problem->message)
                            : broken ? g_strdup_printf (_("The table “%s” does not exist: import it again"), role) : NULL;
  const char *caption = reason;
  GtkWidget *row = gtk_list_box_row_new ();
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 8);
  GtkWidget *image = gtk_image_new_from_icon_name (broken ? "dialog-warning-symbolic" : "bv-table-symbolic");

  if (caption == NULL && related != NULL && !g_str_equal (related->table, role))
    caption = related->table;
  if (broken)
    gtk_widget_add_css_class (image, "error");
  gtk_box_append (GTK_BOX (box), image);
  gtk_box_append (GTK_BOX (box), make_texts (title, caption, TRUE, broken));
  if (self->can_edit)
    {
      g_autoptr(GMenu) menu = g_menu_new ();
      g_autofree char *label = g_strdup_printf (_("Add to “%s”"), title);
      g_autoptr(GMenu) remove = g_menu_new ();

      bv_menu_append (menu, _("Add _Dimension…"), "page.add-dimension", g_variant_new_string (role));
      bv_menu_append (menu, _("Add _Metric…"), "page.add-metric", g_variant_new_string (role));
      bv_menu_append (menu, _("Add _Calculated Metric…"), "page.add-formula", g_variant_new_string (role));
      bv_menu_append (menu, _("Add _Related Data…"), "page.add-related", g_variant_new_string (role));
      if (related != NULL)
        {
          bv_menu_append (remove, _("Re_move…"), "page.remove-related", g_variant_new_string (role));
          g_menu_append_section (menu, NULL, G_MENU_MODEL (remove));
        }
      gtk_box_append (GTK_BOX (box), make_menu_button (menu, "list-add-symbolic", label));
    }
  gtk_widget_set_margin_start (box, (int) depth * INDENT);
  gtk_list_box_row_set_child (GTK_LIST_BOX_ROW (row), box);
  gtk_list_box_row_set_activatable (GTK_LIST_BOX_ROW (row), FALSE);
  gtk_widget_add_css_class (row, "role-row");
  gtk_widget_set_tooltip_text (row, reason);
  bv_set_name (row, title);
  gtk_list_box_append (GTK_LIST_BOX (self->list), row);
}

static void
add_table (BvMeasureList *self,
           BvExploration *exploration,
           BvRelated     *related,
           guint          depth)
{
  const char *role = related != NULL ? related->as : exploration->root;
  BvLocale *locale = bv_workspace_get_locale (self->workspace);

  add_role (self, exploration, related, depth);
  for (guint i = 0; i < exploration->dimensions->len; i++)
    {
      BvDimension *dimension = g_ptr_array_index (exploration->dimensions, i);
      g_autofree char *home = bv_dimension_role (self->model, exploration, dimension);
      g_autofree char *problem = NULL;
      BvField *field;

      if (!g_str_equal (home, role))
        continue;
      problem = bv_measure_problem (self->model, exploration, dimension->name);
      field = bv_exploration_resolve_field (exploration, self->model, dimension->name, NULL, NULL, NULL);
      add_measure (self, dimension->name, bv_dimension_icon (field != NULL ? field->type : BV_TYPE_TEXT),
                   dimension->description != NULL ? dimension->description : dimension->field, problem, dimension->hidden, depth);
    }
  for (guint i = 0; i < exploration->metrics->len; i++)
    {
      BvMetric *metric = g_ptr_array_index (exploration->metrics, i);
      g_autofree char *home = bv_metric_role (self->model, exploration, metric);
      g_autofree char *description = NULL;
      g_autofree char *problem = NULL;

      if (!g_str_equal (home, role))
        continue;
      description = bv_metric_describe (metric, locale);
      if (metric->description != NULL)
        {
          g_autofree char *both = g_strdup_printf ("%s\n%s", metric->description, description);

          g_free (description);
          description = g_steal_pointer (&both);
        }
      problem = bv_measure_problem (self->model, exploration, metric->name);
      add_measure (self, metric->name, bv_metric_icon (metric), description, problem, metric->hidden, depth);
    }
  /* Children hang under their parent, the broken ones under the root. */
  for (guint i = 0; i < exploration->related->len; i++)
    {
      BvRelated *child = g_ptr_array_index (exploration->related, i);
      const char *parent = NULL;

      if (bv_exploration_resolve_related (exploration, self->model, child, &parent, NULL, NULL) == NULL)
        parent = exploration->root;
      if (child != related && g_str_equal (parent, role) && depth <= exploration->related->len)
        add_table (self, exploration, child, depth + 1);
    }
}

/* --- Searching and choosing --------------------------------------------------------------------------------------------------------------- */

static gboolean
filter_cb (GtkListBoxRow *row,
           gpointer       user_data)
{
  BvMeasureList *self = user_data;
  g_autofree char *needle = g_utf8_casefold (gtk_editable_get_text (GTK_EDITABLE (self->search)), -1);
  const char *name = row_measure (row);
  g_autofree char *hay = name != NULL ? g_utf8_casefold (name, -1) : NULL;

  return *needle == '\0' || (hay != NULL && strstr (hay, needle) != NULL);
}

static void
row_activated_cb (BvMeasureList *self,
                  GtkListBoxRow *row)
{
  if (row_measure (row) != NULL)
    gtk_widget_activate_action (GTK_WIDGET (self), "page.toggle-measure", "s", row_measure (row));
}

/* The keys of the row that has the focus: Space ticks, F2 edits, Delete deletes. */
static gboolean
key_pressed_cb (BvMeasureList   *self,
                guint            keyval,
                guint            keycode,
                GdkModifierType  state)
{
  GtkWidget *focus = gtk_root_get_focus (gtk_widget_get_root (GTK_WIDGET (self)));
  GtkWidget *row = focus != NULL ? (GTK_IS_LIST_BOX_ROW (focus) ? focus : NULL) : NULL;
  const char *name = row != NULL ? row_measure (row) : NULL;

  if (name == NULL || (state & gtk_accelerator_get_default_mod_mask ()) != 0)
    return GDK_EVENT_PROPAGATE;
  if (keyval == GDK_KEY_space || keyval == GDK_KEY_KP_Space)
    gtk_widget_activate_action (GTK_WIDGET (self), "page.toggle-measure", "s", name);
  else if (keyval == GDK_KEY_F2 && self->can_edit)
    gtk_widget_activate_action (GTK_WIDGET (self), "page.edit-measure", "s", name);
  else if (keyval == GDK_KEY_Delete && self->can_edit)
    gtk_widget_activate_action (GTK_WIDGET (self), "page.delete-measure", "s", name);
  else
    return GDK_EVENT_PROPAGATE;
  return GDK_EVENT_STOP;
}

static void
bv_measure_list_finalize (GObject *object)
{
  BvMeasureList *self = BV_MEASURE_LIST (object);

  g_clear_object (&self->workspace);
  g_clear_pointer (&self->model, bv_model_unref);
  g_clear_pointer (&self->exploration, g_free);

  G_OBJECT_CLASS (bv_measure_list_parent_class)->finalize (object);
}

static void
bv_measure_list_class_init (BvMeasureListClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = bv_measure_list_finalize;
}

static void
bv_measure_list_init (BvMeasureList *self)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);
  GtkWidget *scrolled = bv_scrolled_new ();
  GtkWidget *nothing = gtk_label_new (_("No measure has this name"));
  GtkEventController *keys = gtk_event_controller_key_new ();

  self->search = bv_search_new (_("Find measures"));
  gtk_widget_set_margin_start (self->search, 6);
  gtk_widget_set_margin_end (self->search, 6);
  gtk_widget_set_margin_top (self->search, 6);
  gtk_widget_set_margin_bottom (self->search, 6);
  self->list = gtk_list_box_new ();
  gtk_list_box_set_selection_mode (GTK_LIST_BOX (self->list), GTK_SELECTION_NONE);
  gtk_list_box_set_filter_func (GTK_LIST_BOX (self->list), filter_cb, self, NULL);
  gtk_widget_add_css_class (self->list, "navigation-sidebar");
  gtk_widget_add_css_class (self->list, "measure-list");
  bv_set_name (self->list, _("Measures"));
  gtk_widget_add_css_class (nothing, "dim-label");
  gtk_widget_set_margin_top (nothing, 24);
  gtk_list_box_set_placeholder (GTK_LIST_BOX (self->list), nothing);
  gtk_scrolled_window_set_policy (GTK_SCROLLED_WINDOW (scrolled), GTK_POLICY_NEVER, GTK_POLICY_AUTOMATIC);
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (scrolled), self->list);
  gtk_widget_set_vexpand (scrolled, TRUE);
  gtk_box_append (GTK_BOX (box), self->search);
  gtk_box_append (GTK_BOX (box), scrolled);
  adw_bin_set_child (ADW_BIN (self), box);
  g_signal_connect_swapped (self->search, "search-changed", G_CALLBACK (gtk_list_box_invalidate_filter), self->list);
  g_signal_connect_swapped (self->list, "row-activated", G_CALLBACK (row_activated_cb), self);
  g_signal_connect_swapped (keys, "key-pressed", G_CALLBACK (key_pressed_cb), self);
  gtk_event_controller_set_propagation_phase (keys, GTK_PHASE_CAPTURE);
  gtk_widget_add_controller (self->list, keys);
}

GtkWidget *
bv_measure_list_new (BvWorkspace *workspace)
{
  BvMeasureList *self = g_object_new (BV_TYPE_MEASURE_LIST, NULL);

  self->workspace = g_object_ref (workspace);
  return GTK_WIDGET (self);
}

void
bv_measure_list_show (BvMeasureList *self,
                      BvExploration *exploration,
                      BvChart       *chart,
                      gboolean       can_edit)
{
  BvModel *model;
  GtkListBoxRow *row;

  g_return_if_fail (BV_IS_MEASURE_LIST (self));

  model = bv_workspace_get_model (self->workspace);
  self->updating = TRUE;
  if (model != self->model || g_strcmp0 (exploration->uuid, self->exploration) != 0 || can_edit != self->can_edit)
    {
      g_clear_pointer (&self->model, bv_model_unref);
      self->model = bv_model_ref (model);
      g_free (self->exploration);
      self->exploration = g_strdup (exploration->uuid);
      self->can_edit = can_edit;
      bv_box_clear (self->list);
      add_table (self, exploration, NULL, 0);
    }
  for (int i = 0; (row = gtk_list_box_get_row_at_index (GTK_LIST_BOX (self->list), i)) != NULL; i++)
    {
      const char *name = row_measure (row);
      gboolean used;

      if (name == NULL)
        continue;
      used = bv_chart_uses (chart, name) || g_strcmp0 (bv_chart_effective_time (chart, exploration), name) == 0;
      gtk_check_button_set_active (g_object_get_data (G_OBJECT (row), "bv-check"), used);
      gtk_accessible_update_state (GTK_ACCESSIBLE (row), GTK_ACCESSIBLE_STATE_SELECTED, used, -1);
    }
  self->updating = FALSE;
}

void
bv_measure_list_search (BvMeasureList *self)
{
  g_return_if_fail (BV_IS_MEASURE_LIST (self));

  gtk_widget_grab_focus (self->search);
}
