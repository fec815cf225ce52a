/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Every widget class of the program can be made and goes away again; warnings are fatal, so templates are complete. */
#include "config.h"
#include "ui-test.h"

#include "bv-column-list.h"
#include "bv-exploration-page.h"
#include "bv-form.h"
#include "bv-home-page.h"
#include "bv-import-dialog.h"
#include "bv-notice.h"
#include "bv-object-list-page.h"
#include "bv-report-page.h"
#include "bv-sidebar.h"
#include "bv-sources-page.h"
#include "bv-table-page.h"
#include "bv-tables-page.h"
#include "bv-welcome.h"

static void
test_class (gconstpointer data)
{
  GType type = *(const GType *) data;
  GtkWidget *widget = g_object_new (type, NULL);

  if (GTK_IS_WINDOW (widget))
    {
      g_object_ref (widget);
      gtk_window_destroy (GTK_WINDOW (widget));
    }
  else
    g_object_ref_sink (widget);
  while (g_main_context_iteration (NULL, FALSE))
    ;
  g_assert_finalize_object (widget);
}

int
main (int   argc,
      char *argv[])
{
  static GType types[14];
  guint n = 0;

  ui_test_init (&argc, &argv);
  types[n++] = BV_TYPE_COLUMN_LIST;
  types[n++] = BV_TYPE_EXPLORATION_PAGE;
  types[n++] = BV_TYPE_FORM;
  types[n++] = BV_TYPE_HOME_PAGE;
  types[n++] = BV_TYPE_IMPORT_DIALOG;
  types[n++] = BV_TYPE_NOTICE;
  types[n++] = BV_TYPE_OBJECT_LIST_PAGE;
  types[n++] = BV_TYPE_REPORT_PAGE;
  types[n++] = BV_TYPE_SIDEBAR;
  types[n++] = BV_TYPE_SOURCES_PAGE;
  types[n++] = BV_TYPE_TABLE_PAGE;
  types[n++] = BV_TYPE_TABLES_PAGE;
  types[n++] = BV_TYPE_WELCOME;
  types[n++] = BV_TYPE_WINDOW;
  g_assert_cmpuint (n, ==, G_N_ELEMENTS (types));
  for (guint i = 0; i < n; i++)
    {
      g_autofree char *name = g_strdup_printf ("/app/template/%s", g_type_name (types[i]));

      g_test_add_data_func (name, &types[i], test_class);
    }
  return g_test_run ();
}
