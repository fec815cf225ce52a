/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Axes: ticks, grid lines and labels that never run into each other.
 *
 * Labels of a value axis thin out with the room there is. Labels of places along x go through these forms until one fits: all of
 * them level; level on two lines; level, shortened in the middle; turned by 45°, shortened; turned, every k-th. Time labels stay level and take
 * the finest calendar step whose labels stand clear of each other, with the year (or day) below where it changes.
 */
#include "config.h"

#include "bv-chart-private.h"

#include <math.h>
#include <string.h>

#define TURNED (-G_PI_4)

/* --- Values --------------------------------------------------------------------------------------------------------------- */

/* @most: the largest value of the axis, without its sign. */
static char *
tick_label (BvBuild *build, const BvFormat *format, double v, double most)
{
  double magnitude = fabs (v);
  char buf[G_ASCII_DTOSTR_BUF_SIZE];

  /* Digits that no format spells out on an axis; beside them zero is a plain one. */
  if (format->kind == BV_FORMAT_PERCENT && most > 0 && most < 1e-8)
    return g_strconcat (g_ascii_formatd (buf, sizeof buf, "%.6g", v * 100), "%", NULL);
  if (format->kind != BV_FORMAT_PERCENT && (magnitude >= 1e17 || (magnitude < 1e-6 && (magnitude > 0 || (most > 0 && most < 1e-6)))))
    return g_strdup (g_ascii_formatd (buf, sizeof buf, "%.6g", v));
  return bv_locale_format_double (build->locale, v, format);
}

static void
make_labels (BvValueAxis *axis, BvBuild *build, BvFormat *format)
{
  double most = MAX (fabs (bv_ticks_value (&axis->ticks, 0)), fabs (bv_ticks_value (&axis->ticks, axis->ticks.n - 1)));

  g_clear_pointer (&axis->labels, g_strfreev);
  axis->labels = g_new0 (char *, axis->ticks.n + 1);
  axis->label_width = 0;
  for (guint i = 0; i < axis->ticks.n; i++)
    {
      double v = bv_ticks_value (&axis->ticks, i);

      /* Powers of ten need as many digits as each has. */
      if (axis->ticks.listed && !format->abbreviate && format->kind != BV_FORMAT_DURATION_SECONDS && format->kind != BV_FORMAT_DURATION_MS)
        format->decimals = v < 0 || v > 0 ? CLAMP ((int) -floor (log10 (fabs (v)) + 1e-9) - (format->kind == BV_FORMAT_PERCENT ? 2 : 0), 0, 12) : 0;
      axis->labels[i] = tick_label (build, format, v, most);
      axis->label_width = MAX (axis->label_width, bv_text_width (build->text, axis->labels[i], build->size, FALSE));
    }
}

static gboolean
labels_differ (const BvValueAxis *axis)
{
  for (guint i = 1; i < axis->ticks.n; i++)
    if (strcmp (axis->labels[i], axis->labels[i - 1]) == 0)
      return FALSE;
  return TRUE;
}

/* The part of the axis, 0 … 1, that values reach. */
static double
used (const BvValueAxis *axis, const BvTicks *ticks)
{
  double span = bv_ticks_value (ticks, ticks->n - 1) - bv_ticks_value (ticks, 0);

  return span > 0 ? (axis->hi - axis->lo) / span : 0;
}

void
bv_value_axis_init (BvValueAxis *axis, BvBuild *build, double lo, double hi, double length, gboolean horizontal,
                    const BvFormat *format, BvTickUnit unit)
{
  double apart = horizontal ? MAX (build->size * 6, axis->label_width + build->size * 2) : build->line * 2.4;
  guint max = (guint) CLAMP (floor (length / apart) + 1, 2, 9);

  axis->lo = lo;
  axis->hi = hi;
  axis->most = max;
  axis->unit = unit;
  if (axis->scale.kind == BV_SCALE_LINEAR)
    {
      BvTicks closer;

      axis->ticks = bv_ticks_nice (lo, hi, max, unit);
      /* Ticks that stand a little closer are better than a plot that is a quarter empty. */
      closer = bv_ticks_nice (lo, hi, MIN (max + 2, (guint) MAX (length / (apart * 0.7), 2)), unit);
      if (used (axis, &axis->ticks) < 0.75 && used (axis, &closer) > used (axis, &axis->ticks) + 0.12)
        axis->ticks = closer;
    }
  else
    axis->ticks = bv_ticks_powers (lo, hi, max, axis->scale.kind, axis->least, &axis->scale.constant);
  bv_value_axis_label (axis, build, format);
}

