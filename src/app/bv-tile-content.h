/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What text and image tiles show. */
#pragma once

#include "bv-workspace.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* Headings, paragraphs and lists as labels below each other. */
GtkWidget  *bv_text_view_new        (const char *text);
void        bv_text_view_set_text   (GtkWidget *view, const char *text);
/* Whether a link opens the address: only the web's and mail's, since a report from somebody else must not start programs. */
gboolean    bv_is_web_address       (const char *target);
/* An image tile's picture: a data URI, or a path (relative to the project file). Read and decoded by a thread. */
void        bv_tile_load_image_async  (BvWorkspace *workspace, const char *target, GCancellable *cancellable, GAsyncReadyCallback callback,
                                       gpointer user_data);
GdkTexture *bv_tile_load_image_finish (GAsyncResult *result, GError **error); /* (transfer full) */
/* A file's picture as a data URI in PNG, no larger than what a report should carry. */
void        bv_tile_image_from_file_async  (const char *path, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
char       *bv_tile_image_from_file_finish (GAsyncResult *result, GError **error); /* (transfer full) */

G_END_DECLS
