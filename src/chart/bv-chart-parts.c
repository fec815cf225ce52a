/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "bv-chart-parts.h"

#include <glib/gi18n-lib.h>
#include <stdlib.h>
#include <string.h>

GArray *
bv_parts_metrics (BvBuild *build)
{
  GArray *out = g_array_new (FALSE, FALSE, sizeof (guint));

  for (guint c = 0; c < bv_frame_get_n_columns (build->frame); c++)
    {
      const BvColumn *column = bv_frame_get_column (build->frame, c);

      if (column->role == BV_ROLE_METRIC && column->type != BV_TYPE_TEXT && !bv_type_is_time (column->type))
        g_array_append_val (out, c);
    }
  return out;
}

GArray *
bv_parts_groups (BvBuild *build)
{
  GArray *out = g_array_new (FALSE, FALSE, sizeof (guint));

  for (guint c = 0; c < bv_frame_get_n_columns (build->frame); c++)
    {
      BvRole role = bv_frame_get_column (build->frame, c)->role;

      if (role == BV_ROLE_TIME || role == BV_ROLE_DIMENSION || role == BV_ROLE_SERIES)
        g_array_append_val (out, c);
    }
  return out;
}

double
bv_parts_value (BvBuild *build, guint column, guint row, guint *n_odd)
{
  double v = bv_frame_get_double (build->frame, column, row);

  if (isnan (v))
    return NAN;
  /* Beyond this a value counts as infinite: axis arithmetic must not overflow. */
  if (!(fabs (v) <= 1e300))
    {
      *n_odd += 1;
      return NAN;
    }
  return v;
}

double
bv_parts_total (BvBuild *build, guint column, guint *row)
{
  g_autoptr(GArray) groups = bv_parts_groups (build);
  const BvColumn *c = bv_frame_get_column (build->frame, column);
  guint n_odd = 0;
  double v;

  *row = G_MAXUINT;
  if (groups->len == 0)
    {
      *row = 0;
      return bv_frame_get_n_rows (build->frame) > 0 ? bv_parts_value (build, column, 0, &n_odd) : NAN;
    }
  /* The total of the frame is none of its panels'. */
  if (build->panel != NULL || c->total.type == BV_TYPE_NULL || !bv_type_is_numeric (c->total.type))
    return NAN;
  v = bv_value_as_double (&c->total);
  return fabs (v) <= 1e300 ? v : NAN;
}

/* Panels count, and all of them say it together. FALSE when there is nothing to say now. */
static gboolean
says (BvBuild *build, guint n, guint *sum)
{
  if (build->panel != NULL && build->panel->measuring)
    *sum += n;
  return n > 0 && build->panel == NULL;
}

void
bv_parts_odd_note (BvBuild *build, guint n_odd)
{
  g_autofree char *note = NULL;

  if (!says (build, n_odd, build->panel != NULL ? &build->panel->n_odd : NULL))
    return;
  note = g_strdup_printf (ngettext ("%u value is not finite and not drawn", "%u values are not finite and not drawn", n_odd), n_odd);
  bv_build_note (build, note);
}

void
bv_parts_below_note (BvBuild *build, guint n_below)
{
  g_autofree char *note = NULL;

  if (!says (build, n_below, build->panel != NULL ? &build->panel->n_below : NULL))
    return;
  note = g_strdup_printf (ngettext ("%u value at or below zero has no place on a logarithmic scale",
                                    "%u values at or below zero have no place on a logarithmic scale", n_below), n_below);
  bv_build_note (build, note);
}

void
bv_parts_missing_note (BvBuild *build, guint n_missing)
{
  g_autofree char *note = NULL;

  if (!says (build, n_missing, build->panel != NULL ? &build->panel->n_missing : NULL))
    return;
  note = g_strdup_printf (ngettext ("%u row lacks a value and is not drawn", "%u rows lack a value and are not drawn", n_missing), n_missing);
  bv_build_note (build, note);
}

void
bv_parts_shown_note (BvBuild *build, guint shown, guint all)
{
  g_autofree char *some = bv_locale_format_count (build->locale, shown);
  g_autofree char *whole = bv_locale_format_count (build->locale, all);
  g_autofree char *note = NULL;

  if (shown >= all)
    return;
  /* Translators: the numbers of bars or groups shown and of all there are. */
  note = g_strdup_printf (_("%s of %s shown"), some, whole);
  bv_build_note (build, note);
}

BvScaleKind
bv_parts_scale (BvBuild *build)
{
  return bv_chart_spec_is (build->spec, "scale", "log")      ? BV_SCALE_LOG
         : bv_chart_spec_is (build->spec, "scale", "symlog") ? BV_SCALE_SYMLOG
                                                             : BV_SCALE_LINEAR;
}

