/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The report run's life: it follows its report through the workspace's snapshots and tells what changed.
 *
 * Each ::changed of the workspace brings a new snapshot. The run takes the report of the same uuid from it, keeps the filter values
 * that still make sense (bv-filter-values.c) and asks bv-tile-refresh.c to query what differs. A report that was deleted leaves the
 * run empty; an undo brings it back to life.
 */
#include "config.h"

#include "bv-report-run-private.h"

#include <glib/gi18n-lib.h>

G_DEFINE_FINAL_TYPE (BvReportRun, bv_report_run, G_TYPE_OBJECT)

guint bv_report_run_signals[BV_RUN_N_SIGNALS];

static char *
report_to_text (BvReport *report)
{
  g_autoptr(JsonObject) object = report != NULL ? bv_report_to_json (report) : NULL;

  return object != NULL ? bv_json_object_to_text (object, FALSE) : NULL;
}

static void
adopt_model (BvReportRun *self)
{
  g_autoptr(BvModel) old_model = g_steal_pointer (&self->model);
  g_autofree char *old_text = g_steal_pointer (&self->report_text);
  BvReport *old = self->report;
  gboolean edited;

  self->model = bv_model_ref (bv_workspace_get_model (self->workspace));
  self->report = bv_model_find_report (self->model, self->uuid);
  self->report_text = report_to_text (self->report);
  edited = g_strcmp0 (old_text, self->report_text) != 0;
  if (edited)
    {
      bv_report_run_adopt_values (self, old);
      g_hash_table_remove_all (self->labels);
    }
  if (edited && old_model != NULL)
    g_signal_emit (self, bv_report_run_signals[BV_RUN_REPORT_CHANGED], 0);
}

static void
workspace_changed_cb (BvReportRun *self)
{
  g_object_ref (self);
  adopt_model (self);
  bv_tile_refresh_update (self, FALSE);
  g_object_unref (self);
}

static void
bv_report_run_dispose (GObject *object)
{
  BvReportRun *self = BV_REPORT_RUN (object);

  self->disposed = TRUE;
  if (self->workspace != NULL)
    g_clear_signal_handler (&self->changed_id, self->workspace);
  bv_tile_refresh_cancel (self);
  G_OBJECT_CLASS (bv_report_run_parent_class)->dispose (object);
}

static void
bv_report_run_finalize (GObject *object)
{
  BvReportRun *self = BV_REPORT_RUN (object);

  g_queue_clear_full (&self->waiting, g_free);
  g_clear_pointer (&self->tiles, g_hash_table_unref);
  g_clear_pointer (&self->values, g_hash_table_unref);
  g_clear_pointer (&self->no_values, g_array_unref);
  g_clear_pointer (&self->labels, g_hash_table_unref);
  g_clear_pointer (&self->model, bv_model_unref);
  g_clear_object (&self->workspace);
  g_free (self->report_text);
  g_free (self->uuid);
  G_OBJECT_CLASS (bv_report_run_parent_class)->finalize (object);
}

static void
bv_report_run_class_init (BvReportRunClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = bv_report_run_dispose;
  object_class->finalize = bv_report_run_finalize;

  bv_report_run_signals[BV_RUN_TILE_CHANGED] =
    g_signal_new ("tile-changed", BV_TYPE_REPORT_RUN, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_STRING);
  bv_report_run_signals[BV_RUN_STATE_CHANGED] =
    g_signal_new ("state-changed", BV_TYPE_REPORT_RUN, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  bv_report_run_signals[BV_RUN_REPORT_CHANGED] =
    g_signal_new ("report-changed", BV_TYPE_REPORT_RUN, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
bv_report_run_init (BvReportRun *self)
{
  g_queue_init (&self->waiting);
  self->no_values = bv_value_array_new ();
  self->labels = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  self->values = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify) g_array_unref);
  self->tiles = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, (GDestroyNotify) bv_tile_state_free);
}

BvReportRun *
bv_report_run_new (BvWorkspace *workspace, const char *report_uuid)
{
  BvReportRun *self;

  g_return_val_if_fail (BV_IS_WORKSPACE (workspace), NULL);
  g_return_val_if_fail (report_uuid != NULL, NULL);

  self = g_object_new (BV_TYPE_REPORT_RUN, NULL);
  self->workspace = g_object_ref (workspace);
  self->uuid = g_strdup (report_uuid);
  self->changed_id = g_signal_connect_object (workspace, "changed", G_CALLBACK (workspace_changed_cb), self, G_CONNECT_SWAPPED);
  adopt_model (self);
  bv_tile_refresh_update (self, FALSE);
  return self;
}

BvWorkspace *
bv_report_run_get_workspace (BvReportRun *self)
{
  g_return_val_if_fail (BV_IS_REPORT_RUN (self), NULL);
  return self->workspace;
}

BvReport *
bv_report_run_get_report (BvReportRun *self)
{
  g_return_val_if_fail (BV_IS_REPORT_RUN (self), NULL);
  return self->report;
}

/* --- Charts in words and as specs -------------------------------------------------------------------------------------- */

