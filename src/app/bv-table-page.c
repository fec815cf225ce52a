/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Three views of a table: its rows, a page of PAGE_ROWS at a time and sorted by the database; its columns with their profile; its
 * relationships. Rows are asked for when the table has changed and when a header or page button is used; the profile when its view
 * is first shown, since it reads the whole table.
 */
#include "config.h"
#include "bv-table-page.h"

#include "bv-column-list.h"
#include "bv-data-grid.h"
#include "bv-notice.h"
#include "bv-object-list-page.h"
#include "bv-relationships.h"
#include "bv-table-edit.h"
#include "bv-util.h"
#include "bv-window.h"

#include <glib/gi18n.h>

#define PAGE_ROWS 500
#define MAX_COLUMNS 100

struct _BvTablePage
{
  BvPage parent_instance;

  GCancellable *rows_cancellable;
  GCancellable *profile_cancellable;
  guint64 offset;
  char *sort;       /* (nullable): as bv_workspace_preview_async() */
  gboolean profiled;

  GtkStack *stack;
  GtkWidget *notice;
  GtkWidget *grid;
  GtkWidget *range;
  GtkWidget *previous;
  GtkWidget *next;
  GtkWidget *columns;
  GtkWidget *columns_notice;
  GtkWidget *relationships;
};

G_DEFINE_FINAL_TYPE (BvTablePage, bv_table_page, BV_TYPE_PAGE)

static BvTable *
find_table (BvTablePage *self)
{
  return bv_model_find_table (bv_workspace_get_model (bv_page_get_workspace (BV_PAGE (self))), bv_page_get_object_id (BV_PAGE (self)));
}

/* --- Rows ------------------------------------------------------------------------------------------------------------------ */

static void
update_range (BvTablePage *self,
              guint        n_shown)
{
  BvLocale *locale = bv_workspace_get_locale (bv_page_get_workspace (BV_PAGE (self)));
  BvTable *table = find_table (self);
  g_autofree char *first = bv_locale_format_count (locale, self->offset + 1);
  g_autofree char *last = bv_locale_format_count (locale, self->offset + n_shown);
  g_autofree char *all = bv_rows_text (table->n_rows, locale);
  g_autofree char *text = NULL;

  /* Translators: "1–500 of 12,345 rows" */
  text = n_shown == 0 || n_shown == table->n_rows ? g_strdup (all) : g_strdup_printf (_("%s–%s of %s"), first, last, all);
  gtk_label_set_label (GTK_LABEL (self->range), text);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "page.previous-rows", self->offset > 0);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "page.next-rows", self->offset + n_shown < table->n_rows);
  gtk_widget_set_visible (self->previous, table->n_rows > PAGE_ROWS);
  gtk_widget_set_visible (self->next, table->n_rows > PAGE_ROWS);
}

static void
rows_cb (GObject      *source,
         GAsyncResult *result,
         gpointer      user_data)
{
  g_autoptr(BvTablePage) self = user_data;
  BvWorkspace *workspace = BV_WORKSPACE (source);
  g_autoptr(GError) error = NULL;
  g_autoptr(BvFrame) frame = bv_workspace_preview_finish (workspace, result, &error);
  g_autoptr(BvFrame) shown = NULL;

  bv_page_pop_busy (BV_PAGE (self));
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED) || !bv_page_is_alive (BV_PAGE (self)))
    return;
  if (frame == NULL)
    {
      bv_notice_show_error (BV_NOTICE (self->notice), error);
      return;
    }
  bv_notice_hide (BV_NOTICE (self->notice));
  shown = bv_frame_limit_columns (frame, MAX_COLUMNS);
  if (shown != frame)
    {
      g_autofree char *text = g_strdup_printf (_("The first %u of %u columns are shown"), MAX_COLUMNS, bv_frame_get_n_columns (frame));

      bv_notice_show (BV_NOTICE (self->notice), text);
    }
  bv_data_grid_set_frame (BV_DATA_GRID (self->grid), shown, bv_workspace_get_locale (workspace));
  update_range (self, bv_frame_get_n_rows (frame));
}

