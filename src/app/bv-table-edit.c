/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "bv-table-edit.h"

#include "bv-form.h"
#include "bv-format-rows.h"
#include "bv-util.h"

#include <glib/gi18n.h>

static const struct
{
  const char *name;
  const char *label;
} semantics[] = {
  { NULL, NC_("semantic", "None") },
  { "email", NC_("semantic", "E-mail address") },
  { "person", NC_("semantic", "Person") },
  { "company", NC_("semantic", "Company") },
  { "country", NC_("semantic", "Country") },
  { "phone", NC_("semantic", "Phone number") },
  { "url", NC_("semantic", "Web address") },
  { "id", NC_("semantic", "Identifier") },
  { "money", NC_("semantic", "Amount of money") },
};

const char *
bv_semantic_label (const char *semantic)
{
  for (guint i = 0; i < G_N_ELEMENTS (semantics); i++)
    if (g_strcmp0 (semantics[i].name, semantic) == 0)
      return g_dpgettext2 (NULL, "semantic", semantics[i].label);
  return semantic;
}

static BvField *
field_dup (BvField *field)
{
  BvField *copy = g_new0 (BvField, 1);

  copy->name = g_strdup (field->name);
  copy->type = field->type;
  copy->label = g_strdup (field->label);
  copy->description = g_strdup (field->description);
  copy->semantic = g_strdup (field->semantic);
  copy->hidden = field->hidden;
  copy->format = bv_format_copy (&field->format);
  return copy;
}

BvTable *
bv_table_dup (BvTable *table)
{
  BvTable *copy = g_new0 (BvTable, 1);

  copy->uuid = g_strdup (table->uuid);
  copy->name = g_strdup (table->name);
  copy->label = g_strdup (table->label);
  copy->description = g_strdup (table->description);
  copy->source = g_strdup (table->source);
  copy->hidden = table->hidden;
  copy->key = g_strdupv (table->key);
  copy->n_rows = table->n_rows;
  copy->loaded_at = table->loaded_at;
  copy->fields = g_ptr_array_new_with_free_func ((GDestroyNotify) bv_field_free);
  for (guint i = 0; i < table->fields->len; i++)
    g_ptr_array_add (copy->fields, field_dup (g_ptr_array_index (table->fields, i)));
  return copy;
}

static gboolean
is_key (BvTable    *table,
        const char *field)
{
  return table->key != NULL && g_strv_contains ((const char *const *) table->key, field);
}

/* The key keeps the order of the columns. */
static void
set_key (BvTable    *table,
         const char *field,
         gboolean    in_key)
{
  g_autoptr(GStrvBuilder) builder = g_strv_builder_new ();
  char **key;

  for (guint i = 0; i < table->fields->len; i++)
    {
      const char *name = ((BvField *) g_ptr_array_index (table->fields, i))->name;

      if (g_str_equal (name, field) ? in_key : is_key (table, name))
        g_strv_builder_add (builder, name);
    }
  key = g_strv_builder_end (builder);
  g_strfreev (table->key);
  table->key = key;
  if (key[0] == NULL)
    g_clear_pointer (&table->key, g_strfreev);
}

typedef struct
{
  BvWorkspace *workspace;
  BvForm *form;
  char *table;
  char *field; /* (nullable): the table itself */
  GtkWidget *label, *description, *semantic, *hidden, *key;
  BvFormatRows *format;
} Edit;

static void
edit_free (gpointer  data,
           GClosure *closure)
{
  Edit *edit = data;

  g_object_unref (edit->workspace);
  g_free (edit->table);
  g_free (edit->field);
  g_free (edit);
}

static void
read_field (Edit    *edit,
            BvTable *table,
            BvField *field)
{
  g_free (field->label);
  field->label = bv_form_get_text (edit->label);
  g_free (field->description);
  field->description = bv_form_get_text (edit->description);
  g_free (field->semantic);
  field->semantic = g_strdup (semantics[adw_combo_row_get_selected (ADW_COMBO_ROW (edit->semantic))].name);
  field->hidden = gtk_switch_get_active (GTK_SWITCH (edit->hidden));
  bv_format_clear (&field->format);
  field->format = bv_format_rows_get (edit->format);
  set_key (table, field->name, gtk_switch_get_active (GTK_SWITCH (edit->key)));
}

