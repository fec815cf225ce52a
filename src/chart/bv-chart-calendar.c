/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Calendar: a year's days as cells, weeks across and weekdays down, coloured by a metric's daily value. Weeks start where the
 * project's calendar says. Several years lie below each other, the latest at the top, as many as fit; a note counts the others.
 */
#include "config.h"

#include "bv-chart-parts.h"

#include <glib/gi18n-lib.h>

static const BvOptionInfo calendar_options[] = { BV_OPTION_LEGEND, BV_OPTION_PALETTE, BV_OPTION_FACET, BV_OPTION_END };

typedef struct
{
  BvBuild *build;
  BvCalendar *calendar;
  guint metric;
  BvMatrix *days;
  double *v;      /* per place */
  guint *row;
  BvColourScale colours;
  double cell, left, top;
} Year;

/* The day of a place. */
static gint64
day_of (Year *self, guint i)
{
  return self->days->is_date ? self->days->t[i] : bv_calendar_day (self->calendar, self->days->t[i]);
}

static void
draw_frame (Year *self, int year, double x, double y)
{
  BvBuild *build = self->build;
  gint64 first = bv_days_from_civil (year, 1, 1);
  gint64 origin = bv_calendar_floor_day (self->calendar, first, BV_GRAIN_WEEK);
  double last = -G_MAXDOUBLE, widest = 0;
  int every = 1;

  for (int month = 1; month <= 12 && self->top > 0; month++)
    {
      g_autofree char *name = bv_locale_format_skeleton (build->locale, "LLL", bv_days_from_civil (year, month, 1), TRUE);

      widest = MAX (widest, bv_text_width (build->text, name, build->size, FALSE));
    }
  /* Every month, else every second, third, fourth or sixth: each is four weeks long and more. */
  while (every < 12 && widest + build->size * 0.4 > every * 4 * self->cell)
    every += every == 4 ? 2 : every == 6 ? 6 : 1;
  for (int month = 1; month <= 12 && self->top > 0; month += every)
    {
      gint64 day = bv_days_from_civil (year, month, 1);
      double at = x + self->left + (double) ((day - origin + 6) / 7) * self->cell;
      g_autofree char *name = bv_locale_format_skeleton (build->locale, "LLL", day, TRUE);
      double width = bv_text_width (build->text, name, build->size, FALSE);

      if (at < last + build->size * 0.4 || at + width > build->x + build->w)
        continue;
      bv_build_label (build, BV_TEXT_AXIS_X, name, at, y, 0, build->ink.muted);
      last = at + width;
    }
  if (self->left <= 0)
    return;
  for (int weekday = 0; weekday < 7; weekday++)
    {
      g_autofree char *name = bv_locale_format_skeleton (build->locale, "ccc", origin + weekday, TRUE);
      guint stride = self->cell >= build->line ? 1 : 2;

      if (weekday % (int) stride == (int) stride - 1 && stride * self->cell >= build->line)
        bv_parts_text (build, BV_TEXT_AXIS_Y, name, x + self->left - build->size * 0.5, y + self->top + (weekday + 0.5) * self->cell - build->line / 2,
                       1, self->left - build->size * 0.5, build->size, FALSE, build->ink.muted, -1);
    }
}

static void
draw_year (Year *self, int year, double x, double y, gboolean named)
{
  BvBuild *build = self->build;
  gint64 first = bv_days_from_civil (year, 1, 1);
  gint64 end = bv_days_from_civil (year + 1, 1, 1);
  gint64 origin = bv_calendar_floor_day (self->calendar, first, BV_GRAIN_WEEK);
  double gap = self->cell > 6 ? MAX (1, self->cell * 0.12) : 0;
  BvColour empty = bv_colour_mix (build->ink.background, build->ink.text, 0.05);
  guint i = 0;

  if (named)
    {
      g_autofree char *name = bv_locale_format_skeleton (build->locale, "y", first, TRUE);

      bv_build_label (build, BV_TEXT_HEADER, name, x, y, 0, build->ink.text);
      y += build->line * 1.1;
    }
  draw_frame (self, year, x, y);
  while (i < self->days->n && day_of (self, i) < first)
    i++;
  for (gint64 day = first; day < end; day++)
    {
      gint64 at = day - origin;
      double cx = x + self->left + (double) (at / 7) * self->cell + gap / 2;
      double cy = y + self->top + (double) (at % 7) * self->cell + gap / 2;
      double side = self->cell - gap;

      while (i < self->days->n && day_of (self, i) < day)
        i++;
      if (i < self->days->n && day_of (self, i) == day && !isnan (self->v[i]))
        bv_parts_box (build, self->row[i], (int) self->metric, (int) (at % 7), (guint) (at / 7), cx, cy, side, side,
                      bv_colour_scale_at (&self->colours, self->v[i]));
      else
        bv_scene_add_rect (build->scene, BV_PART_GRID, cx, cy, side, side, empty);
      if (side > 8)
        bv_scene_shape (build->scene, build->scene->shapes->len - 1)->r0 = 2;
    }
}

