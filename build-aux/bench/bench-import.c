/* SPDX-License-Identifier: GPL-3.0-or-later */
/* bench-import PROJECT FILE [KEY,…]: imports a file as the application does it, with progress and a cancellable, into a new project. */
#include "bv-import.h"
#include "bv-workspace.h"

static void
count_calls (guint64 done, guint64 total, const char *what, gpointer user_data)
{
  (*(guint *) user_data)++;
}

int
main (int argc, char *argv[])
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (BvImportPlan) plan = NULL;
  g_auto (BvImportResult) result = { 0 };
  BvProject *project;
  BvWorkspace *workspace;
  BvColumnIntake *intake;
  BvTableWriter *writer;
  gint64 start = g_get_monotonic_time ();
  guint n_calls = 0;

  if (argc < 3)
    {
      g_printerr ("usage: bench-import PROJECT FILE [KEY,…]\n");
      return 2;
    }
  project = bv_project_create (argv[1], &error);
  if (project == NULL || (workspace = bv_workspace_new (project, &error)) == NULL || (plan = bv_import_sniff (argv[2], cancellable, &error)) == NULL)
    g_error ("%s", error->message);
  if (argc > 3)
    plan->key = g_strsplit (argv[3], ",", -1);
  intake = bv_workspace_new_intake (workspace);
  writer = bv_table_writer_new (project, &error);
  if (writer == NULL)
    g_error ("%s", error->message);
  bv_table_writer_set_sink (writer, bv_column_intake_get_sink (intake));
  if (!bv_import_into (plan, writer, count_calls, &n_calls, cancellable, &result, &error))
    g_error ("%s", error->message);
  g_print ("rows in after %.2f s, ", (double) (g_get_monotonic_time () - start) / G_USEC_PER_SEC);
  if (!bv_table_writer_commit (writer, "Import", NULL, &error))
    g_error ("%s", error->message);
  bv_column_intake_free (intake);
  g_print ("%" G_GINT64_FORMAT " rows in %.2f s", result.n_rows, (double) (g_get_monotonic_time () - start) / G_USEC_PER_SEC);
  g_object_unref (workspace);
  bv_project_unref (project);
  g_print (", closed after %.2f s, %u calls of progress\n", (double) (g_get_monotonic_time () - start) / G_USEC_PER_SEC, n_calls);
  return 0;
}
