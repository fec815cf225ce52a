/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One process for all projects; one window each. Runs that make a screenshot, or only test that the start works, stand apart from a
 * running instance (NON_UNIQUE).
 */
#include "config.h"
#include "bv-application.h"

#include "bv-preferences.h"
#include "bv-screenshot.h"
#include "bv-window.h"

#include <glib/gi18n.h>

struct _BvApplication
{
  AdwApplication parent_instance;

  gboolean exit_after_startup;
  char *screenshot;
  char *page;
  int width, height;
  gboolean dark;
  int status;
};

G_DEFINE_FINAL_TYPE (BvApplication, bv_application, ADW_TYPE_APPLICATION)

GSettings *
bv_application_get_settings (void)
{
  static GSettings *settings;
  GSettingsSchema *schema;

  if (settings != NULL)
    return settings;
  schema = g_settings_schema_source_get_default () != NULL
             ? g_settings_schema_source_lookup (g_settings_schema_source_get_default (), APP_ID, TRUE) : NULL;
  if (schema == NULL)
    return NULL;
  settings = g_settings_new_full (schema, NULL, NULL);
  g_settings_schema_unref (schema);
  return settings;
}

int
bv_application_get_status (BvApplication *self)
{
  g_return_val_if_fail (BV_IS_APPLICATION (self), 1);

  return self->status;
}

/* --- Actions ------------------------------------------------------------------------------------------------------------ */

static void
quit_action (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  GApplication *application = user_data;
  g_autoptr(GList) windows = g_list_copy (gtk_application_get_windows (GTK_APPLICATION (application)));

  /* Closing each window writes its size and closes its project. */
  for (GList *l = windows; l != NULL; l = l->next)
    if (BV_IS_WINDOW (l->data))
      gtk_window_close (l->data);
  g_application_quit (application);
}

static void
about_action (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  static const char *const developers[] = { "The Belvedere developers", NULL };
  GtkWindow *window = gtk_application_get_active_window (user_data);

  adw_show_about_window (window,
                         "application-name", _("Belvedere"),
                         "application-icon", APP_ID,
                         "version", VERSION,
                         "developer-name", _("The Belvedere developers"),
                         "developers", developers,
                         "comments", _("Customer analytics on your own machine: explorations over related tables, charts, and reports "
                                       "whose filters reach every tile."),
                         "website", "https://github.com/belvedere-bi/belvedere",
                         "issue-url", "https://github.com/belvedere-bi/belvedere/issues",
                         "license-type", GTK_LICENSE_GPL_3_0,
                         /* Translators: your names, one a line */
                         "translator-credits", _("translator-credits"),
                         NULL);
}

static void
preferences_action (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  bv_preferences_show (gtk_application_get_active_window (user_data));
}

static void
new_window_action (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  gtk_window_present (GTK_WINDOW (bv_window_new (user_data)));
}

/* The window's actions that take a parameter are the application's too: those the session bus reaches (org.gtk.Actions), for
 * scripts and tests. They go to the window used last.
 */
static void
window_action (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  g_autofree char *name = g_strconcat ("win.", g_action_get_name (G_ACTION (action)), NULL);

  for (GList *l = gtk_application_get_windows (user_data); l != NULL; l = l->next)
    if (BV_IS_WINDOW (l->data))
      {
        gtk_widget_activate_action_variant (l->data, name, parameter);
        return;
      }
}

static const GActionEntry actions[] = {
  { "quit", quit_action },
  { "about", about_action },
  { "preferences", preferences_action },
  { "new-window", new_window_action },
  { "open-path", window_action, "s" },
  { "new-path", window_action, "s" },
  { "import-paths", window_action, "as" },
  { "export-path", window_action, "s" },
  { "show", window_action, "(ss)" },
};

/* --- Starting ----------------------------------------------------------------------------------------------------------- */

static void
apply_color_scheme (BvApplication *self)
{
  AdwStyleManager *style = adw_style_manager_get_default ();
  GSettings *settings = bv_application_get_settings ();
  g_autofree char *scheme = settings != NULL ? g_settings_get_string (settings, "color-scheme") : NULL;

  if (self->dark || g_strcmp0 (scheme, "dark") == 0)
    adw_style_manager_set_color_scheme (style, ADW_COLOR_SCHEME_FORCE_DARK);
  else if (g_strcmp0 (scheme, "light") == 0)
    adw_style_manager_set_color_scheme (style, ADW_COLOR_SCHEME_FORCE_LIGHT);
  else
    adw_style_manager_set_color_scheme (style, ADW_COLOR_SCHEME_DEFAULT);
}

