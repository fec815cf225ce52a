/* SPDX-License-Identifier: GPL-3.0-or-later */
/* From a chart to its frame.
 *
 *   plan → (top groups) → legs → buckets filled → running totals, formulas → compared period → sort, limit → totals
 *
 * Totals are runs of their own without groups, never sums of what is shown. The compared period is the same query over another range,
 * matched by the position of the bucket and by the other groups.
 */
#include "config.h"

#include "bv-execute-private.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

#define DEFAULT_LIMIT 50000
#define MAX_BUCKETS 200000
#define MAX_FILLED 1000000

void
bv_overlay_clear (BvOverlay *overlay)
{
  g_clear_pointer (&overlay->where, bv_condition_free);
  g_clear_pointer (&overlay->range, g_free);
}

BvOverlay
bv_overlay_copy (const BvOverlay *overlay)
{
  BvOverlay copy = { NULL, NULL };

  if (overlay != NULL)
    {
      copy.where = bv_condition_copy (overlay->where);
      copy.range = g_strdup (overlay->range);
    }
  return copy;
}

static char *
overlay_key (const BvOverlay *overlay)
{
  g_autofree char *where = NULL;

  if (overlay == NULL)
    return g_strdup ("|");
  if (!bv_condition_is_empty (overlay->where))
    {
      g_autoptr(JsonNode) node = bv_condition_to_json (overlay->where);

      where = json_to_string (node, FALSE);
    }
  return g_strdup_printf ("%s|%s", where != NULL ? where : "", overlay->range != NULL ? overlay->range : "");
}

gboolean
bv_overlay_equal (const BvOverlay *a, const BvOverlay *b)
{
  g_autofree char *x = overlay_key (a);
  g_autofree char *y = overlay_key (b);

  return strcmp (x, y) == 0;
}

char *
bv_query_key (BvChart *chart, const BvOverlay *overlay)
{
  g_autoptr(JsonObject) json = bv_chart_to_json (chart);
  g_autofree char *text = NULL;
  g_autofree char *extra = overlay_key (overlay);

  json_object_remove_member (json, "options");
  json_object_remove_member (json, "type");
  text = bv_json_object_to_text (json, FALSE);
  return g_strconcat (text, "|", extra, NULL);
}

gint64
bv_query_now_for_day (BvModel *model, gint64 day)
{
  return bv_calendar_day_start (model->calendar, day + 1);
}

/* --- Rows of the result ------------------------------------------------------------------------------------------------------------ */

typedef struct
{
  BvValue *keys;     /* owned */
  BvValue *measures; /* owned */
  BvValue *outputs;  /* owned; in the plan's order */
  BvValue *compare;  /* (nullable): the compared row's outputs; owned */
  guint combo;       /* the series: rows that differ in time only share it */
  guint bucket;      /* position of the time bucket */
} Row;

typedef struct
{
  BvPlan *plan;
  GPtrArray *rows;    /* Row */
  BvValue *totals;    /* outputs at total grain; owned */
  guint n_combos;
  gboolean overlaps;
  gboolean undated;   /* rows without a time were left out */
} Result;

static void
values_free (BvValue *values, guint n)
{
  for (guint i = 0; values != NULL && i < n; i++)
    bv_value_clear (&values[i]);
  g_free (values);
}

static void
row_free (Row *row, BvPlan *plan)
{
  values_free (row->keys, plan->groups->len);
  values_free (row->measures, plan->measures->len);
  values_free (row->outputs, plan->outputs->len);
  values_free (row->compare, plan->outputs->len);
  g_free (row);
}

static void
result_free (Result *result)
{
  if (result == NULL)
    return;
  for (guint i = 0; i < result->rows->len; i++)
    row_free (result->rows->pdata[i], result->plan);
  g_ptr_array_unref (result->rows);
  values_free (result->totals, result->plan->outputs->len);
  g_free (result);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Result, result_free)

static BvValue *
values_copy (const BvValue *values, guint n)
{
  BvValue *copy = g_new0 (BvValue, n + 1);

  for (guint i = 0; i < n; i++)
    copy[i] = bv_value_copy (&values[i]);
  return copy;
}

/* Sum of a running total's next step: integers stay exact while they fit. */
static BvValue
add_values (const BvValue *a, const BvValue *b)
{
  gint64 sum;

  if (b->type == BV_TYPE_NULL)
    return *a;
  if (a->type == BV_TYPE_NULL)
    return *b;
  if (a->type == BV_TYPE_INT && b->type == BV_TYPE_INT && !__builtin_add_overflow (a->i, b->i, &sum))
    return bv_value_int (sum);
  return bv_value_double (bv_value_as_double (a) + bv_value_as_double (b));
}

