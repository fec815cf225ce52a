/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Twelve tiles under nine filters, through the same calls as the application's; see build-aux/bench/dashboard.
 *
 * Prints the median of each scenario's whole dashboard in milliseconds, and with --check compares every frame with SQLite's. No frame is remembered from
 * one dashboard to the next, but for the column "again". With --serve it does what it is told line by line, so that another program can measure
 * another engine in between:
 *
 *   run SCENARIO STEP [SCENARIO STEP]…  → {"ms": [each dashboard's]}
 *   frames SCENARIO STEP                → {"frames": [CSV, …]}
 */
#include "bench-data.h"
#include "bv-column-store.h"
#include "bv-definitions.h"
#include "bv-frame-cache.h"
#include "bv-model-build.h"
#include "bv-scan.h"

#include <glib/gstdio.h>
#include <math.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>

typedef struct
{
  const char *name;
  const char *email_field; /* which the e-mail filters are wired to */
  const char *chart;
} Tile;

static const Tile tiles[] = {
  { "T1", "Contact.email", "{'exploration':'Deals','type':'line','metrics':['Won'],'time':{'field':'Date','grain':'month'}}" },
  { "T2", "Contact.email", "{'exploration':'Deals','type':'line','metrics':['Won so far'],'time':{'field':'Date','grain':'week'}}" },
  { "T3", "Contact.email", "{'exploration':'Deals','type':'bar','metrics':['Won'],'by':['Contact.industry']}" },
  { "T4", "Contact.email", "{'exploration':'Deals','type':'bar','metrics':['Won'],'by':['Contact.email'],'top':10}" },
  { "T5", "conversations.user_email", "{'exploration':'Conversations','type':'line','metrics':['Count'],'time':{'field':'Date','grain':'week'}}" },
  { "T6", "conversations.user_email", "{'exploration':'Conversations','type':'line','metrics':['Response','Median'],'time':{'field':'Date','grain':'month'}}" },
  { "T7", "conversations.user_email", "{'exploration':'Conversations','type':'bar','metrics':['CSAT','Rated'],'by':['Contact.plan']}" },
  { "T8", "events.user_email", "{'exploration':'Events','type':'line','metrics':['Logins'],'time':{'field':'Date','grain':'day'}}" },
  { "T9", "events.user_email", "{'exploration':'Events','type':'line','metrics':['Users'],'time':{'field':'Date','grain':'week'}}" },
  { "T10", "events.user_email", "{'exploration':'Events','type':'bar','metrics':['Count'],'by':['events.event']}" },
  { "T11", "events.user_email", "{'exploration':'Events','type':'bar','metrics':['Users'],'by':['events.event'],"
                                "'where':{'field':'events.event','is':['signup','activate','invite_sent','purchase']}}" },
  { "T12", "events.user_email", "{'exploration':'Events','type':'number','metrics':['Count','Users']}" },
};

#define N_WALKED 10

typedef struct
{
  const char *name;
  gboolean ranged, industry;
  const char *email; /* "is" or "contains" */
  guint n_steps;
} Scenario;

static const Scenario scenarios[] = {
  { "S0", FALSE, FALSE, NULL, 1 }, { "S1", TRUE, FALSE, NULL, 1 }, { "S2", FALSE, FALSE, "is", 1 }, { "S3", FALSE, TRUE, NULL, 1 },
  { "S4", TRUE, TRUE, NULL, 1 },   { "S5", TRUE, FALSE, NULL, 10 }, { "S6", FALSE, FALSE, "contains", 1 },
  { "S7", FALSE, TRUE, NULL, N_WALKED }, { "S8", FALSE, FALSE, "is", N_WALKED },
};

static int n_events = 1000000, n_threads = 2, n_rounds = 5, apart_ms;
static gboolean check, verbose, serve;
static char *walked[2][N_WALKED]; /* industries and e-mails, one after the other */
static char *json_path, *project_path, *only, *csv_folder;

static double
now_ms (void)
{
  return (double) g_get_monotonic_time () / 1000;
}

/* On processors: what counts when other programs want them too. */
static double
cpu_ms (clockid_t clock)
{
  struct timespec t;

  clock_gettime (clock, &t);
  return (double) t.tv_sec * 1000 + (double) t.tv_nsec / 1e6;
}

static int
compare_doubles (const void *a, const void *b)
{
  double x = *(const double *) a, y = *(const double *) b;

  return x < y ? -1 : x > y;
}

static double
median (double *values, guint n)
{
  qsort (values, n, sizeof *values, compare_doubles);
  return n % 2 == 1 ? values[n / 2] : (values[n / 2 - 1] + values[n / 2]) / 2;
}

static JsonObject *
parse (const char *text)
{
  g_autofree char *json = g_strdelimit (g_strdup (text), "'", '"');
  g_autoptr(JsonNode) node = json_from_string (json, NULL);

  return json_node_dup_object (node);
}

static BvOverlay
make_overlay (const Scenario *scenario, guint step, const Tile *tile, const BenchMeta *meta)
{
  BvOverlay overlay = { NULL, NULL };
  gint64 from, to;
  char a[BV_TIME_TEXT_MAX], b[BV_TIME_TEXT_MAX];

  bv_date_parse ("2025-04-02", -1, &from);
  bv_date_parse ("2025-06-30", -1, &to);
  if (scenario->ranged)
    overlay.range = g_strdup_printf ("%s..%s", bv_date_to_text (from - step, a), bv_date_to_text (to - step, b));
  if (scenario->industry || scenario->email != NULL)
    {
      BvCondition *test = bv_condition_new_test (scenario->industry ? "Contact.industry" : tile->email_field,
                                                 g_strcmp0 (scenario->email, "contains") == 0 ? BV_OP_CONTAINS : BV_OP_IS);
      const char *one = scenario->industry ? meta->industry : strcmp (scenario->email, "is") == 0 ? meta->email : "acme";
      const char *other = walked[scenario->industry ? 0 : 1][step];
      g_auto(BvValue) value = bv_value_text (scenario->n_steps > 1 && !scenario->ranged && other != NULL ? other : one);

      bv_condition_add_value (test, &value);
      overlay.where = test;
    }
  return overlay;
}

static gboolean
cells_agree (const BvValue *a, const BvValue *b)
{
  if (a->type == BV_TYPE_DOUBLE && b->type == BV_TYPE_DOUBLE)
    return fabs (a->d - b->d) <= 1e-12 * MAX (fabs (a->d), fabs (b->d));
  return bv_value_equal (a, b);
}

static gboolean
frames_agree (BvFrame *a, BvFrame *b)
{
  if (bv_frame_get_n_rows (a) != bv_frame_get_n_rows (b) || bv_frame_get_n_columns (a) != bv_frame_get_n_columns (b))
    return FALSE;
  for (guint c = 0; c < bv_frame_get_n_columns (a); c++)
    {
      if (!cells_agree (&bv_frame_get_column (a, c)->total, &bv_frame_get_column (b, c)->total))
        return FALSE;
      for (guint r = 0; r < bv_frame_get_n_rows (a); r++)
        {
          BvValue x = bv_frame_peek (a, c, r), y = bv_frame_peek (b, c, r);

          if (!cells_agree (&x, &y))
            return FALSE;
        }
    }
  return TRUE;
}

/* What the lists that are walked consist of. */
static void
find_walked (BvProject *project)
{
  static const char *const queries[] = { "SELECT DISTINCT industry FROM contacts WHERE industry IS NOT NULL ORDER BY 1", "SELECT email FROM contacts WHERE id % 97 = 5 ORDER BY id" };
  sqlite3 *db = bv_project_borrow_reader (project, NULL, NULL);

  for (guint i = 0; i < G_N_ELEMENTS (queries); i++)
    {
      sqlite3_stmt *statement = NULL;

      if (sqlite3_prepare_v2 (db, queries[i], -1, &statement, NULL) != SQLITE_OK)
        g_error ("%s", sqlite3_errmsg (db));
      for (guint k = 0; k < N_WALKED && sqlite3_step (statement) == SQLITE_ROW; k++)
        walked[i][k] = g_strdup ((const char *) sqlite3_column_text (statement, 0));
      sqlite3_finalize (statement);
    }
  bv_project_return_reader (project, db);
}

/* One dashboard in ms, as a report asks for it: all tiles at once; with @by_tile (nullable) one after the other. @equal: (nullable): set to FALSE where
 * SQLite says otherwise. @frames: (nullable): gets the frames. */
static double
run_dashboard (BvQueryContext *context, const Scenario *scenario, guint step, const BenchMeta *meta, gboolean *equal, double *by_tile, GPtrArray *frames)
{
  BvQuery queries[G_N_ELEMENTS (tiles)] = { { NULL } };
  BvOverlay overlays[G_N_ELEMENTS (tiles)];
  double start, spent;

  for (guint t = 0; t < G_N_ELEMENTS (tiles); t++)
    {
      g_autoptr(JsonObject) json = parse (tiles[t].chart);
      g_autoptr(GError) error = NULL;

      overlays[t] = make_overlay (scenario, step, &tiles[t], meta);
      queries[t].chart = bv_chart_from_json (json, &error);
      queries[t].overlay = &overlays[t];
      g_assert_no_error (error);
    }
  start = now_ms ();
  if (by_tile == NULL)
    bv_query_run_many (context, queries, G_N_ELEMENTS (tiles), NULL, NULL);
  else
    for (guint t = 0; t < G_N_ELEMENTS (tiles); t++)
      {
        double begin = now_ms ();

        bv_query_run_many (context, &queries[t], 1, NULL, NULL);
        by_tile[t] = now_ms () - begin;
      }
  spent = now_ms () - start;
  for (guint t = 0; t < G_N_ELEMENTS (tiles); t++)
    {
      g_assert_no_error (queries[t].error);
      if (equal != NULL)
        {
          BvQueryContext other = *context;
          g_autoptr(BvFrame) expected = NULL;
          g_autoptr(GError) error = NULL;

          other.executor = BV_EXECUTOR_SQLITE;
          expected = bv_query_run (&other, queries[t].chart, &overlays[t], NULL, &error);
          g_assert_no_error (error);
          if (!frames_agree (queries[t].frame, expected))
            {
              g_printerr ("%s step %u %s differs\n", scenario->name, step, tiles[t].name);
              *equal = FALSE;
            }
        }
      if (frames != NULL)
        g_ptr_array_add (frames, bv_frame_ref (queries[t].frame));
      bv_frame_unref (queries[t].frame);
      bv_chart_free (queries[t].chart);
      bv_overlay_clear (&overlays[t]);
    }
  return spent;
}

#define TRAMPLED ((gsize) 256 << 20)

static gpointer
trample (gpointer data)
{
  volatile char *memory = data;

  for (gsize i = 0; i < TRAMPLED; i += 64)
    memory[i]++;
  return NULL;
}

/* What another program does between two dashboards of somebody who reads the first: it takes the caches, and all threads of ours fall asleep. */
static void
stay_apart (void)
{
  static char *memory;
  GThread *threads[64];
  int n = MIN (n_threads, (int) G_N_ELEMENTS (threads));

  if (apart_ms == 0)
    return;
  if (memory == NULL)
    memory = g_malloc (TRAMPLED * (gsize) n);
  for (int i = 0; i < n; i++)
    threads[i] = g_thread_new ("trample", trample, memory + TRAMPLED * (gsize) i);
  for (int i = 0; i < n; i++)
    g_thread_join (threads[i]);
  g_usleep ((gulong) apart_ms * 1000);
}

/* The generated texts hold nothing that CSV would have to quote. */
static void
write_csv (BvProject *project, const char *table, const BenchMeta *meta)
{
  g_autofree char *name = g_strconcat (table, ".csv", NULL);
  g_autofree char *path = g_build_filename (csv_folder, name, NULL);
  g_autofree char *sql = g_strdup_printf ("SELECT * FROM %s", table);
  g_autofree char *notes = g_build_filename (csv_folder, "meta.txt", NULL);
  g_autofree char *text = g_strdup_printf ("%s\n%s\n", meta->email, meta->industry);
  sqlite3 *db = bv_project_borrow_reader (project, NULL, NULL);
  sqlite3_stmt *statement = NULL;
  FILE *file = fopen (path, "w");

  if (file == NULL || sqlite3_prepare_v2 (db, sql, -1, &statement, NULL) != SQLITE_OK)
    g_error ("%s cannot be written", path);
  for (int i = 0; i < sqlite3_column_count (statement); i++)
    fprintf (file, "%s%s", i > 0 ? "," : "", sqlite3_column_name (statement, i));
  while (sqlite3_step (statement) == SQLITE_ROW)
    for (int i = 0; i < sqlite3_column_count (statement); i++)
      {
        const char *cell = (const char *) sqlite3_column_text (statement, i);

        fprintf (file, "%c%s", i > 0 ? ',' : '\n', cell != NULL ? cell : "");
      }
  fputc ('\n', file);
  sqlite3_finalize (statement);
  bv_project_return_reader (project, db);
  if (fclose (file) != 0 || !g_file_set_contents (notes, text, -1, NULL))
    g_error ("%s cannot be written", path);
}

/* --- Told what to do ----------------------------------------------------------------------------------------------------------------- */

static void
print_frames (GPtrArray *frames, BvCalendar *calendar)
{
  g_autoptr(JsonBuilder) builder = json_builder_new ();
  g_autoptr(JsonNode) root = NULL;
  g_autofree char *text = NULL;

  json_builder_begin_object (builder);
  json_builder_set_member_name (builder, "frames");
  json_builder_begin_array (builder);
  for (guint i = 0; i < frames->len; i++)
    {
      g_autofree char *csv = bv_frame_to_csv (frames->pdata[i], calendar);

      json_builder_add_string_value (builder, csv);
    }
  json_builder_end_array (builder);
  json_builder_end_object (builder);
  root = json_builder_get_root (builder);
  text = json_to_string (root, FALSE);
  puts (text);
}

static const Scenario *
find_scenario (const char *name)
{
  for (guint s = 0; s < G_N_ELEMENTS (scenarios); s++)
    if (strcmp (scenarios[s].name, name) == 0)
      return &scenarios[s];
  g_error ("there is no scenario “%s”", name);
}

static void
serve_commands (BvQueryContext *context, const BenchMeta *meta)
{
  char line[1024];

  while (fgets (line, sizeof line, stdin) != NULL)
    {
      g_auto(GStrv) words = g_strsplit (g_strstrip (line), " ", -1);
      g_autoptr(GPtrArray) frames = g_ptr_array_new_with_free_func ((GDestroyNotify) bv_frame_unref);
      g_autoptr(GString) times = g_string_new (NULL);

      if (g_strv_length (words) % 2 != 1)
        g_error ("“%s” is no command", line);
      for (guint i = 1; words[i] != NULL; i += 2)
        g_string_append_printf (times, "%s%.5f", i > 1 ? ", " : "",
                                run_dashboard (context, find_scenario (words[i]), (guint) atoi (words[i + 1]), meta, NULL, NULL,
                                               strcmp (words[0], "frames") == 0 ? frames : NULL));
      if (strcmp (words[0], "frames") == 0)
        print_frames (frames, context->model->calendar);
      else
        printf ("{\"ms\": [%s]}\n", times->str);
      fflush (stdout);
    }
}

static gsize
file_size (const char *path)
{
  GStatBuf info;

  return g_stat (path, &info) == 0 ? (gsize) info.st_size : 0;
}

int
main (int argc, char **argv)
{
  GOptionEntry entries[] = {
    { "events", 0, 0, G_OPTION_ARG_INT, &n_events, "Events to generate", "N" },
    { "threads", 0, 0, G_OPTION_ARG_INT, &n_threads, "Threads of a scan", "N" },
    { "rounds", 0, 0, G_OPTION_ARG_INT, &n_rounds, "Repetitions, of which the median counts", "N" },
    { "check", 0, 0, G_OPTION_ARG_NONE, &check, "Compare every frame with SQLite's", NULL },
    { "verbose", 0, 0, G_OPTION_ARG_NONE, &verbose, "Print each tile", NULL },
    { "json", 0, 0, G_OPTION_ARG_FILENAME, &json_path, "Write the figures here", "FILE" },
    { "project", 0, 0, G_OPTION_ARG_FILENAME, &project_path, "Keep the project here, and use it again", "FILE" },
    { "csv", 0, 0, G_OPTION_ARG_FILENAME, &csv_folder, "Write the tables there as CSV files, for other engines", "FOLDER" },
    { "serve", 0, 0, G_OPTION_ARG_NONE, &serve, "Answer commands instead of running all scenarios", NULL },
    { "apart", 0, 0, G_OPTION_ARG_INT, &apart_ms, "Before each dashboard, empty the caches and sleep", "MS" },
    { "only", 0, 0, G_OPTION_ARG_STRING, &only, "Run this scenario only", "NAME" },
    { NULL }
  };
  g_autoptr(GOptionContext) options = g_option_context_new (NULL);
  g_autoptr(GError) error = NULL;
  g_autoptr(BvModel) model = NULL;
  g_autoptr(GString) json = g_string_new (NULL);
  BvProject *project;
  BvColumnStore *store = bv_column_store_new ();
  BenchMeta meta = { NULL, NULL };
  BvQueryContext context = { 0 };
  static const char *const names[] = { "contacts", "deals", "conversations", "events" };
  gsize event_bytes = 0;
  double encode_ms = 0, events_ms = 0;
  struct rusage usage;

  g_option_context_add_main_entries (options, entries, NULL);
  if (!g_option_context_parse (options, &argc, &argv, &error))
    g_error ("%s", error->message);
  bv_scan_set_threads ((guint) n_threads);
  if (project_path == NULL)
    g_error ("--project is missing");
  if (g_file_test (project_path, G_FILE_TEST_EXISTS))
    {
      g_autofree char *notes = g_strconcat (project_path, ".meta", NULL);
      g_autofree char *text = NULL;
      g_auto(GStrv) lines = NULL;

      project = bv_project_open (project_path, BV_OPEN_DEFAULT, &error);
      g_assert_no_error (error);
      g_file_get_contents (notes, &text, NULL, &error);
      g_assert_no_error (error);
      lines = g_strsplit (text, "\n", -1);
      meta.email = g_strdup (lines[0]);
      meta.industry = g_strdup (lines[1]);
    }
  else
    {
      g_autofree char *definitions = bench_definitions ();
      g_autofree char *notes = g_strconcat (project_path, ".meta", NULL);
      g_autofree char *text = NULL;
      double start = now_ms ();

      project = bv_project_create (project_path, &error);
      g_assert_no_error (error);
      bench_fill (project, (guint) n_events, &meta, &error);
      g_assert_no_error (error);
      bv_definitions_apply (project, definitions, "Define", NULL, &error);
      g_assert_no_error (error);
      text = g_strdup_printf ("%s\n%s\n", meta.email, meta.industry);
      g_file_set_contents (notes, text, -1, &error);
      g_assert_no_error (error);
      g_print ("generated in %.1f s\n", (now_ms () - start) / 1000);
    }
  model = bv_model_load (project, &error);
  g_assert_no_error (error);
  context = (BvQueryContext){ project, model, G_GINT64_CONSTANT (20270) * BV_DAY_US, BV_EXECUTOR_AUTO, store };

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      double start = now_ms ();
      g_autoptr(BvEncodedTable) table = bv_column_store_make (store, project, names[i], model, NULL, &error);

      g_assert_no_error (error);
      events_ms = now_ms () - start;
      encode_ms += events_ms;
      event_bytes = bv_encoded_table_size (table);
    }
  getrusage (RUSAGE_SELF, &usage);
  g_print ("encoded in %.0f ms: events %.2f M rows/s, %.1f bytes an event row; project %.1f MB; peak %ld MB\n", encode_ms, n_events / events_ms / 1000,
           (double) event_bytes / n_events, (double) file_size (project_path) / 1e6, usage.ru_maxrss / 1024);
  {
    BvColumnStore *again = bv_column_store_new ();
    double start = now_ms (), opened, first, second;

    for (guint i = 0; i < G_N_ELEMENTS (names); i++)
      {
        g_autoptr(BvEncodedTable) table = bv_column_store_make (again, project, names[i], model, NULL, &error);

        g_assert_no_error (error);
      }
    opened = now_ms () - start;
    context.columns = again;
    first = run_dashboard (&context, &scenarios[0], 0, &meta, NULL, NULL, NULL);
    second = run_dashboard (&context, &scenarios[0], 0, &meta, NULL, NULL, NULL);
    g_print ("opened again in %.1f ms, first dashboard %.1f ms, second %.1f ms\n", opened, first, second);
    context.columns = store;
    bv_column_store_close (again);
    bv_column_store_unref (again);
  }
  /* Last, because so much writing slows what is measured. */
  for (guint i = 0; csv_folder != NULL && i < G_N_ELEMENTS (names); i++)
    write_csv (project, names[i], &meta);
  find_walked (project);
  if (serve)
    {
      printf ("{\"encode_rows_per_s\": %.0f, \"cache_bytes_per_event\": %.2f, \"peak_mb\": %ld}\n", n_events / events_ms * 1000, (double) event_bytes / n_events,
              usage.ru_maxrss / 1024);
      fflush (stdout);
      serve_commands (&context, &meta);
      return 0;
    }
  g_string_append_printf (json, "{\"events\": %d, \"threads\": %d, \"scenarios\": {", n_events, n_threads);
  for (guint s = 0; s < G_N_ELEMENTS (scenarios); s++)
    {
      const Scenario *scenario = &scenarios[s];
      g_autofree double *times = g_new (double, (guint) n_rounds * scenario->n_steps);
      g_autofree double *own = g_new (double, (guint) n_rounds * scenario->n_steps);
      g_autofree double *all = g_new (double, (guint) n_rounds * scenario->n_steps);
      double tile_times[G_N_ELEMENTS (tiles)];
      gboolean equal = TRUE;
      guint n = 0;
      double value, worst = 0, worst_all = 0;

      if (only != NULL && strcmp (only, scenario->name) != 0)
        continue;
      /* The first dashboard is for checking, and to have the memory. */
      for (guint step = 0; step < scenario->n_steps; step++)
        {
          double all_start = cpu_ms (CLOCK_PROCESS_CPUTIME_ID);

          value = run_dashboard (&context, scenario, step, &meta, check ? &equal : NULL, NULL, NULL);
          worst = MAX (worst, value);
          worst_all = MAX (worst_all, cpu_ms (CLOCK_PROCESS_CPUTIME_ID) - all_start);
        }
      for (int round = 0; round < n_rounds; round++)
        for (guint step = 0; step < scenario->n_steps; step++)
          {
            double own_start, all_start;

            stay_apart ();
            own_start = cpu_ms (CLOCK_THREAD_CPUTIME_ID);
            all_start = cpu_ms (CLOCK_PROCESS_CPUTIME_ID);
            times[n] = run_dashboard (&context, scenario, step, &meta, NULL, NULL, NULL);
            own[n] = cpu_ms (CLOCK_THREAD_CPUTIME_ID) - own_start;
            all[n++] = cpu_ms (CLOCK_PROCESS_CPUTIME_ID) - all_start;
          }
      value = median (times, n);
      if (verbose)
        run_dashboard (&context, scenario, 0, &meta, NULL, tile_times, NULL);
      context.frames = bv_frame_cache_new ();
      run_dashboard (&context, scenario, 0, &meta, NULL, NULL, NULL);
      g_print ("%s %9.3f ms (least %.3f; on processors %.3f, with other threads %.3f), again %.3f ms%s\n", scenario->name, value, times[0], median (own, n), median (all, n),
               run_dashboard (&context, scenario, 0, &meta, NULL, NULL, NULL),
               check ? equal ? "  equal" : "  DIFFERENT" : "");
      if (scenario->n_steps > 1 && !check)
        g_print ("   steps; the dearest of the first round, on which cubes are made: %.1f ms (on processors %.1f)\n", worst, worst_all);
      g_clear_pointer (&context.frames, bv_frame_cache_unref);
      for (guint t = 0; verbose && t < G_N_ELEMENTS (tiles); t++)
        g_print ("   %-4s %8.3f\n", tiles[t].name, tile_times[t]);
      g_string_append_printf (json, "%s\"%s\": {\"belvedere_ms\": %.4f, \"duckdb_ms\": null, \"duckdb_encoded_ms\": null, \"equal\": %s}", s > 0 && only == NULL ? ", " : "", scenario->name, value,
                              !check ? "null" : equal ? "true" : "false");
    }
  getrusage (RUSAGE_SELF, &usage);
  g_string_append_printf (json, "}, \"encode_rows_per_s\": %.0f, \"cache_bytes_per_event\": %.2f, \"peak_mb\": %ld}\n", n_events / events_ms * 1000,
                          (double) event_bytes / n_events, usage.ru_maxrss / 1024);
  if (json_path != NULL && !g_file_set_contents (json_path, json->str, -1, &error))
    g_error ("%s", error->message);
  bv_column_store_close (store);
  bv_column_store_unref (store);
  g_clear_pointer (&model, bv_model_unref);
  bv_project_unref (project);
  g_free (meta.email);
  g_free (meta.industry);
  return 0;
}
