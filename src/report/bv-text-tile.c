/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Text tiles on paper: "# Heading", paragraphs and "- lists", set with Pango. */
#include "config.h"

#include "bv-tile-paint.h"

#include <string.h>

static void
block_free (gpointer data)
{
  BvBlock *block = data;

  g_free (block->text);
  g_free (block);
}

static void
end_paragraph (GPtrArray *blocks, GString *paragraph)
{
  BvBlock *block;

  if (paragraph->len == 0)
    return;
  block = g_new0 (BvBlock, 1);
  block->kind = BV_BLOCK_PARAGRAPH;
  block->text = g_strdup (paragraph->str);
  g_ptr_array_add (blocks, block);
  g_string_truncate (paragraph, 0);
}

GPtrArray *
bv_text_blocks (const char *text)
{
  GPtrArray *blocks = g_ptr_array_new_with_free_func (block_free);
  g_autoptr(GString) paragraph = g_string_new (NULL);
  g_auto(GStrv) lines = g_strsplit (text != NULL ? text : "", "\n", -1);

  for (guint i = 0; lines[i] != NULL; i++)
    {
      char *line = g_strstrip (lines[i]);
      int level = (int) strspn (line, "#");
      gboolean heading = level > 0 && level <= 6 && line[level] == ' ';
      gboolean item = (line[0] == '-' || line[0] == '*') && line[1] == ' ';
      BvBlock *block;

      if (!heading && !item)
        {
          /* Lines of a paragraph flow together; an empty one ends it. */
          if (*line == '\0')
            end_paragraph (blocks, paragraph);
          else
            g_string_append_printf (paragraph, "%s%s", paragraph->len > 0 ? " " : "", line);
          continue;
        }
      end_paragraph (blocks, paragraph);
      block = g_new0 (BvBlock, 1);
      block->kind = heading ? BV_BLOCK_HEADING : BV_BLOCK_ITEM;
      block->level = heading ? MIN (level, 3) : 0;
      block->text = g_strdup (g_strchug (line + (heading ? level : 1)));
      g_ptr_array_add (blocks, block);
    }
  end_paragraph (blocks, paragraph);
  return blocks;
}

double
bv_text_set (GPtrArray *blocks, cairo_t *cr, double width, BvTextShow show, gpointer data)
{
  static const double heading_sizes[] = { 18, 13.5, 11 };
  double y = 0;

  for (guint i = 0; i < blocks->len; i++)
    {
      const BvBlock *block = g_ptr_array_index (blocks, i);
      gboolean heading = block->kind == BV_BLOCK_HEADING;
      double indent = block->kind == BV_BLOCK_ITEM ? 12 : 0;
      double size = heading ? heading_sizes[block->level - 1] : 9.5;
      g_autoptr(PangoLayout) layout = bv_paper_text (cr, block->text, size, heading, width - indent);

      if (i > 0)
        {
          const BvBlock *before = g_ptr_array_index (blocks, i - 1);

          y += heading ? 8 : block->kind == BV_BLOCK_ITEM && before->kind == BV_BLOCK_ITEM ? 2 : 4;
        }
      if (show != NULL && indent > 0)
        {
          g_autoptr(PangoLayout) bullet = bv_paper_text (cr, "•", size, FALSE, -1);

          show (data, bullet, 2, y, 0.4);
        }
      if (show != NULL)
        show (data, layout, indent, y, heading ? 0.1 : 0.25);
      y += bv_paper_text_height (layout);
    }
  return y;
}

double
bv_text_scale (GPtrArray *blocks, cairo_t *cr, double width, double height)
{
  double scale = 1;

  /* Smaller letters need a wider measure for the same paper; a few rounds find a size that fits. */
  while (scale > 0.45 && bv_text_set (blocks, cr, width / scale, NULL, NULL) * scale > height)
    scale *= 0.93;
  return scale;
}

static void
show_cb (gpointer cr, PangoLayout *layout, double x, double y, double level)
{
  bv_paper_show (cr, layout, x, y, level);
}

void
bv_text_paint (GPtrArray *blocks, cairo_t *cr, double width, double height)
{
  double scale = bv_text_scale (blocks, cr, width, height);

  cairo_save (cr);
  cairo_rectangle (cr, 0, 0, width, height);
  cairo_clip (cr);
  cairo_scale (cr, scale, scale);
  bv_text_set (blocks, cr, width / scale, show_cb, cr);
  cairo_restore (cr);
}
