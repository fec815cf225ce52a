/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Nice numbers and calendar steps.
 *
 * Number ticks are whole multiples of 1, 2 or 5 times a power of ten (of clock steps for durations). A step below one is kept as a
 * mantissa and a negative power, and a tick is k · mantissa / 10^-exponent: one rounding, never a sum of roundings.
 *
 * Time ticks are starts of calendar units. A unit has an index that counts along the local calendar ("the 676th month since year 0"),
 * so the next tick is the start of the next index whatever the length of the days between: clock changes need no special case.
 */
#include "config.h"

#include "bv-scale.h"

#include <math.h>

double
bv_ticks_step (const BvTicks *ticks)
{
  return ticks->exponent < 0 ? ticks->mantissa / pow (10, -ticks->exponent) : ticks->mantissa * pow (10, ticks->exponent);
}

double
bv_ticks_value (const BvTicks *ticks, guint i)
{
  double k = (double) (ticks->first + (gint64) i) * ticks->mantissa;

  if (ticks->listed)
    return ticks->list[i];
  if (ticks->first + (gint64) i == 0)
    return 0;
  return ticks->exponent < 0 ? k / pow (10, -ticks->exponent) : k * pow (10, ticks->exponent);
}

int
bv_ticks_decimals (const BvTicks *ticks)
{
  return MAX (0, -ticks->exponent);
}

/* Sets the range for a step; FALSE when it needs more than @max ticks. */
static gboolean
try_step (BvTicks *ticks, double lo, double hi, guint max)
{
  double step = bv_ticks_step (ticks);
  double first = floor (lo / step + 1e-9);
  double last = ceil (hi / step - 1e-9);

  if (!(fabs (first) < 9e15 && fabs (last) < 9e15) || last - first + 1 > max)
    return FALSE;
  ticks->first = (gint64) first;
  ticks->n = (guint) (last - first) + 1;
  if (ticks->n < 2)
    ticks->n = 2;
  return TRUE;
}

BvTicks
bv_ticks_nice (double lo, double hi, guint max, BvTickUnit unit)
{
  static const int clock_steps[] = { 1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14400, 21600, 43200, 86400 };
  static const int mantissas[] = { 1, 2, 5 };
  BvTicks ticks = { 0, 2, 1, 0 };
  double span = hi - lo;
  int exponent;

  max = MAX (max, 2);
  if (!(span > 0) || !isfinite (span))
    return ticks;
  if ((unit == BV_UNIT_SECONDS && span >= 2 && span < 86400.0 * max) ||
      (unit == BV_UNIT_MS && span >= 2000 && span < 86400e3 * max))
    for (guint i = 0; i < G_N_ELEMENTS (clock_steps); i++)
      {
        ticks.mantissa = clock_steps[i];
        ticks.exponent = unit == BV_UNIT_MS ? 3 : 0;
        if (try_step (&ticks, lo, hi, max))
          return ticks;
      }
  exponent = (int) floor (log10 (span / max)) - 1;
  exponent = MAX (exponent, -300);
  if (unit != BV_UNIT_DECIMAL)
    exponent = MAX (exponent, 0);
  for (; exponent < 308; exponent++)
    for (guint m = 0; m < G_N_ELEMENTS (mantissas); m++)
      {
        ticks.mantissa = mantissas[m];
        ticks.exponent = exponent;
        /* Two ticks only when zero lies strictly between cannot work: the caller's @max is then one short. */
        if (try_step (&ticks, lo, hi, max) || (max == 2 && lo < 0 && hi > 0 && try_step (&ticks, lo, hi, 3)))
          return ticks;
      }
  return ticks;
}

/* The digit that starts a number, for 1, 2, 5 in turn, from an index that counts them along the powers of ten. */
static double
power_tick (gint64 index)
{
  static const double digits[] = { 1, 2, 5 };
  gint64 power = bv_floor_div (index, 3);
  double digit = digits[index - power * 3];

  return power < 0 ? digit / pow (10, (double) -power) : digit * pow (10, (double) power);
}

