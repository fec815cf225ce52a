/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The window's actions. Those that need a file ask for it and then activate the one with the path as its parameter. */
#include "config.h"
#include "bv-window-private.h"

#include "bv-application.h"
#include "bv-import-dialog.h"
#include "bv-preferences.h"
#include "bv-recent.h"
#include "bv-util.h"

#include <glib/gi18n.h>
#include <string.h>

/* --- Choosing files -------------------------------------------------------------------------------------------------- */

typedef struct
{
  GtkFileChooserNative *chooser; /* kept until the answer */
  GtkWidget *window;
  const char *action;            /* activated with what was chosen */
  char *ending;                  /* (nullable): of the name that was proposed */
  gboolean multiple;
} Choice;

/* A name without an ending gets the proposed one, unless that would replace a file that nobody was asked about. */
static char *
chosen_path (GFile        *file,
             const Choice *choice)
{
  g_autofree char *path = g_file_get_path (file);
  g_autofree char *name = path != NULL ? g_path_get_basename (path) : NULL;
  g_autofree char *whole = NULL;

  if (path == NULL || choice->ending == NULL || g_str_has_suffix (path, choice->ending))
    return g_steal_pointer (&path);
  whole = g_strconcat (path, choice->ending, NULL);
  if (g_str_equal (choice->action, "win.new-path") || (strchr (name, '.') == NULL && !g_file_test (whole, G_FILE_TEST_EXISTS)))
    return g_steal_pointer (&whole);
  return g_steal_pointer (&path);
}

static void
response_cb (GtkNativeDialog *dialog,
             int              response,
             Choice          *choice)
{
  g_autoptr(GListModel) files = gtk_file_chooser_get_files (GTK_FILE_CHOOSER (dialog));
  g_autoptr(GPtrArray) paths = g_ptr_array_new_with_free_func (g_free);

  for (guint i = 0; response == GTK_RESPONSE_ACCEPT && i < g_list_model_get_n_items (files); i++)
    {
      g_autoptr(GFile) file = g_list_model_get_item (files, i);
      char *path = chosen_path (file, choice);

      if (path != NULL)
        g_ptr_array_add (paths, path);
    }
  if (paths->len > 0 && choice->multiple)
    gtk_widget_activate_action_variant (choice->window, choice->action,
                                        g_variant_new_strv ((const char *const *) paths->pdata, paths->len));
  else if (paths->len > 0)
    gtk_widget_activate_action (choice->window, choice->action, "s", (const char *) g_ptr_array_index (paths, 0));

  g_object_unref (choice->window);
  g_object_unref (choice->chooser);
  g_free (choice->ending);
  g_free (choice);
}

static void
choose (BvWindow             *self,
        const char           *title,
        GtkFileChooserAction  what,
        const char           *accept,
        const char           *action,
        GtkFileFilter        *filter, /* (transfer full) (nullable) */
        const char           *name)
{
  Choice *choice = g_new0 (Choice, 1);

  choice->chooser = gtk_file_chooser_native_new (title, GTK_WINDOW (self), what, accept, _("_Cancel"));
  choice->window = g_object_ref (GTK_WIDGET (self));
  choice->action = action;
  choice->multiple = g_str_equal (action, "win.import-paths");
  choice->ending = name != NULL ? g_strdup (strrchr (name, '.')) : NULL;
  gtk_native_dialog_set_modal (GTK_NATIVE_DIALOG (choice->chooser), TRUE);
  gtk_file_chooser_set_select_multiple (GTK_FILE_CHOOSER (choice->chooser), choice->multiple);
  if (filter != NULL)
    {
      GtkFileFilter *all = gtk_file_filter_new ();

      gtk_file_filter_set_name (all, _("All Files"));
      gtk_file_filter_add_pattern (all, "*");
      gtk_file_chooser_add_filter (GTK_FILE_CHOOSER (choice->chooser), filter);
      gtk_file_chooser_add_filter (GTK_FILE_CHOOSER (choice->chooser), all);
      g_object_unref (filter);
      g_object_unref (all);
    }
  if (name != NULL)
    gtk_file_chooser_set_current_name (GTK_FILE_CHOOSER (choice->chooser), name);
  g_signal_connect (choice->chooser, "response", G_CALLBACK (response_cb), choice);
  gtk_native_dialog_show (GTK_NATIVE_DIALOG (choice->chooser));
}

