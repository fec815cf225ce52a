/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A grain turns days into buckets by a table with an entry per day, made with the project's calendar; as days ascend, a bucket is known by its first
 * day differing from the one before. Groups outside the kept ones ("Others") are another such table. Cost: O(codes of the field).
 */
#include "config.h"

#include "bv-column-group.h"

#include <glib/gi18n-lib.h>

#define MAX_TABLE (G_GUINT64_CONSTANT (1) << 26)

static void
clear_value (gpointer value)
{
  bv_value_clear (value);
}

static GArray *
new_values (void)
{
  GArray *values = g_array_new (FALSE, TRUE, sizeof (BvValue));
  BvValue null = BV_VALUE_NULL;

  g_array_set_clear_func (values, clear_value);
  g_array_append_val (values, null);
  return values;
}

static void
make_buckets (BvColumnGroup *self, BvCalendar *calendar, BvGrain grain)
{
  gint64 last = G_MININT64;

  self->table = g_new (guint32, self->column->n_codes);
  self->table[0] = 0;
  self->table_key = g_strdup_printf ("%s/%d/%d", bv_calendar_get_time_zone (calendar), bv_calendar_get_week_start (calendar), (int) grain);
  self->values = new_values ();
  for (guint64 code = 1; code < self->column->n_codes; code++)
    {
      gint64 day = bv_calendar_floor_day (calendar, self->column->base + (gint64) code - 1, grain);

      if (day != last)
        {
          BvValue value = bv_value_date (day);

          g_array_append_val (self->values, value);
          last = day;
        }
      self->table[code] = self->values->len - 1;
    }
  self->n = self->values->len;
}

static void
make_others (BvColumnGroup *self, const BvLegRun *run)
{
  GArray *values = new_values ();
  g_autofree guint32 *numbers = g_new0 (guint32, self->n);
  g_autoptr(GHashTable) kept = g_hash_table_new ((GHashFunc) bv_value_hash, (GEqualFunc) bv_value_equal);
  BvValue others = bv_value_text (run->others);
  gboolean keeps_null = FALSE;
  guint32 rest;
  guint64 n_table = self->table != NULL ? self->column->n_codes : self->n;

  for (guint i = 0; i < run->top->len; i++)
    {
      BvValue *value = &g_array_index (run->top, BvValue, i);

      keeps_null = keeps_null || value->type == BV_TYPE_NULL;
      g_hash_table_add (kept, value);
    }
  /* Number 0 is what null belongs to: itself, or the others. */
  if (keeps_null)
    g_array_append_val (values, others);
  else
    g_array_index (values, BvValue, 0) = others;
  rest = keeps_null ? 1 : 0;
  for (guint64 number = 1; number < self->n; number++)
    {
      g_auto(BvValue) value = self->values != NULL ? bv_value_copy (&g_array_index (self->values, BvValue, number))
                                                   : bv_encoded_value (self->column, (guint32) number);

      numbers[number] = rest;
      if (g_hash_table_contains (kept, &value))
        {
          g_autofree char *plain = bv_value_to_plain (&value);
          BvValue text = bv_value_text (plain);

          g_array_append_val (values, text);
          numbers[number] = values->len - 1;
        }
    }
  if (self->table == NULL)
    {
      self->table = g_new (guint32, n_table);
      for (guint64 code = 0; code < n_table; code++)
        self->table[code] = numbers[code];
    }
  else
    for (guint64 code = 0; code < n_table; code++)
      self->table[code] = numbers[self->table[code]];
  g_clear_pointer (&self->table_key, g_free);
  g_clear_pointer (&self->values, g_array_unref);
  self->values = values;
  self->n = values->len;
}

gboolean
bv_column_group_init (BvColumnGroup *self, BvColumnSession *session, const BvLegRun *run, guint index)
{
  BvPlan *plan = session->plan;
  const BvPlanGroup *group = &g_array_index (plan->groups, BvPlanGroup, index);
  gboolean others = (int) index == run->top_group;

  self->node = group->node;
  self->column = bv_column_find (session, group->node, group->field->name);
  if (self->column == NULL)
    return FALSE;
  self->n = self->column->n_codes;
  if (group->grain == BV_GRAIN_HOUR)
    return bv_column_refuse (session, _("Hours are grouped by SQLite"));
  if (group->grain == BV_GRAIN_NONE && self->column->coding == BV_CODING_INSTANTS)
    return bv_column_refuse (session, _("Single instants are grouped by SQLite"));
  if (group->grain != BV_GRAIN_NONE && self->column->coding != BV_CODING_INSTANTS && self->column->coding != BV_CODING_OFFSET)
    return bv_column_refuse (session, _("The dates lie too far apart"));
  if (others && self->n > MAX_TABLE)
    return bv_column_refuse (session, _("The rest of such groups is gathered by SQLite"));
  if (group->grain != BV_GRAIN_NONE && (self->column->coding == BV_CODING_INSTANTS || group->grain != BV_GRAIN_DAY))
    make_buckets (self, plan->model->calendar, group->grain);
  if (others)
    make_others (self, run);
  return TRUE;
}

void
bv_column_group_clear (BvColumnGroup *self)
{
  g_free (self->table);
  g_free (self->table_key);
  g_clear_pointer (&self->values, g_array_unref);
}

BvValue
bv_column_group_value (const BvColumnGroup *self, guint64 group)
{
  guint64 number = group / self->stride % self->n;

  if (self->values != NULL)
    return bv_value_copy (&g_array_index (self->values, BvValue, number));
  return bv_encoded_value (self->column, (guint32) number);
}

guint64
bv_column_group_find (const BvColumnGroup *self, const BvValue *value)
{
  guint64 code;

  if (self->values == NULL)
    {
      if (value->type == BV_TYPE_NULL)
        return 0;
      code = bv_encoded_bound (self->column, value, FALSE);
      return code < bv_encoded_bound (self->column, value, TRUE) ? code : G_MAXUINT64;
    }
  for (guint i = 0; i < self->values->len; i++)
    if (bv_value_equal (&g_array_index (self->values, BvValue, i), value))
      return i;
  return G_MAXUINT64;
}
