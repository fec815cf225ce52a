/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Each measure is computed on its own table's rows. Measures of one node share a leg, a SELECT of the form
 *
 *   SELECT group…, aggregate (value) FILTER (WHERE own condition)… FROM node LEFT JOIN … WHERE filters GROUP BY group…
 *
 * when every join meets at most one row. Where a group or a filter lies on a many side, the joined rows are first reduced to the distinct
 * pairs of group and row of the node, so that a row counts once in each group it belongs to, and once in the total:
 *
 *   SELECT g…, aggregate (v)… FROM (SELECT DISTINCT group… AS g…, node.rowid, value AS v, condition AS w FROM … WHERE …) GROUP BY g…
 *
 * A measure's own condition never takes a group away: it is a FILTER on what is aggregated, not one of the filters. One that fans out gets a leg
 * of its own, in which a row may come twice, once with the condition met and once without; only the first is aggregated. The legs' results
 * are merged on the groups, null being a group like any other.
 */
#include "config.h"

#include "bv-column-private.h"

#include <glib/gi18n-lib.h>
#include <string.h>

void
bv_leg_result_free (BvLegResult *result)
{
  if (result == NULL)
    return;
  for (guint i = 0; i < result->rows->len && result->has_texts; i++)
    bv_values_clear (((BvGroupRow *) result->rows->pdata[i])->keys, result->n_keys + result->n_measures);
  g_ptr_array_unref (result->rows);
  bv_arena_clear (&result->arena);
  g_clear_pointer (&result->index, g_hash_table_unref);
  g_free (result);
}

static gboolean
keys_equal (const BvValue *a, const BvValue *b, guint n)
{
  for (guint i = 0; i < n; i++)
    if (!bv_value_equal (&a[i], &b[i]))
      return FALSE;
  return TRUE;
}

BvValue
bv_measure_empty (const BvPlanMeasure *measure)
{
  if (measure->aggregate == BV_AGG_COUNT || measure->aggregate == BV_AGG_COUNT_DISTINCT)
    return bv_value_int (0);
  return BV_VALUE_NULL;
}

BvPredicate *
bv_plan_full_where (BvPlan *plan)
{
  BvPredicate *range = NULL;

  if (plan->has_range)
    range = bv_predicate_new_range (plan->time_node, plan->time_field, &plan->range);
  return bv_predicate_and (bv_predicate_ref (plan->where), range);
}

/* --- The index of a result: key values to row -------------------------------------------------------------------------------------- */

typedef struct
{
  const BvValue *keys;
  guint n;
} Key;

static guint
key_hash (gconstpointer data)
{
  const Key *key = data;
  guint hash = 17;

  for (guint i = 0; i < key->n; i++)
    hash = hash * 31 + bv_value_hash (&key->keys[i]);
  return hash;
}

static gboolean
key_equal (gconstpointer a, gconstpointer b)
{
  return keys_equal (((const Key *) a)->keys, ((const Key *) b)->keys, ((const Key *) a)->n);
}

static void
index_row (BvLegResult *result, BvGroupRow *row)
{
  Key *key = g_new (Key, 1);

  key->keys = row->keys;
  key->n = result->n_keys;
  g_hash_table_insert (result->index, key, row);
}

static GHashTable *
get_index (BvLegResult *result)
{
  if (result->index == NULL)
    {
      result->index = g_hash_table_new_full (key_hash, key_equal, g_free, NULL);
      for (guint i = 0; i < result->rows->len; i++)
        index_row (result, result->rows->pdata[i]);
    }
  return result->index;
}

BvGroupRow *
bv_leg_result_find (BvLegResult *result, const BvValue *keys)
{
  Key probe = { keys, result->n_keys };

  return g_hash_table_lookup (get_index (result), &probe);
}

/* --- Results under construction --------------------------------------------------------------------------------------------------- */

