/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Adding related data to an exploration, and removing it with all that hangs on it. */
#include "config.h"
#include "bv-measure-edit.h"

#include "bv-form.h"
#include "bv-measure.h"
#include "bv-util.h"

#include <glib/gi18n.h>
#include <string.h>

typedef struct
{
  BvWorkspace *workspace;
  BvForm *form;
  char *exploration;
  char *parent;
  GtkWidget *name, *automatic;
  GtkWidget *first;
  GtkWidget *chosen;
  gboolean named;
} Edit;

static void
edit_free (gpointer  data,
           GClosure *closure)
{
  Edit *edit = data;

  g_object_unref (edit->workspace);
  g_free (edit->exploration);
  g_free (edit->parent);
  g_free (edit);
}

static const char *
table_label (BvModel    *model,
             const char *name)
{
  BvTable *table = bv_model_find_table (model, name);

  return table != NULL && table->label != NULL ? table->label : name;
}

/* "hubspot_deals belongs to hubspot_contacts", seen from the parent. (transfer full) */
static char *
sentence (BvModel        *model,
          BvRelationship *relationship,
          gboolean        from_parent)
{
  const char *from = table_label (model, relationship->from_table);
  const char *to = table_label (model, relationship->to_table);

  if (relationship->type == BV_RELATIONSHIP_HAS_ONE)
    return g_strdup_printf (_("%s has one %s"), from_parent ? from : to, from_parent ? to : from);
  if (from_parent)
    return g_strdup_printf (_("%s belongs to %s"), from, to);
  return g_strdup_printf (_("%s has many %s"), to, from);
}

static char *
free_role (BvExploration *e,
           const char    *base)
{
  char *role = g_strdup (base);

  for (int i = 2; g_str_equal (role, e->root) || bv_exploration_find_related (e, role) != NULL; i++)
    {
      g_free (role);
      role = g_strdup_printf ("%s %d", base, i);
    }
  return role;
}

static void
chosen_cb (GtkCheckButton *check,
           Edit           *edit)
{
  BvExploration *e = bv_model_find_exploration (bv_workspace_get_model (edit->workspace), edit->exploration);
  g_autofree char *role = NULL;

  if (!gtk_check_button_get_active (check) && edit->chosen == GTK_WIDGET (check))
    {
      edit->chosen = NULL;
      bv_form_set_acceptable (edit->form, FALSE);
    }
  if (!gtk_check_button_get_active (check) || e == NULL)
    return;
  edit->chosen = GTK_WIDGET (check);
  if (edit->named)
    {
      bv_form_set_acceptable (edit->form, TRUE);
      return;
    }
  role = free_role (e, g_object_get_data (G_OBJECT (check), "bv-table"));
  gtk_editable_set_text (GTK_EDITABLE (edit->name), role);
  edit->named = FALSE;
}

static void
name_changed_cb (Edit *edit)
{
  g_autofree char *name = bv_form_get_text (edit->name);

  edit->named = TRUE;
  bv_form_set_acceptable (edit->form, name != NULL && edit->chosen != NULL);
}

static void
accepted_cb (BvForm *form,
             Edit   *edit)
{
  BvModel *model = bv_workspace_get_model (edit->workspace);
  BvExploration *current = bv_model_find_exploration (model, edit->exploration);
  g_autoptr(BvExploration) copy = current != NULL ? bv_exploration_copy (current) : NULL;
  g_autofree char *role = bv_form_get_text (edit->name);
  g_autoptr(GError) error = NULL;
  BvRelated *related;

  if (copy == NULL || edit->chosen == NULL || role == NULL)
    {
      gtk_window_destroy (GTK_WINDOW (form));
      return;
    }
  if (g_str_equal (role, copy->root) || bv_exploration_find_related (copy, role) != NULL)
    {
      g_set_error (&error, BV_ERROR, BV_ERROR_EXISTS, _("“%s” is in the exploration already: choose another name"), role);
      bv_form_show_error (form, error);
      return;
    }
  related = bv_related_new (g_object_get_data (G_OBJECT (edit->chosen), "bv-table"), role,
                            g_object_get_data (G_OBJECT (edit->chosen), "bv-through"));
  g_free (related->parent);
  related->parent = g_strdup (edit->parent);
  g_ptr_array_add (copy->related, related);
  if (gtk_switch_get_active (GTK_SWITCH (edit->automatic)))
    bv_exploration_add_measures (copy, model, role);
  if (bv_workspace_put_exploration (edit->workspace, _("Add related data"), copy, &error))
    gtk_window_destroy (GTK_WINDOW (form));
  else
    bv_form_show_error (form, error);
}

