/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "bv-relationships.h"

#include "bv-form.h"
#include "bv-notice.h"
#include "bv-util.h"

#include <glib/gi18n.h>

struct _BvRelationships
{
  AdwBin parent_instance;

  BvWorkspace *workspace;
  char *table; /* (nullable) */
  GCancellable *cancellable;
  GPtrArray *suggestions; /* (nullable): BvSuggestion */
  gboolean busy;

  GtkWidget *notice;
  GtkWidget *existing;
  GtkWidget *none;
  GtkWidget *add;
  GtkWidget *suggested_section;
  GtkWidget *suggested;
  GtkWidget *spinner;
};

G_DEFINE_FINAL_TYPE (BvRelationships, bv_relationships, ADW_TYPE_BIN)

static gboolean
can_edit (BvRelationships *self)
{
  return !bv_project_is_read_only (bv_workspace_get_project (self->workspace));
}

static gboolean
concerns (BvRelationships *self,
          BvRelationship  *relationship)
{
  return self->table == NULL || g_str_equal (relationship->from_table, self->table) || g_str_equal (relationship->to_table, self->table);
}

static const char *
type_text (BvRelationshipType type)
{
  return type == BV_RELATIONSHIP_HAS_ONE ? _("One to one") : _("Many to one");
}

static char *
relationship_text (BvRelationship *relationship)
{
  return g_strdup_printf ("%s.%s → %s.%s", relationship->from_table, relationship->from_column,
                          relationship->to_table, relationship->to_column);
}

/* --- Rows -------------------------------------------------------------------------------------------------------------------- */

static void
remove_cb (GtkWidget       *button,
           BvRelationships *self)
{
  /* The button goes when the list is filled anew. */
  g_autofree char *uuid = g_strdup (g_object_get_data (G_OBJECT (button), "uuid"));
  g_autoptr(GError) error = NULL;

  if (!bv_workspace_delete (self->workspace, _("Delete Relationship"), uuid, &error))
    bv_notice_show_error (BV_NOTICE (self->notice), error);
}

static void
accept_suggestion_cb (GtkWidget       *button,
                      BvRelationships *self)
{
  guint index = GPOINTER_TO_UINT (g_object_get_data (G_OBJECT (button), "index"));
  /* The change makes the list look again, which lets go of the suggestions. */
  g_autoptr(GPtrArray) suggestions = g_ptr_array_ref (self->suggestions);
  BvSuggestion *suggestion = g_ptr_array_index (suggestions, index);
  g_autoptr(GError) error = NULL;

  if (!bv_workspace_put_relationship (self->workspace, _("Add Relationship"), suggestion->relationship, &error))
    bv_notice_show_error (BV_NOTICE (self->notice), error);
}

static void
add_existing (BvRelationships *self,
              BvRelationship  *relationship)
{
  g_autofree char *text = relationship_text (relationship);
  GtkWidget *row = bv_row_new (text, type_text (relationship->type), NULL, NULL);

  if (can_edit (self))
    {
      g_autofree char *label = g_strdup_printf (_("Delete the relationship %s"), text);
      GtkWidget *button = bv_icon_button_new ("user-trash-symbolic", label, NULL);

      g_object_set_data_full (G_OBJECT (button), "uuid", g_strdup (relationship->uuid), g_free);
      gtk_widget_add_css_class (button, "flat");
      gtk_widget_set_valign (button, GTK_ALIGN_CENTER);
      g_signal_connect_object (button, "clicked", G_CALLBACK (remove_cb), self, 0);
      adw_action_row_add_suffix (ADW_ACTION_ROW (row), button);
    }
  gtk_list_box_append (GTK_LIST_BOX (self->existing), row);
}

