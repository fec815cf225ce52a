/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Parts of SQL from parts of a plan: joins along the tree, columns, groups in the project's calendar, predicates. Every value is a parameter, and null
 * never decides by itself: predicates say what they do with it, so that NOT can be put before any of them.
 */
#include "config.h"

#include "bv-select-private.h"

#include <glib/gi18n-lib.h>
#include <string.h>

static void
param_free (gpointer data)
{
  bv_value_clear (data);
  g_free (data);
}

void
bv_select_init (BvSelect *self, BvPlan *plan)
{
  self->plan = plan;
  self->params = g_ptr_array_new_with_free_func (param_free);
}

void
bv_select_clear (BvSelect *self)
{
  g_clear_pointer (&self->params, g_ptr_array_unref);
}

char *
bv_select_param (BvSelect *self, const BvValue *value)
{
  BvValue *copy = g_new (BvValue, 1);

  *copy = bv_value_copy (value);
  g_ptr_array_add (self->params, copy);
  return g_strdup_printf ("?%u", self->params->len);
}

char *
bv_select_column (BvSelect *self, int node, const char *column)
{
  g_autofree char *quoted = bv_sql_quote (column);

  return g_strdup_printf ("n%d.%s", node, quoted);
}

/* "A IN (1, 2)" and its friends; null rows match a negated test. */
static void
append_in (BvSelect *self, GString *out, const char *column, const BvPredicate *p)
{
  gboolean with_null = FALSE;
  guint n = 0;

  g_string_append_printf (out, "(%s IN (", column);
  for (guint i = 0; i < p->values->len; i++)
    {
      const BvValue *value = &g_array_index (p->values, BvValue, i);
      g_autofree char *param = NULL;

      if (value->type == BV_TYPE_NULL)
        {
          with_null = TRUE;
          continue;
        }
      param = bv_select_param (self, value);
      g_string_append_printf (out, "%s%s", n++ > 0 ? ", " : "", param);
    }
  /* IN over nothing is false even for null, so null is decided by the second half alone. */
  g_string_append_printf (out, ") AND %s IS NOT NULL", column);
  if (with_null)
    g_string_append_printf (out, " OR %s IS NULL", column);
  g_string_append_c (out, ')');
}

static void
append_interval (BvSelect *self, GString *out, const char *column, const BvPredicate *p)
{
  g_string_append_printf (out, "(%s IS NOT NULL", column);
  if (p->low.type != BV_TYPE_NULL)
    {
      g_autofree char *param = bv_select_param (self, &p->low);

      g_string_append_printf (out, " AND %s %s %s", column, p->low_open ? ">" : ">=", param);
    }
  if (p->high.type != BV_TYPE_NULL)
    {
      g_autofree char *param = bv_select_param (self, &p->high);

      g_string_append_printf (out, " AND %s %s %s", column, p->high_open ? "<" : "<=", param);
    }
  g_string_append_c (out, ')');
}

void
bv_select_predicate (BvSelect *self, GString *out, const BvPredicate *p)
{
  g_autofree char *column = NULL;

  if (p->kind == BV_PREDICATE_ALL || p->kind == BV_PREDICATE_ANY)
    {
      if (p->children->len == 0)
        {
          g_string_append (out, "1");
          return;
        }
      g_string_append_c (out, '(');
      for (guint i = 0; i < p->children->len; i++)
        {
          if (i > 0)
            g_string_append (out, p->kind == BV_PREDICATE_ALL ? " AND " : " OR ");
          bv_select_predicate (self, out, p->children->pdata[i]);
        }
      g_string_append_c (out, ')');
      return;
    }
  column = bv_select_column (self, p->node, p->field->name);
  if (p->negate)
    g_string_append (out, "(NOT ");
  if (p->kind == BV_PREDICATE_IN)
    append_in (self, out, column, p);
  else if (p->kind == BV_PREDICATE_INTERVAL)
    append_interval (self, out, column, p);
  else if (p->kind == BV_PREDICATE_EMPTY)
    {
      if (p->field->type == BV_TYPE_TEXT)
        g_string_append_printf (out, "(%s IS NULL OR %s = '')", column, column);
      else
        g_string_append_printf (out, "(%s IS NULL)", column);
    }
  else
    {
      static const char *const functions[] = { "bv_contains", "bv_starts", "bv_ends" };

      g_string_append (out, "(0");
      for (guint i = 0; i < p->values->len; i++)
        {
          g_autofree char *param = bv_select_param (self, &g_array_index (p->values, BvValue, i));

          g_string_append_printf (out, " OR %s (%s, %s)", functions[p->match], column, param);
        }
      g_string_append_c (out, ')');
    }
  if (p->negate)
    g_string_append_c (out, ')');
}

char *
bv_select_group (BvSelect *self, const BvPlanGroup *group)
{
  g_autofree char *column = bv_select_column (self, group->node, group->field->name);

  if (group->grain == BV_GRAIN_NONE || (group->grain == BV_GRAIN_DAY && group->field->type == BV_TYPE_DATE))
    return g_steal_pointer (&column);
  return g_strdup_printf ("bv_bucket (%s, %d)", column, (int) group->grain);
}

