/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The one painter: a scene on any cairo surface. Text goes through Pango so that PDF holds letters, not outlines. */
#include "config.h"

#include "bv-scene-quick.h"
#include "bv-text.h"

#include <math.h>

/* How much of a mark remains when others are selected. */
#define FADED 0.22

static void
set_colour (cairo_t *cr, BvColour c, double alpha)
{
  cairo_set_source_rgba (cr, c.r, c.g, c.b, c.a * alpha);
}

static BvColour
faded (BvColour c, double alpha)
{
  c.a *= alpha;
  return c;
}

static void
rounded_rect (cairo_t *cr, const BvShape *s)
{
  double r = MIN (s->r0, MIN (s->width, s->height) / 2);

  if (r < 0.5)
    {
      cairo_rectangle (cr, s->x, s->y, s->width, s->height);
      return;
    }
  cairo_new_sub_path (cr);
  cairo_arc (cr, s->x + s->width - r, s->y + r, r, -G_PI_2, 0);
  cairo_arc (cr, s->x + s->width - r, s->y + s->height - r, r, 0, G_PI_2);
  cairo_arc (cr, s->x + r, s->y + s->height - r, r, G_PI_2, G_PI);
  cairo_arc (cr, s->x + r, s->y + r, r, G_PI, 3 * G_PI_2);
  cairo_close_path (cr);
}

static void
shape_path (BvScene *scene, cairo_t *cr, const BvShape *s)
{
  switch (s->kind)
    {
    case BV_SHAPE_RECT:
      rounded_rect (cr, s);
      break;
    case BV_SHAPE_CIRCLE:
      cairo_new_sub_path (cr);
      cairo_arc (cr, s->x, s->y, s->r1, 0, 2 * G_PI);
      break;
    case BV_SHAPE_SECTOR:
      cairo_new_sub_path (cr);
      if (s->a1 - s->a0 >= 2 * G_PI - 1e-9)
        {
          cairo_arc (cr, s->x, s->y, s->r1, 0, 2 * G_PI);
          if (s->r0 > 0)
            {
              cairo_new_sub_path (cr);
              cairo_arc_negative (cr, s->x, s->y, s->r0, 2 * G_PI, 0);
            }
          break;
        }
      cairo_arc (cr, s->x, s->y, s->r1, s->a0 - G_PI_2, s->a1 - G_PI_2);
      if (s->r0 > 0)
        cairo_arc_negative (cr, s->x, s->y, s->r0, s->a1 - G_PI_2, s->a0 - G_PI_2);
      else
        cairo_line_to (cr, s->x, s->y);
      cairo_close_path (cr);
      break;
    case BV_SHAPE_PATH:
    default:
      {
        gboolean pen = FALSE;

        for (guint i = 0; i < s->n; i++)
          {
            const double *p = bv_scene_point (scene, s->first + i);

            if (isnan (p[0]))
              {
                if (pen && s->closed)
                  cairo_close_path (cr);
                pen = FALSE;
              }
            else if (!pen)
              {
                cairo_move_to (cr, p[0], p[1]);
                pen = TRUE;
              }
            else
              cairo_line_to (cr, p[0], p[1]);
          }
        if (pen && s->closed)
          cairo_close_path (cr);
        break;
      }
    }
}

static void
paint_rest (BvScene *scene, cairo_t *cr, const BvShape *s, double alpha)
{
  shape_path (scene, cr, s);
  if (s->fill.a > 0)
    {
      set_colour (cr, s->fill, alpha);
      if (s->stroke.a > 0)
        cairo_fill_preserve (cr);
      else
        cairo_fill (cr);
    }
  if (s->stroke.a > 0)
    {
      static const double dash[] = { 4, 3 };

      set_colour (cr, s->stroke, alpha);
      cairo_set_line_width (cr, s->line_width);
      cairo_set_dash (cr, dash, s->dashed ? 2 : 0, 0);
      cairo_stroke (cr);
    }
  cairo_new_path (cr);
}

