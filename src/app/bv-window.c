/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The window is a stack of four: welcome, opening, failed and project. A project is opened on a thread; its workspace belongs to
 * the UI thread. Below FOLD_WIDTH the sidebar hides by itself, and after each navigation again; F9 shows it at any width.
 */
#include "config.h"
#include "bv-window-private.h"

#include "bv-application.h"
#include "bv-recent.h"
#include "bv-syncs.h"
#include "bv-util.h"
#include "bv-welcome.h"

#include <glib/gi18n.h>

#define FOLD_WIDTH 700

G_DEFINE_FINAL_TYPE (BvWindow, bv_window, ADW_TYPE_APPLICATION_WINDOW)

enum
{
  SIGNAL_PROJECT_OPENED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

/* --- The project --------------------------------------------------------------------------------------------------- */

static void
changed_cb (BvWindow *self)
{
  bv_window_prune_pages (self);
  bv_window_update_actions (self);
}

static void
show_failure (BvWindow     *self,
              const char   *path,
              const GError *error)
{
  g_autofree char *name = g_filename_display_basename (path);
  g_autofree char *title = g_strdup_printf (_("“%s” Cannot Be Opened"), name);
  g_autofree char *title_markup = g_markup_escape_text (title, -1);
  g_autofree char *markup = g_markup_escape_text (error->message, -1);

  adw_status_page_set_title (self->failed_page, title_markup);
  adw_status_page_set_description (self->failed_page, markup);
  gtk_stack_set_visible_child_name (self->stack, "failed");
}

static void
set_project (BvWindow  *self,
             BvProject *project,
             GError   **error)
{
  g_autofree char *title = bv_recent_title (bv_project_get_path (project));
  g_autofree char *directory = g_path_get_dirname (bv_project_get_path (project));
  g_autofree char *folder = bv_recent_folder_text (directory);

  if (!(self->workspace = bv_workspace_new (project, error)))
    return;
  g_signal_connect_object (self->workspace, "changed", G_CALLBACK (changed_cb), self, G_CONNECT_SWAPPED);
  bv_sidebar_set_workspace (self->sidebar, self->workspace);
  adw_window_title_set_title (self->project_title, title);
  adw_window_title_set_subtitle (self->project_title, folder);
  gtk_window_set_title (GTK_WINDOW (self), title);
  bv_recent_add (bv_project_get_path (project));
  gtk_stack_set_visible_child_name (self->stack, "project");
  bv_window_show_object (self, "home", NULL);
  bv_syncs_check_schedules (bv_syncs_of (self->workspace));
}

static void
opened_cb (GObject      *source,
           GAsyncResult *result,
           gpointer      user_data)
{
  g_autoptr(BvWindow) self = user_data;
  g_autoptr(GError) error = NULL;
  g_autoptr(BvProject) project = bv_open_project_finish (result, &error);

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED) || self->path == NULL)
    return;
  g_clear_object (&self->opening);
  gtk_spinner_stop (self->opening_spinner);
  if (project != NULL)
    set_project (self, project, &error);
  if (error != NULL)
    {
      show_failure (self, self->path, error);
      g_clear_pointer (&self->path, g_free);
    }
  bv_window_update_actions (self);
  g_signal_emit (self, signals[SIGNAL_PROJECT_OPENED], 0);
}

void
bv_window_open (BvWindow   *self,
                const char *path,
                BvOpenHow   how)
{
  g_autofree char *name = g_filename_display_basename (path);
  g_autofree char *text = NULL;

  bv_window_close_project (self);
  self->path = g_canonicalize_filename (path, NULL);
  self->opening = g_cancellable_new ();
  text = g_strdup_printf (how == BV_OPEN_SAMPLE ? _("Preparing the sample “%s”…") : _("Opening “%s”…"), name);
  gtk_label_set_label (self->opening_label, text);
  gtk_spinner_start (self->opening_spinner);
  gtk_stack_set_visible_child_name (self->stack, "opening");
  bv_window_update_actions (self);
  bv_open_project_async (self->path, how, self->opening, opened_cb, g_object_ref (self));
}

void
bv_window_close_project (BvWindow *self)
{
  if (self->opening != NULL)
    g_cancellable_cancel (self->opening);
  g_clear_object (&self->opening);
  if (self->stack != NULL)
    {
      bv_window_drop_pages (self);
      bv_sidebar_set_workspace (self->sidebar, NULL);
    }
  if (self->workspace != NULL)
    g_signal_handlers_disconnect_by_data (self->workspace, self);
  g_clear_object (&self->workspace);
  g_clear_pointer (&self->path, g_free);
}

/* --- The sidebar ---------------------------------------------------------------------------------------------------- */

