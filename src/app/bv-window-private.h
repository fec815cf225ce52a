/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "bv-open.h"
#include "bv-sidebar.h"
#include "bv-window.h"

G_BEGIN_DECLS

struct _BvWindow
{
  AdwApplicationWindow parent_instance;

  BvWorkspace *workspace;
  char *path;
  GCancellable *opening; /* (nullable): while a project is being opened */
  guint n_imports;       /* import dialogs at work */
  gboolean stepping;     /* a step of undo or redo takes its time */
  gint64 undo_step;      /* what the menu offers to undo; 0 for nothing */
  const char *undo_name; /* (nullable): interned */
  AdwToast *undo_toast;  /* (nullable): not owned; offers to undo that step */
  GMenu *menu;
  GMenu *undo_section;
  GPtrArray *kept;       /* BvPage: those in the stack, the one shown last at the end */
  gboolean folded;       /* too narrow for the sidebar */
  guint fold_id;

  AdwToastOverlay *toasts;
  GtkStack *stack;
  GtkMenuButton *welcome_menu;
  GtkSpinner *opening_spinner;
  GtkLabel *opening_label;
  AdwStatusPage *failed_page;
  GtkPaned *paned;
  GtkWidget *sidebar_box;
  AdwWindowTitle *project_title;
  BvSidebar *sidebar;
  GtkStack *pages;
};

/* bv-window.c */
void bv_window_open        (BvWindow *self, const char *path, BvOpenHow how);
void bv_window_close_project (BvWindow *self);
void bv_window_set_sidebar (BvWindow *self, gboolean shown);

/* bv-window-actions.c */
void bv_window_class_install_actions (BvWindowClass *klass);
void bv_window_update_actions        (BvWindow *self);

/* bv-window-undo.c */
void bv_window_undo_action (GtkWidget *widget, const char *name, GVariant *parameter);
void bv_window_update_undo (BvWindow *self); /* the steps' names in the menu, and the toast that offers to undo one */

/* bv-window-pages.c */
void bv_window_prune_pages (BvWindow *self); /* closes the pages whose object has gone */
void bv_window_drop_pages  (BvWindow *self);

G_END_DECLS
