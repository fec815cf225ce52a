/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "bv-welcome.h"

#include "bv-recent.h"
#include "bv-util.h"

#include <glib/gi18n.h>

struct _BvWelcome
{
  AdwBin parent_instance;

  GtkWidget *sample_button;
  GtkWidget *recent_box;
  GtkListBox *recent_list;
};

G_DEFINE_FINAL_TYPE (BvWelcome, bv_welcome, ADW_TYPE_BIN)

static void
fill_recent (BvWelcome *self)
{
  g_autoptr(GPtrArray) paths = bv_recent_list (8);
  GtkListBoxRow *old;

  while ((old = gtk_list_box_get_row_at_index (self->recent_list, 0)) != NULL)
    gtk_list_box_remove (self->recent_list, GTK_WIDGET (old));
  for (guint i = 0; i < paths->len; i++)
    {
      const char *path = g_ptr_array_index (paths, i);
      g_autofree char *title = bv_recent_title (path);
      g_autofree char *directory = g_path_get_dirname (path);
      g_autofree char *shown = bv_recent_folder_text (directory);
      GtkWidget *row = adw_action_row_new ();

      adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (row), FALSE);
      adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), title);
      adw_action_row_set_subtitle (ADW_ACTION_ROW (row), shown);
      adw_action_row_set_subtitle_lines (ADW_ACTION_ROW (row), 1);
      adw_action_row_add_suffix (ADW_ACTION_ROW (row), gtk_image_new_from_icon_name ("go-next-symbolic"));
      gtk_list_box_row_set_activatable (GTK_LIST_BOX_ROW (row), TRUE);
      gtk_actionable_set_action_name (GTK_ACTIONABLE (row), "win.open-path");
      gtk_actionable_set_action_target (GTK_ACTIONABLE (row), "s", path);
      gtk_list_box_append (self->recent_list, row);
    }
  gtk_widget_set_visible (self->recent_box, paths->len > 0);
}

static void
bv_welcome_map (GtkWidget *widget)
{
  fill_recent (BV_WELCOME (widget));

  GTK_WIDGET_CLASS (bv_welcome_parent_class)->map (widget);
}

static void
bv_welcome_class_init (BvWelcomeClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  widget_class->map = bv_welcome_map;
  gtk_widget_class_set_template_from_resource (widget_class, "/io/github/belvedere_bi/Belvedere/bv-welcome.ui");
  gtk_widget_class_bind_template_child (widget_class, BvWelcome, sample_button);
  gtk_widget_class_bind_template_child (widget_class, BvWelcome, recent_box);
  gtk_widget_class_bind_template_child (widget_class, BvWelcome, recent_list);
}

static void
bv_welcome_init (BvWelcome *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}