static void
add_relationship (Edit           *edit,
                  GtkWidget      *group,
                  BvRelationship *relationship,
                  gboolean        from_parent)
{
  BvModel *model = bv_workspace_get_model (edit->workspace);
  g_autofree char *title = sentence (model, relationship, from_parent);
  g_autofree char *through = g_strdup_printf ("%s.%s", relationship->from_table, relationship->from_column);
  g_autofree char *keys = g_strdup_printf ("%s.%s → %s.%s", relationship->from_table, relationship->from_column, relationship->to_table,
                                           relationship->to_column);
  GtkWidget *row = bv_row_new (title, keys, NULL, NULL);
  GtkWidget *check = gtk_check_button_new ();

  gtk_check_button_set_group (GTK_CHECK_BUTTON (check), (GtkCheckButton *) edit->first);
  if (edit->first == NULL)
    edit->first = check;
  gtk_widget_set_valign (check, GTK_ALIGN_CENTER);
  bv_set_name (check, title);
  g_object_set_data_full (G_OBJECT (check), "bv-table", g_strdup (from_parent ? relationship->to_table : relationship->from_table), g_free);
  g_object_set_data_full (G_OBJECT (check), "bv-through", g_strdup (through), g_free);
  g_signal_connect (check, "toggled", G_CALLBACK (chosen_cb), edit);
  adw_action_row_add_prefix (ADW_ACTION_ROW (row), check);
  adw_action_row_set_activatable_widget (ADW_ACTION_ROW (row), check);
  adw_preferences_group_add (ADW_PREFERENCES_GROUP (group), row);
}

void
bv_related_edit_show (GtkWidget   *over,
                      BvWorkspace *workspace,
                      const char  *exploration,
                      const char  *parent_role)
{
  BvModel *model = bv_workspace_get_model (workspace);
  BvExploration *e = bv_model_find_exploration (model, exploration);
  BvTable *table = e != NULL ? bv_exploration_find_role (e, model, parent_role) : NULL;
  g_autofree char *description = NULL;
  GtkWidget *form, *group, *nothing;
  Edit *edit;

  if (table == NULL)
    return;
  edit = g_new0 (Edit, 1);
  edit->workspace = g_object_ref (workspace);
  edit->exploration = g_strdup (e->uuid);
  edit->parent = g_strdup (parent_role);
  form = bv_form_new (over, _("Add Related Data"), _("_Add"));
  edit->form = BV_FORM (form);
  description = g_strdup_printf (_("Tables that have a relationship with “%s”"), table_label (model, table->name));
  group = bv_form_add_group (edit->form, _("Related Tables"), description);
  for (guint i = 0; i < model->relationships->len; i++)
    {
      BvRelationship *relationship = g_ptr_array_index (model->relationships, i);

      if (g_strcmp0 (relationship->from_table, table->name) == 0)
        add_relationship (edit, group, relationship, TRUE);
      if (g_strcmp0 (relationship->to_table, table->name) == 0)
        add_relationship (edit, group, relationship, FALSE);
    }
  if (edit->first == NULL)
    {
      nothing = bv_row_new (_("No table is related to this one"),
                            _("Go to Tables and add a relationship first: say which column holds the key of the other table"), NULL, NULL);
      adw_action_row_set_subtitle_lines (ADW_ACTION_ROW (nothing), 0);
      adw_preferences_group_add (ADW_PREFERENCES_GROUP (group), nothing);
    }
  group = bv_form_add_group (edit->form, NULL, NULL);
  edit->name = bv_form_add_entry (group, _("Name in this exploration"), NULL);
  edit->automatic = bv_form_add_switch (group, _("Automatic measures"),
                                        _("Sum and average of each number, a count, a dimension for every other column"), FALSE);
  gtk_widget_set_visible (group, edit->first != NULL);
  bv_form_set_acceptable (edit->form, FALSE);
  g_signal_connect_swapped (edit->name, "changed", G_CALLBACK (name_changed_cb), edit);
  g_signal_connect_data (form, "accepted", G_CALLBACK (accepted_cb), edit, edit_free, 0);
  if (edit->first != NULL)
    gtk_check_button_set_active (GTK_CHECK_BUTTON (edit->first), TRUE);
  gtk_window_present (GTK_WINDOW (form));
}

