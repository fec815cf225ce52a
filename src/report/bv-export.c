/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A report, or one tile of it, into a file of one of six kinds. Bytes are made in full first and then put in place of the old file
 * in one step, so that a failure leaves what was there.
 *
 * XLSX, CSV and JSON hold the plain rows of a table, each with all its keys: what reads them groups by itself, and sub-totals among the rows would
 * be counted twice. PDF, PNG and SVG show the sub-totals. */
#include "config.h"

#include "bv-pager-private.h"
#include "bv-report-run-private.h"

#include <glib/gi18n-lib.h>
#include <string.h>

gboolean
bv_export_kind_from_path (const char *path, BvExportKind *kind)
{
  static const char *const endings[] = { ".pdf", ".png", ".svg", ".xlsx", ".csv", ".json" };
  g_autofree char *lower = NULL;

  g_return_val_if_fail (path != NULL && kind != NULL, FALSE);

  lower = g_ascii_strdown (path, -1);
  for (guint i = 0; i < G_N_ELEMENTS (endings); i++)
    if (g_str_has_suffix (lower, endings[i]))
      {
        *kind = (BvExportKind) i;
        return TRUE;
      }
  return FALSE;
}

/* Adds a title, telling equal ones apart by a number. */
static void
add_title (GPtrArray *titles, const char *title)
{
  g_autofree char *unique = g_strdup (title);

  for (guint n = 2; g_ptr_array_find_with_equal_func (titles, unique, g_str_equal, NULL); n++)
    {
      g_free (unique);
      unique = g_strdup_printf ("%s %u", title, n);
    }
  g_ptr_array_add (titles, g_steal_pointer (&unique));
}

/* The frames to export with their titles, in the order of the canvas. A tile that failed fails the export: a file without it would
 * look complete. */
static gboolean
collect (BvReportRun *run, const char *tile_id, GPtrArray *frames, GPtrArray *titles, GError **error)
{
  g_autoptr(GPtrArray) tiles = bv_report_chart_tiles (bv_report_run_get_report (run));

  for (guint i = 0; i < tiles->len; i++)
    {
      BvTile *tile = g_ptr_array_index (tiles, i);
      g_autofree char *title = NULL;
      const GError *failure = bv_report_run_get_error (run, tile->id);
      BvFrame *frame = bv_report_run_get_frame (run, tile->id);

      if (tile_id != NULL && strcmp (tile->id, tile_id) != 0)
        continue;
      title = bv_report_run_title (run, tile);
      if (failure != NULL || frame == NULL)
        {
          g_set_error (error, BV_ERROR, BV_ERROR_FAILED, _("The tile “%s” has no data: %s"), title,
                       failure != NULL ? failure->message : _("wait until it is loaded"));
          return FALSE;
        }
      g_ptr_array_add (frames, bv_frame_ref (frame));
      add_title (titles, title);
    }
  return TRUE;
}

static char *
to_csv (GPtrArray *frames, GPtrArray *titles, gboolean single, BvCalendar *calendar)
{
  GString *out = g_string_new (NULL);

  for (guint i = 0; i < frames->len; i++)
    {
      g_autofree char *csv = bv_frame_to_csv (g_ptr_array_index (frames, i), calendar);
      const char *title = g_ptr_array_index (titles, i);

      if (!single)
        {
          g_auto(GStrv) quotes = strpbrk (title, "\",\n\r") != NULL ? g_strsplit (title, "\"", -1) : NULL;
          g_autofree char *doubled = quotes != NULL ? g_strjoinv ("\"\"", quotes) : NULL;

          g_string_append_printf (out, doubled != NULL ? "%s\"%s\"\n" : "%s%s\n", i > 0 ? "\n" : "", doubled != NULL ? doubled : title);
        }
      g_string_append (out, csv);
    }
  return g_string_free (out, FALSE);
}

static char *
to_json (GPtrArray *frames, GPtrArray *titles, gboolean single, BvCalendar *calendar)
{
  GString *out = g_string_new (single ? "" : "{\n");

  for (guint i = 0; i < frames->len; i++)
    {
      g_autofree char *json = bv_frame_to_json (g_ptr_array_index (frames, i), calendar);

      if (single)
        {
          g_string_append (out, json);
          continue;
        }
      {
        g_autoptr(JsonNode) node = json_node_new (JSON_NODE_VALUE);
        g_autofree char *key = NULL;

        json_node_set_string (node, g_ptr_array_index (titles, i));
        key = json_to_string (node, FALSE);
        g_strchomp (json);
        g_string_append_printf (out, "%s: %s%s\n", key, json, i + 1 < frames->len ? "," : "");
      }
    }
  if (!single)
    g_string_append (out, "}\n");
  return g_string_free (out, FALSE);
}

