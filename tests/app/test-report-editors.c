/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The dialogs of the report page: filters with their tiles to update, tiles, settings. */
#include "config.h"
#include "report-test.h"

#include "bv-filter-editor.h"
#include "bv-report-edit.h"
#include "bv-tile-editor.h"

#include <glib/gstdio.h>

static GtkWidget *
dialog (BvWindow *window,
        GType     type)
{
  GtkWidget *found = ui_test_dialog (window);

  g_assert_nonnull (found);
  g_assert_true (G_TYPE_CHECK_INSTANCE_TYPE (found, type));
  ui_test_settle (GTK_WIDGET (window));
  return found;
}

static void
undo (BvWindow   *window,
      const char *expected)
{
  g_assert_cmpstr (bv_workspace_get_undo_name (bv_window_get_workspace (window)), ==, expected);
  g_assert_true (gtk_widget_activate_action (GTK_WIDGET (window), "win.undo", NULL));
  ui_test_settle (GTK_WIDGET (window));
}

static void
settle (BvWindow *window)
{
  for (guint i = 0; i < 3; i++)
    ui_test_settle (GTK_WIDGET (window));
}

static void
test_add_filter (void)
{
  BvWindow *window = report_test_open ("add-filter.belvedere");
  BvPage *page = bv_window_get_page (window);
  GtkWidget *editor;
  BvFilter *filter;
  const char *id;

  g_assert_true (gtk_widget_activate_action (GTK_WIDGET (page), "page.add-filter", NULL));
  editor = dialog (window, BV_TYPE_FILTER_EDITOR);
  gtk_widget_activate_action (editor, "editor.field", "s", "HubSpot deals/Email");
  filter = bv_filter_editor_get_filter (BV_FILTER_EDITOR (editor));
  g_assert_cmpstr (filter->name, ==, "Email");
  g_assert_cmpstr (filter->control, ==, "multi");
  settle (window);
  ui_test_picture (editor, "filter-settings.png");

  /* The tiles of the same exploration are mapped; the others only get a suggestion. */
  g_assert_cmpstr (g_hash_table_lookup (filter->tiles, "revenue"), ==, "Email");
  g_assert_null (g_hash_table_lookup (filter->tiles, "logins"));
  adw_view_stack_set_visible_child_name (ADW_VIEW_STACK (ui_test_find_type (editor, ADW_TYPE_VIEW_STACK)), "tiles");
  settle (window);
  ui_test_picture (editor, "filter-tiles.png");
  g_assert_nonnull (ui_test_find_text (editor, "Use “User email”"));
  gtk_widget_activate_action (editor, "editor.use-suggestion", "s", "logins");
  g_assert_cmpstr (g_hash_table_lookup (filter->tiles, "logins"), ==, "User email");
  g_assert_null (g_hash_table_lookup (filter->tiles, "conversations"));
  gtk_widget_activate_action (editor, "editor.map", "(ss)", "industry", "");
  g_assert_nonnull (ui_test_find_text (editor, "3 of 5 tiles"));
  gtk_widget_activate_action (editor, "editor.save", NULL);
  settle (window);

  g_assert_cmpuint (report_test_report (window)->filters->len, ==, 3);
  filter = g_ptr_array_index (report_test_report (window)->filters, 2);
  id = filter->id;
  g_assert_cmpstr (bv_filter_chip_get_text (report_test_chip (window, id)), ==, "Email: No filter");
  g_assert_cmpstr (bv_filter_chip_get_reach (report_test_chip (window, id)), ==, "3 of 5 tiles");
  undo (window, "Add filter");
  g_assert_cmpuint (report_test_report (window)->filters->len, ==, 2);
  ui_test_close (window);
}

