/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bv-chart-view.h"

#include "bv-chart-zoom.h"
#include "bv-data-grid.h"
#include "bv-scene.h"
#include "chart-fixture.h"
#include "widget-test.h"

static BvLocale *locale;

typedef struct
{
  GtkWidget *window;
  BvChartView *view;
  BvFrame *frame;
  guint row, n_activated, n_menus, modifiers;
  int column;
  double x, y;
} Fixture;

static void
activated_cb (BvChartView *view, guint row, int column, guint modifiers, Fixture *f)
{
  f->row = row;
  f->column = column;
  f->modifiers = modifiers;
  f->n_activated++;
}

static void
menu_cb (BvChartView *view, guint row, int column, double x, double y, Fixture *f)
{
  f->row = row;
  f->column = column;
  f->x = x;
  f->y = y;
  f->n_menus++;
}

static void
set_up (Fixture *f, gconstpointer type)
{
  FixtureOptions o = { TRUE, BV_GRAIN_MONTH, 6, 2, 1, FALSE, 10, 900, 0, FALSE };
  g_autoptr(BvChartSpec) spec = bv_chart_spec_new (type);

  f->frame = fixture_frame (&o);
  f->window = gtk_window_new ();
  f->view = BV_CHART_VIEW (bv_chart_view_new ());
  g_signal_connect (f->view, "mark-activated", G_CALLBACK (activated_cb), f);
  g_signal_connect (f->view, "mark-menu", G_CALLBACK (menu_cb), f);
  gtk_window_set_default_size (GTK_WINDOW (f->window), 700, 400);
  gtk_window_set_child (GTK_WINDOW (f->window), GTK_WIDGET (f->view));
  bv_chart_view_set_chart (f->view, spec, f->frame, locale);
  gtk_window_present (GTK_WINDOW (f->window));
  widget_test_wait (GTK_WIDGET (f->view));
}

static void
tear_down (Fixture *f, gconstpointer type)
{
  g_autoptr(BvChartView) view = g_object_ref (f->view);

  gtk_window_set_child (GTK_WINDOW (f->window), NULL);
  gtk_window_destroy (GTK_WINDOW (f->window));
  while (g_main_context_iteration (NULL, FALSE))
    ;
  g_assert_finalize_object (g_steal_pointer (&view));
  bv_frame_unref (f->frame);
}

static void
test_keys (Fixture *f, gconstpointer type)
{
  GtkWidget *widget = GTK_WIDGET (f->view);
  BvScene *scene = bv_chart_view_get_scene (f->view);
  const BvMark *mark;

  gtk_widget_grab_focus (widget); /* the focus starts on the first mark */
  g_assert_true (widget_test_key (widget, GDK_KEY_Home));
  g_assert_true (widget_test_key (widget, GDK_KEY_Right));
  g_assert_true (widget_test_key (widget, GDK_KEY_Return));
  g_assert_cmpuint (f->n_activated, ==, 1);
  g_assert_cmpint (f->column, ==, 2);
  g_assert_cmpuint (f->row, ==, 2); /* the second month of the first of two series */
  g_assert_true (widget_test_key (widget, GDK_KEY_End));
  g_assert_true (widget_test_key (widget, GDK_KEY_Menu));
  g_assert_cmpuint (f->n_menus, ==, 1);
  g_assert_cmpuint (f->row, ==, 10);
  mark = bv_scene_get_mark (scene, (guint) bv_scene_hit (scene, f->x, f->y));
  g_assert_cmpuint (mark->row, ==, 10);
  g_assert_false (widget_test_key (widget, GDK_KEY_a));
}

static void
test_accessible (Fixture *f, gconstpointer type)
{
  GtkWidget *widget = GTK_WIDGET (f->view);
  BvScene *scene = bv_chart_view_get_scene (f->view);

  gtk_test_accessible_assert_role (widget, GTK_ACCESSIBLE_ROLE_IMG);
  gtk_test_accessible_assert_property (widget, GTK_ACCESSIBLE_PROPERTY_LABEL, bv_scene_get_alternative (scene));
  gtk_widget_grab_focus (widget);
  widget_test_key (widget, GDK_KEY_Home);
  widget_test_key (widget, GDK_KEY_Right);
  widget_test_key (widget, GDK_KEY_Return);
  for (guint i = 0; i < bv_scene_get_n_marks (scene); i++)
    if (bv_scene_get_mark (scene, i)->row == f->row)
      gtk_test_accessible_assert_property (widget, GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, bv_scene_get_mark (scene, i)->text);
  g_assert_cmpuint (f->n_activated, ==, 1);
}

