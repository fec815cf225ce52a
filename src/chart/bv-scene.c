/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The scene's data: building it, finding what is under a point, walking its marks. */
#include "config.h"

#include "bv-scene.h"

#include <math.h>

/* How far from a point the pointer may be to count as on it. */
#define HIT_DISTANCE 24.0

BvScene *
bv_scene_new (BvFrame *frame, BvLocale *locale, double width, double height)
{
  BvScene *scene = g_atomic_rc_box_new0 (BvScene);

  scene->width = width;
  scene->height = height;
  scene->shapes = g_array_new (FALSE, FALSE, sizeof (BvShape));
  scene->points = g_array_new (FALSE, FALSE, sizeof (double));
  scene->texts = g_array_new (FALSE, FALSE, sizeof (BvTextRun));
  scene->marks = g_array_new (FALSE, FALSE, sizeof (BvSceneMark));
  scene->legend = g_array_new (FALSE, FALSE, sizeof (BvLegendHit));
  scene->times = g_array_new (FALSE, FALSE, sizeof (BvSceneTime));
  scene->panels = g_array_new (FALSE, FALSE, sizeof (BvPanelRect));
  scene->strings = g_string_chunk_new (1024);
  scene->frame = frame != NULL ? bv_frame_ref (frame) : NULL;
  scene->locale = locale != NULL ? bv_locale_ref (locale) : NULL;
  return scene;
}

static void
scene_clear (gpointer data)
{
  BvScene *scene = data;

  g_free (scene->font_family);
  g_free (scene->alternative);
  g_array_unref (scene->shapes);
  g_array_unref (scene->points);
  g_array_unref (scene->texts);
  g_array_unref (scene->marks);
  g_array_unref (scene->legend);
  g_array_unref (scene->panels);
  g_array_unref (scene->times);
  g_string_chunk_free (scene->strings);
  g_clear_pointer (&scene->labels, g_ptr_array_unref);
  g_clear_pointer (&scene->frame, bv_frame_unref);
  g_clear_pointer (&scene->locale, bv_locale_unref);
}

BvScene *
bv_scene_ref (BvScene *scene)
{
  return g_atomic_rc_box_acquire (scene);
}

void
bv_scene_unref (BvScene *scene)
{
  g_atomic_rc_box_release_full (scene, scene_clear);
}

const char *
bv_scene_intern (BvScene *scene, const char *text)
{
  return g_string_chunk_insert (scene->strings, text);
}

static BvShape *
add_shape (BvScene *scene, BvShapeKind kind, BvPart part)
{
  BvShape shape = { .kind = kind, .part = part, .mark = -1, .line_width = 1 };

  g_array_append_val (scene->shapes, shape);
  return bv_scene_shape (scene, scene->shapes->len - 1);
}

BvShape *
bv_scene_add_rect (BvScene *scene, BvPart part, double x, double y, double width, double height, BvColour fill)
{
  BvShape *shape = add_shape (scene, BV_SHAPE_RECT, part);

  shape->x = x;
  shape->y = y;
  shape->width = MAX (width, 0);
  shape->height = MAX (height, 0);
  shape->fill = fill;
  return shape;
}

BvShape *
bv_scene_add_path (BvScene *scene, BvPart part)
{
  BvShape *shape = add_shape (scene, BV_SHAPE_PATH, part);

  shape->first = scene->points->len / 2;
  return shape;
}

void
bv_scene_add_point (BvScene *scene, double x, double y)
{
  double point[2] = { x, y };

  g_assert (scene->shapes->len > 0);
  g_array_append_vals (scene->points, point, 2);
  bv_scene_shape (scene, scene->shapes->len - 1)->n++;
}

BvShape *
bv_scene_add_line (BvScene *scene, BvPart part, double x0, double y0, double x1, double y1, BvColour stroke, double line_width)
{
  bv_scene_add_path (scene, part);
  bv_scene_add_point (scene, x0, y0);
  bv_scene_add_point (scene, x1, y1);
  {
    BvShape *shape = bv_scene_shape (scene, scene->shapes->len - 1);

    shape->stroke = stroke;
    shape->line_width = line_width;
    return shape;
  }
}

