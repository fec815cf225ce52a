/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Images of tiles: what is in them, and drawn on paper. */
#pragma once

#include <cairo.h>
#include <glib.h>

G_BEGIN_DECLS

/* The bytes of a tile's target, a data: address (none where it is not in Base64) or a path, from @folder on, the project's. (transfer full) */
GBytes          *bv_tile_image_read (const char *folder, const char *target, GError **error);
/* The image of a tile's target, a data: address or a path (from @folder on, the project's): PNG, JPEG, and what else gdk-pixbuf reads on
 * this machine, as SVG. @width: (in points) how wide it will be drawn, for drawings that have no pixels. NULL when it cannot be read. */
cairo_surface_t *bv_tile_image_load (const char *folder, const char *target, double width);

G_END_DECLS
