/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Committing, deleting and duplicating measures, the dialog of a dimension, and the exploration's own settings. */
#include "config.h"
#include "bv-measure-edit.h"

#include "bv-choice.h"
#include "bv-form.h"
#include "bv-format-rows.h"
#include "bv-measure.h"
#include "bv-util.h"

#include <glib/gi18n.h>
#include <string.h>

gboolean
bv_measure_check_name (BvExploration  *exploration,
                       const char     *name,
                       GError        **error)
{
  if (name == NULL || strpbrk (name, "[]") != NULL)
    g_set_error (error, BV_ERROR, BV_ERROR_INVALID, _("“%s” cannot be a name: type one without square brackets"), name != NULL ? name : "");
  else if (bv_exploration_find_dimension (exploration, name) != NULL || bv_exploration_find_metric (exploration, name) != NULL)
    g_set_error (error, BV_ERROR, BV_ERROR_EXISTS, _("“%s” exists already: choose another name"), name);
  else
    return TRUE;
  return FALSE;
}

static gboolean
is_changed (BvWorkspace   *workspace,
            BvExploration *copy)
{
  BvExploration *current = bv_model_find_exploration (bv_workspace_get_model (workspace), copy->uuid);
  g_autoptr(JsonObject) before = current != NULL ? bv_exploration_to_json (current) : NULL;
  g_autoptr(JsonObject) after = bv_exploration_to_json (copy);
  g_autofree char *before_text = before != NULL ? bv_json_object_to_text (before, FALSE) : NULL;
  g_autofree char *after_text = bv_json_object_to_text (after, FALSE);

  return g_strcmp0 (before_text, after_text) != 0;
}

gboolean
bv_measure_commit (BvWorkspace    *workspace,
                   BvExploration  *copy,
                   const char     *what,
                   const char     *kind,
                   const char     *old_name,
                   const char     *new_name,
                   GError        **error)
{
  gboolean renamed = old_name != NULL && g_strcmp0 (old_name, new_name) != 0;
  gboolean changed = is_changed (workspace, copy);

  if (renamed && !bv_measure_check_name (copy, new_name, error))
    return FALSE;
  if (renamed && changed)
    return bv_workspace_put_exploration_as (workspace, what, copy, kind, old_name, new_name, error);
  if (renamed)
    return bv_workspace_rename (workspace, kind, copy->name, old_name, new_name, error);
  return !changed || bv_workspace_put_exploration (workspace, what, copy, error);
}

/* --- The dialog of a dimension ------------------------------------------------------------------------------------------------------------- */

typedef struct
{
  BvWorkspace *workspace;
  BvForm *form;
  char *exploration;
  char *old_name; /* (nullable) */
  GtkWidget *name, *field, *description, *hidden;
  BvFormatRows *format;
} Edit;

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

static void
dimension_accepted_cb (BvForm *form,
                       Edit   *edit)
{
  BvExploration *current = bv_model_find_exploration (bv_workspace_get_model (edit->workspace), edit->exploration);
  g_autoptr(BvExploration) copy = current != NULL ? bv_exploration_copy (current) : NULL;
  g_autofree char *name = bv_form_get_text (edit->name);
  g_autoptr(GError) error = NULL;
  BvDimension *dimension;

  if (copy == NULL)
    {
      gtk_window_destroy (GTK_WINDOW (form));
      return;
    }
  dimension = edit->old_name != NULL ? bv_exploration_find_dimension (copy, edit->old_name) : NULL;
  if (dimension == NULL)
    {
      if (!bv_measure_check_name (copy, name, &error))
        {
          bv_form_show_error (form, error);
          return;
        }
      dimension = bv_dimension_new (name, bv_choice_get (edit->field));
      g_ptr_array_add (copy->dimensions, dimension);
      g_clear_pointer (&edit->old_name, g_free);
    }
  g_free (dimension->field);
  dimension->field = g_strdup (bv_choice_get (edit->field));
  g_free (dimension->description);
  dimension->description = bv_form_get_text (edit->description);
  dimension->hidden = gtk_switch_get_active (GTK_SWITCH (edit->hidden));
  bv_format_clear (&dimension->format);
  dimension->format = bv_format_rows_get (edit->format);
  if (bv_measure_commit (edit->workspace, copy, edit->old_name != NULL ? _("Change dimension") : _("Add dimension"), "dimension",
                         edit->old_name, name != NULL ? name : "", &error))
    gtk_window_destroy (GTK_WINDOW (form));
  else
    bv_form_show_error (form, error);
}

