/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A frame as a scrolling table.
 *
 * The list model (bv-grid-rows.c) has one small object per visible row, made when GtkColumnView asks for it; the data stays in the
 * frame. What the rows are, in which order and which of them are folded away is bv-table-rows.c's matter. All columns have a fixed width, taken from a sample of their cells: the total row
 * below repeats these widths and scrolls along. Columns can be dragged to another place and hidden by their header's menu; that holds
 * until a frame with other columns comes. The column of row numbers is none of the frame's.
 *
 * GTK before 4.10 does not tell which header was clicked: the view's sorter is asked to compare two rows, and the column whose
 * sorter is called is the one.
 */
#include "config.h"

#include "bv-data-grid.h"

#include "bv-grid-copy.h"
#include "bv-grid-folds.h"
#include "bv-grid-legend.h"
#include "bv-grid-measure.h"
#include "bv-table-cells.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

#define WIDTH_MIN 56
#define WIDTH_MAX 340
/* Both sides of a cell of the style class "data-table". */
#define CELL_PADDING 12

/* --- Grid ----------------------------------------------------------------------------------------------------------------- */

struct _BvDataGrid
{
  GtkWidget parent_instance;

  BvFrame *source;  /* as given */
  BvPivot *pivot;
  BvFrame *frame;   /* as shown; the pivot's */
  BvTableRows *table; /* (nullable): of the frame and its sub-totals */
  BvLocale *locale;
  BvTableCells *cells; /* (nullable): bars and colours */
  BvChartSpec *spec;   /* (nullable): the table's options */
  BvChartStyle style;
  gboolean show_total;
  gboolean external_sort;
  gboolean making;     /* while columns come and go */
  gboolean respec;     /* the columns are to be made anew with the next frame */

  GtkWidget *box, *scroller, *view, *total_scroller, *total_box, *legend;
  GtkMultiSelection *selection;
  BvGridRows *rows;

  int pressed_column; /* where the pointer pressed last; -1 after a key */
  int probed_column;  /* while the sorter is asked */
};

enum { SIGNAL_ROW_ACTIVATED, SIGNAL_SORT_CHANGED, N_SIGNALS };

static guint signals[N_SIGNALS];
static GQuark column_quark;
static GQuark need_quark; /* the width that a column's cells needed last */

G_DEFINE_FINAL_TYPE (BvDataGrid, bv_data_grid, GTK_TYPE_WIDGET)

/* The column of row numbers. */
#define NUMBERS G_MAXUINT

/* What the callbacks of one column need; lives with the column. */
typedef struct
{
  BvDataGrid *grid; /* not owned: the column dies first */
  guint column;     /* of the shown frame, or NUMBERS */
} GridColumn;

static void update_total (BvDataGrid *self);

static gboolean
is_right (BvDataGrid *self, guint column)
{
  return column == NUMBERS || bv_type_is_numeric (bv_frame_get_column (self->frame, column)->type);
}

static void
cell_setup_cb (GtkSignalListItemFactory *factory, GtkListItem *item, gpointer user_data)
{
  GridColumn *column = user_data;
  GtkWidget *cell = bv_grid_cell_new (is_right (column->grid, column->column));

  bv_grid_folds_tie (BV_GRID_CELL (cell), item, column->column);
  gtk_list_item_set_child (item, cell);
}

static GdkRGBA
to_rgba (BvColour colour)
{
  return (GdkRGBA){ (float) colour.r, (float) colour.g, (float) colour.b, (float) colour.a };
}

/* @value: NAN for none */
static void
bind_ground (BvDataGrid *self, BvGridCell *cell, guint level, guint column, double value)
{
  double from = 0, to = 0;
  BvColour fill, text, bar;
  GdkRGBA fill_rgba = { 0 }, text_rgba = { 0 }, bar_rgba = { 0 };
  gboolean filled, barred;

  if (self->cells == NULL || !bv_type_is_numeric (bv_frame_get_column (self->frame, column)->type))
    return;
  filled = bv_table_cells_colour (self->cells, level, column, value, &fill, &text);
  barred = bv_table_cells_bar (self->cells, level, column, value, &from, &to, &bar);
  if (filled)
    {
      fill_rgba = to_rgba (fill);
      text_rgba = to_rgba (text);
    }
  if (barred)
    bar_rgba = to_rgba (bar);
  bv_grid_cell_set_ground (cell, filled ? &fill_rgba : NULL, &text_rgba, barred ? &bar_rgba : NULL, from, to);
}

