/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Keeping the tiles' frames fresh.
 *
 * Every chart tile has a key: all that its frame depends on, as text – the query with the filters that reach the tile, the exploration,
 * the relationships, the calendar, and when the tables it reads were last loaded. When something changes, each tile's key is
 * made anew; only a tile whose key differs is queried. Whatever that tile still had under way is cancelled first, so that of many
 * quick changes only the last one is worked out. Waiting tiles are queried in the order of the canvas, all at once,
 * so that the workspace can run them together. Until its query ends a tile keeps the last good frame.
 */
#include "config.h"

#include "bv-report-run-private.h"

#include <glib/gi18n-lib.h>

typedef struct
{
  GWeakRef run;
  char *tile_id;
  GCancellable *cancellable;
} Request;

static void start_waiting (BvReportRun *self);

void
bv_tile_state_free (BvTileState *state)
{
  if (state->cancellable != NULL)
    g_cancellable_cancel (state->cancellable);
  g_clear_object (&state->cancellable);
  g_clear_pointer (&state->frame, bv_frame_unref);
  g_clear_error (&state->error);
  g_free (state->key);
  g_free (state->id);
  g_free (state);
}

static void
request_free (Request *request)
{
  g_weak_ref_clear (&request->run);
  g_object_unref (request->cancellable);
  g_free (request->tile_id);
  g_free (request);
}

static char *
make_key (BvReportRun *self, BvTile *tile, const BvOverlay *overlay)
{
  g_autofree char *query = bv_query_key (tile->chart, overlay);
  GString *key = g_string_new (query);
  BvExploration *exploration = bv_model_find_exploration (self->model, tile->chart->exploration);
  g_autoptr(GPtrArray) tables = bv_tile_tables (self->model, self->report, tile);

  g_string_append_printf (key, "\n%s %s %d", self->model->time_zone, self->model->currency != NULL ? self->model->currency : "",
                          self->model->week_start);
  if (exploration != NULL)
    {
      g_autoptr(JsonObject) object = bv_exploration_to_json (exploration);
      g_autofree char *text = bv_json_object_to_text (object, FALSE);

      g_string_append_printf (key, "\n%s", text);
    }
  for (guint i = 0; i < self->model->relationships->len; i++)
    {
      BvRelationship *r = g_ptr_array_index (self->model->relationships, i);

      g_string_append_printf (key, "\n%s.%s %d %s.%s", r->from_table, r->from_column, (int) r->type, r->to_table, r->to_column);
    }
  for (guint i = 0; i < tables->len; i++)
    {
      BvTable *table = bv_model_find_table (self->model, g_ptr_array_index (tables, i));

      g_string_append_printf (key, "\n%s %" G_GINT64_FORMAT " %" G_GINT64_FORMAT, table->name, table->n_rows, table->loaded_at);
      for (guint k = 0; table->key != NULL && table->key[k] != NULL; k++)
        g_string_append_printf (key, " %s", table->key[k]);
    }
  return g_string_free (key, FALSE);
}

static void
emit_tile (BvReportRun *self, const char *tile_id)
{
  g_signal_emit (self, bv_report_run_signals[BV_RUN_TILE_CHANGED], 0, tile_id);
}

static void
query_ready_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Request *request = user_data;
  g_autoptr(GError) error = NULL;
  g_autoptr(BvFrame) frame = bv_workspace_run_finish (BV_WORKSPACE (source), result, &error);
  g_autoptr(BvReportRun) self = g_weak_ref_get (&request->run);
  BvTileState *state;

  if (self == NULL || self->disposed)
    {
      request_free (request);
      return;
    }
  self->n_running--;
  state = g_hash_table_lookup (self->tiles, request->tile_id);
  /* Only the newest query of a tile counts; whoever cancelled this one has put another in its place. */
  if (state != NULL && state->cancellable == request->cancellable)
    {
      g_clear_object (&state->cancellable);
      state->busy = FALSE;
      g_clear_error (&state->error);
      if (frame != NULL)
        {
          g_clear_pointer (&state->frame, bv_frame_unref);
          state->frame = g_steal_pointer (&frame);
          state->loaded_at = bv_workspace_get_now (self->workspace);
        }
      else
        {
          /* The frame before belongs to another question: an error does not leave it standing as the answer. */
          g_clear_pointer (&state->frame, bv_frame_unref);
          g_clear_pointer (&state->key, g_free);
          state->error = g_steal_pointer (&error);
        }
      emit_tile (self, request->tile_id);
    }
  start_waiting (self);
  request_free (request);
}

