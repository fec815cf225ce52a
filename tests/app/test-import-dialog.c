/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Importing through the window's action: what is found, what is changed, what is said. */
#include "config.h"
#include "ui-test.h"

#include "bv-import-dialog.h"
#include "bv-import-parts.h"

static gboolean
has_no_dialog (gpointer user_data)
{
  return ui_test_dialog (user_data) == NULL;
}

static gboolean
has_looked (gpointer user_data)
{
  return !bv_import_dialog_is_busy (user_data);
}

static GtkWidget *
start (BvWindow          *window,
       const char *const *paths)
{
  GtkWidget *dialog;

  g_assert_true (gtk_widget_activate_action (GTK_WIDGET (window), "win.import-paths", "^as", paths));
  dialog = ui_test_dialog (window);
  g_assert_true (BV_IS_IMPORT_DIALOG (dialog));
  ui_test_wait (has_looked, dialog);
  ui_test_settle (dialog);
  return dialog;
}

static void
assert_table (BvWindow   *window,
              const char *name,
              gint64      n_rows,
              guint       n_fields)
{
  BvTable *table = bv_model_find_table (bv_workspace_get_model (bv_window_get_workspace (window)), name);

  g_assert_nonnull (table);
  g_assert_cmpint (table->n_rows, ==, n_rows);
  g_assert_cmpuint (table->fields->len, ==, n_fields);
}

static void
test_two_files (void)
{
  g_autofree char *project = ui_test_make_project ("two.belvedere");
  g_autofree char *people = ui_test_write ("people.csv", "id,name,joined\n1,Ada,2026-01-02\n2,Ben,2026-02-03\n3,\"Cy, Jr\",2026-03-04\n");
  g_autofree char *orders = ui_test_write ("orders.csv", "id;person_id;amount\n1;1;10,5\n2;1;20\n3;2;7,25\n");
  BvWindow *window = ui_test_open (project);
  GtkWidget *dialog = start (window, (const char *[]) { people, orders, NULL });

  ui_test_picture (dialog, "import.png");
  g_assert_true (gtk_widget_activate_action (dialog, "import.run", NULL));
  ui_test_wait (has_no_dialog, window);
  ui_test_settle (GTK_WIDGET (window));
  assert_table (window, "people", 3, 3);
  assert_table (window, "orders", 3, 3);
  g_assert_cmpstr (bv_page_get_title (bv_window_get_page (window)), ==, "Tables");
  g_assert_nonnull (ui_test_find_text (GTK_WIDGET (window), "6 rows imported into 2 tables"));

  /* One step each. */
  gtk_widget_activate_action (GTK_WIDGET (window), "win.undo", NULL);
  ui_test_settle (GTK_WIDGET (window));
  g_assert_null (bv_model_find_table (bv_workspace_get_model (bv_window_get_workspace (window)), "orders"));
  assert_table (window, "people", 3, 3);
  ui_test_close (window);
}

static void
test_name_and_unreadable (void)
{
  g_autofree char *project = ui_test_make_project ("name.belvedere");
  g_autofree char *numbers = ui_test_write ("numbers.csv", "id,amount\n1,10\n2,20\n");
  BvWindow *window = ui_test_open (project);
  GtkWidget *dialog = start (window, (const char *[]) { numbers, NULL });
  GtkWidget *name = ui_test_find_type (dialog, ADW_TYPE_ENTRY_ROW);

  /* A table without a name is refused, and said so. */
  gtk_editable_set_text (GTK_EDITABLE (name), "  ");
  g_assert_true (gtk_widget_activate_action (dialog, "import.run", NULL));
  g_assert_nonnull (ui_test_find_text (dialog, "has no name"));
  gtk_editable_set_text (GTK_EDITABLE (name), "figures");
  g_assert_true (gtk_widget_activate_action (dialog, "import.run", NULL));
  ui_test_wait (has_no_dialog, window);
  ui_test_settle (GTK_WIDGET (window));
  assert_table (window, "figures", 2, 2);
  g_assert_cmpstr (bv_page_get_title (bv_window_get_page (window)), ==, "figures");
  g_assert_nonnull (ui_test_find_text (GTK_WIDGET (window), "2 rows imported into “figures”"));
  ui_test_close (window);
}

