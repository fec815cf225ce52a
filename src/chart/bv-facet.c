/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Small multiples: one small chart for each value of a group, side by side.
 *
 * Each panel is built by the chart's own type on the rows of its value, with the facet's column out of sight. With shared scales the panels
 * are built twice: the first time they only report their domains, the second time all of them get the widest, and the same places along x
 * (those that a panel lacks stand empty), so that axes need labels only at the left and at the bottom. Series keep their colours, which come
 * from the whole frame. Notes of the panels are said once, below; the legend belongs to all.
 */
#include "config.h"

#include "bv-chart-parts.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

#define PANELS_MAX 80
#define ASPECT 1.55
#define GAP_Y 0.7 /* between rows of panels, by the size of labels */

const char *const bv_facet_choices[] = { "shared", "free", NULL };
const char *const bv_facet_labels[] = { N_("The same in all panels"), N_("Each panel its own"), NULL };

typedef struct
{
  BvBuild *build;
  const BvChartKind *kind;
  guint column;
  GArray *firsts;    /* the first row of each value */
  guint *value_of;   /* per row */
  guint n;           /* panels shown */
  guint n_columns, n_rows;
  gboolean shared;
  BvPanel panel;
} Facets;

/* The column that the option names; -1 when the chart has none. */
static int
find_column (BvBuild *build)
{
  const char *name = bv_chart_spec_text (build->spec, "facet");
  int column = name != NULL && build->frame != NULL ? bv_frame_find_column (build->frame, name) : -1;

  if (column < 0 || build->panel != NULL)
    return -1;
  switch (bv_frame_get_column (build->frame, (guint) column)->role)
    {
    case BV_ROLE_DIMENSION:
    case BV_ROLE_SERIES:
      return column;
    case BV_ROLE_TIME:
    case BV_ROLE_METRIC:
    case BV_ROLE_COMPARE:
    case BV_ROLE_FIELD:
    default:
      return -1;
    }
}

/* The rows of one value in the order of all places along x, and for each row which of the whole frame it is. Places that the value
 * lacks get a row without numbers. */
static BvFrame *
panel_frame (Facets *self, guint value, const guint *place_of, GArray *place_rows, GArray *order)
{
  BvFrame *whole = self->build->frame;
  guint n_rows = bv_frame_get_n_rows (whole);
  BvFrame *frame;
  guint n_real;

  g_array_set_size (order, 0);
  for (guint row = 0; row < n_rows; row++)
    if (self->value_of[row] == value)
      g_array_append_val (order, row);
  n_real = order->len;
  if (place_rows != NULL)
    {
      g_autofree guint8 *has = g_new0 (guint8, MAX (place_rows->len, 1));
      g_autofree guint *real = g_memdup2 (order->data, order->len * sizeof (guint));
      g_autofree guint8 *fake = NULL;

      for (guint i = 0; i < n_real; i++)
        has[place_of[real[i]]] = 1;
      g_array_set_size (order, 0);
      fake = g_new0 (guint8, n_real + place_rows->len + 1);
      /* Places in their common order; the panel's rows are few enough to be looked through for each place only when they are not sorted. */
      {
        g_autofree guint *start = g_new0 (guint, place_rows->len + 2);
        g_autofree guint *sorted = g_new (guint, MAX (n_real, 1));

        for (guint i = 0; i < n_real; i++)
          start[place_of[real[i]] + 1]++;
        for (guint p = 0; p < place_rows->len; p++)
          start[p + 1] += start[p];
        for (guint i = 0; i < n_real; i++)
          sorted[start[place_of[real[i]]]++] = real[i];
        for (guint p = 0, at = 0; p < place_rows->len; p++)
          {
            guint any = g_array_index (place_rows, guint, p);

            if (!has[p])
              {
                fake[order->len] = 1;
                g_array_append_val (order, any);
              }
            for (; at < n_real && place_of[sorted[at]] == p; at++)
              g_array_append_val (order, sorted[at]);
          }
      }
      frame = bv_frame_pick (whole, (const guint *) (gpointer) order->data, order->len);
      for (guint i = 0; i < order->len; i++)
        for (guint c = 0; fake[i] && c < bv_frame_get_n_columns (frame); c++)
          {
            BvRole role = bv_frame_get_column (frame, c)->role;

            if (role == BV_ROLE_METRIC || role == BV_ROLE_COMPARE)
              bv_frame_set_null (frame, c, i);
          }
      for (guint i = 0; i < order->len; i++)
        if (fake[i])
          g_array_index (order, guint, i) = BV_ROW_NONE;
    }
  else
    frame = bv_frame_pick (whole, (const guint *) (gpointer) order->data, order->len);
  bv_frame_get_column (frame, self->column)->role = BV_ROLE_FIELD;
  return frame;
}