static void
start_waiting (BvReportRun *self)
{
  while (!self->disposed && self->n_running < BV_REPORT_MAX_QUERIES && !g_queue_is_empty (&self->waiting))
    {
      g_autofree char *id = g_queue_pop_head (&self->waiting);
      BvTile *tile = self->report != NULL ? bv_report_find_tile (self->report, id) : NULL;
      BvTileState *state = g_hash_table_lookup (self->tiles, id);
      BvOverlay overlay;
      Request *request;

      if (tile == NULL || state == NULL || state->cancellable == NULL)
        continue;
      bv_report_run_overlay (self, tile, &overlay);
      request = g_new0 (Request, 1);
      g_weak_ref_init (&request->run, self);
      request->tile_id = g_strdup (id);
      request->cancellable = g_object_ref (state->cancellable);
      self->n_running++;
      bv_workspace_run_async (self->workspace, tile->chart, &overlay, request->cancellable, query_ready_cb, request);
      bv_overlay_clear (&overlay);
    }
}

static int
compare_places (gconstpointer a, gconstpointer b)
{
  const BvTile *x = *(BvTile *const *) a, *y = *(BvTile *const *) b;

  return x->y != y->y ? x->y - y->y : x->x - y->x;
}

GPtrArray *
bv_report_chart_tiles (BvReport *report)
{
  GPtrArray *tiles = g_ptr_array_new ();

  for (guint i = 0; report != NULL && i < report->tiles->len; i++)
    {
      BvTile *tile = g_ptr_array_index (report->tiles, i);

      if (tile->kind == BV_TILE_CHART && tile->chart != NULL)
        g_ptr_array_add (tiles, tile);
    }
  g_ptr_array_sort (tiles, compare_places);
  return tiles;
}

static void
wait_for_query (BvReportRun *self, BvTileState *state)
{
  GList *link = g_queue_find_custom (&self->waiting, state->id, (GCompareFunc) g_strcmp0);

  if (state->cancellable != NULL)
    g_cancellable_cancel (state->cancellable);
  g_clear_object (&state->cancellable);
  state->cancellable = g_cancellable_new ();
  state->busy = TRUE;
  if (link == NULL)
    g_queue_push_tail (&self->waiting, g_strdup (state->id));
}

void
bv_tile_refresh_update (BvReportRun *self, gboolean force)
{
  g_autoptr(GPtrArray) tiles = bv_report_chart_tiles (self->report);
  g_autoptr(GPtrArray) changed = g_ptr_array_new_with_free_func (g_free);
  GHashTableIter iter;
  BvTileState *state;

  if (self->disposed)
    return;
  self->pass++;
  for (guint i = 0; i < tiles->len; i++)
    {
      BvTile *tile = g_ptr_array_index (tiles, i);
      g_autofree char *key = NULL;
      BvOverlay overlay;

      bv_report_run_overlay (self, tile, &overlay);
      key = make_key (self, tile, &overlay);
      bv_overlay_clear (&overlay);
      state = g_hash_table_lookup (self->tiles, tile->id);
      if (state == NULL)
        {
          state = g_new0 (BvTileState, 1);
          state->id = g_strdup (tile->id);
          g_hash_table_insert (self->tiles, state->id, state);
        }
      state->mark = self->pass;
      if (!force && g_strcmp0 (key, state->key) == 0)
        continue;
      g_free (state->key);
      state->key = g_steal_pointer (&key);
      wait_for_query (self, state);
      g_ptr_array_add (changed, g_strdup (tile->id));
    }

  g_hash_table_iter_init (&iter, self->tiles);
  while (g_hash_table_iter_next (&iter, NULL, (gpointer *) &state))
    if (state->mark != self->pass)
      g_hash_table_iter_remove (&iter);

  start_waiting (self);
  for (guint i = 0; i < changed->len; i++)
    emit_tile (self, g_ptr_array_index (changed, i));
}

