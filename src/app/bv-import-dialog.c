/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Life of the dialog: every file is looked into on a thread (bv_import_sniff) and becomes a plan, or an error in the notice; the
 * analyst changes the plans (a change of encoding, separator, quotes or heading looks again); Import runs them one after the other.
 * A plan belongs to the thread that works on it: while one does, the controls are insensitive. The dialog closes by itself when all
 * went well, and stays to show what did not.
 */
#include "config.h"
#include "bv-import-dialog.h"

#include "bv-data-grid.h"
#include "bv-import.h"
#include "bv-import-column.h"
#include "bv-import-look.h"
#include "bv-import-parts.h"
#include "bv-notice.h"
#include "bv-util.h"
#include "bv-window.h"

#include <glib/gi18n.h>
#include <inttypes.h>
#include <string.h>

#define PROGRESS_MS 100

struct _BvImportDialog
{
  AdwWindow parent_instance;

  BvWorkspace *workspace;
  GCancellable *cancellable;
  char **paths;         /* as chosen */
  GPtrArray *plans;     /* BvImportPlan */
  BvImportPlan *plan;   /* the one shown */
  GString *problems;    /* what went wrong so far, a line each */
  guint n_looking;      /* threads that look into a file */
  gboolean filling;     /* the controls are being set from the plan */

  /* The import. */
  gboolean running;
  gboolean stopping; /* closes as soon as the import is taken back */
  guint next;           /* index of the plan at work */
  gint64 n_rows;
  guint n_done;
  char *last_table;
  guint progress_id;
  GMutex mutex;         /* guards the two below */
  guint64 done, total;
  BvColumnIntake *intake; /* (nullable) */

  BvNotice *notice;
  GtkStack *stack;
  GtkWidget *plan_box;
  GtkWidget *cancel_button;
  GtkWidget *import_button;
  GtkWidget *file_group;
  AdwComboRow *file_row;
  BvImportParts *parts_row;
  GtkWidget *table_row;
  GtkWidget *source_row;
  GtkLabel *exists_label;
  GtkWidget *format_group;
  AdwComboRow *encoding_row;
  AdwComboRow *separator_row;
  AdwComboRow *quote_row;
  GtkSwitch *header_switch;
  AdwComboRow *decimal_row;
  AdwComboRow *date_row;
  GtkListView *columns;
  GtkLabel *preview_label;
  BvDataGrid *preview;
  GtkRevealer *progress_revealer;
  GtkLabel *progress_label;
  GtkProgressBar *progress_bar;
};

G_DEFINE_FINAL_TYPE (BvImportDialog, bv_import_dialog, ADW_TYPE_WINDOW)

static const char *const encodings[] = { "UTF-8", "UTF-16LE", "UTF-16BE", "UTF-32LE", "UTF-32BE", "WINDOWS-1252", "ISO-8859-1", "ISO-8859-15", NULL };
static const char separators[] = { ',', ';', '\t', '|' };
static const char quotes[] = { '"', '\'' };
static const char decimals[] = { '.', ',' };
static const char *const date_orders[] = { "YMD", "DMY", "MDY", NULL };

static void run_next (BvImportDialog *self);

/* --- What is said ---------------------------------------------------------------------------------------------------------- */

static void
add_problem (BvImportDialog *self,
             const char     *path,
             const char     *message)
{
  g_autofree char *name = g_filename_display_basename (path);
  g_autoptr(GError) error = NULL;

  if (self->problems->len > 0)
    g_string_append_c (self->problems, '\n');
  if (strstr (message, name) != NULL)
    g_string_append (self->problems, message);
  else
    g_string_append_printf (self->problems, "%s: %s", name, message);
  error = g_error_new_literal (BV_ERROR, BV_ERROR_FAILED, self->problems->str);
  bv_notice_show_error (self->notice, error);
}

