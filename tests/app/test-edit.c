/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Changing things through the dialogs: columns, relationships, new and deleted objects. */
#include "config.h"
#include "ui-test.h"

#include "bv-form.h"
#include "bv-relationships.h"
#include "bv-table-edit.h"
#include "bv-util.h"

typedef struct
{
  BvWindow *window;
  BvWorkspace *workspace;
} Fixture;

static void
set_up (Fixture *f, gconstpointer data)
{
  g_autofree char *name = g_strdup_printf ("edit-%08x.belvedere", g_random_int ());
  g_autofree char *path = ui_test_make_project (name);

  f->window = ui_test_open (path);
  f->workspace = bv_window_get_workspace (f->window);
}

static void
tear_down (Fixture *f, gconstpointer data)
{
  ui_test_close (f->window);
}

static gboolean
has_no_dialog (gpointer user_data)
{
  return ui_test_dialog (user_data) == NULL;
}

static GtkWidget *
page (Fixture *f)
{
  return GTK_WIDGET (bv_window_get_page (f->window));
}

static GtkWidget *
find_entry (GtkWidget  *root,
            const char *title)
{
  if (ADW_IS_ENTRY_ROW (root) && g_strcmp0 (adw_preferences_row_get_title (ADW_PREFERENCES_ROW (root)), title) == 0)
    return root;
  for (GtkWidget *child = gtk_widget_get_first_child (root); child != NULL; child = gtk_widget_get_next_sibling (child))
    {
      GtkWidget *hit = find_entry (child, title);

      if (hit != NULL)
        return hit;
    }
  return NULL;
}

static void
test_column (Fixture *f, gconstpointer data)
{
  GtkWidget *form;
  BvField *field;

  bv_window_show_object (f->window, "table", "deals");
  bv_field_edit_show (page (f), f->workspace, "deals", "amount");
  form = ui_test_dialog (f->window);
  g_assert_true (BV_IS_FORM (form));
  ui_test_settle (form);
  ui_test_picture (form, "column-form.png");
  gtk_editable_set_text (GTK_EDITABLE (find_entry (form, "Label")), "  Deal value ");
  gtk_editable_set_text (GTK_EDITABLE (find_entry (form, "Text after")), " net");
  g_signal_emit_by_name (form, "accepted");
  ui_test_wait (has_no_dialog, f->window);

  field = bv_table_find_field (bv_model_find_table (bv_workspace_get_model (f->workspace), "deals"), "amount");
  g_assert_cmpstr (field->label, ==, "Deal value");
  g_assert_cmpstr (field->format.suffix, ==, " net");
  g_assert_cmpstr (bv_workspace_get_undo_name (f->workspace), ==, "Edit Column");
  g_assert_true (bv_workspace_undo (f->workspace, NULL));
  field = bv_table_find_field (bv_model_find_table (bv_workspace_get_model (f->workspace), "deals"), "amount");
  g_assert_null (field->label);
  ui_test_settle (GTK_WIDGET (f->window));
}

/* What a column's format says stays when something else of the column is changed. */
static void
test_column_format (Fixture *f, gconstpointer data)
{
  g_autoptr(BvTable) table = bv_table_dup (bv_model_find_table (bv_workspace_get_model (f->workspace), "deals"));
  BvField *field = bv_table_find_field (table, "amount");
  g_autoptr(GError) error = NULL;
  GtkWidget *form;

  bv_format_clear (&field->format);
  field->format = (BvFormat){ BV_FORMAT_CURRENCY, 8, TRUE, g_strdup ("CHF"), g_strdup ("about "), NULL };
  g_assert_true (bv_workspace_put_table (f->workspace, "Edit Column", table, &error));
  g_assert_no_error (error);
  bv_window_show_object (f->window, "table", "deals");
  bv_field_edit_show (page (f), f->workspace, "deals", "amount");
  form = ui_test_dialog (f->window);
  gtk_editable_set_text (GTK_EDITABLE (find_entry (form, "Label")), "Deal value");
  g_signal_emit_by_name (form, "accepted");
  ui_test_wait (has_no_dialog, f->window);
  field = bv_table_find_field (bv_model_find_table (bv_workspace_get_model (f->workspace), "deals"), "amount");
  g_assert_cmpstr (field->label, ==, "Deal value");
  g_assert_true (bv_format_equal (&field->format, &bv_table_find_field (table, "amount")->format));
  ui_test_settle (GTK_WIDGET (f->window));
}

