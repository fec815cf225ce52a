/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Two sides of a stack: the presets in menu order, and a first and a last day with one calendar that sets the end whose entry had the
 * focus last. Days are shown as the locale writes them and read like that or as ISO dates, the way the range is kept; an empty entry
 * leaves that end open. */
#include "config.h"
#include "bv-range-chooser.h"

#include "bv-util.h"

#include <glib/gi18n.h>
#include <string.h>

struct _BvRangeChooser
{
  AdwBin parent_instance;

  char *spec;
  BvLocale *locale;
  gint64 now;
  gboolean updating;

  GtkStack *stack;
  GtkWidget *list;
  GtkWidget *ends[2]; /* entries: first and last day */
  GtkWidget *month;
  GtkWidget *hint;
  int active;         /* the end that the calendar sets */
};

G_DEFINE_FINAL_TYPE (BvRangeChooser, bv_range_chooser, ADW_TYPE_BIN)

enum
{
  SIGNAL_CHANGED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static void
take (BvRangeChooser *self,
      char           *spec)
{
  g_free (self->spec);
  self->spec = spec;
  g_signal_emit (self, signals[SIGNAL_CHANGED], 0, self->spec);
}

static void
show_chosen (BvRangeChooser *self)
{
  GtkListBoxRow *row;

  for (int i = 0; (row = gtk_list_box_get_row_at_index (GTK_LIST_BOX (self->list), i)) != NULL; i++)
    {
      GtkWidget *tick = g_object_get_data (G_OBJECT (row), "bv-tick");
      gboolean chosen = g_strcmp0 (g_object_get_data (G_OBJECT (row), "bv-spec"), self->spec) == 0;

      gtk_widget_set_opacity (tick, chosen ? 1 : 0);
      gtk_accessible_update_state (GTK_ACCESSIBLE (row), GTK_ACCESSIBLE_STATE_SELECTED, chosen, -1);
    }
}

static void
preset_activated_cb (BvRangeChooser *self,
                     GtkListBoxRow  *row)
{
  GtkWidget *popover = gtk_widget_get_ancestor (GTK_WIDGET (self), GTK_TYPE_POPOVER);

  take (self, g_strdup (g_object_get_data (G_OBJECT (row), "bv-spec")));
  show_chosen (self);
  if (popover != NULL)
    gtk_popover_popdown (GTK_POPOVER (popover));
}

static char *
end_text (BvRangeChooser *self,
          int             end)
{
  return g_strstrip (g_strdup (gtk_editable_get_text (GTK_EDITABLE (self->ends[end]))));
}

static void
write_end (BvRangeChooser *self,
           int             end,
           gint64          day)
{
  g_autofree char *text = bv_locale_format_date (self->locale, day);

  gtk_editable_set_text (GTK_EDITABLE (self->ends[end]), text);
}

/* The ends of @spec; what is no day stays as it is written. */
static void
write_ends (BvRangeChooser *self)
{
  const char *dots = strstr (self->spec, "..");
  g_autofree char *from = dots != NULL ? g_strndup (self->spec, dots - self->spec) : NULL;

  for (int end = 0; end < 2 && dots != NULL; end++)
    {
      const char *text = end == 0 ? from : dots + 2;
      gint64 day;

      if (bv_date_parse (text, -1, &day))
        write_end (self, end, day);
      else
        gtk_editable_set_text (GTK_EDITABLE (self->ends[end]), text);
    }
}

/* The ends as written: taken when they make a range, else explained. */
static void
ends_changed_cb (BvRangeChooser *self)
{
  g_autofree char *from = end_text (self, 0);
  g_autofree char *to = end_text (self, 1);
  gint64 days[2] = { 0, 0 };
  gboolean sound = TRUE;

  if (self->updating)
    return;
  for (int end = 0; end < 2; end++)
    {
      const char *text = end == 0 ? from : to;
      gboolean fine = *text == '\0' || bv_locale_parse_date (self->locale, text, &days[end]);

      if (fine)
        gtk_widget_remove_css_class (self->ends[end], "error");
      else
        gtk_widget_add_css_class (self->ends[end], "error");
      gtk_accessible_update_state (GTK_ACCESSIBLE (self->ends[end]), GTK_ACCESSIBLE_STATE_INVALID,
                                   fine ? GTK_ACCESSIBLE_INVALID_FALSE : GTK_ACCESSIBLE_INVALID_TRUE, -1);
      sound = sound && fine;
    }
  if (!sound)
    {
      g_autofree char *sample = bv_locale_format_date (self->locale, bv_days_from_civil (2026, 3, 31));
      g_autofree char *wrong = g_strdup_printf (_("Write days like %s or 2026-03-31"), sample);

      gtk_label_set_text (GTK_LABEL (self->hint), wrong);
    }
  else if (*from != '\0' && *to != '\0' && days[0] > days[1])
    gtk_label_set_text (GTK_LABEL (self->hint), _("The range ends before it starts: swap its ends"));
  else
    {
      char iso[2][BV_TIME_TEXT_MAX] = { "", "" };

      if (*from != '\0')
        bv_date_to_text (days[0], iso[0]);
      if (*to != '\0')
        bv_date_to_text (days[1], iso[1]);
      take (self, *from == '\0' && *to == '\0' ? g_strdup ("all-time") : g_strdup_printf ("%s..%s", iso[0], iso[1]));
      gtk_label_set_text (GTK_LABEL (self->hint), _("Both days are included; an empty end is open"));
    }
}

static void
show_month (BvRangeChooser *self)
{
  g_autofree char *text = end_text (self, self->active);
  g_autoptr(GDateTime) date = NULL;
  gint64 day;
  int y, m, d;

  if (*text == '\0')
    day = bv_calendar_day (bv_locale_get_calendar (self->locale), self->now != 0 ? self->now : g_get_real_time ());
  else if (!bv_locale_parse_date (self->locale, text, &day))
    return;
  bv_civil_from_days (day, &y, &m, &d);
  date = g_date_time_new_utc (y, m, d, 0, 0, 0);
  if (date == NULL)
    return;
  self->updating = TRUE;
  gtk_calendar_select_day (GTK_CALENDAR (self->month), date);
  self->updating = FALSE;
}

static void
focus_entered_cb (GtkEventController *controller,
                  gpointer            user_data)
{
  BvRangeChooser *self = user_data;

  self->active = gtk_event_controller_get_widget (controller) == self->ends[1] ? 1 : 0;
  show_month (self);
}

static void
day_selected_cb (BvRangeChooser *self)
{
  g_autoptr(GDateTime) date = gtk_calendar_get_date (GTK_CALENDAR (self->month));

  if (self->updating)
    return;
  write_end (self, self->active, bv_days_from_civil (g_date_time_get_year (date), g_date_time_get_month (date),
                                                     g_date_time_get_day_of_month (date)));
  /* The first day chosen, the last one is next. */
  if (self->active == 0)
    self->active = 1;
}

static void
show_custom_cb (BvRangeChooser *self)
{
  BvRange range;

  /* From a preset, custom starts with the days that the preset means. */
  if (strstr (self->spec, "..") == NULL
      && bv_calendar_range (bv_locale_get_calendar (self->locale), self->spec, self->now != 0 ? self->now : g_get_real_time (), &range, NULL))
    {
      self->updating = TRUE;
      gtk_editable_set_text (GTK_EDITABLE (self->ends[0]), "");
      gtk_editable_set_text (GTK_EDITABLE (self->ends[1]), "");
      if (range.has_from)
        write_end (self, 0, range.from_day);
      if (range.has_to)
        write_end (self, 1, range.to_day - 1);
      self->updating = FALSE;
    }
  gtk_stack_set_visible_child_name (self->stack, "custom");
  self->active = 0;
  show_month (self);
  gtk_widget_grab_focus (self->ends[0]);
}

static void
show_presets_cb (BvRangeChooser *self)
{
  gtk_stack_set_visible_child_name (self->stack, "presets");
  gtk_widget_grab_focus (self->list);
}

static void
header_cb (GtkListBoxRow *row,
           GtkListBoxRow *before,
           gpointer       user_data)
{
  gboolean separated = g_object_get_data (G_OBJECT (row), "bv-separated") != NULL;

  if (separated && gtk_list_box_row_get_header (row) == NULL)
    gtk_list_box_row_set_header (row, gtk_separator_new (GTK_ORIENTATION_HORIZONTAL));
}

static GtkWidget *
make_presets (BvRangeChooser *self)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 6);
  GtkWidget *scrolled = bv_scrolled_new ();
  GtkWidget *custom = gtk_button_new_with_mnemonic (_("_Custom range…"));
  gboolean separated = FALSE;

  self->list = gtk_list_box_new ();
  gtk_list_box_set_selection_mode (GTK_LIST_BOX (self->list), GTK_SELECTION_NONE);
  gtk_list_box_set_header_func (GTK_LIST_BOX (self->list), header_cb, NULL, NULL);
  gtk_widget_add_css_class (self->list, "picker-list");
  bv_set_name (self->list, _("Range"));
  for (const char *const *preset = bv_range_presets (); *preset != NULL; preset++)
    {
      GtkWidget *row, *line, *tick;
      g_autofree char *label = NULL;

      if (**preset == '\0')
        {
          separated = TRUE;
          continue;
        }
      label = bv_range_to_label (*preset);
      row = gtk_list_box_row_new ();
      line = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 12);
      tick = gtk_image_new_from_icon_name ("object-select-symbolic");
      gtk_box_append (GTK_BOX (line), gtk_label_new (label));
      gtk_widget_set_hexpand (tick, TRUE);
      gtk_widget_set_halign (tick, GTK_ALIGN_END);
      gtk_box_append (GTK_BOX (line), tick);
      gtk_list_box_row_set_child (GTK_LIST_BOX_ROW (row), line);
      bv_set_name (row, label);
      g_object_set_data (G_OBJECT (row), "bv-spec", (gpointer) *preset);
      g_object_set_data (G_OBJECT (row), "bv-tick", tick);
      if (separated)
        g_object_set_data (G_OBJECT (row), "bv-separated", row);
      separated = FALSE;
      gtk_list_box_append (GTK_LIST_BOX (self->list), row);
    }
  g_signal_connect_swapped (self->list, "row-activated", G_CALLBACK (preset_activated_cb), self);

  gtk_scrolled_window_set_policy (GTK_SCROLLED_WINDOW (scrolled), GTK_POLICY_NEVER, GTK_POLICY_AUTOMATIC);
  gtk_scrolled_window_set_propagate_natural_height (GTK_SCROLLED_WINDOW (scrolled), TRUE);
  gtk_scrolled_window_set_max_content_height (GTK_SCROLLED_WINDOW (scrolled), 340);
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (scrolled), self->list);
  gtk_widget_set_vexpand (scrolled, TRUE);
  gtk_widget_add_css_class (custom, "flat");
  g_signal_connect_swapped (custom, "clicked", G_CALLBACK (show_custom_cb), self);
  gtk_box_append (GTK_BOX (box), scrolled);
  gtk_box_append (GTK_BOX (box), custom);
  return box;
}

