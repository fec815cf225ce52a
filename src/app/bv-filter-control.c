/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "bv-filter-control.h"

#include "bv-range-chooser.h"
#include "bv-util.h"
#include "bv-value-list.h"

#include <glib/gi18n.h>
#include <string.h>

/* Typing is taken over when it rests for so long. */
#define TYPING_MS 250

typedef enum { CONTROL_LIST, CONTROL_DATE, CONTROL_RANGE, CONTROL_TEXT, CONTROL_BOOLEAN } ControlKind;

struct _BvFilterControl
{
  AdwBin parent_instance;

  BvReportRun *run;
  BvFilter *filter;
  ControlKind kind;
  BvType type;
  gboolean setting;
  guint typing_id;

  GtkWidget *list;      /* BvValueList */
  GtkWidget *chooser;   /* BvRangeChooser */
  GtkWidget *from, *to; /* GtkEntry; @from also for text */
  GtkWidget *choices[3];
};

G_DEFINE_FINAL_TYPE (BvFilterControl, bv_filter_control, ADW_TYPE_BIN)

enum
{
  SIGNAL_CHANGED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

gboolean
bv_filter_is_date (BvFilter *filter)
{
  return g_strcmp0 (filter->field, BV_FILTER_TIME) == 0 || g_strcmp0 (filter->control, "date") == 0;
}

static void
clear_value (gpointer data)
{
  bv_value_clear (data);
}

static void
emit_changed (BvFilterControl *self)
{
  if (!self->setting)
    g_signal_emit (self, signals[SIGNAL_CHANGED], 0);
}

/* --- Typing ------------------------------------------------------------------------------------------------------------ */

static BvLocale *
get_locale (BvFilterControl *self)
{
  return bv_workspace_get_locale (bv_report_run_get_workspace (self->run));
}

static gboolean
read_number (BvFilterControl *self,
             GtkWidget       *entry,
             BvValue         *value)
{
  return bv_locale_parse_number (get_locale (self), gtk_editable_get_text (GTK_EDITABLE (entry)), self->type, value);
}

static gboolean
check_number (BvFilterControl *self,
              GtkWidget       *entry)
{
  g_auto(BvValue) value = BV_VALUE_NULL;
  gboolean ok = read_number (self, entry, &value);

  if (ok)
    gtk_widget_remove_css_class (entry, "error");
  else
    gtk_widget_add_css_class (entry, "error");
  gtk_accessible_update_state (GTK_ACCESSIBLE (entry), GTK_ACCESSIBLE_STATE_INVALID,
                               ok ? GTK_ACCESSIBLE_INVALID_FALSE : GTK_ACCESSIBLE_INVALID_TRUE, -1);
  return ok;
}

static gboolean
typing_cb (gpointer user_data)
{
  BvFilterControl *self = user_data;

  self->typing_id = 0;
  if (self->kind == CONTROL_RANGE)
    {
      gboolean from = check_number (self, self->from), to = check_number (self, self->to);

      if (!from || !to)
        return G_SOURCE_REMOVE;
    }
  emit_changed (self);
  return G_SOURCE_REMOVE;
}

static void
typed_cb (BvFilterControl *self)
{
  if (self->setting)
    return;
  g_clear_handle_id (&self->typing_id, g_source_remove);
  self->typing_id = g_timeout_add (TYPING_MS, typing_cb, self);
}

static void
entered_cb (BvFilterControl *self)
{
  g_clear_handle_id (&self->typing_id, g_source_remove);
  typing_cb (self);
}

static GtkWidget *
new_entry (BvFilterControl *self,
           const char      *name,
           const char      *placeholder)
{
  GtkWidget *entry = gtk_entry_new ();

  gtk_entry_set_placeholder_text (GTK_ENTRY (entry), placeholder);
  bv_set_name (entry, name);
  gtk_widget_set_hexpand (entry, TRUE);
  g_signal_connect_swapped (entry, "changed", G_CALLBACK (typed_cb), self);
  g_signal_connect_swapped (entry, "activate", G_CALLBACK (entered_cb), self);
  return entry;
}

/* --- Making --------------------------------------------------------------------------------------------------------------- */

static void
range_changed_cb (BvFilterControl *self,
                  const char      *spec)
{
  emit_changed (self);
}

static void
toggled_cb (BvFilterControl *self,
            GtkCheckButton  *button)
{
  if (gtk_check_button_get_active (button))
    emit_changed (self);
}

static GtkWidget *
make_choices (BvFilterControl *self)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 6);
  const char *const labels[] = { _("No filter"), _("Yes"), _("No") };

  for (guint i = 0; i < G_N_ELEMENTS (labels); i++)
    {
      self->choices[i] = gtk_check_button_new_with_label (labels[i]);
      if (i > 0)
        gtk_check_button_set_group (GTK_CHECK_BUTTON (self->choices[i]), GTK_CHECK_BUTTON (self->choices[0]));
      g_signal_connect_swapped (self->choices[i], "toggled", G_CALLBACK (toggled_cb), self);
      gtk_box_append (GTK_BOX (box), self->choices[i]);
    }
  gtk_widget_set_visible (self->choices[0], !self->filter->required);
  return box;
}