/* A row is called by its first cell, within groups by the last key, which tells it from its neighbours. (transfer full) */
static char *
row_name (BvDataGrid *self, const BvTableRow *row)
{
  guint column = row->group != G_MAXUINT                          ? bv_table_rows_name_column (self->table, row->level)
                 : bv_table_rows_n_levels (self->table) > 0 ? bv_pivot_get_n_keys (self->pivot) - 1
                                                                  : 0;

  return bv_frame_format (self->frame, column, row->row, self->locale);
}

static void
cell_bind_cb (GtkSignalListItemFactory *factory, GtkListItem *item, gpointer user_data)
{
  GridColumn *column = user_data;
  BvDataGrid *self = column->grid;
  BvGridRow *row = gtk_list_item_get_item (item);
  BvGridCell *cell = BV_GRID_CELL (gtk_list_item_get_child (item));
  BvFrame *frame;
  guint frame_row, frame_column;
  gboolean group, repeated;
  g_autofree char *text = NULL;
  double value = NAN;

  if (self->table == NULL || row->at.row >= bv_frame_get_n_rows (self->frame))
    return;
  group = row->at.group != G_MAXUINT;
  if (column->column == NUMBERS)
    {
      text = group ? g_strdup ("") : bv_locale_format_count (self->locale, (gint64) row->at.ordinal + 1);
      bv_grid_cell_set_text (cell, text, TRUE, FALSE);
      return;
    }
  repeated = bv_table_rows_is_repeated (self->table, &row->at, column->column);
  if (!repeated && bv_table_rows_cell (self->table, &row->at, column->column, &frame, &frame_row, &frame_column))
    {
      text = bv_frame_format (frame, frame_column, frame_row, self->locale);
      bv_grid_cell_set_text (cell, text, bv_frame_is_null (frame, frame_column, frame_row), group);
      if (bv_type_is_numeric (bv_frame_get_column (frame, frame_column)->type))
        value = bv_frame_get_double (frame, frame_column, frame_row);
    }
  else
    bv_grid_cell_set_text (cell, "", FALSE, FALSE);
  bind_ground (self, cell, row->at.level, column->column, value);
  if (column->column == 0)
    {
      g_autofree char *name = row_name (self, &row->at);

      bv_grid_folds_show (self->rows, cell, name);
    }
  else
    bv_grid_folds_show (self->rows, cell, NULL);
}

/* Called only when the view is asked which header was clicked. */
static int
probe_cb (gconstpointer a, gconstpointer b, gpointer user_data)
{
  GridColumn *column = user_data;

  column->grid->probed_column = (int) column->column;
  return GTK_ORDERING_SMALLER;
}

/* --- Sorting ---------------------------------------------------------------------------------------------------------------- */

static void
sorter_changed_cb (GtkSorter *sorter, GtkSorterChange change, BvDataGrid *self)
{
  g_autoptr(BvGridRow) a = g_object_new (BV_TYPE_GRID_ROW, NULL);
  g_autoptr(BvGridRow) b = g_object_new (BV_TYPE_GRID_ROW, NULL);
  GtkOrdering ordering;
  gboolean descending;

  self->probed_column = -1;
  ordering = gtk_sorter_compare (sorter, a, b);
  descending = ordering == GTK_ORDERING_LARGER;
  if (self->frame == NULL)
    return;
  if (!self->external_sort)
    bv_grid_rows_sort (self->rows, self->probed_column, descending);
  else if (self->probed_column >= 0)
    g_signal_emit (self, signals[SIGNAL_SORT_CHANGED], 0,
                   bv_frame_get_column (self->frame, (guint) self->probed_column)->name, descending);
}

/* --- Columns ---------------------------------------------------------------------------------------------------------------- */

static int
column_width (BvDataGrid *self, guint column)
{
  g_autofree char *total = column != NUMBERS && self->show_total ? bv_table_total_text (self->frame, column, self->locale) : NULL;
  g_autoptr(PangoLayout) layout = gtk_widget_create_pango_layout (GTK_WIDGET (self), NULL);
  int width;

  if (column == NUMBERS)
    {
      g_autofree char *text = bv_locale_format_count (self->locale, bv_frame_get_n_rows (self->frame));

      return bv_grid_measure_text (layout, text) + 2 * CELL_PADDING + 6;
    }
  width = bv_grid_measure_column (layout, self->table, self->pivot, column, self->locale);
  width = MAX (width, bv_grid_measure_text (layout, total != NULL ? total : "") * 6 / 5); /* bold */
  /* A few pixels more than the text: cells round their own way. */
  return CLAMP (width + CELL_PADDING + 6, WIDTH_MIN, WIDTH_MAX);
}

