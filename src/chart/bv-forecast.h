/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "bv-frame.h"

G_BEGIN_DECLS

typedef struct
{
  guint first;                /* the index of the first forecast value: the one after the last that was used */
  guint n;
  double *mean;
  double *low80, *high80, *low95, *high95;
  gboolean trend, damped;
  guint season;               /* length of the season found; 0 without one */
} BvForecast;

/**
 * bv_forecast_new:
 * @v: values at equal steps; NAN where there is none
 * @season: the steps of a season that may be looked for: 12 for months of a year; 0 for none
 * @horizon: how many values to forecast, at least 1
 *
 * Returns: (nullable) (transfer full): NULL when there are too few values (fewer than eight, or gaps in more than a quarter of them)
 */
BvForecast *bv_forecast_new    (const double *v, guint n, guint season, guint horizon);
void        bv_forecast_free   (BvForecast *self);
/* The season of a grain: 24 hours of a day, 7 days, 52 weeks, 12 months, 4 quarters; 0 of years. */
guint       bv_forecast_season (BvGrain grain);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (BvForecast, bv_forecast_free)

G_END_DECLS
