/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Measuring text with Pango, fast enough for thousands of labels.
 *
 * Shaping a string costs tens of microseconds. Labels are mostly digits and letters of scripts that are written one letter after the other
 * (Latin, Greek, Cyrillic), so the advances of these are measured once per family and weight (at MEASURE_SIZE; without hinting they grow
 * linearly) and added up. Kerning only brings letters closer, so the sum is an upper bound, which is what a layout that must not overlap needs.
 * Everything else is shaped, and the widths are kept in a small cache. So are the last LAYOUTS_MAX lines that were painted on images: a chart is
 * painted again and again while its window is resized and its numbers are refreshed, and most of its words stay. The caches belong to the
 * thread, as Pango's font maps do.
 */
#include "config.h"

#include "bv-text.h"

#include <string.h>

#define MEASURE_SIZE 64.0
#define CACHE_MAX 4096
#define LAYOUTS_MAX 2048
/* Letters below this may have an advance of their own. */
#define ADVANCES 0x20c0
/* Names longer than this are cut before they are measured: no label is this long. */
#define TEXT_MAX 240

struct _BvText
{
  char *family;
  float *advances[2]; /* per letter; below zero: not measured yet */
  double line_height;
  GHashTable *cache[2]; /* text -> width at MEASURE_SIZE, as a boxed double */
};

typedef struct
{
  PangoContext *context;
  PangoLayout *layout;
  GHashTable *families;
  GHashTable *layouts; /* LineKey -> PangoLayout */
} TextThread;

/* A line as it is painted. */
typedef struct
{
  const char *family; /* interned */
  double size;
  gboolean bold;
  char text[];
} LineKey;

static void
text_free (gpointer data)
{
  BvText *self = data;

  g_free (self->family);
  g_free (self->advances[0]);
  g_free (self->advances[1]);
  g_hash_table_unref (self->cache[0]);
  g_hash_table_unref (self->cache[1]);
  g_free (self);
}

static void
text_thread_free (gpointer data)
{
  TextThread *thread = data;

  g_hash_table_unref (thread->families);
  g_hash_table_unref (thread->layouts);
  g_object_unref (thread->layout);
  g_object_unref (thread->context);
  g_free (thread);
}

static guint
line_key_hash (gconstpointer data)
{
  const LineKey *key = data;

  return g_str_hash (key->text) ^ (guint) (key->size * 64) * 31 ^ (guint) key->bold;
}

static gboolean
line_key_equal (gconstpointer a, gconstpointer b)
{
  const LineKey *x = a, *y = b;

  return x->family == y->family && !(x->size < y->size || x->size > y->size) && x->bold == y->bold && strcmp (x->text, y->text) == 0;
}

static GPrivate text_private = G_PRIVATE_INIT (text_thread_free);

static void
context_prepare (PangoContext *context)
{
  cairo_font_options_t *options = cairo_font_options_create ();

  cairo_font_options_set_hint_metrics (options, CAIRO_HINT_METRICS_OFF);
  cairo_font_options_set_hint_style (options, CAIRO_HINT_STYLE_NONE);
  cairo_font_options_set_antialias (options, CAIRO_ANTIALIAS_GRAY);
  pango_cairo_context_set_font_options (context, options);
  pango_context_set_round_glyph_positions (context, FALSE);
  pango_context_set_language (context, pango_language_from_string ("en"));
  cairo_font_options_destroy (options);
}

static TextThread *
get_thread (void)
{
  TextThread *thread = g_private_get (&text_private);

  if (thread == NULL)
    {
      thread = g_new0 (TextThread, 1);
      thread->context = pango_font_map_create_context (pango_cairo_font_map_get_default ());
      context_prepare (thread->context);
      thread->layout = pango_layout_new (thread->context);
      pango_layout_set_single_paragraph_mode (thread->layout, TRUE);
      thread->families = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, text_free);
      thread->layouts = g_hash_table_new_full (line_key_hash, line_key_equal, g_free, g_object_unref);
      g_private_set (&text_private, thread);
    }
  return thread;
}

PangoFontDescription *
bv_text_font (const char *family, double size, gboolean bold)
{
  PangoFontDescription *font = pango_font_description_new ();

  pango_font_description_set_family (font, family);
  pango_font_description_set_absolute_size (font, size * PANGO_SCALE);
  pango_font_description_set_weight (font, bold ? PANGO_WEIGHT_SEMIBOLD : PANGO_WEIGHT_NORMAL);
  return font;
}

PangoLayout *
bv_text_create_layout (cairo_t *cr)
{
  PangoLayout *layout = pango_cairo_create_layout (cr);

  context_prepare (pango_layout_get_context (layout));
  pango_layout_context_changed (layout);
  pango_layout_set_single_paragraph_mode (layout, TRUE);
  return layout;
}

static double
shape_width (BvText *self, const char *text, int len, gboolean bold)
{
  TextThread *thread = get_thread ();
  PangoFontDescription *font = bv_text_font (self->family, MEASURE_SIZE, bold);
  PangoRectangle logical;

  pango_layout_set_font_description (thread->layout, font);
  pango_font_description_free (font);
  pango_layout_set_text (thread->layout, text, len);
  pango_layout_get_extents (thread->layout, NULL, &logical);
  return (double) logical.width / PANGO_SCALE;
}

