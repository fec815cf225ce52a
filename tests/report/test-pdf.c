/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The sample's report in files: read back with poppler's tools, compared with the frames and, made twice, with itself. */

#include "bv-definitions.h"
#include "bv-export.h"
#include "bv-sample.h"

#include <cairo-pdf.h>
#include <glib/gstdio.h>
#include <string.h>

typedef struct
{
  char *dir;
  BvProject *project;
  BvWorkspace *workspace;
} Fixture;

static void
set_up (Fixture *fixture, gconstpointer data)
{
  BvSampleOptions options = { bv_days_from_civil (2026, 6, 30), 0, 0 };
  g_autoptr(GError) error = NULL;
  g_autofree char *json = bv_sample_definitions ();
  g_autofree char *path = NULL;

  fixture->dir = g_dir_make_tmp ("bv-pdf-XXXXXX", &error);
  g_assert_no_error (error);
  path = g_build_filename (fixture->dir, "sample.belvedere", NULL);
  fixture->project = bv_project_create (path, &error);
  g_assert_no_error (error);
  g_assert_true (bv_sample_fill (fixture->project, &options, NULL, &error));
  g_assert_no_error (error);
  g_assert_true (bv_definitions_apply (fixture->project, json, "Sample", NULL, &error));
  g_assert_no_error (error);
  fixture->workspace = bv_workspace_new (fixture->project, &error);
  g_assert_no_error (error);
  bv_workspace_set_now (fixture->workspace, bv_query_now_for_day (bv_workspace_get_model (fixture->workspace), options.as_of));
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  g_autoptr(GDir) dir = NULL;
  const char *name;

  g_object_unref (fixture->workspace);
  bv_project_unref (fixture->project);
  dir = g_dir_open (fixture->dir, 0, NULL);
  while ((name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = g_build_filename (fixture->dir, name, NULL);

      g_unlink (path);
    }
  g_rmdir (fixture->dir);
  g_free (fixture->dir);
}

static BvReportRun *
make_run (Fixture *fixture, const char *name)
{
  BvReport *report = bv_model_find_report (bv_workspace_get_model (fixture->workspace), name);
  g_autoptr(GError) error = NULL;
  BvReportRun *run = bv_report_run_new (fixture->workspace, report->uuid);

  g_assert_true (bv_report_run_wait (run, NULL, &error));
  g_assert_no_error (error);
  return run;
}

static char *
export (Fixture *fixture, BvReportRun *run, const char *name, const char *tile_id, gsize *size)
{
  g_autofree char *path = g_build_filename (fixture->dir, name, NULL);
  g_autoptr(GError) error = NULL;
  BvExportKind kind;
  char *bytes;

  g_assert_true (bv_export_kind_from_path (path, &kind));
  g_assert_true (bv_report_export (run, path, kind, tile_id, NULL, &error));
  g_assert_no_error (error);
  g_assert_true (g_file_get_contents (path, &bytes, size, NULL));
  return bytes;
}

/* What a tool prints about a file; NULL when the tool is not installed. */
static char *
tool (Fixture *fixture, const char *name, const char *option, const char *file, const char *last)
{
  g_autofree char *program = g_find_program_in_path (name);
  g_autofree char *path = g_build_filename (fixture->dir, file, NULL);
  const char *argv[] = { program, option != NULL ? option : path, option != NULL ? path : last, option != NULL ? last : NULL, NULL };
  g_autoptr(GError) error = NULL;
  char *out = NULL;
  int status;

  if (program == NULL)
    return NULL;
  g_assert_true (g_spawn_sync (NULL, (char **) argv, NULL, G_SPAWN_STDERR_TO_DEV_NULL, NULL, NULL, &out, NULL, &status, &error));
  g_assert_no_error (error);
  g_assert_true (g_spawn_check_wait_status (status, NULL));
  return out;
}

static guint
count (const char *text, const char *what)
{
  guint n = 0;

  for (const char *p = strstr (text, what); p != NULL; p = strstr (p + 1, what))
    n++;
  return n;
}

static void
test_text (Fixture *fixture, gconstpointer data)
{
  g_autoptr(BvReportRun) run = make_run (fixture, "Customer report");
  BvLocale *locale = bv_workspace_get_locale (fixture->workspace);
  BvFrame *frame = bv_report_run_get_frame (run, "breakdown");
  g_autoptr(BvPager) pager = bv_pager_new (run, NULL);
  g_autofree char *of = g_strdup_printf ("1 of %u", bv_pager_get_n_pages (pager));
  g_autofree char *last = g_strdup_printf ("%u of %u", bv_pager_get_n_pages (pager), bv_pager_get_n_pages (pager));
  gsize size;
  g_autofree char *bytes = export (fixture, run, "a.pdf", NULL, &size);
  g_autofree char *text = tool (fixture, "pdftotext", "-layout", "a.pdf", "-");
  g_autofree char *images = NULL, *info = NULL;
  g_auto(GStrv) lines = NULL;
  guint n_rows = 0;

  g_assert_cmpmem (bytes, 5, "%PDF-", 5);
  if (text == NULL)
    {
      g_test_skip ("pdftotext is not installed");
      return;
    }
  g_assert_nonnull (strstr (text, "Customer report"));
  g_assert_nonnull (strstr (text, "Customer: No filter"));
  g_assert_nonnull (strstr (text, "Date: Last 28 days"));
  g_assert_nonnull (strstr (text, "Jun 2, 2026 – Jun 30, 2026"));
  g_assert_nonnull (strstr (text, "Europe/Paris"));
  g_assert_nonnull (strstr (text, "Data loaded"));
  g_assert_nonnull (strstr (text, of));
  g_assert_nonnull (strstr (text, last));
  g_assert_nonnull (strstr (text, "Cumulative revenue"));

  /* Every row of the table on exactly one page, heads on all its pages. */
  g_assert_cmpuint (bv_frame_get_n_rows (frame), >, 60);
  g_assert_cmpuint (count (text, "Deals by customer and stage (continued)"), >=, 2);
  g_assert_cmpuint (count (text, "Win rate"), ==, count (text, "Deals by customer and stage"));
  lines = g_strsplit (text, "\n", -1);
  for (guint row = 0; row < bv_frame_get_n_rows (frame); row++)
    {
      g_autofree char *email = bv_frame_format (frame, 0, row, locale);
      g_autofree char *stage = bv_frame_format (frame, 1, row, locale);
      guint seen = 0;

      if (strchr (email, '@') == NULL)
        continue;
      for (guint i = 0; lines[i] != NULL; i++)
        {
          const char *at = strstr (lines[i], email);

          seen += at != NULL && (at == lines[i] || at[-1] == ' ') && strstr (at + strlen (email), stage) != NULL;
        }
      g_assert_cmpuint (seen, ==, 1);
      n_rows++;
    }
  g_assert_cmpuint (n_rows, >, 50);

  images = tool (fixture, "pdfimages", "-list", "a.pdf", NULL);
  if (images != NULL)
    g_assert_cmpuint (count (images, "\n"), ==, 2); /* its two lines of heading */
  info = tool (fixture, "pdfinfo", NULL, "a.pdf", NULL);
  if (info != NULL)
    {
      g_autofree char *pages = g_strdup_printf ("Pages:           %u\n", bv_pager_get_n_pages (pager));

      g_assert_nonnull (strstr (info, "Title:           Customer report"));
      g_assert_nonnull (strstr (info, pages));
    }
}

static void
test_filtered (Fixture *fixture, gconstpointer data)
{
  g_autoptr(BvReportRun) run = make_run (fixture, "Customer report");
  BvFrame *all = bv_report_run_get_frame (run, "breakdown");
  g_autofree char *email = NULL, *text = NULL, *wanted = NULL, *bytes = NULL;
  g_autoptr(GError) error = NULL;
  gsize size;

  for (guint row = 0; email == NULL; row++)
    email = g_strdup (bv_frame_get_text (all, 0, row));
  g_assert_true (bv_report_run_set_text (run, "Customer", email, &error));
  g_assert_true (bv_report_run_set_text (run, "Date", "2026-01-01..2026-06-30", &error));
  g_assert_no_error (error);
  g_assert_true (bv_report_run_wait (run, NULL, &error));
  bytes = export (fixture, run, "filtered.pdf", NULL, &size);
  text = tool (fixture, "pdftotext", "-layout", "filtered.pdf", "-");
  if (text == NULL)
    {
      g_test_skip ("pdftotext is not installed");
      return;
    }
  wanted = g_strdup_printf ("Customer: %s", email);
  g_assert_nonnull (strstr (text, wanted));
  g_assert_nonnull (strstr (text, "Jan 1, 2026 – Jun 30, 2026"));
  /* Nobody else is in it. */
  for (const char *at = strchr (text, '@'); at != NULL; at = strchr (at + 1, '@'))
    {
      const char *start = at;

      while (start > text && start[-1] != ' ' && start[-1] != '\n' && start[-1] != '\f')
        start--;
      g_assert_true (g_str_has_prefix (start, email));
    }
}

/* Two filters on the tiles' own time: the head says what days they leave, and the tiles show no others. */
static void
test_two_ranges (Fixture *fixture, gconstpointer data)
{
  static const char date[] = "\"field\": \"default-time\", \"default\": \"last-28-days\" }";
  g_autofree char *json = bv_sample_definitions (), *text = NULL, *apart = NULL, *bytes = NULL;
  g_autoptr(GString) edited = g_string_new (json);
  g_autofree char *two = g_strconcat (date, ", { \"id\": \"month\", \"name\": \"Month\", \"field\": \"default-time\" }", NULL);
  g_autoptr(BvReportRun) run = NULL;
  g_autoptr(GError) error = NULL;
  gsize size;

  g_assert_cmpuint (g_string_replace (edited, date, two, 0), ==, 1);
  g_assert_true (bv_definitions_apply (fixture->project, edited->str, "Edited", NULL, &error));
  g_assert_true (bv_workspace_reload (fixture->workspace, &error));
  g_assert_no_error (error);
  run = make_run (fixture, "Customer report");
  g_assert_true (bv_report_run_set_text (run, "Date", "2026-01-01..2026-04-20", &error));
  g_assert_true (bv_report_run_set_text (run, "Month", "2026-04-05..2026-06-30", &error));
  g_assert_true (bv_report_run_wait (run, NULL, &error));
  g_assert_no_error (error);
  bytes = export (fixture, run, "two.pdf", NULL, &size);
  text = tool (fixture, "pdftotext", "-layout", "two.pdf", "-");
  if (text == NULL)
    {
      g_test_skip ("pdftotext is not installed");
      return;
    }
  g_assert_nonnull (strstr (text, "Apr 5, 2026 – Apr 20, 2026"));

  g_assert_true (bv_report_run_set_text (run, "Month", "2026-05-05..2026-06-30", &error));
  g_assert_true (bv_report_run_wait (run, NULL, &error));
  g_assert_no_error (error);
  g_assert_cmpuint (bv_frame_get_n_rows (bv_report_run_get_frame (run, "revenue")), ==, 0);
  g_free (bytes);
  bytes = export (fixture, run, "two.pdf", NULL, &size);
  apart = tool (fixture, "pdftotext", "-layout", "two.pdf", "-");
  g_assert_nonnull (strstr (apart, "No time in common"));
}

/* One tile alone has the days that the filters leave of its own time. */
static void
test_range_of_tile (Fixture *fixture, gconstpointer data)
{
  static const char date[] = "\"field\": \"default-time\", \"default\": \"last-28-days\" }";
  static const struct { const char *tile, *wanted; } cases[] = {
    { "revenue", "\nApr 5, 2026 – Apr 20, 2026 · Time zone" },
    { "logins", "\nJan 1, 2026 – Apr 20, 2026 · Time zone" },
    { NULL, "Month: Apr 5, 2026 – Jun 30, 2026 · Time zone" },
  };
  g_autofree char *json = bv_sample_definitions ();
  g_autoptr(GString) edited = g_string_new (json);
  g_autofree char *two = g_strconcat (date, ", { \"id\": \"month\", \"name\": \"Month\", \"field\": \"default-time\", \"tiles\": { \"logins\": null } }",
                                      NULL);
  g_autoptr(BvReportRun) run = NULL;
  g_autoptr(GError) error = NULL;

  g_assert_cmpuint (g_string_replace (edited, date, two, 0), ==, 1);
  g_assert_true (bv_definitions_apply (fixture->project, edited->str, "Edited", NULL, &error));
  g_assert_true (bv_workspace_reload (fixture->workspace, &error));
  g_assert_no_error (error);
  run = make_run (fixture, "Customer report");
  g_assert_true (bv_report_run_set_text (run, "Date", "2026-01-01..2026-04-20", &error));
  g_assert_true (bv_report_run_set_text (run, "Month", "2026-04-05..2026-06-30", &error));
  g_assert_true (bv_report_run_wait (run, NULL, &error));
  g_assert_no_error (error);
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *bytes = NULL, *text = NULL, *tidy = NULL;
      g_auto(GStrv) words = NULL;
      gsize size;

      bytes = export (fixture, run, "tile.pdf", cases[i].tile, &size);
      text = tool (fixture, "pdftotext", "-layout", "tile.pdf", "-");
      if (text == NULL)
        {
          g_test_skip ("pdftotext is not installed");
          return;
        }
      tidy = g_strjoinv (" ", words = g_regex_split_simple (" +", text, 0, 0));
      g_assert_nonnull (strstr (tidy, cases[i].wanted));
    }
}

