/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The dialog of a metric. What it is of depends on the aggregation: rows, a column that fits, or for running totals a column or another
 * metric; ids in the "of" drop-down are "field:REF", "metric:NAME" and "" for the rows. The table is a drop-down of its own, because the
 * metric's own filter may only test columns that its rows can reach.
 */
#include "config.h"
#include "bv-measure-edit.h"

#include "bv-choice.h"
#include "bv-condition-editor.h"
#include "bv-form.h"
#include "bv-metric-form.h"
#include "bv-measure.h"
#include "bv-util.h"

#include <glib/gi18n.h>
#include <math.h>
#include <string.h>

#define SAMPLE 1234567.891

typedef struct
{
  BvWorkspace *workspace;
  BvForm *form;
  char *exploration;
  char *old_name; /* (nullable) */
  gboolean updating;
  gboolean named; /* the user typed the name */
  GtkWidget *name, *aggregate, *table, *of, *from_row, *from, *percentile, *where;
  BvMetricRows rows;
} Edit;

/* The order of the menu. */
static const BvAggregate aggregates[] = {
  BV_AGG_COUNT, BV_AGG_COUNT_DISTINCT, BV_AGG_CUMULATIVE_COUNT, BV_AGG_MIN, BV_AGG_MAX, BV_AGG_AVERAGE, BV_AGG_SUM, BV_AGG_MEDIAN,
  BV_AGG_PERCENTILE, BV_AGG_CUMULATIVE_SUM,
};

