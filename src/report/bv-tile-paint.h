/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Tiles on paper: a card with its title, its chart or text, and what must be said about it. Lengths are points. */
#pragma once

#include "bv-report-run.h"

#include <pango/pangocairo.h>

G_BEGIN_DECLS

#define BV_TILE_PADDING 10.0
#define BV_TITLE_SIZE 9.5
#define BV_TITLE_HEIGHT 17.0
#define BV_NOTE_SIZE 7.0

/* Everything painting needs of a tile; made of the report at work once, then laid out and painted part by part by whichever thread. */
typedef struct
{
  BvTile *tile;              /* (transfer none) */
  BvLocale *locale;          /* (transfer none): the painting thread's own */
  const char *folder;        /* (transfer none): that paths of images begin in */
  char *title;
  BvFrame *frame;            /* (nullable): as it was then: pages are painted while the report goes on */
  GError *error;             /* (nullable) */
  BvChartSpec *spec;         /* (nullable) */
  BvTableLayout *table;      /* (nullable): of a table with a frame, as wide as the tile */
  BvTableLayout *wide_table; /* as wide as the page */
  double width, wide_width;
} BvTilePainter;

BvTilePainter *bv_tile_painter_new     (BvReportRun *run, BvTile *tile, BvLocale *locale, const char *folder);
/* @flows: tables are painted part by part, with all their rows; else they show what their box has room for. */
void           bv_tile_painter_lay_out (BvTilePainter *self, double width, double wide_width, gboolean flows);
void           bv_tile_painter_free    (BvTilePainter *self);
/* The BvLayoutFit of a table's tile. */
guint          bv_tile_painter_fit     (gpointer self, gboolean wide, guint first, double height, double *used);
/* Paints the tile, or its table from row @first on, into a box at the origin of @cr. */
void           bv_tile_painter_paint   (BvTilePainter *self, cairo_t *cr, double width, double height, guint first,
                                        gboolean continued, gboolean last);

/* What must be said about the frame, line by line; NULL when there is nothing. (transfer full) */
char          *bv_tile_painter_notes   (BvTilePainter *self);
/* What a link says. */
const char    *bv_tile_painter_label   (BvTilePainter *self);
/* Whether a link leads to an address on the web. */
gboolean       bv_tile_painter_is_web  (BvTilePainter *self);

/* The style of charts on paper. */
BvChartStyle   bv_paper_chart_style    (void);
/* A layout with the paper's font; sizes are points. (transfer full) */
PangoLayout   *bv_paper_text           (cairo_t *cr, const char *text, double size, gboolean bold, double width);
double         bv_paper_text_height    (PangoLayout *layout);
/* Paints the layout with its top left at a point in grey @level (0 black). */
void           bv_paper_show           (cairo_t *cr, PangoLayout *layout, double x, double y, double level);
/* Headings and links, where the surface can hold them. */
void           bv_paper_tag_begin      (cairo_t *cr, const char *name, const char *attributes);
void           bv_paper_tag_end        (cairo_t *cr, const char *name);

/* Text tiles: blocks of headings, paragraphs and list items. */
typedef enum { BV_BLOCK_HEADING, BV_BLOCK_PARAGRAPH, BV_BLOCK_ITEM } BvBlockKind;
typedef struct
{
  BvBlockKind kind;
  int level;   /* 1 … 3, of headings */
  char *text;
} BvBlock;
GPtrArray     *bv_text_blocks          (const char *text); /* (transfer full): BvBlock */
/* Shows a text with its top left at a point, in grey @level. */
typedef void (*BvTextShow) (gpointer data, PangoLayout *layout, double x, double y, double level);
/* Sets the blocks below each other in @width; @show: (nullable). Returns their height. */
double         bv_text_set             (GPtrArray *blocks, cairo_t *cr, double width, BvTextShow show, gpointer data);
/* How much smaller they must be to fit; 1 where they do. Then they are set in @width divided by it. */
double         bv_text_scale           (GPtrArray *blocks, cairo_t *cr, double width, double height);
/* Paints the blocks within @width, scaled down when they are taller than @height. */
void           bv_text_paint           (GPtrArray *blocks, cairo_t *cr, double width, double height);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (BvTilePainter, bv_tile_painter_free)

G_END_DECLS