static void
test_same_bytes (Fixture *fixture, gconstpointer data)
{
  static const char *const names[] = { "x.pdf", "x.png", "x.svg", "x.xlsx", "x.csv", "x.json" };
  static const char *const reports[] = { "Customer report", "Support overview" };

  for (guint r = 0; r < G_N_ELEMENTS (reports); r++)
    {
      g_autoptr(BvReportRun) one = make_run (fixture, reports[r]);
      g_autoptr(BvReportRun) two = make_run (fixture, reports[r]);

      for (guint i = 0; i < G_N_ELEMENTS (names); i++)
        {
          gsize size_one, size_two;
          g_autofree char *first = export (fixture, one, names[i], NULL, &size_one);
          g_autofree char *second = export (fixture, two, names[i], NULL, &size_two);

          g_test_message ("%s of %s", names[i], reports[r]);
          g_assert_cmpuint (size_one, >, 200);
          g_assert_cmpmem (first, size_one, second, size_two);
        }
    }
}

typedef struct
{
  GMainLoop *loop;
  gboolean ok;
  GError *error;
  goffset last, total;
  guint n_told;
} Export;

static void
exported_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Export *export = user_data;

  export->ok = bv_report_export_finish (result, &export->error);
  g_main_loop_quit (export->loop);
}