/* What the panels have in common along x, when they share it: place of each row and a row of each place. */
static GArray *
common_places (Facets *self, guint **place_of)
{
  BvFrame *frame = self->build->frame;
  g_autoptr(GArray) columns = g_array_new (FALSE, FALSE, sizeof (guint));
  gboolean time = FALSE, alike = self->kind->facets >= BV_FACETS_ALIKE;

  *place_of = NULL;
  if (self->kind->facets == BV_FACETS_APART)
    return NULL;
  for (guint c = 0; c < bv_frame_get_n_columns (frame); c++)
    time = time || bv_frame_get_column (frame, c)->role == BV_ROLE_TIME;
  for (guint c = 0; c < bv_frame_get_n_columns (frame); c++)
    {
      BvRole role = bv_frame_get_column (frame, c)->role;

      if (c != self->column && (alike ? role == BV_ROLE_TIME || role == BV_ROLE_DIMENSION || role == BV_ROLE_SERIES
                                      : role == (time ? BV_ROLE_TIME : BV_ROLE_DIMENSION)))
        g_array_append_val (columns, c);
    }
  if (!self->shared || columns->len == 0)
    return NULL;
  return bv_group_rows (frame, (guint *) (gpointer) columns->data, columns->len, place_of);
}

/* --- Merging -------------------------------------------------------------------------------------------------------------------- */

static void
merge (BvScene *scene, BvScene *panel, GArray *order, double dx, double dy)
{
  guint first_point = scene->points->len / 2;
  guint first_shape = scene->shapes->len, first_mark = scene->marks->len;
  BvPanelRect rect = { dx, dy, panel->width, panel->height, first_mark, panel->marks->len };

  if (panel->has_plot)
    rect = (BvPanelRect){ panel->plot_x + dx, panel->plot_y + dy, panel->plot_width, panel->plot_height, first_mark, panel->marks->len };

  g_array_append_vals (scene->points, panel->points->data, panel->points->len);
  for (guint i = 2 * first_point; i < scene->points->len; i += 2)
    {
      g_array_index (scene->points, double, i) += dx;
      g_array_index (scene->points, double, i + 1) += dy;
    }
  for (guint i = 0; i < panel->shapes->len; i++)
    {
      BvShape shape = *bv_scene_shape (panel, i);

      shape.x += dx;
      shape.y += dy;
      shape.first += first_point;
      shape.mark += shape.mark >= 0 ? (int) first_mark : 0;
      g_array_append_val (scene->shapes, shape);
    }
  for (guint i = 0; i < panel->texts->len; i++)
    {
      BvTextRun run = *bv_scene_text (panel, i);

      run.x += dx;
      run.y += dy;
      run.text = bv_scene_intern (scene, run.text);
      run.mark += run.mark >= 0 ? (int) first_mark : 0;
      g_array_append_val (scene->texts, run);
    }
  for (guint i = 0; i < panel->marks->len; i++)
    {
      BvSceneMark mark = *bv_scene_mark (panel, i);

      mark.mark.x += dx;
      mark.mark.y += dy;
      mark.x += dx;
      mark.y += dy;
      mark.shape += mark.shape >= 0 ? (int) first_shape : 0;
      mark.mark.text = mark.mark.text != NULL ? bv_scene_intern (scene, mark.mark.text) : NULL;
      if (mark.mark.row < order->len)
        mark.mark.row = g_array_index (order, guint, mark.mark.row);
      /* What the panel has no row for says so by itself. */
      if (mark.mark.row == BV_ROW_NONE && mark.mark.text == NULL)
        mark.mark.text = bv_scene_intern (scene, bv_scene_get_mark (panel, i)->text);
      g_array_append_val (scene->marks, mark);
    }
  scene->crosshair = panel->crosshair;
  scene->vertical = panel->vertical;
  g_array_append_val (scene->panels, rect);
}

/* --- Layout --------------------------------------------------------------------------------------------------------------------- */