static void
bv_application_startup (GApplication *application)
{
  BvApplication *self = BV_APPLICATION (application);
  GSettings *settings;

  G_APPLICATION_CLASS (bv_application_parent_class)->startup (application);

  gtk_window_set_default_icon_name (APP_ID);
  settings = bv_application_get_settings ();
  if (settings != NULL)
    g_signal_connect_object (settings, "changed::color-scheme", G_CALLBACK (apply_color_scheme), self, G_CONNECT_SWAPPED);
  apply_color_scheme (self);
}

static void
screenshot_done_cb (gboolean success,
                    gpointer user_data)
{
  BvApplication *self = user_data;

  self->status = success ? 0 : 1;
  g_application_quit (G_APPLICATION (self));
}

static gboolean
quit_idle (gpointer user_data)
{
  g_application_quit (user_data);
  return G_SOURCE_REMOVE;
}

static void
present (BvApplication *self,
         BvWindow      *window)
{
  if (self->width > 0)
    gtk_window_set_default_size (GTK_WINDOW (window), self->width, self->height);
  gtk_window_present (GTK_WINDOW (window));
  if (self->screenshot != NULL)
    bv_screenshot_take (window, self->screenshot, self->page, screenshot_done_cb, self);
  else if (self->page != NULL)
    g_printerr (_("belvedere: --page goes with --screenshot\n"));
  if (self->exit_after_startup)
    g_idle_add (quit_idle, self);
}

static void
bv_application_activate (GApplication *application)
{
  BvApplication *self = BV_APPLICATION (application);
  GtkWindow *window = gtk_application_get_active_window (GTK_APPLICATION (application));

  if (window == NULL)
    window = GTK_WINDOW (bv_window_new (GTK_APPLICATION (application)));
  present (self, BV_WINDOW (window));
}

static void
bv_application_open (GApplication  *application,
                     GFile        **files,
                     int            n_files,
                     const char    *hint)
{
  BvApplication *self = BV_APPLICATION (application);

  for (int i = 0; i < n_files; i++)
    {
      g_autofree char *path = g_file_get_path (files[i]);
      GList *windows = gtk_application_get_windows (GTK_APPLICATION (application));
      BvWindow *window = NULL;

      if (path == NULL)
        {
          g_autofree char *uri = g_file_get_uri (files[i]);

          g_printerr (_("belvedere: “%s” is not on this computer: copy it here first\n"), uri);
          continue;
        }
      /* The project's own window, else one that shows no project, else a new one. */
      for (GList *l = windows; l != NULL; l = l->next)
        {
          if (!BV_IS_WINDOW (l->data))
            continue;
          if (g_strcmp0 (bv_window_get_path (l->data), path) == 0 || (window == NULL && bv_window_get_path (l->data) == NULL))
            window = l->data;
        }
      if (window == NULL)
        window = BV_WINDOW (bv_window_new (GTK_APPLICATION (application)));
      if (g_strcmp0 (bv_window_get_path (window), path) != 0)
        bv_window_open_path (window, path);
      present (self, window);
    }
  if (gtk_application_get_windows (GTK_APPLICATION (application)) == NULL)
    self->status = 1;
}

