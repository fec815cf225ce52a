/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The window: what it opens and what it refuses, navigation, undo, folding. */
#include "config.h"
#include "report-test.h"
#include "ui-test.h"

#include "bv-column-cache.h"
#include "bv-open.h"
#include "bv-preparing.h"

#include <glib/gstdio.h>
#include <string.h>

/* --- Opening ----------------------------------------------------------------------------------------------------------- */

static void
test_sections (void)
{
  static const char *const sections[] = { "home", "sources", "tables", "explorations", "reports" };
  g_autofree char *path = ui_test_make_project ("sections.belvedere");
  BvWindow *window = ui_test_open (path);

  g_assert_nonnull (bv_window_get_workspace (window));
  g_assert_cmpstr (bv_page_get_title (bv_window_get_page (window)), ==, "Home");
  for (guint i = 0; i < G_N_ELEMENTS (sections); i++)
    {
      g_autofree char *name = g_strdup_printf ("%s.png", sections[i]);

      g_assert_true (bv_window_show_object (window, sections[i], NULL));
      ui_test_settle (GTK_WIDGET (window));
      ui_test_picture (GTK_WIDGET (window), name);
    }
  g_assert_true (bv_window_show_object (window, "exploration", "Deal flow"));
  g_assert_cmpstr (bv_page_get_title (bv_window_get_page (window)), ==, "Deal flow");
  g_assert_true (bv_window_show_object (window, "report", "Overview"));
  g_assert_cmpstr (bv_page_get_title (bv_window_get_page (window)), ==, "Overview");
  g_assert_false (bv_window_show_object (window, "report", "No such report"));
  g_assert_false (bv_window_show_object (window, "nonsense", NULL));
  g_assert_cmpstr (bv_page_get_title (bv_window_get_page (window)), ==, "Overview");
  ui_test_close (window);
}

static gint64
count_usage (const char *path)
{
  sqlite3_stmt *stmt;
  sqlite3 *db;
  gint64 n;

  g_assert_cmpint (sqlite3_open_v2 (path, &db, SQLITE_OPEN_READONLY, NULL), ==, SQLITE_OK);
  g_assert_cmpint (sqlite3_prepare_v2 (db, "SELECT count(*) FROM bv_usage WHERE what = 'open' AND subject = 'usage'", -1, &stmt, NULL), ==, SQLITE_OK);
  g_assert_cmpint (sqlite3_step (stmt), ==, SQLITE_ROW);
  n = sqlite3_column_int64 (stmt, 0);
  sqlite3_finalize (stmt);
  sqlite3_close (db);
  return n;
}

typedef struct
{
  char *path;
  gint64 n_usages;
  gboolean read;
} Opened;

static void
opened_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Opened *opened = user_data;

  opened->n_usages = count_usage (opened->path);
  bv_project_unref (bv_open_project_finish (result, NULL));
  opened->read = TRUE;
}

static gboolean
is_read (gpointer opened)
{
  return ((Opened *) opened)->read;
}

/* The thread that opens a project notes so: the window has nothing to wait for. */
static void
test_usage (void)
{
  g_autofree char *path = ui_test_make_project ("usage.belvedere");
  Opened opened = { path };

  bv_open_project_async (path, BV_OPEN_EXISTING, NULL, opened_cb, &opened);
  ui_test_wait (is_read, &opened);
  g_assert_cmpint (opened.n_usages, ==, 1);
  ui_test_close (ui_test_open (path));
  g_assert_cmpint (count_usage (path), ==, 2);
}