const char *
bv_parts_palette (BvBuild *build)
{
  const char *palette = bv_chart_spec_text (build->spec, "palette");

  return palette != NULL && strcmp (palette, "auto") != 0 ? palette : NULL;
}

BvColour
bv_parts_colour (BvBuild *build, guint i)
{
  const char *palette = bv_parts_palette (build);

  if (palette == NULL && i == 0 && build->style.has_accent)
    return build->style.accent;
  return bv_palette_colour (palette != NULL ? palette : build->style.palette, i, build->style.theme);
}

char *
bv_parts_format (BvBuild *build, guint column, double v)
{
  return bv_build_format (build, &bv_frame_get_column (build->frame, column)->format, v);
}

char *
bv_parts_percent (BvBuild *build, double share)
{
  return bv_scene_percent (build->locale, share);
}

const char *
bv_parts_metric_label (BvBuild *build, guint column)
{
  const char *name = bv_frame_get_column (build->frame, column)->name;
  const char *label = bv_chart_spec_series (build->spec, name, "label");

  return label != NULL ? label : name;
}

BvSceneMark *
bv_parts_box (BvBuild *build, guint row, int column, int series, guint x_index, double x, double y, double width, double height,
              BvColour fill)
{
  BvScene *scene = build->scene;
  BvSceneMark *mark;

  bv_scene_add_rect (scene, BV_PART_DATA, x, y, width, height, fill)->mark = (int) scene->marks->len;
  mark = bv_scene_add_mark (scene, BV_MARK_BOX, row, column, series, x, y, MAX (width, 0), MAX (height, 0));
  mark->shape = (int) scene->shapes->len - 1;
  mark->colour = fill;
  mark->x_index = x_index;
  return mark;
}

void
bv_parts_mark_text (BvBuild *build, const char *text, gboolean add)
{
  BvScene *scene = build->scene;
  guint i = scene->marks->len - 1;
  g_autofree char *whole = NULL;

  if (add)
    whole = g_strdup_printf ("%s\n%s", bv_scene_get_mark (scene, i)->text, text);
  bv_scene_mark (scene, i)->mark.text = bv_scene_intern (scene, whole != NULL ? whole : text);
}

double
bv_parts_bubble_radius (double w, double h, guint n, double most)
{
  /* All of them together would cover no more than a third of the plot. */
  double crowded = sqrt (w * h * 0.3 / (MAX (n, 1) * G_PI / 3));

  return MAX (MIN (MIN (w, h) * 0.06, MIN (most, crowded)), 3);
}

double
bv_parts_bubble (BvBuild *build, guint n, double most)
{
  if (build->panel != NULL)
    return MAX (build->panel->radius, 3);
  return bv_parts_bubble_radius (build->w, build->h, n, most);
}

double
bv_parts_largest (BvBuild *build, double own)
{
  BvPanel *panel = build->panel;

  if (panel != NULL && panel->measuring)
    panel->largest = MAX (panel->largest, own);
  return panel != NULL ? MAX (panel->largest, own) : own;
}

guint *
bv_parts_common_places (BvBuild *build, BvMatrix *places, guint column)
{
  g_autoptr(GHashTable) index = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_autoptr(BvMatrix) all = NULL;
  g_autofree guint *place_of = NULL;
  guint *common;

  if (build->panel == NULL)
    return NULL;
  all = bv_matrix_new_places (build->panel->whole, column, build->locale, FALSE, &place_of);
  for (guint i = 0; i < all->n; i++)
    g_hash_table_insert (index, bv_matrix_x_label (all, i, build->locale), GUINT_TO_POINTER (i));
  common = g_new (guint, MAX (places->n, 1));
  for (guint i = 0; i < places->n; i++)
    {
      g_autofree char *label = bv_matrix_x_label (places, i, build->locale);

      common[i] = GPOINTER_TO_UINT (g_hash_table_lookup (index, label));
    }
  return common;
}

void
bv_parts_mark_share (BvBuild *build, double share, const char *text)
{
  BvSceneMark *mark = bv_scene_mark (build->scene, build->scene->marks->len - 1);

  mark->share = isfinite (share) ? share : NAN;
  mark->share_text = text;
}

double
bv_parts_text (BvBuild *build, BvTextRole role, const char *text, double x, double y, double align, double max_width, double size,
               gboolean shorten, BvColour colour, int mark)
{
  g_autofree char *fitted = NULL;
  double width = bv_text_width (build->text, text, size, FALSE);

  if (width > max_width && !shorten)
    return 0;
  fitted = bv_text_fit (build->text, text, size, FALSE, max_width);
  /* Three letters and an ellipsis say nothing. */
  if (*fitted == '\0' || (width > max_width && g_utf8_strlen (fitted, -1) < 5))
    return 0;
  width = bv_text_width (build->text, fitted, size, FALSE);
  bv_scene_add_text (build->scene, role, fitted, x - align * width, y, width, bv_text_line_height (build->text, size), align, size,
                     colour)->mark = mark;
  return width;
}

