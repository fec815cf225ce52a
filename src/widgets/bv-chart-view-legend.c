/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The legend of a chart on screen: its entries switch series, by the pointer and by the keyboard.
 *
 * Tab goes from the marks to the entries, and from there on; the arrows go from one entry to the next. The scene is built anew with every
 * switch, and names at the ends of lines become a legend elsewhere, so what has the focus is kept by its name.
 */
#include "config.h"

#include "bv-chart-view-private.h"

#include <glib/gi18n-lib.h>
#include <string.h>

static const BvLegendHit *
entry (BvChartView *self, guint i)
{
  return &g_array_index (self->scene->legend, BvLegendHit, i);
}

/* The entry that has the focus, or -1. */
static int
find_focus (BvChartView *self)
{
  bv_chart_view_ensure_scene (self);
  for (guint i = 0; self->legend_focus != NULL && i < self->scene->legend->len; i++)
    if (strcmp (entry (self, i)->name, self->legend_focus) == 0)
      return (int) i;
  return -1;
}

static void
set_focus (BvChartView *self, int i)
{
  g_autofree char *name = i >= 0 ? g_strdup (entry (self, (guint) i)->name) : NULL;

  g_free (self->legend_focus);
  self->legend_focus = g_steal_pointer (&name);
  self->hovered = -1;
  bv_chart_view_describe (self);
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

/* --- Switching ---------------------------------------------------------------------------------------------------------------- */

static void
flip (BvChartView *self, const char *name)
{
  guint at;

  if (g_ptr_array_find_with_equal_func (self->hidden, name, g_str_equal, &at))
    g_ptr_array_remove_index (self->hidden, at);
  else
    g_ptr_array_add (self->hidden, g_strdup (name));
}

static void
switched (BvChartView *self)
{
  self->hovered = self->focused = -1;
  bv_chart_view_drop_scene (self);
  bv_chart_view_describe (self);
}

void
bv_chart_view_toggle_series (BvChartView *self, const char *name)
{
  flip (self, name);
  switched (self);
}

void
bv_chart_view_isolate_series (BvChartView *self, const char *name)
{
  gboolean alone = TRUE;

  g_return_if_fail (BV_IS_CHART_VIEW (self));

  bv_chart_view_ensure_scene (self);
  for (guint i = 0; i < self->scene->legend->len; i++)
    alone = alone && entry (self, i)->hidden != g_str_equal (entry (self, i)->name, name);
  for (guint i = 0; i < self->scene->legend->len; i++)
    if (entry (self, i)->hidden != (!alone && !g_str_equal (entry (self, i)->name, name)))
      flip (self, entry (self, i)->name);
  switched (self);
}

/* --- Keyboard ----------------------------------------------------------------------------------------------------------------- */

gboolean
bv_chart_view_legend_enter (BvChartView *self)
{
  bv_chart_view_ensure_scene (self);
  if (self->scene->legend->len == 0)
    return FALSE;
  set_focus (self, 0);
  return TRUE;
}

gboolean
bv_chart_view_legend_leave (BvChartView *self)
{
  if (self->legend_focus == NULL)
    return FALSE;
  set_focus (self, -1);
  return TRUE;
}

gboolean
bv_chart_view_legend_key (BvChartView *self, guint key, GdkModifierType state)
{
  gboolean mirrored = gtk_widget_get_direction (GTK_WIDGET (self)) == GTK_TEXT_DIR_RTL;
  int at = find_focus (self), n;
  int step;

  if (at < 0 || (state & (GDK_CONTROL_MASK | GDK_ALT_MASK)) != 0)
    return FALSE;
  n = (int) self->scene->legend->len;
  switch (key)
    {
    case GDK_KEY_Left:
    case GDK_KEY_KP_Left:
      step = mirrored ? 1 : -1;
      break;
    case GDK_KEY_Right:
    case GDK_KEY_KP_Right:
      step = mirrored ? -1 : 1;
      break;
    case GDK_KEY_Up:
    case GDK_KEY_KP_Up:
      step = -1;
      break;
    case GDK_KEY_Down:
    case GDK_KEY_KP_Down:
      step = 1;
      break;
    case GDK_KEY_Home:
    case GDK_KEY_KP_Home:
      step = -n;
      break;
    case GDK_KEY_End:
    case GDK_KEY_KP_End:
      step = n;
      break;
    case GDK_KEY_space:
    case GDK_KEY_KP_Space:
    case GDK_KEY_Return:
    case GDK_KEY_KP_Enter:
    case GDK_KEY_ISO_Enter:
      if ((state & GDK_SHIFT_MASK) != 0)
        bv_chart_view_isolate_series (self, self->legend_focus);
      else
        bv_chart_view_toggle_series (self, self->legend_focus);
      return TRUE;
    case GDK_KEY_Escape:
      return bv_chart_view_legend_leave (self);
    default:
      return FALSE;
    }
  set_focus (self, CLAMP (at + step, 0, n - 1));
  return TRUE;
}

char *
bv_chart_view_legend_describe (BvChartView *self)
{
  int at = find_focus (self);
  const BvLegendHit *hit;

  if (at < 0)
    return NULL;
  hit = entry (self, (guint) at);
  /* Translators: an entry of a chart's legend, its place among them and how many there are. */
  return g_strdup_printf (hit->hidden ? _("%s, switched off, series %d of %d") : _("%s, shown, series %d of %d"), hit->label, at + 1,
                          (int) self->scene->legend->len);
}

void
bv_chart_view_legend_draw_focus (BvChartView *self, cairo_t *cr)
{
  int at = find_focus (self);
  const BvLegendHit *hit;
  double x, y, w, h;

  if (at < 0)
    return;
  hit = entry (self, (guint) at);
  x = MAX (hit->x - 4, 1);
  y = MAX (hit->y - 1, 1);
  w = MIN (hit->width + 8, self->scene_width - x - 1);
  h = MIN (hit->height + 2, self->scene_height - y - 1);
  cairo_rectangle (cr, x, y, w, h);
  cairo_set_source_rgba (cr, self->scene->ink.r, self->scene->ink.g, self->scene->ink.b, 0.08);
  cairo_fill_preserve (cr);
  cairo_set_source_rgba (cr, self->scene->ink.r, self->scene->ink.g, self->scene->ink.b, 0.8);
  cairo_set_line_width (cr, 1.5);
  cairo_stroke (cr);
}
