/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The connection of a source: a row per setting of its kind, and what a test of them says.
 *
 * A new source goes on only when the test has passed; its secrets stay in memory until the source is stored by the next dialog. An
 * existing one can be saved untested, for a server that is away at the moment. Secret rows of an existing source stay empty, and empty
 * means unchanged.
 */
#include "config.h"
#include "bv-source-dialogs.h"

#include "bv-access.h"
#include "bv-data-grid.h"
#include "bv-form.h"
#include "bv-rest.h"
#include "bv-syncs.h"
#include "bv-util.h"

#include <glib/gi18n.h>
#include <string.h>

/* Of the first page. */
#define PREVIEW_ROWS 100

typedef struct
{
  const BvSetting *setting;
  GtkWidget *widget;  /* an entry row, combo row, switch or text view */
} Row;

typedef struct
{
  BvWorkspace *workspace;
  BvForm *form;
  GtkWidget *over;
  BvSource *source;
  const BvSourceKind *kind;
  GArray *rows;            /* Row */
  GtkWidget *name_row;
  GtkWidget *test_button;
  GtkWidget *trust_group;
  GtkWidget *trust_row;
  GtkWidget *page_group;   /* (nullable): of a REST service, the records of its first page */
  GtkWidget *page_grid;
  char *fingerprint;       /* (nullable): of the certificate that may be trusted */
  GCancellable *cancellable;
  BvSource *asked;         /* (nullable): what is tested now, with the rows' values */
  GHashTable *secrets;
  GHashTable *kept;        /* (nullable): names of secrets that the keyring holds; NULL until it has answered */
  gboolean go_on;          /* the test was for the next step */
} Dialog;

static void
dialog_free (gpointer  data,
             GClosure *closure)
{
  Dialog *self = data;

  /* A test under way keeps the form, and finds out by this that nobody waits. */
  g_object_set_data (G_OBJECT (self->form), "bv-dialog", NULL);
  g_cancellable_cancel (self->cancellable);
  g_object_unref (self->cancellable);
  g_object_unref (self->workspace);
  g_object_unref (self->over);
  bv_source_free (self->source);
  g_clear_pointer (&self->asked, bv_source_free);
  g_clear_pointer (&self->secrets, g_hash_table_unref);
  g_clear_pointer (&self->kept, g_hash_table_unref);
  g_array_unref (self->rows);
  g_free (self->fingerprint);
  g_free (self);
}

/* --- Rows ------------------------------------------------------------------------------------------------------------------------- */

static void
chosen_cb (GtkNativeDialog *chooser,
           int              response,
           GtkWidget       *row)
{
  if (response == GTK_RESPONSE_ACCEPT)
    {
      g_autoptr(GFile) file = gtk_file_chooser_get_file (GTK_FILE_CHOOSER (chooser));
      g_autofree char *path = g_file_get_path (file);

      if (path != NULL)
        gtk_editable_set_text (GTK_EDITABLE (row), path);
    }
  g_object_unref (chooser);
}

static void
choose_cb (GtkWidget *button,
           GtkWidget *row)
{
  gboolean folder = g_object_get_data (G_OBJECT (row), "bv-folder") != NULL;
  GtkFileChooserNative *chooser = gtk_file_chooser_native_new (adw_preferences_row_get_title (ADW_PREFERENCES_ROW (row)),
                                                               GTK_WINDOW (gtk_widget_get_root (row)),
                                                               folder ? GTK_FILE_CHOOSER_ACTION_SELECT_FOLDER : GTK_FILE_CHOOSER_ACTION_OPEN,
                                                               _("_Choose"), _("_Cancel"));

  gtk_native_dialog_set_modal (GTK_NATIVE_DIALOG (chooser), TRUE);
  g_signal_connect_object (chooser, "response", G_CALLBACK (chosen_cb), row, 0);
  gtk_native_dialog_show (GTK_NATIVE_DIALOG (chooser));
}

