/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A list item's widgets stay when rows come and go below it, so that the focus and the scroll position stay too. What they show of the group, its
 * arrow and the state of its row, is then brought up to date by a walk over the cells that there are, some hundreds.
 */
#include "config.h"

#include "bv-grid-folds.h"

static GQuark
column_quark (void)
{
  return g_quark_from_static_string ("bv-data-grid-column");
}

static GQuark
item_quark (void)
{
  return g_quark_from_static_string ("bv-data-grid-item");
}

void
bv_grid_folds_tie (BvGridCell *cell, GtkListItem *item, guint column)
{
  g_object_set_qdata (G_OBJECT (cell), item_quark (), item);
  if (column != G_MAXUINT)
    g_object_set_qdata (G_OBJECT (cell), column_quark (), GUINT_TO_POINTER (column + 1));
}

static int
get_column (GtkWidget *cell)
{
  return (int) GPOINTER_TO_UINT (g_object_get_qdata (G_OBJECT (cell), column_quark ())) - 1;
}

int
bv_grid_folds_column (GtkWidget *at, GtkWidget *view)
{
  for (; at != NULL && at != view; at = gtk_widget_get_parent (at))
    {
      /* The pointer may be on the cell or on the padding around it. */
      GtkWidget *child = gtk_widget_get_first_child (at);
      int column = get_column (at);

      if (column < 0 && child != NULL)
        column = get_column (child);
      if (column >= 0)
        return column;
    }
  return -1;
}

/* The row of the list that a cell shows; NULL when it shows none. */
static BvGridRow *
get_row (GtkWidget *cell, guint *position)
{
  GtkListItem *item = g_object_get_qdata (G_OBJECT (cell), item_quark ());
  BvGridRow *row = item != NULL ? gtk_list_item_get_item (item) : NULL;

  if (row != NULL && position != NULL)
    *position = gtk_list_item_get_position (item);
  return row;
}

void
bv_grid_folds_show (BvGridRows *rows, BvGridCell *cell, const char *name)
{
  BvGridRow *row = get_row (GTK_WIDGET (cell), NULL);
  GtkWidget *holder = gtk_widget_get_parent (GTK_WIDGET (cell));
  GtkWidget *widget = holder != NULL ? gtk_widget_get_parent (holder) : NULL;
  int column = get_column (GTK_WIDGET (cell));
  gboolean group, folded;

  if (row == NULL || rows->table == NULL || column < 0)
    return;
  group = row->at.group != G_MAXUINT;
  folded = group && bv_table_rows_is_folded (rows->table, row->at.level, row->at.group);
  if (group && (guint) column == bv_table_rows_name_column (rows->table, row->at.level))
    bv_grid_cell_set_fold (cell, folded ? BV_GRID_FOLD_CLOSED : BV_GRID_FOLD_OPEN);
  else
    bv_grid_cell_set_fold (cell, BV_GRID_FOLD_NONE);
  if (column != 0 || widget == NULL)
    return;
  /* GTK's rows have no name of their own. */
  if (name != NULL)
    gtk_accessible_update_property (GTK_ACCESSIBLE (widget), GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
  if (group)
    gtk_accessible_update_state (GTK_ACCESSIBLE (widget), GTK_ACCESSIBLE_STATE_EXPANDED, !folded, -1);
  else if (bv_table_rows_n_levels (rows->table) > 0)
    gtk_accessible_reset_state (GTK_ACCESSIBLE (widget), GTK_ACCESSIBLE_STATE_EXPANDED);
}

static void
show_all (BvGridRows *rows, GtkWidget *widget)
{
  if (BV_IS_GRID_CELL (widget))
    {
      bv_grid_folds_show (rows, BV_GRID_CELL (widget), NULL);
      return;
    }
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL; child = gtk_widget_get_next_sibling (child))
    show_all (rows, child);
}

static gboolean
fold (BvGridRows *rows, GtkWidget *view, guint position, gboolean folded)
{
  BvTableRow row;

  if (position >= rows->n || !bv_table_rows_is_group (rows->table, position))
    return FALSE;
  bv_table_rows_get (rows->table, position, &row);
  if (bv_table_rows_is_folded (rows->table, row.level, row.group) == folded)
    return FALSE;
  bv_grid_rows_fold (rows, position, folded);
  show_all (rows, view);
  return TRUE;
}

