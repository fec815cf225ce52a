/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Lines and areas.
 *
 * Where a value is missing the line breaks; a value between two gaps is a dot. A line of more points than there are pixels is
 * reduced: of each pixel column the first, the lowest, the highest and the last value stay, so every extreme is still drawn and can
 * be pointed at. Marks are made for the points that are drawn.
 */
#include "config.h"

#include "bv-chart-private.h"

#include <glib/gi18n-lib.h>
#include <math.h>

static const BvOptionInfo line_options[] = {
  BV_OPTION_LABELS, BV_OPTION_LINE_LEGEND, BV_OPTION_PALETTE, BV_OPTION_ZERO, BV_OPTION_SCALE, BV_OPTION_GOAL, BV_OPTION_REFERENCES, BV_OPTION_FORECAST, BV_OPTION_FACET,
  BV_OPTION_TITLE_LEFT, BV_OPTION_TITLE_RIGHT, BV_OPTION_TITLE_BOTTOM, BV_OPTION_END,
};

static const BvOptionInfo area_options[] = {
  BV_OPTION_STACK, BV_OPTION_LABELS, BV_OPTION_LEGEND, BV_OPTION_PALETTE, BV_OPTION_GOAL, BV_OPTION_REFERENCES, BV_OPTION_FORECAST, BV_OPTION_FACET, BV_OPTION_TITLE_LEFT,
  BV_OPTION_TITLE_RIGHT, BV_OPTION_TITLE_BOTTOM, BV_OPTION_END,
};

static void
build_line (BvBuild *build)
{
  bv_xy_build (build, BV_KIND_LINE);
}

static void
build_area (BvBuild *build)
{
  bv_xy_build (build, BV_KIND_AREA);
}

const BvChartKind bv_chart_line_kind = {
  { "line", N_("Line"), "bv-chart-line-symbolic", 1, -1, 1, -1, FALSE, line_options }, build_line, BV_FACETS_ALONG, bv_facet_series_legend,
};

const BvChartKind bv_chart_area_kind = {
  { "area", N_("Area"), "bv-chart-area-symbolic", 1, -1, 1, -1, FALSE, area_options }, build_area, BV_FACETS_ALONG, bv_facet_series_legend,
};

typedef struct
{
  guint i;      /* place */
  double x, y, base;
  gboolean gap; /* nothing here: the pen is lifted */
} Point;

static void
add_point (GArray *points, BvXy *xy, guint s, guint i, gboolean compare)
{
  Point point = { i, bv_place_axis_map (&xy->places, i), 0, 0, FALSE };
  double from, to;

  if (bv_xy_stack_ends (xy, s, i, compare, &from, &to))
    {
      point.y = bv_linear_map (bv_xy_scale (xy, s), to);
      point.base = bv_linear_map (bv_xy_scale (xy, s), from);
    }
  else
    point.gap = TRUE;
  /* One gap says as much as many. */
  if (point.gap && (points->len == 0 || g_array_index (points, Point, points->len - 1).gap))
    return;
  g_array_append_val (points, point);
}

/* The points to draw, in order. */
static GArray *
reduce (BvXy *xy, guint s, gboolean compare)
{
  const double *values = compare ? bv_xy_series (xy, s)->cv : bv_xy_series (xy, s)->v;
  const guint n = xy->places.n;
  GArray *points = g_array_new (FALSE, FALSE, sizeof (Point));

  if (n <= 4 * MAX (xy->places.width, 32))
    {
      for (guint i = 0; i < n; i++)
        add_point (points, xy, s, i, compare);
      return points;
    }
  values += xy->places.first;
  for (guint i = 0; i < n;)
    {
      double column = floor (bv_place_axis_map (&xy->places, i));
      guint end = i;
      guint step = MAX (1, n / (guint) MAX (xy->places.width, 1));
      guint pick[4];

      /* Finds the end of the pixel column by leaps, then by halving: no instant is mapped that need not be. */
      while (end < n && floor (bv_place_axis_map (&xy->places, end)) <= column)
        end += step;
      {
        guint low = end >= step ? end - step : 0;
        guint high = MIN (end, n);

        low = MAX (low, i);
        while (low + 1 < high)
          {
            guint mid = low + (high - low) / 2;

            if (floor (bv_place_axis_map (&xy->places, mid)) <= column)
              low = mid;
            else
              high = mid;
          }
        end = MAX (high, i + 1);
      }
      for (guint from = i; from < end;)
        {
          guint last = G_MAXUINT;

          if (isnan (values[from]))
            {
              while (from < end && isnan (values[from]))
                from++;
              add_point (points, xy, s, from - 1, compare);
              continue;
            }
          pick[0] = pick[1] = pick[2] = pick[3] = from;
          for (; from < end && !isnan (values[from]); from++)
            {
              if (values[from] < values[pick[1]])
                pick[1] = from;
              if (values[from] > values[pick[2]])
                pick[2] = from;
              pick[3] = from;
            }
          if (pick[1] > pick[2])
            {
              guint swap = pick[1];

              pick[1] = pick[2];
              pick[2] = swap;
            }
          for (guint k = 0; k < 4; k++)
            if (pick[k] != last)
              {
                add_point (points, xy, s, pick[k], compare);
                last = pick[k];
              }
        }
      i = end;
    }
  return points;
}

