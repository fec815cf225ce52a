/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The points of a time axis: where each hour, day, week, month, quarter or year begins, from the first that a range or the data has to the last.
 * Days are their own beginnings; others ask the calendar. Cost: O(points).
 */
#include "config.h"

#include "bv-result-private.h"

#include <glib/gi18n-lib.h>

#define MAX_BUCKETS 200000

static gint64
bucket_floor (BvPlan *plan, const BvPlanGroup *group, gint64 value)
{
  if (group->grain == BV_GRAIN_HOUR)
    return bv_calendar_floor_hour (plan->model->calendar, value);
  return bv_calendar_floor_day (plan->model->calendar, value, group->grain);
}

gint64
bv_bucket_first (BvPlan *plan, const BvPlanGroup *group, const BvRange *range)
{
  return bucket_floor (plan, group, group->grain == BV_GRAIN_HOUR ? range->from_us : range->from_day);
}

gint64
bv_bucket_next (BvPlan *plan, const BvPlanGroup *group, gint64 value)
{
  if (group->grain == BV_GRAIN_HOUR)
    return bv_calendar_next_hour (plan->model->calendar, value);
  return bv_calendar_add (plan->model->calendar, value, group->grain, 1);
}

gboolean
bv_result_is_ranged (BvPlan *plan)
{
  BvPlanGroup *group = plan->time_group >= 0 ? &g_array_index (plan->groups, BvPlanGroup, plan->time_group) : NULL;

  return group != NULL && plan->has_range && plan->time_node == group->node && plan->time_field == group->field;
}

GArray *
bv_buckets_new (BvPlan *plan, BvLegResult *legs, GError **error)
{
  BvPlanGroup *group = &g_array_index (plan->groups, BvPlanGroup, plan->time_group);
  gboolean ranged = bv_result_is_ranged (plan);
  gint64 first = G_MAXINT64, last = G_MININT64;
  g_autoptr(GArray) buckets = g_array_new (FALSE, FALSE, sizeof (gint64));
  gboolean too_many;

  for (guint i = 0; i < legs->rows->len; i++)
    {
      const BvValue *key = &((BvGroupRow *) legs->rows->pdata[i])->keys[plan->time_group];

      if (key->type == BV_TYPE_NULL)
        continue;
      first = MIN (first, key->i);
      last = MAX (last, key->i);
    }
  if (ranged && plan->range.has_from)
    first = bv_bucket_first (plan, group, &plan->range);
  if (ranged && plan->range.has_to)
    last = bucket_floor (plan, group, group->grain == BV_GRAIN_HOUR ? plan->range.to_us - 1 : plan->range.to_day - 1);
  if (first > last || first == G_MAXINT64 || last == G_MININT64)
    return g_steal_pointer (&buckets);
  if (group->grain == BV_GRAIN_DAY)
    {
      too_many = last - first >= MAX_BUCKETS;
      g_array_set_size (buckets, too_many ? 0 : (guint) (last - first + 1));
      for (guint i = 0; i < buckets->len; i++)
        g_array_index (buckets, gint64, i) = first + i;
    }
  else
    {
      gint64 value = first;

      for (; value <= last && buckets->len < MAX_BUCKETS; value = bv_bucket_next (plan, group, value))
        g_array_append_val (buckets, value);
      too_many = value <= last;
    }
  if (too_many)
    {
      g_set_error (error, BV_ERROR, BV_ERROR_INVALID, _("The range holds more than %d points in time: choose a shorter range or a longer grain"),
                   MAX_BUCKETS);
      return NULL;
    }
  return g_steal_pointer (&buckets);
}

guint
bv_buckets_find (GArray *buckets, gint64 start, guint guess)
{
  guint low = 0, high = buckets->len;

  if (guess < high && g_array_index (buckets, gint64, guess) == start)
    return guess;
  while (low < high)
    {
      guint middle = (low + high) / 2;

      if (g_array_index (buckets, gint64, middle) < start)
        low = middle + 1;
      else
        high = middle;
    }
  return low;
}
