/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which part of time a chart shows: plain numbers, days or instants as the chart has them. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct
{
  gboolean active;     /* a part is shown, else all */
  gint64 from, to;     /* of the part; both inclusive */
  gint64 first, last;  /* of all; first < last once known */
} BvChartZoom;

/* Shows from @a to @b, in any order; nothing happens when that is no span, and all is shown when it is all there is. */
void     bv_chart_zoom_select (BvChartZoom *self, gint64 a, gint64 b);
/* Shows @factor times as much (above 1) or as little (below) around an instant, which keeps its place. */
void     bv_chart_zoom_scale  (BvChartZoom *self, gint64 around, double factor);
/* Moves the part along, not beyond the ends. */
void     bv_chart_zoom_pan    (BvChartZoom *self, gint64 by);
void     bv_chart_zoom_reset  (BvChartZoom *self);

G_END_DECLS