void
bv_tile_refresh_cancel (BvReportRun *self)
{
  GHashTableIter iter;
  BvTileState *state;

  g_queue_clear_full (&self->waiting, g_free);
  g_hash_table_iter_init (&iter, self->tiles);
  while (g_hash_table_iter_next (&iter, NULL, (gpointer *) &state))
    if (state->cancellable != NULL)
      {
        g_cancellable_cancel (state->cancellable);
        g_clear_object (&state->cancellable);
        state->busy = FALSE;
      }
}

void
bv_report_run_refresh (BvReportRun *self)
{
  g_return_if_fail (BV_IS_REPORT_RUN (self));
  bv_tile_refresh_update (self, TRUE);
}

BvFrame *
bv_report_run_get_frame (BvReportRun *self, const char *tile_id)
{
  BvTileState *state = g_hash_table_lookup (self->tiles, tile_id);

  return state != NULL ? state->frame : NULL;
}

const GError *
bv_report_run_get_error (BvReportRun *self, const char *tile_id)
{
  BvTileState *state = g_hash_table_lookup (self->tiles, tile_id);

  return state != NULL ? state->error : NULL;
}

gboolean
bv_report_run_is_busy (BvReportRun *self, const char *tile_id)
{
  GHashTableIter iter;
  BvTileState *state;

  if (tile_id != NULL)
    {
      state = g_hash_table_lookup (self->tiles, tile_id);
      return state != NULL && state->busy;
    }
  g_hash_table_iter_init (&iter, self->tiles);
  while (g_hash_table_iter_next (&iter, NULL, (gpointer *) &state))
    if (state->busy)
      return TRUE;
  return FALSE;
}

gint64
bv_report_run_get_loaded_at (BvReportRun *self)
{
  GHashTableIter iter;
  BvTileState *state;
  gint64 oldest = 0;

  g_hash_table_iter_init (&iter, self->tiles);
  while (g_hash_table_iter_next (&iter, NULL, (gpointer *) &state))
    if (state->frame != NULL && (oldest == 0 || state->loaded_at < oldest))
      oldest = state->loaded_at;
  return oldest;
}

static gboolean
wake_cb (GCancellable *cancellable, gpointer user_data)
{
  return G_SOURCE_REMOVE;
}

gboolean
bv_report_run_wait (BvReportRun *self, GCancellable *cancellable, GError **error)
{
  g_autoptr(GMainContext) context = g_main_context_ref_thread_default ();
  g_autoptr(GSource) waker = NULL;
  gboolean ok = TRUE;

  if (cancellable != NULL)
    {
      waker = g_cancellable_source_new (cancellable);
      g_source_set_callback (waker, G_SOURCE_FUNC (wake_cb), NULL, NULL);
      g_source_attach (waker, context);
    }
  while (ok && bv_report_run_is_busy (self, NULL))
    {
      ok = !g_cancellable_set_error_if_cancelled (cancellable, error);
      if (ok)
        g_main_context_iteration (context, TRUE);
    }
  if (waker != NULL)
    g_source_destroy (waker);
  return ok;
}

gint64
bv_report_run_get_freshness (BvReportRun *self, const char *tile_id)
{
  gint64 oldest = 0;

  for (guint i = 0; self->report != NULL && i < self->report->tiles->len; i++)
    {
      BvTile *tile = g_ptr_array_index (self->report->tiles, i);
      g_autoptr(GPtrArray) tables = NULL;

      if (tile_id != NULL && g_strcmp0 (tile->id, tile_id) != 0)
        continue;
      tables = bv_tile_tables (self->model, self->report, tile);
      for (guint k = 0; k < tables->len; k++)
        {
          BvTable *table = bv_model_find_table (self->model, g_ptr_array_index (tables, k));

          if (table->loaded_at != 0 && (oldest == 0 || table->loaded_at < oldest))
            oldest = table->loaded_at;
        }
    }
  return oldest;
}

/* --- Lists of values --------------------------------------------------------------------------------------------------- */

