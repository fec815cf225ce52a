/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Maps: countries coloured by a metric, or points at latitude and longitude sized by one.
 *
 * Countries are found by code or name (bv-geo.h); what is not found is named in a note, and so is a second row for the same country, because
 * nothing may be added up here. A country whose value is missing is hatched; one too small to be seen is drawn as a circle, so that it can be
 * pointed at. Points come from two numeric groups, latitude and longitude, or from one text group "48.86, 2.35"; a second metric colours them.
 *
 * The projection keeps areas (Equal Earth). The map shows the part of the world where the data is, or all of it. Arcs are thinned to the
 * resolution of the plot once, before countries are put together from them, so that neighbours keep their common border.
 */
#include "config.h"

#include "bv-map-private.h"

#include <glib/gi18n-lib.h>
#include <stdlib.h>
#include <string.h>

#define TINY 7.0       /* a country narrower and lower than this becomes a circle */
#define POINTS_MAX 5000
#define MOST_RADIUS 2.2 /* of a point, by the size of labels */
#define NAMES_MAX 4    /* named in a note */
#define LABELS_MAX 250
#define FAINT 0.12     /* the weakest colour is still told from land */

static const char *const area_choices[] = { "auto", "world", NULL };
static const char *const area_labels[] = { N_("Where the data is"), N_("World"), NULL };

static const BvOptionInfo map_options[] = {
  BV_OPTION_LABELS, BV_OPTION_LEGEND, BV_OPTION_PALETTE, BV_OPTION_FACET, { "area", N_("Area"), BV_OPTION_CHOICE, area_choices, area_labels },
  { "percent", N_("Percent in the tooltip"), BV_OPTION_BOOL, NULL, NULL }, BV_OPTION_END,
};

/* --- Drawing -------------------------------------------------------------------------------------------------------------------- */

static BvColour
land (const BvBuild *build)
{
  return bv_colour_mix (build->ink.background, build->ink.muted, build->style.theme == BV_THEME_DARK ? 0.17 : 0.16);
}

static void
add_text (BvMap *self, guint i, double v)
{
  if (!bv_chart_spec_bool (self->build->spec, "percent") || !(self->total > 0) || isnan (v))
    return;
  bv_parts_mark_share (self->build, v / self->total, NULL);
}

static void
add_circle (BvMap *self, guint row, guint metric, double x, double y, double r, BvColour fill, BvColour stroke)
{
  BvScene *scene = self->build->scene;
  BvShape *shape = bv_scene_add_circle (scene, BV_PART_DATA, x, y, r, fill);
  BvSceneMark *mark;

  shape->stroke = stroke;
  shape->mark = (int) scene->marks->len;
  mark = bv_scene_add_mark (scene, BV_MARK_SECTOR, row, (int) metric, -1, x - r, y - r, 2 * r, 2 * r);
  mark->x = x;
  mark->y = y;
  mark->r1 = MAX (r, 4); /* a fingertip more than is seen */
  mark->a1 = 2 * G_PI;
  mark->shape = (int) scene->shapes->len - 1;
  mark->colour = fill;
  mark->x_index = scene->marks->len - 1;
}

/* Land without data lies below everything. */
static void
draw_land (BvMap *self)
{
  for (guint i = 0; i < self->geo->n_countries; i++)
    {
      double bounds[4] = { G_MAXDOUBLE, G_MAXDOUBLE, -G_MAXDOUBLE, -G_MAXDOUBLE };

      if (!self->points && self->row[i] != G_MAXUINT)
        continue;
      if (bv_map_add_country (self, &self->geo->countries[i], BV_PART_DECORATION, bounds))
        bv_scene_shape (self->build->scene, self->build->scene->shapes->len - 1)->fill = land (self->build);
    }
}

static gboolean
spot_in_view (const BvMap *self, double x, double y)
{
  return x >= self->vx0 && x <= self->vx1 && y >= self->vy0 && y <= self->vy1;
}

