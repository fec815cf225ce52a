/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The list is queried when the popover opens and again as the user types; a newer text cancels the older query. Chosen values are
 * listed first, whether or not the data still has them. Return in the search field takes what is typed as a value. */
#include "config.h"
#include "bv-value-picker.h"

#include "bv-util.h"

#include <glib/gi18n.h>

#define LIST_LIMIT 200
#define TYPING_MS 120

struct _BvValuePicker
{
  AdwBin parent_instance;

  BvWorkspace *workspace;
  char *exploration;
  char *field;
  BvType type;
  GArray *values;           /* BvValue */
  BvFrame *frame;           /* (nullable): what the last query found */
  GCancellable *cancellable;
  guint typing_id;
  gboolean updating;

  GtkWidget *button;
  GtkWidget *search;
  GtkWidget *list;
  GtkWidget *status;
};

G_DEFINE_FINAL_TYPE (BvValuePicker, bv_value_picker, ADW_TYPE_BIN)

enum
{
  SIGNAL_CHANGED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static char *
value_text (BvValuePicker *self,
            const BvValue *value)
{
  BvLocale *locale = bv_workspace_get_locale (self->workspace);

  if (value->type == BV_TYPE_NULL || (value->type == BV_TYPE_TEXT && *value->s == '\0'))
    return g_strdup (_("(empty)"));
  if (value->type == BV_TYPE_TEXT)
    return g_strdup (value->s);
  if (value->type == BV_TYPE_INT || value->type == BV_TYPE_DOUBLE)
    return bv_locale_write_number (locale, value);
  return bv_locale_format (locale, value, NULL, BV_GRAIN_NONE);
}

static void
show_label (BvValuePicker *self)
{
  g_autofree char *text = NULL;

  if (self->values->len == 0)
    text = g_strdup (_("Choose values…"));
  else if (self->values->len == 1)
    text = value_text (self, &g_array_index (self->values, BvValue, 0));
  else if (self->values->len == 2)
    {
      g_autofree char *first = value_text (self, &g_array_index (self->values, BvValue, 0));
      g_autofree char *second = value_text (self, &g_array_index (self->values, BvValue, 1));

      text = g_strdup_printf ("%s, %s", first, second);
    }
  else
    text = g_strdup_printf (ngettext ("%u value", "%u values", self->values->len), self->values->len);
  if (g_utf8_strlen (text, -1) > 32)
    {
      g_autofree char *head = g_utf8_substring (text, 0, 31);

      g_free (text);
      text = g_strconcat (head, "…", NULL);
    }
  gtk_menu_button_set_label (GTK_MENU_BUTTON (self->button), text);
}

static int
find_value (BvValuePicker *self,
            const BvValue *value)
{
  for (guint i = 0; i < self->values->len; i++)
    if (bv_value_equal (&g_array_index (self->values, BvValue, i), value))
      return (int) i;
  return -1;
}

static void
value_toggled_cb (GtkCheckButton *check,
                  BvValuePicker  *self)
{
  const BvValue *value = g_object_get_data (G_OBJECT (check), "bv-value");
  int i = find_value (self, value);

  if (self->updating || gtk_check_button_get_active (check) == (i >= 0))
    return;
  if (i >= 0)
    g_array_remove_index (self->values, i);
  else
    {
      BvValue copy = bv_value_copy (value);

      g_array_append_val (self->values, copy);
    }
  show_label (self);
  g_signal_emit (self, signals[SIGNAL_CHANGED], 0);
}

static void
value_free (gpointer data)
{
  bv_value_clear (data);
  g_free (data);
}

static void
add_row (BvValuePicker *self,
         const BvValue *value,
         gint64         n_rows)
{
  GtkWidget *row = gtk_list_box_row_new ();
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 8);
  g_autofree char *text = value_text (self, value);
  GtkWidget *check = gtk_check_button_new ();
  GtkWidget *label = gtk_label_new (text);
  BvValue *copy = g_new (BvValue, 1);

  *copy = bv_value_copy (value);
  gtk_label_set_ellipsize (GTK_LABEL (label), PANGO_ELLIPSIZE_END);
  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_label_set_max_width_chars (GTK_LABEL (label), 36);
  gtk_widget_set_hexpand (label, TRUE);
  gtk_widget_set_focusable (check, FALSE);
  gtk_check_button_set_active (GTK_CHECK_BUTTON (check), find_value (self, value) >= 0);
  g_object_set_data_full (G_OBJECT (check), "bv-value", copy, value_free);
  g_signal_connect (check, "toggled", G_CALLBACK (value_toggled_cb), self);
  gtk_box_append (GTK_BOX (box), check);
  gtk_box_append (GTK_BOX (box), label);
  if (n_rows >= 0)
    {
      g_autofree char *count = bv_locale_format_count (bv_workspace_get_locale (self->workspace), n_rows);
      GtkWidget *rows = gtk_label_new (count);

      gtk_widget_add_css_class (rows, "dim-label");
      gtk_widget_add_css_class (rows, "caption");
      gtk_widget_add_css_class (rows, "numeric");
      gtk_box_append (GTK_BOX (box), rows);
    }
  gtk_list_box_row_set_child (GTK_LIST_BOX_ROW (row), box);
  bv_set_name (row, text);
  bv_set_name (check, text);
  g_object_set_data (G_OBJECT (row), "bv-check", check);
  gtk_list_box_append (GTK_LIST_BOX (self->list), row);
}