static GtkFileFilter *
new_filter (const char *name,
            const char *first_suffix,
            ...)
{
  GtkFileFilter *filter = gtk_file_filter_new ();
  va_list args;

  gtk_file_filter_set_name (filter, name);
  va_start (args, first_suffix);
  for (const char *suffix = first_suffix; suffix != NULL; suffix = va_arg (args, const char *))
    gtk_file_filter_add_suffix (filter, suffix);
  va_end (args);
  return filter;
}

/* --- Projects ---------------------------------------------------------------------------------------------------------- */

/* In this window when it shows no project, else in another. */
static void
open_somewhere (BvWindow   *self,
                const char *path,
                BvOpenHow   how)
{
  GtkApplication *application = gtk_window_get_application (GTK_WINDOW (self));
  g_autofree char *canonical = g_canonicalize_filename (path, NULL);
  BvWindow *window = self;

  for (GList *l = application != NULL ? gtk_application_get_windows (application) : NULL; l != NULL; l = l->next)
    {
      if (!BV_IS_WINDOW (l->data) || g_strcmp0 (bv_window_get_path (l->data), canonical) != 0)
        continue;
      gtk_window_present (l->data);
      return;
    }
  if (self->workspace != NULL || self->opening != NULL)
    window = BV_WINDOW (bv_window_new (application));
  bv_window_open (window, canonical, how);
  if (window != self)
    gtk_window_present (GTK_WINDOW (window));
}

static void
open_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  choose (BV_WINDOW (widget), _("Open Project"), GTK_FILE_CHOOSER_ACTION_OPEN, _("_Open"), "win.open-path",
          new_filter (_("Belvedere Projects"), "belvedere", NULL), NULL);
}

static void
open_path_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  open_somewhere (BV_WINDOW (widget), g_variant_get_string (parameter, NULL), BV_OPEN_EXISTING);
}

static void
open_sample_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  g_autofree char *path = bv_open_sample_path ();

  open_somewhere (BV_WINDOW (widget), path, BV_OPEN_SAMPLE);
}

static void
new_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  choose (BV_WINDOW (widget), _("New Project"), GTK_FILE_CHOOSER_ACTION_SAVE, _("_Create"), "win.new-path",
          new_filter (_("Belvedere Projects"), "belvedere", NULL), _("Customers.belvedere"));
}

static void
new_path_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  open_somewhere (BV_WINDOW (widget), g_variant_get_string (parameter, NULL), BV_OPEN_NEW);
}

static void
welcome_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  BvWindow *self = BV_WINDOW (widget);

  bv_window_close_project (self);
  gtk_window_set_title (GTK_WINDOW (self), _("Belvedere"));
  gtk_stack_set_visible_child_name (self->stack, "welcome");
  bv_window_update_actions (self);
}

static void
project_settings_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  bv_project_settings_show (BV_WINDOW (widget));
}

/* --- Import and export ---------------------------------------------------------------------------------------------------- */

static void
import_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  choose (BV_WINDOW (widget), _("Import Files"), GTK_FILE_CHOOSER_ACTION_OPEN, _("_Choose"), "win.import-paths",
          new_filter (_("Tables: CSV, JSON, XLSX, Parquet, SQLite"), "csv", "tsv", "txt", "json", "ndjson", "jsonl", "gz", "xlsx", "xlsm",
                      "parquet", "sqlite", "sqlite3", "db", NULL), NULL);
}

static void
import_gone_cb (gpointer  user_data,
                GObject  *dialog)
{
  BvWindow *self = user_data;

  self->n_imports--;
  g_object_unref (self);
}

static void
import_paths_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  BvWindow *self = BV_WINDOW (widget);
  g_autofree const char **paths = g_variant_get_strv (parameter, NULL);
  GtkWidget *dialog;

  if (paths[0] == NULL)
    return;
  dialog = bv_import_dialog_new (self->workspace, paths);
  self->n_imports++;
  g_object_weak_ref (G_OBJECT (dialog), import_gone_cb, g_object_ref (self));
  gtk_window_set_transient_for (GTK_WINDOW (dialog), GTK_WINDOW (self));
  gtk_window_set_default_size (GTK_WINDOW (dialog), CLAMP (gtk_widget_get_width (widget) - 48, 720, 1000),
                               CLAMP (gtk_widget_get_height (widget) - 48, 480, 700));
  gtk_window_present (GTK_WINDOW (dialog));
}

static void
export_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  BvWindow *self = BV_WINDOW (widget);
  BvPage *page = bv_window_get_page (self);
  g_autofree char *proposed = NULL;

  if (BV_PAGE_GET_CLASS (page)->export_name != NULL)
    proposed = BV_PAGE_GET_CLASS (page)->export_name (page);
  else
    proposed = g_strdup_printf ("%s.pdf", bv_page_get_title (page));
  g_strdelimit (proposed, "/", '-');
  choose (self, _("Export"), GTK_FILE_CHOOSER_ACTION_SAVE, _("_Export"), "win.export-path", NULL, proposed);
}

