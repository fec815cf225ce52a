/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "bv-import-column.h"

#include "bv-util.h"

#include <glib/gi18n.h>
#include <string.h>

#define MAX_PREVIEW_COLUMNS 40

struct _BvImportItem
{
  GObject parent_instance;

  BvImportColumn *column;
  gboolean in_key;
};

G_DEFINE_FINAL_TYPE (BvImportItem, bv_import_item, G_TYPE_OBJECT)

enum
{
  SIGNAL_CHANGED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static const BvType types[] = { BV_TYPE_TEXT, BV_TYPE_INT, BV_TYPE_DOUBLE, BV_TYPE_BOOL, BV_TYPE_DATE, BV_TYPE_TIMESTAMP };

static void
bv_import_item_class_init (BvImportItemClass *klass)
{
  signals[SIGNAL_CHANGED] = g_signal_new ("changed", BV_TYPE_IMPORT_ITEM, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
bv_import_item_init (BvImportItem *self)
{
}

BvImportItem *
bv_import_item_new (BvImportColumn *column,
                    gboolean        in_key)
{
  BvImportItem *self = g_object_new (BV_TYPE_IMPORT_ITEM, NULL);

  self->column = column;
  self->in_key = in_key;
  return self;
}

BvImportColumn *
bv_import_item_get_column (BvImportItem *self)
{
  g_return_val_if_fail (BV_IS_IMPORT_ITEM (self), NULL);

  return self->column;
}

gboolean
bv_import_item_get_in_key (BvImportItem *self)
{
  g_return_val_if_fail (BV_IS_IMPORT_ITEM (self), FALSE);

  return self->in_key;
}

/* --- The row: check button, type, key ------------------------------------------------------------------------------------- */

typedef struct
{
  GtkWidget *take, *type, *key;
  GtkLabel *label;
  BvImportItem *item; /* (nullable): while bound */
} Row;

static void
take_cb (Row *row)
{
  gboolean skip = !gtk_check_button_get_active (GTK_CHECK_BUTTON (row->take));

  gtk_widget_set_sensitive (row->type, !skip);
  gtk_widget_set_sensitive (row->key, !skip);
  if (row->item == NULL || row->item->column->skip == skip)
    return;
  row->item->column->skip = skip;
  g_signal_emit (row->item, signals[SIGNAL_CHANGED], 0);
}

static void
type_cb (Row *row)
{
  guint selected = gtk_drop_down_get_selected (GTK_DROP_DOWN (row->type));

  if (row->item == NULL || selected >= G_N_ELEMENTS (types) || row->item->column->type == types[selected])
    return;
  row->item->column->type = types[selected];
  row->item->column->chosen = TRUE;
  g_signal_emit (row->item, signals[SIGNAL_CHANGED], 0);
}

static void
key_cb (Row *row)
{
  gboolean in_key = gtk_toggle_button_get_active (GTK_TOGGLE_BUTTON (row->key));

  if (row->item == NULL || row->item->in_key == in_key)
    return;
  row->item->in_key = in_key;
  g_signal_emit (row->item, signals[SIGNAL_CHANGED], 0);
}

static void
setup_cb (GtkSignalListItemFactory *factory,
          GtkListItem              *list_item)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 12);
  const char *labels[G_N_ELEMENTS (types) + 1] = { NULL };
  Row *row = g_new0 (Row, 1);

  for (guint i = 0; i < G_N_ELEMENTS (types); i++)
    labels[i] = bv_type_to_label (types[i]);
  row->take = gtk_check_button_new ();
  row->label = GTK_LABEL (gtk_label_new (NULL));
  gtk_label_set_xalign (row->label, 0);
  gtk_label_set_ellipsize (row->label, PANGO_ELLIPSIZE_END);
  gtk_check_button_set_child (GTK_CHECK_BUTTON (row->take), GTK_WIDGET (row->label));
  row->type = gtk_drop_down_new_from_strings (labels);
  row->key = gtk_toggle_button_new_with_label (_("Key"));
  gtk_widget_set_hexpand (row->take, TRUE);
  gtk_widget_set_valign (row->type, GTK_ALIGN_CENTER);
  gtk_widget_set_valign (row->key, GTK_ALIGN_CENTER);
  gtk_widget_set_tooltip_text (row->key, _("Importing again replaces rows of equal key"));
  gtk_widget_add_css_class (box, "import-row");
  gtk_box_append (GTK_BOX (box), row->take);
  gtk_box_append (GTK_BOX (box), row->type);
  gtk_box_append (GTK_BOX (box), row->key);
  g_signal_connect_swapped (row->take, "toggled", G_CALLBACK (take_cb), row);
  g_signal_connect_swapped (row->type, "notify::selected", G_CALLBACK (type_cb), row);
  g_signal_connect_swapped (row->key, "toggled", G_CALLBACK (key_cb), row);
  g_object_set_data_full (G_OBJECT (box), "row", row, g_free);
  gtk_list_item_set_activatable (list_item, FALSE);
  gtk_list_item_set_child (list_item, box);
}

static void
bind_cb (GtkSignalListItemFactory *factory,
         GtkListItem              *list_item)
{
  BvImportItem *item = gtk_list_item_get_item (list_item);
  Row *row = g_object_get_data (G_OBJECT (gtk_list_item_get_child (list_item)), "row");
  g_autofree char *type_name = g_strdup_printf (_("Type of %s"), item->column->name);
  g_autofree char *key_name = g_strdup_printf (_("%s is part of the key"), item->column->name);

  row->item = NULL;
  gtk_label_set_label (row->label, item->column->name);
  bv_set_name (row->take, item->column->name);
  gtk_check_button_set_active (GTK_CHECK_BUTTON (row->take), !item->column->skip);
  take_cb (row);
  for (guint i = 0; i < G_N_ELEMENTS (types); i++)
    if (types[i] == item->column->type)
      gtk_drop_down_set_selected (GTK_DROP_DOWN (row->type), i);
  gtk_toggle_button_set_active (GTK_TOGGLE_BUTTON (row->key), item->in_key);
  bv_list_item_set_name (list_item, item->column->name);
  bv_set_name (row->type, type_name);
  bv_set_name (row->key, key_name);
  row->item = item;
}

static void
unbind_cb (GtkSignalListItemFactory *factory,
           GtkListItem              *list_item)
{
  GtkWidget *child = gtk_list_item_get_child (list_item);
  Row *row = child != NULL ? g_object_get_data (G_OBJECT (child), "row") : NULL;

  if (row != NULL)
    row->item = NULL;
}

GtkListItemFactory *
bv_import_item_factory_new (void)
{
  GtkListItemFactory *factory = gtk_signal_list_item_factory_new ();

  g_signal_connect (factory, "setup", G_CALLBACK (setup_cb), NULL);
  g_signal_connect (factory, "bind", G_CALLBACK (bind_cb), NULL);
  g_signal_connect (factory, "unbind", G_CALLBACK (unbind_cb), NULL);
  return factory;
}

BvFrame *
bv_import_preview_frame (BvImportPlan *plan,
                         guint        *n_kept)
{
  BvFrame *frame = bv_frame_new ();
  g_autoptr(GArray) shown = g_array_new (FALSE, FALSE, sizeof (guint));
  g_autofree BvValue *values = NULL;

  *n_kept = 0;
  for (guint i = 0; i < plan->columns->len; i++)
    {
      BvImportColumn *column = g_ptr_array_index (plan->columns, i);

      *n_kept += !column->skip;
      if (column->skip || shown->len == MAX_PREVIEW_COLUMNS || bv_frame_find_column (frame, column->name) >= 0)
        continue;
      bv_frame_add_column (frame, column->name, BV_TYPE_TEXT, BV_ROLE_FIELD);
      g_array_append_val (shown, i);
    }
  values = g_new0 (BvValue, MAX (shown->len, 1));
  for (guint row = 0; shown->len > 0 && row < plan->preview->len; row++)
    {
      GStrv cells = g_ptr_array_index (plan->preview, row);
      guint n_cells = g_strv_length (cells);

      for (guint i = 0; i < shown->len; i++)
        {
          guint index = g_array_index (shown, guint, i);

          values[i] = BV_VALUE_NULL;
          if (index < n_cells && *cells[index] != '\0')
            {
              values[i].type = BV_TYPE_TEXT;
              values[i].s = cells[index];
            }
        }
      bv_frame_append (frame, values);
    }
  return frame;
}

gboolean
bv_import_check_plans (GPtrArray *plans,
                       guint     *wrong,
                       GError   **error)
{
  for (guint i = 0; i < plans->len; i++)
    {
      BvImportPlan *plan = g_ptr_array_index (plans, i);
      g_autofree char *name = g_filename_display_basename (plan->path);
      guint n_kept = 0;

      for (guint j = 0; j < plan->columns->len; j++)
        n_kept += !((BvImportColumn *) g_ptr_array_index (plan->columns, j))->skip;
      if (plan->table == NULL || *plan->table == '\0')
        g_set_error (error, BV_ERROR, BV_ERROR_INVALID, _("The table of “%s” has no name: write one"), name);
      else if (n_kept == 0)
        g_set_error (error, BV_ERROR, BV_ERROR_INVALID, _("All columns of “%s” are left out: choose at least one"), name);
      else
        continue;
      *wrong = i;
      return FALSE;
    }
  return TRUE;
}

static guint
place_of (char      **texts,
          const char *text)
{
  guint i = 0;

  while (texts != NULL && texts[i] != NULL && g_strcmp0 (texts[i], text) != 0)
    i++;
  return i;
}

int
bv_import_compare_places (gconstpointer a,
                          gconstpointer b,
                          gpointer      paths)
{
  const BvImportPlan *x = *(BvImportPlan *const *) a, *y = *(BvImportPlan *const *) b;

  if (strcmp (x->path, y->path) == 0)
    return (int) place_of (x->parts, x->part) - (int) place_of (x->parts, y->part);
  return (int) place_of (paths, x->path) - (int) place_of (paths, y->path);
}

guint
bv_import_index_of (const char *chars,
                    gsize       n,
                    char        c)
{
  for (gsize i = 0; i < n; i++)
    if (chars[i] == c)
      return i;
  return 0;
}

guint
bv_import_index_of_text (const char *const *texts,
                         const char        *text)
{
  for (guint i = 0; texts[i] != NULL; i++)
    if (text != NULL && g_ascii_strcasecmp (texts[i], text) == 0)
      return i;
  return 0;
}
