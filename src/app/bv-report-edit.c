/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "bv-report-edit.h"

#include "bv-report-run.h"

#include <glib/gi18n.h>

static BvReport *
copy_report (BvWorkspace  *workspace,
             const char   *uuid,
             GError      **error)
{
  BvReport *report = bv_model_find_report (bv_workspace_get_model (workspace), uuid);

  if (report == NULL)
    {
      g_set_error_literal (error, BV_ERROR, BV_ERROR_NOT_FOUND, _("The report is gone: undo its deletion first"));
      return NULL;
    }
  return bv_report_copy (report);
}

static int
find_tile_index (BvReport    *report,
                 const char  *tile_id,
                 GError     **error)
{
  for (guint i = 0; i < report->tiles->len; i++)
    if (g_strcmp0 (((BvTile *) g_ptr_array_index (report->tiles, i))->id, tile_id) == 0)
      return (int) i;
  g_set_error_literal (error, BV_ERROR, BV_ERROR_NOT_FOUND, _("The tile is gone: undo its removal first"));
  return -1;
}

static int
find_filter_index (BvReport    *report,
                   const char  *filter_id,
                   GError     **error)
{
  for (guint i = 0; i < report->filters->len; i++)
    if (g_strcmp0 (((BvFilter *) g_ptr_array_index (report->filters, i))->id, filter_id) == 0)
      return (int) i;
  g_set_error_literal (error, BV_ERROR, BV_ERROR_NOT_FOUND, _("The filter is gone: undo its removal first"));
  return -1;
}

/* --- Places ---------------------------------------------------------------------------------------------------------- */

BvCell *
bv_report_get_cells (BvReport *report)
{
  BvCell *cells = g_new (BvCell, MAX (report->tiles->len, 1));

  for (guint i = 0; i < report->tiles->len; i++)
    {
      const BvTile *tile = g_ptr_array_index (report->tiles, i);

      cells[i] = bv_cell_clamp ((BvCell){ tile->x, tile->y, tile->w, tile->h }, BV_GRID_COLUMNS);
    }
  return cells;
}

static void
set_cells (BvReport     *report,
           const BvCell *cells)
{
  for (guint i = 0; i < report->tiles->len; i++)
    {
      BvTile *tile = g_ptr_array_index (report->tiles, i);

      tile->x = cells[i].x;
      tile->y = cells[i].y;
      tile->w = cells[i].w;
      tile->h = cells[i].h;
    }
}

gboolean
bv_report_put_cells (BvWorkspace   *workspace,
                     const char    *uuid,
                     const char    *what,
                     const BvCell  *cells,
                     guint          n,
                     const char    *coalesce,
                     GError       **error)
{
  g_autoptr(BvReport) report = copy_report (workspace, uuid, error);

  if (report == NULL)
    return FALSE;
  g_return_val_if_fail (n == report->tiles->len, FALSE);
  set_cells (report, cells);
  return coalesce != NULL ? bv_workspace_put_report_coalesced (workspace, what, report, coalesce, error)
                          : bv_workspace_put_report (workspace, what, report, error);
}

