/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The gallery of chart types and the options of a chart, each on its own. */
#include "bv-chart-edit.h"
#include "bv-chart-options.h"
#include "bv-type-gallery.h"
#include "bv-wrap-box.h"
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

static GtkWidget *
sized (int width)
{
  GtkWidget *widget = adw_bin_new ();

  gtk_widget_set_size_request (widget, width, 20);
  return widget;
}

static void
assert_at (GtkWidget *box, guint nth, int x, int y)
{
  GtkWidget *child = gtk_widget_get_first_child (box);
  graphene_rect_t bounds;

  for (guint i = 0; i < nth; i++)
    child = gtk_widget_get_next_sibling (child);
  g_assert_true (gtk_widget_compute_bounds (child, box, &bounds));
  g_assert_cmpint ((int) bounds.origin.x, ==, x);
  g_assert_cmpint ((int) bounds.origin.y, ==, y);
}

/* Shelves line up behind their captions; where the width is small each begins right after its own. */
static void
test_captions (void)
{
  g_autoptr(GPtrArray) captions = g_ptr_array_new_with_free_func (g_object_unref);
  GtkWidget *boxes[2];
  static const int widths[] = { 100, 40 };

  for (guint b = 0; b < 2; b++)
    {
      GtkWidget *caption = sized (widths[b]);

      boxes[b] = g_object_ref_sink (bv_wrap_box_new (6));
      g_ptr_array_add (captions, g_object_ref_sink (caption));
      bv_wrap_box_set_caption (BV_WRAP_BOX (boxes[b]), caption, captions);
      for (guint i = 0; i < 3; i++)
        bv_wrap_box_append (BV_WRAP_BOX (boxes[b]), sized (120));
    }
  for (guint b = 0; b < 2; b++)
    for (int wide = 0; wide < 2; wide++)
      {
        int width = wide ? 420 : 300, height, natural;

        gtk_widget_measure (boxes[b], GTK_ORIENTATION_VERTICAL, width, &height, NULL, NULL, NULL);
        g_assert_cmpint (height, ==, 46); /* two lines */
        gtk_widget_measure (boxes[b], GTK_ORIENTATION_HORIZONTAL, -1, NULL, &natural, NULL, NULL);
        g_assert_cmpint (natural, ==, 100 + 9 + 3 * 120 + 2 * 6);
        gtk_widget_allocate (boxes[b], width, height, -1, NULL);
        if (wide)
          {
            assert_at (boxes[b], 0, 100 - widths[b], 0);
            assert_at (boxes[b], 1, 109, 0);
            assert_at (boxes[b], 2, 235, 0);
            assert_at (boxes[b], 3, 109, 26);
            continue;
          }
        assert_at (boxes[b], 0, 0, 0);
        assert_at (boxes[b], 1, widths[b] + 6, 0);
        assert_at (boxes[b], 2, b == 0 ? 0 : 172, b == 0 ? 26 : 0);
        assert_at (boxes[b], 3, b == 0 ? 126 : 0, 26);
      }
  /* What was filled is emptied, and the caption stays. */
  bv_wrap_box_clear (BV_WRAP_BOX (boxes[0]));
  g_assert_true (gtk_widget_get_first_child (boxes[0]) == g_ptr_array_index (captions, 0));
  g_assert_null (gtk_widget_get_next_sibling (g_ptr_array_index (captions, 0)));
  for (guint b = 0; b < 2; b++)
    g_assert_finalize_object (boxes[b]);
}

int
main (int argc, char *argv[])
{
  ui_test_init (&argc, &argv);
  g_test_add_func ("/chart-controls/gallery", test_gallery);
  g_test_add_func ("/chart-controls/order", test_order);
  g_test_add_func ("/chart-controls/captions", test_captions);
  return g_test_run ();
}
