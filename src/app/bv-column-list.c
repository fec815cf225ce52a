/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A list view, so that a table of some thousand columns makes only the rows in sight. The items hold ready texts: the model and the
 * profile may change under the list.
 */
#include "config.h"
#include "bv-column-list.h"

#include "bv-table-edit.h"
#include "bv-util.h"

#include <glib/gi18n.h>
#include <math.h>

#define BV_TYPE_COLUMN_ITEM (bv_column_item_get_type ())
G_DECLARE_FINAL_TYPE (BvColumnItem, bv_column_item, BV, COLUMN_ITEM, GObject)

struct _BvColumnItem
{
  GObject parent_instance;

  char *name;
  char *title;
  char *kind;    /* type, meaning, key, hidden */
  char *profile; /* (nullable) */
  double filled; /* 0…1, or NAN before the profile */
};

G_DEFINE_FINAL_TYPE (BvColumnItem, bv_column_item, G_TYPE_OBJECT)

struct _BvColumnList
{
  AdwBin parent_instance;

  GListStore *items;
  BvFrame *profile;
  BvLocale *locale;
};

G_DEFINE_FINAL_TYPE (BvColumnList, bv_column_list, ADW_TYPE_BIN)

enum
{
  SIGNAL_FIELD_ACTIVATED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static void
bv_column_item_finalize (GObject *object)
{
  BvColumnItem *self = BV_COLUMN_ITEM (object);

  g_free (self->name);
  g_free (self->title);
  g_free (self->kind);
  g_free (self->profile);

  G_OBJECT_CLASS (bv_column_item_parent_class)->finalize (object);
}

static void
bv_column_item_class_init (BvColumnItemClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = bv_column_item_finalize;
}

static void
bv_column_item_init (BvColumnItem *self)
{
  self->filled = NAN;
}

/* --- Texts --------------------------------------------------------------------------------------------------------------- */

static char *
kind_text (BvTable *table,
           BvField *field)
{
  GString *text = g_string_new (bv_type_to_label (field->type));

  if (field->semantic != NULL)
    g_string_append_printf (text, " · %s", bv_semantic_label (field->semantic));
  if (table->key != NULL && g_strv_contains ((const char *const *) table->key, field->name))
    g_string_append_printf (text, " · %s", _("Key"));
  if (field->hidden)
    g_string_append_printf (text, " · %s", _("Hidden"));
  if (field->label != NULL)
    g_string_append_printf (text, " · %s", field->name);
  return g_string_free (text, FALSE);
}

static char *
cell_text (BvFrame    *profile,
           const char *column,
           guint       row,
           BvLocale   *locale)
{
  int index = bv_frame_find_column (profile, column);

  if (index < 0 || bv_frame_is_null (profile, index, row))
    return NULL;
  return bv_frame_format (profile, index, row, locale);
}

static void
append_part (GString    *text,
             const char *format,
             ...)
{
  g_autofree char *part = NULL;
  va_list args;

  va_start (args, format);
  part = g_strdup_vprintf (format, args);
  va_end (args);
  if (text->len > 0)
    g_string_append (text, " · ");
  g_string_append (text, part);
}

static void
read_profile (BvColumnItem *item,
              BvFrame      *profile,
              BvLocale     *locale)
{
  int fields = bv_frame_find_column (profile, "field");
  int filled = bv_frame_find_column (profile, "filled"), empty = bv_frame_find_column (profile, "empty");
  int distinct = bv_frame_find_column (profile, "distinct"), times = bv_frame_find_column (profile, "times");

  for (guint row = 0; fields >= 0 && row < bv_frame_get_n_rows (profile); row++)
    {
      g_autofree char *minimum = NULL;
      g_autofree char *maximum = NULL;
      g_autofree char *average = NULL;
      g_autofree char *frequent = NULL;
      GString *text;

      if (g_strcmp0 (bv_frame_get_text (profile, fields, row), item->name) != 0)
        continue;
      minimum = cell_text (profile, "minimum", row, locale);
      maximum = cell_text (profile, "maximum", row, locale);
      average = cell_text (profile, "average", row, locale);
      frequent = cell_text (profile, "most frequent", row, locale);
      text = g_string_new (NULL);
      if (filled >= 0 && empty >= 0)
        {
          double n = bv_frame_get_double (profile, filled, row), m = bv_frame_get_double (profile, empty, row);

          item->filled = n + m > 0 ? n / (n + m) : NAN;
        }
      if (distinct >= 0 && !bv_frame_is_null (profile, distinct, row))
        {
          gint64 n = bv_frame_get_int (profile, distinct, row);
          g_autofree char *count = bv_locale_format_count (locale, n);

          append_part (text, ngettext ("%s different value", "%s different values", n), count);
        }
      if (minimum != NULL && maximum != NULL)
        append_part (text, _("%s to %s"), minimum, maximum);
      if (average != NULL)
        append_part (text, _("average %s"), average);
      if (frequent != NULL && times >= 0 && bv_frame_get_int (profile, times, row) > 1)
        {
          g_autofree char *count = bv_locale_format_count (locale, bv_frame_get_int (profile, times, row));

          /* Translators: the most frequent value of a column, and how often it occurs */
          append_part (text, _("mostly “%s” (%s)"), frequent, count);
        }
      g_free (item->profile);
      item->profile = g_string_free (text, FALSE);
      return;
    }
}

/* --- Rows -------------------------------------------------------------------------------------------------------------------- */

static void
setup_cb (GtkSignalListItemFactory *factory,
          GtkListItem              *list_item)
{
  GtkWidget *row = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 12);
  GtkWidget *texts = gtk_box_new (GTK_ORIENTATION_VERTICAL, 3);
  GtkWidget *filled = gtk_box_new (GTK_ORIENTATION_VERTICAL, 3);
  const char *classes[] = { "heading", "dim-label", "profile" };
  GtkWidget *bar = gtk_level_bar_new ();
  GtkWidget *share = gtk_label_new (NULL);