/* Where @controller narrows the values of a filter on @exploration: its own dimension there, or the one it is mapped to. */
static const char *
controller_field (BvReportRun *self, BvFilter *controller, BvExploration *exploration)
{
  BvExploration *source;
  const char *field;

  if (bv_filter_source (self->model, controller, &source, &field) && source == exploration)
    return field;
  if (bv_filter_is_time (controller))
    return exploration->time_field;
  for (guint i = 0; i < self->report->tiles->len; i++)
    {
      BvTile *tile = g_ptr_array_index (self->report->tiles, i);
      const char *target = bv_filter_target (self->model, self->report, controller, tile);

      if (target != NULL && bv_model_find_exploration (self->model, tile->chart->exploration) == exploration)
        return target;
    }
  return NULL;
}

static BvCondition *
controlling_condition (BvReportRun *self, BvFilter *filter, BvExploration *exploration)
{
  g_autoptr(BvCondition) all = bv_condition_new_list (BV_CONDITION_ALL);

  for (guint i = 0; filter->controlled_by != NULL && filter->controlled_by[i] != NULL; i++)
    {
      BvFilter *controller = bv_report_find_filter (self->report, filter->controlled_by[i]);
      const char *field = controller != NULL && controller != filter ? controller_field (self, controller, exploration) : NULL;
      GArray *values = controller != NULL ? bv_report_run_get_values (self, controller->id) : self->no_values;
      BvCondition *test = NULL;

      if (field == NULL || values->len == 0)
        continue;
      if (bv_filter_is_time (controller))
        {
          test = bv_condition_new_test (field, BV_OP_IN_RANGE);
          bv_condition_add_value (test, &g_array_index (values, BvValue, 0));
        }
      else
        test = bv_filter_to_condition (self->model, controller, field, values);
      if (test != NULL)
        bv_condition_add (all, test);
    }
  return bv_condition_is_empty (all) ? NULL : g_steal_pointer (&all);
}

/* What the list shows for a value, so that the filter's description can show the same. */
static void
remember_labels (BvReportRun *self, const char *filter_id, BvFrame *frame)
{
  int value = bv_frame_find_column (frame, "value"), label = bv_frame_find_column (frame, "label");
  BvLocale *locale = bv_workspace_get_locale (self->workspace);

  for (guint row = 0; value >= 0 && label >= 0 && row < bv_frame_get_n_rows (frame); row++)
    {
      BvValue cell = bv_frame_peek (frame, (guint) value, row);

      if (!bv_frame_is_null (frame, (guint) label, row))
        g_hash_table_insert (self->labels, bv_label_key (filter_id, &cell), bv_frame_format (frame, (guint) label, row, locale));
    }
}

static void
values_ready_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr(GTask) task = user_data;
  GError *error = NULL;
  BvFrame *frame = bv_workspace_values_finish (BV_WORKSPACE (source), result, &error);

  if (frame != NULL)
    {
      remember_labels (g_task_get_source_object (task), g_task_get_task_data (task), frame);
      g_task_return_pointer (task, frame, (GDestroyNotify) bv_frame_unref);
    }
  else
    g_task_return_error (task, error);
}

void
bv_report_run_values_async (BvReportRun *self, BvFilter *filter, const char *search, GCancellable *cancellable,
                            GAsyncReadyCallback callback, gpointer user_data)
{
  GTask *task = g_task_new (self, cancellable, callback, user_data);
  g_autoptr(BvCondition) where = NULL;
  BvExploration *exploration;
  const char *field;

  g_task_set_source_tag (task, bv_report_run_values_async);
  if (self->report == NULL || !bv_filter_source (self->model, filter, &exploration, &field))
    {
      g_task_return_new_error (task, BV_ERROR, BV_ERROR_NOT_FOUND, _("The filter “%s” has no field any more: choose another one"),
                               filter->name);
      g_object_unref (task);
      return;
    }
  g_task_set_task_data (task, g_strdup (filter->id), g_free);
  where = controlling_condition (self, filter, exploration);
  bv_workspace_values_async (self->workspace, exploration->name, field, filter->label_field, where, search,
                             filter->limit > 0 ? (guint) filter->limit : 5000, cancellable, values_ready_cb, task);
}

BvFrame *
bv_report_run_values_finish (BvReportRun *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);
  return g_task_propagate_pointer (G_TASK (result), error);
}