void
bv_leg_merge_init (BvLegMerge *self, BvPlan *plan, const BvLegRun *run)
{
  self->plan = plan;
  self->run = run;
  self->result = g_new0 (BvLegResult, 1);
  self->result->rows = g_ptr_array_new ();
  self->result->n_keys = run->n_groups;
  self->result->n_measures = plan->measures->len;
  self->indexed = FALSE;
  self->by_time = FALSE;
  for (guint i = 0; i < run->n_groups; i++)
    self->by_time = self->by_time || (int) run->groups[i] == plan->time_group;
  for (guint i = 0; i < plan->measures->len; i++)
    self->result->has_texts = self->result->has_texts || ((BvPlanMeasure *) plan->measures->pdata[i])->type == BV_TYPE_TEXT;
}

void
bv_leg_merge_clear (BvLegMerge *self)
{
  g_clear_pointer (&self->result, bv_leg_result_free);
}

BvValue
bv_leg_merge_empty (BvLegMerge *self, const BvPlanMeasure *measure)
{
  if (self->by_time && measure->aggregate == BV_AGG_SUM)
    return measure->type == BV_TYPE_INT ? bv_value_int (0) : bv_value_double (0);
  return bv_measure_empty (measure);
}

BvGroupRow *
bv_leg_merge_row (BvLegMerge *self, const BvValue *keys)
{
  BvLegResult *result = self->result;
  BvGroupRow *row = self->indexed ? bv_leg_result_find (result, keys) : NULL;

  if (row != NULL)
    {
      for (guint i = 0; i < result->n_keys; i++)
        {
          BvValue taken = keys[i];

          bv_value_clear (&taken);
        }
      return row;
    }
  row = bv_arena_new0 (&result->arena, sizeof *row + (result->n_keys + result->n_measures) * sizeof (BvValue));
  row->keys = (BvValue *) (row + 1);
  row->measures = row->keys + result->n_keys;
  for (guint i = 0; i < result->n_keys; i++)
    {
      row->keys[i] = keys[i];
      result->has_texts |= keys[i].type == BV_TYPE_TEXT;
    }
  for (guint i = 0; i < result->n_measures; i++)
    row->measures[i] = bv_leg_merge_empty (self, self->plan->measures->pdata[i]);
  g_ptr_array_add (result->rows, row);
  if (result->index != NULL)
    index_row (result, row);
  return row;
}

/* --- SQL of a leg ------------------------------------------------------------------------------------------------------------------- */

typedef struct
{
  BvPlan *plan;
  const BvLegRun *run;
  int node;
  GArray *measures;          /* guint: indexes of the plan's measures */
} Leg;

static char *
group_expression (BvSelect *sql, const BvLegRun *run, guint index)
{
  BvPlan *plan = sql->plan;
  g_autofree char *plain = bv_select_group (sql, &g_array_index (plan->groups, BvPlanGroup, index));
  GString *out;

  if ((int) index != run->top_group)
    return g_steal_pointer (&plain);
  /* The place in the list, so that the kept value is named as it is rather than as SQLite would write it. */
  out = g_string_new ("(CASE");
  for (guint i = 0; i < run->top->len; i++)
    {
      g_string_append (out, " WHEN ");
      bv_select_equals (sql, out, plain, &g_array_index (run->top, BvValue, i));
      g_string_append_printf (out, " THEN %u", i);
    }
  g_string_append (out, run->top->len > 0 ? " ELSE -1 END)" : " WHEN 1 THEN -1 END)");
  return g_string_free (out, FALSE);
}