BvShape *
bv_scene_add_circle (BvScene *scene, BvPart part, double x, double y, double r, BvColour fill)
{
  BvShape *shape = add_shape (scene, BV_SHAPE_CIRCLE, part);

  shape->x = x;
  shape->y = y;
  shape->r1 = r;
  shape->fill = fill;
  return shape;
}

BvShape *
bv_scene_add_sector (BvScene *scene, BvPart part, double x, double y, double r0, double r1, double a0, double a1, BvColour fill)
{
  BvShape *shape = add_shape (scene, BV_SHAPE_SECTOR, part);

  shape->x = x;
  shape->y = y;
  shape->r0 = r0;
  shape->r1 = r1;
  shape->a0 = a0;
  shape->a1 = a1;
  shape->fill = fill;
  return shape;
}

BvTextRun *
bv_scene_add_text (BvScene *scene, BvTextRole role, const char *text, double x, double y, double width, double height,
                   double align, double size, BvColour colour)
{
  BvTextRun run = {
    .role = role, .text = bv_scene_intern (scene, text), .x = x, .y = y, .width = width, .height = height,
    .align = align, .size = size, .colour = colour, .mark = -1,
  };

  g_array_append_val (scene->texts, run);
  return bv_scene_text (scene, scene->texts->len - 1);
}

BvSceneMark *
bv_scene_add_mark (BvScene *scene, BvMarkKind kind, guint row, int column, int series, double x, double y, double width,
                   double height)
{
  BvSceneMark mark = {
    .mark = { x, y, width, height, row, column, series, NULL },
    .kind = kind, .x = x + width / 2, .y = y + height / 2, .shape = -1, .also = { -1, -1 }, .share = NAN,
  };

  g_array_append_val (scene->marks, mark);
  return bv_scene_mark (scene, scene->marks->len - 1);
}

void
bv_text_run_corners (const BvTextRun *run, double corners[8])
{
  double ax = run->x + run->align * run->width;
  double ay = run->y + run->height / 2;
  double c = cos (run->angle);
  double s = sin (run->angle);
  double dx[4] = { run->x - ax, run->x + run->width - ax, run->x + run->width - ax, run->x - ax };
  double dy[4] = { -run->height / 2, -run->height / 2, run->height / 2, run->height / 2 };

  for (int i = 0; i < 4; i++)
    {
      corners[2 * i] = ax + dx[i] * c - dy[i] * s;
      corners[2 * i + 1] = ay + dx[i] * s + dy[i] * c;
    }
}

/* --- Marks ------------------------------------------------------------------------------------------------------------ */

guint
bv_scene_get_n_marks (BvScene *scene)
{
  return scene->marks->len;
}

static const char *
column_label (BvScene *scene, guint column)
{
  const char *label = scene->labels != NULL ? g_ptr_array_index (scene->labels, column) : NULL;

  return label != NULL ? label : bv_frame_get_column (scene->frame, column)->name;
}

