/* SPDX-License-Identifier: GPL-3.0-or-later */
/* From a chart to its frame.
 *
 *   plan → (top groups) → legs → buckets filled → running totals, formulas → compared period → sort, limit → totals
 *
 * The compared period is the same query over another range, see bv-compare.c.
 */
#include "config.h"

#include "bv-column-private.h"
#include "bv-result-private.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#define DEFAULT_LIMIT 50000

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

gint64
bv_query_now_for_day (BvModel *model, gint64 day)
{
  return bv_calendar_day_start (model->calendar, day + 1);
}

gint64
bv_query_now (BvModel *model)
{
  gint64 day;

  return model->as_of != NULL && bv_date_parse (model->as_of, -1, &day) ? bv_query_now_for_day (model, day) : g_get_real_time ();
}

/* --- Frames ------------------------------------------------------------------------------------------------------------------------------------ */

static gboolean
holds_double (BvResult *result, guint output)
{
  for (guint r = 0; r < result->rows->len; r++)
    if (((BvResultRow *) result->rows->pdata[r])->outputs[output].type == BV_TYPE_DOUBLE)
      return TRUE;
  return result->totals != NULL && result->totals[output].type == BV_TYPE_DOUBLE;
}

/* What the column of the compared period is called, which no other column of the frame is. (transfer full) */
static char *
before_name (BvFrame *frame, BvChart *chart, const char *metric)
{
  char *name = g_strdup_printf (_("%s (before)"), metric);
  g_autofree char *stem = g_strdup (name);

  for (guint i = 2; bv_frame_find_column (frame, name) >= 0 || g_strv_contains ((const char *const *) chart->metrics, name); i++)
    {
      g_free (name);
      name = g_strdup_printf ("%s (%u)", stem, i);
    }
  return name;
}

static BvFrame *
make_frame (BvResult *result, BvResult *past, BvChart *chart, const BvLegRun *run, guint n_rows)
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
        if (type == BV_TYPE_INT && (holds_double (result, o) || (past != NULL && holds_double (past, o))))
          type = BV_TYPE_DOUBLE;
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
            g_autofree char *name = before_name (frame, chart, output->metric->name);
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
  bv_frame_set_n_rows (frame, n_rows);
  for (guint i = 0, r = 0; r < n_rows; i++)
    {
      BvResultRow *row = result->rows->pdata[i];
      guint n = MIN (row->span, n_rows - r);

      for (guint g = 0; g < plan->groups->len; g++)
        if (n == 1)
          bv_frame_set (frame, g, r, &row->keys[g]);
        else
          bv_frame_set_times (frame, g, r, n, &g_array_index (result->buckets, gint64, row->bucket));
      for (guint m = 0; m < columns->len; m++)
        {
          int index = g_array_index (columns, int, m);

          if (index >= 0 || row->compare != NULL)
            bv_frame_repeat (frame, plan->groups->len + m, r, n, index >= 0 ? &row->outputs[index] : &row->compare[~index]);
        }
      r += n;
    }
  return frame;
}