static gboolean
is_lone (GArray *points, guint p)
{
  return (p == 0 || g_array_index (points, Point, p - 1).gap) &&
         (p + 1 == points->len || g_array_index (points, Point, p + 1).gap);
}

/* A line of several points per pixel is a band: from column to column along the highest values and back along the lowest. Filled it
 * looks as the line would and paints many times faster. */
static void
draw_band (BvXy *xy, GArray *points, BvPart part, BvColour colour)
{
  BvScene *scene = xy->build->scene;
  BvShape *shape = bv_scene_add_path (scene, part);
  g_autoptr(GArray) columns = g_array_new (FALSE, FALSE, 3 * sizeof (double)); /* x, top, bottom */

  shape->fill = colour;
  shape->closed = TRUE;
  for (guint p = 0; p <= points->len; p++)
    {
      Point *point = p < points->len ? &g_array_index (points, Point, p) : NULL;
      double *last = columns->len > 0 ? &((double *) (gpointer) columns->data)[3 * (columns->len - 1)] : NULL;

      if (point != NULL && !point->gap)
        {
          double column[3] = { point->x, point->y - 0.5, point->y + 0.5 };

          if (last != NULL && floor (last[0]) >= floor (point->x))
            {
              last[1] = MIN (last[1], column[1]);
              last[2] = MAX (last[2], column[2]);
            }
          else
            g_array_append_vals (columns, column, 1);
          continue;
        }
      /* Columns are a pixel wide so that a lone spike keeps its full colour to its tip; each reaches to the one before. */
      for (guint c = 1; c < columns->len; c++)
        {
          double *column = &((double *) (gpointer) columns->data)[3 * c];

          column[1] = MIN (column[1], column[-1]);
          column[2] = MAX (column[2], column[-2]);
        }
      for (guint k = 0; k < 2 * columns->len; k++)
        {
          gboolean back = k >= columns->len;
          const double *column = &((double *) (gpointer) columns->data)[3 * (back ? 2 * columns->len - 1 - k : k)];
          double left = MAX (floor (column[0]), xy->places.x0);

          bv_scene_add_point (scene, back ? left + 1 : left, column[back ? 2 : 1]);
          bv_scene_add_point (scene, back ? left : left + 1, column[back ? 2 : 1]);
        }
      if (columns->len > 0)
        bv_scene_add_point (scene, NAN, NAN);
      g_array_set_size (columns, 0);
    }
}

static void
draw_path (BvXy *xy, GArray *points, BvPart part, BvColour colour, double line_width, gboolean dashed)
{
  BvScene *scene = xy->build->scene;
  BvShape *shape;

  if (points->len > 2 * MAX (xy->places.width, 32))
    {
      draw_band (xy, points, part, colour);
      return;
    }
  shape = bv_scene_add_path (scene, part);
  shape->stroke = colour;
  shape->line_width = line_width;
  shape->dashed = dashed;
  for (guint p = 0; p < points->len; p++)
    {
      Point *point = &g_array_index (points, Point, p);

      if (point->gap)
        bv_scene_add_point (scene, NAN, NAN);
      else if (!is_lone (points, p))
        bv_scene_add_point (scene, point->x, point->y);
    }
}

