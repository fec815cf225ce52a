/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A chart on screen: a thin shell around the chart room's scene.
 *
 * The scene is built for the widget's size and style and kept as a render node; pointer and keys only draw the highlight and the tooltip
 * over it. The marks are walked with the arrow keys; the accessible description follows. A table is shown in a BvDataGrid instead.
 */
#include "config.h"

#include "bv-chart-view-private.h"

#include "bv-data-grid.h"
#include "bv-scene.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

/* The size a scene is built for before there is one, so that the chart can be described at once. */
#define UNSIZED_WIDTH 400
#define UNSIZED_HEIGHT 240
#define FADE_MS 160

enum { SIGNAL_MARK_ACTIVATED, SIGNAL_MARK_MENU, N_SIGNALS };

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (BvChartView, bv_chart_view, GTK_TYPE_WIDGET)

/* --- Scene ------------------------------------------------------------------------------------------------------------------ */

void
bv_chart_view_drop_scene (BvChartView *self)
{
  g_clear_pointer (&self->scene, bv_scene_unref);
  g_clear_pointer (&self->node, gsk_render_node_unref);
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

static double
label_size (BvChartView *self)
{
  PangoContext *context = gtk_widget_get_pango_context (GTK_WIDGET (self));
  const PangoFontDescription *font = pango_context_get_font_description (context);
  double size = (double) pango_font_description_get_size (font) / PANGO_SCALE;
  double dpi = pango_cairo_context_get_resolution (context);

  if (!pango_font_description_get_size_is_absolute (font))
    size *= (dpi > 0 ? dpi : 96) / 72;
  return CLAMP (size * 0.82, 6, 40);
}

/* Valid until the widget's font changes. */
static BvChartStyle
get_style (BvChartView *self)
{
  GtkWidget *widget = GTK_WIDGET (self);
  AdwStyleManager *manager = adw_style_manager_get_default ();
  BvChartStyle style = { 0 };
  GdkRGBA accent;

  style.theme = adw_style_manager_get_dark (manager) ? BV_THEME_DARK : BV_THEME_LIGHT;
  style.high_contrast = adw_style_manager_get_high_contrast (manager);
  style.font_family = pango_font_description_get_family (pango_context_get_font_description (gtk_widget_get_pango_context (widget)));
  style.font_size = label_size (self);
  if (gtk_style_context_lookup_color (gtk_widget_get_style_context (widget), "accent_color", &accent))
    {
      style.has_accent = TRUE;
      style.accent = (BvColour){ accent.red, accent.green, accent.blue, 1 };
    }
  return style;
}

void
bv_chart_view_ensure_scene (BvChartView *self)
{
  GtkWidget *widget = GTK_WIDGET (self);
  g_autofree const char **hidden = NULL;
  BvChartStyle style;
  double width = gtk_widget_get_width (widget);
  double height = gtk_widget_get_height (widget);

  if (width < 1 || height < 1)
    {
      width = UNSIZED_WIDTH;
      height = UNSIZED_HEIGHT;
    }
  if (self->scene != NULL && fabs (self->scene_width - width) < 0.5 && fabs (self->scene_height - height) < 0.5)
    return;
  bv_chart_view_drop_scene (self);
  style = get_style (self);
  hidden = g_new0 (const char *, self->hidden->len + 1);
  for (guint i = 0; i < self->hidden->len; i++)
    hidden[i] = g_ptr_array_index (self->hidden, i);
  if (self->spec != NULL && self->zoom.active)
    bv_chart_spec_set_window (self->spec, self->zoom.from, self->zoom.to);
  else if (self->spec != NULL)
    bv_chart_spec_clear_window (self->spec);
  self->scene = bv_chart_build (self->spec, self->frame, &style, self->locale, width, height, hidden);
  self->scene_width = width;
  self->scene_height = height;
  if (!self->zoom.active)
    bv_chart_view_note_times (self);
  if (self->hovered >= (int) bv_scene_get_n_marks (self->scene))
    self->hovered = -1;
  if (self->focused >= (int) bv_scene_get_n_marks (self->scene))
    self->focused = -1;
}

gboolean
bv_chart_view_is_table (BvChartView *self)
{
  return self->grid != NULL && gtk_widget_get_visible (self->grid);
}

static void
fill_grid (BvChartView *self)
{
  BvChartStyle style = get_style (self);

  bv_data_grid_set_spec (BV_DATA_GRID (self->grid), self->spec, &style);
  bv_data_grid_set_show_total (BV_DATA_GRID (self->grid), !bv_chart_spec_is (self->spec, "total", "none"));
  bv_data_grid_set_frame (BV_DATA_GRID (self->grid), self->frame, self->locale);
}

void
bv_chart_view_describe (BvChartView *self)
{
  g_autofree char *legend = NULL;
  const char *description = "";

  bv_chart_view_ensure_scene (self);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL, bv_scene_get_alternative (self->scene), -1);
  legend = bv_chart_view_legend_describe (self);
  if (legend != NULL)
    description = legend;
  else if (self->focused >= 0)
    description = bv_scene_get_mark (self->scene, (guint) self->focused)->text;
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, description != NULL ? description : "",
                                  -1);
}