/* The lines of a mark's tooltip: where it is, what it is worth, what it was. */
static char *
mark_text (BvScene *scene, const BvSceneMark *scene_mark)
{
  const BvMark *mark = &scene_mark->mark;
  GString *out = g_string_new (NULL);
  g_autoptr(GString) lines = NULL;
  guint n = bv_frame_get_n_columns (scene->frame);
  /* A mark of the compared period says the same as the one beside it, its own number first. */
  int shown = scene_mark->before ? bv_frame_get_column (scene->frame, (guint) mark->column)->of : mark->column;
  BvColumn *metric = shown >= 0 ? bv_frame_get_column (scene->frame, (guint) shown) : NULL;

  if (mark->row == BV_ROW_NONE)
    return g_string_free (out, FALSE);
  if (mark->row != G_MAXUINT)
    for (guint c = 0; c < n; c++)
      {
        BvColumn *column = bv_frame_get_column (scene->frame, c);
        g_autofree char *cell = NULL;

        if (column->role != BV_ROLE_TIME && column->role != BV_ROLE_DIMENSION && column->role != BV_ROLE_SERIES)
          continue;
        if ((int) c == shown)
          continue;
        cell = bv_frame_format (scene->frame, c, mark->row, scene->locale);
        g_string_append_printf (out, "%s%s", out->len > 0 ? " · " : "", cell);
      }
  if (metric == NULL)
    return g_string_free (out, FALSE);
  lines = g_string_new (NULL);
  {
    g_autofree char *value = mark->row != G_MAXUINT
                               ? bv_frame_format (scene->frame, (guint) shown, mark->row, scene->locale)
                               : bv_locale_format (scene->locale, &metric->total, &metric->format, BV_GRAIN_NONE);

    g_string_append_printf (lines, "\n%s: %s", column_label (scene, (guint) shown), value);
  }
  for (guint c = 0; c < n; c++)
    {
      BvColumn *column = bv_frame_get_column (scene->frame, c);

      if (column->role == BV_ROLE_COMPARE && column->of == shown)
        {
          g_autofree char *value = mark->row != G_MAXUINT
                                     ? bv_frame_format (scene->frame, c, mark->row, scene->locale)
                                     : bv_locale_format (scene->locale, &metric->total_compare, &metric->format, BV_GRAIN_NONE);
          g_autofree char *line = g_strdup_printf ("\n%s: %s", column->name, value);

          g_string_insert (lines, scene_mark->before ? 0 : -1, line);
        }
    }
  g_string_append (out, out->len > 0 ? lines->str : lines->str + 1);
  for (guint i = 0; i < G_N_ELEMENTS (scene_mark->also) && scene_mark->also[i] >= 0 && mark->row != G_MAXUINT; i++)
    {
      g_autofree char *value = bv_frame_format (scene->frame, (guint) scene_mark->also[i], mark->row, scene->locale);

      g_string_append_printf (out, "\n%s: %s", column_label (scene, (guint) scene_mark->also[i]), value);
    }
  return g_string_free (out, FALSE);
}

char *
bv_scene_percent (BvLocale *locale, double share)
{
  BvFormat percent = BV_FORMAT_INIT;

  if (!isfinite (share))
    return g_strdup ("–");
  percent.kind = BV_FORMAT_PERCENT;
  percent.decimals = fabs (share) < 0.9995 ? 1 : 0;
  return bv_locale_format_double (locale, share, &percent);
}

/* The text's last line. */
static char *
share_line (BvScene *scene, const BvSceneMark *mark)
{
  g_autofree char *share = bv_scene_percent (scene->locale, mark->share);
  g_auto(GStrv) around = NULL;

  if (mark->share_text == NULL)
    return g_steal_pointer (&share);
  around = g_strsplit (mark->share_text, "%s", 2);
  return g_strconcat (around[0], share, around[1], NULL);
}

const BvMark *
bv_scene_get_mark (BvScene *scene, guint i)
{
  BvSceneMark *mark;

  g_return_val_if_fail (i < scene->marks->len, NULL);
  mark = bv_scene_mark (scene, i);
  if (mark->mark.text == NULL && scene->frame != NULL && scene->locale != NULL)
    {
      g_autofree char *text = mark_text (scene, mark);

      mark->mark.text = bv_scene_intern (scene, text);
    }
  if (!isnan (mark->share) && scene->locale != NULL)
    {
      g_autofree char *share = share_line (scene, mark);
      g_autofree char *whole = g_strconcat (mark->mark.text != NULL ? mark->mark.text : "", "\n", share, NULL);

      mark->mark.text = bv_scene_intern (scene, whole);
      mark->share = NAN;
    }
  return &mark->mark;
}

static gboolean
in_sector (const BvSceneMark *mark, double x, double y)
{
  double dx = x - mark->x;
  double dy = y - mark->y;
  double r = hypot (dx, dy);
  double a = atan2 (dx, -dy);

  if (a < 0)
    a += 2 * G_PI;
  return r >= mark->r0 && r <= mark->r1 && a >= mark->a0 && a <= mark->a1;
}

