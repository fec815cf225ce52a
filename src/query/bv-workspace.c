/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "bv-workspace.h"
#include "bv-column-store.h"
#include "bv-definitions.h"
#include "bv-model-build.h"
#include "bv-rename.h"

#include <glib/gi18n-lib.h>
#include <string.h>

struct _BvWorkspace
{
  GObject parent_instance;

  BvProject *project;
  BvModel *model;
  BvLocale *locale;
  BvColumnStore *columns;
  gint64 now; /* 0: the clock */
  guint64 version; /* of the project when the model was loaded */
};

G_DEFINE_FINAL_TYPE (BvWorkspace, bv_workspace, G_TYPE_OBJECT)

enum { CHANGED, N_SIGNALS };
static guint signals[N_SIGNALS];

static void
bv_workspace_finalize (GObject *object)
{
  BvWorkspace *self = BV_WORKSPACE (object);

  /* Nothing may still read the project once it is let go. */
  if (self->columns != NULL)
    bv_column_store_close (self->columns);
  g_clear_pointer (&self->columns, bv_column_store_unref);
  g_clear_pointer (&self->locale, bv_locale_unref);
  g_clear_pointer (&self->model, bv_model_unref);
  g_clear_pointer (&self->project, bv_project_unref);
  G_OBJECT_CLASS (bv_workspace_parent_class)->finalize (object);
}

