/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The window is looked at a few times a second; when it has been idle for SETTLED looks in a row (transitions are over and every
 * tile has painted its frame), it is rendered to a texture through its own renderer.
 */
#include "config.h"
#include "bv-screenshot.h"

#include <glib/gi18n.h>
#include <string.h>

#define LOOK_MS 60
#define SETTLED 8
#define MAX_LOOKS (60 * 1000 / LOOK_MS)

typedef struct
{
  BvWindow *window;
  char *path;
  char *page;
  BvScreenshotDone done;
  gpointer user_data;
  gboolean shown;
  guint idle_looks;
  guint looks;
} Screenshot;

gboolean
bv_screenshot_save (GtkWidget  *widget,
                    const char *path)
{
  g_autoptr(GdkPaintable) paintable = gtk_widget_paintable_new (widget);
  int width = gdk_paintable_get_intrinsic_width (paintable), height = gdk_paintable_get_intrinsic_height (paintable);
  GtkSnapshot *snapshot = gtk_snapshot_new ();
  GskRenderNode *node;
  g_autoptr(GdkTexture) texture = NULL;

  gdk_paintable_snapshot (paintable, snapshot, width, height);
  node = gtk_snapshot_free_to_node (snapshot);
  if (node == NULL)
    return FALSE;
  texture = gsk_renderer_render_texture (gtk_native_get_renderer (gtk_widget_get_native (widget)), node,
                                         &GRAPHENE_RECT_INIT (0, 0, width, height));
  gsk_render_node_unref (node);
  return gdk_texture_save_to_png (texture, path);
}

static gboolean
show_page (Screenshot *shot)
{
  const char *colon = shot->page != NULL ? strchr (shot->page, ':') : NULL;
  g_autofree char *kind = NULL;

  if (shot->page == NULL || g_str_equal (shot->page, "welcome"))
    return TRUE;
  if (g_str_has_prefix (shot->page, "import:"))
    {
      const char *paths[] = { shot->page + strlen ("import:"), NULL };

      return gtk_widget_activate_action (GTK_WIDGET (shot->window), "win.import-paths", "^as", paths);
    }
  if (g_str_equal (shot->page, "preferences") || g_str_equal (shot->page, "about"))
    {
      g_action_group_activate_action (G_ACTION_GROUP (gtk_window_get_application (GTK_WINDOW (shot->window))), shot->page, NULL);
      return TRUE;
    }
  if (g_str_equal (shot->page, "project-settings"))
    return gtk_widget_activate_action (GTK_WIDGET (shot->window), "win.project-settings", NULL);
  if (g_str_equal (shot->page, "shortcuts"))
    return gtk_widget_activate_action (GTK_WIDGET (shot->window), "win.show-help-overlay", NULL);
  kind = colon != NULL ? g_strndup (shot->page, colon - shot->page) : g_strdup (shot->page);
  return bv_window_show_object (shot->window, kind, colon != NULL ? colon + 1 : NULL);
}

/* The dialog over the window when there is one. */
static GtkWidget *
find_subject (Screenshot *shot)
{
  g_autoptr(GList) toplevels = gtk_window_list_toplevels ();

  for (GList *l = toplevels; l != NULL; l = l->next)
    if (GTK_IS_WINDOW (l->data) && gtk_window_get_transient_for (l->data) == GTK_WINDOW (shot->window) &&
        gtk_widget_get_mapped (l->data))
      return l->data;
  return GTK_WIDGET (shot->window);
}

static void
finish (Screenshot *shot,
        gboolean    success)
{
  shot->done (success, shot->user_data);
  g_object_unref (shot->window);
  g_free (shot->path);
  g_free (shot->page);
  g_free (shot);
}

static gboolean
look_cb (gpointer user_data)
{
  Screenshot *shot = user_data;
  GtkWidget *subject = find_subject (shot);

  if (++shot->looks > MAX_LOOKS)
    {
      g_printerr (_("belvedere: the page was still loading after a minute\n"));
      finish (shot, FALSE);
      return G_SOURCE_REMOVE;
    }
  if (!gtk_widget_get_mapped (subject) || gtk_widget_get_width (subject) == 0 ||
      (bv_window_is_busy (shot->window) && subject == GTK_WIDGET (shot->window)))
    {
      shot->idle_looks = 0;
      return G_SOURCE_CONTINUE;
    }
  if (!shot->shown)
    {
      shot->shown = TRUE;
      if (!show_page (shot))
        {
          g_printerr (_("belvedere: there is no page “%s” in this project\n"), shot->page);
          finish (shot, FALSE);
          return G_SOURCE_REMOVE;
        }
      return G_SOURCE_CONTINUE;
    }
  /* A widget that waits to be drawn gives an empty picture, so the last look only looks. */
  if (++shot->idle_looks < SETTLED)
    {
      if (shot->idle_looks == 1)
        gtk_widget_queue_draw (subject);
      return G_SOURCE_CONTINUE;
    }
  if (!bv_screenshot_save (subject, shot->path))
    {
      g_printerr (_("belvedere: “%s” cannot be written\n"), shot->path);
      finish (shot, FALSE);
    }
  else
    finish (shot, TRUE);
  return G_SOURCE_REMOVE;
}

void
bv_screenshot_take (BvWindow         *window,
                    const char       *path,
                    const char       *page,
                    BvScreenshotDone  done,
                    gpointer          user_data)
{
  Screenshot *shot = g_new0 (Screenshot, 1);

  shot->window = g_object_ref (window);
  shot->path = g_strdup (path);
  shot->page = g_strdup (page);
  shot->done = done;
  shot->user_data = user_data;
  g_timeout_add (LOOK_MS, look_cb, shot);
}
