/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Zoom along time: what is dragged over is shown alone; then dragging moves the part. The chart is built anew for the part, so axes, labels and
 * value scales are those of what is seen; totals, series and forecasts stay those of the whole. */
#include "config.h"

#include "bv-chart-view-private.h"

#include <glib/gi18n-lib.h>
#include <math.h>

/* The column of time; -1 when there is none. */
static int
time_column (BvChartView *self)
{
  for (guint c = 0; self->frame != NULL && c < bv_frame_get_n_columns (self->frame); c++)
    if (bv_frame_get_column (self->frame, c)->role == BV_ROLE_TIME)
      return (int) c;
  return -1;
}

static gboolean
time_is_date (BvChartView *self)
{
  int column = time_column (self);

  return column >= 0 && bv_frame_get_column (self->frame, (guint) column)->type == BV_TYPE_DATE;
}

/* The last day of the bucket that a day lies in. */
static gint64
bucket_end (BvChartView *self, gint64 day)
{
  int column = time_column (self);
  BvGrain grain = column >= 0 ? bv_frame_get_column (self->frame, (guint) column)->grain : BV_GRAIN_NONE;
  BvCalendar *calendar = bv_locale_get_calendar (self->locale);

  if (grain == BV_GRAIN_NONE || grain == BV_GRAIN_HOUR || grain == BV_GRAIN_DAY)
    return day;
  return bv_calendar_add (calendar, bv_calendar_floor_day (calendar, day, grain), grain, 1) - 1;
}

void
bv_chart_view_note_times (BvChartView *self)
{
  double x, y, width, height;

  self->zoom.first = self->zoom.last = 0;
  if (!bv_scene_get_plot (self->scene, &x, &y, &width, &height) || self->scene->times->len < 2)
    return;
  self->zoom.first = g_array_index (self->scene->times, BvSceneTime, 0).t;
  self->zoom.last = g_array_index (self->scene->times, BvSceneTime, self->scene->times->len - 1).t;
}

void
bv_chart_view_draw_band (BvChartView *self, GtkSnapshot *snapshot)
{
  double x, y, width, height;
  GdkRGBA colour = { 0.2f, 0.5f, 0.9f, 0.18f };

  if (!bv_scene_get_plot (self->scene, &x, &y, &width, &height))
    return;
  gtk_style_context_lookup_color (gtk_widget_get_style_context (GTK_WIDGET (self)), "accent_bg_color", &colour);
  colour.alpha = 0.18f;
  gtk_snapshot_append_color (snapshot, &colour,
                             &GRAPHENE_RECT_INIT ((float) MIN (self->band_from, self->band_to), (float) y,
                                                  (float) fabs (self->band_to - self->band_from), (float) height));
}

static void
zoom_changed (BvChartView *self)
{
  const char *range;
  g_autofree char *text = NULL;

  gtk_widget_set_visible (self->zoom_box, self->zoom.active);
  self->hovered = self->focused = -1;
  bv_chart_view_drop_scene (self);
  bv_chart_view_describe (self);
  if (self->zoom.active && self->locale != NULL)
    {
      BvCalendar *calendar = bv_locale_get_calendar (self->locale);
      gboolean is_date = time_is_date (self);
      guint n = self->scene->times->len;
      /* From the first place that is shown to the last. */
      gint64 start = n > 0 ? g_array_index (self->scene->times, BvSceneTime, 0).t : self->zoom.from;
      gint64 end = n > 0 ? g_array_index (self->scene->times, BvSceneTime, n - 1).t : self->zoom.to;
      gint64 from = is_date ? start : bv_calendar_day (calendar, start);
      gint64 to = is_date ? end : bv_calendar_day (calendar, end);
      BvValue first = bv_value_date (from), last = bv_value_date (bucket_end (self, to));
      g_autofree char *a = bv_value_to_plain (&first);
      g_autofree char *b = bv_value_to_plain (&last);
      g_autofree char *shown_from = bv_locale_format_date (self->locale, from);
      g_autofree char *shown_to = bv_locale_format_date (self->locale, to);

      text = g_strdup_printf ("%s..%s", a, b);
      gtk_actionable_set_action_target (GTK_ACTIONABLE (self->range_button), "s", text);
      /* Only where something takes it. */
      gtk_widget_set_visible (self->range_button, gtk_widget_is_sensitive (self->range_button));
      g_free (text);
      text = g_strdup_printf (_("Shown: %s to %s"), shown_from, shown_to);
      range = text;
    }
  else
    range = "";
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, range, -1);
  gtk_widget_queue_allocate (GTK_WIDGET (self));
}

