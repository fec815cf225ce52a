/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The canvas of a report: allocation, and dragging while editing.
 *
 * Each child has a cell (bv-grid.h). A drag never changes the cells of before: every motion starts from them, puts the dragged child
 * where the pointer is and lets the others settle; the result is what is shown. The dragged child itself follows the pointer, and
 * a frame shows where it will come to rest. Ending the drag keeps the result, Escape goes back.
 */
#include "bv-canvas.h"

#include <math.h>

#define MARGIN 12
#define GAP 12
#define ROW_HEIGHT 54 /* with its gap */
#define HANDLE 22
#define SCROLL_EDGE 36
#define SCROLL_SPEED 0.5 /* pixels per frame for each pixel into the edge */

typedef struct
{
  GtkWidget *widget;
  BvCell cell;
  gboolean fit;
} Child;

struct _BvCanvas
{
  GtkWidget parent_instance;

  GPtrArray *children;
  gboolean editing;
  gboolean narrow;

  GtkGesture *drag;
  Child *dragged;       /* (nullable) */
  gboolean resizing;
  gboolean moved;       /* the pointer has left the place of the press */
  BvCell *before;       /* cells when the drag began, in the order of @children */
  double drag_x, drag_y;/* offset of the pointer */
  double press_y;       /* where the drag began */
  guint scroll_id;      /* the tick that scrolls near the edges */
};

G_DEFINE_FINAL_TYPE (BvCanvas, bv_canvas, GTK_TYPE_WIDGET)

