/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What text and image tiles show. */
#pragma once

#include "bv-workspace.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* Headings, paragraphs and lists as labels below each other. */
GtkWidget  *bv_text_view_new        (const char *text);
void        bv_text_view_set_text   (GtkWidget *view, const char *text);
/* An image tile's picture: a data URI, or a path (relative to the project file). (transfer full) */
GdkTexture *bv_tile_load_image      (BvWorkspace *workspace, const char *target, GError **error);
/* A file's picture as a data URI in PNG, no larger than a screen. (transfer full) */
char       *bv_tile_image_from_file (const char *path, GError **error);

G_END_DECLS
