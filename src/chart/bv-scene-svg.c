/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Scenes as SVG.
 *
 * Written from the scene's own data, not through cairo's SVG surface: that one turns letters into outlines and numbers its symbols by the
 * run of the program, while here text stays text that can be searched, edited and read aloud, and equal scenes give equal bytes.
 */
#include "config.h"

#include "bv-scene.h"

#include <math.h>
#include <string.h>

static void
put_number (GString *out, const char *name, double v)
{
  char buf[G_ASCII_DTOSTR_BUF_SIZE];
  char *end;

  g_ascii_formatd (buf, sizeof buf, "%.2f", v);
  for (end = buf + strlen (buf) - 1; *end == '0'; end--)
    *end = '\0';
  if (*end == '.')
    *end = '\0';
  g_string_append_printf (out, "%s%s", name, strcmp (buf, "-0") == 0 ? "0" : buf);
}

static void
put_attribute (GString *out, const char *name, double v)
{
  g_string_append_printf (out, " %s=\"", name);
  put_number (out, "", v);
  g_string_append_c (out, '"');
}

static void
put_colour (GString *out, const char *name, BvColour c)
{
  if (!(c.a > 0))
    {
      g_string_append_printf (out, " %s=\"none\"", name);
      return;
    }
  g_string_append_printf (out, " %s=\"#%02x%02x%02x\"", name, (guint) lround (c.r * 255), (guint) lround (c.g * 255),
                          (guint) lround (c.b * 255));
  if (c.a < 1)
    {
      g_autofree char *opacity = g_strconcat (name, "-opacity", NULL);

      put_attribute (out, opacity, c.a);
    }
}

char *
bv_svg_escape (const char *text, gssize length)
{
  g_autofree char *valid = g_utf8_make_valid (text, length);

  /* XML has no place for these, not even escaped. */
  for (char *p = valid; *p != '\0'; p++)
    if ((guchar) *p < ' ' || g_str_has_prefix (p, "\xef\xbf\xbe") || g_str_has_prefix (p, "\xef\xbf\xbf"))
      memset (p, ' ', (guchar) *p < ' ' ? 1 : 3);
  return g_markup_escape_text (valid, -1);
}

static void
put_text (GString *out, const char *text)
{
  g_autofree char *escaped = bv_svg_escape (text, -1);

  g_string_append (out, escaped);
}

/* The outline of a sector as an SVG path. */
static void
put_sector (GString *out, const BvShape *s)
{
  gboolean whole = s->a1 - s->a0 >= 2 * G_PI - 1e-9;
  double a1 = whole ? s->a0 + G_PI : s->a1;
  int large = a1 - s->a0 > G_PI;

  g_string_append (out, "<path d=\"");
  for (int part = 0; part < (whole ? 2 : 1); part++)
    {
      double from = s->a0 + part * G_PI;
      double to = part == 0 ? a1 : s->a0 + 2 * G_PI;

      put_number (out, "M", s->x + s->r1 * sin (from));
      put_number (out, " ", s->y - s->r1 * cos (from));
      put_number (out, "A", s->r1);
      put_number (out, " ", s->r1);
      g_string_append_printf (out, " 0 %d 1", large);
      put_number (out, " ", s->x + s->r1 * sin (to));
      put_number (out, " ", s->y - s->r1 * cos (to));
      put_number (out, "L", s->x + s->r0 * sin (to));
      put_number (out, " ", s->y - s->r0 * cos (to));
      if (s->r0 > 0)
        {
          put_number (out, "A", s->r0);
          put_number (out, " ", s->r0);
          g_string_append_printf (out, " 0 %d 0", large);
          put_number (out, " ", s->x + s->r0 * sin (from));
          put_number (out, " ", s->y - s->r0 * cos (from));
        }
      g_string_append_c (out, 'Z');
    }
  g_string_append_c (out, '"');
}