/* Of a database several tables are imported at once: all of them are marked, and one mark is taken away again. */
static void
test_parts (void)
{
  g_autofree char *project = ui_test_make_project ("parts.belvedere");
  g_autofree char *path = ui_test_write ("shop.db", "");
  BvWindow *window = ui_test_open (project);
  sqlite3 *db = NULL;
  GtkWidget *dialog, *parts, *check;

  g_assert_cmpint (sqlite3_open (path, &db), ==, SQLITE_OK);
  g_assert_cmpint (sqlite3_exec (db, "CREATE TABLE customers (id INTEGER, name TEXT); INSERT INTO customers VALUES (1, 'Ada'), (2, 'Ben');"
                                     "CREATE TABLE empty (id INTEGER); CREATE TABLE orders (id INTEGER, amount REAL);"
                                     "INSERT INTO orders VALUES (1, 10.5), (2, 3), (3, 4)", NULL, NULL, NULL), ==, SQLITE_OK);
  sqlite3_close (db);
  dialog = start (window, (const char *[]) { path, NULL });
  parts = ui_test_find_type (dialog, BV_TYPE_IMPORT_PARTS);
  g_assert_true (gtk_widget_get_visible (parts));
  g_assert_nonnull (ui_test_find_text (parts, "1 of 3"));
  /* The only mark stays. */
  check = ui_test_find_type (parts, GTK_TYPE_CHECK_BUTTON);
  g_assert_true (gtk_check_button_get_active (GTK_CHECK_BUTTON (check)));
  g_assert_false (gtk_widget_get_sensitive (check));

  g_signal_emit_by_name (ui_test_find_type (parts, GTK_TYPE_BUTTON), "clicked");
  ui_test_wait (has_looked, dialog);
  ui_test_settle (dialog);
  adw_expander_row_set_expanded (ADW_EXPANDER_ROW (parts), TRUE);
  g_assert_nonnull (ui_test_find_text (parts, "3 of 3"));
  ui_test_settle (dialog);
  ui_test_picture (dialog, "import-parts.png");
  gtk_check_button_set_active (GTK_CHECK_BUTTON (check), FALSE);
  ui_test_wait (has_looked, dialog);
  g_assert_nonnull (ui_test_find_text (parts, "2 of 3"));

  g_assert_true (gtk_widget_activate_action (dialog, "import.run", NULL));
  ui_test_wait (has_no_dialog, window);
  ui_test_settle (GTK_WIDGET (window));
  g_assert_null (bv_model_find_table (bv_workspace_get_model (bv_window_get_workspace (window)), "customers"));
  assert_table (window, "empty", 0, 1);
  assert_table (window, "orders", 3, 2);
  g_assert_nonnull (ui_test_find_text (GTK_WIDGET (window), "3 rows imported into 2 tables"));
  ui_test_close (window);
}

/* What is broken behind the first rows is said in the dialog, which stays, and nothing of the file is kept. */
static void
test_broken (void)
{
  static const struct { const char *name; const char *word; } files[] = {
    { "broken.csv", "does not close" }, { "broken.json", "is not valid JSON" }, { "broken.csv.gz", "damaged or cut off" },
  };
  g_autofree char *project = ui_test_make_project ("broken.belvedere");
  BvWindow *window = ui_test_open (project);
  g_autoptr(GString) csv = g_string_new ("id,name\n");
  g_autoptr(GString) json = g_string_new ("[");

  for (guint i = 0; i < 150000; i++)
    {
      g_string_append_printf (csv, "%u,%u\n", i, i * 7919);
      g_string_append_printf (json, "{\"id\":%u},", i);
    }
  g_string_append (csv, "1,\"x\n");
  for (guint i = 0; i < G_N_ELEMENTS (files); i++)
    {
      g_autofree char *path = ui_test_write (files[i].name, i == 1 ? json->str : csv->str);
      GtkWidget *dialog;

      if (i == 2)
        {
          g_autoptr(GZlibCompressor) zip = g_zlib_compressor_new (G_ZLIB_COMPRESSOR_FORMAT_GZIP, 6);
          g_autofree char *bytes = g_malloc (csv->len);
          gsize n_read, n_written;

          g_assert_cmpint (g_converter_convert (G_CONVERTER (zip), csv->str, csv->len, bytes, csv->len, G_CONVERTER_INPUT_AT_END, &n_read, &n_written,
                                                NULL), ==, G_CONVERTER_FINISHED);
          g_assert_true (g_file_set_contents (path, bytes, (gssize) (n_written * 3 / 4), NULL));
        }
      dialog = start (window, (const char *[]) { path, NULL });
      g_assert_true (gtk_widget_activate_action (dialog, "import.run", NULL));
      ui_test_wait (has_looked, dialog);
      g_assert_nonnull (ui_test_find_text (dialog, files[i].word));
      g_assert_null (bv_model_find_table (bv_workspace_get_model (bv_window_get_workspace (window)), "broken"));
      g_assert_true (gtk_widget_activate_action (dialog, "import.cancel", NULL));
      ui_test_wait (has_no_dialog, window);
    }
  ui_test_close (window);
}