static void
remove_columns (BvDataGrid *self)
{
  GListModel *columns = gtk_column_view_get_columns (GTK_COLUMN_VIEW (self->view));

  gtk_column_view_sort_by_column (GTK_COLUMN_VIEW (self->view), NULL, GTK_SORT_ASCENDING);
  while (g_list_model_get_n_items (columns) > 0)
    {
      g_autoptr(GtkColumnViewColumn) column = g_list_model_get_item (columns, 0);

      gtk_column_view_remove_column (GTK_COLUMN_VIEW (self->view), column);
    }
}

/* Makes a column as wide as its cells need, when that is more than they needed before; else its width is the user's. */
static void
fit_column (BvDataGrid *self, GtkColumnViewColumn *column, guint index)
{
  int need = column_width (self, index);
  int before = GPOINTER_TO_INT (g_object_get_qdata (G_OBJECT (column), need_quark));

  if (need > before && need > gtk_column_view_column_get_fixed_width (column))
    gtk_column_view_column_set_fixed_width (column, need);
  g_object_set_qdata (G_OBJECT (column), need_quark, GINT_TO_POINTER (need));
}

static void
grid_column_free (gpointer data, GClosure *closure)
{
  g_free (data);
}

/* The frame's column that a column of the view shows, or NUMBERS. */
static guint
frame_column (GtkColumnViewColumn *column)
{
  return GPOINTER_TO_UINT (g_object_get_qdata (G_OBJECT (column), column_quark)) - 1;
}

static guint
n_visible (BvDataGrid *self)
{
  GListModel *columns = gtk_column_view_get_columns (GTK_COLUMN_VIEW (self->view));
  guint n = 0;

  for (guint i = 0; i < g_list_model_get_n_items (columns); i++)
    {
      g_autoptr(GtkColumnViewColumn) column = g_list_model_get_item (columns, i);

      n += gtk_column_view_column_get_visible (column) && frame_column (column) != NUMBERS;
    }
  return n;
}

static void
hide_action (GtkWidget *widget, const char *action, GVariant *parameter)
{
  BvDataGrid *self = BV_DATA_GRID (widget);
  GListModel *columns = gtk_column_view_get_columns (GTK_COLUMN_VIEW (self->view));

  for (guint i = 0; n_visible (self) > 1 && i < g_list_model_get_n_items (columns); i++)
    {
      g_autoptr(GtkColumnViewColumn) column = g_list_model_get_item (columns, i);

      if (frame_column (column) == g_variant_get_uint32 (parameter))
        gtk_column_view_column_set_visible (column, FALSE);
    }
  gtk_widget_action_set_enabled (widget, "grid.show-all", TRUE);
  update_total (self);
}

static void
show_all_action (GtkWidget *widget, const char *action, GVariant *parameter)
{
  BvDataGrid *self = BV_DATA_GRID (widget);
  GListModel *columns = gtk_column_view_get_columns (GTK_COLUMN_VIEW (self->view));

  for (guint i = 0; i < g_list_model_get_n_items (columns); i++)
    {
      g_autoptr(GtkColumnViewColumn) column = g_list_model_get_item (columns, i);

      gtk_column_view_column_set_visible (column, TRUE);
    }
  gtk_widget_action_set_enabled (widget, "grid.show-all", FALSE);
  update_total (self);
}

static void
fold_all_action (GtkWidget *widget, const char *action, GVariant *parameter)
{
  bv_grid_rows_fold_all (BV_DATA_GRID (widget)->rows, g_str_equal (action, "grid.collapse-all"));
}

static GMenuModel *
new_header_menu (guint column, gboolean groups)
{
  GMenu *menu = g_menu_new ();
  g_autoptr(GMenuItem) hide = g_menu_item_new (_("_Hide Column"), NULL);

  g_menu_item_set_action_and_target (hide, "grid.hide", "u", column);
  g_menu_append_item (menu, hide);
  g_menu_append (menu, _("_Show All Columns"), "grid.show-all");
  if (groups)
    {
      g_autoptr(GMenu) folds = g_menu_new ();

      g_menu_append (folds, _("_Expand All"), "grid.expand-all");
      g_menu_append (folds, _("_Collapse All"), "grid.collapse-all");
      g_menu_append_section (menu, NULL, G_MENU_MODEL (folds));
    }
  return G_MENU_MODEL (menu);
}

