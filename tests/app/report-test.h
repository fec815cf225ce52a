/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Helpers of the tests of reports: the sample project in a window. */
#pragma once

#include "bv-filter-bar.h"
#include "bv-report-canvas.h"
#include "bv-report-page.h"
#include "ui-test.h"

G_BEGIN_DECLS

#define REPORT_TEST_AS_OF 20454 /* 1 Jan 2026 */

/* A window with the sample and its "Customer report"; now is the end of the sample's last day. */
BvWindow      *report_test_open   (const char *name);
BvReport      *report_test_report (BvWindow *window);
BvReportRun   *report_test_run    (BvWindow *window); /* (transfer full): a run of its own with the defaults, loaded */
BvReportCanvas *report_test_canvas (BvWindow *window);
BvTileWidget  *report_test_tile   (BvWindow *window, const char *id);
BvFilterChip  *report_test_chip   (BvWindow *window, const char *id);
/* The run that the page shows. */
BvReportRun   *report_test_shown  (BvWindow *window);

G_END_DECLS
