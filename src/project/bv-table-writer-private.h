/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the files of the table writer share: blocks of rows, their insertion, the look for repeated keys, the merge by key. */
#pragma once

#include "bv-row-feed.h"
#include "bv-table-sink.h"
#include "bv-time.h"

G_BEGIN_DECLS

/* --- bv-table-insert.c: rows into SQLite and to the sink, on threads of their own when there are many */

typedef struct _BvInserter BvInserter;

/* @columns: one name per cell of a row. @sink: (nullable). The connection is the inserter's until bv_inserter_finish(). */
BvInserter *bv_inserter_new    (sqlite3 *db, const char *table, const char *const *columns, guint n_columns, const BvTableSink *sink,
                                GError **error);
/* The block to fill: bv_inserter_get_max_rows() rows at most, then push. */
BvRowBlock *bv_inserter_get    (BvInserter *self);
guint       bv_inserter_get_max_rows (BvInserter *self);
/* Hands the block over; reports what went wrong with an earlier one. */
gboolean    bv_inserter_push   (BvInserter *self, GError **error);
/* Inserts what is left and waits for it. */
gboolean    bv_inserter_finish (BvInserter *self, GError **error);
void        bv_inserter_free   (BvInserter *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (BvInserter, bv_inserter_free)

/* --- bv-key-set.c: whether keys repeat */

typedef struct _BvKeySet BvKeySet;

/* Two rows, counted from 1, whose keys may be equal. */
typedef struct
{
  guint32 older, newer;
} BvKeyPair;

BvKeySet   *bv_key_set_new     (const guint *columns, guint n_columns);
/* Adds the rows of a block with @n_cells cells a row, the first of which is row @first. */
void        bv_key_set_add     (BvKeySet *self, const BvRowBlock *block, guint n_cells, gint64 first);
/* (transfer full) (nullable) (element-type BvKeyPair): NULL when there were too many rows or repetitions to tell */
GArray     *bv_key_set_find_pairs (BvKeySet *self);
void        bv_key_set_free    (BvKeySet *self);

/* --- bv-table-writer.c */

typedef struct
{
  char *name;
  BvType type;      /* of the table that comes out */
  BvType old_type;  /* of the existing table's column, NULL when it has none */
  int input;        /* index of the caller's column, or -1 */
} BvMerged;

struct _BvTableWriter
{
  BvStep step;
  const BvTableSink *sink; /* (nullable) */
  GError *failed;
  gboolean filling;

  char *name;
  char *staging;
  const char *rowid; /* what row numbers are called in the tables old and new */
  char *source;
  char *origin;
  char **key;
  BvTableInfo *old; /* (nullable) */
  GArray *merged;   /* BvMerged */
  gboolean in_sink; /* the sink waits for the table's end */
  guint n_inputs;
  BvType *targets;  /* per input: the merged type */
  BvInserter *inserter;
  BvKeySet *keys;   /* (nullable) */
  gint64 n_rows;
};

int        bv_table_writer_find_merged     (BvTableWriter *self, const char *name);
gboolean   bv_table_writer_create_physical (BvTableWriter *self, const char *table, GError **error);

/* --- bv-table-merge.c */

/* What is done to the staging table when all rows are in: it has @n_rows then, and @n_replaced rows of the old table gave way. */
gboolean   bv_table_merge_by_key           (BvTableWriter *self, gint64 *n_rows, gint64 *n_replaced, GError **error);

G_END_DECLS
