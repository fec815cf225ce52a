/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The names of the series, beside or below the plot.
 *
 * A legend may take at most a third of the width at the right or three rows (and a quarter of the height) at the bottom. What does
 * not fit is counted in a last entry "+ 12 more", so nothing vanishes silently. Series switched off stay, faded, to be switched on.
 */
#include "config.h"

#include "bv-chart-private.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

#define MAX_ROWS 3

typedef struct
{
  BvBuild *build;
  const BvLegendItem *items;
  guint n;
  double swatch, gap, row;
} Legend;

static void
draw_item (Legend *self, const BvLegendItem *item, double x, double y, double max_width)
{
  BvBuild *build = self->build;
  g_autofree char *label = bv_text_fit (build->text, item->label, build->size, FALSE, max_width - self->swatch - self->gap);
  BvColour colour = item->hidden ? bv_colour_alpha (build->ink.muted, 0.35) : item->colour;
  double middle = y + self->row / 2;
  BvTextRun *run;

  if (item->compare)
    bv_scene_add_line (build->scene, BV_PART_LEGEND, x, middle, x + self->swatch, middle, bv_colour_alpha (colour, 0.7), 2)->dashed =
      TRUE;
  else if (item->kind == BV_KIND_LINE)
    bv_scene_add_line (build->scene, BV_PART_LEGEND, x, middle, x + self->swatch, middle, colour, 2.5);
  else
    {
      double side = self->swatch * 0.8;

      bv_scene_add_rect (build->scene, BV_PART_LEGEND, x + (self->swatch - side) / 2, middle - side / 2, side, side, colour)->r0 = 2;
    }
  run = bv_build_label (build, BV_TEXT_LEGEND, label, x + self->swatch + self->gap, middle - build->line / 2, 0,
                        item->hidden ? bv_colour_alpha (build->ink.muted, 0.6) : build->ink.text);
  if (item->name != NULL)
    {
      BvLegendHit hit = { x, y, self->swatch + self->gap + run->width, self->row, bv_scene_intern (build->scene, item->name),
                          bv_scene_intern (build->scene, item->label), item->hidden };

      g_array_append_val (build->scene->legend, hit);
    }
}

static void
draw_more (Legend *self, guint n, double x, double y, double max_width)
{
  g_autofree char *text = g_strdup_printf (ngettext ("+ %u more", "+ %u more", n), n);
  gboolean fits = bv_text_width (self->build->text, text, self->build->size, FALSE) <= max_width;
  g_autofree char *fitted = fits ? g_strdup (text) : g_strdup_printf ("+%u", n);

  bv_build_label (self->build, BV_TEXT_LEGEND, fitted, x, y + (self->row - self->build->line) / 2, 0, self->build->ink.muted);
}

static double
item_width (Legend *self, guint i)
{
  return self->swatch + self->gap + bv_text_width (self->build->text, self->items[i].label, self->build->size, FALSE);
}

static gboolean
legend_right (Legend *self)
{
  BvBuild *build = self->build;
  guint fit = (guint) MAX (0, floor (build->h / self->row));
  guint shown = self->n <= fit ? self->n : fit > 0 ? fit - 1 : 0;
  double width = 0;
  double x, y;

  if (shown == 0)
    return FALSE;
  for (guint i = 0; i < shown; i++)
    width = MAX (width, item_width (self, i));
  width = MIN (width + 1, build->w * 0.32);
  if (width < build->size * 4)
    return FALSE;
  x = build->x + build->w - width;
  y = build->y + MAX (0, MIN (build->size, (build->h - (shown + 1) * self->row) / 2));
  for (guint i = 0; i < shown; i++)
    draw_item (self, &self->items[i], x, y + i * self->row, width);
  if (shown < self->n)
    draw_more (self, self->n - shown, x, y + shown * self->row, width);
  build->w -= width + build->size * 1.6;
  return TRUE;
}