/* The aggregate over the value expression @value (NULL for a plain count), with @condition as its filter (nullable). */
static void
append_aggregate (GString *out, const BvPlanMeasure *measure, const char *value, const char *condition)
{
  switch (measure->aggregate)
    {
    case BV_AGG_COUNT_DISTINCT:
      g_string_append_printf (out, "count (DISTINCT %s)", value);
      break;
    case BV_AGG_SUM:
      g_string_append_printf (out, "bv_sum (%s)", value);
      break;
    case BV_AGG_AVERAGE:
      g_string_append_printf (out, "bv_average (%s)", value);
      break;
    case BV_AGG_PERCENTILE:
      {
        char buf[G_ASCII_DTOSTR_BUF_SIZE];

        g_string_append_printf (out, "bv_percentile (%s, %s)", value, bv_double_to_plain (measure->percentile, buf));
        break;
      }
    case BV_AGG_MIN:
      g_string_append_printf (out, "min (%s)", value);
      break;
    case BV_AGG_MAX:
      g_string_append_printf (out, "max (%s)", value);
      break;
    case BV_AGG_COUNT:
    case BV_AGG_MEDIAN:
    case BV_AGG_CUMULATIVE_COUNT:
    case BV_AGG_CUMULATIVE_SUM:
    case BV_AGG_FORMULA:
    default:
      g_string_append_printf (out, "count (%s)", value != NULL ? value : "*");
      break;
    }
  if (condition != NULL)
    g_string_append_printf (out, " FILTER (WHERE %s)", condition);
}

static char *
leg_sql (Leg *leg, BvSelect *sql, gboolean *overlaps)
{
  BvPlan *plan = leg->plan;
  const BvLegRun *run = leg->run;
  g_autofree gboolean *nodes = g_new0 (gboolean, plan->nodes->len);
  g_autoptr(GString) from = g_string_new (NULL);
  g_autoptr(GString) where = g_string_new (NULL);
  g_autofree char *rowid = bv_select_rowid (sql, leg->node);
  GString *out = g_string_new ("SELECT ");
  gboolean fans_out;

  for (guint i = 0; i < run->n_groups; i++)
    {
      int node = g_array_index (plan->groups, BvPlanGroup, run->groups[i]).node;

      nodes[node] = TRUE;
      if (leg->measures->len > 0 && bv_plan_fans_out (plan, leg->node, node))
        *overlaps = TRUE;
    }
  bv_predicate_mark (run->where, nodes);
  if (run->where != NULL)
    bv_select_predicate (sql, where, run->where);
  for (guint i = 0; i < leg->measures->len; i++)
    {
      BvPlanMeasure *measure = plan->measures->pdata[g_array_index (leg->measures, guint, i)];

      if (measure->field != NULL)
        nodes[measure->field_node] = TRUE;
      bv_predicate_mark (measure->where, nodes);
    }
  fans_out = bv_select_from (sql, from, leg->node, nodes);

  if (fans_out)
    {
      for (guint i = 0; i < run->n_groups; i++)
        g_string_append_printf (out, "%sg%u", i > 0 ? ", " : "", i);
      for (guint i = 0; i < leg->measures->len; i++)
        {
          BvPlanMeasure *measure = plan->measures->pdata[g_array_index (leg->measures, guint, i)];
          g_autofree char *value = g_strdup_printf ("v%u", i);
          g_autofree char *condition = g_strdup_printf ("w%u", i);

          g_string_append (out, i + run->n_groups > 0 ? ", " : "");
          append_aggregate (out, measure, measure->field != NULL ? value : NULL,
                            measure->where != NULL ? condition : NULL);
        }
      if (leg->measures->len == 0 && run->n_groups == 0)
        g_string_append (out, "1");
      g_string_append (out, " FROM (SELECT DISTINCT ");
      for (guint i = 0; i < run->n_groups; i++)
        {
          g_autofree char *expression = group_expression (sql, run, run->groups[i]);

          g_string_append_printf (out, "%s AS g%u, ", expression, i);
        }
      g_string_append (out, rowid);
    }
  else
    for (guint i = 0; i < run->n_groups; i++)
      {
        g_autofree char *expression = group_expression (sql, run, run->groups[i]);

        g_string_append_printf (out, "%s%s AS g%u", i > 0 ? ", " : "", expression, i);
      }
  for (guint i = 0; i < leg->measures->len; i++)
    {
      BvPlanMeasure *measure = plan->measures->pdata[g_array_index (leg->measures, guint, i)];
      g_autofree char *value = measure->field != NULL ? bv_select_column (sql, measure->field_node, measure->field->name) : NULL;
      g_autoptr(GString) condition = g_string_new (NULL);

      if (measure->where != NULL)
        bv_select_predicate (sql, condition, measure->where);
      if (fans_out)
        {
          if (value != NULL)
            g_string_append_printf (out, ", %s AS v%u", value, i);
          if (condition->len > 0)
            g_string_append_printf (out, ", %s AS w%u", condition->str, i);
          continue;
        }
      g_string_append (out, i + run->n_groups > 0 ? ", " : "");
      append_aggregate (out, measure, value, condition->len > 0 ? condition->str : NULL);
    }
  g_string_append (out, from->str);
  if (where->len > 0)
    g_string_append_printf (out, " WHERE %s", where->str);
  if (fans_out)
    g_string_append_c (out, ')');
  if (run->n_groups > 0)
    {
      g_string_append (out, " GROUP BY ");
      for (guint i = 0; i < run->n_groups; i++)
        g_string_append_printf (out, "%s%u", i > 0 ? ", " : "", i + 1);
    }
  return g_string_free (out, FALSE);
}

