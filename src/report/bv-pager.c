/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A report on pages.
 *
 * Every page has a head – the title, the filters' values, and on the first page the range, the time zone and the freshness of the
 * data – and a foot with the page's number and when it was made. Between them stand the tiles as bv-report-layout.c placed them.
 * Pages are painted on any cairo context: a PDF, a printer's, an image.
 *
 * A pager is made in the thread of the report at work and takes what it needs from there: texts, frames, which nobody changes, and a locale of its
 * own. It then knows nothing of the run, so that pages are laid out and painted in another thread.
 */
#include "config.h"

#include "bv-pager-private.h"
#include "bv-report-run-private.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

#define A4_SHORT 595.276
#define A4_LONG 841.89
#define GAP 9.0
/* A cell of the canvas is this much as tall as it is wide. */
#define CELL_RATIO 0.6
#define FOOT_HEIGHT 20.0

/* --- What stands in the head ------------------------------------------------------------------------------------------------ */

static char *
filters_text (BvReportRun *run, BvReport *report)
{
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < report->filters->len; i++)
    {
      BvFilter *filter = g_ptr_array_index (report->filters, i);
      g_autofree char *words = NULL;

      if (filter->hidden)
        continue;
      words = bv_report_run_describe_fully (run, filter);
      g_string_append_printf (text, "%s%s", text->len > 0 ? "   ·   " : "", words);
    }
  return g_string_free (text, FALSE);
}

/* The days that a range holds. (transfer full) (nullable) */
static char *
days_text (BvWorkspace *workspace, const char *spec)
{
  BvLocale *locale = bv_workspace_get_locale (workspace);
  g_autofree char *from = NULL, *to = NULL;
  BvRange range;

  if (!bv_calendar_range (bv_workspace_get_model (workspace)->calendar, spec, bv_workspace_get_now (workspace), &range, NULL))
    return NULL;
  if (range.has_from && range.has_to && range.from_us >= range.to_us)
    return bv_locale_format_range (locale, spec);
  if (range.has_from)
    from = bv_locale_format_date (locale, range.from_day);
  if (range.has_to)
    to = bv_locale_format_date (locale, MAX (range.to_day - 1, range.has_from ? range.from_day : range.to_day - 1));
  if (from != NULL && to != NULL && strcmp (from, to) == 0)
    return g_steal_pointer (&from);
  if (from != NULL && to != NULL)
    return g_strdup_printf (_("%s – %s"), from, to);
  if (from != NULL)
    return g_strdup_printf (_("From %s"), from);
  if (to != NULL)
    return g_strdup_printf (_("Up to %s"), to);
  return g_strdup (_("All time"));
}

/* The days that the report's date filters leave of its tiles' time; by filter where they leave one tile others than another.
 * @tile_id: (nullable): of this tile only. (transfer full) (nullable) */
static char *
range_text (BvReportRun *run, BvReport *report, const char *tile_id)
{
  BvWorkspace *workspace = bv_report_run_get_workspace (run);
  g_autoptr(GPtrArray) tiles = bv_report_chart_tiles (report);
  g_autoptr(GString) text = g_string_new (NULL);
  g_autofree char *common = NULL;
  gboolean differ = FALSE;

  for (guint i = 0; i < tiles->len; i++)
    {
      BvTile *tile = g_ptr_array_index (tiles, i);
      BvOverlay overlay;

      if (tile_id != NULL && g_strcmp0 (tile->id, tile_id) != 0)
        continue;
      bv_report_run_overlay (run, tile, &overlay);
      differ |= common != NULL && overlay.range != NULL && strcmp (common, overlay.range) != 0;
      if (common == NULL)
        common = g_steal_pointer (&overlay.range);
      bv_overlay_clear (&overlay);
    }
  if (common == NULL || !differ)
    return common != NULL ? days_text (workspace, common) : NULL;

  for (guint i = 0; i < report->filters->len; i++)
    {
      BvFilter *filter = g_ptr_array_index (report->filters, i);
      GArray *values = bv_report_run_get_values (run, filter->id);
      const BvValue *value = values->len > 0 ? &g_array_index (values, BvValue, 0) : NULL;
      g_autofree char *days = NULL;

      if (!bv_filter_is_time (filter) || value == NULL || value->type != BV_TYPE_TEXT || (days = days_text (workspace, value->s)) == NULL)
        continue;
      g_string_append (text, text->len > 0 ? "   ·   " : "");
      /* Translators: a filter's name and its value, "Customer: ada@example.com" */
      g_string_append_printf (text, _("%s: %s"), filter->name, days);
    }
  return g_strdup (text->str);
}