/* Adds the ticks that cover lo … hi, both above zero, at most @max of them. */
static void
add_powers (BvTicks *ticks, double lo, double hi, guint max, gboolean down)
{
  int first = (int) floor (log10 (lo) + 1e-9);
  int last = (int) ceil (log10 (hi) - 1e-9);
  int stride;
  gint64 from, to, step;

  first = MAX (first, -300);
  last = MAX (last, first + 1);
  if ((guint) (last - first) * 3 + 1 <= max)
    {
      from = (gint64) first * 3;
      to = (gint64) last * 3;
      step = 1;
      /* The ends need not be whole powers. */
      while (to - from > 1 && power_tick (from + 1) <= lo * (1 + 1e-9))
        from++;
      while (to - from > 1 && power_tick (to - 1) >= hi * (1 - 1e-9))
        to--;
    }
  else
    {
      stride = (last - first + (int) max - 2) / ((int) max - 1);
      from = (gint64) first * 3;
      step = (gint64) stride * 3;
      to = from + (last - first + stride - 1) / stride * step;
    }
  for (gint64 i = down ? to : from; down ? i >= from : i <= to; i += down ? -step : step)
    if (ticks->n < G_N_ELEMENTS (ticks->list))
      ticks->list[ticks->n++] = down ? -power_tick (i) : power_tick (i);
}

/* Brings the last tick on one side of zero as near to the value @most there as 1, 2 and 5 do; with @may_be_bare it need not be on the grid. */
static void
end_near (double *tick, double sign, double most, gboolean may_be_bare, gboolean *bare)
{
  gint64 i = (gint64) floor (log10 (most)) * 3;

  while (power_tick (i) < most * (1 - 1e-9))
    i++;
  *bare = may_be_bare && power_tick (i) < sign * *tick * (1 - 1e-9);
  *tick = sign * MIN (sign * *tick, power_tick (i));
}

BvTicks
bv_ticks_powers (double lo, double hi, guint max, BvScaleKind kind, double least, double *constant)
{
  BvTicks ticks = { .mantissa = 1, .listed = TRUE };
  double most = MAX (fabs (lo), fabs (hi));
  guint half;

  max = CLAMP (max, 2, 11);
  if (kind == BV_SCALE_LOG)
    {
      add_powers (&ticks, lo, hi, max, FALSE);
      /* The ends come as near to the values as 1, 2, 5 do; the grid between keeps its powers. */
      if (ticks.n > 2)
        {
          gint64 i = (gint64) floor (log10 (lo)) * 3;

          while (power_tick (i + 1) <= lo * (1 + 1e-9))
            i++;
          ticks.bare_first = ticks.n > 3 && power_tick (i) > ticks.list[0] * (1 + 1e-9);
          ticks.list[0] = MAX (ticks.list[0], power_tick (i));
          end_near (&ticks.list[ticks.n - 1], 1, hi, ticks.n > 3, &ticks.bare_last);
        }
      return ticks;
    }
  /* From the smallest value that is not zero on, but no more than nine powers below the largest. */
  if (!(most > 0))
    most = 1;
  least = least > 0 ? MAX (least, most * 1e-9) : most * 1e-3;
  least = MAX (least, 1e-300);
  least = pow (10, floor (log10 (least) + 1e-9));
  *constant = least;
  half = lo < 0 && hi > 0 ? MAX (2, max / 2) : max - 1;
  half = MAX (half, 2);
  if (lo < 0)
    add_powers (&ticks, least, MAX (-lo, least), half, TRUE);
  ticks.list[ticks.n++] = 0;
  if (hi > 0 || lo >= 0)
    add_powers (&ticks, least, MAX (hi, least), half, FALSE);
  if (-lo > least)
    end_near (&ticks.list[0], -1, -lo, ticks.n > 6, &ticks.bare_first);
  if (hi > least)
    end_near (&ticks.list[ticks.n - 1], 1, hi, ticks.n > 6, &ticks.bare_last);
  return ticks;
}

