/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The pager's inside, for the files that PDF and images are written from. */
#pragma once

#include "bv-export.h"
#include "bv-report-layout.h"
#include "bv-tile-paint.h"

G_BEGIN_DECLS

struct _BvPager
{
  BvReport *report;       /* (transfer full) a copy: the pager outlives an edit */
  BvLocale *locale;       /* its own: pages may be painted in any thread */
  char *folder;           /* of the project */
  gint64 now;
  double width, height;   /* of a page */
  double margin;
  gboolean image;         /* one page as tall as the report, without a foot */
  GPtrArray *painters;    /* BvTilePainter, as the report's tiles */
  GArray *parts;          /* BvLayoutPart; items are indexes of @painters */
  guint n_pages;
  char *title;
  gboolean titled;        /* a text tile at the top says the title already */
  char *filters;          /* "Customer: …  ·  Date: …" */
  char *facts;            /* range, time zone, freshness */
  char *printed;          /* "Printed 30 Jun 2026, 14:05" */

  GCancellable *cancellable;      /* (nullable) (transfer none): pages are left unpainted once it is */
  GFileProgressCallback progress; /* (nullable): parts painted and all */
  gpointer progress_data;
  guint n_painted;
};

/* All that the pages show of the report as it is now, in the thread that the run belongs to. The rest may be done in any thread, one at a time.
 * @tile_id: (nullable): only this tile. @image: see above; @paper is then only as wide as it says. */
BvPager *bv_pager_new_full (BvReportRun *run, const BvPaper *paper, const char *tile_id, gboolean image);
/* Settles the pages; before anything is painted. */
void     bv_pager_lay_out  (BvPager *pager);
/* Before each part: tells the progress; FALSE when cancelled. */
gboolean bv_pager_step     (BvPager *pager);

/* The report as PDF. (transfer full) */
GBytes  *bv_pager_to_pdf   (BvPager *pager, GError **error);
/* As one PNG at @scale pixels per point. (transfer full) */
GBytes  *bv_pager_to_png   (BvPager *pager, double scale, GError **error);
/* As one SVG with its text as text. (transfer full) */
GBytes  *bv_pager_to_svg   (BvPager *pager);

/* "Customer: ada@example.com, bob@example.com"; every value up to a handful. (transfer full) */
char    *bv_report_run_describe_fully (BvReportRun *run, BvFilter *filter);

G_END_DECLS