/* A page out of sight follows the project when it is shown again, and not before. */
static void
test_out_of_sight (void)
{
  g_autofree char *path = ui_test_make_project ("out-of-sight.belvedere");
  BvWindow *window = ui_test_open (path);
  BvWorkspace *workspace = bv_window_get_workspace (window);
  BvPage *page;

  g_assert_true (bv_window_show_object (window, "exploration", "Deal flow"));
  page = bv_window_get_page (window);
  ui_test_settle (GTK_WIDGET (window));
  g_assert_true (bv_window_show_object (window, "explorations", NULL));
  ui_test_settle (GTK_WIDGET (window));
  g_assert_true (bv_workspace_rename (workspace, "exploration", NULL, "Deal flow", "Deal stream", NULL));
  g_assert_nonnull (ui_test_find_text (GTK_WIDGET (bv_window_get_page (window)), "Deal stream"));
  g_assert_cmpstr (bv_page_get_title (page), ==, "Deal flow");
  g_assert_false (bv_page_is_busy (page));
  g_assert_true (bv_window_show_object (window, "exploration", "Deal stream"));
  g_assert_true (bv_window_get_page (window) == page);
  g_assert_cmpstr (bv_page_get_title (page), ==, "Deal stream");
  g_assert_true (bv_page_is_busy (page));
  ui_test_settle (GTK_WIDGET (window));
  ui_test_close (window);
}

/* The line under the sidebar while a table is being encoded. */
static void
test_preparing (void)
{
  g_autofree char *path = ui_test_make_project ("preparing.belvedere");
  BvWindow *window = ui_test_open (path);
  GtkWidget *line = ui_test_find_type (GTK_WIDGET (window), BV_TYPE_PREPARING);
  GtkRevealer *revealer;
  GtkWidget *bar;

  g_assert_nonnull (line);
  revealer = GTK_REVEALER (adw_bin_get_child (ADW_BIN (line)));
  ui_test_settle (GTK_WIDGET (window));
  bv_preparing_show (BV_PREPARING (line), "Web events", 0.43);
  ui_test_settle (GTK_WIDGET (window));
  g_assert_true (gtk_revealer_get_reveal_child (revealer));
  g_assert_nonnull (ui_test_find_text (line, "Preparing “Web events”"));
  g_assert_nonnull (ui_test_find_text (line, "40%"));
  bar = ui_test_find_type (line, GTK_TYPE_PROGRESS_BAR);
  g_assert_cmpfloat_with_epsilon (gtk_progress_bar_get_fraction (GTK_PROGRESS_BAR (bar)), 0.4, 1e-9);
  ui_test_picture (GTK_WIDGET (window), "preparing.png");
  /* Work has ended: there is none. */
  g_signal_emit_by_name (bv_window_get_workspace (window), "preparing");
  g_assert_false (gtk_revealer_get_reveal_child (revealer));
  ui_test_close (window);
}

static gboolean
is_revealed (gpointer revealer)
{
  return gtk_revealer_get_reveal_child (revealer);
}

/* What is encoded has nowhere to go: the line says so, and the numbers are there all the same. */
static void
test_unsaved (void)
{
  g_autofree char *folder = g_build_filename (g_get_user_cache_dir (), "belvedere", NULL);
  g_autofree char *aside = g_strconcat (folder, "-aside", NULL);
  gboolean is_there = g_rename (folder, aside) == 0;
  GtkWidget *line, *revealer;
  BvWindow *window;

  g_assert_cmpint (g_mkdir_with_parents (g_get_user_cache_dir (), 0700), ==, 0);
  g_assert_true (g_file_set_contents (folder, "in the way", -1, NULL));
  bv_column_cache_set_min_rows (1);
  window = report_test_open ("unsaved.belvedere");
  line = ui_test_find_type (GTK_WIDGET (window), BV_TYPE_PREPARING);
  revealer = adw_bin_get_child (ADW_BIN (line));
  ui_test_wait (is_revealed, revealer);
  ui_test_settle (GTK_WIDGET (window));
  g_assert_nonnull (ui_test_find_text (line, "Prepared tables could not be saved"));
  g_assert_nonnull (strstr (gtk_widget_get_tooltip_text (gtk_revealer_get_child (GTK_REVEALER (revealer))), folder));
  ui_test_picture (GTK_WIDGET (window), "unsaved.png");
  ui_test_close (window);
  bv_column_cache_set_min_rows (BV_COLUMN_CACHE_MIN_ROWS);
  g_assert_cmpint (g_remove (folder), ==, 0);
  if (is_there)
    g_assert_cmpint (g_rename (aside, folder), ==, 0);
}

