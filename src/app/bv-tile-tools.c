/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "bv-tile-tools.h"

#include "bv-drill-dialog.h"
#include "bv-grid-copy.h"
#include "bv-util.h"

#include <glib/gi18n.h>

static BvTile *
find_chart_tile (BvReportRun *run,
                 const char  *tile_id)
{
  BvReport *report = bv_report_run_get_report (run);
  BvTile *tile = report != NULL ? bv_report_find_tile (report, tile_id) : NULL;

  return tile != NULL && tile->kind == BV_TILE_CHART && tile->chart != NULL ? tile : NULL;
}

void
bv_tile_show_rows (GtkWidget   *parent,
                   BvReportRun *run,
                   const char  *tile_id,
                   guint        row,
                   int          column)
{
  BvTile *tile = find_chart_tile (run, tile_id);
  BvFrame *frame = bv_report_run_get_frame (run, tile_id);
  BvOverlay overlay;

  /* A tile that is being queried shows an older state: its marks stand for other rows than the filters ask for now. */
  if (tile == NULL || bv_report_run_is_busy (run, tile_id))
    return;
  bv_report_run_overlay (run, tile, &overlay);
  bv_drill_dialog_present (parent, bv_report_run_get_workspace (run), tile->chart, &overlay, frame, row, column);
  bv_overlay_clear (&overlay);
}

/* --- Why this number ------------------------------------------------------------------------------------------------- */

static void
copy_cb (GtkTextView *view)
{
  GtkTextBuffer *buffer = gtk_text_view_get_buffer (view);
  GtkTextIter start, end;
  g_autofree char *text = NULL;

  gtk_text_buffer_get_bounds (buffer, &start, &end);
  text = gtk_text_buffer_get_text (buffer, &start, &end, FALSE);
  gdk_clipboard_set_text (gtk_widget_get_clipboard (GTK_WIDGET (view)), text);
}

static void
explained_cb (GObject      *source,
              GAsyncResult *result,
              gpointer      user_data)
{
  g_autoptr(GtkTextBuffer) buffer = user_data;
  g_autoptr(GError) error = NULL;
  g_autofree char *text = bv_workspace_explain_finish (BV_WORKSPACE (source), result, &error);

  if (!g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    gtk_text_buffer_set_text (buffer, text != NULL ? text : error->message, -1);
}

/* The window shows at once; its text comes when it is known. */
void
bv_tile_explain (GtkWidget   *parent,
                 BvReportRun *run,
                 const char  *tile_id)
{
  BvTile *tile = find_chart_tile (run, tile_id);
  GtkRoot *root = gtk_widget_get_root (parent);
  g_autoptr(GCancellable) cancellable = g_cancellable_new ();
  GtkWidget *window, *box, *header, *scroller, *view, *copy;
  BvOverlay overlay;

  if (tile == NULL)
    return;
  window = g_object_new (ADW_TYPE_WINDOW, "title", _("Why This Number"), "modal", TRUE, "default-width", 640, "default-height", 480,
                         "transient-for", GTK_IS_WINDOW (root) ? root : NULL, NULL);
  box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);
  header = adw_header_bar_new ();
  scroller = bv_scrolled_new ();
  view = gtk_text_view_new ();
  copy = bv_icon_button_new ("edit-copy-symbolic", _("Copy"), NULL);
  gtk_text_view_set_editable (GTK_TEXT_VIEW (view), FALSE);
  gtk_text_view_set_monospace (GTK_TEXT_VIEW (view), TRUE);
  gtk_text_view_set_wrap_mode (GTK_TEXT_VIEW (view), GTK_WRAP_WORD_CHAR);
  gtk_text_view_set_left_margin (GTK_TEXT_VIEW (view), 12);
  gtk_text_view_set_right_margin (GTK_TEXT_VIEW (view), 12);
  gtk_text_view_set_top_margin (GTK_TEXT_VIEW (view), 12);
  gtk_text_view_set_bottom_margin (GTK_TEXT_VIEW (view), 12);
  bv_set_name (view, _("Explanation"));
  g_signal_connect_swapped (copy, "clicked", G_CALLBACK (copy_cb), view);
  adw_header_bar_pack_start (ADW_HEADER_BAR (header), copy);
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (scroller), view);
  gtk_widget_set_vexpand (scroller, TRUE);
  gtk_box_append (GTK_BOX (box), header);
  gtk_box_append (GTK_BOX (box), scroller);
  adw_window_set_content (ADW_WINDOW (window), box);
  g_signal_connect_object (window, "destroy", G_CALLBACK (g_cancellable_cancel), cancellable, G_CONNECT_SWAPPED);
  bv_report_run_overlay (run, tile, &overlay);
  bv_workspace_explain_async (bv_report_run_get_workspace (run), tile->chart, &overlay, cancellable, explained_cb,
                              g_object_ref (gtk_text_view_get_buffer (GTK_TEXT_VIEW (view))));
  bv_overlay_clear (&overlay);
  gtk_window_present (GTK_WINDOW (window));
}

/* --- Out --------------------------------------------------------------------------------------------------------------- */

gboolean
bv_tile_copy_data (GtkWidget   *widget,
                   BvReportRun *run,
                   const char  *tile_id)
{
  BvFrame *frame = bv_report_run_get_frame (run, tile_id);

  if (frame == NULL)
    return FALSE;
  bv_grid_copy_frame (gtk_widget_get_clipboard (widget), frame, bv_workspace_get_model (bv_report_run_get_workspace (run))->calendar);
  return TRUE;
}

BvChart *
bv_tile_filtered_chart (BvReportRun *run,
                        const char  *tile_id)
{
  BvTile *tile = find_chart_tile (run, tile_id);
  BvOverlay overlay;
  BvChart *chart;

  if (tile == NULL)
    return NULL;
  chart = bv_chart_copy (tile->chart);
  bv_report_run_overlay (run, tile, &overlay);
  if (overlay.where != NULL)
    {
      BvCondition *all = bv_condition_new_list (BV_CONDITION_ALL);

      /* As a flat list, so that each test can be edited. */
      if (chart->where != NULL && chart->where->kind == BV_CONDITION_ALL)
        for (guint i = 0; i < chart->where->children->len; i++)
          bv_condition_add (all, bv_condition_copy (g_ptr_array_index (chart->where->children, i)));
      else if (!bv_condition_is_empty (chart->where))
        bv_condition_add (all, bv_condition_copy (chart->where));
      for (guint i = 0; i < overlay.where->children->len; i++)
        bv_condition_add (all, bv_condition_copy (g_ptr_array_index (overlay.where->children, i)));
      bv_condition_free (chart->where);
      chart->where = all;
    }
  if (overlay.range != NULL)
    {
      g_free (chart->range);
      chart->range = g_strdup (overlay.range);
    }
  bv_overlay_clear (&overlay);
  return chart;
}
