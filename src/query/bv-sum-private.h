/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Adding numbers so that the digits do not depend on their order: decimals of up to four places, money among them, exactly as scaled
 * integers of 128 bits, anything else with Neumaier's compensation (a running error term). 100.10 + 200.20 is 300.30, and the last point
 * of a running sum has the digits of the sum. An all-zero sum is empty. */
#pragma once

#include "bv-value.h"

G_BEGIN_DECLS

/* SQLite hands out memory aligned to 8 bytes. */
typedef __int128 BvInt128 __attribute__ ((aligned (8)));

typedef struct
{
  BvInt128 scaled;     /* ten thousand times the sum, while every value is such a decimal */
  double sum, error;   /* of all values, compensated */
  gint64 n;            /* values added */
  gboolean inexact;    /* a value had more decimals */
  gboolean fractional; /* a double was among the values */
} BvSum;

void     bv_sum_add_int    (BvSum *self, gint64 i);
void     bv_sum_add_double (BvSum *self, double d);
/* Adds a number; null adds nothing. */
void     bv_sum_add        (BvSum *self, const BvValue *value);
/* Null when nothing was added; an integer when all values were and the sum fits; else a double. */
BvValue  bv_sum_get        (const BvSum *self);
double   bv_sum_get_double (const BvSum *self);

G_END_DECLS