static void
test_pointer (Fixture *f, gconstpointer type)
{
  GtkWidget *widget = GTK_WIDGET (f->view);
  GtkEventController *click = widget_test_controller (widget, GTK_TYPE_GESTURE_CLICK, 1);
  BvScene *scene = bv_chart_view_get_scene (f->view);
  const BvMark *mark = bv_scene_get_mark (scene, 5);
  double x = mark->x + mark->width / 2;
  double y = mark->y + mark->height / 2;
  guint row = mark->row;
  guint n_marks = bv_scene_get_n_marks (scene);
  const BvLegendHit *hit = &g_array_index (scene->legend, BvLegendHit, 0);
  double legend_x = hit->x + 3, legend_y = hit->y + 3;

  if (gtk_gesture_single_get_button (GTK_GESTURE_SINGLE (click)) != GDK_BUTTON_PRIMARY)
    click = widget_test_controller (widget, GTK_TYPE_GESTURE_CLICK, 0);
  g_signal_emit_by_name (widget_test_controller (widget, GTK_TYPE_EVENT_CONTROLLER_MOTION, 0), "motion", x, y);
  widget_test_wait (widget); /* paints the tooltip */
  g_signal_emit_by_name (click, "released", 1, x, y);
  g_assert_cmpuint (f->n_activated, ==, 1);
  g_assert_cmpuint (f->row, ==, row);

  /* A click on a name in the legend switches its series off, another one on. */
  g_signal_emit_by_name (click, "released", 1, legend_x, legend_y);
  widget_test_wait (widget);
  g_assert_cmpuint (f->n_activated, ==, 1);
  g_assert_cmpuint (bv_scene_get_n_marks (bv_chart_view_get_scene (f->view)), ==, n_marks / 2);
  g_signal_emit_by_name (click, "released", 1, legend_x, legend_y);
  widget_test_wait (widget);
  g_assert_cmpuint (bv_scene_get_n_marks (bv_chart_view_get_scene (f->view)), ==, n_marks);
}

/* One series alone, then the other, then all. */
static void
test_isolate (Fixture *f, gconstpointer type)
{
  GtkWidget *widget = GTK_WIDGET (f->view);
  guint n_marks = bv_scene_get_n_marks (bv_chart_view_get_scene (f->view));
  static const char *const names[] = { "Free", "Team", "Team" };

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      BvScene *scene;

      bv_chart_view_isolate_series (f->view, names[i]);
      widget_test_wait (widget);
      scene = bv_chart_view_get_scene (f->view);
      g_assert_cmpuint (bv_scene_get_n_marks (scene), ==, i < 2 ? n_marks / 2 : n_marks);
      for (guint m = 0; i < 2 && m < bv_scene_get_n_marks (scene); m++)
        g_assert_cmpstr (bv_frame_get_text (f->frame, 1, bv_scene_get_mark (scene, m)->row), ==, names[i]);
    }
}

static gboolean
press (GtkWidget *widget, guint key, GdkModifierType state)
{
  gboolean handled = FALSE;

  g_signal_emit_by_name (widget_test_controller (widget, GTK_TYPE_EVENT_CONTROLLER_KEY, 0), "key-pressed", key, 0, state, &handled);
  widget_test_wait (widget);
  return handled;
}

