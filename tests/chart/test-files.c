/* SPDX-License-Identifier: GPL-3.0-or-later */
/* PNG, SVG and PDF of scenes. */
#include "chart-fixture.h"

#include "bv-error.h"

#include <cairo-pdf.h>
#include <glib/gstdio.h>
#include <string.h>

static BvLocale *locale;

static BvScene *
sample (void)
{
  FixtureOptions o = { TRUE, BV_GRAIN_MONTH, 12, 3, 1, FALSE, 0, 900, 0.1, TRUE };
  g_autoptr(BvFrame) frame = fixture_frame (&o);
  g_autoptr(BvChartSpec) spec = bv_chart_spec_new ("area");

  return bv_chart_build (spec, frame, NULL, locale, 420, 240, NULL);
}

static char *
write_file (const char *dir, const char *name, gboolean svg, gsize *len)
{
  g_autoptr(BvScene) scene = sample ();
  g_autofree char *path = g_build_filename (dir, name, NULL);
  g_autoptr(GError) error = NULL;
  char *contents;

  if (svg)
    bv_scene_write_svg (scene, path, &error);
  else
    bv_scene_write_png (scene, path, 2, &error);
  g_assert_no_error (error);
  g_file_get_contents (path, &contents, len, &error);
  g_assert_no_error (error);
  g_unlink (path);
  return contents;
}

static void
test_deterministic (void)
{
  g_autofree char *dir = g_dir_make_tmp ("bv-chart-XXXXXX", NULL);

  for (int svg = 0; svg < 2; svg++)
    {
      gsize a_len, b_len;
      g_autofree char *a = write_file (dir, "a", svg != 0, &a_len);
      g_autofree char *b = write_file (dir, "b", svg != 0, &b_len);

      g_assert_cmpmem (a, a_len, b, b_len);
      if (svg)
        {
          GMarkupParser nothing = { 0 };
          g_autoptr(GMarkupParseContext) parser = g_markup_parse_context_new (&nothing, 0, NULL, NULL);
          g_autoptr(GError) error = NULL;

          g_assert_nonnull (strstr (a, ">Business</text>"));
          g_assert_nonnull (strstr (a, ">Jan</text>"));
          g_assert_nonnull (strstr (a, "<title>Area chart from Nov 2025"));
          g_markup_parse_context_parse (parser, a, (gssize) a_len, &error);
          g_markup_parse_context_end_parse (parser, &error);
          g_assert_no_error (error);
        }
      else
        {
          g_assert_cmpmem (a, 4, "\x89PNG", 4);
          g_assert_cmpint (GUINT32_FROM_BE (*(guint32 *) (gpointer) (a + 16)), ==, 840);
        }
    }
  g_rmdir (dir);
}

static cairo_status_t
append_cb (void *closure, const unsigned char *data, unsigned int length)
{
  g_byte_array_append (closure, data, length);
  return CAIRO_STATUS_SUCCESS;
}

/* PDF holds letters of a font that can be read back, not outlines. */
static void
test_pdf (void)
{
  g_autoptr(BvScene) scene = sample ();
  g_autoptr(GByteArray) bytes = g_byte_array_new ();
  cairo_surface_t *surface = cairo_pdf_surface_create_for_stream (append_cb, bytes, 420, 240);
  cairo_t *cr = cairo_create (surface);

  bv_scene_paint (scene, cr);
  cairo_destroy (cr);
  cairo_surface_finish (surface);
  cairo_surface_destroy (surface);
  g_assert_nonnull (memmem (bytes->data, bytes->len, "/ToUnicode", 10));
  g_assert_null (memmem (bytes->data, bytes->len, "/Subtype /Image", 15));
}

static void
test_errors (void)
{
  g_autoptr(BvScene) scene = sample ();
  g_autoptr(GError) error = NULL;

  g_assert_false (bv_scene_write_png (scene, "/nonexistent/x.png", 1000, &error));
  g_assert_error (error, BV_ERROR, BV_ERROR_INVALID);
  g_clear_error (&error);
  g_assert_false (bv_scene_write_png (scene, "/nonexistent/x.png", 1, &error));
  g_assert_error (error, G_FILE_ERROR, G_FILE_ERROR_NOENT);
}

int
main (int argc, char *argv[])
{
  int result;

  g_test_init (&argc, &argv, NULL);
  locale = fixture_locale ();
  g_test_add_func ("/chart/files/deterministic", test_deterministic);
  g_test_add_func ("/chart/files/pdf", test_pdf);
  g_test_add_func ("/chart/files/errors", test_errors);
  result = g_test_run ();
  bv_locale_unref (locale);
  return result;
}