  for (guint i = 0; i < G_N_ELEMENTS (classes); i++)
    {
      GtkWidget *label = gtk_label_new (NULL);

      gtk_label_set_xalign (GTK_LABEL (label), 0);
      gtk_label_set_ellipsize (GTK_LABEL (label), PANGO_ELLIPSIZE_END);
      gtk_widget_add_css_class (label, classes[i]);
      if (i > 0)
        gtk_widget_add_css_class (label, "caption");
      gtk_box_append (GTK_BOX (texts), label);
    }
  gtk_widget_set_hexpand (texts, TRUE);
  gtk_widget_set_size_request (filled, 90, -1);
  gtk_widget_set_valign (filled, GTK_ALIGN_CENTER);
  gtk_level_bar_add_offset_value (GTK_LEVEL_BAR (bar), GTK_LEVEL_BAR_OFFSET_LOW, 0.0);
  gtk_widget_add_css_class (share, "caption");
  gtk_widget_add_css_class (share, "dim-label");
  gtk_widget_add_css_class (share, "numeric");
  gtk_box_append (GTK_BOX (filled), bar);
  gtk_box_append (GTK_BOX (filled), share);
  gtk_widget_add_css_class (row, "column-row");
  gtk_box_append (GTK_BOX (row), texts);
  gtk_box_append (GTK_BOX (row), filled);
  gtk_box_append (GTK_BOX (row), gtk_image_new_from_icon_name ("document-edit-symbolic"));
  gtk_list_item_set_child (list_item, row);
}

static void
bind_cb (GtkSignalListItemFactory *factory,
         GtkListItem              *list_item)
{
  BvColumnItem *item = gtk_list_item_get_item (list_item);
  GtkWidget *row = gtk_list_item_get_child (list_item);
  GtkWidget *texts = gtk_widget_get_first_child (row);
  GtkWidget *filled = gtk_widget_get_next_sibling (texts);
  GtkWidget *bar = gtk_widget_get_first_child (filled);
  GtkWidget *title = gtk_widget_get_first_child (texts);
  GtkWidget *kind = gtk_widget_get_next_sibling (title);
  GtkWidget *profile = gtk_widget_get_next_sibling (kind);
  g_autofree char *share = isnan (item->filled) ? NULL : g_strdup_printf (_("%.0f %% filled"), floor (item->filled * 100));
  g_autofree char *name = g_strdup_printf (_("Edit the column %s"), item->title);

  gtk_label_set_label (GTK_LABEL (title), item->title);
  gtk_label_set_label (GTK_LABEL (kind), item->kind);
  gtk_label_set_label (GTK_LABEL (profile), item->profile != NULL ? item->profile : "");
  gtk_widget_set_tooltip_text (profile, item->profile);
  gtk_widget_set_visible (filled, share != NULL);
  gtk_level_bar_set_value (GTK_LEVEL_BAR (bar), isnan (item->filled) ? 0 : item->filled);
  gtk_label_set_label (GTK_LABEL (gtk_widget_get_next_sibling (bar)), share != NULL ? share : "");
  bv_set_name (bar, share != NULL ? share : "");
  bv_list_item_set_name (list_item, name);
}