static void
test_change_filter (void)
{
  BvWindow *window = report_test_open ("change-filter.belvedere");
  BvPage *page = bv_window_get_page (window);
  GtkWidget *editor;

  gtk_widget_activate_action (GTK_WIDGET (page), "page.edit-filter", "s", "date");
  editor = dialog (window, BV_TYPE_FILTER_EDITOR);
  gtk_widget_activate_action (editor, "editor.map", "(ss)", "revenue", "");
  adw_view_stack_set_visible_child_name (ADW_VIEW_STACK (ui_test_find_type (editor, ADW_TYPE_VIEW_STACK)), "tiles");
  settle (window);
  ui_test_picture (editor, "filter-time-tiles.png");
  gtk_widget_activate_action (editor, "editor.save", NULL);
  settle (window);
  g_assert_cmpstr (bv_filter_chip_get_reach (report_test_chip (window, "date")), ==, "4 of 5 tiles");
  undo (window, "Change filter");
  g_assert_cmpstr (bv_filter_chip_get_reach (report_test_chip (window, "date")), ==, "5 of 5 tiles");

  /* Two filters of one name would be one for links and scripts. */
  gtk_widget_activate_action (GTK_WIDGET (page), "page.add-filter", NULL);
  editor = dialog (window, BV_TYPE_FILTER_EDITOR);
  gtk_widget_activate_action (editor, "editor.field", "s", "default-time");
  gtk_widget_activate_action (editor, "editor.save", NULL);
  settle (window);
  g_assert_nonnull (ui_test_find_text (editor, "already"));
  g_assert_cmpuint (report_test_report (window)->filters->len, ==, 2);
  gtk_window_close (GTK_WINDOW (editor));
  settle (window);

  gtk_widget_activate_action (GTK_WIDGET (page), "page.edit-filter", "s", "customer");
  editor = dialog (window, BV_TYPE_FILTER_EDITOR);
  gtk_widget_activate_action (editor, "editor.remove", NULL);
  settle (window);
  g_assert_null (report_test_chip (window, "customer"));
  undo (window, "Remove filter");
  g_assert_nonnull (report_test_chip (window, "customer"));
  ui_test_close (window);
}

static void
test_tiles (void)
{
  BvWindow *window = report_test_open ("tiles.belvedere");
  BvPage *page = bv_window_get_page (window);
  GtkWidget *editor, *text;

  gtk_widget_activate_action (GTK_WIDGET (page), "page.add-text", NULL);
  editor = dialog (window, BV_TYPE_TILE_EDITOR);
  text = ui_test_find_type (editor, GTK_TYPE_TEXT_VIEW);
  gtk_text_buffer_set_text (gtk_text_view_get_buffer (GTK_TEXT_VIEW (text)), "## Notes\n\n- Ask about <renewals> & seats", -1);
  settle (window);
  g_assert_nonnull (ui_test_find_text (editor, "Ask about <renewals> & seats"));
  ui_test_picture (editor, "tile-text.png");
  gtk_widget_activate_action (editor, "editor.save", NULL);
  settle (window);
  g_assert_nonnull (report_test_tile (window, "text"));
  undo (window, "Add tile");

  gtk_widget_activate_action (GTK_WIDGET (page), "page.edit-tile", "s", "title");
  editor = dialog (window, BV_TYPE_TILE_EDITOR);
  text = ui_test_find_type (editor, GTK_TYPE_TEXT_VIEW);
  gtk_text_buffer_set_text (gtk_text_view_get_buffer (GTK_TEXT_VIEW (text)), "# Another title", -1);
  gtk_widget_activate_action (editor, "editor.save", NULL);
  settle (window);
  g_assert_nonnull (ui_test_find_text (GTK_WIDGET (report_test_tile (window, "title")), "Another title"));
  undo (window, "Change tile");
  g_assert_null (ui_test_find_text (GTK_WIDGET (report_test_tile (window, "title")), "Another title"));

  /* What is not complete is not saved, and says why. */
  gtk_widget_activate_action (GTK_WIDGET (page), "page.add-image", NULL);
  editor = dialog (window, BV_TYPE_TILE_EDITOR);
  gtk_widget_activate_action (editor, "editor.save", NULL);
  settle (window);
  g_assert_nonnull (ui_test_find_text (editor, "choose a file"));
  gtk_window_close (GTK_WINDOW (editor));
  settle (window);
  ui_test_close (window);
}

static gboolean
offers (GtkWidget  *choice,
        const char *label)
{
  GListModel *labels = gtk_drop_down_get_model (GTK_DROP_DOWN (choice));

  for (guint i = 0; i < g_list_model_get_n_items (labels); i++)
    if (g_str_equal (gtk_string_list_get_string (GTK_STRING_LIST (labels), i), label))
      return TRUE;
  return FALSE;
}