static void
update_state (BvImportDialog *self)
{
  gboolean busy = self->n_looking > 0 || self->running;

  gtk_widget_set_sensitive (self->plan_box, !busy);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "import.run", !busy && self->plans->len > 0);
  gtk_revealer_set_reveal_child (self->progress_revealer, self->running);
  if (self->n_looking > 0 && self->plan == NULL)
    gtk_stack_set_visible_child_name (self->stack, "looking");
  else
    gtk_stack_set_visible_child_name (self->stack, self->plans->len > 0 ? "plan" : "nothing");
}

/* --- The plan in the controls ------------------------------------------------------------------------------------------------- */

static void
update_preview (BvImportDialog *self)
{
  guint n_kept;
  g_autoptr(BvFrame) frame = bv_import_preview_frame (self->plan, &n_kept);
  g_autofree char *text = NULL;

  text = g_strdup_printf (ngettext ("The first %u row, %u of %u columns", "The first %u rows, %u of %u columns", self->plan->preview->len),
                          self->plan->preview->len, n_kept, self->plan->columns->len);
  gtk_label_set_label (self->preview_label, text);
  bv_data_grid_set_frame (self->preview, frame, bv_workspace_get_locale (self->workspace));
}

static void
update_exists (BvImportDialog *self)
{
  BvTable *table = bv_model_find_table (bv_workspace_get_model (self->workspace), self->plan->table);
  const char *text = NULL;

  if (table != NULL && self->plan->key != NULL)
    text = _("This table exists: rows of equal key are replaced, new ones added, the others kept.");
  else if (table != NULL)
    text = _("This table exists: its rows are replaced. Mark key columns to keep rows that the file does not have.");
  gtk_label_set_label (self->exists_label, text != NULL ? text : "");
  gtk_widget_set_visible (GTK_WIDGET (self->exists_label), text != NULL);
}

/* The key is made of the marked columns, in their order. */
static void
columns_changed_cb (BvImportDialog *self)
{
  g_autoptr(GStrvBuilder) builder = g_strv_builder_new ();
  GListModel *model = G_LIST_MODEL (gtk_list_view_get_model (self->columns));

  for (guint i = 0; i < g_list_model_get_n_items (model); i++)
    {
      g_autoptr(BvImportItem) item = g_list_model_get_item (model, i);

      if (bv_import_item_get_in_key (item) && !bv_import_item_get_column (item)->skip)
        g_strv_builder_add (builder, bv_import_item_get_column (item)->name);
    }
  g_strfreev (self->plan->key);
  self->plan->key = g_strv_builder_end (builder);
  if (self->plan->key[0] == NULL)
    g_clear_pointer (&self->plan->key, g_strfreev);
  update_exists (self);
  update_preview (self);
}

/* Of text all of it, of a workbook whether there is a heading; the others say it themselves. */
static void
show_format (BvImportDialog *self,
             BvImportPlan   *plan)
{
  GtkWidget *text_rows[] = { GTK_WIDGET (self->encoding_row), GTK_WIDGET (self->separator_row), GTK_WIDGET (self->quote_row),
                             GTK_WIDGET (self->decimal_row), GTK_WIDGET (self->date_row) };

  gtk_widget_set_visible (self->format_group, plan->kind == BV_FILE_CSV || plan->kind == BV_FILE_XLSX);
  for (guint i = 0; i < G_N_ELEMENTS (text_rows); i++)
    gtk_widget_set_visible (text_rows[i], plan->kind == BV_FILE_CSV);
  bv_import_parts_show (self->parts_row, plan, self->plans);
}

