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
 *   A thin and flat one, such as a band of a Sankey diagram, is filled column by column instead.
 *
 * Cost: a few nanoseconds per pixel touched. Only opaque polylines are taken, because the ends of pieces may be painted twice. Vector surfaces
 * never come here: there the scene goes through cairo.
 */
#include "config.h"

#include "bv-pixels.h"
#include "bv-scene-quick.h"

#include <math.h>
#include <string.h>

/* Of strips: the steepest edges, and the mean thickness in pixels. */
#define STRIP_SLOPE 1.3
#define STRIP_THICK 60.0
/* How many sums a thread keeps: a screen of 2560 × 1440. */
#define SUMS_MAX ((gsize) 4 << 20)

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

/* Sums of areas that are all zero again: each thread keeps its last ones, because fresh memory of a picture's size costs as much as a chart. */
typedef struct
{
  gsize n;
  float area[];
} Sums;

static GPrivate kept_sums = G_PRIVATE_INIT (g_free);

static float *
take_sums (gsize n)
{
  Sums *sums = g_private_get (&kept_sums);

  if (sums == NULL || sums->n < n)
    {
      sums = g_malloc0 (sizeof *sums + n * sizeof (float));
      sums->n = n;
      g_private_replace (&kept_sums, sums);
    }
  return sums->area;
}

void
bv_quick_clear (BvQuick *self)
{
  /* What a large export took is not kept. */
  if (self->area != NULL && ((Sums *) g_private_get (&kept_sums))->n > SUMS_MAX)
    g_private_replace (&kept_sums, NULL);
  self->area = NULL;
  g_clear_pointer (&self->from, g_free);
  g_clear_pointer (&self->to, g_free);
}

/* --- Pixels ----------------------------------------------------------------------------------------------------------------- */

