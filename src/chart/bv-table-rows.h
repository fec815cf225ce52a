/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which rows a table shows and in what order: those of its frame and, when the frame has sub-totals, a row for each group before its own. */
#pragma once

#include "bv-pivot.h"

G_BEGIN_DECLS

typedef struct _BvTableRows BvTableRows;

/* The total of a column, in a compare column that of the compared period; NULL where there is none. (transfer full) */
char        *bv_table_total_text       (const BvFrame *frame, guint column, BvLocale *locale);
/* Whether any column has one. */
gboolean     bv_table_has_total        (const BvFrame *frame);

/* A row that is shown. */
typedef struct
{
  guint level;      /* of a group 0 … n_levels - 1, of a row of the frame n_levels */
  guint group;      /* the group's number in its level; G_MAXUINT for a row of the frame */
  guint row;        /* of the pivot's frame; of a group its first one */
  guint ordinal;    /* of a row of the frame: its place among them, folded ones counted */
} BvTableRow;

/* The rows of a pivot's frame, all groups unfolded. Groups come from the sub-totals of its source; without any the rows are the frame's own.
 * @pivot outlives it. */
BvTableRows *bv_table_rows_new         (BvPivot *pivot, BvLocale *locale);
void         bv_table_rows_free        (BvTableRows *self);
/* How many levels of groups there are: 0 for a table without. */
guint        bv_table_rows_n_levels    (const BvTableRows *self);
guint        bv_table_rows_get_n       (const BvTableRows *self);
void         bv_table_rows_get         (const BvTableRows *self, guint position, BvTableRow *row);
gboolean     bv_table_rows_is_group    (const BvTableRows *self, guint position);

/* Where the cell of a row is, for a column of the pivot's frame: in that frame or in that of sub-totals. FALSE when the row has none there: a group has no
 * value of the groups below it. */
gboolean     bv_table_rows_cell        (const BvTableRows *self, const BvTableRow *row, guint column, BvFrame **frame, guint *frame_row, guint *frame_column);
/* Whether the row of a group above already says this key. */
gboolean     bv_table_rows_is_repeated (const BvTableRows *self, const BvTableRow *row, guint column);
/* The column of the pivot's frame that names a group of @level. */
guint        bv_table_rows_name_column (const BvTableRows *self, guint level);
/* The row's number in the pivot's source for what is clicked (bv_frame_number_row()); BV_ROW_NONE when there is none. */
guint        bv_table_rows_source_row  (const BvTableRows *self, const BvTableRow *row, guint column);

/* Sorts by a column of the pivot's frame: metrics within their groups and groups by their sub-totals, keys where they differ. Texts as the language
 * does, empty cells last. @column -1: the frame's own order, groups by their first rows. */
void         bv_table_rows_sort        (BvTableRows *self, int column, gboolean descending);

gboolean     bv_table_rows_is_folded   (const BvTableRows *self, guint level, guint group);
/* Folds or unfolds the group at a position. What changes is behind it only. */
void         bv_table_rows_fold        (BvTableRows *self, guint position, gboolean folded);
void         bv_table_rows_fold_all    (BvTableRows *self, gboolean folded);
/* Folds the groups that are folded in @other, by their values. */
void         bv_table_rows_fold_like   (BvTableRows *self, const BvTableRows *other);
/* The position of the group that the row at a position is in; G_MAXUINT for outermost groups. */
guint        bv_table_rows_get_parent  (const BvTableRows *self, guint position);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (BvTableRows, bv_table_rows_free)

G_END_DECLS