static void
show_plan (BvImportDialog *self,
           BvImportPlan   *plan)
{
  g_autoptr(GListStore) items = g_list_store_new (BV_TYPE_IMPORT_ITEM);

  self->plan = plan;
  self->filling = TRUE;
  gtk_editable_set_text (GTK_EDITABLE (self->table_row), plan->table);
  gtk_editable_set_text (GTK_EDITABLE (self->source_row), bv_source_label (plan->source));
  show_format (self, plan);
  adw_combo_row_set_selected (self->encoding_row, bv_import_index_of_text (encodings, plan->encoding));
  adw_combo_row_set_selected (self->separator_row, bv_import_index_of (separators, sizeof separators, plan->separator));
  adw_combo_row_set_selected (self->quote_row, bv_import_index_of (quotes, sizeof quotes, plan->quote));
  gtk_switch_set_active (self->header_switch, plan->has_header);
  adw_combo_row_set_selected (self->decimal_row, bv_import_index_of (decimals, sizeof decimals, plan->decimal));
  adw_combo_row_set_selected (self->date_row, bv_import_index_of_text (date_orders, plan->date_order));
  self->filling = FALSE;

  for (guint i = 0; i < plan->columns->len; i++)
    {
      BvImportColumn *column = g_ptr_array_index (plan->columns, i);
      gboolean in_key = plan->key != NULL && g_strv_contains ((const char *const *) plan->key, column->name);
      g_autoptr(BvImportItem) item = bv_import_item_new (column, in_key);

      g_signal_connect_object (item, "changed", G_CALLBACK (columns_changed_cb), self, G_CONNECT_SWAPPED);
      g_list_store_append (items, item);
    }
  gtk_list_view_set_model (self->columns, GTK_SELECTION_MODEL (gtk_no_selection_new (G_LIST_MODEL (g_steal_pointer (&items)))));
  update_exists (self);
  update_preview (self);
}

static void
fill_files (BvImportDialog *self)
{
  g_autoptr(GtkStringList) names = gtk_string_list_new (NULL);

  for (guint i = 0; i < self->plans->len; i++)
    {
      BvImportPlan *plan = g_ptr_array_index (self->plans, i);
      g_autofree char *name = g_filename_display_basename (plan->path);

      /* Translators: a file and a sheet of it, "book.xlsx: Prices" */
      g_autofree char *part = plan->parts != NULL && plan->parts[1] != NULL ? g_strdup_printf (_("%s: %s"), name, plan->part) : NULL;

      gtk_string_list_append (names, part != NULL ? part : name);
    }
  self->filling = TRUE;
  adw_combo_row_set_model (self->file_row, G_LIST_MODEL (names));
  self->filling = FALSE;
  gtk_widget_set_visible (self->file_group, self->plans->len > 1);
}

/* After plans came or went. */
static void
show_one (BvImportDialog *self,
          BvImportPlan   *plan)
{
  guint place = 0;

  fill_files (self);
  g_ptr_array_find (self->plans, plan, &place);
  self->filling = TRUE;
  adw_combo_row_set_selected (self->file_row, place);
  self->filling = FALSE;
  show_plan (self, plan);
}

static void
file_selected_cb (BvImportDialog *self)
{
  guint selected = adw_combo_row_get_selected (self->file_row);

  if (!self->filling && selected < self->plans->len)
    show_plan (self, g_ptr_array_index (self->plans, selected));
}

static void
names_changed_cb (BvImportDialog *self)
{
  if (self->filling || self->plan == NULL)
    return;
  g_free (self->plan->table);
  self->plan->table = g_strstrip (g_strdup (gtk_editable_get_text (GTK_EDITABLE (self->table_row))));
  g_free (self->plan->source);
  self->plan->source = g_strstrip (g_strdup (gtk_editable_get_text (GTK_EDITABLE (self->source_row))));
  /* The file keeps the same word in every language. */
  if (g_strcmp0 (self->plan->source, bv_source_label (BV_SOURCE_FILES)) == 0)
    {
      g_free (self->plan->source);
      self->plan->source = g_strdup (BV_SOURCE_FILES);
    }
  update_exists (self);
}

/* How numbers and dates are read changes no columns. */
static void
reading_changed_cb (BvImportDialog *self)
{
  guint decimal = adw_combo_row_get_selected (self->decimal_row), order = adw_combo_row_get_selected (self->date_row);

  if (self->filling || self->plan == NULL || decimal >= sizeof decimals || order >= G_N_ELEMENTS (date_orders) - 1)
    return;
  self->plan->decimal = decimals[decimal];
  g_free (self->plan->date_order);
  self->plan->date_order = g_strdup (date_orders[order]);
}

