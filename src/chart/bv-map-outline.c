/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The outlines of a map: which part of the world is in view, arcs in its units, countries cut to it, hatching and borders. */
#include "config.h"

#include "bv-map-private.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define STEP 0.7       /* units between two points of an outline */
#define HATCH 5.0

/* --- Where -------------------------------------------------------------------------------------------------------------------- */

static void
bv_map_take (double *bounds, double x0, double y0, double x1, double y1)
{
  bounds[0] = MIN (bounds[0], x0);
  bounds[1] = MIN (bounds[1], y0);
  bounds[2] = MAX (bounds[2], x1);
  bounds[3] = MAX (bounds[3], y1);
}

static void
world (const BvGeo *geo, double bounds[4])
{
  for (guint i = 0; i < geo->n_countries; i++)
    for (guint p = geo->countries[i].first; strcmp (geo->countries[i].code, "AQ") != 0 && p < geo->countries[i].first + geo->countries[i].n; p++)
      bv_map_take (bounds, geo->parts[p].x0, geo->parts[p].y0, geo->parts[p].x1, geo->parts[p].y1);
}

/* The bounds of a country's largest part, by which it is known. */
static void
bv_map_take_country (const BvGeo *geo, const BvGeoCountry *country, double bounds[4])
{
  const BvGeoPart *largest = NULL;

  for (guint p = country->first; p < country->first + country->n; p++)
    {
      const BvGeoPart *part = &geo->parts[p];

      if (largest == NULL || (part->x1 - part->x0) * (part->y1 - part->y0) > (largest->x1 - largest->x0) * (largest->y1 - largest->y0))
        largest = part;
    }
  if (largest != NULL)
    bv_map_take (bounds, largest->x0, largest->y0, largest->x1, largest->y1);
  else
    bv_map_take (bounds, country->x, country->y, country->x, country->y);
}

void
bv_map_choose_view (BvMap *self)
{
  BvBuild *build = self->build;
  double all[4] = { G_MAXDOUBLE, G_MAXDOUBLE, -G_MAXDOUBLE, -G_MAXDOUBLE };
  double data[4] = { G_MAXDOUBLE, G_MAXDOUBLE, -G_MAXDOUBLE, -G_MAXDOUBLE };
  double least, spare, w, h;
  double *view = all;

  world (self->geo, all);
  if (!self->points)
    for (guint i = 0; i < self->geo->n_countries; i++)
      if (self->row[i] != G_MAXUINT)
        bv_map_take_country (self->geo, &self->geo->countries[i], data);
  for (guint i = 0; self->points && i < self->places->len; i++)
    {
      const BvMapPlace *place = &g_array_index (self->places, BvMapPlace, i);

      bv_map_take (data, place->x, place->y, place->x, place->y);
    }
  if (strcmp (bv_chart_spec_choice (build->spec, "area"), "world") != 0 && data[0] <= data[2] &&
      data[2] - data[0] < 0.55 * (all[2] - all[0]) && data[3] - data[1] < 0.7 * (all[3] - all[1]))
    {
      view = data;
      least = 0.12 * (all[2] - all[0]);
      spare = MAX (least - (data[2] - data[0]), 0) / 2 + 0.06 * (data[2] - data[0]);
      data[0] -= spare;
      data[2] += spare;
      spare = MAX (least / 2 - (data[3] - data[1]), 0) / 2 + 0.06 * (data[3] - data[1]);
      data[1] -= spare;
      data[3] += spare;
    }
  else
    bv_map_take (view, data[0], data[1], data[2], data[3]);
  w = view[2] - view[0];
  h = view[3] - view[1];
  self->scale = MIN (build->w / w, build->h / h);
  self->dx = build->x + build->w / 2 - self->scale * (view[0] + view[2]) / 2;
  self->dy = build->y + build->h / 2 + self->scale * (view[1] + view[3]) / 2;
  /* The neighbours of what is shown fill the plot; of the whole world there are none. */
  self->vx0 = build->x;
  self->vy0 = build->y;
  self->vx1 = build->x + build->w;
  self->vy1 = build->y + build->h;
}

double
bv_map_x (const BvMap *self, double x)
{
  return self->dx + self->scale * x;
}

double
bv_map_y (const BvMap *self, double y)
{
  return self->dy - self->scale * y;
}