/* Of any number of rings: by the edges that a ray to the right crosses. */
gboolean
bv_scene_path_holds (BvScene *scene, const BvShape *shape, double x, double y)
{
  gboolean inside = FALSE;
  const double *start = NULL, *last = NULL;

  for (guint i = 0; i <= shape->n; i++)
    {
      const double *p = i < shape->n ? bv_scene_point (scene, shape->first + i) : NULL;
      const double *to = p == NULL || isnan (p[0]) ? start : p;

      if (last != NULL && to != NULL && (last[1] > y) != (to[1] > y) && x < (to[0] - last[0]) * (y - last[1]) / (to[1] - last[1]) + last[0])
        inside = !inside;
      start = to != p ? NULL : start == NULL ? p : start;
      last = to != p ? NULL : p;
    }
  return inside;
}

static gboolean
in_plot (BvScene *scene, double x, double y)
{
  return scene->has_plot && x >= scene->plot_x && x <= scene->plot_x + scene->plot_width && y >= scene->plot_y &&
         y <= scene->plot_y + scene->plot_height;
}

/* Of the points that are as near along x, but for half a pixel, the nearest along y: the lines of a dense chart have theirs at other instants. Where
 * the compared period has the same value it is the current one's. */
static int
nearest_along_y (BvScene *scene, int first, int last, double x, double y, double nearest_x)
{
  int nearest = -1;
  double nearest_y = G_MAXDOUBLE;

  for (int i = last; i >= first; i--)
    {
      const BvSceneMark *mark = bv_scene_mark (scene, i);
      double dy = fabs (mark->y - y);

      if (mark->kind == BV_MARK_POINT && fabs (mark->x - x) <= nearest_x + 0.5
          && (dy < nearest_y || (dy <= nearest_y && bv_scene_mark (scene, nearest)->before)))
        {
          nearest = i;
          nearest_y = dy;
        }
    }
  return nearest;
}

int
bv_scene_hit (BvScene *scene, double x, double y)
{
  int nearest = -1;
  double nearest_x = G_MAXDOUBLE;
  gboolean inside = in_plot (scene, x, y);
  int first = 0, last = (int) scene->marks->len - 1;

  for (guint i = 0; i < scene->panels->len; i++)
    {
      const BvPanelRect *panel = &g_array_index (scene->panels, BvPanelRect, i);

      if (x < panel->x || x > panel->x + panel->width || y < panel->y || y > panel->y + panel->height)
        continue;
      inside = TRUE;
      first = (int) panel->first_mark;
      last = first + (int) panel->n_marks - 1;
    }
  for (int i = last; i >= first; i--)
    {
      const BvSceneMark *mark = bv_scene_mark (scene, i);

      switch (mark->kind)
        {
        case BV_MARK_SECTOR:
          if (in_sector (mark, x, y))
            return i;
          break;
        case BV_MARK_PATH:
          if (mark->shape >= 0 && bv_scene_shape (scene, mark->shape)->n > 2 && bv_scene_path_holds (scene, bv_scene_shape (scene, mark->shape), x, y))
            return i;
          break;
        case BV_MARK_POINT:
          {
            double dx = fabs (mark->x - x);
            double dy = fabs (mark->y - y);

            if (!inside && hypot (dx, dy) > HIT_DISTANCE)
              break;
            if (dx < nearest_x)
              {
                nearest = i;
                nearest_x = dx;
              }
            break;
          }
        case BV_MARK_BOX:
        default:
          if (x >= mark->mark.x && x <= mark->mark.x + mark->mark.width && y >= mark->mark.y &&
              y <= mark->mark.y + mark->mark.height)
            return i;
          break;
        }
    }
  return nearest >= 0 ? nearest_along_y (scene, first, last, x, y, nearest_x) : -1;
}

gboolean
bv_scene_get_plot (BvScene *scene, double *x, double *y, double *width, double *height)
{
  *x = scene->plot_x;
  *y = scene->plot_y;
  *width = scene->plot_width;
  *height = scene->plot_height;
  return scene->has_plot;
}