/* --- Drawing ---------------------------------------------------------------------------------------------------------------- */

/* The scene as a picture of the screen's resolution: hovering then costs a copy, however many marks there are. */
static GskRenderNode *
paint_scene (BvChartView *self)
{
  int scale = gtk_widget_get_scale_factor (GTK_WIDGET (self));
  int width = (int) ceil (self->scene_width);
  int height = (int) ceil (self->scene_height);
  cairo_surface_t *surface = cairo_image_surface_create (CAIRO_FORMAT_ARGB32, width * scale, height * scale);
  g_autoptr(GBytes) bytes = NULL;
  g_autoptr(GdkTexture) texture = NULL;
  cairo_t *cr;

  cairo_surface_set_device_scale (surface, scale, scale);
  cr = cairo_create (surface);
  bv_scene_paint_selection (self->scene, cr, self->selected);
  cairo_destroy (cr);
  cairo_surface_flush (surface);
  if (cairo_surface_status (surface) != CAIRO_STATUS_SUCCESS)
    {
      cairo_surface_destroy (surface);
      return NULL;
    }
  bytes = g_bytes_new_with_free_func (cairo_image_surface_get_data (surface),
                                      (gsize) cairo_image_surface_get_stride (surface) * (gsize) (height * scale),
                                      (GDestroyNotify) cairo_surface_destroy, surface);
  texture = gdk_memory_texture_new (width * scale, height * scale, GDK_MEMORY_DEFAULT, bytes,
                                    (gsize) cairo_image_surface_get_stride (surface));
  return gsk_texture_node_new (texture, &GRAPHENE_RECT_INIT (0, 0, (float) width, (float) height));
}

/* A small dark (or, on dark, light) plate beside the mark, kept within the chart. */
static void
draw_tooltip (BvChartView *self, cairo_t *cr, const BvMark *mark)
{
  g_autoptr(PangoLayout) layout = gtk_widget_create_pango_layout (GTK_WIDGET (self), mark->text);
  gboolean dark = adw_style_manager_get_dark (adw_style_manager_get_default ());
  double middle = mark->x + mark->width / 2;
  int text_width, text_height;
  double width, height, x, y;

  if (mark->text == NULL || *mark->text == '\0')
    return;
  pango_layout_set_width (layout, (int) (MAX (self->scene_width - 40, 40) * PANGO_SCALE));
  pango_layout_set_wrap (layout, PANGO_WRAP_WORD_CHAR);
  pango_layout_get_pixel_size (layout, &text_width, &text_height);
  width = text_width + 18;
  height = text_height + 12;
  x = CLAMP (middle - width / 2, 2, MAX (2, self->scene_width - width - 2));
  y = mark->y - height - 8;
  if (y < 2)
    y = MIN (mark->y + mark->height + 8, MAX (2, self->scene_height - height - 2));
  cairo_new_sub_path (cr);
  cairo_arc (cr, x + width - 6, y + 6, 6, -G_PI_2, 0);
  cairo_arc (cr, x + width - 6, y + height - 6, 6, 0, G_PI_2);
  cairo_arc (cr, x + 6, y + height - 6, 6, G_PI_2, G_PI);
  cairo_arc (cr, x + 6, y + 6, 6, G_PI, 3 * G_PI_2);
  cairo_close_path (cr);
  cairo_set_source_rgba (cr, dark ? 0.94 : 0.13, dark ? 0.94 : 0.13, dark ? 0.94 : 0.15, 0.95);
  cairo_fill (cr);
  cairo_set_source_rgb (cr, dark ? 0.1 : 1, dark ? 0.1 : 1, dark ? 0.1 : 1);
  cairo_move_to (cr, x + 9, y + 6);
  pango_cairo_show_layout (cr, layout);
}