/* --- Looking into files ---------------------------------------------------------------------------------------------------------- */

/* A name that neither a table of the project nor an earlier file of this import would be surprised by is left as it is. */
static void
make_name_free (BvImportDialog *self,
                BvImportPlan   *plan)
{
  g_autofree char *base = g_strdup (plan->table);
  guint n = 2;

  for (guint i = 0; i < self->plans->len; i++)
    {
      BvImportPlan *other = g_ptr_array_index (self->plans, i);

      if (g_ascii_strcasecmp (other->table, plan->table) != 0)
        continue;
      g_free (plan->table);
      plan->table = g_strdup_printf ("%s_%u", base, n++);
      i = -1;
    }
}

static void
sniffed_cb (GObject      *source,
            GAsyncResult *result,
            gpointer      user_data)
{
  g_autoptr(BvImportDialog) self = user_data;
  g_autoptr(GError) error = NULL;
  const char *path;
  BvImportPlan *plan = bv_import_look_finish (result, &path, &error);
  gboolean first = self->plan == NULL;

  self->n_looking--;
  if (self->stack == NULL) /* closed meanwhile */
    {
      g_clear_pointer (&plan, bv_import_plan_free);
      return;
    }
  if (plan == NULL)
    add_problem (self, path, error->message);
  else
    {
      make_name_free (self, plan);
      bv_import_take_key (plan, bv_workspace_get_model (self->workspace));
      g_ptr_array_add (self->plans, plan);
    }
  if (self->n_looking == 0 && self->plans->len > 0)
    {
      g_ptr_array_sort_with_data (self->plans, bv_import_compare_places, self->paths);
      show_one (self, first ? g_ptr_array_index (self->plans, 0) : self->plan);
    }
  update_state (self);
}

static void
resniffed_cb (GObject      *source,
              GAsyncResult *result,
              gpointer      user_data)
{
  g_autoptr(BvImportDialog) self = user_data;
  g_autoptr(GError) error = NULL;

  self->n_looking--;
  if (self->stack == NULL) /* closed meanwhile */
    return;
  if (bv_import_look_again_finish (result, &error))
    {
      bv_notice_hide (self->notice);
      bv_import_take_key (self->plan, bv_workspace_get_model (self->workspace));
      show_plan (self, self->plan);
    }
  else
    bv_notice_show_error (self->notice, error);
  update_state (self);
}

/* The file was understood otherwise: its columns anew. */
static void
look_again (BvImportDialog *self)
{
  /* The rows of the list borrow columns of the plan, which are about to go. */
  gtk_list_view_set_model (self->columns, NULL);
  g_clear_pointer (&self->plan->key, g_strfreev);
  self->n_looking++;
  update_state (self);
  bv_import_look_again_async (self->plan, self->cancellable, resniffed_cb, g_object_ref (self));
}

static void
format_changed_cb (BvImportDialog *self)
{
  guint encoding = adw_combo_row_get_selected (self->encoding_row), separator = adw_combo_row_get_selected (self->separator_row);
  guint quote = adw_combo_row_get_selected (self->quote_row);

  if (self->filling || self->plan == NULL || self->n_looking > 0 || encoding >= G_N_ELEMENTS (encodings) - 1 ||
      separator >= sizeof separators || quote >= sizeof quotes)
    return;
  g_free (self->plan->encoding);
  self->plan->encoding = g_strdup (encodings[encoding]);
  self->plan->separator = separators[separator];
  self->plan->quote = quotes[quote];
  self->plan->has_header = gtk_switch_get_active (self->header_switch);

  look_again (self);
}

static void
look_into (BvImportDialog *self,
           const char     *path,
           const char     *part)
{
  self->n_looking++;
  bv_import_look_async (path, part, self->cancellable, sniffed_cb, g_object_ref (self));
}

