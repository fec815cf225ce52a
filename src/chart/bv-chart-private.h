/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What chart types share: the spec's options, the build at hand, guides. A chart type is one file that defines a BvChartKind and
 * one line in the table of bv-chart-type.c.
 */
#pragma once

#include "bv-palette.h"
#include "bv-scale.h"
#include "bv-scene.h"
#include "bv-series.h"
#include "bv-text.h"

G_BEGIN_DECLS

/* What the panels of small multiples have in common. */
typedef struct
{
  gboolean measuring;         /* the domains are collected, else given */
  gboolean shared;
  double lo, hi, right_lo, right_hi;
  double largest, radius;     /* of the values that bubbles stand for, and of the largest one; common, so that areas can be compared */
  BvTicks bins;               /* of histograms; none yet when empty */
  const char *bin_rule;
  double width, height;       /* of the panels without the labels of outer ones */
  guint n;
  gboolean left, bottom;      /* whether the panel at hand has labels there */
  gboolean bare;              /* no panel has any: they are too small */
  gboolean settled;           /* how much room outer panels have for them: */
  double left_room, bottom_room;
  BvFrame *whole;             /* what the panels are parts of; the group that tells them apart is none of its dimensions */
  GPtrArray *names;           /* of all series, in the order of their colours */
  GPtrArray *notes;           /* what the panels say */
  guint n_odd, n_below, n_missing; /* and count, for the notes of these names */
} BvPanel;

/* A chart being built. */
typedef struct
{
  const BvChartSpec *spec;
  BvFrame *frame;
  BvChartStyle style; /* resolved: every field set */
  BvLocale *locale;
  const char *const *hidden;
  BvScene *scene;
  BvText *text;
  BvInk ink;
  double width, height;
  double size;        /* of labels */
  double line;        /* a label's line height */
  double x, y, w, h;  /* what guides have left free so far */
  BvPanel *panel;     /* (nullable): of small multiples */
} BvBuild;

/* What small multiples of a type have in common besides their scales: nothing; the places along the axis; all groups, and the labels of the outer panels;
 * all groups, but labels in each panel. */
typedef enum { BV_FACETS_APART, BV_FACETS_ALONG, BV_FACETS_ALIKE, BV_FACETS_LABELLED } BvFacets;

typedef struct
{
  BvChartType info;
  void (*build) (BvBuild *build);
  BvFacets facets;
  /* (nullable): the legend of all panels, from the whole frame, which @build holds; @panel has the domains and about the panels' size. */
  void (*legend) (BvBuild *build, BvPanel *panel);
} BvChartKind;

extern const BvChartKind bv_chart_number_kind;
extern const BvChartKind bv_chart_line_kind;
extern const BvChartKind bv_chart_area_kind;
extern const BvChartKind bv_chart_bar_kind;
extern const BvChartKind bv_chart_combo_kind;
extern const BvChartKind bv_chart_funnel_kind;
extern const BvChartKind bv_chart_gauge_kind;
extern const BvChartKind bv_chart_waterfall_kind;
extern const BvChartKind bv_chart_heatmap_kind;
extern const BvChartKind bv_chart_histogram_kind;
extern const BvChartKind bv_chart_scatter_kind;
extern const BvChartKind bv_chart_treemap_kind;
extern const BvChartKind bv_chart_calendar_kind;
extern const BvChartKind bv_chart_retention_kind;
extern const BvChartKind bv_chart_box_kind;
extern const BvChartKind bv_chart_sankey_kind;
extern const BvChartKind bv_chart_persona_kind;
extern const BvChartKind bv_chart_map_kind;
extern const BvChartKind bv_chart_pie_kind;
extern const BvChartKind bv_chart_table_kind;

const BvChartKind *bv_chart_kind_find (const char *name);

/* --- Options ---------------------------------------------------------------------------------------------------------------- */