static void
draw_years (Year *self, int from, int to)
{
  BvBuild *build = self->build;
  guint n = (guint) (to - from + 1);
  gboolean named = n > 1 || build->h > build->line * 4;
  double names = named ? build->line * 1.1 : 0;
  double block;
  guint fit;

  self->left = build->w > build->size * 30 ? build->size * 3.4 : 0;
  self->top = build->h > build->line * 6 ? build->line * 1.2 : 0;
  self->cell = MIN ((build->w - self->left) / 54, build->size * 2.4);
  self->cell = MIN (self->cell, MAX ((build->h - self->top - names) / 7, 0.5));
  block = names + self->top + 7 * self->cell;
  fit = (guint) CLAMP (floor ((build->h + build->size) / (block + build->size)), 1, n);
  if (fit < n)
    {
      g_autofree char *note = g_strdup_printf (_("%u of %u years shown"), fit, n);

      bv_build_note (build, note);
      /* Where the note leaves no room for a year's name above its days, these come first. */
      if (build->h < names + self->top + 7)
        {
          named = FALSE;
          names = 0;
        }
      /* As many as the note says. */
      self->cell = MIN (self->cell, MAX (((build->h + build->size) / fit - build->size - self->top - names) / 7, 0.5));
      block = names + self->top + 7 * self->cell;
    }
  {
    double width = self->left + 54 * self->cell;
    double x = build->x + MAX (0, (build->w - width) / 2);
    double y = build->y + MAX (0, (build->h - fit * block - (fit - 1) * build->size) / 2);

    for (guint k = 0; k < fit; k++)
      draw_year (self, to - (int) k, x, y + k * (block + build->size), named);
  }
}

static void
build_calendar (BvBuild *build)
{
  g_autoptr(GArray) metrics = bv_parts_metrics (build);
  g_autoptr(GArray) groups = bv_parts_groups (build);
  g_autoptr(BvMatrix) days = NULL;
  g_autofree guint *place_of = NULL;
  g_autofree double *v = NULL;
  g_autofree guint *rows = NULL;
  Year self = { .build = build, .calendar = bv_locale_get_calendar (build->locale) };
  guint time, low = G_MAXUINT, high = G_MAXUINT, n_odd = 0;
  const BvColumn *column;
  double lo, hi;
  int from, to;

  if (metrics->len == 0)
    {
      bv_build_message (build, _("There is nothing to draw: choose a metric that is a number"));
      return;
    }
  time = groups->len > 0 ? g_array_index (groups, guint, 0) : G_MAXUINT;
  column = groups->len > 0 ? bv_frame_get_column (build->frame, time) : NULL;
  /* Of instants a day has many. */
  if (column == NULL || !(column->grain == BV_GRAIN_DAY ? bv_type_is_time (column->type) : column->type == BV_TYPE_DATE && column->grain == BV_GRAIN_NONE))
    {
      bv_build_message (build, _("A calendar needs a value for each day: group the time by day"));
      return;
    }
  if (groups->len > 1)
    {
      bv_build_message (build, _("A calendar shows one value for each day: remove the other groups"));
      return;
    }
  self.metric = g_array_index (metrics, guint, 0);
  self.days = days = bv_matrix_new_places (build->frame, time, build->locale, FALSE, &place_of);
  self.v = v = g_new (double, MAX (days->n, 1));
  self.row = rows = g_new (guint, MAX (days->n, 1));
  for (guint row = 0; row < bv_frame_get_n_rows (build->frame); row++)
    if (place_of[row] < days->n)
      {
        v[place_of[row]] = bv_parts_value (build, self.metric, row, &n_odd);
        rows[place_of[row]] = row;
      }
  for (guint i = 0; i < days->n; i++)
    if (!isnan (v[i]))
      {
        low = low == G_MAXUINT || v[i] < v[low] ? i : low;
        high = high == G_MAXUINT || v[i] > v[high] ? i : high;
      }
  if (low == G_MAXUINT)
    {
      bv_build_message (build, days->n == 0 ? _("No row has a date in the chart's time field: choose another time field")
                                            : _("No values to draw: all of them are empty"));
      return;
    }
  bv_civil_from_days (day_of (&self, 0), &from, NULL, NULL);
  bv_civil_from_days (day_of (&self, days->n - 1), &to, NULL, NULL);
  from = MAX (from, to - 200);
  {
    g_autofree char *least = bv_parts_format (build, self.metric, v[low]);
    g_autofree char *most = bv_parts_format (build, self.metric, v[high]);
    g_autofree char *low_at = bv_matrix_x_label (days, low, build->locale);
    g_autofree char *high_at = bv_matrix_x_label (days, high, build->locale);

    /* Translators: metric, lowest value, its place, highest value, its place. */
    bv_alternative_set (build, g_strdup_printf (_("Calendar of %s: lowest on %s (%s), highest on %s (%s)."),
                                                bv_parts_metric_label (build, self.metric), low_at, least, high_at, most));
  }
  bv_parts_odd_note (build, n_odd);
  lo = v[low];
  hi = v[high];
  bv_panel_domain (build, FALSE, &lo, &hi);
  bv_colour_scale_init (&self.colours, build, lo, hi);
  bv_colour_scale_legend (&self.colours, build, &bv_frame_get_column (build->frame, self.metric)->format);
  build->scene->vertical = FALSE;
  draw_years (&self, from, to);
}

const BvChartKind bv_chart_calendar_kind = {
  { "calendar", N_("Calendar"), "bv-chart-calendar-symbolic", 1, 1, 1, 1, TRUE, calendar_options }, build_calendar, BV_FACETS_LABELLED, bv_parts_colour_legend,
};
