/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Pie and donut: the parts of a whole. Parts of the whole are positive: a frame with a value below zero is not drawn but said so.
 * Slices keep the frame's order; beyond SLICES_MAX the rest is one grey slice that says how many it holds.
 */
#include "config.h"

#include "bv-chart-private.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

#define SLICES_MAX 24

static const char *const pie_label_choices[] = { "auto", "share", "value", "none", NULL };
static const char *const pie_label_labels[] = { N_("Automatic"), N_("Share"), N_("Value"), N_("No labels"), NULL };

static const BvOptionInfo pie_options[] = {
  { "donut", N_("Donut"), BV_OPTION_BOOL, NULL, NULL },
  { "slice-labels", N_("Slice labels"), BV_OPTION_CHOICE, pie_label_choices, pie_label_labels },
  BV_OPTION_LABELS, BV_OPTION_LEGEND, BV_OPTION_PALETTE, BV_OPTION_FACET, BV_OPTION_END,
};

static void build_pie (BvBuild *build);

static void pie_legend (BvBuild *build, BvPanel *panel);

const BvChartKind bv_chart_pie_kind = {
  { "pie", N_("Pie"), "bv-chart-pie-symbolic", 1, -1, 1, -1, FALSE, pie_options }, build_pie, BV_FACETS_LABELLED, pie_legend,
};

typedef struct
{
  char *name, *label;
  double v, share;
  guint row;
  int column;
  BvColour colour;
  gboolean hidden;
} Slice;

static void
slice_clear (gpointer data)
{
  Slice *slice = data;

  g_free (slice->name);
  g_free (slice->label);
}

static BvColour
rest_colour (const BvBuild *build)
{
  return bv_colour_mix (build->ink.background, build->ink.muted, 0.55);
}

/* One slice per value: named by its place, its series, or both where there are several of both. Those of a @whole are for its legend: each place has
 * one, so that it has its colour in all panels. */
static GArray *
make_slices (BvBuild *build, BvMatrix *matrix, gboolean whole, gboolean *negative)
{
  GArray *slices = g_array_new (FALSE, FALSE, sizeof (Slice));
  const char *palette = bv_chart_spec_text (build->spec, "palette");

  if (palette == NULL || strcmp (palette, "auto") == 0)
    palette = build->style.palette;
  g_array_set_clear_func (slices, slice_clear);
  *negative = FALSE;
  for (guint i = 0; i < matrix->n; i++)
    for (guint s = 0; s < matrix->series->len; s++)
      {
        BvSeries *series = g_ptr_array_index (matrix->series, s);
        Slice slice = { .v = series->v[i], .row = series->row[i], .column = series->column };
        gboolean has_place = matrix->is_time || matrix->n_dims > 0;
        g_autofree char *place = NULL;
        const char *label, *colour;

        if (isnan (slice.v) && !whole)
          continue;
        if (slice.v < 0)
          *negative = TRUE;
        place = has_place ? bv_matrix_x_label (matrix, i, build->locale) : NULL;
        slice.name = !has_place                ? g_strdup (series->name)
                     : matrix->series->len > 1 ? g_strdup_printf ("%s · %s", place, series->name)
                                               : g_steal_pointer (&place);
        label = bv_chart_spec_series (build->spec, slice.name, "label");
        colour = bv_chart_spec_series (build->spec, slice.name, "colour");
        slice.label = g_strdup (label != NULL ? label : slice.name);
        if (!bv_colour_parse (colour, &slice.colour))
          slice.colour = bv_palette_colour (palette, build->panel != NULL || whole ? i * matrix->series->len + s : slices->len, build->style.theme);
        slice.hidden = build->hidden != NULL && g_strv_contains (build->hidden, slice.name);
        g_array_append_val (slices, slice);
      }
  for (guint i = SLICES_MAX; !whole && slices->len > SLICES_MAX + 1 && i < slices->len; i++)
    g_array_index (slices, Slice, i).colour = rest_colour (build);
  return slices;
}

static void
add_legend (BvBuild *build, GArray *slices)
{
  g_autoptr(GArray) items = g_array_new (FALSE, FALSE, sizeof (BvLegendItem));

  for (guint i = 0; i < slices->len; i++)
    {
      Slice *slice = &g_array_index (slices, Slice, i);
      BvLegendItem item = { slice->label, slice->name, slice->colour, BV_KIND_BAR, slice->hidden, FALSE };

      g_array_append_val (items, item);
    }
  bv_legend_add (build, (const BvLegendItem *) (gpointer) items->data, items->len);
}

