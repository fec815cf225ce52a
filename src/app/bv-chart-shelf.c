/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "bv-chart-shelf.h"

#include "bv-choice.h"
#include "bv-util.h"

#include <glib/gi18n.h>

GtkWidget *
bv_chip_new (const char *label,
             const char *style,
             GMenuModel *menu,
             const char *remove_action,
             const char *name,
             const char *problem)
{
  GtkWidget *chip = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 0);
  GtkWidget *button = gtk_menu_button_new ();
  GtkWidget *text = gtk_label_new (label);
  g_autofree char *tooltip = g_strdup_printf (_("Remove “%s”"), name);
  GtkWidget *remove = bv_icon_button_new ("window-close-symbolic", tooltip, NULL);

  gtk_label_set_ellipsize (GTK_LABEL (text), PANGO_ELLIPSIZE_END);
  gtk_label_set_max_width_chars (GTK_LABEL (text), 32);
  gtk_menu_button_set_child (GTK_MENU_BUTTON (button), text);
  gtk_menu_button_set_menu_model (GTK_MENU_BUTTON (button), menu);
  bv_set_name (button, label);
  if (problem != NULL)
    {
      gtk_widget_add_css_class (chip, "broken");
      gtk_widget_set_tooltip_text (button, problem);
    }
  gtk_actionable_set_action_target (GTK_ACTIONABLE (remove), "s", name);
  gtk_actionable_set_action_name (GTK_ACTIONABLE (remove), remove_action);
  gtk_widget_add_css_class (chip, "linked");
  gtk_widget_add_css_class (chip, "chip");
  gtk_widget_add_css_class (chip, style);
  gtk_box_append (GTK_BOX (chip), button);
  gtk_box_append (GTK_BOX (chip), remove);
  return chip;
}

GMenuModel *
bv_chip_menu (const char *name,
              gboolean    metric,
              gboolean    first,
              gboolean    last,
              BvGrain     grain)
{
  GMenu *menu = g_menu_new ();
  g_autoptr(GMenu) grains = g_menu_new ();
  g_autoptr(GMenu) sorts = g_menu_new ();
  g_autoptr(GMenu) moves = g_menu_new ();
  const char *move = metric ? "builder.move-metric" : "builder.move-group";

  if (grain != BV_GRAIN_NONE)
    for (BvGrain g = BV_GRAIN_HOUR; g <= BV_GRAIN_YEAR; g++)
      bv_menu_append (grains, bv_grain_to_label (g), "builder.group-grain", g_variant_new ("(ss)", name, bv_grain_to_name (g)));
  bv_menu_append (sorts, _("Sort Ascending"), "builder.sort", g_variant_new ("(sb)", name, FALSE));
  bv_menu_append (sorts, _("Sort Descending"), "builder.sort", g_variant_new ("(sb)", name, TRUE));
  if (!first)
    bv_menu_append (moves, _("Move to Front"), move, g_variant_new ("(si)", name, -1));
  if (!last)
    bv_menu_append (moves, _("Move Back"), move, g_variant_new ("(si)", name, 1));
  if (!metric && grain == BV_GRAIN_NONE)
    bv_menu_append (moves, _("Make Pivot"), "builder.pivot", g_variant_new_string (name));
  g_menu_append_section (menu, NULL, G_MENU_MODEL (grains));
  g_menu_append_section (menu, NULL, G_MENU_MODEL (sorts));
  g_menu_append_section (menu, NULL, G_MENU_MODEL (moves));
  return G_MENU_MODEL (menu);
}

GtkWidget *
bv_shelf_add_button_new (const char *name,
                         GtkWidget  *picker)
{
  GtkWidget *button = gtk_menu_button_new ();

  gtk_menu_button_set_icon_name (GTK_MENU_BUTTON (button), "list-add-symbolic");
  gtk_menu_button_set_popover (GTK_MENU_BUTTON (button), picker);
  gtk_widget_add_css_class (button, "flat");
  gtk_widget_set_tooltip_text (button, name);
  bv_set_name (button, name);
  /* The shelves are emptied and filled again around it. */
  return g_object_ref_sink (button);
}

/* 0 of a limit is shown as a word. */
static gboolean
spin_output_cb (GtkSpinButton *spin,
                const char    *word)
{
  int value = gtk_spin_button_get_value_as_int (spin);
  g_autofree char *text = value == 0 ? g_strdup (word) : g_strdup_printf ("%d", value);

  if (g_strcmp0 (gtk_editable_get_text (GTK_EDITABLE (spin)), text) != 0)
    gtk_editable_set_text (GTK_EDITABLE (spin), text);
  return TRUE;
}

static int
spin_input_cb (GtkSpinButton *spin,
               double        *value,
               gpointer       user_data)
{
  *value = g_ascii_strtod (gtk_editable_get_text (GTK_EDITABLE (spin)), NULL);
  return TRUE;
}

GtkWidget *
bv_shelf_spin_new (const char *name,
                   const char *word,
                   double      maximum)
{
  GtkWidget *spin = gtk_spin_button_new_with_range (0, maximum, 1);

  /* Words are not numeric. */
  gtk_spin_button_set_numeric (GTK_SPIN_BUTTON (spin), FALSE);
  gtk_editable_set_width_chars (GTK_EDITABLE (spin), 5);
  gtk_editable_set_max_width_chars (GTK_EDITABLE (spin), 6);
  gtk_widget_set_valign (spin, GTK_ALIGN_CENTER);
  gtk_widget_set_tooltip_text (spin, name);
  bv_set_name (spin, name);
  g_signal_connect (spin, "output", G_CALLBACK (spin_output_cb), (gpointer) word);
  g_signal_connect (spin, "input", G_CALLBACK (spin_input_cb), NULL);
  spin_output_cb (GTK_SPIN_BUTTON (spin), word);
  return spin;
}

GtkWidget *
bv_shelf_caption_new (const char *text)
{
  GtkWidget *label = gtk_label_new (text);

  gtk_widget_add_css_class (label, "dim-label");
  return label;
}

void
bv_shelf_fill_grains (GtkWidget  *choice,
                      const char *none)
{
  if (none != NULL)
    bv_choice_add (choice, "none", none);
  for (BvGrain grain = BV_GRAIN_HOUR; grain <= BV_GRAIN_YEAR; grain++)
    {
      /* Translators: %s is "day", "week"… */
      g_autofree char *label = g_strdup_printf (_("by %s"), bv_grain_to_noun (grain));

      bv_choice_add (choice, bv_grain_to_name (grain), label);
    }
}