/* Fills outputs that are not cumulative: measures as they are, formulas over the outputs before them. */
static void
evaluate (BvPlan *plan, BvValue *outputs)
{
  for (guint i = 0; i < plan->outputs->len; i++)
    {
      BvPlanOutput *output = plan->outputs->pdata[i];
      guint n;
      g_autofree double *parts = NULL;
      double value;

      if (output->formula == NULL)
        continue;
      n = bv_formula_get_names (output->formula)->len;
      parts = g_new (double, n + 1);
      for (guint k = 0; k < n; k++)
        parts[k] = bv_value_as_double (&outputs[output->parts[k]]);
      value = bv_formula_evaluate (output->formula, parts);
      outputs[i] = isnan (value) ? BV_VALUE_NULL : bv_value_double (value);
    }
}

/* --- History of cumulative metrics ---------------------------------------------------------------------------------------------------- */

static gboolean
needs_history (BvPlan *plan)
{
  if (!plan->has_range || !plan->range.has_from)
    return FALSE;
  for (guint i = 0; i < plan->outputs->len; i++)
    {
      BvPlanOutput *output = plan->outputs->pdata[i];

      if (output->cumulative && output->metric->from == BV_FROM_ALL)
        return TRUE;
    }
  return FALSE;
}

/* The measures of everything before the range, by the groups other than time. */
static BvLegResult *
run_history (BvPlan *plan, sqlite3 *db, const BvLegRun *like, const guint *groups, guint n_groups, GCancellable *cancellable, GError **error)
{
  BvRange before = { 0 };
  g_autoptr(BvPredicate) where = NULL;
  BvLegRun run = *like;

  before.has_to = TRUE;
  before.to_us = plan->range.from_us;
  before.to_day = plan->range.from_day;
  where = bv_predicate_and (bv_predicate_copy (plan->where), bv_predicate_new_range (plan->time_node, plan->time_field, &before));
  run.groups = groups;
  run.n_groups = n_groups;
  run.where = where;
  return bv_legs_run (plan, db, &run, NULL, cancellable, error);
}

/* --- Buckets --------------------------------------------------------------------------------------------------------------------------- */

static gint64
bucket_floor (BvPlan *plan, const BvPlanGroup *group, gint64 value)
{
  if (group->grain == BV_GRAIN_HOUR)
    return bv_calendar_floor_hour (plan->model->calendar, value);
  return bv_calendar_floor_day (plan->model->calendar, value, group->grain);
}

static gint64
bucket_next (BvPlan *plan, const BvPlanGroup *group, gint64 value)
{
  if (group->grain == BV_GRAIN_HOUR)
    return bv_calendar_next_hour (plan->model->calendar, value);
  return bv_calendar_add (plan->model->calendar, value, group->grain, 1);
}

/* The bucket starts from the range's first to its last, or between the data's where the range is open. NULL without error when there
 * is nothing to bound them. */
static GArray *
make_buckets (BvPlan *plan, BvLegResult *legs, GError **error)
{
  BvPlanGroup *group = &g_array_index (plan->groups, BvPlanGroup, plan->time_group);
  gboolean ranged = plan->has_range && plan->time_node == group->node && plan->time_field == group->field;
  gint64 first = G_MAXINT64, last = G_MININT64;
  g_autoptr(GArray) buckets = g_array_new (FALSE, FALSE, sizeof (gint64));

  for (guint i = 0; i < legs->rows->len; i++)
    {
      const BvValue *key = &((BvGroupRow *) legs->rows->pdata[i])->keys[plan->time_group];

      if (key->type == BV_TYPE_NULL)
        continue;
      first = MIN (first, key->i);
      last = MAX (last, key->i);
    }
  if (ranged && plan->range.has_from)
    first = bucket_floor (plan, group, group->grain == BV_GRAIN_HOUR ? plan->range.from_us : plan->range.from_day);
  if (ranged && plan->range.has_to)
    last = bucket_floor (plan, group, group->grain == BV_GRAIN_HOUR ? plan->range.to_us - 1 : plan->range.to_day - 1);
  if (first > last || first == G_MAXINT64 || last == G_MININT64)
    return g_steal_pointer (&buckets);
  for (gint64 value = first; value <= last; value = bucket_next (plan, group, value))
    {
      if (buckets->len >= MAX_BUCKETS)
        {
          g_set_error (error, BV_ERROR, BV_ERROR_INVALID, _("The range holds more than %d points in time: choose a shorter range or a longer grain"),
                       MAX_BUCKETS);
          return NULL;
        }
      g_array_append_val (buckets, value);
    }
  return g_steal_pointer (&buckets);
}

/* --- One period -------------------------------------------------------------------------------------------------------------------------- */

typedef struct
{
  const BvValue *keys;
  guint n;
  int skip; /* index of a key that does not take part, or -1 */
} ComboKey;

static guint
combo_hash (gconstpointer data)
{
  const ComboKey *key = data;
  guint hash = 17;

  for (guint i = 0; i < key->n; i++)
    if ((int) i != key->skip)
      hash = hash * 31 + bv_value_hash (&key->keys[i]);
  return hash;
}

