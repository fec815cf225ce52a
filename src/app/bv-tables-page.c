/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "bv-tables-page.h"

#include "bv-relationships.h"
#include "bv-util.h"

#include <glib/gi18n.h>
#include <string.h>

struct _BvTablesPage
{
  BvPage parent_instance;

  GtkStack *stack;
  GtkWidget *box;
  GtkWidget *search;
  GtkWidget *list;
  GtkWidget *relationships;
};

G_DEFINE_FINAL_TYPE (BvTablesPage, bv_tables_page, BV_TYPE_PAGE)

static gboolean
filter_cb (GtkListBoxRow *row,
           gpointer       user_data)
{
  BvTablesPage *self = user_data;
  const char *search = gtk_editable_get_text (GTK_EDITABLE (self->search));
  g_autofree char *needle = g_utf8_casefold (search, -1);
  g_autofree char *title = g_utf8_casefold (adw_preferences_row_get_title (ADW_PREFERENCES_ROW (row)), -1);

  return strstr (title, needle) != NULL;
}

static void
bv_tables_page_refresh (BvPage *page)
{
  BvTablesPage *self = BV_TABLES_PAGE (page);
  BvWorkspace *workspace = bv_page_get_workspace (page);
  BvModel *model = bv_workspace_get_model (workspace);
  BvLocale *locale = bv_workspace_get_locale (workspace);

  gtk_stack_set_visible_child_name (self->stack, model->tables->len == 0 ? "empty" : "content");
  gtk_widget_set_visible (self->search, model->tables->len > 7);
  bv_box_clear (self->list);
  for (guint i = 0; i < model->tables->len; i++)
    {
      BvTable *table = g_ptr_array_index (model->tables, i);
      g_autofree char *rows = bv_rows_text (table->n_rows, locale);
      g_autofree char *columns = g_strdup_printf (ngettext ("%u column", "%u columns", table->fields->len), table->fields->len);
      g_autofree char *subtitle = g_strdup_printf ("%s · %s · %s", bv_source_label (table->source), rows, columns);
      GtkWidget *row = bv_row_new (table->label != NULL ? table->label : table->name, subtitle, "table", table->name);

      if (table->hidden)
        gtk_widget_add_css_class (row, "dim-label");
      adw_action_row_add_suffix (ADW_ACTION_ROW (row), gtk_image_new_from_icon_name ("go-next-symbolic"));
      gtk_list_box_append (GTK_LIST_BOX (self->list), row);
    }
  if (self->relationships != NULL)
    bv_relationships_refresh (BV_RELATIONSHIPS (self->relationships));
}

static gboolean
bv_tables_page_is_busy (BvPage *page)
{
  BvTablesPage *self = BV_TABLES_PAGE (page);

  return self->relationships != NULL && bv_relationships_is_busy (BV_RELATIONSHIPS (self->relationships));
}

static void
bv_tables_page_constructed (GObject *object)
{
  BvTablesPage *self = BV_TABLES_PAGE (object);
  BvWorkspace *workspace = bv_page_get_workspace (BV_PAGE (self));

  G_OBJECT_CLASS (bv_tables_page_parent_class)->constructed (object);

  if (workspace == NULL)
    return;
  self->relationships = bv_relationships_new (workspace, NULL);
  gtk_box_append (GTK_BOX (self->box), self->relationships);
}

static void
bv_tables_page_class_init (BvTablesPageClass *klass)
{
  G_OBJECT_CLASS (klass)->constructed = bv_tables_page_constructed;
  BV_PAGE_CLASS (klass)->refresh = bv_tables_page_refresh;
  BV_PAGE_CLASS (klass)->is_busy = bv_tables_page_is_busy;
}

static void
bv_tables_page_init (BvTablesPage *self)
{
  GtkWidget *section;

  self->stack = GTK_STACK (gtk_stack_new ());
  gtk_stack_add_named (self->stack, bv_column_new (760, &self->box), "content");
  gtk_stack_add_named (self->stack, bv_empty_page_new ("bv-table-symbolic", _("No Tables Yet"),
                                                       _("Each file that is imported becomes a table."), _("_Import Files…"), "win.import"),
                       "empty");
  self->search = bv_search_new (_("Search tables"));
  section = bv_section_new (_("Tables"), NULL, &self->list);
  gtk_list_box_set_filter_func (GTK_LIST_BOX (self->list), filter_cb, self, NULL);
  g_signal_connect_object (self->search, "search-changed", G_CALLBACK (gtk_list_box_invalidate_filter), self->list, G_CONNECT_SWAPPED);
  gtk_box_append (GTK_BOX (self->box), self->search);
  gtk_box_append (GTK_BOX (self->box), section);
  bv_page_set_title (BV_PAGE (self), _("Tables"));
  bv_page_set_content (BV_PAGE (self), GTK_WIDGET (self->stack));
}

GtkWidget *
bv_tables_page_new (BvWorkspace *workspace,
                    const char  *unused)
{
  BvPage *page = g_object_new (BV_TYPE_TABLES_PAGE, "workspace", workspace, NULL);

  bv_page_refresh (page);
  return GTK_WIDGET (page);
}
