/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A tile's card: title above, chart below, notes at the foot. Tables are painted row range by row range, so that one table may
 * stand on several pages. */
#include "config.h"

#include "bv-tile-paint.h"
#include "bv-tile-image.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

/* What lengths may lose on their way through sums and differences; far less than a row. */
#define ROUNDING 0.5

BvChartStyle
bv_paper_chart_style (void)
{
  return (BvChartStyle){ .theme = BV_THEME_PRINT, .font_size = 8 };
}

PangoLayout *
bv_paper_text (cairo_t *cr, const char *text, double size, gboolean bold, double width)
{
  PangoLayout *layout = pango_cairo_create_layout (cr);
  PangoFontDescription *font = pango_font_description_from_string ("Cantarell, DejaVu Sans, sans-serif");
  cairo_font_options_t *options = cairo_font_options_create ();

  /* The same widths on every surface: nothing is fitted to pixels. */
  cairo_font_options_set_hint_metrics (options, CAIRO_HINT_METRICS_OFF);
  cairo_font_options_set_hint_style (options, CAIRO_HINT_STYLE_NONE);
  pango_cairo_context_set_font_options (pango_layout_get_context (layout), options);
  pango_context_set_round_glyph_positions (pango_layout_get_context (layout), FALSE);
  pango_layout_context_changed (layout);
  cairo_font_options_destroy (options);

  pango_font_description_set_absolute_size (font, size * PANGO_SCALE);
  pango_font_description_set_weight (font, bold ? PANGO_WEIGHT_BOLD : PANGO_WEIGHT_NORMAL);
  pango_layout_set_font_description (layout, font);
  pango_font_description_free (font);
  if (width > 0)
    {
      pango_layout_set_width (layout, (int) (width * PANGO_SCALE));
      pango_layout_set_wrap (layout, PANGO_WRAP_WORD_CHAR);
    }
  pango_layout_set_text (layout, text, -1);
  return layout;
}

double
bv_paper_text_height (PangoLayout *layout)
{
  int height;

  pango_layout_get_size (layout, NULL, &height);
  return (double) height / PANGO_SCALE;
}

void
bv_paper_show (cairo_t *cr, PangoLayout *layout, double x, double y, double level)
{
  cairo_set_source_rgb (cr, level, level, level);
  cairo_move_to (cr, x, y);
  pango_cairo_show_layout (cr, layout);
}

/* Recordings, which cairo 1.16 frees twice when they hold tags, are for printers, which need none. */
static gboolean
takes_tags (cairo_t *cr)
{
  return cairo_surface_get_type (cairo_get_target (cr)) != CAIRO_SURFACE_TYPE_RECORDING;
}

void
bv_paper_tag_begin (cairo_t *cr, const char *name, const char *attributes)
{
  if (takes_tags (cr))
    cairo_tag_begin (cr, name, attributes);
}

void
bv_paper_tag_end (cairo_t *cr, const char *name)
{
  if (takes_tags (cr))
    cairo_tag_end (cr, name);
}

/* A context to measure with, away from any surface that is painted. */
static cairo_t *
measuring_cairo (void)
{
  cairo_surface_t *surface = cairo_image_surface_create (CAIRO_FORMAT_A8, 1, 1);
  cairo_t *cr = cairo_create (surface);

  cairo_surface_destroy (surface);
  return cr;
}

BvTilePainter *
bv_tile_painter_new (BvReportRun *run, BvTile *tile, BvLocale *locale, const char *folder)
{
  BvTilePainter *self = g_new0 (BvTilePainter, 1);

  self->tile = tile;
  self->locale = locale;
  self->folder = folder;
  if (tile->kind != BV_TILE_CHART || tile->chart == NULL)
    {
      self->title = g_strdup (tile->title);
      return self;
    }
  self->title = bv_report_run_title (run, tile);
  if (bv_report_run_get_frame (run, tile->id) != NULL)
    self->frame = bv_frame_ref (bv_report_run_get_frame (run, tile->id));
  if (bv_report_run_get_error (run, tile->id) != NULL)
    self->error = g_error_copy (bv_report_run_get_error (run, tile->id));
  self->spec = bv_chart_to_spec (tile->chart);
  return self;
}

void
bv_tile_painter_lay_out (BvTilePainter *self, double width, double wide_width, gboolean flows)
{
  BvChartStyle style = bv_paper_chart_style ();

  self->width = width;
  self->wide_width = wide_width;
  if (flows && self->frame != NULL && self->spec != NULL && strcmp (bv_chart_spec_get_type (self->spec), "table") == 0 && self->error == NULL
      && bv_frame_get_n_rows (self->frame) > 0)
    {
      self->table = bv_table_layout_new (self->spec, self->frame, &style, self->locale, width - 2 * BV_TILE_PADDING);
      self->wide_table = bv_table_layout_new (self->spec, self->frame, &style, self->locale, wide_width - 2 * BV_TILE_PADDING);
    }
}

