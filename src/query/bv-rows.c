/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The rows behind a number, and tables as they are. */
#include "config.h"

#include "bv-column-private.h"
#include "bv-result-private.h"

#include <glib/gi18n-lib.h>
#include <inttypes.h>
#include <string.h>

static BvPlanMeasure *
find_measure (BvPlan *plan, const char *metric, BvPlanOutput **output)
{
  for (guint i = 0; i < plan->outputs->len; i++)
    {
      BvPlanOutput *o = plan->outputs->pdata[i];

      if (metric != NULL && strcmp (o->metric->name, metric) != 0)
        continue;
      if (metric == NULL && o->hidden)
        continue;
      /* A formula's rows are those of its first part that has rows of its own. */
      while (o->formula != NULL)
        {
          if (bv_formula_get_names (o->formula)->len == 0)
            return NULL;
          o = plan->outputs->pdata[o->parts[0]];
        }
      *output = o;
      return plan->measures->pdata[o->measure];
    }
  return NULL;
}

static BvRange
bucket_range (BvPlan *plan, const BvPlanGroup *group, gint64 start)
{
  BvCalendar *calendar = plan->model->calendar;
  BvRange range = { .has_from = TRUE, .has_to = TRUE };

  if (group->grain == BV_GRAIN_HOUR)
    {
      range.from_us = start;
      range.to_us = bv_bucket_next (plan, group, start);
      range.from_day = bv_calendar_day (calendar, range.from_us);
      range.to_day = bv_calendar_day (calendar, range.to_us - 1) + 1;
    }
  else
    {
      range.from_day = start;
      range.to_day = bv_bucket_next (plan, group, start);
      range.from_us = bv_calendar_day_start (calendar, range.from_day);
      range.to_us = bv_calendar_day_start (calendar, range.to_day);
    }
  return range;
}

/* Makes @range what it has in common with @bucket, which is bounded; where that is nothing, an empty range. */
static void
narrow (BvRange *range, const BvRange *bucket, gboolean up_to_end)
{
  if (!up_to_end && (!range->has_from || range->from_us < bucket->from_us))
    {
      range->has_from = TRUE;
      range->from_us = bucket->from_us;
      range->from_day = bucket->from_day;
    }
  if (!range->has_to || range->to_us > bucket->to_us)
    {
      range->has_to = TRUE;
      range->to_us = bucket->to_us;
      range->to_day = bucket->to_day;
    }
  if (range->has_from && range->from_us > range->to_us)
    {
      range->from_us = range->to_us;
      range->from_day = range->to_day;
    }
}

/* group = value, as a predicate where that is possible: buckets become intervals. */
static BvPredicate *
group_predicate (BvPlan *plan, const BvPlanGroup *group, const BvValue *value, gboolean up_to_end)
{
  BvPredicate *predicate;

  if (group->grain == BV_GRAIN_NONE || value->type == BV_TYPE_NULL)
    {
      predicate = bv_predicate_new (BV_PREDICATE_IN);
      predicate->node = group->node;
      predicate->field = group->field;
      {
        BvValue copy = bv_value_copy (value);

        g_array_append_val (predicate->values, copy);
      }
      return predicate;
    }
  {
    BvRange range = bucket_range (plan, group, value->i);

    range.has_from = !up_to_end;
    return bv_predicate_new_range (group->node, group->field, &range);
  }
}

static BvFrame *
frame_for_table (BvTable *table)
{
  BvFrame *frame = bv_frame_new ();

  for (guint i = 0; i < table->fields->len; i++)
    {
      BvField *field = table->fields->pdata[i];

      bv_frame_add_column (frame, field->name, field->type, BV_ROLE_FIELD)->format = bv_field_get_format (field);
    }
  return frame;
}

gboolean
bv_frame_append_rows (BvFrame *frame, sqlite3_stmt *statement, sqlite3 *db, GCancellable *cancellable, GError **error)
{
  guint n = bv_frame_get_n_columns (frame);
  g_autofree BvValue *cells = g_new0 (BvValue, n + 1);
  int status;

  while ((status = sqlite3_step (statement)) == SQLITE_ROW)
    {
      for (guint i = 0; i < n; i++)
        {
          BvType type = bv_frame_get_column (frame, i)->type;

          cells[i] = bv_reader_value (statement, (int) i, type);
          /* A cell that is not of its column's type shows as empty rather than as something else. */
          if (cells[i].type == BV_TYPE_DOUBLE && type == BV_TYPE_INT)
            cells[i] = BV_VALUE_NULL;
        }
      bv_frame_append (frame, cells);
      for (guint i = 0; i < n; i++)
        bv_value_clear (&cells[i]);
    }
  if (status != SQLITE_DONE)
    return bv_sqlite_set_error (error, db, cancellable, _("The rows could not be read"));
  return TRUE;
}

