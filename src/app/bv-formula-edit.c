/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The dialog of a calculated metric. While the user types, the word at the cursor is completed by buttons below the formula, its errors
 * are named at once, and its value over all rows is computed from the totals of the metrics it names.
 */
#include "config.h"
#include "bv-measure-edit.h"

#include "bv-form.h"
#include "bv-metric-form.h"
#include "bv-formula.h"
#include "bv-util.h"
#include "bv-wrap-box.h"

#include <glib/gi18n.h>
#include <math.h>
#include <string.h>

#define MAX_SUGGESTIONS 8

typedef struct
{
  BvWorkspace *workspace;
  BvForm *form;
  char *exploration;
  char *old_name; /* (nullable) */
  BvFormula *parsed; /* (nullable): of the query under way */
  GCancellable *cancellable;
  GtkWidget *name, *formula, *state, *suggestions;
  BvMetricRows rows;
} Edit;

static void
edit_free (gpointer  data,
           GClosure *closure)
{
  Edit *edit = data;

  if (edit->cancellable != NULL)
    g_cancellable_cancel (edit->cancellable);
  g_clear_object (&edit->cancellable);
  g_clear_pointer (&edit->parsed, bv_formula_free);
  g_object_unref (edit->workspace);
  g_free (edit->exploration);
  g_free (edit->old_name);
  g_free (edit);
}

static BvExploration *
get_exploration (Edit *edit)
{
  return bv_model_find_exploration (bv_workspace_get_model (edit->workspace), edit->exploration);
}

/* --- Value ---------------------------------------------------------------------------------------------------------------------------------- */

