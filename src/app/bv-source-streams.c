/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A source's streams with a switch each, and below each the fields with a check each. Rows of fields are made when a stream is unfolded:
 * a CRM has hundreds of them.
 */
#include "config.h"
#include "bv-source-dialogs.h"

#include "bv-access.h"
#include "bv-form.h"
#include "bv-syncs.h"
#include "bv-util.h"

#include <glib/gi18n.h>
#include <string.h>

/* With more fields than this a stream can be searched. */
#define SEARCH_FIELDS 20

typedef struct _Dialog Dialog;

typedef struct
{
  Dialog *dialog;
  BvSourceStream *stream;
  GtkWidget *row;       /* an expander row */
  GtkWidget *search;    /* (nullable) */
  GPtrArray *field_rows; /* GtkWidget, borrowed; empty until unfolded */
  GHashTable *chosen;   /* names of fields; borrowed from the stream */
} StreamRow;

struct _Dialog
{
  BvWorkspace *workspace;
  BvForm *form;
  BvSource *source;
  GPtrArray *streams;
  GHashTable *secrets;  /* (nullable) */
  GPtrArray *rows;      /* StreamRow */
  GCancellable *cancellable;
  GtkWidget *group;
  GtkWidget *waiting;
};

static void
stream_row_free (gpointer data)
{
  StreamRow *row = data;

  g_ptr_array_unref (row->field_rows);
  g_hash_table_unref (row->chosen);
  g_free (row);
}

static void
dialog_free (gpointer  data,
             GClosure *closure)
{
  Dialog *self = data;

  g_object_set_data (G_OBJECT (self->form), "bv-dialog", NULL);
  g_cancellable_cancel (self->cancellable);
  g_object_unref (self->cancellable);
  g_object_unref (self->workspace);
  bv_source_free (self->source);
  g_ptr_array_unref (self->rows);
  g_clear_pointer (&self->streams, g_ptr_array_unref);
  g_clear_pointer (&self->secrets, g_hash_table_unref);
  g_free (self);
}

/* --- Fields --------------------------------------------------------------------------------------------------------------------------- */

static void
field_toggled_cb (GtkCheckButton *check,
                  StreamRow      *row)
{
  BvSourceField *field = g_object_get_data (G_OBJECT (check), "bv-field");

  if (gtk_check_button_get_active (check))
    g_hash_table_add (row->chosen, field->name);
  else
    g_hash_table_remove (row->chosen, field->name);
}

static void
search_cb (GtkEditable *search,
           StreamRow   *row)
{
  g_autofree char *needle = g_utf8_casefold (gtk_editable_get_text (search), -1);

  for (guint i = 0; i < row->field_rows->len; i++)
    {
      GtkWidget *widget = g_ptr_array_index (row->field_rows, i);
      BvSourceField *field = g_object_get_data (G_OBJECT (widget), "bv-field");
      g_autofree char *label = g_utf8_casefold (field->label, -1);
      g_autofree char *name = g_utf8_casefold (field->name, -1);

      gtk_widget_set_visible (widget, strstr (label, needle) != NULL || strstr (name, needle) != NULL);
    }
}

static GtkWidget *
new_field_row (StreamRow     *row,
               BvSourceField *field)
{
  g_autofree char *subtitle = g_strdup_printf ("%s · %s", field->name, bv_type_to_label (field->type));
  GtkWidget *widget = bv_row_new (field->label, subtitle, NULL, NULL);
  GtkWidget *check = gtk_check_button_new ();

  gtk_widget_set_valign (check, GTK_ALIGN_CENTER);
  gtk_check_button_set_active (GTK_CHECK_BUTTON (check), (field->flags & BV_FIELD_ALWAYS) != 0 || g_hash_table_contains (row->chosen, field->name));
  gtk_widget_set_sensitive (check, (field->flags & BV_FIELD_ALWAYS) == 0);
  bv_set_name (check, field->label);
  g_object_set_data (G_OBJECT (check), "bv-field", field);
  g_object_set_data (G_OBJECT (widget), "bv-field", field);
  g_signal_connect (check, "toggled", G_CALLBACK (field_toggled_cb), row);
  adw_action_row_add_prefix (ADW_ACTION_ROW (widget), check);
  adw_action_row_set_activatable_widget (ADW_ACTION_ROW (widget), check);
  return widget;
}