static void
told_cb (goffset done, goffset total, gpointer user_data)
{
  Export *export = user_data;

  g_assert_cmpint (done, <, total);
  g_assert_true (export->n_told == 0 || done > export->last);
  g_assert_true (export->n_told == 0 || total == export->total);
  export->last = done;
  export->total = total;
  export->n_told++;
}

/* In a thread the same bytes are made, of the report as it was when they were asked for. */
static void
test_threads (Fixture *fixture, gconstpointer data)
{
  static const char *const names[] = { "x.pdf", "x.png", "x.svg", "x.xlsx", "x.csv", "x.json" };

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autoptr(BvReportRun) run = make_run (fixture, "Customer report");
      g_autofree char *path = g_build_filename (fixture->dir, names[i], NULL);
      g_autoptr(GMainLoop) loop = g_main_loop_new (NULL, FALSE);
      g_autoptr(GCancellable) cancellable = g_cancellable_new ();
      Export job = { .loop = loop };
      g_autofree char *wanted = NULL, *made = NULL, *kept = NULL;
      gsize size, made_size;
      BvExportKind kind;

      g_test_message ("%s", names[i]);
      wanted = export (fixture, run, names[i], NULL, &size);
      g_assert_true (bv_export_kind_from_path (path, &kind));
      bv_report_export_async (run, path, kind, NULL, NULL, told_cb, &job, cancellable, exported_cb, &job);
      g_assert_true (bv_report_run_set_text (run, "Date", "2026-05-01..2026-05-02", NULL));
      g_main_loop_run (loop);
      g_assert_no_error (job.error);
      g_assert_true (job.ok);
      g_assert_true ((job.n_told > 0) == (kind <= BV_EXPORT_SVG));
      g_assert_true (g_file_get_contents (path, &made, &made_size, NULL));
      g_assert_cmpmem (made, made_size, wanted, size);

      /* Cancelled, it leaves what was there. */
      g_cancellable_cancel (cancellable);
      bv_report_export_async (run, path, kind, NULL, NULL, NULL, NULL, cancellable, exported_cb, &job);
      g_main_loop_run (loop);
      g_assert_error (job.error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
      g_clear_error (&job.error);
      g_assert_true (g_file_get_contents (path, &kept, &made_size, NULL));
      g_assert_cmpmem (kept, made_size, wanted, size);
      g_assert_true (bv_report_run_wait (run, NULL, NULL));
    }
}

