/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Keeps one widget per tile of the run's report. A change of the report moves and updates the widgets that are there; only tiles
 * that came or went make or end one. */
#include "config.h"
#include "bv-report-canvas.h"

#include "bv-report-edit.h"
#include "bv-util.h"

#include <glib/gi18n.h>

struct _BvReportCanvas
{
  AdwBin parent_instance;

  BvReportRun *run;
  GHashTable *tiles;   /* id -> BvTileWidget */
  gboolean editing;
  GtkWidget *scroller;
  BvCanvas *canvas;
  char *focus_id;      /* (nullable): to be focused when it has its place */
  guint focus_source;
};

G_DEFINE_FINAL_TYPE (BvReportCanvas, bv_report_canvas, ADW_TYPE_BIN)

enum
{
  SIGNAL_TILE_COMMAND,
  SIGNAL_MARK_ACTIVATED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static const char *
get_uuid (BvReportCanvas *self)
{
  BvReport *report = bv_report_run_get_report (self->run);

  return report != NULL ? report->uuid : NULL;
}

/* --- Editing --------------------------------------------------------------------------------------------------------- */

static void
rearranged_cb (BvReportCanvas *self,
               GtkWidget      *child,
               gboolean        resized)
{
  BvReport *report = bv_report_run_get_report (self->run);
  g_autofree BvCell *cells = NULL;
  g_autoptr(GError) error = NULL;

  if (report == NULL)
    return;
  cells = bv_report_get_cells (report);
  for (guint i = 0; i < report->tiles->len; i++)
    {
      BvTile *tile = g_ptr_array_index (report->tiles, i);
      GtkWidget *widget = g_hash_table_lookup (self->tiles, tile->id);

      if (widget != NULL)
        cells[i] = bv_canvas_get_cell (self->canvas, widget);
    }
  if (!bv_report_put_cells (bv_report_run_get_workspace (self->run), report->uuid, resized ? _("Resize tile") : _("Move tile"), cells,
                            report->tiles->len, NULL, &error))
    bv_show_error (GTK_WIDGET (self), _("Could Not Move the Tile"), error);
}

/* The tile that gets the focus when @id goes: the next one in reading order, else the one before. (transfer full) (nullable) */
static char *
find_neighbour (BvReport   *report,
                const char *id)
{
  g_autofree BvCell *cells = bv_report_get_cells (report);
  g_autofree guint *order = g_new (guint, MAX (report->tiles->len, 1));

  bv_grid_order (cells, report->tiles->len, order);
  for (guint i = 0; i < report->tiles->len; i++)
    {
      BvTile *tile = g_ptr_array_index (report->tiles, order[i]);

      if (g_strcmp0 (tile->id, id) != 0)
        continue;
      if (i + 1 < report->tiles->len)
        return g_strdup (((BvTile *) g_ptr_array_index (report->tiles, order[i + 1]))->id);
      return i > 0 ? g_strdup (((BvTile *) g_ptr_array_index (report->tiles, order[i - 1]))->id) : NULL;
    }
  return NULL;
}

static void
command_cb (BvReportCanvas *self,
            const char     *command,
            BvTileWidget   *tile)
{
  static const char *const steps[] = { "left", "right", "up", "down", "narrower", "wider", "shorter", "taller", NULL };
  BvWorkspace *workspace = bv_report_run_get_workspace (self->run);
  g_autofree char *id = g_strdup (bv_tile_widget_get_id (tile));
  g_autofree char *uuid = g_strdup (get_uuid (self));
  g_autofree char *next = NULL;
  g_autoptr(GError) error = NULL;

  if (uuid == NULL)
    return;
  if (g_strv_contains (steps, command))
    {
      if (!bv_report_step_tile (workspace, uuid, id, command, &error))
        bv_show_error (GTK_WIDGET (self), _("Could Not Move the Tile"), error);
      else
        bv_report_canvas_focus_tile (self, id);
    }
  else if (g_str_equal (command, "remove"))
    {
      next = find_neighbour (bv_report_run_get_report (self->run), id);
      if (!bv_report_remove_tile (workspace, uuid, id, &error))
        bv_show_error (GTK_WIDGET (self), _("Could Not Remove the Tile"), error);
      else if (next != NULL)
        bv_report_canvas_focus_tile (self, next);
    }
  else if (g_str_equal (command, "duplicate"))
    {
      if (!bv_report_duplicate_tile (workspace, uuid, id, &next, &error))
        bv_show_error (GTK_WIDGET (self), _("Could Not Duplicate the Tile"), error);
      else
        bv_report_canvas_focus_tile (self, next);
    }
  else
    g_signal_emit (self, signals[SIGNAL_TILE_COMMAND], 0, tile, command);
}

static void
mark_activated_cb (BvReportCanvas *self,
                   guint           row,
                   int             column,
                   guint           modifiers,
                   BvTileWidget   *tile)
{
  g_signal_emit (self, signals[SIGNAL_MARK_ACTIVATED], 0, tile, row, column, modifiers);
}

/* --- Following the run ------------------------------------------------------------------------------------------------- */

static void
sync_tiles (BvReportCanvas *self)
{
  BvReport *report = bv_report_run_get_report (self->run);
  GHashTableIter iter;
  const char *id;
  GtkWidget *widget;

  g_hash_table_iter_init (&iter, self->tiles);
  while (g_hash_table_iter_next (&iter, (gpointer *) &id, (gpointer *) &widget))
    if (report == NULL || bv_report_find_tile (report, id) == NULL)
      {
        bv_canvas_remove (self->canvas, widget);
        g_hash_table_iter_remove (&iter);
      }

  for (guint i = 0; report != NULL && i < report->tiles->len; i++)
    {
      BvTile *tile = g_ptr_array_index (report->tiles, i);
      BvCell cell = { tile->x, tile->y, tile->w, tile->h };

      widget = g_hash_table_lookup (self->tiles, tile->id);
      if (widget != NULL)
        {
          bv_canvas_set_cell (self->canvas, widget, &cell);
          bv_tile_widget_update (BV_TILE_WIDGET (widget));
          continue;
        }
      widget = bv_tile_widget_new (self->run, tile->id);
      g_signal_connect_object (widget, "command", G_CALLBACK (command_cb), self, G_CONNECT_SWAPPED);
      g_signal_connect_object (widget, "mark-activated", G_CALLBACK (mark_activated_cb), self, G_CONNECT_SWAPPED);
      bv_tile_widget_set_editing (BV_TILE_WIDGET (widget), self->editing);
      bv_canvas_add (self->canvas, widget, &cell, tile->kind == BV_TILE_TEXT || tile->kind == BV_TILE_NAVIGATION);
      g_hash_table_insert (self->tiles, g_strdup (tile->id), widget);
    }
}

static void
tile_changed_cb (BvReportCanvas *self,
                 const char     *id)
{
  GtkWidget *widget = g_hash_table_lookup (self->tiles, id);

  if (widget != NULL)
    bv_tile_widget_update (BV_TILE_WIDGET (widget));
}

/* --- Focus ------------------------------------------------------------------------------------------------------------------ */

static gboolean
focus_cb (gpointer user_data)
{
  BvReportCanvas *self = user_data;
  GtkWidget *widget = g_hash_table_lookup (self->tiles, self->focus_id);
  GtkAdjustment *adjustment = gtk_scrolled_window_get_vadjustment (GTK_SCROLLED_WINDOW (self->scroller));
  graphene_rect_t bounds;

  self->focus_source = 0;
  if (widget == NULL || !gtk_widget_compute_bounds (widget, GTK_WIDGET (self->canvas), &bounds))
    return G_SOURCE_REMOVE;
  gtk_widget_grab_focus (widget);
  gtk_adjustment_clamp_page (adjustment, bounds.origin.y - 12, bounds.origin.y + bounds.size.height + 12);
  return G_SOURCE_REMOVE;
}

void
bv_report_canvas_focus_tile (BvReportCanvas *self,
                             const char     *tile_id)
{
  GtkWidget *widget;

  g_return_if_fail (BV_IS_REPORT_CANVAS (self));

  widget = g_hash_table_lookup (self->tiles, tile_id);
  if (widget != NULL)
    gtk_widget_grab_focus (widget);
  /* Scrolling has to wait for the layout. */
  g_free (self->focus_id);
  self->focus_id = g_strdup (tile_id);
  if (self->focus_source == 0)
    self->focus_source = g_timeout_add (50, focus_cb, self);
}

/* --- Object ----------------------------------------------------------------------------------------------------------------- */

static void
bv_report_canvas_dispose (GObject *object)
{
  BvReportCanvas *self = BV_REPORT_CANVAS (object);

  g_clear_handle_id (&self->focus_source, g_source_remove);
  g_clear_object (&self->run);
  if (self->tiles != NULL)
    g_hash_table_remove_all (self->tiles);

  G_OBJECT_CLASS (bv_report_canvas_parent_class)->dispose (object);
}

static void
bv_report_canvas_finalize (GObject *object)
{
  BvReportCanvas *self = BV_REPORT_CANVAS (object);

  g_clear_pointer (&self->tiles, g_hash_table_unref);
  g_free (self->focus_id);

  G_OBJECT_CLASS (bv_report_canvas_parent_class)->finalize (object);
}

static void
bv_report_canvas_class_init (BvReportCanvasClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = bv_report_canvas_dispose;
  object_class->finalize = bv_report_canvas_finalize;
  signals[SIGNAL_TILE_COMMAND] = g_signal_new ("tile-command", BV_TYPE_REPORT_CANVAS, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE,
                                               2, BV_TYPE_TILE_WIDGET, G_TYPE_STRING);
  signals[SIGNAL_MARK_ACTIVATED] = g_signal_new ("mark-activated", BV_TYPE_REPORT_CANVAS, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                                 G_TYPE_NONE, 4, BV_TYPE_TILE_WIDGET, G_TYPE_UINT, G_TYPE_INT, G_TYPE_UINT);
}

static void
bv_report_canvas_init (BvReportCanvas *self)
{
  self->tiles = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  self->canvas = BV_CANVAS (bv_canvas_new ());
  self->scroller = bv_scrolled_new ();
  gtk_scrolled_window_set_policy (GTK_SCROLLED_WINDOW (self->scroller), GTK_POLICY_NEVER, GTK_POLICY_AUTOMATIC);
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (self->scroller), GTK_WIDGET (self->canvas));
  g_signal_connect_object (self->canvas, "rearranged", G_CALLBACK (rearranged_cb), self, G_CONNECT_SWAPPED);
  adw_bin_set_child (ADW_BIN (self), self->scroller);
}