static void
unfolded_cb (AdwExpanderRow *expander,
             GParamSpec     *pspec,
             StreamRow      *row)
{
  if (!adw_expander_row_get_expanded (expander) || row->field_rows->len > 0)
    return;
  if (row->stream->fields->len > SEARCH_FIELDS)
    {
      GtkWidget *holder = adw_preferences_row_new ();
      GtkWidget *search = bv_search_new (_("Search fields"));

      gtk_widget_set_margin_start (search, 12);
      gtk_widget_set_margin_end (search, 12);
      gtk_widget_set_margin_top (search, 6);
      gtk_widget_set_margin_bottom (search, 6);
      adw_preferences_row_set_title (ADW_PREFERENCES_ROW (holder), _("Search fields"));
      gtk_list_box_row_set_child (GTK_LIST_BOX_ROW (holder), search);
      gtk_list_box_row_set_activatable (GTK_LIST_BOX_ROW (holder), FALSE);
      g_signal_connect (search, "search-changed", G_CALLBACK (search_cb), row);
      adw_expander_row_add_row (expander, holder);
    }
  for (guint i = 0; i < row->stream->fields->len; i++)
    {
      GtkWidget *widget = new_field_row (row, g_ptr_array_index (row->stream->fields, i));

      g_ptr_array_add (row->field_rows, widget);
      adw_expander_row_add_row (expander, widget);
    }
}

/* --- Streams -------------------------------------------------------------------------------------------------------------------------- */

static char *
stream_subtitle (Dialog         *self,
                 BvSourceStream *stream)
{
  BvLocale *locale = bv_workspace_get_locale (self->workspace);
  GString *text = g_string_new (stream->description != NULL ? stream->description : NULL);

  if (stream->n_rows >= 0)
    {
      g_autofree char *rows = bv_rows_text (stream->n_rows, locale);
      /* Translators: %s is "1,234 rows" */
      g_autofree char *about = g_strdup_printf (_("about %s"), rows);

      g_string_append_printf (text, "%s%s", text->len > 0 ? " · " : "", about);
    }
  if (stream->flags & BV_STREAM_COSTLY)
    g_string_append_printf (text, "%s%s", text->len > 0 ? " · " : "", _("takes many requests"));
  return g_string_free (text, FALSE);
}

static void
add_stream (Dialog         *self,
            BvSourceStream *stream)
{
  StreamRow *row = g_new0 (StreamRow, 1);
  BvSourceChoice *choice = bv_source_find_choice (self->source, stream->name);
  g_autofree char *subtitle = stream_subtitle (self, stream);

  row->dialog = self;
  row->stream = stream;
  row->field_rows = g_ptr_array_new ();
  row->chosen = g_hash_table_new (g_str_hash, g_str_equal);
  for (guint i = 0; i < stream->fields->len; i++)
    {
      BvSourceField *field = g_ptr_array_index (stream->fields, i);
      gboolean listed = choice != NULL && choice->fields != NULL;

      if ((field->flags & BV_FIELD_ALWAYS) || (listed ? g_strv_contains ((const char *const *) choice->fields, field->name)
                                                      : (field->flags & BV_FIELD_DEFAULT) != 0))
        g_hash_table_add (row->chosen, field->name);
    }
  row->row = bv_expander_new (stream->label);
  adw_expander_row_set_subtitle (ADW_EXPANDER_ROW (row->row), subtitle);
  adw_expander_row_set_show_enable_switch (ADW_EXPANDER_ROW (row->row), TRUE);
  adw_expander_row_set_enable_expansion (ADW_EXPANDER_ROW (row->row),
                                         choice != NULL || (self->source->streams == NULL && (stream->flags & BV_STREAM_DEFAULT) != 0));
  g_signal_connect (row->row, "notify::expanded", G_CALLBACK (unfolded_cb), row);
  adw_preferences_group_add (ADW_PREFERENCES_GROUP (self->group), row->row);
  g_ptr_array_add (self->rows, row);
}

static void
fill (Dialog *self)
{
  gtk_widget_set_visible (self->waiting, FALSE);
  for (guint i = 0; i < self->streams->len; i++)
    add_stream (self, g_ptr_array_index (self->streams, i));
  bv_form_set_acceptable (self->form, TRUE);
}

static void
discovered_cb (GObject      *object,
               GAsyncResult *result,
               gpointer      data)
{
  g_autoptr(BvForm) form = data;
  g_autoptr(GError) error = NULL;
  GPtrArray *streams = bv_source_discover_finish (result, &error);
  Dialog *self = g_object_get_data (G_OBJECT (form), "bv-dialog");

  if (self == NULL)
    {
      g_clear_pointer (&streams, g_ptr_array_unref);
      return;
    }
  self->streams = streams;
  if (streams != NULL)
    fill (self);
  else
    {
      gtk_widget_set_visible (self->waiting, FALSE);
      bv_form_show_error (form, error);
    }
}

/* --- Accept --------------------------------------------------------------------------------------------------------------------------- */

static void
choose_streams (Dialog *self)
{
  g_clear_pointer (&self->source->streams, g_ptr_array_unref);
  for (guint i = 0; i < self->rows->len; i++)
    {
      StreamRow *row = g_ptr_array_index (self->rows, i);
      g_autoptr(GStrvBuilder) names = g_strv_builder_new ();
      g_auto(GStrv) fields = NULL;
      gboolean plain = TRUE;

      if (!adw_expander_row_get_enable_expansion (ADW_EXPANDER_ROW (row->row)))
        continue;
      for (guint j = 0; j < row->stream->fields->len; j++)
        {
          BvSourceField *field = g_ptr_array_index (row->stream->fields, j);
          gboolean chosen = g_hash_table_contains (row->chosen, field->name);

          plain = plain && chosen == ((field->flags & (BV_FIELD_DEFAULT | BV_FIELD_ALWAYS)) != 0);
          if (chosen)
            g_strv_builder_add (names, field->name);
        }
      fields = g_strv_builder_end (names);
      /* The default stays the default, so that the kind's next version may widen it. */
      bv_source_choose (self->source, row->stream->name, plain ? NULL : (const char *const *) fields);
    }
}