static void
painted_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  *(GPtrArray **) user_data = bv_report_paint_finish (result, NULL);
}

/* Pages that a thread painted for the printer say what the PDF says, as text. */
static void
test_printed (Fixture *fixture, gconstpointer data)
{
  g_autoptr(BvReportRun) run = make_run (fixture, "Customer report");
  g_autofree char *path = g_build_filename (fixture->dir, "printed.pdf", NULL);
  g_autofree char *bytes = NULL, *exported = NULL, *printed = NULL;
  g_autoptr(GPtrArray) pages = NULL;
  cairo_surface_t *surface;
  cairo_t *cr;
  gsize size;

  bv_report_paint_async (run, NULL, NULL, NULL, NULL, painted_cb, &pages);
  while (pages == NULL)
    g_main_context_iteration (NULL, TRUE);
  surface = cairo_pdf_surface_create (path, 841.89, 595.276);
  cr = cairo_create (surface);
  for (guint i = 0; i < pages->len; i++)
    {
      cairo_set_source_surface (cr, g_ptr_array_index (pages, i), 0, 0);
      cairo_paint (cr);
      cairo_show_page (cr);
    }
  g_assert_cmpint (cairo_status (cr), ==, CAIRO_STATUS_SUCCESS);
  cairo_destroy (cr);
  cairo_surface_destroy (surface);

  bytes = export (fixture, run, "exported.pdf", NULL, &size);
  exported = tool (fixture, "pdftotext", "-layout", "exported.pdf", "-");
  printed = tool (fixture, "pdftotext", "-layout", "printed.pdf", "-");
  if (exported == NULL)
    {
      g_test_skip ("pdftotext is not installed");
      return;
    }
  g_assert_cmpstr (printed, ==, exported);
}