static gboolean
combo_equal (gconstpointer a, gconstpointer b)
{
  const ComboKey *x = a, *y = b;

  for (guint i = 0; i < x->n; i++)
    if ((int) i != x->skip && !bv_value_equal (&x->keys[i], &y->keys[i]))
      return FALSE;
  return TRUE;
}

static int
compare_rows_by_combo (gconstpointer a, gconstpointer b)
{
  const Row *x = *(Row *const *) a, *y = *(Row *const *) b;

  if (x->combo != y->combo)
    return x->combo < y->combo ? -1 : 1;
  return x->bucket < y->bucket ? -1 : x->bucket > y->bucket;
}

static Row *
row_new (BvPlan *plan, const BvValue *keys, const BvValue *measures)
{
  Row *row = g_new0 (Row, 1);

  row->keys = values_copy (keys, plan->groups->len);
  row->measures = g_new0 (BvValue, plan->measures->len + 1);
  for (guint i = 0; i < plan->measures->len; i++)
    row->measures[i] = measures != NULL ? bv_value_copy (&measures[i]) : bv_measure_empty (plan->measures->pdata[i]);
  return row;
}

/* A gap in time: counts and sums are 0 there, other metrics have no value. */
static void
fill_gap (BvPlan *plan, Row *row)
{
  for (guint i = 0; i < plan->measures->len; i++)
    {
      BvPlanMeasure *measure = plan->measures->pdata[i];

      if (measure->aggregate == BV_AGG_SUM)
        row->measures[i] = measure->type == BV_TYPE_INT ? bv_value_int (0) : bv_value_double (0);
    }
}

/* Numbers the series (group values other than time) and the buckets, and adds the rows that are missing. */
static gboolean
place_rows (Result *result, BvLegResult *legs, GArray *buckets, GHashTable *combos)
{
  BvPlan *plan = result->plan;
  BvPlanGroup *group = &g_array_index (plan->groups, BvPlanGroup, plan->time_group);
  g_autofree Row **grid = NULL;
  gsize n_cells;

  for (guint i = 0; i < legs->rows->len; i++)
    {
      BvGroupRow *leg_row = legs->rows->pdata[i];
      ComboKey probe = { leg_row->keys, plan->groups->len, plan->time_group };

      if (leg_row->keys[plan->time_group].type == BV_TYPE_NULL)
        {
          result->undated = TRUE;
          continue;
        }
      if (!g_hash_table_contains (combos, &probe))
        {
          ComboKey *key = g_memdup2 (&probe, sizeof probe);

          g_hash_table_insert (combos, key, GUINT_TO_POINTER (g_hash_table_size (combos) + 1));
        }
    }
  result->n_combos = g_hash_table_size (combos);
  if (result->n_combos == 0 && plan->groups->len == 1)
    {
      /* No data at all: the one series is drawn empty all the same. */
      g_autofree BvValue *keys = g_new0 (BvValue, 1);

      result->n_combos = 1;
      for (guint b = 0; b < buckets->len; b++)
        {
          Row *row;

          keys[0] = group->type == BV_TYPE_DATE ? bv_value_date (g_array_index (buckets, gint64, b)) : bv_value_timestamp (g_array_index (buckets, gint64, b));
          row = row_new (plan, keys, NULL);
          fill_gap (plan, row);
          row->bucket = b;
          g_ptr_array_add (result->rows, row);
        }
      return TRUE;
    }
  n_cells = (gsize) result->n_combos * buckets->len;
  if (n_cells <= MAX_FILLED)
    grid = g_new0 (Row *, n_cells + 1);
  for (guint i = 0; i < legs->rows->len; i++)
    {
      BvGroupRow *leg_row = legs->rows->pdata[i];
      ComboKey probe = { leg_row->keys, plan->groups->len, plan->time_group };
      gint64 start;
      Row *row;
      guint low = 0, high = buckets->len;

      if (leg_row->keys[plan->time_group].type == BV_TYPE_NULL)
        continue;
      start = leg_row->keys[plan->time_group].i;
      row = row_new (plan, leg_row->keys, leg_row->measures);
      row->combo = GPOINTER_TO_UINT (g_hash_table_lookup (combos, &probe)) - 1;
      while (low < high)
        {
          guint middle = (low + high) / 2;

          if (g_array_index (buckets, gint64, middle) < start)
            low = middle + 1;
          else
            high = middle;
        }
      row->bucket = low;
      g_ptr_array_add (result->rows, row);
      if (grid != NULL && low < buckets->len && g_array_index (buckets, gint64, low) == start)
        grid[(gsize) row->combo * buckets->len + low] = row;
    }
  if (grid == NULL)
    return FALSE;
  {
    GHashTableIter iter;
    gpointer key, value;

    g_hash_table_iter_init (&iter, combos);
    while (g_hash_table_iter_next (&iter, &key, &value))
      {
        guint combo = GPOINTER_TO_UINT (value) - 1;
        g_autofree BvValue *keys = g_memdup2 (((ComboKey *) key)->keys, sizeof (BvValue) * plan->groups->len);

        for (guint b = 0; b < buckets->len; b++)
          {
            Row *row;

            if (grid[(gsize) combo * buckets->len + b] != NULL)
              continue;
            keys[plan->time_group] = group->type == BV_TYPE_DATE ? bv_value_date (g_array_index (buckets, gint64, b))
                                                                 : bv_value_timestamp (g_array_index (buckets, gint64, b));
            row = row_new (plan, keys, NULL);
            fill_gap (plan, row);
            row->combo = combo;
            row->bucket = b;
            g_ptr_array_add (result->rows, row);
          }
      }
  }
  return TRUE;
}

