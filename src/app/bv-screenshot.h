/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A picture of a window, for the documentation and for looking at pages without a desktop. */
#pragma once

#include "bv-window.h"

G_BEGIN_DECLS

typedef void (*BvScreenshotDone) (gboolean success, gpointer user_data);

/**
 * bv_screenshot_take:
 * @page: (nullable): what to show once the project is open: "home" and the other sections, "table:NAME", "exploration:NAME",
 *   "report:NAME"; "import:FILE", "preferences", "project-settings", "shortcuts", "about" picture that dialog
 *
 * Waits until nothing is being loaded, writes @path as PNG and calls @done. Reasons of a failure go to stderr.
 */
void     bv_screenshot_take (BvWindow *window, const char *path, const char *page, BvScreenshotDone done, gpointer user_data);
/* What the widget (a window, usually) shows now. */
gboolean bv_screenshot_save (GtkWidget *widget, const char *path);

G_END_DECLS
