/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "bv-row-feed.h"

G_BEGIN_DECLS

struct _BvRowStep
{
  BvProject *project;
  char *name;
  GHashTable *tables; /* name → BvRowTable, with their statements, from page to page */
  sqlite3 *db;        /* in a page */
  gboolean in_page;
  gint64 version;     /* of the page */
  gint64 page_seq;    /* of the step, as this page sees it */
  gint64 seq;         /* once a page was committed */
};

typedef struct
{
  char *name;
  BvType type;
  BvCellRole role;
} BvRowTableColumn;

struct _BvRowTable
{
  BvRowStep *step;
  char *name;
  GArray *columns; /* BvRowTableColumn */
  guint n_key;

  /* Of the page. */
  gboolean open;
  gint64 op;
  const char *rowid; /* what row numbers are called */
  gboolean is_new;
  char *hidden;    /* (nullable): where rows are kept; NULL in a new table */
  gint64 n_rows;
  gboolean changed;
  gboolean only_added; /* rows, since @before */
  BvTableAncestor before;
  char *index;     /* (nullable): of the key, unique; NULL when it is still to be made */

  /* Appended, but not written yet; texts are the caller's. */
  BvRowFeed *feed;
  BvRowCell *waiting;
  guint n_waiting, max_waiting;
  gboolean rising;     /* the keys of all rows so far, of which @last is the last */
  BvRowCell *last;     /* (nullable): n_key cells; NULL before the first row */
  GString *last_text;  /* what their texts point into */

  sqlite3_stmt *find, *update, *patch, *keep, *note, *erase;
  char *patch_sql;
};

static inline BvRowTableColumn *
bv_row_table_column (BvRowTable *self, guint i)
{
  return &g_array_index (self->columns, BvRowTableColumn, i);
}

/* --- bv-row-step.c */

gboolean bv_row_step_find_op   (BvRowStep *self, const char *kind, const char *subject, gint64 *op, GError **error);
gboolean bv_row_step_add_op    (BvRowStep *self, const char *kind, const char *subject, const char *before, const char *after, gint64 *op,
                                GError **error);
gboolean bv_row_step_set_after (BvRowStep *self, gint64 op, const char *after, GError **error);

/* --- bv-row-table.c */

void     bv_row_table_free       (BvRowTable *self);
/* Writes the catalogue rows of a table that this page changed. */
gboolean bv_row_table_flush      (BvRowTable *self, GError **error);
void     bv_row_table_leave_page (BvRowTable *self);
/* Takes the key's index away; bv_row_table_index() makes it again. */
gboolean bv_row_table_drop_index (BvRowTable *self, GError **error);
/* @table's physical columns but bv_was. (transfer full) (element-type utf8) */
GPtrArray *bv_row_table_physical_columns (sqlite3 *db, const char *table, GError **error);

/* --- bv-row-put.c */

/* Frees what was made for writing; the columns have changed. */
void     bv_row_table_clear_statements (BvRowTable *self);
/* In a table that this step made: goes on where earlier pages ended. */
gboolean bv_row_table_find_last  (BvRowTable *self, GError **error);

G_END_DECLS