void
bv_tile_painter_free (BvTilePainter *self)
{
  if (self == NULL)
    return;
  g_clear_pointer (&self->table, bv_table_layout_free);
  g_clear_pointer (&self->wide_table, bv_table_layout_free);
  g_clear_pointer (&self->spec, bv_chart_spec_free);
  g_clear_pointer (&self->frame, bv_frame_unref);
  g_clear_error (&self->error);
  g_free (self->title);
  g_free (self);
}

char *
bv_tile_painter_notes (BvTilePainter *self)
{
  GString *text = g_string_new (NULL);

  for (guint i = 0; self->frame != NULL && i < bv_frame_get_n_notes (self->frame); i++)
    g_string_append_printf (text, "%s%s", text->len > 0 ? "\n" : "", bv_frame_get_note (self->frame, i)->text);
  return g_string_free (text, text->len == 0);
}

static double
notes_height (BvTilePainter *self, cairo_t *cr, double width)
{
  g_autofree char *text = bv_tile_painter_notes (self);
  g_autoptr(PangoLayout) layout = text != NULL ? bv_paper_text (cr, text, BV_NOTE_SIZE, FALSE, width - 2 * BV_TILE_PADDING) : NULL;

  return layout != NULL ? bv_paper_text_height (layout) + 4 : 0;
}

guint
bv_tile_painter_fit (gpointer data, gboolean wide, guint first, double height, double *used)
{
  BvTilePainter *self = data;
  BvTableLayout *table = wide ? self->wide_table : self->table;
  cairo_t *cr = measuring_cairo ();
  double frame = BV_TILE_PADDING * 1.6 + BV_TITLE_HEIGHT + notes_height (self, cr, wide ? self->wide_width : self->width);
  double body = 0;
  guint n = bv_table_layout_paint (table, NULL, first, MAX (height - frame, 1) + ROUNDING, &body);

  cairo_destroy (cr);
  *used = body + frame;
  return n;
}

static void
rounded_rectangle (cairo_t *cr, double x, double y, double w, double h, double r)
{
  cairo_new_sub_path (cr);
  cairo_arc (cr, x + w - r, y + r, r, -G_PI_2, 0);
  cairo_arc (cr, x + w - r, y + h - r, r, 0, G_PI_2);
  cairo_arc (cr, x + r, y + h - r, r, G_PI_2, G_PI);
  cairo_arc (cr, x + r, y + r, r, G_PI, 1.5 * G_PI);
  cairo_close_path (cr);
}

static void
paint_card (cairo_t *cr, double width, double height)
{
  rounded_rectangle (cr, 0.375, 0.375, width - 0.75, height - 0.75, 6);
  cairo_set_source_rgb (cr, 1, 1, 1);
  cairo_fill_preserve (cr);
  cairo_set_source_rgb (cr, 0.84, 0.84, 0.85);
  cairo_set_line_width (cr, 0.75);
  cairo_stroke (cr);
}

static void
paint_title (BvTilePainter *self, cairo_t *cr, double width, gboolean continued)
{
  /* Translators: the title of a table's part on a later page */
  g_autofree char *text = continued ? g_strdup_printf (_("%s (continued)"), self->title) : g_strdup (self->title);
  g_autoptr(PangoLayout) layout = bv_paper_text (cr, text, BV_TITLE_SIZE, TRUE, width - 2 * BV_TILE_PADDING);

  pango_layout_set_height (layout, -1);
  pango_layout_set_ellipsize (layout, PANGO_ELLIPSIZE_END);
  bv_paper_tag_begin (cr, "H2", NULL);
  bv_paper_show (cr, layout, BV_TILE_PADDING, BV_TILE_PADDING * 0.75, 0.15);
  bv_paper_tag_end (cr, "H2");
}

/* A sentence in the middle of a box. */
static void
paint_message (cairo_t *cr, const char *text, double x, double y, double width, double height)
{
  g_autoptr(PangoLayout) layout = bv_paper_text (cr, text, 8.5, FALSE, width);

  pango_layout_set_alignment (layout, PANGO_ALIGN_CENTER);
  bv_paper_show (cr, layout, x, y + MAX (0, (height - bv_paper_text_height (layout)) / 2), 0.4);
}