static gboolean
read_count (BvSelect *sql, sqlite3 *db, const char *text, gint64 *count, GCancellable *cancellable, GError **error)
{
  sqlite3_stmt *statement = bv_select_prepare (sql, db, text, cancellable, error);
  gboolean ok;

  if (statement == NULL)
    return FALSE;
  ok = sqlite3_step (statement) == SQLITE_ROW;
  if (ok)
    *count = sqlite3_column_int64 (statement, 0);
  else
    bv_sqlite_set_error (error, db, cancellable, _("The rows could not be counted"));
  sqlite3_finalize (statement);
  return ok;
}

/* The rest of a top list: every value but those kept. */
static BvPredicate *
others_predicate (BvPlan *plan, const BvPlanGroup *group, const BvTop *top)
{
  BvPredicate *rest = bv_predicate_new (BV_PREDICATE_ALL);

  for (guint i = 0; i < top->kept->len; i++)
    {
      BvPredicate *kept = group_predicate (plan, group, &g_array_index (top->kept, BvValue, i), FALSE);

      kept->negate = TRUE;
      g_ptr_array_add (rest->children, kept);
    }
  return rest;
}

/* The value that a top list wrote as @text. */
static const BvValue *
find_kept (const BvTop *top, const char *text)
{
  for (guint i = 0; i < top->kept->len; i++)
    {
      const BvValue *value = &g_array_index (top->kept, BvValue, i);
      g_autofree char *plain = bv_value_to_plain (value);

      if (value->type != BV_TYPE_NULL && strcmp (plain, text) == 0)
        return value;
    }
  return NULL;
}

/* Whether the row of the frame has the number of the period before. */
static gboolean
has_before (BvFrame *frame, guint row, BvPlanOutput *output)
{
  int of = bv_frame_find_column (frame, output->metric->name);

  for (guint c = 0; of >= 0 && c < bv_frame_get_n_columns (frame); c++)
    if (bv_frame_get_column (frame, c)->role == BV_ROLE_COMPARE && bv_frame_get_column (frame, c)->of == of)
      return !bv_frame_is_null (frame, c, row);
  return TRUE;
}

/* What makes a row of the metric's table one of those behind the mark. Everything is decided on the same joined row, as in the run.
 * @past: (nullable): the range of the period before, when its number is meant; @span: (out): the range that the rows lie in. */
static BvPredicate *
drill_predicate (BvPlan *plan, const BvRange *past, BvPlanMeasure *measure, BvPlanOutput *output, const BvTop *top, BvFrame *frame, guint row, BvRange *span)
{
  BvPredicate *where = bv_predicate_ref (plan->where);
  BvRange range = past != NULL ? *past : plan->range;
  gboolean cumulative = output->cumulative;

  if (cumulative && output->metric->from == BV_FROM_ALL)
    range.has_from = FALSE;
  *span = range;
  if (plan->has_range)
    where = bv_predicate_and (where, bv_predicate_new_range (plan->time_node, plan->time_field, &range));
  where = bv_predicate_and (where, bv_predicate_ref (measure->where));
  /* A count of a field counts the rows that have one. */
  if (measure->aggregate == BV_AGG_COUNT && measure->field != NULL)
    {
      BvPredicate *filled = bv_predicate_new (BV_PREDICATE_INTERVAL);

      filled->node = measure->field_node;
      filled->field = measure->field;
      where = bv_predicate_and (where, filled);
    }
  if (frame == NULL || row >= bv_frame_get_n_rows (frame))
    return where;
  for (guint g = 0; g < plan->groups->len; g++)
    {
      BvPlanGroup *group = &g_array_index (plan->groups, BvPlanGroup, g);
      gboolean is_time = (int) g == plan->time_group;
      gboolean up_to_end = cumulative && is_time;
      int column = bv_frame_find_column (frame, group->name);
      BvValue value;

      if (column < 0)
        continue;
      value = bv_frame_peek (frame, (guint) column, row);
      if (is_time && bv_result_is_ranged (plan) && value.type != BV_TYPE_NULL)
        {
          BvRange bucket;

          if (past != NULL)
            value.i = bv_compare_bucket (plan, past, value.i);
          bucket = bucket_range (plan, group, value.i);
          /* A period before that is shorter has no bucket in that place, and nothing runs up to it. */
          up_to_end &= past == NULL || value.i < (group->grain == BV_GRAIN_HOUR ? past->to_us : past->to_day);
          narrow (span, &bucket, up_to_end);
        }
      else if (past != NULL)
        up_to_end &= has_before (frame, row, output);
      if (top->others != NULL && (int) g == top->group && value.type == BV_TYPE_TEXT)
        {
          const BvValue *kept = find_kept (top, value.s);

          where = bv_predicate_and (where, kept != NULL ? group_predicate (plan, group, kept, FALSE) : others_predicate (plan, group, top));
        }
      else
        where = bv_predicate_and (where, group_predicate (plan, group, &value, up_to_end));
    }
  return where;
}

