/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Twenty icons in a row name nothing and wrap over three lines of a small window. Here they are cells with a name and what the type needs;
 * a type that does not fit the chart stays visible, cannot be chosen, and says what to change. */
#include "config.h"
#include "bv-type-gallery.h"

#include "bv-chart-edit.h"
#include "bv-util.h"

#include <glib/gi18n.h>

#define CELL_WIDTH 134
#define CELLS_PER_ROW 4

struct _BvTypeGallery
{
  AdwBin parent_instance;

  GtkWidget *button, *icon, *label;
  GtkWidget *popover, *cells;
  gboolean updating;
};

G_DEFINE_FINAL_TYPE (BvTypeGallery, bv_type_gallery, ADW_TYPE_BIN)

enum
{
  SIGNAL_CHOSEN,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static void
toggled_cb (GtkToggleButton *cell,
            BvTypeGallery   *self)
{
  if (self->updating || !gtk_toggle_button_get_active (cell))
    return;
  gtk_popover_popdown (GTK_POPOVER (self->popover));
  g_signal_emit (self, signals[SIGNAL_CHOSEN], 0, g_object_get_data (G_OBJECT (cell), "bv-type"));
}

static GtkWidget *
make_label (GtkWidget  *box,
            const char *style,
            int         lines)
{
  GtkWidget *label = gtk_label_new (NULL);

  gtk_label_set_wrap (GTK_LABEL (label), TRUE);
  gtk_label_set_lines (GTK_LABEL (label), lines);
  gtk_label_set_ellipsize (GTK_LABEL (label), PANGO_ELLIPSIZE_END);
  gtk_label_set_justify (GTK_LABEL (label), GTK_JUSTIFY_CENTER);
  gtk_label_set_max_width_chars (GTK_LABEL (label), 14);
  gtk_label_set_width_chars (GTK_LABEL (label), 14);
  if (style != NULL)
    gtk_widget_add_css_class (label, style);
  gtk_box_append (GTK_BOX (box), label);
  return label;
}

static GtkWidget *
make_cell (BvTypeGallery     *self,
           const BvChartType *type,
           GtkToggleButton   *group)
{
  GtkWidget *cell = gtk_toggle_button_new ();
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 3);
  GtkWidget *icon = gtk_image_new_from_icon_name (type->icon_name);
  GtkWidget *name, *needs;

  gtk_image_set_pixel_size (GTK_IMAGE (icon), 24);
  gtk_box_append (GTK_BOX (box), icon);
  name = make_label (box, "heading", 2);
  needs = make_label (box, "caption", 4);
  gtk_label_set_text (GTK_LABEL (name), _(type->label));
  gtk_widget_set_valign (box, GTK_ALIGN_START);
  gtk_button_set_child (GTK_BUTTON (cell), box);
  gtk_widget_add_css_class (cell, "flat");
  gtk_widget_set_size_request (cell, CELL_WIDTH, 104);
  gtk_toggle_button_set_group (GTK_TOGGLE_BUTTON (cell), group);
  bv_set_name (cell, _(type->label));
  g_object_set_data (G_OBJECT (cell), "bv-type", (gpointer) type->name);
  g_object_set_data (G_OBJECT (cell), "bv-needs", needs);
  g_signal_connect (cell, "toggled", G_CALLBACK (toggled_cb), self);
  return cell;
}

/* The popover opens with the keyboard on the chart's own type. */
static void
shown_cb (BvTypeGallery *self)
{
  for (GtkWidget *cell = gtk_widget_get_first_child (self->cells); cell != NULL; cell = gtk_widget_get_next_sibling (cell))
    if (gtk_toggle_button_get_active (GTK_TOGGLE_BUTTON (cell)))
      gtk_widget_grab_focus (cell);
}

static void
bv_type_gallery_class_init (BvTypeGalleryClass *klass)
{
  signals[SIGNAL_CHOSEN] = g_signal_new ("chosen", BV_TYPE_TYPE_GALLERY, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_STRING);
}

