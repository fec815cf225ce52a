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

/* FALSE without an error when SQLite has to say. */
static gboolean
values_on_columns (const BvQueryContext *context, BvPlan *plan, int node, BvField *field, int label_node, BvField *shown, BvPredicate *predicate,
                   const char *search, guint limit, BvFrame *frame, GCancellable *cancellable, GError **error)
{
  BvPlanGroup group = { .name = g_strdup (field->name), .node = node, .field = field, .type = field->type };
  gboolean searches = search != NULL && *search != '\0';
  g_autofree char *reason = NULL;

  g_array_append_val (plan->groups, group);
  plan->where = bv_predicate_ref (predicate);
  if (searches && (shown != NULL ? shown : field)->type != BV_TYPE_TEXT)
    return FALSE;
  if (searches)
    plan->where = bv_predicate_and (plan->where, search_predicate (label_node, shown != NULL ? shown : field, search));
  if (label_node != node || !bv_column_attach (context, plan, &reason, cancellable, error) || plan->columns == NULL)
    return FALSE;
  return bv_column_values (plan, shown, limit, frame, cancellable, error);
}

static gboolean
values_on_sqlite (const BvQueryContext *context, BvPlan *plan, int node, BvField *field, int label_node, BvField *shown, BvPredicate *predicate,
                  const char *search, guint limit, BvFrame *frame, GCancellable *cancellable, GError **error)
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
  nodes[0] = nodes[label_node] = TRUE;
  bv_predicate_mark (predicate, nodes);
  column = bv_select_column (&sql, node, field->name);
  label = shown != NULL ? bv_select_column (&sql, label_node, shown->name) : NULL;
  root = bv_select_rowid (&sql, 0);
  if (label != NULL)
    g_string_append_printf (text, "%s, min (%s) AS shown, count (DISTINCT %s)", column, label, root);
  else
    g_string_append_printf (text, "%s AS shown, count (DISTINCT %s)", column, root);
  bv_select_from (&sql, text, node, nodes);
  g_string_append (text, " WHERE 1");
  if (predicate != NULL)
    {
      g_string_append (text, " AND ");
      bv_select_predicate (&sql, text, predicate);
    }
  if (search != NULL && *search != '\0')
    {
      g_autofree char *folded = g_utf8_casefold (search, -1);
      BvValue needle = bv_value_text (folded);
      g_autofree char *param = bv_select_param (&sql, &needle);

      g_string_append_printf (text, " AND bv_contains (CAST (%s AS TEXT), %s)", label != NULL ? label : column, param);
      bv_value_clear (&needle);
    }
  g_string_append_printf (text, " GROUP BY 1 ORDER BY shown IS NULL, shown%s, 1 LIMIT %" G_GUINT64_FORMAT,
                          (label != NULL ? shown : field)->type == BV_TYPE_TEXT ? " COLLATE NOCASE" : "", (guint64) limit + 1);
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
  g_autoptr(BvPredicate) predicate = NULL;
  g_autofree char *role = NULL;
  g_autofree char *label_role = NULL;
  g_autoptr(BvFrame) frame = NULL;
  BvField *field, *shown = NULL;
  int node, label_node = -1;
  GError *failure = NULL;

  if (exploration == NULL)
    {
      g_set_error (error, BV_ERROR, BV_ERROR_NOT_FOUND, _("The exploration “%s” does not exist: check the name"), exploration_name);
      return NULL;
    }
  plan = bv_plan_new_tree (context, exploration, cancellable, error);
  if (plan == NULL || (field = bv_exploration_resolve_field (exploration, context->model, field_ref, &role, NULL, error)) == NULL ||
      (label_field != NULL && (shown = bv_exploration_resolve_field (exploration, context->model, label_field, &label_role, NULL, error)) == NULL) ||
      !bv_plan_resolve_condition (plan, context->now, where, &predicate, error))
    return NULL;
  node = bv_plan_find_node (plan, role);
  label_node = shown != NULL ? bv_plan_find_node (plan, label_role) : node;
  if (node < 0 || label_node < 0)
    {
      g_set_error (error, BV_ERROR, BV_ERROR_NOT_FOUND, _("“%s” cannot be reached: mend the related table it hangs under"), field_ref);
      return NULL;
    }

  frame = bv_frame_new ();
  bv_frame_add_column (frame, "value", field->type, BV_ROLE_DIMENSION)->format = bv_field_get_format (field);
  if (shown != NULL)
    bv_frame_add_column (frame, "label", shown->type, BV_ROLE_DIMENSION)->format = bv_format_copy (&shown->format);
  bv_frame_add_column (frame, "rows", BV_TYPE_INT, BV_ROLE_METRIC);
  if ((context->executor == BV_EXECUTOR_SQLITE ||
       !values_on_columns (context, plan, node, field, label_node, shown, predicate, search, limit, frame, cancellable, &failure)) &&
      (failure != NULL ||
       !values_on_sqlite (context, plan, node, field, label_node, shown, predicate, search, limit, frame, cancellable, &failure)))
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
