/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The dialog shows at once and fills when the rows are here. Its head says what was clicked: the metric with its number, the exact
 * number of rows behind it, and all that narrowed them down, in one sentence. A calculated metric has no rows of its own: its parts are
 * offered instead.
 *
 * Actions: "drill.copy", "drill.export" (asks for a file), "drill.export-path" (s), so that tests never meet the file chooser.
 */
#include "config.h"
#include "bv-drill-dialog.h"

#include "bv-choice.h"
#include "bv-condition-editor.h"
#include "bv-data-grid.h"
#include "bv-formula.h"
#include "bv-notice.h"
#include "bv-util.h"

#include <glib/gi18n.h>

static guint row_limit = 10000; /* that are shown */

#define BV_TYPE_DRILL_DIALOG (bv_drill_dialog_get_type ())
G_DECLARE_FINAL_TYPE (BvDrillDialog, bv_drill_dialog, BV, DRILL_DIALOG, AdwWindow)

struct _BvDrillDialog
{
  AdwWindow parent_instance;

  BvWorkspace *workspace;
  BvChart *chart;
  BvOverlay overlay;
  char *metric;
  char *part;      /* the metric whose rows are shown: @metric, or one that its formula names */
  BvFrame *frame;  /* (nullable): the chart's */
  guint row;
  gboolean before; /* the number of the compared period was clicked */
  BvFrame *rows;   /* (nullable): until they are here */
  gint64 n_rows;   /* there are, of which the first are shown */
  GCancellable *cancellable;
  GCancellable *exporting; /* (nullable): while rows are written to a file */

  GtkWidget *number;
  GtkWidget *count;
  GtkWidget *sentence;
  GtkWidget *parts;
  GtkWidget *notice;
  AdwToastOverlay *toasts;
  GtkStack *stack;
  GtkWidget *grid;
};

G_DEFINE_FINAL_TYPE (BvDrillDialog, bv_drill_dialog, ADW_TYPE_WINDOW)

/* --- Head ---------------------------------------------------------------------------------------------------------------------------- */

static BvMetric *
find_metric (BvDrillDialog *self,
             const char    *name)
{
  BvExploration *exploration = bv_model_find_exploration (bv_workspace_get_model (self->workspace), self->chart->exploration);

  return exploration != NULL ? bv_exploration_find_metric (exploration, name) : NULL;
}

/* The metric's number as the chart showed it. (transfer full) (nullable) */
static char *
number_text (BvDrillDialog *self)
{
  BvLocale *locale = bv_workspace_get_locale (self->workspace);
  int column = self->frame != NULL ? bv_frame_find_column (self->frame, self->metric) : -1;
  BvColumn *info;

  if (column < 0)
    return NULL;
  /* What the metric was before stands in the next column. */
  column += self->before ? 1 : 0;
  info = bv_frame_get_column (self->frame, column);
  if (self->row < bv_frame_get_n_rows (self->frame))
    return bv_frame_format (self->frame, column, self->row, locale);
  return bv_locale_format (locale, &info->total, &info->format, BV_GRAIN_NONE);
}

static void
append_part (GString    *sentence,
             const char *part)
{
  if (part == NULL || *part == '\0')
    return;
  if (sentence->len > 0)
    g_string_append (sentence, " · ");
  g_string_append (sentence, part);
}

/* The time that rows of the period before lie in, which the chart's axis does not show. (transfer full) (nullable) */
static char *
span_text (BvLocale *locale,
           BvFrame  *rows)
{
  g_autofree char *spec = NULL;
  char from[BV_TIME_TEXT_MAX] = "", to[BV_TIME_TEXT_MAX] = "";
  BvRange span;

  if (rows == NULL || !bv_frame_get_range (rows, &span) || !span.has_to || (span.has_from && span.from_us >= span.to_us))
    return NULL;
  if (span.has_from && span.to_us - span.from_us < 12 * G_TIME_SPAN_HOUR)
    {
      g_autofree char *start = bv_locale_format_instant (locale, span.from_us);
      g_autofree char *end = bv_locale_format_instant (locale, span.to_us);

      /* Translators: from one instant to another */
      return g_strdup_printf (_("%s – %s"), start, end);
    }
  if (span.has_from)
    bv_date_to_text (span.from_day, from);
  bv_date_to_text (span.to_day - 1, to);
  spec = g_strdup_printf ("%s..%s", from, to);
  return bv_locale_format_range (locale, spec);
}