/* --- Places and cells ------------------------------------------------------------------------------------------------------- */

typedef struct
{
  guint place;
  gint64 t;
  char *key;
} Sorted;

static int
compare_sorted (const void *a, const void *b)
{
  const Sorted *x = a, *y = b;

  if (x->key != NULL)
    return strcmp (x->key, y->key);
  return x->t < y->t ? -1 : x->t > y->t;
}

BvMatrix *
bv_matrix_new_places (BvFrame *frame, guint column, BvLocale *locale, gboolean sorted, guint **place_of_row)
{
  BvMatrix *self = g_new0 (BvMatrix, 1);
  const BvColumn *info = bv_frame_get_column (frame, column);
  guint n_rows = bv_frame_get_n_rows (frame);
  guint *place = NULL;
  g_autoptr(GArray) firsts = bv_group_rows (frame, &column, 1, &place);
  gboolean time = bv_type_is_time (info->type);
  gboolean number = bv_type_is_numeric (info->type);
  g_autofree Sorted *order = g_new0 (Sorted, MAX (firsts->len, 1));
  g_autofree guint *new_place = g_new (guint, MAX (firsts->len, 1));

  self->frame = frame;
  self->series = g_ptr_array_new ();
  self->time_column = -1;
  for (guint i = 0; i < firsts->len; i++)
    {
      guint row = g_array_index (firsts, guint, i);

      order[i].place = i;
      if (bv_frame_is_null (frame, column, row))
        {
          /* Time that is not known has no place along time. */
          if (time)
            continue;
          order[i].t = G_MAXINT64;
          order[i].key = sorted && !number ? g_strdup ("\xff") : NULL;
        }
      else if (time)
        order[i].t = bv_frame_get_int (frame, column, row);
      else if (sorted && number)
        order[i].t = (gint64) CLAMP (bv_frame_get_double (frame, column, row) * 1000, -9e18, 9e18);
      else if (sorted)
        {
          g_autofree char *cell = bv_frame_format (frame, column, row, locale);

          order[i].key = g_utf8_collate_key_for_filename (cell, -1);
        }
      order[self->n] = order[i];
      if (self->n != i)
        order[i].key = NULL;
      self->n++;
    }
  if (time || sorted)
    qsort (order, self->n, sizeof (Sorted), compare_sorted);
  for (guint i = 0; i < firsts->len; i++)
    new_place[i] = G_MAXUINT;
  self->x_row = g_new (guint, MAX (self->n, 1));
  self->t = g_new0 (gint64, MAX (self->n, 1));
  for (guint i = 0; i < self->n; i++)
    {
      new_place[order[i].place] = i;
      self->x_row[i] = g_array_index (firsts, guint, order[i].place);
      self->t[i] = order[i].t;
      g_free (order[i].key);
    }
  for (guint row = 0; row < n_rows; row++)
    place[row] = new_place[place[row]];
  self->dims = g_memdup2 (&column, sizeof column);
  self->n_dims = 1;
  if (time)
    {
      self->is_time = TRUE;
      self->is_date = info->type == BV_TYPE_DATE;
      self->time_column = (int) column;
      self->grain = info->grain;
    }
  *place_of_row = place;
  return self;
}

/* The most cells that are kept; more cannot be seen. */
#define CELLS_MAX 4000000u

BvCross *
bv_cross_new (BvBuild *build, guint metric, guint down, guint across, gboolean sorted)
{
  BvCross *self = g_new0 (BvCross, 1);
  /* Panels are small. */
  guint most = build->panel != NULL ? CELLS_MAX / 16 : CELLS_MAX;
  g_autofree guint *down_of = NULL;
  g_autofree guint *across_of = NULL;
  gsize n;

  self->metric = metric;
  self->down = bv_matrix_new_places (build->frame, down, build->locale, sorted, &down_of);
  self->across = bv_matrix_new_places (build->frame, across, build->locale, sorted, &across_of);
  self->n_down = self->down->n;
  if ((gsize) self->down->n * self->across->n > most)
    self->down->n = MAX (most / self->across->n, 1);
  n = MAX ((gsize) self->down->n * self->across->n, 1);
  self->v = g_new (double, n);
  self->row = g_new (guint, n);
  for (gsize i = 0; i < n; i++)
    {
      self->v[i] = NAN;
      self->row[i] = G_MAXUINT;
    }
  for (guint row = 0; row < bv_frame_get_n_rows (build->frame); row++)
    if (down_of[row] < self->down->n && across_of[row] < self->across->n)
      {
        gsize at = bv_cross_at (self, down_of[row], across_of[row]);

        self->v[at] = bv_parts_value (build, metric, row, &self->n_odd);
        self->row[at] = row;
      }
  return self;
}

