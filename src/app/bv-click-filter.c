/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Filtering by click.
 *
 * A click sets the very values that the bar would set, through the very same call; there is no second kind of filter. All that is
 * kept beside is what each filter held before the first click, so that Escape can go back. A filter changed in the bar meanwhile
 * is the user's again and is forgotten here.
 */
#include "config.h"
#include "bv-click-filter.h"

#include <glib/gi18n.h>
#include <string.h>

struct _BvClickFilter
{
  BvReportRun *run;
  GHashTable *before;  /* filter id -> GArray of BvValue: before the first click */
  GHashTable *clicked; /* filter id -> GArray of BvValue: what clicking made of it */
};

static void
clear_value (gpointer data)
{
  bv_value_clear (data);
}

static GArray *
copy_values (const GArray *values)
{
  GArray *copy = g_array_new (FALSE, TRUE, sizeof (BvValue));

  g_array_set_clear_func (copy, clear_value);
  for (guint i = 0; i < values->len; i++)
    {
      BvValue value = bv_value_copy (&g_array_index (values, BvValue, i));

      g_array_append_val (copy, value);
    }
  return copy;
}

static gboolean
equal_values (const GArray *a,
              const GArray *b)
{
  if (a->len != b->len)
    return FALSE;
  for (guint i = 0; i < a->len; i++)
    if (!bv_value_equal (&g_array_index (a, BvValue, i), &g_array_index (b, BvValue, i)))
      return FALSE;
  return TRUE;
}

BvClickFilter *
bv_click_filter_new (BvReportRun *run)
{
  BvClickFilter *self = g_new0 (BvClickFilter, 1);

  self->run = g_object_ref (run);
  self->before = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify) g_array_unref);
  self->clicked = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify) g_array_unref);
  return self;
}

void
bv_click_filter_free (BvClickFilter *self)
{
  if (self == NULL)
    return;
  g_hash_table_unref (self->before);
  g_hash_table_unref (self->clicked);
  g_object_unref (self->run);
  g_free (self);
}

/* The column of the frame that is grouped by the values of @dimension; -1 when none is. A month is not a day to filter by. */
static int
find_group (BvChart    *chart,
            BvFrame    *frame,
            const char *dimension)
{
  int column = bv_frame_find_column (frame, dimension);
  BvRole role;

  if (column < 0 || (g_strcmp0 (chart->pivot, dimension) == 0 && chart->pivot_grain != BV_GRAIN_NONE))
    return -1;
  for (guint i = 0; i < chart->by->len; i++)
    if (g_str_equal (g_array_index (chart->by, BvGroup, i).dimension, dimension) && g_array_index (chart->by, BvGroup, i).grain != BV_GRAIN_NONE)
      return -1;
  role = bv_frame_get_column (frame, (guint) column)->role;
  return role == BV_ROLE_DIMENSION || role == BV_ROLE_SERIES ? column : -1;
}

static gboolean
takes_values (BvFilter *filter)
{
  static const char *const controls[] = { "multi", "single", "search", "boolean", NULL };

  return g_strcmp0 (filter->field, BV_FILTER_TIME) != 0 && filter->control != NULL && g_strv_contains (controls, filter->control);
}

static void
set_values (BvClickFilter *self,
            BvFilter      *filter,
            GArray        *values) /* (transfer full) */
{
  GArray *now = bv_report_run_get_values (self->run, filter->id);
  GArray *clicked = g_hash_table_lookup (self->clicked, filter->id);

  /* Changed elsewhere since the last click: that is where Escape goes back to now. */
  if (clicked == NULL || !equal_values (clicked, now))
    g_hash_table_insert (self->before, g_strdup (filter->id), copy_values (now));
  g_hash_table_insert (self->clicked, g_strdup (filter->id), values);
  bv_report_run_set_values (self->run, filter->id, values->len > 0 ? &g_array_index (values, BvValue, 0) : NULL, values->len);
}

/* The name of a top list's rest: longer by dots where a group has it. */
static gboolean
is_others (const char *text)
{
  const char *others = _("Others");

  if (!g_str_has_prefix (text, others))
    return FALSE;
  for (text += strlen (others); g_str_has_prefix (text, "…"); text += strlen ("…"))
    ;
  return *text == '\0';
}

gboolean
bv_click_filter_apply (BvClickFilter *self,
                       const char    *tile_id,
                       guint          row,
                       gboolean       add)
{
  BvReport *report = bv_report_run_get_report (self->run);
  BvTile *tile = report != NULL ? bv_report_find_tile (report, tile_id) : NULL;
  BvFrame *frame = bv_report_run_get_frame (self->run, tile_id);
  BvModel *model = bv_workspace_get_model (bv_report_run_get_workspace (self->run));
  g_autoptr(BvFrame) kept = NULL;
  gboolean hit = FALSE;

  g_return_val_if_fail (self != NULL, FALSE);

  if (frame != NULL)
    frame = bv_frame_resolve_row (frame, &row);
  if (tile == NULL || frame == NULL || tile->chart == NULL || row >= bv_frame_get_n_rows (frame))
    return FALSE;
  kept = bv_frame_ref (frame); /* setting a value may bring the next one */
  for (guint i = 0; i < report->filters->len; i++)
    {
      BvFilter *filter = g_ptr_array_index (report->filters, i);
      const char *target = takes_values (filter) ? bv_filter_target (model, report, filter, tile) : NULL;
      int column = target != NULL ? find_group (tile->chart, kept, target) : -1;
      GArray *now = bv_report_run_get_values (self->run, filter->id);
      g_autoptr(GArray) values = NULL;
      BvValue value;
      int at = -1;

      if (column < 0)
        continue;
      value = bv_frame_peek (kept, (guint) column, row);
      /* The rest of a top list is no value. */
      if (tile->chart->top > 0 && tile->chart->top_others && value.type == BV_TYPE_TEXT && is_others (value.s))
        continue;
      hit = TRUE;
      for (guint k = 0; k < now->len; k++)
        if (bv_value_equal (&g_array_index (now, BvValue, k), &value))
          at = (int) k;
      values = copy_values (now);
      if (add && g_strcmp0 (filter->control, "single") != 0 && g_strcmp0 (filter->control, "boolean") != 0)
        {
          if (at >= 0)
            g_array_remove_index (values, (guint) at);
        }
      else
        {
          gboolean only = at >= 0 && now->len == 1;

          g_array_set_size (values, 0);
          at = only ? at : -1;
        }
      if (at < 0)
        {
          value = bv_value_copy (&value);
          g_array_append_val (values, value);
        }
      set_values (self, filter, g_steal_pointer (&values));
    }
  return hit;
}

gboolean
bv_click_filter_clear (BvClickFilter *self)
{
  g_autoptr(GHashTable) before = g_steal_pointer (&self->before);
  g_autoptr(GHashTable) clicked = g_steal_pointer (&self->clicked);
  GHashTableIter iter;
  const char *id;
  GArray *values;
  gboolean any = FALSE;

  self->before = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify) g_array_unref);
  self->clicked = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify) g_array_unref);
  g_hash_table_iter_init (&iter, before);
  while (g_hash_table_iter_next (&iter, (gpointer *) &id, (gpointer *) &values))
    {
      GArray *now = bv_report_run_get_values (self->run, id);
      GArray *made = g_hash_table_lookup (clicked, id);

      if (made == NULL || !equal_values (made, now) || equal_values (values, now))
        continue;
      bv_report_run_set_values (self->run, id, values->len > 0 ? &g_array_index (values, BvValue, 0) : NULL, values->len);
      any = TRUE;
    }
  return any;
}
