/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Forecasts with bounds by exponential smoothing.
 *
 * The additive state-space models of R. J. Hyndman, A. B. Koehler, J. K. Ord and R. D. Snyder, "Forecasting with Exponential Smoothing"
 * (Springer, 2008): a level, with or without a trend (plain or damped), with or without a season.
 *
 *   forecast  y(t) = l + φ b + s(t − m)
 *   update    l = l + φ b + α e,  b = φ b + β e,  s = s + γ e,  where e is the error of the forecast
 *
 * The parameters of each model are those with the least squared errors (a coarse grid, then steps that are halved); of the models the one
 * with the least corrected Akaike criterion is taken. A season is tried when there are two full ones and more. The variance h steps ahead is
 * σ² (1 + Σ c(j)²) for j below h, with c(j) = α + β (φ + … + φ^j), and γ added where j is a multiple of the season (their table 6.1);
 * the bounds hold 80 and 95 of 100 values if errors are normal. Where no value was ever below zero, neither are bounds.
 *
 * Single gaps are filled in between their neighbours. Only the last VALUES_MAX values are used. The result depends on the values alone.
 */
#include "config.h"

#include "bv-forecast.h"

#include <math.h>
#include <string.h>

#define VALUES_MIN 8
#define VALUES_MAX 1500
#define SEASON_MAX 60
#define Z80 1.2815515655446004
#define Z95 1.959963984540054
#define DAMPING 0.92

typedef struct
{
  gboolean trend;
  double phi;
  guint season;
  double alpha, beta, gamma;
  double level, slope, seasons[SEASON_MAX]; /* at the start, after run() at the end */
  double sse;
} Model;

guint
bv_forecast_season (BvGrain grain)
{
  switch (grain)
    {
    case BV_GRAIN_HOUR:
      return 24;
    case BV_GRAIN_DAY:
      return 7;
    case BV_GRAIN_WEEK:
      return 52;
    case BV_GRAIN_MONTH:
      return 12;
    case BV_GRAIN_QUARTER:
      return 4;
    case BV_GRAIN_NONE:
    case BV_GRAIN_YEAR:
    default:
      return 0;
    }
}

void
bv_forecast_free (BvForecast *self)
{
  g_free (self->mean);
  g_free (self->low80);
  g_free (self->high80);
  g_free (self->low95);
  g_free (self->high95);
  g_free (self);
}

/* The state before the first value: of a line through the first values, and of what the first two seasons have beside it. */
static void
start (Model *model, const double *v, guint n)
{
  guint m = model->season;
  guint k = m > 0 ? 2 * m : MIN (n, model->trend ? 10 : 4);
  double st = 0, sv = 0, stt = 0, stv = 0, slope;

  for (guint i = 0; i < k; i++)
    {
      double t = i + 1;

      st += t;
      sv += v[i];
      stt += t * t;
      stv += t * v[i];
    }
  slope = k * stt - st * st > 0 ? (k * stv - st * sv) / (k * stt - st * st) : 0;
  if (m > 0)
    {
      double first = 0, second = 0;

      /* Full seasons weigh each step alike, as a line through them would not. */
      for (guint i = 0; i < m; i++)
        {
          first += v[i] / m;
          second += v[m + i] / m;
        }
      slope = (second - first) / m;
    }
  model->slope = model->trend ? slope : 0;
  model->level = sv / k - slope * st / k;
  memset (model->seasons, 0, sizeof model->seasons);
  for (guint i = 0; i < k && m > 0; i++)
    model->seasons[i % m] += (v[i] - model->level - slope * (i + 1)) / 2;
  if (!model->trend)
    model->level = sv / k;
}

/* Runs through the values; leaves the sum of squared errors and the state at the end. */
static void
run (Model *model, const double *v, guint n)
{
  double l, b, s[SEASON_MAX];
  guint m = model->season, at = 0;

  start (model, v, n);
  l = model->level;
  b = model->slope;
  memcpy (s, model->seasons, sizeof s);
  model->sse = 0;
  for (guint i = 0; i < n; i++)
    {
      double next = l + model->phi * b;
      double e = v[i] - next - (m > 0 ? s[at] : 0);

      model->sse += e * e;
      l = next + model->alpha * e;
      b = model->phi * b + model->beta * e;
      if (m > 0)
        {
          s[at] += model->gamma * e;
          at = at + 1 < m ? at + 1 : 0;
        }
    }
  model->level = l;
  model->slope = b;
  /* The season's first step is the one after the last value. */
  for (guint i = 0; i < m; i++)
    model->seasons[i] = s[(at + i) % m];
}

/* @p: alpha, beta as a share of alpha, gamma as a share of what alpha leaves. */
static double
try_at (Model *model, const double p[3], const double *v, guint n)
{
  model->alpha = CLAMP (p[0], 0.001, 0.999);
  model->beta = model->trend ? model->alpha * CLAMP (p[1], 0, 0.999) : 0;
  model->gamma = model->season > 0 ? (1 - model->alpha) * CLAMP (p[2], 0, 0.999) : 0;
  run (model, v, n);
  return isfinite (model->sse) ? model->sse : G_MAXDOUBLE;
}