static void
add_column (BvDataGrid *self, guint index)
{
  BvColumn *c = index != NUMBERS ? bv_frame_get_column (self->frame, index) : NULL;
  const char *label = c != NULL && self->spec != NULL ? bv_chart_spec_series (self->spec, c->name, "label") : NULL;
  GtkListItemFactory *factory = gtk_signal_list_item_factory_new ();
  const GridColumn data = { self, index };
  g_autoptr(GtkColumnViewColumn) column = NULL;
  g_autoptr(GtkSorter) sorter = NULL;

  g_signal_connect_data (factory, "setup", G_CALLBACK (cell_setup_cb), g_memdup2 (&data, sizeof data), grid_column_free, 0);
  g_signal_connect_data (factory, "bind", G_CALLBACK (cell_bind_cb), g_memdup2 (&data, sizeof data), grid_column_free, 0);
  column = gtk_column_view_column_new (label != NULL ? label : c != NULL ? c->name : _("#"), factory);
  g_object_set_qdata (G_OBJECT (column), column_quark, GUINT_TO_POINTER (index + 1));
  if (c != NULL)
    {
      g_autoptr(GMenuModel) menu = new_header_menu (index, bv_table_rows_n_levels (self->table) > 0);

      sorter = GTK_SORTER (gtk_custom_sorter_new (probe_cb, g_memdup2 (&data, sizeof data), g_free));
      gtk_column_view_column_set_sorter (column, sorter);
      gtk_column_view_column_set_header_menu (column, menu);
    }
  gtk_column_view_column_set_resizable (column, TRUE);
  fit_column (self, column, index);
  gtk_column_view_append_column (GTK_COLUMN_VIEW (self->view), column);
}

/* Headings of numbers stand over their digits. GTK has no property for it: the header's titles are the children of the view's first
 * child, in the order of the columns, each with a box of label and arrow. Without such children nothing happens. */
static void
align_headings (BvDataGrid *self)
{
  GtkWidget *header = gtk_widget_get_first_child (self->view);
  GtkWidget *title = header != NULL ? gtk_widget_get_first_child (header) : NULL;

  GListModel *columns = gtk_column_view_get_columns (GTK_COLUMN_VIEW (self->view));

  for (guint i = 0; title != NULL && i < g_list_model_get_n_items (columns); i++, title = gtk_widget_get_next_sibling (title))
    {
      g_autoptr(GtkColumnViewColumn) column = g_list_model_get_item (columns, i);
      GtkWidget *box = gtk_widget_get_first_child (title);

      if (box != NULL && is_right (self, frame_column (column)))
        gtk_widget_set_halign (box, GTK_ALIGN_END);
    }
}

/* --- Total ------------------------------------------------------------------------------------------------------------------ */

static gboolean
width_to_request (GBinding *binding, const GValue *from, GValue *to, gpointer user_data)
{
  g_value_set_int (to, MAX (g_value_get_int (from) - CELL_PADDING, 0));
  return TRUE;
}

static void
update_total (BvDataGrid *self)
{
  GListModel *columns = gtk_column_view_get_columns (GTK_COLUMN_VIEW (self->view));
  g_autoptr(PangoAttrList) bold = NULL;
  gboolean titled = FALSE;
  GtkWidget *child;

  while ((child = gtk_widget_get_first_child (self->total_box)) != NULL)
    gtk_box_remove (GTK_BOX (self->total_box), child);
  gtk_widget_set_visible (self->total_scroller, self->show_total && self->frame != NULL && bv_table_has_total (self->frame));
  if (!gtk_widget_get_visible (self->total_scroller))
    return;
  bold = pango_attr_list_new ();
  pango_attr_list_insert (bold, pango_attr_weight_new (PANGO_WEIGHT_BOLD));
  for (guint i = 0; i < g_list_model_get_n_items (columns); i++)
    {
      g_autoptr(GtkColumnViewColumn) column = g_list_model_get_item (columns, i);
      guint c = frame_column (column);
      g_autofree char *total = c != NUMBERS ? bv_table_total_text (self->frame, c, self->locale) : NULL;
      gboolean first = !titled && c != NUMBERS;
      const char *text = total != NULL ? total : first ? _("Total") : "";
      GtkWidget *cell;

      if (!gtk_column_view_column_get_visible (column))
        continue;
      titled = titled || first;
      cell = gtk_inscription_new (text);
      gtk_inscription_set_xalign (GTK_INSCRIPTION (cell), is_right (self, c) ? 1 : 0);
      gtk_inscription_set_text_overflow (GTK_INSCRIPTION (cell), GTK_INSCRIPTION_OVERFLOW_ELLIPSIZE_END);
      gtk_inscription_set_min_chars (GTK_INSCRIPTION (cell), 1);
      gtk_inscription_set_nat_chars (GTK_INSCRIPTION (cell), 1);
      gtk_inscription_set_attributes (GTK_INSCRIPTION (cell), bold);
      gtk_widget_set_margin_start (cell, CELL_PADDING / 2);
      gtk_widget_set_margin_end (cell, CELL_PADDING / 2);
      gtk_accessible_update_property (GTK_ACCESSIBLE (cell), GTK_ACCESSIBLE_PROPERTY_LABEL, text, -1);
      g_object_bind_property_full (column, "fixed-width", cell, "width-request", G_BINDING_SYNC_CREATE, width_to_request, NULL,
                                   NULL, NULL);
      gtk_box_append (GTK_BOX (self->total_box), cell);
    }
}