/* A run of pixels along a row (@step 1) or a column (@step stride), from @a to @b, both within 0 … @n, covered by @share. */
static inline void
run (guint32 *line, int step, float a, float b, float share, guint32 source)
{
  int first = (int) a;
  int last = (int) b;

  if (first == last)
    {
      bv_pixel_blend (line + first * step, source, bv_coverage ((b - a) * share));
      return;
    }
  bv_pixel_blend (line + first * step, source, bv_coverage (((float) (first + 1) - a) * share));
  if (last - first > 1)
    {
      guint32 full = bv_coverage (share);
      guint32 s = full == 255 ? source : bv_pixel_times (source, full);

      if (step == 1)
        bv_pixels_span (line + first + 1, last - first - 1, s);
      else
        for (int i = first + 1; i < last; i++)
          line[i * step] = s + bv_pixel_times (line[i * step], 255 - (s >> 24));
    }
  /* An end on the edge of a pixel does not touch the next one. */
  if (b > (float) last)
    bv_pixel_blend (line + last * step, source, bv_coverage ((b - (float) last) * share));
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
  guint32 source = bv_pixel (colour);

  if (!(left < right) || !(top < bottom))
    return;
  cairo_surface_flush (self->surface);
  /* Borders, and the bars of a crowded chart. */
  if (right - left < 3)
    {
      for (int column = (int) left; column < self->x1 && (float) column < right; column++)
        run (self->pixels + column, self->stride, top, bottom, MIN (right, (float) (column + 1)) - MAX (left, (float) column), source);
      cairo_surface_mark_dirty (self->surface);
      return;
    }
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
  guint32 source = bv_pixel (colour);

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

/* --- Strips ----------------------------------------------------------------------------------------------------------------- */

/* Whether a closed path runs right along one edge and back along another above or below the same places, and is so thin and so flat that
 * it is quicker and as good to fill it column by column. */
static gboolean
is_strip (const BvQuick *self, BvScene *scene, const BvShape *path)
{
  double area = 0, width;
  guint half = path->n / 2;

  if (path->n < 6 || path->n % 2 != 0)
    return FALSE;
  for (guint k = 0; k < half; k++)
    {
      const double *a = bv_scene_point (scene, path->first + k), *b = bv_scene_point (scene, path->first + path->n - 1 - k);

      if (isnan (a[0]) || fabs (a[0] - b[0]) > 1e-6)
        return FALSE;
      if (k > 0)
        {
          const double *c = bv_scene_point (scene, path->first + k - 1), *d = bv_scene_point (scene, path->first + path->n - k);
          double step = a[0] - c[0];

          if (!(step > 0) || fabs (a[1] - c[1]) > step * STRIP_SLOPE || fabs (b[1] - d[1]) > step * STRIP_SLOPE)
            return FALSE;
          area += step * (fabs (a[1] - b[1]) + fabs (c[1] - d[1])) / 2;
        }
    }
  width = bv_scene_point (scene, path->first + half - 1)[0] - bv_scene_point (scene, path->first)[0];
  return area * self->sy <= width * STRIP_THICK;
}

/* Four columns of a strip, from @from to @to of them: its edges start at @top and @bottom and fall by their slopes per column; within the block they rise
 * by @up and fall by @down at most. */
static inline void
strip_block (BvQuick *self, int column, float from, float to, float top, float top_slope, float bottom, float bottom_slope, float up, float down,
             const BvPaint *paint, guint32 source)
{
  const BvFloats zero = bv_floats_all (0), one = bv_floats_all (1), at = { 0, 1, 2, 3 };
  BvFloats wide = bv_floats_all (256), middle = at + 0.5f;
  BvFloats y0, y1;
  float first = MAX (MIN (top, bottom) - up, (float) self->y0);
  float last = MIN (MAX (top, bottom) + down, (float) self->y1);
  BvFloats low, high;
  guint32 *pixels = self->pixels + (gsize) first * (gsize) self->stride + column;
  int n = MIN (self->x1 - column, 4);

  if (from > 0 || to < 4)
    {
      BvFloats left = bv_floats_max (at, bv_floats_all (from)), right = bv_floats_min (at + 1, bv_floats_all (to));

      wide = bv_floats_max (right - left, zero) * 256;
      middle = (left + right) / 2;
    }
  y0 = middle * top_slope + top;
  y1 = middle * bottom_slope + bottom;
  low = bv_floats_min (y0, y1) - (float) (int) first;
  high = bv_floats_max (y0, y1) - (float) (int) first;
  for (int row = (int) first; (float) row < last; row++, low -= one, high -= one, pixels += self->stride)
    {
      BvFloats share = bv_floats_max (bv_floats_min (high, one) - bv_floats_max (low, zero), zero) * wide;

      /* Rows are pages apart, so the processor does not see that the next columns come next. */
      __builtin_prefetch (pixels + 16, 1);
      if (n == 4)
        bv_paint_four (paint, pixels, share + 0.5f);
      else
        for (int i = 0; i < n; i++)
          bv_pixel_blend (pixels + i, source, bv_coverage (share[i] / 256));
    }
}

static void
fill_strip (BvQuick *self, BvScene *scene, const BvShape *path, guint32 source)
{
  guint half = path->n / 2;
  BvPaint paint = bv_paint (source);

  for (guint k = 0; k + 1 < half; k++)
    {
      const double *a = bv_scene_point (scene, path->first + k), *b = bv_scene_point (scene, path->first + k + 1);
      const double *c = bv_scene_point (scene, path->first + path->n - 1 - k), *d = bv_scene_point (scene, path->first + path->n - 2 - k);
      float x0 = (float) (a[0] * self->sx + self->tx), x1 = (float) (b[0] * self->sx + self->tx);
      /* Pieces meet between two columns: one that both cover in part would be lighter than its neighbours. */
      float from = MAX (k > 0 ? roundf (x0) : x0, (float) self->x0), to = MIN (k + 2 < half ? roundf (x1) : x1, (float) self->x1);
      float top = (float) (a[1] * self->sy + self->ty), top_slope = (float) ((b[1] - a[1]) * self->sy) / (x1 - x0);
      float bottom = (float) (c[1] * self->sy + self->ty), bottom_slope = (float) ((d[1] - c[1]) * self->sy) / (x1 - x0);
      float up = MAX (0, -4 * MIN (top_slope, bottom_slope)), down = MAX (0, 4 * MAX (top_slope, bottom_slope));

      for (int column = (int) from; (float) column < to; column += 4)
        strip_block (self, column, from - (float) column, to - (float) column, top + ((float) column - x0) * top_slope, top_slope,
                     bottom + ((float) column - x0) * bottom_slope, bottom_slope, up, down, &paint, source);
    }
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

/* Adds a row of areas up to coverages and lays the colour over as much of the pixels; clears the row. Between edges, where nothing is added, the
 * coverage stays as it is. */
static void
cover (float *line, int from, int to, guint32 *out, guint32 source)
{
  const BvFloats zero = bv_floats_all (0), one = bv_floats_all (1);
  BvPaint paint = bv_paint (source);
  float sum = 0;
  int i = from;

  while (i + 4 <= to + 1)
    {
      int start = i;
      BvFloats v = zero;

      for (; i + 4 <= to + 1; i += 4)
        {
          guint64 bits[2];

          memcpy (bits, line + i, sizeof bits);
          if ((bits[0] | bits[1]) != 0)
            break;
        }
      if (i > start && fabsf (sum) > 0.002f)
        {
          guint32 coverage = bv_coverage (fabsf (sum));

          bv_pixels_span (out + start, i - start, coverage == 255 ? source : bv_pixel_times (source, coverage));
        }
      if (i + 4 > to + 1)
        break;
      memcpy (&v, line + i, sizeof v);
      memcpy (line + i, &zero, sizeof zero);
      v += __builtin_shufflevector (v, zero, 4, 0, 1, 2);
      v += __builtin_shufflevector (v, zero, 4, 4, 0, 1);
      v += sum;
      sum = v[3];
      bv_paint_four (&paint, out + i, bv_floats_min (bv_floats_max (v, -v), one) * 256 + 0.5f);
      i += 4;
    }
  for (; i <= to; i++)
    {
      guint32 coverage;

      sum += line[i];
      line[i] = 0;
      coverage = bv_coverage (fabsf (sum));
      if (coverage > 0)
        bv_pixel_blend (out + i, source, coverage);
    }
}

void
bv_quick_fill (BvQuick *self, BvScene *scene, const BvShape *path, BvColour colour)
{
  guint32 source = bv_pixel (colour);
  int rows = self->y1 - self->y0;
  float top = G_MAXFLOAT, bottom = -G_MAXFLOAT;
  Spot start = { 0, 0 }, last = { 0, 0 };
  gboolean pen = FALSE;

  if (is_strip (self, scene, path))
    {
      cairo_surface_flush (self->surface);
      fill_strip (self, scene, path, source);
      cairo_surface_mark_dirty (self->surface);
      return;
    }
  if (self->area == NULL)
    {
      self->area_width = self->x1 - self->x0 + 3;
      self->area = take_sums ((gsize) self->area_width * (gsize) rows);
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
      if (self->from[row] <= to)
        cover (line, self->from[row], to, out, source);
      for (int i = MAX (to + 1, self->from[row] < G_MAXINT ? self->from[row] : to + 1); i <= self->to[row]; i++)
        line[i] = 0;
      self->from[row] = G_MAXINT;
      self->to[row] = -1;
    }
  cairo_surface_mark_dirty (self->surface);
}