/* Whoever cancels an import is not let back to the project before it is taken back: a change would have to wait for that. */
static void
test_cancel (void)
{
  g_autofree char *project = ui_test_make_project ("cancel.belvedere");
  g_autofree char *path = ui_test_write ("visits.csv", "id,name\n1,a\n2,b\n");
  BvWindow *window = ui_test_open (project);
  BvWorkspace *workspace = bv_window_get_workspace (window);
  GtkWidget *dialog = start (window, (const char *[]) { path, NULL });
  g_autoptr(BvReport) report = bv_report_new ("Second");
  BvTableWriter *writer = bv_table_writer_new (bv_workspace_get_project (workspace), NULL); /* while it writes, the import waits */

  g_assert_nonnull (writer);
  g_assert_true (gtk_widget_activate_action (dialog, "import.run", NULL));
  g_assert_true (gtk_widget_activate_action (dialog, "import.cancel", NULL));
  ui_test_settle (dialog);
  g_assert_true (ui_test_dialog (window) == dialog);
  g_assert_nonnull (ui_test_find_text (dialog, "Stopping…"));
  gtk_window_close (GTK_WINDOW (dialog)); /* nor by its window's own ways */
  ui_test_settle (dialog);
  g_assert_true (ui_test_dialog (window) == dialog);
  ui_test_picture (dialog, "import-stopping.png");
  bv_table_writer_abort (writer);
  ui_test_wait (has_no_dialog, window);
  g_assert_true (bv_workspace_put_report (workspace, "Make It", report, NULL));
  g_assert_null (bv_model_find_table (bv_workspace_get_model (workspace), "visits"));
  ui_test_settle (GTK_WIDGET (window));
  ui_test_close (window);
}

/* Names as long as the file may write them do not widen the dialog. */
static void
test_long_name (void)
{
  g_autofree char *project = ui_test_make_project ("long.belvedere");
  g_autofree char *name = g_strnfill (100000, 'n');
  g_autofree char *text = g_strconcat ("id,", name, "\n1,2\n", NULL);
  g_autofree char *path = ui_test_write ("long.csv", text);
  BvWindow *window = ui_test_open (project);
  GtkWidget *dialog = start (window, (const char *[]) { path, NULL });
  int width;

  gtk_widget_measure (dialog, GTK_ORIENTATION_HORIZONTAL, -1, &width, NULL, NULL, NULL);
  g_assert_cmpint (width, <, 960);
  g_assert_true (gtk_widget_activate_action (dialog, "import.cancel", NULL));
  ui_test_wait (has_no_dialog, window);
  ui_test_close (window);
}

static void
test_nothing_to_import (void)
{
  g_autofree char *project = ui_test_make_project ("nothing.belvedere");
  g_autofree char *empty = ui_test_write ("empty.csv", "");
  BvWindow *window = ui_test_open (project);
  GtkWidget *dialog = start (window, (const char *[]) { empty, NULL });

  g_assert_nonnull (ui_test_find_text (dialog, "Nothing to Import"));
  g_assert_nonnull (ui_test_find_text (dialog, "empty.csv"));
  ui_test_picture (dialog, "import-nothing.png");
  g_assert_true (gtk_widget_activate_action (dialog, "import.cancel", NULL));
  ui_test_wait (has_no_dialog, window);
  ui_test_settle (GTK_WIDGET (window));
  ui_test_close (window);
}

int
main (int   argc,
      char *argv[])
{
  ui_test_init (&argc, &argv);
  g_test_add_func ("/app/import/two-files", test_two_files);
  g_test_add_func ("/app/import/name", test_name_and_unreadable);
  g_test_add_func ("/app/import/parts", test_parts);
  g_test_add_func ("/app/import/broken", test_broken);
  g_test_add_func ("/app/import/cancel", test_cancel);
  g_test_add_func ("/app/import/long-name", test_long_name);
  g_test_add_func ("/app/import/nothing", test_nothing_to_import);
  return g_test_run ();
}