static void
test_empty (void)
{
  g_autofree char *path = ui_test_path ("empty.belvedere");
  BvWindow *window = g_object_ref (BV_WINDOW (bv_window_new (NULL)));

  gtk_window_present (GTK_WINDOW (window));
  g_assert_true (gtk_widget_activate_action (GTK_WIDGET (window), "win.new-path", "s", path));
  ui_test_settle (GTK_WIDGET (window));
  g_assert_true (g_file_test (path, G_FILE_TEST_EXISTS));
  g_assert_nonnull (ui_test_find_text (GTK_WIDGET (window), "Start With Your Data"));
  bv_window_show_object (window, "reports", NULL);
  ui_test_settle (GTK_WIDGET (window));
  g_assert_nonnull (ui_test_find_text (GTK_WIDGET (window), "No Reports Yet"));
  ui_test_picture (GTK_WIDGET (window), "empty.png");
  ui_test_close (window);
}

/* What cannot be opened is said in the window, and the file is left alone. */
static void
check_refused (const char *path,
               const char *word)
{
  BvWindow *window = ui_test_open (path);

  g_assert_null (bv_window_get_workspace (window));
  g_assert_null (bv_window_get_page (window));
  g_assert_nonnull (ui_test_find_text (GTK_WIDGET (window), "Cannot Be Opened"));
  g_assert_nonnull (ui_test_find_text (GTK_WIDGET (window), word));
  ui_test_picture (GTK_WIDGET (window), "refused.png");
  g_assert_true (gtk_widget_activate_action (GTK_WIDGET (window), "win.welcome", NULL));
  ui_test_settle (GTK_WIDGET (window));
  g_assert_nonnull (ui_test_find_text (GTK_WIDGET (window), "Open the Sample"));
  ui_test_close (window);
}

static void
test_refused (void)
{
  g_autofree char *missing = ui_test_path ("missing.belvedere");
  g_autofree char *broken = ui_test_write ("broken.belvedere", "this is <not> a project & never was");
  g_autofree char *newer = ui_test_make_project ("newer.belvedere");
  g_autofree char *before = NULL, *after = NULL;
  gsize n_before, n_after;
  sqlite3 *db;

  g_assert_cmpint (sqlite3_open (newer, &db), ==, SQLITE_OK);
  g_assert_cmpint (sqlite3_exec (db, "PRAGMA user_version = 9999", NULL, NULL, NULL), ==, SQLITE_OK);
  sqlite3_close (db);
  g_assert_true (g_file_get_contents (newer, &before, &n_before, NULL));

  check_refused (missing, "missing.belvedere");
  check_refused (broken, "broken.belvedere");
  check_refused (newer, "newer");
  g_assert_true (g_file_get_contents (newer, &after, &n_after, NULL));
  g_assert_cmpmem (before, n_before, after, n_after);
}

static void
test_read_only (void)
{
  g_autofree char *path = ui_test_make_project ("held.belvedere");
  g_autoptr(GError) error = NULL;
  g_autoptr(BvProject) holder = bv_project_open (path, BV_OPEN_DEFAULT, &error);
  BvWindow *window;

  g_assert_no_error (error);
  window = ui_test_open (path);
  g_assert_true (bv_project_is_read_only (bv_workspace_get_project (bv_window_get_workspace (window))));
  g_assert_nonnull (ui_test_find_text (GTK_WIDGET (window), g_get_user_name ()));
  g_assert_false (bv_page_can_edit (bv_window_get_page (window)));
  bv_window_show_object (window, "tables", NULL);
  ui_test_settle (GTK_WIDGET (window));
  ui_test_picture (GTK_WIDGET (window), "read-only.png");
  ui_test_close (window);
}

