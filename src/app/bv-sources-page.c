/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "bv-sources-page.h"

#include "bv-notice.h"
#include "bv-recent.h"
#include "bv-source-dialogs.h"
#include "bv-source-text.h"
#include "bv-syncs.h"
#include "bv-util.h"

#include <glib/gi18n.h>

struct _BvSourcesPage
{
  BvPage parent_instance;

  GtkStack *stack;
  GtkWidget *notice;
  GtkWidget *box;
  BvSyncs *syncs;         /* the workspace's */
  GHashTable *source_rows; /* uuid → the row, which the list owns */
};

G_DEFINE_FINAL_TYPE (BvSourcesPage, bv_sources_page, BV_TYPE_PAGE)

static GtkWidget *
new_table_row (BvSourcesPage *self,
               BvTableInfo   *info)
{
  BvWorkspace *workspace = bv_page_get_workspace (BV_PAGE (self));
  BvLocale *locale = bv_workspace_get_locale (workspace);
  BvTable *table = bv_model_find_table (bv_workspace_get_model (workspace), info->name);
  g_autofree char *rows = bv_rows_text (info->n_rows, locale);
  g_autofree char *ago = bv_ago (info->loaded_at, g_get_real_time (), locale);
  g_autofree char *when = bv_locale_format_instant (locale, info->loaded_at);
  g_autofree char *text = NULL;
  GtkWidget *row, *label;

  if (info->origin != NULL)
    {
      g_autofree char *origin = bv_recent_folder_text (info->origin);

      text = g_strdup_printf ("%s · %s", rows, origin);
    }
  row = bv_row_new (table != NULL && table->label != NULL ? table->label : info->name, text != NULL ? text : rows, "table", info->name);
  adw_action_row_set_subtitle_lines (ADW_ACTION_ROW (row), 1);
  label = gtk_label_new (ago);
  gtk_widget_add_css_class (label, "dim-label");
  gtk_widget_set_tooltip_text (label, when);
  adw_action_row_add_suffix (ADW_ACTION_ROW (row), label);
  if (info->origin != NULL && bv_page_can_edit (BV_PAGE (self)) && g_file_test (info->origin, G_FILE_TEST_IS_REGULAR))
    {
      GtkWidget *again = bv_icon_button_new ("view-refresh-symbolic", _("Import This File Again"), "win.import-paths");
      const char *paths[] = { info->origin, NULL };

      gtk_widget_add_css_class (again, "flat");
      gtk_widget_set_valign (again, GTK_ALIGN_CENTER);
      gtk_actionable_set_action_target_value (GTK_ACTIONABLE (again), g_variant_new_strv (paths, -1));
      adw_action_row_add_suffix (ADW_ACTION_ROW (row), again);
    }
  adw_action_row_add_suffix (ADW_ACTION_ROW (row), gtk_image_new_from_icon_name ("go-next-symbolic"));
  return row;
}

/* --- Sources -------------------------------------------------------------------------------------------------------------------------- */

static void
sync_cb (GtkWidget     *button,
         BvSourcesPage *self)
{
  const char *uuid = g_object_get_data (G_OBJECT (button), "bv-uuid");
  g_autoptr(BvSource) source = NULL;

  if (bv_syncs_is_running (self->syncs, uuid))
    {
      bv_syncs_cancel (self->syncs, uuid);
      return;
    }
  source = bv_source_find (bv_workspace_get_project (bv_page_get_workspace (BV_PAGE (self))), uuid, NULL);
  if (source != NULL)
    bv_syncs_start (self->syncs, source, BV_SYNC_DEFAULT);
}

