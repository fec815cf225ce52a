/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Groups of a run as numbers: the codes of the field itself, or of its buckets. */
#pragma once

#include "bv-column-private.h"

G_BEGIN_DECLS

typedef struct
{
  int node;
  const BvEncodedColumn *column;
  const guint32 *table; /* (nullable): number by code; null is 0 */
  char *table_key;      /* (nullable): only equal tables share it */
  /* What numbers stand for: the column's own values, but where one of these is set. By number, 0 being null: */
  const gint64 *days;   /* (nullable): the first of each bucket */
  GArray *values;       /* (nullable): BvValue */
  GBytes *buckets;      /* (nullable): holds table and days */
  guint32 *own_table;   /* (nullable): holds the table */
  guint64 n;        /* numbers are below this */
  guint64 stride;
} BvColumnGroup;

/* FALSE after a refusal. */
gboolean bv_column_group_init  (BvColumnGroup *self, BvColumnSession *session, const BvLegRun *run, guint index);
void     bv_column_group_clear (BvColumnGroup *self);
BvValue  bv_column_group_value (const BvColumnGroup *self, guint64 group); /* (transfer full) of a combined group number */

/* The number of a value; G_MAXUINT64 when no row has it. */
guint64  bv_column_group_find  (const BvColumnGroup *self, const BvValue *value);

G_END_DECLS
