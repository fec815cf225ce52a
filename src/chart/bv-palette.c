/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Colours for data and for everything around it.
 *
 * The categorical palettes are safe for colour-vision deficiencies: "okabe-ito" is the set of M. Okabe and K. Ito ("Color Universal
 * Design", 2008), the "tol" ones are from P. Tol, "Colour Schemes" (SRON/EPS/TN/09-002), which also has the diverging "sunset" and
 * "BuRd". "viridis" is by S. van der Walt and N. Smith (CC0). The default orders Okabe and Ito's colours so that neighbours differ in
 * lightness too. These were chosen for white paper; in every theme a colour is moved towards black or white until it stands
 * out from the background by MIN_CONTRAST, as WCAG 2.1 (1.4.11) asks of graphics.
 */
#include "config.h"

#include "bv-palette.h"

#include <math.h>
#include <string.h>

#define MIN_CONTRAST 3.0

typedef struct
{
  const char *name;
  gboolean gradient;
  guint n;
  guint32 colours[11];
} Palette;

static const Palette palettes[] = {
  { "belvedere", FALSE, 8, { 0x0072b2, 0xe69f00, 0x009e73, 0xcc79a7, 0x56b4e9, 0xd55e00, 0x6a51a3, 0x7f7f7f } },
  { "okabe-ito", FALSE, 7, { 0xe69f00, 0x56b4e9, 0x009e73, 0x0072b2, 0xd55e00, 0xcc79a7, 0xf0e442 } },
  { "tol-bright", FALSE, 7, { 0x4477aa, 0xee6677, 0x228833, 0xccbb44, 0x66ccee, 0xaa3377, 0xbbbbbb } },
  { "tol-vibrant", FALSE, 7, { 0xee7733, 0x0077bb, 0x33bbee, 0xee3377, 0xcc3311, 0x009988, 0xbbbbbb } },
  { "tol-muted", FALSE, 9, { 0xcc6677, 0x332288, 0xddcc77, 0x117733, 0x88ccee, 0x882255, 0x44aa99, 0x999933, 0xaa4499 } },
  { "viridis", TRUE, 9, { 0x440154, 0x472d7b, 0x3b528b, 0x2c728e, 0x21918c, 0x28ae80, 0x5ec962, 0xaddc30, 0xfde725 } },
  { "tol-sunset", TRUE, 11,
    { 0x364b9a, 0x4a7bb7, 0x6ea6cd, 0x98cae1, 0xc2e4ef, 0xeaeccc, 0xfeda8b, 0xfdb366, 0xf67e4b, 0xdd3d2d, 0xa50026 } },
  { "tol-burd", TRUE, 9, { 0x2166ac, 0x4393c3, 0x92c5de, 0xd1e5f0, 0xf7f7f7, 0xfddbc7, 0xf4a582, 0xd6604d, 0xb2182b } },
};

const char *const *
bv_palette_names (void)
{
  static const char *const names[] = {
    "belvedere", "okabe-ito", "tol-bright", "tol-vibrant", "tol-muted", "viridis", "tol-sunset", "tol-burd", NULL,
  };

  return names;
}

static BvColour
from_rgb (guint32 rgb)
{
  return (BvColour){ (rgb >> 16 & 0xff) / 255.0, (rgb >> 8 & 0xff) / 255.0, (rgb & 0xff) / 255.0, 1 };
}

BvColour
bv_colour_mix (BvColour a, BvColour b, double t)
{
  return (BvColour){ a.r + (b.r - a.r) * t, a.g + (b.g - a.g) * t, a.b + (b.b - a.b) * t, a.a + (b.a - a.a) * t };
}

static double
linear (double c)
{
  return c <= 0.04045 ? c / 12.92 : pow ((c + 0.055) / 1.055, 2.4);
}

static double
luminance (BvColour c)
{
  return 0.2126 * linear (c.r) + 0.7152 * linear (c.g) + 0.0722 * linear (c.b);
}

double
bv_colour_contrast (BvColour a, BvColour b)
{
  double la = luminance (a);
  double lb = luminance (b);

  return (MAX (la, lb) + 0.05) / (MIN (la, lb) + 0.05);
}

BvColour
bv_colour_on (BvColour c)
{
  /* The very black: of the two then one always has a contrast of 4.5 and more. */
  BvColour black = { 0, 0, 0, 1 };
  BvColour white = { 1, 1, 1, 1 };

  return bv_colour_contrast (c, black) >= bv_colour_contrast (c, white) ? black : white;
}

static BvColour
background (BvTheme theme)
{
  return from_rgb (theme == BV_THEME_DARK ? 0x242428 : 0xffffff);
}

static BvColour
stand_out (BvColour c, BvTheme theme)
{
  BvColour back = background (theme);
  BvColour away = theme == BV_THEME_DARK ? from_rgb (0xffffff) : from_rgb (0x000000);
  BvColour out = c;

  for (int i = 1; i <= 20 && bv_colour_contrast (out, back) < MIN_CONTRAST; i++)
    out = bv_colour_mix (c, away, i * 0.05);
  return out;
}

static const Palette *
find (const char *name)
{
  for (guint i = 0; i < G_N_ELEMENTS (palettes); i++)
    if (g_strcmp0 (palettes[i].name, name) == 0)
      return &palettes[i];
  return &palettes[0];
}

gboolean
bv_palette_known (const char *name)
{
  return strcmp (find (name)->name, name) == 0;
}

BvColour
bv_palette_colour (const char *name, guint i, BvTheme theme)
{
  const Palette *palette = find (name);
  guint round = i / palette->n;
  /* Neighbouring stops of a gradient look alike: step over them. */
  guint place = palette->gradient ? (i * 4 + 1) % palette->n : i % palette->n;
  BvColour c = from_rgb (palette->colours[place]);

  /* When the colours are used up they come again in other shades. */
  if (round > 0)
    c = bv_colour_mix (c, from_rgb (round % 2 == 1 ? 0x000000 : 0xffffff), 0.3 + 0.1 * (round / 2 % 3));
  return stand_out (c, theme);
}

BvColour
bv_palette_ramp (const char *name, double t, BvTheme theme)
{
  const Palette *palette = find (name);
  double at;
  guint i;

  t = CLAMP (t, 0, 1);
  if (!palette->gradient)
    return bv_colour_mix (bv_colour_mix (background (theme), from_rgb (palette->colours[0]), 0.12),
                          stand_out (from_rgb (palette->colours[0]), theme), t);
  at = t * (palette->n - 1);
  i = MIN ((guint) at, palette->n - 2);
  return bv_colour_mix (from_rgb (palette->colours[i]), from_rgb (palette->colours[i + 1]), at - i);
}

gboolean
bv_colour_parse (const char *text, BvColour *colour)
{
  guint32 rgb = 0;
  gsize n;

  if (text == NULL || *text != '#')
    return FALSE;
  n = strlen (text + 1);
  if (n != 3 && n != 6)
    return FALSE;
  for (const char *p = text + 1; *p != '\0'; p++)
    {
      int digit = g_ascii_xdigit_value (*p);

      if (digit < 0)
        return FALSE;
      rgb = rgb << 4 | (guint) digit;
      if (n == 3)
        rgb = rgb << 4 | (guint) digit;
    }
  *colour = from_rgb (rgb);
  return TRUE;
}

BvInk
bv_ink_for_style (const BvChartStyle *style)
{
  BvInk ink = { .background = background (style->theme) };

  switch (style->theme)
    {
    case BV_THEME_DARK:
      ink.text = from_rgb (0xf2f2f2);
      ink.muted = from_rgb (0xb4b4ba);
      ink.grid = (BvColour){ 1, 1, 1, 0.09 };
      ink.axis = (BvColour){ 1, 1, 1, 0.34 };
      ink.good = from_rgb (0x57d98b);
      ink.bad = from_rgb (0xff8d80);
      break;
    case BV_THEME_PRINT:
      ink.text = from_rgb (0x111111);
      ink.muted = from_rgb (0x4a4a4a);
      ink.grid = from_rgb (0xdedede);
      ink.axis = from_rgb (0x8a8a8a);
      ink.good = from_rgb (0x14663b);
      ink.bad = from_rgb (0xa51d12);
      break;
    case BV_THEME_LIGHT:
    default:
      ink.text = from_rgb (0x26262a);
      ink.muted = from_rgb (0x5e5e66);
      ink.grid = (BvColour){ 0, 0, 0, 0.08 };
      ink.axis = (BvColour){ 0, 0, 0, 0.32 };
      ink.good = from_rgb (0x1a7f48);
      ink.bad = from_rgb (0xc01c28);
      break;
    }
  ink.note = ink.muted;
  if (style->high_contrast)
    {
      ink.text = style->theme == BV_THEME_DARK ? from_rgb (0xffffff) : from_rgb (0x000000);
      ink.muted = ink.note = ink.text;
      ink.axis = ink.text;
      ink.grid.a = MIN (1, ink.grid.a * 2.5);
    }
  return ink;
}
