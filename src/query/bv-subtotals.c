/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Sub-totals of a table.
 *
 * A table by time bucket and group-bys, k1 … kn, has sub-totals of k1, of k1 and k2, … up to n - 1 of them. A distinct count, a median or a share
 * of a group cannot be had from the rows below it, so each of these is a chart of its own: the same with fewer groups and without a limit, run beside the
 * table's (see bv-query-many.c). Then every effect of a chart, such as its filters, comparison and running totals, has the same meaning in a
 * sub-total as in a chart that shows only that group.
 *
 * A top list ranks one group. Sub-totals of that group, or of more, are of the groups that it keeps, "Others" among them; those of fewer are of
 * all groups, as totals are.
 *
 * The frames are then chained to the table's: only groups that have rows there, in the order of their first rows.
 *
 * Cost: a query for each of n - 1 depths.
 */
#include "config.h"

#include "bv-result-private.h"

guint
bv_subtotals_count (BvChart *chart)
{
  guint n_keys = chart->by->len + (chart->grain != BV_GRAIN_NONE ? 1 : 0);

  return bv_chart_has_subtotals (chart) && n_keys > 1 ? n_keys - 1 : 0;
}

BvChart *
bv_subtotals_chart (BvChart *chart, guint i)
{
  BvChart *part = bv_chart_copy (chart);

  g_array_set_size (part->by, chart->by->len - 1 - i);
  g_array_set_size (part->sort, 0);
  g_clear_pointer (&part->options, json_object_unref);
  part->limit = G_MAXINT;
  return part;
}

void
bv_subtotals_fit (BvChart *part, BvPlan *plan)
{
  int top = bv_top_group (plan);

  /* What would be ranked now is another group: the pivot, whose values are all wanted. */
  if (top < 0 || g_array_index (plan->groups, BvPlanGroup, top).role == BV_ROLE_SERIES)
    {
      part->top = 0;
      part->top_others = FALSE;
    }
}

/* --- Chaining ------------------------------------------------------------------------------------------------------------------------- */

/* The time bucket and the group-bys come first. */
static guint
count_keys (BvFrame *frame)
{
  guint n = 0;

  while (n < bv_frame_get_n_columns (frame) && bv_frame_get_column (frame, n)->role <= BV_ROLE_DIMENSION)
    n++;
  return n;
}

typedef struct
{
  guint rank, row;
} Placed;

static int
compare_placed (gconstpointer a, gconstpointer b)
{
  const Placed *x = a, *y = b;

  if (x->rank != y->rank)
    return x->rank < y->rank ? -1 : 1;
  return x->row < y->row ? -1 : x->row > y->row;
}

/* The rows of @part whose groups appear in @frame, in that order, under the names of @frame. (transfer full) */
static BvFrame *
pick_shown (BvFrame *frame, guint n_keys, BvFrame *part)
{
  g_autoptr(GHashTable) ranks = g_hash_table_new_full (bv_row_key_hash, bv_row_key_equal, g_free, NULL);
  g_autoptr(GArray) placed = g_array_new (FALSE, FALSE, sizeof (Placed));
  g_autofree guint *order = NULL;
  guint n_all = count_keys (frame);
  BvFrame *picked;

  for (guint row = 0; row < bv_frame_get_n_rows (frame); row++)
    {
      BvRowKey key = { frame, n_keys, row };

      if (!g_hash_table_contains (ranks, &key))
        g_hash_table_insert (ranks, g_memdup2 (&key, sizeof key), GUINT_TO_POINTER (g_hash_table_size (ranks)));
    }
  for (guint row = 0; row < bv_frame_get_n_rows (part); row++)
    {
      BvRowKey key = { part, n_keys, row };
      gpointer rank;

      if (g_hash_table_lookup_extended (ranks, &key, NULL, &rank))
        g_array_append_val (placed, ((Placed){ GPOINTER_TO_UINT (rank), row }));
    }
  g_array_sort (placed, compare_placed);
  order = g_new (guint, placed->len + 1);
  for (guint i = 0; i < placed->len; i++)
    order[i] = g_array_index (placed, Placed, i).row;
  picked = bv_frame_pick (part, order, placed->len);
  /* With fewer groups beside them, groups of one dimension may have been named otherwise. */
  for (guint c = 0; c < n_keys || (c < bv_frame_get_n_columns (picked) && bv_frame_get_column (picked, c)->role == BV_ROLE_SERIES); c++)
    {
      BvColumn *to = bv_frame_get_column (picked, c);

      g_free (to->name);
      to->name = g_strdup (bv_frame_get_column (frame, c < n_keys ? c : n_all)->name);
    }
  return picked;
}

void
bv_subtotals_chain (BvFrame *frame, BvFrame *const *parts, guint n_parts)
{
  g_autoptr(BvFrame) chain = NULL;

  /* From the shallowest on, because each belongs to the next deeper one. */
  for (guint i = n_parts; i-- > 0;)
    {
      guint n_keys = count_keys (parts[i]);
      BvFrame *picked;

      /* The same group twice is one. */
      if (n_keys >= (i > 0 ? count_keys (parts[i - 1]) : count_keys (frame)))
        continue;
      picked = pick_shown (frame, n_keys, parts[i]);
      bv_frame_set_subtotals (picked, chain);
      g_clear_pointer (&chain, bv_frame_unref);
      chain = picked;
    }
  bv_frame_set_subtotals (frame, chain);
}
