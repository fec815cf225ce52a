/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "bv-open.h"

#include "bv-definitions.h"
#include "bv-recent.h"
#include "bv-sample.h"

#include <errno.h>
#include <glib/gi18n.h>
#include <glib/gstdio.h>

typedef struct
{
  char *path;
  BvOpenHow how;
} Request;

static void
request_free (Request *request)
{
  g_free (request->path);
  g_free (request);
}

char *
bv_open_sample_path (void)
{
  return g_build_filename (g_get_user_data_dir (), "belvedere", "Jaffle Soft.belvedere", NULL);
}

/* Makes the sample under another name first, so that a half sample never bears the sample's name. */
static gboolean
make_sample (const char    *path,
             GCancellable  *cancellable,
             GError       **error)
{
  BvSampleOptions options = { .as_of = bv_floor_div (g_get_real_time (), BV_DAY_US) };
  g_autofree char *directory = g_path_get_dirname (path);
  g_autofree char *unfinished = g_strdup_printf ("%s.%08x", path, g_random_int ());
  g_autofree char *definitions = bv_sample_definitions_at (options.as_of);
  BvProject *project = NULL;
  gboolean done;

  g_mkdir_with_parents (directory, 0700);
  if (!(project = bv_project_create (unfinished, error)))
    return FALSE;
  done = bv_sample_fill (project, &options, cancellable, error) &&
         bv_definitions_apply (project, definitions, _("Make the Sample"), NULL, error);
  bv_project_unref (project);
  if (done && g_rename (unfinished, path) != 0)
    {
      g_set_error (error, BV_ERROR, BV_ERROR_FAILED, _("The sample cannot be written to “%s”: %s"), path, g_strerror (errno));
      done = FALSE;
    }
  if (!done)
    g_unlink (unfinished);
  return done;
}

static void
open_thread (GTask        *task,
             gpointer      source,
             gpointer      data,
             GCancellable *cancellable)
{
  Request *request = data;
  BvProject *project = NULL;
  GError *error = NULL;

  if (request->how == BV_OPEN_NEW)
    project = bv_project_create (request->path, &error);
  else if (request->how == BV_OPEN_EXISTING || g_file_test (request->path, G_FILE_TEST_EXISTS) ||
           make_sample (request->path, cancellable, &error))
    project = bv_project_open (request->path, BV_OPEN_DEFAULT, &error);

  if (project != NULL)
    {
      g_autofree char *title = bv_recent_title (request->path);

      /* Here, where waiting for the disk stops nobody. */
      bv_project_log_usage (project, "open", title);
      g_task_return_pointer (task, project, (GDestroyNotify) bv_project_unref);
    }
  else
    g_task_return_error (task, error);
}

void
bv_open_project_async (const char          *path,
                       BvOpenHow            how,
                       GCancellable        *cancellable,
                       GAsyncReadyCallback  callback,
                       gpointer             user_data)
{
  g_autoptr(GTask) task = g_task_new (NULL, cancellable, callback, user_data);
  Request *request = g_new0 (Request, 1);

  request->path = g_strdup (path);
  request->how = how;
  g_task_set_source_tag (task, bv_open_project_async);
  g_task_set_task_data (task, request, (GDestroyNotify) request_free);
  g_task_run_in_thread (task, open_thread);
}

BvProject *
bv_open_project_finish (GAsyncResult  *result,
                        GError       **error)
{
  g_return_val_if_fail (g_task_is_valid (result, NULL), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}
