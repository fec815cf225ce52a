/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What holds for every scene: no text on another, nothing outside, marks that stand for rows. */
#pragma once

#include "bv-scene.h"

#include <math.h>

/* Whether two turned boxes overlap by more than a hair: separating axes. */
static inline gboolean
overlap (const BvTextRun *a, const BvTextRun *b)
{
  const BvTextRun *runs[2] = { a, b };
  double ca[8], cb[8];

  bv_text_run_corners (a, ca);
  bv_text_run_corners (b, cb);
  for (int r = 0; r < 2; r++)
    for (int axis = 0; axis < 2; axis++)
      {
        double angle = runs[r]->angle + axis * G_PI_2;
        double ux = cos (angle), uy = sin (angle);
        double a0 = G_MAXDOUBLE, a1 = -G_MAXDOUBLE, b0 = G_MAXDOUBLE, b1 = -G_MAXDOUBLE;

        for (int i = 0; i < 4; i++)
          {
            double pa = ca[2 * i] * ux + ca[2 * i + 1] * uy;
            double pb = cb[2 * i] * ux + cb[2 * i + 1] * uy;

            a0 = MIN (a0, pa);
            a1 = MAX (a1, pa);
            b0 = MIN (b0, pb);
            b1 = MAX (b1, pb);
          }
        if (a1 <= b0 + 0.05 || b1 <= a0 + 0.05)
          return FALSE;
      }
  return TRUE;
}

static inline void
check_scene (BvScene *scene, const char *what)
{
  for (guint i = 0; i < scene->texts->len; i++)
    {
      const BvTextRun *a = bv_scene_text (scene, i);
      double corners[8];

      bv_text_run_corners (a, corners);
      for (int k = 0; k < 8; k++)
        if (!(corners[k] >= -0.6 && corners[k] <= (k % 2 == 0 ? scene->width : scene->height) + 0.6))
          g_error ("%s, %g × %g: “%s” leaves the scene at %g", what, scene->width, scene->height, a->text, corners[k]);
      for (guint j = 0; j < i; j++)
        {
          const BvTextRun *b = bv_scene_text (scene, j);

          if (overlap (a, b))
            g_error ("%s, %g × %g: “%s” (%d) and “%s” (%d) overlap", what, scene->width, scene->height, a->text, (int) a->role, b->text,
                     (int) b->role);
        }
    }
  for (guint i = 0; i < scene->shapes->len; i++)
    {
      const BvShape *s = bv_scene_shape (scene, i);

      if (s->kind == BV_SHAPE_RECT && s->part != BV_PART_LEGEND &&
          !(s->x >= -0.8 && s->y >= -0.8 && s->x + s->width <= scene->width + 0.8 && s->y + s->height <= scene->height + 0.8))
        g_error ("%s, %g × %g: a rect leaves the scene", what, scene->width, scene->height);
      for (guint p = 0; s->kind == BV_SHAPE_PATH && p < s->n; p++)
        {
          const double *point = bv_scene_point (scene, s->first + p);

          if (!isnan (point[0]) && !(point[0] >= -0.8 && point[0] <= scene->width + 0.8 && point[1] >= -0.8 &&
                                     point[1] <= scene->height + 0.8))
            g_error ("%s, %g × %g: a line leaves the scene at %g, %g", what, scene->width, scene->height, point[0], point[1]);
        }
    }
  for (guint i = 0; i < scene->marks->len; i++)
    {
      const BvMark *mark = bv_scene_get_mark (scene, i);

      g_assert_true (mark->row == G_MAXUINT || mark->row == BV_ROW_NONE || mark->row < bv_frame_get_n_rows (scene->frame));
      g_assert_true (mark->column >= 0 && mark->column < (int) bv_frame_get_n_columns (scene->frame));
    }
}