static void
pie_legend (BvBuild *build, BvPanel *panel)
{
  g_autoptr(BvMatrix) matrix = bv_matrix_new (build->frame, build->locale);
  g_autoptr(GArray) slices = NULL;
  gboolean negative;

  bv_build_series (build, matrix, BV_KIND_BAR);
  slices = make_slices (build, matrix, TRUE, &negative);
  add_legend (build, slices);
}

static char *
share_text (BvBuild *build, double share)
{
  BvFormat percent = BV_FORMAT_INIT;

  percent.kind = BV_FORMAT_PERCENT;
  percent.decimals = share < 0.0995 ? 1 : 0;
  return bv_locale_format_double (build->locale, share, &percent);
}

typedef struct
{
  BvBuild *build;
  double x, y, r0, r1;
  const char *labels;
  gboolean outside;
  BvLabelSpace *space;
} Pie;

static void
label_slice (Pie *self, Slice *slice, double a0, double a1, BvColour fill, int mark)
{
  BvBuild *build = self->build;
  BvColumn *column = bv_frame_get_column (build->frame, (guint) slice->column);
  gboolean value = strcmp (self->labels, "value") == 0;
  g_autofree char *text = value ? bv_locale_format_double (build->locale, slice->v, &column->format)
                                : share_text (build, slice->share);
  double middle = (a0 + a1) / 2;
  double width = bv_text_width (build->text, text, build->size, FALSE);

  if (!self->outside)
    {
      double r = self->r0 > 0 ? (self->r0 + self->r1) / 2 : self->r1 * 0.68;
      double chord = 2 * r * sin (MIN ((a1 - a0) / 2, G_PI_2));

      /* The label lies within its slice: as wide as the chord allows and, in a donut, as the ring. */
      if (hypot (width, build->line) > chord || (self->r0 > 0 && width + 2 > (self->r1 - self->r0) * 1.05))
        return;
      bv_label_space_add (self->space, text, self->x + r * sin (middle), self->y - r * cos (middle) - build->line / 2, 0.5,
                          bv_colour_on (fill), mark);
      return;
    }
  {
    double r = self->r1 + build->size * 0.6;
    double x = self->x + r * sin (middle);
    double y = self->y - r * cos (middle) - build->line / 2;
    gboolean right = sin (middle) >= 0;
    double room = right ? build->x + build->w - x : x - build->x;
    /* The name gives way, the number stays whole. */
    g_autofree char *name = bv_text_fit (build->text, slice->label, build->size, FALSE, room - width - build->size * 1.2);
    g_autofree char *both = *name != '\0' ? g_strdup_printf ("%s  %s", name, text) : g_strdup (text);

    bv_label_space_add (self->space, both, x, y, right ? 0 : 1, build->ink.text, mark);
  }
}

static void
draw_slice (Pie *self, Slice *slice, double a0, double a1, int series)
{
  BvScene *scene = self->build->scene;
  BvShape *shape = bv_scene_add_sector (scene, BV_PART_DATA, self->x, self->y, self->r0, self->r1, a0, a1, slice->colour);
  int shape_index = (int) scene->shapes->len - 1;
  BvSceneMark *mark;
  double x0 = G_MAXDOUBLE, y0 = G_MAXDOUBLE, x1 = -G_MAXDOUBLE, y1 = -G_MAXDOUBLE;

  if (a1 - a0 > 0.02 && a1 - a0 < 2 * G_PI - 1e-6)
    {
      shape->stroke = self->build->ink.background;
      shape->line_width = 1.25;
    }
  /* The bounds: the corners and where the arc passes a quarter. */
  for (int k = 0; k < 8; k++)
    {
      double a = k == 0 || k == 1 ? a0 : k == 2 || k == 3 ? a1 : (k - 4) * G_PI_2;
      double r = k == 0 || k == 2 ? self->r0 : self->r1;
      double x = self->x + r * sin (a);
      double y = self->y - r * cos (a);

      if (k >= 4 && (a < a0 || a > a1))
        continue;
      x0 = MIN (x0, x);
      y0 = MIN (y0, y);
      x1 = MAX (x1, x);
      y1 = MAX (y1, y);
    }
  mark = bv_scene_add_mark (scene, BV_MARK_SECTOR, slice->row, slice->column, series, x0, y0, x1 - x0, y1 - y0);
  mark->x = self->x;
  mark->y = self->y;
  mark->r0 = self->r0;
  mark->r1 = self->r1;
  mark->a0 = a0;
  mark->a1 = a1;
  mark->shape = shape_index;
  mark->colour = slice->colour;
  mark->x_index = scene->marks->len - 1;
  shape->mark = (int) scene->marks->len - 1;
  if (slice->row != G_MAXUINT)
    {
      g_autofree char *share = share_text (self->build, slice->share);
      const char *base = bv_scene_get_mark (scene, scene->marks->len - 1)->text;
      g_autofree char *text = g_strdup_printf ("%s (%s)", base, share);

      bv_scene_mark (scene, scene->marks->len - 1)->mark.text = bv_scene_intern (scene, text);
    }
}