/* --- Undo ----------------------------------------------------------------------------------------------------------------- */

static char *
menu_label (BvWindow *window,
            int       item)
{
  g_autoptr(GMenuModel) section = g_menu_model_get_item_link (bv_window_get_menu (window), 0, G_MENU_LINK_SECTION);
  char *label = NULL;

  g_assert_true (g_menu_model_get_item_attribute (section, item, G_MENU_ATTRIBUTE_LABEL, "s", &label));
  return label;
}

static void
assert_menu (BvWindow   *window,
             const char *undo,
             const char *redo)
{
  g_autofree char *undo_label = menu_label (window, 0);
  g_autofree char *redo_label = menu_label (window, 1);

  g_assert_cmpstr (undo_label, ==, undo);
  g_assert_cmpstr (redo_label, ==, redo);
}

static gboolean
is_gone (gpointer pointer)
{
  return *(gpointer *) pointer == NULL;
}

static void
test_undo (void)
{
  g_autofree char *path = ui_test_make_project ("undo.belvedere");
  BvWindow *window = ui_test_open (path);
  BvWorkspace *workspace = bv_window_get_workspace (window);
  g_autoptr(BvReport) report = bv_report_new ("Second");
  g_autoptr(GError) error = NULL;

  assert_menu (window, "_Undo Define", "_Redo");
  bv_workspace_put_report (workspace, "Make It", report, &error);
  g_assert_no_error (error);
  assert_menu (window, "_Undo Make It", "_Redo");
  g_assert_true (bv_window_show_object (window, "report", "Second"));

  /* The page of a report that is undone closes. */
  gtk_widget_activate_action (GTK_WIDGET (window), "win.undo", NULL);
  ui_test_settle (GTK_WIDGET (window));
  g_assert_null (bv_model_find_report (bv_workspace_get_model (workspace), "Second"));
  g_assert_cmpstr (bv_page_get_title (bv_window_get_page (window)), ==, "Reports");
  g_assert_nonnull (ui_test_find_text (GTK_WIDGET (window), "Make It"));
  assert_menu (window, "_Undo Define", "_Redo Make It");

  gtk_widget_activate_action (GTK_WIDGET (window), "win.redo", NULL);
  ui_test_settle (GTK_WIDGET (window));
  g_assert_nonnull (bv_model_find_report (bv_workspace_get_model (workspace), "Second"));
  assert_menu (window, "_Undo Make It", "_Redo");
  ui_test_close (window);

  /* History outlives the window. */
  window = ui_test_open (path);
  assert_menu (window, "_Undo Make It", "_Redo");
  ui_test_close (window);
}

static void
delete_report (BvWindow   *window,
               const char *name)
{
  BvReport *report = bv_model_find_report (bv_workspace_get_model (bv_window_get_workspace (window)), name);
  GtkWidget *page;

  g_assert_true (bv_window_show_object (window, "reports", NULL));
  page = GTK_WIDGET (bv_window_get_page (window));
  g_assert_true (gtk_widget_activate_action (page, "page.delete", "s", report->uuid));
  ui_test_settle (GTK_WIDGET (window));
}

static gboolean
has_no_toast (gpointer window)
{
  return ui_test_find_text (window, "deleted") == NULL;
}