static gboolean
quick_box (BvQuick *quick, const BvShape *s, double alpha)
{
  double half = s->line_width / 2;
  double radius = MIN (s->r0, MIN (s->width, s->height) / 2);

  if (radius >= 0.5 && s->stroke.a > 0)
    return FALSE;
  if (radius >= 0.5)
    {
      bv_quick_round (quick, s->x, s->y, s->width, s->height, radius, faded (s->fill, alpha));
      return TRUE;
    }
  if (s->fill.a > 0)
    bv_quick_rect (quick, s->x, s->y, s->width, s->height, faded (s->fill, alpha));
  if (s->stroke.a > 0)
    {
      BvColour colour = faded (s->stroke, alpha);

      bv_quick_rect (quick, s->x - half, s->y - half, s->width + 2 * half, 2 * half, colour);
      bv_quick_rect (quick, s->x - half, s->y + s->height - half, s->width + 2 * half, 2 * half, colour);
      bv_quick_rect (quick, s->x - half, s->y + half, 2 * half, s->height - 2 * half, colour);
      bv_quick_rect (quick, s->x + s->width - half, s->y + half, 2 * half, s->height - 2 * half, colour);
    }
  return TRUE;
}

static gboolean
quick_circle (BvQuick *quick, const BvShape *s, double alpha)
{
  double half = s->line_width / 2;

  if (s->fill.a > 0 && !bv_quick_ring (quick, s->x, s->y, 0, s->r1, faded (s->fill, alpha)))
    return FALSE;
  return !(s->stroke.a > 0) || bv_quick_ring (quick, s->x, s->y, s->r1 - half, s->r1 + half, faded (s->stroke, alpha));
}

/* What @quick can paint goes straight into the pixels, the rest through cairo. */
static void
paint_shape (BvScene *scene, cairo_t *cr, BvQuick *quick, const BvShape *s, double alpha)
{
  if (quick != NULL && s->kind == BV_SHAPE_PATH && !s->dashed && (s->fill.a > 0) != (s->stroke.a > 0))
    {
      if (s->closed && s->fill.a > 0)
        {
          bv_quick_fill (quick, scene, s, faded (s->fill, alpha));
          return;
        }
      if (!s->closed && s->n > 8 && s->stroke.a * alpha >= 1)
        {
          bv_quick_stroke (quick, scene, s, s->stroke);
          return;
        }
    }
  if (quick != NULL && s->kind == BV_SHAPE_RECT && !s->dashed && quick_box (quick, s, alpha))
    return;
  if (quick != NULL && s->kind == BV_SHAPE_CIRCLE && !s->dashed && quick_circle (quick, s, alpha))
    return;
  paint_rest (scene, cr, s, alpha);
}

static void
paint_text (const BvTextRun *run, PangoLayout *layout, cairo_t *cr)
{
  PangoRectangle logical;
  double width, baseline, line;

  pango_layout_get_extents (layout, NULL, &logical);
  width = (double) logical.width / PANGO_SCALE;
  baseline = (double) pango_layout_get_baseline (layout) / PANGO_SCALE;
  line = (double) logical.height / PANGO_SCALE;
  cairo_save (cr);
  set_colour (cr, run->colour, 1);
  cairo_translate (cr, run->x + run->align * run->width, run->y + run->height / 2);
  if (fabs (run->angle) > 0)
    cairo_rotate (cr, run->angle);
  /* A fallback font may make the line taller: the baseline keeps its place in the box. */
  cairo_move_to (cr, -run->align * width, line > run->height * 1.05 ? run->height * 0.29 - baseline : -line / 2);
  pango_cairo_show_layout (cr, layout);
  cairo_restore (cr);
}

/* Lines on images come from a cache; files get layouts of their own surface. */
static void
paint_texts (BvScene *scene, cairo_t *cr)
{
  gboolean image = cairo_surface_get_type (cairo_get_group_target (cr)) == CAIRO_SURFACE_TYPE_IMAGE;
  g_autoptr(PangoLayout) layout = image ? NULL : bv_text_create_layout (cr);
  double size = -1;
  gboolean bold = FALSE;

  for (guint i = 0; i < scene->texts->len; i++)
    {
      const BvTextRun *run = bv_scene_text (scene, i);

      if (image)
        {
          paint_text (run, bv_text_peek_line (scene->font_family, run->text, run->size, run->bold), cr);
          continue;
        }
      if (size < run->size || size > run->size || bold != run->bold)
        {
          PangoFontDescription *font = bv_text_font (scene->font_family, run->size, run->bold);

          pango_layout_set_font_description (layout, font);
          pango_font_description_free (font);
          size = run->size;
          bold = run->bold;
        }
      pango_layout_set_text (layout, run->text, -1);
      paint_text (run, layout, cr);
    }
}