gboolean
bv_select_from (BvSelect *self, GString *out, int from, const gboolean *nodes)
{
  BvPlan *plan = self->plan;
  guint n = plan->nodes->len;
  g_autofree gboolean *needed = g_new0 (gboolean, n);
  g_autofree gboolean *joined = g_new0 (gboolean, n);
  g_autofree char *table = NULL;
  gboolean fans_out = FALSE;
  gboolean progress = TRUE;
  guint meeting = 0;

  /* All nodes on the paths between @from and the marked ones: up from each to the root, then cut above the meeting point. */
  for (guint i = 0; i < n; i++)
    if (nodes[i] || (int) i == from)
      for (int k = (int) i; k >= 0; k = ((BvPlanNode *) plan->nodes->pdata[k])->parent)
        needed[k] = TRUE;
  for (;;)
    {
      int child = -1;
      guint children = 0;

      for (guint i = 0; i < n; i++)
        if (needed[i] && ((BvPlanNode *) plan->nodes->pdata[i])->parent == (int) meeting)
          {
            child = (int) i;
            children++;
          }
      if (children != 1 || nodes[meeting] || (int) meeting == from)
        break;
      needed[meeting] = FALSE;
      meeting = (guint) child;
    }

  table = bv_sql_quote (((BvPlanNode *) plan->nodes->pdata[from])->table->name);
  g_string_append_printf (out, " FROM %s AS n%d", table, from);
  joined[from] = TRUE;
  while (progress)
    {
      progress = FALSE;
      for (guint i = 0; i < n; i++)
        {
          BvPlanNode *node = plan->nodes->pdata[i];
          int parent = node->parent;
          gboolean down = parent >= 0 && needed[i] && needed[parent] && joined[parent] && !joined[i];
          gboolean up = parent >= 0 && needed[i] && needed[parent] && joined[i] && !joined[parent];
          int target = down ? (int) i : parent;
          g_autofree char *name = NULL;
          g_autofree char *a = NULL;
          g_autofree char *b = NULL;

          if (!down && !up)
            continue;
          name = bv_sql_quote (((BvPlanNode *) plan->nodes->pdata[target])->table->name);
          a = bv_select_column (self, parent, node->parent_column);
          b = bv_select_column (self, (int) i, node->column);
          g_string_append_printf (out, " LEFT JOIN %s AS n%d ON %s = %s", name, target, a, b);
          joined[target] = TRUE;
          self->plan->joined[target] = TRUE;
          fans_out = fans_out || (down ? !node->one_down : !node->one_up);
          progress = TRUE;
        }
    }
  return fans_out;
}

const char *
bv_table_rowid (BvTable *table)
{
  static const char *const names[] = { "rowid", "_rowid_", "oid" };
  guint i = 0;

  while (i + 1 < G_N_ELEMENTS (names) && bv_table_find_field (table, names[i]) != NULL)
    i++;
  return names[i];
}

char *
bv_select_rowid (BvSelect *self, int node)
{
  return g_strdup_printf ("n%d.%s", node, bv_table_rowid (((BvPlanNode *) self->plan->nodes->pdata[node])->table));
}

void
bv_select_equals (BvSelect *self, GString *out, const char *expression, const BvValue *value)
{
  g_autofree char *param = bv_select_param (self, value);

  g_string_append_printf (out, "%s IS %s", expression, param);
}

sqlite3_stmt *
bv_select_prepare (BvSelect *self, sqlite3 *db, const char *text, GCancellable *cancellable, GError **error)
{
  sqlite3_stmt *statement = NULL;

  if (sqlite3_prepare_v2 (db, text, -1, &statement, NULL) != SQLITE_OK)
    {
      bv_sqlite_set_error (error, db, cancellable, _("The query could not be run"));
      return NULL;
    }
  for (guint i = 0; i < self->params->len; i++)
    {
      const BvValue *value = self->params->pdata[i];
      char buf[BV_TIME_TEXT_MAX];
      int index = (int) i + 1;

      switch (value->type)
        {
        case BV_TYPE_NULL:
          sqlite3_bind_null (statement, index);
          break;
        case BV_TYPE_DOUBLE:
          sqlite3_bind_double (statement, index, value->d);
          break;
        case BV_TYPE_TEXT:
          sqlite3_bind_text (statement, index, value->s, -1, SQLITE_STATIC);
          break;
        case BV_TYPE_DATE:
          sqlite3_bind_text (statement, index, bv_date_to_text (value->i, buf), -1, SQLITE_TRANSIENT);
          break;
        case BV_TYPE_TIMESTAMP:
          sqlite3_bind_text (statement, index, bv_timestamp_to_text (value->i, buf), -1, SQLITE_TRANSIENT);
          break;
        case BV_TYPE_BOOL:
        case BV_TYPE_INT:
        default:
          sqlite3_bind_int64 (statement, index, value->i);
          break;
        }
    }
  return statement;
}

BvValue
bv_reader_value (sqlite3_stmt *statement, int column, BvType type)
{
  BvValue value = BV_VALUE_NULL;
  int kind = sqlite3_column_type (statement, column);
  const char *text;

  if (kind == SQLITE_NULL)
    return value;
  switch (type)
    {
    case BV_TYPE_BOOL:
      return bv_value_bool (sqlite3_column_int64 (statement, column) != 0);
    case BV_TYPE_INT:
      /* A sum of integers that left the range of 64 bits is a double. */
      if (kind == SQLITE_FLOAT)
        return bv_value_double (sqlite3_column_double (statement, column));
      return bv_value_int (sqlite3_column_int64 (statement, column));
    case BV_TYPE_DOUBLE:
      return bv_value_double (sqlite3_column_double (statement, column));
    case BV_TYPE_DATE:
    case BV_TYPE_TIMESTAMP:
      text = (const char *) sqlite3_column_text (statement, column);
      if (!bv_value_from_plain (text, type, &value))
        return BV_VALUE_NULL;
      return value;
    case BV_TYPE_TEXT:
    case BV_TYPE_NULL:
    default:
      return bv_value_text ((const char *) sqlite3_column_text (statement, column));
    }
}

gboolean
bv_reader_is_gap (sqlite3_stmt *statement, int column)
{
  return sqlite3_column_type (statement, column) == SQLITE_TEXT;
}