/* A dragged column: the total follows. While columns are made anew there is no frame for them yet. */
static void
columns_changed_cb (BvDataGrid *self)
{
  GListModel *columns = gtk_column_view_get_columns (GTK_COLUMN_VIEW (self->view));
  guint n = self->frame != NULL ? bv_frame_get_n_columns (self->frame) : 0;

  if (n > 0 && !self->making && g_list_model_get_n_items (columns) >= n)
    update_total (self);
}

/* --- Input ------------------------------------------------------------------------------------------------------------------ */

static void
pressed_cb (GtkGestureClick *gesture, int n_press, double x, double y, BvDataGrid *self)
{
  GtkWidget *at = gtk_widget_pick (self->view, x, y, GTK_PICK_DEFAULT);

  self->pressed_column = bv_grid_folds_column (at, self->view);
  if (bv_grid_folds_press (self->rows, self->view, at))
    gtk_gesture_set_state (GTK_GESTURE (gesture), GTK_EVENT_SEQUENCE_CLAIMED);
}

/* Tab leaves the table, arrows move in it; GTK 4.8 would have it walk through every row. */
static gboolean
leave (BvDataGrid *self, GtkDirectionType direction)
{
  GtkRoot *root = gtk_widget_get_root (GTK_WIDGET (self));
  gboolean moved;

  if (root == NULL)
    return FALSE;
  gtk_widget_set_can_focus (self->view, FALSE);
  moved = gtk_widget_child_focus (GTK_WIDGET (root), direction);
  gtk_widget_set_can_focus (self->view, TRUE);
  return moved;
}

static gboolean
key_pressed_cb (GtkEventControllerKey *controller, guint key, guint code, GdkModifierType state, BvDataGrid *self)
{
  self->pressed_column = -1;
  if ((key == GDK_KEY_Tab || key == GDK_KEY_KP_Tab || key == GDK_KEY_ISO_Left_Tab) && (state & (GDK_CONTROL_MASK | GDK_ALT_MASK)) == 0)
    return leave (self, key == GDK_KEY_ISO_Left_Tab || (state & GDK_SHIFT_MASK) != 0 ? GTK_DIR_TAB_BACKWARD : GTK_DIR_TAB_FORWARD);
  return bv_grid_folds_key (self->rows, self->view, key, state) ? GDK_EVENT_STOP : GDK_EVENT_PROPAGATE;
}

static void
activate_cb (GtkColumnView *view, guint position, BvDataGrid *self)
{
  guint n_columns = self->frame != NULL ? bv_frame_get_n_columns (self->frame) : 0;
  int column = self->pressed_column;
  BvTableRow row;
  guint number;

  if (n_columns == 0 || position >= self->rows->n)
    return;
  bv_table_rows_get (self->table, position, &row);
  /* From the keyboard a row stands for its first metric, of a pivot the first that has a value. */
  for (guint c = 0; column < 0 && c < n_columns; c++)
    if (bv_frame_get_column (self->frame, c)->role == BV_ROLE_METRIC && bv_table_rows_source_row (self->table, &row, c) != BV_ROW_NONE)
      column = (int) c;
  if (column < 0 || column >= (int) n_columns)
    column = 0;
  number = bv_table_rows_source_row (self->table, &row, (guint) column);
  if (number != BV_ROW_NONE)
    g_signal_emit (self, signals[SIGNAL_ROW_ACTIVATED], 0, number, bv_pivot_source_column (self->pivot, (guint) column));
}

