/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The report as rows: its filters and its tiles. */
#include "config.h"
#include "bv-report-page.h"

#include <glib/gi18n.h>

struct _BvReportPage
{
  BvPage parent_instance;

  AdwPreferencesPage *preferences;
  GPtrArray *groups;
};

G_DEFINE_FINAL_TYPE (BvReportPage, bv_report_page, BV_TYPE_PAGE)

static BvReport *
find_report (BvPage *page)
{
  return bv_model_find_report (bv_workspace_get_model (bv_page_get_workspace (page)), bv_page_get_object_id (page));
}

static GtkWidget *
add_group (BvReportPage *self,
           const char   *title)
{
  GtkWidget *group = adw_preferences_group_new ();

  adw_preferences_group_set_title (ADW_PREFERENCES_GROUP (group), title);
  adw_preferences_page_add (self->preferences, ADW_PREFERENCES_GROUP (group));
  g_ptr_array_add (self->groups, group);
  return group;
}

static void
add_row (GtkWidget  *group,
         const char *title,
         const char *subtitle)
{
  GtkWidget *row = adw_action_row_new ();

  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (row), FALSE);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), title);
  adw_action_row_set_subtitle (ADW_ACTION_ROW (row), subtitle != NULL ? subtitle : "");
  adw_preferences_group_add (ADW_PREFERENCES_GROUP (group), row);
}

static void
bv_report_page_refresh (BvPage *page)
{
  BvReportPage *self = BV_REPORT_PAGE (page);
  BvReport *report = find_report (page);
  GtkWidget *group;

  for (guint i = 0; i < self->groups->len; i++)
    adw_preferences_page_remove (self->preferences, g_ptr_array_index (self->groups, i));
  g_ptr_array_set_size (self->groups, 0);

  bv_page_set_title (page, report->name);
  group = add_group (self, _("Filters"));
  for (guint i = 0; i < report->filters->len; i++)
    {
      BvFilter *filter = g_ptr_array_index (report->filters, i);

      add_row (group, filter->name, filter->field);
    }
  group = add_group (self, _("Tiles"));
  for (guint i = 0; i < report->tiles->len; i++)
    {
      BvTile *tile = g_ptr_array_index (report->tiles, i);

      add_row (group, tile->title != NULL ? tile->title : tile->id, tile->chart != NULL ? tile->chart->exploration : tile->text);
    }
}

static gboolean
bv_report_page_is_alive (BvPage *page)
{
  return find_report (page) != NULL;
}

static void
bv_report_page_finalize (GObject *object)
{
  BvReportPage *self = BV_REPORT_PAGE (object);

  g_clear_pointer (&self->groups, g_ptr_array_unref);

  G_OBJECT_CLASS (bv_report_page_parent_class)->finalize (object);
}

static void
bv_report_page_class_init (BvReportPageClass *klass)
{
  BvPageClass *page_class = BV_PAGE_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = bv_report_page_finalize;
  page_class->refresh = bv_report_page_refresh;
  page_class->is_alive = bv_report_page_is_alive;
}

static void
bv_report_page_init (BvReportPage *self)
{
  self->groups = g_ptr_array_new ();
  self->preferences = ADW_PREFERENCES_PAGE (adw_preferences_page_new ());
  bv_page_set_content (BV_PAGE (self), GTK_WIDGET (self->preferences));
}

GtkWidget *
bv_report_page_new (BvWorkspace *workspace,
                    const char  *uuid)
{
  BvPage *page = g_object_new (BV_TYPE_REPORT_PAGE, "workspace", workspace, "object-id", uuid, NULL);

  bv_page_refresh (page);
  return GTK_WIDGET (page);
}
