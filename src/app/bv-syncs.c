/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "bv-syncs.h"

#include <glib/gi18n.h>
#include <string.h>

#define CHECK_SECONDS 60
#define SHOW_MS 100

/* A sync under way. The thread writes what it reports under the lock; the UI's thread reads it from a timer. */
typedef struct
{
  gatomicrefcount refs;
  BvSyncs *syncs; /* (nullable): not owned; NULL once the syncs have gone. UI's thread only */
  char *uuid;
  GCancellable *cancellable;
  guint timer;
  char *shown;    /* UI's thread */
  double fraction;

  GMutex mutex;
  gboolean news;
  char *text;
  double reported;
} Sync;

struct _BvSyncs
{
  GObject parent_instance;

  BvWorkspace *workspace; /* not owned: it owns us */
  GHashTable *running;    /* uuid → Sync */
  guint timer;
};

G_DEFINE_FINAL_TYPE (BvSyncs, bv_syncs, G_TYPE_OBJECT)

enum
{
  SIGNAL_PROGRESS,
  SIGNAL_CHANGED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static Sync *
sync_ref (Sync *sync)
{
  g_atomic_ref_count_inc (&sync->refs);
  return sync;
}

static void
sync_unref (Sync *sync)
{
  if (!g_atomic_ref_count_dec (&sync->refs))
    return;
  g_clear_handle_id (&sync->timer, g_source_remove);
  g_object_unref (sync->cancellable);
  g_mutex_clear (&sync->mutex);
  g_free (sync->uuid);
  g_free (sync->shown);
  g_free (sync->text);
  g_free (sync);
}

/* In the sync's thread. */
static void
progress_cb (const BvSyncProgress *progress,
             gpointer              data)
{
  Sync *sync = data;
  double within = progress->total > 0 ? CLAMP ((double) progress->pass_read / (double) progress->total, 0.0, 1.0) : 0.0;

  g_mutex_lock (&sync->mutex);
  g_free (sync->text);
  sync->text = g_strdup (progress->text);
  sync->reported = progress->n_streams > 0 ? ((double) progress->n_done + within) / (double) progress->n_streams : -1;
  sync->news = TRUE;
  g_mutex_unlock (&sync->mutex);
}

static gboolean
show_cb (gpointer data)
{
  Sync *sync = data;
  gboolean news;

  g_mutex_lock (&sync->mutex);
  news = sync->news;
  if (news)
    {
      g_free (sync->shown);
      sync->shown = g_strdup (sync->text);
      sync->fraction = MIN (sync->reported, 1.0);
      sync->news = FALSE;
    }
  g_mutex_unlock (&sync->mutex);
  if (news && sync->syncs != NULL)
    g_signal_emit (sync->syncs, signals[SIGNAL_PROGRESS], 0, sync->uuid);
  return G_SOURCE_CONTINUE;
}

static void
finished_cb (GObject      *object,
             GAsyncResult *result,
             gpointer      data)
{
  Sync *sync = data;
  BvSyncs *self = sync->syncs;
  g_autoptr(GError) error = NULL;

  /* What went wrong is in the run's record, which pages show. */
  bv_source_sync_finish (result, NULL, &error);
  if (self != NULL)
    {
      g_autoptr(BvSyncs) kept = g_object_ref (self);
      g_autoptr(BvWorkspace) workspace = g_object_ref (self->workspace);
      g_autofree char *uuid = g_strdup (sync->uuid);

      g_hash_table_remove (self->running, uuid);
      bv_workspace_reload (workspace, NULL);
      g_signal_emit (kept, signals[SIGNAL_CHANGED], 0, uuid);
    }
  sync_unref (sync);
}

void
bv_syncs_start (BvSyncs        *self,
                const BvSource *source,
                BvSyncFlags     flags)
{
  BvProject *project;
  BvSyncOptions options = { flags };
  Sync *sync;

  g_return_if_fail (BV_IS_SYNCS (self));

  project = bv_workspace_get_project (self->workspace);
  if (source->uuid == NULL || bv_project_is_read_only (project) || g_hash_table_contains (self->running, source->uuid))
    return;
  sync = g_new0 (Sync, 1);
  g_atomic_ref_count_init (&sync->refs);
  g_mutex_init (&sync->mutex);
  sync->syncs = self;
  sync->uuid = g_strdup (source->uuid);
  sync->cancellable = g_cancellable_new ();
  sync->shown = g_strdup (_("Connecting…"));
  sync->fraction = -1;
  g_hash_table_insert (self->running, sync->uuid, sync);
  sync->timer = g_timeout_add (SHOW_MS, show_cb, sync);
  bv_source_sync_async (project, source, &options, progress_cb, sync, sync->cancellable, finished_cb, sync_ref (sync));
  g_signal_emit (self, signals[SIGNAL_CHANGED], 0, source->uuid);
}

void
bv_syncs_cancel (BvSyncs    *self,
                 const char *uuid)
{
  Sync *sync;

  g_return_if_fail (BV_IS_SYNCS (self));

  sync = g_hash_table_lookup (self->running, uuid);
  if (sync == NULL)
    return;
  g_cancellable_cancel (sync->cancellable);
  g_signal_emit (self, signals[SIGNAL_PROGRESS], 0, sync->uuid); /* "Stopping…" */
}

gboolean
bv_syncs_is_running (BvSyncs    *self,
                     const char *uuid)
{
  g_return_val_if_fail (BV_IS_SYNCS (self), FALSE);

  return g_hash_table_contains (self->running, uuid);
}

const char *
bv_syncs_get_text (BvSyncs    *self,
                   const char *uuid)
{
  Sync *sync;

  g_return_val_if_fail (BV_IS_SYNCS (self), NULL);

  sync = g_hash_table_lookup (self->running, uuid);
  if (sync == NULL)
    return NULL;
  return g_cancellable_is_cancelled (sync->cancellable) ? _("Stopping…") : sync->shown;
}

double
bv_syncs_get_fraction (BvSyncs    *self,
                       const char *uuid)
{
  Sync *sync;

  g_return_val_if_fail (BV_IS_SYNCS (self), -1);

  sync = g_hash_table_lookup (self->running, uuid);
  return sync != NULL ? sync->fraction : -1;
}

void
bv_syncs_check_schedules (BvSyncs *self)
{
  BvProject *project;
  g_autoptr(GPtrArray) sources = NULL;

  g_return_if_fail (BV_IS_SYNCS (self));

  project = bv_workspace_get_project (self->workspace);
  if (bv_project_is_read_only (project) || (sources = bv_source_list (project, NULL)) == NULL)
    return;
  for (guint i = 0; i < sources->len; i++)
    {
      BvSource *source = g_ptr_array_index (sources, i);
      g_autoptr(GPtrArray) runs = NULL;
      gint64 now = g_get_real_time ();
      gint64 due;

      if (source->schedule.kind == BV_SCHEDULE_OFF || (runs = bv_source_list_runs (project, source->uuid, 1, NULL)) == NULL)
        continue;
      due = bv_source_next_due (source, runs->len > 0 ? ((BvRun *) g_ptr_array_index (runs, 0))->started : 0, now);
      if (due != 0 && due <= now)
        bv_syncs_start (self, source, BV_SYNC_SCHEDULED);
    }
}

static gboolean
timer_cb (gpointer data)
{
  bv_syncs_check_schedules (data);
  return G_SOURCE_CONTINUE;
}

static void
bv_syncs_dispose (GObject *object)
{
  BvSyncs *self = BV_SYNCS (object);
  GHashTableIter iter;
  gpointer value;

  g_clear_handle_id (&self->timer, g_source_remove);
  g_hash_table_iter_init (&iter, self->running);
  while (g_hash_table_iter_next (&iter, NULL, &value))
    {
      Sync *sync = value;

      sync->syncs = NULL;
      g_cancellable_cancel (sync->cancellable);
    }
  g_hash_table_remove_all (self->running);
  G_OBJECT_CLASS (bv_syncs_parent_class)->dispose (object);
}

static void
bv_syncs_finalize (GObject *object)
{
  g_hash_table_unref (BV_SYNCS (object)->running);
  G_OBJECT_CLASS (bv_syncs_parent_class)->finalize (object);
}

/* Out of the table a sync shows nothing any more, though its thread may still be on its way to the end. */
static void
forget_sync (gpointer data)
{
  Sync *sync = data;

  g_clear_handle_id (&sync->timer, g_source_remove);
  sync_unref (sync);
}

static void
bv_syncs_class_init (BvSyncsClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = bv_syncs_dispose;
  G_OBJECT_CLASS (klass)->finalize = bv_syncs_finalize;
  signals[SIGNAL_PROGRESS] = g_signal_new ("progress", BV_TYPE_SYNCS, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_STRING);
  signals[SIGNAL_CHANGED] = g_signal_new ("changed", BV_TYPE_SYNCS, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_STRING);
}

static void
bv_syncs_init (BvSyncs *self)
{
  self->running = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, forget_sync);
}

BvSyncs *
bv_syncs_of (BvWorkspace *workspace)
{
  BvSyncs *self = g_object_get_data (G_OBJECT (workspace), "bv-syncs");

  if (self == NULL)
    {
      self = g_object_new (BV_TYPE_SYNCS, NULL);
      self->workspace = workspace;
      self->timer = g_timeout_add_seconds (CHECK_SECONDS, timer_cb, self);
      g_object_set_data_full (G_OBJECT (workspace), "bv-syncs", self, g_object_unref);
    }
  return self;
}
