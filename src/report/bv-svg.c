/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A report as one SVG picture.
 *
 * The chart room writes each chart's scene as SVG with its text as text; here those pictures are nested into one, between the cards,
 * titles, head and text tiles, whose lines come from Pango. cairo's own SVG surface is not used: it turns letters into outlines
 * and numbers its parts by the run of the program.
 */
#include "config.h"

#include "bv-pager-private.h"

#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>
#include <string.h>

static void
put_number (GString *svg, const char *before, double value)
{
  char buf[G_ASCII_DTOSTR_BUF_SIZE];

  g_string_append (svg, before);
  g_string_append (svg, g_ascii_formatd (buf, sizeof buf, "%.2f", value));
}

static void
put_line (GString *svg, const char *text, gsize length, double x, double y, double size, gboolean bold, const char *colour)
{
  g_autofree char *escaped = g_markup_escape_text (text, (gssize) length);

  put_number (svg, "<text x=\"", x);
  put_number (svg, "\" y=\"", y);
  put_number (svg, "\" font-size=\"", size);
  g_string_append_printf (svg, "\"%s fill=\"%s\">%s</text>\n", bold ? " font-weight=\"bold\"" : "", colour, escaped);
}

/* The lines of a text wrapped at @width; returns the height. */
static double
put_text (GString *svg, cairo_t *cr, const char *text, double x, double y, double size, gboolean bold, double width, const char *colour)
{
  g_autoptr(PangoLayout) layout = bv_paper_text (cr, text, size, bold, width);
  PangoLayoutIter *iter = pango_layout_get_iter (layout);

  do
    {
      PangoLayoutLine *line = pango_layout_iter_get_line_readonly (iter);
      double baseline = (double) pango_layout_iter_get_baseline (iter) / PANGO_SCALE;

      put_line (svg, pango_layout_get_text (layout) + line->start_index, (gsize) line->length, x, y + baseline, size, bold, colour);
    }
  while (pango_layout_iter_next_line (iter));
  pango_layout_iter_free (iter);
  return bv_paper_text_height (layout);
}

static void
put_card (GString *svg, double x, double y, double w, double h)
{
  put_number (svg, "<rect x=\"", x);
  put_number (svg, "\" y=\"", y);
  put_number (svg, "\" width=\"", w);
  put_number (svg, "\" height=\"", h);
  g_string_append (svg, "\" rx=\"6\" fill=\"#ffffff\" stroke=\"#d6d6d9\" stroke-width=\"0.75\"/>\n");
}

/* A scene's own picture, nested at a place. */
static gboolean
put_scene (GString *svg, BvScene *scene, double x, double y, GError **error)
{
  g_autofree char *dir = g_dir_make_tmp ("belvedere-XXXXXX", error);
  g_autofree char *path = dir != NULL ? g_build_filename (dir, "scene.svg", NULL) : NULL;
  g_autofree char *text = NULL;
  const char *start;
  gboolean ok;

  if (dir == NULL)
    return FALSE;
  ok = bv_scene_write_svg (scene, path, error) && g_file_get_contents (path, &text, NULL, error);
  g_unlink (path);
  g_rmdir (dir);
  if (!ok)
    return FALSE;
  start = strstr (text, "<svg");
  if (start == NULL)
    return TRUE;
  put_number (svg, "<g transform=\"translate(", x);
  put_number (svg, ",", y);
  g_string_append_printf (svg, ")\">\n%s</g>\n", start);
  return TRUE;
}

static void
put_text_tile (GString *svg, cairo_t *cr, BvTile *tile, double x, double y, double width)
{
  static const double heading_sizes[] = { 18, 13.5, 11 };
  g_autoptr(GPtrArray) blocks = bv_text_blocks (tile->text);

  for (guint i = 0; i < blocks->len; i++)
    {
      const BvBlock *block = g_ptr_array_index (blocks, i);
      gboolean heading = block->kind == BV_BLOCK_HEADING;
      double indent = block->kind == BV_BLOCK_ITEM ? 12 : 0;

      if (indent > 0)
        put_text (svg, cr, "•", x + 2, y, 9.5, FALSE, -1, "#666666");
      y += 4 + put_text (svg, cr, block->text, x + indent, y, heading ? heading_sizes[block->level - 1] : 9.5, heading, width - indent,
                         heading ? "#1a1a1a" : "#404040");
    }
}