static void
draw_countries (BvMap *self, const BvColourScale *colours)
{
  BvBuild *build = self->build;
  BvScene *scene = build->scene;
  g_autoptr(GArray) tiny = g_array_new (FALSE, FALSE, sizeof (guint));

  for (guint i = 0; i < self->geo->n_countries; i++)
    {
      const BvGeoCountry *country = &self->geo->countries[i];
      double bounds[4] = { G_MAXDOUBLE, G_MAXDOUBLE, -G_MAXDOUBLE, -G_MAXDOUBLE };
      gboolean empty = self->row[i] != G_MAXUINT && isnan (self->v[i]);
      guint shape;
      BvSceneMark *mark;
      BvColour fill;

      if (self->row[i] == G_MAXUINT)
        continue;
      if (!bv_map_add_country (self, country, BV_PART_DATA, bounds))
        {
          g_array_append_val (tiny, i);
          continue;
        }
      shape = scene->shapes->len - 1;
      fill = empty ? land (build) : bv_colour_scale_at (colours, self->v[i]);
      bv_scene_shape (scene, shape)->fill = fill;
      if (bounds[2] - bounds[0] < TINY && bounds[3] - bounds[1] < TINY)
        {
          g_array_append_val (tiny, i);
          continue;
        }
      bv_scene_shape (scene, shape)->mark = (int) scene->marks->len;
      mark = bv_scene_add_mark (scene, BV_MARK_PATH, self->row[i], (int) self->metric, -1, bounds[0], bounds[1], bounds[2] - bounds[0],
                                bounds[3] - bounds[1]);
      mark->shape = (int) shape;
      mark->colour = fill;
      mark->x_index = scene->marks->len - 1;
      add_text (self, i, self->v[i]);
      if (empty)
        bv_map_hatch (self, shape, bounds);
    }
  bv_map_draw_borders (self);
  for (guint t = 0; t < tiny->len; t++)
    {
      guint i = g_array_index (tiny, guint, t);
      double x = bv_map_x (self, self->geo->countries[i].x), y = bv_map_y (self, self->geo->countries[i].y);
      double r = MIN (4, MIN (build->w, build->h) / 4);

      if (!spot_in_view (self, x, y))
        continue;
      add_circle (self, self->row[i], self->metric, x, y, r, isnan (self->v[i]) ? land (build) : bv_colour_scale_at (colours, self->v[i]),
                  build->ink.muted);
      add_text (self, i, self->v[i]);
    }
}

/* Whether a label stands inside its country. */
static gboolean
label_fits (BvBuild *build, const BvShape *shape, const char *text, double x, double y)
{
  double half = bv_text_width (build->text, text, build->size, FALSE) / 2;

  for (int i = 0; i < 6; i++)
    if (!bv_scene_path_holds (build->scene, shape, x + half * (i % 3 - 1), y + build->line * (i < 3 ? -0.4 : 0.4)))
      return FALSE;
  return TRUE;
}

/* At each country's middle, or a little beside it where there is more room. */
static void
label_countries (BvMap *self)
{
  static const double beside[][2] = { { 0, 0 }, { -0.3, 0 }, { 0.3, 0 }, { 0, -0.6 }, { 0, 0.6 }, { -0.3, 0.6 }, { 0.3, -0.6 } };
  BvBuild *build = self->build;
  BvLabelSpace *space = bv_label_space_new (build);
  guint n = build->scene->marks->len;

  for (guint m = 0; m < n; m++)
    {
      const BvSceneMark *mark = bv_scene_mark (build->scene, m);
      g_autofree char *text = NULL;
      gboolean placed = FALSE;
      guint i;

      for (i = 0; i < self->geo->n_countries && self->row[i] != mark->mark.row; i++)
        ;
      if (mark->kind != BV_MARK_PATH || i == self->geo->n_countries || isnan (self->v[i]))
        continue;
      text = bv_parts_format (build, self->metric, self->v[i]);
      for (guint k = 0; k < G_N_ELEMENTS (beside) && !placed; k++)
        {
          double x = bv_map_x (self, self->geo->countries[i].x) + beside[k][0] * bv_text_width (build->text, text, build->size, FALSE);
          double y = bv_map_y (self, self->geo->countries[i].y) + beside[k][1] * build->line;

          placed = label_fits (build, bv_scene_shape (build->scene, mark->shape), text, x, y) &&
                   bv_label_space_add (space, text, x, y - build->line / 2, 0.5, bv_colour_on (mark->colour), (int) m);
        }
    }
  bv_label_space_free (space);
}

