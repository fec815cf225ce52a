/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A frame in long form as a matrix: places along x, series across. */
#pragma once

#include "bv-chart.h"
#include "bv-forecast.h"

G_BEGIN_DECLS

typedef enum { BV_KIND_LINE, BV_KIND_AREA, BV_KIND_BAR } BvSeriesKind;

typedef struct
{
  char *name;       /* the metric, the pivot's value, or both: what options and the legend call it */
  char *label;      /* what is shown */
  int column;       /* the metric's column */
  int compare;      /* its COMPARE column, or -1 */
  BvSeriesKind kind;
  BvColour colour;
  gboolean hidden;
  gboolean right;   /* measured at the right axis */
  double *v;        /* per place; NAN where there is no (drawable) value */
  double *cv;       /* the compared period; NULL without one */
  guint *row;       /* per place the frame's row, G_MAXUINT where none */
  BvForecast *forecast; /* (nullable) */
  double order;     /* the definition's, and the place in the frame */
  guint index;
} BvSeries;

typedef struct
{
  BvFrame *frame;   /* borrowed */
  gboolean is_time, is_date;
  int time_column;
  BvGrain grain;
  guint *dims;      /* the columns that name a category */
  guint n_dims;
  gboolean pivoted; /* several series per metric */
  guint n_metrics;
  guint n_groups;   /* of the pivot in the frame; those beyond a limit have no series */
  guint n;          /* places along x */
  gint64 *t;        /* of time: the instant or day of each place, ascending */
  guint *x_row;     /* a row at each place; G_MAXUINT at places to come */
  char **labels;    /* (nullable): names of the places instead of the frame's */
  GPtrArray *series; /* BvSeries */
  guint n_odd;      /* values that are not finite and hence not drawn */
} BvMatrix;

BvMatrix *bv_matrix_new      (BvFrame *frame, BvLocale *locale);
void      bv_matrix_free     (BvMatrix *self);
/* Adds @k places after the last in time, without values. */
void      bv_matrix_extend   (BvMatrix *self, BvCalendar *calendar, guint k);
/* The name of a place for people. (transfer full) */
char     *bv_matrix_x_label  (BvMatrix *self, guint i, BvLocale *locale);

/**
 * bv_group_rows:
 * @columns: the key columns
 * @group_of_row: (out): for each row its group, in order of first appearance. (transfer full)
 *
 * Returns: (transfer full): the first row of each group, a GArray of guint
 */
GArray   *bv_group_rows      (BvFrame *frame, const guint *columns, guint n_columns, guint **group_of_row);

/* "Software · Paris": what a row has in the key columns. (transfer full) */
char     *bv_group_label     (BvFrame *frame, const guint *columns, guint n_columns, guint row, BvLocale *locale);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (BvMatrix, bv_matrix_free)

G_END_DECLS