/* The top list of a plan, with as many rounds of scans as that takes. */
static gboolean
find_top (BvTop *top, BvPlan *plan, BvChart *chart, sqlite3 *db, GCancellable *cancellable, GError **error)
{
  GError *failure = NULL;
  gboolean ok;

  while (!(ok = bv_top_init (top, plan, chart, db, cancellable, &failure)) && failure == NULL && plan->columns != NULL && plan->columns->pending->len > 0)
    bv_column_run_pending (&plan->columns, 1);
  if (failure != NULL)
    g_propagate_error (error, failure);
  else if (!ok)
    g_cancellable_set_error_if_cancelled (cancellable, error);
  return ok;
}

/* The fields of the rows with these numbers. */
static gboolean
append_ids (BvFrame *frame, BvTable *table, const char *fields, GArray *ids, sqlite3 *db, GCancellable *cancellable, GError **error)
{
  g_autofree char *name = bv_sql_quote (table->name);
  g_autofree char *text = g_strdup_printf ("SELECT %s FROM %s WHERE %s = ?1", fields, name, bv_table_rowid (table));
  g_auto(BvSelect) sql = { NULL, NULL };
  sqlite3_stmt *statement;
  gboolean ok = TRUE;

  bv_select_init (&sql, NULL);
  statement = bv_select_prepare (&sql, db, text, cancellable, error);
  if (statement == NULL)
    return FALSE;
  for (guint i = 0; i < ids->len && ok; i++)
    {
      sqlite3_bind_int64 (statement, 1, g_array_index (ids, gint64, i));
      ok = bv_frame_append_rows (frame, statement, db, cancellable, error);
      sqlite3_reset (statement);
    }
  sqlite3_finalize (statement);
  return ok;
}

/* The rows by what columns say. FALSE without an error when SQLite has to say. */
static gboolean
rows_on_columns (const BvQueryContext *context, BvPlan *plan, BvPlanMeasure *measure, BvPredicate *where, const char *fields, guint limit, guint64 version,
                 BvFrame *rows, gint64 *n_rows, sqlite3 *db, GCancellable *cancellable, GError **error)
{
  g_autoptr(GArray) ids = g_array_new (FALSE, FALSE, sizeof (gint64));

  if (plan->columns == NULL || plan->columns->gave_up || !bv_column_rows (plan, measure->node, where, limit, ids, n_rows, cancellable))
    {
      g_cancellable_set_error_if_cancelled (cancellable, error);
      return FALSE;
    }
  /* The numbers are those of the version that was encoded; the reader's is the same when nothing was committed meanwhile. */
  if (bv_project_get_version (context->project) != version || bv_project_is_read_only (context->project))
    return FALSE;
  return append_ids (rows, ((BvPlanNode *) plan->nodes->pdata[measure->node])->table, fields, ids, db, cancellable, error) &&
         bv_frame_get_n_rows (rows) == ids->len;
}