static void
bv_type_gallery_init (BvTypeGallery *self)
{
  GtkWidget *scrolled = gtk_scrolled_window_new ();
  GtkWidget *content = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6);
  GtkToggleButton *group = NULL;
  int n = 0;

  self->button = gtk_menu_button_new ();
  self->icon = gtk_image_new ();
  self->label = gtk_label_new (NULL);
  self->popover = gtk_popover_new ();
  self->cells = gtk_grid_new ();
  gtk_grid_set_column_spacing (GTK_GRID (self->cells), 3);
  gtk_grid_set_row_spacing (GTK_GRID (self->cells), 3);
  self->updating = TRUE;
  for (const BvChartType *type = bv_chart_types (); type->name != NULL; type++)
    {
      GtkWidget *cell = make_cell (self, type, group);

      if (group == NULL)
        group = GTK_TOGGLE_BUTTON (cell);
      gtk_grid_attach (GTK_GRID (self->cells), cell, n % CELLS_PER_ROW, n / CELLS_PER_ROW, 1, 1);
      n++;
    }
  self->updating = FALSE;
  bv_set_name (self->cells, _("Chart type"));
  gtk_scrolled_window_set_policy (GTK_SCROLLED_WINDOW (scrolled), GTK_POLICY_NEVER, GTK_POLICY_AUTOMATIC);
  gtk_scrolled_window_set_propagate_natural_height (GTK_SCROLLED_WINDOW (scrolled), TRUE);
  gtk_scrolled_window_set_max_content_height (GTK_SCROLLED_WINDOW (scrolled), 430);
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (scrolled), self->cells);
  gtk_popover_set_child (GTK_POPOVER (self->popover), scrolled);
  gtk_box_append (GTK_BOX (content), self->icon);
  gtk_box_append (GTK_BOX (content), self->label);
  gtk_menu_button_set_child (GTK_MENU_BUTTON (self->button), content);
  gtk_menu_button_set_always_show_arrow (GTK_MENU_BUTTON (self->button), TRUE);
  gtk_menu_button_set_popover (GTK_MENU_BUTTON (self->button), self->popover);
  g_signal_connect_swapped (self->popover, "show", G_CALLBACK (shown_cb), self);
  adw_bin_set_child (ADW_BIN (self), self->button);
}

GtkWidget *
bv_type_gallery_new (void)
{
  return g_object_new (BV_TYPE_TYPE_GALLERY, NULL);
}

void
bv_type_gallery_set_chart (BvTypeGallery *self,
                           BvChart       *chart)
{
  const BvChartType *current = bv_chart_type_find (chart->type);

  g_return_if_fail (BV_IS_TYPE_GALLERY (self));

  self->updating = TRUE;
  gtk_image_set_from_icon_name (GTK_IMAGE (self->icon), current != NULL ? current->icon_name : "bv-metric-symbolic");
  gtk_label_set_text (GTK_LABEL (self->label), current != NULL ? _(current->label) : chart->type);
  {
    /* Translators: the button that chooses the type of a chart; %s is the type it has */
    g_autofree char *name = g_strdup_printf (_("Chart type: %s"), current != NULL ? _(current->label) : chart->type);

    bv_set_name (self->button, name);
  }
  for (GtkWidget *cell = gtk_widget_get_first_child (self->cells); cell != NULL; cell = gtk_widget_get_next_sibling (cell))
    {
      const BvChartType *type = bv_chart_type_find (g_object_get_data (G_OBJECT (cell), "bv-type"));
      g_autofree char *reason = NULL;
      GtkLabel *needs = g_object_get_data (G_OBJECT (cell), "bv-needs");
      gboolean fits = bv_chart_type_fits (type, chart, &reason);
      g_autofree char *text = fits ? bv_chart_type_needs (type) : g_steal_pointer (&reason);

      gtk_toggle_button_set_active (GTK_TOGGLE_BUTTON (cell), type == current);
      gtk_widget_set_sensitive (cell, fits || type == current);
      gtk_label_set_text (needs, text);
      /* What cannot be chosen is pale already. */
      if (fits)
        gtk_widget_add_css_class (GTK_WIDGET (needs), "dim-label");
      else
        gtk_widget_remove_css_class (GTK_WIDGET (needs), "dim-label");
      gtk_widget_set_tooltip_text (cell, text);
      gtk_accessible_update_property (GTK_ACCESSIBLE (cell), GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, text, -1);
    }
  self->updating = FALSE;
}
