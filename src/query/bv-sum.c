/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bv-sum-private.h"

#include <math.h>

#define DECIMAL_SCALE 10000

static void
add_compensated (BvSum *self, double x)
{
  double t = self->sum + x;

  self->error += fabs (self->sum) >= fabs (x) ? (self->sum - t) + x : (x - t) + self->sum;
  self->sum = t;
  self->n++;
}

void
bv_sum_add_int (BvSum *self, gint64 i)
{
  self->scaled += (BvInt128) i * DECIMAL_SCALE;
  add_compensated (self, (double) i);
}

void
bv_sum_add_double (BvSum *self, double d)
{
  double rounded = nearbyint (d * DECIMAL_SCALE);

  self->fractional = TRUE;
  if (fabs (rounded) < 9007199254740992.0 && !(rounded / DECIMAL_SCALE < d) && !(rounded / DECIMAL_SCALE > d))
    self->scaled += (BvInt128) rounded;
  else
    self->inexact = TRUE;
  add_compensated (self, d);
}

void
bv_sum_add (BvSum *self, const BvValue *value)
{
  if (value->type == BV_TYPE_INT || value->type == BV_TYPE_BOOL)
    bv_sum_add_int (self, value->i);
  else if (value->type == BV_TYPE_DOUBLE)
    bv_sum_add_double (self, value->d);
}

double
bv_sum_get_double (const BvSum *self)
{
  if (!self->inexact)
    return (double) self->scaled / DECIMAL_SCALE;
  /* An overflown sum is infinite or NaN, and its error term means nothing. */
  return isfinite (self->sum) ? self->sum + self->error : self->sum;
}

BvValue
bv_sum_get (const BvSum *self)
{
  if (self->n == 0)
    return BV_VALUE_NULL;
  if (!self->fractional && self->scaled / DECIMAL_SCALE <= G_MAXINT64 && self->scaled / DECIMAL_SCALE >= G_MININT64)
    return bv_value_int ((gint64) (self->scaled / DECIMAL_SCALE));
  return bv_value_double (bv_sum_get_double (self));
}