gboolean
bv_chart_view_zoom_key (BvChartView *self, guint key, GdkModifierType state)
{
  gint64 around;

  if ((state & (GDK_CONTROL_MASK | GDK_ALT_MASK)) != 0)
    return GDK_EVENT_PROPAGATE;
  switch (key)
    {
    case GDK_KEY_plus:
    case GDK_KEY_KP_Add:
    case GDK_KEY_equal:
    case GDK_KEY_minus:
    case GDK_KEY_KP_Subtract:
      if (self->zoom.first >= self->zoom.last)
        return GDK_EVENT_PROPAGATE;
      around = self->zoom.active ? (self->zoom.from + self->zoom.to) / 2 : (self->zoom.first + self->zoom.last) / 2;
      if (self->focused >= 0)
        {
          const BvMark *mark = bv_scene_get_mark (self->scene, (guint) self->focused);

          bv_scene_time_at (self->scene, mark->x + mark->width / 2, &around);
        }
      bv_chart_zoom_scale (&self->zoom, around, key == GDK_KEY_minus || key == GDK_KEY_KP_Subtract ? 1.6 : 1 / 1.6);
      zoom_changed (self);
      return GDK_EVENT_STOP;
    case GDK_KEY_0:
    case GDK_KEY_KP_0:
    case GDK_KEY_Escape:
      if (!self->zoom.active)
        return GDK_EVENT_PROPAGATE;
      bv_chart_view_reset_zoom (self);
      return GDK_EVENT_STOP;
    default:
      return GDK_EVENT_PROPAGATE;
    }
}

static gboolean
in_time_plot (BvChartView *self, double x, double y)
{
  double left, top, width, height;

  return self->scene != NULL && self->zoom.first < self->zoom.last && bv_scene_get_plot (self->scene, &left, &top, &width, &height) &&
         x >= left && x <= left + width && y >= top && y <= top + height;
}

static void
drag_begin_cb (GtkGestureDrag *gesture, double x, double y, BvChartView *self)
{
  GdkModifierType state = gtk_event_controller_get_current_event_state (GTK_EVENT_CONTROLLER (gesture));

  self->dragging = self->dragged = FALSE;
  if (bv_chart_view_is_table (self))
    return;
  bv_chart_view_ensure_scene (self);
  if (!in_time_plot (self, x, y))
    {
      gtk_gesture_set_state (GTK_GESTURE (gesture), GTK_EVENT_SEQUENCE_DENIED);
      return;
    }
  self->banding = !self->zoom.active || (state & GDK_SHIFT_MASK) != 0;
  self->band_from = self->band_to = x;
  self->pan_from = self->zoom.from;
}

