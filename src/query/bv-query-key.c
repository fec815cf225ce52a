/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a query asks, as a text: every field of a chart that its frame depends on, texts with their lengths so that none can be taken for two. Written
 * field by field rather than as JSON because a dashboard whose frames are all known spends its time here; a microsecond a chart.
 */
#include "bv-key-private.h"

#include <string.h>

void
bv_key_add_number (GString *out, gint64 n)
{
  guint64 rest = n < 0 ? -(guint64) n : (guint64) n;
  char digits[24];
  guint at = sizeof digits;

  digits[--at] = ' ';
  do
    digits[--at] = (char) ('0' + rest % 10);
  while ((rest /= 10) > 0);
  if (n < 0)
    digits[--at] = '-';
  g_string_append_len (out, digits + at, (gssize) (sizeof digits - at));
}

void
bv_key_add_text (GString *out, const char *text)
{
  gsize length = text != NULL ? strlen (text) : 0;

  bv_key_add_number (out, text != NULL ? (gint64) length : -1);
  g_string_append_len (out, text, (gssize) length);
}

void
bv_key_add_value (GString *out, const BvValue *value)
{
  gint64 i = value->i;

  g_string_append_c (out, (char) ('a' + value->type));
  if (value->type == BV_TYPE_TEXT)
    bv_key_add_text (out, value->s);
  else if (value->type != BV_TYPE_NULL)
    {
      if (value->type == BV_TYPE_DOUBLE)
        memcpy (&i, &value->d, sizeof i);
      bv_key_add_number (out, i);
    }
}

static void
add_condition (GString *out, const BvCondition *condition)
{
  if (bv_condition_is_empty (condition))
    {
      g_string_append_c (out, '-');
      return;
    }
  g_string_append_c (out, (char) ('A' + condition->kind));
  if (condition->kind != BV_CONDITION_TEST)
    {
      bv_key_add_number (out, condition->children->len);
      for (guint i = 0; i < condition->children->len; i++)
        add_condition (out, condition->children->pdata[i]);
      return;
    }
  bv_key_add_text (out, condition->field);
  bv_key_add_number (out, condition->op);
  bv_key_add_number (out, condition->values->len);
  for (guint i = 0; i < condition->values->len; i++)
    bv_key_add_value (out, &g_array_index (condition->values, BvValue, i));
}

static void
add_overlay (GString *out, const BvOverlay *overlay)
{
  add_condition (out, overlay != NULL ? overlay->where : NULL);
  bv_key_add_text (out, overlay != NULL ? overlay->range : NULL);
}

char *
bv_query_key (BvChart *chart, const BvOverlay *overlay)
{
  GString *out = g_string_sized_new (256);

  bv_key_add_text (out, chart->exploration);
  for (guint i = 0; chart->metrics[i] != NULL; i++)
    bv_key_add_text (out, chart->metrics[i]);
  g_string_append_c (out, ';');
  for (guint i = 0; i < chart->by->len; i++)
    {
      const BvGroup *group = &g_array_index (chart->by, BvGroup, i);

      bv_key_add_text (out, group->dimension);
      bv_key_add_number (out, group->grain);
    }
  g_string_append_c (out, ';');
  bv_key_add_text (out, chart->pivot);
  bv_key_add_number (out, chart->pivot_grain);
  bv_key_add_text (out, chart->time_field);
  bv_key_add_number (out, chart->grain);
  bv_key_add_text (out, chart->range);
  add_condition (out, chart->where);
  for (guint i = 0; i < chart->sort->len; i++)
    {
      const BvSort *sort = &g_array_index (chart->sort, BvSort, i);

      bv_key_add_text (out, sort->name);
      bv_key_add_number (out, sort->descending);
    }
  g_string_append_c (out, ';');
  bv_key_add_number (out, chart->limit);
  bv_key_add_number (out, chart->top);
  bv_key_add_number (out, chart->top_others);
  bv_key_add_text (out, chart->compare);
  bv_key_add_number (out, bv_chart_has_subtotals (chart));
  add_overlay (out, overlay);
  return g_string_free (out, FALSE);
}
