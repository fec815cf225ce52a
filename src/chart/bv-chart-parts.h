/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the charts beyond lines and bars build with: the frame's groups as axes, boxes that are marks, colours by value. */
#pragma once

#include "bv-chart-private.h"

G_BEGIN_DECLS

/* The frame's columns: numeric metrics, and what it is grouped by (time, group-bys, pivot) in frame order. (transfer full) */
GArray     *bv_parts_metrics     (BvBuild *build);
GArray     *bv_parts_groups      (BvBuild *build);
/* A value that can be drawn, else NAN; values that are not finite are counted into @n_odd. */
double      bv_parts_value       (BvBuild *build, guint column, guint row, guint *n_odd);
/* A metric's number for the whole frame: the total, or the only row of a frame without groups. NAN when there is none. @row: its row. */
double      bv_parts_total       (BvBuild *build, guint column, guint *row);
void        bv_parts_odd_note    (BvBuild *build, guint n_odd);
/* Says that values have no place on a logarithmic scale. */
void        bv_parts_below_note  (BvBuild *build, guint n_below);
/* Says that rows have no point. */
void        bv_parts_missing_note (BvBuild *build, guint n_missing);
/* "80 of 1,200 shown", where not all are. */
void        bv_parts_shown_note  (BvBuild *build, guint shown, guint all);
/* What the option "scale" says. */
BvScaleKind bv_parts_scale       (BvBuild *build);
const char *bv_parts_palette     (BvBuild *build); /* NULL when automatic */
/* The colour of the i-th thing: of the palette, or the accent for the first. */
BvColour    bv_parts_colour      (BvBuild *build, guint i);
char       *bv_parts_format      (BvBuild *build, guint column, double v);
char       *bv_parts_percent     (BvBuild *build, double share);
const char *bv_parts_metric_label (BvBuild *build, guint column);

/* A filled rect that is a mark. Valid until the next mark. */
BvSceneMark *bv_parts_box        (BvBuild *build, guint row, int column, int series, guint x_index, double x, double y, double width,
                                  double height, BvColour fill);
/* Sets the text of the last mark: @extra as a line below the row's own. */
void        bv_parts_mark_text   (BvBuild *build, const char *text, gboolean add);
/* The radius of the largest of @n bubbles: at most @most, less where they would cover the plot. Panels have it in common. */
double      bv_parts_bubble      (BvBuild *build, guint n, double most);
/* The same in a plot of this size. */
double      bv_parts_bubble_radius (double width, double height, guint n, double most);
/* The value of the largest bubble, @own, or that of all panels. */
double      bv_parts_largest     (BvBuild *build, double own);
/* For each of @places of @column in a panel the same one's index in all panels, which has its colour there; NULL outside of panels. (transfer full) */
guint      *bv_parts_common_places (BvBuild *build, BvMatrix *places, guint column);
/* The last mark's text gets a line with a share: alone, or in a translated @text with one %s that lives as long as the program. */
void        bv_parts_mark_share  (BvBuild *build, double share, const char *text);
/* One line in a box, shortened in the middle if @shorten, else left out when too wide. Returns the width taken. */
double      bv_parts_text        (BvBuild *build, BvTextRole role, const char *text, double x, double y, double align, double max_width,
                                  double size, gboolean shorten, BvColour colour, int mark);

/* The values of one column as places, in order of first appearance, of time or, with @sorted, of their names. @place_of_row: (out). */
BvMatrix   *bv_matrix_new_places (BvFrame *frame, guint column, BvLocale *locale, gboolean sorted, guint **place_of_row);

/* Two columns crossed: values in cells. */
typedef struct
{
  BvMatrix *down, *across;
  guint n_down; /* all places down; @down has fewer when there are too many cells */
  guint metric;
  double *v;   /* [down][across]; NAN where there is none */
  guint *row;  /* G_MAXUINT where there is none */
  guint n_odd;
} BvCross;
BvCross    *bv_cross_new         (BvBuild *build, guint metric, guint down, guint across, gboolean sorted);
void        bv_cross_free        (BvCross *self);
#define bv_cross_at(self, d, a) ((gsize) (d) * (self)->across->n + (a))

/* Colours by value: one hue for values of one sign, two that meet at zero for both. */
typedef struct
{
  const char *palette;
  BvTheme theme;
  BvColour background, negative, positive;
  double lo, hi;
  double faint; /* how much of the hue the weakest colour has more than usual */
  gboolean diverging, own;
} BvColourScale;
void        bv_colour_scale_init (BvColourScale *self, BvBuild *build, double lo, double hi);
BvColour    bv_colour_scale_at   (const BvColourScale *self, double v);
/* Takes a line at the bottom for the gradient with its ends, if there is room. */
void        bv_colour_scale_legend (const BvColourScale *self, BvBuild *build, const BvFormat *format);

/* Of small multiples coloured by their first metric. */
void        bv_parts_colour_legend (BvBuild *build, BvPanel *panel);

/* What the area of bubbles is. (bv-size-legend.c) */
typedef struct
{
  guint column;
  double largest;         /* the value of the largest bubble */
  double first;           /* of the largest circle; 0: a note says it all */
  double x, y, width, height;
  char *text;
} BvSizeLegend;
/* Takes its room at the bottom, for bubbles of at most @radius; or a note. Panels have theirs in common. */
void        bv_size_legend_reserve (BvSizeLegend *self, BvBuild *build, guint column, double largest, double radius);
void        bv_size_legend_draw  (BvSizeLegend *self, BvBuild *build, double radius);
void        bv_size_legend_clear (BvSizeLegend *self);
/* Settles the radius of all panels' largest bubble, of at most @most, and draws their one legend; nothing where no bubbles are drawn. */
void        bv_size_legend_panels (BvBuild *build, BvPanel *panel, guint column, double most);

/* --- Axes around a plot --------------------------------------------------------------------------------------------------------- */

typedef struct
{
  BvBuild *build;
  BvPlaceAxis *places;
  BvValueAxis *values;
  BvValueAxis *right;   /* (nullable) */
  gboolean horizontal;  /* values run right */
  double lo, hi, right_lo, right_hi;
  const BvFormat *format, *right_format;
  BvTickUnit unit, right_unit;
  guint spare;          /* bands left free after the last place */
} BvPlot;
/* Places the plot between its axes, draws them and sets the scales' ranges. */
void        bv_plot_axes         (BvPlot *plot);
/* Whether a plot of this size has no room for labels. */
gboolean    bv_plot_is_sparse    (const BvBuild *build, double width, double height);
/* The same for values on both axes; @inset keeps what is drawn at their ends within the plot. */
void        bv_plot_axes_values  (BvBuild *build, BvValueAxis *x, BvValueAxis *y, const double domain[4], const BvFormat *x_format,
                                  const BvFormat *y_format, BvTickUnit x_unit, BvTickUnit y_unit, double inset);
/* Takes room for an axis title; @turned ones stand at the left or the right. */
void        bv_axis_title        (BvBuild *build, const char *title, gboolean turned, gboolean left);
BvTickUnit  bv_unit_for_column   (const BvColumn *column);
/* The plot of cells: labels at the left and below, bands both ways. */
void        bv_plot_cells        (BvBuild *build, BvPlaceAxis *across, BvPlaceAxis *down);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (BvCross, bv_cross_free)

G_END_DECLS
