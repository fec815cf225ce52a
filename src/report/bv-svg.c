/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A report as one SVG picture.
 *
 * The chart room writes each chart's scene as SVG with its text as text; here those pictures are nested into one, between the cards,
 * titles, head and text tiles, whose lines come from Pango. cairo's own SVG surface is not used: it turns letters into outlines
 * and numbers its parts by the run of the program.
 */
#include "config.h"

#include "bv-pager-private.h"
#include "bv-text.h"
#include "bv-tile-image.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

#define FAMILY "Cantarell, DejaVu Sans, sans-serif"
#define MESSAGE_SIZE 8.5

static void
put_number (GString *svg, const char *before, double value)
{
  char buf[G_ASCII_DTOSTR_BUF_SIZE];

  g_string_append (svg, before);
  g_string_append (svg, g_ascii_formatd (buf, sizeof buf, "%.2f", value));
}

/* The lines of a layout from its top left; the BvTextShow of text tiles. */
static void
put_layout (gpointer data, PangoLayout *layout, double x, double y, double level)
{
  GString *svg = data;
  const PangoFontDescription *font = pango_layout_get_font_description (layout);
  gboolean bold = pango_font_description_get_weight (font) > PANGO_WEIGHT_NORMAL;
  double size = (double) pango_font_description_get_size (font) / PANGO_SCALE;
  guint grey = (guint) lround (level * 255);
  PangoLayoutIter *iter = pango_layout_get_iter (layout);

  do
    {
      PangoLayoutLine *line = pango_layout_iter_get_line_readonly (iter);
      g_autofree char *escaped = bv_svg_escape (pango_layout_get_text (layout) + line->start_index, line->length);
      PangoRectangle place;

      pango_layout_iter_get_line_extents (iter, NULL, &place);
      put_number (svg, "<text x=\"", x + (double) place.x / PANGO_SCALE);
      put_number (svg, "\" y=\"", y + (double) pango_layout_iter_get_baseline (iter) / PANGO_SCALE);
      put_number (svg, "\" font-size=\"", size);
      g_string_append_printf (svg, "\"%s fill=\"#%02x%02x%02x\">%s</text>\n", bold ? " font-weight=\"bold\"" : "", grey, grey, grey, escaped);
    }
  while (pango_layout_iter_next_line (iter));
  pango_layout_iter_free (iter);
}

/* A text wrapped at @width; returns its height. */
static double
put_text (GString *svg, cairo_t *cr, const char *text, double x, double y, double size, gboolean bold, double width, double level)
{
  g_autoptr(PangoLayout) layout = bv_paper_text (cr, text, size, bold, width);

  put_layout (svg, layout, x, y, level);
  return bv_paper_text_height (layout);
}

/* A sentence in the middle of a box. */
static void
put_message (GString *svg, cairo_t *cr, const char *text, double x, double y, double width, double height)
{
  g_autoptr(PangoLayout) layout = bv_paper_text (cr, text, MESSAGE_SIZE, FALSE, width);

  pango_layout_set_alignment (layout, PANGO_ALIGN_CENTER);
  put_layout (svg, layout, x, y + MAX (0, (height - bv_paper_text_height (layout)) / 2), 0.4);
}

static void
put_box (GString *svg, double x, double y, double w, double h, const char *style)
{
  put_number (svg, "<rect x=\"", x);
  put_number (svg, "\" y=\"", y);
  put_number (svg, "\" width=\"", w);
  put_number (svg, "\" height=\"", h);
  g_string_append_printf (svg, "\" rx=\"6\" %s/>\n", style);
}

static void
put_card (GString *svg, const BvLayoutPart *part)
{
  put_box (svg, part->x, part->y, part->w, part->h, "fill=\"#ffffff\" stroke=\"#d6d6d9\" stroke-width=\"0.75\"");
}

static void
put_text_tile (GString *svg, cairo_t *cr, BvTilePainter *painter, const BvLayoutPart *part)
{
  g_autoptr(GPtrArray) blocks = bv_text_blocks (painter->tile->text);
  double scale = bv_text_scale (blocks, cr, part->w, part->h);

  put_number (svg, "<g transform=\"translate(", part->x);
  put_number (svg, ",", part->y);
  put_number (svg, ") scale(", scale);
  g_string_append (svg, ")\">\n");
  bv_text_set (blocks, cr, part->w / scale, put_layout, svg);
  g_string_append (svg, "</g>\n");
}

static cairo_status_t
append_cb (void *closure, const unsigned char *data, unsigned int length)
{
  g_byte_array_append (closure, data, length);
  return CAIRO_STATUS_SUCCESS;
}

static void
put_image_tile (GString *svg, cairo_t *cr, BvTilePainter *painter, const BvLayoutPart *part)
{
  cairo_surface_t *surface = bv_tile_image_load (painter->folder, painter->tile->target, part->w);
  g_autoptr(GByteArray) png = g_byte_array_new ();

  if (surface == NULL || cairo_surface_write_to_png_stream (surface, append_cb, png) != CAIRO_STATUS_SUCCESS)
    {
      put_card (svg, part);
      put_message (svg, cr, _("This image cannot be read: use a PNG, JPEG or SVG file"), part->x + BV_TILE_PADDING, part->y,
                   part->w - 2 * BV_TILE_PADDING, part->h);
    }
  else
    {
      g_autofree char *encoded = g_base64_encode (png->data, png->len);

      put_number (svg, "<image x=\"", part->x);
      put_number (svg, "\" y=\"", part->y);
      put_number (svg, "\" width=\"", part->w);
      put_number (svg, "\" height=\"", part->h);
      g_string_append_printf (svg, "\" href=\"data:image/png;base64,%s\"/>\n", encoded);
    }
  if (surface != NULL)
    cairo_surface_destroy (surface);
}