static void
load_rows (BvTablePage *self)
{
  BvWorkspace *workspace = bv_page_get_workspace (BV_PAGE (self));

  g_cancellable_cancel (self->rows_cancellable);
  g_clear_object (&self->rows_cancellable);
  self->rows_cancellable = g_cancellable_new ();
  bv_page_push_busy (BV_PAGE (self));
  bv_workspace_preview_async (workspace, bv_page_get_object_id (BV_PAGE (self)), self->sort, self->offset, PAGE_ROWS,
                              self->rows_cancellable, rows_cb, g_object_ref (self));
}

static void
sort_cb (BvTablePage *self,
         const char  *column,
         gboolean     descending)
{
  g_free (self->sort);
  self->sort = column == NULL ? NULL : descending ? g_strconcat (column, ":desc", NULL) : g_strdup (column);
  self->offset = 0;
  load_rows (self);
}

static void
move_action (GtkWidget *widget, const char *action, GVariant *parameter)
{
  BvTablePage *self = BV_TABLE_PAGE (widget);

  if (g_str_equal (action, "page.next-rows"))
    self->offset += PAGE_ROWS;
  else
    self->offset -= MIN (self->offset, PAGE_ROWS);
  load_rows (self);
}

/* --- Columns ---------------------------------------------------------------------------------------------------------------- */

static void
profile_cb (GObject      *source,
            GAsyncResult *result,
            gpointer      user_data)
{
  g_autoptr(BvTablePage) self = user_data;
  BvWorkspace *workspace = BV_WORKSPACE (source);
  g_autoptr(GError) error = NULL;
  g_autoptr(BvFrame) frame = bv_workspace_profile_finish (workspace, result, &error);

  bv_page_pop_busy (BV_PAGE (self));
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED) || !bv_page_is_alive (BV_PAGE (self)))
    return;
  if (frame == NULL)
    bv_notice_show_error (BV_NOTICE (self->columns_notice), error);
  bv_column_list_set_profile (BV_COLUMN_LIST (self->columns), frame, bv_workspace_get_locale (workspace));
}

static void
load_profile (BvTablePage *self)
{
  g_cancellable_cancel (self->profile_cancellable);
  g_clear_object (&self->profile_cancellable);
  self->profile_cancellable = g_cancellable_new ();
  self->profiled = TRUE;
  bv_notice_hide (BV_NOTICE (self->columns_notice));
  bv_page_push_busy (BV_PAGE (self));
  bv_workspace_profile_async (bv_page_get_workspace (BV_PAGE (self)), bv_page_get_object_id (BV_PAGE (self)),
                              self->profile_cancellable, profile_cb, g_object_ref (self));
}

static void
visible_child_cb (BvTablePage *self)
{
  if (!self->profiled && g_strcmp0 (gtk_stack_get_visible_child_name (self->stack), "columns") == 0)
    load_profile (self);
}

static void
field_activated_cb (BvTablePage *self,
                    const char  *field)
{
  bv_field_edit_show (GTK_WIDGET (self), bv_page_get_workspace (BV_PAGE (self)), bv_page_get_object_id (BV_PAGE (self)), field);
}

/* --- Actions on the table ------------------------------------------------------------------------------------------------------ */

static void
explore_action (GtkWidget *widget, const char *action, GVariant *parameter)
{
  BvPage *page = BV_PAGE (widget);

  bv_new_exploration (widget, bv_page_get_workspace (page), bv_page_get_object_id (page));
}

static void
settings_action (GtkWidget *widget, const char *action, GVariant *parameter)
{
  BvPage *page = BV_PAGE (widget);

  bv_table_edit_show (widget, bv_page_get_workspace (page), bv_page_get_object_id (page));
}

static void
delete_confirmed_cb (gpointer user_data)
{
  BvPage *page = user_data;
  g_autoptr(GError) error = NULL;

  if (!bv_workspace_delete_table (bv_page_get_workspace (page), _("Delete Table"), bv_page_get_object_id (page), &error))
    bv_show_error (GTK_WIDGET (page), _("Could Not Delete the Table"), error);
}

static void
delete_action (GtkWidget *widget, const char *action, GVariant *parameter)
{
  g_autofree char *title = g_strdup_printf (_("Delete “%s”?"), bv_page_get_title (BV_PAGE (widget)));

  bv_confirm (widget, title, _("Its rows leave the project, and explorations that use it break until it is back. Undo brings it back."),
              _("_Delete"), TRUE, delete_confirmed_cb, g_object_ref (widget), g_object_unref);
}