gboolean
bv_report_step_tile (BvWorkspace  *workspace,
                     const char   *uuid,
                     const char   *tile_id,
                     const char   *step,
                     GError      **error)
{
  static const struct { const char *step; int dx, dy; } moves[] = {
    { "left", -1, 0 }, { "right", 1, 0 }, { "up", 0, -1 }, { "down", 0, 1 },
  };
  static const struct { const char *step; int dw, dh; } sizes[] = {
    { "narrower", -1, 0 }, { "wider", 1, 0 }, { "shorter", 0, -1 }, { "taller", 0, 1 },
  };
  g_autoptr(BvReport) report = copy_report (workspace, uuid, error);
  g_autofree BvCell *cells = NULL;
  g_autofree char *coalesce = NULL;
  int index;

  if (report == NULL || (index = find_tile_index (report, tile_id, error)) < 0)
    return FALSE;
  cells = bv_report_get_cells (report);
  for (guint i = 0; i < G_N_ELEMENTS (moves); i++)
    if (g_str_equal (moves[i].step, step))
      {
        if (!bv_grid_step (cells, report->tiles->len, (guint) index, moves[i].dx, moves[i].dy, BV_GRID_COLUMNS))
          return TRUE;
        coalesce = g_strdup_printf ("move:%s", tile_id);
        return bv_report_put_cells (workspace, uuid, _("Move tile"), cells, report->tiles->len, coalesce, error);
      }
  for (guint i = 0; i < G_N_ELEMENTS (sizes); i++)
    if (g_str_equal (sizes[i].step, step))
      {
        BvCell wanted = cells[index];

        wanted.w = CLAMP (wanted.w + sizes[i].dw, 1, BV_GRID_COLUMNS - wanted.x);
        wanted.h = MAX (wanted.h + sizes[i].dh, 1);
        if (bv_cell_equal (&wanted, &cells[index]))
          return TRUE;
        bv_grid_place (cells, report->tiles->len, (guint) index, wanted, BV_GRID_COLUMNS);
        coalesce = g_strdup_printf ("resize:%s", tile_id);
        return bv_report_put_cells (workspace, uuid, _("Resize tile"), cells, report->tiles->len, coalesce, error);
      }
  g_return_val_if_reached (FALSE);
}

/* --- Tiles -------------------------------------------------------------------------------------------------------------- */

static char *
free_tile_id (BvReport   *report,
              const char *base)
{
  for (guint i = 1;; i++)
    {
      char *id = i == 1 ? g_strdup (base) : g_strdup_printf ("%s-%u", base, i);

      if (bv_report_find_tile (report, id) == NULL)
        return id;
      g_free (id);
    }
}

gboolean
bv_report_remove_tile (BvWorkspace  *workspace,
                       const char   *uuid,
                       const char   *tile_id,
                       GError      **error)
{
  g_autoptr(BvReport) report = copy_report (workspace, uuid, error);
  g_autofree BvCell *cells = NULL;
  int index;

  if (report == NULL || (index = find_tile_index (report, tile_id, error)) < 0)
    return FALSE;
  for (guint i = 0; i < report->filters->len; i++)
    g_hash_table_remove (((BvFilter *) g_ptr_array_index (report->filters, i))->tiles, tile_id);
  g_ptr_array_remove_index (report->tiles, (guint) index);
  cells = bv_report_get_cells (report);
  bv_grid_compact (cells, report->tiles->len, BV_GRID_COLUMNS);
  set_cells (report, cells);
  return bv_workspace_put_report (workspace, _("Remove tile"), report, error);
}

gboolean
bv_report_duplicate_tile (BvWorkspace  *workspace,
                          const char   *uuid,
                          const char   *tile_id,
                          char        **new_id,
                          GError      **error)
{
  g_autoptr(BvReport) report = copy_report (workspace, uuid, error);
  g_autofree BvCell *cells = NULL;
  BvTile *copy;
  BvCell place;
  int index;

  if (report == NULL || (index = find_tile_index (report, tile_id, error)) < 0)
    return FALSE;
  copy = bv_tile_copy (g_ptr_array_index (report->tiles, index));
  g_free (copy->id);
  copy->id = free_tile_id (report, tile_id);
  for (guint i = 0; i < report->filters->len; i++)
    {
      BvFilter *filter = g_ptr_array_index (report->filters, i);
      const char *mapped = g_hash_table_lookup (filter->tiles, tile_id);

      if (mapped != NULL)
        g_hash_table_insert (filter->tiles, g_strdup (copy->id), g_strdup (mapped));
    }
  /* Next to the original where there is room, else right below it. */
  cells = bv_report_get_cells (report);
  place = cells[index];
  if (place.x + 2 * place.w <= BV_GRID_COLUMNS)
    place.x += place.w;
  else
    place.y += place.h;
  copy->x = place.x;
  copy->y = place.y;
  g_ptr_array_add (report->tiles, copy);
  g_free (cells);
  cells = bv_report_get_cells (report);
  bv_grid_place (cells, report->tiles->len, report->tiles->len - 1, place, BV_GRID_COLUMNS);
  set_cells (report, cells);
  if (!bv_workspace_put_report (workspace, _("Duplicate tile"), report, error))
    return FALSE;
  if (new_id != NULL)
    *new_id = g_strdup (copy->id);
  return TRUE;
}