static gboolean
write_bytes (const char *path, const char *data, gsize size, GError **error)
{
  g_autoptr(GError) failure = NULL;

  if (g_file_set_contents (path, data, (gssize) size, &failure))
    return TRUE;
  g_set_error (error, BV_ERROR, BV_ERROR_FAILED, _("The file “%s” could not be written (%s): check the folder and the space on the disk"),
               path, failure->message);
  return FALSE;
}

/* --- Jobs ---------------------------------------------------------------------------------------------------------------- */

/* What an export needs, taken from the report at work in its thread; the rest is done in any. */
typedef struct
{
  char *path;
  BvExportKind kind;
  BvPager *pager;       /* (nullable): of drawings; else */
  GPtrArray *frames, *titles;
  BvCalendar *calendar;
  gboolean single;
  GFileProgressCallback progress; /* (nullable) */
  gpointer progress_data;
} Job;

static void
job_free (Job *job)
{
  g_clear_pointer (&job->pager, bv_pager_free);
  g_ptr_array_unref (job->frames);
  g_ptr_array_unref (job->titles);
  bv_calendar_unref (job->calendar);
  g_free (job->path);
  g_free (job);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Job, job_free)

static Job *
job_new (BvReportRun *run, const char *path, BvExportKind kind, const char *tile_id, const BvPaper *paper, GError **error)
{
  BvReport *report = bv_report_run_get_report (run);
  g_autoptr(Job) job = g_new0 (Job, 1);

  job->path = g_strdup (path);
  job->kind = kind;
  job->frames = g_ptr_array_new_with_free_func ((GDestroyNotify) bv_frame_unref);
  job->titles = g_ptr_array_new_with_free_func (g_free);
  job->calendar = bv_calendar_ref (bv_workspace_get_model (bv_report_run_get_workspace (run))->calendar);
  job->single = tile_id != NULL;
  if (report == NULL)
    {
      g_set_error (error, BV_ERROR, BV_ERROR_NOT_FOUND, _("The report is gone: undo its deletion or export another one"));
      return NULL;
    }
  if (tile_id != NULL && bv_report_find_tile (report, tile_id) == NULL)
    {
      g_set_error (error, BV_ERROR, BV_ERROR_NOT_FOUND, _("The report has no tile “%s”: choose one of its tiles"), tile_id);
      return NULL;
    }
  if (kind <= BV_EXPORT_SVG)
    {
      job->pager = bv_pager_new_full (run, paper, tile_id, kind != BV_EXPORT_PDF);
      return g_steal_pointer (&job);
    }
  if (!collect (run, tile_id, job->frames, job->titles, error))
    return NULL;
  if (job->single && job->frames->len == 0)
    {
      g_set_error (error, BV_ERROR, BV_ERROR_UNSUPPORTED, _("This tile holds no data: export it as PDF, PNG or SVG"));
      return NULL;
    }
  return g_steal_pointer (&job);
}

static void
lay_out (Job *job, GCancellable *cancellable)
{
  job->pager->cancellable = cancellable;
  job->pager->progress = job->progress;
  job->pager->progress_data = job->progress_data;
  bv_pager_lay_out (job->pager);
}

static GBytes *
draw (Job *job, GError **error)
{
  if (job->kind == BV_EXPORT_PDF)
    return bv_pager_to_pdf (job->pager, error);
  return job->kind == BV_EXPORT_PNG ? bv_pager_to_png (job->pager, 2, error) : bv_pager_to_svg (job->pager);
}

static gboolean
job_run (Job *job, GCancellable *cancellable, GError **error)
{
  g_autoptr(GBytes) bytes = NULL;
  const char *data;
  char *text;
  gsize size;

  if (job->kind == BV_EXPORT_XLSX)
    return !g_cancellable_set_error_if_cancelled (cancellable, error)
           && bv_frame_write_xlsx ((const BvFrame *const *) job->frames->pdata, (const char *const *) job->titles->pdata, job->frames->len, job->calendar,
                                   job->path, error);
  if (job->pager != NULL)
    {
      lay_out (job, cancellable);
      bytes = draw (job, error);
    }
  else
    {
      text = job->kind == BV_EXPORT_CSV ? to_csv (job->frames, job->titles, job->single, job->calendar)
                                        : to_json (job->frames, job->titles, job->single, job->calendar);
      bytes = g_bytes_new_take (text, strlen (text));
    }
  /* What was begun only is not put in place of the file that was there. */
  if (bytes == NULL || g_cancellable_set_error_if_cancelled (cancellable, error))
    return FALSE;
  data = g_bytes_get_data (bytes, &size);
  return write_bytes (job->path, data, size, error);
}

gboolean
bv_report_export (BvReportRun *run, const char *path, BvExportKind kind, const char *tile_id, const BvPaper *paper, GError **error)
{
  g_autoptr(Job) job = NULL;

  g_return_val_if_fail (BV_IS_REPORT_RUN (run) && path != NULL, FALSE);

  job = job_new (run, path, kind, tile_id, paper, error);
  return job != NULL && job_run (job, NULL, error);
}

/* --- In a thread ----------------------------------------------------------------------------------------------------------- */

