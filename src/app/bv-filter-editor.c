/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Works on a copy of the filter; saving puts it into the report as one step. Choosing another field starts the map of tiles anew by
 * the same-dimension rule and takes a control that fits the field's type. */
#include "config.h"
#include "bv-filter-editor.h"

#include "bv-choice.h"
#include "bv-filter-control.h"
#include "bv-filter-tiles.h"
#include "bv-notice.h"
#include "bv-picker.h"
#include "bv-report-edit.h"
#include "bv-util.h"

#include <glib/gi18n.h>
#include <string.h>

struct _BvFilterEditor
{
  AdwWindow parent_instance;

  BvReportRun *run;
  BvFilter *filter;
  gboolean setting;
  gboolean named;      /* the user typed a name: it no longer follows the field */

  GtkWidget *notice;
  AdwViewStack *stack;
  GtkWidget *accept;
  GtkWidget *name;
  GtkWidget *field_button;
  GtkWidget *field_row;
  GtkWidget *control;
  GtkWidget *default_row;
  GtkWidget *default_button;
  GtkWidget *default_control;
  GtkWidget *required;
  GtkWidget *hidden;
  GtkWidget *label_group;
  GtkWidget *label;
  GtkWidget *limit;
  GtkWidget *controlled_group;
  GPtrArray *controllers; /* GtkSwitch with "bv-filter" */
  GtkWidget *tiles;       /* BvFilterTiles */
};

G_DEFINE_FINAL_TYPE (BvFilterEditor, bv_filter_editor, ADW_TYPE_WINDOW)

static BvModel *
get_model (BvFilterEditor *self)
{
  return bv_workspace_get_model (bv_report_run_get_workspace (self->run));
}

static gboolean
is_default_time (BvFilterEditor *self)
{
  return g_strcmp0 (self->filter->field, BV_FILTER_TIME) == 0;
}

/* Splits "Exploration/Dimension"; names may hold slashes themselves. */
static BvExploration *
find_source (BvModel      *model,
             const char   *field,
             BvDimension **dimension)
{
  for (const char *slash = field != NULL ? strchr (field, '/') : NULL; slash != NULL; slash = strchr (slash + 1, '/'))
    {
      g_autofree char *name = g_strndup (field, (gsize) (slash - field));
      BvExploration *exploration = bv_model_find_exploration (model, name);

      *dimension = exploration != NULL ? bv_exploration_find_dimension (exploration, slash + 1) : NULL;
      if (*dimension != NULL)
        return exploration;
    }
  return NULL;
}

/* --- Showing ------------------------------------------------------------------------------------------------------------ */

static const char *
control_label (const char *control)
{
  static const struct { const char *control, *label; } labels[] = {
    { "multi", N_("Several values") }, { "single", N_("One value") }, { "search", N_("Search for values") },
    { "text", N_("Text within the value") }, { "range", N_("Range of numbers") }, { "date", N_("Range of time") },
    { "boolean", N_("Yes or no") },
  };

  for (guint i = 0; i < G_N_ELEMENTS (labels); i++)
    if (g_str_equal (labels[i].control, control))
      return _(labels[i].label);
  return control;
}

/* The first is the one that a new filter gets. */
static const char *const *
controls_for (BvType   type,
              gboolean default_time)
{
  static const char *const of_time[] = { "date", "multi", "single", NULL };
  static const char *const of_default_time[] = { "date", NULL };
  static const char *const of_numbers[] = { "range", "multi", "single", NULL };
  static const char *const of_bools[] = { "boolean", NULL };
  static const char *const of_texts[] = { "multi", "single", "search", "text", NULL };

  if (default_time)
    return of_default_time;
  if (bv_type_is_time (type))
    return of_time;
  if (bv_type_is_numeric (type))
    return of_numbers;
  return type == BV_TYPE_BOOL ? of_bools : of_texts;
}