/* --- The page ------------------------------------------------------------------------------------------------------------------- */

static void
bv_table_page_refresh (BvPage *page)
{
  BvTablePage *self = BV_TABLE_PAGE (page);
  BvWorkspace *workspace = bv_page_get_workspace (page);
  BvLocale *locale = bv_workspace_get_locale (workspace);
  BvTable *table = find_table (self);
  g_autofree char *ago = bv_ago (table->loaded_at, g_get_real_time (), locale);
  g_autofree char *subtitle = g_strdup_printf ("%s · %s", bv_source_label (table->source), ago);

  bv_page_set_title (page, table->label != NULL ? table->label : table->name);
  bv_page_set_subtitle (page, subtitle);
  if (self->offset >= MAX (table->n_rows, 1))
    self->offset = 0;
  load_rows (self);
  bv_column_list_set_table (BV_COLUMN_LIST (self->columns), table);
  self->profiled = FALSE;
  visible_child_cb (self);
  bv_relationships_refresh (BV_RELATIONSHIPS (self->relationships));
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "page.explore", bv_page_can_edit (page));
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "page.delete", bv_page_can_edit (page));
}

static gboolean
bv_table_page_is_alive (BvPage *page)
{
  return find_table (BV_TABLE_PAGE (page)) != NULL;
}

static gboolean
bv_table_page_is_busy (BvPage *page)
{
  return bv_relationships_is_busy (BV_RELATIONSHIPS (BV_TABLE_PAGE (page)->relationships));
}

static void
bv_table_page_constructed (GObject *object)
{
  BvTablePage *self = BV_TABLE_PAGE (object);
  BvWorkspace *workspace = bv_page_get_workspace (BV_PAGE (self));
  GtkWidget *box, *column;

  G_OBJECT_CLASS (bv_table_page_parent_class)->constructed (object);

  if (workspace == NULL)
    return;
  column = bv_column_new (760, &box);
  self->relationships = bv_relationships_new (workspace, bv_page_get_object_id (BV_PAGE (self)));
  gtk_box_append (GTK_BOX (box), self->relationships);
  gtk_stack_add_titled (self->stack, column, "relationships", _("Relationships"));
}

static void
bv_table_page_dispose (GObject *object)
{
  BvTablePage *self = BV_TABLE_PAGE (object);

  g_cancellable_cancel (self->rows_cancellable);
  g_clear_object (&self->rows_cancellable);
  g_cancellable_cancel (self->profile_cancellable);
  g_clear_object (&self->profile_cancellable);
  g_clear_pointer (&self->sort, g_free);

  G_OBJECT_CLASS (bv_table_page_parent_class)->dispose (object);
}

static void
bv_table_page_class_init (BvTablePageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  BvPageClass *page_class = BV_PAGE_CLASS (klass);

  G_OBJECT_CLASS (klass)->constructed = bv_table_page_constructed;
  G_OBJECT_CLASS (klass)->dispose = bv_table_page_dispose;
  page_class->refresh = bv_table_page_refresh;
  page_class->is_alive = bv_table_page_is_alive;
  page_class->is_busy = bv_table_page_is_busy;

  gtk_widget_class_install_action (widget_class, "page.next-rows", NULL, move_action);
  gtk_widget_class_install_action (widget_class, "page.previous-rows", NULL, move_action);
  gtk_widget_class_install_action (widget_class, "page.explore", NULL, explore_action);
  gtk_widget_class_install_action (widget_class, "page.table-settings", NULL, settings_action);
  gtk_widget_class_install_action (widget_class, "page.delete", NULL, delete_action);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Page_Down, GDK_ALT_MASK, "page.next-rows", NULL);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Page_Up, GDK_ALT_MASK, "page.previous-rows", NULL);
}

