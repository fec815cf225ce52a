/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Retention: cohorts down, steps across, each cell what is left of its cohort, coloured by intensity.
 *
 * The first group names the cohort, the second the step; both stand in the order of their names or of time. The second metric is the
 * cohort's size, which stands in a column of its own, uncoloured. Without one, shares are of the cohort's value at its first step.
 * Where both groups are time in buckets of one length, steps are counted from each cohort's start: "Month 0", "Month 1".
 */
#include "config.h"

#include "bv-chart-parts.h"

#include <glib/gi18n-lib.h>

static const char *const value_choices[] = { "share", "value", NULL };
static const char *const value_labels[] = { N_("Share of cohort"), N_("Value"), NULL };

static const char *const step_choices[] = { "since", "names", NULL };
static const char *const step_labels[] = { N_("Counted from the start"), N_("As they are"), NULL };

static const BvOptionInfo retention_options[] = {
  { "steps", N_("Steps in time"), BV_OPTION_CHOICE, step_choices, step_labels },
  { "cells", N_("Cells"), BV_OPTION_CHOICE, value_choices, value_labels }, BV_OPTION_LEGEND, BV_OPTION_PALETTE, BV_OPTION_FACET, BV_OPTION_END,
};

#define STEPS_MAX 2000

typedef struct
{
  BvBuild *build;
  BvCross *values;
  double *sizes;   /* per cohort; NAN where unknown */
  guint size_column;
  gboolean share;
  gboolean has_sizes; /* the frame has a metric for them */
  BvPlaceAxis across, down;
  BvColourScale colours;
  double size_width;
} Retention;

/* A cell as it is shown and coloured. */
static double
shown_value (const Retention *self, guint d, guint a)
{
  double v = self->values->v[bv_cross_at (self->values, d, a)];
  const BvMatrix *down = self->values->down, *across = self->values->across;

  /* Where both are time there is nothing before the cohort began. */
  if (down->is_time && across->is_time && down->is_date == across->is_date && across->t[a] < down->t[d])
    return NAN;
  return self->share ? v / self->sizes[d] : v;
}

static void
find_sizes (Retention *self, const BvCross *sizes)
{
  const BvCross *from = sizes != NULL ? sizes : self->values;

  for (guint d = 0; d < self->values->down->n; d++)
    {
      self->sizes[d] = NAN;
      for (guint a = 0; a < from->across->n && isnan (self->sizes[d]); a++)
        if (from->v[bv_cross_at (from, d, a)] > 0)
          self->sizes[d] = from->v[bv_cross_at (from, d, a)];
    }
}

/* "Month 3". */
static char *
step_name (BvGrain grain, guint step)
{
  switch (grain)
    {
    case BV_GRAIN_HOUR:
      return g_strdup_printf (_("Hour %u"), step);
    case BV_GRAIN_DAY:
      return g_strdup_printf (_("Day %u"), step);
    case BV_GRAIN_WEEK:
      return g_strdup_printf (_("Week %u"), step);
    case BV_GRAIN_QUARTER:
      return g_strdup_printf (_("Quarter %u"), step);
    case BV_GRAIN_YEAR:
      return g_strdup_printf (_("Year %u"), step);
    case BV_GRAIN_NONE:
    case BV_GRAIN_MONTH:
    default:
      return g_strdup_printf (_("Month %u"), step);
    }
}