static int
compare_places (const void *a, const void *b)
{
  const BvMapPlace *x = a, *y = b;

  return fabs (x->v) > fabs (y->v) ? -1 : fabs (x->v) < fabs (y->v) ? 1 : x->row < y->row ? -1 : x->row > y->row;
}

/* Large circles first, so that none hides a smaller one. */
static void
draw_points (BvMap *self, const BvColourScale *colours, double most, double largest)
{
  BvBuild *build = self->build;

  for (guint i = 0; i < self->places->len; i++)
    {
      const BvMapPlace *place = &g_array_index (self->places, BvMapPlace, i);
      double r = largest > 0 ? MAX (most * sqrt (fabs (place->v) / largest), 1.5) : 1.5;
      double x = bv_map_x (self, place->x), y = bv_map_y (self, place->y);
      BvColour colour = isnan (place->c) ? bv_parts_colour (build, place->v < 0 ? 5 : 0) : bv_colour_scale_at (colours, place->c);

      if (!spot_in_view (self, x, y))
        continue;
      x = CLAMP (x, r, MAX (build->width - r, r));
      y = CLAMP (y, r, MAX (build->height - r, r));
      add_circle (self, place->row, self->metric, x, y, r, bv_colour_alpha (colour, 0.62), colour);
      if (self->colour_metric != G_MAXUINT)
        bv_scene_mark (build->scene, build->scene->marks->len - 1)->also[0] = (int) self->colour_metric;
      add_text (self, i, place->v);
    }
}

/* Places a name round a point: beside it, above and below, then between these. */
static void
label_point (BvMap *self, BvLabelSpace *space, const BvMark *mark, const char *text, int m)
{
  static const struct
  {
    double x, y; /* on the circle, of its radius */
    double align, rise; /* what part of the text is left of there, and of its line above */
  } places[] = {
    { 1, 0, 0, 0.5 }, { -1, 0, 1, 0.5 }, { 0, -1, 0.5, 1 }, { 0, 1, 0.5, 0 },
    { 0.7, -0.7, 0, 1 }, { 0.7, 0.7, 0, 0 }, { -0.7, -0.7, 1, 1 }, { -0.7, 0.7, 1, 0 },
  };
  double r = mark->width / 2;

  for (guint i = 0; i < G_N_ELEMENTS (places); i++)
    if (bv_label_space_add (space, text, mark->x + r + places[i].x * (r + 2), mark->y + r + places[i].y * r - places[i].rise * self->build->line,
                            places[i].align, self->build->ink.text, m))
      return;
}

/* The names of the points, of the largest first. */
static void
label_points (BvMap *self)
{
  BvBuild *build = self->build;
  BvLabelSpace *space = bv_label_space_new (build);
  guint n = MIN (build->scene->marks->len, LABELS_MAX);

  for (guint m = 0; m < n; m++)
    {
      const BvMark *mark = &bv_scene_mark (build->scene, m)->mark;

      /* A circle leaves its corners free. */
      bv_label_space_block (space, mark->x, mark->y + mark->height * 0.15, mark->width, mark->height * 0.7);
      bv_label_space_block (space, mark->x + mark->width * 0.15, mark->y, mark->width * 0.7, mark->height);
    }
  for (guint m = 0; m < n; m++)
    {
      const BvMark *mark = &bv_scene_mark (build->scene, m)->mark;
      g_autofree char *name = bv_frame_format (build->frame, self->name_column, mark->row, build->locale);
      g_autofree char *text = bv_text_fit (build->text, name, build->size, FALSE, build->size * 12);

      label_point (self, space, mark, text, (int) m);
    }
  bv_label_space_free (space);
}

