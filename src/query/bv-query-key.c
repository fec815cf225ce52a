/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a query asks, as a text: every field of a chart that its frame depends on, texts with their lengths so that none can be taken for two. Written
 * field by field rather than as JSON because a dashboard whose frames are all known spends its time here; a microsecond a chart.
 */
#include "bv-query.h"

#include <string.h>

static void
add_text (GString *out, const char *text)
{
  if (text == NULL)
    {
      g_string_append_c (out, '-');
      return;
    }
  {
    gsize length = strlen (text), n = length;
    char digits[24];
    guint at = sizeof digits;

    digits[--at] = ':';
    do
      digits[--at] = (char) ('0' + n % 10);
    while ((n /= 10) > 0);
    g_string_append_len (out, digits + at, (gssize) (sizeof digits - at));
    g_string_append_len (out, text, (gssize) length);
  }
}

static void
add_number (GString *out, gint64 n)
{
  g_string_append_len (out, (const char *) &n, sizeof n);
}

static void
add_value (GString *out, const BvValue *value)
{
  g_string_append_c (out, (char) ('a' + value->type));
  switch (value->type)
    {
    case BV_TYPE_NULL:
      break;
    case BV_TYPE_TEXT:
      add_text (out, value->s);
      break;
    case BV_TYPE_DOUBLE:
      g_string_append_len (out, (const char *) &value->d, sizeof value->d);
      break;
    case BV_TYPE_BOOL:
    case BV_TYPE_INT:
    case BV_TYPE_DATE:
    case BV_TYPE_TIMESTAMP:
    default:
      add_number (out, value->i);
      break;
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
      add_number (out, condition->children->len);
      for (guint i = 0; i < condition->children->len; i++)
        add_condition (out, condition->children->pdata[i]);
      return;
    }
  add_text (out, condition->field);
  add_number (out, condition->op);
  add_number (out, condition->values->len);
  for (guint i = 0; i < condition->values->len; i++)
    add_value (out, &g_array_index (condition->values, BvValue, i));
}

static void
add_overlay (GString *out, const BvOverlay *overlay)
{
  add_condition (out, overlay != NULL ? overlay->where : NULL);
  add_text (out, overlay != NULL ? overlay->range : NULL);
}

/* Bytes of numbers made text, so that the key is one. */
static char *
to_text (GString *bytes)
{
  static const char hex[] = "0123456789abcdef";
  GString *out = g_string_sized_new (bytes->len * 2);

  for (gsize i = 0; i < bytes->len; i++)
    {
      guchar c = (guchar) bytes->str[i];

      if (c >= 0x20 && c != '\\')
        g_string_append_c (out, (char) c);
      else
        {
          g_string_append_c (out, '\\');
          g_string_append_c (out, hex[c >> 4]);
          g_string_append_c (out, hex[c & 15]);
        }
    }
  return g_string_free (out, FALSE);
}

char *
bv_overlay_key (const BvOverlay *overlay)
{
  g_autoptr(GString) out = g_string_new (NULL);

  add_overlay (out, overlay);
  return to_text (out);
}

char *
bv_query_key (BvChart *chart, const BvOverlay *overlay)
{
  g_autoptr(GString) out = g_string_sized_new (256);

  add_text (out, chart->exploration);
  for (guint i = 0; chart->metrics[i] != NULL; i++)
    add_text (out, chart->metrics[i]);
  g_string_append_c (out, ';');
  for (guint i = 0; i < chart->by->len; i++)
    {
      const BvGroup *group = &g_array_index (chart->by, BvGroup, i);

      add_text (out, group->dimension);
      add_number (out, group->grain);
    }
  g_string_append_c (out, ';');
  add_text (out, chart->pivot);
  add_number (out, chart->pivot_grain);
  add_text (out, chart->time_field);
  add_number (out, chart->grain);
  add_text (out, chart->range);
  add_condition (out, chart->where);
  for (guint i = 0; i < chart->sort->len; i++)
    {
      const BvSort *sort = &g_array_index (chart->sort, BvSort, i);

      add_text (out, sort->name);
      add_number (out, sort->descending);
    }
  g_string_append_c (out, ';');
  add_number (out, chart->limit);
  add_number (out, chart->top);
  add_number (out, chart->top_others);
  add_text (out, chart->compare);
  add_overlay (out, overlay);
  return to_text (out);
}