gboolean
bv_scene_time_at (BvScene *scene, double x, gint64 *t)
{
  const BvSceneTime *times = (const BvSceneTime *) (gpointer) scene->times->data;
  guint low = 0, high = scene->times->len;

  if (high < 2)
    return FALSE;
  /* The two instants around x, or the two nearest to it. */
  while (low + 2 < high)
    {
      guint middle = low + (high - low) / 2;

      if (times[middle].x <= x)
        low = middle;
      else
        high = middle + 1;
    }
  *t = times[low].t + (gint64) llround ((x - times[low].x) / MAX (times[low + 1].x - times[low].x, 1e-9) *
                                        ((double) times[low + 1].t - (double) times[low].t));
  return TRUE;
}

const char *
bv_scene_hit_legend (BvScene *scene, double x, double y)
{
  for (guint i = 0; i < scene->legend->len; i++)
    {
      const BvLegendHit *hit = &g_array_index (scene->legend, BvLegendHit, i);

      if (x >= hit->x && x <= hit->x + hit->width && y >= hit->y && y <= hit->y + hit->height)
        return hit->name;
    }
  return NULL;
}

const char *
bv_scene_get_alternative (BvScene *scene)
{
  return scene->alternative != NULL ? scene->alternative : "";
}

static gboolean
same_series (const BvSceneMark *a, const BvSceneMark *b)
{
  return a->mark.series == b->mark.series && a->before == b->before;
}

/* The neighbour of @mark in its series, @by places on. */
static int
step_along (BvScene *scene, int mark, int by)
{
  for (int i = mark + by; i >= 0 && i < (int) scene->marks->len; i += by)
    if (same_series (bv_scene_mark (scene, i), bv_scene_mark (scene, mark)))
      return i;
  return mark;
}

/* The mark of the next series (by reading order of the screen) at the same place, or the nearest to it. */
static int
step_across (BvScene *scene, int mark, int by)
{
  const BvSceneMark *from = bv_scene_mark (scene, mark);
  int best = mark;
  double best_across = G_MAXDOUBLE;
  double best_along = G_MAXDOUBLE;

  for (guint i = 0; i < scene->marks->len; i++)
    {
      const BvSceneMark *to = bv_scene_mark (scene, i);
      double across = scene->vertical ? to->x - from->x : to->y - from->y;
      double along = fabs ((double) to->x_index - (double) from->x_index);

      if ((int) i == mark || same_series (to, from) || across * by < 0)
        continue;
      if (fabs (across) < 0.001 && ((int) i - mark) * by < 0)
        continue;
      if (along < best_along - 0.001 || (along < best_along + 0.001 && fabs (across) < best_across))
        {
          best = (int) i;
          best_along = along;
          best_across = fabs (across);
        }
    }
  return best;
}

int
bv_scene_step (BvScene *scene, int mark, BvStep step)
{
  gboolean along = TRUE;
  int by = 1;

  if (scene->marks->len == 0)
    return -1;
  if (mark < 0 || mark >= (int) scene->marks->len)
    {
      mark = step == BV_STEP_LAST ? (int) scene->marks->len - 1 : 0;
      /* The current period comes first. */
      by = step == BV_STEP_LAST ? -1 : 1;
      for (int i = mark; i >= 0 && i < (int) scene->marks->len; i += by)
        if (!bv_scene_mark (scene, i)->before)
          return i;
      return mark;
    }
  switch (step)
    {
    case BV_STEP_LEFT:
    case BV_STEP_RIGHT:
      along = !scene->vertical;
      by = step == BV_STEP_RIGHT ? 1 : -1;
      break;
    case BV_STEP_UP:
    case BV_STEP_DOWN:
      along = scene->vertical;
      by = step == BV_STEP_DOWN ? 1 : -1;
      break;
    case BV_STEP_FIRST:
    case BV_STEP_LAST:
    default:
      by = step == BV_STEP_LAST ? 1 : -1;
      for (int next = step_along (scene, mark, by); next != mark; next = step_along (scene, mark, by))
        mark = next;
      return mark;
    }
  return along ? step_along (scene, mark, by) : step_across (scene, mark, by);
}