static void
test_data (Fixture *fixture, gconstpointer data)
{
  g_autoptr(BvReportRun) run = make_run (fixture, "Customer report");
  BvFrame *logins = bv_report_run_get_frame (run, "logins");
  gsize size;
  g_autofree char *json = export (fixture, run, "all.json", NULL, &size);
  g_autofree char *one = export (fixture, run, "one.json", "logins", &size);
  g_autofree char *csv = export (fixture, run, "one.csv", "logins", &size);
  g_autoptr(JsonNode) node = json_from_string (json, NULL);
  g_autofree char *wanted_json = g_strdup_printf ("[\n  {\"Logins\": %" G_GINT64_FORMAT "}\n]\n", bv_frame_get_int (logins, 0, 0));
  g_autofree char *wanted_csv = g_strdup_printf ("Logins\n%" G_GINT64_FORMAT "\n", bv_frame_get_int (logins, 0, 0));
  g_autoptr(GError) error = NULL;
  JsonObject *object;

  g_assert_nonnull (node);
  object = json_node_get_object (node);
  g_assert_cmpuint (json_object_get_size (object), ==, 5);
  g_assert_cmpuint (json_array_get_length (json_object_get_array_member (object, "Cumulative revenue")), ==, 29);
  g_assert_cmpstr (one, ==, wanted_json);
  g_assert_cmpstr (csv, ==, wanted_csv);

  g_assert_false (bv_report_export (run, "/nonexistent/x.csv", BV_EXPORT_CSV, NULL, NULL, &error));
  g_assert_error (error, BV_ERROR, BV_ERROR_FAILED);
  g_clear_error (&error);
  g_assert_false (bv_report_export (run, "x.csv", BV_EXPORT_CSV, "nothing", NULL, &error));
  g_assert_error (error, BV_ERROR, BV_ERROR_NOT_FOUND);
  g_clear_error (&error);
  g_assert_false (bv_report_export (run, "x.csv", BV_EXPORT_CSV, "title", NULL, &error));
  g_assert_error (error, BV_ERROR, BV_ERROR_UNSUPPORTED);
}

