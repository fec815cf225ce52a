/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "bv-form.h"

#include "bv-choice.h"
#include "bv-notice.h"
#include "bv-util.h"

#include <glib/gi18n.h>

struct _BvForm
{
  AdwWindow parent_instance;

  GtkWidget *header;
  GtkWidget *accept;
  GtkWidget *notice;
  AdwPreferencesPage *page;
};

G_DEFINE_FINAL_TYPE (BvForm, bv_form, ADW_TYPE_WINDOW)

enum
{
  SIGNAL_ACCEPTED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static void
accept_cb (BvForm *self)
{
  bv_notice_hide (BV_NOTICE (self->notice));
  g_signal_emit (self, signals[SIGNAL_ACCEPTED], 0);
}

static void
bv_form_class_init (BvFormClass *klass)
{
  signals[SIGNAL_ACCEPTED] = g_signal_new ("accepted", BV_TYPE_FORM, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  gtk_widget_class_add_binding_action (GTK_WIDGET_CLASS (klass), GDK_KEY_Escape, 0, "window.close", NULL);
}

static void
bv_form_init (BvForm *self)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);
  GtkWidget *header = self->header = adw_header_bar_new ();
  GtkWidget *cancel = gtk_button_new_with_mnemonic (_("_Cancel"));

  self->accept = gtk_button_new ();
  self->notice = bv_notice_new ();
  self->page = ADW_PREFERENCES_PAGE (adw_preferences_page_new ());
  gtk_widget_add_css_class (self->accept, "suggested-action");
  gtk_button_set_use_underline (GTK_BUTTON (self->accept), TRUE);
  gtk_actionable_set_action_name (GTK_ACTIONABLE (cancel), "window.close");
  g_signal_connect_swapped (self->accept, "clicked", G_CALLBACK (accept_cb), self);

  adw_header_bar_set_show_end_title_buttons (ADW_HEADER_BAR (header), FALSE);
  adw_header_bar_set_show_start_title_buttons (ADW_HEADER_BAR (header), FALSE);
  adw_header_bar_pack_start (ADW_HEADER_BAR (header), cancel);
  adw_header_bar_pack_end (ADW_HEADER_BAR (header), self->accept);
  gtk_box_append (GTK_BOX (box), header);
  gtk_box_append (GTK_BOX (box), self->notice);
  gtk_box_append (GTK_BOX (box), GTK_WIDGET (self->page));
  gtk_widget_set_vexpand (GTK_WIDGET (self->page), TRUE);
  adw_window_set_content (ADW_WINDOW (self), box);
  gtk_window_set_default_size (GTK_WINDOW (self), 520, 560);
  gtk_window_set_modal (GTK_WINDOW (self), TRUE);
  gtk_window_set_default_widget (GTK_WINDOW (self), self->accept);
}

GtkWidget *
bv_form_new (GtkWidget  *over,
             const char *title,
             const char *accept_label)
{
  BvForm *self = g_object_new (BV_TYPE_FORM, "title", title, NULL);
  GtkRoot *root = over != NULL ? gtk_widget_get_root (over) : NULL;

  if (GTK_IS_WINDOW (root))
    gtk_window_set_transient_for (GTK_WINDOW (self), GTK_WINDOW (root));
  gtk_button_set_label (GTK_BUTTON (self->accept), accept_label);
  return GTK_WIDGET (self);
}

GtkWidget *
bv_form_add_group (BvForm     *self,
                   const char *title,
                   const char *description)
{
  GtkWidget *group;

  g_return_val_if_fail (BV_IS_FORM (self), NULL);

  group = bv_group_new (title != NULL ? title : gtk_window_get_title (GTK_WINDOW (self)), title);
  if (description != NULL)
    bv_group_set_description (group, description);
  adw_preferences_page_add (self->page, ADW_PREFERENCES_GROUP (group));
  return group;
}

