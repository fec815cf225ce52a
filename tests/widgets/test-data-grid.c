/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bv-data-grid.h"
#include "bv-grid-copy.h"
#include "bv-grid-folds.h"

#include "chart-fixture.h"
#include "widget-test.h"

#include <string.h>

static BvLocale *locale;

typedef struct
{
  GtkWidget *window;
  BvDataGrid *grid;
  GtkColumnView *view;
  guint row;
  int column;
  char *sorted;
  gboolean descending;
} Fixture;

static GtkWidget *
find (GtkWidget *widget, GType type)
{
  if (G_TYPE_CHECK_INSTANCE_TYPE (widget, type))
    return widget;
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL; child = gtk_widget_get_next_sibling (child))
    {
      GtkWidget *found = find (child, type);

      if (found != NULL)
        return found;
    }
  return NULL;
}

static void
activated_cb (BvDataGrid *grid, guint row, int column, Fixture *f)
{
  f->row = row;
  f->column = column;
}

static void
sort_cb (BvDataGrid *grid, const char *column, gboolean descending, Fixture *f)
{
  g_free (f->sorted);
  f->sorted = g_strdup (column);
  f->descending = descending;
}

/* Four rows of a name, a number (one empty) and a date. */
static BvFrame *
small_frame (void)
{
  static const char *const names[] = { "zebra", "Äpfel", "apple\tpie", "Banana" };
  static const gint64 numbers[] = { 30, 4, 0, 200 };
  BvFrame *frame = bv_frame_new ();

  bv_frame_add_column (frame, "Name", BV_TYPE_TEXT, BV_ROLE_DIMENSION);
  bv_frame_add_column (frame, "Deals", BV_TYPE_INT, BV_ROLE_METRIC)->total = bv_value_int (1234);
  for (guint i = 0; i < 4; i++)
    {
      bv_frame_append_text (frame, 0, names[i], -1);
      if (i == 2)
        bv_frame_append_null (frame, 1);
      else
        bv_frame_append_int (frame, 1, numbers[i]);
    }
  return frame;
}

static void
set_up (Fixture *f, gconstpointer data)
{
  f->window = gtk_window_new ();
  f->grid = BV_DATA_GRID (bv_data_grid_new ());
  f->view = GTK_COLUMN_VIEW (find (GTK_WIDGET (f->grid), GTK_TYPE_COLUMN_VIEW));
  g_signal_connect (f->grid, "row-activated", G_CALLBACK (activated_cb), f);
  g_signal_connect (f->grid, "sort-changed", G_CALLBACK (sort_cb), f);
  gtk_window_set_default_size (GTK_WINDOW (f->window), 700, 400);
  gtk_window_set_child (GTK_WINDOW (f->window), GTK_WIDGET (f->grid));
  gtk_window_present (GTK_WINDOW (f->window));
}

static void
tear_down (Fixture *f, gconstpointer data)
{
  g_autoptr(BvDataGrid) grid = g_object_ref (f->grid);

  gtk_window_set_child (GTK_WINDOW (f->window), NULL);
  gtk_window_destroy (GTK_WINDOW (f->window));
  while (g_main_context_iteration (NULL, FALSE))
    ;
  g_assert_finalize_object (g_steal_pointer (&grid));
  g_free (f->sorted);
}

static void
sort_by (Fixture *f, guint column, GtkSortType order)
{
  g_autoptr(GtkColumnViewColumn) c = g_list_model_get_item (gtk_column_view_get_columns (f->view), column);

  gtk_column_view_sort_by_column (f->view, c, order);
}

