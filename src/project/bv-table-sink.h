/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Somebody who is shown the rows that a table writer writes, while it writes them, so that nobody need read them again. */
#pragma once

#include "bv-row-step.h"

G_BEGIN_DECLS

/* Its texts are offsets into the block's. A double that is no number is stored as null. */
typedef BvRowCell BvCell;

/* Some rows, and the texts that their cells point into. */
typedef struct
{
  BvCell *cells;     /* row by row */
  guint n_rows;
  char *texts;
  gsize length, allocated;
} BvBlock;

typedef struct
{
  const char *name;
  BvType type;
  int cell;          /* which of a row's cells it is; -1: it is null in all rows */
} BvSinkColumn;

typedef struct
{
  /* A table begins; its columns are those that the catalogue will have, in that order. FALSE: its rows are not wanted, and nothing else is said of it. */
  gboolean (*begin) (gpointer data, const char *table, const BvSinkColumn *columns, guint n_columns);
  /* Rows with the numbers (SQLite's) from @first on, in order; from another thread than the writer's. */
  void     (*rows)  (gpointer data, const BvBlock *block, guint n_cells, gint64 first);
  /* The table ends. @whole: the rows that were shown are all that it has, under those numbers. */
  void     (*end)   (gpointer data, gboolean whole);
  /* The last call: all tables were committed, or nothing was, and nothing may be left of them. */
  void     (*done)  (gpointer data, gboolean committed);
  gpointer data;
} BvTableSink;

/* Before the first table is begun; @sink stays the caller's until its last call. */
void       bv_table_writer_set_sink (BvTableWriter *self, const BvTableSink *sink);

G_END_DECLS