/* Outputs of all rows: running totals along time within each series, then formulas. @history: (nullable): what was before the range. */
static void
fill_outputs (Result *result, BvLegResult *history)
{
  BvPlan *plan = result->plan;
  g_autofree BvValue *running = g_new0 (BvValue, plan->outputs->len + 1);
  g_autofree BvValue *others = g_new0 (BvValue, plan->groups->len + 1);
  const Row *previous = NULL;

  if (plan->time_group >= 0)
    g_ptr_array_sort (result->rows, compare_rows_by_combo);
  for (guint r = 0; r < result->rows->len; r++)
    {
      Row *row = result->rows->pdata[r];
      gboolean starts = plan->time_group < 0 || previous == NULL || previous->combo != row->combo;
      BvGroupRow *before = NULL;

      row->outputs = g_new0 (BvValue, plan->outputs->len + 1);
      if (starts && history != NULL)
        {
          guint n = 0;

          for (guint g = 0; g < plan->groups->len; g++)
            if ((int) g != plan->time_group)
              others[n++] = row->keys[g];
          before = bv_leg_result_find (history, others);
        }
      for (guint i = 0; i < plan->outputs->len; i++)
        {
          BvPlanOutput *output = plan->outputs->pdata[i];
          const BvValue *value;

          if (output->measure < 0)
            continue;
          value = &row->measures[output->measure];
          if (!output->cumulative)
            {
              row->outputs[i] = bv_value_copy (value);
              continue;
            }
          if (starts)
            {
              running[i] = BV_VALUE_NULL;
              if (before != NULL && output->metric->from == BV_FROM_ALL)
                running[i] = before->measures[output->measure];
            }
          running[i] = add_values (&running[i], value);
          row->outputs[i] = running[i];
        }
      evaluate (plan, row->outputs);
      previous = row;
    }
}

static BvValue *
run_totals (BvPlan *plan, sqlite3 *db, GCancellable *cancellable, GError **error)
{
  g_autoptr(BvPredicate) where = bv_plan_full_where (plan);
  BvLegRun run = { NULL, 0, where, -1, NULL, NULL };
  g_autoptr(BvLegResult) legs = bv_legs_run (plan, db, &run, NULL, cancellable, error);
  g_autoptr(BvLegResult) history = NULL;
  BvValue *totals;

  if (legs == NULL)
    return NULL;
  if (needs_history (plan) && (history = run_history (plan, db, &run, NULL, 0, cancellable, error)) == NULL)
    return NULL;
  totals = g_new0 (BvValue, plan->outputs->len + 1);
  for (guint i = 0; i < plan->outputs->len; i++)
    {
      BvPlanOutput *output = plan->outputs->pdata[i];
      BvGroupRow *row = legs->rows->len > 0 ? legs->rows->pdata[0] : NULL;

      if (output->measure < 0 || row == NULL)
        continue;
      totals[i] = bv_value_copy (&row->measures[output->measure]);
      if (output->cumulative && output->metric->from == BV_FROM_ALL && history != NULL && history->rows->len > 0)
        totals[i] = add_values (&((BvGroupRow *) history->rows->pdata[0])->measures[output->measure], &totals[i]);
    }
  evaluate (plan, totals);
  return totals;
}