extern const char *const bv_legend_choices[];
extern const char *const bv_legend_labels[];
extern const char *const bv_line_legend_choices[];
extern const char *const bv_line_legend_labels[];
extern const char *const bv_palette_choices[];
extern const char *const bv_palette_labels[];
extern const char *const bv_stack_choices[];
extern const char *const bv_scale_choices[];
extern const char *const bv_scale_labels[];
extern const char *const bv_stack_labels[];
extern const char *const bv_bounds_choices[];
extern const char *const bv_bounds_labels[];
extern const char *const bv_facet_choices[];
extern const char *const bv_facet_labels[];

#define BV_OPTION_LEGEND { "legend", N_("Legend"), BV_OPTION_CHOICE, bv_legend_choices, bv_legend_labels }
#define BV_OPTION_LINE_LEGEND { "legend", N_("Legend"), BV_OPTION_CHOICE, bv_line_legend_choices, bv_line_legend_labels }
#define BV_OPTION_LABELS { "labels", N_("Value labels"), BV_OPTION_BOOL, NULL, NULL }
#define BV_OPTION_PALETTE { "palette", N_("Palette"), BV_OPTION_CHOICE, bv_palette_choices, bv_palette_labels }
#define BV_OPTION_STACK { "stack", N_("Stacking"), BV_OPTION_CHOICE, bv_stack_choices, bv_stack_labels }
#define BV_OPTION_TITLE_LEFT { "axis-title-left", N_("Left axis title"), BV_OPTION_TEXT, NULL, NULL }
#define BV_OPTION_TITLE_BOTTOM { "axis-title-bottom", N_("Bottom axis title"), BV_OPTION_TEXT, NULL, NULL }
#define BV_OPTION_TITLE_RIGHT { "axis-title-right", N_("Right axis title"), BV_OPTION_TEXT, NULL, NULL }
#define BV_OPTION_SCALE { "scale", N_("Scale"), BV_OPTION_CHOICE, bv_scale_choices, bv_scale_labels }
#define BV_OPTION_GOAL { "goal", N_("Goal"), BV_OPTION_NUMBER, NULL, NULL }
#define BV_OPTION_REFERENCES { "reference-lines", N_("Reference lines"), BV_OPTION_TEXT, NULL, NULL }
#define BV_OPTION_ZERO { "start-at-zero", N_("Start at zero"), BV_OPTION_BOOL, NULL, NULL }
#define BV_OPTION_FORECAST \
  { "forecast", N_("Forecast: how many steps"), BV_OPTION_NUMBER, NULL, NULL }, \
  { "forecast-bounds", N_("Bounds of the forecast"), BV_OPTION_CHOICE, bv_bounds_choices, bv_bounds_labels }
#define BV_OPTION_FACET \
  { "facet", N_("Small charts by"), BV_OPTION_TEXT, NULL, NULL }, \
  { "facet-scales", N_("Scales of the small charts"), BV_OPTION_CHOICE, bv_facet_choices, bv_facet_labels }
#define BV_OPTION_END { NULL, NULL, BV_OPTION_BOOL, NULL, NULL }

/* NAN when not set. */
double      bv_chart_spec_number (const BvChartSpec *spec, const char *key);
/* NULL when not set; "" is not set. */
const char *bv_chart_spec_text   (const BvChartSpec *spec, const char *key);
/* The first choice when not set. */
const char *bv_chart_spec_choice (const BvChartSpec *spec, const char *key);
/* FALSE when there is none. */
gboolean    bv_chart_spec_window (const BvChartSpec *spec, gint64 *from, gint64 *to);

/* --- Build ------------------------------------------------------------------------------------------------------------------ */

/* Style with every field set. */
BvChartStyle bv_chart_style_resolve (const BvChartStyle *style);
/* Prepares a build; the caller frees nothing but the scene. */
void        bv_build_init        (BvBuild *build, const BvChartSpec *spec, BvFrame *frame, const BvChartStyle *style,
                                  BvLocale *locale, double width, double height);
/* Fills the rest of the chart with a sentence, wrapped and centred. */
void        bv_build_message     (BvBuild *build, const char *text);
/* Takes a line at the bottom for a small note. */
void        bv_build_note        (BvBuild *build, const char *text);
/* A text run of the label size whose box is measured; @x, @y is the anchor's top. */
BvTextRun  *bv_build_label       (BvBuild *build, BvTextRole role, const char *text, double x, double y, double align,
                                  BvColour colour);
