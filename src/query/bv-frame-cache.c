/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Frames by what was asked. All are of one version of the project and one model: the first query after a commit empties the cache. A frame is filed only when
 * no commit came between the beginning and the end of its query, and not at all for projects that another program may write to. Presets of time
 * ("last 7 days") mean another range as time goes by, so that frames are good for a minute at most.
 *
 * At most MAX_CELLS cells are kept; the cache starts anew when there are more. Cost: a few microseconds a query.
 */
#include "bv-frame-cache.h"

#define MAX_CELLS 4000000

struct _BvFrameCache
{
  int ref_count;
  GMutex mutex;
  GHashTable *frames; /* char* -> BvFrame */
  guint64 n_cells;
  BvModel *model;     /* (nullable) */
  guint64 version;
};

BvFrameCache *
bv_frame_cache_new (void)
{
  BvFrameCache *self = g_new0 (BvFrameCache, 1);

  self->ref_count = 1;
  g_mutex_init (&self->mutex);
  self->frames = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify) bv_frame_unref);
  return self;
}

BvFrameCache *
bv_frame_cache_ref (BvFrameCache *self)
{
  g_atomic_int_inc (&self->ref_count);
  return self;
}

void
bv_frame_cache_unref (BvFrameCache *self)
{
  if (self == NULL || !g_atomic_int_dec_and_test (&self->ref_count))
    return;
  g_hash_table_unref (self->frames);
  g_clear_pointer (&self->model, bv_model_unref);
  g_mutex_clear (&self->mutex);
  g_free (self);
}

char *
bv_frame_cache_key (const BvQueryContext *context, BvChart *chart, const BvOverlay *overlay)
{
  g_autofree char *query = NULL;

  if (context->frames == NULL || context->executor == BV_EXECUTOR_SQLITE || context->executor == BV_EXECUTOR_LIVE || bv_project_is_read_only (context->project))
    return NULL;
  query = bv_query_key (chart, overlay);
  return g_strdup_printf ("%d %" G_GINT64_FORMAT " %s", (int) context->executor, context->now / (60 * BV_SECOND_US), query);
}

/* With the lock held: empties the cache when it is of another state of things. */
static void
adopt (BvFrameCache *self, BvModel *model, guint64 version)
{
  if (self->model == model && self->version == version)
    return;
  g_hash_table_remove_all (self->frames);
  self->n_cells = 0;
  self->version = version;
  if (self->model != model)
    {
      g_clear_pointer (&self->model, bv_model_unref);
      self->model = bv_model_ref (model);
    }
}

BvFrame *
bv_frame_cache_get (BvFrameCache *self, const BvQueryContext *context, const char *key)
{
  guint64 version = bv_project_get_version (context->project);
  BvFrame *frame;

  g_mutex_lock (&self->mutex);
  adopt (self, context->model, version);
  frame = g_hash_table_lookup (self->frames, key);
  if (frame != NULL)
    bv_frame_ref (frame);
  g_mutex_unlock (&self->mutex);
  return frame;
}

void
bv_frame_cache_put (BvFrameCache *self, const BvQueryContext *context, guint64 version, const char *key, BvFrame *frame)
{
  guint64 n_cells = 16;

  for (BvFrame *part = frame; part != NULL; part = bv_frame_get_subtotals (part))
    n_cells += (guint64) bv_frame_get_n_rows (part) * bv_frame_get_n_columns (part);
  if (n_cells > MAX_CELLS / 8)
    return;
  g_mutex_lock (&self->mutex);
  if (self->model == context->model && self->version == version && bv_project_get_version (context->project) == version)
    {
      if (self->n_cells + n_cells > MAX_CELLS)
        {
          g_hash_table_remove_all (self->frames);
          self->n_cells = 0;
        }
      if (g_hash_table_insert (self->frames, g_strdup (key), bv_frame_ref (frame)))
        self->n_cells += n_cells;
    }
  g_mutex_unlock (&self->mutex);
}