/* One row in five hundred has a long number, and numbers of a refresh are longer still: none is cut. */
static void
test_widths (Fixture *f, gconstpointer data)
{
  static const gint64 largest[] = { 12345678901, 1234567890123456 };
  int widths[2];

  for (int round = 0; round < 2; round++)
    {
      g_autoptr(BvFrame) frame = bv_frame_new ();
      g_autoptr(GtkColumnViewColumn) column = NULL;
      g_autoptr(PangoLayout) layout = gtk_widget_create_pango_layout (GTK_WIDGET (f->grid), NULL);
      g_autofree char *text = bv_locale_format_count (locale, largest[round]);
      int width;

      bv_frame_add_column (frame, "Name", BV_TYPE_TEXT, BV_ROLE_DIMENSION);
      bv_frame_add_column (frame, "N", BV_TYPE_INT, BV_ROLE_METRIC);
      for (guint i = 0; i < 1001; i++)
        {
          bv_frame_append_text (frame, 0, "x", -1);
          bv_frame_append_int (frame, 1, i == 503 ? largest[round] : 1);
        }
      bv_data_grid_set_frame (f->grid, frame, locale);
      column = g_list_model_get_item (gtk_column_view_get_columns (f->view), 1);
      pango_layout_set_text (layout, text, -1);
      pango_layout_get_pixel_size (layout, &width, NULL);
      widths[round] = gtk_column_view_column_get_fixed_width (column);
      g_assert_cmpint (widths[round], >, width);
      /* What the user chose stays while it is enough. */
      bv_data_grid_set_frame (f->grid, frame, locale);
      g_assert_cmpint (gtk_column_view_column_get_fixed_width (column), ==, widths[round]);
    }
}

static void
test_sort (Fixture *f, gconstpointer data)
{
  g_autoptr(BvFrame) frame = small_frame ();
  static const struct { guint column; GtkSortType order; guint rows[4]; } cases[] = {
    { 1, GTK_SORT_ASCENDING, { 1, 0, 3, 2 } },  /* by number, not by digits; the empty one last */
    { 1, GTK_SORT_DESCENDING, { 3, 0, 1, 2 } },
  };

  bv_data_grid_set_frame (f->grid, frame, locale);
  widget_test_wait (GTK_WIDGET (f->grid));
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      sort_by (f, cases[i].column, cases[i].order);
      for (guint r = 0; r < 4; r++)
        {
          g_signal_emit_by_name (f->view, "activate", r);
          g_assert_cmpuint (f->row, ==, cases[i].rows[r]);
          g_assert_cmpint (f->column, ==, 1); /* the metric */
        }
    }
  /* A refreshed frame of the same columns stays sorted. */
  bv_data_grid_set_frame (f->grid, frame, locale);
  g_signal_emit_by_name (f->view, "activate", 0);
  g_assert_cmpuint (f->row, ==, 3);
  g_assert_null (f->sorted);
}

static void
test_external_sort (Fixture *f, gconstpointer data)
{
  g_autoptr(BvFrame) frame = small_frame ();

  bv_data_grid_set_external_sort (f->grid, TRUE);
  bv_data_grid_set_frame (f->grid, frame, locale);
  sort_by (f, 0, GTK_SORT_DESCENDING);
  g_assert_cmpstr (f->sorted, ==, "Name");
  g_assert_true (f->descending);
  g_signal_emit_by_name (f->view, "activate", 0);
  g_assert_cmpuint (f->row, ==, 0); /* the order is the owner's */
}

static void
pasted_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr(GError) error = NULL;

  *(char **) user_data = gdk_clipboard_read_text_finish (GDK_CLIPBOARD (source), result, &error);
  g_assert_no_error (error);
}

/* (transfer full) */
static char *
paste (void)
{
  char *text = NULL;

  gdk_clipboard_read_text_async (gdk_display_get_clipboard (gdk_display_get_default ()), NULL, pasted_cb, &text);
  while (text == NULL)
    g_main_context_iteration (NULL, TRUE);
  return text;
}

/* What is pasted after Ctrl+C in the grid. (transfer full) */
static char *
copied (Fixture *f)
{
  bv_data_grid_copy (f->grid);
  return paste ();
}

static void
test_copy (Fixture *f, gconstpointer data)
{
  g_autoptr(BvFrame) frame = small_frame ();
  g_autofree char *all = NULL;
  g_autofree char *one = NULL;

  bv_data_grid_set_frame (f->grid, frame, locale);
  all = copied (f);
  g_assert_cmpstr (all, ==, "Name\tDeals\nzebra\t30\nÄpfel\t4\napple pie\t\nBanana\t200\n");
  gtk_selection_model_select_item (gtk_column_view_get_model (f->view), 3, TRUE);
  one = copied (f);
  g_assert_cmpstr (one, ==, "Name\tDeals\nBanana\t200\n");
}