void
bv_window_set_sidebar (BvWindow *self,
                       gboolean  shown)
{
  if (gtk_widget_get_visible (self->sidebar_box) == shown)
    return;
  gtk_widget_set_visible (self->sidebar_box, shown);
  g_object_notify (G_OBJECT (self), "sidebar");
}

static gboolean
fold_idle (gpointer user_data)
{
  BvWindow *self = user_data;
  gboolean folded = gtk_widget_get_width (GTK_WIDGET (self)) < FOLD_WIDTH;

  self->fold_id = 0;
  if (folded != self->folded)
    bv_window_set_sidebar (self, !folded);
  self->folded = folded;
  return G_SOURCE_REMOVE;
}

/* Children must not change while they are being given their sizes, so folding waits for the next idle moment. */
static void
bv_window_size_allocate (GtkWidget *widget,
                         int        width,
                         int        height,
                         int        baseline)
{
  BvWindow *self = BV_WINDOW (widget);

  GTK_WIDGET_CLASS (bv_window_parent_class)->size_allocate (widget, width, height, baseline);

  if ((width < FOLD_WIDTH) != self->folded && self->fold_id == 0)
    self->fold_id = g_idle_add_full (G_PRIORITY_HIGH_IDLE, fold_idle, self, NULL);
}

static void
sidebar_activated_cb (BvWindow   *self,
                      const char *kind,
                      const char *id)
{
  bv_window_show_object (self, kind, id);
}

/* Keys that nothing near the focus took go to the visible page, so that its shortcuts work from the sidebar too. */
static gboolean
key_cb (GtkEventControllerKey *controller,
        guint                  keyval,
        guint                  keycode,
        GdkModifierType        state,
        BvWindow              *self)
{
  BvPage *page = bv_window_get_page (self);
  GtkWidget *focus = gtk_window_get_focus (GTK_WINDOW (self));

  if (page == NULL || (focus != NULL && (focus == GTK_WIDGET (page) || gtk_widget_is_ancestor (focus, GTK_WIDGET (page)))))
    return GDK_EVENT_PROPAGATE;
  return gtk_event_controller_key_forward (controller, GTK_WIDGET (page));
}

static gboolean
step_view_cb (GtkWidget *widget,
              GVariant  *by,
              gpointer   user_data)
{
  BvPage *page = bv_window_get_page (BV_WINDOW (widget));

  return page != NULL && bv_page_step_view (page, g_variant_get_int32 (by));
}

/* Before the focus gets them: lists, grids and what scrolls use these keys, too. */
static void
add_view_keys (BvWindow *self)
{
  GtkEventController *keys = gtk_shortcut_controller_new ();

  gtk_event_controller_set_propagation_phase (keys, GTK_PHASE_CAPTURE);
  for (int by = -1; by <= 1; by += 2)
    {
      GtkShortcutTrigger *trigger = gtk_keyval_trigger_new (by > 0 ? GDK_KEY_Page_Down : GDK_KEY_Page_Up, GDK_CONTROL_MASK);
      GtkShortcut *shortcut = gtk_shortcut_new (trigger, gtk_callback_action_new (step_view_cb, NULL, NULL));

      gtk_shortcut_set_arguments (shortcut, g_variant_new_int32 (by));
      gtk_shortcut_controller_add_shortcut (GTK_SHORTCUT_CONTROLLER (keys), shortcut);
    }
  gtk_widget_add_controller (GTK_WIDGET (self), keys);
}

/* --- Dropped files --------------------------------------------------------------------------------------------------- */

static gboolean
drop_cb (BvWindow     *self,
         const GValue *value)
{
  GSList *files = g_value_get_boxed (value);
  g_autoptr(GPtrArray) paths = g_ptr_array_new_with_free_func (g_free);

  for (GSList *l = files; l != NULL; l = l->next)
    {
      g_autofree char *path = g_file_get_path (l->data);

      if (path == NULL)
        continue;
      if (g_str_has_suffix (path, ".belvedere"))
        {
          gtk_widget_activate_action (GTK_WIDGET (self), "win.open-path", "s", path);
          return TRUE;
        }
      g_ptr_array_add (paths, g_steal_pointer (&path));
    }
  if (paths->len == 0)
    return FALSE;
  if (self->workspace == NULL)
    {
      bv_window_toast (self, _("Open or make a project first, then drop files on it"));
      return FALSE;
    }
  gtk_widget_activate_action_variant (GTK_WIDGET (self), "win.import-paths",
                                      g_variant_new_strv ((const char *const *) paths->pdata, paths->len));
  return TRUE;
}

/* --- The object -------------------------------------------------------------------------------------------------------- */

