/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Reads a table of a database as fast as it goes, or imports it into a new project as a source does; see build-aux/bench/databases.
 *
 * bench-database KIND HOST PORT USER PASSWORD DATABASE SCHEMA TABLE read|PROJECT
 */
#include "bv-database.h"
#include "bv-source.h"

#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

static void
must (gboolean ok, GError *error)
{
  if (!ok)
    g_error ("%s", error != NULL ? error->message : "failed");
}

static gint64
read_table (char **argv)
{
  BvDbSettings settings = { 0 };
  BvDbQuery query = { .schema = argv[7], .table = argv[8] };
  g_autoptr (GError) error = NULL;
  g_autoptr (BvDatabase) db = NULL;
  g_autoptr (BvDbRows) rows = NULL;
  const BvDbBatch *batch;
  gint64 n = 0;

  settings.kind = g_str_equal (argv[1], "mariadb") ? BV_DB_MARIADB : g_str_equal (argv[1], "clickhouse") ? BV_DB_CLICKHOUSE : BV_DB_POSTGRESQL;
  settings.host = argv[2];
  settings.port = (guint) atoi (argv[3]);
  settings.user = argv[4];
  settings.password = argv[5];
  settings.database = argv[6];
  db = bv_database_open (&settings, NULL, &error);
  must (db != NULL, error);
  rows = bv_database_query (db, &query, NULL, &error);
  must (rows != NULL, error);
  while (TRUE)
    {
      must (bv_db_rows_next (rows, &batch, &error), error);
      if (batch == NULL)
        return n;
      n += batch->n_rows;
    }
}

static gint64
import_table (char **argv)
{
  static const char *const names[] = { "host", "port", "user", NULL, "database" };
  g_autoptr (GError) error = NULL;
  g_autoptr (BvProject) project = bv_project_create (argv[9], &error);
  g_autoptr (BvSource) source = NULL;
  g_autoptr (GHashTable) secrets = g_hash_table_new (g_str_hash, g_str_equal);
  g_autofree char *stream = g_strdup_printf ("%s.%s", argv[7], argv[8]);
  g_autofree char *tables = g_strdup_printf ("%s key id", stream);
  BvSyncOptions options = { .secrets = secrets };
  BvRun *run;
  gint64 id, n = 0;

  must (project != NULL, error);
  source = bv_source_new (project, argv[1], NULL);
  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    if (names[i] != NULL)
      must (bv_source_set_setting (source, names[i], argv[2 + i], &error), error);
  must (bv_source_set_setting (source, "tls", "off", &error), error);
  must (bv_source_set_setting (source, "tables", tables, &error), error);
  bv_source_choose (source, stream, NULL);
  must (bv_source_put (project, source, "Add", &error), error);
  g_hash_table_insert (secrets, (gpointer) "password", argv[5]);
  must (bv_source_sync (project, source, &options, NULL, NULL, NULL, &id, &error), error);
  run = bv_source_get_run (project, id, &error);
  must (run != NULL, error);
  n = run->counts.added;
  bv_run_free (run);
  return n;
}

int
main (int argc, char **argv)
{
  gint64 start = g_get_monotonic_time (), n, end;
  gboolean reads = argc == 10 && g_str_equal (argv[9], "read");
  struct rusage usage;

  if (argc != 10)
    return 2;
  n = reads ? read_table (argv) : import_table (argv);
  end = g_get_monotonic_time ();
  getrusage (RUSAGE_SELF, &usage);
  g_print ("%s %s: %" G_GINT64_FORMAT " rows, %.2f s, %.0f rows/s, %.2f s of processor, %ld MB\n", argv[1], reads ? "read" : "import", n,
           (double) (end - start) / 1e6, (double) n * 1e6 / (double) (end - start),
           (double) (usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) + (double) (usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1e6,
           usage.ru_maxrss / 1024);
  return 0;
}