static char *
facts_text (BvReportRun *run, BvReport *report, const char *tile_id)
{
  BvWorkspace *workspace = bv_report_run_get_workspace (run);
  g_autoptr(GString) text = g_string_new (NULL);
  g_autofree char *range = range_text (run, report, tile_id);
  gint64 freshness = bv_report_run_get_freshness (run, tile_id);

  if (range != NULL)
    g_string_append_printf (text, "%s   ·   ", range);
  g_string_append_printf (text, _("Time zone %s"), bv_workspace_get_model (workspace)->time_zone);
  if (freshness != 0)
    {
      g_autofree char *instant = bv_locale_format_instant (bv_workspace_get_locale (workspace), freshness);

      g_string_append (text, "   ·   ");
      g_string_append_printf (text, _("Data loaded %s"), instant);
    }
  return g_strdup (text->str);
}

/* When the pages were made. A "now" at the very end of a day is an as-of day rather than a moment. */
static char *
printed_text (BvWorkspace *workspace)
{
  BvLocale *locale = bv_workspace_get_locale (workspace);
  BvCalendar *calendar = bv_workspace_get_model (workspace)->calendar;
  gint64 now = bv_workspace_get_now (workspace), day = bv_calendar_day (calendar, now);
  gint64 last = -1;
  g_autofree char *text = NULL;

  if (bv_calendar_day_start (calendar, day) == now)
    last = day - 1;
  else if (bv_calendar_day_start (calendar, day + 1) - now <= BV_SECOND_US)
    last = day;
  if (last >= 0)
    {
      text = bv_locale_format_date (locale, last);
      return g_strdup_printf (_("As of %s"), text);
    }
  text = bv_locale_format_instant (locale, now);
  return g_strdup_printf (_("Printed %s"), text);
}

/* Whether the topmost text tile is the report's title in large letters. */
static gboolean
has_title_tile (BvReport *report)
{
  int first_row = G_MAXINT;
  gboolean titled = FALSE;

  for (guint i = 0; i < report->tiles->len; i++)
    first_row = MIN (first_row, ((BvTile *) g_ptr_array_index (report->tiles, i))->y);
  for (guint i = 0; i < report->tiles->len; i++)
    {
      BvTile *tile = g_ptr_array_index (report->tiles, i);

      if (tile->kind == BV_TILE_TEXT && tile->y == first_row)
        {
          g_autoptr(GPtrArray) blocks = bv_text_blocks (tile->text);
          BvBlock *block = blocks->len > 0 ? g_ptr_array_index (blocks, 0) : NULL;

          titled |= block != NULL && block->kind == BV_BLOCK_HEADING && strcmp (block->text, report->name) == 0;
        }
    }
  return titled;
}

/* --- Head and foot --------------------------------------------------------------------------------------------------------- */