enum
{
  PROP_0,
  PROP_SIDEBAR,
  N_PROPS
};

static void
bv_window_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  BvWindow *self = BV_WINDOW (object);

  if (id == PROP_SIDEBAR)
    g_value_set_boolean (value, gtk_widget_get_visible (self->sidebar_box));
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
}

static void
bv_window_set_property (GObject *object, guint id, const GValue *value, GParamSpec *pspec)
{
  if (id == PROP_SIDEBAR)
    bv_window_set_sidebar (BV_WINDOW (object), g_value_get_boolean (value));
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
}

static void
load_size (BvWindow *self)
{
  GSettings *settings = bv_application_get_settings ();

  if (settings == NULL)
    return;
  gtk_window_set_default_size (GTK_WINDOW (self), g_settings_get_int (settings, "window-width"),
                               g_settings_get_int (settings, "window-height"));
  if (g_settings_get_boolean (settings, "window-maximized"))
    gtk_window_maximize (GTK_WINDOW (self));
}

static void
save_size (BvWindow *self)
{
  GSettings *settings = bv_application_get_settings ();
  int width, height;

  if (settings == NULL)
    return;
  gtk_window_get_default_size (GTK_WINDOW (self), &width, &height);
  g_settings_set_boolean (settings, "window-maximized", gtk_window_is_maximized (GTK_WINDOW (self)));
  if (gtk_window_is_maximized (GTK_WINDOW (self)))
    return;
  g_settings_set_int (settings, "window-width", width);
  g_settings_set_int (settings, "window-height", height);
}

static gboolean
bv_window_close_request (GtkWindow *window)
{
  save_size (BV_WINDOW (window));

  return GTK_WINDOW_CLASS (bv_window_parent_class)->close_request (window);
}

static void
bv_window_dispose (GObject *object)
{
  BvWindow *self = BV_WINDOW (object);

  g_clear_handle_id (&self->fold_id, g_source_remove);
  bv_window_close_project (self);
  self->undo_toast = NULL;
  gtk_widget_dispose_template (GTK_WIDGET (self), BV_TYPE_WINDOW);
  g_clear_object (&self->menu);
  g_clear_object (&self->undo_section);
  g_clear_pointer (&self->kept, g_ptr_array_unref);

  G_OBJECT_CLASS (bv_window_parent_class)->dispose (object);
}

static void
bv_window_class_init (BvWindowClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = bv_window_dispose;
  object_class->get_property = bv_window_get_property;
  object_class->set_property = bv_window_set_property;
  widget_class->size_allocate = bv_window_size_allocate;
  GTK_WINDOW_CLASS (klass)->close_request = bv_window_close_request;

  g_object_class_install_property (object_class, PROP_SIDEBAR,
                                   g_param_spec_boolean ("sidebar", NULL, NULL, TRUE,
                                                         G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY));
  signals[SIGNAL_PROJECT_OPENED] = g_signal_new ("project-opened", BV_TYPE_WINDOW, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                                 G_TYPE_NONE, 0);

  g_type_ensure (BV_TYPE_SIDEBAR);
  g_type_ensure (BV_TYPE_WELCOME);
  gtk_widget_class_set_template_from_resource (widget_class, "/io/github/belvedere_bi/Belvedere/bv-window.ui");
  gtk_widget_class_bind_template_child (widget_class, BvWindow, toasts);
  gtk_widget_class_bind_template_child (widget_class, BvWindow, stack);
  gtk_widget_class_bind_template_child (widget_class, BvWindow, welcome_menu);
  gtk_widget_class_bind_template_child (widget_class, BvWindow, opening_spinner);
  gtk_widget_class_bind_template_child (widget_class, BvWindow, opening_label);
  gtk_widget_class_bind_template_child (widget_class, BvWindow, failed_page);
  gtk_widget_class_bind_template_child (widget_class, BvWindow, paned);
  gtk_widget_class_bind_template_child (widget_class, BvWindow, sidebar_box);
  gtk_widget_class_bind_template_child (widget_class, BvWindow, project_title);
  gtk_widget_class_bind_template_child (widget_class, BvWindow, sidebar);
  gtk_widget_class_bind_template_child (widget_class, BvWindow, pages);
  bv_window_class_install_actions (klass);
}

static void
append_item (GMenu      *menu,
             const char *label,
             const char *action,
             const char *accel)
{
  g_autoptr(GMenuItem) item = g_menu_item_new (label, action);

  if (accel != NULL)
    g_menu_item_set_attribute (item, "accel", "s", accel);
  g_menu_append_item (menu, item);
}

