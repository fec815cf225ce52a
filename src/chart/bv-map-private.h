/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the two halves of the map share: the map being built, and its outlines. */
#pragma once

#include "bv-chart-parts.h"
#include "bv-geo.h"

G_BEGIN_DECLS

typedef struct
{
  double x, y;     /* projected */
  double v, c;     /* size and colour */
  guint row;
} BvMapPlace;

typedef struct
{
  BvBuild *build;
  const BvGeo *geo;
  guint metric, colour_metric;
  /* Countries */
  guint *row;      /* per country of the outlines; G_MAXUINT where none */
  double *v;
  guint n_found;
  /* Points */
  GArray *places;  /* BvMapPlace */
  gboolean points;
  guint name_column; /* of points: a group that is no coordinate; G_MAXUINT for none */
  GPtrArray *unknown, *twice;
  guint n_odd;
  double total;
  /* From projected to scene units, and the projected view. */
  double scale, dx, dy;
  double vx0, vy0, vx1, vy1;
  float *pixels;   /* the points of each arc that are kept */
  BvGeoArc *arcs;
} BvMap;

/* Chooses what part of the world is shown: where the data is, or all of it; needs the build's rect. */
void     bv_map_choose_view  (BvMap *self);
/* From projected to scene units. */
double   bv_map_x            (const BvMap *self, double x);
double   bv_map_y            (const BvMap *self, double y);
/* The arcs in scene units, without points too near to the one before. */
void     bv_map_thin         (BvMap *self);
/* Adds the outline of a country as the last shape, cut to the view; FALSE when nothing of it is in view. @bounds: of what is drawn. */
gboolean bv_map_add_country  (BvMap *self, const BvGeoCountry *country, BvPart part, double bounds[4]);
/* Slanted lines over the inside of a closed path. */
void     bv_map_hatch        (BvMap *self, guint shape_index, const double bounds[4]);
void     bv_map_draw_borders (BvMap *self);

G_END_DECLS
