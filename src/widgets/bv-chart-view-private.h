/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the chart view's halves share: the widget, and its zoom along time. */
#pragma once

#include "bv-chart-view.h"

#include "bv-chart-zoom.h"
#include "bv-scene.h"

G_BEGIN_DECLS

struct _BvChartView
{
  GtkWidget parent_instance;

  BvChartSpec *spec;
  BvFrame *frame;
  BvLocale *locale;

  BvScene *scene;       /* NULL: to be built */
  GskRenderNode *node;  /* the painted scene; NULL: to be painted */
  double scene_width, scene_height;
  GPtrArray *hidden;    /* names of series switched off */
  GHashTable *selected; /* (nullable): rows */
  int hovered, focused; /* marks, or -1 */
  char *legend_focus;   /* (nullable): the series whose entry in the legend has the focus, instead of a mark */
  GtkWidget *grid;      /* (nullable): for tables */
  BvChartZoom zoom;
  GtkWidget *zoom_box, *range_button; /* over the chart while it is zoomed */
  gboolean dragging, dragged; /* at it; and since the button went down */
  gboolean banding;     /* dragging selects, else it moves the part */
  double band_from, band_to;
  gint64 pan_from;
  AdwAnimation *fade;   /* (nullable): of new numbers */
  double opacity;
  double pointer_x;
  gulong dark_handler, contrast_handler;
};

void     bv_chart_view_drop_scene   (BvChartView *self);
void     bv_chart_view_ensure_scene (BvChartView *self);
gboolean bv_chart_view_is_table     (BvChartView *self);
void     bv_chart_view_describe     (BvChartView *self);

/* The buttons over a zoomed chart, and the gestures that zoom; @click yields to them. */
void     bv_chart_view_make_zoom    (BvChartView *self, GtkGesture *click);
/* Keeps the ends of time of a scene that shows all. */
void     bv_chart_view_note_times   (BvChartView *self);
/* The part of time that the pointer has gone over. */
void     bv_chart_view_draw_band    (BvChartView *self, GtkSnapshot *snapshot);
void     bv_chart_view_toggle_series (BvChartView *self, const char *name);
/* Gives the focus to the first entry of the legend, and back to the marks; FALSE when there is none, or it was not there. */
gboolean bv_chart_view_legend_enter (BvChartView *self);
gboolean bv_chart_view_legend_leave (BvChartView *self);
gboolean bv_chart_view_legend_key (BvChartView *self, guint key, GdkModifierType state);
/* What the entry that has the focus says; NULL when none has it. (transfer full) */
char    *bv_chart_view_legend_describe (BvChartView *self);
void     bv_chart_view_legend_draw_focus (BvChartView *self, cairo_t *cr);
gboolean bv_chart_view_zoom_key     (BvChartView *self, guint key, GdkModifierType state);

G_END_DECLS
