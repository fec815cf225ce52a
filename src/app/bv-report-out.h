/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A report out of the window: into files and onto paper. */
#pragma once

#include "bv-report-run.h"

#include <adwaita.h>

G_BEGIN_DECLS

/* By the file's ending: CSV, XLSX, PNG, SVG, PDF or JSON. @tile_id: NULL is the whole report. Waits for tiles that are being loaded and for the file, which
 * is made in a thread, while the main loop goes on; what takes longer shows its progress and can be cancelled. */
gboolean bv_report_write (GtkWidget *parent, BvReportRun *run, const char *path, const char *tile_id, GError **error);
void     bv_report_print (GtkWidget *parent, BvReportRun *run);

G_END_DECLS
