/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "bv-import-parts.h"

#include <glib/gi18n.h>

struct _BvImportParts
{
  AdwExpanderRow parent_instance;

  char *path;        /* (nullable): the file whose parts are shown */
  GPtrArray *rows;   /* AdwActionRow, borrowed */
  GPtrArray *checks; /* GtkCheckButton, borrowed */
  GtkWidget *all;
  gboolean filling;
};

G_DEFINE_FINAL_TYPE (BvImportParts, bv_import_parts, ADW_TYPE_EXPANDER_ROW)

enum
{
  SIGNAL_TOGGLED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static guint
count_marks (BvImportParts *self)
{
  guint n = 0;

  for (guint i = 0; i < self->checks->len; i++)
    n += gtk_check_button_get_active (self->checks->pdata[i]);
  return n;
}

/* What is marked in all; the only mark cannot be taken away. */
static void
update_marks (BvImportParts *self)
{
  guint n = count_marks (self);
  g_autofree char *text = g_strdup_printf (_("%u of %u"), n, self->checks->len);

  adw_expander_row_set_subtitle (ADW_EXPANDER_ROW (self), text);
  gtk_widget_set_sensitive (self->all, n < self->checks->len);
  for (guint i = 0; i < self->checks->len; i++)
    gtk_widget_set_sensitive (self->checks->pdata[i], n > 1 || !gtk_check_button_get_active (self->checks->pdata[i]));
}

static void
check_toggled_cb (BvImportParts  *self,
                  GtkCheckButton *check)
{
  guint place;

  if (self->filling || !g_ptr_array_find (self->checks, check, &place))
    return;
  update_marks (self);
  g_signal_emit (self, signals[SIGNAL_TOGGLED], 0, adw_preferences_row_get_title (self->rows->pdata[place]), gtk_check_button_get_active (check));
}

static void
all_clicked_cb (BvImportParts *self)
{
  for (guint i = 0; i < self->checks->len; i++)
    gtk_check_button_set_active (self->checks->pdata[i], TRUE);
}

static void
make_rows (BvImportParts *self,
           char         **parts)
{
  for (guint i = 0; i < self->rows->len; i++)
    adw_expander_row_remove (ADW_EXPANDER_ROW (self), self->rows->pdata[i]);
  g_ptr_array_set_size (self->rows, 0);
  g_ptr_array_set_size (self->checks, 0);
  for (guint i = 0; parts != NULL && parts[i] != NULL; i++)
    {
      GtkWidget *row = adw_action_row_new (), *check = gtk_check_button_new ();

      adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (row), FALSE);
      adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), parts[i]);
      gtk_widget_set_valign (check, GTK_ALIGN_CENTER);
      adw_action_row_add_prefix (ADW_ACTION_ROW (row), check);
      adw_action_row_set_activatable_widget (ADW_ACTION_ROW (row), check);
      g_signal_connect_object (check, "toggled", G_CALLBACK (check_toggled_cb), self, G_CONNECT_SWAPPED);
      adw_expander_row_add_row (ADW_EXPANDER_ROW (self), row);
      g_ptr_array_add (self->rows, row);
      g_ptr_array_add (self->checks, check);
    }
}

void
bv_import_parts_show (BvImportParts *self,
                      BvImportPlan  *plan,
                      GPtrArray     *plans)
{
  gboolean has_parts = plan->parts != NULL && plan->parts[1] != NULL;

  g_return_if_fail (BV_IS_IMPORT_PARTS (self));

  gtk_widget_set_visible (GTK_WIDGET (self), has_parts);
  if (!has_parts)
    return;
  self->filling = TRUE;
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (self), plan->kind == BV_FILE_XLSX ? _("Sheets") : _("Tables in the File"));
  if (g_strcmp0 (self->path, plan->path) != 0)
    {
      make_rows (self, plan->parts);
      g_free (self->path);
      self->path = g_strdup (plan->path);
    }
  for (guint i = 0; i < self->checks->len; i++)
    {
      gboolean marked = FALSE;

      for (guint p = 0; p < plans->len && !marked; p++)
        {
          const BvImportPlan *other = plans->pdata[p];

          marked = g_strcmp0 (other->path, plan->path) == 0 && g_strcmp0 (other->part, plan->parts[i]) == 0;
        }
      gtk_check_button_set_active (self->checks->pdata[i], marked);
    }
  self->filling = FALSE;
  update_marks (self);
}

static void
bv_import_parts_finalize (GObject *object)
{
  BvImportParts *self = BV_IMPORT_PARTS (object);

  g_free (self->path);
  g_ptr_array_unref (self->rows);
  g_ptr_array_unref (self->checks);

  G_OBJECT_CLASS (bv_import_parts_parent_class)->finalize (object);
}

static void
bv_import_parts_class_init (BvImportPartsClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = bv_import_parts_finalize;
  signals[SIGNAL_TOGGLED] = g_signal_new ("toggled", BV_TYPE_IMPORT_PARTS, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 2, G_TYPE_STRING,
                                          G_TYPE_BOOLEAN);
}

static void
bv_import_parts_init (BvImportParts *self)
{
  self->rows = g_ptr_array_new ();
  self->checks = g_ptr_array_new ();
  self->all = gtk_button_new_with_mnemonic (_("_All"));
  gtk_widget_set_valign (self->all, GTK_ALIGN_CENTER);
  gtk_widget_add_css_class (self->all, "flat");
  adw_expander_row_add_action (ADW_EXPANDER_ROW (self), self->all);
  g_signal_connect_object (self->all, "clicked", G_CALLBACK (all_clicked_cb), self, G_CONNECT_SWAPPED);
}
