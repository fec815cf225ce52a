/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Maps: countries coloured by a metric, or points at latitude and longitude sized by one.
 *
 * Countries are found by code or name (bv-geo.h); what is not found is named in a note, and so is a second row for the same country, because
 * nothing may be added up here. A country whose value is missing is hatched; one too small to be seen is drawn as a circle, so that it can be
 * pointed at. Points come from two numeric groups, latitude and longitude, or from one text group "48.86, 2.35"; a second metric colours them.
 *
 * The projection keeps areas (Equal Earth). The map shows the part of the world where the data is, or all of it. Arcs are thinned to the
 * resolution of the plot once, before countries are put together from them, so that neighbours keep their common border.
 */
#include "config.h"

#include "bv-chart-parts.h"
#include "bv-geo.h"

#include <glib/gi18n-lib.h>
#include <stdlib.h>
#include <string.h>

#define STEP 0.7       /* units between two points of an outline */
#define TINY 7.0       /* a country narrower and lower than this becomes a circle */
#define POINTS_MAX 5000
#define NAMES_MAX 4    /* named in a note */
#define HATCH 5.0

static const char *const area_choices[] = { "auto", "world", NULL };
static const char *const area_labels[] = { N_("Where the data is"), N_("World"), NULL };

static const BvOptionInfo map_options[] = {
  BV_OPTION_LABELS, BV_OPTION_LEGEND, BV_OPTION_PALETTE, { "area", N_("Area"), BV_OPTION_CHOICE, area_choices, area_labels },
  { "percent", N_("Percent in the tooltip"), BV_OPTION_BOOL, NULL, NULL }, BV_OPTION_END,
};

typedef struct
{
  double x, y;     /* projected */
  double v, c;     /* size and colour */
  guint row;
} Place;

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
  GArray *places;  /* Place */
  gboolean points;
  GPtrArray *unknown, *twice;
  guint n_odd;
  double total;
  /* From projected to scene units, and the projected view. */
  double scale, dx, dy;
  double vx0, vy0, vx1, vy1;
  float *pixels;   /* the points of each arc that are kept */
  BvGeoArc *arcs;
} Map;

/* --- Where -------------------------------------------------------------------------------------------------------------------- */

static void
take (double *bounds, double x0, double y0, double x1, double y1)
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
      take (bounds, geo->parts[p].x0, geo->parts[p].y0, geo->parts[p].x1, geo->parts[p].y1);
}

/* The bounds of a country's largest part, by which it is known. */
static void
take_country (const BvGeo *geo, const BvGeoCountry *country, double bounds[4])
{
  const BvGeoPart *largest = NULL;

  for (guint p = country->first; p < country->first + country->n; p++)
    {
      const BvGeoPart *part = &geo->parts[p];

      if (largest == NULL || (part->x1 - part->x0) * (part->y1 - part->y0) > (largest->x1 - largest->x0) * (largest->y1 - largest->y0))
        largest = part;
    }
  if (largest != NULL)
    take (bounds, largest->x0, largest->y0, largest->x1, largest->y1);
  else
    take (bounds, country->x, country->y, country->x, country->y);
}

static void
choose_view (Map *self)
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
        take_country (self->geo, &self->geo->countries[i], data);
  for (guint i = 0; self->points && i < self->places->len; i++)
    {
      const Place *place = &g_array_index (self->places, Place, i);

      take (data, place->x, place->y, place->x, place->y);
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
    take (view, data[0], data[1], data[2], data[3]);
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

static double
map_x (const Map *self, double x)
{
  return self->dx + self->scale * x;
}

static double
map_y (const Map *self, double y)
{
  return self->dy - self->scale * y;
}

/* The arcs in scene units, without points that lie within STEP of the one before. */
static void
thin_arcs (Map *self)
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
          float x = (float) map_x (self, (double) geo->points[2 * i]);
          float y = (float) map_y (self, (double) geo->points[2 * i + 1]);

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
ring_points (Map *self, const BvGeoRing *ring, const BvGeoPart *part)
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
  if (map_x (self, part->x0) < self->vx0)
    out = cut (out, 0, 1, self->vx0);
  if (map_x (self, part->x1) > self->vx1)
    out = cut (out, 0, -1, self->vx1);
  if (map_y (self, part->y1) < self->vy0)
    out = cut (out, 1, 1, self->vy0);
  if (map_y (self, part->y0) > self->vy1)
    out = cut (out, 1, -1, self->vy1);
  return out;
}

