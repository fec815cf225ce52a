/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The inside of a scene: what chart types fill, painters read and tests measure.
 *
 * A scene is three flat lists in painting order: shapes, text runs (drawn after the shapes) and marks. All lengths are scene
 * units, angles are radians. Strings live in the scene.
 */
#pragma once

#include "bv-chart.h"

G_BEGIN_DECLS

typedef enum
{
  BV_SHAPE_RECT,   /* x, y, width, height, corner radius r0 */
  BV_SHAPE_CIRCLE, /* centre x, y, radius r1 */
  BV_SHAPE_SECTOR, /* centre x, y, radii r0 < r1, angles a0 < a1 from twelve o'clock, clockwise */
  BV_SHAPE_PATH,   /* points first … first + n - 1; NAN x lifts the pen */
} BvShapeKind;

/* What a shape or a text is there for. */
typedef enum
{
  BV_PART_GRID,
  BV_PART_AXIS,
  BV_PART_ZERO,
  BV_PART_DATA,
  BV_PART_COMPARE,
  BV_PART_LEGEND,
  BV_PART_DECORATION,
} BvPart;

typedef struct
{
  BvShapeKind kind;
  BvPart part;
  double x, y, width, height;
  double r0, r1, a0, a1;
  guint first, n;
  gboolean closed;  /* of a path */
  BvColour fill, stroke; /* a = 0: none */
  double line_width;
  gboolean dashed;
  int mark;         /* the mark it draws, or -1 */
} BvShape;

typedef enum
{
  BV_TEXT_AXIS_X,
  BV_TEXT_AXIS_Y,
  BV_TEXT_AXIS_TITLE,
  BV_TEXT_VALUE,   /* a value label */
  BV_TEXT_LEGEND,
  BV_TEXT_NOTE,
  BV_TEXT_MESSAGE, /* why there is no chart */
  BV_TEXT_HEADER,
  BV_TEXT_CELL,
  BV_TEXT_NUMBER,
} BvTextRole;

/* One line of text in the box x, y, width, height, turned by @angle about the anchor (x + align · width, y + height / 2). */
typedef struct
{
  BvTextRole role;
  const char *text;
  double x, y, width, height;
  double align; /* 0 left, 0.5 centre, 1 right */
  double angle;
  double size;
  gboolean bold;
  BvColour colour;
  int mark;     /* the mark it belongs to, or -1 */
} BvTextRun;

typedef enum
{
  BV_MARK_BOX,
  BV_MARK_POINT,
  BV_MARK_SECTOR,
  BV_MARK_PATH,   /* the inside of its shape */
} BvMarkKind;

typedef struct
{
  BvMark mark;      /* text is made when first asked for */
  BvMarkKind kind;
  double x, y;      /* the point, or the sector's centre */
  double r0, r1, a0, a1;
  guint x_index;    /* the category or bucket */
  gboolean before;  /* of the compared period; its column is that period's */
  int shape;        /* the shape that draws it, or -1 */
  int also[2];      /* further metrics that its text names, or -1 */
  double share;     /* that its text ends in; NAN for none */
  const char *share_text; /* what the share is of: "%s of …", translated; NULL for the share alone */
  BvColour colour;
} BvSceneMark;

typedef struct
{
  double x, y, width, height;
  const char *name; /* the series' name as hidden_series knows it */
  const char *label;
  gboolean hidden;
} BvLegendHit;

/* The plot of a small multiple and its marks. */
typedef struct
{
  double x, y, width, height;
  guint first_mark, n_marks;
} BvPanelRect;

/* An instant of the axis below. */
typedef struct
{
  double x;
  gint64 t;
} BvSceneTime;

struct _BvScene
{
  double width, height;
  BvColour background, ink;
  char *font_family;
  GArray *shapes;  /* BvShape */
  GArray *points;  /* double pairs */
  GArray *texts;   /* BvTextRun */
  GArray *marks;   /* BvSceneMark */
  GArray *legend;  /* BvLegendHit */
  GArray *times;   /* BvSceneTime, ascending; linear in between; empty but for charts along time */
  GArray *panels;  /* BvPanelRect; empty but for small multiples */
  GStringChunk *strings;
  char *alternative;

  /* The plot area, and whether categories run down it (horizontal bars). */
  double plot_x, plot_y, plot_width, plot_height;
  gboolean has_plot, vertical;
  gboolean crosshair;

  /* For the marks' texts. */
  BvFrame *frame;
  BvLocale *locale;
  GPtrArray *labels; /* what each column is called; NULL: by its own name */
};

BvScene    *bv_scene_new         (BvFrame *frame, BvLocale *locale, double width, double height);
/* The returned pointers are valid until the next call of the same function. */
BvShape    *bv_scene_add_rect    (BvScene *scene, BvPart part, double x, double y, double width, double height, BvColour fill);
BvShape    *bv_scene_add_line    (BvScene *scene, BvPart part, double x0, double y0, double x1, double y1, BvColour stroke,
                                  double line_width);
/* Starts a path; add its points with bv_scene_add_point() before any other path. */
BvShape    *bv_scene_add_path    (BvScene *scene, BvPart part);
void        bv_scene_add_point   (BvScene *scene, double x, double y);
BvShape    *bv_scene_add_circle  (BvScene *scene, BvPart part, double x, double y, double r, BvColour fill);
BvShape    *bv_scene_add_sector  (BvScene *scene, BvPart part, double x, double y, double r0, double r1, double a0, double a1,
                                  BvColour fill);
BvTextRun  *bv_scene_add_text    (BvScene *scene, BvTextRole role, const char *text, double x, double y, double width,
                                  double height, double align, double size, BvColour colour);
/* Adds a mark with its bounds. */
BvSceneMark *bv_scene_add_mark   (BvScene *scene, BvMarkKind kind, guint row, int column, int series, double x, double y,
                                  double width, double height);
const char *bv_scene_intern      (BvScene *scene, const char *text);
/* A share of one as percent; "–" when it is none. (transfer full) */
char       *bv_scene_percent     (BvLocale *locale, double share);

#define bv_scene_shape(scene, i) (&g_array_index ((scene)->shapes, BvShape, i))
#define bv_scene_text(scene, i) (&g_array_index ((scene)->texts, BvTextRun, i))
#define bv_scene_mark(scene, i) (&g_array_index ((scene)->marks, BvSceneMark, i))
#define bv_scene_point(scene, i) (&g_array_index ((scene)->points, double, 2 * (i)))

/* Whether a point is inside a closed path. */
gboolean    bv_scene_path_holds  (BvScene *scene, const BvShape *path, double x, double y);
/* The four corners of a text's box after turning, as x, y pairs. */
void        bv_text_run_corners  (const BvTextRun *run, double corners[8]);

typedef enum { BV_STEP_LEFT, BV_STEP_RIGHT, BV_STEP_UP, BV_STEP_DOWN, BV_STEP_FIRST, BV_STEP_LAST } BvStep;

/* The mark that an arrow key goes to from @mark (-1: none yet); along the categories within a series, across them between series and to the compared
 * period, whose marks are a series of their own. */
int         bv_scene_step        (BvScene *scene, int mark, BvStep step);

/* As bv_scene_paint(), with the marks of other rows than @rows (a set of GUINT_TO_POINTER (row)) faded. */
void        bv_scene_paint_selection (BvScene *scene, cairo_t *cr, GHashTable *rows);

G_END_DECLS
