/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which groups a top list keeps, and the order of the rows. */
#include "config.h"

#include "bv-result-private.h"

#include <glib/gi18n-lib.h>
#include <string.h>

/* --- Top groups ------------------------------------------------------------------------------------------------------------------------- */

typedef struct
{
  BvValue key;
  BvValue value;
} Ranked;

static void
ranked_clear (gpointer data)
{
  bv_value_clear (&((Ranked *) data)->key);
  bv_value_clear (&((Ranked *) data)->value);
}

static void
clear_value (gpointer value)
{
  bv_value_clear (value);
}

/* Descending by value, null last, then by key. */
static int
compare_ranked (gconstpointer a, gconstpointer b)
{
  const Ranked *x = a, *y = b;
  int c;

  if ((x->value.type == BV_TYPE_NULL) != (y->value.type == BV_TYPE_NULL))
    return x->value.type == BV_TYPE_NULL ? 1 : -1;
  c = bv_value_compare (&y->value, &x->value);
  return c != 0 ? c : bv_value_compare (&x->key, &y->key);
}

/* The group whose values are ranked: the first group-by, else the pivot; -1 when there is none. */
int
bv_top_group (BvPlan *plan)
{
  for (guint i = 0; i < plan->groups->len; i++)
    if ((int) i != plan->time_group)
      return (int) i;
  return -1;
}

int
bv_first_output (BvPlan *plan, BvChart *chart)
{
  for (guint i = 0; i < plan->outputs->len && chart->metrics[0] != NULL; i++)
    if (strcmp (((BvPlanOutput *) plan->outputs->pdata[i])->metric->name, chart->metrics[0]) == 0)
      return (int) i;
  return -1;
}

/* The values kept by "top", best first. @n_all: how many there were. */
GArray *
bv_top_find (BvPlan *plan, BvChart *chart, sqlite3 *db, int top_group, guint *n_all, GCancellable *cancellable, GError **error)
{
  g_autoptr(BvPredicate) where = bv_plan_full_where (plan);
  guint group = (guint) top_group;
  BvLegRun run = { &group, 1, where, -1, NULL, NULL };
  g_autoptr(BvLegResult) legs = NULL;
  g_autoptr(GArray) ranked = NULL;
  GArray *top;
  int first = bv_first_output (plan, chart);

  /* Ranked by what is measured, without a formula in between, an executor can do it. */
  if (first >= 0 && ((BvPlanOutput *) plan->outputs->pdata[first])->measure >= 0)
    {
      run.best = (guint) chart->top;
      run.best_measure = (guint) ((BvPlanOutput *) plan->outputs->pdata[first])->measure;
    }
  legs = bv_legs_run (plan, db, &run, NULL, cancellable, error);
  if (legs == NULL)
    return NULL;
  ranked = g_array_new (FALSE, TRUE, sizeof (Ranked));
  g_array_set_clear_func (ranked, ranked_clear);
  for (guint r = 0; r < legs->rows->len; r++)
    {
      BvGroupRow *row = legs->rows->pdata[r];
      g_autofree BvValue *outputs = g_new0 (BvValue, plan->outputs->len + 1);
      Ranked item = { bv_value_copy (&row->keys[0]), BV_VALUE_NULL };

      for (guint i = 0; i < plan->outputs->len; i++)
        if (((BvPlanOutput *) plan->outputs->pdata[i])->measure >= 0)
          outputs[i] = row->measures[((BvPlanOutput *) plan->outputs->pdata[i])->measure];
      bv_result_evaluate (plan, outputs);
      if (first >= 0)
        item.value = bv_value_copy (&outputs[first]);
      g_array_append_val (ranked, item);
    }
  g_array_sort (ranked, compare_ranked);
  *n_all = ranked->len + legs->n_left_out;
  top = g_array_new (FALSE, TRUE, sizeof (BvValue));
  g_array_set_clear_func (top, clear_value);
  for (guint i = 0; i < ranked->len && i < (guint) chart->top; i++)
    {
      BvValue value = bv_value_copy (&g_array_index (ranked, Ranked, i).key);

      g_array_append_val (top, value);
    }
  return top;
}

