/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Tables: how wide the columns are and what stands in the cells, for the table chart and for paper alike.
 *
 * A column is as wide as its widest cell; when the columns together are wider than the room, the widest give way first and their
 * names are shortened in the middle, their numbers never: a cut number is another number. Columns that cannot be fitted so are left
 * out from the right, and a last header says how many. Of a long frame a spread of rows is measured, with the rows of the largest and the smallest numbers.
 *
 * With sub-totals (bv-table-rows.c) the row of a group is bold, and the rows below it leave its keys out; where a page begins among them they say
 * them again. A group's row does not end a page.
 */
#include "config.h"

#include "bv-table-layout.h"
#include "bv-chart-private.h"
#include "bv-pivot.h"
#include "bv-table-rows.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

#define MEASURE_ROWS 1500
/* Of numbers, whose widest are those with the largest and the smallest values. */
#define MEASURE_NUMBERS 150
#define COLUMN_MIN 4.0  /* in label sizes */
#define COLUMN_MAX 30.0

typedef struct
{
  int column;      /* of the (pivoted) frame; -1 for the row numbers */
  const char *label;
  double natural, least, width, x;
  gboolean right;
  gboolean bars;
} TableColumn;

struct _BvTableLayout
{
  BvPivot *pivot;
  BvFrame *frame;
  BvTableRows *rows;
  BvLocale *locale;
  char *family;
  BvText *text;
  BvInk ink;
  BvTableCells *cells;
  GArray *columns; /* TableColumn, those shown */
  GPtrArray *labels;
  guint n_left_out;
  guint n_rows;    /* of @rows: the frame's and those of groups */
  gboolean total;
  double size, line, pad, row_height, width;
};

/* NULL where a group has nothing to say. (transfer full) */
static char *
cell_text (BvTableLayout *self, const TableColumn *column, const BvTableRow *row, gboolean *null)
{
  BvFrame *frame;
  guint frame_row, frame_column;

  *null = TRUE;
  if (column->column < 0)
    return row->group == G_MAXUINT ? bv_locale_format_count (self->locale, (gint64) row->ordinal + 1) : NULL;
  if (!bv_table_rows_cell (self->rows, row, (guint) column->column, &frame, &frame_row, &frame_column))
    return NULL;
  *null = bv_frame_is_null (frame, frame_column, frame_row);
  return bv_frame_format (frame, frame_column, frame_row, self->locale);
}

static double
cell_width (BvTableLayout *self, const TableColumn *column, guint position)
{
  BvTableRow row;
  g_autofree char *text = NULL;
  gboolean null;

  bv_table_rows_get (self->rows, position, &row);
  text = cell_text (self, column, &row, &null);
  return text != NULL ? bv_text_width (self->text, text, self->size, row.group != G_MAXUINT) : 0;
}

typedef struct
{
  gboolean any;
  double least, most;
  guint low, high; /* positions */
} Extremes;

static void
widen (Extremes *extremes, guint position, double value)
{
  if (!extremes->any || value < extremes->least)
    {
      extremes->least = value;
      extremes->low = position;
    }
  if (!extremes->any || value > extremes->most)
    {
      extremes->most = value;
      extremes->high = position;
    }
  extremes->any = extremes->any || !isnan (value);
}

