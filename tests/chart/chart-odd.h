/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What data can be like: a sample's frame with its values or names changed, for tests and for looking at. */
#pragma once

#include "chart-samples.h"

typedef enum
{
  ODD_EMPTY, ODD_ONE_ROW, ODD_NULL, ODD_NOT_FINITE, ODD_NEGATIVE, ODD_MIXED, ODD_ZERO, ODD_TINY, ODD_HUGE, ODD_MANY, ODD_CENTURY, ODD_RIGHT_TO_LEFT,
  ODD_EMOJI, ODD_LONG, N_ODD,
} Odd;

static const char *const odd_names[N_ODD] = {
  "empty", "one row", "all null", "NaN and infinite", "negative only", "mixed signs", "all zero", "1e-12", "1e15", "10,000 categories", "a century",
  "right to left", "emoji", "long names",
};

static inline char *
odd_name (Odd odd, guint i, const char *was)
{
  static const char *const arabic[] = { "القاهرة", "الدار البيضاء الكبرى", "مبيعات الشرق الأوسط", "عمّان", "تونس ٢٠٢٦", "בית קפה", "בירושלים החדשה" };
  static const char *const emoji[] = { "👩‍👩‍👧‍👦 Families", "🇫🇷", "🎉🎉🎉🎉🎉🎉", "☕ Café", "日本語のラベル", "🥐 e\xcc\x81te\xcc\x81" };

  if (odd == ODD_RIGHT_TO_LEFT)
    return i < 7 ? g_strdup (arabic[i]) : g_strdup_printf ("%s %u", arabic[i % 7], i);
  if (odd == ODD_EMOJI)
    return i < 6 ? g_strdup (emoji[i]) : g_strdup_printf ("%s %u", emoji[i % 6], i);
  if (odd == ODD_LONG)
    return g_strdup_printf ("%s, formerly the united societies for the improvement of everything that has a name, section %u", was, i + 1);
  return odd == ODD_MANY ? g_strdup_printf ("%s %u", was, i) : g_strdup (was);
}

static inline double
odd_value (Odd odd, double v, guint row)
{
  if (odd == ODD_NOT_FINITE)
    return row % 4 == 1 ? NAN : row % 4 == 2 ? INFINITY : v;
  if (odd == ODD_NEGATIVE)
    return -fabs (v) - 1e-9;
  if (odd == ODD_MIXED)
    return row % 3 == 1 ? -v * 0.7 : v;
  return odd == ODD_ZERO ? 0 : odd == ODD_TINY ? v * 1e-15 : odd == ODD_HUGE ? v * 1e12 : v;
}

/* @frame as a frame of this kind. Names are counted by their first appearance, so that rows of one group stay in it. */
static inline BvFrame *
odd_frame (BvFrame *frame, Odd odd)
{
  BvFrame *out = bv_frame_new ();
  guint n_old = bv_frame_get_n_rows (frame);
  guint n = odd == ODD_EMPTY ? 0 : odd == ODD_ONE_ROW ? 1 : odd == ODD_MANY ? 10000 : odd == ODD_CENTURY ? 36525 : n_old;
  gboolean time = FALSE;

  for (guint c = 0; c < bv_frame_get_n_columns (frame); c++)
    time = time || bv_frame_get_column (frame, c)->role == BV_ROLE_TIME;
  if (odd == ODD_CENTURY && !time)
    n = n_old;
  n = n_old == 0 ? 0 : n;
  for (guint c = 0; c < bv_frame_get_n_columns (frame); c++)
    {
      const BvColumn *column = bv_frame_get_column (frame, c);
      gboolean metric = column->role == BV_ROLE_METRIC || column->role == BV_ROLE_COMPARE;
      BvColumn *copy = bv_frame_add_column (out, column->name, metric ? BV_TYPE_DOUBLE : column->type, column->role);

      copy->format.kind = column->format.kind;
      copy->format.decimals = metric && odd == ODD_TINY ? -1 : column->format.decimals;
      copy->grain = odd == ODD_CENTURY && column->type == BV_TYPE_DATE ? BV_GRAIN_DAY : column->grain;
      copy->of = column->of;
      if (metric && odd != ODD_NULL && bv_type_is_numeric (column->total.type))
        copy->total = bv_value_double (odd_value (odd, bv_value_as_double (&column->total), 1));
    }
  for (guint c = 0; c < bv_frame_get_n_columns (frame); c++)
    {
      const BvColumn *column = bv_frame_get_column (frame, c);
      gboolean metric = column->role == BV_ROLE_METRIC || column->role == BV_ROLE_COMPARE;
      g_autoptr(GHashTable) seen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);

      for (guint row = 0; row < n; row++)
        {
          guint from = row % MAX (n_old, 1);

          if (metric && odd == ODD_NULL)
            bv_frame_append_null (out, c);
          else if (bv_frame_is_null (frame, c, from))
            bv_frame_append_null (out, c);
          else if (metric)
            bv_frame_append_double (out, c, odd_value (odd, bv_frame_get_double (frame, c, from), row));
          else if (column->type == BV_TYPE_TEXT)
            {
              const char *was = bv_frame_get_text (frame, c, from);
              g_autofree char *key = odd == ODD_MANY ? g_strdup_printf ("%u", row) : g_strdup (was);
              gpointer place;
              g_autofree char *name = NULL;

              if (!g_hash_table_lookup_extended (seen, key, NULL, &place))
                {
                  place = GUINT_TO_POINTER (g_hash_table_size (seen));
                  g_hash_table_insert (seen, g_steal_pointer (&key), place);
                }
              name = odd_name (odd, GPOINTER_TO_UINT (place), was);
              bv_frame_append_text (out, c, name, -1);
            }
          else if (column->type == BV_TYPE_DOUBLE)
            bv_frame_append_double (out, c, bv_frame_get_double (frame, c, from));
          else
            bv_frame_append_int (out, c, bv_frame_get_int (frame, c, from) + (column->type == BV_TYPE_DATE && n > n_old ? (gint64) (row / n_old) * 400 : 0));
        }
      if (odd == ODD_CENTURY && column->type == BV_TYPE_DATE)
        for (guint row = 0; row < n; row++)
          ((gint64 *) (gpointer) bv_frame_get_column (out, c)->data->data)[row] = (gint64) row - 10000;
    }
  return out;
}