/* Another sheet or table of the file shown is a plan of its own. */
static void
part_toggled_cb (BvImportDialog *self,
                 const char     *part,
                 gboolean        wanted)
{
  if (wanted)
    look_into (self, self->plan->path, part);
  else
    for (guint i = self->plans->len; i > 0; i--)
      {
        BvImportPlan *plan = g_ptr_array_index (self->plans, i - 1);

        if (strcmp (plan->path, self->plan->path) != 0 || g_strcmp0 (plan->part, part) != 0)
          continue;
        if (plan == self->plan)
          {
            gtk_list_view_set_model (self->columns, NULL); /* its rows borrow columns of the plan */
            self->plan = g_ptr_array_index (self->plans, i > 1 ? i - 2 : i);
          }
        g_ptr_array_remove_index (self->plans, i - 1);
        show_one (self, self->plan);
      }
  update_state (self);
}

/* --- The import ---------------------------------------------------------------------------------------------------------------------- */

/* On the importing thread. */
static void
progress_cb (guint64     done,
             guint64     total,
             const char *what,
             gpointer    user_data)
{
  BvImportDialog *self = user_data;

  g_mutex_lock (&self->mutex);
  self->done = done;
  self->total = total;
  g_mutex_unlock (&self->mutex);
}

static gboolean
show_progress_cb (gpointer user_data)
{
  BvImportDialog *self = user_data;
  guint64 done, total;

  g_mutex_lock (&self->mutex);
  done = self->done;
  total = self->total;
  g_mutex_unlock (&self->mutex);
  if (total > 0)
    gtk_progress_bar_set_fraction (self->progress_bar, CLAMP ((double) done / total, 0, 1));
  else
    gtk_progress_bar_pulse (self->progress_bar);
  return G_SOURCE_CONTINUE;
}

static void
say_result (BvImportDialog *self)
{
  GtkWindow *parent = gtk_window_get_transient_for (GTK_WINDOW (self));
  BvLocale *locale = bv_workspace_get_locale (self->workspace);
  g_autofree char *rows = bv_rows_text (self->n_rows, locale);
  g_autofree char *text = NULL;

  if (self->n_done == 0 || !BV_IS_WINDOW (parent))
    return;
  if (self->n_done == 1)
    {
      /* Translators: "1,234 rows imported into “deals”" */
      text = g_strdup_printf (_("%s imported into “%s”"), rows, self->last_table);
      bv_window_show_object (BV_WINDOW (parent), "table", self->last_table);
    }
  else
    {
      /* Translators: "1,234 rows imported into 3 tables" */
      text = g_strdup_printf (ngettext ("%s imported into %u table", "%s imported into %u tables", self->n_done), rows, self->n_done);
      bv_window_show_object (BV_WINDOW (parent), "tables", NULL);
    }
  bv_window_toast (BV_WINDOW (parent), text);
}

static void
finish (BvImportDialog *self)
{
  self->running = FALSE;
  g_clear_handle_id (&self->progress_id, g_source_remove);
  fill_files (self);
  if (self->plans->len > 0)
    show_plan (self, g_ptr_array_index (self->plans, 0));
  else
    self->plan = NULL;
  say_result (self);
  self->n_done = 0;
  self->n_rows = 0;
  if (self->problems->len == 0)
    {
      gtk_window_close (GTK_WINDOW (self));
      return;
    }
  if (self->plans->len == 0)
    gtk_button_set_label (GTK_BUTTON (self->cancel_button), _("_Close"));
  update_state (self);
  if (self->plans->len == 0)
    gtk_stack_set_visible_child_name (self->stack, "done");
}