/* The arcs in scene units, without points that lie within STEP of the one before. */
void
bv_map_thin (BvMap *self)
{
  const BvGeo *geo = self->geo;
  guint n = 0;

  self->pixels = g_new (float, 2 * MAX (geo->n_points, 1));
  self->arcs = g_new (BvGeoArc, MAX (geo->n_arcs, 1));
  for (guint a = 0; a < geo->n_arcs; a++)
    {
      const BvGeoArc *arc = &geo->arcs[a];

      self->arcs[a].first = n;
      for (guint i = arc->first; i < arc->first + arc->n; i++)
        {
          float x = (float) bv_map_x (self, (double) geo->points[2 * i]);
          float y = (float) bv_map_y (self, (double) geo->points[2 * i + 1]);

          if (i > arc->first && i + 1 < arc->first + arc->n &&
              fabsf (x - self->pixels[2 * n - 2]) + fabsf (y - self->pixels[2 * n - 1]) < (float) STEP)
            continue;
          self->pixels[2 * n] = x;
          self->pixels[2 * n + 1] = y;
          n++;
        }
      self->arcs[a].n = n - self->arcs[a].first;
    }
}

/* --- Polygons ------------------------------------------------------------------------------------------------------------------- */

/* Cuts a ring at one side of the view (Sutherland and Hodgman, 1974): @axis 0 for x, @sign 1 keeps what lies above @at. */
static GArray *
cut (GArray *ring, int axis, double sign, double at)
{
  GArray *out = g_array_sized_new (FALSE, FALSE, 2 * sizeof (double), ring->len + 8);
  const double *points = (const double *) (gpointer) ring->data;

  for (guint i = 0; i < ring->len; i++)
    {
      const double *a = &points[2 * (i > 0 ? i - 1 : ring->len - 1)];
      const double *b = &points[2 * i];
      double da = sign * (a[axis] - at), db = sign * (b[axis] - at);

      if ((da >= 0) != (db >= 0))
        {
          double t = da / (da - db);
          double crossing[2] = { a[0] + t * (b[0] - a[0]), a[1] + t * (b[1] - a[1]) };

          g_array_append_vals (out, crossing, 1);
        }
      if (db >= 0)
        g_array_append_vals (out, b, 1);
    }
  g_array_unref (ring);
  return out;
}

/* A ring in scene units, cut to the view. */
static GArray *
ring_points (BvMap *self, const BvGeoRing *ring, const BvGeoPart *part)
{
  GArray *out = g_array_new (FALSE, FALSE, 2 * sizeof (double));

  for (guint r = ring->first; r < ring->first + ring->n; r++)
    {
      int ref = self->geo->refs[r];
      const BvGeoArc *arc = &self->arcs[ABS (ref) - 1];

      /* The last point of an arc is the first of the next. */
      for (guint i = 0; i + 1 < arc->n; i++)
        {
          guint at = arc->first + (ref > 0 ? i : arc->n - 1 - i);
          double point[2] = { (double) self->pixels[2 * at], (double) self->pixels[2 * at + 1] };

          g_array_append_vals (out, point, 1);
        }
    }
  if (bv_map_x (self, part->x0) < self->vx0)
    out = cut (out, 0, 1, self->vx0);
  if (bv_map_x (self, part->x1) > self->vx1)
    out = cut (out, 0, -1, self->vx1);
  if (bv_map_y (self, part->y1) < self->vy0)
    out = cut (out, 1, 1, self->vy0);
  if (bv_map_y (self, part->y0) > self->vy1)
    out = cut (out, 1, -1, self->vy1);
  return out;
}

static gboolean
in_view (const BvMap *self, const BvGeoPart *part)
{
  return bv_map_x (self, part->x1) > self->vx0 && bv_map_x (self, part->x0) < self->vx1 && bv_map_y (self, part->y0) > self->vy0 &&
         bv_map_y (self, part->y1) < self->vy1;
}

/* Adds the outline of a country as the last shape; FALSE when nothing of it is in view. @bounds: of what is drawn. */
gboolean
bv_map_add_country (BvMap *self, const BvGeoCountry *country, BvPart part, double bounds[4])
{
  BvScene *scene = self->build->scene;
  gboolean started = FALSE;

  for (guint p = country->first; p < country->first + country->n; p++)
    {
      const BvGeoPart *piece = &self->geo->parts[p];

      if (!in_view (self, piece))
        continue;
      for (guint r = piece->first; r < piece->first + piece->n; r++)
        {
          g_autoptr(GArray) ring = ring_points (self, &self->geo->rings[r], piece);
          const double *points = (const double *) (gpointer) ring->data;

          if (ring->len < 3)
            continue;
          if (!started)
            bv_scene_add_path (scene, part)->closed = TRUE;
          else
            bv_scene_add_point (scene, NAN, NAN);
          started = TRUE;
          for (guint i = 0; i < ring->len; i++)
            {
              bv_scene_add_point (scene, points[2 * i], points[2 * i + 1]);
              bv_map_take (bounds, points[2 * i], points[2 * i + 1], points[2 * i], points[2 * i + 1]);
            }
        }
    }
  return started;
}