static void
edit_free (gpointer  data,
           GClosure *closure)
{
  Edit *edit = data;

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

static BvAggregate
get_aggregate (Edit *edit)
{
  const char *name = bv_choice_get (edit->aggregate);
  BvAggregate aggregate = BV_AGG_COUNT;

  if (name != NULL)
    bv_aggregate_from_name (name, &aggregate);
  return aggregate;
}

static gboolean
is_cumulative (BvAggregate aggregate)
{
  return aggregate == BV_AGG_CUMULATIVE_COUNT || aggregate == BV_AGG_CUMULATIVE_SUM;
}

/* Whether a column of this type can be measured so. */
static gboolean
fits (BvAggregate aggregate,
      BvType      type)
{
  if (aggregate == BV_AGG_COUNT || aggregate == BV_AGG_CUMULATIVE_COUNT || aggregate == BV_AGG_COUNT_DISTINCT)
    return TRUE;
  if (aggregate == BV_AGG_MIN || aggregate == BV_AGG_MAX)
    return bv_type_is_numeric (type) || bv_type_is_time (type);
  return bv_type_is_numeric (type);
}

static void
fill_of (Edit *edit)
{
  BvExploration *e = get_exploration (edit);
  BvAggregate aggregate = get_aggregate (edit);
  const char *role = bv_choice_get (edit->table);
  BvTable *table = e != NULL ? bv_exploration_find_role (e, bv_workspace_get_model (edit->workspace), role) : NULL;
  gboolean counts = aggregate == BV_AGG_COUNT || aggregate == BV_AGG_CUMULATIVE_COUNT;
  g_autofree char *chosen = g_strdup (bv_choice_get (edit->of));

  edit->updating = TRUE;
  bv_choice_clear (edit->of);
  if (counts)
    bv_choice_add (edit->of, "", _("Rows of the table"));
  if (e != NULL && is_cumulative (aggregate))
    for (guint i = 0; i < e->metrics->len; i++)
      {
        BvMetric *metric = g_ptr_array_index (e->metrics, i);
        g_autofree char *id = g_strconcat ("metric:", metric->name, NULL);
        /* Translators: a metric among columns */
        g_autofree char *label = g_strdup_printf (_("%s (metric)"), metric->name);

        if (metric->aggregate == (aggregate == BV_AGG_CUMULATIVE_COUNT ? BV_AGG_COUNT : BV_AGG_SUM)
            || (aggregate == BV_AGG_CUMULATIVE_SUM && metric->aggregate == BV_AGG_COUNT))
          bv_choice_add (edit->of, id, label);
      }
  for (guint i = 0; table != NULL && i < table->fields->len; i++)
    {
      BvField *field = g_ptr_array_index (table->fields, i);
      const char *name = field->label != NULL ? field->label : field->name;
      g_autofree char *id = g_strconcat ("field:", role, ".", field->name, NULL);
      /* Translators: what is counted: the rows that have something in a column */
      g_autofree char *filled = g_strdup_printf (_("Filled cells of %s"), name);

      if (fits (aggregate, field->type))
        bv_choice_add (edit->of, id, counts ? filled : name);
    }
  /* Rows are what is counted, unless somebody says otherwise. */
  if (counts || chosen == NULL || !bv_choice_select (edit->of, chosen))
    gtk_drop_down_set_selected (GTK_DROP_DOWN (edit->of), 0);
  edit->updating = FALSE;
}

/* The rows that the aggregation needs. */
static void
show_rows (Edit *edit)
{
  BvAggregate aggregate = get_aggregate (edit);

  gtk_widget_set_visible (edit->from_row, is_cumulative (aggregate));
  gtk_widget_set_visible (edit->percentile, aggregate == BV_AGG_PERCENTILE);
}

static void
show_state (Edit *edit)
{
  g_autofree char *name = bv_form_get_text (edit->name);
  BvAggregate aggregate = get_aggregate (edit);

  bv_form_set_acceptable (edit->form, name != NULL && (aggregate == BV_AGG_COUNT || aggregate == BV_AGG_CUMULATIVE_COUNT
                                                       || bv_choice_get (edit->of) != NULL));
}

/* "Sum of amount", until the user says otherwise. */
static void
propose_name (Edit *edit)
{
  const char *id = bv_choice_get (edit->of);
  const char *dot = id != NULL ? strrchr (id, '.') : NULL;
  BvAggregate aggregate = get_aggregate (edit);
  g_autofree char *text = NULL;

  if (edit->named || edit->old_name != NULL)
    return;
  if (aggregate == BV_AGG_COUNT && id == NULL)
    text = g_strdup_printf (_("Number of %s"), bv_choice_get (edit->table));
  else if (id == NULL)
    text = g_strdup (bv_aggregate_to_label (aggregate));
  else
    text = g_strdup_printf (_("%s of %s"), bv_aggregate_to_label (aggregate),
                            g_str_has_prefix (id, "metric:") ? id + strlen ("metric:") : dot != NULL ? dot + 1 : id);
  edit->updating = TRUE;
  gtk_editable_set_text (GTK_EDITABLE (edit->name), text);
  edit->updating = FALSE;
}

static void
chosen_cb (Edit *edit)
{
  if (edit->updating)
    return;
  fill_of (edit);
  show_rows (edit);
  propose_name (edit);
  show_state (edit);
}

static void
of_chosen_cb (Edit *edit)
{
  if (edit->updating)
    return;
  propose_name (edit);
  show_state (edit);
}

static void
table_chosen_cb (Edit *edit)
{
  if (edit->updating)
    return;
  bv_condition_editor_set_exploration (BV_CONDITION_EDITOR (edit->where), edit->exploration, bv_choice_get (edit->table));
  chosen_cb (edit);
}

static void
name_changed_cb (Edit *edit)
{
  if (!edit->updating)
    edit->named = TRUE;
  show_state (edit);
}

static gboolean
read_metric (gpointer        user_data,
             BvExploration  *copy,
             BvMetric       *metric,
             GError        **error)
{
  Edit *edit = user_data;
  const char *id = bv_choice_get (edit->of);
  const char *role = bv_choice_get (edit->table);

  metric->aggregate = get_aggregate (edit);
  g_clear_pointer (&metric->field, g_free);
  g_clear_pointer (&metric->of, g_free);
  g_clear_pointer (&metric->table, g_free);
  g_clear_pointer (&metric->formula, g_free);
  if (id != NULL && g_str_has_prefix (id, "metric:"))
    metric->of = g_strdup (id + strlen ("metric:"));
  else if (id != NULL)
    {
      metric->field = g_strdup (id + strlen ("field:"));
      /* Rows of one table by a column of another, as definitions may have it. */
      if (role != NULL && !(g_str_has_prefix (metric->field, role) && metric->field[strlen (role)] == '.'))
        metric->table = g_strdup (role);
    }
  else if (role != NULL && !g_str_equal (role, copy->root))
    metric->table = g_strdup (role);
  metric->from = g_strcmp0 (bv_choice_get (edit->from), "all") == 0 ? BV_FROM_ALL : BV_FROM_RANGE;
  if (metric->aggregate == BV_AGG_PERCENTILE)
    {
      g_autofree char *text = bv_form_get_text (edit->percentile);
      g_auto(BvValue) value = BV_VALUE_NULL;

      if (text == NULL || !bv_locale_parse_number (bv_workspace_get_locale (edit->workspace), text, BV_TYPE_DOUBLE, &value) || !(value.d >= 0 && value.d <= 100))
        {
          g_set_error (error, BV_ERROR, BV_ERROR_INVALID, _("“%s” is no percentile: type a number from 0 to 100"), text != NULL ? text : "");
          return FALSE;
        }
      metric->percentile = value.d / 100;
    }
  bv_condition_free (metric->where);
  metric->where = bv_condition_editor_dup_condition (BV_CONDITION_EDITOR (edit->where));
  return TRUE;
}

static void
accepted_cb (BvForm *form,
             Edit   *edit)
{
  g_autofree char *name = bv_form_get_text (edit->name);

  bv_metric_form_accept (form, &edit->rows, edit->workspace, edit->exploration, edit->old_name, name, _("Add metric"), read_metric, edit);
}

static void
fill_tables (Edit          *edit,
             BvExploration *e,
             const char    *role)
{
  BvModel *model = bv_workspace_get_model (edit->workspace);

  for (guint i = 0; i <= e->related->len; i++)
    {
      const char *as = i == 0 ? e->root : ((BvRelated *) g_ptr_array_index (e->related, i - 1))->as;
      g_autofree char *label = bv_role_label (model, e, as);

      bv_choice_add (edit->table, as, label);
    }
  bv_choice_select (edit->table, role);
}

void
bv_metric_edit_show (GtkWidget   *over,
                     BvWorkspace *workspace,
                     const char  *exploration,
                     const char  *name,
                     const char  *role)
{
  BvModel *model = bv_workspace_get_model (workspace);
  BvExploration *e = bv_model_find_exploration (model, exploration);
  BvMetric *metric = e != NULL && name != NULL ? bv_exploration_find_metric (e, name) : NULL;
  g_autofree char *home = NULL;
  g_autofree char *percentile = NULL;
  g_autofree char *of = NULL;
  GtkWidget *form, *group;
  BvValue share;
  Edit *edit;

  if (e == NULL || (name != NULL && metric == NULL))
    return;
  if (metric != NULL && metric->aggregate == BV_AGG_FORMULA)
    {
      bv_formula_edit_show (over, workspace, exploration, name);
      return;
    }
  edit = g_new0 (Edit, 1);
  edit->workspace = g_object_ref (workspace);
  edit->exploration = g_strdup (e->uuid);
  edit->old_name = g_strdup (name);
  edit->updating = TRUE;
  form = bv_form_new (over, metric != NULL ? _("Edit Metric") : _("Add Metric"), metric != NULL ? _("_Save") : _("_Add"));
  edit->form = BV_FORM (form);
  home = metric != NULL ? bv_metric_role (model, e, metric) : g_strdup (role != NULL ? role : e->root);

  group = bv_form_add_group (edit->form, NULL, NULL);
  edit->name = bv_form_add_entry (group, _("Name"), name);
  edit->aggregate = bv_form_add_choice (group, _("Aggregation"), NULL);
  for (guint i = 0; i < G_N_ELEMENTS (aggregates); i++)
    bv_choice_add (edit->aggregate, bv_aggregate_to_name (aggregates[i]), bv_aggregate_to_label (aggregates[i]));
  bv_choice_select (edit->aggregate, bv_aggregate_to_name (metric != NULL ? metric->aggregate : BV_AGG_COUNT));
  edit->table = bv_form_add_choice (group, _("Table"), NULL);
  fill_tables (edit, e, home);
  edit->of = bv_form_add_choice (group, _("Of"), NULL);
  fill_of (edit);
  edit->updating = TRUE;
  of = metric == NULL ? NULL : metric->of != NULL ? g_strconcat ("metric:", metric->of, NULL)
       : metric->field != NULL ? g_strconcat ("field:", metric->field, NULL) : NULL;
  if (of != NULL && !bv_choice_select (edit->of, of))
    {
      bv_choice_add (edit->of, of, metric->of != NULL ? metric->of : metric->field);
      bv_choice_select (edit->of, of);
    }
  bv_choice_set_searchable (edit->of, TRUE);
  edit->from = bv_form_add_choice (group, _("Count from"), &edit->from_row);
  bv_choice_add (edit->from, "range", _("Start of the range"));
  bv_choice_add (edit->from, "all", _("Start of history"));
  bv_choice_select (edit->from, metric != NULL && metric->from == BV_FROM_ALL ? "all" : "range");
  share = bv_value_double (metric != NULL && metric->aggregate == BV_AGG_PERCENTILE ? metric->percentile * 100 : 90);
  percentile = bv_locale_write_number (bv_workspace_get_locale (workspace), &share);
  edit->percentile = bv_form_add_entry (group, _("Percentile (0 to 100)"), percentile);

  group = bv_form_add_group (edit->form, _("Only Rows That Match"), _("Restricts this metric alone, in every chart"));
  edit->where = bv_condition_editor_new (workspace);
  bv_condition_editor_set_exploration (BV_CONDITION_EDITOR (edit->where), e->name, home);
  bv_condition_editor_set_condition (BV_CONDITION_EDITOR (edit->where), metric != NULL ? metric->where : NULL);
  adw_preferences_group_add (ADW_PREFERENCES_GROUP (group), edit->where);

  bv_metric_rows_add (&edit->rows, edit->form, workspace, metric, NULL, SAMPLE);
  edit->updating = FALSE;
  show_rows (edit);
  propose_name (edit);
  show_state (edit);
  g_signal_connect_swapped (edit->name, "changed", G_CALLBACK (name_changed_cb), edit);
  g_signal_connect_swapped (edit->aggregate, "notify::selected", G_CALLBACK (chosen_cb), edit);
  g_signal_connect_swapped (edit->table, "notify::selected", G_CALLBACK (table_chosen_cb), edit);
  g_signal_connect_swapped (edit->of, "notify::selected", G_CALLBACK (of_chosen_cb), edit);
  g_signal_connect_data (form, "accepted", G_CALLBACK (accepted_cb), edit, edit_free, 0);
  gtk_window_present (GTK_WINDOW (form));
}
