/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Helpers of the query tests: a project with small tables in a folder of its own, charts as text, results as text. JSON is written with
 * single quotes for double ones. */
#pragma once

#include "bv-definitions.h"
#include "bv-query.h"

typedef struct
{
  char *dir;
  BvProject *project;
  BvModel *model;
  gint64 now;
} Fixture;

void     fixture_set_up    (Fixture *f, gconstpointer data);
void     fixture_tear_down (Fixture *f, gconstpointer data);

/* Quotes changed. (transfer full) */
char    *json_text         (const char *text);
/* @columns: "id:int name:text"; @rows: lines of cells split at "|"; an empty cell is null, '' the empty text. */
void     add_table         (Fixture *f, const char *name, const char *columns, const char *rows);
/* Applies definitions and loads the model; there must be no problem. */
void     define            (Fixture *f, const char *json);
BvChart *chart_of          (const char *json);
BvQueryContext context_of  (Fixture *f);
/* @where and @range: (nullable): the report's filters. */
BvFrame *run_chart         (Fixture *f, const char *chart, const char *where, const char *range, GError **error);
/* The frame as CSV without its header. (transfer full) */
char    *rows_of           (Fixture *f, BvFrame *frame);
/* The totals of the metrics, split by "|". (transfer full) */
char    *totals_of         (BvFrame *frame);
/* The number of rows behind a mark. */
gint64   drill             (Fixture *f, const char *chart, BvFrame *frame, const char *metric, guint row);

#define assert_chart(f, chart, expected) \
  G_STMT_START { \
    g_autoptr(GError) error_ = NULL; \
    g_autoptr(BvFrame) frame_ = run_chart (f, chart, NULL, NULL, &error_); \
    g_autofree char *rows_ = NULL; \
    g_assert_no_error (error_); \
    rows_ = rows_of (f, frame_); \
    g_assert_cmpstr (rows_, ==, expected); \
  } G_STMT_END

#define assert_totals(f, chart, expected) \
  G_STMT_START { \
    g_autoptr(GError) error_ = NULL; \
    g_autoptr(BvFrame) frame_ = run_chart (f, chart, NULL, NULL, &error_); \
    g_autofree char *totals_ = NULL; \
    g_assert_no_error (error_); \
    totals_ = totals_of (frame_); \
    g_assert_cmpstr (totals_, ==, expected); \
  } G_STMT_END

#define assert_fails(f, chart, code, part) \
  G_STMT_START { \
    g_autoptr(GError) error_ = NULL; \
    BvFrame *frame_ = run_chart (f, chart, NULL, NULL, &error_); \
    g_assert_null (frame_); \
    g_assert_error (error_, BV_ERROR, code); \
    if (strstr (error_->message, part) == NULL) \
      g_error ("“%s” is not in “%s”", part, error_->message); \
  } G_STMT_END