static void
name_changed_cb (Edit *edit)
{
  g_autofree char *name = bv_form_get_text (edit->name);

  g_object_set_data (G_OBJECT (edit->name), "bv-typed", edit);
  bv_form_set_acceptable (edit->form, name != NULL);
}

/* A new dimension is called after its column until the user names it. */
static void
field_chosen_cb (Edit *edit)
{
  const char *ref = bv_choice_get (edit->field);
  const char *dot = ref != NULL ? strrchr (ref, '.') : NULL;
  g_autofree char *text = NULL;

  if (edit->old_name != NULL || dot == NULL || g_object_get_data (G_OBJECT (edit->name), "bv-typed") != NULL)
    return;
  text = g_strdelimit (g_strdup (dot + 1), "_", ' ');
  text[0] = g_ascii_toupper (text[0]);
  gtk_editable_set_text (GTK_EDITABLE (edit->name), text);
  g_object_set_data (G_OBJECT (edit->name), "bv-typed", NULL);
}

void
bv_dimension_edit_show (GtkWidget   *over,
                        BvWorkspace *workspace,
                        const char  *exploration,
                        const char  *name,
                        const char  *role)
{
  BvModel *model = bv_workspace_get_model (workspace);
  BvExploration *e = bv_model_find_exploration (model, exploration);
  BvDimension *dimension = e != NULL && name != NULL ? bv_exploration_find_dimension (e, name) : NULL;
  const BvFormat automatic = BV_FORMAT_INIT;
  g_autofree char *home = NULL;
  BvTable *table;
  GtkWidget *form, *group;
  Edit *edit;

  if (e == NULL || (name != NULL && dimension == NULL))
    return;
  edit = g_new0 (Edit, 1);
  edit->workspace = g_object_ref (workspace);
  edit->exploration = g_strdup (e->uuid);
  edit->old_name = g_strdup (name);
  form = bv_form_new (over, dimension != NULL ? _("Edit Dimension") : _("Add Dimension"), dimension != NULL ? _("_Save") : _("_Add"));
  edit->form = BV_FORM (form);
  group = bv_form_add_group (edit->form, NULL, NULL);
  edit->name = bv_form_add_entry (group, _("Name"), name);
  edit->field = bv_form_add_choice (group, _("Field"), NULL);
  home = dimension != NULL ? bv_dimension_role (model, e, dimension) : g_strdup (role != NULL ? role : e->root);
  table = bv_exploration_find_role (e, model, home);
  for (guint i = 0; table != NULL && i < table->fields->len; i++)
    {
      BvField *field = g_ptr_array_index (table->fields, i);
      g_autofree char *ref = g_strconcat (home, ".", field->name, NULL);
      g_autofree char *label = g_strdup_printf ("%s (%s)", field->label != NULL ? field->label : field->name, bv_type_to_label (field->type));

      bv_choice_add (edit->field, ref, label);
    }
  if (dimension != NULL && !bv_choice_select (edit->field, dimension->field))
    {
      bv_choice_add (edit->field, dimension->field, dimension->field);
      bv_choice_select (edit->field, dimension->field);
    }
  bv_choice_set_searchable (edit->field, TRUE);
  edit->description = bv_form_add_entry (group, _("Description"), dimension != NULL ? dimension->description : NULL);
  edit->hidden = bv_form_add_switch (group, _("Hidden"), _("Not offered on the shelves; charts that use it keep working"),
                                     dimension != NULL && dimension->hidden);
  group = bv_form_add_group (edit->form, _("Format"), _("How numbers of this dimension are written"));
  edit->format = bv_format_rows_new (group, workspace, dimension != NULL ? &dimension->format : &automatic, 1234.5);

  g_signal_connect_swapped (edit->name, "changed", G_CALLBACK (name_changed_cb), edit);
  g_signal_connect_swapped (edit->field, "notify::selected", G_CALLBACK (field_chosen_cb), edit);
  field_chosen_cb (edit);
  g_signal_connect_data (form, "accepted", G_CALLBACK (dimension_accepted_cb), edit, edit_free, 0);
  gtk_window_present (GTK_WINDOW (form));
}

