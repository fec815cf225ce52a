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
      g_ptr_array_add (frames, frame);
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

static gboolean
export_drawing (BvReportRun *run, const char *path, BvExportKind kind, const char *tile_id, const BvPaper *paper, GError **error)
{
  g_autoptr(BvPager) pager = bv_pager_new_full (run, paper, tile_id, kind != BV_EXPORT_PDF);
  g_autoptr(GBytes) bytes = NULL;
  gsize size;
  const char *data;

  if (kind == BV_EXPORT_PDF)
    bytes = bv_pager_to_pdf (pager, error);
  else if (kind == BV_EXPORT_PNG)
    bytes = bv_pager_to_png (pager, 2, error);
  else
    bytes = bv_pager_to_svg (pager);
  if (bytes == NULL)
    return FALSE;
  data = g_bytes_get_data (bytes, &size);
  return write_bytes (path, data, size, error);
}

static gboolean
export_data (BvReportRun *run, const char *path, BvExportKind kind, const char *tile_id, GError **error)
{
  g_autoptr(GPtrArray) frames = g_ptr_array_new ();
  g_autoptr(GPtrArray) titles = g_ptr_array_new_with_free_func (g_free);
  BvCalendar *calendar = bv_workspace_get_model (bv_report_run_get_workspace (run))->calendar;
  gboolean single = tile_id != NULL;
  g_autofree char *text = NULL;

  if (!collect (run, tile_id, frames, titles, error))
    return FALSE;
  if (single && frames->len == 0)
    {
      g_set_error (error, BV_ERROR, BV_ERROR_UNSUPPORTED, _("This tile holds no data: export it as PDF, PNG or SVG"));
      return FALSE;
    }
  if (kind == BV_EXPORT_XLSX)
    return bv_frame_write_xlsx ((const BvFrame *const *) frames->pdata, (const char *const *) titles->pdata, frames->len, calendar, path,
                                error);
  text = kind == BV_EXPORT_CSV ? to_csv (frames, titles, single, calendar) : to_json (frames, titles, single, calendar);
  return write_bytes (path, text, strlen (text), error);
}

gboolean
bv_report_export (BvReportRun *run, const char *path, BvExportKind kind, const char *tile_id, const BvPaper *paper, GError **error)
{
  BvReport *report;

  g_return_val_if_fail (BV_IS_REPORT_RUN (run) && path != NULL, FALSE);

  report = bv_report_run_get_report (run);
  if (report == NULL)
    {
      g_set_error (error, BV_ERROR, BV_ERROR_NOT_FOUND, _("The report is gone: undo its deletion or export another one"));
      return FALSE;
    }
  if (tile_id != NULL && bv_report_find_tile (report, tile_id) == NULL)
    {
      g_set_error (error, BV_ERROR, BV_ERROR_NOT_FOUND, _("The report has no tile “%s”: choose one of its tiles"), tile_id);
      return FALSE;
    }
  switch (kind)
    {
    case BV_EXPORT_PDF:
    case BV_EXPORT_PNG:
    case BV_EXPORT_SVG:
      return export_drawing (run, path, kind, tile_id, paper, error);
    case BV_EXPORT_XLSX:
    case BV_EXPORT_CSV:
    case BV_EXPORT_JSON:
    default:
      return export_data (run, path, kind, tile_id, error);
    }
}
