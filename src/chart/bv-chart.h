/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Frame to scene: what the rooms above need of the chart room.
 *
 * A chart is built from a spec, a frame and a size into a scene, which is plain data: shapes, text runs and marks with the frame
 * row they stand for. One painter draws a scene on any cairo surface, so screen, PNG, SVG and PDF show the same.
 * Building and painting need no display. Units are points of 1/96 inch on screen and of 1/72 inch in PDF.
 */
#pragma once

#include "bv-frame.h"

#include <cairo.h>

G_BEGIN_DECLS

/* --- Spec -------------------------------------------------------------------------------------------------------------- */

typedef struct _BvChartSpec BvChartSpec; /* type and options */

/**
 * bv_chart_spec_new:
 * @type: one of bv_chart_types()
 *
 * An unknown type gives a spec whose scene says so.
 */
BvChartSpec       *bv_chart_spec_new        (const char *type);
BvChartSpec       *bv_chart_spec_copy       (const BvChartSpec *spec);
void               bv_chart_spec_free       (BvChartSpec *spec);
/* Whether type and options are equal; NULL equals NULL. */
gboolean           bv_chart_spec_equal      (const BvChartSpec *a, const BvChartSpec *b);
const char        *bv_chart_spec_get_type   (const BvChartSpec *spec);
/* Sets an option; @key may name a series ("series.Won revenue.colour"). Returns FALSE for an unknown key or a value that does not fit. */
gboolean           bv_chart_spec_set_option (BvChartSpec *spec, const char *key, const BvValue *value);

/* Whether a choice or text option is set to @value (of a choice not set: whether @value is its first). */
gboolean           bv_chart_spec_is         (const BvChartSpec *spec, const char *key, const char *value);
/* Whether a switch is on. */
gboolean           bv_chart_spec_bool       (const BvChartSpec *spec, const char *key);
/* What is set for a series ("label", "colour"); NULL when nothing is. */
const char        *bv_chart_spec_series     (const BvChartSpec *spec, const char *series, const char *what);

typedef enum { BV_OPTION_BOOL, BV_OPTION_TEXT, BV_OPTION_CHOICE, BV_OPTION_NUMBER, BV_OPTION_COLOUR } BvOptionKind;

typedef struct
{
  const char *key;             /* "stack", "legend", "palette", "axis-title-left"… */
  const char *label;           /* translated by the caller with _() (marked with N_) */
  BvOptionKind kind;
  const char *const *choices;  /* of CHOICE: values, the first is the default; NULL-terminated */
  const char *const *labels;   /* of CHOICE: their labels (N_) */
} BvOptionInfo;

typedef struct
{
  const char *name;            /* "bar" */
  const char *label;           /* N_("Bar") */
  const char *icon_name;       /* symbolic icon */
  int min_metrics, max_metrics;       /* max -1: any */
  int min_dimensions, max_dimensions; /* group-bys and pivot together with time */
  gboolean needs_time;
  const BvOptionInfo *options; /* ended by a NULL key */
} BvChartType;

/* All types in menu order, ended by a NULL name. */
const BvChartType *bv_chart_types           (void);
const BvChartType *bv_chart_type_find       (const char *name); /* NULL when unknown */
/* Whether small multiples can be made of the type; @why_not: (out) (optional): marked with N_(), why they make no sense. */
gboolean           bv_chart_type_has_facets (const BvChartType *type, const char **why_not);

/* Shows only the part of time from @from to @to (days or instants, as the frame's; both inclusive); of charts along time. */
void               bv_chart_spec_set_window (BvChartSpec *spec, gint64 from, gint64 to);
void               bv_chart_spec_clear_window (BvChartSpec *spec);
/* The names of a frame's series, as options ("series.NAME.colour") and the legend know them; of charts along lines and bars.
 * NULL-terminated. (transfer full) */
char             **bv_chart_list_series     (const BvChartSpec *spec, BvFrame *frame, BvLocale *locale);

/* --- Style --------------------------------------------------------------------------------------------------------------- */

typedef struct { double r, g, b, a; } BvColour;

typedef enum { BV_THEME_LIGHT, BV_THEME_DARK, BV_THEME_PRINT } BvTheme;

typedef struct
{
  BvTheme theme;
  const char *font_family; /* "Cantarell, DejaVu Sans, sans-serif" when NULL */
  double font_size;        /* of labels; 0 is 10 */
  const char *palette;     /* default categorical palette; NULL is the product's */
  gboolean has_accent;
  BvColour accent;         /* the desktop's accent for single series, when @has_accent */
  gboolean high_contrast;
} BvChartStyle;

