/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Painting the bulk of a scene straight into the pixels of an image.
 *
 * Cairo is exact for any path, and pays for it: it looks for crossings among all pieces of a line and builds a mask for each shape. A chart
 * of ten thousand marks is made of axis-aligned boxes, of polylines and of bands that do not cross themselves, for which less is enough:
 *
 * - A box covers its inner pixels wholly and those at its edges by the share that lies inside.
 * - A polyline is drawn piece by piece. A steep piece runs down the rows: on each it covers the line's width measured along the row; a flat
 *   piece likewise along the columns. The ends of a piece cover the share of the row in which they lie, so pieces that go on in the same
 *   direction meet without a gap and without being painted twice. Where the direction turns, both pieces are drawn half a line width longer.
 * - A polygon is filled by adding up, per pixel, the signed area that lies right of its edges (as font rasterisers do); the sum along a row is
 *   the coverage. Parts wound in opposite directions cancel each other, so a ring within a ring is a hole.
 *
 * Cost: a few nanoseconds per pixel touched. Only opaque polylines are taken, because the ends of pieces may be painted twice. Vector surfaces
 * never come here: there the scene goes through cairo.
 */
#include "config.h"

#include "bv-scene-quick.h"

#include <math.h>
#include <string.h>

gboolean
bv_quick_init (BvQuick *self, cairo_t *cr)
{
  cairo_surface_t *surface = cairo_get_group_target (cr);
  cairo_rectangle_list_t *clip;
  cairo_matrix_t matrix;
  double scale_x, scale_y, offset_x, offset_y;
  gboolean plain = FALSE;

  memset (self, 0, sizeof *self);
  if (cairo_surface_get_type (surface) != CAIRO_SURFACE_TYPE_IMAGE || cairo_status (cr) != CAIRO_STATUS_SUCCESS ||
      cairo_get_operator (cr) != CAIRO_OPERATOR_OVER)
    return FALSE;
  if (cairo_image_surface_get_format (surface) != CAIRO_FORMAT_ARGB32 && cairo_image_surface_get_format (surface) != CAIRO_FORMAT_RGB24)
    return FALSE;
  cairo_get_matrix (cr, &matrix);
  if (fabs (matrix.xy) > 0 || fabs (matrix.yx) > 0 || !(matrix.xx > 0) || fabs (matrix.xx - matrix.yy) > 1e-9)
    return FALSE;
  cairo_surface_get_device_scale (surface, &scale_x, &scale_y);
  cairo_surface_get_device_offset (surface, &offset_x, &offset_y);
  if (!(scale_x > 0) || fabs (scale_x - scale_y) > 1e-9)
    return FALSE;
  self->sx = matrix.xx * scale_x;
  self->sy = matrix.yy * scale_y;
  self->tx = matrix.x0 * scale_x + offset_x;
  self->ty = matrix.y0 * scale_y + offset_y;
  clip = cairo_copy_clip_rectangle_list (cr);
  if (clip->status == CAIRO_STATUS_SUCCESS && clip->num_rectangles == 1)
    {
      const cairo_rectangle_t *r = &clip->rectangles[0];
      double edges[4] = { r->x * self->sx + self->tx, r->y * self->sy + self->ty, (r->x + r->width) * self->sx + self->tx,
                          (r->y + r->height) * self->sy + self->ty };

      plain = TRUE;
      for (int i = 0; i < 4; i++)
        plain = plain && fabs (edges[i] - floor (edges[i] + 0.5)) < 0.01 && fabs (edges[i]) < 1e6;
      if (plain)
        {
          self->x0 = MAX ((int) floor (edges[0] + 0.5), 0);
          self->y0 = MAX ((int) floor (edges[1] + 0.5), 0);
          self->x1 = MIN ((int) floor (edges[2] + 0.5), cairo_image_surface_get_width (surface));
          self->y1 = MIN ((int) floor (edges[3] + 0.5), cairo_image_surface_get_height (surface));
        }
    }
  cairo_rectangle_list_destroy (clip);
  if (!plain || self->x0 >= self->x1 || self->y0 >= self->y1)
    return FALSE;
  self->surface = surface;
  self->pixels = (guint32 *) (gpointer) cairo_image_surface_get_data (surface);
  self->stride = cairo_image_surface_get_stride (surface) / 4;
  return self->pixels != NULL;
}

void
bv_quick_clear (BvQuick *self)
{
  g_clear_pointer (&self->area, g_free);
  g_clear_pointer (&self->from, g_free);
  g_clear_pointer (&self->to, g_free);
}

/* --- Pixels ----------------------------------------------------------------------------------------------------------------- */

