/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "bv-import-look.h"

typedef struct
{
  char *path;
  char *part; /* (nullable) */
} Look;

static void
look_free (gpointer data)
{
  Look *look = data;

  g_free (look->path);
  g_free (look->part);
  g_free (look);
}

static void
look_thread (GTask        *task,
             gpointer      source,
             gpointer      data,
             GCancellable *cancellable)
{
  Look *look = data;
  GError *error = NULL;
  g_autoptr(BvImportPlan) plan = bv_import_sniff (look->path, cancellable, &error);

  if (plan == NULL || (look->part != NULL && g_strcmp0 (look->part, plan->part) != 0 &&
                       (!bv_import_plan_set_part (plan, look->part, &error) || !bv_import_resniff (plan, cancellable, &error))))
    g_task_return_error (task, error);
  else
    g_task_return_pointer (task, g_steal_pointer (&plan), (GDestroyNotify) bv_import_plan_free);
}

void
bv_import_look_async (const char          *path,
                      const char          *part,
                      GCancellable        *cancellable,
                      GAsyncReadyCallback  callback,
                      gpointer             user_data)
{
  g_autoptr(GTask) task = g_task_new (NULL, cancellable, callback, user_data);
  Look *look = g_new0 (Look, 1);

  look->path = g_strdup (path);
  look->part = g_strdup (part);
  g_task_set_source_tag (task, bv_import_look_async);
  g_task_set_task_data (task, look, look_free);
  g_task_run_in_thread (task, look_thread);
}

BvImportPlan *
bv_import_look_finish (GAsyncResult  *result,
                       const char   **path,
                       GError       **error)
{
  g_return_val_if_fail (g_async_result_is_tagged (result, bv_import_look_async), NULL);

  if (path != NULL)
    *path = ((Look *) g_task_get_task_data (G_TASK (result)))->path;
  return g_task_propagate_pointer (G_TASK (result), error);
}

static void
look_again_thread (GTask        *task,
                   gpointer      source,
                   gpointer      data,
                   GCancellable *cancellable)
{
  GError *error = NULL;

  if (bv_import_resniff (data, cancellable, &error))
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

void
bv_import_look_again_async (BvImportPlan        *plan,
                            GCancellable        *cancellable,
                            GAsyncReadyCallback  callback,
                            gpointer             user_data)
{
  g_autoptr(GTask) task = g_task_new (NULL, cancellable, callback, user_data);

  g_task_set_source_tag (task, bv_import_look_again_async);
  g_task_set_task_data (task, plan, NULL);
  g_task_run_in_thread (task, look_again_thread);
}

gboolean
bv_import_look_again_finish (GAsyncResult  *result,
                             GError       **error)
{
  g_return_val_if_fail (g_async_result_is_tagged (result, bv_import_look_again_async), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}

void
bv_import_take_key (BvImportPlan *plan,
                    BvModel      *model)
{
  BvTable *table = bv_model_find_table (model, plan->table);

  if (table == NULL || table->key == NULL || plan->key != NULL)
    return;
  for (guint i = 0; table->key[i] != NULL; i++)
    if (bv_import_plan_find_column (plan, table->key[i]) == NULL)
      return;
  plan->key = g_strdupv (table->key);
}