/* --- Removing ---------------------------------------------------------------------------------------------------------------------------------- */

/* The copy without @role, those under it, and their measures; what went is counted. */
static BvExploration *
without_role (BvModel       *model,
              BvExploration *e,
              const char    *role,
              guint         *n_measures)
{
  g_autoptr(GHashTable) gone = g_hash_table_new (g_str_hash, g_str_equal);
  BvExploration *copy = bv_exploration_copy (e);
  guint n_before;

  *n_measures = 0;
  g_hash_table_add (gone, (gpointer) role);
  do
    {
      n_before = g_hash_table_size (gone);
      for (guint i = 0; i < e->related->len; i++)
        {
          BvRelated *related = g_ptr_array_index (e->related, i);
          const char *parent = NULL;

          if (bv_exploration_resolve_related (e, model, related, &parent, NULL, NULL) != NULL && g_hash_table_contains (gone, parent))
            g_hash_table_add (gone, related->as);
        }
    }
  while (g_hash_table_size (gone) > n_before);
  for (guint i = e->metrics->len; i > 0; i--)
    {
      g_autofree char *home = bv_metric_role (model, e, g_ptr_array_index (e->metrics, i - 1));

      if (g_hash_table_contains (gone, home))
        {
          g_ptr_array_remove_index (copy->metrics, i - 1);
          (*n_measures)++;
        }
    }
  for (guint i = e->dimensions->len; i > 0; i--)
    {
      BvDimension *dimension = g_ptr_array_index (e->dimensions, i - 1);
      g_autofree char *home = bv_dimension_role (model, e, dimension);

      if (!g_hash_table_contains (gone, home))
        continue;
      if (g_strcmp0 (copy->time_field, dimension->name) == 0)
        g_clear_pointer (&copy->time_field, g_free);
      g_ptr_array_remove_index (copy->dimensions, i - 1);
      (*n_measures)++;
    }
  for (guint i = e->related->len; i > 0; i--)
    if (g_hash_table_contains (gone, ((BvRelated *) g_ptr_array_index (e->related, i - 1))->as))
      g_ptr_array_remove_index (copy->related, i - 1);
  return copy;
}

typedef struct
{
  GtkWidget *over;
  BvWorkspace *workspace;
  char *exploration;
  char *role;
} Removal;

static void
removal_free (gpointer data)
{
  Removal *removal = data;

  g_object_unref (removal->over);
  g_object_unref (removal->workspace);
  g_free (removal->exploration);
  g_free (removal->role);
  g_free (removal);
}

static void
remove_related (gpointer user_data)
{
  Removal *removal = user_data;
  BvModel *model = bv_workspace_get_model (removal->workspace);
  BvExploration *e = bv_model_find_exploration (model, removal->exploration);
  g_autoptr(BvExploration) copy = NULL;
  g_autoptr(GError) error = NULL;
  guint n_measures;

  if (e == NULL || bv_exploration_find_related (e, removal->role) == NULL)
    return;
  copy = without_role (model, e, removal->role, &n_measures);
  if (!bv_workspace_put_exploration (removal->workspace, _("Remove related data"), copy, &error))
    bv_show_error (removal->over, _("Could Not Remove the Table"), error);
}

void
bv_related_delete (GtkWidget   *over,
                   BvWorkspace *workspace,
                   const char  *exploration,
                   const char  *role)
{
  BvModel *model = bv_workspace_get_model (workspace);
  BvExploration *e = bv_model_find_exploration (model, exploration);
  g_autoptr(BvExploration) copy = NULL;
  g_autofree char *title = g_strdup_printf (_("Remove “%s” from the Exploration?"), role);
  g_autofree char *body = NULL;
  Removal *removal;
  guint n_measures;

  if (e == NULL || bv_exploration_find_related (e, role) == NULL)
    return;
  copy = without_role (model, e, role, &n_measures);
  body = n_measures > 0 ? g_strdup_printf (ngettext ("%u measure of it goes too. The table itself stays.",
                                                     "%u measures of it go too. The table itself stays.", n_measures), n_measures)
                        : g_strdup (_("The table itself stays."));
  removal = g_new0 (Removal, 1);
  removal->over = g_object_ref (over);
  removal->workspace = g_object_ref (workspace);
  removal->exploration = g_strdup (e->uuid);
  removal->role = g_strdup (role);
  bv_confirm (over, title, body, _("_Remove"), TRUE, remove_related, removal, removal_free);
}