static char *
describe_default (BvFilterEditor *self)
{
  GArray *values = self->filter->defaults;
  BvLocale *locale = bv_workspace_get_locale (bv_report_run_get_workspace (self->run));

  if (values->len == 0)
    return g_strdup (_("No filter"));
  if (bv_filter_is_date (self->filter) && g_array_index (values, BvValue, 0).type == BV_TYPE_TEXT)
    return bv_locale_format_range (locale, g_array_index (values, BvValue, 0).s);
  if (g_strcmp0 (self->filter->control, "range") == 0 && values->len == 2)
    {
      g_autofree char *from = bv_locale_format (locale, &g_array_index (values, BvValue, 0), NULL, BV_GRAIN_NONE);
      g_autofree char *to = bv_locale_format (locale, &g_array_index (values, BvValue, 1), NULL, BV_GRAIN_NONE);

      return g_strdup_printf (_("%s – %s"), from, to);
    }
  if (values->len > 1)
    return g_strdup_printf (ngettext ("%u value", "%u values", values->len), values->len);
  if (g_array_index (values, BvValue, 0).type == BV_TYPE_BOOL)
    return g_strdup (g_array_index (values, BvValue, 0).i ? _("Yes") : _("No"));
  return bv_locale_format (locale, &g_array_index (values, BvValue, 0), NULL, BV_GRAIN_NONE);
}

static void
show_default (BvFilterEditor *self)
{
  g_autofree char *text = describe_default (self);

  gtk_menu_button_set_label (GTK_MENU_BUTTON (self->default_button), text);
}

static void
update (BvFilterEditor *self)
{
  BvModel *model = get_model (self);
  BvDimension *dimension = NULL;
  BvExploration *exploration = find_source (model, self->filter->field, &dimension);
  gboolean default_time = is_default_time (self), chosen = default_time || exploration != NULL;
  const char *const *controls = controls_for (bv_filter_type (model, self->filter), default_time);
  gboolean list;

  self->setting = TRUE;
  if (default_time)
    gtk_menu_button_set_label (GTK_MENU_BUTTON (self->field_button), _("Default time field"));
  else
    gtk_menu_button_set_label (GTK_MENU_BUTTON (self->field_button), dimension != NULL ? dimension->name : _("Choose…"));
  adw_action_row_set_subtitle (ADW_ACTION_ROW (self->field_row),
                               default_time          ? _("Each tile by its own time field")
                               : exploration != NULL ? exploration->name
                               : self->filter->field != NULL && *self->filter->field != '\0' ? _("The field is gone: choose another one")
                                                                                              : "");
  gtk_editable_set_text (GTK_EDITABLE (self->name), self->filter->name);

  bv_choice_clear (self->control);
  for (guint i = 0; controls[i] != NULL; i++)
    bv_choice_add (self->control, controls[i], control_label (controls[i]));
  bv_choice_select (self->control, self->filter->control);
  list = !bv_filter_is_date (self->filter) && g_strcmp0 (self->filter->control, "range") != 0
         && g_strcmp0 (self->filter->control, "text") != 0 && g_strcmp0 (self->filter->control, "boolean") != 0;

  bv_choice_clear (self->label);
  bv_choice_add (self->label, NULL, _("The value itself"));
  for (guint i = 0; exploration != NULL && i < exploration->dimensions->len; i++)
    {
      BvDimension *other = g_ptr_array_index (exploration->dimensions, i);

      if (other != dimension && !other->hidden)
        bv_choice_add (self->label, other->name, other->name);
    }
  if (!bv_choice_select (self->label, self->filter->label_field))
    bv_choice_select (self->label, NULL);
  gtk_spin_button_set_value (GTK_SPIN_BUTTON (self->limit), self->filter->limit);
  gtk_switch_set_active (GTK_SWITCH (self->required), self->filter->required);
  gtk_switch_set_active (GTK_SWITCH (self->hidden), self->filter->hidden);
  gtk_widget_set_visible (self->label_group, list && !default_time);
  gtk_widget_set_visible (self->controlled_group, list && !default_time && self->controllers->len > 0);
  gtk_widget_set_sensitive (self->default_row, chosen);
  gtk_widget_set_sensitive (self->accept, chosen && *self->filter->name != '\0');
  show_default (self);
  self->setting = FALSE;
}