static void
make_menu (BvWindow *self)
{
  g_autoptr(GMenu) file = g_menu_new ();
  g_autoptr(GMenu) project = g_menu_new ();
  g_autoptr(GMenu) help = g_menu_new ();

  self->menu = g_menu_new ();
  self->undo_section = g_menu_new ();
  g_menu_append_section (self->menu, NULL, G_MENU_MODEL (self->undo_section));
  append_item (file, _("_New Project…"), "win.new", "<Control>n");
  append_item (file, _("_Open…"), "win.open", "<Control>o");
  append_item (file, _("Open the _Sample"), "win.open-sample", NULL);
  append_item (file, _("New _Window"), "app.new-window", "<Control><Shift>n");
  g_menu_append_section (self->menu, NULL, G_MENU_MODEL (file));
  append_item (project, _("_Import Files…"), "win.import", "<Control>i");
  append_item (project, _("_Export…"), "win.export", "<Control>e");
  append_item (project, _("Project Se_ttings"), "win.project-settings", NULL);
  g_menu_append_section (self->menu, NULL, G_MENU_MODEL (project));
  append_item (help, _("_Preferences"), "app.preferences", "<Control>comma");
  append_item (help, _("_Keyboard Shortcuts"), "win.show-help-overlay", "<Control>question");
  append_item (help, _("_About Belvedere"), "app.about", NULL);
  g_menu_append_section (self->menu, NULL, G_MENU_MODEL (help));
  gtk_menu_button_set_menu_model (self->welcome_menu, G_MENU_MODEL (self->menu));
}

static void
bv_window_init (BvWindow *self)
{
  GtkDropTarget *drop = gtk_drop_target_new (GDK_TYPE_FILE_LIST, GDK_ACTION_COPY);
  GtkEventController *keys;

  self->kept = g_ptr_array_new ();
  gtk_widget_init_template (GTK_WIDGET (self));
  make_menu (self);
  load_size (self);
  g_signal_connect_object (self->sidebar, "activated", G_CALLBACK (sidebar_activated_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_swapped (drop, "drop", G_CALLBACK (drop_cb), self);
  gtk_widget_add_controller (GTK_WIDGET (self), GTK_EVENT_CONTROLLER (drop));
  keys = gtk_event_controller_key_new ();
  g_signal_connect_object (keys, "key-pressed", G_CALLBACK (key_cb), self, 0);
  gtk_widget_add_controller (GTK_WIDGET (self), keys);
  add_view_keys (self);
  bv_window_update_actions (self);
}

GtkWidget *
bv_window_new (GtkApplication *application)
{
  return g_object_new (BV_TYPE_WINDOW, "application", application, NULL);
}

BvWorkspace *
bv_window_get_workspace (BvWindow *self)
{
  g_return_val_if_fail (BV_IS_WINDOW (self), NULL);

  return self->workspace;
}

void
bv_window_open_path (BvWindow   *self,
                     const char *path)
{
  g_return_if_fail (BV_IS_WINDOW (self));
  g_return_if_fail (path != NULL);

  bv_window_open (self, path, BV_OPEN_EXISTING);
}

const char *
bv_window_get_path (BvWindow *self)
{
  g_return_val_if_fail (BV_IS_WINDOW (self), NULL);

  return self->path;
}

void
bv_window_toast (BvWindow   *self,
                 const char *text)
{
  g_return_if_fail (BV_IS_WINDOW (self));

  bv_window_add_toast (self, bv_toast_new (text));
}

void
bv_window_add_toast (BvWindow *self,
                     AdwToast *toast)
{
  g_return_if_fail (BV_IS_WINDOW (self));

  if (self->toasts != NULL)
    adw_toast_overlay_add_toast (self->toasts, toast);
  else /* closed */
    g_object_unref (toast);
}

gboolean
bv_window_is_busy (BvWindow *self)
{
  BvPage *page;

  g_return_val_if_fail (BV_IS_WINDOW (self), FALSE);

  page = bv_window_get_page (self);
  return self->opening != NULL || self->n_imports > 0 || self->stepping || (page != NULL && bv_page_is_busy (page));
}

GMenuModel *
bv_window_get_menu (BvWindow *self)
{
  g_return_val_if_fail (BV_IS_WINDOW (self), NULL);

  return G_MENU_MODEL (self->menu);
}

BvWindow *
bv_window_of (GtkWidget *widget)
{
  GtkRoot *root = gtk_widget_get_root (widget);

  if (BV_IS_WINDOW (root))
    return BV_WINDOW (root);
  /* A dialog belongs to the window below it. */
  if (GTK_IS_WINDOW (root) && BV_IS_WINDOW (gtk_window_get_transient_for (GTK_WINDOW (root))))
    return BV_WINDOW (gtk_window_get_transient_for (GTK_WINDOW (root)));
  return NULL;
}