/* Lays rows out; draws them when @y is not NAN. Returns the number of items that found a place in @max_rows. */
static guint
flow (Legend *self, guint max_rows, double y, guint *rows)
{
  BvBuild *build = self->build;
  double space = build->size * 1.4;
  g_autofree char *more = g_strdup_printf (ngettext ("+ %u more", "+ %u more", self->n), self->n);
  double more_width = bv_text_width (build->text, more, build->size, FALSE) + space;
  double cap = MIN (build->w * 0.5, build->size * 18);
  double x = 0;
  guint row = 0;
  guint i;

  for (i = 0; i < self->n; i++)
    {
      double width = MIN (item_width (self, i) + 1, MAX (cap, build->w / self->n - space));
      double keep = i + 1 < self->n && row + 1 == max_rows ? more_width : 0;

      width = MIN (width, build->w);
      if (x + width + keep > build->w && x > 0)
        {
          if (row + 1 == max_rows)
            break;
          row++;
          x = 0;
        }
      if (!isnan (y))
        draw_item (self, &self->items[i], build->x + x, y + row * self->row, width);
      x += width + space;
    }
  if (i < self->n && !isnan (y) && x < build->w - more_width * 0.5)
    draw_more (self, self->n - i, build->x + x, y + row * self->row, build->w - x);
  *rows = row + 1;
  return i;
}

static gboolean
legend_bottom (Legend *self)
{
  BvBuild *build = self->build;
  guint max_rows = (guint) CLAMP (floor (build->h * 0.25 / self->row), 0, MAX_ROWS);
  guint rows;
  double height;

  if (max_rows == 0)
    return FALSE;
  flow (self, max_rows, NAN, &rows);
  height = rows * self->row;
  flow (self, max_rows, build->y + build->h - height, &rows);
  build->h -= height + build->size * 0.5;
  return TRUE;
}

void
bv_legend_add (BvBuild *build, const BvLegendItem *items, guint n)
{
  const char *where = bv_chart_spec_choice (build->spec, "legend");
  Legend self = { build, items, n, build->size * 1.1, build->size * 0.5, build->line * 1.25 };
  guint rows = 0;

  if (n < 2 || build->panel != NULL || strcmp (where, "none") == 0 || build->w < build->size * 12 || build->h < build->size * 8)
    return;
  if (strcmp (where, "right") == 0)
    {
      if (!legend_right (&self))
        legend_bottom (&self);
      return;
    }
  if (strcmp (where, "bottom") == 0)
    {
      legend_bottom (&self);
      return;
    }
  /* One quiet row below reads best; a long list stands at the right when the chart is wide enough. */
  if (flow (&self, 1, NAN, &rows) == n && legend_bottom (&self))
    return;
  if (build->w > build->size * 40 && build->w > build->h && legend_right (&self))
    return;
  legend_bottom (&self);
}

void
bv_legend_add_series (BvBuild *build, BvMatrix *matrix)
{
  g_autoptr(GArray) items = g_array_new (FALSE, FALSE, sizeof (BvLegendItem));

  for (guint i = 0; i < matrix->series->len; i++)
    {
      BvSeries *series = g_ptr_array_index (matrix->series, i);
      BvLegendItem item = { series->label, series->name, series->colour, series->kind, series->hidden, FALSE };

      g_array_append_val (items, item);
      if (series->cv != NULL && matrix->series->len <= 3)
        {
          const char *name = bv_frame_get_column (build->frame, (guint) series->compare)->name;
          BvLegendItem past = { name, NULL, series->colour, series->kind, series->hidden, TRUE };

          if (series->kind == BV_KIND_BAR)
            {
              past.compare = FALSE;
              past.colour = bv_colour_mix (build->ink.background, series->colour, 0.4);
            }
          g_array_append_val (items, past);
        }
    }
  for (guint i = 0; i < matrix->series->len; i++)
    if (((BvSeries *) g_ptr_array_index (matrix->series, i))->forecast != NULL)
      {
        BvLegendItem forecast = { _("Forecast"), NULL, build->ink.muted, BV_KIND_LINE, FALSE, TRUE };

        g_array_append_val (items, forecast);
        break;
      }
  bv_legend_add (build, (const BvLegendItem *) (gpointer) items->data, items->len);
}