static void
fill (BvValuePicker *self)
{
  const char *search = gtk_editable_get_text (GTK_EDITABLE (self->search));

  self->updating = TRUE;
  bv_box_clear (self->list);
  if (*search == '\0')
    for (guint i = 0; i < self->values->len; i++)
      add_row (self, &g_array_index (self->values, BvValue, i), -1);
  for (guint i = 0; self->frame != NULL && i < bv_frame_get_n_rows (self->frame); i++)
    {
      int rows = bv_frame_find_column (self->frame, "rows");
      BvValue value = bv_frame_peek (self->frame, 0, i);

      /* Nothing is tested by “is (not) set”. */
      if (value.type == BV_TYPE_NULL || (*search == '\0' && find_value (self, &value) >= 0))
        continue;
      add_row (self, &value, rows >= 0 ? bv_frame_get_int (self->frame, rows, i) : -1);
    }
  self->updating = FALSE;
}

static void
values_cb (GObject      *source,
           GAsyncResult *result,
           gpointer      user_data)
{
  g_autoptr(BvValuePicker) self = user_data;
  g_autoptr(GError) error = NULL;
  BvFrame *frame = bv_workspace_values_finish (BV_WORKSPACE (source), result, &error);

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  g_clear_object (&self->cancellable);
  g_clear_pointer (&self->frame, bv_frame_unref);
  self->frame = frame;
  if (error != NULL)
    gtk_label_set_text (GTK_LABEL (self->status), error->message);
  else if (bv_frame_get_n_rows (frame) == 0)
    gtk_label_set_text (GTK_LABEL (self->status), _("No such value in the data: press Return to use the text"));
  else if (bv_frame_has_note (frame, BV_NOTE_TRUNCATED))
    {
      g_autofree char *text = g_strdup_printf (_("The first %d values: type to find others"), LIST_LIMIT);

      gtk_label_set_text (GTK_LABEL (self->status), text);
    }
  else
    gtk_label_set_text (GTK_LABEL (self->status), "");
  gtk_widget_set_visible (self->status, *gtk_label_get_text (GTK_LABEL (self->status)) != '\0');
  fill (self);
}

static void
query (BvValuePicker *self)
{
  const char *search = gtk_editable_get_text (GTK_EDITABLE (self->search));

  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  self->cancellable = g_cancellable_new ();
  bv_workspace_values_async (self->workspace, self->exploration, self->field, NULL, NULL, *search != '\0' ? search : NULL, LIST_LIMIT,
                             self->cancellable, values_cb, g_object_ref (self));
}

static gboolean
typed_cb (gpointer user_data)
{
  BvValuePicker *self = user_data;

  self->typing_id = 0;
  query (self);
  return G_SOURCE_REMOVE;
}

static void
search_changed_cb (BvValuePicker *self)
{
  if (!gtk_widget_get_mapped (self->search))
    return;
  g_clear_handle_id (&self->typing_id, g_source_remove);
  self->typing_id = g_timeout_add (TYPING_MS, typed_cb, self);
}

static void
search_activate_cb (BvValuePicker *self)
{
  g_auto(BvValue) value = BV_VALUE_NULL;
  const char *text = gtk_editable_get_text (GTK_EDITABLE (self->search));

  if (!(bv_type_is_numeric (self->type) ? bv_locale_parse_number (bv_workspace_get_locale (self->workspace), text, self->type, &value)
                                        : bv_value_from_plain (text, self->type, &value))
      || *text == '\0' || value.type == BV_TYPE_NULL)
    return;
  if (find_value (self, &value) < 0)
    {
      BvValue copy = bv_value_copy (&value);

      g_array_append_val (self->values, copy);
      show_label (self);
      g_signal_emit (self, signals[SIGNAL_CHANGED], 0);
    }
  gtk_editable_set_text (GTK_EDITABLE (self->search), "");
}

static void
row_activated_cb (BvValuePicker *self,
                  GtkListBoxRow *row)
{
  GtkCheckButton *check = g_object_get_data (G_OBJECT (row), "bv-check");

  gtk_check_button_set_active (check, !gtk_check_button_get_active (check));
}

static void
shown_cb (BvValuePicker *self)
{
  gtk_editable_set_text (GTK_EDITABLE (self->search), "");
  fill (self);
  query (self);
  gtk_widget_grab_focus (self->search);
}