static void
bv_workspace_class_init (BvWorkspaceClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = bv_workspace_finalize;
  signals[CHANGED] = g_signal_new ("changed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
bv_workspace_init (BvWorkspace *self)
{
}

static gboolean
load_model (BvWorkspace *self, GError **error)
{
  guint64 version = bv_project_get_version (self->project);
  BvModel *model = bv_model_load (self->project, error);

  if (model == NULL)
    return FALSE;
  self->version = version;
  g_clear_pointer (&self->model, bv_model_unref);
  self->model = model;
  g_clear_pointer (&self->locale, bv_locale_unref);
  self->locale = bv_locale_new (NULL, model->currency, model->calendar);
  return TRUE;
}

BvWorkspace *
bv_workspace_new (BvProject *project, GError **error)
{
  g_autoptr(BvWorkspace) self = g_object_new (BV_TYPE_WORKSPACE, NULL);

  self->project = bv_project_ref (project);
  self->columns = bv_column_store_new ();
  return load_model (self, error) ? g_steal_pointer (&self) : NULL;
}

BvProject *
bv_workspace_get_project (BvWorkspace *self)
{
  return self->project;
}

BvModel *
bv_workspace_get_model (BvWorkspace *self)
{
  return self->model;
}

BvLocale *
bv_workspace_get_locale (BvWorkspace *self)
{
  return self->locale;
}

void
bv_workspace_set_now (BvWorkspace *self, gint64 now)
{
  self->now = now;
}

gint64
bv_workspace_get_now (BvWorkspace *self)
{
  return self->now != 0 ? self->now : g_get_real_time ();
}

gboolean
bv_workspace_reload (BvWorkspace *self, GError **error)
{
  if (!load_model (self, error))
    return FALSE;
  g_signal_emit (self, signals[CHANGED], 0);
  return TRUE;
}

gboolean
bv_workspace_refresh (BvWorkspace *self, GError **error)
{
  return bv_project_get_version (self->project) == self->version || bv_workspace_reload (self, error);
}

static gboolean
commit (BvWorkspace *self, BvChange *change, GError **error)
{
  return bv_project_commit (self->project, change, error) && bv_workspace_reload (self, error);
}

/* --- Putting ------------------------------------------------------------------------------------------------------------------------------ */

/* @body: (transfer full) */
static const char *
change_put (BvChange *change, const char *uuid, const char *kind, const char *name, JsonObject *body)
{
  g_autoptr(JsonObject) owned = body;
  g_autofree char *text = bv_json_object_to_text (body, FALSE);

  return bv_change_put (change, uuid, kind, name, text, -1);
}

static gboolean
name_is_free (BvWorkspace *self, const char *kind, const char *name, const char *uuid, GError **error)
{
  const char *holder = NULL;

  if (strcmp (kind, "exploration") == 0)
    {
      BvExploration *e = bv_model_find_exploration (self->model, name);

      holder = e != NULL ? e->uuid : NULL;
    }
  else
    {
      BvReport *r = bv_model_find_report (self->model, name);

      holder = r != NULL ? r->uuid : NULL;
    }
  if (name == NULL || *name == '\0')
    g_set_error (error, BV_ERROR, BV_ERROR_INVALID, _("A name is needed: type one"));
  else if (holder != NULL && g_strcmp0 (holder, uuid) != 0)
    g_set_error (error, BV_ERROR, BV_ERROR_EXISTS, _("“%s” exists already: choose another name"), name);
  else
    return TRUE;
  return FALSE;
}

gboolean
bv_workspace_put_exploration (BvWorkspace *self, const char *what, BvExploration *exploration, GError **error)
{
  BvChange *change;

  if (!name_is_free (self, "exploration", exploration->name, exploration->uuid, error))
    return FALSE;
  change = bv_change_new (what);
  {
    g_autofree char *uuid = g_strdup (change_put (change, exploration->uuid, "exploration", exploration->name, bv_exploration_to_json (exploration)));

    if (!commit (self, change, error))
      return FALSE;
    g_free (exploration->uuid);
    exploration->uuid = g_steal_pointer (&uuid);
  }
  return TRUE;
}

gboolean
bv_workspace_put_report_coalesced (BvWorkspace *self, const char *what, BvReport *report, const char *coalesce, GError **error)
{
  BvChange *change;

  if (!name_is_free (self, "report", report->name, report->uuid, error))
    return FALSE;
  change = bv_change_new (what);
  if (coalesce != NULL)
    bv_change_set_coalesce (change, coalesce);
  {
    g_autofree char *uuid = g_strdup (change_put (change, report->uuid, "report", report->name, bv_report_to_json (report)));

    if (!commit (self, change, error))
      return FALSE;
    g_free (report->uuid);
    report->uuid = g_steal_pointer (&uuid);
  }
  return TRUE;
}

gboolean
bv_workspace_put_report (BvWorkspace *self, const char *what, BvReport *report, GError **error)
{
  return bv_workspace_put_report_coalesced (self, what, report, NULL, error);
}

gboolean
bv_workspace_put_relationship (BvWorkspace *self, const char *what, BvRelationship *relationship, GError **error)
{
  BvChange *change = bv_change_new (what);
  g_autofree char *name = g_strdup_printf ("%s.%s → %s.%s", relationship->from_table, relationship->from_column,
                                           relationship->to_table, relationship->to_column);
  g_autofree char *uuid = g_strdup (change_put (change, relationship->uuid, "relationship", name, bv_relationship_to_json (relationship)));

  if (!commit (self, change, error))
    return FALSE;
  g_free (relationship->uuid);
  relationship->uuid = g_steal_pointer (&uuid);
  return TRUE;
}

gboolean
bv_workspace_put_table (BvWorkspace *self, const char *what, BvTable *table, GError **error)
{
  BvChange *change = bv_change_new (what);
  g_autofree char *uuid = g_strdup (change_put (change, table->uuid, "table", table->name, bv_table_to_json (table)));

  bv_change_set_key (change, table->name, (const char *const *) table->key);
  if (!commit (self, change, error))
    return FALSE;
  g_free (table->uuid);
  table->uuid = g_steal_pointer (&uuid);
  return TRUE;
}

gboolean
bv_workspace_put_settings (BvWorkspace *self, const char *time_zone, const char *currency, int week_start, GError **error)
{
  g_autoptr(GPtrArray) existing = bv_project_list_definitions (self->project, "settings", error);
  g_autoptr(JsonObject) json = NULL;
  g_autofree char *zone = NULL;
  g_autofree char *money = NULL;
  BvChange *change;
  int week;

  if (existing == NULL)
    return FALSE;
  json = bv_settings_to_json (time_zone, currency, week_start);
  if (!bv_settings_from_json (json, &zone, &money, &week, error))
    return FALSE;
  change = bv_change_new (_("Change settings"));
  change_put (change, existing->len > 0 ? ((BvDefinition *) existing->pdata[0])->uuid : NULL, "settings", "settings", json_object_ref (json));
  return commit (self, change, error);
}

gboolean
bv_workspace_delete (BvWorkspace *self, const char *what, const char *uuid, GError **error)
{
  BvChange *change = bv_change_new (what);

  bv_change_delete (change, uuid);
  return commit (self, change, error);
}

gboolean
bv_workspace_delete_table (BvWorkspace *self, const char *what, const char *name, GError **error)
{
  BvTable *table = bv_model_find_table (self->model, name);
  BvChange *change = bv_change_new (what);

  bv_change_drop_table (change, name);
  if (table != NULL && table->uuid != NULL)
    bv_change_delete (change, table->uuid);
  for (guint i = 0; i < self->model->relationships->len; i++)
    {
      BvRelationship *r = self->model->relationships->pdata[i];

      if (strcmp (r->from_table, name) == 0 || strcmp (r->to_table, name) == 0)
        bv_change_delete (change, r->uuid);
    }
  return commit (self, change, error);
}

/* --- Renaming ------------------------------------------------------------------------------------------------------------------------------- */

gboolean
bv_workspace_rename (BvWorkspace *self, const char *kind, const char *owner, const char *old_name, const char *new_name, GError **error)
{
  gboolean member = strcmp (kind, "dimension") == 0 || strcmp (kind, "metric") == 0;
  g_autoptr(BvChange) change = NULL;

  if (strcmp (old_name, new_name) == 0)
    return TRUE;
  if (member)
    {
      BvExploration *exploration = bv_model_find_exploration (self->model, owner);
      g_autoptr(BvExploration) copy = NULL;

      if (exploration == NULL)
        {
          g_set_error (error, BV_ERROR, BV_ERROR_NOT_FOUND, _("The exploration “%s” does not exist"), owner);
          return FALSE;
        }
      if (*new_name == '\0' || strpbrk (new_name, "[]") != NULL)
        {
          g_set_error (error, BV_ERROR, BV_ERROR_INVALID, _("“%s” cannot be a name: type one without square brackets"), new_name);
          return FALSE;
        }
      if (strcmp (kind, "metric") == 0 ? bv_exploration_find_metric (exploration, old_name) == NULL
                                       : bv_exploration_find_dimension (exploration, old_name) == NULL)
        {
          g_set_error (error, BV_ERROR, BV_ERROR_NOT_FOUND, _("“%s” does not exist: check the name"), old_name);
          return FALSE;
        }
      if (bv_exploration_find_dimension (exploration, new_name) != NULL || bv_exploration_find_metric (exploration, new_name) != NULL)
        {
          g_set_error (error, BV_ERROR, BV_ERROR_EXISTS, _("“%s” exists already: choose another name"), new_name);
          return FALSE;
        }
      change = bv_change_new (strcmp (kind, "metric") == 0 ? _("Rename metric") : _("Rename dimension"));
      copy = bv_exploration_copy (exploration);
      if (strcmp (kind, "metric") == 0)
        bv_rename_metric_in_exploration (copy, old_name, new_name);
      else
        bv_rename_dimension_in_exploration (copy, old_name, new_name);
      change_put (change, copy->uuid, "exploration", copy->name, bv_exploration_to_json (copy));
    }
  else if (strcmp (kind, "exploration") == 0)
    {
      BvExploration *exploration = bv_model_find_exploration (self->model, old_name);
      g_autoptr(BvExploration) copy = NULL;

      if (exploration == NULL)
        g_set_error (error, BV_ERROR, BV_ERROR_NOT_FOUND, _("“%s” does not exist: check the name"), old_name);
      if (exploration == NULL || !name_is_free (self, kind, new_name, exploration->uuid, error))
        return FALSE;
      change = bv_change_new (_("Rename exploration"));
      copy = bv_exploration_copy (exploration);
      g_free (copy->name);
      copy->name = g_strdup (new_name);
      change_put (change, copy->uuid, kind, copy->name, bv_exploration_to_json (copy));
    }
  else
    {
      BvReport *report = bv_model_find_report (self->model, old_name);

      if (report == NULL)
        g_set_error (error, BV_ERROR, BV_ERROR_NOT_FOUND, _("“%s” does not exist: check the name"), old_name);
      if (report == NULL || !name_is_free (self, kind, new_name, report->uuid, error))
        return FALSE;
      change = bv_change_new (_("Rename report"));
    }
  for (guint i = 0; i < self->model->reports->len; i++)
    {
      BvReport *report = self->model->reports->pdata[i];
      g_autoptr(BvReport) copy = bv_report_copy (report);
      gboolean changed;

      if (member)
        changed = bv_rename_member_in_report (copy, owner, old_name, new_name);
      else if (strcmp (kind, "exploration") == 0)
        changed = bv_rename_exploration_in_report (copy, old_name, new_name);
      else
        {
          changed = bv_rename_report_in_report (copy, old_name, new_name);
          if (strcmp (copy->name, old_name) == 0)
            {
              g_free (copy->name);
              copy->name = g_strdup (new_name);
              changed = TRUE;
            }
        }
      if (changed)
        change_put (change, copy->uuid, "report", copy->name, bv_report_to_json (copy));
    }
  return commit (self, g_steal_pointer (&change), error);
}

gboolean
bv_workspace_undo (BvWorkspace *self, GError **error)
{
  return bv_project_undo (self->project, error) && bv_workspace_reload (self, error);
}

gboolean
bv_workspace_redo (BvWorkspace *self, GError **error)
{
  return bv_project_redo (self->project, error) && bv_workspace_reload (self, error);
}

const char *
bv_workspace_get_undo_name (BvWorkspace *self)
{
  return bv_project_get_undo_name (self->project);
}

const char *
bv_workspace_get_redo_name (BvWorkspace *self)
{
  return bv_project_get_redo_name (self->project);
}

char *
bv_workspace_free_name (BvWorkspace *self, const char *kind, const char *base)
{
  char *name = g_strdup (base);

  for (int i = 2; strcmp (kind, "exploration") == 0 ? bv_model_find_exploration (self->model, name) != NULL
                                                    : bv_model_find_report (self->model, name) != NULL;
       i++)
    {
      g_free (name);
      name = g_strdup_printf ("%s %d", base, i);
    }
  return name;
}

char *
bv_workspace_usage (BvWorkspace *self, const char *exploration, const char *name)
{
  guint n_tiles = 0, n_filters = 0;
  g_autofree char *tiles = NULL;
  g_autofree char *filters = NULL;

  for (guint i = 0; i < self->model->reports->len; i++)
    bv_count_usage (self->model->reports->pdata[i], exploration, name, &n_tiles, &n_filters);
  if (n_tiles == 0 && n_filters == 0)
    return NULL;
  tiles = g_strdup_printf (ngettext ("%u tile", "%u tiles", n_tiles), n_tiles);
  filters = g_strdup_printf (ngettext ("%u filter", "%u filters", n_filters), n_filters);
  if (n_filters == 0)
    return g_steal_pointer (&tiles);
  if (n_tiles == 0)
    return g_steal_pointer (&filters);
  return g_strdup_printf (_("%s, %s"), tiles, filters);
}

/* --- Asynchronous queries ------------------------------------------------------------------------------------------------------------------- */

typedef enum { JOB_RUN, JOB_ROWS, JOB_VALUES, JOB_PREVIEW, JOB_PROFILE, JOB_SUGGEST } JobKind;

/* Everything a query needs, owned, so that the workspace may move on. */
typedef struct
{
  JobKind kind;
  BvProject *project;
  BvModel *model;
  BvColumnStore *columns;
  gint64 now;
  BvChart *chart;
  BvOverlay overlay;
  BvFrame *frame;
  guint row;
  guint limit;
  guint64 offset;
  char *text[4];
  BvCondition *where;
  gint64 n_rows;
} Job;

static Job *
job_new (BvWorkspace *self, JobKind kind)
{
  Job *job = g_new0 (Job, 1);

  job->kind = kind;
  job->project = bv_project_ref (self->project);
  job->model = bv_model_ref (self->model);
  job->columns = bv_column_store_ref (self->columns);
  job->now = bv_workspace_get_now (self);
  return job;
}

static void
job_free (gpointer data)
{
  Job *job = data;

  bv_chart_free (job->chart);
  bv_overlay_clear (&job->overlay);
  g_clear_pointer (&job->frame, bv_frame_unref);
  for (guint i = 0; i < G_N_ELEMENTS (job->text); i++)
    g_free (job->text[i]);
  bv_condition_free (job->where);
  bv_model_unref (job->model);
  bv_column_store_unref (job->columns);
  bv_project_unref (job->project);
  g_free (job);
}

static void
job_run (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  Job *job = data;
  BvQueryContext context = { job->project, job->model, job->now, BV_EXECUTOR_AUTO, job->columns };
  GError *error = NULL;
  gpointer result = NULL;

  if (g_task_return_error_if_cancelled (task))
    return;
  switch (job->kind)
    {
    case JOB_RUN:
      result = bv_query_run (&context, job->chart, &job->overlay, cancellable, &error);
      break;
    case JOB_ROWS:
      result = bv_query_rows (&context, job->chart, &job->overlay, job->text[0], job->frame, job->row, job->limit, &job->n_rows, cancellable, &error);
      break;
    case JOB_VALUES:
      result = bv_query_values (&context, job->text[0], job->text[1], job->text[2], job->where, job->text[3], job->limit, cancellable, &error);
      break;
    case JOB_PREVIEW:
      result = bv_query_preview (&context, job->text[0], job->text[1], job->offset, job->limit, cancellable, &error);
      break;
    case JOB_PROFILE:
      result = bv_query_profile (&context, job->text[0], cancellable, &error);
      break;
    case JOB_SUGGEST:
    default:
      result = bv_query_suggest_relationships (&context, cancellable, &error);
      break;
    }
  if (result == NULL)
    g_task_return_error (task, error);
  else
    g_task_return_pointer (task, result, job->kind == JOB_SUGGEST ? (GDestroyNotify) g_ptr_array_unref : (GDestroyNotify) bv_frame_unref);
}

static void
job_start (BvWorkspace *self, Job *job, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data)
{
  g_autoptr(GTask) task = g_task_new (self, cancellable, callback, user_data);

  g_task_set_source_tag (task, job_start);
  g_task_set_task_data (task, job, job_free);
  g_task_run_in_thread (task, job_run);
}

static gpointer
job_finish (GAsyncResult *result, gint64 *n_rows, GError **error)
{
  gpointer value = g_task_propagate_pointer (G_TASK (result), error);

  if (value != NULL && n_rows != NULL)
    *n_rows = ((Job *) g_task_get_task_data (G_TASK (result)))->n_rows;
  return value;
}

void
bv_workspace_run_async (BvWorkspace *self, BvChart *chart, const BvOverlay *overlay, GCancellable *cancellable,
                        GAsyncReadyCallback callback, gpointer user_data)
{
  Job *job = job_new (self, JOB_RUN);

  job->chart = bv_chart_copy (chart);
  job->overlay = bv_overlay_copy (overlay);
  job_start (self, job, cancellable, callback, user_data);
}

BvFrame *
bv_workspace_run_finish (BvWorkspace *self, GAsyncResult *result, GError **error)
{
  return job_finish (result, NULL, error);
}

void
bv_workspace_rows_async (BvWorkspace *self, BvChart *chart, const BvOverlay *overlay, const char *metric, BvFrame *frame,
                         guint row, guint limit, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data)
{
  Job *job = job_new (self, JOB_ROWS);

  job->chart = bv_chart_copy (chart);
  job->overlay = bv_overlay_copy (overlay);
  job->text[0] = g_strdup (metric);
  job->frame = frame != NULL ? bv_frame_ref (frame) : NULL;
  job->row = row;
  job->limit = limit;
  job_start (self, job, cancellable, callback, user_data);
}

BvFrame *
bv_workspace_rows_finish (BvWorkspace *self, GAsyncResult *result, gint64 *n_rows, GError **error)
{
  return job_finish (result, n_rows, error);
}

void
bv_workspace_values_async (BvWorkspace *self, const char *exploration, const char *field, const char *label_field,
                           const BvCondition *where, const char *search, guint limit, GCancellable *cancellable,
                           GAsyncReadyCallback callback, gpointer user_data)
{
  Job *job = job_new (self, JOB_VALUES);

  job->text[0] = g_strdup (exploration);
  job->text[1] = g_strdup (field);
  job->text[2] = g_strdup (label_field);
  job->text[3] = g_strdup (search);
  job->where = bv_condition_copy (where);
  job->limit = limit;
  job_start (self, job, cancellable, callback, user_data);
}

BvFrame *
bv_workspace_values_finish (BvWorkspace *self, GAsyncResult *result, GError **error)
{
  return job_finish (result, NULL, error);
}

void
bv_workspace_preview_async (BvWorkspace *self, const char *table, const char *sort, guint64 offset, guint limit,
                            GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data)
{
  Job *job = job_new (self, JOB_PREVIEW);

  job->text[0] = g_strdup (table);
  job->text[1] = g_strdup (sort);
  job->offset = offset;
  job->limit = limit;
  job_start (self, job, cancellable, callback, user_data);
}

BvFrame *
bv_workspace_preview_finish (BvWorkspace *self, GAsyncResult *result, GError **error)
{
  return job_finish (result, NULL, error);
}

void
bv_workspace_profile_async (BvWorkspace *self, const char *table, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data)
{
  Job *job = job_new (self, JOB_PROFILE);

  job->text[0] = g_strdup (table);
  job_start (self, job, cancellable, callback, user_data);
}

BvFrame *
bv_workspace_profile_finish (BvWorkspace *self, GAsyncResult *result, GError **error)
{
  return job_finish (result, NULL, error);
}

void
bv_workspace_suggest_async (BvWorkspace *self, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data)
{
  job_start (self, job_new (self, JOB_SUGGEST), cancellable, callback, user_data);
}

GPtrArray *
bv_workspace_suggest_finish (BvWorkspace *self, GAsyncResult *result, GError **error)
{
  return job_finish (result, NULL, error);
}

char *
bv_workspace_explain (BvWorkspace *self, BvChart *chart, const BvOverlay *overlay, GError **error)
{
  BvQueryContext context = { self->project, self->model, bv_workspace_get_now (self), BV_EXECUTOR_AUTO, self->columns };

  return bv_query_explain (&context, chart, overlay, error);
}
