/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Changes: a list of operations as their author states them, turned into journal operations at the commit. */
#include "config.h"

#include "bv-project-private.h"

#include <glib/gi18n-lib.h>
#include <string.h>

typedef enum { OP_PUT, OP_DELETE, OP_DROP_TABLE, OP_SET_KEY } BvOpKind;

typedef struct
{
  BvOpKind kind;
  char *subject;       /* uuid or table */
  char *definition_kind;
  char *name;          /* of a definition */
  char *body;
  gint64 position;
  char **key;
} BvOp;

struct _BvChange
{
  char *name;
  char *coalesce;
  GPtrArray *ops;
};

static void
op_free (gpointer data)
{
  BvOp *op = data;

  g_free (op->subject);
  g_free (op->definition_kind);
  g_free (op->name);
  g_free (op->body);
  g_strfreev (op->key);
  g_free (op);
}

BvChange *
bv_change_new (const char *name)
{
  BvChange *change = g_new0 (BvChange, 1);

  change->name = g_strdup (name != NULL ? name : "");
  change->ops = g_ptr_array_new_with_free_func (op_free);
  return change;
}

void
bv_change_free (BvChange *change)
{
  if (change == NULL)
    return;
  g_free (change->name);
  g_free (change->coalesce);
  g_ptr_array_unref (change->ops);
  g_free (change);
}

static BvOp *
add_op (BvChange *change, BvOpKind kind, const char *subject)
{
  BvOp *op = g_new0 (BvOp, 1);

  op->kind = kind;
  op->subject = g_strdup (subject);
  g_ptr_array_add (change->ops, op);
  return op;
}

const char *
bv_change_put (BvChange *change, const char *uuid, const char *kind, const char *name, const char *body, gint64 position)
{
  g_autofree char *made = uuid == NULL ? g_uuid_string_random () : NULL;
  BvOp *op;

  g_return_val_if_fail (change != NULL && kind != NULL && name != NULL && body != NULL, NULL);

  op = add_op (change, OP_PUT, uuid != NULL ? uuid : made);
  op->definition_kind = g_strdup (kind);
  op->name = g_strdup (name);
  op->body = g_strdup (body);
  op->position = position;
  return op->subject;
}

void
bv_change_delete (BvChange *change, const char *uuid)
{
  g_return_if_fail (change != NULL && uuid != NULL);

  add_op (change, OP_DELETE, uuid);
}

void
bv_change_drop_table (BvChange *change, const char *table)
{
  g_return_if_fail (change != NULL && table != NULL);

  add_op (change, OP_DROP_TABLE, table);
}

void
bv_change_set_key (BvChange *change, const char *table, const char *const *key)
{
  g_return_if_fail (change != NULL && table != NULL);

  add_op (change, OP_SET_KEY, table)->key = g_strdupv ((char **) key);
}

void
bv_change_set_coalesce (BvChange *change, const char *coalesce_key)
{
  g_return_if_fail (change != NULL);

  g_free (change->coalesce);
  change->coalesce = g_strdup (coalesce_key);
}

static gboolean
apply_put (BvOp *op, BvStep *step, GError **error)
{
  g_autofree char *before = NULL;
  g_autofree char *after = NULL;
  g_autoptr (BvStmt) stmt = NULL;
  gint64 valid;
  gboolean row;

  if (!g_utf8_validate (op->name, -1, NULL) || !g_utf8_validate (op->body, -1, NULL) ||
      !g_utf8_validate (op->definition_kind, -1, NULL))
    {
      g_set_error (error, BV_ERROR, BV_ERROR_INVALID, _("A definition's name or content is not valid text: correct it"));
      return FALSE;
    }
  if (!bv_sql_get_int (step->db, error, &valid, "SELECT json_valid(?)", "t", op->body) ||
      !bv_definition_get_state (step->db, op->subject, &before, error))
    return FALSE;
  if (!valid)
    {
      g_set_error (error, BV_ERROR, BV_ERROR_INVALID, _("The definition “%s” is not valid JSON: correct it"), op->name);
      return FALSE;
    }
  stmt = bv_sql_prepare (step->db, error,
                         "SELECT json_object('kind', ?2, 'name', ?3, 'body', ?4, 'position', CASE WHEN ?5 >= 0 THEN ?5 ELSE coalesce("
                         "(SELECT position FROM bv_definition WHERE uuid = ?1 AND kind = ?2),"
                         "(SELECT max(position) + 1 FROM bv_definition WHERE kind = ?2), 0) END)",
                         "tttti", op->subject, op->definition_kind, op->name, op->body, op->position);
  if (stmt == NULL || !bv_sql_step (stmt, &row, error))
    return FALSE;
  after = bv_sql_dup (stmt, 0);
  g_clear_pointer (&stmt, sqlite3_finalize);
  if (g_strcmp0 (before, after) == 0)
    return TRUE;
  return bv_step_do (step, "definition", op->subject, before, after, error);
}