static GtkWidget *
new_text_view (GtkWidget  *group,
               const char *title,
               const char *text)
{
  GtkWidget *row = adw_preferences_row_new ();
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 6);
  GtkWidget *label = gtk_label_new (title);
  GtkWidget *scrolled = bv_scrolled_new ();
  GtkWidget *view = gtk_text_view_new ();

  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_widget_set_margin_start (box, 12);
  gtk_widget_set_margin_end (box, 12);
  gtk_widget_set_margin_top (box, 9);
  gtk_widget_set_margin_bottom (box, 12);
  gtk_text_view_set_monospace (GTK_TEXT_VIEW (view), TRUE);
  gtk_text_view_set_accepts_tab (GTK_TEXT_VIEW (view), FALSE);
  gtk_text_buffer_set_text (gtk_text_view_get_buffer (GTK_TEXT_VIEW (view)), text != NULL ? text : "", -1);
  bv_set_name (view, title);
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (scrolled), view);
  gtk_scrolled_window_set_min_content_height (GTK_SCROLLED_WINDOW (scrolled), 90);
  gtk_box_append (GTK_BOX (box), label);
  gtk_box_append (GTK_BOX (box), scrolled);
  bv_set_name (row, title);
  gtk_list_box_row_set_child (GTK_LIST_BOX_ROW (row), box);
  gtk_list_box_row_set_activatable (GTK_LIST_BOX_ROW (row), FALSE);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), title);
  adw_preferences_group_add (ADW_PREFERENCES_GROUP (group), row);
  return view;
}

static GtkWidget *
new_secret_row (Dialog          *self,
                GtkWidget       *group,
                const BvSetting *setting)
{
  GtkWidget *row = adw_password_entry_row_new ();
  gboolean given = bv_source_is_secret_given (self->source, setting->name);
  g_autofree char *title = NULL;

  if (given)
    /* Translators: the title of a secret's row, as "Access token" */
    title = g_strdup_printf (_("%s (given by the environment)"), _(setting->label));
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), title != NULL ? title : _(setting->label));
  gtk_widget_set_sensitive (row, !given);
  adw_preferences_group_add (ADW_PREFERENCES_GROUP (group), row);
  return row;
}

/* The keyring has answered: what it holds need not be typed again. */
static void
found_secrets_cb (GObject      *object,
                  GAsyncResult *result,
                  gpointer      data)
{
  g_autoptr(BvForm) form = data;
  GHashTable *kept = bv_source_find_secrets_finish (result, NULL);
  Dialog *self = g_object_get_data (G_OBJECT (form), "bv-dialog");

  if (self == NULL || kept == NULL)
    {
      g_clear_pointer (&kept, g_hash_table_unref);
      return;
    }
  self->kept = kept;
  for (guint i = 0; i < self->rows->len; i++)
    {
      const Row *row = &g_array_index (self->rows, Row, i);
      g_autofree char *title = NULL;

      if (row->setting->type != BV_SETTING_SECRET || !g_hash_table_contains (kept, row->setting->name) || !gtk_widget_get_sensitive (row->widget))
        continue;
      title = g_strdup_printf (_("%s (unchanged)"), _(row->setting->label));
      adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row->widget), title);
    }
}