static gboolean
copy_cb (GtkWidget *widget, GVariant *args, gpointer user_data)
{
  bv_data_grid_copy (BV_DATA_GRID (widget));
  return TRUE;
}

/* --- Class ------------------------------------------------------------------------------------------------------------------ */

static void
clear_frame (BvDataGrid *self)
{
  g_clear_pointer (&self->cells, bv_table_cells_free);
  g_clear_pointer (&self->table, bv_table_rows_free);
  g_clear_pointer (&self->pivot, bv_pivot_free);
  g_clear_pointer (&self->source, bv_frame_unref);
  g_clear_pointer (&self->locale, bv_locale_unref);
  self->frame = NULL;
}

static void
bv_data_grid_dispose (GObject *object)
{
  BvDataGrid *self = BV_DATA_GRID (object);

  if (self->view != NULL)
    {
      g_signal_handlers_disconnect_by_data (gtk_column_view_get_sorter (GTK_COLUMN_VIEW (self->view)), self);
      gtk_column_view_set_model (GTK_COLUMN_VIEW (self->view), NULL);
      bv_grid_rows_set_table (self->rows, NULL);
      remove_columns (self);
      self->view = NULL;
    }
  g_clear_object (&self->selection);
  g_clear_object (&self->rows);
  g_clear_pointer (&self->box, gtk_widget_unparent);
  clear_frame (self);
  g_clear_pointer (&self->spec, bv_chart_spec_free);
  G_OBJECT_CLASS (bv_data_grid_parent_class)->dispose (object);
}

static void
bv_data_grid_class_init (BvDataGridClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  column_quark = g_quark_from_static_string ("bv-data-grid-column");
  need_quark = g_quark_from_static_string ("bv-data-grid-need");
  G_OBJECT_CLASS (klass)->dispose = bv_data_grid_dispose;
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
  gtk_widget_class_set_css_name (widget_class, "datagrid");
  gtk_widget_class_install_action (widget_class, "grid.hide", "u", hide_action);
  gtk_widget_class_install_action (widget_class, "grid.show-all", NULL, show_all_action);
  gtk_widget_class_install_action (widget_class, "grid.expand-all", NULL, fold_all_action);
  gtk_widget_class_install_action (widget_class, "grid.collapse-all", NULL, fold_all_action);
  gtk_widget_class_add_binding (widget_class, GDK_KEY_c, GDK_CONTROL_MASK, copy_cb, NULL);
  signals[SIGNAL_ROW_ACTIVATED] = g_signal_new ("row-activated", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                                G_TYPE_NONE, 2, G_TYPE_UINT, G_TYPE_INT);
  signals[SIGNAL_SORT_CHANGED] = g_signal_new ("sort-changed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                               G_TYPE_NONE, 2, G_TYPE_STRING, G_TYPE_BOOLEAN);
}

static void
bv_data_grid_init (BvDataGrid *self)
{
  GtkGesture *click = gtk_gesture_click_new ();
  GtkEventController *keys = gtk_event_controller_key_new ();

  self->pressed_column = -1;
  self->rows = g_object_new (BV_TYPE_GRID_ROWS, NULL);
  self->selection = gtk_multi_selection_new (g_object_ref (G_LIST_MODEL (self->rows)));
  self->box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);
  gtk_widget_set_parent (self->box, GTK_WIDGET (self));
  self->view = gtk_column_view_new (g_object_ref (GTK_SELECTION_MODEL (self->selection)));
  gtk_column_view_set_show_row_separators (GTK_COLUMN_VIEW (self->view), TRUE);
  gtk_column_view_set_reorderable (GTK_COLUMN_VIEW (self->view), TRUE);
  g_signal_connect_swapped (gtk_column_view_get_columns (GTK_COLUMN_VIEW (self->view)), "items-changed", G_CALLBACK (columns_changed_cb), self);
  gtk_widget_add_css_class (self->view, "data-table");
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->view), GTK_ACCESSIBLE_PROPERTY_LABEL, _("Table"), -1);
  /* Its parts, the headings and the rows, are lists of their own. */
  for (GtkWidget *part = gtk_widget_get_first_child (self->view); part != NULL; part = gtk_widget_get_next_sibling (part))
    gtk_accessible_update_property (GTK_ACCESSIBLE (part), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                    part == gtk_widget_get_first_child (self->view) ? _("Headings") : _("Rows"), -1);
  self->scroller = gtk_scrolled_window_new ();
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->scroller), GTK_ACCESSIBLE_PROPERTY_LABEL, _("Table"), -1);
  gtk_widget_set_vexpand (self->scroller, TRUE);
  gtk_widget_set_hexpand (self->scroller, TRUE);
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (self->scroller), self->view);
  gtk_box_append (GTK_BOX (self->box), self->scroller);

  self->total_box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 0);
  gtk_widget_set_margin_top (self->total_box, 6);
  gtk_widget_set_margin_bottom (self->total_box, 6);
  self->total_scroller = gtk_scrolled_window_new ();
  gtk_widget_set_can_focus (self->total_scroller, FALSE);
  gtk_scrolled_window_set_policy (GTK_SCROLLED_WINDOW (self->total_scroller), GTK_POLICY_EXTERNAL, GTK_POLICY_NEVER);
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (self->total_scroller), self->total_box);
  gtk_scrolled_window_set_hadjustment (GTK_SCROLLED_WINDOW (self->total_scroller),
                                       gtk_scrolled_window_get_hadjustment (GTK_SCROLLED_WINDOW (self->scroller)));
  gtk_widget_set_visible (self->total_scroller, FALSE);
  gtk_box_append (GTK_BOX (self->box), self->total_scroller);

  self->legend = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6);
  gtk_widget_set_margin_start (self->legend, CELL_PADDING / 2);
  gtk_widget_set_margin_bottom (self->legend, 6);
  gtk_widget_set_visible (self->legend, FALSE);
  gtk_box_append (GTK_BOX (self->box), self->legend);

  gtk_event_controller_set_propagation_phase (GTK_EVENT_CONTROLLER (click), GTK_PHASE_CAPTURE);
  g_signal_connect (click, "pressed", G_CALLBACK (pressed_cb), self);
  gtk_widget_add_controller (self->view, GTK_EVENT_CONTROLLER (click));
  gtk_event_controller_set_propagation_phase (keys, GTK_PHASE_CAPTURE);
  g_signal_connect (keys, "key-pressed", G_CALLBACK (key_pressed_cb), self);
  gtk_widget_add_controller (self->view, keys);
  g_signal_connect (self->view, "activate", G_CALLBACK (activate_cb), self);
  g_signal_connect (gtk_column_view_get_sorter (GTK_COLUMN_VIEW (self->view)), "changed", G_CALLBACK (sorter_changed_cb), self);
}