/* Premultiplied ARGB. */
static guint32
pixel (BvColour c)
{
  guint a = (guint) (CLAMP (c.a, 0, 1) * 255 + 0.5);
  guint r = (guint) (CLAMP (c.r * c.a, 0, 1) * 255 + 0.5);
  guint g = (guint) (CLAMP (c.g * c.a, 0, 1) * 255 + 0.5);
  guint b = (guint) (CLAMP (c.b * c.a, 0, 1) * 255 + 0.5);

  return a << 24 | MIN (r, a) << 16 | MIN (g, a) << 8 | MIN (b, a);
}

/* All four parts of @p times @a / 255, two at a time. */
static inline guint32
times (guint32 p, guint32 a)
{
  guint32 low = (p & 0xff00ff) * a + 0x800080;
  guint32 high = (p >> 8 & 0xff00ff) * a + 0x800080;

  low = (low + (low >> 8 & 0xff00ff)) >> 8 & 0xff00ff;
  high = (high + (high >> 8 & 0xff00ff)) & 0xff00ff00;
  return low | high;
}

static inline void
blend (guint32 *at, guint32 source, guint32 coverage)
{
  guint32 s = coverage >= 255 ? source : times (source, coverage);

  *at = s + times (*at, 255 - (s >> 24));
}

static inline guint32
coverage_of (float share)
{
  return share >= 1 ? 255 : share <= 0 ? 0 : (guint32) (share * 255 + 0.5f);
}

/* A run of pixels along a row (@step 1) or a column (@step stride), from @a to @b, both within 0 … @n, covered by @share. */
static inline void
run (guint32 *line, int step, float a, float b, float share, guint32 source)
{
  int first = (int) a;
  int last = (int) b;

  if (first == last)
    {
      blend (line + first * step, source, coverage_of ((b - a) * share));
      return;
    }
  blend (line + first * step, source, coverage_of (((float) (first + 1) - a) * share));
  if (last - first > 1)
    {
      guint32 full = coverage_of (share);

      if (full == 255 && source >> 24 == 255)
        for (int i = first + 1; i < last; i++)
          line[i * step] = source;
      else
        for (int i = first + 1; i < last; i++)
          blend (line + i * step, source, full);
    }
  /* An end on the edge of a pixel does not touch the next one. */
  if (b > (float) last)
    blend (line + last * step, source, coverage_of ((b - (float) last) * share));
}

/* As run(), for an opaque colour and in units of 1/65536 pixel. */
static inline void
steep_row (guint32 *line, gint32 left, gint32 right, guint32 source)
{
  int first = left >> 16, last = right >> 16;
  guint32 s_low = source & 0xff00ff, s_high = source >> 8 & 0xff00ff;

#define LERP(at, c)                                                                                                                     \
  (at) = (((s_low * (c) + ((at) & 0xff00ff) * (256 - (c))) >> 8) & 0xff00ff) |                                                           \
         ((s_high * (c) + ((at) >> 8 & 0xff00ff) * (256 - (c))) & 0xff00ff00)
  if (first == last)
    {
      guint32 c = (guint32) (right - left) >> 8;

      LERP (line[first], c);
      return;
    }
  {
    guint32 c = 256 - ((guint32) left >> 8 & 255), d = (guint32) right >> 8 & 255;

    LERP (line[first], c);
    for (int i = first + 1; i < last; i++)
      line[i] = source;
    LERP (line[last], d);
  }
#undef LERP
}

/* --- Boxes ------------------------------------------------------------------------------------------------------------------ */

void
bv_quick_rect (BvQuick *self, double x, double y, double width, double height, BvColour colour)
{
  float left = (float) CLAMP (x * self->sx + self->tx, self->x0, self->x1);
  float right = (float) CLAMP ((x + width) * self->sx + self->tx, self->x0, self->x1);
  float top = (float) CLAMP (y * self->sy + self->ty, self->y0, self->y1);
  float bottom = (float) CLAMP ((y + height) * self->sy + self->ty, self->y0, self->y1);
  guint32 source = pixel (colour);

  if (!(left < right) || !(top < bottom))
    return;
  cairo_surface_flush (self->surface);
  for (int row = (int) top; row < self->y1 && (float) row < bottom; row++)
    run (self->pixels + (gsize) row * (gsize) self->stride, 1, left, right, MIN (bottom, (float) (row + 1)) - MAX (top, (float) row), source);
  cairo_surface_mark_dirty (self->surface);
}

/* --- Lines ------------------------------------------------------------------------------------------------------------------ */

typedef struct
{
  float x, y;
} Spot;

