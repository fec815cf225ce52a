/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "bv-project-private.h"
#include "bv-row-step.h"

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

G_END_DECLS
