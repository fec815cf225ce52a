/* SPDX-License-Identifier: GPL-3.0-or-later */
/* When a source is due. */
#include "config.h"

#include "bv-source-private.h"
#include "bv-time.h"

#include <glib/gi18n-lib.h>

/* Hours are those of the clock, as in the timer's unit (bv-timer.c), and of the machine's time zone. A run that began a little late must
 * not be taken for one that is younger than its interval when the timer fires next: half of the interval is enough.
 */
gint64
bv_source_next_due (const BvSource *source, gint64 last_started, gint64 now)
{
  const BvSchedule *schedule = &source->schedule;
  gboolean hourly = schedule->kind == BV_SCHEDULE_HOURLY;
  guint every = MAX (schedule->every, 1);
  g_autoptr (GDateTime) from = NULL;
  gint64 earliest;

  if (schedule->kind == BV_SCHEDULE_OFF)
    return 0;
  if (last_started == 0)
    return now;
  /* The clock was set back. */
  if (last_started - now > BV_DAY_US)
    last_started = now;
  earliest = hourly ? last_started + every * BV_DAY_US / 48 : last_started + 1;
  from = g_date_time_new_from_unix_local (last_started / G_USEC_PER_SEC);
  for (int day = 0; from != NULL && day < 9; day++)
    {
      g_autoptr (GDateTime) that_day = g_date_time_add_days (from, day);

      for (guint minute = hourly ? 0 : schedule->minute; minute < 24 * 60; minute += hourly ? every * 60 : 24 * 60)
        {
          g_autoptr (GDateTime) at = g_date_time_new_local (g_date_time_get_year (that_day), g_date_time_get_month (that_day),
                                                            g_date_time_get_day_of_month (that_day), (int) minute / 60, (int) minute % 60, 0);
          gint64 us = at != NULL ? g_date_time_to_unix (at) * G_USEC_PER_SEC : 0;

          if (us >= earliest && (hourly || schedule->weekdays == 0 || (schedule->weekdays & (1u << g_date_time_get_day_of_week (at)))))
            return us;
        }
    }
  return now;
}

char *
bv_schedule_describe (const BvSchedule *schedule)
{
  g_autofree char *time = NULL;

  if (schedule->kind == BV_SCHEDULE_OFF)
    return g_strdup (_("By hand only"));
  if (schedule->kind == BV_SCHEDULE_HOURLY)
    return g_strdup_printf (ngettext ("Every hour", "Every %u hours", schedule->every), schedule->every);
  time = g_strdup_printf ("%02u:%02u", schedule->minute / 60, schedule->minute % 60);
  if (schedule->weekdays == 0)
    return g_strdup_printf (_("Every day at %s"), time);
  {
    g_autoptr (GString) days = g_string_new (NULL);

    for (int i = 1; i <= 7; i++)
      if (schedule->weekdays & (1u << i))
        {
          g_autoptr (GDateTime) day = g_date_time_new_utc (2024, 1, i, 0, 0, 0); /* a Monday first */
          g_autofree char *name = g_date_time_format (day, "%a");

          g_string_append_printf (days, "%s%s", days->len > 0 ? ", " : "", name);
        }
    /* Translators: weekdays, time */
    return g_strdup_printf (_("%s at %s"), days->str, time);
  }
}