static void
export_path_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  /* Writing waits until the page is complete, and the window may be closed meanwhile. */
  g_autoptr(BvWindow) self = g_object_ref (BV_WINDOW (widget));
  g_autoptr(BvPage) page = g_object_ref (bv_window_get_page (self));
  const char *path = g_variant_get_string (parameter, NULL);
  g_autoptr(GError) error = NULL;
  g_autofree char *file = g_filename_display_basename (path);
  g_autofree char *text = NULL;

  if (!BV_PAGE_GET_CLASS (page)->export_path (page, path, &error))
    {
      bv_show_error (widget, _("Could Not Export"), error);
      return;
    }
  text = g_strdup_printf (_("Exported to “%s”"), file);
  bv_window_toast (self, text);
}

/* --- Navigation ------------------------------------------------------------------------------------------------------- */

static void
show_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  const char *kind, *id;

  g_variant_get (parameter, "(&s&s)", &kind, &id);
  bv_window_show_object (BV_WINDOW (widget), kind, *id != '\0' ? id : NULL);
}

void
bv_window_update_actions (BvWindow *self)
{
  BvPage *page = bv_window_get_page (self);
  gboolean open = self->workspace != NULL;
  gboolean writable = open && !bv_project_is_read_only (bv_workspace_get_project (self->workspace));
  gboolean exports = page != NULL && BV_PAGE_GET_CLASS (page)->export_path != NULL;

  gtk_widget_action_set_enabled (GTK_WIDGET (self), "win.import", writable);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "win.import-paths", writable);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "win.export", exports);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "win.export-path", exports);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "win.project-settings", open);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "win.sidebar", open);
  bv_window_update_undo (self);
}

void
bv_window_class_install_actions (BvWindowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  static const char *const places[] = { "home", "sources", "tables", "explorations", "reports" };

  gtk_widget_class_install_action (widget_class, "win.open", NULL, open_action);
  gtk_widget_class_install_action (widget_class, "win.open-path", "s", open_path_action);
  gtk_widget_class_install_action (widget_class, "win.open-sample", NULL, open_sample_action);
  gtk_widget_class_install_action (widget_class, "win.new", NULL, new_action);
  gtk_widget_class_install_action (widget_class, "win.new-path", "s", new_path_action);
  gtk_widget_class_install_action (widget_class, "win.welcome", NULL, welcome_action);
  gtk_widget_class_install_action (widget_class, "win.project-settings", NULL, project_settings_action);
  gtk_widget_class_install_action (widget_class, "win.import", NULL, import_action);
  gtk_widget_class_install_action (widget_class, "win.import-paths", "as", import_paths_action);
  gtk_widget_class_install_action (widget_class, "win.export", NULL, export_action);
  gtk_widget_class_install_action (widget_class, "win.export-path", "s", export_path_action);
  gtk_widget_class_install_action (widget_class, "win.show", "(ss)", show_action);
  gtk_widget_class_install_action (widget_class, "win.undo", NULL, bv_window_undo_action);
  gtk_widget_class_install_action (widget_class, "win.redo", NULL, bv_window_undo_action);
  gtk_widget_class_install_action (widget_class, "win.undo-step", "x", bv_window_undo_action);
  gtk_widget_class_install_property_action (widget_class, "win.sidebar", "sidebar");

  /* Bindings of the class come after those of the focus, so that Ctrl+Z in an entry undoes the typing. */
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_o, GDK_CONTROL_MASK, "win.open", NULL);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_n, GDK_CONTROL_MASK, "win.new", NULL);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_i, GDK_CONTROL_MASK, "win.import", NULL);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_e, GDK_CONTROL_MASK, "win.export", NULL);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_z, GDK_CONTROL_MASK, "win.undo", NULL);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_z, GDK_CONTROL_MASK | GDK_SHIFT_MASK, "win.redo", NULL);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_y, GDK_CONTROL_MASK, "win.redo", NULL);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_F9, 0, "win.sidebar", NULL);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_w, GDK_CONTROL_MASK, "window.close", NULL);
  for (guint i = 0; i < G_N_ELEMENTS (places); i++)
    gtk_widget_class_add_binding_action (widget_class, GDK_KEY_1 + i, GDK_ALT_MASK, "win.show", "(ss)", places[i], "");
}