/* --- Settings ------------------------------------------------------------------------------------------------------------------------------- */

static void
settings_accepted_cb (BvForm *form,
                      Edit   *edit)
{
  BvExploration *current = bv_model_find_exploration (bv_workspace_get_model (edit->workspace), edit->exploration);
  g_autoptr(BvExploration) copy = current != NULL ? bv_exploration_copy (current) : NULL;
  g_autofree char *name = bv_form_get_text (edit->name);
  g_autoptr(GError) error = NULL;
  gboolean fine;

  if (copy == NULL)
    {
      gtk_window_destroy (GTK_WINDOW (form));
      return;
    }
  g_free (copy->description);
  copy->description = bv_form_get_text (edit->description);
  g_free (copy->time_field);
  copy->time_field = g_strdup (bv_choice_get (edit->field));
  if (is_changed (edit->workspace, copy))
    fine = bv_workspace_put_exploration_as (edit->workspace, _("Change exploration"), copy, "exploration", copy->name, name != NULL ? name : "",
                                            &error);
  else
    fine = bv_workspace_rename (edit->workspace, "exploration", NULL, copy->name, name != NULL ? name : "", &error);
  if (fine)
    gtk_window_destroy (GTK_WINDOW (form));
  else
    bv_form_show_error (form, error);
}

void
bv_exploration_settings_show (GtkWidget   *over,
                              BvWorkspace *workspace,
                              const char  *exploration)
{
  BvModel *model = bv_workspace_get_model (workspace);
  BvExploration *e = bv_model_find_exploration (model, exploration);
  GtkWidget *form, *group;
  Edit *edit;

  if (e == NULL)
    return;
  edit = g_new0 (Edit, 1);
  edit->workspace = g_object_ref (workspace);
  edit->exploration = g_strdup (e->uuid);
  form = bv_form_new (over, _("Exploration"), _("_Save"));
  edit->form = BV_FORM (form);
  gtk_window_set_default_size (GTK_WINDOW (form), 460, 320);
  group = bv_form_add_group (edit->form, NULL, NULL);
  edit->name = bv_form_add_entry (group, _("Name"), e->name);
  edit->description = bv_form_add_entry (group, _("Description"), e->description);
  edit->field = bv_form_add_choice (group, _("Default time field"), NULL);
  bv_choice_add (edit->field, "", _("No default time field"));
  for (guint i = 0; i < e->dimensions->len; i++)
    {
      BvDimension *dimension = g_ptr_array_index (e->dimensions, i);
      BvField *field = bv_exploration_resolve_field (e, model, dimension->name, NULL, NULL, NULL);

      if (field != NULL && bv_type_is_time (field->type))
        bv_choice_add (edit->field, dimension->name, dimension->name);
    }
  bv_choice_select (edit->field, e->time_field);
  g_signal_connect_swapped (edit->name, "changed", G_CALLBACK (name_changed_cb), edit);
  g_signal_connect_data (form, "accepted", G_CALLBACK (settings_accepted_cb), edit, edit_free, 0);
  gtk_window_present (GTK_WINDOW (form));
}

/* --- Deleting and duplicating ------------------------------------------------------------------------------------------------------------------ */

typedef struct
{
  GtkWidget *over;
  BvWorkspace *workspace;
  char *exploration;
  char *name;
} Deletion;

static void
deletion_free (gpointer data)
{
  Deletion *deletion = data;

  g_object_unref (deletion->over);
  g_object_unref (deletion->workspace);
  g_free (deletion->exploration);
  g_free (deletion->name);
  g_free (deletion);
}