static void
ran_cb (GObject      *source,
        GAsyncResult *result,
        gpointer      user_data)
{
  g_autoptr(BvForm) form = user_data;
  g_autoptr(GError) error = NULL;
  g_autoptr(BvFrame) frame = bv_workspace_run_finish (BV_WORKSPACE (source), result, &error);
  Edit *edit = g_object_get_data (G_OBJECT (form), "bv-edit");
  GPtrArray *names;
  g_autofree double *values = NULL;

  /* The dialog is gone, or a newer text asked anew. */
  if (edit == NULL || g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  g_clear_object (&edit->cancellable);
  if (frame == NULL)
    {
      adw_action_row_set_subtitle (ADW_ACTION_ROW (edit->state), error->message);
      return;
    }
  names = bv_formula_get_names (edit->parsed);
  values = g_new (double, names->len);
  for (guint i = 0; i < names->len; i++)
    {
      int column = bv_frame_find_column (frame, g_ptr_array_index (names, i));

      values[i] = column < 0 ? NAN
                  : bv_frame_get_n_rows (frame) == 1 ? bv_frame_get_double (frame, column, 0)
                  : bv_value_as_double (&bv_frame_get_column (frame, column)->total);
    }
  bv_format_rows_set_sample (edit->rows.format, bv_formula_evaluate (edit->parsed, values));
}

static void
query_value (Edit *edit)
{
  BvExploration *e = get_exploration (edit);
  g_autoptr(BvChart) chart = NULL;
  GPtrArray *names = bv_formula_get_names (edit->parsed);

  if (edit->cancellable != NULL)
    g_cancellable_cancel (edit->cancellable);
  g_clear_object (&edit->cancellable);
  if (names->len == 0)
    {
      bv_format_rows_set_sample (edit->rows.format, bv_formula_evaluate (edit->parsed, NULL));
      return;
    }
  chart = bv_chart_new (e->name, "number");
  chart->metrics = g_renew (char *, chart->metrics, names->len + 1);
  for (guint i = 0; i < names->len; i++)
    chart->metrics[i] = g_strdup (g_ptr_array_index (names, i));
  chart->metrics[names->len] = NULL;
  edit->cancellable = g_cancellable_new ();
  bv_workspace_run_async (edit->workspace, chart, NULL, edit->cancellable, ran_cb, g_object_ref (edit->form));
}

/* --- Text ------------------------------------------------------------------------------------------------------------------------------------- */

/* Where the word that the cursor ends begins, in characters: after an open bracket, or the letters before the cursor. */
static int
word_start (const char *text,
            int         cursor)
{
  int start = cursor;

  for (int i = cursor; i > 0; i--)
    {
      gunichar c = g_utf8_get_char (g_utf8_offset_to_pointer (text, i - 1));

      if (c == ']')
        break;
      if (c == '[')
        return i - 1;
    }
  while (start > 0)
    {
      gunichar c = g_utf8_get_char (g_utf8_offset_to_pointer (text, start - 1));

      if (!g_unichar_isalnum (c) && c != '_')
        break;
      start--;
    }
  return start;
}

static void
suggestion_clicked_cb (GtkButton *button,
                       Edit      *edit)
{
  GtkEditable *editable = GTK_EDITABLE (edit->formula);
  g_autofree char *insert = g_strdup_printf ("[%s]", (const char *) g_object_get_data (G_OBJECT (button), "bv-name"));
  int cursor = gtk_editable_get_position (editable);
  int start = word_start (gtk_editable_get_text (editable), cursor);

  g_object_ref (button);
  gtk_editable_delete_text (editable, start, cursor);
  gtk_editable_insert_text (editable, insert, -1, &start);
  gtk_widget_grab_focus (edit->formula);
  gtk_editable_set_position (editable, start);
  g_object_unref (button);
}

static void
show_suggestions (Edit *edit)
{
  BvExploration *e = get_exploration (edit);
  const char *text = gtk_editable_get_text (GTK_EDITABLE (edit->formula));
  int cursor = gtk_editable_get_position (GTK_EDITABLE (edit->formula));
  int start = word_start (text, cursor);
  g_autofree char *word = g_utf8_substring (text, start, cursor);
  g_autofree char *needle = g_utf8_casefold (*word == '[' ? word + 1 : word, -1);
  guint n = 0;

  bv_wrap_box_clear (BV_WRAP_BOX (edit->suggestions));
  for (guint i = 0; e != NULL && i < e->metrics->len && n < MAX_SUGGESTIONS; i++)
    {
      BvMetric *metric = g_ptr_array_index (e->metrics, i);
      g_autofree char *hay = g_utf8_casefold (metric->name, -1);
      GtkWidget *button;

      if (g_strcmp0 (metric->name, edit->old_name) == 0 || strstr (hay, needle) == NULL)
        continue;
      button = gtk_button_new_with_label (metric->name);
      gtk_widget_add_css_class (button, "pill-small");
      g_object_set_data_full (G_OBJECT (button), "bv-name", g_strdup (metric->name), g_free);
      g_signal_connect (button, "clicked", G_CALLBACK (suggestion_clicked_cb), edit);
      bv_wrap_box_append (BV_WRAP_BOX (edit->suggestions), button);
      n++;
    }
}

static gboolean
check_names (Edit       *edit,
             BvFormula  *formula,
             GError    **error)
{
  BvExploration *e = get_exploration (edit);
  GPtrArray *names = bv_formula_get_names (formula);

  for (guint i = 0; i < names->len; i++)
    {
      const char *name = g_ptr_array_index (names, i);

      if (g_strcmp0 (name, edit->old_name) == 0)
        g_set_error (error, BV_ERROR, BV_ERROR_INVALID, _("The metric “%s” is defined by itself: break the circle"), name);
      else if (e == NULL || bv_exploration_find_metric (e, name) == NULL)
        g_set_error (error, BV_ERROR, BV_ERROR_NOT_FOUND, _("The metric “%s” does not exist: check the name, or add it"), name);
      else
        continue;
      return FALSE;
    }
  return TRUE;
}

static void
text_changed_cb (Edit *edit)
{
  g_autofree char *text = bv_form_get_text (edit->formula);
  g_autofree char *name = bv_form_get_text (edit->name);
  g_autoptr(GError) error = NULL;
  g_autoptr(BvFormula) formula = bv_formula_parse (text != NULL ? text : "", &error);
  gboolean sound = formula != NULL && check_names (edit, formula, &error);

  if (sound)
    {
      gtk_widget_remove_css_class (edit->formula, "error");
      adw_action_row_set_subtitle (ADW_ACTION_ROW (edit->state), _("The formula is sound"));
      g_clear_pointer (&edit->parsed, bv_formula_free);
      edit->parsed = g_steal_pointer (&formula);
      query_value (edit);
    }
  else
    {
      if (text != NULL)
        gtk_widget_add_css_class (edit->formula, "error");
      adw_action_row_set_subtitle (ADW_ACTION_ROW (edit->state),
                                   text != NULL ? error->message : _("Metrics in square brackets, numbers, + − * / and brackets"));
    }
  bv_form_set_acceptable (edit->form, sound && name != NULL);
  show_suggestions (edit);
}

static gboolean
read_formula (gpointer        user_data,
              BvExploration  *copy,
              BvMetric       *metric,
              GError        **error)
{
  Edit *edit = user_data;

  metric->aggregate = BV_AGG_FORMULA;
  g_free (metric->formula);
  metric->formula = bv_form_get_text (edit->formula);
  return TRUE;
}

static void
accepted_cb (BvForm *form,
             Edit   *edit)
{
  g_autofree char *name = bv_form_get_text (edit->name);

  bv_metric_form_accept (form, &edit->rows, edit->workspace, edit->exploration, edit->old_name, name, _("Add calculated metric"), read_formula, edit);
}

static void
destroyed_cb (GtkWidget *form)
{
  g_object_set_data (G_OBJECT (form), "bv-edit", NULL);
}

void
bv_formula_edit_show (GtkWidget   *over,
                      BvWorkspace *workspace,
                      const char  *exploration,
                      const char  *name)
{
  BvExploration *e = bv_model_find_exploration (bv_workspace_get_model (workspace), exploration);
  BvMetric *metric = e != NULL && name != NULL ? bv_exploration_find_metric (e, name) : NULL;
  GtkWidget *form, *group;
  Edit *edit;

  if (e == NULL || (name != NULL && metric == NULL))
    return;
  edit = g_new0 (Edit, 1);
  edit->workspace = g_object_ref (workspace);
  edit->exploration = g_strdup (e->uuid);
  edit->old_name = g_strdup (name);
  form = bv_form_new (over, metric != NULL ? _("Edit Calculated Metric") : _("Add Calculated Metric"), metric != NULL ? _("_Save") : _("_Add"));
  edit->form = BV_FORM (form);
  g_object_set_data (G_OBJECT (form), "bv-edit", edit);
  g_signal_connect (form, "destroy", G_CALLBACK (destroyed_cb), NULL);

  group = bv_form_add_group (edit->form, NULL, NULL);
  edit->name = bv_form_add_entry (group, _("Name"), name);
  edit->formula = bv_form_add_entry (group, _("Formula"), metric != NULL ? metric->formula : NULL);
  edit->state = bv_row_new (_("Check"), "", NULL, NULL);
  adw_action_row_set_subtitle_lines (ADW_ACTION_ROW (edit->state), 3);
  adw_preferences_group_add (ADW_PREFERENCES_GROUP (group), edit->state);
  edit->suggestions = bv_wrap_box_new (6);
  bv_set_name (edit->suggestions, _("Metrics to insert"));
  gtk_widget_set_margin_top (edit->suggestions, 12);
  adw_preferences_group_add (ADW_PREFERENCES_GROUP (group), edit->suggestions);

  bv_metric_rows_add (&edit->rows, edit->form, workspace, metric, _("The preview is the value over all rows"), NAN);
  text_changed_cb (edit);
  g_signal_connect_swapped (edit->name, "changed", G_CALLBACK (text_changed_cb), edit);
  g_signal_connect_swapped (edit->formula, "changed", G_CALLBACK (text_changed_cb), edit);
  g_signal_connect_data (form, "accepted", G_CALLBACK (accepted_cb), edit, edit_free, 0);
  gtk_window_present (GTK_WINDOW (form));
}