/* --- Field ------------------------------------------------------------------------------------------------------------------ */

static void
set_field (BvFilterEditor *self,
           const char     *field)
{
  BvModel *model = get_model (self);
  BvDimension *dimension = NULL;

  g_free (self->filter->field);
  self->filter->field = g_strdup (field);
  find_source (model, field, &dimension);
  if (!self->named)
    {
      g_free (self->filter->name);
      self->filter->name = g_strdup (is_default_time (self) ? _("Date") : dimension != NULL ? dimension->name : "");
    }
  g_free (self->filter->control);
  self->filter->control = g_strdup (controls_for (bv_filter_type (model, self->filter), is_default_time (self))[0]);
  g_array_set_size (self->filter->defaults, 0);
  g_clear_pointer (&self->filter->label_field, g_free);
  g_hash_table_remove_all (self->filter->tiles);
  bv_filter_map_same_dimension (model, bv_report_run_get_report (self->run), self->filter);
  bv_filter_tiles_set_filter (BV_FILTER_TILES (self->tiles), self->filter);
  update (self);
}

static void
picked_cb (BvFilterEditor *self,
           const char     *id)
{
  set_field (self, id);
}

static void
fill_fields (BvFilterEditor *self,
             BvPicker       *picker)
{
  BvModel *model = get_model (self);
  BvReport *report = bv_report_run_get_report (self->run);

  bv_picker_add (picker, BV_FILTER_TIME, _("Default time field"), _("Each tile by its own time field"), "x-office-calendar-symbolic");
  /* Explorations of the report first; a report without charts yet may be filtered by any. */
  for (int used = 1; used >= 0; used--)
    for (guint i = 0; i < model->explorations->len; i++)
      {
        BvExploration *exploration = g_ptr_array_index (model->explorations, i);
        gboolean on_report = FALSE;

        for (guint k = 0; report != NULL && k < report->tiles->len; k++)
          {
            BvTile *tile = g_ptr_array_index (report->tiles, k);

            on_report |= tile->chart != NULL && g_strcmp0 (tile->chart->exploration, exploration->name) == 0;
          }
        if (on_report != (used == 1))
          continue;
        for (guint k = 0; k < exploration->dimensions->len; k++)
          {
            BvDimension *dimension = g_ptr_array_index (exploration->dimensions, k);
            g_autofree char *id = g_strdup_printf ("%s/%s", exploration->name, dimension->name);

            if (!dimension->hidden)
              bv_picker_add (picker, id, dimension->name, exploration->name, NULL);
          }
      }
}

/* --- Settings ------------------------------------------------------------------------------------------------------------------ */

static void
name_changed_cb (BvFilterEditor *self)
{
  if (self->setting)
    return;
  g_free (self->filter->name);
  self->filter->name = g_strstrip (g_strdup (gtk_editable_get_text (GTK_EDITABLE (self->name))));
  self->named = *self->filter->name != '\0';
  gtk_widget_set_sensitive (self->accept, *self->filter->name != '\0' && bv_filter_type (get_model (self), self->filter) != BV_TYPE_NULL);
}

static void
control_selected_cb (BvFilterEditor *self)
{
  const char *control = bv_choice_get (self->control);

  if (self->setting || control == NULL || g_strcmp0 (control, self->filter->control) == 0)
    return;
  g_free (self->filter->control);
  self->filter->control = g_strdup (control);
  /* A default of another kind of control means nothing to this one. */
  g_array_set_size (self->filter->defaults, 0);
  update (self);
}

static void
label_selected_cb (BvFilterEditor *self)
{
  if (self->setting)
    return;
  g_free (self->filter->label_field);
  self->filter->label_field = g_strdup (bv_choice_get (self->label));
}

static void
switched_cb (BvFilterEditor *self)
{
  if (self->setting)
    return;
  self->filter->required = gtk_switch_get_active (GTK_SWITCH (self->required));
  self->filter->hidden = gtk_switch_get_active (GTK_SWITCH (self->hidden));
}

