/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A table as a picture: for PNG, SVG and tiles on paper. As many rows as fit, the total always; what is left out is said. */
#include "config.h"

#include "bv-chart-private.h"
#include "bv-table-layout.h"

#include <glib/gi18n-lib.h>
#include <math.h>

static const char *const total_choices[] = { "auto", "none", NULL };
static const char *const total_labels[] = { N_("When there is one"), N_("No total row"), NULL };

static const char *const colour_choices[] = { "none", "shades", "signs", NULL };
static const char *const colour_labels[] = { N_("No colours"), N_("From least to greatest"), N_("Around zero"), NULL };

static const BvOptionInfo table_options[] = {
  { "total", N_("Total row"), BV_OPTION_CHOICE, total_choices, total_labels },
  { "subtotals", N_("Sub-totals of groups"), BV_OPTION_BOOL, NULL, NULL },
  { "bars", N_("Bars in cells"), BV_OPTION_BOOL, NULL, NULL },
  { "colours", N_("Colours in cells"), BV_OPTION_CHOICE, colour_choices, colour_labels },
  { "row-numbers", N_("Row numbers"), BV_OPTION_BOOL, NULL, NULL },
  BV_OPTION_PALETTE, BV_OPTION_END,
};

/* A line below the table: for each metric its name and its colours between their values. */
static void
add_legends (BvBuild *build, BvTableLayout *layout)
{
  const BvTableCells *cells = bv_table_layout_get_cells (layout);
  double top = build->y + build->h - build->line;
  double x = build->x;

  for (guint i = 0; i < bv_table_cells_n_legends (cells); i++)
    {
      g_auto(BvTableLegend) legend = { 0 };
      BvTextRun *run;
      double step = build->size * 1.2;

      bv_table_cells_get_legend (cells, i, build->locale, &legend);
      if (x + bv_text_width (build->text, legend.low, build->size, FALSE) + bv_text_width (build->text, legend.high, build->size, FALSE) + 7 * step >
          build->x + build->w)
        break;
      run = bv_build_label (build, BV_TEXT_LEGEND, legend.low, x, top, 0, build->ink.muted);
      x = run->x + run->width + step / 2;
      for (guint k = 0; k < G_N_ELEMENTS (legend.stops); k++, x += step)
        bv_scene_add_rect (build->scene, BV_PART_LEGEND, x, top + 1, step, build->line - 2, legend.stops[k]);
      run = bv_build_label (build, BV_TEXT_LEGEND, legend.high, x + step / 2, top, 0, build->ink.muted);
      x = run->x + run->width + 2 * step;
    }
  build->h -= build->line * 1.5;
}

static void
build_table (BvBuild *build)
{
  g_autoptr(BvTableLayout) layout = NULL;
  guint n_rows = bv_frame_get_n_rows (build->frame);
  guint n_columns = bv_frame_get_n_columns (build->frame);
  double row_height, room;
  guint n_data, fit;
  gboolean total;

  if (n_columns == 0)
    {
      bv_build_message (build, _("Nothing to show yet"));
      return;
    }
  layout = bv_table_layout_new (build->spec, build->frame, &build->style, build->locale, build->w);
  if (bv_table_cells_n_legends (bv_table_layout_get_cells (layout)) > 0)
    add_legends (build, layout);
  row_height = bv_table_layout_row_height (layout);
  total = bv_table_layout_has_total (layout);
  n_data = bv_table_layout_get_n_rows (layout) - (total ? 1 : 0);
  room = (build->h - bv_table_layout_header_height (layout)) / row_height - (total ? 1 : 0);
  /* The note on what is left out takes a line itself. */
  if (room < n_data)
    room -= build->line * 1.5 / row_height;
  if (room < 1)
    {
      bv_build_message (build, _("The table does not fit here: make it larger"));
      return;
    }
  if (n_data > (guint) room)
    {
      g_autofree char *all = bv_locale_format_count (build->locale, bv_table_layout_count_rows (layout, n_data));
      g_autofree char *shown = NULL;
      g_autofree char *note = NULL;

      shown = bv_locale_format_count (build->locale, bv_table_layout_count_rows (layout, (guint) floor (room)));
      note = g_strdup_printf (_("%s of %s rows shown"), shown, all);
      bv_build_note (build, note);
    }
  fit = MIN (n_data, (guint) floor (room));
  build->scene->vertical = TRUE;
  {
    double used = bv_table_layout_emit (layout, build->scene, build->x, build->y, TRUE, 0, fit, TRUE);

    if (total)
      bv_table_layout_emit (layout, build->scene, build->x, build->y + used, FALSE, n_data, 1, TRUE);
  }
  bv_alternative_set (build, g_strdup_printf (ngettext ("Table of %u row and %u columns.", "Table of %u rows and %u columns.", n_rows),
                                              n_rows, n_columns));
}

const BvChartKind bv_chart_table_kind = {
  { "table", N_("Table"), "bv-chart-table-symbolic", 1, -1, 0, -1, FALSE, table_options }, build_table,
};