/* "Close date: Mar 2026 · Stage: won · Last 28 days · Amount is greater than 5" (transfer full) */
static char *
sentence_text (BvDrillDialog *self)
{
  BvLocale *locale = bv_workspace_get_locale (self->workspace);
  GString *sentence = g_string_new (NULL);
  BvMetric *metric = find_metric (self, self->part);
  const char *range = self->overlay.range != NULL ? self->overlay.range : self->chart->range;
  g_autofree char *range_label = range != NULL ? bv_locale_format_range (locale, range) : NULL;
  g_autofree char *span = self->before ? span_text (locale, self->rows) : NULL;
  g_autofree char *where = bv_condition_to_sentence (self->chart->where, locale);
  g_autofree char *overlay = bv_condition_to_sentence (self->overlay.where, locale);
  g_autofree char *own = metric != NULL ? bv_condition_to_sentence (metric->where, locale) : NULL;

  for (guint i = 0; self->frame != NULL && self->row < bv_frame_get_n_rows (self->frame) && i < bv_frame_get_n_columns (self->frame); i++)
    {
      BvColumn *column = bv_frame_get_column (self->frame, i);
      g_autofree char *value = NULL;
      g_autofree char *part = NULL;

      if (column->role != BV_ROLE_TIME && column->role != BV_ROLE_DIMENSION && column->role != BV_ROLE_SERIES)
        continue;
      value = bv_frame_is_null (self->frame, i, self->row) ? g_strdup (_("(empty)")) : bv_frame_format (self->frame, i, self->row, locale);
      if (self->before && column->role == BV_ROLE_TIME)
        /* Translators: a time field and the point in time beside which the number of the period before was drawn: "Beside Close date: Mar 2026" */
        part = g_strdup_printf (_("Beside %s: %s"), column->name, value);
      else
        part = g_strdup_printf ("%s: %s", column->name, value);
      append_part (sentence, part);
    }
  if (self->before)
    {
      /* Translators: a range of time: "Period before: Last 28 days" */
      g_autofree char *before = range_label != NULL ? g_strdup_printf (_("Period before: %s"), range_label) : g_strdup (_("Period before"));

      append_part (sentence, before);
      append_part (sentence, span);
    }
  else
    append_part (sentence, range_label);
  append_part (sentence, where);
  append_part (sentence, overlay);
  append_part (sentence, own);
  return g_string_free (sentence, FALSE);
}

static void
show_sentence (BvDrillDialog *self)
{
  g_autofree char *sentence = sentence_text (self);

  gtk_label_set_text (GTK_LABEL (self->sentence), sentence);
  gtk_widget_set_visible (self->sentence, *sentence != '\0');
}

/* --- Rows ------------------------------------------------------------------------------------------------------------------------------ */

/* Only while the rows that are shown are those that are asked for. */
static void
update_actions (BvDrillDialog *self)
{
  gboolean here = self->rows != NULL && self->cancellable == NULL;

  gtk_widget_action_set_enabled (GTK_WIDGET (self), "drill.copy", here);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "drill.export", here && self->exporting == NULL);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "drill.export-path", here && self->exporting == NULL);
}

