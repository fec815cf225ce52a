/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Lines are filled greedily with the children's natural widths; a child wider than a line gets a line of its own and the line's
 * width, down to its minimum. Within a line children are centred, as a row of controls wants; the first that expands takes what
 * the line has left. */
#include "config.h"
#include "bv-wrap-box.h"

struct _BvWrapBox
{
  GtkWidget parent_instance;

  int spacing;
};

G_DEFINE_FINAL_TYPE (BvWrapBox, bv_wrap_box, GTK_TYPE_WIDGET)

static int
child_width (GtkWidget *child,
             int        available)
{
  int minimum, natural;

  gtk_widget_measure (child, GTK_ORIENTATION_HORIZONTAL, -1, &minimum, &natural, NULL, NULL);
  return MAX (minimum, MIN (natural, available));
}

static int
child_height (GtkWidget *child,
              int        width)
{
  int natural;

  gtk_widget_measure (child, GTK_ORIENTATION_VERTICAL, width, NULL, &natural, NULL, NULL);
  return natural;
}

/* The children from @first on that share a line; the first of the next line is returned. @left: (out): the width they do not use. */
static GtkWidget *
measure_line (BvWrapBox *self,
              GtkWidget *first,
              int        width,
              int       *line_height,
              int       *left)
{
  GtkWidget *child;
  int x = 0;

  *line_height = 0;
  for (child = first; child != NULL; child = gtk_widget_get_next_sibling (child))
    {
      int w;

      if (!gtk_widget_should_layout (child))
        continue;
      w = child_width (child, width);
      if (x > 0 && x + self->spacing + w > width)
        break;
      x += (x > 0 ? self->spacing : 0) + w;
      *line_height = MAX (*line_height, child_height (child, w));
    }
  *left = MAX (width - x, 0);
  return child;
}

static GtkSizeRequestMode
bv_wrap_box_get_request_mode (GtkWidget *widget)
{
  return GTK_SIZE_REQUEST_HEIGHT_FOR_WIDTH;
}

static void
bv_wrap_box_measure (GtkWidget      *widget,
                     GtkOrientation  orientation,
                     int             for_size,
                     int            *minimum,
                     int            *natural,
                     int            *minimum_baseline,
                     int            *natural_baseline)
{
  BvWrapBox *self = BV_WRAP_BOX (widget);

  *minimum = *natural = 0;
  if (orientation == GTK_ORIENTATION_HORIZONTAL)
    {
      for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL; child = gtk_widget_get_next_sibling (child))
        {
          int child_minimum, child_natural;

          if (!gtk_widget_should_layout (child))
            continue;
          gtk_widget_measure (child, orientation, -1, &child_minimum, &child_natural, NULL, NULL);
          *minimum = MAX (*minimum, child_minimum);
          *natural += (*natural > 0 ? self->spacing : 0) + child_natural;
        }
      return;
    }
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL;)
    {
      int height, left;

      child = measure_line (self, child, for_size < 0 ? G_MAXINT / 2 : for_size, &height, &left);
      *natural += (*natural > 0 ? self->spacing : 0) + height;
    }
  *minimum = *natural;
}

static void
bv_wrap_box_size_allocate (GtkWidget *widget,
                           int        width,
                           int        height,
                           int        baseline)
{
  BvWrapBox *self = BV_WRAP_BOX (widget);
  gboolean rtl = gtk_widget_get_direction (widget) == GTK_TEXT_DIR_RTL;
  int y = 0;

  for (GtkWidget *first = gtk_widget_get_first_child (widget); first != NULL;)
    {
      int line_height, left, x = 0;
      GtkWidget *end = measure_line (self, first, width, &line_height, &left);

      for (GtkWidget *child = first; child != end; child = gtk_widget_get_next_sibling (child))
        {
          GtkAllocation allocation;

          if (!gtk_widget_should_layout (child))
            continue;
          allocation.width = child_width (child, width);
          if (gtk_widget_get_hexpand (child))
            {
              allocation.width += left;
              left = 0;
            }
          allocation.height = child_height (child, allocation.width);
          allocation.x = rtl ? width - x - allocation.width : x;
          allocation.y = y + (line_height - allocation.height) / 2;
          gtk_widget_size_allocate (child, &allocation, -1);
          x += allocation.width + self->spacing;
        }
      y += line_height + self->spacing;
      first = end;
    }
}

static void
bv_wrap_box_dispose (GObject *object)
{
  bv_wrap_box_clear (BV_WRAP_BOX (object));

  G_OBJECT_CLASS (bv_wrap_box_parent_class)->dispose (object);
}

static void
bv_wrap_box_class_init (BvWrapBoxClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = bv_wrap_box_dispose;
  widget_class->get_request_mode = bv_wrap_box_get_request_mode;
  widget_class->measure = bv_wrap_box_measure;
  widget_class->size_allocate = bv_wrap_box_size_allocate;
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_GROUP);
}

static void
bv_wrap_box_init (BvWrapBox *self)
{
}

GtkWidget *
bv_wrap_box_new (int spacing)
{
  BvWrapBox *self = g_object_new (BV_TYPE_WRAP_BOX, NULL);

  self->spacing = spacing;
  return GTK_WIDGET (self);
}

void
bv_wrap_box_append (BvWrapBox *self,
                    GtkWidget *child)
{
  g_return_if_fail (BV_IS_WRAP_BOX (self));
  g_return_if_fail (GTK_IS_WIDGET (child));

  gtk_widget_insert_before (child, GTK_WIDGET (self), NULL);
}

void
bv_wrap_box_clear (BvWrapBox *self)
{
  GtkWidget *child;

  g_return_if_fail (BV_IS_WRAP_BOX (self));

  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self))) != NULL)
    gtk_widget_unparent (child);
}
