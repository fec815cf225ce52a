/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Local days, buckets and ranges over GTimeZone.
 *
 * Grouping asks for the day of an instant once per row, so the offset from UTC is kept in a table with an entry per UTC day of the
 * years 1900 to 2100: the day's offset when it is the same at both ends of the day, or "mixed" when a transition lies in it. Entries
 * are filled on first use; threads that race write the same value. A mixed day and all other years ask GTimeZone.
 *
 * A local day is the span between two day starts; the day of an instant is found by its wall-clock date and then, on mixed days,
 * moved so that it lies in that span. This matters in zones that turned the clock back just after midnight.
 */
#include "config.h"

#include "bv-calendar.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#define FIRST_DAY (-25567) /* 1900-01-01 */
#define N_DAYS 73414       /* … 2100-12-31 */
#define OFFSET_UNKNOWN G_MAXINT32
#define OFFSET_MIXED (G_MAXINT32 - 1)

struct _BvCalendar
{
  char *name;
  GTimeZone *zone;
  gboolean is_utc;
  int week_start;
  gint32 *offsets; /* atomic */
};

static const char *const grain_names[] = { "none", "hour", "day", "week", "month", "quarter", "year" };

const char *
bv_grain_to_name (BvGrain grain)
{
  return grain_names[grain];
}

gboolean
bv_grain_from_name (const char *name, BvGrain *grain)
{
  for (guint i = 0; i < G_N_ELEMENTS (grain_names); i++)
    if (g_strcmp0 (name, grain_names[i]) == 0)
      {
        *grain = (BvGrain) i;
        return TRUE;
      }
  return FALSE;
}

const char *
bv_grain_to_label (BvGrain grain)
{
  switch (grain)
    {
    case BV_GRAIN_HOUR:
      return _("Hour");
    case BV_GRAIN_DAY:
      return _("Day");
    case BV_GRAIN_WEEK:
      return _("Week");
    case BV_GRAIN_MONTH:
      return _("Month");
    case BV_GRAIN_QUARTER:
      return _("Quarter");
    case BV_GRAIN_YEAR:
      return _("Year");
    case BV_GRAIN_NONE:
    default:
      return C_("grain", "None");
    }
}

const char *
bv_grain_to_noun (BvGrain grain)
{
  switch (grain)
    {
    case BV_GRAIN_HOUR:
      return C_("by a length of time", "hour");
    case BV_GRAIN_DAY:
      return C_("by a length of time", "day");
    case BV_GRAIN_WEEK:
      return C_("by a length of time", "week");
    case BV_GRAIN_MONTH:
      return C_("by a length of time", "month");
    case BV_GRAIN_QUARTER:
      return C_("by a length of time", "quarter");
    case BV_GRAIN_YEAR:
      return C_("by a length of time", "year");
    case BV_GRAIN_NONE:
    default:
      return "";
    }
}

BvCalendar *
bv_calendar_new (const char *time_zone, int week_start, GError **error)
{
  g_autoptr(GTimeZone) zone = NULL;
  BvCalendar *self;

  g_return_val_if_fail (week_start >= 1 && week_start <= 7, NULL);

  if (time_zone == NULL || *time_zone == '\0')
    time_zone = "UTC";
  zone = g_time_zone_new_identifier (time_zone);
  if (zone == NULL)
    {
      g_set_error (error, BV_ERROR, BV_ERROR_INVALID,
                   _("“%s” is no known time zone: use a name like “Europe/Paris”"), time_zone);
      return NULL;
    }
  self = g_atomic_rc_box_new0 (BvCalendar);
  self->name = g_strdup (time_zone);
  self->zone = g_steal_pointer (&zone);
  self->is_utc = strcmp (time_zone, "UTC") == 0;
  self->week_start = week_start;
  self->offsets = g_new (gint32, N_DAYS);
  for (guint i = 0; i < N_DAYS; i++)
    self->offsets[i] = OFFSET_UNKNOWN;
  return self;
}

BvCalendar *
bv_calendar_ref (BvCalendar *self)
{
  return g_atomic_rc_box_acquire (self);
}

static void
calendar_clear (gpointer data)
{
  BvCalendar *self = data;

  g_free (self->name);
  g_time_zone_unref (self->zone);
  g_free (self->offsets);
}

void
bv_calendar_unref (BvCalendar *self)
{
  g_atomic_rc_box_release_full (self, calendar_clear);
}

const char *
bv_calendar_get_time_zone (BvCalendar *self)
{
  return self->name;
}

