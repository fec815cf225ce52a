/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The gallery of chart types and the options of a chart, each on its own. */
#include "bv-chart-edit.h"
#include "bv-chart-options.h"
#include "bv-type-gallery.h"
#include "ui-test.h"

static void
remember_cb (char **out, const char *type)
{
  g_free (*out);
  *out = g_strdup (type);
}

static GtkWidget *
find_cell (GtkWidget *root, const char *type)
{
  GtkWidget *found = NULL;

  if (g_strcmp0 (g_object_get_data (G_OBJECT (root), "bv-type"), type) == 0)
    return root;
  for (GtkWidget *child = gtk_widget_get_first_child (root); child != NULL && found == NULL; child = gtk_widget_get_next_sibling (child))
    found = find_cell (child, type);
  return found;
}

/* Every type has a cell that says what it needs; one that does not fit says why and cannot be chosen. */
static void
test_gallery (void)
{
  g_autoptr(BvChart) chart = bv_chart_new ("E", "bar");
  g_autofree char *chosen = NULL;
  GtkWidget *window = gtk_window_new ();
  GtkWidget *gallery = bv_type_gallery_new ();

  bv_chart_add_metric (chart, "Revenue");
  bv_chart_add_group (chart, "Country", BV_GRAIN_NONE);
  gtk_window_set_child (GTK_WINDOW (window), gallery);
  g_signal_connect_swapped (gallery, "chosen", G_CALLBACK (remember_cb), &chosen);
  bv_type_gallery_set_chart (BV_TYPE_GALLERY (gallery), chart);
  g_assert_null (chosen);
  for (const BvChartType *type = bv_chart_types (); type->name != NULL; type++)
    {
      GtkWidget *cell = find_cell (gallery, type->name);
      g_autofree char *reason = NULL;
      g_autofree char *needs = bv_chart_type_needs (type);
      gboolean fits = bv_chart_type_fits (type, chart, &reason);

      g_assert_nonnull (cell);
      g_assert_cmpint (gtk_widget_get_sensitive (cell), ==, fits);
      g_assert_cmpstr (gtk_widget_get_tooltip_text (cell), ==, fits ? needs : reason);
      g_assert_cmpint (gtk_toggle_button_get_active (GTK_TOGGLE_BUTTON (cell)), ==, g_str_equal (type->name, "bar"));
    }
  g_assert_true (gtk_widget_get_sensitive (find_cell (gallery, "map")));
  g_assert_false (gtk_widget_get_sensitive (find_cell (gallery, "sankey")));
  gtk_toggle_button_set_active (GTK_TOGGLE_BUTTON (find_cell (gallery, "map")), TRUE);
  g_assert_cmpstr (chosen, ==, "map");
  gtk_window_destroy (GTK_WINDOW (window));
}

static GtkWidget *
find_button (GtkWidget *root, const char *tooltip)
{
  GtkWidget *found = NULL;

  if (GTK_IS_BUTTON (root) && g_strcmp0 (gtk_widget_get_tooltip_text (root), tooltip) == 0)
    return root;
  for (GtkWidget *child = gtk_widget_get_first_child (root); child != NULL && found == NULL; child = gtk_widget_get_next_sibling (child))
    found = find_button (child, tooltip);
  return found;
}

/* The values of a pivot are series that can be put in order; the order is written down whole. */
static void
test_order (void)
{
  g_autoptr(BvChart) chart = bv_chart_new ("E", "bar");
  g_autoptr(BvCalendar) calendar = bv_calendar_new (NULL, 1, NULL);
  g_autoptr(BvLocale) locale = bv_locale_new (NULL, NULL, calendar);
  g_autoptr(JsonObject) options = NULL;
  g_autoptr(JsonObject) again = NULL;
  static const char *const names[] = { "Free", "Team", "Business", NULL };
  GtkWidget *window = gtk_window_new ();
  GtkWidget *widget = bv_chart_options_new ();

  bv_chart_add_metric (chart, "Revenue");
  bv_chart_add_group (chart, "Country", BV_GRAIN_NONE);
  chart->pivot = g_strdup ("Plan");
  gtk_window_set_child (GTK_WINDOW (window), widget);
  bv_chart_options_set_series (BV_CHART_OPTIONS (widget), names);
  bv_chart_options_set_chart (BV_CHART_OPTIONS (widget), chart, locale);
  g_assert_null (bv_chart_options_dup (BV_CHART_OPTIONS (widget)));
  g_assert_null (find_button (widget, "Move “Free” before the one above"));
  g_signal_emit_by_name (find_button (widget, "Move “Business” before the one above"), "clicked");
  options = bv_chart_options_dup (BV_CHART_OPTIONS (widget));
  g_assert_cmpint (json_object_get_int_member (options, "series.Free.order"), ==, 1);
  g_assert_cmpint (json_object_get_int_member (options, "series.Business.order"), ==, 2);
  g_assert_cmpint (json_object_get_int_member (options, "series.Team.order"), ==, 3);
  while (g_main_context_iteration (NULL, FALSE))
    ;
  g_signal_emit_by_name (find_button (widget, "Move “Business” before the one above"), "clicked");
  again = bv_chart_options_dup (BV_CHART_OPTIONS (widget));
  g_assert_cmpint (json_object_get_int_member (again, "series.Business.order"), ==, 1);
  while (g_main_context_iteration (NULL, FALSE))
    ;
  g_assert_null (find_button (widget, "Move “Business” before the one above"));
  gtk_window_destroy (GTK_WINDOW (window));
}

int
main (int argc, char *argv[])
{
  ui_test_init (&argc, &argv);
  g_test_add_func ("/chart-controls/gallery", test_gallery);
  g_test_add_func ("/chart-controls/order", test_order);
  return g_test_run ();
}