void
bv_value_axis_label (BvValueAxis *axis, BvBuild *build, const BvFormat *format)
{
  g_auto(BvFormat) own = bv_format_copy (format);
  double magnitude;
  int decimals;

  axis->scale.d0 = bv_ticks_value (&axis->ticks, 0);
  axis->scale.d1 = bv_ticks_value (&axis->ticks, axis->ticks.n - 1);
  magnitude = MAX (fabs (axis->scale.d0), fabs (axis->scale.d1));
  decimals = bv_ticks_decimals (&axis->ticks);
  if (own.kind == BV_FORMAT_PERCENT)
    decimals = MAX (0, decimals - 2);
  if (own.kind != BV_FORMAT_DURATION_SECONDS && own.kind != BV_FORMAT_DURATION_MS)
    own.decimals = MIN (decimals, 12);
  make_labels (axis, build, &own);
  /* Wide numbers are written short where that still tells them apart. */
  if ((axis->label_width > build->size * 5 || format->abbreviate) && magnitude >= 1000 && own.kind != BV_FORMAT_PERCENT &&
      own.kind != BV_FORMAT_DURATION_SECONDS && own.kind != BV_FORMAT_DURATION_MS && own.kind != BV_FORMAT_PLAIN)
    {
      own.abbreviate = TRUE;
      own.decimals = -1;
      make_labels (axis, build, &own);
      if (!labels_differ (axis))
        {
          own.abbreviate = FALSE;
          own.decimals = decimals;
          make_labels (axis, build, &own);
        }
    }
}

void
bv_value_axis_clear (BvValueAxis *axis)
{
  g_clear_pointer (&axis->labels, g_strfreev);
}

static gboolean
is_bare (const BvTicks *ticks, guint i)
{
  return (i == 0 && ticks->bare_first) || (i + 1 == ticks->n && ticks->bare_last);
}

/* Where labels below the plot end: short of what stands at its right, such as a legend. */
static double
right_end (const BvBuild *build)
{
  return MIN (build->width, build->x + build->w + build->size);
}

void
bv_value_axis_draw (const BvValueAxis *axis, BvBuild *build, gboolean horizontal)
{
  BvScene *scene = build->scene;
  double last = horizontal ? -G_MAXDOUBLE : G_MAXDOUBLE;
  double max_width = horizontal ? build->width : scene->plot_x - build->size * 0.6;

  for (guint i = 0; i < axis->ticks.n; i++)
    {
      double v = bv_ticks_value (&axis->ticks, i);
      double at = bv_linear_map (&axis->scale, v);
      double snapped = floor (at) + 0.5;
      gboolean zero = !(v < 0 || v > 0);
      BvColour colour = zero ? build->ink.axis : build->ink.grid;
      const char *label = axis->labels[i];
      double width;

      if (is_bare (&axis->ticks, i))
        continue;
      if (horizontal)
        bv_scene_add_line (scene, zero ? BV_PART_ZERO : BV_PART_GRID, snapped, scene->plot_y, snapped,
                           scene->plot_y + scene->plot_height, colour, 1);
      else
        bv_scene_add_line (scene, zero ? BV_PART_ZERO : BV_PART_GRID, scene->plot_x, snapped, scene->plot_x + scene->plot_width,
                           snapped, colour, 1);
      width = bv_text_width (build->text, label, build->size, FALSE);
      /* A number that is cut would be another number: better none. */
      if (width > max_width || axis->silent)
        continue;
      if (horizontal)
        {
          double x = CLAMP (at - width / 2, 0, MAX (0, right_end (build) - width));

          if (x < last + build->size * 0.6)
            continue;
          last = x + width;
          bv_build_label (build, BV_TEXT_AXIS_X, label, x,
                          scene->plot_y + scene->plot_height + (axis->drop > 0 ? axis->drop : build->size * 0.4), 0,
                          build->ink.muted);
        }
      else
        {
          /* Below a panel without labels at its foot there is a gap. */
          double y = CLAMP (at - build->line / 2, 0, MAX (0, build->height - (build->panel != NULL && !build->panel->bottom ? build->line / 2 : build->line)));

          if (y + build->line > last)
            continue;
          last = y;
          bv_build_label (build, BV_TEXT_AXIS_Y, label, scene->plot_x - build->size * 0.6, y, 1, build->ink.muted);
        }
    }
}