static void
add_row (Dialog          *self,
         GtkWidget       *group,
         const BvSetting *setting)
{
  const char *value = bv_source_get_setting (self->source, setting->name);
  Row row = { setting, NULL };

  switch (setting->type)
    {
    case BV_SETTING_SECRET:
      row.widget = new_secret_row (self, group, setting);
      break;
    case BV_SETTING_CHOICE:
      {
        g_autoptr(GPtrArray) labels = g_ptr_array_new ();
        guint selected = 0;

        for (guint i = 0; setting->choices[i].value != NULL; i++)
          {
            g_ptr_array_add (labels, (char *) _(setting->choices[i].label));
            if (g_strcmp0 (value, setting->choices[i].value) == 0)
              selected = i;
          }
        g_ptr_array_add (labels, NULL);
        row.widget = bv_form_add_combo (group, _(setting->label), (const char *const *) labels->pdata, selected);
      }
      break;
    case BV_SETTING_BOOL:
      row.widget = bv_form_add_switch (group, _(setting->label), setting->hint != NULL ? _(setting->hint) : NULL, g_strcmp0 (value, "true") == 0);
      break;
    case BV_SETTING_LONG_TEXT:
      row.widget = new_text_view (group, _(setting->label), value);
      break;
    case BV_SETTING_FILE:
    case BV_SETTING_FOLDER:
      {
        GtkWidget *button = bv_icon_button_new ("document-open-symbolic", setting->type == BV_SETTING_FOLDER ? _("Choose a Folder") : _("Choose a File"), NULL);

        row.widget = bv_form_add_entry (group, _(setting->label), value);
        if (setting->type == BV_SETTING_FOLDER)
          g_object_set_data (G_OBJECT (row.widget), "bv-folder", row.widget);
        gtk_widget_set_valign (button, GTK_ALIGN_CENTER);
        g_signal_connect (button, "clicked", G_CALLBACK (choose_cb), row.widget);
        adw_entry_row_add_suffix (ADW_ENTRY_ROW (row.widget), button);
      }
      break;
    case BV_SETTING_TEXT:
    case BV_SETTING_INT:
    default:
      row.widget = bv_form_add_entry (group, _(setting->label), value);
      break;
    }
  if (setting->hint != NULL && setting->type != BV_SETTING_BOOL)
    {
      gtk_widget_set_tooltip_text (row.widget, _(setting->hint));
      gtk_accessible_update_property (GTK_ACCESSIBLE (row.widget), GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, _(setting->hint), -1);
      if (ADW_IS_ACTION_ROW (row.widget))
        adw_action_row_set_subtitle (ADW_ACTION_ROW (row.widget), _(setting->hint));
    }
  g_array_append_val (self->rows, row);
}

/* The value that a row holds; NULL for none. (transfer full) */
static char *
row_value (const Row *row)
{
  g_autofree char *text = NULL;

  switch (row->setting->type)
    {
    case BV_SETTING_CHOICE:
      return g_strdup (row->setting->choices[adw_combo_row_get_selected (ADW_COMBO_ROW (row->widget))].value);
    case BV_SETTING_BOOL:
      return g_strdup (gtk_switch_get_active (GTK_SWITCH (row->widget)) ? "true" : "false");
    case BV_SETTING_LONG_TEXT:
      {
        GtkTextBuffer *buffer = gtk_text_view_get_buffer (GTK_TEXT_VIEW (row->widget));
        GtkTextIter start, end;

        gtk_text_buffer_get_bounds (buffer, &start, &end);
        text = g_strstrip (gtk_text_buffer_get_text (buffer, &start, &end, FALSE));
        return *text != '\0' ? g_steal_pointer (&text) : NULL;
      }
    case BV_SETTING_TEXT:
    case BV_SETTING_SECRET:
    case BV_SETTING_INT:
    case BV_SETTING_FILE:
    case BV_SETTING_FOLDER:
    default:
      return bv_form_get_text (row->widget);
    }
}

/* Whether a secret that was not typed may be there nevertheless. While the keyring is being unlocked nobody knows: then the test finds out. */
static gboolean
may_be_kept (Dialog          *self,
             const BvSetting *setting)
{
  if (bv_source_is_secret_given (self->source, setting->name))
    return TRUE;
  return self->source->uuid != NULL && (self->kept == NULL || g_hash_table_contains (self->kept, setting->name));
}