BvText *
bv_text_for_family (const char *family)
{
  TextThread *thread = get_thread ();
  BvText *self = g_hash_table_lookup (thread->families, family);
  PangoFontDescription *font;
  PangoFontMetrics *metrics;

  if (self != NULL)
    return self;
  self = g_new0 (BvText, 1);
  self->family = g_strdup (family);
  for (int bold = 0; bold < 2; bold++)
    {
      self->cache[bold] = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
      self->advances[bold] = g_new (float, ADVANCES);
      for (int c = 0; c < ADVANCES; c++)
        self->advances[bold][c] = -1;
    }
  font = bv_text_font (family, MEASURE_SIZE, FALSE);
  metrics = pango_context_get_metrics (thread->context, font, NULL);
  self->line_height = (double) (pango_font_metrics_get_ascent (metrics) + pango_font_metrics_get_descent (metrics)) / PANGO_SCALE;
  pango_font_metrics_unref (metrics);
  pango_font_description_free (font);
  g_hash_table_insert (thread->families, self->family, self);
  return self;
}

double
bv_text_line_height (BvText *self, double size)
{
  return self->line_height * size / MEASURE_SIZE;
}

/* Letters, digits, signs and punctuation that stand one after the other, whatever is beside them. */
static gboolean
is_plain (gunichar c)
{
  if (c < 0x250)
    return c != 0xad;
  return (c >= 0x370 && c < 0x483) || (c >= 0x48a && c < 0x530) || (c >= 0x2010 && c < 0x2028) || (c >= 0x202f && c < 0x205f) ||
         (c >= 0x20a0 && c < ADVANCES);
}

/* Its advance at MEASURE_SIZE. */
static double
plain_advance (BvText *self, gunichar c, gboolean bold)
{
  float *known = &self->advances[bold][c];

  if (*known < 0)
    {
      char letter[8] = " ";

      letter[g_unichar_isgraph (c) ? g_unichar_to_utf8 (c, letter) : 1] = '\0';
      *known = (float) shape_width (self, letter, -1, bold);
    }
  return *known;
}

/* Adds up the advances of plain letters; FALSE when there are others. @sums: (nullable): what is before each letter, and at the end all. */
static gboolean
plain_width (BvText *self, const char *text, gboolean bold, double *sums, double *width)
{
  double sum = 0;

  for (const char *p = text; *p != '\0'; p = g_utf8_next_char (p))
    {
      gunichar c = (guchar) *p < 128 ? (guchar) *p : g_utf8_get_char (p);

      if (!is_plain (c))
        return FALSE;
      if (sums != NULL)
        *sums++ = sum;
      sum += plain_advance (self, c, bold);
    }
  if (sums != NULL)
    *sums = sum;
  *width = sum;
  return TRUE;
}

double
bv_text_width (BvText *self, const char *text, double size, gboolean bold)
{
  double width;
  double *cached;

  bold = bold != FALSE;
  if (plain_width (self, text, bold, NULL, &width))
    return width * size / MEASURE_SIZE;
  cached = g_hash_table_lookup (self->cache[bold], text);
  if (cached == NULL)
    {
      if (g_hash_table_size (self->cache[bold]) >= CACHE_MAX)
        g_hash_table_remove_all (self->cache[bold]);
      cached = g_new (double, 1);
      *cached = shape_width (self, text, -1, bold);
      g_hash_table_insert (self->cache[bold], g_strdup (text), cached);
    }
  return *cached * size / MEASURE_SIZE;
}

PangoLayout *
bv_text_peek_line (const char *family, const char *text, double size, gboolean bold)
{
  TextThread *thread = get_thread ();
  gsize n = strlen (text) + 1;
  LineKey *key = g_malloc (sizeof *key + n);
  PangoLayout *layout;

  *key = (LineKey){ g_intern_string (family), size, bold != FALSE };
  memcpy (key->text, text, n);
  layout = g_hash_table_lookup (thread->layouts, key);
  if (layout == NULL)
    {
      PangoFontDescription *font = bv_text_font (family, size, bold);

      if (g_hash_table_size (thread->layouts) >= LAYOUTS_MAX)
        g_hash_table_remove_all (thread->layouts);
      layout = pango_layout_new (thread->context);
      pango_layout_set_single_paragraph_mode (layout, TRUE);
      pango_layout_set_font_description (layout, font);
      pango_layout_set_text (layout, text, (int) n - 1);
      pango_font_description_free (font);
      g_hash_table_insert (thread->layouts, key, layout);
    }
  else
    g_free (key);
  return layout;
}

/* Valid UTF-8 on one line, not longer than any label can be. */
static char *
clean (const char *text)
{
  g_autofree char *valid = NULL;
  char *out;

  if (strlen (text) > TEXT_MAX * 6)
    {
      g_autofree char *start = g_strndup (text, TEXT_MAX * 6);

      valid = g_utf8_make_valid (start, -1);
    }
  else
    valid = g_utf8_make_valid (text, -1);
  out = g_utf8_strlen (valid, -1) > TEXT_MAX ? g_utf8_substring (valid, 0, TEXT_MAX) : g_steal_pointer (&valid);
  for (char *p = out; *p != '\0'; p++)
    if ((guchar) *p < ' ')
      *p = ' ';
  return out;
}

