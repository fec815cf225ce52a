/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Rows of typed values from files that are not text: what the readers of XLSX, Parquet and SQLite have in common.
 *
 * A reader opens a part of a file (a sheet, a table), names its columns and gives row after row. Memory does not depend on the
 * number of rows. Readers parse files that nobody vouches for: what is broken ends in an error, never in a crash.
 */
#pragma once

#include "bv-import.h"

G_BEGIN_DECLS

typedef struct _BvRows BvRows;

/* A cell that is there, but that no value can hold; it becomes null. @problem: (transfer full) */
typedef void (*BvRowsNote) (BvRows *rows, guint column, char *problem, gpointer data);

struct _BvRows
{
  guint n_columns;
  char **names;        /* per column; NULL as a whole where the first rows may hold them (XLSX) */
  BvType *types;       /* per column; BV_TYPE_NULL or NULL as a whole where only the values say */
  BvValue *values;     /* of the row; texts belong to the reader and last until the next row */
  gint64 line;         /* number of the row for people, from 1 */
  guint64 done, total; /* progress, in units of the reader's */
  GCancellable *cancellable;
  gboolean *wanted;    /* per column; others may be left null. Set by the caller before the first row; NULL for all. */

  BvRowsNote note;
  gpointer note_data;

  gboolean (*next) (BvRows *self, gboolean *row, GError **error);
  void (*free) (BvRows *self);
};

/* Frees what the struct itself owns; readers call it last. */
void        bv_rows_clear  (BvRows *self);
void        bv_rows_free   (BvRows *self);
/* Allocates values for @n_columns columns and, with @named, names and types. */
void        bv_rows_set_columns (BvRows *self, guint n_columns, gboolean named);

static inline gboolean
bv_rows_next (BvRows *self, gboolean *row, GError **error)
{
  return self->next (self, row, error);
}

static inline gboolean
bv_rows_is_wanted (const BvRows *self, guint column)
{
  return self->wanted == NULL || self->wanted[column];
}

static inline void
bv_rows_note (BvRows *self, guint column, char *problem)
{
  self->values[column].type = BV_TYPE_NULL;
  if (self->note != NULL)
    self->note (self, column, problem, self->note_data);
  else
    g_free (problem);
}

/* --- The readers. @path is of the kind, by its first bytes; @part NULL is the first one. */

BvRows     *bv_parquet_open    (const char *path, GCancellable *cancellable, GError **error);
BvRows     *bv_xlsx_open       (const char *path, const char *part, GCancellable *cancellable, GError **error);
BvRows     *bv_sqlite_rows_open (const char *path, const char *part, GCancellable *cancellable, GError **error);
/* (transfer full): names of the sheets or tables, at least one */
char      **bv_xlsx_list_parts (const char *path, GCancellable *cancellable, GError **error);
char      **bv_sqlite_list_parts (const char *path, GCancellable *cancellable, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (BvRows, bv_rows_free)

G_END_DECLS