static void
drag_update_cb (GtkGestureDrag *gesture, double dx, double dy, BvChartView *self)
{
  double x, y, width, height;

  /* A click may tremble. */
  if (!self->dragging && fabs (dx) < 8)
    return;
  self->dragging = self->dragged = TRUE;
  self->hovered = -1;
  bv_scene_get_plot (self->scene, &x, &y, &width, &height);
  if (self->banding)
    self->band_to = CLAMP (self->band_from + dx, x, x + width);
  else
    {
      double span = (double) self->zoom.to - (double) self->zoom.from;
      gint64 wanted = self->pan_from - (gint64) llround (dx / MAX (width, 1) * span);

      bv_chart_zoom_pan (&self->zoom, wanted - self->zoom.from);
      zoom_changed (self);
    }
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

static void
drag_end_cb (GtkGestureDrag *gesture, double dx, double dy, BvChartView *self)
{
  gint64 a, b;

  if (self->dragging && self->banding && bv_scene_time_at (self->scene, self->band_from, &a) &&
      bv_scene_time_at (self->scene, self->band_to, &b))
    {
      bv_chart_zoom_select (&self->zoom, a, b);
      zoom_changed (self);
    }
  self->dragging = FALSE;
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

static gboolean
scroll_cb (GtkEventControllerScroll *controller, double dx, double dy, BvChartView *self)
{
  GdkModifierType state = gtk_event_controller_get_current_event_state (GTK_EVENT_CONTROLLER (controller));
  gint64 around;

  if (bv_chart_view_is_table (self) || self->scene == NULL || self->zoom.first >= self->zoom.last)
    return GDK_EVENT_PROPAGATE;
  if ((state & GDK_CONTROL_MASK) != 0)
    {
      if (!bv_scene_time_at (self->scene, self->pointer_x, &around))
        return GDK_EVENT_PROPAGATE;
      bv_chart_zoom_scale (&self->zoom, around, pow (1.2, dy));
    }
  /* The wheel belongs to the page around until there is something to move. */
  else if (self->zoom.active && (fabs (dx) > 0 || (state & GDK_SHIFT_MASK) != 0))
    bv_chart_zoom_pan (&self->zoom, (gint64) llround ((fabs (dx) > 0 ? dx : dy) * 0.12 * ((double) self->zoom.to - (double) self->zoom.from)));
  else
    return GDK_EVENT_PROPAGATE;
  zoom_changed (self);
  return GDK_EVENT_STOP;
}

gboolean
bv_chart_view_zoom (BvChartView *self, gint64 from, gint64 to)
{
  g_return_val_if_fail (BV_IS_CHART_VIEW (self), FALSE);

  bv_chart_view_ensure_scene (self);
  bv_chart_zoom_select (&self->zoom, from, to);
  zoom_changed (self);
  return self->zoom.active;
}

void
bv_chart_view_reset_zoom (BvChartView *self)
{
  g_return_if_fail (BV_IS_CHART_VIEW (self));

  bv_chart_zoom_reset (&self->zoom);
  zoom_changed (self);
}

gboolean
bv_chart_view_is_zoomed (BvChartView *self)
{
  g_return_val_if_fail (BV_IS_CHART_VIEW (self), FALSE);

  return self->zoom.active;
}

void
bv_chart_view_make_zoom (BvChartView *self, GtkGesture *click)
{
  GtkWidget *widget = GTK_WIDGET (self);
  GtkGesture *drag = gtk_gesture_drag_new ();
  GtkEventController *scroll = gtk_event_controller_scroll_new (GTK_EVENT_CONTROLLER_SCROLL_BOTH_AXES);
  GtkWidget *reset = gtk_button_new_with_label (_("Show All"));

  self->zoom_box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 0);
  self->range_button = gtk_button_new_with_label (_("Set as Range"));
  gtk_actionable_set_action_target (GTK_ACTIONABLE (self->range_button), "s", "");
  gtk_actionable_set_action_name (GTK_ACTIONABLE (self->range_button), "page.set-range");
  gtk_widget_add_css_class (self->zoom_box, "linked");
  gtk_widget_add_css_class (self->zoom_box, "chart-zoom");
  gtk_box_append (GTK_BOX (self->zoom_box), self->range_button);
  gtk_box_append (GTK_BOX (self->zoom_box), reset);
  gtk_widget_set_visible (self->zoom_box, FALSE);
  gtk_widget_set_parent (self->zoom_box, GTK_WIDGET (self));
  g_signal_connect_swapped (reset, "clicked", G_CALLBACK (bv_chart_view_reset_zoom), self);
  gtk_gesture_single_set_button (GTK_GESTURE_SINGLE (drag), GDK_BUTTON_PRIMARY);
  g_signal_connect (drag, "drag-begin", G_CALLBACK (drag_begin_cb), self);
  g_signal_connect (drag, "drag-update", G_CALLBACK (drag_update_cb), self);
  g_signal_connect (drag, "drag-end", G_CALLBACK (drag_end_cb), self);
  gtk_widget_add_controller (widget, GTK_EVENT_CONTROLLER (drag));
  gtk_gesture_group (drag, click);
  g_signal_connect (scroll, "scroll", G_CALLBACK (scroll_cb), self);
  gtk_widget_add_controller (widget, scroll);
}
