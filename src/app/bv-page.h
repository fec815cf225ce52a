/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the window's content area shows: one page per section ("home", "sources", "tables", "explorations", "reports") and per
 * object ("table", "exploration", "report"). The window makes a page when it is first shown and keeps the last few.
 */
#pragma once

#include "bv-workspace.h"

#include <adwaita.h>

G_BEGIN_DECLS

#define BV_TYPE_PAGE (bv_page_get_type ())
G_DECLARE_DERIVABLE_TYPE (BvPage, bv_page, BV, PAGE, AdwBin)

/**
 * BvPage:
 *
 * Abstract. A header bar over a content. The header has the sidebar toggle at its start and the main menu at its end; a page adds
 * its own buttons with bv_page_pack_start() and bv_page_pack_end().
 *
 * Properties: "workspace" (construct only), "object-id" (construct only: the table's name or the object's uuid; NULL for sections),
 * "title", "subtitle", "content" (the widget below the header, also for <property name="content"> of templates).
 *
 * Page actions: install them on the class as "page.NAME"; the window passes keys and menus on to the visible page. Ctrl+E and the menu's
 * "Export…" reach @export_path through the window.
 */
struct _BvPageClass
{
  AdwBinClass parent_class;

  /* The workspace has a new model; also called once after construction. The default does nothing. */
  void     (*refresh)      (BvPage *self);
  /* Whether queries are under way (screenshots wait). The default: between push_busy and pop_busy. */
  gboolean (*is_busy)      (BvPage *self);
  /* Whether the object still exists. The default: TRUE. A page whose object is gone is closed. */
  gboolean (*is_alive)     (BvPage *self);
  /* Writes what is shown to @path, by the file's ending. NULL: the page has nothing to export. */
  gboolean (*export_path)  (BvPage *self, const char *path, GError **error);
  /* (transfer full): a file name to propose for an export, with its ending. NULL: the title as PDF. */
  char    *(*export_name)  (BvPage *self);
  /* The page is shown (after every navigation to it): put the focus where work starts. The default does nothing. */
  void     (*shown)        (BvPage *self);

  gpointer padding[8];
};

BvWorkspace  *bv_page_get_workspace (BvPage *self); /* (transfer none) */
const char   *bv_page_get_object_id (BvPage *self); /* (nullable) */
const char   *bv_page_get_title     (BvPage *self);
void          bv_page_set_title     (BvPage *self, const char *title);
void          bv_page_set_subtitle  (BvPage *self, const char *subtitle); /* NULL or "" for none */
AdwHeaderBar *bv_page_get_header    (BvPage *self); /* (transfer none): for a title widget of one's own and the like */
/* Buttons of the page: after the sidebar toggle, and before the main menu (the last one packed is leftmost). */
void          bv_page_pack_start    (BvPage *self, GtkWidget *widget);
void          bv_page_pack_end      (BvPage *self, GtkWidget *widget);
GtkWidget    *bv_page_get_content   (BvPage *self);
void          bv_page_set_content   (BvPage *self, GtkWidget *content);
/* The views that the page switches between, a stack in its content: Ctrl+Page Down and Ctrl+Page Up lead through them. */
void          bv_page_set_views     (BvPage *self, GtkStack *views);
/* Shows the view @by after the present one, if there is such a view. FALSE when the page has no views. */
gboolean      bv_page_step_view     (BvPage *self, int by);

void          bv_page_refresh       (BvPage *self);
gboolean      bv_page_is_busy       (BvPage *self);
gboolean      bv_page_is_alive      (BvPage *self);
void          bv_page_push_busy     (BvPage *self);
void          bv_page_pop_busy      (BvPage *self);

/* Shortcuts to the window that the page is in; they do nothing outside of one. */
void          bv_page_show_object   (BvPage *self, const char *kind, const char *id);
void          bv_page_toast         (BvPage *self, const char *text);
/* Whether changes are possible: FALSE in a project opened read-only. */
gboolean      bv_page_can_edit      (BvPage *self);

G_END_DECLS
