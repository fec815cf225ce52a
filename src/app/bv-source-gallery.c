/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "bv-source-dialogs.h"

#include "bv-access.h"
#include "bv-util.h"

#include <glib/gi18n.h>

typedef struct
{
  BvWorkspace *workspace;
  GtkWidget *over;
  GtkWindow *window;
  const BvSourceKind *kind;
} Entry;

static void
entry_free (gpointer  data,
            GClosure *closure)
{
  Entry *entry = data;

  g_object_unref (entry->workspace);
  g_object_unref (entry->over);
  g_free (entry);
}

static void
activated_cb (GtkWidget *row,
              Entry     *entry)
{
  BvSource *source = bv_source_new (bv_workspace_get_project (entry->workspace), entry->kind->id, NULL);
  g_autoptr(BvWorkspace) workspace = g_object_ref (entry->workspace);
  g_autoptr(GtkWidget) over = g_object_ref (entry->over);

  gtk_window_destroy (entry->window); /* and with it the entry */
  bv_source_dialog_show (over, workspace, source);
}

static GtkWidget *
new_row (const BvSourceKind *kind)
{
  GtkWidget *row = bv_row_new (kind->name, _(kind->summary), NULL, NULL);

  adw_action_row_add_prefix (ADW_ACTION_ROW (row), gtk_image_new_from_icon_name (kind->icon));
  adw_action_row_add_suffix (ADW_ACTION_ROW (row), gtk_image_new_from_icon_name ("go-next-symbolic"));
  adw_action_row_set_subtitle_lines (ADW_ACTION_ROW (row), 2);
  gtk_list_box_row_set_activatable (GTK_LIST_BOX_ROW (row), TRUE);
  return row;
}

void
bv_source_gallery_show (GtkWidget   *over,
                        BvWorkspace *workspace)
{
  GtkWidget *window = adw_window_new ();
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);
  GtkWidget *header = adw_header_bar_new ();
  GtkWidget *page = adw_preferences_page_new ();
  GtkRoot *root = gtk_widget_get_root (over);
  const BvSourceKind *const *kinds = bv_source_kind_list ();
  g_autoptr(GHashTable) groups = g_hash_table_new (g_str_hash, g_str_equal);
  GtkEventController *keys = gtk_shortcut_controller_new ();

  for (guint i = 0; kinds[i] != NULL; i++)
    {
      GtkWidget *group = g_hash_table_lookup (groups, kinds[i]->category);
      GtkWidget *row = new_row (kinds[i]);
      Entry *entry = g_new0 (Entry, 1);

      if (group == NULL)
        {
          group = bv_group_new (_(kinds[i]->category), _(kinds[i]->category));
          adw_preferences_page_add (ADW_PREFERENCES_PAGE (page), ADW_PREFERENCES_GROUP (group));
          g_hash_table_insert (groups, (char *) kinds[i]->category, group);
        }
      entry->workspace = g_object_ref (workspace);
      entry->over = g_object_ref (over);
      entry->window = GTK_WINDOW (window);
      entry->kind = kinds[i];
      g_signal_connect_data (row, "activated", G_CALLBACK (activated_cb), entry, entry_free, 0);
      adw_preferences_group_add (ADW_PREFERENCES_GROUP (group), row);
    }
  gtk_shortcut_controller_add_shortcut (GTK_SHORTCUT_CONTROLLER (keys),
                                        gtk_shortcut_new (gtk_keyval_trigger_new (GDK_KEY_Escape, 0), gtk_named_action_new ("window.close")));
  gtk_widget_add_controller (window, keys);
  gtk_box_append (GTK_BOX (box), header);
  gtk_widget_set_vexpand (page, TRUE);
  gtk_box_append (GTK_BOX (box), page);
  adw_window_set_content (ADW_WINDOW (window), box);
  gtk_window_set_title (GTK_WINDOW (window), _("Add Source"));
  gtk_window_set_modal (GTK_WINDOW (window), TRUE);
  gtk_window_set_default_size (GTK_WINDOW (window), 560, 600);
  if (GTK_IS_WINDOW (root))
    gtk_window_set_transient_for (GTK_WINDOW (window), GTK_WINDOW (root));
  gtk_window_present (GTK_WINDOW (window));
}