static void
bv_chart_view_snapshot (GtkWidget *widget, GtkSnapshot *snapshot)
{
  BvChartView *self = BV_CHART_VIEW (widget);
  gboolean legend = self->legend_focus != NULL && gtk_widget_has_focus (widget);
  int mark = self->hovered >= 0 ? self->hovered : gtk_widget_has_focus (widget) && !legend ? self->focused : -1;

  if (bv_chart_view_is_table (self))
    {
      gtk_widget_snapshot_child (widget, self->grid, snapshot);
      return;
    }
  if (gtk_widget_get_width (widget) < 1 || gtk_widget_get_height (widget) < 1)
    return;
  bv_chart_view_ensure_scene (self);
  if (self->node == NULL)
    self->node = paint_scene (self);
  if (self->node != NULL)
    {
      gtk_snapshot_push_opacity (snapshot, self->opacity);
      gtk_snapshot_append_node (snapshot, self->node);
      gtk_snapshot_pop (snapshot);
    }
  if (self->dragging && self->banding)
    bv_chart_view_draw_band (self, snapshot);
  if (mark >= 0 && mark < (int) bv_scene_get_n_marks (self->scene))
    {
      cairo_t *cr = gtk_snapshot_append_cairo (
        snapshot, &GRAPHENE_RECT_INIT (0, 0, (float) self->scene_width, (float) self->scene_height));

      bv_scene_paint_highlight (self->scene, cr, (guint) mark);
      /* A number says itself what a tooltip would repeat. */
      if (self->spec == NULL || strcmp (bv_chart_spec_get_type (self->spec), "number") != 0)
        draw_tooltip (self, cr, bv_scene_get_mark (self->scene, (guint) mark));
      cairo_destroy (cr);
    }
  if (legend)
    {
      cairo_t *cr = gtk_snapshot_append_cairo (
        snapshot, &GRAPHENE_RECT_INIT (0, 0, (float) self->scene_width, (float) self->scene_height));

      bv_chart_view_legend_draw_focus (self, cr);
      cairo_destroy (cr);
    }
  if (gtk_widget_get_visible (self->zoom_box))
    gtk_widget_snapshot_child (widget, self->zoom_box, snapshot);
}

static void
bv_chart_view_measure (GtkWidget *widget, GtkOrientation orientation, int for_size, int *minimum, int *natural, int *minimum_baseline,
                       int *natural_baseline)
{
  BvChartView *self = BV_CHART_VIEW (widget);
  int child_minimum = 0, child_natural = 0;

  if (bv_chart_view_is_table (self))
    gtk_widget_measure (self->grid, orientation, for_size, &child_minimum, &child_natural, NULL, NULL);
  *minimum = MAX (orientation == GTK_ORIENTATION_HORIZONTAL ? 40 : 30, child_minimum);
  *natural = MAX (MAX (orientation == GTK_ORIENTATION_HORIZONTAL ? UNSIZED_WIDTH : UNSIZED_HEIGHT, child_natural), *minimum);
}

static void
bv_chart_view_size_allocate (GtkWidget *widget, int width, int height, int baseline)
{
  BvChartView *self = BV_CHART_VIEW (widget);

  if (bv_chart_view_is_table (self))
    gtk_widget_allocate (self->grid, width, height, baseline, NULL);
  else if (self->hovered >= 0)
    self->hovered = -1;
  if (gtk_widget_get_visible (self->zoom_box))
    {
      GtkRequisition size;
      GtkAllocation place;

      gtk_widget_get_preferred_size (self->zoom_box, NULL, &size);
      place = (GtkAllocation){ MAX (width - size.width - 6, 0), 2, MIN (size.width, width), MIN (size.height, height) };
      gtk_widget_size_allocate (self->zoom_box, &place, -1);
    }
}

static void
bv_chart_view_css_changed (GtkWidget *widget, GtkCssStyleChange *change)
{
  GTK_WIDGET_CLASS (bv_chart_view_parent_class)->css_changed (widget, change);
  bv_chart_view_drop_scene (BV_CHART_VIEW (widget));
}