static double
ask (Fixture *fixture, const char *sql)
{
  g_autoptr(GError) error = NULL;
  sqlite3 *db = bv_project_borrow_reader (fixture->project, NULL, &error);
  sqlite3_stmt *stmt = NULL;
  double value;

  g_assert_no_error (error);
  g_assert_cmpint (sqlite3_prepare_v2 (db, sql, -1, &stmt, NULL), ==, SQLITE_OK);
  g_assert_cmpint (sqlite3_step (stmt), ==, SQLITE_ROW);
  value = sqlite3_column_double (stmt, 0);
  sqlite3_finalize (stmt);
  bv_project_return_reader (fixture->project, db);
  return value;
}

static double
last_number (BvReportRun *run, const char *tile)
{
  BvFrame *frame = bv_report_run_get_frame (run, tile);

  return bv_frame_get_double (frame, bv_frame_get_n_columns (frame) - 1, bv_frame_get_n_rows (frame) - 1);
}

/* The report's numbers against SQL written by hand. The range is Paris time: two hours before UTC's midnight in June. */
#define SPAN(column) column " >= '2026-06-01 22:00:00' AND " column " < '2026-06-30 22:00:00'"

static void
test_numbers (Fixture *fixture, gconstpointer data)
{
  g_autoptr(BvReportRun) run = make_run (fixture, "Customer report");
  g_autofree char *email = NULL;
  g_autoptr(GError) error = NULL;
  BvFrame *frame = bv_report_run_get_frame (run, "industry");
  double sum = 0;

  g_assert_cmpfloat_with_epsilon (last_number (run, "conversations"),
                                  ask (fixture, "SELECT count(*) FROM intercom_conversations WHERE " SPAN ("created_at")), 1e-9);
  g_assert_cmpfloat_with_epsilon (last_number (run, "logins"),
                                  ask (fixture, "SELECT count(*) FROM segment_tracks WHERE event = 'logged_in' AND " SPAN ("timestamp")), 1e-9);
  g_assert_cmpfloat_with_epsilon (last_number (run, "revenue"),
                                  ask (fixture, "SELECT sum(amount) FROM hubspot_deals WHERE is_won "
                                                "AND close_date BETWEEN '2026-06-02' AND '2026-06-30'"), 1e-6);
  for (guint row = 0; row < bv_frame_get_n_rows (frame); row++)
    sum += bv_frame_is_null (frame, 1, row) ? 0 : bv_frame_get_double (frame, 1, row);
  g_assert_cmpfloat_with_epsilon (sum, last_number (run, "revenue"), 1e-6);

  /* One customer: who made the most conversations. */
  {
    sqlite3 *db = bv_project_borrow_reader (fixture->project, NULL, &error);
    sqlite3_stmt *stmt = NULL;

    sqlite3_prepare_v2 (db, "SELECT user_email FROM intercom_conversations WHERE " SPAN ("created_at")
                            " AND user_email IS NOT NULL GROUP BY 1 ORDER BY count(*) DESC, 1", -1, &stmt, NULL);
    g_assert_cmpint (sqlite3_step (stmt), ==, SQLITE_ROW);
    email = g_strdup ((const char *) sqlite3_column_text (stmt, 0));
    sqlite3_finalize (stmt);
    bv_project_return_reader (fixture->project, db);
  }
  g_assert_true (bv_report_run_set_text (run, "Customer", email, &error));
  g_assert_true (bv_report_run_wait (run, NULL, &error));
  {
    g_autofree char *conversations = g_strdup_printf ("SELECT count(*) FROM intercom_conversations WHERE user_email = '%s' AND "
                                                      SPAN ("created_at"), email);
    g_autofree char *logins = g_strdup_printf ("SELECT count(*) FROM segment_tracks WHERE event = 'logged_in' AND user_email = '%s' AND "
                                               SPAN ("timestamp"), email);
    g_autofree char *revenue = g_strdup_printf ("SELECT ifnull(sum(d.amount), 0) FROM hubspot_deals d JOIN hubspot_contacts c ON c.id = d.contact_id "
                                                "WHERE d.is_won AND c.email = '%s' AND d.close_date BETWEEN '2026-06-02' AND '2026-06-30'", email);

    g_assert_cmpfloat (last_number (run, "conversations"), >, 0);
    g_assert_cmpfloat_with_epsilon (last_number (run, "conversations"), ask (fixture, conversations), 1e-9);
    g_assert_cmpfloat_with_epsilon (last_number (run, "logins"), ask (fixture, logins), 1e-9);
    g_assert_cmpfloat_with_epsilon (last_number (run, "revenue"), ask (fixture, revenue), 1e-6);
  }
}