static BvTileEditor *
edit_link (BvWindow   *window,
           const char *target)
{
  g_autoptr(BvTile) tile = bv_tile_new ("link", BV_TILE_NAVIGATION);
  g_autofree char *id = NULL;

  tile->target = g_strdup (target);
  tile->w = 3;
  tile->h = 1;
  if (bv_report_find_tile (report_test_report (window), "link") == NULL)
    {
      g_free (tile->id);
      tile->id = g_strdup ("");
    }
  g_assert_true (bv_report_put_tile (bv_window_get_workspace (window), report_test_report (window)->uuid, tile, &id, NULL));
  settle (window);
  gtk_widget_activate_action (GTK_WIDGET (bv_window_get_page (window)), "page.edit-tile", "s", id != NULL ? id : tile->id);
  return BV_TILE_EDITOR (dialog (window, BV_TYPE_TILE_EDITOR));
}

/* A report's links lead elsewhere; one that leads back to it stays as it is until another goal is chosen. */
static void
test_link (void)
{
  BvWindow *window = report_test_open ("link.belvedere");
  BvWorkspace *workspace = bv_window_get_workspace (window);
  BvPage *page = bv_window_get_page (window);
  g_autoptr(BvReport) other = bv_report_new ("Elsewhere");
  const struct { const char *target, *saved; gboolean own; } cases[] = {
    { "Customer report", "Customer report", TRUE },
    { report_test_report (window)->uuid, "Customer report", TRUE },
    { "Elsewhere", "Elsewhere", FALSE },
    { "https://example.org/?a=b", "https://example.org/?a=b", FALSE },
    { "A report that has gone", NULL, FALSE },
  };

  g_assert_true (bv_workspace_put_report (workspace, "Make Elsewhere", other, NULL));
  gtk_widget_activate_action (GTK_WIDGET (page), "page.add-link", NULL);
  {
    GtkWidget *editor = dialog (window, BV_TYPE_TILE_EDITOR);
    GtkWidget *choice = ui_test_find_type (editor, GTK_TYPE_DROP_DOWN);

    g_assert_true (offers (choice, "Elsewhere"));
    g_assert_false (offers (choice, "Customer report"));
    gtk_window_close (GTK_WINDOW (editor));
    settle (window);
  }
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      BvTileEditor *editor = edit_link (window, cases[i].target);
      g_autoptr(BvTile) tile = bv_tile_editor_dup_tile (editor);

      g_assert_cmpint (offers (ui_test_find_type (GTK_WIDGET (editor), GTK_TYPE_DROP_DOWN), "Customer report"), ==, cases[i].own);
      g_assert_cmpstr (tile->target, ==, cases[i].saved != NULL ? cases[i].saved : cases[i].target);
      gtk_widget_activate_action (GTK_WIDGET (editor), "editor.save", NULL);
      settle (window);
      g_assert_cmpint (ui_test_dialog (window) == NULL, ==, cases[i].saved != NULL);
      if (cases[i].saved == NULL)
        {
          g_assert_nonnull (ui_test_find_text (GTK_WIDGET (editor), "begin it with https://"));
          gtk_window_close (GTK_WINDOW (editor));
          settle (window);
        }
    }
  ui_test_close (window);
}

static gboolean
has_picture (gpointer editor)
{
  GtkWidget *picture = ui_test_find_type (editor, GTK_TYPE_PICTURE);

  return picture != NULL && gtk_picture_get_paintable (GTK_PICTURE (picture)) != NULL;
}

static gboolean
has_notice (gpointer editor)
{
  return ui_test_find_text (editor, "nowhere.png") != NULL;
}