/* Takes the rows over into a copy of the source and a table of secrets. */
static gboolean
read_rows (Dialog  *self,
           GError **error)
{
  g_autoptr(BvSource) source = bv_source_copy (self->source);
  g_autoptr(GHashTable) secrets = bv_source_secrets_new ();
  g_autofree char *name = bv_form_get_text (self->name_row);

  if (name == NULL)
    {
      g_set_error (error, BV_ERROR, BV_ERROR_INVALID, _("The source has no name: give it one"));
      return FALSE;
    }
  g_free (source->name);
  source->name = g_steal_pointer (&name);
  for (guint i = 0; i < self->rows->len; i++)
    {
      const Row *row = &g_array_index (self->rows, Row, i);
      char *value = row_value (row);
      gboolean secret = row->setting->type == BV_SETTING_SECRET;
      gboolean kept = secret && may_be_kept (self, row->setting);
      gboolean ok = TRUE;

      if (value == NULL && row->setting->required && row->setting->fallback == NULL && !kept)
        {
          g_set_error (error, BV_ERROR, BV_ERROR_INVALID, _("“%s” is missing: fill it in"), _(row->setting->label));
          ok = FALSE;
        }
      else if (secret && value != NULL)
        g_hash_table_insert (secrets, g_strdup (row->setting->name), g_steal_pointer (&value));
      else if (!secret)
        ok = bv_source_set_setting (source, row->setting->name, value, error);
      g_free (value);
      if (!ok)
        return FALSE;
    }
  g_clear_pointer (&self->asked, bv_source_free);
  g_clear_pointer (&self->secrets, g_hash_table_unref);
  self->asked = g_steal_pointer (&source);
  self->secrets = g_steal_pointer (&secrets);
  return TRUE;
}

/* --- Test -------------------------------------------------------------------------------------------------------------------------- */

static void
set_busy (Dialog  *self,
          gboolean busy)
{
  bv_form_set_acceptable (self->form, !busy);
  gtk_widget_set_sensitive (self->test_button, !busy);
  if (busy)
    bv_form_show_text (self->form, _("Connecting…"));
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

  if (self == NULL || g_cancellable_is_cancelled (self->cancellable))
    {
      g_clear_pointer (&streams, g_ptr_array_unref);
      return;
    }
  set_busy (self, FALSE);
  if (streams == NULL)
    {
      bv_form_show_error (self->form, error);
      return;
    }
  {
    g_autoptr(GtkWidget) over = g_object_ref (self->over);
    g_autoptr(BvWorkspace) workspace = g_object_ref (self->workspace);
    BvSource *source = g_steal_pointer (&self->asked);
    GHashTable *secrets = g_steal_pointer (&self->secrets);

    gtk_window_destroy (GTK_WINDOW (form));
    bv_source_streams_show (over, workspace, source, streams, secrets);
  }
}

/* The first page as it would be synced: what a REST service gives can only be judged by looking at it. */
static void
previewed_cb (GObject      *object,
              GAsyncResult *result,
              gpointer      data)
{
  g_autoptr(BvForm) form = data;
  g_autoptr(GError) error = NULL;
  g_autoptr(BvFrame) frame = bv_rest_preview_finish (result, &error);
  Dialog *self = g_object_get_data (G_OBJECT (form), "bv-dialog");

  if (self == NULL || g_cancellable_is_cancelled (self->cancellable))
    return;
  set_busy (self, FALSE);
  if (frame == NULL)
    {
      bv_form_show_error (self->form, error);
      return;
    }
  bv_group_set_description (self->page_group, bv_frame_get_n_notes (frame) > 0 ? bv_frame_get_note (frame, 0)->text : NULL);
  bv_data_grid_set_frame (BV_DATA_GRID (self->page_grid), frame, bv_workspace_get_locale (self->workspace));
  gtk_widget_set_visible (self->page_group, TRUE);
}