static gboolean
in_view (const Map *self, const BvGeoPart *part)
{
  return map_x (self, part->x1) > self->vx0 && map_x (self, part->x0) < self->vx1 && map_y (self, part->y0) > self->vy0 &&
         map_y (self, part->y1) < self->vy1;
}

/* Adds the outline of a country as the last shape; FALSE when nothing of it is in view. @bounds: of what is drawn. */
static gboolean
add_country (Map *self, const BvGeoCountry *country, BvPart part, double bounds[4])
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
              take (bounds, points[2 * i], points[2 * i + 1], points[2 * i], points[2 * i + 1]);
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
static void
hatch (Map *self, guint shape_index, const double bounds[4])
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

/* The borders, one line for each arc; what leaves the view is left out. */
static void
draw_borders (Map *self)
{
  BvScene *scene = self->build->scene;
  BvShape *shape = bv_scene_add_path (scene, BV_PART_DECORATION);

  shape->stroke = self->build->ink.background;
  shape->line_width = 0.7;
  for (guint a = 0; a < self->geo->n_arcs; a++)
    {
      const BvGeoArc *arc = &self->arcs[a];
      gboolean pen = FALSE;

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

/* --- Drawing -------------------------------------------------------------------------------------------------------------------- */

static BvColour
land (const BvBuild *build)
{
  return bv_colour_mix (build->ink.background, build->ink.muted, build->style.theme == BV_THEME_DARK ? 0.17 : 0.16);
}

static void
add_text (Map *self, guint i, double v)
{
  g_autofree char *share = NULL;

  if (!bv_chart_spec_bool (self->build->spec, "percent") || !(self->total > 0) || isnan (v))
    return;
  share = bv_parts_percent (self->build, v / self->total);
  bv_parts_mark_text (self->build, share, TRUE);
}

static void
add_circle (Map *self, guint row, guint metric, double x, double y, double r, BvColour fill, BvColour stroke)
{
  BvScene *scene = self->build->scene;
  BvShape *shape = bv_scene_add_circle (scene, BV_PART_DATA, x, y, r, fill);
  BvSceneMark *mark;

  shape->stroke = stroke;
  shape->mark = (int) scene->marks->len;
  mark = bv_scene_add_mark (scene, BV_MARK_SECTOR, row, (int) metric, -1, x - r, y - r, 2 * r, 2 * r);
  mark->x = x;
  mark->y = y;
  mark->r1 = MAX (r, 4); /* a fingertip more than is seen */
  mark->a1 = 2 * G_PI;
  mark->shape = (int) scene->shapes->len - 1;
  mark->colour = fill;
  mark->x_index = scene->marks->len - 1;
}

/* Land without data lies below everything. */
static void
draw_land (Map *self)
{
  for (guint i = 0; i < self->geo->n_countries; i++)
    {
      double bounds[4] = { G_MAXDOUBLE, G_MAXDOUBLE, -G_MAXDOUBLE, -G_MAXDOUBLE };

      if (!self->points && self->row[i] != G_MAXUINT)
        continue;
      if (add_country (self, &self->geo->countries[i], BV_PART_DECORATION, bounds))
        bv_scene_shape (self->build->scene, self->build->scene->shapes->len - 1)->fill = land (self->build);
    }
}

static gboolean
spot_in_view (const Map *self, double x, double y)
{
  return x >= self->vx0 && x <= self->vx1 && y >= self->vy0 && y <= self->vy1;
}

static void
draw_countries (Map *self, const BvColourScale *colours)
{
  BvBuild *build = self->build;
  BvScene *scene = build->scene;
  g_autoptr(GArray) tiny = g_array_new (FALSE, FALSE, sizeof (guint));

  for (guint i = 0; i < self->geo->n_countries; i++)
    {
      const BvGeoCountry *country = &self->geo->countries[i];
      double bounds[4] = { G_MAXDOUBLE, G_MAXDOUBLE, -G_MAXDOUBLE, -G_MAXDOUBLE };
      gboolean empty = self->row[i] != G_MAXUINT && isnan (self->v[i]);
      guint shape;
      BvSceneMark *mark;
      BvColour fill;

      if (self->row[i] == G_MAXUINT)
        continue;
      if (!add_country (self, country, BV_PART_DATA, bounds))
        {
          g_array_append_val (tiny, i);
          continue;
        }
      shape = scene->shapes->len - 1;
      fill = empty ? land (build) : bv_colour_scale_at (colours, self->v[i]);
      bv_scene_shape (scene, shape)->fill = fill;
      if (bounds[2] - bounds[0] < TINY && bounds[3] - bounds[1] < TINY)
        {
          g_array_append_val (tiny, i);
          continue;
        }
      bv_scene_shape (scene, shape)->mark = (int) scene->marks->len;
      mark = bv_scene_add_mark (scene, BV_MARK_PATH, self->row[i], (int) self->metric, -1, bounds[0], bounds[1], bounds[2] - bounds[0],
                                bounds[3] - bounds[1]);
      mark->shape = (int) shape;
      mark->colour = fill;
      mark->x_index = scene->marks->len - 1;
      add_text (self, i, self->v[i]);
      if (empty)
        hatch (self, shape, bounds);
    }
  draw_borders (self);
  for (guint t = 0; t < tiny->len; t++)
    {
      guint i = g_array_index (tiny, guint, t);
      double x = map_x (self, self->geo->countries[i].x), y = map_y (self, self->geo->countries[i].y);
      double r = MIN (4, MIN (build->w, build->h) / 4);

      if (!spot_in_view (self, x, y))
        continue;
      add_circle (self, self->row[i], self->metric, x, y, r, isnan (self->v[i]) ? land (build) : bv_colour_scale_at (colours, self->v[i]),
                  build->ink.muted);
      add_text (self, i, self->v[i]);
    }
}

/* Whether a label stands inside its country. */
static gboolean
label_fits (BvBuild *build, const BvShape *shape, const char *text, double x, double y)
{
  double half = bv_text_width (build->text, text, build->size, FALSE) / 2;

  for (int i = 0; i < 6; i++)
    if (!bv_scene_path_holds (build->scene, shape, x + half * (i % 3 - 1), y + build->line * (i < 3 ? -0.4 : 0.4)))
      return FALSE;
  return TRUE;
}

/* At each country's middle, or a little beside it where there is more room. */
static void
label_countries (Map *self)
{
  static const double beside[][2] = { { 0, 0 }, { -0.3, 0 }, { 0.3, 0 }, { 0, -0.6 }, { 0, 0.6 }, { -0.3, 0.6 }, { 0.3, -0.6 } };
  BvBuild *build = self->build;
  BvLabelSpace *space = bv_label_space_new (build);
  guint n = build->scene->marks->len;

  for (guint m = 0; m < n; m++)
    {
      const BvSceneMark *mark = bv_scene_mark (build->scene, m);
      g_autofree char *text = NULL;
      gboolean placed = FALSE;
      guint i;

      for (i = 0; i < self->geo->n_countries && self->row[i] != mark->mark.row; i++)
        ;
      if (mark->kind != BV_MARK_PATH || i == self->geo->n_countries || isnan (self->v[i]))
        continue;
      text = bv_parts_format (build, self->metric, self->v[i]);
      for (guint k = 0; k < G_N_ELEMENTS (beside) && !placed; k++)
        {
          double x = map_x (self, self->geo->countries[i].x) + beside[k][0] * bv_text_width (build->text, text, build->size, FALSE);
          double y = map_y (self, self->geo->countries[i].y) + beside[k][1] * build->line;

          placed = label_fits (build, bv_scene_shape (build->scene, mark->shape), text, x, y) &&
                   bv_label_space_add (space, text, x, y - build->line / 2, 0.5, bv_colour_on (mark->colour), (int) m);
        }
    }
  bv_label_space_free (space);
}

static int
compare_places (const void *a, const void *b)
{
  const Place *x = a, *y = b;

  return fabs (x->v) > fabs (y->v) ? -1 : fabs (x->v) < fabs (y->v) ? 1 : x->row < y->row ? -1 : x->row > y->row;
}

/* Large circles first, so that none hides a smaller one. */
static void
draw_points (Map *self, const BvColourScale *colours)
{
  BvBuild *build = self->build;
  double most = CLAMP (MIN (build->w, build->h) * 0.06, 2, build->size * 2.2);
  double largest = self->places->len > 0 ? fabs (g_array_index (self->places, Place, 0).v) : 0;

  for (guint i = 0; i < self->places->len; i++)
    {
      const Place *place = &g_array_index (self->places, Place, i);
      double r = largest > 0 ? MAX (most * sqrt (fabs (place->v) / largest), 1.5) : 1.5;
      double x = map_x (self, place->x), y = map_y (self, place->y);
      BvColour colour = isnan (place->c) ? bv_parts_colour (build, place->v < 0 ? 5 : 0) : bv_colour_scale_at (colours, place->c);

      if (!spot_in_view (self, x, y))
        continue;
      x = CLAMP (x, r, MAX (build->width - r, r));
      y = CLAMP (y, r, MAX (build->height - r, r));
      add_circle (self, place->row, self->metric, x, y, r, bv_colour_alpha (colour, 0.62), colour);
      if (self->colour_metric != G_MAXUINT)
        {
          g_autofree char *value = bv_parts_format (build, self->colour_metric, place->c);
          g_autofree char *text = g_strdup_printf ("%s: %s", bv_parts_metric_label (build, self->colour_metric), value);

          bv_parts_mark_text (build, text, TRUE);
        }
      add_text (self, i, place->v);
    }
}

/* --- Data ----------------------------------------------------------------------------------------------------------------------- */

static gboolean
means (const char *name, const char *const *words)
{
  g_autofree char *lower = g_utf8_strdown (name, -1);

  for (; *words != NULL; words++)
    if (g_str_has_prefix (lower, *words) || g_str_has_suffix (lower, *words))
      return TRUE;
  return FALSE;
}

/* "48.8566, 2.3522". */
static gboolean
parse_place (const char *text, double *lat, double *lon)
{
  char *end;

  *lat = g_ascii_strtod (text, &end);
  if (end == text)
    return FALSE;
  while (*end == ' ' || *end == ',' || *end == ';')
    end++;
  text = end;
  *lon = g_ascii_strtod (text, &end);
  return end != text && *end == '\0';
}

static void
read_points (Map *self, GArray *groups, guint lat_column, guint lon_column)
{
  BvFrame *frame = self->build->frame;
  guint n_wrong = 0;

  for (guint row = 0; row < bv_frame_get_n_rows (frame); row++)
    {
      Place place = { 0, 0, bv_parts_value (self->build, self->metric, row, &self->n_odd), NAN, row };
      double lat, lon;

      if (lat_column == lon_column)
        {
          const char *text = bv_frame_get_text (frame, lat_column, row);

          if (text == NULL || !parse_place (text, &lat, &lon))
            lat = lon = NAN;
        }
      else
        {
          lat = bv_frame_get_double (frame, lat_column, row);
          lon = bv_frame_get_double (frame, lon_column, row);
        }
      if (!(lat >= -90 && lat <= 90 && lon >= -180 && lon <= 180))
        {
          n_wrong++;
          continue;
        }
      if (isnan (place.v))
        continue;
      if (self->colour_metric != G_MAXUINT)
        place.c = bv_parts_value (self->build, self->colour_metric, row, &self->n_odd);
      bv_geo_project (lon, lat, &place.x, &place.y);
      self->total += place.v;
      g_array_append_val (self->places, place);
    }
  qsort (self->places->data, self->places->len, sizeof (Place), compare_places);
  if (n_wrong > 0)
    {
      g_autofree char *note = g_strdup_printf (ngettext ("%u place has no latitude and longitude and is not drawn",
                                                         "%u places have no latitude and longitude and are not drawn", n_wrong), n_wrong);

      bv_build_note (self->build, note);
    }
  if (self->places->len > POINTS_MAX)
    {
      g_autofree char *shown = bv_locale_format_count (self->build->locale, POINTS_MAX);
      g_autofree char *all = bv_locale_format_count (self->build->locale, self->places->len);
      g_autofree char *note = g_strdup_printf (_("The %s largest of %s points shown"), shown, all);

      bv_build_note (self->build, note);
      g_array_set_size (self->places, POINTS_MAX);
    }
}

static void
read_countries (Map *self, guint column)
{
  BvFrame *frame = self->build->frame;

  for (guint row = 0; row < bv_frame_get_n_rows (frame); row++)
    {
      g_autofree char *name = bv_frame_format (frame, column, row, self->build->locale);
      int country = bv_frame_is_null (frame, column, row) ? -1 : bv_geo_find (self->geo, self->build->locale, name);
      double v = bv_parts_value (self->build, self->metric, row, &self->n_odd);

      if (country < 0)
        g_ptr_array_add (self->unknown, g_steal_pointer (&name));
      else if (self->row[country] != G_MAXUINT)
        g_ptr_array_add (self->twice, g_steal_pointer (&name));
      else
        {
          self->row[country] = row;
          self->v[country] = v;
          self->n_found++;
          self->total += isnan (v) ? 0 : v;
        }
    }
}

/* "A, B, C and 12 more" */
static char *
name_list (GPtrArray *names)
{
  GString *out = g_string_new (NULL);

  for (guint i = 0; i < names->len && i < NAMES_MAX; i++)
    g_string_append_printf (out, "%s%s", i > 0 ? ", " : "", (const char *) names->pdata[i]);
  if (names->len > NAMES_MAX)
    {
      g_string_append (out, ", ");
      g_string_append_printf (out, ngettext ("+ %u more", "+ %u more", names->len - NAMES_MAX), names->len - NAMES_MAX);
    }
  return g_string_free (out, FALSE);
}

static void
notes (Map *self)
{
  if (self->unknown->len > 0)
    {
      g_autofree char *list = name_list (self->unknown);
      g_autofree char *note = g_strdup_printf (ngettext ("%u place is no country that the map knows: %s",
                                                         "%u places are no countries that the map knows: %s", self->unknown->len),
                                               self->unknown->len, list);

      bv_build_note (self->build, note);
    }
  if (self->twice->len > 0)
    {
      g_autofree char *list = name_list (self->twice);
      g_autofree char *note = g_strdup_printf (_("Not shown, because another row is the same country: %s"), list);

      bv_build_note (self->build, note);
    }
  bv_parts_odd_note (self->build, self->n_odd);
}

/* A hatched swatch at the left of the legend's line. */
static void
legend_empty (Map *self)
{
  BvBuild *build = self->build;
  double side = build->size * 0.9;
  double y = build->y + build->h - build->line / 2 - side / 2;
  double bounds[4] = { build->x, y, build->x + side, y + side };
  BvShape *shape;

  if (strcmp (bv_chart_spec_choice (build->spec, "legend"), "none") == 0 || build->h < build->line * 7 || build->w < build->size * 36)
    return;
  shape = bv_scene_add_path (build->scene, BV_PART_LEGEND);
  shape->closed = TRUE;
  shape->fill = land (build);
  bv_scene_add_point (build->scene, bounds[0], bounds[1]);
  bv_scene_add_point (build->scene, bounds[2], bounds[1]);
  bv_scene_add_point (build->scene, bounds[2], bounds[3]);
  bv_scene_add_point (build->scene, bounds[0], bounds[3]);
  hatch (self, build->scene->shapes->len - 1, bounds);
  bv_build_label (build, BV_TEXT_LEGEND, _("No value"), build->x + side + build->size * 0.5, build->y + build->h - build->line, 0,
                  build->ink.muted);
}

static void
describe (Map *self)
{
  BvBuild *build = self->build;
  guint low = G_MAXUINT, high = G_MAXUINT;
  const char *metric = bv_parts_metric_label (build, self->metric);

  for (guint i = 0; !self->points && i < self->geo->n_countries; i++)
    if (self->row[i] != G_MAXUINT && !isnan (self->v[i]))
      {
        low = low == G_MAXUINT || self->v[i] < self->v[low] ? i : low;
        high = high == G_MAXUINT || self->v[i] > self->v[high] ? i : high;
      }
  if (self->points)
    bv_alternative_set (build, g_strdup_printf (ngettext ("Map of %u point, sized by %s.", "Map of %u points, sized by %s.",
                                                          self->places->len), self->places->len, metric));
  else if (high == G_MAXUINT)
    bv_alternative_set (build, g_strdup_printf (_("Map of countries. %s has no values."), metric));
  else
    {
      g_autofree char *least = bv_parts_format (build, self->metric, self->v[low]);
      g_autofree char *most = bv_parts_format (build, self->metric, self->v[high]);

      /* Translators: number of countries, metric, country and value of the lowest and of the highest. */
      bv_alternative_set (build, g_strdup_printf (ngettext ("Map of %u country. %s is lowest in %s (%s) and highest in %s (%s).",
                                                            "Map of %u countries. %s is lowest in %s (%s) and highest in %s (%s).",
                                                            self->n_found), self->n_found, metric, self->geo->countries[low].name, least,
                                                  self->geo->countries[high].name, most));
    }
}

/* Which columns are latitude and longitude: two numbers, or one text of both; FALSE for countries. */
static gboolean
find_points (BvBuild *build, GArray *groups, guint *lat, guint *lon)
{
  static const char *const longitude[] = { "lon", "lng", "long", "longitude", "länge", NULL };
  guint numbers[2];
  guint n = 0;

  for (guint i = 0; i < groups->len; i++)
    {
      guint column = g_array_index (groups, guint, i);
      const BvColumn *info = bv_frame_get_column (build->frame, column);
      double a, b;

      if (bv_type_is_numeric (info->type) && n < 2)
        numbers[n++] = column;
      for (guint row = 0; info->type == BV_TYPE_TEXT && row < MIN (bv_frame_get_n_rows (build->frame), 20); row++)
        if (!bv_frame_is_null (build->frame, column, row))
          {
            if (!parse_place (bv_frame_get_text (build->frame, column, row), &a, &b))
              break;
            *lat = *lon = column;
            return TRUE;
          }
    }
  if (n < 2)
    return FALSE;
  *lat = means (bv_frame_get_column (build->frame, numbers[0])->name, longitude) ? numbers[1] : numbers[0];
  *lon = *lat == numbers[0] ? numbers[1] : numbers[0];
  return TRUE;
}

static void
draw_map (Map *self)
{
  BvBuild *build = self->build;
  BvColourScale colours = { 0 };
  guint metric = self->points ? self->colour_metric : self->metric;
  double lo = G_MAXDOUBLE, hi = -G_MAXDOUBLE;
  gboolean empty = FALSE;

  for (guint i = 0; !self->points && i < self->geo->n_countries; i++)
    {
      empty = empty || (self->row[i] != G_MAXUINT && isnan (self->v[i]));
      if (self->row[i] == G_MAXUINT || isnan (self->v[i]))
        continue;
      lo = MIN (lo, self->v[i]);
      hi = MAX (hi, self->v[i]);
    }
  for (guint i = 0; self->points && i < self->places->len; i++)
    {
      double c = g_array_index (self->places, Place, i).c;

      lo = c < lo ? c : lo;
      hi = c > hi ? c : hi;
    }
  if (lo <= hi)
    {
      bv_colour_scale_init (&colours, build, lo, hi);
      colours.faint = 0.12; /* the weakest is still told from land */
      if (empty)
        legend_empty (self);
      bv_colour_scale_legend (&colours, build, &bv_frame_get_column (build->frame, metric)->format);
    }
  build->scene->has_plot = TRUE;
  build->scene->plot_x = build->x;
  build->scene->plot_y = build->y;
  build->scene->plot_width = build->w;
  build->scene->plot_height = build->h;
  choose_view (self);
  thin_arcs (self);
  draw_land (self);
  if (self->points)
    {
      draw_borders (self);
      draw_points (self, &colours);
    }
  else
    {
      draw_countries (self, &colours);
      if (bv_chart_spec_bool (build->spec, "labels"))
        label_countries (self);
    }
  g_free (self->pixels);
  g_free (self->arcs);
}

static void
build_map (BvBuild *build)
{
  g_autoptr(GArray) metrics = bv_parts_metrics (build);
  g_autoptr(GArray) groups = bv_parts_groups (build);
  g_autoptr(GPtrArray) unknown = g_ptr_array_new_with_free_func (g_free);
  g_autoptr(GPtrArray) twice = g_ptr_array_new_with_free_func (g_free);
  g_autoptr(GArray) places = g_array_new (FALSE, FALSE, sizeof (Place));
  const BvGeo *geo = bv_geo_get ();
  g_autofree guint *rows = g_new (guint, MAX (geo->n_countries, 1));
  g_autofree double *values = g_new (double, MAX (geo->n_countries, 1));
  Map self = { .build = build, .geo = geo, .row = rows, .v = values, .places = places, .unknown = unknown, .twice = twice };
  guint lat, lon;

  if (metrics->len == 0)
    {
      bv_build_message (build, _("There is nothing to draw: choose a metric that is a number"));
      return;
    }
  self.metric = g_array_index (metrics, guint, 0);
  self.colour_metric = metrics->len > 1 ? g_array_index (metrics, guint, 1) : G_MAXUINT;
  for (guint i = 0; i < geo->n_countries; i++)
    {
      rows[i] = G_MAXUINT;
      values[i] = NAN;
    }
  self.points = find_points (build, groups, &lat, &lon);
  if (self.points)
    read_points (&self, groups, lat, lon);
  else if (groups->len == 1)
    read_countries (&self, g_array_index (groups, guint, 0));
  else
    {
      bv_build_message (build, groups->len == 0 ? _("A map needs places: group by countries, or by latitude and longitude")
                                                : _("A map shows one group of countries: remove the others"));
      return;
    }
  if (self.points && places->len == 0)
    {
      bv_build_message (build, _("No values to draw: all of them are empty"));
      return;
    }
  if (!self.points && self.n_found == 0)
    {
      bv_build_message (build, _("None of the groups is a country: group by a field with names or ISO codes of countries"));
      return;
    }
  describe (&self);
  notes (&self);
  draw_map (&self);
}

const BvChartKind bv_chart_map_kind = {
  { "map", N_("Map"), "bv-chart-map-symbolic", 1, 2, 1, 3, FALSE, map_options }, build_map,
};