static void
fit (Model *model, const double *v, guint n)
{
  static const double alphas[] = { 0.03, 0.1, 0.25, 0.5, 0.8 };
  static const double shares[] = { 0.01, 0.1, 0.4 };
  double best[3] = { 0.1, 0.1, 0.1 };
  double least = G_MAXDOUBLE;

  for (guint a = 0; a < G_N_ELEMENTS (alphas); a++)
    for (guint b = 0; b < (model->trend ? G_N_ELEMENTS (shares) : 1); b++)
      for (guint c = 0; c < (model->season > 0 ? G_N_ELEMENTS (shares) : 1); c++)
        {
          double p[3] = { alphas[a], shares[b], shares[c] };
          double sse = try_at (model, p, v, n);

          if (sse < least)
            {
              least = sse;
              memcpy (best, p, sizeof best);
            }
        }
  for (double step = 0.1; step > 0.002; step /= 2)
    for (gboolean better = TRUE; better;)
      {
        better = FALSE;
        for (int d = 0; d < 3; d++)
          for (int sign = -1; sign <= 1; sign += 2)
            {
              double p[3] = { best[0], best[1], best[2] };
              double sse;

              if ((d == 1 && !model->trend) || (d == 2 && model->season == 0))
                continue;
              p[d] = CLAMP (p[d] + sign * step, 0, 0.999);
              sse = try_at (model, p, v, n);
              if (sse < least * (1 - 1e-9))
                {
                  least = sse;
                  memcpy (best, p, sizeof best);
                  better = TRUE;
                }
            }
      }
  try_at (model, best, v, n);
}

/* How many numbers the model was fitted with. */
static guint
degrees (const Model *model)
{
  return 3 + (model->trend ? 2 : 0) + (model->phi < 1 ? 1 : 0) + (model->season > 0 ? model->season : 0);
}

static double
criterion (const Model *model, guint n, double scale)
{
  guint k = degrees (model);

  if (n < k + 2)
    return G_MAXDOUBLE;
  /* An exact fit is as good as one within rounding. */
  return n * log (MAX (model->sse / n, scale * scale * 1e-18)) + 2.0 * k + 2.0 * k * (k + 1) / (n - k - 1);
}

/* The values from the first to the last that there is, with gaps filled; NULL when there is too little. */
static double *
prepare (const double *v, guint n, guint *first, guint *length)
{
  guint from = 0, to = n;
  guint gaps = 0;
  double *out;

  while (from < n && isnan (v[from]))
    from++;
  while (to > from && isnan (v[to - 1]))
    to--;
  if (to - from > VALUES_MAX)
    from = to - VALUES_MAX;
  while (from < to && isnan (v[from]))
    from++;
  *first = from;
  *length = to - from;
  if (*length < VALUES_MIN)
    return NULL;
  out = g_memdup2 (v + from, *length * sizeof (double));
  for (guint i = 0; i < *length; i++)
    if (isnan (out[i]))
      {
        guint next = i;

        while (isnan (out[next]))
          next++;
        gaps += next - i;
        for (guint k = i; k < next; k++)
          out[k] = out[i - 1] + (out[next] - out[i - 1]) * (k - i + 1) / (next - i + 1);
        i = next;
      }
  if (gaps * 4 > *length)
    g_clear_pointer (&out, g_free);
  return out;
}

BvForecast *
bv_forecast_new (const double *v, guint n, guint season, guint horizon)
{
  g_autofree double *values = NULL;
  BvForecast *self;
  Model best = { 0 };
  double least = G_MAXDOUBLE;
  double scale = 0, low = G_MAXDOUBLE;
  double variance, sum = 0, damping = 0;
  guint from, length;

  g_return_val_if_fail (horizon > 0, NULL);
  values = prepare (v, n, &from, &length);
  if (values == NULL)
    return NULL;
  for (guint i = 0; i < length; i++)
    {
      scale = MAX (scale, fabs (values[i]));
      low = MIN (low, values[i]);
    }
  /* Large values would overflow when squared. */
  scale = scale > 0 ? scale : 1;
  for (guint i = 0; i < length; i++)
    values[i] /= scale;
  if (season < 2 || season > SEASON_MAX || length < 2 * season + 3)
    season = 0;
  for (int seasonal = 0; seasonal <= (season > 0); seasonal++)
    for (int trend = 0; trend < 3; trend++)
      {
        Model model = { .trend = trend > 0, .phi = trend == 2 ? DAMPING : 1, .season = seasonal ? season : 0 };
        double aic;

        fit (&model, values, length);
        aic = criterion (&model, length, 1);
        if (aic < least - 1e-6 || best.alpha <= 0)
          {
            least = aic;
            best = model;
          }
      }
  self = g_new0 (BvForecast, 1);
  self->first = from + length;
  self->n = horizon;
  self->trend = best.trend;
  self->damped = best.phi < 1;
  self->season = best.season;
  self->mean = g_new (double, horizon);
  self->low80 = g_new (double, horizon);
  self->high80 = g_new (double, horizon);
  self->low95 = g_new (double, horizon);
  self->high95 = g_new (double, horizon);
  variance = best.sse / MAX ((double) length - (double) degrees (&best), 1);
  for (guint h = 0; h < horizon; h++)
    {
      double floor_at = low >= 0 ? 0 : -INFINITY;
      double deviation = sqrt (variance * (1 + sum));
      double mean, c;

      damping += pow (best.phi, h + 1);
      mean = best.level + damping * best.slope + (best.season > 0 ? best.seasons[h % best.season] : 0);
      self->mean[h] = MAX (mean * scale, floor_at);
      self->low80[h] = MAX ((mean - Z80 * deviation) * scale, floor_at);
      self->high80[h] = MAX ((mean + Z80 * deviation) * scale, floor_at);
      self->low95[h] = MAX ((mean - Z95 * deviation) * scale, floor_at);
      self->high95[h] = MAX ((mean + Z95 * deviation) * scale, floor_at);
      c = best.alpha + best.beta * damping + (best.season > 0 && (h + 1) % best.season == 0 ? best.gamma : 0);
      sum += c * c;
    }
  return self;
}
