/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Somebody who is shown the rows that a table writer writes, while it writes them, so that nobody need read them again. */
#pragma once

#include "bv-row-step.h"

G_BEGIN_DECLS

/* Some rows, and the texts that their cells point into. */
typedef struct
{
  BvRowCell *cells;  /* row by row, texts as offsets; a double that is no number is stored as null */
  guint n_rows;
  char *texts;
  gsize length, allocated;
} BvRowBlock;

typedef struct
{
  const char *name;
  BvType type;
  int cell;          /* which of a row's cells it is; -1: it is null in all rows */
} BvSinkColumn;

typedef struct
{
  /* A table begins, perhaps once more; its columns are those that the catalogue will have, in that order. FALSE: its rows are not wanted, and nothing else
   * is said of it. */
  gboolean (*begin) (gpointer data, const char *table, const BvSinkColumn *columns, guint n_columns);
  /* Rows with the numbers (SQLite's) from @first on, in order; from another thread than the writer's. */
  void     (*rows)  (gpointer data, const BvRowBlock *block, guint n_cells, gint64 first);
  /* The table ends. @whole: the rows that were shown are all that it has, under those numbers. Rows that are merged into others are not shown. */
  void     (*end)   (gpointer data, gboolean whole);
  /* The last call: all tables were committed, as @version, or nothing was (0), and nothing may be left of it. */
  void     (*done)  (gpointer data, guint64 version);
  gpointer data;
} BvTableSink;

/* Before the first table is begun; @sink stays the caller's until its last call. */
void       bv_table_writer_set_sink (BvTableWriter *self, const BvTableSink *sink);

G_END_DECLS