static void
limit_changed_cb (BvFilterEditor *self)
{
  if (!self->setting)
    self->filter->limit = gtk_spin_button_get_value_as_int (GTK_SPIN_BUTTON (self->limit));
}

static void
controllers_changed_cb (BvFilterEditor *self)
{
  g_autoptr(GStrvBuilder) names = g_strv_builder_new ();

  for (guint i = 0; i < self->controllers->len; i++)
    if (gtk_switch_get_active (g_ptr_array_index (self->controllers, i)))
      g_strv_builder_add (names, g_object_get_data (g_ptr_array_index (self->controllers, i), "bv-filter"));
  g_strfreev (self->filter->controlled_by);
  self->filter->controlled_by = g_strv_builder_end (names);
}

static void
default_changed_cb (BvFilterEditor *self)
{
  GArray *values = bv_filter_control_dup_values (BV_FILTER_CONTROL (self->default_control));

  g_array_unref (self->filter->defaults);
  self->filter->defaults = values;
  show_default (self);
}

static void
default_cleared_cb (BvFilterEditor *self)
{
  g_array_set_size (self->filter->defaults, 0);
  bv_filter_control_set_values (BV_FILTER_CONTROL (self->default_control), self->filter->defaults);
  show_default (self);
  gtk_menu_button_popdown (GTK_MENU_BUTTON (self->default_button));
}

static void
make_default_popover_cb (GtkMenuButton *button,
                         gpointer       user_data)
{
  BvFilterEditor *self = user_data;
  GtkWidget *popover = gtk_popover_new ();
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 6);
  GtkWidget *clear = gtk_button_new_with_mnemonic (_("_No Default"));

  self->default_control = bv_filter_control_new (self->run, self->filter);
  bv_filter_control_set_values (BV_FILTER_CONTROL (self->default_control), self->filter->defaults);
  bv_filter_control_load (BV_FILTER_CONTROL (self->default_control));
  g_signal_connect_object (self->default_control, "changed", G_CALLBACK (default_changed_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (clear, "clicked", G_CALLBACK (default_cleared_cb), self, G_CONNECT_SWAPPED);
  gtk_widget_add_css_class (clear, "flat");
  gtk_box_append (GTK_BOX (box), self->default_control);
  gtk_box_append (GTK_BOX (box), clear);
  gtk_popover_set_child (GTK_POPOVER (popover), box);
  gtk_menu_button_set_popover (button, popover);
}

/* --- Saving ---------------------------------------------------------------------------------------------------------------------- */

static const char *
report_uuid (BvFilterEditor *self)
{
  BvReport *report = bv_report_run_get_report (self->run);

  return report != NULL ? report->uuid : "";
}

static void
save_action (GtkWidget  *widget,
             const char *name,
             GVariant   *parameter)
{
  BvFilterEditor *self = BV_FILTER_EDITOR (widget);
  g_autoptr(GError) error = NULL;

  if (*self->filter->name == '\0')
    g_set_error_literal (&error, BV_ERROR, BV_ERROR_INVALID, _("The filter has no name: type one"));
  else if (self->filter->required && self->filter->defaults->len == 0)
    g_set_error_literal (&error, BV_ERROR, BV_ERROR_INVALID, _("A filter that requires a value has no default: choose one"));
  else if (bv_report_put_filter (bv_report_run_get_workspace (self->run), report_uuid (self), self->filter, &error))
    {
      gtk_window_close (GTK_WINDOW (self));
      return;
    }
  bv_notice_show_error (BV_NOTICE (self->notice), error);
}

static void
remove_action (GtkWidget  *widget,
               const char *name,
               GVariant   *parameter)
{
  BvFilterEditor *self = BV_FILTER_EDITOR (widget);
  g_autoptr(GError) error = NULL;

  if (bv_report_remove_filter (bv_report_run_get_workspace (self->run), report_uuid (self), self->filter->id, &error))
    gtk_window_close (GTK_WINDOW (self));
  else
    bv_notice_show_error (BV_NOTICE (self->notice), error);
}

static void
field_action (GtkWidget  *widget,
              const char *name,
              GVariant   *parameter)
{
  set_field (BV_FILTER_EDITOR (widget), g_variant_get_string (parameter, NULL));
}

static void
map_action (GtkWidget  *widget,
            const char *name,
            GVariant   *parameter)
{
  const char *tile, *dimension;

  g_variant_get (parameter, "(&s&s)", &tile, &dimension);
  bv_filter_tiles_map (BV_FILTER_TILES (BV_FILTER_EDITOR (widget)->tiles), tile, dimension);
}

static void
suggestion_action (GtkWidget  *widget,
                   const char *name,
                   GVariant   *parameter)
{
  bv_filter_tiles_use_suggestion (BV_FILTER_TILES (BV_FILTER_EDITOR (widget)->tiles),
                                  parameter != NULL ? g_variant_get_string (parameter, NULL) : NULL);
}

/* --- Making ---------------------------------------------------------------------------------------------------------------------- */

static GtkWidget *
add_group (AdwPreferencesPage *page,
           const char         *title,
           const char         *description)
{
  GtkWidget *group = bv_group_new (title != NULL ? title : _("Filter"), title);

  if (description != NULL)
    bv_group_set_description (group, description);
  adw_preferences_page_add (page, ADW_PREFERENCES_GROUP (group));
  return group;
}

static GtkWidget *
add_row (GtkWidget  *group,
         const char *title,
         const char *subtitle,
         GtkWidget  *suffix)
{
  GtkWidget *row = adw_action_row_new ();

  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (row), FALSE);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), title);
  if (subtitle != NULL)
    adw_action_row_set_subtitle (ADW_ACTION_ROW (row), subtitle);
  gtk_widget_set_valign (suffix, GTK_ALIGN_CENTER);
  bv_set_name (suffix, title);
  adw_action_row_add_suffix (ADW_ACTION_ROW (row), suffix);
  adw_action_row_set_activatable_widget (ADW_ACTION_ROW (row), suffix);
  adw_preferences_group_add (ADW_PREFERENCES_GROUP (group), row);
  return row;
}

