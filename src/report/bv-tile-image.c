/* SPDX-License-Identifier: GPL-3.0-or-later */
/* PNG is read by cairo itself. Everything else goes through gdk-pixbuf; a JPEG's own bytes are handed on, so that a PDF holds them
 * instead of pixels. Drawings are made with SHARPNESS pixels per point.
 */
#include "config.h"

#include "bv-tile-image.h"

#include <gdk-pixbuf/gdk-pixbuf.h>
#include <string.h>

#define SHARPNESS 3
#define MAX_PIXELS 8192 /* a side of a drawing */

typedef struct
{
  const guchar *data;
  gsize left;
} PngSource;

static cairo_status_t
read_png_cb (void *closure, unsigned char *out, unsigned int length)
{
  PngSource *source = closure;

  if (length > source->left)
    return CAIRO_STATUS_READ_ERROR;
  memcpy (out, source->data, length);
  source->data += length;
  source->left -= length;
  return CAIRO_STATUS_SUCCESS;
}

GBytes *
bv_tile_image_read (const char *folder, const char *target, GError **error)
{
  if (g_str_has_prefix (target, "data:"))
    {
      const char *data = strstr (target, ";base64,");
      gsize length = 0;
      guchar *decoded = data != NULL ? g_base64_decode (data + strlen (";base64,"), &length) : NULL;

      return g_bytes_new_take (decoded, length);
    }
  else
    {
      g_autofree char *path = g_canonicalize_filename (target, folder);
      char *data;
      gsize length;

      return g_file_get_contents (path, &data, &length, error) ? g_bytes_new_take (data, length) : NULL;
    }
}

/* A drawing has no pixels of its own; what is smaller than its place gets as many as look sharp there. */
static void
size_prepared_cb (GdkPixbufLoader *loader, int w, int h, gpointer user_data)
{
  GdkPixbufFormat *format = gdk_pixbuf_loader_get_format (loader);
  double scale = w > 0 && h > 0 ? *(double *) user_data * SHARPNESS / w : 1;

  if (format == NULL || !gdk_pixbuf_format_is_scalable (format))
    return;
  scale = MIN (scale, MIN ((double) MAX_PIXELS / MAX (w, 1), (double) MAX_PIXELS / MAX (h, 1)));
  gdk_pixbuf_loader_set_size (loader, MAX ((int) (w * scale), 1), MAX ((int) (h * scale), 1));
}

/* Pixels as cairo wants them: one 32-bit word each, colours multiplied by alpha. */
static cairo_surface_t *
to_surface (GdkPixbuf *pixbuf)
{
  int w = gdk_pixbuf_get_width (pixbuf), h = gdk_pixbuf_get_height (pixbuf);
  int n_channels = gdk_pixbuf_get_n_channels (pixbuf), from_stride = gdk_pixbuf_get_rowstride (pixbuf);
  const guchar *from = gdk_pixbuf_read_pixels (pixbuf);
  cairo_surface_t *surface = cairo_image_surface_create (CAIRO_FORMAT_ARGB32, w, h);
  guchar *to = cairo_image_surface_get_data (surface);
  int to_stride = cairo_image_surface_get_stride (surface);

  if (cairo_surface_status (surface) != CAIRO_STATUS_SUCCESS)
    return surface;
  for (int y = 0; y < h; y++)
    for (int x = 0; x < w; x++)
      {
        const guchar *p = from + (gsize) y * from_stride + (gsize) x * n_channels;
        guint32 a = n_channels == 4 ? p[3] : 255;
        guint32 pixel = a << 24 | (p[0] * a + 127) / 255 << 16 | (p[1] * a + 127) / 255 << 8 | (p[2] * a + 127) / 255;

        memcpy (to + (gsize) y * to_stride + (gsize) x * 4, &pixel, 4);
      }
  cairo_surface_mark_dirty (surface);
  return surface;
}

cairo_surface_t *
bv_tile_image_load (const char *folder, const char *target, double width)
{
  static const guchar png[] = { 0x89, 'P', 'N', 'G' };
  g_autoptr(GBytes) bytes = target != NULL && *target != '\0' ? bv_tile_image_read (folder, target, NULL) : NULL;
  cairo_surface_t *surface = NULL;
  const guchar *data;
  gsize length;

  if (bytes == NULL)
    return NULL;
  data = g_bytes_get_data (bytes, &length);
  if (length > sizeof png && memcmp (data, png, sizeof png) == 0)
    {
      PngSource source = { data, length };

      surface = cairo_image_surface_create_from_png_stream (read_png_cb, &source);
    }
  else if (length > 0)
    {
      g_autoptr(GdkPixbufLoader) loader = gdk_pixbuf_loader_new ();
      gboolean fine;

      g_signal_connect (loader, "size-prepared", G_CALLBACK (size_prepared_cb), &width);
      fine = gdk_pixbuf_loader_write (loader, data, length, NULL);
      fine = gdk_pixbuf_loader_close (loader, NULL) && fine;
      if (fine && gdk_pixbuf_loader_get_pixbuf (loader) != NULL)
        {
          g_autoptr(GdkPixbuf) turned = gdk_pixbuf_apply_embedded_orientation (gdk_pixbuf_loader_get_pixbuf (loader));
          gboolean upright = gdk_pixbuf_get_option (gdk_pixbuf_loader_get_pixbuf (loader), "orientation") == NULL;

          surface = to_surface (turned);
          if (upright && data[0] == 0xff && data[1] == 0xd8)
            cairo_surface_set_mime_data (surface, CAIRO_MIME_TYPE_JPEG, data, length, (cairo_destroy_func_t) g_bytes_unref,
                                         g_bytes_ref (bytes));
        }
    }
  if (surface != NULL && cairo_surface_status (surface) != CAIRO_STATUS_SUCCESS)
    g_clear_pointer (&surface, cairo_surface_destroy);
  return surface;
}