/* --- Data ----------------------------------------------------------------------------------------------------------------------- */

static gboolean
means (const char *name, const char *const *words)
{
  g_autofree char *lower = g_utf8_strdown (name, -1);

  for (; *words != NULL; words++)
    if (g_str_has_prefix (lower, *words) || g_str_has_suffix (lower, *words))
      return TRUE;
  return FALSE;
}

/* "48.8566, 2.3522". */
static gboolean
parse_place (const char *text, double *lat, double *lon)
{
  char *end;

  *lat = g_ascii_strtod (text, &end);
  if (end == text)
    return FALSE;
  while (*end == ' ' || *end == ',' || *end == ';')
    end++;
  text = end;
  *lon = g_ascii_strtod (text, &end);
  return end != text && *end == '\0';
}

static void
read_points (BvMap *self, GArray *groups, guint lat_column, guint lon_column)
{
  BvFrame *frame = self->build->frame;
  guint n_wrong = 0, n_missing = 0;

  for (guint row = 0; row < bv_frame_get_n_rows (frame); row++)
    {
      BvMapPlace place = { 0, 0, bv_parts_value (self->build, self->metric, row, &self->n_odd), NAN, row };
      double lat, lon;

      if (lat_column == lon_column)
        {
          const char *text = bv_frame_get_text (frame, lat_column, row);

          if (text == NULL || !parse_place (text, &lat, &lon))
            lat = lon = NAN;
        }
      else
        {
          lat = bv_frame_get_double (frame, lat_column, row);
          lon = bv_frame_get_double (frame, lon_column, row);
        }
      if (!(lat >= -90 && lat <= 90 && lon >= -180 && lon <= 180))
        {
          n_wrong++;
          continue;
        }
      if (isnan (place.v))
        {
          n_missing += bv_frame_is_null (frame, self->metric, row);
          continue;
        }
      if (self->colour_metric != G_MAXUINT)
        place.c = bv_parts_value (self->build, self->colour_metric, row, &self->n_odd);
      bv_geo_project (lon, lat, &place.x, &place.y);
      self->total += place.v;
      g_array_append_val (self->places, place);
    }
  if (self->places->len > 0)
    qsort (self->places->data, self->places->len, sizeof (BvMapPlace), compare_places);
  bv_parts_missing_note (self->build, n_missing);
  if (n_wrong > 0)
    {
      g_autofree char *note = g_strdup_printf (ngettext ("%u place has no latitude and longitude and is not drawn",
                                                         "%u places have no latitude and longitude and are not drawn", n_wrong), n_wrong);

      bv_build_note (self->build, note);
    }
  if (self->places->len > POINTS_MAX)
    {
      g_autofree char *shown = bv_locale_format_count (self->build->locale, POINTS_MAX);
      g_autofree char *all = bv_locale_format_count (self->build->locale, self->places->len);
      g_autofree char *note = g_strdup_printf (_("The %s largest of %s points shown"), shown, all);

      bv_build_note (self->build, note);
      g_array_set_size (self->places, POINTS_MAX);
    }
}

static void
read_countries (BvMap *self, guint column)
{
  BvFrame *frame = self->build->frame;

  for (guint row = 0; row < bv_frame_get_n_rows (frame); row++)
    {
      g_autofree char *name = bv_frame_format (frame, column, row, self->build->locale);
      int country = bv_frame_is_null (frame, column, row) ? -1 : bv_geo_find (self->geo, self->build->locale, name);
      double v = bv_parts_value (self->build, self->metric, row, &self->n_odd);

      if (country < 0)
        g_ptr_array_add (self->unknown, g_steal_pointer (&name));
      else if (self->row[country] != G_MAXUINT)
        g_ptr_array_add (self->twice, g_steal_pointer (&name));
      else
        {
          self->row[country] = row;
          self->v[country] = v;
          self->n_found++;
          self->total += isnan (v) ? 0 : v;
        }
    }
}

