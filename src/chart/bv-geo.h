/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The world for maps: outlines of countries, the projection, and which country a text means. */
#pragma once

#include "bv-format.h"

G_BEGIN_DECLS

typedef struct
{
  guint first, n;          /* of @points: x, y pairs, projected */
} BvGeoArc;

/* A part of a country: an island or the mainland, with its lakes. */
typedef struct
{
  guint first, n;          /* of @rings */
  double x0, y0, x1, y1;   /* bounds, projected */
} BvGeoPart;

typedef struct
{
  guint first, n;          /* of @refs: arcs counted from 1, negative ones run backwards */
} BvGeoRing;

typedef struct
{
  char code[3], code3[4];  /* ISO 3166-1; "-" where there is none */
  const char *name;        /* in English */
  double x, y;             /* a point in the middle of its largest part, projected */
  guint first, n;          /* of @parts; none for countries too small to be drawn */
} BvGeoCountry;

typedef struct
{
  float *points;
  BvGeoArc *arcs;
  int *refs;
  BvGeoRing *rings;
  BvGeoPart *parts;
  BvGeoCountry *countries;
  guint n_points, n_arcs, n_refs, n_rings, n_parts, n_countries;
  char *text;              /* the file; names point into it */
} BvGeo;

/* The outlines; read once, never freed, the same from any thread. */
const BvGeo *bv_geo_get     (void);

/**
 * bv_geo_project:
 * @lon: degrees, -180 … 180
 * @lat: degrees, -90 … 90
 *
 * Equal Earth: areas on the map are in proportion to those on the globe (B. Šavrič, T. Patterson, B. Jenny, "The Equal Earth map projection",
 * International Journal of Geographical Information Science 33(3), 2019), around 11° E, so that the map is cut in the Bering Strait and no
 * country lies at both ends. In units of the globe's radius, y upwards.
 */
void         bv_geo_project (double lon, double lat, double *x, double *y);

/* The index of the country that @text means: a code of two or three letters, its name in English or in the locale, or a usual other
 * name; -1 when there is none. Case, accents and punctuation do not matter. */
int          bv_geo_find    (const BvGeo *geo, BvLocale *locale, const char *text);

G_END_DECLS