/* "Undo" in the note of a deletion undoes the deletion, and is gone with the next step. */
static void
test_undo_toast (void)
{
  g_autofree char *path = ui_test_make_project ("undo-toast.belvedere");
  BvWindow *window = ui_test_open (path);
  BvWorkspace *workspace = bv_window_get_workspace (window);
  g_autoptr(BvReport) second = bv_report_new ("Second");
  g_autoptr(BvReport) third = bv_report_new ("Third");
  g_autoptr(BvReport) first = bv_report_new ("First");
  const char *name;
  gint64 deletion;

  g_assert_true (bv_workspace_put_report (workspace, "Make It", first, NULL));
  g_assert_true (bv_workspace_put_report (workspace, "Make It", second, NULL));
  delete_report (window, "Second");
  g_assert_nonnull (ui_test_find_text (GTK_WIDGET (window), "“Second” deleted"));
  ui_test_settle (GTK_WIDGET (window));
  ui_test_picture (GTK_WIDGET (window), "undo-toast.png");
  g_signal_emit_by_name (gtk_widget_get_ancestor (ui_test_find_text (GTK_WIDGET (window), "Undo"), GTK_TYPE_BUTTON), "clicked");
  ui_test_settle (GTK_WIDGET (window));
  g_assert_nonnull (bv_model_find_report (bv_workspace_get_model (workspace), "Second"));
  ui_test_wait (has_no_toast, window);

  /* Another step: what was offered is no more, whichever way the old offer is still reached. */
  delete_report (window, "Second");
  g_assert_nonnull (ui_test_find_text (GTK_WIDGET (window), "“Second” deleted"));
  deletion = bv_project_get_undo_step (bv_workspace_get_project (workspace), &name);
  g_assert_true (bv_workspace_put_report (workspace, "Make Another", third, NULL));
  ui_test_wait (has_no_toast, window);
  gtk_widget_activate_action (GTK_WIDGET (window), "win.undo-step", "x", deletion);
  ui_test_settle (GTK_WIDGET (window));
  g_assert_null (bv_model_find_report (bv_workspace_get_model (workspace), "Second"));
  g_assert_nonnull (bv_model_find_report (bv_workspace_get_model (workspace), "Third"));

  /* A thread has made a step that the window does not know yet: neither is undone. */
  {
    BvChange *change = bv_change_new ("Behind the Window");
    g_autoptr(GError) error = NULL;

    delete_report (window, "Third");
    g_assert_nonnull (ui_test_find_text (GTK_WIDGET (window), "“Third” deleted"));
    bv_change_put (change, NULL, "report", "Fourth", "{}", -1);
    g_assert_true (bv_project_commit (bv_workspace_get_project (workspace), change, &error));
    gtk_widget_activate_action (GTK_WIDGET (window), "win.undo", NULL);
    ui_test_settle (GTK_WIDGET (window));
    g_assert_cmpstr (bv_workspace_get_undo_name (workspace), ==, "Behind the Window");
    /* Now it does: that step is what the next undo means. */
    assert_menu (window, "_Undo Behind the Window", "_Redo");
    ui_test_wait (has_no_toast, window);
    gtk_widget_activate_action (GTK_WIDGET (window), "win.undo", NULL);
    ui_test_settle (GTK_WIDGET (window));
    assert_menu (window, "_Undo Delete Report", "_Redo Behind the Window");
    g_assert_null (bv_model_find_report (bv_workspace_get_model (workspace), "Third"));
  }

  /* With the project its offers go. */
  delete_report (window, "First");
  g_assert_nonnull (ui_test_find_text (GTK_WIDGET (window), "“First” deleted"));
  gtk_widget_activate_action (GTK_WIDGET (window), "win.welcome", NULL);
  ui_test_wait (has_no_toast, window);
  ui_test_close (window);
}