/* What is pasted is what was seen when it was copied, as often as it is asked for, whatever has become of the grid. */
static void
test_copy_stays (Fixture *f, gconstpointer data)
{
  static const char *const before = "Name\tDeals\nzebra\t30\nÄpfel\t4\napple pie\t\nBanana\t200\n";
  g_autoptr(BvFrame) frame = small_frame ();
  g_autofree char *first = NULL;
  g_autofree char *again = NULL;
  g_autofree char *whole = NULL;

  bv_data_grid_set_frame (f->grid, frame, locale);
  bv_data_grid_copy (f->grid);
  sort_by (f, 1, GTK_SORT_DESCENDING);
  bv_data_grid_set_frame (f->grid, NULL, NULL);
  bv_data_grid_copy (f->grid); /* nothing: the clipboard keeps what it has */
  first = paste ();
  again = paste ();
  g_assert_cmpstr (first, ==, before);
  g_assert_cmpstr (again, ==, before);
  bv_grid_copy_frame (gdk_display_get_clipboard (gdk_display_get_default ()), frame, bv_locale_get_calendar (locale));
  whole = paste ();
  g_assert_cmpstr (whole, ==, before);
}

static void
collect_texts (GtkWidget *widget, GPtrArray *texts)
{
  if (GTK_IS_INSCRIPTION (widget) && gtk_widget_get_mapped (widget))
    g_ptr_array_add (texts, g_strdup (gtk_inscription_get_text (GTK_INSCRIPTION (widget))));
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL; child = gtk_widget_get_next_sibling (child))
    collect_texts (child, texts);
}

static void
test_cells (Fixture *f, gconstpointer data)
{
  g_autoptr(BvFrame) frame = small_frame ();
  g_autoptr(GPtrArray) texts = g_ptr_array_new_with_free_func (g_free);

  bv_data_grid_set_show_total (f->grid, TRUE);
  bv_data_grid_set_frame (f->grid, frame, locale);
  widget_test_wait (GTK_WIDGET (f->grid));
  collect_texts (GTK_WIDGET (f->grid), texts);
  g_assert_true (g_ptr_array_find_with_equal_func (texts, "zebra", g_str_equal, NULL));
  g_assert_true (g_ptr_array_find_with_equal_func (texts, "–", g_str_equal, NULL));
  g_assert_true (g_ptr_array_find_with_equal_func (texts, "1,234", g_str_equal, NULL)); /* the total, not the sum 234 */
}

static void
test_pivot (Fixture *f, gconstpointer data)
{
  FixtureOptions o = { FALSE, BV_GRAIN_NONE, 4, 3, 1, FALSE, 0, 1000, 0, FALSE };
  g_autoptr(BvFrame) frame = fixture_frame (&o);

  bv_data_grid_set_frame (f->grid, frame, locale);
  widget_test_wait (GTK_WIDGET (f->grid));
  g_assert_cmpuint (g_list_model_get_n_items (gtk_column_view_get_columns (f->view)), ==, 4);
  g_signal_emit_by_name (f->view, "activate", 2);
  g_assert_cmpuint (f->row, ==, 6);   /* third region, first plan, in the long frame */
  g_assert_cmpint (f->column, ==, 2); /* its metric */
  bv_data_grid_set_frame (f->grid, NULL, NULL);
  g_assert_cmpuint (g_list_model_get_n_items (gtk_column_view_get_columns (f->view)), ==, 0);
}

static guint
count_cells (GtkWidget *widget)
{
  guint n = BV_IS_GRID_CELL (widget) ? 1 : 0;

  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL; child = gtk_widget_get_next_sibling (child))
    n += count_cells (child);
  return n;
}

