/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "bv-picker.h"

#include "bv-util.h"

#include <glib/gi18n.h>
#include <string.h>

struct _BvPicker
{
  GtkPopover parent_instance;

  GtkWidget *search;
  GtkWidget *list;
};

G_DEFINE_FINAL_TYPE (BvPicker, bv_picker, GTK_TYPE_POPOVER)

enum
{
  SIGNAL_PICKED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static gboolean
filter_cb (GtkListBoxRow *row,
           gpointer       user_data)
{
  BvPicker *self = user_data;
  g_autofree char *needle = g_utf8_casefold (gtk_editable_get_text (GTK_EDITABLE (self->search)), -1);
  const char *label = g_object_get_data (G_OBJECT (row), "bv-label");
  g_autofree char *hay = g_utf8_casefold (label, -1);

  return *needle == '\0' || strstr (hay, needle) != NULL;
}

static void
row_activated_cb (BvPicker      *self,
                  GtkListBoxRow *row)
{
  g_autofree char *id = g_strdup (g_object_get_data (G_OBJECT (row), "bv-id"));

  gtk_popover_popdown (GTK_POPOVER (self));
  g_signal_emit (self, signals[SIGNAL_PICKED], 0, id);
}

/* Return in the search field takes the first entry that is left. */
static void
search_activate_cb (BvPicker *self)
{
  GtkListBoxRow *row;

  /* The search entry tells of changes with a delay. */
  gtk_list_box_invalidate_filter (GTK_LIST_BOX (self->list));
  for (int i = 0; (row = gtk_list_box_get_row_at_index (GTK_LIST_BOX (self->list), i)) != NULL; i++)
    if (gtk_widget_get_child_visible (GTK_WIDGET (row)))
      {
        row_activated_cb (self, row);
        return;
      }
}

static void
bv_picker_map (GtkWidget *widget)
{
  BvPicker *self = BV_PICKER (widget);

  gtk_editable_set_text (GTK_EDITABLE (self->search), "");
  GTK_WIDGET_CLASS (bv_picker_parent_class)->map (widget);
  gtk_widget_grab_focus (self->search);
}

static void
bv_picker_class_init (BvPickerClass *klass)
{
  GTK_WIDGET_CLASS (klass)->map = bv_picker_map;

  signals[SIGNAL_PICKED] = g_signal_new ("picked", BV_TYPE_PICKER, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_STRING);
}

static void
bv_picker_init (BvPicker *self)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 6);
  GtkWidget *scrolled = bv_scrolled_new ();
  GtkWidget *nothing = gtk_label_new (_("Nothing to choose"));

  self->search = bv_search_new ("");
  self->list = gtk_list_box_new ();
  gtk_list_box_set_selection_mode (GTK_LIST_BOX (self->list), GTK_SELECTION_NONE);
  gtk_list_box_set_filter_func (GTK_LIST_BOX (self->list), filter_cb, self, NULL);
  gtk_widget_add_css_class (nothing, "dim-label");
  gtk_widget_set_margin_top (nothing, 12);
  gtk_widget_set_margin_bottom (nothing, 12);
  gtk_list_box_set_placeholder (GTK_LIST_BOX (self->list), nothing);
  gtk_widget_add_css_class (self->list, "picker-list");
  gtk_scrolled_window_set_policy (GTK_SCROLLED_WINDOW (scrolled), GTK_POLICY_NEVER, GTK_POLICY_AUTOMATIC);
  gtk_scrolled_window_set_propagate_natural_height (GTK_SCROLLED_WINDOW (scrolled), TRUE);
  gtk_scrolled_window_set_max_content_height (GTK_SCROLLED_WINDOW (scrolled), 320);
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (scrolled), self->list);
  gtk_widget_set_size_request (scrolled, 240, -1);
  gtk_box_append (GTK_BOX (box), self->search);
  gtk_box_append (GTK_BOX (box), scrolled);
  gtk_popover_set_child (GTK_POPOVER (self), box);

  g_signal_connect_swapped (self->search, "search-changed", G_CALLBACK (gtk_list_box_invalidate_filter), self->list);
  g_signal_connect_swapped (self->search, "activate", G_CALLBACK (search_activate_cb), self);
  g_signal_connect_swapped (self->list, "row-activated", G_CALLBACK (row_activated_cb), self);
}

GtkWidget *
bv_picker_new (const char *placeholder)
{
  BvPicker *self = g_object_new (BV_TYPE_PICKER, NULL);

  g_object_set (self->search, "placeholder-text", placeholder, NULL);
  bv_set_name (self->search, placeholder);
  bv_set_name (self->list, placeholder);
  return GTK_WIDGET (self);
}

void
bv_picker_clear (BvPicker *self)
{
  g_return_if_fail (BV_IS_PICKER (self));

  for (GtkListBoxRow *row; (row = gtk_list_box_get_row_at_index (GTK_LIST_BOX (self->list), 0)) != NULL;)
    gtk_list_box_remove (GTK_LIST_BOX (self->list), GTK_WIDGET (row));
}

void
bv_picker_add (BvPicker   *self,
               const char *id,
               const char *label,
               const char *subtitle,
               const char *icon_name)
{
  GtkWidget *row, *box, *text, *caption;

  g_return_if_fail (BV_IS_PICKER (self));

  row = gtk_list_box_row_new ();
  box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 8);
  if (icon_name != NULL)
    gtk_box_append (GTK_BOX (box), gtk_image_new_from_icon_name (icon_name));
  text = gtk_label_new (label);
  gtk_label_set_xalign (GTK_LABEL (text), 0);
  gtk_label_set_ellipsize (GTK_LABEL (text), PANGO_ELLIPSIZE_END);
  gtk_label_set_max_width_chars (GTK_LABEL (text), 40);
  gtk_widget_set_hexpand (text, TRUE);
  gtk_box_append (GTK_BOX (box), text);
  if (subtitle != NULL)
    {
      caption = gtk_label_new (subtitle);
      gtk_label_set_ellipsize (GTK_LABEL (caption), PANGO_ELLIPSIZE_END);
      gtk_label_set_max_width_chars (GTK_LABEL (caption), 24);
      gtk_widget_add_css_class (caption, "dim-label");
      gtk_widget_add_css_class (caption, "caption");
      gtk_box_append (GTK_BOX (box), caption);
    }
  gtk_list_box_row_set_child (GTK_LIST_BOX_ROW (row), box);
  bv_set_name (row, label);
  g_object_set_data_full (G_OBJECT (row), "bv-id", g_strdup (id), g_free);
  g_object_set_data_full (G_OBJECT (row), "bv-label", g_strdup (label), g_free);
  gtk_list_box_append (GTK_LIST_BOX (self->list), row);
}