typedef struct
{
  GTask *task;
  GFileProgressCallback progress;
  gpointer data;
  goffset done, total;
} Told;

static void
told_free (gpointer data)
{
  Told *told = data;

  g_object_unref (told->task);
  g_free (told);
}

static gboolean
tell_cb (gpointer data)
{
  Told *told = data;

  /* Nobody may be there any more once the end was told. */
  if (!g_task_get_completed (told->task))
    told->progress (told->done, told->total, told->data);
  return G_SOURCE_REMOVE;
}

typedef struct
{
  Job *job;
  GFileProgressCallback progress;
  gpointer progress_data;
} Threaded;

static void
threaded_free (gpointer data)
{
  Threaded *threaded = data;

  job_free (threaded->job);
  g_free (threaded);
}

/* In the thread: has it told where the export was asked for. */
static void
progress_cb (goffset done, goffset total, gpointer data)
{
  GTask *task = data;
  Threaded *threaded = g_task_get_task_data (task);
  g_autoptr(GSource) source = g_idle_source_new ();
  Told *told = g_new0 (Told, 1);

  *told = (Told){ g_object_ref (task), threaded->progress, threaded->progress_data, done, total };
  g_source_set_priority (source, G_PRIORITY_DEFAULT);
  g_source_set_callback (source, tell_cb, told, told_free);
  g_source_attach (source, g_task_get_context (task));
}

static void
export_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  Threaded *threaded = data;
  GError *error = NULL;

  if (job_run (threaded->job, cancellable, &error))
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

/* Takes @job. */
static void
run_in_thread (GTask *task, Job *job, GFileProgressCallback progress, gpointer progress_data, GTaskThreadFunc func)
{
  Threaded *threaded = g_new0 (Threaded, 1);

  *threaded = (Threaded){ job, progress, progress_data };
  if (progress != NULL)
    {
      job->progress = progress_cb;
      job->progress_data = task;
    }
  g_task_set_task_data (task, threaded, threaded_free);
  g_task_run_in_thread (task, func);
}

void
bv_report_export_async (BvReportRun *run, const char *path, BvExportKind kind, const char *tile_id, const BvPaper *paper, GFileProgressCallback progress,
                        gpointer progress_data, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data)
{
  /* Without a source: the thread may be the last to let the task go, and must not be the one that ends the run. */
  g_autoptr(GTask) task = g_task_new (NULL, cancellable, callback, user_data);
  GError *error = NULL;
  Job *job;

  g_return_if_fail (BV_IS_REPORT_RUN (run) && path != NULL);

  g_task_set_source_tag (task, bv_report_export_async);
  g_task_set_check_cancellable (task, FALSE); /* a file that was written in spite of it was written */
  job = job_new (run, path, kind, tile_id, paper, &error);
  if (job != NULL)
    run_in_thread (task, job, progress, progress_data, export_thread);
  else
    g_task_return_error (task, error);
}

gboolean
bv_report_export_finish (GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, NULL), FALSE);
  return g_task_propagate_boolean (G_TASK (result), error);
}

static void
paint_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  Threaded *threaded = data;
  BvPager *pager = threaded->job->pager;
  g_autoptr(GPtrArray) pages = g_ptr_array_new_with_free_func ((GDestroyNotify) cairo_surface_destroy);
  GError *error = NULL;

  lay_out (threaded->job, cancellable);
  for (guint page = 0; page < bv_pager_get_n_pages (pager); page++)
    {
      cairo_rectangle_t extents = { 0, 0, pager->width, pager->height };
      cairo_surface_t *surface = cairo_recording_surface_create (CAIRO_CONTENT_COLOR_ALPHA, &extents);
      cairo_t *cr = cairo_create (surface);

      bv_pager_paint (pager, page, cr);
      cairo_destroy (cr);
      g_ptr_array_add (pages, surface);
    }
  if (g_cancellable_set_error_if_cancelled (cancellable, &error))
    g_task_return_error (task, error);
  else
    g_task_return_pointer (task, g_steal_pointer (&pages), (GDestroyNotify) g_ptr_array_unref);
}

void
bv_report_paint_async (BvReportRun *run, const BvPaper *paper, GFileProgressCallback progress, gpointer progress_data, GCancellable *cancellable,
                       GAsyncReadyCallback callback, gpointer user_data)
{
  g_autoptr(GTask) task = g_task_new (NULL, cancellable, callback, user_data);
  GError *error = NULL;
  Job *job;

  g_return_if_fail (BV_IS_REPORT_RUN (run));

  g_task_set_source_tag (task, bv_report_paint_async);
  job = job_new (run, NULL, BV_EXPORT_PDF, NULL, paper, &error);
  if (job != NULL)
    run_in_thread (task, job, progress, progress_data, paint_thread);
  else
    g_task_return_error (task, error);
}

GPtrArray *
bv_report_paint_finish (GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, NULL), NULL);
  return g_task_propagate_pointer (G_TASK (result), error);
}