static void
rows_cb (GObject      *source,
         GAsyncResult *result,
         gpointer      user_data)
{
  g_autoptr(BvDrillDialog) self = user_data;
  BvLocale *locale = bv_workspace_get_locale (self->workspace);
  g_autoptr(GError) error = NULL;
  g_autofree char *count = NULL;
  gint64 n_rows = 0;
  BvFrame *rows = bv_workspace_rows_finish (BV_WORKSPACE (source), result, &n_rows, &error);

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  g_clear_object (&self->cancellable);
  g_clear_pointer (&self->rows, bv_frame_unref);
  self->rows = rows;
  update_actions (self);
  if (rows == NULL)
    {
      gtk_label_set_text (GTK_LABEL (self->count), "");
      bv_notice_show_error (BV_NOTICE (self->notice), error);
      gtk_stack_set_visible_child_name (self->stack, "grid");
      return;
    }
  self->n_rows = n_rows;
  if (self->before)
    show_sentence (self);
  count = bv_rows_text (n_rows, locale);
  gtk_label_set_text (GTK_LABEL (self->count), count);
  if (n_rows > bv_frame_get_n_rows (rows))
    {
      g_autofree char *shown = bv_locale_format_count (locale, bv_frame_get_n_rows (rows));
      g_autofree char *all = bv_locale_format_count (locale, n_rows);
      /* Translators: "The first 10,000 of 123,456 rows" */
      g_autofree char *text = g_strdup_printf (_("The first %s of %s rows"), shown, all);

      bv_notice_show (BV_NOTICE (self->notice), text);
    }
  bv_data_grid_set_frame (BV_DATA_GRID (self->grid), rows, locale);
  gtk_stack_set_visible_child_name (self->stack, n_rows > 0 ? "grid" : "empty");
}

static void
query_rows (BvDrillDialog *self)
{
  if (self->cancellable != NULL)
    g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  bv_notice_hide (BV_NOTICE (self->notice));
  show_sentence (self);
  gtk_label_set_text (GTK_LABEL (self->count), _("Counting rows…"));
  self->cancellable = g_cancellable_new ();
  bv_workspace_rows_async (self->workspace, self->chart, &self->overlay, self->part, self->frame, self->row, self->before, row_limit,
                           self->cancellable, rows_cb, g_object_ref (self));
  update_actions (self);
}

/* The metrics with rows that a calculated one comes down to. */
static void
add_parts (BvDrillDialog *self,
           BvMetric      *metric,
           GPtrArray     *parts,
           guint          depth)
{
  g_autoptr(BvFormula) formula = NULL;

  if (metric == NULL || depth > 20 || g_ptr_array_find_with_equal_func (parts, metric->name, g_str_equal, NULL))
    return;
  if (metric->aggregate != BV_AGG_FORMULA)
    {
      g_ptr_array_add (parts, g_strdup (metric->name));
      return;
    }
  formula = bv_formula_parse (metric->formula != NULL ? metric->formula : "", NULL);
  for (guint i = 0; formula != NULL && i < bv_formula_get_names (formula)->len; i++)
    add_parts (self, find_metric (self, g_ptr_array_index (bv_formula_get_names (formula), i)), parts, depth + 1);
}

static void
part_chosen_cb (BvDrillDialog *self)
{
  const char *part = bv_choice_get (self->parts);

  if (part == NULL || g_strcmp0 (part, self->part) == 0)
    return;
  g_free (self->part);
  self->part = g_strdup (part);
  query_rows (self);
}

static void
show_parts (BvDrillDialog *self)
{
  BvMetric *metric = find_metric (self, self->metric);
  g_autoptr(GPtrArray) parts = g_ptr_array_new_with_free_func (g_free);
  gboolean formula = metric != NULL && metric->aggregate == BV_AGG_FORMULA;

  if (formula)
    add_parts (self, metric, parts, 0);
  self->part = g_strdup (parts->len > 0 ? g_ptr_array_index (parts, 0) : self->metric);
  for (guint i = 0; i < parts->len; i++)
    {
      /* Translators: a metric whose rows are shown */
      g_autofree char *label = g_strdup_printf (_("Rows of “%s”"), (const char *) g_ptr_array_index (parts, i));

      bv_choice_add (self->parts, g_ptr_array_index (parts, i), label);
    }
  gtk_widget_set_visible (self->parts, parts->len > 0);
  g_signal_connect_swapped (self->parts, "notify::selected", G_CALLBACK (part_chosen_cb), self);
}

/* --- Actions --------------------------------------------------------------------------------------------------------------------------- */

static void
copy_action (GtkWidget  *widget,
             const char *action,
             GVariant   *parameter)
{
  bv_data_grid_copy (BV_DATA_GRID (BV_DRILL_DIALOG (widget)->grid));
}

typedef struct
{
  BvFrame *rows;
  BvCalendar *calendar;
  char *path;
} Export;

static void
export_free (gpointer data)
{
  Export *export = data;

  g_clear_pointer (&export->rows, bv_frame_unref);
  bv_calendar_unref (export->calendar);
  g_free (export->path);
  g_free (export);
}