/* A piece from @a to @b as seen along its longer side: @along runs in steps of one line of pixels, @across within the line. */
static void
piece (BvQuick *self, Spot a, Spot b, float half, gboolean steep, float lead, float trail, guint32 source)
{
  float from = steep ? a.y : a.x, to = steep ? b.y : b.x;
  float at = steep ? a.x : a.y, end = steep ? b.x : b.y;
  float low = (float) (steep ? self->y0 : self->x0), high = (float) (steep ? self->y1 : self->x1);
  float least = (float) (steep ? self->x0 : self->y0), most = (float) (steep ? self->x1 : self->y1);
  int line_step = steep ? self->stride : 1, step = steep ? 1 : self->stride;
  float slope, wide, length;

  if (from > to)
    {
      float swap = from;

      from = to;
      to = swap;
      swap = at;
      at = end;
      end = swap;
      swap = lead;
      lead = trail;
      trail = swap;
    }
  length = to - from;
  slope = length > 1e-6f ? (end - at) / length : 0;
  wide = half * sqrtf (1 + slope * slope);
  at -= lead * slope;
  from -= lead;
  to += trail;
  if (from < low)
    {
      at += (low - from) * slope;
      from = low;
    }
  to = MIN (to, high);
  if (source >> 24 == 255 && step == 1 && to - from > 4 && MIN (at, at + (to - from) * slope) - wide >= least &&
      MAX (at, at + (to - from) * slope) + wide + 1 < most)
    {
      /* The whole rows of a steep piece: most of what a jagged chart consists of. */
      int first = (int) ceilf (from), last = (int) floorf (to);
      gint32 left = (gint32) ((at + ((float) first + 0.5f - from) * slope - wide) * 65536);
      gint32 right = (gint32) (wide * 2 * 65536);
      gint32 move = (gint32) (slope * 65536);
      guint32 *row = self->pixels + (gssize) first * line_step;

      if (from < (float) first)
        run (self->pixels + (gssize) (first - 1) * line_step, 1, at + ((float) first - from) / 2 * slope - wide,
             at + ((float) first - from) / 2 * slope + wide, (float) first - from, source);
      for (int line = first; line < last; line++, row += line_step, left += move)
        steep_row (row, left, left + right, source);
      at += ((float) last - from) * slope;
      from = (float) last;
    }
  for (int line = (int) from; (float) line < to; line++)
    {
      float top = MAX (from, (float) line), bottom = MIN (to, (float) (line + 1));
      float middle = at + ((top + bottom) / 2 - from) * slope;
      float left = MAX (middle - wide, least), right = MIN (middle + wide, most);

      if (left < right)
        run (self->pixels + (gssize) line * line_step, step, left, right, bottom - top, source);
    }
}

/* Whether two pieces meet so that their ends leave a notch. */
static gboolean
turns (Spot a, Spot b, Spot c)
{
  float ux = b.x - a.x, uy = b.y - a.y, vx = c.x - b.x, vy = c.y - b.y;
  gboolean steep = fabsf (uy) > fabsf (ux);

  if (steep != (fabsf (vy) > fabsf (vx)))
    return TRUE;
  return steep ? (uy > 0) != (vy > 0) : (ux > 0) != (vx > 0);
}

/* The next point after @i that is not a gap and not the same as @last; FALSE at the end of the run. */
static gboolean
next_spot (const BvQuick *self, BvScene *scene, const BvShape *path, guint *i, const Spot *last, Spot *out)
{
  for (; *i < path->n; ++*i)
    {
      const double *p = bv_scene_point (scene, path->first + *i);

      if (isnan (p[0]))
        return FALSE;
      out->x = (float) CLAMP (p[0] * self->sx + self->tx, -1e5, 1e5);
      out->y = (float) CLAMP (p[1] * self->sy + self->ty, -1e5, 1e5);
      if (last == NULL || fabsf (out->x - last->x) + fabsf (out->y - last->y) > 1e-3f)
        {
          ++*i;
          return TRUE;
        }
    }
  return FALSE;
}

void
bv_quick_stroke (BvQuick *self, BvScene *scene, const BvShape *path, BvColour colour)
{
  float half = (float) (path->line_width * self->sx / 2);
  guint32 source = pixel (colour);

  cairo_surface_flush (self->surface);
  for (guint i = 0; i < path->n; i++)
    {
      Spot a, b, c;
      gboolean more;
      gboolean turned = FALSE;

      if (!next_spot (self, scene, path, &i, NULL, &a) || !next_spot (self, scene, path, &i, &a, &b))
        continue;
      do
        {
          gboolean turning;

          more = next_spot (self, scene, path, &i, &b, &c);
          turning = more && turns (a, b, c);
          piece (self, a, b, half, fabsf (b.y - a.y) > fabsf (b.x - a.x), turned ? half : 0, turning ? half : 0, source);
          turned = turning;
          a = b;
          b = c;
        }
      while (more);
    }
  cairo_surface_mark_dirty (self->surface);
}

