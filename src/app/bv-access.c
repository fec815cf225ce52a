/* SPDX-License-Identifier: GPL-3.0-or-later */
/* GTK 4.8 and libadwaita 1.2 leave parts of their own widgets without a name: the button of a drop-down, rows of list views, the list in
 * a preferences group, the arrows of a calendar. They are found here by their type and place inside of the widget; where a later version
 * is built differently, nothing is found and nothing happens.
 */
#include "config.h"
#include "bv-access.h"

#include <glib/gi18n.h>

/* The first widget below @top that @type (or its name, for private types) fits. */
static GtkWidget *
find_below (GtkWidget  *top,
            const char *type_name)
{
  for (GtkWidget *child = gtk_widget_get_first_child (top); child != NULL; child = gtk_widget_get_next_sibling (child))
    {
      GtkWidget *found = g_str_equal (G_OBJECT_TYPE_NAME (child), type_name) ? child : find_below (child, type_name);

      if (found != NULL)
        return found;
    }
  return NULL;
}

static void
set_label (GtkWidget  *widget,
           const char *name)
{
  gtk_accessible_update_property (GTK_ACCESSIBLE (widget), GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
}

void
bv_set_name (GtkWidget  *widget,
             const char *name)
{
  GtkWidget *inner = GTK_IS_DROP_DOWN (widget) || GTK_IS_COLOR_BUTTON (widget) ? gtk_widget_get_first_child (widget) : NULL;

  set_label (widget, name);
  if (inner == NULL)
    return;
  set_label (inner, name);
  /* What a drop-down shows is a row of a list, which would take the focus from the button. */
  inner = find_below (inner, "GtkListItemWidget");
  if (inner != NULL)
    gtk_widget_set_focusable (inner, FALSE);
}

void
bv_list_item_set_name (GtkListItem *item,
                       const char  *name)
{
  GtkWidget *child = gtk_list_item_get_child (item);
  GtkWidget *row = child != NULL ? gtk_widget_get_parent (child) : NULL;

  if (row != NULL)
    set_label (row, name);
}

GtkWidget *
bv_scrolled_new (void)
{
  GtkWidget *scrolled = gtk_scrolled_window_new ();

  /* GTK gives it the focus where nothing inside takes it. It must stay focusable: else it would hold the focus up for all that follows. */
  set_label (scrolled, _("Scrolled area"));
  return scrolled;
}

GtkWidget *
bv_group_new (const char *name,
              const char *title)
{
  GtkWidget *group = adw_preferences_group_new ();
  GtkWidget *list = find_below (group, "GtkListBox");

  if (title != NULL)
    {
      g_autofree char *escaped = g_markup_escape_text (title, -1);

      adw_preferences_group_set_title (ADW_PREFERENCES_GROUP (group), escaped);
    }
  if (list != NULL)
    set_label (list, name);
  return group;
}

static void
name_lists (GtkWidget  *top,
            const char *name)
{
  for (GtkWidget *child = gtk_widget_get_first_child (top); child != NULL; child = gtk_widget_get_next_sibling (child))
    {
      if (GTK_IS_LIST_BOX (child) || GTK_IS_LIST_BOX_ROW (child))
        set_label (child, name);
      name_lists (child, name);
    }
}

GtkWidget *
bv_expander_new (const char *title)
{
  GtkWidget *row = adw_expander_row_new ();

  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (row), FALSE);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), title);
  set_label (row, title);
  name_lists (row, title);
  return row;
}

/* GtkCalendar says "day-selected" where the number of the day changes: looking at February from 31 March says it, choosing 1 May from
 * 1 April does not. Here it is said where someone chooses a day, and nowhere else. */
static void
month_press (GtkWidget *month,
             gboolean   pressed)
{
  g_object_set_data (G_OBJECT (month), "bv-pressed", GINT_TO_POINTER (pressed));
}

static void
month_release (GtkWidget *month)
{
  if (g_object_get_data (G_OBJECT (month), "bv-pressed") == NULL)
    return;
  month_press (month, FALSE);
  g_object_set_data (G_OBJECT (month), "bv-chosen", GINT_TO_POINTER (TRUE));
  g_signal_emit_by_name (month, "day-selected");
  g_object_set_data (G_OBJECT (month), "bv-chosen", NULL);
}

static void
month_day_selected_cb (GtkWidget *month)
{
  if (g_object_get_data (G_OBJECT (month), "bv-chosen") == NULL)
    g_signal_stop_emission_by_name (month, "day-selected");
}

static void
month_pressed_cb (GtkGesture *gesture,
                  int         n_press,
                  double      x,
                  double      y,
                  GtkWidget  *month)
{
  GtkWidget *day = gtk_widget_pick (month, x, y, GTK_PICK_DEFAULT);

  month_press (month, day != NULL && gtk_widget_has_css_class (day, "day-number"));
}

static void
month_released_cb (GtkGesture *gesture,
                   int         n_press,
                   double      x,
                   double      y,
                   GtkWidget  *month)
{
  month_release (month);
}

static gboolean
month_key_pressed_cb (GtkEventController *controller,
                      guint               keyval,
                      guint               keycode,
                      GdkModifierType     state,
                      GtkWidget          *month)
{
  month_press (month, gtk_widget_is_focus (month) && (keyval == GDK_KEY_space || keyval == GDK_KEY_KP_Space));
  return GDK_EVENT_PROPAGATE;
}

static void
month_key_released_cb (GtkEventController *controller,
                       guint               keyval,
                       guint               keycode,
                       GdkModifierType     state,
                       GtkWidget          *month)
{
  month_release (month);
}

GtkWidget *
bv_month_new (void)
{
  GtkWidget *month = gtk_calendar_new ();
  GtkWidget *header = gtk_widget_get_first_child (month);
  const char *names[] = { _("Previous month"), _("Next month"), _("Previous year"), _("Next year") };
  GtkGesture *click = gtk_gesture_click_new ();
  GtkEventController *keys = gtk_event_controller_key_new ();
  guint i = 0;

  set_label (month, _("Calendar"));
  g_signal_connect (month, "day-selected", G_CALLBACK (month_day_selected_cb), NULL);
  g_signal_connect (click, "pressed", G_CALLBACK (month_pressed_cb), month);
  g_signal_connect (click, "released", G_CALLBACK (month_released_cb), month);
  g_signal_connect (keys, "key-pressed", G_CALLBACK (month_key_pressed_cb), month);
  g_signal_connect (keys, "key-released", G_CALLBACK (month_key_released_cb), month);
  gtk_widget_add_controller (month, GTK_EVENT_CONTROLLER (click));
  gtk_widget_add_controller (month, keys);
  for (GtkWidget *child = header != NULL ? gtk_widget_get_first_child (header) : NULL; child != NULL;
       child = gtk_widget_get_next_sibling (child))
    if (GTK_IS_BUTTON (child) && i < G_N_ELEMENTS (names))
      set_label (child, names[i++]);
  return month;
}