/* Entries of a tile that its exploration no longer has, after the author gave it another one. */
static void
drop_broken_mappings (BvModel  *model,
                      BvReport *report,
                      BvTile   *tile)
{
  BvExploration *exploration = tile->chart != NULL ? bv_model_find_exploration (model, tile->chart->exploration) : NULL;

  for (guint i = 0; exploration != NULL && i < report->filters->len; i++)
    {
      BvFilter *filter = g_ptr_array_index (report->filters, i);
      const char *mapped = g_hash_table_lookup (filter->tiles, tile->id);

      if (mapped != NULL && *mapped != '\0' && bv_exploration_find_dimension (exploration, mapped) == NULL)
        g_hash_table_remove (filter->tiles, tile->id);
      bv_filter_map_same_dimension (model, report, filter);
    }
}

void
bv_report_add_tile (BvModel  *model,
                    BvReport *report,
                    BvTile   *tile)
{
  static const char *const bases[] = { "chart", "text", "image", "link" };
  g_autofree BvCell *cells = bv_report_get_cells (report);
  BvCell place = bv_grid_find_free (cells, report->tiles->len, tile->w, tile->h, BV_GRID_COLUMNS);

  g_free (tile->id);
  tile->id = free_tile_id (report, bases[tile->kind]);
  tile->x = place.x;
  tile->y = place.y;
  tile->w = place.w;
  tile->h = place.h;
  g_ptr_array_add (report->tiles, tile);
  for (guint i = 0; i < report->filters->len; i++)
    bv_filter_map_same_dimension (model, report, g_ptr_array_index (report->filters, i));
}

gboolean
bv_report_put_tile (BvWorkspace  *workspace,
                    const char   *uuid,
                    BvTile       *tile,
                    char        **new_id,
                    GError      **error)
{
  g_autoptr(BvReport) report = copy_report (workspace, uuid, error);
  BvModel *model = bv_workspace_get_model (workspace);
  BvTile *copy;

  if (report == NULL)
    return FALSE;
  if (tile->id == NULL || *tile->id == '\0')
    {
      copy = bv_tile_copy (tile);
      bv_report_add_tile (model, report, copy);
      if (!bv_workspace_put_report (workspace, _("Add tile"), report, error))
        return FALSE;
      if (new_id != NULL)
        *new_id = g_strdup (copy->id);
    }
  else
    {
      int index = find_tile_index (report, tile->id, error);

      if (index < 0)
        return FALSE;
      copy = bv_tile_copy (tile);
      bv_tile_free (report->tiles->pdata[index]);
      report->tiles->pdata[index] = copy;
      drop_broken_mappings (model, report, copy);
      if (!bv_workspace_put_report (workspace, _("Change tile"), report, error))
        return FALSE;
      if (new_id != NULL)
        *new_id = g_strdup (tile->id);
    }
  return TRUE;
}

/* --- Filters --------------------------------------------------------------------------------------------------------------- */