int
bv_calendar_get_week_start (BvCalendar *self)
{
  return self->week_start;
}

static int
zone_offset (BvCalendar *self, gint64 seconds)
{
  int interval = g_time_zone_find_interval (self->zone, G_TIME_TYPE_UNIVERSAL, seconds);

  return g_time_zone_get_offset (self->zone, MAX (interval, 0));
}

/* The offset of a whole UTC day, or OFFSET_MIXED. */
static int
day_offset (BvCalendar *self, gint64 utc_day)
{
  gint32 *entry;
  gint32 offset;

  if (utc_day < FIRST_DAY || utc_day >= FIRST_DAY + N_DAYS)
    return OFFSET_MIXED;
  entry = &self->offsets[utc_day - FIRST_DAY];
  offset = g_atomic_int_get (entry);
  if (offset == OFFSET_UNKNOWN)
    {
      offset = zone_offset (self, utc_day * BV_DAY_SECONDS);
      if (offset != zone_offset (self, utc_day * BV_DAY_SECONDS + BV_DAY_SECONDS - 1))
        offset = OFFSET_MIXED;
      g_atomic_int_set (entry, offset);
    }
  return offset;
}

int
bv_calendar_offset (BvCalendar *self, gint64 us)
{
  int offset;

  if (self->is_utc)
    return 0;
  offset = day_offset (self, bv_floor_div (us, BV_DAY_US));
  if (offset == OFFSET_MIXED)
    offset = zone_offset (self, bv_floor_div (us, BV_SECOND_US));
  return offset;
}

/* The wall-clock date of an instant. */
static gint64
wall_day (BvCalendar *self, gint64 us)
{
  return bv_floor_div (us + bv_calendar_offset (self, us) * BV_SECOND_US, BV_DAY_US);
}

gint64
bv_calendar_day_start (BvCalendar *self, gint64 day)
{
  gint64 noon = day * BV_DAY_SECONDS;
  gint64 before, after, low, high;

  if (self->is_utc)
    return day * BV_DAY_US;
  before = noon - bv_calendar_offset (self, (noon - BV_DAY_SECONDS) * BV_SECOND_US);
  after = noon - bv_calendar_offset (self, (noon + BV_DAY_SECONDS) * BV_SECOND_US);
  if (before == after)
    return before * BV_SECOND_US;

  /* A transition is near: the first second whose wall-clock date is @day or later. */
  low = MIN (before, after) - 1;
  high = MAX (before, after);
  while (high - low > 1)
    {
      gint64 middle = low + (high - low) / 2;

      if (wall_day (self, middle * BV_SECOND_US) >= day)
        high = middle;
      else
        low = middle;
    }
  return high * BV_SECOND_US;
}

gint64
bv_calendar_day (BvCalendar *self, gint64 us)
{
  gint64 utc_day = bv_floor_div (us, BV_DAY_US);
  gint64 day;
  int offset;

  if (self->is_utc)
    return utc_day;
  offset = day_offset (self, utc_day);
  if (offset != OFFSET_MIXED)
    return bv_floor_div (us + offset * BV_SECOND_US, BV_DAY_US);
  day = wall_day (self, us);
  if (us < bv_calendar_day_start (self, day))
    day--;
  else if (us >= bv_calendar_day_start (self, day + 1))
    day++;
  return day;
}

gint64
bv_calendar_from_local (BvCalendar *self, gint64 local_us)
{
  gint64 early = local_us - bv_calendar_offset (self, local_us - BV_DAY_US) * BV_SECOND_US;
  gint64 late = local_us - bv_calendar_offset (self, local_us + BV_DAY_US) * BV_SECOND_US;

  if (early == late)
    return early;
  /* @early reads the time with the offset before the transition: right for all times up to it, for the first of doubled times, and it
   * moves skipped times forward by the gap. */
  if (early + bv_calendar_offset (self, early) * BV_SECOND_US == local_us)
    return early;
  if (late + bv_calendar_offset (self, late) * BV_SECOND_US == local_us)
    return late;
  return early;
}

