/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Measuring and shortening text. Sizes are scene units; the results do not depend on the surface painted to later. */
#pragma once

#include <pango/pangocairo.h>

G_BEGIN_DECLS

/**
 * BvText:
 *
 * A font family to measure in; lives in its thread and is never freed by callers.
 */
typedef struct _BvText BvText;

BvText *bv_text_for_family (const char *family);
double  bv_text_line_height (BvText *self, double size);
/* The width of a line; for plain letters without kerning, hence never less than what is painted. */
double  bv_text_width       (BvText *self, const char *text, double size, gboolean bold);
/* @text, or @text with "…" in its middle so that it is at most @width wide; "" when not even one letter fits. Line breaks become
 * blanks. (transfer full) */
char   *bv_text_fit         (BvText *self, const char *text, double size, gboolean bold, double width);
/* @text as lines of at most @width, broken at words, at most @max_lines; the last is shortened. (transfer full) */
char  **bv_text_wrap        (BvText *self, const char *text, double size, gboolean bold, double width, guint max_lines);

/* A layout to paint with: font options and rounding as measured with. (transfer full) */
PangoLayout *bv_text_create_layout (cairo_t *cr);
/* A line as images show it, from a cache of the thread's: valid until the next call. */
PangoLayout *bv_text_peek_line (const char *family, const char *text, double size, gboolean bold);
PangoFontDescription *bv_text_font (const char *family, double size, gboolean bold);

G_END_DECLS
