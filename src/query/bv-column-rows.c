/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The rows behind a number: which they are is found on columns, what is in them is read from SQLite by row number.
 *
 * Without a many side the predicate is a bitmap over the table, often one that is kept; with one, the pairs of bv-column-many.c say which rows take
 * part. The rows shown first are those with the least row numbers: while walking over the bitmap the numbers so far are cut to the least ones
 * whenever there are twice as many. Cost: O(rows / 64 + rows that pass).
 */
#include "config.h"

#include "bv-column-leg-private.h"

#include <glib/gi18n-lib.h>
#include <stdlib.h>
#include <string.h>

static int
compare_ids (const void *a, const void *b)
{
  gint64 x = *(const gint64 *) a, y = *(const gint64 *) b;

  return x < y ? -1 : x > y;
}

/* Keeps the @limit least. */
static void
cut (GArray *ids, guint limit)
{
  if (ids->len > 1)
    qsort (ids->data, ids->len, sizeof (gint64), compare_ids);
  if (ids->len > limit)
    g_array_set_size (ids, limit);
}

static gint64
collect_ids (const BvEncodedTable *table, const guint64 *bits, guint limit, GArray *ids)
{
  gint64 n = 0, most = G_MAXINT64;

  for (guint64 w = 0; w * 64 < table->n_rows; w++)
    for (guint64 word = bits[w]; word != 0; word &= word - 1)
      {
        gint64 id;

        n++;
        id = bv_encoded_rowid (table, w * 64 + (guint64) __builtin_ctzll (word));
        if (id >= most)
          continue;
        g_array_append_val (ids, id);
        if (ids->len < 2 * MAX (limit, 1000))
          continue;
        cut (ids, limit);
        most = limit > 0 ? g_array_index (ids, gint64, limit - 1) : G_MININT64;
      }
  cut (ids, limit);
  return n;
}

/* Bits of the leg's rows that any joined row has. */
static GBytes *
rows_of_chain (BvColumnLeg *leg, const int *chain, guint n_chain)
{
  const BvEncodedTable *table = leg->session->tables[leg->node];
  g_autofree guint64 *pairs = NULL;
  gsize n_pairs = 0, n_words = (table->n_rows / BV_BLOCK_ROWS + 1) * BV_BLOCK_WORDS;
  guint64 *bits;

  if (!bv_column_leg_collect (leg, chain, n_chain, TRUE, &pairs, &n_pairs))
    return NULL;
  bits = g_new0 (guint64, n_words);
  for (gsize i = 0; i < n_pairs; i++)
    {
      guint64 row = (pairs[i] & G_MAXUINT32) - 1;

      bits[row / 64] |= (guint64) 1 << (row % 64);
    }
  return g_bytes_new_take (bits, n_words * sizeof *bits);
}

gboolean
bv_column_rows (BvPlan *plan, int node, BvPredicate *where, guint limit, GArray *ids, gint64 *n_rows, GCancellable *cancellable)
{
  BvColumnSession *self = plan->columns;
  BvColumnLeg leg = { .session = self, .node = node, .where = where, .cancellable = cancellable };
  g_autofree gboolean *nodes = g_new0 (gboolean, plan->nodes->len);
  g_autofree int *chain = g_new (int, plan->nodes->len);
  g_autoptr(GBytes) bits = NULL;
  guint n_chain;

  if (!bv_encoded_table_verify (self->tables[node], NULL))
    return bv_column_refuse_damage (self);
  bv_column_leg_mark (&leg, nodes);
  if (!bv_column_leg_chain (&leg, nodes, chain, &n_chain))
    return FALSE;
  if (n_chain > 0)
    bits = rows_of_chain (&leg, chain, n_chain);
  else
    {
      BvColumnPass pass = { self, node, NULL };
      g_autoptr(BvTest) test = where != NULL ? bv_column_test (&pass, where) : bv_test_new (BV_TEST_ALL);

      bits = test != NULL ? bv_test_rows (test, self->tables[node]) : NULL;
    }
  if (bits == NULL)
    return FALSE;
  *n_rows = collect_ids (self->tables[node], g_bytes_get_data (bits, NULL), limit, ids);
  return TRUE;
}
