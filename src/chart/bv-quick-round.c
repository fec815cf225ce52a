/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Discs, rings and boxes with round corners straight into the pixels.
 *
 * Row by row: the pixels that are wholly inside are one span; those at the edge are covered by how far their middle is from the edge, which is
 * right to a hundredth for radii of a pixel and more (smaller ones are left to cairo).
 */
#include "config.h"

#include "bv-pixels.h"
#include "bv-scene-quick.h"

#include <math.h>

/* What a row of a disc reaches from its middle. */
static inline float
chord (float r, float dy)
{
  float square = r * r - dy * dy;

  return r > 0 && square > 0 ? sqrtf (square) : 0;
}

typedef struct
{
  guint32 *line;
  float x, dy;          /* of the row's middle from the disc's */
  float inner, outer;   /* radii */
  const BvPaint *paint;
  guint32 source;
} Row;

/* The pixels from @from on by how much of each is covered, four at a time: up to three beyond @to, where there is nothing to cover or @to is the end
 * of the clip. */
static void
cover (const Row *row, int from, int to, int end)
{
  const BvFloats zero = bv_floats_all (0), one = bv_floats_all (1), at = { 0.5f, 1.5f, 2.5f, 3.5f };

  for (int i = from; i < to; i += 4)
    {
      BvFloats dx = at + ((float) i - row->x);
      BvFloats far = bv_floats_sqrt (dx * dx + row->dy * row->dy);
      BvFloats share = bv_floats_min (bv_floats_max (row->outer + 0.5f - far, zero), one);

      if (row->inner > 0)
        share -= bv_floats_min (bv_floats_max (row->inner + 0.5f - far, zero), one);
      if (i + 4 <= end)
        bv_paint_four (row->paint, row->line + i, share * 256 + 0.5f);
      else
        for (int k = 0; i + k < end; k++)
          bv_pixel_blend (row->line + i + k, row->source, bv_coverage (share[k]));
    }
}

gboolean
bv_quick_ring (BvQuick *self, double x, double y, double r0, double r1, BvColour colour)
{
  float cx = (float) CLAMP (x * self->sx + self->tx, -1e5, 1e5), cy = (float) CLAMP (y * self->sy + self->ty, -1e5, 1e5);
  float outer = (float) (r1 * self->sx), inner = (float) (MAX (r0, 0) * self->sx);
  guint32 source = bv_pixel (colour);
  BvPaint paint = bv_paint (source);
  int top, bottom;

  if (!(outer >= 1) || outer > 1e4f || outer - inner < 0.3f)
    return FALSE;
  top = MAX ((int) floorf (cy - outer - 0.5f), self->y0);
  bottom = MIN ((int) ceilf (cy + outer + 0.5f), self->y1);
  if (top >= bottom || cx + outer + 1 < (float) self->x0 || cx - outer - 1 > (float) self->x1)
    return TRUE;
  cairo_surface_flush (self->surface);
  for (int y_pixel = top; y_pixel < bottom; y_pixel++)
    {
      Row row = { self->pixels + (gsize) y_pixel * (gsize) self->stride, cx, (float) y_pixel + 0.5f - cy, inner, outer, &paint, source };
      float reach = chord (outer + 0.75f, row.dy);
      /* Within this all is full, or of a ring empty. */
      float within = chord ((inner > 0 ? inner : outer) - 0.75f, row.dy);
      int left = MAX ((int) (cx - reach), self->x0), right = MIN ((int) (cx + reach) + 1, self->x1);
      int from = left + (((int) (cx - within) + 1 - left + 3) & ~3);
      int to = right - ((right - (int) (cx + within) + 3) & ~3);

      if (left >= right)
        continue;
      if (!(within > 0) || from < left || to > right || from >= to)
        {
          cover (&row, left, right, self->x1);
          continue;
        }
      cover (&row, left, from, self->x1);
      if (!(inner > 0))
        bv_pixels_span (row.line + from, to - from, source);
      cover (&row, to, right, self->x1);
    }
  cairo_surface_mark_dirty (self->surface);
  return TRUE;
}

void
bv_quick_round (BvQuick *self, double x, double y, double width, double height, double radius, BvColour colour)
{
  float left = (float) CLAMP (x * self->sx + self->tx, -1e5, 1e5), right = (float) CLAMP ((x + width) * self->sx + self->tx, -1e5, 1e5);
  float top = (float) CLAMP (y * self->sy + self->ty, -1e5, 1e5), bottom = (float) CLAMP ((y + height) * self->sy + self->ty, -1e5, 1e5);
  float r = (float) (radius * self->sx);
  guint32 source = bv_pixel (colour);
  int first_row = MAX ((int) floorf (top), self->y0), last_row = MIN ((int) ceilf (bottom), self->y1);
  int first = MAX ((int) floorf (left), self->x0), last = MIN ((int) ceilf (right), self->x1);

  if (!(left < right) || !(top < bottom) || first >= last)
    return;
  cairo_surface_flush (self->surface);
  for (int row = first_row; row < last_row; row++)
    {
      guint32 *line = self->pixels + (gsize) row * (gsize) self->stride;
      float high = MIN (bottom, (float) (row + 1)) - MAX (top, (float) row);
      float middle = (float) row + 0.5f;
      /* How far the row is beyond the middles of the corners. */
      float dy = MAX (MAX (top + r - middle, middle - (bottom - r)), 0);
      int a = dy > 0 ? CLAMP ((int) ceilf (left + r), first, last) : first, b = dy > 0 ? CLAMP ((int) floorf (right - r), a, last) : last;

      for (int i = first; i < last; i++)
        {
          float at = (float) i + 0.5f;
          float dx = MAX (MAX (left + r - at, at - (right - r)), 0);
          float wide = MIN (right, (float) (i + 1)) - MAX (left, (float) i);
          float share;

          /* The middle of the row, which is most of it. */
          if (i == MAX (a, (int) ceilf (left)) && MIN (b, (int) floorf (right)) > i)
            {
              int end = MIN (b, (int) floorf (right));

              bv_pixels_span (line + i, end - i, high >= 1 ? source : bv_pixel_times (source, bv_coverage (high)));
              i = end - 1;
              continue;
            }
          share = dx > 0 && dy > 0 ? CLAMP (r + 0.5f - sqrtf (dx * dx + dy * dy), 0, 1) : wide * high;
          if (share > 0)
            bv_pixel_blend (line + i, source, bv_coverage (share));
        }
    }
  cairo_surface_mark_dirty (self->surface);
}