/* The source is in the project, and its secrets in the keyring. */
static void
saved (Dialog *self)
{
  g_autoptr(GError) error = NULL;

  if (!bv_workspace_reload (self->workspace, &error))
    {
      bv_form_show_error (self->form, error);
      return;
    }
  bv_syncs_start (bv_syncs_of (self->workspace), self->source, BV_SYNC_DEFAULT);
  gtk_window_destroy (GTK_WINDOW (self->form));
}

typedef struct
{
  BvForm *form;
  BvWorkspace *workspace;
  char *uuid;
} Storing;

static void
stored_cb (GObject      *object,
           GAsyncResult *result,
           gpointer      data)
{
  Storing *storing = data;
  Dialog *self = g_object_get_data (G_OBJECT (storing->form), "bv-dialog");
  g_autoptr(GError) error = NULL;

  if (bv_source_store_secrets_finish (result, &error))
    {
      if (self != NULL)
        saved (self);
      else
        bv_workspace_reload (storing->workspace, NULL);
    }
  else
    {
      /* Without its secrets it could not connect. */
      bv_source_remove (bv_workspace_get_project (storing->workspace), storing->uuid, FALSE, NULL);
      if (self != NULL)
        {
          g_clear_pointer (&self->source->uuid, g_free);
          bv_form_set_acceptable (self->form, TRUE);
          bv_form_show_error (self->form, error);
        }
    }
  g_object_unref (storing->form);
  g_object_unref (storing->workspace);
  g_free (storing->uuid);
  g_free (storing);
}

static void
accepted_cb (Dialog *self)
{
  gboolean is_new = self->source->uuid == NULL;
  g_autoptr(GError) error = NULL;

  choose_streams (self);
  if (self->source->streams == NULL || self->source->streams->len == 0)
    g_set_error (&error, BV_ERROR, BV_ERROR_INVALID, _("Nothing is chosen: switch on what is to be synced"));
  else
    bv_source_put (bv_workspace_get_project (self->workspace), self->source, is_new ? _("Add Source") : _("Choose Streams"), &error);
  if (error != NULL)
    bv_form_show_error (self->form, error);
  else if (self->secrets == NULL || g_hash_table_size (self->secrets) == 0)
    saved (self);
  else
    {
      Storing *storing = g_new0 (Storing, 1);

      storing->form = g_object_ref (self->form);
      storing->workspace = g_object_ref (self->workspace);
      storing->uuid = g_strdup (self->source->uuid);
      bv_form_set_acceptable (self->form, FALSE);
      bv_form_show_text (self->form, _("Waiting for the keyring…"));
      bv_source_store_secrets_async (self->source, self->secrets, stored_cb, storing);
    }
}

void
bv_source_streams_show (GtkWidget   *over,
                        BvWorkspace *workspace,
                        BvSource    *source,
                        GPtrArray   *streams,
                        GHashTable  *secrets)
{
  Dialog *self = g_new0 (Dialog, 1);
  gboolean is_new = source->uuid == NULL;
  GtkWidget *spinner = gtk_spinner_new ();

  self->workspace = g_object_ref (workspace);
  self->source = source;
  self->streams = streams;
  self->secrets = secrets;
  self->rows = g_ptr_array_new_with_free_func (stream_row_free);
  self->cancellable = g_cancellable_new ();
  self->form = BV_FORM (bv_form_new (over, _("Choose Streams"), is_new ? _("_Add and Sync") : _("_Save and Sync")));
  g_object_set_data (G_OBJECT (self->form), "bv-dialog", self);
  self->group = bv_form_add_group (self->form, source->name, _("Each stream becomes a table. Unfold a stream to choose its fields."));
  self->waiting = bv_row_new (_("Asking what there is…"), NULL, NULL, NULL);
  gtk_spinner_set_spinning (GTK_SPINNER (spinner), TRUE);
  adw_action_row_add_prefix (ADW_ACTION_ROW (self->waiting), spinner);
  adw_preferences_group_add (ADW_PREFERENCES_GROUP (self->group), self->waiting);
  bv_form_set_acceptable (self->form, FALSE);
  if (streams != NULL)
    fill (self);
  else
    bv_source_discover_async (source, secrets, self->cancellable, discovered_cb, g_object_ref (self->form));
  g_signal_connect_data (self->form, "accepted", G_CALLBACK (accepted_cb), self, dialog_free, G_CONNECT_SWAPPED);
  gtk_window_present (GTK_WINDOW (self->form));
}