gint64
bv_calendar_floor_day (BvCalendar *self, gint64 day, BvGrain grain)
{
  int y, m, d;

  switch (grain)
    {
    case BV_GRAIN_WEEK:
      return day - (bv_weekday (day) - self->week_start + 7) % 7;
    case BV_GRAIN_MONTH:
      bv_civil_from_days (day, &y, &m, &d);
      return day - d + 1;
    case BV_GRAIN_QUARTER:
      bv_civil_from_days (day, &y, &m, &d);
      return bv_days_from_civil (y, (m - 1) / 3 * 3 + 1, 1);
    case BV_GRAIN_YEAR:
      bv_civil_from_days (day, &y, &m, &d);
      return bv_days_from_civil (y, 1, 1);
    case BV_GRAIN_NONE:
    case BV_GRAIN_HOUR:
    case BV_GRAIN_DAY:
    default:
      return day;
    }
}

/* The same day of the month @n months on, or that month's last day. */
static gint64
add_months (gint64 day, int n)
{
  int y, m, d;
  gint64 months;
  int year, month;

  bv_civil_from_days (day, &y, &m, &d);
  months = (gint64) y * 12 + (m - 1) + n;
  year = (int) bv_floor_div (months, 12);
  month = (int) (months - (gint64) year * 12) + 1;
  return bv_days_from_civil (year, month, MIN (d, bv_days_in_month (year, month)));
}

gint64
bv_calendar_add (BvCalendar *self, gint64 day, BvGrain grain, int n)
{
  switch (grain)
    {
    case BV_GRAIN_WEEK:
      return day + 7 * (gint64) n;
    case BV_GRAIN_MONTH:
      return add_months (day, n);
    case BV_GRAIN_QUARTER:
      return add_months (day, 3 * n);
    case BV_GRAIN_YEAR:
      return add_months (day, 12 * n);
    case BV_GRAIN_NONE:
    case BV_GRAIN_HOUR:
    case BV_GRAIN_DAY:
    default:
      return day + n;
    }
}

gint64
bv_calendar_floor_hour (BvCalendar *self, gint64 us)
{
  const gint64 hour = 3600 * BV_SECOND_US;
  gint64 offset = bv_calendar_offset (self, us) * BV_SECOND_US;
  gint64 start = bv_floor_div (us + offset, hour) * hour - offset;

  /* A transition inside this wall-clock hour starts a bucket of its own. */
  if (bv_calendar_offset (self, start) * BV_SECOND_US != offset)
    {
      gint64 low = start, high = us;

      while (high - low > BV_SECOND_US)
        {
          gint64 middle = low + (high - low) / 2;

          middle -= middle % BV_SECOND_US;
          if (middle <= low)
            break;
          if (bv_calendar_offset (self, middle) * BV_SECOND_US == offset)
            high = middle;
          else
            low = middle;
        }
      return high - high % BV_SECOND_US;
    }
  return start;
}

gint64
bv_calendar_next_hour (BvCalendar *self, gint64 us)
{
  const gint64 hour = 3600 * BV_SECOND_US;
  gint64 start = bv_calendar_floor_hour (self, us);
  gint64 next = bv_calendar_floor_hour (self, start + hour);

  return next > start ? next : bv_calendar_floor_hour (self, start + 2 * hour);
}

/* --- Ranges ---------------------------------------------------------------------------------------------------------- */

#define NO_TIME "no-time"
#define MOST_DAYS 100000 /* of "last-N-days" */

static void
set_from_day (BvCalendar *self, BvRange *range, gint64 day)
{
  range->has_from = TRUE;
  range->from_day = day;
  range->from_us = bv_calendar_day_start (self, day);
}

/* @day is exclusive. */
static void
set_to_day (BvCalendar *self, BvRange *range, gint64 day)
{
  range->has_to = TRUE;
  range->to_day = day;
  range->to_us = bv_calendar_day_start (self, day);
}

static void
set_to_now (BvCalendar *self, BvRange *range, gint64 now, gint64 today)
{
  range->has_to = TRUE;
  range->to_us = now;
  range->to_day = today + 1;
}

static gboolean
period_grain (const char *name, BvGrain *grain)
{
  return bv_grain_from_name (name, grain) && *grain >= BV_GRAIN_WEEK;
}

/* N of "last-N-days"; 0 when @spec is not of this form. */
static int
last_days (const char *spec)
{
  char *end;
  guint64 n;

  if (!g_str_has_prefix (spec, "last-") || !g_ascii_isdigit (spec[5]))
    return 0;
  n = g_ascii_strtoull (spec + 5, &end, 10);
  if (strcmp (end, "-days") != 0 || n < 1 || n > MOST_DAYS)
    return 0;
  return (int) n;
}

/* Today is the day of the last instant before now, so that now = midnight still means the day that ends. */
static gint64
today_of (BvCalendar *self, gint64 now)
{
  return bv_calendar_day (self, now - 1);
}