/* Moves each cohort's cells so that columns are steps since its start instead of dates. */
static void
count_steps (const Retention *self, BvCross *cross)
{
  BvCalendar *calendar = bv_locale_get_calendar (self->build->locale);
  BvMatrix *down = cross->down, *across = cross->across;
  gsize n_cells = (gsize) down->n * across->n;
  g_autofree double *values = g_memdup2 (cross->v, MAX (n_cells, 1) * sizeof (double));
  g_autofree guint *rows = g_memdup2 (cross->row, MAX (n_cells, 1) * sizeof (guint));
  g_autofree guint *steps = g_new (guint, MAX (n_cells, 1));
  guint n_steps = 1;

  for (guint d = 0; d < down->n; d++)
    {
      gint64 t = down->t[d];
      guint step = 0;

      for (guint a = 0; a < across->n; a++)
        {
          gsize at = bv_cross_at (cross, d, a);

          steps[at] = G_MAXUINT;
          if (across->t[a] < t && step == 0)
            continue;
          while (t < across->t[a] && step < STEPS_MAX)
            {
              t = down->is_date ? bv_calendar_add (calendar, t, down->grain, 1) : bv_calendar_next_hour (calendar, t);
              step++;
            }
          if (t == across->t[a])
            steps[at] = step;
          if (t == across->t[a] && !isnan (values[at]))
            n_steps = MAX (n_steps, step + 1);
        }
    }
  g_free (cross->v);
  g_free (cross->row);
  cross->v = g_new (double, (gsize) MAX (down->n, 1) * n_steps);
  cross->row = g_new (guint, (gsize) MAX (down->n, 1) * n_steps);
  for (gsize i = 0; i < (gsize) down->n * n_steps; i++)
    {
      cross->v[i] = NAN;
      cross->row[i] = G_MAXUINT;
    }
  for (guint d = 0; d < down->n; d++)
    for (guint a = 0; a < across->n; a++)
      {
        gsize from = (gsize) d * across->n + a;

        if (steps[from] >= n_steps)
          continue;
        cross->v[(gsize) d * n_steps + steps[from]] = values[from];
        cross->row[(gsize) d * n_steps + steps[from]] = rows[from];
      }
  across->labels = g_new0 (char *, n_steps + 1);
  for (guint i = 0; i < n_steps; i++)
    across->labels[i] = step_name (down->grain, i);
  across->n = n_steps;
  across->is_time = FALSE;
}

static void
draw_sizes (Retention *self)
{
  BvBuild *build = self->build;
  double band = bv_place_axis_band (&self->down);
  double right = self->across.x0 - build->size * 0.8;
  guint stride = band < build->line ? (guint) ceil (build->line / band) : 1;

  for (guint d = 0; d < self->down.n; d += stride)
    {
      g_autofree char *text = NULL;

      /* The first of thin rows would reach into the head, the last beyond the scene. */
      if (isnan (self->sizes[self->down.first + d]) ||
          bv_place_axis_map (&self->down, d) - build->line / 2 < self->down.x0 - build->size * 0.4 ||
          bv_place_axis_map (&self->down, d) + build->line / 2 > build->height)
        continue;
      text = bv_parts_format (build, self->size_column, self->sizes[self->down.first + d]);
      bv_parts_text (build, BV_TEXT_CELL, text, right, bv_place_axis_map (&self->down, d) - build->line / 2, 1, self->size_width, build->size,
                     FALSE, build->ink.text, -1);
    }
}

static void
draw_cells (Retention *self)
{
  BvBuild *build = self->build;
  double w = bv_place_axis_band (&self->across);
  double h = bv_place_axis_band (&self->down);
  double gap = MIN (w, h) > 8 ? 1 : 0;

  for (guint d = 0; d < self->down.n; d++)
    for (guint a = 0; a < self->across.n; a++)
      {
        guint cohort = self->down.first + d;
        gsize at = bv_cross_at (self->values, cohort, a);
        double v = shown_value (self, cohort, a);
        double x = self->across.x0 + a * w;
        double y = self->down.x0 + d * h;
        g_autofree char *text = NULL;
        BvColour fill;

        if (!isfinite (v))
          continue;
        fill = bv_colour_scale_at (&self->colours, v);
        bv_parts_box (build, self->values->row[at], (int) self->values->metric, (int) d, a, x + gap / 2, y + gap / 2, w - gap, h - gap, fill);
        bv_parts_mark_share (build, self->values->v[at] / self->sizes[cohort], NULL);
        if (h < build->line)
          continue;
        text = self->share ? bv_parts_percent (build, v) : bv_parts_format (build, self->values->metric, v);
        bv_parts_text (build, BV_TEXT_VALUE, text, x + w / 2, y + (h - build->line) / 2, 0.5, w - 3, build->size, FALSE,
                       bv_colour_on (fill), (int) build->scene->marks->len - 1);
      }
}