/* The width the cells need, without the header. */
static double
measure (BvTableLayout *self, const TableColumn *column)
{
  double width = 0;
  gboolean number = column->column >= 0 && bv_type_is_numeric (bv_frame_get_column (self->frame, (guint) column->column)->type);
  guint step = MAX (1, self->n_rows / (number ? MEASURE_NUMBERS : MEASURE_ROWS));
  /* Of the rows and, being larger, of each level of groups. */
  guint n_levels = bv_table_rows_n_levels (self->rows);
  g_autofree Extremes *extremes = g_new0 (Extremes, n_levels + 1);

  if (number)
    for (guint position = 0; position < self->n_rows; position++)
      {
        BvTableRow row;
        BvFrame *frame;
        guint frame_row, frame_column;

        bv_table_rows_get (self->rows, position, &row);
        if (bv_table_rows_cell (self->rows, &row, (guint) column->column, &frame, &frame_row, &frame_column))
          widen (&extremes[row.level], position, bv_frame_get_double (frame, frame_column, frame_row));
      }
  for (guint position = 0; position < self->n_rows && width < self->size * COLUMN_MAX; position += step)
    width = MAX (width, cell_width (self, column, position));
  for (guint l = 0; l <= n_levels && self->n_rows > 0; l++)
    width = MAX (width, MAX (cell_width (self, column, extremes[l].low), cell_width (self, column, extremes[l].high)));
  if (self->n_rows > 0)
    width = MAX (width, cell_width (self, column, self->n_rows - 1));
  if (self->total && column->column >= 0)
    {
      g_autofree char *text = bv_table_total_text (self->frame, (guint) column->column, self->locale);

      width = MAX (width, text != NULL ? bv_text_width (self->text, text, self->size, TRUE) : 0);
    }
  return MIN (width, self->size * COLUMN_MAX) + 2 * self->pad;
}

/* Shares the width out. */
static void
fit_columns (BvTableLayout *self)
{
  double more = MIN (self->size * COLUMN_MIN + 2 * self->pad, self->width * 0.5);
  double sum = 0;
  double cap = G_MAXDOUBLE;
  double x = 0;

  while (self->columns->len > 1)
    {
      double need = 0;

      for (guint i = 0; i < self->columns->len; i++)
        need += g_array_index (self->columns, TableColumn, i).least;
      if (need + (self->n_left_out > 0 ? more : 0) <= self->width)
        break;
      g_array_set_size (self->columns, self->columns->len - 1);
      self->n_left_out++;
    }
  {
    double room = self->width - (self->n_left_out > 0 ? more : 0);

    for (guint i = 0; i < self->columns->len; i++)
      sum += g_array_index (self->columns, TableColumn, i).natural;
    if (sum > room)
      {
        /* The cap at which the columns fill the room: found by halving. */
        double low = 0, high = self->width;

        for (int k = 0; k < 40; k++)
          {
            double used = 0;

            cap = (low + high) / 2;
            for (guint i = 0; i < self->columns->len; i++)
              used += MAX (MIN (g_array_index (self->columns, TableColumn, i).natural, cap),
                           g_array_index (self->columns, TableColumn, i).least);
            if (used > room)
              high = cap;
            else
              low = cap;
          }
        cap = low;
      }
    for (guint i = 0; i < self->columns->len; i++)
      {
        TableColumn *column = &g_array_index (self->columns, TableColumn, i);

        column->width = self->columns->len == 1 ? MIN (column->natural, room) : MAX (MIN (column->natural, cap), column->least);
        /* Room that is left goes to all columns but the row numbers. */
        if (sum < room && (column->column >= 0 || self->columns->len == 1))
          column->width += (room - sum) / MAX (1, self->columns->len - (g_array_index (self->columns, TableColumn, 0).column < 0 ? 1 : 0));
        column->x = x;
        x += column->width;
      }
  }
}

static void
add_column (BvTableLayout *self, const BvChartSpec *spec, int index)
{
  TableColumn column = { .column = index };
  BvColumn *c = index >= 0 ? bv_frame_get_column (self->frame, (guint) index) : NULL;
  const char *label = c != NULL ? bv_chart_spec_series (spec, c->name, "label") : NULL;

  g_ptr_array_add (self->labels, g_strdup (label != NULL ? label : c != NULL ? c->name : _("#")));
  column.label = g_ptr_array_index (self->labels, self->labels->len - 1);
  column.right = c == NULL || (bv_type_is_numeric (c->type) && c->role != BV_ROLE_DIMENSION);
  column.bars = index >= 0 && bv_table_cells_has_bar (self->cells, (guint) index);
  column.natural = measure (self, &column);
  /* Numbers are never cut; names are. */
  column.least = column.right ? column.natural : MIN (column.natural, self->size * (COLUMN_MIN + 3) + 2 * self->pad);
  column.natural = MAX (column.natural + (column.bars ? self->size * 3 : 0),
                        MIN (bv_text_width (self->text, column.label, self->size, TRUE), self->size * COLUMN_MAX) + 2 * self->pad);
  g_array_append_val (self->columns, column);
}