static gboolean
parse_side (BvCalendar *self, const char *text, gboolean is_to, BvRange *range)
{
  gint64 day, us;
  gboolean local;

  if (bv_date_parse (text, -1, &day))
    {
      if (is_to)
        set_to_day (self, range, day + 1);
      else
        set_from_day (self, range, day);
      return TRUE;
    }
  if (!bv_timestamp_parse (text, -1, &us, &local))
    return FALSE;
  if (local)
    us = bv_calendar_from_local (self, us);
  if (is_to)
    {
      range->has_to = TRUE;
      range->to_us = us;
      range->to_day = bv_calendar_day (self, us - 1) + 1;
    }
  else
    {
      range->has_from = TRUE;
      range->from_us = us;
      range->from_day = bv_calendar_day (self, us);
    }
  return TRUE;
}

gboolean
bv_calendar_range (BvCalendar *self, const char *spec, gint64 now, BvRange *range, GError **error)
{
  gint64 today = today_of (self, now);
  const char *dots = strstr (spec, "..");
  BvGrain grain;
  int n;

  memset (range, 0, sizeof *range);
  if (strcmp (spec, "all-time") == 0)
    return TRUE;
  if (strcmp (spec, NO_TIME) == 0)
    {
      set_from_day (self, range, today);
      set_to_day (self, range, today);
      return TRUE;
    }
  if (strcmp (spec, "today") == 0)
    {
      set_from_day (self, range, today);
      set_to_now (self, range, now, today);
      return TRUE;
    }
  if (strcmp (spec, "yesterday") == 0)
    {
      set_from_day (self, range, today - 1);
      set_to_day (self, range, today);
      return TRUE;
    }
  if ((n = last_days (spec)) > 0)
    {
      set_from_day (self, range, today - n);
      set_to_now (self, range, now, today);
      return TRUE;
    }
  if (g_str_has_prefix (spec, "this-") && period_grain (spec + 5, &grain))
    {
      set_from_day (self, range, bv_calendar_floor_day (self, today, grain));
      set_to_now (self, range, now, today);
      return TRUE;
    }
  if (g_str_has_prefix (spec, "previous-") && period_grain (spec + 9, &grain))
    {
      gint64 start = bv_calendar_floor_day (self, today, grain);

      set_from_day (self, range, bv_calendar_add (self, start, grain, -1));
      set_to_day (self, range, start);
      return TRUE;
    }
  if (dots != NULL)
    {
      g_autofree char *from = g_strstrip (g_strndup (spec, dots - spec));
      g_autofree char *to = g_strstrip (g_strdup (dots + 2));

      if ((*from == '\0' || parse_side (self, from, FALSE, range)) &&
          (*to == '\0' || parse_side (self, to, TRUE, range)))
        {
          if (!range->has_from || !range->has_to || range->from_us < range->to_us)
            return TRUE;
          g_set_error (error, BV_ERROR, BV_ERROR_INVALID, _("The range “%s” ends before it starts: swap its ends"), spec);
          return FALSE;
        }
    }
  g_set_error (error, BV_ERROR, BV_ERROR_INVALID,
               _("“%s” is no range of time: use a preset like “last-28-days” or “2026-01-01..2026-03-31”"), spec);
  return FALSE;
}

gboolean
bv_calendar_previous (BvCalendar *self, const char *spec, gint64 now, BvRange *range, GError **error)
{
  BvRange current;
  gint64 today = today_of (self, now);
  BvGrain grain;

  if (!bv_calendar_range (self, spec, now, &current, error))
    return FALSE;
  memset (range, 0, sizeof *range);
  if (!current.has_from)
    {
      g_set_error (error, BV_ERROR, BV_ERROR_INVALID, _("The range “%s” has no start to compare with: choose a bounded range"), spec);
      return FALSE;
    }
  if (g_str_has_prefix (spec, "previous-") && period_grain (spec + 9, &grain))
    {
      set_to_day (self, range, current.from_day);
      set_from_day (self, range, bv_calendar_add (self, current.from_day, grain, -1));
      return TRUE;
    }
  if (g_str_has_prefix (spec, "this-") && period_grain (spec + 5, &grain))
    {
      /* The same part of the period before: as many days, the last one up to the same time of day, never into this period. */
      gint64 start = bv_calendar_add (self, current.from_day, grain, -1);
      gint64 last_day = MIN (start + (today - current.from_day), current.from_day - 1);

      set_from_day (self, range, start);
      range->has_to = TRUE;
      range->to_day = last_day + 1;
      range->to_us = MIN (bv_calendar_day_start (self, last_day) + (now - bv_calendar_day_start (self, today)),
                          current.from_us);
      return TRUE;
    }
  if (!current.has_to)
    set_to_now (self, &current, now, today);
  range->has_from = range->has_to = TRUE;
  range->to_day = current.from_day;
  range->from_day = current.from_day - (current.to_day - current.from_day);
  range->to_us = current.from_us;
  range->from_us = bv_calendar_day_start (self, range->from_day) + (current.from_us - bv_calendar_day_start (self, current.from_day));
  return TRUE;
}