static void
imported_cb (GObject      *source,
             GAsyncResult *result,
             gpointer      user_data)
{
  g_autoptr(BvImportDialog) self = user_data;
  BvImportPlan *plan = g_ptr_array_index (self->plans, self->next);
  g_auto(BvImportResult) counts = { 0 };
  g_autoptr(GError) error = NULL;

  g_clear_pointer (&self->intake, bv_column_intake_free);
  if (self->stack == NULL)
    {
      /* Closed meanwhile, perhaps too late to cancel. */
      if (bv_import_run_finish (result, &counts, NULL))
        bv_workspace_reload (self->workspace, NULL);
      return;
    }
  if (bv_import_run_finish (result, &counts, &error))
    {
      self->n_rows += counts.n_rows;
      self->n_done++;
      g_free (self->last_table);
      self->last_table = g_strdup (plan->table);
      if (!bv_workspace_reload (self->workspace, &error))
        add_problem (self, plan->path, error->message);
      if (counts.n_unreadable > 0)
        {
          g_autofree char *text = g_strdup_printf (ngettext ("imported, but %" PRId64 " cell could not be read and is empty: %s",
                                                             "imported, but %" PRId64 " cells could not be read and are empty: %s",
                                                             counts.n_unreadable),
                                                   counts.n_unreadable, counts.first_problem != NULL ? counts.first_problem : "");

          add_problem (self, plan->path, text);
        }
      if (counts.n_texts > 0)
        {
          g_autofree char *text = g_strdup_printf (ngettext ("imported, but %u column had to become text: %s",
                                                             "imported, but %u columns had to become text, the first: %s", counts.n_texts),
                                                   counts.n_texts, counts.first_text);

          add_problem (self, plan->path, text);
        }
      self->plan = NULL;
      gtk_list_view_set_model (self->columns, NULL);
      g_ptr_array_remove_index (self->plans, self->next);
    }
  else if (!self->stopping)
    {
      add_problem (self, plan->path, error->message);
      self->next++;
    }
  if (!self->stopping)
    run_next (self);
  else
    {
      self->running = FALSE;
      say_result (self); /* it was too late to cancel */
      gtk_window_close (GTK_WINDOW (self));
    }
}

static void
run_next (BvImportDialog *self)
{
  BvImportPlan *plan;
  g_autofree char *name = NULL;
  g_autofree char *text = NULL;

  if (self->next >= self->plans->len)
    {
      finish (self);
      return;
    }
  plan = g_ptr_array_index (self->plans, self->next);
  name = g_filename_display_basename (plan->path);
  text = g_strdup_printf (_("Importing “%s”…"), name);
  gtk_label_set_label (self->progress_label, text);
  gtk_progress_bar_set_fraction (self->progress_bar, 0);
  progress_cb (0, 0, NULL, self);
  self->intake = bv_workspace_new_intake (self->workspace);
  bv_import_run_async (plan, bv_workspace_get_project (self->workspace), bv_column_intake_get_sink (self->intake), progress_cb, self,
                       self->cancellable, imported_cb, g_object_ref (self));
}

static void
run_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  BvImportDialog *self = BV_IMPORT_DIALOG (widget);
  g_autoptr(GError) error = NULL;
  guint wrong;

  if (!bv_import_check_plans (self->plans, &wrong, &error))
    {
      adw_combo_row_set_selected (self->file_row, wrong);
      bv_notice_show_error (self->notice, error);
      return;
    }
  g_string_truncate (self->problems, 0);
  bv_notice_hide (self->notice);
  self->running = TRUE;
  self->next = 0;
  self->progress_id = g_timeout_add (PROGRESS_MS, show_progress_cb, self);
  update_state (self);
  run_next (self);
}

static void
cancel_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  gtk_window_close (GTK_WINDOW (widget));
}

/* --- The object ------------------------------------------------------------------------------------------------------------------------ */

static gboolean
bv_import_dialog_close_request (GtkWindow *window)
{
  BvImportDialog *self = BV_IMPORT_DIALOG (window);

  g_cancellable_cancel (self->cancellable);
  /* Until an import is taken back nobody else can change the project: the dialog stays, so that the window has nothing to wait for. */
  if (self->running)
    {
      self->stopping = TRUE;
      gtk_label_set_label (self->progress_label, _("Stopping…"));
      gtk_widget_action_set_enabled (GTK_WIDGET (self), "import.cancel", FALSE);
      return TRUE;
    }
  return GTK_WINDOW_CLASS (bv_import_dialog_parent_class)->close_request (window);
}

