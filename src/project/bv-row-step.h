/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A step of the journal that is written in pages: rows changed in place, with what they were before kept for undo.
 *
 * Protocol: bv_row_step_new(); then for each page begin, any of the calls that need a page, commit (or roll back); then end.
 * Each page is a transaction of its own, so that a killed process loses one page at most; the step stays open in the file
 * until it is ended, or until the project is opened again. While it is open it cannot be undone, and its tables can be neither
 * dropped nor renamed nor imported into. Between pages other threads may commit.
 *
 * What is kept: a table made by the step needs nothing (undo hides it whole). Of a table that was there, each row is
 * copied into a hidden table before the step touches it for the first time; undo and redo exchange the two.
 *
 * Tables written here have a key; all their rows have one, and no two the same.
 */
#pragma once

#include "bv-project.h"

G_BEGIN_DECLS

typedef struct _BvRowStep BvRowStep;
typedef struct _BvRowTable BvRowTable;

/* @name: as of bv_change_new(). Nothing is written before the first page. */
BvRowStep  *bv_row_step_new      (BvProject *project, const char *name);
/* Waits for the writer until @cancellable ends it. */
gboolean    bv_row_step_begin    (BvRowStep *self, GCancellable *cancellable, GError **error);
/* After an error the page is rolled back. */
gboolean    bv_row_step_commit   (BvRowStep *self, GError **error);
void        bv_row_step_rollback (BvRowStep *self);
/* Closes the step, so that it can be undone, and frees it; without a page there is no step. */
gboolean    bv_row_step_end      (BvRowStep *self, GError **error);
/* Frees it and leaves it open in the file, as a killed process does. */
void        bv_row_step_abandon  (BvRowStep *self);
/* The number of its journal entry; 0 before the first page. */
gint64      bv_row_step_get_seq  (BvRowStep *self);
/* The connection, from begin to commit, for the tables of sources (bv_source_*) only. */
sqlite3    *bv_row_step_get_db   (BvRowStep *self);

/* Writes to the tables of sources (bv_source_*) without a step, in a transaction of its own: nothing that undo would take back. */
gboolean    bv_project_bookkeep  (BvProject *project, gboolean (*write) (sqlite3 *db, gpointer data, GError **error), gpointer data,
                                  GError **error);

/* A named text that belongs to the step: undo gives it its old value back. NULL takes it away. Needs a page. */
gboolean    bv_row_step_put_state (BvRowStep *self, const char *name, const char *value, GError **error);
/* (transfer full) (nullable): NULL without an error when there is none; needs no page. */
gboolean    bv_project_get_state  (BvProject *project, const char *name, char **value, GError **error);

typedef enum
{
  BV_CELL_VALUE, /* compared and written */
  BV_CELL_STAMP, /* written when the row is new or changed, not compared */
  BV_CELL_FIRST, /* written when the row is new */
  BV_CELL_KEEP,  /* not written here; null in new rows */
} BvCellRole;

typedef struct
{
  const char *name;
  BvType type;
  BvCellRole role;
} BvRowColumn;

/* A cell as SQLite stores it: @type is NULL, INT, DOUBLE or TEXT. Text is borrowed. */
typedef struct
{
  BvType type;
  int length;
  union
  {
    gint64 i;
    double d;
    const char *s;
    gsize offset;   /* in the place of s while texts still move */
  };
} BvRowCell;

typedef enum { BV_ROW_NEW, BV_ROW_CHANGED, BV_ROW_SAME, BV_ROW_MISSING } BvRowResult;

/**
 * bv_row_step_open_table:
 * @columns: those that rows have, the key's first. Columns that the table lacks are added; those that only the table has stay
 * @n_key: how many of them are the key
 *
 * The table for this page, made when there is none. Needs a page; valid until it ends. BV_ERROR_EXISTS when a table of this name
 * has another key (a file was imported under it).
 */
BvRowTable *bv_row_step_open_table (BvRowStep *self, const char *name, const char *source, const BvRowColumn *columns, guint n_columns,
                                    guint n_key, GError **error);
/* Whether this very step made the table. */
gboolean    bv_row_table_is_new    (BvRowTable *self);
/* @cells: one per column of open_table. @append: the caller knows that no row has this key (rows of a new table); the texts of
 * such rows must stay until bv_row_table_settle(). */
gboolean    bv_row_table_put       (BvRowTable *self, const BvRowCell *cells, gboolean append, BvRowResult *result, GError **error);
/* Appended rows are written in bundles: this writes those that still wait, for who reads the table by SQL within the page. Calls of the
 * table, and the page's commit, do it themselves. */
gboolean    bv_row_table_settle    (BvRowTable *self, GError **error);
/* Sets some columns of the row with the key @cells[0 … n_key-1], whatever their role, and the stamps; others stay. */
gboolean    bv_row_table_patch     (BvRowTable *self, const BvRowCell *cells, const guint *columns, guint n_columns, BvRowResult *result,
                                    GError **error);
gboolean    bv_row_table_remove    (BvRowTable *self, const BvRowCell *key, BvRowResult *result, GError **error);
/* Makes the key's index, and drops all but the last of rows with equal keys; done by itself before the first look for a row. */
gboolean    bv_row_table_index     (BvRowTable *self, gint64 *n_dropped, GError **error);

/* Whether a step (by seq) can still be compared: its hidden tables are there. *undone: it was taken back. */
gboolean    bv_project_find_step   (BvProject *project, gint64 seq, gboolean *undone, GError **error);

/* Steps that a killed process left open were closed when the project was opened; this closes none. How many are open. */
guint       bv_project_get_n_open_steps (BvProject *project);

G_END_DECLS