static Result *
run_period (BvPlan *plan, sqlite3 *db, const BvLegRun *like, gboolean with_totals, GString *explain, GCancellable *cancellable, GError **error)
{
  g_autoptr(Result) result = g_new0 (Result, 1);
  g_autoptr(BvPredicate) where = bv_plan_full_where (plan);
  g_autofree guint *groups = g_new0 (guint, plan->groups->len + 1);
  g_autofree guint *others = g_new0 (guint, plan->groups->len + 1);
  guint n_others = 0;
  g_autoptr(BvLegResult) legs = NULL;
  g_autoptr(BvLegResult) history = NULL;
  g_autoptr(GHashTable) combos = g_hash_table_new_full (combo_hash, combo_equal, g_free, NULL);
  BvLegRun run = *like;

  result->plan = plan;
  result->rows = g_ptr_array_new ();
  for (guint i = 0; i < plan->groups->len; i++)
    {
      groups[i] = i;
      if ((int) i != plan->time_group)
        others[n_others++] = i;
    }
  run.groups = groups;
  run.n_groups = plan->groups->len;
  run.where = where;
  legs = bv_legs_run (plan, db, &run, explain, cancellable, error);
  if (legs == NULL)
    return NULL;
  if (explain != NULL)
    return g_steal_pointer (&result);
  result->overlaps = legs->overlaps;
  if (needs_history (plan) && (history = run_history (plan, db, &run, others, n_others, cancellable, error)) == NULL)
    return NULL;

  if (plan->time_group >= 0)
    {
      g_autoptr(GArray) buckets = make_buckets (plan, legs, error);

      if (buckets == NULL)
        return NULL;
      place_rows (result, legs, buckets, combos);
    }
  else
    for (guint i = 0; i < legs->rows->len; i++)
      {
        BvGroupRow *leg_row = legs->rows->pdata[i];

        g_ptr_array_add (result->rows, row_new (plan, leg_row->keys, leg_row->measures));
      }
  fill_outputs (result, history);
  if (with_totals && (result->totals = run_totals (plan, db, cancellable, error)) == NULL)
    return NULL;
  return g_steal_pointer (&result);
}

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
static int
top_group_of (BvPlan *plan)
{
  for (guint i = 0; i < plan->groups->len; i++)
    if ((int) i != plan->time_group)
      return (int) i;
  return -1;
}

static int
first_visible_output (BvPlan *plan, BvChart *chart)
{
  for (guint i = 0; i < plan->outputs->len && chart->metrics[0] != NULL; i++)
    if (strcmp (((BvPlanOutput *) plan->outputs->pdata[i])->metric->name, chart->metrics[0]) == 0)
      return (int) i;
  return -1;
}

/* The values kept by "top", best first. @n_all: how many there were. */
static GArray *
find_top (BvPlan *plan, BvChart *chart, sqlite3 *db, int top_group, guint *n_all, GCancellable *cancellable, GError **error)
{
  g_autoptr(BvPredicate) where = bv_plan_full_where (plan);
  guint group = (guint) top_group;
  BvLegRun run = { &group, 1, where, -1, NULL, NULL };
  g_autoptr(BvLegResult) legs = bv_legs_run (plan, db, &run, NULL, cancellable, error);
  g_autoptr(GArray) ranked = NULL;
  GArray *top;
  int first = first_visible_output (plan, chart);

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
      evaluate (plan, outputs);
      if (first >= 0)
        item.value = bv_value_copy (&outputs[first]);
      g_array_append_val (ranked, item);
    }
  g_array_sort (ranked, compare_ranked);
  *n_all = ranked->len;
  top = g_array_new (FALSE, TRUE, sizeof (BvValue));
  g_array_set_clear_func (top, clear_value);
  for (guint i = 0; i < ranked->len && i < (guint) chart->top; i++)
    {
      BvValue value = bv_value_copy (&g_array_index (ranked, Ranked, i).key);

      g_array_append_val (top, value);
    }
  return top;
}

static gboolean
contains_value (GArray *values, const BvValue *value)
{
  for (guint i = 0; i < values->len; i++)
    if (bv_value_equal (&g_array_index (values, BvValue, i), value))
      return TRUE;
  return FALSE;
}

/* --- Sorting ------------------------------------------------------------------------------------------------------------------------------ */

typedef struct
{
  gboolean is_group;
  guint index;
  gboolean descending;
} SortKey;

typedef struct
{
  GArray *keys; /* SortKey */
  guint n_groups;
} Sorting;

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
  const Row *x = *(Row *const *) a, *y = *(Row *const *) b;
  Sorting *sorting = data;

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

