/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "ui-test.h"

#include "bv-definitions.h"
#include "bv-screenshot.h"

#include <glib/gstdio.h>
#include <string.h>

static char *directory;

#define RESOURCES "/io/github/belvedere_bi/Belvedere"

/* What AdwApplication does for the program. */
static void
load_style (void)
{
  GdkDisplay *display = gdk_display_get_default ();
  g_autoptr(GtkCssProvider) provider = gtk_css_provider_new ();

  gtk_css_provider_load_from_resource (provider, RESOURCES "/style.css");
  gtk_style_context_add_provider_for_display (display, GTK_STYLE_PROVIDER (provider), GTK_STYLE_PROVIDER_PRIORITY_APPLICATION);
  gtk_icon_theme_add_resource_path (gtk_icon_theme_get_for_display (display), RESOURCES "/icons");
}

void
ui_test_init (int    *argc,
              char ***argv)
{
  gtk_test_init (argc, argv, NULL);
  adw_init ();
  load_style ();
  g_object_set (gtk_settings_get_default (), "gtk-enable-animations", FALSE, NULL);
  directory = g_dir_make_tmp ("belvedere-ui-XXXXXX", NULL);
  g_assert_nonnull (directory);
}

static gboolean
timeout_cb (gpointer user_data)
{
  *(gboolean *) user_data = TRUE;
  return G_SOURCE_REMOVE;
}

void
ui_test_wait (UiTestFunc done,
              gpointer   user_data)
{
  gboolean late = FALSE;
  guint id = g_timeout_add_seconds (20, timeout_cb, &late);

  while (!done (user_data))
    {
      g_assert_false (late);
      g_main_context_iteration (NULL, TRUE);
    }
  if (!late)
    g_source_remove (id);
}

static void
after_paint_cb (GdkFrameClock *clock,
                gpointer       user_data)
{
  *(gboolean *) user_data = TRUE;
}

static gboolean
is_true (gpointer user_data)
{
  return *(gboolean *) user_data;
}

static gboolean
is_shown (gpointer user_data)
{
  return gtk_widget_get_mapped (user_data) && gtk_widget_get_width (user_data) > 0;
}

static gboolean
is_idle (gpointer user_data)
{
  return !bv_window_is_busy (user_data);
}

void
ui_test_settle (GtkWidget *window)
{
  gboolean painted = FALSE;
  GdkFrameClock *clock;
  gulong id;

  ui_test_wait (is_shown, window);
  if (BV_IS_WINDOW (window))
    ui_test_wait (is_idle, window);
  clock = gtk_widget_get_frame_clock (window);
  gtk_widget_queue_draw (window);
  id = g_signal_connect (clock, "after-paint", G_CALLBACK (after_paint_cb), &painted);
  gdk_frame_clock_request_phase (clock, GDK_FRAME_CLOCK_PHASE_PAINT);
  ui_test_wait (is_true, &painted);
  g_signal_handler_disconnect (clock, id);
  while (g_main_context_iteration (NULL, FALSE))
    ;
}

char *
ui_test_path (const char *name)
{
  return g_build_filename (directory, name, NULL);
}

char *
ui_test_write (const char *name,
               const char *text)
{
  g_autofree char *path = ui_test_path (name);

  g_assert_true (g_file_set_contents (path, text, -1, NULL));
  return g_steal_pointer (&path);
}

static void
write_table (BvTableWriter       *writer,
             const char          *name,
             const BvTableColumn *columns,
             guint                n_columns,
             guint                n_rows)
{
  static const char *const key[] = { "id", NULL };
  g_autoptr(GError) error = NULL;

  bv_table_writer_begin_table (writer, name, "Test", NULL, columns, n_columns, key, &error);
  g_assert_no_error (error);
  for (guint i = 0; i < n_rows; i++)
    {
      BvValue values[3] = { bv_value_int (i + 1), bv_value_int (i % 10 + 1), bv_value_double (i * 10.5) };

      bv_table_writer_append (writer, values, &error);
      g_assert_no_error (error);
    }
  bv_table_writer_end_table (writer, NULL, NULL, &error);
  g_assert_no_error (error);
}

static const char definitions[] =
  "{ \"belvedere\": 1,"
  "  \"settings\": { \"time_zone\": \"Europe/Paris\", \"currency\": \"EUR\", \"week_start\": \"monday\" },"
  "  \"relationships\": [ { \"from\": \"deals.contact_id\", \"to\": \"contacts.id\", \"type\": \"belongs-to\" } ],"
  "  \"explorations\": [ { \"name\": \"Deal flow\", \"root\": \"deals\","
  "      \"related\": [ { \"table\": \"contacts\", \"as\": \"Contact\", \"through\": \"deals.contact_id\" } ],"
  "      \"dimensions\": [ { \"name\": \"Contact\", \"field\": \"Contact.id\" } ],"
  "      \"metrics\": [ { \"name\": \"Deals\", \"aggregate\": \"count\" } ] } ],"
  "  \"reports\": [ { \"name\": \"Overview\", \"tiles\": [], \"filters\": [] } ] }";