/* Tab reaches the legend, arrows its entries; Space switches, with Shift leaves one; each is said; Tab and Escape leave. */
static void
test_legend_keys (Fixture *f, gconstpointer type)
{
  GtkWidget *widget = GTK_WIDGET (f->view);
  guint n_marks = bv_scene_get_n_marks (bv_chart_view_get_scene (f->view));

  gtk_widget_grab_focus (widget);
  g_assert_false (press (widget, GDK_KEY_space, 0));
  g_assert_true (gtk_widget_child_focus (widget, GTK_DIR_TAB_FORWARD));
  g_assert_true (gtk_widget_has_focus (widget));
  widget_test_wait (widget); /* paints the frame around the entry */
  gtk_test_accessible_assert_property (widget, GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, "Free, shown, series 1 of 2");
  g_assert_true (press (widget, GDK_KEY_Right, 0));
  gtk_test_accessible_assert_property (widget, GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, "Team, shown, series 2 of 2");
  g_assert_true (press (widget, GDK_KEY_Right, 0));
  g_assert_true (press (widget, GDK_KEY_space, 0));
  gtk_test_accessible_assert_property (widget, GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, "Team, switched off, series 2 of 2");
  g_assert_cmpuint (bv_scene_get_n_marks (bv_chart_view_get_scene (f->view)), ==, n_marks / 2);
  g_assert_true (press (widget, GDK_KEY_Return, 0));
  g_assert_cmpuint (bv_scene_get_n_marks (bv_chart_view_get_scene (f->view)), ==, n_marks);
  g_assert_true (press (widget, GDK_KEY_Home, 0));
  g_assert_true (press (widget, GDK_KEY_space, GDK_SHIFT_MASK));
  g_assert_cmpuint (bv_scene_get_n_marks (bv_chart_view_get_scene (f->view)), ==, n_marks / 2);
  g_assert_cmpstr (bv_frame_get_text (f->frame, 1, bv_scene_get_mark (bv_chart_view_get_scene (f->view), 0)->row), ==, "Free");
  g_assert_true (press (widget, GDK_KEY_space, GDK_SHIFT_MASK));
  g_assert_cmpuint (bv_scene_get_n_marks (bv_chart_view_get_scene (f->view)), ==, n_marks);
  g_assert_cmpuint (f->n_activated, ==, 0);
  /* Back to the marks, and on to whatever is next. */
  g_assert_true (press (widget, GDK_KEY_Escape, 0));
  g_assert_false (press (widget, GDK_KEY_space, 0));
  g_assert_true (gtk_widget_child_focus (widget, GTK_DIR_TAB_FORWARD));
  g_assert_true (gtk_widget_child_focus (widget, GTK_DIR_TAB_BACKWARD));
  g_assert_false (press (widget, GDK_KEY_space, 0));
  g_assert_true (gtk_widget_child_focus (widget, GTK_DIR_TAB_FORWARD));
  g_assert_false (gtk_widget_child_focus (widget, GTK_DIR_TAB_FORWARD));
}

static void
test_changes (Fixture *f, gconstpointer type)
{
  GtkWidget *widget = GTK_WIDGET (f->view);
  guint rows[] = { 1, 3 };
  double light, dark;

  bv_chart_view_set_selected_rows (f->view, rows, 2);
  widget_test_wait (widget);
  bv_chart_view_set_selected_rows (f->view, NULL, 0);
  light = bv_chart_view_get_scene (f->view)->background.r;
  adw_style_manager_set_color_scheme (adw_style_manager_get_default (), ADW_COLOR_SCHEME_FORCE_DARK);
  widget_test_wait (widget);
  dark = bv_chart_view_get_scene (f->view)->background.r;
  adw_style_manager_set_color_scheme (adw_style_manager_get_default (), ADW_COLOR_SCHEME_DEFAULT);
  g_assert_cmpfloat (dark, <, 0.5);
  g_assert_cmpfloat (light, >, 0.5);
  bv_chart_view_set_chart (f->view, NULL, NULL, NULL);
  widget_test_wait (widget);
  g_assert_cmpuint (bv_scene_get_n_marks (bv_chart_view_get_scene (f->view)), ==, 0);
}

static void
test_table (Fixture *f, gconstpointer type)
{
  GtkWidget *grid = gtk_widget_get_first_child (GTK_WIDGET (f->view));

  g_assert_true (BV_IS_DATA_GRID (grid));
  g_signal_emit_by_name (grid, "row-activated", 7, 2);
  g_assert_cmpuint (f->n_activated, ==, 1);
  g_assert_cmpuint (f->row, ==, 7);
  g_assert_cmpint (f->column, ==, 2);
}

