/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A grain turns days into buckets by a table with an entry per day, made with the project's calendar; as days ascend, a bucket is known by its first
 * day differing from the one before. Groups outside the kept ones ("Others") are another such table. Cost: O(codes of the field), for
 * buckets once, since they are kept with the encoded table.
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

/* The buckets of all days that a column has: how many numbers there are, the first day of each, with room for as many as there are codes, and the
 * number of each code. */
static GBytes *
new_buckets (const BvEncodedColumn *column, BvCalendar *calendar, BvGrain grain)
{
  gsize size = (1 + column->n_codes) * sizeof (gint64) + column->n_codes * sizeof (guint32);
  gint64 *data = g_malloc0 (size), *days = data + 1, last = G_MININT64;
  guint32 *numbers = (guint32 *) (days + column->n_codes);
  guint32 n = 1;

  for (guint64 code = 1; code < column->n_codes; code++)
    {
      gint64 day = bv_calendar_floor_day (calendar, column->base + (gint64) code - 1, grain);

      if (day != last)
        days[n++] = last = day;
      numbers[code] = n - 1;
    }
  data[0] = n;
  return g_bytes_new_take (data, size);
}

static void
find_buckets (BvColumnGroup *self, BvEncodedTable *table, BvCalendar *calendar, BvGrain grain)
{
  g_autofree char *key = NULL;
  const gint64 *data;

  self->table_key = g_strdup_printf ("%s/%d/%d", bv_calendar_get_time_zone (calendar), bv_calendar_get_week_start (calendar), (int) grain);
  key = g_strconcat ("buckets ", self->table_key, " ", self->column->name, NULL);
  self->buckets = bv_encoded_table_get_derived (table, key);
  if (self->buckets == NULL)
    self->buckets = bv_encoded_table_put_derived (table, key, new_buckets (self->column, calendar, grain));
  data = g_bytes_get_data (self->buckets, NULL);
  self->n = (guint64) data[0];
  self->days = data + 1;
  self->table = (const guint32 *) (self->days + self->column->n_codes);
}

static BvValue
number_value (const BvColumnGroup *self, guint64 number)
{
  if (self->values != NULL)
    return bv_value_copy (&g_array_index (self->values, BvValue, number));
  if (self->days != NULL)
    return number == 0 ? BV_VALUE_NULL : bv_value_date (self->days[number]);
  return bv_encoded_value (self->column, (guint32) number);
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
      g_auto(BvValue) value = number_value (self, number);

      numbers[number] = rest;
      if (g_hash_table_contains (kept, &value))
        {
          g_autofree char *plain = bv_value_to_plain (&value);
          BvValue text = bv_value_text (plain);

          g_array_append_val (values, text);
          numbers[number] = values->len - 1;
        }
    }
  self->own_table = g_new (guint32, n_table);
  for (guint64 code = 0; code < n_table; code++)
    self->own_table[code] = numbers[self->table != NULL ? self->table[code] : code];
  self->table = self->own_table;
  self->days = NULL;
  g_clear_pointer (&self->table_key, g_free);
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
    find_buckets (self, session->tables[group->node], plan->model->calendar, group->grain);
  if (others)
    make_others (self, run);
  return TRUE;
}

void
bv_column_group_clear (BvColumnGroup *self)
{
  g_free (self->own_table);
  g_clear_pointer (&self->buckets, g_bytes_unref);
  g_free (self->table_key);
  g_clear_pointer (&self->values, g_array_unref);
}

BvValue
bv_column_group_value (const BvColumnGroup *self, guint64 group)
{
  return number_value (self, group / self->stride % self->n);
}

guint64
bv_column_group_find (const BvColumnGroup *self, const BvValue *value)
{
  guint64 code;

  if (self->values == NULL && self->days == NULL)
    {
      if (value->type == BV_TYPE_NULL)
        return 0;
      code = bv_encoded_bound (self->column, value, FALSE);
      return code < bv_encoded_bound (self->column, value, TRUE) ? code : G_MAXUINT64;
    }
  for (guint64 i = 0; i < self->n; i++)
    {
      g_auto(BvValue) mine = number_value (self, i);

      if (bv_value_equal (&mine, value))
        return i;
    }
  return G_MAXUINT64;
}
