/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Single numbers, side by side. With a time column the number is the metric's total over the whole range (never added up here) and the
 * course along time can be drawn below it. A compared period shows as an arrow and the change in percent:
 * (now − before) / |before|, and "–" where there was nothing before.
 */
#include "config.h"

#include "bv-chart-private.h"

#include <glib/gi18n-lib.h>
#include <math.h>

static const BvOptionInfo number_options[] = {
  { "sparkline", N_("Sparkline"), BV_OPTION_BOOL, NULL, NULL },
  { "invert-arrow", N_("Less is better"), BV_OPTION_BOOL, NULL, NULL },
  BV_OPTION_PALETTE, BV_OPTION_END,
};

static void build_number (BvBuild *build);

const BvChartKind bv_chart_number_kind = {
  { "number", N_("Number"), "bv-chart-number-symbolic", 1, -1, 0, 1, FALSE, number_options }, build_number,
};

typedef struct
{
  const char *label;
  guint column;
  char *value, *change, *before;
  int direction; /* of the change: -1, 0, 1 */
  guint row;
  BvValue now; /* borrowed */
  BvSeries *series; /* (nullable): for the sparkline */
  BvColour colour;
} Number;

/* The metric's number and the row it comes from: the total, or the only row of a frame without groups. */
static BvValue
number_value (BvFrame *frame, guint column, gboolean grouped, gboolean compare, guint *row)
{
  BvColumn *c = bv_frame_get_column (frame, column);

  *row = G_MAXUINT;
  if (!grouped && bv_frame_get_n_rows (frame) > 0)
    {
      *row = 0;
      return bv_frame_peek (frame, column, 0);
    }
  if (compare)
    {
      BvColumn *metric = bv_frame_get_column (frame, (guint) c->of);

      return metric->total_compare;
    }
  return c->total;
}

static void
set_change (BvBuild *build, Number *number, const BvValue *now, const BvValue *before, const BvFormat *format)
{
  double a = bv_value_as_double (now);
  double b = bv_value_as_double (before);
  double change = (a - b) / fabs (b);
  BvFormat percent = BV_FORMAT_INIT;

  if (!isfinite (change))
    {
      number->change = g_strdup ("–");
      return;
    }
  percent.kind = BV_FORMAT_PERCENT;
  percent.decimals = fabs (change) < 0.0995 ? 1 : 0;
  number->direction = change > 0 ? 1 : change < 0 ? -1 : 0;
  {
    g_autofree char *text = bv_locale_format_double (build->locale, fabs (change), &percent);
    g_autofree char *past = bv_locale_format (build->locale, before, format, BV_GRAIN_NONE);

    number->change = g_strdup_printf ("%s %s", change > 0 ? "↑" : change < 0 ? "↓" : "→", text);
    /* Translators: the value of the compared period, beside the present one. */
    number->before = g_strdup_printf (_("from %s"), past);
  }
}

static void
draw_sparkline (BvBuild *build, BvMatrix *matrix, const Number *number, double x, double y, double width, double height)
{
  BvScene *scene = build->scene;
  const double *v = number->series->v;
  double lo = G_MAXDOUBLE, hi = -G_MAXDOUBLE;
  guint step = MAX (1, matrix->n / (guint) MAX (width * 2, 1));
  guint last = G_MAXUINT;
  double last_x = 0, last_y = 0;
  BvShape *shape;

  for (guint i = 0; i < matrix->n; i++)
    {
      if (isnan (v[i]))
        continue;
      lo = MIN (lo, v[i]);
      hi = MAX (hi, v[i]);
      last = i;
    }
  if (last == G_MAXUINT)
    return;
  if (lo >= 0 && lo < hi * 0.6)
    lo = 0;
  if (!(hi > lo))
    {
      lo -= 1;
      hi += 1;
    }
  shape = bv_scene_add_path (scene, BV_PART_DATA);
  shape->stroke = number->colour;
  shape->line_width = MAX (1, build->size * 0.17);
  for (guint i = 0; i < matrix->n; i++)
    {
      guint low = i, high = i;
      guint order[2];

      /* Of each step its lowest and highest. */
      for (guint k = i; k < MIN (i + step, matrix->n); k++)
        {
          if (isnan (v[low]) || v[k] < v[low])
            low = k;
          if (isnan (v[high]) || v[k] > v[high])
            high = k;
        }
      order[0] = MIN (low, high);
      order[1] = MAX (low, high);
      for (int k = 0; k < (low == high ? 1 : 2); k++)
        {
          guint at = order[k];

          if (isnan (v[at]))
            {
              bv_scene_add_point (scene, NAN, NAN);
              continue;
            }
          last_x = x + (matrix->n > 1 ? (double) at / (matrix->n - 1) : 0.5) * width;
          last_y = y + height - (v[at] - lo) / (hi - lo) * height;
          bv_scene_add_point (scene, last_x, last_y);
        }
      i += step - 1;
    }
  bv_scene_add_circle (scene, BV_PART_DATA, last_x, last_y, MAX (2, build->size * 0.24), number->colour);
}

