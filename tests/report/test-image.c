/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Images for paper: the kinds of files that tiles may name, by path and within the definition, and what is no image. */
#include "config.h"

#include "bv-tile-image.h"

#include <gdk-pixbuf/gdk-pixbuf.h>
#include <glib/gstdio.h>

typedef struct
{
  char *folder;
} Fixture;

static void
set_up (Fixture *f, gconstpointer data)
{
  g_autoptr(GError) error = NULL;

  f->folder = g_dir_make_tmp ("belvedere-XXXXXX", &error);
  g_assert_no_error (error);
}

static void
tear_down (Fixture *f, gconstpointer data)
{
  GDir *dir = g_dir_open (f->folder, 0, NULL);
  const char *name;

  while ((name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = g_build_filename (f->folder, name, NULL);

      g_unlink (path);
    }
  g_dir_close (dir);
  g_rmdir (f->folder);
  g_free (f->folder);
}

/* The colour of the middle, as cairo keeps it. */
static guint32
middle (cairo_surface_t *surface)
{
  int w = cairo_image_surface_get_width (surface), h = cairo_image_surface_get_height (surface);

  return ((guint32 *) (cairo_image_surface_get_data (surface) + (gsize) (h / 2) * cairo_image_surface_get_stride (surface)))[w / 2];
}

static void
test_kinds (Fixture *f, gconstpointer data)
{
  static const char *const kinds[] = { "png", "jpeg" };
  g_autoptr(GdkPixbuf) pixbuf = gdk_pixbuf_new (GDK_COLORSPACE_RGB, FALSE, 8, 40, 20);

  gdk_pixbuf_fill (pixbuf, 0x2040c0ff);
  for (guint i = 0; i < G_N_ELEMENTS (kinds); i++)
    {
      g_autofree char *path = g_build_filename (f->folder, kinds[i], NULL);
      g_autofree char *bytes = NULL;
      g_autofree char *encoded = NULL;
      g_autofree char *address = NULL;
      gsize length;

      g_assert_true (gdk_pixbuf_save (pixbuf, path, kinds[i], NULL, NULL));
      g_assert_true (g_file_get_contents (path, &bytes, &length, NULL));
      encoded = g_base64_encode ((const guchar *) bytes, length);
      address = g_strdup_printf ("data:image/%s;base64,%s", kinds[i], encoded);
      for (int way = 0; way < 3; way++)
        {
          /* By name it is found beside the project. */
          cairo_surface_t *surface = bv_tile_image_load (f->folder, way == 0 ? path : way == 1 ? kinds[i] : address, 100);
          guint32 colour;

          g_assert_nonnull (surface);
          g_assert_cmpint (cairo_image_surface_get_width (surface), ==, 40);
          colour = middle (surface);
          /* A JPEG is not exact. */
          g_assert_cmpint (ABS ((int) (colour >> 16 & 255) - 0x20), <=, 4);
          g_assert_cmpint (ABS ((int) (colour >> 8 & 255) - 0x40), <=, 4);
          g_assert_cmpint (ABS ((int) (colour & 255) - 0xc0), <=, 4);
          cairo_surface_destroy (surface);
        }
    }
}

static void
test_drawing (Fixture *f, gconstpointer data)
{
  g_autofree char *path = g_build_filename (f->folder, "d.svg", NULL);
  cairo_surface_t *surface;

  g_file_set_contents (path, "<svg xmlns='http://www.w3.org/2000/svg' width='10' height='10'><rect width='10' height='10' fill='#ff0000'/></svg>", -1, NULL);
  surface = bv_tile_image_load (f->folder, path, 100);
  if (surface == NULL)
    {
      g_test_skip ("gdk-pixbuf reads no SVG here");
      return;
    }
  g_assert_cmpint (cairo_image_surface_get_width (surface), ==, 300);
  g_assert_cmpuint (middle (surface), ==, 0xffff0000);
  cairo_surface_destroy (surface);
}

static void
test_no_image (Fixture *f, gconstpointer data)
{
  static const char *const targets[] = { NULL, "", "gone.png", "data:", "data:image/png;base64,", "data:image/png;base64,iVBORw0KGgo=",
                                         "data:image/jpeg;base64,/9j/4AAQSkZJRgABAQ", "data:text/plain;base64,aGVsbG8gd29ybGQ=" };

  for (guint i = 0; i < G_N_ELEMENTS (targets); i++)
    g_assert_null (bv_tile_image_load (f->folder, targets[i], 100));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add ("/image/kinds", Fixture, NULL, set_up, test_kinds, tear_down);
  g_test_add ("/image/drawing", Fixture, NULL, set_up, test_drawing, tear_down);
  g_test_add ("/image/no-image", Fixture, NULL, set_up, test_no_image, tear_down);
  return g_test_run ();
}
