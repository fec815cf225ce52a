/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A window: the welcome page, or one project with its sidebar and pages. */
#pragma once

#include "bv-page.h"

G_BEGIN_DECLS

#define BV_TYPE_WINDOW (bv_window_get_type ())
G_DECLARE_FINAL_TYPE (BvWindow, bv_window, BV, WINDOW, AdwApplicationWindow)

/**
 * BvWindow:
 *
 * Actions with parameters are the one seam for file choosing, so that scripts and tests never meet the chooser: "win.open-path" (s),
 * "win.new-path" (s), "win.import-paths" (as), "win.export-path" (s); "win.show" (ss) navigates. The actions without a parameter
 * ("win.open", "win.new", "win.import", "win.export") ask for the file first.
 *
 * Signal "project-opened" (): a project is shown, or opening it has failed (the window then says why).
 */
GtkWidget   *bv_window_new           (GtkApplication *application);
/* NULL on the welcome page. (transfer none) */
BvWorkspace *bv_window_get_workspace (BvWindow *self);
/* Opens off the UI thread and shows the project in this window. */
void         bv_window_open_path     (BvWindow *self, const char *path);
const char  *bv_window_get_path      (BvWindow *self); /* (nullable): the open project's, or the one being opened */

/* Navigation. @kind: "home", "sources", "tables", "explorations", "reports" (@id NULL), or "table" (@id its name), "exploration",
 * "report" (@id the uuid, or the name). FALSE when there is no such thing. */
gboolean     bv_window_show_object   (BvWindow *self, const char *kind, const char *id);
BvPage      *bv_window_get_page      (BvWindow *self); /* (nullable): the visible one */
void         bv_window_toast         (BvWindow *self, const char *text);
void         bv_window_add_toast     (BvWindow *self, AdwToast *toast); /* (transfer full) toast */
/* Says @text of the step just made and offers to undo that one; withdrawn as soon as another step is made. */
void         bv_window_toast_undo    (BvWindow *self, const char *text);
/* Whether something is being opened, imported, or loaded by the visible page. */
gboolean     bv_window_is_busy       (BvWindow *self);
/* The main menu of every page's header. (transfer none) */
GMenuModel  *bv_window_get_menu      (BvWindow *self);
/* The window that @widget is in; NULL outside of one. */
BvWindow    *bv_window_of            (GtkWidget *widget);

G_END_DECLS