void
bv_value_axis_draw_right (const BvValueAxis *axis, BvBuild *build)
{
  BvScene *scene = build->scene;
  double x = scene->plot_x + scene->plot_width + build->size * 0.6;
  double last = G_MAXDOUBLE;

  for (guint i = 0; i < axis->ticks.n; i++)
    {
      double at = bv_linear_map (&axis->scale, bv_ticks_value (&axis->ticks, i));
      double y = CLAMP (at - build->line / 2, 0, MAX (0, build->height - build->line));

      if (is_bare (&axis->ticks, i))
        continue;
      if (y + build->line > last || x + bv_text_width (build->text, axis->labels[i], build->size, FALSE) > build->width)
        continue;
      last = y;
      bv_build_label (build, BV_TEXT_AXIS_Y, axis->labels[i], x, y, 0, build->ink.muted);
    }
}

/* How many ticks lie below zero, or G_MAXUINT when zero is none of them. */
static guint
ticks_below_zero (const BvTicks *ticks)
{
  return ticks->first <= 0 && ticks->first + (gint64) ticks->n > 0 ? (guint) -ticks->first : G_MAXUINT;
}

static void
align (BvTicks *a, BvTicks *b)
{
  guint below_a = ticks_below_zero (a);
  guint below_b = ticks_below_zero (b);
  guint n;

  if (below_a != G_MAXUINT && below_b != G_MAXUINT)
    {
      guint below = MAX (below_a, below_b);

      n = below + MAX (a->n - below_a, b->n - below_b);
      a->first = b->first = -(gint64) below;
    }
  else
    n = MAX (a->n, b->n);
  a->n = b->n = n;
}

void
bv_value_axes_align (BvValueAxis *a, BvValueAxis *b)
{
  BvTicks best_a = a->ticks, best_b = b->ticks;
  double best = -1;

  if (a->ticks.listed || b->ticks.listed)
    return;
  for (guint i = 2; i <= a->most + 1; i++)
    for (guint k = 2; k <= b->most + 1; k++)
      {
        BvTicks x = bv_ticks_nice (a->lo, a->hi, i, a->unit), y = bv_ticks_nice (b->lo, b->hi, k, b->unit);
        double score;

        align (&x, &y);
        /* Of few ticks little can be read. */
        score = used (a, &x) * used (b, &y) * (x.n < 3 ? 0.6 : x.n == 3 ? 0.85 : 1);
        if (x.n > MAX (a->most, 3) + 1 || score <= best)
          continue;
        best = score;
        best_a = x;
        best_b = y;
      }
  if (best < 0)
    align (&best_a, &best_b);
  a->ticks = best_a;
  b->ticks = best_b;
}

/* --- Places --------------------------------------------------------------------------------------------------------------- */

double
bv_place_axis_band (const BvPlaceAxis *axis)
{
  return axis->width / MAX (axis->n, 1);
}

/* Where an instant lies on a continuous axis. */
static double
map_time (const BvPlaceAxis *axis, gint64 t)
{
  gint64 from = axis->matrix->t[axis->first];
  gint64 to = axis->matrix->t[axis->first + axis->n - 1];

  if (from == to)
    return axis->x0 + axis->width / 2;
  return axis->x0 + axis->pad + ((double) t - (double) from) / ((double) to - (double) from) * (axis->width - 2 * axis->pad);
}

double
bv_place_axis_map (const BvPlaceAxis *axis, guint i)
{
  if (axis->continuous)
    return map_time (axis, axis->matrix->t[axis->first + i]);
  return axis->x0 + (i + 0.5) * bv_place_axis_band (axis);
}

typedef struct
{
  double x, width;
  double anchor;
  char *text;
} Label;

static void
label_clear (gpointer data)
{
  g_free (((Label *) data)->text);
}

static void
add_label (GArray *labels, BvBuild *build, char *text, double x)
{
  Label label = { 0, bv_text_width (build->text, text, build->size, FALSE), x, text };

  label.x = CLAMP (x - label.width / 2, 0, MAX (0, right_end (build) - label.width));
  g_array_append_val (labels, label);
}

static gboolean
labels_clear (GArray *labels, double gap)
{
  for (guint i = 1; i < labels->len; i++)
    if (g_array_index (labels, Label, i).x <
        g_array_index (labels, Label, i - 1).x + g_array_index (labels, Label, i - 1).width + gap)
      return FALSE;
  return TRUE;
}

