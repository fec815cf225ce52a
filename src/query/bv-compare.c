/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The compared period: which range it is, and whose rows stand beside whose. */
#include "config.h"

#include "bv-result-private.h"

#include <glib/gi18n-lib.h>
#include <string.h>

gboolean
bv_compare_range (BvPlan *plan, BvChart *chart, gint64 now, BvRange *range, GError **error)
{
  BvCalendar *calendar = plan->model->calendar;
  const BvRange current = plan->range; /* @range may be the plan's own */
  BvGrain grain;

  if (!plan->has_range || !plan->range.has_from)
    {
      g_set_error (error, BV_ERROR, BV_ERROR_INVALID, _("Comparing needs a range of time with a start: choose one, like “last-28-days”"));
      return FALSE;
    }
  if (strcmp (chart->compare, "previous-period") == 0)
    return bv_calendar_previous (calendar, plan->range_spec, now, range, error);
  if (!g_str_has_prefix (chart->compare, "previous-") || !bv_grain_from_name (chart->compare + 9, &grain) || grain < BV_GRAIN_DAY)
    {
      g_set_error (error, BV_ERROR, BV_ERROR_INVALID,
                   _("“%s” is no comparison: use “previous-period”, “previous-week”, “previous-month”, “previous-quarter” or “previous-year”"), chart->compare);
      return FALSE;
    }
  *range = current;
  range->from_day = bv_calendar_add (calendar, current.from_day, grain, -1);
  range->from_us = bv_calendar_day_start (calendar, range->from_day) + (current.from_us - bv_calendar_day_start (calendar, current.from_day));
  if (range->has_to)
    {
      /* The last day moves, not the day after it: the end of February is the end of January's first 28 days. */
      gint64 last = bv_calendar_add (calendar, current.to_day - 1, grain, -1);

      range->to_day = last + 1;
      range->to_us = bv_calendar_day_start (calendar, last + 1);
      /* A part of a day is compared with as much of the other; a whole one with a whole one, be it of 23 hours or 25. */
      if (current.to_us != bv_calendar_day_start (calendar, current.to_day))
        range->to_us = MIN (range->to_us, bv_calendar_day_start (calendar, last) + (current.to_us - bv_calendar_day_start (calendar, current.to_day - 1)));
    }
  else
    {
      range->has_to = TRUE;
      range->to_day = current.from_day;
      range->to_us = current.from_us;
    }
  return TRUE;
}

/* Puts the compared period's outputs beside the rows they belong to. */
void
bv_compare_attach (BvResult *result, BvResult *past)
{
  BvPlan *plan = result->plan;
  gboolean by_place = bv_result_is_ranged (plan);
  g_autoptr(GHashTable) index = g_hash_table_new_full (bv_combo_hash, bv_combo_equal, g_free, NULL);
  g_autofree BvValue *keys = NULL;

  bv_result_unfold (result);
  bv_result_unfold (past);
  /* Rows are matched by their groups. Buckets of the range's own field are matched by their place in the range, which takes the time's place
   * among the keys; buckets of another field stand for themselves. */
  for (guint i = 0; i < past->rows->len; i++)
    {
      BvResultRow *row = past->rows->pdata[i];
      BvComboKey *key = g_new (BvComboKey, 1);

      if (by_place)
        row->keys[plan->time_group] = bv_value_int (row->bucket);
      *key = (BvComboKey){ row->keys, plan->groups->len, -1 };
      g_hash_table_insert (index, key, row);
    }
  result->owns = TRUE;
  keys = g_new0 (BvValue, plan->groups->len + 1);
  for (guint i = 0; i < result->rows->len; i++)
    {
      BvResultRow *row = result->rows->pdata[i];
      BvComboKey probe = { keys, plan->groups->len, -1 };
      BvResultRow *found;

      memcpy (keys, row->keys, sizeof (BvValue) * plan->groups->len);
      if (by_place)
        keys[plan->time_group] = bv_value_int (row->bucket);
      found = g_hash_table_lookup (index, &probe);
      row->compare = g_new0 (BvValue, plan->outputs->len + 1);
      for (guint o = 0; found != NULL && o < plan->outputs->len; o++)
        row->compare[o] = bv_value_copy (&found->outputs[o]);
    }
}


gint64
bv_compare_bucket (BvPlan *plan, const BvRange *past, gint64 bucket)
{
  const BvPlanGroup *group = &g_array_index (plan->groups, BvPlanGroup, plan->time_group);
  gint64 other = bv_bucket_first (plan, group, past);

  for (gint64 value = bv_bucket_first (plan, group, &plan->range); value < bucket; value = bv_bucket_next (plan, group, value))
    other = bv_bucket_next (plan, group, other);
  return other;
}