/* Every struct field of a copied table is a copy of its own. */
static void
test_table_dup (Fixture *f, gconstpointer data)
{
  BvTable *table = bv_model_find_table (bv_workspace_get_model (f->workspace), "deals");
  g_autoptr(BvTable) copy = bv_table_dup (table);

  g_assert_cmpstr (copy->name, ==, table->name);
  g_assert_true (copy->name != table->name);
  g_assert_cmpstrv (copy->key, table->key);
  g_assert_cmpuint (copy->fields->len, ==, table->fields->len);
  g_assert_true (g_ptr_array_index (copy->fields, 0) != g_ptr_array_index (table->fields, 0));
}

/* "Yesterday" is a day of the calendar, not a number of hours. */
static void
test_ago (Fixture *f, gconstpointer data)
{
  static const struct { const char *then, *now, *text; } cases[] = {
    { "2026-03-10 09:00:00", "2026-03-10 09:00:30", "Just now" },       { "2026-03-10 09:00:00", "2026-03-10 09:05:00", "5 minutes ago" },
    { "2026-03-09 10:00:00", "2026-03-10 09:00:00", "23 hours ago" },   { "2026-03-09 08:00:00", "2026-03-10 09:00:00", "Yesterday" },
    { "2026-03-08 23:30:00", "2026-03-10 09:00:00", "Yesterday" },      { "2026-03-08 22:00:00", "2026-03-10 09:00:00", "Mar 8, 2026" },
    { "2026-03-11 09:00:00", "2026-03-10 09:00:00", "Mar 11, 2026" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      gint64 then, now;
      gboolean local;
      g_autofree char *text = NULL;

      g_assert_true (bv_timestamp_parse (cases[i].then, -1, &then, &local));
      g_assert_true (bv_timestamp_parse (cases[i].now, -1, &now, &local));
      text = bv_ago (then, now, bv_workspace_get_locale (f->workspace)); /* of Europe/Paris */
      g_assert_cmpstr (text, ==, cases[i].text);
    }
}

/* The proposed name follows the table that is chosen, until it is typed over. */
static void
test_new_exploration_name (Fixture *f, gconstpointer data)
{
  GtkWidget *dialog, *entry, *combo;

  bv_window_show_object (f->window, "explorations", NULL);
  g_assert_true (gtk_widget_activate_action (page (f), "page.new", NULL));
  dialog = ui_test_dialog (f->window);
  ui_test_settle (dialog);
  entry = find_entry (dialog, "Name");
  combo = ui_test_find_type (dialog, ADW_TYPE_COMBO_ROW);
  g_assert_cmpstr (gtk_editable_get_text (GTK_EDITABLE (entry)), ==, "contacts");
  adw_combo_row_set_selected (ADW_COMBO_ROW (combo), 1);
  g_assert_cmpstr (gtk_editable_get_text (GTK_EDITABLE (entry)), ==, "deals");
  gtk_editable_set_text (GTK_EDITABLE (entry), "Mine");
  adw_combo_row_set_selected (ADW_COMBO_ROW (combo), 0);
  g_assert_cmpstr (gtk_editable_get_text (GTK_EDITABLE (entry)), ==, "Mine");
  adw_message_dialog_response (ADW_MESSAGE_DIALOG (dialog), "cancel");
  gtk_window_destroy (GTK_WINDOW (dialog));
  ui_test_settle (GTK_WIDGET (f->window));
}

static void
test_relationship (Fixture *f, gconstpointer data)
{
  GtkWidget *list, *button, *form;
  guint before;

  bv_window_show_object (f->window, "tables", NULL);
  ui_test_settle (GTK_WIDGET (f->window));
  list = ui_test_find_type (page (f), BV_TYPE_RELATIONSHIPS);
  before = bv_workspace_get_model (f->workspace)->relationships->len;
  button = gtk_widget_get_ancestor (ui_test_find_text (list, "New Relationship…"), GTK_TYPE_BUTTON);
  g_signal_emit_by_name (button, "clicked");
  form = ui_test_dialog (f->window);
  ui_test_settle (form);
  ui_test_picture (form, "relationship-form.png");
  g_signal_emit_by_name (form, "accepted"); /* contacts.id → deals.id, as offered */
  ui_test_wait (has_no_dialog, f->window);
  g_assert_cmpuint (bv_workspace_get_model (f->workspace)->relationships->len, ==, before + 1);
  g_assert_cmpstr (bv_workspace_get_undo_name (f->workspace), ==, "Add Relationship");
  ui_test_settle (GTK_WIDGET (f->window));
  g_assert_nonnull (ui_test_find_text (list, "contacts.id → deals.id"));
}

static void
answer (Fixture    *f,
        const char *name)
{
  GtkWidget *dialog = ui_test_dialog (f->window);

  g_assert_true (ADW_IS_MESSAGE_DIALOG (dialog));
  ui_test_settle (dialog);
  ui_test_picture (dialog, "name.png");
  if (name != NULL)
    gtk_editable_set_text (GTK_EDITABLE (find_entry (dialog, "Name")), name);
  adw_message_dialog_response (ADW_MESSAGE_DIALOG (dialog), "accept");
  gtk_window_destroy (GTK_WINDOW (dialog));
  ui_test_settle (GTK_WIDGET (f->window));
}

static void
test_new_objects (Fixture *f, gconstpointer data)
{
  BvExploration *exploration;

  bv_window_show_object (f->window, "explorations", NULL);
  g_assert_true (gtk_widget_activate_action (page (f), "page.new", NULL));
  answer (f, "Contacts by rank");
  g_assert_cmpstr (bv_page_get_title (BV_PAGE (page (f))), ==, "Contacts by rank");
  exploration = bv_model_find_exploration (bv_workspace_get_model (f->workspace), "Contacts by rank");
  g_assert_cmpstr (exploration->root, ==, "contacts");
  g_assert_cmpuint (exploration->metrics->len, >, 0);

  bv_window_show_object (f->window, "table", "deals");
  g_assert_true (gtk_widget_activate_action (page (f), "page.explore", NULL));
  answer (f, NULL);
  exploration = bv_model_find_exploration (bv_workspace_get_model (f->workspace), "deals");
  g_assert_cmpstr (exploration->root, ==, "deals");

  bv_window_show_object (f->window, "reports", NULL);
  g_assert_true (gtk_widget_activate_action (page (f), "page.new", NULL));
  answer (f, "  Weekly ");
  g_assert_nonnull (bv_model_find_report (bv_workspace_get_model (f->workspace), "Weekly"));
  g_assert_cmpstr (bv_page_get_title (BV_PAGE (page (f))), ==, "Weekly");
}

static void
test_rename_duplicate_delete (Fixture *f, gconstpointer data)
{
  g_autofree char *uuid = g_strdup (bv_model_find_report (bv_workspace_get_model (f->workspace), "Overview")->uuid);

  bv_window_show_object (f->window, "reports", NULL);
  g_assert_true (gtk_widget_activate_action (page (f), "page.rename", "s", uuid));
  answer (f, "Survey");
  g_assert_null (bv_model_find_report (bv_workspace_get_model (f->workspace), "Overview"));
  g_assert_cmpstr (bv_model_find_report (bv_workspace_get_model (f->workspace), uuid)->name, ==, "Survey");

  g_assert_true (gtk_widget_activate_action (page (f), "page.duplicate", "s", uuid));
  g_assert_cmpuint (bv_workspace_get_model (f->workspace)->reports->len, ==, 2);
  g_assert_true (gtk_widget_activate_action (page (f), "page.delete", "s", uuid));
  g_assert_cmpuint (bv_workspace_get_model (f->workspace)->reports->len, ==, 1);
  ui_test_settle (GTK_WIDGET (f->window));
  g_assert_nonnull (ui_test_find_text (GTK_WIDGET (f->window), "“Survey” deleted"));
  g_assert_true (gtk_widget_activate_action (GTK_WIDGET (f->window), "win.undo", NULL));
  ui_test_settle (GTK_WIDGET (f->window));
  g_assert_nonnull (bv_model_find_report (bv_workspace_get_model (f->workspace), "Survey"));
}

static void
test_delete_table (Fixture *f, gconstpointer data)
{
  bv_window_show_object (f->window, "table", "contacts");
  g_assert_true (gtk_widget_activate_action (page (f), "page.delete", NULL));
  answer (f, NULL);
  g_assert_null (bv_model_find_table (bv_workspace_get_model (f->workspace), "contacts"));
  g_assert_cmpstr (bv_page_get_title (BV_PAGE (page (f))), ==, "Tables");
  bv_window_show_object (f->window, "home", NULL);
  ui_test_settle (GTK_WIDGET (f->window));
  g_assert_nonnull (ui_test_find_text (page (f), "Needs Attention"));
  ui_test_picture (GTK_WIDGET (f->window), "problems.png");
  g_assert_true (gtk_widget_activate_action (GTK_WIDGET (f->window), "win.undo", NULL));
  ui_test_settle (GTK_WIDGET (f->window));
  g_assert_nonnull (bv_model_find_table (bv_workspace_get_model (f->workspace), "contacts"));
  g_assert_null (ui_test_find_text (page (f), "Needs Attention"));
}

static void
type_and_apply (GtkWidget  *dialog,
                const char *title,
                const char *text)
{
  GtkWidget *row = find_entry (dialog, title);

  gtk_editable_set_text (GTK_EDITABLE (row), text);
  g_signal_emit_by_name (row, "apply");
}

static void
test_settings (Fixture *f, gconstpointer data)
{
  GtkWidget *dialog;

  g_assert_true (gtk_widget_activate_action (GTK_WIDGET (f->window), "win.project-settings", NULL));
  dialog = ui_test_dialog (f->window);
  ui_test_settle (dialog);
  type_and_apply (dialog, "Time Zone", "new york");
  g_assert_cmpstr (bv_workspace_get_model (f->workspace)->time_zone, ==, "America/New_York");
  type_and_apply (dialog, "Currency", "usd");
  g_assert_cmpstr (bv_workspace_get_model (f->workspace)->currency, ==, "USD");

  /* What is neither a zone nor a currency is said and changes nothing. */
  type_and_apply (dialog, "Time Zone", "Middle/Earth");
  g_assert_nonnull (ui_test_find_text (dialog, "Middle/Earth"));
  g_assert_cmpstr (bv_workspace_get_model (f->workspace)->time_zone, ==, "America/New_York");
  type_and_apply (dialog, "Time Zone", "UTC");
  type_and_apply (dialog, "Currency", "dollars");
  g_assert_nonnull (ui_test_find_text (dialog, "dollars"));
  g_assert_cmpstr (bv_workspace_get_model (f->workspace)->time_zone, ==, "UTC");
  g_assert_cmpstr (bv_workspace_get_model (f->workspace)->currency, ==, "USD");
  ui_test_settle (dialog);
  ui_test_picture (dialog, "settings.png");
  gtk_window_destroy (GTK_WINDOW (dialog));
  ui_test_settle (GTK_WIDGET (f->window));
}

int
main (int   argc,
      char *argv[])
{
  g_setenv ("PATH", "/nonexistent", TRUE); /* no belvedere-cli, no systemctl */
  ui_test_init (&argc, &argv);
#define ADD(name, test) g_test_add ("/app/edit/" name, Fixture, NULL, set_up, test, tear_down)
  ADD ("column", test_column);
  ADD ("column-format", test_column_format);
  ADD ("table-dup", test_table_dup);
  ADD ("relationship", test_relationship);
  ADD ("ago", test_ago);
  ADD ("new-exploration-name", test_new_exploration_name);
  ADD ("new-objects", test_new_objects);
  ADD ("rename-duplicate-delete", test_rename_duplicate_delete);
  ADD ("delete-table", test_delete_table);
  ADD ("settings", test_settings);
  return g_test_run ();
}