/* The text of a kept value, or the name of the others. */
static BvValue
top_key (const BvLegRun *run, int place)
{
  const BvValue *value = place >= 0 ? &g_array_index (run->top, BvValue, place) : NULL;
  g_autofree char *text = NULL;

  if (value == NULL)
    return bv_value_text (run->others);
  if (value->type == BV_TYPE_NULL)
    return BV_VALUE_NULL;
  text = bv_value_to_plain (value);
  return bv_value_text (text);
}

static gboolean
run_leg (Leg *leg, sqlite3 *db, BvLegMerge *merge, GString *explain, GCancellable *cancellable, GError **error)
{
  BvPlan *plan = leg->plan;
  BvLegResult *result = merge->result;
  g_auto(BvSelect) sql = { NULL, NULL };
  g_autofree char *text = NULL;
  g_autofree BvValue *keys = g_new0 (BvValue, result->n_keys + 1);
  sqlite3_stmt *statement;
  int status;

  bv_select_init (&sql, plan);
  text = leg_sql (leg, &sql, &result->overlaps);
  if (explain != NULL)
    {
      g_string_append_printf (explain, "\n-- rows of %s\n%s\n", ((BvPlanNode *) plan->nodes->pdata[leg->node])->role, text);
      for (guint i = 0; i < sql.params->len; i++)
        {
          g_autofree char *value = bv_value_to_plain (sql.params->pdata[i]);

          g_string_append_printf (explain, "--   ?%u = %s\n", i + 1, value);
        }
      return TRUE;
    }
  statement = bv_select_prepare (&sql, db, text, cancellable, error);
  if (statement == NULL)
    return FALSE;
  while ((status = sqlite3_step (statement)) == SQLITE_ROW)
    {
      BvGroupRow *row;

      for (guint i = 0; i < result->n_keys; i++)
        {
          BvPlanGroup *group = &g_array_index (plan->groups, BvPlanGroup, leg->run->groups[i]);

          keys[i] = (int) leg->run->groups[i] == leg->run->top_group ? top_key (leg->run, sqlite3_column_int (statement, (int) i))
                                                                    : bv_reader_value (statement, (int) i, group->type);
        }
      row = bv_leg_merge_row (merge, keys);
      for (guint i = 0; i < leg->measures->len; i++)
        {
          guint m = g_array_index (leg->measures, guint, i);
          BvPlanMeasure *measure = plan->measures->pdata[m];
          int column = (int) (leg->run->n_groups + i);

          if (measure->aggregate == BV_AGG_SUM && bv_reader_is_gap (statement, column))
            row->measures[m] = bv_leg_merge_empty (merge, measure);
          else
            row->measures[m] = bv_reader_value (statement, column, measure->type);
        }
    }
  if (status != SQLITE_DONE)
    bv_sqlite_set_error (error, db, cancellable, _("The query could not be run"));
  sqlite3_finalize (statement);
  return status == SQLITE_DONE;
}