BvTableLayout *
bv_table_layout_new (const BvChartSpec *spec, BvFrame *frame, const BvChartStyle *style, BvLocale *locale, double width)
{
  BvTableLayout *self = g_new0 (BvTableLayout, 1);
  BvChartStyle resolved = bv_chart_style_resolve (style);

  self->pivot = bv_pivot_new (frame, locale);
  self->frame = bv_pivot_get_frame (self->pivot);
  self->locale = bv_locale_ref (locale);
  self->family = g_strdup (resolved.font_family);
  self->text = bv_text_for_family (self->family);
  self->ink = bv_ink_for_style (&resolved);
  self->size = resolved.font_size;
  self->line = bv_text_line_height (self->text, self->size);
  self->pad = self->size * 0.6;
  self->row_height = self->line * 1.55;
  self->width = MAX (width, 1);
  self->rows = bv_table_rows_new (self->pivot, locale);
  self->n_rows = bv_table_rows_get_n (self->rows);
  self->columns = g_array_new (FALSE, TRUE, sizeof (TableColumn));
  self->labels = g_ptr_array_new_with_free_func (g_free);
  self->cells = bv_table_cells_new (spec, self->pivot, self->rows, &resolved);
  self->total = strcmp (bv_chart_spec_choice (spec, "total"), "none") != 0 && self->n_rows > 0 && bv_table_has_total (self->frame);
  if (bv_chart_spec_bool (spec, "row-numbers"))
    add_column (self, spec, -1);
  /* Measuring a column costs; what can never fit is counted only. */
  for (guint c = 0; c < bv_frame_get_n_columns (self->frame); c++)
    {
      if (self->columns->len * self->size * 1.2 > self->width && self->columns->len > 0)
        {
          self->n_left_out = bv_frame_get_n_columns (self->frame) - c;
          break;
        }
      add_column (self, spec, (int) c);
    }
  fit_columns (self);
  return self;
}

void
bv_table_layout_free (BvTableLayout *self)
{
  bv_table_cells_free (self->cells);
  bv_table_rows_free (self->rows);
  bv_pivot_free (self->pivot);
  bv_locale_unref (self->locale);
  g_array_unref (self->columns);
  g_ptr_array_unref (self->labels);
  g_free (self->family);
  g_free (self);
}

guint
bv_table_layout_get_n_rows (BvTableLayout *self)
{
  return self->n_rows + (self->total ? 1 : 0);
}

double
bv_table_layout_header_height (BvTableLayout *self)
{
  return self->line * 1.7;
}

double
bv_table_layout_row_height (BvTableLayout *self)
{
  return self->row_height;
}

guint
bv_table_layout_count_rows (BvTableLayout *self, guint n)
{
  guint count = 0;

  for (guint i = 0; i < MIN (n, self->n_rows); i++)
    count += !bv_table_rows_is_group (self->rows, i);
  return count;
}

gboolean
bv_table_layout_has_total (BvTableLayout *self)
{
  return self->total;
}

const BvTableCells *
bv_table_layout_get_cells (BvTableLayout *self)
{
  return self->cells;
}

guint
bv_table_layout_n_left_out (BvTableLayout *self)
{
  return self->n_left_out;
}