gboolean
bv_report_put_filter (BvWorkspace  *workspace,
                      const char   *uuid,
                      BvFilter     *filter,
                      GError      **error)
{
  g_autoptr(BvReport) report = copy_report (workspace, uuid, error);
  BvFilter *copy;
  int index;

  if (report == NULL)
    return FALSE;
  for (guint i = 0; i < report->filters->len; i++)
    {
      BvFilter *other = g_ptr_array_index (report->filters, i);

      if (g_strcmp0 (other->name, filter->name) == 0 && g_strcmp0 (other->id, filter->id) != 0)
        {
          g_set_error (error, BV_ERROR, BV_ERROR_EXISTS, _("There is a filter “%s” already: choose another name"), filter->name);
          return FALSE;
        }
    }
  if (filter->id == NULL || *filter->id == '\0')
    {
      copy = bv_filter_copy (filter);
      g_free (copy->id);
      copy->id = g_uuid_string_random ();
      g_ptr_array_add (report->filters, copy);
      return bv_workspace_put_report (workspace, _("Add filter"), report, error);
    }
  index = find_filter_index (report, filter->id, error);
  if (index < 0)
    return FALSE;
  /* Others name their controllers: they follow a new name. */
  for (guint i = 0; i < report->filters->len; i++)
    {
      BvFilter *other = g_ptr_array_index (report->filters, i);
      const char *old_name = ((BvFilter *) g_ptr_array_index (report->filters, index))->name;

      for (guint k = 0; other->controlled_by != NULL && other->controlled_by[k] != NULL; k++)
        if (g_strcmp0 (other->controlled_by[k], old_name) == 0)
          {
            g_free (other->controlled_by[k]);
            other->controlled_by[k] = g_strdup (filter->name);
          }
    }
  bv_filter_free (report->filters->pdata[index]);
  report->filters->pdata[index] = bv_filter_copy (filter);
  return bv_workspace_put_report (workspace, _("Change filter"), report, error);
}

gboolean
bv_report_remove_filter (BvWorkspace  *workspace,
                         const char   *uuid,
                         const char   *filter_id,
                         GError      **error)
{
  g_autoptr(BvReport) report = copy_report (workspace, uuid, error);
  g_autofree char *name = NULL;
  int index;

  if (report == NULL || (index = find_filter_index (report, filter_id, error)) < 0)
    return FALSE;
  name = g_strdup (((BvFilter *) g_ptr_array_index (report->filters, index))->name);
  g_ptr_array_remove_index (report->filters, (guint) index);
  for (guint i = 0; i < report->filters->len; i++)
    {
      BvFilter *other = g_ptr_array_index (report->filters, i);
      g_autoptr(GStrvBuilder) kept = g_strv_builder_new ();

      for (guint k = 0; other->controlled_by != NULL && other->controlled_by[k] != NULL; k++)
        if (g_strcmp0 (other->controlled_by[k], name) != 0)
          g_strv_builder_add (kept, other->controlled_by[k]);
      g_strfreev (other->controlled_by);
      other->controlled_by = g_strv_builder_end (kept);
    }
  return bv_workspace_put_report (workspace, _("Remove filter"), report, error);
}

gboolean
bv_report_move_filter (BvWorkspace  *workspace,
                       const char   *uuid,
                       const char   *filter_id,
                       guint         position,
                       GError      **error)
{
  g_autoptr(BvReport) report = copy_report (workspace, uuid, error);
  gpointer filter;
  int index;

  if (report == NULL || (index = find_filter_index (report, filter_id, error)) < 0)
    return FALSE;
  position = MIN (position, report->filters->len - 1);
  if (position == (guint) index)
    return TRUE;
  filter = g_ptr_array_steal_index (report->filters, (guint) index);
  g_ptr_array_insert (report->filters, (int) position, filter);
  return bv_workspace_put_report (workspace, _("Move filter"), report, error);
}

gboolean
bv_report_describe (BvWorkspace  *workspace,
                    const char   *uuid,
                    const char   *name,
                    const char   *description,
                    GError      **error)
{
  g_autoptr(BvReport) report = copy_report (workspace, uuid, error);

  if (report == NULL)
    return FALSE;
  if (g_strcmp0 (report->description, description) == 0)
    return bv_workspace_rename (workspace, "report", NULL, report->name, name, error);
  g_free (report->description);
  report->description = g_strdup (description);
  return bv_workspace_put_report_as (workspace, _("Describe report"), report, name, error);
}
