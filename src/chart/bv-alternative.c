/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A chart in words: what is shown, the extremes, the trend. Whole sentences, so that they can be translated. */
#include "config.h"

#include "bv-chart-private.h"

#include <glib/gi18n-lib.h>
#include <math.h>

/* More series than this are counted, not described one by one. */
#define SERIES_MAX 4

static char *
format_value (BvBuild *build, BvSeries *series, double v)
{
  return bv_locale_format_double (build->locale, v, &bv_frame_get_column (build->frame, (guint) series->column)->format);
}

static void
describe_series (BvBuild *build, BvMatrix *matrix, BvSeries *series, GString *out)
{
  guint low = G_MAXUINT, high = G_MAXUINT, first = G_MAXUINT, last = G_MAXUINT;
  g_autofree char *low_text = NULL, *high_text = NULL, *low_at = NULL, *high_at = NULL;

  for (guint i = 0; i < matrix->n; i++)
    {
      if (isnan (series->v[i]))
        continue;
      if (first == G_MAXUINT)
        first = low = high = i;
      if (series->v[i] < series->v[low])
        low = i;
      if (series->v[i] > series->v[high])
        high = i;
      last = i;
    }
  g_string_append_c (out, ' ');
  if (first == G_MAXUINT)
    {
      g_string_append_printf (out, _("%s has no values."), series->label);
      return;
    }
  low_text = format_value (build, series, series->v[low]);
  high_text = format_value (build, series, series->v[high]);
  if (!matrix->is_time && matrix->n_dims == 0)
    {
      g_string_append_printf (out, _("%s is %s."), series->label, high_text);
      return;
    }
  low_at = bv_matrix_x_label (matrix, low, build->locale);
  high_at = bv_matrix_x_label (matrix, high, build->locale);
  if (low == high)
    g_string_append_printf (out, _("%s is %s at %s."), series->label, high_text, high_at);
  else
    /* Translators: series, lowest value, its place, highest value, its place. */
    g_string_append_printf (out, _("%s is lowest at %s (%s) and highest at %s (%s)."), series->label, low_at, low_text, high_at,
                            high_text);
  if (matrix->is_time && first != last)
    {
      g_autofree char *from = format_value (build, series, series->v[first]);
      g_autofree char *to = format_value (build, series, series->v[last]);

      g_string_append_c (out, ' ');
      if (series->v[last] > series->v[first])
        g_string_append_printf (out, _("It rises from %s to %s."), from, to);
      else if (series->v[last] < series->v[first])
        g_string_append_printf (out, _("It falls from %s to %s."), from, to);
      else
        g_string_append_printf (out, _("It starts and ends at %s."), to);
    }
}

void
bv_alternative_series (BvBuild *build, BvMatrix *matrix, const char *type_label)
{
  GString *out = g_string_new (NULL);
  g_autoptr(GPtrArray) shown = g_ptr_array_new ();

  if (matrix->n == 0)
    g_string_append_printf (out, _("%s chart without rows."), _(type_label));
  else if (matrix->is_time)
    {
      g_autofree char *from = bv_matrix_x_label (matrix, 0, build->locale);
      g_autofree char *to = bv_matrix_x_label (matrix, matrix->n - 1, build->locale);

      g_string_append_printf (out, _("%s chart from %s to %s."), _(type_label), from, to);
    }
  else
    g_string_append_printf (out, ngettext ("%s chart of %u group.", "%s chart of %u groups.", matrix->n), _(type_label), matrix->n);
  for (guint s = 0; s < matrix->series->len; s++)
    if (!((BvSeries *) g_ptr_array_index (matrix->series, s))->hidden)
      g_ptr_array_add (shown, g_ptr_array_index (matrix->series, s));
  if (shown->len > SERIES_MAX)
    {
      g_string_append_c (out, ' ');
      g_string_append_printf (out, ngettext ("%u series.", "%u series.", shown->len), shown->len);
    }
  for (guint s = 0; s < MIN (shown->len, SERIES_MAX); s++)
    describe_series (build, matrix, g_ptr_array_index (shown, s), out);
  bv_alternative_set (build, g_string_free (out, FALSE));
}