/* Dots where the line alone would not show a value, or where there are few enough to be seen one by one. */
static void
draw_dots (BvXy *xy, GArray *points, BvPart part, BvColour colour, double r)
{
  gboolean few = points->len > 0 && xy->places.width / points->len > xy->build->size * 3.2;

  for (guint p = 0; p < points->len; p++)
    {
      Point *point = &g_array_index (points, Point, p);

      if (!point->gap && (few || is_lone (points, p)))
        bv_scene_add_circle (xy->build->scene, part, point->x, point->y, r, colour);
    }
}

static void
add_marks (BvXy *xy, guint s, GArray *points, gboolean compare)
{
  for (guint p = 0; p < points->len; p++)
    {
      Point *point = &g_array_index (points, Point, p);

      if (!point->gap)
        bv_xy_add_mark (xy, s, point->i, compare, BV_MARK_POINT, point->x - 4, point->y - 4, 8, 8);
    }
}

/* Whether a line passes through a box. Its points ascend along x. */
static gboolean
line_crosses (GArray *points, double x0, double y0, double x1, double y1)
{
  guint low = 0, high = points->len;

  while (low < high)
    {
      guint middle = (low + high) / 2;

      if (g_array_index (points, Point, middle).x < x0)
        low = middle + 1;
      else
        high = middle;
    }
  for (guint p = MAX (low, 1); p < points->len; p++)
    {
      const Point *a = &g_array_index (points, Point, p - 1), *b = &g_array_index (points, Point, p);
      double from = MAX (a->x, x0), to = MIN (b->x, x1), slope = b->x > a->x ? (b->y - a->y) / (b->x - a->x) : 0;
      double ya = a->y + (from - a->x) * slope, yb = a->y + (to - a->x) * slope;

      if (a->x > x1)
        break;
      if (!a->gap && !b->gap && from <= to && MAX (ya, yb) > y0 && MIN (ya, yb) < y1)
        return TRUE;
    }
  return FALSE;
}

/* The last and the extreme values are labelled first, the others where there is room; none across one of the other @lines (the points of each
 * shown series, NULL where it is no line). */
static void
label_points (BvXy *xy, guint s, GArray *points, const GPtrArray *lines)
{
  BvSeries *series = bv_xy_series (xy, s);
  guint lowest = 0, highest = 0, last = 0;

  for (guint p = 0; p < points->len; p++)
    {
      if (g_array_index (points, Point, p).gap)
        continue;
      if (g_array_index (points, Point, last).gap)
        lowest = highest = p;
      last = p;
      if (g_array_index (points, Point, p).y > g_array_index (points, Point, lowest).y)
        lowest = p;
      if (g_array_index (points, Point, p).y < g_array_index (points, Point, highest).y)
        highest = p;
    }
  for (guint k = 0; k < points->len + 3 && k < 400; k++)
    {
      guint p = k == 0 ? last : k == 1 ? highest : k == 2 ? lowest : k - 3;
      Point *point;
      g_autofree char *text = NULL;
      gboolean below, crossed = FALSE;
      double top, half;

      if (p >= points->len || (k >= 3 && (p == last || p == highest || p == lowest)))
        continue;
      point = &g_array_index (points, Point, p);
      if (point->gap)
        continue;
      {
        Point *before = p > 0 ? &g_array_index (points, Point, p - 1) : NULL;
        Point *after = p + 1 < points->len ? &g_array_index (points, Point, p + 1) : NULL;
        gboolean up = (before == NULL || before->gap || before->y >= point->y) && (after == NULL || after->gap || after->y >= point->y);
        gboolean down = (before == NULL || before->gap || before->y <= point->y) && (after == NULL || after->gap || after->y <= point->y);

        /* On a slope a label would lie on the line. */
        if (!up && !down)
          continue;
        below = down && !up;
      }
      text = bv_xy_format_value (xy, s, point->i);
      top = below ? point->y + xy->build->size * 0.4 : point->y - xy->build->line - xy->build->size * 0.3;
      half = bv_text_width (xy->build->text, text, xy->build->size, FALSE) / 2;
      for (guint other = 0; lines != NULL && other < lines->len && !crossed; other++)
        crossed = other != s && lines->pdata[other] != NULL &&
                  line_crosses (lines->pdata[other], point->x - half, top + 2, point->x + half, top + xy->build->line - 2);
      if (crossed)
        continue;
      bv_label_space_add (xy->space, text, point->x, top, 0.5,
                          bv_colour_contrast (series->colour, xy->build->ink.background) > 4.5 ? series->colour
                                                                                              : xy->build->ink.text,
                          -1);
    }
}