static GtkWidget *
make_custom (BvRangeChooser *self)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 6);
  GtkWidget *grid = gtk_grid_new ();
  GtkWidget *back = gtk_button_new_with_mnemonic (_("_Presets"));
  const char *names[2] = { _("First day"), _("Last day") };

  gtk_grid_set_row_spacing (GTK_GRID (grid), 6);
  gtk_grid_set_column_spacing (GTK_GRID (grid), 12);
  for (int end = 0; end < 2; end++)
    {
      GtkWidget *label = gtk_label_new (names[end]);
      GtkEventController *focus = gtk_event_controller_focus_new ();

      self->ends[end] = gtk_entry_new ();
      gtk_widget_set_hexpand (self->ends[end], TRUE);
      gtk_label_set_xalign (GTK_LABEL (label), 0);
      gtk_entry_set_placeholder_text (GTK_ENTRY (self->ends[end]), C_("end of a range", "Open"));
      gtk_accessible_update_relation (GTK_ACCESSIBLE (self->ends[end]), GTK_ACCESSIBLE_RELATION_LABELLED_BY, label, NULL, -1);
      g_signal_connect (focus, "enter", G_CALLBACK (focus_entered_cb), self);
      gtk_widget_add_controller (self->ends[end], focus);
      g_signal_connect_swapped (self->ends[end], "changed", G_CALLBACK (ends_changed_cb), self);
      gtk_grid_attach (GTK_GRID (grid), label, 0, end, 1, 1);
      gtk_grid_attach (GTK_GRID (grid), self->ends[end], 1, end, 1, 1);
    }
  self->month = bv_month_new ();
  self->hint = gtk_label_new (_("Both days are included; an empty end is open"));
  gtk_label_set_wrap (GTK_LABEL (self->hint), TRUE);
  gtk_label_set_max_width_chars (GTK_LABEL (self->hint), 30);
  gtk_label_set_xalign (GTK_LABEL (self->hint), 0);
  gtk_widget_add_css_class (self->hint, "caption");
  gtk_widget_add_css_class (self->hint, "dim-label");
  gtk_widget_add_css_class (back, "flat");
  g_signal_connect_swapped (self->month, "day-selected", G_CALLBACK (day_selected_cb), self);
  g_signal_connect_swapped (back, "clicked", G_CALLBACK (show_presets_cb), self);
  gtk_box_append (GTK_BOX (box), grid);
  gtk_box_append (GTK_BOX (box), self->month);
  gtk_box_append (GTK_BOX (box), self->hint);
  gtk_box_append (GTK_BOX (box), back);
  return box;
}

