/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Recently used projects, shared with the rest of the desktop (GtkRecentManager). */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define BV_MIME_TYPE "application/x-belvedere"

void       bv_recent_add         (const char *path);
/* (transfer full) (element-type filename): newest first, at most @limit, only files that are still there */
GPtrArray *bv_recent_list        (guint limit);
/* The file's name without its ending. (transfer full) */
char      *bv_recent_title       (const char *path);
/* A folder for people: the home directory as "~". (transfer full) */
char      *bv_recent_folder_text (const char *directory);

G_END_DECLS