GtkWidget *
bv_data_grid_new (void)
{
  return g_object_new (BV_TYPE_DATA_GRID, NULL);
}

static gboolean
same_columns (BvFrame *a, BvFrame *b)
{
  guint n = bv_frame_get_n_columns (a);

  if (n != bv_frame_get_n_columns (b))
    return FALSE;
  for (guint c = 0; c < n; c++)
    if (strcmp (bv_frame_get_column (a, c)->name, bv_frame_get_column (b, c)->name) != 0 ||
        bv_frame_get_column (a, c)->type != bv_frame_get_column (b, c)->type)
      return FALSE;
  return TRUE;
}

void
bv_data_grid_set_frame (BvDataGrid *self, BvFrame *frame, BvLocale *locale)
{
  g_autoptr(BvFrame) old_source = NULL;
  g_autoptr(BvPivot) old_pivot = NULL;
  g_autoptr(BvTableRows) old_table = NULL; /* of the pivot before */
  gboolean keep;

  g_return_if_fail (BV_IS_DATA_GRID (self));
  g_return_if_fail (frame == NULL || locale != NULL);

  old_source = g_steal_pointer (&self->source);
  old_pivot = g_steal_pointer (&self->pivot);
  old_table = g_steal_pointer (&self->table);
  g_clear_pointer (&self->cells, bv_table_cells_free);
  if (frame != NULL)
    {
      BvLocale *kept = bv_locale_ref (locale);

      g_clear_pointer (&self->locale, bv_locale_unref);
      self->locale = kept;
      self->source = bv_frame_ref (frame);
      self->pivot = bv_pivot_new (frame, locale);
      self->table = bv_table_rows_new (self->pivot, locale);
      self->cells = bv_table_cells_new (self->spec, self->pivot, self->table, &self->style);
    }
  /* A refresh keeps the columns with their widths, the sort the user chose, and what is folded. */
  keep = frame != NULL && self->frame != NULL && !self->respec && same_columns (self->frame, bv_pivot_get_frame (self->pivot)) &&
         bv_table_rows_n_levels (self->table) == bv_table_rows_n_levels (old_table);
  if (keep)
    bv_table_rows_fold_like (self->table, old_table);
  self->respec = FALSE;
  self->making = TRUE;
  /* The old columns go before the new rows come: they would ask the new frame for what it does not have. */
  if (!keep)
    {
      g_signal_handlers_block_by_func (gtk_column_view_get_sorter (GTK_COLUMN_VIEW (self->view)), sorter_changed_cb, self);
      remove_columns (self);
      g_signal_handlers_unblock_by_func (gtk_column_view_get_sorter (GTK_COLUMN_VIEW (self->view)), sorter_changed_cb, self);
    }
  self->frame = self->pivot != NULL ? bv_pivot_get_frame (self->pivot) : NULL;
  bv_grid_rows_set_table (self->rows, self->table);
  if (!keep && self->frame != NULL)
    {
      gtk_widget_action_set_enabled (GTK_WIDGET (self), "grid.show-all", FALSE);
      if (self->spec != NULL && bv_chart_spec_bool (self->spec, "row-numbers"))
        add_column (self, NUMBERS);
      for (guint c = 0; c < bv_frame_get_n_columns (self->frame); c++)
        add_column (self, c);
      align_headings (self);
    }
  for (guint i = 0; keep && i < g_list_model_get_n_items (gtk_column_view_get_columns (GTK_COLUMN_VIEW (self->view))); i++)
    {
      g_autoptr(GtkColumnViewColumn) column = g_list_model_get_item (gtk_column_view_get_columns (GTK_COLUMN_VIEW (self->view)), i);

      if (is_right (self, frame_column (column)))
        fit_column (self, column, frame_column (column));
    }
  self->making = FALSE;
  if (keep && !self->external_sort)
    sorter_changed_cb (gtk_column_view_get_sorter (GTK_COLUMN_VIEW (self->view)), GTK_SORTER_CHANGE_DIFFERENT, self);
  update_total (self);
  bv_grid_legend_fill (self->legend, self->cells, self->locale);
}