static void
bv_range_chooser_finalize (GObject *object)
{
  BvRangeChooser *self = BV_RANGE_CHOOSER (object);

  g_clear_pointer (&self->spec, g_free);
  g_clear_pointer (&self->locale, bv_locale_unref);

  G_OBJECT_CLASS (bv_range_chooser_parent_class)->finalize (object);
}

static void
bv_range_chooser_class_init (BvRangeChooserClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = bv_range_chooser_finalize;

  signals[SIGNAL_CHANGED] = g_signal_new ("changed", BV_TYPE_RANGE_CHOOSER, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                          G_TYPE_NONE, 1, G_TYPE_STRING);
}

/* Until it is told the project's. */
static BvLocale *
plain_locale (void)
{
  g_autoptr(BvCalendar) calendar = bv_calendar_new (NULL, 1, NULL);

  return bv_locale_new (NULL, NULL, calendar);
}

static void
bv_range_chooser_init (BvRangeChooser *self)
{
  self->spec = g_strdup ("all-time");
  self->locale = plain_locale ();
  self->stack = GTK_STACK (gtk_stack_new ());
  gtk_stack_set_vhomogeneous (self->stack, FALSE);
  gtk_stack_set_transition_type (self->stack, GTK_STACK_TRANSITION_TYPE_SLIDE_LEFT_RIGHT);
  gtk_stack_add_named (self->stack, make_presets (self), "presets");
  gtk_stack_add_named (self->stack, make_custom (self), "custom");
  adw_bin_set_child (ADW_BIN (self), GTK_WIDGET (self->stack));
  show_chosen (self);
}