/* "A, B, C and 12 more" */
static char *
name_list (GPtrArray *names)
{
  GString *out = g_string_new (NULL);

  for (guint i = 0; i < names->len && i < NAMES_MAX; i++)
    g_string_append_printf (out, "%s%s", i > 0 ? ", " : "", (const char *) names->pdata[i]);
  if (names->len > NAMES_MAX)
    {
      g_string_append (out, ", ");
      g_string_append_printf (out, ngettext ("+ %u more", "+ %u more", names->len - NAMES_MAX), names->len - NAMES_MAX);
    }
  return g_string_free (out, FALSE);
}

static void
notes (BvMap *self)
{
  if (self->unknown->len > 0)
    {
      g_autofree char *list = name_list (self->unknown);
      g_autofree char *note = g_strdup_printf (ngettext ("%u place is no country that the map knows: %s",
                                                         "%u places are no countries that the map knows: %s", self->unknown->len),
                                               self->unknown->len, list);

      bv_build_note (self->build, note);
    }
  if (self->twice->len > 0)
    {
      g_autofree char *list = name_list (self->twice);
      g_autofree char *note = g_strdup_printf (_("Not shown, because another row is the same country: %s"), list);

      bv_build_note (self->build, note);
    }
  bv_parts_odd_note (self->build, self->n_odd);
}

/* A hatched swatch at the left of the legend's line. */
static void
legend_empty (BvMap *self)
{
  BvBuild *build = self->build;
  double side = build->size * 0.9;
  double y = build->y + build->h - build->line / 2 - side / 2;
  double bounds[4] = { build->x, y, build->x + side, y + side };
  BvShape *shape;

  if (strcmp (bv_chart_spec_choice (build->spec, "legend"), "none") == 0 || build->h < build->line * 7 || build->w < build->size * 36)
    return;
  shape = bv_scene_add_path (build->scene, BV_PART_LEGEND);
  shape->closed = TRUE;
  shape->fill = land (build);
  bv_scene_add_point (build->scene, bounds[0], bounds[1]);
  bv_scene_add_point (build->scene, bounds[2], bounds[1]);
  bv_scene_add_point (build->scene, bounds[2], bounds[3]);
  bv_scene_add_point (build->scene, bounds[0], bounds[3]);
  bv_map_hatch (self, build->scene->shapes->len - 1, bounds);
  bv_build_label (build, BV_TEXT_LEGEND, _("No value"), build->x + side + build->size * 0.5, build->y + build->h - build->line, 0,
                  build->ink.muted);
}

static void
describe (BvMap *self)
{
  BvBuild *build = self->build;
  guint low = G_MAXUINT, high = G_MAXUINT;
  const char *metric = bv_parts_metric_label (build, self->metric);

  for (guint i = 0; !self->points && i < self->geo->n_countries; i++)
    if (self->row[i] != G_MAXUINT && !isnan (self->v[i]))
      {
        low = low == G_MAXUINT || self->v[i] < self->v[low] ? i : low;
        high = high == G_MAXUINT || self->v[i] > self->v[high] ? i : high;
      }
  if (self->points)
    bv_alternative_set (build, g_strdup_printf (ngettext ("Map of %u point, sized by %s.", "Map of %u points, sized by %s.",
                                                          self->places->len), self->places->len, metric));
  else if (high == G_MAXUINT)
    bv_alternative_set (build, g_strdup_printf (_("Map of countries. %s has no values."), metric));
  else
    {
      g_autofree char *least = bv_parts_format (build, self->metric, self->v[low]);
      g_autofree char *most = bv_parts_format (build, self->metric, self->v[high]);

      /* Translators: number of countries, metric, country and value of the lowest and of the highest. */
      bv_alternative_set (build, g_strdup_printf (ngettext ("Map of %u country. %s is lowest in %s (%s) and highest in %s (%s).",
                                                            "Map of %u countries. %s is lowest in %s (%s) and highest in %s (%s).",
                                                            self->n_found), self->n_found, metric, self->geo->countries[low].name, least,
                                                  self->geo->countries[high].name, most));
    }
}

