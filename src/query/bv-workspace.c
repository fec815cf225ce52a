/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The workspace as a place where definitions are changed: each change is one step of the project and makes the next model; encoded tables are asked
 * for when the model or the data says so. Queries are in bv-workspace-query.c.
 */
#include "config.h"

#include "bv-workspace-private.h"
#include "bv-awaited.h"
#include "bv-column-store.h"
#include "bv-definitions.h"
#include "bv-model-build.h"
#include "bv-rename.h"

#include <glib/gi18n-lib.h>
#include <string.h>

G_DEFINE_FINAL_TYPE (BvWorkspace, bv_workspace, G_TYPE_OBJECT)

static void listener_unref (gpointer data);

enum { CHANGED, PREPARING, N_SIGNALS };
static guint signals[N_SIGNALS];

static void
bv_workspace_finalize (GObject *object)
{
  BvWorkspace *self = BV_WORKSPACE (object);

  /* Nothing may still read the project once it is let go. */
  bv_workspace_queries_clear (self);
  if (self->columns != NULL)
    {
      bv_column_store_close (self->columns);
      bv_column_store_set_notify (self->columns, NULL, NULL);
    }
  g_clear_pointer (&self->frames, bv_frame_cache_unref);
  g_clear_pointer (&self->columns, bv_column_store_unref);
  g_clear_pointer (&self->listener, listener_unref);
  g_clear_pointer (&self->locale, bv_locale_unref);
  g_clear_pointer (&self->model, bv_model_unref);
  g_clear_pointer (&self->project, bv_project_unref);
  G_OBJECT_CLASS (bv_workspace_parent_class)->finalize (object);
}