void
bv_form_show_error (BvForm       *self,
                    const GError *error)
{
  g_return_if_fail (BV_IS_FORM (self));

  bv_notice_show_error (BV_NOTICE (self->notice), error);
}

void
bv_form_show_text (BvForm     *self,
                   const char *text)
{
  g_return_if_fail (BV_IS_FORM (self));

  if (text != NULL)
    bv_notice_show (BV_NOTICE (self->notice), text);
  else
    bv_notice_hide (BV_NOTICE (self->notice));
}

GtkWidget *
bv_form_add_button (BvForm     *self,
                    const char *label,
                    const char *tooltip)
{
  GtkWidget *button = gtk_button_new_with_mnemonic (label);

  g_return_val_if_fail (BV_IS_FORM (self), NULL);

  gtk_widget_set_tooltip_text (button, tooltip);
  adw_header_bar_pack_end (ADW_HEADER_BAR (self->header), button);
  return button;
}

void
bv_form_set_acceptable (BvForm   *self,
                        gboolean  acceptable)
{
  g_return_if_fail (BV_IS_FORM (self));

  gtk_widget_set_sensitive (self->accept, acceptable);
}

GtkWidget *
bv_form_add_entry (GtkWidget  *group,
                   const char *title,
                   const char *text)
{
  GtkWidget *row = adw_entry_row_new ();

  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), title);
  adw_entry_row_set_activates_default (ADW_ENTRY_ROW (row), TRUE);
  gtk_editable_set_text (GTK_EDITABLE (row), text != NULL ? text : "");
  adw_preferences_group_add (ADW_PREFERENCES_GROUP (group), row);
  return row;
}

GtkWidget *
bv_form_add_choice (GtkWidget   *group,
                    const char  *title,
                    GtkWidget  **row_out)
{
  GtkWidget *row = bv_row_new (title, NULL, NULL, NULL);
  GtkWidget *choice = bv_choice_new (title);

  adw_action_row_add_suffix (ADW_ACTION_ROW (row), choice);
  adw_action_row_set_activatable_widget (ADW_ACTION_ROW (row), choice);
  adw_preferences_group_add (ADW_PREFERENCES_GROUP (group), row);
  if (row_out != NULL)
    *row_out = row;
  return choice;
}

GtkWidget *
bv_form_add_combo (GtkWidget         *group,
                   const char        *title,
                   const char *const *labels,
                   guint              selected)
{
  GtkWidget *row = adw_combo_row_new ();
  g_autoptr(GtkStringList) list = gtk_string_list_new (labels);

  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), title);
  adw_combo_row_set_model (ADW_COMBO_ROW (row), G_LIST_MODEL (list));
  adw_combo_row_set_selected (ADW_COMBO_ROW (row), selected);
  adw_preferences_group_add (ADW_PREFERENCES_GROUP (group), row);
  return row;
}

GtkWidget *
bv_form_add_switch (GtkWidget  *group,
                    const char *title,
                    const char *subtitle,
                    gboolean    active)
{
  GtkWidget *row = bv_row_new (title, subtitle, NULL, NULL);
  GtkWidget *toggle = gtk_switch_new ();

  gtk_switch_set_active (GTK_SWITCH (toggle), active);
  gtk_widget_set_valign (toggle, GTK_ALIGN_CENTER);
  bv_set_name (toggle, title);
  adw_action_row_add_suffix (ADW_ACTION_ROW (row), toggle);
  adw_action_row_set_activatable_widget (ADW_ACTION_ROW (row), toggle);
  adw_preferences_group_add (ADW_PREFERENCES_GROUP (group), row);
  return toggle;
}

char *
bv_form_get_text (GtkWidget *entry_row)
{
  g_autofree char *text = g_strstrip (g_strdup (gtk_editable_get_text (GTK_EDITABLE (entry_row))));

  return *text != '\0' ? g_steal_pointer (&text) : NULL;
}