/* A number as @format has it, or with a power of ten where digits that were not asked for would go on and on. (transfer full) */
char       *bv_build_format      (BvBuild *build, const BvFormat *format, double v);
char       *bv_build_scientific  (double v);
/* Labels, colours, kinds and hidden flags of the matrix' series by the spec. */
void        bv_build_series      (BvBuild *build, BvMatrix *matrix, BvSeriesKind kind);

/* --- Guides ------------------------------------------------------------------------------------------------------------------- */

/* Takes room at the right or at the bottom for the series' names; nothing for a single one. */
typedef struct
{
  const char *label, *name;
  BvColour colour;
  BvSeriesKind kind;
  gboolean hidden, compare;
} BvLegendItem;
void        bv_legend_add        (BvBuild *build, const BvLegendItem *items, guint n);
void        bv_legend_add_series (BvBuild *build, BvMatrix *matrix);

/* A value axis: its scale, ticks and their labels. */
typedef struct
{
  BvLinear scale;
  BvTicks ticks;
  char **labels;
  double label_width; /* of the widest */
  double drop;        /* of the labels below the plot; 0 is the usual */
  gboolean silent;    /* without labels */
  double least;       /* for symlog: the smallest value that is not zero, without its sign */
  double lo, hi;      /* of the values */
  guint most;         /* ticks that have room */
  BvTickUnit unit;
} BvValueAxis;
/* Ticks and labels for @length units; sets scale's domain, not its range. */
void        bv_value_axis_init   (BvValueAxis *axis, BvBuild *build, double lo, double hi, double length, gboolean horizontal,
                                  const BvFormat *format, BvTickUnit unit);
void        bv_value_axis_clear  (BvValueAxis *axis);
/* The labels and the domain once more, after the ticks were changed. */
void        bv_value_axis_label  (BvValueAxis *axis, BvBuild *build, const BvFormat *format);
/* Gives two axes as many ticks each, with zero at the same height where both have it, so that they share their grid lines; of all ways to do so the
 * one that leaves the least of the plot empty. */
void        bv_value_axes_align  (BvValueAxis *a, BvValueAxis *b);
/* The labels of a second axis at the right of the plot. */
void        bv_value_axis_draw_right (const BvValueAxis *axis, BvBuild *build);
/* Grid lines and labels around the plot rect of the scene. */
void        bv_value_axis_draw   (const BvValueAxis *axis, BvBuild *build, gboolean horizontal);

/* Places along x and their labels. */
typedef struct
{
  BvMatrix *matrix;
  guint first, n;     /* the places shown */
  gboolean continuous; /* by time, else one band each */
  double pad;         /* of a continuous axis at both ends */
  double x0, width;
} BvPlaceAxis;
double      bv_place_axis_map    (const BvPlaceAxis *axis, guint i); /* the middle of place first + i */
double      bv_place_axis_band   (const BvPlaceAxis *axis);
/* The height that the labels need below a plot of axis->width; @draw at @y draws them. */
double      bv_place_axis_layout (const BvPlaceAxis *axis, BvBuild *build, double max_height, gboolean draw, double y);
/* Labels beside bands that run down. */
double      bv_place_axis_width  (const BvPlaceAxis *axis, BvBuild *build, double max_width);
void        bv_place_axis_draw_vertical (const BvPlaceAxis *axis, BvBuild *build, double right, double max_width);

/* Value labels that give way to each other. */
typedef struct _BvLabelSpace BvLabelSpace;
BvLabelSpace *bv_label_space_new  (BvBuild *build);
void        bv_label_space_free  (BvLabelSpace *self);
/* Places a label centred at x with its top at y unless another is there or it would leave the plot. */
/* Keeps labels off a rectangle. */
void        bv_label_space_block (BvLabelSpace *self, double x, double y, double width, double height);
gboolean    bv_label_space_add   (BvLabelSpace *self, const char *text, double x, double y, double align, BvColour colour, int mark);