void
bv_data_grid_set_spec (BvDataGrid *self, const BvChartSpec *spec, const BvChartStyle *style)
{
  BvChartSpec *copy;

  g_return_if_fail (BV_IS_DATA_GRID (self));

  copy = spec != NULL ? bv_chart_spec_copy (spec) : NULL;
  self->respec = !bv_chart_spec_equal (spec, self->spec);
  g_clear_pointer (&self->spec, bv_chart_spec_free);
  self->spec = copy;
  self->style = style != NULL ? *style : (BvChartStyle) { 0 };
  /* Not ours, and of no use here. */
  self->style.font_family = NULL;
}

void
bv_data_grid_set_show_total (BvDataGrid *self, gboolean show_total)
{
  g_return_if_fail (BV_IS_DATA_GRID (self));
  self->show_total = show_total;
  update_total (self);
}

void
bv_data_grid_set_external_sort (BvDataGrid *self, gboolean external)
{
  g_return_if_fail (BV_IS_DATA_GRID (self));
  self->external_sort = external;
}

/* The frame's columns as they stand in the view. (transfer full) */
static guint *
visible_columns (BvDataGrid *self, guint *n)
{
  GListModel *columns = gtk_column_view_get_columns (GTK_COLUMN_VIEW (self->view));
  guint *visible = g_new (guint, g_list_model_get_n_items (columns) + 1);

  *n = 0;
  for (guint i = 0; i < g_list_model_get_n_items (columns); i++)
    {
      g_autoptr(GtkColumnViewColumn) column = g_list_model_get_item (columns, i);

      if (gtk_column_view_column_get_visible (column) && frame_column (column) != NUMBERS)
        visible[(*n)++] = frame_column (column);
    }
  return visible;
}

gboolean
bv_data_grid_copy (BvDataGrid *self)
{
  g_autoptr(GtkBitset) selected = NULL;
  g_autofree guint *columns = NULL;
  guint n_columns;

  g_return_val_if_fail (BV_IS_DATA_GRID (self), FALSE);

  if (self->table == NULL)
    return FALSE;
  columns = visible_columns (self, &n_columns);
  selected = gtk_selection_model_get_selection (GTK_SELECTION_MODEL (self->selection));
  bv_grid_copy_rows (gtk_widget_get_clipboard (GTK_WIDGET (self)), self->table, self->frame, columns, n_columns, selected,
                     bv_locale_get_calendar (self->locale));
  return TRUE;
}