static void
style_changed_cb (AdwStyleManager *manager, GParamSpec *pspec, BvChartView *self)
{
  bv_chart_view_drop_scene (self);
  /* The cells' colours are the style's. */
  if (bv_chart_view_is_table (self))
    fill_grid (self);
}

/* --- Input ------------------------------------------------------------------------------------------------------------------ */

static void
set_hovered (BvChartView *self, int mark)
{
  if (self->hovered == mark)
    return;
  self->hovered = mark;
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

static void
motion_cb (GtkEventControllerMotion *controller, double x, double y, BvChartView *self)
{
  gboolean clickable;

  self->pointer_x = x;
  if (bv_chart_view_is_table (self) || self->dragging)
    return;
  bv_chart_view_ensure_scene (self);
  set_hovered (self, bv_scene_hit (self->scene, x, y));
  clickable = bv_scene_hit_legend (self->scene, x, y) != NULL ||
              (self->hovered >= 0 && bv_scene_mark (self->scene, self->hovered)->mark.row != BV_ROW_NONE);
  gtk_widget_set_cursor_from_name (GTK_WIDGET (self), clickable ? "pointer" : NULL);
}

static void
leave_cb (GtkEventControllerMotion *controller, BvChartView *self)
{
  set_hovered (self, -1);
}

static void
activate_mark (BvChartView *self, int index, GdkModifierType modifiers)
{
  const BvMark *mark = bv_scene_get_mark (self->scene, (guint) index);

  /* Behind a forecast, or several rows drawn as one, there is no row. */
  if (mark->row != BV_ROW_NONE)
    g_signal_emit (self, signals[SIGNAL_MARK_ACTIVATED], 0, mark->row, mark->column, (guint) modifiers);
}

static void
released_cb (GtkGestureClick *gesture, int n_press, double x, double y, BvChartView *self)
{
  GdkModifierType modifiers = gtk_event_controller_get_current_event_state (GTK_EVENT_CONTROLLER (gesture));
  g_autofree char *series = NULL;
  int mark;

  /* What went over a part of time was no click. */
  if (bv_chart_view_is_table (self) || self->dragged)
    return;
  gtk_widget_grab_focus (GTK_WIDGET (self));
  bv_chart_view_ensure_scene (self);
  series = g_strdup (bv_scene_hit_legend (self->scene, x, y));
  mark = bv_scene_hit (self->scene, x, y);
  if (series != NULL)
    {
      if ((modifiers & GDK_SHIFT_MASK) != 0)
        bv_chart_view_isolate_series (self, series);
      else
        bv_chart_view_toggle_series (self, series);
      return;
    }
  if (mark < 0)
    return;
  self->focused = mark;
  bv_chart_view_describe (self);
  activate_mark (self, mark, modifiers & (GDK_SHIFT_MASK | GDK_CONTROL_MASK | GDK_ALT_MASK));
}

static void
menu_pressed_cb (GtkGestureClick *gesture, int n_press, double x, double y, BvChartView *self)
{
  const BvMark *mark;
  int index;

  if (bv_chart_view_is_table (self))
    return;
  bv_chart_view_ensure_scene (self);
  index = bv_scene_hit (self->scene, x, y);
  if (index < 0)
    return;
  gtk_gesture_set_state (GTK_GESTURE (gesture), GTK_EVENT_SEQUENCE_CLAIMED);
  mark = bv_scene_get_mark (self->scene, (guint) index);
  if (mark->row != BV_ROW_NONE)
    g_signal_emit (self, signals[SIGNAL_MARK_MENU], 0, mark->row, mark->column, x, y);
}

/* --- Animation -------------------------------------------------------------------------------------------------------------- */

static void
fade_cb (double value, BvChartView *self)
{
  self->opacity = value;
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

/* New numbers of the same chart fade in; without animations they are there at once. */
static void
fade_in (BvChartView *self)
{
  if (!gtk_widget_get_mapped (GTK_WIDGET (self)) || !adw_get_enable_animations (GTK_WIDGET (self)))
    return;
  if (self->fade == NULL)
    self->fade = adw_timed_animation_new (GTK_WIDGET (self), 0.35, 1, FADE_MS,
                                          adw_callback_animation_target_new ((AdwAnimationTargetFunc) fade_cb, self, NULL));
  adw_animation_reset (self->fade);
  adw_animation_play (self->fade);
}

/* --- Keys ------------------------------------------------------------------------------------------------------------------- */

static gboolean
key_pressed_cb (GtkEventControllerKey *controller, guint key, guint code, GdkModifierType state, BvChartView *self)
{
  int step;

  if (bv_chart_view_is_table (self))
    return GDK_EVENT_PROPAGATE;
  bv_chart_view_ensure_scene (self);
  if (bv_chart_view_legend_key (self, key, state))
    return GDK_EVENT_STOP;
  switch (key)
    {
    case GDK_KEY_Left:
    case GDK_KEY_KP_Left:
      step = BV_STEP_LEFT;
      break;
    case GDK_KEY_Right:
    case GDK_KEY_KP_Right:
      step = BV_STEP_RIGHT;
      break;
    case GDK_KEY_Up:
    case GDK_KEY_KP_Up:
      step = BV_STEP_UP;
      break;
    case GDK_KEY_Down:
    case GDK_KEY_KP_Down:
      step = BV_STEP_DOWN;
      break;
    case GDK_KEY_Home:
    case GDK_KEY_KP_Home:
      step = BV_STEP_FIRST;
      break;
    case GDK_KEY_End:
    case GDK_KEY_KP_End:
      step = BV_STEP_LAST;
      break;
    case GDK_KEY_Return:
    case GDK_KEY_KP_Enter:
    case GDK_KEY_ISO_Enter:
      if (self->focused < 0)
        return GDK_EVENT_PROPAGATE;
      activate_mark (self, self->focused, state & (GDK_SHIFT_MASK | GDK_CONTROL_MASK | GDK_ALT_MASK));
      return GDK_EVENT_STOP;
    case GDK_KEY_Menu:
    case GDK_KEY_F10:
      if (self->focused < 0 || (key == GDK_KEY_F10 && !(state & GDK_SHIFT_MASK)))
        return GDK_EVENT_PROPAGATE;
      {
        const BvMark *mark = bv_scene_get_mark (self->scene, (guint) self->focused);

        if (mark->row != BV_ROW_NONE)
          g_signal_emit (self, signals[SIGNAL_MARK_MENU], 0, mark->row, mark->column, mark->x + mark->width / 2,
                       mark->y + mark->height / 2);
      }
      return GDK_EVENT_STOP;
    default:
      return bv_chart_view_zoom_key (self, key, state);
    }
  /* Modified arrows belong to the page around. */
  if ((state & (GDK_CONTROL_MASK | GDK_ALT_MASK)) != 0 || bv_scene_get_n_marks (self->scene) == 0)
    return GDK_EVENT_PROPAGATE;
  self->hovered = -1;
  self->focused = bv_scene_step (self->scene, self->focused, (BvStep) step);
  bv_chart_view_describe (self);
  gtk_widget_queue_draw (GTK_WIDGET (self));
  return GDK_EVENT_STOP;
}

static void
focus_changed_cb (GtkEventControllerFocus *controller, BvChartView *self)
{
  if (!gtk_widget_has_focus (GTK_WIDGET (self)))
    bv_chart_view_legend_leave (self);
  /* The focus must be seen: it starts on the first mark. */
  if (gtk_widget_has_focus (GTK_WIDGET (self)) && self->focused < 0 && !bv_chart_view_is_table (self))
    {
      bv_chart_view_ensure_scene (self);
      if (bv_scene_get_n_marks (self->scene) > 0)
        {
          self->focused = bv_scene_step (self->scene, -1, BV_STEP_FIRST);
          bv_chart_view_describe (self);
        }
    }
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

static void
grid_row_activated_cb (BvDataGrid *grid, guint row, int column, BvChartView *self)
{
  g_signal_emit (self, signals[SIGNAL_MARK_ACTIVATED], 0, row, column, 0);
}

/* --- Class ------------------------------------------------------------------------------------------------------------------ */

static void
bv_chart_view_dispose (GObject *object)
{
  BvChartView *self = BV_CHART_VIEW (object);
  AdwStyleManager *manager = adw_style_manager_get_default ();

  if (self->dark_handler != 0)
    g_signal_handler_disconnect (manager, self->dark_handler);
  if (self->contrast_handler != 0)
    g_signal_handler_disconnect (manager, self->contrast_handler);
  self->dark_handler = self->contrast_handler = 0;
  if (self->fade != NULL)
    adw_animation_skip (self->fade);
  g_clear_object (&self->fade);
  g_clear_pointer (&self->grid, gtk_widget_unparent);
  g_clear_pointer (&self->zoom_box, gtk_widget_unparent);
  g_clear_pointer (&self->spec, bv_chart_spec_free);
  g_clear_pointer (&self->frame, bv_frame_unref);
  g_clear_pointer (&self->locale, bv_locale_unref);
  g_clear_pointer (&self->scene, bv_scene_unref);
  g_clear_pointer (&self->node, gsk_render_node_unref);
  g_clear_pointer (&self->hidden, g_ptr_array_unref);
  g_clear_pointer (&self->legend_focus, g_free);
  g_clear_pointer (&self->selected, g_hash_table_unref);
  G_OBJECT_CLASS (bv_chart_view_parent_class)->dispose (object);
}

static gboolean
bv_chart_view_focus (GtkWidget *widget, GtkDirectionType direction)
{
  BvChartView *self = BV_CHART_VIEW (widget);

  if (bv_chart_view_is_table (self))
    return gtk_widget_child_focus (self->grid, direction);
  /* From the marks to the legend and back, then on. */
  if (gtk_widget_has_focus (widget))
    {
      if (direction == GTK_DIR_TAB_FORWARD && self->legend_focus == NULL && bv_chart_view_legend_enter (self))
        return TRUE;
      if (direction == GTK_DIR_TAB_BACKWARD && bv_chart_view_legend_leave (self))
        return TRUE;
    }
  return GTK_WIDGET_CLASS (bv_chart_view_parent_class)->focus (widget, direction);
}

static void
bv_chart_view_class_init (BvChartViewClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = bv_chart_view_dispose;
  widget_class->snapshot = bv_chart_view_snapshot;
  widget_class->measure = bv_chart_view_measure;
  widget_class->size_allocate = bv_chart_view_size_allocate;
  widget_class->css_changed = bv_chart_view_css_changed;
  widget_class->focus = bv_chart_view_focus;
  gtk_widget_class_set_css_name (widget_class, "chartview");
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_IMG);
  signals[SIGNAL_MARK_ACTIVATED] = g_signal_new ("mark-activated", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                                 NULL, G_TYPE_NONE, 3, G_TYPE_UINT, G_TYPE_INT, G_TYPE_UINT);
  signals[SIGNAL_MARK_MENU] = g_signal_new ("mark-menu", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                            G_TYPE_NONE, 4, G_TYPE_UINT, G_TYPE_INT, G_TYPE_DOUBLE, G_TYPE_DOUBLE);
}

static void
bv_chart_view_init (BvChartView *self)
{
  GtkWidget *widget = GTK_WIDGET (self);
  AdwStyleManager *manager = adw_style_manager_get_default ();
  GtkEventController *motion = gtk_event_controller_motion_new ();
  GtkEventController *keys = gtk_event_controller_key_new ();
  GtkEventController *focus = gtk_event_controller_focus_new ();
  GtkGesture *click = gtk_gesture_click_new ();
  GtkGesture *menu = gtk_gesture_click_new ();

  self->hidden = g_ptr_array_new_with_free_func (g_free);
  self->hovered = self->focused = -1;
  self->opacity = 1;
  gtk_widget_set_focusable (widget, TRUE);
  gtk_widget_set_overflow (widget, GTK_OVERFLOW_HIDDEN);
  self->dark_handler = g_signal_connect (manager, "notify::dark", G_CALLBACK (style_changed_cb), self);
  self->contrast_handler = g_signal_connect (manager, "notify::high-contrast", G_CALLBACK (style_changed_cb), self);

  g_signal_connect_swapped (self, "notify::scale-factor", G_CALLBACK (bv_chart_view_drop_scene), self);
  g_signal_connect (motion, "motion", G_CALLBACK (motion_cb), self);
  g_signal_connect (motion, "enter", G_CALLBACK (motion_cb), self);
  g_signal_connect (motion, "leave", G_CALLBACK (leave_cb), self);
  gtk_widget_add_controller (widget, motion);
  g_signal_connect (keys, "key-pressed", G_CALLBACK (key_pressed_cb), self);
  gtk_widget_add_controller (widget, keys);
  g_signal_connect (focus, "enter", G_CALLBACK (focus_changed_cb), self);
  g_signal_connect (focus, "leave", G_CALLBACK (focus_changed_cb), self);
  gtk_widget_add_controller (widget, focus);
  gtk_gesture_single_set_button (GTK_GESTURE_SINGLE (click), GDK_BUTTON_PRIMARY);
  g_signal_connect (click, "released", G_CALLBACK (released_cb), self);
  gtk_widget_add_controller (widget, GTK_EVENT_CONTROLLER (click));
  bv_chart_view_make_zoom (self, click);
  gtk_gesture_single_set_button (GTK_GESTURE_SINGLE (menu), GDK_BUTTON_SECONDARY);
  g_signal_connect (menu, "pressed", G_CALLBACK (menu_pressed_cb), self);
  gtk_widget_add_controller (widget, GTK_EVENT_CONTROLLER (menu));
}

GtkWidget *
bv_chart_view_new (void)
{
  return g_object_new (BV_TYPE_CHART_VIEW, NULL);
}

/* Whether the same thing is shown with new numbers: then what is switched off stays so. */
static gboolean
same_kind (const BvChartSpec *a, const BvChartSpec *b)
{
  return a != NULL && b != NULL && g_strcmp0 (bv_chart_spec_get_type (a), bv_chart_spec_get_type (b)) == 0;
}

void
bv_chart_view_set_chart (BvChartView *self, const BvChartSpec *spec, BvFrame *frame, BvLocale *locale)
{
  BvChartSpec *new_spec;
  gboolean table;

  g_return_if_fail (BV_IS_CHART_VIEW (self));

  if (!same_kind (self->spec, spec))
    {
      g_ptr_array_set_size (self->hidden, 0);
      g_clear_pointer (&self->legend_focus, g_free);
      self->focused = -1;
      self->zoom.active = FALSE;
    }
  else if (frame != self->frame && frame != NULL && self->frame != NULL)
    fade_in (self);
  /* Another span of time is another whole. */
  if (frame != self->frame)
    self->zoom.active = FALSE;
  gtk_widget_set_visible (self->zoom_box, self->zoom.active);
  new_spec = spec != NULL ? bv_chart_spec_copy (spec) : NULL;
  g_clear_pointer (&self->spec, bv_chart_spec_free);
  self->spec = new_spec;
  if (frame != NULL)
    bv_frame_ref (frame);
  g_clear_pointer (&self->frame, bv_frame_unref);
  self->frame = frame;
  if (locale != NULL)
    bv_locale_ref (locale);
  g_clear_pointer (&self->locale, bv_locale_unref);
  self->locale = locale;
  self->hovered = -1;

  table = spec != NULL && frame != NULL && locale != NULL && g_strcmp0 (bv_chart_spec_get_type (spec), "table") == 0 &&
          bv_frame_get_n_rows (frame) > 0;
  if (table && self->grid == NULL)
    {
      self->grid = bv_data_grid_new ();
      g_signal_connect_object (self->grid, "row-activated", G_CALLBACK (grid_row_activated_cb), self, 0);
      gtk_widget_insert_before (self->grid, GTK_WIDGET (self), self->zoom_box);
    }
  if (self->grid != NULL)
    {
      gtk_widget_set_visible (self->grid, table);
      if (table)
        fill_grid (self);
      else
        bv_data_grid_set_frame (BV_DATA_GRID (self->grid), NULL, locale);
    }
  gtk_widget_set_focusable (GTK_WIDGET (self), !table);
  bv_chart_view_drop_scene (self);
  bv_chart_view_describe (self);
  gtk_widget_queue_resize (GTK_WIDGET (self));
}

void
bv_chart_view_set_selected_rows (BvChartView *self, const guint *rows, guint n)
{
  g_return_if_fail (BV_IS_CHART_VIEW (self));

  g_clear_pointer (&self->selected, g_hash_table_unref);
  if (n > 0)
    {
      self->selected = g_hash_table_new (NULL, NULL);
      for (guint i = 0; i < n; i++)
        g_hash_table_add (self->selected, GUINT_TO_POINTER (rows[i]));
    }
  g_clear_pointer (&self->node, gsk_render_node_unref);
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

BvScene *
bv_chart_view_get_scene (BvChartView *self)
{
  g_return_val_if_fail (BV_IS_CHART_VIEW (self), NULL);
  return self->scene;
}