/* The part of time stays within the whole, whatever is done to it. */
static void
test_zoom_state (void)
{
  BvChartZoom zoom = { FALSE, 0, 0, 1000, 5000 };

  bv_chart_zoom_pan (&zoom, 50);
  g_assert_false (zoom.active);
  bv_chart_zoom_select (&zoom, 3000, 2000);
  g_assert_true (zoom.active);
  g_assert_cmpint (zoom.from, ==, 2000);
  g_assert_cmpint (zoom.to, ==, 3000);
  bv_chart_zoom_pan (&zoom, -5000);
  g_assert_cmpint (zoom.from, ==, 1000);
  g_assert_cmpint (zoom.to, ==, 2000);
  bv_chart_zoom_pan (&zoom, 9000);
  g_assert_cmpint (zoom.to, ==, 5000);
  g_assert_cmpint (zoom.from, ==, 4000);
  /* The instant under the pointer keeps its place. */
  bv_chart_zoom_select (&zoom, 2000, 3000);
  bv_chart_zoom_scale (&zoom, 2250, 0.5);
  g_assert_cmpint (zoom.from, ==, 2125);
  g_assert_cmpint (zoom.to, ==, 2625);
  for (int i = 0; i < 40; i++)
    bv_chart_zoom_scale (&zoom, 2250, 0.5);
  g_assert_cmpint (zoom.to, >, zoom.from);
  for (int i = 0; i < 40; i++)
    bv_chart_zoom_scale (&zoom, 2250, 3);
  g_assert_false (zoom.active);
  bv_chart_zoom_select (&zoom, 3000, 3000);
  g_assert_false (zoom.active);
}

static void
test_zoom (Fixture *f, gconstpointer type)
{
  GtkWidget *widget = GTK_WIDGET (f->view);
  gint64 from = bv_frame_get_int (f->frame, 0, 2), to = bv_frame_get_int (f->frame, 0, 6);
  guint all;

  bv_chart_view_reset_zoom (f->view);
  g_assert_false (bv_chart_view_is_zoomed (f->view));
  g_assert_true (bv_chart_view_zoom (f->view, from, to));
  widget_test_wait (widget);
  {
    BvScene *scene = bv_chart_view_get_scene (f->view);

    for (guint i = 0; i < bv_scene_get_n_marks (scene); i++)
      {
        gint64 t = bv_frame_get_int (f->frame, 0, bv_scene_get_mark (scene, i)->row);

        g_assert_cmpint (t, >=, from);
        g_assert_cmpint (t, <=, to);
      }
    g_assert_cmpuint (bv_scene_get_n_marks (scene), ==, 6);
  }
  /* Escape shows all again, and means nothing then. */
  gtk_widget_grab_focus (widget);
  g_assert_true (widget_test_key (widget, GDK_KEY_Escape));
  g_assert_false (bv_chart_view_is_zoomed (f->view));
  g_assert_false (widget_test_key (widget, GDK_KEY_Escape));
  widget_test_wait (widget);
  all = bv_scene_get_n_marks (bv_chart_view_get_scene (f->view));
  g_assert_cmpuint (all, ==, 12);
  g_assert_true (widget_test_key (widget, GDK_KEY_plus));
  g_assert_true (bv_chart_view_is_zoomed (f->view));
  g_assert_true (widget_test_key (widget, GDK_KEY_0));
  g_assert_false (bv_chart_view_is_zoomed (f->view));
}

int
main (int argc, char *argv[])
{
  int result;

  gtk_test_init (&argc, &argv);
  adw_init ();
  locale = fixture_locale ();
  g_test_add ("/widgets/chart-view/keys", Fixture, "line", set_up, test_keys, tear_down);
  g_test_add ("/widgets/chart-view/accessible", Fixture, "bar", set_up, test_accessible, tear_down);
  g_test_add ("/widgets/chart-view/pointer", Fixture, "bar", set_up, test_pointer, tear_down);
  g_test_add ("/widgets/chart-view/isolate", Fixture, "bar", set_up, test_isolate, tear_down);
  g_test_add ("/widgets/chart-view/legend-keys", Fixture, "bar", set_up, test_legend_keys, tear_down);
  g_test_add ("/widgets/chart-view/changes", Fixture, "area", set_up, test_changes, tear_down);
  g_test_add_func ("/widgets/chart-view/zoom-state", test_zoom_state);
  g_test_add ("/widgets/chart-view/zoom", Fixture, "line", set_up, test_zoom, tear_down);
  g_test_add ("/widgets/chart-view/zoom-bars", Fixture, "bar", set_up, test_zoom, tear_down);
  g_test_add ("/widgets/chart-view/table", Fixture, "table", set_up, test_table, tear_down);
  result = g_test_run ();
  bv_locale_unref (locale);
  return result;
}