static void
draw_compare (BvXy *xy, guint s)
{
  BvSeries *series = bv_xy_series (xy, s);
  g_autoptr(GArray) points = NULL;

  if (series->cv == NULL)
    return;
  points = reduce (xy, s, TRUE);
  add_marks (xy, s, points, TRUE);
  draw_path (xy, points, BV_PART_COMPARE, bv_colour_alpha (series->colour, 0.65), 1.5, TRUE);
  draw_dots (xy, points, BV_PART_COMPARE, bv_colour_alpha (series->colour, 0.65), 2);
}

static void
clear_points (gpointer points)
{
  if (points != NULL)
    g_array_unref (points);
}

void
bv_xy_draw_lines (BvXy *xy)
{
  double line_width = MAX (1, xy->build->size * 0.2);
  g_autoptr(GPtrArray) lines = g_ptr_array_new_with_free_func (clear_points);

  g_ptr_array_set_size (lines, (int) xy->n_shown);
  for (guint s = 0; s < xy->n_shown; s++)
    if (bv_xy_series (xy, s)->kind == BV_KIND_LINE)
      draw_compare (xy, s);
  for (guint s = 0; s < xy->n_shown; s++)
    {
      GArray *points;
      BvSeries *series = bv_xy_series (xy, s);

      if (series->kind != BV_KIND_LINE)
        continue;
      points = lines->pdata[s] = reduce (xy, s, FALSE);
      draw_path (xy, points, BV_PART_DATA, series->colour, points->len > xy->places.width ? 1 : line_width, FALSE);
      draw_dots (xy, points, BV_PART_DATA, series->colour, line_width * 1.5);
      add_marks (xy, s, points, FALSE);
    }
  for (guint s = 0; xy->space != NULL && s < xy->n_shown; s++)
    if (lines->pdata[s] != NULL)
      label_points (xy, s, lines->pdata[s], lines);
}

/* The outline of a run of points: along the values, back along their bases. */
static void
fill_run (BvXy *xy, GArray *points, guint from, guint to, BvColour fill)
{
  BvScene *scene = xy->build->scene;
  BvShape *shape;

  if (to - from < 2)
    return;
  shape = bv_scene_add_path (scene, BV_PART_DATA);
  shape->fill = fill;
  shape->closed = TRUE;
  for (guint p = from; p < to; p++)
    bv_scene_add_point (scene, g_array_index (points, Point, p).x, g_array_index (points, Point, p).y);
  for (guint p = to; p-- > from;)
    bv_scene_add_point (scene, g_array_index (points, Point, p).x, g_array_index (points, Point, p).base);
}

void
bv_xy_draw_areas (BvXy *xy)
{
  double line_width = MAX (1, xy->build->size * 0.18);

  for (guint s = 0; s < xy->n_shown; s++)
    {
      BvSeries *series = bv_xy_series (xy, s);
      g_autoptr(GArray) points = NULL;
      guint from = 0;

      if (series->kind != BV_KIND_AREA)
        continue;
      points = reduce (xy, s, FALSE);
      for (guint p = 0; p <= points->len; p++)
        if (p == points->len || g_array_index (points, Point, p).gap)
          {
            fill_run (xy, points, from, p, bv_colour_alpha (series->colour, xy->stack == BV_STACK_NONE ? 0.22 : 0.55));
            from = p + 1;
          }
      draw_path (xy, points, BV_PART_DATA, series->colour, points->len > xy->places.width ? 1 : line_width, FALSE);
      draw_dots (xy, points, BV_PART_DATA, series->colour, line_width * 1.5);
      add_marks (xy, s, points, FALSE);
      if (xy->space != NULL)
        label_points (xy, s, points, NULL);
      draw_compare (xy, s);
    }
}