static void
build_panel (Facets *self, BvBuild *panel, BvFrame *frame, double width, double height)
{
  const BvBuild *build = self->build;

  bv_build_init (panel, build->spec, frame, &build->style, build->locale, MAX (width, 1), MAX (height, 1));
  panel->hidden = build->hidden;
  panel->panel = &self->panel;
  panel->x = panel->y = 0;
  panel->w = panel->width;
  panel->h = panel->height;
  self->kind->build (panel);
}

/* How much room the labels of an outer panel of this size take. */
static void
measure_labels (Facets *self, const guint *place_of, GArray *place_rows, double width, double height, double *left, double *bottom)
{
  g_autoptr(GArray) order = g_array_new (FALSE, FALSE, sizeof (guint));
  g_autoptr(BvFrame) frame = panel_frame (self, 0, place_of, place_rows, order);
  BvBuild probe;

  *left = *bottom = 0;
  self->panel.left = self->panel.bottom = TRUE;
  build_panel (self, &probe, frame, width, height);
  if (probe.scene->has_plot && self->kind->facets != BV_FACETS_LABELLED)
    {
      *left = MIN (probe.scene->plot_x, self->build->w * 0.3);
      *bottom = MIN (MAX (probe.height - probe.scene->plot_y - probe.scene->plot_height, 0), self->build->h * 0.3);
    }
  bv_scene_unref (probe.scene);
}

/* @most panels, or as many as can be read in @height, in rows and columns that give each a pleasant shape. @labels: how high those of an axis are. */
static void
arrange (Facets *self, double title, double height, double labels, guint most)
{
  BvBuild *build = self->build;
  double gap = build->size * GAP_Y;
  double least_w = build->size * 10, least_h = (labels > 0 ? build->line * 4 : build->size * 6) + title;
  double room = self->shared ? height - labels : height, each = self->shared ? least_h : least_h + labels;
  guint fit_columns = (guint) MAX (1, floor (build->w / least_w));
  guint fit_rows = (guint) MAX (1, labels > 0 ? floor ((room + gap) / (each + gap)) : floor (room / each));
  double best = G_MAXDOUBLE;

  self->n = MIN (most, MIN (fit_columns * fit_rows, PANELS_MAX));
  self->n_columns = 1;
  for (guint columns = 1; columns <= MIN (fit_columns, self->n); columns++)
    {
      guint rows = (self->n + columns - 1) / columns;
      double off = fabs (log (build->w / columns / MAX (height / rows - title, 1) / ASPECT)) + 0.12 * (columns * rows - self->n);

      if (rows <= fit_rows && off < best)
        {
          best = off;
          self->n_columns = columns;
        }
    }
  self->n_rows = (self->n + self->n_columns - 1) / self->n_columns;
}

/* The same panels in what legend and notes have left. */
static void
arrange_again (Facets *self, double title, double labels)
{
  guint n = self->n;

  arrange (self, title, self->build->h, labels, n);
  if (self->n < n)
    {
      self->n = n;
      self->n_rows = (n + self->n_columns - 1) / self->n_columns;
    }
}

static char *
panel_name (Facets *self, guint value)
{
  return bv_frame_format (self->build->frame, self->column, g_array_index (self->firsts, guint, value), self->build->locale);
}

static void
describe (Facets *self, GString *each)
{
  BvBuild *build = self->build;
  g_autofree char *all = g_strdup_printf (ngettext ("%u small chart, one for each value of %s.", "%u small charts, one for each value of %s.",
                                                    self->n), self->n, bv_frame_get_column (build->frame, self->column)->name);

  bv_alternative_set (build, g_strconcat (all, each->str, NULL));
}