void
bv_domain_extend (double *lo, double *hi, gboolean from_zero)
{
  if (from_zero)
    {
      *lo = MIN (*lo, 0);
      *hi = MAX (*hi, 0);
    }
  else if (*lo > 0 && *lo < *hi * 0.6)
    *lo = 0;
  else if (*hi < 0 && *hi > *lo * 0.6)
    *hi = 0;
  if (!(*hi > *lo))
    {
      double v = *lo;

      if (from_zero || !(fabs (v) > 0))
        {
          *lo = MIN (v, 0);
          *hi = v > 0 ? v : v < 0 ? 0 : 1;
        }
      else
        {
          *lo = v - fabs (v) * 0.5;
          *hi = v + fabs (v) * 0.5;
        }
    }
  /* Closer together than doubles can tell ticks apart. */
  if (*hi - *lo < MAX (fabs (*lo), fabs (*hi)) * 1e-12)
    {
      double pad = MAX (fabs (*lo), fabs (*hi)) * 1e-6;

      *lo -= pad;
      *hi += pad;
    }
}

/* --- Time --------------------------------------------------------------------------------------------------------------- */

static const BvTimeStep time_steps[] = {
  { BV_STEP_SECOND, 1 }, { BV_STEP_SECOND, 5 }, { BV_STEP_SECOND, 15 }, { BV_STEP_SECOND, 30 },
  { BV_STEP_MINUTE, 1 }, { BV_STEP_MINUTE, 5 }, { BV_STEP_MINUTE, 15 }, { BV_STEP_MINUTE, 30 },
  { BV_STEP_HOUR, 1 }, { BV_STEP_HOUR, 3 }, { BV_STEP_HOUR, 6 }, { BV_STEP_HOUR, 12 },
  { BV_STEP_DAY, 1 }, { BV_STEP_DAY, 2 }, { BV_STEP_WEEK, 1 }, { BV_STEP_WEEK, 2 },
  { BV_STEP_MONTH, 1 }, { BV_STEP_QUARTER, 1 }, { BV_STEP_MONTH, 6 },
  { BV_STEP_YEAR, 1 }, { BV_STEP_YEAR, 2 }, { BV_STEP_YEAR, 5 }, { BV_STEP_YEAR, 10 }, { BV_STEP_YEAR, 20 }, { BV_STEP_YEAR, 50 },
  { BV_STEP_YEAR, 100 }, { BV_STEP_YEAR, 200 }, { BV_STEP_YEAR, 500 }, { BV_STEP_YEAR, 1000 },
};

const BvTimeStep *
bv_time_steps (guint *n_steps)
{
  *n_steps = G_N_ELEMENTS (time_steps);
  return time_steps;
}

guint
bv_time_step_for_grain (BvGrain grain, gboolean is_date)
{
  BvTimeUnit unit = is_date ? BV_STEP_DAY : BV_STEP_SECOND;

  switch (grain)
    {
    case BV_GRAIN_HOUR:
      unit = is_date ? BV_STEP_DAY : BV_STEP_HOUR;
      break;
    case BV_GRAIN_DAY:
      unit = BV_STEP_DAY;
      break;
    case BV_GRAIN_WEEK:
      unit = BV_STEP_WEEK;
      break;
    case BV_GRAIN_MONTH:
      unit = BV_STEP_MONTH;
      break;
    case BV_GRAIN_QUARTER:
      unit = BV_STEP_QUARTER;
      break;
    case BV_GRAIN_YEAR:
      unit = BV_STEP_YEAR;
      break;
    case BV_GRAIN_NONE:
    default:
      break;
    }
  for (guint i = 0; i < G_N_ELEMENTS (time_steps); i++)
    if (time_steps[i].unit == unit)
      return i;
  return 0;
}

/* The first day of some week, from which weeks are counted. */
static gint64
week_origin (BvCalendar *calendar)
{
  return bv_calendar_floor_day (calendar, 0, BV_GRAIN_WEEK);
}