static void
add_suggestion (BvRelationships *self,
                guint            index)
{
  BvSuggestion *suggestion = g_ptr_array_index (self->suggestions, index);
  g_autofree char *text = relationship_text (suggestion->relationship);
  g_autofree char *label = g_strdup_printf (_("Add the relationship %s"), text);
  GtkWidget *row = bv_row_new (text, suggestion->evidence, NULL, NULL);
  GtkWidget *button = gtk_button_new_with_mnemonic (_("_Add"));

  g_object_set_data (G_OBJECT (button), "index", GUINT_TO_POINTER (index));
  gtk_widget_set_valign (button, GTK_ALIGN_CENTER);
  gtk_widget_set_sensitive (button, can_edit (self));
  bv_set_name (button, label);
  g_signal_connect_object (button, "clicked", G_CALLBACK (accept_suggestion_cb), self, 0);
  adw_action_row_add_suffix (ADW_ACTION_ROW (row), button);
  gtk_list_box_append (GTK_LIST_BOX (self->suggested), row);
}

/* --- Suggestions ----------------------------------------------------------------------------------------------------------------- */

static void
show_suggestions (BvRelationships *self)
{
  guint n = 0;

  bv_box_clear (self->suggested);
  for (guint i = 0; self->suggestions != NULL && i < self->suggestions->len; i++)
    {
      BvSuggestion *suggestion = g_ptr_array_index (self->suggestions, i);

      if (!concerns (self, suggestion->relationship))
        continue;
      add_suggestion (self, i);
      n++;
    }
  gtk_widget_set_visible (self->suggested, n > 0);
  gtk_widget_set_visible (self->suggested_section, n > 0 || self->busy);
  gtk_widget_set_visible (self->spinner, self->busy);
  gtk_spinner_set_spinning (GTK_SPINNER (self->spinner), self->busy);
}

static void
suggested_cb (GObject      *source,
              GAsyncResult *result,
              gpointer      user_data)
{
  g_autoptr(BvRelationships) self = user_data;
  g_autoptr(GError) error = NULL;
  GPtrArray *suggestions = bv_workspace_suggest_finish (BV_WORKSPACE (source), result, &error);

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  self->busy = FALSE;
  g_clear_pointer (&self->suggestions, g_ptr_array_unref);
  self->suggestions = suggestions;
  show_suggestions (self);
  if (error != NULL)
    bv_notice_show_error (BV_NOTICE (self->notice), error);
}

static void
look (BvRelationships *self)
{
  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  self->cancellable = g_cancellable_new ();
  self->busy = TRUE;
  g_clear_pointer (&self->suggestions, g_ptr_array_unref);
  show_suggestions (self);
  bv_workspace_suggest_async (self->workspace, self->cancellable, suggested_cb, g_object_ref (self));
}

/* --- Adding one --------------------------------------------------------------------------------------------------------------------- */

typedef struct
{
  BvRelationships *list;
  BvForm *form;
  GtkWidget *from_table, *from_column, *to_table, *to_column, *type;
} AddDialog;

static void
add_dialog_free (gpointer  data,
                 GClosure *closure)
{
  AddDialog *dialog = data;

  g_object_unref (dialog->list);
  g_free (dialog);
}

static const char *
chosen_name (GtkWidget *row)
{
  GtkStringObject *item = adw_combo_row_get_selected_item (ADW_COMBO_ROW (row));

  return item != NULL ? gtk_string_object_get_string (item) : NULL;
}

/* By its name: a sync may have brought tables since the dialog was opened. */
static BvTable *
chosen_table (AddDialog *dialog,
              GtkWidget *row)
{
  return bv_model_find_table (bv_workspace_get_model (dialog->list->workspace), chosen_name (row));
}

static void
fill_columns (GtkWidget *row,
              BvTable   *table)
{
  g_autoptr(GtkStringList) names = gtk_string_list_new (NULL);

  for (guint i = 0; table != NULL && i < table->fields->len; i++)
    gtk_string_list_append (names, ((BvField *) g_ptr_array_index (table->fields, i))->name);
  adw_combo_row_set_model (ADW_COMBO_ROW (row), G_LIST_MODEL (names));
}

static void
tables_changed_cb (GtkWidget  *row,
                   GParamSpec *pspec,
                   AddDialog  *dialog)
{
  fill_columns (row == dialog->from_table ? dialog->from_column : dialog->to_column, chosen_table (dialog, row));
}