/* Paints the head, or with @cr_show NULL measures it; returns its height with the blank below it. */
static double
set_head (BvPager *self, cairo_t *measure, cairo_t *cr_show, guint page)
{
  double width = self->width - 2 * self->margin, y = 0;
  gboolean large = page == 0 && !self->titled;
  g_autoptr(PangoLayout) title = bv_paper_text (measure, self->title, large ? 17 : 9.5, TRUE, width);
  g_autoptr(PangoLayout) filters = *self->filters != '\0' ? bv_paper_text (measure, self->filters, 8.5, FALSE, width) : NULL;
  g_autoptr(PangoLayout) facts = page == 0 ? bv_paper_text (measure, self->facts, 7.5, FALSE, width) : NULL;

  if (page > 0)
    {
      /* One line: the title, and beside it the filters. */
      int title_width;

      pango_layout_get_pixel_size (title, &title_width, NULL);
      pango_layout_set_ellipsize (title, PANGO_ELLIPSIZE_END);
      if (filters != NULL && title_width < width - 100)
        {
          pango_layout_set_width (filters, (int) ((width - title_width - 20) * PANGO_SCALE));
          pango_layout_set_ellipsize (filters, PANGO_ELLIPSIZE_END);
          pango_layout_set_alignment (filters, PANGO_ALIGN_RIGHT);
          if (cr_show != NULL)
            bv_paper_show (cr_show, filters, title_width + 20, 1, 0.35);
        }
      if (cr_show != NULL)
        bv_paper_show (cr_show, title, 0, 0, 0.1);
      y = bv_paper_text_height (title) + 4;
    }
  else
    {
      if (cr_show != NULL)
        {
          bv_paper_tag_begin (cr_show, "H1", NULL);
          bv_paper_show (cr_show, title, 0, 0, 0.1);
          bv_paper_tag_end (cr_show, "H1");
        }
      y = bv_paper_text_height (title) + 3;
      if (filters != NULL)
        {
          if (cr_show != NULL)
            bv_paper_show (cr_show, filters, 0, y, 0.2);
          y += bv_paper_text_height (filters) + 2;
        }
      if (cr_show != NULL)
        bv_paper_show (cr_show, facts, 0, y, 0.4);
      y += bv_paper_text_height (facts) + 4;
    }
  if (cr_show != NULL)
    {
      cairo_set_source_rgb (cr_show, 0.8, 0.8, 0.82);
      cairo_set_line_width (cr_show, 0.75);
      cairo_move_to (cr_show, 0, y);
      cairo_line_to (cr_show, width, y);
      cairo_stroke (cr_show);
    }
  return y + 9;
}

static void
paint_foot (BvPager *self, cairo_t *cr, guint page)
{
  double width = self->width - 2 * self->margin;
  /* Translators: page number and number of pages, "2 of 5" */
  g_autofree char *number = g_strdup_printf (_("%u of %u"), page + 1, self->n_pages);
  g_autoptr(PangoLayout) left = bv_paper_text (cr, self->printed, 7.5, FALSE, width / 2);
  g_autoptr(PangoLayout) right = bv_paper_text (cr, number, 7.5, FALSE, width);
  double y = self->height - self->margin - bv_paper_text_height (right);

  pango_layout_set_alignment (right, PANGO_ALIGN_RIGHT);
  bv_paper_show (cr, left, self->margin, y, 0.45);
  bv_paper_show (cr, right, self->margin, y, 0.45);
}

/* --- Pager -------------------------------------------------------------------------------------------------------------------- */

void
bv_pager_lay_out (BvPager *self)
{
  g_autofree BvLayoutItem *items = NULL;
  cairo_surface_t *surface = cairo_image_surface_create (CAIRO_FORMAT_A8, 1, 1);
  cairo_t *measure = cairo_create (surface);
  BvLayoutPage page = { .left = self->margin, .width = self->width - 2 * self->margin, .gap = GAP };
  double column = (page.width + GAP) / BV_GRID_COLUMNS, end;

  page.first_top = self->margin + set_head (self, measure, NULL, 0);
  page.top = self->margin + set_head (self, measure, NULL, 1);
  page.bottom = self->image ? HUGE_VAL : self->height - self->margin - FOOT_HEIGHT;
  page.row_height = column * CELL_RATIO;
  cairo_destroy (measure);
  cairo_surface_destroy (surface);

  items = g_new0 (BvLayoutItem, MAX (self->painters->len, 1));
  for (guint i = 0; i < self->painters->len; i++)
    {
      BvTilePainter *painter = g_ptr_array_index (self->painters, i);

      if (g_cancellable_is_cancelled (self->cancellable))
        break;
      bv_tile_painter_lay_out (painter, painter->tile->w * column - GAP, page.width, !self->image);
      items[i] = (BvLayoutItem){ painter->tile->x, painter->tile->y, painter->tile->w, painter->tile->h, 0, NULL, painter };
      if (painter->table != NULL)
        {
          items[i].n_rows = bv_table_layout_get_n_rows (painter->table);
          items[i].fit = bv_tile_painter_fit;
        }
    }
  self->parts = bv_report_layout (items, self->painters->len, &page, &self->n_pages, &end);
  if (self->image)
    self->height = end + self->margin;
}