gint64
bv_time_step_index (const BvTimeStep *step, BvCalendar *calendar, gint64 t, gboolean is_date)
{
  gint64 day = is_date ? t : bv_calendar_day (calendar, t);
  gint64 local = is_date ? t * BV_DAY_US : t + bv_calendar_offset (calendar, t) * BV_SECOND_US;
  int year, month;

  switch (step->unit)
    {
    case BV_STEP_SECOND:
      return bv_floor_div (local, step->n * BV_SECOND_US);
    case BV_STEP_MINUTE:
      return bv_floor_div (local, step->n * 60 * BV_SECOND_US);
    case BV_STEP_HOUR:
      return bv_floor_div (local, step->n * 3600 * BV_SECOND_US);
    case BV_STEP_DAY:
      return bv_floor_div (day, step->n);
    case BV_STEP_WEEK:
      return bv_floor_div (day - week_origin (calendar), 7 * step->n);
    case BV_STEP_MONTH:
    case BV_STEP_QUARTER:
      bv_civil_from_days (day, &year, &month, NULL);
      return bv_floor_div ((gint64) year * 12 + month - 1, step->n * (step->unit == BV_STEP_QUARTER ? 3 : 1));
    case BV_STEP_YEAR:
    default:
      bv_civil_from_days (day, &year, NULL, NULL);
      return bv_floor_div (year, step->n);
    }
}

gint64
bv_time_step_start (const BvTimeStep *step, BvCalendar *calendar, gint64 index, gboolean is_date)
{
  gint64 us, day;

  switch (step->unit)
    {
    case BV_STEP_SECOND:
    case BV_STEP_MINUTE:
    case BV_STEP_HOUR:
      us = index * step->n * BV_SECOND_US * (step->unit == BV_STEP_HOUR ? 3600 : step->unit == BV_STEP_MINUTE ? 60 : 1);
      return is_date ? bv_floor_div (us, BV_DAY_US) : bv_calendar_from_local (calendar, us);
    case BV_STEP_DAY:
      day = index * step->n;
      break;
    case BV_STEP_WEEK:
      day = index * 7 * step->n + week_origin (calendar);
      break;
    case BV_STEP_MONTH:
    case BV_STEP_QUARTER:
      {
        gint64 months = index * step->n * (step->unit == BV_STEP_QUARTER ? 3 : 1);
        gint64 year = bv_floor_div (months, 12);

        day = bv_days_from_civil ((int) year, (int) (months - year * 12) + 1, 1);
        break;
      }
    case BV_STEP_YEAR:
    default:
      day = bv_days_from_civil ((int) (index * step->n), 1, 1);
      break;
    }
  return is_date ? day : bv_calendar_day_start (calendar, day);
}

char *
bv_time_step_label (const BvTimeStep *step, BvLocale *locale, gint64 t, gboolean is_date)
{
  const char *skeleton;

  switch (step->unit)
    {
    case BV_STEP_SECOND:
      skeleton = "Hms";
      break;
    case BV_STEP_MINUTE:
    case BV_STEP_HOUR:
      skeleton = is_date ? "MMMd" : "Hm";
      break;
    case BV_STEP_DAY:
    case BV_STEP_WEEK:
      skeleton = "MMMd";
      break;
    case BV_STEP_MONTH:
      skeleton = "MMM";
      break;
    case BV_STEP_QUARTER:
      skeleton = "QQQ";
      break;
    case BV_STEP_YEAR:
    default:
      skeleton = "y";
      break;
    }
  return bv_locale_format_skeleton (locale, skeleton, t, is_date);
}

char *
bv_time_step_context (const BvTimeStep *step, BvLocale *locale, gint64 t, gboolean is_date)
{
  if (step->unit == BV_STEP_YEAR)
    return NULL;
  if (step->unit <= BV_STEP_HOUR && !is_date)
    return bv_locale_format_skeleton (locale, "yMMMd", t, is_date);
  return bv_locale_format_skeleton (locale, "y", t, is_date);
}