static void
emit_text (BvTableLayout *self, BvScene *scene, const TableColumn *column, BvTextRole role, const char *text, double x, double y,
           double height, gboolean bold, BvColour colour, int mark)
{
  double room = MAX (column->width - 2 * self->pad, 0);
  gboolean whole = role != BV_TEXT_CELL || !column->right || bv_text_width (self->text, text, self->size, bold) <= room;
  g_autofree char *fitted = whole ? bv_text_fit (self->text, text, self->size, bold, room) : g_strdup ("…");
  double width = bv_text_width (self->text, fitted, self->size, bold);
  double left = column->right ? x + column->x + column->width - self->pad - width : x + column->x + self->pad;
  BvTextRun *run;

  if (*fitted == '\0')
    return;
  run = bv_scene_add_text (scene, role, fitted, left, y + (height - self->line) / 2, width, self->line, column->right ? 1 : 0,
                           self->size, colour);
  run->bold = bold;
  run->mark = mark;
}

static double
emit_header (BvTableLayout *self, BvScene *scene, double x, double y)
{
  double height = bv_table_layout_header_height (self);

  for (guint i = 0; i < self->columns->len; i++)
    {
      const TableColumn *column = &g_array_index (self->columns, TableColumn, i);

      emit_text (self, scene, column, BV_TEXT_HEADER, column->label, x, y, height, TRUE, self->ink.muted, -1);
    }
  if (self->n_left_out > 0)
    {
      const TableColumn *last = &g_array_index (self->columns, TableColumn, self->columns->len - 1);
      TableColumn more = { .x = last->x + last->width, .width = self->width - last->x - last->width };
      g_autofree char *text = g_strdup_printf (ngettext ("+ %u more", "+ %u more", self->n_left_out), self->n_left_out);

      if (bv_text_width (self->text, text, self->size, FALSE) > more.width - 2 * self->pad)
        {
          g_free (text);
          text = g_strdup_printf ("+%u", self->n_left_out);
        }
      emit_text (self, scene, &more, BV_TEXT_HEADER, text, x, y, height, FALSE, self->ink.muted, -1);
    }
  bv_scene_add_line (scene, BV_PART_AXIS, x, y + height - 0.5, x + self->width, y + height - 0.5, self->ink.axis, 1);
  return height;
}

/* What lies under a cell's text. Returns the text's colour. */
static BvColour
emit_ground (BvTableLayout *self, BvScene *scene, const TableColumn *column, const BvTableRow *row, double x, double y)
{
  BvFrame *frame;
  guint frame_row, frame_column;
  double v = bv_table_rows_cell (self->rows, row, (guint) column->column, &frame, &frame_row, &frame_column)
               ? bv_frame_get_double (frame, frame_column, frame_row)
               : NAN;
  double room = column->width - 2;
  double from, to;
  BvColour colour, text;

  if (bv_table_cells_colour (self->cells, row->level, (guint) column->column, v, &colour, &text))
    bv_scene_add_rect (scene, BV_PART_DATA, x + column->x, y, column->width, self->row_height - 1, colour);
  else
    text = self->ink.text;
  if (bv_table_cells_bar (self->cells, row->level, (guint) column->column, v, &from, &to, &colour))
    bv_scene_add_rect (scene, BV_PART_DATA, x + column->x + 1 + from * room, y + 2, (to - from) * room, self->row_height - 4, colour)->r0 = 2;
  return text;
}

/* What stands in a cell, and under it. @row: NULL for the total. (transfer full) (nullable) */
static char *
emit_cell (BvTableLayout *self, BvScene *scene, const TableColumn *column, const BvTableRow *row, gboolean first, double x, double y, BvColour *colour)
{
  gboolean null = TRUE;
  char *text;

  if (row == NULL)
    {
      text = column->column >= 0 ? bv_table_total_text (self->frame, (guint) column->column, self->locale) : NULL;
      if (text == NULL && column == &g_array_index (self->columns, TableColumn, g_array_index (self->columns, TableColumn, 0).column < 0 ? 1 : 0))
        text = g_strdup (_("Total"));
      return text;
    }
  if (column->column >= 0 && bv_table_rows_is_repeated (self->rows, row, (guint) column->column))
    {
      *colour = self->ink.muted;
      return first ? cell_text (self, column, row, &null) : NULL;
    }
  text = cell_text (self, column, row, &null);
  if (column->column >= 0 && bv_type_is_numeric (bv_frame_get_column (self->frame, (guint) column->column)->type))
    *colour = emit_ground (self, scene, column, row, x, y);
  if (null)
    *colour = self->ink.muted;
  return text;
}