static void
export_thread (GTask        *task,
               gpointer      source,
               gpointer      data,
               GCancellable *cancellable)
{
  Export *export = data;
  g_autofree char *csv = bv_frame_to_csv (export->rows, export->calendar);
  GError *error = NULL;

  if (g_file_set_contents (export->path, csv, -1, &error))
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

static void
exported_cb (GObject      *source,
             GAsyncResult *result,
             gpointer      user_data)
{
  BvDrillDialog *self = BV_DRILL_DIALOG (source);
  const Export *export = g_task_get_task_data (G_TASK (result));
  g_autofree char *file = g_filename_display_basename (export->path);
  g_autofree char *text = g_strdup_printf (_("Exported to “%s”"), file);
  g_autoptr(GError) error = NULL;

  if (g_cancellable_is_cancelled (g_task_get_cancellable (G_TASK (result))))
    return; /* closed */
  g_clear_object (&self->exporting);
  update_actions (self);
  /* The notice goes on saying what is shown. */
  if (g_task_propagate_boolean (G_TASK (result), &error))
    adw_toast_overlay_add_toast (self->toasts, bv_toast_new (text));
  else
    bv_show_error (GTK_WIDGET (self), _("Could Not Export"), error);
}

static void
all_rows_cb (GObject      *source,
             GAsyncResult *result,
             gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  BvDrillDialog *self = g_task_get_source_object (task);
  Export *export = g_task_get_task_data (task);
  g_autoptr(GError) error = NULL;
  gint64 n_rows = 0;

  export->rows = bv_workspace_rows_finish (BV_WORKSPACE (source), result, &n_rows, &error);
  if (export->rows != NULL)
    g_task_run_in_thread (task, export_thread);
  else if (!g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    {
      g_clear_object (&self->exporting);
      update_actions (self);
      bv_show_error (GTK_WIDGET (self), _("Could Not Export"), error);
    }
}

/* All rows, of which the window may show the first only. */
static void
export_path (BvDrillDialog *self,
             const char    *path)
{
  Export *export = g_new0 (Export, 1);
  g_autoptr(GTask) task = NULL;

  self->exporting = g_cancellable_new ();
  task = g_task_new (self, self->exporting, exported_cb, NULL);
  export->calendar = bv_calendar_ref (bv_workspace_get_model (self->workspace)->calendar);
  export->path = g_strdup (path);
  g_task_set_task_data (task, export, export_free);
  update_actions (self);
  if (self->n_rows > bv_frame_get_n_rows (self->rows))
    {
      bv_workspace_rows_async (self->workspace, self->chart, &self->overlay, self->part, self->frame, self->row, self->before, G_MAXUINT, self->exporting,
                               all_rows_cb, g_object_ref (task));
      return;
    }
  export->rows = bv_frame_ref (self->rows);
  g_task_run_in_thread (task, export_thread);
}

static void
export_path_action (GtkWidget  *widget,
                    const char *action,
                    GVariant   *parameter)
{
  export_path (BV_DRILL_DIALOG (widget), g_variant_get_string (parameter, NULL));
}

static void
file_chosen_cb (GtkNativeDialog *chooser,
                int              response,
                BvDrillDialog   *self)
{
  if (response == GTK_RESPONSE_ACCEPT)
    {
      g_autoptr(GFile) file = gtk_file_chooser_get_file (GTK_FILE_CHOOSER (chooser));
      g_autofree char *path = g_file_get_path (file);

      if (path != NULL)
        export_path (self, path);
    }
  g_object_unref (chooser);
}

static void
export_action (GtkWidget  *widget,
               const char *action,
               GVariant   *parameter)
{
  BvDrillDialog *self = BV_DRILL_DIALOG (widget);
  GtkFileChooserNative *chooser = gtk_file_chooser_native_new (_("Export Rows"), GTK_WINDOW (self), GTK_FILE_CHOOSER_ACTION_SAVE,
                                                               _("_Export"), _("_Cancel"));
  g_autofree char *name = g_strdup_printf ("%s.csv", self->metric);

  gtk_file_chooser_set_current_name (GTK_FILE_CHOOSER (chooser), g_strdelimit (name, "/", '-'));
  gtk_native_dialog_set_modal (GTK_NATIVE_DIALOG (chooser), TRUE);
  /* The handler drops the chooser's reference. */
  g_signal_connect_object (chooser, "response", G_CALLBACK (file_chosen_cb), self, 0);
  gtk_native_dialog_show (GTK_NATIVE_DIALOG (chooser));
}

/* --- The window -------------------------------------------------------------------------------------------------------------------------- */

static void
bv_drill_dialog_dispose (GObject *object)
{
  BvDrillDialog *self = BV_DRILL_DIALOG (object);

  if (self->cancellable != NULL)
    g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  if (self->exporting != NULL)
    g_cancellable_cancel (self->exporting);
  g_clear_object (&self->exporting);

  G_OBJECT_CLASS (bv_drill_dialog_parent_class)->dispose (object);
}

static void
bv_drill_dialog_finalize (GObject *object)
{
  BvDrillDialog *self = BV_DRILL_DIALOG (object);

  g_clear_object (&self->workspace);
  g_clear_pointer (&self->chart, bv_chart_free);
  bv_overlay_clear (&self->overlay);
  g_clear_pointer (&self->metric, g_free);
  g_clear_pointer (&self->part, g_free);
  g_clear_pointer (&self->frame, bv_frame_unref);
  g_clear_pointer (&self->rows, bv_frame_unref);

  G_OBJECT_CLASS (bv_drill_dialog_parent_class)->finalize (object);
}

static void
bv_drill_dialog_class_init (BvDrillDialogClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = bv_drill_dialog_dispose;
  G_OBJECT_CLASS (klass)->finalize = bv_drill_dialog_finalize;
  gtk_widget_class_install_action (widget_class, "drill.copy", NULL, copy_action);
  gtk_widget_class_install_action (widget_class, "drill.export", NULL, export_action);
  gtk_widget_class_install_action (widget_class, "drill.export-path", "s", export_path_action);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Escape, 0, "window.close", NULL);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_e, GDK_CONTROL_MASK, "drill.export", NULL);
}

