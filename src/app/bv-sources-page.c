/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "bv-sources-page.h"

#include "bv-notice.h"
#include "bv-recent.h"
#include "bv-util.h"

#include <glib/gi18n.h>

struct _BvSourcesPage
{
  BvPage parent_instance;

  GtkStack *stack;
  GtkWidget *notice;
  GtkWidget *box;
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
  g_autofree char *ago = bv_ago (info->loaded_at, bv_workspace_get_now (workspace), locale);
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

static void
bv_sources_page_refresh (BvPage *page)
{
  BvSourcesPage *self = BV_SOURCES_PAGE (page);
  g_autoptr(GError) error = NULL;
  g_autoptr(GPtrArray) tables = bv_project_list_tables (bv_workspace_get_project (bv_page_get_workspace (page)), &error);
  const char *source = NULL;
  GtkWidget *list = NULL;

  bv_box_clear (self->box);
  bv_notice_hide (BV_NOTICE (self->notice));
  if (tables == NULL)
    bv_notice_show_error (BV_NOTICE (self->notice), error);
  gtk_stack_set_visible_child_name (self->stack, tables != NULL && tables->len == 0 ? "empty" : "content");
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
bv_sources_page_class_init (BvSourcesPageClass *klass)
{
  BV_PAGE_CLASS (klass)->refresh = bv_sources_page_refresh;
}

static void
bv_sources_page_init (BvSourcesPage *self)
{
  GtkWidget *content = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);
  GtkWidget *import = gtk_button_new_with_mnemonic (_("_Import Files…"));

  gtk_actionable_set_action_name (GTK_ACTIONABLE (import), "win.import");
  bv_page_pack_start (BV_PAGE (self), import);

  self->stack = GTK_STACK (gtk_stack_new ());
  self->notice = bv_notice_new ();
  gtk_box_append (GTK_BOX (content), self->notice);
  gtk_box_append (GTK_BOX (content), bv_column_new (760, &self->box));
  gtk_stack_add_named (self->stack, content, "content");
  gtk_stack_add_named (self->stack, bv_empty_page_new ("bv-source-symbolic", _("No Data Yet"),
                                                       _("Import CSV or JSON files, or drop them on this window."), _("_Import Files…"), "win.import"),
                       "empty");
  bv_page_set_title (BV_PAGE (self), _("Sources"));
  bv_page_set_content (BV_PAGE (self), GTK_WIDGET (self->stack));
}

GtkWidget *
bv_sources_page_new (BvWorkspace *workspace,
                     const char  *unused)
{
  BvPage *page = g_object_new (BV_TYPE_SOURCES_PAGE, "workspace", workspace, NULL);

  bv_page_refresh (page);
  return GTK_WIDGET (page);
}