static GtkWidget *
new_rows_view (BvTablePage *self)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);
  GtkWidget *bar = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6);

  self->notice = bv_notice_new ();
  self->grid = bv_data_grid_new ();
  bv_data_grid_set_external_sort (BV_DATA_GRID (self->grid), TRUE);
  g_signal_connect_object (self->grid, "sort-changed", G_CALLBACK (sort_cb), self, G_CONNECT_SWAPPED);
  gtk_widget_set_vexpand (self->grid, TRUE);
  self->range = gtk_label_new (NULL);
  gtk_label_set_xalign (GTK_LABEL (self->range), 0);
  gtk_widget_set_hexpand (self->range, TRUE);
  gtk_widget_add_css_class (self->range, "dim-label");
  gtk_widget_add_css_class (self->range, "numeric");
  self->previous = bv_icon_button_new ("go-previous-symbolic", _("Previous Rows"), "page.previous-rows");
  self->next = bv_icon_button_new ("go-next-symbolic", _("Next Rows"), "page.next-rows");
  gtk_widget_add_css_class (self->previous, "flat");
  gtk_widget_add_css_class (self->next, "flat");
  gtk_widget_add_css_class (bar, "toolbar");
  gtk_widget_set_margin_start (bar, 6);
  gtk_box_append (GTK_BOX (bar), self->range);
  gtk_box_append (GTK_BOX (bar), self->previous);
  gtk_box_append (GTK_BOX (bar), self->next);
  gtk_box_append (GTK_BOX (box), self->notice);
  gtk_box_append (GTK_BOX (box), self->grid);
  gtk_box_append (GTK_BOX (box), gtk_separator_new (GTK_ORIENTATION_HORIZONTAL));
  gtk_box_append (GTK_BOX (box), bar);
  return box;
}

static GtkWidget *
new_columns_view (BvTablePage *self)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);

  self->columns_notice = bv_notice_new ();
  self->columns = bv_column_list_new ();
  gtk_widget_set_vexpand (self->columns, TRUE);
  g_signal_connect_object (self->columns, "field-activated", G_CALLBACK (field_activated_cb), self, G_CONNECT_SWAPPED);
  gtk_box_append (GTK_BOX (box), self->columns_notice);
  gtk_box_append (GTK_BOX (box), self->columns);
  return box;
}

static void
bv_table_page_init (BvTablePage *self)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);
  GtkWidget *switcher = gtk_stack_switcher_new ();
  GtkWidget *more = gtk_menu_button_new ();
  g_autoptr(GMenu) menu = g_menu_new ();

  g_menu_append (menu, _("New _Exploration From This Table…"), "page.explore");
  g_menu_append (menu, _("Table _Settings…"), "page.table-settings");
  g_menu_append (menu, _("_Delete Table…"), "page.delete");
  gtk_menu_button_set_icon_name (GTK_MENU_BUTTON (more), "view-more-symbolic");
  gtk_menu_button_set_menu_model (GTK_MENU_BUTTON (more), G_MENU_MODEL (menu));
  gtk_widget_set_tooltip_text (more, _("Table Menu"));
  bv_set_name (more, _("Table Menu"));
  bv_page_pack_end (BV_PAGE (self), more);
  bv_page_pack_end (BV_PAGE (self), bv_icon_button_new ("bv-exploration-symbolic", _("New Exploration From This Table"), "page.explore"));

  self->stack = GTK_STACK (gtk_stack_new ());
  gtk_stack_add_titled (self->stack, new_rows_view (self), "rows", _("Rows"));
  gtk_stack_add_titled (self->stack, new_columns_view (self), "columns", _("Columns"));
  g_signal_connect_object (self->stack, "notify::visible-child", G_CALLBACK (visible_child_cb), self, G_CONNECT_SWAPPED);
  gtk_stack_switcher_set_stack (GTK_STACK_SWITCHER (switcher), self->stack);
  gtk_widget_set_halign (switcher, GTK_ALIGN_CENTER);
  gtk_widget_set_margin_top (switcher, 6);
  gtk_widget_set_margin_bottom (switcher, 6);
  gtk_widget_set_vexpand (GTK_WIDGET (self->stack), TRUE);
  gtk_box_append (GTK_BOX (box), switcher);
  gtk_box_append (GTK_BOX (box), GTK_WIDGET (self->stack));
  bv_page_set_content (BV_PAGE (self), box);
  bv_page_set_views (BV_PAGE (self), self->stack);
}

GtkWidget *
bv_table_page_new (BvWorkspace *workspace,
                   const char  *name)
{
  BvPage *page = g_object_new (BV_TYPE_TABLE_PAGE, "workspace", workspace, "object-id", name, NULL);

  bv_page_refresh (page);
  return GTK_WIDGET (page);
}