/* Every tile alone, on odd papers too: something is drawn, nothing warns. */
static void
test_papers (Fixture *fixture, gconstpointer data)
{
  static const BvPaper papers[] = { { 0 }, { 595.276, 841.89, 36 }, { 200, 200, 10 }, { 3000, 300, 100 } };
  g_autoptr(BvReportRun) run = make_run (fixture, "Support overview");
  BvReport *report = bv_report_run_get_report (run);

  for (guint p = 0; p < G_N_ELEMENTS (papers); p++)
    {
      g_autofree char *path = g_build_filename (fixture->dir, "paper.pdf", NULL);
      g_autoptr(GError) error = NULL;

      g_assert_true (bv_report_export (run, path, BV_EXPORT_PDF, NULL, &papers[p], &error));
      g_assert_no_error (error);
    }
  for (guint i = 0; i < report->tiles->len; i++)
    {
      BvTile *tile = g_ptr_array_index (report->tiles, i);
      gsize size;
      g_autofree char *svg = export (fixture, run, "tile.svg", tile->id, &size);
      g_autofree char *pdf = export (fixture, run, "tile.pdf", tile->id, &size);
      g_autofree char *title = g_markup_escape_text (tile->title, -1);

      g_assert_nonnull (strstr (svg, title));
    }
}

/* Tiles that are no charts, more text than its box holds, a title longer than its card. */
static const char odd_report[] =
  "{ \"belvedere\": 1, \"reports\": [ { \"name\": \"Odd tiles\", \"tiles\": ["
  "  { \"id\": \"words\", \"kind\": \"text\", \"at\": [0, 0, 3, 2], \"text\": \"# Words\\none two three four five six seven eight nine\\n- ten\\n- eleven\\n"
  "- twelve\\n- thirteen\\n- fourteen\\n- fifteen\\n- sixteen\\n- seventeen\" },"
  "  { \"id\": \"dot\", \"kind\": \"image\", \"at\": [3, 0, 3, 2], \"target\": \"data:image/png;base64,"
  "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAIAAACQd1PeAAAADElEQVR4nGNQcDgAAAGkASH3FkXwAAAAAElFTkSuQmCC\" },"
  "  { \"id\": \"gone\", \"kind\": \"image\", \"at\": [6, 0, 3, 2], \"target\": \"gone.png\" },"
  "  { \"id\": \"link\", \"kind\": \"navigation\", \"at\": [9, 0, 3, 2], \"text\": \"Go <there>\", \"target\": \"https://example.com/?a=1&b='2'\" },"
  "  { \"id\": \"long\", \"kind\": \"chart\", \"at\": [0, 2, 3, 4], \"title\": \"A title that goes on and on and on until nobody can see its end\","
  "    \"chart\": { \"exploration\": \"Segment events\", \"type\": \"number\", \"metrics\": [\"Logins\"] } } ] } ] }";