static void
set_options (BvChartSpec *spec, const char *prefix, JsonObject *options)
{
  g_autoptr(GList) members = json_object_get_members (options);

  for (GList *l = members; l != NULL; l = l->next)
    {
      g_autofree char *key = prefix != NULL ? g_strconcat (prefix, ".", l->data, NULL) : g_strdup (l->data);
      JsonNode *node = json_object_get_member (options, l->data);
      g_auto(BvValue) value = BV_VALUE_NULL;

      if (JSON_NODE_HOLDS_OBJECT (node))
        {
          set_options (spec, key, json_node_get_object (node));
          continue;
        }
      if (!JSON_NODE_HOLDS_VALUE (node))
        continue;
      switch (json_node_get_value_type (node))
        {
        case G_TYPE_BOOLEAN:
          value = bv_value_bool (json_node_get_boolean (node));
          break;
        case G_TYPE_INT64:
          value = bv_value_int (json_node_get_int (node));
          break;
        case G_TYPE_DOUBLE:
          value = bv_value_double (json_node_get_double (node));
          break;
        default:
          value = bv_value_text (json_node_get_string (node));
          break;
        }
      /* Options of other chart types stay in the definition and are simply not this type's. */
      bv_chart_spec_set_option (spec, key, &value);
    }
}

BvChartSpec *
bv_chart_to_spec (BvChart *chart)
{
  BvChartSpec *spec;

  g_return_val_if_fail (chart != NULL, NULL);

  spec = bv_chart_spec_new (chart->type);
  if (chart->options != NULL)
    set_options (spec, NULL, chart->options);
  return spec;
}

static char *
lower_first (const char *text)
{
  gunichar first = g_utf8_get_char (text);
  char lower[7] = "";

  if (*text == '\0')
    return g_strdup ("");
  lower[g_unichar_to_utf8 (g_unichar_tolower (first), lower)] = '\0';
  return g_strconcat (lower, g_utf8_next_char (text), NULL);
}

/* "a", "a and b", "a, b and c" */
static char *
enumerate (GPtrArray *words)
{
  char *text = g_strdup (words->len > 0 ? g_ptr_array_index (words, 0) : "");

  for (guint i = 1; i < words->len; i++)
    {
      g_autofree char *before = text;

      /* Translators: names one after the other: the first is one or more of them already */
      text = g_strdup_printf (i + 1 == words->len ? C_("list", "%s and %s") : C_("list", "%s, %s"), before,
                              (const char *) g_ptr_array_index (words, i));
    }
  return text;
}

static char *
title_with_range (BvChart *chart, const char *shown, BvLocale *locale)
{
  g_autoptr(GPtrArray) metrics = g_ptr_array_new ();
  g_autoptr(GPtrArray) groups = g_ptr_array_new_with_free_func (g_free);
  g_autofree char *what = NULL, *by = NULL, *title = NULL, *range = NULL, *lower = NULL;

  for (guint i = 0; chart->metrics != NULL && chart->metrics[i] != NULL; i++)
    g_ptr_array_add (metrics, chart->metrics[i]);
  if (chart->grain != BV_GRAIN_NONE)
    g_ptr_array_add (groups, g_strdup (bv_grain_to_noun (chart->grain)));
  for (guint i = 0; i < chart->by->len; i++)
    g_ptr_array_add (groups, g_strdup (g_array_index (chart->by, BvGroup, i).dimension));
  if (chart->pivot != NULL)
    g_ptr_array_add (groups, g_strdup (chart->pivot));

  what = enumerate (metrics);
  by = enumerate (groups);
  if (metrics->len > 0 && groups->len > 0)
    /* Translators: what a chart shows, "Won revenue by month" */
    title = g_strdup_printf (_("%s by %s"), what, by);
  else if (metrics->len > 0)
    title = g_steal_pointer (&what);
  else if (groups->len > 0)
    title = g_steal_pointer (&by);
  else
    title = g_strdup (chart->exploration != NULL ? chart->exploration : _("Untitled chart"));

  if (shown == NULL || *shown == '\0')
    return g_steal_pointer (&title);
  range = bv_locale_format_range (locale, shown);
  /* The words of a preset continue the sentence; the name of a month may not. */
  lower = strstr (shown, "..") == NULL ? lower_first (range) : g_steal_pointer (&range);
  /* Translators: a chart's title and its range, "Won revenue by month, last 28 days" */
  return g_strdup_printf (_("%s, %s"), title, lower);
}

char *
bv_chart_to_title (BvChart *chart, BvLocale *locale)
{
  g_return_val_if_fail (chart != NULL, NULL);

  return title_with_range (chart, chart->range, locale);
}

char *
bv_report_run_title (BvReportRun *self, BvTile *tile)
{
  BvOverlay overlay;
  char *title;

  g_return_val_if_fail (BV_IS_REPORT_RUN (self) && tile->chart != NULL, NULL);

  if (tile->title != NULL && *tile->title != '\0')
    return g_strdup (tile->title);
  bv_report_run_overlay (self, tile, &overlay);
  title = title_with_range (tile->chart, overlay.range != NULL ? overlay.range : tile->chart->range, bv_workspace_get_locale (self->workspace));
  bv_overlay_clear (&overlay);
  return title;
}