static void
put_shape (GString *out, BvScene *scene, const BvShape *s)
{
  switch (s->kind)
    {
    case BV_SHAPE_RECT:
      g_string_append (out, "<rect");
      put_attribute (out, "x", s->x);
      put_attribute (out, "y", s->y);
      put_attribute (out, "width", s->width);
      put_attribute (out, "height", s->height);
      if (s->r0 >= 0.5)
        put_attribute (out, "rx", MIN (s->r0, MIN (s->width, s->height) / 2));
      break;
    case BV_SHAPE_CIRCLE:
      g_string_append (out, "<circle");
      put_attribute (out, "cx", s->x);
      put_attribute (out, "cy", s->y);
      put_attribute (out, "r", s->r1);
      break;
    case BV_SHAPE_SECTOR:
      put_sector (out, s);
      break;
    case BV_SHAPE_PATH:
    default:
      {
        gboolean pen = FALSE;

        g_string_append (out, "<path d=\"");
        for (guint i = 0; i < s->n; i++)
          {
            const double *p = bv_scene_point (scene, s->first + i);

            if (isnan (p[0]))
              {
                if (pen && s->closed)
                  g_string_append_c (out, 'Z');
                pen = FALSE;
                continue;
              }
            put_number (out, pen ? "L" : "M", p[0]);
            put_number (out, " ", p[1]);
            pen = TRUE;
          }
        g_string_append (out, s->closed ? "Z\"" : "\"");
        break;
      }
    }
  put_colour (out, "fill", s->fill);
  if (s->stroke.a > 0)
    {
      put_colour (out, "stroke", s->stroke);
      put_attribute (out, "stroke-width", s->line_width);
      g_string_append (out, " stroke-linejoin=\"round\"");
      if (s->dashed)
        g_string_append (out, " stroke-dasharray=\"4 3\"");
    }
  g_string_append (out, "/>\n");
}

static void
put_run (GString *out, const BvTextRun *run)
{
  double ax = run->x + run->align * run->width;
  double ay = run->y + run->height / 2;

  g_string_append (out, "<text");
  put_attribute (out, "x", ax);
  put_attribute (out, "y", ay + run->size * 0.35); /* half of a capital's height below the middle */
  put_attribute (out, "font-size", run->size);
  if (run->bold)
    g_string_append (out, " font-weight=\"600\"");
  if (run->align > 0)
    g_string_append_printf (out, " text-anchor=\"%s\"", run->align > 0.75 ? "end" : "middle");
  put_colour (out, "fill", run->colour);
  if (fabs (run->angle) > 0)
    {
      put_number (out, " transform=\"rotate(", run->angle * 180 / G_PI);
      put_number (out, " ", ax);
      put_number (out, " ", ay);
      g_string_append (out, ")\"");
    }
  g_string_append_c (out, '>');
  put_text (out, run->text);
  g_string_append (out, "</text>\n");
}

char *
bv_scene_to_svg (BvScene *scene)
{
  GString *out = g_string_new ("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<svg xmlns=\"http://www.w3.org/2000/svg\"");
  BvColour background = scene->background;

  put_attribute (out, "width", scene->width);
  put_attribute (out, "height", scene->height);
  put_number (out, " viewBox=\"0 0 ", scene->width);
  put_number (out, " ", scene->height);
  g_string_append (out, "\" role=\"img\" font-family=\"");
  put_text (out, scene->font_family);
  g_string_append (out, "\">\n<title>");
  put_text (out, bv_scene_get_alternative (scene));
  g_string_append (out, "</title>\n<rect width=\"100%\" height=\"100%\"");
  background.a = 1;
  put_colour (out, "fill", background);
  g_string_append (out, "/>\n");
  for (guint i = 0; i < scene->shapes->len; i++)
    put_shape (out, scene, bv_scene_shape (scene, i));
  for (guint i = 0; i < scene->texts->len; i++)
    put_run (out, bv_scene_text (scene, i));
  g_string_append (out, "</svg>\n");
  return g_string_free (out, FALSE);
}
