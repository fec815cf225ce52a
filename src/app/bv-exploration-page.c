/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The exploration as rows: its root and related data, its dimensions and its metrics. */
#include "config.h"
#include "bv-exploration-page.h"

#include <glib/gi18n.h>

struct _BvExplorationPage
{
  BvPage parent_instance;

  AdwPreferencesPage *preferences;
  GPtrArray *groups;
};

G_DEFINE_FINAL_TYPE (BvExplorationPage, bv_exploration_page, BV_TYPE_PAGE)

static BvExploration *
find_exploration (BvPage *page)
{
  return bv_model_find_exploration (bv_workspace_get_model (bv_page_get_workspace (page)), bv_page_get_object_id (page));
}

static GtkWidget *
add_group (BvExplorationPage *self,
           const char        *title)
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
bv_exploration_page_refresh (BvPage *page)
{
  BvExplorationPage *self = BV_EXPLORATION_PAGE (page);
  BvExploration *exploration = find_exploration (page);
  GtkWidget *group;

  for (guint i = 0; i < self->groups->len; i++)
    adw_preferences_page_remove (self->preferences, g_ptr_array_index (self->groups, i));
  g_ptr_array_set_size (self->groups, 0);

  bv_page_set_title (page, exploration->name);
  group = add_group (self, _("Data"));
  add_row (group, exploration->root, NULL);
  for (guint i = 0; i < exploration->related->len; i++)
    {
      BvRelated *related = g_ptr_array_index (exploration->related, i);

      add_row (group, related->as, related->table);
    }
  group = add_group (self, _("Dimensions"));
  for (guint i = 0; i < exploration->dimensions->len; i++)
    {
      BvDimension *dimension = g_ptr_array_index (exploration->dimensions, i);

      add_row (group, dimension->name, dimension->field);
    }
  group = add_group (self, _("Metrics"));
  for (guint i = 0; i < exploration->metrics->len; i++)
    {
      BvMetric *metric = g_ptr_array_index (exploration->metrics, i);

      add_row (group, metric->name, bv_aggregate_to_label (metric->aggregate));
    }
}

static gboolean
bv_exploration_page_is_alive (BvPage *page)
{
  return find_exploration (page) != NULL;
}

static void
bv_exploration_page_finalize (GObject *object)
{
  BvExplorationPage *self = BV_EXPLORATION_PAGE (object);

  g_clear_pointer (&self->groups, g_ptr_array_unref);

  G_OBJECT_CLASS (bv_exploration_page_parent_class)->finalize (object);
}

static void
bv_exploration_page_class_init (BvExplorationPageClass *klass)
{
  BvPageClass *page_class = BV_PAGE_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = bv_exploration_page_finalize;
  page_class->refresh = bv_exploration_page_refresh;
  page_class->is_alive = bv_exploration_page_is_alive;
}

static void
bv_exploration_page_init (BvExplorationPage *self)
{
  self->groups = g_ptr_array_new ();
  self->preferences = ADW_PREFERENCES_PAGE (adw_preferences_page_new ());
  bv_page_set_content (BV_PAGE (self), GTK_WIDGET (self->preferences));
}

GtkWidget *
bv_exploration_page_new (BvWorkspace *workspace,
                         const char  *uuid)
{
  BvPage *page = g_object_new (BV_TYPE_EXPLORATION_PAGE, "workspace", workspace, "object-id", uuid, NULL);

  bv_page_refresh (page);
  return GTK_WIDGET (page);
}