static GtkWidget *
make_settings (BvFilterEditor *self)
{
  AdwPreferencesPage *page = ADW_PREFERENCES_PAGE (adw_preferences_page_new ());
  BvReport *report = bv_report_run_get_report (self->run);
  GtkWidget *picker = bv_picker_new (_("Search fields"));
  GtkWidget *group = add_group (page, NULL, NULL);

  self->field_button = gtk_menu_button_new ();
  gtk_menu_button_set_popover (GTK_MENU_BUTTON (self->field_button), picker);
  fill_fields (self, BV_PICKER (picker));
  g_signal_connect_object (picker, "picked", G_CALLBACK (picked_cb), self, G_CONNECT_SWAPPED);
  self->field_row = add_row (group, _("Field"), NULL, self->field_button);
  self->name = adw_entry_row_new ();
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (self->name), _("Name"));
  adw_entry_row_set_activates_default (ADW_ENTRY_ROW (self->name), TRUE);
  g_signal_connect_object (self->name, "changed", G_CALLBACK (name_changed_cb), self, G_CONNECT_SWAPPED);
  adw_preferences_group_add (ADW_PREFERENCES_GROUP (group), self->name);

  group = add_group (page, NULL, NULL);
  self->control = bv_choice_new (_("Looks like"));
  g_signal_connect_object (self->control, "notify::selected", G_CALLBACK (control_selected_cb), self, G_CONNECT_SWAPPED);
  add_row (group, _("Looks like"), NULL, self->control);
  self->default_button = gtk_menu_button_new ();
  gtk_menu_button_set_create_popup_func (GTK_MENU_BUTTON (self->default_button), make_default_popover_cb, self, NULL);
  self->default_row = add_row (group, _("Default value"), NULL, self->default_button);
  self->required = gtk_switch_new ();
  g_signal_connect_object (self->required, "notify::active", G_CALLBACK (switched_cb), self, G_CONNECT_SWAPPED);
  add_row (group, _("Requires a value"), _("There is no “No filter”"), self->required);
  self->hidden = gtk_switch_new ();
  g_signal_connect_object (self->hidden, "notify::active", G_CALLBACK (switched_cb), self, G_CONNECT_SWAPPED);
  add_row (group, _("Hidden"), _("It filters all the same, but only its author sees it"), self->hidden);

  self->label_group = add_group (page, _("List of Values"), NULL);
  self->label = bv_choice_new (_("Shown for a value"));
  g_signal_connect_object (self->label, "notify::selected", G_CALLBACK (label_selected_cb), self, G_CONNECT_SWAPPED);
  add_row (self->label_group, _("Shown for a value"), NULL, self->label);
  self->limit = gtk_spin_button_new_with_range (10, 50000, 100);
  g_signal_connect_object (self->limit, "value-changed", G_CALLBACK (limit_changed_cb), self, G_CONNECT_SWAPPED);
  add_row (self->label_group, _("Values at most"), _("Others are found by searching"), self->limit);

  self->controlled_group = add_group (page, _("Controlled By"), _("Offers only values that go with those of these filters"));
  for (guint i = 0; report != NULL && i < report->filters->len; i++)
    {
      BvFilter *other = g_ptr_array_index (report->filters, i);
      GtkWidget *toggle;

      if (g_strcmp0 (other->id, self->filter->id) == 0)
        continue;
      toggle = gtk_switch_new ();
      g_object_set_data_full (G_OBJECT (toggle), "bv-filter", g_strdup (other->name), g_free);
      gtk_switch_set_active (GTK_SWITCH (toggle), self->filter->controlled_by != NULL
                                                  && g_strv_contains ((const char *const *) self->filter->controlled_by, other->name));
      g_signal_connect_object (toggle, "notify::active", G_CALLBACK (controllers_changed_cb), self, G_CONNECT_SWAPPED);
      add_row (self->controlled_group, other->name, NULL, toggle);
      g_ptr_array_add (self->controllers, toggle);
    }
  if (*self->filter->id != '\0')
    {
      GtkWidget *remove = gtk_button_new_with_mnemonic (_("Re_move Filter"));

      gtk_widget_add_css_class (remove, "destructive-action");
      gtk_widget_set_halign (remove, GTK_ALIGN_CENTER);
      gtk_actionable_set_action_name (GTK_ACTIONABLE (remove), "editor.remove");
      adw_preferences_group_add (ADW_PREFERENCES_GROUP (add_group (page, NULL, NULL)), remove);
    }
  return GTK_WIDGET (page);
}