gboolean
bv_values_contain (GArray *values, const BvValue *value)
{
  for (guint i = 0; i < values->len; i++)
    if (bv_value_equal (&g_array_index (values, BvValue, i), value))
      return TRUE;
  return FALSE;
}

/* --- BvSorting ------------------------------------------------------------------------------------------------------------------------------ */

typedef struct
{
  gboolean is_group;
  guint index;
  gboolean descending;
} SortKey;

static int
compare_text (const char *a, const char *b)
{
  g_autofree char *x = g_utf8_casefold (a, -1);
  g_autofree char *y = g_utf8_casefold (b, -1);
  int c = strcmp (x, y);

  return c != 0 ? c : strcmp (a, b);
}

/* Null is last whichever way the rest is sorted. */
static int
compare_cells (const BvValue *a, const BvValue *b, gboolean descending)
{
  int c;

  if ((a->type == BV_TYPE_NULL) != (b->type == BV_TYPE_NULL))
    return a->type == BV_TYPE_NULL ? 1 : -1;
  c = a->type == BV_TYPE_TEXT && b->type == BV_TYPE_TEXT ? compare_text (a->s, b->s) : bv_value_compare (a, b);
  return descending ? -c : c;
}

static int
compare_rows (gconstpointer a, gconstpointer b, gpointer data)
{
  const BvResultRow *x = *(BvResultRow *const *) a, *y = *(BvResultRow *const *) b;
  BvSorting *sorting = data;

  for (guint i = 0; i < sorting->keys->len; i++)
    {
      SortKey *key = &g_array_index (sorting->keys, SortKey, i);
      const BvValue *u = key->is_group ? &x->keys[key->index] : &x->outputs[key->index];
      const BvValue *v = key->is_group ? &y->keys[key->index] : &y->outputs[key->index];
      int c = compare_cells (u, v, key->descending);

      if (c != 0)
        return c;
    }
  return 0;
}

gboolean
bv_sorting_init (BvSorting *sorting, BvPlan *plan, BvChart *chart, GError **error)
{
  guint n_asked = chart->sort->len;
  int first = bv_first_output (plan, chart);

  sorting->keys = g_array_new (FALSE, FALSE, sizeof (SortKey));
  for (guint i = 0; i < n_asked; i++)
    {
      BvSort *sort = &g_array_index (chart->sort, BvSort, i);
      SortKey key = { FALSE, 0, sort->descending };
      gboolean found = FALSE;

      for (guint g = 0; !found && g < plan->groups->len; g++)
        if (strcmp (g_array_index (plan->groups, BvPlanGroup, g).name, sort->name) == 0)
          {
            key.is_group = found = TRUE;
            key.index = g;
          }
      for (guint o = 0; !found && o < plan->outputs->len; o++)
        if (strcmp (((BvPlanOutput *) plan->outputs->pdata[o])->metric->name, sort->name) == 0 &&
            !((BvPlanOutput *) plan->outputs->pdata[o])->hidden)
          {
            found = TRUE;
            key.index = o;
          }
      if (!found)
        {
          g_set_error (error, BV_ERROR, BV_ERROR_NOT_FOUND, _("Cannot sort by “%s”: it is no metric or dimension of the chart"), sort->name);
          return FALSE;
        }
      g_array_append_val (sorting->keys, key);
    }
  /* Time runs forward; groups with an order of their own follow it, others the first metric, largest first. */
  if (n_asked == 0 && plan->time_group < 0 && plan->groups->len > 0 && first >= 0)
    {
      BvType type = g_array_index (plan->groups, BvPlanGroup, 0).type;

      if (type == BV_TYPE_TEXT || type == BV_TYPE_BOOL || chart->top > 0)
        {
          SortKey key = { FALSE, (guint) first, TRUE };

          g_array_append_val (sorting->keys, key);
        }
    }
  for (guint g = 0; g < plan->groups->len; g++)
    {
      SortKey key = { TRUE, g, FALSE };

      g_array_append_val (sorting->keys, key);
    }
  return TRUE;
}


void
bv_sorting_clear (BvSorting *self)
{
  g_clear_pointer (&self->keys, g_array_unref);
}

void
bv_sorting_sort (BvSorting *self, BvResult *result)
{
  g_ptr_array_sort_with_data (result->rows, compare_rows, self);
}
