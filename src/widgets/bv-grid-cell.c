/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The text is a GtkInscription, which neither measures nor wraps, so that scrolling costs little; colour and bar are two rectangles below it. */
#include "config.h"

#include "bv-grid-cell.h"

#include <math.h>

/* The cell's own padding by the style class "data-table": the ground reaches into it. */
#define PADDING 6

struct _BvGridCell
{
  GtkWidget parent_instance;

  GtkWidget *inscription;
  GtkWidget *arrow; /* (nullable): made for the first group */
  gboolean dim, bold;
  gboolean has_fill, has_bar;
  GdkRGBA fill, text, bar;
  double from, to;
};

G_DEFINE_FINAL_TYPE (BvGridCell, bv_grid_cell, GTK_TYPE_WIDGET)

static void
bv_grid_cell_snapshot (GtkWidget *widget, GtkSnapshot *snapshot)
{
  BvGridCell *self = BV_GRID_CELL (widget);
  float width = gtk_widget_get_width (widget);
  float height = gtk_widget_get_height (widget);

  if (self->has_fill)
    gtk_snapshot_append_color (snapshot, &self->fill, &GRAPHENE_RECT_INIT (-PADDING, -PADDING, width + 2 * PADDING, height + 2 * PADDING));
  if (self->has_bar)
    gtk_snapshot_append_color (snapshot, &self->bar,
                               &GRAPHENE_RECT_INIT ((float) self->from * width, -1, (float) (self->to - self->from) * width, height + 2));
  GTK_WIDGET_CLASS (bv_grid_cell_parent_class)->snapshot (widget, snapshot);
}

static void
bv_grid_cell_dispose (GObject *object)
{
  g_clear_pointer (&BV_GRID_CELL (object)->arrow, gtk_widget_unparent);
  g_clear_pointer (&BV_GRID_CELL (object)->inscription, gtk_widget_unparent);
  G_OBJECT_CLASS (bv_grid_cell_parent_class)->dispose (object);
}

static void
bv_grid_cell_class_init (BvGridCellClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = bv_grid_cell_dispose;
  GTK_WIDGET_CLASS (klass)->snapshot = bv_grid_cell_snapshot;
  gtk_widget_class_set_layout_manager_type (GTK_WIDGET_CLASS (klass), GTK_TYPE_BOX_LAYOUT);
  gtk_widget_class_set_accessible_role (GTK_WIDGET_CLASS (klass), GTK_ACCESSIBLE_ROLE_LABEL);
}

static void
bv_grid_cell_init (BvGridCell *self)
{
  self->inscription = gtk_inscription_new (NULL);
  gtk_inscription_set_text_overflow (GTK_INSCRIPTION (self->inscription), GTK_INSCRIPTION_OVERFLOW_ELLIPSIZE_END);
  gtk_inscription_set_min_chars (GTK_INSCRIPTION (self->inscription), 1);
  gtk_widget_set_hexpand (self->inscription, TRUE);
  gtk_widget_set_parent (self->inscription, GTK_WIDGET (self));
}

GtkWidget *
bv_grid_cell_new (gboolean right)
{
  BvGridCell *self = g_object_new (BV_TYPE_GRID_CELL, NULL);

  gtk_inscription_set_xalign (GTK_INSCRIPTION (self->inscription), right ? 1 : 0);
  if (right)
    gtk_widget_add_css_class (GTK_WIDGET (self), "numeric");
  return GTK_WIDGET (self);
}

static void
update_attributes (BvGridCell *self)
{
  g_autoptr(PangoAttrList) attributes = NULL;

  if (self->bold || self->has_fill)
    {
      attributes = pango_attr_list_new ();
      if (self->bold)
        pango_attr_list_insert (attributes, pango_attr_weight_new (PANGO_WEIGHT_BOLD));
      if (self->has_fill)
        pango_attr_list_insert (attributes, pango_attr_foreground_new ((guint16) (self->text.red * 65535), (guint16) (self->text.green * 65535),
                                                                       (guint16) (self->text.blue * 65535)));
    }
  gtk_inscription_set_attributes (GTK_INSCRIPTION (self->inscription), attributes);
}

void
bv_grid_cell_set_text (BvGridCell *self, const char *text, gboolean dim, gboolean bold)
{
  g_return_if_fail (BV_IS_GRID_CELL (self));

  gtk_inscription_set_text (GTK_INSCRIPTION (self->inscription), text);
  if (dim != self->dim)
    (dim ? gtk_widget_add_css_class : gtk_widget_remove_css_class) (GTK_WIDGET (self), "dim-label");
  if (bold != self->bold)
    {
      self->bold = bold;
      update_attributes (self);
    }
  self->dim = dim;
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL, text, -1);
}

void
bv_grid_cell_set_ground (BvGridCell *self, const GdkRGBA *fill, const GdkRGBA *text, const GdkRGBA *bar, double from, double to)
{
  gboolean attributes;

  g_return_if_fail (BV_IS_GRID_CELL (self));

  if (fill == NULL && bar == NULL && !self->has_fill && !self->has_bar)
    return;
  if (self->has_fill == (fill != NULL) && self->has_bar == (bar != NULL) && (fill == NULL || gdk_rgba_equal (fill, &self->fill)) &&
      (bar == NULL || (gdk_rgba_equal (bar, &self->bar) && fabs (from - self->from) < 1e-6 && fabs (to - self->to) < 1e-6)))
    return;
  /* The text is dark or light: it seldom changes with the fill, and new attributes cost a new layout. */
  attributes = self->has_fill != (fill != NULL) || (fill != NULL && !gdk_rgba_equal (text, &self->text));
  self->has_fill = fill != NULL;
  self->has_bar = bar != NULL;
  if (fill != NULL)
    {
      self->fill = *fill;
      self->text = *text;
    }
  if (bar != NULL)
    self->bar = *bar;
  self->from = from;
  self->to = to;
  if (attributes)
    update_attributes (self);
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

void
bv_grid_cell_set_fold (BvGridCell *self, BvGridFold fold)
{
  g_return_if_fail (BV_IS_GRID_CELL (self));

  if (self->arrow == NULL && fold == BV_GRID_FOLD_NONE)
    return;
  if (self->arrow == NULL)
    {
      self->arrow = gtk_image_new ();
      gtk_widget_set_margin_end (self->arrow, 4);
      gtk_widget_insert_before (self->arrow, GTK_WIDGET (self), self->inscription);
    }
  gtk_widget_set_visible (self->arrow, fold != BV_GRID_FOLD_NONE);
  if (fold != BV_GRID_FOLD_NONE)
    gtk_image_set_from_icon_name (GTK_IMAGE (self->arrow), fold == BV_GRID_FOLD_OPEN ? "pan-down-symbolic" : "pan-end-symbolic");
}

gboolean
bv_grid_cell_is_arrow (BvGridCell *self, GtkWidget *widget)
{
  return self->arrow != NULL && widget == self->arrow;
}