static void
draw_panels (Facets *self, const guint *place_of, GArray *place_rows, double title)
{
  BvBuild *build = self->build;
  g_autoptr(GArray) order = g_array_new (FALSE, FALSE, sizeof (guint));
  g_autoptr(GString) each = g_string_new (NULL);
  double gap_x = build->size * 1.3, gap_y = build->size * GAP_Y;
  double left = 0, bottom = 0;
  double cell_w, cell_h;

  cell_w = (build->w - gap_x * (self->n_columns - 1)) / self->n_columns;
  cell_h = (build->h - gap_y * (self->n_rows - 1)) / self->n_rows - title;
  if (self->shared)
    {
      double inner_w = cell_w, inner_h = cell_h, before;

      /* An outer panel grows by its labels, which then may grow, too. */
      for (guint round = 0; round < 5; round++)
        {
          before = left + bottom;
          self->panel.width = inner_w;
          self->panel.height = inner_h;
          measure_labels (self, place_of, place_rows, inner_w + left, inner_h + bottom, &left, &bottom);
          inner_w = (build->w - left - gap_x * (self->n_columns - 1)) / self->n_columns;
          inner_h = (build->h - bottom - gap_y * (self->n_rows - 1)) / self->n_rows - title;
          if (fabs (left + bottom - before) < 0.1)
            break;
        }
      /* All plots are of one size: none of them has labels where an inner one would be too small beside them. */
      self->panel.bare = bv_plot_is_sparse (build, inner_w, inner_h);
      if (self->panel.bare)
        left = bottom = 0;
      else
        {
          cell_w = inner_w;
          cell_h = inner_h;
        }
      self->panel.settled = left > 0 || bottom > 0;
      self->panel.left_room = left;
      self->panel.bottom_room = bottom;
    }
  self->panel.n = self->n;
  for (guint i = 0; i < self->n; i++)
    {
      g_autoptr(BvFrame) frame = panel_frame (self, i, place_of, place_rows, order);
      g_autofree char *name = panel_name (self, i);
      g_autofree char *fitted = NULL;
      guint column = i % self->n_columns, row = i / self->n_columns;
      double x = build->x + column * (cell_w + gap_x) + (column > 0 ? left : 0);
      double y = build->y + row * (cell_h + gap_y + title);
      double width = cell_w, height = cell_h;
      BvBuild panel;

      self->panel.left = !self->shared || column == 0;
      self->panel.bottom = !self->shared || i + self->n_columns >= self->n;
      if (self->shared && self->panel.left)
        width += left;
      if (self->shared && self->panel.bottom)
        height += bottom;
      build_panel (self, &panel, frame, width, height);
      {
        double title_x = x + MAX (MIN (panel.scene->plot_x, width * 0.5), 0);

        fitted = bv_text_fit (build->text, name, build->size, TRUE, x + width - title_x);
        if (*fitted != '\0' && y + build->line <= build->y + build->h)
          bv_scene_add_text (build->scene, BV_TEXT_HEADER, fitted, title_x, y, bv_text_width (build->text, fitted, build->size, TRUE),
                             build->line, 0, build->size, build->ink.text)->bold = TRUE;
      }
      merge (build->scene, panel.scene, order, x, y + title);
      if (i < 4 && panel.scene->alternative != NULL)
        g_string_append_printf (each, " %s: %s", name, panel.scene->alternative);
      bv_scene_unref (panel.scene);
    }
  describe (self, each);
}

/* The whole frame, with the facet's column out of sight. */
static BvFrame *
whole_frame (BvFrame *frame, guint column)
{
  guint n_rows = bv_frame_get_n_rows (frame);
  g_autofree guint *rows = g_new (guint, MAX (n_rows, 1));
  BvFrame *whole;

  for (guint i = 0; i < n_rows; i++)
    rows[i] = i;
  whole = bv_frame_pick (frame, rows, n_rows);
  if (column != G_MAXUINT)
    bv_frame_get_column (whole, column)->role = BV_ROLE_FIELD;
  return whole;
}

static void
add_names (GPtrArray *names, BvFrame *whole, BvLocale *locale)
{
  g_autoptr(BvMatrix) matrix = bv_matrix_new (whole, locale);

  for (guint s = 0; s < matrix->series->len; s++)
    g_ptr_array_add (names, g_strdup (((BvSeries *) matrix->series->pdata[s])->name));
}

void
bv_facet_series_legend (BvBuild *build, BvPanel *panel)
{
  g_autoptr(BvMatrix) matrix = bv_matrix_new (build->frame, build->locale);
  const char *type = bv_chart_spec_get_type (build->spec);

  /* The panels' colours, but the whole's room. */
  build->panel = panel;
  bv_build_series (build, matrix, strcmp (type, "line") == 0 ? BV_KIND_LINE : strcmp (type, "area") == 0 ? BV_KIND_AREA : BV_KIND_BAR);
  build->panel = NULL;
  bv_legend_add_series (build, matrix);
}

char **
bv_chart_list_series (const BvChartSpec *spec, BvFrame *frame, BvLocale *locale)
{
  BvBuild build = { .spec = spec, .frame = frame, .locale = locale };
  GPtrArray *names = g_ptr_array_new ();
  int column = find_column (&build);
  g_autoptr(BvFrame) whole = whole_frame (frame, column >= 0 ? (guint) column : G_MAXUINT);

  add_names (names, whole, locale);
  g_ptr_array_add (names, NULL);
  return (char **) g_ptr_array_free (names, FALSE);
}