/* Which columns are latitude and longitude: two numbers, or one text of both; FALSE for countries. */
static gboolean
find_points (BvBuild *build, GArray *groups, guint *lat, guint *lon)
{
  static const char *const longitude[] = { "lon", "lng", "long", "longitude", "länge", NULL };
  guint numbers[2];
  guint n = 0;

  for (guint i = 0; i < groups->len; i++)
    {
      guint column = g_array_index (groups, guint, i);
      const BvColumn *info = bv_frame_get_column (build->frame, column);
      double a, b;

      if (bv_type_is_numeric (info->type) && n < 2)
        numbers[n++] = column;
      for (guint row = 0; info->type == BV_TYPE_TEXT && row < MIN (bv_frame_get_n_rows (build->frame), 20); row++)
        if (!bv_frame_is_null (build->frame, column, row))
          {
            if (!parse_place (bv_frame_get_text (build->frame, column, row), &a, &b))
              break;
            *lat = *lon = column;
            return TRUE;
          }
    }
  if (n < 2)
    return FALSE;
  *lat = means (bv_frame_get_column (build->frame, numbers[0])->name, longitude) ? numbers[1] : numbers[0];
  *lon = *lat == numbers[0] ? numbers[1] : numbers[0];
  return TRUE;
}

static void
draw_map (BvMap *self)
{
  BvBuild *build = self->build;
  BvColourScale colours = { 0 };
  guint metric = self->points ? self->colour_metric : self->metric;
  double lo = G_MAXDOUBLE, hi = -G_MAXDOUBLE;
  double radius = 0, largest = 0;
  BvSizeLegend sizes = { 0 };
  gboolean empty = FALSE;

  if (self->points)
    {
      radius = bv_parts_bubble (build, self->places->len, MOST_RADIUS * build->size);
      largest = bv_parts_largest (build, fabs (g_array_index (self->places, BvMapPlace, 0).v));
      bv_size_legend_reserve (&sizes, build, self->metric, largest, radius);
    }
  for (guint i = 0; !self->points && i < self->geo->n_countries; i++)
    {
      empty = empty || (self->row[i] != G_MAXUINT && isnan (self->v[i]));
      if (self->row[i] == G_MAXUINT || isnan (self->v[i]))
        continue;
      lo = MIN (lo, self->v[i]);
      hi = MAX (hi, self->v[i]);
    }
  for (guint i = 0; self->points && i < self->places->len; i++)
    {
      double c = g_array_index (self->places, BvMapPlace, i).c;

      lo = c < lo ? c : lo;
      hi = c > hi ? c : hi;
    }
  if (lo <= hi)
    {
      bv_panel_domain (build, FALSE, &lo, &hi);
      bv_colour_scale_init (&colours, build, lo, hi);
      colours.faint = FAINT;
      if (empty)
        legend_empty (self);
      bv_colour_scale_legend (&colours, build, &bv_frame_get_column (build->frame, metric)->format);
    }
  build->scene->has_plot = TRUE;
  build->scene->plot_x = build->x;
  build->scene->plot_y = build->y;
  build->scene->plot_width = build->w;
  build->scene->plot_height = build->h;
  bv_map_choose_view (self);
  bv_map_thin (self);
  draw_land (self);
  if (self->points)
    {
      bv_map_draw_borders (self);
      draw_points (self, &colours, radius, largest);
      bv_size_legend_draw (&sizes, build, radius);
      if (self->name_column != G_MAXUINT && bv_chart_spec_bool (build->spec, "labels"))
        label_points (self);
    }
  else
    {
      draw_countries (self, &colours);
      if (bv_chart_spec_bool (build->spec, "labels"))
        label_countries (self);
    }
  bv_size_legend_clear (&sizes);
  g_free (self->pixels);
  g_free (self->arcs);
}