static gboolean
rows_on_sqlite (BvPlan *plan, BvPlanMeasure *measure, BvPredicate *where, const char *fields, guint limit, BvFrame *rows, gint64 *n_rows, sqlite3 *db,
                GCancellable *cancellable, GError **error)
{
  BvPlanNode *node = plan->nodes->pdata[measure->node];
  g_autoptr(GString) inner = g_string_new (NULL);
  g_autofree gboolean *nodes = g_new0 (gboolean, plan->nodes->len);
  g_auto(BvSelect) sql = { NULL, NULL };
  g_autofree char *rowid = NULL;
  g_autofree char *table = bv_sql_quote (node->table->name);
  g_autofree char *count = NULL;
  g_autofree char *text = NULL;
  sqlite3_stmt *statement;
  const char *plain_rowid;
  gboolean ok;

  bv_select_init (&sql, plan);
  bv_predicate_mark (where, nodes);
  rowid = bv_select_rowid (&sql, measure->node);
  plain_rowid = strchr (rowid, '.') + 1;
  g_string_append_printf (inner, "SELECT %s", rowid);
  bv_select_from (&sql, inner, measure->node, nodes);
  if (where != NULL)
    {
      g_string_append (inner, " WHERE ");
      bv_select_predicate (&sql, inner, where);
    }
  text = g_strdup_printf ("SELECT %s FROM %s WHERE %s IN (%s) ORDER BY %s LIMIT %u", fields, table, plain_rowid, inner->str, plain_rowid, limit);
  count = g_strdup_printf ("SELECT count (*) FROM %s WHERE %s IN (%s)", table, plain_rowid, inner->str);
  if (!read_count (&sql, db, count, n_rows, cancellable, error))
    return FALSE;
  statement = bv_select_prepare (&sql, db, text, cancellable, error);
  ok = statement != NULL && bv_frame_append_rows (rows, statement, db, cancellable, error);
  sqlite3_finalize (statement);
  return ok;
}

BvFrame *
bv_query_rows (const BvQueryContext *context, BvChart *chart, const BvOverlay *overlay, const char *metric,
               BvFrame *frame, guint row, gboolean before, guint limit, gint64 *n_rows, GCancellable *cancellable, GError **error)
{
  const guint64 version = bv_project_get_version (context->project);
  g_autoptr(BvPlan) plan = bv_plan_new (context, chart, overlay, cancellable, error);
  g_autoptr(BvPredicate) where = NULL;
  g_autoptr(GString) fields = g_string_new (NULL);
  g_autofree char *reason = NULL;
  g_auto(BvTop) top = { -1, NULL, 0, NULL };
  g_autoptr(BvFrame) rows = NULL;
  BvRange past, span;
  GError *failure = NULL;
  BvPlanOutput *output = NULL;
  BvPlanMeasure *measure;
  BvPlanNode *node;
  sqlite3 *db;
  gboolean ok;

  if (plan == NULL)
    return NULL;
  /* A group with a sub-total is a row of fewer groups. */
  if (frame != NULL)
    frame = bv_frame_resolve_row (frame, &row);
  measure = find_measure (plan, metric, &output);
  if (measure == NULL)
    {
      g_set_error (error, BV_ERROR, BV_ERROR_NOT_FOUND, _("“%s” has no rows of its own: choose a metric that counts or sums rows"),
                   metric != NULL ? metric : "");
      return NULL;
    }
  if (before && chart->compare == NULL)
    {
      g_set_error_literal (error, BV_ERROR, BV_ERROR_INVALID, _("The chart compares with no other period: choose one to compare with"));
      return NULL;
    }
  if (before && !bv_compare_range (plan, chart, context->now, &past, error))
    return NULL;
  if (!bv_column_attach (context, plan, &reason, cancellable, error))
    return NULL;
  node = plan->nodes->pdata[measure->node];
  db = bv_reader_open (context, cancellable, error);
  if (db == NULL)
    return NULL;
  if (chart->top_others && frame != NULL && !find_top (&top, plan, chart, db, cancellable, error))
    {
      bv_reader_close (context, db);
      return NULL;
    }
  where = drill_predicate (plan, before ? &past : NULL, measure, output, &top, frame, row, &span);
  for (guint i = 0; i < node->table->fields->len; i++)
    {
      g_autofree char *column = bv_sql_quote (((BvField *) node->table->fields->pdata[i])->name);

      g_string_append_printf (fields, "%s%s", i > 0 ? ", " : "", column);
    }
  rows = frame_for_table (node->table);
  ok = rows_on_columns (context, plan, measure, where, fields->str, limit, version, rows, n_rows, db, cancellable, &failure);
  if (!ok && failure == NULL)
    {
      bv_frame_unref (rows);
      rows = frame_for_table (node->table);
      ok = rows_on_sqlite (plan, measure, where, fields->str, limit, rows, n_rows, db, cancellable, &failure);
    }
  bv_reader_close (context, db);
  if (!ok)
    {
      g_propagate_error (error, failure);
      return NULL;
    }
  if (plan->has_range)
    bv_frame_set_range (rows, &span);
  if (*n_rows > bv_frame_get_n_rows (rows))
    {
      g_autofree char *note = g_strdup_printf (_("Only the first %u of %" PRId64 " rows are shown"), bv_frame_get_n_rows (rows), *n_rows);

      bv_frame_add_note (rows, BV_NOTE_TRUNCATED, note);
    }
  return g_steal_pointer (&rows);
}