BvFrame *
bv_plan_run (const BvQueryContext *context, BvChart *chart, BvPlan *plan, sqlite3 *db, GString *explain, GCancellable *cancellable, GError **error)
{
  g_autoptr(BvResult) result = NULL;
  g_autoptr(BvResult) past = NULL;
  g_auto(BvTop) top = { -1, NULL, 0, NULL };
  g_auto(BvSorting) sorting = { NULL, -1, NULL };
  BvLegRun run = { NULL, 0, NULL, -1, NULL, NULL, NULL };
  BvFrame *frame;
  guint limit = chart->limit > 0 ? (guint) chart->limit : DEFAULT_LIMIT;
  guint n_rows, n_all;
  gboolean compares;

  if (!bv_sorting_init (&sorting, plan, chart, error))
    return NULL;
  if (explain == NULL && !bv_top_init (&top, plan, chart, db, cancellable, error))
    return NULL;
  if (top.others != NULL)
    {
      run.top_group = sorting.top_group = top.group;
      run.top = top.kept;
      run.others = sorting.others = top.others;
    }
  /* Other groups' times still say where the axis begins and ends. */
  if (top.kept != NULL && top.others == NULL && plan->time_group < 0)
    {
      run.keep = top.kept;
      run.keep_group = (guint) top.group;
    }
  result = bv_result_run (plan, db, &run, TRUE, explain, cancellable, error);
  if (result == NULL)
    return NULL;
  if (explain != NULL)
    return bv_frame_new ();
  if (top.kept != NULL && top.others == NULL)
    {
      guint kept = 0;

      for (guint i = 0; i < result->rows->len; i++)
        {
          BvResultRow *row = result->rows->pdata[i];

          if (bv_values_contain (top.kept, &row->keys[top.group]))
            result->rows->pdata[kept++] = row;
          else
            bv_result_row_clear (row, plan);
        }
      g_ptr_array_set_size (result->rows, (int) kept);
    }
  /* A report's filter may have opened the range that the chart was made to compare. */
  compares = chart->compare != NULL && ((plan->has_range && plan->range.has_from) || g_strcmp0 (plan->range_spec, chart->range) == 0);
  if (compares)
    {
      BvRange current = plan->range;

      if (!bv_compare_range (plan, chart, context->now, &plan->range, error))
        {
          plan->range = current;
          return NULL;
        }
      past = bv_result_run (plan, db, &run, TRUE, NULL, cancellable, error);
      plan->range = current;
      if (past == NULL)
        return NULL;
      bv_compare_attach (result, past);
    }
  bv_sorting_sort (&sorting, result);
  n_all = bv_result_n_rows (result);
  n_rows = MIN (n_all, limit);
  frame = make_frame (result, past, chart, &run, n_rows);
  if (plan->has_range)
    bv_frame_set_range (frame, &plan->range);
  if (n_rows < n_all)
    {
      g_autofree char *text = g_strdup_printf (_("Only the first %u of %u rows are shown"), n_rows, n_all);

      bv_frame_add_note (frame, BV_NOTE_TRUNCATED, text);
    }
  if (chart->compare != NULL && !compares)
    bv_frame_add_note (frame, BV_NOTE_INFO, _("Nothing is compared: the range of time has no start"));
  if (top.kept != NULL && top.n_all > top.kept->len)
    {
      g_autofree char *text = chart->top_others ? g_strdup_printf (_("The top %u of %u groups, the rest as one"), top.kept->len, top.n_all)
                                                : g_strdup_printf (_("The top %u of %u groups; totals are of all"), top.kept->len, top.n_all);

      bv_frame_add_note (frame, BV_NOTE_INFO, text);
    }
  if (result->overlaps)
    bv_frame_add_note (frame, BV_NOTE_OVERLAPS, _("Rows belong to several groups, so the groups do not add up to the total"));
  if (result->unfilled)
    bv_frame_add_note (frame, BV_NOTE_GAP, _("There are too many points in time to show those without rows: choose a longer grain or fewer groups"));
  if (result->undated)
    bv_frame_add_note (frame, BV_NOTE_GAP, _("Rows without a date are not shown"));
  for (guint i = 0; i < plan->nodes->len; i++)
    {
      BvPlanNode *node = plan->nodes->pdata[i];

      if (plan->joined[i] && node->note != NULL)
        bv_frame_add_note (frame, BV_NOTE_KEY, node->note);
    }
  return frame;
}

char *
bv_query_explain (const BvQueryContext *context, BvChart *chart, const BvOverlay *overlay, GCancellable *cancellable, GError **error)
{
  g_autoptr(BvPlan) plan = NULL;
  g_autoptr(BvFrame) frame = NULL;
  g_autoptr(GString) sql = g_string_new (NULL);
  g_autofree char *reason = NULL;
  GString *out = g_string_new (NULL);
  char buf[BV_TIME_TEXT_MAX];

  if ((plan = bv_plan_new_attached (context, chart, overlay, &reason, cancellable, error)) == NULL ||
      (frame = bv_plan_run_rounds (context, chart, plan, sql, cancellable, error)) == NULL)
    {
      g_string_free (out, TRUE);
      return NULL;
    }
  if (plan->columns != NULL && plan->columns->refusal != NULL)
    reason = g_strdup (plan->columns->refusal);
  if (reason == NULL)
    {
      g_string_append (out, _("Executor: columns, over encoded tables; the SQL below says the same\n"));
      bv_column_explain (plan->columns, out);
    }
  else
    g_string_append_printf (out, _("Executor: SQLite, over the project's tables (%s)\n"), reason);
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

      const char *role = ((BvPlanNode *) plan->nodes->pdata[group->node])->role;

      if (group->grain != BV_GRAIN_NONE)
        /* Translators: a name, a table, its column and what it is rounded to: "Group “Created”: contacts.created, by month" */
        g_string_append_printf (out, _("Group “%s”: %s.%s, by %s\n"), group->name, role, group->field->name, bv_grain_to_noun (group->grain));
      else
        /* Translators: a name, a table and its column */
        g_string_append_printf (out, _("Group “%s”: %s.%s\n"), group->name, role, group->field->name);
    }
  if (plan->has_range)
    {
      g_autofree char *from = g_strdup (plan->range.has_from ? bv_timestamp_to_text (plan->range.from_us, buf) : "…");
      g_autofree char *to = g_strdup (plan->range.has_to ? bv_timestamp_to_text (plan->range.to_us, buf) : "…");

      /* Translators: a table, its column, two instants and the project's time zone */
      g_string_append_printf (out, _("Range of %s.%s: %s UTC – %s UTC (%s)\n"),
                              ((BvPlanNode *) plan->nodes->pdata[plan->time_node])->role, plan->time_field->name, from, to,
                              plan->model->time_zone);
    }
  for (guint i = 0; i < plan->nodes->len; i++)
    {
      BvPlanNode *node = plan->nodes->pdata[i];

      if (plan->joined[i] && node->note != NULL)
        g_string_append_printf (out, "%s\n", node->note);
    }
  g_string_append (out, sql->str);
  return g_string_free (out, FALSE);
}