/* Whether a measure's own condition meets several rows, so that it needs a leg of its own. */
static gboolean
where_fans_out (BvPlan *plan, const BvPlanMeasure *measure)
{
  g_autofree gboolean *nodes = g_new0 (gboolean, plan->nodes->len);

  bv_predicate_mark (measure->where, nodes);
  for (guint i = 0; i < plan->nodes->len; i++)
    if (nodes[i] && bv_plan_fans_out (plan, measure->node, (int) i))
      return TRUE;
  return FALSE;
}

static void
part_free (gpointer data)
{
  BvLegPart *part = data;

  g_array_unref (part->measures);
  g_free (part);
}

static GPtrArray *
split (BvPlan *plan, const gboolean *only)
{
  GPtrArray *parts = g_ptr_array_new_with_free_func (part_free);
  g_autofree gboolean *done = g_new0 (gboolean, plan->measures->len + 1);

  for (guint i = 0; i < plan->measures->len || (i == 0 && plan->measures->len == 0); i++)
    {
      BvLegPart *part;

      if (done[i] || (only != NULL && !only[i]))
        continue;
      part = g_new0 (BvLegPart, 1);
      part->measures = g_array_new (FALSE, FALSE, sizeof (guint));
      g_ptr_array_add (parts, part);
      /* Groups without any metric are those of the root's rows. */
      if (plan->measures->len > 0)
        {
          BvPlanMeasure *first = plan->measures->pdata[i];

          part->node = first->node;
          part->alone = where_fans_out (plan, first);
          g_array_append_val (part->measures, i);
          for (guint k = i + 1; k < plan->measures->len && !part->alone; k++)
            {
              BvPlanMeasure *other = plan->measures->pdata[k];

              if (!done[k] && (only == NULL || only[k]) && other->node == first->node && !where_fans_out (plan, other))
                {
                  g_array_append_val (part->measures, k);
                  done[k] = TRUE;
                }
            }
        }
    }
  return parts;
}

GPtrArray *
bv_legs_split (BvPlan *plan, const gboolean *only)
{
  if (only != NULL)
    return split (plan, only);
  if (plan->parts == NULL)
    plan->parts = split (plan, NULL);
  return g_ptr_array_ref (plan->parts);
}

BvLegResult *
bv_legs_run (BvPlan *plan, sqlite3 *db, const BvLegRun *run, GString *explain, GCancellable *cancellable, GError **error)
{
  g_auto(BvLegMerge) merge = { NULL };
  g_autoptr(GPtrArray) parts = NULL;

  if (plan->columns != NULL && !plan->columns->gave_up)
    {
      BvLegResult *result = bv_column_legs_run (plan, run, cancellable, error);

      if (plan->columns->refusal == NULL && (explain == NULL || result == NULL))
        return result;
      /* Explaining goes on with the SQL that says the same, or that is run instead. */
      bv_leg_result_free (result);
      if (plan->columns->only && plan->columns->refusal != NULL)
        {
          g_set_error (error, BV_ERROR, BV_ERROR_UNSUPPORTED, _("The column engine does not take this query (%s): use the executor “auto” or “sqlite”"),
                       plan->columns->refusal);
          return NULL;
        }
      plan->columns->gave_up = plan->columns->refusal != NULL;
    }
  if (db == NULL && explain == NULL)
    {
      plan->wants_reader = TRUE;
      return NULL;
    }
  parts = bv_legs_split (plan, run->only);
  bv_leg_merge_init (&merge, plan, run);
  merge.indexed = TRUE;
  for (guint i = 0; i < parts->len; i++)
    {
      const BvLegPart *part = parts->pdata[i];
      Leg leg = { plan, run, part->node, part->measures };

      if (!run_leg (&leg, db, &merge, explain, cancellable, error))
        return NULL;
    }
  return g_steal_pointer (&merge.result);
}