/* --- Cartesian charts ---------------------------------------------------------------------------------------------------------- */

typedef enum { BV_STACK_NONE, BV_STACK_SUM, BV_STACK_SHARE } BvStack;

typedef struct
{
  BvBuild *build;
  BvLabelSpace *space; /* (nullable): value labels, when wanted */
  BvMatrix *matrix;
  BvStack stack;       /* of bars and areas */
  gboolean horizontal; /* bars run right */
  BvPlaceAxis places;
  BvValueAxis values;
  BvValueAxis right;   /* of the series that have it */
  gboolean has_right;
  GArray *references;  /* BvReference */
  guint n_below;       /* values that a logarithmic scale cannot show */
  guint *shown;        /* indexes of the visible series */
  guint n_shown;
  double direct_width; /* of the names at the lines' ends */
} BvXy;

void        bv_xy_build          (BvBuild *build, BvSeriesKind kind);
/* A visible series, and its scale. */
static inline BvSeries *
bv_xy_series (const BvXy *xy, guint s)
{
  return (BvSeries *) g_ptr_array_index (xy->matrix->series, xy->shown[s]);
}

static inline const BvLinear *
bv_xy_scale (const BvXy *xy, guint s)
{
  return bv_xy_series (xy, s)->right ? &xy->right.scale : &xy->values.scale;
}
/* The stacked ends of series @s (index into shown) among those of its kind at place @i: from → to; with @compare of the past. */
gboolean    bv_xy_stack_ends     (const BvXy *xy, guint s, guint i, gboolean compare, double *from, double *to);
/* Takes room at the right for the names of the lines, when they can stand there instead of in a legend; draws them. */
gboolean    bv_direct_reserve    (BvXy *xy);
void        bv_direct_draw       (BvXy *xy);
void        bv_xy_draw_bars      (BvXy *xy);
void        bv_xy_draw_areas     (BvXy *xy);
void        bv_xy_draw_lines     (BvXy *xy);
/* Computes what the option "forecast" asks for and adds its places; says why where it cannot. */
void        bv_xy_forecast       (BvXy *xy);
void        bv_xy_draw_forecasts (BvXy *xy);
char       *bv_xy_format_value   (const BvXy *xy, guint s, guint i);
/* A mark of series @s at place @i, or of what it was before with @compare; NULL where the frame has no row. */
BvSceneMark *bv_xy_add_mark      (const BvXy *xy, guint s, guint i, gboolean compare, BvMarkKind kind, double x, double y, double width, double height);

/* --- Small multiples ------------------------------------------------------------------------------------------------------------ */

/* Builds small multiples when the spec asks for them and the frame has the group; else FALSE. */
gboolean    bv_facet_build       (BvBuild *build, const BvChartKind *kind);
/* The legend of charts along lines and bars: the whole frame's series. */
void        bv_facet_series_legend (BvBuild *build, BvPanel *panel);
/* Collects or gives the domain of an axis that panels share; nothing outside of panels. */
void        bv_panel_domain      (BvBuild *build, gboolean right, double *lo, double *hi);

/* --- Reference lines ------------------------------------------------------------------------------------------------------------ */

typedef struct
{
  char *name;  /* "" for none */
  double from, to; /* a line where both are the same, else a band */
  gboolean goal;
} BvReference;

/* "name=value; name=from..to; value": numbers as in JSON. NULL when a part is not understood. (transfer full) */
GArray     *bv_references_parse  (const char *text);
/* Those of the spec, with the goal; NULL when there are none. (transfer full) */
GArray     *bv_references_new    (const BvChartSpec *spec);
/* Bands lie below the data, lines above it; labels keep clear of each other and, through @space, of value labels. */
void        bv_references_draw   (BvXy *xy, gboolean bands);
void        bv_references_label  (BvXy *xy, BvLabelSpace *space);

/* --- Words ------------------------------------------------------------------------------------------------------------------------ */

void        bv_alternative_series (BvBuild *build, BvMatrix *matrix, const char *type_label);
void        bv_alternative_set    (BvBuild *build, char *text); /* takes @text */

G_END_DECLS