static void
add_accepted_cb (AddDialog *dialog)
{
  BvTable *from = chosen_table (dialog, dialog->from_table), *to = chosen_table (dialog, dialog->to_table);
  const char *from_column = chosen_name (dialog->from_column), *to_column = chosen_name (dialog->to_column);
  guint type = adw_combo_row_get_selected (ADW_COMBO_ROW (dialog->type));
  g_autoptr(BvRelationship) relationship = g_new0 (BvRelationship, 1);
  g_autoptr(GError) error = NULL;

  if (from == NULL || to == NULL || from_column == NULL || to_column == NULL)
    return;
  relationship->from_table = g_strdup (from->name);
  relationship->from_column = g_strdup (from_column);
  relationship->to_table = g_strdup (to->name);
  relationship->to_column = g_strdup (to_column);
  relationship->type = type == 0 ? BV_RELATIONSHIP_BELONGS_TO : BV_RELATIONSHIP_HAS_ONE;
  if (!bv_workspace_put_relationship (dialog->list->workspace, _("Add Relationship"), relationship, &error))
    bv_form_show_error (dialog->form, error);
  else
    gtk_window_close (GTK_WINDOW (dialog->form));
}

static guint
table_index (BvModel    *model,
             const char *name)
{
  for (guint i = 0; name != NULL && i < model->tables->len; i++)
    if (g_str_equal (((BvTable *) g_ptr_array_index (model->tables, i))->name, name))
      return i;
  return 0;
}

static void
add_cb (GtkWidget       *button,
        BvRelationships *self)
{
  BvModel *model = bv_workspace_get_model (self->workspace);
  const char *types[] = { _("Many to one"), _("One to one"), NULL };
  g_autoptr(GStrvBuilder) builder = g_strv_builder_new ();
  g_auto(GStrv) tables = NULL;
  AddDialog *dialog = g_new0 (AddDialog, 1);
  guint from = table_index (model, self->table);
  GtkWidget *group;

  for (guint i = 0; i < model->tables->len; i++)
    g_strv_builder_add (builder, ((BvTable *) g_ptr_array_index (model->tables, i))->name);
  tables = g_strv_builder_end (builder);

  dialog->list = g_object_ref (self);
  dialog->form = BV_FORM (bv_form_new (GTK_WIDGET (self), _("New Relationship"), _("_Add")));
  group = bv_form_add_group (dialog->form, _("Each Row of"), _("The table whose column points to another table."));
  dialog->from_table = bv_form_add_combo (group, _("Table"), (const char *const *) tables, from);
  dialog->from_column = bv_form_add_combo (group, _("Column"), NULL, 0);
  group = bv_form_add_group (dialog->form, _("Belongs to a Row of"), _("The table it points to; its column should be unique there."));
  dialog->to_table = bv_form_add_combo (group, _("Table"), (const char *const *) tables, from == 0 && model->tables->len > 1 ? 1 : 0);
  dialog->to_column = bv_form_add_combo (group, _("Column"), NULL, 0);
  group = bv_form_add_group (dialog->form, NULL, NULL);
  dialog->type = bv_form_add_combo (group, _("Kind"), types, 0);

  fill_columns (dialog->from_column, chosen_table (dialog, dialog->from_table));
  fill_columns (dialog->to_column, chosen_table (dialog, dialog->to_table));
  g_signal_connect (dialog->from_table, "notify::selected", G_CALLBACK (tables_changed_cb), dialog);
  g_signal_connect (dialog->to_table, "notify::selected", G_CALLBACK (tables_changed_cb), dialog);
  g_signal_connect_data (dialog->form, "accepted", G_CALLBACK (add_accepted_cb), dialog, add_dialog_free, G_CONNECT_SWAPPED);
  gtk_window_present (GTK_WINDOW (dialog->form));
}

/* --- The widget ------------------------------------------------------------------------------------------------------------------------ */