gboolean
bv_facet_build (BvBuild *build, const BvChartKind *kind)
{
  int column = find_column (build);
  guint facet_column = (guint) column;
  g_autofree guint *value_of = NULL;
  g_autofree guint *place_of = NULL;
  g_autoptr(GArray) firsts = NULL;
  g_autoptr(GArray) place_rows = NULL;
  g_autoptr(GPtrArray) names = g_ptr_array_new_with_free_func (g_free);
  g_autoptr(GPtrArray) notes = g_ptr_array_new_with_free_func (g_free);
  g_autoptr(BvFrame) whole = NULL;
  Facets self = { .build = build, .kind = kind, .column = facet_column };
  double title = build->line * 1.3, left, labels, room;

  if (column < 0)
    return FALSE;
  firsts = bv_group_rows (build->frame, &facet_column, 1, &value_of);
  self.firsts = firsts;
  self.value_of = value_of;
  self.shared = bv_chart_spec_is (build->spec, "facet-scales", "shared");
  self.panel.names = names;
  self.panel.notes = notes;
  self.panel.lo = self.panel.right_lo = G_MAXDOUBLE;
  self.panel.hi = self.panel.right_hi = -G_MAXDOUBLE;
  self.panel.whole = whole = whole_frame (build->frame, facet_column);
  add_names (names, whole, build->locale);
  place_rows = common_places (&self, &place_of);
  measure_labels (&self, place_of, place_rows, MAX (build->w / 2, 1), MAX (build->h / 2, 1), &left, &labels);
  /* Names of categories become shorter with their panel. */
  labels = MIN (labels, build->line * 2.2);
  /* What stands below all panels comes later, but how many there are is settled now. */
  room = build->h - (kind->legend != NULL && labels > 0 ? build->line * 1.75 : 0);
  arrange (&self, title, room, labels, firsts->len);
  if (self.n < firsts->len && labels > 0)
    arrange (&self, title, room - build->line * 1.3, labels, firsts->len);
  /* The first time for the domains and for what the panels have to say. */
  self.panel.measuring = TRUE;
  self.panel.left = self.panel.bottom = TRUE;
  for (guint i = 0; i < self.n; i++)
    {
      g_autoptr(GArray) order = g_array_new (FALSE, FALSE, sizeof (guint));
      g_autoptr(BvFrame) frame = panel_frame (&self, i, place_of, place_rows, order);
      BvBuild panel;

      build_panel (&self, &panel, frame, MAX (build->w / self.n_columns, 1), MAX (build->h / self.n_rows, 1));
      bv_scene_unref (panel.scene);
    }
  self.panel.measuring = FALSE;
  self.panel.shared = self.shared;
  if (self.n < firsts->len)
    {
      g_autofree char *all = bv_locale_format_count (build->locale, firsts->len);
      g_autofree char *note = g_strdup_printf (_("%u of %s panels shown: filter them, or make the chart larger"), self.n, all);

      bv_build_note (build, note);
    }
  bv_parts_odd_note (build, self.panel.n_odd);
  bv_parts_below_note (build, self.panel.n_below);
  bv_parts_missing_note (build, self.panel.n_missing);
  for (guint i = 0; i < notes->len && i < 3; i++)
    bv_build_note (build, notes->pdata[i]);
  if (kind->legend != NULL)
    {
      BvFrame *own = build->frame;

      self.panel.n = self.n;
      self.panel.width = build->w / self.n_columns;
      self.panel.height = MAX (build->h / self.n_rows - title, 1);
      build->frame = whole;
      kind->legend (build, &self.panel);
      build->frame = own;
    }
  arrange_again (&self, title, labels);
  draw_panels (&self, place_of, place_rows, title);
  return TRUE;
}

void
bv_panel_domain (BvBuild *build, gboolean right, double *lo, double *hi)
{
  BvPanel *panel = build->panel;

  if (panel == NULL)
    return;
  if (panel->measuring)
    {
      double *low = right ? &panel->right_lo : &panel->lo, *high = right ? &panel->right_hi : &panel->hi;

      *low = MIN (*low, *lo);
      *high = MAX (*high, *hi);
    }
  else if (panel->shared && (right ? panel->right_lo <= panel->right_hi : panel->lo <= panel->hi))
    {
      *lo = right ? panel->right_lo : panel->lo;
      *hi = right ? panel->right_hi : panel->hi;
    }
}