static void
draw_text (BvBuild *build, BvTextRole role, const char *text, double x, double y, double width, double size, gboolean bold,
           BvColour colour, int mark, double *used)
{
  g_autofree char *fitted = bv_text_fit (build->text, text, size, bold, width);
  double w = bv_text_width (build->text, fitted, size, bold);
  BvTextRun *run;

  *used = w;
  if (*fitted == '\0')
    return;
  run = bv_scene_add_text (build->scene, role, fitted, x, y, w, bv_text_line_height (build->text, size), 0, size, colour);
  run->bold = bold;
  run->mark = mark;
}

static double
value_width (BvBuild *build, const Number *number, double size)
{
  return bv_text_width (build->text, number->value, size, TRUE);
}

static double
change_width (BvBuild *build, const Number *number)
{
  return number->change != NULL ? bv_text_width (build->text, number->change, build->size, TRUE) : 0;
}

/* What all numbers have in common, so that they stand in line. */
typedef struct
{
  gboolean named, sparkline, changes;
  gboolean beside; /* the changes stand beside the numbers, else below them */
  double size, width, height;
} Layout;

/* One number in its cell: the name above, the number, the change beside or below it, the sparkline at the foot. */
static void
draw_number (BvBuild *build, BvMatrix *matrix, const Number *number, const Layout *layout, double x, double y)
{
  BvScene *scene = build->scene;
  double size = layout->size, width = layout->width, height = layout->height;
  double line = bv_text_line_height (build->text, size);
  double spark = layout->sparkline && number->series != NULL && height > line + build->line * 2.5 ? MIN (height * 0.42, build->size * 9) : 0;
  double text_height = line + (layout->named ? build->line * 1.15 : 0);
  gboolean below = layout->changes && !layout->beside && height - spark - text_height >= build->line * 1.1;
  gboolean change = number->change != NULL && (layout->beside || below);
  double top, used;
  int mark;

  if (below)
    text_height += build->line * 1.1;
  top = y + MAX (0, (height - spark - (spark > 0 ? build->size * 0.8 : 0) - text_height) / 2);
  bv_scene_add_mark (scene, BV_MARK_BOX, number->row, (int) number->column, -1, x, y, width, height);
  mark = (int) scene->marks->len - 1;
  bv_scene_mark (scene, mark)->x_index = (guint) mark;
  if (layout->named)
    {
      draw_text (build, BV_TEXT_HEADER, number->label, x, top, width, build->size, FALSE, build->ink.muted, mark, &used);
      top += build->line * 1.15;
    }
  draw_text (build, BV_TEXT_NUMBER, number->value, x, top, width, size, TRUE, build->ink.text, mark, &used);
  if (change)
    {
      gboolean less = bv_chart_spec_bool (build->spec, "invert-arrow");
      int good = less ? -number->direction : number->direction;
      BvColour colour = good > 0 ? build->ink.good : good < 0 ? build->ink.bad : build->ink.muted;
      double change_x = layout->beside ? x + used + build->size * 0.8 : x;
      double change_y = layout->beside ? top + line * 0.78 - build->line * 0.78 : top + line;
      double left;

      draw_text (build, BV_TEXT_VALUE, number->change, change_x, change_y, x + width - change_x, build->size, TRUE, colour, mark, &left);
      change_x += left + build->size * 0.6;
      if (number->before != NULL && bv_text_width (build->text, number->before, build->size, FALSE) <= x + width - change_x)
        draw_text (build, BV_TEXT_VALUE, number->before, change_x, change_y, x + width - change_x, build->size, FALSE,
                   build->ink.muted, mark, &left);
    }
  if (spark > 0)
    draw_sparkline (build, matrix, number, x, y + height - spark - 2, width - build->size * 0.5, spark);
}

static void
number_clear (gpointer data)
{
  Number *number = data;

  g_free (number->value);
  g_free (number->change);
  g_free (number->before);
}