static int
compare_doubles (const void *a, const void *b)
{
  double x = *(const double *) a, y = *(const double *) b;

  return x < y ? -1 : x > y;
}

/* Slanted lines over the inside of a closed path: where x + y is a multiple of HATCH, between each odd crossing and the next. */
void
bv_map_hatch (BvMap *self, guint shape_index, const double bounds[4])
{
  BvScene *scene = self->build->scene;
  g_autoptr(GArray) at = g_array_new (FALSE, FALSE, sizeof (double));
  g_autoptr(GArray) lines = g_array_new (FALSE, FALSE, 4 * sizeof (double));
  BvShape *shape = bv_scene_shape (scene, shape_index);

  for (double c = ceil ((bounds[0] + bounds[1]) / HATCH) * HATCH; c < bounds[2] + bounds[3]; c += HATCH)
    {
      const double *start = NULL, *last = NULL;

      g_array_set_size (at, 0);
      for (guint i = 0; i <= shape->n; i++)
        {
          const double *p = i < shape->n ? bv_scene_point (scene, shape->first + i) : NULL;
          const double *to = p == NULL || isnan (p[0]) ? start : p;

          if (last != NULL && (last[0] + last[1] > c) != (to[0] + to[1] > c))
            {
              double t = (c - last[0] - last[1]) / (to[0] + to[1] - last[0] - last[1]);
              double x = last[0] + t * (to[0] - last[0]);

              g_array_append_val (at, x);
            }
          start = to != p ? NULL : start == NULL ? p : start;
          last = to != p ? NULL : p;
        }
      if (at->len == 0)
        continue;
      qsort (at->data, at->len, sizeof (double), compare_doubles);
      for (guint i = 0; i + 1 < at->len; i += 2)
        {
          double a = g_array_index (at, double, i), b = g_array_index (at, double, i + 1);
          double line[4] = { a, c - a, b, c - b };

          g_array_append_vals (lines, line, 1);
        }
    }
  shape = bv_scene_add_path (scene, BV_PART_DECORATION);
  shape->stroke = self->build->ink.muted;
  shape->line_width = 0.8;
  for (guint i = 0; i < lines->len; i++)
    {
      const double *line = &((const double *) (gpointer) lines->data)[4 * i];

      bv_scene_add_point (scene, line[0], line[1]);
      bv_scene_add_point (scene, line[2], line[3]);
      bv_scene_add_point (scene, NAN, NAN);
    }
}

/* The borders, one line for each arc that two countries share (a coast needs none); what leaves the view is left out. */
void
bv_map_draw_borders (BvMap *self)
{
  BvScene *scene = self->build->scene;
  BvShape *shape = bv_scene_add_path (scene, BV_PART_DECORATION);
  g_autofree guint8 *sides = g_new0 (guint8, self->geo->n_arcs + 1);

  shape->stroke = self->build->ink.background;
  shape->line_width = 0.7;
  for (guint r = 0; r < self->geo->n_refs; r++)
    sides[ABS (self->geo->refs[r]) - 1]++;
  for (guint a = 0; a < self->geo->n_arcs; a++)
    {
      const BvGeoArc *arc = &self->arcs[a];
      gboolean pen = FALSE;

      if (sides[a] < 2)
        continue;
      for (guint i = arc->first; i < arc->first + arc->n; i++)
        {
          double x = (double) self->pixels[2 * i], y = (double) self->pixels[2 * i + 1];
          gboolean inside = x >= self->vx0 && x <= self->vx1 && y >= self->vy0 && y <= self->vy1;

          if (inside)
            bv_scene_add_point (scene, x, y);
          else if (pen)
            bv_scene_add_point (scene, NAN, NAN);
          pen = inside;
        }
      if (pen)
        bv_scene_add_point (scene, NAN, NAN);
    }
}
