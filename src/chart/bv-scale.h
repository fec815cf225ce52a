/* SPDX-License-Identifier: GPL-3.0-or-later */
/* From values to places, and where ticks go. */
#pragma once

#include "bv-frame.h"

#include <math.h>

G_BEGIN_DECLS

typedef enum
{
  BV_SCALE_LINEAR,
  BV_SCALE_LOG,    /* values above zero only */
  BV_SCALE_SYMLOG, /* logarithmic on both sides of zero and linear within @constant of it */
} BvScaleKind;

/* A map from values to places; r0 > r1 for an axis that grows upwards. All zero but the ends, it is linear. */
typedef struct
{
  double d0, d1, r0, r1;
  BvScaleKind kind;
  double constant; /* of symlog */
} BvLinear;

/* A value on the even ground that the scale's kind is drawn on. */
static inline double
bv_scale_even (const BvLinear *self, double v)
{
  if (self->kind == BV_SCALE_LOG)
    return log10 (MAX (v, self->d0));
  return v < 0 ? -log1p (-v / self->constant) : log1p (v / self->constant);
}

static inline double
bv_linear_map (const BvLinear *self, double v)
{
  if (G_UNLIKELY (self->kind != BV_SCALE_LINEAR))
    {
      double e0 = bv_scale_even (self, self->d0);

      return self->r0 + (bv_scale_even (self, v) - e0) / (bv_scale_even (self, self->d1) - e0) * (self->r1 - self->r0);
    }
  return self->r0 + (v - self->d0) / (self->d1 - self->d0) * (self->r1 - self->r0);
}

/* Ticks k · step for k in first … first + n - 1, where step is mantissa · 10^exponent: each is computed from the start, never
 * added up, so 0.3 is 0.3 and zero is zero. */
typedef struct
{
  gint64 first;
  guint n;
  double mantissa;
  int exponent;
  gboolean listed; /* the ticks are those of @list: not evenly apart */
  gboolean bare_first, bare_last; /* the ends are none of the grid's powers: where the scale begins and ends, but no ticks */
  double list[24];
} BvTicks;

typedef enum
{
  BV_UNIT_DECIMAL,
  BV_UNIT_WHOLE,   /* no ticks between whole numbers */
  BV_UNIT_SECONDS, /* steps of a clock: 1, 5, 15, 30 s, minutes, hours, days */
  BV_UNIT_MS,
} BvTickUnit;

/**
 * bv_ticks_nice:
 * @max: at most so many ticks, 2 or more
 *
 * The finest nice ticks that cover @lo … @hi: the first is at or below @lo, the last at or above @hi.
 */
BvTicks bv_ticks_nice     (double lo, double hi, guint max, BvTickUnit unit);
/* The same for values that span powers of ten: powers of ten, with 2 and 5 times them where there is room. For LOG @lo is above zero;
 * for SYMLOG @constant (out) is set to where the axis turns linear. */
BvTicks bv_ticks_powers   (double lo, double hi, guint max, BvScaleKind kind, double least, double *constant);
double  bv_ticks_value    (const BvTicks *ticks, guint i);
double  bv_ticks_step     (const BvTicks *ticks);
/* Digits after the point that tell the ticks apart. */
int     bv_ticks_decimals (const BvTicks *ticks);

/* The ends of a value axis for values lo … hi. With @from_zero zero is in; else it is pulled in when it is near. */
void    bv_domain_extend  (double *lo, double *hi, gboolean from_zero);

/* --- Time --------------------------------------------------------------------------------------------------------------- */

/* A step of a time axis: every @n units; minutes are counted in hours / 60. */
typedef enum { BV_STEP_SECOND, BV_STEP_MINUTE, BV_STEP_HOUR, BV_STEP_DAY, BV_STEP_WEEK, BV_STEP_MONTH, BV_STEP_QUARTER, BV_STEP_YEAR } BvTimeUnit;

typedef struct
{
  BvTimeUnit unit;
  int n;
} BvTimeStep;

/* The steps from fine to coarse, @n_steps of them. */
const BvTimeStep *bv_time_steps (guint *n_steps);
/* The finest step that suits buckets of @grain. */
guint       bv_time_step_for_grain (BvGrain grain, gboolean is_date);
/* Which step an instant (or, with @is_date, a day) lies in, and where that step starts. Steps are counted along the local calendar:
 * an index grows with time except within the doubled hour of a clock change. */
gint64      bv_time_step_index  (const BvTimeStep *step, BvCalendar *calendar, gint64 t, gboolean is_date);
gint64      bv_time_step_start  (const BvTimeStep *step, BvCalendar *calendar, gint64 index, gboolean is_date);
/* The step's own label and, of what it lies in, the label that stands below where it changes; the latter may be NULL. */
char       *bv_time_step_label  (const BvTimeStep *step, BvLocale *locale, gint64 t, gboolean is_date);
char       *bv_time_step_context (const BvTimeStep *step, BvLocale *locale, gint64 t, gboolean is_date);

G_END_DECLS
