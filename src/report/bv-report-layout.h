/* SPDX-License-Identifier: GPL-3.0-or-later */
/* From the grid of the canvas to pages: boxes in, boxes with a page out. Knows nothing of what is in the boxes. */
#pragma once

#include "bv-model.h"

G_BEGIN_DECLS

/* How many rows from @first on fit into a box of @height, at least 1 when any is left; @wide: the box is as wide as the page, else as
 * wide as on the canvas. @used: the height that the box then needs. */
typedef guint (*BvLayoutFit) (gpointer data, gboolean wide, guint first, double height, double *used);

typedef struct
{
  int x, y, w, h;    /* cells */
  guint n_rows;      /* of a tile that flows */
  BvLayoutFit fit;   /* (nullable): of a tile that flows: a table */
  gpointer data;
} BvLayoutItem;

typedef struct
{
  double left, width;
  double first_top;  /* where the first page's tiles begin */
  double top;        /* and the other pages' */
  double bottom;     /* where they end; HUGE_VAL for one endless page, on which nothing flows */
  double gap;        /* between tiles */
  double row_height; /* of a cell, gap included */
} BvLayoutPage;

typedef struct
{
  guint item;
  guint page;
  double x, y, w, h;
  guint first, n;    /* rows of a tile that flows */
  gboolean continued; /* not its first part */
  gboolean last;      /* nothing follows */
} BvLayoutPart;

/* (transfer full): BvLayoutPart, page by page. @end: (out) (optional): the lower edge on the last page */
GArray *bv_report_layout (const BvLayoutItem *items, guint n_items, const BvLayoutPage *page, guint *n_pages, double *end);

G_END_DECLS