static void
bv_relationships_map (GtkWidget *widget)
{
  GTK_WIDGET_CLASS (bv_relationships_parent_class)->map (widget);

  if (BV_RELATIONSHIPS (widget)->suggestions == NULL && !BV_RELATIONSHIPS (widget)->busy)
    look (BV_RELATIONSHIPS (widget));
}

static void
bv_relationships_dispose (GObject *object)
{
  BvRelationships *self = BV_RELATIONSHIPS (object);

  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  g_clear_object (&self->workspace);
  g_clear_pointer (&self->table, g_free);
  g_clear_pointer (&self->suggestions, g_ptr_array_unref);

  G_OBJECT_CLASS (bv_relationships_parent_class)->dispose (object);
}

static void
bv_relationships_class_init (BvRelationshipsClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = bv_relationships_dispose;
  GTK_WIDGET_CLASS (klass)->map = bv_relationships_map;
}

static void
bv_relationships_init (BvRelationships *self)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 18);
  GtkWidget *section = bv_section_new (_("Relationships"), _("They carry filters and groups from one table to another, and never multiply a sum."),
                                       &self->existing);

  self->add = gtk_button_new_with_mnemonic (_("_New Relationship…"));
  self->notice = bv_notice_new ();
  self->none = gtk_label_new (_("None yet"));
  gtk_label_set_xalign (GTK_LABEL (self->none), 0);
  gtk_widget_add_css_class (self->none, "dim-label");
  gtk_box_append (GTK_BOX (section), self->none);
  gtk_widget_set_halign (self->add, GTK_ALIGN_START);
  gtk_widget_set_margin_top (self->add, 6);
  g_signal_connect_object (self->add, "clicked", G_CALLBACK (add_cb), self, 0);
  gtk_box_append (GTK_BOX (section), self->add);

  self->suggested_section = bv_section_new (_("Suggestions"), _("Found by names and by values that occur in both tables. Nothing is related before you add it."),
                                            &self->suggested);
  self->spinner = gtk_spinner_new ();
  gtk_widget_set_halign (self->spinner, GTK_ALIGN_START);
  gtk_box_append (GTK_BOX (self->suggested_section), self->spinner);

  gtk_box_append (GTK_BOX (box), self->notice);
  gtk_box_append (GTK_BOX (box), section);
  gtk_box_append (GTK_BOX (box), self->suggested_section);
  adw_bin_set_child (ADW_BIN (self), box);
}

GtkWidget *
bv_relationships_new (BvWorkspace *workspace,
                      const char  *table)
{
  BvRelationships *self = g_object_new (BV_TYPE_RELATIONSHIPS, NULL);

  self->workspace = g_object_ref (workspace);
  self->table = g_strdup (table);
  bv_relationships_refresh (self);
  return GTK_WIDGET (self);
}

void
bv_relationships_refresh (BvRelationships *self)
{
  BvModel *model;
  guint n = 0;

  g_return_if_fail (BV_IS_RELATIONSHIPS (self));

  model = bv_workspace_get_model (self->workspace);
  bv_box_clear (self->existing);
  for (guint i = 0; i < model->relationships->len; i++)
    {
      BvRelationship *relationship = g_ptr_array_index (model->relationships, i);

      if (!concerns (self, relationship))
        continue;
      add_existing (self, relationship);
      n++;
    }
  gtk_widget_set_visible (self->existing, n > 0);
  gtk_widget_set_visible (self->none, n == 0);
  gtk_widget_set_visible (self->add, can_edit (self) && model->tables->len > 0);
  bv_notice_hide (BV_NOTICE (self->notice));
  if (gtk_widget_get_mapped (GTK_WIDGET (self)))
    look (self);
  else
    {
      g_clear_pointer (&self->suggestions, g_ptr_array_unref);
      show_suggestions (self);
    }
}

gboolean
bv_relationships_is_busy (BvRelationships *self)
{
  g_return_val_if_fail (BV_IS_RELATIONSHIPS (self), FALSE);

  return self->busy;
}
