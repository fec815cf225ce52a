/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The values of a field with the rows behind each, for filters to choose from: on columns where the tables lie as they mostly do, else by SQLite. */
#include "config.h"

#include "bv-column-private.h"
#include "bv-result-private.h"

#include <glib/gi18n-lib.h>
#include <inttypes.h>

/* The text that is searched, as a test of the field that is shown. */
static BvPredicate *
search_predicate (int node, BvField *field, const char *search)
{
  BvPredicate *predicate = bv_predicate_new (BV_PREDICATE_MATCH);
  g_autofree char *folded = g_utf8_casefold (search, -1);
  BvValue needle = bv_value_text (folded);

  predicate->node = node;
  predicate->field = field;
  predicate->match = BV_MATCH_CONTAINS;
  g_array_append_val (predicate->values, needle);
  return predicate;
}

/* What is listed. */
typedef struct
{
  int node, label_node;
  BvField *field;
  BvField *shown;         /* (nullable): the label */
  BvPredicate *predicate; /* (nullable) */
  BvField *gone;          /* (nullable): the mark of the field's table, of rows that no row of the root belongs to */
  const char *search;     /* (nullable) */
  guint limit;
} List;

static gboolean
searches (const List *list)
{
  return list->search != NULL && *list->search != '\0';
}

/* The field that marks the rows of a node as gone at their source, if these are to be left out. */
static BvField *
find_mark (BvPlan *plan, const List *list, int node)
{
  g_autoptr(BvPredicate) present = bv_plan_present (plan, node, list->predicate);

  if (present == NULL || (list->node == node && list->field == present->field) || (list->label_node == node && list->shown == present->field))
    return NULL;
  return present->field;
}

/* Rows that are gone at their source do not count, and what only they have is not listed; what rows of the root still point at is. */
static void
leave_out (BvPlan *plan, List *list)
{
  BvField *mark = find_mark (plan, list, 0);

  list->gone = list->node != 0 ? find_mark (plan, list, list->node) : NULL;
  if (mark != NULL)
    list->predicate = bv_predicate_and (list->predicate, bv_plan_present (plan, 0, list->predicate));
}

/* FALSE without an error when SQLite has to say. */
static gboolean
values_on_columns (const BvQueryContext *context, BvPlan *plan, const List *list, BvFrame *frame, GCancellable *cancellable, GError **error)
{
  BvField *searched = list->shown != NULL ? list->shown : list->field;
  BvPlanGroup group = { .name = g_strdup (list->field->name), .node = list->node, .field = list->field, .type = list->field->type };
  g_autofree char *reason = NULL;

  g_array_append_val (plan->groups, group);
  plan->where = bv_predicate_ref (list->predicate);
  if (searches (list) && searched->type != BV_TYPE_TEXT)
    return FALSE;
  if (searches (list))
    plan->where = bv_predicate_and (plan->where, search_predicate (list->label_node, searched, list->search));
  if (list->label_node != list->node || !bv_column_attach (context, plan, &reason, cancellable, error) || plan->columns == NULL)
    return FALSE;
  return bv_column_values (plan, list->shown, list->gone, list->limit, frame, cancellable, error);
}

static gboolean
values_on_sqlite (const BvQueryContext *context, BvPlan *plan, const List *list, BvFrame *frame, GCancellable *cancellable, GError **error)
{
  g_autofree gboolean *nodes = NULL;
  g_autoptr(GString) text = g_string_new ("SELECT ");
  g_autofree char *column = NULL;
  g_autofree char *label = NULL;
  g_autofree char *root = NULL;
  g_auto(BvSelect) sql = { NULL, NULL };
  sqlite3_stmt *statement;
  sqlite3 *db;
  gboolean ok;

  bv_select_init (&sql, plan);
  nodes = g_new0 (gboolean, plan->nodes->len);
  nodes[0] = nodes[list->label_node] = TRUE;
  bv_predicate_mark (list->predicate, nodes);
  column = bv_select_column (&sql, list->node, list->field->name);
  label = list->shown != NULL ? bv_select_column (&sql, list->label_node, list->shown->name) : NULL;
  root = bv_select_rowid (&sql, 0);
  if (label != NULL)
    g_string_append_printf (text, "%s, min (%s) AS shown, count (DISTINCT %s)", column, label, root);
  else
    g_string_append_printf (text, "%s AS shown, count (DISTINCT %s)", column, root);
  bv_select_from (&sql, text, list->node, nodes);
  g_string_append (text, " WHERE 1");
  if (list->predicate != NULL)
    {
      g_string_append (text, " AND ");
      bv_select_predicate (&sql, text, list->predicate);
    }
  if (list->gone != NULL)
    {
      g_autofree char *mark = bv_select_column (&sql, list->node, list->gone->name);

      g_string_append_printf (text, " AND (%s IS NULL OR %s IS NOT NULL)", mark, root);
    }
  if (searches (list))
    {
      g_autofree char *folded = g_utf8_casefold (list->search, -1);
      BvValue needle = bv_value_text (folded);
      g_autofree char *param = bv_select_param (&sql, &needle);

      g_string_append_printf (text, " AND bv_contains (CAST (%s AS TEXT), %s)", label != NULL ? label : column, param);
      bv_value_clear (&needle);
    }
  g_string_append_printf (text, " GROUP BY 1 ORDER BY shown IS NULL, shown%s, 1 LIMIT %" G_GUINT64_FORMAT,
                          (label != NULL ? list->shown : list->field)->type == BV_TYPE_TEXT ? " COLLATE NOCASE" : "", (guint64) list->limit + 1);
  db = bv_reader_open (context, cancellable, error);
  if (db == NULL)
    return FALSE;
  statement = bv_select_prepare (&sql, db, text->str, cancellable, error);
  ok = statement != NULL && bv_frame_append_rows (frame, statement, db, cancellable, error);
  sqlite3_finalize (statement);
  bv_reader_close (context, db);
  return ok;
}

