/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Painting the bulk of a scene straight into the pixels of an image. */
#pragma once

#include "bv-scene.h"

G_BEGIN_DECLS

typedef struct
{
  cairo_surface_t *surface;  /* borrowed */
  guint32 *pixels;
  int stride;                /* in pixels */
  int x0, y0, x1, y1;        /* the clip */
  double sx, sy, tx, ty;     /* from user space to pixels */
  float *area;               /* (nullable): of the polygon being filled, lent by the thread, a row of @area_width for each row of the clip */
  int *from, *to;            /* (nullable): what each row of it holds */
  int area_width;
} BvQuick;

/* FALSE when @cr is no place for it: another surface, a turned or skewed one, a clip that is no rectangle of whole pixels. */
gboolean bv_quick_init   (BvQuick *self, cairo_t *cr);
void     bv_quick_clear  (BvQuick *self);
/* The same pixels as cairo's, within what the eye can tell. */
void     bv_quick_rect   (BvQuick *self, double x, double y, double width, double height, BvColour colour);
/* A disc, or with @r0 above zero a ring; FALSE when it is too small for this. */
gboolean bv_quick_ring   (BvQuick *self, double x, double y, double r0, double r1, BvColour colour);
void     bv_quick_round  (BvQuick *self, double x, double y, double width, double height, double radius, BvColour colour);
void     bv_quick_fill   (BvQuick *self, BvScene *scene, const BvShape *path, BvColour colour);
/* @colour must be opaque. */
void     bv_quick_stroke (BvQuick *self, BvScene *scene, const BvShape *path, BvColour colour);

G_END_DECLS