/* Drops labels that touch the one before; a first label that is cut by the start of the axis yields to the second. */
static void
thin (GArray *labels, double gap, gboolean first_yields)
{
  for (guint i = 1; i < labels->len;)
    {
      Label *a = &g_array_index (labels, Label, i - 1);
      Label *b = &g_array_index (labels, Label, i);

      if (b->x >= a->x + a->width + gap)
        i++;
      else if (i == 1 && first_yields)
        {
          g_array_remove_index (labels, 0);
          first_yields = FALSE;
        }
      else
        g_array_remove_index (labels, i);
    }
}

static void
draw_labels (GArray *labels, BvBuild *build, double y, BvColour colour)
{
  for (guint i = 0; i < labels->len; i++)
    {
      Label *label = &g_array_index (labels, Label, i);
      g_autofree char *fitted = bv_text_fit (build->text, label->text, build->size, FALSE, build->width);

      if (*fitted != '\0')
        bv_build_label (build, BV_TEXT_AXIS_X, fitted, label->x, y, 0, colour);
    }
}

/* The labels of one time step and, below, those of what it lies in. */
static void
time_labels (const BvPlaceAxis *axis, BvBuild *build, const BvTimeStep *step, GArray *labels, GArray *contexts)
{
  BvMatrix *matrix = axis->matrix;
  BvCalendar *calendar = bv_locale_get_calendar (build->locale);
  g_autofree char *last_context = NULL;
  gint64 from = matrix->t[axis->first];
  gint64 to = matrix->t[axis->first + axis->n - 1];
  gint64 index = bv_time_step_index (step, calendar, from, matrix->is_date);
  double last_x = -G_MAXDOUBLE;

  for (guint i = 0; axis->continuous || i < axis->n;)
    {
      gint64 t;
      double x;
      char *context;

      if (axis->continuous)
        {
          t = bv_time_step_start (step, calendar, index++, matrix->is_date);
          if (t > to)
            break;
          if (t < from)
            continue;
          x = map_time (axis, t);
        }
      else
        {
          gint64 next;

          t = matrix->t[axis->first + i];
          next = bv_time_step_index (step, calendar, t, matrix->is_date);
          x = bv_place_axis_map (axis, i++);
          /* The first place has a label only when it starts its step: "Feb" must not stand where the last days of it do. */
          if (next == index && (i > 1 || bv_time_step_start (step, calendar, next, matrix->is_date) != t))
            continue;
          index = next;
        }
      if (x <= last_x)
        continue;
      last_x = x;
      add_label (labels, build, bv_time_step_label (step, build->locale, t, matrix->is_date), x);
      context = bv_time_step_context (step, build->locale, t, matrix->is_date);
      if (context != NULL && g_strcmp0 (context, last_context) != 0)
        {
          add_label (contexts, build, g_strdup (context), x);
          g_free (last_context);
          last_context = context;
        }
      else
        g_free (context);
    }
}

/* How many labels a step would make at least; saves formatting what cannot fit. */
static double
step_count (const BvPlaceAxis *axis, BvBuild *build, const BvTimeStep *step)
{
  BvCalendar *calendar = bv_locale_get_calendar (build->locale);
  BvMatrix *matrix = axis->matrix;
  gint64 a = bv_time_step_index (step, calendar, matrix->t[axis->first], matrix->is_date);
  gint64 b = bv_time_step_index (step, calendar, matrix->t[axis->first + axis->n - 1], matrix->is_date);

  return axis->continuous ? (double) b - (double) a + 1 : MIN ((double) b - (double) a + 1, axis->n);
}

