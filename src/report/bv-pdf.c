/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Pages to bytes: PDF with metadata, outline and headings, and PNG.
 *
 * cairo would write the time of day into a PDF; the date given here is the workspace's "now", so that equal input gives equal bytes.
 */
#include "config.h"

#include "bv-pager-private.h"

#include <cairo-pdf.h>
#include <glib/gi18n-lib.h>
#include <math.h>

#define PNG_MAX 32767

static cairo_status_t
write_cb (void *closure, const unsigned char *data, unsigned int length)
{
  g_byte_array_append (closure, data, length);
  return CAIRO_STATUS_SUCCESS;
}

static void
set_metadata (BvPager *pager, cairo_surface_t *surface)
{
  g_autoptr(GDateTime) time = g_date_time_new_from_unix_utc (pager->now / BV_SECOND_US);
  g_autofree char *date = time != NULL ? g_date_time_format (time, "%Y-%m-%dT%H:%M:%SZ") : g_strdup ("1970-01-01T00:00:00Z");
  g_autofree char *subject = g_strconcat (pager->filters, *pager->filters != '\0' ? " · " : "", pager->facts, NULL);

  cairo_pdf_surface_set_metadata (surface, CAIRO_PDF_METADATA_TITLE, pager->title);
  cairo_pdf_surface_set_metadata (surface, CAIRO_PDF_METADATA_SUBJECT, subject);
  cairo_pdf_surface_set_metadata (surface, CAIRO_PDF_METADATA_CREATOR, "Belvedere " VERSION);
  cairo_pdf_surface_set_metadata (surface, CAIRO_PDF_METADATA_CREATE_DATE, date);
  cairo_pdf_surface_set_metadata (surface, CAIRO_PDF_METADATA_MOD_DATE, date);
}

static void
add_outline (BvPager *pager, cairo_surface_t *surface)
{
  int root = cairo_pdf_surface_add_outline (surface, CAIRO_PDF_OUTLINE_ROOT, pager->title, "page=1", CAIRO_PDF_OUTLINE_FLAG_OPEN);

  for (guint i = 0; i < pager->parts->len; i++)
    {
      const BvLayoutPart *part = &g_array_index (pager->parts, BvLayoutPart, i);
      BvTilePainter *painter = g_ptr_array_index (pager->painters, part->item);
      char x[G_ASCII_DTOSTR_BUF_SIZE], y[G_ASCII_DTOSTR_BUF_SIZE];
      g_autofree char *target = NULL;

      if (part->continued || painter->tile->kind != BV_TILE_CHART || painter->title == NULL)
        continue;
      g_ascii_formatd (x, sizeof x, "%.1f", part->x);
      g_ascii_formatd (y, sizeof y, "%.1f", part->y);
      target = g_strdup_printf ("page=%u pos=[%s %s]", part->page + 1, x, y);
      cairo_pdf_surface_add_outline (surface, root, painter->title, target, 0);
    }
}

GBytes *
bv_pager_to_pdf (BvPager *pager, GError **error)
{
  g_autoptr(GByteArray) bytes = g_byte_array_new ();
  cairo_surface_t *surface = cairo_pdf_surface_create_for_stream (write_cb, bytes, pager->width, pager->height);
  cairo_t *cr = cairo_create (surface);
  cairo_status_t status;

  set_metadata (pager, surface);
  for (guint page = 0; page < pager->n_pages; page++)
    {
      g_autofree char *label = g_strdup_printf ("%u", page + 1);

      cairo_pdf_surface_set_page_label (surface, label);
      bv_pager_paint (pager, page, cr);
      cairo_show_page (cr);
    }
  if (!g_cancellable_is_cancelled (pager->cancellable))
    add_outline (pager, surface);
  status = cairo_status (cr);
  cairo_destroy (cr);
  cairo_surface_finish (surface);
  if (status == CAIRO_STATUS_SUCCESS)
    status = cairo_surface_status (surface);
  cairo_surface_destroy (surface);
  if (g_cancellable_set_error_if_cancelled (pager->cancellable, error))
    return NULL;
  if (status != CAIRO_STATUS_SUCCESS)
    {
      g_set_error (error, BV_ERROR, BV_ERROR_FAILED, _("The PDF could not be drawn (%s): try again with fewer tiles"),
                   cairo_status_to_string (status));
      return NULL;
    }
  return g_byte_array_free_to_bytes (g_steal_pointer (&bytes));
}

GBytes *
bv_pager_to_png (BvPager *pager, double scale, GError **error)
{
  g_autoptr(GByteArray) bytes = g_byte_array_new ();
  double width = ceil (pager->width * scale), height = ceil (pager->height * scale);
  cairo_surface_t *surface;
  cairo_status_t status;
  cairo_t *cr;

  if (width > PNG_MAX || height > PNG_MAX)
    {
      g_set_error (error, BV_ERROR, BV_ERROR_UNSUPPORTED, _("The report is too tall for one image: export it as PDF"));
      return NULL;
    }
  surface = cairo_image_surface_create (CAIRO_FORMAT_RGB24, (int) width, (int) height);
  cr = cairo_create (surface);
  cairo_set_source_rgb (cr, 1, 1, 1);
  cairo_paint (cr);
  cairo_scale (cr, scale, scale);
  bv_pager_paint (pager, 0, cr);
  status = cairo_status (cr);
  cairo_destroy (cr);
  if (status == CAIRO_STATUS_SUCCESS)
    status = cairo_surface_write_to_png_stream (surface, write_cb, bytes);
  cairo_surface_destroy (surface);
  if (status != CAIRO_STATUS_SUCCESS)
    {
      g_set_error (error, BV_ERROR, BV_ERROR_FAILED, _("The image could not be drawn (%s): try another format"), cairo_status_to_string (status));
      return NULL;
    }
  return g_byte_array_free_to_bytes (g_steal_pointer (&bytes));
}