static void
bv_drill_dialog_init (BvDrillDialog *self)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);
  GtkWidget *header = adw_header_bar_new ();
  GtkWidget *head = gtk_box_new (GTK_ORIENTATION_VERTICAL, 3);
  GtkWidget *line = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 12);
  GtkWidget *spinner = gtk_spinner_new ();
  GtkWidget *copy = bv_icon_button_new ("edit-copy-symbolic", _("Copy Rows"), "drill.copy");
  GtkWidget *export = gtk_button_new_with_mnemonic (_("_Export CSV…"));

  self->number = gtk_label_new (NULL);
  self->count = gtk_label_new (NULL);
  self->sentence = gtk_label_new (NULL);
  self->notice = bv_notice_new ();
  self->stack = GTK_STACK (gtk_stack_new ());
  self->grid = bv_data_grid_new ();
  gtk_actionable_set_action_name (GTK_ACTIONABLE (export), "drill.export");
  adw_header_bar_pack_end (ADW_HEADER_BAR (header), export);
  adw_header_bar_pack_end (ADW_HEADER_BAR (header), copy);

  gtk_widget_add_css_class (self->number, "title-2");
  gtk_widget_add_css_class (self->number, "numeric");
  gtk_widget_add_css_class (self->count, "dim-label");
  gtk_widget_set_valign (self->count, GTK_ALIGN_BASELINE);
  gtk_widget_set_valign (self->number, GTK_ALIGN_BASELINE);
  gtk_label_set_selectable (GTK_LABEL (self->number), TRUE);
  gtk_widget_set_can_focus (self->number, FALSE);
  gtk_label_set_wrap (GTK_LABEL (self->sentence), TRUE);
  gtk_label_set_xalign (GTK_LABEL (self->sentence), 0);
  gtk_widget_add_css_class (self->sentence, "dim-label");
  gtk_box_append (GTK_BOX (line), self->number);
  gtk_box_append (GTK_BOX (line), self->count);
  self->parts = bv_choice_new (_("The metric whose rows are shown"));
  gtk_widget_set_hexpand (self->parts, TRUE);
  gtk_widget_set_halign (self->parts, GTK_ALIGN_END);
  gtk_box_append (GTK_BOX (line), self->parts);
  gtk_box_append (GTK_BOX (head), line);
  gtk_box_append (GTK_BOX (head), self->sentence);
  gtk_widget_set_margin_start (head, 12);
  gtk_widget_set_margin_end (head, 12);
  gtk_widget_set_margin_top (head, 6);
  gtk_widget_set_margin_bottom (head, 12);

  gtk_spinner_start (GTK_SPINNER (spinner));
  gtk_widget_set_halign (spinner, GTK_ALIGN_CENTER);
  gtk_widget_set_size_request (spinner, 32, 32);
  gtk_stack_add_named (self->stack, spinner, "busy");
  gtk_stack_add_named (self->stack, self->grid, "grid");
  gtk_stack_add_named (self->stack, bv_empty_page_new ("bv-table-symbolic", _("No Rows"), _("No row of the data stands behind this number"),
                                                       NULL, NULL), "empty");
  self->toasts = ADW_TOAST_OVERLAY (adw_toast_overlay_new ());
  adw_toast_overlay_set_child (self->toasts, GTK_WIDGET (self->stack));
  gtk_widget_set_vexpand (GTK_WIDGET (self->toasts), TRUE);
  gtk_box_append (GTK_BOX (box), header);
  gtk_box_append (GTK_BOX (box), head);
  gtk_box_append (GTK_BOX (box), self->notice);
  gtk_box_append (GTK_BOX (box), GTK_WIDGET (self->toasts));
  adw_window_set_content (ADW_WINDOW (self), box);
  gtk_window_set_default_size (GTK_WINDOW (self), 760, 500);
  gtk_window_set_modal (GTK_WINDOW (self), TRUE);
  update_actions (self);
}

