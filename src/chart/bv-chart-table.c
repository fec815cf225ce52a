/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A table as a picture: for PNG, SVG and tiles on paper. As many rows as fit, the total always; what is left out is said. */
#include "config.h"

#include "bv-chart-private.h"
#include "bv-table-layout.h"

#include <glib/gi18n-lib.h>
#include <math.h>

static const char *const total_choices[] = { "auto", "none", NULL };
static const char *const total_labels[] = { N_("When there is one"), N_("No total row"), NULL };

static const BvOptionInfo table_options[] = {
  { "total", N_("Total row"), BV_OPTION_CHOICE, total_choices, total_labels },
  { "bars", N_("Bars in cells"), BV_OPTION_BOOL, NULL, NULL },
  { "row-numbers", N_("Row numbers"), BV_OPTION_BOOL, NULL, NULL },
  BV_OPTION_PALETTE, BV_OPTION_END,
};

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
      g_autofree char *all = bv_locale_format_count (build->locale, n_data);
      g_autofree char *shown = NULL;
      g_autofree char *note = NULL;

      shown = bv_locale_format_count (build->locale, (gint64) floor (room));
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
