/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which executor a plan runs on: columns when every table it needs is encoded at its present version, else SQLite. */
#include "config.h"

#include "bv-awaited.h"
#include "bv-column-private.h"
#include "bv-key-private.h"

#include <glib/gi18n-lib.h>
#include <string.h>

static void
append_key (GString *out, const BvPredicate *p)
{
  g_string_append_c (out, (char) ('A' + p->kind));
  if (p->children != NULL)
    {
      bv_key_add_number (out, p->children->len);
      for (guint i = 0; i < p->children->len; i++)
        g_string_append (out, bv_column_predicate_key (p->children->pdata[i]));
      return;
    }
  bv_key_add_number (out, p->node);
  bv_key_add_text (out, p->field->name);
  bv_key_add_number (out, (p->negate ? 1 : 0) + (p->low_open ? 2 : 0) + (p->high_open ? 4 : 0) + 8 * (gint64) p->match);
  bv_key_add_number (out, p->values->len);
  for (guint i = 0; i < p->values->len; i++)
    bv_key_add_value (out, &g_array_index (p->values, BvValue, i));
  bv_key_add_value (out, &p->low);
  bv_key_add_value (out, &p->high);
}

const char *
bv_column_predicate_key (const BvPredicate *predicate)
{
  char **place;

  if (predicate == NULL)
    return "";
  place = &((BvPredicate *) predicate)->key;
  if (g_atomic_pointer_get (place) == NULL)
    {
      GString *out = g_string_sized_new (128);
      char *key;

      append_key (out, predicate);
      key = g_string_free (out, FALSE);
      /* Threads may share a predicate: the first one's key stays. */
      if (!g_atomic_pointer_compare_and_exchange (place, NULL, key))
        g_free (key);
    }
  return g_atomic_pointer_get (place);
}

void
bv_column_session_free (BvColumnSession *self)
{
  if (self == NULL)
    return;
  g_ptr_array_unref (self->legs);
  g_ptr_array_unref (self->pending);
  for (guint i = 0; i < self->n_nodes; i++)
    bv_encoded_table_unref (self->tables[i]);
  g_free (self->tables);
  g_free (self->refusal);
  g_ptr_array_unref (self->held);
  g_free (self);
}

/* The nodes whose columns the plan reads, and those on the way between them. */
static void
mark_needed (BvPlan *plan, gboolean *nodes)
{
  bv_predicate_mark (plan->where, nodes);
  if (plan->time_node >= 0)
    nodes[plan->time_node] = TRUE;
  for (guint i = 0; i < plan->groups->len; i++)
    nodes[g_array_index (plan->groups, BvPlanGroup, i).node] = TRUE;
  for (guint i = 0; i < plan->measures->len; i++)
    {
      BvPlanMeasure *measure = plan->measures->pdata[i];

      nodes[measure->node] = TRUE;
      if (measure->field != NULL)
        nodes[measure->field_node] = TRUE;
      bv_predicate_mark (measure->where, nodes);
    }
  if (plan->measures->len == 0)
    nodes[0] = TRUE;
  for (guint i = 0; i < plan->nodes->len; i++)
    if (nodes[i])
      for (int k = (int) i; k >= 0; k = ((BvPlanNode *) plan->nodes->pdata[k])->parent)
        nodes[k] = TRUE;
}

/* Where SQLite may not answer, a damaged file must be found before the query begins. */
static BvEncodedTable *
make_sound (BvColumnStore *store, const BvQueryContext *context, const char *name, BvModel *model, GCancellable *cancellable, GError **error)
{
  BvEncodedTable *table = bv_column_store_make (store, context->project, name, model, cancellable, error);

  if (table == NULL || bv_encoded_table_verify_all (table))
    return table;
  bv_encoded_table_unref (table);
  return bv_column_store_make (store, context->project, name, model, cancellable, error);
}

/* Below this, SQLite has answered before a table is encoded. */
#define PATIENT_ROWS 200000

static gboolean
is_large (BvPlan *plan, const gboolean *nodes)
{
  for (guint i = 0; i < plan->nodes->len; i++)
    if (nodes[i] && ((BvPlanNode *) plan->nodes->pdata[i])->table->n_rows >= PATIENT_ROWS)
      return TRUE;
  return FALSE;
}