static GtkWidget *
new_source_row (BvSourcesPage  *self,
                const BvSource *source,
                const BvRun    *run)
{
  BvWorkspace *workspace = bv_page_get_workspace (BV_PAGE (self));
  gboolean running = bv_syncs_is_running (self->syncs, source->uuid);
  g_autofree char *state = bv_source_state_text (run, g_get_real_time (), bv_workspace_get_locale (workspace));
  GtkWidget *row = bv_row_new (source->name, running ? bv_syncs_get_text (self->syncs, source->uuid) : state, "source", source->uuid);

  adw_action_row_add_prefix (ADW_ACTION_ROW (row), gtk_image_new_from_icon_name (bv_source_kind_find (source->kind)->icon));
  if (!running && run != NULL && run->error != NULL)
    {
      GtkWidget *warning = gtk_image_new_from_icon_name ("dialog-warning-symbolic");

      gtk_widget_set_tooltip_text (warning, run->error);
      adw_action_row_add_suffix (ADW_ACTION_ROW (row), warning);
    }
  if (bv_page_can_edit (BV_PAGE (self)))
    {
      GtkWidget *button = bv_icon_button_new (running ? "process-stop-symbolic" : "view-refresh-symbolic", running ? _("Stop") : _("Sync Now"), NULL);

      gtk_widget_add_css_class (button, "flat");
      gtk_widget_set_valign (button, GTK_ALIGN_CENTER);
      g_object_set_data_full (G_OBJECT (button), "bv-uuid", g_strdup (source->uuid), g_free);
      g_signal_connect (button, "clicked", G_CALLBACK (sync_cb), self);
      adw_action_row_add_suffix (ADW_ACTION_ROW (row), button);
    }
  adw_action_row_add_suffix (ADW_ACTION_ROW (row), gtk_image_new_from_icon_name ("go-next-symbolic"));
  return row;
}

/* Returns how many there are. */
static guint
add_sources (BvSourcesPage  *self,
             GError        **error)
{
  BvProject *project = bv_workspace_get_project (bv_page_get_workspace (BV_PAGE (self)));
  g_autoptr(GPtrArray) sources = bv_source_list (project, error);
  GtkWidget *list;

  g_hash_table_remove_all (self->source_rows);
  if (sources == NULL || sources->len == 0)
    return 0;
  gtk_box_append (GTK_BOX (self->box), bv_section_new (_("Connections"), NULL, &list));
  for (guint i = 0; i < sources->len; i++)
    {
      BvSource *source = g_ptr_array_index (sources, i);
      g_autoptr(GPtrArray) runs = bv_source_list_runs (project, source->uuid, 1, NULL);
      GtkWidget *row = new_source_row (self, source, runs != NULL && runs->len > 0 ? g_ptr_array_index (runs, 0) : NULL);

      g_hash_table_insert (self->source_rows, g_strdup (source->uuid), row);
      gtk_list_box_append (GTK_LIST_BOX (list), row);
    }
  return sources->len;
}

static void
progress_cb (BvSourcesPage *self,
             const char    *uuid)
{
  GtkWidget *row = g_hash_table_lookup (self->source_rows, uuid);
  const char *text = bv_syncs_get_text (self->syncs, uuid);

  if (row != NULL && text != NULL)
    adw_action_row_set_subtitle (ADW_ACTION_ROW (row), text);
}

static void
add_action (GtkWidget  *widget,
            const char *action,
            GVariant   *parameter)
{
  bv_source_gallery_show (widget, bv_page_get_workspace (BV_PAGE (widget)));
}

/* --- The page ------------------------------------------------------------------------------------------------------------------------- */

static void
bv_sources_page_refresh (BvPage *page)
{
  BvSourcesPage *self = BV_SOURCES_PAGE (page);
  g_autoptr(GError) error = NULL;
  g_autoptr(GPtrArray) tables = bv_project_list_tables (bv_workspace_get_project (bv_page_get_workspace (page)), &error);
  const char *source = NULL;
  GtkWidget *list = NULL;
  guint n_sources;

  bv_box_clear (self->box);
  bv_notice_hide (BV_NOTICE (self->notice));
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "page.add-source", bv_page_can_edit (page));
  n_sources = add_sources (self, error == NULL ? &error : NULL);
  if (error != NULL)
    bv_notice_show_error (BV_NOTICE (self->notice), error);
  gtk_stack_set_visible_child_name (self->stack, error == NULL && n_sources == 0 && tables->len == 0 ? "empty" : "content");
  for (guint i = 0; tables != NULL && i < tables->len; i++)
    {
      BvTableInfo *info = g_ptr_array_index (tables, i);

      if (list == NULL || g_strcmp0 (source, info->source) != 0)
        gtk_box_append (GTK_BOX (self->box), bv_section_new (bv_source_label (info->source), NULL, &list));
      source = info->source;
      gtk_list_box_append (GTK_LIST_BOX (list), new_table_row (self, info));
    }
}