static void
make (BvFilterEditor *self)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);
  GtkWidget *header = adw_header_bar_new ();
  GtkWidget *switcher = adw_view_switcher_new ();
  GtkWidget *cancel = gtk_button_new_with_mnemonic (_("_Cancel"));

  self->accept = gtk_button_new_with_mnemonic (*self->filter->id != '\0' ? _("_Save") : _("_Add"));
  gtk_widget_add_css_class (self->accept, "suggested-action");
  gtk_actionable_set_action_name (GTK_ACTIONABLE (self->accept), "editor.save");
  gtk_actionable_set_action_name (GTK_ACTIONABLE (cancel), "window.close");
  self->stack = ADW_VIEW_STACK (adw_view_stack_new ());
  self->tiles = bv_filter_tiles_new (self->run);
  adw_view_stack_add_titled (self->stack, make_settings (self), "settings", _("Settings"));
  adw_view_stack_add_titled (self->stack, self->tiles, "tiles", _("Tiles to Update"));
  adw_view_stack_page_set_icon_name (adw_view_stack_get_page (self->stack, adw_view_stack_get_child_by_name (self->stack, "settings")),
                                     "emblem-system-symbolic");
  adw_view_stack_page_set_icon_name (adw_view_stack_get_page (self->stack, self->tiles), "view-grid-symbolic");
  adw_view_switcher_set_stack (ADW_VIEW_SWITCHER (switcher), self->stack);
  adw_view_switcher_set_policy (ADW_VIEW_SWITCHER (switcher), ADW_VIEW_SWITCHER_POLICY_WIDE);
  adw_header_bar_set_title_widget (ADW_HEADER_BAR (header), switcher);
  adw_header_bar_set_show_end_title_buttons (ADW_HEADER_BAR (header), FALSE);
  adw_header_bar_set_show_start_title_buttons (ADW_HEADER_BAR (header), FALSE);
  adw_header_bar_pack_start (ADW_HEADER_BAR (header), cancel);
  adw_header_bar_pack_end (ADW_HEADER_BAR (header), self->accept);
  self->notice = bv_notice_new ();
  gtk_widget_set_vexpand (GTK_WIDGET (self->stack), TRUE);
  gtk_box_append (GTK_BOX (box), header);
  gtk_box_append (GTK_BOX (box), self->notice);
  gtk_box_append (GTK_BOX (box), GTK_WIDGET (self->stack));
  adw_window_set_content (ADW_WINDOW (self), box);
  gtk_window_set_default_widget (GTK_WINDOW (self), self->accept);
}