/* @keep letters (cursor positions) of @text, half from its start and half from its end. */
static char *
shorten (const char *text, const PangoLogAttr *attrs, int n_chars, int n_letters, int keep)
{
  int head = (keep + 1) / 2;
  int tail = keep / 2;
  int seen = 0;
  int head_end = 0;
  int tail_start = n_chars;

  for (int i = 0; i <= n_chars; i++)
    {
      if (!attrs[i].is_cursor_position)
        continue;
      if (seen == head)
        head_end = i;
      if (seen == n_letters - tail)
        tail_start = i;
      seen++;
    }
  {
    g_autofree char *a = g_utf8_substring (text, 0, head_end);
    g_autofree char *b = g_utf8_substring (text, tail_start, -1);

    return g_strconcat (g_strchomp (a), "…", g_strchug (b), NULL);
  }
}

/* bv_text_fit() for a line of plain letters: the same search, over sums. */
static char *
fit_plain (const char *line, const double *sums, double ellipsis, double width)
{
  int n = (int) g_utf8_strlen (line, -1);
  int low = 1, high = n - 1;
  int best_head = -1, best_tail = 0;

  while (low <= high)
    {
      int mid = (low + high) / 2;
      int head = (mid + 1) / 2, tail = n - mid / 2;

      /* Blanks have one byte, but what is before them may have more. */
      while (head > 0 && g_ascii_isspace (*g_utf8_offset_to_pointer (line, head - 1)))
        head--;
      while (tail < n && g_ascii_isspace (*g_utf8_offset_to_pointer (line, tail)))
        tail++;
      if (sums[head] + ellipsis + sums[n] - sums[tail] <= width)
        {
          best_head = head;
          best_tail = tail;
          low = mid + 1;
        }
      else
        high = mid - 1;
    }
  if (best_head < 0)
    return g_strdup ("");
  return g_strdup_printf ("%.*s…%s", (int) (g_utf8_offset_to_pointer (line, best_head) - line), line, g_utf8_offset_to_pointer (line, best_tail));
}

char *
bv_text_fit (BvText *self, const char *text, double size, gboolean bold, double width)
{
  g_autofree char *line = clean (text);
  double sums[TEXT_MAX + 1], all;
  g_autofree PangoLogAttr *attrs = NULL;
  int n_chars, n_letters = 0;
  int low = 1, high;
  char *best = NULL;

  bold = bold != FALSE;
  if (plain_width (self, line, bold, sums, &all))
    return all * size / MEASURE_SIZE <= width ? g_steal_pointer (&line)
                                              : fit_plain (line, sums, plain_advance (self, 0x2026, bold), width * MEASURE_SIZE / size);
  if (bv_text_width (self, line, size, bold) <= width)
    return g_steal_pointer (&line);
  n_chars = (int) g_utf8_strlen (line, -1);
  attrs = g_new0 (PangoLogAttr, n_chars + 1);
  pango_get_log_attrs (line, -1, -1, pango_language_from_string ("en"), attrs, n_chars + 1);
  for (int i = 1; i <= n_chars; i++)
    n_letters += attrs[i].is_cursor_position ? 1 : 0;
  high = n_letters - 1;
  while (low <= high)
    {
      int mid = (low + high) / 2;
      g_autofree char *candidate = shorten (line, attrs, n_chars, n_letters, mid);

      if (bv_text_width (self, candidate, size, bold) <= width)
        {
          g_free (best);
          best = g_steal_pointer (&candidate);
          low = mid + 1;
        }
      else
        high = mid - 1;
    }
  return best != NULL ? best : g_strdup ("");
}

char **
bv_text_wrap (BvText *self, const char *text, double size, gboolean bold, double width, guint max_lines)
{
  g_auto(GStrv) words = g_strsplit_set (text, " \n", -1);
  g_autoptr(GStrvBuilder) builder = g_strv_builder_new ();
  g_autoptr(GString) line = g_string_new (NULL);
  guint n = 0;

  for (guint i = 0; words[i] != NULL; i++)
    {
      gsize before = line->len;

      if (*words[i] == '\0')
        continue;
      if (line->len > 0)
        g_string_append_c (line, ' ');
      g_string_append (line, words[i]);
      if (before > 0 && n + 1 < max_lines && bv_text_width (self, line->str, size, bold) > width)
        {
          g_autofree char *full = g_strndup (line->str, before);
          g_autofree char *fitted = bv_text_fit (self, full, size, bold, width);

          g_strv_builder_add (builder, fitted);
          n++;
          g_string_assign (line, words[i]);
        }
    }
  if (line->len > 0 && n < max_lines)
    {
      g_autofree char *fitted = bv_text_fit (self, line->str, size, bold, width);

      g_strv_builder_add (builder, fitted);
    }
  return g_strv_builder_end (builder);
}