static double
layout_time (const BvPlaceAxis *axis, BvBuild *build, gboolean draw, double y)
{
  guint n_steps;
  const BvTimeStep *steps = bv_time_steps (&n_steps);
  double gap = build->size * 0.9;
  double most = axis->width / (build->size * 1.2) + 2;
  g_autoptr(GArray) labels = NULL;
  g_autoptr(GArray) contexts = NULL;

  for (guint i = bv_time_step_for_grain (axis->matrix->grain, axis->matrix->is_date); i < n_steps; i++)
    {
      gboolean last = i + 1 == n_steps;

      if (step_count (axis, build, &steps[i]) > most && !last)
        continue;
      g_clear_pointer (&labels, g_array_unref);
      g_clear_pointer (&contexts, g_array_unref);
      labels = g_array_new (FALSE, FALSE, sizeof (Label));
      contexts = g_array_new (FALSE, FALSE, sizeof (Label));
      g_array_set_clear_func (labels, label_clear);
      g_array_set_clear_func (contexts, label_clear);
      time_labels (axis, build, &steps[i], labels, contexts);
      if (labels_clear (labels, gap) || last)
        break;
    }
  if (labels->len == 0)
    {
      /* No step starts within: name the first place in full. */
      add_label (labels, build, bv_matrix_x_label (axis->matrix, axis->first, build->locale), bv_place_axis_map (axis, 0));
      if (axis->n > 1)
        add_label (labels, build, bv_matrix_x_label (axis->matrix, axis->first + axis->n - 1, build->locale),
                   bv_place_axis_map (axis, axis->n - 1));
    }
  thin (labels, gap, FALSE);
  thin (contexts, gap, TRUE);
  if (draw)
    {
      draw_labels (labels, build, y, build->ink.muted);
      draw_labels (contexts, build, y + build->line, build->ink.muted);
    }
  return build->line * (contexts->len > 0 ? 2 : 1);
}

/* Whether labels on two lines leave every word whole. */
static gboolean
words_fit (const BvPlaceAxis *axis, BvBuild *build, double width)
{
  for (guint i = 0; i < axis->n; i++)
    {
      g_autofree char *text = bv_matrix_x_label (axis->matrix, axis->first + i, build->locale);
      g_auto(GStrv) words = g_strsplit (text, " ", -1);

      for (guint k = 0; words[k] != NULL; k++)
        if (bv_text_width (build->text, words[k], build->size, FALSE) > width)
          return FALSE;
    }
  return TRUE;
}

static double
layout_categories (const BvPlaceAxis *axis, BvBuild *build, double max_height, gboolean draw, double y)
{
  double band = bv_place_axis_band (axis);
  double gap = build->size * 0.7;
  double drop = build->line * 0.36;
  guint stride = 1;
  gboolean whole, level, two;
  double widest = 0;
  double length;

  /* Turned labels need this much band each; with less, only every k-th is shown. */
  if (band * G_SQRT2 / 2 < build->line * 1.05)
    stride = (guint) ceil (build->line * 1.05 / (band * G_SQRT2 / 2));
  for (guint i = 0; i < axis->n && widest <= axis->width; i += stride)
    {
      g_autofree char *text = bv_matrix_x_label (axis->matrix, axis->first + i, build->locale);

      widest = MAX (widest, bv_text_width (build->text, text, build->size, FALSE));
    }
  whole = stride == 1 && widest + gap * 0.5 <= band;
  level = whole || (stride == 1 && band > build->size * 9);
  if (max_height < build->size * 4 || axis->n == 1)
    level = TRUE;
  two = !whole && stride == 1 && band > build->size * 6.5 && max_height >= build->line * 2.5 &&
        (words_fit (axis, build, band - gap * 0.5) || band > build->size * 9);
  if (two)
    {
      for (guint i = 0; draw && i < axis->n; i++)
        {
          g_autofree char *text = bv_matrix_x_label (axis->matrix, axis->first + i, build->locale);
          g_auto(GStrv) lines = bv_text_wrap (build->text, text, build->size, FALSE, band - gap * 0.5, 2);

          for (guint k = 0; lines[k] != NULL; k++)
            if (*lines[k] != '\0')
              bv_build_label (build, BV_TEXT_AXIS_X, lines[k], bv_place_axis_map (axis, i), y + k * build->line, 0.5,
                              build->ink.muted);
        }
      return build->line * 2;
    }
  if (level)
    {
      g_autoptr(GArray) labels = g_array_new (FALSE, FALSE, sizeof (Label));

      g_array_set_clear_func (labels, label_clear);
      /* On a single line rather every second name than all of them cut. */
      if (max_height < build->size * 4)
        stride = (guint) MAX (1, ceil ((MIN (widest, build->size * 7) + gap * 0.5) / band));
      for (guint i = 0; draw && i < axis->n; i += stride)
        {
          g_autofree char *text = bv_matrix_x_label (axis->matrix, axis->first + i, build->locale);

          add_label (labels, build,
                     bv_text_fit (build->text, text, build->size, FALSE, axis->n == 1 ? axis->width : band * stride - gap * 0.5),
                     bv_place_axis_map (axis, i));
        }
      thin (labels, gap * 0.5, FALSE);
      draw_labels (labels, build, y, build->ink.muted);
      return build->line;
    }
  /* Turned: the end of the text at the place, its start down to the left. */
  length = MIN (widest, (max_height - 2 * drop) * G_SQRT2);
  for (guint i = 0; draw && i < axis->n; i += stride)
    {
      double x = bv_place_axis_map (axis, i);
      double room = MIN (length, (x - drop - 1) * G_SQRT2);
      g_autofree char *text = bv_matrix_x_label (axis->matrix, axis->first + i, build->locale);
      g_autofree char *fitted = bv_text_fit (build->text, text, build->size, FALSE, MAX (room, 0));

      if (*fitted != '\0')
        bv_build_label (build, BV_TEXT_AXIS_X, fitted, x, y + drop - build->line / 2, 1, build->ink.muted)->angle = TURNED;
    }
  return length / G_SQRT2 + 2 * drop;
}