GtkWidget *
bv_drill_dialog_present (GtkWidget       *parent,
                         BvWorkspace     *workspace,
                         BvChart         *chart,
                         const BvOverlay *overlay,
                         BvFrame         *frame,
                         guint            row,
                         int              column)
{
  BvColumn *clicked = frame != NULL && column >= 0 && (guint) column < bv_frame_get_n_columns (frame) ? bv_frame_get_column (frame, (guint) column) : NULL;
  gboolean before = clicked != NULL && clicked->role == BV_ROLE_COMPARE && clicked->of >= 0;
  BvDrillDialog *self;
  GtkRoot *root;
  const char *metric;
  g_autofree char *number = NULL;

  g_return_val_if_fail (BV_IS_WORKSPACE (workspace), NULL);
  g_return_val_if_fail (chart != NULL, NULL);

  if (before)
    metric = bv_frame_get_column (frame, (guint) clicked->of)->name;
  else if (clicked != NULL && clicked->role == BV_ROLE_METRIC)
    metric = clicked->name;
  else
    metric = chart->metrics != NULL ? chart->metrics[0] : NULL;
  if (metric == NULL)
    return NULL;
  self = g_object_new (BV_TYPE_DRILL_DIALOG, NULL);
  self->workspace = g_object_ref (workspace);
  self->chart = bv_chart_copy (chart);
  if (overlay != NULL)
    self->overlay = bv_overlay_copy (overlay);
  self->metric = g_strdup (metric);
  /* A group of a table is a row of its sub-totals. */
  self->frame = frame != NULL ? bv_frame_ref (bv_frame_resolve_row (frame, &row)) : NULL;
  self->row = row;
  self->before = before;

  root = parent != NULL ? gtk_widget_get_root (parent) : NULL;
  if (GTK_IS_WINDOW (root))
    gtk_window_set_transient_for (GTK_WINDOW (self), GTK_WINDOW (root));
  gtk_window_set_title (GTK_WINDOW (self), before ? clicked->name : metric);
  number = number_text (self);
  gtk_label_set_text (GTK_LABEL (self->number), number);
  gtk_widget_set_visible (self->number, number != NULL);
  show_parts (self);
  query_rows (self);
  gtk_window_present (GTK_WINDOW (self));
  return GTK_WIDGET (self);
}

void
bv_drill_dialog_set_row_limit (guint n_rows)
{
  row_limit = n_rows;
}