void
bv_scene_paint_selection (BvScene *scene, cairo_t *cr, GHashTable *rows)
{
  BvQuick quick;
  gboolean is_quick = bv_quick_init (&quick, cr);

  cairo_save (cr);
  cairo_set_line_cap (cr, CAIRO_LINE_CAP_BUTT);
  cairo_set_line_join (cr, CAIRO_LINE_JOIN_ROUND);
  for (guint i = 0; i < scene->shapes->len; i++)
    {
      const BvShape *s = bv_scene_shape (scene, i);
      double alpha = 1;

      if (rows != NULL && (s->part == BV_PART_DATA || s->part == BV_PART_COMPARE))
        {
          const BvSceneMark *mark = s->mark >= 0 ? bv_scene_mark (scene, s->mark) : NULL;

          if (mark == NULL || !g_hash_table_contains (rows, GUINT_TO_POINTER (mark->mark.row)))
            alpha = FADED;
        }
      paint_shape (scene, cr, is_quick ? &quick : NULL, s, alpha);
    }
  /* Lines have no shape of their own per row: the selected points are dotted onto them; the compared period's stays faint. */
  if (rows != NULL)
    for (guint i = 0; i < scene->marks->len; i++)
      {
        const BvSceneMark *mark = bv_scene_mark (scene, i);

        if (mark->kind == BV_MARK_POINT && !mark->before && g_hash_table_contains (rows, GUINT_TO_POINTER (mark->mark.row)))
          {
            cairo_arc (cr, mark->x, mark->y, 4, 0, 2 * G_PI);
            set_colour (cr, mark->colour, 1);
            cairo_fill (cr);
          }
      }
  bv_quick_clear (&quick);
  paint_texts (scene, cr);
  cairo_restore (cr);
}

void
bv_scene_paint (BvScene *scene, cairo_t *cr)
{
  bv_scene_paint_selection (scene, cr, NULL);
}

void
bv_scene_paint_highlight (BvScene *scene, cairo_t *cr, guint index)
{
  const BvSceneMark *mark;

  g_return_if_fail (index < scene->marks->len);
  mark = bv_scene_mark (scene, index);
  cairo_save (cr);
  switch (mark->kind)
    {
    case BV_MARK_POINT:
      if (scene->crosshair)
        {
          double x = floor (mark->x) + 0.5;
          double top = scene->plot_y, height = scene->plot_height;

          for (guint i = 0; i < scene->panels->len; i++)
            {
              const BvPanelRect *panel = &g_array_index (scene->panels, BvPanelRect, i);

              if (index < panel->first_mark || index >= panel->first_mark + panel->n_marks)
                continue;
              top = panel->y;
              height = panel->height;
            }

          set_colour (cr, scene->ink, 0.35);
          cairo_set_line_width (cr, 1);
          cairo_move_to (cr, x, top);
          cairo_line_to (cr, x, top + height);
          cairo_stroke (cr);
        }
      cairo_arc (cr, mark->x, mark->y, 5.5, 0, 2 * G_PI);
      set_colour (cr, scene->background, 1);
      cairo_fill (cr);
      cairo_arc (cr, mark->x, mark->y, 4, 0, 2 * G_PI);
      set_colour (cr, mark->colour, 1);
      cairo_fill (cr);
      break;
    case BV_MARK_SECTOR:
    case BV_MARK_PATH:
    case BV_MARK_BOX:
    default:
      if (mark->shape >= 0)
        {
          shape_path (scene, cr, bv_scene_shape (scene, mark->shape));
          set_colour (cr, scene->ink, 0.12);
          cairo_fill_preserve (cr);
        }
      else
        cairo_rectangle (cr, mark->mark.x + 1, mark->mark.y + 1, MAX (mark->mark.width - 2, 0), MAX (mark->mark.height - 2, 0));
      set_colour (cr, scene->ink, 0.7);
      cairo_set_line_width (cr, 1.5);
      cairo_stroke (cr);
      break;
    }
  cairo_restore (cr);
}