GtkWidget *
bv_range_chooser_new (void)
{
  return g_object_new (BV_TYPE_RANGE_CHOOSER, NULL);
}

void
bv_range_chooser_set_range (BvRangeChooser *self,
                            const char     *spec)
{
  const char *dots;

  g_return_if_fail (BV_IS_RANGE_CHOOSER (self));

  if (spec == NULL || *spec == '\0')
    spec = "all-time";
  if (g_str_equal (spec, self->spec))
    return;
  g_free (self->spec);
  self->spec = g_strdup (spec);
  dots = strstr (self->spec, "..");
  self->updating = TRUE;
  write_ends (self);
  self->updating = FALSE;
  gtk_stack_set_visible_child_name (self->stack, dots != NULL ? "custom" : "presets");
  show_chosen (self);
}

const char *
bv_range_chooser_get_range (BvRangeChooser *self)
{
  g_return_val_if_fail (BV_IS_RANGE_CHOOSER (self), NULL);

  return self->spec;
}

void
bv_range_chooser_set_locale (BvRangeChooser *self,
                             BvLocale       *locale,
                             gint64          now)
{
  g_return_if_fail (BV_IS_RANGE_CHOOSER (self));
  g_return_if_fail (locale != NULL);

  self->now = now;
  if (locale == self->locale)
    return;
  bv_locale_unref (self->locale);
  self->locale = bv_locale_ref (locale);
  self->updating = TRUE;
  write_ends (self);
  self->updating = FALSE;
}

/* --- The button ------------------------------------------------------------------------------------------------------------ */

static void
button_changed_cb (GtkMenuButton *button,
                   const char    *spec)
{
  g_autofree char *label = bv_locale_format_range (bv_range_button_get_chooser (GTK_WIDGET (button))->locale, spec);

  gtk_menu_button_set_label (button, label);
}

GtkWidget *
bv_range_button_new (void)
{
  GtkWidget *button = gtk_menu_button_new ();
  GtkWidget *popover = gtk_popover_new ();
  GtkWidget *chooser = bv_range_chooser_new ();

  gtk_popover_set_child (GTK_POPOVER (popover), chooser);
  gtk_menu_button_set_popover (GTK_MENU_BUTTON (button), popover);
  gtk_widget_set_valign (button, GTK_ALIGN_CENTER);
  gtk_widget_set_tooltip_text (button, _("Range of time"));
  bv_set_name (button, _("Range of time"));
  g_object_set_data (G_OBJECT (button), "bv-range-chooser", chooser);
  g_signal_connect_object (chooser, "changed", G_CALLBACK (button_changed_cb), button, G_CONNECT_SWAPPED);
  button_changed_cb (GTK_MENU_BUTTON (button), "all-time");
  return button;
}

BvRangeChooser *
bv_range_button_get_chooser (GtkWidget *button)
{
  return g_object_get_data (G_OBJECT (button), "bv-range-chooser");
}

void
bv_range_button_set_locale (GtkWidget *button,
                            BvLocale  *locale,
                            gint64     now)
{
  BvRangeChooser *chooser = bv_range_button_get_chooser (button);

  bv_range_chooser_set_locale (chooser, locale, now);
  button_changed_cb (GTK_MENU_BUTTON (button), bv_range_chooser_get_range (chooser));
}

void
bv_range_button_set_range (GtkWidget  *button,
                           const char *spec)
{
  BvRangeChooser *chooser = bv_range_button_get_chooser (button);

  bv_range_chooser_set_range (chooser, spec);
  button_changed_cb (GTK_MENU_BUTTON (button), bv_range_chooser_get_range (chooser));
}
