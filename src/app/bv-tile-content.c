/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "bv-tile-content.h"

#include "bv-tile-image.h"
#include "bv-tile-paint.h"
#include "bv-util.h"

#include <glib/gi18n.h>
#include <string.h>

/* Pictures become part of the project's definitions: larger ones would make every undo step heavy. */
#define MAX_IMAGE_BYTES (2 * 1024 * 1024)

/* --- Text ------------------------------------------------------------------------------------------------------------ */

static GtkWidget *
new_label (const char *text,
           const char *css_class)
{
  GtkWidget *label = gtk_label_new (text);

  gtk_label_set_wrap (GTK_LABEL (label), TRUE);
  gtk_label_set_wrap_mode (GTK_LABEL (label), PANGO_WRAP_WORD_CHAR);
  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_widget_set_hexpand (label, TRUE);
  if (css_class != NULL)
    gtk_widget_add_css_class (label, css_class);
  return label;
}

GtkWidget *
bv_text_view_new (const char *text)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 6);

  gtk_widget_add_css_class (box, "text-view");
  bv_text_view_set_text (box, text);
  return box;
}

void
bv_text_view_set_text (GtkWidget  *view,
                       const char *text)
{
  static const char *const headings[] = { "title-1", "title-2", "title-4" };
  g_autoptr(GPtrArray) blocks = bv_text_blocks (text);

  bv_box_clear (view);
  for (guint i = 0; i < blocks->len; i++)
    {
      const BvBlock *block = g_ptr_array_index (blocks, i);
      GtkWidget *label = new_label (block->text, block->kind == BV_BLOCK_HEADING ? headings[CLAMP (block->level, 1, 3) - 1] : NULL);

      if (block->kind == BV_BLOCK_ITEM)
        {
          GtkWidget *item = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6);
          GtkWidget *bullet = gtk_label_new ("•");

          gtk_widget_set_valign (bullet, GTK_ALIGN_START);
          gtk_widget_add_css_class (bullet, "dim-label");
          gtk_box_append (GTK_BOX (item), bullet);
          gtk_box_append (GTK_BOX (item), label);
          label = item;
        }
      gtk_box_append (GTK_BOX (view), label);
    }
}

gboolean
bv_is_web_address (const char *target)
{
  g_autofree char *scheme = g_uri_parse_scheme (target);

  return scheme != NULL && (g_ascii_strcasecmp (scheme, "https") == 0 || g_ascii_strcasecmp (scheme, "http") == 0
                            || g_ascii_strcasecmp (scheme, "mailto") == 0);
}

/* --- Images: read and decoded by threads ---------------------------------------------------------------------------------- */

typedef struct
{
  char *target;
  char *folder;
} Image;

static void
image_free (gpointer data)
{
  Image *image = data;

  g_free (image->target);
  g_free (image->folder);
  g_free (image);
}

static void
load_thread (GTask        *task,
             gpointer      source,
             gpointer      data,
             GCancellable *cancellable)
{
  GError *error = NULL;
  const Image *image = data;
  g_autoptr(GBytes) bytes = bv_tile_image_read (image->folder, image->target, &error);
  GdkTexture *texture = bytes != NULL ? gdk_texture_new_from_bytes (bytes, &error) : NULL;

  if (texture != NULL)
    g_task_return_pointer (task, texture, g_object_unref);
  else
    g_task_return_error (task, error);
}

void
bv_tile_load_image_async (BvWorkspace         *workspace,
                          const char          *target,
                          GCancellable        *cancellable,
                          GAsyncReadyCallback  callback,
                          gpointer             user_data)
{
  g_autoptr(GTask) task = g_task_new (NULL, cancellable, callback, user_data);
  Image *image;

  g_task_set_source_tag (task, bv_tile_load_image_async);
  if (target == NULL || *target == '\0')
    {
      g_task_return_new_error (task, BV_ERROR, BV_ERROR_NOT_FOUND, _("This tile has no image yet: choose a file in its settings"));
      return;
    }
  image = g_new0 (Image, 1);
  image->target = g_strdup (target);
  image->folder = g_path_get_dirname (bv_project_get_path (bv_workspace_get_project (workspace)));
  g_task_set_task_data (task, image, image_free);
  g_task_run_in_thread (task, load_thread);
}

GdkTexture *
bv_tile_load_image_finish (GAsyncResult  *result,
                           GError       **error)
{
  g_return_val_if_fail (g_async_result_is_tagged (result, bv_tile_load_image_async), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

static char *
image_from_file (const char  *path,
                 GError     **error)
{
  g_autoptr(GFile) file = g_file_new_for_path (path);
  g_autoptr(GdkTexture) texture = gdk_texture_new_from_file (file, error);
  g_autoptr(GBytes) bytes = NULL;
  g_autofree char *encoded = NULL;

  if (texture == NULL)
    return NULL;
  bytes = gdk_texture_save_to_png_bytes (texture);
  if (g_bytes_get_size (bytes) > MAX_IMAGE_BYTES)
    {
      g_set_error_literal (error, BV_ERROR, BV_ERROR_INVALID, _("The image is too large: choose one below 2 MB"));
      return NULL;
    }
  encoded = g_base64_encode (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes));
  return g_strconcat ("data:image/png;base64,", encoded, NULL);
}

static void
from_file_thread (GTask        *task,
                  gpointer      source,
                  gpointer      path,
                  GCancellable *cancellable)
{
  GError *error = NULL;
  char *data = image_from_file (path, &error);

  if (data != NULL)
    g_task_return_pointer (task, data, g_free);
  else
    g_task_return_error (task, error);
}

void
bv_tile_image_from_file_async (const char          *path,
                               GCancellable        *cancellable,
                               GAsyncReadyCallback  callback,
                               gpointer             user_data)
{
  g_autoptr(GTask) task = g_task_new (NULL, cancellable, callback, user_data);

  g_task_set_source_tag (task, bv_tile_image_from_file_async);
  g_task_set_task_data (task, g_strdup (path), g_free);
  g_task_run_in_thread (task, from_file_thread);
}

char *
bv_tile_image_from_file_finish (GAsyncResult  *result,
                                GError       **error)
{
  g_return_val_if_fail (g_async_result_is_tagged (result, bv_tile_image_from_file_async), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}