gboolean
bv_grid_folds_press (BvGridRows *rows, GtkWidget *view, GtkWidget *at)
{
  GtkWidget *cell = at != NULL ? gtk_widget_get_ancestor (at, BV_TYPE_GRID_CELL) : NULL;
  guint position = 0;
  BvGridRow *row = cell != NULL && bv_grid_cell_is_arrow (BV_GRID_CELL (cell), at) ? get_row (cell, &position) : NULL;

  if (row == NULL || rows->table == NULL)
    return FALSE;
  return fold (rows, view, position, !bv_table_rows_is_folded (rows->table, row->at.level, row->at.group));
}

static GtkWidget *
find_cell (GtkWidget *widget)
{
  GtkWidget *found = BV_IS_GRID_CELL (widget) ? widget : NULL;

  for (GtkWidget *child = gtk_widget_get_first_child (widget); found == NULL && child != NULL; child = gtk_widget_get_next_sibling (child))
    found = find_cell (child);
  return found;
}

/* The cell that shows a row of the list, of those that there are. */
static GtkWidget *
find_shown (GtkWidget *widget, guint position)
{
  GtkWidget *found = NULL;
  guint at;

  if (BV_IS_GRID_CELL (widget))
    return get_row (widget, &at) != NULL && at == position ? widget : NULL;
  for (GtkWidget *child = gtk_widget_get_first_child (widget); found == NULL && child != NULL; child = gtk_widget_get_next_sibling (child))
    found = find_shown (child, position);
  return found;
}

/* Gives the focus to a row, and selects it as an arrow key would. */
static gboolean
go_to (GtkWidget *view, GtkWidget *from, guint position)
{
  GtkWidget *cell;

  gtk_widget_activate_action (from, "list.scroll-to-item", "u", position);
  gtk_widget_activate_action (from, "list.select-item", "(ubb)", position, FALSE, FALSE);
  cell = find_shown (view, position);
  for (GtkWidget *widget = cell; widget != NULL && widget != view; widget = gtk_widget_get_parent (widget))
    if (gtk_widget_get_focusable (widget))
      return gtk_widget_grab_focus (widget);
  return FALSE;
}

gboolean
bv_grid_folds_key (BvGridRows *rows, GtkWidget *view, guint key, GdkModifierType state)
{
  GtkRoot *root = gtk_widget_get_root (view);
  GtkWidget *focus = root != NULL ? gtk_root_get_focus (root) : NULL;
  gboolean rtl = gtk_widget_get_direction (view) == GTK_TEXT_DIR_RTL;
  GtkWidget *cell;
  guint position = 0;
  gboolean folded;

  if (rows->table == NULL || bv_table_rows_n_levels (rows->table) == 0 || (state & (GDK_CONTROL_MASK | GDK_ALT_MASK)) != 0)
    return FALSE;
  if (key == GDK_KEY_plus || key == GDK_KEY_KP_Add || key == (rtl ? GDK_KEY_Left : GDK_KEY_Right))
    folded = FALSE;
  else if (key == GDK_KEY_minus || key == GDK_KEY_KP_Subtract || key == (rtl ? GDK_KEY_Right : GDK_KEY_Left))
    folded = TRUE;
  else
    return FALSE;
  if (focus == NULL || !gtk_widget_is_ancestor (focus, view) || (cell = find_cell (focus)) == NULL || get_row (cell, &position) == NULL)
    return FALSE;
  if (fold (rows, view, position, folded))
    return TRUE;
  /* From a row, and from a group that is folded already, to the group it is in. */
  if (key == (rtl ? GDK_KEY_Right : GDK_KEY_Left))
    {
      guint parent = position < rows->n ? bv_table_rows_get_parent (rows->table, position) : G_MAXUINT;

      return parent != G_MAXUINT && go_to (view, focus, parent);
    }
  return FALSE;
}