/* --- Polygons --------------------------------------------------------------------------------------------------------------- */

/* Adds the area right of an edge to the rows it passes; @x is within 0 … width of the clip. */
static void
edge (BvQuick *self, float x0, float y0, float x1, float y1)
{
  float sign = 1;
  float slope;
  float most = (float) (self->x1 - self->x0);
  float bottom = (float) (self->y1 - self->y0);

  if (y0 > y1)
    {
      float swap = y0;

      y0 = y1;
      y1 = swap;
      swap = x0;
      x0 = x1;
      x1 = swap;
      sign = -1;
    }
  if (y1 <= 0 || y0 >= bottom || !(y0 < y1))
    return;
  slope = (x1 - x0) / (y1 - y0);
  for (int row = MAX ((int) floorf (y0), 0); (float) row < MIN (y1, bottom); row++)
    {
      float top = MAX (y0, (float) row), end = MIN (y1, (float) (row + 1));
      float high = (end - top) * sign;
      float a = CLAMP (x0 + (top - y0) * slope, 0, most);
      float b = CLAMP (x0 + (end - y0) * slope, 0, most);
      float *line = self->area + (gsize) row * (gsize) self->area_width;
      int first, last;

      if (a > b)
        {
          float swap = a;

          a = b;
          b = swap;
        }
      first = (int) a;
      last = (int) b;
      self->from[row] = MIN (self->from[row], first);
      self->to[row] = MAX (self->to[row], last + 1);
      if (first == last)
        {
          /* The share of the pixel right of the edge, and the rest from the next pixel on. */
          float right = 1 - ((a + b) / 2 - (float) first);

          line[first] += high * right;
          line[first + 1] += high * (1 - right);
        }
      else
        {
          float per = high / (b - a); /* the height that the edge passes per pixel */
          float before = 0;           /* the sum so far */

          for (int i = first; i <= last; i++)
            {
              float in = MAX (a, (float) i), out = MIN (b, (float) (i + 1));
              float all = (in - a) * per + (out - in) * per * (1 - ((in + out) / 2 - (float) i));

              line[i] += all - before;
              before = all;
            }
          line[last + 1] += high - before;
        }
    }
}

void
bv_quick_fill (BvQuick *self, BvScene *scene, const BvShape *path, BvColour colour)
{
  guint32 source = pixel (colour);
  int rows = self->y1 - self->y0;
  float top = G_MAXFLOAT, bottom = -G_MAXFLOAT;
  Spot start = { 0, 0 }, last = { 0, 0 };
  gboolean pen = FALSE;

  if (self->area == NULL)
    {
      self->area_width = self->x1 - self->x0 + 3;
      self->area = g_new0 (float, (gsize) self->area_width * (gsize) rows);
      self->from = g_new (int, rows);
      self->to = g_new (int, rows);
      for (int row = 0; row < rows; row++)
        {
          self->from[row] = G_MAXINT;
          self->to[row] = -1;
        }
    }
  for (guint i = 0; i <= path->n; i++)
    {
      const double *p = i < path->n ? bv_scene_point (scene, path->first + i) : NULL;
      Spot at;

      if (p == NULL || isnan (p[0]))
        {
          if (pen)
            edge (self, last.x, last.y, start.x, start.y);
          pen = FALSE;
          continue;
        }
      at.x = (float) CLAMP (p[0] * self->sx + self->tx - self->x0, -1e5, 1e5);
      at.y = (float) CLAMP (p[1] * self->sy + self->ty - self->y0, -1e5, 1e5);
      top = MIN (top, at.y);
      bottom = MAX (bottom, at.y);
      if (pen)
        edge (self, last.x, last.y, at.x, at.y);
      else
        start = at;
      pen = TRUE;
      last = at;
    }
  cairo_surface_flush (self->surface);
  for (int row = MAX ((int) floorf (top), 0); row < rows && (float) row < bottom; row++)
    {
      float *line = self->area + (gsize) row * (gsize) self->area_width;
      guint32 *out = self->pixels + (gsize) (self->y0 + row) * (gsize) self->stride + self->x0;
      int to = MIN (self->to[row], self->x1 - self->x0 - 1);
      float sum = 0;

      for (int i = self->from[row]; i <= to; i++)
        {
          guint32 coverage;

          sum += line[i];
          line[i] = 0;
          coverage = coverage_of (fabsf (sum));
          if (coverage > 0)
            blend (out + i, source, coverage);
        }
      for (int i = MAX (to + 1, self->from[row] < G_MAXINT ? self->from[row] : to + 1); i <= self->to[row]; i++)
        line[i] = 0;
      self->from[row] = G_MAXINT;
      self->to[row] = -1;
    }
  cairo_surface_mark_dirty (self->surface);
}