static GtkWidget *
make (BvFilterControl *self)
{
  BvWorkspace *workspace = bv_report_run_get_workspace (self->run);
  GtkWidget *box;

  switch (self->kind)
    {
    case CONTROL_DATE:
      self->chooser = bv_range_chooser_new ();
      bv_range_chooser_set_locale (BV_RANGE_CHOOSER (self->chooser), get_locale (self), bv_workspace_get_now (workspace));
      g_signal_connect_swapped (self->chooser, "changed", G_CALLBACK (range_changed_cb), self);
      return self->chooser;
    case CONTROL_RANGE:
      box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6);
      self->from = new_entry (self, _("From"), _("From"));
      self->to = new_entry (self, _("To"), _("To"));
      gtk_box_append (GTK_BOX (box), self->from);
      gtk_box_append (GTK_BOX (box), gtk_label_new ("–"));
      gtk_box_append (GTK_BOX (box), self->to);
      return box;
    case CONTROL_TEXT:
      self->from = new_entry (self, _("Text that the values contain"), _("Contains…"));
      return self->from;
    case CONTROL_BOOLEAN:
      return make_choices (self);
    case CONTROL_LIST:
    default:
      self->list = bv_value_list_new (self->run, g_strcmp0 (self->filter->control, "single") == 0, self->filter->required);
      g_signal_connect_swapped (self->list, "changed", G_CALLBACK (emit_changed), self);
      return self->list;
    }
}

static ControlKind
kind_of (BvFilter *filter)
{
  if (bv_filter_is_date (filter))
    return CONTROL_DATE;
  if (g_strcmp0 (filter->control, "range") == 0)
    return CONTROL_RANGE;
  if (g_strcmp0 (filter->control, "text") == 0)
    return CONTROL_TEXT;
  if (g_strcmp0 (filter->control, "boolean") == 0)
    return CONTROL_BOOLEAN;
  return CONTROL_LIST;
}

/* --- Object ----------------------------------------------------------------------------------------------------------------- */

static void
bv_filter_control_dispose (GObject *object)
{
  BvFilterControl *self = BV_FILTER_CONTROL (object);

  g_clear_handle_id (&self->typing_id, g_source_remove);

  G_OBJECT_CLASS (bv_filter_control_parent_class)->dispose (object);
}

static void
bv_filter_control_finalize (GObject *object)
{
  BvFilterControl *self = BV_FILTER_CONTROL (object);

  g_clear_object (&self->run);
  g_clear_pointer (&self->filter, bv_filter_free);

  G_OBJECT_CLASS (bv_filter_control_parent_class)->finalize (object);
}