static void
paint_chart (BvTilePainter *self, cairo_t *cr, double width, double height, guint first, gboolean continued, gboolean last)
{
  BvChartStyle style = bv_paper_chart_style ();
  double x = BV_TILE_PADDING, y = BV_TILE_PADDING * 0.8 + BV_TITLE_HEIGHT, w = width - 2 * BV_TILE_PADDING, h;
  g_autofree char *notes = NULL;

  paint_card (cr, width, height);
  paint_title (self, cr, width, continued);
  h = height - y - BV_TILE_PADDING * 0.8 - notes_height (self, cr, width);

  if (self->error != NULL || self->frame == NULL)
    {
      paint_message (cr, self->error != NULL ? self->error->message : _("Nothing was loaded for this tile"), x, y, w, h);
      return;
    }
  cairo_save (cr);
  cairo_translate (cr, x, y);
  if (self->table != NULL)
    {
      BvTableLayout *table = width > self->width + 0.5 ? self->wide_table : self->table;

      bv_table_layout_paint (table, cr, first, MAX (h, 1) + ROUNDING, NULL);
    }
  else if (w > 4 && h > 4)
    {
      g_autoptr(BvScene) scene = bv_chart_build (self->spec, self->frame, &style, self->locale, w, h, NULL);

      bv_scene_paint (scene, cr);
    }
  cairo_restore (cr);

  notes = last ? bv_tile_painter_notes (self) : NULL;
  if (notes != NULL)
    {
      g_autoptr(PangoLayout) layout = bv_paper_text (cr, notes, BV_NOTE_SIZE, FALSE, w);

      bv_paper_show (cr, layout, x, height - BV_TILE_PADDING * 0.7 - bv_paper_text_height (layout), 0.4);
    }
}

/* --- Images -------------------------------------------------------------------------------------------------------------- */

static void
paint_image (BvTilePainter *self, cairo_t *cr, double width, double height)
{
  cairo_surface_t *surface = bv_tile_image_load (self->folder, self->tile->target, width);
  double scale;
  int w, h;

  if (surface == NULL)
    {
      paint_card (cr, width, height);
      paint_message (cr, _("This image cannot be read: use a PNG, JPEG or SVG file"), BV_TILE_PADDING, 0, width - 2 * BV_TILE_PADDING, height);
      return;
    }
  w = cairo_image_surface_get_width (surface);
  h = cairo_image_surface_get_height (surface);
  scale = MIN (width / MAX (w, 1), height / MAX (h, 1));
  cairo_save (cr);
  cairo_translate (cr, (width - w * scale) / 2, (height - h * scale) / 2);
  cairo_scale (cr, scale, scale);
  cairo_set_source_surface (cr, surface, 0, 0);
  cairo_paint (cr);
  cairo_restore (cr);
  cairo_surface_destroy (surface);
}

const char *
bv_tile_painter_label (BvTilePainter *self)
{
  const char *label = self->tile->text != NULL && *self->tile->text != '\0' ? self->tile->text
                    : self->tile->title != NULL ? self->tile->title : self->tile->target;

  return label != NULL ? label : "";
}

gboolean
bv_tile_painter_is_web (BvTilePainter *self)
{
  const char *target = self->tile->target;

  return target != NULL && (g_str_has_prefix (target, "https://") || g_str_has_prefix (target, "http://"));
}

static void
paint_navigation (BvTilePainter *self, cairo_t *cr, double width, double height)
{
  gboolean address = bv_tile_painter_is_web (self);
  double h = MIN (height, 30);

  cairo_save (cr);
  cairo_translate (cr, 0, (height - h) / 2);
  rounded_rectangle (cr, 0.5, 0.5, width - 1, h - 1, 6);
  cairo_set_source_rgb (cr, 0.93, 0.93, 0.94);
  cairo_fill (cr);
  if (address)
    {
      /* The quote ends the attribute: addresses carry it escaped. */
      g_autofree char *escaped = g_uri_escape_string (self->tile->target, G_URI_RESERVED_CHARS_GENERIC_DELIMITERS "!$&()*+,;=%", TRUE);
      g_autofree char *attributes = g_strdup_printf ("uri='%s'", escaped);

      bv_paper_tag_begin (cr, CAIRO_TAG_LINK, attributes);
    }
  paint_message (cr, bv_tile_painter_label (self), BV_TILE_PADDING, 0, width - 2 * BV_TILE_PADDING, h);
  if (address)
    bv_paper_tag_end (cr, CAIRO_TAG_LINK);
  cairo_restore (cr);
}

void
bv_tile_painter_paint (BvTilePainter *self, cairo_t *cr, double width, double height, guint first, gboolean continued, gboolean last)
{
  g_autoptr(GPtrArray) blocks = NULL;

  switch (self->tile->kind)
    {
    case BV_TILE_CHART:
      paint_chart (self, cr, width, height, first, continued, last);
      break;
    case BV_TILE_TEXT:
      blocks = bv_text_blocks (self->tile->text);
      bv_text_paint (blocks, cr, width, height);
      break;
    case BV_TILE_IMAGE:
      paint_image (self, cr, width, height);
      break;
    case BV_TILE_NAVIGATION:
    default:
      paint_navigation (self, cr, width, height);
      break;
    }
}