BvFrame *
bv_query_values (const BvQueryContext *context, const char *exploration_name, const char *field_ref, const char *label_field,
                 const BvCondition *where, const char *search, guint limit, GCancellable *cancellable, GError **error)
{
  BvExploration *exploration = bv_model_find_exploration (context->model, exploration_name);
  g_autoptr(BvPlan) plan = NULL;
  g_autofree char *role = NULL;
  g_autofree char *label_role = NULL;
  g_autoptr(BvFrame) frame = NULL;
  List list = { .search = search, .limit = limit };
  gboolean ok;
  GError *failure = NULL;

  if (exploration == NULL)
    {
      g_set_error (error, BV_ERROR, BV_ERROR_NOT_FOUND, _("The exploration “%s” does not exist: check the name"), exploration_name);
      return NULL;
    }
  plan = bv_plan_new_tree (context, exploration, cancellable, error);
  if (plan == NULL || (list.field = bv_exploration_resolve_field (exploration, context->model, field_ref, &role, NULL, error)) == NULL ||
      (label_field != NULL && (list.shown = bv_exploration_resolve_field (exploration, context->model, label_field, &label_role, NULL, error)) == NULL) ||
      !bv_plan_resolve_condition (plan, context->now, where, &list.predicate, error))
    return NULL;
  list.node = bv_plan_find_node (plan, role);
  list.label_node = list.shown != NULL ? bv_plan_find_node (plan, label_role) : list.node;
  if (list.node < 0 || list.label_node < 0)
    {
      bv_predicate_free (list.predicate);
      g_set_error (error, BV_ERROR, BV_ERROR_NOT_FOUND, _("“%s” cannot be reached: mend the related table it hangs under"), field_ref);
      return NULL;
    }
  leave_out (plan, &list);

  frame = bv_frame_new ();
  bv_frame_add_column (frame, "value", list.field->type, BV_ROLE_DIMENSION)->format = bv_field_get_format (list.field);
  if (list.shown != NULL)
    bv_frame_add_column (frame, "label", list.shown->type, BV_ROLE_DIMENSION)->format = bv_format_copy (&list.shown->format);
  bv_frame_add_column (frame, "rows", BV_TYPE_INT, BV_ROLE_METRIC);
  ok = context->executor != BV_EXECUTOR_SQLITE && values_on_columns (context, plan, &list, frame, cancellable, &failure);
  ok = ok || (failure == NULL && values_on_sqlite (context, plan, &list, frame, cancellable, &failure));
  bv_predicate_free (list.predicate);
  if (!ok)
    {
      g_propagate_error (error, failure);
      return NULL;
    }
  if (bv_frame_get_n_rows (frame) > limit)
    {
      g_autofree guint *order = g_new (guint, limit + 1);
      g_autofree char *note = g_strdup_printf (_("Only the first %u values are listed: search for others"), limit);
      BvFrame *cut;

      for (guint i = 0; i < limit; i++)
        order[i] = i;
      cut = bv_frame_pick (frame, order, limit);
      bv_frame_add_note (cut, BV_NOTE_TRUNCATED, note);
      return cut;
    }
  return g_steal_pointer (&frame);
}