static void
bv_filter_control_class_init (BvFilterControlClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = bv_filter_control_dispose;
  object_class->finalize = bv_filter_control_finalize;
  signals[SIGNAL_CHANGED] = g_signal_new ("changed", BV_TYPE_FILTER_CONTROL, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
bv_filter_control_init (BvFilterControl *self)
{
}

GtkWidget *
bv_filter_control_new (BvReportRun *run,
                       BvFilter    *filter)
{
  BvFilterControl *self = g_object_new (BV_TYPE_FILTER_CONTROL, NULL);

  self->run = g_object_ref (run);
  self->filter = bv_filter_copy (filter);
  self->kind = kind_of (filter);
  self->type = bv_filter_type (bv_workspace_get_model (bv_report_run_get_workspace (run)), filter);
  adw_bin_set_child (ADW_BIN (self), make (self));
  return GTK_WIDGET (self);
}

void
bv_filter_control_load (BvFilterControl *self)
{
  g_return_if_fail (BV_IS_FILTER_CONTROL (self));

  if (self->list != NULL)
    bv_value_list_load (BV_VALUE_LIST (self->list), self->filter);
}

static void
set_number (BvFilterControl *self,
            GtkWidget       *entry,
            const BvValue   *value)
{
  g_autofree char *text = value != NULL ? bv_locale_write_number (get_locale (self), value) : g_strdup ("");

  gtk_editable_set_text (GTK_EDITABLE (entry), text);
}

void
bv_filter_control_set_values (BvFilterControl *self,
                              const GArray    *values)
{
  const BvValue *first = values->len > 0 ? &g_array_index (values, BvValue, 0) : NULL;

  g_return_if_fail (BV_IS_FILTER_CONTROL (self));

  /* What is being typed is newer than what it was. */
  if (self->typing_id != 0)
    return;
  self->setting = TRUE;
  switch (self->kind)
    {
    case CONTROL_DATE:
      bv_range_chooser_set_range (BV_RANGE_CHOOSER (self->chooser), first != NULL && first->type == BV_TYPE_TEXT ? first->s : NULL);
      break;
    case CONTROL_RANGE:
      {
        g_autoptr(GArray) now = bv_filter_control_dup_values (self);
        gboolean same = now->len == values->len;

        for (guint i = 0; same && i < now->len; i++)
          same = bv_value_equal (&g_array_index (now, BvValue, i), &g_array_index (values, BvValue, i));
        if (!same)
          {
            set_number (self, self->from, first);
            set_number (self, self->to, values->len > 1 ? first + 1 : NULL);
          }
        break;
      }
    case CONTROL_TEXT:
      if (g_strcmp0 (gtk_editable_get_text (GTK_EDITABLE (self->from)), first != NULL && first->type == BV_TYPE_TEXT ? first->s : "") != 0)
        gtk_editable_set_text (GTK_EDITABLE (self->from), first != NULL && first->type == BV_TYPE_TEXT ? first->s : "");
      break;
    case CONTROL_BOOLEAN:
      gtk_check_button_set_active (GTK_CHECK_BUTTON (self->choices[first == NULL ? 0 : first->i ? 1 : 2]), TRUE);
      break;
    case CONTROL_LIST:
    default:
      bv_value_list_set_chosen (BV_VALUE_LIST (self->list), values);
      break;
    }
  self->setting = FALSE;
}

GArray *
bv_filter_control_dup_values (BvFilterControl *self)
{
  GArray *values = g_array_new (FALSE, TRUE, sizeof (BvValue));
  BvValue value[2] = { BV_VALUE_NULL, BV_VALUE_NULL };

  g_array_set_clear_func (values, clear_value);
  switch (self->kind)
    {
    case CONTROL_DATE:
      value[0] = bv_value_text (bv_range_chooser_get_range (BV_RANGE_CHOOSER (self->chooser)));
      /* All time is no filter, unless a tile's own range has to give way to it. */
      if (g_strcmp0 (value[0].s, "all-time") == 0 && g_strcmp0 (self->filter->field, BV_FILTER_TIME) != 0)
        bv_value_clear (&value[0]);
      else
        g_array_append_val (values, value[0]);
      break;
    case CONTROL_RANGE:
      if (read_number (self, self->from, &value[0]) && read_number (self, self->to, &value[1])
          && (value[0].type != BV_TYPE_NULL || value[1].type != BV_TYPE_NULL))
        g_array_append_vals (values, value, 2);
      break;
    case CONTROL_TEXT:
      value[0] = bv_value_text (gtk_editable_get_text (GTK_EDITABLE (self->from)));
      if (*value[0].s != '\0')
        g_array_append_val (values, value[0]);
      else
        bv_value_clear (&value[0]);
      break;
    case CONTROL_BOOLEAN:
      if (!gtk_check_button_get_active (GTK_CHECK_BUTTON (self->choices[0])))
        {
          value[0] = bv_value_bool (gtk_check_button_get_active (GTK_CHECK_BUTTON (self->choices[1])));
          g_array_append_val (values, value[0]);
        }
      break;
    case CONTROL_LIST:
    default:
      {
        const GArray *chosen = bv_value_list_get_chosen (BV_VALUE_LIST (self->list));

        for (guint i = 0; i < chosen->len; i++)
          {
            value[0] = bv_value_copy (&g_array_index (chosen, BvValue, i));
            g_array_append_val (values, value[0]);
          }
        break;
      }
    }
  return values;
}

void
bv_filter_control_focus (BvFilterControl *self)
{
  if (self->list != NULL)
    bv_value_list_focus (BV_VALUE_LIST (self->list));
  else
    gtk_widget_child_focus (GTK_WIDGET (self), GTK_DIR_TAB_FORWARD);
}

gboolean
bv_filter_control_is_busy (BvFilterControl *self)
{
  return self->list != NULL && bv_value_list_is_busy (BV_VALUE_LIST (self->list));
}