double
bv_place_axis_layout (const BvPlaceAxis *axis, BvBuild *build, double max_height, gboolean draw, double y)
{
  if (axis->matrix->is_time)
    return layout_time (axis, build, draw, y);
  if (axis->matrix->n_dims == 0)
    return 0;
  return layout_categories (axis, build, max_height, draw, y);
}

double
bv_place_axis_width (const BvPlaceAxis *axis, BvBuild *build, double max_width)
{
  double width = 0;

  if (!axis->matrix->is_time && axis->matrix->n_dims == 0)
    return 0;
  for (guint i = 0; i < axis->n && width < max_width; i++)
    {
      g_autofree char *text = bv_matrix_x_label (axis->matrix, axis->first + i, build->locale);

      width = MAX (width, bv_text_width (build->text, text, build->size, FALSE));
    }
  return MIN (width, max_width);
}

void
bv_place_axis_draw_vertical (const BvPlaceAxis *axis, BvBuild *build, double right, double max_width)
{
  double band = bv_place_axis_band (axis);
  guint stride = band < build->line ? (guint) ceil (build->line / band) : 1;

  if (!axis->matrix->is_time && axis->matrix->n_dims == 0)
    return;
  for (guint i = 0; i < axis->n; i += stride)
    {
      double y = bv_place_axis_map (axis, i) - build->line / 2;
      g_autofree char *text = bv_matrix_x_label (axis->matrix, axis->first + i, build->locale);
      g_autofree char *fitted = bv_text_fit (build->text, text, build->size, FALSE, max_width);

      /* A label of the last thin row must not reach into the value labels below. */
      if (*fitted != '\0' && y >= 0 && y + build->line <= MIN (axis->x0 + axis->width + build->size * 0.35, build->height))
        bv_build_label (build, BV_TEXT_AXIS_Y, fitted, right, y, 1, build->ink.muted);
    }
}

/* --- Value labels ----------------------------------------------------------------------------------------------------------- */

struct _BvLabelSpace
{
  BvBuild *build;
  GArray *boxes; /* double x 4 */
};

BvLabelSpace *
bv_label_space_new (BvBuild *build)
{
  BvLabelSpace *self = g_new0 (BvLabelSpace, 1);

  self->build = build;
  self->boxes = g_array_new (FALSE, FALSE, 4 * sizeof (double));
  return self;
}

void
bv_label_space_free (BvLabelSpace *self)
{
  g_array_unref (self->boxes);
  g_free (self);
}

void
bv_label_space_block (BvLabelSpace *self, double x, double y, double width, double height)
{
  double box[4] = { x, y, x + width, y + height };

  g_array_append_vals (self->boxes, box, 1);
}

gboolean
bv_label_space_add (BvLabelSpace *self, const char *text, double x, double y, double align, BvColour colour, int mark)
{
  BvScene *scene = self->build->scene;
  double width = bv_text_width (self->build->text, text, self->build->size, FALSE);
  double box[4] = { x - align * width, y, x - align * width + width, y + self->build->line };

  if (box[0] < scene->plot_x - 1 || box[2] > MIN (scene->plot_x + scene->plot_width + self->build->size, self->build->width) ||
      box[1] < 0 || box[3] > scene->plot_y + scene->plot_height + 1)
    return FALSE;
  for (guint i = 0; i < self->boxes->len; i++)
    {
      const double *b = &((double *) (gpointer) self->boxes->data)[4 * i];

      if (box[0] < b[2] + 1 && b[0] < box[2] + 1 && box[1] < b[3] && b[1] < box[3])
        return FALSE;
    }
  g_array_append_vals (self->boxes, box, 1);
  bv_build_label (self->build, BV_TEXT_VALUE, text, x, y, align, colour)->mark = mark;
  return TRUE;
}