static gboolean
apply_delete (BvOp *op, BvStep *step, GError **error)
{
  g_autofree char *before = NULL;

  if (!bv_definition_get_state (step->db, op->subject, &before, error))
    return FALSE;
  if (before == NULL)
    {
      g_set_error (error, BV_ERROR, BV_ERROR_NOT_FOUND, _("The definition to delete does not exist any more: choose another"));
      return FALSE;
    }
  return bv_step_do (step, "definition", op->subject, before, NULL, error);
}

/* The table as the catalogue writes its name. */
static BvTableInfo *
find_table (BvStep *step, const char *name, GError **error)
{
  g_autoptr (GPtrArray) list = bv_catalogue_list (step->db, name, error);

  if (list == NULL)
    return NULL;
  if (list->len == 0)
    {
      g_set_error (error, BV_ERROR, BV_ERROR_NOT_FOUND, _("There is no table “%s”: choose another"), name);
      return NULL;
    }
  return g_ptr_array_steal_index (list, 0);
}

static gboolean
apply_drop (BvOp *op, BvStep *step, GError **error)
{
  g_autoptr (BvTableInfo) info = find_table (step, op->subject, error);
  g_autofree char *before = NULL;

  if (info == NULL || !bv_step_check_free (step->db, info->name, error) ||
      !bv_catalogue_get_state (step->db, info->name, &before, error))
    return FALSE;
  return bv_step_do (step, "table", info->name, before, NULL, error);
}

static gboolean
apply_key (BvOp *op, BvStep *step, GError **error)
{
  g_autoptr (BvTableInfo) info = find_table (step, op->subject, error);
  g_autofree char *before = NULL;
  g_autofree char *after = NULL;

  if (info == NULL)
    return FALSE;
  for (guint i = 0; op->key != NULL && op->key[i] != NULL; i++)
    {
      gboolean found = FALSE;

      for (guint j = 0; j < info->columns->len && !found; j++)
        found = g_ascii_strcasecmp (g_array_index (info->columns, BvTableColumn, j).name, op->key[i]) == 0;
      if (!found)
        {
          g_set_error (error, BV_ERROR, BV_ERROR_NOT_FOUND, _("Table “%s” has no column “%s”: choose another"), info->name,
                       op->key[i]);
          return FALSE;
        }
    }
  before = info->key != NULL ? bv_sql_json_array ((const char *const *) info->key) : NULL;
  after = op->key != NULL && op->key[0] != NULL ? bv_sql_json_array ((const char *const *) op->key) : NULL;
  if (g_strcmp0 (before, after) == 0)
    return TRUE;
  if (!bv_step_check_free (step->db, info->name, error))
    return FALSE;
  return bv_step_do (step, "key", info->name, before, after, error);
}

gboolean
bv_change_apply (BvChange *change, BvStep *step, GError **error)
{
  for (guint i = 0; i < change->ops->len; i++)
    {
      BvOp *op = g_ptr_array_index (change->ops, i);
      gboolean ok = FALSE;

      switch (op->kind)
        {
        case OP_PUT:
          ok = apply_put (op, step, error);
          break;
        case OP_DELETE:
          ok = apply_delete (op, step, error);
          break;
        case OP_DROP_TABLE:
          ok = apply_drop (op, step, error);
          break;
        case OP_SET_KEY:
          ok = apply_key (op, step, error);
          break;
        default:
          g_assert_not_reached ();
        }
      if (!ok)
        return FALSE;
    }
  return TRUE;
}

gboolean
bv_project_commit (BvProject *self, BvChange *change, GError **error)
{
  g_autoptr (BvChange) owned = change;
  BvStep step;

  g_return_val_if_fail (self != NULL && change != NULL, FALSE);

  if (!bv_step_begin (&step, self, BV_COMMIT_WAIT_US, error))
    return FALSE;
  if (!bv_change_apply (change, &step, error))
    {
      bv_step_rollback (&step);
      return FALSE;
    }
  return bv_step_commit (&step, change->name, change->coalesce, error);
}
