/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "bv-grid-legend.h"

static void
draw_stops (GtkDrawingArea *area, cairo_t *cr, int width, int height, gpointer data)
{
  const BvTableLegend *legend = data;
  double step = (double) width / G_N_ELEMENTS (legend->stops);

  for (guint i = 0; i < G_N_ELEMENTS (legend->stops); i++)
    {
      cairo_set_source_rgb (cr, legend->stops[i].r, legend->stops[i].g, legend->stops[i].b);
      cairo_rectangle (cr, i * step, 0, step + 0.5, height);
      cairo_fill (cr);
    }
}

static void
legend_free (gpointer legend)
{
  bv_table_legend_clear (legend);
  g_free (legend);
}

static void
append_caption (GtkWidget *legend, const char *text)
{
  GtkWidget *label = gtk_label_new (text);

  gtk_label_set_ellipsize (GTK_LABEL (label), PANGO_ELLIPSIZE_END);
  gtk_widget_add_css_class (label, "dim-label");
  gtk_widget_add_css_class (label, "caption");
  gtk_box_append (GTK_BOX (legend), label);
}

void
bv_grid_legend_fill (GtkWidget *box, const BvTableCells *cells, BvLocale *locale)
{
  guint n = cells != NULL ? bv_table_cells_n_legends (cells) : 0;
  GtkWidget *child;

  while ((child = gtk_widget_get_first_child (box)) != NULL)
    gtk_box_remove (GTK_BOX (box), child);
  gtk_widget_set_visible (box, n > 0);
  for (guint i = 0; i < n; i++)
    {
      GtkWidget *area = gtk_drawing_area_new ();
      BvTableLegend *legend = g_new0 (BvTableLegend, 1);

      bv_table_cells_get_legend (cells, i, locale, legend);
      append_caption (box, legend->low);
      gtk_drawing_area_set_content_width (GTK_DRAWING_AREA (area), 72);
      gtk_drawing_area_set_content_height (GTK_DRAWING_AREA (area), 10);
      gtk_widget_set_valign (area, GTK_ALIGN_CENTER);
      gtk_drawing_area_set_draw_func (GTK_DRAWING_AREA (area), draw_stops, legend, legend_free);
      gtk_box_append (GTK_BOX (box), area);
      append_caption (box, legend->high);
    }
}