static void
accepted_cb (Edit *edit)
{
  BvTable *old = bv_model_find_table (bv_workspace_get_model (edit->workspace), edit->table);
  g_autoptr(BvTable) table = NULL;
  g_autoptr(GError) error = NULL;
  const char *what;

  if (old == NULL)
    {
      gtk_window_close (GTK_WINDOW (edit->form));
      return;
    }
  table = bv_table_dup (old);
  if (edit->field != NULL)
    {
      BvField *field = bv_table_find_field (table, edit->field);

      if (field != NULL)
        read_field (edit, table, field);
      what = _("Edit Column");
    }
  else
    {
      g_free (table->label);
      table->label = bv_form_get_text (edit->label);
      g_free (table->description);
      table->description = bv_form_get_text (edit->description);
      table->hidden = gtk_switch_get_active (GTK_SWITCH (edit->hidden));
      what = _("Edit Table");
    }
  if (!bv_workspace_put_table (edit->workspace, what, table, &error))
    bv_form_show_error (edit->form, error);
  else
    gtk_window_close (GTK_WINDOW (edit->form));
}

static Edit *
edit_new (GtkWidget   *over,
          BvWorkspace *workspace,
          const char  *table,
          const char  *field,
          const char  *title)
{
  Edit *edit = g_new0 (Edit, 1);

  edit->workspace = g_object_ref (workspace);
  edit->table = g_strdup (table);
  edit->field = g_strdup (field);
  edit->form = BV_FORM (bv_form_new (over, title, _("_Save")));
  bv_form_set_acceptable (edit->form, !bv_project_is_read_only (bv_workspace_get_project (workspace)));
  g_signal_connect_data (edit->form, "accepted", G_CALLBACK (accepted_cb), edit, edit_free, G_CONNECT_SWAPPED);
  return edit;
}

void
bv_table_edit_show (GtkWidget   *over,
                    BvWorkspace *workspace,
                    const char  *name)
{
  BvTable *table = bv_model_find_table (bv_workspace_get_model (workspace), name);
  Edit *edit;
  GtkWidget *group;

  g_return_if_fail (table != NULL);

  edit = edit_new (over, workspace, name, NULL, _("Table Settings"));
  group = bv_form_add_group (edit->form, NULL, table->name);
  edit->label = bv_form_add_entry (group, _("Label"), table->label);
  edit->description = bv_form_add_entry (group, _("Description"), table->description);
  edit->hidden = bv_form_add_switch (group, _("Hidden"), _("Not shown in the sidebar"), table->hidden);
  gtk_window_present (GTK_WINDOW (edit->form));
}

void
bv_field_edit_show (GtkWidget   *over,
                    BvWorkspace *workspace,
                    const char  *table_name,
                    const char  *field_name)
{
  BvTable *table = bv_model_find_table (bv_workspace_get_model (workspace), table_name);
  BvField *field = table != NULL ? bv_table_find_field (table, field_name) : NULL;
  const char *semantic_labels[G_N_ELEMENTS (semantics) + 1] = { NULL };
  guint semantic = 0;
  g_autofree char *caption = NULL;
  GtkWidget *group;
  Edit *edit;

  g_return_if_fail (field != NULL);

  for (guint i = 0; i < G_N_ELEMENTS (semantics); i++)
    {
      semantic_labels[i] = g_dpgettext2 (NULL, "semantic", semantics[i].label);
      if (g_strcmp0 (semantics[i].name, field->semantic) == 0)
        semantic = i;
    }
  caption = g_strdup_printf ("%s · %s", field->name, bv_type_to_label (field->type));
  edit = edit_new (over, workspace, table_name, field_name, _("Column Settings"));
  group = bv_form_add_group (edit->form, NULL, caption);
  edit->label = bv_form_add_entry (group, _("Label"), field->label);
  edit->description = bv_form_add_entry (group, _("Description"), field->description);
  edit->semantic = bv_form_add_combo (group, _("Meaning"), semantic_labels, semantic);
  edit->key = bv_form_add_switch (group, _("Part of the Key"), _("The key names a row; importing again replaces rows of equal key"),
                                  is_key (table, field->name));
  edit->hidden = bv_form_add_switch (group, _("Hidden"), _("Not offered for new explorations"), field->hidden);
  group = bv_form_add_group (edit->form, _("Format"), NULL);
  edit->format = bv_format_rows_new (group, workspace, &field->format, 1234.5);
  gtk_widget_set_visible (group, bv_type_is_numeric (field->type));
  gtk_window_present (GTK_WINDOW (edit->form));
}