/* @first: of a page: it says what it belongs to. */
static void
emit_row (BvTableLayout *self, BvScene *scene, guint position, gboolean first, double x, double y, gboolean marks)
{
  gboolean total = self->total && position == self->n_rows;
  BvTableRow row = { 0, G_MAXUINT, 0, 0 };

  if (!total)
    bv_table_rows_get (self->rows, position, &row);
  if (total)
    bv_scene_add_line (scene, BV_PART_AXIS, x, y + 0.5, x + self->width, y + 0.5, self->ink.axis, 1);
  else
    bv_scene_add_line (scene, BV_PART_GRID, x, y + self->row_height - 0.5, x + self->width, y + self->row_height - 0.5,
                       self->ink.grid, 1);
  for (guint i = 0; i < self->columns->len; i++)
    {
      const TableColumn *column = &g_array_index (self->columns, TableColumn, i);
      BvColour colour = self->ink.text;
      g_autofree char *text = emit_cell (self, scene, column, total ? NULL : &row, first, x, y, &colour);
      int mark = -1;

      if (marks && column->column >= 0 && row.group == G_MAXUINT)
        {
          guint source = total ? G_MAXUINT : bv_table_rows_source_row (self->rows, &row, (guint) column->column);
          BvSceneMark *m = bv_scene_add_mark (scene, BV_MARK_BOX, source,
                                              bv_pivot_source_column (self->pivot, (guint) column->column), (int) i, x + column->x, y,
                                              column->width, self->row_height);

          m->x_index = position;
          mark = (int) scene->marks->len - 1;
        }
      if (text != NULL)
        emit_text (self, scene, column, BV_TEXT_CELL, text, x, y, self->row_height, total || row.group != G_MAXUINT, colour, mark);
    }
}

double
bv_table_layout_emit (BvTableLayout *self, BvScene *scene, double x, double y, gboolean header, guint first, guint n, gboolean marks)
{
  double start = y;

  if (header)
    y += emit_header (self, scene, x, y);
  for (guint row = first; row < first + n; row++, y += self->row_height)
    emit_row (self, scene, row, row == first, x, y, marks);
  return y - start;
}

guint
bv_table_layout_paint (BvTableLayout *self, cairo_t *cr, guint first, double height, double *used)
{
  guint n_rows = bv_table_layout_get_n_rows (self);
  guint left = first < n_rows ? n_rows - first : 0;
  double room = (height - bv_table_layout_header_height (self)) / self->row_height;
  guint fit = room > 0 ? (guint) MIN (floor (room + 1e-9), 1e6) : 0;
  guint n = MIN (left, MAX (fit, 1));

  /* A total does not stand alone on a page when its last row can come with it. */
  if (self->total && n == left - 1 && n > 1)
    n--;
  /* Neither does the row of a group without any below it. */
  while (n > 1 && n < left && first + n < self->n_rows && bv_table_rows_is_group (self->rows, first + n - 1))
    n--;
  if (cr != NULL)
    {
      g_autoptr(BvScene) scene = bv_scene_new (NULL, NULL, self->width, height);

      scene->font_family = g_strdup (self->family);
      scene->background = self->ink.background;
      scene->ink = self->ink.text;
      bv_table_layout_emit (self, scene, 0, 0, TRUE, first, n, FALSE);
      bv_scene_paint (scene, cr);
    }
  if (used != NULL)
    *used = bv_table_layout_header_height (self) + n * self->row_height;
  return n;
}