static void
tested_cb (GObject      *object,
           GAsyncResult *result,
           gpointer      data)
{
  g_autoptr(BvForm) form = data;
  g_autoptr(GError) error = NULL;
  g_autoptr(GPtrArray) lines = NULL;
  g_autofree char *fingerprint = NULL;
  gboolean ok = bv_source_test_finish (result, &lines, &fingerprint, &error);
  Dialog *self = g_object_get_data (G_OBJECT (form), "bv-dialog");

  if (self == NULL || g_cancellable_is_cancelled (self->cancellable))
    return;
  g_free (self->fingerprint);
  self->fingerprint = g_steal_pointer (&fingerprint);
  gtk_widget_set_visible (self->trust_group, self->fingerprint != NULL);
  if (self->fingerprint != NULL)
    adw_action_row_set_subtitle (ADW_ACTION_ROW (self->trust_row), self->fingerprint);
  if (!ok)
    {
      set_busy (self, FALSE);
      bv_form_show_error (self->form, error);
      return;
    }
  g_ptr_array_add (lines, NULL);
  {
    g_autofree char *found = g_strjoinv ("\n", (char **) lines->pdata);
    /* Translators: what follows are lines on what was found */
    g_autofree char *text = g_strdup_printf (_("The connection works\n%s"), found);

    bv_form_show_text (self->form, text);
  }
  if (self->go_on)
    bv_source_discover_async (self->asked, self->secrets, self->cancellable, discovered_cb, g_object_ref (form));
  else if (self->page_group != NULL)
    bv_rest_preview_async (self->asked, self->secrets, NULL, PREVIEW_ROWS, self->cancellable, previewed_cb, g_object_ref (form));
  else
    set_busy (self, FALSE);
}

static void
start_test (Dialog  *self,
            gboolean go_on)
{
  g_autoptr(GError) error = NULL;

  bv_form_show_text (self->form, NULL);
  if (!read_rows (self, &error))
    {
      bv_form_show_error (self->form, error);
      return;
    }
  self->go_on = go_on;
  set_busy (self, TRUE);
  bv_source_test_async (self->asked, self->secrets, self->cancellable, tested_cb, g_object_ref (self->form));
}

static void
test_cb (Dialog *self)
{
  start_test (self, FALSE);
}

/* The certificate's fingerprint becomes the setting that accepts it, and only it. */
static void
trust_cb (Dialog *self)
{
  for (guint i = 0; i < self->rows->len; i++)
    {
      const Row *row = &g_array_index (self->rows, Row, i);

      if (strcmp (row->setting->name, "fingerprint") == 0)
        gtk_editable_set_text (GTK_EDITABLE (row->widget), self->fingerprint);
    }
  gtk_widget_set_visible (self->trust_group, FALSE);
  start_test (self, FALSE);
}

/* --- Save ------------------------------------------------------------------------------------------------------------------------- */

static void
save (Dialog *self)
{
  g_autoptr(GError) error = NULL;

  if (bv_source_put (bv_workspace_get_project (self->workspace), self->asked, _("Edit Connection"), &error) &&
      bv_workspace_reload (self->workspace, &error))
    gtk_window_destroy (GTK_WINDOW (self->form));
  else
    bv_form_show_error (self->form, error);
}

static void
stored_cb (GObject      *object,
           GAsyncResult *result,
           gpointer      data)
{
  g_autoptr(BvForm) form = data;
  g_autoptr(GError) error = NULL;
  gboolean ok = bv_source_store_secrets_finish (result, &error);
  Dialog *self = g_object_get_data (G_OBJECT (form), "bv-dialog");

  if (self == NULL)
    return;
  set_busy (self, FALSE);
  bv_form_show_text (self->form, NULL);
  if (ok)
    save (self);
  else
    bv_form_show_error (self->form, error);
}

static void
accepted_cb (Dialog *self)
{
  g_autoptr(GError) error = NULL;

  if (self->source->uuid == NULL)
    start_test (self, TRUE);
  else if (!read_rows (self, &error))
    bv_form_show_error (self->form, error);
  else if (g_hash_table_size (self->secrets) == 0)
    save (self);
  else
    {
      set_busy (self, TRUE);
      bv_form_show_text (self->form, _("Waiting for the keyring…"));
      bv_source_store_secrets_async (self->asked, self->secrets, stored_cb, g_object_ref (self->form));
    }
}