static void
put_navigation_tile (GString *svg, cairo_t *cr, BvTilePainter *painter, const BvLayoutPart *part)
{
  gboolean web = bv_tile_painter_is_web (painter);
  double h = MIN (part->h, 30), y = part->y + (part->h - h) / 2;

  if (web)
    {
      g_autofree char *target = bv_svg_escape (painter->tile->target, -1);

      g_string_append_printf (svg, "<a href=\"%s\">\n", target);
    }
  put_box (svg, part->x, y, part->w, h, "fill=\"#ededf0\"");
  put_message (svg, cr, bv_tile_painter_label (painter), part->x + BV_TILE_PADDING, y, part->w - 2 * BV_TILE_PADDING, h);
  if (web)
    g_string_append (svg, "</a>\n");
}

static void
put_chart_tile (GString *svg, cairo_t *cr, BvTilePainter *painter, const BvLayoutPart *part)
{
  BvChartStyle style = bv_paper_chart_style ();
  double x = part->x + BV_TILE_PADDING, w = part->w - 2 * BV_TILE_PADDING;
  double top = part->y + BV_TILE_PADDING * 0.8 + BV_TITLE_HEIGHT, bottom = part->y + part->h - BV_TILE_PADDING * 0.8;
  g_autofree char *title = bv_text_fit (bv_text_for_family (FAMILY), painter->title, BV_TITLE_SIZE, TRUE, w * 0.96);
  g_autofree char *notes = bv_tile_painter_notes (painter);
  g_autofree char *picture = NULL;
  g_autoptr(BvScene) scene = NULL;

  put_card (svg, part);
  put_text (svg, cr, title, x, part->y + BV_TILE_PADDING * 0.75, BV_TITLE_SIZE, TRUE, w, 0.15);
  if (painter->error != NULL || painter->frame == NULL)
    {
      put_message (svg, cr, painter->error != NULL ? painter->error->message : _("Nothing was loaded for this tile"), x, top, w, bottom - top);
      return;
    }
  if (notes != NULL)
    {
      g_autoptr(PangoLayout) layout = bv_paper_text (cr, notes, BV_NOTE_SIZE, FALSE, w);

      bottom -= bv_paper_text_height (layout);
      put_layout (svg, layout, x, bottom, 0.4);
      bottom -= 4;
    }
  scene = bv_chart_build (painter->spec, painter->frame, &style, painter->locale, w, MAX (8, bottom - top), NULL);
  picture = bv_scene_to_svg (scene);
  put_number (svg, "<g transform=\"translate(", x);
  put_number (svg, ",", top);
  g_string_append_printf (svg, ")\">\n%s</g>\n", strstr (picture, "<svg"));
}

static void
put_tile (BvPager *pager, GString *svg, cairo_t *cr, const BvLayoutPart *part)
{
  BvTilePainter *painter = g_ptr_array_index (pager->painters, part->item);

  switch (painter->tile->kind)
    {
    case BV_TILE_CHART:
      put_chart_tile (svg, cr, painter, part);
      break;
    case BV_TILE_TEXT:
      put_text_tile (svg, cr, painter, part);
      break;
    case BV_TILE_IMAGE:
      put_image_tile (svg, cr, painter, part);
      break;
    case BV_TILE_NAVIGATION:
    default:
      put_navigation_tile (svg, cr, painter, part);
      break;
    }
}

GBytes *
bv_pager_to_svg (BvPager *pager)
{
  cairo_surface_t *surface = cairo_image_surface_create (CAIRO_FORMAT_A8, 1, 1);
  cairo_t *cr = cairo_create (surface);
  GString *svg = g_string_new ("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<svg xmlns=\"http://www.w3.org/2000/svg\"");
  g_autofree char *title = bv_svg_escape (pager->title, -1);
  double width = pager->width - 2 * pager->margin, y = pager->margin;

  put_number (svg, " width=\"", pager->width);
  put_number (svg, "\" height=\"", pager->height);
  put_number (svg, "\" viewBox=\"0 0 ", pager->width);
  put_number (svg, " ", pager->height);
  g_string_append_printf (svg, "\" font-family=\"" FAMILY "\">\n<title>%s</title>\n"
                               "<rect width=\"100%%\" height=\"100%%\" fill=\"#ffffff\"/>\n", title);
  y += put_text (svg, cr, pager->title, pager->margin, y, pager->titled ? 9.5 : 17, TRUE, width, 0.1) + 3;
  if (*pager->filters != '\0')
    y += put_text (svg, cr, pager->filters, pager->margin, y, 8.5, FALSE, width, 0.2) + 2;
  put_text (svg, cr, pager->facts, pager->margin, y, 7.5, FALSE, width, 0.4);
  for (guint i = 0; i < pager->parts->len && bv_pager_step (pager); i++)
    put_tile (pager, svg, cr, &g_array_index (pager->parts, BvLayoutPart, i));
  g_string_append (svg, "</svg>\n");
  cairo_destroy (cr);
  cairo_surface_destroy (surface);
  return g_string_free_to_bytes (svg);
}