/* A long frame costs rows only where it is seen. */
static void
test_long (Fixture *f, gconstpointer data)
{
  FixtureOptions o = { TRUE, BV_GRAIN_DAY, 200000, 0, 1, FALSE, 0, 1000, 0, FALSE };
  g_autoptr(BvFrame) frame = fixture_frame (&o);
  GtkScrolledWindow *scroller = GTK_SCROLLED_WINDOW (gtk_widget_get_parent (GTK_WIDGET (f->view)));

  bv_data_grid_set_frame (f->grid, frame, locale);
  widget_test_wait (GTK_WIDGET (f->grid));
  g_assert_cmpuint (count_cells (GTK_WIDGET (f->view)), >, 0);
  g_assert_cmpuint (count_cells (GTK_WIDGET (f->view)), <, 2000);
  gtk_adjustment_set_value (gtk_scrolled_window_get_vadjustment (scroller), 1e6);
  widget_test_wait (GTK_WIDGET (f->grid));
  sort_by (f, 1, GTK_SORT_DESCENDING);
  widget_test_wait (GTK_WIDGET (f->grid));
  g_assert_cmpuint (count_cells (GTK_WIDGET (f->view)), <, 2000);
}

/* Hidden and moved columns: what is copied is what is seen, under the numbers of the frame's own columns. */
static void
test_columns (Fixture *f, gconstpointer data)
{
  g_autoptr(BvFrame) frame = small_frame ();
  g_autoptr(GtkColumnViewColumn) deals = NULL;
  g_autofree char *moved = NULL;
  g_autofree char *hidden = NULL;
  g_autofree char *shown = NULL;

  bv_data_grid_set_show_total (f->grid, TRUE);
  bv_data_grid_set_frame (f->grid, frame, locale);
  deals = g_list_model_get_item (gtk_column_view_get_columns (f->view), 1);
  gtk_column_view_insert_column (f->view, 0, deals);
  widget_test_wait (GTK_WIDGET (f->grid));
  moved = copied (f);
  g_assert_true (g_str_has_prefix (moved, "Deals\tName\n30\tzebra\n"));
  g_signal_emit_by_name (f->view, "activate", 3);
  g_assert_cmpint (f->column, ==, 1);
  gtk_widget_activate_action (GTK_WIDGET (f->grid), "grid.hide", "u", 0);
  hidden = copied (f);
  g_assert_true (g_str_has_prefix (hidden, "Deals\n30\n"));
  /* The last one stays. */
  gtk_widget_activate_action (GTK_WIDGET (f->grid), "grid.hide", "u", 1);
  g_assert_true (gtk_column_view_column_get_visible (deals));
  gtk_widget_activate_action (GTK_WIDGET (f->grid), "grid.show-all", NULL);
  shown = copied (f);
  g_assert_cmpstr (shown, ==, moved);
}

static void
test_options (Fixture *f, gconstpointer data)
{
  g_autoptr(BvFrame) frame = small_frame ();
  g_autoptr(BvChartSpec) spec = bv_chart_spec_new ("table");
  g_autoptr(GPtrArray) texts = g_ptr_array_new_with_free_func (g_free);
  BvValue on = bv_value_bool (TRUE);
  g_auto(BvValue) shades = bv_value_text ("shades");

  g_assert_true (bv_chart_spec_set_option (spec, "row-numbers", &on));
  g_assert_true (bv_chart_spec_set_option (spec, "colours", &shades));
  bv_data_grid_set_spec (f->grid, spec, NULL);
  bv_data_grid_set_show_total (f->grid, TRUE);
  bv_data_grid_set_frame (f->grid, frame, locale);
  widget_test_wait (GTK_WIDGET (f->grid));
  collect_texts (GTK_WIDGET (f->grid), texts);
  g_assert_cmpuint (g_list_model_get_n_items (gtk_column_view_get_columns (f->view)), ==, 3);
  g_assert_true (g_ptr_array_find_with_equal_func (texts, "Total", g_str_equal, NULL)); /* below the first column of the frame */
  /* Sorted anew the numbers stay where they are. */
  sort_by (f, 2, GTK_SORT_DESCENDING);
  widget_test_wait (GTK_WIDGET (f->grid));
  g_signal_emit_by_name (f->view, "activate", 0);
  g_assert_cmpuint (f->row, ==, 3);
  /* Without the option the column goes with the next frame. */
  bv_data_grid_set_spec (f->grid, NULL, NULL);
  bv_data_grid_set_frame (f->grid, frame, locale);
  g_assert_cmpuint (g_list_model_get_n_items (gtk_column_view_get_columns (f->view)), ==, 2);
}