static gboolean
includes (const BvRange *range, const BvRange *other)
{
  return (!range->has_from || (other->has_from && range->from_us <= other->from_us && range->from_day <= other->from_day))
         && (!range->has_to || (other->has_to && range->to_us >= other->to_us && range->to_day >= other->to_day));
}

/* The end of a range as the side of "FROM..TO": a day where it is the border of one, else an instant. (transfer full) */
static char *
side_text (BvCalendar *self, gint64 us, gint64 day, gboolean is_to)
{
  char buf[BV_TIME_TEXT_MAX];

  if (us == bv_calendar_day_start (self, day))
    return g_strdup (bv_date_to_text (is_to ? day - 1 : day, buf));
  return g_strconcat (bv_timestamp_to_text (us, buf), "Z", NULL);
}

char *
bv_calendar_intersect (BvCalendar *self, const char *a, const char *b, gint64 now)
{
  gint64 today = today_of (self, now);
  g_autofree char *from = NULL, *to = NULL;
  BvRange x, y;

  if (!bv_calendar_range (self, a, now, &x, NULL))
    return g_strdup (a);
  if (!bv_calendar_range (self, b, now, &y, NULL))
    return g_strdup (b);
  if (includes (&x, &y))
    return g_strdup (b);
  if (includes (&y, &x))
    return g_strdup (a);
  if (!x.has_from || (y.has_from && y.from_us > x.from_us))
    {
      x.has_from = y.has_from;
      x.from_us = y.from_us;
      x.from_day = y.from_day;
    }
  if (!x.has_to || (y.has_to && y.to_us < x.to_us))
    {
      x.has_to = y.has_to;
      x.to_us = y.to_us;
      x.to_day = y.to_day;
    }
  if (x.from_us >= x.to_us)
    return g_strdup (NO_TIME);
  from = side_text (self, x.from_us, x.from_day, FALSE);
  to = side_text (self, x.to_us, x.to_day, TRUE);
  /* From the start of a day to this very moment, which is not the border of one. */
  if (x.to_us == now && strlen (from) == 10 && strlen (to) > 10 && today - x.from_day <= MOST_DAYS)
    return today == x.from_day ? g_strdup ("today") : g_strdup_printf ("last-%d-days", (int) (today - x.from_day));
  return g_strconcat (from, "..", to, NULL);
}

static const char *const presets[] = {
  "today", "yesterday", "",
  "last-7-days", "last-14-days", "last-28-days", "",
  "last-30-days", "last-90-days", "last-180-days", "last-360-days", "",
  "this-week", "this-month", "this-quarter", "this-year", "",
  "previous-week", "previous-month", "previous-quarter", "previous-year", "",
  "all-time", NULL
};

const char *const *
bv_range_presets (void)
{
  return presets;
}

char *
bv_range_to_label (const char *spec)
{
  static const struct { const char *spec, *label; } labels[] = {
    { "today", N_("Today") },
    { "yesterday", N_("Yesterday") },
    { "this-week", N_("This week") },
    { "this-month", N_("This month") },
    { "this-quarter", N_("This quarter") },
    { "this-year", N_("This year") },
    { "previous-week", N_("Previous week") },
    { "previous-month", N_("Previous month") },
    { "previous-quarter", N_("Previous quarter") },
    { "previous-year", N_("Previous year") },
    { "all-time", N_("All time") },
    { NO_TIME, N_("No time in common") },
  };
  int n;

  for (guint i = 0; i < G_N_ELEMENTS (labels); i++)
    if (strcmp (spec, labels[i].spec) == 0)
      return g_strdup (_(labels[i].label));
  if ((n = last_days (spec)) > 0)
    return g_strdup_printf (ngettext ("Last %d day", "Last %d days", n), n);
  return g_strdup (spec);
}
