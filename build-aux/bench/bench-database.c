/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Reads a table of a database as fast as it goes, and imports it into a project; see build-aux/bench/databases.
 *
 * bench-database KIND HOST PORT USER PASSWORD DATABASE TABLE read|import [PROJECT]
 */
#include "bv-database.h"
#include "bv-project.h"

#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

static void
must (gboolean ok, GError *error)
{
  if (!ok)
    g_error ("%s", error != NULL ? error->message : "failed");
}

int
main (int argc, char **argv)
{
  static const char *const kinds[] = { "postgresql", "mariadb", "clickhouse", "sqlite" };
  BvDbSettings settings = { 0 };
  BvDbQuery query = { 0 };
  g_autoptr (GError) error = NULL;
  BvDatabase *db;
  BvDbRows *rows;
  const BvDbBatch *batch;
  BvProject *project = NULL;
  BvTableWriter *writer = NULL;
  gint64 n = 0, start, end;
  struct rusage usage;

  if (argc < 9)
    return 2;
  for (guint i = 0; i < G_N_ELEMENTS (kinds); i++)
    if (g_str_equal (argv[1], kinds[i]))
      settings.kind = (BvDbKind) i;
  settings.host = argv[2];
  settings.port = (guint) atoi (argv[3]);
  settings.user = argv[4];
  settings.password = argv[5];
  settings.database = argv[6];
  query.table = argv[7];
  if (argc > 9)
    {
      project = bv_project_create (argv[9], &error);
      must (project != NULL, error);
    }
  start = g_get_monotonic_time ();
  db = bv_database_open (&settings, NULL, &error);
  must (db != NULL, error);
  rows = bv_database_query (db, &query, NULL, &error);
  must (rows != NULL, error);
  if (project != NULL)
    {
      GPtrArray *columns = bv_db_rows_get_columns (rows);
      g_autofree BvTableColumn *table = g_new0 (BvTableColumn, columns->len);

      for (guint i = 0; i < columns->len; i++)
        {
          table[i].name = ((BvDbColumn *) columns->pdata[i])->name;
          table[i].type = ((BvDbColumn *) columns->pdata[i])->type;
        }
      writer = bv_table_writer_new (project, &error);
      must (writer != NULL, error);
      must (bv_table_writer_begin_table (writer, argv[7], "Database", NULL, table, columns->len, NULL, &error), error);
    }
  while (TRUE)
    {
      must (bv_db_rows_next (rows, &batch, &error), error);
      if (batch == NULL)
        break;
      n += batch->n_rows;
      for (guint r = 0; writer != NULL && r < batch->n_rows; r++)
        must (bv_table_writer_append (writer, batch->values + (gsize) r * batch->n_columns, &error), error);
    }
  bv_db_rows_free (rows);
  bv_database_close (db);
  if (writer != NULL)
    {
      must (bv_table_writer_end_table (writer, NULL, NULL, &error), error);
      must (bv_table_writer_commit (writer, "Import", NULL, &error), error);
      bv_project_unref (project);
    }
  end = g_get_monotonic_time ();
  getrusage (RUSAGE_SELF, &usage);
  g_print ("%s %s: %" G_GINT64_FORMAT " rows, %.2f s, %.0f rows/s, %.2f s of processor, %ld MB\n", argv[1], argv[8], n, (double) (end - start) / 1e6,
           (double) n * 1e6 / (double) (end - start),
           (double) (usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) + (double) (usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1e6,
           usage.ru_maxrss / 1024);
  return 0;
}
