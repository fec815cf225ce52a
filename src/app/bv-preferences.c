/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "bv-preferences.h"

#include "bv-application.h"
#include "bv-notice.h"
#include "bv-util.h"

#include <glib/gi18n.h>
#include <string.h>
#include <unicode/ucal.h>

/* --- The program's preferences ------------------------------------------------------------------------------------------- */

static const char *const schemes[] = { "system", "light", "dark" };

static void
scheme_cb (AdwComboRow *row)
{
  guint selected = adw_combo_row_get_selected (row);

  if (bv_application_get_settings () != NULL && selected < G_N_ELEMENTS (schemes))
    g_settings_set_string (bv_application_get_settings (), "color-scheme", schemes[selected]);
}

static GtkWidget *
new_combo_row (const char        *title,
               const char        *subtitle,
               const char *const *labels,
               guint              selected)
{
  GtkWidget *row = adw_combo_row_new ();
  g_autoptr(GtkStringList) list = gtk_string_list_new (labels);

  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), title);
  if (subtitle != NULL)
    adw_action_row_set_subtitle (ADW_ACTION_ROW (row), subtitle);
  adw_combo_row_set_model (ADW_COMBO_ROW (row), G_LIST_MODEL (list));
  adw_combo_row_set_selected (ADW_COMBO_ROW (row), selected);
  return row;
}

static GtkWidget *
new_window (GtkWindow   *parent,
            const char  *title,
            GtkWidget  **group)
{
  GtkWidget *window = adw_preferences_window_new ();
  GtkWidget *page = adw_preferences_page_new ();

  *group = bv_group_new (title, NULL);
  gtk_window_set_title (GTK_WINDOW (window), title);
  adw_preferences_page_set_title (ADW_PREFERENCES_PAGE (page), title);
  gtk_window_set_transient_for (GTK_WINDOW (window), parent);
  gtk_window_set_modal (GTK_WINDOW (window), TRUE);
  gtk_window_set_default_size (GTK_WINDOW (window), 560, 420);
  adw_preferences_window_set_search_enabled (ADW_PREFERENCES_WINDOW (window), FALSE);
  adw_preferences_page_add (ADW_PREFERENCES_PAGE (page), ADW_PREFERENCES_GROUP (*group));
  adw_preferences_window_add (ADW_PREFERENCES_WINDOW (window), ADW_PREFERENCES_PAGE (page));
  return window;
}

void
bv_preferences_show (GtkWindow *parent)
{
  GSettings *settings = bv_application_get_settings ();
  g_autofree char *scheme = settings != NULL ? g_settings_get_string (settings, "color-scheme") : g_strdup ("system");
  const char *labels[] = { _("Follow the System"), _("Light"), _("Dark"), NULL };
  GtkWidget *group, *row;
  GtkWidget *window = new_window (parent, _("Preferences"), &group);
  guint selected = 0;

  for (guint i = 0; i < G_N_ELEMENTS (schemes); i++)
    if (g_str_equal (schemes[i], scheme))
      selected = i;
  adw_preferences_group_set_title (ADW_PREFERENCES_GROUP (group), _("Appearance"));
  row = new_combo_row (_("Style"), NULL, labels, selected);
  gtk_widget_set_sensitive (row, settings != NULL);
  g_signal_connect (row, "notify::selected", G_CALLBACK (scheme_cb), NULL);
  adw_preferences_group_add (ADW_PREFERENCES_GROUP (group), row);
  gtk_window_present (GTK_WINDOW (window));
}

/* --- The project's settings ------------------------------------------------------------------------------------------------- */

typedef struct
{
  BvWorkspace *workspace;
  GtkWidget *zone_row;
  GtkWidget *currency_row;
  GtkWidget *week_row;
  GtkWidget *today_row;
  GtkWidget *notice;
} Settings;

static void
settings_free (gpointer  data,
               GClosure *closure)
{
  Settings *settings = data;

  g_object_unref (settings->workspace);
  g_free (settings);
}

static char *
entry_text (GtkWidget *row)
{
  return g_strstrip (g_strdup (gtk_editable_get_text (GTK_EDITABLE (row))));
}

static gboolean
is_currency (const char *text)
{
  for (int i = 0; i < 3; i++)
    if (!g_ascii_isupper (text[i]))
      return FALSE;
  return text[3] == '\0';
}

/* Takes over all rows; what does not hold is said above them and nothing is changed. */
static void
apply_cb (Settings *settings)
{
  g_autofree char *zone = entry_text (settings->zone_row);
  g_autofree char *typed = entry_text (settings->currency_row);
  g_autofree char *currency = g_ascii_strup (typed, -1);
  g_autofree char *today = entry_text (settings->today_row);
  g_autofree char *as_of = g_strdup ("");
  BvModel *model = bv_workspace_get_model (settings->workspace);
  int week_start = adw_combo_row_get_selected (ADW_COMBO_ROW (settings->week_row)) + 1;
  g_autoptr(BvCalendar) calendar = NULL;
  g_autoptr(GError) error = NULL;

  gint64 day;

  bv_notice_hide (BV_NOTICE (settings->notice));
  if (*today != '\0' && !bv_locale_parse_date (bv_workspace_get_locale (settings->workspace), today, &day))
    g_set_error (&error, BV_ERROR, BV_ERROR_INVALID, _("“%s” is no day: write it as 2026-03-31, or leave it empty"), today);
  else if (*today != '\0')
    {
      char text[BV_TIME_TEXT_MAX];

      g_free (as_of);
      as_of = g_strdup (bv_date_to_text (day, text));
    }
  if (error != NULL)
    {
      bv_notice_show_error (BV_NOTICE (settings->notice), error);
      return;
    }
  if (g_strcmp0 (zone, model->time_zone) == 0 && g_strcmp0 (currency, model->currency != NULL ? model->currency : "") == 0 &&
      week_start == model->week_start && g_strcmp0 (as_of, model->as_of != NULL ? model->as_of : "") == 0)
    return;
  if (*currency != '\0' && !is_currency (currency))
    g_set_error (&error, BV_ERROR, BV_ERROR_INVALID, _("“%s” is not a currency: write its three letters, as EUR"), typed);
  else if ((calendar = bv_calendar_new (zone, week_start, &error)) != NULL)
    bv_workspace_put_settings (settings->workspace, zone, *currency != '\0' ? currency : NULL, week_start, *as_of != '\0' ? as_of : NULL, &error);
  if (error != NULL)
    bv_notice_show_error (BV_NOTICE (settings->notice), error);
}