/* A table that is there, or that is made now with @make. */
static BvEncodedTable *
find_table (const BvQueryContext *context, BvColumnStore *store, const char *name, BvModel *model, gboolean make, GCancellable *cancellable,
            GError **error)
{
  BvEncodedTable *table;

  if (make)
    return make_sound (store, context, name, model, cancellable, error);
  table = bv_column_store_get (store, context->project, name, model, TRUE);
  if (table != NULL || context->awaited == NULL)
    return table;
  bv_awaited_add (context->awaited, name);
  /* It may have arrived before it was awaited. */
  return bv_column_store_get (store, context->project, name, model, FALSE);
}

gboolean
bv_column_attach (const BvQueryContext *context, BvPlan *plan, char **reason, GCancellable *cancellable, GError **error)
{
  g_autofree gboolean *nodes = g_new0 (gboolean, plan->nodes->len);
  g_autoptr(BvColumnStore) own = NULL;
  BvColumnStore *store = context->columns;
  BvColumnSession *session;
  gboolean forced = context->executor == BV_EXECUTOR_COLUMNS;

  if (context->executor == BV_EXECUTOR_SQLITE)
    {
      *reason = g_strdup (_("it was asked for"));
      return TRUE;
    }
  if (store == NULL && !forced)
    {
      *reason = g_strdup (_("nothing is encoded"));
      return TRUE;
    }
  mark_needed (plan, nodes);
  if (context->patient && !forced && !is_large (plan, nodes))
    {
      *reason = g_strdup (_("its tables are small"));
      return TRUE;
    }
  if (store == NULL)
    store = own = bv_column_store_new ();
  session = g_new0 (BvColumnSession, 1);
  session->plan = plan;
  session->n_nodes = plan->nodes->len;
  session->tables = g_new0 (BvEncodedTable *, plan->nodes->len);
  session->only = forced;
  session->held = g_ptr_array_new_with_free_func ((GDestroyNotify) g_bytes_unref);
  session->legs = g_ptr_array_new_with_free_func (bv_column_leg_free);
  session->pending = g_ptr_array_new ();
  for (guint i = 0; i < plan->nodes->len; i++)
    {
      const char *table = ((BvPlanNode *) plan->nodes->pdata[i])->table->name;

      if (!nodes[i])
        continue;
      session->tables[i] = find_table (context, store, table, plan->model, forced || context->patient, cancellable, forced ? error : NULL);
      if (session->tables[i] == NULL && *reason == NULL)
        *reason = g_strdup_printf (_("“%s” is not encoded yet"), table);
      if (session->tables[i] == NULL && forced)
        break;
    }
  if (*reason != NULL)
    {
      bv_column_session_free (session);
      return !forced;
    }
  plan->columns = session;
  return TRUE;
}

gboolean
bv_column_count_repeating (const BvQueryContext *context, const char *table_name, const char *column_name, gint64 *n_repeating)
{
  g_autoptr(BvEncodedTable) table = NULL;
  g_autoptr(GBytes) known = NULL;
  g_autofree char *key = g_strconcat ("repeating ", column_name, NULL);
  const BvEncodedColumn *column;

  if (context->executor == BV_EXECUTOR_SQLITE || context->columns == NULL)
    return FALSE;
  table = bv_column_store_get (context->columns, context->project, table_name, context->model, FALSE);
  column = table != NULL ? bv_encoded_table_find (table, column_name) : NULL;
  if (column == NULL || !column->sound || column->coding == BV_CODING_INSTANTS || !bv_encoded_table_verify (table, column))
    return FALSE;
  known = bv_encoded_table_get_derived (table, key);
  if (known == NULL)
    {
      g_autofree guint8 *times = g_malloc0 (column->n_codes);
      gint64 n = 0;

      for (guint64 row = 0; row < table->n_rows; row++)
        {
          guint32 code = bv_encoded_code (column, row);

          n += code != 0 && times[code] == 1;
          times[code] += times[code] < 2;
        }
      known = bv_encoded_table_put_derived (table, key, g_bytes_new (&n, sizeof n));
    }
  memcpy (n_repeating, g_bytes_get_data (known, NULL), sizeof *n_repeating);
  return TRUE;
}
