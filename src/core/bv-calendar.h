/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The project's one calendar: its time zone and its week. Filters, groups, labels and SQL all ask it. */
#pragma once

#include "bv-error.h"
#include "bv-time.h"

G_BEGIN_DECLS

typedef enum
{
  BV_GRAIN_NONE,
  BV_GRAIN_HOUR,
  BV_GRAIN_DAY,
  BV_GRAIN_WEEK,
  BV_GRAIN_MONTH,
  BV_GRAIN_QUARTER,
  BV_GRAIN_YEAR,
} BvGrain;

/* "hour" … "year"; "none" for BV_GRAIN_NONE. */
const char *bv_grain_to_name   (BvGrain grain);
gboolean    bv_grain_from_name (const char *name, BvGrain *grain);
const char *bv_grain_to_label  (BvGrain grain); /* translated: "Day" */
const char *bv_grain_to_noun   (BvGrain grain); /* translated, inside a sentence: "day" in "by day" */

/**
 * BvCalendar:
 *
 * Immutable and reference counted; safe to use from any thread.
 */
typedef struct _BvCalendar BvCalendar;

/**
 * bv_calendar_new:
 * @time_zone: an IANA name ("Europe/Paris"), or NULL for UTC
 * @week_start: 1 Monday … 7 Sunday
 * @error: BV_ERROR_INVALID when the zone is unknown
 */
BvCalendar *bv_calendar_new           (const char *time_zone, int week_start, GError **error);
BvCalendar *bv_calendar_ref           (BvCalendar *self);
void        bv_calendar_unref         (BvCalendar *self);
const char *bv_calendar_get_time_zone (BvCalendar *self);
int         bv_calendar_get_week_start(BvCalendar *self);

/* Seconds east of UTC at an instant. */
int         bv_calendar_offset        (BvCalendar *self, gint64 us);

/* The day an instant falls in: the day d with day_start (d) ≤ us < day_start (d + 1). */
gint64      bv_calendar_day           (BvCalendar *self, gint64 us);

/* The first instant of a local day; where midnight does not exist (DST), the first instant after it. */
gint64      bv_calendar_day_start     (BvCalendar *self, gint64 day);

/* The instant of a wall-clock time given as if it were UTC. Skipped times move forward, doubled ones are the first. */
gint64      bv_calendar_from_local    (BvCalendar *self, gint64 local_us);

/* First day of the week, month, … that @day lies in. @grain is DAY or longer. */
gint64      bv_calendar_floor_day     (BvCalendar *self, gint64 day, BvGrain grain);

/* The first day of the bucket @n buckets after the one that starts at @day (n may be negative). */
gint64      bv_calendar_add           (BvCalendar *self, gint64 day, BvGrain grain, int n);

/* The start instant of the local hour of an instant; and of the next one. */
gint64      bv_calendar_floor_hour    (BvCalendar *self, gint64 us);
gint64      bv_calendar_next_hour     (BvCalendar *self, gint64 us);

/**
 * BvRange:
 *
 * A span of time, open at an end without its flag. Both forms say the same span: instants for timestamps, days
 * for dates. Ends are exclusive. A range "to now" ends at the instant now and with the day of now.
 */
typedef struct
{
  gboolean has_from, has_to;
  gint64 from_us, to_us;
  gint64 from_day, to_day;
} BvRange;

/**
 * bv_calendar_range:
 * @spec: a preset ("today", "yesterday", "last-7-days" and any other number, "this-week|month|quarter|year",
 *   "previous-week|month|quarter|year", "all-time", "no-time") or "FROM..TO" where either side may be empty; FROM and TO are
 *   dates (TO inclusive) or ISO timestamps (TO exclusive; without a zone they are local)
 * @now: the instant that "now" means
 *
 * "last-N-days" runs from the start of the day N days before today to now; "this-X" from the start of X to now;
 * "previous-X" is the whole calendar period before. "no-time" holds no instant and no day: what two ranges apart have in common.
 *
 * Returns: FALSE with BV_ERROR_INVALID when @spec is none of these
 */
gboolean    bv_calendar_range         (BvCalendar *self, const char *spec, gint64 now, BvRange *range, GError **error);

/* The range of the same length directly before @range (whole previous period for "previous-X" and "this-X" like
 * for like: the same part of the period before). FALSE when @range is open at its start. */
gboolean    bv_calendar_previous      (BvCalendar *self, const char *spec, gint64 now, BvRange *range, GError **error);

/**
 * bv_calendar_intersect:
 *
 * Returns: (transfer full): the range that holds what both @a and @b hold, @a or @b itself where the other one includes it;
 *   "no-time" when they have no instant in common. A text that is no range is returned as it is, for bv_calendar_range() to refuse
 */
char       *bv_calendar_intersect     (BvCalendar *self, const char *a, const char *b, gint64 now);

/* The preset names in menu order, NULL-terminated, with "" where the menu has a separator. */
const char *const *bv_range_presets   (void);
/* Translated label of a preset ("Last 7 days"); bv_locale_format_range() takes FROM..TO, too. (transfer full) */
char       *bv_range_to_label         (const char *spec);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (BvCalendar, bv_calendar_unref)

G_END_DECLS