enum
{
  SIGNAL_REARRANGED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static Child *
find_child (BvCanvas  *self,
            GtkWidget *widget)
{
  for (guint i = 0; i < self->children->len; i++)
    {
      Child *child = g_ptr_array_index (self->children, i);

      if (child->widget == widget)
        return child;
    }
  return NULL;
}

static BvCell *
get_cells (BvCanvas *self)
{
  BvCell *cells = g_new (BvCell, MAX (self->children->len, 1));

  for (guint i = 0; i < self->children->len; i++)
    cells[i] = ((Child *) g_ptr_array_index (self->children, i))->cell;
  return cells;
}

static double
column_width (int width)
{
  return (width - 2.0 * MARGIN + GAP) / BV_CANVAS_COLUMNS;
}

static GdkRectangle
cell_rectangle (const BvCell *cell,
                int           width)
{
  double column = column_width (width);
  int left = (int) lround (cell->x * column), right = (int) lround ((cell->x + cell->w) * column);

  return (GdkRectangle){ MARGIN + left, MARGIN + cell->y * ROW_HEIGHT, MAX (right - left - GAP, 1), MAX (cell->h * ROW_HEIGHT - GAP, 1) };
}

static int
stacked_height (Child *child,
                int    width)
{
  int height = child->cell.h * ROW_HEIGHT - GAP;

  if (child->fit)
    gtk_widget_measure (child->widget, GTK_ORIENTATION_VERTICAL, width, NULL, &height, NULL, NULL);
  return height;
}

/* --- Size ------------------------------------------------------------------------------------------------------------ */

static GtkSizeRequestMode
bv_canvas_get_request_mode (GtkWidget *widget)
{
  return GTK_SIZE_REQUEST_HEIGHT_FOR_WIDTH;
}

static void
bv_canvas_measure (GtkWidget      *widget,
                   GtkOrientation  orientation,
                   int             for_size,
                   int            *minimum,
                   int            *natural,
                   int            *minimum_baseline,
                   int            *natural_baseline)
{
  BvCanvas *self = BV_CANVAS (widget);

  if (orientation == GTK_ORIENTATION_HORIZONTAL)
    {
      *minimum = 240;
      *natural = 1000;
      /* Children are given what their cells are, but asked, so that they know their own needs. */
      for (guint i = 0; i < self->children->len; i++)
        {
          int child_minimum;

          gtk_widget_measure (((Child *) g_ptr_array_index (self->children, i))->widget, orientation, -1, &child_minimum, NULL, NULL, NULL);
        }
      return;
    }
  if (for_size >= 0 && for_size < BV_CANVAS_NARROW)
    {
      *minimum = 2 * MARGIN - GAP;
      for (guint i = 0; i < self->children->len; i++)
        *minimum += stacked_height (g_ptr_array_index (self->children, i), MAX (for_size - 2 * MARGIN, 1)) + GAP;
    }
  else
    {
      g_autofree BvCell *cells = get_cells (self);

      *minimum = 2 * MARGIN - GAP + bv_grid_height (cells, self->children->len) * ROW_HEIGHT;
      if (self->dragged != NULL)
        *minimum += 2 * ROW_HEIGHT;
    }
  *minimum = MAX (*minimum, 2 * MARGIN);
  *natural = *minimum;
}

static void
allocate (GtkWidget          *widget,
          const GdkRectangle *area)
{
  int minimum_width, minimum_height;

  /* Cells are smaller than a child's needs now and then; it is cut at its cell then (overflow hidden). */
  gtk_widget_measure (widget, GTK_ORIENTATION_HORIZONTAL, -1, &minimum_width, NULL, NULL, NULL);
  minimum_width = MAX (minimum_width, area->width);
  gtk_widget_measure (widget, GTK_ORIENTATION_VERTICAL, minimum_width, &minimum_height, NULL, NULL, NULL);
  gtk_widget_size_allocate (widget, &(GdkRectangle){ area->x, area->y, minimum_width, MAX (minimum_height, area->height) }, -1);
}

static void
bv_canvas_size_allocate (GtkWidget *widget,
                         int        width,
                         int        height,
                         int        baseline)
{
  BvCanvas *self = BV_CANVAS (widget);
  gboolean mirrored = gtk_widget_get_direction (widget) == GTK_TEXT_DIR_RTL;

  self->narrow = width < BV_CANVAS_NARROW;
  if (self->narrow)
    {
      g_autofree BvCell *cells = get_cells (self);
      g_autofree guint *order = g_new (guint, MAX (self->children->len, 1));
      int y = MARGIN;

      bv_grid_order (cells, self->children->len, order);
      for (guint i = 0; i < self->children->len; i++)
        {
          Child *child = g_ptr_array_index (self->children, order[i]);
          GdkRectangle area = { MARGIN, y, MAX (width - 2 * MARGIN, 1), stacked_height (child, MAX (width - 2 * MARGIN, 1)) };

          allocate (child->widget, &area);
          y += area.height + GAP;
        }
      return;
    }
  for (guint i = 0; i < self->children->len; i++)
    {
      Child *child = g_ptr_array_index (self->children, i);
      GdkRectangle area = cell_rectangle (&child->cell, width);

      if (child == self->dragged)
        {
          guint index;

          g_ptr_array_find (self->children, child, &index);
          area = cell_rectangle (&self->before[index], width);
          if (self->resizing)
            {
              area.width = MAX (area.width + (int) (mirrored ? -self->drag_x : self->drag_x), 60);
              area.height = MAX (area.height + (int) self->drag_y, 40);
            }
          else
            {
              area.x += (int) (mirrored ? -self->drag_x : self->drag_x);
              area.y += (int) self->drag_y;
            }
        }
      if (mirrored)
        area.x = width - area.x - area.width;
      allocate (child->widget, &area);
    }
}

static void
bv_canvas_snapshot (GtkWidget   *widget,
                    GtkSnapshot *snapshot)
{
  BvCanvas *self = BV_CANVAS (widget);
  int width = gtk_widget_get_width (widget);

  if (self->dragged != NULL)
    {
      GtkStyleContext *context = gtk_widget_get_style_context (widget);
      GdkRectangle area = cell_rectangle (&self->dragged->cell, width);
      GskRoundedRect outline;
      GdkRGBA colour;

      if (gtk_widget_get_direction (widget) == GTK_TEXT_DIR_RTL)
        area.x = width - area.x - area.width;
      if (!gtk_style_context_lookup_color (context, "accent_color", &colour))
        gtk_style_context_get_color (context, &colour);
      gsk_rounded_rect_init_from_rect (&outline, &GRAPHENE_RECT_INIT (area.x, area.y, area.width, area.height), 12);
      gtk_snapshot_append_border (snapshot, &outline, (float[4]){ 2, 2, 2, 2 }, (GdkRGBA[4]){ colour, colour, colour, colour });
      colour.alpha *= 0.12f;
      gtk_snapshot_push_rounded_clip (snapshot, &outline);
      gtk_snapshot_append_color (snapshot, &colour, &outline.bounds);
      gtk_snapshot_pop (snapshot);
    }
  for (guint i = 0; i < self->children->len; i++)
    {
      Child *child = g_ptr_array_index (self->children, i);

      if (child != self->dragged)
        gtk_widget_snapshot_child (widget, child->widget, snapshot);
    }
  if (self->dragged != NULL)
    {
      gtk_snapshot_push_opacity (snapshot, 0.85);
      gtk_widget_snapshot_child (widget, self->dragged->widget, snapshot);
      gtk_snapshot_pop (snapshot);
    }
}

/* --- Dragging --------------------------------------------------------------------------------------------------------- */

static void
end_drag (BvCanvas *self,
          gboolean  keep)
{
  Child *child = self->dragged;
  gboolean resized = self->resizing, changed = FALSE;

  if (child == NULL)
    return;
  for (guint i = 0; i < self->children->len; i++)
    {
      Child *other = g_ptr_array_index (self->children, i);

      changed |= !bv_cell_equal (&other->cell, &self->before[i]);
      if (!keep)
        other->cell = self->before[i];
    }
  self->dragged = NULL;
  g_clear_pointer (&self->before, g_free);
  gtk_widget_set_cursor (GTK_WIDGET (self), NULL);
  gtk_widget_queue_resize (GTK_WIDGET (self));
  if (keep && changed)
    g_signal_emit (self, signals[SIGNAL_REARRANGED], 0, child->widget, resized);
}

static gboolean
in_handle (BvCanvas *self,
           Child    *child,
           double    x,
           double    y)
{
  graphene_rect_t bounds;
  gboolean mirrored = gtk_widget_get_direction (GTK_WIDGET (self)) == GTK_TEXT_DIR_RTL;

  if (!gtk_widget_compute_bounds (child->widget, GTK_WIDGET (self), &bounds))
    return FALSE;
  x -= bounds.origin.x;
  return (mirrored ? x < HANDLE : x > bounds.size.width - HANDLE) && y > bounds.origin.y + bounds.size.height - HANDLE;
}

/* The child under a point, unless a button of it is there. */
static Child *
pick_child (BvCanvas *self,
            double    x,
            double    y)
{
  GtkWidget *hit = gtk_widget_pick (GTK_WIDGET (self), x, y, GTK_PICK_DEFAULT);

  for (; hit != NULL && hit != GTK_WIDGET (self); hit = gtk_widget_get_parent (hit))
    {
      if (GTK_IS_BUTTON (hit) || GTK_IS_MENU_BUTTON (hit))
        return NULL;
      if (gtk_widget_get_parent (hit) == GTK_WIDGET (self))
        return find_child (self, hit);
    }
  return NULL;
}

static void
drag_begin_cb (GtkGestureDrag *gesture,
               double          x,
               double          y,
               BvCanvas       *self)
{
  Child *child = self->editing && !self->narrow ? pick_child (self, x, y) : NULL;

  if (child == NULL)
    {
      gtk_gesture_set_state (GTK_GESTURE (gesture), GTK_EVENT_SEQUENCE_DENIED);
      return;
    }
  self->dragged = child;
  self->resizing = in_handle (self, child, x, y);
  self->before = get_cells (self);
  self->drag_x = self->drag_y = 0;
  self->press_y = y;
  self->moved = FALSE;
  gtk_widget_grab_focus (child->widget);
}

/* Shows the arrangement with the dragged child moved by these pixels. */
static void
drag_to (BvCanvas *self,
         double    dx,
         double    dy)
{
  guint n = self->children->len, index;
  g_autofree BvCell *cells = NULL;
  BvCell wanted;
  int columns, rows;

  self->drag_x = dx;
  self->drag_y = dy;
  columns = (int) lround (dx / column_width (gtk_widget_get_width (GTK_WIDGET (self))));
  rows = (int) lround (dy / ROW_HEIGHT);
  if (gtk_widget_get_direction (GTK_WIDGET (self)) == GTK_TEXT_DIR_RTL)
    columns = -columns;

  cells = g_memdup2 (self->before, n * sizeof *cells);
  g_ptr_array_find (self->children, self->dragged, &index);
  wanted = cells[index];
  if (self->resizing)
    {
      wanted.w = CLAMP (wanted.w + columns, 1, BV_CANVAS_COLUMNS - wanted.x);
      wanted.h = MAX (wanted.h + rows, 1);
    }
  else
    {
      wanted.x += columns;
      wanted.y += rows;
    }
  bv_grid_place (cells, n, index, wanted, BV_CANVAS_COLUMNS);
  for (guint i = 0; i < n; i++)
    ((Child *) g_ptr_array_index (self->children, i))->cell = cells[i];
  gtk_widget_queue_resize (GTK_WIDGET (self));
}

/* Near the upper or lower edge of what is seen, the page scrolls, the faster the nearer. The pointer rests while the canvas moves
 * below it, so that the child has moved by as much. */
static gboolean
scroll_cb (GtkWidget     *widget,
           GdkFrameClock *clock,
           gpointer       user_data)
{
  BvCanvas *self = BV_CANVAS (widget);
  GtkWidget *scroller = gtk_widget_get_ancestor (widget, GTK_TYPE_SCROLLED_WINDOW);
  GtkAdjustment *adjustment = scroller != NULL ? gtk_scrolled_window_get_vadjustment (GTK_SCROLLED_WINDOW (scroller)) : NULL;
  double value, page, y, into = 0;

  if (self->dragged == NULL || adjustment == NULL)
    {
      self->scroll_id = 0;
      return G_SOURCE_REMOVE;
    }
  value = gtk_adjustment_get_value (adjustment);
  page = gtk_adjustment_get_page_size (adjustment);
  y = self->press_y + self->drag_y - value;
  /* Only the way that the pointer went: a tile taken at the edge stays. */
  if (y < SCROLL_EDGE && self->drag_y < 0)
    into = MAX (y - SCROLL_EDGE, -SCROLL_EDGE);
  else if (y > page - SCROLL_EDGE && self->drag_y > 0)
    into = MIN (y - (page - SCROLL_EDGE), SCROLL_EDGE);
  if (into < 0 || into > 0)
    {
      gtk_adjustment_set_value (adjustment, value + into * SCROLL_SPEED);
      value = gtk_adjustment_get_value (adjustment) - value;
      if (value < 0 || value > 0)
        drag_to (self, self->drag_x, self->drag_y + value);
    }
  return G_SOURCE_CONTINUE;
}

static void
drag_update_cb (GtkGestureDrag *gesture,
                double          dx,
                double          dy,
                BvCanvas       *self)
{
  if (self->dragged == NULL || (!self->moved && fabs (dx) + fabs (dy) < 4))
    return;
  gtk_gesture_set_state (GTK_GESTURE (gesture), GTK_EVENT_SEQUENCE_CLAIMED);
  gtk_widget_set_cursor_from_name (GTK_WIDGET (self), self->resizing ? "se-resize" : "grabbing");
  self->moved = TRUE;
  drag_to (self, dx, dy);
  if (self->scroll_id == 0)
    self->scroll_id = gtk_widget_add_tick_callback (GTK_WIDGET (self), scroll_cb, NULL, NULL);
}

static void
drag_end_cb (GtkGestureDrag *gesture,
             double          dx,
             double          dy,
             BvCanvas       *self)
{
  end_drag (self, TRUE);
}

static void
drag_cancel_cb (GtkGesture       *gesture,
                GdkEventSequence *sequence,
                BvCanvas         *self)
{
  end_drag (self, FALSE);
}

static gboolean
key_pressed_cb (GtkEventControllerKey *controller,
                guint                  key,
                guint                  code,
                GdkModifierType        state,
                BvCanvas              *self)
{
  if (key != GDK_KEY_Escape || self->dragged == NULL)
    return GDK_EVENT_PROPAGATE;
  end_drag (self, FALSE);
  gtk_gesture_set_state (self->drag, GTK_EVENT_SEQUENCE_DENIED);
  return GDK_EVENT_STOP;
}

static void
motion_cb (GtkEventControllerMotion *controller,
           double                    x,
           double                    y,
           BvCanvas                 *self)
{
  Child *child;

  if (self->dragged != NULL || !self->editing || self->narrow)
    return;
  child = pick_child (self, x, y);
  if (child == NULL)
    gtk_widget_set_cursor (GTK_WIDGET (self), NULL);
  else
    gtk_widget_set_cursor_from_name (GTK_WIDGET (self), in_handle (self, child, x, y) ? "se-resize" : "grab");
}

/* --- Object ----------------------------------------------------------------------------------------------------------- */

static void
bv_canvas_dispose (GObject *object)
{
  BvCanvas *self = BV_CANVAS (object);

  self->dragged = NULL;
  g_clear_pointer (&self->before, g_free);
  for (guint i = 0; self->children != NULL && i < self->children->len; i++)
    gtk_widget_unparent (((Child *) g_ptr_array_index (self->children, i))->widget);
  g_clear_pointer (&self->children, g_ptr_array_unref);

  G_OBJECT_CLASS (bv_canvas_parent_class)->dispose (object);
}

static void
bv_canvas_class_init (BvCanvasClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = bv_canvas_dispose;
  widget_class->get_request_mode = bv_canvas_get_request_mode;
  widget_class->measure = bv_canvas_measure;
  widget_class->size_allocate = bv_canvas_size_allocate;
  widget_class->snapshot = bv_canvas_snapshot;

  signals[SIGNAL_REARRANGED] = g_signal_new ("rearranged", BV_TYPE_CANVAS, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 2,
                                             GTK_TYPE_WIDGET, G_TYPE_BOOLEAN);
  gtk_widget_class_set_css_name (widget_class, "canvas");
}

static void
bv_canvas_init (BvCanvas *self)
{
  GtkEventController *keys = gtk_event_controller_key_new ();
  GtkEventController *motion = gtk_event_controller_motion_new ();

  self->children = g_ptr_array_new_with_free_func (g_free);
  self->drag = gtk_gesture_drag_new ();
  gtk_event_controller_set_propagation_phase (GTK_EVENT_CONTROLLER (self->drag), GTK_PHASE_CAPTURE);
  g_signal_connect (self->drag, "drag-begin", G_CALLBACK (drag_begin_cb), self);
  g_signal_connect (self->drag, "drag-update", G_CALLBACK (drag_update_cb), self);
  g_signal_connect (self->drag, "drag-end", G_CALLBACK (drag_end_cb), self);
  g_signal_connect (self->drag, "cancel", G_CALLBACK (drag_cancel_cb), self);
  gtk_widget_add_controller (GTK_WIDGET (self), GTK_EVENT_CONTROLLER (self->drag));
  gtk_event_controller_set_propagation_phase (keys, GTK_PHASE_CAPTURE);
  g_signal_connect (keys, "key-pressed", G_CALLBACK (key_pressed_cb), self);
  gtk_widget_add_controller (GTK_WIDGET (self), keys);
  g_signal_connect (motion, "motion", G_CALLBACK (motion_cb), self);
  gtk_widget_add_controller (GTK_WIDGET (self), motion);
}

GtkWidget *
bv_canvas_new (void)
{
  return g_object_new (BV_TYPE_CANVAS, NULL);
}

void
bv_canvas_add (BvCanvas     *self,
               GtkWidget    *widget,
               const BvCell *cell,
               gboolean      fit)
{
  Child *child;

  g_return_if_fail (BV_IS_CANVAS (self));
  g_return_if_fail (GTK_IS_WIDGET (widget));

  end_drag (self, FALSE);
  child = g_new0 (Child, 1);
  child->widget = widget;
  child->cell = bv_cell_clamp (*cell, BV_CANVAS_COLUMNS);
  child->fit = fit;
  g_ptr_array_add (self->children, child);
  gtk_widget_set_overflow (widget, GTK_OVERFLOW_HIDDEN);
  gtk_widget_set_parent (widget, GTK_WIDGET (self));
}

void
bv_canvas_remove (BvCanvas  *self,
                  GtkWidget *widget)
{
  Child *child;

  g_return_if_fail (BV_IS_CANVAS (self));

  end_drag (self, FALSE);
  child = find_child (self, widget);
  g_return_if_fail (child != NULL);
  g_ptr_array_remove (self->children, child);
  gtk_widget_unparent (widget);
}

void
bv_canvas_set_cell (BvCanvas     *self,
                    GtkWidget    *widget,
                    const BvCell *cell)
{
  BvCell clamped = bv_cell_clamp (*cell, BV_CANVAS_COLUMNS);
  Child *child;

  g_return_if_fail (BV_IS_CANVAS (self));

  child = find_child (self, widget);
  g_return_if_fail (child != NULL);
  if (bv_cell_equal (&child->cell, &clamped))
    return;
  end_drag (self, FALSE);
  child->cell = clamped;
  gtk_widget_queue_resize (GTK_WIDGET (self));
}

BvCell
bv_canvas_get_cell (BvCanvas  *self,
                    GtkWidget *widget)
{
  Child *child = find_child (self, widget);

  g_return_val_if_fail (child != NULL, ((BvCell){ 0, 0, 1, 1 }));

  return child->cell;
}

void
bv_canvas_set_editing (BvCanvas *self,
                       gboolean  editing)
{
  g_return_if_fail (BV_IS_CANVAS (self));

  if (self->editing == editing)
    return;
  end_drag (self, FALSE);
  self->editing = editing;
  gtk_widget_set_cursor (GTK_WIDGET (self), NULL);
}

gboolean
bv_canvas_get_editing (BvCanvas *self)
{
  return self->editing;
}

gboolean
bv_canvas_is_narrow (BvCanvas *self)
{
  return self->narrow;
}