void
bv_cross_free (BvCross *self)
{
  bv_matrix_free (self->down);
  bv_matrix_free (self->across);
  g_free (self->v);
  g_free (self->row);
  g_free (self);
}

/* --- Colours by value ------------------------------------------------------------------------------------------------------- */

void
bv_parts_colour_legend (BvBuild *build, BvPanel *panel)
{
  g_autoptr(GArray) metrics = bv_parts_metrics (build);
  BvColourScale colours;

  if (metrics->len == 0 || !panel->shared || !(panel->lo <= panel->hi))
    return;
  bv_colour_scale_init (&colours, build, panel->lo, panel->hi);
  bv_colour_scale_legend (&colours, build, &bv_frame_get_column (build->frame, g_array_index (metrics, guint, 0))->format);
}

void
bv_colour_scale_init (BvColourScale *self, BvBuild *build, double lo, double hi)
{
  *self = (BvColourScale){ .palette = bv_parts_palette (build), .theme = build->style.theme, .background = build->ink.background };
  self->own = self->palette != NULL;
  self->positive = bv_parts_colour (build, 0);
  self->negative = bv_palette_colour ("belvedere", 5, build->style.theme);
  self->diverging = lo < 0 && hi > 0;
  if (self->diverging)
    {
      self->hi = MAX (hi, -lo);
      self->lo = -self->hi;
      return;
    }
  /* Intensity starts at nothing unless the values are all far from it. */
  self->lo = lo > 0 && lo < hi * 0.75 ? 0 : lo;
  self->hi = hi < 0 && hi > lo * 0.75 ? 0 : hi;
}

BvColour
bv_colour_scale_at (const BvColourScale *self, double v)
{
  double span = self->hi - self->lo;
  double t = span > 0 ? CLAMP ((v - self->lo) / span, 0, 1) : 0.7;

  if (self->own)
    return bv_palette_ramp (self->palette, t, self->theme);
  if (self->diverging)
    return bv_colour_mix (self->background, v < 0 ? self->negative : self->positive, 0.06 + self->faint + (0.94 - self->faint) * fabs (2 * t - 1));
  /* Below zero the strongest colour is the lowest value. */
  if (self->hi <= 0 && self->lo < 0)
    return bv_colour_mix (self->background, self->negative, 0.1 + self->faint + (0.9 - self->faint) * (1 - t));
  return bv_colour_mix (self->background, self->positive, 0.1 + self->faint + (0.9 - self->faint) * t);
}

void
bv_colour_scale_legend (const BvColourScale *self, BvBuild *build, const BvFormat *format)
{
  const int steps = 32;
  gboolean tiny = MAX (fabs (self->lo), fabs (self->hi)) < 1e-6;
  g_autofree char *low = tiny ? bv_build_scientific (self->lo) : bv_build_format (build, format, self->lo);
  g_autofree char *high = tiny ? bv_build_scientific (self->hi) : bv_build_format (build, format, self->hi);
  double low_width = bv_text_width (build->text, low, build->size, FALSE);
  double high_width = bv_text_width (build->text, high, build->size, FALSE);
  double gap = build->size * 0.6;
  double bar = MIN (build->size * 12, build->w - low_width - high_width - 2 * gap);
  double height = build->size * 0.8;
  double x = build->x + build->w - high_width - gap - bar;
  double y = build->y + build->h - build->line;

  /* Panels that share their colours share the legend. */
  if (build->panel != NULL && (build->panel->measuring || build->panel->shared))
    return;
  if (strcmp (bv_chart_spec_choice (build->spec, "legend"), "none") == 0 || bar < build->size * 4 || build->h < build->line * 7 ||
      !(self->hi > self->lo))
    return;
  /* Each step reaches to the end, below those that follow: no seams. */
  for (int i = 0; i < steps; i++)
    bv_scene_add_rect (build->scene, BV_PART_LEGEND, x + bar * i / steps, y + (build->line - height) / 2, bar - bar * i / steps, height,
                       bv_colour_scale_at (self, self->lo + (i + 0.5) / steps * (self->hi - self->lo)));
  bv_build_label (build, BV_TEXT_LEGEND, low, x - gap, y, 1, build->ink.muted);
  bv_build_label (build, BV_TEXT_LEGEND, high, x + bar + gap, y, 0, build->ink.muted);
  build->h -= build->line + build->size * 0.6;
}