static void
activate_cb (BvColumnList *self,
             guint         position)
{
  g_autoptr(BvColumnItem) item = g_list_model_get_item (G_LIST_MODEL (self->items), position);

  g_signal_emit (self, signals[SIGNAL_FIELD_ACTIVATED], 0, item->name);
}

/* --- The widget ------------------------------------------------------------------------------------------------------------------ */

static void
bv_column_list_finalize (GObject *object)
{
  BvColumnList *self = BV_COLUMN_LIST (object);

  g_clear_object (&self->items);
  g_clear_pointer (&self->profile, bv_frame_unref);
  g_clear_pointer (&self->locale, bv_locale_unref);

  G_OBJECT_CLASS (bv_column_list_parent_class)->finalize (object);
}

static void
bv_column_list_class_init (BvColumnListClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = bv_column_list_finalize;
  signals[SIGNAL_FIELD_ACTIVATED] = g_signal_new ("field-activated", BV_TYPE_COLUMN_LIST, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                                  G_TYPE_NONE, 1, G_TYPE_STRING);
}

static void
bv_column_list_init (BvColumnList *self)
{
  GtkWidget *scrolled = bv_scrolled_new ();
  GtkWidget *clamp = adw_clamp_scrollable_new ();
  GtkListItemFactory *factory = gtk_signal_list_item_factory_new ();
  GtkWidget *list;

  self->items = g_list_store_new (BV_TYPE_COLUMN_ITEM);
  g_signal_connect (factory, "setup", G_CALLBACK (setup_cb), NULL);
  g_signal_connect (factory, "bind", G_CALLBACK (bind_cb), NULL);
  list = gtk_list_view_new (GTK_SELECTION_MODEL (gtk_no_selection_new (G_LIST_MODEL (g_object_ref (self->items)))), factory);
  gtk_list_view_set_single_click_activate (GTK_LIST_VIEW (list), TRUE);
  gtk_list_view_set_show_separators (GTK_LIST_VIEW (list), TRUE);
  gtk_widget_add_css_class (list, "column-list");
  bv_set_name (list, _("Columns"));
  g_signal_connect_swapped (list, "activate", G_CALLBACK (activate_cb), self);
  adw_clamp_scrollable_set_maximum_size (ADW_CLAMP_SCROLLABLE (clamp), 900);
  adw_clamp_scrollable_set_child (ADW_CLAMP_SCROLLABLE (clamp), list);
  gtk_scrolled_window_set_policy (GTK_SCROLLED_WINDOW (scrolled), GTK_POLICY_NEVER, GTK_POLICY_AUTOMATIC);
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (scrolled), clamp);
  adw_bin_set_child (ADW_BIN (self), scrolled);
}

GtkWidget *
bv_column_list_new (void)
{
  return g_object_new (BV_TYPE_COLUMN_LIST, NULL);
}

void
bv_column_list_set_table (BvColumnList *self,
                          BvTable      *table)
{
  g_autoptr(GPtrArray) items = g_ptr_array_new_with_free_func (g_object_unref);

  g_return_if_fail (BV_IS_COLUMN_LIST (self));

  for (guint i = 0; i < table->fields->len; i++)
    {
      BvField *field = g_ptr_array_index (table->fields, i);
      BvColumnItem *item = g_object_new (BV_TYPE_COLUMN_ITEM, NULL);

      item->name = g_strdup (field->name);
      item->title = g_strdup (field->label != NULL ? field->label : field->name);
      item->kind = kind_text (table, field);
      if (self->profile != NULL)
        read_profile (item, self->profile, self->locale);
      g_ptr_array_add (items, item);
    }
  g_list_store_splice (self->items, 0, g_list_model_get_n_items (G_LIST_MODEL (self->items)), items->pdata, items->len);
}

void
bv_column_list_set_profile (BvColumnList *self,
                            BvFrame      *profile,
                            BvLocale     *locale)
{
  guint n;

  g_return_if_fail (BV_IS_COLUMN_LIST (self));

  g_clear_pointer (&self->profile, bv_frame_unref);
  g_clear_pointer (&self->locale, bv_locale_unref);
  if (profile == NULL)
    return;
  self->profile = bv_frame_ref (profile);
  self->locale = bv_locale_ref (locale);
  n = g_list_model_get_n_items (G_LIST_MODEL (self->items));
  for (guint i = 0; i < n; i++)
    {
      g_autoptr(BvColumnItem) item = g_list_model_get_item (G_LIST_MODEL (self->items), i);

      read_profile (item, profile, locale);
    }
  g_list_model_items_changed (G_LIST_MODEL (self->items), 0, n, n);
}