/* --- Object ------------------------------------------------------------------------------------------------------------------------ */

static void
bv_filter_editor_finalize (GObject *object)
{
  BvFilterEditor *self = BV_FILTER_EDITOR (object);

  g_clear_pointer (&self->filter, bv_filter_free);
  g_clear_pointer (&self->controllers, g_ptr_array_unref);
  g_clear_object (&self->run);

  G_OBJECT_CLASS (bv_filter_editor_parent_class)->finalize (object);
}

static void
bv_filter_editor_class_init (BvFilterEditorClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = bv_filter_editor_finalize;
  gtk_widget_class_install_action (widget_class, "editor.save", NULL, save_action);
  gtk_widget_class_install_action (widget_class, "editor.remove", NULL, remove_action);
  gtk_widget_class_install_action (widget_class, "editor.field", "s", field_action);
  gtk_widget_class_install_action (widget_class, "editor.map", "(ss)", map_action);
  gtk_widget_class_install_action (widget_class, "editor.use-suggestion", "s", suggestion_action);
  gtk_widget_class_install_action (widget_class, "editor.use-suggestions", NULL, suggestion_action);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Escape, 0, "window.close", NULL);
}

static void
bv_filter_editor_init (BvFilterEditor *self)
{
  self->controllers = g_ptr_array_new ();
  gtk_window_set_modal (GTK_WINDOW (self), TRUE);
  gtk_window_set_default_size (GTK_WINDOW (self), 640, 560);
}

GtkWidget *
bv_filter_editor_new (GtkWidget   *over,
                      BvReportRun *run,
                      const char  *filter_id)
{
  BvFilterEditor *self = g_object_new (BV_TYPE_FILTER_EDITOR, "title", filter_id != NULL ? _("Filter") : _("Add Filter"), NULL);
  BvReport *report = bv_report_run_get_report (run);
  BvFilter *filter = filter_id != NULL && report != NULL ? bv_report_find_filter (report, filter_id) : NULL;
  GtkRoot *root = over != NULL ? gtk_widget_get_root (over) : NULL;

  self->run = g_object_ref (run);
  if (filter != NULL)
    {
      self->filter = bv_filter_copy (filter);
      self->named = TRUE;
    }
  else
    {
      self->filter = bv_filter_new ("", "");
      g_free (self->filter->id);
      self->filter->id = g_strdup ("");
    }
  if (GTK_IS_WINDOW (root))
    gtk_window_set_transient_for (GTK_WINDOW (self), GTK_WINDOW (root));
  make (self);
  bv_filter_tiles_set_filter (BV_FILTER_TILES (self->tiles), self->filter);
  update (self);
  return GTK_WIDGET (self);
}

BvFilter *
bv_filter_editor_get_filter (BvFilterEditor *self)
{
  g_return_val_if_fail (BV_IS_FILTER_EDITOR (self), NULL);
  return self->filter;
}