/* Two regions of cities with sub-totals that are no sums. */
static BvFrame *
grouped_frame (void)
{
  static const char *const cells[][2] = { { "North", "Oslo" }, { "North", "Turku" }, { "South", "Rome" }, { "North", "Visby" } };
  BvFrame *frame = bv_frame_new ();
  g_autoptr(BvFrame) part = bv_frame_new ();

  bv_frame_add_column (frame, "Region", BV_TYPE_TEXT, BV_ROLE_DIMENSION);
  bv_frame_add_column (frame, "City", BV_TYPE_TEXT, BV_ROLE_DIMENSION);
  bv_frame_add_column (frame, "People", BV_TYPE_INT, BV_ROLE_METRIC);
  bv_frame_add_column (part, "Region", BV_TYPE_TEXT, BV_ROLE_DIMENSION);
  bv_frame_add_column (part, "People", BV_TYPE_INT, BV_ROLE_METRIC);
  for (guint i = 0; i < 4; i++)
    {
      bv_frame_append_text (frame, 0, cells[i][0], -1);
      bv_frame_append_text (frame, 1, cells[i][1], -1);
      bv_frame_append_int (frame, 2, 3 + i);
    }
  bv_frame_append_text (part, 0, "North", -1);
  bv_frame_append_int (part, 1, 9);
  bv_frame_append_text (part, 0, "South", -1);
  bv_frame_append_int (part, 1, 10);
  bv_frame_set_subtotals (frame, part);
  return frame;
}

#define assert_copy(f, expected) \
  G_STMT_START { \
    g_autofree char *copied_ = copied (f); \
    g_assert_cmpstr (copied_, ==, "Region\tCity\tPeople\n" expected); \
  } G_STMT_END

/* The widget of the row whose first cell shows @text. */
static GtkWidget *
find_row (GtkWidget *widget, const char *text)
{
  if (GTK_IS_INSCRIPTION (widget) && g_strcmp0 (gtk_inscription_get_text (GTK_INSCRIPTION (widget)), text) == 0)
    return gtk_widget_get_parent (gtk_widget_get_parent (gtk_widget_get_parent (widget)));
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL; child = gtk_widget_get_next_sibling (child))
    {
      GtkWidget *found = find_row (child, text);

      if (found != NULL)
        return found;
    }
  return NULL;
}

static BvGridRows *
rows_of (Fixture *f)
{
  return BV_GRID_ROWS (gtk_multi_selection_get_model (GTK_MULTI_SELECTION (gtk_column_view_get_model (f->view))));
}

