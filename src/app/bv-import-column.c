/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "bv-import-column.h"

#include "bv-util.h"

#include <glib/gi18n.h>

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
  gtk_check_button_set_label (GTK_CHECK_BUTTON (row->take), item->column->name);
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
