/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Steps over given pairs of group and row instead of all rows: what remains when groups are too many for arrays, or rows belong to several of them.
 *
 * Cost: 5 to 20 ns a pair and step, since rows are read one by one.
 */
#include "bv-acc-private.h"

gboolean
bv_scan_replay (BvScan *scan, const guint64 *pairs, gsize n_pairs)
{
  g_autofree BvAcc *accs = g_new0 (BvAcc, scan->n_steps + 1);
  g_autofree guint32 *group = g_new (guint32, MIN (n_pairs, BV_BLOCK_ROWS) + 1);
  g_autofree guint32 *value = g_new (guint32, MIN (n_pairs, BV_BLOCK_ROWS) + 1);
  gboolean cancelled = FALSE;

  for (guint i = 0; i < scan->n_steps; i++)
    {
      scan->steps[i].max_rows = n_pairs;
      scan->steps[i].n_words = scan->steps[i].n_values / 64 + 1;
      bv_acc_init (&accs[i], &scan->steps[i], scan->n_groups);
    }
  for (gsize first = 0; first < n_pairs && !cancelled; first += BV_BLOCK_ROWS)
    {
      gsize n = MIN (n_pairs - first, BV_BLOCK_ROWS);

      for (guint i = 0; i < scan->n_steps; i++)
        {
          const BvStep *step = &scan->steps[i];
          gsize k = 0;

          for (gsize p = first; p < first + n; p++)
            {
              guint64 row = (pairs[p] & G_MAXUINT32) - 1;
              guint32 code = 0;

              if (step->where != NULL && !bv_test_row (step->where, row))
                continue;
              if (step->value.column != NULL)
                {
                  code = bv_encoded_code (step->value.column, row);
                  if (step->value.table != NULL)
                    code = step->value.table[code];
                }
              group[k] = (guint32) (pairs[p] >> 32);
              value[k++] = code;
            }
          if (k > 0)
            bv_acc_add (step, &accs[i], scan->n_groups, group, 0, value, k);
        }
      cancelled = g_cancellable_is_cancelled (scan->cancellable);
    }
  for (guint i = 0; i < scan->n_steps; i++)
    {
      if (!cancelled)
        {
          bv_acc_merge (&scan->steps[i], &accs[i], scan->n_groups);
          bv_acc_finish (&scan->steps[i]);
        }
      bv_acc_clear (&accs[i]);
    }
  return !cancelled;
}