static double
attribute (const char *at, const char *name)
{
  return g_ascii_strtod (strstr (at, name) + strlen (name), NULL);
}

/* An SVG holds what the other kinds hold. */
static void
test_svg_tiles (Fixture *fixture, gconstpointer data)
{
  g_autoptr(BvReportRun) run = NULL;
  g_autofree char *svg = NULL;
  g_autoptr(GError) error = NULL;
  GMarkupParser nothing = { 0 };
  g_autoptr(GMarkupParseContext) parser = g_markup_parse_context_new (&nothing, 0, NULL, NULL);
  const char *group, *last;
  gsize size;

  g_assert_true (bv_definitions_apply (fixture->project, odd_report, "Odd", NULL, &error));
  g_assert_no_error (error);
  g_assert_true (bv_workspace_reload (fixture->workspace, &error));
  run = make_run (fixture, "Odd tiles");
  svg = export (fixture, run, "odd.svg", NULL, &size);
  g_markup_parse_context_parse (parser, svg, (gssize) size, &error);
  g_markup_parse_context_end_parse (parser, &error);
  g_assert_no_error (error);
  g_assert_nonnull (strstr (svg, "<a href=\"https://example.com/?a=1&amp;b=&apos;2&apos;\">"));
  g_assert_nonnull (strstr (svg, ">Go &lt;there&gt;</text>"));
  g_assert_cmpuint (count (svg, "href=\"data:image/png;base64,"), ==, 1);
  g_assert_cmpuint (count (svg, "This image cannot be read"), ==, 1);
  g_assert_null (strstr (svg, "until nobody"));
  g_assert_nonnull (strstr (svg, "see its end</text>"));
  /* The words are set small enough for their box, which the link's is as tall as. */
  group = strstr (svg, ") scale(");
  g_assert_nonnull (group);
  g_assert_cmpfloat (attribute (group, "scale("), <, 1);
  last = strstr (group, ">seventeen<");
  g_assert_nonnull (last);
  while (!g_str_has_prefix (last, "<text"))
    last--;
  g_assert_cmpfloat (attribute (last, "y=\"") * attribute (group, "scale("), <=, attribute (strstr (svg, "<image"), "height=\""));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add ("/pdf/text", Fixture, NULL, set_up, test_text, tear_down);
  g_test_add ("/pdf/filtered", Fixture, NULL, set_up, test_filtered, tear_down);
  g_test_add ("/pdf/two-ranges", Fixture, NULL, set_up, test_two_ranges, tear_down);
  g_test_add ("/pdf/range-of-tile", Fixture, NULL, set_up, test_range_of_tile, tear_down);
  g_test_add ("/pdf/same-bytes", Fixture, NULL, set_up, test_same_bytes, tear_down);
  g_test_add ("/pdf/threads", Fixture, NULL, set_up, test_threads, tear_down);
  g_test_add ("/pdf/printed", Fixture, NULL, set_up, test_printed, tear_down);
  g_test_add ("/pdf/data", Fixture, NULL, set_up, test_data, tear_down);
  g_test_add ("/pdf/numbers", Fixture, NULL, set_up, test_numbers, tear_down);
  g_test_add ("/pdf/papers", Fixture, NULL, set_up, test_papers, tear_down);
  g_test_add ("/pdf/svg-tiles", Fixture, NULL, set_up, test_svg_tiles, tear_down);
  return g_test_run ();
}