static int
bv_application_handle_local_options (GApplication *application,
                                     GVariantDict *options)
{
  BvApplication *self = BV_APPLICATION (application);
  const char *size = NULL;

  if (g_variant_dict_contains (options, "version"))
    {
      g_print ("belvedere %s\n", VERSION);
      g_print ("GTK %u.%u.%u, libadwaita %u.%u.%u\n", gtk_get_major_version (), gtk_get_minor_version (), gtk_get_micro_version (),
               adw_get_major_version (), adw_get_minor_version (), adw_get_micro_version ());
      return 0;
    }
  self->exit_after_startup = g_variant_dict_contains (options, "exit-after-startup");
  self->dark = g_variant_dict_contains (options, "dark");
  g_variant_dict_lookup (options, "screenshot", "^ay", &self->screenshot);
  g_variant_dict_lookup (options, "page", "s", &self->page);
  if (g_variant_dict_lookup (options, "size", "&s", &size) &&
      (sscanf (size, "%dx%d", &self->width, &self->height) != 2 || self->width < 1 || self->height < 1 || self->width > 8192 || self->height > 8192))
    {
      g_printerr (_("belvedere: “%s” is not a size: write it as 1280x800\n"), size);
      return 2;
    }
  if (self->exit_after_startup || self->screenshot != NULL)
    g_application_set_flags (application, g_application_get_flags (application) | G_APPLICATION_NON_UNIQUE);
  return -1;
}

/* However the program ends, its projects are closed: windows let go of them, and queries that are under way are waited for. */
static void
bv_application_shutdown (GApplication *application)
{
  gint64 deadline = g_get_monotonic_time () + 5 * G_USEC_PER_SEC;
  GList *windows;

  while ((windows = gtk_application_get_windows (GTK_APPLICATION (application))) != NULL)
    gtk_window_destroy (windows->data);
  while (bv_project_get_n_open () > 0 && g_get_monotonic_time () < deadline)
    if (!g_main_context_iteration (NULL, FALSE))
      g_usleep (1000);

  G_APPLICATION_CLASS (bv_application_parent_class)->shutdown (application);
}

static void
bv_application_finalize (GObject *object)
{
  BvApplication *self = BV_APPLICATION (object);

  g_clear_pointer (&self->screenshot, g_free);
  g_clear_pointer (&self->page, g_free);

  G_OBJECT_CLASS (bv_application_parent_class)->finalize (object);
}

static void
bv_application_class_init (BvApplicationClass *klass)
{
  GApplicationClass *application_class = G_APPLICATION_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = bv_application_finalize;
  application_class->startup = bv_application_startup;
  application_class->shutdown = bv_application_shutdown;
  application_class->activate = bv_application_activate;
  application_class->open = bv_application_open;
  application_class->handle_local_options = bv_application_handle_local_options;
}

static void
bv_application_init (BvApplication *self)
{
  static const GOptionEntry options[] = {
    { "version", 'v', 0, G_OPTION_ARG_NONE, NULL, N_("Show the version"), NULL },
    { "exit-after-startup", 0, G_OPTION_FLAG_HIDDEN, G_OPTION_ARG_NONE, NULL, NULL, NULL },
    { "screenshot", 0, G_OPTION_FLAG_HIDDEN, G_OPTION_ARG_FILENAME, NULL, NULL, NULL },
    { "page", 0, G_OPTION_FLAG_HIDDEN, G_OPTION_ARG_STRING, NULL, NULL, NULL },
    { "size", 0, G_OPTION_FLAG_HIDDEN, G_OPTION_ARG_STRING, NULL, NULL, NULL },
    { "dark", 0, G_OPTION_FLAG_HIDDEN, G_OPTION_ARG_NONE, NULL, NULL, NULL },
    { NULL },
  };

  g_application_add_main_option_entries (G_APPLICATION (self), options);
  g_application_set_option_context_parameter_string (G_APPLICATION (self), _("[PROJECT…]"));
  g_application_set_option_context_summary (G_APPLICATION (self), _("Customer analytics on your own machine"));
  g_action_map_add_action_entries (G_ACTION_MAP (self), actions, G_N_ELEMENTS (actions), self);
  gtk_application_set_accels_for_action (GTK_APPLICATION (self), "app.quit", (const char *[]) { "<Control>q", NULL });
  gtk_application_set_accels_for_action (GTK_APPLICATION (self), "app.preferences", (const char *[]) { "<Control>comma", NULL });
  gtk_application_set_accels_for_action (GTK_APPLICATION (self), "app.new-window", (const char *[]) { "<Control><Shift>n", NULL });
}

BvApplication *
bv_application_new (void)
{
  return g_object_new (BV_TYPE_APPLICATION,
                       "application-id", APP_ID,
                       "flags", G_APPLICATION_HANDLES_OPEN,
                       "resource-base-path", "/io/github/belvedere_bi/Belvedere",
                       NULL);
}
