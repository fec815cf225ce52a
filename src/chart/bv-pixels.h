/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Laying a colour over premultiplied ARGB pixels, one at a time and four at a time (in the vectors of the compiler, so the same everywhere). */
#pragma once

#include "bv-chart.h"

#include <math.h>
#include <string.h>
#ifdef __SSE2__
#include <emmintrin.h>
#endif

G_BEGIN_DECLS

typedef guint16 BvParts __attribute__ ((vector_size (16)));  /* two parts of each of four pixels */
typedef gint32 BvInts __attribute__ ((vector_size (16)));
typedef float BvFloats __attribute__ ((vector_size (16)));

/* Premultiplied ARGB. */
static inline guint32
bv_pixel (BvColour c)
{
  guint a = (guint) (CLAMP (c.a, 0, 1) * 255 + 0.5);
  guint r = (guint) (CLAMP (c.r * c.a, 0, 1) * 255 + 0.5);
  guint g = (guint) (CLAMP (c.g * c.a, 0, 1) * 255 + 0.5);
  guint b = (guint) (CLAMP (c.b * c.a, 0, 1) * 255 + 0.5);

  return a << 24 | MIN (r, a) << 16 | MIN (g, a) << 8 | MIN (b, a);
}

/* All four parts of @p times @a / 255, two at a time. */
static inline guint32
bv_pixel_times (guint32 p, guint32 a)
{
  guint32 low = (p & 0xff00ff) * a + 0x800080;
  guint32 high = (p >> 8 & 0xff00ff) * a + 0x800080;

  low = (low + (low >> 8 & 0xff00ff)) >> 8 & 0xff00ff;
  high = (high + (high >> 8 & 0xff00ff)) & 0xff00ff00;
  return low | high;
}

static inline void
bv_pixel_blend (guint32 *at, guint32 source, guint32 coverage)
{
  guint32 s = coverage >= 255 ? source : bv_pixel_times (source, coverage);

  *at = s + bv_pixel_times (*at, 255 - (s >> 24));
}

static inline guint32
bv_coverage (float share)
{
  return share >= 1 ? 255 : share <= 0 ? 0 : (guint32) (share * 255 + 0.5f);
}

/* As bv_pixel_times() for four pixels, each with its own factor, which stands in both halves of its 32 bits. */
static inline BvParts
bv_parts_times (BvParts p, BvParts a)
{
  BvParts low = (p & 0xff) * a + 0x80;
  BvParts high = (p >> 8) * a + 0x80;

  low = (low + (low >> 8)) >> 8;
  high = (high + (high >> 8)) & 0xff00;
  return low | high;
}

static inline BvParts
bv_parts_all (guint16 a)
{
  return (BvParts){ a, a, a, a, a, a, a, a };
}

static inline BvFloats
bv_floats_all (float a)
{
  return (BvFloats){ a, a, a, a };
}

static inline BvFloats
bv_floats_min (BvFloats a, BvFloats b)
{
#ifdef __SSE2__
  return (BvFloats) _mm_min_ps ((__m128) a, (__m128) b);
#else
  BvInts less = a < b;

  return (BvFloats) (((BvInts) a & less) | ((BvInts) b & ~less));
#endif
}

static inline BvFloats
bv_floats_max (BvFloats a, BvFloats b)
{
#ifdef __SSE2__
  return (BvFloats) _mm_max_ps ((__m128) a, (__m128) b);
#else
  BvInts more = a > b;

  return (BvFloats) (((BvInts) a & more) | ((BvInts) b & ~more));
#endif
}

static inline BvFloats
bv_floats_sqrt (BvFloats a)
{
#ifdef __SSE2__
  return (BvFloats) _mm_sqrt_ps ((__m128) a);
#else
  return (BvFloats){ sqrtf (a[0]), sqrtf (a[1]), sqrtf (a[2]), sqrtf (a[3]) };
#endif
}

/* A colour to lay over four pixels at a time with a coverage for each. */
typedef struct
{
  BvParts low, high, alpha;
} BvPaint;

static inline BvPaint
bv_paint (guint32 source)
{
  BvParts s = (BvParts) (BvInts){ (gint32) source, (gint32) source, (gint32) source, (gint32) source };

  return (BvPaint){ s & 0xff, s >> 8, bv_parts_all ((guint16) (source >> 24)) };
}

/* @coverage: 0 … 256 and a half for each pixel, which is cut to whole steps. */
static inline void
bv_paint_four (const BvPaint *paint, guint32 *at, BvFloats coverage)
{
  BvInts wide = __builtin_convertvector (coverage, BvInts);
  BvParts c = (BvParts) (wide | wide << 16);
  BvParts rest = 256 - (paint->alpha * c >> 8);
  BvParts d;

  memcpy (&d, at, sizeof d);
  d = ((paint->low * c >> 8) + ((d & 0xff) * rest >> 8)) | ((paint->high * c & 0xff00) + ((d >> 8) * rest & 0xff00));
  memcpy (at, &d, sizeof d);
}

/* Lays @source, which is premultiplied, over @n pixels in a row. */
static inline void
bv_pixels_span (guint32 *at, int n, guint32 source)
{
  guint32 rest = 255 - (source >> 24);
  BvParts s = (BvParts) (BvInts){ (gint32) source, (gint32) source, (gint32) source, (gint32) source };
  BvParts times = bv_parts_all ((guint16) rest);
  int i = 0;

  if (rest == 0)
    {
      for (; i < n; i++)
        at[i] = source;
      return;
    }
  for (; i + 4 <= n; i += 4)
    {
      BvParts d;

      memcpy (&d, at + i, sizeof d);
      /* Bytes of one pixel never carry into the next: a part and the rest of the one below it make 255 at most. */
      d = bv_parts_times (d, times) + s;
      memcpy (at + i, &d, sizeof d);
    }
  for (; i < n; i++)
    at[i] = source + bv_pixel_times (at[i], rest);
}

G_END_DECLS