static Deletion *
deletion_new (GtkWidget   *over,
              BvWorkspace *workspace,
              const char  *exploration,
              const char  *name)
{
  Deletion *deletion = g_new0 (Deletion, 1);

  deletion->over = g_object_ref (over);
  deletion->workspace = g_object_ref (workspace);
  deletion->exploration = g_strdup (exploration);
  deletion->name = g_strdup (name);
  return deletion;
}

static void
delete_measure (gpointer user_data)
{
  Deletion *deletion = user_data;
  BvExploration *current = bv_model_find_exploration (bv_workspace_get_model (deletion->workspace), deletion->exploration);
  g_autoptr(BvExploration) copy = current != NULL ? bv_exploration_copy (current) : NULL;
  g_autoptr(GError) error = NULL;
  BvMetric *metric = copy != NULL ? bv_exploration_find_metric (copy, deletion->name) : NULL;
  BvDimension *dimension = copy != NULL ? bv_exploration_find_dimension (copy, deletion->name) : NULL;

  if (metric != NULL)
    g_ptr_array_remove (copy->metrics, metric);
  else if (dimension != NULL)
    {
      if (g_strcmp0 (copy->time_field, dimension->name) == 0)
        g_clear_pointer (&copy->time_field, g_free);
      g_ptr_array_remove (copy->dimensions, dimension);
    }
  else
    return;
  if (!bv_workspace_put_exploration (deletion->workspace, metric != NULL ? _("Remove metric") : _("Remove dimension"), copy, &error))
    bv_show_error (deletion->over, _("Could Not Delete the Measure"), error);
}

void
bv_measure_delete (GtkWidget   *over,
                   BvWorkspace *workspace,
                   const char  *exploration,
                   const char  *name)
{
  BvExploration *e = bv_model_find_exploration (bv_workspace_get_model (workspace), exploration);
  g_autofree char *usage = e != NULL ? bv_workspace_usage (workspace, e->name, name) : NULL;
  g_autofree char *title = g_strdup_printf (_("Delete “%s”?"), name);
  g_autofree char *body = usage != NULL
                          ? g_strdup_printf (_("It is used in %s. They will say that it is missing until it is replaced."), usage)
                          : g_strdup (_("It is not used in any report."));

  if (e == NULL)
    return;
  bv_confirm (over, title, body, _("_Delete"), TRUE, delete_measure, deletion_new (over, workspace, e->uuid, name), deletion_free);
}

gboolean
bv_measure_duplicate (BvWorkspace  *workspace,
                      const char   *exploration,
                      const char   *name,
                      GError      **error)
{
  BvExploration *current = bv_model_find_exploration (bv_workspace_get_model (workspace), exploration);
  g_autoptr(BvExploration) copy = current != NULL ? bv_exploration_copy (current) : NULL;
  BvMetric *metric = copy != NULL ? bv_exploration_find_metric (copy, name) : NULL;
  BvDimension *dimension = copy != NULL ? bv_exploration_find_dimension (copy, name) : NULL;
  g_autofree char *free_name = NULL;

  if (metric == NULL && dimension == NULL)
    return TRUE;
  for (int i = 2; free_name == NULL || bv_exploration_find_metric (copy, free_name) != NULL || bv_exploration_find_dimension (copy, free_name) != NULL; i++)
    {
      g_free (free_name);
      free_name = g_strdup_printf ("%s %d", name, i);
    }
  if (metric != NULL)
    {
      metric = bv_metric_copy (metric);
      g_free (metric->name);
      metric->name = g_steal_pointer (&free_name);
      g_ptr_array_add (copy->metrics, metric);
    }
  else
    {
      dimension = bv_dimension_copy (dimension);
      g_free (dimension->name);
      dimension->name = g_steal_pointer (&free_name);
      g_ptr_array_add (copy->dimensions, dimension);
    }
  return bv_workspace_put_exploration (workspace, metric != NULL ? _("Duplicate metric") : _("Duplicate dimension"), copy, error);
}
