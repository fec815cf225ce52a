/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The page of one report: its tiles and filters. */
#pragma once

#include "bv-page.h"
#include "bv-report-run.h"

G_BEGIN_DECLS

#define BV_TYPE_REPORT_PAGE (bv_report_page_get_type ())
G_DECLARE_FINAL_TYPE (BvReportPage, bv_report_page, BV, REPORT_PAGE, BvPage)

/* Properties "editing" and "presenting", also as actions "page.edit" and "page.present". */

GtkWidget   *bv_report_page_new     (BvWorkspace *workspace, const char *uuid);
BvReportRun *bv_report_page_get_run (BvReportPage *self); /* (transfer none) */

G_END_DECLS
