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

gboolean
bv_values_contain (GArray *values, const BvValue *value)
{
  for (guint i = 0; i < values->len; i++)
    if (bv_value_equal (&g_array_index (values, BvValue, i), value))
      return TRUE;
  return FALSE;
}

/* "Others", unless a group that is kept has this name. (transfer full) */
static char *
name_others (GArray *kept)
{
  char *others = g_strdup (_("Others"));

  for (;;)
    {
      g_auto(BvValue) label = bv_value_text (others);
      char *longer;

      if (!bv_values_contain (kept, &label))
        return others;
      longer = g_strconcat (others, "…", NULL);
      g_free (others);
      others = longer;
    }
}

gboolean
bv_top_init (BvTop *self, BvPlan *plan, BvChart *chart, sqlite3 *db, GCancellable *cancellable, GError **error)
{
  g_autoptr(BvResult) result = NULL;
  g_autoptr(GArray) ranked = NULL;
  int first = bv_first_output (plan, chart);
  BvLegRun hints = { NULL };
  guint group;

  memset (self, 0, sizeof *self);
  self->group = chart->top > 0 ? bv_top_group (plan) : -1;
  if (self->group < 0)
    return TRUE;
  group = (guint) self->group;
  /* Ranked by what is measured, without a formula in between, an executor can do it. */
  if (first >= 0 && ((BvPlanOutput *) plan->outputs->pdata[first])->measure >= 0)
    {
      hints.best = (guint) chart->top;
      hints.best_measure = (guint) ((BvPlanOutput *) plan->outputs->pdata[first])->measure;
    }
  result = bv_result_run_plain (plan, db, &group, 1, &hints, cancellable, error);
  if (result == NULL)
    return FALSE;
  ranked = g_array_new (FALSE, TRUE, sizeof (Ranked));
  g_array_set_clear_func (ranked, ranked_clear);
  for (guint r = 0; r < result->rows->len; r++)
    {
      BvResultRow *row = result->rows->pdata[r];
      Ranked item = { bv_value_copy (&row->keys[0]), BV_VALUE_NULL };

      if (first >= 0)
        item.value = bv_value_copy (&row->outputs[first]);
      g_array_append_val (ranked, item);
    }
  g_array_sort (ranked, compare_ranked);
  self->n_all = ranked->len + result->n_left_out;
  self->kept = g_array_new (FALSE, TRUE, sizeof (BvValue));
  g_array_set_clear_func (self->kept, clear_value);
  for (guint i = 0; i < ranked->len && i < (guint) chart->top; i++)
    {
      BvValue value = bv_value_copy (&g_array_index (ranked, Ranked, i).key);

      g_array_append_val (self->kept, value);
    }
  if (chart->top_others && self->n_all > self->kept->len)
    self->others = name_others (self->kept);
  return TRUE;
}

void
bv_top_clear (BvTop *self)
{
  g_clear_pointer (&self->kept, g_array_unref);
  g_clear_pointer (&self->others, g_free);
}

void
bv_rows_sort (GPtrArray *rows, GCompareDataFunc compare, gpointer data)
{
  for (guint i = 1; i < rows->len; i++)
    if (compare (&rows->pdata[i - 1], &rows->pdata[i], data) > 0)
      {
        g_ptr_array_sort_with_data (rows, compare, data);
        return;
      }
}

/* --- Sorting ------------------------------------------------------------------------------------------------------------------------------ */

typedef struct
{
  gboolean is_group;
  guint index;
  gboolean descending;
} SortKey;

static int
compare_text (const char *a, const char *b)
{
  g_autofree char *x = NULL;
  g_autofree char *y = NULL;
  gsize i = 0;
  int c;

  /* ASCII folds to lower case, so that texts which differ there need no copies. */
  while (a[i] != '\0' && ((a[i] | b[i]) & 0x80) == 0 && g_ascii_tolower (a[i]) == g_ascii_tolower (b[i]))
    i++;
  if (((a[i] | b[i]) & 0x80) == 0)
    return a[i] != b[i] ? g_ascii_tolower (a[i]) - g_ascii_tolower (b[i]) : strcmp (a, b);
  x = g_utf8_casefold (a, -1);
  y = g_utf8_casefold (b, -1);
  c = strcmp (x, y);
  return c != 0 ? c : strcmp (a, b);
}

/* Null is last whichever way the rest is sorted, and so are the @others (nullable) of a top list. */
static int
compare_cells (const BvValue *a, const BvValue *b, gboolean descending, const char *others)
{
  int c;

  if (others != NULL)
    {
      gboolean last_a = a->type == BV_TYPE_TEXT && strcmp (a->s, others) == 0;
      gboolean last_b = b->type == BV_TYPE_TEXT && strcmp (b->s, others) == 0;

      if (last_a != last_b)
        return last_a ? 1 : -1;
    }
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
  int c;

  /* Off the time axis the others end the list whatever it is sorted by; along time they end each point's groups. */
  if (sorting->others != NULL && sorting->top_group == 0)
    {
      gboolean last_x = x->keys[0].type == BV_TYPE_TEXT && strcmp (x->keys[0].s, sorting->others) == 0;
      gboolean last_y = y->keys[0].type == BV_TYPE_TEXT && strcmp (y->keys[0].s, sorting->others) == 0;

      if (last_x != last_y)
        return last_x ? 1 : -1;
    }
  for (guint i = 0; i < sorting->keys->len; i++)
    {
      SortKey *key = &g_array_index (sorting->keys, SortKey, i);
      const BvValue *u = key->is_group ? &x->keys[key->index] : &x->outputs[key->index];
      const BvValue *v = key->is_group ? &y->keys[key->index] : &y->outputs[key->index];

      c = compare_cells (u, v, key->descending, key->is_group && (int) key->index == sorting->top_group ? sorting->others : NULL);
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
  const SortKey *first = self->keys->len > 0 ? &g_array_index (self->keys, SortKey, 0) : NULL;

  if (result->along_time && first != NULL && first->is_group && (int) first->index == result->plan->time_group && !first->descending)
    return;
  bv_result_unfold (result);
  bv_rows_sort (result->rows, compare_rows, self);
}