/* Pictures are read by threads: what is chosen last counts, and what is there is saved. */
static void
test_image (void)
{
  BvWindow *window = report_test_open ("image.belvedere");
  BvPage *page = bv_window_get_page (window);
  g_autofree char *path = ui_test_path ("dot.png");
  g_autofree char *nowhere = ui_test_path ("nowhere.png");
  g_autofree char *beside = ui_test_path ("beside.png");
  cairo_surface_t *dot = cairo_image_surface_create (CAIRO_FORMAT_RGB24, 30, 20);
  GtkWidget *editor;
  GdkPaintable *shown;
  BvTile *tile;

  g_assert_cmpint (cairo_surface_write_to_png (dot, path), ==, CAIRO_STATUS_SUCCESS);
  cairo_surface_destroy (dot);
  gtk_widget_activate_action (GTK_WIDGET (page), "page.add-image", NULL);
  editor = dialog (window, BV_TYPE_TILE_EDITOR);
  gtk_widget_activate_action (editor, "editor.image-path", "s", nowhere);
  ui_test_wait (has_notice, editor);
  gtk_widget_activate_action (editor, "editor.image-path", "s", nowhere);
  gtk_widget_activate_action (editor, "editor.image-path", "s", path);
  gtk_widget_activate_action (editor, "editor.save", NULL); /* not yet */
  ui_test_wait (has_picture, editor);
  g_assert_false (has_notice (editor));
  gtk_widget_activate_action (editor, "editor.save", NULL);
  settle (window);
  g_assert_nonnull (report_test_tile (window, "image"));
  shown = gtk_picture_get_paintable (GTK_PICTURE (ui_test_find_type (GTK_WIDGET (report_test_tile (window, "image")), GTK_TYPE_PICTURE)));
  g_assert_cmpint (gdk_paintable_get_intrinsic_width (shown), ==, 30);

  /* A path counts from the project's folder; the picture is there to the end of a wait, and one that is missing says so. */
  tile = bv_report_find_tile (report_test_report (window), "image");
  {
    g_autoptr(BvTile) copy = bv_tile_copy (tile);

    g_free (copy->target);
    copy->target = g_strdup ("beside.png");
    g_assert_true (bv_report_put_tile (bv_window_get_workspace (window), report_test_report (window)->uuid, copy, NULL, NULL));
    settle (window);
    g_assert_nonnull (ui_test_find_text (GTK_WIDGET (report_test_tile (window, "image")), "beside.png"));
    g_assert_cmpint (g_rename (path, beside), ==, 0);
    g_free (copy->target);
    copy->target = g_strdup ("./beside.png");
    g_assert_true (bv_report_put_tile (bv_window_get_workspace (window), report_test_report (window)->uuid, copy, NULL, NULL));
    settle (window);
    g_assert_null (ui_test_find_text (GTK_WIDGET (report_test_tile (window, "image")), "beside.png"));
    g_assert_nonnull (ui_test_find_type (GTK_WIDGET (report_test_tile (window, "image")), GTK_TYPE_PICTURE));
  }
  ui_test_close (window);
}

static void
test_chart_tile (void)
{
  BvWindow *window = report_test_open ("chart-tile.belvedere");
  BvPage *page = bv_window_get_page (window);
  GtkWidget *editor;
  g_autoptr(BvTile) tile = NULL;

  gtk_widget_activate_action (GTK_WIDGET (page), "page.add-chart", NULL);
  editor = dialog (window, BV_TYPE_TILE_EDITOR);
  tile = bv_tile_editor_dup_tile (BV_TILE_EDITOR (editor));
  g_assert_cmpint (tile->kind, ==, BV_TILE_CHART);
  g_assert_cmpstr (tile->chart->exploration, ==, "HubSpot deals");
  settle (window);
  ui_test_picture (editor, "tile-chart.png");
  gtk_widget_activate_action (editor, "editor.save", NULL);
  settle (window);
  g_assert_nonnull (report_test_tile (window, "chart"));
  /* The same-dimension rule holds for new tiles too. */
  g_assert_cmpstr (bv_filter_chip_get_reach (report_test_chip (window, "customer")), ==, "6 of 6 tiles");
  undo (window, "Add tile");
  g_assert_null (report_test_tile (window, "chart"));
  ui_test_close (window);
}

static gboolean
popped_cb (gpointer chip)
{
  return !bv_filter_chip_is_busy (chip);
}

static void
test_values (void)
{
  BvWindow *window = report_test_open ("values.belvedere");
  BvFilterChip *chip = report_test_chip (window, "customer");

  bv_filter_chip_popup (chip);
  ui_test_wait (popped_cb, chip);
  settle (window);
  g_assert_nonnull (ui_test_find_text (GTK_WIDGET (chip), "No filter"));
  g_assert_nonnull (ui_test_find_text (GTK_WIDGET (chip), "@"));
  ui_test_picture (ui_test_find_type (GTK_WIDGET (chip), GTK_TYPE_POPOVER), "values.png");
  ui_test_close (window);
}

int
main (int   argc,
      char *argv[])
{
  ui_test_init (&argc, &argv);
  g_test_add_func ("/report-editors/add-filter", test_add_filter);
  g_test_add_func ("/report-editors/change-filter", test_change_filter);
  g_test_add_func ("/report-editors/tiles", test_tiles);
  g_test_add_func ("/report-editors/link", test_link);
  g_test_add_func ("/report-editors/image", test_image);
  g_test_add_func ("/report-editors/chart-tile", test_chart_tile);
  g_test_add_func ("/report-editors/values", test_values);
  return g_test_run ();
}
