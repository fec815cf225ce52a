/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Names of lines at their right ends instead of a legend.
 *
 * Each name wants to stand at the height of its line's last value. Where two would meet they are moved apart: from the top down each name is
 * pushed below the one before, then from the bottom up back into the plot. A name that was moved, or whose line ends early, is tied to
 * its line by a thin stroke. Names are legend entries: a click switches their series off, and a legend takes their place.
 */
#include "config.h"

#include "bv-chart-private.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define SERIES_AUTO 7
#define SERIES_MAX 24

typedef struct
{
  guint s;      /* of the shown ones */
  guint place;  /* of the last value */
  double wanted, y;
} Name;

static double
gap (const BvBuild *build)
{
  return build->size * 0.9;
}

gboolean
bv_direct_reserve (BvXy *xy)
{
  BvBuild *build = xy->build;
  gboolean forced = bv_chart_spec_is (build->spec, "legend", "direct");
  double width = 0;

  if (!forced && !bv_chart_spec_is (build->spec, "legend", "auto"))
    return FALSE;
  if (xy->n_shown < 2 || xy->n_shown < xy->matrix->series->len || xy->n_shown > (forced ? SERIES_MAX : SERIES_AUTO) || xy->horizontal ||
      xy->has_right || build->panel != NULL)
    return FALSE;
  if (build->w < build->size * 34 || build->h < (xy->n_shown + 4) * build->line || build->h < build->size * 10)
    return FALSE;
  for (guint s = 0; s < xy->n_shown; s++)
    {
      const BvSeries *series = bv_xy_series (xy, s);

      if (series->kind != BV_KIND_LINE || series->cv != NULL || series->forecast != NULL)
        return FALSE;
      width = MAX (width, bv_text_width (build->text, series->label, build->size, FALSE));
    }
  /* A name that must be cut is better read in a legend. */
  if (width > build->w * 0.22 && !forced)
    return FALSE;
  xy->direct_width = MIN (width + 1, build->w * 0.26);
  build->w -= xy->direct_width + gap (build);
  return TRUE;
}

static int
compare_names (const void *a, const void *b)
{
  const Name *x = a, *y = b;

  return x->wanted < y->wanted ? -1 : x->wanted > y->wanted ? 1 : x->s < y->s ? -1 : x->s > y->s;
}

static void
spread (Name *names, guint n, double line, double top, double bottom)
{
  for (guint i = 0; i < n; i++)
    names[i].y = MAX (names[i].wanted, i > 0 ? names[i - 1].y + line : top);
  for (guint i = n; i-- > 0;)
    names[i].y = MIN (names[i].y, i + 1 < n ? names[i + 1].y - line : bottom);
}

void
bv_direct_draw (BvXy *xy)
{
  BvBuild *build = xy->build;
  BvScene *scene = build->scene;
  g_autofree Name *names = g_new0 (Name, xy->n_shown);
  double x = scene->plot_x + scene->plot_width + gap (build);
  guint n = 0;

  for (guint s = 0; s < xy->n_shown; s++)
    {
      Name name = { s, G_MAXUINT, scene->plot_y + scene->plot_height / 2, 0 };

      for (guint i = xy->places.n; i-- > 0 && name.place == G_MAXUINT;)
        {
          double from, to;

          if (!bv_xy_stack_ends (xy, s, i, FALSE, &from, &to))
            continue;
          name.place = i;
          name.wanted = bv_linear_map (bv_xy_scale (xy, s), to);
        }
      names[n++] = name;
    }
  qsort (names, n, sizeof (Name), compare_names);
  spread (names, n, build->line, MAX (scene->plot_y, build->line / 2), scene->plot_y + scene->plot_height);
  for (guint i = 0; i < n; i++)
    {
      const BvSeries *series = bv_xy_series (xy, names[i].s);
      g_autofree char *text = bv_text_fit (build->text, series->label, build->size, FALSE, xy->direct_width);
      BvColour colour = series->colour;
      BvTextRun *run;
      double y = names[i].y;

      for (int k = 0; k < 12 && bv_colour_contrast (colour, build->ink.background) < 4.5; k++)
        colour = bv_colour_mix (colour, build->ink.text, 0.15);
      if (names[i].place != G_MAXUINT)
        {
          double end = bv_place_axis_map (&xy->places, names[i].place);

          if (fabs (y - names[i].wanted) > build->line * 0.4 || x - end > scene->plot_width * 0.05 + 2 * gap (build))
            bv_scene_add_line (scene, BV_PART_LEGEND, end + 3, names[i].wanted, x - 2, y, bv_colour_alpha (series->colour, 0.45), 0.8);
        }
      run = bv_build_label (build, BV_TEXT_LEGEND, text, x, y - build->line / 2, 0, colour);
      {
        BvLegendHit hit = { x, y - build->line / 2, run->width, build->line, bv_scene_intern (scene, series->name), bv_scene_intern (scene, series->label), FALSE };

        g_array_append_val (scene->legend, hit);
      }
    }
}