/* Palettes: names, ended by NULL; colour @i of a palette in a theme. */
const char *const *bv_palette_names  (void);
BvColour           bv_palette_colour (const char *palette, guint i, BvTheme theme);

/* --- Scene ---------------------------------------------------------------------------------------------------------------- */

typedef struct _BvScene BvScene;

/* The row of marks that stand for no single row and no total: a forecast, several rows drawn as one, an empty cell of a pivot. */
#define BV_ROW_NONE (G_MAXUINT - 1)

/* A thing under the pointer or the keyboard: a bar, a point, a slice, a cell. */
typedef struct
{
  double x, y, width, height; /* bounds */
  guint row;                  /* of the frame; G_MAXUINT for a total, BV_ROW_NONE for what has no rows */
  int column;                 /* the frame's metric column, or the compared one (BV_ROLE_COMPARE) of its mark */
  int series;                 /* index of the series; -1 when the chart has none */
  const char *text;           /* what it says: the tooltip's lines, the metric's value formatted */
} BvMark;

/**
 * bv_chart_build:
 * @frame: as the query room makes it; roles tell time, group-bys, pivot and metrics
 * @hidden_series: (nullable): names of series switched off in the legend, NULL-terminated
 *
 * Never fails: a frame that cannot be drawn as @spec wants (no rows, too many categories, no metric) gives a scene whose text
 * says why.
 *
 * Returns: (transfer full)
 */
BvScene      *bv_chart_build            (const BvChartSpec *spec, BvFrame *frame, const BvChartStyle *style, BvLocale *locale,
                                         double width, double height, const char *const *hidden_series);
BvScene      *bv_scene_ref              (BvScene *scene);
void          bv_scene_unref            (BvScene *scene);
void          bv_scene_paint            (BvScene *scene, cairo_t *cr);

guint         bv_scene_get_n_marks      (BvScene *scene);
const BvMark *bv_scene_get_mark         (BvScene *scene, guint i);
/* The mark at a point, or the nearest along x for lines (within 24 units of a point, or in the plot area); -1 when none. */
int           bv_scene_hit              (BvScene *scene, double x, double y);
/* A series name of the legend at a point; NULL when none. */
const char   *bv_scene_hit_legend       (BvScene *scene, double x, double y);
/* What instant (or day) lies at @x in the plot of a chart along time; FALSE for other charts. */
gboolean      bv_scene_time_at          (BvScene *scene, double x, gint64 *t);
/* The plot's rect; FALSE when there is none. */
gboolean      bv_scene_get_plot         (BvScene *scene, double *x, double *y, double *width, double *height);
/* Draws what hover or keyboard focus adds: crosshair and highlight of a mark. */
void          bv_scene_paint_highlight  (BvScene *scene, cairo_t *cr, guint mark);
/* A generated sentence or two: what is shown, extremes, trend. For screen readers and the PDF's alternative text. */
const char   *bv_scene_get_alternative  (BvScene *scene);

/* --- Tables over pages -------------------------------------------------------------------------------------------------------- */

/**
 * bv_table_layout_new:
 *
 * Lays a frame out as a table for paper: columns as wide as their cells need, within @width; the header repeats on each page, sub-totals
 * stand above their groups, the total row comes last.
 */
typedef struct _BvTableLayout BvTableLayout;
BvTableLayout *bv_table_layout_new      (const BvChartSpec *spec, BvFrame *frame, const BvChartStyle *style, BvLocale *locale, double width);
void           bv_table_layout_free     (BvTableLayout *layout);
guint          bv_table_layout_get_n_rows (BvTableLayout *layout); /* the frame's rows, those of groups and the total */
/* Paints the header and as many rows from @first on as fit in @height at the origin of @cr (NULL: only measures). Returns the
 * number of rows; at least 1 unless none is left. @used: (out) (optional): the height taken. */
guint          bv_table_layout_paint    (BvTableLayout *layout, cairo_t *cr, guint first, double height, double *used);

/* --- SVG -------------------------------------------------------------------------------------------------------------------------- */

/* A scene as an SVG file; the bytes depend only on the scene. (transfer full) */
char         *bv_scene_to_svg           (BvScene *scene);
/* Text as it may stand in SVG: escaped, and without what XML cannot hold. @length: in bytes, or -1. (transfer full) */
char         *bv_svg_escape             (const char *text, gssize length);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (BvChartSpec, bv_chart_spec_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (BvScene, bv_scene_unref)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (BvTableLayout, bv_table_layout_free)

G_END_DECLS
