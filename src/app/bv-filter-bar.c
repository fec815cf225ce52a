/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Chips follow the run: their texts with every change of state, their order and number with every change of the report. While
 * editing, a chip is dragged onto another to take its place, or moved with Alt and the arrow keys. */
#include "config.h"
#include "bv-filter-bar.h"

#include "bv-report-edit.h"
#include "bv-util.h"
#include "bv-wrap-box.h"

#include <glib/gi18n.h>

struct _BvFilterBar
{
  AdwBin parent_instance;

  BvReportRun *run;
  GHashTable *chips;    /* id -> BvFilterChip (a reference of its own) */
  char *order;          /* ids as they are shown */
  gboolean editing;
  GtkWidget *wrap;
  GtkWidget *reset;
  GtkWidget *add;
  GtkWidget *caption;
};

G_DEFINE_FINAL_TYPE (BvFilterBar, bv_filter_bar, ADW_TYPE_BIN)

enum
{
  SIGNAL_EDIT_FILTER,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

/* --- Order ------------------------------------------------------------------------------------------------------------ */

static int
find_position (BvFilterBar *self,
               const char  *id)
{
  BvReport *report = bv_report_run_get_report (self->run);

  for (guint i = 0; report != NULL && i < report->filters->len; i++)
    if (g_strcmp0 (((BvFilter *) g_ptr_array_index (report->filters, i))->id, id) == 0)
      return (int) i;
  return -1;
}

static void
move_to (BvFilterBar *self,
         const char  *id,
         int          position)
{
  g_autofree char *moved = g_strdup (id);
  BvReport *report = bv_report_run_get_report (self->run);
  g_autoptr(GError) error = NULL;
  GtkWidget *chip;

  if (report == NULL || position < 0 || position >= (int) report->filters->len)
    return;
  if (!bv_report_move_filter (bv_report_run_get_workspace (self->run), report->uuid, moved, (guint) position, &error))
    bv_show_error (GTK_WIDGET (self), _("Could Not Move the Filter"), error);
  chip = g_hash_table_lookup (self->chips, moved);
  if (chip != NULL)
    gtk_widget_child_focus (chip, GTK_DIR_TAB_FORWARD);
}

static void
move_cb (BvFilterBar  *self,
         int           by,
         BvFilterChip *chip)
{
  int at = find_position (self, bv_filter_chip_get_id (chip));

  if (at >= 0)
    move_to (self, bv_filter_chip_get_id (chip), at + by);
}

static GdkContentProvider *
prepare_cb (GtkDragSource *source,
            double         x,
            double         y,
            BvFilterBar   *self)
{
  GtkWidget *chip = gtk_event_controller_get_widget (GTK_EVENT_CONTROLLER (source));
  g_autoptr(GdkPaintable) picture = NULL;

  if (!self->editing)
    return NULL;
  picture = gtk_widget_paintable_new (chip);
  gtk_drag_source_set_icon (source, picture, (int) x, (int) y);
  return gdk_content_provider_new_typed (BV_TYPE_FILTER_CHIP, chip);
}

static gboolean
drop_cb (GtkDropTarget *target,
         const GValue  *value,
         double         x,
         double         y,
         BvFilterBar   *self)
{
  BvFilterChip *onto = BV_FILTER_CHIP (gtk_event_controller_get_widget (GTK_EVENT_CONTROLLER (target)));
  BvFilterChip *chip = g_value_get_object (value);

  if (chip == NULL || chip == onto || g_hash_table_lookup (self->chips, bv_filter_chip_get_id (chip)) != chip)
    return FALSE;
  move_to (self, bv_filter_chip_get_id (chip), find_position (self, bv_filter_chip_get_id (onto)));
  return TRUE;
}

/* --- Chips --------------------------------------------------------------------------------------------------------------- */

static void
edit_cb (BvFilterBar  *self,
         BvFilterChip *chip)
{
  g_signal_emit (self, signals[SIGNAL_EDIT_FILTER], 0, bv_filter_chip_get_id (chip));
}

static void
add_cb (BvFilterBar *self)
{
  g_signal_emit (self, signals[SIGNAL_EDIT_FILTER], 0, NULL);
}

static void
reset_cb (BvFilterBar *self)
{
  bv_report_run_reset (self->run);
}

static GtkWidget *
make_chip (BvFilterBar *self,
           const char  *id)
{
  GtkWidget *chip = bv_filter_chip_new (self->run, id);
  GtkDragSource *source = gtk_drag_source_new ();
  GtkDropTarget *target = gtk_drop_target_new (BV_TYPE_FILTER_CHIP, GDK_ACTION_MOVE);

  gtk_drag_source_set_actions (source, GDK_ACTION_MOVE);
  g_signal_connect_object (source, "prepare", G_CALLBACK (prepare_cb), self, 0);
  g_signal_connect_object (target, "drop", G_CALLBACK (drop_cb), self, 0);
  /* Before the button of the chip, which would take the press for itself. */
  gtk_event_controller_set_propagation_phase (GTK_EVENT_CONTROLLER (source), GTK_PHASE_CAPTURE);
  gtk_widget_add_controller (chip, GTK_EVENT_CONTROLLER (source));
  gtk_widget_add_controller (chip, GTK_EVENT_CONTROLLER (target));
  g_signal_connect_object (chip, "move", G_CALLBACK (move_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (chip, "edit", G_CALLBACK (edit_cb), self, G_CONNECT_SWAPPED);
  bv_filter_chip_set_editing (BV_FILTER_CHIP (chip), self->editing);
  return chip;
}

static void
state_changed_cb (BvFilterBar *self)
{
  BvReport *report = bv_report_run_get_report (self->run);
  GHashTableIter iter;
  gpointer chip;

  g_hash_table_iter_init (&iter, self->chips);
  while (g_hash_table_iter_next (&iter, NULL, &chip))
    bv_filter_chip_update (chip);
  gtk_widget_set_visible (self->reset, report != NULL && !bv_report_run_is_default (self->run));
  gtk_widget_set_visible (self->add, self->editing);
}

static void
sync_chips (BvFilterBar *self)
{
  BvReport *report = bv_report_run_get_report (self->run);
  g_autoptr(GString) order = g_string_new (NULL);
  GHashTableIter iter;
  const char *id;

  for (guint i = 0; report != NULL && i < report->filters->len; i++)
    g_string_append_printf (order, "%s\n", ((BvFilter *) g_ptr_array_index (report->filters, i))->id);
  if (self->order == NULL || g_strcmp0 (order->str, self->order) != 0)
    {
      g_free (self->order);
      self->order = g_strdup (order->str);
      bv_wrap_box_clear (BV_WRAP_BOX (self->wrap));
      g_hash_table_iter_init (&iter, self->chips);
      while (g_hash_table_iter_next (&iter, (gpointer *) &id, NULL))
        if (find_position (self, id) < 0)
          g_hash_table_iter_remove (&iter);
      for (guint i = 0; report != NULL && i < report->filters->len; i++)
        {
          BvFilter *filter = g_ptr_array_index (report->filters, i);
          GtkWidget *chip = g_hash_table_lookup (self->chips, filter->id);

          if (chip == NULL)
            {
              chip = g_object_ref_sink (make_chip (self, filter->id));
              g_hash_table_insert (self->chips, g_strdup (filter->id), chip);
            }
          bv_wrap_box_append (BV_WRAP_BOX (self->wrap), chip);
        }
      bv_wrap_box_append (BV_WRAP_BOX (self->wrap), self->add);
      bv_wrap_box_append (BV_WRAP_BOX (self->wrap), self->reset);
      bv_wrap_box_append (BV_WRAP_BOX (self->wrap), self->caption);
    }
  state_changed_cb (self);
}

/* --- Object ----------------------------------------------------------------------------------------------------------------- */

static void
bv_filter_bar_dispose (GObject *object)
{
  BvFilterBar *self = BV_FILTER_BAR (object);

  if (self->chips != NULL)
    g_hash_table_remove_all (self->chips);
  g_clear_object (&self->reset);
  g_clear_object (&self->add);
  g_clear_object (&self->caption);
  g_clear_object (&self->run);

  G_OBJECT_CLASS (bv_filter_bar_parent_class)->dispose (object);
}

static void
bv_filter_bar_finalize (GObject *object)
{
  BvFilterBar *self = BV_FILTER_BAR (object);

  g_clear_pointer (&self->chips, g_hash_table_unref);
  g_free (self->order);

  G_OBJECT_CLASS (bv_filter_bar_parent_class)->finalize (object);
}

static void
bv_filter_bar_class_init (BvFilterBarClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = bv_filter_bar_dispose;
  object_class->finalize = bv_filter_bar_finalize;
  signals[SIGNAL_EDIT_FILTER] = g_signal_new ("edit-filter", BV_TYPE_FILTER_BAR, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1,
                                              G_TYPE_STRING);
}

static void
bv_filter_bar_init (BvFilterBar *self)
{
  GtkWidget *content = adw_button_content_new ();

  self->chips = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_object_unref);
  self->wrap = bv_wrap_box_new (6);
  self->reset = g_object_ref_sink (gtk_button_new_with_mnemonic (_("_Reset")));
  gtk_widget_add_css_class (self->reset, "flat");
  gtk_widget_set_tooltip_text (self->reset, _("Back to the Default Values"));
  g_signal_connect_swapped (self->reset, "clicked", G_CALLBACK (reset_cb), self);
  self->add = g_object_ref_sink (gtk_button_new ());
  adw_button_content_set_icon_name (ADW_BUTTON_CONTENT (content), "list-add-symbolic");
  adw_button_content_set_label (ADW_BUTTON_CONTENT (content), _("Add _Filter"));
  adw_button_content_set_use_underline (ADW_BUTTON_CONTENT (content), TRUE);
  gtk_button_set_child (GTK_BUTTON (self->add), content);
  gtk_widget_add_css_class (self->add, "flat");
  g_signal_connect_swapped (self->add, "clicked", G_CALLBACK (add_cb), self);
  self->caption = g_object_ref_sink (gtk_label_new (NULL));
  gtk_label_set_ellipsize (GTK_LABEL (self->caption), PANGO_ELLIPSIZE_END);
  gtk_widget_add_css_class (self->caption, "caption");
  gtk_widget_add_css_class (self->caption, "dim-label");
  gtk_widget_add_css_class (self->caption, "bar-caption");
  adw_bin_set_child (ADW_BIN (self), self->wrap);
  gtk_widget_add_css_class (GTK_WIDGET (self), "filter-bar");
}

GtkWidget *
bv_filter_bar_new (BvReportRun *run)
{
  BvFilterBar *self = g_object_new (BV_TYPE_FILTER_BAR, NULL);

  self->run = g_object_ref (run);
  g_signal_connect_object (run, "state-changed", G_CALLBACK (state_changed_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (run, "report-changed", G_CALLBACK (sync_chips), self, G_CONNECT_SWAPPED);
  sync_chips (self);
  return GTK_WIDGET (self);
}

void
bv_filter_bar_set_editing (BvFilterBar *self,
                           gboolean     editing)
{
  GHashTableIter iter;
  gpointer chip;

  g_return_if_fail (BV_IS_FILTER_BAR (self));

  self->editing = editing;
  g_hash_table_iter_init (&iter, self->chips);
  while (g_hash_table_iter_next (&iter, NULL, &chip))
    bv_filter_chip_set_editing (chip, editing);
  state_changed_cb (self);
}

BvFilterChip *
bv_filter_bar_get_chip (BvFilterBar *self,
                        const char  *filter_id)
{
  g_return_val_if_fail (BV_IS_FILTER_BAR (self), NULL);
  return g_hash_table_lookup (self->chips, filter_id);
}

void
bv_filter_bar_update (BvFilterBar *self)
{
  g_return_if_fail (BV_IS_FILTER_BAR (self));
  state_changed_cb (self);
}

void
bv_filter_bar_set_caption (BvFilterBar *self,
                           const char  *text)
{
  g_return_if_fail (BV_IS_FILTER_BAR (self));
  gtk_label_set_text (GTK_LABEL (self->caption), text);
}

gboolean
bv_filter_bar_is_busy (BvFilterBar *self)
{
  GHashTableIter iter;
  gpointer chip;

  g_hash_table_iter_init (&iter, self->chips);
  while (g_hash_table_iter_next (&iter, NULL, &chip))
    if (bv_filter_chip_is_busy (chip))
      return TRUE;
  return FALSE;
}