/* The plot: cohorts' names, their sizes, then the cells with the steps above them. */
static void
layout (Retention *self)
{
  BvBuild *build = self->build;
  BvScene *scene = build->scene;
  gboolean sparse = build->h < build->line * 4 || build->w < build->size * 10;
  double names = sparse ? 0 : bv_place_axis_width (&self->down, build, build->w * 0.3);
  double head;

  for (guint d = 0; d < self->down.n && !sparse; d++)
    {
      g_autofree char *text = bv_parts_format (build, self->size_column, self->sizes[self->down.first + d]);

      self->size_width = MAX (self->size_width, isnan (self->sizes[self->down.first + d]) ? 0 : bv_text_width (build->text, text, build->size, FALSE));
    }
  if (!sparse)
    self->size_width = MAX (self->size_width, MIN (bv_text_width (build->text, _("Size"), build->size, FALSE), build->w * 0.2));
  if (!self->has_sizes || names + self->size_width > build->w * 0.5)
    self->size_width = 0;
  self->across.x0 = build->x + names + self->size_width;
  self->across.width = MAX (build->x + build->w - self->across.x0, 1);
  head = sparse ? 0 : bv_place_axis_layout (&self->across, build, 1, FALSE, 0) + build->size * 0.4;
  scene->has_plot = TRUE;
  scene->plot_x = build->x + (names > 0 ? names + build->size * 0.8 : 0) + (self->size_width > 0 ? self->size_width + build->size * 0.8 : 0);
  scene->plot_y = build->y + head;
  scene->plot_width = MAX (build->x + build->w - scene->plot_x, 1);
  scene->plot_height = MAX (build->h - head, 1);
  self->across.x0 = scene->plot_x;
  self->across.width = scene->plot_width;
  self->down.x0 = scene->plot_y;
  self->down.width = MIN (scene->plot_height, self->down.n * build->line * 2.4);
  scene->plot_height = self->down.width;
  if (sparse)
    return;
  bv_place_axis_layout (&self->across, build, 1, TRUE, build->y);
  bv_place_axis_draw_vertical (&self->down, build, build->x + names, names);
  if (self->size_width > 0)
    {
      gboolean free = TRUE;

      /* The first step's name may be wider than its cells. */
      for (guint i = 0; i < scene->texts->len; i++)
        free = free && (bv_scene_text (scene, i)->role != BV_TEXT_AXIS_X || bv_scene_text (scene, i)->x > scene->plot_x - build->size * 0.6);
      if (free)
        bv_parts_text (build, BV_TEXT_HEADER, _("Size"), scene->plot_x - build->size * 0.8, build->y, 1, self->size_width, build->size, FALSE,
                       build->ink.muted, -1);
      draw_sizes (self);
    }
}

static void
draw_legend (BvBuild *build, const BvColourScale *colours, guint metric)
{
  BvFormat percent = BV_FORMAT_INIT;

  percent.kind = BV_FORMAT_PERCENT;
  percent.decimals = 0;
  bv_colour_scale_legend (colours, build, bv_chart_spec_is (build->spec, "cells", "share") ? &percent : &bv_frame_get_column (build->frame, metric)->format);
}

static void
retention_legend (BvBuild *build, BvPanel *panel)
{
  g_autoptr(GArray) metrics = bv_parts_metrics (build);
  BvColourScale colours;

  if (metrics->len == 0 || !panel->shared || !(panel->lo <= panel->hi))
    return;
  bv_colour_scale_init (&colours, build, panel->lo, panel->hi);
  draw_legend (build, &colours, g_array_index (metrics, guint, 0));
}