static void
bv_import_dialog_dispose (GObject *object)
{
  BvImportDialog *self = BV_IMPORT_DIALOG (object);

  g_cancellable_cancel (self->cancellable);
  g_clear_handle_id (&self->progress_id, g_source_remove);
  gtk_widget_dispose_template (GTK_WIDGET (self), BV_TYPE_IMPORT_DIALOG);

  G_OBJECT_CLASS (bv_import_dialog_parent_class)->dispose (object);
}

static void
bv_import_dialog_finalize (GObject *object)
{
  BvImportDialog *self = BV_IMPORT_DIALOG (object);

  g_clear_object (&self->workspace);
  g_clear_object (&self->cancellable);
  g_clear_pointer (&self->plans, g_ptr_array_unref);
  g_clear_pointer (&self->paths, g_strfreev);
  g_string_free (self->problems, TRUE);
  g_clear_pointer (&self->last_table, g_free);
  g_mutex_clear (&self->mutex);

  G_OBJECT_CLASS (bv_import_dialog_parent_class)->finalize (object);
}

static void
bv_import_dialog_class_init (BvImportDialogClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = bv_import_dialog_dispose;
  G_OBJECT_CLASS (klass)->finalize = bv_import_dialog_finalize;
  GTK_WINDOW_CLASS (klass)->close_request = bv_import_dialog_close_request;

  g_type_ensure (BV_TYPE_NOTICE);
  g_type_ensure (BV_TYPE_DATA_GRID);
  g_type_ensure (BV_TYPE_IMPORT_PARTS);
  gtk_widget_class_set_template_from_resource (widget_class, "/io/github/belvedere_bi/Belvedere/bv-import-dialog.ui");
  gtk_widget_class_bind_template_child (widget_class, BvImportDialog, notice);
  gtk_widget_class_bind_template_child (widget_class, BvImportDialog, stack);
  gtk_widget_class_bind_template_child (widget_class, BvImportDialog, plan_box);
  gtk_widget_class_bind_template_child (widget_class, BvImportDialog, cancel_button);
  gtk_widget_class_bind_template_child (widget_class, BvImportDialog, import_button);
  gtk_widget_class_bind_template_child (widget_class, BvImportDialog, file_group);
  gtk_widget_class_bind_template_child (widget_class, BvImportDialog, file_row);
  gtk_widget_class_bind_template_child (widget_class, BvImportDialog, parts_row);
  gtk_widget_class_bind_template_child (widget_class, BvImportDialog, table_row);
  gtk_widget_class_bind_template_child (widget_class, BvImportDialog, source_row);
  gtk_widget_class_bind_template_child (widget_class, BvImportDialog, exists_label);
  gtk_widget_class_bind_template_child (widget_class, BvImportDialog, format_group);
  gtk_widget_class_bind_template_child (widget_class, BvImportDialog, encoding_row);
  gtk_widget_class_bind_template_child (widget_class, BvImportDialog, separator_row);
  gtk_widget_class_bind_template_child (widget_class, BvImportDialog, quote_row);
  gtk_widget_class_bind_template_child (widget_class, BvImportDialog, header_switch);
  gtk_widget_class_bind_template_child (widget_class, BvImportDialog, decimal_row);
  gtk_widget_class_bind_template_child (widget_class, BvImportDialog, date_row);
  gtk_widget_class_bind_template_child (widget_class, BvImportDialog, columns);
  gtk_widget_class_bind_template_child (widget_class, BvImportDialog, preview_label);
  gtk_widget_class_bind_template_child (widget_class, BvImportDialog, preview);
  gtk_widget_class_bind_template_child (widget_class, BvImportDialog, progress_revealer);
  gtk_widget_class_bind_template_child (widget_class, BvImportDialog, progress_label);
  gtk_widget_class_bind_template_child (widget_class, BvImportDialog, progress_bar);
  gtk_widget_class_install_action (widget_class, "import.run", NULL, run_action);
  gtk_widget_class_install_action (widget_class, "import.cancel", NULL, cancel_action);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Escape, 0, "import.cancel", NULL);
}

