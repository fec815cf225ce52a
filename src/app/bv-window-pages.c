/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Pages of the window: the registry from kind to page, navigation, and which pages are kept. */
#include "config.h"
#include "bv-window-private.h"

#include "bv-exploration-page.h"
#include "bv-home-page.h"
#include "bv-object-list-page.h"
#include "bv-report-page.h"
#include "bv-source-page.h"
#include "bv-source.h"
#include "bv-sources-page.h"
#include "bv-table-page.h"
#include "bv-tables-page.h"

#include <string.h>

/* Sections and the last objects shown stay as they are, with the filters that were set, while the analyst goes to and fro. A page out of sight costs
 * memory only. */
#define MAX_KEPT 32

static GtkWidget *
new_explorations_page (BvWorkspace *workspace,
                       const char  *id)
{
  return bv_object_list_page_new (workspace, BV_LIST_EXPLORATIONS);
}

static GtkWidget *
new_reports_page (BvWorkspace *workspace,
                  const char  *id)
{
  return bv_object_list_page_new (workspace, BV_LIST_REPORTS);
}

static char *
find_table (BvWorkspace *workspace,
            const char  *id)
{
  BvTable *table = bv_model_find_table (bv_workspace_get_model (workspace), id);

  return table != NULL ? g_strdup (table->name) : NULL;
}

static char *
find_exploration (BvWorkspace *workspace,
                  const char  *id)
{
  BvExploration *exploration = bv_model_find_exploration (bv_workspace_get_model (workspace), id);

  return exploration != NULL ? g_strdup (exploration->uuid) : NULL;
}

static char *
find_report (BvWorkspace *workspace,
             const char  *id)
{
  BvReport *report = bv_model_find_report (bv_workspace_get_model (workspace), id);

  return report != NULL ? g_strdup (report->uuid) : NULL;
}

static char *
find_source (BvWorkspace *workspace,
             const char  *id)
{
  g_autoptr(BvSource) source = bv_source_find (bv_workspace_get_project (workspace), id, NULL);

  return source != NULL ? g_strdup (source->uuid) : NULL;
}

/* The one table of kinds: a new kind of object is one more line. */
static const struct
{
  const char *kind;
  GtkWidget *(*create) (BvWorkspace *workspace, const char *id);
  char *(*find) (BvWorkspace *workspace, const char *id); /* the id of a name or id (transfer full); NULL for sections */
  const char *parent; /* (nullable): shown when the object has gone */
} kinds[] = {
  { "home", bv_home_page_new, NULL, NULL },
  { "sources", bv_sources_page_new, NULL, NULL },
  { "tables", bv_tables_page_new, NULL, NULL },
  { "explorations", new_explorations_page, NULL, NULL },
  { "reports", new_reports_page, NULL, NULL },
  { "source", bv_source_page_new, find_source, "sources" },
  { "table", bv_table_page_new, find_table, "tables" },
  { "exploration", bv_exploration_page_new, find_exploration, "explorations" },
  { "report", bv_report_page_new, find_report, "reports" },
};

static const char *
page_name (BvPage *page)
{
  BvWindow *window = bv_window_of (GTK_WIDGET (page));

  return gtk_stack_page_get_name (gtk_stack_get_page (window->pages, GTK_WIDGET (page)));
}

static void
drop_page (BvWindow *self,
           BvPage   *page)
{
  g_ptr_array_remove (self->kept, page);
  gtk_stack_remove (self->pages, GTK_WIDGET (page));
}

void
bv_window_drop_pages (BvWindow *self)
{
  while (self->kept->len > 0)
    drop_page (self, g_ptr_array_index (self->kept, self->kept->len - 1));
}

static void
keep_page (BvWindow *self,
           BvPage   *page)
{
  g_ptr_array_remove (self->kept, page);
  g_ptr_array_add (self->kept, page);
  while (self->kept->len > MAX_KEPT)
    drop_page (self, g_ptr_array_index (self->kept, 0));
}

void
bv_window_prune_pages (BvWindow *self)
{
  BvPage *visible = bv_window_get_page (self);
  const char *parent = NULL;

  if (visible != NULL && !bv_page_is_alive (visible))
    {
      const char *name = page_name (visible);

      for (guint i = 0; i < G_N_ELEMENTS (kinds); i++)
        if (g_str_has_prefix (name, kinds[i].kind) && name[strlen (kinds[i].kind)] == ':')
          parent = kinds[i].parent;
      bv_window_show_object (self, parent != NULL ? parent : "home", NULL);
    }
  for (guint i = self->kept->len; i > 0; i--)
    {
      BvPage *page = g_ptr_array_index (self->kept, i - 1);

      if (!bv_page_is_alive (page))
        drop_page (self, page);
    }
}

BvPage *
bv_window_get_page (BvWindow *self)
{
  GtkWidget *child;

  g_return_val_if_fail (BV_IS_WINDOW (self), NULL);

  child = self->workspace != NULL ? gtk_stack_get_visible_child (self->pages) : NULL;
  return child != NULL ? BV_PAGE (child) : NULL;
}

gboolean
bv_window_show_object (BvWindow   *self,
                       const char *kind,
                       const char *id)
{
  g_return_val_if_fail (BV_IS_WINDOW (self), FALSE);
  g_return_val_if_fail (kind != NULL, FALSE);

  if (self->workspace == NULL)
    return FALSE;
  for (guint i = 0; i < G_N_ELEMENTS (kinds); i++)
    {
      g_autofree char *found = NULL;
      g_autofree char *name = NULL;
      GtkWidget *page;

      if (!g_str_equal (kinds[i].kind, kind))
        continue;
      if (kinds[i].find != NULL)
        {
          found = id != NULL ? kinds[i].find (self->workspace, id) : NULL;
          if (found == NULL)
            return FALSE;
        }
      name = found != NULL ? g_strdup_printf ("%s:%s", kind, found) : g_strdup (kind);
      if (!(page = gtk_stack_get_child_by_name (self->pages, name)))
        {
          page = kinds[i].create (self->workspace, found);
          gtk_stack_add_named (self->pages, page, name);
        }
      gtk_stack_set_visible_child (self->pages, page);
      keep_page (self, BV_PAGE (page));
      bv_sidebar_select (self->sidebar, kind, found);
      if (self->folded)
        bv_window_set_sidebar (self, FALSE);
      bv_window_update_actions (self);
      if (BV_PAGE_GET_CLASS (page)->shown != NULL)
        BV_PAGE_GET_CLASS (page)->shown (BV_PAGE (page));
      return TRUE;
    }
  return FALSE;
}
