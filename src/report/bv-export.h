/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A report on paper and in files. Equal reports, values, data and "now" give equal bytes. */
#pragma once

#include "bv-report-run.h"

G_BEGIN_DECLS

typedef enum { BV_EXPORT_PDF, BV_EXPORT_PNG, BV_EXPORT_SVG, BV_EXPORT_XLSX, BV_EXPORT_CSV, BV_EXPORT_JSON } BvExportKind;

/* By a file's name ending; FALSE for an unknown one. */
gboolean bv_export_kind_from_path (const char *path, BvExportKind *kind);

typedef struct
{
  double width, height; /* of the page in points; 0 is A4 landscape */
  double margin;        /* 0 is 36 */
} BvPaper;

/**
 * bv_report_export:
 * @run: with all tiles loaded (bv_report_run_wait)
 * @tile_id: (nullable): only this tile
 *
 * PDF: title, filter values, range, time zone, freshness, page numbers; tiles as on the canvas, tables flowing over pages with
 * repeated headers; text stays text. CSV and JSON of a whole report: the tiles one after the other (JSON: an object by tile title);
 * XLSX: a sheet per tile. Written beside @path and renamed onto it, so that a failure leaves no half file.
 */
gboolean bv_report_export         (BvReportRun *run, const char *path, BvExportKind kind, const char *tile_id,
                                   const BvPaper *paper, GError **error);

/**
 * bv_report_export_async:
 * @progress: (nullable): called in this thread now and then: parts drawn and all of them
 *
 * The same in a thread, of the report as it is now: what is changed meanwhile is not in the file. Cancelling leaves the file that was there.
 */
void     bv_report_export_async   (BvReportRun *run, const char *path, BvExportKind kind, const char *tile_id, const BvPaper *paper,
                                   GFileProgressCallback progress, gpointer progress_data, GCancellable *cancellable,
                                   GAsyncReadyCallback callback, gpointer user_data);
gboolean bv_report_export_finish  (GAsyncResult *result, GError **error);

/* The report's pages, painted in a thread: cairo recording surfaces in points, to be painted onto what is printed. (transfer full) */
void       bv_report_paint_async  (BvReportRun *run, const BvPaper *paper, GFileProgressCallback progress, gpointer progress_data,
                                   GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
GPtrArray *bv_report_paint_finish (GAsyncResult *result, GError **error);

/* Paints one page; pages are counted first. */
typedef struct _BvPager BvPager;
BvPager *bv_pager_new             (BvReportRun *run, const BvPaper *paper);
guint    bv_pager_get_n_pages     (BvPager *pager);
void     bv_pager_paint           (BvPager *pager, guint page, cairo_t *cr);
void     bv_pager_free            (BvPager *pager);

/* A frame as JSON: an array of objects keyed by column name, numbers as numbers, dates as ISO 8601, null as null. (transfer full) */
char    *bv_frame_to_json         (const BvFrame *frame, BvCalendar *calendar);
/* A frame as a table of text with aligned columns, for terminals. (transfer full) */
char    *bv_frame_to_table        (const BvFrame *frame, BvLocale *locale);
gboolean bv_frame_write_xlsx      (const BvFrame *const *frames, const char *const *titles, guint n, BvCalendar *calendar, const char *path, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (BvPager, bv_pager_free)

G_END_DECLS
