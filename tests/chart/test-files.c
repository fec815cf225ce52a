/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SVG and PDF of scenes. */
#include "chart-fixture.h"

#include <cairo-pdf.h>
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

static void
check_svg (const char *svg)
{
  GMarkupParser nothing = { 0 };
  g_autoptr(GMarkupParseContext) parser = g_markup_parse_context_new (&nothing, 0, NULL, NULL);
  g_autoptr(GError) error = NULL;

  g_markup_parse_context_parse (parser, svg, -1, &error);
  g_markup_parse_context_end_parse (parser, &error);
  g_assert_no_error (error);
}

static void
test_svg (void)
{
  g_autoptr(BvScene) one = sample ();
  g_autoptr(BvScene) two = sample ();
  g_autofree char *a = bv_scene_to_svg (one);
  g_autofree char *b = bv_scene_to_svg (two);

  g_assert_cmpstr (a, ==, b);
  g_assert_nonnull (strstr (a, ">Business</text>"));
  g_assert_nonnull (strstr (a, ">Jan</text>"));
  g_assert_nonnull (strstr (a, "<title>Area chart from Nov 2025"));
  check_svg (a);
}

/* What tables may hold and XML may not. */
static void
test_svg_characters (void)
{
  static const char *const names[] = { "bell \a", "null \xef\xbf\xbf", "escape \x1b[31m", "less < & \"more\"", "c1 \xc2\x85" };
  g_autoptr(BvFrame) frame = bv_frame_new ();
  g_autoptr(BvChartSpec) spec = bv_chart_spec_new ("bar");
  g_autoptr(BvScene) scene = NULL;
  g_autofree char *svg = NULL;

  bv_frame_add_column (frame, "Name", BV_TYPE_TEXT, BV_ROLE_DIMENSION);
  bv_frame_add_column (frame, "N", BV_TYPE_INT, BV_ROLE_METRIC);
  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      bv_frame_append_text (frame, 0, names[i], -1);
      bv_frame_append_int (frame, 1, i + 1);
    }
  scene = bv_chart_build (spec, frame, NULL, locale, 900, 300, NULL);
  svg = bv_scene_to_svg (scene);
  g_assert_nonnull (strstr (svg, ">bell  </text>"));
  for (const char *p = svg; *p != '\0'; p++)
    g_assert_false ((guchar) *p < ' ' && *p != '\n');
  g_assert_null (strstr (svg, "&#x7;"));
  g_assert_null (strstr (svg, "&#x1b;"));
  check_svg (svg);
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

int
main (int argc, char *argv[])
{
  int result;

  g_test_init (&argc, &argv, NULL);
  locale = fixture_locale ();
  g_test_add_func ("/chart/files/svg", test_svg);
  g_test_add_func ("/chart/files/svg-characters", test_svg_characters);
  g_test_add_func ("/chart/files/pdf", test_pdf);
  result = g_test_run ();
  bv_locale_unref (locale);
  return result;
}