/* --- Tables -------------------------------------------------------------------------------------------------------------------------------- */

static BvTable *
require_table (const BvQueryContext *context, const char *name, GError **error)
{
  BvTable *table = bv_model_find_table (context->model, name);

  if (table == NULL)
    g_set_error (error, BV_ERROR, BV_ERROR_NOT_FOUND, _("The table “%s” does not exist"), name);
  return table;
}

BvFrame *
bv_query_preview (const BvQueryContext *context, const char *table_name, const char *sort, guint64 offset, guint limit,
                  GCancellable *cancellable, GError **error)
{
  BvTable *table = require_table (context, table_name, error);
  g_autoptr(GString) text = g_string_new ("SELECT ");
  g_autofree char *quoted = NULL;
  g_autoptr(BvFrame) frame = NULL;
  g_auto(BvSelect) sql = { NULL, NULL };
  sqlite3_stmt *statement;
  sqlite3 *db;
  gboolean ok;

  if (table == NULL)
    return NULL;
  bv_select_init (&sql, NULL);
  frame = frame_for_table (table);
  for (guint i = 0; i < table->fields->len; i++)
    {
      g_autofree char *column = bv_sql_quote (((BvField *) table->fields->pdata[i])->name);

      g_string_append_printf (text, "%s%s", i > 0 ? ", " : "", column);
    }
  quoted = bv_sql_quote (table->name);
  g_string_append_printf (text, " FROM %s", quoted);
  if (sort != NULL && *sort != '\0')
    {
      gboolean descending = g_str_has_suffix (sort, ":desc");
      g_autofree char *name = g_strndup (sort, strlen (sort) - (descending ? 5 : 0));
      BvField *field = bv_table_find_field (table, name);
      g_autofree char *column = NULL;

      if (field == NULL)
        {
          g_set_error (error, BV_ERROR, BV_ERROR_NOT_FOUND, _("The table “%s” has no field “%s”"), table_name, name);
          return NULL;
        }
      column = bv_sql_quote (field->name);
      g_string_append_printf (text, " ORDER BY %s IS NULL, %s%s, %s", column, column, descending ? " DESC" : "", bv_table_rowid (table));
    }
  else
    g_string_append_printf (text, " ORDER BY %s", bv_table_rowid (table));
  g_string_append_printf (text, " LIMIT %u OFFSET %" G_GUINT64_FORMAT, limit, offset);
  db = bv_reader_open (context, cancellable, error);
  if (db == NULL)
    return NULL;
  statement = bv_select_prepare (&sql, db, text->str, cancellable, error);
  ok = statement != NULL && bv_frame_append_rows (frame, statement, db, cancellable, error);
  sqlite3_finalize (statement);
  bv_reader_close (context, db);
  return ok ? g_steal_pointer (&frame) : NULL;
}