static void
bv_workspace_class_init (BvWorkspaceClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = bv_workspace_finalize;
  signals[PREPARING] = g_signal_new ("preparing", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  signals[CHANGED] = g_signal_new ("changed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
bv_workspace_init (BvWorkspace *self)
{
}

/* --- Encoded tables ------------------------------------------------------------------------------------------------------------------- */

/* What the background holds of a workspace: its thread's main context, and the workspace while it lives. */
typedef struct
{
  GWeakRef workspace;
  BvColumnStore *store; /* not owned: it calls */
  GMainContext *context;
} Listener;

static Listener *
listener_new (BvWorkspace *self)
{
  Listener *listener = g_atomic_rc_box_new0 (Listener);

  g_weak_ref_init (&listener->workspace, self);
  listener->store = self->columns;
  listener->context = g_main_context_ref_thread_default ();
  return listener;
}

static void
listener_clear (gpointer data)
{
  Listener *listener = data;

  g_weak_ref_clear (&listener->workspace);
  g_main_context_unref (listener->context);
}

static void
listener_unref (gpointer data)
{
  g_atomic_rc_box_release_full (data, listener_clear);
}

static gboolean
emit_preparing (gpointer data)
{
  Listener *listener = data;
  g_autoptr(BvWorkspace) self = g_weak_ref_get (&listener->workspace);

  if (self != NULL)
    g_signal_emit (self, signals[PREPARING], 0);
  return G_SOURCE_REMOVE;
}

/* From the thread that encodes. */
static void
preparing_cb (gpointer data)
{
  Listener *listener = data;
  g_autoptr(GSource) source = g_idle_source_new ();

  bv_awaited_wake (listener->store);
  g_source_set_callback (source, emit_preparing, g_atomic_rc_box_acquire (listener), listener_unref);
  g_source_attach (source, listener->context);
}

char *
bv_workspace_get_preparing (BvWorkspace *self, double *fraction)
{
  g_auto(BvColumnState) state = bv_column_store_get_state (self->columns);

  *fraction = state.fraction;
  return g_steal_pointer (&state.table);
}

char *
bv_workspace_get_cache_problem (BvWorkspace *self)
{
  g_auto(BvColumnState) state = bv_column_store_get_state (self->columns);

  return g_steal_pointer (&state.problem);
}

BvColumnIntake *
bv_workspace_new_intake (BvWorkspace *self)
{
  return bv_column_intake_new (self->project, self->model->calendar, self->columns);
}

static gboolean
load_model (BvWorkspace *self, GError **error)
{
  BvModel *model = bv_model_load (self->project, error);

  if (model == NULL)
    return FALSE;
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
  self->frames = bv_frame_cache_new ();
  self->listener = listener_new (self);
  bv_column_store_set_notify (self->columns, preparing_cb, self->listener);
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

void
bv_workspace_set_patient (BvWorkspace *self, gboolean patient)
{
  self->patient = patient;
}

gint64
bv_workspace_get_now (BvWorkspace *self)
{
  return self->now != 0 ? self->now : bv_query_now (self->model);
}

gboolean
bv_workspace_reload (BvWorkspace *self, GError **error)
{
  if (!load_model (self, error))
    return FALSE;
  g_signal_emit (self, signals[CHANGED], 0);
  return TRUE;
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
bv_workspace_put_settings (BvWorkspace *self, const char *time_zone, const char *currency, int week_start, const char *as_of, GError **error)
{
  g_autoptr(GPtrArray) existing = bv_project_list_definitions (self->project, "settings", error);
  g_autoptr(JsonObject) json = NULL;
  g_autofree char *zone = NULL;
  g_autofree char *money = NULL;
  g_autofree char *today = NULL;
  BvChange *change;
  int week;

  if (existing == NULL)
    return FALSE;
  json = bv_settings_to_json (time_zone, currency, week_start, as_of);
  if (!bv_settings_from_json (json, &zone, &money, &week, &today, error))
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

      if (g_ascii_strcasecmp (r->from_table, name) == 0 || g_ascii_strcasecmp (r->to_table, name) == 0)
        bv_change_delete (change, r->uuid);
    }
  return commit (self, change, error);
}

/* --- Renaming ------------------------------------------------------------------------------------------------------------------------------- */

/* @edited, @edited_report: (nullable): what the renamed object becomes in the same step, still under its old names.
 * @what: (nullable): the name of that step */
static gboolean
rename_in_step (BvWorkspace *self, const char *what, const char *kind, const char *owner, BvExploration *edited, BvReport *edited_report,
                const char *old_name, const char *new_name, GError **error)
{
  gboolean member = strcmp (kind, "dimension") == 0 || strcmp (kind, "metric") == 0;
  g_autoptr(BvChange) change = NULL;

  if (member)
    {
      BvExploration *exploration = edited != NULL ? edited : bv_model_find_exploration (self->model, owner);
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
      change = bv_change_new (what != NULL ? what : strcmp (kind, "metric") == 0 ? _("Rename metric") : _("Rename dimension"));
      copy = bv_exploration_copy (exploration);
      if (strcmp (kind, "metric") == 0)
        bv_rename_metric_in_exploration (copy, old_name, new_name);
      else
        bv_rename_dimension_in_exploration (copy, old_name, new_name);
      change_put (change, copy->uuid, "exploration", copy->name, bv_exploration_to_json (copy));
    }
  else if (strcmp (kind, "exploration") == 0)
    {
      BvExploration *exploration = edited != NULL ? edited : bv_model_find_exploration (self->model, old_name);
      g_autoptr(BvExploration) copy = NULL;

      if (exploration == NULL)
        g_set_error (error, BV_ERROR, BV_ERROR_NOT_FOUND, _("“%s” does not exist: check the name"), old_name);
      if (exploration == NULL || !name_is_free (self, kind, new_name, exploration->uuid, error))
        return FALSE;
      change = bv_change_new (what != NULL ? what : _("Rename exploration"));
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
      change = bv_change_new (what != NULL ? what : _("Rename report"));
    }
  for (guint i = 0; i < self->model->reports->len; i++)
    {
      BvReport *report = self->model->reports->pdata[i];
      gboolean is_edited = edited_report != NULL && g_strcmp0 (edited_report->uuid, report->uuid) == 0;
      g_autoptr(BvReport) copy = bv_report_copy (is_edited ? edited_report : report);
      gboolean changed;

      if (member)
        changed = bv_rename_member_in_report (self->model, copy, owner, old_name, new_name);
      else if (strcmp (kind, "exploration") == 0)
        changed = bv_rename_exploration_in_report (self->model, copy, old_name, new_name);
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
bv_workspace_rename (BvWorkspace *self, const char *kind, const char *owner, const char *old_name, const char *new_name, GError **error)
{
  return strcmp (old_name, new_name) == 0 || rename_in_step (self, NULL, kind, owner, NULL, NULL, old_name, new_name, error);
}

gboolean
bv_workspace_put_exploration_as (BvWorkspace *self, const char *what, BvExploration *exploration, const char *kind, const char *old_name,
                                 const char *new_name, GError **error)
{
  if (strcmp (old_name, new_name) == 0)
    return bv_workspace_put_exploration (self, what, exploration, error);
  return rename_in_step (self, what, kind, exploration->name, exploration, NULL, old_name, new_name, error);
}

gboolean
bv_workspace_put_report_as (BvWorkspace *self, const char *what, BvReport *report, const char *new_name, GError **error)
{
  if (strcmp (report->name, new_name) == 0)
    return bv_workspace_put_report (self, what, report, error);
  return rename_in_step (self, what, "report", NULL, NULL, report, report->name, new_name, error);
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
    bv_count_usage (self->model, self->model->reports->pdata[i], exploration, name, &n_tiles, &n_filters);
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