static void
add_painters (BvPager *self, BvReportRun *run, const char *tile_id)
{
  for (guint i = 0; i < self->report->tiles->len; i++)
    {
      BvTile *tile = g_ptr_array_index (self->report->tiles, i);

      if (tile_id != NULL && strcmp (tile->id, tile_id) != 0)
        continue;
      if (tile_id != NULL)
        {
          /* Alone on the paper: as wide as the page, in the proportions it has on the canvas. */
          tile->h = MAX (1, (tile->h * BV_GRID_COLUMNS + tile->w / 2) / MAX (tile->w, 1));
          tile->x = tile->y = 0;
          tile->w = BV_GRID_COLUMNS;
        }
      tile->w = CLAMP (tile->w, 1, BV_GRID_COLUMNS);
      tile->x = CLAMP (tile->x, 0, BV_GRID_COLUMNS - tile->w);
      tile->h = MAX (tile->h, 1);
      g_ptr_array_add (self->painters, bv_tile_painter_new (run, tile, self->locale, self->folder));
    }
}

BvPager *
bv_pager_new_full (BvReportRun *run, const BvPaper *paper, const char *tile_id, gboolean image)
{
  BvWorkspace *workspace = bv_report_run_get_workspace (run);
  BvReport *report = bv_report_run_get_report (run);
  BvPager *self = g_new0 (BvPager, 1);

  self->locale = bv_locale_copy (bv_workspace_get_locale (workspace));
  self->folder = g_path_get_dirname (bv_project_get_path (bv_workspace_get_project (workspace)));
  self->now = bv_workspace_get_now (workspace);
  self->report = report != NULL ? bv_report_copy (report) : bv_report_new (_("Deleted report"));
  self->image = image;
  self->width = paper != NULL && paper->width > 0 ? paper->width : A4_LONG;
  self->height = paper != NULL && paper->height > 0 ? paper->height : A4_SHORT;
  self->margin = paper != NULL && paper->margin > 0 ? paper->margin : 36;
  /* Paper too small for anything is taken as a little larger. */
  self->width = MAX (self->width, 2 * self->margin + 144);
  self->height = MAX (self->height, 2 * self->margin + 216);
  self->painters = g_ptr_array_new_with_free_func ((GDestroyNotify) bv_tile_painter_free);

  self->title = g_strdup (self->report->name);
  self->titled = tile_id == NULL && has_title_tile (self->report);
  self->filters = filters_text (run, self->report);
  self->facts = facts_text (run, self->report, tile_id);
  self->printed = printed_text (workspace);
  add_painters (self, run, tile_id);
  return self;
}

gboolean
bv_pager_step (BvPager *self)
{
  if (g_cancellable_is_cancelled (self->cancellable))
    return FALSE;
  if (self->progress != NULL)
    self->progress (self->n_painted, self->parts->len, self->progress_data);
  self->n_painted++;
  return TRUE;
}

BvPager *
bv_pager_new (BvReportRun *run, const BvPaper *paper)
{
  BvPager *self;

  g_return_val_if_fail (BV_IS_REPORT_RUN (run), NULL);
  self = bv_pager_new_full (run, paper, NULL, FALSE);
  bv_pager_lay_out (self);
  return self;
}

void
bv_pager_free (BvPager *self)
{
  if (self == NULL)
    return;
  g_clear_pointer (&self->painters, g_ptr_array_unref);
  g_clear_pointer (&self->parts, g_array_unref);
  g_clear_pointer (&self->report, bv_report_free);
  g_clear_pointer (&self->locale, bv_locale_unref);
  g_free (self->folder);
  g_free (self->title);
  g_free (self->filters);
  g_free (self->facts);
  g_free (self->printed);
  g_free (self);
}

guint
bv_pager_get_n_pages (BvPager *self)
{
  g_return_val_if_fail (self != NULL, 0);
  return self->n_pages;
}

void
bv_pager_paint (BvPager *self, guint page, cairo_t *cr)
{
  g_return_if_fail (self != NULL && page < self->n_pages);

  cairo_save (cr);
  cairo_translate (cr, self->margin, self->margin);
  set_head (self, cr, cr, page);
  cairo_restore (cr);

  for (guint i = 0; i < self->parts->len; i++)
    {
      const BvLayoutPart *part = &g_array_index (self->parts, BvLayoutPart, i);

      if (part->page != page || !bv_pager_step (self))
        continue;
      cairo_save (cr);
      cairo_translate (cr, part->x, part->y);
      bv_tile_painter_paint (g_ptr_array_index (self->painters, part->item), cr, part->w, part->h, part->first,
                             part->continued, part->last);
      cairo_restore (cr);
    }
  if (!self->image)
    paint_foot (self, cr, page);
}