static gboolean
make_sorting (BvPlan *plan, BvChart *chart, Sorting *sorting, GError **error)
{
  guint n_asked = chart->sort->len;
  int first = first_visible_output (plan, chart);

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

/* --- Comparing ------------------------------------------------------------------------------------------------------------------------------- */

static gboolean
compare_range (BvPlan *plan, BvChart *chart, gint64 now, BvRange *range, GError **error)
{
  BvCalendar *calendar = plan->model->calendar;
  BvGrain grain;

  if (!plan->has_range || !plan->range.has_from)
    {
      g_set_error (error, BV_ERROR, BV_ERROR_INVALID, _("Comparing needs a range of time with a start: choose one, like “last-28-days”"));
      return FALSE;
    }
  if (strcmp (chart->compare, "previous-period") == 0)
    return bv_calendar_previous (calendar, plan->range_spec, now, range, error);
  if (!g_str_has_prefix (chart->compare, "previous-") || !bv_grain_from_name (chart->compare + 9, &grain) || grain < BV_GRAIN_DAY)
    {
      g_set_error (error, BV_ERROR, BV_ERROR_INVALID,
                   _("“%s” is no comparison: use “previous-period”, “previous-week”, “previous-month”, “previous-quarter” or “previous-year”"), chart->compare);
      return FALSE;
    }
  *range = plan->range;
  range->from_day = bv_calendar_add (calendar, plan->range.from_day, grain, -1);
  range->from_us = bv_calendar_day_start (calendar, range->from_day) + (plan->range.from_us - bv_calendar_day_start (calendar, plan->range.from_day));
  if (range->has_to)
    {
      /* The last day moves, not the day after it: the end of February is the end of January's first 28 days. */
      gint64 last = bv_calendar_add (calendar, plan->range.to_day - 1, grain, -1);

      range->to_day = last + 1;
      range->to_us = bv_calendar_day_start (calendar, last) + (plan->range.to_us - bv_calendar_day_start (calendar, plan->range.to_day - 1));
    }
  else
    {
      range->has_to = TRUE;
      range->to_day = plan->range.from_day;
      range->to_us = plan->range.from_us;
    }
  return TRUE;
}

/* Puts the compared period's outputs beside the rows they belong to. */
static void
attach_compare (Result *result, Result *past)
{
  BvPlan *plan = result->plan;
  g_autoptr(GHashTable) index = g_hash_table_new_full (combo_hash, combo_equal, g_free, NULL);
  g_autofree BvValue *keys = NULL;

  /* Rows are matched by the groups other than time, and by the bucket's position, which takes the time's place among the keys. */
  for (guint i = 0; i < past->rows->len; i++)
    {
      Row *row = past->rows->pdata[i];
      ComboKey *key = g_new (ComboKey, 1);

      if (plan->time_group >= 0)
        row->keys[plan->time_group] = bv_value_int (row->bucket);
      *key = (ComboKey){ row->keys, plan->groups->len, -1 };
      g_hash_table_insert (index, key, row);
    }
  keys = g_new0 (BvValue, plan->groups->len + 1);
  for (guint i = 0; i < result->rows->len; i++)
    {
      Row *row = result->rows->pdata[i];
      ComboKey probe = { keys, plan->groups->len, -1 };
      Row *found;

      memcpy (keys, row->keys, sizeof (BvValue) * plan->groups->len);
      if (plan->time_group >= 0)
        keys[plan->time_group] = bv_value_int (row->bucket);
      found = g_hash_table_lookup (index, &probe);
      row->compare = g_new0 (BvValue, plan->outputs->len + 1);
      for (guint o = 0; found != NULL && o < plan->outputs->len; o++)
        row->compare[o] = bv_value_copy (&found->outputs[o]);
    }
}

/* --- Frames ------------------------------------------------------------------------------------------------------------------------------------ */

static BvFrame *
make_frame (Result *result, Result *past, BvChart *chart, const BvLegRun *run, guint n_rows)
{
  BvPlan *plan = result->plan;
  BvFrame *frame = bv_frame_new ();
  g_autoptr(GArray) columns = g_array_new (FALSE, FALSE, sizeof (int)); /* output of each metric column; ~output for compare */

  for (guint g = 0; g < plan->groups->len; g++)
    {
      BvPlanGroup *group = &g_array_index (plan->groups, BvPlanGroup, g);
      BvColumn *column = bv_frame_add_column (frame, group->name, (int) g == run->top_group ? BV_TYPE_TEXT : group->type, group->role);

      column->grain = group->grain;
      column->format = bv_format_copy (&group->format);
    }
  for (guint m = 0; chart->metrics[m] != NULL; m++)
    for (guint o = 0; o < plan->outputs->len; o++)
      {
        BvPlanOutput *output = plan->outputs->pdata[o];
        BvType type = output->type;
        BvColumn *column;
        int index = (int) o;

        if (strcmp (output->metric->name, chart->metrics[m]) != 0 || bv_frame_find_column (frame, output->metric->name) >= (int) plan->groups->len)
          continue;
        /* A sum that left the range of integers is a double; then the whole column is. */
        for (guint r = 0; type == BV_TYPE_INT && r <= result->rows->len; r++)
          {
            const BvValue *value = r < result->rows->len ? &((Row *) result->rows->pdata[r])->outputs[o]
                                   : result->totals != NULL ? &result->totals[o] : NULL;

            if (value != NULL && value->type == BV_TYPE_DOUBLE)
              type = BV_TYPE_DOUBLE;
          }
        column = bv_frame_add_column (frame, output->metric->name, type, BV_ROLE_METRIC);
        {
          BvPlanMeasure *measure = output->measure >= 0 ? plan->measures->pdata[output->measure] : NULL;
          gboolean counts = measure != NULL && (measure->aggregate == BV_AGG_COUNT || measure->aggregate == BV_AGG_COUNT_DISTINCT);
          const BvFormat *format = &output->metric->format;

          if (bv_format_equal (format, &BV_FORMAT_INIT) && measure != NULL && measure->metric != output->metric)
            format = &measure->metric->format;
          if (bv_format_equal (format, &BV_FORMAT_INIT) && measure != NULL && measure->field != NULL && !counts)
            format = &measure->field->format;
          column->format = bv_format_copy (format);
        }
        column->cumulative = output->cumulative;
        if (result->totals != NULL)
          column->total = bv_value_copy (&result->totals[o]);
        g_array_append_val (columns, index);
        if (past != NULL)
          {
            g_autofree char *name = g_strdup_printf (_("%s (before)"), output->metric->name);
            BvColumn *compare = bv_frame_add_column (frame, name, type, BV_ROLE_COMPARE);

            column = bv_frame_get_column (frame, bv_frame_get_n_columns (frame) - 2);
            compare->of = (int) bv_frame_get_n_columns (frame) - 2;
            compare->format = bv_format_copy (&column->format);
            compare->cumulative = output->cumulative;
            if (past->totals != NULL)
              {
                compare->total = bv_value_copy (&past->totals[o]);
                column->total_compare = bv_value_copy (&past->totals[o]);
              }
            index = ~index;
            g_array_append_val (columns, index);
          }
      }
  {
    g_autofree BvValue *cells = g_new0 (BvValue, bv_frame_get_n_columns (frame) + 1);

    for (guint r = 0; r < n_rows; r++)
      {
        Row *row = result->rows->pdata[r];
        guint c = 0;

        for (guint g = 0; g < plan->groups->len; g++)
          cells[c++] = row->keys[g];
        for (guint m = 0; m < columns->len; m++)
          {
            int index = g_array_index (columns, int, m);
            BvValue value = index >= 0 ? row->outputs[index] : row->compare != NULL ? row->compare[~index] : BV_VALUE_NULL;

            if (value.type == BV_TYPE_DOUBLE && bv_frame_get_column (frame, c)->type == BV_TYPE_INT)
              value = bv_value_int (llround (value.d));
            cells[c++] = value;
          }
        bv_frame_append (frame, cells);
      }
  }
  return frame;
}

static BvFrame *
run_plan (const BvQueryContext *context, BvChart *chart, BvPlan *plan, sqlite3 *db, GString *explain, GCancellable *cancellable, GError **error)
{
  g_autoptr(Result) result = NULL;
  g_autoptr(Result) past = NULL;
  g_autoptr(GArray) top = NULL;
  g_autoptr(GArray) keys = g_array_new (FALSE, FALSE, sizeof (SortKey));
  Sorting sorting = { keys, plan->groups->len };
  BvLegRun run = { NULL, 0, NULL, -1, NULL, NULL };
  g_autofree char *others = NULL;
  BvFrame *frame;
  guint n_all = 0;
  guint limit = chart->limit > 0 ? (guint) chart->limit : DEFAULT_LIMIT;
  guint n_rows;
  int top_group = chart->top > 0 ? top_group_of (plan) : -1;

  if (!make_sorting (plan, chart, &sorting, error))
    return NULL;
  if (top_group >= 0 && explain == NULL)
    {
      top = find_top (plan, chart, db, top_group, &n_all, cancellable, error);
      if (top == NULL)
        return NULL;
      if (chart->top_others && n_all > top->len)
        {
          BvValue label;

          /* "Others" must not be the name of a group that is kept. */
          others = g_strdup (_("Others"));
          for (label = bv_value_text (others); contains_value (top, &label); label = bv_value_text (others))
            {
              char *longer = g_strconcat (others, "…", NULL);

              bv_value_clear (&label);
              g_free (others);
              others = longer;
            }
          bv_value_clear (&label);
          run.top_group = top_group;
          run.top = top;
          run.others = others;
        }
    }
  result = run_period (plan, db, &run, TRUE, explain, cancellable, error);
  if (result == NULL)
    return NULL;
  if (explain != NULL)
    return bv_frame_new ();
  if (top != NULL && run.top_group < 0)
    {
      guint kept = 0;

      for (guint i = 0; i < result->rows->len; i++)
        {
          Row *row = result->rows->pdata[i];

          if (contains_value (top, &row->keys[top_group]))
            result->rows->pdata[kept++] = row;
          else
            row_free (row, plan);
        }
      g_ptr_array_set_size (result->rows, (int) kept);
    }
  if (chart->compare != NULL)
    {
      BvRange current = plan->range;

      if (!compare_range (plan, chart, context->now, &plan->range, error))
        {
          plan->range = current;
          return NULL;
        }
      past = run_period (plan, db, &run, TRUE, NULL, cancellable, error);
      plan->range = current;
      if (past == NULL)
        return NULL;
      attach_compare (result, past);
    }
  g_ptr_array_sort_with_data (result->rows, compare_rows, &sorting);
  n_rows = MIN (result->rows->len, limit);
  frame = make_frame (result, past, chart, &run, n_rows);
  if (plan->has_range)
    bv_frame_set_range (frame, &plan->range);
  if (n_rows < result->rows->len)
    {
      g_autofree char *text = g_strdup_printf (_("Only the first %u of %u rows are shown"), n_rows, result->rows->len);

      bv_frame_add_note (frame, BV_NOTE_TRUNCATED, text);
    }
  if (top != NULL && n_all > top->len)
    {
      g_autofree char *text = chart->top_others ? g_strdup_printf (_("The top %u of %u groups, the rest as one"), top->len, n_all)
                                                : g_strdup_printf (_("The top %u of %u groups; totals are of all"), top->len, n_all);

      bv_frame_add_note (frame, BV_NOTE_INFO, text);
    }
  if (result->overlaps)
    bv_frame_add_note (frame, BV_NOTE_OVERLAPS, _("Rows belong to several groups, so the groups do not add up to the total"));
  if (result->undated)
    bv_frame_add_note (frame, BV_NOTE_GAP, _("Rows without a date are not shown"));
  for (guint i = 0; i < plan->notes->len; i++)
    bv_frame_add_note (frame, BV_NOTE_KEY, plan->notes->pdata[i]);
  return frame;
}

static gboolean
check_executor (const BvQueryContext *context, GError **error)
{
  if (context->executor == BV_EXECUTOR_AUTO || context->executor == BV_EXECUTOR_SQLITE)
    return TRUE;
  g_set_error (error, BV_ERROR, BV_ERROR_UNSUPPORTED, _("This project's tables can only be queried with SQLite: use the executor “auto” or “sqlite”"));
  return FALSE;
}

BvFrame *
bv_query_run (const BvQueryContext *context, BvChart *chart, const BvOverlay *overlay, GCancellable *cancellable, GError **error)
{
  g_autoptr(BvPlan) plan = NULL;
  BvFrame *frame;
  sqlite3 *db;

  if (!check_executor (context, error))
    return NULL;
  plan = bv_plan_new (context, chart, overlay, cancellable, error);
  if (plan == NULL)
    return NULL;
  db = bv_reader_open (context, cancellable, error);
  if (db == NULL)
    return NULL;
  frame = run_plan (context, chart, plan, db, NULL, cancellable, error);
  bv_reader_close (context, db);
  return frame;
}

char *
bv_query_explain (const BvQueryContext *context, BvChart *chart, const BvOverlay *overlay, GError **error)
{
  g_autoptr(BvPlan) plan = NULL;
  g_autoptr(BvFrame) frame = NULL;
  g_autoptr(GString) sql = g_string_new (NULL);
  GString *out = g_string_new (NULL);
  char buf[BV_TIME_TEXT_MAX];

  if (!check_executor (context, error) || (plan = bv_plan_new (context, chart, overlay, NULL, error)) == NULL ||
      (frame = run_plan (context, chart, plan, NULL, sql, NULL, error)) == NULL)
    {
      g_string_free (out, TRUE);
      return NULL;
    }
  g_string_append_printf (out, _("Executor: SQLite, over the project's tables\n"));
  for (guint i = 0; i < plan->measures->len; i++)
    {
      BvPlanMeasure *measure = plan->measures->pdata[i];
      BvPlanNode *node = plan->nodes->pdata[measure->node];

      g_string_append_printf (out, _("Metric “%s”: %s, measured on the rows of %s\n"), measure->metric->name,
                              bv_aggregate_to_label (measure->metric->aggregate), node->role);
      for (guint g = 0; g < plan->groups->len; g++)
        {
          BvPlanGroup *group = &g_array_index (plan->groups, BvPlanGroup, g);

          if (bv_plan_fans_out (plan, measure->node, group->node))
            g_string_append_printf (out, _("  by “%s”, which lies on a many side: a row counts once in each group\n"), group->name);
        }
    }
  for (guint g = 0; g < plan->groups->len; g++)
    {
      BvPlanGroup *group = &g_array_index (plan->groups, BvPlanGroup, g);

      g_string_append_printf (out, _("Group “%s”: %s.%s%s%s\n"), group->name, ((BvPlanNode *) plan->nodes->pdata[group->node])->role,
                              group->field->name, group->grain != BV_GRAIN_NONE ? ", " : "",
                              group->grain != BV_GRAIN_NONE ? bv_grain_to_name (group->grain) : "");
    }
  if (plan->has_range)
    {
      g_string_append_printf (out, _("Range of %s.%s: "), ((BvPlanNode *) plan->nodes->pdata[plan->time_node])->role, plan->time_field->name);
      g_string_append (out, plan->range.has_from ? bv_timestamp_to_text (plan->range.from_us, buf) : "…");
      g_string_append (out, " UTC – ");
      g_string_append (out, plan->range.has_to ? bv_timestamp_to_text (plan->range.to_us, buf) : "…");
      g_string_append_printf (out, " UTC (%s)\n", plan->model->time_zone);
    }
  for (guint i = 0; i < plan->notes->len; i++)
    g_string_append_printf (out, "%s\n", (char *) plan->notes->pdata[i]);
  g_string_append (out, sql->str);
  return g_string_free (out, FALSE);
}
