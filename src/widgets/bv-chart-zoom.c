/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "bv-chart-zoom.h"

#include <math.h>

/* The least part of all that is shown. */
#define LEAST 4000.0

void
bv_chart_zoom_reset (BvChartZoom *self)
{
  self->active = FALSE;
}

void
bv_chart_zoom_select (BvChartZoom *self, gint64 a, gint64 b)
{
  gint64 from = MAX (MIN (a, b), self->first), to = MIN (MAX (a, b), self->last);

  if (self->first >= self->last || from >= to)
    return;
  self->from = from;
  self->to = to;
  self->active = from > self->first || to < self->last;
}

void
bv_chart_zoom_scale (BvChartZoom *self, gint64 around, double factor)
{
  double from = (double) (self->active ? self->from : self->first), to = (double) (self->active ? self->to : self->last);
  double all = (double) self->last - (double) self->first;
  double span = CLAMP ((to - from) * factor, MAX (1, all / LEAST), all);
  double share = to > from ? CLAMP (((double) around - from) / (to - from), 0, 1) : 0.5;
  double start = CLAMP ((double) around - share * span, (double) self->first, (double) self->last - span);

  if (all > 0)
    bv_chart_zoom_select (self, (gint64) llround (start), (gint64) llround (start + span));
}

void
bv_chart_zoom_pan (BvChartZoom *self, gint64 by)
{
  if (!self->active)
    return;
  by = CLAMP (by, self->first - self->from, self->last - self->to);
  self->from += by;
  self->to += by;
}