static gboolean
put_tile (BvPager *pager, GString *svg, cairo_t *cr, const BvLayoutPart *part, GError **error)
{
  BvTilePainter *painter = g_ptr_array_index (pager->painters, part->item);
  BvLocale *locale = bv_workspace_get_locale (bv_report_run_get_workspace (pager->run));
  const GError *failure = bv_report_run_get_error (pager->run, painter->tile->id);
  BvChartStyle style = bv_paper_chart_style ();
  double x = part->x + BV_TILE_PADDING, y = part->y + BV_TILE_PADDING * 0.75, w = part->w - 2 * BV_TILE_PADDING, foot = 0;
  g_autoptr(BvScene) scene = NULL;

  if (painter->tile->kind == BV_TILE_TEXT)
    {
      put_text_tile (svg, cr, painter->tile, part->x, part->y, part->w);
      return TRUE;
    }
  put_card (svg, part->x, part->y, part->w, part->h);
  if (painter->tile->kind != BV_TILE_CHART)
    {
      const char *label = painter->tile->text != NULL ? painter->tile->text : painter->title;

      put_text (svg, cr, label != NULL ? label : "", x, y, 9.5, FALSE, w, "#404040");
      return TRUE;
    }
  put_text (svg, cr, painter->title, x, y, 9.5, TRUE, w, "#262626");
  y = part->y + BV_TILE_PADDING * 0.8 + 17;
  if (failure != NULL || painter->frame == NULL)
    {
      put_text (svg, cr, failure != NULL ? failure->message : _("Nothing was loaded for this tile"), x, y, 8.5, FALSE, w, "#666666");
      return TRUE;
    }
  for (guint i = bv_frame_get_n_notes (painter->frame); i > 0; i--)
    foot += put_text (svg, cr, bv_frame_get_note (painter->frame, i - 1)->text, x, part->y + part->h - 17 - foot, 7, FALSE, w, "#666666");
  scene = bv_chart_build (painter->spec, painter->frame, &style, locale, w,
                          MAX (8, part->y + part->h - y - BV_TILE_PADDING * 0.8 - foot), NULL);
  return put_scene (svg, scene, x, y, error);
}

GBytes *
bv_pager_to_svg (BvPager *pager, GError **error)
{
  cairo_surface_t *surface = cairo_image_surface_create (CAIRO_FORMAT_A8, 1, 1);
  cairo_t *cr = cairo_create (surface);
  GString *svg = g_string_new ("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<svg xmlns=\"http://www.w3.org/2000/svg\"");
  g_autofree char *title = g_markup_escape_text (pager->title, -1);
  double width = pager->width - 2 * pager->margin, y = pager->margin;
  gboolean ok = TRUE;

  put_number (svg, " width=\"", pager->width);
  put_number (svg, "\" height=\"", pager->height);
  put_number (svg, "\" viewBox=\"0 0 ", pager->width);
  put_number (svg, " ", pager->height);
  g_string_append_printf (svg, "\" font-family=\"Cantarell, 'DejaVu Sans', sans-serif\">\n<title>%s</title>\n"
                               "<rect width=\"100%%\" height=\"100%%\" fill=\"#ffffff\"/>\n", title);
  y += put_text (svg, cr, pager->title, pager->margin, y, pager->titled ? 9.5 : 17, TRUE, width, "#1a1a1a") + 3;
  if (*pager->filters != '\0')
    y += put_text (svg, cr, pager->filters, pager->margin, y, 8.5, FALSE, width, "#333333") + 2;
  put_text (svg, cr, pager->facts, pager->margin, y, 7.5, FALSE, width, "#666666");
  for (guint i = 0; ok && i < pager->parts->len; i++)
    ok = put_tile (pager, svg, cr, &g_array_index (pager->parts, BvLayoutPart, i), error);
  g_string_append (svg, "</svg>\n");
  cairo_destroy (cr);
  cairo_surface_destroy (surface);
  if (!ok)
    {
      g_string_free (svg, TRUE);
      return NULL;
    }
  return g_string_free_to_bytes (svg);
}