static void
draw_pie (BvBuild *build, GArray *slices, double total, const char *labels)
{
  gboolean donut = bv_chart_spec_bool (build->spec, "donut");
  gboolean legend = build->scene->legend->len > 0 || build->panel != NULL;
  guint n = slices->len > SLICES_MAX + 1 ? SLICES_MAX : slices->len;
  Pie self = { .build = build, .labels = labels };
  double room_x, sum = 0;
  guint drawn = 0;

  /* Without a legend the names stand around the pie. */
  self.outside = !legend && strcmp (labels, "none") != 0 && build->w > build->size * 16 && build->h > build->size * 10;
  room_x = self.outside ? build->w * 0.56 : build->w;
  self.x = build->x + build->w / 2;
  self.y = build->y + build->h / 2;
  self.r1 = MAX (MIN (room_x, build->h - (self.outside ? build->line * 3 : 2)) / 2 - 1, 2);
  self.r0 = donut ? self.r1 * 0.6 : 0;
  build->scene->has_plot = TRUE;
  build->scene->plot_x = build->x;
  build->scene->plot_y = build->y;
  build->scene->plot_width = build->w;
  build->scene->plot_height = build->h;
  for (guint i = 0; i < n; i++)
    {
      Slice *slice = &g_array_index (slices, Slice, i);

      if (slice->hidden || !(slice->v > 0))
        continue;
      slice->share = slice->v / total;
      /* Each angle from the start of all: the last ends at the full turn. */
      draw_slice (&self, slice, sum / total * 2 * G_PI, MIN ((sum + slice->v) / total, 1) * 2 * G_PI, (int) i);
      sum += slice->v;
      drawn++;
    }
  if (n < slices->len && sum < total)
    bv_scene_add_sector (build->scene, BV_PART_DATA, self.x, self.y, self.r0, self.r1, sum / total * 2 * G_PI, 2 * G_PI,
                         rest_colour (build));
  if (strcmp (labels, "none") == 0)
    return;
  self.space = bv_label_space_new (build);
  for (guint m = 0, i = 0; i < n && m < drawn; i++)
    {
      Slice *slice = &g_array_index (slices, Slice, i);
      const BvSceneMark *mark;

      if (slice->hidden || !(slice->v > 0))
        continue;
      mark = bv_scene_mark (build->scene, m);
      label_slice (&self, slice, mark->a0, mark->a1, slice->colour, (int) m);
      m++;
    }
  bv_label_space_free (self.space);
}

static void
build_pie (BvBuild *build)
{
  g_autoptr(BvMatrix) matrix = bv_matrix_new (build->frame, build->locale);
  const char *labels = bv_chart_spec_choice (build->spec, "slice-labels");
  g_autoptr(GArray) slices = NULL;
  gboolean negative;
  double total = 0;
  guint n_visible = 0;

  if (matrix->series->len == 0)
    {
      bv_build_message (build, _("There is nothing to draw: choose a metric that is a number"));
      return;
    }
  bv_build_series (build, matrix, BV_KIND_BAR);
  slices = make_slices (build, matrix, FALSE, &negative);
  bv_alternative_series (build, matrix, bv_chart_pie_kind.info.label);
  if (negative)
    {
      bv_build_message (build, _("A pie cannot show values below zero: use a bar chart"));
      return;
    }
  if (slices->len > SLICES_MAX + 1)
    {
      g_autofree char *all = bv_locale_format_count (build->locale, slices->len);
      g_autofree char *note = g_strdup_printf (_("%d of %s slices shown, the rest is grey"), SLICES_MAX, all);

      bv_build_note (build, note);
    }
  for (guint i = 0; i < slices->len; i++)
    if (!g_array_index (slices, Slice, i).hidden)
      {
        total += g_array_index (slices, Slice, i).v;
        n_visible++;
      }
  add_legend (build, slices);
  if (slices->len > 0 && n_visible == 0)
    bv_build_message (build, _("All series are switched off: click a name in the legend"));
  else if (!(total > 0) || !isfinite (total))
    bv_build_message (build, _("No values to draw: all of them are empty or zero"));
  else
    draw_pie (build, slices, total,
              strcmp (labels, "auto") == 0 ? bv_chart_spec_bool (build->spec, "labels") ? "value" : "share" : labels);
}