static void
test_groups (Fixture *f, gconstpointer data)
{
  g_autoptr(BvFrame) frame = grouped_frame ();
  g_autoptr(BvFrame) again = grouped_frame ();
  g_autoptr(BvFrame) plain = small_frame ();
  GtkWidget *row;

  bv_data_grid_set_frame (f->grid, frame, locale);
  widget_test_wait (GTK_WIDGET (f->grid));
  assert_copy (f, "North\t\t9\nNorth\tOslo\t3\nNorth\tTurku\t4\nNorth\tVisby\t6\nSouth\t\t10\nSouth\tRome\t5\n");
  row = find_row (GTK_WIDGET (f->view), "North");
  g_assert_nonnull (row);
  gtk_test_accessible_assert_state (row, GTK_ACCESSIBLE_STATE_EXPANDED, TRUE);
  /* A group's row is that of its sub-totals: they follow the frame's four. */
  g_signal_emit_by_name (f->view, "activate", 4);
  g_assert_cmpuint (f->row, ==, 4 + 1);
  g_assert_cmpint (f->column, ==, 2);
  g_signal_emit_by_name (f->view, "activate", 3);
  g_assert_cmpuint (f->row, ==, 3);
  /* Left goes from a row to its group. */
  gtk_widget_grab_focus (find_row (GTK_WIDGET (f->view), "Turku"));
  g_assert_true (bv_grid_folds_key (rows_of (f), GTK_WIDGET (f->view), GDK_KEY_Left, 0));
  g_assert_true (gtk_root_get_focus (gtk_widget_get_root (GTK_WIDGET (f->view))) == row);
  g_assert_true (gtk_selection_model_is_selected (gtk_column_view_get_model (f->view), 0));
  g_assert_cmpuint (rows_of (f)->n, ==, 6);
  gtk_selection_model_unselect_all (gtk_column_view_get_model (f->view));
  /* Keys fold the group that has the focus; it keeps it. */
  gtk_widget_grab_focus (row);
  g_assert_true (bv_grid_folds_key (rows_of (f), GTK_WIDGET (f->view), GDK_KEY_minus, 0));
  g_assert_false (bv_grid_folds_key (rows_of (f), GTK_WIDGET (f->view), GDK_KEY_Left, 0));
  widget_test_wait (GTK_WIDGET (f->grid));
  gtk_test_accessible_assert_state (row, GTK_ACCESSIBLE_STATE_EXPANDED, FALSE);
  assert_copy (f, "North\t\t9\nSouth\t\t10\nSouth\tRome\t5\n");
  /* So does a press on the arrow, and only there. */
  g_assert_false (bv_grid_folds_press (rows_of (f), GTK_WIDGET (f->view), row));
  g_assert_true (bv_grid_folds_press (rows_of (f), GTK_WIDGET (f->view), find (row, GTK_TYPE_IMAGE)));
  gtk_test_accessible_assert_state (row, GTK_ACCESSIBLE_STATE_EXPANDED, TRUE);
  g_assert_true (bv_grid_folds_press (rows_of (f), GTK_WIDGET (f->view), find (row, GTK_TYPE_IMAGE)));
  /* By the sub-totals. */
  sort_by (f, 2, GTK_SORT_DESCENDING);
  assert_copy (f, "South\t\t10\nSouth\tRome\t5\nNorth\t\t9\n");
  /* A refresh keeps what is folded. */
  bv_data_grid_set_frame (f->grid, again, locale);
  assert_copy (f, "South\t\t10\nSouth\tRome\t5\nNorth\t\t9\n");
  gtk_widget_activate_action (GTK_WIDGET (f->grid), "grid.expand-all", NULL);
  assert_copy (f, "South\t\t10\nSouth\tRome\t5\nNorth\t\t9\nNorth\tVisby\t6\nNorth\tTurku\t4\nNorth\tOslo\t3\n");
  gtk_widget_activate_action (GTK_WIDGET (f->grid), "grid.collapse-all", NULL);
  assert_copy (f, "South\t\t10\nNorth\t\t9\n");
  widget_test_wait (GTK_WIDGET (f->grid));
  bv_data_grid_set_frame (f->grid, plain, locale);
  widget_test_wait (GTK_WIDGET (f->grid));
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (gtk_column_view_get_model (f->view))), ==, 4);
}

int
main (int argc, char *argv[])
{
  int result;

  gtk_test_init (&argc, &argv);
  adw_init ();
  locale = fixture_locale ();
  g_test_add ("/widgets/data-grid/cells", Fixture, NULL, set_up, test_cells, tear_down);
  g_test_add ("/widgets/data-grid/widths", Fixture, NULL, set_up, test_widths, tear_down);
  g_test_add ("/widgets/data-grid/sort", Fixture, NULL, set_up, test_sort, tear_down);
  g_test_add ("/widgets/data-grid/external-sort", Fixture, NULL, set_up, test_external_sort, tear_down);
  g_test_add ("/widgets/data-grid/copy", Fixture, NULL, set_up, test_copy, tear_down);
  g_test_add ("/widgets/data-grid/copy-stays", Fixture, NULL, set_up, test_copy_stays, tear_down);
  g_test_add ("/widgets/data-grid/pivot", Fixture, NULL, set_up, test_pivot, tear_down);
  g_test_add ("/widgets/data-grid/columns", Fixture, NULL, set_up, test_columns, tear_down);
  g_test_add ("/widgets/data-grid/options", Fixture, NULL, set_up, test_options, tear_down);
  g_test_add ("/widgets/data-grid/groups", Fixture, NULL, set_up, test_groups, tear_down);
  g_test_add ("/widgets/data-grid/long", Fixture, NULL, set_up, test_long, tear_down);
  result = g_test_run ();
  bv_locale_unref (locale);
  return result;
}
