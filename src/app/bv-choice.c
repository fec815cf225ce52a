/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "bv-choice.h"

#include "bv-util.h"

static GPtrArray *
get_ids (GtkWidget *choice)
{
  return g_object_get_data (G_OBJECT (choice), "bv-ids");
}

GtkWidget *
bv_choice_new (const char *name)
{
  g_autoptr(GtkStringList) list = gtk_string_list_new (NULL);
  GtkWidget *choice = gtk_drop_down_new (G_LIST_MODEL (g_steal_pointer (&list)), NULL);

  g_object_set_data_full (G_OBJECT (choice), "bv-ids", g_ptr_array_new_with_free_func (g_free), (GDestroyNotify) g_ptr_array_unref);
  gtk_widget_set_valign (choice, GTK_ALIGN_CENTER);
  gtk_widget_set_tooltip_text (choice, name);
  bv_set_name (choice, name);
  return choice;
}

void
bv_choice_clear (GtkWidget *choice)
{
  GtkStringList *list = GTK_STRING_LIST (gtk_drop_down_get_model (GTK_DROP_DOWN (choice)));

  g_ptr_array_set_size (get_ids (choice), 0);
  gtk_string_list_splice (list, 0, g_list_model_get_n_items (G_LIST_MODEL (list)), NULL);
}

void
bv_choice_add (GtkWidget  *choice,
               const char *id,
               const char *label)
{
  /* The id first: appending the first string selects it. */
  g_ptr_array_add (get_ids (choice), g_strdup (id != NULL ? id : ""));
  gtk_string_list_append (GTK_STRING_LIST (gtk_drop_down_get_model (GTK_DROP_DOWN (choice))), label);
}

gboolean
bv_choice_select (GtkWidget  *choice,
                  const char *id)
{
  GPtrArray *ids = get_ids (choice);
  guint found = GTK_INVALID_LIST_POSITION;

  for (guint i = 0; i < ids->len && found == GTK_INVALID_LIST_POSITION; i++)
    if (g_str_equal (ids->pdata[i], id != NULL ? id : ""))
      found = i;
  gtk_drop_down_set_selected (GTK_DROP_DOWN (choice), found);
  return found != GTK_INVALID_LIST_POSITION;
}

const char *
bv_choice_get (GtkWidget *choice)
{
  GPtrArray *ids = get_ids (choice);
  guint selected = gtk_drop_down_get_selected (GTK_DROP_DOWN (choice));
  const char *id = selected < ids->len ? ids->pdata[selected] : NULL;

  return id != NULL && *id != '\0' ? id : NULL;
}

void
bv_choice_set_searchable (GtkWidget *choice,
                          gboolean   searchable)
{
  g_autoptr(GtkExpression) expression = gtk_property_expression_new (GTK_TYPE_STRING_OBJECT, NULL, "string");

  gtk_drop_down_set_expression (GTK_DROP_DOWN (choice), searchable ? expression : NULL);
  gtk_drop_down_set_enable_search (GTK_DROP_DOWN (choice), searchable);
}