static void
build_retention (BvBuild *build)
{
  g_autoptr(GArray) metrics = bv_parts_metrics (build);
  g_autoptr(GArray) groups = bv_parts_groups (build);
  g_autoptr(BvCross) values = NULL;
  g_autoptr(BvCross) sizes = NULL;
  g_autofree double *size_of = NULL;
  Retention self = { .build = build };
  double lo = G_MAXDOUBLE, hi = -G_MAXDOUBLE;
  guint cohort, step, fit;

  if (metrics->len == 0)
    {
      bv_build_message (build, _("There is nothing to draw: choose a metric that is a number"));
      return;
    }
  if (groups->len != 2)
    {
      bv_build_message (build, _("Retention needs two groups: the cohort and the step"));
      return;
    }
  cohort = g_array_index (groups, guint, 0);
  step = g_array_index (groups, guint, 1);
  self.values = values = bv_cross_new (build, g_array_index (metrics, guint, 0), cohort, step, TRUE);
  self.has_sizes = metrics->len > 1;
  self.size_column = g_array_index (metrics, guint, metrics->len > 1 ? 1 : 0);
  if (metrics->len > 1)
    sizes = bv_cross_new (build, self.size_column, cohort, step, TRUE);
  if (bv_chart_spec_is (build->spec, "steps", "since") && values->down->is_time && values->across->is_time &&
      values->down->grain == values->across->grain && values->down->is_date == values->across->is_date &&
      (values->down->is_date ? values->down->grain != BV_GRAIN_NONE : values->down->grain == BV_GRAIN_HOUR))
    {
      count_steps (&self, values);
      if (sizes != NULL)
        count_steps (&self, sizes);
    }
  self.sizes = size_of = g_new (double, MAX (values->down->n, 1));
  self.share = bv_chart_spec_is (build->spec, "cells", "share");
  find_sizes (&self, sizes);
  self.across.matrix = values->across;
  self.down.matrix = values->down;
  fit = (guint) MAX (1, floor (build->w * 0.7 / 2));
  self.across.n = MIN (values->across->n, fit);
  fit = (guint) MAX (1, floor (build->h * 0.8 / 2));
  self.down.n = MIN (values->down->n, fit);
  self.down.first = values->down->n - self.down.n;
  for (guint d = 0; d < values->down->n; d++)
    for (guint a = 0; a < values->across->n; a++)
      {
        double v = shown_value (&self, d, a);

        if (!isfinite (v))
          continue;
        lo = MIN (lo, v);
        hi = MAX (hi, v);
      }
  if (!(lo <= hi))
    {
      bv_build_message (build, _("No values to draw: all of them are empty or no cohort has a size"));
      return;
    }
  {
    g_autofree char *least = self.share ? bv_parts_percent (build, lo) : bv_parts_format (build, values->metric, lo);
    g_autofree char *most = self.share ? bv_parts_percent (build, hi) : bv_parts_format (build, values->metric, hi);

    bv_alternative_set (build, g_strdup_printf (_("Retention of %u cohorts over %u steps, from %s to %s."), values->n_down, values->across->n,
                                                least, most));
  }
  bv_parts_odd_note (build, values->n_odd);
  if (self.down.n < values->n_down || self.across.n < values->across->n)
    {
      g_autofree char *note = g_strdup_printf (_("%u of %u cohorts and %u of %u steps shown"), self.down.n, values->n_down, self.across.n,
                                               values->across->n);

      bv_build_note (build, note);
    }
  lo = MIN (lo, 0);
  bv_panel_domain (build, FALSE, &lo, &hi);
  bv_colour_scale_init (&self.colours, build, lo, hi);
  draw_legend (build, &self.colours, values->metric);
  layout (&self);
  draw_cells (&self);
}

const BvChartKind bv_chart_retention_kind = {
  { "retention", N_("Retention"), "bv-chart-retention-symbolic", 1, 2, 2, 2, FALSE, retention_options }, build_retention, BV_FACETS_LABELLED, retention_legend,
};