GtkWidget *
bv_report_canvas_new (BvReportRun *run)
{
  BvReportCanvas *self;

  g_return_val_if_fail (BV_IS_REPORT_RUN (run), NULL);

  self = g_object_new (BV_TYPE_REPORT_CANVAS, NULL);
  self->run = g_object_ref (run);
  g_signal_connect_object (run, "tile-changed", G_CALLBACK (tile_changed_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (run, "report-changed", G_CALLBACK (sync_tiles), self, G_CONNECT_SWAPPED);
  sync_tiles (self);
  return GTK_WIDGET (self);
}

void
bv_report_canvas_set_editing (BvReportCanvas *self,
                              gboolean        editing)
{
  GHashTableIter iter;
  gpointer widget;

  g_return_if_fail (BV_IS_REPORT_CANVAS (self));

  self->editing = editing;
  bv_canvas_set_editing (self->canvas, editing);
  g_hash_table_iter_init (&iter, self->tiles);
  while (g_hash_table_iter_next (&iter, NULL, &widget))
    bv_tile_widget_set_editing (widget, editing);
}

BvTileWidget *
bv_report_canvas_get_tile (BvReportCanvas *self,
                           const char     *tile_id)
{
  g_return_val_if_fail (BV_IS_REPORT_CANVAS (self), NULL);
  return g_hash_table_lookup (self->tiles, tile_id);
}

gboolean
bv_report_canvas_is_loading (BvReportCanvas *self)
{
  GHashTableIter iter;
  gpointer widget;

  g_return_val_if_fail (BV_IS_REPORT_CANVAS (self), FALSE);

  g_hash_table_iter_init (&iter, self->tiles);
  while (g_hash_table_iter_next (&iter, NULL, &widget))
    if (bv_tile_widget_is_loading (widget))
      return TRUE;
  return FALSE;
}

BvCanvas *
bv_report_canvas_get_canvas (BvReportCanvas *self)
{
  g_return_val_if_fail (BV_IS_REPORT_CANVAS (self), NULL);
  return self->canvas;
}