static void
bv_sources_page_finalize (GObject *object)
{
  g_hash_table_unref (BV_SOURCES_PAGE (object)->source_rows);
  G_OBJECT_CLASS (bv_sources_page_parent_class)->finalize (object);
}

static void
bv_sources_page_class_init (BvSourcesPageClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = bv_sources_page_finalize;
  BV_PAGE_CLASS (klass)->refresh = bv_sources_page_refresh;
  gtk_widget_class_install_action (GTK_WIDGET_CLASS (klass), "page.add-source", NULL, add_action);
}

/* What to do first, in words; the header has the same as icons. */
static GtkWidget *
new_empty_page (void)
{
  GtkWidget *page = bv_empty_page_new ("bv-source-symbolic", _("No Data Yet"),
                                       _("Connect HubSpot, a database or another source, import files, or drop them on this window."), NULL, NULL);
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 12);
  const struct { const char *label, *action, *css; } buttons[] = {
    { _("_Add Source…"), "page.add-source", "suggested-action" }, { _("_Import Files…"), "win.import", "pill" },
  };

  gtk_widget_set_halign (box, GTK_ALIGN_CENTER);
  for (guint i = 0; i < G_N_ELEMENTS (buttons); i++)
    {
      GtkWidget *button = gtk_button_new_with_mnemonic (buttons[i].label);

      gtk_widget_add_css_class (button, "pill");
      gtk_widget_add_css_class (button, buttons[i].css);
      gtk_actionable_set_action_name (GTK_ACTIONABLE (button), buttons[i].action);
      gtk_box_append (GTK_BOX (box), button);
    }
  adw_status_page_set_child (ADW_STATUS_PAGE (page), box);
  return page;
}

static void
bv_sources_page_init (BvSourcesPage *self)
{
  GtkWidget *content = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);
  GtkWidget *import = bv_icon_button_new ("document-open-symbolic", _("Import Files…"), "win.import");

  self->source_rows = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  bv_page_pack_start (BV_PAGE (self), bv_icon_button_new ("list-add-symbolic", _("Add Source…"), "page.add-source"));
  bv_page_pack_start (BV_PAGE (self), import);

  self->stack = GTK_STACK (gtk_stack_new ());
  self->notice = bv_notice_new ();
  gtk_box_append (GTK_BOX (content), self->notice);
  gtk_box_append (GTK_BOX (content), bv_column_new (760, &self->box));
  gtk_stack_add_named (self->stack, content, "content");
  gtk_stack_add_named (self->stack, new_empty_page (), "empty");
  bv_page_set_title (BV_PAGE (self), _("Sources"));
  bv_page_set_content (BV_PAGE (self), GTK_WIDGET (self->stack));
}

GtkWidget *
bv_sources_page_new (BvWorkspace *workspace,
                     const char  *unused)
{
  BvPage *page = g_object_new (BV_TYPE_SOURCES_PAGE, "workspace", workspace, NULL);
  BvSourcesPage *self = BV_SOURCES_PAGE (page);

  self->syncs = bv_syncs_of (workspace);
  g_signal_connect_object (self->syncs, "progress", G_CALLBACK (progress_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->syncs, "changed", G_CALLBACK (bv_page_refresh), self, G_CONNECT_SWAPPED);
  bv_page_refresh (page);
  return GTK_WIDGET (page);
}