/* The zone as typed, or the one whose city was typed. */
static void
zone_apply_cb (Settings *settings)
{
  g_autofree char *typed = entry_text (settings->zone_row);
  g_autofree char *city = g_strconcat ("/", typed, NULL);
  g_autoptr(BvCalendar) known = bv_calendar_new (typed, 1, NULL);
  UErrorCode status = U_ZERO_ERROR;
  UEnumeration *zones;
  const char *zone;

  if (known != NULL)
    {
      apply_cb (settings);
      return;
    }
  zones = ucal_openTimeZoneIDEnumeration (UCAL_ZONE_TYPE_CANONICAL, NULL, NULL, &status);
  g_strdelimit (city, " ", '_');
  while (U_SUCCESS (status) && (zone = uenum_next (zones, NULL, &status)) != NULL)
    {
      gsize n = strlen (zone), m = strlen (city);

      if (g_ascii_strcasecmp (zone, typed) != 0 && (n < m || g_ascii_strcasecmp (zone + n - m, city) != 0))
        continue;
      gtk_editable_set_text (GTK_EDITABLE (settings->zone_row), zone);
      break;
    }
  uenum_close (zones);
  apply_cb (settings);
}

static GtkWidget *
new_entry_row (const char *title,
               const char *text)
{
  GtkWidget *row = adw_entry_row_new ();

  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), title);
  gtk_editable_set_text (GTK_EDITABLE (row), text != NULL ? text : "");
  adw_entry_row_set_show_apply_button (ADW_ENTRY_ROW (row), TRUE);
  return row;
}

void
bv_project_settings_show (BvWindow *parent)
{
  const char *days[] = { _("Monday"), _("Tuesday"), _("Wednesday"), _("Thursday"), _("Friday"), _("Saturday"), _("Sunday"), NULL };
  BvWorkspace *workspace = bv_window_get_workspace (parent);
  BvModel *model = bv_workspace_get_model (workspace);
  Settings *settings = g_new0 (Settings, 1);
  gboolean writable = !bv_project_is_read_only (bv_workspace_get_project (workspace));
  gint64 day;
  g_autofree char *as_of = model->as_of != NULL && bv_date_parse (model->as_of, -1, &day)
                           ? bv_locale_format_date (bv_workspace_get_locale (workspace), day) : NULL;
  GtkWidget *group;
  GtkWidget *window = new_window (GTK_WINDOW (parent), _("Project Settings"), &group);

  settings->workspace = g_object_ref (workspace);
  settings->notice = bv_notice_new ();
  settings->zone_row = new_entry_row (_("Time Zone"), model->time_zone);
  settings->currency_row = new_entry_row (_("Currency"), model->currency);
  settings->week_row = new_combo_row (_("First Day of the Week"), NULL, days, CLAMP (model->week_start, 1, 7) - 1);

  settings->today_row = new_entry_row (_("Today Is (Empty: the Clock's Day)"), as_of);
  adw_preferences_group_set_description (ADW_PREFERENCES_GROUP (group),
                                         _("One calendar and one currency hold for all filters, groups and reports of this project. "
                                           "A time zone is written as “Europe/Paris”, a currency as “EUR”."));
  adw_preferences_group_set_title (ADW_PREFERENCES_GROUP (group), _("Calendar and Currency"));
  adw_preferences_group_add (ADW_PREFERENCES_GROUP (group), settings->notice);
  adw_preferences_group_add (ADW_PREFERENCES_GROUP (group), settings->zone_row);
  adw_preferences_group_add (ADW_PREFERENCES_GROUP (group), settings->currency_row);
  adw_preferences_group_add (ADW_PREFERENCES_GROUP (group), settings->week_row);
  adw_preferences_group_add (ADW_PREFERENCES_GROUP (group), settings->today_row);
  gtk_widget_set_sensitive (settings->zone_row, writable);
  gtk_widget_set_sensitive (settings->currency_row, writable);
  gtk_widget_set_sensitive (settings->week_row, writable);
  gtk_widget_set_sensitive (settings->today_row, writable);

  g_signal_connect_swapped (settings->zone_row, "apply", G_CALLBACK (zone_apply_cb), settings);
  g_signal_connect_swapped (settings->currency_row, "apply", G_CALLBACK (apply_cb), settings);
  g_signal_connect_swapped (settings->today_row, "apply", G_CALLBACK (apply_cb), settings);
  g_signal_connect_data (settings->week_row, "notify::selected", G_CALLBACK (apply_cb), settings, settings_free, G_CONNECT_SWAPPED);
  gtk_window_present (GTK_WINDOW (window));
}
