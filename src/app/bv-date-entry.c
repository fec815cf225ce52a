/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "bv-date-entry.h"

#include "bv-util.h"

#include <glib/gi18n.h>

struct _BvDateEntry
{
  AdwBin parent_instance;

  BvLocale *locale;
  gboolean updating;

  GtkWidget *entry;
  GtkWidget *popover;
  GtkWidget *month;
};

G_DEFINE_FINAL_TYPE (BvDateEntry, bv_date_entry, ADW_TYPE_BIN)

enum
{
  SIGNAL_CHANGED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static gboolean
read_day (BvDateEntry *self,
          gint64      *day)
{
  return bv_locale_parse_date (self->locale, gtk_editable_get_text (GTK_EDITABLE (self->entry)), day);
}

static void
changed_cb (BvDateEntry *self)
{
  const char *text = gtk_editable_get_text (GTK_EDITABLE (self->entry));
  gint64 day;
  gboolean fine = *text == '\0' || read_day (self, &day);

  if (fine)
    gtk_widget_remove_css_class (self->entry, "error");
  else
    gtk_widget_add_css_class (self->entry, "error");
  gtk_accessible_update_state (GTK_ACCESSIBLE (self->entry), GTK_ACCESSIBLE_STATE_INVALID,
                               fine ? GTK_ACCESSIBLE_INVALID_FALSE : GTK_ACCESSIBLE_INVALID_TRUE, -1);
  if (!self->updating)
    g_signal_emit (self, signals[SIGNAL_CHANGED], 0);
}

/* The calendar opens at the day that is written, or at today. */
static void
shown_cb (BvDateEntry *self)
{
  g_autoptr(GDateTime) date = NULL;
  gint64 day;
  int y, m, d;

  if (!read_day (self, &day))
    day = bv_calendar_day (bv_locale_get_calendar (self->locale), g_get_real_time ());
  bv_civil_from_days (day, &y, &m, &d);
  date = g_date_time_new_utc (y, m, d, 0, 0, 0);
  if (date == NULL)
    return;
  self->updating = TRUE;
  gtk_calendar_select_day (GTK_CALENDAR (self->month), date);
  self->updating = FALSE;
}

static void
day_selected_cb (BvDateEntry *self)
{
  g_autoptr(GDateTime) date = gtk_calendar_get_date (GTK_CALENDAR (self->month));
  g_autofree char *text = NULL;

  if (self->updating)
    return;
  text = bv_locale_format_date (self->locale, bv_days_from_civil (g_date_time_get_year (date), g_date_time_get_month (date),
                                                                  g_date_time_get_day_of_month (date)));
  gtk_editable_set_text (GTK_EDITABLE (self->entry), text);
}

static void
bv_date_entry_finalize (GObject *object)
{
  g_clear_pointer (&BV_DATE_ENTRY (object)->locale, bv_locale_unref);

  G_OBJECT_CLASS (bv_date_entry_parent_class)->finalize (object);
}

static void
bv_date_entry_class_init (BvDateEntryClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = bv_date_entry_finalize;

  signals[SIGNAL_CHANGED] = g_signal_new ("changed", BV_TYPE_DATE_ENTRY, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
bv_date_entry_init (BvDateEntry *self)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 0);
  GtkWidget *button = gtk_menu_button_new ();

  self->entry = gtk_entry_new ();
  self->popover = gtk_popover_new ();
  self->month = bv_month_new ();
  gtk_editable_set_width_chars (GTK_EDITABLE (self->entry), 13);
  gtk_entry_set_input_hints (GTK_ENTRY (self->entry), GTK_INPUT_HINT_NO_SPELLCHECK);
  gtk_popover_set_child (GTK_POPOVER (self->popover), self->month);
  gtk_menu_button_set_icon_name (GTK_MENU_BUTTON (button), "x-office-calendar-symbolic");
  gtk_menu_button_set_popover (GTK_MENU_BUTTON (button), self->popover);
  gtk_widget_set_tooltip_text (button, _("Choose a day"));
  bv_set_name (button, _("Choose a day"));
  gtk_widget_add_css_class (box, "linked");
  gtk_box_append (GTK_BOX (box), self->entry);
  gtk_box_append (GTK_BOX (box), button);
  adw_bin_set_child (ADW_BIN (self), box);
  g_signal_connect_swapped (self->entry, "changed", G_CALLBACK (changed_cb), self);
  g_signal_connect_swapped (self->popover, "show", G_CALLBACK (shown_cb), self);
  g_signal_connect_swapped (self->month, "day-selected", G_CALLBACK (day_selected_cb), self);
}

GtkWidget *
bv_date_entry_new (BvLocale   *locale,
                   const char *name)
{
  BvDateEntry *self = g_object_new (BV_TYPE_DATE_ENTRY, NULL);
  g_autofree char *sample = bv_locale_format_date (locale, bv_days_from_civil (2026, 3, 31));

  self->locale = bv_locale_ref (locale);
  gtk_entry_set_placeholder_text (GTK_ENTRY (self->entry), sample);
  bv_set_name (self->entry, name);
  return GTK_WIDGET (self);
}

void
bv_date_entry_set_text (BvDateEntry *self,
                        const char  *text)
{
  g_autofree char *shown = NULL;
  gint64 day;

  g_return_if_fail (BV_IS_DATE_ENTRY (self));

  shown = text != NULL && bv_date_parse (text, -1, &day) ? bv_locale_format_date (self->locale, day) : g_strdup (text);
  self->updating = TRUE;
  gtk_editable_set_text (GTK_EDITABLE (self->entry), shown != NULL ? shown : "");
  self->updating = FALSE;
}

char *
bv_date_entry_dup_day (BvDateEntry *self)
{
  char text[BV_TIME_TEXT_MAX];
  gint64 day;

  g_return_val_if_fail (BV_IS_DATE_ENTRY (self), NULL);

  return read_day (self, &day) ? g_strdup (bv_date_to_text (day, text)) : NULL;
}