/* The numbers of the frame's metrics. */
static GArray *
collect (BvBuild *build, BvMatrix *matrix, gboolean grouped)
{
  GArray *numbers = g_array_new (FALSE, FALSE, sizeof (Number));
  BvFrame *frame = build->frame;
  guint n_columns = bv_frame_get_n_columns (frame);

  g_array_set_clear_func (numbers, number_clear);
  for (guint c = 0; c < n_columns; c++)
    {
      BvColumn *column = bv_frame_get_column (frame, c);
      const char *label = bv_chart_spec_series (build->spec, column->name, "label");
      Number number = { .label = label != NULL ? label : column->name, .column = c };
      BvValue now;
      guint row;

      if (column->role != BV_ROLE_METRIC)
        continue;
      now = number_value (frame, c, grouped, FALSE, &number.row);
      number.value = bv_locale_format (build->locale, &now, &column->format, BV_GRAIN_NONE);
      number.now = now;
      for (guint k = 0; k < n_columns; k++)
        if (bv_frame_get_column (frame, k)->role == BV_ROLE_COMPARE && bv_frame_get_column (frame, k)->of == (int) c)
          {
            BvValue before = number_value (frame, k, grouped, TRUE, &row);

            set_change (build, &number, &now, &before, &column->format);
          }
      for (guint s = 0; s < matrix->series->len; s++)
        {
          BvSeries *series = g_ptr_array_index (matrix->series, s);

          if (series->column == (int) c && matrix->is_time && !matrix->pivoted)
            {
              number.series = series;
              number.colour = matrix->series->len == 1 || !build->style.has_accent ? series->colour : build->style.accent;
            }
        }
      g_array_append_val (numbers, number);
    }
  return numbers;
}

static void
build_number (BvBuild *build)
{
  g_autoptr(BvMatrix) matrix = bv_matrix_new (build->frame, build->locale);
  gboolean grouped = matrix->is_time || matrix->n_dims > 0 || matrix->pivoted;
  Layout layout = { .sparkline = bv_chart_spec_bool (build->spec, "sparkline"), .beside = TRUE };
  g_autoptr(GArray) numbers = NULL;
  GString *words = g_string_new (NULL);
  double size, gap = build->size * 1.6;
  double width, height, widest = 0;
  guint columns, rows, n;

  bv_build_series (build, matrix, BV_KIND_LINE);
  numbers = collect (build, matrix, grouped);
  /* As many side by side as are at least so wide; the rest below. */
  columns = (guint) CLAMP (floor ((build->w + gap) / (build->size * 11 + gap)), 1, numbers->len);
  rows = (numbers->len + columns - 1) / columns;
  n = numbers->len;
  while (rows > 1 && (build->h - (rows - 1) * gap) / rows < build->line * 2.4)
    {
      rows--;
      n = MIN (numbers->len, rows * columns);
    }
  if (n < numbers->len)
    {
      g_autofree char *note = g_strdup_printf (_("%u of %u numbers shown"), n, numbers->len);

      bv_build_note (build, note);
    }
  width = (build->w - (columns - 1) * gap) / columns;
  height = (build->h - (rows - 1) * gap) / rows;
  for (guint i = 0; i < numbers->len; i++)
    {
      Number *number = &g_array_index (numbers, Number, i);

      if (i < n)
        widest = MAX (widest, bv_text_width (build->text, number->value, 100, TRUE) / 100);
      g_string_append_printf (words, "%s%s: %s%s%s", i > 0 ? "; " : "", number->label, number->value, number->change != NULL ? " " : "",
                              number->change != NULL ? number->change : "");
    }
  bv_alternative_set (build, g_string_free (words, FALSE));
  /* Where the digits would get tiny the numbers are written short. */
  if (widest * build->size > width)
    {
      widest = 0;
      for (guint i = 0; i < n; i++)
        {
          Number *number = &g_array_index (numbers, Number, i);
          g_auto(BvFormat) format = bv_format_copy (&bv_frame_get_column (build->frame, number->column)->format);

          format.abbreviate = TRUE;
          format.decimals = -1;
          g_free (number->value);
          number->value = bv_locale_format (build->locale, &number->now, &format, BV_GRAIN_NONE);
          widest = MAX (widest, bv_text_width (build->text, number->value, 100, TRUE) / 100);
        }
    }
  layout.named = numbers->len > 1 && height > build->line * 2;
  /* One size for all: as large as the widest allows, within reason. */
  size = MIN (MIN (height * (n > 1 ? 0.4 : 0.5), build->size * 4.4), widest > 0 ? width / widest : build->size);
  if (layout.named)
    size = MIN (size, (height - build->line * 1.15) * build->size / build->line);
  layout.size = MAX (size * 0.999, 1);
  layout.width = width;
  layout.height = height;
  for (guint i = 0; i < n; i++)
    {
      const Number *number = &g_array_index (numbers, Number, i);

      layout.changes = layout.changes || number->change != NULL;
      layout.beside = layout.beside && (number->change == NULL ||
                                        value_width (build, number, layout.size) + build->size * 0.8 + change_width (build, number) <= width);
    }
  for (guint i = 0; i < n; i++)
    draw_number (build, matrix, &g_array_index (numbers, Number, i), &layout, build->x + (i % columns) * (width + gap),
                 build->y + (i / columns) * (height + gap));
}