/* One field's line of the profile; values are written as people's text because the column mixes types. */
static gboolean
profile_field (sqlite3 *db, BvTable *table, BvField *field, BvLocale *locale, BvFrame *frame, GCancellable *cancellable, GError **error)
{
  g_autofree char *quoted = bv_sql_quote (table->name);
  g_autofree char *plain = bv_sql_quote (field->name);
  /* Empty text is as empty as null, as for "is set". */
  g_autofree char *column = field->type == BV_TYPE_TEXT ? g_strdup_printf ("nullif (%s, '')", plain) : g_strdup (plain);
  gboolean numeric = bv_type_is_numeric (field->type);
  g_auto(BvFormat) format = bv_field_get_format (field);
  g_autofree char *average = numeric ? g_strdup_printf ("bv_average (%s)", column) : g_strdup ("NULL");
  g_autofree char *text = g_strdup_printf ("SELECT count (%s), count (*) - count (%s), count (DISTINCT %s), min (%s), max (%s), %s FROM %s",
                                           column, column, column, column, column, average, quoted);
  g_autofree char *frequent = g_strdup_printf ("SELECT %s, count (*) FROM %s WHERE %s IS NOT NULL GROUP BY 1 ORDER BY 2 DESC, 1 LIMIT 1", column, quoted, column);
  g_auto(BvSelect) sql = { NULL, NULL };
  sqlite3_stmt *statement;
  BvValue cells[10] = { 0 };
  gboolean ok;

  bv_select_init (&sql, NULL);
  cells[0] = bv_value_text (field->name);
  cells[1] = bv_value_text (bv_type_to_label (field->type));
  statement = bv_select_prepare (&sql, db, text, cancellable, error);
  ok = statement != NULL && sqlite3_step (statement) == SQLITE_ROW;
  if (ok)
    {
      for (int i = 0; i < 3; i++)
        cells[2 + i] = bv_value_int (sqlite3_column_int64 (statement, i));
      for (int i = 0; i < 3; i++)
        {
          g_auto(BvValue) value = bv_reader_value (statement, 3 + i, i == 2 ? BV_TYPE_DOUBLE : field->type);
          g_autofree char *shown = NULL;

          if (value.type == BV_TYPE_NULL)
            continue;
          shown = bv_locale_format (locale, &value, &format, BV_GRAIN_NONE);
          cells[5 + i] = bv_value_text (shown);
        }
    }
  else if (statement != NULL)
    bv_sqlite_set_error (error, db, cancellable, _("The profile could not be made"));
  sqlite3_finalize (statement);
  if (ok)
    {
      statement = bv_select_prepare (&sql, db, frequent, cancellable, error);
      ok = statement != NULL;
      if (ok && sqlite3_step (statement) == SQLITE_ROW)
        {
          g_auto(BvValue) value = bv_reader_value (statement, 0, field->type);
          g_autofree char *shown = bv_locale_format (locale, &value, &format, BV_GRAIN_NONE);

          cells[8] = bv_value_text (shown);
          cells[9] = bv_value_int (sqlite3_column_int64 (statement, 1));
        }
      else if (ok && sqlite3_errcode (db) != SQLITE_DONE && sqlite3_errcode (db) != SQLITE_OK)
        ok = bv_sqlite_set_error (error, db, cancellable, _("The profile could not be made"));
      sqlite3_finalize (statement);
    }
  if (ok)
    bv_frame_append (frame, cells);
  for (guint i = 0; i < G_N_ELEMENTS (cells); i++)
    bv_value_clear (&cells[i]);
  return ok;
}

BvFrame *
bv_query_profile (const BvQueryContext *context, const char *table_name, GCancellable *cancellable, GError **error)
{
  static const struct { const char *name; BvType type; } columns[] = {
    { "field", BV_TYPE_TEXT }, { "type", BV_TYPE_TEXT }, { "filled", BV_TYPE_INT }, { "empty", BV_TYPE_INT }, { "distinct", BV_TYPE_INT },
    { "minimum", BV_TYPE_TEXT }, { "maximum", BV_TYPE_TEXT }, { "average", BV_TYPE_TEXT }, { "most frequent", BV_TYPE_TEXT }, { "times", BV_TYPE_INT },
  };
  BvTable *table = require_table (context, table_name, error);
  g_autoptr(BvFrame) frame = bv_frame_new ();
  g_autoptr(BvLocale) locale = NULL;
  sqlite3 *db;
  gboolean ok = TRUE;

  if (table == NULL || (db = bv_reader_open (context, cancellable, error)) == NULL)
    return NULL;
  locale = bv_locale_new (NULL, context->model->currency, context->model->calendar);
  for (guint i = 0; i < G_N_ELEMENTS (columns); i++)
    bv_frame_add_column (frame, columns[i].name, columns[i].type, BV_ROLE_FIELD);
  for (guint i = 0; ok && i < table->fields->len; i++)
    ok = profile_field (db, table, table->fields->pdata[i], locale, frame, cancellable, error);
  bv_reader_close (context, db);
  return ok ? g_steal_pointer (&frame) : NULL;
}