/* Of points the first metric is the area and the second the colour. */
static void
map_legend (BvBuild *build, BvPanel *panel)
{
  g_autoptr(GArray) metrics = bv_parts_metrics (build);
  g_autoptr(GArray) groups = bv_parts_groups (build);
  BvColourScale colours;
  guint lat, lon;
  gboolean points = find_points (build, groups, &lat, &lon);

  if (metrics->len > 0 && points)
    bv_size_legend_panels (build, panel, g_array_index (metrics, guint, 0), MOST_RADIUS * build->size);
  if (metrics->len == 0 || !panel->shared || !(panel->lo <= panel->hi))
    return;
  bv_colour_scale_init (&colours, build, panel->lo, panel->hi);
  colours.faint = FAINT;
  bv_colour_scale_legend (&colours, build, &bv_frame_get_column (build->frame, g_array_index (metrics, guint, points ? MIN (metrics->len - 1, 1) : 0))->format);
}

static void
build_map (BvBuild *build)
{
  g_autoptr(GArray) metrics = bv_parts_metrics (build);
  g_autoptr(GArray) groups = bv_parts_groups (build);
  g_autoptr(GPtrArray) unknown = g_ptr_array_new_with_free_func (g_free);
  g_autoptr(GPtrArray) twice = g_ptr_array_new_with_free_func (g_free);
  g_autoptr(GArray) places = g_array_new (FALSE, FALSE, sizeof (BvMapPlace));
  const BvGeo *geo = bv_geo_get ();
  g_autofree guint *rows = g_new (guint, MAX (geo->n_countries, 1));
  g_autofree double *values = g_new (double, MAX (geo->n_countries, 1));
  BvMap self = { .build = build, .geo = geo, .row = rows, .v = values, .places = places, .unknown = unknown, .twice = twice };
  guint lat = G_MAXUINT, lon = G_MAXUINT;

  if (metrics->len == 0)
    {
      bv_build_message (build, _("There is nothing to draw: choose a metric that is a number"));
      return;
    }
  self.metric = g_array_index (metrics, guint, 0);
  self.colour_metric = metrics->len > 1 ? g_array_index (metrics, guint, 1) : G_MAXUINT;
  for (guint i = 0; i < geo->n_countries; i++)
    {
      rows[i] = G_MAXUINT;
      values[i] = NAN;
    }
  self.points = find_points (build, groups, &lat, &lon);
  self.name_column = G_MAXUINT;
  for (guint i = 0; i < groups->len; i++)
    if (g_array_index (groups, guint, i) != lat && g_array_index (groups, guint, i) != lon && self.name_column == G_MAXUINT)
      self.name_column = g_array_index (groups, guint, i);
  if (self.points)
    read_points (&self, groups, lat, lon);
  else if (groups->len == 1)
    read_countries (&self, g_array_index (groups, guint, 0));
  else
    {
      bv_build_message (build, groups->len == 0 ? _("A map needs places: group by countries, or by latitude and longitude")
                                                : _("A map shows one group of countries: remove the others"));
      return;
    }
  if (self.points && places->len == 0)
    {
      bv_build_message (build, _("No values to draw: all of them are empty"));
      return;
    }
  if (!self.points && self.n_found == 0)
    {
      bv_build_message (build, _("None of the groups is a country: group by a field with names or ISO codes of countries"));
      return;
    }
  describe (&self);
  notes (&self);
  draw_map (&self);
}

const BvChartKind bv_chart_map_kind = {
  { "map", N_("Map"), "bv-chart-map-symbolic", 1, 2, 1, 3, FALSE, map_options }, build_map, BV_FACETS_LABELLED, map_legend,
};