/* A step that takes long does not stop the window, nor can anything be changed under it. */
static void
test_long_undo (void)
{
  g_autofree char *path = ui_test_make_project ("long-undo.belvedere");
  BvWindow *window = ui_test_open (path);
  BvWorkspace *workspace = bv_window_get_workspace (window);
  g_autoptr(BvReport) report = bv_report_new ("Second");
  BvTableWriter *writer;
  GtkWidget *page;

  g_assert_true (bv_workspace_put_report (workspace, "Make It", report, NULL));
  g_assert_true (bv_window_show_object (window, "reports", NULL));
  ui_test_settle (GTK_WIDGET (window));
  page = GTK_WIDGET (bv_window_get_page (window));
  writer = bv_table_writer_new (bv_workspace_get_project (workspace), NULL); /* for as long as it writes, others wait */
  g_assert_nonnull (writer);
  gtk_widget_activate_action (GTK_WIDGET (window), "win.undo", NULL);
  g_assert_true (bv_window_is_busy (window));
  g_assert_false (gtk_widget_is_sensitive (page));
  g_assert_nonnull (bv_model_find_report (bv_workspace_get_model (workspace), "Second"));
  gtk_widget_activate_action (GTK_WIDGET (window), "win.undo", NULL); /* one at a time */
  bv_table_writer_abort (writer);
  ui_test_settle (GTK_WIDGET (window));
  g_assert_true (gtk_widget_is_sensitive (page));
  g_assert_null (bv_model_find_report (bv_workspace_get_model (workspace), "Second"));
  assert_menu (window, "_Undo Define", "_Redo Make It");

  /* A window may be closed over it. */
  writer = bv_table_writer_new (bv_workspace_get_project (workspace), NULL);
  gtk_widget_activate_action (GTK_WIDGET (window), "win.redo", NULL);
  g_assert_true (bv_window_is_busy (window));
  g_object_add_weak_pointer (G_OBJECT (window), (gpointer *) &window);
  gtk_window_destroy (GTK_WINDOW (window));
  bv_table_writer_abort (writer);
  g_object_unref (window);
  ui_test_wait (is_gone, &window);
}

/* --- The rest --------------------------------------------------------------------------------------------------------------- */

static void
test_table (void)
{
  g_autofree char *path = ui_test_make_project ("table.belvedere");
  BvWindow *window = ui_test_open (path);
  BvPage *page;

  g_assert_true (bv_window_show_object (window, "table", "deals"));
  ui_test_settle (GTK_WIDGET (window));
  page = bv_window_get_page (window);
  g_assert_cmpstr (bv_page_get_title (page), ==, "deals");
  g_assert_nonnull (ui_test_find_text (GTK_WIDGET (page), "1–500 of 1,200 rows"));
  g_assert_true (gtk_widget_activate_action (GTK_WIDGET (page), "page.next-rows", NULL));
  ui_test_settle (GTK_WIDGET (window));
  g_assert_true (gtk_widget_activate_action (GTK_WIDGET (page), "page.next-rows", NULL));
  ui_test_settle (GTK_WIDGET (window));
  g_assert_nonnull (ui_test_find_text (GTK_WIDGET (page), "1,001–1,200 of 1,200 rows"));
  ui_test_picture (GTK_WIDGET (window), "table-rows.png");

  gtk_stack_set_visible_child_name (GTK_STACK (ui_test_find_type (bv_page_get_content (page), GTK_TYPE_STACK)), "columns");
  ui_test_settle (GTK_WIDGET (window));
  g_assert_nonnull (ui_test_find_text (GTK_WIDGET (page), "100 % filled"));
  g_assert_nonnull (ui_test_find_text (GTK_WIDGET (page), "Key"));
  ui_test_picture (GTK_WIDGET (window), "table-columns.png");

  gtk_stack_set_visible_child_name (GTK_STACK (ui_test_find_type (bv_page_get_content (page), GTK_TYPE_STACK)), "relationships");
  ui_test_settle (GTK_WIDGET (window));
  g_assert_nonnull (ui_test_find_text (GTK_WIDGET (page), "deals.contact_id → contacts.id"));
  ui_test_picture (GTK_WIDGET (window), "table-relationships.png");
  ui_test_close (window);
}

