/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "bv-chart.h"

G_BEGIN_DECLS

/* The colours of everything but data. */
typedef struct
{
  BvColour background, text, muted, grid, axis, good, bad, note;
} BvInk;

BvInk    bv_ink_for_style      (const BvChartStyle *style);
gboolean bv_palette_known      (const char *name);
/* A gradient palette at @t in 0 … 1; a categorical one gives its first colour's tints. */
BvColour bv_palette_ramp       (const char *palette, double t, BvTheme theme);
/* "#rgb" or "#rrggbb". */
gboolean bv_colour_parse       (const char *text, BvColour *colour);
BvColour bv_colour_mix         (BvColour a, BvColour b, double t);
static inline BvColour bv_colour_alpha (BvColour c, double a) { c.a = a; return c; }
/* WCAG contrast ratio, 1 … 21. */
double   bv_colour_contrast    (BvColour a, BvColour b);
/* Black or white, whichever reads better on @c. */
BvColour bv_colour_on          (BvColour c);

G_END_DECLS