static void
set_labels (AdwComboRow       *row,
            const char *const *labels)
{
  g_autoptr(GtkStringList) list = gtk_string_list_new (labels);

  adw_combo_row_set_model (row, G_LIST_MODEL (list));
}

static void
bv_import_dialog_init (BvImportDialog *self)
{
  const char *separator_labels[] = { _("Comma"), _("Semicolon"), _("Tab"), _("Vertical bar"), NULL };
  const char *quote_labels[] = { _("Double"), _("Single"), NULL };
  const char *decimal_labels[] = { _("Point"), _("Comma"), NULL };
  const char *date_labels[] = { _("Year, month, day"), _("Day, month, year"), _("Month, day, year"), NULL };
  g_autoptr(GtkListItemFactory) factory = bv_import_item_factory_new ();

  g_mutex_init (&self->mutex);
  self->cancellable = g_cancellable_new ();
  self->plans = g_ptr_array_new_with_free_func ((GDestroyNotify) bv_import_plan_free);
  self->problems = g_string_new (NULL);
  gtk_widget_init_template (GTK_WIDGET (self));
  gtk_stack_add_named (self->stack, bv_empty_page_new ("emblem-ok-symbolic", _("Import Finished"), _("What could not be read is named above."),
                                                       NULL, NULL), "done");

  set_labels (self->encoding_row, encodings);
  set_labels (self->separator_row, separator_labels);
  set_labels (self->quote_row, quote_labels);
  set_labels (self->decimal_row, decimal_labels);
  set_labels (self->date_row, date_labels);
  gtk_list_view_set_factory (self->columns, factory);
  g_signal_connect_swapped (self->file_row, "notify::selected", G_CALLBACK (file_selected_cb), self);
  g_signal_connect_swapped (self->parts_row, "toggled", G_CALLBACK (part_toggled_cb), self);
  g_signal_connect_swapped (self->table_row, "changed", G_CALLBACK (names_changed_cb), self);
  g_signal_connect_swapped (self->source_row, "changed", G_CALLBACK (names_changed_cb), self);
  g_signal_connect_swapped (self->encoding_row, "notify::selected", G_CALLBACK (format_changed_cb), self);
  g_signal_connect_swapped (self->separator_row, "notify::selected", G_CALLBACK (format_changed_cb), self);
  g_signal_connect_swapped (self->quote_row, "notify::selected", G_CALLBACK (format_changed_cb), self);
  g_signal_connect_swapped (self->header_switch, "notify::active", G_CALLBACK (format_changed_cb), self);
  g_signal_connect_swapped (self->decimal_row, "notify::selected", G_CALLBACK (reading_changed_cb), self);
  g_signal_connect_swapped (self->date_row, "notify::selected", G_CALLBACK (reading_changed_cb), self);
}

GtkWidget *
bv_import_dialog_new (BvWorkspace       *workspace,
                      const char *const *paths)
{
  BvImportDialog *self = g_object_new (BV_TYPE_IMPORT_DIALOG, NULL);

  self->workspace = g_object_ref (workspace);
  self->paths = g_strdupv ((char **) paths);
  for (guint i = 0; paths[i] != NULL; i++)
    look_into (self, paths[i], NULL);
  update_state (self);
  return GTK_WIDGET (self);
}

gboolean
bv_import_dialog_is_busy (BvImportDialog *self)
{
  g_return_val_if_fail (BV_IS_IMPORT_DIALOG (self), FALSE);

  return self->n_looking > 0 || self->running;
}