static GtkWidget *
new_button_row (GtkWidget  *group,
                const char *title,
                GCallback   callback,
                Dialog     *self)
{
  GtkWidget *row = bv_row_new (title, NULL, NULL, NULL);

  gtk_list_box_row_set_activatable (GTK_LIST_BOX_ROW (row), TRUE);
  g_signal_connect_swapped (row, "activated", callback, self);
  adw_preferences_group_add (ADW_PREFERENCES_GROUP (group), row);
  return row;
}

/* What the kind is, and where to find the keys that it needs: rows of texts have no room for that. */
static char *
describe (const BvSourceKind *kind)
{
  GString *text = g_string_new (_(kind->summary));

  for (const BvSetting *setting = kind->settings; setting->name != NULL; setting++)
    if (setting->type == BV_SETTING_SECRET && setting->required && setting->hint != NULL)
      /* Translators: what a setting is called, and what is to be known of it */
      g_string_append_printf (text, _("\n%s: %s"), _(setting->label), _(setting->hint));
  return g_string_free (text, FALSE);
}

void
bv_source_dialog_show (GtkWidget   *over,
                       BvWorkspace *workspace,
                       BvSource    *source)
{
  Dialog *self = g_new0 (Dialog, 1);
  GtkWidget *group, *advanced = NULL;
  g_autofree char *title = NULL;
  g_autofree char *about = NULL;

  self->workspace = g_object_ref (workspace);
  self->over = g_object_ref (over);
  self->source = source;
  self->kind = bv_source_kind_find (source->kind);
  self->rows = g_array_new (FALSE, FALSE, sizeof (Row));
  self->cancellable = g_cancellable_new ();
  /* Translators: the title of a dialog, as "Connect HubSpot" */
  title = g_strdup_printf (_("Connect %s"), self->kind->name);
  self->form = BV_FORM (bv_form_new (over, source->uuid == NULL ? title : _("Edit Connection"), source->uuid == NULL ? _("_Next") : _("_Save")));
  g_object_set_data (G_OBJECT (self->form), "bv-dialog", self);

  self->test_button = bv_form_add_button (self->form, _("_Test"), _("Test the Connection"));
  g_signal_connect_swapped (self->test_button, "clicked", G_CALLBACK (test_cb), self);
  group = bv_form_add_group (self->form, NULL, NULL);
  self->trust_row = new_button_row (group, _("Trust This Certificate"), G_CALLBACK (trust_cb), self);
  adw_action_row_set_subtitle_lines (ADW_ACTION_ROW (self->trust_row), 0);
  self->trust_group = group;
  gtk_widget_set_visible (group, FALSE);
  if (self->kind == &bv_source_kind_rest)
    {
      self->page_group = bv_form_add_group (self->form, _("First Page"), NULL);
      self->page_grid = bv_data_grid_new ();
      gtk_widget_set_size_request (self->page_grid, -1, 220);
      adw_preferences_group_add (ADW_PREFERENCES_GROUP (self->page_group), self->page_grid);
      gtk_widget_set_visible (self->page_group, FALSE);
    }

  about = describe (self->kind);
  group = bv_form_add_group (self->form, NULL, about);
  self->name_row = bv_form_add_entry (group, _("Name"), source->name);
  for (const BvSetting *setting = self->kind->settings; setting->name != NULL; setting++)
    if (!setting->advanced)
      add_row (self, group, setting);
  for (const BvSetting *setting = self->kind->settings; setting->name != NULL; setting++)
    if (setting->advanced)
      {
        if (advanced == NULL)
          advanced = bv_form_add_group (self->form, _("Advanced"), NULL);
        add_row (self, advanced, setting);
      }

  if (source->uuid != NULL)
    bv_source_find_secrets_async (source, self->cancellable, found_secrets_cb, g_object_ref (self->form));
  g_signal_connect_data (self->form, "accepted", G_CALLBACK (accepted_cb), self, dialog_free, G_CONNECT_SWAPPED);
  gtk_window_present (GTK_WINDOW (self->form));
}