char *
ui_test_make_project (const char *name)
{
  static const BvTableColumn contacts[] = { { (char *) "id", BV_TYPE_INT }, { (char *) "rank", BV_TYPE_INT }, { (char *) "score", BV_TYPE_DOUBLE } };
  static const BvTableColumn deals[] = { { (char *) "id", BV_TYPE_INT }, { (char *) "contact_id", BV_TYPE_INT }, { (char *) "amount", BV_TYPE_DOUBLE } };
  g_autofree char *path = ui_test_path (name);
  g_autoptr(GError) error = NULL;
  BvProject *project = bv_project_create (path, &error);
  BvTableWriter *writer;

  g_assert_no_error (error);
  writer = bv_table_writer_new (project, &error);
  g_assert_no_error (error);
  write_table (writer, "contacts", contacts, G_N_ELEMENTS (contacts), 10);
  write_table (writer, "deals", deals, G_N_ELEMENTS (deals), 1200);
  bv_table_writer_commit (writer, "Load", NULL, &error);
  g_assert_no_error (error);
  bv_definitions_apply (project, definitions, "Define", NULL, &error);
  g_assert_no_error (error);
  bv_project_unref (project);
  return g_steal_pointer (&path);
}

BvWindow *
ui_test_open (const char *path)
{
  BvWindow *window = g_object_ref (BV_WINDOW (bv_window_new (NULL)));

  gtk_window_present (GTK_WINDOW (window));
  bv_window_open_path (window, path);
  ui_test_settle (GTK_WIDGET (window));
  return window;
}

void
ui_test_close (BvWindow *window)
{
  gtk_window_destroy (GTK_WINDOW (window));
  while (g_main_context_iteration (NULL, FALSE))
    ;
  g_assert_finalize_object (window);
}

GtkWidget *
ui_test_find_type (GtkWidget *root,
                   GType      type)
{
  if (G_TYPE_CHECK_INSTANCE_TYPE (root, type))
    return root;
  for (GtkWidget *child = gtk_widget_get_first_child (root); child != NULL; child = gtk_widget_get_next_sibling (child))
    {
      GtkWidget *hit = gtk_widget_get_visible (child) ? ui_test_find_type (child, type) : NULL;

      if (hit != NULL)
        return hit;
    }
  return NULL;
}

GtkWidget *
ui_test_find_text (GtkWidget  *root,
                   const char *text)
{
  if (GTK_IS_LABEL (root) && strstr (gtk_label_get_text (GTK_LABEL (root)), text) != NULL)
    return root;
  for (GtkWidget *child = gtk_widget_get_first_child (root); child != NULL; child = gtk_widget_get_next_sibling (child))
    {
      GtkWidget *hit = gtk_widget_get_child_visible (child) && gtk_widget_get_visible (child) ? ui_test_find_text (child, text) : NULL;

      if (hit != NULL)
        return hit;
    }
  return NULL;
}

GtkWidget *
ui_test_dialog (BvWindow *window)
{
  g_autoptr(GList) toplevels = gtk_window_list_toplevels ();

  for (GList *l = toplevels; l != NULL; l = l->next)
    if (gtk_window_get_transient_for (l->data) == GTK_WINDOW (window))
      return l->data;
  return NULL;
}

static gboolean
has_text (gpointer user_data)
{
  return gtk_text_buffer_get_char_count (gtk_text_view_get_buffer (user_data)) > 0;
}

char *
ui_test_wait_text (GtkWidget *root)
{
  GtkWidget *view = ui_test_find_type (root, GTK_TYPE_TEXT_VIEW);
  GtkTextBuffer *buffer = gtk_text_view_get_buffer (GTK_TEXT_VIEW (view));
  GtkTextIter start, end;

  ui_test_wait (has_text, view);
  gtk_text_buffer_get_bounds (buffer, &start, &end);
  return gtk_text_buffer_get_text (buffer, &start, &end, FALSE);
}

void
ui_test_picture (GtkWidget  *widget,
                 const char *name)
{
  const char *output = g_getenv ("TEST_OUTPUT_DIR");
  g_autofree char *path = output != NULL ? g_build_filename (output, name, NULL) : NULL;

  if (path != NULL)
    g_assert_true (bv_screenshot_save (widget, path));
}