static void
bv_value_picker_dispose (GObject *object)
{
  BvValuePicker *self = BV_VALUE_PICKER (object);

  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  g_clear_handle_id (&self->typing_id, g_source_remove);

  G_OBJECT_CLASS (bv_value_picker_parent_class)->dispose (object);
}

static void
bv_value_picker_finalize (GObject *object)
{
  BvValuePicker *self = BV_VALUE_PICKER (object);

  g_clear_object (&self->workspace);
  g_clear_pointer (&self->exploration, g_free);
  g_clear_pointer (&self->field, g_free);
  g_clear_pointer (&self->values, g_array_unref);
  g_clear_pointer (&self->frame, bv_frame_unref);

  G_OBJECT_CLASS (bv_value_picker_parent_class)->finalize (object);
}

static void
bv_value_picker_class_init (BvValuePickerClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = bv_value_picker_dispose;
  G_OBJECT_CLASS (klass)->finalize = bv_value_picker_finalize;

  signals[SIGNAL_CHANGED] = g_signal_new ("changed", BV_TYPE_VALUE_PICKER, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
bv_value_picker_init (BvValuePicker *self)
{
  GtkWidget *popover = gtk_popover_new ();
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 6);
  GtkWidget *scrolled = bv_scrolled_new ();

  self->values = g_array_new (FALSE, FALSE, sizeof (BvValue));
  g_array_set_clear_func (self->values, (GDestroyNotify) bv_value_clear);
  self->button = gtk_menu_button_new ();
  self->search = bv_search_new (_("Find or type a value"));
  self->list = gtk_list_box_new ();
  self->status = gtk_label_new (NULL);
  gtk_list_box_set_selection_mode (GTK_LIST_BOX (self->list), GTK_SELECTION_NONE);
  gtk_widget_add_css_class (self->list, "picker-list");
  bv_set_name (self->list, _("Values"));
  gtk_label_set_wrap (GTK_LABEL (self->status), TRUE);
  gtk_label_set_max_width_chars (GTK_LABEL (self->status), 30);
  gtk_label_set_xalign (GTK_LABEL (self->status), 0);
  gtk_widget_add_css_class (self->status, "caption");
  gtk_widget_add_css_class (self->status, "dim-label");
  gtk_widget_set_visible (self->status, FALSE);
  gtk_scrolled_window_set_policy (GTK_SCROLLED_WINDOW (scrolled), GTK_POLICY_NEVER, GTK_POLICY_AUTOMATIC);
  gtk_scrolled_window_set_propagate_natural_height (GTK_SCROLLED_WINDOW (scrolled), TRUE);
  gtk_scrolled_window_set_max_content_height (GTK_SCROLLED_WINDOW (scrolled), 280);
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (scrolled), self->list);
  gtk_widget_set_size_request (scrolled, 260, -1);
  gtk_box_append (GTK_BOX (box), self->search);
  gtk_box_append (GTK_BOX (box), scrolled);
  gtk_box_append (GTK_BOX (box), self->status);
  gtk_popover_set_child (GTK_POPOVER (popover), box);
  gtk_menu_button_set_popover (GTK_MENU_BUTTON (self->button), popover);
  gtk_widget_set_tooltip_text (self->button, _("Values"));
  adw_bin_set_child (ADW_BIN (self), self->button);
  gtk_widget_set_valign (GTK_WIDGET (self), GTK_ALIGN_CENTER);

  g_signal_connect_swapped (popover, "show", G_CALLBACK (shown_cb), self);
  g_signal_connect_swapped (self->search, "search-changed", G_CALLBACK (search_changed_cb), self);
  g_signal_connect_swapped (self->search, "activate", G_CALLBACK (search_activate_cb), self);
  g_signal_connect_swapped (self->list, "row-activated", G_CALLBACK (row_activated_cb), self);
}

GtkWidget *
bv_value_picker_new (BvWorkspace *workspace,
                     const char  *exploration,
                     const char  *field,
                     BvType       type)
{
  BvValuePicker *self = g_object_new (BV_TYPE_VALUE_PICKER, NULL);

  self->workspace = g_object_ref (workspace);
  self->exploration = g_strdup (exploration);
  self->field = g_strdup (field);
  self->type = type;
  show_label (self);
  return GTK_WIDGET (self);
}

void
bv_value_picker_set_values (BvValuePicker *self,
                            const BvValue *values,
                            guint          n)
{
  g_return_if_fail (BV_IS_VALUE_PICKER (self));

  g_array_set_size (self->values, 0);
  for (guint i = 0; i < n; i++)
    {
      BvValue copy = bv_value_copy (&values[i]);

      g_array_append_val (self->values, copy);
    }
  show_label (self);
}

GArray *
bv_value_picker_get_values (BvValuePicker *self)
{
  g_return_val_if_fail (BV_IS_VALUE_PICKER (self), NULL);

  return self->values;
}
