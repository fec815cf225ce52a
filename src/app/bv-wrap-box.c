/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Lines are filled greedily with the children's natural widths; a child wider than a line gets a line of its own and the line's
 * width, down to its minimum. Within a line children are centred, as a row of controls wants; the first that expands takes what
 * the line has left.
 *
 * A caption stands before the lines, which are all indented by the widest of the captions around. Where that leaves less than NARROW, it is
 * a word of the first line like the others, and the lines have the whole width. */
#include "config.h"
#include "bv-wrap-box.h"

#define NARROW 300
#define CAPTION_SPACING 9

struct _BvWrapBox
{
  GtkWidget parent_instance;

  int spacing;
  GtkWidget *caption;  /* (nullable): the first child */
  GPtrArray *captions; /* (nullable) (element-type GtkWidget) */
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

/* Where lines begin when there is room. */
static int
caption_indent (BvWrapBox *self)
{
  int widest = 0;

  for (guint i = 0; self->captions != NULL && i < self->captions->len; i++)
    widest = MAX (widest, child_width (g_ptr_array_index (self->captions, i), G_MAXINT));
  return widest > 0 ? widest + CAPTION_SPACING : 0;
}

/* Where lines begin in this width, and the first child that is in one. */
static int
begin_lines (BvWrapBox  *self,
             int         width,
             GtkWidget **first)
{
  int indent = caption_indent (self);

  *first = gtk_widget_get_first_child (GTK_WIDGET (self));
  if (self->caption == NULL || width - indent < NARROW)
    return 0;
  *first = gtk_widget_get_next_sibling (self->caption);
  return indent;
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

  int width = for_size < 0 ? G_MAXINT / 2 : for_size;
  int indent;
  GtkWidget *first;

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
          if (child != self->caption)
            *natural += (*natural > 0 ? self->spacing : 0) + child_natural;
        }
      *natural += caption_indent (self);
      return;
    }
  indent = begin_lines (self, width, &first);
  if (indent > 0)
    *natural = child_height (self->caption, indent - CAPTION_SPACING);
  for (int lines = 0; first != NULL; lines++)
    {
      int height, left;

      first = measure_line (self, first, width - indent, &height, &left);
      *natural = lines == 0 ? MAX (*natural, height) : *natural + self->spacing + height;
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
  GtkWidget *first;
  int indent = begin_lines (self, width, &first);
  int y = 0;

  /* Beside the first line, at the end that the line begins at. */
  if (indent > 0)
    {
      GtkAllocation allocation = { .width = child_width (self->caption, indent) };
      int line_height = 0, left;

      allocation.height = child_height (self->caption, allocation.width);
      if (first != NULL)
        measure_line (self, first, width - indent, &line_height, &left);
      allocation.x = indent - CAPTION_SPACING - allocation.width;
      allocation.x = rtl ? width - allocation.x - allocation.width : allocation.x;
      allocation.y = MAX (line_height - allocation.height, 0) / 2;
      gtk_widget_size_allocate (self->caption, &allocation, -1);
    }
  while (first != NULL)
    {
      int line_height, left, x = indent;
      GtkWidget *end = measure_line (self, first, width - indent, &line_height, &left);

      for (GtkWidget *child = first; child != end; child = gtk_widget_get_next_sibling (child))
        {
          GtkAllocation allocation;

          if (!gtk_widget_should_layout (child))
            continue;
          allocation.width = child_width (child, width - indent);
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
  BvWrapBox *self = BV_WRAP_BOX (object);

  bv_wrap_box_clear (self);
  g_clear_pointer (&self->caption, gtk_widget_unparent);
  g_clear_pointer (&self->captions, g_ptr_array_unref);

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

  while ((child = gtk_widget_get_last_child (GTK_WIDGET (self))) != self->caption)
    gtk_widget_unparent (child);
}

void
bv_wrap_box_set_caption (BvWrapBox *self,
                         GtkWidget *caption,
                         GPtrArray *captions)
{
  g_return_if_fail (BV_IS_WRAP_BOX (self));
  g_return_if_fail (GTK_IS_WIDGET (caption) && self->caption == NULL);

  self->caption = caption;
  self->captions = g_ptr_array_ref (captions);
  gtk_widget_insert_after (caption, GTK_WIDGET (self), NULL);
}