static void
test_fold (void)
{
  g_autofree char *path = ui_test_make_project ("fold.belvedere");
  BvWindow *window = g_object_ref (BV_WINDOW (bv_window_new (NULL)));
  gboolean sidebar;

  gtk_window_set_default_size (GTK_WINDOW (window), 600, 600);
  gtk_window_present (GTK_WINDOW (window));
  bv_window_open_path (window, path);
  ui_test_settle (GTK_WIDGET (window));
  ui_test_settle (GTK_WIDGET (window));
  g_object_get (window, "sidebar", &sidebar, NULL);
  g_assert_false (sidebar);
  g_assert_true (gtk_widget_activate_action (GTK_WIDGET (window), "win.sidebar", NULL));
  g_object_get (window, "sidebar", &sidebar, NULL);
  g_assert_true (sidebar);
  /* In a narrow window the sidebar makes room again once something was chosen. */
  bv_window_show_object (window, "tables", NULL);
  g_object_get (window, "sidebar", &sidebar, NULL);
  g_assert_false (sidebar);
  ui_test_settle (GTK_WIDGET (window));
  ui_test_picture (GTK_WIDGET (window), "folded.png");
  ui_test_close (window);
}

/* --- The sample, recent projects ------------------------------------------------------------------------------------------- */

static void
test_sample (void)
{
  BvWindow *window = g_object_ref (BV_WINDOW (bv_window_new (NULL)));
  g_autofree char *path = NULL;
  int i;

  gtk_window_present (GTK_WINDOW (window));
  for (i = 0; i < 2; i++)
    {
      /* Made the first time, opened the second. */
      g_assert_true (gtk_widget_activate_action (GTK_WIDGET (window), "win.open-sample", NULL));
      ui_test_settle (GTK_WIDGET (window));
      g_assert_nonnull (bv_window_get_workspace (window));
      g_assert_nonnull (bv_model_find_report (bv_workspace_get_model (bv_window_get_workspace (window)), "Customer report"));
      g_assert_cmpuint (bv_workspace_get_model (bv_window_get_workspace (window))->problems->len, ==, 0);
      g_free (path);
      path = g_strdup (bv_window_get_path (window));
      gtk_widget_activate_action (GTK_WIDGET (window), "win.welcome", NULL);
    }
  g_assert_true (g_str_has_suffix (path, "/belvedere/Jaffle Soft.belvedere"));
  ui_test_settle (GTK_WIDGET (window));
  ui_test_picture (GTK_WIDGET (window), "welcome.png");
  ui_test_close (window);
}

static void
test_recent (void)
{
  g_autofree char *path = ui_test_make_project ("Recent & used.belvedere");
  BvWindow *window = ui_test_open (path);

  gtk_widget_activate_action (GTK_WIDGET (window), "win.welcome", NULL);
  ui_test_settle (GTK_WIDGET (window));
  g_assert_nonnull (ui_test_find_text (GTK_WIDGET (window), "Recent Projects"));
  g_assert_nonnull (ui_test_find_text (GTK_WIDGET (window), "Recent & used"));
  ui_test_close (window);
}

int
main (int   argc,
      char *argv[])
{
  ui_test_init (&argc, &argv);
  g_test_add_func ("/app/window/sections", test_sections);
  g_test_add_func ("/app/window/usage", test_usage);
  g_test_add_func ("/app/window/out-of-sight", test_out_of_sight);
  g_test_add_func ("/app/window/preparing", test_preparing);
  g_test_add_func ("/app/window/unsaved", test_unsaved);
  g_test_add_func ("/app/window/empty", test_empty);
  g_test_add_func ("/app/window/refused", test_refused);
  g_test_add_func ("/app/window/read-only", test_read_only);
  g_test_add_func ("/app/window/undo", test_undo);
  g_test_add_func ("/app/window/undo-toast", test_undo_toast);
  g_test_add_func ("/app/window/long-undo", test_long_undo);
  g_test_add_func ("/app/window/table", test_table);
  g_test_add_func ("/app/window/fold", test_fold);
  g_test_add_func ("/app/window/sample", test_sample);
  g_test_add_func ("/app/window/recent", test_recent);
  return g_test_run ();
}
